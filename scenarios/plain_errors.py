"""What a JSON Schema finds, in plain words: path, what is wrong, what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from policies.words import suggestion
from policies.yaml_tree import FieldPath


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a value. ``path`` is where it stands."""

    path: FieldPath
    what: str
    remedy: str = ""


IS_MISSING = " is missing"

TYPE_WORDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a block of fields",
    "array": "a list",
    "null": "nothing",
}

FORMAT_WORDS = {
    "date": "a date that exists, YYYY-MM-DD",
    "local-date-time": "a local time that exists, YYYY-MM-DDTHH:MM",
    "year-month": "a month, YYYY-MM",
}

PATTERN_WORDS = {
    r"^\d{4}-\d{2}-\d{2}$": FORMAT_WORDS["date"],
    r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$": FORMAT_WORDS["local-date-time"],
    r"^\d{4}-\d{2}$": FORMAT_WORDS["year-month"],
    r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$": "a time of day, HH:MM",
    r"^[\w.\-]+$": "a name of letters, digits, '_', '.' and '-'",
    r"\S": "a text of more than spaces",
    "^[A-Z]{3}$": "a currency code of three capitals, such as RUB",
}


def faults(schema: dict[str, Any], value: Any) -> list[Fault]:
    """Return all faults of ``value`` under ``schema``, each once, in the order of their paths.

    A missing field is not reported when it is there, misspelt.
    """
    found: dict[Fault, None] = {}
    for error in _validator(schema).iter_errors(value):
        for fault in _translate(error):
            found[fault] = None
    misspelt = {(fault.path[:-1], fault.remedy) for fault in found}
    for fault in [fault for fault in found if fault.what.endswith(IS_MISSING)]:
        if (fault.path[:-1], f"did you mean {fault.path[-1]}?") in misspelt:
            del found[fault]
    return sorted(found, key=lambda fault: [str(part) for part in fault.path])


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=_formats())


@cache
def _formats() -> FormatChecker:
    checker = FormatChecker(formats=())
    checks: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("date", dt.date.fromisoformat),
        ("local-date-time", dt.datetime.fromisoformat),
        ("year-month", lambda text: dt.date.fromisoformat(text + "-01")),
    )
    for name, parse in checks:
        checker.checks(name, raises=ValueError)(_text_only(parse))
    return checker


def _text_only(parse: Callable[[str], object]) -> Callable[[object], bool]:
    def check(value: object) -> bool:
        if isinstance(value, str):
            parse(value)
        return True

    return check


def _translate(error: ValidationError) -> Iterator[Fault]:
    path: FieldPath = tuple(error.absolute_path)
    keyword = str(error.validator)
    if keyword in ("anyOf", "oneOf"):
        yield from _alternatives(error, path)
    elif "propertyNames" in list(error.absolute_schema_path)[:-1]:
        yield _bad_key(error, path)
    elif keyword == "additionalProperties":
        yield from _unknown_fields(error, path)
    elif keyword == "required":
        missing = [name for name in _limit(error) if name not in _value(error)]
        yield from (Fault((*path, name), f"{name!r}{IS_MISSING}", "add it") for name in missing)
    elif keyword != "items" or _limit(error) is not False:  # a false "items" repeats "maxItems"
        yield Fault(path, *_simple(error, keyword))


def _limit(error: ValidationError) -> Any:
    return error.validator_value


def _value(error: ValidationError) -> Any:
    return error.instance


def _bad_key(error: ValidationError, path: FieldPath) -> Fault:
    key = str(error.instance)
    if error.validator == "enum":
        return Fault((*path, key), f"{key!r} is not known here", suggestion(key, _limit(error), what="valid"))
    what, remedy = _simple(error, str(error.validator))
    return Fault((*path, key), f"the name {what}", remedy)


def _unknown_fields(error: ValidationError, path: FieldPath) -> Iterator[Fault]:
    schema: Any = error.schema
    known = list(schema.get("properties", ()))
    for name in _value(error):
        if name not in known:
            yield Fault((*path, name), f"there is no field {name!r} here", suggestion(name, known, what="fields"))


def _alternatives(error: ValidationError, path: FieldPath) -> Iterator[Fault]:
    """Descend into the one branch whose type fits; otherwise list what would fit."""
    branches: dict[object, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.schema_path[0], []).append(inner)
    of_type = [inner for inner in branches.values() if not any(_wrong_type(item) for item in inner)]
    if len(of_type) == 1:
        for item in of_type[0]:
            yield from _translate(item)
        return
    yield Fault(path, f"{shown(error.instance)} does not fit", f"give {_choices(_limit(error))}")


def _wrong_type(error: ValidationError) -> bool:
    """True when the value is not even of the branch's type (a text is, for a branch of words)."""
    if error.path:
        return False
    if error.validator == "enum":
        return not any(isinstance(error.instance, type(word)) for word in _limit(error))
    return error.validator == "type"


def _choices(branches: Iterable[dict[str, Any]]) -> str:
    words: list[str] = []
    for branch in branches:
        if "enum" in branch:
            words.extend(str(item) for item in branch["enum"])
        elif "$ref" in branch:
            words.append(TYPE_WORDS["object"])
        elif branch.get("type") != "null":
            words.append(TYPE_WORDS.get(str(branch.get("type")), "another value"))
    return " or ".join(dict.fromkeys(words))


def shown(value: object) -> str:
    """Return a value as a short text for a message."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a block of fields"
    if isinstance(value, list):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _simple(error: ValidationError, keyword: str) -> tuple[str, str]:
    """Return what is wrong and the remedy for the keywords that look at one value."""
    limit, value = _limit(error), _value(error)
    if keyword == "type":
        return _type(limit, value)
    if keyword == "enum":
        remedy = suggestion(str(value), [str(item) for item in limit], what="valid")
        return f"{shown(value)} is not one of the words known here", remedy
    if keyword == "pattern":
        return f"{shown(value)} is not {PATTERN_WORDS.get(limit, 'of the right form')}", "correct it"
    if keyword == "format":
        return f"{shown(value)} is not {FORMAT_WORDS.get(limit, limit)}", "correct it"
    return _bounds(keyword, limit, value)


def _type(wanted: Any, value: object) -> tuple[str, str]:
    names = wanted if isinstance(wanted, list) else [wanted]
    words = " or ".join(TYPE_WORDS[name] for name in names)
    what = f"{shown(value)} is not {words}"
    if "string" in names and isinstance(value, (int, float)):
        return what, "put it in quotes"
    if isinstance(value, str) and {"number", "integer"} & set(names):
        return what, "write a number, without quotes and units, with a point for decimals"
    return what, f"give {words}"


def _bounds(keyword: str, limit: Any, value: Any) -> tuple[str, str]:
    words = {
        "minimum": f"{shown(value)} is below {limit}",
        "maximum": f"{shown(value)} is above {limit}",
        "exclusiveMinimum": f"{shown(value)} must be more than {limit}",
        "exclusiveMaximum": f"{shown(value)} must be less than {limit}",
        "minLength": f"the text is shorter than {limit}",
        "maxLength": f"the text is longer than {limit} characters",
        "minItems": f"the list has fewer than {limit} entries",
        "maxItems": f"the list has more than {limit} entries",
        "minProperties": f"at least {limit} field{'' if limit == 1 else 's'} must be given",
        "uniqueItems": "an entry stands twice",
        "const": f"{shown(value)} is not {shown(limit)}",
    }
    return words.get(keyword, f"{shown(value)} does not satisfy {keyword!r}: {shown(limit)}"), "correct it"
