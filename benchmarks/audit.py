"""Measures the audit of a log, alone and beside polars, DuckDB and Rego, and writes docs/performance-audit.md.

``make bench`` runs it; ``--quick`` measures small sizes once and writes nothing. Each measurement is a process of its
own. Without the optional extra ``bench`` the other tools are left out and the page says so.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.audit_page import page
from benchmarks.audit_results import Found
from benchmarks.audit_rivals import missing_libraries

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "performance-audit.md"
Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure: numbers of rules, messages of the kernel, of the file and of Rego, how often."""

    rules: tuple[int, ...] = (1, 3, 10, 40)
    messages: int = 3_000_000
    in_file: int = 3_000_000
    in_large_file: int = 10_000_000
    in_rego: int = 3_000
    rounds: int = 3


QUICK = Plan(rules=(1, 10), messages=20_000, in_file=20_000, in_large_file=30_000, in_rego=100, rounds=1)


def measure(*words: object, cache: Path | None = None) -> Result:
    """Return one measurement, made in a process of its own; ``cache`` is where compiled code is kept."""
    print("measuring the audit:", *words[:1], *words[2:], file=sys.stderr)
    command = [sys.executable, "-m", "benchmarks.audit_measure", *(str(word) for word in words)]
    environment = {**os.environ, **({"XDG_CACHE_HOME": str(cache)} if cache else {})}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    result: Result = json.loads(done.stdout)
    return result


def measure_all(plan: Plan, folder: Path) -> Found:
    """Return everything that the page shows; the logs go to ``folder``."""
    found = Found(missing=missing_libraries())
    small, large = folder / "log.parquet", folder / "large.parquet"
    measure("write", small, plan.in_file)
    measure("write", large, plan.in_large_file)
    for number in range(plan.rounds):
        for rules in plan.rules:
            found.kernel.setdefault(rules, []).append(measure("kernel", plan.messages, rules))
        for name, file, rules in (("three", small, 3), ("ten", small, 10), ("large", large, 10)):
            found.whole.setdefault(name, []).append(measure("whole", file, rules))
        for name, library in (("polars", "polars"), ("DuckDB", "duckdb")):
            if library not in found.missing:
                found.rivals.setdefault(name, []).append(measure("rival", name, small))
        if "regopy" not in found.missing:
            found.rivals.setdefault("Rego", []).append(measure("rego", small, plan.in_rego))
        found.compiling.append(measure("compiling", 5000, 10, cache=folder / f"cache-{number}"))
    return found


def main() -> int:
    """Measure, print the page, and write it unless the measurement was a quick one."""
    parser = argparse.ArgumentParser(description="Measure the audit of a log.")
    parser.add_argument("--quick", action="store_true", help="small sizes, once; writes nothing")
    plan = QUICK if parser.parse_args().quick else Plan()
    with tempfile.TemporaryDirectory() as folder:
        found = measure_all(plan, Path(folder))
    if found.missing:
        print(f"not installed: {', '.join(found.missing)}; `make bench` installs the extra `bench`", file=sys.stderr)
    text = page(found, ROOT)
    print(text)
    if plan is not QUICK:
        PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
