"""Template pausing: a template whose quality turns red is paused 3 hours, then 6, the third time disabled (Meta)."""

from __future__ import annotations

from dataclasses import dataclass

from policies.records import HOUR, NEVER

PAUSES = (3 * HOUR, 6 * HOUR)
"""Length of the first and second pause: documented, template-pausing page of 2025-10-22."""


@dataclass(slots=True)
class Pausing:
    """How often a template was paused and whether it may be used."""

    pauses: int = 0
    paused_until: int = -NEVER
    disabled: bool = False


def turn_red(state: Pausing, at: int) -> int:
    """Pause or disable the template; return the instant at which it resumes, NEVER when it is disabled."""
    if state.pauses == len(PAUSES):
        state.disabled = True
        return NEVER
    state.paused_until = at + PAUSES[state.pauses]
    state.pauses += 1
    return state.paused_until


def usable(state: Pausing, at: int) -> bool:
    """Return whether the provider accepts the template at ``at``."""
    return not state.disabled and at >= state.paused_until
