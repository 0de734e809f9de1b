"""From a dispatch log to the full one: each hand-over is played again by the functions that played it first.

What becomes of a message is a function of its ``submitted`` row, the scenario and the seed, but for the order of
hand-overs, which decides what a session and a tier of prices cost. A log is in order of birth, so hand-overs are made
in its order, with sessions and accounts of their own. Nothing is planned: what people did in return stands in the log.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from policies.bundle import pack
from policies.jit import compiled
from policies.kernels import kernel
from policies.people import Int64s
from policies.records import NEVER
from simulator import draws
from simulator.engine.compiled import layout
from simulator.engine.compiled.codes import E_RELEASED, E_SUBMITTED
from simulator.engine.compiled.engine import MOST_ROWS
from simulator.engine.compiled.flatten import Flat
from simulator.engine.compiled.outcome import address, submit
from simulator.engine.compiled.packed import Part, packed
from simulator.engine.compiled.release import buy_next, take_up
from simulator.engine.compiled.state import World, new_state
from simulator.engine.compiled.tables import records
from simulator.engine.keep import derived_events
from simulator.engine.log import Rows
from simulator.engine.merged import Merged

ORDERS = ("event", "recipient", "campaign", "step", "attempt", "occurred_at", "state")
"""What a row of a dispatch log tells of what is to be made again."""
O_EVENT, O_WHO, O_CAMPAIGN, O_STEP, O_ATTEMPT, O_AT, O_STATE = range(len(ORDERS))


def replay(world: Any, orders: Int64s, born: Int64s, begun: int) -> int:
    """Derive rows from ``orders[begun:]`` and count them in ``born``; return how many orders are done.

    The log is full if some are left, or if ``NOW.buying`` tells that the last one still buys.
    """
    w = pack(world)
    now = w.now[0]
    done = begun
    while now.rows + now.row_room <= len(w.log):
        before = now.rows
        if now.buying >= 0:
            buy_next(w)
            born[done - 1] += now.rows - before
        elif done == len(orders):
            break
        else:
            _again(w, orders[done])
            born[done] += now.rows - before
            done += 1
    return done


@kernel
def _again(w: Any, order: Any) -> None:
    """Play a hand-over again, or let the purchases of somebody who is taken up follow."""
    if order[O_EVENT] == E_SUBMITTED:
        chain = w.chains[0]
        chain.who, chain.campaign, chain.step = order[O_WHO], order[O_CAMPAIGN], order[O_STEP]
        address(w, 0, order[O_AT], order[O_ATTEMPT], order[O_STATE])
        submit(w)
    elif order[O_EVENT] == E_RELEASED:
        take_up(w, order[O_WHO])


PLAIN_UP_TO = 10_000
"""Rows of a dispatch log, and people, up to which plain Python is taken: 1.5 s, where the compiler needs 8 s once
(measured)."""


@cache
def machine() -> Callable[..., int]:
    """Return the replay compiled; plain Python where the compiler is switched off."""
    return compiled(replay)


class Replay:
    """One replication made again from its dispatch log, stretch by stretch in order of birth.

    ``room`` is the first size of the derived log, which grows as needed. ``plain``: in Python, without the compiler.
    """

    def __init__(self, flat: Flat, replication: int, room: int | None = None, *, plain: bool = False) -> None:
        self.flat = flat
        self.replay = replay if plain else machine()
        few = plain and len(flat.model.people) <= PLAIN_UP_TO
        state = new_state(flat, draws.run_key(flat.model.seed, replication), room, plain=few)
        now = state.now[0]
        now.plans_until = -NEVER
        self.state = state._replace(kept=derived_events(), chains=records(layout.CHAIN, 1))
        self.number = np.full(len(flat.model.people) + 1, -1, dtype=np.int32)  # by recipient; the last: nobody
        people = int(state.chains.who[: now.chains].max(initial=-1)) + 1
        self.number[state.people.recipient[:people]] = np.arange(people, dtype=np.int32)
        self.parts: list[Part] = []

    def expand(self, rows: Rows) -> Merged:
        """Return a stretch of the dispatch log with what follows from it. Raises ValueError for people not taken up."""
        orders = np.stack([rows.column(name) for name in ORDERS], axis=1)
        orders[:, O_WHO] = self.number[orders[:, O_WHO]]
        wanted = np.isin(orders[:, O_EVENT], (E_SUBMITTED, E_RELEASED))
        if (orders[wanted, O_WHO] < 0).any():
            raise ValueError("the log names people whom no campaign of this scenario takes up")
        born = np.zeros(len(orders), dtype=np.int64)
        done = 0
        while True:
            done = self.replay(World._make((*self.flat.tables, *self.state)), orders, born, done)
            if done == len(orders) and self.state.now[0].buying < 0:
                break
            self._make_room()
        self._put_aside()
        derived = packed(self.flat.model, self.parts, self.state.wide[:0], ())
        self.parts = []
        return Merged(rows, derived, born)

    def _put_aside(self) -> None:
        """Keep the rows of the log as a part; the arrays are not written to again."""
        now = self.state.now[0]
        self.parts.append(Part(self.state.log[: now.rows], self.state.costs[: now.costs]))
        room = records(layout.ROW, len(self.state.log)), np.empty(len(self.state.log), dtype=np.int64)
        self.state = self.state._replace(log=room[0], costs=room[1])
        now.rows = now.costs = 0

    def _make_room(self) -> None:
        """Put the rows of a full log aside and take a larger one."""
        self._put_aside()
        size = min(2 * len(self.state.log), MOST_ROWS + int(self.state.now[0].row_room))
        self.state = self.state._replace(log=records(layout.ROW, size), costs=np.empty(size, dtype=np.int64))
