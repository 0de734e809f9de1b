"""Channel ban: this organisation may not use this channel in this country, since a date."""

from __future__ import annotations

from typing import Any

from policies.context import Context, date_instant
from policies.kernels import inlined
from policies.kinds.base import A_AT, A_COUNTRY, FAIL, P_0, P_1, P_2, P_3, P_4, PASS, REVIEW, UNKNOWN
from policies.records import NEVER

ANSWERS = {"fail": FAIL, "review": REVIEW}
DATE = {"type": ["string", "null"], "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "countries": {"description": "Of the recipient; left out: everywhere.", "type": "array"},
        "organisations": {"description": "Kinds of organisation; left out: every kind.", "type": "array"},
        "since": {"description": "First day of the ban.", **DATE},
        "until": {"description": "First day after the ban.", **DATE},
        "answer": {"description": "What a message becomes.", "enum": list(ANSWERS), "default": "fail"},
    },
}


def prepare(params: dict[str, Any], context: Context) -> list[list[int]]:
    """Return one row: start and end (instants), bits of countries (-1: all), answer, bits of those banned in part.

    No row at all where the ban does not concern this kind of organisation; UNKNOWN as answer where the kind is not
    known. With ``as_of`` the date decides once and for all.
    """
    kinds = params.get("organisations")
    if kinds is not None and context.organisation_kind is not None and context.organisation_kind not in kinds:
        return []
    answer = ANSWERS[params.get("answer", "fail")]
    if kinds is not None and context.organisation_kind is None:
        answer = UNKNOWN
    since = date_instant(params.get("since"), context.zone, -NEVER)
    until = date_instant(params.get("until"), context.zone, NEVER)
    if context.as_of is not None:
        day = date_instant(context.as_of, context.zone, NEVER)
        since, until = (-NEVER, NEVER) if since <= day < until else (NEVER, NEVER)
    where = params.get("countries")
    return [[since, until, context.country_mask(where), answer, context.part_mask(where)]]


@inlined
def evaluate(p: list[int], a: list[int]) -> int:
    """Return the ban's answer while it is in force for the recipient's country; UNKNOWN where that is not known."""
    if a[A_AT] < p[P_0] or a[A_AT] >= p[P_1]:
        return PASS
    if p[P_2] == -1:
        return p[P_3]
    if a[A_COUNTRY] < 0 or (p[P_4] >> a[A_COUNTRY]) & 1:
        return UNKNOWN
    return p[P_3] if (p[P_2] >> a[A_COUNTRY]) & 1 else PASS


def state_size(row: list[int]) -> int:
    """Return 0: a ban needs no history."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return the instants at which the ban begins and ends, as far as it does."""
    return [at for at in (p[P_0], p[P_1]) if abs(at) != NEVER]


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    if answer == PASS:
        return "no ban of this channel is in force for this message"
    if answer == UNKNOWN:
        return "the recipient's country or the kind of organisation is not known"
    words = "must not use" if answer == FAIL else "should ask a lawyer before it uses"
    since = f" (banned since {params['since']})" if params.get("since") else ""
    return f"the organisation {words} this channel{since}"
