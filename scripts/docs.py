"""Write every generated page and schema anew: runs each generator of this folder in turn.

A generator is a script ``*_page.py`` or ``*_schema.py`` here; run from the root without arguments it writes its files
under ``docs/``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

GENERATORS = (
    "audience_page.py",
    "channels_page.py",
    "columns_page.py",
    "engines_page.py",
    "findings_schema.py",
    "guards_page.py",
    "kinds_page.py",
    "log_page.py",
    "manifest_schema.py",
    "pack_schema.py",
    "rules_page.py",
    "scenario_page.py",
    "scenario_schema.py",
    "summary_schema.py",
    "suppressions_schema.py",
)


def generate(name: str, root: Path = ROOT) -> int:
    """Run one generator of the checkout at ``root`` and return its exit code."""
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.run([sys.executable, f"scripts/{name}"], cwd=root, env=environment, check=False).returncode


def main() -> int:
    """Run all generators; return 1 if one of them failed."""
    failed = [name for name in GENERATORS if generate(name) != 0]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
