"""Every field of a scenario file as a table: type, unit, default, meaning; made from the model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from scenarios import model
from scenarios.field_meanings import MEANINGS
from scenarios.schema import model_schema, plain_words

BLOCKS = (
    ("", "Scenario"),
    ("clock", "Clock"),
    ("audience", "Audience"),
    ("audience.file", "AudienceFile"),
    ("audience.synthetic", "Synthetic"),
    ("organisation", "Organisation"),
    ("exchange_rates[]", "ExchangeRate"),
    ("senders.NAME", "Sender"),
    ("senders.NAME.registration", "Registration"),
    ("channels.CHANNEL", "Channel"),
    ("channels.CHANNEL.prices[]", "Price"),
    ("channels.CHANNEL.receipts", "Receipts"),
    ("any latency", "Latency"),
    ("templates.NAME", "Template"),
    ("templates.NAME.buttons[]", "Button"),
    ("templates.NAME.review", "Review"),
    ("guards", "Guards"),
    ("campaigns[]", "Campaign"),
    ("campaigns[].cascade[]", "Step"),
    ("only[] and when[]", "Condition"),
    ("calendar", "CalendarFile"),
    ("outages[]", "Outage"),
    ("staff", "Staff"),
    ("feedback.CHANNEL", "Feedback"),
    ("people", "Personality"),
    ("script[]", "Forced"),
)
"""Where each class of the model stands in the file, in reading order."""

UNITS = (
    ("_per_s", "messages a second"),
    ("_per_h", "messages an hour"),
    ("_s", "seconds"),
    ("_h", "hours"),
    ("_days", "days"),
)
"""Units by the end of a field's name, the first that fits."""


@dataclass(frozen=True, slots=True)
class FieldHelp:
    """One field. ``default`` is empty where the field must be given."""

    block: str
    name: str
    type: str
    unit: str
    default: str
    meaning: str


def field_help() -> tuple[FieldHelp, ...]:
    """Return every field of every block, in the order of the file."""
    definitions = model_schema()["$defs"]
    return tuple(field for block, name in BLOCKS for field in _block(block, name, definitions[name]))


def page() -> str:
    """Return ``docs/scenario.md``."""
    definitions = model_schema()["$defs"]
    parts = [INTRODUCTION]
    for block, name in BLOCKS:
        parts.append(f"## {f'`{block}`' if block else 'The file'}\n\n{plain_words(definitions[name]['description'])}\n")
        rows = [_row(field) for field in _block(block, name, definitions[name])]
        parts.append("| field | type | unit | default | meaning |\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


INTRODUCTION = """\
# The scenario file

Written by `make docs` from `scenarios/model.py`; change the model, not this page. `prelaunch init` writes a commented
file to start from; `scenario.schema.json` in this folder lets an editor check one while you type.

The file is YAML 1.2: dates, times of day and words such as `no` are texts and need no quotes; telephone numbers do. A
default of *required* means that the field must be given; *none*, that leaving it out is itself a choice, named under
meaning.
"""


def _row(field: FieldHelp) -> str:
    cells = (f"`{field.name}`", field.type, field.unit, field.default or "*required*", field.meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _block(block: str, name: str, definition: dict[str, Any]) -> Iterator[FieldHelp]:
    required = definition.get("required", ())
    made = {item.encode_name: item for item in msgspec.structs.fields(getattr(model, name))}
    by_written = {written.rstrip("_"): meaning for written, meaning in MEANINGS[name].items()}
    for field, schema in definition["properties"].items():
        default = "" if field in required else _default(made[field])
        yield FieldHelp(block, field, _type(schema), _unit(field, schema), default, by_written.get(field, ""))


def _default(field: msgspec.structs.FieldInfo) -> str:
    value = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
    if isinstance(value, msgspec.Struct):
        return "*its defaults*"
    if value is None:
        return "*none*"
    if value in ("", [], {}):
        return "*empty*"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return f"`{value}`"


def _unit(field: str, schema: dict[str, Any]) -> str:
    if field in ("price", "budget"):
        return "money"
    for end, unit in UNITS:
        if field.endswith(end) and not field.startswith("purchases"):
            return "" if "$ref" in str(schema) else unit
    return "share, 0 to 1" if _is_share(schema) else ""


def _is_share(schema: dict[str, Any]) -> bool:
    branches = [schema, *schema.get("anyOf", ())]
    return any(branch.get("maximum") == 1 and branch.get("type") == "number" for branch in branches)


def _type(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        words = [_type(branch) for branch in schema["anyOf"] if branch.get("type") != "null"]
        return " or ".join(dict.fromkeys(words))
    if "$ref" in schema:
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", schema["$ref"].rpartition("/")[2]).lower()
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    return _plain_type(schema)


def _plain_type(schema: dict[str, Any]) -> str:
    kind = schema.get("type")
    if kind == "array":
        items = schema.get("items")
        return f"list of {_type(items)}" if isinstance(items, dict) else "list of numbers"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"names to {_type(values)}" if isinstance(values, dict) and values else "block"
    if kind == "string":
        return str(schema.get("description", "text"))
    return {"integer": "whole number", "number": "number", "boolean": "true or false"}.get(str(kind), "value")
