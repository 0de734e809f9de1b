"""Any message at any time: more than cascades ever do, and enough to prove what own guards keep by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from policies.verify.cells import Cells
from policies.verify.decisions import lets_go
from policies.verify.nodes import Chain, Node, Sent
from policies.verify.plan import Plan
from policies.verify.unions import fewer


class HandOver(NamedTuple):
    """A message at the moment of its hand-over: the rules in question are asked here."""

    node: Node
    chain: Chain


@dataclass(slots=True)
class Anything:
    """One chain that stands for all; hand-overs are put into ``handed`` as they are met."""

    plan: Plan
    cells: Cells
    names: Iterator[int]
    handed: list[HandOver]

    def ways(self, node: Node, chain: Chain) -> Iterator[Node]:
        """Yield what follows where any message may go next, at any time at which own guards let it."""
        for place in sorted({self.cells.alike(place) for place in range(len(self.plan.steps))}):
            campaigns = [
                self.plan.campaigns[step.campaign]
                for other, step in enumerate(self.plan.steps)
                if self.cells.alike(other) == place
            ]
            bounds, at = node.bounds.added(next(self.names))
            last = min(max(one.ends_at for one in campaigns), self.plan.end) - 1
            limited = bounds.between(at, 0, min(one.earliest for one in campaigns), last)
            limited = limited.limited(chain.at, at, 0) if limited is not None else None
            if limited is not None:
                handed = chain._replace(campaign=self.plan.steps[place].campaign, step=place, at=at)
                yield from self._let_go(node.within(limited), handed)

    def _let_go(self, node: Node, chain: Chain) -> Iterator[Node]:
        """Yield what follows a message that stands for all at which own guards do not object, taken or refused."""
        guards = self.cells.guards_of(chain.step)
        going = [
            cell.bounds
            for cell in self.cells.split(node, node.bounds, chain.at, chain.step, guards)
            if lets_go(self.cells.answers(node, cell, chain.step, guards))
        ]
        for bounds in fewer(going, node.bounds):
            part = node.within(bounds)
            self.handed.append(HandOver(part, chain))
            for taken in (True, False):
                sent = (*node.sent, Sent(self.cells.remembered_as(chain.step), taken, chain.at))
                yield part._replace(chains=(chain._replace(campaign=0, step=0),), sent=sent, loose=True)
