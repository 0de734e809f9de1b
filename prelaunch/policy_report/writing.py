"""Writes a policy report from a run folder, or from the JSON of an audit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from policies.errors import InputError, Problem
from policies.evidence import keyed_hash
from prelaunch.policy_report.audits import content_of_audit
from prelaunch.policy_report.document import LARGEST, read_document
from prelaunch.policy_report.earlier import earlier
from prelaunch.policy_report.model import Content, Earlier, Language
from prelaunch.policy_report.page import render
from prelaunch.policy_report.parts import content_of, parts_of_run
from prelaunch.policy_report.verified import read_verified
from prelaunch.recipient_key import showing
from prelaunch.run_folder import MANIFEST, digest, is_run
from prelaunch.whole_file import write_whole

NOBODY = keyed_hash(b"an earlier run: its recipients are not shown")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is made of besides the run, and in which language."""

    verify: Path | None = None
    since: Path | None = None
    language: Language = "en"


def compose(run: Path, wanted: Wanted) -> Content:
    """Return the content of the report on ``run``. Raises ``InputError`` for what cannot become one."""
    content = _judged(run, wanted.language)
    if wanted.verify is not None:
        content = msgspec.structs.replace(content, verify=read_verified(wanted.verify, content))
    if wanted.since is not None:
        content = msgspec.structs.replace(content, since=before(wanted.since))
    return content


def _judged(run: Path, language: Language) -> Content:
    if is_run(run):
        return content_of(parts_of_run(run, showing(run.absolute().parent, clear=False)), language)
    return msgspec.structs.replace(content_of_audit(run), language=language)


def before(path: Path) -> Earlier:
    """Return what an earlier report (HTML) or run folder said. Raises ``InputError`` if it is neither."""
    if path.suffix == ".json" and path.is_file():
        return earlier(content_of_audit(path), path.name, digest(path))
    if is_run(path):
        content = content_of(parts_of_run(path, NOBODY), "en")
        return earlier(content, path.name, digest(path / MANIFEST))
    if path.is_dir():
        raise InputError([Problem(str(path), "is neither a report nor a run folder", "give one of the two")])
    return earlier(read_document(path).content, path.name, digest(path))


def write(content: Content, file: Path) -> int:
    """Write the page of a report that nobody has signed yet, and return its size in bytes."""
    page = render(content, ())
    if len(page) > LARGEST:
        what = f"would have {len(page):,} bytes, more than {LARGEST:,}"
        raise InputError([Problem(str(file), what, "judge by fewer packs, or embed smaller files")])
    save(page, file)
    return len(page)


def save(page: bytes, file: Path) -> None:
    """Write a page beside its final name and rename it when whole. Raises ``InputError`` if that cannot be."""
    write_whole(file, page, "--out")
