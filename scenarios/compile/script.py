"""Forced outcomes: what a scenario's ``script`` says of single draws."""

from __future__ import annotations

import pyarrow as pa

from policies.errors import Problem
from policies.people import People
from policies.records import CHANNELS
from scenarios.model import Scenario
from simulator.draws import threshold


def forced_draws(
    scenario: Scenario, people: People, problems: list[Problem]
) -> dict[tuple[int, int, int, int, str], int]:
    """Return the forced draws; a probability in [0, 1) becomes the 64-bit draw at that point."""
    if not scenario.script:
        return {}
    names = [forced.recipient for forced in scenario.script]
    places = people.places_of(pa.array(names)).tolist()
    campaigns = {campaign.id: index for index, campaign in enumerate(scenario.campaigns)}
    script = {}
    for index, forced in enumerate(scenario.script):
        where = f"script[{index}]"
        if places[index] < 0:
            problems.append(Problem(f"{where}.recipient", f"no recipient {forced.recipient!r} in the audience"))
        elif forced.value >= 1:
            problems.append(
                Problem(f"{where}.value", "a draw lies in [0, 1)", "0 makes an event happen, 0.999 does not")
            )
        else:
            campaign = campaigns[forced.campaign] if forced.campaign else -1
            channel = CHANNELS.index(forced.channel) if forced.channel else -1
            key = (places[index], campaign, channel, forced.attempt, forced.purpose)
            script[key] = threshold(forced.value)
    return script
