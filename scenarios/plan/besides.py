"""What a plan shows besides its rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from policies.verify.plan import Plan
from scenarios.compile.model import Compiled
from scenarios.plan.prove import Proved


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that no rule says and somebody should know, with what would mend it."""

    about: str
    sentence: str
    fix: str
    witness: dict[str, Any] | None = None


def besides(compiled: Compiled, plan: Plan, proved: Sequence[Proved]) -> tuple[Remark, ...]:
    """Return the remarks on a plan."""
    return ()
