"""Send rate: at most so many messages in any moving stretch of seconds, by sender or to one person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from policies.evidence import MAX_EVIDENCE
from policies.records import SECOND
from policies.runs.columns import Columns, Int64s, message
from policies.runs.facts import Assessment, RunFacts

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["count", "seconds"],
    "properties": {
        "scope": {"description": "Whose messages are counted.", "enum": ["sender", "recipient"], "default": "sender"},
        "count": {"description": "Most messages.", "type": "integer", "minimum": 1},
        "seconds": {"description": "Length of the stretch.", "type": "number", "exclusiveMinimum": 0},
    },
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each hand-over; it fails where the count was reached less than ``seconds`` before.

    Messages of unnamed senders, or to nobody known, are not told apart: they are counted together.
    """
    columns = Columns(run.log)
    rows = columns.rows("submitted")
    at, whose = columns.numbers("occurred_at")[rows], columns.codes(params.get("scope", "sender"))[0][rows]
    order = np.lexsort((at, whose))
    early = rows[order[_early(at[order], whose[order], params["count"], round(params["seconds"] * SECOND))]]
    words = f"more than {params['count']} messages in {params['seconds']:g} s"
    early = np.sort(early)
    return Assessment(
        n=len(rows),
        failed=len(early),
        evidence=tuple(message(columns, int(row), words) for row in early[:MAX_EVIDENCE]),
    )


def _early(at: Int64s, whose: Int64s, count: int, length: int) -> Int64s:
    """Return the places of messages that follow the ``count``-th before them too soon; both ascend, group by group."""
    if len(at) <= count:
        return np.empty(0, np.int64)
    same = whose[count:] == whose[:-count]
    return np.flatnonzero(same & (at[count:] - at[:-count] < length)) + count
