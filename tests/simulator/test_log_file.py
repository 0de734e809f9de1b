"""What is kept of a log, and a log that is written while the run goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.workload_w import workload
from policies.records import EVENTS
from simulator.engine import keep
from simulator.engine.compiled.engine import Compiled
from simulator.engine.compiled.flatten import flatten
from simulator.engine.keep import LOG_NAMES, LogName, hand_on
from simulator.engine.log import F_EVENT, Matrix, Rows, log_hash, to_arrow
from simulator.engine.log_file import WAITING, LogFile
from simulator.engine.log_read import from_arrow
from simulator.engine.model import Model
from simulator.engine.run import ENGINES, EngineName, engine_for
from tests.support.crowd import crowd
from tests.support.logs import canonical
from tests.support.small import campaign, compiled, scenario, step, sure

TINY = 64
"""First size of the log in a test, so that it is filled many times."""


@pytest.fixture(scope="module")
def small() -> Model:
    """Twenty people with ids of their own, most of whom read, click and reply."""
    channels = {"viber": sure(read=0.8, clicked=0.5, replied=0.5, prices=[{"event": "delivered", "price": 2}])}
    raw = scenario(
        campaign(step("viber", wait_s=60), step("sms")), channels=channels, staff={"people": 1},
        senders={"s": {"channel": "viber", "traffic": "advertising"}, "n": {"channel": "sms"}},
    )  # fmt: skip
    return compiled(raw, crowd(20)).model


@pytest.fixture(scope="module")
def numbered() -> Model:
    """People whose ids are a running number."""
    return workload(200).model


def streamed(model: Model, path: Path, name: LogName = "full") -> LogFile:
    """The compiled engine's log, written while it runs, part by small part."""
    with LogFile(path, model, run="r") as file:
        assert len(Compiled(flatten(model), 0, room=TINY, keep=name, sink=file).run()) == 0
    return file


@pytest.mark.parametrize("of", ["small", "numbered"])
def test_a_file_written_meanwhile_reads_as_the_log_of_memory(
    of: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    model = request.getfixturevalue(of)
    file = streamed(model, tmp_path / "log.parquet")
    log = Compiled(flatten(model), 0).run()
    wanted = to_arrow(log, model, run="r", replication=0)
    read = pq.read_table(tmp_path / "log.parquet")
    assert read.schema.equals(wanted.schema)
    assert read.to_pylist() == wanted.to_pylist()
    assert (file.rows, file.hash) == (len(log), log_hash(log, model, 0))
    assert pq.ParquetFile(tmp_path / "log.parquet").num_row_groups > 2


@pytest.mark.parametrize("name", LOG_NAMES)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_kept_is_the_rows_of_the_events_that_are(engine: EngineName, name: LogName, small: Model) -> None:
    full = engine_for(small, "reference").play(0).matrix()
    wanted = {"full": ("decided", "derived", "scenario"), "dispatch": ("decided", "scenario"), "none": ()}[name]
    events = [place for place, event in enumerate(EVENTS) if event.origin in wanted]
    found = engine_for(small, engine).play(0, keep=name).matrix()
    assert np.array_equal(canonical(found), canonical(full[np.isin(full[:, F_EVENT], events)]))


class Gathered:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.parts: list[Rows] = []

    def take(self, rows: Rows) -> None:
        self.parts.append(rows)

    def matrix(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        return np.concatenate([part.matrix() for part in self.parts])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_sink_is_given_the_rows_in_order_of_birth(
    engine: EngineName, small: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "STRETCH", 7)
    sink = Gathered()
    assert len(engine_for(small, engine).play(0, sink=sink)) == 0
    assert np.array_equal(sink.matrix(), engine_for(small, engine).play(0).matrix())
    assert len(sink.parts) > 1


def rows_of(model: Model) -> Matrix:
    return Matrix(engine_for(model, "reference").play(0).matrix())


def test_a_run_waits_for_a_file_that_lies_behind(small: Model, tmp_path: Path) -> None:
    seen: list[int] = []
    rows = rows_of(small)

    class Slow(LogFile):
        def _write(self, rows: Rows, replication: int) -> None:
            seen.append(len(self._waiting))

    with Slow(tmp_path / "log.parquet", small, run="r") as file:
        for _ in range(50):
            file.take(rows)
            assert len(file._waiting) <= WAITING
    assert len(seen) == 50


def broken(error: Exception) -> Callable[..., None]:
    def write(*_: object, **__: object) -> None:
        raise error

    return write


def test_an_error_of_the_writing_thread_reaches_the_run(
    small: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = LogFile(tmp_path / "log.parquet", small, run="r")
    monkeypatch.setattr("simulator.engine.log_file.to_arrow", broken(OSError("no space")))
    file.take(rows_of(small))
    with pytest.raises(OSError, match="no space"):
        file.__exit__(None, None, None)


def test_two_replications_go_to_one_file(small: Model, tmp_path: Path) -> None:
    play = engine_for(small, "reference").play
    with LogFile(tmp_path / "log.parquet", small, run="r") as file:
        for number in (0, 1):
            file.replication = number
            hand_on(play(number), "full", file)
    read = pq.read_table(tmp_path / "log.parquet")
    assert Counter(read["replication"].to_pylist()) == {n: len(play(n)) for n in (0, 1)}
    assert file.hash == sum(log_hash(play(n), small, n) for n in (0, 1)) % 2**128


@pytest.mark.parametrize("of", ["small", "numbered"])
def test_a_table_is_read_back_to_the_rows_it_was_made_of(of: str, request: pytest.FixtureRequest) -> None:
    model = request.getfixturevalue(of)
    log = engine_for(model, "reference").play(0)
    assert np.array_equal(from_arrow(to_arrow(log, model, run="r", replication=0), model).matrix(), log.matrix())


@pytest.mark.parametrize(("column", "word"), [("step", "nowhere"), ("recipient", "nobody")])
def test_a_word_that_the_scenario_lacks_is_told(column: str, word: str, small: Model) -> None:
    table = to_arrow(engine_for(small, "reference").play(0), small, run="r", replication=0)
    place = table.column_names.index(column)
    table = table.set_column(place, column, pa.array([word] * len(table)))
    with pytest.raises(ValueError, match=f"{column} '{word}' is not in this scenario"):
        from_arrow(table, small)
