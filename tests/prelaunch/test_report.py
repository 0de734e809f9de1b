"""The report page: complete, self-contained, escaped, the same bytes for the same run; its numbers and pictures."""

from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64decode
from collections import Counter
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pyarrow as pa
import pytest

from policies.findings import Evidence, RuleResult, Verdict, in_clear, keyed_hash, upper_bound
from policies.records import DAY, HOUR, MINUTE, NEVER, SECOND
from policies.rules import Check, Citation, Rule
from prelaunch.reports import numbers
from prelaunch.reports.charts.cost import cost_chart
from prelaunch.reports.charts.funnel import funnel_chart
from prelaunch.reports.charts.holds import holds_chart
from prelaunch.reports.charts.intervals import intervals_chart
from prelaunch.reports.charts.limits import limits_chart
from prelaunch.reports.charts.reach import reach_chart
from prelaunch.reports.comparison import compare_rows, render_compare
from prelaunch.reports.figures import key_figures
from prelaunch.reports.inputs import Assumed, Rejected, ReportInputs
from prelaunch.reports.recipients import COLUMNS, harmless, recipient_table, recipients_csv
from prelaunch.reports.report import render_report
from prelaunch.reports.verdicts import ORDER, headline, in_words
from prelaunch.summary.model import Summary
from prelaunch.summary.summarise import summarise
from scenarios.experiments.compare import Metrics, ScenarioRuns, compare_table
from scenarios.experiments.statistics import estimate
from tests.prelaunch.fake_logs import FACTS, RANDOM_FACTS, RUB, START, hand_made, random_log, row, table

HOSTILE = "<script>alert(1)</script>\"'&$x^{2}$\x00\u202e=cmd"


def rule(name: str = "BP-1", severity: str = "error", **more: object) -> Rule:
    fields = {"id": name, "pack": "bp-promo", "version": 1, "title": "No offers at night", "statement": "Not at night.",
              "rationale": "", "citation": Citation("Act", "5", "https://law.example/5", date(2026, 11, 22)),
              "confidence": "documented", "checks": (Check("time_window", severity=severity),),
              "fix": "Send by day."}  # fmt: skip
    return Rule(**(fields | more))


def finding(verdict: Verdict, name: str = "BP-1", tested: int = 10, **more: object) -> RuleResult:
    numbers_of = {"failed": 0, "review": 0, "unknown": 0, "upper_bound": None, "severity": "error"}
    return RuleResult(rule(name), verdict, tested, **(numbers_of | more))


EVIDENCE = Evidence("fail", "at 23:10", "9f86d081", "sale", "sms", "offer", at=START, local_time="2021-10-01 23:10",
                    replay="prelaunch run x.yaml --only 9f86d081")  # fmt: skip
FINDINGS = tuple(finding(verdict, f"BP-{i}") for i, verdict in enumerate(Verdict))


@pytest.fixture(scope="module")
def hand() -> Summary:
    return summarise(table(hand_made()), FACTS)


@pytest.fixture(scope="module")
def page(hand) -> str:
    recipients = recipient_table(table(hand_made()), keyed_hash(b"secret"))
    return render_report(ReportInputs(
        hand, FINDINGS, "An offer", obeying=hand, recipients=recipients, audience_rows=5,
        rejects=(Rejected("unreadable number", 2, "line 3"),), notices=("two rows have no zone",),
        not_modelled=("filters of operators",), assumed=(Assumed("red threshold", "2 %", "assumed"),),
        manifest={"inputs": {"scenario.yaml": "ab12"}, "packs": ["bp-promo", "whatsapp"]},
        replay="prelaunch run sale.yaml --seed 7"))  # fmt: skip


class Elements(HTMLParser):
    """Collects (tag, attributes) of a page, and the tags left open."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def values(self, name: str) -> list[str]:
        return [attributes[name] for _, attributes in self.found if attributes.get(name)]


def test_the_first_screen_tells_name_date_verdicts_and_figures_with_units(page):
    screen = page[: page.index("<nav>")]
    for text in ("<h1>test</h1>", "2021-10-01", "1 rule violated, 1 of them grave", "3 still open", "75.0\u202f%",
                 "112.00\u202fRUB", "2\u202fmin", "37.33\u202fRUB"):  # fmt: skip
        assert text in screen


def test_all_eight_verdicts_are_counted_apart(page):
    screen = page[: page.index("<nav>")]
    for verdict in Verdict:
        assert re.search(rf">1 {verdict.value}</li>", screen)
    assert set(ORDER) == set(Verdict)


@pytest.mark.parametrize("text", [
    "What it costs to obey", "Not at night.", "Act, 5", "read on 2026-11-22", "Send by day.", "1-viber", "name", "fee",
    "two rows have no zone", "unreadable number", "filters of operators", "red threshold", "inputs.scenario.yaml",
    "bp-promo, whatsapp", "prelaunch run sale.yaml --seed 7", "reviewed by", "BP-2", "no address", "rejects.csv",
    "1 recipients got more than one message",
])  # fmt: skip
def test_the_page_holds(page, text):
    assert text in page


def test_the_page_is_well_formed_and_its_ids_differ(page):
    elements = Elements(page)
    assert elements.open == []
    assert [name for name, n in Counter(elements.values("id")).items() if n > 1] == []
    inside = {link[1:] for link in elements.values("href") if link.startswith("#")}
    assert inside <= set(elements.values("id"))


def test_the_page_needs_nothing_from_outside(page):
    elements = Elements(page)
    assert not {tag for tag, _ in elements.found} & {"script", "link", "iframe", "img", "object", "base", "form"}
    assert elements.values("src") == []
    outside = [(tag, a["href"]) for tag, a in elements.found if (a.get("href") or "").startswith(("http", "//"))]
    assert set(outside) == {("a", "https://law.example/5")}
    assert not re.search(r"@import|url\((?!#)", page)


def test_the_same_run_gives_the_same_bytes(hand):
    inputs = ReportInputs(hand, FINDINGS)
    assert render_report(inputs) == render_report(inputs)


def test_hostile_texts_are_shown_and_not_run():
    rows = [cell | {"step": HOSTILE, "sender": HOSTILE, "reason": HOSTILE} for cell in hand_made()]
    rows = [cell | ({"recipient": HOSTILE + cell["recipient"]} if "recipient" in cell else {}) for cell in rows]
    log, bad = table(rows), rule(HOSTILE, title=HOSTILE, citation=Citation(HOSTILE, url="javascript:alert(1)"))
    result = replace(finding(Verdict.VIOLATED, failed=1), rule=bad, evidence=(replace(EVIDENCE, explanation=HOSTILE),))
    html = render_report(ReportInputs(
        summarise(log, replace(FACTS, scenario=HOSTILE)), (result,), HOSTILE, notices=(HOSTILE,), replay=HOSTILE,
        recipients=recipient_table(log, in_clear), manifest={HOSTILE: HOSTILE}, recipients_file=HOSTILE))  # fmt: skip
    elements = Elements(html)
    assert "script" not in {tag for tag, _ in elements.found}
    assert not [link for link in elements.values("href") if link.startswith("javascript")]
    assert not [name for _, attributes in elements.found for name in attributes if name.startswith("on")]
    assert "&lt;script&gt;" in html


def test_a_big_run_stays_under_three_megabytes():
    summary = summarise(random_log(50, 140), RANDOM_FACTS)
    results = [finding(Verdict.VIOLATED, f"R-{i}", failed=20, evidence=(EVIDENCE,) * 30) for i in range(100)]
    html = render_report(ReportInputs(summary, results))
    assert len(html.encode()) < 3_000_000
    assert html.count("9f86d081</td>") == 20 * 100  # evidence is cut at twenty rows
    assert html.count("<svg") == 6 + 3  # the six largest funnels, reach, cost, holds


def test_an_empty_run_has_a_page_with_sentences_in_place_of_pictures():
    html = render_report(ReportInputs(summarise(table([]), replace(FACTS, campaigns=()))))
    assert "<svg" not in html
    for sentence in ("No rule was judged", "No campaign ran", "No recipient was reached", "Nothing was billed",
                     "No attempt was held", "No messaging limit"):  # fmt: skip
        assert sentence in html


def test_several_replications_are_shown_with_intervals():
    both = pa.concat_tables([random_log(200, replication=r) for r in range(3)])
    html = render_report(ReportInputs(summarise(both, RANDOM_FACTS)))
    assert "mean of 3" in html
    assert "describe replication 0" in html


def test_the_small_list_of_recipients_travels_inside_the_page(page):
    link = next(a["href"] for _, a in Elements(page).found if a.get("download") == "recipients.csv")
    csv = b64decode(link.split("base64,")[1]).decode("utf-8-sig")
    assert csv.splitlines()[0] == ",".join(f'"{name}"' for name in COLUMNS)
    assert len(csv.splitlines()) == 6


def test_who_got_the_message_by_which_channel():
    rows = {r["recipient"]: r for r in recipient_table(table(hand_made()), in_clear).to_pylist()}
    ann, bob, dan, eve = (rows[who] for who in ("ann", "bob", "dan", "eve"))
    assert ann == {"recipient": "ann", "campaign": "sale", "outcome": "read", "channel": "viber",
                   "reached_at": "2021-10-01T06:02:00Z", "reported_at": "2021-10-01T06:03:00Z",
                   "read_at": "2021-10-01T06:04:00Z", "messages_submitted": 1, "messages_delivered": 1,
                   "cost": "1.00"}  # fmt: skip
    assert (bob["channel"], bob["messages_delivered"], bob["cost"]) == ("viber", 2, "6.00")
    assert bob["reported_at"] == "2021-10-01T07:02:00Z"
    assert (dan["outcome"], dan["channel"], dan["reached_at"]) == ("not reached", "", "")
    assert eve["outcome"] == "held out"


def test_recipients_are_shown_by_a_keyed_hash():
    shown = recipient_table(table(hand_made()), keyed_hash(b"secret")).column("recipient").to_pylist()
    assert len(set(shown)) == 5
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in shown)


@pytest.mark.parametrize(("cell", "safe"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("-2+3", "'-2+3"), ("+79991234567",) * 2,
                                            ("-5",) * 2, ("ann",) * 2, ("\tx", "'\tx")])  # fmt: skip
def test_no_cell_is_taken_for_a_formula(cell, safe):
    assert harmless(cell) == safe


def test_a_comma_or_quote_in_a_name_does_not_break_the_csv():
    import csv

    text = recipients_csv(recipient_table(table([row("released", 'a,"b"')]), in_clear)).decode("utf-8-sig")
    assert list(csv.reader(text.splitlines()))[1][0] == 'a,"b"'


BROKEN, MILD = finding(Verdict.VIOLATED), finding(Verdict.VIOLATED, severity="warn")
HEADLINES = {
    "No rule was judged": (),
    "No rule violated; none still open": (finding(Verdict.PROVED),),
    "1 rule violated, 1 of them grave (block or error); 1 still open": (BROKEN, finding(Verdict.REVIEW)),
    "2 rules violated, 1 of them grave": (BROKEN, MILD),
}


@pytest.mark.parametrize(("text", "findings"), HEADLINES.items())
def test_the_headline(text, findings):
    assert text in headline(findings)


def test_a_rule_not_observed_is_shown_with_its_number_and_bound():
    words = in_words(finding(Verdict.NOT_OBSERVED, tested=100_000, upper_bound=upper_bound(100_000)))
    assert words == "100\u202f000 judged, failure rate below 0.0030\u202f% (95 %, one-sided)"


NUMBERS = [
    (numbers.count(1234567), "1 234 567"), (numbers.count(None), "–"), (numbers.count(-5), "−5"),
    (numbers.money(1_234_500_000, "RUB"), "1 234.50 RUB"), (numbers.money(12_500, "EUR"), "0.0125 EUR"),
    (numbers.money(0, "RUB"), "0.00 RUB"), (numbers.money_short(12_345_678_900, "RUB"), "12 346 RUB"),
    (numbers.money_short(9_999_990_000, "RUB"), "9 999.99 RUB"),
    (numbers.share(1, 3), "33.3 %"), (numbers.share(1, 0), "–"), (numbers.share(0, 5), "0 %"),
    (numbers.share(1, 3000), "0.033 %"), (numbers.share(5, 5), "100.0 %"), (numbers.points(-0.0125), "−1.2 pp"),
    (numbers.duration(90 * SECOND), "1 min 30 s"), (numbers.duration(2 * DAY + 3 * HOUR + MINUTE), "2 d 3 h"),
    (numbers.duration(2 * DAY + MINUTE), "2 d"), (numbers.duration(500_000), "500 ms"),
    (numbers.duration(-500_500), "−500 ms"), (numbers.in_unit(0.0001, "hours", ""), "360 ms"),
    (numbers.in_unit(0.0, "hours", ""), "0 s"), (numbers.duration(None), "–"),
    (numbers.duration(-HOUR), "−1 h"), (numbers.instant(START, "Europe/Moscow"), "2021-10-01 09:00"),
    (numbers.with_interval(estimate("x", "share", [0.1, 0.3]), "RUB"), "20.0 % (−107.1 … 147.1)"),
    (numbers.with_interval(estimate("x", "count", [1000, 1002]), "RUB"), "1 001 (988.3 … 1 013.7)"),
    (numbers.with_interval(estimate("x", "money", [5]), "RUB"), "5.00 RUB"),
]  # fmt: skip


@pytest.mark.parametrize(("shown", "expected"), NUMBERS)
def test_numbers_are_written_with_narrow_spaces_and_units(shown, expected):
    assert shown.replace(numbers.THIN, " ") == expected


def test_key_figures_of_the_hand_made_run(hand):
    shown = {figure.label: figure.value.replace(numbers.THIN, " ") for figure in key_figures(hand)}
    assert shown["reached"] == "75.0 %"
    assert shown["complaints"] == "1"
    assert shown["got it more than once"] == "1"


def pictures(summary: Summary) -> dict[str, str]:
    zone = summary.zone
    return {
        "funnel": funnel_chart("a", summary.campaigns[0].steps if summary.campaigns else ()),
        "reach": reach_chart("b", summary.reach_over_time, summary.in_all.released, zone),
        "cost": cost_chart("c", summary.in_all.charges, "RUB"),
        "limits": limits_chart("d", summary.states, summary.last_at, zone),
        "holds": holds_chart("e", summary.hold_hours, zone),
    }


@pytest.mark.parametrize("name", ["funnel", "reach", "cost", "limits", "holds"])
def test_a_picture_is_svg_with_a_label_and_without_data_a_sentence(hand, name):
    root = ET.fromstring(pictures(hand)[name])
    assert root.tag.endswith("svg")
    assert root.get("aria-label")
    assert pictures(summarise(table([]), FACTS))[name].startswith('<p class="empty">')


def test_pictures_carry_names_in_any_script_and_unlimited_limits():
    rows = [row("limit_changed", units=units, occurred_at=START + day * DAY, sender="бренд-品牌-$x_1$")
            for day, units in enumerate((1000, 10_000, NEVER))]  # fmt: skip
    picture = limits_chart("x", summarise(table(rows), FACTS).states, START + 4 * DAY, "Europe/Moscow")
    assert "бренд-品牌-$x_1$" in picture
    assert ">unlimited<" in picture


METRICS = Metrics(10 * RUB, 10, 8, 7, 5, 4, 1, HOUR, HOUR, HOUR)


def comparison(n: int):
    runs = [ScenarioRuns(name, "RUB", 1, tuple(replace(METRICS, cost_micro=(cost + i * i) * RUB) for i in range(n)))
            for name, cost in (("<b>one</b>", 10), ("two", 12))]  # fmt: skip
    return compare_table(runs)


def test_the_page_of_a_comparison_is_well_formed_escaped_and_bold_where_it_differs():
    html = render_compare(comparison(3))
    assert Elements(html).open == []
    assert "&lt;b&gt;one&lt;/b&gt;" in html
    assert "<b>2.00\u202fRUB (2.00 … 2.00)</b>" in html
    assert "0\u202fpp (0 … 0)" in html or "0\u202fpp" in html


def test_one_replication_has_no_interval_and_the_page_says_so():
    html = render_compare(comparison(1))
    assert "there is no interval" in html
    assert "…" not in html


def test_the_rows_for_the_terminal_mark_what_differs():
    rows = compare_rows(comparison(3))
    assert rows[0] == ("", "<b>one</b>", "two")
    cost = next(r for r in rows if r[0] == "cost")
    assert cost[2].endswith("*")
    assert "\n" not in cost[1]


def test_a_comparison_in_which_nothing_was_observed_has_a_sentence():
    empty = Metrics(0, 0, 0, 0, 0, 0, 0)
    table_of = compare_table([ScenarioRuns(n, "RUB", 1, (empty,)) for n in "ab"], ())
    assert intervals_chart("x", table_of).startswith('<p class="empty">')


def test_importing_the_report_does_not_load_matplotlib():
    code = "import sys, prelaunch.reports.report; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
