"""The audit of a report made again, by its own command line."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from policies.errors import InputError, Problem
from policies.packs import PACKS
from prelaunch.policy_report.answers import SUPPRESSIONS, answered_on
from prelaunch.policy_report.audits import LOG, OPTIONS, content_of_audit
from prelaunch.policy_report.model import Content

_PLAIN = re.compile(r"[A-Za-z0-9][\w+:=*.-]*(/[\w+-]+)*")


def audited_again(content: Content, placed: Mapping[str, Path], folder: Path) -> Content:
    """Return the content of the same audit made again, its files standing at ``placed`` by their fields."""
    from prelaunch.commands.audit import command

    packs = [str(placed.get(f"packs.{number}", pack.name)) for number, pack in enumerate(content.subject.packs)]
    strange = [name for name in packs if name not in PACKS and Path(name) not in placed.values()]
    if strange:
        raise InputError(
            [Problem(f"content: pack {name}", "is not shipped, and not in the report") for name in strange]
        )
    logs = [str(path) for field, path in placed.items() if field.startswith(f"{LOG}.")]
    words = _trusted(content, placed)
    result = folder / "audit.json"
    if SUPPRESSIONS in placed:
        words += ["--suppressions", str(placed[SUPPRESSIONS]), "--today", answered_on(content.inputs).isoformat()]
    options = ["--packs", ",".join(packs), "--fail-on", "never", "--out", str(result)]
    with contextlib.redirect_stdout(io.StringIO()):
        command.main([*logs, *words, *options], prog_name="prelaunch audit", standalone_mode=False)
    again = content_of_audit(result)
    subject = msgspec.structs.replace(again.subject, name=content.subject.name)
    return msgspec.structs.replace(again, subject=subject, language=content.language)


def _trusted(content: Content, placed: Mapping[str, Path]) -> list[str]:
    """Return the options of the audit, files at their places; raises ``InputError`` for words that no audit keeps.

    A report may come from anybody: nothing in it may name a file of this machine, or one to write.
    """
    words, known = [], {f"{{{field}}}": str(path) for field, path in placed.items()}
    for word in content.inputs.given.get("words", []):
        if not isinstance(word, str) or not (word in OPTIONS or word in known or _PLAIN.fullmatch(word)):
            raise InputError(
                [Problem("content: inputs.given", f"{word!r} is no option of an audit that can be repeated")]
            )
        words.append(known.get(word, word))
    return words
