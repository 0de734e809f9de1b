"""The page of a policy report: the same bytes for the same content and the same signatures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, Template
from markupsafe import Markup

from policies.rules import SEVERITY_ORDER
from prelaunch.policy_report.document import (
    CONTENT_BEGINS,
    DATA_ENDS,
    REGION_BEGINS,
    REGION_ENDS,
    SIGNATURES_BEGIN,
    as_data,
)
from prelaunch.policy_report.earlier import changes, key
from prelaunch.policy_report.headline import headline, is_broken
from prelaunch.policy_report.inputs import AUDIENCE, SCENARIO
from prelaunch.policy_report.keys import fingerprint
from prelaunch.policy_report.model import Content, Entry, Language, Proof, RuleText, Signature, Witness
from prelaunch.policy_report.phrases import Phrases, phrases
from prelaunch.policy_report.timeline import timeline
from prelaunch.reports.pages import TEMPLATES, environment
from prelaunch.reports.verdicts import ORDER
from prelaunch.sentences import said

WORDS = tuple(verdict.value for verdict in ORDER)
OPEN = ("violated", "review", "needs input", "not decided")
"""Verdicts whose rules stand open on the screen; on paper all do."""
HERE = Path(__file__).with_name("templates")


def render(content: Content, signatures: Sequence[Signature]) -> bytes:
    """Return the page: no scripts that run, no requests; all texts of inputs are escaped."""
    say = phrases(content.language)
    proofs = {proof.rule: proof for proof in content.verify.rules} if content.verify else {}
    rules = in_order(content.rules, proofs)
    page = _template(content.language).render(
        c=content, s=content.subject, t=say, rules=rules, proofs=proofs, key=key, signatures=signatures,
        sentences=headline(content, say), broken=is_broken(content), words=WORDS, open=OPEN,
        seen={word: sum(entry.verdict == word for entry in rules) for word in WORDS},
        proved={word: sum(proof.verdict == word for proof in proofs.values()) for word in WORDS},
        titles={key(entry): _in_language(say, entry.rule, "title") for entry in rules},
        people_named=_names_people(content), changes=changes(content), severities=SEVERITY_ORDER, picture=_picture(say),
        content_data=_script(CONTENT_BEGINS, content), signature_data=_script(SIGNATURES_BEGIN, signatures),
        region_begins=Markup(REGION_BEGINS.decode()), region_ends=Markup(REGION_ENDS.decode()),  # noqa: S704  # constants
    )  # fmt: skip
    return page.encode()


def in_order(entries: Sequence[Entry], proofs: dict[str, Proof]) -> list[Entry]:
    """Return the entries by the more urgent of their two verdicts, then severity, pack and id."""

    def place(entry: Entry) -> tuple[int, int, str, str, int]:
        verdicts = [entry.verdict] + ([proofs[entry.rule.id].verdict] if entry.rule.id in proofs else [])
        urgent = min(WORDS.index(verdict) if verdict in WORDS else len(WORDS) for verdict in verdicts)
        severity = SEVERITY_ORDER.index(entry.severity) if entry.severity in SEVERITY_ORDER else len(SEVERITY_ORDER)
        return urgent, severity, entry.rule.pack, entry.rule.id, entry.rule.version

    return sorted(entries, key=place)


def _names_people(content: Content) -> bool:
    """Say whether the embedded inputs name customers by id: forced outcomes, where the audience is a file."""
    files = {file.field: file for file in content.inputs.files}
    scenario = files[SCENARIO].content if SCENARIO in files else None
    forced = bool(content.inputs.script) or (scenario is not None and re.search("^script:", scenario, re.MULTILINE))
    return AUDIENCE in files and bool(forced)


def _in_language(say: Phrases, rule: RuleText, field: str) -> str:
    """Return title, statement, fix or note of a rule in the language, in English where it has no such text."""
    return rule.languages.get(say.language, {}).get(field) or str(getattr(rule, field))


def _source(say: Phrases, rule: RuleText) -> str:
    """Return act and clause in the language; a foreign act keeps its own name, by which a lawyer looks it up."""
    cited = rule.citation
    own = f"{cited.act}, {cited.clause}" if cited.clause else cited.act
    return rule.languages.get(say.language, {}).get("source") or own


def _script(begins: bytes, value: object) -> Markup:
    return Markup(begins.decode() + as_data(value) + DATA_ENDS.decode())  # noqa: S704  # as_data leaves no "<"


def _picture(say: Phrases) -> Callable[[Witness, str, str], Markup]:
    def picture(witness: Witness, label: str, verdict: str) -> Markup:
        return Markup(timeline(witness, say, label, verdict))  # noqa: S704  # timeline escapes every text

    return picture


def css_string(text: str) -> Markup:
    """Return a text as the content of a string in a style sheet: letters and digits as they are, the rest by number."""
    return Markup("".join(c if c.isalnum() and c.isascii() else f"\\{ord(c):06x}" for c in text))  # noqa: S704


def clock(at: str, zone: str) -> str:
    """Return an instant (ISO 8601) on the wall clock of the zone, to the minute."""
    return f"{datetime.fromisoformat(at).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@cache
def _template(language: Language) -> Template:
    """Return the compiled template; compiling it takes most of the time of a page."""
    say = phrases(language)
    env = environment()
    env.loader = FileSystemLoader([HERE, TEMPLATES])
    env.filters.update({
        "day": say.day, "share_of": say.share, "figure": say.figure,
        "word": lambda word, family: say.known(family, word),
        "clock": clock, "slug_of": lambda word: word.replace(" ", "-"), "css_string": css_string,
        "said": lambda text: said(text, language), "fingerprint": fingerprint,
        "text": lambda rule, field: _in_language(say, rule, field), "source": lambda rule: _source(say, rule),
    })  # fmt: skip
    return env.get_template("policy.html")
