"""WhatsApp's price cards by period and market.

- Before 2022-02-01 a template was billed when delivered; the only price known is a Russian vendor's (seed D17).
- 2022-02-01 to 2025-06-30 a conversation of 24 hours was billed; cards of early 2025 are known for eight markets.
- Since 2025-07-01 a delivered template is billed; utility is free inside a service window until 2026-09-30.
- Since 2026-10-01 utility is billed there too, and service messages beyond 1,000 a month and number.

Meta's rows name countries by calling code: Kazakhstan went with Russia until it had its own row (2026-10-01); what no
row names pays ``Other``. Prices are hand copies of Meta's cards in public repositories, compared with each other
(reported). Rows that an intermediate change touched end there, so that no price is shown for a date that has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from simulator.channels.base import PriceCard

CONVERSATIONS = date(2022, 2, 1)
EARLY_2025 = date(2025, 1, 1)
PER_MESSAGE = date(2025, 7, 1)
CARD_2026_01 = date(2026, 1, 1)
CHANGE_2026_04 = date(2026, 4, 1)
CHANGE_2026_07 = date(2026, 7, 1)
CARD_2026_10 = date(2026, 10, 1)

FREE_SERVICE_MESSAGES = 1000
"""Delivered service messages a calendar month and number that stay free from 2026-10-01 (reported)."""

MARKETING = ("promo", "poll")
"""Our categories that Meta prices as marketing; a poll is *assumed* to be one (Meta names surveys nowhere clearly)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One market of the two cards in USD: (marketing, utility) of 2026-01-01 and of 2026-10-01.

    A market that had no row of its own in January has its region's price there. ``countries`` empty means every
    country that no row names. ``changed`` is the day from which the first price no longer holds: those named in the
    change of 2026-04-01, and those whose price in EUR of 2026-07-01 is another one.
    """

    market: str
    countries: tuple[str, ...]
    january: tuple[str, str]
    october: tuple[str, str]
    changed: date = CARD_2026_10


def _countries(codes: str) -> tuple[str, ...]:
    return tuple(codes.split())


AFRICA = _countries(
    "DZ AO BJ BW BF BI CM TD CG ER ET GA GM GH GW CI KE LS LR LY MG MW ML MR MZ NA NE RW SN SL SO SS SD SZ TZ TG TN UG "
    "ZM ZW"
)
ASIA_PACIFIC = _countries("AF AU KH CN JP LA MN NZ PG PH TW TJ TH TM UZ VN")
EASTERN_EUROPE = _countries("AL AM AZ BY BG HR CZ GE GR LV LT MD MK RS SK SI")
WESTERN_EUROPE = _countries("AT BE DK FI IE NO PT SE CH")
LATIN_AMERICA = _countries("BO CR DO EC SV GT HT HN JM NI PA PY PR UY VE")
MIDDLE_EAST = _countries("BH JO LB YE")

ROWS = (
    Row("Argentina", ("AR",), (".0618", ".026"), (".0618", ".026")),
    Row("Bangladesh", ("BD",), (".0732", ".0113"), (".0732", ".0037")),
    Row("Brazil", ("BR",), (".0625", ".0068"), (".0625", ".0068")),
    Row("Chile", ("CL",), (".0889", ".02"), (".0889", ".02")),
    Row("Colombia", ("CO",), (".0125", ".0008"), (".0125", ".0008")),
    Row("Egypt", ("EG",), (".0644", ".0036"), (".0644", ".0036")),
    Row("France", ("FR",), (".0859", ".03"), (".0859", ".03")),
    Row("Germany", ("DE",), (".1365", ".055"), (".1365", ".055")),
    Row("Hong Kong", ("HK",), (".0732", ".0113"), (".0732", ".026"), CHANGE_2026_07),
    Row("Hungary", ("HU",), (".086", ".0212"), (".086", ".035"), CHANGE_2026_07),
    Row("India", ("IN",), (".0118", ".0014"), (".0118", ".0014"), CHANGE_2026_04),
    Row("Indonesia", ("ID",), (".0411", ".025"), (".0411", ".025")),
    Row("Iraq", ("IQ",), (".0341", ".0091"), (".0341", ".0079")),
    Row("Israel", ("IL",), (".0353", ".0053"), (".0353", ".0053")),
    Row("Italy", ("IT",), (".0691", ".03"), (".0795", ".03"), CHANGE_2026_07),
    Row("Kazakhstan", ("KZ",), (".0802", ".04"), (".0604", ".018")),
    Row("Kuwait", ("KW",), (".0341", ".0091"), (".0792", ".044")),
    Row("Malaysia", ("MY",), (".086", ".014"), (".086", ".014")),
    Row("Mexico", ("MX",), (".0305", ".0085"), (".0397", ".0085")),
    Row("Morocco", ("MA",), (".0225", ".004"), (".0414", ".023")),
    Row("Netherlands", ("NL",), (".1597", ".05"), (".1597", ".05")),
    Row("Nepal", ("NP",), (".0732", ".0113"), (".0732", ".0034")),
    Row("Nigeria", ("NG",), (".0516", ".0067"), (".0516", ".0067")),
    Row("Oman", ("OM",), (".0341", ".0091"), (".0341", ".0247")),
    Row("Pakistan", ("PK",), (".0473", ".0054"), (".0473", ".015"), CHANGE_2026_04),
    Row("Peru", ("PE",), (".0703", ".02"), (".0703", ".03")),
    Row("Poland", ("PL",), (".086", ".0212"), (".0366", ".0122"), CHANGE_2026_07),
    Row("Qatar", ("QA",), (".0341", ".0091"), (".0341", ".012"), CHANGE_2026_07),
    Row("Romania", ("RO",), (".086", ".0212"), (".086", ".029"), CHANGE_2026_07),
    Row("Russia", ("RU",), (".0802", ".04"), (".0802", ".04")),
    Row("Saudi Arabia", ("SA",), (".0455", ".0107"), (".0576", ".0107"), CHANGE_2026_04),
    Row("Singapore", ("SG",), (".0732", ".0113"), (".0732", ".016"), CHANGE_2026_07),
    Row("South Africa", ("ZA",), (".0379", ".0076"), (".0379", ".0095")),
    Row("Spain", ("ES",), (".0615", ".02"), (".0707", ".02"), CHANGE_2026_07),
    Row("Sri Lanka", ("LK",), (".0732", ".0113"), (".0732", ".002")),
    Row("Turkey", ("TR",), (".0109", ".0053"), (".0109", ".0009"), CHANGE_2026_04),
    Row("Ukraine", ("UA",), (".086", ".0212"), (".086", ".0298")),
    Row("United Arab Emirates", ("AE",), (".0499", ".0157"), (".0576", ".0157")),
    Row("United Kingdom", ("GB",), (".0529", ".022"), (".0635", ".022"), CHANGE_2026_07),
    Row("North America", ("US", "CA"), (".025", ".0034"), (".025", ".0034")),
    Row("Rest of Africa", AFRICA, (".0225", ".004"), (".0225", ".004")),
    Row("Rest of Asia Pacific", ASIA_PACIFIC, (".0732", ".0113"), (".0842", ".0113")),
    Row("Rest of Central & Eastern Europe", EASTERN_EUROPE, (".086", ".0212"), (".086", ".0212")),
    Row("Rest of Latin America", LATIN_AMERICA, (".074", ".0113"), (".074", ".0113")),
    Row("Rest of Middle East", MIDDLE_EAST, (".0341", ".0091"), (".0392", ".0091")),
    Row("Rest of Western Europe", WESTERN_EUROPE, (".0592", ".0171"), (".0592", ".0171")),
    Row("Other", (), (".0604", ".0077"), (".0604", ".0077")),
)

EARLY_2025_USD = (
    ("RU", ".0802", ".04", ".0429"),
    ("KZ", ".0802", ".04", ".0429"),
    ("US", ".025", ".004", ".0135"),
    ("IN", ".0107", ".0014", ".0014"),
    ("BR", ".0625", ".008", ".0315"),
    ("ID", ".0411", ".02", ".03"),
    ("DE", ".1365", ".055", ".0768"),
    ("GB", ".0529", ".022", ".0358"),
    ("MX", ".0436", ".01", ".0239"),
)
"""Country; marketing, utility, authentication: USD a conversation, early 2025 (reported)."""

UNCHANGED_2025 = ("RU", "KZ", "DE", "GB")
"""Countries whose prices of early 2025 and of 2026-01-01 are equal, with no change announced between."""

JULY_2026_EUR = (
    ("ES", ".0585", ".0166"),
    ("GB", ".0526", ".0182"),
    ("HK", ".0606", ".0216"),
    ("HU", ".0712", ".0289"),
    ("IN", ".0099", ".0012"),
    ("IT", ".0658", ".0248"),
    ("PK", ".0392", ".0083"),
    ("PL", ".0303", ".0101"),
    ("QA", ".0282", ".0099"),
    ("RO", ".0712", ".0239"),
    ("SA", ".0414", ".0088"),
    ("SG", ".0606", ".0133"),
    ("TR", ".009", ".0007"),
)
"""Country; marketing, utility: EUR a message, for markets whose USD price of that quarter is not known (reported)."""


def cards() -> tuple[PriceCard, ...]:
    """Return every card, oldest period first."""
    return (*_notifications(), *_conversations(), *_second_half_2025(), *_cards_2026())


def _notifications() -> Iterator[PriceCard]:
    yield PriceCard(
        "delivered",
        "4.5",
        "RUB",
        "seed D17: a vendor's price of about 2021; free for 24 h after an answer (seed D19)",
        "seed",
        country="RU",
        free_in_service_window=True,
        since=date(2020, 1, 1),
        until=CONVERSATIONS,
    )


def _conversations() -> Iterator[PriceCard]:
    source = "Meta's card of early 2025, USD a conversation"
    for country, marketing, utility, authentication in EARLY_2025_USD:
        prices = ((None, utility), ("authentication", authentication), *((name, marketing) for name in MARKETING))
        for category, price in prices:
            yield PriceCard(
                "session",
                _text(price),
                "USD",
                source,
                "reported",
                category,
                country,
                since=EARLY_2025,
                until=PER_MESSAGE,
            )


def _second_half_2025() -> Iterator[PriceCard]:
    source = "equal in Meta's cards of early 2025 and 2026-01-01, no change announced between"
    for country, marketing, utility, _ in EARLY_2025_USD:
        if country in UNCHANGED_2025:
            yield from _messages(country, marketing, utility, "USD", source, PER_MESSAGE, CARD_2026_01)


def _cards_2026() -> Iterator[PriceCard]:
    for row in ROWS:
        for country in row.countries or (None,):
            source = f"Meta's card of 2026-01-01, {row.market} or its region"
            yield from _messages(country, *row.january, "USD", source, CARD_2026_01, row.changed)
            source = f"Meta's card of 2026-10-01, row {row.market}"
            yield from _messages(country, *row.october, "USD", source, CARD_2026_10, None)
    for country, marketing, utility in JULY_2026_EUR:
        source = "Meta's card of 2026-07-01 in EUR"
        yield from _messages(country, marketing, utility, "EUR", source, CHANGE_2026_07, CARD_2026_10)


def _messages(
    country: str | None, marketing: str, utility: str, currency: str, source: str, since: date, until: date | None
) -> Iterator[PriceCard]:
    """Yield the cards of one row: marketing, everything else at the utility rate, and service."""
    free = since < CARD_2026_10

    def card(category: str | None, price: str, window: bool, units: int = 0) -> PriceCard:
        return PriceCard(
            "delivered",
            _text(price),
            currency,
            source,
            "reported",
            category,
            country,
            free_in_service_window=window,
            free_in_window_units=units,
            since=since,
            until=until,
        )

    yield card(None, utility, window=free)
    for name in MARKETING:
        yield card(name, marketing, window=False)
    if not free:
        yield card("service", utility, window=False, units=FREE_SERVICE_MESSAGES)


def _text(price: str) -> str:
    return f"0{price}"
