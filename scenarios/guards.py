"""The company's own guards as rules: what a scenario writes under ``guards.rules``."""

from __future__ import annotations

from typing import Any

from policies.records import CATEGORIES, CHANNELS
from policies.rules import Check, Citation, Rule
from scenarios.model import Guards

PACK = "own"
"""The pack name of own guards in reports."""


def guard_schema() -> dict[str, Any]:
    """Return the schema of one entry of ``guards.rules``, its ``params`` apart."""
    return {
        "type": "object",
        "properties": {
            "id": {"type": "string", "pattern": r"^[\w.\-]+$", "maxLength": 64},
            "kind": {"type": "string"},
            "params": {"type": "object"},
            "channels": {"type": "array", "items": {"enum": list(CHANNELS)}, "minItems": 1},
            "categories": {"type": "array", "items": {"enum": list(CATEGORIES)}, "minItems": 1},
            "title": {"type": "string"},
            "when": {"type": "string"},
            "unless": {"type": "string"},
        },
        "required": ["id", "kind"],
        "additionalProperties": False,
    }


def kind_schemas() -> dict[str, dict[str, Any]]:
    """Return the schema of the parameters of each kind of rule that judges one message."""
    from policies.kinds import KINDS

    return {module.__name__.rpartition(".")[2]: dict(module.schema) for module in KINDS}


def guard_rules(guards: Guards) -> tuple[Rule, ...]:
    """Return ``guards.rules`` as rules of the pack ``own``; every one blocks, since an own guard acts."""
    return tuple(_rule(entry) for entry in guards.rules)


def _rule(entry: dict[str, Any]) -> Rule:
    title = entry.get("title", entry["id"])
    return Rule(
        id=entry["id"],
        pack=PACK,
        version=1,
        title=title,
        statement=title,
        rationale="the company's own guard",
        citation=Citation("scenario"),
        confidence="documented",
        checks=(Check(entry["kind"], entry.get("params", {}), "block"),),
        channels=tuple(entry.get("channels", ())),
        categories=tuple(entry.get("categories", ())),
        when=entry.get("when", ""),
        unless=entry.get("unless", ""),
    )
