"""Fields set on the command line: ``--set clock.horizon_days=3`` or ``--set packs='[bp-promo]'``."""

from __future__ import annotations

from collections.abc import Iterable

from policies.errors import InputError, Problem
from policies.yaml_tree import parse


def overrides(settings: Iterable[str]) -> dict[str, object]:
    """Return dotted fields with their values, each read as in a scenario file: ``10:00`` is a time, and stays text.

    Raises InputError with every setting that is none; nothing after the ``=`` is no value.
    """
    found: dict[str, object] = {}
    problems = []
    for setting in settings:
        field, sign, text = setting.partition("=")
        label = f"--set {setting}"
        if not sign or not field.strip():
            problems.append(Problem(label, "has no =", "write FIELD=VALUE, such as clock.horizon_days=3"))
            continue
        try:
            found[field.strip()] = parse(text, label)[0] if text.strip() else None
        except InputError as error:
            problems += [Problem(label, problem.what, problem.remedy) for problem in error.problems]
    if problems:
        raise InputError(problems)
    return found
