"""A node of the search: where one kind of recipient stands in each cascade, with all schedules that lead there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from policies.verify.bounds import Bounds

RELEASE, BEGIN, DELAYED, HELD, HEAD, ANYHOW = range(6)
"""What a chain does next: be taken up, begin its step, begin it after its delay or a hold, come to the queue's head.

ANYHOW: it stands for all chains, and hands over any message at any time.
"""

Facts = tuple[tuple[tuple[str, int], bool], ...]
"""What was settled about the person on the way, sorted: ((what, number), yes or no)."""
Fact = tuple[tuple[str, int], bool]
Story = tuple[Any, "Event | Fact"] | None
"""What happened and what was settled, newest first: (story before, event or fact)."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened at the instant ``at`` (an id of the bounds); ``until`` is another instant, 0 for none."""

    what: str
    at: int
    campaign: int
    step: int = -1
    until: int = 0


@dataclass(frozen=True, slots=True)
class Who:
    """One kind of recipient: places in ``Plan.people`` and ``Plan.vectors``, agreement, orders, opt-out, text.

    ``left`` is the channel they opt out of at some time, -1 for all of them, None for nobody who does.
    """

    person: int
    vector: int = 0
    agreement: int = 0
    orders: int = 0
    left: int | None = None
    text: int = 0


class Chain(NamedTuple):
    """One cascade on its way: its step, what it does next, and when (a place in the bounds).

    Before its release it has no instant of its own, but that of the last move of any chain, or 0.
    """

    campaign: int
    step: int
    phase: int
    at: int
    pending: tuple[int, ...] = ()
    """Steps ahead to which a report of an earlier step may still lead."""


class Sent(NamedTuple):
    """A message handed over: its step, whether the provider took it, and when (a place in the bounds)."""

    step: int
    taken: bool
    at: int


class Node(NamedTuple):
    """Cascades, messages that still matter, and facts; ``past`` has the places of what happened to the person."""

    who: Who
    bounds: Bounds
    chains: tuple[Chain, ...]
    past: tuple[tuple[str, int], ...] = ()
    sent: tuple[Sent, ...] = ()
    facts: Facts = ()
    story: Story = None
    messages: int = 0
    loose: bool = False
    """Whether a guard that is not followed has done what it may never do."""
    named: tuple[tuple[str, int], ...] = ()
    """Ids of the instants of ``past``, which outlive their places."""

    @property
    def key(self) -> tuple[object, ...]:
        """Return what two compact nodes of one recipient must share for their schedules to be compared."""
        return self.chains, self.sent, self.past, self.facts

    def within(self, bounds: Bounds) -> Node:
        """Return the node with other bounds."""
        return Node(self.who, bounds, *self[2:])

    def going(self, chains: tuple[Chain, ...], story: Story) -> Node:
        """Return the node with other chains, and what was told until now."""
        return Node(self.who, self.bounds, chains, self.past, self.sent, self.facts, story, *self[7:])

    def fact(self, what: str, number: int) -> bool | None:
        """Return what is settled, None for nothing."""
        for key, value in self.facts:
            if key == (what, number):
                return value
        return None

    def settled(self, what: str, number: int, value: bool) -> Node:
        """Return the node with one more fact."""
        fact = (what, number), value
        return self._replace(facts=tuple(sorted((*self.facts, fact))), story=(self.story, fact))


def compact(node: Node) -> Node:
    """Return the node with bounds on those instants alone that may still matter, in a fixed order."""
    places = [chain.at for chain in node.chains]
    places += [sent.at for sent in node.sent]
    places += [place for _, place in node.past]
    kept = [place for place in dict.fromkeys(places) if place]
    if kept == list(range(1, len(node.bounds.ids))):
        return node
    new = {0: 0} | {place: number for number, place in enumerate(kept, 1)}
    return Node(
        node.who,
        node.bounds.kept(kept),
        tuple([c if new[c.at] == c.at else Chain(c[0], c[1], c[2], new[c.at], c[4]) for c in node.chains]),
        tuple([(name, new[place]) for name, place in node.past]),
        tuple([Sent(s.step, s.taken, new[s.at]) for s in node.sent]),
        *node[5:],
    )
