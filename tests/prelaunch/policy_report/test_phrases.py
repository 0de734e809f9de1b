"""The words of the report: the same keys in every language, none unused, the right plural, every word of data known."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from policies.records import CHANNELS
from policies.rules import SEVERITY_ORDER, Confidence, Status
from prelaunch.numerals import FORMS, plural
from prelaunch.policy_report import phrases as module
from prelaunch.policy_report.model import Language, Signature
from prelaunch.policy_report.phrases import LANGUAGES, phrases
from prelaunch.policy_report.witness import TOLD
from prelaunch.reports.verdicts import ORDER

FAMILIES = {
    "verdict": [verdict.value for verdict in ORDER],
    "meaning": [verdict.value for verdict in ORDER],
    "severity": SEVERITY_ORDER,
    "confidence": get_args(Confidence),
    "status": get_args(Status),
    "channel": CHANNELS,
    "answer": ("fail", "review", "unknown"),
    "event": (*TOLD, "lost", "opted out"),
    "time": ("d", "h", "min", "s"),
}
"""Keys that are put together from a word of data."""
SUFFIXED = {
    "page.gate_": ("observe", "enforce"),
    "page.subtitle_": ("run", "audit"),
    "say.violated_": ("run", "audit"),
    "say.unbroken_": ("run", "audit"),
    "say.": ("review", "needs_input", "not_decided", "enforced", "not_tested"),
    "decision.": ("approved", "rejected", "approved-with-conditions"),
    "nav.": ("decision", "changes", "untested", "rules"),
}


def put_together() -> set[str]:
    """The keys that no source text holds whole."""
    families = {f"{name}.{word.replace(' ', '-')}" for name, words in FAMILIES.items() for word in words}
    return families | {prefix + word for prefix, words in SUFFIXED.items() for word in words}


def test_every_language_has_the_same_keys() -> None:
    assert {language: phrases(language).table.keys() for language in LANGUAGES} == dict.fromkeys(
        LANGUAGES, phrases("en").table.keys()
    )


def test_every_file_of_phrases_is_a_language_and_the_other_way_round() -> None:
    assert {path.stem for path in module.FOLDER.glob("*.yaml")} == set(LANGUAGES)


def test_a_phrase_names_the_same_values_in_every_language_and_plural() -> None:
    for key in phrases("en").table:
        named = set()
        for language in LANGUAGES:
            found = phrases(language).table[key]
            forms = [found] if isinstance(found, str) else list(found.values())
            named |= {frozenset(re.findall(r"\{(\w+)\}", form)) for form in forms}
        assert len(named) == 1, key


def test_every_language_has_all_its_plural_forms() -> None:
    for language in LANGUAGES:
        forms = [found.keys() for found in phrases(language).table.values() if not isinstance(found, str)]
        assert forms
        assert all(keys == FORMS[language] for keys in forms)


def test_no_phrase_is_unused_and_none_is_missing() -> None:
    folder = Path(module.__file__).parent
    texts = "".join(
        path.read_text(encoding="utf-8") for pattern in ("*.py", "templates/*.html") for path in folder.glob(pattern)
    )
    literal = set(re.findall(r'"([a-z]+\.[a-z_-]+)"', texts))
    known = set(phrases("en").table)
    assert known - literal - put_together() == set()
    assert put_together() - known == set()


def test_every_decision_has_a_phrase() -> None:
    decisions = get_args(Signature.__annotations__["decision"]) or SUFFIXED["decision."]
    assert set(SUFFIXED["decision."]) == set(decisions)


@pytest.mark.parametrize(
    ("n", "form"),
    [
        (0, "many"),
        (1, "one"),
        (2, "few"),
        (4, "few"),
        (5, "many"),
        (11, "many"),
        (12, "many"),
        (14, "many"),
        (21, "one"),
        (22, "few"),
        (111, "many"),
        (112, "many"),
        (121, "one"),
        (1001, "one"),
    ],
)
def test_russian_counts_in_three_forms(n: int, form: str) -> None:
    assert plural("ru", n) == form


def test_english_counts_in_two_forms() -> None:
    assert [plural("en", n) for n in (0, 1, 2, 21)] == ["other", "one", "other", "other"]


@pytest.mark.parametrize(("language", "shown"), [("en", "2026-03-02 10:05"), ("ru", "02.03.2026 10:05")])
def test_days_are_written_as_the_language_writes_them(language: Language, shown: str) -> None:
    assert phrases(language).day("2026-03-02 10:05") == shown


@pytest.mark.parametrize(("language", "shown"), [("en", "1.5\u202f%"), ("ru", "1,5\u202f%")])
def test_shares_are_written_as_the_language_writes_them(language: Language, shown: str) -> None:
    assert phrases(language).share(0.015) == shown
