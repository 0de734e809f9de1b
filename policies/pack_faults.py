"""The faults of a pack's text: against the published schema, in its dates, and between its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from policies.errors import Problem
from policies.rules import RUN_KINDS, Rule, scope
from policies.windows import FORWARDS, backwards
from policies.words import nearest, suggestion
from policies.yaml_source import Source
from policies.yaml_tree import FieldPath


def text_faults(text: Source) -> list[Problem]:
    """Return what is wrong with the fields of a pack, each on its own: schema first, then dates, zone and windows."""
    return list(_schema_problems(text)) or [
        *_date_problems(text), *_zone_problems(text), *_window_problems(text), *_guard_problems(text),
    ]  # fmt: skip


def rule_faults(text: Source, rules: tuple[Rule, ...]) -> list[Problem]:
    """Return what is wrong between the rules of a pack: clashing versions, checks that can never apply."""
    return _version_problems(text, rules) + _reach_problems(text, rules)


def _schema_problems(text: Source) -> Iterator[Problem]:
    """Yield a problem for each fault against the published schema."""
    from jsonschema import Draft202012Validator

    from policies.pack_schema import pack_schema

    validator = Draft202012Validator(pack_schema())
    for error in sorted(validator.iter_errors(text.value), key=lambda fault: list(map(str, fault.absolute_path))):
        yield from _explain(error, text)


def _explain(error: Any, text: Source) -> Iterator[Problem]:
    """Yield the problems of one schema error, with the nearest valid word where there is one."""
    path: FieldPath = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        valid = list(error.schema.get("properties", {}))
        for name in (name for name in error.instance if name not in valid):
            yield Problem(
                text.where((*path, name)), f"there is no field {name!r} here", suggestion(name, valid, what="valid")
            )
    elif error.validator == "required":
        absent = next(name for name in error.validator_value if f"'{name}'" in error.message)
        yield Problem(text.where(path), f"the field {absent!r} is missing", f"add {absent}")
    elif error.validator == "enum":
        words = [str(word) for word in error.validator_value]
        yield Problem(
            text.where(path),
            f"{error.instance!r} is not a valid word",
            suggestion(str(error.instance), words, what="valid", limit=30),
        )
    else:
        remedy = str(error.schema.get("description", "")) if isinstance(error.schema, Mapping) else ""
        what = f"{error.instance!r} has the wrong form" if error.validator == "pattern" else error.message
        yield Problem(text.where(path), what[:200], remedy)


def _date_problems(text: Source) -> list[Problem]:
    """Return a problem for each date that the calendar does not have, and for each span that ends before it begins."""
    problems: list[Problem] = []
    for path in text.lines:
        if path[-1:] in (("effective_from",), ("effective_to",), ("read_on",), ("reviewed_on",)):
            problems += _bad_day(text, path, _at(text.value, path))
    if not problems:
        problems = [_backwards(text, path) for path in text.lines if _runs_backwards(text, path)]
    return problems


def _bad_day(text: Source, path: FieldPath, value: str) -> list[Problem]:
    try:
        date.fromisoformat(value)
    except ValueError:
        return [Problem(text.where(path), f"{value} is not a date", "write YYYY-MM-DD")]
    return []


def _runs_backwards(text: Source, path: FieldPath) -> bool:
    holder = _at(text.value, path[:-1])
    return path[-1:] == ("effective_to",) and holder.get("effective_from", "") >= holder["effective_to"]


def _backwards(text: Source, path: FieldPath) -> Problem:
    return Problem(text.where(path), "it ends before it begins", "effective_to is the first day no longer in force")


def _at(value: Any, path: FieldPath) -> Any:
    for part in path:
        value = value[part]
    return value


def _zone_problems(text: Source) -> list[Problem]:
    zone = text.value.get("zone", "UTC")
    if zone in available_timezones():
        return []
    return [Problem(text.where(("zone",)), f"there is no time zone {zone!r}", _nearest_zone(zone))]


def _window_problems(text: Source) -> list[Problem]:
    """Return a problem for each time window that ends before it begins."""
    return [
        Problem(text.where(("rules", index, "checks", number, "params", *path)), what, FORWARDS)
        for index, rule in enumerate(text.value["rules"])
        for number, check in enumerate(rule["checks"])
        if check["kind"] == "time_window"
        for path, what in backwards(check["params"])
    ]


def _guard_problems(text: Source) -> list[Problem]:
    """Return a problem for each faulty expression, and for each that a check of a whole run could not ask."""
    from policies.expressions.language import fault_of

    problems = []
    for path in text.lines:
        if path[-1:] not in (("when",), ("unless",)) or path[-2:-1] == ("params",):
            continue
        fault = fault_of(_at(text.value, path))
        if fault is not None:
            problems.append(Problem(text.where(path), fault.what, fault.remedy))
        holder = _at(text.value, path[:-1])
        kinds = {check["kind"] for check in holder.get("checks", [holder])} & set(RUN_KINDS)
        if kinds:
            what = f"{path[-1]} asks of a message, and {min(kinds)} judges a whole run"
            problems.append(Problem(text.where(path), what, f"leave {path[-1]} out, or write a rule of its own"))
    return problems


def _nearest_zone(zone: str) -> str:
    near = nearest(zone, available_timezones())
    return f"did you mean {near}?" if near else "write an IANA name such as Europe/Moscow"


def _version_problems(text: Source, rules: tuple[Rule, ...]) -> list[Problem]:
    """Return a problem for each pair of versions of one id that share a number or a day."""
    problems = []
    for index, rule in enumerate(rules):
        for other in rules[:index]:
            if rule.id == other.id and rule.version == other.version:
                problems.append(_clash(text, index, f"{rule.id} version {rule.version} stands twice"))
            elif rule.id == other.id and _overlap(rule, other):
                what = f"versions {other.version} and {rule.version} of {rule.id} are in force on the same day"
                problems.append(_clash(text, index, what))
    return problems


def _clash(text: Source, index: int, what: str) -> Problem:
    return Problem(text.where(("rules", index, "id")), what, "give each version its own number and its own days")


def _overlap(a: Rule, b: Rule) -> bool:
    first, last = date.min, date.max
    begins = max(a.effective_from or first, b.effective_from or first)
    return begins < min(a.effective_to or last, b.effective_to or last)


def _reach_problems(text: Source, rules: tuple[Rule, ...]) -> list[Problem]:
    """Return a problem for each check that can never apply within its rule."""
    problems = []
    for index, rule in enumerate(rules):
        for number, check in enumerate(rule.checks):
            reach = scope(rule, check)
            nowhere = bool(rule.countries) and not reach.countries
            if nowhere or not reach.channels or not reach.categories or reach.start >= reach.end:
                where = text.where(("rules", index, "checks", number))
                problems.append(Problem(where, "this check lies outside its rule", "widen the rule or the check"))
    return problems
