"""People, attempts and decisions of a foreign log: what is not given is unknown, what is given counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from policies.audit.audit import audit
from policies.findings import Verdict
from policies.gate import ALLOW, DECISION_NAMES, DENY, HOLD
from policies.kinds import base as k
from policies.people import C_FROM
from policies.records import CHANNELS, MISSING, NEVER
from scenarios.foreign import holds
from scenarios.foreign.case import Case, Given, prepare_case
from scenarios.foreign.judge import decide, judge_case
from scenarios.foreign.mapping import LogMapping
from scenarios.foreign.numbers import _owners
from scenarios.foreign.people import joined, people_of
from scenarios.foreign.read import Foreign, read_log
from tests.support.crowd import crowd

PACK = """
pack: own
title: Own
version: "1"
description: For tests.
rules:
"""
RULE = """
  - id: {id}
    title: A rule
    statement: A statement.
    rationale: A reason.
    citation: {{act: own}}
    confidence: guessed
    status: in_force
    fix: Mend it.
    examples: {{passes: so, fails: else}}
    checks: [{{kind: {kind}, severity: {severity}, params: {params}}}]
"""
NIGHT = ("OWN-NIGHT-01", "time_window", "error", '{workday: ["09:00", "21:00"]}')
CAP = ("OWN-CAP-01", "frequency_cap", "error", "{caps: [{count: 1, period: cal_day}]}")
CONSENT = ("OWN-CONS-01", "consent", "error", "{}")
OUT = ("OWN-OUT-01", "opt_out", "block", "{}")
ORDERS = ("OWN-COOL-01", "cool_down", "warn", "{inactive_days: 30}")


def foreign(folder: Path, *lines: str, header: str = "", **how: Any) -> Foreign:
    path = folder / "log.csv"
    path.write_text("\n".join(["recipient,channel,at" + header, *lines]) + "\n")
    return read_log([str(path)], **how)


def case(folder: Path, log: Foreign, *rules: tuple[str, str, str, str], **given: Any) -> Case:
    pack = folder / "own.yaml"
    body = [RULE.format(id=name, kind=kind, severity=severity, params=params) for name, kind, severity, params in rules]
    pack.write_text(PACK + "".join(body))
    return prepare_case(log, Given(packs=(str(pack),), **given))


def decided(found: Case) -> list[tuple[str, str | None]]:
    """The decision on each attempt and the end of a hold as UTC."""
    (part,) = found.parts
    answer = decide(found, part)
    untils = [None if at in (MISSING, NEVER) else str(np.datetime64(int(at), "us"))[:16] for at in answer.until]
    return list(zip([DECISION_NAMES[word] for word in answer.decision], untils, strict=True))


def test_what_nobody_gave_is_unknown_and_never_none(tmp_path: Path) -> None:
    found = case(tmp_path, foreign(tmp_path, "a,sms,2026-11-20T12:00:00Z"), NIGHT, CONSENT, OUT, ORDERS)
    verdicts = {result.rule.id: result.verdict for result in judge_case(found)}
    assert set(verdicts.values()) == {Verdict.NEEDS_INPUT}
    assert len(verdicts) == 4


@pytest.mark.parametrize("evidence", ["unknown", "fail"])
def test_an_unknown_consent_is_unknown_whatever_is_asked_of_its_evidence(evidence: str, tmp_path: Path) -> None:
    params = f"{{evidence: [document], missing_evidence: {evidence}, max_age_days: 1}}"
    found = case(tmp_path, foreign(tmp_path, "a,sms,2026-11-20T12:00:00Z"), ("OWN-CONS-02", "consent", "error", params))
    assert decided(found) == [("unknown", None)]


GIVEN = (
    ",consent_at,consent_channels,consent_topics,consent_evidence,"
    "opted_out_at,opted_out_channel,last_order_at,orders,category"
)
TOLD = [
    ("2026-01-01T00:00Z,sms,promo,,none,,never,0,promo", "allow"),
    ("2026-01-01T00:00Z,all,offers,,none,,never,0,promo", "allow"),
    ("none,,,,none,,never,0,promo", "deny"),
    ("2026-01-01T00:00Z,email,promo,,none,,never,0,promo", "deny"),
    ("2026-01-01T00:00Z,sms,promo,,none,,never,0,service", "deny"),
    ("2026-01-01T00:00Z,sms,promo,,none,,never,0,", "unknown"),
    ("2026-12-01T00:00Z,sms,promo,,none,,never,0,promo", "deny"),
    ("2026-01-01T00:00Z,,promo,,none,,never,0,promo", "unknown"),
    ("2026-01-01T00:00Z,sms,promo,,2026-11-01T00:00Z,,never,0,promo", "deny"),
    ("2026-01-01T00:00Z,sms,promo,,2026-11-01T00:00Z,email,never,0,promo", "allow"),
    ("2026-01-01T00:00Z,sms,promo,,,all,never,0,promo", "deny"),
    ("2026-01-01T00:00Z,sms,promo,,,,never,0,promo", "unknown"),
]


@pytest.mark.parametrize(("cells", "expected"), TOLD)
def test_columns_tell_of_consents_and_opt_outs(cells: str, expected: str, tmp_path: Path) -> None:
    log = foreign(tmp_path, f"a,sms,2026-11-20T12:00:00Z,{cells}", header=GIVEN)
    assert [word for word, _ in decided(case(tmp_path, log, CONSENT, OUT, ORDERS))] == [expected]


def test_an_unsubscription_in_the_log_counts_from_then_on(tmp_path: Path) -> None:
    lines = ["a,sms,2026-11-20T10:00:00Z,submitted", "a,sms,2026-11-20T11:00:00Z,unsubscribed",
             "a,sms,2026-11-20T12:00:00Z,submitted"]  # fmt: skip
    log = foreign(tmp_path, *lines, header=",event")
    assert [word for word, _ in decided(case(tmp_path, log, OUT))] == ["unknown", "deny"]
    complete = foreign(tmp_path, *lines, header=",event", mapping=LogMapping(shows_all=("opt_outs",)))
    assert [word for word, _ in decided(case(tmp_path, complete, OUT))] == ["allow", "deny"]


def test_numbers_tell_country_and_possible_zones_and_columns_more(tmp_path: Path) -> None:
    lines = ["+7 916 123-45-67,sms,2026-11-20T12:00:00Z,,", "+4915112345678,sms,2026-11-20T12:00:00Z,,",
             "x,sms,2026-11-20T12:00:00Z,Asia/Omsk,RU", "y,sms,2026-11-20T12:00:00Z,Asia/Omsk|Asia/Tomsk,",
             "9161234567,sms,2026-11-20T12:00:00Z,,"]  # fmt: skip
    people = people_of(foreign(tmp_path, *lines, header=",zone,country"))
    place = {name: index for index, name in enumerate(people.ids.to_pylist())}
    homes = {
        name: (
            people.countries[people.country[i]] if people.country[i] >= 0 else "",
            people.zone_sets[people.zone_set[i]],
        )
        for name, i in place.items()
    }
    assert homes["+4915112345678"] == ("DE", ("Europe/Berlin",))
    assert homes["+7 916 123-45-67"][0] == "RU"
    assert len(homes["+7 916 123-45-67"][1]) == 11
    assert homes["x"] == ("RU", ("Asia/Omsk",))
    assert homes["y"] == ("", ("Asia/Omsk", "Asia/Tomsk"))
    assert homes["9161234567"] == ("", ())
    assert people.phone[place["+7 916 123-45-67"]] == 79161234567


def test_a_country_on_the_command_line_reads_national_numbers(tmp_path: Path) -> None:
    people = people_of(foreign(tmp_path, "9161234567,sms,2026-11-20T12:00:00Z"), "RU")
    assert people.phone.tolist() == [79161234567]
    assert people.countries == ("RU",)


def test_people_of_an_audience_keep_their_places_and_strangers_follow(tmp_path: Path) -> None:
    known = crowd(2)
    log = foreign(tmp_path, "P00001,sms,2026-11-20T12:00:00Z,DE", "b,sms,2026-11-20T12:00:00Z,DE", header=",country")
    people = people_of(log, None, known)
    assert people.ids.to_pylist() == ["P00000", "P00001", "b"]
    assert people.countries == ("RU", "DE")
    assert people.country.tolist() == [0, 0, 1]
    assert people.zone_sets[people.zone_set[2]] == ("Europe/Berlin",)
    assert people.consent_ptr.tolist() == [0, 1, 2, 3]
    assert people.consents[2, C_FROM] == MISSING
    assert people.opt_out_at[2].tolist() == [MISSING] * len(CHANNELS)
    assert people.attributes["segment"].null_count == 1
    assert joined(known, people_of(foreign(tmp_path, "z,sms,2026-11-20T12:00:00Z"))).country.tolist() == [0, 0, -1]


NIGHTLY = ["2026-11-20T05:59:59Z", "2026-11-20T06:00:00Z", "2026-11-20T17:59:59Z", "2026-11-20T18:00:00Z"]
MOSCOW = ",zone,country"


def moscow(*times: str, who: str = "a") -> list[str]:
    return [f"{who},sms,{time},Europe/Moscow,RU" for time in times]


def test_a_hold_ends_at_the_first_instant_at_which_all_rules_pass(tmp_path: Path) -> None:
    lines = [line for index, time in enumerate(NIGHTLY) for line in moscow(time, who=str(index))]
    assert decided(case(tmp_path, foreign(tmp_path, *lines, header=MOSCOW), NIGHT)) == [
        ("hold", "2026-11-20T06:00"), ("allow", None), ("allow", None), ("hold", "2026-11-21T06:00"),
    ]  # fmt: skip


def test_caps_count_the_attempts_of_a_file_in_order_of_time(tmp_path: Path) -> None:
    times = ("2026-11-20T13:00:00Z", "2026-11-20T12:00:00Z", "2026-11-21T12:00:00Z")
    found = case(tmp_path, foreign(tmp_path, *moscow(*times), header=MOSCOW), CAP, NIGHT)
    assert decided(found) == [("hold", "2026-11-21T06:00"), ("allow", None), ("allow", None)]


def test_a_hold_knows_the_history_of_its_own_recipient_alone(tmp_path: Path) -> None:
    moving = ("OWN-CAP-02", "frequency_cap", "error", "{caps: [{count: 1, period: roll_24h}]}")
    lines = [*moscow("2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z"), *moscow("2026-11-20T19:00:00Z", who="b")]
    found = case(tmp_path, foreign(tmp_path, *lines, header=MOSCOW), moving, NIGHT)
    assert decided(found) == [("allow", None), ("hold", "2026-11-21T12:00"), ("hold", "2026-11-21T06:00")]


def test_deny_comes_before_unknown_before_hold_and_warnings_do_not_decide(tmp_path: Path) -> None:
    log = foreign(tmp_path, *[f"{line},none" for line in moscow(NIGHTLY[0])], header=MOSCOW + ",consent_at")
    assert decided(case(tmp_path, log, NIGHT, CONSENT, OUT)) == [("deny", None)]
    assert decided(case(tmp_path, log, NIGHT, OUT)) == [("unknown", None)]
    assert decided(case(tmp_path, log, NIGHT, ORDERS)) == [("hold", "2026-11-20T06:00")]
    assert decided(case(tmp_path, log, ORDERS)) == [("allow", None)]


def test_a_hold_that_ends_in_a_denial_is_one(tmp_path: Path) -> None:
    never = ("OWN-NIGHT-02", "time_window", "error", '{workday: ["22:00", "23:00"]}')
    found = case(tmp_path, foreign(tmp_path, *moscow(NIGHTLY[1]), header=MOSCOW), NIGHT, never)
    answer = decide(found, found.parts[0])
    assert (answer.decision.tolist(), answer.until.tolist()) == ([DENY], [NEVER])


def test_holds_in_plain_python_and_compiled_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    hours = rng.integers(0, 96, 60)
    times = [str(np.datetime64("2026-11-18T00:00:00") + np.timedelta64(int(hour), "h")) + "Z" for hour in hours]
    lines = [line for index, time in enumerate(times) for line in moscow(time, who=str(index % 9))]
    found = case(tmp_path, foreign(tmp_path, *lines, header=MOSCOW), CAP, NIGHT)
    plain = decide(found, found.parts[0])
    monkeypatch.setattr(holds, "COMPILE_FROM", 0)
    fast = decide(found, found.parts[0])
    assert (plain.decision == HOLD).sum() > 20
    assert (plain.decision == ALLOW).sum() > 5
    for name in ("decision", "until", "row"):
        assert getattr(plain, name).tolist() == getattr(fast, name).tolist()


def test_replications_have_histories_of_their_own(tmp_path: Path) -> None:
    lines = [f"{line},{number}" for number in (0, 1) for line in moscow("2026-11-20T12:00:00Z")]
    found = case(tmp_path, foreign(tmp_path, *lines, header=MOSCOW + ",replication"), CAP)
    assert [result.failed for result in judge_case(found)] == [0]
    assert [part.rows.tolist() for part in found.parts] == [[0], [1]]


def test_cells_of_the_attempt_come_from_its_row(tmp_path: Path) -> None:
    header = ",validity_s,template_state,template_registered_at,last_inbound_at,overdue_since,text,brand"
    lines = ["a,sms,2026-11-20T12:00:00Z,60,paused,none,never,none,Hello,B", "a,sms,2026-11-20T12:00:00Z,,,,,,,"]
    (part,) = case(tmp_path, foreign(tmp_path, *lines, header=header), OUT).parts
    cells = (
        k.A_VALIDITY,
        k.A_TEMPLATE_STATE,
        k.A_TEMPLATE_SINCE,
        k.A_LAST_INBOUND,
        k.A_OVERDUE_SINCE,
        k.A_TEXT,
        k.A_BRAND,
    )
    told = [60_000_000, k.TEMPLATE_STATES.index("paused"), NEVER, -NEVER, NEVER, 0, 0]
    assert part.attempts.matrix[0, list(cells)].tolist() == told
    assert part.attempts.matrix[1, list(cells)].tolist() == [MISSING] * len(cells)


def test_a_log_over_many_years_is_taken_for_a_misread_one(tmp_path: Path) -> None:
    log = foreign(tmp_path, "a,sms,1950-01-01T00:00:00Z", "a,sms,2026-01-01T00:00:00Z")
    with pytest.raises(ValueError, match="span 76 years"):
        case(tmp_path, log, OUT)


def test_a_full_cap_fails_until_the_next_day_of_the_recipient(tmp_path: Path) -> None:
    log = foreign(tmp_path, *moscow("2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z"), header=MOSCOW)
    found = case(tmp_path, log, CAP)
    answers = audit(found.parts[0].attempts, found.law, found.tables, found.people)
    until = np.datetime64("2026-11-20T21:00", "us").astype(np.int64)
    assert answers[:, 0].tolist() == [0, int(until)]


def audience(folder: Path, *rows: str) -> Path:
    file = folder / "people.csv"
    file.write_text("\n".join(["customer_id,phone,time_zone", *rows]) + "\n")
    return file


def test_a_number_in_the_log_is_the_person_of_the_audience_who_has_it(tmp_path: Path) -> None:
    """An export of a provider has numbers; the customer file has ids of its own, and numbers in any notation."""
    people = audience(tmp_path, "C1,8 (916) 123-45-67,Asia/Vladivostok", "C2,+49 1511 2345678,Europe/Berlin")
    rows = (
        "+79161234567,sms,2026-11-20T12:00:00Z",
        "C1,sms,2026-11-20T01:00:00Z",
        "4915112345678,sms,2026-11-20T12:00:00Z",
    )
    found = case(tmp_path, foreign(tmp_path, *rows), NIGHT, CAP, audience=people)
    assert len(found.people) == 2
    assert decided(found) == [("hold", "2026-11-20T23:00"), ("allow", None), ("allow", None)]
    counted = {result.rule.id: result.failed for result in judge_case(found)}
    assert counted == {"OWN-NIGHT-01": 1, "OWN-CAP-01": 1}
    assert not [notice for notice in found.notices if "not in the audience" in notice]


def test_who_is_not_in_the_audience_is_counted(tmp_path: Path) -> None:
    people = audience(tmp_path, "C1,+79161234567,Europe/Moscow", "C2,12,Europe/Moscow")
    rows = [f"{who},sms,2026-11-20T12:00:00Z" for who in ("+79161234567", "C1", "+79162222222", "somebody")]
    found = case(tmp_path, foreign(tmp_path, *rows), NIGHT, audience=people)
    assert len(found.people) == 3
    assert "2 recipients of the log are not in the audience" in found.notices
    assert found.notices[0].startswith("1 rows of the audience could not be used; the first: line 3: phone: ")


def test_a_number_that_two_people_have_is_nobodys() -> None:
    owners = _owners(np.array([5, 7, 0, 7, 3]), np.array([7, 5, 0, 3, 9, 8]))
    assert owners.tolist() == [-1, 0, -1, 4, -1, -1]
    assert _owners(np.zeros(0, np.int64), np.array([7])).tolist() == [-1]
