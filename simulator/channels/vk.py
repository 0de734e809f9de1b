"""VK Notify: a message of the company's group to users of the app, billed when delivered, five a day at most."""

from __future__ import annotations

from datetime import date

from simulator.channels.base import ChannelSpec, Figure, PriceCard, assumed
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

CHANNEL = ChannelSpec(
    name="vk",
    title="VK Notify",
    address="phone",
    smartphone=True,
    reports=frozenset({"delivered", "read"}),
    charge_events=frozenset({"delivered"}),
    accepted=ACCEPTED,
    delivered=assumed(
        0.425, "no published rate; only people who used the app within seven days are reached", 0.35, 0.5
    ),
    read=assumed(0.6, "no published rate; below the messengers' 84 %", 0.3, 0.85),
    clicked=assumed(0.05, "no published rate; notifications carry little advertising", 0.01, 0.15),
    replied=assumed(0.02, "no published rate for messages of a group", 0.0, 0.1),
    purchased=PURCHASED,
    complained=assumed(0.001, "no published rate; ten times below the assumed warning", 0.0, 0.02),
    unsubscribed=assumed(0.003, "no published rate of people who forbid messages of a group", 0.001, 0.02),
    delivery=MESSENGER_DELIVERY,
    reading=MESSENGER_READING,
    acting=ACTING,
    receipt_delay=WEBHOOK,
    receipts_lost=RECEIPTS_LOST,
    receipts_repeated=RECEIPTS_REPEATED,
    read_hidden=NOTHING_HIDDEN,
    throughput_per_s=(Figure(50, "Rapporto: messages a second and group", "documented"),),
    validity_s=(Figure(DAY_S, "Rapporto: longest validity", "documented", low=60, high=DAY_S),),
    validity_range_s=(60, DAY_S),
    registration_working_days=(Figure(3, "seed D9: three days on the average", "seed", low=1, high=7),),
    registration_required=False,
    max_text=2048,
    daily_cap=(Figure(5, "Rapporto: messages a day, user and group", "documented"),),
    prices=(
        PriceCard(
            "delivered",
            "0.15",
            "RUB",
            "seed S29: 0.10-0.15 RUB, the vendor's lowest price; no list price is published",
            "seed",
            country="RU",
            since=date(2020, 1, 1),
        ),
    ),
    feedback=blocking("VK", "the group"),
    modelled=(
        "billing of delivered messages only (seed D8)",
        "at most five messages a day to one person from one group",
        "suspension of a group by complaints",
        "sending without registration of a name (seed S17)",
    ),
    not_modelled=(
        "messages by a group's own key (20 requests a second), subscriptions, bots",
        "Odnoklassniki as a second route",
        "refusal of micro-finance and collectors by the aggregator: a rule of the packs",
    ),
)
