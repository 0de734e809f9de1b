"""Two versions played on the same draws, and all that differs between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from policies.catalogue import Difference, compare_rules
from policies.errors import InputError, Problem
from policies.findings import RuleResult
from policies.people import Int64s
from prelaunch.comparing import pairing_notes
from prelaunch.diff.counts import Counts, count_changes
from prelaunch.rehearsal import Stage, compile_first
from scenarios.compile.model import Compiled
from scenarios.diff.applying import with_change
from scenarios.diff.fields import FieldChange, changed_fields
from scenarios.diff.pairs import Pairs, pair_up
from scenarios.diff.sides import Names, Side, read_side, same_people, shared_names
from scenarios.experiments.prepare import Prepared, prepare
from scenarios.experiments.simulate import simulate
from scenarios.experiments.verdicts import judge_run
from scenarios.model import Template
from simulator.engine.log import Rows, log_hash, to_arrow
from simulator.engine.run import EngineName, release_count


@dataclass(frozen=True, slots=True)
class Played:
    """One version, its first replication, and the verdicts on it."""

    name: str
    prepared: Prepared
    compiled: Compiled
    log: Rows
    table: pa.Table
    results: tuple[RuleResult, ...]

    @property
    def log_hash(self) -> str:
        """Return the hash of the log, which does not depend on the order of its rows."""
        return f"{log_hash(self.log, self.compiled.model, 0):032x}"


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between two versions; ``place_b`` numbers the second's people as the first's, -1: not there."""

    a: Played
    b: Played
    names: Names
    side_a: Side
    side_b: Side
    pairs: Pairs
    place_b: Int64s
    fields: tuple[FieldChange, ...]
    rules: tuple[Difference, ...]
    counts: Counts
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alone:
    """The effect of one change alone; ``problem`` says why there is none to tell."""

    change: FieldChange
    counts: Counts | None
    verdicts: tuple[str, ...] = ()
    problem: str = ""


def diff(names: tuple[str, str], both: tuple[Prepared, Prepared], engine: EngineName, jobs: int, stage: Stage) -> Diff:
    """Return what differs. Raises InputError where the two do not share their luck."""
    compiled = [prepared.compiled() for prepared in both]
    _check_paired(names, compiled)
    a, b = _play(names, both, compiled, engine, jobs, stage)
    return _between(a, b, pairing_notes(names, compiled))


def one_by_one(found: Diff, engine: EngineName, stage: Stage) -> Iterator[Alone]:
    """Yield the effect of each changed field, made alone in the first version, in their order."""
    a = found.a
    with stage("one change at a time", len(found.fields)) as progress:
        for number, change in enumerate(found.fields):
            yield _alone(found, change, a, engine)
            progress(number + 1)


def changed_verdicts(
    a: Sequence[RuleResult], b: Sequence[RuleResult]
) -> list[tuple[RuleResult | None, RuleResult | None]]:
    """Return the rules whose verdict or number of failures differs, in the order of the packs; None: not judged."""
    old, new = ({result.rule.id: result for result in results} for results in (a, b))
    pairs = [(old.get(rule), new.get(rule)) for rule in dict.fromkeys((*old, *new))]
    return [(one, two) for one, two in pairs if _standing(one) != _standing(two)]


def _standing(result: RuleResult | None) -> tuple[object, ...]:
    return () if result is None else (result.verdict, result.failed, result.review, result.unknown, result.enforced)


def _play(
    names: tuple[str, str], both: tuple[Prepared, Prepared], compiled: list[Compiled], engine: EngineName, jobs: int,
    stage: Stage,
) -> tuple[Played, Played]:  # fmt: skip
    compile_first(compiled, engine, stage)
    with stage("rehearsing", sum(release_count(run.model) for run in compiled)) as progress:
        done = simulate(compiled, 1, engine=engine, jobs=jobs, progress=progress)
    if done[0].interrupted or done[1].interrupted:
        raise KeyboardInterrupt
    with stage("judging", 2) as progress:
        played = []
        for number, (name, prepared, run, result) in enumerate(zip(names, both, compiled, done, strict=True)):
            played.append(_judged(name, prepared, run, result.logs[0]))
            progress(number + 1)
    return played[0], played[1]


def _judged(name: str, prepared: Prepared, compiled: Compiled, log: Rows) -> Played:
    table = to_arrow(log, compiled.model, run=name, replication=0)
    return Played(name, prepared, compiled, log, table, judge_run(compiled, {0: table}))


def _check_paired(names: tuple[str, str], runs: Sequence[Compiled]) -> None:
    """Raise InputError with every reason for which a difference could be luck as well as the change."""
    one, two = runs
    problems = []
    if one.model.seed != two.model.seed:
        what = f"seed {two.model.seed}, {names[0]} has {one.model.seed}: not paired, nothing could be told from luck"
        problems.append(Problem(names[1], what, "give both one seed: --seed N"))
    if one.scenario.currency != two.scenario.currency:
        what = f"costs are in {two.scenario.currency}, those of {names[0]} in {one.scenario.currency}"
        problems.append(Problem(names[1], what, "give both scenarios one currency"))
    if not np.isin(two.people.key, one.people.key).any():
        what = f"has nobody in common with {names[0]}: not paired"
        problems.append(Problem(names[1], what, "give both one audience: --audience FILE"))
    ids = [{campaign.id for campaign in run.model.campaigns} for run in runs]
    if not ids[0] & ids[1]:
        what = f"has no campaign id in common with {names[0]}, and luck goes by the id: not paired"
        problems.append(Problem(names[1], what, "give campaigns that correspond one id"))
    if problems:
        raise InputError(problems)


def _between(a: Played, b: Played, notes: tuple[str, ...] = ()) -> Diff:
    names = shared_names(a.compiled.model, b.compiled.model)
    place_b = same_people(a.compiled.people, b.compiled.people)
    known = np.zeros(len(a.compiled.people), np.bool_)
    known[place_b[place_b >= 0]] = True
    place_a = np.where(known, np.arange(len(known)), -1)
    side_a = read_side(a.log, a.compiled.model, names, place_a)
    side_b = read_side(b.log, b.compiled.model, names, place_b)
    pairs = pair_up(side_a, side_b, _words(a, b, names), names)
    scenarios = a.prepared.scenario, b.prepared.scenario
    return Diff(
        a=a, b=b, names=names, side_a=side_a, side_b=side_b, pairs=pairs, place_b=place_b,
        fields=changed_fields(*scenarios),
        rules=compare_rules(a.compiled.law.rules, b.compiled.law.rules),
        counts=count_changes(side_a, side_b, pairs),
        notes=notes,
    )  # fmt: skip


def _words(a: Played, b: Played, names: Names) -> tuple[Int64s, Int64s]:
    """Return for each side the text of each template of ``names``, by one numbering; -1 where it has no such one."""
    numbers: dict[tuple[object, ...], int] = {}

    def codes(templates: dict[str, Template]) -> Int64s:
        own = [_text(templates[name]) if name in templates else None for name in names.templates]
        found = [-1 if text is None else numbers.setdefault(text, len(numbers)) for text in own]
        return np.array([*found, -1], np.int64)

    return codes(dict(a.prepared.scenario.templates)), codes(dict(b.prepared.scenario.templates))


def _text(template: Template) -> tuple[object, ...]:
    buttons = tuple((button.kind, button.label, button.target) for button in template.buttons)
    words = template.body, template.subject, template.header, template.footer
    return (*words, buttons, tuple(sorted(template.variables.items())))


def _alone(found: Diff, change: FieldChange, a: Played, engine: EngineName) -> Alone:
    try:
        loaded = with_change(a.prepared.loaded, a.prepared.scenario, found.b.prepared.scenario, change)
        prepared = prepare(loaded)
        compiled = prepared.compiled()
        _check_paired((a.name, "it alone"), [a.compiled, compiled])
    except InputError as error:
        return Alone(change, None, problem=str(error.problems[0]))
    done = simulate([compiled], 1, engine=engine)[0]
    played = _judged(change.field, prepared, compiled, done.logs[0])
    verdicts = changed_verdicts(a.results, played.results)
    rules = tuple((one or two).rule.id for one, two in verdicts)  # type: ignore[union-attr]
    return Alone(change, _between(a, played).counts, rules)
