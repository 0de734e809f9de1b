"""Lint of WhatsApp templates: what Meta's review refuses for its form.

Figures and rules: Meta's pages on template components, review and categorisation, read in 2025-10 to 2025-12.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from policies.content.emoji import find_emoji
from policies.content.findings import LintFinding, LintSeverity
from policies.content.limits import BUTTON_COUNTS
from policies.content.normalise import LINK
from policies.content.text import PLACEHOLDER, Placeholder, TemplateText

REVIEW = "Meta, template review, 2025-10"
COMPONENTS = "Meta, template components, 2025-11"
AUTHENTICATION = "Meta, authentication templates, 2026-06"
BUTTONS_OF_KIND = {"url": 2, "phone": 1, "copy_code": 1, "quick_reply": 10}
EXPIRY_MINUTES = (1, 90)
MOST_CODE = 15
"""Characters of a one-time code."""

_NAME = re.compile(r"[a-z0-9_]{1,512}")
_MARKDOWN = re.compile(r"[*_~`]\S[^*_~`]*[*_~`]")
_MINUTES = re.compile(r"\d+")


def whatsapp_faults(name: str, text: TemplateText) -> Iterator[LintFinding]:
    """Yield what Meta's review would refuse in the form of the template ``name``."""
    if not _NAME.fullmatch(name):
        message = "the name needs lower-case letters, digits and _, at most 512"
        yield _finding("template-name", "name", message, None, "register it as, e.g., order_ready", "warn")
    for field, written in text.parts():
        if not text.final:
            yield from _variables(field, written, [p for p in text.placeholders() if p.field == field])
    yield from _header(text)
    yield from _footer(text)
    yield from _buttons(text)
    if text.category == "authentication":
        yield from authentication_faults(text)


def _finding(
    code: str,
    field: str,
    message: str,
    place: tuple[int, int] | None,
    fix: str,
    severity: LintSeverity = "error",
    source: str = COMPONENTS,
) -> LintFinding:
    return LintFinding(code, severity, field, message, place, fix, source)


def _variables(field: str, written: str, places: list[Placeholder]) -> Iterator[LintFinding]:
    yield from _forbidden(field, places)
    if field == "body":
        yield from _edges(written, places)
        yield from _adjacent(written, places)
    yield from _numbering(field, places)


def _edges(written: str, places: list[Placeholder]) -> Iterator[LintFinding]:
    for place in places:
        for rest, where in ((written[: place.start], "starts"), (written[place.end :], "ends")):
            if re.search(r"\w", rest):
                continue
            severity: LintSeverity = "warn" if rest.strip() else "error"  # a full stop is often accepted, not always
            message, span = f"the body {where} with a variable", (place.start, place.end)
            fix = "put words before it" if where == "starts" else "put words after it"
            yield _finding("variable-at-edge", "body", message, span, fix, severity, REVIEW)


def _adjacent(written: str, places: list[Placeholder]) -> Iterator[LintFinding]:
    for left, right in pairwise(places):
        if not re.search(r"\w", written[left.end : right.start]):
            message = f"{{{{{left.name}}}}} and {{{{{right.name}}}}} stand side by side"
            span = (left.start, right.end)
            yield _finding("variables-adjacent", "body", message, span, "put a word between them", source=REVIEW)


def _forbidden(field: str, places: list[Placeholder]) -> Iterator[LintFinding]:
    for place in places:
        span = (place.start, place.end)
        if re.search(r"[#$%]", place.name):
            yield _finding(
                "variable-forbidden-sign", field, "a variable holds #, $ or %", span, "rename it", source=REVIEW
            )
        elif not re.fullmatch(r"[a-z_][a-z0-9_]*|[1-9]\d*", place.name):
            message = f"'{place.name}' is not lower-case letters, digits and _, nor a number"
            yield _finding("variable-name", field, message, span, "rename it")


def _numbering(field: str, places: list[Placeholder]) -> Iterator[LintFinding]:
    numbered = [place for place in places if place.name.isdigit()]
    if numbered and len(numbered) < len(places):
        yield _finding("variables-mixed", field, "numbered and named variables are mixed", None, "use one way")
    first_seen = list(dict.fromkeys(int(place.name) for place in numbered))
    if first_seen != list(range(1, len(first_seen) + 1)):
        message = f"the numbers run {', '.join(map(str, first_seen))} instead of 1, 2, 3 …"
        yield _finding("variables-out-of-order", field, message, None, "number them from 1 in order", source=REVIEW)


def _header(text: TemplateText) -> Iterator[LintFinding]:
    header = text.header or ""
    if len(PLACEHOLDER.findall(header)) > 1:
        yield _finding("header-variables", "header", "a header takes at most one variable", None, "keep one")
    marked = _MARKDOWN.search(PLACEHOLDER.sub(lambda found: " " * len(found[0]), header))
    if marked:
        yield _finding("header-markdown", "header", "a header takes no markup", marked.span(), "take out the signs")


def _footer(text: TemplateText) -> Iterator[LintFinding]:
    footer = text.footer or ""
    for found in PLACEHOLDER.finditer(footer):
        yield _finding("footer-variable", "footer", "a footer takes no variables", found.span(), "move it to the body")
    for span in find_emoji(footer):
        yield _finding("footer-emoji", "footer", "a footer takes no emoji", span, "take it out", source=REVIEW)


def _buttons(text: TemplateText) -> Iterator[LintFinding]:
    kinds = [button.kind for button in text.buttons]
    if len(kinds) > BUTTON_COUNTS["whatsapp"]:
        yield _finding(
            "button-count", "buttons", f"{len(kinds)} buttons, at most 10 are allowed", None, "take some out"
        )
    for kind, most in BUTTONS_OF_KIND.items():
        if kinds.count(kind) > most:
            message = f"{kinds.count(kind)} buttons of kind {kind}, at most {most} are allowed"
            yield _finding("button-count", "buttons", message, None, "take some out")
    groups = [reply for reply, _ in groupby(kind == "quick_reply" for kind in kinds)]
    if len(groups) > 2:
        fix = "put the quick replies side by side"
        yield _finding("button-order", "buttons", "quick replies and other buttons are mixed", None, fix)
    yield from _targets(text)


def _targets(text: TemplateText) -> Iterator[LintFinding]:
    for i, button in enumerate(text.buttons):
        field, target = f"buttons[{i}].target", button.target or ""
        places = list(PLACEHOLDER.finditer(target))
        if button.kind == "url" and (len(places) > 1 or (places and places[0].end() != len(target))):
            yield _finding(
                "button-variable", field, "a link takes one variable, at its very end", None, "move it there"
            )
        if button.kind == "url" and len(target) > 2000:
            yield _finding("too-long", field, "a link takes at most 2000 characters", None, "shorten it")
        if button.kind == "phone" and len(target) > 20:
            yield _finding("too-long", field, "a number takes at most 20 characters", None, "shorten it")


def authentication_faults(text: TemplateText) -> Iterator[LintFinding]:
    """Yield what an authentication template may not have: links, emoji, a header, other buttons than the code's."""
    for field, written in text.parts():
        spans = [("link", found.span()) for found in LINK.finditer(written)]
        spans += [("emoji", span) for span in find_emoji(written)]
        for what, span in spans:
            message = f"an authentication template takes no {what}"
            yield _finding(f"authentication-{what}", field, message, span, "take it out", source=AUTHENTICATION)
    if text.header:
        message = "an authentication template takes no header"
        yield _finding("authentication-header", "header", message, None, "take it out", source=AUTHENTICATION)
    if [button.kind for button in text.buttons] != ["copy_code"]:
        message = "an authentication template has exactly one button, which takes over the code"
        yield _finding(
            "authentication-button", "buttons", message, None, "add a copy_code button", source=AUTHENTICATION
        )
    yield from _expiry(text)


def _expiry(text: TemplateText) -> Iterator[LintFinding]:
    low, high = EXPIRY_MINUTES
    for found in _MINUTES.finditer(text.footer or ""):
        if not low <= int(found[0]) <= high:
            message = f"the code's lifetime is {found[0]} minutes, {low} to {high} are allowed"
            yield _finding("authentication-expiry", "footer", message, found.span(), "change it", source=AUTHENTICATION)
