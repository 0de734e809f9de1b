"""Every rule of the library's scenarios that is about one recipient is decided within the bound that is the default."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from policies.verdicts import Verdict
from policies.verify.verify import WHOLE_RUN, Proof, verify_plan
from scenarios.experiments.prepare import prepare_file
from scenarios.plan.make import make_plan

LIBRARY = Path("scenarios/library")
LARGE = ("calendar-month", "edna-promo", "five-step-offer", "manzana-cascade")
FILES = [
    pytest.param(path, id=path.stem, marks=[pytest.mark.long] * (path.stem in LARGE))
    for path in sorted(LIBRARY.glob("*.yaml"))
]


@cache
def _proofs(path: Path) -> tuple[Proof, ...]:
    return verify_plan(make_plan(prepare_file(path).compiled("observe")))


@pytest.mark.parametrize("path", FILES)
def test_only_what_is_about_whole_runs_is_not_decided(path: Path) -> None:
    left = [one for one in _proofs(path) if one.verdict == Verdict.NOT_DECIDED]
    assert {one.note for one in left} <= {WHOLE_RUN}


@pytest.mark.long
@pytest.mark.parametrize("name", ["calendar-month", "manzana-cascade"])
def test_caps_that_own_guards_keep_are_proved_for_many_messages(name: str) -> None:
    (cap,) = (one for one in _proofs(LIBRARY / f"{name}.yaml") if one.rule.id == "BP-CAP-01")
    assert cap.verdict == Verdict.PROVED
