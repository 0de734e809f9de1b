"""What ``when`` and ``unless`` do to proofs: a rule speaks, and an own guard acts, only where its expression says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import yaml

from policies.verdicts import Verdict
from policies.verify.verify import Proof, verify_plan
from policies.verify.witness import witness_of
from scenarios.plan import make
from scenarios.plan.make import make_plan
from tests.prelaunch.tiny import call
from tests.support.crowd import crowd
from tests.support.small import campaign, compiled, scenario, step

BREAK = {"workday": ["09:00", "21:00"], "pause": ["11:00", "11:30"]}
WORDS: dict[str, Any] = dict.fromkeys(("title", "statement", "rationale", "fix"), "a rule of a test")


def _pack(folder: Path, kind: str, params: dict[str, Any], **said: str) -> str:
    check = {"kind": kind, "severity": "error", "params": params}
    rule = {"id": "T-01", **WORDS, **said, "confidence": "documented", "checks": [check]}
    rule |= {"citation": {"act": "test", "read_on": "2021-10-01"}, "examples": {"passes": "a", "fails": "b"}}
    path = folder / "pack.yaml"
    path.write_text(yaml.safe_dump({"pack": "t", "title": "t", "version": "1", "rules": [rule]}), encoding="utf-8")
    return str(path)


def proof(
    folder: Path, countries: str, segments: str, rule: dict[str, str], guard: dict[str, str] | None,
    kind: str = "time_window", params: dict[str, Any] = BREAK,
) -> Proof:  # fmt: skip
    """Return the verdict on a message in the pause: ``countries`` and ``segments`` of the people, - where unknown."""
    people = crowd(len(countries.split()))
    names = [name for name in countries.split() if name != "-"]
    people.countries = tuple(names)
    people.country = np.array([names.index(n) if n != "-" else -1 for n in countries.split()], np.int16)
    if segments:
        people.attributes["segment"] = pa.array(
            [None if name == "-" else name for name in segments.split()], pa.string()
        )
    own = [{"id": "own", "kind": kind, "params": params, **guard}] if guard is not None else []
    raw: dict[str, Any] = scenario(
        campaign(step("sms"), release_at="2021-10-04T11:10"),
        packs=[_pack(folder, kind, params, **rule)],
        guards={"rules": own},
    )
    (found,) = verify_plan(make_plan(compiled(raw, people), 0))
    return found


IN_KZ = {"when": 'country == "KZ"'}
BUT_KZ = {"unless": 'country == "KZ"'}
LOYAL = {"unless": 'attributes.segment == "loyal"'}


@pytest.mark.parametrize(
    ("countries", "segments", "rule", "guard", "verdict"),
    [
        ("RU", "", IN_KZ, None, Verdict.NOT_TESTED),
        ("RU KZ", "", IN_KZ, None, Verdict.VIOLATED),
        ("RU -", "", IN_KZ, None, Verdict.NEEDS_INPUT),
        ("RU KZ", "", IN_KZ, IN_KZ, Verdict.PROVED),
        ("RU KZ", "", IN_KZ, BUT_KZ, Verdict.VIOLATED),
        ("RU KZ", "", BUT_KZ, BUT_KZ, Verdict.PROVED),
        ("RU KZ", "", BUT_KZ, IN_KZ, Verdict.VIOLATED),
        ("RU RU", "new -", {}, LOYAL, Verdict.PROVED),
        ("RU RU", "new loyal", {}, LOYAL, Verdict.VIOLATED),
        ("RU", "-", {}, LOYAL, Verdict.NOT_TESTED),  # whose segment nobody knows gets nothing
        ("RU", "-", LOYAL, None, Verdict.NEEDS_INPUT),
        ("RU RU", "new -", LOYAL, None, Verdict.VIOLATED),
        ("RU RU", "loyal -", LOYAL, None, Verdict.NEEDS_INPUT),
    ],
)
def test_a_proof_follows_the_expressions(
    countries: str, segments: str, rule: dict[str, str], guard: dict[str, str] | None, verdict: Verdict, tmp_path: Path
) -> None:
    assert proof(tmp_path, countries, segments, rule, guard).verdict == verdict


@pytest.mark.parametrize(
    ("guard", "verdict"),
    [({}, Verdict.PROVED), (BUT_KZ, Verdict.VIOLATED), ({"unless": 'country == "DE"'}, Verdict.PROVED)],
)
@pytest.mark.parametrize(("kind", "params"), [("consent", {}), ("opt_out", {"by": "received"})])
def test_guards_that_look_at_the_person_spare_whom_they_name(
    kind: str, params: dict[str, Any], guard: dict[str, str], verdict: Verdict, tmp_path: Path
) -> None:
    found = proof(tmp_path, "RU KZ", "", {}, guard, kind, params)
    if kind == "opt_out":  # whoever has opted out gets nothing, whatever further guards spare
        verdict = Verdict.PROVED
    assert found.verdict == verdict


def test_more_combinations_than_are_looked_at_leave_nothing_proved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make, "MOST_VECTORS", 1)
    found = proof(tmp_path, "RU RU", "new -", {}, LOYAL)
    assert (found.verdict, found.note) == (Verdict.NOT_DECIDED, make.TOO_MANY)


def test_the_witness_is_one_of_those_whom_the_guard_spares(tmp_path: Path) -> None:
    found = proof(tmp_path, "RU KZ", "", {}, BUT_KZ).found
    assert found is not None
    assert witness_of(found).who.person == 1


SCENARIO = """\
name: Spared
clock: {{start: 2026-03-02T21:00, zone: Europe/Moscow, horizon_days: 1}}
audience: {{file: {{path: people.csv}}}}
templates: {{t: {{channel: sms, category: promo, body: "Скидка. Отписка: СТОП"}}}}
packs: [bp-promo]
guards:
  rules:
    - {{id: h, kind: time_window, params: {{workday: ['10:00', '20:00']}}, unless: 'attributes["сегмент"] == "{who}"'}}
campaigns: [{{id: c, category: promo, release_at: 2026-03-02T21:00, cascade: [{{channel: sms, template: t}}]}}]
"""


@pytest.mark.parametrize(("who", "verdict"), [("свой", "violated"), ("чужой", "proved")])
def test_the_witness_of_the_command_has_the_value_that_the_guard_asks_for(
    who: str, verdict: str, tmp_path: Path
) -> None:
    people = "phone,time_zone,сегмент\n+79161234561,Europe/Moscow,\n+79161234562,Europe/Moscow,свой\n"
    (tmp_path / "people.csv").write_text(people, encoding="utf-8")
    (tmp_path / "s.yaml").write_text(SCENARIO.format(who=who), encoding="utf-8")
    called = call("verify", tmp_path / "s.yaml", "--rule", "BP-QUIET-01", "--out", tmp_path / "v", "--json")
    (rule,) = called.json["rules"]
    assert rule["verdict"] == verdict
    if verdict == "violated":
        assert rule["witness"]["recipient"]["сегмент"] == "свой"
        assert "please report" not in rule["sentence"]
