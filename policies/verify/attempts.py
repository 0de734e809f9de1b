"""How many messages one recipient can get at most, whatever becomes of each."""

from __future__ import annotations

from policies.verify.plan import END, Plan, Step


def most_messages(plan: Plan, channels: int) -> int | None:
    """Return how many messages on these channels (bits) a recipient can get, None where a cascade may come back.

    In each cascade that is the way with the most steps on the channels; a step hands over one message.
    """
    counted: dict[int, int | None] = {END: 0}
    most = [_from(plan, campaign.first, channels, counted, frozenset()) for campaign in plan.campaigns]
    found = [[most[number] for number in vector.campaigns] for vector in plan.vectors]
    if any(one is None for each in found for one in each):
        return None
    return max((sum(one or 0 for one in each) for each in found), default=0)


def _from(plan: Plan, place: int, channels: int, counted: dict[int, int | None], before: frozenset[int]) -> int | None:
    if place in before:
        return None
    if place not in counted:
        step = plan.steps[place]
        on = [_from(plan, other, channels, counted, before | {place}) for other in _following(step)]
        own = (channels >> step.channel) & 1
        counted[place] = None if None in on else own + max(one or 0 for one in on)
    return counted[place]


def _following(step: Step) -> set[int]:
    """Return where a step may lead; a report of it may come while a later one waits, and leads on from there."""
    always = {step.on_absent, step.on_failed, step.on_refused, step.on_timeout}
    return always | ({step.on_guard} if step.tests else set()) | ({step.on_stop} if step.stops else set())
