"""Write constraints.txt: the exact version of every package installed in this environment, our own left out."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEADER = """\
# The exact versions this project is tested with, development tools included (Linux, Python 3.11 to 3.13).
# Written by `make constraints`; used by `make run` and `make test`.
"""
TARGET = Path(__file__).parent.parent / "constraints.txt"


def main() -> None:
    """Replace the file, or leave it alone when pip fails."""
    command = [sys.executable, "-m", "pip", "freeze", "--exclude-editable", "--disable-pip-version-check"]
    frozen = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    pins = [line for line in frozen.splitlines() if "==" in line and not line.startswith(("-", "#"))]
    TARGET.write_text(HEADER + "\n".join(sorted(pins, key=str.casefold)) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(pins)} packages")


if __name__ == "__main__":
    main()
