"""A case cut down: whatever can be taken away without making it less bad is taken away, until nothing can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from scenarios.attack.cases import Arena, Case
from scenarios.attack.options import recipient_id


def cut_down(arena: Arena) -> None:
    """Take away from the worst case whatever can go without making it less bad, until nothing can."""
    assert arena.best is not None
    before: Case | None = None
    while before != arena.best[0]:
        before, seen = arena.best
        for case in smaller(before):
            if arena.measure(case).value >= seen.value:
                break


def smaller(case: Case) -> Iterator[Case]:
    """Yield the cases with one thing less: a recipient, an outage, a forced outcome, an uncommon property, a delay."""
    for index, person in enumerate(case.people):
        if len(case.people) > 1:
            script = tuple(forced for forced in case.script if forced.recipient != recipient_id(person.number))
            yield replace(case, people=_without(case.people, index), script=script)
    for index in range(len(case.outages)):
        yield replace(case, outages=_without(case.outages, index))
    for index in range(len(case.script)):
        yield replace(case, script=_without(case.script, index))
    for index, person in enumerate(case.people):
        for place, value in enumerate(person.values):
            if value:
                plain = replace(person, values=(*person.values[:place], 0, *person.values[place + 1 :]))
                yield replace(case, people=(*case.people[:index], plain, *case.people[index + 1 :]))
    for index, minutes in enumerate(case.releases):
        for less in sorted(
            {0, minutes // 2, minutes - minutes % 60, minutes - minutes % 10, minutes - 1} - {minutes, -1}
        ):
            yield replace(case, releases=(*case.releases[:index], less, *case.releases[index + 1 :]))


def _without(items: tuple[Any, ...], index: int) -> tuple[Any, ...]:
    return (*items[:index], *items[index + 1 :])
