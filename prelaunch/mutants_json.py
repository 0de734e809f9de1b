"""The mutants of a scenario as JSON and as CSV."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from policies.findings import RuleResult
from policies.verdicts import CONFIDENCE
from prelaunch.reports.recipients import harmless
from prelaunch.whole_file import write_whole
from scenarios.experiments.mutate.outcomes import FATES, Mutation, Outcome

COLUMNS = ("of", "id", "change", "fate", "sentence", "remedy", "noticed_by")


def mutation_as_dict(mutation: Mutation, scenario: str, seed: int) -> dict[str, Any]:
    """Return everything that was found, survivors first."""
    return {
        "scenario": scenario,
        "seed": seed,
        "planned": mutation.planned,
        "tried": len(mutation.outcomes),
        "interrupted": mutation.interrupted,
        "counts": {fate: len(mutation.of(fate)) for fate in FATES},
        "guards": list(mutation.guards),
        "mutants": [asdict(each) for each in mutation.sorted],
        "rules": [_rule(result, mutation) for result in mutation.results],
        "confidence": CONFIDENCE,
    }


def _rule(result: RuleResult, mutation: Mutation) -> dict[str, Any]:
    tried = Counter(each.fate for each in mutation.outcomes if each.of == "rule" and each.id == result.rule.id)
    return {
        "id": result.rule.id,
        "verdict": result.verdict.value,
        "judged": result.tested,
        "failed": result.failed,
        "upper_bound": result.upper_bound,
        "mutants": tried.total(),
        "survived": tried["survived"],
        "untried": mutation.untried.get(result.rule.id, 0),
    }


def write_csv(mutation: Mutation, path: Path) -> None:
    """Write a row for each mutant, survivors first; opens in spreadsheets."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    writer.writerows(_row(each) for each in mutation.sorted)
    write_whole(path, stream.getvalue().encode("utf-8-sig"), "--out")


def _row(outcome: Outcome) -> list[str]:
    cells = {**asdict(outcome), "noticed_by": " ".join(outcome.noticed_by)}
    return [harmless(cells[name]) for name in COLUMNS]
