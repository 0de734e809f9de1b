"""The run folder: written beside its final name and renamed when whole; a crash leaves no half run."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from policies.errors import InputError, Problem

LOG = "log.parquet"
MANIFEST = "manifest.json"
FINDINGS = "findings.json"
AS_RUN = "as-run.json"
"""The scenario as it was run, options applied; ``scenario.yaml`` is the file as it was read."""


def make_parent(wanted: Path) -> Path:
    """Make the folder in which ``wanted`` will stand, and return it. Raises InputError if that cannot be."""
    if wanted.name in ("", ".."):
        raise InputError([Problem("--out", f"{str(wanted)!r} names no new folder", "add a name, such as runs/first")])
    try:
        wanted.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_writable(wanted.parent, error) from None
    return wanted.parent


def not_writable(folder: Path, error: OSError) -> InputError:
    """Return the error that says so to a person."""
    return InputError([Problem(str(folder), f"cannot write there: {error.strerror}", "choose another --out")])


@contextmanager
def new_folder(wanted: Path) -> Iterator[Path]:
    """Yield an empty folder; when the block ends well it gets the name ``wanted``, or ``wanted-2`` if that exists."""
    make_parent(wanted)
    try:
        draft = Path(tempfile.mkdtemp(prefix=f".{wanted.name}-", dir=wanted.parent))
    except OSError as error:
        raise not_writable(wanted.parent, error) from None
    try:
        yield draft
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def publish(draft: Path, wanted: Path) -> Path:
    """Give the finished folder its name; another run of the same name keeps its own. Returns the name it got."""
    number = 1
    while True:
        name = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        try:
            name.mkdir()  # reserves the name: two runs at once get two
        except FileExistsError:
            number += 1
            continue
        draft.chmod(0o755)
        draft.replace(name)
        return name


def is_run(folder: Path) -> bool:
    """Say whether a path is a run folder."""
    return (folder / MANIFEST).is_file() or (folder / LOG).is_file()


def log_kind(manifest: Mapping[str, Any]) -> str:
    """Return which log a run has kept: full, dispatch or none. Before there was a choice it was the full one."""
    return str(manifest.get("log", "full"))


def check_log(folder: Path, manifest: Mapping[str, Any], *, dispatch: bool = False) -> None:
    """Raise InputError if the folder has no full log; ``dispatch``: such a log will do as well."""
    kind = log_kind(manifest)
    if kind == "none":
        raise InputError([Problem(str(folder), "was run with --log none and has no log", "run it with another --log")])
    if kind == "dispatch" and not dispatch:
        what = "has a dispatch log, from which the full one must be made first"
        raise InputError([Problem(str(folder), what, f"prelaunch log expand {folder}")])


def digest(path: Path) -> str:
    """Return the SHA-256 of a file as hex digits."""
    with path.open("rb") as stream:
        total = sha256()
        while block := stream.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def write_json(path: Path, value: Any) -> None:
    """Write JSON for people and programs: two spaces, names in their order, a newline at the end."""
    path.write_text(json_text(value), encoding="utf-8")


def json_text(value: Any) -> str:
    """Return the JSON that ``write_json`` writes."""
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def outputs(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file of the folder but the manifest."""
    return {path.name: digest(path) for path in sorted(folder.iterdir()) if path.name != MANIFEST}


def read_json(path: Path) -> Any:
    """Return the JSON of a file, None if there is no such file. Raises InputError for what is no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise InputError([Problem(str(path), f"cannot be read: {error}", "run prelaunch run again")]) from None
