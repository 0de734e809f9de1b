"""Write docs/scenario.md: every field of a scenario file with type, unit, default and meaning."""

from __future__ import annotations

from pathlib import Path

from scenarios.field_help import page

TARGET = Path(__file__).parent.parent / "docs" / "scenario.md"


def main() -> None:
    """Replace the page."""
    TARGET.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
