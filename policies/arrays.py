"""The flat tables that the kernels of the gate look at, as one tuple: arrays when compiled, lists in plain Python."""

from __future__ import annotations

from typing import Any, NamedTuple


class Arrays(NamedTuple):
    """Clocks, calendars, consents, registers and answers to texts; shapes as in ``policies.tables.Tables``.

    Plain Python takes lists of ``int`` and, for the texts, a dictionary with the same keys.
    """

    set_zones: Any
    zone_ptr: Any
    trans_at: Any
    trans_off: Any
    day_first: int
    day_class: Any
    consent_ptr: Any
    consents: Any
    register_ptr: Any
    registers: Any
    content_answers: Any
    wordings: Any  # of each text the first one that says the same; a text beyond says what no other does
    openings: Any  # what ``policies.openings`` remembers; written to, so each thread needs its own
