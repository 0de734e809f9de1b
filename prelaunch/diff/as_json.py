"""A difference of two versions as JSON values: the content of diff.json, and of ``prelaunch diff --json``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policies.findings import RuleResult
from prelaunch.diff.counts import counts_as_dict
from prelaunch.diff.diff import Alone, Diff, Played, changed_verdicts
from prelaunch.diff.examples import Example
from prelaunch.reports.recipients import Showing
from prelaunch.rule_pages import difference_as_dict
from scenarios.diff.fields import ABSENT, FieldChange


def diff_as_dict(found: Diff, told: Sequence[Example], alone: Sequence[Alone], show: Showing) -> dict[str, Any]:
    """Return all that differs; recipients appear as ``show`` gives them."""
    return {
        "a": _side(found.a),
        "b": _side(found.b),
        "seed": found.a.compiled.model.seed,
        "replication": 0,
        "currency": found.a.compiled.scenario.currency,
        "equal": found.a.log_hash == found.b.log_hash,
        "notes": list(found.notes),
        "fields": [_field(change) for change in found.fields],
        "rules": [difference_as_dict(change) for change in found.rules],
        **counts_as_dict(found.counts),
        "verdicts": [
            {"id": _id(one, two), "before": _verdict(one), "after": _verdict(two)}
            for one, two in changed_verdicts(found.a.results, found.b.results)
        ],
        "examples": [
            {"change": example.change, "recipient": show(example.recipient), "campaign": example.campaign,
             "a": example.line_a, "b": example.line_b}
            for example in told
        ],
        "one_by_one": [
            {**_field(effect.change), "problem": effect.problem, "verdicts": list(effect.verdicts),
             "effect": effect.counts and counts_as_dict(effect.counts)}
            for effect in alone
        ],
    }  # fmt: skip


def _side(played: Played) -> dict[str, str]:
    return {"name": played.name, "as_of": played.compiled.line.as_of.isoformat(), "log_hash": played.log_hash}


def _field(change: FieldChange) -> dict[str, Any]:
    known = {name: value for name, value in (("before", change.before), ("after", change.after)) if value != ABSENT}
    return {"field": change.field, **known, "meaning": change.meaning}


def _id(one: RuleResult | None, two: RuleResult | None) -> str:
    result = two or one
    assert result is not None
    return result.rule.id


def _verdict(result: RuleResult | None) -> dict[str, Any] | None:
    if result is None:
        return None
    return {
        "verdict": result.verdict.value, "tested": result.tested, "failed": result.failed, "review": result.review,
        "unknown": result.unknown, "enforced": result.enforced,
    }  # fmt: skip
