"""The smallest scenario that has everything the commands show, and a command line that a test can ask."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from prelaunch import cli

TINY = """\
name: Tiny
seed: 3
clock: {start: 2026-03-02T09:00, zone: Europe/Moscow, horizon_days: 3}
audience: {synthetic: {size: 12, seed: 2, present: {push: 0.5, sms: 1.0}}}
senders: {app: {channel: push}, SHOP: {channel: sms}}
channels:
  sms: {prices: [{event: submit, price: 2, per: segment}]}
templates:
  push-text: {channel: push, category: promo, subject: Скидка, body: Скидка до пятницы}
  sms-text: {channel: sms, category: promo, body: "Скидка до пятницы. Отписка: СТОП"}
packs: [bp-promo]
campaigns:
  - id: offer
    category: promo
    release_at: 2026-03-02T21:00
    spread_h: 1
    cascade:
      - {id: push, channel: push, template: push-text, sender: app, wait_s: 3600}
      - {id: sms, channel: sms, template: sms-text, sender: SHOP, stop_on: delivered}
"""
"""Released at nine in the evening, later than bp-promo allows; push to those who have the app, then SMS to the rest."""


@dataclass(frozen=True, slots=True)
class Called:
    """What a command line gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be JSON and nothing else."""
        return json.loads(self.out)


def call(*words: object, stdin: str | bytes = b"") -> Called:
    """Run ``prelaunch`` with these words in this process."""
    data = stdin.encode() if isinstance(stdin, str) else stdin
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        code = cli.run([str(word) for word in words])
    return Called(code, out.getvalue(), err.getvalue())


def write(folder: Path, *changes: tuple[str, str], name: str = "tiny.yaml") -> Path:
    """Write the tiny scenario with some of its words replaced; a replaced word must stand there once."""
    text = TINY
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def rehearse(file: object, folder: Path, *words: object, stdin: str = "") -> Called:
    """Run a scenario alone, on one core, into ``folder``."""
    return call("run", file, "--out", folder, "--alone", "--jobs", 1, *words, stdin=stdin)


def log(folder: Path) -> list[dict[str, Any]]:
    """The rows of the log of a run folder, without the name of the run."""
    rows: list[dict[str, Any]] = pq.read_table(folder / "log.parquet").drop_columns(["run"]).to_pylist()
    return rows


def manifest(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return loaded
