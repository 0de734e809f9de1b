"""A rule in words, for pages and the terminal: source, dates, whom it concerns, where its answer changes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal
from zoneinfo import ZoneInfo

from policies.context import Context
from policies.durations import lasting
from policies.instants import moment
from policies.kinds import KINDS
from policies.kinds.base import P_KIND
from policies.records import DAY, HOUR, MINUTE
from policies.rules import Check, Rule
from policies.tables import compile_rules

Unit = Literal["clock", "count", "time", "instant"]

BOUNDARIES: Mapping[str, tuple[Unit, str]] = {
    "channel_ban": ("instant", "the day {}"),
    "consent": ("time", "a consent {} old"),
    "cool_down": ("time", "{} after the last order"),
    "duplicate": ("time", "{} after the same text"),
    "frequency_cap": ("count", "after {} message(s) counted"),
    "opt_out": ("time", "{} after the opt-out"),
    "registry": ("time", "an entry {} old"),
    "service_window": ("time", "{} after the person's message"),
    "session_cap": ("count", "after {} message(s) of a session"),
    "time_window": ("clock", "{} by the recipient's clock"),
    "validity": ("clock", "arrival by {} of the recipient's clock"),
}
"""By kind: what its boundaries are (times of day, numbers, spans of time, instants), and a phrase around them.

Kinds that are not listed have none: their answer depends on texts and states, not on a value.
"""


def source(rule: Rule) -> str:
    """Return where the rule comes from: act, clause, address, and the day it was read."""
    cited = rule.citation
    named = f"{cited.act}, {cited.clause}" if cited.clause else cited.act
    where = f", <{cited.url}>" if cited.url else ""
    return named + where + (f", read on {cited.read_on}" if cited.read_on else "")


def dates(item: Rule | Check) -> str:
    """Return when a rule or a check is in force; the second day is the first on which it no longer is."""
    start, end = item.dates if isinstance(item, Rule) else (item.effective_from, item.effective_to)
    if start is None and end is None:
        return "always"
    return " ".join([f"from {start}"] * (start is not None) + [f"before {end}"] * (end is not None))


def reach(item: Rule | Check) -> str:
    """Return the channels, categories and countries that a rule or a check is about."""
    parts = [", ".join(names) for names in (item.channels, item.categories, item.countries) if names]
    parts += [f"{word} {text}" for word, text in (("when", item.when), ("unless", item.unless)) if text]
    return "; ".join(parts) or "every message"


def parameters(check: Check) -> str:
    """Return the parameters of a check as JSON."""
    return json.dumps(dict(check.params), ensure_ascii=False)


def narrower(check: Check) -> str:
    """Return how a check is narrower than its rule; empty where it is not."""
    limits = [reach(check)] * (reach(check) != reach(Check(check.kind)))
    limits += [dates(check)] * (dates(check) != "always")
    return "".join(f"; only {limit}" for limit in limits)


def boundaries(rule: Rule, check: Check, organisation: str | None = None) -> str:
    """Return where the answer of a check changes, as people say it; empty where no value or instant decides.

    ``organisation`` is the kind of the sender, on which some bans depend; None gives the widest ban.
    """
    if check.kind not in BOUNDARIES:
        return ""
    unit, phrase = BOUNDARIES[check.kind]
    context = Context(0, DAY, zone=rule.zone, countries=rule.countries, organisation_kind=organisation)
    rows = compile_rules([replace(rule, checks=(check,))], context).rows.tolist()
    values = [said(value, unit, rule.zone) for row in rows for value in KINDS[row[P_KIND]].boundaries(row)]
    return phrase.format(", ".join(dict.fromkeys(values))) if values else ""


def said(value: int, unit: Unit, zone: str) -> str:
    """Return a boundary of a kind as people say it."""
    if unit == "count":
        return str(value)
    if unit == "clock":
        return f"{value // HOUR:02}:{value % HOUR // MINUTE:02}"
    if unit == "instant":
        return f"{moment(value, ZoneInfo(zone)):%Y-%m-%d}"
    return lasting(value)
