"""Fields set on the command line: ``--set clock.horizon_days=3`` or ``--set packs='[bp-promo]'``."""

from __future__ import annotations

from collections.abc import Iterable

import yaml

from policies.errors import InputError, Problem


def overrides(settings: Iterable[str]) -> dict[str, object]:
    """Return dotted fields with their values, each read as YAML. Raises InputError with every one that is none."""
    found: dict[str, object] = {}
    problems = []
    for setting in settings:
        field, sign, text = setting.partition("=")
        try:
            if not sign or not field:
                raise ValueError("has no =")
            found[field.strip()] = text if _is_date(text) else yaml.safe_load(text)
        except (ValueError, yaml.YAMLError) as error:
            what = str(error).splitlines()[0]
            problems.append(Problem(f"--set {setting}", what, "write FIELD=VALUE, such as clock.horizon_days=3"))
    if problems:
        raise InputError(problems)
    return found


def _is_date(text: str) -> bool:
    """Dates and times stay text, as in a scenario file."""
    return text[:4].isdigit() and text[4:5] == "-" and text[5:7].isdigit()
