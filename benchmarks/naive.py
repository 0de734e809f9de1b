"""The baseline: a campaign as one first writes it in SimPy, a process for each recipient and for each message.

Only scheduling differs from ``simulator.engine.reference``: decisions, outcomes, reactions, draws, planned events and
the log are the same functions on the same model. What makes it naive, and nothing is slower than that asks for:

- every recipient has a process from the start, which sleeps until its release;
- every message has a process: it asks for a token of its sender, is decided about at the head of the queue, and lives
  through its own deliveries, reads and complaints one after another;
- a sender is a ``simpy.Resource(1)``, kept for the time that a message takes;
- a recipient waits with ``AnyOf(report, timeout)``; a timeout that lost its purpose stays in the event list.

Events at one instant happen in the order in which they were scheduled; there are no classes of events, so a log with
ties may differ from the reference's.
"""

from __future__ import annotations

from collections.abc import Generator
from functools import partial

import simpy
from simpy.resources.resource import Request

from simulator.engine import decide, planned
from simulator.engine.log import Log
from simulator.engine.model import Model
from simulator.engine.react import note_start, react, start_shift
from simulator.engine.run import no_collection
from simulator.engine.world import Agenda, Chain, World, new_world, releases

Process = Generator[simpy.Event, object, None]
USES_THE_TURN = (decide.PASSED, decide.SENT, decide.REJECTED)


def run_naive(model: Model, replication: int = 0) -> Log:
    """Return the log of one replication; Python's cycle collector rests, as in ``simulator.engine.run.run``."""
    world = new_world(model, replication)
    note_start(world)
    with no_collection():
        return Naive(world).run()


class Naive:
    """One replication, a process per recipient and per message."""

    def __init__(self, world: World):
        self.world = world
        self.env = simpy.Environment(initial_time=world.model.start)
        self.senders = [simpy.Resource(self.env, 1) for _ in world.model.servers]
        self.rest = [0] * len(world.model.servers)

    def run(self) -> Log:
        """Return the log of the whole horizon."""
        world = self.world
        planned.start_all(self.env, world, self.start_shift)
        for when, who, which, key in zip(
            *(column.tolist() for column in releases(world.model, world.key)), strict=True
        ):
            self.env.process(self.recipient(Chain(world.model.campaigns[which], who, when, key)))
        self.env.run(until=world.model.end)
        return world.log

    def recipient(self, chain: Chain) -> Process:
        """One recipient's way through one cascade."""
        env, world = self.env, self.world
        yield env.timeout(chain.released_at - env.now)
        released = decide.release(world, chain, int(env.now))
        self.drain()
        while released and not chain.ended:
            action, value = decide.begin(world, chain, int(env.now))
            if action == decide.QUEUE:
                decided = env.event()
                env.process(self.message(chain, decided))
                action, value = yield decided  # type: ignore[misc]
            if action in (decide.WAIT, decide.DELAYED):
                if (yield from self.report(chain, value)) == "stop":
                    decide.after_stop(world, chain, int(env.now))
            elif action == decide.SENT and value >= 0:
                self.after_wait(chain, (yield from self.report(chain, value)))
            elif action == decide.SENT:
                decide.finish(world, chain, int(env.now), "exhausted")
            elif action == decide.CANCELLED:
                decide.after_stop(world, chain, int(env.now))

    def report(self, chain: Chain, until: int) -> Generator[simpy.Event, object, str]:
        """Wait for a report or until an instant, whichever comes first; return "stop", "failed" or "timer"."""
        chain.version += 1
        if chain.stopped:
            return "stop"
        report = chain.wake = self.env.event()
        chain.waiting = True
        yield report | self.env.timeout(max(until - self.env.now, 0))
        chain.waiting = False
        return str(report.value) if report.triggered else "timer"

    def after_wait(self, chain: Chain, why: str) -> None:
        """Send the cascade on after the wait for a report."""
        if why == "stop":
            decide.after_stop(self.world, chain, int(self.env.now))
        elif why == "failed":
            decide.failed(self.world, chain)
        else:
            decide.timeout(self.world, chain)

    def message(self, chain: Chain, decided: simpy.Event) -> Process:
        """One message: its turn at each queue, the decision there, then all that becomes of it."""
        world, env = self.world, self.env
        queues = world.model.steps[chain.step].queues
        decision = decide.PASSED, 0
        for queue in queues:
            turn = self.senders[queue].request()
            yield turn
            decision = decide.at_head(world, chain, queue == queues[-1], int(env.now))
            self.give_back(queue, turn, used=decision[0] in USES_THE_TURN)
            if decision[0] != decide.PASSED:
                break
        ahead = sorted(world.agenda, key=lambda event: event[0])
        world.agenda.clear()
        decided.succeed(decision)
        for event in ahead:
            yield env.timeout(event[0] - env.now)
            self.happen(event)

    def give_back(self, queue: int, turn: Request, *, used: bool) -> None:
        """Give the token back: at once, or when the message has taken its time; the division's remainder is carried."""
        sender = self.senders[queue]
        if not used:
            sender.release(turn)
            return
        numerator, denominator = self.world.model.servers[queue]
        interval, self.rest[queue] = divmod(numerator + self.rest[queue], denominator)
        self.env.timeout(interval).callbacks.append(partial(_release, sender, turn))

    def happen(self, event: Agenda) -> None:
        """Let a coupling event take effect and wake whom it concerns."""
        for chain, why in react(self.world, event):
            if chain.waiting:
                chain.waiting = False
                chain.wake.succeed(why)  # type: ignore[attr-defined]
        self.drain()

    def start_shift(self, at: int, people: int) -> None:
        """Change the number of people on duty."""
        start_shift(self.world, at, people)
        self.drain()

    def drain(self) -> None:
        """Start a process for each event on the agenda that belongs to no message."""
        for event in self.world.agenda:
            self.env.process(self.later(event))
        self.world.agenda.clear()

    def later(self, event: Agenda) -> Process:
        """Sleep until the event happens."""
        yield self.env.timeout(event[0] - self.env.now)
        self.happen(event)


def _release(sender: simpy.Resource, turn: Request, _: simpy.Event) -> None:
    sender.release(turn)


def _listed(world: World) -> list[list[int]]:
    """Return the columns of all first releases as lists."""
    return [column.tolist() for column in releases(world.model, world.key)]
