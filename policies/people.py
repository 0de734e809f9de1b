"""Recipients as flat arrays: the one shape in which an audience is held, judged and simulated."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.records import CHANNELS

Int64s = npt.NDArray[np.int64]

ZONE_SOURCES = ("address", "explicit", "number_range", "country", "unknown")
"""Where the time zone of a recipient came from, most trusted first."""

# Columns of the consent table, one row a consent.
C_CATEGORIES = 0  # bit mask over records.CATEGORIES
C_CHANNELS = 1  # bit mask over records.CHANNELS
C_BRAND = 2  # index in People.brands; -1: any brand of the organisation
C_FROM = 3  # instant it was given
C_TO = 4  # instant it was withdrawn or expires (exclusive); NEVER: neither
C_EVIDENCE = 5  # bit mask over EVIDENCE
C_WIDTH = 6

EVIDENCE = ("method", "document", "text_version", "separate_choice", "not_preticked", "not_conditional")
"""What is known of how a consent was given; ``document`` is the stored proof itself."""


@dataclass(slots=True)
class People:
    """``n`` recipients. Arrays have length ``n`` unless said otherwise; ``-1`` in an index means unknown.

    ``key`` is a 64-bit hash of the external id (else of the E.164 number): draws depend on it, never on the position.
    """

    ids: pa.StringArray
    key: npt.NDArray[np.uint64]
    phone: Int64s  # E.164 digits; 0: none
    country: Int64s  # index in countries
    zone_set: Int64s  # index in zone_sets
    zone_source: npt.NDArray[np.uint8]  # index in ZONE_SOURCES
    present: Int64s  # bit mask over CHANNELS: an address for this channel is known
    feature_phone: npt.NDArray[np.bool_]
    failures_in_a_row: Int64s  # SMS sent lately that were not delivered, newest unbroken run
    orders: Int64s  # MISSING: not known
    last_order_at: Int64s  # instant; -NEVER: never ordered; MISSING: not known
    overdue_since: Int64s  # instant; NEVER: no overdue debt; MISSING: not known
    overdue_micro: Int64s  # amount overdue, micro-units; 0: none
    consent_ptr: Int64s  # shape (n + 1,): rows consent_ptr[i]:consent_ptr[i + 1] of consents belong to i
    consents: Int64s  # shape (m, C_WIDTH)
    opt_out_at: Int64s  # shape (n, len(CHANNELS)): NEVER where the person did not opt out
    countries: tuple[str, ...]  # ISO 3166-1 alpha-2
    zone_sets: tuple[tuple[str, ...], ...]  # IANA names; an empty set: no zone is known
    brands: tuple[str, ...] = ()
    attributes: dict[str, pa.Array] = field(default_factory=dict)
    """Further columns, for template variables and guards; null where the value is missing."""

    def __len__(self) -> int:
        return len(self.ids)


def channel_mask(*names: str) -> int:
    """Return the bit mask of the named channels."""
    return sum(1 << CHANNELS.index(name) for name in names)
