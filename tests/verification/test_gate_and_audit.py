"""One rule, one evaluate: what the gate let through in a simulation, the audit of its log does not find broken."""

from __future__ import annotations

from typing import Any

import pytest

from policies.attempts import attempts_of_log
from policies.audit.audit import audit
from policies.findings import Verdict
from policies.kinds.base import FAIL, REVIEW, UNKNOWN
from policies.tables import compile_rules
from scenarios.compile.law import own_guards
from scenarios.experiments.verdicts import judge_run, log_facts
from simulator.engine.log import to_arrow
from simulator.engine.run import run
from tests.support.crowd import crowd
from tests.support.small import campaign, compiled, scenario, step, sure

GUARDS: list[dict[str, Any]] = [
    {"id": "hours", "kind": "time_window", "params": {"workday": ["09:00", "21:00"], "dayoff": ["11:00", "18:00"]}},
    {
        "id": "caps",
        "kind": "frequency_cap",
        "params": {"caps": [{"count": 1, "period": "cal_day"}, {"count": 2, "period": "roll_7d"}]},
    },
    {"id": "cool", "kind": "cool_down", "params": {"orders": 1, "inactive_days": 1, "pause_days": 3}},
]
ZONES = (("Europe/Moscow",), ("Asia/Omsk",), ("Asia/Vladivostok", "Asia/Yakutsk"))


def _raw(**changes: Any) -> dict[str, Any]:
    many = sure(unsubscribed=0.3, replied=0.2, purchased=0.5, clicked=0.7, read=0.6)
    steps = [
        step("push", wait_s=3600),
        step("email", wait_s=30000),
        step("whatsapp", wait_s=90000),
        step("sms", stop_on="delivered"),
    ]
    campaigns = [campaign(*steps, id=name, spread_h=30) for name in ("one", "two")]
    channels = {**dict.fromkeys(("push", "email", "whatsapp"), many), "sms": sure(unsubscribed=0.3)}
    return scenario(*campaigns, channels=channels, **changes)


def test_the_audit_of_own_guards_finds_nothing_that_they_let_through() -> None:
    made = compiled(_raw(guards={"rules": GUARDS}, people={"purchases_per_30_days": 20.0}), crowd(60, zones=ZONES))
    log = to_arrow(run(made.model), made.model, run="r", replication=0)
    attempts, _ = attempts_of_log(log, made.people, log_facts(made))
    table = compile_rules(own_guards(made.scenario), made.law.context)
    answers = audit(attempts, table, made.law.tables, made.people)
    handed_over = answers[attempts.observed == 1]
    assert len(handed_over) > 60
    assert not (((handed_over > 0) | (handed_over == FAIL) | (handed_over == REVIEW) | (handed_over == UNKNOWN)).any())


@pytest.mark.parametrize(
    "packs", [["bp-promo"], ["ru-ads"], ["whatsapp"], ["bp-promo", "ru-ads", "whatsapp", "ru-debt"]]
)
def test_under_enforce_no_grave_rule_about_messages_is_violated(packs: list[str]) -> None:
    made = compiled(_raw(packs=packs, gate="enforce"), crowd(40, zones=ZONES))
    log = to_arrow(run(made.model), made.model, run="r", replication=0)
    for result in judge_run(made, {0: log}):
        checks = [check for check in result.rule.checks if check.severity in ("block", "error")]
        if checks and not any(check.run_scoped for check in result.rule.checks):
            broken_gravely = result.verdict == Verdict.VIOLATED and result.severity in ("block", "error")
            assert not broken_gravely, result.rule.id
