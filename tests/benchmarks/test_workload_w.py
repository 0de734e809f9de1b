"""Workload W has the shares, rates and limits of its table, at every size."""

from __future__ import annotations

import pytest

from benchmarks.workload_w import CASCADE, ZONES, people, workload
from policies.records import CHANNELS, EVENT_NAMES
from simulator.engine.run import run


def test_reach_and_consent_have_the_shares_of_the_table() -> None:
    crowd = people(20_000, 1)
    for figures in CASCADE:
        bit = CHANNELS.index(figures.name)
        assert (crowd.present >> bit & 1).mean() == pytest.approx(figures.reachable, abs=0.015)
        assert (crowd.consents[crowd.consent_set, 1] >> bit & 1).mean() == pytest.approx(figures.consent, abs=0.015)


def test_zones_have_the_shares_of_the_table_and_sum_to_one() -> None:
    crowd = people(20_000, 1)
    assert sum(share for _, share in ZONES) == pytest.approx(1)
    for index, (_, share) in enumerate(ZONES):
        assert (crowd.zone_set == index).mean() == pytest.approx(share, abs=0.01)


def test_throughput_and_limit_grow_with_the_size() -> None:
    """At a thousandth of the full size WhatsApp takes 0.08 a second and 100 people a day."""
    model = workload(1000).model
    sender = next(sender for sender in model.senders if sender.id == "whatsapp")
    limit = model.limits[sender.limit]
    assert limit.era.levels[limit.level] == 100
    assert sender.quality == (5000, 5000, 2)
    numerator, denominator = model.servers[model.senders.index(sender)]
    assert numerator / denominator == pytest.approx(12_500_000)


def test_a_fifth_of_the_people_has_a_message_on_the_day_before() -> None:
    model = workload(500).model
    earlier, offer = model.campaigns
    assert (len(earlier.members), len(offer.members)) == (100, 500)
    assert earlier.release_at + earlier.spread == offer.release_at


def test_w_brings_about_holds_denials_refusals_and_a_red_rating() -> None:
    seen = {EVENT_NAMES[event] for event in run(workload(1000).model).matrix()[:, 8].tolist()}
    assert {"held", "denied", "rejected", "complained", "quality_changed", "read"} <= seen


def test_a_w_without_ties_waits_a_little_longer() -> None:
    waits = [[step.wait for step in workload(10, ties=ties).model.steps] for ties in (True, False)]
    assert [odd - even for even, odd in zip(*waits, strict=True)] == [0, 419, 1153, 2297, 3613, 0]
