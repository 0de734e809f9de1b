"""CSV and XLSX: opened again; nothing is computed, nothing is lost, links and filters stand."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from policies.errors import InputError
from policies.findings import Verdict
from policies.sites import Suppressed
from prelaunch.outputs import csv_table, xlsx
from prelaunch.outputs.sheet_words import HEADINGS, MEANING_RU, RUSSIAN, Words
from prelaunch.reports.recipients import harmless
from prelaunch.reports.verdicts import MEANING
from tests.support.results import NASTY, evidence, judged, one_of_each, result, rule, sms

WHO = Suppressed("Согласия на бумаге", "И. Петрова", "2026-12-31")
BROKEN = result("A-1", Verdict.VIOLATED, sms(suppressed=WHO), sms(channel="push"), evidence=(evidence(),))


def opened(*found: Any, language: str = "ru", **more: Any) -> dict[str, Worksheet]:
    data = xlsx.render([judged(*found, **more)], language)  # type: ignore[arg-type]
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: sheet for sheet in book}


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    heads, *found = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in found]


def lines(*found: Any, language: str = "ru", **more: Any) -> list[dict[str, str]]:
    text = csv_table.render([judged(*found, **more)], language).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=csv_table.DELIMITERS[language]))


def test_the_sheets_of_a_workbook_in_both_languages() -> None:
    assert list(opened(*one_of_each())) == ["Сводка", "Правила", "Находки", "Примеры"]
    assert list(opened(*one_of_each(), language="en")) == ["Summary", "Rules", "Findings", "Evidence"]


def test_every_sheet_has_a_standing_head_filters_and_widths() -> None:
    for sheet in opened(*one_of_each()).values():
        assert str(sheet.freeze_panes).endswith("2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(sheet.column_dimensions[cell.column_letter].width > 8 for cell in sheet[1])


def test_a_row_of_the_rules_says_what_the_result_says() -> None:
    (row,) = rows(opened(BROKEN)["Правила"])
    told = {name: row[name] for name in ("Правило", "Тяжесть", "Вердикт", "Влияет на код выхода", "Проверено",
                                         "Нарушений", "Исключение: основание", "Прочитано")}  # fmt: skip
    assert told == {
        "Правило": "A-1", "Тяжесть": "ошибка", "Вердикт": "нарушено", "Влияет на код выхода": "да", "Проверено": 10,
        "Нарушений": 4, "Исключение: основание": None, "Прочитано": "2026-11-01",
    }  # fmt: skip


def test_the_source_of_a_rule_is_a_link() -> None:
    for name in ("Правила", "Находки"):
        sheet = opened(BROKEN)[name]
        column = [cell.value for cell in sheet[1]].index("Ссылка")
        assert sheet[2][column].hyperlink.target == "https://example.org/sleep?a=1&b=2"


def test_a_suppressed_finding_stands_there_with_who_answers_for_it() -> None:
    first, second = rows(opened(BROKEN)["Находки"])
    names = ("Где", "Влияет на код выхода", "Исключение: основание", "Кто утвердил", "Действует по")
    assert [first[name] for name in names] == [
        "spring / sms-step / sms / offer", "нет", "Согласия на бумаге", "И. Петрова", "2026-12-31",
    ]  # fmt: skip
    assert [second[name] for name in names[1:]] == ["да", None, None, None]


def test_the_summary_counts_every_verdict_and_says_what_it_means() -> None:
    told = {row["Название"]: (row["Значение"], row["Что это значит"]) for row in rows(opened(*one_of_each())["Сводка"])}
    assert told["Правил: нарушений не замечено"] == ("1", MEANING_RU[Verdict.NOT_OBSERVED])
    assert sum(name.startswith("Правил: ") for name in told) == 8
    assert told["Начальное число"][0] == "3"


def test_the_evidence_has_its_replay_line() -> None:
    (row,) = rows(opened(BROKEN)["Примеры"])
    assert row["Команда повтора"] == "prelaunch run campaigns/spring.yaml --only ab12cd34ef56ab78"
    assert (row["Время (UTC)"], row["Исключение: основание"]) == ("2026-03-01T21:30:00Z", "Согласия на бумаге")


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_cell_is_computed_and_no_text_is_lost(text: str) -> None:
    item = result("A-1", Verdict.VIOLATED, sms(), rule=rule("A-1", title=text), evidence=(evidence(text),))
    for sheet in opened(item).values():
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    (row,) = lines(item)
    assert row["О чём правило"] == harmless(row["О чём правило"])
    if text.isprintable() and len(text) < 100:
        assert row["О чём правило"] in (text, f"'{text}")
        assert rows(opened(item)["Примеры"])[0]["Почему"] == (text or None)


@pytest.mark.parametrize(("letters", "kept"), [(32_766, 32_766), (32_767, 32_767), (32_768, 32_765)])
def test_a_text_longer_than_a_cell_is_cut_and_says_so(letters: int, kept: int) -> None:
    cell = rows(opened(result("A-1", Verdict.PROVED, rule=rule("A-1", statement="я" * letters)))["Правила"])[0]
    text = cell["Что требуется"]
    assert text == "я" * kept + " …" * (letters > 32_767)


def test_a_picture_is_not_cut_in_half() -> None:
    text = rows(opened(result("A-1", Verdict.PROVED, rule=rule("A-1", statement="🎉" * 16_384)))["Правила"])[0]
    assert text["Что требуется"] == "🎉" * 16_382 + " …"


def test_a_table_that_no_sheet_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_ROWS", 8)
    with pytest.raises(InputError, match="more than a sheet holds"):
        opened(*one_of_each())


def test_excel_knows_the_csv_by_its_mark_and_its_separator() -> None:
    data = csv_table.render([judged(BROKEN)])
    assert data.startswith("\ufeffПрогон;Правило;".encode())
    assert csv_table.render([judged(BROKEN)], "en").startswith("\ufeffRun,Rule,".encode())


def test_the_csv_has_every_rule_also_those_without_findings() -> None:
    assert {row["Правило"] for row in lines(*one_of_each())} == {f"HOUSE-{number:02}" for number in range(1, 9)}


def test_several_runs_stand_in_one_file() -> None:
    other = replace(judged(BROKEN).about, name="Осень")
    text = csv_table.render([judged(BROKEN), judged(BROKEN, about=other)]).decode("utf-8-sig")
    assert [line.partition(";")[0] for line in text.splitlines()] == ["Прогон", "Весна", "Весна", "Осень", "Осень"]


def test_every_word_has_both_languages() -> None:
    assert all(english and russian for english, russian in HEADINGS.values())
    assert set(MEANING_RU) == set(MEANING)
    ours = {verdict.value for verdict in Verdict} | {"block", "error", "warn", "info", "fail", "unknown", "new", "gone"}
    assert ours <= set(RUSSIAN)
    assert Words("en").word("violated") == "violated"


@pytest.mark.parametrize(("letters", "lines"), [(1, 1), (70, 1), (71, 2), (350, 5), (5_000, 8)])
def test_a_row_is_as_high_as_its_longest_text_up_to_a_limit(letters: int, lines: int) -> None:
    sheet = opened(result("A-1", Verdict.PROVED, rule=rule("A-1", statement="я" * letters)))["Правила"]
    assert (sheet.row_dimensions[2].height or 15) == 15 * lines
