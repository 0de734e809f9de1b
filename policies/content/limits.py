"""How long each text of a template may be, by channel, with the source of each figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policies.content.findings import LintFinding, LintSeverity
from policies.content.text import TemplateText, without_placeholders

ASSUMED_VALUE = 20
"""Characters a variable is taken to become when its values are not known; *assumed*."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` characters in ``field`` (``buttons`` means each label)."""

    channel: str
    field: str
    most: int
    source: str
    severity: LintSeverity = "error"


_META = "Meta, template components, 2025-11"
LIMITS = (
    Limit("whatsapp", "body", 1024, _META),
    Limit("whatsapp", "header", 60, _META),
    Limit("whatsapp", "footer", 60, _META),
    Limit("whatsapp", "buttons", 25, _META),
    Limit("viber", "body", 1000, "Viber Business Messages through hubs, 2026-06"),
    Limit("viber", "buttons", 30, "Viber Business Messages through hubs, 2026-06"),
    Limit("vk", "body", 2048, "VK Notify through aggregators, 2024-12"),
    Limit("telegram", "body", 4096, "Telegram Bot API, sendMessage"),
    Limit("push", "subject", 80, "Rapporto push, 2024-12"),
    Limit("push", "body", 1000, "Rapporto push, 2024-12"),
    Limit("sms", "body", 2000, "Rapporto SMS, 2024-12"),
    Limit("email", "subject", 78, "RFC 5322, line length advised", "warn"),
)
MOST_SEGMENTS = 10
"""Parts of one SMS: Telnyx takes 10, Infobip 25; the smaller one is used."""
BUTTON_COUNTS = {"whatsapp": 10, "viber": 1}
"""Buttons a template may have: Meta components 2025-11; Viber through hubs."""


def too_long(text: TemplateText) -> Iterator[LintFinding]:
    """Yield a finding for each field that is over its limit, or may be once its variables are filled."""
    for limit in LIMITS:
        if limit.channel != text.channel:
            continue
        for field, written in text.parts():
            if field == limit.field or (limit.field == "buttons" and field.startswith("buttons[")):
                yield from _over(limit, field, written, text)


def _over(limit: Limit, field: str, written: str, text: TemplateText) -> Iterator[LintFinding]:
    variables = [p for p in text.placeholders() if p.field == field]
    registered = limit.channel == "whatsapp" and not text.final  # Meta counts the template as it is written
    sure = len(written) if registered else len(without_placeholders(written))
    likely = sure if registered else sure + ASSUMED_VALUE * len(variables)
    if sure > limit.most:
        words, place = f"{sure} characters, at most {limit.most} are allowed", (limit.most, len(written))
        yield LintFinding(
            "too-long", limit.severity, field, words, place, f"shorten by {sure - limit.most}", limit.source
        )
    elif likely > limit.most:
        words = f"{sure} characters and {len(variables)} variables may exceed {limit.most}"
        yield LintFinding("maybe-too-long", "warn", field, words, None, "shorten the fixed text", limit.source)
