"""Slips of the pen: a word whose beginning is one edit away from a key word is read as that word too.

An edit is a letter left out, added, replaced, or swapped with its neighbour. The key words are data
(``keywords.yaml``); a word that begins like one of them needs no mending.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import yaml

LEAST = 6
"""Letters that a word needs to be mended; *assumed*."""


@dataclass(frozen=True, slots=True)
class _Keys:
    """``lacking`` finds key words by what is left of them without one letter; ``words`` are they themselves."""

    words: frozenset[str]
    lengths: tuple[int, ...]
    lacking: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=2**16)
def mended(word: str) -> tuple[str, ...]:
    """Return ``word`` with its beginning mended, once for each key word that it nearly begins with."""
    keys = _keys()
    if len(word) < LEAST or any(word[:length] in keys.words for length in keys.lengths):
        return ()
    return tuple(dict.fromkeys(_mended(word, keys)))


def _mended(word: str, keys: _Keys) -> Iterator[str]:
    for length in keys.lengths:
        for size in (length, length + 1, length - 1):
            start = word[:size]
            if len(start) == size:
                yield from (key + word[size:] for key in _near(start, length, keys))


def _near(start: str, length: int, keys: _Keys) -> Iterator[str]:
    candidates = {key for shorter in (start, *_without_one(start)) for key in keys.lacking.get(shorter, ())}
    for key in sorted(candidates):
        if len(key) == length and key[0] == start[0] and _one_edit(start, key):
            yield key


def _one_edit(a: str, b: str) -> bool:
    """Tell whether one edit makes ``a`` of ``b``."""
    if len(a) > len(b):
        a, b = b, a
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    swapped = a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :]
    return swapped or a[at + 1 :] == b[at + 1 :]


def _without_one(word: str) -> Iterable[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


@cache
def _keys() -> _Keys:
    raw = yaml.safe_load(files("policies.content").joinpath("keywords.yaml").read_text(encoding="utf-8"))
    words = [word for language in raw.values() for word in language]
    lacking: dict[str, list[str]] = {}
    for word in words:
        for shorter in {word, *_without_one(word)}:
            lacking.setdefault(shorter, []).append(word)
    lengths = tuple(sorted({len(word) for word in words}))
    return _Keys(frozenset(words), lengths, {key: tuple(found) for key, found in lacking.items()})
