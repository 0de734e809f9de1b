"""What rules and proofs say of a case in Russian: nothing is left out, nothing stale stands in the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from policies.kinds import KIND_NAMES, KINDS
from policies.kinds.base import FAIL, PASS, REVIEW, UNKNOWN
from policies.packs import PACKS, load_pack
from policies.runs.metric_threshold import METRICS
from policies.verify import verify
from prelaunch.disclosure import GENERAL
from prelaunch.sentences import FOLDER, said
from prelaunch.verifying import SENTENCES, UNCONFIRMED
from scenarios.plan.make import TOO_MANY
from simulator.channels import CHANNELS, assumptions
from simulator.channels.support.resolve import price_cards
from tests.support.library import NAMES, play

TABLE = yaml.safe_load((FOLDER / "ru.yaml").read_text(encoding="utf-8"))
KEPT = r"evidence|true|false|\b[a-z0-9]+(?:[_-][a-z0-9]+)+\b|SMS"
"""What stays as it is: names of inputs and of registers."""

ENGLISH = re.compile(r"\b(?:no|the|of|published|people|that|seed|assumed|per|is|are)\b")


def explained() -> Iterator[str]:
    """Yield what every check of a shipped rule can say."""
    for pack in PACKS:
        for rule in load_pack(pack).rules:
            for check in rule.checks:
                if check.kind in KIND_NAMES:
                    for answer in (PASS, FAIL, REVIEW, UNKNOWN):
                        yield KINDS[KIND_NAMES.index(check.kind)].explain(dict(check.params), answer, [0] * 200)


EXPLAINED = sorted(set(explained()))


def test_every_sentence_of_a_shipped_rule_is_in_russian() -> None:
    assert len(EXPLAINED) > 100
    left = {text: said(text, "ru") for text in EXPLAINED}
    assert {text: other for text, other in left.items() if re.search("[a-z]{3}", re.sub(KEPT, "", other))} == {}


def test_every_reason_of_the_verifier_is_in_russian() -> None:
    written = Path(verify.__file__).read_text(encoding="utf-8")
    reasons = [*re.findall(r'Verdict\.[A-Z_]+, "([^"]+)"', written), verify.WHOLE_RUN, verify.INTERRUPTED, TOO_MANY]
    reasons += [*SENTENCES.values(), UNCONFIRMED]
    assert len(reasons) > 6
    assert not [text for text in reasons if said(text, "ru") == text]


@pytest.mark.parametrize("scope", ["sender", "template"])
def test_what_a_share_lacks_is_in_russian(scope: str) -> None:
    events = {event for event, _ in METRICS.values()}
    assert not [
        event for event in events if ENGLISH.search(said(f"the {scope} of events {event}", "ru").replace(event, ""))
    ]


def test_what_is_not_modelled_in_general_is_in_russian() -> None:
    assert not [text for text in GENERAL if said(text, "ru") == text]


def test_what_a_channel_leaves_out_is_in_russian() -> None:
    limits = [f"{channel.name}: {what}" for channel in CHANNELS for what in channel.not_modelled]
    assert len(limits) > 20
    assert [text for text in limits if said(text, "ru") == text] == []


@pytest.mark.parametrize("day", [date(2021, 10, 1), date(2022, 6, 1), date(2024, 1, 1), date(2026, 11, 22)])
@pytest.mark.parametrize("country", ["RU", "US"])
def test_what_is_assumed_of_channels_and_why_is_in_russian(day: date, country: str) -> None:
    rows = [row for row in assumptions(day, country) if row.confidence == "assumed"]
    told = {f"{row.channel}: {row.name}" for row in rows} | {f"assumed: {row.source}" for row in rows}
    told |= {row.value for row in rows if " " in row.value}
    for channel in CHANNELS:
        for card in price_cards(channel.prices, day, country):
            if card.confidence in {"assumed", "seed"}:
                told |= {f"{channel.name}: {card.event}, any category", f"{card.confidence}: {card.source}"}
    assert len(told) > 100
    left = {text: said(text, "ru") for text in told}
    assert {text: other for text, other in left.items() if other == text or ENGLISH.search(other)} == {}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_run_of_the_library_finds_is_in_russian(name: str) -> None:
    found = play(name, size=60, engine="reference").findings().values()
    told = {text for one in found for text in (*(item.explanation for item in one.evidence), *one.missing, one.note)}
    assert [text for text in sorted(told - {""}) if said(text, "ru") == text] == []


def test_a_russian_sentence_names_what_the_english_one_names() -> None:
    for group in TABLE.values():
        for text, other in group.items():
            forms = [other] if isinstance(other, str) else other.values()
            named = {frozenset(re.findall(r"\{(\w+)\}", one)) for one in (text, *forms)}
            assert len(named) == 1, text


def test_no_sentence_stands_twice() -> None:
    texts = [text for group in TABLE.values() for text in group]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one message too many: 3 in roll 24h", "лишнее сообщение, допустимо: 3 за любые 24 ч"),
        ("within the cap: 1 in cal day, 9 in roll 7d",
         "в пределах ограничения: 1 за календарный день, 9 за любые 7 сут."),
        ("50 recipients: pilot P drew 3 complaints of 10 delivered; nothing of pilot Q was delivered",
         ("получателей: 50; жалоб на пробную отправку P: 3 из 10 доставленных; "
          "из пробной отправки Q ничего не доставлено")),
        ("50 recipients: there is no pilot in this run", "получателей: 50; пробной отправки в этом прогоне нет"),
        ("a consent in force covers the category, channel", "действующее согласие охватывает: вид сообщения, канал"),
        ("a sentence of a house rule", "a sentence of a house rule"),
        ("2 h", "2 ч"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_filled_in_is_translated_part_by_part(text: str, expected: str) -> None:
    assert said(text, "ru") == expected
    assert said(text, "en") == text
