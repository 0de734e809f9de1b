"""Notices about bases, calendars and logs of others in Russian: every one that the tables of the code hold."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import scenarios.audience
from prelaunch.disclosure import NOTICE
from prelaunch.numerals import FORMS
from prelaunch.sentences import AS_IT_IS, COUNT, said
from scenarios.audience import records, rows
from scenarios.audience.notices import MEANINGS
from scenarios.audience.refusals import Refusal
from scenarios.calendar_notices import Decided, told
from scenarios.foreign.notices import LogNotice
from tests.prelaunch.test_sentences import TABLE
from tests.scenarios.audience_help import load_text
from tests.scenarios.foreign.test_foreign_case import NIGHT, case, foreign
from tests.scenarios.test_calendar_csv import HEADER, read

KEPT = r"IANA|UTF-8|ISO|SMS|NUL|push|mapping|constants: \{category: promo\}"
"""What stays as it is: standards, settings."""
FILLED = {"count": 5, "line": 3, "size": 8, "width": 9, "share": 0.5, "field": "_", "reason": Refusal.NUL}


def english(text: str) -> bool:
    """Say whether something of a notice is left in English."""
    return re.search("[A-Za-z]{2}", re.sub(KEPT, "", said(text, "ru"))) is not None


def test_every_reason_and_meaning_of_a_base_is_in_russian() -> None:
    assert [text for text in (*MEANINGS, *MEANINGS.values()) if english(text)] == []


@pytest.mark.parametrize("column", ["", "email", "skip, sms, channel: it", "Код, ФИО"])
def test_a_notice_about_a_base_is_russian_throughout_but_for_the_names_of_columns(column: str) -> None:
    for reason, meaning in MEANINGS.items():
        full = f"{reason}: {column}" if column else reason
        text = said(NOTICE.format(count=12, reason=full, line=3, meaning=meaning), "ru")
        place = f": {column}" if column else ""
        assert text == f"12 × {said(reason, 'ru')}{place} (впервые в строке 3) — {said(meaning, 'ru')}"


def test_reasons_can_be_told_from_the_details_that_follow_them() -> None:
    assert not [reason for reason in MEANINGS if ": " in reason or "(" in reason]


def test_every_decision_on_a_calendar_is_in_russian() -> None:
    for notice in told("a/sms, email.csv", Counter(Decided), 0.5):
        other = said(notice, "ru")
        assert other.startswith("a/sms, email.csv: 1 рассылка — ")
        assert not re.search("[A-Za-z]", other.removeprefix("a/sms, email.csv: "))


@pytest.mark.parametrize("refusal", Refusal)
def test_every_reason_to_turn_a_row_away_is_in_russian(refusal: Refusal) -> None:
    reason = refusal.format(**FILLED)
    assert not english(reason)
    for notice in (LogNotice.ASIDE, LogNotice.ASIDE_CELL):
        text = said(notice.format(**{**FILLED, "field": "phone", "reason": reason}), "ru")
        assert text.endswith((f"строка 3: {said(reason, 'ru')}", f"строка 3, phone: {said(reason, 'ru')}"))


@pytest.mark.parametrize("notice", LogNotice)
def test_every_notice_about_a_log_of_others_is_in_russian(notice: LogNotice) -> None:
    assert not english(notice.format(**FILLED))


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "у 1 получателя часовой пояс неизвестен"),
        (2, "у 2 получателей часовой пояс неизвестен"),
        (21, "у 21 получателя часовой пояс неизвестен"),
        (1011, "у 1011 получателей часовой пояс неизвестен"),
    ],
)
def test_one_recipient_is_told_from_several(count: int, expected: str) -> None:
    assert said(LogNotice.NO_ZONE.format(count=count), "ru") == expected


@pytest.mark.parametrize(("count", "word"), [(1, "рассылка"), (3, "рассылки"), (12, "рассылок"), (22, "рассылки")])
def test_a_calendar_counts_campaigns_in_the_right_form(count: int, word: str) -> None:
    (notice,) = told("c.csv", Counter({Decided.NO_SIZE: count}), 0.25)
    assert said(notice, "ru") == f"c.csv: {count} {word} — размер не указан: взята доля базы 0,25"


def test_a_sentence_with_forms_has_them_all_and_a_count() -> None:
    found = [(text, other) for group in TABLE.values() for text, other in group.items() if not isinstance(other, str)]
    assert len(found) > 5
    for text, other in found:
        assert other.keys() == FORMS["ru"], text
        assert f"{{{COUNT}}}" in text


def test_what_is_never_translated_is_named_in_the_table() -> None:
    texts = " ".join(text for group in TABLE.values() for text in group)
    assert all(f"{{{name}}}" in texts for name in AS_IT_IS)


BAD = """\
customer_id,phone,email,language
1,+79161234567,,ru
1,+79161234568,,ru
2,+79161234567,,ru
3,+7916,,ru
4,+7916123456789012345,,ru
5,+9991234567890,,ru
6,+70001234567,,ru
7,не звонить,,ru
8,"+79161234569, +79161234560",,ru
9,"7,91612E+10",,ru
10,,,ru
,,a@b.ru,ru
{long},+79161234561,,ru
11,+79161234562
12,+791612345\0,,ru
"""


def refused(folder: Path) -> Iterator[str]:
    """Yield why rows of bad bases are turned away."""
    text = BAD.format(long="x" * (rows.ID_BYTES + 1)).encode()
    huge = b"13,+79161234563," + b"x" * (records.RECORD_BYTES + 1) + b",ru\n"
    for tail in (huge + b'14,"+7916,,ru\n', b"15,+79161234564,\xff\xfe\xff,ru\n"):
        yield from (reject.reason for reject in load_text(folder, text + tail).rejects)


def test_bad_rows_are_turned_away_for_every_reason_and_all_are_in_russian(tmp_path: Path) -> None:
    reasons = sorted(set(refused(tmp_path)))
    table = [re.escape(one).replace(r"\{", "{").replace(r"\}", "}") for one in Refusal]
    patterns = [re.sub(r"\{\w+\}", r"\\d+", one) for one in table]
    assert [one for one in patterns if not any(re.fullmatch(one, reason) for reason in reasons)] == []
    assert [reason for reason in reasons if english(reason)] == []


def test_no_reason_to_turn_a_row_away_is_written_beside_the_table() -> None:
    found = []
    for path in Path(scenarios.audience.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if name in {"Reject", "_reject", "Phone"}:
                parts = [part for part in ast.walk(node) if isinstance(part, ast.Constant)]
                found += [f"{path.name}: {part.value}" for part in parts if " " in str(part.value)]
    assert found == []


def test_what_a_case_of_a_foreign_log_says_is_in_russian(tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text("customer_id,phone\na,+79161234567\nb,12\n")
    lines = ("a,sms,2026-11-20T12:00:00Z", "z,sms,2026-11-20T13:00:00Z", "z,sms,never")
    found = case(
        tmp_path, foreign(tmp_path, *lines, keep_going=True), NIGHT, audience=tmp_path / "base.csv", country="US"
    )
    assert len(found.notices) > 4
    assert [notice for notice in found.notices if english(notice.replace("phone:", "_:"))] == []


def test_what_a_calendar_file_says_is_in_russian(tmp_path: Path) -> None:
    rows = "1,bulk,push,2023-03-01 09:00:00,,,\n2,bulk,push,,,1,\n3,bulk,push,2023-03-01 09:00:00,,9000,\n"
    notices = read(tmp_path, HEADER + rows, default_share=0.25).notices
    assert len(notices) == 4
    assert [notice for notice in notices if english(notice.replace(str(tmp_path / "calendar.csv"), "1"))] == []
