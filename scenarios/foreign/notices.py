"""What to keep in mind of the verdicts on a log that we did not make."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from policies.people import People
from scenarios.audience.notices import Reject
from scenarios.foreign.read import Foreign


class LogNotice(StrEnum):
    """Every notice, with what the case fills in between braces."""

    UNREAD = "{count} rows could not be read and are left out"
    IGNORED = "{count} rows are left out by the mapping"
    AGAIN = "{count} rows tell of a message once more; it is judged once"
    NO_CATEGORY = (
        "no row tells its category, so rules about some kinds of message stay open; add it to the mapping, such as "
        "constants: {{category: promo}}"
    )
    STRANGERS = "{count} recipients of the log are not in the audience"
    NO_ZONE = "{count} recipients without a known time zone"
    CAPS = "caps count from the first row of the log on; earlier messages are not known"
    ASIDE = "{count} rows of the audience could not be used; the first: line {line}: {reason}"
    ASIDE_CELL = "{count} rows of the audience could not be used; the first: line {line}: {field}: {reason}"


def aside(rejects: Sequence[Reject]) -> list[str]:
    """Return how many rows of the audience could not be used and what was wrong with the first, if there are any."""
    if not rejects:
        return []
    first = rejects[0]
    told = LogNotice.ASIDE_CELL if first.column else LogNotice.ASIDE
    return [told.format(count=len(rejects), line=first.line, field=first.column, reason=first.reason)]


def notices_of(log: Foreign, people: People, known: People | None, *, has_scenario: bool) -> list[str]:
    """Return what to keep in mind of a log and its people; ``known`` are those of scenario or audience."""
    strangers = len(people) - len(known) if known is not None else 0
    nowhere = int(np.array([not zones for zones in people.zone_sets] + [True])[people.zone_set].sum())
    counts: tuple[tuple[LogNotice, int], ...] = (
        (LogNotice.UNREAD, log.bad.count),
        (LogNotice.IGNORED, log.ignored),
        (LogNotice.AGAIN, log.again),
        (LogNotice.NO_CATEGORY, int("category" not in log.columns and not has_scenario)),
        (LogNotice.STRANGERS, strangers),
        (LogNotice.NO_ZONE, nowhere),
        (LogNotice.CAPS, 1),
    )
    return [told.format(count=count) for told, count in counts if count > 0]
