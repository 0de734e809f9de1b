"""Rating gate: nothing is handed over under a red rating or with a paused template; yellow is for review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from policies.evidence import MAX_EVIDENCE, Evidence
from policies.runs.by_owner import ByOwner
from policies.runs.columns import Columns, Int64s, message
from policies.runs.facts import Assessment, RunFacts

GOOD, YELLOW, RED, STOPPED = 0, 1, 2, 3
LEVELS = {"yellow": YELLOW, "red": RED, "paused": STOPPED, "disabled": STOPPED, "rejected": STOPPED}
"""What a word in the column ``reason`` means; every other word is good."""
WORDS = {YELLOW: "rated yellow", RED: "rated red", STOPPED: "paused or disabled"}

schema: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": {}}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each message handed over, by the ratings of that moment."""
    columns = Columns(run.log)
    rows = columns.rows("submitted")
    changes = columns.rows("quality_changed", "template_state")
    if not run.simulated and not len(changes):
        return Assessment(n=len(rows), unknown=len(rows), missing=("ratings of templates and senders",))
    level = np.maximum.reduce([
        _level(columns, rows, "sender", "quality_changed"),
        _level(columns, rows, "template", "quality_changed"),
        _level(columns, rows, "template", "template_state"),
    ])  # fmt: skip
    bad = np.flatnonzero(level >= YELLOW)
    worst_first = bad[np.argsort(-level[bad], kind="stable")][:MAX_EVIDENCE]
    return Assessment(
        n=len(rows),
        failed=int((level >= RED).sum()),
        review=int((level == YELLOW).sum()),
        evidence=tuple(_evidence(columns, int(rows[i]), int(level[i])) for i in worst_first),
    )


def _level(columns: Columns, rows: Int64s, scope: str, event: str) -> Int64s:
    """Return for each row the last level that ``event`` gave its sender or template before it."""
    at, owners = columns.numbers("occurred_at"), columns.codes(scope)[0]
    changes = columns.rows(event)
    changes = changes[owners[changes] >= 0]
    codes, words = columns.codes("reason")
    meaning = np.array([*(LEVELS.get(word, GOOD) for word in words), GOOD])
    last = ByOwner(owners[changes], at[changes]).latest(owners[rows], at[rows] - 1)
    levels = np.append(meaning[codes[changes]], GOOD)
    found: Int64s = levels[last]
    return found


def _evidence(columns: Columns, row: int, level: int) -> Evidence:
    answer = "review" if level == YELLOW else "fail"
    return message(columns, row, f"handed over while sender or template was {WORDS[level]}", answer)
