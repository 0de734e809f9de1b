"""Templates checked before a provider sees them: how they are written, and what the packs say of their words."""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import msgspec

from policies.content.checks.base import CheckResult, ContentFacts, Found
from policies.content.findings import LintFinding
from policies.content.lint import lint_template
from policies.content.text import TemplateText
from policies.errors import InputError, Problem
from policies.kinds.content import result
from policies.packs import all_rules, in_force, load_packs
from policies.people import People
from policies.rules import SEVERITY_ORDER, Check, Rule, Severity, scope
from policies.yaml_tree import FieldPath, Lines, dotted, parse
from scenarios.audience import load_audience
from scenarios.audience.synthetic_traits import TRAITS
from scenarios.compile.clock import timeline
from scenarios.compile.law import content_facts
from scenarios.compile.model import brand_names
from scenarios.compile.texts import template_text, used_columns
from scenarios.experiments.prepare import wanted_columns
from scenarios.load import Loaded, load_scenario

SAMPLE = 100
"""Synthetic people made to learn which columns there are; their number changes none of the answers."""
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


def expand(patterns: Iterable[str]) -> list[Path]:
    """Return the files of paths and globs, each once, those of a glob by name. Raises InputError for an empty glob."""
    files: dict[Path, None] = {}
    problems = []
    for pattern in patterns:
        named = not glob.has_magic(pattern) or Path(pattern).exists()
        found = [pattern] if named else sorted(glob.glob(pattern))  # noqa: PTH207 - it may be absolute
        if not found:
            problems.append(Problem(pattern, "no file has such a name", "check the pattern"))
        files.update(dict.fromkeys(map(Path, found)))
    if problems:
        raise InputError(problems)
    return list(files)


def lint_files(
    files: Sequence[Path],
    *,
    packs: Sequence[str] = (),
    as_of: date | None = None,
    audience: Path | None = None,
    dictionary: frozenset[str] | None = None,
) -> tuple[list[Remark], int]:
    """Return the remarks on the templates of the scenarios, file by file in the order of lines, and how many there are.

    ``packs`` replace those of the scenarios. Raises one InputError with what is wrong in any of the files.
    """
    remarks: list[Remark] = []
    problems: list[Problem] = []
    templates = 0
    overrides = {"audience": {"file": {"path": str(audience.absolute())}}} if audience else {}
    for file in files:
        try:
            loaded = load_scenario(file, overrides=overrides)
            remarks += _scenario(loaded, packs, as_of, dictionary)
            templates += len(loaded.scenario.templates)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return remarks, templates


def lint_texts(
    texts: Iterable[tuple[int, TemplateText]], packs: Sequence[str], *, as_of: date | None = None,
    dictionary: frozenset[str] | None = None,
) -> list[Remark]:  # fmt: skip
    """Return the remarks on single texts given with their numbers; nothing is known of the audience."""
    rules = all_rules(load_packs(packs))
    around = Surroundings(in_force(rules, as_of) if as_of else _latest(rules), ContentFacts(dictionary=dictionary))
    return [remark for line, text in texts for remark in _remarks("text", text, around, "<text>", _at(line))]


def read_dictionary(path: Path) -> frozenset[str]:
    """Return the words of a list in UTF-8, one a line, in lower case. Raises InputError for what is no such list."""
    try:
        words = path.read_text("utf-8-sig").split()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise InputError([Problem(str(path), f"cannot be read: {reason}", "give a list of words")]) from None
    if not words:
        raise InputError([Problem(str(path), "holds no words", "write one word a line")])
    return frozenset(word.casefold() for word in words)


def _latest(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the newest version of each rule that is judged at all."""
    newest: dict[str, Rule] = {}
    for rule in in_force(rules, None):
        if rule.id not in newest or newest[rule.id].version < rule.version:
            newest[rule.id] = rule
    return tuple(newest.values())


def _scenario(
    loaded: Loaded, packs: Sequence[str], as_of: date | None, dictionary: frozenset[str] | None
) -> list[Remark]:
    label = "<stdin>" if str(loaded.path) == "-" else str(loaded.path)
    lines = parse(loaded.text, label)[1]
    scenario = loaded.scenario
    line = timeline(scenario, as_of)
    people, size = _people(loaded, line.start)
    rules = all_rules(load_packs(packs) if packs else load_packs(scenario.packs, loaded.base_dir))
    facts = content_facts(scenario, people, brand_names(scenario, people), size)
    traits = TRAITS if scenario.audience.synthetic else ()
    around = Surroundings(
        rules=in_force(rules, line.as_of),
        facts=replace(facts, dictionary=dictionary),
        countries=people.countries,
        columns=frozenset(people.attributes) | frozenset(traits),
    )
    found: list[Remark] = []
    for name, template in scenario.templates.items():
        text = template_text(template)
        place = _Place(lines, name)
        found += _remarks(name, text, around, label, place)
        found += _empty_cells(name, text, people, label, place)
    return sorted(_gathered(found), key=lambda remark: remark.line)


def _gathered(remarks: Sequence[Remark]) -> Iterator[Remark]:
    """Yield the remarks; what one rule could not judge in several templates becomes one remark, on the first."""
    unknown: dict[tuple[str, str], list[str]] = {}
    for remark in remarks:
        if remark.answer == "unknown":
            unknown.setdefault((remark.code, remark.message), []).append(remark.template)
    for remark in remarks:
        templates = unknown.get((remark.code, remark.message), [remark.template])
        if remark.template != templates[0]:
            continue
        others = ", ".join(dict.fromkeys(templates[1:]))
        yield replace(remark, message=f"{remark.message}; nor in {others}") if others else remark


def _people(loaded: Loaded, start: int) -> tuple[People, int]:
    """Return the audience and how many it is; of a synthetic one a sample is made."""
    scenario = loaded.scenario
    audience = scenario.audience
    size = None
    if audience.synthetic is not None:
        size = audience.synthetic.size
        sample = msgspec.structs.replace(audience.synthetic, size=min(size, SAMPLE))
        audience = msgspec.structs.replace(audience, synthetic=sample)
    people = load_audience(
        audience, base_dir=loaded.base_dir, now=start, seed=scenario.seed, currency=scenario.currency,
        wanted=wanted_columns(scenario),
    ).people  # fmt: skip
    return people, len(people) if size is None else size


@dataclass(frozen=True, slots=True)
class _Place:
    """Finds the line of a template's field in its file; a field that does not stand there has the template's line."""

    lines: Lines
    template: str

    def __call__(self, field: str) -> int:
        path: FieldPath = ("templates", self.template, *_parts(field))
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def _at(line: int) -> _Place:
    return _Place({(): line}, "")


def _parts(field: str) -> FieldPath:
    """Return the path of a field such as ``buttons[0].label``."""
    return tuple(int(part) if part.isdecimal() else part for part in re.findall(r"\w+", field))


def _remarks(name: str, text: TemplateText, around: Surroundings, file: str, line: _Place) -> Iterator[Remark]:
    for finding in lint_template(name, text, around.columns):
        yield _of_lint(finding, text, name, file, line)
    for rule in around.rules:
        for check in rule.checks:
            if check.kind == "content" and _speaks_of(rule, check, text, around.countries):
                answer = result(check.params, text, around.facts)
                if answer.answer != "pass":
                    yield _of_rule(rule, check, answer, name, file, line)


def _speaks_of(rule: Rule, check: Check, text: TemplateText, countries: Sequence[str]) -> bool:
    """Say whether the check reaches the text: by channel, category, and a country of the audience if any is known."""
    where = scope(rule, check)
    here = not where.countries or not countries or not set(where.countries).isdisjoint(countries)
    return here and text.channel in where.channels and text.category in where.categories


def _of_lint(finding: LintFinding, text: TemplateText, name: str, file: str, line: _Place) -> Remark:
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


def _of_rule(rule: Rule, check: Check, answer: CheckResult, name: str, file: str, line: _Place) -> Remark:
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


def _empty_cells(name: str, text: TemplateText, people: People, file: str, line: _Place) -> Iterator[Remark]:
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
