"""A baseline marks what is new, unchanged and gone; it hides nothing, and counts only if asked."""

from __future__ import annotations

import pytest

from policies.findings import Verdict
from policies.sites import Suppressed
from prelaunch.findings.counting import FAIL_ON, Threshold
from prelaunch.findings.marks import Marked, compare
from tests.support.results import result, sms

PUSH = sms(channel="push")
WHO = Suppressed("r", "a", "2027-01-01")


def test_findings_are_new_unchanged_or_gone() -> None:
    before = (result("A-1", Verdict.VIOLATED, sms(count=7), sms("review")), result("A-9", Verdict.VIOLATED, sms()))
    marked = compare(
        Marked((result("A-1", Verdict.VIOLATED, sms(count=2), PUSH), result("A-2", Verdict.PROVED))), before
    )
    first, second = marked.results
    assert [(site.channel, site.count, site.baseline) for site in first.sites] == [
        ("sms", 2, "unchanged"), ("push", 2, "new"),
    ]  # fmt: skip
    assert [(site.answer, site.baseline) for site in first.gone] == [("review", "gone")]
    assert (first.baseline, second.baseline, second.gone) == ("new", "", ())
    assert marked.notes == ("no longer judged, so nothing is said of their findings in the baseline: A-9",)


def test_a_finding_of_another_rule_or_answer_is_another_finding() -> None:
    before = (result("A-2", Verdict.VIOLATED, sms()), result("A-1", Verdict.NEEDS_INPUT, sms("unknown")))
    (item,) = compare(Marked((result("A-1", Verdict.VIOLATED, sms()),)), before).results
    assert item.baseline == "new"


def test_an_exception_of_the_baseline_is_not_taken_over() -> None:
    before = (result("A-1", Verdict.VIOLATED, sms(suppressed=WHO), PUSH),)
    (item,) = compare(Marked((result("A-1", Verdict.VIOLATED, sms()),)), before).results
    assert [site.suppressed for site in (*item.sites, *item.gone)] == [None, None]


OLD, NEW = sms(baseline="unchanged"), sms(baseline="new")


@pytest.mark.parametrize(("sites", "only_new", "counts"), [
    ((OLD,), False, True), ((OLD,), True, False), ((NEW,), True, True), ((OLD, NEW), True, True),
    ((sms(baseline="new", suppressed=WHO),), True, False), ((OLD, sms(baseline="new", suppressed=WHO)), True, False),
    ((sms(suppressed=WHO),), False, False), ((OLD, sms("review", baseline="new")), True, False), ((), True, True),
])  # fmt: skip
def test_which_violations_count(sites: tuple, only_new: bool, counts: bool) -> None:
    assert Threshold(only_new=only_new).counts(result("A-1", Verdict.VIOLATED, *sites)) is counts


def test_of_a_violated_rule_only_what_failed_counts() -> None:
    broken = result("A-1", Verdict.VIOLATED, sms(), sms("review"))
    assert [Threshold().counts_site(broken, site) for site in broken.sites] == [True, False]


@pytest.mark.parametrize("severity", ["block", "error", "warn", "info"])
@pytest.mark.parametrize("fail_on", FAIL_ON)
def test_a_violation_counts_from_its_severity_on(severity: str, fail_on: str) -> None:
    order = ["block", "error", "warn", "info"]
    expected = fail_on != "never" and order.index(severity) <= order.index(fail_on)
    assert Threshold(fail_on).counts(result("A-1", Verdict.VIOLATED, sms(), severity=severity)) is expected


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict != Verdict.VIOLATED])
def test_no_other_verdict_counts(verdict: Verdict) -> None:
    assert not Threshold("warn").counts(result("A-1", verdict, sms("review")))
