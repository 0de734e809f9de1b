"""Cascade stop: nothing more of a campaign goes to a person of whom the company knows that it arrived, or was read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from policies.evidence import MAX_EVIDENCE
from policies.records import MISSING, NEVER
from policies.runs.columns import Bools, Columns, Int64s, message
from policies.runs.facts import Assessment, RunFacts

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["after"],
    "properties": {"after": {"description": "The receipt that ends the cascade.", "enum": ["delivered", "read"]}},
}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each hand-over that is not the first of its campaign to its person.

    The receipt counts from when the company received it. A log from outside without any such receipt does not tell.
    """
    columns = Columns(run.log)
    rows, receipts = columns.rows("submitted"), columns.rows(params["after"])
    who = _person(columns)
    later = rows[_repeated(who[rows])]
    if not run.simulated and len(later) and not len(receipts):
        missing = (f"events {params['after']}",)
        return Assessment(n=len(later), unknown=len(later), missing=missing, what="later steps")
    known = _first_known(columns, who, receipts, later)
    late = later[columns.numbers("occurred_at")[later] > known]
    words = f"the company knew that an earlier step was {params['after']}"
    return Assessment(
        n=len(later),
        failed=len(late),
        evidence=tuple(message(columns, int(row), words) for row in late[:MAX_EVIDENCE]),
        what="later steps",
    )


def _person(columns: Columns) -> Int64s:
    """Return one number for each pair of recipient and campaign, from 0 on; that of nobody is one number too."""
    campaigns = columns.codes("campaign")
    found: Int64s = (columns.codes("recipient")[0] + 1) * (len(campaigns[1]) + 1) + campaigns[0] + 1
    return found


def _repeated(who: Int64s) -> Bools:
    """Return which of the hand-overs, in order of time, is not the first of its pair."""
    repeated = np.ones(len(who), np.bool_)
    repeated[np.unique(who, return_index=True)[1]] = False
    return repeated


def _first_known(columns: Columns, who: Int64s, receipts: Int64s, rows: Int64s) -> Int64s:
    """Return for each of ``rows`` when the company first received the receipt of its pair; NEVER where it did not.

    Only pairs that have a receipt are held: all pairs of a million people and a thousand campaigns fit no memory.
    """
    received = columns.numbers("received_at")[receipts]
    heard = received != MISSING
    pairs, place = np.unique(who[receipts[heard]], return_inverse=True)
    known = np.full(len(pairs) + 1, NEVER)
    np.minimum.at(known, place, received[heard])
    found = np.searchsorted(pairs, who[rows])
    same = np.append(pairs, -1)[found] == who[rows]
    return np.where(same, known[found], NEVER)
