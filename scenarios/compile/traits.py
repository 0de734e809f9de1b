"""What people bring along: their clocks, dead numbers, opt-outs, habits."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from policies.people import Int64s, People
from scenarios.compile.clock import Timeline
from scenarios.model import Scenario
from simulator import draws
from simulator.behaviour import WAKING, activity_weights, annoyance_multipliers, fatigue_multipliers
from simulator.draws import PURPOSE, threshold
from simulator.engine.model import Behaviour, Table
from simulator.tables import points_table

CHUNK = 1 << 20
"""People whose draws are made in one go."""
DEAD_AFTER = 5
"""A number with so many failures in a row on record is dead: *assumed* (seed D25 says only "regularly undelivered")."""


def zone_offsets(people: People, line: Timeline) -> Int64s:
    """Return wall clock minus UTC at the start by zone set, by its first zone, else the scenario's; that last too."""
    fallback = _offset(line.zone, line)
    by_set = [_offset(ZoneInfo(zones[0]), line) if zones else fallback for zones in people.zone_sets]
    return np.array([*by_set, fallback], np.int64)


def _offset(zone: ZoneInfo, line: Timeline) -> int:
    local = line.local(line.start).astimezone(zone)
    return (local.utcoffset() or timedelta()) // timedelta(microseconds=1)


def dead_numbers(scenario: Scenario, people: People) -> npt.NDArray[np.bool_]:
    """Return whose number is dead: a trait drawn once a person, or a long run of failures that the base records."""
    dead = (people.failures_in_a_row.values >= DEAD_AFTER)[people.failures_in_a_row.codes]
    bound = threshold(scenario.people.dead_number_rate)
    run = draws.run_key(scenario.seed, 0)
    for start in range(0, len(people) if bound else 0, CHUNK):
        keys = draws.combine_array(run, people.key[start : start + CHUNK])
        drawn = draws.draw_array(keys, PURPOSE["dead_number"])
        dead[start : start + CHUNK] |= drawn < np.uint64(min(bound, 2**64 - 1))
    return np.asarray(dead, np.bool_)


def behaviour(scenario: Scenario) -> Behaviour:
    """Return the habits that all people of the scenario share."""
    personality = scenario.people
    curve = None
    if personality.activity == "waking":
        curve = activity_weights(tuple(float(weight) for weight in WAKING))
    elif personality.activity != "flat":
        curve = activity_weights(tuple(float(weight) for weight in personality.activity))
    return Behaviour(
        activity=curve,
        fatigue=fatigue_multipliers(personality.fatigue_per_message),
        annoyance=annoyance_multipliers(personality.fatigue_per_message),
        base_purchase=exponential(personality.purchases_per_30_days),
    )


def exponential(per_30_days: float) -> Table | None:
    """Return the table of the gaps of a Poisson process with this mean number in 30 days; None for none."""
    if per_30_days <= 0:
        return None
    mean = 30 * 86400 / per_30_days
    points = [(k / 256, float(-(Decimal(1) - Decimal(k) / 256).ln() * Decimal(mean))) for k in range(256)]
    return points_table([*points, (1.0, points[-1][1] + 2 * mean)])
