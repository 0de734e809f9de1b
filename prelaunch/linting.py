"""Templates checked before a provider sees them: how they are written, and what the packs say of their words."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec

from policies.content.checks.base import ContentFacts
from policies.content.text import TemplateText
from policies.errors import InputError, Problem
from policies.packs import all_rules, in_force, load_packs
from policies.people import People
from policies.rules import Rule
from policies.yaml_tree import parse
from prelaunch.remarks import Place, Remark, Surroundings, empty_cells, numbered, remarks_on
from scenarios.audience import load_audience
from scenarios.audience.synthetic_traits import TRAITS
from scenarios.compile.clock import timeline
from scenarios.compile.law import content_facts
from scenarios.compile.model import brand_names
from scenarios.compile.texts import template_text
from scenarios.experiments.prepare import wanted_columns
from scenarios.load import Loaded, load_scenario

SAMPLE = 100
"""Synthetic people made to learn which columns there are; their number changes none of the answers."""


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
    texts: Iterable[tuple[int, TemplateText]], packs: Sequence[str], countries: tuple[str, ...] = (), *,
    as_of: date | None = None, dictionary: frozenset[str] | None = None,
) -> list[Remark]:  # fmt: skip
    """Return the remarks on single texts given with their numbers; of the audience at most the countries are known.

    Without countries the rules of all of them count.
    """
    rules = all_rules(load_packs(packs))
    law = in_force(rules, as_of) if as_of else _latest(rules)
    around = Surroundings(law, ContentFacts(dictionary=dictionary), countries)
    return [remark for line, text in texts for remark in remarks_on("text", text, around, "<text>", numbered(line))]


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
        place = Place(lines, name)
        found += remarks_on(name, text, around, label, place)
        found += empty_cells(name, text, people, label, place)
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
