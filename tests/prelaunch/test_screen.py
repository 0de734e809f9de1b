"""What the terminal says of the verdicts, rule by rule."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from policies.findings import RuleResult, Verdict
from policies.packs import load_pack
from prelaunch.screen import MOST_RULES, _verdicts

RULE = load_pack("bp-promo").rules[0]


def result(verdict: Verdict, tested: int = 10, failed: int = 0, review: int = 0) -> RuleResult:
    return RuleResult(RULE, verdict, tested, failed, review, 0, None, severity="warn")


def said(*results: RuleResult) -> list[str]:
    text = io.StringIO()
    _verdicts(Console(file=text, width=200), SimpleNamespace(findings=results))
    return text.getvalue().splitlines()


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (result(Verdict.VIOLATED, failed=3, review=2), "violated {}: 3 of 10"),
        (result(Verdict.REVIEW, review=7), "review {}: 7 of 10"),
        (result(Verdict.VIOLATED, tested=0), "violated {}: this run"),
    ],
)
def test_a_rule_that_somebody_must_look_at_is_named_with_its_count(found: RuleResult, words: str) -> None:
    assert said(found)[1] == "  " + words.format(f"{RULE.id} (warn): {RULE.title}")


def test_what_is_violated_stands_before_what_needs_a_look_and_the_rest_is_counted_only() -> None:
    lines = said(result(Verdict.REVIEW, review=1), result(Verdict.NOT_OBSERVED), result(Verdict.VIOLATED, failed=1))
    assert [line.split()[0] for line in lines] == ["rules:", "violated", "review"]
    assert lines[0] == "rules: 1 violated, 1 not observed, 1 review"


def test_a_long_list_ends_with_how_many_more_there_are() -> None:
    assert said(*[result(Verdict.VIOLATED, failed=1)] * (MOST_RULES + 2))[-1] == "  … and 2 more in the report"
