"""What the page says follows from what was measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.markdown import table
from benchmarks.page import page
from benchmarks.plot import APART, apart, curve, draw
from benchmarks.results import Measured, Record, exponent, spread
from benchmarks.store import load
from benchmarks.tasks import NAMES, ONCE

SPENT = {"naive": 8.0, "reference": 6.0, "compiled-full": 0.4, "compiled-file": 0.8, "compiled-dispatch": 0.3,
         "compiled-dispatch-file": 0.6, "compiled-none": 0.2, "c-full": 0.1, "c-none": 0.05}  # fmt: skip
FIVE = {
    "stages": {"all": (3.0, 2.0)}, "peak_mib": 1.0, "people": 5, "rows": 7, "log_mib": 1.0, "load": 1.0, "messages": 9,
    "rule_rows": 2, "messages_per_cpu_s": 500_000.0,
}  # fmt: skip
FIRST_USE = {"cpu_s": 9.0, "wall_s": 10.0, "before_cpu_s": 1.0, "peak_mib": 5.0}


def engine(name: str, size: int, **changes: Any) -> Record:
    cpu = SPENT[name] * size / 100
    result = {
        "cpu_s": cpu, "wall_s": 2 * cpu, "prepare_s": 0.01, "load": 1.5, "rows": 4 * size, "log_bytes": 160 * size,
        "state_bytes": 50 * size if name.startswith("compiled") else -1, "people_bytes": 21 * size, "peak_mib": 300.0,
        "over_mib": 100.0, "log_hash": "a" * 32,
    }  # fmt: skip
    if name not in ONCE:
        result |= {"warm_cpu_s": cpu / 2, "warm_lay_out_s": cpu / 8, "warm_play_s": 3 * cpu / 8}
    return Record(("engine", name, str(size), "3", "hashed"), 0, "abc of 2026", {**result, **changes})


def record(result: dict[str, Any], *words: str) -> Record:
    return Record(words, 0, "abc of 2026", result)


def measured(*more: Record, sizes: tuple[int, ...] = (100, 1000)) -> Measured:
    engines = [engine(name, size) for size in sizes for name in NAMES if name != "naive" or size == 100]
    return Measured({"processor": "a processor", "cores": "2"}, [*engines, *more])


def line(text: str, *begin: str) -> list[str]:
    """Return the cells of the first row that begins with these."""
    start = "| " + " | ".join(begin) + " |"
    return next(row for row in text.splitlines() if row.startswith(start)).strip("| ").split(" | ")


def test_a_first_run_is_compared_with_first_runs_and_a_warm_one_with_warm_ones() -> None:
    text = page(measured(engine("c-full", 100, warm_cpu_s=0.1), engine("c-full", 100, warm_cpu_s=0.1)))
    cells = line(text, "100", "compiled")
    assert cells[2:6] == ["0.400", "4,000,000", "20.0", "4.0"]
    assert cells[7:10] == ["0.200", "2,000,000", "2.0"]


def test_where_the_naive_scheduling_was_not_run_its_time_at_a_smaller_size_stands_in() -> None:
    text = page(measured())
    assert line(text, "1,000", "compiled, no log")[4] == "≥ 40.0"
    assert "takes its time a recipient at 100: too little" in text
    assert line(text, "100", "naive SimPy")[4:6] == ["1.0", "80.0"]


def test_the_dispatch_log_is_compared_with_no_c_program_that_writes_another() -> None:
    cells = line(page(measured()), "100", "compiled, dispatch log")
    assert (cells[5], cells[9]) == ("–", "–")


def test_memory_is_shown_by_recipient() -> None:
    text = page(measured())
    assert line(text, "1,000", "compiled", "300")[2:] == ["300", "100", "50", "160", "4.00"]
    assert line(text, "1,000", "C", "300")[4] == "–"


def test_linear_growth_has_the_exponent_one() -> None:
    assert exponent([(10, 3), (100, 30), (1000, 300)]) == pytest.approx(1)
    assert exponent([(10, 1), (100, 100)]) == pytest.approx(2)
    assert line(page(measured()), "compiled", "1.00") == ["compiled", "1.00", "1.00"]


def test_the_page_says_when_logs_differ() -> None:
    free = [record({"log_hash": "b"}, "tie-free", name, "8") for name in ("naive", "reference")]
    assert "not equal" not in page(measured(*free))
    assert "**not equal**" in page(measured(engine("c-full", 100, log_hash="other")))
    assert "the logs of naive SimPy; reference are **not equal**" in page(
        measured(free[0], replace(free[1], result={"log_hash": "c"}))
    )


def test_a_naive_log_with_ties_may_differ_and_the_page_says_by_how_many_rows() -> None:
    text = page(measured(engine("naive", 100, log_hash="other", missing=4)))
    assert "not equal" not in text
    assert "it lacks 4 of 400 rows at 100 recipients" in text


def test_the_gap_to_c_has_three_parts_that_add_up() -> None:
    text = page(measured())
    rows = [line(text, name) for name in ("before the first event", "events", "log", "all")]
    assert [row[1] for row in rows] == ["250,000", "750,000", "1,000,000", "2,000,000"]
    assert rows[3][3] == "4.0"


def test_threads_variants_compiling_and_the_five_step_offer_have_their_rows() -> None:
    parts = [
        record({"wall_s": {"1": 3.0, "2": 2.0}, "cpu_s": {"1": 3.0, "2": 3.5}, "load": 1.0}, "threads", "full", "10"),
        record({"warm_cpu_s": 0.5, "rows": 90}, "variant", "W", "full", "10", "3"),
        record({"warm_cpu_s": 0.25, "rows": 3}, "variant", "W", "none", "10", "3"),
        record({"cold": FIRST_USE, "warm": FIRST_USE, "load": 1.0}, "compiling"),
        record(FIVE, "five-step", "0"),
    ]  # fmt: skip
    text = page(measured(*parts))
    assert line(text, "whole") == ["whole", "3.00", "3.00", "2.00", "3.50", "1.50"]
    assert line(text, "W") == ["W", "9.00", "50,000,000", "25,000,000"]
    assert line(text, "compiling")[1:3] == ["9.00", "10.00"]
    assert "1.0 million answers a second" in text


def test_the_page_shows_what_is_there_and_names_what_was_left_out() -> None:
    lacking = replace(record({}, "engine", "compiled-full", "10000", "3"), left_out="needs 9 MiB of memory, 1 are free")
    text = page(Measured({}, [lacking]))
    assert "| engine compiled-full 10000 3 | needs 9 MiB of memory, 1 are free |" in text
    assert "## Engines" not in text
    assert "## Left out" not in page(measured())


@pytest.mark.parametrize("missing", NAMES)
def test_any_engine_may_be_missing_on_an_interrupted_page(missing: str) -> None:
    whole = measured()
    kept = [record for record in whole.records if record.words[1] != missing]
    assert "## Engines" in page(replace(whole, records=kept))


def test_a_spread_shows_median_least_and_greatest() -> None:
    assert spread([3, 1, 2]).shown() == "2.0 (1.0-3.0)"
    assert spread([3]).shown(2) == "3.00"
    assert (spread([1, 2]).range(), spread([2, 2.01]).range()) == ("1.0-2.0", "2.0")


def test_a_table_has_a_rule_below_its_head() -> None:
    assert table(("a", "b"), [("1", "2")]) == "| a | b |\n|---|---:|\n| 1 | 2 |"


def test_the_picture_has_a_line_for_each_engine(tmp_path: Path) -> None:
    assert curve(measured(), "compiled-full") == [(100.0, 0.4), (1000.0, 4.0)]
    draw(measured(), tmp_path / "images" / "picture.png")
    assert (tmp_path / "images" / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_the_page_in_the_documentation_is_that_of_the_saved_measurements(repository: Path) -> None:
    saved = load(repository / "docs" / "performance.json")
    assert (repository / "docs" / "performance.md").read_text(encoding="utf-8") == page(saved)


def test_labels_that_would_touch_are_moved_apart_and_others_stay() -> None:
    near = apart([(0.5, 0.50), (0.5, 0.51), (0.1, 0.51)])
    assert near[1] - near[0] == pytest.approx(APART)
    assert sum(near[:2]) == pytest.approx(1.01)
    assert near[2] == 0.51
    assert apart([(0.5, 0.2), (0.5, 0.4)]) == [0.2, 0.4]
