"""The house rules that no single package can check: registries, imports, what may stand in a tracked file."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from prelaunch.cli import LazyGroup, cli
from prelaunch.commands import COMMANDS
from scripts.docs import GENERATORS, generate

PACKAGES = ("policies", "simulator", "scenarios", "prelaunch")

# Package, name of its registry, modules of the folder that are no members.
REGISTRIES = [
    ("simulator.channels", "CHANNELS", {"base"}),
    ("policies.kinds", "KINDS", {"base"}),
    ("policies.runs", "RUN_MODULES", {"about", "by_owner", "columns", "facts", "shares"}),
    ("prelaunch.outputs", "OUTPUTS", {"places", "sheet_words", "tables", "texts"}),
]


def modules(folder: Path) -> set[str]:
    return {path.stem for path in folder.glob("*.py")} - {"__init__"}


def plain_name(member: object) -> str:
    """The last part of a module's name, or the name of a record."""
    return str(getattr(member, "__name__", None) or getattr(member, "name", "")).rpartition(".")[2]


def tracked(repository: Path) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=repository, capture_output=True, text=True, check=True)
    return [repository / name for name in listed.stdout.split("\0") if name and (repository / name).is_file()]


def texts(repository: Path) -> Iterator[tuple[str, str]]:
    for path in tracked(repository):
        raw = path.read_bytes()
        if b"\0" not in raw:
            yield str(path.relative_to(repository)), raw.decode("utf-8", errors="replace")


def test_the_registry_of_commands_equals_their_folder(repository: Path) -> None:
    assert {entry.name for entry in COMMANDS} == modules(repository / "prelaunch" / "commands")


@pytest.mark.parametrize(("package", "registry", "helpers"), REGISTRIES)
def test_a_registry_equals_its_folder(package: str, registry: str, helpers: set[str], repository: Path) -> None:
    listed = [plain_name(member) for member in getattr(importlib.import_module(package), registry)]
    assert len(listed) == len(set(listed))
    assert set(listed) == modules(repository.joinpath(*package.split("."))) - helpers


def test_the_registry_of_generators_equals_their_folder(repository: Path) -> None:
    scripts = repository / "scripts"
    assert set(GENERATORS) == {path.name for kind in ("page", "schema") for path in scripts.glob(f"*_{kind}.py")}


@pytest.mark.parametrize("generator", GENERATORS)
def test_generated_pages_are_fresh(generator: str, repository: Path, tmp_path: Path) -> None:
    for folder in (*PACKAGES, "scripts", "docs", "tests/cases"):
        if (repository / folder).is_dir():
            shutil.copytree(repository / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    assert generate(generator, tmp_path) == 0
    stale = [
        path.name
        for path in (tmp_path / "docs").rglob("*.*")
        if path.read_bytes() != committed(path, tmp_path, repository)
    ]
    assert stale == [], "run: make docs"


def committed(path: Path, copy: Path, repository: Path) -> bytes:
    original = repository / path.relative_to(copy)
    return original.read_bytes() if original.is_file() else b""


def test_every_command_has_help_and_stands_in_the_readme(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    context = click.Context(cli)
    assert isinstance(cli, LazyGroup)
    for entry in COMMANDS:
        command = cli.get_command(context, entry.name)
        assert command is not None
        assert command.help, f"{entry.name} has no help"
        bare = [option.name for option in command.params if isinstance(option, click.Option) and not option.help]
        assert bare == [], f"{entry.name}: an option has no help"
        assert f"prelaunch {entry.name}" in readme, f"the README does not show prelaunch {entry.name}"


def test_imports_run_one_way() -> None:
    script = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_logo=True))"
    checked = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


# Parts are joined here so that this file does not hold what it looks for.
FORBIDDEN = {
    "the host of a package registry": "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("anaconda", "org"),
        )
    ),
    "an index address": "--(?:extra-)?index" + "-url|--find" + "-links",
    "an absolute path of somebody's machine": r"(?<![\w.])/(?:home|Users|root|work|opt)" + "/[a-z]|[A-Z]:" + r"\\Users",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_names(what: str, repository: Path) -> None:
    pattern = re.compile(FORBIDDEN[what])
    found = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts(repository)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.data
def test_no_data_of_the_data_folder_is_tracked(repository: Path, data_folder: Path) -> None:
    names = {path.name for path in data_folder.glob("*") if path.suffix != ".md"}
    assert [path for path in tracked(repository) if path.name in names] == []


def test_every_lint_exception_has_its_reason(repository: Path) -> None:
    bare = []
    for name, text in texts(repository):
        if name.endswith(".py"):
            bare += [f"{name}: {line.strip()}" for line in text.splitlines() if re.search(r"#\s*noqa\s*$", line)]
    assert bare == []
    config = (repository / "pyproject.toml").read_text(encoding="utf-8")
    ignored = config[config.index("\nignore = [") : config.index("[tool.ruff.lint.isort]")]
    lines = [line for line in ignored.splitlines() if re.match(r'\s+"[A-Z]+\d*",', line)]
    assert lines
    assert [line for line in lines if "#" not in line] == []


def test_constraints_pin_every_package_we_ask_for(repository: Path) -> None:
    import tomllib

    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"] + project["optional-dependencies"]["dev"]
    lines = (repository / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    names = {re.split(r"[<>=]", line)[0].lower().replace("_", "-") for line in asked}
    assert names - pinned == set()
    assert [line for line in lines if not re.fullmatch(r"#.*|[\w.\-]+==[\w.\-]+", line)] == []


def test_decision_pages_are_numbered_without_gaps_and_say_their_status(repository: Path) -> None:
    pages = sorted((repository / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(len(pages))]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for heading in ("Status", "Context", "Decision", "Consequences"):
            assert f"\n## {heading}\n" in text, f"{page.name} has no section {heading}"


def test_nothing_in_the_packages_is_kept_out_of_git_by_mistake(repository: Path) -> None:
    command = ["git", "ls-files", "--others", "--ignored", "--exclude-standard", "--", *PACKAGES]
    ignored = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout.splitlines()
    assert [name for name in ignored if "__pycache__" not in name] == []


def test_packages_carry_their_type_marker(repository: Path) -> None:
    for package in PACKAGES:
        assert (repository / package / "py.typed").is_file()
