"""A long log is judged part by part; what lies before a message is what a look at every row finds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from policies import ordering
from policies.attempts import LogFacts, TemplateFact, attempts_of_log
from policies.audit.audit import audit
from policies.audit.log import audit_log
from policies.coded import coded, coded_rows
from policies.context import Context
from policies.kinds import base as k
from policies.logs.codes import LOG_COLUMNS
from policies.ordering import by_recipient
from policies.people import People
from policies.records import CHANNELS, DAY, HOUR, MISSING, NEVER
from policies.tables import build_tables, compile_rules
from tests.support.judging import instant, make_people, make_rule

START = instant("2026-11-01")
PEOPLE = 6
FACTS = LogFacts(
    campaigns=["c"], senders=["a", "b"], templates=["t", "u"], complete=False,
    template_facts={"t": TemplateFact(state=1, registered_at=START + 5 * DAY, text=np.array([3, 1, 4, 1, 5, 9]))},
)  # fmt: skip
Row = dict[str, Any]


def random_rows(n: int, seed: int) -> list[Row]:
    """Messages and what people do about them, on full hours, so that many fall on one instant."""
    rng = np.random.default_rng(seed)

    def one(*words: str | None) -> str | None:
        return words[int(rng.integers(len(words)))]

    rows: list[Row] = []
    for _ in range(n):
        event = one("submitted", "submitted", "rejected", "unsubscribed", "replied", "purchased", "template_state")
        at = START + int(rng.integers(0, 10 * 24)) * HOUR
        rows.append({
            "event": event, "occurred_at": at, "received_at": one(None, "x") and at + HOUR,
            "recipient": one(*(f"p{who}" for who in range(PEOPLE)), "stranger"),
            "channel": one("sms", "push"), "category": one("promo", None), "campaign": one("c", None),
            "sender": one("a", "b", "z"), "template": one("t", "u", None),
            "reason": one("not_accepted", "approved", "paused", None),
        })  # fmt: skip
    return rows


def table_of(rows: list[Row]) -> pa.Table:
    types = {name: pa.int64() if name.endswith("_at") else pa.string() for name in LOG_COLUMNS}
    return pa.table({name: pa.array([row[name] for row in rows], types[name]) for name in LOG_COLUMNS})


def crowd() -> People:
    people = make_people((("Europe/Moscow",), ("Asia/Omsk", "Asia/Tokyo")), size=PEOPLE)
    people.orders = coded([0, 1, 2, MISSING, 0, 1])
    people.last_order_at = coded([-NEVER, START, START + 5 * DAY, MISSING, MISSING, START])
    out = np.array([START + 4 * DAY] * 3 + [MISSING, NEVER, NEVER], np.int64)
    people.opt_out_at = coded_rows(np.repeat(out[:, None], len(CHANNELS), axis=1))
    return people


def seen(rows: list[Row], number: int, people: People) -> dict[int, int]:
    """The history of message ``number`` by a look at every row."""
    mine, at = rows[number], rows[number]["occurred_at"]
    names = people.ids.to_pylist()
    who = names.index(mine["recipient"]) if mine["recipient"] in names else -1
    of_person = [row for row in rows if row["recipient"] == mine["recipient"]]
    of_channel = [row for row in of_person if row["channel"] == mine["channel"]]

    def times(events: list[Row], name: str, column: str = "occurred_at") -> list[int]:
        return [row[column] for row in events if row["event"] == name and row[column] is not None and row[column] <= at]

    known = int(people.opt_out_at[who, CHANNELS.index(mine["channel"])]) if who >= 0 else MISSING
    cells = {}
    for cell, column in ((k.A_OPT_OUT_AT, "occurred_at"), (k.A_OPT_OUT_RECEIVED_AT, "received_at")):
        out = times(of_channel, "unsubscribed", column)
        cells[cell] = min([*out, *([known] if known != MISSING else [])], default=MISSING)
    bought = times(of_person, "purchased")
    orders = int(people.orders[who]) if who >= 0 else MISSING
    cells[k.A_ORDERS] = orders if orders == MISSING else orders + len(bought)
    cells[k.A_LAST_ORDER_AT] = max([int(people.last_order_at[who]) if who >= 0 else MISSING, *bought])
    cells[k.A_LAST_INBOUND] = max(times(of_channel, "replied"), default=MISSING)
    cells[k.A_SENT_BEFORE] = sum(
        row["event"] == "submitted" and row["sender"] == mine["sender"] and (row["occurred_at"], place) < (at, number)
        for place, row in enumerate(rows)
        if row["recipient"] == mine["recipient"]
    )
    approved = [
        row["occurred_at"] for row in rows
        if row["event"] == "template_state" and row["reason"] == "approved" and row["template"] == "t"
    ]  # fmt: skip
    first = [moment for moment in approved if moment <= at]
    cells[k.A_TEMPLATE_SINCE] = min([START + 5 * DAY, *first]) if mine["template"] == "t" else MISSING
    cells[k.A_TEXT] = [3, 1, 4, 1, 5, 9][who] if mine["template"] == "t" and who >= 0 else MISSING
    return cells


@pytest.mark.parametrize("seed", range(6))
def test_the_history_of_a_message_is_what_a_look_at_every_row_finds(seed: int) -> None:
    rows, people = random_rows(150, seed), crowd()
    attempts, chosen = attempts_of_log(table_of(rows), people, FACTS)
    wanted = [
        place for place, row in enumerate(rows)
        if row["event"] == "submitted" or (row["event"] == "rejected" and row["reason"] != "not_accepted")
    ]  # fmt: skip
    assert chosen.tolist() == wanted
    for place, number in enumerate(wanted):
        if rows[number]["recipient"] != "stranger":
            cells = seen(rows, number, people)
            assert {cell: int(attempts.matrix[place, cell]) for cell in cells} == cells


@pytest.mark.parametrize("part", [1, 7, 1 << 16])
def test_a_log_judged_part_by_part_is_judged_as_a_whole(part: int) -> None:
    people, log = crowd(), table_of(random_rows(400, 9))
    context = Context(start=START, end=START + 10 * DAY, countries=people.countries)
    checks: list[tuple[str, dict[str, Any]]] = [
        ("frequency_cap", {"caps": [{"count": 2, "period": "roll_24h"}]}), ("opt_out", {}), ("template", {}),
        ("time_window", {"workday": ["09:00", "21:00"]}), ("cool_down", {"inactive_days": 1, "pause_days": 2}),
    ]  # fmt: skip
    rules = compile_rules([make_rule(kind, params, id=kind) for kind, params in checks], context)
    tables = build_tables(people, context)
    attempts, chosen = attempts_of_log(log, people, FACTS)
    answers, rows = audit_log(log, people, FACTS, rules, tables, part=part)
    assert sorted(rows.tolist()) == chosen.tolist()
    assert (answers[np.argsort(rows)] == audit(attempts, rules, tables, people, untils=False)).all()


def test_an_opt_out_without_a_channel_is_one_from_all_and_nobody_elses() -> None:
    people = make_people((("Europe/Moscow",),), size=2)
    sent = {"event": "submitted", "occurred_at": START + HOUR, "channel": "voice", "category": "promo"}
    left = {"event": "unsubscribed", "occurred_at": START, "recipient": "p1"}
    rows = [dict.fromkeys(LOG_COLUMNS) | row for row in (left, sent | {"recipient": "p0"}, sent | {"recipient": "p1"})]
    attempts, _ = attempts_of_log(table_of(rows), people, FACTS)
    assert attempts.matrix[:, k.A_OPT_OUT_AT].tolist() == [NEVER, START]


def test_counting_places_gives_the_order_of_sorting(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    who = np.where(rng.random(900) < 0.3, -1, rng.integers(0, 200, 900))
    for at in (np.arange(900), rng.integers(0, 50, 900)):
        expected = by_recipient(who, at)
        monkeypatch.setattr(ordering, "COUNTED_FROM", 0)
        assert by_recipient(who, at).tolist() == expected.tolist()
        monkeypatch.undo()
