"""Doubts about rows that change nothing in them: age, language, name."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from policies.records import MISSING, SECOND
from scenarios.audience.cellblock import Cells
from scenarios.audience.cells import take

ADULT_YEARS = 18
OLDEST_YEARS = 120
"""*Assumed*: nobody on a customer base is older."""
LANGUAGE = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$"


def remark(cells: Cells, now: int) -> None:
    """Count minors, years of birth that cannot be, consents by minors, unknown languages and missing names.

    Of the age only the year is known: who turns 18 in the year of ``now`` may still be a minor.
    """
    columns = cells.batch.columns
    if "birth_year" in columns:
        _ages(cells, datetime.fromtimestamp(now // SECOND, tz=UTC).year)
    if "language" in columns:
        column, empty = cells.coded("language"), cells.empty("language")
        well = pc.match_substring_regex(column.dictionary.cast(pa.string()), pattern=LANGUAGE).fill_null(False)
        codes = np.append(well.to_numpy(zero_copy_only=False).astype(np.int64), 1)
        cells.note("language missing", empty)
        cells.note("language not known", ~empty & (take(codes, column) == 0))
    if "full_name" in columns:
        cells.note("name missing", cells.empty("full_name"))


def _ages(cells: Cells, year: int) -> None:
    born = cells.count("birth_year")
    age = np.where(born == MISSING, MISSING, year - born)
    odd = (born != MISSING) & ((age < 0) | (age > OLDEST_YEARS))
    cells.note("year of birth not plausible", odd)
    cells.note("under 18", (age >= 0) & (age < ADULT_YEARS))
    cells.note("may be under 18", age == ADULT_YEARS)
    if "ads_consent_at" in cells.batch.columns:
        at = cells.readers.date(cells.coded("ads_consent_at"))
        given = np.where(at <= MISSING + 1, 0, at)
        years = given.astype("datetime64[us]").astype("datetime64[Y]").astype(np.int64) + 1970
        minor = (at > MISSING + 1) & (born != MISSING) & ~odd & (years - born < ADULT_YEARS)
        cells.note("consent given before the age of 18", minor)
