"""A compiled run with other own guards: only the gate changes, the rest is shared."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from policies.gate import Gate
from policies.kinds.base import P_RULE
from policies.tables import compile_rules
from scenarios.compile.guarded_steps import StepNames, guarded_steps
from scenarios.compile.law import own_guards
from scenarios.compile.model import Compiled, watches_purchases
from scenarios.guards import PACK
from scenarios.model import Guards


def with_guards(compiled: Compiled, guards: Guards) -> Compiled:
    """Return the run with ``guards`` in place of its own; its gate must be ``observe``, where only own guards act."""
    assert compiled.scenario.gate == "observe"
    scenario = msgspec.structs.replace(compiled.scenario, guards=guards)
    rules = own_guards(scenario)
    table = compile_rules(rules, compiled.law.context)
    gate = Gate(table, compiled.law.tables, compiled.people) if len(table) else None
    names, rows = [f"{PACK}:{rule.id}" for rule in rules], [int(row[P_RULE]) for row in table.rows]
    law = replace(compiled.law, gate=gate, rule_names=names, rule_of_row=rows, asks_purchases=table.asks_orders)
    names_of_steps = StepNames(
        [c.id for c in compiled.model.campaigns], [s.id for s in compiled.model.senders], list(scenario.templates)
    )
    steps = guarded_steps(compiled.model.steps, gate, compiled.people, names_of_steps)
    model = replace(
        compiled.model, steps=steps, gate=gate, rule_names=names, rule_of_row=rows,
        suppress_after=guards.dead_after_failures or 0,
        watch_purchases=watches_purchases(scenario) or table.asks_orders,
    )  # fmt: skip
    return replace(compiled, scenario=scenario, model=model, law=law)
