"""The planter of whole runs: rows about people, senders and templates, what else is known of a run, and the rules.

Each kind has groups of its own (senders, templates, campaigns, months), some of which break the rule by the least there
is, while others stand exactly at the limit. A run has at most twenty breaches a rule, as many as a finding shows, so
that each is known again by its name.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from policies.runs.facts import CampaignFact, CascadeStep
from tests.support.planting.words import DAY, HOUR, MONDAY, iso

HEADER = (
    "recipient", "channel", "category", "event", "occurred_at", "campaign", "sender", "template", "units", "reason",
    "state",
)  # fmt: skip
MORNING = MONDAY + 7 * HOUR
ZONES = ("Europe/Moscow", "Asia/Kolkata", "America/New_York")
SHARES = (
    ("complaint_rate", "complained", "delivered"),
    ("unsubscribe_rate", "unsubscribed", "delivered"),
    ("failure_rate", "failed", "submitted"),
)
"""Of what the share is: its name, what is counted, and out of what."""
STATEMENTS = 40
KINDS = (
    "quota", "pilot", "metric_threshold", "cascade_order", "other_channel", "rating_gate", "review_record", "statement",
)  # fmt: skip


@dataclass(slots=True)
class Run:
    """A run: the rows of its log, what else is known of it, and by rule the names of what fails or needs review."""

    number: int
    rows: list[dict[str, str]] = field(default_factory=list)
    cascades: list[CascadeStep] = field(default_factory=list)
    campaigns: list[CampaignFact] = field(default_factory=list)
    limits: dict[str, int | None] = field(default_factory=dict)
    portfolios: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, object] = field(default_factory=dict)
    fails: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})
    reviews: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})

    @property
    def zone(self) -> str:
        return ZONES[self.number % len(ZONES)]

    @property
    def of_portfolios(self) -> bool:
        return self.number % 2 == 1

    @property
    def of_templates(self) -> bool:
        return self.number % 2 == 1

    @property
    def share(self) -> tuple[str, str, str]:
        return SHARES[self.number % len(SHARES)]


class RunPlanter:
    """Makes one run; ``number`` decides on its zone, on what is counted and by whom."""

    def __init__(self, seed: int, number: int) -> None:
        self.random, self.run, self.made, self.months = random.Random(seed * 1_000_003 + number), Run(number), 0, 0

    def finish(self) -> Run:
        """Return the run, its rows in a shuffled order; it goes on for weeks after all that is planted."""
        self.add("released", MORNING + 40 * DAY)
        lacking = self.run.fails["review_record"]
        months = (f"{number // 12}-{number % 12 + 1:02}" for number in range(2015 * 12, 2028 * 12))
        self.run.evidence["rating_reviews"] = ", ".join(month for month in months if month not in lacking)
        for number in range(STATEMENTS):
            self.run.evidence.setdefault(f"fact_{number}", True)
        self.random.shuffle(self.run.rows)
        for row in self.run.rows:
            self.run.limits.setdefault(row["sender"], None)
        return self.run

    def name(self, word: str) -> str:
        """Return a name that nothing else has."""
        self.made += 1
        return f"{word}{self.made}"

    def add(self, event: str, at: datetime, **cells: str) -> dict[str, str]:
        """Add a row about a person, a campaign, a sender and a template of its own unless they are given."""
        row = dict.fromkeys(HEADER, "")
        own = {name: cells.get(name) or self.name(name[0]) for name in ("recipient", "campaign", "sender", "template")}
        row |= {"channel": "email", "category": "promo", "event": event, "occurred_at": iso(at)} | own | cells
        self.run.rows.append(row)
        return row

    def state(self, event: str, at: datetime, **cells: str) -> None:
        """Add a row about a sender or a template, which no person takes part in."""
        self.run.rows.append(dict.fromkeys(HEADER, "") | {"event": event, "occurred_at": iso(at)} | cells)

    def moment(self) -> datetime:
        """Return some moment of some days."""
        return MORNING + timedelta(seconds=self.random.randrange(10 * 86400))

    def fail(self, kind: str, name: str, breaks: bool) -> None:
        """Note that something breaks the rule of a kind, if it does."""
        if breaks:
            self.run.fails[kind].add(name)


Way = Callable[[RunPlanter, bool], None]
"""Plants something that just breaks the rule, or just does not."""


@dataclass(frozen=True, slots=True)
class RunLimit:
    """A limit of a kind: the parameter that sets it, "" where facts do, and what just keeps it or just breaks it."""

    kind: str
    of: str
    plant: Way


def rules_of(run: Run) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, kind, scope and parameters of each rule; statements have many rules, every other kind has one."""
    by = "portfolio" if run.of_portfolios else "sender"
    whose = "template" if run.of_templates else "sender"
    params = {
        "quota": f"scope: {by}, hours: 24",
        "pilot": "size_over: 10000, complaint_limit: 0.01",
        "metric_threshold": (
            f"metric: {run.share[0]}, scope: {whose}, window_days: 7, limit: 0.2, warn: 0.1, minimum: 10"
        ),
        "cascade_order": "",
        "other_channel": "than: [sms, viber]",
        "rating_gate": "",
        "review_record": "evidence: rating_reviews",
    }
    for kind, text in params.items():
        yield kind.replace("_", "-").upper(), kind, "", f"{{{text}}}"
    for number in range(STATEMENTS):
        yield f"FACT-{number:02}", "statement", "", f"{{input: fact_{number}}}"
