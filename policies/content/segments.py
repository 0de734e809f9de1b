"""SMS segments: which alphabet a text needs and how many parts it is billed as.

Sizes are those of GSM 03.38 and 23.040: a part carries 140 bytes, less the header that joins the parts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""Characters that take two septets: an escape and a letter."""

SINGLE = {"gsm7": 160, "ucs2": 70}
JOINED = {("gsm7", 8): 153, ("ucs2", 8): 67, ("gsm7", 16): 152, ("ucs2", 16): 66}
"""Units a part: by alphabet and by the bits of the reference that joins the parts (a header of 6 or 7 bytes)."""

Encoding = Literal["gsm7", "ucs2"]


@dataclass(frozen=True, slots=True)
class Segments:
    """``units`` are septets (gsm7) or 16-bit words (ucs2); ``per_segment`` is how many fit in each part."""

    encoding: Encoding
    segments: int
    units: int
    per_segment: int


def count_segments(text: str, *, reference_bits: int = 8) -> Segments:
    """Return the alphabet, the parts and the units of an SMS; one foreign character makes the whole text UCS-2.

    A pair (escape and letter, or two surrogates) is never split between parts. An empty text is one part.
    ``reference_bits`` is 8 or 16; ValueError for another.
    """
    if reference_bits not in (8, 16):
        raise ValueError("reference_bits must be 8 or 16")
    encoding: Encoding = "gsm7" if all(char in BASIC or char in EXTENDED for char in text) else "ucs2"
    units = sum(_widths(text, encoding))
    if units <= SINGLE[encoding]:
        return Segments(encoding, 1, units, SINGLE[encoding])
    room = JOINED[encoding, reference_bits]
    return Segments(encoding, _parts(text, encoding, room), units, room)


def foreign_characters(text: str) -> tuple[int, ...]:
    """Return the positions of the characters that force UCS-2."""
    return tuple(i for i, char in enumerate(text) if char not in BASIC and char not in EXTENDED)


def _widths(text: str, encoding: Encoding) -> Iterator[int]:
    if encoding == "gsm7":
        return (2 if char in EXTENDED else 1 for char in text)
    return (2 if ord(char) > 0xFFFF else 1 for char in text)


def _parts(text: str, encoding: Encoding, room: int) -> int:
    parts, used = 1, 0
    for width in _widths(text, encoding):
        if used + width > room:
            parts, used = parts + 1, 0
        used += width
    return parts
