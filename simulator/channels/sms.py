"""SMS: reaches every mobile, billed by segment when handed over, tells nothing of reading."""

from __future__ import annotations

from datetime import date

from simulator.channels.base import ChannelSpec, Figure, Latency, PriceCard, assumed
from simulator.channels.support.common import (
    ACCEPTED,
    DAY_S,
    HOUR_S,
    NOTHING_HIDDEN,
    PURCHASED,
    RECEIPTS_LOST,
    RECEIPTS_REPEATED,
)

MEGAFON_SILENT = date(2023, 3, 1)

CHANNEL = ChannelSpec(
    name="sms",
    title="SMS",
    address="phone",
    smartphone=False,
    reports=frozenset({"delivered"}),
    charge_events=frozenset({"submit"}),
    accepted=ACCEPTED,
    delivered=(Figure(0.95, "iBASIS: healthy routes; INFOCOM 2007 measured 94.9 %", "reported", low=0.85, high=0.99),),
    read=(),
    clicked=(
        Figure(
            0.10,
            "Klaviyo 2026: about 10 % of automated SMS with a link, United States",
            "reported",
            low=0.05,
            high=0.145,
        ),
    ),
    replied=assumed(0.005, "no published rate; alphanumeric senders cannot be answered at all", 0.0, 0.02),
    purchased=PURCHASED,
    complained=assumed(0.0005, "no published rate of complaints to an operator or authority", 0.0, 0.005),
    unsubscribed=(
        Figure(0.01, "Tatango: 0.6-1.4 % of a send is usual, 2 % critical", "reported", low=0.006, high=0.037),
    ),
    delivery=Latency(7, 77, "ETSI/ITU 2006: 6-8 s; Mspect 2001: 84 % within 30 s, which gives the tail", "reported"),
    reading=Latency(15 * 60, 12 * HOUR_S, "looked at 2-3 times less often than messengers (seed C3)", "assumed"),
    acting=Latency(15 * 60, 12 * HOUR_S, "runs from delivery: reading cannot be seen; as reading", "assumed"),
    receipt_delay=Latency(4, 30, "ETSI/ITU 2006: receipt 10-12 s after sending; the tail is assumed", "reported"),
    receipts_lost=(
        *RECEIPTS_LOST,
        Figure(
            0.27,
            "MegaFon passes no delivery status since 2023-03-01 (Rapporto); its share of subscribers is assumed",
            "assumed",
            since=MEGAFON_SILENT,
            country="RU",
            low=0.2,
            high=0.35,
        ),
    ),
    receipts_repeated=RECEIPTS_REPEATED,
    read_hidden=NOTHING_HIDDEN,
    throughput_per_s=(Figure(30, "Russian SMPP resellers: SMS a second and session", "reported", low=10, high=1000),),
    validity_s=(Figure(2 * DAY_S, "Infobip, Rapporto: default", "documented", low=60, high=2 * DAY_S),),
    validity_range_s=(60, 3 * DAY_S),
    registration_working_days=(
        Figure(12, "seed S16: at most 12 with complete papers; wlaunch: about 10", "seed", low=10, high=12),
    ),
    registration_required=True,
    max_text=2000,
    prices=(
        PriceCard(
            "submit",
            "2",
            "RUB",
            "seed D6: mean price of about 2020; no later price by operator and type is confirmed",
            "seed",
            country="RU",
            per="segment",
            since=date(2020, 1, 1),
        ),
        PriceCard("submit", "0.0083", "USD", "list price of a large gateway", "reported", country="US", per="segment"),
    ),
    fees=(
        PriceCard(
            "month", "1000", "RUB", "RedSMS: one operator's fee for a name, 2015", "reported", country="RU", per="month"
        ),
    ),
    modelled=(
        "segments by alphabet and length; billing at hand-over, delivered or not",
        "registration of the sender name before anything can be sent",
        "routes that pass no delivery status: what is delivered looks lost to the cascade",
    ),
    not_modelled=(
        "prices by operator and traffic type, package tariffs since autumn 2025: give prices in the scenario",
        "repeated attempts of the operator one by one (their time is in the tail of the latency)",
        "24 h without SMS after a change of SIM card; receipts that operators forge",
        "monthly fees of names, unless the scenario lists them",
    ),
)
