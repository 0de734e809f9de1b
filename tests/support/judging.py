"""One person, a few rules, some messages: the smallest world in which a kind can be judged.

A case file ``tests/cases/kinds/<kind>.yaml`` has ``kind`` and ``cases``; a case has ``name``, ``params``, and
optionally ``rule`` (fields of Rule), ``context``, ``person``, ``message`` (defaults of its messages); ``messages``
are judged one after the other, each then counted as handed over unless ``sent: false``.
Expected: ``pass``, ``fail``, ``review``, ``unknown``, ``not applicable``, or ``until`` with the instant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml

from policies import gate
from policies.coded import constant
from policies.context import Context
from policies.kinds import base
from policies.people import C_WIDTH, EVIDENCE, People
from policies.records import CATEGORIES, CHANNELS, DAY, MINUTE, MISSING, NEVER, SECOND
from policies.registers import R_WIDTH, REGISTER_NAMES
from policies.rules import Check, Citation, Rule
from policies.tables import RuleTable, Tables, build_tables, compile_rules

CASES = Path(__file__).parents[1] / "cases" / "kinds"
INSTANTS = {"never": NEVER, "missing": MISSING, "none": -NEVER}


def instant(value: str | datetime | date | int) -> int:
    """Return the microseconds of an ISO instant (UTC unless it says otherwise), or of never, none, missing."""
    if isinstance(value, str) and value in INSTANTS:
        return INSTANTS[value]
    if isinstance(value, int):
        return value
    moment = datetime.fromisoformat(str(value))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int(moment.timestamp()) * SECOND + moment.microsecond


def make_rule(kind: str, params: Mapping[str, Any], **fields: Any) -> Rule:
    """Return a rule of one check."""
    severity = fields.pop("severity", "error")
    rest: dict[str, Any] = {
        "id": "X-1",
        "pack": "test",
        "version": 1,
        "title": "",
        "statement": "",
        "rationale": "",
    } | fields
    return Rule(
        citation=Citation("none"), confidence="guessed", checks=(Check(kind, params, severity=severity),), **rest
    )


def make_people(
    zone_sets: tuple[tuple[str, ...], ...] = (("Europe/Moscow",),),
    country: str | None = "RU",
    consents: tuple[Mapping[str, Any], ...] = (),
    size: int | None = None,
    registers: Sequence[Mapping[str, Any]] | None = None,
) -> People:
    """Return one recipient for each zone set (or ``size`` of them, in turn), each with the same consents and entries
    in registers; None: it is not known where they stand.
    """
    n = size or len(zone_sets)
    table = [consent_row(consent) for consent in consents]
    countries = ("DE", "RU", "US") if country is None or country in ("DE", "RU", "US") else ("DE", country)
    fixed = np.zeros(n, np.int64)
    return People(
        ids=pa.array([f"p{i}" for i in range(n)]),
        key=np.arange(n, dtype=np.uint64),
        phone=fixed,
        country=np.full(n, -1 if country is None else countries.index(country)),
        zone_set=np.arange(n) % len(zone_sets),
        zone_source=np.zeros(n, np.uint8),
        present=np.full(n, 511),
        feature_phone=np.zeros(n, np.bool_),
        failures_in_a_row=constant(0, n),
        orders=constant(MISSING, n),
        last_order_at=constant(MISSING, n),
        overdue_since=constant(NEVER, n),
        overdue_micro=constant(0, n),
        consent_set=np.zeros(n, np.uint8),
        consent_ptr=np.array([0, len(consents)]),
        consents=np.array(table, np.int64).reshape(-1, C_WIDTH),
        opt_out_at=constant([NEVER] * len(CHANNELS), n),
        countries=countries,
        zone_sets=zone_sets,
        **entries_of(registers),
    )


def entries_of(registers: Sequence[Mapping[str, Any]] | None) -> dict[str, Any]:
    """Return the fields of ``People`` for one set of entries, each with ``in`` and ``since``."""
    if registers is None:
        return {}
    rows = [[register_of(entry["in"]), instant(entry.get("since", "2020-01-01"))] for entry in registers]
    return {
        "register_ptr": np.array([0, len(rows)], np.int64),
        "registers": np.array(rows, np.int64).reshape(-1, R_WIDTH),
    }


def register_of(name: str) -> int:
    """Return the place of a register; MISSING for ``missing``."""
    return MISSING if name == "missing" else REGISTER_NAMES.index(name)


def consent_row(consent: Mapping[str, Any]) -> list[int]:
    """Return a row of the consent table; what is left out covers everything, ``missing`` is not known."""
    return [
        _mask(consent.get("categories"), CATEGORIES),
        _mask(consent.get("channels"), CHANNELS),
        INSTANTS.get(consent.get("brand", -1), consent.get("brand", -1)),
        instant(consent.get("from", "2020-01-01")),
        instant(consent.get("to", "never")),
        _mask(consent.get("evidence"), EVIDENCE),
    ]


def _index(name: str | int | None, words: tuple[str, ...]) -> int:
    if name is None:
        return MISSING
    return name if isinstance(name, int) else words.index(name)


def _mask(names: Any, words: tuple[str, ...]) -> int:
    if names == "missing":
        return MISSING
    return -1 if names is None else sum(1 << words.index(name) for name in names)


def make_attempt(message: Mapping[str, Any]) -> list[int]:
    """Return the attempt vector of a message in words."""
    a = gate.blank_attempt()
    a[base.A_AT] = instant(message["at"])
    a[base.A_CHANNEL] = CHANNELS.index(message.get("channel", "sms"))
    category = message.get("category", "promo")
    a[base.A_CATEGORY] = _index(category, CATEGORIES)
    a[base.A_OPT_OUT_AT] = instant(message.get("opt_out_at", "never"))
    a[base.A_OPT_OUT_RECEIVED_AT] = instant(message.get("opt_out_received_at", "never"))
    state = message.get("template_state")
    a[base.A_TEMPLATE_STATE] = MISSING if state is None else base.TEMPLATE_STATES.index(state)
    a[base.A_TEMPLATE_SINCE] = instant(message.get("template_since", "missing"))
    a[base.A_LAST_INBOUND] = instant(message.get("last_inbound", "missing"))
    a[base.A_LAST_ORDER_AT] = instant(message.get("last_order_at", "missing"))
    a[base.A_ORDERS] = message.get("orders", MISSING)
    a[base.A_BRAND] = message.get("brand", MISSING)
    a[base.A_TEXT] = message.get("text", MISSING)
    minutes = message.get("validity_minutes")
    a[base.A_VALIDITY] = MISSING if minutes is None else round(minutes * MINUTE)
    return a


@cache
def case_files() -> dict[str, dict[str, Any]]:
    """Return every case file by its kind."""
    loaded = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.yaml"))]
    return {file["kind"]: file for file in loaded}


def all_cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (kind, case) of every file."""
    for kind, file in case_files().items():
        for case in file["cases"]:
            yield kind, case


def messages_of(case: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the messages of a case with its defaults filled in."""
    return [dict(case.get("message", {})) | message for message in case["messages"]]


def world(case: Mapping[str, Any]) -> tuple[People, Context, Tables]:
    """Return the person, the context and the tables of a case; these do not depend on the kind's code."""
    person = case.get("person", {})
    people = make_people(
        (tuple(person.get("zones", ["Europe/Moscow"])),),
        person.get("country", "RU"),
        tuple(person.get("consents", ())),
        registers=person.get("registers"),
    )
    times = [instant(message["at"]) for message in messages_of(case)]
    fields = dict(case.get("context", {}))
    start, end = (instant(fields.pop(name)) if name in fields else None for name in ("start", "end"))
    context = Context(
        start=min(times) - DAY if start is None else start,
        end=max(times) + DAY if end is None else end,
        countries=people.countries,
        **fields,
    )
    return people, context, build_tables(people, context)


def judge(kind: str, case: Mapping[str, Any], scene: tuple[People, Context, Tables]) -> list[str]:
    """Return what was wrong: one line for each message whose answer is not the expected one."""
    people, context, tables = scene
    table = compile_rules([make_rule(kind, case.get("params", {}), **case.get("rule", {}))], context)
    door = gate.Gate(table, tables, people)
    state = door.new_state()
    wrong = []
    for message in messages_of(case):
        attempt = make_attempt(message)
        found = answer_of(door, attempt, state, message)
        expected = expectation(message)
        if found != expected:
            wrong.append(f"{kind}: {case['name']}: {message['at']}: {words(found)}, expected {words(expected)}")
        if message.get("sent", True):
            door.observe(attempt, state)
    return wrong


def answer_of(door: gate.Gate, attempt: list[int], state: list[int], message: Mapping[str, Any]) -> int:
    """Return the answer of all rows of the rule together; the latest *until* if only time is lacking."""
    if message.get("nobody"):
        table: RuleTable = door.rule_table
        attempt[base.A_RECIPIENT] = attempt[base.A_CONSENTS] = -1
        answers = [gate.evaluate_row(row, attempt, state, 0, 0, door._arrays) for row in table.rows.tolist()]
    else:
        answers = door.answers(0, attempt, state)
    if not answers:
        return base.NOT_APPLICABLE
    for grave in (base.FAIL, base.UNKNOWN, base.REVIEW):
        if grave in answers:
            return grave
    return max(answers)


def expectation(message: Mapping[str, Any]) -> int:
    """Return the expected answer as an integer."""
    if "until" in message:
        return instant(message["until"])
    return next(answer for answer, name in base.ANSWER_NAMES.items() if name == message["expect"])


def words(answer: int) -> str:
    """Return an answer in words."""
    if answer > 0:
        return f"fail until {datetime.fromtimestamp(answer / SECOND, UTC).isoformat()}"
    return base.ANSWER_NAMES[answer]
