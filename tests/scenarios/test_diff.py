"""Two runs message by message, held against a plain recount; changed fields, and one change alone."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from policies.errors import InputError
from prelaunch.diff.counts import count_changes
from scenarios.diff.applying import with_change
from scenarios.diff.fields import changed_fields
from scenarios.diff.pairs import CHANGES, Pairs, pair_up
from scenarios.diff.sides import Side, read_side, same_people, shared_names
from scenarios.load import load_scenario, load_values
from scenarios.model import Scenario, decode
from scenarios.plain_values import plain_values
from simulator.engine.log import Matrix
from tests.support.crowd import crowd
from tests.support.small import Ran, Raw, campaign, rehearse, scenario, step, sure

LIBRARY = sorted(Path("scenarios/library").glob("*.yaml"))


def base(**changes: Any) -> Raw:
    """A cascade of push, e-mail and SMS on which everything may go wrong, with luck of its own for each."""
    lossy = sure(delivered=0.7, read=0.5, accepted=0.9, prices=[{"event": "delivered", "price": 1.5}])
    steps = [step("push", id="p", wait_s=600, stop_on="read"), step("email", id="e", wait_s=600, stop_on="read"),
             step("sms", id="s")]  # fmt: skip
    raw = scenario(campaign(*steps), channels={"push": lossy, "email": lossy}, seed=5)
    return raw | {"audience": {"synthetic": {"size": 40}}} | changes


def changed(*path_and_value: Any) -> Raw:
    raw = copy.deepcopy(base())
    *path, last, value = path_and_value
    holder: Any = raw
    for part in path:
        holder = holder[part]
    holder[last] = value
    return raw


STEPS = ("campaigns", 0, "cascade")
OTHERS = [
    changed(*STEPS, 0, "wait_s", 60),
    changed("channels", "push", "read", 0.9),
    changed("channels", "email", "prices", [{"event": "submit", "price": 0.25}]),
    changed(*STEPS, [step("email", id="e", wait_s=600, stop_on="read"), step("sms", id="s")]),
    changed(*STEPS, 1, step("sms", id="e", wait_s=600, stop_on="delivered")),
    changed("guards", {"rules": [{"id": "g", "kind": "channel_ban", "params": {"channels": ["email"]}}]}),
]


def sides(a: Ran, b: Ran) -> tuple[Side, Side, Pairs]:
    names = shared_names(a.compiled.model, b.compiled.model)
    place = same_people(a.compiled.people, b.compiled.people)
    one = read_side(Matrix(a.matrix), a.compiled.model, names, np.arange(len(a.compiled.people)))
    two = read_side(Matrix(b.matrix), b.compiled.model, names, place)
    numbers = np.arange(len(names.templates) + 1)
    return one, two, pair_up(one, two, (numbers, numbers), names)


def recount(rows: Ran) -> dict[tuple[int, str], dict[tuple[str, int], list[Any]]]:
    """By person and campaign, by channel and attempt: [instant, cost, outcome], from the rows one by one."""
    found: dict[tuple[int, str], dict[tuple[str, int], list[Any]]] = defaultdict(dict)
    rank = {"submitted": 0, "rejected": 1, "failed": 2, "lapsed": 2, "delivered": 3, "read": 4}
    for row in rows.all("submitted"):
        found[row.recipient, row.campaign][row.channel, row.attempt] = [row.at, 0, 0]
    for row in rows.rows:
        message = found.get((row.recipient, row.campaign), {}).get((row.channel, row.attempt))
        if message is not None:
            message[1] += row.cost or 0
            message[2] = max(message[2], rank.get(row.event, 0))
    return found


def plain_counts(a: Ran, b: Ran) -> dict[str, int]:
    """The same by hand: equal keys first, then what is left of each cascade in order of time."""
    total = dict.fromkeys((*CHANGES, "gained", "lost", "cost"), 0)
    one, two = recount(a), recount(b)
    for who in {*one, *two}:
        left, right = dict(one.get(who, {})), dict(two.get(who, {}))
        alike = [key for key in left if key in right]
        pairs = [((key[0], *left.pop(key)), (key[0], *right.pop(key))) for key in alike]
        rest = [sorted(((m[0], k, m) for k, m in side.items()), key=lambda x: x[0]) for side in (left, right)]
        for (_, k1, m1), (_, k2, m2) in zip(*rest, strict=False):
            pairs.append(((k1[0], *m1), (k2[0], *m2)))
        total["gained"] += max(0, len(rest[1]) - len(rest[0]))
        total["lost"] += max(0, len(rest[0]) - len(rest[1]))
        for old, new in pairs:
            total["channel"] += old[0] != new[0]
            total["hour"] += abs(old[1] - new[1]) >= 1_000_000
            total["price"] += old[2] != new[2]
            total["outcome"] += old[3] != new[3]
    total["cost"] = sum(m[1] for side in two.values() for m in side.values())
    total["cost"] -= sum(m[1] for side in one.values() for m in side.values())
    return total


@pytest.mark.parametrize("other", OTHERS, ids=["wait", "read", "price", "step removed", "channel", "guard"])
def test_the_numbers_are_those_of_a_recount(other: Raw) -> None:
    people = crowd(40)
    a, b = rehearse(base(), people), rehearse(other, people)
    counts = count_changes(*sides(a, b))
    expected = plain_counts(a, b)
    found = {**counts.changed, "gained": counts.gained, "lost": counts.lost, "cost": counts.total_micro}
    assert {name: found[name] for name in expected if name not in ("text", "sender")} == {
        name: value for name, value in expected.items() if name not in ("text", "sender")
    }
    assert any(expected.values())
    parts = counts.gained_micro - counts.lost_micro + counts.moved_micro + counts.fees_micro + counts.apart_micro
    assert parts == counts.total_micro


def test_a_run_beside_itself_differs_in_nothing() -> None:
    a = rehearse(base(), crowd(40))
    one, two, pairs = sides(a, a)
    counts = count_changes(one, two, pairs)
    assert counts.nothing
    assert counts.same == counts.messages_a == len(one) > 40
    assert len(pairs.differing) == 0


def test_the_order_of_people_in_the_second_audience_does_not_count() -> None:
    people = crowd(40)
    order = np.random.default_rng(1).permutation(40)
    shuffled = copy.copy(people)
    names = people.ids_of(order)
    shuffled.ids, shuffled.key = names, people.key[order]
    counts = count_changes(*sides(rehearse(base(), people), rehearse(base(), shuffled)))
    assert counts.nothing


def test_people_of_one_audience_only_are_counted_apart_and_the_money_adds_up() -> None:
    a, b = rehearse(base(), crowd(40)), rehearse(base(), crowd(43))
    names = shared_names(a.compiled.model, b.compiled.model)
    place = same_people(a.compiled.people, b.compiled.people)
    assert place.tolist() == [*range(40), -1, -1, -1]
    one = read_side(Matrix(a.matrix), a.compiled.model, names, np.arange(40))
    two = read_side(Matrix(b.matrix), b.compiled.model, names, place)
    numbers = np.arange(len(names.templates) + 1)
    counts = count_changes(one, two, pair_up(one, two, (numbers, numbers), names))
    assert (counts.gained, counts.lost, counts.apart_a) == (0, 0, 0)
    assert counts.apart_b == sum(row.recipient >= 40 for row in b.all("submitted"))
    assert counts.apart_micro == counts.total_micro


def test_a_step_that_is_stopped_for_another_reason_is_told() -> None:
    ban = {"id": "ban", "kind": "channel_ban", "params": {"channels": ["email"]}}
    other = {**ban, "id": "other"}
    people = crowd(40)
    a, b = (rehearse(base(guards={"rules": [rule]}), people) for rule in (ban, other))
    one, two, pairs = sides(a, b)
    assert len(pairs.stopped_a) == a.count("denied", rule="own:ban") > 0
    assert count_changes(one, two, pairs).stopped == len(pairs.stopped_a)


@pytest.mark.parametrize("file", LIBRARY, ids=lambda path: path.stem)
def test_a_scenario_survives_being_written_out_without_its_defaults(file: Path) -> None:
    loaded = load_scenario(file)
    assert load_values(plain_values(loaded.scenario), loaded, "again").scenario == loaded.scenario


def fields_of(a: Raw, b: Raw) -> list[str]:
    return [change.field for change in changed_fields(decode(a), decode(b))]


def test_a_value_deep_within_a_guard_is_not_explained_by_what_guards_are() -> None:
    hours = {"id": "g", "kind": "time_window", "params": {"workday": ["09:00", "21:00"]}}
    wider = hours | {"params": {"workday": ["08:00", "21:00"]}}
    one, two = (decode(changed("guards", {"rules": [guard]})) for guard in (hours, wider))
    [change] = changed_fields(one, two)
    assert change.words == 'guards.rules[g].params.workday: ["09:00", "21:00"] → ["08:00", "21:00"]'


def test_changed_fields_are_named_by_the_ids_of_campaigns_and_steps() -> None:
    assert fields_of(base(), base()) == []
    assert fields_of(base(), OTHERS[0]) == ["campaigns[offer].cascade[p].wait_s"]
    assert fields_of(base(), OTHERS[3]) == ["campaigns[offer].cascade[p]"]
    assert fields_of(base(), OTHERS[5]) == ["guards.rules[g]"]
    assert fields_of(base(), base(name="another", description="words")) == []


def test_a_change_is_told_in_plain_words_with_its_meaning() -> None:
    [change] = changed_fields(decode(base()), decode(OTHERS[0]))
    assert change.words.startswith("campaigns[offer].cascade[p].wait_s: 600 → 60 (how long to wait")
    [removed] = changed_fields(decode(base()), decode(OTHERS[3]))
    assert removed.words.startswith("campaigns[offer].cascade[p]: removed {")


def all_at_once(a: Scenario, b: Scenario, order: Sequence[int]) -> Scenario:
    """``a`` with the changes to ``b`` made one after another in an order."""
    loaded = load_scenario(LIBRARY[0])
    for index in order:
        [*changes] = changed_fields(a, b)
        a = with_change(loaded, a, b, changes[index % len(changes)]).scenario
    return a


def test_all_changes_one_after_another_lead_from_the_one_to_the_other() -> None:
    one = load_scenario("scenarios/library/smartadv-service.yaml").scenario
    values = plain_values(one)
    cascade = values["campaigns"][0]["cascade"]
    cascade[0]["wait_s"] = 60
    cascade.insert(1, {**cascade[1], "id": "again", "wait_s": 5})
    del values["guards"], values["staff"]
    values["channels"]["sms"]["read"] = 0.5
    values["people"] = {"fatigue_per_message": 0.2}
    two = decode(values)
    changes = changed_fields(one, two)
    assert [change.field for change in changes] == [
        "channels.sms.read", "guards.rules[day-time]", "campaigns[contract-ends].cascade[vk].wait_s",
        "campaigns[contract-ends].cascade[again]", "staff", "people.fatigue_per_message",
    ]  # fmt: skip
    order = [3, 0, 1, 0, 1, 0][: len(changes)]
    made = all_at_once(one, two, order)
    assert changed_fields(made, two) == ()


def test_a_change_that_needs_another_cannot_stand_alone() -> None:
    loaded = load_scenario("scenarios/library/smartadv-service.yaml")
    values = plain_values(loaded.scenario)
    values["templates"]["new"] = {**values["templates"]["sms-service"]}
    values["campaigns"][0]["cascade"][2]["template"] = "new"
    other = decode(values)
    changes = {change.field: change for change in changed_fields(loaded.scenario, other)}
    step_change = changes["campaigns[contract-ends].cascade[sms].template"]
    with pytest.raises(InputError, match="new"):
        with_change(loaded, loaded.scenario, other, step_change)
