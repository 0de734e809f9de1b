"""Sender name: names of senders have the length and the signs that operators take, and name somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from policies.evidence import MAX_EVIDENCE, Evidence
from policies.runs.columns import Columns
from policies.runs.facts import Assessment, RunFacts

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["shortest", "longest", "signs"],
    "properties": {
        "shortest": {"description": "Least characters.", "type": "integer", "minimum": 1},
        "longest": {"description": "Most characters.", "type": "integer", "minimum": 1},
        "signs": {"description": "Allowed besides Latin letters and digits.", "type": "string"},
        "generic": {
            "description": "Names of nobody; case does not count.",
            "type": "array",
            "items": {"type": "string", "minLength": 1},
        },
    },
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each sender that handed something over; one without a name is not known."""
    columns = Columns(run.log)
    codes = np.unique(columns.codes("sender")[0][columns.rows("submitted")])
    names = [columns.codes("sender")[1][code] if code >= 0 else "" for code in codes.tolist()]
    faults = {name: _fault(params, name) for name in names if name}
    evidence = tuple(Evidence("fail", fault, sender=name) for name, fault in faults.items() if fault)
    nameless = names.count("")
    return Assessment(
        n=len(names),
        failed=len(evidence),
        unknown=nameless,
        evidence=evidence[:MAX_EVIDENCE],
        missing=("the names of senders",) if nameless else (),
        what="senders",
    )


def _fault(params: Mapping[str, Any], name: str) -> str:
    """Return what is wrong with a name; empty text for nothing."""
    if not params["shortest"] <= len(name) <= params["longest"]:
        return f"{len(name)} characters, {params['shortest']} to {params['longest']} are allowed"
    strange = [char for char in name if not (char.isascii() and char.isalnum()) and char not in params["signs"]]
    if strange:
        return f"{strange[0]!r} is not allowed in a name"
    if name.casefold() in (word.casefold() for word in params.get("generic", ())):
        return "the name says nothing of who sends"
    return ""
