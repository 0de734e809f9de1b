"""Small changes of a kind's parameters, by its schema: limits by one, hours by a minute, words left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from policies.windows import backwards

Schema = Mapping[str, Any]

KEPT = ("check", "input", "answer", "missing_evidence", "register", "must")
"""What is asked, and how grave the answer is: changing these makes another rule, not a changed limit."""
CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")
DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
CLOCK_STEPS_MIN = (-60, -1, 1, 60)
SHARE_STEP = 0.01


@dataclass(frozen=True, slots=True)
class Change:
    """One changed parameter: where it stands, such as ``caps[0].count``, what became of it, and all parameters."""

    field: str
    words: str
    params: Mapping[str, Any]


def parameter_changes(params: Mapping[str, Any], schema: Schema) -> Iterator[Change]:
    """Yield each change of one parameter that the schema still allows; the order is that of the parameters."""
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(dict(schema))
    for field, words, changed in _of_object(dict(params), schema):
        if changed != params and validator.is_valid(changed) and not _ends_before_it_begins(changed):
            yield Change(field, words, changed)


def taken_out(names: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each name with the others; nothing for a list of one, which would then mean all."""
    if len(names) > 1:
        yield from ((name, tuple(other for other in names if other != name)) for name in names)


def _ends_before_it_begins(params: dict[str, Any]) -> bool:
    return "workday" in params and bool(backwards(params))


def _of_object(params: dict[str, Any], schema: Schema) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (field, words, the object with one change) for each value of an object, and the object without it."""
    for name, value in params.items():
        if name in KEPT:
            continue
        own: Schema = schema.get("properties", {}).get(name, {})
        for tail, words, changed in _of_value(value, own):
            yield f"{name}{tail}", words, {**params, name: changed}
        if name not in schema.get("required", ()) and ("default" not in own or own["default"] != value):
            yield name, "left out", {key: other for key, other in params.items() if key != name}


def _of_value(value: Any, schema: Schema) -> Iterator[tuple[str, str, Any]]:
    """Yield (tail of the field, words, the changed value); an unknown sort of value has no changes."""
    if isinstance(value, dict):
        yield from ((f".{field}", words, changed) for field, words, changed in _of_object(value, schema))
    elif isinstance(value, list):
        yield from _of_list(value, schema.get("items", {}))
    else:
        yield from (("", f"{_plain(value)} → {_plain(changed)}", changed) for changed in _neighbours(value, schema))


def _of_list(values: list[Any], items: Schema) -> Iterator[tuple[str, str, list[Any]]]:
    """Yield the list with one item changed, where items are limits, or taken out, where they are words."""
    for place, value in enumerate(values):
        for tail, words, changed in _of_value(value, items):
            if not isinstance(value, str) or CLOCK.match(value):
                yield f"[{place}]{tail}", words, [*values[:place], changed, *values[place + 1 :]]
        if not (isinstance(value, str) and CLOCK.match(value)):
            name = f"{value} taken out" if isinstance(value, str) else f"item {place + 1} taken out"
            yield "", name, [*values[:place], *values[place + 1 :]]


def _neighbours(value: Any, schema: Schema) -> list[Any]:
    """Return the values next to this one: limits by one, times by a minute and an hour, the other truth."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int) and schema.get("maximum") != 1:
        return [value - 1, value + 1]
    if isinstance(value, (int, float)):
        step = SHARE_STEP if schema.get("maximum") == 1 else 1
        return [round(value - step, 9), round(value + step, 9)]
    if not isinstance(value, str):
        return []
    if CLOCK.match(value):
        return [_clock(value, minutes) for minutes in CLOCK_STEPS_MIN if 0 <= _minutes(value) + minutes <= 24 * 60]
    if DAY.match(value):
        return [(date.fromisoformat(value) + timedelta(days=days)).isoformat() for days in (-1, 1)]
    words = list(schema.get("enum", ()))
    return [words[(words.index(value) + 1) % len(words)]] if value in words else []


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _clock(clock: str, minutes: int) -> str:
    return "{:02}:{:02}".format(*divmod(_minutes(clock) + minutes, 60))


def _plain(value: Any) -> str:
    """Return a value as a pack's YAML has it."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
