"""What there is to know of one text before a provider sees it: how it is written, and what the rules say of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.content.checks.base import CheckResult, ContentFacts, Found
from policies.content.findings import LintFinding
from policies.content.lint import lint_template
from policies.content.text import TemplateText
from policies.kinds.content import result
from policies.people import People
from policies.places import touches
from policies.rules import SEVERITY_ORDER, Check, Rule, Severity, scope
from policies.yaml_tree import FieldPath, Lines, dotted
from scenarios.compile.texts import used_columns

MOST_QUOTED = 3
LONGEST_QUOTE = 40
SOFTER: dict[str, Severity] = {"block": "warn", "error": "warn", "warn": "info", "info": "info"}
"""What the severity of a rule becomes where a person has to decide."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know of a template.

    ``answer`` is *fail*, *review* (a person has to read it; the severity is softened) or *unknown* (the check lacks an
    input; info). ``code`` is that of the lint or the id of a rule, ``words`` are what decided, ``line`` counts from 1.
    """

    file: str
    line: int
    template: str
    field: str
    severity: Severity
    answer: str
    code: str
    message: str
    words: tuple[str, ...]
    fix: str
    source: str

    def at_least(self, severity: str) -> bool:
        """Say whether the remark is as grave as ``severity``."""
        return self.severity in SEVERITY_ORDER[: SEVERITY_ORDER.index(severity) + 1]


NO_FACTS = ContentFacts()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the checks look at besides the text; ``columns`` and ``size`` are None where no audience is known."""

    rules: tuple[Rule, ...] = ()
    facts: ContentFacts = NO_FACTS
    countries: tuple[str, ...] = ()
    columns: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Finds the line of a template's field in its file; a field that does not stand there has the template's line."""

    lines: Lines
    template: str

    def __call__(self, field: str) -> int:
        path: FieldPath = ("templates", self.template, *_parts(field))
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def numbered(line: int) -> Place:
    """Return the place of a single text given with its number."""
    return Place({(): line}, "")


def _parts(field: str) -> FieldPath:
    """Return the path of a field such as ``buttons[0].label``."""
    return tuple(int(part) if part.isdecimal() else part for part in re.findall(r"\w+", field))


def remarks_on(name: str, text: TemplateText, around: Surroundings, file: str, line: Place) -> Iterator[Remark]:
    """Yield what the lint and the content rules say of one text."""
    for finding in lint_template(name, text, around.columns):
        yield _of_lint(finding, text, name, file, line)
    for rule in around.rules:
        for check in rule.checks:
            first = check.params.get("first_message", False)  # of which a text alone does not tell
            if check.kind == "content" and not first and _speaks_of(rule, check, text, around.countries):
                answer = result(check.params, text, around.facts)
                if answer.answer != "pass":
                    yield _of_rule(rule, check, answer, name, file, line)


def _speaks_of(rule: Rule, check: Check, text: TemplateText, countries: Sequence[str]) -> bool:
    """Say whether the check reaches the text: by channel, category, and a country of the audience if any is known."""
    where = scope(rule, check)
    here = not where.countries or not countries or any(touches(where.countries, place) for place in countries)
    return here and text.channel in where.channels and text.category in where.categories


def _of_lint(finding: LintFinding, text: TemplateText, name: str, file: str, line: Place) -> Remark:
    quoted = _quoted(finding, text)
    words = (quoted,) if quoted and quoted not in finding.message else ()
    return Remark(
        file, line(finding.field), name, finding.field, finding.severity, "fail", finding.code, finding.message,
        words, finding.fix, finding.source,
    )  # fmt: skip


def _quoted(finding: LintFinding, text: TemplateText) -> str:
    """Return the words at the place of a finding; nothing where the whole field is meant."""
    fields = dict(text.parts()) | {f"buttons[{i}].target": b.target or "" for i, b in enumerate(text.buttons)}
    if finding.place is None or finding.field not in fields:
        return ""
    return _short(fields[finding.field][slice(*finding.place)])


def _of_rule(rule: Rule, check: Check, answer: CheckResult, name: str, file: str, line: Place) -> Remark:
    severity, fix = check.severity, rule.fix
    message = answer.note or rule.title
    if answer.answer == "review":
        severity, message = SOFTER[severity], f"{message}; a person should read it"
    elif answer.answer == "unknown":
        severity, message, fix = "info", f"not judged: {message}", ""
    field = answer.words[0].field if answer.words else "body"
    return Remark(
        file, line(field), name, field, severity, answer.answer, rule.id, message, _words(answer.words), fix,
        rule.citation.act,
    )  # fmt: skip


def _words(found: Sequence[Found]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_short(one.words) for one in found))[:MOST_QUOTED]


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= LONGEST_QUOTE else flat[: LONGEST_QUOTE - 1] + "…"


def empty_cells(name: str, text: TemplateText, people: People, file: str, line: Place) -> Iterator[Remark]:
    """Yield a remark for each column that fills a variable and is empty for some of the people."""
    for column in used_columns(text):
        values = people.attributes.get(column)
        if values is None or not values.null_count:
            continue
        used = next(place for place in text.placeholders() if place.column == column)
        message = f"{{{{{used.name}}}}} stays empty for {values.null_count} of {len(people)} people"
        fix = f"fill the column {column}, or leave these people out"
        line_of = line(used.field)
        yield Remark(file, line_of, name, used.field, "warn", "fail", "empty-values", message, (), fix, "audience")


def said(remark: Remark) -> str:
    """Return the remark as one line, as a compiler would say it."""
    place = f"{remark.file}:{remark.line}: {dotted((remark.template, remark.field))}"
    words = ":" * bool(remark.words) + "".join(f" “{word}”" for word in remark.words)
    fix = f" ({remark.fix})" if remark.fix else ""
    return f"{place}: {remark.severity} {remark.code}: {remark.message}{words}{fix}"
