"""The people of a foreign log: those of an audience, and strangers of whom only the log speaks.

What nobody gave is *unknown*, never "none": such a person may have consented, may have opted out, may live anywhere
in the country of the number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.coded import constant
from policies.consent_sets import consent_sets
from policies.people import (
    C_BRAND,
    C_CATEGORIES,
    C_CHANNELS,
    C_EVIDENCE,
    C_FROM,
    C_TO,
    C_WIDTH,
    EVIDENCE,
    ZONE_SOURCES,
    People,
    shared,
)
from policies.places import nation
from policies.records import CHANNELS, MISSING, NEVER
from policies.registers import nothing_known
from scenarios.audience.consents import evidence_bits
from scenarios.audience.joins import join_columns, join_texts
from scenarios.audience.keys import recipient_keys
from scenarios.audience.subdivisions import place_clocks, subdivision
from scenarios.foreign.numbers import numbers_of
from scenarios.foreign.read import Foreign
from scenarios.foreign.whole import coded

Int64s = npt.NDArray[np.int64]

CONSENT_COLUMNS = ("consent_at", "consent_channels", "consent_topics", "consent_evidence")


def people_of(
    log: Foreign, country: str | None = None, known: People | None = None, brands: Sequence[str] = ()
) -> People:
    """Return ``known`` followed by everybody else of the log, sorted by id.

    ``country`` (ISO 3166-1 alpha-2) is that of people of whom neither a column nor the number tells one; ``brands``
    are those of the index C_BRAND.
    """
    column = coded(log.table["recipient"])
    used = np.zeros(len(column.dictionary) + 1, np.bool_)
    used[column.indices.fill_null(len(column.dictionary)).to_numpy(zero_copy_only=False)] = True
    named = column.dictionary.cast(pa.string()).filter(pa.array(used[:-1]))
    if known is not None:
        named = named.filter(pa.array(known.places_of(named) < 0))
    ids = named.take(pc.sort_indices(named))
    strangers = _strangers(ids, log, country, tuple(brands))
    if known is None:
        return strangers
    return joined(known, strangers) if len(ids) else known


def _strangers(ids: pa.StringArray, log: Foreign, country: str | None, brands: tuple[str, ...]) -> People:
    size = len(ids)
    unknown, none = constant(MISSING, size), constant(0, size)
    who = places(log, ids)
    phone, countries = _countries(ids, log, who, country)
    zone_sets = _zone_sets(log, who, countries)
    country_names = tuple(sorted({name for name in countries if name}))
    names = tuple(sorted(set(zone_sets)))
    consent_set, ptr, consents = consent_sets(*_consents(log, who, size, brands))
    explicit = _first(log, "zone", who, size)
    return People(
        ids=ids,
        key=recipient_keys(ids),
        phone=phone,
        country=np.array([country_names.index(name) if name else -1 for name in countries], np.int16),
        zone_set=np.array(_indices(zone_sets, names), np.int16),
        zone_source=np.array(
            [ZONE_SOURCES.index("explicit" if zone else "country" if zones else "unknown")
             for zone, zones in zip(explicit, zone_sets, strict=True)], np.uint8),
        present=shared(0, size, np.uint16),
        feature_phone=shared(False, size, np.bool_),
        failures_in_a_row=none,
        orders=unknown,
        last_order_at=unknown,
        overdue_since=unknown,
        overdue_micro=none,
        consent_set=consent_set,
        consent_ptr=ptr,
        consents=consents,
        opt_out_at=constant([NEVER if "opt_outs" in log.shows_all else MISSING] * len(CHANNELS), size),
        countries=country_names,
        zone_sets=names,
        brands=brands,
    )  # fmt: skip


def places(log: Foreign, ids: pa.StringArray) -> Int64s:
    """Return each row's place in ``ids``; -1 where it is about nobody of them."""
    column = coded(log.table["recipient"])
    found = pc.index_in(column.dictionary.cast(pa.string()), value_set=ids.cast(pa.string())).fill_null(-1)
    lookup = np.append(found.to_numpy(zero_copy_only=False).astype(np.int64), -1)
    rows: Int64s = lookup[column.indices.fill_null(len(lookup) - 1).to_numpy(zero_copy_only=False)]
    return rows


def _indices(values: Sequence[tuple[str, ...]], names: Sequence[tuple[str, ...]]) -> list[int]:
    place = {name: index for index, name in enumerate(names)}
    return [place[value] for value in values]


def _words(log: Foreign, name: str, who: Int64s) -> dict[int, list[str]]:
    """Return the distinct words of a column by person, in the order of the alphabet."""
    column = coded(log.table[name])
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    rows = (who >= 0) & (codes >= 0)
    if not rows.any():
        return {}
    words = column.dictionary.to_pylist()
    pairs = np.unique(who[rows] * len(words) + codes[rows])
    found: dict[int, list[str]] = {}
    for pair in pairs.tolist():
        found.setdefault(pair // len(words), []).append(words[pair % len(words)])
    return {person: sorted(those) for person, those in found.items()}


def _first(log: Foreign, name: str, who: Int64s, size: int) -> list[str]:
    """Return one word of a column a person; "" where there is none, or where rows disagree."""
    words = _words(log, name, who)
    return [words[person][0] if len(words.get(person, ())) == 1 else "" for person in range(size)]


def _countries(ids: pa.StringArray, log: Foreign, who: Int64s, country: str | None) -> tuple[Int64s, list[str]]:
    """Return the number and the place of each person: by the column, the number, else ``country``."""
    numbers, by_number = numbers_of(ids, country)
    column = _first(log, "country", who, len(ids))
    return numbers, [_place(given) or found or country or "" for given, found in zip(column, by_number, strict=True)]


def _place(word: str) -> str:
    """Return the country that a cell names, or its part; of a part that is not known the country."""
    place = word.strip().upper()
    return subdivision(place, nation(place)) or nation(place) if "-" in place else place


def _zone_sets(log: Foreign, who: Int64s, countries: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the possible zones of each person: all that the column names, else those of the country."""
    words = _words(log, "zone", who)
    homes = {name: place_clocks(name) if name else () for name in set(countries)}
    named = {
        person: tuple(dict.fromkeys(zone for word in those for zone in word.split("|")))
        for person, those in words.items()
    }
    return [named.get(person) or homes[country] for person, country in enumerate(countries)]


def _consents(log: Foreign, who: Int64s, size: int, brands: tuple[str, ...]) -> tuple[Int64s, Int64s]:
    """Return (ptr, consents): the distinct consents of each person, or one that says that nothing is known."""
    rows = np.flatnonzero(who >= 0) if log.columns & set(CONSENT_COLUMNS) else np.zeros(0, np.int64)
    at, channels, topics = (_ints(log, name)[rows] for name in CONSENT_COLUMNS[:3])
    said = (at != MISSING) | (channels != MISSING) | (topics != MISSING)
    rows, at, channels, topics = rows[said], at[said], channels[said], topics[said]
    evidence = _evidence(log, rows)
    brand = _brand(log, brands)[rows]
    none = at == NEVER
    table = np.full((len(rows), 1 + C_WIDTH), MISSING, np.int64)
    table[:, 0] = who[rows]
    for place, values in ((C_CATEGORIES, topics), (C_CHANNELS, channels), (C_FROM, at), (C_EVIDENCE, evidence)):
        table[:, 1 + place] = values
    table[:, 1 + C_BRAND], table[:, 1 + C_TO] = brand, NEVER
    given = np.unique(table[~none], axis=0)
    silent = np.setdiff1d(np.arange(size), table[:, 0])
    blank = np.full((len(silent), 1 + C_WIDTH), MISSING, np.int64)
    blank[:, 0], blank[:, 1 + C_EVIDENCE] = silent, (1 << len(EVIDENCE)) - 1  # so that no rule can say fail of it
    whole = np.concatenate((given, blank))
    whole = whole[np.argsort(whole[:, 0], kind="stable")]
    ptr = np.searchsorted(whole[:, 0], np.arange(size + 1)).astype(np.int64)
    return ptr, np.ascontiguousarray(whole[:, 1:])


def _ints(log: Foreign, name: str) -> Int64s:
    values: Int64s = log.table[name].cast(pa.int64()).fill_null(MISSING).to_numpy().astype(np.int64)
    return values


def _evidence(log: Foreign, rows: Int64s) -> Int64s:
    text = log.table["consent_evidence"].take(pa.array(rows)).cast(pa.string()).combine_chunks()
    return np.where(text.is_null().to_numpy(zero_copy_only=False), MISSING, evidence_bits(text))


def _brand(log: Foreign, brands: tuple[str, ...]) -> Int64s:
    """Return the brand to which the consent of each row was given: that of the row; any, where the log names none."""
    if "brand" not in log.columns:
        return np.full(len(log.table), -1, np.int64)
    place = pc.index_in(log.table["brand"].cast(pa.string()), value_set=pa.array(brands, pa.string()))
    return np.asarray(place.cast(pa.int64()).fill_null(MISSING).to_numpy(), np.int64)


def joined(known: People, more: People) -> People:
    """Return both, ``known`` first so that places in it stay; ``more`` has no attributes."""
    countries = tuple(dict.fromkeys((*known.countries, *more.countries)))
    zone_sets = tuple(dict.fromkeys((*known.zone_sets, *more.zone_sets)))
    country = np.array([countries.index(name) for name in more.countries] + [-1], np.int16)[more.country]
    zone_set = np.array([zone_sets.index(zones) for zones in more.zone_sets] + [-1], np.int16)[more.zone_set]
    columns: dict[str, Any] = {
        name: join_columns([getattr(known, name), getattr(more, name)])
        for name in (
            "key", "phone", "zone_source", "present", "feature_phone", "failures_in_a_row", "orders", "last_order_at",
            "overdue_since", "overdue_micro", "opt_out_at",
        )
    }  # fmt: skip
    sets = len(known.consent_ptr) - 1
    register_ptr, registers = _entries(known, len(more.consent_ptr) - 1)
    return People(
        ids=join_texts([part.ids_of(np.arange(len(part))).cast(pa.string()) for part in (known, more)]),
        country=np.concatenate((known.country, country)),
        zone_set=np.concatenate((known.zone_set, zone_set)),
        consent_set=np.concatenate((known.consent_set.astype(np.uint32), more.consent_set + np.uint32(sets))),
        consents=np.concatenate((known.consents, more.consents)),
        consent_ptr=np.concatenate((known.consent_ptr, more.consent_ptr[1:] + known.consent_ptr[-1])),
        register_ptr=register_ptr,
        registers=registers,
        countries=countries,
        zone_sets=zone_sets,
        brands=tuple(dict.fromkeys((*known.brands, *more.brands))),
        attributes={name: pa.concat_arrays([column, pa.nulls(len(more), column.type)])
                    for name, column in known.attributes.items()},
        **columns,
    )  # fmt: skip


def _entries(known: People, strangers: int) -> tuple[Int64s, Int64s]:
    """Return pointer and entries of the sets of ``known``, nothing known of those that follow."""
    if len(known.register_ptr) == 1:
        return nothing_known()
    ptr, entries = nothing_known(strangers)
    return (
        np.concatenate((known.register_ptr, ptr[1:] + known.register_ptr[-1])),
        np.concatenate((known.registers, entries)),
    )
