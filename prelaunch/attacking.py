"""An attack from prepared scenario to saved witness: search, verify by running the file, write."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from policies.errors import InputError, Problem
from prelaunch.rehearsal import Stage
from prelaunch.whole_file import over_inputs
from scenarios.attack.cases import Arena, Case, arena_of
from scenarios.attack.domain import domain_of, domain_words
from scenarios.attack.goals import GOALS, GoalName, Seen
from scenarios.attack.search import Found, search
from scenarios.experiments.prepare import Prepared, prepare_file
from scenarios.witness import Witness, write_witness
from simulator.engine.run import play_reference

MARK = "# Found by prelaunch attack"
"""How a file begins that an attack has written, and that another may write anew."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far an attack looks: examples, seed, recipients at most, hours by which a release may be late."""

    examples: int = 300
    seed: int = 1
    people: int = 2
    later_h: float = 0


@dataclass(frozen=True, slots=True)
class Attack:
    """What came of it: the worst case (None where nothing bad was found), the bounds in words, and the witness."""

    goal: GoalName
    currency: str
    domain: tuple[str, ...]
    found: Found | None
    witness: Witness | None


def check_out(file: Path, inputs: Sequence[object] = ()) -> None:
    """Raise InputError if the witness cannot be written there, before a long search; ``inputs`` are read."""
    if problems := over_inputs({"--out": file}, inputs):
        raise InputError(problems)
    if file.suffix not in (".yaml", ".yml"):
        raise InputError([Problem("--out", f"{str(file)!r} is no YAML file", "end its name in .yaml")])
    if not file.parent.is_dir():
        raise InputError([Problem("--out", f"there is no folder {str(file.parent)!r}", "make it, or choose another")])
    if file.exists() and not file.read_text(encoding="utf-8", errors="replace").startswith(MARK):
        raise InputError([Problem(str(file), "exists and was not written by an attack", "choose another --out")])
    if file.with_suffix(".csv").exists() and not file.exists():
        raise InputError([Problem(str(file.with_suffix(".csv")), "exists already", "choose another --out")])


def attack(prepared: Prepared, goal: GoalName, bounds: Bounds, stage: Stage) -> Attack:
    """Return the worst case found. Raises InputError for a scenario in which nothing can be found."""
    if goal == "violations" and not prepared.scenario.packs:
        what = "the scenario names no packs, so no rule can be broken"
        raise InputError([Problem(str(prepared.loaded.path), what, "--set packs=[ru-ads], or another --goal")])
    if not prepared.scenario.campaigns:
        raise InputError([Problem(str(prepared.loaded.path), "has no campaigns", "add one")])
    arena = arena_of(prepared, GOALS[goal])
    domain = domain_of(arena, prepared, bounds.people, bounds.later_h)
    with stage("searching", 2 * bounds.examples) as progress:
        found = search(arena, domain, bounds.examples, bounds.seed, progress)
    bad = found is not None and found.seen.value > 0
    witness = _witness(arena, found.case, goal) if found is not None and bad else None
    return Attack(goal, prepared.scenario.currency, tuple(domain_words(domain)), found, witness)


def _witness(arena: Arena, case: Case, goal: str) -> Witness:
    witness = arena.witness(case)
    name = f"{arena.scenario.name}: most {goal}"
    return Witness(msgspec.structs.replace(witness.scenario, name=name), witness.people)


def save(attacked: Attack, prepared: Prepared, file: Path, heading: Sequence[str]) -> None:
    """Write the witness, once a run of the written file has shown what the search saw."""
    assert attacked.witness is not None
    assert attacked.found is not None
    draft = file.with_name(f".{file.stem}-{os.getpid()}{file.suffix}")
    base = prepared.loaded.base_dir
    try:
        audience = write_witness(attacked.witness, draft, base, heading)
        try:
            _check_same(draft, attacked.goal, attacked.found.seen)
        finally:
            draft.unlink()
            audience.unlink()
        write_witness(attacked.witness, file, base, heading)
    except OSError as error:
        raise InputError([Problem(str(file), f"cannot be written: {error.strerror}", "choose another --out")]) from None


def measured(file: Path, goal: GoalName) -> Seen:
    """Return what a goal sees when a scenario file is run."""
    compiled = prepare_file(file).compiled()
    return GOALS[goal](compiled, play_reference(compiled.model, 0))


def _check_same(file: Path, goal: GoalName, seen: Seen) -> None:
    again = measured(file, goal)
    if (again.value, again.recipient, again.words) != (seen.value, seen.recipient, seen.words):
        raise AssertionError(f"the written file shows {again.value}, the search saw {seen.value}: please report this")
