"""SARIF 2.1.0: one run a rehearsal or log, one rule id a rule, one result a finding (a rule and a site).

Rules that were kept or not tested are listed with their verdicts and have no result. Fingerprints are those of
findings.json. Written by hand after the standard (OASIS, SARIF Version 2.1.0, read on 2026-11-29): a library of objects
would add nothing to dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from policies.findings import RuleResult
from policies.findings_json import counts_by_verdict
from policies.rules import Rule
from policies.sites import Site, fingerprint, same_place
from prelaunch import __version__
from prelaunch.findings.about import Judged
from prelaunch.outputs.places import Places, places
from prelaunch.outputs.texts import clean, evidence_lines, json_bytes, line, source

NAME = "sarif"
TEXT = True

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"block": "error", "error": "error", "warn": "warning", "info": "note"}
KINDS = {"fail": "fail", "review": "review", "unknown": "open"}
"""How SARIF calls our answers; *open* is what it says of too little information."""
STATES = {"new": "new", "unchanged": "unchanged", "gone": "absent"}
MOST_EVIDENCE = 5
"""Pieces of evidence that the message of one result shows; findings.json has all of them."""

Plain = dict[str, Any]


def render(runs: Sequence[Judged]) -> bytes:
    """Return the log, UTF-8."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(run) for run in runs]}
    return json_bytes(log)


def _run(run: Judged) -> Plain:
    rules = list({result.rule.id: result.rule for result in run.results}.values())
    index = {rule.id: number for number, rule in enumerate(rules)}
    where = places(run.about.text)
    return {
        "tool": {"driver": {
            "name": "prelaunch", "version": run.about.version or __version__, "rules": [_rule(rule) for rule in rules],
        }},
        "automationDetails": {"id": f"prelaunch/{line(run.about.name)}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not run.marked.faults, "toolConfigurationNotifications": _notes(run)}],
        "results": [item for result in run.results for item in _results(run, result, index[result.rule.id], where)],
        "properties": _facts(run),
    }  # fmt: skip


def _facts(run: Judged) -> Plain:
    about = run.about
    told = {"seed": about.seed, "as_of": about.as_of, "log_hash": about.log_hash, "gate": about.gate,
            "packs": dict(about.packs)}  # fmt: skip
    known = {name: value for name, value in told.items() if value not in (None, "", {})}
    return {**known, "verdicts": counts_by_verdict(run.results), "suppressed": run.marked.suppressed}


def _rule(rule: Rule) -> Plain:
    plain: Plain = {
        "id": rule.id,
        "name": _name(rule.id),
        "shortDescription": {"text": line(rule.title)},
        "fullDescription": {"text": line(rule.statement)},
        "help": {"text": clean(f"{rule.fix}\n\n{rule.rationale}\n\n{source(rule.citation)}").strip()},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"pack": rule.pack, "version": rule.version, "confidence": rule.confidence, "tags": [rule.pack]},
    }
    address = rule.citation.url
    return {**plain, "helpUri": _address(address)} if address.startswith(("https://", "http://")) else plain


def _name(rule_id: str) -> str:
    """Return the id in the form that SARIF asks of names: no punctuation."""
    return "".join(part.capitalize() for part in rule_id.split("-"))


def _address(url: str) -> str:
    return quote(line(url), safe=":/?#[]@!$&'()*+,;=%~-._")


def _results(run: Judged, result: RuleResult, index: int, where: Places) -> Iterator[Plain]:
    for site in (*result.sites, *result.gone):
        plain: Plain = {
            "ruleId": result.rule.id,
            "ruleIndex": index,
            "kind": KINDS[site.answer],
            "level": LEVELS[result.severity] if site.answer == "fail" else "none",
            "message": {"text": _message(result, site)},
            "locations": [_location(run, result.rule, site, where)],
            "partialFingerprints": _prints(result.rule.id, site),
            "occurrenceCount": max(site.count, 1),
            "properties": _properties(result, site),
        }
        if run.marked.suppressing:
            plain["suppressions"] = _suppressions(site)
        if run.marked.compared:
            plain["baselineState"] = STATES[site.baseline]
        yield plain


def _prints(rule_id: str, site: Site) -> dict[str, str]:
    """Return our fingerprint, and the same under the name by which GitHub knows a finding again."""
    value = fingerprint(rule_id, site)
    return {"prelaunchFinding/v1": value, "primaryLocationLineHash": f"{value[:16]}:1"}


def _message(result: RuleResult, site: Site) -> str:
    lines = [f"{result.rule.title}: {site.count} × {site.answer} at {site.words}."]
    if site.answer == "unknown" and result.missing:
        lines.append(f"Missing: {', '.join(result.missing)}.")
    of_site = [item for item in result.evidence if same_place(result.sites, item) == site]
    lines += [text for item in of_site[:MOST_EVIDENCE] for text in evidence_lines(item)]
    return clean("\n".join(lines))


def _properties(result: RuleResult, site: Site) -> Plain:
    names = {name: getattr(site, name) for name in ("campaign", "step", "channel", "template")}
    return {"verdict": result.verdict.value, "severity": result.severity, "answer": site.answer, "count": site.count,
            **{name: word for name, word in names.items() if word}}  # fmt: skip


def _location(run: Judged, rule: Rule, site: Site, where: Places) -> Plain:
    logical: Plain = {"fullyQualifiedName": line(site.words), "kind": "resource"}
    if not run.about.file:
        return {"logicalLocations": [logical]}
    number = where.line(rule, site)
    region: Plain = {"region": {"startLine": number}} if number else {}
    place = {"artifactLocation": {"uri": _uri(run.about.file)}, **region}
    return {"physicalLocation": place, "logicalLocations": [logical]}


def _uri(path: str) -> str:
    """Return a path as a reference, percent-encoded: relative, or that of a file of this machine."""
    plain = path.replace("\\", "/").removeprefix("./")
    return ("file://" if plain.startswith("/") else "") + quote(plain.encode("utf-8", "replace"), safe="/~-._")


def _suppressions(site: Site) -> list[Plain]:
    one = site.suppressed
    if one is None:
        return []
    told = {"approver": one.approver, "expires": one.expires, "id": one.id, "entry": one.where}
    return [{
        "kind": "external", "status": "accepted",
        "justification": line(f"{one.reason} ({one.approver}, until {one.expires})"),
        "properties": {name: word for name, word in told.items() if word},
    }]  # fmt: skip


def _notes(run: Judged) -> list[Plain]:
    faults = [{"level": "error", "message": {"text": line(f"suppression not taken: {problem}")}}
              for problem in run.marked.faults]  # fmt: skip
    return faults + [{"level": "warning", "message": {"text": line(note)}} for note in run.marked.notes]
