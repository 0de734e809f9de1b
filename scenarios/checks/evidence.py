"""Evidence: what looks like yes or no is written as true or false, since a word such as ``no`` is a text."""

from __future__ import annotations

from collections.abc import Iterator

from scenarios.checks.facts import Facts
from scenarios.plain_errors import Fault

WORDS = frozenset(("yes", "no", "y", "n", "on", "off", "true", "false", "да", "нет"))


def check(facts: Facts) -> Iterator[Fault]:
    """Yield a fault for each answer that is a word for yes or no."""
    for name, stated in facts.scenario.evidence.items():
        if isinstance(stated, str) and stated.strip().casefold() in WORDS:
            yield Fault(("evidence", name), f"{stated!r} is a text here, no answer", "write true or false, unquoted")
