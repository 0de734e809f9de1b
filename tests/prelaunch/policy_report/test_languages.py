"""Texts of rules in Russian: whole for every shipped pack, refused where they are none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policies.errors import InputError
from policies.packs import PACKS, load_pack
from tests.prelaunch.policy_report.test_report_command import HOUSE


@pytest.mark.parametrize("pack", PACKS)
def test_every_rule_has_title_statement_and_fix_in_russian(pack: str) -> None:
    for rule in load_pack(pack).rules:
        texts = rule.languages["ru"]
        assert texts.keys() == {"title", "statement", "fix"}, rule.id
        assert texts["title"] != texts["statement"]
        for name in ("title", "fix"):
            assert re.search("[а-яё]", texts[name]), rule.id


@pytest.mark.parametrize("pack", PACKS)
def test_a_russian_text_names_the_figures_of_the_english_one(pack: str) -> None:
    for rule in load_pack(pack).rules:
        times = set(re.findall(r"\d\d:\d\d", rule.statement))
        assert times <= set(re.findall(r"\d\d:\d\d", rule.languages["ru"]["statement"])), rule.id
        evidence = set(re.findall(r"[a-z]+(?:_[a-z]+)+", rule.fix))
        assert evidence <= set(re.findall(r"[a-z]+(?:_[a-z]+)+", rule.languages["ru"]["fix"])), rule.id


@pytest.mark.parametrize(
    "wrong",
    [
        "{ru: {statement: Без заглавия}}",
        "{ru: Одна SMS}",
        "{russian: {title: Одна}}",
        "{ru: {title: ''}}",
        "{ru: {title: Одна, law: Да}}",
        "[ru]",
    ],
)
def test_a_text_of_another_form_is_refused_by_its_place(wrong: str, tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text(HOUSE.replace("{ru: {title: Одна SMS в неделю}}", wrong), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_pack("./house.yaml", tmp_path)
    assert any("languages" in problem.where for problem in caught.value.problems)
