"""``prelaunch report``: from a run or an audit to a page that is checked and signed, as its user would."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from prelaunch import exits
from prelaunch.policy_report.document import read_document
from prelaunch.policy_report.model import Content
from prelaunch.run_folder import digest
from tests.prelaunch.policy_report.made import tiny_report
from tests.prelaunch.tiny import call, manifest, rehearse, write

CUSTOMERS = "customer_id,phone,push_token\n" + "".join(f"K{n:03d},+7916123{n:04d},{'t' * (n % 2)}\n" for n in range(12))
HOUSE = """\
pack: house
title: House rules
version: "1"
rules:
  - id: HOUSE-CAP-01
    title: One SMS a week
    statement: A customer gets one SMS in seven days.
    rationale: People complain of text messages most.
    citation: {act: House rules, clause: "3", read_on: 2026-11-22}
    confidence: documented
    channels: [sms]
    languages: {ru: {title: Одна SMS в неделю}}
    checks:
      - {kind: frequency_cap, severity: error, params: {caps: [{count: 1, period: roll_7d}], count_channels: [sms]}}
    fix: Give the campaign a cap.
    examples: {passes: The first SMS., fails: Another one two days later.}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the run of the tiny scenario and its report."""
    folder = tmp_path_factory.mktemp("report")
    tiny_report(folder)
    return folder


def said(file: Path) -> Content:
    return read_document(file).content


def true(file: Path, *words: object) -> bool:
    return call("report", "check", file, *words).code == exits.DONE


def verify_json(home: Path, **given: Any) -> dict[str, Any]:
    """What another command says of the tiny scenario by proof."""
    step = {
        "at": "2026-03-02T18:00:00Z",
        "local": "2026-03-02 21:00 Europe/Moscow",
        "step": "push",
        "channel": "push",
        "what": "submitted",
        "text": "push goes out",
    }
    witness = {
        "recipient": {"zone": "Europe/Moscow"},
        "release_at": "2026-03-02T18:00:00Z",
        "steps": [step],
        "violates_at": step["at"],
        "scenario": "w.yaml",
        "replay": "prelaunch run w.yaml",
        "sentence": "At nine.",
    }
    told = manifest(home / "run")
    rules = [
        {
            "rule": "BP-QUIET-01",
            "severity": "error",
            "verdict": "violated",
            "sentence": "One step.",
            "bound": None,
            "states": 4,
            "witness": witness,
        }
    ]
    return {
        "prelaunch": "0.1.0",
        "scenario": "tiny.yaml",
        "scenario_sha256": told["scenario"]["sha256"],
        "as_of": told["as_of"],
        "domain": {"delay_s": 60},
        "rules": rules,
        "besides": [],
        **given,
    }


def test_the_report_stands_in_the_run_folder_unless_told_otherwise(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "run", tmp_path / "run")
    called = call("report", "write", tmp_path / "run", "--json")
    assert called.json["report"] == str(tmp_path / "run" / "policy.html")
    assert called.json["bytes"] == (tmp_path / "run" / "policy.html").stat().st_size
    assert true(tmp_path / "run" / "policy.html")


def test_the_same_run_gives_the_same_bytes(home: Path, tmp_path: Path) -> None:
    assert call("report", "write", home / "run", "--out", tmp_path / "again.html").code == exits.DONE
    assert (tmp_path / "again.html").read_bytes() == (home / "report.html").read_bytes()


def test_a_russian_report_says_its_rules_in_russian_and_is_as_true(home: Path, tmp_path: Path) -> None:
    assert call("report", "write", home / "run", "--out", tmp_path / "ru.html", "--language", "ru").code == exits.DONE
    text = (tmp_path / "ru.html").read_text(encoding="utf-8")
    assert '<html lang="ru">' in text
    assert "Никаких предложений ночью, рано утром и в выходные" in text
    assert true(tmp_path / "ru.html")


def test_a_violation_has_a_witness_from_the_log_by_a_hash(home: Path) -> None:
    broken = [entry for entry in said(home / "report.html").rules if entry.rule.id == "BP-QUIET-01"]
    assert broken[0].witness is not None
    assert re.fullmatch("[0-9a-f]{16}", broken[0].witness.recipient)
    assert any(
        step.at == broken[0].witness.violates_at and step.what == "submitted" for step in broken[0].witness.steps
    )


def test_keys_signatures_and_check_work_together(home: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(home / "report.html", tmp_path))
    for name in ("anna", "boris"):
        assert call("report", "key", tmp_path / f"{name}.pem").code == exits.DONE
        sign = (
            "--key",
            tmp_path / f"{name}.pem",
            "--reviewer",
            name,
            "--decision",
            "approved",
            "--until",
            "2027-03-01",
        )
        assert call("report", "sign", file, *sign, "--date", "2026-11-29").code == exits.DONE
    keys = [word for name in ("anna", "boris") for word in ("--public-key", tmp_path / f"{name}.pub.pem")]
    assert true(file, *keys, "--date", "2026-12-01")
    assert not true(file, *keys, "--date", "2027-03-02")
    assert not true(home / "report.html", *keys, "--date", "2026-12-01")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--until", "2026-11-28"), "lies before the decision"),
        (("--reviewer", " "), "is empty"),
        (("--until", "soon"), "does not match the format"),
        (("--decision", "maybe"), "is not one of"),
        (("--key", "none.pem"), "cannot be read"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_and_nothing_is_written(
    words: tuple[str, str], message: str, home: Path, tmp_path: Path
) -> None:
    file = Path(shutil.copy(home / "report.html", tmp_path))
    assert call("report", "key", tmp_path / "a.pem").code == exits.DONE
    given = {
        "--key": tmp_path / "a.pem",
        "--reviewer": "A",
        "--decision": "approved",
        "--until": "2027-01-01",
        "--date": "2026-11-29",
        **dict([words]),
    }
    called = call("report", "sign", file, *(word for pair in given.items() for word in pair))
    assert called.code == exits.BAD_INPUT
    assert message in called.err
    assert file.read_bytes() == (home / "report.html").read_bytes()


def test_a_page_that_was_changed_cannot_be_signed(home: Path, tmp_path: Path) -> None:
    (tmp_path / "x.html").write_bytes((home / "report.html").read_bytes().replace(b"Tiny</h1>", b"Large</h1>"))
    call("report", "key", tmp_path / "a.pem")
    called = call(
        "report",
        "sign",
        tmp_path / "x.html",
        "--key",
        tmp_path / "a.pem",
        "--reviewer",
        "A",
        "--decision",
        "approved",
        "--until",
        "2099-01-01",
    )
    assert (called.code, "page: subject" in called.err) == (exits.BAD_INPUT, True)


def test_changes_since_an_earlier_run_and_an_earlier_report(home: Path, tmp_path: Path) -> None:
    day = write(tmp_path, ("release_at: 2026-03-02T21:00", "release_at: 2026-03-02T11:00"))
    assert rehearse(day, tmp_path / "day").code in (exits.DONE, exits.FINDINGS)
    for since in (home / "run", home / "report.html"):
        assert (
            call("report", "write", tmp_path / "day", "--since", since, "--out", tmp_path / "x.html").code == exits.DONE
        )
        assert "1 no longer broken" in (tmp_path / "x.html").read_text(encoding="utf-8")
        assert true(tmp_path / "x.html", "--since", since)
        assert not true(tmp_path / "x.html", "--since", tmp_path / "day")


def test_verdicts_by_proof_are_taken_from_verify_and_compared_when_given_again(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "verify.json"
    file.write_text(json.dumps(verify_json(home)), encoding="utf-8")
    assert call("report", "write", home / "run", "--verify", file, "--out", tmp_path / "x.html").code == exits.DONE
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "smallest case: zone Europe/Moscow" in text
    called = call("report", "check", tmp_path / "x.html")
    assert (called.code, "not checked: verify" in called.out) == (exits.DONE, True)
    assert true(tmp_path / "x.html", "--verify", file)
    file.write_text(json.dumps(verify_json(home, domain={"delay_s": 61})), encoding="utf-8")
    assert not true(tmp_path / "x.html", "--verify", file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scenario_sha256": "0" * 64}, "another scenario"),
        ({"as_of": "2020-01-01"}, "the rules of 2020-01-01"),
        ({"rules": [{"rule": "A-1", "verdict": "fine"}]}, "'fine' is no verdict"),
        ({"rules": 3}, "is no verify.json"),
        ({"rules": [{"verdict": "proved"}]}, "missing required field"),
    ],
)
def test_a_verify_json_of_something_else_is_refused(
    change: dict[str, Any], message: str, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "v.json").write_text(json.dumps(verify_json(home, **change)), encoding="utf-8")
    called = call("report", "write", home / "run", "--verify", tmp_path / "v.json", "--out", tmp_path / "x.html")
    assert (called.code, message in called.err) == (exits.BAD_INPUT, True)
    assert not (tmp_path / "x.html").exists()


def test_a_customer_file_is_not_embedded_and_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text(CUSTOMERS, encoding="utf-8")
    file = write(
        tmp_path, ("{synthetic: {size: 12, seed: 2, present: {push: 0.5, sms: 1.0}}}", "{file: {path: base.csv}}")
    )
    assert rehearse(file, tmp_path / "run", "--show-recipients").code in (exits.DONE, exits.FINDINGS)
    assert call("report", "write", tmp_path / "run", "--out", tmp_path / "x.html").code == exits.DONE
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert re.findall(r"K0\d\d|916123", text) == []
    assert digest(tmp_path / "base.csv") in text
    called = call("report", "check", tmp_path / "x.html")
    assert (called.code, "give it by --audience" in called.err) == (exits.BAD_INPUT, True)
    assert true(tmp_path / "x.html", "--audience", tmp_path / "base.csv")
    (tmp_path / "other.csv").write_text(CUSTOMERS.replace("K001", "K999"), encoding="utf-8")
    called = call("report", "check", tmp_path / "x.html", "--audience", tmp_path / "other.csv")
    assert (called.code, "is not the file of the report" in called.err) == (exits.BAD_INPUT, True)


def test_an_audience_named_on_the_command_line_is_asked_for_as_well(tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text(CUSTOMERS, encoding="utf-8")
    assert rehearse(write(tmp_path), tmp_path / "run", "--audience", tmp_path / "base.csv").code in (0, 1)
    assert call("report", "write", tmp_path / "run", "--out", tmp_path / "x.html").code == exits.DONE
    assert true(tmp_path / "x.html", "--audience", tmp_path / "base.csv")


def test_packs_scripts_settings_and_replications_are_made_again(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text(HOUSE, encoding="utf-8")
    (tmp_path / "script.yaml").write_text(
        "- {recipient: S0000001, purpose: delivered, value: 0.999}\n", encoding="utf-8"
    )
    words = (
        "--set",
        "packs=[bp-promo,house.yaml]",
        "--script",
        tmp_path / "script.yaml",
        "--replications",
        2,
        "--seed",
        9,
        "--as-of",
        "2026-11-01",
        "--gate",
        "enforce",
    )
    assert rehearse(write(tmp_path), tmp_path / "run", *words).code in (exits.DONE, exits.FINDINGS)
    assert (
        call("report", "write", tmp_path / "run", "--out", tmp_path / "x.html", "--language", "ru").code == exits.DONE
    )
    (tmp_path / "house.yaml").unlink()
    text = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "Одна SMS в неделю" in text
    assert true(tmp_path / "x.html")
    inputs = said(tmp_path / "x.html").inputs
    assert (inputs.replications, inputs.seed, inputs.gate, len(inputs.script)) == (2, 9, "enforce", 1)


@pytest.mark.parametrize("kept", ["dispatch", "none"])
def test_a_run_without_the_full_log_has_its_witness_all_the_same(kept: str, tmp_path: Path) -> None:
    assert rehearse(write(tmp_path), tmp_path / "run", "--log", kept, "--show-recipients").code == exits.FINDINGS
    assert call("report", "write", tmp_path / "run", "--out", tmp_path / "x.html").code == exits.DONE
    assert [entry.rule.id for entry in said(tmp_path / "x.html").rules if entry.witness]
    assert "S0000" not in (tmp_path / "x.html").read_text(encoding="utf-8")
    assert true(tmp_path / "x.html")


def broken_runs(run: Path) -> dict[str, tuple[str, str]]:
    """How a run folder may be unfit, and what is said of it."""
    return {
        "findings changed": ("findings.json", "was changed after the run"),
        "no inputs": ("inputs.json", "is gone"),
        "no manifest": ("manifest.json", "is neither a run folder nor the JSON of an audit"),
    }


@pytest.mark.parametrize("kind", broken_runs(Path()))
def test_a_run_folder_that_is_not_whole_is_refused(kind: str, home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "run", tmp_path / "run")
    name, message = broken_runs(tmp_path)[kind]
    if kind == "findings changed":
        file = tmp_path / "run" / name
        file.write_text(file.read_text(encoding="utf-8").replace('"violated"', '"proved"'), encoding="utf-8")
    else:
        (tmp_path / "run" / name).unlink()
        if kind == "no manifest":
            (tmp_path / "run" / "log.parquet").unlink()
    called = call("report", "write", tmp_path / "run", "--out", tmp_path / "x.html")
    assert (called.code, message in called.err) == (exits.BAD_INPUT, True), called.err


def test_one_replayed_person_is_no_campaign(tmp_path: Path) -> None:
    assert rehearse(write(tmp_path), tmp_path / "run", "--only", "S0000001").code in (exits.DONE, exits.FINDINGS)
    called = call("report", "write", tmp_path / "run")
    assert (called.code, "one recipient only" in called.err) == (exits.BAD_INPUT, True)


LOG = """\
recipient,channel,category,at,event,text
+79161234567,sms,promo,2026-11-22T23:30:00+03:00,submitted,Скидка 15 %
+79131234567,push,transactional,2026-11-22T12:00:00+03:00,submitted,Заказ готов
"""


def audited(folder: Path, *words: object) -> Path:
    """Audit a log and write the report on it."""
    (folder / "log.csv").write_text(LOG, encoding="utf-8")
    made = call("audit", folder / "log.csv", "--out", folder / "audit.json", "--fail-on", "never", *words)
    assert made.code == exits.DONE, made.err
    assert call("report", "write", folder / "audit.json").code == exits.DONE
    return folder / "audit.html"


def test_the_audit_of_a_real_log_becomes_a_report_that_asks_for_the_log(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text(HOUSE, encoding="utf-8")
    (tmp_path / "map.yaml").write_text("zone: Europe/Moscow\n", encoding="utf-8")
    file = audited(
        tmp_path,
        "--packs",
        f"bp-promo,{tmp_path / 'house.yaml'}",
        "--mapping",
        tmp_path / "map.yaml",
        "--as-of",
        "2026-11-22",
        "--show-recipients",
    )
    text = file.read_text(encoding="utf-8")
    assert "79161234567" not in text
    assert "broken in this log" in text
    assert call("report", "check", file).code == exits.BAD_INPUT
    for name in ("house.yaml", "map.yaml"):
        (tmp_path / name).unlink()
    assert true(file, "--log", tmp_path / "log.csv")
    (tmp_path / "other.csv").write_text(LOG.replace("23:30", "12:30"), encoding="utf-8")
    called = call("report", "check", file, "--log", tmp_path / "other.csv")
    assert (called.code, "is not the file of the report" in called.err) == (exits.BAD_INPUT, True)


@pytest.mark.parametrize("word", ["--out", "/etc/passwd", "../x", "--scenario", "-", "a b"])
def test_a_report_of_an_audit_cannot_name_files_or_other_options(word: str, tmp_path: Path) -> None:
    import msgspec

    from prelaunch.policy_report.page import render

    content = said(audited(tmp_path, "--packs", "bp-promo"))
    hostile = msgspec.structs.replace(
        content, inputs=msgspec.structs.replace(content.inputs, given={"words": [word, "x.json"]})
    )
    (tmp_path / "x.html").write_bytes(render(hostile, ()))
    called = call("report", "check", tmp_path / "x.html", "--log", tmp_path / "log.csv")
    assert (called.code, "is no option of an audit that can be repeated" in called.err) == (exits.BAD_INPUT, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [(("-", "--packs", "bp-promo"), "was read from a pipe"), (("RUN",), "give that folder")],
)
def test_an_audit_that_cannot_be_repeated_says_why(
    words: tuple[str, ...], message: str, home: Path, tmp_path: Path
) -> None:
    named = [str(home / "run") if word == "RUN" else word for word in words]
    call("audit", *named, "--out", tmp_path / "a.json", "--fail-on", "never", stdin=LOG)
    called = call("report", "write", tmp_path / "a.json")
    assert (called.code, message in called.err) == (exits.BAD_INPUT, True), called.err


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff\xfe", "отчёт".encode(), b'{"report": {"format": "x"}}'])
def test_what_is_neither_run_nor_audit_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(data)
    called = call("report", "write", tmp_path / "a.json")
    assert called.code == exits.BAD_INPUT
    assert "Traceback" not in called.err


@pytest.mark.parametrize("word", ["audience", "=x", "nothing=log.csv"])
def test_a_file_for_an_input_that_there_is_not_is_refused(word: str, home: Path) -> None:
    called = call("report", "check", home / "report.html", "--file", word)
    assert called.code == exits.BAD_INPUT


def test_without_chromium_pdf_says_what_to_install(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    called = call("report", "write", home / "run", "--out", tmp_path / "x.html", "--pdf", tmp_path / "x.pdf")
    assert (called.code, "install the package chromium" in called.err) == (exits.BAD_INPUT, True)
    assert not (tmp_path / "x.pdf").exists()
    assert not (tmp_path / "x.html").exists()
