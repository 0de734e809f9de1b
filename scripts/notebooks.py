"""Write each notebook anew from its paired Python file, without outputs: ``notebooks/NAME.py`` -> ``NAME.ipynb``.

Edit the Python file: it is checked like all other code. The same file always gives the same bytes.
"""

from __future__ import annotations

import json
from pathlib import Path

import jupytext

FOLDER = Path(__file__).parent.parent / "notebooks"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook(source: str) -> str:
    """Return the notebook of a file with ``# %%`` cells, as JSON; cells are named by their places."""
    cells = [_cell(number, cell) for number, cell in enumerate(jupytext.reads(source, "py:percent").cells)]
    contents = {"cells": cells, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(contents, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _cell(number: int, cell: dict[str, str]) -> dict[str, object]:
    common = {"cell_type": cell["cell_type"], "id": f"cell-{number}", "metadata": {}}
    lines = {"source": cell["source"].splitlines(keepends=True)}
    code: dict[str, object] = {"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {}
    return {**common, **lines, **code}


def main() -> None:
    """Write all notebooks."""
    for source in sorted(FOLDER.glob("*.py")):
        source.with_suffix(".ipynb").write_text(notebook(source.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
