"""Notebooks are what their paired files say; nbmake executes them."""

from __future__ import annotations

from pathlib import Path

from scripts.notebooks import notebook


def test_every_notebook_is_fresh_and_without_outputs(repository: Path) -> None:
    sources = sorted((repository / "notebooks").glob("*.py"))
    assert sources
    assert {path.stem for path in sources} == {path.stem for path in (repository / "notebooks").glob("*.ipynb")}
    stale = [
        path.name
        for path in sources
        if path.with_suffix(".ipynb").read_text(encoding="utf-8") != notebook(path.read_text(encoding="utf-8"))
    ]
    assert stale == [], "run: .venv/bin/python scripts/notebooks.py"
