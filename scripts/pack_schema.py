"""Write docs/pack.schema.json: the JSON Schema of a rule pack, for editors and for packs of one's own."""

from __future__ import annotations

import json
from pathlib import Path

from policies.pack_schema import pack_schema

TARGET = Path(__file__).parent.parent / "docs" / "pack.schema.json"


def main() -> None:
    """Write the schema."""
    TARGET.write_text(json.dumps(pack_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
