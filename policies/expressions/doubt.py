"""What to say of a message of which it is not known whether a guarded rule speaks of it."""

from __future__ import annotations

from policies.expressions.guard import Guard
from policies.kinds.base import A_WHEN, P_WHEN, W_DOUBTFUL


def in_doubt(row: list[int], attempt: list[int]) -> bool:
    """Say whether the guard of a rule row lacks a fact of the attempt."""
    if row[P_WHEN] == 0:
        return False
    return attempt[A_WHEN] < 0 or (attempt[A_WHEN] >> (row[P_WHEN] - 1)) & 3 == W_DOUBTFUL


def doubt(guard: Guard) -> str:
    """Return a sentence for the report, with the facts that the guard asks for."""
    asked = ", ".join(sorted(guard.facts)) or "a value"
    terms = [f"when {text}" for text in guard.when] + [f"unless {text}" for text in guard.unless]
    return f"whether the rule speaks of the message is not known ({'; '.join(terms)}): it needs {asked}"
