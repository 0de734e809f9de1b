"""The order of events: (time, class, order of scheduling). Both engines use these numbers."""

from __future__ import annotations

SCENARIO, FEEDBACK, SERVER, TIMER, REJECT, HOLD, RELEASE = range(2, 9)
"""Classes at one instant, first to last. 0 and 1 are SimPy's own priorities, used for hand-overs within an event."""
