"""SMS segments, against another library and at the limits."""

from __future__ import annotations

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from policies.content.segments import BASIC, EXTENDED, count_segments, foreign_characters

SHORT = st.text(st.sampled_from(sorted(BASIC) + sorted(EXTENDED) * 6), min_size=1, max_size=500)
WIDE = st.text(st.sampled_from("абв😀👍 a€") | st.characters(codec="utf-8"), min_size=1, max_size=300)


@given(SHORT | WIDE)
def test_parts_and_alphabet_equal_those_of_smsutil(text: str) -> None:
    theirs, ours = smsutil.split(text), count_segments(text)
    assert ours.segments == len(theirs.parts)
    assert (ours.encoding == "gsm7") == smsutil.is_valid_gsm(text)


@pytest.mark.parametrize(
    ("text", "encoding", "segments", "units"),
    [
        ("", "gsm7", 1, 0),
        ("a" * 160, "gsm7", 1, 160),
        ("a" * 161, "gsm7", 2, 161),
        ("a" * 306, "gsm7", 2, 306),
        ("a" * 307, "gsm7", 3, 307),
        ("€" * 80, "gsm7", 1, 160),
        ("€" * 81, "gsm7", 2, 162),
        ("я" * 70, "ucs2", 1, 70),
        ("я" * 71, "ucs2", 2, 71),
        ("я" * 134, "ucs2", 2, 134),
        ("я" * 135, "ucs2", 3, 135),
        ("😀" * 35, "ucs2", 1, 70),
        ("я" + "a" * 69, "ucs2", 1, 70),
    ],
)
def test_a_text_is_counted_at_its_limits(text: str, encoding: str, segments: int, units: int) -> None:
    counted = count_segments(text)
    assert (counted.encoding, counted.segments, counted.units) == (encoding, segments, units)


@pytest.mark.parametrize(("text", "eight", "sixteen"), [("a" * 305, 2, 3), ("я" * 133, 2, 3), ("a" * 304, 2, 2)])
def test_a_longer_header_leaves_less_room(text: str, eight: int, sixteen: int) -> None:
    assert count_segments(text).segments == eight
    assert count_segments(text, reference_bits=16).segments == sixteen


@pytest.mark.parametrize("text", ["a" * 152 + "€" + "a" * 152, "я" * 66 + "😀" + "я" * 66])
def test_a_pair_is_never_split(text: str) -> None:
    assert count_segments(text).segments == 3


def test_only_known_headers_are_counted() -> None:
    with pytest.raises(ValueError, match="8 or 16"):
        count_segments("a", reference_bits=7)


def test_the_characters_that_cost_are_named() -> None:
    assert foreign_characters("Sale — 50€ ё") == (5, 11)
