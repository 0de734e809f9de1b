"""What was changed in a scenario: field by field, campaigns, steps and guards known by their ids."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from scenarios.field_meanings import MEANINGS
from scenarios.model import Scenario
from scenarios.plain_values import plain_values

ABSENT: Final = "(not there)"
"""In place of a value: the entry does not exist on this side."""
NOT_PLAYED = frozenset({"name", "description", "replications", "source", "calendar"})
"""Fields that change no message; the campaigns that a calendar makes are compared one by one."""
LONGEST = 60


@dataclass(frozen=True, slots=True)
class ById:
    """One entry of a list, known by its ``id``."""

    id: str


Part = str | int | ById
Path = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field with its plain values before and after, ABSENT where it is not there, and what the field means."""

    path: Path
    before: object
    after: object
    meaning: str

    @property
    def field(self) -> str:
        """Return the path as people write it: ``campaigns[offer].cascade[sms].wait_s``."""
        text = ""
        for part in self.path:
            text += (
                part if isinstance(part, str) and not text else f".{part}" if isinstance(part, str) else _place(part)
            )
        return text

    @property
    def words(self) -> str:
        """Return the change in plain words."""
        if self.before == ABSENT:
            what = f"added {value_text(self.after)}"
        elif self.after == ABSENT:
            what = f"removed {value_text(self.before)}"
        else:
            what = f"{value_text(self.before)} → {value_text(self.after)}"
        return f"{self.field}: {what}" + (f" ({self.meaning})" if self.meaning else "")


def changed_fields(before: Scenario, after: Scenario) -> tuple[FieldChange, ...]:
    """Return every field that differs, in the order of the file; names and descriptions are not compared."""
    return tuple(_structs(before, after, ()))


def value_text(value: object) -> str:
    """Return a value in one line, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(_round(value), ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 20]} … {text[-15:]}"


def _round(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _place(part: int | ById) -> str:
    return f"[{part.id}]" if isinstance(part, ById) else f"[{part}]"


def _structs(before: msgspec.Struct, after: msgspec.Struct, path: Path) -> Iterator[FieldChange]:
    meanings = MEANINGS.get(type(before).__name__, {})
    for field in msgspec.structs.fields(before):
        if field.name not in NOT_PLAYED:
            one, two = getattr(before, field.name), getattr(after, field.name)
            meaning = meanings.get(field.encode_name, meanings.get(field.name, ""))
            yield from _values(one, two, (*path, field.encode_name), meaning)


def _values(before: Any, after: Any, path: Path, meaning: str) -> Iterator[FieldChange]:
    if before == after:
        return
    if isinstance(before, msgspec.Struct) and type(before) is type(after):
        yield from _structs(before, after, path)
    elif isinstance(before, dict) and isinstance(after, dict):
        yield from _maps(before, after, path, meaning)
    elif isinstance(before, list) and isinstance(after, list) and _alike(before, after):
        yield from _lists(before, after, path, meaning)
    else:
        yield FieldChange(path, plain_values(before), plain_values(after), meaning)


def _maps(before: Mapping[str, Any], after: Mapping[str, Any], path: Path, meaning: str) -> Iterator[FieldChange]:
    for key in dict.fromkeys((*before, *after)):
        if key in before and key in after:
            yield from _values(before[key], after[key], (*path, key), "")
        else:
            yield _one_sided(before.get(key, ABSENT), after.get(key, ABSENT), (*path, key), meaning)


def _lists(before: Sequence[Any], after: Sequence[Any], path: Path, meaning: str) -> Iterator[FieldChange]:
    ids = [[id_of(item) for item in items] for items in (before, after)]
    if None in ids[0] + ids[1]:
        for index, (one, two) in enumerate(zip(before, after, strict=True)):
            yield from _values(one, two, (*path, index), meaning)
        return
    old, new = ({ById(str(id_of(item))): item for item in items} for items in (before, after))
    for key in dict.fromkeys((*old, *new)):
        if key in old and key in new:
            yield from _values(old[key], new[key], (*path, key), "")
        else:
            yield _one_sided(old.get(key, ABSENT), new.get(key, ABSENT), (*path, key), meaning)


def _one_sided(before: object, after: object, path: Path, meaning: str) -> FieldChange:
    return FieldChange(path, plain_values(before), plain_values(after), meaning)


def _alike(before: Sequence[Any], after: Sequence[Any]) -> bool:
    """Say whether entries can be matched: by ids that are unique and keep their order, or by place."""
    if not all(isinstance(item, (msgspec.Struct, dict)) for item in (*before, *after)):
        return False
    old, new = ([id_of(item) for item in items] for items in (before, after))
    if None in old + new:
        return len(before) == len(after)
    unique = len(set(old)) == len(old) and len(set(new)) == len(new)
    return unique and [i for i in old if i in new] == [i for i in new if i in old]


def id_of(item: object) -> str | None:
    """Return the id of an entry of a list, None where it has none."""
    found = item.get("id") if isinstance(item, dict) else getattr(item, "id", None)
    return None if found is None else str(found)
