"""The picture of a witness: every event in its order, the breach marked once, nothing of the data becomes markup."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from prelaunch.policy_report.model import Step
from prelaunch.policy_report.phrases import phrases
from prelaunch.policy_report.timeline import WIDTH, lasting, timeline
from prelaunch.reports.charts.style import RED
from tests.prelaunch.policy_report.made import AT, witness

EN, RU = phrases("en"), phrases("ru")


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter() if node.tag == "text"]


def test_events_stand_in_order_with_clock_pause_and_breach() -> None:
    assert texts(timeline(witness(), EN, "x")) == [
        "20:00:00",
        "push: handed over",
        "20:00:02",
        "push: delivered",
        "22:30:00",
        "e-mail: handed over",
        "here the rule is broken",
        "2 h 29 min later",
    ]


def test_the_same_in_russian() -> None:
    said = texts(timeline(witness(), RU, "x"))
    assert {"эл. почта: передано провайдеру", "здесь правило нарушено", "через 2 ч 29 мин"} <= set(said)


@pytest.mark.parametrize(
    ("verdict", "note"),
    [("needs input", "an input is missing"), ("review", "a person must judge"), ("", "it shows here")],
)
def test_nothing_is_called_broken_that_is_not(verdict: str, note: str) -> None:
    svg = timeline(witness(), EN, "x", verdict)
    assert RED not in svg
    assert note in " ".join(texts(svg))
    assert "broken" not in " ".join(texts(svg))


def test_the_day_is_shown_where_there_are_several() -> None:
    late = Step("2026-03-03T17:00:00Z", "2026-03-03 20:00:00 Europe/Moscow", "read", "mail", "email")
    said = texts(timeline(witness(steps=(*witness().steps, late)), RU, "x"))
    assert "02.03.2026 20:00:00" in said
    assert "03.03.2026 20:00:00" in said


def test_only_the_hand_over_is_marked_where_several_events_share_the_instant() -> None:
    held = Step(AT, "2026-03-02 22:30:00 Europe/Moscow", "released")
    svg = timeline(witness(steps=(held, *witness().steps, held)), EN, "x")
    assert svg.count(f'fill="{RED}"/>') == 1
    assert texts(svg).count("here the rule is broken") == 1


def test_a_witness_without_an_event_at_its_instant_marks_nothing() -> None:
    svg = timeline(witness(violates_at="2026-03-05T00:00:00Z"), EN, "x")
    assert "here the rule is broken" not in texts(svg)


@pytest.mark.parametrize(
    "hostile", ["<script>1</script>", '"/><a onload="x', "& < > ' \"", "\x00\x07\u202e", "я" * 500]
)
def test_no_text_becomes_markup_or_leaves_the_picture(hostile: str) -> None:
    step = Step(AT, f"2026-03-02 {hostile}", hostile, hostile, hostile, hostile)
    svg = timeline(witness(steps=(step,)), EN, hostile.replace("\x00", ""))
    tree = ET.fromstring(svg.replace("\x00", "").replace("\x07", ""))
    assert {node.tag for node in tree.iter()} <= {"svg", "line", "circle", "text", "rect"}
    assert max(map(len, texts(svg.replace("\x00", "").replace("\x07", "")))) <= 520
    assert tree.attrib["viewBox"].startswith(f"0 0 {WIDTH} ")


@pytest.mark.parametrize(
    ("micro", "said"),
    [(1_000_000, "1 s"), (61_000_000, "1 min 1 s"), (3_600_000_000, "1 h"), (90_000_000_000, "1 d 1 h"), (0, "")],
)
def test_a_pause_is_told_by_its_two_largest_parts(micro: int, said: str) -> None:
    assert lasting(micro, EN) == said
