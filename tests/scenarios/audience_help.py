"""Small audience files for the tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path

from scenarios.audience import Loaded, load_audience
from scenarios.model import Audience, AudienceFile

NOW = int(datetime(2026, 11, 22, 9, tzinfo=UTC).timestamp()) * 1_000_000


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def load(path: Path, wanted: Collection[str] = (), **options: object) -> Loaded:
    spec = Audience(file=AudienceFile(path=str(path), **options))  # type: ignore[arg-type]
    return load_audience(spec, base_dir=path.parent, now=NOW, seed=1, currency="RUB", wanted=wanted)


def load_text(folder: Path, text: str | bytes, wanted: Collection[str] = (), **options: object) -> Loaded:
    path = folder / "base.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
    return load(path, wanted, **options)


def counts(loaded: Loaded) -> Mapping[str, int]:
    return {notice.reason: notice.count for notice in loaded.notices}
