"""The secret with which reports show recipients: without it nobody can test a guess against a report."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from policies.evidence import Showing, in_clear, keyed_hash
from prelaunch.run_folder import not_writable

VARIABLE = "PRELAUNCH_RECIPIENT_KEY"
FILE = ".recipient-key"


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
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    except OSError as error:
        raise not_writable(path.parent, error) from None
    with os.fdopen(descriptor, "w") as stream:
        key = secrets.token_hex(32)
        stream.write(key + "\n")
    return key
