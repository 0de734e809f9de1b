"""Who wrote to whom: senders of answers, phone numbers in one form, and one key for all rows of a message."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from policies.records import MISSING
from scenarios.audience.cells import take
from scenarios.audience.keys import mix, recipient_keys
from scenarios.audience.phones import PhoneReader
from scenarios.foreign.fields import TOLD

Int64s = npt.NDArray[np.int64]

PREFIX = r"^(whatsapp|messenger|rcs|sms|tel):"
"""Before an address where a provider has several channels."""
SEPARATORS = r"[\s\x{00A0}()\-]"
WITH_COUNTRY = r"^(\+|00)?[1-9]\d{9,14}$"
RUSSIAN_TRUNK = r"^89\d{9}$"
"""A Russian mobile written for a call from within; 89 begins no country's code."""
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def with_prefixes(channel: pa.DictionaryArray, recipient: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return the channels, ``whatsapp`` where the address says so (``whatsapp:+79161234567``)."""
    if not len(recipient.dictionary):
        return channel
    words = pc.starts_with(recipient.dictionary, "whatsapp:").fill_null(False)
    if not pc.any(words).as_py():
        return channel
    found = np.append(words.to_numpy(zero_copy_only=False), False).astype(np.int64)
    mask = pa.array(np.equal(take(found, recipient), 1))
    return pc.if_else(mask, "whatsapp", channel.dictionary_decode()).dictionary_encode()


def swapped(columns: dict[str, pa.Array], bad: dict[str, Int64s]) -> None:
    """Exchange recipient and sender where a row came from the person, and the faults found in them."""
    came = came_in(columns["direction"])
    if not came.any():
        return
    mask = pa.array(came)
    one, other = (columns[name].dictionary_decode() for name in ("recipient", "sender"))
    columns["recipient"] = pc.if_else(mask, other, one).dictionary_encode()
    columns["sender"] = pc.if_else(mask, one, other).dictionary_encode()
    one_bad, other_bad = bad["recipient"], bad.get("sender", np.full(len(came), -1, np.int64))
    bad["recipient"], bad["sender"] = np.where(came, other_bad, one_bad), np.where(came, one_bad, other_bad)


def came_in(direction: pa.DictionaryArray) -> npt.NDArray[np.bool_]:
    """Say which rows came from the person."""
    words = direction.dictionary.to_pylist() if len(direction.dictionary) else []
    if "in" not in words:
        return np.zeros(len(direction), np.bool_)
    return np.equal(take(np.array([word == "in" for word in words] + [False], np.int64), direction), 1)


def with_replies(event: pa.DictionaryArray, direction: pa.DictionaryArray) -> pa.DictionaryArray:
    """Return the events, ``replied`` where a row that calls itself a message came from the person."""
    came = came_in(direction)
    if not came.any():
        return event
    plain = event.dictionary_decode()
    message = pc.is_in(plain, value_set=pa.array(["submitted", "rejected", TOLD]))
    return pc.if_else(pc.and_(pa.array(came), message), "replied", plain).dictionary_encode()


def as_phones(column: pa.DictionaryArray, country: str | None) -> pa.DictionaryArray:
    """Return the recipients with phone numbers as +79161234567; what is none stays as it is.

    A number without its country is one of ``country``, and stays as it is where that is not known.
    """
    if not len(column.dictionary):
        return column
    written = pc.replace_substring_regex(column.dictionary.cast(pa.string()), pattern=PREFIX, replacement="")
    written = pc.utf8_trim_whitespace(written)
    plain = pc.replace_substring_regex(written, pattern=SEPARATORS, replacement="")
    whole = pc.and_(
        pc.match_substring_regex(plain, pattern=WITH_COUNTRY),
        pc.invert(pc.match_substring_regex(plain, pattern=RUSSIAN_TRUNK)),
    )
    number = pc.replace_substring_regex(plain, pattern=r"^(\+|00)?", replacement="+", max_replacements=1)
    found = pc.if_else(whole, number, written)
    if country is not None:
        national = PhoneReader(country)(plain).number
        known = pa.array(national > 0)
        found = pc.if_else(known, pc.binary_join_element_wise("+", pa.array(national).cast(pa.string()), ""), found)
    coded = found.dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices.take(column.indices), coded.dictionary)


def message_keys(ids: pa.DictionaryArray, recipient: pa.DictionaryArray) -> pa.Array:
    """Return one number for all rows of a message: of the provider's id and the recipient; null without an id.

    A hash of 64 bits: two of ten million messages share one in fewer than one log of a hundred thousand.
    """
    key = mix(_hashes(ids) + mix(_hashes(recipient) + GOLDEN) * GOLDEN).view(np.int64)
    key = np.where(key == MISSING, MISSING + 1, key)
    return pa.array(key, pa.int64(), mask=np.asarray(ids.is_null().to_numpy(zero_copy_only=False), np.bool_))


def _hashes(column: pa.DictionaryArray) -> npt.NDArray[np.uint64]:
    words = column.dictionary.cast(pa.string())
    hashed = recipient_keys(words) if len(words) else np.zeros(0, np.uint64)
    return take(np.append(hashed.view(np.int64), 0), column).view(np.uint64)
