"""Checks of service traffic: the form of operators' templates, segments, text only, the advertising tail, sectors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.content.checks.base import (
    CheckResult,
    ContentFacts,
    Found,
    Params,
    doubtful,
    failed,
    forbidden,
    passed,
)
from policies.content.lexicon import level, lexicon
from policies.content.limits import ASSUMED_VALUE
from policies.content.segments import count_segments
from policies.content.text import TemplateText, without_placeholders

MOST_PARTS = 3
"""Segments of an SMS within a usual budget; *assumed*, the parameter ``limit`` replaces it."""
TAIL = 0.3
"""Greatest share of advertising in a service text; guessed in the rule catalogue."""
_OPERAND = re.compile(r"\{\{[^{}]*\}\}|%[wd](?:\+|\{\d+,\d+\})?")
_WELL_FORMED = re.compile(r"\{\{\s*[^{}\s][^{}]*\}\}|%[wd](?:\+|\{[1-9]\d*,[1-9]\d*\})?")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")


def operator_template(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on a template that Russian operators refuse: blanks at its ends, variables side by side or glued to a word.

    Variables are ours, ``{{name}}``, or the operators' own, ``%w{1,5}`` and ``%d+``. A sign of punctuation at a
    variable is a review, as operators differ.
    """
    body = text.body
    if body != body.strip():
        return failed("a blank stands at the start or the end of the template")
    faults = [*_faults(body)]
    grave = [found for note, found in faults if note]
    if grave:
        return failed(next(note for note, _ in faults if note), grave)
    return doubtful("a sign stands at a variable without a blank", [f for _, f in faults]) if faults else passed()


def _faults(body: str) -> Iterator[tuple[str, Found]]:
    """Yield what is wrong at each variable; a note of no words is a doubt."""
    end = -1
    for found in _OPERAND.finditer(body):
        place = Found(found[0], "body", *found.span())
        before, after = body[found.start() - 1 : found.start()], body[found.end() : found.end() + 1]
        if not _WELL_FORMED.fullmatch(found[0]) or after in ("{", "%"):
            yield f"{found[0]}{after} is not a variable of operators", place
        elif end >= 0 and not body[end : found.start()].strip():
            yield "two variables stand side by side", place
        elif before.isalnum() or after.isalnum():
            yield "a variable touches a word", place
        elif (before + after).strip():
            yield "", place
        end = found.end()


def sms_segments(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on more than ``limit`` segments (default 3); review what may have more once its variables are filled."""
    most, bare = params.get("limit", MOST_PARTS), without_placeholders(text.body)
    sure = count_segments(bare)
    filled = bare + "0" * ASSUMED_VALUE * sum(place.field == "body" for place in text.placeholders())
    note = f"{sure.segments} segments of {sure.per_segment} units, {sure.encoding}; at most {most}"
    if sure.segments > most:
        return failed(note)
    likely = count_segments(filled).segments
    return doubtful(f"{likely} segments once variables are filled; at most {most}") if likely > most else passed(note)


def text_only(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on buttons; pictures and files are not part of a template here."""
    buttons = [Found(b.label, f"buttons[{i}].label", 0, len(b.label)) for i, b in enumerate(text.buttons)]
    return failed("the message has buttons", buttons) if buttons else passed("the message is text only")


def ad_tail(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail where advertising opens the text, or takes more than ``at_most`` of its characters (default 0.3).

    Advertising is told by sentence, with the lexicon of promotion.
    """
    said = [(one[0], _promotes(one[0])) for one in _SENTENCE.finditer(text.body) if one[0].strip()]
    total = sum(len(words) for words, _ in said)
    share = sum(len(words) for words, promotes in said if promotes) / total if total else 0.0
    if share == 0:
        return passed("no advertising found")
    if said[0][1]:
        return failed("the text opens with advertising")
    note = f"{share:.0%} of the text is advertising"
    return failed(note) if share > params.get("at_most", TAIL) else passed(note)


def _promotes(sentence: str) -> bool:
    return level(list(lexicon("promo").matches(sentence))) == "enough"


def banned_sector(text: TemplateText, params: Params, facts: ContentFacts) -> CheckResult:
    """Fail on gambling, alcohol, tobacco, adult services, politics, religion and credit of others than banks."""
    return forbidden("sectors", text, "a sector that the channel does not carry")
