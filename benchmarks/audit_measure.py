"""One measurement of the audit, in a process of its own: ``python -m benchmarks.audit_measure WHAT FILE ...`` as JSON.

CPU is user and system time, of all threads; the log and the people are made, and ours is compiled, before the clock
starts. What the others compile or plan is inside, as it is in each of their queries.
"""

from __future__ import annotations

import json
import os
import sys
from collections import deque
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from benchmarks.audit_rivals import Answers, by_duckdb, by_polars, by_rego, rego_inputs
from benchmarks.audit_world import crowd, facts, law, log_of, names, people_file, write_log
from benchmarks.measure import Watch, peak_mib
from policies.attempts import attempts_of_rows
from policies.audit.chunks import Judge
from policies.audit.log import PART, audit_log
from policies.logs.codes import LOG_COLUMNS, read_rows
from policies.logs.file import LogFile
from policies.logs.parts import parts

Result = dict[str, Any]
FEW = 200_000
"""Messages with which the code is compiled before it is measured."""
RIVALS: dict[str, Callable[[Path], Answers]] = {"polars": by_polars, "DuckDB": by_duckdb}


def kernel(messages: int, rules: int) -> Result:
    """Return what judging takes once the attempts stand person by person: nothing is read, coded or sorted.

    They come in the parts of ``audit_log``.
    """
    who = crowd(messages)
    rows = read_rows(
        log_of(messages, names(who)), who, facts().campaigns, facts().senders, facts().templates, part=PART
    )
    pieces = [
        attempts_of_rows(part, np.arange(len(part.messages)), who, facts(), compile_from=0)
        for part in parts(rows, PART)
    ]
    judge = Judge(*law(rules, who), untils=False)
    watch = Watch()
    for turn in ("first", "again", "judge"):
        with watch(turn):
            for piece in pieces:
                judge.in_place(piece)
    return _result(watch, "judge", messages)


def compiling(messages: int, rules: int) -> Result:
    """Return what the first audit takes where nothing is compiled yet; ``XDG_CACHE_HOME`` must name an empty folder."""
    who = crowd(messages)
    log, (table, tables) = log_of(messages, names(who)), law(rules, who)
    watch = Watch()
    with watch("cold"):
        audit_log(log, who, facts(), table, tables)
    return _result(watch, "cold", messages)


def whole(file: Path, rules: int) -> Result:
    """Return what an audit takes from the Parquet file to the answers, and its stages."""
    messages = pq.read_metadata(file).num_rows
    who = crowd(messages)
    table, tables = law(rules, who)
    audit_log(log_of(FEW, names(who)), who, facts(), table, tables)
    watch, log = Watch(), LogFile(file)
    with watch("whole"):
        audit_log(log, who, facts(), table, tables)
    with watch("read"):
        deque(log.batches(LOG_COLUMNS), maxlen=0)
    with watch("code"):
        rows = read_rows(log, who, facts().campaigns, facts().senders, facts().templates, part=PART)
    with watch("sort"):
        deque(parts(rows, PART), maxlen=0)
    stages = {name: watch.stages[name][1] for name in ("read", "code", "sort")}
    stages["code"] -= stages["read"]
    return _result(watch, "whole", messages) | {"stages": stages}


def rival(name: str, file: Path) -> Result:
    """Return what the three rules take in another tool, from the same file, and whether the answers are ours."""
    messages = pq.read_metadata(file).num_rows
    watch = Watch()
    with watch("whole"):
        found, place = RIVALS[name](file)
    result = _result(watch, "whole", messages)
    return result | {"equal": bool((in_order(found, place) == ours(file)).all())}


def one_by_one(file: Path, messages: int) -> Result:
    """Return what the three rules take in Rego for the first messages; the inputs are made before the clock starts."""
    log = pq.read_table(file).slice(0, messages)
    inputs = list(rego_inputs(log, pq.read_table(people_file(file))))
    watch = Watch()
    with watch("whole"):
        found = by_rego(inputs)
    return _result(watch, "whole", messages) | {"equal": bool((found == ours(file)[:messages]).all())}


def ours(file: Path) -> np.ndarray[Any, Any]:
    """Return our answers by the three rules, in the order of the log."""
    log = pq.read_table(file, columns=list(LOG_COLUMNS))
    who = crowd(len(log))
    return in_order(*audit_log(log, who, facts(), *law(3, who)))


def in_order(answers: np.ndarray[Any, Any], place: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the answers in the order of the log."""
    out = np.empty_like(answers)
    out[place.astype(np.int64)] = answers
    return out


def _result(watch: Watch, stage: str, messages: int) -> Result:
    wall, cpu = watch.stages[stage]
    return {"messages": messages, "wall_s": wall, "cpu_s": cpu, "peak_mib": peak_mib(), "load": os.getloadavg()[0]}


def main(what: str, *words: str) -> None:
    """Make the measurement that the words ask for and print it."""
    measurements: dict[str, Callable[[], Result]] = {
        "kernel": lambda: kernel(*map(int, words)),
        "compiling": lambda: compiling(*map(int, words)),
        "whole": lambda: whole(Path(words[0]), int(words[1])),
        "rival": lambda: rival(words[0], Path(words[1])),
        "rego": lambda: one_by_one(Path(words[0]), int(words[1])),
    }
    if what == "write":
        write_log(int(words[1]), Path(words[0]))
    print(json.dumps(measurements[what]() if what in measurements else {}))


if __name__ == "__main__":
    main(*islice(sys.argv, 1, None))
