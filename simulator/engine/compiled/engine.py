"""One replication under the compiled loop, with SimPy as the clock of what is planned."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import SimpleNamespace

import numpy as np
import simpy

from policies.jit import compiled
from simulator import draws
from simulator.engine import planned
from simulator.engine.compiled import layout
from simulator.engine.compiled.flatten import Flat
from simulator.engine.compiled.legend import legend_of
from simulator.engine.compiled.loop import BREATH, FINISH, FULL, RUN, SHIFT, run
from simulator.engine.compiled.packed import Packed, Part, packed
from simulator.engine.compiled.state import World, grown, new_state
from simulator.engine.compiled.tables import records
from simulator.engine.keep import STRETCH, LogName, Sink
from simulator.engine.log import Matrix, row
from simulator.engine.model import Model
from simulator.engine.money import Accounts
from simulator.engine.react import note_start
from simulator.feedback.limits import Limit
from simulator.feedback.quality import Quality

BREATH_STEPS = 1 << 20
"""Micro-steps between two looks at interrupts and progress: some tenths of a second."""
MOST_ROWS = 1 << 21
"""Rows in one part of the log: some 80 MB with the costs."""
Progress = Callable[[int], None]


@cache
def machine() -> Callable[..., int]:
    """Return the loop compiled; plain Python where the compiler is switched off."""
    return compiled(run)


class Compiled:
    """One replication; a ``planned.Stage``. ``room`` is the first size of log and pools, which grow as needed; left
    out, that of the queues is an entry for each cascade, since memory that nothing is written to costs nothing.

    ``keep`` says which rows are written. A ``sink`` is given each part of the log as soon as it is full.
    """

    def __init__(
        self, flat: Flat, replication: int, progress: Progress | None = None, room: int | None = None,
        keep: LogName = "full", sink: Sink | None = None,
    ) -> None:  # fmt: skip
        self.flat, self.keep, self.sink = flat, keep, sink
        self.legend = legend_of(flat.model)
        self.most_rows = MOST_ROWS if sink is None else STRETCH
        self.model: Model = flat.model
        self.key = draws.run_key(self.model.seed, replication)
        self.progress = progress
        self.state = new_state(flat, self.key, room, keep)
        self.parts: list[Part] = []
        self.accounts = Accounts(self.model.month_starts)  # of fees; those of messages are in the state
        self.outages: dict[tuple[int, int], tuple[int, bool]] = {}
        self.planned: list[tuple[int, ...]] = []
        self.template_state = self.state.templates.state
        self.template_since = self.state.templates.since

    def run(self) -> Packed:
        """Return the log of the whole horizon; an empty one where a sink has taken it."""
        self._note_start()
        env = simpy.Environment(initial_time=self.model.start)
        planned.start_all(env, self, self.start_shift)
        while True:
            until = int(min(env.peek(), self.model.end))
            self.play(RUN, until)
            if until >= self.model.end:
                break
            env.step()
            self._tell_outages()
        self.play(FINISH, self.model.end)
        self._put_aside()
        wide = self.state.wide[: self.state.now[0].wide_rows if self.keep != "none" else 0]
        log = packed(self.model, self.parts, wide, self.planned if self.keep != "none" else [])
        if self.sink is None:
            return log
        self.sink.take(Matrix(log.wide))
        return packed(self.model, [], log.wide[:0], [])

    def play(self, command: int, until: int, value: int = BREATH_STEPS) -> None:
        """Call the loop until it has done what it was asked to."""
        while True:
            answer = machine()(World._make((*self.flat.tables, *self.state)), command, until, value)
            if answer == FULL:
                self._make_room()
            elif answer != BREATH:
                return
            if self.progress is not None:
                self.progress(int(self.state.now[0].finished))

    def _make_room(self) -> None:
        """Put the rows of a full log aside, and enlarge what else is full."""
        now = self.state.now[0]
        if now.rows + now.row_room > len(self.state.log):
            self._put_aside()
            size = min(2 * len(self.state.log), self.most_rows + int(now.row_room))
            self.state = self.state._replace(log=records(layout.ROW, size), costs=np.empty(size, dtype=np.int64))
            now.rows = now.costs = 0
        self.state = grown(self.state, int(now.push_room))

    def _put_aside(self) -> None:
        """Hand the rows of the log to the sink, or keep them as a part; the arrays are not written to again."""
        now = self.state.now[0]
        part = Part(self.state.log[: now.rows], self.state.costs[: now.costs])
        if self.sink is None:
            self.parts.append(part)
        elif len(part.rows):
            self.sink.take(Packed((part,), self.state.wide[:0], self.legend))

    # what planned events do

    def emit(self, event: int, at: int, **cells: int) -> None:
        """Add a row about a sender, a template or money; ``cells`` as in ``log.row``."""
        if at < self.model.end:
            self.planned.append(row(event, at, **cells))

    def start_shift(self, at: int, people: int) -> None:
        """Change the number of people on duty."""
        self.state = grown(self.state, people + int(self.state.now[0].push_room))
        self.play(SHIFT, at, people)

    def _tell_outages(self) -> None:
        """Let the arrays say which outages are on now."""
        table = self.state.outages
        table.until[:] = 0
        for (channel, sender), (until, hold) in self.outages.items():
            table.until[channel, sender + 1], table.hold[channel, sender + 1] = until, hold
        self.state.now[0].outages = len(self.outages)

    def _note_start(self) -> None:
        """Log where limits and ratings stand at the start."""
        limits = [Limit(limit.era, limit.level) for limit in self.model.limits]
        ratings = [Quality(*sender.quality) if sender.quality else None for sender in self.model.senders]
        note_start(SimpleNamespace(model=self.model, limits=limits, sender_quality=ratings, emit=self.emit))  # type: ignore[arg-type]
