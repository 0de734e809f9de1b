"""Write docs/suppressions.schema.json: the shape of a file of suppressions, for editors."""

from __future__ import annotations

import json
from pathlib import Path

from prelaunch.findings.suppressions import suppressions_schema

TARGET = Path(__file__).parent.parent / "docs" / "suppressions.schema.json"


def main() -> None:
    """Write the schema."""
    TARGET.write_text(json.dumps(suppressions_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
