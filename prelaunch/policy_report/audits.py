"""The audit of a log as the content of a report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec
import pyarrow.compute as pc

from policies.errors import InputError, Problem
from policies.evidence import Showing
from policies.findings_json import results_as_dicts
from policies.instants import instant_text
from policies.packs import load_packs
from prelaunch import __version__
from prelaunch.policy_report.answers import with_answers
from prelaunch.policy_report.entries import entries_of, recipients_of, witnesses_of
from prelaunch.policy_report.inputs import from_file
from prelaunch.policy_report.model import FORMAT, Content, Disclosed, InputFile, Inputs, PackUsed, Subject
from prelaunch.policy_report.people import names_of
from prelaunch.run_folder import digest, read_json

if TYPE_CHECKING:
    from prelaunch.auditing import Audited
    from prelaunch.findings.options import Managed
    from scenarios.foreign.read import Foreign

LOG = "log"
"""The field of a log among the inputs: log.0, log.1 ..."""
PRIVATE = ("audience",)
"""Options whose files are personal data: only their hash is kept."""
OPTIONS = frozenset({
    "--audience", "--mapping", "--input-format", "--as-of", "--organisation", "--country", "--zone", "--skip-bad-rows",
})  # fmt: skip
"""Options that decide what an audit finds: these are repeated when it is made again."""


def for_report(
    context: click.Context, log: Foreign, audited: Audited, keyed: Showing, managed: Managed
) -> dict[str, Any] | str:
    """Return what the JSON of an audit keeps for a report: its content, or why there can be none.

    The results are marked by the suppressions of ``managed``.
    """
    if context.params.get("scenario") is not None:
        return "was judged with --scenario: name packs, audience and the rest by options instead"
    if any(name == "-" or not Path(name).is_file() for name in log.files):
        return "was read from a pipe: audit a file, which can be read again"
    content = _content(context, log, audited, keyed)
    inputs = with_answers(content.inputs, managed.suppressions, managed.today)
    return {**msgspec.to_builtins(msgspec.structs.replace(content, inputs=inputs))}


def _content(context: click.Context, log: Foreign, audited: Audited, keyed: Showing) -> Content:
    findings = results_as_dicts(audited.results)
    day: datetime | None = context.params["as_of"]
    files = (*_logs(log), *_packs(audited.packs), *_option_files(context))
    return Content(
        format=FORMAT,
        prelaunch=__version__,
        language="en",
        subject=_subject(log, audited, day),
        rules=entries_of(
            findings, witnesses_of(findings, log.table, keyed), names_of(recipients_of(findings), log.table, keyed)
        ),
        disclosed=Disclosed(notices=audited.notices),
        inputs=Inputs(files, as_of=day.date().isoformat() if day else None, given={"words": _words(context)}),
        versions=_versions(),
    )


def _subject(log: Foreign, audited: Audited, day: datetime | None) -> Subject:
    first, last = (int(value.as_py()) for value in pc.min_max(log.table["occurred_at"]).values())
    packs = (PackUsed(pack.name, pack.version, pack.sha256) for pack in load_packs(audited.packs))
    return Subject(
        kind="audit", name=", ".join(Path(name).name for name in log.files),
        as_of=day.date().isoformat() if day else None, first_at=instant_text(first), last_at=instant_text(last),
        people=audited.people, rejected=log.bad.count, messages=audited.messages, packs=tuple(packs),
    )  # fmt: skip


def _versions() -> dict[str, str]:
    import platform
    from importlib.metadata import version

    from policies.calendars.iana import edition
    from prelaunch.manifest import PACKAGES

    return {"python": platform.python_version(), "tzdata": edition(), **{name: version(name) for name in PACKAGES}}


def _logs(log: Foreign) -> Iterator[InputFile]:
    for number, name in enumerate(log.files):
        path = Path(name)
        yield InputFile(f"{LOG}.{number}", path.name, digest(path), path.stat().st_size)


def _packs(names: tuple[str, ...]) -> Iterator[InputFile]:
    for number, name in enumerate(names):
        if Path(name).is_file():
            yield from_file(f"packs.{number}", Path(name))


def _option_files(context: click.Context) -> Iterator[InputFile]:
    """Yield the files that options name."""
    for option, field, value in _repeated(context):
        if _is_file(value):
            known = from_file(field, Path(value))
            private = option.name in PRIVATE
            yield msgspec.structs.replace(known, content=None, base64=False) if private else known


def _words(context: click.Context) -> list[str]:
    """Return the options as words of a command line; a file stands there as its field in braces."""
    words: list[str] = []
    for option, field, value in _repeated(context):
        words.append(option.opts[0])
        if isinstance(value, datetime):
            words.append(f"{value:%Y-%m-%d}")
        elif value is not True:
            words.append(f"{{{field}}}" if _is_file(value) else str(value))
    return words


def _repeated(context: click.Context) -> Iterator[tuple[click.Parameter, str, Any]]:
    """Yield the options that are repeated, once for each value, with the field that a file of it has."""
    for option in context.command.params:
        given = context.params.get(option.name or "")
        if option.opts[0] in OPTIONS and given not in (None, False):
            for number, value in enumerate(given if isinstance(given, tuple) else (given,)):
                yield option, f"{option.name}.{number}", value


def _is_file(value: object) -> bool:
    return isinstance(value, (str, Path)) and Path(value).is_file()


def content_of_audit(file: Path) -> Content:
    """Return the content kept in the JSON of an audit. Raises ``InputError`` if there is none."""
    raw = read_json(file) if file.suffix == ".json" and file.is_file() else None
    kept = raw.get("report") if isinstance(raw, dict) else None
    if isinstance(kept, str):
        raise InputError([Problem(str(file), kept, "audit it again")])
    if not isinstance(kept, dict):
        remedy = "give a run folder, or FILE.json of prelaunch audit LOG --out FILE.json"
        raise InputError([Problem(str(file), "is neither a run folder nor the JSON of an audit", remedy)])
    try:
        return msgspec.convert(kept, Content)
    except msgspec.ValidationError as error:
        raise InputError([Problem(str(file), f"is not as prelaunch wrote it: {error}", "audit it again")]) from None
