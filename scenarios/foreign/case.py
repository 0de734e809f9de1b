"""A foreign log made ready for judgement: its people, its messages as attempts, the rules as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.attempts import LogFacts, TemplateFact, attempts_of_log
from policies.audit.audit import Attempts
from policies.content.checks import ContentFacts
from policies.content.text import TemplateText
from policies.context import Context
from policies.errors import InputError, Problem
from policies.expressions.guard import asked_columns
from policies.packs import all_rules, in_force, load_packs
from policies.people import People
from policies.records import COLUMN_NAMES, DAY, MISSING
from policies.runs.facts import RunFacts
from policies.sites import Step, nowhere
from policies.tables import RuleTable, Tables, build_tables, compile_rules
from scenarios.audience import load_audience
from scenarios.compile.model import Compiled
from scenarios.experiments.verdicts import log_facts, run_facts, step_of
from scenarios.foreign.notices import aside, notices_of
from scenarios.foreign.numbers import by_number
from scenarios.foreign.overlay import TOLD, overlay
from scenarios.foreign.people import people_of
from scenarios.foreign.read import Foreign
from scenarios.foreign.texts import distinct_texts
from scenarios.model import Audience, AudienceFile

Int64s = npt.NDArray[np.int64]
LONGEST_YEARS = 30
"""A log over a longer time is taken for one whose times are misread."""
COUNTRY = "RU"
"""Country of an audience's national numbers where none is named, as in a scenario (``AudienceFile.country``)."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is known besides the log. ``scenario`` brings its senders, templates, organisation and evidence."""

    packs: tuple[str, ...] = ()
    as_of: date | None = None
    zone: str | None = None
    organisation: str | None = None
    country: str | None = None
    audience: Path | None = None
    scenario: Compiled | None = None
    base_dir: Path | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """One replication: its rows, and where they stand in the whole log; the code of each row's text (MISSING: none).

    ``told`` are the columns that say something of their own message, ``people`` and ``facts`` those of the case.
    """

    table: pa.Table
    places: Int64s
    codes: Int64s
    told: tuple[str, ...]
    brands: Sequence[str]
    people: People
    facts: LogFacts

    def overlay(self, attempts: Attempts, rows: Int64s) -> None:
        """Lay what ``rows`` of the table say of their own messages over the attempts made of them."""
        if self.told:
            said = self.table.select(list(self.told)).take(pa.array(rows))
            overlay(attempts.matrix, said, self.codes[rows], self.brands)

    @cached_property
    def made(self) -> tuple[Attempts, Int64s]:
        """Return all attempts in the order of the log, and for each its row of the whole log."""
        attempts, chosen = attempts_of_log(self.table, self.people, self.facts)
        self.overlay(attempts, chosen)
        return attempts, self.places[chosen]

    @property
    def attempts(self) -> Attempts:
        """Return all attempts in the order of the log; 200 bytes each, which the audit does without."""
        return self.made[0]

    @property
    def rows(self) -> Int64s:
        """Return for each attempt its row of the whole log."""
        return self.made[1]


@dataclass(frozen=True, slots=True)
class Case:
    """All that judging needs. ``notices`` say what to keep in mind of the result."""

    people: People
    facts: LogFacts
    law: RuleTable
    tables: Tables
    parts: tuple[Part, ...]
    run: RunFacts
    packs: tuple[str, ...]
    notices: tuple[str, ...]
    step: Step = nowhere


def prepare_case(log: Foreign, given: Given) -> Case:
    """Return the log with its people, attempts and rules. Raises ``InputError`` for packs and files that are none."""
    packs = given.packs or (tuple(given.scenario.scenario.packs) if given.scenario else ())
    if not packs:
        raise InputError([Problem("--packs", "no pack is named", "name packs, such as --packs ru-ads,bp-promo")])
    loaded = load_packs(packs, given.base_dir)
    start, end = _span(log)
    brands = _brands(log, given)
    known, unused = _known(given, end, asked_columns(all_rules(loaded)))
    log = by_number(log, known, given.country) if known is not None else log
    people = people_of(log, given.country, known, brands)
    texts, codes = _texts(log, given)
    context = _context(given, people, start, end, brands, texts)
    rules = in_force(all_rules(loaded), context.as_of)
    facts = _facts(log, given, len(people))
    parts = tuple(_part(log, number, people, facts, codes, brands) for number in _replications(log))
    return Case(
        people=people, facts=facts, law=compile_rules(rules, context), tables=build_tables(people, context),
        parts=parts, run=_run(parts[0].table, given, start, end), packs=tuple(packs),
        notices=(*unused, *notices_of(log, people, known, has_scenario=given.scenario is not None)),
        step=step_of(given.scenario) if given.scenario else nowhere,
    )  # fmt: skip


def _span(log: Foreign) -> tuple[int, int]:
    at = log.table["occurred_at"]
    start, end = (int(value.as_py()) for value in pc.min_max(at).values())
    if end - start > LONGEST_YEARS * 366 * DAY:
        row = int(np.argmin(log.table["occurred_at"].to_numpy()))
        where = f"{log.files[log.file_of[row]]}:{log.lines[row]}"
        what = f"its times span {(end - start) // (365 * DAY)} years; the earliest stands here"
        raise InputError([Problem(where, what, "mend it, or say in the mapping what a number is: time: unix_s")])
    return start, end + 1


def _brands(log: Foreign, given: Given) -> tuple[str, ...]:
    own = given.scenario.law.context.brands if given.scenario else ()
    return tuple(dict.fromkeys((*own, *_names(log, "brand"))))


def _names(log: Foreign, name: str) -> list[str]:
    return sorted(pc.unique(log.table[name].cast(pa.string())).drop_null().to_pylist())


def _known(given: Given, end: int, wanted: set[str]) -> tuple[People | None, list[str]]:
    """Return the people of scenario or audience, and what to keep in mind of them."""
    if given.scenario is not None:
        return given.scenario.people, []
    if given.audience is None:
        return None, []
    spec = Audience(file=AudienceFile(path=str(given.audience), country=given.country or COUNTRY))
    loaded = load_audience(spec, base_dir=Path(), now=end, seed=0, currency="RUB", wanted=wanted)
    return loaded.people, aside(loaded.rejects)


def _context(
    given: Given, people: People, start: int, end: int, brands: tuple[str, ...], texts: tuple[TemplateText, ...]
) -> Context:
    if given.scenario is not None:
        own = given.scenario.law.context
        context = replace(own, start=start, end=end, now=start, brands=brands, countries=people.countries, texts=texts)
    else:
        context = Context(start, end, start, brands=brands, countries=people.countries, texts=texts)
    kind = given.organisation or context.organisation_kind
    return replace(
        context,
        zone=given.zone or context.zone,
        organisation_kind=kind,
        content_facts=replace(context.content_facts or ContentFacts(), organisation_kind=kind),
        organisation_country=given.country or context.organisation_country,
        evidence={**context.evidence, **given.evidence},
        as_of=given.as_of or context.as_of,
    )


def _texts(log: Foreign, given: Given) -> tuple[tuple[TemplateText, ...], Int64s]:
    """Return the distinct texts, those of the scenario first, and the code of each row's text (MISSING: none)."""
    own = tuple(given.scenario.law.context.texts) if given.scenario else ()
    if "text" not in log.columns:
        return own, np.full(len(log.table), MISSING, np.int64)
    found, codes = distinct_texts(log.table)
    return (*own, *found), np.where(codes < 0, MISSING, codes + len(own))


def _facts(log: Foreign, given: Given, size: int) -> LogFacts:
    own = log_facts(given.scenario) if given.scenario else LogFacts((), (), ())
    padded = {name: _padded(fact, size) for name, fact in own.template_facts.items()}
    names = {
        column: tuple(dict.fromkeys((*known, *_names(log, column))))
        for column, known in (("campaign", own.campaigns), ("sender", own.senders), ("template", own.templates))
    }
    return replace(
        own, campaigns=names["campaign"], senders=names["sender"], templates=names["template"], template_facts=padded,
        complete="replies" in log.shows_all,
    )  # fmt: skip


def _padded(fact: TemplateFact, size: int) -> TemplateFact:
    """Return the fact with an unknown text for people whom the scenario does not know."""
    if isinstance(fact.text, int):
        return fact
    texts = np.full(size, MISSING, np.int64)
    texts[: len(fact.text)] = fact.text
    return replace(fact, text=texts)


def _replications(log: Foreign) -> list[int]:
    return sorted(pc.unique(log.table["replication"].fill_null(0)).to_pylist())


def _part(log: Foreign, number: int, people: People, facts: LogFacts, codes: Int64s, brands: Sequence[str]) -> Part:
    told = tuple(name for name in TOLD if name in log.columns)
    rows = np.flatnonzero(np.asarray(log.table["replication"].fill_null(0).to_numpy()) == number)
    if len(rows) == len(log.table):
        return Part(log.table, rows, codes, told, brands, people, facts)
    return Part(log.table.take(pa.array(rows)), rows, codes[rows], told, brands, people, facts)


def _run(whole: pa.Table, given: Given, start: int, end: int) -> RunFacts:
    """Return the facts of the run; empty columns take no memory, also where rules look at some of the rows only."""
    nothing = pa.nulls(len(whole))
    columns = {name: whole[name] for name in COLUMN_NAMES}
    table = pa.table({name: nothing if own.null_count == len(own) else own for name, own in columns.items()})
    if given.scenario is not None:
        own = run_facts(given.scenario, table)
        return replace(own, start=start, end=end, zone=given.zone or own.zone, simulated=False)
    return RunFacts(table, start, end, zone=given.zone or "UTC", simulated=False, evidence=dict(given.evidence))
