"""Mutants of the packs' rules: the log of the run is judged again by the changed rule, nothing is simulated anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from policies.audit.log import audit_log
from policies.context import Context
from policies.mutation.answers import FAILS, SILENT, Grades, grades, rows_of_checks
from policies.mutation.equal import says_the_same
from policies.mutation.exercise import Gap, gap
from policies.mutation.of_rule import RuleMutant, rule_mutants
from policies.pack_schema import kind_schemas
from policies.rules import Rule, scope
from policies.runs import assess
from policies.runs.facts import RunFacts
from policies.tables import RuleTable, compile_rules
from scenarios.compile.model import Compiled
from scenarios.experiments.mutate.outcomes import Outcome
from scenarios.experiments.mutate.played import Logs
from scenarios.experiments.verdicts import log_facts, run_facts

BATCH = 48
"""Mutants that are judged in one pass over the log (*assumed*); progress is told after each pass."""
NEVER_SPOKE = Gap("this check spoke of no message of this run", "send a message of its channels and categories")
TOO_LITTLE = Gap("the changed limit gives the same result for this run", "make the run come nearer to the limit")


def mutants_of(rules: Iterable[Rule], context: Context) -> list[RuleMutant]:
    """Return the mutants of all rules, in their order; a change that changes nothing is none."""
    schemas = kind_schemas()
    mutants = (mutant for rule in rules for mutant in rule_mutants(rule, schemas))
    return [each for each in mutants if not says_the_same(each.original, each.rule, context, each.checks)]


class Rejudge:
    """Judges the log of one run by changed rules, and says where the result differs."""

    def __init__(self, compiled: Compiled, logs: Logs) -> None:
        self.compiled, self.logs = compiled, logs
        self.table = compiled.law.packs
        self.rows = rows_of_checks(self.table)
        answers = self._answers(self.table)
        self.graded = {key: grades(answers[:, rows]) for key, rows in self.rows.items()}
        self.nothing: Grades = np.zeros(len(answers), np.int8)
        self.place = {(rule.id, rule.version): number for number, rule in enumerate(self.table.rules)}
        self.run: RunFacts = run_facts(compiled, logs[min(logs)])

    def __call__(self, mutants: Sequence[RuleMutant]) -> list[Outcome]:
        """Return what became of the mutants, in their order."""
        # one rule a changed check, so that each is told from the others by its place in the table
        single = [
            (number, touched, replace(mutant.rule, checks=(mutant.rule.checks[touched],)))
            for number, mutant in enumerate(mutants)
            for touched in mutant.checks
        ]
        table = compile_rules([rule for _, _, rule in single], self.compiled.law.context)
        rows, answers = rows_of_checks(table), self._answers(table)
        changed: list[dict[int, tuple[Grades, list[list[int]]]]] = [{} for _ in mutants]
        for place, (number, touched, _) in enumerate(single):
            mine = rows.get((place, 0), [])
            changed[number][touched] = grades(answers[:, mine]), table.rows[mine].tolist()
        return [self._outcome(mutant, found) for mutant, found in zip(mutants, changed, strict=True)]

    def _outcome(self, mutant: RuleMutant, changed: dict[int, tuple[Grades, list[list[int]]]]) -> Outcome:
        rule, place = mutant.original, self.place[mutant.original.id, mutant.original.version]
        of_run = [n for n in mutant.checks if rule.checks[n].run_scoped and self._run_differs(mutant, n)]
        before = self._together(place, {})
        after = self._together(place, {number: graded for number, (graded, _) in changed.items()})
        differing = int((before != after).sum())
        change = f"{mutant.field}: {mutant.words}"
        if differing or of_run:
            return Outcome("rule", rule.id, change, "noticed", _difference(before, after, differing), "", (rule.id,))
        why = self._gap(mutant, place, changed)
        return Outcome("rule", rule.id, change, "survived", why.sentence, why.remedy)

    def _together(self, place: int, changed: dict[int, Grades]) -> Grades:
        """Return what all checks of a rule say of each message, some of them changed."""
        count = len(self.table.rules[place].checks)
        parts = [changed.get(number, self.graded.get((place, number), self.nothing)) for number in range(count)]
        return np.maximum.reduce(parts) if parts else self.nothing

    def _run_differs(self, mutant: RuleMutant, number: int) -> bool:
        first, second = (
            assess(rule.checks[number], self.run.within(scope(rule, rule.checks[number])))
            for rule in (mutant.original, mutant.rule)
        )
        return (first.n, first.failed, first.review, first.unknown) != (
            second.n, second.failed, second.review, second.unknown
        )  # fmt: skip

    def _gap(self, mutant: RuleMutant, place: int, changed: dict[int, tuple[Grades, list[list[int]]]]) -> Gap:
        number = mutant.checks[0]
        if mutant.original.checks[number].run_scoped:
            return TOO_LITTLE
        if not (self.graded.get((place, number), self.nothing) > SILENT).any():
            return NEVER_SPOKE
        before = self.table.rows[self.rows[place, number]].tolist()
        return gap(mutant.field, mutant.words, before, changed[number][1])

    def _answers(self, table: RuleTable) -> npt.NDArray[np.int8]:
        people, facts, tables = self.compiled.people, log_facts(self.compiled), self.compiled.law.tables
        found = [audit_log(log, people, facts, table, tables)[0] for log in self.logs.values()]
        return np.concatenate(found)


def _difference(before: Grades, after: Grades, differing: int) -> str:
    if not differing:
        return "the result for the run differs"
    old, new = int((before == FAILS).sum()), int((after == FAILS).sum())
    judged = f"{differing} message{'s are' if differing > 1 else ' is'} judged otherwise"
    return judged + (f"; failed {old} → {new}" if old != new else "")
