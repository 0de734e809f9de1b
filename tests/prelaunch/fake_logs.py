"""Event logs made up for tests: a few rows by hand, or many at random in the shape the engines write."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from policies.records import COLUMNS, DAY, HOUR, MINUTE, SECOND
from prelaunch.summary.model import CampaignFacts, RunFacts, StepFacts

START = 1_633_068_000_000_000  # 2021-10-01 06:00 UTC, 09:00 in Moscow
RUB = 1_000_000
ARROW = {"text": pa.string(), "int": pa.int64(), "instant": pa.int64(), "money": pa.int64()}
CASCADE = (StepFacts("1-viber", "viber", "offer"), StepFacts("2-sms", "sms", "offer-sms"))
FACTS = RunFacts("test", 7, "RUB", "Europe/Moscow", "2021-10-01", "enforce", (CampaignFacts("sale", "promo", CASCADE),))


def table(rows: list[dict[str, object]], encode: bool = True) -> pa.Table:
    """Return rows as a log; ``event`` is needed in each, the rest may be left out."""
    arrays = []
    for column in COLUMNS:
        default = {"run": "r", "replication": 0, "occurred_at": START}.get(column.name)
        array = pa.array([row.get(column.name, default) for row in rows], type=ARROW[column.type])
        arrays.append(array.dictionary_encode() if encode and column.type == "text" else array)
    return pa.table(arrays, names=[column.name for column in COLUMNS])


def row(event: str, who: str | None = None, minutes: float = 0, step: int | None = None, **more: object) -> dict:
    """Return one row of the campaign ``sale``, ``minutes`` after its start; ``heard``: minutes at which it was told."""
    cells: dict[str, object] = {"event": event, "occurred_at": START + int(minutes * MINUTE)}
    if who is not None:
        cells |= {"recipient": who, "campaign": "sale", "category": "promo"}
    if step is not None:
        place = CASCADE[step - 1]
        cells |= {"step": place.step, "channel": place.channel, "template": place.template, "sender": "brand"}
    if "heard" in more:
        cells["received_at"] = START + int(more.pop("heard") * MINUTE)
    return cells | more


def hand_made() -> list[dict[str, object]]:
    """Return five recipients whose every figure can be told by looking.

    ann reads Viber after 4 min, told at 5. bob gets Viber (report lost), then SMS: two messages. cid is denied on
    Viber, held to the next morning, and gets SMS a day later. dan is unreachable. eve is held out and buys by herself.
    """
    day = 24 * 60
    return [
        *(row("released", who) for who in ("ann", "bob", "cid", "dan")),
        row("held_out", "eve"),
        row("submitted", "ann", 0, 1),
        row("delivered", "ann", 2, 1, heard=3, charge="delivered", units=1, cost=1 * RUB),
        row("read", "ann", 4, 1, heard=5),
        row("clicked", "ann", 6, 1, heard=6),
        row("purchased", "ann", 8, 1, heard=8, reason="message"),
        row("submitted", "bob", 0, 1),
        row("delivered", "bob", 2, 1, charge="delivered", units=1, cost=1 * RUB),
        row("submitted", "bob", 60, 2, charge="submit", units=2, cost=5 * RUB),
        row("delivered", "bob", 61, 2, heard=62),
        row("complained", "bob", 90, 2),
        row("denied", "cid", 0, 1, rule="BP-1", reason="denied"),
        row("held", "cid", 0, 2, rule="BP-2", until=START + DAY),
        row("submitted", "cid", day, 2, charge="submit", units=1, cost=2_500_000),
        row("delivered", "cid", day + 1, 2, heard=day + 2),
        row("absent", "dan", 0, 1, reason="no_address"),
        row("submitted", "dan", 0, 2, charge="submit", units=1, cost=2_500_000),
        row("failed", "dan", 10, 2, heard=11, reason="dead"),
        row("purchased", "dan", 30, reason="without_message"),
        row("purchased", "eve", 30, reason="without_message"),
        row("fee", None, 0, channel="viber", sender="brand", charge="month", units=1, cost=100 * RUB, reason="name"),
        row("limit_changed", None, 120, channel="whatsapp", sender="wa", units=1000, reason="flagged"),
        row("quality_changed", None, 60, channel="whatsapp", sender="wa", reason="red"),
    ]


def random_log(people: int = 1000, campaigns: int = 2, seed: int = 1, replication: int = 0) -> pa.Table:
    """Return a plausible log of about eight rows a recipient and campaign; the figures in it mean nothing."""
    rng = np.random.default_rng((seed, replication))
    parts = [_campaign(rng, f"c{number:03d}", people, number) for number in range(campaigns)]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return _arrow(joined, replication, people)


STEPS = (("1-push", "push"), ("2-viber", "viber"), ("3-whatsapp", "whatsapp"), ("4-sms", "sms"))
RANDOM_FACTS = RunFacts("random", 1, "RUB", "Europe/Moscow", "2021-10-01", "enforce", ())
REFUSALS = (("absent", 0, 0.2, ""), ("denied", 0.2, 0.22, "BP-CAP-01"), ("held", 0.22, 0.3, "BP-NIGHT-01"))
PRICE = (0, 1 * RUB, 4 * RUB, 2 * RUB)


def _campaign(rng: np.random.Generator, name: str, people: int, number: int) -> dict[str, np.ndarray]:
    blocks: list[dict[str, object]] = []
    who = np.arange(people)
    at = START + number * DAY + rng.integers(0, 4 * HOUR, people)
    blocks.append({"event": "released", "who": who, "at": at})
    for index, (step, channel) in enumerate(STEPS):
        there = {"step": step, "channel": channel}
        luck = rng.random(len(who))
        for event, low, high, rule in REFUSALS:
            some = (luck >= low) & (luck < high)
            until = at[some] + 8 * HOUR if event == "held" else None
            blocks.append({"event": event, "who": who[some], "at": at[some], "rule": rule, "until": until} | there)
        sent = luck >= 0.22
        who, at = who[sent], at[sent]
        cost = np.full(len(who), PRICE[index])
        blocks.append({"event": "submitted", "who": who, "at": at, "cost": cost, "charge": "submit"} | there)
        arrived = rng.random(len(who)) < 0.8
        who, at = who[arrived], at[arrived] + rng.exponential(300 * SECOND, arrived.sum()).astype(np.int64)
        told = np.where(rng.random(len(who)) < 0.95, at + 20 * SECOND, -1)
        blocks.append({"event": "delivered", "who": who, "at": at, "told": told} | there)
        read = rng.random(len(who)) < 0.4
        later = at[read] + rng.exponential(2 * HOUR, read.sum()).astype(np.int64)
        blocks.append({"event": "read", "who": who[read], "at": later, "told": later} | there)
        angry = rng.random(read.sum()) < 0.01
        blocks.append({"event": "complained", "who": who[read][angry], "at": later[angry]} | there)
        who, at = who[~read], at[~read] + 6 * HOUR
    return _joined(blocks, name)


def _joined(blocks: list[dict[str, object]], campaign: str) -> dict[str, np.ndarray]:
    def numbers(name: str) -> np.ndarray:
        return np.concatenate([np.full(len(b["who"]), -1) if b.get(name) is None else b[name] for b in blocks])

    def texts(name: str) -> np.ndarray:
        return np.concatenate([np.full(len(b["who"]), b.get(name) or "", object) for b in blocks])

    size = sum(len(b["who"]) for b in blocks)
    return ({name: numbers(name) for name in ("who", "at", "told", "until", "cost")}
            | {name: texts(name) for name in ("event", "step", "channel", "rule", "charge")}
            | {"campaign": np.full(size, campaign, object)})  # fmt: skip


def _arrow(cells: dict[str, np.ndarray], replication: int, people: int) -> pa.Table:
    size = len(cells["who"])
    ids = pa.array([f"customer-{i:07d}" for i in range(people)])
    columns: dict[str, pa.Array] = {}
    for column in COLUMNS:
        source = {"occurred_at": "at", "received_at": "told"}.get(column.name, column.name)
        if column.name == "recipient":
            columns[column.name] = pa.DictionaryArray.from_arrays(pa.array(cells["who"].astype(np.int32)), ids)
        elif column.type == "text":
            values = cells.get(source, np.full(size, {"run": "r", "category": "promo"}.get(source, ""), object))
            columns[column.name] = pa.array(values, mask=values == "", type=pa.string()).dictionary_encode()
        else:
            values = cells.get(source, np.full(size, replication if source == "replication" else -1)).astype(np.int64)
            columns[column.name] = pa.array(values, mask=values == -1)
    return pa.table(columns)
