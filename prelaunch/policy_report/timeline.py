"""A witness as a picture: one line an event, down the page in order of time, the breach marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from policies.durations import in_parts
from policies.instants import to_micros
from policies.records import MINUTE
from prelaunch.policy_report.model import Step, Witness
from prelaunch.policy_report.phrases import Phrases
from prelaunch.reports.charts.style import BLUE, FAINT, GREEN, GREY, INK, ORANGE, RED, clean

WIDTH, LINE_X, TEXT_X, ROW, NOTE, TOP = 620, 168, 190, 30, 15, 16
LONGEST_TEXT = 58
COLOURS = {
    "submitted": BLUE, "released": INK, "delivered": GREEN, "read": GREEN, "clicked": GREEN, "replied": GREEN,
    "held": ORANGE, "denied": ORANGE, "expired": ORANGE, "suppressed": ORANGE, "unsubscribed": ORANGE,
    "opted out": ORANGE, "complained": ORANGE,
}  # fmt: skip
MARKS = {
    "violated": (RED, "witness.breaks"), "review": (ORANGE, "witness.judge"), "needs input": (ORANGE, "witness.lacks"),
}  # fmt: skip
OTHER_MARK = ORANGE, "witness.shows"
"""Colour and phrase of the note at the event on which the verdict turns; the other is for what no rule says."""
GAP_SHOWN = MINUTE
"""A shorter pause between two events is not written out."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event: instant (microseconds UTC), clock, words, whether the rule is broken there."""

    at: int
    clock: str
    text: str
    what: str
    broken: bool


def timeline(witness: Witness, say: Phrases, label: str, verdict: str = "violated") -> str:
    """Return the picture as SVG, the same bytes for the same witness.

    ``label`` says in words what is seen; ``verdict`` chooses what is written where the rule answers.
    """
    mark = MARKS.get(verdict, OTHER_MARK)
    lines = _lines(witness, say)
    places = _places(lines)
    height = places[-1] + (NOTE if lines[-1].broken else 0) + TOP
    parts = [
        f'<svg class="timeline" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(label)}">',
        f'<line x1="{LINE_X}" x2="{LINE_X}" y1="{TOP}" y2="{places[-1]}" stroke="{FAINT}" stroke-width="2"/>',
    ]
    for number, (line, y) in enumerate(zip(lines, places, strict=True)):
        parts.append(_row(line, y, say, mark))
        if number:
            parts.append(_gap(line.at - lines[number - 1].at, y - ROW // 2, say))
    return "".join([*parts, "</svg>"])


def _places(lines: Sequence[Line]) -> list[int]:
    """Return how far down each event stands; below the breach there is room for the note that says so."""
    found, y = [], TOP
    for line in lines:
        found.append(y)
        y += ROW + (NOTE if line.broken else 0)
    return found


def _lines(witness: Witness, say: Phrases) -> list[Line]:
    """Return the events; those of the instant of the breach that hand a message over are where the rule is broken."""
    breach = _micros(witness.violates_at)
    same_day = len({step.local[:10] for step in witness.steps}) == 1
    broken = _breaking(witness.steps, breach)
    return [
        Line(_micros(step.at), _clock(step.local, say, same_day=same_day), _words(step, say), step.what, i == broken)
        for i, step in enumerate(witness.steps)
    ]


def _breaking(steps: Sequence[Step], breach: int) -> int:
    """Return the place of the event that breaks the rule: a hand-over if there is one at that instant."""
    there = [i for i, step in enumerate(steps) if _micros(step.at) == breach]
    handed = [i for i in there if steps[i].what == "submitted"]
    return (handed or there or [-1])[-1]


def _micros(text: str) -> int:
    return to_micros(datetime.fromisoformat(text))


def _clock(local: str, say: Phrases, *, same_day: bool) -> str:
    """Return the local time without its zone, and without the day where all events are of one."""
    day, _, rest = local.partition(" ")
    time = rest.partition(" ")[0]
    return time if same_day else f"{say.day(day)} {time}"


def _words(step: Step, say: Phrases) -> str:
    what = say.known("event", step.what)
    if what == step.what and step.text:
        what = step.text
    channel = f"{say.known('channel', step.channel)}: " if step.channel else ""
    return clean(f"{channel}{what}", LONGEST_TEXT)


def _row(line: Line, y: int, say: Phrases, mark: tuple[str, str]) -> str:
    strong, phrase = mark
    colour = strong if line.broken else COLOURS.get(line.what, GREY)
    note = band = ""
    if line.broken:
        size = f'width="{WIDTH}" height="{26 + NOTE}" rx="4"'
        band = f'<rect x="0" y="{y - 13}" {size} fill="{strong}" fill-opacity=".1"/>'
        words = escape(say(phrase))
        note = f'<text class="breach" x="{TEXT_X}" y="{y + 4 + NOTE}" fill="{strong}">{words}</text>'
    weight = ' font-weight="600"' if line.broken else ""
    return (
        f'{band}<circle cx="{LINE_X}" cy="{y}" r="{7 if line.broken else 5}" fill="{colour}"/>'
        f'<text x="{LINE_X - 16}" y="{y + 4}" text-anchor="end">{escape(line.clock)}</text>'
        f'<text x="{TEXT_X}" y="{y + 4}"{weight}>{escape(line.text)}</text>{note}'
    )


def _gap(pause: int, y: int, say: Phrases) -> str:
    """Return how long nothing happened, beside the line."""
    if pause < GAP_SHOWN:
        return ""
    return f'<text class="gap" x="{TEXT_X}" y="{y + 4}">{escape(say("witness.later", time=lasting(pause, say)))}</text>'


def lasting(micro: int, say: Phrases) -> str:
    """Return a duration by its two largest parts, in the words of the language."""
    return " ".join(f"{whole} {say(f'time.{unit}')}" for whole, unit in in_parts(micro, 2))
