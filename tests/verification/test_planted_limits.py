"""Every limit of every registered kind is planted where it is just kept and just broken, or is named here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from policies.context import Context
from policies.kinds import KIND_NAMES, KINDS
from policies.kinds.base import P_RULE
from policies.packs import all_rules, load_packs
from policies.records import DAY
from policies.rules import RUN_KINDS
from policies.runs import RUN_MODULES
from policies.tables import compile_rules
from tests.support.planting.limits import LIMITS
from tests.support.planting.rules import EVIDENCE, RULES
from tests.support.planting.run_mixed import RUN_LIMITS
from tests.support.planting.run_planter import Run, rules_of
from tests.support.planting.words import MONDAY, micro, name_of, pack_of

MODULES = dict(zip((*KIND_NAMES, *RUN_KINDS), (*KINDS, *RUN_MODULES), strict=True))
KIND_OF = {name: kind for name, kind, *_ in RULES}
WITHOUT = {
    "first_contact": "what came before has no age and no number",
    "known_zone": "zones are known or not",
    "other_channel": "channels are among the steps or not",
    "statement": "a fact is affirmed or denied",
}
"""Kinds that have no limit in time or number."""
NOT_PLANTED = {
    "consent": {"given_from"},
    "content": {"at_least", "at_most", "longest", "per_100", "size_over"},
    "duplicate": {"remember"},
    "time_window": {"shifted_workday", "mon", "tue", "wed", "thu", "fri", "sat"},
    "validity": {"dayoff", "holiday", "pause", "shifted_workday", "mon", "tue", "wed", "thu", "fri", "sat", "sun"},
}
"""Parameters whose limits stand in the cases of their kinds alone: shares of words in a text, a memory that ends in
*unknown*, a day in evidence, a working Saturday, and windows that the code of a planted one reads."""
A_TIME = re.compile(r"\d{2}:\d{2}|\d{4}-\d{2}-\d{2}")


def planted() -> set[tuple[str, str]]:
    """Kind and parameter of every planted limit."""
    return {(KIND_OF[limit.rule], limit.of) for limit in LIMITS} | {(limit.kind, limit.of) for limit in RUN_LIMITS}


def limits_in(params: Any, name: str = "") -> Iterator[str]:
    """The names of parameters that are numbers, times of day or days."""
    if isinstance(params, Mapping):
        for key, value in params.items():
            yield from limits_in(value, key)
    elif isinstance(params, list):
        for value in params:
            yield from limits_in(value, name)
    elif not isinstance(params, bool) and (isinstance(params, int | float) or A_TIME.search(str(params))):
        yield name


def limits_of(schema: Any, name: str = "") -> Iterator[str]:
    """The names of parameters that may be numbers, times of day or days."""
    if not isinstance(schema, Mapping):
        return
    types = schema.get("type")
    if {"number", "integer"} & set([types] if isinstance(types, str) else types or []) or "pattern" in schema:
        yield name
    yield from limits_of(schema.get("items"), name)
    for key, value in schema.get("properties", {}).items():
        yield from limits_of(value, key)


def test_every_kind_with_a_limit_is_planted_at_it() -> None:
    """Whoever registers a kind plants its limits, or says here that it has none."""
    kinds = {kind for kind, _ in planted()}
    assert not kinds & set(WITHOUT)
    assert kinds | set(WITHOUT) == set(MODULES)
    assert [name for name in WITHOUT if list(limits_of(MODULES[name].schema))] == []


def test_a_parameter_that_sets_a_limit_is_planted_or_named_as_not_planted() -> None:
    known = {(kind, name) for kind, module in MODULES.items() for name in limits_of(module.schema)}
    named = {(kind, name) for kind, names in NOT_PLANTED.items() for name in names}
    assert known - planted() == named


def test_every_parameter_of_a_planted_rule_is_planted_at_its_limit() -> None:
    rules = [*RULES, *rules_of(Run(0))]
    used = {(kind, name) for _, kind, _, params in rules for name in limits_in(yaml.safe_load(params))}
    assert used - planted() == set()


def test_what_a_kind_calls_its_boundaries_is_planted(tmp_path: Path) -> None:
    """Values of ``boundaries``, ``spans`` and ``givens`` of the planted rules, in the smallest unit."""
    (tmp_path / "planted.yaml").write_text(pack_of(RULES), encoding="utf-8")
    start = micro(MONDAY - datetime(1970, 1, 1, tzinfo=UTC))
    context = Context(start, start + 30 * DAY, start, countries=("RU",), evidence=EVIDENCE)
    rules = all_rules(load_packs((str(tmp_path / "planted.yaml"),), tmp_path))
    table = compile_rules(rules, context)
    told: set[tuple[str, int]] = set()
    for row in table.rows.tolist():
        module = KINDS[row[0]]
        for tell in ("boundaries", "spans", "givens"):
            values = getattr(module, tell)(row) if hasattr(module, tell) else []
            told |= {(name_of(table.rules[row[P_RULE]].id), value) for value in values}
    assert len(told) > len(KINDS)
    assert told - {(limit.rule, limit.value) for limit in LIMITS} == set()
