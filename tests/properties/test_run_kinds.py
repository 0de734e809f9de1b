"""Kinds that judge a run, on small random logs of many senders: the same as their rules read row by row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.records import DAY, HOUR, NEVER
from policies.rules import Check
from policies.runs import assess
from policies.runs.by_owner import ByOwner
from policies.runs.columns import Columns
from policies.runs.facts import RunFacts
from tests.policies.log_rows import at, log

START = at("02T00:00")
Row = dict[str, Any]

WORDS = st.sampled_from(("green", "yellow", "red", "paused", None))
NAMES = st.sampled_from(("S", "T", "U", None))
HOURS = st.integers(0, 12)


def rows_of(*fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Row]]:
    """Random rows; fields are strategies of event, hour, recipient, sender, template, reason and units."""
    names = ("event", "at", "recipient", "sender", "template", "reason", "units")
    row = st.tuples(*fields).map(lambda cells: dict(zip(names, cells, strict=False)))
    return st.lists(row.map(lambda cells: cells | {"at": START + cells["at"] * HOUR}), max_size=20)


def run(rows: list[Row], **facts: Any) -> RunFacts:
    return RunFacts(log(*rows), START, START + DAY, **facts)


def in_time(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["at"])


OWNED = st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 6)), max_size=12)


@given(OWNED, OWNED)
def test_what_an_owner_had_by_an_instant_is_counted_and_the_last_is_found(
    things: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    def split(pairs: list[tuple[int, int]]) -> tuple[Any, Any]:
        cells = np.array(pairs, np.int64).reshape(-1, 2)
        return cells[:, 0], cells[:, 1]

    table = ByOwner(*split(things))
    before = [
        sorted((when, number) for number, (name, when) in enumerate(things) if name == owner and when <= until)
        for owner, until in asked
    ]
    assert table.count(*split(asked)).tolist() == [len(found) for found in before]
    assert table.latest(*split(asked)).tolist() == [found[-1][1] if found else -1 for found in before]


EVENTS_OF_QUOTA = st.sampled_from(("delivered", "delivered", "delivered", "limit_changed"))
LIMITS = st.dictionaries(st.sampled_from(("S", "T", "U", "V")), st.sampled_from((0, 1, 2, None)))
PORTFOLIOS = st.dictionaries(st.sampled_from(("S", "T", "U", "V")), st.sampled_from(("P", "Q")))


@given(
    rows_of(EVENTS_OF_QUOTA, HOURS, st.sampled_from("abcd"), NAMES, NAMES, WORDS, st.sampled_from((0, 1, 2, None))),
    LIMITS, PORTFOLIOS, st.sampled_from(("sender", "portfolio")), st.integers(1, 6),
)  # fmt: skip
def test_quotas_of_many_senders_are_those_of_each(
    rows: list[Row], limits: dict[str, int | None], portfolios: dict[str, str], scope: str, hours: int
) -> None:
    found = assess(Check("quota", {"scope": scope, "hours": hours}), run(rows, limits=limits, portfolios=portfolios))

    def holder(sender: str | None) -> str:
        return portfolios.get(sender or "", sender or "") if scope == "portfolio" else sender or ""

    known = {holder(sender) for sender in limits}
    over: list[tuple[str, int]] = []
    delivered = [row for row in in_time(rows) if row["event"] == "delivered"]
    for owner in sorted(known):
        start = max(NEVER if limit is None else limit for sender, limit in limits.items() if holder(sender) == owner)
        changes = [row for row in in_time(rows) if row["event"] == "limit_changed" and holder(row["sender"]) == owner]
        last: dict[str, int] = {}
        own = [row for row in delivered if holder(row["sender"]) == owner]
        for row in own:
            who, instant = row["recipient"], row["at"]
            fresh = instant - last.get(who, -NEVER) >= hours * HOUR
            last[who] = instant
            people = sum(instant - when < hours * HOUR for when in last.values())
            units = ([start] + [change["units"] for change in changes if change["at"] <= instant])[-1]
            over += [(who, instant)] * (fresh and people > (NEVER if units is None else units))
    assert found.n == len(delivered)
    assert found.unknown == sum(holder(row["sender"]) not in known for row in delivered)
    assert sorted((item.recipient, item.at) for item in found.evidence) == sorted(over)
    assert found.failed == len(over)


@given(
    rows_of(st.sampled_from(("submitted", "quality_changed", "template_state")), HOURS, st.none(), NAMES, NAMES, WORDS)
)
def test_ratings_of_many_senders_and_templates_are_those_of_each(rows: list[Row]) -> None:
    found = assess(Check("rating_gate", {}), run(rows))
    levels = {"yellow": 1, "red": 2, "paused": 2}

    def level(row: Row, scope: str, event: str) -> int:
        own = [other for other in in_time(rows) if other["event"] == event and other[scope] == row[scope] is not None]
        words = [other["reason"] for other in own if other["at"] < row["at"]]
        return levels.get(words[-1], 0) if words else 0

    sent = [row for row in rows if row["event"] == "submitted"]
    kept = (("sender", "quality_changed"), ("template", "quality_changed"), ("template", "template_state"))
    worst = [max(level(row, *pair) for pair in kept) for row in sent]
    assert (found.n, found.failed, found.review) == (len(sent), worst.count(2), worst.count(1))


@given(rows_of(st.sampled_from(("submitted", "failed")), HOURS, st.sampled_from("abc"), NAMES, NAMES, st.just("limit")))
def test_pauses_of_many_people_are_those_of_each(rows: list[Row]) -> None:
    found = assess(Check("retry_pause", {"reasons": ["limit"], "hours": 3}), run(rows))
    failures = [row for row in in_time(rows) if row["event"] == "failed"]
    again = [
        next((row for row in in_time(rows) if row["event"] == "submitted" and row["recipient"] == failure["recipient"]
              and row["at"] > failure["at"]), failure | {"at": NEVER})
        for failure in failures
    ]  # fmt: skip
    early = [row for row, failure in zip(again, failures, strict=True) if row["at"] - failure["at"] < 3 * HOUR]
    assert (found.n, found.failed) == (len(failures), len(early))
    assert [(item.at, item.sender) for item in found.evidence] == [(row["at"], row["sender"] or "") for row in early]


@pytest.mark.parametrize("kind", ["quota", "rating_gate"])
def test_more_senders_do_not_mean_more_looks_at_the_log(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows of a log are picked out as often for a hundred senders as for one."""
    looks: list[tuple[str, ...]] = []
    pick = Columns.rows

    def looked(columns: Columns, *events: str) -> Any:
        looks.append(events)
        return pick(columns, *events)

    monkeypatch.setattr(Columns, "rows", looked)
    counted = []
    for senders in (1, 100):
        events = ("delivered", "submitted", "limit_changed", "quality_changed")
        rows = [
            {"event": event, "at": START, "recipient": "a", "sender": f"S{n}"}
            for n in range(senders)
            for event in events
        ]
        assess(Check(kind, {}), run(rows, limits={f"S{n}": 1 for n in range(senders)}))
        counted.append(len(looks))
        looks.clear()
    assert counted[0] == counted[1] > 0
