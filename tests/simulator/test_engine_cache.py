"""The kept machine code notices an edited kind, as a whole run shows it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PLAY = """
from benchmarks.workload_w import workload
from simulator.engine.log import log_hash
from simulator.engine.run import run
model = workload(100).model
print(log_hash(run(model, 0, "compiled"), model, 0))
"""
PACKAGES = ("policies", "simulator", "scenarios", "benchmarks")
BEFORE = "    best = FAIL\n    for row in range(consent_ptr"
AFTER = "    best = PASS\n    for row in range(consent_ptr"


@pytest.mark.long
def test_an_edited_kind_changes_the_log_of_the_compiled_engine(repository: Path, tmp_path: Path) -> None:
    """Everybody without a consent is written to, once the kind says so: the second process compiles anew."""
    for package in PACKAGES:
        shutil.copytree(repository / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}

    def played() -> int:
        command = [sys.executable, "-c", PLAY]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        return int(done.stdout)

    kind = tmp_path / "policies" / "kinds" / "consent.py"
    before = played()
    assert played() == before
    text = kind.read_text(encoding="utf-8")
    assert text.count(BEFORE) == 1
    kind.write_text(text.replace(BEFORE, AFTER), encoding="utf-8")
    assert played() != before
