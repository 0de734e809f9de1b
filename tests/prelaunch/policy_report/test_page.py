"""The page: what the first screen says, the two verdicts side by side, nothing from outside, the size."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import msgspec
import pytest

from policies.catalogue import as_dict
from policies.packs import PACKS, all_rules, load_packs
from prelaunch.policy_report.document import LARGEST, parse
from prelaunch.policy_report.entries import rule_text
from prelaunch.policy_report.model import Beside, Earlier, Language, OldVerdict, Proof, Suppressed, Verified
from prelaunch.policy_report.page import css_string, render
from prelaunch.policy_report.phrases import LANGUAGES
from prelaunch.reports.verdicts import ORDER
from tests.prelaunch.policy_report.made import content, entry, page, rule, witness

BOTH = pytest.mark.parametrize("language", LANGUAGES)


class Reader(HTMLParser):
    """Collects text by tag, and every address that a browser would fetch by itself."""

    VOID = ("meta", "br", "line", "circle", "rect")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [str(value) for name, value in attrs if name in ("src", "srcset", "data", "action")]
        self.fetched += [str(value) for name, value in attrs if name == "href" and tag != "a"]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "script" not in self.open and "style" not in self.open:
            self.words.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    return reader


def words(text: str) -> str:
    return " ".join(" ".join(read(text).words).split())


@BOTH
def test_the_page_is_sound_and_fetches_nothing(language: Language) -> None:
    text = page(entry(), entry("not tested", "AB-02"), language=language)
    assert read(text).fetched == []
    assert re.findall(r"url\(|@import|<script(?! type=\"application/json\")", text) == []
    assert "default-src 'none'" in text


@BOTH
def test_all_eight_verdicts_are_counted_apart(language: Language) -> None:
    rules = [
        entry(verdict.value, f"AB-{number}{copy}") for number, verdict in enumerate(ORDER) for copy in range(number + 1)
    ]
    found = re.search(r'<table class="counts">.*?</table>', page(*rules, language=language), re.DOTALL)
    assert found is not None
    assert re.findall(r'<td class="n">(\d+)</td>', found[0]) == [str(number + 1) for number in range(len(ORDER))]


@pytest.mark.parametrize("word", ["compliant", "соответствует требованиям"])
def test_a_clean_run_is_never_called_compliant(word: str) -> None:
    for language in LANGUAGES:
        assert word not in page(entry("not observed"), language=language).lower()
    assert "That is an observation, not a proof." in page(entry("not observed"))


def test_the_first_sentence_counts_what_is_broken_and_how_grave() -> None:
    text = words(page(entry(), entry(name="AB-02", severity="info")))
    assert "2 rules were broken in this rehearsal, 1 of grave severity" in text


@pytest.mark.parametrize(
    ("n", "said"),
    [(1, "нарушено 1 правило,"), (2, "нарушено 2 правила,"), (5, "нарушено 5 правил,"), (21, "нарушено 21 правило,")],
)
def test_russian_rules_are_counted_in_russian(n: int, said: str) -> None:
    assert said in words(page(*(entry(name=f"AB-{i:02d}") for i in range(n)), language="ru"))


def test_a_rule_shows_source_numbers_fix_and_witness() -> None:
    text = words(page(entry()))
    for said in (
        "Statement of AB-01",
        "Act 7 , art. 3",
        "https://example.org/7",
        "read on 2026-11-22",
        "documented",
        "40 judged, 3 failed",
        "Fix of AB-01",
        "here the rule is broken",
        "too late",
    ):
        assert said in text.replace("Act 7,", "Act 7 ,")


def test_an_upper_bound_is_shown_where_nothing_failed() -> None:
    assert "failure rate below 7.2\u202f%" in page(entry("not observed", upper_bound=0.0722))


def test_a_rule_in_russian_where_there_is_a_text_else_in_english() -> None:
    known = rule(languages={"ru": {"title": "Заглавие", "statement": "Требование"}})
    text = words(page(entry(rule=known), entry(name="AB-02"), language="ru"))
    assert "Заглавие" in text
    assert "Требование" in text
    assert "Fix of AB-01" in text
    assert "Title of AB-02" in text


def verified(*proofs: Proof) -> Verified:
    return Verified("f" * 64, "0.1.0", "0" * 64, "2026-03-02", {"delay_s": 60}, proofs)


def test_verdicts_seen_and_proved_stand_side_by_side() -> None:
    proofs = verified(
        Proof("AB-01", "violated", sentence="Two steps suffice.", witness=witness(recipient="zone Omsk")),
        Proof("AB-02", "proved"),
    )
    text = page(entry("not observed"), entry("not observed", "AB-02"), verify=proofs)
    assert re.findall(r'<td class="n">(\d+)</td>', text)[:16:2] == ["0", "0", "0", "0", "2", "0", "0", "0"]
    assert re.findall(r'<td class="n">(\d+)</td>', text)[1:16:2] == ["1", "0", "0", "0", "0", "0", "1", "0"]
    said = words(text)
    assert "1 cannot be broken, 1 can be, 0 stay open" in said
    assert "zone Omsk" in said
    assert said.index("Two steps suffice.") < said.index("Title of AB-02 error")


def test_what_the_proof_found_besides_is_told() -> None:
    beside = Beside("late receipts", "It is sent twice.", "Wait longer.", witness())
    text = words(page(verify=msgspec.structs.replace(verified(), besides=(beside,))))
    assert "late receipts It is sent twice." in text
    assert "Wait longer." in text


def test_suppressions_in_force_are_shown_with_who_answers_for_them() -> None:
    text = words(page(entry(suppressed=Suppressed("agreed with counsel", "O. Reyes", "2027-01-31"))))
    assert "AB-01 agreed with counsel O. Reyes 2027-01-31" in text
    assert "1 broken rule stands under a suppression" in text


def test_changes_since_the_last_report_are_told_rule_by_rule() -> None:
    old = Earlier(
        "old.html",
        "1" * 64,
        "0.1.0",
        "2026-02-01",
        None,
        {"seed": "2"},
        (
            OldVerdict("AB-01", "not observed", "t"),
            OldVerdict("AB-02", "violated", "t"),
            OldVerdict("AB-04", "proved", "Gone"),
        ),
    )
    text = words(page(entry(), entry("review", "AB-02"), entry("not tested", "AB-03"), since=old))
    assert "1 newly broken, 1 no longer broken, 2 otherwise changed" in text
    for said in (
        "Broken now, not before",
        "No longer broken",
        "Judged now, not before",
        "Judged before, not now",
        "Gone",
    ):
        assert said in text
    assert "Other verdict" not in text
    assert re.search(r"Inputs that are not the same: [^.]*\bseed\b", text)


def test_a_broken_rule_that_was_not_judged_before_counts_as_newly_broken() -> None:
    old = Earlier("old", "1" * 64, "0.1.0", None, None, {}, ())
    text = words(page(entry(), entry("not tested", "AB-02"), since=old))
    assert "1 newly broken, 0 no longer broken, 1 otherwise changed" in text


def test_a_rule_that_was_reviewed_and_now_lacks_input_is_another_verdict() -> None:
    old = Earlier("old", "1" * 64, "0.1.0", None, None, {}, (OldVerdict("AB-01", "review", "t"),))
    assert "Other verdict" in words(page(entry("needs input", missing=("staff",)), since=old))


def test_what_was_not_tested_is_listed_with_what_is_missing() -> None:
    text = words(page(entry("needs input", missing=("who answers",)), entry("not tested", "AB-02")))
    assert "An input was missing (1)" in text
    assert "who answers" in text
    assert "What the rule is about did not occur (1)" in text


HOSTILE = "</script><script>alert(1)</script><!--/decisions--><img src=x onerror=1>\"'&{{7*7}}"


@BOTH
def test_texts_of_inputs_never_become_markup(language: Language) -> None:
    hostile = entry(
        rule=rule(title=HOSTILE, statement=HOSTILE, fix=HOSTILE, languages={"ru": {"title": HOSTILE}}),
        note=HOSTILE,
        missing=(HOSTILE,),
        suppressed=Suppressed(HOSTILE, HOSTILE, HOSTILE),
        witness=witness(sentence=HOSTILE),
    )
    made = content(hostile, language=language)
    made = msgspec.structs.replace(
        made, subject=msgspec.structs.replace(made.subject, name=HOSTILE, description=HOSTILE)
    )
    data = render(made, ())
    text = data.decode()
    assert "<img" not in text
    assert text.count("<script") == 2
    assert "49" not in words(text).replace("2049", "")
    assert parse(data, __import__("pathlib").Path("x")).content == made


def test_an_address_that_is_no_web_page_is_no_link() -> None:
    cited = msgspec.structs.replace(rule().citation, url="javascript:alert(1)")
    assert 'href="javascript' not in page(entry(rule=rule(citation=cited)))


def test_a_name_in_the_page_header_cannot_leave_its_string() -> None:
    assert css_string('a"b\\ я') == "a\\000022b\\00005c\\000020\\00044f"


def test_a_report_of_all_shipped_rules_with_evidence_and_witness_each_is_small_enough() -> None:
    template = entry()
    rules = [
        msgspec.structs.replace(template, rule=rule_text(as_dict(one)), evidence=template.evidence * 5, found=20)
        for one in all_rules(load_packs(PACKS))
    ]
    assert len(rules) > 150
    for language in LANGUAGES:
        assert len(render(content(*rules, language=language), ())) < LARGEST
