"""Small audiences for tests, made of plain numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from policies.coded import Coded, coded, coded_rows, constant
from policies.people import C_WIDTH, EVIDENCE, People
from policies.records import CHANNELS, NEVER
from simulator.draws import mix_array

ALL_CHANNELS = (1 << len(CHANNELS)) - 1


def crowd(size: int, *, seed: int = 1, zones: tuple[tuple[str, ...], ...] = (("Europe/Moscow",),)) -> People:
    """Return ``size`` recipients ``P00000``.. who have every channel and consent to everything, zones in turn.

    Each has a set of consents of its own, so that tests can change one person's.
    """
    rng = np.random.default_rng(seed)
    numbers = np.arange(size, dtype=np.int64)
    consents = np.zeros((size, C_WIDTH), dtype=np.int64)
    consents[:] = (63, ALL_CHANNELS, -1, 0, NEVER, (1 << len(EVIDENCE)) - 1)
    return People(
        ids=pa.array([f"P{number:05d}" for number in range(size)]),
        key=mix_array(numbers.astype(np.uint64) + np.uint64(seed * 1_000_003)),
        phone=79_000_000_000 + numbers,
        country=np.zeros(size, dtype=np.int16),
        zone_set=(numbers % len(zones)).astype(np.int16),
        zone_source=np.zeros(size, dtype=np.uint8),
        present=np.full(size, ALL_CHANNELS, dtype=np.uint16),
        feature_phone=np.zeros(size, dtype=bool),
        failures_in_a_row=constant(0, size),
        orders=coded(rng.integers(0, 5, size)),
        last_order_at=constant(-NEVER, size),
        overdue_since=constant(NEVER, size),
        overdue_micro=constant(0, size),
        consent_set=np.arange(size, dtype=np.uint32),
        consent_ptr=np.arange(size + 1, dtype=np.int64),
        consents=consents,
        opt_out_at=constant([NEVER] * len(CHANNELS), size),
        countries=("RU",),
        zone_sets=zones,
        attributes={"segment": pa.array(rng.choice(["new", "loyal", "churn"], size).tolist())},
    )


def changed(column: Coded, where: object, value: object) -> Coded:
    """Return the column, or rows, with other values at some places, which may be those of single cells."""
    whole = column[:]
    whole[where] = value  # type: ignore[call-overload]
    return coded(whole) if whole.ndim == 1 else coded_rows(whole)
