"""Findings in words, and texts that any format can carry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from policies.evidence import Evidence
from policies.findings import RuleResult, Verdict
from policies.instants import instant_text
from policies.rules import Citation
from policies.sites import Site
from prelaunch.reports.verdicts import in_words

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold: control characters, halves of surrogate pairs, U+FFFE and U+FFFF."""
_HALF = re.compile("[\ud800-\udfff]")

OPEN = (Verdict.REVIEW, Verdict.NEEDS_INPUT, Verdict.NOT_DECIDED)
"""Verdicts that say neither kept nor broken."""


def clean(text: str) -> str:
    """Return the text with U+FFFD in place of what XML and UTF-8 cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def json_bytes(value: Any) -> bytes:
    """Return JSON for people and programs, UTF-8; halves of surrogate pairs become U+FFFD."""
    return whole_letters(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def whole_letters(text: str) -> str:
    """Return the text with U+FFFD in place of halves of surrogate pairs."""
    return _HALF.sub("\ufffd", text)


def line(text: str) -> str:
    """Return the text clean and on one line, without spaces at its ends; a dash for nothing."""
    return " ".join(clean(text).split()) or "–"


def source(citation: Citation) -> str:
    """Return where a rule comes from."""
    words = ", ".join(filter(None, (citation.act, citation.clause)))
    read = f", read on {citation.read_on}" if citation.read_on else ""
    return " ".join(filter(None, (words, citation.url))) + read


def sentence(result: RuleResult) -> str:
    """Return the result of a rule on one line."""
    return line(f"{result.verdict.value}: {result.rule.title}: {in_words(result)}")


def site_line(site: Site) -> str:
    """Return a site with its count and its marks."""
    words = f"{site.count} × {site.answer}: {site.words}"
    if site.baseline:
        words += f" [{site.baseline}]"
    return words + (f" [{suppressed(site)}]" if site.suppressed else "")


def suppressed(site: Site) -> str:
    """Return who answers for a finding, why, and until when; empty when nobody does."""
    one = site.suppressed
    return line(f"suppressed until {one.expires} by {one.approver}: {one.reason}") if one else ""


def evidence_lines(evidence: Evidence) -> Iterator[str]:
    """Yield one piece of evidence, and the command that replays it."""
    when = evidence.local_time or (instant_text(evidence.at) if evidence.at is not None else "")
    places = (evidence.campaign, evidence.channel, evidence.template, evidence.sender)
    who = " / ".join(filter(None, (evidence.recipient, *places)))
    yield ": ".join(filter(None, (evidence.answer, when, who, evidence.explanation)))
    if evidence.replay:
        yield f"  replay: {evidence.replay}"


def whole(result: RuleResult) -> str:
    """Return everything that is known of a result, line by line."""
    rule = result.rule
    lines = [sentence(result), f"rule: {rule.statement}", f"source: {source(rule.citation)}"]
    lines += [f"missing: {name}" for name in result.missing]
    lines += [f"note: {result.note}"] * bool(result.note)
    lines += [f"where: {site_line(site)}" for site in (*result.sites, *result.gone)]
    lines += [text for item in result.evidence for text in evidence_lines(item)]
    lines += [f"what to do: {rule.fix}"] * bool(rule.fix)
    return clean("\n".join(lines))
