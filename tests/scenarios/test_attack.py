"""The attack finds the true worst of small domains, shrinks it to the smallest, and says the same each time."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from policies.errors import InputError
from scenarios.attack.cases import Arena, Case, Person, arena_of
from scenarios.attack.cutting import smaller
from scenarios.attack.domain import Domain, domain_of, domain_words
from scenarios.attack.fates import ARRIVALS, REACTIONS, RECEIPTS
from scenarios.attack.goals import GOALS, contents
from scenarios.attack.options import properties
from scenarios.attack.plans import case_of
from scenarios.attack.search import Found, search
from scenarios.experiments.prepare import Prepared, prepare_file

SCENARIO = """\
name: Two channels
seed: 3
clock: {start: 2026-03-02T09:00, zone: Europe/Moscow, horizon_days: 2}
audience: {file: {path: people.csv}}
senders: {news: {channel: viber, traffic: advertising}, SHOP: {channel: sms}}
channels:
  viber: {unsubscribed: 0.05, prices: [{event: delivered, price: 1.5}]}
  sms: {prices: [{event: submit, price: 2, per: segment}]}
templates:
  viber-text: {channel: viber, category: promo, body: "{{full_name}}, скидка до пятницы. Отписка: СТОП"}
  sms-text: {channel: sms, category: promo, body: "{{full_name}}, скидка до пятницы. Отписка: СТОП"}
packs: [bp-promo]
campaigns:
  - id: offer
    category: promo
    release_at: 2026-03-02T19:00
    spread_h: 1
    cascade:
      - {id: viber, channel: viber, template: viber-text, wait_s: 7200, stop_on: read}
      - {id: sms, channel: sms, template: sms-text, stop_on: delivered}
"""
PEOPLE = """\
customer_id,phone,full_name,time_zone,has_viber,ads_consent_at,ads_consent_channels,ads_consent_topics,consent_evidence
1,+79161234567,Анна,Europe/Moscow,1,2026-01-10,sms|viber,offers,checkbox:17
2,+79161234568,Александрина Константиновна Воскресенская,Europe/Moscow,0,2026-01-10,sms|viber,offers,checkbox:18
3,+79161234569,Ян,Asia/Omsk,1,,,,
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    folder = tmp_path_factory.mktemp("attack")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (folder / "two.yaml").write_text(SCENARIO, encoding="utf-8")
    return prepare_file(folder / "two.yaml")


def set_up(prepared: Prepared, goal: str, people: int = 1) -> tuple[Arena, Domain]:
    arena = arena_of(prepared, GOALS[goal])
    return arena, domain_of(arena, prepared, people, 0)


def narrow(domain: Domain) -> Domain:
    """Few fates, no outage, one release, two properties, so that every plan can be played."""
    slots = tuple(
        replace(slot, arrivals=slot.arrivals[:2], receipts=slot.receipts[:1], reactions=slot.reactions[:3])
        for slot in domain.slots
    )
    free = ("has_viber", "full_name")
    fixed = tuple(own if own.columns[:1] in [(name,) for name in free] else replace(own, values=own.values[:1])
                  for own in domain.properties)  # fmt: skip
    return replace(domain, properties=fixed, slots=slots, spans=(0,), outages=())


def every_plan(domain: Domain) -> list[Any]:
    fates = [itertools.product(*map(_places, (s.arrivals, s.receipts, s.reactions))) for s in domain.slots]
    values = itertools.product(*(_places(own.values) for own in domain.properties))
    people = [((v, f),) for v, f in itertools.product(values, list(itertools.product(*fates)))]
    return [(who, (minutes,), ()) for who in people for minutes in range(domain.spans[0] + 1)]


def _places(items: Sequence[Any]) -> range:
    return range(len(items))


@pytest.mark.parametrize("goal", GOALS)
def test_the_worst_case_is_that_of_brute_force_and_the_smallest_of_them(prepared: Prepared, goal: str) -> None:
    arena, whole = set_up(prepared, goal)
    domain = narrow(whole)
    cases = {case_of(domain, plan) for plan in every_plan(domain)}
    assert len(cases) > 100
    measured = {case: arena.measure(case).value for case in cases}
    worst = max(measured.values())
    fewest = min(len(case.script) for case, value in measured.items() if value == worst)
    arena.best = None
    found = search(arena, domain, 60, 1, lambda number: None)
    assert found is not None
    assert found.seen.value == worst > 0
    assert len(found.case.people) == 1
    assert len(found.case.script) <= fewest


def attacked(prepared: Prepared, goal: str, people: int = 3) -> tuple[Arena, Found]:
    arena, domain = set_up(prepared, goal, people)
    found = search(arena, domain, 20, 1, lambda number: None)
    assert found is not None
    return arena, found


def test_shrinking_leads_to_one_recipient_and_nothing_more_can_be_taken_away(prepared: Prepared) -> None:
    arena, found = attacked(prepared, "cost")
    assert len(found.case.people) == 1
    assert found.case.outages == ()
    assert found.seen.value >= 1_500_000 + 2_000_000
    less: list[Case] = [case for case in smaller(found.case) if arena.measure(case).value >= found.seen.value]
    assert less == []


def test_the_longest_name_makes_the_dearest_text_and_is_not_shown(prepared: Prepared) -> None:
    arena, found = attacked(prepared, "cost")
    [row] = arena.rows(found.case)
    assert found.seen.value == 1_500_000 + 2 * 2_000_000
    assert "Александрина" not in row["full_name"]
    assert len(row["full_name"]) == len("Александрина Константиновна Воскресенская")
    assert row["phone"] not in PEOPLE
    assert "17" not in row["consent_evidence"]


def test_the_same_seed_finds_the_same_case_and_leaves_nothing_behind(
    prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first, second = (attacked(prepared, "duplicates")[1] for _ in range(2))
    assert first == second
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_keeps_the_worst_so_far(prepared: Prepared) -> None:
    arena, domain = set_up(prepared, "duplicates")

    def stop(number: int) -> None:
        if number == 20:
            raise KeyboardInterrupt

    found = search(arena, domain, 100, 1, stop)
    assert found is not None
    assert (found.interrupted, found.settled, found.tried) == (True, False, 20)
    assert arena.best == (found.case, found.seen)


def test_broken_rules_weigh_by_severity_and_are_listed(prepared: Prepared) -> None:
    _, found = attacked(prepared, "violations")
    assert {rule for rule, _, _ in found.seen.rules} >= {"BP-CONS-CAT-01"}
    weights = {"block": 1000, "error": 100, "warn": 10, "info": 1}
    assert found.seen.value == sum(weights[severity] for _, severity, _ in found.seen.rules)


def test_the_domain_admits_only_what_the_scenario_lets_happen(prepared: Prepared) -> None:
    _, domain = set_up(prepared, "cost")
    viber, sms = domain.slots
    assert {fate.name for fate in sms.reactions} == {"as the seed draws it"} | {
        fate.name for fate in sms.reactions if not fate.name.startswith(("read", "unread"))
    }
    assert "read late" in {fate.name for fate in viber.reactions}
    assert domain.spans == (60,)
    words = list(domain_words(domain))
    assert "release: as planned, up to 60 min later" in words
    assert any(line.startswith("a message by viber: arrives") for line in words)


@pytest.mark.parametrize("fates", [ARRIVALS, RECEIPTS, REACTIONS], ids=["arrivals", "receipts", "reactions"])
def test_the_first_of_each_kind_of_fate_forces_nothing(fates: Any) -> None:
    assert fates[0].forced == ()
    assert all(fate.forced for fate in fates[1:])


def test_what_never_happens_in_the_scenario_is_never_forced(prepared: Prepared) -> None:
    file = prepared.loaded.path
    nobody = dict.fromkeys(("read", "complained", "clicked", "replied", "unsubscribed"), 0)
    sent = {"prices": [], "available": True, "accepted": 1, "delivered": 1, "receipts": {"lost": 0, "repeated": 0}}
    sure = {"channels.viber": {**nobody, **sent}}
    arena = arena_of(again := prepare_file(file, overrides=sure), GOALS["cost"])
    viber = domain_of(arena, again, 1, 0).slots[0]
    names = {fate.name for fates in (viber.arrivals, viber.receipts, viber.reactions) for fate in fates}
    never = {"does not arrive", "is refused", "receipt lost", "receipt doubled", "read late", "opts out", "complains",
             "replies", "clicks", "buys"}  # fmt: skip
    assert names & never == set()
    assert {"arrives late", "receipt late"} <= names


def test_one_campaign_is_one_content_and_equal_words_are_too(prepared: Prepared) -> None:
    compiled = prepared.compiled()
    assert len(set(contents(compiled).tolist())) == 1


def test_a_release_may_be_late_but_not_past_the_horizon(prepared: Prepared) -> None:
    arena = arena_of(prepared, GOALS["cost"])
    assert domain_of(arena, prepared, 1, 5).spans == (360,)
    assert domain_of(arena, prepared, 1, 700).spans == (2 * 24 * 60 - 10 * 60 - 1,)


def test_people_with_several_consents_are_left_out_and_nobody_left_is_refused(prepared: Prepared) -> None:
    people = prepared.people
    agreed = people.consents[:1]
    several = replace(
        people, consents=np.concatenate([agreed] * 3), consent_ptr=np.array([0, 1, 3]),
        consent_set=np.array([0, 1, 1], np.uint8),
    )  # fmt: skip
    names = next(own for own in properties(several, {"full_name"}, ()) if own.columns == ("full_name",))
    assert [value["full_name"] for value in names.values] == ["нннн"]
    nobody = replace(several, consent_set=np.array([1, 1, 1], np.uint8))
    with pytest.raises(InputError, match="several consents"):
        properties(nobody, (), ())


def test_values_are_drawn_as_often_as_people_have_them() -> None:
    from scenarios.attack.options import TABLE, _property

    rows = [{"zone": "rare"}] + [{"zone": "some"}] * 4 + [{"zone": "most"}] * 11
    found = _property(("zone",), rows)
    assert [value["zone"] for value in found.values] == ["most", "some", "rare"]
    assert [found.table.count(place) for place in range(3)] == [11, 4, 1]
    assert len(found.table) == TABLE


def test_of_many_values_the_ends_are_kept_and_stand_for_the_others() -> None:
    from scenarios.attack.options import MOST, _property

    rows = [{"day": f"{day:04}"} for day in range(1000)] + [{"day": ""}] * 1000
    found = _property(("day",), rows)
    days = [value["day"] for value in found.values]
    assert (days[0], days[1], days[-1], len(days), found.seen) == ("", "0000", "0999", MOST, 1001)
    assert found.table.count(0) == len(found.table) // 2


def test_a_late_release_is_kept_as_an_instant_and_an_outage_comes_on_top(prepared: Prepared) -> None:
    arena, domain = set_up(prepared, "cost")
    plain = Person(1, (0,) * len(domain.properties))
    witness = arena.witness(Case((plain,), releases=(75,), outages=domain.outages[0][:1])).scenario
    assert witness.campaigns[0].release_at == "2026-03-02T20:15:00"
    assert witness.campaigns[0].spread_h == 0
    assert [(one.channel, one.start, one.then) for one in witness.outages] == [("viber", "2026-03-02T19:00", "reject")]
