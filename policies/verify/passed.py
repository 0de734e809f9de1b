"""What a search has met before: nodes whose schedules are all among those of another one need not be followed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import ge

from policies.verify.bounds import Bounds
from policies.verify.nodes import Node
from policies.verify.stretches import Stretches, gaps, united

Rank = tuple[bool, int]
"""Whether a node is loose, and after how many messages it is met: what is met at a higher rank adds nothing."""


@dataclass(slots=True)
class Known:
    """A node that was met, by its bounds in one row. ``alive``: none that has all its schedules was met later."""

    bounds: tuple[int, ...]
    rank: Rank
    alive: bool = True


@dataclass(slots=True)
class Passed:
    """Nodes with several instants, and the stretches of those with one, by what nodes must share to be compared."""

    nodes: dict[object, list[Known]] = field(default_factory=dict)
    stretches: dict[object, dict[Rank, Stretches]] = field(default_factory=dict)

    def new(self, node: Node, rank: Rank) -> Iterable[tuple[Node, Known | None]]:
        """Return the node as far as its schedules were not met before at ``rank`` or below."""
        if len(node.bounds.ids) == 2:
            return ((part, None) for part in self._new_stretches(node, rank))
        known, mine = self.nodes.setdefault(node.key, []), tuple(itertools.chain.from_iterable(node.bounds.most))
        if any(below(one.rank, rank) and all(map(ge, one.bounds, mine)) for one in known):
            return ()
        for one in known:
            one.alive = not (below(rank, one.rank) and all(map(ge, mine, one.bounds)))
        new = Known(mine, rank)
        known[:] = [*(one for one in known if one.alive), new]
        return ((node, new),)

    def _new_stretches(self, node: Node, rank: Rank) -> Iterable[Node]:
        seen = self.stretches.setdefault(node.key, {})
        first, last = node.bounds.least(1), node.bounds.greatest(1)
        parts = [(first, last)]
        for other, stretches in seen.items():
            if below(other, rank):
                parts = [gap for part in parts for gap in gaps(stretches, *part)]
        for begin, end in parts:
            part = node.bounds.between(1, 0, begin, end)
            assert part is not None
            yield node.within(part)
        seen[rank] = united(seen.get(rank, []), first, last)


def below(one: Rank, other: Rank) -> bool:
    """Say whether what is found from a node of rank ``one`` is as good as what is found from one of rank ``other``."""
    return one[0] <= other[0] and one[1] <= other[1]


@dataclass(slots=True)
class Hulls:
    """Nodes that are alike taken together, with more schedules than they have; they wait without their own bounds."""

    bounds: dict[object, Bounds] = field(default_factory=dict)
    waiting: set[object] = field(default_factory=set)

    def new(self, node: Node) -> Iterable[Node]:
        """Return the node to wait for all like it, if it adds to their bounds and none of them waits already."""
        key, known = node.key, self.bounds.get(node.key)
        whole = node.bounds.most if known is None else known.joined(node.bounds)
        if known is not None and whole == known.most:
            return ()
        self.bounds[key] = Bounds(whole, node.bounds.ids)
        if key in self.waiting:
            return ()
        self.waiting.add(key)
        return (node._replace(bounds=Bounds(), loose=True, story=None),)  # no witness comes of it

    def newest(self, node: Node) -> Node:
        """Return the node that waited, with all schedules for which it is to be followed now."""
        self.waiting.discard(node.key)
        return node.within(self.bounds[node.key])
