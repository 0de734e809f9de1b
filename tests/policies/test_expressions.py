"""``when`` and ``unless``: what is refused and why, and that a missing fact is never taken for an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.errors import InputError
from policies.expressions.guard import MOST_GUARDS, Answers, Guard, asked_columns, guard_of, guards_of
from policies.expressions.language import FACTS, Evaluator, attributes_of, facts_of, fault_of
from policies.kinds.base import W_DOUBTFUL, W_SILENT, W_SPEAKS
from policies.packs import load_pack
from tests.support.judging import make_rule

FAULTS = [
    ("chanel == 'sms'", "there is no fact 'chanel'", "did you mean channel?"),
    ("channel == 3", "== does not go with (string, int)", "in quotes"),
    ("attributes.age >= 18", ">= does not go with (string, int)", "int() or double()"),
    ("channel", "is a string, not true or false", "compare it"),
    ("channel ==", "it cannot be read: 1:11: Syntax error", "write it as in"),
    ("has(attributes.city)", "has() is not let in", "unknown by itself"),
    ("attributes.exists(a, a == 'x')", "exists() is not let in", "write the cases out"),
    ("dyn(channel) == 3", "dyn() is not let in", "types are checked"),
    ("'city' in attributes", "there is no fact 'attributes'", ""),
    ("attributes[channel] == 'x'", "there is no fact 'attributes'", ""),
    ("attributes.город == 'Омск'", "it cannot be read", ""),
    ("(" * 200 + "true" + ")" * 200, "nested too deeply", "two rules"),
    ("channel == '" + "x" * 1000 + "'", "has 1013 characters; the limit is 1000", "two rules"),
    ("", "it cannot be read", ""),
]


@pytest.mark.parametrize(("text", "what", "remedy"), FAULTS)
def test_a_faulty_expression_is_told_with_a_remedy(text: str, what: str, remedy: str) -> None:
    fault = fault_of(text)
    assert fault is not None
    assert what in fault.what
    assert remedy in fault.remedy


@pytest.mark.parametrize(
    ("text", "facts", "expected"),
    [
        ("channel == 'sms'", {"channel": "sms"}, True),
        ("channel == 'sms'", {"channel": "push"}, False),
        ("channel == 'sms'", {}, None),
        ("!(channel == 'sms')", {}, None),
        ("channel == 'sms' || country == 'RU'", {"country": "RU"}, True),
        ("channel == 'sms' || country == 'RU'", {"country": "DE"}, None),
        ("channel == 'sms' && country == 'RU'", {"country": "DE"}, False),
        ("channel == 'sms' ? country == 'RU' : true", {"country": "RU"}, None),
        ("int(attributes.age) >= 18", {"attributes.age": "18"}, True),
        ("int(attributes.age) >= 18", {"attributes.age": "не знаю"}, None),
        ("int(attributes.age) >= 18", {"attributes.age": "9" * 30}, None),
        ("attributes['Город'] == 'Омск'", {"attributes.Город": "Омск"}, True),
        ('attributes["a b"] in ["x", "y"]', {"attributes.a b": "z"}, False),
        ("channel == \"attributes['q']\"", {"channel": "attributes['q']"}, True),
        ("campaign.startsWith('spring')", {"campaign": "spring-1"}, True),
        ("1 / 0 == 1", {}, None),
        ("'has(' == channel", {"channel": "has("}, True),
    ],
)
def test_what_an_expression_says(text: str, facts: dict[str, str], expected: bool | None) -> None:
    assert fault_of(text) is None
    assert Evaluator(text)(facts) is expected


def test_the_facts_that_are_asked_for() -> None:
    first = "attributes.city == 'language' && attributes['x y'] != attributes.city"
    text = f"{first} || country in ['RU'] && !(sender == '')"
    assert attributes_of(text) == ("city", "x y")
    assert facts_of(text) == ("sender", "country", "attributes.city", "attributes.x y")
    rule = make_rule("channel_ban", {}, when="attributes.a == ''", unless="attributes.b == ''")
    assert asked_columns([rule]) == {"a", "b"}


Tree = tuple[Any, ...]
WORDS = {"channel": ["sms", "push"], "country": ["RU", "DE"], "attributes.segment": ["new", "Омск 'x'"]}
ATOMS = st.sampled_from(sorted(WORDS)).flatmap(
    lambda fact: st.tuples(st.sampled_from(["==", "!=", "in"]), st.just(fact), st.sampled_from(WORDS[fact]))
)
TREES = st.recursive(
    ATOMS,
    lambda inner: st.tuples(st.just("!"), inner) | st.tuples(st.sampled_from(["&&", "||"]), inner, inner),
    max_leaves=6,
)


def written(tree: Tree) -> str:
    """The tree in CEL."""
    word, *parts = tree
    if word == "!":
        return f"!({written(parts[0])})"
    if word in ("&&", "||"):
        return f"({written(parts[0])}) {word} ({written(parts[1])})"
    literal = '"' + parts[1] + '"'
    return f"{parts[0]} in [{literal}, 'nothing']" if word == "in" else f"{parts[0]} {word} {literal}"


def said(tree: Tree, facts: dict[str, str]) -> bool | None:
    """What the tree says of some facts, with None for not known: Kleene's tables."""
    word, *parts = tree
    if word == "!":
        inner = said(parts[0], facts)
        return None if inner is None else not inner
    if word in ("&&", "||"):
        values = [said(part, facts) for part in parts]
        decisive = word == "||"
        return decisive if decisive in values else None if None in values else not decisive
    value = facts.get(parts[0])
    return None if value is None else (value != parts[1]) if word == "!=" else value == parts[1]


def some_facts(draw: st.DrawFn) -> dict[str, str]:
    return {fact: draw(st.sampled_from(words)) for fact, words in WORDS.items() if draw(st.booleans())}


@settings(max_examples=100)
@given(tree=TREES, facts=st.composite(some_facts)())
def test_missing_facts_follow_the_tables_of_kleene(tree: Tree, facts: dict[str, str]) -> None:
    assert Evaluator(written(tree))(facts) is said(tree, facts)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"channel": "sms", "country": "RU"}, W_SPEAKS), ({"channel": "sms", "country": "DE"}, W_SILENT),
        ({"channel": "push"}, W_SILENT), ({"channel": "sms"}, W_DOUBTFUL), ({"country": "DE"}, W_SILENT),
        ({"country": "RU"}, W_DOUBTFUL), ({}, W_DOUBTFUL),
    ],
)  # fmt: skip
def test_a_guard_speaks_when_all_of_when_is_true_and_all_of_unless_false(facts: dict[str, str], expected: int) -> None:
    guard = Guard(("channel == 'sms'",), ("country == 'DE'",))
    other = Guard(("true",))
    assert Answers((other, guard, other)).bits(facts) == W_SPEAKS | expected << 2 | W_SPEAKS << 4


def test_rule_and_check_have_one_guard_together_and_equal_ones_share_a_place() -> None:
    rule = make_rule("channel_ban", {}, when="channel == 'sms'")
    assert guard_of(rule, rule.checks[0]) == Guard(("channel == 'sms'",), ())
    assert guards_of([rule, rule, make_rule("channel_ban", {})]) == (Guard(("channel == 'sms'",), ()),)
    many = [make_rule("channel_ban", {}, when=f"campaign == 'c{number}'") for number in range(MOST_GUARDS + 1)]
    assert len(guards_of(many[1:])) == MOST_GUARDS
    with pytest.raises(InputError, match=f"{MOST_GUARDS + 1} different guards"):
        guards_of(many)


PACK = """\
pack: own
title: Our own
version: "1"
rules:
  - id: OWN-01
    title: A title
    statement: A statement.
    rationale: A reason.
    citation: {act: house rule}
    confidence: guessed
    when: WHEN
    checks:
      - {kind: KIND, severity: warn, unless: UNLESS, params: PARAMS}
    fix: Do it.
    examples: {passes: One., fails: Another.}
"""


def pack(tmp_path: Path, when: str, unless: str, kind: str = "channel_ban", params: str = "{}") -> Path:
    text = PACK.replace("WHEN", when).replace("UNLESS", unless).replace("KIND", kind).replace("PARAMS", params)
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_pack_is_read_with_its_guards(tmp_path: Path) -> None:
    [rule] = load_pack(str(pack(tmp_path, "\"channel == 'sms'\"", "\"country == 'RU'\""))).rules
    assert (rule.when, rule.checks[0].unless) == ("channel == 'sms'", "country == 'RU'")


def test_all_faults_of_a_packs_guards_are_told_with_line_and_field(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_pack(str(pack(tmp_path, "chanel == ''", '"channel"')))
    first, second = (str(problem) for problem in caught.value.problems)
    assert "own.yaml:11: rules.0.when: there is no fact 'chanel' (did you mean channel?)" in first
    assert "own.yaml:13: rules.0.checks.0.unless: the expression is a string" in second


def test_a_check_of_a_whole_run_has_no_message_to_ask(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="when asks of a message, and retry_pause judges a whole run"):
        load_pack(str(pack(tmp_path, '"true"', '"false"', "retry_pause", "{reasons: [busy], hours: 1}")))


def test_every_fact_is_read_from_somewhere() -> None:
    from policies.expressions.conditions import CELLS

    assert set(CELLS) == set(FACTS)
