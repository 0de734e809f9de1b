"""The second scheduler: one heap of (time, class, sequence) and an explicit state machine, no coroutines.

It shares the decisions, outcomes and reactions with the reference and nothing of its control flow; their logs are
equal bit for bit. Planned events stay SimPy processes in an environment of their own: the heap runs up to each.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator

import simpy

from simulator.engine import decide, planned
from simulator.engine.log import Log
from simulator.engine.order import FEEDBACK, HOLD, REJECT, RELEASE, SERVER, TIMER
from simulator.engine.react import react, start_shift
from simulator.engine.world import Chain, World, releases

Entry = tuple[int, int, int, object, int]
"""(time, class, sequence, subject, number): the subject is a chain, a server index or an agenda event."""


class Heap:
    """One replication under a heap."""

    def __init__(self, world: World):
        self.world = world
        self.heap: list[Entry] = []
        self.sequence = 0
        rates = world.model.servers
        self.queues: list[deque[tuple[Chain, int]]] = [deque() for _ in rates]
        self.free_at = [0] * len(rates)
        self.rest = [0] * len(rates)
        self.due = [False] * len(rates)
        self.releases: Iterator[tuple[int, int, int, int]] = zip(*(c.tolist() for c in releases(world.model, world.key)), strict=True)

    def run(self) -> Log:
        """Return the log of the whole horizon."""
        env = simpy.Environment(initial_time=self.world.model.start)
        planned.start_all(env, self.world, self.start_shift)
        self.next_release()
        while True:
            until = min(env.peek(), self.world.model.end)
            self.run_until(int(until))
            if until >= self.world.model.end:
                return self.world.log
            env.step()

    def run_until(self, until: int) -> None:
        """Execute events strictly before ``until``."""
        while self.heap and self.heap[0][0] < until:
            now, order, _, subject, number = heapq.heappop(self.heap)
            if order == RELEASE:
                self.next_release()
                self.release(now, subject)  # type: ignore[arg-type]
            elif order == SERVER:
                self.serve(now, number)
            elif order == FEEDBACK:
                woken = react(self.world, subject)  # type: ignore[arg-type]
                woken = [(chain, why) for chain, why in woken if chain.waiting]
                for chain, _why in woken:
                    chain.waiting = False
                self.drain()
                for chain, why in woken:
                    self.resume(now, chain, why)
            elif order == REJECT:
                self.go_on(now, subject)  # type: ignore[arg-type]
            elif subject.waiting and subject.version == number:  # type: ignore[attr-defined]
                subject.waiting = False  # type: ignore[attr-defined]
                self.resume(now, subject, "timer")  # type: ignore[arg-type]

    def push(self, when: int, order: int, subject: object, number: int = 0) -> None:
        """Schedule an event; ties within a class keep the order of scheduling."""
        self.sequence += 1
        heapq.heappush(self.heap, (when, order, self.sequence, subject, number))

    def start_shift(self, at: int, people: int) -> None:
        """Change the number of people on duty."""
        start_shift(self.world, at, people)
        self.drain()

    def drain(self) -> None:
        """Schedule what the last step put on the agenda, in its order."""
        for event in self.world.agenda:
            self.push(event[0], FEEDBACK, event)
        self.world.agenda.clear()

    def next_release(self) -> None:
        """Schedule the next recipient to be taken up, if any."""
        following = next(self.releases, None)
        if following is not None:
            self.push(following[0], RELEASE, following)

    def release(self, now: int, entry: tuple[int, int, int, int]) -> None:
        """Take one recipient up."""
        _, who, which, key = entry
        chain = Chain(self.world.model.campaigns[which], who, now, key)
        started = decide.release(self.world, chain, now)
        self.drain()
        if started:
            self.go_on(now, chain)

    def go_on(self, now: int, chain: Chain) -> None:
        """Start the chain's present step and carry the decision out."""
        if not chain.ended:
            self.carry_out(now, chain, *decide.begin(self.world, chain, now))

    def carry_out(self, now: int, chain: Chain, action: int, value: int) -> None:
        """Do what was decided about the chain."""
        if action == decide.QUEUE:
            self.join(now, chain, 0)
        elif action == decide.PASSED:
            self.join(now, chain, 1)
        elif action in (decide.WAIT, decide.DELAYED) or (action == decide.SENT and value >= 0):
            chain.wake = action
            self.wait(now, chain, value, HOLD if action == decide.WAIT else TIMER)
        elif action == decide.SENT:
            decide.finish(self.world, chain, now, "exhausted")
        elif action == decide.REJECTED:
            self.push(now, REJECT, chain)
        elif action == decide.CANCELLED:
            decide.after_stop(self.world, chain, now)
            self.go_on(now, chain)
        elif action == decide.NEXT:
            self.go_on(now, chain)

    def wait(self, now: int, chain: Chain, until: int, order: int) -> None:
        """Let the chain wait for a timer or a wake-up, whichever comes first."""
        chain.version += 1
        if chain.stopped:
            self.resume(now, chain, "stop")
            return
        chain.waiting = True
        self.push(max(until, now), order, chain, chain.version)

    def resume(self, now: int, chain: Chain, why: str) -> None:
        """The wait is over: a report stops the cascade, a failure or the timer sends it on."""
        if why == "stop":
            decide.after_stop(self.world, chain, now)
        elif chain.wake == decide.SENT and why == "failed":
            decide.failed(self.world, chain)
        elif chain.wake == decide.SENT:
            decide.timeout(self.world, chain)
        self.go_on(now, chain)

    def join(self, now: int, chain: Chain, number: int) -> None:
        """Join the chain's ``number``-th queue; if nobody is due there, the server looks as soon as it is free."""
        server = self.world.model.steps[chain.step].queues[number]
        self.queues[server].append((chain, number))
        if not self.due[server]:
            self.due[server] = True
            self.push(max(now, self.free_at[server]), SERVER, None, server)

    def serve(self, now: int, server: int) -> None:
        """Decide about heads of the queue until one uses the turn, then carry the decisions out in order."""
        self.due[server] = False
        queue = self.queues[server]
        results = []
        while queue and self.free_at[server] <= now:
            chain, number = queue.popleft()
            last = number + 1 == len(self.world.model.steps[chain.step].queues)
            result = decide.at_head(self.world, chain, last, now)
            if result[0] in (decide.PASSED, decide.SENT, decide.REJECTED):
                numerator, denominator = self.world.model.servers[server]
                interval, self.rest[server] = divmod(numerator + self.rest[server], denominator)
                self.free_at[server] = now + interval
            self.drain()
            results.append((chain, *result))
        if queue:
            self.due[server] = True
            self.push(max(now, self.free_at[server]), SERVER, None, server)
        for chain, action, value in results:
            self.carry_out(now, chain, action, value)
