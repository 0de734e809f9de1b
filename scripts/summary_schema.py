"""Write docs/summary.schema.json: the shape of ``summary.json`` in a run folder."""

from __future__ import annotations

from pathlib import Path

from prelaunch.summary.model import Summary
from prelaunch.summary.plain import schema_text

TARGET = Path(__file__).parent.parent / "docs" / "summary.schema.json"


def main() -> None:
    """Replace the schema."""
    TARGET.write_text(schema_text(Summary, "Summary of a run"), encoding="utf-8")


if __name__ == "__main__":
    main()
