"""Taking people up, and the purchases that need no message."""

from __future__ import annotations

from typing import Any

from policies.kernels import inlined, kernel
from policies.records import NEVER
from simulator.engine.compiled import layout
from simulator.engine.compiled.agenda import PURCHASE, plan
from simulator.engine.compiled.codes import (
    D_BASE_PURCHASE,
    D_HOLD_OUT,
    E_HELD_OUT,
    E_PURCHASED,
    E_RELEASED,
    R_HOLD_OUT,
    R_NONE,
    R_WITHOUT_MESSAGE,
)
from simulator.engine.compiled.notes import close, note_chain
from simulator.engine.compiled.numbers import combine, draw, happens, latency, word
from simulator.engine.compiled.outcome import chain_key
from simulator.engine.compiled.prefetch import prefetch
from simulator.engine.compiled.rows import row

NOBODY = -1
AHEAD = 8
"""Cascades ahead whose people are asked for."""


@kernel
def release(w: Any, c: int, at: int) -> bool:
    """Take the recipient up; return whether the cascade starts (False: hold-out group).

    Somebody taken up for the first time whose purchases are played is left in ``NOW.buying``, for ``buy_next``.
    """
    chain = w.chains[c]
    fetch_ahead(w, c)
    chain.at = NEVER
    chain.step = w.campaigns[chain.campaign].first
    chain.bits |= layout.RELEASED
    note_chain(w, c, E_RELEASED, at, R_NONE)
    take_up(w, word(chain.who))
    hold_out = w.campaigns[chain.campaign].hold_out
    if hold_out and happens(draw(chain_key(w, c), D_HOLD_OUT), hold_out):
        note_chain(w, c, E_HELD_OUT, at, R_HOLD_OUT)
        close(w, c)
        return False
    return True


@inlined
def fetch_ahead(w: Any, c: int) -> None:
    """Ask for a person who comes soon: those of an earlier campaign lie anywhere."""
    prefetch(w.people, word(w.chains[min(c + AHEAD, w.now[0].chains - 1)].who))


@kernel
def take_up(w: Any, who: int) -> None:
    """Let the purchases without messages of somebody new be drawn next, where they are played."""
    now, person = w.now[0], w.people[who]
    if now.base_purchase >= 0 and not person.bits & layout.TAKEN_UP:
        now.buying, now.buying_at, now.buying_count = who, now.start, 0
    person.bits |= layout.TAKEN_UP


@kernel
def buy_next(w: Any) -> None:
    """Draw the next purchase that needs no message of the person in ``NOW.buying``; past the horizon there is none."""
    now = w.now[0]
    person = w.people[now.buying]
    now.buying_count += 1
    key = combine(combine(now.key, person.key), now.buying_count)
    gap = latency(w.quantiles[now.base_purchase], draw(key, D_BASE_PURCHASE))
    now.buying_at += max(gap, 1)
    at = now.buying_at
    if at >= now.end:
        now.buying = NOBODY
        return
    row(w, E_PURCHASED, at, word(person.recipient), -1, -1, at, -1, R_WITHOUT_MESSAGE)
    if now.watch_purchases:
        if at <= now.at:
            note_purchase(w, now.buying, at)
        else:
            plan(w, at, PURCHASE, now.buying, 0, -1)


@kernel
def note_purchase(w: Any, who: int, at: int) -> None:
    """Keep a purchase for whoever asks for it later."""
    now = w.now[0]
    w.own[who, now.own_bought_at] = at
    w.own[who, now.own_bought] += 1
