"""Russian written in Latin letters: the Cyrillic words that a Latin word may stand for.

The spellings are those people use in messages: several letters for one (``sh``, ``zh``), ``4`` for ``ч`` and ``6`` for
``ш``, the soft sign left out. The table is our own.
"""

from __future__ import annotations

import re
from functools import lru_cache

LETTERS = {
    "shch": "щ", "sch": "щ", "sh": "ш", "ch": "ч", "zh": "ж", "kh": "х", "ts": "ц", "tz": "ц", "iy": "ий", "yy": "ый",
    "ya": "я", "ja": "я", "yu": "ю", "ju": "ю", "yo": "е", "jo": "е", "ye": "е", "je": "е", "ph": "ф",
    "a": "а", "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "й", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
    "w": "в", "x": "х", "y": "ы", "z": "з", "4": "ч", "6": "ш",
}  # fmt: skip
"""Latin letters, longest first -> Cyrillic."""
OTHERWISE: tuple[dict[str, str], ...] = ({}, {"y": "и", "j": "ж"}, {"y": "й", "c": "к", "w": "ш", "x": "кс"})
"""Second and third choices, tried together."""
_WORD = re.compile(r"[a-z][a-z46]+")
_PIECE = re.compile("|".join(sorted(LETTERS, key=len, reverse=True)))
_SHORT_I = re.compile(r"(?<=[aeiou])y(?![aeiou])")


@lru_cache(maxsize=2**16)
def cyrillic_readings(word: str) -> tuple[str, ...]:
    """Return the Cyrillic words that the lower-case Latin ``word`` may stand for; none for one of two letters."""
    if len(word) < 3 or not _WORD.fullmatch(word):
        return ()
    plain = _SHORT_I.sub("й", word)
    return tuple(dict.fromkeys(_written(plain, choice) for choice in OTHERWISE))


def _written(word: str, choice: dict[str, str]) -> str:
    return _PIECE.sub(lambda found: choice.get(found[0], LETTERS[found[0]]), word)
