"""The model holds arrays by recipient; the schedulers in Python make lists of them."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from benchmarks.workload_w import workload
from simulator.engine.lists import lists_of

NOT_BY_RECIPIENT = ("opt_outs", "units", "text", "guarded")


def test_the_model_holds_no_list_by_recipient() -> None:
    model = workload(701).model
    parts = {name.name: getattr(model, name.name) for name in fields(model)}
    assert not [name for name, part in parts.items() if isinstance(part, (list, tuple, dict)) and len(part) == 701]


def test_lists_hold_plain_numbers_and_no_arrays() -> None:
    lists = lists_of(workload(50).model)
    cells = {type(getattr(lists, name.name)[7]) for name in fields(lists) if name.name not in NOT_BY_RECIPIENT}
    assert cells == {int, bool}
    assert not any(isinstance(value, np.ndarray) for value in (*lists.units, *lists.text, *lists.guarded))
