"""The two versions that ``prelaunch diff`` is asked for: two scenarios, one under two dates or packs, two packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from policies.errors import InputError, Problem
from policies.yaml_source import read_source
from prelaunch.comparing import dated
from scenarios.diff.anchor import anchored
from scenarios.experiments.prepare import Prepared, prepare
from scenarios.load import Loaded, load_scenario


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be compared. ``overrides`` hold for both versions, ``only_b`` for the second."""

    files: Sequence[Path]
    scenario: Path | None = None
    overrides: Mapping[str, object] = field(default_factory=dict)
    only_b: Mapping[str, object] = field(default_factory=dict)


def versions(asked: Asked) -> tuple[tuple[str, str], tuple[Prepared, Prepared]]:
    """Return the names of both versions and both prepared. Raises InputError with what is wrong in either."""
    files = list(asked.files)
    if not 1 <= len(files) <= 2:
        raise InputError([Problem("diff", f"{len(files)} files given", "give two versions")])
    packs = [path for path in files if _is_pack(path)]
    if packs:
        return _two_packs(asked, files, packs)
    if len(files) == 1 and not asked.only_b:
        remedy = "give a second file, FILE@DATE, --packs-b or --set-b"
        raise InputError([Problem(str(files[0]), "is one version, and there is no other to compare with", remedy)])
    if [str(path) for path in files] == ["-", "-"]:
        raise InputError([Problem("diff", "standard input can be read once", "give one of the two as a file")])
    if asked.scenario is not None:
        remedy = "leave it out, or give two packs"
        raise InputError([Problem("--scenario", "is for two packs; these files are scenarios", remedy)])
    first = _loaded(files[0], asked.overrides)
    second = _loaded(files[1] if len(files) == 2 else files[0], {**asked.overrides, **asked.only_b}, beside=first)
    return _named(files), _both(first, second)


def _is_pack(path: Path) -> bool:
    file, _ = dated(path)
    if str(file) == "-" or not file.is_file():
        return False
    value = read_source(file).value
    return isinstance(value, dict) and {"pack", "rules"} <= value.keys()


def _two_packs(asked: Asked, files: list[Path], packs: list[Path]) -> tuple[tuple[str, str], tuple[Prepared, Prepared]]:
    """Return the scenario under the one pack and under the other; each stands for the scenario's pack of its name."""
    if len(packs) != 2:
        raise InputError([Problem(str(packs[0]), "is a pack of rules", "give two packs, or two scenarios")])
    if asked.scenario is None:
        remedy = "name the scenario to try them on: --scenario FILE"
        raise InputError([Problem("diff", f"{files[0]} and {files[1]} are packs of rules", remedy)])
    plain = _loaded(asked.scenario, asked.overrides)
    ids = {_pack_name(path) for path in files}
    kept = [name for name in plain.scenario.packs if name not in ids and _name_in(name, plain) not in ids]
    first, second = (
        _loaded(asked.scenario, {**asked.overrides, **more, "packs": [*kept, str(path.absolute())]})
        for path, more in zip(files, ({}, asked.only_b), strict=True)
    )
    return _named(files), _both(first, second)


def _pack_name(path: Path) -> str:
    return str(read_source(path).value["pack"])


def _name_in(name: str, loaded: Loaded) -> str:
    """Return the name that a pack file of a scenario gives itself; the name as it is for a shipped one."""
    path = loaded.base_dir / name
    return _pack_name(path) if _is_pack(path) else name


def _loaded(path: Path, overrides: Mapping[str, object], beside: Loaded | None = None) -> Loaded:
    file, day = dated(path)
    if beside is not None and str(file) == "-" == str(beside.path):
        raise InputError([Problem("diff", "standard input can be read once", "give the scenario as a file")])
    given = {**overrides, "as_of": day.isoformat()} if day else overrides
    return load_scenario(file, overrides=given)


def _both(first: Loaded, second: Loaded) -> tuple[Prepared, Prepared]:
    one, two = anchored(first, second)
    return _without_calendar(prepare(one)), _without_calendar(prepare(two))


def _without_calendar(prepared: Prepared) -> Prepared:
    """Return the scenario with its calendar's campaigns written out, so that they can be compared one by one."""
    import msgspec

    return replace(prepared, scenario=msgspec.structs.replace(prepared.scenario, calendar=None))


def _named(files: Sequence[Path]) -> tuple[str, str]:
    names = [str(path) for path in files]
    if len(names) == 1:
        return names[0], f"{names[0]}, changed"
    return (names[0], names[1]) if names[0] != names[1] else (names[0], f"{names[1]} (2)")
