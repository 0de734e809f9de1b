"""Findings, as a run folder keeps them, as the entries of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from policies.errors import InputError, Problem
from prelaunch.policy_report.model import Citation, Entry, Evidence, RuleText, Suppressed, Witness
from prelaunch.policy_report.people import Names
from prelaunch.policy_report.witness import rows_of, witness_of

MOST_EVIDENCE, MOST_LACKING = 5, 2
"""Pieces of evidence that a report shows for a rule, and for one that lacks an input; findings.json has up to 20."""
COPIED = ("verdict", "severity", "tested", "failed", "review", "unknown", "enforced", "upper_bound", "note")


def entries_of(findings: Sequence[Mapping[str, Any]], log: pa.Table | None, names: Names) -> tuple[Entry, ...]:
    """Return an entry for each finding; violated ones get a witness if the log is at hand."""
    people = [name for found in findings if (name := _first_person(found)) is not None]
    rows = {} if log is None else rows_of(log, [names.external[name] for name in people if name in names.external])
    return tuple(_entry(found, rows, names) for found in findings)


def recipients_of(findings: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the recipients that the evidence of the findings names."""
    return [item["recipient"] for found in findings for item in found["evidence"] if item["recipient"]]


def checked(findings: Any, where: str) -> Sequence[Mapping[str, Any]]:
    """Return the findings; raises ``InputError`` if they are none, or none that this version understands."""
    try:
        for found in findings:
            _entry(found, {}, Names({}, {}))
    except (TypeError, KeyError, AttributeError, msgspec.ValidationError) as error:
        what = f"holds no findings of this version: {type(error).__name__} {error}"
        raise InputError([Problem(where, what, "make it again")]) from None
    checked_findings: Sequence[Mapping[str, Any]] = findings
    return checked_findings


def _first_person(found: Mapping[str, Any]) -> str | None:
    """Return the recipient whose way becomes the witness; None where nothing was broken, or by no person."""
    if found["verdict"] != "violated" or not found["evidence"]:
        return None
    return found["evidence"][0]["recipient"] or None


def _entry(found: Mapping[str, Any], rows: Mapping[str, list[dict[str, Any]]], names: Names) -> Entry:
    most = MOST_LACKING if found["verdict"] == "needs input" else MOST_EVIDENCE
    evidence = [_evidence(item, names) for item in found["evidence"][:most]]
    person = _first_person(found)
    witness: Witness | None = None
    if person is not None and person in names.external:
        witness = witness_of(evidence[0], rows, names.external[person])
    suppressed = found.get("suppressed")
    entry = Entry(
        rule=rule_text(found["rule"]),
        **{name: found[name] for name in COPIED},
        missing=tuple(found["missing"]),
        evidence=tuple(evidence),
        found=len(found["evidence"]),
        witness=witness,
        suppressed=Suppressed(*(str(suppressed.get(name, "")) for name in ("reason", "approver", "expires")))
        if suppressed
        else None,
    )
    return msgspec.convert(msgspec.to_builtins(entry), Entry)


def _evidence(item: Mapping[str, Any], names: Names) -> Evidence:
    shown = names.shown(item["recipient"])
    replay = item["replay"]
    if item["recipient"] and replay.endswith(f" {item['recipient']}"):
        replay = replay.removesuffix(item["recipient"]) + shown
    known = {name: item[name] for name in Evidence.__struct_fields__}
    return Evidence(**{**known, "recipient": shown, "replay": replay})


def rule_text(rule: Mapping[str, Any]) -> RuleText:
    """Return the part of a rule that a report shows."""
    fields = {name: rule[name] for name in RuleText.__struct_fields__ if name in rule}
    cited = {name: rule["citation"][name] for name in Citation.__struct_fields__ if name in rule["citation"]}
    return RuleText(**{**fields, "citation": Citation(**cited)})
