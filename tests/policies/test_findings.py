"""Findings: which answers become which verdict, how sure one may be, and what the evidence shows."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from policies.context import Context
from policies.findings import (
    Evidence,
    Messages,
    RuleResult,
    Verdict,
    enforced_by_rule,
    in_clear,
    judge_results,
    keyed_hash,
    upper_bound,
)
from policies.findings_json import counts_by_verdict, results_as_dicts
from policies.kinds import attestation
from policies.kinds import base as k
from policies.records import CHANNELS, DAY, MISSING
from policies.rules import Check, Citation, Rule
from policies.runs.facts import RunFacts
from policies.tables import RuleTable, compile_rules
from tests.policies.log_rows import at, log
from tests.support.crowd import crowd

FRIDAY_20 = at("20T17:00")  # 20:00 in Moscow
OUT_OF_HOURS = k.PASS + FRIDAY_20 + DAY
HOURS = Check("time_window", {"workday": ["10:00", "20:00"]}, "error")
STATED = Check("attestation", {"input": "asked_first"}, "block")
REVIEWED = Check("review_record", {"evidence": "rating_reviews"}, "info")


def rule(*checks: Check, **more: Any) -> Rule:
    plain = Rule("HOUSE-01", "house", 1, "Title", "Statement.", "Why.", Citation("our own"), "guessed", checks)
    return replace(plain, **more)


def judge(answers: Sequence[Sequence[int]], *checks: Check, run: RunFacts | None = None, **more: Any) -> RuleResult:
    table = table_of(*checks)
    (result,) = judge_results(table, messages(answers), run, **more)
    return result


def table_of(*checks: Check) -> RuleTable:
    return compile_rules([rule(*checks)], Context(start=FRIDAY_20 - DAY, end=FRIDAY_20 + DAY, countries=("RU",)))


def messages(answers: Sequence[Sequence[int]]) -> Messages:
    n = len(answers)
    matrix = np.full((n, k.A_WIDTH), MISSING, np.int64)
    matrix[:, k.A_AT] = FRIDAY_20 + np.arange(n)[::-1] * 1_000_000
    matrix[:, k.A_RECIPIENT] = np.arange(n)
    matrix[:, k.A_CHANNEL] = CHANNELS.index("sms")
    matrix[:, [k.A_CAMPAIGN, k.A_TEMPLATE, k.A_SENDER]] = 0
    width = len(answers[0]) if n else 0
    return Messages(np.array(answers, np.int64).reshape(n, width), matrix, crowd(max(n, 1)), ("c",), ("t",), ("s",))


@pytest.mark.parametrize(
    ("answers", "stopped", "verdict"),
    [
        ([k.FAIL, k.REVIEW, k.UNKNOWN, k.PASS], 1, Verdict.VIOLATED),
        ([OUT_OF_HOURS, k.PASS], 0, Verdict.VIOLATED),
        ([k.REVIEW, k.UNKNOWN, k.PASS], 1, Verdict.REVIEW),
        ([k.UNKNOWN, k.PASS], 1, Verdict.NEEDS_INPUT),
        ([k.PASS], 1, Verdict.ENFORCED),
        ([k.NOT_APPLICABLE], 1, Verdict.ENFORCED),
        ([k.PASS, k.NOT_APPLICABLE], 0, Verdict.NOT_OBSERVED),
        ([k.NOT_APPLICABLE], 0, Verdict.NOT_TESTED),
    ],
)
def test_the_gravest_answer_gives_the_verdict(answers: list[int], stopped: int, verdict: Verdict) -> None:
    result = judge([[answer] for answer in answers], HOURS, enforced={"HOUSE-01": stopped})
    assert result.verdict is verdict
    assert result.enforced == stopped


def test_a_message_counts_once_by_its_gravest_answer() -> None:
    rows = [[k.FAIL, k.UNKNOWN], [k.PASS, k.REVIEW], [k.UNKNOWN, k.REVIEW], [k.PASS, k.NOT_APPLICABLE],
            [k.UNKNOWN, k.PASS], [k.NOT_APPLICABLE, k.NOT_APPLICABLE]]  # fmt: skip
    result = judge(rows, HOURS, STATED)
    assert (result.tested, result.failed, result.review, result.unknown) == (5, 1, 2, 1)


def test_the_severity_is_that_of_the_check_that_decided() -> None:
    assert judge([[k.FAIL, k.PASS]], HOURS, STATED).severity == "error"
    assert judge([[k.PASS, k.FAIL]], HOURS, STATED).severity == "block"
    assert judge([[k.FAIL, k.UNKNOWN]], HOURS, STATED).severity == "error"
    assert judge([[k.PASS, k.PASS]], HOURS, STATED).severity == "block"


@pytest.mark.parametrize("n", [1, 59, 10_000])
def test_the_bound_is_the_rate_at_which_no_failure_has_a_chance_of_one_in_twenty(n: int) -> None:
    bound = upper_bound(n)
    assert bound is not None
    assert math.isclose((1 - bound) ** n, 0.05)


def test_the_bound_keeps_its_digits_for_a_large_log() -> None:
    bound = upper_bound(10**12)
    assert bound is not None
    assert math.isclose(bound, float(Fraction(2995732273553991, 10**15) / 10**12), rel_tol=1e-9)
    assert upper_bound(0) is None


def test_a_bound_is_given_only_where_all_messages_passed() -> None:
    assert judge([[k.PASS]] * 59, HOURS).upper_bound == upper_bound(59)
    assert judge([[k.PASS], [k.UNKNOWN]], HOURS).upper_bound is None
    assert judge([[k.NOT_APPLICABLE]], HOURS).upper_bound is None


def test_at_most_twenty_pieces_of_evidence_failures_first_then_the_earliest() -> None:
    result = judge([[k.REVIEW]] * 5 + [[k.FAIL]] * 18, HOURS)
    assert [item.answer for item in result.evidence] == ["fail"] * 18 + ["review"] * 2
    instants = [item.at or 0 for item in result.evidence[:18]]
    assert instants == sorted(instants)


def test_evidence_says_who_where_when_by_their_clock_and_why() -> None:
    (item,) = judge([[OUT_OF_HOURS]], HOURS).evidence
    assert (item.recipient, item.campaign, item.template, item.sender, item.channel) == ("P00000", "c", "t", "s", "sms")
    assert (item.at, item.local_time) == (FRIDAY_20, "2026-11-20 20:00:00 Europe/Moscow")
    assert item.explanation


def test_recipients_are_shown_by_a_keyed_hash() -> None:
    shown = judge([[k.FAIL]], HOURS, showing=keyed_hash(b"one")).evidence[0].recipient
    other = judge([[k.FAIL]], HOURS, showing=keyed_hash(b"two")).evidence[0].recipient
    assert len(shown) == len(other) == 16
    assert shown != other
    assert in_clear("P00000") == "P00000"


def test_the_replay_line_is_made_from_the_true_recipient() -> None:
    result = judge([[k.FAIL]], HOURS, showing=keyed_hash(b"key"), replay=lambda item: f"--only {item.recipient}")
    assert result.evidence[0].replay == "--only P00000"
    assert result.evidence[0].recipient != "P00000"


def test_what_is_missing_is_named_once() -> None:
    result = judge([[k.PASS, k.UNKNOWN]] * 3, HOURS, STATED)
    assert result.missing == ("evidence asked_first",)


def test_without_messages_a_rule_needs_them() -> None:
    (result,) = judge_results(table_of(HOURS), None, None)
    assert (result.verdict, result.missing) == (Verdict.NEEDS_INPUT, ("the messages of the run",))


def test_a_rule_without_checks_is_not_tested() -> None:
    (result,) = judge_results(table_of(), messages([]), None)
    assert result.verdict is Verdict.NOT_TESTED


def run_with(evidence: dict[str, Any]) -> RunFacts:
    sent = {"event": "submitted", "at": "20T10:00", "channel": "sms", "category": "promo"}
    return RunFacts(log(sent), start=at("16T00:00"), end=at("30T00:00"), evidence=evidence)


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        ({"rating_reviews": "2026-11"}, Verdict.NOT_OBSERVED),
        ({"rating_reviews": "2026-10"}, Verdict.VIOLATED),
        ({}, Verdict.NEEDS_INPUT),
    ],
)
def test_a_run_scoped_check_gives_a_verdict_too(evidence: dict[str, Any], verdict: Verdict) -> None:
    result = judge([], REVIEWED, run=run_with(evidence))
    assert (result.verdict, result.tested, result.note) == (verdict, 1, "judged: months")
    assert result.upper_bound is None


def test_a_run_scoped_check_without_a_run_needs_it() -> None:
    assert judge([], REVIEWED).missing == ("the event log of the run",)


def test_only_rows_of_the_rules_time_reach_a_run_scoped_check() -> None:
    check = replace(REVIEWED, categories=("debt",))
    assert judge([], check, run=run_with({})).verdict is Verdict.NOT_TESTED


def test_what_the_gate_stopped_is_counted_by_rule() -> None:
    rows = [{"event": event, "at": "20T10:00", "rule": name} for event, name in (
        ("held", "A"), ("denied", "A"), ("expired", "B"), ("submitted", "A"), ("denied", None),
    )]  # fmt: skip
    assert enforced_by_rule(log(*rows)) == {"A": 2, "B": 1}


def test_results_become_json_with_every_verdict_counted() -> None:
    results = [judge([[k.FAIL]], HOURS), judge([[k.PASS]], HOURS)]
    raw = json.loads(json.dumps(results_as_dicts(results)))
    assert [item["verdict"] for item in raw] == ["violated", "not observed"]
    assert raw[0]["evidence"][0]["at"] == "2026-11-20T17:00:00Z"
    assert raw[0]["rule"]["citation"]["act"] == "our own"
    assert counts_by_verdict(results) == {word.value: int(word in ("violated", "not observed")) for word in Verdict}


def test_evidence_without_a_recipient_is_shown_as_it_is() -> None:
    result = judge([], REVIEWED, run=run_with({"rating_reviews": "2026-10"}), showing=keyed_hash(b"key"))
    assert result.evidence == (Evidence("fail", "no review is recorded for 2026-11"),)


@pytest.mark.parametrize(
    ("stated", "answer"),
    [(True, k.PASS), (False, k.FAIL), (None, k.UNKNOWN), ("no", k.UNKNOWN), ("yes", k.UNKNOWN), (1, k.UNKNOWN)],
)
def test_only_true_and_false_answer_what_is_asked_of_the_company(stated: Any, answer: int) -> None:
    context = Context(start=FRIDAY_20, end=FRIDAY_20 + DAY, countries=("RU",), evidence={"asked_first": stated})
    [[prepared, *_]] = attestation.prepare({"input": "asked_first"}, context)
    assert prepared == answer
