"""Packs: the shipped ones are sound, a user's own is checked with all problems at once, dates choose rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from policies.catalogue import as_dict, difference, evidence_asked, select, versions
from policies.errors import InputError
from policies.pack_schema import kind_schemas, pack_schema
from policies.packs import PACK_FOLDER, PACKS, all_rules, in_force, load_pack, load_packs
from policies.records import CATEGORIES, CHANNELS, NEVER
from policies.rules import RUN_KINDS, Check, Rule, scope
from policies.runs import RUN_MODULES
from scripts.kinds_page import parameters

SHIPPED = all_rules(load_packs(PACKS))
GOOD = """\
pack: house
title: Rules of the house
version: "1"
zone: Europe/Moscow
countries: [RU]
rules:
  - id: HOUSE-01
    title: Quiet at night
    statement: Nothing goes out at night.
    rationale: People sleep.
    citation: {act: our own}
    confidence: guessed
    effective_from: 2025-01-01
    effective_to: 2026-01-01
    channels: [sms, push]
    categories: [promo]
    checks:
      - kind: time_window
        severity: error
        params: {workday: ["08:00", "22:00"]}
    fix: Send by day.
    examples: {passes: noon, fails: midnight}
"""
SECOND = GOOD.partition("rules:\n")[2]
NEXT_VERSION = SECOND.replace("    title", "    version: 2\n    title")

FAULTS = {
    "unknown field": ("title: Quiet at night", "titel: Quiet", ":8: rules.0.titel", "did you mean title?"),
    "unknown channel": ("[sms, push]", "[sms, pusch]", ":15: rules.0.channels.1", "did you mean push?"),
    "unknown category": ("[promo]", "[promos]", ":16: rules.0.categories.0", "did you mean promo?"),
    "unknown kind": ("time_window", "time_windows", ":18: rules.0.checks.0.kind", "did you mean time_window?"),
    "unknown parameter": ("workday:", "workdays:", ":20: rules.0.checks.0.params.workdays", "did you mean workday?"),
    "a window past midnight": ('["08:00", "22:00"]', '["22:00", "08:00"]', ":20: rules.0.checks.0.params.workday",
                               "before it begins at 22:00"),
    "unknown severity": ("error", "eror", ":19: rules.0.checks.0.severity", "did you mean error?"),
    "unknown confidence": ("guessed", "gessed", ":12: rules.0.confidence", "did you mean guessed?"),
    "missing field": ("    fix: Send by day.\n", "", ":7: rules.0", "'fix' is missing"),
    "malformed date": ("2025-01-01", "01.01.2025", ":13: rules.0.effective_from", "YYYY-MM-DD"),
    "impossible date": ("2025-01-01", "2025-02-30", ":13: rules.0.effective_from", "is not a date"),
    "ends before it begins": ("2026-01-01", "2024-01-01", ":14: rules.0.effective_to", "ends before it begins"),
    "unknown zone": ("Europe/Moscow", "Europe/Moskow", ":4: zone", "did you mean Europe/Moscow?"),
    "country in small letters": ("[RU]", "[ru]", ":5: countries.0", "ISO 3166"),
    "identical rule twice": ("rules:\n", f"rules:\n{SECOND}", "rules.1.id", "version 1 stands twice"),
    "no rules": (GOOD.partition("rules:\n")[1] + SECOND, "rules: []\n", ":6: rules", ""),
    "field twice": ("    fix:", "    fix: Sleep.\n    fix:", ":22: rules.0.fix", "stands twice"),
    "not YAML": ("citation: {act", "citation: {act: [", ":11", "this is not YAML"),
    "a brace too many": ("citation: {act", "citation: {{act", ":11", "a key must be a plain word"),
    "an alias of nothing": ("fix: Send by day.", "fix: *day", ":21", "aliases need &day above"),
    "a check outside its rule": ("severity: error", "severity: error\n        channels: [voice]",
                                 ":18: rules.0.checks.0", "outside its rule"),
    "a version that overlaps": ("rules:\n", "rules:\n" + NEXT_VERSION,
                                "rules.1.id", "in force on the same day"),
}  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    def put(text: str) -> str:
        (tmp_path / "house.yaml").write_text(text, encoding="utf-8")
        return str(tmp_path / "house.yaml")

    return put


def test_the_registry_of_packs_equals_their_folder() -> None:
    assert {path.stem for path in PACK_FOLDER.iterdir()} == set(PACKS)


def test_the_registry_of_run_kinds_equals_their_modules() -> None:
    assert tuple(module.__name__.rpartition(".")[2] for module in RUN_MODULES) == RUN_KINDS


def test_the_schema_is_a_json_schema_and_so_is_that_of_every_kind() -> None:
    Draft202012Validator.check_schema(pack_schema())
    for schema in kind_schemas().values():
        Draft202012Validator.check_schema(schema)


def test_every_parameter_of_every_kind_says_what_it_is() -> None:
    silent = [
        (kind, path) for kind, schema in kind_schemas().items() for path, what, *_ in parameters(schema) if not what
    ]
    assert silent == []


def test_a_pack_of_ones_own_loads_by_its_path(write: Callable[[str], str]) -> None:
    pack = load_pack(write(GOOD))
    rule = pack.rules[0]
    assert (pack.name, rule.id, rule.version, rule.countries, rule.zone) == (
        "house", "HOUSE-01", 1, ("RU",), "Europe/Moscow",
    )  # fmt: skip
    assert rule.checks[0].params == {"workday": ["08:00", "22:00"]}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_line_field_and_remedy(fault: str, write: Callable[[str], str]) -> None:
    old, new, where, words = FAULTS[fault]
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        load_pack(write(GOOD.replace(old, new, 1)))
    assert where in str(caught.value)
    assert words in str(caught.value)


def test_all_faults_are_shown_at_once(write: Callable[[str], str]) -> None:
    text = GOOD.replace("[sms, push]", "[smss]").replace("guessed", "gessed").replace("fix:", "fixx:")
    with pytest.raises(InputError) as caught:
        load_pack(write(text))
    assert len(caught.value.problems) == 4


def test_an_unknown_pack_gets_the_nearest_name() -> None:
    with pytest.raises(InputError, match="did you mean ru-debt"):
        load_packs(["ru-dept"])


def test_a_pack_that_is_not_there_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_packs(["absent.yaml"], tmp_path)


def test_two_packs_may_not_share_a_rule(write: Callable[[str], str]) -> None:
    with pytest.raises(InputError, match=r"BP-CAP-01 is also in"):
        load_packs(["bp-promo", write(GOOD.replace("HOUSE-01", "BP-CAP-01"))])


def test_a_rule_is_in_force_from_its_first_to_the_day_before_its_last(write: Callable[[str], str]) -> None:
    rules = load_pack(write(GOOD)).rules
    days = (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1))
    assert [len(in_force(rules, day)) for day in days] == [0, 1, 1, 0]


def test_without_a_date_rules_keep_their_own() -> None:
    dated = [rule for rule in in_force(SHIPPED, None) if rule.effective_from]
    assert dated
    assert all(rule.written is None for rule in dated)


def test_with_a_date_rules_hold_at_any_time_and_remember_their_dates() -> None:
    (rule,) = (rule for rule in in_force(SHIPPED, date(2026, 11, 22)) if rule.id == "WA-LIMIT-01")
    reach = scope(rule, rule.checks[0])
    assert (reach.start, reach.end) == (-NEVER, NEVER)
    assert (rule.version, rule.dates) == (2, (date(2025, 10, 7), None))


def test_announced_rules_are_listed_and_never_judged() -> None:
    announced = {rule.id for rule in SHIPPED if rule.status == "announced"}
    assert announced >= {
        "RU-DEBT-ROBOT-01", "RU-MSGR-OTP-01", "RU-VOICE-INTL-01", "US-TCPA-NPRM-00", "US-TCPA-REV-03",
    }  # fmt: skip
    assert announced <= {rule.id for rule in select(SHIPPED)}
    assert not announced & {rule.id for rule in in_force(SHIPPED, None)}


def test_a_date_begins_at_midnight_of_the_packs_zone(write: Callable[[str], str]) -> None:
    rule = load_pack(write(GOOD)).rules[0]
    assert scope(rule, rule.checks[0]).start == 1_735_678_800_000_000  # 2024-12-31T21:00:00Z


@pytest.mark.parametrize(
    ("before", "after", "rule_id", "change"),
    [
        ("2021-10-01", "2026-11-22", "RU-ADS-RES-01", "added"),
        ("2024-01-31", "2024-02-01", "RU-DEBT-CAP-03", "added"),
        ("2025-08-31", "2025-09-01", "RU-DEBT-ID-01", "changed"),
        ("2025-05-31", "2025-06-01", "RU-DEBT-MSGR-01", "changed"),
        ("2024-10-31", "2024-11-01", "WA-OPTIN-01", "changed"),
        ("2025-03-31", "2025-04-01", "WA-US-01", "added"),
        ("2025-04-08", "2025-04-09", "WA-CAT-01", "changed"),
        ("2025-10-06", "2025-10-07", "WA-LIMIT-01", "changed"),
        ("2026-02-10", "2026-02-11", "RU-ADS-RES-01", "changed"),
        ("2026-02-10", "2026-02-11", "RU-MSGR-REACH-01", "changed"),
        ("2024-12-12", "2024-12-13", "RU-MSGR-REACH-01", "added"),
        ("2025-08-31", "2025-09-01", "RU-VOICE-CONS-01", "added"),
    ],
)
def test_the_rules_of_two_dates_differ_as_the_sources_say(before: str, after: str, rule_id: str, change: str) -> None:
    changes = difference(SHIPPED, date.fromisoformat(before), date.fromisoformat(after))
    assert {item.id: item.change for item in changes}[rule_id] == change


def test_a_day_on_which_nothing_changed_shows_no_difference() -> None:
    assert difference(SHIPPED, date(2026, 5, 1), date(2026, 5, 2)) == ()


def test_rules_are_chosen_by_pack_channel_category_and_date() -> None:
    assert {rule.pack for rule in select(SHIPPED, pack="ru-debt")} == {"ru-debt"}
    by_channel = {rule.id for rule in select(SHIPPED, channel="push")}
    assert "RU-ADS-CONS-04" in by_channel
    assert "RU-ADS-CONS-01" not in by_channel
    assert "RU-DEBT-CAP-04" in {rule.id for rule in select(SHIPPED, category="debt")}
    assert not select(SHIPPED, pack="ru-debt", as_of=date(2016, 12, 31))


def test_the_catalogue_names_the_evidence_that_rules_ask_for() -> None:
    asked = evidence_asked(SHIPPED)
    assert asked["sender_not_hidden"] == ("RU-DEBT-NUM-01",)
    assert asked["rating_reviews"] == ("BP-RATE-01",)
    assert "method" not in asked


def test_the_versions_of_a_rule_come_oldest_first_whatever_the_case() -> None:
    assert [rule.version for rule in versions(SHIPPED, "wa-optin-01")] == [1, 2]
    assert versions(SHIPPED, "WA-OPTIN-99") == ()


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: f"{rule.id}-{rule.version}")
def test_a_shipped_rule_is_documented_and_honest(rule: Rule) -> None:
    assert rule.statement.endswith(".")
    if rule.citation.url:
        assert rule.citation.url.startswith("http")
    if rule.confidence == "documented":
        assert rule.citation.url or rule.pack == "bp-promo"
        assert rule.citation.read_on
    if rule.confidence in ("statute-known", "guessed") and rule.pack != "bp-promo":
        assert rule.note or rule.citation.read_on is None
    if rule.status == "disputed":
        assert rule.note
    assert as_dict(rule)["id"] == rule.id


def test_a_check_inherits_what_its_rule_limits() -> None:
    (rule,) = versions(SHIPPED, "WA-US-01")
    reach = scope(rule, Check("channel_ban"))
    assert (reach.channels, reach.categories, reach.countries) == (("whatsapp",), ("promo",), ("US",))
    (quiet,) = versions(SHIPPED, "BP-QUIET-01")
    assert scope(quiet, Check("consent", channels=("sms", "push"))).channels == ("push", "sms")
    assert set(scope(quiet, Check("consent")).channels) == set(CHANNELS)
    assert set(CATEGORIES) > set(scope(quiet, Check("consent")).categories) == {"promo"}
