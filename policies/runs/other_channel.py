"""Other channel: a campaign does not rest on certain channels alone; one of its steps goes another way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from policies.evidence import MAX_EVIDENCE, Evidence
from policies.records import CHANNELS
from policies.runs.columns import Columns
from policies.runs.facts import Assessment, RunFacts

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["than"],
    "properties": {
        "than": {
            "description": "Channels that may not be the only ones.",
            "type": "array",
            "items": {"enum": list(CHANNELS)},
            "minItems": 1,
        },
    },
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each campaign that handed something over: whether another channel is among its steps.

    Steps are those of the cascade, and the channels that the log shows; without a cascade a log that shows no other
    channel does not tell.
    """
    used = _used(Columns(run.log))
    planned: dict[str, set[str]] = {}
    for step in run.cascades:
        planned.setdefault(step.campaign, set()).add(step.channel)
    alone = [name for name, seen in used.items() if seen | planned.get(name, set()) <= set(params["than"])]
    failed = [name for name in alone if name in planned]
    return Assessment(
        n=len(used),
        failed=len(failed),
        unknown=len(alone) - len(failed),
        evidence=tuple(_evidence(name, planned[name] | used[name]) for name in failed)[:MAX_EVIDENCE],
        missing=tuple(f"the steps of campaign {name or '(unnamed)'}" for name in alone if name not in planned),
        what="campaigns",
    )


def _used(columns: Columns) -> dict[str, set[str]]:
    """Return the channels by which each campaign handed something over."""
    found: dict[str, set[str]] = {}
    rows = columns.rows("submitted")
    campaigns, channels = columns.codes("campaign")[0][rows], columns.codes("channel")[0][rows]
    first = np.unique(campaigns * (len(columns.codes("channel")[1]) + 1) + channels, return_index=True)[1]
    for row in rows[first].tolist():
        found.setdefault(columns.word("campaign", row), set()).add(columns.word("channel", row))
    return dict(sorted(found.items()))


def _evidence(name: str, channels: set[str]) -> Evidence:
    return Evidence("fail", f"campaign {name} goes by {', '.join(sorted(channels))} only", campaign=name)
