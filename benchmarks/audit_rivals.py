"""The three rules of ``audit_world.THREE`` in polars, in DuckDB and in Rego.

The answers are 0 (pass), -1 (fail) and 1 (fails until some instant), as the narrow ones of the audit, one column a
rule, in any order; beside them stands the place of each message in the log. Wall clocks come from a small table of
offsets by zone; the cap needs the last message but one of the person, since every message counts; consents are one a
person.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.audit_world import DAYS, START, people_file
from policies.calendars.zones import zone_tables
from policies.records import CHANNELS, DAY, HOUR, MISSING

Answers = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]
"""Answers of shape (messages, 3), and the places of the messages in the log."""
LIBRARIES = {"polars": "polars", "DuckDB": "duckdb", "Rego": "regopy"}
OPENS, CLOSES, WINDOW = 9 * HOUR, 21 * HOUR, 24 * HOUR
COLUMNS = ["recipient", "channel", "occurred_at"]


def missing_libraries() -> list[str]:
    """Return the names of the libraries that are not installed here."""
    return [module for module in LIBRARIES.values() if find_spec(module) is None]


def offsets(zones: Iterable[str]) -> pa.Table:
    """Return from when to when (instants) each zone has which offset, in microseconds."""
    names = sorted(set(zones))
    ptr, at, off = zone_tables(names, START, START + DAYS * DAY)
    rows = [
        (name, int(at[row]), int(at[row + 1]), int(off[row]))
        for place, name in enumerate(names)
        for row in range(int(ptr[place]), int(ptr[place + 1]) - 1)
        if off[row] != MISSING
    ]
    columns = ("zone", "since", "until", "offset")
    return pa.table({name: [row[place] for row in rows] for place, name in enumerate(columns)})


def by_polars(file: Path) -> Answers:
    """Return the answers from the Parquet files."""
    import polars as pl

    people = pl.read_parquet(people_file(file))
    clocks = pl.DataFrame(offsets(people["zone"].unique().to_list()))
    bits = pl.DataFrame({"channel": list(CHANNELS), "bit": [1 << place for place in range(len(CHANNELS))]})
    at, local = pl.col("occurred_at"), (pl.col("occurred_at") + pl.col("offset")) % DAY
    answers = (
        pl.scan_parquet(file)
        .select(pl.col("recipient", "channel").cast(pl.String), "occurred_at")
        .with_row_index("place")
        .join(people.lazy(), on="recipient", how="left", maintain_order="left")
        .join(bits.lazy(), on="channel", how="left", maintain_order="left")
        .join(clocks.lazy(), on="zone", how="left", maintain_order="left")
        .filter((at >= pl.col("since")) & (at < pl.col("until")))
        .select(
            "place",
            pl.when((pl.col("channels") & pl.col("bit") != 0) & (at > pl.col("agreed_at")) & (at < pl.col("agreed_to")))
            .then(0).otherwise(-1).cast(pl.Int8).alias("consent"),
            pl.when((local >= OPENS) & (local < CLOSES)).then(0).otherwise(1).cast(pl.Int8).alias("hours"),
            pl.when(at < at.shift(2).over("recipient") + WINDOW).then(1).otherwise(0).cast(pl.Int8).alias("cap"),
        )
        .collect()
    )  # fmt: skip
    return answers.drop("place").to_numpy(), answers["place"].to_numpy()


SQL = f"""
select
    place,
    case when channels & bit != 0 and occurred_at > agreed_at and occurred_at < agreed_to then 0 else -1 end::tinyint,
    case when local >= {OPENS} and local < {CLOSES} then 0 else 1 end::tinyint,
    case when occurred_at < last_but_one + {WINDOW} then 1 else 0 end::tinyint
from (
    select place, occurred_at, channels, bit, agreed_at, agreed_to, (occurred_at + "offset") % {DAY} as local,
        lag(occurred_at, 2) over (partition by number order by occurred_at, place) as last_but_one
    from (select recipient, channel, occurred_at, file_row_number as place from read_parquet($file, file_row_number = true))
    join people using (recipient)
    join bits using (channel)
    join clocks on clocks.zone = people.zone and occurred_at >= since and occurred_at < "until"
)
"""  # noqa: E501 - a line of SQL


def by_duckdb(file: Path) -> Answers:
    """Return the answers from the Parquet files."""
    import duckdb

    with duckdb.connect() as base:
        base.execute(
            "create table people as select *, row_number() over () as number from read_parquet($file)",
            {"file": str(people_file(file))},
        )
        zones = [zone for (zone,) in base.execute("select distinct zone from people").fetchall()]
        base.register("clocks", offsets(zones))
        base.register("bits", pa.table({"channel": CHANNELS, "bit": [1 << n for n in range(len(CHANNELS))]}))
        found = base.execute(SQL, {"file": str(file)}).fetchnumpy()
    place, *answers = (np.asarray(column) for column in found.values())
    return np.column_stack(answers), place


REGO = f"""package rules
import rego.v1

consent := 0 if {{
    some given in input.consents
    input.channel in given.channels
    given.from < input.at
    input.at < given.to
}} else := -1

local := (input.at + input.offset) % {DAY}
hours := 0 if {{ local >= {OPENS}; local < {CLOSES} }} else := 1

cap := 1 if {{ count([at | some at in input.before; input.at < at + {WINDOW}]) >= 2 }} else := 0
answers := [consent, hours, cap]
"""


def by_rego(inputs: Iterable[dict[str, Any]]) -> np.ndarray[Any, Any]:
    """Return the answers to inputs, one message each, by a compiled policy."""
    from regopy import Interpreter

    rego = Interpreter()
    rego.add_module("rules.rego", REGO)
    bundle = rego.build("x = data.rules.answers", [])
    found = []
    for message in inputs:
        rego.set_input(message)
        found.append(json.loads(str(rego.query_bundle(bundle)))["bindings"]["x"])
    return np.array(found, np.int8).reshape(-1, 3)


def rego_inputs(log: pa.Table, people: pa.Table) -> Iterator[dict[str, Any]]:
    """Yield the message as a service would ask about it; who asks has to remember the two last messages of each."""
    clocks = {row["zone"]: row["offset"] for row in offsets(people["zone"].to_pylist()).to_pylist()}
    known = {row["recipient"]: row for row in people.to_pylist()}
    before: dict[str, list[int]] = {}
    for row in log.select(COLUMNS).to_pylist():
        person, last = known[row["recipient"]], before.setdefault(row["recipient"], [])
        channels = [name for place, name in enumerate(CHANNELS) if person["channels"] >> place & 1]
        given = {"channels": channels, "from": person["agreed_at"], "to": person["agreed_to"]}
        yield {
            "at": row["occurred_at"], "channel": row["channel"], "offset": clocks[person["zone"]],
            "consents": [given], "before": last[-2:],
        }  # fmt: skip
        last.append(row["occurred_at"])
