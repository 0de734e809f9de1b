"""Which message a complaint is about: the last one before it to the same person, from its sender or by its template.

A complaint that does not say whose it is takes the sender or template of the last message to the person.
"""

from __future__ import annotations

import numpy as np

from policies.runs.by_owner import ByOwner
from policies.runs.columns import Columns, Int64s


def whose_and_when(columns: Columns, scope: str, events: Int64s, messages: Int64s) -> tuple[Int64s, Int64s]:
    """Return for each event the code of its sender (template), and the instant of the message that it is about.

    The code is -1 where neither the event tells nor a message does; the instant is the event's own where no message of
    that code is known. ``events`` and ``messages`` are rows in order of time.
    """
    at, whose = columns.numbers("occurred_at"), columns.codes(scope)[0]
    who, names = columns.codes("recipient")
    asked = np.zeros(len(names) + 1, np.bool_)
    asked[who[events]] = True
    asked[-1] = False  # nobody
    messages = messages[asked[who[messages]]]
    owner = whose[events]
    lost = np.flatnonzero(owner < 0)
    last = ByOwner(who[messages], at[messages]).latest(who[events[lost]], at[events[lost]])
    owner[lost] = np.where(last >= 0, whose[np.append(messages, 0)[last]], -1)
    width = len(names) + 1
    sent = ByOwner(whose[messages] * width + who[messages], at[messages])
    last = sent.latest(owner * width + who[events], at[events])
    return owner, np.where(last >= 0, at[np.append(messages, 0)[last]], at[events])
