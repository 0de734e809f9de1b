"""Cascade order: cheapest channel first, a wait between steps, and a stop once the person was reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from policies.evidence import MAX_EVIDENCE, Evidence
from policies.runs.facts import Assessment, CascadeStep, RunFacts

schema: dict[str, Any] = {"type": "object", "additionalProperties": False, "properties": {}}


def assess(params: Mapping[str, Any], run: RunFacts) -> Assessment:
    """Return one judgement for each pair of neighbouring steps of a cascade."""
    pairs = [(a, b) for a, b in pairwise(run.cascades) if a.campaign == b.campaign]
    faults = [_fault(a, b) for a, b in pairs]
    unpriced = [a.price_micro is None or b.price_micro is None for a, b in pairs]
    unknown = sum(fault == "" and lacking for fault, lacking in zip(faults, unpriced, strict=True))
    return Assessment(
        n=len(pairs),
        failed=sum(fault != "" for fault in faults),
        unknown=unknown,
        evidence=tuple(_evidence(pairs, faults))[:MAX_EVIDENCE],
        missing=("the price of every step",) if unknown else (),
        what="pairs of steps",
    )


def _fault(a: CascadeStep, b: CascadeStep) -> str:
    """Return what is wrong between a step and the next one; empty text for nothing."""
    if a.price_micro is not None and b.price_micro is not None and a.price_micro > b.price_micro:
        return f"{a.channel} is dearer than {b.channel} and comes first"
    if a.stop_on == "never":
        return f"{a.channel} never stops the cascade, so {b.channel} goes to people already reached"
    if a.wait_s == 0:
        return f"{b.channel} follows {a.channel} without a wait"
    return ""


def _evidence(pairs: list[tuple[CascadeStep, CascadeStep]], faults: list[str]) -> Iterator[Evidence]:
    for (a, _), fault in zip(pairs, faults, strict=True):
        if fault:
            yield Evidence("fail", f"step {a.step}: {fault}", campaign=a.campaign, channel=a.channel)
