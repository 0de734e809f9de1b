"""Runs the cases of a rule: one message, perhaps after others, and what the rule answers to it.

A case changes what it names of a message about which everything is known and good: to a person in Moscow, who
consented and never opted out, at noon of Wednesday 2026-11-18, by an approved template, valid for an hour. ``null``
means not known. A message ``before`` names its text by a number; 0 is that of the last message.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import yaml

from policies.audit.audit import Attempts, audit, blank_attempts
from policies.calendars.workdays import regional_holidays
from policies.coded import constant
from policies.content.checks import ContentFacts
from policies.content.text import TemplateText, TextButton
from policies.context import Context
from policies.kinds import base as k
from policies.packs import PACKS, all_rules, in_force, load_packs
from policies.people import BASES, C_WIDTH, EVIDENCE, People
from policies.records import CATEGORIES, CHANNELS, DAY, MISSING, NEVER, SECOND
from policies.registers import R_WIDTH
from policies.rules import SEVERITY_ORDER, Rule
from policies.tables import RuleTable, build_tables, compile_rules
from scenarios.audience.registers import parse_entries

FOLDER = Path(__file__).parent.parent / "cases"
BRANDS = ("Ours", "Other")
GOOD: dict[str, Any] = {
    "at": "2026-11-18T12:00:00",
    "channel": "sms",
    "category": "promo",
    "country": "RU",
    "zones": ["Europe/Moscow"],
    "brand": "Ours",
    "organisation": "retailer",
    "consents": [{}],
    "registers": [],
    "opt_out_at": "never",
    "template_state": "approved",
    "template_since": "2020-01-01T00:00:00",
    "last_inbound": "never",
    "validity_s": 3600,
    "orders": 3,
    "last_order_at": "2026-11-01T00:00:00",
    "evidence": {},
    "text": {"body": "Здравствуйте!"},
    "facts": {},
    "before": [],
    "sent_before": 1,
}
OF_MESSAGE = ("at", "channel", "category")
EXPECTED = ("name", "expect", "severity", "as_of", "until", "regional", "calendars", "received_at")
OTHER_REGIONS = {name: days for name, days in regional_holidays().items() if name != "RU-BA"}


@cache
def rules() -> tuple[Rule, ...]:
    """Return all shipped rules."""
    return all_rules(load_packs(PACKS))


@cache
def case_files() -> dict[str, tuple[dict[str, Any], ...]]:
    """Return the cases by rule id, each with the defaults of its file."""
    found = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        raw = _plain(raw)
        found[path.stem] = tuple({**raw.get("defaults", {}), **case} for case in raw["cases"])
    return found


def judge(rule_id: str, case: dict[str, Any]) -> tuple[str, str | None, str | None]:
    """Return the answer to the last message, the gravest failing severity, and until when it fails (local time)."""
    unknown_fields = set(case) - set(GOOD) - set(EXPECTED)
    assert not unknown_fields, unknown_fields
    full = {**GOOD, **case}
    as_of = date.fromisoformat(case["as_of"]) if "as_of" in case else None
    chosen = in_force((rule for rule in rules() if rule.id == rule_id), as_of)
    attempts, people = _attempts(full), _people(full)
    context = _context(full, int(attempts.matrix[0, k.A_AT]), int(attempts.matrix[-1, k.A_AT]))
    table = compile_rules(chosen, context)
    if not len(table):
        return "not applicable", None, None
    answers = audit(attempts, table, build_tables(people, context), people)[-1]
    return _combine(answers.tolist(), table, full)


def _combine(answers: list[int], table: RuleTable, case: dict[str, Any]) -> tuple[str, str | None, str | None]:
    words = [k.ANSWER_NAMES.get(answer, "fail") for answer in answers]
    for word in ("fail", "review", "unknown", "pass"):
        found = [i for i, answer in enumerate(words) if answer == word]
        if found:
            severity = min((table.row_check[i].severity for i in found), key=SEVERITY_ORDER.index)
            until = max(answers[i] for i in found)
            return word, severity, _local_text(until, case) if until > 0 else None
    return "not applicable", None, None


def _plain(value: Any) -> Any:
    """Return the value with ``null``, true, false and integers as such; all else stays text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    words = {"null": None, "true": True, "false": False}
    return words[value] if value in words else int(value) if value.isdecimal() else value


def _instant(text: str | None, zone: str) -> int:
    """Return local time in ``zone``, or UTC when it ends in Z, as microseconds; ``never`` and None as such."""
    if text is None:
        return MISSING
    if text == "never":
        return NEVER
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return round(moment.timestamp() * 1_000_000)


def _zone(case: dict[str, Any]) -> str:
    return str(case["zones"][0]) if case["zones"] else "UTC"


def _local_text(at: int, case: dict[str, Any]) -> str:
    return f"{datetime.fromtimestamp(at / 1e6, UTC).astimezone(ZoneInfo(_zone(case))):%Y-%m-%dT%H:%M:%S}"


def _attempts(case: dict[str, Any]) -> Attempts:
    """Return the messages before and the one to judge, of one recipient."""
    messages = [*case["before"], {name: case[name] for name in OF_MESSAGE}]
    attempts = blank_attempts(len(messages))
    for row, message in zip(attempts.matrix, messages, strict=True):
        whole = {**case, **message}
        zone = _zone(case)
        row[k.A_AT] = _instant(whole["at"], zone)
        row[k.A_CHANNEL] = CHANNELS.index(whole["channel"])
        row[k.A_CATEGORY] = MISSING if whole["category"] is None else CATEGORIES.index(whole["category"])
        row[k.A_RECIPIENT] = 0
        row[k.A_BRAND] = -1 if case["brand"] is None else BRANDS.index(case["brand"])
        row[k.A_OPT_OUT_AT] = _instant(case["opt_out_at"], zone)
        row[k.A_OPT_OUT_RECEIVED_AT] = _instant(case.get("received_at", case["opt_out_at"]), zone)
        state = case["template_state"]
        row[k.A_TEMPLATE_STATE] = MISSING if state is None else k.TEMPLATE_STATES.index(state)
        row[k.A_TEMPLATE_SINCE] = _instant(case["template_since"], zone)
        row[k.A_LAST_INBOUND] = _ago(whole["last_inbound"], zone)
        row[k.A_VALIDITY] = MISSING if case["validity_s"] is None else case["validity_s"] * SECOND
        row[k.A_ORDERS] = MISSING if case["orders"] is None else case["orders"]
        row[k.A_LAST_ORDER_AT] = _ago(case["last_order_at"], zone)
        row[k.A_TEXT] = MISSING if whole["text"] is None else message.get("text", 0)
        row[k.A_SENT_BEFORE] = MISSING if whole["sent_before"] is None else whole["sent_before"]
    return attempts


def _ago(text: str | None, zone: str) -> int:
    """Return an instant of the past, where ``never`` lies before all others."""
    return -NEVER if text == "never" else _instant(text, zone)


def _people(case: dict[str, Any]) -> People:
    consents = np.array([_consent(item, _zone(case)) for item in case["consents"]], np.int64).reshape(-1, C_WIDTH)
    one = np.zeros(1, np.int64)
    return People(
        ids=pa.array(["P1"]),
        key=np.ones(1, np.uint64),
        phone=one + 79_000_000_000,
        country=one if case["country"] else one - 1,
        zone_set=one,
        zone_source=np.zeros(1, np.uint8),
        present=one - 1,
        feature_phone=np.zeros(1, np.bool_),
        failures_in_a_row=constant(0, 1),
        orders=constant(0, 1),
        last_order_at=constant(0, 1),
        overdue_since=constant(0, 1),
        overdue_micro=constant(0, 1),
        consent_set=np.zeros(1, np.uint8),
        consent_ptr=np.array([0, len(consents)], np.int64),
        consents=consents,
        opt_out_at=constant([NEVER] * len(CHANNELS), 1),
        countries=(case["country"] or "RU",),
        zone_sets=(tuple(case["zones"]),),
        brands=BRANDS,
        **_entries(case["registers"]),
    )


def _entries(texts: list[str] | None) -> dict[str, Any]:
    """Return the entries in registers, such as ``uk-tps@2026-01-05``; None: it is not known where the person stands."""
    if texts is None:
        return {}
    rows = [entry for text in texts for entry in parse_entries(text)]
    return {
        "register_ptr": np.array([0, len(rows)], np.int64),
        "registers": np.array(rows, np.int64).reshape(-1, R_WIDTH),
    }


def _consent(raw: dict[str, Any], zone: str) -> list[int]:
    """Return one consent; by default to everything, for our brand, long ago, with all evidence but that of a basis."""
    evidence = raw.get("evidence", [name for name in EVIDENCE if name not in BASES])
    return [
        _mask(raw.get("categories", list(CATEGORIES)), CATEGORIES),
        _mask(raw.get("channels", list(CHANNELS)), CHANNELS),
        MISSING if raw.get("brand", "Ours") is None else BRANDS.index(raw.get("brand", "Ours")),
        _instant(raw.get("from", "2020-01-01T00:00:00"), zone),
        _instant(raw.get("to", "never"), zone),
        _mask(evidence, EVIDENCE),
    ]


def _mask(names: list[str] | None, words: tuple[str, ...]) -> int:
    return MISSING if names is None else sum(1 << words.index(name) for name in names)


def _context(case: dict[str, Any], first: int, last: int) -> Context:
    facts = {name: _frozen(value) for name, value in case["facts"].items()}
    regional = {"RU-BA": [date.fromisoformat(day) for day in case.get("regional", ())], **OTHER_REGIONS}
    return Context(
        start=first // DAY * DAY,
        end=last + DAY,
        now=last,
        zone="Europe/Moscow",
        organisation_kind=case["organisation"],
        brands=BRANDS,
        evidence=case["evidence"],
        countries=(case["country"] or "RU",),
        texts=() if case["text"] is None else (_text(case),),
        content_facts=ContentFacts(**facts),
        regional=regional,
        calendars={"RU": "RU-BA"} if "regional" in case else case.get("calendars", {}),
    )


def _frozen(value: Any) -> Any:
    return frozenset(value) if isinstance(value, list) and all(" " not in item for item in value) else _tuple(value)


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _text(case: dict[str, Any]) -> TemplateText:
    raw = {"channel": case["channel"], "category": case["category"], **case["text"]}
    raw["body"] = raw["body"] * raw.pop("times", 1)
    if "sender" in raw:
        raw["sender"] = str(raw["sender"])
    buttons = tuple(TextButton(**button) for button in raw.pop("buttons", ()))
    return TemplateText(**raw, buttons=buttons)
