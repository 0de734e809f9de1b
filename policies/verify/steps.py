"""What may happen next: every way on from a node, as a scheduler would let it happen with the gate of own guards."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from policies.verify.anything import Anything, HandOver
from policies.verify.bounds import FREE, Bounds
from policies.verify.cells import KNOWN, Cells
from policies.verify.decisions import DENIED, GO, LATE, WAIT, Decided, Decision
from policies.verify.nodes import ANYHOW, BEGIN, DELAYED, HEAD, HELD, RELEASE, Chain, Event, Node, Sent
from policies.verify.plan import END, Campaign, Plan, Step


@dataclass(slots=True)
class Moves:
    """The ways on from a node; hand-overs are put into ``handed`` as they are met."""

    plan: Plan
    cells: Cells
    names: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    handed: list[HandOver] = field(default_factory=list)
    others: tuple[Campaign, ...] = ()
    """Campaigns that are not looked at here, though nobody is left out of them."""

    def start(self, node: Node, campaigns: list[int]) -> Node:
        """Return the node with these cascades before their release."""
        chains = [Chain(number, self.plan.campaigns[number].first, RELEASE, 0) for number in campaigns]
        return node.going(tuple(chains), node.story)

    def start_anyhow(self, node: Node) -> Node:
        """Return the node with one chain that stands for all."""
        return node.going((Chain(0, 0, ANYHOW, 0),), node.story)

    def ways(self, node: Node) -> Iterator[Node]:
        """Yield what may come next: the earliest chain moves, whichever may be that."""
        for chain in node.chains:
            if chain.phase == ANYHOW:
                yield from Anything(self.plan, self.cells, self.names, self.handed).ways(node, chain)
            elif chain.phase == RELEASE:
                yield from self._released(node, chain)
            else:
                first = self._first(node, chain)
                yield from self._move(first, chain) if first is not None else ()

    def _released(self, node: Node, chain: Chain) -> Iterator[Node]:
        """Yield what follows where this chain is the first to move, and is taken up or left out by lot."""
        campaign = self.plan.campaigns[chain.campaign]
        bounds, at = node.bounds.added(next(self.names))
        limited = bounds.between(at, 0, campaign.earliest, campaign.latest)
        limited = limited.limited(chain.at, at, 0) if limited is not None else None
        if limited is None:
            return
        begun = chain._replace(phase=BEGIN, at=at)
        first = self._first(self._next(node.within(limited), begun, None), begun)
        if first is None:
            return
        if campaign.optional:
            yield self._gone(first, begun)
        yield self._next(first, begun, Event("released", self._id(first, begun), chain.campaign))

    def _first(self, node: Node, chain: Chain) -> Node | None:
        """Return the node where this chain is the first to move, None if it never is.

        Chains before their release have no instant of their own, only that of the last move, before which they cannot
        be taken up: any later one of their range will do, as long as there is one.
        """
        most, at, bounds = node.bounds.most, chain.at, node.bounds
        others = [one for one in node.chains if one.campaign != chain.campaign]
        if any(most[other.at][at] < 0 for other in others if other.phase != RELEASE):
            return None
        limited: Bounds | None = bounds
        for other in others:
            if limited is not None and other.phase == RELEASE:
                limited = limited.limited(at, 0, self.plan.campaigns[other.campaign].latest)
            elif limited is not None:
                limited = limited.limited(at, other.at, 0)
        if limited is None:
            return None
        chains = tuple(self._not_before(one, at, limited) for one in node.chains)
        return Node(node.who, limited, chains, *node[3:])

    def _not_before(self, chain: Chain, at: int, bounds: Bounds) -> Chain:
        """Return a chain that is not released yet, after a move at the instant ``at``."""
        if chain.phase != RELEASE:
            return chain
        early = bounds.greatest(at) <= self.plan.campaigns[chain.campaign].earliest
        return chain._replace(at=0 if early else at)

    def _move(self, node: Node, chain: Chain) -> Iterator[Node]:
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
        before = node.messages or any(one.earliest <= node.bounds.greatest(chain.at) for one in self.others)
        if "" in loosened or ("history" in loosened and before):
            node = node._replace(loose=True)  # a guard that is not followed lets the message go
        for decided in Decision(self.plan, self.cells, self.names, node, chain).cases():
            if chain.phase == HEAD and decided.word == GO:
                yield from self._hand_over(node.within(decided.bounds), chain)
            else:
                yield from self._after(node.within(decided.bounds), chain, decided)

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
        step, here = self.plan.steps[chain.step], self._id(node, chain)
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
                yield from self._hand_over(node, chain)
                return
            yield from self._hand_over(node, chain)
            queued, at = node.bounds.later(next(self.names), chain.at, 1, most)
            waited = Event("queued", here, chain.campaign, chain.step, queued.ids[at])
            yield self._next(node.within(queued), chain._replace(phase=HEAD, at=at), waited)

    def _hand_over(self, node: Node, chain: Chain) -> Iterator[Node]:
        """Note the hand-over and yield what may come of the message."""
        step = self.plan.steps[chain.step]
        self.handed.append(HandOver(node, chain))
        place = chain.step
        if node.fact("wrote", step.sender) is None and self.cells.counts_first:
            node = node.settled("wrote", step.sender, True)
        at = self._id(node, chain)
        known = self.cells.remembered_as(place)
        refused = node._replace(sent=(*node.sent, Sent(known, False, chain.at)), messages=node.messages + 1)
        yield self._on(refused, chain, step.on_failed, Event("rejected", at, chain.campaign, place))
        taken = refused._replace(sent=(*node.sent, Sent(known, True, chain.at)))
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
