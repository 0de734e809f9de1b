"""Audiences: customer files and synthetic bases as flat arrays, with all that is wrong with them."""

from scenarios.audience.load import Loaded, load_audience
from scenarios.audience.notices import Notice, Reject
from scenarios.audience.write import write_csv

__all__ = ["Loaded", "Notice", "Reject", "load_audience", "write_csv"]
