"""Runs in which every breach of a rule about the whole run is known because it was planted, among clean neighbours.

As tests.support.planting, the planter knows the rules by their words alone. Each kind has groups of its own (senders,
templates, campaigns, months), some of which break the rule by the least there is, while others stand exactly at the
limit. A run has at most twenty breaches a rule, as many as a finding shows, so that each is known again by its name.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from policies.runs.facts import CampaignFact, CascadeStep

HEADER = (
    "recipient", "channel", "category", "event", "occurred_at", "campaign", "sender", "template", "units", "reason",
    "state",
)  # fmt: skip
MONDAY = datetime(2026, 11, 9, 7, tzinfo=UTC)
DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
LEAST = timedelta(microseconds=1)
"""The smallest unit of time."""
ZONES = ("Europe/Moscow", "Asia/Kolkata", "America/New_York")
SHARES = (
    ("complaint_rate", "complained", "delivered"),
    ("unsubscribe_rate", "unsubscribed", "delivered"),
    ("failure_rate", "failed", "submitted"),
)
"""Of what the share is: its name, what is counted, and out of what."""
STATEMENTS = 40


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
    fails: dict[str, set[str]] = field(default_factory=dict)
    reviews: dict[str, set[str]] = field(default_factory=dict)

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
        self.random, self.run, self.made = random.Random(seed * 1_000_003 + number), Run(number), 0

    def plant(self, breaches: int, clean: int) -> Run:
        """Return a run with so many breaches of each kind and so many clean neighbours; at most twenty breaches."""
        for kind, planter in PLANTS.items():
            self.run.fails[kind], self.run.reviews[kind] = set(), set()
            order = [True] * breaches + [False] * clean
            self.random.shuffle(order)
            planter(self, order)
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
        return MONDAY + timedelta(seconds=self.random.randrange(10 * 86400))


def iso(at: datetime) -> str:
    """Return an instant as text with a zone."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def quota(p: RunPlanter, order: list[bool]) -> None:
    """One person more than the limit, a second before the first of them leaves the day; or just when he has left."""
    for breaks in order:
        sender, limit, at = p.name("quota"), p.random.randrange(1, 4), p.moment()
        p.run.limits[sender] = limit
        people = [p.add("delivered", at + n * HOUR, sender=sender)["recipient"] for n in range(limit)]
        how = p.random.choice(_TOO_MANY if breaks else _ENOUGH)
        one = how(p, sender, limit, at, people)
        if breaks:
            p.run.fails["quota"].add(one)


def _more(p: RunPlanter, sender: str, at: datetime, **cells: str) -> str:
    row = p.add("delivered", at, sender=sender, **cells)
    return f"{row['recipient']} {row['occurred_at']}"


def _a_second_early(p: RunPlanter, sender: str, limit: int, at: datetime, people: list[str]) -> str:
    return _more(p, sender, at + DAY - SECOND)


def _raised_too_late(p: RunPlanter, sender: str, limit: int, at: datetime, people: list[str]) -> str:
    p.state("limit_changed", at + 5 * HOUR + SECOND, sender=sender, units=str(limit + 1))
    return _more(p, sender, at + 5 * HOUR)


def _lowered(p: RunPlanter, sender: str, limit: int, at: datetime, people: list[str]) -> str:
    p.run.limits[sender] = limit + 1
    p.state("limit_changed", at + 5 * HOUR, sender=sender, units=str(limit))
    return _more(p, sender, at + 5 * HOUR)


def _kept_by_another_message(p: RunPlanter, sender: str, limit: int, at: datetime, people: list[str]) -> str:
    p.add("delivered", at + 20 * HOUR, sender=sender, recipient=people[0])
    for n, person in enumerate(people[1:], 1):  # as the first, these count on
        p.add("delivered", at + 20 * HOUR + n * SECOND, sender=sender, recipient=person)
    return _more(p, sender, at + 30 * HOUR)


def _a_day_later(p: RunPlanter, sender: str, limit: int, at: datetime, people: list[str]) -> str:
    return _more(p, sender, at + DAY)


def _same_person(p: RunPlanter, sender: str, limit: int, at: datetime, people: list[str]) -> str:
    return _more(p, sender, at + 5 * HOUR, recipient=people[-1])


def _answered_before(p: RunPlanter, sender: str, limit: int, at: datetime, people: list[str]) -> str:
    return _more(p, sender, at + 5 * HOUR, state=str(256))


def _raised_in_time(p: RunPlanter, sender: str, limit: int, at: datetime, people: list[str]) -> str:
    p.state("limit_changed", at + 5 * HOUR, sender=sender, units=str(limit + 1))
    return _more(p, sender, at + 5 * HOUR)


def _unlimited(p: RunPlanter, sender: str, limit: int, at: datetime, people: list[str]) -> str:
    p.run.limits[sender] = None
    return _more(p, sender, at + 5 * HOUR)


def _by_another_number(p: RunPlanter, sender: str, limit: int, at: datetime, people: list[str]) -> str:
    """Clean where each number has its own limit, and a breach where those of a portfolio share one."""
    other, portfolio = p.name("quota"), p.name("portfolio")
    p.run.limits[other] = limit
    if p.run.of_portfolios:
        p.run.portfolios |= {sender: portfolio, other: p.name("portfolio")}
    else:
        p.run.portfolios |= {sender: portfolio, other: portfolio}
    return _more(p, other, at + 5 * HOUR)


def _by_a_number_of_the_portfolio(p: RunPlanter, sender: str, limit: int, at: datetime, people: list[str]) -> str:
    if not p.run.of_portfolios:
        return _a_second_early(p, sender, limit, at, people)
    other, portfolio = p.name("quota"), p.name("portfolio")
    p.run.limits[other] = limit
    p.run.portfolios |= {sender: portfolio, other: portfolio}
    return _more(p, other, at + DAY - SECOND)


_TOO_MANY = (
    _a_second_early, _raised_too_late, _lowered, _kept_by_another_message, _by_a_number_of_the_portfolio,
)  # fmt: skip
_ENOUGH = (_a_day_later, _same_person, _answered_before, _raised_in_time, _unlimited, _by_another_number)


def pilot(p: RunPlanter, order: list[bool]) -> None:
    """A campaign to 10,001 people while the only good pilot is going out; to 10,000, or a second after it: clean."""
    ended, way = MONDAY + 2 * DAY, p.random.randrange(4)
    good = way in (0, 1)
    if good:
        _pilot(p, ended, delivered=101, complained=1)
    if way == 1:  # a bad one besides
        _pilot(p, ended - DAY, delivered=100, complained=1)
    elif way == 2:
        _pilot(p, ended, delivered=100, complained=1)
    elif way == 3:
        _pilot(p, ended, delivered=0, complained=0)
    for breaks in order:
        name = p.name("mass")
        if breaks:
            p.run.campaigns.append(CampaignFact(name, "promo", 10_001))
            p.add("submitted", p.random.choice([ended, ended - HOUR]) if good else ended + DAY, campaign=name)
            p.add("submitted", ended + 2 * DAY, campaign=name)
            p.run.fails["pilot"].add(name)
        elif good and p.random.random() < 0.7:
            p.run.campaigns.append(CampaignFact(name, "promo", p.random.choice([10_001, 2_000_000])))
            p.add("submitted", ended + SECOND, campaign=name)
        else:
            p.run.campaigns.append(CampaignFact(name, "promo", 10_000))
            p.add("submitted", ended - HOUR, campaign=name)


def _pilot(p: RunPlanter, ended: datetime, delivered: int, complained: int) -> None:
    name, sender, template = p.name("pilot"), p.name("sender"), p.name("template")
    p.run.campaigns.append(CampaignFact(name, "promo", 500, pilot=True))
    cells = {"campaign": name, "sender": sender, "template": template}
    for number in range(20):
        p.add("submitted", ended - number * SECOND, **cells)
    people = [p.add("delivered", ended + HOUR + n * SECOND, **cells)["recipient"] for n in range(delivered)]
    for person in people[:complained]:  # the first ones, whose messages leave every window first
        p.add("complained", ended + 2 * HOUR, recipient=person, **cells)


def metric_threshold(p: RunPlanter, order: list[bool]) -> None:
    """A fifth of ten or more within seven days breaks the rule, at whatever instant; a tenth is for review."""
    p.add("released", MONDAY + 20 * DAY)  # so long the log goes on
    for breaks in order:
        name, at = p.name("share"), MONDAY + p.random.randrange(86400) * SECOND
        how = p.random.choice(_OFTEN if breaks else _RARELY)
        how(p, {"template" if p.run.of_templates else "sender": name}, at)
        if breaks:
            p.run.fails["metric_threshold"].add(name)
        elif how is _for_review:
            p.run.reviews["metric_threshold"].add(name)


Whose = dict[str, str]


def _out_of(p: RunPlanter, own: Whose, at: datetime, count: int) -> list[str]:
    """Send to so many people, one a minute from ``at`` on."""
    return [p.add(p.run.share[2], at + n * MINUTE, **own)["recipient"] for n in range(count)]


def _counted(p: RunPlanter, own: Whose, at: datetime, people: list[str]) -> None:
    for person in people:
        p.add(p.run.share[1], at, recipient=person, **own)


def _two_of_ten(p: RunPlanter, own: Whose, at: datetime) -> None:
    _counted(p, own, at + HOUR, _out_of(p, own, at, 10)[8:])


def _diluted_later(p: RunPlanter, own: Whose, at: datetime) -> None:
    """Two of nine, which are too few; the tenth makes a sample before fifteen others come."""
    _counted(p, own, at + HOUR, _out_of(p, own, at, 9)[:2])
    _out_of(p, own, at + 2 * HOUR, 16)


def _clean_ones_leave(p: RunPlanter, own: Whose, at: datetime) -> None:
    """Two of twenty-five; fifteen others leave while the window still has these ten."""
    _out_of(p, own, at - DAY, 15)
    _counted(p, own, at + HOUR, _out_of(p, own, at, 10)[8:])


def _just_before_theirs_leave(p: RunPlanter, own: Whose, at: datetime, early: timedelta = LEAST) -> None:
    """The last instant at which two messages and eight later ones stand in one window."""
    first = [p.add(p.run.share[2], at, **own)["recipient"] for _ in range(2)]
    _out_of(p, own, at + DAY, 8)
    _counted(p, own, at + 7 * DAY - early, first)


def _when_theirs_leave(p: RunPlanter, own: Whose, at: datetime) -> None:
    _just_before_theirs_leave(p, own, at, 0 * LEAST)


def _tenth_comes_in_time(p: RunPlanter, own: Whose, at: datetime, early: timedelta = LEAST) -> None:
    """Nine of nine; the tenth message comes as the first one is about to leave."""
    _counted(p, own, at + HOUR, _out_of(p, own, at, 9))
    _out_of(p, own, at + 7 * DAY - early, 1)


def _tenth_comes_too_late(p: RunPlanter, own: Whose, at: datetime) -> None:
    _tenth_comes_in_time(p, own, at, 0 * LEAST)


def _for_review(p: RunPlanter, own: Whose, at: datetime) -> None:
    """Two of eleven; those two leave first."""
    _counted(p, own, at + HOUR, _out_of(p, own, at, 11)[:2])


def _one_of_eleven(p: RunPlanter, own: Whose, at: datetime) -> None:
    _counted(p, own, at + HOUR, _out_of(p, own, at, 11)[:1])


def _leave_with_theirs(p: RunPlanter, own: Whose, at: datetime) -> None:
    """Two of twenty-one, a day later; when ten of these are left, those two are not among them."""
    _counted(p, own, at + DAY, _out_of(p, own, at, 21)[:2])


_OFTEN = (_two_of_ten, _diluted_later, _clean_ones_leave, _just_before_theirs_leave, _tenth_comes_in_time)
_RARELY = (_for_review, _one_of_eleven, _leave_with_theirs, _when_theirs_leave, _tenth_comes_too_late)


def cascade_order(p: RunPlanter, order: list[bool]) -> None:
    """A step that is dearer by the least amount, never stops or does not wait; equal prices and a second are enough."""
    for breaks in order:
        name, place, way = p.name("cascade"), p.random.randrange(2), p.random.randrange(3)
        price = [1_000, 2_000, 2_000]
        stop, wait = ["read", "delivered", "never"], [60.0, 1.0, 0.0]
        if breaks and way == 0:
            price[place + 1] = price[place] - 1
            price[2] = price[2] if place == 0 else price[place + 1]
        elif breaks and way == 1:
            stop[place] = "never"
        elif breaks:
            wait[place] = 0.0
        for number, channel in enumerate(("push", "viber", "sms")):
            step = CascadeStep(name, str(number), channel, price[number], stop[number], wait[number])
            p.run.cascades.append(step)
        p.run.campaigns.append(CampaignFact(name, "promo", 100))
        if breaks:
            p.run.fails["cascade_order"].add(name)


def other_channel(p: RunPlanter, order: list[bool]) -> None:
    """By SMS and Viber alone; another channel among the steps, or in the log, is enough."""
    for breaks in order:
        name, way = p.name("lone"), p.random.randrange(2)
        used, planned = [(["sms"], ["viber", "sms"]), (["sms", "viber"], ["viber"])][way]
        if not breaks:
            used, planned = [(["sms"], ["push", "sms"]), (["sms", "push"], ["sms"])][way]
        p.run.cascades += [CascadeStep(name, str(n), word, 5 + n, "read", 60.0) for n, word in enumerate(planned)]
        p.run.campaigns.append(CampaignFact(name, "promo", 100))
        for channel in used:
            p.add("submitted", p.moment(), campaign=name, channel=channel)
        if breaks:
            p.run.fails["other_channel"].add(name)


def rating_gate(p: RunPlanter, order: list[bool]) -> None:
    """A second after the sender or its template turned red, or the template was stopped; at that instant: clean."""
    for breaks in order:
        at, whose = p.moment(), p.random.choice(["sender", "template"])
        own = {whose: p.name("rated")}
        event, bad, good = "quality_changed", "red", "green"
        if whose == "template" and p.random.random() < 0.5:
            event, bad, good = "template_state", p.random.choice(["paused", "disabled", "rejected"]), "approved"
        p.state(event, at, reason=bad, **own)
        sent_at = at + SECOND
        way = p.random.randrange(5)
        if breaks and way == 0:  # good before, and again too late
            p.state(event, at - HOUR, reason=good, **own)
            p.state(event, at + 2 * SECOND, reason=good, **own)
        elif not breaks and way < 2:
            sent_at = at
        elif not breaks and way == 2:
            own = {whose: p.name("rated")}  # of another
        elif not breaks and way == 3 and event == "quality_changed":
            p.state(event, at + HOUR, reason="yellow", **own)
            sent_at = at + HOUR + SECOND
        elif not breaks:
            p.state(event, at + HOUR, reason=good, **own)
            sent_at = at + HOUR + SECOND
        person = p.add("submitted", sent_at, **own)["recipient"]
        if breaks:
            p.run.fails["rating_gate"].add(person)
        elif way == 3 and event == "quality_changed":
            p.run.reviews["rating_gate"].add(person)


def review_record(p: RunPlanter, order: list[bool]) -> None:
    """A month without a record in whose first or last second a message went out; months beside it have theirs."""
    zone, recorded = ZoneInfo(p.run.zone), {"2026-11", "2026-12"}
    for number, breaks in enumerate(order):
        first = datetime(2016 + number // 12, number % 12 + 1, 1, tzinfo=zone)
        after = datetime(2016 + (number + 1) // 12, (number + 1) % 12 + 1, 1, tzinfo=zone)
        at = p.random.choice([first.astimezone(UTC), after.astimezone(UTC) - SECOND])
        p.add("submitted", at)
        if breaks:
            p.run.fails["review_record"].add(f"{first:%Y-%m}")
        else:
            recorded.add(f"{first:%Y-%m}")
    p.run.evidence["rating_reviews"] = ", ".join(sorted(recorded))


def statement(p: RunPlanter, order: list[bool]) -> None:
    """Facts that are denied, among others that are affirmed; each has a rule of its own."""
    for number in range(STATEMENTS):
        breaks = number < len(order) and order[number]
        p.run.evidence[f"fact_{number}"] = not breaks
        if breaks:
            p.run.fails["statement"].add(f"fact_{number}")


PLANTS: dict[str, Callable[[RunPlanter, list[bool]], None]] = {
    "quota": quota, "pilot": pilot, "metric_threshold": metric_threshold, "cascade_order": cascade_order,
    "other_channel": other_channel, "rating_gate": rating_gate, "review_record": review_record, "statement": statement,
}  # fmt: skip


def write_log(run: Run, path: Path) -> None:
    """Write the rows in our own columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADER, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(run.rows)


def rules_of(run: Run) -> dict[str, tuple[str, str]]:
    """Return kind and parameters by rule; statements have many rules, every other kind has one."""
    by = "portfolio" if run.of_portfolios else "sender"
    whose = "template" if run.of_templates else "sender"
    share = f"metric: {run.share[0]}, scope: {whose}, window_days: 7, limit: 0.2, warn: 0.1, minimum: 10"
    params = {
        "quota": f"scope: {by}, hours: 24", "pilot": "size_over: 10000, complaint_limit: 0.01",
        "metric_threshold": share, "cascade_order": "", "other_channel": "than: [sms, viber]", "rating_gate": "",
        "review_record": "evidence: rating_reviews",
    }  # fmt: skip
    rules = {kind.replace("_", "-").upper(): (kind, text) for kind, text in params.items()}
    return rules | {f"FACT-{n:02}": ("statement", f"input: fact_{n}") for n in range(STATEMENTS)}


def pack(run: Run) -> str:
    """Return the pack of the rules as YAML."""
    rules = [
        f"  - {{id: P-{name}-01, title: T, statement: S, rationale: R, citation: {{act: own}}, confidence: guessed,"
        f" fix: F, examples: {{passes: a, fails: b}},"
        f" checks: [{{kind: {kind}, severity: error, params: {{{params}}}}}]}}"
        for name, (kind, params) in rules_of(run).items()
    ]
    return "\n".join(["pack: planted", "title: Planted", 'version: "1"', "rules:", *rules])
