"""Forced outcomes: purposes that are drawn, campaigns and channels that are used, values in range."""

from __future__ import annotations

from collections.abc import Iterator

from policies.words import suggestion
from policies.yaml_tree import FieldPath
from scenarios.checks.facts import Facts
from scenarios.model import Forced
from scenarios.plain_errors import Fault


def check(facts: Facts) -> Iterator[Fault]:
    """Yield the faults of ``script``."""
    seen: set[tuple[object, ...]] = set()
    for index, forced in enumerate(facts.scenario.script):
        path: FieldPath = ("script", index)
        yield from _forced(facts, path, forced)
        key = (forced.recipient, forced.campaign, forced.channel, forced.attempt, forced.purpose)
        if key in seen:
            yield Fault(path, f"{forced.purpose!r} of this attempt is forced twice", "keep one of them")
        seen.add(key)


def _forced(facts: Facts, path: FieldPath, forced: Forced) -> Iterator[Fault]:
    from simulator.draws import PURPOSES

    ids = {campaign.id for campaign in facts.scenario.campaigns}
    if forced.purpose not in PURPOSES:
        remedy = suggestion(forced.purpose, PURPOSES, what="purposes", limit=40)
        yield Fault((*path, "purpose"), f"nothing is drawn for {forced.purpose!r}", remedy)
    elif forced.value >= 1:
        what = f"{forced.value:g} is no draw in [0, 1)"
        yield Fault((*path, "value"), what, "0 makes it happen, 0.999999 makes it fail")
    known = facts.scenario.calendar is not None or facts.lost("campaigns")
    if forced.campaign is not None and forced.campaign not in ids and not known:
        remedy = suggestion(forced.campaign, ids, what="campaigns")
        yield Fault((*path, "campaign"), f"there is no campaign {forced.campaign!r}", remedy)
