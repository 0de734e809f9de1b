"""Receipts that contradict each other: each kind is found in the message that shows it, and in no other."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.evidence import in_clear
from prelaunch import cli, exits
from scenarios.foreign.fields import RECEIPTS
from scenarios.foreign.mapping import Habits, LogMapping, find_mapping
from scenarios.foreign.read import read_log
from scenarios.foreign.receipts.disagree import KINDS
from scenarios.foreign.receipts.summary import Receipts, receipts_of

MAPPING = LogMapping(
    values={"event": {"sent": "submitted", "*": "told"}, "status": {"sent": "accepted"}}, constants={"channel": "sms"},
    columns={"event": ("status",), "status": ("status",)}, amounts="decimal",
)  # fmt: skip
"""A log of receipts, a row each; ``sent`` hands the message over."""
Story = tuple[str, int]
"""A status, and the minute at which it was told."""


def seen(folder: Path, rows: Iterable[str], header: str = "recipient,at,status,message", **habits: Any) -> Receipts:
    path = folder / "log.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    found = receipts_of(read_log([str(path)], mapping=replace(MAPPING, receipts=Habits(**habits))), in_clear)
    assert found is not None
    return found


def rows_of(stories: Sequence[Sequence[Story]]) -> list[str]:
    """The rows of messages m0, m1, ..., each to a person of its own."""
    return [
        f"p{number},2026-11-20T12:{minute:02}:00Z,{status},m{number}"
        for number, story in enumerate(stories)
        for status, minute in story
    ]


def kinds(found: Receipts) -> dict[str, int]:
    return {item.kind: item.count for item in found.found}


GOOD: tuple[Story, ...] = (("sent", 1), ("delivered", 2), ("read", 3))
STORIES: list[tuple[Sequence[Story], dict[str, int]]] = [
    (GOOD, {}),
    ((("sent", 1), ("failed", 2)), {}),
    ((("sent", 1), ("clicked", 4), ("clicked", 5), ("delivered", 3)), {}),
    ((("sent", 1), ("failed", 2), ("delivered", 3)), {"delivered_after_failed": 1}),
    ((("sent", 1), ("failed", 2), ("read", 3), ("delivered", 4)), {"delivered_after_failed": 1}),
    ((("sent", 1), ("delivered", 2), ("failed", 3)), {"finals_differ": 1}),
    ((("sent", 1), ("delivered", 2), ("failed", 2)), {"finals_differ": 1}),
    ((("sent", 1), ("failed", 2), ("lapsed", 3)), {"finals_differ": 1}),
    ((("sent", 1), ("read", 2)), {"read_without_delivered": 1}),
    ((("sent", 5), ("delivered", 4)), {"before_handover": 1}),
    ((("sent", 5), ("delivered", 5)), {}),
    ((("delivered", 2),), {"unknown_message": 1}),
    ((("failed", 2),), {"unknown_message": 1}),
    ((("sent", 1), ("delivered", 2), ("delivered", 2)), {"repeated": 1}),
    ((("sent", 1), ("delivered", 2), ("delivered", 9), ("delivered", 10)), {"repeated": 2}),
    ((("sent", 1), ("beamed", 2)), {"unknown_status": 1}),
]


@pytest.mark.parametrize(("story", "expected"), STORIES, ids=[" ".join(word for word, _ in s) for s, _ in STORIES])
def test_a_story_shows_its_contradiction_and_no_other(
    story: Sequence[Story], expected: dict[str, int], tmp_path: Path
) -> None:
    assert kinds(seen(tmp_path, rows_of([GOOD, story, GOOD]))) == expected


def test_all_stories_together_in_any_order_show_the_sum(tmp_path: Path) -> None:
    rows = rows_of([story for story, _ in STORIES])
    wanted = {kind: sum(expected.get(kind, 0) for _, expected in STORIES) for kind in KINDS}
    for seed in range(3):
        random.Random(seed).shuffle(rows)
        assert kinds(seen(tmp_path, rows)) == {kind: count for kind, count in wanted.items() if count}


def test_a_message_that_was_delivered_and_failed_counts_as_delivered_once(tmp_path: Path) -> None:
    found = seen(tmp_path, rows_of([GOOD, STORIES[3][0], (("sent", 1), ("failed", 2)), (("sent", 1),)]))
    assert found.fates == {"delivered": 2, "failed": 1, "not told": 1}
    assert (found.messages, found.by_id) == (4, True)


def test_habits_of_a_provider_excuse_what_is_usual_there(tmp_path: Path) -> None:
    rows = rows_of([(("sent", 1), ("read", 2)), (("failed", 2),), (("read", 2),)])
    assert kinds(seen(tmp_path, rows, read_implies_delivered=True, failed_alone=True)) == {"unknown_message": 1}
    assert kinds(seen(tmp_path, rows)) == {"read_without_delivered": 2, "unknown_message": 2}


def test_one_id_of_two_people_is_not_one_message(tmp_path: Path) -> None:
    rows = [f"{name},2026-11-20T12:0{n}:00Z,{status},m1" for n, (name, status) in enumerate(
        [("a", "sent"), ("b", "sent"), ("a", "delivered"), ("b", "failed"), ("c", "read")])]  # fmt: skip
    found = seen(tmp_path, rows)
    assert kinds(found) == {"unknown_message": 1, "read_without_delivered": 1}
    assert found.fates == {"delivered": 1, "failed": 1, "not told": 0}


def test_the_same_in_two_files_is_no_repetition(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("\n".join(["recipient,at,status,message", *rows_of([GOOD])]) + "\n")
    found = receipts_of(read_log([str(tmp_path / "*.csv")], mapping=MAPPING), in_clear)
    assert found is not None
    assert (found.messages, kinds(found)) == (1, {})


BILL = "recipient,at,status,message,status_at,cost,units,text"


def test_a_charge_for_delivery_wants_a_delivery(tmp_path: Path) -> None:
    last = LogMapping(constants={"channel": "viber"}, amounts="decimal", receipts=Habits(charged="delivered"))
    statuses = [
        ("delivered", "0.1"),
        ("read", "0.1"),
        ("failed", "0.1"),
        ("failed", "0"),
        ("accepted", "0,1"),
        ("", "0.1"),
    ]
    rows = [f'p{n},2026-11-20T12:00Z,{status},m{n},,"{cost}",,' for n, (status, cost) in enumerate(statuses)]
    (tmp_path / "log.csv").write_text("\n".join([BILL, *rows]))
    found = receipts_of(read_log([str(tmp_path / "log.csv")], mapping=last), in_clear)
    assert found is not None
    assert kinds(found) == {"charge_without_delivery": 3}
    assert [example.line for example in found.found[0].examples] == [4, 6, 7]
    submit = receipts_of(read_log([str(tmp_path / "log.csv")], mapping=replace(last, receipts=Habits())), in_clear)
    assert submit is not None
    assert kinds(submit) == {}


PARTS = [("a" * 160, 1), ("a" * 161, 2), ("я" * 70, 1), ("я" * 71, 2), ("я" * 134, 2), ("я" * 135, 3), ("€" * 80, 1)]


def test_billed_parts_are_those_of_the_text(tmp_path: Path) -> None:
    mapping = LogMapping(constants={"channel": "sms"}, receipts=Habits(counts_segments=True))
    for more in (0, 1):
        rows = [f"p{n},2026-11-20T12:00Z,,m{n},,,{parts + more},{text}" for n, (text, parts) in enumerate(PARTS)]
        rows += ["p,2026-11-20T12:00Z,,x,,,0,abc", "p,2026-11-20T12:00Z,,y,,,,abc", "p,2026-11-20T12:00Z,,z,,,5,"]
        (tmp_path / "log.csv").write_text("\n".join([BILL, *rows]), encoding="utf-8")
        found = receipts_of(read_log([str(tmp_path / "log.csv")], mapping=mapping), in_clear)
        assert found is not None
        assert kinds(found) == ({"segments_differ": len(PARTS)} if more else {})


def test_a_last_status_in_the_row_of_the_message_implies_those_before_it(tmp_path: Path) -> None:
    mapping = LogMapping(constants={"channel": "sms"})
    rows = ["p,2026-11-20T12:00Z,read,m1,2026-11-20T12:01Z,,,", "p,2026-11-20T12:00Z,read,,2026-11-20T11:59Z,,,"]
    (tmp_path / "log.csv").write_text("\n".join([BILL, *rows]))
    found = receipts_of(read_log([str(tmp_path / "log.csv")], mapping=mapping), in_clear)
    assert found is not None
    assert kinds(found) == {"before_handover": 1}
    assert found.fates["delivered"] == 2


def test_without_ids_receipts_of_several_rows_are_not_compared_and_it_is_said(tmp_path: Path) -> None:
    rows = ["p,2026-11-20T12:00Z,sent,", "p,2026-11-20T12:01Z,failed,", "p,2026-11-20T12:00Z,delivered,"]
    found = seen(tmp_path, rows)
    assert (found.by_id, kinds(found)) == (False, {})


def test_a_log_whose_receipts_nobody_can_tell_apart_has_no_section(tmp_path: Path) -> None:
    rows = ["a,sms,2026-11-20T12:00Z,submitted,1", "a,sms,2026-11-20T12:01Z,delivered,"]
    (tmp_path / "log.csv").write_text("\n".join(["recipient,channel,at,event,units", *rows]))
    assert receipts_of(read_log([str(tmp_path / "log.csv")]), in_clear) is None


def by_hand(story: Sequence[Story]) -> Counter[str]:
    """The same by looking at one message at a time; ``sent`` stands for accepted too."""
    when = {word: [minute for status, minute in story if status == word] for word, _ in story}
    reached = [minute for word in ("delivered", "read", "clicked") for minute in when.get(word, ())]
    broke = [minute for word in ("failed", "lapsed") for minute in when.get(word, ())]
    late = bool(reached and broke and min(reached) > min(broke))
    found: Counter[str] = Counter()
    found["delivered_after_failed"] += late
    found["finals_differ"] += not late and (bool(reached and broke) or ("failed" in when and "lapsed" in when))
    found["read_without_delivered"] += bool({"read", "clicked"} & set(when)) and "delivered" not in when
    if "sent" in when:
        found["before_handover"] += sum(minute < min(when["sent"]) for word, minute in story if word != "sent")
    else:
        found["unknown_message"] += len(story)
    found["repeated"] += sum(len(when[word]) - 1 for word in ("delivered", "read", "failed", "lapsed") if word in when)
    return found


WORDS = ("sent", "delivered", "read", "clicked", "failed", "lapsed")
TALES = st.lists(st.lists(st.tuples(st.sampled_from(WORDS), st.integers(0, 4)), max_size=5), min_size=1, max_size=4)


@settings(max_examples=40, deadline=None)
@given(TALES, st.randoms(use_true_random=False))
def test_any_stories_in_any_order_are_told_as_by_hand(tales: list[list[Story]], shuffled: random.Random) -> None:
    wanted = sum(map(by_hand, tales), Counter())
    rows = rows_of(tales)
    shuffled.shuffle(rows)
    with TemporaryDirectory() as folder:
        found = kinds(seen(Path(folder), [*rows, "z,2026-11-20T12:00:00Z,sent,z"]))
    assert found == {kind: count for kind, count in wanted.items() if count}


@pytest.fixture
def export(tmp_path: Path) -> list[str]:
    header = '"From","To","Body","Status","SentDate","NumSegments","Sid","Direction"'
    rows = [f'"ACME","+79161234567","Акция","{status}","2026-11-20T09:00:00Z","3","SM1","outbound-api"'
            for status in ("delivered", "undelivered")]  # fmt: skip
    (tmp_path / "log.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    return ["audit", str(tmp_path / "log.csv"), "--mapping", "twilio", "--packs", "core"]


def test_contradictions_change_the_exit_code_only_if_asked(
    export: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    assert cli.run([*export, "--out", str(page)]) == exits.DONE
    said = capsys.readouterr().out
    assert "receipts finals_differ: 1: two final receipts differ" in said
    assert "receipts segments_differ: 1" in said
    assert "two final receipts differ" in page.read_text(encoding="utf-8")
    assert "+79161234567" not in page.read_text(encoding="utf-8")
    assert cli.run([*export, "--fail-on-receipts"]) == exits.FINDINGS
    assert cli.run([*export, "--fail-on", "never", "--fail-on-receipts"]) == exits.FINDINGS


def test_mappings_are_listed_with_their_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["audit", "--list-mappings"]) == exits.DONE
    said = capsys.readouterr().out
    assert "twilio: " in said
    assert "read: https://www.twilio.com/docs/messaging/api/message-resource (2026-11-29)" in said
    assert "assumed: " in said


@pytest.mark.parametrize(("options", "what"), [
    (["--mapping", "twillio"], "did you mean twilio?"),
    (["--mapping", "twilio", "--mapping", "smsc"], "is given twice for all files"),
    (["--mapping", "nowhere.yaml"], "nowhere.yaml"),
])  # fmt: skip
def test_a_mapping_that_is_not_there_is_told(
    options: list[str], what: str, export: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([*export[:2], *options, "--packs", "core"]) == exits.BAD_INPUT
    assert what in capsys.readouterr().err


def test_every_status_that_a_mapping_names_is_a_receipt() -> None:
    for name in ("twilio", "infobip", "smsc", "whatsapp", "csv"):
        assert {*find_mapping(name).values["status"].values()} <= {*RECEIPTS, "ignore"}
