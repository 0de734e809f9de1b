"""Findings in the formats of other tools, one module a format; ``OUTPUTS`` lists them.

A module has ``NAME`` (of its option), ``TEXT`` (whether it may go to standard output) and
``render(runs: Sequence[Judged]) -> bytes``, which returns the same bytes for the same findings and day.
"""

from __future__ import annotations

from prelaunch.outputs import csv_table, junit, oscal, sarif, xlsx

OUTPUTS = (junit, sarif, oscal, csv_table, xlsx)
