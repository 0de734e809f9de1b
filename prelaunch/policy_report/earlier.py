"""An earlier report or run, and what has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from prelaunch.policy_report.model import Content, Earlier, Entry, OldVerdict


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs: rules as (id, title, verdict before, verdict after), and the names of inputs that are not the same.

    ``worse`` are the rules that are violated now and were not before, ``better`` those of which the reverse is true.
    """

    worse: tuple[tuple[str, str, str, str], ...]
    better: tuple[tuple[str, str, str, str], ...]
    other: tuple[tuple[str, str, str, str], ...]
    added: tuple[tuple[str, str, str], ...]
    removed: tuple[tuple[str, str, str], ...]
    inputs: tuple[str, ...]

    @property
    def none(self) -> bool:
        """Say whether nothing differs."""
        return not (self.worse or self.better or self.other or self.added or self.removed or self.inputs)


def earlier(content: Content, name: str, file_sha256: str) -> Earlier:
    """Return what a report keeps of an earlier one; ``file_sha256`` is of its file, or of its run's manifest."""
    subject = content.subject
    verdicts = tuple(OldVerdict(key(entry), entry.verdict, entry.rule.title) for entry in content.rules)
    return Earlier(name, file_sha256, content.prelaunch, subject.as_of, subject.log_hash, parts(content), verdicts)


def key(entry: Entry) -> str:
    """Return how a rule is named where its versions must be told apart."""
    return entry.rule.id if entry.rule.version == 1 else f"{entry.rule.id} ({entry.rule.version})"


def parts(content: Content) -> dict[str, str]:
    """Return what a result was made of, each with its hash or value."""
    inputs, subject = content.inputs, content.subject
    found = {f"{file.field}: {file.name}": file.sha256 for file in inputs.files}
    found |= {f"pack {pack.name}": pack.sha256 for pack in subject.packs}
    settings = sha256(msgspec.json.encode([inputs.settings, inputs.script, inputs.given])).hexdigest()
    found |= {"settings": settings, "seed": str(inputs.seed), "gate": subject.gate, "as_of": str(subject.as_of)}
    return found | {"prelaunch": content.prelaunch}


def changes(content: Content) -> Changes | None:
    """Return what has changed since the earlier report; None if none was named."""
    old = content.since
    if old is None:
        return None
    before: Mapping[str, OldVerdict] = {item.rule: item for item in old.verdicts}
    now = {key(entry): entry for entry in content.rules}
    both = [(name, entry.rule.title, before[name].verdict, entry.verdict) for name, entry in now.items()
            if name in before and before[name].verdict != entry.verdict]  # fmt: skip
    fresh = parts(content)
    names = dict.fromkeys([*old.parts, *fresh])
    return Changes(
        worse=tuple(row for row in both if row[3] == "violated"),
        better=tuple(row for row in both if row[2] == "violated"),
        other=tuple(row for row in both if "violated" not in row[2:]),
        added=tuple((name, entry.rule.title, entry.verdict) for name, entry in now.items() if name not in before),
        removed=tuple((name, item.title, item.verdict) for name, item in before.items() if name not in now),
        inputs=tuple(name for name in names if old.parts.get(name) != fresh.get(name)),
    )
