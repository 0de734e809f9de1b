"""Response time: each reply of a person is answered by staff in time, or by the automatic answer at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from policies.evidence import MAX_EVIDENCE, Evidence
from policies.records import MINUTE, NEVER, SECOND
from policies.runs.columns import Columns, Int64s
from policies.runs.facts import Assessment, RunFacts

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["answer_within_min", "auto_reply_within_s"],
    "properties": {
        "answer_within_min": {"description": "Staff answer within so long.", "type": "number", "minimum": 0},
        "auto_reply_within_s": {"description": "An automatic answer within so long.", "type": "number", "minimum": 0},
    },
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each reply whose time to be answered lies within the run.

    The column ``until`` of an answer holds the instant of the reply that it answers.
    """
    columns = Columns(run.log)
    limit, auto_limit = round(params["answer_within_min"] * MINUTE), round(params["auto_reply_within_s"] * SECOND)
    replies = columns.rows("replied")
    at = columns.numbers("occurred_at")
    if not run.staff_present and not len(columns.rows("answered", "auto_replied")):
        missing = ("who answers replies (staff)",) if len(replies) else ()
        return Assessment(n=len(replies), unknown=len(replies), missing=missing, what="replies")
    delay, auto_delay = (_delay(columns, replies, event) for event in ("answered", "auto_replied"))
    good = (delay <= limit) | (auto_delay <= auto_limit)
    judged = good | (at[replies] + limit < run.end)
    late = np.flatnonzero(judged & ~good)
    return Assessment(
        n=int(judged.sum()),
        failed=len(late),
        evidence=tuple(_evidence(columns, int(replies[i]), int(delay[i])) for i in late[:MAX_EVIDENCE]),
        what="replies",
    )


def _delay(columns: Columns, replies: Int64s, event: str) -> Int64s:
    """Return how long each reply waited for ``event``; ``NEVER`` where it did not come."""
    at = columns.numbers("occurred_at")
    answers = columns.rows(event)
    asked = np.concatenate([at[replies], columns.numbers("until")[answers]])
    rows = np.concatenate([replies, answers])
    parts = [columns.codes(name)[0][rows] for name in ("recipient", "campaign", "channel")]
    key = np.asarray(np.unique(np.stack([*parts, asked]), axis=1, return_inverse=True)[1], np.int64).reshape(-1)
    first = np.full(int(key.max(initial=-1)) + 1, NEVER)
    np.minimum.at(first, key[len(replies) :], at[answers])
    came = first[key[: len(replies)]]
    return np.where(came == NEVER, NEVER, came - at[replies])


def _evidence(columns: Columns, row: int, delay: int) -> Evidence:
    waited = "was not answered" if delay == NEVER else f"was answered after {delay / MINUTE:.1f} minutes"
    return Evidence(
        "fail",
        f"the reply {waited}",
        recipient=columns.word("recipient", row),
        campaign=columns.word("campaign", row),
        channel=columns.word("channel", row),
        at=int(columns.numbers("occurred_at")[row]),
    )
