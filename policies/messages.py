"""The judged messages of a run: their answers and what is needed to speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from policies.people import People

Answers = npt.NDArray[np.int64] | npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Messages:
    """The judged messages: their answers and what is needed to speak of them.

    ``answers`` has shape (n, rule rows), see policies.audit; ``matrix`` is int64 of shape (n, A_WIDTH). The names are
    those of the indices in A_CAMPAIGN, A_TEMPLATE, A_SENDER; ``people`` gives recipients and their zones.
    """

    answers: Answers
    matrix: npt.NDArray[np.int64]
    people: People
    campaigns: Sequence[str] = ()
    templates: Sequence[str] = ()
    senders: Sequence[str] = ()
