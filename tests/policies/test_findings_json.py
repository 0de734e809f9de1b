"""findings.json: what is written is read again, and the published schema admits it and no other form."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from policies.findings import RuleResult, located
from policies.findings_json import results_as_dicts, results_from_dicts
from policies.findings_schema import findings_schema
from policies.sites import Suppressed
from policies.verdicts import Verdict
from tests.support.results import evidence, one_of_each, result, results, sms

MARKS = ("fingerprint", "suppressed", "baseline", "sites", "gone")
WHO = Suppressed("agreed", "I. Petrova", "2026-12-31", "T-1", "s.yaml:2")


def faults(plain: Any) -> list[str]:
    return [error.json_path for error in Draft202012Validator(findings_schema()).iter_errors(plain)]


@settings(max_examples=40)
@given(results())
def test_findings_are_read_as_they_were_written(found: tuple[RuleResult, ...]) -> None:
    whole = tuple(map(located, found))
    plain = json.loads(json.dumps(results_as_dicts(whole)))
    assert faults(plain) == []
    assert results_from_dicts(plain) == whole


def test_marks_are_read_as_they_were_written() -> None:
    marked = result(
        "A-1", Verdict.VIOLATED, sms(suppressed=WHO, baseline="new"), gone=(sms("review", baseline="gone"),)
    )
    (plain,) = results_as_dicts([marked])
    assert faults([plain]) == []
    assert plain["suppressed"] == {"reason": "agreed", "approver": "I. Petrova", "expires": "2026-12-31", "id": "T-1",
                                   "where": "s.yaml:2"}  # fmt: skip
    assert plain["baseline"] == "new"
    assert results_from_dicts([plain]) == (marked,)


def test_a_rule_is_suppressed_only_if_each_of_its_deciding_findings_is() -> None:
    late, soon = Suppressed("r", "a", "2027-01-01"), Suppressed("r", "a", "2026-12-01")
    whole = result("A-1", Verdict.VIOLATED, sms(suppressed=late), sms(channel="push", suppressed=soon), sms("unknown"))
    assert whole.suppressed == soon
    assert result("A-1", Verdict.VIOLATED, sms(suppressed=late), sms(channel="push")).suppressed is None
    assert result("A-1", Verdict.NEEDS_INPUT, sms("unknown")).suppressed is None


def test_findings_of_before_there_were_sites_get_those_of_their_evidence() -> None:
    old = result("A-1", Verdict.VIOLATED, sms(count=5), evidence=(evidence(),))
    (plain,) = results_as_dicts([old])
    for name in MARKS:
        del plain[name]
    assert faults([plain]) == []
    (again,) = results_from_dicts([plain])
    assert [(site.count, site.channel, site.others) for site in again.sites] == [(1, "sms", 0), (4, "", 1)]


@pytest.mark.parametrize(("verdict", "counts", "shown", "sites"), [
    (Verdict.VIOLATED, {}, 1, [("fail", 1, "sms")]), (Verdict.VIOLATED, {}, 0, [("fail", 1, "")]),
    (Verdict.VIOLATED, {"failed": 3}, 1, [("fail", 1, "sms"), ("fail", 2, "")]),
    (Verdict.REVIEW, {"review": 2}, 0, [("review", 2, "")]), (Verdict.NOT_DECIDED, {}, 0, []),
    (Verdict.PROVED, {}, 0, []),
])  # fmt: skip
def test_a_finding_that_was_not_counted_has_a_site_all_the_same(
    verdict: Verdict, counts: dict[str, int], shown: int, sites: list[tuple[str, int, str]]
) -> None:
    plain = replace(result("A-1", verdict, evidence=(evidence(),) * shown), **counts)
    assert [(site.answer, site.count, site.channel) for site in located(plain).sites] == sites


@pytest.mark.parametrize(("change", "path"), [
    ({"verdict": "broken"}, "$[0].verdict"), ({"failed": -1}, "$[0].failed"), ({"severity": 3}, "$[0].severity"),
    ({"suppressed": {"reason": "x"}}, "$[0].suppressed"), ({"fingerprint": "xyz"}, "$[0].fingerprint"),
    ({"colour": "red"}, "$[0]"), ({"sites": [{}]}, "$[0].sites[0]"), ({"baseline": "old"}, "$[0].baseline"),
])  # fmt: skip
def test_another_form_is_refused(change: dict[str, Any], path: str) -> None:
    (plain, *_) = results_as_dicts(one_of_each())
    assert faults([plain]) == []
    assert set(faults([{**plain, **change}])) == {path}
