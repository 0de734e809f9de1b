"""Whether a report is true: the page, its inputs, the result made again, the signatures. One line for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Literal

from prelaunch import __version__
from prelaunch.policy_report.comparing import differences, versions
from prelaunch.policy_report.document import Document
from prelaunch.policy_report.inputs import content_of
from prelaunch.policy_report.keys import fingerprint
from prelaunch.policy_report.model import Content, Earlier, Signature, Verified
from prelaunch.policy_report.page import render
from prelaunch.policy_report.signing import soundness

State = Literal["true", "false", "not checked", "note"]
_FIELD = re.compile(rb'data-field="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at. ``false`` makes the report untrue; ``not checked`` says what is missing for it."""

    what: str
    state: State
    says: str


@dataclass(frozen=True, slots=True)
class Against:
    """What a report is checked against besides itself: a day, public keys by file name, files it was made from.

    ``signed``: that nobody has signed makes it untrue. A page cannot show that a signature was taken out of it.
    """

    day: date
    keys: Mapping[str, str] = field(default_factory=dict)
    verify: Verified | None = None
    since: Earlier | None = None
    signed: bool = False


def is_true(lines: Iterable[Line]) -> bool:
    """Say whether nothing that was checked is false."""
    return all(line.state != "false" for line in lines)


def of_itself(document: Document, against: Against) -> list[Line]:
    """Return what can be said without playing anything: page, embedded files, signatures, files given to compare."""
    content = document.content
    lines = [_page(document), *_files(content), *_signatures(document, against), *_keys(document, against)]
    lines += _answers(content, against.day)
    return [*lines, *_compared("verify", content.verify, against.verify, "--verify FILE of a fresh prelaunch verify"),
            *_compared("since", content.since, against.since, "--since FILE, the earlier report")]  # fmt: skip


def of_result(said: Content, found: Content) -> list[Line]:
    """Return how the result made again compares with what the report says."""
    lines = [Line(d.field, "note", f"was {d.said}, is {d.found}; differences may come from it")
             for d in versions(said, found)]  # fmt: skip
    wrong = differences(said, found)
    if wrong:
        return [*lines, *(Line(d.field, "false", f"the report says {d.said}; it is {d.found}") for d in wrong)]
    judged = f"{len(said.rules)} verdicts, numbers and evidence"
    if said.subject.log_hash:
        lines.append(Line("log_hash", "true", f"the log made again is the same: {said.subject.log_hash}"))
    return [*lines, Line("rules", "true", f"{judged} come out the same")]


def _page(document: Document) -> Line:
    """Say whether the page is, byte for byte, what its embedded content renders to."""
    expected = render(document.content, document.signatures)
    if expected == document.data:
        return Line("page", "true", "shows what its embedded data says, to the byte")
    place = next((i for i, (a, b) in enumerate(zip(expected, document.data, strict=False)) if a != b),
                 min(len(expected), len(document.data)))  # fmt: skip
    where = _FIELD.findall(expected[:place])
    name = where[-1].decode() if where else "head"
    if document.content.prelaunch != __version__:
        other = document.content.prelaunch
        return Line(
            "page", "false", f"was made by prelaunch {other}; this is {__version__}: check it with that version"
        )
    return Line(f"page: {name}", "false", f"byte {place} of the page is not what its embedded data says")


def _files(content: Content) -> Iterator[Line]:
    wrong = False
    for file in content.inputs.files:
        if file.content is None:
            continue
        if sha256(content_of(file)).hexdigest() != file.sha256:
            wrong = True
            yield Line(f"inputs.{file.field}", "false", f"the content of {file.name} does not have the hash given")
    if not wrong:
        yield Line("inputs", "true", "every embedded file has the hash given")


def _signatures(document: Document, against: Against) -> Iterator[Line]:
    if not document.signatures:
        yield Line("signatures", "false" if against.signed else "note", "no signature: nobody has signed this report")
    known = {key: name for name, key in against.keys.items()}
    for number, (signature, sound) in enumerate(zip(document.signatures, soundness(document), strict=True)):
        what = f"signatures.{number}"
        said = f"{signature.decision} by {signature.reviewer} on {signature.date}"
        if not sound:
            yield Line(what, "false", f"{said}: page, decision or an earlier signature was changed after it")
            continue
        yield _whose(what, said, signature, known)
        yield from _days(what, signature, against.day)


def _whose(what: str, said: str, signature: Signature, known: Mapping[str, str]) -> Line:
    if signature.key in known:
        return Line(what, "true", f"{said}: sound, by the key {known[signature.key]}")
    name = fingerprint(signature.key)
    if known:
        return Line(what, "false", f"{said}: by the key {name}, which is none of --public-key")
    why = "unchanged since it was signed; who signed is not shown without --public-key"
    return Line(what, "note", f"{said}: {why} (key {name})")


def _days(what: str, signature: Signature, day: date) -> Iterator[Line]:
    if date.fromisoformat(signature.until) < day:
        yield Line(f"{what}.until", "false", f"the decision of {signature.reviewer} expired on {signature.until}")
    if date.fromisoformat(signature.date) > day:
        yield Line(
            f"{what}.date", "false", f"the decision of {signature.reviewer} is dated {signature.date}, after {day}"
        )


def _keys(document: Document, against: Against) -> Iterator[Line]:
    used = {signature.key for signature in document.signatures}
    for name, key in against.keys.items():
        if key not in used:
            yield Line("signatures", "false", f"none is by the key {name}")


def _answers(content: Content, day: date) -> Iterator[Line]:
    """Say which suppressions were in force on the day of the report, and are not any more."""
    for entry in content.rules:
        if entry.suppressed is not None and entry.suppressed.expires < day.isoformat():
            says = f"expired on {entry.suppressed.expires}: on {day} the finding counts again"
            yield Line(f"suppressions.{entry.rule.id}", "note", says)


def _compared(what: str, said: Verified | Earlier | None, fresh: Verified | Earlier | None, how: str) -> Iterator[Line]:
    """Compare what came from another file with that file; without it, say that it was taken on trust."""
    if said is None:
        return
    if fresh is None:
        yield Line(what, "not checked", f"taken from another file; give {how}")
    elif said == fresh:
        yield Line(what, "true", "is what the file given says")
    else:
        yield Line(what, "false", "is not what the file given says")
