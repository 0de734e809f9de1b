"""Findings as tables for people: a summary, the rules, the findings (a rule and a site), the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from policies.evidence import Evidence
from policies.findings import RuleResult
from policies.findings_json import counts_by_verdict
from policies.instants import instant_text
from policies.sites import Site, fingerprint, same_place
from prelaunch.findings.about import Judged
from prelaunch.outputs.sheet_words import Words
from prelaunch.outputs.texts import clean
from prelaunch.reports.verdicts import MEANING, in_order

Cell = str | int | float | None
Kind = Literal["text", "count", "share", "link"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in ``sheet_words.HEADINGS``, its width in characters, what its cells are."""

    name: str
    width: int
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its name (a heading), its columns and its rows."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


MARKS = (
    Column("suppressed", 40), Column("approver", 22), Column("expires", 13), Column("baseline", 16),
)  # fmt: skip
SUMMARY = (Column("run", 28), Column("name", 34), Column("value", 40), Column("meaning", 70))
RULES = (
    Column("run", 24), Column("rule", 20), Column("pack", 14), Column("title", 44), Column("severity", 16),
    Column("verdict", 24), Column("counts", 14), Column("tested", 11, "count"), Column("failed", 12, "count"),
    Column("review", 14, "count"), Column("unknown", 14, "count"), Column("enforced", 14, "count"),
    Column("upper_bound", 16, "share"), *MARKS, Column("missing", 40), Column("statement", 70), Column("fix", 60),
    Column("act", 34), Column("url", 40, "link"), Column("read_on", 12), Column("note", 40),
)  # fmt: skip
FINDINGS = (
    Column("run", 24), Column("rule", 20), Column("title", 44), Column("severity", 16), Column("verdict", 24),
    Column("answer", 14), Column("count", 11, "count"), Column("place", 44), Column("campaign", 24), Column("step", 16),
    Column("channel", 12), Column("template", 24), Column("counts", 14), *MARKS, Column("missing", 40),
    Column("fix", 60), Column("url", 40, "link"), Column("fingerprint", 36),
)  # fmt: skip
EVIDENCE = (
    Column("run", 24), Column("rule", 20), Column("title", 44), Column("answer", 14), Column("recipient", 20),
    Column("campaign", 24), Column("channel", 12), Column("template", 24), Column("sender", 18), Column("at", 22),
    Column("local_time", 34), Column("explanation", 70), Column("suppressed", 40), Column("replay", 70),
)  # fmt: skip


def findings_table(runs: Sequence[Judged], words: Words) -> Table:
    """Return one row a finding, and one for each rule without any: every rule stands there."""
    return _table("findings", FINDINGS, (row for run in runs for row in _findings(run, words)))


def tables(runs: Sequence[Judged], words: Words) -> tuple[Table, ...]:
    """Return the summary, the rules, the findings and the evidence."""
    return (
        _table("summary", SUMMARY, (row for run in runs for row in _summary(run, words))),
        _table("rules", RULES, (_rule(run, result, words) for run in runs for result in in_order(run.results))),
        findings_table(runs, words),
        _table("evidence", EVIDENCE, (row for run in runs for row in _evidence(run, words))),
    )


def _table(name: str, columns: tuple[Column, ...], rows: Iterator[tuple[Cell, ...]]) -> Table:
    tidy = tuple(tuple(clean(cell) if isinstance(cell, str) else cell for cell in row) for row in rows)
    assert all(len(row) == len(columns) for row in tidy)
    return Table(name, columns, tidy)


def _summary(run: Judged, words: Words) -> Iterator[tuple[Cell, ...]]:
    about = run.about
    packs = ", ".join(f"{name} {version}".strip() for name, version in about.packs.items())
    told: list[tuple[str, object]] = [
        ("name", about.name), ("file", about.file), ("packs", packs), ("as_of", about.as_of),
        ("gate", words.word(about.gate)), ("seed", about.seed), ("log_hash", about.log_hash),
        ("version", about.version), ("fail_on", words.word(run.threshold.fail_on)),
    ]  # fmt: skip
    if run.marked.suppressing:
        told += [("today", run.today.isoformat()), ("suppressed_count", run.marked.suppressed)]
    for name, value in told:
        if value not in (None, ""):
            yield about.name, words.heading(name), str(value), ""
    counts = counts_by_verdict(run.results)
    for verdict in MEANING:
        label = f"{words.heading('rules_count')}: {words.word(verdict.value)}"
        yield about.name, label, str(counts[verdict.value]), words.meaning(verdict)
    for name, lines in (("fault", map(str, run.marked.faults)), ("mark", iter(run.marked.notes))):
        for text in lines:
            yield about.name, words.heading(name), text, ""


def _missing(result: RuleResult, words: Words) -> str:
    return ", ".join(words.said(name) for name in result.missing)


def _yes(counts: bool, words: Words) -> str:
    return words.heading("yes" if counts else "no")


def _rule(run: Judged, result: RuleResult, words: Words) -> tuple[Cell, ...]:
    rule, one = result.rule, result.suppressed
    cited = rule.citation
    marks = (one.reason, one.approver, one.expires) if one else ("", "", "")
    return (
        run.about.name, rule.id, rule.pack, words.text(rule, "title"), words.word(result.severity),
        words.word(result.verdict.value), _yes(run.threshold.counts(result), words), result.tested, result.failed,
        result.review, result.unknown, result.enforced, result.upper_bound, *marks, words.word(result.baseline),
        _missing(result, words),
        words.text(rule, "statement"), words.text(rule, "fix"),
        ", ".join(filter(None, (cited.act, cited.clause))), cited.url,
        cited.read_on.isoformat() if cited.read_on else "",
        "; ".join(words.said(note) for note in result.note.split("; ")),
    )  # fmt: skip


def _findings(run: Judged, words: Words) -> Iterator[tuple[Cell, ...]]:
    for result in in_order(run.results):
        for site in (*result.sites, *result.gone) or (None,):
            yield _finding(run, result, site, words)


def _finding(run: Judged, result: RuleResult, site: Site | None, words: Words) -> tuple[Cell, ...]:
    rule, one = result.rule, site.suppressed if site else None
    marks = (one.reason, one.approver, one.expires) if one else ("", "", "")
    where = (words.word(site.answer), site.count, words.place(site), *site.names) if site else ("", None, *[""] * 5)
    counts = site is not None and site.baseline != "gone" and run.threshold.counts_site(result, site)
    return (
        run.about.name, rule.id, words.text(rule, "title"), words.word(result.severity),
        words.word(result.verdict.value), *where, _yes(counts, words), *marks,
        words.word(site.baseline) if site else "", _missing(result, words), words.text(rule, "fix"),
        rule.citation.url, fingerprint(rule.id, site),
    )  # fmt: skip


def _evidence(run: Judged, words: Words) -> Iterator[tuple[Cell, ...]]:
    for result in in_order(run.results):
        for item in result.evidence:
            yield _example(run, result, item, words)


def _example(run: Judged, result: RuleResult, item: Evidence, words: Words) -> tuple[Cell, ...]:
    site = same_place(result.sites, item)
    one = site.suppressed if site else None
    return (
        run.about.name, result.rule.id, words.text(result.rule, "title"), words.word(item.answer), item.recipient,
        item.campaign, item.channel, item.template, item.sender, "" if item.at is None else instant_text(item.at),
        item.local_time, words.said(item.explanation), one.reason if one else "", item.replay,
    )  # fmt: skip
