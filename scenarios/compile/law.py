"""Rules of a run: packs that judge, and the gate of own guards (with the packs' acting rules under ``enforce``)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from policies.calendars.workdays import regional_holidays
from policies.content.checks.base import ContentFacts
from policies.content.text import TemplateText
from policies.context import Context
from policies.gate import Gate
from policies.kinds.base import P_RULE
from policies.packs import Pack, in_force, load_packs
from policies.people import People
from policies.rules import Check, Citation, Rule
from policies.tables import RuleTable, Tables, build_tables, compile_rules
from scenarios.compile.clock import Timeline
from scenarios.guards import PACK, guard_rules
from scenarios.model import Organisation, Scenario

ACTING = ("block", "error")
"""Severities that hold or deny under ``gate: enforce``; warn and info are only recorded."""


@dataclass(frozen=True, slots=True)
class Law:
    """``packs`` is judged by the audit; ``gate`` acts in the simulation; ``rule_of_row`` finds a gate row's rule.

    ``asks_purchases``: a rule of the gate looks at purchases, so the simulation must follow them.
    """

    context: Context
    tables: Tables
    loaded: tuple[Pack, ...]
    rules: tuple[Rule, ...]
    packs: RuleTable
    gate: Gate | None
    asks_purchases: bool
    rule_names: list[str]
    rule_of_row: list[int]


def compile_law(
    scenario: Scenario, people: People, line: Timeline, texts: list[TemplateText], brands: tuple[str, ...],
    as_of: date | None, base_dir: Path | None = None, packs: tuple[Pack, ...] | None = None,
) -> Law:  # fmt: skip
    """Return the rules of the run; ``as_of`` chooses the packs' rules of that day, None judges by the sending date.

    ``packs`` are those of the scenario where they are loaded already.
    """
    context = _context(scenario, people, line, texts, brands, as_of)
    loaded = load_packs(scenario.packs, base_dir) if packs is None else packs
    chosen = in_force([rule for pack in loaded for rule in pack.rules], as_of)
    tables = build_tables(people, context)
    guards = own_guards(scenario)
    acting = tuple(rule for rule in map(_acting_part, chosen) if rule.checks) if scenario.gate == "enforce" else ()
    gate_table = compile_rules((*guards, *acting), context)
    names = [f"{PACK}:{rule.id}" for rule in guards] + [rule.id for rule in acting]
    return Law(
        context=context,
        tables=tables,
        loaded=loaded,
        rules=tuple(chosen),
        packs=compile_rules(chosen, context),
        gate=Gate(gate_table, tables, people) if len(gate_table) else None,
        asks_purchases=gate_table.asks_orders,
        rule_names=names,
        rule_of_row=[int(row[P_RULE]) for row in gate_table.rows],
    )


def _acting_part(rule: Rule) -> Rule:
    return replace(rule, checks=tuple(c for c in rule.checks if c.severity in ACTING and not c.run_scoped))


def own_guards(scenario: Scenario) -> tuple[Rule, ...]:
    """Return the company's own guards: its rules, and its respect for opt-outs it has learned of."""
    rules = guard_rules(scenario.guards)
    if not scenario.guards.respect_opt_outs:
        return rules
    opt_out = Rule(
        id="opt-outs", pack=PACK, version=1, title="own opt-out list",
        statement="nobody who has opted out is written to, from when the company learns of it",
        rationale="the company's own guard", citation=Citation("scenario"), confidence="documented",
        checks=(Check("opt_out", {"by": "received"}, "block"),),
    )  # fmt: skip
    return (*rules, opt_out)


def content_facts(scenario: Scenario, people: People, brands: tuple[str, ...], size: int) -> ContentFacts:
    """Return what checks of a text know besides the text; ``size`` is the number of people in the audience."""
    organisation = scenario.organisation
    return ContentFacts(
        organisation=None if organisation.name == Organisation().name else organisation.name,
        organisation_kind=organisation.kind,
        creditor_names=tuple(organisation.creditor_names),
        phones=tuple(organisation.phones),
        brands=brands,
        columns=frozenset(people.attributes),
        audience_size=size,
        registered=tuple(t.body for t in scenario.templates.values() if t.status == "approved"),
        longest={name: longest_value(column) for name, column in people.attributes.items()},
    )


def longest_value(column: pa.Array) -> int:
    """Return the characters of the longest value of a column, 0 where it is empty."""
    if pa.types.is_integer(column.type):
        return max((len(str(end)) for end in pc.min_max(column).values() if end.is_valid), default=0)
    values = column.dictionary if pa.types.is_dictionary(column.type) else column
    return int(pc.max(pc.utf8_length(values.cast(pa.string()))).as_py() or 0)


def _context(
    scenario: Scenario, people: People, line: Timeline, texts: list[TemplateText], brands: tuple[str, ...],
    as_of: date | None,
) -> Context:  # fmt: skip
    organisation = scenario.organisation
    return Context(
        start=line.start,
        end=line.end,
        now=line.start,
        zone=scenario.clock.zone,
        organisation_kind=organisation.kind,
        organisation_country=organisation.country,
        brands=brands,
        evidence=dict(scenario.evidence),
        countries=people.countries,
        texts=tuple(texts),
        content_facts=content_facts(scenario, people, brands, len(people)),
        as_of=as_of,
        regional=regional_holidays(),
        calendars=dict(scenario.calendars),
    )
