"""Recipients: external ids that are written or numbered, sets of consents, and what a recipient costs."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.workload_w import people as people_of_w
from policies.consent_sets import consent_sets
from policies.ids import Numbered, places_among
from policies.people import People
from scenarios.audience.keys import numbered_keys, recipient_keys
from scenarios.audience.synthetic import synthetic_people
from scenarios.model import Synthetic
from tests.scenarios.audience_help import NOW

NARROW = {
    "key": np.uint64, "phone": np.int64, "country": np.int16, "zone_set": np.int16, "zone_source": np.uint8,
    "present": np.uint16, "feature_phone": np.bool_,
}  # fmt: skip


def synthetic(size: int) -> People:
    spec = Synthetic(size=size, opted_out=0.05, overdue=0.05, dead_number=0.05)
    return synthetic_people(spec, now=NOW, wanted=())


@pytest.mark.parametrize("make", [lambda size: people_of_w(size, 1), synthetic])
def test_a_recipient_takes_at_most_fifty_bytes(make: object) -> None:
    """Key and number 8 each; the rest are masks and codes of 1 to 4 bytes; ids are numbered and take nothing."""
    people = make(500_000)  # type: ignore[operator]
    assert people.nbytes <= 50 * len(people)


@pytest.mark.parametrize("make", [lambda size: people_of_w(size, 1), synthetic])
def test_columns_have_the_narrow_types_that_are_promised(make: object) -> None:
    people = make(50)  # type: ignore[operator]
    assert {name: getattr(people, name).dtype.type for name in NARROW} == NARROW
    assert people.consent_ptr.dtype == people.consents.dtype == np.int64


@pytest.mark.parametrize("first", [0, 1])
def test_numbered_ids_are_found_by_name_and_nothing_else_is(first: int) -> None:
    ids = Numbered("S", 3, 1200, first)
    names = ids.to_pylist()
    assert names[:2] == [f"S{first:03}", f"S{first + 1:03}"]
    assert ids.places(pa.array(names)).tolist() == list(range(1200))
    strange = ["", "S", "T001", "S1", "S0001", "S9999", "S001 ", "S-01", None]
    assert ids.places(pa.array(strange)).tolist() == [-1] * len(strange)


@pytest.mark.parametrize(("digits", "size"), [(1, 9), (1, 10), (3, 998), (3, 999), (3, 1000), (7, 5), (12, 5)])
@pytest.mark.parametrize("first", [0, 1])
def test_numbered_ids_are_a_prefix_and_a_number_with_zeros_before(digits: int, size: int, first: int) -> None:
    ids = Numbered("Sю", digits, size, first)
    assert ids.to_pylist() == [f"Sю{number:0{digits}}" for number in range(first, first + size)]
    assert ids.take([size - 1, 0, size - 1]).to_pylist() == [ids.to_pylist()[place] for place in (-1, 0, -1)]


@pytest.mark.parametrize("size", [1, 9, 10, 99, 1200])
def test_keys_of_numbered_ids_are_those_of_the_written_ones(size: int) -> None:
    ids = Numbered("Sю", 2, size)
    whole = np.concatenate([numbered_keys(ids, 0, size // 2), numbered_keys(ids, size // 2, size - size // 2)])
    assert whole.tolist() == recipient_keys(ids.take(np.arange(size))).tolist()


@given(names=st.lists(st.sampled_from("abcxyz"), max_size=12))
def test_written_ids_are_found_from_either_side(names: list[str]) -> None:
    ids = ["a", "b", "c", "d", "e"]
    expected = [ids.index(name) if name in ids else -1 for name in names]
    assert places_among(pa.array(ids), pa.array(names, pa.string())).tolist() == expected


@given(given=st.lists(st.lists(st.sampled_from([1, 2, 3]), max_size=3), max_size=12))
def test_people_who_agreed_alike_share_a_set(given: list[list[int]]) -> None:
    ptr = np.cumsum([0] + [len(rows) for rows in given])
    rows = np.array([[row] * 6 for rows in given for row in rows], np.int64).reshape(-1, 6)
    of_person, set_ptr, consents = consent_sets(ptr, rows)
    sets = [consents[a:b, 0].tolist() for a, b in itertools.pairwise(set_ptr)]
    assert [sets[index] for index in of_person.tolist()] == given
    assert len(sets) == len({tuple(rows) for rows in given})
