"""Lint of a template: everything that can be said of its text before anything is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from policies.content.alphabets import mixed_words, script
from policies.content.emoji import count_emoji, find_emoji
from policies.content.findings import LintFinding
from policies.content.lexicon import lexicon
from policies.content.limits import BUTTON_COUNTS, MOST_SEGMENTS, too_long
from policies.content.normalise import LINK, tokens
from policies.content.segments import count_segments, foreign_characters
from policies.content.text import TemplateText, without_placeholders
from policies.content.variables import variable_faults
from policies.content.whatsapp import whatsapp_faults

CYRILLIC_LANGUAGES = ("ru", "uk", "be", "bg", "kk", "ky", "mk", "mn", "sr", "tg")
LATIN_LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "pl", "tr", "uz", "az", "id")
EMOJI_GOOD, EMOJI_MOST = 3, 10
"""Good practice and the number from which WhatsApp templates are refused; both *assumed*, the second reported twice."""
SAVERS = str.maketrans("«»“”„‘’–—…\u00a0№", '"""""\'\'--. N')
"""Typographic signs and what keeps an SMS in its short alphabet."""
_ORDER = ("error", "warn", "info")


def lint_template(name: str, template: TemplateText, columns: Collection[str] | None) -> list[LintFinding]:
    """Return every finding on the template ``name``, gravest first.

    ``columns`` are the audience's columns; None where no audience is known, which one finding then says.
    """
    found = [*_common(template, columns), *_of_channel(name, template)]
    return [replace(f, template=name) for f in sorted(found, key=lambda f: (_ORDER.index(f.severity), f.field))]


def _common(text: TemplateText, columns: Collection[str] | None) -> Iterator[LintFinding]:
    yield from _empty(text)
    yield from variable_faults(text, columns)
    yield from too_long(text)
    yield from _alphabets(text)
    yield from _emoji(text)
    yield from _language(text)


def _of_channel(name: str, text: TemplateText) -> Iterator[LintFinding]:
    if text.channel == "whatsapp":
        yield from whatsapp_faults(name, text)
    elif text.channel == "viber":
        yield from _viber(text)
    elif text.channel == "sms":
        yield from _sms(text)
    elif text.channel == "email":
        yield from _email(text)
    elif text.channel == "push" and not text.subject:
        yield LintFinding("no-title", "warn", "subject", "a push has no title", None, "give a subject", "assumed")
    elif text.channel == "voice":
        yield from _voice(text)


def _empty(text: TemplateText) -> Iterator[LintFinding]:
    bare = not without_placeholders(text.body).strip()
    if text.channel == "flash_call":
        if text.body.strip():
            message = "a flash call carries no text: the code is the calling number"
            yield LintFinding("unused-body", "info", "body", message, None, "leave the body empty", "how it works")
    elif not text.body.strip():
        yield LintFinding("empty-body", "error", "body", "the body is empty", None, "write the text", "how it works")
    elif bare:
        message = "the body is nothing but variables"
        fix = "write what the message is about"
        yield LintFinding("bare-body", "warn", "body", message, None, fix, "Meta, template categorisation, 2025-11")


def _alphabets(text: TemplateText) -> Iterator[LintFinding]:
    for field, written in text.parts():
        for word in mixed_words(written):
            fix = f"write {word.suggestion} in one alphabet"
            message = f"'{word.word}' mixes Cyrillic and Latin letters"
            yield LintFinding("mixed-alphabets", "error", field, message, (word.start, word.end), fix, "good practice")


def _emoji(text: TemplateText) -> Iterator[LintFinding]:
    count = sum(count_emoji(written) for _, written in text.parts())
    if count > EMOJI_MOST and text.channel == "whatsapp":
        message = f"{count} emoji, more than {EMOJI_MOST} are refused"
        yield LintFinding("emoji-count", "error", "body", message, None, f"keep {EMOJI_GOOD}", "partners of Meta")
    elif count > EMOJI_GOOD:
        message = f"{count} emoji, good practice is at most {EMOJI_GOOD}"
        yield LintFinding("emoji-count", "warn", "body", message, None, f"keep {EMOJI_GOOD}", "assumed")


def letters_of(text: TemplateText, skip: Collection[str] = ()) -> list[str]:
    """Return the alphabet of every letter a person reads; links, variables and the words in ``skip`` are left out."""
    left_out = {word.casefold() for word in skip}
    return [
        script(char)
        for _, written in text.parts()
        for token in tokens(written)
        if token.kind == "word" and written[token.start : token.end].casefold() not in left_out
        for char in written[token.start : token.end]
        if char.isalpha()
    ]


def _language(text: TemplateText) -> Iterator[LintFinding]:
    code = text.language.split("-")[0].split("_")[0].lower()
    wanted = "cyrillic" if code in CYRILLIC_LANGUAGES else "latin" if code in LATIN_LANGUAGES else None
    letters = letters_of(text)
    if wanted and letters and letters.count(wanted) * 2 < len(letters):
        message = f"the language is {text.language}, but most letters are not {wanted}"
        fix = "correct the language or the text"
        yield LintFinding("language-script", "error", "language", message, None, fix, "Meta, template review, 2025-10")


def _viber(text: TemplateText) -> Iterator[LintFinding]:
    most = BUTTON_COUNTS["viber"]
    if len(text.buttons) > most:
        message = f"{len(text.buttons)} buttons, at most {most} is allowed"
        yield LintFinding("button-count", "error", "buttons", message, None, "keep one", "Viber through hubs, 2026-06")
    if text.buttons and text.category != "promo":
        message = "a transactional message is text only"
        fix = "put the link in the text"
        yield LintFinding("button-in-service", "warn", "buttons", message, None, fix, "Viber through hubs, 2026-06")


def _sms(text: TemplateText) -> Iterator[LintFinding]:
    plain = without_placeholders(text.body)
    now, lean = count_segments(plain), count_segments(plain.translate(SAVERS))
    source = "GSM 03.38"
    known = "" if plain == text.body else ", without its variables"
    if now.segments > MOST_SEGMENTS:
        message = f"{now.segments} segments, some gateways take at most {MOST_SEGMENTS}"
        yield LintFinding("segments", "error", "body", message, None, "shorten the text", "Telnyx")
    elif now.segments > 1:
        message = f"{now.segments} segments in {now.encoding}{known}: {now.units} units, {now.per_segment} a segment"
        room = now.units - now.per_segment * (now.segments - 1)
        yield LintFinding("segments", "info", "body", message, None, f"{room} units fewer save a segment", source)
    if lean.segments < now.segments:
        at = next(i for i in foreign_characters(text.body) if text.body[i] != text.body[i].translate(SAVERS))
        message = f"'{text.body[at]}' and the like make it {now.segments} segments instead of {lean.segments}"
        fix = f"write {text.body[at].translate(SAVERS)!r}"
        yield LintFinding("costly-sign", "warn", "body", message, (at, at + 1), fix, source)


def _email(text: TemplateText) -> Iterator[LintFinding]:
    if not (text.subject or "").strip():
        yield LintFinding(
            "no-subject", "error", "subject", "the e-mail has no subject", None, "write one", "good practice"
        )
    if text.category != "promo":
        return
    told = any(lexicon("opt_out").matches(written) for _, written in text.parts())
    linked = any(LINK.search(written) for _, written in text.parts())
    linked = linked or any("unsub" in place.name.lower() for place in text.placeholders())
    linked = linked or any(button.kind == "url" for button in text.buttons)
    if not (told and linked):
        message = "a promotional e-mail has no link to unsubscribe"
        fix = "add the words and the link to the footer"
        yield LintFinding("no-opt-out-link", "error", "body", message, None, fix, "RFC 8058; Gmail, 2024-06")


def _voice(text: TemplateText) -> Iterator[LintFinding]:
    spans = [found.span() for found in LINK.finditer(text.body)] + list(find_emoji(text.body))
    for span in spans:
        message = f"'{text.body[slice(*span)]}' cannot be spoken"
        yield LintFinding("unspeakable", "warn", "body", message, span, "say it in words", "how it works")
