"""Breaches of rules about the whole run, planted among clean neighbours: each is found by name, and none invented."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from policies.evidence import Evidence
from policies.findings import RuleResult, judge_results
from policies.kinds import KIND_NAMES
from policies.rules import RUN_KINDS
from scenarios.foreign.case import Given, prepare_case
from scenarios.foreign.mapping import LogMapping
from scenarios.foreign.read import read_log
from tests.support.planting.rules import RULES
from tests.support.planting.run_mixed import OTHER_WAYS, RUN_LIMITS, mixed_run, run_at_limit
from tests.support.planting.run_planter import HEADER, KINDS, Run, RunLimit, rules_of
from tests.support.planting.words import iso, name_of, pack_of, write_rows

MOST = 20
"""Breaches that a finding shows."""


def at(item: Evidence) -> str:
    return iso(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=item.at or 0))


NAMED: dict[str, Callable[[Evidence], str]] = {
    "quota": lambda item: f"{item.recipient} {at(item)}",
    "pilot": lambda item: item.campaign,
    "metric_threshold": lambda item: item.sender or item.template,
    "cascade_order": lambda item: item.campaign,
    "other_channel": lambda item: item.campaign,
    "rating_gate": lambda item: item.recipient,
    "review_record": lambda item: item.explanation.split()[-1],
    "statement": lambda item: item.explanation.split()[0],
}
"""By what a breach is known again."""


def audited(run: Run, folder: Path) -> dict[str, list[RuleResult]]:
    """The results of the rules of each kind."""
    write_rows(HEADER, run.rows, folder / "log.csv")
    (folder / "planted.yaml").write_text(pack_of(rules_of(run)), encoding="utf-8")
    given = Given(packs=(str(folder / "planted.yaml"),), zone=run.zone, evidence=run.evidence)
    case = prepare_case(read_log([str(folder / "log.csv")], mapping=LogMapping()), given)
    facts = replace(
        case.run, cascades=tuple(run.cascades), campaigns=tuple(run.campaigns), limits=run.limits,
        portfolios=run.portfolios,
    )  # fmt: skip
    found: dict[str, list[RuleResult]] = {kind: [] for kind in KINDS}
    kinds = {name: kind for name, kind, *_ in rules_of(run)}
    for result in judge_results(case.law, None, facts):
        found[kinds[name_of(result.rule.id)]].append(result)
    return found


def compare(run: Run, folder: Path, kinds: Sequence[str] = KINDS) -> None:
    """Breaches by name; cases for review by name too where the twenty shown leave room, else in number."""
    found = audited(run, folder)
    for kind in kinds:
        results = found[kind]
        failed = {NAMED[kind](item) for result in results for item in result.evidence if item.answer == "fail"}
        assert failed == run.fails[kind], (kind, run.number)
        assert sum(result.failed for result in results) == len(run.fails[kind]), (kind, run.number)
        assert sum(result.review for result in results) == len(run.reviews[kind]), (kind, run.number)
        assert sum(result.unknown for result in results) == 0, (kind, run.number)


def test_every_registered_kind_is_planted() -> None:
    """Whoever registers a kind adds its planting; each is planted in one place."""
    of_messages = {kind for _, kind, *_ in RULES}
    assert not of_messages & set(KINDS)
    assert of_messages | set(KINDS) == {*KIND_NAMES, *RUN_KINDS}
    assert {kind for _, kind, *_ in rules_of(Run(0))} == set(KINDS) == set(NAMED) == {*OTHER_WAYS, "pilot", "statement"}


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("breaks", [False, True])
@pytest.mark.parametrize("limit", RUN_LIMITS, ids=lambda limit: f"{limit.kind}-{limit.plant.__name__}")
def test_every_limit_is_kept_and_broken_by_the_least_there_is(
    limit: RunLimit, breaks: bool, number: int, tmp_path: Path
) -> None:
    run = run_at_limit(limit, breaks, number)
    assert bool(run.fails[limit.kind]) == (breaks and limit.of != "warn")
    compare(run, tmp_path, [limit.kind])


@pytest.mark.parametrize("number", range(6))
def test_neighbours_at_the_limit_break_nothing(number: int, tmp_path: Path) -> None:
    compare(mixed_run(1, number, 0, 40), tmp_path)


@pytest.mark.parametrize("number", range(6))
def test_what_was_planted_is_found_by_name_and_nothing_else(number: int, tmp_path: Path) -> None:
    compare(mixed_run(2, number, MOST, MOST), tmp_path)


@pytest.mark.long
def test_ten_thousand_of_every_kind_are_found_by_name_and_none_invented(tmp_path: Path) -> None:
    for number in range(10_000 // MOST):
        compare(mixed_run(3, number, MOST, MOST), tmp_path)
