"""Loads packs of rules, shipped ones by name and a user's own by path, and chooses the rules of a date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from policies.errors import InputError, Problem
from policies.expressions.guard import asked_columns
from policies.pack_faults import rule_faults, text_faults
from policies.rules import Check, Citation, Examples, Rule
from policies.words import suggestion
from policies.yaml_source import Source, read_source

PACKS = (
    "bp-promo", "core",
    "ru-ads", "ru-sms", "ru-pdn", "ru-debt", "ru-msgr", "ru-voice", "ru-label",
    "us-tcpa", "us-states", "us-canspam", "us-carrier", "us-debt",
    "eu", "uk", "fr", "de", "ca-casl", "in-dlt", "id", "kz", "tr", "ae", "br", "mx", "au",
    "whatsapp", "viber", "vk", "telegram", "max", "apple", "rcs", "email",
)  # fmt: skip
"""The packs that are shipped; each is ``policies/packs/<name>.yaml``."""

GUARDED = re.compile(r"\b(when|unless)\b[\"']?\s*:")
"""What stands in a pack some rule of which has a guard."""
PACK_FOLDER = Path(__file__).with_name("packs")


@dataclass(frozen=True, slots=True)
class Pack:
    """A loaded pack. ``source`` is its name or path as given; ``sha256`` is of the file, for the manifest."""

    name: str
    title: str
    version: str
    description: str
    source: str
    sha256: str
    rules: tuple[Rule, ...]


def load_packs(names: Iterable[str], base_dir: Path | None = None) -> tuple[Pack, ...]:
    """Return the packs named; raises one ``InputError`` with the problems of all of them.

    A name with a slash or ending in .yaml is a path, relative to ``base_dir``; two packs may not share a rule id.
    """
    packs: list[Pack] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        try:
            packs.append(load_pack(name, base_dir))
        except InputError as error:
            problems.extend(error.problems)
    problems.extend(_shared_ids(packs))
    if problems:
        raise InputError(problems)
    return tuple(packs)


def load_pack(name: str, base_dir: Path | None = None) -> Pack:
    """Return one pack, by the name of a shipped one, by the path of a YAML file, or from standard input (-)."""
    if name in PACKS:
        return _build(read_source(PACK_FOLDER / f"{name}.yaml", f"{name}.yaml"), name)
    if name == "-":
        return _build(read_source(name), "<stdin>")
    if "/" not in name and not name.endswith((".yaml", ".yml")):
        raise InputError([Problem("packs", f"there is no pack {name!r}", suggestion(name, PACKS, what="valid"))])
    return _build(read_source((base_dir or Path()) / name, name), name)


def asked_of_audience(names: Iterable[str], base_dir: Path | None = None) -> set[str]:
    """Return the columns of the audience that the guards of packs ask for; faults are left to ``load_packs``."""
    found: set[str] = set()
    for name in names:
        path = PACK_FOLDER / f"{name}.yaml" if name in PACKS else (base_dir or Path()) / name
        with suppress(InputError, OSError, UnicodeDecodeError):
            if GUARDED.search(path.read_text(encoding="utf-8")):  # or the packs would be read twice for nothing
                found |= asked_columns(load_pack(name, base_dir).rules)
    return found


def all_rules(packs: Iterable[Pack]) -> tuple[Rule, ...]:
    """Return the rules of the packs in order."""
    return tuple(rule for pack in packs for rule in pack.rules)


def in_force(rules: Iterable[Rule], as_of: date | None) -> tuple[Rule, ...]:
    """Return the rules to judge by.

    Without ``as_of`` they keep their dates, and each message is judged by those in force when it is sent. With it
    only the rules and checks of that date are kept, and they hold at any time of the clock. Announced rules are
    never judged.
    """
    standing = tuple(rule for rule in rules if rule.status != "announced")
    if as_of is None:
        return standing
    return tuple(_timeless(rule, as_of) for rule in standing if _covers(rule, as_of) and _of_date(rule.checks, as_of))


def _covers(item: Rule | Check, day: date) -> bool:
    begun = item.effective_from is None or item.effective_from <= day
    return begun and (item.effective_to is None or day < item.effective_to)


def _of_date(checks: Iterable[Check], day: date) -> tuple[Check, ...]:
    """Return the checks in force on ``day``, without their dates."""
    return tuple(replace(check, effective_from=None, effective_to=None) for check in checks if _covers(check, day))


def _timeless(rule: Rule, day: date) -> Rule:
    """Return the rule as of ``day``, without dates; ``written`` keeps them for the report."""
    return replace(rule, checks=_of_date(rule.checks, day), effective_from=None, effective_to=None, written=rule.dates)


def _build(text: Source, source: str) -> Pack:
    """Return the pack of a parsed file, or raise all its problems at once."""
    _raise_all(text_faults(text))
    raw = text.value
    rules = tuple(_rule(item, raw) for item in raw["rules"])
    _raise_all(rule_faults(text, rules))
    return Pack(raw["pack"], raw["title"], str(raw["version"]), raw.get("description", ""), source, text.sha256, rules)


def _raise_all(problems: list[Problem]) -> None:
    if problems:
        raise InputError(problems)


def _rule(raw: Mapping[str, Any], pack: Mapping[str, Any]) -> Rule:
    checks = tuple(_check(item) for item in raw["checks"])
    cited = {**raw["citation"], "read_on": _day(raw["citation"].get("read_on"))}
    reach = {**_reach(raw), "countries": tuple(raw.get("countries", pack.get("countries", ())))}
    texts = {name: raw[name] for name in ("id", "title", "statement", "rationale", "confidence", "fix")}
    return Rule(
        **texts,
        pack=pack["pack"],
        version=raw.get("version", 1),
        citation=Citation(**cited),
        checks=checks,
        **reach,
        status=raw.get("status", "in_force"),
        examples=Examples(**raw["examples"]),
        zone=pack.get("zone", "UTC"),
        note=raw.get("note", ""),
        languages=raw.get("languages", {}),
    )


def _check(raw: Mapping[str, Any]) -> Check:
    return Check(kind=raw["kind"], params=dict(raw.get("params", {})), severity=raw["severity"], **_reach(raw))


def _reach(raw: Mapping[str, Any]) -> dict[str, Any]:
    names = {field: tuple(raw.get(field, ())) for field in ("channels", "categories", "countries")}
    guards = {field: raw.get(field, "") for field in ("when", "unless")}
    return {**names, **guards, **{field: _day(raw.get(field)) for field in ("effective_from", "effective_to")}}


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _shared_ids(packs: Iterable[Pack]) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for pack in packs:
        for rule_id in dict.fromkeys(rule.id for rule in pack.rules):
            if owner.setdefault(rule_id, pack.source) != pack.source:
                yield Problem(pack.source, f"{rule_id} is also in {owner[rule_id]}", "rename one of the two rules")
