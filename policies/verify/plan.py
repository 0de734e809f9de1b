"""A plan: what a scenario may do to one recipient, step by step, with every freedom that time and receipts have.

``scenarios/plan`` makes it. Instants and durations are microseconds. What the plan leaves free, the verifier tries in
all its values; what it fixes, a verdict is about.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from policies.expressions.conditions import Names
from policies.people import People
from policies.tables import RuleTable, Tables

END = -1


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a cascade; targets are places in ``Plan.steps`` or END.

    ``wait`` -1: the cascade ends with the hand-over. ``stops``: a report may stop the wait, and ``stopped_by`` names
    it; ``fails``: one of failure may end it. ``reports`` are the receipts that the company may get at all. ``tests``
    are places in ``Plan.tests``, all of which must hold.
    """

    id: str
    campaign: int
    channel: int
    category: int
    template: int
    sender: int
    brand: int
    texts: tuple[int, ...]
    validity: int
    delay: int
    wait: int
    stops: bool
    fails: bool
    tests: tuple[int, ...]
    on_absent: int
    on_failed: int
    on_refused: int
    on_timeout: int
    on_guard: int
    on_stop: int
    template_state: int
    template_since: int
    jitter: int = 0
    stopped_by: str = ""
    reports: tuple[str, ...] = ()

    @property
    def message(self) -> tuple[object, ...]:
        """Return all that a rule can see of the step's message but its campaign and what went before."""
        return (
            self.channel, self.category, self.template, self.sender, self.brand, self.texts, self.validity,
            self.template_state, self.template_since,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Campaign:
    """One cascade: the instants at which it may take a recipient up (both included), and its end (exclusive).

    ``optional``: people may be left out by lot, as a sample or a hold-out group does.
    """

    id: str
    first: int
    earliest: int
    latest: int
    ends_at: int
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Set:
    """A set of consents of somebody who agreed alike: what it covers for the message under judgement.

    ``rows`` are the places of its consents in ``Tables.consents``: their date is free.
    """

    agreement: int
    channel: bool
    category: bool
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Vector:
    """What is fixed of some people: which tests they pass (None: free), whose campaigns they are, one of them.

    ``traits`` numbers the combinations of those attributes that ``when`` and ``unless`` ask for.
    """

    tests: tuple[bool | None, ...]
    campaigns: tuple[int, ...]
    example: int
    traits: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a verdict rests on.

    ``people`` are kinds of recipients, one of each: place of residence and what is known of it. ``sets`` are the sets
    of consents in the order of ``Tables``; ``agreements`` names the kinds of agreement. ``orders`` are the numbers
    of orders to try; ``vectors`` what distinguishes the people of the base. ``queue`` is the longest time
    between a decision and the hand-over. ``suppresses``: numbers on the company's own list of dead ones are left out.
    ``base`` holds the examples of the vectors, without their countries, and ``names`` what expressions call campaigns,
    senders and templates. ``too_many``: what was left out because there is too much of it; then nothing is proved.
    """

    start: int
    end: int
    steps: tuple[Step, ...]
    campaigns: tuple[Campaign, ...]
    people: People
    tables: Tables
    guards: RuleTable
    rules: RuleTable
    sets: tuple[Set, ...]
    agreements: tuple[str, ...]
    vectors: tuple[Vector, ...]
    base: People
    names: Names
    orders: tuple[int, ...] = (0,)
    queue: int = 0
    suppresses: frozenset[int] = frozenset()
    domain: dict[str, str] = field(default_factory=dict)
    too_many: str = ""
