"""Own guards: each rule has an id of its own, a kind that exists, and the parameters that kind asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.windows import FORWARDS, backwards
from policies.words import suggestion
from policies.yaml_tree import FieldPath
from scenarios.checks.facts import Facts
from scenarios.guards import guard_schema, kind_schemas
from scenarios.plain_errors import Fault, faults


def check(facts: Facts) -> Iterator[Fault]:
    """Yield the faults of ``guards.rules``."""
    rules = facts.scenario.guards.rules
    if not rules:
        return
    schemas = kind_schemas()
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        path: FieldPath = ("guards", "rules", index)
        for fault in faults(guard_schema(), rule):
            yield Fault((*path, *fault.path), fault.what, fault.remedy)
        name, kind, params = rule.get("id"), rule.get("kind"), rule.get("params", {})
        if isinstance(name, str) and name in seen:
            yield Fault((*path, "id"), f"the guard id {name!r} is taken", "give each guard its own id")
        seen.add(str(name))
        if isinstance(kind, str) and kind not in schemas:
            yield Fault((*path, "kind"), f"there is no kind of rule {kind!r}", suggestion(kind, schemas, what="kinds"))
        elif isinstance(kind, str):
            own: FieldPath = (*path, "params")
            found = [Fault((*own, *fault.path), fault.what, fault.remedy) for fault in faults(schemas[kind], params)]
            yield from found or _windows(kind, own, params)
        yield from _expressions(path, rule)


def _expressions(path: FieldPath, rule: Any) -> Iterator[Fault]:
    from policies.expressions.language import fault_of

    for name in ("when", "unless"):
        text = rule.get(name)
        fault = fault_of(text) if isinstance(text, str) else None
        if fault is not None:
            yield Fault((*path, name), fault.what, fault.remedy)


def _windows(kind: str, path: FieldPath, params: Any) -> Iterator[Fault]:
    if kind == "time_window":
        for tail, what in backwards(params):
            yield Fault((*path, *tail), what, FORWARDS)
