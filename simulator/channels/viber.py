"""Viber Business Messages: billed when delivered; blocked in Russia since 2024-12-13."""

from __future__ import annotations

from datetime import date

from simulator.channels.base import Availability, ChannelSpec, Figure, PriceCard, assumed
from simulator.channels.support.common import (
    ACCEPTED,
    ACTING,
    DAY_S,
    MESSENGER_DELIVERY,
    MESSENGER_READING,
    NOTHING_HIDDEN,
    PURCHASED,
    RECEIPTS_LOST,
    RECEIPTS_REPEATED,
    WEBHOOK,
    blocking,
)

SEED_CARDS_END = date(2024, 1, 1)
BLOCKED_IN_RUSSIA = date(2024, 12, 13)

PER_MESSAGE_EUR = (("RU", "0.0196"), ("UA", "0.0196"), ("DE", "0.0189"), ("BY", "0.0138"), ("GE", "0.0115"))
MINIMUM_EUR = tuple((country, "150") for country in ("RU", "BY", "UA", "BG", "GR", "HU", "IQ", "MD"))

PRICES = (
    PriceCard(
        "delivered",
        "0.15",
        "RUB",
        "seed S29: 0.10-0.15 RUB, the vendor's lowest price; higher ones are likely",
        "seed",
        country="RU",
        since=date(2020, 1, 1),
        until=SEED_CARDS_END,
    ),
    *(
        PriceCard(
            "delivered",
            price,
            "EUR",
            "BotHelp 2024: message begun by the bot",
            "reported",
            country=country,
            since=SEED_CARDS_END,
        )
        for country, price in PER_MESSAGE_EUR
    ),
)
FEES = tuple(
    PriceCard(
        "month",
        price,
        "EUR",
        "Tyntec: least bill of a sender from its second month",
        "reported",
        country=country,
        per="month",
    )
    for country, price in (*MINIMUM_EUR, (None, "100"))
)

CHANNEL = ChannelSpec(
    name="viber",
    title="Viber Business Messages",
    address="phone",
    smartphone=True,
    reports=frozenset({"delivered", "read"}),
    charge_events=frozenset({"delivered"}),
    accepted=ACCEPTED,
    delivered=(Figure(0.8, "BulkGate: example of a campaign, illustrative", "reported", low=0.5, high=0.95),),
    read=(Figure(0.843, "seed C7: over 100,000 messages, unnamed study", "seed", low=0.5, high=0.9),),
    clicked=(Figure(0.3357, "seeds C7, C8: clicked 28.3 % over opened 84.3 %", "seed", low=0.05, high=0.34),),
    replied=assumed(0.02, "no published rate for business messages", 0.0, 0.1),
    purchased=PURCHASED,
    complained=assumed(0.001, "no published rate; ten times below the assumed warning", 0.0, 0.02),
    unsubscribed=assumed(0.005, "no published rate of people who block a sender", 0.001, 0.02),
    delivery=MESSENGER_DELIVERY,
    reading=MESSENGER_READING,
    acting=ACTING,
    receipt_delay=WEBHOOK,
    receipts_lost=RECEIPTS_LOST,
    receipts_repeated=RECEIPTS_REPEATED,
    read_hidden=NOTHING_HIDDEN,
    throughput_per_s=(Figure(250, "Alibaba Cloud 2026: single requests a second", "documented"),),
    validity_s=(Figure(DAY_S, "Devino: default", "documented", low=30, high=14 * DAY_S),),
    validity_range_s=(15, 14 * DAY_S),
    registration_working_days=(Figure(12, "seed S16: at most 12 with complete papers", "seed", low=5, high=12),),
    registration_required=True,
    max_text=1000,
    prices=PRICES,
    fees=FEES,
    availability=(
        Availability(
            country="RU",
            since=BLOCKED_IN_RUSSIA,
            until=None,
            reach=assumed(0.1, "no published share of people who still use Viber through a VPN", 0.0, 0.3)[0],
            word="unavailable",
            source="blocked by the regulator on 2024-12-13; monthly reach was 26 % in Nov 2024 (Mediascope)",
        ),
    ),
    feedback=blocking("Viber", "the channel"),
    modelled=(
        "billing of delivered messages only; undelivered ones cost nothing",
        "registration of the sender name before anything can be sent",
        "suspension of a sender by complaints",
        "the block in Russia since 2024-12-13",
    ),
    not_modelled=(
        "billed two-way sessions (24 h, 60 messages)",
        "the least monthly bill, unless the scenario lists it as a fee",
        "different prices of advertising and transactional templates",
    ),
)
