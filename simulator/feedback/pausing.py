"""Template pausing: a template whose quality turns red is paused, then paused longer, then disabled (Meta).

The lengths are figures of the channel: 3 and 6 hours for WhatsApp.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from policies.kernels import kernel
from policies.records import NEVER


@dataclass(slots=True)
class Pausing:
    """How often a template was paused and whether it may be used; ``lengths`` of its pauses in microseconds."""

    lengths: tuple[int, ...]
    pauses: int = 0
    paused_until: int = -NEVER
    disabled: bool = False
    count: int = field(init=False)  # of lengths

    def __post_init__(self) -> None:
        self.count = len(self.lengths)


@kernel
def turn_red(state: Pausing, at: int) -> int:
    """Pause or disable the template; return the instant at which it resumes, NEVER when it is disabled."""
    if state.pauses == state.count:
        state.disabled = True
        return NEVER
    state.paused_until = at + state.lengths[state.pauses]
    state.pauses += 1
    return state.paused_until


@kernel
def usable(state: Pausing, at: int) -> bool:
    """Return whether the provider accepts the template at ``at``."""
    return not state.disabled and at >= state.paused_until
