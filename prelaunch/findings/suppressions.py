"""Exceptions that a named person approved: a YAML file, its published schema, and which entries of it are sound.

An entry is taken or refused on its own: a faulty one suppresses nothing, and hides none of the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from policies.errors import InputError, Problem
from policies.records import CHANNELS
from policies.sites import Site, Suppressed
from policies.yaml_source import Source, read_source
from scenarios.plain_errors import Fault, faults

Schema = dict[str, Any]

SCOPES = ("campaign", "step", "channel", "template")
REMEDIES = {
    "rule": "write the id of the rule as the report shows it",
    "scope": "name at least one of campaign, step, channel and template, or write `scope: all`",
    "reason": "say why this is acceptable",
    "approver": "name who takes responsibility",
    "expires": "write the last day on which it holds, YYYY-MM-DD, not later than needed",
}
"""What to do about a fault of a field, where that is more than to correct it."""
WORD: Schema = {"type": "string", "minLength": 1, "pattern": r"\S"}


@dataclass(frozen=True, slots=True)
class Suppression:
    """One exception. ``scope`` gives the names that a site must have; None is every site of the rule.

    ``expires`` is the last day on which it holds.
    """

    rule: str
    scope: Mapping[str, str] | None
    reason: str
    approver: str
    expires: date
    id: str
    where: str

    def matches(self, rule_id: str, site: Site) -> bool:
        """Say whether a finding falls under it. Sites that are only summed have no names: all alone covers them."""
        if rule_id != self.rule:
            return False
        if self.scope is None:
            return True
        return all(getattr(site, name) == word for name, word in self.scope.items())

    def expired(self, today: date) -> bool:
        """Say whether its last day is over."""
        return today > self.expires

    @property
    def mark(self) -> Suppressed:
        """Return what a finding under it carries."""
        return Suppressed(self.reason, self.approver, self.expires.isoformat(), self.id, self.where)

    @property
    def words(self) -> str:
        """Return the exception for reading: which one, of which rule, where."""
        scope = "all" if self.scope is None else ", ".join(f"{name} {word}" for name, word in self.scope.items())
        return f"{self.where}: {self.id + ': ' if self.id else ''}{self.rule} ({scope})"


@dataclass(frozen=True, slots=True)
class Suppressions:
    """The sound entries of a file, in its order, and the faults of the others; the file's name, text and SHA-256."""

    entries: tuple[Suppression, ...] = ()
    faults: tuple[Problem, ...] = ()
    name: str = ""
    text: str = ""
    sha256: str = ""


def read_suppressions(path: Path) -> Suppressions:
    """Return the exceptions of a file (``-``: standard input).

    Raises ``InputError`` if it is no YAML or no list of exceptions: then there is no entry that could be taken alone.
    """
    source = read_source(path)
    listed = source.value.get("suppressions") if isinstance(source.value, dict) else None
    if not isinstance(listed, list) or set(source.value) != {"suppressions"}:
        remedy = "write `suppressions:` and under it one entry for each exception; docs/suppressions.schema.json"
        raise InputError([Problem(source.where(()), "this is no file of suppressions", remedy)])
    entries: list[Suppression] = []
    faults: list[Problem] = []
    for index, entry in enumerate(listed):
        found = _faults(source, index, entry, {one.id for one in entries if one.id})
        faults += found
        if not found:
            entries.append(_entry(source, index, entry))
    return Suppressions(tuple(entries), tuple(faults), Path(source.label).name, source.text, source.sha256)


def _faults(source: Source, index: int, entry: Any, taken: set[str]) -> list[Problem]:
    """Return what is wrong with one entry."""
    place = ("suppressions", index)
    found = [
        Problem(source.where((*place, *fault.path)), fault.what, _remedy(fault))
        for fault in faults(entry_schema(), entry)
    ]  # fmt: skip
    if not found and entry.get("id") in taken:
        found.append(Problem(source.where((*place, "id")), f"{entry['id']!r} stands twice", "give each its own id"))
    return found


def _remedy(fault: Fault) -> str:
    own = REMEDIES.get(str(fault.path[0]), "") if len(fault.path) == 1 else ""
    return fault.remedy if fault.remedy.startswith("did you mean") else own or fault.remedy


def _entry(source: Source, index: int, entry: Mapping[str, Any]) -> Suppression:
    scope = entry["scope"]
    return Suppression(
        rule=entry["rule"],
        scope=None if scope == "all" else dict(scope),
        reason=entry["reason"].strip(),
        approver=entry["approver"].strip(),
        expires=date.fromisoformat(entry["expires"]),
        id=entry.get("id", ""),
        where=f"{source.label}:{source.line(('suppressions', index))}",
    )


def suppressions_schema() -> Schema:
    """Return the JSON Schema (2020-12) of the file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Suppressions: findings that somebody took responsibility for",
        "description": "Generated from the code by scripts/suppressions_schema.py; do not edit.",
        "type": "object",
        "required": ["suppressions"],
        "additionalProperties": False,
        "properties": {"suppressions": {"type": "array", "items": entry_schema()}},
    }


def entry_schema() -> Schema:
    """Return the schema of one entry."""
    scope = {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {**dict.fromkeys(SCOPES, WORD), "channel": {"type": "string", "enum": list(CHANNELS)}},
    }
    whole = {"type": "string", "enum": ["all"]}
    return {
        "type": "object",
        "required": ["rule", "scope", "reason", "approver", "expires"],
        "additionalProperties": False,
        "properties": {
            "id": {**WORD, "description": "a name of its own, such as a ticket"},
            "rule": {**WORD, "description": "id of the rule"},
            "scope": {"anyOf": [scope, whole], "description": "names that must all be met; or the word all"},
            "reason": {**WORD, "description": "why this is acceptable"},
            "approver": {**WORD, "description": "who took responsibility"},
            "expires": {
                "type": "string",
                "pattern": r"^\d{4}-\d{2}-\d{2}$",
                "format": "date",
                "description": "the last day on which it holds, YYYY-MM-DD",
            },
        },
    }
