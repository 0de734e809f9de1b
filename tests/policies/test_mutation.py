"""Small changes of rules: every one is sound and different, and the words about it are true of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from policies.context import Context
from policies.kinds import KINDS
from policies.mutation.changes import parameter_changes
from policies.mutation.equal import says_the_same
from policies.mutation.exercise import REMEDIES, gap
from policies.mutation.of_rule import RuleMutant, rule_mutants
from policies.pack_schema import kind_schemas
from policies.packs import PACKS, all_rules, load_packs
from policies.records import DAY
from policies.rule_words import BOUNDARIES
from policies.rules import Rule
from policies.tables import compile_rules

SCHEMAS = kind_schemas()
RULES = all_rules(load_packs(PACKS))
CONTEXT = Context(0, DAY)


def changes(kind: str, params: dict[str, object]) -> list[str]:
    return [f"{each.field}: {each.words}" for each in parameter_changes(params, SCHEMAS[kind])]


def every_mutant() -> Iterator[RuleMutant]:
    return (mutant for rule in RULES for mutant in rule_mutants(rule, SCHEMAS))


@pytest.mark.parametrize(
    ("kind", "params", "expected"),
    [
        ("frequency_cap", {"caps": [{"count": 2, "period": "roll_24h"}]},
         ["caps[0].count: 2 → 1", "caps[0].count: 2 → 3", "caps[0].period: roll_24h → roll_7d"]),
        ("frequency_cap", {"caps": [{"count": 1, "period": "cal_7d"}]},  # no cap of nothing
         ["caps[0].count: 1 → 2", "caps[0].period: cal_7d → cal_day"]),
        ("time_window", {"workday": ["00:00", "22:00"], "dayoff": None},
         ["workday[0]: 00:00 → 00:01", "workday[0]: 00:00 → 01:00", "workday[1]: 22:00 → 21:00",
          "workday[1]: 22:00 → 21:59", "workday[1]: 22:00 → 22:01", "workday[1]: 22:00 → 23:00", "dayoff: left out"]),
        ("time_window", {"workday": ["09:00", "09:30"], "end_inclusive": True},  # never past its own other end
         ["workday[0]: 09:00 → 08:00", "workday[0]: 09:00 → 08:59", "workday[0]: 09:00 → 09:01",
          "workday[1]: 09:30 → 09:29", "workday[1]: 09:30 → 09:31", "workday[1]: 09:30 → 10:30",
          "end_inclusive: true → false", "end_inclusive: left out"]),
        ("consent", {"evidence": ["method", "document"], "max_age_days": 30, "missing_evidence": "fail"},
         ["evidence: method taken out", "evidence: document taken out", "evidence: left out",
          "max_age_days: 30 → 29", "max_age_days: 30 → 31", "max_age_days: left out"]),
        ("channel_ban", {"since": "2025-09-01", "answer": "review"},
         ["since: 2025-09-01 → 2025-08-31", "since: 2025-09-01 → 2025-09-02", "since: left out"]),
        ("content", {"check": "cyrillic_share", "at_least": 0.5},
         ["at_least: 0.5 → 0.49", "at_least: 0.5 → 0.51", "at_least: left out"]),
        ("opt_out", {"grace_minutes": 0, "by": "sent"},  # what is left out is the default: no change
         ["grace_minutes: 0 → 1", "grace_minutes: left out", "by: sent → received"]),
        ("known_zone", {}, []),
    ],
)  # fmt: skip
def test_the_changes_of_a_kind(kind: str, params: dict[str, object], expected: list[str]) -> None:
    assert changes(kind, params) == expected


def test_every_mutant_of_a_shipped_rule_is_a_sound_rule_of_the_same_severity_and_another_one() -> None:
    validators = {kind: Draft202012Validator(schema) for kind, schema in SCHEMAS.items()}
    count = 0
    for mutant in every_mutant():
        count += 1
        assert mutant.rule != mutant.original
        assert [check.severity for check in mutant.rule.checks] == [c.severity for c in mutant.original.checks]
        for number in mutant.checks:
            check = mutant.rule.checks[number]
            assert list(validators[check.kind].iter_errors(dict(check.params))) == []
    assert count > 1000


def test_a_mutant_changes_the_checks_that_it_names_and_no_other() -> None:
    for mutant in every_mutant():
        differ = {n for n, c in enumerate(mutant.rule.checks) if c != mutant.original.checks[n]}
        reach = mutant.field in ("channels", "categories")
        assert differ == (set() if reach else set(mutant.checks))


def rule_of(kind: str, params: dict[str, object]) -> Rule:
    rule = next(rule for rule in RULES if rule.id == "BP-QUIET-01")
    [check] = rule.checks
    return replace(rule, checks=(replace(check, kind=kind, params=params),))


@pytest.mark.parametrize(
    ("kind", "first", "second", "same"),
    [
        ("time_window", {"workday": ["09:00", "21:00"], "dayoff": ["09:00", "21:00"]}, {"workday": ["09:00", "21:00"]},
         True),
        ("time_window", {"workday": ["09:00", "21:00"], "dayoff": None}, {"workday": ["09:00", "21:00"]}, False),
        ("opt_out", {"grace_minutes": 0}, {}, True),
        ("content", {"check": "spelling", "per_100": 1}, {"check": "spelling", "per_100": 2}, False),
    ],
)  # fmt: skip
def test_a_change_that_changes_nothing_is_told(
    kind: str, first: dict[str, object], second: dict[str, object], same: bool
) -> None:
    assert says_the_same(rule_of(kind, first), rule_of(kind, second), CONTEXT) is same


def sentence(kind: str, field: str, words: str, first: dict[str, object], second: dict[str, object]) -> str:
    before, after = (compile_rules([rule_of(kind, params)], CONTEXT).rows.tolist() for params in (first, second))
    return gap(field, words, before, after).sentence


@pytest.mark.parametrize(
    ("kind", "field", "words", "first", "second", "expected"),
    [
        ("time_window", "workday[1]", "22:00 → 21:59", {"workday": ["08:00", "22:00"]}, {"workday": ["08:00", "21:59"]},
         "no message that it decides went out between 21:59 and 22:00 by the recipient's clock"),
        ("time_window", "dayoff[1]", "20:00 → 21:00",  # the workday ends there as well
         {"workday": ["08:00", "21:00"], "dayoff": ["08:00", "20:00"]},
         {"workday": ["08:00", "21:00"], "dayoff": ["08:00", "21:00"]},
         "no message that it decides went out between 20:00 and 21:00 by the recipient's clock on a day off"),
        ("time_window", "end_inclusive", "true → false", {"workday": ["08:00", "22:00"], "end_inclusive": True},
         {"workday": ["08:00", "22:00"]}, "no message that it decides went out exactly 22:00 by the recipient's clock"),
        ("frequency_cap", "caps[0].count", "2 → 1", {"caps": [{"count": 2, "period": "cal_day"}]},
         {"caps": [{"count": 1, "period": "cal_day"}]}, "no message came after 1 message(s) counted that this decides"),
        ("cool_down", "inactive_days", "90 → 91", {"inactive_days": 90}, {"inactive_days": 91},
         "no message that it decides went out between 90 d and 91 d after the last order"),
        ("consent", "max_age_days", "left out", {"max_age_days": 30}, {},
         "no message that it decides had a consent more than 30 d old"),
        ("consent", "evidence", "method taken out", {"evidence": ["method", "document"]}, {"evidence": ["document"]},
         "nobody's consent turns on evidence (method taken out)"),
        ("consent", "channels", "vk taken out", {}, {}, "it met no message by vk"),
    ],
)  # fmt: skip
def test_the_words_for_what_no_message_did(
    kind: str, field: str, words: str, first: dict[str, object], second: dict[str, object], expected: str
) -> None:
    assert sentence(kind, field, words, first, second) == expected


def test_each_kind_with_boundaries_has_words_and_a_remedy() -> None:
    assert set(REMEDIES) == set(BOUNDARIES)
    assert set(BOUNDARIES) <= {module.__name__.rpartition(".")[2] for module in KINDS}


def test_a_channel_taken_out_of_a_rule_about_texts_or_runs_is_a_change() -> None:
    by_id = {rule.id: rule for rule in RULES}
    for name, check in (("BP-UNSUB-01", "content"), ("BP-CAP-01", "frequency_cap")):
        rule = replace(by_id[name], channels=("sms", "email"))
        assert {each.kind for each in rule.checks} == {check}
        [narrower] = [m for m in rule_mutants(rule, SCHEMAS) if (m.field, m.words) == ("channels", "sms taken out")]
        assert not says_the_same(rule, narrower.rule, CONTEXT, narrower.checks)
