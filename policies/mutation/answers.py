"""What a rule says of each message, all its checks together, as one number that grows with gravity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.kinds.base import FAIL, P_RULE, PASS, REVIEW, UNKNOWN
from policies.tables import RuleTable

Grades = npt.NDArray[np.int8]
SILENT, PASSES, UNSURE, DOUBTFUL, FAILS = range(5)
"""Of one message: the rule does not speak of it, it passes, an input is missing, a person must look, it fails."""


def grades(answers: npt.NDArray[Any]) -> Grades:
    """Return the gravest answer to each message; ``answers`` has shape (messages, rule rows)."""
    graded = np.zeros(answers.shape, np.int8)
    for answer, grade in ((PASS, PASSES), (UNKNOWN, UNSURE), (REVIEW, DOUBTFUL), (FAIL, FAILS)):
        graded[answers == answer] = grade
    graded[answers > PASS] = FAILS
    found: Grades = graded.max(axis=1, initial=SILENT)
    return found


def rows_of_checks(table: RuleTable) -> Mapping[tuple[int, int], list[int]]:
    """Return the rows of each check by (number of the rule, number of the check in it)."""
    found: dict[tuple[int, int], list[int]] = {}
    for row, check in enumerate(table.row_check):
        rule = int(table.rows[row, P_RULE])
        number = next(n for n, other in enumerate(table.rules[rule].checks) if other is check)
        found.setdefault((rule, number), []).append(row)
    return found
