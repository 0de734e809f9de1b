"""A log that was judged, and what the rules saw of the few messages that are spoken of.

Attempts take 200 bytes a message, so they are forgotten once they are judged; those of one recipient are quickly made
again from the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.attempt_table import Attempts
from policies.logs.codes import LogRows
from policies.logs.parts import of_recipient

Int64s = npt.NDArray[np.int64]

Remake = Callable[[LogRows], Attempts]
"""Makes the attempts of a part of the log, its messages person by person in order of time."""


@dataclass(slots=True)
class JudgedLog:
    """One replication's log. ``answers`` is int8 of shape (messages, rule rows); messages come person by person.

    ``places`` says where each stands in the log, ``at`` when it was handed over, ``who`` received it. ``size``
    is the number of rows of the log.
    """

    answers: npt.NDArray[np.int8]
    places: Int64s
    at: Int64s
    who: npt.NDArray[np.int32]
    rows: LogRows
    size: int
    remake: Remake
    _made: dict[int, tuple[Int64s, Int64s]] = field(default_factory=dict)

    def attempt(self, number: int) -> list[int]:
        """Return the attempt vector of one message."""
        who = int(self.who[number])
        if who not in self._made:
            own = of_recipient(self.rows, who)
            self._made[who] = own.messages["row"].astype(np.int64), self.remake(own).matrix
        places, matrix = self._made[who]
        cells: list[int] = matrix[int(np.flatnonzero(places == self.places[number])[0])].tolist()
        return cells

    def reach(self, name: str) -> Int64s:
        """Return a column of the log's messages, such as *campaign*, in the order of the judged messages."""
        messages = self.rows.messages
        number = np.empty(self.size, np.int32)
        number[messages["row"]] = np.arange(len(messages))
        found: Int64s = messages[name][number[self.places]].astype(np.int64)
        return found


def blank_log(messages: int, rules: int, rows: LogRows, size: int, remake: Remake) -> JudgedLog:
    """Return a log that is still to be judged: memory that is not used until it is filled in."""
    answers = np.empty((rules, messages), np.int8).T  # each rule's in one piece
    at, who = np.empty(messages, np.int64), np.empty(messages, np.int32)
    return JudgedLog(answers, np.empty(messages, np.int64), at, who, rows, size, remake)


@dataclass(frozen=True, slots=True)
class SeenInLogs:
    """The messages of several logs, one log after another (a ``messages.Seen``)."""

    logs: Sequence[JudgedLog]

    def instants(self, numbers: Int64s) -> Int64s:
        """Return when some messages were handed over."""
        return self._of_each(numbers, lambda log, own: log.at[own])

    def places(self, numbers: Int64s) -> Int64s:
        """Return where some messages stand, the rows of all logs counted through."""
        offsets = np.cumsum([0, *(log.size for log in self.logs)])
        places: Int64s = self._of_each(numbers, lambda log, own: log.places[own]) + offsets[self._log_of(numbers)]
        return places

    def attempt(self, number: int) -> list[int]:
        """Return the attempt vector of one message."""
        which = int(self._log_of(np.array([number]))[0])
        return self.logs[which].attempt(number - int(self._starts()[which]))

    def reaches(self) -> tuple[Int64s, Int64s, Int64s]:
        """Return campaign, channel and template of every message."""
        campaign, channel, template = (
            np.concatenate([log.reach(name) for log in self.logs]) for name in ("campaign", "channel", "template")
        )
        return campaign, channel, template

    def _starts(self) -> Int64s:
        starts: Int64s = np.cumsum([0, *(len(log.at) for log in self.logs)], dtype=np.int64)
        return starts

    def _log_of(self, numbers: Int64s) -> Any:
        return np.searchsorted(self._starts(), numbers, side="right") - 1

    def _of_each(self, numbers: Int64s, values: Callable[[JudgedLog, Int64s], Int64s]) -> Int64s:
        which, starts = self._log_of(numbers), self._starts()
        out = np.empty(len(numbers), np.int64)
        for place, log in enumerate(self.logs):
            out[which == place] = values(log, numbers[which == place] - starts[place])
        return out


def together(logs: Sequence[JudgedLog]) -> npt.NDArray[np.int8]:
    """Return the answers of several logs, one log after another, each rule's in one piece."""
    return logs[0].answers if len(logs) == 1 else np.concatenate([log.answers.T for log in logs], axis=1).T
