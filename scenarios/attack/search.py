"""The search: hypothesis makes cases and follows the goal upwards; the worst is cut down to what makes it so bad."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scenarios.attack.cases import Arena, Case, Person, smaller
from scenarios.attack.domain import Domain
from scenarios.attack.fates import forced_draws
from scenarios.attack.goals import Seen
from scenarios.attack.options import MOST, TABLE, Property, recipient_id
from scenarios.model import ChannelName, Forced

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Tell = Callable[[int], None]
FIRST = 12
"""Values of a property that a climb tries before anything else."""
Plan = tuple[Any, Any, Any]
"""Choices by number: recipients (values of properties, fates of messages), minutes of releases, outages."""


@dataclass(frozen=True, slots=True)
class Found:
    """The worst case found, cut down; ``tried`` cases were looked at, ``played`` different ones.

    ``settled``: no single change of the worst case makes it worse.
    """

    case: Case
    seen: Seen
    tried: int
    played: int
    settled: bool
    interrupted: bool


def search(arena: Arena, domain: Domain, examples: int, seed: int, tell: Tell) -> Found | None:
    """Return the worst of about twice ``examples`` cases, cut down; None where an interrupt came before the first.

    Hypothesis looks at ``examples`` cases and climbs towards worse ones; then each single choice of the worst case is
    tried in turn, ``examples`` more at most. The same arguments give the same result. ``tell`` hears how many cases
    were looked at. An interrupt keeps the worst so far.
    """
    hunt = Hunt(arena, domain, seed, tell)
    settled, interrupted = False, False
    try:
        hunt.explore(examples)
        settled = hunt.climb(examples)
        if arena.best is not None and arena.best[1].value > 0:
            _cut_down(arena)
    except KeyboardInterrupt:
        interrupted = True
    return None if arena.best is None else Found(*arena.best, hunt.tried, arena.played, settled, interrupted)


@dataclass(slots=True)
class Hunt:
    """One search: where it plays, how many cases it has looked at, and the plan behind each case."""

    arena: Arena
    domain: Domain
    seed: int
    tell: Tell
    tried: int = 0
    plan_of: dict[Case, Plan] = field(default_factory=dict)

    def look(self, plan: Plan) -> Seen:
        """Return what the goal sees of a plan."""
        case = case_of(self.domain, plan)
        self.plan_of.setdefault(case, plan)
        seen = self.arena.measure(case)
        self.tried += 1
        self.tell(self.tried)
        return seen

    def explore(self, examples: int) -> None:
        """Let hypothesis look at cases and climb towards worse ones; which, depends on the seed and what it sees."""
        import hypothesis
        from hypothesis.configuration import set_hypothesis_home_dir

        def look(plan: Plan) -> None:
            seen = self.look(plan)
            hypothesis.target(float(seen.value), label="value")
            for label, hint in seen.hints.items():
                hypothesis.target(hint, label=label)

        settings = hypothesis.settings(
            max_examples=examples, deadline=None, database=None,
            phases=[hypothesis.Phase.generate, hypothesis.Phase.target],
            suppress_health_check=list(hypothesis.HealthCheck), verbosity=hypothesis.Verbosity.quiet,
        )  # fmt: skip
        with tempfile.TemporaryDirectory() as home:
            set_hypothesis_home_dir(home)
            try:
                hypothesis.seed(self.seed)(settings(hypothesis.given(plans(self.domain))(look)))()
            finally:
                set_hypothesis_home_dir(None)

    def climb(self, budget: int) -> bool:
        """Try each single choice of the worst case in turn, from the new one where it is worse; True when all were."""
        end = self.tried + budget
        while True:
            assert self.arena.best is not None
            case, seen = self.arena.best
            for plan in neighbours(self.domain, self.plan_of[case]):
                if self.tried >= end:
                    return False
                if self.look(plan).value > seen.value:
                    break
            else:
                return True


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


def _cut_down(arena: Arena) -> None:
    """Take away from the worst case whatever can go without making it less bad, until nothing can."""
    assert arena.best is not None
    before: Case | None = None
    while before != arena.best[0]:
        before, seen = arena.best
        for case in smaller(before):
            if arena.measure(case).value >= seen.value:
                break
