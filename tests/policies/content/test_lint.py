"""The lint finds each fault and nothing else; cases are data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.content.lint import lint_template
from policies.content.text import TemplateText, TextButton

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("lint_cases.yaml").read_text(encoding="utf-8"))


def template(case: dict[str, Any]) -> TemplateText:
    """Return the template of a case."""
    fields = {"channel": "sms", "category": "service", "body": "Ваш заказ готов", **case["template"]}
    fields["body"] = fields["body"] * fields.pop("times", 1)
    fields["buttons"] = tuple(TextButton(*button) for button in fields.get("buttons", ()))
    fields["variables"] = tuple(fields.get("variables", {}).items())
    return TemplateText(**fields)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_the_lint_says_what_the_case_expects(case: dict[str, Any]) -> None:
    findings = lint_template(case.get("name", "order_ready"), template(case), case.get("columns", ["name", "sum"]))
    assert sorted(f"{f.code} {f.severity}" for f in findings) == sorted(case["finds"])


@pytest.mark.parametrize("case", [c for c in CASES if "quotes" in c], ids=lambda case: case["case"])
def test_a_finding_quotes_its_place(case: dict[str, Any]) -> None:
    text = template(case)
    findings = lint_template("order_ready", text, case.get("columns", ["name", "sum"]))
    quoted = [text.part(f.field)[slice(*f.place)] for f in findings if f.place and f.field in dict(text.parts())]
    assert case["quotes"] in quoted


def test_every_finding_names_its_template_its_mend_and_its_source() -> None:
    findings = [f for case in CASES for f in lint_template("here", template(case), None)]
    assert findings
    assert all(f.template == "here" and f.fix and f.source and f.message for f in findings)


def test_the_gravest_finding_comes_first() -> None:
    severities = [f.severity for f in lint_template("x", TemplateText("sms", "promo", "{{a}} Пpивет — {b}"), None)]
    assert severities == sorted(severities, key=("error", "warn", "info").index)
    assert set(severities) == {"error", "warn", "info"}


@pytest.mark.parametrize(("length", "codes"), [(2000, []), (2001, ["too-long"])])
def test_a_link_is_at_most_2000_characters(length: int, codes: list[str]) -> None:
    link = TextButton("url", "Открыть", "https://a.test/".ljust(length, "x"))
    text = TemplateText("whatsapp", "service", "Ваш заказ готов", buttons=(link,))
    assert [f.code for f in lint_template("a", text, ())] == codes


def test_the_mend_says_on_which_side_words_are_missing() -> None:
    text = TemplateText("whatsapp", "service", "{{name}}, ваш заказ готов, {{name}}")
    assert [f.fix for f in lint_template("a", text, ["name"])] == ["put words before it", "put words after it"]


def test_a_foreign_placeholder_is_shown_as_ours() -> None:
    (finding,) = lint_template("a", TemplateText("sms", "service", "Сумма %sum% рублей"), ())
    assert finding.fix == "write {{sum}}"
