"""Everybody whom the schema of an audience admits, by kinds: where they live, what they agreed to, on which lists.

What nobody in the base lacks is taken as known; what somebody lacks may be lacking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from policies.calendars.zones import zone_tables
from policies.coded import constant
from policies.gate import REGISTRY
from policies.kinds.base import P_5, P_KIND
from policies.people import C_BRAND, C_CATEGORIES, C_CHANNELS, C_EVIDENCE, C_FROM, C_TO, C_WIDTH, People
from policies.places import nation
from policies.records import CHANNELS, MISSING, NEVER
from policies.registers import R_REGISTER, REGISTER_NAMES
from policies.verify.plan import Set
from scenarios.audience.consents import ALL_CHANNELS, DOCUMENT, METHOD
from scenarios.audience.zones import country_zones
from scenarios.compile.model import Compiled

ALL_CATEGORIES = 63
Entries = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Agreements:
    """Kinds of agreement in words, the sets of consents they come in, and the tables of both."""

    names: tuple[str, ...] = ()
    sets: tuple[Set, ...] = ()
    consents: list[list[int]] = field(default_factory=list)
    consent_ptr: list[int] = field(default_factory=lambda: [0])
    registers: list[tuple[int, int]] = field(default_factory=list)
    register_ptr: list[int] = field(default_factory=lambda: [0])
    kinds: list[tuple[tuple[int, ...] | None, Entries]] = field(default_factory=list)


def agreements_of(compiled: Compiled) -> Agreements:
    """Return the kinds of agreement: none, and each kind of consent of the base, by each standing in a register.

    Of a consent the channel and the category under judgement may be missing, each by itself.
    """
    found, sets = Agreements(), []
    for consent in (None, *_consents(compiled)):
        for entries in _entries(compiled):
            number = len(found.kinds)
            found.kinds.append((consent, entries))
            for channel, category in ((True, True), (True, False), (False, True), (False, False)):
                if consent is None and not (channel and category):
                    continue
                rows = () if consent is None else (len(found.consents),)
                if consent is not None:
                    found.consents.append(_row(consent, channel, category))
                found.consent_ptr.append(len(found.consents))
                found.registers += entries
                found.register_ptr.append(len(found.registers))
                dated = rows if consent is not None and not consent[2] else ()
                sets.append(Set(number, channel, category, rows if dated else ()))
    found.sets = tuple(sets)
    found.names = tuple(_name(compiled, *kind) for kind in found.kinds)
    return found


def _consents(compiled: Compiled) -> list[tuple[int, ...]]:
    """Return the kinds of consent of the base: brand, evidence, and what is not known (date, channels, categories)."""
    rows = compiled.people.consents
    kinds = {
        (int(row[C_BRAND]), int(row[C_EVIDENCE]), *(int(row[c] == MISSING) for c in (C_FROM, C_CHANNELS, C_CATEGORIES)))
        for row in np.unique(rows, axis=0)
    }
    if kinds:
        return sorted(kinds)
    return [(0 if compiled.people.brands else -1, METHOD | DOCUMENT, 0, 0, 0)]


def _row(consent: tuple[int, ...], channel: bool, category: bool) -> list[int]:
    brand, evidence, no_date, no_channels, no_categories = consent
    row = [0] * C_WIDTH
    row[C_BRAND], row[C_EVIDENCE], row[C_TO] = brand, evidence, NEVER
    row[C_FROM] = MISSING if no_date else 0
    row[C_CHANNELS] = MISSING if no_channels else ALL_CHANNELS * channel
    row[C_CATEGORIES] = MISSING if no_categories else ALL_CATEGORIES * category
    return row


def _entries(compiled: Compiled) -> list[Entries]:
    """Return how people may stand in registers: nowhere, or in one that a rule asks for; unknown as in the base."""
    entries, pointer = compiled.people.registers, compiled.people.register_ptr
    unknown: Entries = ((MISSING, MISSING),)
    told = len(entries) and not (entries[:, R_REGISTER] == MISSING).all()
    if not told and (len(entries) or len(pointer) <= 1):
        return [unknown]
    rows = compiled.law.packs.rows
    asked = sorted({int(row[P_5]) >> 2 for row in rows if row[P_KIND] == REGISTRY})
    return [(), *(((register, -NEVER),) for register in asked)]


def _name(compiled: Compiled, consent: tuple[int, ...] | None, entries: Entries) -> str:
    brands = compiled.people.brands
    said = "no consent"
    if consent is not None:
        said = "a consent" + (f" to {brands[consent[0]]}" if 0 <= consent[0] < len(brands) else "")
        lacking = [word for word, lacks in zip(("date", "channels", "topics"), consent[2:], strict=True) if lacks]
        said += f" whose {', '.join(lacking)} nobody knows" if lacking else ""
    listed = [REGISTER_NAMES[register] for register, _ in entries if register != MISSING]
    return said + (f", in the register {listed[0]}" if listed else "")


def kinds_of_people(compiled: Compiled, agreements: Agreements) -> People:
    """Return one recipient for each place of residence; those whose clocks always agree are one kind."""
    base = compiled.people
    places = _places(compiled)
    sets = list(dict.fromkeys(zones for zones, _ in places))
    size = len(places)
    return People(
        ids=pa.array([f"kind-{number}" for number in range(size)]),
        key=np.arange(size, dtype=np.uint64),
        phone=np.zeros(size, np.int64),
        country=np.array([country for _, country in places], np.int16),
        zone_set=np.array([sets.index(zones) for zones, _ in places], np.int16),
        zone_source=np.zeros(size, np.uint8),
        present=np.full(size, (1 << len(CHANNELS)) - 1, np.uint16),
        feature_phone=np.zeros(size, np.bool_),
        failures_in_a_row=constant(0, size),
        orders=constant(0, size),
        last_order_at=constant(-NEVER, size),
        overdue_since=constant(NEVER, size),
        overdue_micro=constant(0, size),
        consent_set=np.zeros(size, np.uint8),
        consent_ptr=np.array(agreements.consent_ptr, np.int64),
        consents=np.array(agreements.consents, np.int64).reshape(-1, C_WIDTH),
        opt_out_at=constant([NEVER] * len(CHANNELS), size),
        countries=base.countries,
        zone_sets=tuple(sets),
        brands=base.brands,
        register_ptr=np.array(agreements.register_ptr, np.int64),
        registers=np.array(agreements.registers, np.int64).reshape(-1, 2),
    )


def _places(compiled: Compiled) -> list[tuple[tuple[str, ...], int]]:
    """Return (candidate zones, country): those of the base, those declared, else each zone of its countries.

    The zone of the clock comes first: of witnesses that are alike the first is shown.
    """
    base = compiled.people
    pairs = set(zip(base.zone_set.tolist(), base.country.tolist(), strict=True))
    found = [(base.zone_sets[zones] if zones >= 0 else (), country) for zones, country in sorted(pairs)]
    declared = compiled.scenario.audience.synthetic is not None
    for country in sorted({country for _, country in pairs if country >= 0}):
        zones = base.zone_sets if declared else [(zone,) for zone in country_zones(nation(base.countries[country]))]
        found += [(of, country) for of in zones]
    at_home = (compiled.scenario.clock.zone,)
    found.sort(key=lambda place: place[0] != at_home)
    return _different(found, compiled.line.start, compiled.line.end)


def _different(
    places: Sequence[tuple[tuple[str, ...], int]], start: int, end: int
) -> list[tuple[tuple[str, ...], int]]:  # fmt: skip
    """Return the places without those whose clocks are, over the horizon and its margin, those of an earlier one."""
    known: dict[object, tuple[tuple[str, ...], int]] = {}
    for zones, country in places:
        clocks = []
        for zone in zones:
            _, at, off = zone_tables((zone,), start, end)
            clocks.append((*at.tolist(), *off.tolist()))
        known.setdefault((tuple(sorted(set(clocks))), country), (zones, country))
    return list(known.values())
