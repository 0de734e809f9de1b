"""Which message would tell a changed parameter from the original: told from the ``boundaries`` of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from policies.kinds import KIND_NAMES, KINDS
from policies.kinds.base import P_KIND
from policies.records import NEVER
from policies.rule_words import BOUNDARIES, said

DAYS = {
    "dayoff": " on a day off", "shifted_workday": " on a weekend day made working", "holiday": " on a public holiday",
    "mon": " on a Monday", "tue": " on a Tuesday", "wed": " on a Wednesday", "thu": " on a Thursday",
    "fri": " on a Friday", "sat": " on a Saturday", "sun": " on a Sunday",
}  # fmt: skip
"""Kinds of day, by the parameter of a window that is about them."""
REMEDIES = {
    "channel_ban": "move clock.start or a release there",
    "consent": "give somebody a consent of that age",
    "cool_down": "give somebody a last order that long ago",
    "duplicate": "send one person the same text again after that time",
    "frequency_cap": "let one person get that many such messages: a second campaign, or a cascade that stops later",
    "opt_out": "let somebody opt out that long before a message: in the audience, or by script:",
    "registry": "give somebody an entry of that age",
    "service_window": "let somebody write that long before a message, by script:",
    "session_cap": "let one person get that many messages of a session",
    "time_window": "release a campaign then, or put somebody in the audience whose zone makes it that time",
    "validity": "release a campaign shortly before, or lengthen validity_s of the channel",
}
"""What to add to a scenario so that a message comes to a boundary of the kind; for each kind of BOUNDARIES."""
MET = {"consent": "had", "registry": "met", "validity": "needed"}
"""What a message does with a boundary that is no time of its own."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What no message of a run did, and what to add so that one does."""

    sentence: str
    remedy: str


def gap(field: str, words: str, before: Iterable[list[int]], after: Iterable[list[int]], did: str = "went out") -> Gap:
    """Return what would have told the two apart.

    ``before`` and ``after`` are the rule rows of one check, ``did`` is what no message did: it went out, or was due.
    """
    rows = [*before], [*after]
    kinds = {KIND_NAMES[row[P_KIND]] for part in rows for row in part}
    ends = sorted(_boundaries(rows[0]) ^ _boundaries(rows[1]))
    kind = kinds.pop() if len(kinds) == 1 else ""
    if field.rpartition(".")[2] in ("channels", "categories"):
        return _reach_gap(field, words.removesuffix(" taken out"))
    if not ends or kind not in BOUNDARIES:
        return _plain_gap(kind, field, words)
    unit, phrase = BOUNDARIES[kind]
    if unit == "count":
        return Gap(f"no message came {phrase.format(ends[0])} that this decides", REMEDIES[kind])
    values = [said(end, unit, "UTC") for end in ends]
    day = ""
    if unit == "clock":
        values = sorted(re.findall(r"\d\d:\d\d", words)) or values
        day = next((text for name, text in DAYS.items() if name in field), "")
    span = f"more than {values[0]}" if unit == "time" and len(values) == 1 else _span(values)
    return Gap(f"no message that it decides {MET.get(kind, did)} {phrase.format(span)}{day}", REMEDIES[kind])


def _boundaries(rows: list[list[int]]) -> set[int]:
    found = {end for row in rows for end in KINDS[row[P_KIND]].boundaries(row)}
    return {end for end in found if abs(end) != NEVER}


def _span(values: list[str]) -> str:
    first, last = values[0], values[-1]
    return f"between {first} and {last}" if first != last else f"exactly {first}"


def _plain_gap(kind: str, field: str, words: str) -> Gap:
    what = f"{field} ({words})"
    if kind == "content":
        return Gap(f"no text of this run turns on {what}", "add a template that is just at the limit, or has the word")
    if kind == "consent":
        remedy = "put somebody in the audience whose consent passes or fails by this alone"
        return Gap(f"nobody's consent turns on {what}", remedy)
    return Gap(
        f"no message of this run turns on {what}",
        "add somebody, or a message, that passes or fails for this reason alone",
    )


def _reach_gap(field: str, word: str) -> Gap:
    if field.endswith("channels"):
        return Gap(f"it met no message by {word}", f"add a step by {word}")
    return Gap(f"it met no message of the category {word}", f"add a campaign of the category {word}")
