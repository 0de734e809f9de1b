"""Twelve bugs that people make in their campaigns: each has a witness of one recipient, and mended it is proved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.instants import instant_text
from policies.verdicts import Verdict
from scenarios.experiments.prepare import Prepared, prepare_file
from scenarios.plan.prove import Proved, prove
from scenarios.plan.replay import replay

BUGS = Path(__file__).parent / "bugs"
SHARED = ("base", "house")
FILES = sorted(path for path in BUGS.glob("*.yaml") if path.stem not in SHARED)


def _bug(path: Path) -> dict[str, Any]:
    bug: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return bug


def _prepared(bug: dict[str, Any], *, mended: bool) -> Prepared:
    changes = {**bug["scenario"], **(bug["mended"] if mended else {})}
    return prepare_file(BUGS / "base.yaml", overrides={name: _plain(value) for name, value in changes.items()})


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _proved(bug: dict[str, Any], folder: Path, *, mended: bool) -> Proved:
    _, _, (one,) = prove(_prepared(bug, mended=mended), folder, only=[bug["rule"]])
    return one


def test_there_are_twelve() -> None:
    assert len(FILES) == 12


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_bug_has_a_witness_that_both_engines_play(path: Path, tmp_path: Path) -> None:
    bug = _bug(path)
    one = _proved(bug, tmp_path, mended=False)
    assert one.proof.verdict == Verdict.VIOLATED
    assert one.witness is not None
    assert instant_text(one.witness.violates_at) == bug["violates_at"]
    assert one.confirmed, one.shown
    assert one.files is not None
    assert replay(one.files.scenario, bug["rule"], "compiled") == one.shown


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_with_the_bug_mended_the_rule_is_proved(path: Path, tmp_path: Path) -> None:
    assert _proved(_bug(path), tmp_path, mended=True).proof.verdict == Verdict.PROVED
