"""An audience file as ``People``: batches are read, joined, rid of duplicates, and their indexes put in order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import phonenumbers
import pyarrow as pa

from policies.coded import Coded
from policies.errors import InputError, Problem
from policies.people import C_EVIDENCE, EVIDENCE, Int16s, People, shared
from scenarios.audience.attributes import attribute
from scenarios.audience.batches import read_batches
from scenarios.audience.duplicates import find_duplicates
from scenarios.audience.inherit import inherited
from scenarios.audience.joins import Pieces
from scenarios.audience.notices import Lines, Notice, Reject, Tally
from scenarios.audience.number_ranges import load_ranges
from scenarios.audience.phones import PhoneReader
from scenarios.audience.registers import sets_of_both
from scenarios.audience.rows import RowReader, Rows
from scenarios.audience.source import digest
from scenarios.audience.synthetic import synthetic_people
from scenarios.audience.zone_sources import ZoneFinder
from scenarios.model import Audience, AudienceFile

Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

ROW_FIELDS = tuple(field.name for field in fields(Rows) if field.name != "attributes")


@dataclass(frozen=True, slots=True)
class Loaded:
    """An audience. ``people`` + ``rejects`` + blank lines = ``rows_read``; ``sha256`` is of the file or the spec."""

    people: People
    rejects: list[Reject]
    notices: list[Notice]
    rows_read: int
    source: str
    sha256: str
    ranges_sha256: str = ""
    """Of the list of number ranges; empty without one."""


def load_audience(
    spec: Audience, *, base_dir: Path, now: int, seed: int, currency: str, wanted: Collection[str]
) -> Loaded:
    """Return the people of ``spec``, with what was turned away and what is doubtful.

    ``now`` is the instant of the clock's start (microseconds UTC); ``wanted`` names the attributes to keep; relative
    paths start at ``base_dir``. A synthetic audience has its own seed, so that another ``seed`` of the scenario
    changes the people's luck and not the people. Raises ``InputError`` if the file cannot be an audience.
    """
    if (spec.file is None) == (spec.synthetic is None):
        raise InputError([Problem("audience", "needs exactly one of file and synthetic")])
    if spec.file is not None:
        loaded = _from_file(spec.file, base_dir, now, currency, wanted)
    else:
        assert spec.synthetic is not None
        people = synthetic_people(spec.synthetic, now=now, wanted=wanted)
        text = json.dumps(msgspec.to_builtins(spec.synthetic), sort_keys=True)
        loaded = Loaded(people, [], [], len(people), "synthetic", _sha256(text))
    stated = sum(1 << EVIDENCE.index(name) for name in spec.consent_form)
    loaded.people.consents[:, C_EVIDENCE] |= stated
    return loaded


def _sha256(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()


def _from_file(spec: AudienceFile, base_dir: Path, now: int, currency: str, wanted: Collection[str]) -> Loaded:
    path = base_dir / spec.path
    if spec.country not in phonenumbers.SUPPORTED_REGIONS:
        problem = Problem("audience.file.country", f'"{spec.country}" is no country', "two letters, such as RU")
        raise InputError([problem])
    sha256 = digest(path)
    ranges = load_ranges(base_dir / spec.number_ranges) if spec.number_ranges else None
    wanted = tuple(dict.fromkeys(wanted))
    brand = -1 if spec.brand is None else 0
    reader = RowReader(PhoneReader(spec.country), ZoneFinder(now, ranges), now, brand, wanted)
    parts = Pieces()
    attributes: dict[str, list[pa.Array]] = {}
    rows_read, encoding = 0, "utf-8"
    unused: tuple[str, ...] = ()
    for batch in read_batches(path, spec.mapping, wanted):
        encoding, unused = batch.encoding, batch.unused
        rows = reader(batch)
        rows_read += len(batch) + len(batch.rejects) + len(batch.blank)
        parts.add({name: getattr(rows, name) for name in ROW_FIELDS})
        for name, column in rows.attributes.items():
            attributes.setdefault(name, []).append(column)
    lines = parts.pop("lines") if parts.batches else np.zeros(0, dtype=np.uint32)
    _refuse_nobody(lines, reader.rejects, rows_read, path)
    people, keep = _people(parts, attributes, lines, reader, (spec.brand,) if spec.brand is not None else ())
    reader.tally.count("blank line", reader.blank, reader.first_blank)
    _about_file(reader.tally, encoding, spec, currency, people, [name for name in wanted if name not in attributes])
    if unused:
        reader.tally.count("columns not used", len(unused), 1, ", ".join(unused))
    if ranges is not None and ranges.unknown_regions:
        reader.tally.count("number range without a known region", ranges.unknown_regions, 0)
    rejects = sorted(reader.rejects, key=lambda reject: reject.line)
    return Loaded(people, rejects, reader.tally.notices(lines, keep), rows_read, str(path), sha256,
                  ranges.sha256 if ranges else "")  # fmt: skip


def _refuse_nobody(lines: Lines, rejects: list[Reject], rows_read: int, path: Path) -> None:
    """Raise ``InputError`` when no row is left, saying why."""
    if len(lines):
        return
    if not rows_read:
        raise InputError([Problem(str(path), "the file has a header and no rows", "export it again")])
    reasons = Counter((reject.column, reject.reason) for reject in rejects).most_common(5)
    first = {(reject.column, reject.reason): reject for reject in reversed(rejects)}
    raise InputError(
        [
            Problem(f"{path}:{first[pair].line}: {pair[0] or 'row'}", f"{pair[1]} ({count} rows)", "no row is usable")
            for pair, count in reasons
        ]
        or [Problem(str(path), f"all {rows_read} rows are blank", "export it again")]
    )


def _about_file(
    tally: Tally, encoding: str, spec: AudienceFile, currency: str, people: People, absent: list[str]
) -> None:
    if encoding != "utf-8":
        tally.count("file decoded from another encoding", len(people), 1, encoding)
    if currency != "RUB" and "balance_overdue_rub" not in spec.mapping and bool((people.overdue_micro[:] > 0).any()):
        tally.count("overdue amounts not in the scenario's currency", int((people.overdue_micro[:] > 0).sum()), 1)
    for name in absent:
        tally.count("attribute not in the file", len(people), 1, name)


def _people(
    parts: Pieces,
    attributes: dict[str, list[pa.Array]],
    lines: Lines,
    reader: RowReader,
    brands: tuple[str, ...],
) -> tuple[People, Mask]:
    """Join the batches, field by field so that no field is held twice for long, and drop the duplicates.

    Returns the people and which of the rows they are.
    """
    ids, key, phone = (parts.pop(name) for name in ("ids", "key", "phone"))
    found = find_duplicates(ids, key, phone, lines)
    reader.rejects.extend(found.rejects)
    keep = found.keep(len(key))
    chosen = pa.array(keep) if len(found.gone) else None

    def kept(column: Any) -> Any:
        if chosen is None:
            return column
        return column.take(keep) if isinstance(column, Coded) else column[keep]

    country, countries = _in_order(kept(parts.pop("country")), tuple(reader.places.places))
    zone_set, zone_sets = _in_order(kept(parts.pop("zone_set")), tuple(reader.zones.zone_sets))
    opt_out_at = inherited(parts.pop("opt_out_at"), found, lines, reader.tally)
    agreed, entries = kept(parts.pop("consent")), kept(parts.pop("entries"))
    consent_set, consent_ptr, consents, register_ptr, registers = sets_of_both(
        agreed, entries, tuple(reader.registers.numbers)
    )
    people = People(
        ids=ids if chosen is None else ids.filter(chosen),
        key=kept(key),
        phone=kept(phone),
        country=country,
        countries=countries,
        zone_set=zone_set,
        zone_sets=zone_sets,
        consent_set=consent_set,
        consent_ptr=consent_ptr,
        consents=consents,
        register_ptr=register_ptr,
        registers=registers,
        opt_out_at=kept(opt_out_at),
        brands=brands,
        attributes={name: attribute(chunks, chosen) for name, chunks in attributes.items()},
        **{name: kept(parts.pop(name)) for name in parts.names()},
    )
    return people, keep


def _in_order(index: Int16s, values: tuple[Any, ...]) -> tuple[Int16s, tuple[Any, ...]]:
    """Return ``index`` for the used ``values`` in sorted order, so that the order of rows leaves no trace."""
    used = sorted(np.flatnonzero(np.bincount(index, minlength=len(values))).tolist(), key=lambda place: values[place])
    places = np.zeros(len(values), dtype=np.int16)
    places[used] = np.arange(len(used))
    named = tuple(values[place] for place in used)
    return (places[index] if len(used) > 1 else shared(0, len(index), np.int16)), named
