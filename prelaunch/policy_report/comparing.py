"""Two contents compared field by field: what a report says, and what comes out of its inputs now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from prelaunch.policy_report.earlier import key
from prelaunch.policy_report.model import Content, Entry

LONGEST = 80
ELSEWHERE = ("format", "language", "verify", "since", "inputs", "versions", "prelaunch", "rules")
"""Parts of a content that are compared in another way, or cannot follow from the inputs."""


@dataclass(frozen=True, slots=True)
class Differs:
    """One field that is not the same: its path, what the report says, what comes out."""

    field: str
    said: str
    found: str


def differences(said: Content, found: Content) -> list[Differs]:
    """Return every field of the result that is not the same; people may go by other names, one for one."""
    ours, theirs = (msgspec.to_builtins(content) for content in (said, found))
    listed = [item for name in ours if name not in ELSEWHERE for item in _walk(ours[name], theirs[name], name)]
    return [*listed, *_rules(said, found)]


def versions(said: Content, found: Content) -> list[Differs]:
    """Return the versions that are not those of the report."""
    return list(_walk({"prelaunch": said.prelaunch, **said.versions}, {"prelaunch": found.prelaunch, **found.versions},
                      "versions"))  # fmt: skip


def _rules(said: Content, found: Content) -> Iterator[Differs]:
    ours, theirs = ({key(entry): entry for entry in content.rules} for content in (said, found))
    names: dict[str, str] = {}
    for rule in dict.fromkeys([*ours, *theirs]):
        if rule not in theirs or rule not in ours:
            yield Differs(f"rules.{rule}", *("judged" if rule in side else "not judged" for side in (ours, theirs)))
            continue
        plain = (_plain(ours[rule]), _plain(theirs[rule]))
        yield from _walk(_renamed(*plain, names), plain[1], f"rules.{rule}")


def _plain(entry: Entry) -> dict[str, Any]:
    """Return the entry without what does not follow from the inputs: replay lines."""
    plain: dict[str, Any] = msgspec.to_builtins(entry)
    for item in [*plain["evidence"], *([plain["witness"]] if plain["witness"] else [])]:
        del item["replay"]
    return plain


def _renamed(said: dict[str, Any], found: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Return what was said with the people's names as found; ``names`` holds who is who, and grows.

    A name that stands for two people, or two names for one, stays as it is and so differs.
    """
    pairs = [(a, b) for a, b in zip(said["evidence"], found["evidence"], strict=False)]
    if said["witness"] and found["witness"]:
        pairs.append((said["witness"], found["witness"]))
    for ours, theirs in pairs:
        name, other = ours["recipient"], theirs["recipient"]
        if bool(name) and bool(other) and (name in names or other not in names.values()):
            ours["recipient"] = names.setdefault(name, other)
    return said


def _walk(said: Any, found: Any, path: str) -> Iterator[Differs]:
    if isinstance(said, dict) and isinstance(found, dict):
        for name in dict.fromkeys([*said, *found]):
            yield from _walk(said.get(name), found.get(name), f"{path}.{name}")
    elif isinstance(said, (list, tuple)) and isinstance(found, (list, tuple)) and len(said) == len(found):
        for number, (ours, theirs) in enumerate(zip(said, found, strict=True)):
            yield from _walk(ours, theirs, f"{path}.{number}")
    elif said != found:
        yield Differs(path, _short(said), _short(found))


def _short(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"{len(value)} entries"
    text = "nothing" if value is None else str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
