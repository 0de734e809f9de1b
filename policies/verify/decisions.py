"""What own guards decide about a message: let it go, hold it until when, or refuse it, in as few cases as there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from policies.kinds.base import FAIL, NOT_APPLICABLE, PASS, REVIEW, UNKNOWN
from policies.verify.bounds import Bounds
from policies.verify.cells import Cell, Cells, Party
from policies.verify.cuts import ages_of_messages, ages_of_person
from policies.verify.nodes import Chain, Node
from policies.verify.plan import Plan
from policies.verify.unions import fewer

GO, WAIT, DENIED, LATE = "allowed", "held", "denied", "expired"
MOST_HOLDS = 64

Until = tuple[int, int]
"""The end of a hold: (place of an instant, so much later); place 0 is the epoch."""


class Decided(NamedTuple):
    """What own guards say of some schedules; for WAIT the place of the instant until which the message is held."""

    word: str
    bounds: Bounds
    until: int = 0


def lets_go(answers: dict[int, int]) -> bool:
    """Say whether guards with these answers let a message go at once."""
    return all(answer in (PASS, NOT_APPLICABLE) for answer in answers.values())


@dataclass(slots=True)
class Decision:
    """The message of the step at which ``chain`` stands, put to own guards in all schedules of ``node``.

    A hold until the same instant has the same name in all of them, so that they can be taken together afterwards.
    """

    plan: Plan
    cells: Cells
    names: Iterator[int]
    node: Node
    chain: Chain
    _guards: Party = field(init=False)
    _named: dict[tuple[tuple[int, ...], Until], int] = field(default_factory=dict)
    _whole: dict[tuple[int, ...], Bounds] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._guards = self.cells.guards_of(self.chain.step)

    def cases(self) -> list[Decided]:
        """Return what own guards say: every schedule of the node is in one of the cases."""
        bounds, at = self.node.bounds, self.chain.at
        self._whole[bounds.ids] = bounds
        told = [
            self._without_holds(decided)
            for cell in self.cells.split(self.node, bounds, at, self.chain.step, self._guards)
            for decided in self._decide(cell)
        ]
        groups: dict[tuple[str, int, tuple[int, ...]], list[Bounds]] = {}
        for decided in told:
            groups.setdefault((decided.word, decided.until, decided.bounds.ids), []).append(decided.bounds)
        if len(groups) == 1:
            ((word, until, ids),) = groups
            return [Decided(word, self._whole[ids], until)]
        return [
            Decided(word, part, until)
            for (word, until, ids), parts in groups.items()
            for part in fewer(parts, self._whole[ids])
        ]

    def _without_holds(self, decided: Decided) -> Decided:
        """Return the case without the ends of holds that came to nothing."""
        most = len(self.node.bounds.ids)
        if decided.word == WAIT or len(decided.bounds.ids) == most:
            return decided
        return decided._replace(bounds=decided.bounds.kept(range(1, most)))

    def _decide(self, cell: Cell, depth: int = 0) -> Iterator[Decided]:
        """Yield what own guards say, with the schedules of ``cell`` apart where they say different things."""
        answers = self.cells.answers(self.node, cell, self.chain.step, self._guards)
        if FAIL in answers.values() or UNKNOWN in answers.values() or REVIEW in answers.values():
            yield Decided(DENIED, cell.bounds)
            return
        untils = [self._until(cell, row, answer) for row, answer in answers.items() if answer > 0]
        if not untils:
            yield Decided(GO, cell.bounds)
        elif depth > MOST_HOLDS:
            yield Decided(DENIED, cell.bounds)
            return
        for last in dict.fromkeys(untils):
            yield from self._hold(cell, last, untils, depth)

    def _hold(self, cell: Cell, last: Until, untils: list[Until], depth: int) -> Iterator[Decided]:
        """Yield what follows where ``last`` is the latest of the instants until which guards hold the message."""
        held: Bounds | None = self._until_then(cell.bounds, last)
        at = len(cell.bounds.ids)
        for since, more in untils:
            held = held.limited(since, at, -more) if held is not None else None
        if held is None:
            return
        end = min(self.plan.campaigns[self.chain.campaign].ends_at, self.plan.end)
        for again in self.cells.split(self.node, held, at, self.chain.step, self._guards):
            for decided in self._decide(again, depth + 1):
                if decided.word != GO:
                    yield decided
                    continue
                over = decided.bounds.limited(0, at, -end)
                running = decided.bounds.limited(at, 0, end - 1)
                yield from [Decided(LATE, over)] if over is not None else []
                yield from [Decided(WAIT, running, at)] if running is not None else []

    def _until_then(self, bounds: Bounds, until: Until) -> Bounds:
        """Return the bounds with the end of a hold, which has the same name wherever it is the same."""
        key = bounds.ids, until
        if key not in self._named:
            self._named[key] = next(self.names)
        since, more = until
        held, _ = bounds.later(self._named[key], since, more, more)
        if held.ids not in self._whole:
            self._whole[held.ids], _ = self._whole[bounds.ids].later(self._named[key], since, more, more)
        return held

    def _until(self, cell: Cell, row: int, answer: int) -> Until:
        """Return the end of a hold that a row asks for.

        A kind that remembers holds until a message has some age, one that looks at the person until something has.
        """
        own = self.cells.guards.rows[row]
        by_message, by_person = ages_of_messages(own), ages_of_person(own)
        sent = tuple((one.step, one.taken) for one in self.node.sent)
        text = self.cells.text(self.node, self.chain.step)
        looked_at = self.cells.guards.looks_at(row, text, sent) if by_message else []
        places = [(self.node.sent[number].at, by_message) for number in reversed(looked_at)]
        places += [(place, by_person.get(name, set())) for name, place in self.node.past]
        for place, ages in places:
            if answer - cell.bounds.least(place) in ages:
                return place, answer - cell.bounds.least(place)
        return 0, answer
