"""One play of a scenario as mutants are compared by: what the rules say, and what the original guards say of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from policies.findings import RuleResult
from policies.tables import compile_rules
from scenarios.compile.law import own_guards
from scenarios.compile.model import Compiled
from scenarios.experiments.verdicts import judge_run
from simulator.engine.log import log_hash, to_arrow
from simulator.engine.run import EngineName, engine_for

Logs = dict[int, pa.Table]
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Played:
    """``results`` are those of the packs, ``guards`` what the guards of the scenario, as rules, say of the same log."""

    results: tuple[RuleResult, ...]
    guards: tuple[RuleResult, ...]
    messages: int


@dataclass(frozen=True, slots=True)
class Base:
    """The scenario as it is: its logs, their hash, and what is said of them."""

    logs: Logs
    hash: int
    played: Played


def play(run: Compiled, replications: int, engine: EngineName, tell: Tell) -> tuple[Logs, int]:
    """Return the logs of all replications and their common hash."""
    player = engine_for(run.model, engine)
    logs: Logs = {}
    total = 0
    for number in range(replications):
        rows = player.play(number, tell)
        logs[number] = to_arrow(rows, run.model, run=run.model.name, replication=number)
        total += log_hash(rows, run.model, number)
    return logs, total % 2**128


def judged(run: Compiled, original: Compiled, logs: Logs) -> Played:
    """Return what the packs, and the guards of ``original`` as if they were rules, say of the logs of ``run``."""
    guards = own_guards(original.scenario)
    rules = (*guards, *original.law.rules)
    law = replace(run.law, rules=rules, packs=compile_rules(rules, original.law.context))
    results = judge_run(replace(run, law=law), logs)
    return Played(results[len(guards) :], results[: len(guards)], _messages(list(logs.values())))


def _messages(logs: Sequence[pa.Table]) -> int:
    """Return how many messages were handed over to a provider."""
    return sum(int(pc.sum(pc.equal(log["event"].cast("string"), "submitted")).as_py() or 0) for log in logs)
