"""A node is followed only as far as nothing was met before from which as much can be found, after as few messages."""

from __future__ import annotations

from policies.verify.bounds import Bounds
from policies.verify.nodes import BEGIN, Chain, Node, Who
from policies.verify.passed import Hulls, Passed


def _node(*ranges: tuple[int, int]) -> Node:
    """Return a node with chains that begin within these ranges."""
    bounds: Bounds | None = Bounds()
    for name, (first, last) in enumerate(ranges, 1):
        assert bounds is not None
        bounds, place = bounds.added(name)
        bounds = bounds.between(place, 0, first, last)
    assert bounds is not None
    return Node(Who(0), bounds, tuple(Chain(place, 0, BEGIN, place + 1) for place in range(len(ranges))))


def _stretches(passed: Passed, first: int, last: int, messages: int) -> list[tuple[int, int]]:
    found = passed.new(_node((first, last)), (False, messages))
    return [(node.bounds.least(1), node.bounds.greatest(1)) for node, _ in found]


def test_stretches_met_after_fewer_messages_are_left_out() -> None:
    passed = Passed()
    assert _stretches(passed, 10, 20, 1) == [(10, 20)]
    assert _stretches(passed, 5, 30, 2) == [(5, 9), (21, 30)]
    assert _stretches(passed, 12, 14, 3) == []


def test_stretches_met_after_more_messages_are_followed_again() -> None:
    passed = Passed()
    assert _stretches(passed, 10, 20, 2) == [(10, 20)]
    assert _stretches(passed, 12, 14, 1) == [(12, 14)]


def test_a_node_within_another_is_not_new_unless_it_is_met_at_a_lower_rank() -> None:
    passed = Passed()
    assert list(passed.new(_node((10, 20), (10, 20)), (False, 1)))
    assert not list(passed.new(_node((12, 14), (10, 20)), (False, 1)))
    assert not list(passed.new(_node((12, 14), (10, 20)), (True, 2)))
    assert list(passed.new(_node((12, 14), (10, 20)), (False, 0)))


def test_a_node_in_which_guards_did_as_they_like_does_not_hide_one_in_which_they_did_not() -> None:
    passed = Passed()
    assert list(passed.new(_node((10, 20), (10, 20)), (True, 1)))
    assert list(passed.new(_node((12, 14), (10, 20)), (False, 1)))


def test_a_node_is_dead_once_a_wider_one_is_met_at_its_rank() -> None:
    passed = Passed()
    ((_, narrow),) = passed.new(_node((12, 14), (10, 20)), (True, 1))
    ((_, other),) = passed.new(_node((30, 31), (10, 20)), (False, 1))
    ((_, wide),) = passed.new(_node((10, 20), (10, 20)), (False, 1))
    assert narrow is not None
    assert other is not None
    assert wide is not None
    assert (narrow.alive, other.alive, wide.alive) == (False, True, True)


def test_nodes_taken_together_are_followed_with_all_that_they_stand_for() -> None:
    hulls = Hulls()
    (first,) = hulls.new(_node((10, 20), (10, 20)))
    assert not list(hulls.new(_node((30, 40), (10, 20))))  # the first one waits for it as well
    followed = hulls.newest(first)
    assert (followed.bounds.least(1), followed.bounds.greatest(1), followed.loose) == (10, 40, True)
    assert not list(hulls.new(_node((20, 30), (10, 20))))
    (wider,) = hulls.new(_node((20, 50), (10, 20)))
    assert hulls.newest(wider).bounds.greatest(1) == 50
