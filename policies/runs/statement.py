"""Statement: a person states a fact about the whole run that nothing here can show; without it an input is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policies.evidence import Evidence
from policies.runs.columns import Columns
from policies.runs.facts import Assessment, RunFacts

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["input"],
    "properties": {"input": {"description": "Name of the statement under `evidence`.", "type": "string"}},
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for a run in which something was handed over: what was stated, true or false."""
    if not len(Columns(run.log).rows("submitted")):
        return Assessment(n=0, what="runs")
    name = params["input"]
    stated = run.evidence.get(name)
    if not isinstance(stated, bool):
        return Assessment(n=1, unknown=1, missing=(f"evidence {name}",), what="runs")
    evidence = () if stated else (Evidence("fail", f"{name} is denied"),)
    return Assessment(n=1, failed=int(not stated), evidence=evidence, what="runs")
