"""WhatsApp Business: templates, a service window, messaging limits and quality that changed with the years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from policies.records import NEVER
from simulator.channels.base import Availability, ChannelSpec, Feedback, Figure, PairLimit, assumed
from simulator.channels.support.common import (
    ACCEPTED,
    ACTING,
    DAY_S,
    HOUR_S,
    MESSENGER_DELIVERY,
    MESSENGER_READING,
    PURCHASED,
    RECEIPTS_LOST,
    RECEIPTS_REPEATED,
    WEBHOOK,
)
from simulator.channels.support.whatsapp_cards import cards

UNLIMITED = NEVER
PORTFOLIO = date(2025, 10, 7)
"""The limit moves from the number to the business portfolio; low quality lowers it no more (documented)."""
PAUSING_DOCUMENTED = date(2023, 10, 12)


@dataclass(frozen=True, slots=True)
class LimitEra:
    """The rules of messaging limits in a period: distinct recipients in a moving 24 hours.

    ``levels`` ascend, the last is ``UNLIMITED``; a new sender starts at the first. A level is gained
    ``upgrade_after_s`` after recipients of seven days reach limit * numerator / denominator with no low quality.
    ``lowered_by_quality``: low quality that lasts ``flagged_for_s`` costs one level. ``assumed`` names what of it is.
    """

    since: date | None
    until: date | None
    levels: tuple[int, ...]
    scope: Literal["number", "portfolio"]
    upgrade_after_s: int
    upgrade_numerator: int
    upgrade_denominator: int
    lowered_by_quality: bool
    flagged_for_s: int
    source: str
    assumed: tuple[str, ...] = ()


_WEEK_S = 7 * 86400
_HALF_IS_CUMULATIVE = "half of the limit is read as the recipients of seven days together, not of the best day"

LIMIT_ERAS = (
    LimitEra(
        since=None,
        until=date(2022, 5, 2),
        levels=(1_000, 10_000, 100_000, UNLIMITED),
        scope="number",
        upgrade_after_s=48 * 3600,
        upgrade_numerator=2,
        upgrade_denominator=1,
        lowered_by_quality=True,
        flagged_for_s=_WEEK_S,
        source="help pages of resellers of 2021 (reported)",
        assumed=("the lowering of a limit follows the rule of later years", "the day on which this model ended"),
    ),
    LimitEra(
        since=date(2022, 5, 2),
        until=date(2023, 1, 30),
        levels=(50, 1_000, 10_000, 100_000, UNLIMITED),
        scope="number",
        upgrade_after_s=24 * 3600,
        upgrade_numerator=1,
        upgrade_denominator=2,
        lowered_by_quality=True,
        flagged_for_s=_WEEK_S,
        source="Meta's changelog: new sign-ups start at 50; help texts of 2022-23 (documented, reported)",
        assumed=(_HALF_IS_CUMULATIVE, "the level after 50 is 1,000", "senders signed up before start at 50 too"),
    ),
    LimitEra(
        since=date(2023, 1, 30),
        until=PORTFOLIO,
        levels=(250, 1_000, 10_000, 100_000, UNLIMITED),
        scope="number",
        upgrade_after_s=24 * 3600,
        upgrade_numerator=1,
        upgrade_denominator=2,
        lowered_by_quality=True,
        flagged_for_s=_WEEK_S,
        source="Meta's changelog: every unverified business starts at 250; page on messaging limits (documented)",
        assumed=(_HALF_IS_CUMULATIVE, "the first step needs no verification"),
    ),
    LimitEra(
        since=PORTFOLIO,
        until=None,
        levels=(250, 2_000, 10_000, 100_000, UNLIMITED),
        scope="portfolio",
        upgrade_after_s=6 * 3600,
        upgrade_numerator=1,
        upgrade_denominator=2,
        lowered_by_quality=False,
        flagged_for_s=_WEEK_S,
        source="Meta's page on messaging limits, 2025-11-26 to 2026-09-11 (documented)",
        assumed=(_HALF_IS_CUMULATIVE, "the first step needs no verification"),
    ),
)


def limit_era(as_of: date) -> LimitEra:
    """Return the era of messaging limits on a day."""
    return next(era for era in reversed(LIMIT_ERAS) if era.since is None or era.since <= as_of)


def _pause(hours: float, which: str) -> tuple[Figure, ...]:
    return (
        Figure(
            hours * HOUR_S,
            f"{which} pause as documented later; its start is not known",
            "assumed",
            until=PAUSING_DOCUMENTED,
        ),
        Figure(
            hours * HOUR_S,
            f"Meta's page on pausing of templates: {which} pause",
            "documented",
            since=PAUSING_DOCUMENTED,
        ),
    )


CHANNEL = ChannelSpec(
    name="whatsapp",
    title="WhatsApp Business",
    address="phone",
    smartphone=True,
    reports=frozenset({"delivered", "read"}),
    charge_events=frozenset({"delivered", "session"}),
    accepted=ACCEPTED,
    delivered=assumed(0.95, "vendors' blogs: 92-98 % of sent", 0.92, 0.98),
    read=(
        Figure(0.843, "seed C7; less 17.5 % who hide it this is the 68-70 % vendors see", "seed", low=0.65, high=0.9),
    ),
    clicked=assumed(
        0.12, "vendors' blogs: 5-15 % of delivered, over 84 % read (the seeds' 28.3 % is far above)", 0.06, 0.34
    ),
    replied=assumed(0.05, "no published rate; vendors call it high (seed E9)", 0.01, 0.2),
    purchased=PURCHASED,
    complained=assumed(0.001, "no published rate; a tenth of the assumed bound of yellow", 0.0, 0.03),
    unsubscribed=assumed(0.005, "no published rate; as other messengers", 0.001, 0.02),
    delivery=MESSENGER_DELIVERY,
    reading=MESSENGER_READING,
    acting=ACTING,
    receipt_delay=WEBHOOK,
    receipts_lost=RECEIPTS_LOST,
    receipts_repeated=RECEIPTS_REPEATED,
    read_hidden=assumed(0.175, "vendors' blogs: 15-20 % switch receipts of reading off", 0.15, 0.2),
    throughput_per_s=(
        Figure(80, "Meta's page on throughput: messages a second and number", "documented", low=20, high=1000),
    ),
    validity_s=(Figure(30 * DAY_S, "Meta's page on time to live", "documented", low=30, high=30 * DAY_S),),
    validity_range_s=(30, 30 * DAY_S),
    registration_required=True,
    max_text=1024,
    pair_limit=PairLimit(45, 6.0, "Meta: one message in 6 s to one user, up to 45 borrowed", "documented"),
    prices=cards(),
    availability=(
        Availability(
            country="RU",
            since=date(2025, 10, 20),
            until=date(2026, 2, 12),
            reach=assumed(
                0.7, "no published share; blocked in part of the regions, slowed down in December", 0.3, 0.95
            )[0],
            word="restricted",
            source="partial blocking since 2025-10-20 (Kommersant and other press)",
        ),
        Availability(
            country="RU",
            since=date(2026, 2, 12),
            until=None,
            reach=assumed(
                0.3, "by VPN only; the monthly audience fell by 10 % in February, daily use is not published", 0.05, 0.9
            )[0],
            word="unavailable",
            source="taken out of the national name system on 2026-02-11 and 12 (press)",
        ),
    ),
    feedback=Feedback(
        kind="whatsapp",
        yellow_rate=assumed(0.01, "Meta publishes no threshold", 0.003, 0.03),
        red_rate=assumed(0.03, "Meta publishes no threshold", 0.01, 0.1),
        minimum_sample=assumed(200, "Meta publishes no least sample", 50, 1000),
        half_life_s=assumed(
            2 * DAY_S, "last seven days, newer events weigh more (documented); the weight is not published"
        ),
        flagged_s=(
            Figure(7 * DAY_S, "rule of later years; that of 2021 is not known", "assumed", until=date(2022, 5, 2)),
            Figure(
                7 * DAY_S, "Meta's table of the change of limits", "documented", since=date(2022, 5, 2), until=PORTFOLIO
            ),
        ),
        first_pause_s=_pause(3, "first"),
        second_pause_s=_pause(6, "second"),
    ),
    modelled=(
        "messaging limits by period (LIMIT_ERAS), counted at delivery outside a service window",
        "quality of numbers and templates from complaints; pauses of 3 h and 6 h, then the template is disabled",
        "prices by delivered message, by conversation, by message again, each in its time",
        "at most one message in 6 s to a person, up to 45 borrowed",
        "messages that run out of validity vanish without a receipt",
        "the restriction in Russia since 2025-10-20",
    ),
    not_modelled=(
        "the cap of marketing messages per user (since 2024-02-06; its number is not published)",
        "pacing of templates and portfolios; experiments in which marketing is withheld",
        "volume tiers, free entry points, 1,000 free conversations a month before 2024-11, rates of foreign codes",
        "business verification: give the sender's limit in the scenario",
        "throughput above 80 a second for unlimited portfolios: give it in the scenario",
        "prices in other currencies than the card's; resellers' own prices",
    ),
)
