"""Write docs/channels.md: every default of every channel with its source, date and confidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from simulator.channels import CHANNELS, whatsapp
from simulator.channels.base import ChannelSpec, Figure, Latency, PriceCard
from simulator.channels.support.resolve import FEEDBACK, LATENCIES, LIMITS, RATES, RECEIPTS
from simulator.channels.support.whatsapp_cards import JULY_2026_EUR, PER_MESSAGE, ROWS, Row

TARGET = Path(__file__).parent.parent / "docs" / "channels.md"

INTRODUCTION = """\
# Channels and their defaults

Written by `make docs` from `simulator/channels`; change the modules, not this page.

Probabilities are conditional on the stage before: delivered given accepted, read given delivered, clicked, replied,
complained and unsubscribed given read (given delivered where reading cannot be seen), purchased given clicked. A figure
holds from its first day to the day before its last; an empty date leaves that side open. Any of them can be set in a
scenario under `channels:` and `feedback:`.

What a figure stands on:

- **documented**: the provider's or a standard's own text;
- **reported**: a reseller, the press, a public benchmark;
- **seed**: a claim of the vendors' articles this project starts from (about 2020-2021);
- **assumed**: nobody publishes it; the source column says on what ground it was taken. Vary these first.

A charge for which no card is in force has no known price: the scenario must give it. Countries that have cards of
their own never fall back to the card of other countries.
"""

PRICES_PER_MESSAGE = """\
Prices by delivered message, marketing (promo, poll) / utility (every other category), reported. From 2025-07-01 only
RU, KZ, DE and GB are known, at the prices of January 2026. Utility is free inside a service window until 2026-09-30;
from 2026-10-01 it is billed there too, and so are service messages, the first 1,000 a month and number inside a
window excepted."""

SOURCES = (
    ("Airship 2021, Batch 2025, Leanplum, MoEngage", "push benchmarks and articles of push vendors"),
    ("Alibaba Cloud", "documentation of its Viber messages, 2026"),
    ("BotHelp, BulkGate, Tyntec", "price and help pages of Viber resellers, 2024"),
    ("crmai.kz", "article on cascades with a robot that calls"),
    ("Devino, Infobip, Rapporto, SMSC", "public documentation of message aggregators, 2020-2026"),
    ("ETSI/ITU 2006, Mspect 2001, INFOCOM 2007, iBASIS", "measurements of SMS delivery"),
    ("FCM", "documentation of Firebase Cloud Messaging"),
    ("GetResponse, MailerLite", "yearly e-mail benchmarks"),
    ("Gmail, Yahoo", "rules for bulk senders, since 2024-02"),
    ("Klaviyo, Tatango", "SMS benchmarks, United States"),
    ("Mblox 2016", "survey on one-time codes"),
    ("Mediascope", "audience measurements, as quoted in the press"),
    ("Meta", "documentation, changelog and price cards of the WhatsApp Business Platform"),
    ("seed A1 and the like", "statements of five vendors' articles, counted by article (C, D, E, S) and number"),
    ("Telegram", "questions and answers for bots"),
)


def page() -> str:
    """Return the whole page."""
    parts = [INTRODUCTION, *(_channel(channel) for channel in CHANNELS), _sources()]
    return "\n".join(parts)


def _channel(channel: ChannelSpec) -> str:
    lines = [
        f"## {channel.title} (`{channel.name}`)",
        "",
        *_facts(channel),
        "",
        *_table(("figure", "value", "range", "since", "until", "country", "stands on", "source"), _figures(channel)),
        "",
        *_prices(channel),
        *(_availability(channel) if channel.availability else ()),
        *(_eras() if channel is whatsapp.CHANNEL else ()),
        "Modelled:",
        "",
        *(f"- {line}" for line in channel.modelled),
        "",
        "Not modelled:",
        "",
        *(f"- {line}" for line in channel.not_modelled),
        "",
    ]
    return "\n".join(lines)


def _facts(channel: ChannelSpec) -> Iterator[str]:
    low, high = channel.validity_range_s
    yield f"- addressed by: {channel.address}; needs a smartphone: {_yes(channel.smartphone)}"
    yield f"- can report: {', '.join(sorted(channel.reports)) or 'nothing'}"
    yield f"- billed on: {', '.join(sorted(channel.charge_events))}"
    yield f"- allowed validity: {low:.10g} to {high:.10g} s"
    yield f"- longest text: {channel.max_text or 'no text, or no limit'}"
    yield f"- a sender must be registered first: {_yes(channel.registration_required)}"
    if channel.pair_limit:
        pair = channel.pair_limit
        yield f"- to one person: {pair.capacity} messages, one back every {pair.refill_s:.10g} s ({pair.source})"
    if channel.feedback.kind != "none":
        yield f"- answer to complaints: {channel.feedback.kind}"


def _figures(channel: ChannelSpec) -> Iterator[tuple[str, ...]]:
    for name in (*RATES, *RECEIPTS, *LIMITS):
        yield from (_figure(name, figure) for figure in getattr(channel, name))
    for name in FEEDBACK:
        yield from (_figure(f"feedback: {name}", figure) for figure in getattr(channel.feedback, name))
    for name in LATENCIES:
        latency: Latency | None = getattr(channel, name)
        if latency:
            value = f"p50 {latency.p50_s:.10g} s, p95 {latency.p95_s:.10g} s"
            yield (name, value, "", "", "", "", latency.confidence, latency.source)


def _figure(name: str, figure: Figure) -> tuple[str, ...]:
    return (
        name,
        f"{figure.value:.10g}",
        _range(figure),
        _day(figure.since),
        _day(figure.until),
        figure.country or "",
        figure.confidence,
        figure.source,
    )


def _prices(channel: ChannelSpec) -> Iterator[str]:
    if channel is whatsapp.CHANNEL:
        yield from _whatsapp_prices()
        return
    heads = ("billed on", "price", "per", "least", "since", "until", "country", "stands on", "source")
    yield from ("Prices:", "", *_table(heads, map(_card, channel.prices)), "")
    if channel.fees:
        yield from ("Known fees of some contracts; they apply only where the scenario lists them:", "")
        yield from (*_table(heads, map(_card, channel.fees)), "")


def _card(card: PriceCard) -> tuple[str, ...]:
    return (
        card.event,
        f"{card.price} {card.currency or ''}".strip(),
        card.per,
        f"{card.minimum_units or ''}",
        _day(card.since),
        _day(card.until),
        card.country or "any other",
        card.confidence,
        card.source,
    )


def _whatsapp_prices() -> Iterator[str]:
    old = [card for card in whatsapp.CHANNEL.prices if card.since and card.since < PER_MESSAGE]
    heads = ("billed on", "category", "price", "since", "until", "country", "stands on", "source")
    rows = ((card.event, card.category or "any other", *_card(card)[1:2], *_card(card)[4:]) for card in old)
    yield from ("Prices before July 2025:", "", *_table(heads, rows), "")
    markets = ("market", "countries", "2026-01-01, USD", "until", "2026-07-01, EUR", "2026-10-01, USD")
    yield from (PRICES_PER_MESSAGE, "", *_table(markets, map(_market, ROWS)), "")


def _market(row: Row) -> tuple[str, ...]:
    euros = {country: f"{marketing} / {utility}" for country, marketing, utility in JULY_2026_EUR}
    return (
        row.market,
        " ".join(row.countries) or "any other",
        " / ".join(row.january),
        _day(row.changed),
        euros.get(row.countries[0], "") if row.countries else "",
        " / ".join(row.october),
    )


def _availability(channel: ChannelSpec) -> Iterator[str]:
    heads = ("country", "since", "until", "state", "reach", "range", "stands on", "source")
    rows = (
        (
            item.country,
            _day(item.since),
            _day(item.until),
            item.word,
            f"{item.reach.value:.10g}",
            _range(item.reach),
            item.reach.confidence,
            f"{item.source}; reach: {item.reach.source}",
        )
        for item in channel.availability
    )
    yield from ("Availability (reach multiplies delivered; elsewhere and before: available):", "")
    yield from (*_table(heads, rows), "")


def _eras() -> Iterator[str]:
    heads = ("since", "until", "levels", "of a", "rises after", "when 7 days reach", "lowered", "source", "assumed")
    rows = (
        (
            _day(era.since),
            _day(era.until),
            ", ".join("unlimited" if level == whatsapp.UNLIMITED else f"{level:,}" for level in era.levels),
            era.scope,
            f"{era.upgrade_after_s // 3600} h",
            f"{era.upgrade_numerator}/{era.upgrade_denominator} of the limit",
            f"after {era.flagged_for_s // 86400} days of low quality"
            if era.lowered_by_quality
            else "never for quality",
            era.source,
            "; ".join(era.assumed),
        )
        for era in whatsapp.LIMIT_ERAS
    )
    yield from ("Messaging limits, distinct recipients in a moving 24 hours:", "", *_table(heads, rows), "")


def _sources() -> str:
    return "\n".join(["## Sources", "", *_table(("word", "what it is"), SOURCES), ""])


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _row(heads)
    yield _row(("---",) * len(heads))
    yield from map(_row, rows)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _range(figure: Figure) -> str:
    return "" if figure.low is None or figure.high is None else f"{figure.low:.10g}-{figure.high:.10g}"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def main() -> None:
    """Replace the page."""
    TARGET.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
