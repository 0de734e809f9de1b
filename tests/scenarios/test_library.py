"""Every shipped scenario: both schedulers agree, the summaries are the golden ones, today's rules can be put on it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from scenarios.load import load_scenario
from tests.support.library import GOLDEN, LIBRARY, NAMES, OWN_DAY, RUB, TODAY, golden, play, small
from tests.support.logs import canonical

SEEDS = tuple(name for name in NAMES if name != "five-step-offer")
PROMISED = {
    "idigital-flash-call", "idigital-whatsapp-chain", "smartadv-service", "manzana-cascade", "edna-promo",
    "voice-fallback", "calendar-month", "debt-notice", "five-step-offer",
}  # fmt: skip


def test_the_promised_scenarios_are_shipped_and_named_apart() -> None:
    assert set(NAMES) >= PROMISED
    titles = [load_scenario(LIBRARY / f"{name}.yaml").scenario.name for name in NAMES]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", SEEDS)
def test_a_scenario_plays_in_october_2021_under_the_rules_of_that_month(name: str) -> None:
    scenario = load_scenario(LIBRARY / f"{name}.yaml").scenario
    assert scenario.as_of == OWN_DAY.isoformat()
    assert scenario.clock.start.startswith("2021-10-")


@pytest.mark.parametrize("name", NAMES)
def test_both_engines_write_the_same_log_bit_for_bit(name: str) -> None:
    machine, reference = small(name, OWN_DAY, "compiled"), small(name, OWN_DAY)
    assert len(machine.matrix) > 0
    assert np.array_equal(canonical(machine.matrix), canonical(reference.matrix))
    assert machine.log_hash == reference.log_hash


@pytest.mark.parametrize("name", NAMES)
def test_the_summary_is_the_golden_one(name: str) -> None:
    """After a change that is meant to change results: python scripts/refresh_golden.py."""
    assert golden(name) == json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def test_each_scenario_has_a_golden_summary_and_nothing_else_has() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == list(NAMES)


def test_another_seed_gives_another_log() -> None:
    assert play("smartadv-service", {"seed": 2}, size=100).log_hash != play("smartadv-service", size=100).log_hash


@pytest.mark.parametrize("name", SEEDS)
def test_five_years_later_no_more_people_are_reached(name: str) -> None:
    then, now = small(name, OWN_DAY).figures.reach, small(name, TODAY).figures.reach
    assert now.delivered_fate <= then.delivered_fate
    assert now.delivered_report <= then.delivered_report


@pytest.mark.parametrize("name", ["smartadv-service", "manzana-cascade", "calendar-month"])
def test_viber_in_russia_reaches_a_tenth_of_whom_it_reached(name: str) -> None:
    then, now = small(name, OWN_DAY), small(name, TODAY)
    shares = [len(p.rows("delivered", "viber")) / len(p.rows("submitted", "viber")) for p in (then, now)]
    assert shares[0] == pytest.approx(0.8, abs=0.1)
    assert shares[1] == pytest.approx(0.08, abs=0.06)


@pytest.mark.parametrize("name", ["edna-promo", "debt-notice", "idigital-whatsapp-chain"])
def test_whatsapp_in_russia_reaches_a_third_of_whom_it_reached_at_a_price_in_dollars(name: str) -> None:
    now = small(name, TODAY)
    delivered = now.rows("delivered", "whatsapp")
    assert len(delivered) / len(now.rows("submitted", "whatsapp")) == pytest.approx(0.285, abs=0.06)
    dollars = 802 if name == "edna-promo" else 400  # ten-thousandths: marketing, utility; at 80 roubles
    assert now.cost("whatsapp") == len(delivered) * dollars * 80 * RUB // 10_000


@pytest.mark.parametrize("name", ["manzana-cascade", "edna-promo", "calendar-month"])
def test_offers_on_restricted_resources_are_for_review_today_and_no_rule_spoke_of_them_in_2021(name: str) -> None:
    then, now = small(name, OWN_DAY).findings(), small(name, TODAY).findings()
    assert "RU-ADS-RES-01" not in then
    assert now["RU-ADS-RES-01"].verdict == "review"
    assert now["RU-ADS-RES-01"].review > 0


@pytest.mark.parametrize(("name", "dearer"), [("smartadv-service", "sms"), ("manzana-cascade", "sms")])
def test_going_round_a_closed_channel_costs_more_sms(name: str, dearer: str) -> None:
    then, now = small(name, OWN_DAY), small(name, TODAY)
    assert len(now.rows("submitted", dearer)) > len(then.rows("submitted", dearer))
    assert now.cost() > then.cost()


def test_one_operator_passes_no_reports_of_sms_today() -> None:
    then, now = small("idigital-sms-codes", OWN_DAY).figures.reach, small("idigital-sms-codes", TODAY).figures.reach
    assert now.delivered_fate == then.delivered_fate
    assert now.delivered_report / now.delivered_fate == pytest.approx(0.73, abs=0.06)
    assert then.delivered_report / then.delivered_fate > 0.95


@pytest.mark.parametrize(
    "pair", [("idigital-flash-call", "idigital-sms-codes"), ("idigital-whatsapp-chain", "idigital-sms-chain")]
)
def test_the_two_halves_of_a_sum_can_be_compared(pair: tuple[str, str]) -> None:
    loaded = [load_scenario(LIBRARY / f"{name}.yaml").scenario for name in pair]
    assert loaded[0].audience == loaded[1].audience
    assert loaded[0].currency == loaded[1].currency
    assert [(c.id, c.release_at, c.spread_h) for c in loaded[0].campaigns] == [
        (c.id, c.release_at, c.spread_h) for c in loaded[1].campaigns
    ]
