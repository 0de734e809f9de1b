"""Texts of rules in Russian: whole for every shipped pack, refused where they are none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from policies.errors import InputError
from policies.packs import PACKS, load_pack
from policies.rules import Rule
from tests.prelaunch.policy_report.test_report_command import HOUSE

NAMED_ABROAD = (
    "CFR", "USC", "Code d", "POJK", "Regulations 20", "Canada's Anti-Spam", "Florida Statutes", "Oklahoma Telephone",
    "Connecticut SB", "Oregon HB", "Texas SB", "Virginia SB", "Washington HB", "Insurance Marketing Coalition v. FCC",
)  # fmt: skip
"""Parts of the names of foreign acts, which stay as they are in Russian too: so a lawyer finds them."""


def texts(rule: Rule) -> Mapping[str, str]:
    return rule.languages.get("ru", {})


def needed(rule: Rule) -> set[str]:
    """Return which Russian texts a rule should have."""
    abroad = any(part in rule.citation.act for part in NAMED_ABROAD)
    return {"title", "statement", "fix"} | ({"note"} if rule.note else set()) | (set() if abroad else {"source"})


def numbers(text: str) -> set[str]:
    """Return the numbers of a text, without what separates thousands."""
    return set(re.findall(r"\d+", re.sub(r"(?<=\d)[, ](?=\d{3}\b)", "", text)))


@pytest.mark.parametrize("pack", PACKS)
def test_every_text_of_a_rule_is_in_russian(pack: str) -> None:
    missing = [f"{rule.id}: {name}" for rule in load_pack(pack).rules for name in needed(rule) - texts(rule).keys()]
    assert missing == []


@pytest.mark.parametrize("pack", PACKS)
def test_a_russian_text_is_russian_and_has_an_english_one(pack: str) -> None:
    for rule in load_pack(pack).rules:
        assert texts(rule)["title"] != texts(rule)["statement"], rule.id
        assert bool(rule.note) == ("note" in texts(rule)), rule.id
        for name in texts(rule).keys() - {"source"}:
            assert re.search("[а-яё]", texts(rule)[name]), (rule.id, name)


@pytest.mark.parametrize("pack", PACKS)
def test_a_russian_source_and_note_have_the_numbers_of_the_english_one(pack: str) -> None:
    for rule in load_pack(pack).rules:
        pairs = [(rule.note, texts(rule).get("note", ""))]
        if "source" in texts(rule):
            pairs.append((f"{rule.citation.act} {rule.citation.clause}", texts(rule)["source"]))
        for english, russian in pairs:
            assert numbers(english) <= numbers(russian), (rule.id, russian)


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
        "{ru: {title: Одна, source: 38}}",
        "[ru]",
    ],
)
def test_a_text_of_another_form_is_refused_by_its_place(wrong: str, tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text(HOUSE.replace("{ru: {title: Одна SMS в неделю}}", wrong), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_pack("./house.yaml", tmp_path)
    assert any("languages" in problem.where for problem in caught.value.problems)
