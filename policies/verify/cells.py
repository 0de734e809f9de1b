"""Cells: schedules among which every guard and every rule in question answers alike, so that one of them tells all."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from policies.gate import CONSENT, DUPLICATE, REGISTRY
from policies.kinds import KINDS, content
from policies.kinds.base import P_1, P_KIND
from policies.records import DAY, MISSING, NEVER
from policies.verify.bounds import Bounds
from policies.verify.cuts import (
    HINDSIGHT_DAYS,
    ages_of_messages,
    ages_of_person,
    dates_of_person,
    instants,
    periods,
    standing,
)
from policies.verify.judging import Judge, Message, Past
from policies.verify.nodes import Node
from policies.verify.plan import Plan, Step
from policies.verify.splits import Look, by_age

BEYOND_DAYS = 16
"""So far past the horizon holds are followed: one day more than the kinds look ahead for an opening."""


KNOWN = "known"
"""The instant at which the report that is watched for was received."""


GUARDS, RULES = 0, 1
"""Who is asked: own guards, which decide what happens next, or the rules in question, which only judge."""


class Party(NamedTuple):
    """Rows that are asked together, of the guards or of the rules: where one may answer otherwise, cells part."""

    which: int
    rows: tuple[int, ...]


class Cell(NamedTuple):
    """Schedules with one set of answers to a step's message at the instant of place ``at``."""

    bounds: Bounds
    at: int
    piece: int


@dataclass(slots=True)
class Cells:
    """Splits schedules into cells and asks guards and rules once in each.

    ``group`` are the rule rows in question. Guards of a sort (``cuts.sort_of``) that is not in ``strict`` are
    *loosened*: they may allow, deny or hold a message at will, which admits all that they do, and more.
    """

    plan: Plan
    guards: Judge
    rules: Judge
    group: frozenset[int]
    strict: frozenset[str] = frozenset({""})
    watch: str = ""
    """A report (read, delivered) after which a message of the same cascade is looked for."""
    _speaking: dict[int, tuple[list[int], list[int]]] = field(default_factory=dict)
    _loosened: dict[int, frozenset[str]] = field(default_factory=dict)
    _pieces: dict[tuple[int, int, Party, int], list[int]] = field(default_factory=dict)
    _alike: dict[int, int] = field(default_factory=dict)
    _remembered_as: dict[int, int] = field(default_factory=dict)
    _fixed: dict[tuple[object, ...], dict[int, int]] = field(default_factory=dict)
    _looks: dict[tuple[object, ...], list[Look]] = field(default_factory=dict)
    _ages: dict[tuple[int, Party], dict[str, list[int]]] = field(default_factory=dict)
    _parties: dict[int, list[Party]] = field(default_factory=dict)
    _dates: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    _periods: dict[tuple[int, int, int], tuple[list[int], list[list[int]]]] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """Return what must be known by instant of the person's past."""
        return {name for row in self.asked for name in ages_of_person(row)}

    def loosened(self, place: int) -> frozenset[str]:
        """Return what guards of a step look back at that is not followed here."""
        if place not in self._loosened:
            sorts = {self.guards.sorts[row] for row in self.guards.speaking(self.plan.steps[place])}
            self._loosened[place] = frozenset(sorts - self.strict)
        return self._loosened[place]

    def certain(self, place: int, sort: str) -> bool:
        """Say whether a guard of a sort that is not followed speaks of a step whatever ``when`` and ``unless`` say."""
        rows = self.guards.speaking(self.plan.steps[place])
        return any(self.guards.sorts[row] == sort and not self.guards.conditional(row) for row in rows)

    def _is_strict(self, row: int) -> bool:
        return self.guards.sorts[row] in self.strict

    def speaking(self, place: int) -> tuple[list[int], list[int]]:
        """Return the rows of the guards, and those of the rules in question, that may speak of a step."""
        if place not in self._speaking:
            step = self.plan.steps[place]
            wanted = [row for row in self.rules.speaking(step) if row in self.group]
            strict = [row for row in self.guards.speaking(step) if self._is_strict(row)]
            self._speaking[place] = strict, wanted
        return self._speaking[place]

    def rows(self, place: int) -> Iterator[tuple[Judge, int]]:
        """Yield every row that may speak of a step, with its judge."""
        for judge, rows in zip((self.guards, self.rules), self.speaking(place), strict=True):
            yield from ((judge, row) for row in rows)

    def split(self, node: Node, bounds: Bounds, at: int, step: int, party: Party) -> list[Cell]:
        """Return the cells of all schedules of ``bounds`` for the message of ``step`` at the instant ``at``.

        Only that is told apart to which those of ``party`` may give different answers.
        """
        found: list[Cell] = []
        asked = list(self._ages_of_person(node, at, step, party))
        looks = self._looked_at(node, step, party)
        for cell in self._by_time(node, bounds, at, step, party):
            parts = [cell.bounds]
            for look in looks:
                parts = look.split(parts, at, node.sent[look.place].at)
            for later, earlier, ages in asked:
                parts = by_age(parts, later, earlier, ages)
            found += [cell._replace(bounds=part) for part in parts]
        return found

    def _ages_of_person(self, node: Node, at: int, step: int, party: Party) -> Iterator[tuple[int, int, list[int]]]:
        """Yield (later instant, earlier instant, ages that part the answers) of what happened to the person."""
        by_person = self._thresholds(step, party)
        for name, place in node.past:
            if name in by_person:
                yield place, 0, self._dates_of(node.who.person, name)
                yield at, place, by_person[name]

    def answers(self, node: Node, cell: Cell, place: int, party: Party) -> dict[int, int]:
        """Return what each row of those who are asked answers in the cell, by row."""
        step, fixed = self.plan.steps[place], self._fixed_answers(node, cell, place, party)
        if len(party.rows) == len(fixed):
            return fixed
        rest = [row for row in party.rows if row not in fixed]
        sent = [Message(one.step, cell.bounds.least(one.at), one.taken) for one in node.sent]
        found = self.judge(party).answers(
            rest, node.who.person, step, cell.bounds.least(cell.at), self.past(node, cell.bounds, step.channel),
            self.consents(node, step), self.text(node, place), sent,
            vector=node.who.vector,
        )  # fmt: skip
        return {**fixed, **dict(zip(rest, found, strict=True))}

    def text(self, node: Node, place: int) -> int:
        """Return the text of a step's message to the person."""
        texts = self.plan.steps[place].texts
        return texts[min(node.who.text, len(texts) - 1)]

    def judge(self, party: Party) -> Judge:
        """Return the judge of the rows of a party."""
        return self.rules if party.which == RULES else self.guards

    def guards_of(self, place: int) -> Party:
        """Return the own guards that may speak of a step's message: all are asked, as what follows depends on all."""
        return Party(GUARDS, tuple(self.speaking(place)[GUARDS]))

    def parties(self, place: int) -> list[Party]:
        """Return the rules in question that may speak of a step's message, together where they look at the same."""
        if place not in self._parties:
            alike: dict[object, list[int]] = {None: []}
            for row in self.speaking(place)[RULES]:
                cells = self.rules.rows[row]
                look = None if self.rules.fixed(row) else row if self.rules.memory(row) else repr(ages_of_person(cells))
                alike.setdefault(look, []).append(row)
            self._parties[place] = [Party(RULES, tuple(rows)) for key, rows in alike.items() if rows or len(alike) == 1]
        return self._parties[place]

    def past(self, node: Node, bounds: Bounds, channel: int) -> Past:
        """Return what happened to the person in the earliest schedule, as a message on ``channel`` sees it."""
        at = {name: bounds.least(place) for name, place in node.past}
        concerned = node.who.left in (-1, channel)
        return Past(
            agreed=at.get("agreed", NEVER),
            ordered=at.get("ordered", MISSING if node.who.orders == MISSING else -NEVER),
            left=at["left"] if concerned and "left" in at else NEVER,
            orders=node.who.orders,
        )

    def consents(self, node: Node, step: Step) -> int:
        """Return the place of the set of consents that the person has for a step's message."""
        covers = node.fact("channel", step.channel) is not False, node.fact("category", step.category) is not False
        return next(
            number
            for number, one in enumerate(self.plan.sets)
            if one.agreement == node.who.agreement and (not one.rows or (one.channel, one.category) == covers)
        )

    def _fixed_answers(self, node: Node, cell: Cell, place: int, party: Party) -> dict[int, int]:
        before, who = node.fact("wrote", self.plan.steps[place].sender) is True, node.who
        at = self.starts(who.person, place, party, who.vector)[cell.piece]
        return self.fixed_at(who.person, place, at, party, who.text, before, who.vector)

    def fixed_at(
        self, person: int, place: int, at: int, party: Party, text: int = 0, before: bool = False, vector: int = 0
    ) -> dict[int, int]:
        """Return what those rows of those who are asked answer that depend on the instant alone, by row."""
        key = person, self.alike(place), at, party, text, before, self.traits(vector)
        if key not in self._fixed:
            step, judge = self.plan.steps[place], self.judge(party)
            code = step.texts[min(text, len(step.texts) - 1)]
            rows = [row for row in party.rows if judge.fixed(row)]
            told = judge.answers(rows, person, step, at, Past(), 0, code, before=int(before), vector=vector)
            self._fixed[key] = dict(zip(rows, told, strict=True))
        return self._fixed[key]

    def _by_time(self, node: Node, bounds: Bounds, at: int, place: int, party: Party) -> Iterator[Cell]:
        """Yield the schedules by the piece of time in which ``at`` lies; the first and the last piece have no end."""
        starts = self.starts(node.who.person, place, party, node.who.vector)
        piece = max(bisect_right(starts, bounds.least(at)) - 1, 0)
        last = bounds.greatest(at)
        while piece < len(starts) and (piece == 0 or starts[piece] <= last):
            part = bounds if piece == 0 else bounds.limited(0, at, -starts[piece])
            if part is not None and piece + 1 < len(starts):
                part = part.limited(at, 0, starts[piece + 1] - 1)
            if part is not None:
                yield Cell(part, at, piece)
            piece += 1

    def alike(self, place: int) -> int:
        """Return the first step whose message no row can tell from that of a step, if nothing went before."""
        if place not in self._alike:
            by_campaign = "campaign" in self.facts
            first: dict[object, int] = {}
            for number, step in enumerate(self.plan.steps):
                self._alike[number] = first.setdefault((step.message, by_campaign and step.campaign), number)
        return self._alike[place]

    def remembered_as(self, place: int) -> int:
        """Return the first step whose message all who look back take into their history as they take that of a step."""
        if place not in self._remembered_as:
            looking = [(self.guards, row) for row in range(len(self.guards.rows)) if self._is_strict(row)]
            looking = [one for one in [*looking, *((self.rules, row) for row in self.group)] if one[0].memory(one[1])]
            texts = any(judge.rows[row][P_KIND] == DUPLICATE for judge, row in looking)
            first: dict[object, int] = {}
            for number, step in enumerate(self.plan.steps):
                taken = tuple(judge.remembers(row, Message(number, 0)) for judge, row in looking)
                self._remembered_as[number] = first.setdefault((taken, texts and step.texts[0]), number)
        return self._remembered_as[place]

    def traits(self, vector: int) -> int:
        """Return the number of what ``when`` and ``unless`` ask of the attributes of some people."""
        return self.plan.vectors[vector].traits

    def starts(self, person: int, place: int, party: Party, vector: int = 0) -> list[int]:
        """Return where the pieces of time begin in which the answers that depend on time alone stay the same.

        Of the others: where a row begins or ends to be in force, or looks at the days of the calendar.
        """
        key = person, self.alike(place), party, self.traits(vector)
        if key not in self._pieces:
            step, zones, judge = self.plan.steps[place], self.zones(person), self.judge(party)
            asked = [judge.rows[row] for row in party.rows]
            span = self.plan.tables, self.plan.start, self.plan.end + BEYOND_DAYS * DAY
            stay = standing([judge.rows[row] for row in self._moving(place, party)], zones, *span)
            starts: list[int] = []
            before: object = None
            for at in instants(asked, step, zones, *span):
                now = [self.fixed_at(person, place, at, party, text, True, vector) for text in range(len(step.texts))]
                if now != before or at in stay:
                    starts.append(at)
                before = now
            self._pieces[key] = starts
        return self._pieces[key]

    def _moving(self, place: int, party: Party) -> list[int]:
        """Return the rows whose answers do not depend on the instant alone."""
        judge = self.judge(party)
        return [row for row in party.rows if not judge.fixed(row)]

    @property
    def asked(self) -> list[list[int]]:
        """Return the rows of the guards and of the rules in question."""
        own = [cells for row, cells in enumerate(self.guards.rows) if self._is_strict(row)]
        return [*own, *(self.rules.rows[row] for row in sorted(self.group))]

    @property
    def facts(self) -> frozenset[str]:
        """Return what ``when`` and ``unless`` of those rows ask for."""
        own = (self.guards.facts(row) for row in range(len(self.guards.rows)) if self._is_strict(row))
        return frozenset().union(*own, *map(self.rules.facts, self.group))

    @property
    def asks_consent(self) -> bool:
        """Say whether somebody's consents matter."""
        return any(row[P_KIND] in (CONSENT, REGISTRY) for row in self.asked)

    @property
    def counts_first(self) -> bool:
        """Say whether a row asks for the first message of a sender."""
        return any(KINDS[row[P_KIND]] is content and row[P_1] == 1 for row in self.asked)

    def zones(self, person: int) -> list[int]:
        """Return the candidate zones of a kind of recipient, as places in the tables."""
        tables = self.plan.tables
        own = int(tables.zone_set_of[person])
        if own < 0:
            return []
        zones: list[int] = tables.zone_set_zones[tables.zone_set_ptr[own] : tables.zone_set_ptr[own + 1]].tolist()
        return zones

    def _thresholds(self, place: int, party: Party) -> dict[str, list[int]]:
        """Return the ages of what happened to the person at which an answer may change, by what it is."""
        if (place, party) not in self._ages:
            judge, persons = self.judge(party), dict[str, set[int]]()
            for row in party.rows:
                for name, ages in ages_of_person(judge.rows[row]).items():
                    persons.setdefault(name, set()).update(ages)
            if self.watch and party.which == RULES:
                persons[KNOWN] = {1}
            self._ages[place, party] = {name: sorted(ages) for name, ages in persons.items()}
        return self._ages[place, party]

    def _looked_at(self, node: Node, place: int, party: Party) -> list[Look]:
        """Return what matters of the messages handed over before to those who are asked about a step's message."""
        if not node.sent:
            return []
        sent = tuple((one.step, one.taken) for one in node.sent)
        text = self.text(node, place)
        key = place, party, sent, node.who.person, text
        if key not in self._looks:
            judge = self.judge(party)
            self._looks[key] = [
                Look(number, sorted(ages_of_messages(judge.rows[row])), *self._periods_of(node.who.person, row, party))
                for row in party.rows
                if judge.memory(row)
                for number in judge.looks_at(row, text, sent)
            ]
        return self._looks[key]

    def _periods_of(self, person: int, row: int, party: Party) -> tuple[list[int], list[list[int]]]:
        key = person, row, party.which
        if key not in self._periods:
            until = self.plan.end + BEYOND_DAYS * DAY
            cells = self.judge(party).rows[row]
            found = periods(cells, self.zones(person), self.plan.tables, self.plan.start, until)
            self._periods[key] = [at for at, _ in found], [ends for _, ends in found]
        return self._periods[key]

    def _dates_of(self, person: int, name: str) -> list[int]:
        if (person, name) not in self._dates:
            zones, since = self.zones(person), self.since(name)
            found: set[int] = set()
            for row in self.asked:
                found |= dates_of_person(row, zones, self.plan.tables, since, self.plan.end).get(name, set())
            self._dates[person, name] = sorted(found)
        return self._dates[person, name]

    def since(self, name: str) -> int:
        """Return how far back something is looked for that happened to the person: beyond it no answer changes."""
        longest = max((age for row in self.asked for age in ages_of_person(row).get(name, ())), default=0)
        return self.plan.start - longest - HINDSIGHT_DAYS * DAY
