"""Write docs/scenario.schema.json: the JSON Schema of a scenario file, for editors."""

from __future__ import annotations

from pathlib import Path

from scenarios.schema import schema_text

TARGET = Path(__file__).parent.parent / "docs" / "scenario.schema.json"


def main() -> None:
    """Replace the schema."""
    TARGET.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
