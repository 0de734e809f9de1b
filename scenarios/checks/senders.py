"""Senders: they exist where they are named, and speak on the channel they are used for."""

from __future__ import annotations

from collections.abc import Iterator

from policies.words import suggestion
from policies.yaml_tree import FieldPath
from scenarios.checks.facts import Facts
from scenarios.plain_errors import Fault


def check(facts: Facts) -> Iterator[Fault]:
    """Yield the faults of senders, and of steps and outages that name them."""
    for path, step in facts.steps():
        if step.sender is not None:
            yield from _named(facts, (*path, "sender"), step.sender, step.channel)
    for index, outage in enumerate(facts.scenario.outages):
        if outage.sender is not None:
            yield from _named(facts, ("outages", index, "sender"), outage.sender, outage.channel)
    for name, sender in facts.scenario.senders.items():
        if sender.registration is not None and facts.written(("senders", name, "registered")) is True:
            what = "the sender is registered and has a registration to come"
            yield Fault(("senders", name, "registered"), what, "leave out one of the two")


def _named(facts: Facts, path: FieldPath, name: str, channel: str) -> Iterator[Fault]:
    known = facts.names("senders")
    if name not in known:
        yield Fault(path, f"there is no sender {name!r}", suggestion(name, known, what="senders"))
        return
    sender = facts.scenario.senders.get(name)
    if sender is not None and sender.channel != channel:
        own = sorted(other for other, its in facts.scenario.senders.items() if its.channel == channel)
        remedy = f"senders on {channel}: {', '.join(own)}" if own else f"add a sender on {channel}"
        yield Fault(path, f"the sender {name!r} is on {sender.channel}, not on {channel}", remedy)
