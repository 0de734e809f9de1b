"""OSCAL assessment-results: a result for each run, an observation for each finding and each rule without any.

A *finding* of OSCAL is a rule that is proved, broken or open.

*Satisfied* is said of what is proved and of nothing else: that no message failed in a rehearsal is an observation.
Exceptions become risks whose status is an approved deviation, with its deadline. Identifiers are made from content
(UUID 5), so equal findings have equal files on equal days. Written by hand after NIST's model 1.2.3 (read on
2026-11-29): plain dictionaries need no library.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from policies.findings import RuleResult, Verdict
from policies.instants import instant_text
from policies.sites import Site, fingerprint, same_place
from prelaunch import __version__
from prelaunch.findings.about import Judged
from prelaunch.outputs.texts import OPEN, clean, json_bytes, line, sentence, source
from prelaunch.reports.verdicts import MEANING

NAME = "oscal"
TEXT = True

VERSION = "1.2.3"
NAMESPACE = "urn:prelaunch:oscal"
STATES = {
    Verdict.VIOLATED: ("not-satisfied", "fail"),
    Verdict.PROVED: ("satisfied", "pass"),
    **dict.fromkeys(OPEN, ("not-satisfied", "other")),
}
"""Verdicts of which OSCAL can say whether the rule is satisfied; the others are observations alone."""

Plain = dict[str, Any]


def render(runs: Sequence[Judged]) -> bytes:
    """Return the document, UTF-8."""
    day = max((run.today for run in runs), default=date.min)
    names = ", ".join(line(run.about.name) for run in runs)
    plan = _id("plan", names)
    body = {
        "metadata": {
            "title": line(f"Findings of prelaunch: {names}"),
            "last-modified": _midnight(day),
            "version": runs[0].about.version or __version__ if runs else __version__,
            "oscal-version": VERSION,
        },
        "import-ap": {"href": f"#{plan}"},
        "results": [_result(run, number) for number, run in enumerate(runs)],
        "back-matter": {"resources": [{
            "uuid": plan, "title": "What was assessed",
            "description": line(", ".join(run.about.file or run.about.name for run in runs)),
        }]},
    }  # fmt: skip
    key = _id("document", json.dumps(body, sort_keys=True))
    return json_bytes({"assessment-results": {"uuid": key, **body}})


def _id(*parts: str) -> str:
    """Return the identifier of what the parts tell apart."""
    name = "\x1f".join(parts).encode("utf-8", "replace").decode()
    return str(uuid5(uuid5(NAMESPACE_URL, NAMESPACE), name))


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _props(**told: object) -> Plain:
    """Return the properties that say something; an empty list is none at all."""
    props = [
        {"name": name.replace("_", "-"), "ns": NAMESPACE, "value": line(str(value))}
        for name, value in told.items()
        if value not in (None, "")
    ]
    return {"props": props} if props else {}


def _result(run: Judged, number: int) -> Plain:
    about = run.about
    key = _id("result", about.name, about.log_hash, str(number))
    controls = [{"control-id": name} for name in dict.fromkeys(_token(result.rule.id) for result in run.results)]
    reviewed: Plain = {"include-controls": controls} if controls else {"include-all": {}}
    plain: Plain = {
        "uuid": key,
        "title": line(about.name),
        "description": line(f"Rules judged on {about.file or about.name}"),
        "start": _midnight(run.today),
        **_props(
            seed=about.seed, as_of=about.as_of, log_hash=about.log_hash, gate=about.gate,
            packs=", ".join(f"{name} {version}" for name, version in about.packs.items()),
        ),
        "reviewed-controls": {"control-selections": [reviewed]},
    }  # fmt: skip
    lists = {
        "observations": [item for place, result in enumerate(run.results)
                         for item in _observations(run, result, key, place)],
        "risks": [item for place, result in enumerate(run.results) for item in _risks(result, key, place)],
        "findings": [item for place, result in enumerate(run.results) for item in _finding(result, key, place)],
    }  # fmt: skip
    remarks = [f"suppression not taken: {problem}" for problem in run.marked.faults] + list(run.marked.notes)
    told = {"remarks": clean("\n\n".join(remarks))} if remarks else {}
    return {**plain, **{name: items for name, items in lists.items() if items}, **told}


def _token(rule_id: str) -> str:
    """Return the id as OSCAL wants it: it may not begin with a digit."""
    return rule_id if rule_id[:1].isalpha() else f"_{rule_id}"


def _observed(result: RuleResult) -> list[Site | None]:
    """Return the sites of a rule, those that are gone too; nothing in particular where it has none."""
    return [*result.sites, *result.gone] or [None]


def _observation_id(key: str, place: int, result: RuleResult, site: Site | None) -> str:
    return _id("observation", key, str(place), fingerprint(result.rule.id, site))


def _observations(run: Judged, result: RuleResult, key: str, place: int) -> Iterator[Plain]:
    for site in _observed(result):
        plain: Plain = {
            "uuid": _observation_id(key, place, result, site),
            "title": line(f"{result.rule.id}: {site.words if site else result.verdict.value}"),
            "description": sentence(result),
            **_observation_props(result, site),
            "methods": ["TEST"],
            "types": ["finding" if site and site.baseline != "gone" else "control-objective"],
            "collected": _midnight(run.today),
        }
        evidence = list(_evidence(result, site))
        yield {**plain, "relevant-evidence": evidence} if evidence else plain


def _observation_props(result: RuleResult, site: Site | None) -> Plain:
    counts = {"tested": result.tested, "failed": result.failed, "review": result.review, "unknown": result.unknown,
              "enforced": result.enforced or None, "upper_bound": result.upper_bound}  # fmt: skip
    shared = {"verdict": result.verdict.value, "severity": result.severity, "pack": result.rule.pack,
              "missing": ", ".join(result.missing)}  # fmt: skip
    if site is None:
        return _props(**shared, **counts, fingerprint=fingerprint(result.rule.id))
    return _props(
        **shared, **counts, fingerprint=fingerprint(result.rule.id, site), answer=site.answer, count=site.count,
        campaign=site.campaign, step=site.step, channel=site.channel, template=site.template, baseline=site.baseline,
    )  # fmt: skip


def _evidence(result: RuleResult, site: Site | None) -> Iterator[Plain]:
    for item in result.evidence:
        if site is None or same_place(result.sites, item) == site:
            at = None if item.at is None else instant_text(item.at)
            yield {
                "description": line(f"{item.answer}: {item.explanation}"),
                **_props(recipient=item.recipient, sender=item.sender, at=at, local_time=item.local_time,
                         replay=item.replay),
            }  # fmt: skip


def _suppressed(result: RuleResult) -> list[Site]:
    return [site for site in result.sites if site.suppressed is not None]


def _risk_id(key: str, place: int, result: RuleResult, site: Site) -> str:
    return _id("risk", key, str(place), fingerprint(result.rule.id, site))


def _risks(result: RuleResult, key: str, place: int) -> Iterator[Plain]:
    for site in _suppressed(result):
        assert site.suppressed is not None
        one = site.suppressed
        yield {
            "uuid": _risk_id(key, place, result, site),
            "title": line(f"{result.rule.id}: {site.words}"),
            "description": sentence(result),
            "statement": line(one.reason),
            **_props(approver=one.approver, expires=one.expires, id=one.id, entry=one.where),
            "status": "deviation-approved",
            "deadline": _midnight(date.fromisoformat(one.expires)),
            "related-observations": [{"observation-uuid": _observation_id(key, place, result, site)}],
        }


def _finding(result: RuleResult, key: str, place: int) -> Iterator[Plain]:
    if result.verdict not in STATES:
        return
    state, reason = STATES[result.verdict]
    rule = result.rule
    risks = [{"risk-uuid": _risk_id(key, place, result, site)} for site in _suppressed(result)]
    yield {
        "uuid": _id("finding", key, str(place), rule.id),
        "title": line(f"{rule.id}: {rule.title}"),
        "description": clean(f"{rule.statement}\n\n{sentence(result)}\n\n{source(rule.citation)}"),
        **_props(verdict=result.verdict.value, severity=result.severity, baseline=result.baseline),
        "target": {
            "type": "objective-id", "target-id": _token(rule.id),
            "status": {"state": state, "reason": reason, "remarks": MEANING[result.verdict]},
        },
        "related-observations": [
            {"observation-uuid": _observation_id(key, place, result, site)} for site in _observed(result)
        ],
        **({"related-risks": risks} if risks else {}),
    }  # fmt: skip
