"""One scenario with a single change of another: for the effect of each change alone."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Sequence
from typing import Any

from scenarios.diff.fields import ABSENT, ById, FieldChange, Part
from scenarios.load import Loaded, load_values
from scenarios.model import Scenario
from scenarios.plain_values import plain_values


def with_change(loaded: Loaded, before: Scenario, after: Scenario, change: FieldChange) -> Loaded:
    """Return ``before`` with one of the changes that lead to ``after``.

    Raises InputError where it cannot stand alone, for example a step whose template is another change.
    """
    values = plain_values(before)
    _put(values, plain_values(after), change)
    return load_values(values, loaded, f"{loaded.path} with {change.field}")


def _put(values: Any, wanted: Any, change: FieldChange) -> None:
    """Take the field of ``change`` over from ``wanted``; both are plain values without what stands at its default."""
    for part, following in itertools.pairwise(change.path):
        empty: Any = [] if isinstance(following, ById) else {}
        values, wanted = _inside(values, part, empty), _inside(wanted, part, copy.copy(empty))
    last = change.path[-1]
    if isinstance(last, ById):
        _put_entry(values, wanted, last, change)
    elif change.after != ABSENT and (isinstance(last, int) or last in wanted):
        values[last] = copy.deepcopy(wanted[last])
    else:
        del values[last]


def _put_entry(values: list[Any], wanted: list[Any], entry: ById, change: FieldChange) -> None:
    if change.after == ABSENT:
        del values[_index(values, entry)]
        return
    new = copy.deepcopy(wanted[_index(wanted, entry)])
    if change.before != ABSENT:
        values[_index(values, entry)] = new
        return
    earlier = [item["id"] for item in wanted[: _index(wanted, entry)]]
    places = [index for index, item in enumerate(values) if item["id"] in earlier]
    values.insert(places[-1] + 1 if places else 0, new)


def _inside(values: Any, part: Part, empty: Any) -> Any:
    """Return what stands at ``part``; a block that is left out is made."""
    if isinstance(part, ById):
        return values[_index(values, part)]
    return values.setdefault(part, empty) if isinstance(values, dict) else values[part]


def _index(values: Sequence[Any], entry: ById) -> int:
    return next(index for index, item in enumerate(values) if item["id"] == entry.id)
