"""A share of complaints is held against its limits at every instant: closed forms by hand, and all instants in turn."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.records import DAY, HOUR, SECOND
from policies.rules import Check, Scope
from policies.runs import assess
from policies.runs.facts import Assessment, RunFacts
from tests.policies.log_rows import at, log

WATCHED = {"metric": "complaint_rate", "window_days": 7, "limit": 0.03, "warn": 0.01, "minimum": 200}
START = at("02T00:00")
LATE = START + 30 * DAY

Row = dict[str, Any]


def row(event: str, when: int, who: str, sender: str = "S") -> Row:
    return {"event": event, "at": when, "recipient": who, "sender": sender}


def delivered(first: int, count: int, name: str) -> list[Row]:
    """So many people, one a second."""
    return [row("delivered", first + n * SECOND, f"{name}{n}") for n in range(count)]


def complaints(who: list[str], when: int) -> list[Row]:
    return [row("complained", when, name) for name in who]


def judged(rows: list[Row], end: int = LATE, **params: Any) -> Assessment:
    return assess(Check("metric_threshold", WATCHED | params), RunFacts(log(*rows), START, end))


def answer_of(found: Assessment) -> str:
    return "fail" if found.failed else "review" if found.review else "pass"


def worst(rows: list[Row], end: int = LATE) -> tuple[str, int]:
    """The greatest share of the only sender and its instant; a rule that asks to review everything shows them."""
    [item] = judged(rows, end, limit=1, warn=0).evidence
    return item.explanation.split(" in ")[0].removeprefix("complaint_rate "), item.at or 0


@pytest.mark.parametrize(("angry", "answer"), [(1, "pass"), (2, "review"), (5, "review"), (6, "fail")])
def test_a_sample_is_judged_when_it_becomes_large_enough_whatever_dilutes_it_later(angry: int, answer: str) -> None:
    """All complaints come within the first 199; the two-hundredth makes a sample, and two thousand more follow."""
    rows = delivered(START, 2_200, "a") + complaints([f"a{n}" for n in range(angry)], START + 198 * SECOND)
    assert answer_of(judged(rows)) == answer
    assert worst(rows) == (f"{angry} of 200", START + 199 * SECOND)


def test_a_sample_that_never_becomes_large_enough_is_not_judged() -> None:
    rows = delivered(START, 199, "a") + complaints([f"a{n}" for n in range(199)], START + HOUR)
    assert judged(rows).n == 0
    assert judged(rows + delivered(START + 7 * DAY, 199, "b")).n == 0  # each leaves as another comes
    assert judged(rows + delivered(START + 7 * DAY - SECOND, 199, "b")).failed == 1


@pytest.mark.parametrize(("end", "share"), [(0, "5 of 1100"), (1, "5 of 200")])
def test_a_share_rises_when_messages_without_a_complaint_leave(end: int, share: str) -> None:
    """900 of one instant leave seven days later, with 200 of the sixth day left; the run ends then, or just after."""
    old = [row("delivered", START, f"a{n}") for n in range(900)]
    rows = old + delivered(START + 6 * DAY, 200, "b") + complaints([f"b{n}" for n in range(5)], START + 6 * DAY + HOUR)
    left_at = START + 7 * DAY
    assert worst(rows, left_at + end) == (share, left_at if end else START + 6 * DAY + HOUR)
    assert answer_of(judged(rows, left_at + end, limit=0.025, warn=0.02)) == ("fail" if end else "pass")


def test_complaints_leave_with_the_messages_they_are_about() -> None:
    """Every hundredth complains a day later. Of the last 201 left in the window three did, and of no sample a greater
    part; were complaints to stay for seven days of their own, all fifty would be held against the last 200."""
    rows = delivered(START, 5_000, "a") + complaints([f"a{n}" for n in range(99, 5_000, 100)], START + DAY)
    assert worst(rows) == ("3 of 201", START + 7 * DAY + 4_798 * SECOND)


@pytest.mark.parametrize(("early", "counted"), [(0, 0), (1, 6)])
def test_a_complaint_counts_while_its_message_is_in_the_window(early: int, counted: int) -> None:
    """Six complain a window after the first messages, which leave at that instant; or a microsecond before."""
    first = [row("delivered", START, f"a{n}") for n in range(6)]
    late = complaints([f"a{n}" for n in range(6)], START + 7 * DAY - early)
    assert worst(first + delivered(START + DAY, 200, "b") + late)[0].split()[0] == str(counted)


def test_a_complaint_is_about_the_last_message_of_its_sender_before_it() -> None:
    """The angry person got one on the first day and one on the sixth: on the eighth the complaint still counts."""
    other = [row("delivered", START + 8 * DAY, f"b{n}") for n in range(199)]
    first, second = (row("delivered", START + day * DAY, "a") for day in (0, 6))
    angry = row("complained", START + 6 * DAY, "a")
    assert worst([first, second, angry, *other]) == ("1 of 200", START + 8 * DAY)
    elsewhere, one_more = {**second, "sender": "T"}, row("delivered", START + 8 * DAY, "c")
    assert worst([first, elsewhere, angry, *other, one_more]) == ("0 of 200", START + 8 * DAY)


def test_a_complaint_about_no_known_message_stands_for_itself() -> None:
    rows, late = delivered(START, 200, "a"), complaints(["x", "y"], START + 6 * DAY)
    assert worst(rows + late) == ("2 of 200", START + 6 * DAY)
    nobody = [{**item, "recipient": None} for item in [row("delivered", START, ""), *late]]
    assert worst(nobody + delivered(START + 8 * DAY, 200, "a"))[0] == "2 of 200"


def test_a_complaint_that_does_not_tell_its_sender_is_about_the_last_message_to_the_person() -> None:
    rows = delivered(START, 200, "a") + [row("delivered", START + HOUR, f"b{n}", "T") for n in range(200)]
    late = [{**item, "sender": None} for item in complaints([f"a{n}" for n in range(6)], START + DAY)]
    [item] = judged(rows + late).evidence
    assert (item.sender, item.answer, item.explanation[15:23]) == ("S", "fail", "6 of 200")
    moved = [row("delivered", START + HOUR, f"a{n}", "T") for n in range(6)]
    assert [item.sender for item in judged(rows + moved + late, limit=0.029).evidence] == ["T"]


@pytest.mark.parametrize("who", ["stranger", None])
def test_a_complaint_of_which_nothing_is_known_is_no_pass(who: str | None) -> None:
    rows = [*delivered(START, 200, "a"), {**row("complained", START + DAY, ""), "recipient": who, "sender": None}]
    found = judged(rows)
    assert (found.n, found.unknown, found.missing) == (2, 1, ("the sender of events complained",))
    unnamed = [{**item, "sender": None} for item in rows]
    assert (judged(unnamed).n, judged(unnamed).unknown) == (1, 0)
    assert judged(rows[-1:]).n == 0


@pytest.mark.parametrize(("later", "answer"), [(0, "pass"), (1, "fail")])
def test_a_rule_that_is_repealed_looks_no_further(later: int, answer: str) -> None:
    """The messages without a complaint leave at the instant at which the rule is no longer in force, or just before."""
    rows = [row("delivered", START, f"a{n}") for n in range(900)] + delivered(START + 6 * DAY, 200, "b")
    rows += complaints([f"b{n}" for n in range(6)], START + 6 * DAY + HOUR)
    facts = RunFacts(log(*rows), START, LATE).within(Scope((), (), (), START, START + 7 * DAY + later))
    assert answer_of(assess(Check("metric_threshold", WATCHED), facts)) == answer


EVENTS = st.lists(
    st.tuples(st.sampled_from(("delivered", "complained")), st.integers(0, 11), st.sampled_from("abc"),
              st.sampled_from("ST")), max_size=24,
)  # fmt: skip


@given(EVENTS, st.integers(1, 14), st.integers(1, 3), st.integers(1, 4))
def test_no_instant_is_missed(events: list[tuple[str, int, str, str]], end: int, days: int, minimum: int) -> None:
    """Everything happens at midnight, so that a look at each midnight sees all there is."""
    rows = [row(event, START + day * DAY, who, sender) for event, day, who, sender in events]
    found = judged(rows, START + end * DAY, window_days=days, minimum=minimum, limit=0.5, warn=0.3)
    expected = {sender: share for sender in "ST" if (share := most(events, sender, end, days, minimum)) is not None}
    assert found.n == len(expected)
    assert found.failed == sum(share >= Fraction(1, 2) for share in expected.values())
    assert found.review == sum(Fraction(3, 10) <= share < Fraction(1, 2) for share in expected.values())


def most(events: list[tuple[str, int, str, str]], sender: str, end: int, days: int, minimum: int) -> Fraction | None:
    """The greatest share by the words of the rule, midnight by midnight."""
    own = [(event, day, who) for event, day, who, name in events if name == sender]
    messages = [(day, who) for event, day, who in own if event == "delivered"]
    about = [
        (day, max((sent for sent, name in messages if name == who and sent <= day), default=day))
        for event, day, who in own
        if event == "complained"
    ]
    shares = []
    for today in range(end):
        size = sum(today - days < day <= today for day, _ in messages)
        count = sum(day <= today and today - days < sent for day, sent in about)
        if size >= minimum:
            shares.append(Fraction(count, size))
    return max(shares, default=None)
