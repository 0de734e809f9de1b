"""One person's way through a run: each decision, rule, draw and receipt, in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from policies.errors import InputError, Problem
from policies.evidence import Showing, in_clear
from policies.records import CHANNELS, COLUMN_NAMES
from prelaunch.recipient_key import resolve
from prelaunch.reports.numbers import instant, money
from prelaunch.run_folder import AS_RUN, LOG, MANIFEST, check_log, log_kind, read_json
from scenarios.audience.keys import recipient_key
from scenarios.compile.channels import channel_models
from scenarios.model import Scenario, decode
from simulator import draws
from simulator.behaviour import annoyance_multipliers, fatigue_multipliers, scaled
from simulator.engine.model import ChannelModel

MEANING = {
    "released": "taken up by campaign {campaign}",
    "held_out": "in the hold-out group of {campaign}: nothing is sent",
    "skipped": "step {step} skipped: its condition on an attribute is false now",
    "absent": "step {step}: cannot be reached by {channel} ({reason})",
    "held": "step {step} held until {until} by {rule}{reason}",
    "denied": "step {step} denied by {rule} ({reason}); on to the next step",
    "expired": "step {step} given up: {rule} would let it go only past the {reason}",
    "suppressed": "step {step} stopped by the company's own list ({reason})",
    "cancelled": "step {step} taken out of the queue: a report had stopped the cascade",
    "submitted": "step {step}: handed over{provider} by {channel}",
    "rejected": "step {step}: refused by the provider ({reason})",
    "failed": "{channel}: will not arrive ({reason})",
    "lapsed": "{channel}: validity over, not delivered",
    "purchased": "buys ({reason})",
    "ended": "cascade over ({reason})",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline: instant (microseconds UTC), what happened, and what it followed from."""

    at: int
    what: str
    because: str = ""


def read_person(
    folder: Path, recipient: str, replication: int = 0, show: Showing = in_clear
) -> tuple[list[Moment], str]:
    """Return the timeline of ``recipient`` in a run folder, and the zone its times are shown in.

    ``recipient`` is an external id, or what ``show`` makes of it.

    Raises InputError if the folder is no run, or nobody of that id occurs in it.
    """
    scenario, manifest = _read_run(folder)
    table = _read_log(folder)
    recipient = resolve(recipient, table["recipient"].unique().drop_null().to_pylist(), show)
    rows = _of_person(folder, manifest, table, recipient, replication)
    if not rows:
        remedy = "give an external id, or the hash of recipients.csv, or another --replication"
        raise InputError([Problem(str(folder), f"no recipient {recipient!r} in this run", remedy)])
    luck = Luck(scenario, date.fromisoformat(str(manifest["as_of"])), int(manifest["seed"]), replication, recipient)
    moments = [moment for row in rows for moment in _moments(row, scenario, luck)]
    return sorted(moments, key=lambda moment: moment.at), scenario.clock.zone


def _of_person(
    folder: Path, manifest: Mapping[str, Any], table: pa.Table, recipient: str, replication: int
) -> list[dict[str, Any]]:
    """Return the person's rows; from a dispatch log all is made again, since sessions and prices depend on others."""
    tables: Iterable[pa.Table] = [table]
    if log_kind(manifest) == "dispatch":
        from prelaunch.expanding import expanded_tables

        tables = expanded_tables(folder, replication)
    rows = []
    for part in tables:
        mine = pc.equal(part["recipient"].cast("string"), recipient)
        theirs = pc.and_(mine, pc.equal(part["replication"], replication))
        rows += part.filter(pc.fill_null(theirs, False)).to_pylist()
    return rows


def _read_run(folder: Path) -> tuple[Scenario, Mapping[str, Any]]:
    manifest, scenario = (read_json(folder / name) for name in (MANIFEST, AS_RUN))
    told = isinstance(manifest, dict) and {"as_of", "seed"} <= manifest.keys()
    if told:
        check_log(folder, manifest, dispatch=True)
    if not told or scenario is None or not (folder / LOG).is_file():
        raise InputError([Problem(str(folder), "is no run folder", "give the folder that prelaunch run printed")])
    try:
        return decode(scenario), manifest
    except msgspec.ValidationError as error:
        raise _damaged(folder / AS_RUN, str(error)) from None


def _read_log(folder: Path) -> pa.Table:
    try:
        table = pq.read_table(folder / LOG)
    except pa.ArrowInvalid as error:
        raise _damaged(folder / LOG, str(error).partition(". ")[0]) from None
    if missing := [name for name in COLUMN_NAMES if name not in table.column_names]:
        raise _damaged(folder / LOG, f"it lacks the columns {', '.join(missing)}")
    return table


def _damaged(path: Path, why: str) -> InputError:
    return InputError([Problem(str(path), f"is not as prelaunch wrote it: {why}", "run prelaunch run again")])


def _moments(row: Mapping[str, Any], scenario: Scenario, luck: Luck) -> Iterator[Moment]:
    """Yield what a row says happened, and when the company learned of it."""
    yield Moment(row["occurred_at"], what_happened(row, scenario.clock.zone, scenario.currency), luck.explain(row))
    received = row["received_at"]
    if received is not None and received > row["occurred_at"]:
        yield Moment(received, f"the company learns: {row['channel'] or ''} {row['event'].replace('_', ' ')}")


def what_happened(row: Mapping[str, Any], zone: str, currency: str) -> str:
    """Return in words what a row of the log says happened, with what it cost."""
    words = {name: "" if value is None else str(value) for name, value in row.items()}
    words["until"] = instant(row["until"], zone)
    words["reason"] = words["reason"].replace("_", " ")
    if row["event"] == "submitted":
        other = row["provider"] not in (None, row["channel"])
        words["provider"] = f" to {words['provider']}" if other else ""
    if row["event"] == "held":
        words["rule"] = words["rule"] or "an outage"
        words["reason"] = ""
    if row["event"] == "expired":
        words["rule"] = words["rule"] or "the sender's queue or an outage"
    what: str = MEANING.get(row["event"], "{channel}: " + row["event"].replace("_", " ")).format(**words)
    if row["cost"]:
        what += f", {money(row['cost'], currency)} ({row['units']} × {row['charge']})"
    return what


@dataclass(frozen=True, slots=True)
class Luck:
    """The draws of one person, made again: they depend on names and counters alone."""

    scenario: Scenario
    as_of: date
    seed: int
    replication: int
    recipient: str

    def explain(self, row: Mapping[str, Any]) -> str:
        """Return the draws behind a row about a message; empty where nothing was drawn."""
        purposes = DRAWN.get(row["event"], ())
        if not purposes or row["channel"] is None or row["attempt"] is None:
            return ""
        channel = self._channel(row["channel"])
        key = self._key(row["campaign"], channel, row["attempt"])
        lines = (self._line(purpose, draws.draw(key, draws.PURPOSE[purpose]), channel, row) for purpose in purposes)
        return "; ".join(filter(None, lines))

    def _channel(self, name: str) -> ChannelModel:
        home = (self.scenario.organisation.country,)
        return channel_models(self.scenario, self.as_of, home)[CHANNELS.index(name)]

    def _key(self, campaign: str, channel: ChannelModel, attempt: int) -> int:
        run = draws.run_key(self.seed, self.replication)
        person = draws.combine(run, recipient_key(self.recipient), draws.name_key(campaign))
        return draws.combine(person, channel.key, attempt)

    def _line(self, purpose: str, drawn: int, channel: ChannelModel, row: Mapping[str, Any]) -> str:
        forced = self._forced(purpose, row)
        if forced is not None:
            return f"{purpose}: forced to {forced:g}"
        bound = self._bound(purpose, channel, row)
        share = _share(drawn)
        return (
            f"{purpose}: drew {share}" if bound is None else f"{purpose}: drew {share}, happens below {_share(bound)}"
        )

    def _forced(self, purpose: str, row: Mapping[str, Any]) -> float | None:
        for forced in self.scenario.script:
            same = forced.recipient == self.recipient and forced.purpose == purpose and forced.attempt == row["attempt"]
            if same and forced.campaign in (None, row["campaign"]) and forced.channel in (None, row["channel"]):
                return forced.value
        return None

    def _bound(self, purpose: str, channel: ChannelModel, row: Mapping[str, Any]) -> int | None:
        rates, tired = channel.rates, (row["state"] or 0) % 256
        if purpose == "read":
            run = draws.run_key(self.seed, self.replication)
            level = draws.draw(draws.combine(run, recipient_key(self.recipient)), draws.PURPOSE["engagement"]) >> 56
            fatigue = fatigue_multipliers(self.scenario.people.fatigue_per_message)
            return scaled(rates.read[level], fatigue[tired]) if rates.read else None
        if purpose == "delivered":
            return rates.delivered[0]
        if purpose in ("complained", "unsubscribed"):
            annoyance = annoyance_multipliers(self.scenario.people.fatigue_per_message)
            return scaled(getattr(rates, purpose), annoyance[tired])
        return getattr(rates, purpose, None)


DRAWN: Mapping[str, Sequence[str]] = {
    "submitted": ("accepted", "delivered", "read", "clicked", "complained"),
    "rejected": ("accepted",),
    "delivered": ("delivery", "receipt_lost"),
    "read": ("reading",),
}
"""The draws worth showing beside each event; those of the whole message stand beside its hand-over."""


def _share(value: int) -> str:
    return f"{Decimal(min(value, 2**64)) / 2**64:.4f}"
