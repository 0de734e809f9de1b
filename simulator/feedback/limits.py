"""The messaging limit: distinct recipients of business-initiated messages in a moving 24 hours, and how it moves.

The counter follows deliveries outside an open service window (Meta, documented). How the level moves depends on the
era (``simulator.channels.whatsapp.LIMIT_ERAS``): before 2025-10-07 a number whose quality stays low for seven days
loses a level; since then the limit belongs to a portfolio, rises within hours and is never lowered for quality.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass, field

from policies.kernels import kernel
from policies.records import DAY, NEVER, WEEK

UNLIMITED = NEVER


@dataclass(frozen=True, slots=True)
class Era:
    """The rules of a period. Levels are recipients per moving 24 h, ascending, the last one ``UNLIMITED``."""

    levels: tuple[int, ...]
    upgrade_after: int  # microseconds from meeting the criteria to the new level
    upgrade_numerator: int  # the criteria: recipients of 7 days >= limit * numerator / denominator
    upgrade_denominator: int
    lowered_by_quality: bool
    flagged_for: int = WEEK  # low quality that lasts so long costs one level


@dataclass(slots=True)
class Limit:
    """State of one limit: the queue of counted deliveries with one head for 24 hours and one for seven days."""

    era: InitVar[Era]
    level: int
    levels: tuple[int, ...] = field(init=False)
    count: int = field(init=False)  # of levels
    upgrade_after: int = field(init=False)
    upgrade_numerator: int = field(init=False)
    upgrade_denominator: int = field(init=False)
    lowered_by_quality: bool = field(init=False)
    flagged_for: int = field(init=False)
    queue_at: list[int] = field(default_factory=list)
    queue_who: list[int] = field(default_factory=list)
    head_day: int = 0
    head_week: int = 0
    distinct_day: int = 0
    distinct_week: int = 0
    last_day: dict[int, int] = field(default_factory=dict)
    flagged_at: int = NEVER
    upgrade_at: int = NEVER

    def __post_init__(self, era: Era) -> None:
        self.levels, self.count = era.levels, len(era.levels)
        self.upgrade_after, self.upgrade_numerator = era.upgrade_after, era.upgrade_numerator
        self.upgrade_denominator, self.flagged_for = era.upgrade_denominator, era.flagged_for
        self.lowered_by_quality = era.lowered_by_quality


@kernel
def allowed(state: Limit) -> int:
    """Return the recipients allowed in a moving 24 hours; ``UNLIMITED`` when there is no limit."""
    return state.levels[state.level]


def open_places(state: Limit, at: int, who: int) -> bool:
    """Return whether one more message to ``who`` fits the limit at ``at``: a person already counted costs nothing."""
    _expire(state, at)
    last = state.last_day.get(who, -NEVER)
    return last > at - DAY or state.distinct_day < allowed(state)


def count(state: Limit, at: int, who: int) -> int:
    """Count a delivery to ``who``; return the instant at which an upgrade is due, or NEVER."""
    _expire(state, at)
    last = state.last_day.get(who, -NEVER)
    if last == at:
        return upgrade_due(state, at)  # two deliveries at one instant are one entry, or both would leave the count
    state.distinct_day += last <= at - DAY
    state.distinct_week += last <= at - WEEK
    state.last_day[who] = at
    state.queue_at.append(at)
    state.queue_who.append(who)
    return upgrade_due(state, at)


def _expire(state: Limit, at: int) -> None:
    """Drop what is older than the windows; an entry leaves a count only if it is still that person's latest."""
    while state.head_day < len(state.queue_at) and state.queue_at[state.head_day] <= at - DAY:
        index = state.head_day
        state.distinct_day -= state.last_day[state.queue_who[index]] == state.queue_at[index]
        state.head_day += 1
    while state.head_week < len(state.queue_at) and state.queue_at[state.head_week] <= at - WEEK:
        index = state.head_week
        state.distinct_week -= state.last_day[state.queue_who[index]] == state.queue_at[index]
        state.head_week += 1


@kernel
def upgrade_due(state: Limit, at: int) -> int:
    """Note that the criteria of the next level are met, if they are; return when the upgrade is due, or NEVER."""
    if state.upgrade_at != NEVER or state.flagged_at != NEVER or allowed(state) == UNLIMITED:
        return NEVER
    if state.distinct_week * state.upgrade_denominator < allowed(state) * state.upgrade_numerator:
        return NEVER
    state.upgrade_at = at + state.upgrade_after
    return state.upgrade_at


@kernel
def upgrade(state: Limit, at: int) -> bool:
    """Raise the limit one level if the upgrade due at ``at`` still stands; return whether it did."""
    if state.upgrade_at != at:
        return False
    state.upgrade_at = NEVER
    if state.flagged_at != NEVER or state.level + 1 >= state.count:
        return False
    state.level += 1
    return True


@kernel
def flag(state: Limit, at: int) -> int:
    """Note that quality became low; return the instant at which a level is lost, or NEVER in an era that does not."""
    if state.flagged_at != NEVER:
        return NEVER
    state.flagged_at = at
    state.upgrade_at = NEVER
    return at + state.flagged_for if state.lowered_by_quality else NEVER


@kernel
def unflag(state: Limit) -> None:
    """Note that quality is no longer low: the limit is kept."""
    state.flagged_at = NEVER


@kernel
def downgrade(state: Limit, at: int) -> bool:
    """Take one level if the number has been flagged without a break until ``at``; return whether the limit fell."""
    if state.flagged_at == NEVER or state.flagged_at + state.flagged_for != at:
        return False
    state.flagged_at = NEVER
    if state.level == 0:
        return False
    state.level -= 1
    return True
