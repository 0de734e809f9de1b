"""Which messages concern a rule at all, by channel and category: what need not be asked again for each message."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from policies.gate import FIRST_CONTACT, FREQUENCY_CAP, SESSION_CAP, applies, blank_attempt
from policies.kernels import kernel
from policies.kinds import frequency_cap
from policies.kinds.base import (
    A_AT,
    A_CATEGORY,
    A_CHANNEL,
    NOT_APPLICABLE,
    P_CHANNELS,
    P_COUNTRIES,
    P_FROM,
    P_KIND,
    P_TO,
    PASS,
)
from policies.records import CATEGORIES, CHANNELS, MISSING
from policies.tables import RuleTable

Int64s = npt.NDArray[np.int64]
WIDTH = len(CATEGORIES) + 1
"""Categories, and one place for the unknown category."""


@kernel
def class_bit(a: list[int]) -> int:
    """Return the bit of a message's class, its channel and its category, known or not; of 63 classes there are.

    All bits for a category that is none of ours: such a message concerns every rule until the rule is asked.
    """
    if a[A_CATEGORY] >= WIDTH - 1:
        return -1
    return 1 << (a[A_CHANNEL] * WIDTH + max(a[A_CATEGORY], -1) + 1)


def classes(rule_table: RuleTable) -> tuple[Int64s, Int64s]:
    """Return for each rule row the bits of the classes that concern it, and of those that it surely speaks of.

    A class concerns a rule that may speak of it or has to take it into its history. A rule surely speaks of a class,
    while it is in force, where neither the category nor the country can be in doubt.
    """
    found = [_classes(row) for row in rule_table.rows.tolist()]
    return np.array([bits for bits, _ in found], np.int64), np.array([bits for _, bits in found], np.int64)


def _classes(row: list[int]) -> tuple[int, int]:
    """Ask the rule itself, at a moment at which it is in force; without a country it may speak, but not surely."""
    probe = blank_attempt()
    probe[A_AT] = row[P_FROM]
    everywhere = [*row[:P_COUNTRIES], -1, *row[P_COUNTRIES + 1 :]]
    some = all_of = 0
    for channel in range(len(CHANNELS)):
        for category in (MISSING, *range(len(CATEGORIES))):
            probe[A_CHANNEL], probe[A_CATEGORY] = channel, category
            if row[P_FROM] < row[P_TO] and applies(everywhere, probe) != NOT_APPLICABLE:
                some |= class_bit(probe)
                all_of |= class_bit(probe) * (applies(row, probe) == PASS)
            if row[P_KIND] == FREQUENCY_CAP and frequency_cap.counts(row, probe):
                some |= class_bit(probe)
            if row[P_KIND] in (FIRST_CONTACT, SESSION_CAP) and (row[P_CHANNELS] >> channel) & 1:
                some |= class_bit(probe)
    return some, all_of
