"""A made-up log to audit and rules to audit it by; every figure of it is *assumed*.

Messages of four weeks in November by the five channels of workload W to W's people, about ten a person, in order of
time, most of them in the Moscow afternoon.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.workload_w import CASCADE, people
from policies.attempts import LogFacts, TemplateFact
from policies.context import Context
from policies.kinds.base import TEMPLATE_STATES
from policies.people import People
from policies.records import DAY, HOUR, NEVER
from policies.rules import Check, Citation, Rule
from policies.tables import RuleTable, Tables, build_tables, compile_rules
from simulator.engine.log_file import writer_of

START = 1_793_491_200_000_000
"""2026-11-01 00:00 UTC, a Sunday."""
DAYS = 28
MESSAGES_EACH = 10
ROW_GROUP = 1 << 20
SENDERS = tuple(figures.name for figures in CASCADE)
CATEGORIES_SENT = ("promo", "promo", "promo", "transactional", "service")

THREE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("consent", {"match": ["channel"]}),
    ("time_window", {"workday": ["09:00", "21:00"]}),
    ("frequency_cap", {"caps": [{"count": 2, "period": "roll_24h"}]}),
)
"""Consent, quiet hours by the recipient's clock, at most two messages in any 24 hours."""
TEN = (
    *THREE,
    ("opt_out", {"grace_minutes": 30}),
    ("time_window", {"workday": ["08:00", "22:00"], "dayoff": ["09:00", "20:00"]}),
    ("frequency_cap", {"caps": [{"count": 4, "period": "cal_week"}]}),
    ("channel_ban", {"countries": ["RU"], "since": "2026-11-15", "answer": "review"}),
    ("template", {"require": "approved"}),
    ("attestation", {"input": "advertiser_named"}),
    ("cool_down", {"inactive_days": 60, "pause_days": 75}),
)
"""Kinds that the shipped packs use, two windows and two caps among them, each about every message."""


def crowd(messages: int) -> People:
    """Return the people of a log of so many messages."""
    return people(max(messages // MESSAGES_EACH, 1), 1)


def log_of(messages: int, ids: pa.Array) -> pa.Table:
    """Return the log; ``ids`` are those of the people."""
    rng = np.random.default_rng(1)
    hours = np.clip(rng.normal(11.5, 3.5, messages), 0, 23.99)
    at = np.sort(START + rng.integers(0, DAYS, messages) * DAY + (hours * HOUR).astype(np.int64))
    sender = rng.integers(0, len(SENDERS), messages)
    category = rng.integers(0, len(CATEGORIES_SENT), messages)
    nothing = pa.nulls(messages, pa.dictionary(pa.int32(), pa.string()))
    return pa.table({
        "recipient": _coded(rng.integers(0, len(ids), messages), ids), "channel": _coded(sender, SENDERS),
        "category": _coded(category, CATEGORIES_SENT), "campaign": _coded(category % 2, ("a", "b")),
        "sender": _coded(sender, SENDERS), "template": _coded(sender, SENDERS),
        "event": _coded(np.zeros(messages, np.int64), ("submitted",)), "reason": nothing,
        "occurred_at": at, "received_at": at,
    })  # fmt: skip


def _coded(places: Any, words: Any) -> pa.DictionaryArray:
    """Return a text column of these words; the same word may stand at several places."""
    words = list(words) if isinstance(words, tuple) else words
    known = list(dict.fromkeys(words)) if isinstance(words, list) else words
    if isinstance(words, list):
        places = np.array([known.index(word) for word in words])[places]
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32)), pa.array(known, pa.string()))


def write_log(messages: int, file: Path) -> None:
    """Write the log as ``prelaunch run`` writes one, and beside it the people as the other tools want them.

    Those are zone and consent by id.
    """
    who = crowd(messages)
    log = log_of(messages, names(who))
    with writer_of(file, log.schema) as writer:
        writer.write_table(log, row_group_size=ROW_GROUP)
    pq.write_table(table_of_people(who), people_file(file))


def people_file(file: Path) -> Path:
    """Return the file of the people of a log."""
    return file.with_name(f"people-of-{file.name}")


def names(who: People) -> pa.Array:
    """Return the external ids of all people."""
    return who.ids_of(np.arange(len(who)))


def table_of_people(who: People) -> pa.Table:
    """Return id, zone and the one consent (bits of channels, from, to) of each person."""
    consent = who.consents[who.consent_ptr[who.consent_set]]
    zones = [zone for (zone,) in who.zone_sets]
    return pa.table({
        "recipient": names(who), "zone": pa.array([zones[place] for place in who.zone_set.tolist()]),
        "channels": consent[:, 1], "agreed_at": consent[:, 3], "agreed_to": consent[:, 4],
    })  # fmt: skip


def facts() -> LogFacts:
    """Return what the log does not say: templates are approved since long ago."""
    approved = TemplateFact(state=TEMPLATE_STATES.index("approved"), registered_at=START - DAY)
    return LogFacts(("a", "b"), SENDERS, SENDERS, template_facts=dict.fromkeys(SENDERS, approved), complete=False)


def law(count: int, who: People) -> tuple[RuleTable, Tables]:
    """Return the first ``count`` rules, those of TEN over and over, and the tables of these people."""
    context = Context(
        start=START, end=START + DAYS * DAY, countries=who.countries, evidence={"advertiser_named": True}
    )  # fmt: skip
    checks = [TEN[number % len(TEN)] for number in range(count)]
    rules = [_rule(f"R-{number}", kind, params) for number, (kind, params) in enumerate(checks)]
    return compile_rules(rules, context), build_tables(who, replace(context, now=-NEVER))


def _rule(name: str, kind: str, params: dict[str, Any]) -> Rule:
    return Rule(
        id=name, pack="benchmark", version=1, title="", statement="", rationale="", citation=Citation("none"),
        confidence="guessed", checks=(Check(kind, params, severity="error"),),
    )  # fmt: skip
