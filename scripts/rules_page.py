"""Write docs/rules.md: every shipped rule with its source, dates, checks and cases."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from policies.packs import PACKS, Pack, load_packs
from policies.rule_words import dates, narrower, parameters, reach, source
from policies.rules import Check, Rule

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "rules.md"
CASES = ROOT / "tests" / "cases"

INTRODUCTION = """\
# Rules

Written by `make docs` from `policies/packs` and `tests/cases`; change those, not this page.

Material for a review, not legal advice: each rule of law needs the sign-off of a lawyer. The confidence says what a
rule stands on:

- **documented**: the text of a law, a regulator or a provider was seen;
- **statute-known**: the clause is known, its text was not read again;
- **reported**: the press, a law firm, a reseller;
- **guessed**: good practice, or a threshold of our choice.

A message is judged by the version in force when it is sent; with `--as-of` by that of the date given. *Announced* rules
are listed and never judged. Severities: `block` and `error` act under `gate: enforce`, `warn` and `info` are recorded.
"""


def page() -> str:
    """Return the whole page."""
    return "\n".join([INTRODUCTION, *(line for pack in load_packs(PACKS) for line in _pack(pack))]).rstrip() + "\n"


def _pack(pack: Pack) -> Iterator[str]:
    yield f"## {pack.title} (`{pack.name}`)\n"
    yield f"{pack.description} Version {pack.version}.\n"
    yield "| rule | version | title | in force | severity | confidence | cases |"
    yield "|---|---|---|---|---|---|---|"
    for rule in pack.rules:
        cases = len(_cases(rule.id)) or "-"
        when, word = dates(rule), rule.severity if rule.checks else "-"
        yield f"| {rule.id} | {rule.version} | {rule.title} | {when} | {word} | {rule.confidence} | {cases} |"
    yield ""
    for rule in pack.rules:
        yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"### {rule.id}, version {rule.version}: {rule.title}\n"
    yield f"{rule.statement}\n"
    yield f"- Why: {rule.rationale}"
    yield f"- Source: {source(rule)}; {rule.confidence}"
    yield f"- In force: {dates(rule)}" + ("" if rule.status == "in_force" else f"; {rule.status}")
    yield f"- Concerns: {reach(rule)}"
    yield from (f"- Check: {_check(check)}" for check in rule.checks)
    if not rule.checks:
        yield "- Check: none; nothing here can judge it"
    if rule.note:
        yield f"- Note: {rule.note}"
    yield f"- Kept: {rule.examples.passes}"
    yield f"- Broken: {rule.examples.fails}"
    yield f"- To mend: {rule.fix}\n"


def _check(check: Check) -> str:
    return f"`{check.kind}` {check.severity} `{parameters(check)}`{narrower(check)}"


@cache
def _cases(rule_id: str) -> tuple[dict[str, Any], ...]:
    path = CASES / f"{rule_id}.yaml"
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8"))["cases"]) if path.is_file() else ()


def main() -> None:
    """Write the page."""
    TARGET.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
