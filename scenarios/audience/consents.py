"""Consents and opt-outs: which categories and channels they cover, since when, and how they are evidenced."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from policies.coded import Coded, Codes, Int64s, coded_rows, constant
from policies.people import C_BRAND, C_CATEGORIES, C_CHANNELS, C_EVIDENCE, C_FROM, C_TO, C_WIDTH, EVIDENCE, channel_mask
from policies.records import CATEGORIES, CHANNELS, MISSING, NEVER
from scenarios.audience.cellblock import Cells
from scenarios.audience.cells import Reader

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
EVIDENCE_WORDS = EVIDENCE[2:]
"""What may be told of a consent besides its method and its reference."""


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


EVIDENCE_DOCUMENT = r"^[^:]*[^:\s][^:]*:.*\S"
"""Evidence with a reference after a colon, such as ``checkbox:777a5bbb``."""


def consent_rows(cells: Cells, opted_out_at: Int64s, brand: int, now: int) -> Coded:
    """Return what each person agreed to: rows of 1 and the cells of the consent, or of zeros where there is none.

    A row of the file has a consent when its date, channels or topics say something. What is left out is not guessed
    but MISSING, and so is the evidence; a word that is none of ours covers nothing. ``opted_out_at`` serves for the
    notice only: an opt-out does not end the consent's row, it stands in ``People.opt_out_at``.
    """
    given = ~(cells.empty("ads_consent_at") & cells.empty("ads_consent_channels") & cells.empty("ads_consent_topics"))
    at = cells.date("ads_consent_at")
    channels = _masks(cells, "ads_consent_channels", parse_channels, "consent channel not known")
    topics = _masks(cells, "ads_consent_topics", parse_topics, "consent topic not known")
    evidence = _evidence(cells)
    cells.note("consent without date", given & (at == MISSING))
    cells.note("consent without channels", given & (channels == MISSING))
    cells.note("consent without topics", given & (topics == MISSING))
    cells.note("consent without evidence", given & (evidence == MISSING))
    cells.note("consent in the future", given & (at > now))
    cells.note("opt-out before the consent", given & (at != MISSING) & (opted_out_at < at))
    told = coded_rows(np.where(given, np.stack((given, topics, channels, at, evidence)), 0).T)
    table = np.zeros((len(told.values), 1 + C_WIDTH), dtype=np.int64)
    table[:, [0, 1 + C_CATEGORIES, 1 + C_CHANNELS, 1 + C_FROM, 1 + C_EVIDENCE]] = told.values
    table[:, 1 + C_BRAND], table[:, 1 + C_TO] = table[:, 0] * brand, table[:, 0] * NEVER
    return Coded(told.codes, table)


def sets_of_rows(rows: Coded) -> tuple[Codes, Int64s, Int64s]:
    """Return ``consent_set``, ``consent_ptr`` and ``consents`` of ``People`` from what ``consent_rows`` found."""
    given = rows.values[:, 0]
    ptr = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(given)))
    return rows.codes, ptr, np.ascontiguousarray(rows.values[given == 1, 1:])


def opt_out_table(cells: Cells, now: int) -> tuple[Int64s, Coded]:
    """Return when each person opted out (NEVER: did not) and the same by channel, rows of len(CHANNELS) instants.

    An opt-out without a channel, or from a channel that is none of ours, is one from all; without a date it counts
    from the beginning. In doubt a person has opted out.
    """
    dated, named = ~cells.empty("opted_out_at"), ~cells.empty("opted_out_channel")
    out = dated | named
    at = cells.date("opted_out_at")
    cells.note("opt-out without date", out & (at == MISSING))
    cells.note("opt-out without channel", out & ~named)
    cells.note("opt-out in the future", out & (at > now))
    when = np.where(out, np.where(at == MISSING, -NEVER, at), NEVER)
    if "opted_out_at" not in cells.batch.columns and "opted_out_channel" not in cells.batch.columns:
        return when, constant([NEVER] * len(CHANNELS), len(when))
    masks = Reader(parse_channels)(cells.coded("opted_out_channel"))
    unclear = out & named & ((masks & UNKNOWN_WORD) != 0)
    cells.note("opt-out channel not known", unclear)
    masks = np.where(unclear | (out & ~named), ALL_CHANNELS, masks)
    masks = np.where(out, masks & ALL_CHANNELS, 0)
    told = coded_rows(np.stack((np.where(masks == 0, NEVER, when), masks), axis=1))
    bits = (told.values[:, 1:] >> np.arange(len(CHANNELS))) & 1
    return when, Coded(told.codes, np.where(bits == 1, told.values[:, :1], NEVER))


def _masks(cells: Cells, name: str, parse: Callable[[str], int], reason: str) -> Int64s:
    masks = Reader(parse)(cells.coded(name))
    cells.note(reason, (masks != MISSING) & ((masks & UNKNOWN_WORD) != 0))
    return np.where(masks == MISSING, MISSING, masks & (UNKNOWN_WORD - 1))


def _evidence(cells: Cells) -> Int64s:
    text, empty = cells.text("consent_evidence"), cells.empty("consent_evidence")
    return np.where(empty, MISSING, evidence_bits(text))


def evidence_bits(text: pa.StringArray) -> Int64s:
    """Return the bits of what each text tells: a method, a reference after a colon, words of EVIDENCE before it."""
    bits = METHOD + DOCUMENT * _matches(text, EVIDENCE_DOCUMENT)
    if pc.any(pc.match_substring(text, "_")).as_py():  # seldom, and one look is cheaper than one a word
        for name in EVIDENCE_WORDS:
            bits |= _matches(text, rf"^([^:]*\+)?\s*{name}\s*([+:]|$)") << EVIDENCE.index(name)
    return bits


def _matches(text: pa.StringArray, pattern: str) -> Int64s:
    found = pc.match_substring_regex(text, pattern=pattern).fill_null(False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)
