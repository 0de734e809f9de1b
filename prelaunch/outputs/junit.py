"""JUnit XML: one suite a run, one test case a rule, in the form that CI servers read (the one of Ant and Jenkins).

A case fails if its violation counts for the exit code. A violation that somebody answers for, that is milder than
``--fail-on``, or that is not new under ``--fail-on-new``, is skipped and says so; so is what was not decided. Errors
are faults of the harness itself: entries of a suppressions file that could not be taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from policies.errors import Problem
from policies.findings import RuleResult, Verdict
from policies.sites import Site
from prelaunch.findings.about import About, Judged
from prelaunch.findings.counting import Threshold
from prelaunch.outputs.texts import OPEN, clean, line, sentence, suppressed, whole

NAME = "junit"
TEXT = True


def render(runs: Sequence[Judged]) -> bytes:
    """Return the document, UTF-8."""
    root = ET.Element("testsuites", name="prelaunch")
    for run in runs:
        root.append(_suite(run))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    root.set("time", "0")
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _suite(run: Judged) -> ET.Element:
    suite = ET.Element("testsuite", name=line(run.about.name))
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(run.about, run):
        ET.SubElement(properties, "property", name=name, value=line(value))
    cases = [_case(result, run.threshold, name) for name, result in _named(run.results)]
    cases += [_fault(number, problem) for number, problem in enumerate(run.marked.faults, 1)]
    suite.extend(cases)
    if run.marked.notes:
        ET.SubElement(suite, "system-out").text = clean("\n".join(run.marked.notes))
    suite.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", "0")
    return suite


def _properties(about: About, run: Judged) -> list[tuple[str, str]]:
    told = [("seed", about.seed), ("as_of", about.as_of), ("log_hash", about.log_hash), ("gate", about.gate),
            ("file", about.file), ("prelaunch", about.version)]  # fmt: skip
    told += [(f"pack.{name}", version) for name, version in about.packs.items()]
    told += [("fail_on", run.threshold.fail_on)]
    told += [("suppressed", run.marked.suppressed)] if run.marked.suppressing else []
    return [(name, str(value)) for name, value in told if value not in (None, "")]


def _named(results: Sequence[RuleResult]) -> list[tuple[str, RuleResult]]:
    """Return the results with names for their cases; a rule in several versions says which."""
    often = Counter(result.rule.id for result in results)
    return [
        (f"{result.rule.id} version {result.rule.version}" if often[result.rule.id] > 1 else result.rule.id, result)
        for result in results
    ]


def _case(result: RuleResult, threshold: Threshold, name: str) -> ET.Element:
    case = ET.Element("testcase", classname=f"prelaunch.{result.rule.pack}", name=name, time="0")
    if threshold.counts(result):
        failure = ET.SubElement(case, "failure", type=result.severity, message=sentence(result))
        failure.text = whole(result)
        return case
    if reason := _skipped(result, threshold):
        ET.SubElement(case, "skipped", message=line(reason))
    ET.SubElement(case, "system-out").text = whole(result)
    return case


def _skipped(result: RuleResult, threshold: Threshold) -> str:
    """Return why a case neither passed nor failed; empty where it passed."""
    if result.verdict == Verdict.VIOLATED:
        return f"violated, and does not count: {_why_not(result, threshold)}"
    if result.verdict in OPEN or result.verdict == Verdict.NOT_TESTED:
        missing = f"; missing: {', '.join(result.missing)}" if result.missing else ""
        return sentence(result) + missing
    return ""


def _why_not(result: RuleResult, threshold: Threshold) -> str:
    if result.suppressed is not None:
        return suppressed(Site("fail", result.failed, suppressed=result.suppressed))
    if result.severity not in threshold.grave:
        return f"its severity is {result.severity}, and --fail-on is {threshold.fail_on}"
    return "what is not suppressed stands in the baseline"


def _fault(number: int, problem: Problem) -> ET.Element:
    case = ET.Element("testcase", classname="prelaunch.suppressions", name=f"entry fault {number}", time="0")
    error = ET.SubElement(case, "error", type="suppression", message=line(f"not taken: {problem}"))
    error.text = clean(str(problem))
    return case
