"""Exports of providers by the mappings that are shipped, mappings that build on them, and exports that are broken."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from policies.errors import InputError
from policies.instants import instant_text
from scenarios.foreign.fields import FIELD_NAMES
from scenarios.foreign.mapping import LogMapping, find_mapping, read_mapping, shipped_mappings
from scenarios.foreign.read import Foreign, read_log

SHOWN = ("recipient", "sender", "channel", "event", "status", "reason", "cost", "units")
NAMES = ("csv", "infobip", "infobip-inbound", "smsc", "twilio", "whatsapp")


def log(folder: Path, data: str | bytes, name: str, **how: Any) -> Foreign:
    path = folder / "export"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_log([str(path)], mapping=find_mapping(name) if name else LogMapping(), **how)


def rows(read: Foreign, *names: str) -> list[tuple[Any, ...]]:
    return list(zip(*(read.table[name].to_pylist() for name in names or SHOWN), strict=True))


def times(read: Foreign) -> list[str]:
    return [instant_text(at) for at in read.table["occurred_at"].to_pylist()]


def faults(folder: Path, data: str | bytes, name: str, **how: Any) -> str:
    with pytest.raises(InputError) as caught:
        log(folder, data, name, **how)
    return str(caught.value)


def test_each_mapping_says_what_it_is_and_where_it_is_from() -> None:
    found = shipped_mappings()
    assert set(found) == set(NAMES)
    for name, mapping in found.items():
        assert mapping.about.title, name
        assert mapping.about.sources or mapping.about.assumed, name
        assert set(mapping.columns) <= set(FIELD_NAMES)


TWILIO = """"From","To","Body","Status","SentDate","ApiVersion","NumSegments","ErrorCode","AccountSid","Sid","Direction","Price","PriceUnit"
"ACME","+79161234567","Скидка","delivered","2026-11-20T12:00:00.000Z","2010-04-01","1","","AC1","SM1","outbound-api","-0.0075","USD"
"ACME","whatsapp:+4915112345678","Rabatt","undelivered","2026-11-20T13:00:00+01:00","2010-04-01","2","30003","AC1","SM2","outbound-reply","","USD"
"+79161234567","ACME","STOP","received","2026-11-20T12:01:00Z","2010-04-01","1","","AC1","SM3","inbound","-0,0075","USD"
"ACME","+79161234567","Скидка","failed","2026-11-20T12:02:00Z","2010-04-01","0","30001","AC1","SM4","outbound-api","0","USD"
"ACME","+79161234567","later","scheduled","","2010-04-01","0","","AC1","SM5","outbound-api","","USD"
"ACME","+79161234567","odd","teleported","2026-11-20T12:03:00Z","2010-04-01","1","","AC1","SM6","outbound-api","","USD"
"""  # noqa: E501 - a file


def test_the_log_of_twilio(tmp_path: Path) -> None:
    read = log(tmp_path, TWILIO, "twilio")
    assert rows(read) == [
        ("+79161234567", "ACME", "sms", "submitted", "delivered", None, 7_500, 1),
        ("+4915112345678", "ACME", "whatsapp", "submitted", "failed", "unreachable", None, 2),
        ("+79161234567", "ACME", "sms", "unsubscribed", None, None, 7_500, 1),
        ("+79161234567", "ACME", "sms", "rejected", "failed", "queue overflow", 0, 0),
        ("+79161234567", "ACME", "sms", "submitted", "?teleported", None, None, 1),
    ]
    assert times(read)[:2] == ["2026-11-20T12:00:00Z"] * 2
    assert read.ignored == 1


def test_pages_of_twilios_messages_as_json_with_times_of_rfc_2822(tmp_path: Path) -> None:
    message = {"sid": "SM1", "to": "+79161234567", "from": "whatsapp:+1415", "body": "x", "status": "read",
               "direction": "outbound-api", "date_sent": "Fri, 20 Nov 2026 12:00:00 +0000", "num_segments": "1",
               "date_updated": "Fri, 20 Nov 2026 15:00:05 +0300", "price": None, "price_unit": "USD"}  # fmt: skip
    read = log(tmp_path, json.dumps({"page": 0, "messages": [message, message | {"sid": "SM2"}]}, indent=1), "twilio")
    assert times(read) == ["2026-11-20T12:00:00Z"] * 2
    assert [instant_text(at) for at in read.table["status_at"].to_pylist()] == ["2026-11-20T12:00:05Z"] * 2
    assert rows(read, "event", "status") == [("submitted", "read")] * 2


INFOBIP = {"messageId": "m1", "to": "79161234567", "from": "ACME", "text": "Скидка", "smsCount": 1,
           "sentAt": "2026-11-20T12:00:00.000+0000", "doneAt": "2026-11-20T12:00:04.123+0000",
           "price": {"pricePerMessage": 0.0089, "currency": "EUR"}, "error": {"name": "NO_ERROR"},
           "status": {"groupName": "DELIVERED", "name": "DELIVERED_TO_HANDSET"}}  # fmt: skip


def test_logs_of_infobip_and_what_never_left_it(tmp_path: Path) -> None:
    refused = INFOBIP | {"messageId": "m2", "status": {"groupName": "REJECTED", "name": "REJECTED_DND"}}
    operator = INFOBIP | {"messageId": "m3", "status": {"groupName": "DELIVERED", "name": "DELIVERED_TO_OPERATOR"},
                          "error": {"name": "EC_ABSENT_SUBSCRIBER"},
                          "price": {"pricePerMessage": 8.999999e-05}}  # fmt: skip
    read = log(tmp_path, json.dumps({"results": [INFOBIP, refused, operator]}), "infobip")
    assert rows(read) == [
        ("+79161234567", "ACME", "sms", "submitted", "delivered", None, 8_900, 1),
        ("+79161234567", "ACME", "sms", "rejected", "failed", None, 8_900, 1),
        ("+79161234567", "ACME", "sms", "submitted", "accepted", "unreachable", 90, 1),
    ]
    assert times(read) == ["2026-11-20T12:00:00Z"] * 3


def test_answers_stand_in_a_file_with_a_mapping_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text(json.dumps(INFOBIP) + "\n")
    answer = {"results": [{"messageId": "i1", "from": "79161234567", "to": "ACME", "text": "стоп", "smsCount": 1,
                           "receivedAt": "2026-11-20T13:00:00.000+0000"}]}  # fmt: skip
    (tmp_path / "inbox-1.json").write_text(json.dumps(answer, ensure_ascii=False))
    names = [str(tmp_path / "*.jsonl"), str(tmp_path / "inbox-*.json")]
    others = [("inbox-*.json", find_mapping("infobip-inbound"))]
    read = read_log(names, mapping=find_mapping("infobip"), others=others)
    assert rows(read, "recipient", "sender", "event") == [
        ("+79161234567", "ACME", "submitted"), ("+79161234567", "ACME", "unsubscribed"),
    ]  # fmt: skip


SMSC = {"int_id": 7, "phone": "79161234567", "sender_id": "ACME", "status": 1, "last_date": "20.11.2026 15:00:05",
        "send_date": "20.11.2026 15:00:00", "err": 0, "cost": "2,79", "message": "Скидка", "sms_cnt": 1}  # fmt: skip


def test_the_history_of_smsc_has_no_zone_so_one_must_be_named(tmp_path: Path) -> None:
    data = json.dumps([SMSC, SMSC | {"int_id": 8, "status": 20, "err": 6}, SMSC | {"int_id": 9, "status": -1}])
    assert "has no time zone" in faults(tmp_path, data, "smsc")
    (tmp_path / "m.yaml").write_text("extends: smsc\nzone: Europe/Moscow\n")
    read = log(tmp_path, data, str(tmp_path / "m.yaml"))
    assert times(read) == ["2026-11-20T12:00:00Z"] * 2
    assert rows(read, "status", "reason", "cost", "currency") == [
        ("delivered", None, 2_790_000, "RUB"), ("failed", "unreachable", 2_790_000, "RUB"),
    ]  # fmt: skip


def test_a_timestamp_of_smsc_needs_no_zone(tmp_path: Path) -> None:
    stamped = SMSC | {"send_timestamp": 1_795_176_000, "last_timestamp": 1_795_176_005}
    assert times(log(tmp_path, json.dumps(stamped), "smsc")) == ["2026-11-20T12:00:00Z"]


def webhook(**value: Any) -> str:
    value |= {"messaging_product": "whatsapp", "metadata": {"display_phone_number": "74950000000"}}
    return json.dumps({"object": "w", "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]})


def test_webhooks_of_whatsapp_are_unrolled(tmp_path: Path) -> None:
    status = {"id": "w1", "status": "sent", "timestamp": "1795176000", "recipient_id": "79161234567",
              "pricing": {"category": "marketing"}}  # fmt: skip
    failed = status | {"status": "failed", "errors": [{"code": 131026}], "pricing": None}
    answer = {"id": "w2", "from": "79161234567", "timestamp": "1795176100", "type": "text", "text": {"body": "Стоп"}}
    wish = {"wa_id": "79161234568", "value": "stop", "category": "marketing_messages", "timestamp": 1795176200}
    lines = [webhook(statuses=[status, failed]), webhook(messages=[answer]), webhook(user_preferences=[wish]),
             webhook(errors=[{"code": 1}]), json.dumps(status | {"id": "w3", "status": "read"})]  # fmt: skip
    read = log(tmp_path, "\n".join(lines), "whatsapp")
    assert rows(read, "recipient", "event", "status", "category", "reason") == [
        ("+79161234567", "submitted", "accepted", "promo", None),
        ("+79161234567", "told", "failed", None, "dead"),
        ("+79161234567", "unsubscribed", None, None, None),
        ("+79161234568", "unsubscribed", None, None, None),
        ("+79161234567", "told", "read", "promo", None),
    ]
    assert read.lines.tolist() == [1, 1, 2, 3, 5]


@pytest.mark.parametrize("broken", [
    {"entry": "x"}, {"entry": [1]}, {"entry": [{"changes": {"value": 1}}]},
    {"entry": [{"changes": [{"value": {"statuses": ["sent"], "messages": None}}]}]},
])  # fmt: skip
def test_a_webhook_of_another_shape_holds_nothing(broken: Any, tmp_path: Path) -> None:
    assert "holds no row" in faults(tmp_path, json.dumps(broken), "whatsapp")


def test_a_table_with_russian_names(tmp_path: Path) -> None:
    data = "Телефон;Дата отправки;Статус;Текст;Цена\n8 (916) 123-45-67;20.11.2026 15:00;Доставлено;Скидка;2,10\n"
    data += "7 916 123-45-68;20.11.2026 15:00;Просрочено;Скидка;\n"
    for encoding in ("utf-8", "cp1251", "utf-16", "utf-8-sig"):
        (tmp_path / "m.yaml").write_text("extends: csv\nzone: Europe/Moscow\n")
        read = log(tmp_path, data.encode(encoding), str(tmp_path / "m.yaml"), country="RU")
        assert rows(read, "recipient", "status", "cost") == [
            ("+79161234567", "delivered", 2_100_000), ("+79161234568", "lapsed", None),
        ]  # fmt: skip


def test_a_national_number_without_its_country_stays_as_it_is(tmp_path: Path) -> None:
    data = "phone,sent at\n89161234567,2026-11-20T12:00Z\n79161234567,2026-11-20T12:00Z\nuser-7,2026-11-20T12:00Z\n"
    found = [name for (name,) in rows(log(tmp_path, data, "csv"), "recipient")]
    assert found == ["89161234567", "+79161234567", "user-7"]


def test_one_message_in_two_exports_is_judged_once_and_one_id_of_two_people_is_two_messages(tmp_path: Path) -> None:
    header, first, *_ = TWILIO.splitlines()
    earlier = first.replace("12:00:00.000Z", "11:00:00Z").replace("delivered", "sent")
    other = first.replace("4567", "4568")
    read = log(tmp_path, f"{header}\n{first}\n{earlier}\n{first}\n{other}", "twilio")
    assert rows(read, "event", "status") == [
        ("told", "delivered"), ("submitted", "accepted"), ("told", "delivered"), ("submitted", "delivered"),
    ]  # fmt: skip
    assert read.again == 2


MIXED = "+79161234567,2026-11-20T12:00Z,Скидка\n"
NONSENSE: list[tuple[str, str | bytes, str]] = [
    ("twilio", "", "the file is empty"),
    ("twilio", TWILIO.splitlines()[0] + "\n", "holds no row"),
    ("twilio", "a,b\n1,2\n", "no column recipient, occurred_at; the columns are: a, b"),
    ("twilio", gzip.compress(TWILIO.encode(), mtime=0)[:150], "compressed data are damaged"),
    ("twilio", TWILIO.replace("-0.0075", "1e308"), "'1e308' is no amount"),
    ("twilio", TWILIO.replace("-0.0075", "free"), "'free' is no amount"),
    ("twilio", TWILIO.replace('"1"', '"one"'), "'one' is no whole number"),
    ("twilio", TWILIO.replace("12:00:00.000Z", "12:00:00"), "has no time zone"),
    ("twilio", TWILIO.replace("2026-11-20T12:00:00.000Z", "2262-04-12T00:00:00Z"), "lies outside 1900 to 2200"),
    ("twilio", TWILIO.replace("2026-11-20T12:00:00.000Z", "Fri, 31 Feb 2026 12:00:00 +0000"), "is no time"),
    ("twilio", TWILIO.replace("outbound-api", "sideways"), "'sideways' is no direction of ours"),
    ("infobip", json.dumps({"results": []}), "holds no row"),
    ("infobip", "[[1]]", "the entry is no JSON object"),
    ("whatsapp", '{"a": 1}\n', "is no webhook of WhatsApp"),
    ("whatsapp", '{"entry": [\n', "the line is no JSON"),
    ("csv", "phone,sent at\n+79161234567,20.11.2026 15:00\n", "has no time zone"),
    ("csv", b"phone,sent at,text\n" + MIXED.encode() * 3 + MIXED.encode("cp1251"), "the line is not UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "what"), NONSENSE, ids=range(len(NONSENSE)))
def test_broken_exports_are_refused_in_plain_words(name: str, data: str | bytes, what: str, tmp_path: Path) -> None:
    assert what in faults(tmp_path, data, name)


def test_a_mapping_extends_another_part_by_part(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("extends: twilio\nvalues: {status: {teleported: failed}}\n")
    (tmp_path / "own.yaml").write_text("extends: base.yaml\nconstants: {category: promo}\ninbound: as_written\n")
    found, twilio = read_mapping(tmp_path / "own.yaml"), find_mapping("twilio")
    assert found.values["status"] == {**twilio.values["status"], "teleported": "failed"}
    assert found.constants == {"channel": "sms", "category": "promo"}
    assert (found.inbound, found.columns) == ("as_written", twilio.columns)


@pytest.mark.parametrize(("text", "what"), [
    ("extends: twillio\n", "did you mean twilio?; or give the path of a YAML file"),
    ("extends: own.yaml\n", "extends itself by way of others"),
    ("extends: [twilio]\n", "must be one name or path"),
    ("amounts: dollars\n", "'dollars' is no kind of amounts (use one of micro, decimal, negative)"),
    ("receipts: {charged: sometimes}\n", "'sometimes' does not fit (one of submit, delivered)"),
    ("receipts: {chargd: submit}\n", "did you mean charged?"),
    ("rows_in: results\n", "must be a list of names"),
    ("about: {sources: [https://x]}\n", "sources must have address and read_on"),
    ("values: {status: {OK: fine}}\n", "'fine' is no status of ours"),
    ("values: {category: {X: told}}\n", "'told' is no category of ours"),
])  # fmt: skip
def test_a_mapping_that_is_wrong_is_told(text: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(InputError) as caught:
        read_mapping(tmp_path / "own.yaml")
    assert what in str(caught.value)


def test_times_before_everything_else_are_named_with_their_line(tmp_path: Path) -> None:
    from scenarios.foreign.case import Given, prepare_case

    read = log(tmp_path, TWILIO.replace("2026-11-20T12:03:00Z", "1970-01-01T00:00:00Z"), "twilio")
    with pytest.raises(InputError, match=r"export:7: its times span 56 years; the earliest stands here"):
        prepare_case(read, Given(packs=("core",)))
