"""The compiled engine takes up the same people at the same instants, in the same order, as the reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.records import DAY, HOUR
from simulator import draws
from simulator.engine.compiled import layout
from simulator.engine.compiled.flatten import flatten, why_not
from simulator.engine.compiled.taking_up import PLAIN, Kernels, machines, take_up_all
from simulator.engine.model import Model
from simulator.engine.world import engagement_levels, releases
from tests.support.crowd import crowd
from tests.support.small import campaign, compiled, scenario, step

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass
class Wave:
    """One campaign: when it begins after the start, its spread, and the share of people it takes up."""

    after: int
    spread: int
    share: float


waves = st.builds(
    Wave,
    st.sampled_from((0, 0, 1, 1000, 1500, HOUR, DAY, 3 * DAY, 4 * DAY)),
    st.sampled_from((0, 0, 999, 1000, 3000, 40_000, HOUR, DAY, 400 * DAY)),
    st.sampled_from((0, 0.02, 0.5, 1, 1)),
)


@st.composite
def models(draw: Draw, most: int = 400) -> Model:
    """Waves on one audience; many share an instant, and in some crowds the first bits of all keys are the same."""
    size = draw(st.one_of(st.integers(1, 5), st.integers(5, most)))
    plan = draw(st.lists(waves, min_size=1, max_size=4))
    dice = np.random.default_rng(draw(st.integers(0, 2**32)))
    people = crowd(size, seed=draw(st.integers(1, 1000)))
    if draw(st.booleans()):
        people.key = dice.permutation(size).astype(np.uint64)
    campaigns = [campaign(step("sms", stop_on=draw(st.sampled_from(("never", "purchased"))))) for _ in plan]
    named = [each | {"id": f"c{number}"} for number, each in enumerate(campaigns)]
    model = compiled(scenario(*named), people).model
    model.campaigns = [
        replace(each, release_at=model.start + wave.after, spread=wave.spread,
                members=np.flatnonzero(dice.random(size) < wave.share).astype(np.uint32))
        for each, wave in zip(model.campaigns, plan, strict=True)
    ]  # fmt: skip
    return model


def assert_taken_up_alike(model: Model, kernels: Kernels | None = None) -> None:
    run = draws.run_key(model.seed, 0)
    at, who, which, _ = releases(model, run)
    assert why_not(model) is None
    taken = take_up_all(flatten(model), run, kernels or machines())
    chains, people = taken.chains[: taken.released], taken.people
    assert taken.released == len(at)
    assert np.array_equal(chains.at, at)
    assert np.array_equal(people.recipient[chains.who], who)
    assert np.array_equal(chains.campaign, which)
    for name in ("step", "version", "bits", "stopped_by", "goto"):
        assert not chains[name].any()
    first = who[np.sort(np.unique(who, return_index=True)[1])]
    assert_written(model, people, first, run)
    if flatten(model).now[0].keeps_chains:
        listed = [taken.chain_ids[start:stop].tolist() for start, stop in pairwise(taken.chain_ptr)]
        assert listed[: len(first)] == [np.flatnonzero(who == one).tolist() for one in first]


def assert_written(model: Model, people: Any, first: Any, run: int) -> None:
    """People are numbered by their first release, and each record says what is known of its recipient."""
    rows, known = people[: len(first)], model.people
    assert np.array_equal(rows.recipient, first)
    assert np.array_equal(rows.key, known.key[first])
    assert np.array_equal(rows.consents, known.consent_set[first])
    assert np.array_equal(rows.level, np.array(engagement_levels(model, run))[first])
    flags = known.present[first] + layout.FEATURE_PHONE * known.feature_phone[first] + layout.DEAD * model.dead[first]
    assert np.array_equal(rows.bits, flags)
    assert not rows.recent.any()
    assert not people.key[len(first) :].any()


@settings(max_examples=200, deadline=None)
@given(models())
def test_the_order_is_that_of_the_reference(model: Model) -> None:
    assert_taken_up_alike(model)


@settings(max_examples=40, deadline=None)
@given(models(most=80))
def test_plain_python_takes_them_up_in_the_same_order(model: Model) -> None:
    assert_taken_up_alike(model, PLAIN)


@pytest.mark.parametrize("spread", [0, 7000, HOUR])
def test_a_large_crowd_is_in_order_whether_all_share_an_instant_or_few(spread: int) -> None:
    model = compiled(scenario(campaign(step("sms"))), crowd(60_000)).model
    model.campaigns = [replace(model.campaigns[0], spread=spread)]
    assert_taken_up_alike(model)


def test_people_begin_where_lines_of_the_cache_do() -> None:
    taken = take_up_all(flatten(compiled(scenario(campaign(step("sms"))), crowd(100)).model), 1, machines())
    assert taken.people.ctypes.data % 64 == taken.chains.ctypes.data % 64 == 0


def test_each_kernel_has_one_signature_whatever_it_takes_up() -> None:
    """As the loop: two signatures of one function were seen to be taken for each other."""
    for size in (1, 2, 50):
        people = crowd(size)
        for codes in (people.consent_set, people.consent_set.astype(np.uint8), np.broadcast_to(np.uint8(0), (size,))):
            people.consent_set = codes
            model = compiled(scenario(campaign(step("sms"))), people).model
            for members in (model.campaigns[0].members, np.zeros(0, np.uint32), np.arange(size, dtype=np.int64)):
                model.campaigns = [replace(model.campaigns[0], members=members)]
                take_up_all(flatten(model), 1, machines())
    assert [len(kernel.signatures) for kernel in machines()] == [1] * len(PLAIN)


def test_releases_that_no_item_can_tell_are_left_to_the_reference() -> None:
    model = compiled(scenario(campaign(step("sms")), campaign(step("sms"), id="later")), crowd(3)).model
    fine = [replace(each, release_at=model.start + number) for number, each in enumerate(model.campaigns)]
    assert why_not(replace(model, campaigns=fine)) is None
    ages = [replace(fine[0], spread=2**60), fine[1]]
    assert why_not(replace(model, campaigns=ages, end=2**61)) == "its releases are too many, or too finely spaced"
