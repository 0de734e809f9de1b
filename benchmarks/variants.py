"""W without some of its parts: what the time of the compiled engine goes into.

Without a part W is another campaign (without rules nobody is held or denied, so more is sent), so each variant is
shown with its rows of log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from benchmarks.first_and_warm import measure_model
from benchmarks.measure import Result
from benchmarks.workload_w import Raw, people, scenario
from scenarios.compile.model import compile_scenario
from scenarios.model import decode
from simulator.engine.model import Model

Change = tuple[Callable[[Raw], Raw], Callable[[Model], Model]]
"""What is done to the raw scenario, and to the compiled model."""


def _without_rules(raw: Raw) -> Raw:
    """No consent, hours or cap, and no list of those who opted out: the gate is empty."""
    return raw | {"guards": {"rules": [], "respect_opt_outs": False}}


def _without_feedback(model: Model) -> Model:
    """No messaging limit and no ratings: deliveries and complaints change nothing for others."""
    return replace(
        model,
        channels={index: replace(channel, feedback="none") for index, channel in model.channels.items()},
        senders=[replace(sender, limit=-1, quality=None, blocking=None) for sender in model.senders],
        limits=[],
    )


def _same_raw(raw: Raw) -> Raw:
    return raw


def _same_model(model: Model) -> Model:
    return model


VARIANTS: dict[str, Change] = {
    "W": (_same_raw, _same_model),
    "without rules": (_without_rules, _same_model),
    "without limit and ratings": (_same_raw, _without_feedback),
    "without either": (_without_rules, _without_feedback),
}


def variant(name: str, size: int, seed: int = 1) -> Model:
    """Return a variant of W for ``size`` recipients, compiled."""
    change_raw, change_model = VARIANTS[name]
    return change_model(compile_scenario(decode(change_raw(scenario(size, seed, ties=True))), people(size, seed)).model)


def measure_variant(name: str, log: str, size: int, warm: int) -> Result:
    """Return what the compiled engine needs for a variant of W; ``log`` is what is kept: full or none."""
    return measure_model(f"compiled-{log}", variant(name, size), warm)
