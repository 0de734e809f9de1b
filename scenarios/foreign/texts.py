"""The distinct texts of a log, each with what decides how it is read, and which one each row has."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.content.text import TemplateText
from scenarios.foreign.whole import coded

Int64s = npt.NDArray[np.int64]

WHAT = ("text", "channel", "category", "language", "sender")
"""Columns that make a text another one."""
ROWS = 1 << 20
"""Rows looked at in one go, so that memory stays small."""


def distinct_texts(table: pa.Table) -> tuple[tuple[TemplateText, ...], Int64s]:
    """Return the distinct texts in the order in which they first occur, and the place of each row's; -1: no text."""
    columns = [coded(table[name]) for name in WHAT]
    words = [[*column.dictionary.to_pylist(), None] for column in columns]
    places: dict[tuple[int, ...], int] = {}
    found = np.full(len(table), -1, np.int64)
    for first in range(0, len(table), ROWS):
        codes = np.stack(
            [_codes(column.slice(first, ROWS), len(names)) for column, names in zip(columns, words, strict=True)]
        )
        said = np.flatnonzero(codes[0] < len(words[0]) - 1)
        kinds, row, back = np.unique(_joined(codes[:, said], words), return_index=True, return_inverse=True)
        place = np.empty(len(kinds), np.int64)
        for kind in np.argsort(row).tolist():
            key = tuple(codes[:, said[row[kind]]].tolist())
            place[kind] = places.setdefault(key, len(places))
        found[first + said] = place[back]
    return tuple(_text(*(names[code] for names, code in zip(words, key, strict=True))) for key in places), found


def _text(
    body: str | None, channel: str | None, category: str | None, language: str | None, sender: str | None
) -> TemplateText:
    return TemplateText(channel or "", category or "", body or "", language or "ru", final=True, sender=sender)


def _joined(codes: Int64s, words: list[list[str | None]]) -> Int64s:
    """Return one number for each combination of codes; so many that they do not fit are numbered two and two."""
    joined: Int64s = codes[0]
    span = len(words[0])
    for own, names in zip(codes[1:], words[1:], strict=True):
        if span * len(names) >= 2**62:
            known, joined = np.unique(joined, return_inverse=True)
            span = len(known)
        joined, span = joined * len(names) + own, span * len(names)
    return joined


def _codes(column: pa.DictionaryArray, names: int) -> Int64s:
    codes: Int64s = column.indices.fill_null(names - 1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes
