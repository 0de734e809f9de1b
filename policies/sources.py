"""Which of our sources a module can reach by imports: whatever its machine code may depend on.

A kernel calls what its module imports, and that module what it imports, and so on; a constant that numba builds in
comes the same way. So the closure of imports, wherever in a module they stand, is never too small, if it takes in the
packages on the way (importing ``a.b.c`` runs ``a`` and ``a.b``). Imports are read off the text, for each process does
it: what only looks like one, in a docstring say, makes the closure larger, never smaller. A module that imports by a
name made while it runs could reach anything, so then all sources count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

OURS = ("policies", "simulator", "scenarios")
"""The packages whose imports are followed, beside the one that a module stands in itself."""
TEXTS = "policies.content"
"""Imports of it are not followed: it reads texts before a run and gives kernels tables only (a test holds it so)."""
_IMPORT = re.compile(
    r"\bfrom\s+(\.*\s*[\w.]*)\s+import\s*(\([^)]*\)|[^\n;]*)"  # from a.b import c, d as e
    r"|\bimport\s+([^\n;]*)"  # import a.b, c.d as e
)
_COMMENT = re.compile(r"#[^\n]*|\\\n")
_DYNAMIC = re.compile(
    r"\b(?:import[_]module|_[_]import__|import[l]ib(?!\.resources)|run[p]y|(?<!\.)(?:ex[e]c|ev[a]l)\()"
)
"""Imports by name; with brackets, so that this line is not one itself. A method called eval imports nothing."""


def reached(module: str, root: Path) -> list[Path]:
    """Return the sources that ``module`` can reach, itself among them, sorted; ``root`` is where its package stands."""
    ours = {*OURS, module.partition(".")[0]}
    seen, found = set[str](), list[Path]()
    waiting = list(_with_packages(module))
    while waiting:
        name = waiting.pop()
        if name in seen or name.partition(".")[0] not in ours:
            continue
        seen.add(name)
        path = _file_of(name, root)
        if path is None:
            continue
        found.append(path)
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        imported = _imports_of(path.read_text(encoding="utf-8"), package)
        if imported is None:
            return sorted(path for package in ours for path in (root / package).rglob("*.py"))
        waiting.extend(imported - seen)
    return sorted(found)


@cache
def _imports_of(text: str, package: str) -> frozenset[str] | None:
    """Return the names that a module may import and their packages; None where it imports by names made by it."""
    if _DYNAMIC.search(text):
        return None
    names = imported_names(text, package)
    return frozenset(each for imported in names if not _of_texts(imported) for each in _with_packages(imported))


def _of_texts(name: str) -> bool:
    return name == TEXTS or name.startswith(f"{TEXTS}.")


def imported_names(text: str, package: str) -> Iterator[str]:
    """Yield each name that may be a module which the text of a module of ``package`` imports, and more besides."""
    for base, names, plain in _IMPORT.findall(_COMMENT.sub(" ", text)):
        if plain:
            yield from _words(plain)
        elif base:
            module = _absolute("".join(base.split()), package)
            yield module
            yield from (f"{module}.{name}" for name in _words(names.strip("()")))


def _words(names: str) -> Iterator[str]:
    """Yield the first word of each part of a list with commas: what stands before ``as``."""
    return (part.split()[0] for part in names.split(",") if part.strip())


def _absolute(base: str, package: str) -> str:
    """Return the full name of a module named with leading dots."""
    named = base.lstrip(".")
    levels = len(base) - len(named)
    if not levels:
        return named
    above = package.split(".")[: len(package.split(".")) - levels + 1]
    return ".".join((*above, named) if named else above)


def _with_packages(name: str) -> Iterator[str]:
    """Yield a dotted name and those of the packages that it lies in."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def _file_of(name: str, root: Path) -> Path | None:
    """Return the source of a module or package; None where the name is of something else."""
    place = root.joinpath(*name.split("."))
    for path in (place / "__init__.py", place.with_name(f"{place.name}.py")):
        if path.is_file():
            return path
    return None
