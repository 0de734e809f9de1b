"""The kernel of the audit: blocks of messages, one pass a rule, by the functions of the gate and of the kinds.

A block is small enough to stay in the processor's nearest caches. What many rules ask of a message (country, calendar,
wall clock) is set once; then each rule goes through the block in a loop of its own. A rule that no channel and category
of the block concerns is passed over. Rows come person by person in order of time, so that a rule's history is one
person's at a time.
"""

from __future__ import annotations

from typing import Any

from policies.arrays import Arrays
from policies.audit.passes import (
    attestations,
    caps,
    channel_bans,
    choose,
    consents_given,
    contents,
    cool_downs,
    histories,
    in_several_zones,
    known_zones,
    opt_outs,
    registered,
    service_windows,
    templates,
    validities,
    windows,
)  # fmt: skip
from policies.bundle import pack
from policies.gate import (
    ATTESTATION,
    CHANNEL_BAN,
    CONSENT,
    COOL_DOWN,
    DUPLICATE,
    FIRST_CONTACT,
    FREQUENCY_CAP,
    KNOWN_ZONE,
    OPT_OUT,
    REGISTRY,
    SERVICE_WINDOW,
    SESSION_CAP,
    TEMPLATE,
    TIME_WINDOW,
    VALIDITY,
    applies,
    place,
    settle,
)  # fmt: skip
from policies.kernels import inlined, kernel
from policies.kinds.base import A_AT, FAILS_UNTIL, P_KIND, PASS
from policies.speaking import class_bit


def judge_blocks(  # noqa: C901, PLR0915 - the dispatch over kinds
    rows: Any,
    speaking: Any,
    surely: Any,
    cells: Any,
    opening_of: Any,
    columns: Any,
    observed: Any,
    count_of_all: int,
    zone_sets: Any,
    initial: Any,
    zone_set_ptr: Any,
    arrays: Any,
    zones: Any,
    speaks: Any,
    some: Any,
    everyone: Any,
    found: Any,
    state: Any,
    owner: Any,
    openings: Any,
    narrow: int,
    out: Any,
    untils: Any,
) -> None:
    """Fill ``out[row, i]`` with the answer of each rule row to the attempt ``columns[:, i]``.

    ``columns`` has shape (A_WIDTH, messages); the first ``count_of_all`` are judged, and their clocks are set.
    ``zone_sets`` are those of their recipients, -1 for nobody's. ``out`` (int8) holds NOT_APPLICABLE and takes
    FAILS_UNTIL for an instant, which goes to ``untils`` unless ``narrow``. ``speaking``, ``surely``
    (policies.speaking), ``cells`` (of history) and ``opening_of`` (place in ``openings``) are of each rule row. What
    follows the tables is room for a block; ``everyone`` counts from 0. ``state``, ``owner`` (-2) and ``openings``
    (zeros) last from call to call.
    """
    tables = pack(arrays)
    for first in range(0, count_of_all, len(found)):
        count = min(len(found), count_of_all - first)
        block = columns[:, first : first + count]
        handed_over = observed[first : first + count]
        present, several, earliest, latest = set_clocks(
            block, count, zones, zone_sets[first : first + count], zone_set_ptr, tables
        )
        for row in range(len(rows)):
            if not speaking[row] & present:
                continue
            p = rows[row]
            kind = p[P_KIND]
            within = applies(p, block[:, earliest]) == PASS == applies(p, block[:, latest])
            of_all = within and not present & ~surely[row]
            if of_all:
                speaks[:count] = PASS
                n, chosen = count, everyone
            else:
                n, chosen = choose(p, block, count, speaks, some), some
            if kind == CONSENT:
                consents_given(p, block, chosen, n, tables, found)
            elif kind == OPT_OUT:
                opt_outs(p, block, chosen, n, tables, found)
            elif kind == TIME_WINDOW:
                windows(p, block, chosen, n, tables, openings[opening_of[row]], found)
            elif kind == FREQUENCY_CAP:
                owner[row] = caps(
                    p, block, count, speaks, handed_over, zones, tables, cells[row], initial, state, owner[row], found
                )
            elif kind == COOL_DOWN:
                cool_downs(p, block, chosen, n, found)
            elif kind == TEMPLATE:
                templates(p, block, chosen, n, found)
            elif kind == SERVICE_WINDOW:
                service_windows(p, block, chosen, n, found)
            elif kind == CHANNEL_BAN:
                channel_bans(p, block, chosen, n, found)
            elif kind == VALIDITY:
                validities(p, block, chosen, n, tables, found)
            elif kind == ATTESTATION:
                attestations(p, block, chosen, n, found)
            elif kind in (DUPLICATE, FIRST_CONTACT, SESSION_CAP):
                owner[row] = histories(
                    p, block, count, speaks, handed_over, tables, cells[row], initial, state, owner[row], found
                )
            elif kind == KNOWN_ZONE:
                known_zones(p, block, chosen, n, zones, tables, found)
            elif kind == REGISTRY:
                registered(p, block, chosen, n, tables, found)
            else:
                contents(p, block, chosen, n, tables, found)
            if several and kind in (TIME_WINDOW, VALIDITY, OPT_OUT):
                for index in range(n):
                    number = chosen[index]
                    if zones[number][1] - zones[number][0] > 1:
                        found[number] = in_several_zones(p, block[:, number], state, zones[number], tables)
            if of_all and narrow:
                narrow_answers(found, out[row, first : first + count])
            else:
                for index in range(n):
                    number = chosen[index]
                    answer = settle(speaks[number], found[number])
                    out[row, first + number] = min(answer, FAILS_UNTIL)
                    if answer > 0 and not narrow:
                        untils[row, first + number] = answer


@inlined
def narrow_answers(found: list[int], out: Any) -> None:
    """Fill ``out`` with answers of a rule that speaks of every message; a loop for the processor's wide registers."""
    for number in range(len(out)):
        out[number] = min(found[number], FAILS_UNTIL)


@kernel
def set_clocks(
    block: Any,
    count: int,
    zones: Any,
    zone_sets: list[int],
    zone_set_ptr: list[int],
    tables: Arrays,
) -> tuple[int, int, int, int]:
    """Set the clock of each message; return the classes of the messages, how many have several zones, and the places
    of the earliest and the latest.
    """
    present = several = earliest = latest = 0
    for number in range(count):
        a = block[:, number]
        zone_from = zone_to = 0
        if zone_sets[number] >= 0:
            zone_from, zone_to = zone_set_ptr[zone_sets[number]], zone_set_ptr[zone_sets[number] + 1]
        zones[number][0] = zone_from
        zones[number][1] = zone_to
        several += zone_to - zone_from > 1
        place(a, tables.set_zones[zone_from] if zone_to > zone_from else -1, tables)
        present |= class_bit(a)
        if a[A_AT] < block[A_AT, earliest]:
            earliest = number
        if a[A_AT] > block[A_AT, latest]:
            latest = number
    return present, several, earliest, latest
