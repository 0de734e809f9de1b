"""The file of a report: where its content and its signatures stand in the page, and what of it is signed."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from policies.errors import InputError, Problem
from prelaunch.policy_report.inputs import content_of
from prelaunch.policy_report.model import FORMAT, Content, Signature

CONTENT_BEGINS = b'<script type="application/json" id="prelaunch-content">'
SIGNATURES_BEGIN = b'<script type="application/json" id="prelaunch-signatures">'
DATA_ENDS = b"</script>"
REGION_BEGINS, REGION_ENDS = b"<!--decisions-->", b"<!--/decisions-->"
"""Between them stand the signatures, for reading and as data; nothing else of the page depends on them."""
LARGEST = 3_000_000
"""Bytes of a page."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """A report as it was read: its bytes, what it embeds."""

    path: Path
    data: bytes
    content: Content
    signatures: tuple[Signature, ...]

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the page without its signatures, which is what a reviewer signs."""
        return digest_of(self.data)


def digest_of(page: bytes) -> str:
    """Return the SHA-256 of a page with what stands between the marks of the signatures left out."""
    head, _, rest = page.partition(REGION_BEGINS)
    _, _, tail = rest.partition(REGION_ENDS)
    return sha256(head + REGION_BEGINS + REGION_ENDS + tail).hexdigest()


def as_data(value: object) -> str:
    """Return a value as JSON that can stand inside a page: no ``<`` occurs in it."""
    return msgspec.json.encode(value).decode().replace("<", "\\u003c")


def read_document(path: Path) -> Document:
    """Return the report in a file (``-``: standard input). Raises ``InputError`` if it is none, or is cut off."""
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InputError([Problem(str(path), f"cannot be read: {error.strerror}", "check the path")]) from None
    return parse(data, path)


def parse(data: bytes, path: Path) -> Document:
    """Return the report that the bytes are. Raises ``InputError`` as ``read_document``."""
    if not data.strip():
        raise _refused(path, "is empty")
    if CONTENT_BEGINS not in data and REGION_BEGINS not in data:
        raise _refused(path, "is no policy report of prelaunch")
    if not data.rstrip().endswith(b"</html>"):
        raise _refused(path, "is cut off: it does not end with </html>")
    for mark in (REGION_BEGINS, REGION_ENDS, SIGNATURES_BEGIN, CONTENT_BEGINS):
        if (times := data.count(mark)) != 1:
            raise _refused(path, f"has {mark.decode()} {times} times instead of once")
    signatures = _decoded(_between(data, SIGNATURES_BEGIN), tuple[Signature, ...], path, "signatures")
    raw = _between(data, CONTENT_BEGINS)
    _check_form(raw, path)
    content = _decoded(raw, Content, path, "content")
    _check_instants(content, path)
    _check_days(content, signatures, path)
    _check_files(content, path)
    return Document(path, data, content, signatures)


def _check_instants(content: Content, path: Path) -> None:
    """Refuse a timeline whose instants are none."""
    proofs = content.verify.rules if content.verify else ()
    besides = content.verify.besides if content.verify else ()
    for witness in (item.witness for items in (content.rules, proofs, besides) for item in items):
        if witness is None:
            continue
        for text in (witness.violates_at, *(step.at for step in witness.steps)):
            try:
                sound = datetime.fromisoformat(text).tzinfo is not None
            except ValueError:
                sound = False
            if not sound:
                raise _refused(path, f"content: {text!r} is no instant")


def _check_days(content: Content, signatures: tuple[Signature, ...], path: Path) -> None:
    """Refuse days that are none, and a run without its scenario: the page may come from anybody."""
    days = [(f"signatures.{n}.{name}", getattr(one, name))
            for n, one in enumerate(signatures) for name in ("date", "until")]  # fmt: skip
    if content.inputs.as_of is not None:
        days.append(("content: inputs.as_of", content.inputs.as_of))
    days += [(f"content: subject.{name}", text[:10]) for name in ("first_at", "last_at")
             if (text := getattr(content.subject, name)) is not None]  # fmt: skip
    for name, text in days:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise _refused(path, f"{name}: {text!r} is no day") from None
    if content.subject.kind == "run" and all(file.field != "scenario" for file in content.inputs.files):
        raise _refused(path, "content: inputs.files: has no scenario")


def _check_files(content: Content, path: Path) -> None:
    """Refuse an embedded file whose text is no base64 though the page says so."""
    for file in content.inputs.files:
        if file.content is None:
            continue
        try:
            content_of(file)
        except ValueError:
            raise _refused(path, f"content: inputs.files: the content of {file.name} is no base64") from None


class _Form(msgspec.Struct):
    format: int
    prelaunch: str


def _check_form(raw: bytes, path: Path) -> None:
    """Refuse by name what another version of this program wrote in another form."""
    form = _decoded(raw, _Form, path, "content")
    if form.format != FORMAT:
        what = f"content: format is {form.format}, written by prelaunch {form.prelaunch}; this one reads {FORMAT}"
        raise InputError([Problem(str(path), what, "check it with the version that wrote it")])


def _between(data: bytes, begins: bytes) -> bytes:
    return data.partition(begins)[2].partition(DATA_ENDS)[0]


def _decoded(raw: bytes, kind: type[T], path: Path, name: str) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(path, f"{name}: cannot be read: {error}") from None


def _refused(path: Path, what: str) -> InputError:
    return InputError([Problem(str(path), what, "give a file that prelaunch report write wrote, as it was written")])
