"""Who a campaign is for: everyone who meets its conditions, or a sample of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.errors import Problem
from policies.people import People
from scenarios.compile.conditions import compile_conditions
from scenarios.model import Campaign
from simulator import draws
from simulator.draws import PURPOSE
from simulator.engine.conditions import at_release
from simulator.engine.model import Members

CHUNK = 1 << 20
"""People whose draws are made in one go."""


def only_member(people: People, only: str | None, problems: list[Problem]) -> Members | None:
    """Return the one recipient of that external id, None for no choice; somebody unknown is a problem."""
    if only is None:
        return None
    found = people.places_of(pa.array([only]))
    if found[0] < 0:
        problems.append(Problem("--only", f"no recipient {only!r} in the audience", "give an external id"))
        return np.zeros(0, np.uint32)
    return found.astype(np.uint32)


def members_of(
    index: int, spec: Campaign, people: People, release: int, key: int, seed: int, problems: list[Problem]
) -> Members:
    """Return the recipients who meet ``only``, in rising order, thinned to the ``sample`` smallest draws.

    Whom a sample takes does not depend on the order of rows.
    """
    everyone = np.arange(len(people), dtype=np.uint32)
    for test in compile_conditions(spec.only, people, f"campaigns[{index}].only", problems):
        everyone = everyone[at_release(test, len(people), release)[everyone]]
    if spec.sample is None or spec.sample >= len(everyone):
        return everyone
    run = draws.run_key(seed, 0)
    chosen = np.empty(len(everyone), np.uint64)
    for start in range(0, len(everyone), CHUNK):
        keys = people.key[everyone[start : start + CHUNK]]
        chosen[start : start + CHUNK] = draws.draw_array(draws.combine_array(run, keys, key), PURPOSE["sample"])
    return everyone[_smallest(chosen, spec.sample)]


def _smallest(values: draws.UInt64s, count: int) -> npt.NDArray[np.bool_]:
    """Return which values are the ``count`` smallest; of equal ones the first."""
    if not count:
        return np.zeros(len(values), np.bool_)
    bound = np.partition(values, count - 1)[count - 1]
    taken: npt.NDArray[np.bool_] = values < bound
    equal = np.flatnonzero(values == bound)
    taken[equal[: count - int(taken.sum())]] = True
    return taken
