"""Made-up findings: one result of each verdict, and a strategy for results with any text in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from policies.errors import Problem
from policies.evidence import Evidence
from policies.findings import RuleResult, Verdict
from policies.rules import SEVERITY_ORDER, Check, Citation, Rule
from policies.sites import Site, Suppressed
from prelaunch.findings.about import About, Judged
from prelaunch.findings.counting import Threshold
from prelaunch.findings.marks import Marked

TODAY = date(2026, 11, 29)
COUNTS = {Verdict.VIOLATED: "failed", Verdict.REVIEW: "review", Verdict.NEEDS_INPUT: "unknown"}
ANSWERS = {"failed": "fail", "review": "review", "unknown": "unknown"}
ABOUT = About(
    "Весна", "campaigns/spring.yaml", seed=3, as_of="2026-03-02", gate="observe", log_hash="0f" * 16,
    packs={"house": "1"}, version="0.1.0",
)  # fmt: skip


def rule(name: str, **more: Any) -> Rule:
    plain = Rule(
        name, "house", 1, "Not at night", "Offers go by day.", "Sleep.",
        Citation("Act on sleep", "art. 1", "https://example.org/sleep?a=1&b=2", date(2026, 11, 1)), "documented",
        (Check("time_window", {}, "error"),), fix="Send by day.",
    )  # fmt: skip
    return replace(plain, **more)


def result(name: str, verdict: Verdict, *sites: Site, **more: Any) -> RuleResult:
    """A result whose counts are those of its sites."""
    counts = {field: sum(site.count for site in sites if site.answer == ANSWERS[field]) for field in ANSWERS}
    tested = 0 if verdict == Verdict.NOT_TESTED else 10
    plain = RuleResult(rule(name), verdict, tested, **counts, upper_bound=None, severity="error", sites=sites)
    return replace(plain, **more)


def sms(answer: str = "fail", count: int = 2, **more: Any) -> Site:
    return replace(Site(answer, count, "spring", "sms-step", "sms", "offer"), **more)


def evidence(explanation: str = "23:30 by the recipient's clock", **more: Any) -> Evidence:
    plain = Evidence(
        "fail", explanation, "ab12cd34ef56ab78", "spring", "sms", "offer", "SHOP", 1_772_400_600_000_000,
        "2026-03-02 00:30:00 Europe/Moscow", "prelaunch run campaigns/spring.yaml --only ab12cd34ef56ab78",
    )  # fmt: skip
    return replace(plain, **more)


def one_of_each() -> tuple[RuleResult, ...]:
    """A result of each of the eight verdicts."""
    found = {
        Verdict.VIOLATED: (sms(), sms(count=1, channel="push", step="push-step", template="note")),
        Verdict.REVIEW: (sms("review", 1),),
        Verdict.NEEDS_INPUT: (Site("unknown", 1),),
    }
    results = [
        result(f"HOUSE-{number:02}", verdict, *found.get(verdict, ())) for number, verdict in enumerate(Verdict, 1)
    ]
    broken = next(number for number, item in enumerate(results) if item.verdict == Verdict.VIOLATED)
    results[broken] = replace(results[broken], evidence=(evidence(),))
    return tuple(results)


def judged(*results: RuleResult, **more: Any) -> Judged:
    """Results ready to be written; ``more`` replaces about, threshold or today, or belongs to Marked."""
    of_marked = {name: more.pop(name) for name in ("faults", "notes", "suppressing", "compared") if name in more}
    plain = Judged(ABOUT, Marked(tuple(results), **of_marked), Threshold(), TODAY)
    return replace(plain, **more)


NASTY = (
    "", " ", "=1+1", "@SUM(A1)", "+7 916", "-", "\t=x",
    "Скидка «до −15 %» — только сегодня", "👩‍👩‍👧 🎉", "a\x00b\x0bc\x1b[31m",
    "\ud800 half", "\ufffe\uffff", "]]><script>&amp;", "line\nbreak\r\nend", "\u202etfel", "я" * 40_000, "0", "1e5",
    "https://example.org/" + "a" * 3000,
)  # fmt: skip
TEXTS = st.one_of(st.sampled_from([text for text in NASTY if len(text) < 100]), st.text(st.characters(), max_size=20))


@st.composite
def results(draw: st.DrawFn) -> tuple[RuleResult, ...]:
    """Up to five results with sites, evidence and texts of any kind; sites of a rule differ."""
    found = []
    for number in range(draw(st.integers(1, 5))):
        verdict = draw(st.sampled_from(Verdict))
        answer = ANSWERS.get(COUNTS.get(verdict, ""), "")
        names = draw(st.lists(st.tuples(TEXTS, TEXTS, TEXTS, TEXTS), max_size=3, unique=True)) if answer else []
        sites = [Site(answer, draw(st.integers(1, 9)), *four) for four in names]
        shown = tuple(
            Evidence(answer, draw(TEXTS), draw(TEXTS), site.campaign, site.channel, site.template, draw(TEXTS),
                     draw(st.none() | st.integers(0, 4 * 10**15)), draw(TEXTS), draw(TEXTS))
            for site in sites
        )  # fmt: skip
        house = rule(
            f"HOUSE-{number}", title=draw(TEXTS), statement=draw(TEXTS), fix=draw(TEXTS),
            citation=Citation(draw(TEXTS), draw(TEXTS), draw(TEXTS)),
        )  # fmt: skip
        missing = (draw(TEXTS),) if answer == "unknown" else ()
        severity = draw(st.sampled_from(SEVERITY_ORDER))
        found.append(result(house.id, verdict, *sites, rule=house, evidence=shown, missing=missing, severity=severity))
    return tuple(found)


GOLDEN = Path(__file__).parents[1] / "prelaunch" / "outputs" / "golden"
"""Folder of the golden files; the name of a file is that of its format."""


def golden() -> dict[str, bytes]:
    """The text formats of two small runs: one of each verdict, and one with all marks."""
    from prelaunch.outputs import OUTPUTS

    who = Suppressed("Согласия на бумаге", "И. Петрова", "2026-12-31", "T-1", "suppressions.yaml:2")
    marked = result(
        "HOUSE-11", Verdict.VIOLATED, sms(suppressed=who, baseline="unchanged"), sms(channel="push", baseline="new"),
        gone=(sms("review", baseline="gone"),), evidence=(evidence(),),
    )  # fmt: skip
    fault = Problem("suppressions.yaml:8: suppressions.1.reason", "'reason' is missing", "say why this is acceptable")
    note = "suppressions.yaml:14: HOUSE-12 (all): expired on 2026-11-28: it matches nothing"
    second = judged(
        marked,
        about=replace(ABOUT, name="Лето", seed=4),
        suppressing=True,
        compared=True,
        faults=(fault,),
        notes=(note,),
    )
    runs = [judged(*one_of_each()), second]
    return {f"findings.{module.NAME}": module.render(runs) for module in OUTPUTS if module.TEXT}
