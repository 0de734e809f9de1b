"""The gate: what all rules together say of one message, now and at the first instant at which it may go.

The functions marked ``kernel`` run as plain Python on lists of ``int`` and compiled on int64 arrays, one body for
both engines and the audit. Their flat tables come as one tuple, of which compiled code hands on the address.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from policies.arrays import Arrays
from policies.calendars.zones import local_time
from policies.kernels import inlined, kernel
from policies.kinds import (
    attestation,
    channel_ban,
    consent,
    content,
    cool_down,
    duplicate,
    first_contact,
    frequency_cap,
    known_zone,
    opt_out,
    registry,
    service_window,
    session_cap,
    template,
    time_window,
    validity,
)
from policies.kinds.base import (
    A_AT,
    A_CALENDAR,
    A_CATEGORY,
    A_CHANNEL,
    A_CONSENTS,
    A_COUNTRY,
    A_LOCAL,
    A_RECIPIENT,
    A_WHEN,
    A_WIDTH,
    A_ZONE,
    FAIL,
    NOT_APPLICABLE,
    P_CATEGORIES,
    P_CHANNELS,
    P_COUNTRIES,
    P_FROM,
    P_KIND,
    P_PARTLY,
    P_TO,
    P_WHEN,
    PASS,
    REVIEW,
    UNKNOWN,
    W_DOUBTFUL,
    W_SILENT,
)
from policies.openings import opening
from policies.people import People
from policies.records import CATEGORIES, MISSING, NEVER
from policies.tables import RuleTable, Tables

ALLOW, HOLD, UNSURE, DENY = 0, 1, 2, 3
DECISION_NAMES = ("allow", "hold", "unknown", "deny")
"""Decisions from the mildest to the gravest, as DESIGN section 2 combines them; review acts as unknown."""

MOST_HOLDS = 64
"""Repetitions of a hold before the gate says that there is no common window (DESIGN section 2)."""

CONSENT, OPT_OUT, TIME_WINDOW, FREQUENCY_CAP, COOL_DOWN, TEMPLATE = 0, 1, 2, 3, 4, 5
SERVICE_WINDOW, CHANNEL_BAN, VALIDITY, ATTESTATION = 6, 7, 8, 9
DUPLICATE, KNOWN_ZONE, FIRST_CONTACT, SESSION_CAP, REGISTRY = 10, 11, 12, 13, 14
"""Places in ``KINDS``, a test holds them equal; what is left is ``content``."""
REMEMBERING = (FREQUENCY_CAP, DUPLICATE, FIRST_CONTACT, SESSION_CAP)
"""Kinds that keep a history: every message handed over is shown to them (``observe_row``)."""
ALL_CATEGORIES = (1 << len(CATEGORIES)) - 1


@inlined
def applies(p: list[int], a: list[int]) -> int:
    """Return PASS where the rule speaks of this message, NOT_APPLICABLE where not, UNKNOWN where it may."""
    if a[A_AT] < p[P_FROM] or a[A_AT] >= p[P_TO] or not (p[P_CHANNELS] >> a[A_CHANNEL]) & 1:
        return NOT_APPLICABLE
    answer = PASS
    if p[P_CATEGORIES] != ALL_CATEGORIES:
        if a[A_CATEGORY] < 0:
            answer = UNKNOWN
        elif not (p[P_CATEGORIES] >> a[A_CATEGORY]) & 1:
            return NOT_APPLICABLE
    if p[P_COUNTRIES] != -1:
        if a[A_COUNTRY] < 0 or (p[P_PARTLY] >> a[A_COUNTRY]) & 1:
            answer = UNKNOWN
        elif not (p[P_COUNTRIES] >> a[A_COUNTRY]) & 1:
            return NOT_APPLICABLE
    if p[P_WHEN] > 0:
        said = W_DOUBTFUL if a[A_WHEN] < 0 else (a[A_WHEN] >> (p[P_WHEN] - 1)) & 3
        if said == W_SILENT:
            return NOT_APPLICABLE
        if said == W_DOUBTFUL:
            answer = UNKNOWN
    return answer


@kernel
def evaluate_kind(
    p: list[int],
    a: list[int],
    s: list[int],
    tables: Arrays,
) -> int:
    """Return the answer of the row's kind for the zone in A_ZONE and A_LOCAL."""
    kind = p[P_KIND]
    if kind == CONSENT:
        return consent.evaluate(p, a, tables.consent_ptr, tables.consents)
    if kind == OPT_OUT:
        return opt_out.evaluate(
            p, a, tables.zone_ptr, tables.trans_at, tables.trans_off, tables.day_first, tables.day_class
        )
    if kind == TIME_WINDOW:
        answer = time_window.evaluate(p, a, tables.day_first, tables.day_class)
        return opening(p, a, tables) if answer == FAIL else answer
    if kind == FREQUENCY_CAP:
        return frequency_cap.evaluate(p, a, s, tables.zone_ptr, tables.trans_at, tables.trans_off)
    if kind == COOL_DOWN:
        return cool_down.evaluate(p, a)
    if kind == TEMPLATE:
        return template.evaluate(p, a)
    if kind == SERVICE_WINDOW:
        return service_window.evaluate(p, a)
    if kind == CHANNEL_BAN:
        return channel_ban.evaluate(p, a)
    if kind == VALIDITY:
        return validity.evaluate(
            p, a, tables.zone_ptr, tables.trans_at, tables.trans_off, tables.day_first, tables.day_class
        )
    if kind == ATTESTATION:
        return attestation.evaluate(p, a)
    if kind == DUPLICATE:
        return duplicate.evaluate(p, a, s, tables.wordings)
    if kind == FIRST_CONTACT:
        return first_contact.evaluate(p, a, s)
    if kind == SESSION_CAP:
        return session_cap.evaluate(p, a, s)
    if kind == REGISTRY:
        return registry.evaluate(p, a, tables.register_ptr, tables.registers, tables.consent_ptr, tables.consents)
    return content.evaluate(p, a, tables.content_answers)


@inlined
def evaluate_row(
    p: list[int],
    a: list[int],
    s: list[int],
    zone_from: int,
    zone_to: int,
    tables: Arrays,
) -> int:
    """Return the answer of one rule row; NOT_APPLICABLE where it does not speak of the message.

    The recipient's candidate zones are ``tables.set_zones[zone_from:zone_to]``. With one zone (or none) A_LOCAL and
    A_ZONE must be set (``place``). With several: all pass - PASS; all fail - the latest *until*, or FAIL; any unknown -
    UNKNOWN; else REVIEW.
    """
    speaks = applies(p, a)
    if speaks == NOT_APPLICABLE:
        return NOT_APPLICABLE
    if p[P_KIND] == KNOWN_ZONE:
        answer = clock_known(p, a, zone_from, zone_to, tables)
    elif zone_to - zone_from > 1 and p[P_KIND] in (TIME_WINDOW, FREQUENCY_CAP, VALIDITY, OPT_OUT):
        answer = in_all_zones(p, a, s, zone_from, zone_to, tables)
    else:
        answer = evaluate_kind(p, a, s, tables)
    return settle(speaks, answer)


@kernel
def clock_known(p: list[int], a: list[int], zone_from: int, zone_to: int, tables: Arrays) -> int:
    """Return the answer of the kind ``known_zone``, which looks at all candidate zones at once."""
    return known_zone.evaluate(
        p, a, zone_from, zone_to, tables.set_zones, tables.zone_ptr, tables.trans_at, tables.trans_off
    )


@inlined
def settle(speaks: int, answer: int) -> int:
    """Return the answer of a rule that speaks of the message, or may: then what is no PASS is UNKNOWN."""
    return UNKNOWN if speaks == UNKNOWN and answer != PASS else answer


@kernel
def in_all_zones(p: list[int], a: list[int], s: list[int], zone_from: int, zone_to: int, tables: Arrays) -> int:
    """Return what the row's kind says in all candidate zones together; leaves the clock of the last one."""
    answer = NOT_APPLICABLE
    for place_of_zone in range(zone_from, zone_to):
        place(a, tables.set_zones[place_of_zone], tables)
        one = evaluate_kind(p, a, s, tables)
        answer = one if answer == NOT_APPLICABLE else both(answer, one)
    return answer


@kernel
def both(one: int, other: int) -> int:
    """Return what the answers in two candidate zones say together."""
    if one == other:
        return one
    if UNKNOWN in (one, other):
        return UNKNOWN
    if (one == FAIL and other > 0) or (other == FAIL and one > 0):
        return FAIL
    if one > 0 and other > 0:
        return max(one, other)
    return REVIEW


@inlined
def place(a: list[int], zone: int, tables: Arrays) -> None:
    """Set the wall clock of the attempt to that of ``zone`` (-1: unknown)."""
    a[A_ZONE] = zone
    a[A_LOCAL] = local_time(a[A_AT], zone, tables.zone_ptr, tables.trans_at, tables.trans_off)


@kernel
def judge_rows(
    rows: list[list[int]], a: list[int], s: list[int], zone_from: int, zone_to: int, tables: Arrays
) -> tuple[int, int, int]:
    """Return (decision, until, row); HOLD gives the first instant found at which every row passes.

    At one instant: DENY, else UNSURE, else HOLD to the latest *until*. A hold is tried again at its end, at most 64
    times. ``row`` is the row that decided (-1: none). A hold that ends in a denial, or never ends, is DENY with
    ``until`` NEVER: no common window.
    """
    asked = a[A_AT]
    held, held_by = MISSING, -1
    for _ in range(MOST_HOLDS + 1):
        place(a, tables.set_zones[zone_from] if zone_to > zone_from else -1, tables)
        decision, until, deciding = ALLOW, MISSING, -1
        for row in range(len(rows)):
            answer = evaluate_row(rows[row], a, s, zone_from, zone_to, tables)
            if answer == FAIL:
                decision, until, deciding = DENY, MISSING, row
                break
            if answer in (UNKNOWN, REVIEW):
                if decision != UNSURE:
                    decision, until, deciding = UNSURE, MISSING, row
            elif answer > 0 and decision != UNSURE and answer > until:
                decision, until, deciding = HOLD, answer, row
        if decision != HOLD:
            a[A_AT] = asked
            if held_by < 0:
                return decision, until, deciding
            if decision == ALLOW:
                return HOLD, held, held_by
            return decision, NEVER if decision == DENY else MISSING, deciding
        held, held_by = until, deciding
        a[A_AT] = until
    a[A_AT] = asked
    return DENY, NEVER, held_by


@kernel
def observe_row(p: list[int], a: list[int], s: list[int]) -> None:
    """Update the row's history after the message was handed over."""
    kind = p[P_KIND]
    if kind == FREQUENCY_CAP:
        frequency_cap.observe(p, a, s)
    elif kind == DUPLICATE:
        duplicate.observe(p, a, s)
    elif kind == FIRST_CONTACT:
        first_contact.observe(p, a, s)
    elif kind == SESSION_CAP:
        session_cap.observe(p, a, s)


def blank_attempt() -> list[int]:
    """Return an attempt vector in which nothing is known."""
    attempt = [MISSING] * A_WIDTH
    attempt[A_CALENDAR] = attempt[A_COUNTRY] = -1
    return attempt


class Gate:
    """The rules of one run for engines in plain Python; decisions only, no effect but on the state it is given.

    Lists as long as the audience are made when the first message is judged: compiled engines take the tables instead.
    """

    def __init__(self, rule_table: RuleTable, tables: Tables, people: People) -> None:
        self.rule_table = rule_table
        self.tables = tables
        self.size = len(people)
        self._rows: list[list[int]] = rule_table.rows.tolist()
        self._set_ptr: list[int] = tables.zone_set_ptr.tolist()
        self._watching = [row for row in self._rows if row[P_KIND] in REMEMBERING]
        self._chosen: dict[tuple[int, int], tuple[list[int], list[list[int]]]] = {}

    @property
    def watching(self) -> npt.NDArray[np.int64]:
        """Return the rows that keep a history, int64[n, P_WIDTH]."""
        rows: npt.NDArray[np.int64] = self.rule_table.rows[np.isin(self.rule_table.rows[:, P_KIND], REMEMBERING)]
        return rows

    def speaking(self, channel: int, category: int) -> list[int]:
        """Return the places in the rule table of the rows that may speak of a channel and category."""
        return self._speaking(channel, category)[0]

    @cached_property
    def _arrays(self) -> Arrays:
        return self.tables.lists(self.rule_table)

    @cached_property
    def _zone_set_of(self) -> list[int]:
        values: list[int] = self.tables.zone_set_of.tolist()
        return values

    @cached_property
    def _country_of(self) -> list[int]:
        values: list[int] = self.tables.country_of.tolist()
        return values

    @cached_property
    def _calendar_of(self) -> list[int]:
        values: list[int] = self.tables.calendar_of.tolist()
        return values

    @cached_property
    def _consent_set_of(self) -> list[int]:
        values: list[int] = self.tables.consent_set_of.tolist()
        return values

    def new_state(self) -> list[int]:
        """Return the history of a recipient who has received nothing."""
        state: list[int] = self.rule_table.initial.tolist()
        return state

    def decide(self, recipient: int, attempt: list[int], state: list[int]) -> tuple[int, int, int]:
        """Return (decision, until, row of the rule table) for a message at ``attempt[A_AT]``.

        Fills in the recipient's place, country, calendar, consents and clock; the caller must set everything else.
        """
        zone_from, zone_to = self.fill(recipient, attempt)
        places, rows = self._speaking(attempt[A_CHANNEL], attempt[A_CATEGORY])
        decision, until, row = judge_rows(rows, attempt, state, zone_from, zone_to, self._arrays)
        return decision, until, places[row] if row >= 0 else -1

    def fill(self, recipient: int, attempt: list[int]) -> tuple[int, int]:
        """Set what is fixed of the recipient and return the range of the candidate zones."""
        attempt[A_RECIPIENT] = recipient
        attempt[A_COUNTRY] = self._country_of[recipient]
        attempt[A_CALENDAR] = self._calendar_of[recipient]
        attempt[A_CONSENTS] = self._consent_set_of[recipient]
        zone_set = self._zone_set_of[recipient]
        return (0, 0) if zone_set < 0 else (self._set_ptr[zone_set], self._set_ptr[zone_set + 1])

    def answers(self, recipient: int, attempt: list[int], state: list[int]) -> list[int]:
        """Return the answer of every row of the rule table, without combining them."""
        zone_from, zone_to = self.fill(recipient, attempt)
        first = self._arrays.set_zones[zone_from] if zone_to > zone_from else -1
        found = []
        for row in self._rows:
            place(attempt, first, self._arrays)
            found.append(evaluate_row(row, attempt, state, zone_from, zone_to, self._arrays))
        return found

    def observe(self, attempt: list[int], state: list[int]) -> None:
        """Update the recipient's history: the message was handed over at ``attempt[A_AT]``."""
        for row in self._watching:
            observe_row(row, attempt, state)

    def _speaking(self, channel: int, category: int) -> tuple[list[int], list[list[int]]]:
        """Return the rows that may speak of a channel and category, with their places in the table."""
        key = (channel, category)
        if key not in self._chosen:
            probe = blank_attempt()
            probe[A_CHANNEL], probe[A_CATEGORY] = channel, category
            places = []
            for index, row in enumerate(self._rows):
                probe[A_AT] = row[P_FROM]
                if applies([*row[:P_COUNTRIES], -1, *row[P_COUNTRIES + 1 :]], probe) != NOT_APPLICABLE:
                    places.append(index)
            self._chosen[key] = places, [self._rows[index] for index in places]
        return self._chosen[key]
