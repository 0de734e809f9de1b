"""How fast an audience file of any size is read: ``python -m benchmarks.audience ROWS [parquet|csv]``.

The file is made up and written to a temporary folder first, by a process of its own; then it is read as
``prelaunch run`` reads it. Printed are rows a second, CPU seconds, bytes a recipient and the peak of memory.
"""

from __future__ import annotations

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
import pyarrow.parquet as pq

from policies.ids import Numbered
from policies.records import DAY
from scenarios.audience import Loaded, load_audience
from scenarios.audience.draws import Draws
from scenarios.audience.synthetic_numbers import numbers
from scenarios.model import Audience, AudienceFile

CHUNK = 1 << 20
NOW = 1_795_392_000_000_000  # 2026-11-23T00:00Z
ZONES = ("Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Vladivostok")
AGREED = ("sms", "sms|email", "sms|email|viber|whatsapp")


def table(first: int, size: int, rows: int) -> pa.Table:
    """Return rows ``first`` .. of a base of ``rows``: ids, numbers, addresses, zones, accounts, orders, consents."""
    draws = Draws(1, size, first)
    names = Numbered("C", 8, rows).take(np.arange(first, first + size))
    phone = pa.array(numbers("RU", draws, np.ones(size, dtype=np.bool_))).cast(pa.string())
    day = pa.array(((NOW // DAY) - 30 - draws.below("agreed", 1500)).astype(np.int32)).cast(pa.date32())
    return pa.table(
        {
            "customer_id": names,
            "phone": pc.binary_join_element_wise("+", phone, ""),
            "email": pc.binary_join_element_wise(pc.utf8_lower(names), "@example.com", ""),
            "time_zone": pa.array(ZONES).take(pa.array(draws.below("zone", len(ZONES)))),
            "has_viber": pa.array(draws.below("viber", 2)),
            "has_whatsapp": pa.array(draws.below("whatsapp", 2)),
            "orders": pa.array(draws.below("orders", 12)),
            "ads_consent_at": day.cast(pa.string()),
            "ads_consent_channels": pa.array(AGREED).take(pa.array(draws.below("channels", len(AGREED)))),
        }
    )


def write(path: Path, rows: int) -> None:
    """Write a base of ``rows`` people, a row group or a block at a time."""
    parts = (table(first, min(CHUNK, rows - first), rows) for first in range(0, rows, CHUNK))
    schema = table(0, 1, rows).schema
    kind = pq.ParquetWriter if path.suffix == ".parquet" else pacsv.CSVWriter
    with kind(str(path), schema) as file:
        for part in parts:
            file.write_table(part)


def read(path: Path) -> Loaded:
    """Return the audience of a file, as a run reads it."""
    spec = Audience(file=AudienceFile(path=str(path)))
    return load_audience(spec, base_dir=Path(), now=NOW, seed=1, currency="RUB", wanted=())


def measure(path: Path) -> None:
    """Read the file and print what it took."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    wall = time.perf_counter()
    loaded = read(path)
    wall = time.perf_counter() - wall
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    people = loaded.people
    size = path.stat().st_size / 2**20
    print(f"{path.suffix[1:]}, {size:,.0f} MiB: {loaded.rows_read:,} rows, {len(people):,} people")
    print(f"{loaded.rows_read / wall:,.0f} rows/s, {wall:.1f} s, CPU {cpu:.1f} s")
    print(f"{people.nbytes / len(people):.1f} bytes a recipient, the external ids among them")
    print(f"peak of memory {after.ru_maxrss / 1024:,.0f} MiB, before reading {before.ru_maxrss / 1024:,.0f} MiB")


def main(rows: int, kind: str = "parquet") -> None:
    """Write a file in a process of its own, then read it in another."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"base.{kind}"
        for what in ("write", "measure"):
            subprocess.run([sys.executable, "-m", "benchmarks.audience", what, str(path), str(rows)], check=True)


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]), int(sys.argv[3]))
    elif sys.argv[1] == "measure":
        measure(Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]), *sys.argv[2:])
