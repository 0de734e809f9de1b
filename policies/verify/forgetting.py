"""What of a node no longer matters: two that differ in nothing else are one, and need to be followed only once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from policies.records import NEVER
from policies.verify.cells import KNOWN, Cells
from policies.verify.cuts import ages_of_person, lasts
from policies.verify.judging import Judge, Message
from policies.verify.nodes import ANYHOW, RELEASE, Chain, Node
from policies.verify.plan import END, Plan


@dataclass(slots=True)
class Forgetting:
    """Knows which facts, messages and dates the steps ahead of a node may still ask for."""

    plan: Plan
    cells: Cells
    _ahead: dict[int, frozenset[int]] = field(default_factory=dict)
    _together: dict[object, frozenset[int]] = field(default_factory=dict)
    _matter: dict[tuple[frozenset[int], tuple[tuple[int, bool], ...]], list[tuple[int, int]]] = field(
        default_factory=dict
    )
    _reach: dict[frozenset[int], tuple[frozenset[tuple[str, int]], list[tuple[Judge, int]], frozenset[str]]] = field(
        default_factory=dict
    )

    def without_the_past(self, node: Node) -> Node:
        """Return the node without facts, messages and dates at which nothing ahead looks any more."""
        steps = self._all_ahead(node.chains)
        asked, rows, names = self._of_steps(steps)
        facts = tuple(fact for fact in node.facts if fact[0] in asked)
        past = tuple(item for item in node.past if item[0] in names or item[0] == KNOWN)
        kept = self._remembered(steps, tuple((sent.step, sent.taken) for sent in node.sent), rows)
        since = [self._since(node, chain) for chain in node.chains] if kept else []
        young = [number for number, most in kept if not all(map(partial(_older, node, number, most), since))]
        sent = node.sent if len(young) == len(node.sent) else tuple(node.sent[number] for number in young)
        return Node(node.who, node.bounds, node.chains, past, sent, facts, *node[6:])

    def _all_ahead(self, chains: tuple[Chain, ...]) -> frozenset[int]:
        """Return the steps that the chains may still come to."""
        key = tuple((chain.campaign, chain.step, chain.phase == RELEASE, chain.pending) for chain in chains)
        if key not in self._together:
            self._together[key] = frozenset().union(*map(self._steps_ahead, chains))
        return self._together[key]

    def _since(self, node: Node, chain: Chain) -> tuple[int, int]:
        """Return an instant (a place) and another one, before either of which a chain asks nobody."""
        return chain.at, self.plan.campaigns[chain.campaign].earliest if chain.phase == RELEASE else -NEVER

    def _remembered(
        self, steps: frozenset[int], sent: tuple[tuple[int, bool], ...], rows: list[tuple[Judge, int]]
    ) -> list[tuple[int, int]]:
        """Return the places of the messages (step, taken) at which rows may still look back, and up to which age."""
        if not sent:
            return []
        if (steps, sent) not in self._matter:
            kept: dict[int, int] = {}
            for judge, row in rows:
                mine = [place for place, one in enumerate(sent) if judge.remembers(row, Message(one[0], 0, one[1]))]
                for place in mine[max(len(mine) - judge.memory(row), 0) :]:
                    kept[place] = max(kept.get(place, 0), lasts(judge.rows[row]))
            self._matter[steps, sent] = sorted(kept.items())
        return self._matter[steps, sent]

    def _steps_ahead(self, chain: Chain) -> frozenset[int]:
        if chain.phase == ANYHOW:
            return frozenset(range(len(self.plan.steps)))
        first = self.plan.campaigns[chain.campaign].first if chain.phase == RELEASE else chain.step
        if first not in self._ahead:
            seen, todo = set(), [first]
            while todo:
                place = todo.pop()
                if place != END and place not in seen:
                    seen.add(place)
                    s = self.plan.steps[place]
                    todo += [s.on_absent, s.on_failed, s.on_refused, s.on_timeout, s.on_guard, s.on_stop]
            self._ahead[first] = frozenset(seen)
        return self._ahead[first] | frozenset(chain.pending)

    def _of_steps(
        self, steps: frozenset[int]
    ) -> tuple[frozenset[tuple[str, int]], list[tuple[Judge, int]], frozenset[str]]:
        """Return the facts that some steps ask for, the rows that look back, and what they ask of the person's past."""
        if steps not in self._reach:
            asked: set[tuple[str, int]] = set()
            rows: dict[tuple[bool, int], tuple[Judge, int]] = {}
            names: set[str] = set()
            for place in steps:
                s = self.plan.steps[place]
                asked |= {("present", s.channel), ("channel", s.channel), ("category", s.category)}
                asked |= {("dead", 0), ("wrote", s.sender), ("left", s.channel), *(("test", test) for test in s.tests)}
                for judge, row in self.cells.rows(place):
                    names |= ages_of_person(judge.rows[row]).keys() & self.cells.names
                    if judge.memory(row):
                        rows[judge.own, row] = judge, row
            self._reach[steps] = frozenset(asked), list(rows.values()), frozenset(names)
        return self._reach[steps]


def _older(node: Node, number: int, most: int, since: tuple[int, int]) -> bool:
    """Say whether a message is surely older than ``most`` when a chain next asks somebody."""
    at, (place, earliest) = node.sent[number].at, since
    return node.bounds.most[at][place] <= -most or node.bounds.greatest(at) <= earliest - most
