"""The search through all nodes, fewest messages first, and the first finding of each rule and answer."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from policies.kinds.base import FAIL, NOT_APPLICABLE, P_RULE, PASS, REVIEW, UNKNOWN
from policies.records import NEVER
from policies.rules import SEVERITY_ORDER
from policies.tables import RuleTable
from policies.verify.anything import HandOver
from policies.verify.bounds import Bounds
from policies.verify.cells import KNOWN, Cell, Cells
from policies.verify.forgetting import Forgetting
from policies.verify.nodes import RELEASE, Node, Story, Who, compact
from policies.verify.passed import Hulls, Known, Passed
from policies.verify.plan import Plan
from policies.verify.steps import Moves

FAILED, IN_REVIEW, NOT_KNOWN = "fail", "review", "unknown"
FAR = 10_000
"""More than any chain can come forward."""
WATCHED = -1
"""In place of a rule's row: a message after the report that was watched for."""


Rank = tuple[bool, int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A message of which a rule row says what is no pass: who, the way there, and the cell of its schedules."""

    row: int
    answer: str
    who: Who
    node: Node
    campaign: int
    step: int
    at: int  # id of the instant
    bounds: Bounds
    story: Story
    messages: int
    instant: int
    loose: bool

    @property
    def rank(self) -> Rank:
        """Return by what findings are compared: guards followed, few messages, an early instant."""
        return self.loose, self.messages, self.instant


@dataclass(slots=True)
class Result:
    """What a search found, by (rule row, answer); ``spoke`` are the rows that judged a message at all."""

    found: dict[tuple[int, str], Found] = field(default_factory=dict)
    spoke: set[int] = field(default_factory=set)
    states: int = 0
    complete: bool = True
    interrupted: bool = False


Advance = Callable[[int], None]


@dataclass(slots=True)
class Search:
    """All that can happen to some kinds of recipients, judged by the rows of ``cells.group``."""

    plan: Plan
    cells: Cells
    limit: int
    advance: Advance | None = None
    roughly: bool = False
    """Nodes that are alike are taken together, with more schedules than they have: to prove, not to find."""
    anyhow: bool = False
    """Any message may go at any time at which own guards let it, which is more than the cascades do: to prove."""
    possible: frozenset[tuple[int, str]] | None = None
    """What can be found at all (row, answer), where a rougher search has told."""
    result: Result = field(default_factory=Result)
    _moves: Moves = field(init=False)
    _passed: Passed = field(default_factory=Passed)
    _hulls: Hulls = field(default_factory=Hulls)
    _forgetting: Forgetting = field(init=False)
    _as_grave: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._moves = Moves(self.plan, self.cells)
        self._forgetting = Forgetting(self.plan, self.cells)

    def run(self, whos: Iterable[Who], together: bool) -> Result:
        """Return what was found; ``together``: the campaigns share a history, else each is looked at by itself."""
        for who in whos:
            mine = list(self.plan.vectors[who.vector].campaigns)
            for campaigns in [mine] if together else [[number] for number in mine]:
                if self.result.complete:
                    self._passed, self._hulls = Passed(), Hulls()
                    try:
                        self._explore(who, campaigns)
                    except KeyboardInterrupt:
                        self.result.complete, self.result.interrupted = False, True
        return self.result

    def _explore(self, who: Who, campaigns: list[int]) -> None:
        person, order = self._person(who), itertools.count()
        others = (self.plan.campaigns[one] for one in self.plan.vectors[who.vector].campaigns if one not in campaigns)
        self._moves.others = tuple(one for one in others if not one.optional)
        first = self._moves.start_anyhow(person) if self.anyhow else self._moves.start(person, campaigns)
        waiting: list[tuple[int, int, Node, Known | None]] = [(0, 0, first, None)]
        while waiting:
            _, number, node, known = heapq.heappop(waiting)
            if self._settled(node.messages, -NEVER):
                return
            following = self._to_follow(node, known) if number else node
            if following is None or self._settled(node.messages, self._earliest(following)):
                continue
            self.result.states += 1
            if self.result.states > self.limit:
                self.result.complete = False
                return
            if self.advance is not None and self.result.states % 1000 == 0:
                self.advance(self.result.states)
            for one in self._moves.ways(following):
                for kept, new in self._worth(one) if one.chains else ():
                    urgency = _progress(kept) if self.roughly else kept.messages
                    heapq.heappush(waiting, (urgency, next(order) + 1, kept, new))
            handed, self._moves.handed = self._moves.handed, []
            for message in handed:
                self._judge(message)

    def _to_follow(self, node: Node, known: Known | None) -> Node | None:
        """Return the node as it is to be followed now, None where another one has all its schedules."""
        if known is not None:
            return node if known.alive else None
        return self._hulls.newest(node) if self.roughly and len(node.bounds.ids) != 2 else node

    def _settled(self, messages: int, earliest: int) -> bool:
        """Say whether all that can be found is known as early as after these messages, or at this instant after them.

        Of a row that fails it does not matter what else it says, nor what a check of its rule says later that is no
        graver.
        """
        wanted = [(row, FAILED) for row in ({WATCHED} if self.cells.watch else self.cells.group)]
        if self.possible is not None:
            wanted = [one for one in self.possible if one[1] == FAILED or (one[0], FAILED) not in self.possible]
        if self.roughly:
            return all(one in self.result.found for one in wanted)
        now = False, messages, earliest
        found = self.result.found
        return all((one in found and found[one].rank <= now) or self.beaten(one[0], now) for one in wanted)

    def beaten(self, row: int, rank: Rank) -> bool:
        """Say whether another check of the row's rule, as grave, is broken at a lower rank: that is what is shown."""
        if row == WATCHED:
            return False
        if row not in self._as_grave:
            self._as_grave[row] = as_grave(self.plan.rules, row)
        known = (self.result.found.get((other, FAILED)) for other in self._as_grave[row])
        return any(one is not None and one.rank < rank for one in known)

    def _earliest(self, node: Node) -> int:
        """Return an instant before which none of the chains of a node hands over a message."""
        return min(
            max(node.bounds.least(chain.at), self.plan.campaigns[chain.campaign].earliest)
            if chain.phase == RELEASE
            else node.bounds.least(chain.at)
            for chain in node.chains
        )

    def _person(self, who: Who) -> Node:
        """Return the node of a person of whom nothing is settled but what ``who`` says."""
        bounds, past = Bounds(), []
        agrees = any(one.rows for one in self.plan.sets if one.agreement == who.agreement)
        happened = {"agreed": agrees, "ordered": who.orders > 0, "left": who.left is not None}
        for name, so in happened.items():
            if so and name in self.cells.names:
                bounds, place = bounds.added(next(self._moves.names))
                latest = self.plan.start if name == "ordered" else self.plan.end
                limited = bounds.between(place, 0, self.cells.since(name), latest)
                assert limited is not None
                bounds = limited
                past.append((name, place))
        told = enumerate(self.plan.vectors[who.vector].tests)
        facts = tuple((("test", number), value) for number, value in told if value is not None)
        return Node(
            who, bounds, (), tuple(past), facts=facts, named=tuple((name, bounds.ids[place]) for name, place in past)
        )

    def _worth(self, node: Node) -> Iterable[tuple[Node, Known | None]]:
        """Return the node without what no longer matters, as far as its schedules were not looked at before."""
        node = compact(self._forgetting.without_the_past(node))
        if not self.roughly:
            return self._passed.new(node, (node.loose, node.messages))
        if len(node.bounds.ids) == 2:
            return self._passed.new(node, (True, 0))
        return ((one, None) for one in self._hulls.new(node))

    def _judge(self, handed: HandOver) -> None:
        node, chain = handed
        for party in self.cells.parties(chain.step):
            for cell in self.cells.split(node, node.bounds, chain.at, chain.step, party):
                if self.cells.watch and node.messages:
                    known = [place for name, place in node.past if name == KNOWN]
                    late = any(cell.bounds.least(cell.at) > cell.bounds.least(place) for place in known)
                    self._note(handed, cell, WATCHED, FAIL if late else PASS)
                for row, answer in self.cells.answers(node, cell, chain.step, party).items():
                    if answer != NOT_APPLICABLE:
                        self._note(handed, cell, row, answer)

    def _note(self, handed: HandOver, cell: Cell, row: int, answer: int) -> None:
        node = handed.node
        self.result.spoke.add(row)
        if answer != PASS:
            word = {UNKNOWN: NOT_KNOWN, REVIEW: IN_REVIEW}.get(answer, FAILED)
            known = self.result.found.get((row, word))
            messages, instant, loose = now = node.messages, cell.bounds.least(cell.at), node.loose
            if known is None or (loose, messages, instant) < known.rank:
                chain = handed.chain
                self.result.found[row, word] = Found(
                    row, word, node.who, node, chain.campaign, chain.step, cell.bounds.ids[cell.at], cell.bounds,
                    node.story, *now,
                )  # fmt: skip


def _progress(node: Node) -> int:
    """Return how far the chains of a node have come: of nodes that are taken together the first come first."""
    return sum((chain.step + 1 if chain.phase != RELEASE else 0) * 8 + chain.phase - FAR for chain in node.chains)


def as_grave(table: RuleTable, row: int) -> list[int]:
    """Return the other rows of a row's rule whose severity is no milder."""
    grave = [SEVERITY_ORDER.index(check.severity) for check in table.row_check]
    rules = table.rows[:, P_RULE].tolist()
    same = (other for other, rule in enumerate(rules) if rule == rules[row] and other != row)
    return [other for other in same if grave[other] <= grave[row]]


__all__ = ["FAILED", "IN_REVIEW", "NOT_KNOWN", "Found", "Result", "Search"]
