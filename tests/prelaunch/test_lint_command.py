"""``prelaunch lint``: templates of scenarios and single texts, said as a compiler would."""

from __future__ import annotations

from pathlib import Path

import pytest

from prelaunch import exits
from prelaunch.layout import fold
from prelaunch.linting import expand
from prelaunch.remarks import SOFTER
from tests.prelaunch.tiny import TINY, Called, call, write

GOOD = "Вы интересовались сыром: скидка до пятницы. Отписаться: ответьте СТОП"


def text(body: str, *words: object, channel: str = "viber") -> Called:
    """Lint one text by no pack but ``bp-promo``."""
    return call("lint", "--channel", channel, "--pack", "bp-promo", "--text", body, *words)


def codes(shown: Called) -> list[tuple[str, str]]:
    return [(remark["severity"], remark["code"]) for remark in shown.json["remarks"]]


def test_a_remark_names_file_line_field_severity_code_words_and_fix(tmp_path: Path) -> None:
    file = write(tmp_path, ("Скидка до пятницы}", "Cкидка до пятницы}"))  # a Latin C
    shown = call("lint", file, "--least", "error", "--ignore", "BP-GRAM-01")
    line = 1 + TINY[: TINY.index("push-text:")].count("\n")
    assert shown.code == exits.FINDINGS
    assert shown.out.startswith(f"{file}:{line}: push-text.body: error mixed-alphabets: 'Cкидка' mixes Cyrillic")
    assert shown.out.endswith(" in one alphabet)\n")
    assert shown.err == "2 templates checked: 1 error\n"


def test_the_line_is_that_of_the_field_where_it_stands_on_a_line_of_its_own(tmp_path: Path) -> None:
    block = "push-text:\n    channel: push\n    category: promo\n    subject: Скидка\n    body: Скидка, {{name}}\n"
    file = write(tmp_path, (TINY[TINY.index("push-text: {") : TINY.index("  sms-text: {")], block))
    line = 1 + file.read_text(encoding="utf-8").splitlines().index("    body: Скидка, {{name}}")
    (remark,) = [r for r in call("lint", file, "--json").json["remarks"] if r["code"] == "missing-variable"]
    assert (remark["line"], remark["field"], remark["words"]) == (line, "body", [])
    assert "add the column name" in remark["fix"]


def test_what_the_packs_say_of_the_words_stands_beside_the_lint(tmp_path: Path) -> None:
    file = write(tmp_path, (" Отписка: СТОП", ""))
    (remark,) = [r for r in call("lint", file, "--json").json["remarks"] if r["code"] == "BP-UNSUB-01"]
    assert (remark["template"], remark["severity"], remark["answer"]) == ("sms-text", "error", "fail")
    assert remark["source"].startswith(
        "edna: article on promotional WhatsApp messages in Russia (a provider's text of about"
    )


def test_a_rule_speaks_only_of_its_channels_and_categories(tmp_path: Path) -> None:
    file = write(tmp_path, ("sms-text: {channel: sms, category: promo", "sms-text: {channel: sms, category: service"))
    found = {(r["template"], r["code"]) for r in call("lint", file, "--json").json["remarks"]}
    assert ("push-text", "BP-REL-01") in found
    assert ("sms-text", "BP-REL-01") not in found


def test_a_rule_of_a_country_without_recipients_is_not_asked(tmp_path: Path) -> None:
    words = [(" Отписка: СТОП", " Весенний sale"), ("packs: [bp-promo]", "packs: [ru-ads]")]
    here = call("lint", write(tmp_path, *words), "--json")
    abroad = call("lint", write(tmp_path, *words, ("{size: 12", "{country: KZ, size: 12")), "--json")
    assert "RU-ADS-LANG-01" in {code for _, code in codes(here)}
    assert "RU-ADS-LANG-01" not in {code for _, code in codes(abroad)}


def test_rules_are_those_of_the_date(tmp_path: Path) -> None:
    file = write(tmp_path, ("packs: [bp-promo]", "packs: [ru-ads]"), ("Отписка: СТОП", "Кредит под 5 % годовых"))
    before, after = (call("lint", file, "--as-of", day, "--json") for day in ("2025-02-28", "2025-03-01"))
    assert "RU-ADS-FIN-01" not in {code for _, code in codes(before)}
    assert "RU-ADS-FIN-01" in {code for _, code in codes(after)}


def test_what_lacks_an_input_is_info_and_said_once(tmp_path: Path) -> None:
    remarks = call("lint", write(tmp_path), "--json").json["remarks"]
    (unknown,) = [remark for remark in remarks if remark["answer"] == "unknown"]
    assert (unknown["severity"], unknown["code"], unknown["fix"]) == ("info", "BP-GRAM-01", "")
    assert (
        unknown["message"]
        == "not judged: no dictionary is given (prelaunch lint FILE --dictionary WORDS); nor in sms-text"
    )


def test_a_dictionary_lets_spelling_be_judged(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("скидка\nдо\nпятницы\nотписка\nстоп\n", encoding="utf-8")
    file = write(tmp_path)
    assert "BP-GRAM-01" not in {code for _, code in codes(call("lint", file, "--dictionary", words, "--json"))}
    words.write_text("ничего\n", encoding="utf-8")
    assert ("warn", "BP-GRAM-01") in codes(call("lint", file, "--dictionary", words, "--json"))


def test_what_a_person_has_to_decide_is_softened() -> None:
    shown = text("Кредит под 5 % годовых", "--pack", "ru-ads", "--json")
    (remark,) = [remark for remark in shown.json["remarks"] if remark["answer"] == "review"]
    assert (remark["severity"], remark["code"]) == ("warn", "RU-ADS-FIN-01")
    assert remark["message"].endswith("a person should read it")
    assert set(SOFTER) == {"block", "error", "warn", "info"}


def test_columns_come_from_the_audience_file_and_its_empty_cells_are_counted(tmp_path: Path) -> None:
    body = 'body: "Скидка для {{name}}", variables: {name: first}'
    file = write(tmp_path, ("body: Скидка до пятницы", body))
    people = tmp_path / "people.csv"
    people.write_text("customer_id,phone,first\n1,+79031234567,Анна\n2,+79031234568,\n", encoding="utf-8")
    remarks = call("lint", file, "--audience", people, "--json").json["remarks"]
    assert [r["message"] for r in remarks if r["code"] == "empty-values"] == ["{{name}} stays empty for 1 of 2 people"]
    assert "missing-variable" not in {remark["code"] for remark in remarks}


def test_a_column_that_is_filled_for_all_is_not_remarked_on(tmp_path: Path) -> None:
    body = 'body: "Скидка для {{name}}", variables: {name: full_name}'
    remarks = call("lint", write(tmp_path, ("body: Скидка до пятницы", body)), "--json").json["remarks"]
    assert {"empty-values", "missing-variable"}.isdisjoint(remark["code"] for remark in remarks)


@pytest.mark.parametrize(("size", "mass"), [("size: 12", False), ("size: 50000", True)])
def test_the_size_of_the_whole_audience_counts_though_a_sample_is_made(size: str, mass: bool, tmp_path: Path) -> None:
    whatsapp = "push-text: {channel: whatsapp, category: promo, body"
    file = write(tmp_path, ("push-text: {channel: push, category: promo, subject: Скидка, body", whatsapp),
                 ("channel: push, template: push-text, sender: app", "channel: whatsapp, template: push-text"),
                 ("size: 12", size))  # fmt: skip
    assert ("BP-MIX-01" in {code for _, code in codes(call("lint", file, "--json"))}) == mass


def test_a_large_synthetic_audience_is_not_made_for_the_lint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    from prelaunch import linting

    original = linting.load_audience
    monkeypatch.setattr(linting, "load_audience", lambda spec, **rest: made.append(spec) or original(spec, **rest))
    call("lint", write(tmp_path, ("size: 12", "size: 50000000")))
    assert [spec.synthetic.size for spec in made] == [linting.SAMPLE]


@pytest.mark.parametrize(("least", "code"), [("block", 0), ("error", 1), ("warn", 1), ("never", 0)])
def test_remarks_from_fail_on_up_are_exit_code_1(least: str, code: int) -> None:
    assert text("Скидка до пятницы", "--fail-on", least).code == code


def test_an_ignored_code_neither_shows_nor_fails() -> None:
    shown = text("Скидка до пятницы", "--ignore", "BP-UNSUB-01")
    assert shown.code == exits.DONE
    assert "BP-UNSUB-01" not in shown.out


def test_least_hides_and_does_not_change_the_exit_code() -> None:
    shown = text("Скидка до пятницы", "--least", "block")
    assert (shown.code, shown.out, shown.err) == (exits.FINDINGS, "", "1 text checked: nothing found\n")


def test_a_good_text_leaves_standard_output_empty() -> None:
    shown = text(GOOD, "--ignore", "BP-GRAM-01")
    assert (shown.code, shown.out, shown.err) == (exits.DONE, "", "1 text checked: nothing found\n")


def test_texts_on_standard_input_are_one_a_line_with_its_number() -> None:
    words = ("--channel", "viber", "--pack", "bp-promo", "--ignore", "BP-GRAM-01")
    shown = call("lint", *words, "-", stdin=f"{GOOD}\r\n\r\nСкидка\n")
    assert {line.split(": ")[0] for line in shown.out.splitlines()} == {"<text>:3"}
    assert shown.err.startswith("2 texts checked:")


def test_single_texts_are_judged_by_all_packs_unless_one_is_named() -> None:
    shown = call("lint", "--channel", "whatsapp", "--text", "Верните долг! 🎉", "--json")
    assert {"WA-DEBT-01", "BP-NEG-01"} <= {code for _, code in codes(shown)}


def test_without_a_date_a_text_is_judged_by_the_newest_version_of_a_rule() -> None:
    newest = "RU-DEBT-ID-01"  # its first version spoke of SMS alone
    words = ("lint", "--channel", "viber", "--category", "debt", "--text", "У вас долг", "--json")
    assert newest in {code for _, code in codes(call(*words))}
    assert newest not in {code for _, code in codes(call(*words, "--as-of", "2025-01-01"))}


def test_a_scenario_on_standard_input_has_that_name(tmp_path: Path) -> None:
    shown = call("lint", "-", stdin=write(tmp_path).read_bytes())
    assert shown.out.startswith("<stdin>:9: push-text.body: ")


def test_json_is_all_that_stands_on_standard_output(tmp_path: Path) -> None:
    shown = call("lint", write(tmp_path), "--json")
    assert set(shown.json) == {"checked", "counts", "remarks"}
    assert shown.json["checked"] == 2
    assert sum(shown.json["counts"].values()) == len(shown.json["remarks"])


def test_a_glob_takes_files_in_order_and_each_once(tmp_path: Path) -> None:
    names = [write(tmp_path, name=name) for name in ("b.yaml", "a.yaml")]
    assert expand([str(names[0]), f"{tmp_path}/*.yaml"]) == [names[0], names[1]]
    assert call("lint", f"{tmp_path}/[ab].yaml").err.startswith("4 templates checked")


def test_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    faulty = [write(tmp_path, ("seed: 3", "seed: x"), name=name) for name in ("a.yaml", "b.yaml")]
    shown = call("lint", *faulty)
    assert (shown.code, shown.out) == (exits.BAD_INPUT, "")
    assert all(f"{file}:2: seed" in shown.err for file in faulty)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "nothing to check"),
        (["--text", "x"], "add --channel"),
        (["--channel", "sms"], "nothing to check"),
        (["--channel", "sms", "a.yaml"], "is for single texts"),
        (["--channel", "sms", "--text", "x", "--audience", "a.csv"], "is for scenarios"),
        (["no*.yaml"], "no file has such a name"),
        (["no.yaml"], "there is no such file"),
        (["--channel", "sms", "--text", "x", "--pack", "bp-prom"], "did you mean bp-promo"),
        (["--channel", "sms", "--text", "x", "--dictionary", "no.txt"], "cannot be read"),
    ],
)
def test_bad_usage_is_exit_code_2(words: list[str], told: str) -> None:
    shown = call("lint", *words)
    assert (shown.code, shown.out) == (exits.BAD_INPUT, "")
    assert told in shown.err


def test_standard_input_that_is_no_text_is_bad_input() -> None:
    shown = call("lint", "--channel", "sms", "-", stdin=b"\xff\xfe\x00")
    assert shown.code == exits.BAD_INPUT
    assert "UTF-8" in shown.err


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_folded_line_fits_its_terminal_and_keeps_its_words(columns: int) -> None:
    line = "a.yaml:3: offer.body: warn BP-REL-01: " + "the text lacks a word " * 12
    folded = fold(line, columns)
    assert max(map(len, folded)) <= columns
    assert " ".join(" ".join(folded).split()) == line.strip()
    assert all(piece.startswith("    ") for piece in folded[1:])


def test_off_a_terminal_a_line_stays_whole() -> None:
    assert fold("word " * 100, None, first=2) == ["  " + "word " * 100]


def test_a_single_text_is_judged_by_the_rules_of_the_country_that_is_named() -> None:
    def found(*more: str) -> set[str]:
        shown = call("lint", "--channel", "sms", "--language", "en", "--text", "Debt relief", "--json", *more)
        return {code for _, code in codes(shown)}

    assert "US-CTIA-CONT-01" not in found()
    assert "US-CTIA-CONT-01" in found("--country", "us")
    assert "US-CTIA-CONT-01" in found("--pack", "us-carrier")
    assert "US-CTIA-CONT-01" not in found("--pack", "us-carrier", "--country", "RU")
