"""What ``prelaunch run`` of the five-step offer takes, stage by stage, and how fast its audit judges."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import Result, Watch, peak_mib
from policies.attempts import attempts_of_log
from policies.audit.audit import audit
from policies.evidence import in_clear
from prelaunch.rehearsal import Options, rehearse, write_run
from scenarios.experiments.prepare import prepare_file
from scenarios.experiments.verdicts import log_facts

ROOT = Path(__file__).parent.parent
FIVE_STEP = ROOT / "scenarios" / "library" / "five-step-offer.yaml"


def measure_five_step(size: int) -> Result:
    """Return what ``prelaunch run`` of the five-step offer needs, by stage, and the speed of the audit.

    It does what the command does, with its own functions, and writes a run folder. ``size`` replaces that of the
    scenario's audience if it is not 0.
    """
    with tempfile.TemporaryDirectory() as folder:
        return _measure(size, Path(folder) / "run")


def _measure(size: int, folder: Path) -> Result:
    watch = Watch()
    options = Options(jobs=os.cpu_count() or 1)
    changed = {"audience.synthetic.size": size} if size else {}
    with watch("whole"):
        with watch("reading the scenario, making the audience"):
            prepared = prepare_file(FIVE_STEP, overrides=changed)
        with watch("rehearse"):
            rehearsal = rehearse(prepared, options, in_clear, watch)
        with watch("writing log, lists and report"):
            write_run(prepared, rehearsal, options, in_clear, folder)
    return {
        "stages": _by_stage(watch.stages), "peak_mib": peak_mib(), "people": len(prepared.people),
        "rows": len(rehearsal.log), "log_mib": (folder / "log.parquet").stat().st_size / 2**20,
        "load": os.getloadavg()[0], **_audit(rehearsal),
    }  # fmt: skip


def _by_stage(stages: dict[str, tuple[float, float]]) -> Result:
    """Return wall and CPU seconds by stage; what no inner stage measured is compiling, tables and the summary."""
    whole, outer = stages.pop("whole"), stages.pop("rehearse")
    inner = ("rehearsing", "judging")
    rest = tuple(outer[which] - sum(stages[name][which] for name in inner) for which in (0, 1))
    return {
        "reading the scenario, making the audience": stages["reading the scenario, making the audience"],
        "simulating, with either gate": stages["rehearsing"],
        "judging": stages["judging"],
        "compiling, log tables, summaries": rest,
        "writing log, lists and report": stages["writing log, lists and report"],
        "all": whole,
    }


def _audit(rehearsal: Any) -> Result:
    """Return the messages of the run and how many a second the audit judges by all rules, once it is compiled."""
    compiled = rehearsal.compiled
    attempts, _ = attempts_of_log(rehearsal.log, compiled.people, log_facts(compiled))
    table = compiled.law.packs
    watch = Watch()
    for turn in ("warm up", "first", "second", "third"):
        with watch(turn):
            audit(attempts, table, compiled.law.tables, compiled.people, untils=False)
    cpu = sorted(watch.stages[turn][1] for turn in ("first", "second", "third"))[1]
    return {"messages": len(attempts), "rule_rows": len(table), "messages_per_cpu_s": len(attempts) / max(cpu, 1e-6)}
