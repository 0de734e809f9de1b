"""What an attack looks for, as a number that grows with the harm, and what it saw in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np

from policies.audit.log import judge_log
from policies.kinds.base import FAIL, P_RULE, P_SEVERITY, PASS, SEVERITIES
from policies.people import Int64s
from policies.records import MISSING
from policies.rules import Severity
from scenarios.compile.model import Compiled
from scenarios.experiments.verdicts import log_facts
from simulator.engine.log import EVENT, Rows, to_arrow

GoalName = Literal["violations", "cost", "duplicates"]
WEIGHTS: Mapping[str, int] = MappingProxyType({"block": 1000, "error": 100, "warn": 10, "info": 1})
"""What one broken rule counts, by its severity: nine of a severity weigh less than one of the next."""


@dataclass(frozen=True, slots=True)
class Seen:
    """``value`` of the worst hit recipient (weights of rules, micro-units, messages), and what it is made of.

    ``hints`` are further numbers that a search may follow: they rise before the value does. ``rules`` are the broken
    rules of that recipient, (id, severity, title).
    """

    value: int
    recipient: str
    words: tuple[str, ...] = ()
    hints: Mapping[str, float] = field(default_factory=dict)
    rules: tuple[tuple[str, Severity, str], ...] = ()


Goal = Callable[[Compiled, Rows], Seen]


def violations(compiled: Compiled, log: Rows) -> Seen:
    """Return the weight of the rules that the messages to one recipient break, each rule once, by its gravest check.

    Rules about a whole run are left out: one recipient is no run. What is for review or not known counts as nothing.
    """
    table = compiled.law.packs
    if not len(table):
        return Seen(0, "")
    arrow = to_arrow(log, compiled.model, run="attack", replication=0)
    judged = judge_log(arrow, compiled.people, log_facts(compiled), table, compiled.law.tables)
    failed = (judged.answers == FAIL) | (judged.answers > PASS)
    worst: tuple[int, int] = (0, -1)
    broken: dict[int, dict[int, int]] = {}
    for message, row in zip(*np.nonzero(failed), strict=True):
        severity = int(table.rows[row, P_SEVERITY])
        rules = broken.setdefault(int(judged.who[message]), {})
        rule = int(table.rows[row, P_RULE])
        rules[rule] = min(severity, rules.get(rule, severity))
    for who, rules in sorted(broken.items()):
        worst = max(worst, (sum(WEIGHTS[SEVERITIES[severity]] for severity in rules.values()), -who - 1))
    hints = {"messages that break a rule": float(failed.any(axis=1).sum()), "messages": float(len(failed))}
    if not worst[0]:
        return Seen(0, "", hints=hints)
    who = -worst[1] - 1
    found = sorted(broken[who].items(), key=lambda item: (item[1], table.rules[item[0]].id))
    named = tuple((table.rules[rule].id, _severity(severity), table.rules[rule].title) for rule, severity in found)
    return Seen(worst[0], compiled.people.id_of(who), tuple(f"{r} ({s}): {t}" for r, s, t in named), hints, named)


def _severity(index: int) -> Severity:
    name: Severity = SEVERITIES[index]  # type: ignore[assignment]
    return name


def cost(compiled: Compiled, log: Rows) -> Seen:
    """Return the highest cost of one recipient in micro-units, by channel in words."""
    who, paid = log.column("recipient"), log.column("cost")
    rows = np.flatnonzero((who >= 0) & (paid != MISSING))
    total = np.zeros(len(compiled.people), np.int64)
    np.add.at(total, who[rows], paid[rows])
    worst = int(total.argmax())
    hints = {"messages": float((log.column("event") == EVENT["submitted"]).sum())}
    if not total[worst]:
        return Seen(0, "", hints=hints)
    mine = rows[who[rows] == worst]
    parts = Counter[str]()
    steps = [step.id for step in compiled.model.steps]
    for step, micro in zip(log.column("step")[mine].tolist(), paid[mine].tolist(), strict=True):
        parts[steps[step] if step >= 0 else "other"] += micro
    currency = compiled.scenario.currency
    words = tuple(f"step {step}: {micro / 1e6:g} {currency}" for step, micro in parts.items() if micro)
    return Seen(int(total[worst]), compiled.people.id_of(worst), words, hints)


def duplicates(compiled: Compiled, log: Rows) -> Seen:
    """Return the most messages with one content that reach one recipient; see ``contents``."""
    content = np.append(contents(compiled), -1)
    delivered = np.flatnonzero(log.column("event") == EVENT["delivered"])
    who, what = log.column("recipient")[delivered], content[log.column("template")[delivered]]
    hints = {"messages": float((log.column("event") == EVENT["submitted"]).sum())}
    if not len(delivered):
        return Seen(0, "", hints=hints)
    pairs, counts = np.unique(np.stack([who, what], axis=1), axis=0, return_counts=True)
    worst = int(counts.argmax())
    rows = delivered[(who == pairs[worst, 0]) & (what == pairs[worst, 1])]
    rows = rows[np.argsort(log.column("occurred_at")[rows], kind="stable")]
    steps = [step.id for step in compiled.model.steps]
    words = tuple(f"step {steps[step]} arrives" for step in log.column("step")[rows].tolist())
    return Seen(int(counts[worst]), compiled.people.id_of(int(pairs[worst, 0])), words, hints)


def contents(compiled: Compiled) -> Int64s:
    """Return a number for the content of each template: one for all of a campaign, and for equal words anywhere.

    A cascade says the same by each of its channels, in words that suit it.
    """
    model, templates = compiled.model, list(compiled.scenario.templates.values())
    number = list(range(len(templates)))

    def join(one: int, two: int) -> None:
        low, high = sorted((number[one], number[two]))
        number[:] = [low if own == high else own for own in number]

    first_of_words: dict[str, int] = {}
    for index, template in enumerate(templates):
        words = "".join(letter for letter in template.body.lower() if letter.isalnum())
        join(index, first_of_words.setdefault(words, index))
    first_of_campaign: dict[int, int] = {}
    for step in model.steps:
        join(step.template, first_of_campaign.setdefault(step.campaign, step.template))
    return np.array(number, np.int64)


GOALS: Mapping[str, Goal] = MappingProxyType({"violations": violations, "cost": cost, "duplicates": duplicates})
