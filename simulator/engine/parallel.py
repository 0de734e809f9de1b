"""Runs independent pieces of work on several cores: in threads where they run without the interpreter's lock, else in
forked processes that send their result back through a pipe.

A fork inherits the compiled model, which no pickle could carry; only the result crosses. In threads nothing crosses.
Without fork, or with one job, the work is done in turn. The result does not depend on the number of jobs.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, TypeVar

T = TypeVar("T")
Tell = Callable[[int], None]
Work = Callable[[Tell], T]
"""A piece of work; it may tell how far it is."""


def run_all(
    work: Sequence[Work[T]], jobs: int, done: Callable[[int, T], None], progress: Callable[[int, int], None],
    *, threads: bool = False,
) -> None:  # fmt: skip
    """Do every piece of work, at most ``jobs`` at a time.

    ``done(index, result)`` is called as each is ready, ``progress(index, amount)`` as each tells. An interrupt stops
    what runs; what is done has been handed to ``done`` before. ``threads``: the work seldom holds Python's lock.
    """
    if threads and jobs > 1 and len(work) > 1:
        _threaded(work, jobs, done, progress)
        return
    if jobs <= 1 or len(work) == 1 or "fork" not in multiprocessing.get_all_start_methods():
        for index, piece in enumerate(work):
            done(index, piece(lambda amount, index=index: progress(index, amount)))  # type: ignore[misc]
        return
    _forked(work, jobs, done, progress)


class _StoppedError(Exception):
    """Raised in a thread at its next word, when nobody waits for its result any more."""


def _threaded(
    work: Sequence[Work[T]], jobs: int, done: Callable[[int, T], None], progress: Callable[[int, int], None]
) -> None:
    """The main thread only waits, so that it hears an interrupt; a piece of work hears of it when it next tells."""
    said: SimpleQueue[tuple[str, int, Any]] = SimpleQueue()
    waiting = deque(range(len(work)))
    stopped = Event()

    def tell(index: int, amount: int) -> None:
        if stopped.is_set():
            raise _StoppedError
        said.put(("progress", index, amount))

    def labour() -> None:
        while not stopped.is_set():
            try:
                index = waiting.popleft()
            except IndexError:
                return
            try:
                said.put(("result", index, work[index](partial(tell, index))))
            except _StoppedError:
                return
            except BaseException as error:  # noqa: BLE001 - the main thread raises it, whatever it is
                said.put(("error", index, error))
                return

    threads = [Thread(target=labour, daemon=True) for _ in range(min(jobs, len(work)))]
    for thread in threads:
        thread.start()
    try:
        left = len(work)
        while left:
            kind, index, value = said.get()
            if kind == "progress":
                progress(index, value)
            elif kind == "error":
                raise value
            else:
                done(index, value)
                left -= 1
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def _forked(
    work: Sequence[Work[T]], jobs: int, done: Callable[[int, T], None], progress: Callable[[int, int], None]
) -> None:
    context = multiprocessing.get_context("fork")
    running: dict[Connection, tuple[int, Any]] = {}
    following = 0
    try:
        while following < len(work) or running:
            while following < len(work) and len(running) < jobs:
                receiver, sender = context.Pipe(duplex=False)
                process = context.Process(target=_child, args=(sender, work[following]), daemon=True)
                process.start()
                sender.close()
                running[receiver] = (following, process)
                following += 1
            for ready in wait(list(running)):
                assert isinstance(ready, Connection)
                receiver = ready
                index, process = running[receiver]
                kind, value = _message(receiver, process)
                if kind == "progress":
                    progress(index, value)
                    continue
                del running[receiver]
                process.join()
                if kind == "error":
                    raise value
                done(index, value)
    finally:
        for _, process in running.values():
            process.terminate()
            process.join()


def _message(receiver: Connection, process: Any) -> tuple[str, Any]:
    try:
        kind, value = receiver.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"a worker process ended with exit code {process.exitcode}") from None
    return kind, value


def _child(sender: Connection, piece: Work[Any]) -> None:
    """Send what the work tells, then its result, or its error as it is: the parent raises it."""
    try:
        sender.send(("result", piece(lambda amount: sender.send(("progress", amount)))))
    except KeyboardInterrupt:
        pass
    except BaseException as error:  # noqa: BLE001 - the parent raises it, whatever it is
        sender.send(("error", error))
    finally:
        sender.close()
