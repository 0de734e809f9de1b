"""What a plan shows besides its rules: who is never reached, rules that never meet, receipts that come too late."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from policies.durations import in_seconds, lasting
from policies.kinds.base import NOT_APPLICABLE, P_RULE, P_SEVERITY, PASS, SEVERITIES
from policies.records import CHANNELS, DAY
from policies.rules import Check, Rule
from policies.tables import compile_rules
from policies.verdicts import Verdict
from policies.verify.cells import Cells
from policies.verify.judging import Judge
from policies.verify.plan import END, Plan, Step
from policies.verify.verify import MOST_STATES, Advance, verify_plan
from policies.verify.witness import Witness, witness_of
from scenarios.compile.law import ACTING, own_guards
from scenarios.compile.model import Compiled
from scenarios.experiments.verdicts import price_of

SILENT = ("email",)
"""Channels that wake nobody: a message waits in its box."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that no rule says and somebody should know, with what would mend it; ``plan`` is that of a witness."""

    about: str
    sentence: str
    fix: str
    witness: Witness | None = None


def besides(
    compiled: Compiled, plan: Plan, limit: int = MOST_STATES, advance: Advance | None = None
) -> tuple[Remark, ...]:
    """Return the remarks on a plan, the gravest sort first; those on quiet hours take up to ``limit`` states."""
    hours = Hours(plan)
    found = (
        *hours.unreachable(), *hours.contradictions(compiled), *_never_true(compiled, hours),
        *_late_receipts(compiled, plan), *_quiet_arrivals(compiled, plan, limit, advance),
    )  # fmt: skip
    return tuple(found)


class Hours:
    """When the rules that depend on the instant alone let a step's message go, by kind of recipient."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.guards, self.rules = Judge(plan, plan.guards, own=True), Judge(plan, plan.rules, own=False)
        acting = {SEVERITIES.index(name) for name in ACTING}
        fixed = [row for row in range(len(self.rules.rows)) if self.rules.fixed(row)]
        self.acting = frozenset(row for row in fixed if self.rules.rows[row][P_SEVERITY] in acting)
        self.cells = Cells(plan, self.guards, self.rules, self.acting)

    @property
    def kinds(self) -> list[tuple[int, int]]:
        """Return the kinds of recipients: places in the plan's people and vectors, one vector for equal traits."""
        vectors = {vector.traits: place for place, vector in reversed(list(enumerate(self.plan.vectors)))}
        return list(itertools.product(range(len(self.plan.people)), sorted(vectors.values())))

    def passing(self, kind: tuple[int, int], place: int) -> list[tuple[set[int], set[int]]]:
        """Return, for each stretch of time in which the cascade may run, the guards and the rules that do not pass."""
        person, vector = kind
        campaign = self.plan.campaigns[self.plan.steps[place].campaign]
        until = min(campaign.ends_at, self.plan.end)
        asked = self.cells.guards_of(place), *self.cells.parties(place)  # what depends on the instant alone is one
        starts = sorted({at for party in asked for at in self.cells.starts(person, place, party, vector)})
        found = []
        for start, end in itertools.pairwise([*starts, self.plan.end + DAY]):
            if start < until and end > campaign.earliest:
                answers = [self.cells.fixed_at(person, place, start, party, vector=vector) for party in asked]
                good = (PASS, NOT_APPLICABLE)
                found.append(tuple({row for row, answer in told.items() if answer not in good} for told in answers))
        return found  # type: ignore[return-value]

    def unreachable(self) -> Iterator[Remark]:
        """Yield the kinds of recipients to whom no step may go at any instant of its campaign."""
        for kind in self.kinds:
            stops: list[set[int]] = []
            for place in range(len(self.plan.steps)):
                objecting = [rules for _, rules in self.passing(kind, place)]
                if not objecting or any(not rows for rows in objecting):
                    break
                stops += objecting
            else:
                rules = self.plan.rules
                names = sorted({rules.rules[rules.rows[row][P_RULE]].id for rows in stops for row in rows})
                what = f"nobody in {self._where(kind)} can be written to at any instant under {_and(names)}"
                yield Remark("unreachable", what, "widen the campaign's time or choose another channel")

    def contradictions(self, compiled: Compiled) -> Iterator[Remark]:
        """Yield pairs of rules that each let a step's message go at some instant, and never at the same."""
        seen: set[tuple[str, str]] = set()
        table = self.plan.rules
        for kind, place in itertools.product(self.kinds, range(len(self.plan.steps))):
            stretches = [rules for _, rules in self.passing(kind, place)]
            sometimes = sorted(
                row for row in set().union(*stretches) if any(row not in rows for rows in stretches)
            ) if stretches else []  # fmt: skip
            for one, other in itertools.combinations(sometimes, 2):
                names = table.rules[table.rows[one][P_RULE]].id, table.rules[table.rows[other][P_RULE]].id
                if names[0] == names[1] or names in seen or any(not {one, other} & rows for rows in stretches):
                    continue
                seen.add(names)
                step = self.plan.steps[place].id
                what = f"{_and(names)} never let step {step} go at the same instant in {self._where(kind)}"
                yield Remark("contradiction", what, "send at another time, or by another channel there")

    def never_open(self) -> Iterator[tuple[str, str]]:
        """Yield (guard, step) of own guards that let a step's message go at no instant to anybody."""
        for place in range(len(self.plan.steps)):
            rows = [row for row in self.guards.speaking(self.plan.steps[place]) if self.guards.fixed(row)]
            for row in rows:
                stretches = [guards for kind in self.kinds for guards, _ in self.passing(kind, place)]
                if stretches and all(row in guards for guards in stretches):
                    name = self.plan.guards.rules[self.plan.guards.rows[row][P_RULE]].id
                    yield name, self.plan.steps[place].id

    def _where(self, kind: tuple[int, int]) -> str:
        zones = self.plan.people.zone_sets[self.plan.people.zone_set[kind[0]]]
        return " or ".join(zones) or "an unknown zone"


def _never_true(compiled: Compiled, hours: Hours) -> Iterator[Remark]:
    for guard, step in dict.fromkeys(hours.never_open()):
        what = f"own guard {guard} lets step {step} go at no instant of the campaign, to nobody"
        yield Remark("never true", what, "widen the guard, or take the step out")
    specs = [spec for campaign in compiled.scenario.campaigns for spec in campaign.cascade]
    for of_plan, spec in zip(hours.plan.steps, specs, strict=True):
        for test, written in zip(of_plan.tests, spec.when, strict=True):
            if all(vector.tests[test] is False for vector in hours.plan.vectors):
                what = f"nobody in the base meets the condition on {written.attribute} of step {of_plan.id}"
                yield Remark("never true", what, "check the condition and the values of the column")


def _late_receipts(compiled: Compiled, plan: Plan) -> Iterator[Remark]:
    """Yield the steps whose message may still arrive when the next one has gone: two messages, and two prices."""
    for place, step in enumerate(plan.steps):
        late = step.wait >= 0 and step.on_timeout != END and step.stops and step.wait < step.validity
        if not late:
            continue
        after = plan.steps[step.on_timeout]
        wait, validity, channel = in_seconds(step.wait), in_seconds(step.validity), _channel(step)
        late_by, early = lasting(step.validity), lasting(step.wait)
        what = f"{_named(step)} may arrive up to {late_by} after hand-over, and {after.id} goes after {early}"
        fix = f"set wait_s: {validity} on {step.id}, and what a report takes, or validity_s: {wait} on {channel}"
        yield Remark("late receipt", f"{what}: the person may get both", fix)
        both = price_of(compiled, place), price_of(compiled, step.on_timeout)
        if all(both):
            sums = " + ".join(f"{(price or 0) / 1e6:g}" for price in both)
            yield Remark("double charge", f"{what}: both are paid, {sums} {compiled.scenario.currency}", fix)


def _quiet_arrivals(compiled: Compiled, plan: Plan, limit: int, advance: Advance | None) -> Iterator[Remark]:
    """Yield the steps that own quiet hours let go, and that may still arrive when these hours have begun."""
    derived = tuple(
        replace(rule, checks=(Check("validity", {"window": check.params}, "warn"),), channels=_loud(rule))
        for rule in own_guards(compiled.scenario)
        for check in rule.checks
        if check.kind == "time_window" and _loud(rule)
    )
    if not derived:
        return
    for proof in verify_plan(replace(plan, rules=compile_rules(derived, compiled.law.context)), limit, advance):
        if proof.verdict == Verdict.VIOLATED and proof.found is not None:
            step = plan.steps[proof.found.step]
            valid = f"{_named(step)}, valid for {lasting(step.validity)}"
            what = f"{valid}, may arrive in the hours that own guard {proof.rule.id} closes"
            fix = f"set a shorter validity_s on {_channel(step)}, or let the guard end so much earlier"
            yield Remark("quiet arrival", what, fix, witness_of(proof.found))


def _named(step: Step) -> str:
    """Return the step, with its channel where its name does not tell."""
    return step.id if step.id == _channel(step) else f"{step.id} ({_channel(step)})"


def _loud(rule: Rule) -> tuple[str, ...]:
    return tuple(name for name in rule.channels or CHANNELS if name not in SILENT)


def _channel(step: Step) -> str:
    return CHANNELS[step.channel]


def _and(names: Iterable[str]) -> str:
    return " and ".join(names)
