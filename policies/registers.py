"""Registers in which a person may stand: lists of those who must not be contacted, and of those who agreed.

A person's entries are rows of (register, instant of registration); who has the same consents and the same entries
shares a set with others, ``People.consent_set``. A row whose register is MISSING says that nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from policies.records import MISSING

Int64s = npt.NDArray[np.int64]

# Columns of the table of entries, one row an entry.
R_REGISTER = 0  # index in REGISTERS; MISSING: it is not known in which registers the person stands
R_SINCE = 1  # instant of registration; -NEVER: from the beginning; MISSING: not known
R_WIDTH = 2


@dataclass(frozen=True, slots=True)
class Register:
    """One register. ``consents``: who stands in it has agreed; in all others, who stands in it has refused."""

    name: str
    meaning: str
    consents: bool = False


REGISTERS = (
    Register("ae-dncr", "United Arab Emirates, do-not-call registry"),
    Register("br-sp", "State of Sao Paulo, list of those who refuse offers and collection"),
    Register("in-dnd", "India, subscribers who block all commercial communication (fully blocked preference)"),
    Register("ru-call-ban", "Russia, mass calls refused at the operator"),
    Register("ru-sms-ban", "Russia, mailings refused at the operator"),
    Register("tr-iys-call", "Turkey, IYS, consent to calls", consents=True),
    Register("tr-iys-email", "Turkey, IYS, consent to e-mail", consents=True),
    Register("tr-iys-message", "Turkey, IYS, consent to messages", consents=True),
    Register("uk-tps", "United Kingdom, Telephone Preference Service"),
    Register("us-dnc", "United States, national do-not-call registry"),
)
REGISTER_NAMES = tuple(register.name for register in REGISTERS)


def nothing_known(sets: int = 0) -> tuple[Int64s, Int64s]:
    """Return (pointer, entries) of ``sets`` sets of which it is not known in which registers their people stand."""
    entries = np.full((sets, R_WIDTH), MISSING, np.int64)
    return np.arange(sets + 1, dtype=np.int64), entries
