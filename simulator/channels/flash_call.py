"""Flash call: the last digits of the calling number are the code; for authentication only."""

from __future__ import annotations

from datetime import date

from simulator.channels.base import ChannelSpec, Figure, Latency, PriceCard, assumed, never
from simulator.channels.support.common import ACCEPTED, NOTHING_HIDDEN, RECEIPTS_LOST, RECEIPTS_REPEATED, WEBHOOK

NO_LINK = "a flash call is a number on the screen: it bears no link and no text"

CHANNEL = ChannelSpec(
    name="flash_call",
    title="Flash call",
    address="phone",
    smartphone=False,
    reports=frozenset({"delivered"}),
    charge_events=frozenset({"submit"}),
    accepted=ACCEPTED,
    delivered=assumed(0.9, "no published rate; busy lines and trouble on one network are reported", 0.7, 0.97),
    read=(),
    clicked=never(NO_LINK),
    replied=never(NO_LINK),
    purchased=never(NO_LINK),
    complained=assumed(0.0005, "no published rate; people asked for the call themselves", 0.0, 0.005),
    unsubscribed=never("codes are sent on request; there is nothing to opt out of"),
    delivery=Latency(7, 15, "no published figure; the phone rings after 5-10 s", "assumed"),
    reading=Latency(5, 20, "no published figure; people wait for the call", "assumed"),
    acting=Latency(10, 30, "no published figure; over 30 % give up a code after 10 s (Mblox 2016)", "assumed"),
    receipt_delay=WEBHOOK,
    receipts_lost=RECEIPTS_LOST,
    receipts_repeated=RECEIPTS_REPEATED,
    read_hidden=NOTHING_HIDDEN,
    throughput_per_s=assumed(10, "no published limit", 1, 100),
    validity_s=(Figure(60, "Rapporto: shortest of 1-5 min", "documented", low=60, high=300),),
    validity_range_s=(60, 300),
    registration_working_days=(Figure(3, "seed D4: connected within three days", "seed", low=1, high=5),),
    prices=(
        PriceCard(
            "submit",
            "0.8",
            "RUB",
            "seed D6: from 0.8 RUB an attempt, about 2020; no later price is confirmed",
            "seed",
            country="RU",
            since=date(2020, 1, 1),
        ),
    ),
    modelled=("a price for every attempt, answered or not", "busy lines as failures; a validity of minutes"),
    not_modelled=("the number of digits; networks that hide or rewrite the calling number",),
)
