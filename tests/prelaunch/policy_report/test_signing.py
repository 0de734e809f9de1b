"""Signatures: what they cover, several in a row, and that no byte of a signed report changes unseen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given, settings
from hypothesis import strategies as st

from policies.errors import InputError
from prelaunch import exits
from prelaunch.policy_report.checking import Against, Line, is_true, of_itself
from prelaunch.policy_report.document import Document, parse
from prelaunch.policy_report.keys import is_locked, make_pair, private_key, public_key, public_name, raw_of, sound
from prelaunch.policy_report.model import Signature
from prelaunch.policy_report.page import render
from prelaunch.policy_report.signing import Decision, sign, soundness
from tests.prelaunch.policy_report.made import content, entry, tiny_report
from tests.prelaunch.tiny import call

HERE = Path("report.html")
DAY = date(2026, 11, 29)
ANNA, BORIS = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))


def document(data: bytes) -> Document:
    return parse(data, HERE)


def decision(name: str = "Anna", **given: str) -> Decision:
    fields = {"reviewer": name, "decision": "approved", "comment": "", "date": "2026-11-29", "until": "2027-03-01"}
    return Decision(**{**fields, **given})


PLAIN = render(content(entry(), entry("not tested", "AB-02")), ())
ONCE = sign(document(PLAIN), decision(), ANNA)
TWICE = sign(document(ONCE), decision("Борис", comment="если исправить AB-01"), BORIS)


def lines(data: bytes, **against: object) -> list[Line]:
    return of_itself(document(data), Against(DAY, **against))  # type: ignore[arg-type]


def false_ones(data: bytes, **against: object) -> list[str]:
    return [line.what for line in lines(data, **against) if line.state == "false"]


def resigned(data: bytes, *signatures: Signature) -> bytes:
    """The page as it would look with these signatures, consistent in itself."""
    return render(document(data).content, signatures)


def test_two_reviewers_sign_one_after_the_other_and_both_are_shown() -> None:
    keys = {"anna": raw_of(ANNA.public_key()), "boris": raw_of(BORIS.public_key())}
    assert soundness(document(TWICE)) == [True, True]
    assert [line.says.partition(":")[0] for line in lines(TWICE, keys=keys) if line.what.startswith("signatures")] == [
        "approved by Anna on 2026-11-29",
        "approved by Борис on 2026-11-29",
    ]
    assert is_true(lines(TWICE, keys=keys))
    assert "Борис" in TWICE.decode()
    assert "если исправить AB-01" in TWICE.decode()


def test_signing_changes_nothing_of_what_was_signed_before() -> None:
    assert document(PLAIN).digest == document(ONCE).digest == document(TWICE).digest


def test_without_a_public_key_only_integrity_is_said() -> None:
    [line] = [line for line in lines(ONCE) if line.what == "signatures.0"]
    assert line.state == "note"
    assert "who signed is not shown without --public-key" in line.says


def test_a_signature_by_another_key_than_the_one_asked_for_is_false() -> None:
    assert false_ones(ONCE, keys={"boris.pub.pem": raw_of(BORIS.public_key())}) == ["signatures.0", "signatures"]


def test_a_report_that_the_key_has_not_signed_is_false() -> None:
    assert false_ones(PLAIN, keys={"anna.pub.pem": raw_of(ANNA.public_key())}) == ["signatures"]


@pytest.mark.parametrize(
    "changed",
    [
        {"decision": "approved-with-conditions"},
        {"until": "2030-01-01"},
        {"date": "2026-11-28"},
        {"reviewer": "Eve"},
        {"comment": "gladly"},
        {"key": raw_of(BORIS.public_key())},
        {"signature": ""},
        {"signature": "not base64!"},
        {"key": "AAAA"},
    ],
    ids="-".join,
)
def test_a_decision_edited_in_page_and_data_alike_is_false(changed: dict[str, str]) -> None:
    [signature] = document(ONCE).signatures
    assert false_ones(resigned(ONCE, msgspec.structs.replace(signature, **changed))) == ["signatures.0"]


def test_an_earlier_signature_taken_away_or_moved_is_seen() -> None:
    first, second = document(TWICE).signatures
    assert false_ones(resigned(TWICE, second)) == ["signatures.0"]
    assert false_ones(resigned(TWICE, second, first)) == ["signatures.0", "signatures.1"]


def test_a_signature_of_another_report_does_not_fit() -> None:
    other = render(content(entry("proved")), document(ONCE).signatures)
    assert false_ones(other) == ["signatures.0"]


@pytest.mark.parametrize(
    ("day", "false"),
    [(date(2027, 3, 1), []), (date(2027, 3, 2), ["signatures.0.until"]), (date(2026, 11, 28), ["signatures.0.date"])],
)
def test_a_decision_holds_from_its_day_through_its_last_one(day: date, false: list[str]) -> None:
    assert [line.what for line in of_itself(document(ONCE), Against(day)) if line.state == "false"] == false


def noticed(data: bytes) -> bool:
    """Whether a changed report is refused, or something of it is false; a traceback would be neither."""
    try:
        return not is_true(lines(data))
    except InputError:
        return True


def test_a_signed_report_as_it_is_is_true() -> None:
    assert not noticed(TWICE)


@settings(max_examples=60)
@given(st.integers(0, len(TWICE) - 1), st.integers(1, 255))
@example(0, 1)
@example(len(TWICE) - 1, 1)
@example(TWICE.index(b"<!--decisions-->") + 3, 32)
@example(TWICE.index(b'"reviewer"') + 12, 2)
@example(TWICE.index(b'"until":"2027') + 9, 4)
@example(TWICE.index(b'"signature":"') + 14, 1)
@example(TWICE.index(b"2026-03-02T17:00:02Z") + 5, 8)
@example(TWICE.index(b'"format":1') + 9, 3)
def test_any_byte_changed_in_a_signed_report_is_noticed(place: int, flip: int) -> None:
    changed = bytearray(TWICE)
    changed[place] ^= flip
    assert noticed(bytes(changed))


@settings(max_examples=30)
@given(st.integers(0, len(TWICE) - 1), st.binary(min_size=1, max_size=3))
def test_bytes_put_in_or_taken_away_are_noticed(place: int, extra: bytes) -> None:
    assert noticed(TWICE[:place] + extra + TWICE[place:])
    assert noticed(TWICE[:place] + TWICE[place + len(extra) :])


def test_line_ends_of_another_system_are_noticed() -> None:
    assert noticed(TWICE.replace(b"\n", b"\r\n"))


def test_a_key_pair_signs_and_is_read_again(tmp_path: Path) -> None:
    private = tmp_path / "anna.pem"
    public = make_pair(private, None)
    assert private.stat().st_mode & 0o077 == 0
    assert public_key(public_name(private)) == public == raw_of(private_key(private).public_key())
    assert not is_locked(private)
    assert not sound(public, "", b"")


def test_a_locked_key_opens_with_its_passphrase_only(tmp_path: Path) -> None:
    public = make_pair(tmp_path / "a.pem", "word")
    assert is_locked(tmp_path / "a.pem")
    assert raw_of(private_key(tmp_path / "a.pem", "word").public_key()) == public
    for wrong in (None, "other"):
        with pytest.raises(InputError, match="passphrase is another one"):
            private_key(tmp_path / "a.pem", wrong)


def test_keys_are_never_replaced(tmp_path: Path) -> None:
    make_pair(tmp_path / "a.pem", None)
    before = (tmp_path / "a.pem").read_bytes()
    with pytest.raises(InputError) as caught:
        make_pair(tmp_path / "a.pem", None)
    assert len(caught.value.problems) == 2
    assert (tmp_path / "a.pem").read_bytes() == before


def test_what_is_no_key_is_refused_by_what_it_is(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    make_pair(tmp_path / "a.pem", None)
    (tmp_path / "empty").write_bytes(b"")
    curve = generate_private_key(SECP256R1())
    (tmp_path / "ec.pem").write_bytes(curve.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()))
    (tmp_path / "ec.pub").write_bytes(
        curve.public_key().public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)
    )
    for name, said in (
        ("empty", "is no public key"),
        ("a.pem", "is a private key"),
        ("ec.pub", "another kind"),
        ("none", "cannot be read"),
    ):
        with pytest.raises(InputError, match=said):
            public_key(tmp_path / name)
    for name, said in (("empty", "is no private key"), ("a.pub.pem", "is no private key"), ("ec.pem", "another kind")):
        with pytest.raises(InputError, match=said):
            private_key(tmp_path / name)


def test_that_nobody_has_signed_is_said_and_is_false_where_a_signature_is_required(tmp_path: Path) -> None:
    report = tiny_report(tmp_path)
    unsigned = report.read_bytes()
    called = call("report", "check", report)
    assert (called.code, "no signature: nobody has signed this report" in called.out) == (exits.DONE, True)
    assert call("report", "check", report, "--require-signature").code == exits.FINDINGS
    assert call("report", "key", tmp_path / "r.pem").code == exits.DONE
    words = ("--reviewer", "О. Рейес", "--decision", "approved", "--until", "2027-01-31", "--date", "2026-11-29")
    assert call("report", "sign", report, "--key", tmp_path / "r.pem", *words).code == exits.DONE
    asked = ("--require-signature", "--date", "2026-11-30")
    assert call("report", "check", report, *asked).code == exits.DONE
    report.write_bytes(unsigned)
    assert call("report", "check", report, *asked).code == exits.FINDINGS
