"""The reference scheduler: each recipient is a SimPy process. It reads like the specification and is the oracle.

The clock is an integer; an event's priority is its class (``order``), so that ties have a defined order. Hand-overs
within one instant (a turn at the head of a queue, a woken wait) use SimPy's own priorities, which come before all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from functools import partial
from typing import Any

import simpy

from simulator.engine import decide, planned
from simulator.engine.decide import Decision
from simulator.engine.log import Log
from simulator.engine.order import FEEDBACK, HOLD, REJECT, RELEASE, SERVER, TIMER
from simulator.engine.planned import Process, at
from simulator.engine.react import react, start_shift
from simulator.engine.world import Agenda, Chain, World, releases


class Server:
    """A first-come-first-served queue with a fixed time per message: a sender's throughput, or a step's throttle."""

    __slots__ = ("due", "free_at", "rate", "rest", "waiting")

    def __init__(self, rate: tuple[int, int]):
        self.rate = rate
        self.rest = 0
        self.free_at = 0
        self.due = False
        self.waiting: deque[tuple[Chain, bool, simpy.Event]] = deque()

    def use(self, now: int) -> None:
        """Take one turn: the next is free one interval later; the division's remainder is carried."""
        interval, self.rest = divmod(self.rate[0] + self.rest, self.rate[1])
        self.free_at = now + interval


class Reference:
    """One replication under SimPy."""

    def __init__(self, world: World):
        self.world = world
        self.env = simpy.Environment(initial_time=world.model.start)
        self.servers = [Server(rate) for rate in world.model.servers]

    @property
    def now(self) -> int:
        """Return the instant of the clock."""
        return int(self.env.now)

    def run(self) -> Log:
        """Return the log of the whole horizon."""
        planned.start_all(self.env, self.world, self.start_shift)
        self.env.process(self.release_all())
        self.env.run(until=at(self.env, self.world.model.end, 0))
        return self.world.log

    def release_all(self) -> Process:
        """Take the recipients up one after another, in order of (time, recipient key, campaign)."""
        world = self.world
        for when, who, which, key in zip(
            *(column.tolist() for column in releases(world.model, world.key)), strict=True
        ):
            yield at(self.env, when, RELEASE)
            self.env.process(self.cascade(Chain(world.model.campaigns[which], who, when, key)))

    def cascade(self, chain: Chain) -> Process:
        """One recipient's way through one cascade."""
        world = self.world
        if not decide.release(world, chain, self.now):
            self.drain()
            return
        self.drain()
        while not chain.ended:
            action, value = decide.begin(world, chain, self.now)
            if action == decide.QUEUE:
                action, value = yield from self.pass_queues(chain)
            if action in (decide.WAIT, decide.DELAYED):
                yield from self.pause(chain, value, HOLD if action == decide.WAIT else TIMER)
            elif action == decide.SENT and value >= 0:
                yield from self.await_report(chain, value)
            elif action == decide.SENT:
                decide.finish(world, chain, self.now, "exhausted")
            elif action == decide.REJECTED:
                yield at(self.env, self.now, REJECT)
            elif action == decide.CANCELLED:
                decide.after_stop(world, chain, self.now)

    def pass_queues(self, chain: Chain) -> Generator[simpy.Event, Any, Decision]:
        """Wait for the turn at the step's throttle, if it has one, then at its sender; return what came of it."""
        queues = self.world.model.steps[chain.step].queues
        for queue in queues:
            turn = self.env.event()
            self.arrive(self.servers[queue], chain, queue == queues[-1], turn)
            decision: Decision = yield turn
            if decision[0] != decide.PASSED:
                break
        return decision

    def arrive(self, server: Server, chain: Chain, last: bool, turn: simpy.Event) -> None:
        """Join the queue; if nobody is due there, the server looks as soon as it is free."""
        server.waiting.append((chain, last, turn))
        if not server.due:
            self.schedule_server(server)

    def schedule_server(self, server: Server) -> None:
        """Let the server look at its queue when it is free."""
        server.due = True
        event = at(self.env, max(self.now, server.free_at), SERVER)
        event.callbacks.append(lambda _: self.serve(server))

    def serve(self, server: Server) -> None:
        """Decide about the head of the queue, and the next one if the head did not use the turn."""
        server.due = False
        while server.waiting and server.free_at <= self.now:
            chain, last, turn = server.waiting.popleft()
            result = decide.at_head(self.world, chain, last, self.now)
            if result[0] in (decide.PASSED, decide.SENT, decide.REJECTED):
                server.use(self.now)
            self.drain()
            turn.succeed(result)
        if server.waiting:
            self.schedule_server(server)

    def pause(self, chain: Chain, until: int, order: int) -> Process:
        """Wait until an instant; a report that stops the cascade ends the wait."""
        why = yield from self.wait(chain, until, order)
        if why == "stop":
            decide.after_stop(self.world, chain, self.now)

    def await_report(self, chain: Chain, until: int) -> Process:
        """Wait for a report that stops the cascade, a failure, or the end of the wait."""
        why = yield from self.wait(chain, until, TIMER)
        if why == "stop":
            decide.after_stop(self.world, chain, self.now)
        elif why == "failed":
            decide.failed(self.world, chain)
        else:
            decide.timeout(self.world, chain)

    def wait(self, chain: Chain, until: int, order: int) -> Generator[simpy.Event, Any, str]:
        """Wait on a timer or a wake-up, whichever comes first; return "timer", "stop" or "failed"."""
        chain.version += 1
        if chain.stopped:
            return "stop"
        wake = self.env.event()
        chain.wake = wake
        chain.waiting = True
        timer = at(self.env, until, order)
        timer.callbacks.append(lambda _: self.awake(chain, wake, "timer"))
        why: str = yield wake
        return why

    def awake(self, chain: Chain, wake: object, why: str) -> None:
        """End the wait if it is still this one."""
        if chain.waiting and chain.wake is wake:
            assert isinstance(wake, simpy.Event)
            chain.waiting = False
            wake.succeed(why)

    def start_shift(self, at: int, people: int) -> None:
        """Change the number of people on duty."""
        start_shift(self.world, at, people)
        self.drain()

    def drain(self) -> None:
        """Schedule what the last step put on the agenda, in its order."""
        for event in self.world.agenda:
            happening = at(self.env, event[0], FEEDBACK)
            happening.callbacks.append(partial(self.happen, event))
        self.world.agenda.clear()

    def happen(self, event: Agenda, _: simpy.Event) -> None:
        """Let a coupling event take effect and wake whom it concerns."""
        for chain, why in react(self.world, event):
            self.awake(chain, chain.wake, why)
        self.drain()


def _listed(world: World) -> list[list[int]]:
    """Return the columns of all first releases as lists."""
    return [column.tolist() for column in releases(world.model, world.key)]
