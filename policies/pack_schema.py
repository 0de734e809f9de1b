"""The JSON Schema of a rule pack, made from the code's own word lists; published as ``docs/pack.schema.json``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from policies.places import PLACE
from policies.records import CATEGORIES, CHANNELS
from policies.rules import SEVERITY_ORDER, Confidence, Status

Schema = dict[str, Any]

DATE: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "description": "YYYY-MM-DD"}
TEXT: Schema = {"type": "string", "minLength": 1}
COUNTRY: Schema = {"type": "string", "pattern": PLACE, "description": "ISO 3166-1 alpha-2, or ISO 3166-2 as US-FL"}


def pack_schema(kinds: Mapping[str, Schema] | None = None) -> Schema:
    """Return the schema (2020-12) of a pack; ``kinds`` gives the schema of each kind's parameters by its name."""
    known = kind_schemas() if kinds is None else kinds
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A pack of rules",
        "description": "Generated from the code by scripts/pack_schema.py; do not edit.",
        **_record(_pack_fields(), required=("pack", "title", "version", "rules")),
        "$defs": {"rule": _rule_schema(), "check": _check_schema(known)},
    }


def kind_schemas() -> dict[str, Schema]:
    """Return the schema of the parameters of every kind, by name, in alphabetical order."""
    from policies.kinds import KINDS
    from policies.runs import RUN_MODULES

    modules = [*KINDS, *RUN_MODULES]
    return dict(sorted((module.__name__.rpartition(".")[2], dict(module.schema)) for module in modules))


def _record(fields: Schema, required: tuple[str, ...]) -> Schema:
    return {"type": "object", "properties": fields, "required": list(required), "additionalProperties": False}


def _names(words: tuple[str, ...]) -> Schema:
    return {"type": "array", "items": {"enum": list(words)}, "uniqueItems": True, "minItems": 1}


def _pack_fields() -> Schema:
    return {
        "pack": {"type": "string", "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$", "description": "name of the pack"},
        "title": TEXT,
        "description": TEXT,
        "version": {**TEXT, "description": "version of the pack, shown in every report"},
        "reviewed_on": DATE,
        "zone": {**TEXT, "description": "IANA zone in which the dates of the rules begin; default UTC"},
        "countries": {"type": "array", "items": COUNTRY, "description": "default for its rules"},
        "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}, "minItems": 1},
    }


def _reach_fields() -> Schema:
    return {
        "channels": _names(CHANNELS),
        "categories": _names(CATEGORIES),
        "countries": {"type": "array", "items": COUNTRY, "description": "countries of the recipient; empty: all"},
        "when": {**TEXT, "description": "CEL over the facts of a message; where it is false, nothing is asked of it"},
        "unless": {**TEXT, "description": "CEL over the facts of a message; where it is true, nothing is asked of it"},
        "effective_from": {**DATE, "description": "first day in force, YYYY-MM-DD"},
        "effective_to": {**DATE, "description": "first day no longer in force, YYYY-MM-DD"},
    }


def _rule_schema() -> Schema:
    citation = _record({"act": TEXT, "clause": TEXT, "url": TEXT, "read_on": DATE}, required=("act",))
    fields = {
        "id": {"type": "string", "pattern": r"^[A-Z0-9]+(-[A-Z0-9]+)+$"},
        "version": {
            "type": "integer",
            "minimum": 1,
            "description": "several versions of an id may not overlap in time",
        },
        "title": TEXT,
        "statement": {**TEXT, "description": "the duty in plain words"},
        "rationale": TEXT,
        "citation": citation,
        "confidence": {"enum": list(get_args(Confidence))},
        "status": {"enum": list(get_args(Status)), "description": "announced rules are listed, never judged"},
        **_reach_fields(),
        "checks": {"type": "array", "items": {"$ref": "#/$defs/check"}},
        "fix": TEXT,
        "languages": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-z]{2}$"},
            "additionalProperties": _record(
                {"title": TEXT, "statement": TEXT, "fix": TEXT, "note": TEXT, "source": TEXT}, required=("title",)
            ),
            "description": "title, statement, fix, note and source (act and clause of the citation) in further"
            " languages, by ISO 639 code; reports use them",
        },
        "examples": _record({"passes": TEXT, "fails": TEXT}, required=("passes", "fails")),
        "note": TEXT,
    }
    required = ("id", "title", "statement", "rationale", "citation", "confidence", "checks", "fix", "examples")
    return _record(fields, required)


def _check_schema(kinds: Mapping[str, Schema]) -> Schema:
    fields = {
        "kind": {"enum": list(kinds)},
        "params": {"type": "object"},
        "severity": {"enum": list(SEVERITY_ORDER)},
        **_reach_fields(),
    }
    cases = [
        {"if": {"properties": {"kind": {"const": name}}}, "then": {"properties": {"params": params}}}
        for name, params in kinds.items()
    ]
    return {**_record(fields, required=("kind", "severity")), "allOf": cases}
