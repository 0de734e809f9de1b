"""What may happen next: every way on from a node, as a scheduler would let it happen with the gate of own guards."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from policies.kinds.base import FAIL, REVIEW, UNKNOWN
from policies.verify.bounds import FREE, Bounds
from policies.verify.cells import KNOWN, Cell, Cells
from policies.verify.cuts import ages_of_messages, ages_of_person
from policies.verify.nodes import BEGIN, DELAYED, HEAD, HELD, RELEASE, Chain, Event, Node, Sent
from policies.verify.plan import END, Plan, Step

GO, WAIT, DENIED, LATE = "allowed", "held", "denied", "expired"
MOST_HOLDS = 64


class Decided(NamedTuple):
    """What own guards say in a cell; for WAIT the place of the instant until which the message is held."""

    word: str
    cell: Cell
    until: int = 0


class HandOver(NamedTuple):
    """A message at the moment of its hand-over, in one cell: the rules in question are asked here."""

    node: Node
    chain: Chain
    cell: Cell


@dataclass(slots=True)
class Moves:
    """The ways on from a node; hand-overs are put into ``handed`` as they are met."""

    plan: Plan
    cells: Cells
    names: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    handed: list[HandOver] = field(default_factory=list)

    def start(self, node: Node, campaigns: list[int]) -> Node | None:
        """Return the node with these cascades before their release."""
        bounds, chains = node.bounds, []
        for number in campaigns:
            campaign = self.plan.campaigns[number]
            bounds, at = bounds.added(next(self.names))
            limited = bounds.between(at, 0, campaign.earliest, campaign.latest)
            if limited is None:
                return None
            bounds = limited
            chains.append(Chain(number, campaign.first, RELEASE, at))
        return node._replace(bounds=bounds, chains=tuple(chains))

    def ways(self, node: Node) -> Iterator[Node]:
        """Yield what may come next: the earliest chain moves, whichever may be that."""
        for chain in node.chains:
            bounds = _first_of(node, chain)
            if bounds is not None:
                yield from self._move(node if bounds is node.bounds else node.within(bounds), chain)

    def _move(self, node: Node, chain: Chain) -> Iterator[Node]:
        if chain.phase == RELEASE:
            if self.plan.campaigns[chain.campaign].optional:
                yield self._gone(node, chain)
            event = Event("released", self._id(node, chain), chain.campaign)
            yield self._next(node, chain._replace(phase=BEGIN), event)
            return
        if chain.step == END:
            yield self._gone(node, chain)
            return
        end = min(self.plan.campaigns[chain.campaign].ends_at, self.plan.end)
        over = node.bounds.limited(0, chain.at, -end)
        if over is not None:
            yield self._gone(node.within(over), chain)
        running = node.bounds.limited(chain.at, 0, end - 1)
        if running is not None:
            node = node.within(running)
            yield from self._judged(node, chain) if chain.phase == HEAD else self._begin(node, chain)

    def _begin(self, node: Node, chain: Chain) -> Iterator[Node]:
        step = self.plan.steps[chain.step]
        if step.delay and chain.phase == BEGIN:
            bounds, at = node.bounds.later(next(self.names), chain.at, step.delay, step.delay)
            delayed = node.within(bounds)
            yield from self._meanwhile(delayed, chain, chain.at, at)
            yield self._next(delayed, chain._replace(phase=DELAYED, at=at), None)
            return
        for what, number, passed, target, word in self._questions(step):
            known = node.fact(what, number)
            if known is None:
                yield from (node.settled(what, number, yes) for yes in (passed, not passed))
                return
            if known != passed and target is not None:
                yield self._on(node, chain, target, Event(word, self._id(node, chain), *_here(chain)))
                return
        yield from self._judged(node, chain)

    def _judged(self, node: Node, chain: Chain) -> Iterator[Node]:
        """Yield what follows the gate at a step's start, or at the head of the queue."""
        step = self.plan.steps[chain.step]
        loosened = self.cells.loosened(chain.step)
        if "left" in loosened:
            gone = node.fact("left", step.channel)
            left = node if gone else node.settled("left", step.channel, True)
            sure = self.cells.certain(chain.step, "left")
            left = left._replace(loose=left.loose or not sure)
            yield self._on(left, chain, step.on_refused, Event("denied", self._id(node, chain), *_here(chain)))
            if gone and sure:
                return
            node = node._replace(loose=node.loose or bool(gone))
        yield from self._at_will(node, chain, loosened - {"left"})
        if "" in loosened or ("history" in loosened and node.messages):
            node = node._replace(loose=True)  # a guard that is not followed lets the message go
        for cell in self.cells.split(node, node.bounds, chain.at, chain.step):
            for decided in self._decide(node, cell, chain):
                if chain.phase == HEAD and decided.word == GO:
                    yield from self._hand_over(node.within(decided.cell.bounds), chain, decided.cell)
                else:
                    yield from self._after(node, chain, decided)

    def _at_will(self, node: Node, chain: Chain, loosened: frozenset[str]) -> Iterator[Node]:
        """Yield what guards may do that are not followed: deny the message, or hold it for as long as they like."""
        if not loosened:
            return
        step, here = self.plan.steps[chain.step], self._id(node, chain)
        denied = node._replace(
            loose=node.loose or loosened != {"agreed"} or not self.cells.certain(chain.step, "agreed"),
            story=(node.story, (("agreed", step.channel), False)),
        )
        yield self._on(denied, chain, step.on_refused, Event("denied", here, *_here(chain)))
        if chain.phase != HELD and loosened & {"", "history", "ordered"}:
            bounds, at = node.bounds.later(next(self.names), chain.at, 1, FREE)
            held = bounds.limited(at, 0, self.plan.end)
            if held is not None:
                later = node._replace(bounds=held, loose=True)
                yield from self._meanwhile(later, chain, chain.at, at)
                event = Event("held", here, *_here(chain), held.ids[at])
                yield self._next(later, chain._replace(phase=HELD, at=at), event)

    def _questions(self, step: Step) -> list[tuple[str, int, bool, int | None, str]]:
        """Return what is asked of the person before the gate: (fact, number, good answer, where else to go, word)."""
        asked: list[tuple[str, int, bool, int | None, str]] = [
            ("test", test, True, step.on_guard, "skipped") for test in step.tests
        ]
        asked.append(("present", step.channel, True, step.on_absent, "absent"))
        if step.channel in self.plan.suppresses:
            asked.append(("dead", 0, False, step.on_refused, "suppressed"))
        if self.cells.asks_consent:
            asked += [("channel", step.channel, True, None, ""), ("category", step.category, True, None, "")]
        return asked

    def _after(self, node: Node, chain: Chain, decided: Decided) -> Iterator[Node]:
        """Yield what follows the decision at a step's start."""
        step, cell = self.plan.steps[chain.step], decided.cell
        node = node.within(cell.bounds)
        here = self._id(node, chain)
        if decided.word == DENIED:
            yield self._on(node, chain, step.on_refused, Event("denied", here, *_here(chain)))
        elif decided.word == LATE:
            yield self._gone(node, chain)
        elif decided.word == WAIT:
            until = node.bounds.ids[decided.until]
            yield from self._meanwhile(node, chain, chain.at, decided.until)
            held = Event("held", here, chain.campaign, chain.step, until)
            yield self._next(node, chain._replace(phase=HELD, at=decided.until), held)
        else:
            most = self.plan.queue + step.jitter
            if not most:
                yield from self._hand_over(node, chain, cell)
                return
            yield from self._hand_over(node, chain, cell)
            queued, at = node.bounds.later(next(self.names), chain.at, 1, most)
            waited = Event("queued", here, chain.campaign, chain.step, queued.ids[at])
            yield self._next(node.within(queued), chain._replace(phase=HEAD, at=at), waited)

    def _decide(self, node: Node, cell: Cell, chain: Chain, depth: int = 0) -> Iterator[Decided]:
        """Yield what own guards say, with the schedules of ``cell`` apart where they say different things."""
        answers = self.cells.guard_answers(node, cell, chain.step)
        if FAIL in answers.values() or UNKNOWN in answers.values() or REVIEW in answers.values():
            yield Decided(DENIED, cell)
            return
        untils = [self._until(node, cell, row, answer) for row, answer in answers.items() if answer > 0]
        if not untils:
            yield Decided(GO, cell)
        elif depth > MOST_HOLDS:
            yield Decided(DENIED, cell)
        for since, more in dict.fromkeys(untils):
            yield from self._hold(node, cell, chain, (since, more), untils, depth)

    def _hold(
        self, node: Node, cell: Cell, chain: Chain, last: tuple[int, int], untils: list[tuple[int, int]], depth: int
    ) -> Iterator[Decided]:
        """Yield what follows where ``last`` is the latest of the instants until which guards hold the message."""
        held: Bounds | None
        held, at = cell.bounds.later(next(self.names), last[0], last[1], last[1])
        for since, more in untils:
            held = held.limited(since, at, -more) if held is not None else None
        if held is None:
            return
        end = min(self.plan.campaigns[chain.campaign].ends_at, self.plan.end)
        for again in self.cells.split(node, held, at, chain.step):
            for decided in self._decide(node, again, chain, depth + 1):
                if decided.word == DENIED:
                    yield decided._replace(cell=decided.cell._replace(at=cell.at))
                elif decided.word == GO:
                    over = decided.cell.bounds.limited(0, at, -end)
                    if over is not None:
                        yield Decided(LATE, decided.cell._replace(bounds=over, at=cell.at))
                    running = decided.cell.bounds.limited(at, 0, end - 1)
                    if running is not None:
                        yield Decided(WAIT, decided.cell._replace(bounds=running, at=cell.at), at)
                else:
                    yield decided

    def _until(self, node: Node, cell: Cell, row: int, answer: int) -> tuple[int, int]:
        """Return the end of a hold as (place of an instant, so much later); place 0 is the epoch.

        A kind that remembers holds until a message has some age, one that looks at the person until something has.
        """
        own = self.cells.guards.rows[row]
        by_message, by_person = ages_of_messages(own), ages_of_person(own)
        places = [(sent.at, by_message) for sent in node.sent]
        places += [(place, by_person.get(name, set())) for name, place in node.past]
        for place, ages in places:
            if answer - cell.bounds.least(place) in ages:
                return place, answer - cell.bounds.least(place)
        return 0, answer

    def _hand_over(self, node: Node, chain: Chain, cell: Cell) -> Iterator[Node]:
        """Note the hand-over and yield what may come of the message."""
        step = self.plan.steps[chain.step]
        self.handed.append(HandOver(node, chain, cell._replace(bounds=node.bounds)))
        place = chain.step
        if node.fact("wrote", step.sender) is None and self.cells.counts_first:
            node = node.settled("wrote", step.sender, True)
        at = self._id(node, chain)
        refused = node._replace(sent=(*node.sent, Sent(place, False, chain.at)), messages=node.messages + 1)
        yield self._on(refused, chain, step.on_failed, Event("rejected", at, chain.campaign, place))
        taken = refused._replace(sent=(*node.sent, Sent(place, True, chain.at)))
        yield from self._outcomes(self._told(taken, Event("submitted", at, chain.campaign, place)), chain, step)

    def _outcomes(self, node: Node, chain: Chain, step: Step) -> Iterator[Node]:
        if step.wait < 0:
            yield self._gone(node, chain)
            return
        if step.stops and step.on_stop != END:
            chain = chain._replace(pending=tuple(sorted({*chain.pending, step.on_stop})))
        here, name = (chain.campaign, chain.step), next(self.names)
        exact, at = node.bounds.later(name, chain.at, step.wait, step.wait)
        event, late = Event("no report", name, *here), node.within(exact)
        yield self._on(late, chain._replace(at=at), step.on_timeout, event)
        if self.cells.watch in step.reports and not stops_at(step, self.cells.watch):
            told = self._told(_knowing(late, chain.at), Event(self.cells.watch, self._id(node, chain), *here))
            yield self._on(told, chain._replace(at=at), step.on_timeout, event)
        if step.fails:
            within, at = node.bounds.later(name, chain.at, 0, step.wait)
            event = Event("failed", name, *here)
            yield self._on(node.within(within), chain._replace(at=at), step.on_failed, event)
        yield from self._meanwhile(node, chain, chain.at, 0, step.wait)
        if len(node.chains) > 1 and step.stops and step.on_stop == END:
            yield self._gone(node, chain)

    def _meanwhile(self, node: Node, chain: Chain, since: int, until: int, most: int = FREE) -> Iterator[Node]:
        """Yield where a report of this or an earlier step may lead while the chain waits."""
        for target in (place for place in chain.pending if place > chain.step):
            bounds, at = node.bounds.later(next(self.names), since, 0, most)
            part = bounds.limited(at, until, 0) if until else bounds
            if part is not None:
                event = Event("stopped", part.ids[at], *_here(chain))
                told = node.within(part)
                told = _knowing(told, at) if self._tells(chain, target) else told
                yield self._on(told, chain._replace(at=at), target, event)

    def _tells(self, chain: Chain, target: int) -> bool:
        """Say whether the report that leads to ``target`` is the one that is watched for."""
        steps = (step for step in self.plan.steps if step.campaign == chain.campaign and step.on_stop == target)
        return bool(self.cells.watch) and any(stops_at(step, self.cells.watch) for step in steps)

    def _id(self, node: Node, chain: Chain) -> int:
        return node.bounds.ids[chain.at]

    def _told(self, node: Node, event: Event | None) -> Node:
        return node if event is None else node._replace(story=(node.story, event))

    def _on(self, node: Node, chain: Chain, target: int, event: Event | None) -> Node:
        """Return the node with the chain at the start of another step, or gone with the last one."""
        if target == END:
            return self._gone(self._told(node, event), chain)
        steps_on = tuple(place for place in chain.pending if place > target)
        return self._next(node, chain._replace(step=target, phase=BEGIN, pending=steps_on), event)

    def _next(self, node: Node, chain: Chain, event: Event | None) -> Node:
        chains = tuple([chain if one.campaign == chain.campaign else one for one in node.chains])
        return node.going(chains, node.story if event is None else (node.story, event))

    def _gone(self, node: Node, chain: Chain) -> Node:
        return node.going(tuple([one for one in node.chains if one.campaign != chain.campaign]), node.story)


def _first_of(node: Node, chain: Chain) -> Bounds | None:
    """Return the schedules in which this chain is the first to move; None for none."""
    most, at = node.bounds.most, chain.at
    if any(most[other.at][at] < 0 for other in node.chains):
        return None
    bounds: Bounds | None = node.bounds
    for other in node.chains:
        bounds = bounds.limited(at, other.at, 0) if bounds is not None else None
    return bounds


def _here(chain: Chain) -> tuple[int, int]:
    return chain.campaign, chain.step


def stops_at(step: Step, report: str) -> bool:
    """Say whether a report of this kind ends the step's wait."""
    return step.stopped_by == report or (step.stopped_by == "delivered" and report == "read")


def _knowing(node: Node, at: int) -> Node:
    """Return the node with the instant at which the company learned of the report, if it did not know before."""
    if any(name == KNOWN for name, _ in node.past):
        return node
    named = (*node.named, (KNOWN, node.bounds.ids[at]))
    return node._replace(past=(*node.past, (KNOWN, at)), named=named)
