"""A campaign to a whole country, as a person would start it: ``python -m benchmarks.country ROWS [dispatch|none]``.

Workload W as a scenario file, its people as a Parquet file, both in a temporary folder; then
``prelaunch run --no-report`` in a process of its own. Printed are wall and CPU seconds and the peak of memory.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from benchmarks.workload_w import CASCADE, CHUNK, ZONES, Raw, scenario
from policies.ids import Numbered

SEED = 1
DAY_OF_CONSENT = "2021-09-01"
COLUMN = {"push": "push_token", "viber": "has_viber", "whatsapp": "has_whatsapp"}
"""Columns of the customer file that tell who can be reached; e-mail and numbers are the address itself."""


def scenario_of(rows: int, base: Path) -> Raw:
    """Return W with its people taken from a file; an SMS cannot tell that it was read, which a file is held to."""
    raw = scenario(rows, SEED, ties=True)
    raw["campaigns"][-1]["cascade"][-1]["stop_on"] = "never"
    return raw | {"audience": {"file": {"path": str(base)}}, "packs": []}


def people(first: int, size: int, rows: int) -> pa.Table:
    """Return ``size`` people of W from place ``first`` on, with the columns of a customer file."""
    rng = np.random.default_rng((SEED, first))
    reached = {figures.name: rng.random(size) < figures.reachable for figures in CASCADE}
    agreed = sum((rng.random(size) < figures.consent) << place for place, figures in enumerate(CASCADE))
    sets = range(1 << len(CASCADE))
    words = ["|".join(f.name for place, f in enumerate(CASCADE) if mask >> place & 1) for mask in sets]
    places = rng.choice(len(ZONES), size, p=[share for _, share in ZONES])
    none = pa.scalar(None, pa.string())
    return pa.table(
        {
            "customer_id": Numbered("W", 9, rows, first=0).take(np.arange(first, first + size)),
            "phone": pa.array(79_000_000_000 + np.arange(first, first + size)),
            "email": _where(reached["email"], "a@example.com", none),
            "time_zone": pa.array([zone for zone, _ in ZONES]).take(pa.array(places)),
            **{column: _flag(channel, reached[channel], none) for channel, column in COLUMN.items()},
            "ads_consent_at": pa.repeat(DAY_OF_CONSENT, size),
            "ads_consent_channels": pa.array(words).take(pa.array(agreed)),
        }
    )


def _flag(channel: str, reached: np.ndarray, none: pa.Scalar) -> pa.Array:
    return _where(reached, "token", none) if channel == "push" else pa.array(reached.astype(np.int8))


def _where(chosen: np.ndarray, word: str, none: pa.Scalar) -> pa.Array:
    return pa.compute.if_else(pa.array(chosen), pa.scalar(word), none)


def write(base: Path, rows: int) -> None:
    """Write the people, a row group at a time."""
    with pq.ParquetWriter(str(base), people(0, 1, rows).schema) as file:
        for first in range(0, rows, CHUNK):
            file.write_table(people(first, min(CHUNK, rows - first), rows))


def main(rows: int, log: str = "dispatch") -> int:
    """Write the files in a process of its own, run the program on them, and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        base, described = Path(folder) / "people.parquet", Path(folder) / "w.yaml"
        subprocess.run([sys.executable, "-m", "benchmarks.country", "write", str(base), str(rows)], check=True)
        described.write_text(json.dumps(scenario_of(rows, base)), "utf-8")
        before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, "-m", "prelaunch", "run", str(described), "--no-report", "--log", log]
        code = subprocess.run([*command, "--out", f"{folder}/run"], check=False).returncode
        wall, after = time.perf_counter() - wall, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        size = base.stat().st_size / 2**20
        print(f"{rows:,} rows of Parquet, {size:,.0f} MiB; log {log}; exit code {code}")
        print(f"{wall:.0f} s, CPU {cpu:.0f} s, peak of memory {after.ru_maxrss / 2**20:.2f} GiB")
        return code


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main(int(sys.argv[1]), *sys.argv[2:]))
