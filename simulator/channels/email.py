"""E-mail: nearly free, slow to be read, judged by the complaint rate of a domain."""

from __future__ import annotations

from datetime import date

from simulator.channels.base import ChannelSpec, Feedback, Figure, Latency, PriceCard, assumed
from simulator.channels.support.common import (
    ACCEPTED,
    ACTING,
    DAY_S,
    HOUR_S,
    PURCHASED,
    RECEIPTS_LOST,
    RECEIPTS_REPEATED,
)

BULK_RULES = date(2024, 2, 1)
"""Gmail and Yahoo began to refuse bulk senders by their complaint rate."""

CHANNEL = ChannelSpec(
    name="email",
    title="E-mail",
    address="email",
    smartphone=False,
    reports=frozenset({"delivered", "read"}),
    charge_events=frozenset({"submit"}),
    accepted=ACCEPTED,
    delivered=(Figure(0.9743, "GetResponse 2023: 2.57 % bounced", "reported", low=0.95, high=0.99),),
    read=(
        Figure(0.2287, "seed C7: over 100,000 messages, unnamed study", "seed", until=date(2023, 1, 1)),
        Figure(0.268, "GetResponse 2023: mean of the world", "reported", since=date(2023, 1, 1), low=0.09, high=0.4235),
    ),
    clicked=(
        Figure(0.1425, "seeds C7, C8: clicked 3.26 % over opened 22.87 %", "seed", until=date(2023, 1, 1)),
        Figure(0.0701, "GetResponse 2023: clicks over opens", "reported", since=date(2023, 1, 1), low=0.04, high=0.15),
    ),
    replied=assumed(0.002, "no published rate; mass mail is seldom answered", 0.0, 0.01),
    purchased=PURCHASED,
    complained=(
        Figure(
            0.0045, "GetResponse 2009, North America: 0.12 % of mail, over 26.8 % opened", "reported", until=BULK_RULES
        ),
        *assumed(0.0019, "half of Gmail's 0.1 % of mail, over 26.8 % opened", 0.0004, 0.011, since=BULK_RULES),
    ),
    unsubscribed=assumed(0.0075, "0.2 % of mail over 26.8 % opened; published 0.01 % seems too low", 0.0004, 0.011),
    delivery=Latency(5, 5 * 60, "no published figure; grey-listing makes the tail", "assumed"),
    reading=Latency(
        3 * HOUR_S, DAY_S, "no published figure; mail is looked at far less often than messengers (seed C3)", "assumed"
    ),
    acting=ACTING,
    receipt_delay=Latency(
        5, 5 * 60, "no published figure; openings are seen at once, bounces within minutes", "assumed"
    ),
    receipts_lost=RECEIPTS_LOST,
    receipts_repeated=RECEIPTS_REPEATED,
    read_hidden=assumed(0.1, "no published share; some mail programs load no pictures", 0.0, 0.3),
    throughput_per_s=assumed(100, "no published limit of senders; mailbox providers slow down new ones", 1, 1000),
    validity_s=(Figure(3 * DAY_S, "mail servers try again for up to 72 h", "documented", low=HOUR_S, high=5 * DAY_S),),
    validity_range_s=(60, 5 * DAY_S),
    prices=(
        PriceCard("submit", "0.05", "RUB", "middle of 0 to 0.10 RUB; no list price found", "assumed", country="RU"),
    ),
    feedback=Feedback(
        kind="block",
        warn_rate=(Figure(0.001, "Gmail: keep the spam rate below 0.1 %", "documented", since=BULK_RULES),),
        block_rate=(Figure(0.003, "Gmail, Yahoo: never reach 0.3 %", "documented", since=BULK_RULES),),
        block_minimum=(Figure(5000, "Gmail: bulk senders, about 5,000 a day", "documented", since=BULK_RULES),),
        window_s=assumed(DAY_S, "Gmail shows the rate by day"),
        block_s=(Figure(7 * DAY_S, "Gmail: no relief before seven days below 0.3 %", "documented", since=BULK_RULES),),
    ),
    modelled=(
        "hard bounces; openings hidden by mail programs",
        "a domain whose complaints reach 0.3 % of a day's mail is refused for seven days (since 2024-02-01)",
    ),
    not_modelled=(
        "openings by machines (they make measured opening rates look higher)",
        "spam folders, warming up of a domain, authentication of the sender, grey-listing in detail",
        "differences between mailbox providers; Mail.ru and Yandex publish no limit",
    ),
)
