"""Tries all mutants of a scenario: guards by new runs under the same draws, rules by judging the same log again."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

from policies.mutation.equal import says_the_same
from policies.mutation.of_rule import RuleMutant
from policies.verdicts import Verdict
from scenarios.compile.law import own_guards
from scenarios.compile.model import Compiled
from scenarios.experiments.mutate.guard_mutants import DEAD_NUMBERS, REMOVED, GuardMutant, guard_mutants
from scenarios.experiments.mutate.guards import before_and_after, play_mutant
from scenarios.experiments.mutate.outcomes import Mutation, Outcome
from scenarios.experiments.mutate.played import Base, judged, play
from scenarios.experiments.mutate.rules import BATCH, Rejudge, mutants_of
from scenarios.experiments.simulate import estimate
from simulator.engine.parallel import run_all
from simulator.engine.run import EngineName, chosen, release_count

Stage = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is tried and how: mutants of guards, of rules, or of both."""

    guards: bool = True
    rules: bool = True
    replications: int = 1
    engine: EngineName = "auto"
    jobs: int = 1


def mutate(compiled: Compiled, wanted: Wanted, stage: Stage, say: Say) -> Mutation:
    """Return what became of every mutant; an interrupt keeps those that are done, once the scenario itself is played.

    The gate must be ``observe``, so that the guards stand alone. ``say`` hears what the work will take, before it
    begins. Raises MachineLimit if memory is short.
    """
    by_machine = chosen(compiled.model, wanted.engine)[0] == "compiled"
    jobs = max(1, wanted.jobs)
    estimate([compiled] * jobs, wanted.replications, compiled=by_machine)
    base, once_s = _play_once(compiled, wanted, stage)
    guards = _guard_mutants(compiled) if wanted.guards else []
    rules, untried = _rule_mutants(compiled, base) if wanted.rules else ([], {})
    mutation = Mutation(base.played.results, len(guards) + len(rules), untried=untried, guards=_names(compiled))
    begun = time.monotonic()
    rejudge = Rejudge(compiled, base.logs) if rules else None
    rules_s = (time.monotonic() - begun) * len(rules) / max(1, len(compiled.law.packs))
    say(_cost(len(rules), rules_s, len(guards), once_s, jobs))
    try:
        if rejudge is not None:
            _try_rules(mutation, rejudge, rules, stage)
        _try_guards(mutation, compiled, base, guards, wanted, stage, threads=by_machine)
    except KeyboardInterrupt:
        mutation.interrupted = True
    return mutation


def _cost(rules: int, rules_s: float, guards: int, once_s: float, jobs: int) -> str:
    """Return what the work will take, by what was measured so far."""
    parts = []
    if rules:
        parts.append(f"{rules} changed rules to judge the same log by, about {rules_s:.0f} s")
    if guards:
        all_s = once_s * guards / min(jobs, guards)
        parts.append(
            f"{guards} changed guards, each a run of about {once_s:.1f} s, about {all_s:.0f} s with --jobs {jobs}"
        )
    return "; ".join(parts) or "nothing to change: no guards and no rules that spoke of a message"


def _play_once(compiled: Compiled, wanted: Wanted, stage: Stage) -> tuple[Base, float]:
    """Return the play of the scenario as it is, and the seconds it took."""
    begun = time.monotonic()
    with stage("playing the scenario as it is", wanted.replications * release_count(compiled.model)) as progress:
        logs, log_hash = play(compiled, wanted.replications, wanted.engine, progress)
    base = Base(logs, log_hash, judged(compiled, compiled, logs))
    return base, time.monotonic() - begun


def _names(compiled: Compiled) -> tuple[str, ...]:
    """Return the names of the scenario's own guards."""
    rules = tuple(rule.id for rule in own_guards(compiled.scenario))
    return rules if compiled.scenario.guards.dead_after_failures is None else (*rules, DEAD_NUMBERS)


def _guard_mutants(compiled: Compiled) -> list[GuardMutant]:
    """Return the mutants of the guards; a change that changes nothing is none."""

    def differs(mutant: GuardMutant) -> bool:
        if mutant.place is None or mutant.words == REMOVED:
            return True
        return not says_the_same(*before_and_after(mutant, compiled), compiled.law.context)

    return [mutant for mutant in guard_mutants(compiled.scenario.guards) if differs(mutant)]


def _rule_mutants(compiled: Compiled, base: Base) -> tuple[list[RuleMutant], dict[str, int]]:
    """Return the mutants of the rules that spoke of something, and how many there are of each that did not."""
    silent = {result.rule.id for result in base.played.results if result.verdict == Verdict.NOT_TESTED}
    mutants = mutants_of(compiled.law.rules, compiled.law.context)
    untried = Counter(mutant.original.id for mutant in mutants if mutant.original.id in silent)
    return [mutant for mutant in mutants if mutant.original.id not in silent], dict(untried)


def _try_rules(mutation: Mutation, rejudge: Rejudge, mutants: Sequence[RuleMutant], stage: Stage) -> None:
    with stage("changed rules", len(mutants)) as progress:
        for first in range(0, len(mutants), BATCH):
            mutation.outcomes += rejudge(mutants[first : first + BATCH])
            progress(min(first + BATCH, len(mutants)))


def _try_guards(
    mutation: Mutation, compiled: Compiled, base: Base, mutants: Sequence[GuardMutant], wanted: Wanted, stage: Stage,
    *, threads: bool,
) -> None:  # fmt: skip
    if not mutants:
        return
    found: dict[int, Outcome] = {}
    work = [partial(play_mutant, mutant, compiled, base, wanted.replications, wanted.engine) for mutant in mutants]
    try:
        with stage("changed guards", len(mutants)) as progress:

            def done(index: int, outcome: Outcome) -> None:
                found[index] = outcome
                progress(len(found))

            run_all(work, max(1, wanted.jobs), done, lambda index, amount: None, threads=threads)
    finally:
        mutation.outcomes += [found[index] for index in sorted(found)]
