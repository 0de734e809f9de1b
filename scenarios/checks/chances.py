"""Latencies and thresholds: quantiles that rise, a 95th percentile above the median, warnings before blocks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from policies.yaml_tree import FieldPath
from scenarios.checks.facts import Facts
from scenarios.model import Latency
from scenarios.plain_errors import Fault

RISING = (("yellow_rate", "red_rate"), ("warn_rate", "block_rate"))


def check(facts: Facts) -> Iterator[Fault]:
    """Yield the faults of latencies and of the thresholds of feedback."""
    for path, latency in facts.latencies():
        yield from _latency(path, latency)
    for channel, feedback in facts.scenario.feedback.items():
        for low, high in RISING:
            first, second = getattr(feedback, low), getattr(feedback, high)
            if first is not None and second is not None and first > second:
                what = f"{high} {second:g} is below {low} {first:g}"
                yield Fault(("feedback", channel, high), what, "the graver step needs the higher rate")


def _latency(path: FieldPath, latency: Latency) -> Iterator[Fault]:
    median, upper, points = latency.p50_s, latency.p95_s, latency.points
    if points is not None and (median is not None or upper is not None):
        yield Fault(path, "both points and p50_s/p95_s are given", "keep one of the two forms")
    elif points is None and (median is None or upper is None):
        yield Fault(path, "the latency is incomplete", "give p50_s and p95_s, or points")
    if median is not None and upper is not None and upper < median:
        what = f"p95_s {upper:g} is below p50_s {median:g}"
        yield Fault((*path, "p95_s"), what, "the 95th percentile cannot be below the median")
    for index, ((p0, s0), (p1, s1)) in enumerate(pairwise(points or []), 1):
        if p1 <= p0:
            what = f"the probability {p1:g} does not rise above {p0:g}"
            yield Fault((*path, "points", index), what, "sort the points")
        if s1 < s0:
            yield Fault((*path, "points", index), f"the latency falls from {s0:g} s to {s1:g} s", "sort the points")
