"""Loading sound scenarios, YAML as it is written, options, the published schema and page."""

from __future__ import annotations

import io
import json
import pkgutil
import sys
from pathlib import Path

import msgspec
import pytest
from jsonschema import Draft202012Validator

from policies.errors import InputError
from policies.words import nearest, suggestion
from policies.yaml_tree import parse
from scenarios import checks, model
from scenarios.field_help import BLOCKS, field_help, page
from scenarios.field_meanings import MEANINGS
from scenarios.guards import guard_rules
from scenarios.load import load_scenario
from scenarios.model import Scenario
from scenarios.schema import scenario_schema, schema_text

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "scenarios" / "starter.yaml"
GOOD = Path(__file__).parent / "bad" / "good.yaml"

STRUCTS = {
    name: value
    for name, value in vars(model).items()
    if isinstance(value, type) and issubclass(value, msgspec.Struct) and value not in (model.Base, msgspec.Struct)
}


def test_the_starter_is_a_sound_scenario_and_every_block_is_explained() -> None:
    loaded = load_scenario(STARTER)
    assert [step.channel for step in loaded.scenario.campaigns[0].cascade] == ["push", "email", "sms"]
    assert loaded.scenario.packs == ["bp-promo", "ru-ads"]
    lines = loaded.text.splitlines()
    blocks = [index for index, line in enumerate(lines) if line[:1].isalpha() and line.endswith(":")]
    assert all(any(above.startswith("#") for above in lines[index - 3 : index]) for index in blocks)


def test_a_cap_of_the_starter_on_one_channel_counts_that_channel_alone() -> None:
    rules = load_scenario(STARTER).scenario.guards.rules
    [cap] = [rule for rule in rules if rule["kind"] == "frequency_cap"]
    assert cap["params"].get("count_channels", cap["channels"]) == cap["channels"] == ["sms"]


def test_the_fingerprint_is_of_the_files_bytes_and_options_do_not_change_it(tmp_path: Path) -> None:
    first = load_scenario(STARTER)
    assert load_scenario(STARTER, overrides={"seed": 2}).sha256 == first.sha256
    copy = tmp_path / "copy.yaml"
    copy.write_text(first.text + "\n", "utf-8")
    assert load_scenario(copy).sha256 != first.sha256
    assert (first.base_dir, load_scenario(copy).base_dir) == (STARTER.parent, tmp_path)


def test_a_scenario_is_read_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(STARTER.read_bytes())))
    loaded = load_scenario("-")
    assert (loaded.scenario.name, loaded.base_dir) == ("Spring offer", Path())


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + STARTER.read_bytes().replace(b"\n", b"\r\n"))
    assert load_scenario(path).scenario == load_scenario(STARTER).scenario


OPTIONS = {
    "seed": (9, lambda scenario: scenario.seed),
    "clock.horizon_days": (8, lambda scenario: scenario.clock.horizon_days),
    "campaigns.0.sample": (50, lambda scenario: scenario.campaigns[0].sample),
    "people.fatigue_per_message": (0.5, lambda scenario: scenario.people.fatigue_per_message),
    "packs": ([], lambda scenario: scenario.packs),
    "as_of": (None, lambda scenario: scenario.as_of),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_replaces_a_field(name: str) -> None:
    value, read = OPTIONS[name]
    assert read(load_scenario(STARTER, overrides={name: value}).scenario) == value


def test_an_option_replaces_a_whole_block() -> None:
    given = {"audience": {"file": {"path": "starter.yaml"}}}
    audience = load_scenario(STARTER, overrides=given).scenario.audience
    assert (audience.synthetic, audience.file and audience.file.path) == (None, "starter.yaml")


BAD_OPTIONS = {
    "seed": ("many", "option: seed: 'many' is not a whole number"),
    "sed": (1, "option: sed: there is no field 'sed' here"),
    "name.first": ("x", "option: name.first"),
    "campaigns.7.sample": (1, "the list has only 1 entries"),
    "campaigns.first.sample": (1, "a list has no field 'first'"),
    "audience": ({"file": {"path": "no.csv"}}, "option: audience.file.path: there is no file"),
}


@pytest.mark.parametrize("name", BAD_OPTIONS)
def test_a_bad_option_is_named_as_an_option(name: str) -> None:
    value, says = BAD_OPTIONS[name]
    with pytest.raises(InputError) as caught:
        load_scenario(STARTER, overrides={name: value})
    assert any(says in str(problem) for problem in caught.value.problems)


SCALARS = {
    "no": "no", "on": "on", "yes": "yes", "y": "y", "12:30": "12:30", "1:30:00": "1:30:00", "2021-10-01": "2021-10-01",
    "true": True, "False": False, "~": None, "": None, "null": None, "0o17": 15, "0x1F": 31, "017": 17, "-5": -5,
    "1e3": 1000.0, ".5": 0.5, "2.": 2.0, "1_000": "1_000", "0b11": "0b11", "'5'": "5", '"true"': "true", "!!str 5": "5",
    "+7 999": "+7 999", "1,5": "1,5", "=": "=",
}  # fmt: skip


@pytest.mark.parametrize("text", SCALARS)
def test_a_scalar_is_read_by_the_core_words_of_yaml_1_2(text: str) -> None:
    value, _ = parse(f"a: {text}", "x")
    assert value == {"a": SCALARS[text]}
    assert type(value["a"]) is type(SCALARS[text])


def test_keys_are_text_and_each_field_knows_its_line() -> None:
    value, lines = parse("a:\n  1: x\n  on:\n    - p\n    - q: 1\n", "x")
    assert value == {"a": {"1": "x", "on": ["p", {"q": 1}]}}
    assert [lines[path] for path in (("a",), ("a", "1"), ("a", "on", 0), ("a", "on", 1, "q"))] == [1, 2, 4, 5]


def test_an_alias_stands_for_what_it_names() -> None:
    value, lines = parse("a: &x {b: 1}\nc: *x\n", "x")
    assert value == {"a": {"b": 1}, "c": {"b": 1}}
    assert (lines["c",], lines["c", "b"]) == (2, 1)


def test_own_guards_become_blocking_rules_of_their_own_pack() -> None:
    rules = guard_rules(load_scenario(GOOD).scenario.guards)
    assert [(rule.id, rule.pack, rule.channels) for rule in rules] == [("quiet", "own", ()), ("caps", "own", ("sms",))]
    assert {(check.kind, check.severity) for rule in rules for check in rule.checks} == {
        ("time_window", "block"),
        ("frequency_cap", "block"),
    }


def test_the_published_schema_and_page_are_fresh() -> None:
    assert (ROOT / "docs" / "scenario.schema.json").read_text("utf-8") == schema_text(), "run: make docs"
    assert (ROOT / "docs" / "scenario.md").read_text("utf-8") == page(), "run: make docs"


def test_the_published_schema_is_a_schema_and_accepts_the_starter() -> None:
    schema = json.loads(schema_text())
    Draft202012Validator.check_schema(schema)
    for path in (STARTER, GOOD):
        value, _ = parse(path.read_text("utf-8"), "x")
        assert list(Draft202012Validator(schema).iter_errors(value)) == []


def test_the_schema_refuses_a_channel_it_does_not_know_as_a_key() -> None:
    properties = scenario_schema()["$defs"]["Scenario"]["properties"]
    assert "sms" in properties["channels"]["propertyNames"]["enum"]


def test_every_field_of_the_model_has_a_meaning_and_stands_on_the_page() -> None:
    fields = {name: set(struct.__struct_fields__) for name, struct in STRUCTS.items()}
    assert fields == {name: set(meanings) for name, meanings in MEANINGS.items()}
    assert sorted(STRUCTS) == sorted(name for _, name in BLOCKS)
    assert len(field_help()) == sum(len(names) for names in fields.values())


def test_units_and_defaults_of_fields_are_told() -> None:
    told = {(field.block, field.name): (field.unit, field.default) for field in field_help()}
    assert told["campaigns[].cascade[]", "wait_s"] == ("seconds", "*none*")
    assert told["campaigns[]", "spread_h"] == ("hours", "`0`")
    assert told["audience.synthetic", "size"] == ("", "")
    assert told["channels.CHANNEL", "read"][0] == "share, 0 to 1"
    assert told["staff", "days"][1] == "`[1, 2, 3, 4, 5]`"


def test_the_registry_of_checks_equals_their_folder() -> None:
    modules = {module.name for module in pkgutil.iter_modules(checks.__path__)} - {"facts"}
    assert {check.__module__.rpartition(".")[2] for check in checks.CHECKS} == modules
    assert len(checks.CHECKS) == len(modules)


def test_the_nearest_word_is_near_and_a_strange_word_gets_the_list() -> None:
    assert nearest("SSM", ["sms", "email"]) == "sms"
    assert nearest("advert", ["debt", "poll"]) is None
    assert suggestion("x", ["b", "a"], what="valid") == "valid: a, b"
    assert suggestion("x", [f"{n:02}" for n in range(20)], what="valid", limit=2) == "valid: 00, 01 and 18 more"
    assert suggestion("x", []) == "none are defined"


def test_a_scenario_can_be_taken_apart_and_put_together_again() -> None:
    scenario = load_scenario(GOOD).scenario
    assert msgspec.convert(msgspec.to_builtins(scenario), Scenario) == scenario
