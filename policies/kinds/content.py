"""Content: what the text says and how it is written, by one named check of ``policies.content.checks``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from policies.content.checks import CHECK_NAMES, CheckResult, ContentFacts, check_named
from policies.content.marks import MARKS
from policies.content.text import TemplateText
from policies.kernels import inlined
from policies.kinds.base import A_SENT_BEFORE, A_TEXT, FAIL, P_0, P_1, PASS, REVIEW, UNKNOWN

Int64s = npt.NDArray[np.int64]

ANSWERS = {"pass": PASS, "fail": FAIL, "review": REVIEW, "unknown": UNKNOWN}
_WORDS = {"type": "array", "items": {"type": "string", "minLength": 1}}

schema: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["check"],
    "properties": {
        "check": {"description": "What is asked of the text.", "enum": list(CHECK_NAMES)},
        "answer": {
            "description": "What a failure of the check becomes.",
            "enum": ["fail", "review"],
            "default": "fail",
        },
        "limit": {
            "description": "emoji_count, sms_segments: most of them.",
            "type": "integer",
            "minimum": 0,
        },
        "size_over": {
            "description": "personal_variable: people above which it is mass.",
            "type": "integer",
            "minimum": 0,
        },
        "legal": {"description": "threat: legal action counts too.", "type": "boolean"},
        "at_least": {"description": "cyrillic_share: least share.", "type": "number", "minimum": 0, "maximum": 1},
        "at_most": {"description": "ad_tail: greatest share.", "type": "number", "minimum": 0, "maximum": 1},
        "organisations": {"description": "personal_details: kinds of organisation bound by it.", **_WORDS},
        "per_100": {"description": "spelling: unknown words a hundred.", "type": "number", "minimum": 0},
        "columns": {"description": "relevance: columns that tell an interest.", **_WORDS},
        "creditor_columns": {"description": "creditor_named: columns with its name.", **_WORDS},
        "phone_columns": {"description": "creditor_named: columns with its phone.", **_WORDS},
        "allow": {"description": "foreign_words: words that need no translation.", **_WORDS},
        "marks": {
            "description": "marks_present, marks_absent: one of these.",
            "type": "array",
            "minItems": 1,
            "items": {"enum": list(MARKS)},
        },
        "form": {"description": "sender_form: regular expression of the whole name.", "type": "string"},
        "longest": {"description": "registered_wording: characters of a variable.", "type": "integer", "minimum": 1},
        "languages": {
            "description": "Languages that the check can read (ISO 639); a text in another one is not judged.",
            **_WORDS,
        },
        "address_columns": {"description": "postal_address: columns with the sender's address.", **_WORDS},
        "in_full": {"description": "debt_collector_named: with the purpose too.", "type": "boolean"},
        "first_message": {
            "description": "Only of the first message of a sender to a person, as far as the log reaches.",
            "type": "boolean",
        },
        "warning": {"description": "bankruptcy_claims: words of the required warning.", **_WORDS},
    },
}


def prepare(params: Mapping[str, Any], context: object, row: int = 0) -> list[list[int]]:
    """Return one row: the row of the table of answers that ``answers`` fills, 1 where only first messages count."""
    return [[row, int(params.get("first_message", False))]]


def answers(params: Mapping[str, Any], texts: Sequence[TemplateText], facts: ContentFacts | None) -> Int64s:
    """Return the answer for each distinct text, shape (texts,): PASS, FAIL, REVIEW or UNKNOWN."""
    return np.array([ANSWERS[result(params, text, facts).answer] for text in texts], np.int64)


def result(params: Mapping[str, Any], text: TemplateText, facts: ContentFacts | None) -> CheckResult:
    """Return the answer for one text with the words that decided; a failure becomes what ``answer`` asks for."""
    readable = params.get("languages")
    if readable and text.language[:2].lower() not in readable:
        return CheckResult("unknown", (), f"the check cannot read the language {text.language}")
    found = check_named(params["check"])(text, params, facts or ContentFacts())
    softer = found.answer == "fail" and params.get("answer", "fail") == "review"
    return CheckResult("review", found.words, found.note) if softer else found


@inlined
def evaluate(p: list[int], a: list[int], content_answers: Int64s) -> int:
    """Return the prepared answer for the message's text; UNKNOWN where the text is not known.

    A later message passes where only the first one counts; where its number is not known, what fails is UNKNOWN.

    ``content_answers`` has shape (content rows, texts); plain Python may pass a dict with the same keys.
    """
    if p[P_1] == 1 and a[A_SENT_BEFORE] > 0:
        return PASS
    answer = UNKNOWN if a[A_TEXT] < 0 else int(content_answers[p[P_0], a[A_TEXT]])
    return UNKNOWN if p[P_1] == 1 and a[A_SENT_BEFORE] < 0 and answer != PASS else answer


def state_size(row: list[int]) -> int:
    """Return 0: what came before stands in the attempt."""
    return 0


def boundaries(p: list[int]) -> list[int]:
    """Return nothing: the answer does not depend on time."""
    return []


def explain(params: Mapping[str, Any], answer: int, a: list[int]) -> str:
    """Return a sentence for the report; ``result`` has the words that decided."""
    name = params["check"].replace("_", " ")
    if answer == UNKNOWN:
        return f"{name}: the text or what it is compared with is not known"
    words = {PASS: "the text passes", FAIL: "the text fails", REVIEW: "a person should read the text"}
    return f"{name}: {words[answer]}"
