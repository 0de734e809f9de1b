"""The key of kept machine code: any source that a kernel can reach changes it, and no other does."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from policies import ordering
from policies.jit import KEPT_FOLDERS, cache_folder, kept, source_key
from policies.sources import TEXTS, imported_names, reached

KERNEL = "from policies.kernels import kernel\n"
"""A line of a module that has kernels."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """``policies.loop`` reaches ``far`` by two imports, one of them inside a function."""
    texts = {
        "__init__": "", "loop": "from policies.near import (\n    help_me,  # with )\n    other,\n)\n",
        "near": "def help_me():\n    from policies.deep import far as f\n    return f\n", "deep/__init__": "",
        "deep/far": "x = 1\n", "apart": "x = 1\n", "content/__init__": "", "content/words": "x = 1\n",
    }  # fmt: skip
    for name, text in texts.items():
        path = tmp_path / "policies" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def changed(root: Path, module: str) -> bool:
    """Say whether an edit of a module changes the key of ``policies.loop``."""
    before = source_key("policies.loop", root)
    path = root.joinpath(*module.split(".")).with_suffix(".py")
    path.write_text(path.read_text(encoding="utf-8") + "y = 2\n", encoding="utf-8")
    return source_key("policies.loop", root) != before


@pytest.mark.parametrize("module", ["policies.loop", "policies.near", "policies.deep.far", "policies.deep.__init__"])
def test_a_source_that_is_reached_changes_the_key(root: Path, module: str) -> None:
    assert changed(root, module)


@pytest.mark.parametrize("module", ["policies.apart", "policies.content.words"])
def test_a_source_that_is_not_reached_leaves_the_key(root: Path, module: str) -> None:
    assert not changed(root, module)


@pytest.mark.parametrize(
    "text",
    [
        "import policies.apart\n",
        "import os, policies.apart as a\n",
        "import os; import policies.apart\n",
        "from . import apart\n",
        "from .apart import x\n",
        "if True: from policies import apart\n",
        "from policies import \\\n    apart\n",
        "from policies import (os,\n  apart)\n",
        "x = 1;from policies.apart import*\n",
        "from importlib import import_module\nimport_module('policies.' + 'apart')\n",
        "__import__('policies.apart')\n",
    ],
)
def test_every_way_to_import_is_followed(root: Path, text: str) -> None:
    (root / "policies" / "loop.py").write_text(text, encoding="utf-8")
    assert changed(root, "policies.apart")


def parsed(text: str) -> Iterator[str]:
    """Yield what Python's own parser finds imported; the repository has no relative imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources(repository: Path) -> Iterator[tuple[Path, str]]:
    for package in ("policies", "simulator", "scenarios"):
        for path in sorted((repository / package).rglob("*.py")):
            yield path, path.read_text(encoding="utf-8")


def test_no_import_that_the_parser_finds_is_missed(repository: Path) -> None:
    for path, text in sources(repository):
        assert set(parsed(text)) <= set(imported_names(text, "any")), path


def test_the_engine_s_key_takes_in_its_kinds_and_feedback_and_leaves_out_what_it_cannot_call(repository: Path) -> None:
    names = {path.relative_to(repository).as_posix() for path in reached("simulator.engine.compiled.loop", repository)}
    assert {"policies/kinds/consent.py", "simulator/feedback/limits.py", "simulator/draws.py"} <= names
    assert not {name for name in names if name.startswith(("policies/logs/", "policies/audit/", "policies/content/"))}
    kernels = {path.relative_to(repository).as_posix() for path, text in sources(repository) if KERNEL in text}
    assert {name for name in kernels if name.startswith("policies/kinds/")} <= names


def test_texts_give_kernels_nothing(repository: Path) -> None:
    """No kernel stands in the texts, and none elsewhere reads a name that came from them or was made of such names."""
    read, given = set[str](), set[str]()
    for path, text in sources(repository):
        if path.is_relative_to(repository.joinpath(*TEXTS.split("."))):
            assert "policies.kernels" not in text, path
            assert "numba" not in text, path
        elif path.name != "sources.py":
            tree = ast.parse(text)
            read |= _read_by_kernels(tree)
            given |= _from_texts(tree)
    assert {"FAIL", "PASS"} <= read
    assert "CHECK_NAMES" in given
    assert not read & given


def _read_by_kernels(tree: ast.Module) -> set[str]:
    """Return all names and attributes in the bodies of functions marked as kernels."""
    marked = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Name) and mark.id in ("kernel", "inlined") for mark in node.decorator_list)
    ]
    found = [each for function in marked for statement in function.body for each in ast.walk(statement)]
    names = {each.id for each in found if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}
    own = {each.id for each in found if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    own |= {argument.arg for function in marked for argument in function.args.args}
    return names - own


def _from_texts(tree: ast.Module) -> set[str]:
    """Return the names of a module that come from the texts, or are made of such names, at its outer level."""
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if f"{getattr(node, 'module', '')}.{alias.name}".lstrip(".").startswith(TEXTS)
    }
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and names & _loaded(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def _loaded(value: ast.expr) -> set[str]:
    return {name.id for name in ast.walk(value) if isinstance(name, ast.Name)}


def test_old_code_of_a_module_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for number in range(KEPT_FOLDERS + 4):
        monkeypatch.setattr("policies.jit._machine", lambda number=number: str(number))
        folder = cache_folder(ordering.group_rows)
        assert folder is not None
        assert folder.is_dir()
    assert len(list((tmp_path / "prelaunch" / "numba" / "policies.ordering").iterdir())) == KEPT_FOLDERS


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert kept() is None
    assert cache_folder(ordering.group_rows) is None
    assert ordering.group_rows.__module__ in sys.modules
