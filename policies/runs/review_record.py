"""Review record: for each calendar month with messages there is a record that ratings were looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from policies.evidence import MAX_EVIDENCE, Evidence
from policies.records import MINUTE, SECOND
from policies.runs.columns import Columns
from policies.runs.facts import Assessment, RunFacts

QUARTER = 15 * MINUTE
"""Zones stand at whole quarters of an hour from UTC: India at 5:30, Nepal at 5:45."""

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["evidence"],
    "properties": {
        "evidence": {
            "description": "Name under `evidence`; its value: true, or the months as YYYY-MM with commas.",
            "type": "string",
        },
    },
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each month, in the zone of the run, in which messages were handed over."""
    months = _months(Columns(run.log), run.zone)
    stated = run.evidence.get(params["evidence"])
    if stated is None:
        missing = (f"evidence {params['evidence']}",) if months else ()
        return Assessment(n=len(months), unknown=len(months), missing=missing, what="months")
    named = {word.strip() for word in str(stated).split(",")}
    lacking = [] if stated is True else [month for month in months if month not in named]
    evidence = tuple(Evidence("fail", f"no review is recorded for {month}") for month in lacking)
    return Assessment(n=len(months), failed=len(lacking), evidence=evidence[:MAX_EVIDENCE], what="months")


def _months(columns: Columns, zone: str) -> list[str]:
    """Return the months with messages as YYYY-MM, in order; quarters of an hour suffice, as months begin on one."""
    at = columns.numbers("occurred_at")[columns.rows("submitted")]
    quarters = np.unique(at // QUARTER) * (QUARTER // SECOND)
    local = (datetime.fromtimestamp(int(quarter), UTC).astimezone(ZoneInfo(zone)) for quarter in quarters)
    return sorted({f"{moment:%Y-%m}" for moment in local})
