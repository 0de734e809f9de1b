"""What is planned: reviews of templates, outages, shifts, monthly fees."""

from __future__ import annotations

from datetime import datetime, timedelta

from policies.instants import to_micros
from policies.kinds.base import TEMPLATE_STATES
from policies.records import CATEGORIES, CHANNELS
from scenarios.compile.channels import table
from scenarios.compile.clock import Timeline, micros
from scenarios.compile.prices import Pricing
from scenarios.compile.senders import Senders
from scenarios.compile.texts import registered_at
from scenarios.model import Review, Scenario
from simulator.channels.base import Latency
from simulator.draws import name_key
from simulator.engine.model import OutageModel, ReviewModel, StaffModel, Tariff, TemplateModel

ANSWER = Latency(180, 600, "seed C9: an answer is due within 5-10 minutes", "assumed")
REVIEW_TIME = Latency(20 * 60, 24 * 3600, "minutes mostly, a day at most (WhatsApp, reported)", "assumed")
REVIEW_APPROVED = 0.9
"""Share of reviews that end well: *assumed*; no provider publishes it."""


def template_models(scenario: Scenario, line: Timeline) -> list[TemplateModel]:
    """Return the templates with where they stand at the start; one under review begins as a draft."""
    return [
        TemplateModel(
            id=name,
            key=name_key(name),
            channel=CHANNELS.index(template.channel),
            category=CATEGORIES.index(template.category),
            state=TEMPLATE_STATES.index("draft" if template.review is not None else template.status),
            registered_at=registered_at(template, line.instant, line.start),
            review=_review(template.review, line) if template.review is not None else None,
        )
        for name, template in scenario.templates.items()
    ]


def _review(review: Review, line: Timeline) -> ReviewModel:
    return ReviewModel(
        submitted=line.instant(review.submitted),
        takes=-1 if review.takes_h is None else micros(review.takes_h * 3600),
        result=review.result or "",
        reason=review.reason or "",
        resubmit_after=micros((24 if review.resubmit_after_h is None else review.resubmit_after_h) * 3600),
        resubmissions=review.resubmissions,
    )


def outage_models(scenario: Scenario, senders: Senders, line: Timeline) -> list[OutageModel]:
    """Return the outages in the order of the scenario."""
    return [
        OutageModel(
            channel=CHANNELS.index(outage.channel),
            sender=senders.place[outage.sender] if outage.sender else -1,
            start=line.instant(outage.start),
            end=line.instant(outage.end),
            hold=outage.then == "hold",
        )
        for outage in scenario.outages
    ]


def staff_model(scenario: Scenario, line: Timeline) -> StaffModel | None:
    """Return the shifts of the horizon in the clock's zone; None where nobody answers."""
    staff = scenario.staff
    if staff is None:
        return None
    shifts: list[tuple[int, int]] = []
    day = line.local(line.start).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    while to_micros(day) < line.end:
        if day.isoweekday() in staff.days:
            shifts.append((_at_clock(day, staff.from_), staff.people))
            shifts.append((_at_clock(day, staff.to), 0))
        day = (day + timedelta(days=1)).replace(fold=0)
    return StaffModel(tuple(sorted(shifts)), table(staff.answer, ANSWER), staff.auto_reply)


def _at_clock(day: datetime, clock: str) -> int:
    hours, minutes = (int(part) for part in clock.split(":"))
    return to_micros(day + timedelta(days=hours // 24, hours=hours % 24, minutes=minutes))


def monthly_fees(senders: Senders, pricing: Pricing, line: Timeline) -> list[tuple[int, int, Tariff]]:
    """Return the monthly fees of senders: at the start of the horizon and at each month's beginning within it."""
    fees = []
    for index, sender in enumerate(senders.models):
        tariff = pricing.fee(CHANNELS[sender.channel])
        if tariff is not None:
            fees += [(max(at, line.start), index, tariff) for at in line.month_starts()]
    return sorted(fees, key=lambda fee: fee[:2])
