"""The JSON Schema of a scenario file, generated from the typed model."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, get_args

import msgspec

from scenarios import model
from scenarios.field_meanings import MEANINGS

DRAFT = "https://json-schema.org/draft/2020-12/schema"

FORMATS = (
    (r"^\d{4}-\d{2}-\d{2}$", "date"),
    (r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$", "local-date-time"),
    (r"^\d{4}-\d{2}$", "year-month"),
)
"""Patterns of the model whose value must also exist in the calendar."""


@cache
def scenario_schema() -> dict[str, Any]:
    """Return the schema: what msgspec makes of the model, the words of maps keyed by channel, calendar formats.

    The result is shared: do not change it.
    """
    formatted: dict[str, Any] = _formats(model_schema())
    return {"$schema": DRAFT, "title": "A prelaunch scenario", **formatted}


def schema_text() -> str:
    """Return ``docs/scenario.schema.json``: the schema with the meaning of each field."""
    schema = {"$comment": "Generated from scenarios/model.py by make docs; do not edit.", **scenario_schema()}
    definitions = {name: _described(name, definition) for name, definition in schema["$defs"].items()}
    return json.dumps({**schema, "$defs": definitions}, indent=2, ensure_ascii=False) + "\n"


def model_schema() -> dict[str, Any]:
    """Return msgspec's schema of the model with what it leaves out: the allowed keys of ``dict[Literal, ...]``."""
    schema = msgspec.json.schema(model.Scenario)
    definitions: dict[str, Any] = schema["$defs"]
    for name, definition in definitions.items():
        definition["description"] = plain_words(definition.get("description", ""))
        for item in msgspec.structs.fields(getattr(model, name)):
            arguments = get_args(item.type)
            if arguments and arguments[0] == model.ChannelName:
                definition["properties"][item.encode_name]["propertyNames"] = {"enum": sorted(get_args(arguments[0]))}
    return schema


def plain_words(docstring: str) -> str:
    """Return a docstring as one line without its quotation marks."""
    return re.sub(r"\s+", " ", docstring.replace("``", "`")).strip()


def _described(name: str, definition: dict[str, Any]) -> dict[str, Any]:
    meanings = {field.rstrip("_"): meaning for field, meaning in MEANINGS[name].items()}
    properties = {
        field: {**schema, "description": meanings.get(field, "")} for field, schema in definition["properties"].items()
    }
    return {**definition, "properties": properties}


def _formats(node: Any) -> Any:
    if isinstance(node, list):
        return [_formats(item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: _formats(value) for key, value in node.items()}
    form = next((form for pattern, form in FORMATS if node.get("pattern") == pattern), None)
    return {**result, "format": form} if form else result
