"""Runs independent pieces of work on several cores: forked processes that send their result back through a pipe.

A fork inherits the compiled model, which no pickle could carry; only the result crosses. Without fork, or with one
job, the work is done in turn. The result does not depend on the number of jobs.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

T = TypeVar("T")
Tell = Callable[[int], None]
Work = Callable[[Tell], T]
"""A piece of work; it may tell how far it is."""


def run_all(
    work: Sequence[Work[T]], jobs: int, done: Callable[[int, T], None], progress: Callable[[int, int], None]
) -> None:
    """Do every piece of work, at most ``jobs`` at a time.

    ``done(index, result)`` is called as each is ready, ``progress(index, amount)`` as each tells. An interrupt stops
    what runs; what is done has been handed to ``done`` before.
    """
    if jobs <= 1 or len(work) == 1 or "fork" not in multiprocessing.get_all_start_methods():
        for index, piece in enumerate(work):
            done(index, piece(lambda amount, index=index: progress(index, amount)))  # type: ignore[misc]
        return
    _forked(work, jobs, done, progress)


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
