"""The JSON Schema of a scenario file, generated from the typed model."""

from __future__ import annotations

import re
from typing import Any, get_args

import msgspec

from scenarios import model

DRAFT = "https://json-schema.org/draft/2020-12/schema"
CHANNEL_WORDS = frozenset(get_args(model.ChannelName))

FORMATS = {
    r"^\d{4}-\d{2}-\d{2}$": "date",
    r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$": "local-date-time",
    r"^\d{4}-\d{2}$": "year-month",
}
"""Patterns of the model whose value must also exist in the calendar."""


def scenario_schema() -> dict[str, Any]:
    """Return the schema as published in ``docs/scenario.schema.json``: what msgspec makes of the model, and
    the words of maps keyed by channel, calendar formats, plain descriptions."""
    schema = msgspec.json.schema(model.Scenario)
    definitions: dict[str, Any] = schema["$defs"]
    for name, definition in definitions.items():
        _enrich(definition, getattr(model, name))
    return {"$schema": DRAFT, "title": "Scenario of prelaunch", **_formats(schema)}


def _enrich(definition: dict[str, Any], struct: type[msgspec.Struct]) -> None:
    definition["description"] = _plain_words(struct.__doc__ or "")
    for name, kind in _channel_maps(struct):
        definition["properties"][name]["propertyNames"] = {"enum": sorted(kind)}


def _channel_maps(struct: type[msgspec.Struct]) -> list[tuple[str, frozenset[str]]]:
    """Return the maps keyed by channel: msgspec leaves out the allowed keys of ``dict[Literal, ...]``."""
    found = []
    for item in msgspec.structs.fields(struct):
        arguments = get_args(item.type)
        if arguments and arguments[0] == model.ChannelName:
            found.append((item.encode_name, CHANNEL_WORDS))
    return found


def _plain_words(docstring: str) -> str:
    return re.sub(r"\s+", " ", docstring.replace("``", "'")).strip()


def _formats(node: Any) -> Any:
    if isinstance(node, list):
        return [_formats(item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: _formats(value) for key, value in node.items()}
    form = FORMATS.get(node.get("pattern", "")) if isinstance(node.get("pattern", ""), str) else None
    return {**result, "format": form} if form else result
