"""Every shipped rule has cases, and answers them as they say."""

from __future__ import annotations

from typing import Any

import pytest

from policies.rules import RUN_KINDS
from tests.policies.rule_cases import case_files, judge, rules

CASES = [
    pytest.param(rule_id, case, id=f"{rule_id}: {case['name']}")
    for rule_id, cases in case_files().items()
    for case in cases
]


@pytest.mark.parametrize(("rule_id", "case"), CASES)
def test_a_rule_answers_its_case(rule_id: str, case: dict[str, Any]) -> None:
    answer, severity, until = judge(rule_id, case)
    assert answer == case["expect"]
    assert severity == case.get("severity", severity)
    assert until == case.get("until", until)


def judged() -> dict[str, set[str]]:
    """Return the ids of rules that judge messages, with the status words of their versions."""
    found: dict[str, set[str]] = {}
    for rule in rules():
        if any(check.kind not in RUN_KINDS for check in rule.checks):
            found.setdefault(rule.id, set()).add(rule.status)
    return found


def test_every_rule_that_judges_messages_has_cases_and_no_case_lacks_its_rule() -> None:
    assert set(case_files()) == set(judged())


@pytest.mark.parametrize("rule_id", sorted(judged()))
def test_the_cases_of_a_rule_show_it_kept_and_broken(rule_id: str) -> None:
    expected = {case["expect"] for case in case_files()[rule_id]}
    if judged()[rule_id] == {"announced"}:
        assert expected == {"not applicable"}
    else:
        assert expected & {"pass", "not applicable"}
        assert expected & {"fail", "review"}


def test_the_names_of_the_cases_of_a_rule_differ() -> None:
    for cases in case_files().values():
        assert len({case["name"] for case in cases}) == len(cases)
