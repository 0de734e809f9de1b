"""Play the README: run its commands in an empty folder and renew the lines of output that it shows.

In a ``console`` block a line that begins with ``$`` is a command, ``# exit N`` after it the exit code that it must have
(else 0), the other lines a choice from its output, in order. A block ``csv customers.csv`` and the like is a file.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from prelaunch.cli import run

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
COLUMNS = 110
ELISION = "…"
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_EXIT = re.compile(r"\s+# exit (\d+).*$")
_PROGRESS = re.compile(r"^\w+: \d+ %, about")

SMALLER = {
    "make run": ["--set", "audience.synthetic.size=100"],
    "prelaunch compare": ["--replications", "2"],
}
"""What is added to commands that take long, by their first words; the last option of a name counts."""
NOT_PLAYED = ("git", "make test", "make help")
"""Commands that the README shows and nobody plays: they fetch, or start the tests from within the tests."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A command of the README, the exit code it states and the lines of output it shows."""

    command: str
    code: int
    lines: tuple[str, ...]


def blocks(text: str, language: str) -> list[tuple[str, str]]:
    """Return the name (or nothing) and contents of each block of a language."""
    return [(name or "", body) for kind, name, body in _BLOCK.findall(text) if kind == language]


def commands(text: str) -> list[Shown]:
    """Return every command of the README, in order."""
    found: list[Shown] = []
    for _, body in blocks(text, "console"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            first, *lines = part.splitlines()
            stated = _EXIT.search(first)
            kept = tuple(line for line in lines if line.strip() and line.strip() != ELISION)
            found.append(Shown(_EXIT.sub("", first).strip(), int(stated[1]) if stated else 0, kept))
    return found


def furnish(folder: Path, text: str) -> None:
    """Put what a checkout has, and the files that the README shows, into an empty folder."""
    for name in ("Makefile", "scenarios"):
        (folder / name).symlink_to(ROOT / name)
    for kind in ("csv", "yaml", "jsonl"):
        for name, body in blocks(text, kind):
            if name:
                (folder / name).write_text(body, encoding="utf-8")


def play(shown: Shown, folder: Path) -> tuple[int, list[str]]:
    """Return the exit code of a command run in ``folder`` and the lines it says, without those of progress."""
    arguments = [*_words(shown.command, folder), *_smaller(shown.command)]
    raw = io.BytesIO()
    said = io.TextIOWrapper(raw, encoding="utf-8", write_through=True)
    with contextlib.chdir(folder), _wide(), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = run(arguments)
    text = raw.getvalue().decode()
    return code, [line for line in text.splitlines() if not _PROGRESS.match(line)]


def _words(command: str, folder: Path) -> list[str]:
    """Return the arguments for prelaunch; a make command is what make says that it would do."""
    if command.startswith("make "):
        asked = [
            "make",
            "--no-print-directory",
            "--dry-run",
            "--assume-old=.venv/run.stamp",
            "PY=python",
            *shlex.split(command)[1:],
        ]
        told = subprocess.run(asked, cwd=folder, check=True, capture_output=True, text=True).stdout
        command = told.splitlines()[-1].replace("python -m ", "", 1)
    words = shlex.split(command)
    if words[0] != "prelaunch":
        raise ValueError(f"neither prelaunch nor make: {command}")
    return words[1:]


def _smaller(command: str) -> list[str]:
    longest = max((key for key in SMALLER if command.startswith(key)), key=len, default="")
    one_core = ["--jobs", "1"] if command.startswith(("make run", "prelaunch run", "prelaunch compare")) else []
    return SMALLER.get(longest, []) + one_core


@contextlib.contextmanager
def _wide() -> Iterator[None]:
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(COLUMNS)
    try:
        yield
    finally:
        os.environ.pop("COLUMNS")
        if before is not None:
            os.environ["COLUMNS"] = before


def plain(line: str) -> str:
    """Return a line with single spaces."""
    return " ".join(line.split())


def label(line: str) -> str:
    """Return what a line begins with, up to its first figure or gap: lines of one label say the same of other runs."""
    return re.split(r"\d|\s{2,}", line.strip(), maxsplit=1)[0].strip()


def renewed(shown: Shown, said: list[str]) -> list[str]:
    """Return for each shown line the line said that has its label, in order. Raises LookupError if one is missing."""
    found, rest = [], iter(said)
    for line in shown.lines:
        match = next((other for other in rest if label(other) == label(line)), None)
        if match is None:
            raise LookupError(f"$ {shown.command}\nsays no longer: {line}\nbut:\n" + "\n".join(said))
        found.append(match.rstrip())
    return found


def main() -> int:
    """Renew the README's lines of output; return 1 if a command ends with another exit code than stated."""
    text = README.read_text(encoding="utf-8")
    place = wrong = 0
    with TemporaryDirectory() as name:
        furnish(Path(name), text)
        for shown in commands(text):
            if shown.command.startswith(NOT_PLAYED):
                continue
            code, said = play(shown, Path(name))
            if code != shown.code:
                wrong += 1
                print(f"$ {shown.command}\nexit {code}, not {shown.code}:", *said, sep="\n")
            for old, new in zip(shown.lines, renewed(shown, said), strict=True):
                place = text.index(f"\n{old}\n", place)
                text = f"{text[:place]}\n{new}{text[place + 1 + len(old) :]}"
    README.write_text(text, encoding="utf-8")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
