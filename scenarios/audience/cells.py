"""Reading one cell: dates, counts, flags and amounts, each distinct text once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from policies.instants import to_micros
from policies.records import MISSING, SECOND

Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

NOTHING = frozenset({"", "-", "—", "none", "null", "nan", "n/a", "na", "nil", "нет", "нет данных", "неизвестно"})
"""Texts that say there is no value, in lower case."""

BAD = MISSING + 1
"""What a reader of cells returns for a text it cannot make sense of."""

YES = frozenset({"1", "true", "t", "yes", "y", "да", "д", "истина", "1.0"})
NO = frozenset({"0", "false", "f", "no", "n", "нет", "н", "ложь", "0.0"})
MEMO_LIMIT = 200_000

_ISO = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_AMOUNT = re.compile(r"([+-]?)(\d{1,12})(?:[.,](\d{1,6})0*)?", re.ASCII)
_COUNT = re.compile(r"([+-]?\d{1,9})(?:\.0+)?", re.ASCII)


@dataclass(slots=True)
class Reader:
    """Applies ``parse`` to each distinct text of a column and remembers the answers (a bounded memory)."""

    parse: Callable[[str], int]
    memo: dict[str, int] = field(default_factory=dict)

    def __call__(self, column: pa.DictionaryArray) -> Int64s:
        """Return one int64 a row: MISSING where the cell is empty, BAD where it makes no sense."""
        texts = column.dictionary.to_pylist()
        values = np.fromiter((self._value(text) for text in texts), dtype=np.int64, count=len(texts))
        return take(np.append(values, MISSING), column)

    def _value(self, text: str | None) -> int:
        plain = (text or "").strip()
        if plain.lower() in NOTHING and self.parse is not parse_flag:
            return MISSING
        value = self.memo.get(plain)
        if value is None:
            if len(self.memo) >= MEMO_LIMIT:
                self.memo.clear()
            value = self.memo[plain] = self.parse(plain)
        return value


def take(values: Int64s, column: pa.DictionaryArray) -> Int64s:
    """Return ``values[code]`` a row; the last of ``values`` stands for null cells."""
    codes = column.indices
    if codes.null_count:
        codes = codes.fill_null(len(values) - 1)
    rows: Int64s = values[codes.to_numpy(zero_copy_only=False)]
    return rows


def parse_date(text: str) -> int:
    """Return the instant (microseconds UTC) of a date or a date with a time; BAD if there is no such day.

    Read are YYYY-MM-DD, YYYY/MM/DD and DD.MM.YYYY, with or without HH:MM[:SS[.ffffff]], the first two with Z or an
    offset too. Without an offset the clock is taken as UTC, and a day as its first instant (*assumed*).
    """
    if found := _ISO.fullmatch(text):
        year, month, day, hour, minute, second, fraction, offset = found.groups()
    elif found := _DOTTED.fullmatch(text):
        day, month, year, hour, minute, second = found.groups()
        fraction = offset = None
    else:
        return BAD
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        return BAD
    if not 1900 <= moment.year <= 2200:
        return BAD
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    return to_micros(moment) + micro - _offset_s(offset) * SECOND


def _offset_s(text: str | None) -> int:
    if text is None or text in {"Z", "z"}:
        return 0
    sign = -1 if text[0] == "-" else 1
    return sign * (int(text[1:3]) * 3600 + int(text[-2:]) * 60)


def parse_count(text: str) -> int:
    """Return a whole number, also written as 5.0; BAD for anything else."""
    found = _COUNT.fullmatch(text)
    return int(found[1]) if found else BAD


def parse_flag(text: str) -> int:
    """Return 1 for yes, 0 for no (English, Russian, 1 and 0), MISSING for nothing, BAD for anything else."""
    word = text.lower()
    if word in YES:
        return 1
    if word in NO:
        return 0
    return MISSING if word in NOTHING else BAD


def parse_amount(text: str) -> int:
    """Return an amount in micro-units, exactly; BAD if it is none or has more than six decimals.

    Decimal point or comma; blanks between thousands and a currency sign behind are allowed.
    """
    plain = re.sub(r"(?<=\d)[\s\u00a0\u202f'](?=\d{3}(?!\d))", "", text)
    plain = re.sub(r"\s*(?:₽|руб\.?|р\.|rub)$", "", plain, flags=re.IGNORECASE)
    found = _AMOUNT.fullmatch(plain)
    if not found:
        return BAD
    micro = int(found[2]) * 1_000_000 + int((found[3] or "").ljust(6, "0"))
    return -micro if found[1] == "-" else micro
