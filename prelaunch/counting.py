"""A run at the size of a country: the log goes to its file while the run goes on, and is counted; nothing is judged.

What reports need of a log does not fit memory there. The folder holds log, counts, manifest and scenario; the log is
that of the same run with a report, and has the same hash.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from prelaunch.expanding import check_expandable
from prelaunch.manifest import manifest
from prelaunch.rehearsal import Options, Stage, as_run, compile_first, write_rejects
from prelaunch.reports.recipients import harmless
from prelaunch.run_folder import AS_RUN, LOG, MANIFEST, new_folder, publish, write_json
from scenarios.compile.model import Compiled
from scenarios.experiments.memory import check_streamed
from scenarios.experiments.prepare import Prepared
from scenarios.experiments.simulate import Replications, estimate
from simulator.engine.counts import Counts
from simulator.engine.log import WIDTH, Matrix
from simulator.engine.log_file import LogFile
from simulator.engine.run import chosen, engine_for, release_count

COUNTS = "counts.csv"
NOTHING = Matrix(np.empty((0, WIDTH), dtype=np.int64))
"""What is kept in memory of a replication's log."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of it. ``counts`` has the columns of ``simulator.engine.counts``, ``cost`` in whole units of money."""

    compiled: Compiled
    replications: Replications
    counts: pa.Table
    rows: int
    log_hash: str
    folder: Path


def count_run(prepared: Prepared, options: Options, stage: Stage, wanted: Path) -> Counted:
    """Play the scenario with its own gate and write its folder; return what was counted.

    An interrupt keeps the replications that are done, and says so; before there is one, it goes on to the caller.
    """
    compiled = prepared.compiled()
    model = compiled.model
    if options.log == "dispatch":
        check_expandable(model, prepared.loaded.path)
    compile_first([compiled], options.engine, stage)
    memory = _memory(compiled, options)
    engine = engine_for(model, options.engine)
    done = Replications(engine=engine.name, notice=engine.notice)
    counts = Counts(model)
    each = release_count(model)
    with new_folder(wanted) as draft:
        file = LogFile(draft / LOG, model, run=model.name, keep=options.log, watch=counts.add)
        with stage(f"playing ({memory})", each * options.replications) as progress, file:
            try:
                for number in range(options.replications):
                    file.replication = number
                    engine.play(number, partial(_advance, progress, number * each), sink=file)
                    done.logs[number] = NOTHING
            except KeyboardInterrupt:
                if not done.logs:
                    raise
                done.interrupted = True
        if done.interrupted:
            file.leave_out(file.replication)
        table = _in_money(_of(counts.table(), done))
        log_hash = f"{file.hash:032x}"
        _write_counts(table, draft / COUNTS)
        write_rejects(prepared, draft / "rejects.csv")
        (draft / "scenario.yaml").write_text(prepared.loaded.text, encoding="utf-8")
        write_json(draft / AS_RUN, as_run(prepared))
        contents = manifest(prepared, compiled, done, options.replications, options.log, log_hash, draft)
        write_json(draft / MANIFEST, contents.to_json())
        folder = publish(draft, wanted)
    return Counted(compiled, done, table, file.rows, log_hash, folder)


def _of(counts: pa.Table, done: Replications) -> pa.Table:
    """Return the counts of the replications that are done."""
    return counts.filter(pc.is_in(counts["replication"].cast(pa.int64()), value_set=pa.array(done.logs, pa.int64())))


def _advance(progress: Callable[[int], None], before: int, ended: int) -> None:
    progress(before + ended)


def _write_counts(counts: pa.Table, path: Path) -> None:
    """Write the counts so that spreadsheets open them: with a mark of UTF-8, and no text that is a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(counts.column_names)
        writer.writerows([harmless(str(cell)) for cell in line.values()] for line in counts.to_pylist())


def _memory(compiled: Compiled, options: Options) -> str:
    """Return what the run takes in words. Raises MachineLimit if it cannot fit."""
    if chosen(compiled.model, options.engine)[0] == "reference":
        return estimate([compiled], 1, compiled=False)
    from simulator.engine.compiled.flatten import flatten
    from simulator.engine.compiled.state import expected_bytes

    return check_streamed(expected_bytes(flatten(compiled.model)), release_count(compiled.model))


def _in_money(counts: pa.Table) -> pa.Table:
    """Return the counts with costs in units of the currency, as decimals."""
    costs = [Decimal(micro).scaleb(-6) for micro in counts["cost"].to_pylist()]
    return counts.set_column(counts.column_names.index("cost"), "cost", pa.array(costs, pa.decimal128(38, 6)))
