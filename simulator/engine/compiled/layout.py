"""The records of the compiled scheduler, field by field; everything it knows lies in arrays of these.

Instants and durations are int64 microseconds, money int64 micro-units, bounds of chances uint64 (``numbers.CERTAIN``
for 2**64). -1 in an index means "none". Names beginning with ``own_`` are columns of ``State.own``, the row of
int64 that each person has; such a column exists only where the scenario needs it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from policies.records import CHANNELS
from simulator.behaviour import FATIGUE_LEVELS, LEVELS
from simulator.feedback.blocks import HOURS
from simulator.feedback.quality import WEIGHTS

COUNTRIES = 256
"""Rows of a table by country; the first is for an unknown one."""
LEVELS_OF_LIMIT = 16
PAUSES = 4
BLOCK = 64
"""Entries in one block of a queue."""

Field = tuple[str, str] | tuple[str, str, tuple[int, ...]]


def _record(*fields: Field) -> np.dtype[Any]:
    return np.dtype(list(fields), align=True)


# -- what a scenario fixes ------------------------------------------------------------------------------------------

CHANNEL = _record(
    ("key", "u8"), ("validity", "i8"), ("daily_cap", "i8"),
    ("accepted", "u8"), ("clicked", "u8"), ("replied", "u8"), ("purchased", "u8"), ("complained", "u8"),
    ("unsubscribed", "u8"), ("receipt_lost", "u8"), ("receipt_repeated", "u8"), ("read_hidden", "u8"),
    ("delivered", "u8", (COUNTRIES,)), ("read", "u8", (LEVELS,)),
    ("delivery", "i8"), ("reading", "i8"), ("acting", "i8"), ("receipt", "i8"), ("duration", "i8"),
    ("own_inbound", "i8"), ("own_opted_out", "i8"), ("own_learned", "i8"),
    ("reports_delivered", "i8"), ("reports_read", "i8"), ("smartphone", "i8"), ("by_number", "i8"),
    ("seen", "i8"), ("watched", "i8"),
)  # fmt: skip
"""One of the nine channels; latencies are rows of ``Tables.quantiles``. ``watched``: somebody counts deliveries."""

STEP = _record(
    ("delay", "i8"), ("wait", "i8"),
    ("campaign", "i8"), ("channel", "i8"), ("template", "i8"), ("sender", "i8"), ("category", "i8"), ("brand", "i8"),
    ("stop_on", "i8"), ("on_absent", "i8"), ("on_failed", "i8"), ("on_refused", "i8"), ("on_timeout", "i8"),
    ("on_guard", "i8"), ("on_stop", "i8"), ("throttle", "i8"), ("server", "i8"),
    ("conditions_from", "i8"), ("conditions_to", "i8"), ("gate_from", "i8"), ("gate_to", "i8"),
    ("units", "i8"), ("units_column", "i8"), ("text", "i8"), ("text_column", "i8"),
    ("guarded", "i8"), ("guarded_column", "i8"),
    ("submit", "i8"), ("accept", "i8"), ("delivered", "i8"), ("session", "i8"), ("second", "i8"),
    ("wait_ring", "i8"), ("delay_ring", "i8"), ("tries_column", "i8"), ("own_session", "i8"), ("own_today", "i8"),
)  # fmt: skip
"""One step. ``*_column`` are rows of ``Tables.by_person``; tariffs are rows of ``Tables.rates``."""

CONDITION = _record(
    ("about", "i8"), ("never", "i8"), ("passes", "i8"), ("column", "i8"), ("stretch_from", "i8"), ("stretch_to", "i8")
)
"""One test: ``passes`` bit by number, or ``column`` of ``Tables.flags`` by person."""

RATE = _record(
    ("billed", "i8"), ("per_message", "i8"), ("free_in_window", "i8"), ("minimum", "i8"), ("tier_from", "i8"),
    ("tier_to", "i8"),
)  # fmt: skip
TIER = _record(("start", "i8"), ("numerator", "i8"), ("denominator", "i8"))

CAMPAIGN = _record(
    ("key", "u8"), ("hold_out", "u8"), ("ends_at", "i8"), ("budget", "i8"), ("jitter", "i8"), ("spent", "i8"),
    ("category", "i8"), ("first", "i8"), ("lazy", "i8"), ("budget_out", "i8"),
)  # fmt: skip
"""One campaign. ``lazy``: a report can only end its cascades, so that it needs no event of its own."""

PLACE = _record(
    ("local_offset", "i8"), ("zone_from", "i8"), ("zone_to", "i8"), ("country", "i8"), ("country_row", "i8"),
    ("calendar", "i8"),
)  # fmt: skip
"""Where people live: zones, country and calendar that many share."""

# -- people and cascades ---------------------------------------------------------------------------------------------

PERSON = _record(
    ("key", "u8"), ("recipient", "i4"), ("bits", "u4"), ("consents", "i4"), ("place", "u2"), ("level", "u1"),
    ("recent", "u1"),
)  # fmt: skip
"""One person. ``recipient`` is the place in the audience; ``recent`` counts messages where no week can pass."""

# Bits of PERSON.bits; the lowest say channel by channel that an address is known.
BLOCKED = len(CHANNELS)  # channel by channel: the person blocked the company there
FEATURE_PHONE = 1 << 2 * len(CHANNELS)
DEAD = FEATURE_PHONE << 1
SCRIPTED = FEATURE_PHONE << 2
TAKEN_UP = FEATURE_PHONE << 3

CHAIN = _record(
    ("at", "i8"), ("who", "i4"), ("step", "i4"), ("campaign", "u2"), ("version", "u2"), ("bits", "u1"),
    ("stopped_by", "u1"), ("goto", "i2"),
)  # fmt: skip
"""One person's way through one campaign. ``at`` is the release until then, later the report that ends it (NEVER)."""

DELAYED, STOPPED, ENDED, WAITING, RELEASED, SENT_ON = 1, 2, 4, 8, 16, 32
"""Bits of CHAIN.bits; ``SENT_ON``: what it waits for began with a message handed over."""

# -- queues and events ------------------------------------------------------------------------------------------------

ENTRY = _record(("at", "i8"), ("chain", "i4"), ("extra", "i4"))
QUEUE = _record(("head", "i8"), ("first", "i8"), ("tail", "i8"), ("last", "i8"), ("waiting", "i8"))
LEVEL = _record(
    ("queue", "i8"), ("slots", "i8"), ("shift", "i8"), ("start", "i8"), ("loaded", "i8"), ("next", "i8"), ("at", "i8")
)
"""Slots of the ends of holds, 2**shift microseconds each, the first of them the queue ``queue``. ``loaded``: the slot
that has begun; ``next``: the first after it that is not empty, which begins at ``at`` (NEVER: all are empty)."""
EVENT = _record(("at", "i8"), ("order", "i8"), ("kind", "i4"), ("a", "i4"), ("b", "i4"), ("c", "i4"))
SERVER = _record(
    ("numerator", "i8"), ("denominator", "i8"), ("rest", "i8"), ("free_at", "i8"), ("queue", "i8"), ("due", "i8")
)

# -- providers and staff -----------------------------------------------------------------------------------------

SENDER = _record(("registered_at", "i8"), ("channel", "i8"), ("limit", "i8"), ("rated", "i8"), ("blocks", "i8"))
TEMPLATE = _record(("since", "i8"), ("channel", "i8"), ("state", "i8"), ("rated", "i8"))
QUALITY = _record(
    ("yellow_ppm", "i8"), ("red_ppm", "i8"), ("minimum", "i8"), ("rating", "i8"), ("day", "i8"),
    ("delivered", "i8", (len(WEIGHTS),)), ("negative", "i8", (len(WEIGHTS),)),
)  # fmt: skip
BLOCKING = _record(
    ("warn_ppm", "i8"), ("block_ppm", "i8"), ("minimum", "i8"), ("block_for", "i8"), ("blocked_until", "i8"),
    ("hour", "i8"), ("warned", "i8"), ("delivered", "i8", (HOURS,)), ("negative", "i8", (HOURS,)),
)  # fmt: skip
PAUSING = _record(
    ("lengths", "i8", (PAUSES,)), ("count", "i8"), ("pauses", "i8"), ("paused_until", "i8"), ("disabled", "i8")
)
LIMIT = _record(
    ("levels", "i8", (LEVELS_OF_LIMIT,)), ("count", "i8"), ("level", "i8"), ("upgrade_after", "i8"),
    ("upgrade_numerator", "i8"), ("upgrade_denominator", "i8"), ("lowered_by_quality", "i8"), ("flagged_for", "i8"),
    ("flagged_at", "i8"), ("upgrade_at", "i8"), ("distinct_day", "i8"), ("distinct_week", "i8"), ("sender", "i8"),
    ("day_queue", "i8"), ("week_queue", "i8"), ("own_last", "i8"),
)  # fmt: skip
OUTAGE = _record(("until", "i8"), ("hold", "i8"))
REPLY = _record(("at", "i8"), ("duration", "i8"), ("who", "i4"), ("step", "i4"))

# -- the log and what is true now --------------------------------------------------------------------------------

ROW = _record(
    ("at", "i8"), ("other", "i8"), ("recipient", "i4"), ("units", "i4"), ("place", "i2"), ("attempt", "i2"),
    ("extra", "i2"), ("event", "u1"), ("reason", "u1"),
)  # fmt: skip
"""One row about a person, half a line of the processor's cache. ``place``: the step, or -2 - campaign, or -1.

``other``: until or received_at, and ``extra``: rule or state, by event. The costs of rows with units lie apart.
"""
NO_UNITS = -(2**31)
"""In ROW.units: nothing is billed."""
MOST_STEPS = 2**15 - 2

MESSAGE = _record(
    ("key", "u8"), ("at", "i8"), ("chain", "i8"), ("who", "i8"), ("step", "i8"), ("recipient", "i8"),
    ("country_row", "i8"), ("attempt", "i8"), ("state", "i8"), ("tired", "i8"), ("scripted", "i8"),
)  # fmt: skip
"""The message that is handed over just now."""

NOW = _record(
    # fixed by the scenario
    ("start", "i8"), ("end", "i8"), ("key", "u8"), ("suppress_after", "i8"), ("watch_purchases", "i8"),
    ("counts_recent", "i8"), ("has_gate", "i8"), ("base_purchase", "i8"), ("waking", "i8"),
    ("staffed", "i8"), ("auto_reply", "i8"), ("answer", "i8"),
    ("own_touched", "i8"), ("own_recent", "i8"), ("own_failures", "i8"), ("own_bought_at", "i8"),
    ("own_bought", "i8"), ("own_orders", "i8"), ("own_last_order", "i8"), ("own_sent", "i8"),
    ("keeps_chains", "i8"),
    ("activity", "i8", (24,)), ("fatigue", "i8", (FATIGUE_LEVELS,)), ("annoyance", "i8", (FATIGUE_LEVELS,)),
    ("row_room", "i8"), ("push_room", "i8"),
    ("timer_queue", "i8"), ("outages", "i8"), ("plans_until", "i8"),
    # what is true now
    ("at", "i8"), ("order", "i8"), ("rows", "i8"), ("costs", "i8"), ("wrote", "i8"), ("wide_rows", "i8"),
    ("replies", "i8"), ("finished", "i8"),
    ("feedback_size", "i8"), ("hold_size", "i8"), ("due_size", "i8"), ("free_block", "i8"), ("free_blocks", "i8"),
    ("released", "i8"), ("timer_at", "i8"), ("timer_ring", "i8"), ("on_duty", "i8"), ("busy", "i8"),
    ("serving", "i8"), ("buying", "i8"), ("buying_at", "i8"), ("buying_count", "i8"),
    ("chains", "i8"), ("carrying", "i8"), ("closing", "i8"),
)  # fmt: skip
"""Numbers of the run as a whole. ``serving``: the server in the middle of its turn; ``buying``: see ``release``.

``plans_until``: what would happen from then on is not planned: the end, or -NEVER where a log is made again.
"""

RESULTS, WOKEN, REPLIES, REJECTS = range(4)
"""Queues that every run has: decisions at a server still to be carried out, chains woken together, replies, messages
refused at once."""
FIXED_QUEUES = 4
