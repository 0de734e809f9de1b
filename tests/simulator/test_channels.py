"""The nine channels: every figure has a source, every date one price, and the years differ as the facts say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from policies.errors import InputError
from policies.records import CATEGORIES, CHARGE_EVENTS
from policies.records import CHANNELS as NAMES
from simulator.channels import CHANNELS, assumptions, defaults, spec, whatsapp
from simulator.channels.base import Availability, ChannelSpec, Figure, PriceCard, at
from simulator.channels.support.resolve import FEEDBACK, LIMITS, RATES, RECEIPTS, price_cards
from simulator.channels.support.whatsapp_cards import ROWS

IN_2021 = date(2021, 10, 1)
IN_2026 = date(2026, 11, 22)
PROBABILITIES = (*RATES, *RECEIPTS)
RATES_OF_FEEDBACK = ("yellow_rate", "red_rate", "warn_rate", "block_rate")
each_channel = pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)


def figures(channel: ChannelSpec) -> Iterator[tuple[str, Figure]]:
    for name in (*PROBABILITIES, *LIMITS):
        yield from ((name, figure) for figure in getattr(channel, name))
    for name in FEEDBACK:
        yield from ((name, figure) for figure in getattr(channel.feedback, name))
    yield from (("reach", item.reach) for item in channel.availability)


def days_of_change(channel: ChannelSpec) -> list[date]:
    """Return a day before all changes, each day on which something changes, and the day before it."""
    items: list[Figure | PriceCard | Availability] = [figure for _, figure in figures(channel)]
    items += [*channel.prices, *channel.availability]
    days = {day for item in items for day in (item.since, item.until) if day}
    return sorted({date(2019, 1, 1), *days, *(day - timedelta(days=1) for day in days)})


def price(channel: str, as_of: date, country: str, category: str) -> tuple[str, str | None] | None:
    cards = {card.category: card for card in defaults(channel, as_of, country).prices}
    card = cards.get(category) or cards.get(None)
    return (card.price, card.currency) if card else None


def test_the_registry_lists_the_nine_channels_in_the_order_of_the_records() -> None:
    assert tuple(channel.name for channel in CHANNELS) == NAMES


def test_an_unknown_channel_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"no channel 'fax'.*flash_call"):
        spec("fax")


@each_channel
def test_every_number_says_where_it_comes_from(channel: ChannelSpec) -> None:
    latencies = [getattr(channel, name) for name in ("delivery", "reading", "acting", "receipt_delay", "duration_s")]
    sourced = [figure for _, figure in figures(channel)] + [latency for latency in latencies if latency]
    for item in [*sourced, *channel.prices, *channel.fees, *channel.availability]:
        assert len(item.source) > 10, item


@each_channel
def test_probabilities_lie_between_0_and_1_and_figures_within_their_range(channel: ChannelSpec) -> None:
    for name, figure in figures(channel):
        assert figure.value >= 0, name
        if name in {*PROBABILITIES, *RATES_OF_FEEDBACK, "reach"}:
            assert figure.value <= 1, name
        if figure.low is not None and figure.high is not None:
            assert figure.low <= figure.value <= figure.high, (name, figure)


@each_channel
def test_at_every_date_each_figure_has_one_value(channel: ChannelSpec) -> None:
    for name in PROBABILITIES:
        given = getattr(channel, name)
        for day in days_of_change(channel) if given else ():
            at(given, day, "RU")
            general = [figure for figure in given if figure.country is None and in_force_on(figure, day)]
            assert len(general) == 1, (name, day)


def in_force_on(item: Figure | PriceCard, day: date) -> bool:
    return (item.since is None or item.since <= day) and (item.until is None or day < item.until)


@each_channel
def test_no_two_price_cards_hold_for_the_same_charge_on_one_day(channel: ChannelSpec) -> None:
    for day in days_of_change(channel):
        held = [card for card in channel.prices if in_force_on(card, day)]
        keys = Counter((card.event, card.category, card.country, card.from_units) for card in held)
        assert max(keys.values(), default=1) == 1, (day, keys.most_common(1))


@each_channel
def test_price_cards_speak_the_words_of_the_records(channel: ChannelSpec) -> None:
    assert {card.event for card in channel.prices} == channel.charge_events <= set(CHARGE_EVENTS)
    assert {card.event for card in channel.fees} <= {"month"}
    for card in channel.prices:
        assert card.category is None or card.category in CATEGORIES
        assert card.amount == 0 if card.currency is None else card.amount > 0


@each_channel
def test_the_life_of_a_message_is_consistent(channel: ChannelSpec) -> None:
    assert channel.reports <= {"delivered", "read"}
    assert bool(channel.read) or "read" not in channel.reports, "what cannot be read cannot be reported as read"
    low, high = channel.validity_range_s
    assert all(low <= figure.value <= high for figure in channel.validity_s)
    for latency in (channel.delivery, channel.reading, channel.acting, channel.receipt_delay, channel.duration_s):
        assert latency is None or 0 < latency.p50_s <= latency.p95_s
    assert ("second" in channel.charge_events) == (channel.duration_s is not None)
    assert channel.modelled
    assert channel.not_modelled


@each_channel
@pytest.mark.parametrize("country", ["RU", "KZ", "DE"])
def test_defaults_resolve_at_every_date(channel: ChannelSpec, country: str) -> None:
    for day in days_of_change(channel):
        resolved = defaults(channel.name, day, country)
        assert 0 <= resolved.delivered * resolved.reach <= 1
        assert (resolved.read is None) == (not channel.read)
        assert dict(resolved.figures)["delivered"].value == resolved.delivered


@pytest.mark.parametrize(
    ("channel", "day", "word"),
    [
        ("viber", date(2024, 12, 12), "available"),
        ("viber", date(2024, 12, 13), "unavailable"),
        ("telegram", date(2026, 2, 9), "available"),
        ("telegram", date(2026, 2, 10), "restricted"),
        ("whatsapp", date(2025, 10, 19), "available"),
        ("whatsapp", date(2025, 10, 20), "restricted"),
        ("whatsapp", date(2026, 2, 12), "unavailable"),
        ("sms", IN_2026, "available"),
    ],
)
def test_russia_restricts_messengers_from_their_day_on(channel: str, day: date, word: str) -> None:
    resolved = defaults(channel, day, "RU")
    assert resolved.word == word
    assert (resolved.reach == 1) == (word == "available")
    assert defaults(channel, day, "KZ").word == "available"


@pytest.mark.parametrize(
    ("channel", "day", "country", "category", "expected"),
    [
        ("whatsapp", IN_2021, "RU", "promo", ("4.5", "RUB")),
        ("whatsapp", date(2022, 2, 1), "RU", "promo", None),
        ("whatsapp", date(2025, 6, 30), "RU", "authentication", ("0.0429", "USD")),
        ("whatsapp", date(2025, 7, 1), "RU", "authentication", ("0.04", "USD")),
        ("whatsapp", IN_2026, "RU", "promo", ("0.0802", "USD")),
        ("whatsapp", IN_2026, "RU", "debt", ("0.04", "USD")),
        ("whatsapp", date(2025, 12, 31), "KZ", "poll", ("0.0802", "USD")),
        ("whatsapp", date(2026, 9, 30), "KZ", "poll", ("0.0802", "USD")),
        ("whatsapp", IN_2026, "KZ", "poll", ("0.0604", "USD")),
        ("whatsapp", IN_2026, "KG", "promo", ("0.0604", "USD")),
        ("whatsapp", date(2026, 5, 1), "IN", "promo", None),
        ("whatsapp", date(2026, 7, 1), "IN", "promo", ("0.0099", "EUR")),
        ("sms", IN_2021, "RU", "promo", ("2", "RUB")),
        ("sms", IN_2021, "DE", "promo", None),
        ("flash_call", IN_2021, "RU", "authentication", ("0.8", "RUB")),
        ("push", IN_2026, "DE", "promo", ("0", None)),
    ],
)
def test_a_price_is_that_of_its_day_or_none(
    channel: str, day: date, country: str, category: str, expected: tuple[str, str | None] | None
) -> None:
    assert price(channel, day, country, category) == expected


@pytest.mark.parametrize(
    ("day", "event", "category", "free", "free_units"),
    [
        (IN_2021, "delivered", None, True, 0),
        (date(2025, 3, 1), "session", "promo", False, 0),
        (date(2026, 9, 30), "delivered", None, True, 0),
        (date(2026, 9, 30), "delivered", "promo", False, 0),
        (date(2026, 10, 1), "delivered", None, False, 0),
        (date(2026, 10, 1), "delivered", "service", False, 1000),
    ],
)
def test_whatsapp_bills_by_the_model_of_the_day(
    day: date, event: str, category: str | None, free: bool, free_units: int
) -> None:
    [card] = [card for card in defaults("whatsapp", day, "RU").prices if card.category == category]
    assert (card.event, card.free_in_service_window, card.free_in_window_units) == (event, free, free_units)


def test_a_country_stands_in_one_row_of_the_whatsapp_card() -> None:
    countries = Counter(country for row in ROWS for country in row.countries)
    assert max(countries.values()) == 1
    assert [row.market for row in ROWS if not row.countries] == ["Other"]


def test_a_country_with_cards_of_its_own_never_pays_the_price_of_the_others() -> None:
    own = PriceCard("delivered", "2", "RUB", "test", "assumed", country="RU", until=IN_2021)
    other = PriceCard("delivered", "1", "RUB", "test", "assumed")
    assert price_cards((own, other), IN_2021, "KZ") == (other,)
    assert price_cards((own, other), IN_2021, "RU") == ()
    assert price_cards((own, other), date(2021, 1, 1), "RU") == (own,)


def test_the_own_country_beats_the_later_date_and_the_later_date_the_earlier() -> None:
    early = Figure(1, "test", "assumed")
    late = Figure(2, "test", "assumed", since=date(2022, 1, 1))
    own = Figure(3, "test", "assumed", country="RU", until=date(2024, 1, 1))
    chosen = [at((late, own, early), date(year, 6, 1), "RU").value for year in (2021, 2022, 2024)]
    assert chosen == [3, 3, 2]
    assert at((late, own, early), IN_2021, "KZ").value == 1


def test_a_figure_that_is_not_in_force_is_an_error_not_a_guess() -> None:
    with pytest.raises(InputError, match="no figure for RU on 2021-10-01"):
        at((Figure(1, "test", "assumed", since=date(2022, 1, 1)),), IN_2021, "RU")


def test_the_eras_of_whatsapp_limits_follow_each_other_without_gap() -> None:
    eras = whatsapp.LIMIT_ERAS
    assert eras[0].since is None
    assert eras[-1].until is None
    assert all(before.until == after.since for before, after in pairwise(eras))
    assert all(list(era.levels) == sorted(set(era.levels)) and era.levels[-1] == whatsapp.UNLIMITED for era in eras)


@pytest.mark.parametrize(
    ("day", "first", "scope", "lowered", "hours"),
    [
        (IN_2021, 1000, "number", True, 48),
        (date(2022, 5, 2), 50, "number", True, 24),
        (date(2025, 10, 6), 250, "number", True, 24),
        (date(2025, 10, 7), 250, "portfolio", False, 6),
        (IN_2026, 250, "portfolio", False, 6),
    ],
)
def test_a_limit_is_lowered_for_quality_until_it_belongs_to_the_portfolio(
    day: date, first: int, scope: str, lowered: bool, hours: int
) -> None:
    era = whatsapp.limit_era(day)
    assert (era.levels[0], era.scope, era.lowered_by_quality) == (first, scope, lowered)
    assert era.upgrade_after_s == hours * 3600
    assert (defaults("whatsapp", day, "RU").feedback.flagged_s is not None) == lowered


def test_megafon_s_silence_is_felt_from_its_day_in_russia_only() -> None:
    before, after = date(2023, 2, 28), date(2023, 3, 1)
    lost = [defaults("sms", day, country).receipts_lost for day, country in ((before, "RU"), (after, "KZ"))]
    assert lost == [0.01, 0.01]
    assert defaults("sms", after, "RU").receipts_lost > 0.2


def test_mail_is_blocked_for_complaints_since_the_bulk_rules_only() -> None:
    assert defaults("email", date(2024, 1, 31), "RU").feedback.kind == "none"
    feedback = defaults("email", date(2024, 2, 1), "RU").feedback
    assert (feedback.kind, feedback.warn_rate, feedback.block_rate) == ("block", 0.001, 0.003)


def test_the_seeds_arithmetic_holds_on_the_cards_of_2021() -> None:
    sms, call = (Decimal(defaults(name, IN_2021, "RU").prices[0].price) for name in ("sms", "flash_call"))
    assert 10_000 * (sms - call) == 12_000  # seed D6
    message = Decimal(defaults("whatsapp", IN_2021, "RU").prices[0].price)
    assert round(3 * 2 * sms / message, 2) == Decimal("2.67")  # seed D20


def test_the_report_hears_of_every_default_of_every_channel() -> None:
    rows = assumptions(IN_2026, "RU")
    assert {row.channel for row in rows} == set(NAMES)
    names = {row.name for row in rows if row.channel == "whatsapp"}
    assert {"delivered", "reach", "feedback.red_rate", "delivery", "price.delivered.promo", "pair_limit"} <= names
    [promo] = [row for row in rows if (row.channel, row.name) == ("whatsapp", "price.delivered.promo")]
    assert promo.value == "0.0802 USD per message"
