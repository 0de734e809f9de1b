"""Messages come person by person, each in order of time, whatever the order of the log, its size and its chunks."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies import id_finder
from policies.attempts import LogFacts
from policies.id_finder import finder
from policies.ids import Numbered
from policies.logs import codes as log_codes
from policies.logs import file as log_file
from policies.logs import groups as log_groups
from policies.logs import parts as log_parts
from policies.logs.codes import LOG_COLUMNS, read_rows
from policies.logs.file import LogFile
from policies.logs.parts import of_recipient, parts
from policies.people import People
from tests.support.judging import instant, make_people

START = instant("2026-11-01")
FACTS = LogFacts(("a", "b"), ("s", "t"), ("u",))
HOWEVER: dict[str, Callable[[Any], Any]] = {
    "sorted": lambda rng: np.arange(300),
    "backwards": lambda rng: np.arange(300)[::-1],
    "at random": lambda rng: rng.integers(0, 300, 300),
    "at few instants": lambda rng: rng.integers(0, 3, 300),
}
WHOSE: dict[str, Callable[[Any], Any]] = {
    "many": lambda rng: rng.integers(-1, 40, 300),
    "one": lambda rng: np.full(300, 7),
    "nobody": lambda rng: np.full(300, -1),
    "mostly one": lambda rng: np.where(rng.random(300) < 0.9, 7, rng.integers(-1, 40, 300)),
}


def log_of(at: Any, who: Any) -> pa.Table:
    rng, n = np.random.default_rng(3), len(at)
    names: dict[str, Any] = {
        "recipient": [f"p{one}" if one >= 0 else None for one in who.tolist()],
        "event": rng.choice(["submitted", "submitted", "rejected", "read"], n),
        "channel": rng.choice(["sms", "push"], n), "campaign": rng.choice(["a", "c"], n),
        "sender": rng.choice(["s", "t"], n), "template": rng.choice(["u", "w"], n),
        "category": rng.choice(["promo", "debt"], n), "reason": [None] * n,
    }  # fmt: skip
    columns = {name: pa.array(list(words), pa.string()).dictionary_encode() for name, words in names.items()}
    times = pa.array(START + np.asarray(at, np.int64))
    return pa.table(columns | {"occurred_at": times, "received_at": times}).select(list(LOG_COLUMNS))


@pytest.fixture
def many() -> Any:
    """Everything as for a long log, in stretches of 37 rows."""
    with (
        patch.object(log_groups, "GROUPED_FROM", 0),
        patch.object(log_groups, "BATCH", 37),
        patch.object(log_file, "BATCH", 37),
        patch.object(log_parts, "COUNTED_FROM", 0),
        patch.object(log_codes, "COMPILE_FROM", 0),
    ):
        yield


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("part", [1, 20, 10_000])
@pytest.mark.parametrize("whose", WHOSE)
@pytest.mark.parametrize("however", HOWEVER)
def test_parts_hold_whole_recipients_in_order_of_time(however: str, whose: str, part: int) -> None:
    rng = np.random.default_rng(5)
    at, who = HOWEVER[however](rng), WHOSE[whose](rng)
    log, people = log_of(at, who), make_people((("Europe/Moscow",),), size=40)
    plain = read_rows(log, people, FACTS.campaigns, FACTS.senders, FACTS.templates).messages
    rows = read_rows(log, people, FACTS.campaigns, FACTS.senders, FACTS.templates, part=part)
    found = [own.messages.copy() for own in parts(rows, part)]
    wanted = plain[np.lexsort((plain["row"], plain["at"], plain["recipient"]))]
    assert (np.concatenate(found) == wanted).all()
    ends = [(int(one["recipient"][0]), int(one["recipient"][-1])) for one in found]
    assert all(last < first for (_, last), (first, _) in pairwise(ends))
    assert (of_recipient(rows, 7).messages == wanted[wanted["recipient"] == 7]).all()


@pytest.mark.usefixtures("many")
def test_a_log_without_rows_has_no_parts() -> None:
    people = make_people((("Europe/Moscow",),), size=40)
    log = log_of(np.empty(0, np.int64), np.empty(0, np.int64))
    assert list(parts(read_rows(log, people, (), (), (), part=9), 9)) == []


@pytest.mark.parametrize("coded", [True, False, ["channel", "event"]])
def test_a_file_gives_the_rows_of_its_table_however_it_was_written(tmp_path: Path, coded: Any) -> None:
    rng = np.random.default_rng(5)
    log, people = log_of(np.arange(300), rng.integers(-1, 50, 300)), make_people((("Europe/Moscow",),), size=40)
    pq.write_table(log, tmp_path / "log.parquet", use_dictionary=coded, row_group_size=70)
    names = FACTS.campaigns, FACTS.senders, FACTS.templates
    file = LogFile(tmp_path / "log.parquet")
    assert len(file) == 300
    assert (read_rows(file, people, *names).messages == read_rows(log, people, *names).messages).all()


def test_words_that_stand_plainly_are_not_coded(tmp_path: Path) -> None:
    log = log_of(np.arange(300), np.arange(300))
    pq.write_table(log, tmp_path / "log.parquet", use_dictionary=["channel"])
    batch = next(LogFile(tmp_path / "log.parquet").batches(["recipient", "channel"]))
    assert [pa.types.is_dictionary(column.type) for column in batch.columns] == [False, True]


IDS = st.lists(st.text("ab01é", max_size=4) | st.integers(0, 2000).map("p{:03}".format), max_size=30, unique=True)


@settings(max_examples=60, deadline=None)
@given(known=IDS, asked=st.lists(st.none() | st.sampled_from(["p001", "p1", "p0001", "p1000", "q001", ""])), more=IDS)
def test_ids_are_found_as_people_find_them(known: list[str], asked: list[str | None], more: list[str]) -> None:
    names = pa.array([*asked, *more, *known[:3]], pa.string())
    people: People = make_people((("Europe/Moscow",),), size=1)
    for ids in (pa.array(known, pa.string()), Numbered("p", 3, 1200, 0), Numbered("", 2, 50)):
        people.ids = ids
        wanted = people.places_of(names).tolist()
        with patch.object(id_finder, "COMPILE_FROM", 0):
            assert finder(ids, 9)(names).tolist() == wanted
            assert finder(ids, 9)(names.slice(1)).tolist() == wanted[1:]
        assert finder(ids, 9)(names).tolist() == wanted
