"""The cases of each kind, and what holds of every kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from policies import gate, kinds
from policies.kinds import KIND_NAMES, KINDS, consent, kind_index
from policies.kinds.base import ANSWER_NAMES, P_WIDTH, TEMPLATE_STATES
from policies.people import BASES, EVIDENCE
from policies.records import MISSING, NEVER
from policies.tables import compile_rules
from tests import mutants
from tests.support.judging import all_cases, case_files, judge, make_attempt, make_rule, messages_of, world

CASES = list(all_cases())
NOT_KINDS = {"__init__", "base"}
OWN_CASES_ELSEWHERE = {"content"}


@pytest.mark.parametrize(("kind", "case"), CASES, ids=[f"{kind}: {case['name']}" for kind, case in CASES])
def test_a_case_is_answered_as_expected(kind: str, case: dict[str, Any]) -> None:
    assert judge(kind, case, world(case)) == []


@pytest.mark.parametrize(("kind", "case"), CASES, ids=[f"{kind}: {case['name']}" for kind, case in CASES])
def test_the_parameters_of_a_case_fit_the_schema(kind: str, case: dict[str, Any]) -> None:
    jsonschema.validate(case.get("params", {}), KINDS[kind_index(kind)].schema)


def test_the_registry_is_the_content_of_the_folder() -> None:
    folder = {path.stem for path in Path(kinds.__file__).parent.glob("*.py")} - NOT_KINDS
    assert set(KIND_NAMES) == folder
    assert len(KIND_NAMES) == len(folder)


def test_the_gate_knows_the_place_of_every_kind() -> None:
    places = {name: getattr(gate, name.upper(), len(KINDS) - 1) for name in KIND_NAMES}
    assert places == {name: index for index, name in enumerate(KIND_NAMES)}


@pytest.mark.parametrize("kind", KINDS, ids=KIND_NAMES)
def test_a_kind_keeps_the_contract(kind: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(kind.schema)
    for name in ("prepare", "state_size", "evaluate", "boundaries", "explain"):
        assert callable(getattr(kind, name))
    has_state = kind.state_size([1] * P_WIDTH) > 0
    assert has_state == hasattr(kind, "observe") == hasattr(kind, "initial")


def test_every_kind_has_cases() -> None:
    assert set(case_files()) | OWN_CASES_ELSEWHERE == set(KIND_NAMES)


@pytest.mark.parametrize(("kind", "case"), CASES, ids=[f"{kind}: {case['name']}" for kind, case in CASES])
def test_every_answer_is_explained_in_words(kind: str, case: dict[str, Any]) -> None:
    module = KINDS[kind_index(kind)]
    attempt = make_attempt(messages_of(case)[0])
    said = {module.explain(case.get("params", {}), answer, attempt) for answer in (*list(ANSWER_NAMES)[:4], 10**15)}
    assert all(len(sentence) > 10 for sentence in said)


def test_boundaries_are_numbers_of_the_rows() -> None:
    for kind, case in CASES:
        _, context, _ = world(case)
        table = compile_rules([make_rule(kind, case.get("params", {}))], context)
        for row in table.rows.tolist():
            found = KINDS[kind_index(kind)].boundaries(row)
            assert all(isinstance(value, int) for value in found)
            assert found == sorted(found)


@pytest.mark.long
def test_no_mutant_of_a_kind_survives_its_cases() -> None:
    assert mutants.main([]) == 0


def test_missing_is_not_a_date_before_all_others() -> None:
    assert len({MISSING, -NEVER, NEVER}) == 3


def test_an_unknown_kind_is_an_error_that_names_the_rule() -> None:
    with pytest.raises(ValueError, match=r"X-1.*'nonsense' is not a kind"):
        compile_rules([make_rule("nonsense", {})], world(CASES[0][1])[1])


def test_the_bits_of_a_basis_lie_below_those_of_what_it_asks() -> None:
    assert len(EVIDENCE) <= consent.WIDTH
    assert set(BASES) <= set(EVIDENCE)


def test_approved_is_a_state_of_templates() -> None:
    assert "approved" in TEMPLATE_STATES
