"""Cuts: the instants between which no duty can change its answer, and the ages of an event that matter.

Every kind names its boundaries itself; here they become instants of one zone's clock. A boundary may belong to either
side, so the microsecond after it is a cut as well, and no answer depends on which side it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from policies.gate import (
    ATTESTATION,
    CHANNEL_BAN,
    CONSENT,
    COOL_DOWN,
    DUPLICATE,
    FREQUENCY_CAP,
    OPT_OUT,
    REGISTRY,
    REMEMBERING,
    TEMPLATE,
    TIME_WINDOW,
    VALIDITY,
)
from policies.kinds import KINDS, consent, frequency_cap, opt_out
from policies.kinds.base import P_0, P_1, P_2, P_FROM, P_KIND, P_TO
from policies.records import DAY, MISSING, NEVER
from policies.tables import Tables
from policies.verify.plan import Step

Row = list[int]
ABSOLUTE = (CHANNEL_BAN, ATTESTATION)
"""Kinds whose boundaries are instants."""
HINDSIGHT_DAYS = 2
"""So much longer than the greatest age that matters the past is looked at: further back nothing changes any more."""


def instants(rows: Iterable[Row], step: Step, zones: list[int], tables: Tables, start: int, end: int) -> list[int]:
    """Return, in order, where the answer of a row to the step's message may change for somebody with these zones.

    The first of them is ``start``, the end of the horizon is not among them. Of what a row looks back at, and when it
    does by the calendar, is said elsewhere (``ages_of_messages``, ``periods``).
    """
    rows = list(rows)
    times = {time for row in rows if row[P_KIND] not in REMEMBERING for time in times_of_day(row)}
    found = {start}
    for zone in zones:
        for at in on_clock(times, zone, tables, start, end + max(step.validity, 0)):
            found |= {at, at + 1, at - step.validity, at - step.validity + 1}
    for row in rows:
        edges = [row[P_FROM], row[P_TO]]
        edges += KINDS[row[P_KIND]].boundaries(row) if row[P_KIND] in ABSOLUTE else []
        edges += [step.template_since] if row[P_KIND] == TEMPLATE and step.template_since != MISSING else []
        found |= {at + more for at in edges if abs(at) < NEVER for more in (0, 1)}
    return sorted(at for at in found if start <= at < end)


def standing(rows: Iterable[Row], zones: list[int], tables: Tables, start: int, end: int) -> set[int]:
    """Return the instants that part the answers of rows which look back, whatever these look at.

    There a row begins or ends to be in force, or a day begins by one of the clocks if it counts days.
    """
    found: set[int] = set()
    for row in rows:
        found |= {row[P_FROM], row[P_TO]}
        if row[P_KIND] not in REMEMBERING and times_of_day(row):
            found |= {at for zone in zones for at in on_clock({0}, zone, tables, start, end)}
    return found


def periods(row: Row, zones: list[int], tables: Tables, start: int, end: int) -> list[tuple[int, list[int]]]:
    """Return (from when on, when the period of a message handed over since then may end), in order.

    The period is that of a cap, by any of these clocks; a cap that counts by age has none. Changes of a clock count as
    ends, since after them it may show an earlier day again.
    """
    if row[P_KIND] != FREQUENCY_CAP or ages_of_messages(row):
        return []
    begins, before = partial(frequency_cap.begins, row), start - frequency_cap.lasts(row)
    changes = {at for zone in zones for at in on_clock((), zone, tables, start, end)}
    found = sorted(changes | {at for zone in zones for at in on_clock({0}, zone, tables, before, end, begins)})
    return [(at, sorted({change for change in changes if change > at} | _ends(row, zones, tables, at))) for at in found]


def _ends(row: Row, zones: list[int], tables: Tables, at: int) -> set[int]:
    """Return the instants at which the period of a message of the instant ``at`` ends, by one of these clocks."""
    found: set[int] = set()
    for zone in zones:
        rows = range(int(tables.zone_ptr[zone]), int(tables.zone_ptr[zone + 1]) - 1)
        spans = [tuple(int(x) for x in (tables.trans_at[n], tables.trans_at[n + 1], tables.trans_off[n])) for n in rows]
        for day in [(at + offset) // DAY for first, last, offset in spans if first <= at < last]:
            shown = frequency_cap.period_end(day, row[P_1]) * DAY
            found |= {shown - offset for first, last, offset in spans if first <= shown - offset < last}
    return found


def lasts(row: Row) -> int:
    """Return the age from which no message matters any more to a row that looks back."""
    if row[P_KIND] == FREQUENCY_CAP:
        return frequency_cap.lasts(row)
    return row[P_0] if row[P_KIND] == DUPLICATE else NEVER


def times_of_day(row: Row) -> set[int]:
    """Return the times of a local day (microseconds) at which a row may change its answer, midnight among them."""
    if row[P_KIND] in (TIME_WINDOW, VALIDITY):
        return {0, *KINDS[row[P_KIND]].boundaries(row)}
    counts_days = row[P_KIND] == OPT_OUT and row[P_2] > 0
    return {0} if counts_days or (row[P_KIND] == FREQUENCY_CAP and not ages_of_messages(row)) else set()


def sort_of(row: Row) -> str:
    """Return what the row looks back at: "history", "agreed", "ordered", "left", or nothing ("")."""
    if row[P_KIND] in REMEMBERING:
        return "history"
    return next(iter(ages_of_person(row)), "")


def ages_of_messages(row: Row) -> set[int]:
    """Return the ages of an earlier message from which the row may answer otherwise."""
    return set(KINDS[row[P_KIND]].spans(row)) if row[P_KIND] in REMEMBERING else set()


def ages_of_person(row: Row) -> dict[str, set[int]]:
    """Return the ages from which the row may answer otherwise, by what happened to the person.

    ``agreed``: a consent was given or a register entered; ``ordered``: the last order; ``left``: the opt-out.
    """
    kind = row[P_KIND]
    if kind == CONSENT:
        found = set(consent.spans(row))
        return {"agreed": _both(found), "ordered": _both(found)}
    if kind == REGISTRY:
        return {"agreed": _both(set(consent.spans(row)))}
    if kind == COOL_DOWN:
        return {"ordered": _both(set(KINDS[kind].boundaries(row)))}
    if kind == OPT_OUT:
        longest = {opt_out.LONGEST} if row[P_2] else set()
        return {"left": _both(set(KINDS[kind].boundaries(row)) | longest)}
    return {}


def dates_of_person(
    row: Row, zones: list[int], tables: Tables, since: int, until: int
) -> dict[str, set[int]]:  # fmt: skip
    """Return the instants at which what happened to the person begins to count otherwise, by what it is."""
    if row[P_KIND] == CONSENT:
        return {"agreed": {at + more for at in consent.givens(row) for more in (0, 1)}}
    if row[P_KIND] == OPT_OUT and row[P_2]:
        return {"left": {at for zone in zones for at in on_clock({0}, zone, tables, since, until)}}
    return {}


def _both(ages: set[int]) -> set[int]:
    return {age + more for age in (0, *ages) for more in (0, 1)}


def on_clock(
    times: Iterable[int], zone: int, tables: Tables, start: int, end: int, days: Callable[[int], bool] | None = None
) -> set[int]:
    """Return the instants of a zone, a day more on either side, at which its clock shows one of the times.

    ``days`` says on which days, if not on all. Those at which the clock is changed are among them; a time that a clock
    shows twice gives two instants.
    """
    times, found = sorted(times), set()
    for row in range(int(tables.zone_ptr[zone]), int(tables.zone_ptr[zone + 1]) - 1):
        first, last, offset = (int(x) for x in (tables.trans_at[row], tables.trans_at[row + 1], tables.trans_off[row]))
        found |= {first, last}
        low, high = max(first, start - DAY), min(last, end + DAY)
        every = range((low + offset) // DAY, (high + offset) // DAY + 1)
        for day in every if days is None else filter(days, every):
            found |= {at for at in (day * DAY + time - offset for time in times) if first <= at < last}
    return found
