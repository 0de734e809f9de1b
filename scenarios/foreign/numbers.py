"""Phone numbers that a log calls its recipients by: what they are, and whose of an audience."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.people import People
from scenarios.audience.phones import PhoneReader
from scenarios.foreign.read import Foreign
from scenarios.foreign.whole import coded

Int64s = npt.NDArray[np.int64]

INTERNATIONAL = r"^(\+|00)?[1-9]\d{9,14}$"
"""A number that names its country: with +, with 00, or bare digits long enough to hold a country code."""


def numbers_of(ids: pa.StringArray, country: str | None) -> tuple[Int64s, list[str]]:
    """Return the E.164 digits of each id (0: no number) and the country that the number names ("": none).

    ``country`` is that of numbers which name none.
    """
    plain = pc.replace_substring_regex(ids, pattern=r"[\s()\-]", replacement="")
    whole = pc.match_substring_regex(plain, pattern=INTERNATIONAL)
    written = pc.replace_substring_regex(plain, pattern=r"^(\+|00)?", replacement="+", max_replacements=1)
    phones = PhoneReader("RU")(pc.if_else(whole, written, ""))
    numbers = phones.number.copy()
    by_number = np.where(numbers > 0, "RU", "").astype(object)
    by_number[phones.odd] = [phones.answers[answer].country for answer in phones.answer.tolist()]
    if country is not None:
        rest = numbers == 0
        own = PhoneReader(country)(pc.if_else(pa.array(rest), plain, ""))
        numbers = np.where(rest, own.number, numbers)
    return numbers, list(by_number)


def by_number(log: Foreign, known: People, country: str | None) -> Foreign:
    """Return the log with the ids of ``known`` in place of phone numbers that are theirs.

    A provider's export has numbers where the audience has ids of its own. A name that is an id stays, and so does a
    number that two people have.
    """
    column = coded(log.table["recipient"])
    names = column.dictionary.cast(pa.string())
    places = known.places_of(names)
    numbers, _ = numbers_of(names, country)
    found = np.where(places >= 0, -1, _owners(known.phone, numbers))
    if not (found >= 0).any():
        return log
    owners = known.ids_of(np.maximum(found, 0)).cast(pa.string())
    words = pc.if_else(pa.array(found >= 0), owners, names).dictionary_encode()
    indices = words.indices.take(column.indices)  # two names may have become one
    renamed = pa.DictionaryArray.from_arrays(indices, words.dictionary)
    place = log.table.schema.get_field_index("recipient")
    return replace(log, table=log.table.set_column(place, "recipient", renamed))


def _owners(phones: Int64s, numbers: Int64s) -> Int64s:
    """Return for each number the place of the only person who has it; -1 where there is none, or several."""
    order = np.argsort(phones, kind="stable")
    held = phones[order]
    first, after = np.searchsorted(held, numbers), np.searchsorted(held, numbers, side="right")
    alone = (numbers > 0) & (after - first == 1)
    owners: Int64s = np.where(alone, order[np.minimum(first, len(order) - 1)] if len(order) else -1, -1)
    return owners
