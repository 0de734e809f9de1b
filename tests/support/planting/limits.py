"""Every limit of the planted rules about messages."""

from __future__ import annotations

from tests.support.planting import limits_of_calendars, limits_of_history, limits_of_messages
from tests.support.planting.limit import Limit

LIMITS: tuple[Limit, ...] = (*limits_of_messages.LIMITS, *limits_of_history.LIMITS, *limits_of_calendars.LIMITS)
"""All of them; a test compares them with the registry of kinds, their ``boundaries`` and the rules' parameters."""
