"""Runs with breaches of every kind among clean neighbours, or with one limit alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.planting import run_campaigns, run_quotas, run_ratings, run_shares
from tests.support.planting.run_planter import STATEMENTS, Run, RunLimit, RunPlanter, Way

RUN_LIMITS: tuple[RunLimit, ...] = (
    *run_quotas.LIMITS, *run_shares.LIMITS, *run_campaigns.LIMITS, *run_ratings.LIMITS,
)  # fmt: skip
"""Every limit of the kinds that are planted here."""
OTHER_WAYS: Mapping[str, Sequence[Way]] = {
    "quota": run_quotas.OTHER_WAYS,
    "metric_threshold": run_shares.OTHER_WAYS,
    "cascade_order": run_campaigns.OTHER_WAYS,
    "other_channel": (run_campaigns.another_channel,),
    "rating_gate": run_ratings.OTHER_WAYS,
    "review_record": (),
}
"""Ways to break a rule, or to obey it, that are no limits."""


def mixed_run(seed: int, number: int, breaches: int, clean: int) -> Run:
    """Return a run with so many breaches of each kind and so many clean neighbours; at most twenty breaches."""
    p = RunPlanter(seed, number)
    for kind, others in OTHER_WAYS.items():
        ways = [limit.plant for limit in RUN_LIMITS if limit.kind == kind] + list(others)
        for place, breaks in enumerate(_order(p, breaches, clean)):
            ways[place % len(ways)](p, breaks)
    run_campaigns.pilots(p, _order(p, breaches, clean))
    for place in p.random.sample(range(STATEMENTS), breaches):
        p.run.evidence[f"fact_{place}"] = False
        p.fail("statement", f"fact_{place}", True)
    return p.finish()


def run_at_limit(limit: RunLimit, breaks: bool, number: int) -> Run:
    """Return a run in which a limit is just broken, or just kept, and nothing else happens."""
    p = RunPlanter(9, number)
    limit.plant(p, breaks)
    return p.finish()


def _order(p: RunPlanter, breaches: int, clean: int) -> list[bool]:
    order = [True] * breaches + [False] * clean
    p.random.shuffle(order)
    return order
