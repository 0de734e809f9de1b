"""Whatever a rule's ``when`` and ``unless``: gate and audit do what the expressions, evaluated directly, say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.audit.log import audit_log
from policies.expressions.language import Evaluator
from policies.findings import Verdict
from policies.kinds.base import FAIL, NOT_APPLICABLE, UNKNOWN
from policies.people import People
from policies.tables import compile_rules
from policies.verify.verify import verify_plan
from scenarios.experiments.prepare import prepare_file
from scenarios.experiments.simulate import simulate
from scenarios.experiments.verdicts import judge_run, log_facts
from scenarios.plan.make import make_plan
from simulator.engine.log import to_arrow
from simulator.engine.run import run
from tests.support.crowd import crowd
from tests.support.judging import make_rule
from tests.support.small import Raw, campaign, compiled, scenario, step, template

CHANNELS = ("sms", "email")
FACTS = {
    "channel": CHANNELS, "category": ("promo", "service"), "campaign": ("one", "two"), "country": ("RU", "DE"),
    "subdivision": ("DE-BY", "DE-BE"), "template": ("t-sms",), "sender": ("email",), "language": ("ru", "en"),
    "text_category": ("promo", "authentication"), "attributes.segment": ("new", "loyal"), "attributes.none": ("x",),
}  # fmt: skip
ATOMS = st.sampled_from(sorted(FACTS)).flatmap(
    lambda fact: st.sampled_from(FACTS[fact]).map(lambda word: f"{fact} == '{word}'")
)
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: (
        inner.map(lambda text: f"!({text})")
        | st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        )
    ),
    max_leaves=4,
)


def people() -> People:
    """Twelve people in Russia, Germany and Bavaria, or nobody knows where; the segment of some is not known."""
    made = crowd(12)
    made.countries = ("RU", "DE", "DE-BY")
    made.country = np.array([0, 1, 2, -1] * 3, np.int16)
    made.attributes["segment"] = pa.array(["new", "loyal", None] * 4)
    return made


def raw(**changes: Any) -> Raw:
    steps = step("sms", wait_s=60), step("email")
    templates = {"t-sms": template("sms", body="Скидка 20 % на всё до пятницы"),
                 "t-email": template("email", body="Your code is 1234", language="en", category="service")}  # fmt: skip
    campaigns = campaign(*steps, id="one"), campaign(*steps, id="two", release_at="2021-10-04T12:00")
    return scenario(*campaigns, templates=templates, **changes)


def facts_of(person: int, campaign_: str, channel: str) -> dict[str, str]:
    """What is true of a message, told apart from the code under test."""
    text = {"sms": ("promo", "ru", "promo"), "email": ("service", "en", "authentication")}[channel]
    found = {"channel": channel, "campaign": campaign_, "template": f"t-{channel}", "sender": channel}
    found |= dict(zip(("category", "language", "text_category"), text, strict=True))
    place = ("RU", "DE", "DE-BY", "")[person % 4]
    found |= {"country": place[:2]} if place else {}
    found |= {"subdivision": place} if "-" in place else {}
    segment = ("new", "loyal", "")[person % 3]
    return found | ({"attributes.segment": segment} if segment else {})


def speaks(when: str, unless: str, facts: dict[str, str]) -> bool | None:
    wanted = Evaluator(when)(facts) if when else True
    barred = Evaluator(unless)(facts) if unless else False
    if wanted is False or barred is True:
        return False
    return None if wanted is None or barred is None else True


@settings(max_examples=15, deadline=None)
@given(when=EXPRESSIONS, unless=st.just("") | EXPRESSIONS)
def test_the_audit_asks_a_rule_where_its_expressions_say(when: str, unless: str) -> None:
    made = compiled(raw(), people())
    log = to_arrow(run(made.model), made.model, run="r", replication=0)
    rule = make_rule("channel_ban", {}, when=when, unless=unless)  # a rule that fails wherever it speaks
    table = compile_rules([rule, make_rule("channel_ban", {})], made.law.context)
    answers, rows = audit_log(log, made.people, log_facts(made), table, made.law.tables, part=5)
    assert len(rows) == 48
    for (guarded, always), row in zip(answers.tolist(), log.take(pa.array(rows)).to_pylist(), strict=True):
        facts = facts_of(int(row["recipient"][1:]), row["campaign"], row["channel"])
        expected = {True: FAIL, False: NOT_APPLICABLE, None: UNKNOWN}[speaks(when, unless, facts)]
        assert (guarded, always) == (expected, FAIL), (facts, when, unless)


@settings(max_examples=15, deadline=None)
@given(when=EXPRESSIONS, unless=st.just("") | EXPRESSIONS)
def test_the_gate_stops_a_message_where_the_expressions_say(when: str, unless: str) -> None:
    guard = {"id": "no", "kind": "channel_ban", "when": when} | ({"unless": unless} if unless else {})
    made = compiled(raw(guards={"rules": [guard]}), people())
    log = to_arrow(run(made.model), made.model, run="r", replication=0).to_pylist()
    decided = [row for row in log if row["event"] in ("submitted", "denied")]
    assert len(decided) == 48
    for row in decided:
        facts = facts_of(int(row["recipient"][1:]), row["campaign"], row["channel"])
        free = speaks(when, unless, facts) is False  # what is not known is no leave to send
        assert (row["event"] == "submitted") is free, (facts, when, unless)


@settings(max_examples=15, deadline=None)
@given(rule=st.tuples(EXPRESSIONS, st.just("") | EXPRESSIONS), own=st.tuples(EXPRESSIONS, st.just("") | EXPRESSIONS))
def test_the_verifier_decides_what_playing_every_kind_of_person_shows(
    rule: tuple[str, str], own: tuple[str, str]
) -> None:
    guard = {"id": "no", "kind": "channel_ban", "when": own[0]} | ({"unless": own[1]} if own[1] else {})
    made = compiled(raw(guards={"rules": [guard]}), people())
    log = to_arrow(run(made.model), made.model, run="r", replication=0)
    table = compile_rules([make_rule("channel_ban", {}, when=rule[0], unless=rule[1])], made.law.context)
    answers, _ = audit_log(log, made.people, log_facts(made), table, made.law.tables, part=5)
    expected = next(
        (
            verdict
            for answer, verdict in ((FAIL, Verdict.VIOLATED), (UNKNOWN, Verdict.NEEDS_INPUT))
            if answer in answers
        ),
        Verdict.NOT_TESTED,
    )
    [proof] = verify_plan(make_plan(replace(made, law=replace(made.law, packs=table)), delay_s=0))
    assert proof.verdict == expected


FILE = """\
name: Guarded
clock: {start: 2026-03-02T12:00, zone: Europe/Moscow, horizon_days: 1}
audience: {file: {path: people.csv}}
templates: {t: {channel: sms, category: promo, body: "Скидка. Отписка: СТОП"}}
packs: [./own.yaml]
campaigns: [{id: c, category: promo, release_at: 2026-03-02T12:00, cascade: [{channel: sms, template: t}]}]
"""
OWN = """\
pack: own
title: Our own
version: "1"
rules:
  - id: OWN-01
    title: Nothing to Omsk
    statement: Nobody in Omsk gets a message.
    rationale: The shop there is closed.
    citation: {act: house rule}
    confidence: guessed
    when: attributes["Магазин"] == 'Омск'
    checks: [{kind: channel_ban, severity: error}]
    fix: Leave Omsk out.
    examples: {passes: A message to Tomsk., fails: A message to Omsk.}
"""


def test_a_column_that_only_a_rule_asks_for_is_read_and_what_lacks_it_needs_input(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(
        "phone,Магазин\n+79161234561,Омск\n+79161234562,Томск\n+79161234563,\n", encoding="utf-8"
    )
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(FILE, encoding="utf-8")
    made = prepare_file(tmp_path / "s.yaml").compiled()
    log = simulate([made], 1, engine="reference")[0].logs[0]
    [result] = judge_run(made, {0: to_arrow(log, made.model, run="r", replication=0)})
    assert (result.verdict, result.failed, result.unknown, result.tested) == (Verdict.VIOLATED, 1, 1, 2)
    asked = "when attributes[\"Магазин\"] == 'Омск'"
    told = f"whether the rule speaks of the message is not known ({asked}): it needs attributes.Магазин"
    assert result.missing == (told,)
