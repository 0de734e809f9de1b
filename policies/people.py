"""Recipients as flat arrays: the one shape in which an audience is held, judged and simulated."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.coded import Coded, Codes, Int64s, held
from policies.ids import Numbered, places_among
from policies.records import CHANNELS
from policies.registers import nothing_known

__all__ = ["Coded", "Int16s", "Int64s", "People", "channel_mask"]

Int16s = npt.NDArray[np.int16]

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

BASES = ("soft_opt_in", "charity_soft_opt_in", "current_contract", "after_inquiry")
"""What stands in the place of a consent, where a law lets it: a sale, support of a charity, a contract, an inquiry."""
EVIDENCE = (
    "method",
    "document",
    "text_version",
    "separate_choice",
    "not_preticked",
    "not_conditional",
    *BASES,
    "collected_at_sale",
    "similar_products",
    "refusal_offered",
    "charity_purpose",
    "double_opt_in",
)
"""What is known of how a consent was given; ``document`` is the stored proof itself."""


@dataclass(slots=True)
class People:
    """``n`` recipients. Arrays have length ``n`` unless said otherwise; ``-1`` in an index means unknown.

    ``key`` is a 64-bit hash of the external id (else of the E.164 number): draws depend on it, never on the position.
    What is the same for everybody takes no memory: arrays of one value seen ``n`` times, to be read only.
    """

    ids: pa.Array | Numbered
    key: npt.NDArray[np.uint64]
    phone: Int64s  # E.164 digits; 0: none
    country: Int16s  # index in countries
    zone_set: Int16s  # index in zone_sets
    zone_source: npt.NDArray[np.uint8]  # index in ZONE_SOURCES
    present: npt.NDArray[np.uint16]  # bit mask over CHANNELS: an address for this channel is known
    feature_phone: npt.NDArray[np.bool_]
    failures_in_a_row: Coded  # SMS sent lately that were not delivered, newest unbroken run
    orders: Coded  # MISSING: not known
    last_order_at: Coded  # instant; -NEVER: never ordered; MISSING: not known
    overdue_since: Coded  # instant; NEVER: no overdue debt; MISSING: not known
    overdue_micro: Coded  # amount overdue, micro-units; 0: none
    consent_set: Codes  # index of the set of consents; people who agreed alike share one
    consent_ptr: Int64s  # shape (sets + 1,): rows consent_ptr[s]:consent_ptr[s + 1] of consents belong to set s
    consents: Int64s  # shape (m, C_WIDTH)
    opt_out_at: Coded  # rows of len(CHANNELS) instants: NEVER where the person did not opt out
    countries: tuple[str, ...]  # ISO 3166-1 alpha-2, or a part of one by ISO 3166-2 (policies.places)
    zone_sets: tuple[tuple[str, ...], ...]  # IANA names; an empty set: no zone is known
    brands: tuple[str, ...] = ()
    register_ptr: Int64s = field(default_factory=lambda: nothing_known()[0])
    registers: Int64s = field(default_factory=lambda: nothing_known()[1])
    """Entries in registers (policies.registers) of the people of each set of consents, as ``consents``; shape
    (m, R_WIDTH). Nothing is known of the people of a set beyond ``register_ptr``."""
    attributes: dict[str, pa.Array] = field(default_factory=dict)
    """Further columns, for template variables and guards; null where the value is missing."""

    def __len__(self) -> int:
        return len(self.key)

    def id_of(self, place: int) -> str:
        """Return the external id of one recipient."""
        return str(self.ids_of([place])[0].as_py())

    def ids_of(self, places: npt.ArrayLike) -> pa.Array:
        """Return external ids by place."""
        return self.ids.take(pa.array(np.asarray(places, np.int64)))

    def places_of(self, names: pa.Array) -> Int64s:
        """Return the place of each external id; -1 where it is nobody's."""
        ids = self.ids
        return ids.places(names.cast(pa.string())) if isinstance(ids, Numbered) else places_among(ids, names)

    @property
    def nbytes(self) -> int:
        """Return the bytes of all arrays, external ids and attributes included."""
        parts = [getattr(self, part.name) for part in fields(self)]
        return sum(_bytes(part) for part in (*parts, *self.attributes.values()))


def _bytes(part: Any) -> int:
    if isinstance(part, np.ndarray):
        return held(part)
    return int(part.nbytes) if isinstance(part, (Coded, pa.Array)) else 0


def shared(value: int, size: int, kind: type[np.generic]) -> npt.NDArray[Any]:
    """Return an array of one value, seen ``size`` times; to be read only."""
    return np.broadcast_to(np.array(value, kind), (size,))


def channel_mask(*names: str) -> int:
    """Return the bit mask of the named channels."""
    return sum(1 << CHANNELS.index(name) for name in names)
