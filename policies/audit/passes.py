"""One rule over a block of messages: a loop for each kind, around the kind's own ``evaluate``.

``block`` has shape (A_WIDTH, messages); ``chosen[:n]`` are the places in it of the messages that the rule speaks of,
and ``found[place]`` takes the answers. A loop that calls one small function is compiled into one piece; through the
gate's dispatch each call would hand over all tables (measured: 25 ns a message and rule against 5).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policies.arrays import Arrays
from policies.gate import applies, clock_known, evaluate_kind, in_all_zones, observe_row, place
from policies.kernels import inlined, kernel
from policies.kinds import (
    attestation,
    channel_ban,
    consent,
    content,
    cool_down,
    frequency_cap,
    opt_out,
    registry,
    service_window,
    template,
    time_window,
    validity,
)
from policies.kinds.base import A_RECIPIENT, FAIL, NOT_APPLICABLE, P_STATE
from policies.openings import O_ANSWER, entry_of, remember, remembered

Rows = Any
"""An array of two dimensions."""


@kernel
def choose(p: list[int], block: Rows, count: int, speaks: list[int], chosen: list[int]) -> int:
    """Note what the rule says to be about for each message, and the places of those it may speak of; how many."""
    n = 0
    for number in range(count):
        speaks[number] = applies(p, block[:, number])
        chosen[n] = number
        n += speaks[number] != NOT_APPLICABLE
    return n


def _pass_of(evaluate: Callable[[list[int], list[int]], int]) -> Callable[..., None]:
    """Return the pass of a kind that looks at the message alone."""

    @kernel
    def go(p: list[int], block: Rows, chosen: list[int], n: int, found: list[int]) -> None:
        for index in range(n):
            found[chosen[index]] = evaluate(p, block[:, chosen[index]])

    return go


cool_downs = _pass_of(cool_down.evaluate)
templates = _pass_of(template.evaluate)
service_windows = _pass_of(service_window.evaluate)
channel_bans = _pass_of(channel_ban.evaluate)
attestations = _pass_of(attestation.evaluate)


@inlined
def fixed(p: list[int]) -> Any:
    """Return a rule row as numbers that the compiler knows to stay as they are while answers are written."""
    return (
        p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11], p[12], p[13], p[14], p[15], p[16],
    )  # fmt: skip


@kernel
def consents_given(p: list[int], block: Rows, chosen: list[int], n: int, tables: Arrays, found: list[int]) -> None:
    """Answer for consents."""
    row = fixed(p)
    for index in range(n):
        found[chosen[index]] = consent.evaluate(row, block[:, chosen[index]], tables.consent_ptr, tables.consents)


@kernel
def registered(p: list[int], block: Rows, chosen: list[int], n: int, tables: Arrays, found: list[int]) -> None:
    """Answer for registers."""
    for index in range(n):
        found[chosen[index]] = registry.evaluate(
            p, block[:, chosen[index]], tables.register_ptr, tables.registers, tables.consent_ptr, tables.consents
        )


@kernel
def opt_outs(p: list[int], block: Rows, chosen: list[int], n: int, tables: Arrays, found: list[int]) -> None:
    """Answer for opt-outs."""
    for index in range(n):
        found[chosen[index]] = opt_out.evaluate(
            p,
            block[:, chosen[index]],
            tables.zone_ptr,
            tables.trans_at,
            tables.trans_off,
            tables.day_first,
            tables.day_class,
        )


@kernel
def contents(p: list[int], block: Rows, chosen: list[int], n: int, tables: Arrays, found: list[int]) -> None:
    """Answer for texts."""
    for index in range(n):
        found[chosen[index]] = content.evaluate(p, block[:, chosen[index]], tables.content_answers)


@kernel
def windows(
    p: list[int],
    block: Rows,
    chosen: list[int],
    n: int,
    tables: Arrays,
    known: Rows,
    found: list[int],
) -> None:
    """Answer for time windows by the clock in the block; then look up when the closed ones open."""
    for index in range(n):
        found[chosen[index]] = time_window.evaluate(p, block[:, chosen[index]], tables.day_first, tables.day_class)
    for index in range(n):
        number = chosen[index]
        if found[number] == FAIL:
            entry = known[entry_of(block[:, number]) & (len(known) - 1)]
            if remembered(block[:, number], entry):
                found[number] = entry[O_ANSWER]
            else:
                found[number] = remember(p, block[:, number], tables, entry)


@kernel
def validities(
    p: list[int],
    block: Rows,
    chosen: list[int],
    n: int,
    tables: Arrays,
    found: list[int],
) -> None:
    """Answer for validities by the clock in the block."""
    for index in range(n):
        a = block[:, chosen[index]]
        found[chosen[index]] = validity.evaluate(
            p, a, tables.zone_ptr, tables.trans_at, tables.trans_off, tables.day_first, tables.day_class
        )


@kernel
def caps(
    p: list[int],
    block: Rows,
    count: int,
    speaks: list[int],
    handed_over: list[int],
    zones: Rows,
    tables: Arrays,
    cells: int,
    initial: list[int],
    state: list[int],
    before: int,
    found: list[int],
) -> int:
    """Answer for a cap message by message, counting what was handed over; return whose history ``state`` holds now.

    ``before`` is whose it held. What nobody (-1) received is counted too, but no cap answers by it.
    """
    row = fixed(p)
    for number in range(count):
        a = block[:, number]
        if a[A_RECIPIENT] != before:
            before = a[A_RECIPIENT]
            for cell in range(row[P_STATE], row[P_STATE] + cells):
                state[cell] = initial[cell]
        if speaks[number] == NOT_APPLICABLE:
            pass
        elif zones[number][1] - zones[number][0] > 1:
            found[number] = in_several_zones(p, a, state, zones[number], tables)
        else:
            found[number] = frequency_cap.evaluate(row, a, state, tables.zone_ptr, tables.trans_at, tables.trans_off)
        if handed_over[number]:
            frequency_cap.observe(row, a, state)
    return before


@kernel
def histories(
    p: list[int],
    block: Rows,
    count: int,
    speaks: list[int],
    handed_over: list[int],
    tables: Arrays,
    cells: int,
    initial: list[int],
    state: list[int],
    before: int,
    found: list[int],
) -> int:
    """Answer for any kind that keeps a history and reads no clock, as ``caps`` does; return whose history it is now."""
    for number in range(count):
        a = block[:, number]
        if a[A_RECIPIENT] != before:
            before = a[A_RECIPIENT]
            for cell in range(p[P_STATE], p[P_STATE] + cells):
                state[cell] = initial[cell]
        if speaks[number] != NOT_APPLICABLE:
            found[number] = evaluate_kind(p, a, state, tables)
        if handed_over[number]:
            observe_row(p, a, state)
    return before


@kernel
def known_zones(
    p: list[int], block: Rows, chosen: list[int], n: int, zones: Rows, tables: Arrays, found: list[int]
) -> None:
    """Answer for how well the clocks are known."""
    for index in range(n):
        number = chosen[index]
        found[number] = clock_known(p, block[:, number], zones[number][0], zones[number][1], tables)


@kernel
def in_several_zones(p: list[int], a: list[int], state: list[int], zones: list[int], tables: Arrays) -> int:
    """Return the gate's answer for a person of several candidate zones, and set the clock of the first again."""
    answer = in_all_zones(p, a, state, zones[0], zones[1], tables)
    place(a, tables.set_zones[zones[0]], tables)
    return answer
