"""Mutants of a scenario: what is said to be noticed is, what survived dies when the advice is followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from policies.findings import RuleResult
from policies.records import CHANNELS
from policies.tables import compile_rules
from scenarios.audience import load_audience
from scenarios.compile.clock import timeline
from scenarios.compile.guarded import with_guards
from scenarios.compile.model import Compiled, compile_scenario
from scenarios.experiments.mutate.guard_mutants import guard_mutants
from scenarios.experiments.mutate.mutate import Wanted, mutate
from scenarios.experiments.mutate.outcomes import Mutation, Outcome
from scenarios.experiments.mutate.played import play
from scenarios.experiments.mutate.rules import Rejudge, mutants_of
from scenarios.experiments.verdicts import judge_run
from scenarios.model import Guards, decode
from tests.support.small import Raw, campaign, scenario, step

EVENING = "2021-10-04T19:59"
HOURS = {"id": "hours", "kind": "time_window", "params": {"workday": ["10:00", "20:00"]}}
ONE_A_DAY = {"id": "one-a-day", "kind": "frequency_cap", "params": {"caps": [{"count": 1, "period": "cal_day"}]}}


def compiled(*guards: Raw, released: str = EVENING, packs: tuple[str, ...] = ("bp-promo",), **changes: Any) -> Compiled:
    """Twelve people in Moscow who get an SMS and an e-mail at once."""
    people = {"size": 12, "zones": {"Europe/Moscow": 1}, "present": dict.fromkeys(("sms", "email"), 1)}
    people["consent"] = dict.fromkeys(CHANNELS, 1)
    steps = step("sms", wait_s=0), step("email", wait_s=0)
    raw = scenario(
        campaign(*steps, release_at=released), audience={"synthetic": people}, packs=list(packs),
        guards={"rules": list(guards), "respect_opt_outs": False}, **changes,
    )  # fmt: skip
    given = decode(raw)
    now = timeline(given, None).start
    audience = load_audience(given.audience, base_dir=Path(), now=now, seed=1, currency="RUB", wanted=set())
    return compile_scenario(given, audience.people)


@contextmanager
def silent(label: str, total: int) -> Iterator[Callable[[int], None]]:
    yield lambda done: None


def tried(run: Compiled, **wanted: Any) -> Mutation:
    return mutate(run, Wanted(**wanted), silent, lambda words: None)


def outcome(mutation: Mutation, name: str, change: str) -> Outcome:
    [found] = [each for each in mutation.outcomes if (each.id, each.change) == (name, change)]
    return found


def test_a_removed_guard_is_noticed_by_the_rule_that_asks_for_it() -> None:
    found = outcome(tried(compiled(ONE_A_DAY), rules=False), "one-a-day", "removed")
    assert found.fate == "noticed"
    assert found.sentence == "12 messages went out that this guard stops"
    assert found.noticed_by == ("BP-CAP-01",)


def test_a_guard_that_no_rule_asks_for_survives_and_says_so() -> None:
    found = outcome(tried(compiled(ONE_A_DAY, packs=("ru-sms",)), rules=False), "one-a-day", "removed")
    assert (found.fate, found.sentence) == (
        "survived", "12 messages went out that this guard stops, and no rule fared worse",
    )  # fmt: skip
    assert "no rule of the packs is of the same kind" in found.remedy


def test_a_guard_that_only_holds_back_more_is_no_survivor() -> None:
    found = outcome(tried(compiled(HOURS), rules=False), "hours", "workday[1]: 20:00 → 19:00")
    assert found.fate == "stricter"
    assert found.noticed_by == ()


@pytest.mark.parametrize(
    ("released", "change", "fate"),
    [
        ("2021-10-04T19:58", "workday[1]: 20:00 → 19:59", "survived"),  # as the sentence says: nothing in that minute
        ("2021-10-04T19:59", "workday[1]: 20:00 → 19:59", "stricter"),
        ("2021-10-04T19:59", "workday[1]: 20:00 → 20:01", "survived"),
        ("2021-10-04T20:00", "workday[1]: 20:00 → 20:01", "noticed"),
    ],
)
def test_a_minute_of_a_guard_is_noticed_when_a_message_is_due_in_it(released: str, change: str, fate: str) -> None:
    found = outcome(tried(compiled(HOURS, released=released), rules=False), "hours", change)
    assert found.fate == fate
    if fate == "survived":
        assert "was due between" in found.sentence


@pytest.mark.parametrize(
    ("released", "change", "fate"),
    [
        ("2021-10-04T19:59", "workday[1]: 20:00 → 20:01", "survived"),
        ("2021-10-04T20:00", "workday[1]: 20:00 → 20:01", "noticed"),
        ("2021-10-04T09:59", "workday[0]: 10:00 → 09:59", "noticed"),
        ("2021-10-04T10:01", "workday[0]: 10:00 → 10:01", "survived"),
    ],
)
def test_a_minute_of_a_rule_is_noticed_when_a_message_goes_out_in_it(released: str, change: str, fate: str) -> None:
    assert outcome(tried(compiled(released=released), guards=False), "BP-QUIET-01", change).fate == fate


def test_a_rule_that_never_spoke_is_listed_as_not_tested_and_not_tried() -> None:
    found = tried(compiled(packs=("bp-promo", "whatsapp")), guards=False)
    silent_rules = {result.rule.id for result in found.not_tested}
    assert "WA-TPL-01" in silent_rules
    assert found.untried["WA-TPL-01"] > 0
    assert not {each.id for each in found.outcomes} & silent_rules
    assert found.planned == len(found.outcomes)


def test_rules_without_a_violation_are_given_a_bound_the_least_sure_first() -> None:
    bounds = [(result.tested, result.upper_bound) for result in tried(compiled(), guards=False).bounded]
    assert bounds
    assert bounds == sorted(bounds, key=lambda pair: pair[0])
    assert all(abs((1 - (bound or 0)) ** n - 0.05) < 1e-9 for n, bound in bounds)


def key(results: tuple[RuleResult, ...]) -> list[tuple[object, ...]]:
    return [(r.verdict, r.tested, r.failed, r.review, r.unknown) for r in results]


def test_what_the_rules_say_is_what_a_whole_judgement_by_the_changed_rule_says() -> None:
    run = compiled(released="2021-10-04T20:00")
    logs, _ = play(run, 1, "reference", lambda done: None)
    mutants = mutants_of(run.law.rules, run.law.context)
    base = key(judge_run(run, logs))
    for mutant, found in zip(mutants, Rejudge(run, logs)(mutants), strict=True):
        rules = tuple(mutant.rule if rule is mutant.original else rule for rule in run.law.rules)
        law = replace(run.law, rules=rules, packs=compile_rules(rules, run.law.context))
        differs = key(judge_run(replace(run, law=law), logs)) != base
        assert not differs or found.fate == "noticed", mutant
        assert found.fate != "noticed" or differs or "judged otherwise" in found.sentence


def test_other_guards_make_the_run_that_compiling_the_scenario_with_them_makes() -> None:
    run = compiled(HOURS, ONE_A_DAY)
    for mutant in guard_mutants(run.scenario.guards):
        again = compile_scenario(msgspec.structs.replace(run.scenario, guards=mutant.guards), run.people)
        assert (
            play(with_guards(run, mutant.guards), 1, "reference", lambda n: None)[1]
            == (play(again, 1, "reference", lambda n: None)[1])
        )


def test_an_interrupt_keeps_what_is_done() -> None:
    def stops_at_guards(label: str, total: int) -> Any:
        if label == "changed guards":
            raise KeyboardInterrupt
        return silent(label, total)

    found = mutate(compiled(HOURS), Wanted(), stops_at_guards, lambda words: None)
    assert found.interrupted
    assert found.outcomes
    assert {each.of for each in found.outcomes} == {"rule"}
    assert found.planned > len(found.outcomes)


def test_two_jobs_find_what_one_finds() -> None:
    run = compiled(HOURS, ONE_A_DAY)
    assert tried(run, jobs=2).outcomes == tried(run, jobs=1).outcomes


def test_opt_outs_and_dead_numbers_are_guards_too() -> None:
    guards = Guards(rules=[], respect_opt_outs=True, dead_after_failures=1)
    names = [(each.id, each.change) for each in guard_mutants(guards)]
    assert names == [
        ("opt-outs", "removed"), ("dead-numbers", "removed"), ("dead-numbers", "dead_after_failures: 1 → 2"),
    ]  # fmt: skip


def test_the_guard_of_a_guard_is_changed_too_and_gate_and_rules_follow() -> None:
    only_mail = {**ONE_A_DAY, "when": "channel == 'email'"}
    found = outcome(tried(compiled(only_mail), rules=False), "one-a-day", "when: left out")
    assert found.fate == "survived"  # the SMS goes first: nobody has had a message by then
    first_mail = {**HOURS, "when": "channel == 'email'"}
    found = outcome(tried(compiled(first_mail, released="2021-10-04T20:30"), rules=False), "hours", "removed")
    assert (found.fate, found.sentence) == ("noticed", "12 messages went out that this guard stops")
