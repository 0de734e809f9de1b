"""A Telegram bot: free, only for people who started it, tells neither delivery nor reading."""

from __future__ import annotations

from datetime import date

from simulator.channels.base import Availability, ChannelSpec, Figure, Latency, PairLimit, PriceCard, assumed
from simulator.channels.support.common import (
    ACTING,
    DAY_S,
    MESSENGER_READING,
    NO_DELAY,
    NO_RECEIPTS,
    NOTHING_HIDDEN,
    PURCHASED,
)

CHANNEL = ChannelSpec(
    name="telegram",
    title="Telegram bot",
    address="app",
    smartphone=True,
    reports=frozenset(),
    charge_events=frozenset({"submit"}),
    accepted=assumed(0.95, "no published share of people who blocked the bot; it is refused with error 403", 0.8, 0.99),
    delivered=assumed(0.99, "no published rate; what the interface takes is stored until the app is opened", 0.95, 1.0),
    read=assumed(0.7, "no published rate; vendors speak of 60-80 %", 0.6, 0.8),
    clicked=assumed(0.075, "no published rate; middle of 5-10 %", 0.05, 0.1),
    replied=assumed(0.02, "no published rate for mass messages", 0.0, 0.1),
    purchased=PURCHASED,
    complained=assumed(0.001, "no published rate of spam reports", 0.0, 0.01),
    unsubscribed=assumed(0.01, "no published rate of people who block the bot after a message", 0.002, 0.03),
    delivery=Latency(2, 3600, "below 2 s in the interface; phones that are off make the tail", "assumed"),
    reading=MESSENGER_READING,
    acting=ACTING,
    receipt_delay=NO_DELAY,
    receipts_lost=NO_RECEIPTS,
    receipts_repeated=NO_RECEIPTS,
    read_hidden=NOTHING_HIDDEN,
    throughput_per_s=(Figure(30, "Telegram's questions and answers for bots: messages a second", "documented"),),
    validity_s=(
        Figure(
            DAY_S, "Rapporto: longest validity; the bot interface itself has none", "documented", low=30, high=DAY_S
        ),
    ),
    validity_range_s=(30, 30 * DAY_S),
    max_text=4096,
    pair_limit=PairLimit(
        1, 1.0, "Telegram's questions and answers for bots: one message a second to a chat", "documented"
    ),
    prices=(PriceCard("submit", "0", None, "messages of bots are free up to 30 a second", "documented"),),
    availability=(
        Availability(
            country="RU",
            since=date(2026, 2, 10),
            until=date(2026, 4, 1),
            reach=Figure(0.98, "Mediascope through vc.ru, 2026-03: daily reach fell by 2 % in February", "reported"),
            word="restricted",
            source="the regulator confirmed stepwise restriction on 2026-02-10",
        ),
        Availability(
            country="RU",
            since=date(2026, 4, 1),
            until=None,
            reach=assumed(0.5, "a full block was expected for April 2026, its outcome is not verified", 0.1, 0.98)[0],
            word="restricted",
            source="a full block was expected for April 2026; not verified",
        ),
    ),
    modelled=(
        "people who blocked the bot are refused at hand-over",
        "no receipts: a cascade can stop on a click only",
        "30 messages a second, one a second to one person",
    ),
    not_modelled=(
        "paid broadcasts (up to 1,000 a second), the Gateway for codes, channels and groups",
        "aggregators that report views by their own links",
        "bans of bots: no threshold is published",
    ),
)
