"""Fields of a scenario replaced from the command line or by a test."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from policies.errors import InputError, Problem
from policies.yaml_source import Source
from policies.yaml_tree import FieldPath


def override(source: Source, overrides: Mapping[str, object]) -> Source:
    """Return the source with each dotted field (``seed``, ``campaigns.0.sample``) replaced by a plain value.

    A replaced block is replaced as a whole; ``None`` removes nothing, it is the value *nothing*. Blocks on the way are
    made. Raises ``InputError`` for a path that runs through a text or past the end of a list.
    """
    if not overrides:
        return source
    value = copy.deepcopy(source.value)
    problems = []
    done = []
    for name, new in overrides.items():
        path = _path(name)
        fault = _put(value, path, new)
        done.append(path)
        if fault:
            problems.append(Problem(f"option: {name}", fault, "check the path"))
    if problems:
        raise InputError(problems)
    return replace(source, value=value, overridden=source.overridden | frozenset(done))


def _path(name: str) -> FieldPath:
    return tuple(int(part) if part.isdecimal() else part for part in name.split("."))


def _put(holder: Any, path: FieldPath, new: object) -> str | None:
    """Put ``new`` at ``path``; returns what is wrong, if anything."""
    for part, following in itertools.pairwise(path):
        fault = _fault(holder, part)
        if fault:
            return fault
        if isinstance(holder, dict) and holder.get(part) is None:
            holder[part] = [] if isinstance(following, int) else {}
        holder = holder[part]
    fault = _fault(holder, path[-1])
    if not fault:
        holder[path[-1]] = new
    return fault


def _fault(holder: Any, part: str | int) -> str | None:
    if isinstance(holder, dict):
        return None
    if not isinstance(holder, list):
        return f"there is no {part!r} inside a plain value"
    if not isinstance(part, int):
        return f"a list has no field {part!r}"
    return None if part < len(holder) else f"the list has only {len(holder)} entries"
