"""The sound part of a faulty scenario, so that one fault does not hide the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from policies.yaml_tree import FieldPath
from scenarios.model import Scenario, decode
from scenarios.plain_errors import Fault, faults

STAND_INS: dict[str, Any] = {
    "name": "unnamed",
    "clock": {"start": "2000-01-01T00:00", "horizon_days": 366},
    "audience": {"synthetic": {"size": 1}},
    "templates": {},
}
"""What takes the place of a lost block that every scenario must have; nothing is said of what lies in it."""


@dataclass(frozen=True, slots=True)
class Salvage:
    """What a schema leaves of a value.

    ``faults`` are what the schema finds, ``scenario`` is the typed rest (``None``: nothing could be kept). ``lost`` are
    the paths that had to go, ``kept`` gives for each shortened list the indices its entries had in the file.
    """

    faults: tuple[Fault, ...]
    scenario: Scenario | None
    lost: frozenset[FieldPath]
    kept: dict[FieldPath, list[int]]

    def original(self, path: FieldPath) -> FieldPath:
        """Return the path that a field of ``scenario`` has in the file."""
        result: FieldPath = ()
        for part in path:
            indices = self.kept.get(result)
            result += (indices[part] if indices and isinstance(part, int) else part,)
        return result

    def hidden(self, path: FieldPath) -> bool:
        """Say whether something at, below or around a path of the file was lost, so that judging it would be unfair."""
        return any(path[: len(gone)] == gone or gone[: len(path)] == path for gone in self.lost)


def salvage(value: Any, schema: dict[str, Any]) -> Salvage:
    """Return the faults of ``value`` under the scenario's ``schema`` and the part of it that is sound."""
    found = faults(schema, value)
    lost: frozenset[FieldPath] = frozenset()
    result = Salvage(tuple(found), None, lost, {})
    remaining, rest = found, value
    while remaining:
        more = {_to_remove(value, result.original(fault.path), lost) for fault in remaining}
        if () in more or more <= lost:
            return Salvage(tuple(found), None, lost, {})
        lost |= more
        kept: dict[FieldPath, list[int]] = {}
        rest = _with_stand_ins(_without(value, (), lost, kept))
        result = Salvage(tuple(found), None, lost, kept)
        remaining = faults(schema, rest)
    return _typed(rest, result)


def _typed(rest: Any, result: Salvage) -> Salvage:
    try:
        return Salvage(result.faults, decode(rest), result.lost, result.kept)
    except msgspec.ValidationError as error:
        return Salvage((*result.faults, Fault((), str(error), "correct it")), None, result.lost, result.kept)


def _to_remove(value: Any, path: FieldPath, lost: frozenset[FieldPath]) -> FieldPath:
    """Return the path itself, or, where nothing is left at it, the nearest block around it that is still there.

    Blocks of the top level go alone: they have stand-ins.
    """
    while len(path) > 1 and (path in lost or not _exists(value, path)):
        path = path[:-1]
    return path


def _exists(value: Any, path: FieldPath) -> bool:
    for part in path:
        if isinstance(value, dict):
            inside = part in value
        else:
            inside = isinstance(value, list) and isinstance(part, int) and part < len(value)
        if not inside:
            return False
        value = value[part]
    return True


def _without(value: Any, path: FieldPath, lost: frozenset[FieldPath], kept: dict[FieldPath, list[int]]) -> Any:
    if isinstance(value, dict):
        items = {key: (*path, key) for key in value}
        return {key: _without(value[key], at, lost, kept) for key, at in items.items() if at not in lost}
    if isinstance(value, list):
        indices = [index for index in range(len(value)) if (*path, index) not in lost]
        kept[path] = indices
        return [_without(value[index], (*path, index), lost, kept) for index in indices]
    return value


def _with_stand_ins(rest: Any) -> Any:
    return {**STAND_INS, **rest} if isinstance(rest, dict) else rest
