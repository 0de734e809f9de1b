"""Verdicts of proof as findings, in the form of those of a run: places, fingerprints and marks agree."""

from __future__ import annotations

import shlex
from dataclasses import replace

from policies.evidence import Evidence
from policies.findings import RuleResult, located
from policies.records import CHANNELS
from policies.verdicts import DECIDING, Verdict
from policies.verify.witness import Witness
from prelaunch import __version__
from prelaunch.findings.about import About, Judged, called
from prelaunch.verifying import Verified, replay_line, sentence, timeline
from scenarios.experiments.verdicts import step_of
from scenarios.plan.prove import Proved

KEPT = (Verdict.PROVED, Verdict.NOT_TESTED)
"""The verdicts by which nothing of a baseline is left; a witness shows one place, and says nothing of the others."""


def about(found: Verified) -> About:
    """Return what the findings are about: the scenario, as a run of it would say, without gate and seed."""
    return About(
        name=found.compiled.scenario.name, file=called(found.file), text=found.prepared.loaded.text,
        as_of=found.compiled.line.as_of.isoformat(),
        packs={pack.name: pack.version for pack in found.compiled.law.loaded}, version=__version__,
    )  # fmt: skip


def results_of(found: Verified) -> tuple[RuleResult, ...]:
    """Return the verdict on each rule as a result; a witness is its one message, with the command that plays it."""
    step = step_of(found.compiled)
    return tuple(located(_result(found, one), step) for one in found.proved)


def one_place_each(judged: Judged) -> Judged:
    """Return the findings without what a single witness cannot tell: that others are gone, or that there are none."""
    marked = judged.marked
    notes = tuple(
        f"{result.rule.id}: proofs show one place a rule, and this one does not count; others were not looked for"
        for result in marked.results
        if any(site.suppressed is not None or (site.baseline == "unchanged") for site in result.sites)
    )
    results = tuple(result if result.verdict in KEPT else replace(result, gone=()) for result in marked.results)
    return replace(judged, marked=replace(marked, results=results, notes=(*marked.notes, *notes)))


def _result(found: Verified, one: Proved) -> RuleResult:
    proof = one.proof
    answer = DECIDING.get(proof.verdict, "")
    evidence = (_evidence(found, one, one.witness, answer),) if one.witness is not None else ()
    said = sentence(one)
    return RuleResult(
        rule=proof.rule, verdict=proof.verdict, tested=len(evidence),
        failed=int(answer == "fail"), review=int(answer == "review"), unknown=int(answer == "unknown"),
        upper_bound=None, evidence=evidence,
        missing=(said,) if answer == "unknown" else (),
        note=": ".join(filter(None, (proof.bound, "" if evidence else said))),
        severity=proof.severity,
    )  # fmt: skip


def _evidence(found: Verified, one: Proved, witness: Witness, answer: str) -> Evidence:
    """Return the message of a witness; its place is the one that the audit of the played witness gives."""
    rows = timeline(found, witness)
    course = "; ".join(f"{row['local']} {' '.join(filter(None, (row['step'], row['text'])))}" for row in rows)
    replay = replay_line(found, one) or shlex.join(
        ["prelaunch", "verify", called(found.file) or "-", "--rule", one.proof.rule.id, "--out", "verified"]
    )
    told = Evidence(
        answer, f"{sentence(one)} ({course})", at=witness.violates_at, local_time=rows[-1]["local"], replay=replay
    )
    if one.evidence is not None:
        place = {
            name: getattr(one.evidence, name) for name in ("recipient", "campaign", "channel", "template", "sender")
        }
        return replace(told, **place)
    step, model = found.plan.steps[witness.step], found.compiled.model
    return replace(
        told, campaign=found.plan.campaigns[step.campaign].id, channel=CHANNELS[step.channel],
        template=model.templates[step.template].id,
    )  # fmt: skip
