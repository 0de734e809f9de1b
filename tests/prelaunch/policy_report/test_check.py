"""``prelaunch report check``: true for an untouched report, and the field is named for every kind of manipulation."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from prelaunch import exits
from prelaunch.policy_report.comparing import differences
from prelaunch.policy_report.document import parse, read_document
from prelaunch.policy_report.inputs import embedded
from prelaunch.policy_report.model import Content
from prelaunch.policy_report.page import render
from prelaunch.policy_report.signing import Decision, sign
from tests.prelaunch.policy_report.made import content, entry, tiny_report, with_rule, witness
from tests.prelaunch.tiny import call


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the tiny scenario, untouched."""
    return tiny_report(tmp_path_factory.mktemp("check"))


def check(data: bytes, folder: Path, *words: object) -> tuple[int, set[str]]:
    """The exit code for these bytes, and what is false of them."""
    (folder / "x.html").write_bytes(data)
    called = call("report", "check", folder / "x.html", "--json", *words)
    return called.code, {line["what"] for line in called.json["lines"] if line["state"] == "false"}


def rewritten(report: Path, change: Callable[[Content], Content]) -> bytes:
    """The report with its content changed, page and data alike."""
    return render(change(read_document(report).content), ())


def test_an_untouched_report_is_true(report: Path, tmp_path: Path) -> None:
    assert check(report.read_bytes(), tmp_path) == (exits.DONE, set())


def test_a_report_is_checked_from_standard_input_as_well(report: Path) -> None:
    assert call("report", "check", "-", stdin=report.read_bytes()).code == exits.DONE


def test_what_was_checked_is_said_in_words(report: Path) -> None:
    called = call("report", "check", report)
    assert "true page: shows what its embedded data says, to the byte" in called.out
    assert "true log_hash" in called.out
    assert called.out.rstrip().endswith("report.html: true")


def violated(said: Content) -> int:
    return next(i for i, one in enumerate(said.rules) if one.verdict == "violated")


def test_a_verdict_edited_in_the_page_only(report: Path, tmp_path: Path) -> None:
    name = read_document(report).content.rules[violated(read_document(report).content)].rule.id
    edited = re.sub(
        rb'(<dd data-field="rules\.' + name.encode() + rb'\.verdict"><b class=")violated(">)violated',
        rb"\1proved\2proved",
        report.read_bytes(),
    )
    assert edited != report.read_bytes()
    assert check(edited, tmp_path) == (exits.FINDINGS, {f"page: rules.{name}.verdict"})


def test_a_verdict_edited_in_the_data_only(report: Path, tmp_path: Path) -> None:
    said = read_document(report).content
    place = violated(said)
    name = said.rules[place].rule.id
    new = rewritten(report, lambda one: with_rule(one, place, verdict="proved"))
    begin = b'id="prelaunch-content">'
    data = new.partition(begin)[2]
    edited = report.read_bytes().partition(begin)[0] + begin + data
    code, false = check(edited, tmp_path)
    assert code == exits.FINDINGS
    assert f"rules.{name}.verdict" in false
    assert any(what.startswith("page") for what in false)


def test_a_verdict_edited_in_page_and_data_alike(report: Path, tmp_path: Path) -> None:
    said = read_document(report).content
    place = violated(said)
    edited = rewritten(report, lambda one: with_rule(one, place, verdict="not observed"))
    assert check(edited, tmp_path) == (exits.FINDINGS, {f"rules.{said.rules[place].rule.id}.verdict"})


CHANGES: dict[str, tuple[Callable[[Content], Content], str]] = {
    "a number": (lambda one: with_rule(one, 0, tested=9999), r"rules\.[A-Z0-9-]+\.tested"),
    "a bound": (lambda one: with_rule(one, 0, upper_bound=0.5), r"rules\.[A-Z0-9-]+\.upper_bound"),
    "a rule left out": (lambda one: msgspec.structs.replace(one, rules=one.rules[1:]), r"rules\.[A-Z0-9-]+"),
    "a citation": (
        lambda one: with_rule(one, 0, rule=msgspec.structs.replace(one.rules[0].rule, statement="Anything goes.")),
        r"rules\.[A-Z0-9-]+\.rule\.statement",
    ),
    "people": (
        lambda one: msgspec.structs.replace(one, subject=msgspec.structs.replace(one.subject, people=10**6)),
        r"subject\.people",
    ),
    "the hash of the log": (
        lambda one: msgspec.structs.replace(one, subject=msgspec.structs.replace(one.subject, log_hash="0" * 32)),
        r"subject\.log_hash",
    ),
    "an assumption": (
        lambda one: msgspec.structs.replace(
            one, disclosed=msgspec.structs.replace(one.disclosed, assumed=one.disclosed.assumed[1:])
        ),
        r"disclosed\.assumed",
    ),
    "the seed": (
        lambda one: msgspec.structs.replace(one, inputs=msgspec.structs.replace(one.inputs, seed=77)),
        r"subject\.log_hash",
    ),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_in_page_and_data_alike_is_found_by_making_the_result_again(
    kind: str, report: Path, tmp_path: Path
) -> None:
    change, field = CHANGES[kind]
    code, false = check(rewritten(report, change), tmp_path)
    assert code == exits.FINDINGS
    assert any(re.fullmatch(field, what) for what in false), false


def swapped(said: Content, *, hashed: bool) -> Content:
    """The report with a scenario of other people in it, under its old hash or its own."""
    [file] = said.inputs.files
    assert file.content is not None
    text = file.content.replace("size: 12", "size: 13")
    assert text != file.content
    new = msgspec.structs.replace(
        file, content=text, sha256=sha256(text.encode()).hexdigest() if hashed else file.sha256
    )
    return msgspec.structs.replace(said, inputs=msgspec.structs.replace(said.inputs, files=(new,)))


def test_an_input_swapped_under_its_old_hash(report: Path, tmp_path: Path) -> None:
    code, false = check(rewritten(report, lambda said: swapped(said, hashed=False)), tmp_path)
    assert code == exits.FINDINGS
    assert {"inputs.scenario", "subject.people"} <= false


def test_an_input_swapped_with_its_hash(report: Path, tmp_path: Path) -> None:
    code, false = check(rewritten(report, lambda said: swapped(said, hashed=True)), tmp_path)
    assert code == exits.FINDINGS
    assert "subject.people" in false
    assert "inputs.scenario" not in false


def test_a_report_of_an_older_version_is_named_as_one(report: Path, tmp_path: Path) -> None:
    older = (
        report.read_bytes()
        .replace(b"prelaunch 0.1.0", b"prelaunch 0.0.9")
        .replace(b'"prelaunch":"0.1.0"', b'"prelaunch":"0.0.9"')
    )
    (tmp_path / "x.html").write_bytes(older.replace(b"<h1>", b"<h1 class='old'>"))
    called = call("report", "check", tmp_path / "x.html")
    assert called.code == exits.FINDINGS
    assert "was made by prelaunch 0.0.9" in called.out
    assert "note versions.prelaunch: was 0.0.9, is" in called.out


REFUSED = {
    "empty": (b"", "is empty"),
    "blank": (b"\n \n", "is empty"),
    "no HTML": (b"%PDF-1.7 \xff\xfe", "is no policy report"),
    "another page": (b"<!doctype html><html><body>hi</body></html>", "is no policy report"),
    "Russian text": ("Отчёт".encode("cp1251"), "is no policy report"),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("command", ["check", "sign"])
def test_what_is_no_report_is_refused_by_what_it_is(kind: str, command: str, tmp_path: Path) -> None:
    data, said = REFUSED[kind]
    (tmp_path / "x.html").write_bytes(data)
    words = (
        ("--key", "k.pem", "--reviewer", "A", "--decision", "approved", "--until", "2027-01-01")
        if command == "sign"
        else ()
    )
    called = call("report", command, tmp_path / "x.html", *words)
    assert called.code == exits.BAD_INPUT
    assert said in called.err


@pytest.mark.parametrize("part", [0.3, 0.6, 0.999])
def test_a_report_that_is_cut_off_is_refused(part: float, report: Path, tmp_path: Path) -> None:
    data = report.read_bytes()
    (tmp_path / "x.html").write_bytes(data[: int(len(data) * part)])
    called = call("report", "check", tmp_path / "x.html")
    assert called.code == exits.BAD_INPUT
    assert re.search("is cut off|is no policy report", called.err)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"format":1', b'"format":2', "format is 2, written by prelaunch 0.1.0; this one reads 1"),
        (b'"format":1,', b"", "missing required field `format`"),
        (b'"tested":', b'"tasted":', "unknown field `tasted`"),
        (b'"tested":', b'"tested":"', "cannot be read"),
        (b'T17:00:00Z","local"', b'T99:00:00Z","local"', "is no instant"),
        (b"<!--/decisions-->", b"", "0 times instead of once"),
        (b"<!--decisions-->", b"<!--decisions--><!--decisions-->", "2 times instead of once"),
    ],
)
def test_data_of_another_form_is_refused_by_its_field(old: bytes, new: bytes, said: str, tmp_path: Path) -> None:
    data = render(content(entry()), ())
    assert old in data
    (tmp_path / "x.html").write_bytes(data.replace(old, new, 1))
    called = call("report", "check", tmp_path / "x.html")
    assert called.code == exits.BAD_INPUT
    assert said in called.err


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    called = call("report", "check", tmp_path / "none.html")
    assert (called.code, "cannot be read" in called.err) == (exits.BAD_INPUT, True)


def named(first: str, second: str) -> Content:
    """Two violations, by one person or by two."""
    one, two = entry(name="AB-01"), entry(name="AB-02")

    def by(item: object, who: str) -> tuple[object, ...]:
        return (msgspec.structs.replace(item.evidence[0], recipient=who),)  # type: ignore[attr-defined]

    return content(
        msgspec.structs.replace(one, evidence=by(one, first), witness=witness(recipient=first)),
        msgspec.structs.replace(two, evidence=by(two, second), witness=witness(recipient=second)),
    )


@pytest.mark.parametrize(
    ("said", "found", "same"),
    [
        (("a", "b"), ("S1", "S2"), True),
        (("a", "a"), ("S1", "S1"), True),
        (("a", "a"), ("S1", "S2"), False),
        (("a", "b"), ("S1", "S1"), False),
        (("", "b"), ("S1", "S2"), False),
    ],
)
def test_people_may_go_by_other_names_but_one_for_one(
    said: tuple[str, str], found: tuple[str, str], same: bool
) -> None:
    assert (differences(named(*said), named(*found)) == []) is same


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"first_at":null', b'"first_at":"soon"', "subject.first_at: 'soon' is no day"),
        (b'"as_of":null,"gate"', b'"as_of":"soon","gate"', "inputs.as_of: 'soon' is no day"),
        (b'"field":"scenario"', b'"field":"scenery"', "has no scenario"),
        (b'"settings":{}', b'"settings":' + b'{"a":' * 3000 + b"1" + b"}" * 3000, "content: cannot be read"),
    ],
)
def test_hostile_data_is_refused_without_a_traceback(old: bytes, new: bytes, said: str, tmp_path: Path) -> None:
    data = render(content(entry()), ())
    assert data.count(old) == 1
    (tmp_path / "x.html").write_bytes(data.replace(old, new))
    called = call("report", "check", tmp_path / "x.html")
    assert (called.code, said in called.err) == (exits.BAD_INPUT, True), called.err


@pytest.mark.parametrize(("day", "until"), [("2026-11-29", "soon"), ("вчера", "2027-01-01"), ("", "")])
def test_a_signature_with_days_that_are_none_is_refused(day: str, until: str, tmp_path: Path) -> None:
    unsigned = parse(render(content(entry()), ()), tmp_path)
    signed = sign(unsigned, Decision("A", "approved", "", day, until), Ed25519PrivateKey.generate())
    (tmp_path / "x.html").write_bytes(signed)
    called = call("report", "check", tmp_path / "x.html")
    assert (called.code, "is no day" in called.err) == (exits.BAD_INPUT, True), called.err


@pytest.mark.parametrize("text", [b"# a scenario", "Привет".encode()])
def test_an_embedded_file_that_is_no_base64_is_refused(text: bytes, tmp_path: Path) -> None:

    binary = embedded("audience", "people.parquet", b"\xff\x00\xfe")
    inputs = msgspec.structs.replace(content(entry()).inputs, files=[*content(entry()).inputs.files, binary])
    data = render(msgspec.structs.replace(content(entry()), inputs=inputs), ())
    coded = str(binary.content).encode()
    assert data.count(coded) >= 1
    (tmp_path / "x.html").write_bytes(data.replace(coded, text))
    called = call("report", "check", tmp_path / "x.html")
    assert (called.code, "people.parquet is no base64" in called.err) == (exits.BAD_INPUT, True), called.err
