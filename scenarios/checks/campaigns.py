"""Campaigns: there is something to send, ids are unique, conditions can be tested."""

from __future__ import annotations

from collections.abc import Iterator

from policies.records import CHANNELS
from policies.yaml_tree import FieldPath
from scenarios.checks.facts import Facts
from scenarios.model import Condition
from scenarios.plain_errors import Fault

YES_OR_NO, NUMBER = "write true or false, unquoted", "write a number, unquoted"
OUR_VALUES = {
    "purchased": YES_OR_NO,
    "feature_phone": YES_OR_NO,
    "overdue": YES_OR_NO,
    **{f"has_{channel}": YES_OR_NO for channel in CHANNELS},
    "orders": NUMBER,
    "days_since_purchase": NUMBER,
    "messages_last_7_days": NUMBER,
}
"""What may be written for the attributes that are ours; of the columns of an audience nothing is known here."""


def check(facts: Facts) -> Iterator[Fault]:
    """Yield the faults of campaigns as a whole."""
    scenario = facts.scenario
    if not scenario.campaigns and scenario.calendar is None:
        yield Fault(("campaigns",), "nothing is to be sent", "add a campaign under campaigns, or a calendar")
    yield from _audience(facts)
    first: dict[str, int] = {}
    for path, campaign in facts.campaigns():
        earlier = first.setdefault(campaign.id, int(path[1]))
        if earlier != path[1]:
            yield Fault((*path, "id"), f"the campaign id {campaign.id!r} is taken", "give each campaign its own id")
    for path, condition in facts.conditions():
        yield from _condition(facts, path, condition)
    weights = scenario.people.activity
    if isinstance(weights, list) and not sum(weights):
        yield Fault(("people", "activity"), "all 24 weights are 0: nobody would ever look", "give one hour some weight")


def _audience(facts: Facts) -> Iterator[Fault]:
    audience = facts.scenario.audience
    if audience.file is None and audience.synthetic is None:
        yield Fault(("audience",), "there is nobody to send to", "give audience.file or audience.synthetic")
    if audience.file is not None and audience.synthetic is not None:
        what = "both a file and a synthetic audience are given"
        yield Fault(("audience",), what, "keep one of audience.file and audience.synthetic")
    if audience.synthetic is not None:
        for field in ("zones", "segments"):
            weights = getattr(audience.synthetic, field)
            if weights and not sum(weights.values()):
                yield Fault(("audience", "synthetic", field), "all weights are 0", "give one of them some weight")


def _condition(facts: Facts, path: FieldPath, condition: Condition) -> Iterator[Fault]:
    written = facts.written(path)
    fields = set(written) if isinstance(written, dict) else set()
    tests = [name for name in ("equals", "one_of", "known") if name in fields]
    if fields & {"at_least", "below"}:
        tests.append("at_least/below")
    if not tests:
        yield Fault(path, "the condition tests nothing", "add equals, one_of, at_least, below or known")
    elif len(tests) > 1:
        yield Fault(path, f"the condition has several tests: {', '.join(tests)}", "write one condition for each")
    if condition.one_of == []:
        yield Fault((*path, "one_of"), "the list is empty: nothing can be one of it", "name the values")
    low, high = condition.at_least, condition.below
    if low is not None and high is not None and low >= high:
        yield Fault((*path, "below"), f"nothing is at least {low:g} and below {high:g}", "exchange them")
    if not condition.attribute.strip():
        yield Fault((*path, "attribute"), "the attribute has no name", "name an audience column")
    yield from _values(path, condition)


def _values(path: FieldPath, condition: Condition) -> Iterator[Fault]:
    """Yield a fault for each value that a built-in attribute can never have: ``no`` is a text, not false."""
    remedy = OUR_VALUES.get(condition.attribute)
    values = {(*path, "equals"): condition.equals}
    values |= {(*path, "one_of", index): value for index, value in enumerate(condition.one_of or [])}
    for at, value in values.items():
        if remedy is not None and isinstance(value, str):
            yield Fault(at, f"{condition.attribute} is never the text {value!r}", remedy)
