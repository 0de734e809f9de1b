"""A typed scenario, or a part of one, as plain values for a YAML file: what stands at its default is left out."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec


def plain_values(value: object) -> Any:
    """Return structs as maps without the fields at their default, lists and maps likewise, in their order."""
    if isinstance(value, msgspec.Struct):
        told = ((field, getattr(value, field.name)) for field in _fields(type(value)))
        return {field.encode_name: plain_values(own) for field, own in told if not _is_default(field, own)}
    if isinstance(value, dict):
        return {key: plain_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_values(item) for item in value]
    return value


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def _is_default(field: msgspec.structs.FieldInfo, value: object) -> bool:
    if field.default_factory is not msgspec.NODEFAULT:
        return bool(value == field.default_factory())
    return field.default is not msgspec.NODEFAULT and bool(value == field.default)
