"""Push notifications of the company's own app: free, quick, opened by few."""

from __future__ import annotations

from datetime import date

from simulator.channels.base import ChannelSpec, Figure, Latency, PriceCard, assumed, never
from simulator.channels.support.common import (
    ACTING,
    DAY_S,
    HOUR_S,
    NOTHING_HIDDEN,
    PURCHASED,
    RECEIPTS_LOST,
    RECEIPTS_REPEATED,
    WEBHOOK,
)

CHANNEL = ChannelSpec(
    name="push",
    title="Push notification",
    address="push_token",
    smartphone=True,
    reports=frozenset({"delivered", "read"}),
    charge_events=frozenset({"submit"}),
    accepted=assumed(0.98, "no published share of dead tokens; a token dies after 270 idle days", 0.9, 1.0),
    delivered=(Figure(0.85, "MoEngage: about 15 % not connected when sent", "reported", low=0.6, high=0.95),),
    read=(
        Figure(0.040, "Airship 2021: opened 4.6 % on Android, 3.4 % on iOS", "reported", until=date(2025, 1, 1)),
        Figure(0.0419, "Batch 2025: generic pushes opened", "reported", since=date(2025, 1, 1), low=0.034, high=0.144),
    ),
    clicked=(Figure(1.0, "a push is opened by the tap that follows it", "documented"),),
    replied=never("a push cannot be answered"),
    purchased=PURCHASED,
    complained=never("no complaint exists; people switch pushes off, which is counted as opting out"),
    unsubscribed=assumed(0.02, "0.1 % of pushes switched off or app removed, over 4-5 % opened", 0.005, 0.05),
    delivery=Latency(1, 10, "developers' measurements on connected devices", "reported"),
    reading=Latency(
        48 * 60, 12 * HOUR_S, "Leanplum: median opening on Android 48 min; the tail is assumed", "reported"
    ),
    acting=ACTING,
    receipt_delay=WEBHOOK,
    receipts_lost=RECEIPTS_LOST,
    receipts_repeated=RECEIPTS_REPEATED,
    read_hidden=NOTHING_HIDDEN,
    throughput_per_s=(Figure(10_000, "FCM: 600,000 messages a minute and project", "documented"),),
    validity_s=(Figure(28 * DAY_S, "FCM: default life of a message", "documented", low=0, high=28 * DAY_S),),
    validity_range_s=(1, 28 * DAY_S),
    max_text=1000,
    prices=(PriceCard("submit", "0", None, "FCM and APNs take no money", "documented"),),
    modelled=(
        "tokens that no longer work are refused at hand-over",
        "devices that are not connected: the message lapses with its validity",
        "receipts of delivery and opening come from the app's own library, as aggregators offer; FCM sends none",
    ),
    not_modelled=(
        "collapse keys, the limit of 100 waiting messages, Doze, priorities",
        "per-device limits of FCM (240 a minute, 5,000 an hour)",
        "the loss of 30-60 % reported for some Asian device brands",
    ),
)
