"""Kinds that judge a whole run, one module each: ``schema`` of the parameters, ``assess(params, run)``."""

from __future__ import annotations

from types import ModuleType

from policies.rules import RUN_KINDS, Check
from policies.runs import (
    cascade_order,
    cascade_stop,
    metric_threshold,
    other_channel,
    pilot,
    quota,
    rating_gate,
    response_time,
    retry_pause,
    review_record,
    send_rate,
    sender_name,
    statement,
)
from policies.runs.facts import Assessment, RunFacts

RUN_MODULES: tuple[ModuleType, ...] = (
    cascade_order,
    cascade_stop,
    metric_threshold,
    other_channel,
    pilot,
    quota,
    rating_gate,
    response_time,
    retry_pause,
    review_record,
    send_rate,
    sender_name,
    statement,
)
"""In the order of ``policies.rules.RUN_KINDS``."""


def assess(check: Check, run: RunFacts) -> Assessment:
    """Return what the run-scoped kind of ``check`` says of a run."""
    found: Assessment = RUN_MODULES[RUN_KINDS.index(check.kind)].assess(check.params, run)
    return found
