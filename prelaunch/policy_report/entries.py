"""Findings, as a run folder keeps them, as the entries of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from policies.errors import InputError, Problem
from policies.evidence import Showing
from prelaunch.policy_report.model import Citation, Entry, Evidence, RuleText, Suppressed, Witness
from prelaunch.policy_report.people import Names, names_of
from prelaunch.policy_report.witness import rows_of, witness_of

MOST_EVIDENCE, MOST_LACKING = 5, 2
"""Pieces of evidence that a report shows for a rule, and for one that lacks an input; findings.json has up to 20."""
COPIED = ("verdict", "severity", "tested", "failed", "review", "unknown", "enforced", "upper_bound", "note")


def entries_of(
    findings: Sequence[Mapping[str, Any]], witnesses: Mapping[str, Witness], names: Names
) -> tuple[Entry, ...]:
    """Return an entry for each finding, with its witness if there is one."""
    return tuple(_entry(found, witnesses, names) for found in findings)


def witnesses_of(findings: Sequence[Mapping[str, Any]], log: pa.Table, show: Showing) -> dict[str, Witness]:
    """Return for each violated rule, by ``rule_key``, the way of the first person in its evidence."""
    first = {rule_key(found): person for found in findings if (person := _first_person(found)) is not None}
    names = names_of(first.values(), log, show)
    rows = rows_of(log, names.external.values())
    made: dict[str, Witness] = {}
    for found in findings:
        name = first.get(rule_key(found))
        if name is not None and name in names.external:
            witness = witness_of(_evidence(found["evidence"][0], names), rows, names.external[name])
            made |= {} if witness is None else {rule_key(found): witness}
    return made


def rule_key(found: Mapping[str, Any]) -> str:
    """Return how witnesses name the rule of a finding."""
    return f"{found['rule']['id']}/{found['rule']['version']}"


def recipients_of(findings: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the recipients that the evidence of the findings names."""
    return [item["recipient"] for found in findings for item in found["evidence"] if item["recipient"]]


def checked(findings: Any, where: str) -> Sequence[Mapping[str, Any]]:
    """Return the findings; raises ``InputError`` if they are none, or none that this version understands."""
    try:
        for found in findings:
            _entry(found, {}, Names())
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


def _entry(found: Mapping[str, Any], witnesses: Mapping[str, Witness], names: Names) -> Entry:
    most = MOST_LACKING if found["verdict"] == "needs input" else MOST_EVIDENCE
    evidence = [_evidence(item, names) for item in found["evidence"][:most]]
    witness = witnesses.get(rule_key(found))
    if witness is not None:
        first = evidence[0]
        witness = msgspec.structs.replace(witness, recipient=first.recipient, replay=first.replay)
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
