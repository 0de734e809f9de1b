"""Everything a run's rules look at, as flat integer tables: clocks, calendars, consents, and the rules themselves.

The kernels of ``policies.gate`` take what they look at as one tuple: ``Tables.arrays``, ``Tables.lists``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from policies import openings
from policies.arrays import Arrays
from policies.calendars.workdays import day_classes
from policies.calendars.zones import MARGIN_DAYS, zone_tables
from policies.coded import Codes
from policies.content.same_words import same_words
from policies.context import Context
from policies.errors import InputError, Problem
from policies.expressions.conditions import Conditions
from policies.expressions.guard import Guard, guard_of, guards_of
from policies.kinds import KIND_NAMES, KINDS, content, kind_index
from policies.kinds.base import P_0, P_KIND, P_PARTLY, P_ROW, P_SEVERITY, P_WHEN, P_WIDTH, SEVERITIES
from policies.people import C_WIDTH, Int16s, Int64s, People
from policies.places import nation
from policies.records import CATEGORIES, CHANNELS, DAY, NEVER
from policies.registers import R_WIDTH
from policies.rules import Check, Rule, scope

__all__ = ["Context", "RuleTable", "Tables", "build_tables", "compile_rules"]

LONGEST_OFFSET_DAYS = 2
"""A local day lies at most so many days from the UTC day (one for the offset, one for rounding)."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The flat tables of a run.

    Zones: ``zone_ptr``, ``trans_at``, ``trans_off`` (policies.calendars.zones). Candidate zones of a zone set ``z``:
    ``zone_set_zones[zone_set_ptr[z]:zone_set_ptr[z + 1]]``. Days: ``day_class[calendar][day - day_first]``.
    Recipients: ``zone_set_of``, ``country_of``, ``calendar_of``, ``consent_set_of``, the narrow arrays of the people
    themselves. The consents of set ``s`` are ``consents[consent_ptr[s]:consent_ptr[s + 1]]``,
    their people's entries in registers ``registers[register_ptr[s]:register_ptr[s + 1]]``.
    """

    zone_names: tuple[str, ...]
    zone_ptr: Int64s
    trans_at: Int64s
    trans_off: Int64s
    zone_set_ptr: Int64s
    zone_set_zones: Int64s
    calendars: tuple[str, ...]
    day_first: int
    day_class: Int64s  # shape (calendars, days)
    zone_set_of: Int16s
    country_of: Int16s
    calendar_of: Int16s
    consent_set_of: Codes
    consent_ptr: Int64s  # shape (sets + 1,)
    consents: Int64s  # shape (m, C_WIDTH)
    register_ptr: Int64s  # shape (sets + 1,); shorter: nothing is known of the sets beyond
    registers: Int64s  # shape (m, R_WIDTH)

    def arrays(self, rule_table: RuleTable) -> Arrays:
        """Return what the gate's kernels look at, for compiled callers."""
        return Arrays(
            self.zone_set_zones,
            self.zone_ptr,
            self.trans_at,
            self.trans_off,
            self.day_first,
            self.day_class,
            self.consent_ptr,
            self.consents,
            self.register_ptr,
            self.registers,
            rule_table.content_answers,
            rule_table.wordings,
            np.zeros(openings.SHAPE, np.int64),
        )

    def lists(self, rule_table: RuleTable) -> Arrays:
        """Return the same for plain Python: lists of ``int``, and a dict for the content answers."""
        answers = rule_table.content_answers
        pairs = {(row, text): int(answers[row, text]) for row, text in np.ndindex(*answers.shape)}
        found = self.arrays(rule_table)._replace(content_answers=None)
        flat = (part.tolist() if isinstance(part, np.ndarray) else part for part in found)
        return Arrays._make(flat)._replace(content_answers=pairs)


@dataclass(frozen=True, slots=True)
class RuleTable:
    """Rules as rows of integers, with the layout of the history that each recipient needs.

    ``rows`` has shape (n, P_WIDTH); row ``i`` answers check ``row_check[i]`` of rule ``rules[rows[i, P_RULE]]``.
    A recipient's state is ``cells`` integers that begin as ``initial``.
    """

    rows: Int64s
    rules: tuple[Rule, ...]
    row_check: tuple[Check, ...]
    cells: int
    initial: Int64s
    content_answers: Int64s  # shape (content rows, texts)
    wordings: Int64s  # shape (texts,): the first that says the same; empty where no rule asks
    conditions: Conditions = field(default_factory=Conditions)

    @property
    def asks_orders(self) -> bool:
        """Say whether a rule looks at what people bought."""
        return any(check.kind == "cool_down" or "or_order_within_days" in check.params for check in self.row_check)

    def __len__(self) -> int:
        return len(self.rows)

    def guard_of_row(self, row: int) -> Guard:
        """Return the guard of a row that has one."""
        return self.conditions.guards[(int(self.rows[row, P_WHEN]) - 1) // 2]

    def acting(self, severities: Sequence[str] = ("block", "error")) -> RuleTable:
        """Return the rows that hold or deny under ``gate: enforce``; layout of the state unchanged."""
        wanted = [SEVERITIES.index(name) for name in severities]
        keep = np.isin(self.rows[:, P_SEVERITY], wanted)
        checks = tuple(check for check, kept in zip(self.row_check, keep, strict=True) if kept)
        return replace(self, rows=self.rows[keep], row_check=checks)


def compile_rules(rules: Iterable[Rule], context: Context) -> RuleTable:
    """Return the rows of all attempt-scoped checks; raises ``InputError`` with every check that cannot be prepared."""
    rules = tuple(rules)
    rows: list[list[int]] = []
    checks: list[Check] = []
    texts: list[Mapping[str, Any]] = []
    initial: list[int] = []
    problems: list[Problem] = []
    guards = guards_of(rules)
    for index, rule in enumerate(rules):
        for check in rule.checks:
            if check.run_scoped:
                continue
            if check.kind not in KIND_NAMES:
                remedy = f"use one of {', '.join(KIND_NAMES)}"
                problems.append(Problem(f"{rule.id}: kind", f"{check.kind!r} is not a kind", remedy))
                continue
            for cells in _prepared(rule, check, context, texts):
                row = _row(index, rule, check, cells, len(initial), context)
                row[P_ROW] = len(rows)
                guard = guard_of(rule, check)
                row[P_WHEN] = 0 if guard is None else 1 + 2 * guards.index(guard)
                initial += _initial(row)
                rows.append(row)
                checks.append(check)
    if problems:
        raise InputError(problems)
    return RuleTable(
        rows=np.array(rows, np.int64).reshape(-1, P_WIDTH),
        rules=rules,
        row_check=tuple(checks),
        cells=len(initial),
        initial=np.array(initial, np.int64),
        content_answers=_content_answers(texts, context),
        wordings=same_words(context.texts if any(check.kind == "duplicate" for check in checks) else ()),
        conditions=Conditions(guards, context.texts, context.countries),
    )


def build_tables(people: People, context: Context) -> Tables:
    """Return the tables of these people over the horizon of ``context`` and 35 days on either side."""
    names = tuple(sorted({name for zones in people.zone_sets for name in zones}))
    zone_ptr, trans_at, trans_off = zone_tables(names, context.start, context.end)
    calendars = tuple(_calendar(country, context) for country in people.countries)
    day_first = context.start // DAY - MARGIN_DAYS - LONGEST_OFFSET_DAYS
    days = context.end // DAY + MARGIN_DAYS + LONGEST_OFFSET_DAYS + 1 - day_first
    set_ptr, set_zones = _zone_sets(people.zone_sets, names)
    return Tables(
        zone_names=names,
        zone_ptr=zone_ptr,
        trans_at=trans_at,
        trans_off=trans_off,
        zone_set_ptr=set_ptr,
        zone_set_zones=set_zones,
        calendars=calendars,
        day_first=day_first,
        day_class=day_classes(calendars, day_first, days, context.regional).astype(np.int64),
        zone_set_of=people.zone_set,
        country_of=people.country,
        calendar_of=people.country,
        consent_set_of=people.consent_set,
        consent_ptr=np.asarray(people.consent_ptr, np.int64),
        consents=np.ascontiguousarray(people.consents, np.int64).reshape(-1, C_WIDTH),
        register_ptr=np.asarray(people.register_ptr, np.int64),
        registers=np.ascontiguousarray(people.registers, np.int64).reshape(-1, R_WIDTH),
    )


def _calendar(place: str, context: Context) -> str:
    """Return the name of the calendar of a place: one that is given for it or its country, else its own."""
    return context.calendars.get(place, context.calendars.get(nation(place), place))


def _zone_sets(sets: Sequence[Sequence[str]], names: Sequence[str]) -> tuple[Int64s, Int64s]:
    """Return (ptr, zones): the zones of each set as indices in ``names``."""
    place = {name: index for index, name in enumerate(names)}
    ptr = np.cumsum([0] + [len(zones) for zones in sets], dtype=np.int64)
    return ptr, np.array([place[name] for zones in sets for name in zones], np.int64)


def _prepared(rule: Rule, check: Check, context: Context, texts: list[Mapping[str, Any]]) -> list[list[int]]:
    """Return the parameter cells of each row of a check; a content check is a row of the answers to come."""
    if check.kind == "content":
        texts.append(check.params)
        return content.prepare(check.params, context, len(texts) - 1)
    cells: list[list[int]] = KINDS[kind_index(check.kind)].prepare(dict(check.params), replace(context, zone=rule.zone))
    return cells


def _initial(row: list[int]) -> list[int]:
    """Return the cells of history that a row begins with."""
    module = KINDS[row[P_KIND]]
    size = module.state_size(row)
    cells: list[int] = module.initial(row) if size else []
    assert len(cells) == size, f"{KIND_NAMES[row[P_KIND]]}: state_size and initial differ"
    return cells


def _row(index: int, rule: Rule, check: Check, cells: list[int], state: int, context: Context) -> list[int]:
    """Return one rule row; see the P_ columns of policies.kinds.base."""
    where = scope(rule, check)
    row = [
        kind_index(check.kind),
        sum(1 << CHANNELS.index(name) for name in where.channels),
        sum(1 << CATEGORIES.index(name) for name in where.categories),
        context.country_mask(where.countries or None),
        max(where.start, -NEVER),
        min(where.end, NEVER),
        state,
        index,
        SEVERITIES.index(check.severity),
        *cells,
        *[0] * (P_WIDTH - P_0 - len(cells)),
    ]
    row[P_PARTLY] = context.part_mask(where.countries)
    return row


def _content_answers(checks: Sequence[Mapping[str, Any]], context: Context) -> Int64s:
    """Return the answer of each content check for each distinct text of the run."""
    if not checks or not context.texts:
        return np.zeros((len(checks), len(context.texts)), np.int64)
    rows = [content.answers(dict(params), context.texts, context.content_facts) for params in checks]
    return np.array(rows, np.int64).reshape(len(checks), len(context.texts))
