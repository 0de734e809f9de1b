"""Consents and opt-outs: which categories and channels they cover, since when, and how they are evidenced."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from policies.people import EVIDENCE, channel_mask
from policies.records import CATEGORIES, CHANNELS

ALL_CHANNELS = (1 << len(CHANNELS)) - 1
UNKNOWN_WORD = 1 << 40
"""A bit beside the mask: the list holds a word that is none of ours."""

CHANNEL_WORDS: Mapping[str, int] = MappingProxyType(
    {name: channel_mask(name) for name in CHANNELS}
    | {
        "e-mail": channel_mask("email"),
        "mail": channel_mask("email"),
        "wa": channel_mask("whatsapp"),
        "tg": channel_mask("telegram"),
        "flash-call": channel_mask("flash_call"),
        "flashcall": channel_mask("flash_call"),
        "call": channel_mask("voice"),
        "calls": channel_mask("voice"),
        "смс": channel_mask("sms"),
        "звонок": channel_mask("voice"),
        "почта": channel_mask("email"),
        "all": ALL_CHANNELS,
        "*": ALL_CHANNELS,
        "все": ALL_CHANNELS,
    }
)


def category_mask(*names: str) -> int:
    """Return the bit mask of the named categories."""
    return sum(1 << CATEGORIES.index(name) for name in names)


TOPIC_WORDS: Mapping[str, int] = MappingProxyType(
    {name: category_mask(name) for name in CATEGORIES}
    | {
        "offers": category_mask("promo"),
        "recommendations": category_mask("promo"),
        "reminders": category_mask("service"),
        "alerts": category_mask("service"),
    }
)
"""Topics of a consent as categories of messages (DESIGN section 6); a category may stand for itself."""

METHOD, DOCUMENT = (1 << EVIDENCE.index(name) for name in ("method", "document"))


def parse_channels(text: str) -> int:
    """Return the mask of the channels in a list such as ``sms|email``, with UNKNOWN_WORD if a word is none."""
    return _mask(text, CHANNEL_WORDS)


def parse_topics(text: str) -> int:
    """Return the mask of the categories covered by a list of topics, with UNKNOWN_WORD if a word is none."""
    return _mask(text, TOPIC_WORDS)


def _mask(text: str, words: Mapping[str, int]) -> int:
    mask = 0
    for word in re.split(r"[|,;+\s]+", text.strip("[](){}'\" ").lower()):
        if word:
            mask |= words.get(word.strip("'\""), UNKNOWN_WORD)
    return mask


EVIDENCE_METHOD = r"\S"
EVIDENCE_DOCUMENT = r"^[^:]*[^:\s][^:]*:.*\S"
"""Patterns of evidence such as ``checkbox:777a5bbb``: a method, and a reference after a colon."""
