"""A made-up log as Twilio's console exports it, for measuring the audit of real formats; every figure is *assumed*.

``python -m benchmarks.twilio_log ROWS FILE`` writes it; ``python -m benchmarks.twilio_log ROWS --audit`` also audits it
in a process of its own and prints time and peak memory.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

START_S = 1_793_491_200
"""2026-11-01 00:00 UTC."""
DAYS = 28
MESSAGES_EACH = 10
TEXTS = 1_000
"""Distinct texts: campaigns that are not personal."""
CHUNK = 1 << 20
STATUSES = ("delivered",) * 17 + ("undelivered", "undelivered", "sent")
PACKS = "core,bp-promo,ru-ads,ru-sms"


def write_log(rows: int, path: Path) -> None:
    """Write ``rows`` messages, in order of time, the same for the same number; one in 500 is an answer."""
    rng = np.random.default_rng(1)
    people = max(rows // MESSAGES_EACH, 1)
    writer = None
    for first in range(0, rows, CHUNK):
        table = _part(rng, first, min(CHUNK, rows - first), rows, people)
        writer = writer or pacsv.CSVWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _part(rng: np.random.Generator, first: int, count: int, rows: int, people: int) -> pa.Table:
    place = np.arange(first, first + count)
    inbound = rng.integers(0, 500, count) == 0
    person = _joined("+79", pa.array(10**8 + rng.integers(0, people, count)), 9)
    sender = pa.array(np.array(["ACME", "SHOP", "BANK"])[rng.integers(0, 3, count)])
    texts = [f"Скидка {number % 50 + 1} % на заказ {number}. Отписаться: СТОП" for number in range(TEXTS)]
    body = pa.array(texts).take(pa.array(rng.integers(0, TEXTS, count)))
    answer = pa.array(np.array(["STOP", "спасибо", "СТОП"])[rng.integers(0, 3, count)])
    status = pa.array(np.array(STATUSES)[rng.integers(0, len(STATUSES), count)])
    second = START_S + place * (DAYS * 86_400) // rows
    mask = pa.array(inbound)
    sent = pc.strftime(pa.array(second).cast(pa.timestamp("s")), format="%Y-%m-%dT%H:%M:%SZ")
    empty = pa.array([""] * count)
    return pa.table({
        "From": pc.if_else(mask, person, sender), "To": pc.if_else(mask, sender, person),
        "Body": pc.if_else(mask, answer, body), "Status": pc.if_else(mask, "received", status), "SentDate": sent,
        "ApiVersion": pa.array(["2010-04-01"] * count), "NumSegments": pa.array(["1"] * count), "ErrorCode": empty,
        "AccountSid": pa.array(["AC0123456789abcdef0123456789abcdef"] * count),
        "Sid": _joined("SM", pa.array(place), 32), "Direction": pc.if_else(mask, "inbound", "outbound-api"),
        "Price": pa.array(["-0.0075"] * count), "PriceUnit": pa.array(["USD"] * count),
    })  # fmt: skip


def _joined(prefix: str, numbers: pa.Array, digits: int) -> pa.Array:
    padded = pc.utf8_lpad(numbers.cast(pa.string()), digits, padding="0")
    return pc.binary_join_element_wise(prefix, padded, "")


def measure(path: Path) -> str:
    """Return how long the audit of a log takes and the most memory it holds."""
    mapping = path.with_suffix(".yaml")
    mapping.write_text("extends: twilio\nconstants: {category: promo}\n", encoding="utf-8")
    command = [sys.executable, "-m", "prelaunch", "audit", str(path), "--mapping", str(mapping), "--packs", PACKS]
    begun = time.monotonic()
    subprocess.run([*command, "--country", "RU", "--fail-on", "never"], check=True)
    spent = time.monotonic() - begun
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = used.ru_maxrss / 2**20
    return f"{spent:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of CPU, peak {peak:.2f} GiB"


def main() -> None:
    """Write a log, and audit it if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--audit", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "twilio.csv"
        write_log(options.rows, path)
        if options.audit:
            print(f"{options.rows:,} rows, {path.stat().st_size / 2**20:,.0f} MiB:", measure(path))


if __name__ == "__main__":
    main()
