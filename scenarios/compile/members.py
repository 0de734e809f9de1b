"""Who a campaign is for: everyone who meets its conditions, or a sample of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from policies.errors import Problem
from policies.people import Int64s, People
from scenarios.compile.conditions import compile_conditions
from scenarios.model import Campaign
from simulator import draws
from simulator.draws import PURPOSE
from simulator.engine.conditions import at_release


def only_member(people: People, only: str | None, problems: list[Problem]) -> Int64s | None:
    """Return the one recipient of that external id, None for no choice; somebody unknown is a problem."""
    if only is None:
        return None
    found = people.places_of(pa.array([only]))
    if found[0] < 0:
        problems.append(Problem("--only", f"no recipient {only!r} in the audience", "give an external id"))
        return found[:0]
    return found


def members_of(
    index: int, spec: Campaign, people: People, release: int, key: int, seed: int, problems: list[Problem]
) -> Int64s:
    """Return the recipients who meet ``only``, thinned to the ``sample`` smallest draws, in any order of rows."""
    tests = compile_conditions(spec.only, people, f"campaigns[{index}].only", problems)
    everyone = np.arange(len(people), dtype=np.int64)
    for test in tests:
        everyone = everyone[at_release(test, len(people), release)[everyone]]
    if spec.sample is None or spec.sample >= len(everyone):
        return everyone
    keys = draws.combine_array(draws.run_key(seed, 0), people.key[everyone], key)
    order = np.argsort(draws.draw_array(keys, PURPOSE["sample"]), kind="stable")
    return np.sort(everyone[order[: spec.sample]])
