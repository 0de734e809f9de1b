"""The rows of a log side by side, each in half a line of the processor's cache, and the kernel that writes them.

Rows are fetched in another order than they stand in, so what belongs to one row lies in one place.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[np.void]

RECORD = np.dtype(
    [
        ("at", np.int64), ("recipient", np.int32), ("row", np.uint32), ("campaign", np.int32), ("sender", np.int32),
        ("template", np.int32), ("channel", np.int8), ("category", np.int8), ("submitted", np.int8),
    ],
    align=True,
)  # fmt: skip
"""``at`` is an instant, MISSING where empty; ``row`` the place in the log; ``submitted`` 1 where it was handed over;
the rest are places in lists, -1 where unknown."""
CODED = ("event", "channel", "category", "campaign", "sender", "template")
"""Columns of words, in the order in which the kernel takes them."""
SUBMITTED, REFUSED, LEFT, REPLIED, BOUGHT, CHANGED = range(1, 7)
"""What a row is to the audit: 0 is nothing. A message that was refused without a reason of its own is a message."""


def keep_rows(
    at: Any,
    who: Any,
    reasons: Any,
    event: Any,
    channel: Any,
    category: Any,
    campaign: Any,
    sender: Any,
    template: Any,
    event_of: Any,
    channel_of: Any,
    category_of: Any,
    campaign_of: Any,
    sender_of: Any,
    template_of: Any,
    not_accepted: int,
    first: int,
    messages: Any,
    others: Any,
    kinds: Any,
) -> tuple[int, int]:
    """Write the messages and the other events of a batch; return how many there are of each.

    ``event`` to ``template`` are codes of the batch's words, ``event_of`` to ``template_of`` what a code stands for,
    the last entry for an empty cell (code -1). ``kinds`` takes what each of the others is, ``first`` is the place of
    the batch in the log, ``not_accepted`` the code of the reason that makes a refusal no message.
    """
    found = rest = 0
    for number in range(len(at)):
        kind = event_of[event[number]]
        if kind == 0 or (kind == REFUSED and reasons[number] == not_accepted):
            continue
        if kind <= REFUSED:
            record = messages[found]
            found += 1
        else:
            record = others[rest]
            kinds[rest] = kind
            rest += 1
        record["at"] = at[number]
        record["recipient"] = who[number]
        record["row"] = first + number
        record["campaign"] = campaign_of[campaign[number]]
        record["sender"] = sender_of[sender[number]]
        record["template"] = template_of[template[number]]
        record["channel"] = channel_of[channel[number]]
        record["category"] = category_of[category[number]]
        record["submitted"] = kind == SUBMITTED
    return found, rest
