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
    """Nodes that are alike taken together, with more schedules than they have: the newest bounds are to be followed."""

    bounds: dict[object, Bounds] = field(default_factory=dict)
    followed: dict[object, Bounds] = field(default_factory=dict)

    def new(self, node: Node) -> Iterable[Node]:
        """Return the node with the bounds of all like it together, if it adds to them."""
        node = node._replace(loose=True, story=None)  # no witness comes of it
        known = self.bounds.get(node.key)
        whole = node.bounds.most if known is None else known.joined(node.bounds)
        if known is not None and whole == known.most:
            return ()
        self.bounds[node.key] = Bounds(whole, node.bounds.ids)
        return (node,)

    def newest(self, node: Node) -> Node | None:
        """Return the node with all schedules that it stands for by now, None if these were followed already."""
        bounds = self.bounds[node.key]
        if self.followed.get(node.key) is bounds:
            return None
        self.followed[node.key] = bounds
        return node.within(bounds)
