"""Opt-outs of rows that were turned away as duplicates: whoever left under one row has left under all."""

from __future__ import annotations

import numpy as np

from policies.coded import Coded, coded_rows, joined
from scenarios.audience.duplicates import Duplicates
from scenarios.audience.notices import Lines, Tally


def inherited(opt_outs: Coded, found: Duplicates, lines: Lines, tally: Tally) -> Coded:
    """Return the opt-outs by channel, those of duplicates passed on to the row that stands for them."""
    theirs = opt_outs[found.gone]
    earlier = (theirs < opt_outs[found.kept]).any(axis=1)
    if not earlier.any():
        return opt_outs
    tally.count("opt-out of a duplicate", int(earlier.sum()), int(lines[found.gone[earlier]].min()))
    heirs, heir = np.unique(found.kept[earlier], return_inverse=True)
    rows = opt_outs[heirs]
    np.minimum.at(rows, heir, theirs[earlier])
    whole = joined((opt_outs, coded_rows(rows)))
    codes = whole.codes[: len(opt_outs)].copy()
    codes[heirs] = whole.codes[len(opt_outs) :]
    return Coded(codes, whole.values)
