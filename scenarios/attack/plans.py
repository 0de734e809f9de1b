"""Plans: choices by number, which hypothesis makes from bits, a climb changes one by one, and which become cases."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenarios.attack.cases import Case, Person
from scenarios.attack.domain import Domain
from scenarios.attack.fates import forced_draws
from scenarios.attack.options import MOST, TABLE, Property, recipient_id
from scenarios.model import ChannelName, Forced

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FIRST = 12
"""Values of a property that a climb tries before anything else."""
Plan = tuple[Any, Any, Any]
"""Choices by number: recipients (values of properties, fates of messages), minutes of releases, outages."""


def plans(domain: Domain) -> SearchStrategy[Plan]:
    """Return the strategy of plans: so many bits, read one choice after another.

    Every first choice is the plainest: one recipient, the most frequent property, the draw of the seed, the earliest
    release, no outage; so fewer bits that are set are a plainer plan. Hypothesis' own whole numbers lean towards
    constants that it finds in the modules it takes for the user's, and so depend on how this program was installed;
    bits depend on the seed alone.
    """
    from hypothesis import strategies as st

    counter = _Bits(itertools.repeat(False))
    _read_plan(domain, counter)
    return st.tuples(*[st.booleans()] * counter.read).map(lambda bits: _read_plan(domain, _Bits(iter(bits))))


@dataclass(slots=True)
class _Bits:
    """Whole numbers from a stream of bits; ``read`` counts the bits taken."""

    stream: Iterator[bool]
    read: int = 0

    def below(self, bound: int) -> int:
        """Return the next number below ``bound``; what is too large begins again at 0."""
        number = 0
        for _ in range((bound - 1).bit_length() if bound > 1 else 0):
            number = 2 * number + next(self.stream)
            self.read += 1
        return number % bound if bound > 0 else 0


def _read_plan(domain: Domain, bits: _Bits) -> Plan:
    """Return the plan that the bits stand for; it always takes the same number of them."""
    number = 1 + bits.below(domain.people)
    people = tuple(_read_person(domain, bits) for _ in range(domain.people))
    releases = tuple(bits.below(span + 1) for span in domain.spans)
    outages = tuple((bool(bits.below(2)), bits.below(len(choices))) for choices in domain.outages)
    return people[:number], releases, outages


def _read_person(domain: Domain, bits: _Bits) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    values = tuple(_read_value(own, bits) for own in domain.properties)
    fates = tuple(
        tuple(bits.below(len(fates)) for fates in (slot.arrivals, slot.receipts, slot.reactions))
        for slot in domain.slots
    )
    return values, fates


def _read_value(own: Property, bits: _Bits) -> int:
    """Return a value: three times of four as often as people have it, else each as often as another."""
    if len(own.values) < 2:
        return 0
    rarely, common, any_of_them = bits.below(4) == 3, own.table[bits.below(TABLE)], bits.below(len(own.values))
    return any_of_them if rarely else common


def case_of(domain: Domain, plan: Plan) -> Case:
    """Return the case that a plan stands for."""
    people, releases, outages = plan
    script = [
        Forced(
            recipient=recipient_id(number), campaign=campaign, channel=_channel(channel), attempt=attempt,
            purpose=purpose, value=value,
        )
        for number, (_, fates) in enumerate(people, 1)
        for slot, (arrival, receipt, reaction) in zip(domain.slots, fates, strict=True)
        for (campaign, channel, attempt, purpose), value in forced_draws(
            slot, (slot.arrivals[arrival], slot.receipts[receipt], slot.reactions[reaction])
        ).items()
    ]  # fmt: skip
    return Case(
        people=tuple(Person(number, values) for number, (values, _) in enumerate(people, 1)),
        script=tuple(script),
        releases=tuple(releases),
        outages=tuple(
            domain.outages[i][choice] for i, (some, choice) in enumerate(outages) if some and domain.outages[i]
        ),
    )


def _channel(name: str) -> ChannelName:
    return name  # type: ignore[return-value]


def neighbours(domain: Domain, plan: Plan) -> Iterator[Plan]:
    """Yield the plans that differ in one choice: a property of somebody, a fate, an outage, a release.

    Of properties with many values a few come first, the others at the end.
    """
    people, releases, outages = plan
    yield from _with_property(domain, plan, range(FIRST))
    for who, (values, fates) in enumerate(people):
        for place, fate in enumerate(fates):
            slot = domain.slots[place]
            for part, choices in enumerate((slot.arrivals, slot.receipts, slot.reactions)):
                for choice in _others(len(choices), fate[part]):
                    yield _put(people, who, (values, _put(fates, place, _put(fate, part, choice)))), releases, outages
    for index, (some, chosen) in enumerate(outages):
        options = [(False, 0)] * some + [(True, n) for n in _others(len(domain.outages[index]), chosen if some else -1)]
        for option in options:
            yield people, releases, _put(outages, index, option)
    for index, minutes in enumerate(releases):
        span = domain.spans[index]
        for other in sorted({0, span // 4, span // 2, 3 * span // 4, span} - {minutes}):
            yield people, _put(releases, index, other), outages
    yield from _with_property(domain, plan, range(FIRST, MOST))


def _with_property(domain: Domain, plan: Plan, choices: range) -> Iterator[Plan]:
    people, releases, outages = plan
    for who, (values, fates) in enumerate(people):
        for place, value in enumerate(values):
            for choice in _others(len(domain.properties[place].values), value):
                if choice in choices:
                    yield _put(people, who, (_put(values, place, choice), fates)), releases, outages


def _others(size: int, chosen: int) -> Iterator[int]:
    return (number for number in range(size) if number != chosen)


def _put(items: Sequence[Any], place: int, item: Any) -> tuple[Any, ...]:
    return (*items[:place], item, *items[place + 1 :])
