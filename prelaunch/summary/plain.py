"""Records as plain JSON values, and the JSON Schema of those values, from one reading of the field names."""

from __future__ import annotations

import json
import types
import typing
from dataclasses import fields, is_dataclass

from policies.instants import instant_text

MONEY = {"type": "string", "pattern": r"^-?\d+\.\d{2,6}$", "description": "exact decimal in the run's currency"}
INSTANT = {"type": "string", "format": "date-time", "description": "instant, UTC"}


def decimal_text(micro: int) -> str:
    """Return micro-units as exact decimal text with two to six places: 1500000 -> ``1.50``."""
    whole, rest = divmod(abs(micro), 1_000_000)
    places = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if micro < 0 else ''}{whole}.{places}"


def _is_instant(name: str) -> bool:
    return name == "at" or name.endswith("_at")


def plain(value: object) -> object:
    """Return a record, tuple or scalar as JSON values: ``x_micro`` becomes the decimal text ``x``."""
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if not is_dataclass(value):
        return value
    result: dict[str, object] = {}
    for name in (field.name for field in fields(value)):
        inner = getattr(value, name)
        if name.endswith("_micro"):
            result[name.removesuffix("_micro")] = None if inner is None else decimal_text(inner)
        elif _is_instant(name):
            result[name] = None if inner is None else instant_text(inner)
        else:
            result[name] = plain(inner)
    return result


def _of_type(hint: object, known: dict[str, object]) -> dict[str, object]:
    """Return the schema of a type hint; record types are added to ``known`` and referred to."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [_of_type(part, known) for part in inner]}
    if origin is tuple:
        return {"type": "array", "items": _of_type(inner[0], known)}
    if isinstance(hint, type) and is_dataclass(hint):
        _record(hint, known)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    names = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    return {"type": names[typing.cast("type", hint)]}


def _named(name: str, hint: object, known: dict[str, object]) -> tuple[str, dict[str, object]]:
    optional = type(None) in typing.get_args(hint)
    special = MONEY if name.endswith("_micro") else INSTANT if _is_instant(name) else None
    if special is None:
        return name, _of_type(hint, known)
    schema: dict[str, object] = {"anyOf": [dict(special), {"type": "null"}]} if optional else dict(special)
    return name.removesuffix("_micro"), schema


def _record(record: type, known: dict[str, object]) -> None:
    if record.__name__ in known:
        return
    known[record.__name__] = {}  # holds the place while its parts are described
    hints = typing.get_type_hints(record)
    properties = dict(_named(name, hint, known) for name, hint in hints.items() if not name.startswith("_"))
    known[record.__name__] = {
        "description": " ".join((record.__doc__ or "").split()),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def json_schema(record: type, title: str) -> dict[str, object]:
    """Return the JSON Schema (2020-12) of ``plain`` of such a record."""
    known: dict[str, object] = {}
    _record(record, known)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$comment": "Generated from prelaunch/summary/model.py; do not edit.",
        "$ref": f"#/$defs/{record.__name__}",
        "$defs": dict(sorted(known.items())),
    }


def schema_text(record: type, title: str) -> str:
    """Return the published file: the schema, indented, with a newline at its end."""
    return json.dumps(json_schema(record, title), indent=2, ensure_ascii=False) + "\n"
