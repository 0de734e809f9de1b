"""The mutants of a company's own guards: each one removed, each of its parameters changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from policies.mutation.changes import parameter_changes, taken_out
from policies.mutation.of_rule import GUARDS, LEFT_OUT
from scenarios.guards import kind_schemas
from scenarios.model import Guards

REMOVED = "removed"
OPT_OUTS, DEAD_NUMBERS = "opt-outs", "dead-numbers"
"""Names of the guards that are no rules: ``respect_opt_outs`` and ``dead_after_failures``."""


@dataclass(frozen=True, slots=True)
class GuardMutant:
    """The guards of a scenario with one change. ``place`` is the number of the changed rule, None for the other two."""

    guards: Guards
    id: str
    field: str
    words: str
    place: int | None = None

    @property
    def change(self) -> str:
        return f"{self.field}: {self.words}" if self.field else self.words


def guard_mutants(guards: Guards) -> Iterator[GuardMutant]:
    """Yield the mutants in the order of the guards; a removed guard comes before its changed parameters."""
    schemas = kind_schemas()
    for place, rule in enumerate(guards.rules):
        yield GuardMutant(_with(guards, place, None), rule["id"], "", REMOVED, place)
        for change in parameter_changes(rule.get("params", {}), schemas[rule["kind"]]):
            changed = {**rule, "params": dict(change.params)}
            yield GuardMutant(_with(guards, place, changed), rule["id"], change.field, change.words, place)
        for name in ("channels", "categories"):
            for word, rest in taken_out(rule.get(name, ())):
                narrower = {**rule, name: list(rest)}
                yield GuardMutant(_with(guards, place, narrower), rule["id"], name, f"{word} taken out", place)
        for name in GUARDS:
            if name in rule:
                wider = {key: value for key, value in rule.items() if key != name}
                yield GuardMutant(_with(guards, place, wider), rule["id"], name, LEFT_OUT, place)
    if guards.respect_opt_outs:
        without = msgspec.structs.replace(guards, respect_opt_outs=False)
        yield GuardMutant(without, OPT_OUTS, "", REMOVED, len(guards.rules))
    yield from _dead_numbers(guards)


def _with(guards: Guards, place: int, rule: dict[str, Any] | None) -> Guards:
    rules = [*guards.rules[:place], *([rule] if rule else []), *guards.rules[place + 1 :]]
    return msgspec.structs.replace(guards, rules=rules)


def _dead_numbers(guards: Guards) -> Iterator[GuardMutant]:
    limit = guards.dead_after_failures
    if limit is None:
        return
    yield GuardMutant(msgspec.structs.replace(guards, dead_after_failures=None), DEAD_NUMBERS, "", REMOVED)
    for other in (limit - 1, limit + 1):
        if 1 <= other <= 100:
            changed = msgspec.structs.replace(guards, dead_after_failures=other)
            yield GuardMutant(changed, DEAD_NUMBERS, "dead_after_failures", f"{limit} → {other}")
