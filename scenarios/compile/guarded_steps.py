"""What the guards of the gate's rules (``when``, ``unless``) say of each step's message to each recipient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from policies.attempt_table import blank_attempts
from policies.expressions.conditions import Filler
from policies.gate import Gate
from policies.kinds import base as k
from policies.people import People
from simulator.engine.model import ByRecipient, Step

CHUNK = 1 << 16
"""People whose attempts are made in one go: they take two hundred bytes each."""


@dataclass(frozen=True, slots=True)
class StepNames:
    """The names behind the indices of a step."""

    campaigns: Sequence[str]
    senders: Sequence[str]
    templates: Sequence[str]


def guarded_steps(steps: Sequence[Step], gate: Gate | None, people: People, names: StepNames) -> list[Step]:
    """Return the steps with ``guarded``: one number, or one a recipient where facts of the person decide."""
    if gate is None or not gate.rule_table.conditions:
        return [replace(step, guarded=0) for step in steps]
    fill = gate.rule_table.conditions.filler(names, people)
    return [replace(step, guarded=_of_step(step, fill, people)) for step in steps]


def _of_step(step: Step, fill: Filler, people: People) -> ByRecipient:
    bits = np.empty(len(people), np.int32)
    for first in range(0, len(people), CHUNK):
        who = np.arange(first, min(first + CHUNK, len(people)))
        attempts = blank_attempts(len(who)).matrix
        attempts[:, k.A_RECIPIENT] = who
        attempts[:, k.A_CHANNEL], attempts[:, k.A_CATEGORY] = step.channel, step.category
        attempts[:, k.A_CAMPAIGN], attempts[:, k.A_SENDER] = step.campaign, step.sender
        attempts[:, k.A_TEMPLATE] = step.template
        attempts[:, k.A_TEXT] = step.text if isinstance(step.text, int) else step.text[who]
        attempts[:, k.A_COUNTRY] = people.country[who]
        fill(attempts)
        bits[who] = attempts[:, k.A_WHEN]
    return int(bits[0]) if len(bits) and (bits == bits[0]).all() else bits
