"""Write docs/findings.schema.json: the shape of ``findings.json`` in a run folder."""

from __future__ import annotations

import json
from pathlib import Path

from policies.findings_schema import findings_schema

TARGET = Path(__file__).parent.parent / "docs" / "findings.schema.json"


def main() -> None:
    """Write the schema."""
    TARGET.write_text(json.dumps(findings_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
