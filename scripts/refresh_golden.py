"""Run every shipped scenario at a small size and write its golden summary anew, outputs too; print what changed.

A golden summary says what a run came to under the scenario's own date and under a later one: reached, cost, complaints,
log hash. Run from the root after a change that is meant to change results: ``python scripts/refresh_golden.py``.
"""

from __future__ import annotations

import difflib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from policies.calendars.iana import use_packaged_zones  # noqa: E402 - after the path
from tests.support.library import GOLDEN, NAMES, golden  # noqa: E402 - after the path
from tests.support.results import GOLDEN as OUTPUTS  # noqa: E402 - after the path
from tests.support.results import golden as outputs  # noqa: E402 - after the path


def changes(name: str, old: dict[str, dict[str, object]], new: dict[str, dict[str, object]]) -> list[str]:
    """Return a line for each figure of one scenario that differs."""
    lines = []
    for day in sorted({*old, *new}):
        before, after = old.get(day, {}), new.get(day, {})
        lines += [
            f"{name}, as of {day}: {field} {before.get(field)} -> {after.get(field)}"
            for field in sorted({*before, *after})
            if before.get(field) != after.get(field)
        ]
    return lines


def refresh(folder: Path = GOLDEN) -> list[str]:
    """Write all golden summaries and return what changed."""
    folder.mkdir(exist_ok=True)
    lines = []
    for name in NAMES:
        path = folder / f"{name}.json"
        old = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        new = golden(name)
        lines += changes(name, old, new)
        path.write_text(json.dumps(new, indent=2) + "\n", encoding="utf-8")
    for path in folder.glob("*.json"):
        if path.stem not in NAMES:
            path.unlink()
            lines.append(f"{path.stem}: no such scenario any more, removed")
    return lines


def refresh_outputs(folder: Path = OUTPUTS) -> list[str]:
    """Write the golden files of the output formats and return which lines changed."""
    folder.mkdir(exist_ok=True)
    lines = []
    for name, data in outputs().items():
        path = folder / name
        old = path.read_bytes().decode() if path.exists() else ""
        changed = difflib.unified_diff(old.splitlines(), data.decode().splitlines(), lineterm="", n=0)
        lines += [f"{name}: {line}" for line in changed if not line.startswith(("---", "+++", "@@"))]
        path.write_bytes(data)
    return lines


if __name__ == "__main__":
    use_packaged_zones()
    print("\n".join([*refresh_outputs(), *refresh()]) or "nothing changed")
