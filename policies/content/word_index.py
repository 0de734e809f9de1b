"""Word patterns, and which of them a token is: prefixes and whole words are looked up, only the rest is tried.

A pattern is a word in which ``*`` stands for any letters and ``(a|b)`` for a choice; ``#`` is any number and ``{}`` any
variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from policies.content.readings import Kind

LONG = 14
"""Letters from which spaced-out letters may be several words, so that a pattern may stand anywhere in them."""
_NONE: frozenset[int] = frozenset()
_CHOICE = re.compile(r"\(([^()]*)\)")
_SPECIAL = {"#": r"\d+", "{}": r"\{\{.*\}\}", "%": "%"}


@dataclass(slots=True, eq=False)
class WordIndex:
    """Patterns by number; filled by ``number_of`` while entries are read, asked by ``numbers`` ever after."""

    known: dict[str, int] = field(default_factory=dict)
    whole: dict[str, set[int]] = field(default_factory=dict)
    begun: dict[str, set[int]] = field(default_factory=dict)
    tried: list[tuple[re.Pattern[str], int]] = field(default_factory=list)
    inside: list[tuple[re.Pattern[str], int]] = field(default_factory=list)
    longest: int = 0
    """Letters of the longest beginning."""

    def number_of(self, pattern: str) -> int:
        """Return the number of ``pattern``, a new one where it is new."""
        if pattern in self.known:
            return self.known[pattern]
        number = self.known[pattern] = len(self.known)
        expression = _SPECIAL.get(pattern) or pattern.replace("*", r"\w*")
        if len(expression) > 3:
            self.inside.append((re.compile(expression), number))
        for plain in _spelled_out(pattern):
            self._file(plain, number)
        return number

    def _file(self, plain: str, number: int) -> None:
        if plain in _SPECIAL:
            self.tried.append((re.compile(_SPECIAL[plain]), number))
        elif plain.endswith("*") and "*" not in plain[:-1]:
            self.begun.setdefault(plain[:-1], set()).add(number)
            self.longest = max(self.longest, len(plain) - 1)
        elif "*" not in plain:
            self.whole.setdefault(plain, set()).add(number)
        else:
            self.tried.append((re.compile(plain.replace("*", r"\w*")), number))

    def numbers(self, readings: tuple[str, ...], kind: Kind, joined: bool) -> frozenset[int]:
        """Return the numbers of the patterns that a token is in one of its readings."""
        found: set[int] = set()
        for reading in readings:
            found |= self.whole.get(reading, _NONE)
            if kind not in ("link", "variable"):
                for size in range(min(len(reading), self.longest) + 1):
                    found |= self.begun.get(reading[:size], _NONE)
            found.update(number for pattern, number in self.tried if pattern.fullmatch(reading))
        if joined and len(readings[0]) >= LONG:
            found.update(n for reading in readings for pattern, n in self.inside if pattern.search(reading))
        return frozenset(found) or _NONE


def _spelled_out(pattern: str) -> Iterator[str]:
    """Yield ``pattern`` once for each branch of its choices."""
    choice = _CHOICE.search(pattern)
    if choice is None:
        yield pattern
        return
    for branch in choice[1].split("|"):
        yield from _spelled_out(pattern[: choice.start()] + branch + pattern[choice.end() :])
