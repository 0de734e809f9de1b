"""Voice: a recorded message or a robot calls; billed by the second from the answer."""

from __future__ import annotations

from simulator.channels.base import ChannelSpec, Figure, Latency, PriceCard, assumed
from simulator.channels.support.common import (
    ACCEPTED,
    NOTHING_HIDDEN,
    PURCHASED,
    RECEIPTS_LOST,
    RECEIPTS_REPEATED,
    WEBHOOK,
)

CHANNEL = ChannelSpec(
    name="voice",
    title="Voice call",
    address="phone",
    smartphone=False,
    reports=frozenset({"delivered", "read"}),
    charge_events=frozenset({"second"}),
    accepted=ACCEPTED,
    delivered=(
        Figure(0.45, "crmai.kz: 40-60 % answer a robot; nearer the lower end taken", "reported", low=0.14, high=0.6),
    ),
    read=assumed(0.5, "no published share of people who listen to the end", 0.3, 0.8),
    clicked=assumed(0.05, "no published share of people who press a key; that is what a click means here", 0.01, 0.2),
    replied=assumed(0.01, "no published share of people who call back after listening", 0.0, 0.14),
    purchased=PURCHASED,
    complained=assumed(0.005, "no published rate; calls annoy more than messages", 0.001, 0.03),
    unsubscribed=assumed(0.005, "no published rate; in Russia one may refuse mass calls since 2025-09-01", 0.001, 0.03),
    delivery=Latency(12, 30, "no published figure; time to dial and ring until somebody answers", "assumed"),
    reading=Latency(20, 40, "no published figure; as the duration of the call", "assumed"),
    acting=Latency(5, 15, "no published figure; a key is pressed at the end of the message", "assumed"),
    receipt_delay=WEBHOOK,
    receipts_lost=RECEIPTS_LOST,
    receipts_repeated=RECEIPTS_REPEATED,
    read_hidden=NOTHING_HIDDEN,
    throughput_per_s=assumed(5, "no published limit; calls begun a second on an ordinary contract", 1, 50),
    validity_s=assumed(600, "no published limit; one call and one repetition within ten minutes", 60, 3600),
    validity_range_s=(30, 86400),
    duration_s=Latency(20, 40, "no published figure; a message of about 50 words", "assumed"),
    prices=(
        PriceCard(
            "second",
            "0.0375",
            "RUB",
            "2.25 RUB a minute, the middle of 1.5-3; 5 s minimum, no answer free: SMSC 2020",
            "assumed",
            country="RU",
            per="second",
            minimum_units=5,
        ),
    ),
    modelled=(
        "billing by the second of answered calls, five seconds at least",
        "answered = delivered, heard to the end = read, key pressed = clicked",
    ),
    not_modelled=(
        "answering machines, dialogues of a speech robot, repeated calls of the provider",
        "labels of calls and contracts with operators (Russia, since 2025-09-01): rules of the packs",
    ),
)
