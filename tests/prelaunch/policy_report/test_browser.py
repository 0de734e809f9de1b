"""The page in Chromium: as PDF in both languages, each page headed and numbered, nothing cut, nothing fetched."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from prelaunch.policy_report.model import Language
from prelaunch.policy_report.page import render
from prelaunch.policy_report.pdf import print_pdf
from prelaunch.policy_report.phrases import LANGUAGES, phrases
from prelaunch.reports.verdicts import ORDER
from tests.prelaunch.policy_report.made import content, entry, rule, tiny_report, witness
from tests.prelaunch.tiny import call

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("language", LANGUAGES)
DPI, EDGE_MM = 50, 8
LONG = "https://example.org/" + "averylongaddress" * 12


def printed(language: Language, folder: Path, rules: int = 40) -> Path:
    """A report of many rules with long words in them, as PDF."""
    many = [
        entry(
            ORDER[number % len(ORDER)].value,
            f"AB-{number:02d}",
            rule=rule(f"AB-{number:02d}", title=f"Word{number} " * 12, note=LONG),
            witness=witness() if number % 3 == 0 else None,
            missing=("evidence_of_something",) * 9,
        )
        for number in range(rules)
    ]
    (folder / "x.html").write_bytes(render(content(*many, language=language), ()))
    print_pdf(folder / "x.html", folder / "x.pdf")
    return folder / "x.pdf"


def pages(pdf: Path) -> list[str]:
    """The text of each page."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()
    return text.split("\f")[:-1]


def grey(pdf: Path, folder: Path) -> list[tuple[int, int, bytes]]:
    """Each page as (width, height, one byte a point)."""
    subprocess.run(["pdftoppm", "-gray", "-r", str(DPI), pdf, folder / "page"], check=True)
    found = []
    for file in sorted(folder.glob("page-*.pgm")):
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", file.read_bytes())
        assert head is not None
        found.append((int(head[1]), int(head[2]), file.read_bytes()[head.end() :]))
    return found


@BOTH
def test_every_page_is_headed_and_numbered_and_every_rule_is_there(language: Language, tmp_path: Path) -> None:
    found = pages(printed(language, tmp_path))
    say = phrases(language)
    assert len(found) > 5
    for number, text in enumerate(found, 1):
        assert say("page.header", name="Spring") in text
        assert f"{say('page.number')} {number} / {len(found)}" in text
    whole = "".join(found)
    assert {f"AB-{number:02d}" for number in range(40)} <= set(re.findall(r"AB-\d\d", whole))
    assert {f"Word{number}" for number in range(40)} <= set(re.findall(r"Word\d+", whole))
    assert say("witness.breaks") in whole


@BOTH
def test_nothing_reaches_the_edge_of_the_paper(language: Language, tmp_path: Path) -> None:
    edge = round(EDGE_MM / 25.4 * DPI)
    for width, height, points in grey(printed(language, tmp_path), tmp_path):
        assert abs(height / width - 297 / 210) < 0.01
        rows = [points[row * width : (row + 1) * width] for row in range(height)]
        assert all(min(row[:edge]) > 250 and min(row[-edge:]) > 250 for row in rows)
        assert any(min(row) < 128 for row in rows)


def test_a_report_written_and_signed_with_pdf_shows_the_decision_on_paper(tmp_path: Path) -> None:
    file = tiny_report(tmp_path, "--pdf", tmp_path / "x.pdf")
    assert "Nobody has signed" in "".join(pages(tmp_path / "x.pdf"))
    call("report", "key", tmp_path / "a.pem")
    signed = call(
        "report",
        "sign",
        file,
        "--key",
        tmp_path / "a.pem",
        "--reviewer",
        "Анна Котова",
        "--decision",
        "rejected",
        "--until",
        "2099-01-01",
        "--pdf",
        tmp_path / "x.pdf",
    )
    assert signed.code == 0
    text = "".join(pages(tmp_path / "x.pdf"))
    assert "Анна Котова" in text
    assert "Nobody has signed" not in text
