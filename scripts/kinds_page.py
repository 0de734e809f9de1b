"""Write docs/kinds.md: what each kind of duty asks, and the parameters by which a rule sets it."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from policies.kinds import KIND_NAMES, KINDS
from policies.rules import RUN_KINDS
from policies.runs import RUN_MODULES

PAGE = Path(__file__).parent.parent / "docs" / "kinds.md"
HEAD = """\
# Kinds of duty

Written by `make docs` from the modules of `policies/kinds` and `policies/runs`; change those, not this page.

A check of a rule names a *kind* and its parameters (`checks: [{kind: duplicate, severity: error, params: {minutes:
1440}}]`). The kind says what is asked, the parameters how much of it. [rules.md](rules.md) has all shipped rules,
[guards.md](guards.md) says how a rule is narrowed to some messages.
"""
GROUPS = (
    ("Of one message", "Judged when a message is handed over, with what is known of it and of the messages before.",
     tuple(zip(KIND_NAMES, KINDS, strict=True))),
    ("Of a whole run", "Judged at the end, on the log of a rehearsal or of a real system.",
     tuple(zip(RUN_KINDS, RUN_MODULES, strict=True))),
)  # fmt: skip


def page() -> str:
    """Return the page."""
    return "\n".join([HEAD, *(line for group in GROUPS for line in section(*group))])


def section(title: str, text: str, kinds: tuple[tuple[str, ModuleType], ...]) -> Iterator[str]:
    """Yield the lines of one group of kinds, in the order of the alphabet."""
    yield f"## {title}\n\n{text}\n"
    for name, module in sorted(kinds):
        yield f"### `{name}`\n\n{inspect.getdoc(module)}\n"
        rows = list(parameters(module.schema))
        if rows:
            yield "| parameter | what it is | values | left out |\n|---|---|---|---|"
            yield from (f"| `{path}` | {what} | {values} | {absent} |" for path, what, values, absent in rows)
            yield ""


def parameters(schema: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, str, str, str]]:
    """Yield path, meaning, values and what holds where it is left out, of each parameter and those in it."""
    for name, own in schema.get("properties", {}).items():
        path = f"{within}{name}"
        absent = "required" if name in schema.get("required", ()) else ""
        if "default" in own:
            absent = f"`{json.dumps(own['default'])}`"
        yield path, own.get("description", ""), values_of(own), absent
        yield from parameters(own, f"{path}.")
        yield from parameters(own.get("items", {}), f"{path}[].")


def values_of(schema: Mapping[str, Any]) -> str:
    """Return in words what a parameter may be."""
    if "enum" in schema:
        return ", ".join(f"`{word}`" for word in schema["enum"])
    types = schema.get("type", "")
    names = [types] if isinstance(types, str) else types
    words = " or ".join("none (`null`)" if name == "null" else name for name in names)
    if "array" in names and schema.get("items", {}).get("type") in ("string", None) and "items" in schema:
        words = f"{words} of {values_of(schema['items'])}"
    bounds = [f"{sign} {schema[key]:g}" for key, sign in BOUNDS.items() if key in schema]
    return " ".join([words.replace("array", "list").replace("object", "block"), ", ".join(bounds)]).strip()


BOUNDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}

if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE).write_text(page(), encoding="utf-8")
