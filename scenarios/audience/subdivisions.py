"""The part of a country in which a person lives: a state, a province, a region by its ISO 3166-2 code."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from policies.places import PLACE, nation
from scenarios.audience.cellblock import Cells
from scenarios.audience.zones import ZoneSet, country_zones

Int64s = npt.NDArray[np.int64]
NOT_KNOWN = "subdivision not known"
ELSEWHERE = "subdivision of another country"


@dataclass(slots=True)
class PlaceFinder:
    """Narrows the country of each row to the part that its column ``subdivision`` names.

    ``places`` are the countries and parts met so far, with their numbers. A part that is not known, or lies in another
    country than the row, is left out, with a notice: the person then lives somewhere in the country.
    """

    places: dict[str, int] = field(default_factory=dict)

    def number(self, place: str) -> int:
        """Return the number of a country or of a part of one."""
        return self.places.setdefault(place, len(self.places))

    def __call__(self, cells: Cells, country: Int64s) -> Int64s:
        """Return the number of the place of each row, whose countries are ``country``."""
        column = cells.coded("subdivision")
        words = [" ".join((text or "").split()) for text in column.dictionary.to_pylist()]
        if not any(words):
            return country
        names = tuple(self.places)
        word = column.indices.fill_null(len(words)).to_numpy(zero_copy_only=False).astype(np.int64)
        word[cells.empty("subdivision")] = len(words)
        pairs, which = np.unique(country * (len(words) + 1) + word, return_inverse=True)
        found = [self._of(names[pair // (len(words) + 1)], [*words, ""][pair % (len(words) + 1)]) for pair in pairs]
        cells.note(NOT_KNOWN, np.array([fault == NOT_KNOWN for _, fault in found])[which])
        cells.note(ELSEWHERE, np.array([fault == ELSEWHERE for _, fault in found])[which])
        return np.array([place for place, _ in found], np.int64)[which]

    def _of(self, country: str, word: str) -> tuple[int, str]:
        """Return the number of a place and what is wrong with the word."""
        if not word:
            return self.number(country), ""
        place = subdivision(word, country)
        if place is None:
            return self.number(country), NOT_KNOWN
        if nation(place) != country:
            return self.number(country), ELSEWHERE
        return self.number(place), ""


def subdivision(word: str, country: str) -> str | None:
    """Return the code of a part of a country, such as ``US-FL``, for ``US-FL``, ``FL`` or ``Florida``.

    None for a word that is none. Where the ``holidays`` package lists the parts of a country, only these are known.
    """
    code = word.upper()
    home = nation(code) if re.fullmatch(PLACE, code) and "-" in code else country
    parts = _parts(home)
    rest = code.removeprefix(f"{home}-")
    if not parts:
        return f"{home}-{rest}" if re.fullmatch(PLACE, f"{home}-{rest}") else None
    known = parts.get(rest.casefold())
    return f"{home}-{known}" if known else None


@cache
def _parts(country: str) -> MappingProxyType[str, str]:
    """Return the codes of a country's parts by code and by name, in small letters; empty where none are listed."""
    import holidays

    found = getattr(holidays, country, None)
    codes = {code: code for code in getattr(found, "subdivisions", ())}
    names = getattr(found, "subdivisions_aliases", {})
    pairs = {**codes, **{name: code for name, code in names.items() if code in codes}}
    known = {word.casefold(): code for word, code in pairs.items() if re.fullmatch(PLACE, f"{country}-{code}")}
    return MappingProxyType(known)


@cache
def place_clocks(place: str) -> ZoneSet:
    """Return the zones that are possible in a country or a part of one; () if the country is not known.

    Parts are narrower than their country where ``subdivisions.csv`` lists them (the states of the US).
    """
    return _of_parts().get(place) or country_zones(nation(place))


@cache
def _of_parts() -> MappingProxyType[str, ZoneSet]:
    text = resources.files("scenarios.audience").joinpath("subdivisions.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType({row["place"]: tuple(row["zones"].split("|")) for row in rows})
