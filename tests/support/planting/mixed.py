"""Logs of many messages: clean people, limits that are just kept, and breaches, in a shuffled order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from tests.support.planting.breaches import PLANTS
from tests.support.planting.limit import Limit
from tests.support.planting.limits import LIMITS
from tests.support.planting.planter import Planted, Planter
from tests.support.planting.rules import RULES

Plant = Callable[[Planter], None]
ALL = tuple(name for name, *_ in RULES)


def mixed(seed: int, breaches: int, clean: int, names: Sequence[str] = ALL, second: str = "email") -> Planted:
    """Return a log with so many clean people, a limit that is kept for each, and so many breaches of rules in turn.

    Every other breach of a rule is one of its limits, just broken; some rules are broken at their limits only.
    """
    planter = Planter(seed, second)
    told = second == "email"
    limits = [limit for limit in LIMITS if limit.rule in names and (told or not limit.told_by_us)]
    for number in range(clean):
        planter.clean(planter.person())
        limits[number % len(limits)].plant(planter, "")
    ways = {name: _ways(name, [limit for limit in limits if limit.rule == name]) for name in names}
    for number in range(breaches):
        turn, place = divmod(number, len(names))
        own = ways[names[place]]
        own[turn % len(own)](planter)
    planter.random.shuffle(planter.log.rows)
    return planter.log


def at_limits(seed: int, breaks: bool, limits: Sequence[Limit] = LIMITS, times: int = 1) -> Planted:
    """Return a log of nothing but limits, all just broken or all just kept."""
    planter = Planter(seed)
    for limit in limits:
        for _ in range(times):
            limit.plant(planter, limit.rule if breaks else "")
    planter.random.shuffle(planter.log.rows)
    return planter.log


def _ways(name: str, limits: list[Limit]) -> list[Plant]:
    """Return the ways to break a rule, one after another."""
    at_limits: list[Plant] = [partial(_broken, limit) for limit in limits]
    if name not in PLANTS:
        return at_limits
    return [way for at_limit in at_limits for way in (PLANTS[name], at_limit)] or [PLANTS[name]]


def _broken(limit: Limit, planter: Planter) -> None:
    limit.plant(planter, limit.rule)
