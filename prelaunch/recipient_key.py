"""The secret with which reports show recipients: without it nobody can test a guess against a report."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterable
from pathlib import Path

from policies.errors import InputError, Problem
from policies.evidence import Showing, in_clear, keyed_hash
from prelaunch import exits
from prelaunch.run_folder import not_writable

VARIABLE = "PRELAUNCH_RECIPIENT_KEY"
FILE = ".recipient-key"
LENGTH = 16
"""Fewer letters are no key."""


def showing(folder: Path, clear: bool) -> Showing:
    """Return how recipients are shown: by a keyed hash, or as they are when the user asks for it.

    The key is ``PRELAUNCH_RECIPIENT_KEY``, else a file beside the runs that is made once: reports of one place
    show a person alike.
    """
    if clear:
        return in_clear
    return keyed_hash((os.environ.get(VARIABLE) or _kept(folder / FILE)).encode())


def resolve(name: str, ids: Iterable[str], show: Showing) -> str:
    """Return the external id of a person named by it, or by the hash that reports show; else the name itself."""
    known = list(ids)
    if name in known:
        return name
    return next((external for external in known if show(external) == name), name)


def _kept(path: Path) -> str:
    """Return the key in the file, made on first use. Raises InputError for a file that holds none.

    A new key is written beside its name and linked when whole: no run sees half a key, of two runs at once one wins.
    """
    try:
        if not path.exists():
            _make(path)
        key = path.read_text("ascii").strip()
    except UnicodeDecodeError:
        key = ""
    except OSError as error:
        if error.errno in exits.DISK_FULL:
            raise
        raise not_writable(path.parent, error) from None
    if len(key) < LENGTH:
        remedy = "remove it: the next run makes another, and shows people by other hashes"
        raise InputError([Problem(str(path), "holds no key for the hashes of recipients", remedy)])
    return key


def _make(path: Path) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f"{path.name}-", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secrets.token_hex(32) + "\n")
        _name(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _name(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # another run was quicker: its key counts
    except OSError:  # a file system without links
        draft.replace(path)
