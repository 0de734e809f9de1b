"""Plausible phone numbers, each given once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import phonenumbers

from policies.errors import InputError, Problem
from scenarios.audience.draws import Draws
from scenarios.audience.keys import recipient_key

Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

BLOCK = 10**7
MULTIPLIER = 387_420_489
"""3^18: shares no factor with the powers of 2 and 5 nor the counts of prefixes that are not multiples of 3."""

MOBILES: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "RU": tuple(
            7_000 + code for code in (*range(902, 907), *range(910, 920), *range(920, 930), *range(960, 970), 977, 999)
        ),
        "KZ": (7701, 7702, 7705, 7707, 7747, 7771, 7775, 7777),
        "BY": (37533, 37544),
        "UZ": (99890, 99891, 99893, 99894, 99897),
    }
)
"""E.164 prefixes that leave seven digits, by the numbering plans that ``phonenumbers`` knows."""
LANDLINES: Mapping[str, tuple[int, ...]] = MappingProxyType({"RU": (7495, 7499), "UZ": (99871,)})


def numbers(country: str, draws: Draws, mobile: Mask, fixed_before: int = 0) -> Int64s:
    """Return E.164 digits: a mobile where ``mobile``, else a landline (0 where we know none of the country).

    Person ``i`` gets place ``i`` of a permutation that depends on the seed; of the landlines, the next after
    ``fixed_before`` earlier ones. Raises ``InputError`` if the size exceeds the numbers known.
    """
    found = _spread(MOBILES.get(country) or _example(country), country, draws, "mobile", draws.first, draws.size)
    fixed = np.flatnonzero(~mobile)
    if not len(fixed):
        return found
    prefixes = LANDLINES.get(country)
    found[fixed] = _spread(prefixes, country, draws, "landline", fixed_before, len(fixed)) if prefixes else 0
    return found


def _example(country: str) -> tuple[int, ...]:
    """Return the prefixes of the library's own example of a mobile without its last seven digits.

    Not every number made so need be in use.
    """
    example = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    if example is None or example.country_code is None or example.national_number is None:
        raise InputError([Problem("audience.synthetic.country", f"no mobile numbers of {country} are known")])
    digits = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)[1:]
    return (int(digits[:-7]),)


def _spread(prefixes: tuple[int, ...], country: str, draws: Draws, purpose: str, first: int, size: int) -> Int64s:
    space = len(prefixes) * BLOCK
    if first + size > space:
        what = f"there are only {space} numbers of {country} to give, and more people"
        raise InputError([Problem("audience.synthetic.size", what, "take a smaller size")])
    start = recipient_key(f"{draws.seed}/{purpose}") % space
    place = (np.arange(first, first + size, dtype=np.int64) * (MULTIPLIER % space) + start) % space
    found: Int64s = np.array(prefixes, dtype=np.int64)[place // BLOCK] * BLOCK + place % BLOCK
    return found
