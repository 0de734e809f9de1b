"""Attestation: a person states a fact that no message shows; without the statement the answer is unknown."""

from __future__ import annotations

from typing import Any

from policies.context import Context
from policies.kernels import inlined
from policies.kinds.base import FAIL, P_0, PASS, UNKNOWN

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["input"],
    "properties": {"input": {"description": "Name of the statement under `evidence`.", "type": "string"}},
}


def prepare(params: dict[str, Any], context: Context) -> list[list[int]]:
    """Return one row: the answer, the same for every message. Only true and false are answers: ``no`` is a text."""
    stated = context.evidence.get(params["input"])
    if not isinstance(stated, bool):
        return [[UNKNOWN]]
    return [[PASS if stated else FAIL]]


@inlined
def evaluate(p: list[int], a: list[int]) -> int:
    """Return what was stated."""
    return p[P_0]


def state_size(row: list[int]) -> int:
    """Return 0: a statement needs no history."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return nothing: the answer never changes within a run."""
    return []


def explain(params: dict[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report."""
    words = {PASS: "is confirmed", FAIL: "is denied", UNKNOWN: "was not given: state true or false under evidence"}
    return f"{params['input']} {words.get(answer, '')}".strip()
