"""The cascade as a graph: ids, targets, no way round in a circle, no step that is never reached, stops that can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policies.words import suggestion
from policies.yaml_tree import FieldPath
from scenarios.checks.facts import Facts
from scenarios.model import Campaign, Step
from scenarios.plain_errors import Fault

END = "end"
TARGETS = ("on_absent", "on_failed", "on_refused", "on_timeout", "on_guard", "on_stop")

NO_LINK = ("flash_call",)
"""Channels without anything to follow or press."""


def check(facts: Facts) -> Iterator[Fault]:
    """Yield the faults of each campaign's cascade."""
    for path, campaign in facts.campaigns():
        at = (*path, "cascade")
        yield from _stops(facts, at, campaign.cascade)
        yield from _ids(at, campaign.cascade)
        yield from _targets(facts, at, campaign)
        if not facts.damaged(at, "id", *TARGETS):
            yield from _graph(at, campaign.cascade)


def step_name(step: Step, index: int) -> str:
    """Return the id of a step: its own, else its place in the list, counted from 1, and its channel."""
    return step.id or f"{index + 1}-{step.channel}"


def _ids(at: FieldPath, cascade: Sequence[Step]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, step in enumerate(cascade):
        if step.id == END:
            yield Fault((*at, index, "id"), "'end' means the end of the cascade", "call the step something else")
        elif step.id in seen:
            yield Fault((*at, index, "id"), f"the step id {step.id!r} is taken", "give each step its own id")
        if step.id:
            seen.add(step.id)


def _targets(facts: Facts, at: FieldPath, campaign: Campaign) -> Iterator[Fault]:
    written = facts.written(at) or []
    ids = {str(entry["id"]) for entry in written if isinstance(entry, dict) and "id" in entry}
    ids |= {step_name(step, index) for index, step in enumerate(campaign.cascade)}
    for index, step in enumerate(campaign.cascade):
        for field in TARGETS:
            target = getattr(step, field)
            if target is not None and target not in ids | {END}:
                remedy = suggestion(target, ids | {END}, what="steps")
                yield Fault((*at, index, field), f"there is no step {target!r} in this cascade", remedy)


def _stops(facts: Facts, at: FieldPath, cascade: Sequence[Step]) -> Iterator[Fault]:
    """Yield steps that wait for what their channel can never report; seeds 7.2: an SMS has no read report."""
    for index, step in enumerate(cascade):
        written = facts.written((*at, index, "stop_on")) is not None
        waits = step.wait_s is not None or index + 1 < len(cascade)
        if (written or waits) and not _can_stop(step):
            possible = [word for word in ("delivered", "clicked", "purchased") if _can_stop(step, word)]
            what = f"{step.channel} never reports {step.stop_on!r}: the cascade would not stop here"
            remedy = f"set stop_on to {' or '.join(possible)}{'' if written else '; the default is read'}"
            yield Fault((*at, index, "stop_on"), what, remedy)


def _can_stop(step: Step, word: str | None = None) -> bool:
    from simulator.channels import spec

    state = word or step.stop_on
    if state in ("delivered", "read"):
        return state in spec(step.channel).reports
    return state != "clicked" or step.channel not in NO_LINK


def edges(cascade: Sequence[Step]) -> list[list[tuple[str, int]]]:
    """Return for each step its ways out as (field, index of the step it leads to); ways to the end are left out.

    A target left out means the next step of the list, except ``on_stop`` and ``on_guard``,
    which mean the end.
    """
    index_of = {step_name(step, index): index for index, step in enumerate(cascade)}
    result = []
    for index, step in enumerate(cascade):
        ways = []
        for field in TARGETS:
            target = getattr(step, field)
            if target is None and field not in ("on_stop", "on_guard") and index + 1 < len(cascade):
                ways.append((field, index + 1))
            elif target in index_of:
                ways.append((field, index_of[target]))
        result.append(ways)
    return result


def _graph(at: FieldPath, cascade: Sequence[Step]) -> Iterator[Fault]:
    ways = edges(cascade)
    circle = _circle(ways)
    if circle:
        steps = [step for step, _ in circle]
        names = " -> ".join(step_name(cascade[i], i) for i in [*steps, steps[0]])
        step, field = next(((step, field) for step, field in circle if getattr(cascade[step], field)), circle[-1])
        yield Fault((*at, step, field), f"the cascade runs in a circle: {names}", "lead one of them to end")
        return
    reached = _reached(ways)
    for index, step_ in enumerate(cascade):
        if index not in reached:
            what = f"{step_name(step_, index)} is never reached"
            yield Fault((*at, index), what, "lead an earlier step to it, or remove it")


def _circle(ways: Sequence[Sequence[tuple[str, int]]]) -> list[tuple[int, str]]:
    """Return one circle as (step, field that leads on), or an empty list; depth first, without recursion."""
    done: set[int] = set()
    for start in range(len(ways)):
        trail = {start: 0} if start not in done else {}  # steps on the way, each with how many of its ways were tried
        while trail:
            step, tried = next(reversed(trail.items()))
            if tried == len(ways[step]):
                done.add(step)
                del trail[step]
                continue
            trail[step] += 1
            following = ways[step][tried][1]
            if following in trail:
                steps = list(trail)
                return [(at, ways[at][trail[at] - 1][0]) for at in steps[steps.index(following) :]]
            if following not in done:
                trail[following] = 0
    return []


def _reached(ways: Sequence[Sequence[tuple[str, int]]]) -> set[int]:
    reached, waiting = {0}, [0]
    while waiting:
        for _, following in ways[waiting.pop()]:
            if following not in reached:
                reached.add(following)
                waiting.append(following)
    return reached
