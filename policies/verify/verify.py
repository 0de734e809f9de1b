"""Verdicts of proof: each rule of a plan for all recipients, instants and receipts that the plan admits."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Container, Iterable, Iterator
from dataclasses import dataclass

from policies.expressions.language import ATTRIBUTES
from policies.gate import CONSENT, KNOWN_ZONE, REGISTRY, REMEMBERING, SESSION_CAP
from policies.kinds import KIND_NAMES, KINDS, content
from policies.kinds.base import P_CHANNELS, P_COUNTRIES, P_KIND, P_RULE
from policies.rules import SEVERITY_ORDER, Check, Rule, Severity
from policies.verdicts import Verdict
from policies.verify.attempts import most_messages
from policies.verify.cells import Cells
from policies.verify.cuts import sort_of, times_of_day
from policies.verify.judging import Judge
from policies.verify.nodes import Who
from policies.verify.plan import Plan
from policies.verify.search import FAILED, IN_REVIEW, NOT_KNOWN, WATCHED, Found, Result, Search

MOST_STATES = 1_000_000
"""Nodes that a search for a group of rules may take before the verifier says *not decided*."""

ROUNDS = 4
"""Searches for a group of rules at most: whatever cascades do, then with guards followed little, more, and all."""
ANYHOW_STATES = 1_000
"""Nodes for the first of them, which either is short or tells little."""
INTERRUPTED = "interrupted"
EVERY_SORT = frozenset({"", "history", "agreed", "ordered", "left"})
OF_TEXT, OF_PLACE = frozenset({"language", "text_category"}), frozenset({"country", "subdivision"})
"""Facts of ``when`` and ``unless`` that depend on a text or on where the person lives."""
WHOLE_RUN = "it looks at a whole run or a sender, not at one recipient: prelaunch run observes it"

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Proof:
    """The verdict on one rule. ``found`` is what decided, with the check's row; ``bound`` says how far it holds."""

    rule: Rule
    verdict: Verdict
    severity: Severity
    bound: str
    states: int
    found: Found | None = None
    note: str = ""

    @property
    def interrupted(self) -> bool:
        """Say whether somebody stopped the search for it."""
        return INTERRUPTED in (self.note, self.bound)


def verify_plan(
    plan: Plan, limit: int = MOST_STATES, advance: Advance | None = None, only: Collection[str] = ()
) -> tuple[Proof, ...]:
    """Return the verdict on every rule of the plan, or on those named, in their order.

    ``advance`` hears how much is done, ``limit`` is all of it. Interrupted from the keyboard, what is decided is kept,
    and all else is *not decided*.
    """
    wanted = {index: rule for index, rule in enumerate(plan.rules.rules) if not only or rule.id in only}
    guards, rules = Judge(plan, plan.guards, own=True), Judge(plan, plan.rules, own=False)
    results: dict[int, Result] = {}
    stopped = Result(complete=False, interrupted=True)
    sorts = groups(rules, wanted)
    words = sorted({str(check.params["after"]) for rule in wanted.values() for check in _stops(rule)})
    share = _Share(advance, limit, ROUNDS * len(sorts) + len(words))
    for sort, group in sorts.items():
        halted = any(result.interrupted for result in results.values())
        results |= dict.fromkeys(group, stopped) if halted else _decided(plan, guards, rules, sort, group, limit, share)
    watched: dict[str, Result] = {}
    for word in words:
        halted = any(result.interrupted for result in (*results.values(), *watched.values()))
        cells = Cells(plan, guards, rules, frozenset(), watch=word)
        watched[word] = stopped if halted else _search(plan, cells, limit, share.next()).result
    proofs = []
    for index, rule in wanted.items():
        after = [(check.severity, watched[str(check.params["after"])]) for check in _stops(rule)]
        proofs.append(_proof(plan, index, rule, results, after, limit))
    return tuple(proofs)


@dataclass(slots=True)
class _Share:
    """Turns the states of one search into progress of all: each of ``parts`` searches may take ``limit`` states."""

    advance: Advance | None
    limit: int
    parts: int
    begun: int = 0

    def next(self) -> Advance | None:
        """Return what hears the states of the next search."""
        advance, before = self.advance, self.begun
        self.begun += 1
        if advance is None:
            return None
        return lambda states: advance((before * self.limit + min(states, self.limit)) // self.parts)


def _stops(rule: Rule) -> list[Check]:
    """Return the checks of a rule that let nothing more of a cascade go once a report is known."""
    narrow = rule.channels or rule.categories or rule.countries
    wide = (check for check in rule.checks if not (narrow or check.channels or check.categories or check.countries))
    return [check for check in wide if check.kind == "cascade_stop"]


def _search(
    plan: Plan, cells: Cells, limit: int, advance: Advance | None, *, roughly: bool = False, anyhow: bool = False,
    possible: frozenset[tuple[int, str]] | None = None,
) -> Search:  # fmt: skip
    """Return a search that has been made, with its result."""
    together = any(row[P_KIND] in REMEMBERING for row in cells.asked)
    search = Search(plan, cells, limit, advance, roughly, anyhow, possible)
    search.run(recipients(plan, cells), together)
    return search


def _decided(
    plan: Plan, guards: Judge, rules: Judge, sort: str, group: frozenset[int], limit: int, share: _Share
) -> dict[int, Result]:
    """Return what was found of each row of a group: with few guards followed, and with more where that is not enough.

    A rule that nothing breaks while guards do as they like is not broken when they are followed. What breaks it only
    because they do as they like is looked at again; so is all that a rough search found, which takes nodes together and
    misses the earliest schedule.
    """
    results: dict[int, Result] = {}
    possible: frozenset[tuple[int, str]] | None = None
    rounds = [share.next() for _ in range(ROUNDS)]
    few = frozenset({sort})
    tried = [few] * (sort == "history") + list(dict.fromkeys((few, few | {""}, EVERY_SORT)))
    for number, (advance, strict) in enumerate(zip(rounds, tried, strict=False)):
        roughly, anyhow = strict == few and sort != "", number == 0 and sort == "history"
        cells = Cells(plan, guards, rules, group, strict)
        most = min(limit, ANYHOW_STATES) if anyhow else limit
        search = _search(plan, cells, most, advance, roughly=roughly, anyhow=anyhow, possible=possible)
        result = search.result
        results |= dict.fromkeys(group, result)
        if result.complete:
            open_ = {key: found.rank for key, found in result.found.items() if found.loose or roughly}
            possible = frozenset(
                key for key, rank in open_.items() if roughly or not search.beaten(key[0], (False, *rank[1:]))
            )
            group = frozenset(row for row, _ in possible)
        if not group or result.interrupted or (not result.complete and not roughly):
            break
    return results


def groups(rules: Judge, wanted: Container[int]) -> dict[str, frozenset[int]]:
    """Return the rows of the rules wanted that are searched together, by what they look back at."""
    by_sort: dict[str, set[int]] = {}
    for number, row in enumerate(rules.rows):
        if row[P_RULE] in wanted:
            by_sort.setdefault(sort_of(row), set()).add(number)
    return {sort: frozenset(rows) for sort, rows in by_sort.items()}


def recipients(plan: Plan, cells: Cells) -> Iterator[Who]:
    """Yield the kinds of recipients between whom a guard or a rule in question may tell a difference."""
    asked = cells.asked
    names = cells.names
    reads = bool(cells.facts & OF_TEXT) or any(_reads(row) for row in asked)
    texts = max((len(step.texts) for step in plan.steps), default=1) if reads else 1
    used = sorted({step.channel for step in plan.steps})
    agreed = cells.asks_consent
    kinds = itertools.product(
        _places(plan, asked, cells.facts),
        _vectors(plan, cells.facts),
        range(len(plan.agreements)) if agreed else (0,),
        plan.orders if "ordered" in names else (0,),
        (None, -1, *(used if len(used) > 1 else ())) if "left" in names else (None,),
        range(texts),
    )
    yield from itertools.starmap(Who, kinds)


def _reads(row: list[int]) -> bool:
    return KINDS[row[P_KIND]] is content


def _vectors(plan: Plan, facts: Collection[str]) -> list[int]:
    """Return the vectors between which conditions of steps, or ``when`` and ``unless``, may tell a difference."""
    traits = any(fact.startswith(ATTRIBUTES) for fact in facts)
    first: dict[object, int] = {}
    for place, vector in enumerate(plan.vectors):
        first.setdefault((vector.tests, vector.campaigns, traits and vector.traits), place)
    return list(first.values())


def _places(plan: Plan, asked: Iterable[list[int]], facts: Collection[str]) -> list[int]:
    """Return the places between which a row may tell a difference; of those that it cannot tell apart the first."""
    rows = list(asked)
    if any(row[P_KIND] == KNOWN_ZONE or times_of_day(row) for row in rows):
        return list(range(len(plan.people)))
    if OF_PLACE.intersection(facts) or any(
        row[P_COUNTRIES] != -1 or KIND_NAMES[row[P_KIND]] == "channel_ban" for row in rows
    ):
        return sorted({int(c): place for place, c in reversed(list(enumerate(plan.people.country.tolist())))}.values())
    return [0]


def _proof(
    plan: Plan, index: int, rule: Rule, results: dict[int, Result], after: list[tuple[Severity, Result]], limit: int
) -> Proof:
    rows = [number for number, row in enumerate(plan.rules.rows.tolist()) if row[P_RULE] == index]
    asked = [(row, plan.rules.row_check[row].severity, results[row]) for row in rows]
    asked += [(WATCHED, severity, result) for severity, result in after]
    states = max((result.states for _, _, result in asked), default=0)
    complete = all(result.complete for _, _, result in asked)
    interrupted = any(result.interrupted for _, _, result in asked)
    stopped = INTERRUPTED if interrupted else f"stopped at {limit} states"
    bound = _bound(plan, rows) if complete else stopped
    for word, verdict in ((FAILED, Verdict.VIOLATED), (IN_REVIEW, Verdict.REVIEW), (NOT_KNOWN, Verdict.NEEDS_INPUT)):
        known = [(severity, result.found.get((row, word))) for row, severity, result in asked]
        found = [(severity, one) for severity, one in known if one is not None and not one.loose]
        if found:
            severity, gravest = min(
                found, key=lambda one: (SEVERITY_ORDER.index(one[0]), one[1].messages, one[1].instant)
            )
            return Proof(rule, verdict, severity, bound, states, gravest)
    if any(one.loose for row, _, result in asked for (of, _), one in result.found.items() if of == row):
        complete = False
    spoke = any(row in result.spoke for row, _, result in asked)
    verdict, note = _without_finding(plan, rule, rows, spoke, complete)
    if interrupted and verdict == Verdict.NOT_DECIDED:
        note = INTERRUPTED
    return Proof(rule, verdict, rule.severity, bound, states, None, note)


def _without_finding(plan: Plan, rule: Rule, rows: list[int], spoke: bool, complete: bool) -> tuple[Verdict, str]:
    """Return the verdict where nothing was found against a rule, and why it is not better."""
    if not complete:
        return Verdict.NOT_DECIDED, "the search reached its bound"
    if plan.too_many:
        return Verdict.NOT_DECIDED, plan.too_many
    if any(check.run_scoped and check not in _stops(rule) for check in rule.checks):
        return Verdict.NOT_DECIDED, WHOLE_RUN
    if any(_may_fill_a_session(plan, plan.rules.rows[row].tolist()) for row in rows):
        return Verdict.NOT_DECIDED, "it depends on what people write, which is not enumerated"
    if not spoke:
        return Verdict.NOT_TESTED, "no message of the plan is of its kind"
    if any(plan.rules.rows[row][P_KIND] == REGISTRY for row in rows) and _guards_ask(plan, REGISTRY):
        return Verdict.NOT_DECIDED, "own guards look at registers, whose dates are not enumerated"
    return Verdict.PROVED, ""


def _may_fill_a_session(plan: Plan, row: list[int]) -> bool:
    """Say whether a recipient may get more messages than a session may have, whenever they write."""
    if row[P_KIND] != SESSION_CAP:
        return False
    most = most_messages(plan, row[P_CHANNELS])
    return most is None or most > min(KINDS[SESSION_CAP].boundaries(row))


def _guards_ask(plan: Plan, kind: int) -> bool:
    return bool((plan.guards.rows[:, P_KIND] == kind).any())


def _bound(plan: Plan, rows: list[int]) -> str:
    kinds = {KIND_NAMES[plan.rules.rows[row][P_KIND]] for row in rows}
    if not rows:
        return ""
    if kinds & {KIND_NAMES[kind] for kind in REMEMBERING}:
        return f"up to the {len(plan.steps)} messages that a recipient can get in the horizon"
    if KIND_NAMES[CONSENT] in kinds:
        return "one consent a person, given at any time"
    return "every instant of the horizon"
