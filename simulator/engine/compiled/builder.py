"""What is collected while a model is made flat: columns of people, quantile tables, values by person."""

from __future__ import annotations

from typing import Any

import numpy as np

from policies.coded import Coded
from policies.gate import Gate
from simulator.engine.compiled.tables import Columns, Quantiles
from simulator.engine.model import Model


class Builder:
    """Collects columns, quantile tables and values by person while channels and steps are laid out."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.gate = model.gate if isinstance(model.gate, Gate) else None
        self.columns = Columns()
        self.start: dict[int, int] = {}
        self.of_people: dict[int, Coded] = {}
        self.quantiles = Quantiles()
        self.by_person: list[Any] = []
        self.flags: list[bytes] = []
        self.sessions: dict[tuple[int, int], int] = {}
        self.today: dict[int, int] = {}
        cells = self.gate.rule_table.cells if self.gate else 0
        self.columns.take(cells)  # the gate's cells come first: its rows know their places from there
        self.start |= dict(enumerate(self.gate.rule_table.initial.tolist())) if self.gate else {}

    def own(self, start: int, number: int = 1) -> int:
        """Return new columns that begin with ``start`` for everybody."""
        first = self.columns.take(number)
        self.start |= dict.fromkeys(range(first, first + number), start)
        return first

    def own_by_person(self, values: Coded) -> int:
        """Return a new column that begins with ``values``, by recipient."""
        column = self.own(0)
        self.of_people[column] = values
        return column

    def value_by_person(self, values: Any) -> tuple[int, int]:
        """Return (value, column): one of them tells a step's units or text."""
        if isinstance(values, int):
            return values, -1
        self.by_person.append(np.asarray(values, dtype=np.int32))
        return 0, len(self.by_person) - 1
