"""Write docs/manifest.schema.json: the shape of ``manifest.json`` in a run folder."""

from __future__ import annotations

import json
from pathlib import Path

from prelaunch.manifest import manifest_schema

TARGET = Path(__file__).parent.parent / "docs" / "manifest.schema.json"


def main() -> None:
    """Replace the schema."""
    TARGET.write_text(json.dumps(manifest_schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
