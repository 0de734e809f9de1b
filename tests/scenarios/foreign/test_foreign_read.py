"""Reading logs of others: formats, mappings, and every row that cannot be read."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policies.errors import InputError
from policies.records import CHANNELS, MISSING, NEVER
from scenarios.foreign.fields import FIELDS, FURTHER_FIELDS, LOG_FIELDS
from scenarios.foreign.mapping import WORDS, LogMapping, read_mapping
from scenarios.foreign.mapping_checks import KEYS
from scenarios.foreign.read import Foreign, read_log

AT = 1_795_176_000_000_000
HEADER = "recipient,channel,at\n"
ROW = {"recipient": "a", "channel": "sms", "at": "2026-11-20T12:00:00Z"}


def written(folder: Path, data: str | bytes, name: str = "log.csv") -> str:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def rows(log: Foreign, *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(log.table[name].to_pylist() for name in names), strict=True))


def faults(*names: str, **how: Any) -> list[str]:
    """What is wrong, without the folder."""
    with pytest.raises(InputError) as caught:
        read_log(list(names), **how)
    return [str(problem).rpartition("/")[2] for problem in caught.value.problems]


def parquet(at: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"recipient": ["a"], "channel": ["sms"], "occurred_at": at}), sink)
    return sink.getvalue()


UTC = pa.timestamp("ms", "UTC")
FORMATS = [
    (HEADER + "a,sms,2026-11-20T12:00:00Z\n"),
    (HEADER + "a,sms,2026-11-20T12:00:00Z\n").encode("utf-16"),
    "\ufeff" + HEADER.replace(",", ";") + "a;SMS;2026-11-20T12:00:00Z\r\n",
    HEADER.replace(",", "\t").upper() + "a\tсмс\t1795176000\n",
    "sep=;\n" + HEADER.replace(",", ";") + '"a";"sms";"1795176000000"\n',
    gzip.compress((HEADER + "a,sms,2026-11-20T12:00:00Z\n").encode(), mtime=0),
    json.dumps(ROW) + "\n",
    json.dumps({**ROW, "at": AT // 10**6}) + "\n\n",
    json.dumps([ROW]),
    gzip.compress(json.dumps(ROW).encode(), mtime=0),
    parquet(pa.array([AT])),
    parquet(pa.array([AT // 1000]).cast(UTC)),
    parquet(pa.array(["2026-11-20T12:00:00Z"])),
]


@pytest.mark.parametrize("data", FORMATS, ids=range(len(FORMATS)))
def test_a_log_is_read_whatever_its_format(data: str | bytes, tmp_path: Path) -> None:
    log = read_log([written(tmp_path, data)])
    assert rows(log, "recipient", "channel", "occurred_at", "event", "replication") == [
        ("a", "sms", AT, "submitted", 0)
    ]


def test_several_files_and_patterns_make_one_log_in_the_order_given(tmp_path: Path) -> None:
    for name in "ba":
        written(tmp_path, HEADER + f"{name},sms,{AT}\n", f"{name}.csv")
    last = written(tmp_path, json.dumps({**ROW, "recipient": "z"}), "z.jsonl")
    log = read_log([last, str(tmp_path / "*.csv"), last])
    assert [name for (name,) in rows(log, "recipient")] == ["z", "a", "b"]
    assert log.file_of.tolist() == [0, 1, 2]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    class Standard:
        buffer = io.BytesIO(json.dumps(ROW).encode())

    monkeypatch.setattr("sys.stdin", Standard)
    assert len(read_log(["-"]).table) == 1


def test_a_mapping_says_whose_column_and_word_is_which(tmp_path: Path) -> None:
    text = """
columns: {recipient: клиент, occurred_at: Время отправки, event: статус}
values:
  event: {отправлено: submitted, прочитано: read, в очереди: ignore}
constants: {channel: viber, category: promo}
zone: Europe/Moscow
"""
    mapping = read_mapping(Path(written(tmp_path, text, "m.yaml")))
    data = "клиент;время  отправки;статус\nа;20.11.2026 15:00;отправлено\nа;20.11.2026 15:01;прочитано\nб;20.11.2026 15:02;в очереди\n"  # noqa: E501 - a file
    log = read_log([written(tmp_path, data)], mapping=mapping)
    assert rows(log, "recipient", "channel", "category", "event", "occurred_at") == [
        ("а", "viber", "promo", "submitted", AT),
        ("а", "viber", "promo", "read", AT + 60_000_000),
    ]
    assert log.ignored == 1


def test_further_columns_keep_apart_what_is_none_and_what_is_not_known(tmp_path: Path) -> None:
    data = (
        "recipient,channel,at,consent_at,consent_channels,consent_categories,opted_out_at,last_inbound_at,orders,validity_s\n"
        f"a,sms,{AT},none,,,none,never,0,1.5\n"
        f"b,sms,{AT},2026-01-01T00:00Z,sms|email,offers,,,,\n"
    )
    log = read_log([written(tmp_path, data)])
    names = ("consent_at", "consent_channels", "consent_topics", "opted_out_at", "last_inbound_at", "orders")
    given = 1_767_225_600_000_000
    channels = 1 << CHANNELS.index("sms") | 1 << CHANNELS.index("email")
    assert rows(log, *names, "validity_s") == [
        (NEVER, None, None, NEVER, -NEVER, 0, 1_500_000),
        (given, channels, 1, None, None, None, None),
    ]


def remedy(column: str) -> str:
    return f"valid: {', '.join(WORDS[column])}; say in a --mapping FILE which word is which, or ignore"


def test_every_bad_row_is_counted_with_line_column_and_reason(tmp_path: Path) -> None:
    data = (
        "recipient,channel,at,category,zone,orders\n"
        f"a,fax,{AT},promo,,\n"
        "b,sms,gestern,promo,,\n"
        f",sms,{AT},promo,,\n"
        f"d,,{AT},promo,Moscow,x\n"
        "e,fax,,spam,,\n"
        f"f,sms,{AT}\n"
    )
    assert faults(written(tmp_path, data)) == [
        "log.csv:7: 'f,sms,1795176000000000' the row has 3 cells instead of 6 (1 row)",
        f"log.csv:2: channel: 'fax' is no channel of ours (2 rows; {remedy('channel')})",
        "log.csv:3: occurred_at: 'gestern' is no time (1 row)",
        "log.csv:4: recipient: is empty (1 row)",
        "log.csv:5: channel: is empty (1 row)",
        "log.csv:5: orders: 'x' is no whole number (1 row)",
        "log.csv:5: zone: 'Moscow' is no IANA time zone (1 row)",
        f"log.csv:6: category: 'spam' is no category of ours (1 row; {remedy('category')})",
        "log.csv:6: occurred_at: is empty (1 row)",
    ]


def test_bad_rows_are_left_out_if_the_user_says_so(tmp_path: Path) -> None:
    log = read_log([written(tmp_path, HEADER + f"a,fax,{AT}\nb,sms,{AT}\n")], keep_going=True)
    assert (log.bad.count, log.lines.tolist()) == (1, [3])
    assert log.bad.rows[0].reason == "is no channel of ours"


def test_an_event_of_nobody_needs_no_recipient_and_one_that_is_no_message_no_channel(tmp_path: Path) -> None:
    data = f"recipient,channel,at,event\n,,{AT},fee\na,,{AT},released\n"
    assert len(read_log([written(tmp_path, data)]).table) == 2


NONSENSE: list[tuple[str | bytes, str]] = [
    ("", "the file is empty"),
    ("\n\n", "the file is empty"),
    (HEADER, "holds no row"),
    ("recipient,channel\na,sms\n", "no column occurred_at; the columns are: recipient, channel"),
    ("клиент,канал,время\nа,смс,вчера\n", "no column recipient, channel, occurred_at; the columns are: клиент, канал"),
    ("a,b,c\n" * 3, "no column recipient"),
    ("recipient,recipient,channel,at\n", "the header has 'recipient' twice"),
    (HEADER * 2 + f"a,sms,{AT}\n", "'channel' is no channel of ours (1 row; valid: push, "),
    (HEADER + f"a,sms,{AT}\0\n", "the line holds a NUL byte"),
    (b"\0" * 500, "the file is empty"),
    (bytes(range(256)) * 20, "is neither UTF-8 nor"),
    (HEADER + "a,sms,99999999999999999999999999999999\n", "is no time"),
    (HEADER + "a,sms,2026-11-20T12:00:00+99:99\n", "is no time"),
    (HEADER + "a,sms,2026-11-20T12:00:00-02:60\n", "is no time"),
    (HEADER + "a,sms,2026-11-20T12:00:00\n", "has no time zone"),
    (HEADER + f"{'x' * 300},sms,{AT}\n", "is longer than 256 bytes"),
    (b"PK\x03\x04rest", "spreadsheet workbook"),
    (b"PAR1rest", "cannot be read as Parquet"),
    (b"\x1f\x8bbroken", "compressed data are damaged"),
    ("{}\n", "no column recipient, channel, occurred_at"),
    ('{"recipient": \n', "the line is no JSON"),
    ("[1, 2]", "the entry is no JSON object"),
    ("[1, 2", "is no JSON"),
    ("[]", "is empty"),
    (
        '{"recipient": {"id": 1}, "channel": "sms", "at": true}\n',
        "no column recipient; the columns are: recipient.id",
    ),
    ("[" * 5000, "is no JSON"),
    ("<log/>", "in a --mapping FILE"),
]


@pytest.mark.parametrize(("data", "what"), NONSENSE)
def test_nonsense_is_refused_in_plain_words(data: str | bytes, what: str, tmp_path: Path) -> None:
    found = faults(written(tmp_path, data))
    assert any(what in line for line in found), found
    assert all("\n" not in line for line in found)


def test_a_file_that_is_not_there_is_named() -> None:
    assert faults("nowhere/*.csv") == ["*.csv: there is no such file (check the path)"]


BAD_MAPPINGS = [
    ("- a", "is no mapping"),
    ("colums: {}", "did you mean columns?"),
    ("columns: {recipent: a}", "did you mean recipient?"),
    ("columns: [a]", "must be pairs"),
    ("columns: {recipient: {a: b}}", "must be one value"),
    ("columns: {recipient: [1]}", "must be a list of names"),
    ("values: {event: {sent: submited}}", "did you mean submitted?"),
    ("values: {text: {a: b}}", "text holds no fixed words"),
    ("values: {event: sent}", "must be pairs"),
    ("zone: Moscow", "'Moscow' is no IANA time zone"),
    ("time: millis", "use one of auto, iso"),
    ("shows_all: [everything]", "a list of opt_outs, replies"),
]


@pytest.mark.parametrize(("text", "what"), BAD_MAPPINGS)
def test_a_mapping_that_is_wrong_says_where(text: str, what: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_mapping(Path(written(tmp_path, text, "m.yaml")))
    assert what in str(caught.value)


def test_a_mapping_to_a_column_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    mapping = LogMapping(columns={"recipient": "custmer"})
    found = faults(written(tmp_path, "customer,channel,at\n"), mapping=mapping)
    assert found == ["log.csv:1: mapping: recipient: there is no column 'custmer' (did you mean customer?)"]


def test_fields_have_names_of_their_own_and_words_stand_apart_from_missing() -> None:
    names = [item.name for item in FIELDS]
    assert len(names) == len(set(names)) == len(LOG_FIELDS) + len(FURTHER_FIELDS)
    assert MISSING != -NEVER


def test_the_mapping_of_the_documentation_is_sound(repository: Path, tmp_path: Path) -> None:
    page = (repository / "docs" / "log.md").read_text(encoding="utf-8")
    text = page.partition("```yaml\n")[2].partition("```")[0]
    mapping = read_mapping(Path(written(tmp_path, text, "m.yaml")))
    assert mapping.values["event"]["QUEUED"] == "ignore"
    assert [key for key in KEYS if f"\n{key}:" not in f"\n{text}"] == ["about"]
    assert mapping.shows_all == ("opt_outs", "replies")


def test_a_reply_that_asks_to_stop_is_an_opt_out(tmp_path: Path) -> None:
    lines = [
        ("replied", "STOP"), ("replied", "Stop it please"), ("replied", "thanks"), ("replied", ""),
        ("submitted", "STOP"),
    ]  # fmt: skip
    data = "recipient,channel,at,event,text\n"
    data += "".join(f"a,sms,2026-11-20T12:00:0{n}Z,{event},{text}\n" for n, (event, text) in enumerate(lines))
    log = read_log([written(tmp_path, data)])
    assert [event for event, in rows(log, "event")] == [
        "unsubscribed", "unsubscribed", "replied", "replied", "submitted",
    ]  # fmt: skip


def test_a_log_of_replies_without_a_stop_stays_as_it_is(tmp_path: Path) -> None:
    log = read_log([written(tmp_path, "recipient,channel,at,event,text\na,sms,2026-11-20T12:00:00Z,replied,hello\n")])
    assert rows(log, "event") == [("replied",)]
