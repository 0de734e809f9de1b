"""The manifest of a real run obeys its published schema, and its hashes are those of the files."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from prelaunch.cli import run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    out = tmp_path_factory.mktemp("runs") / "codes"
    scenario = repository / "scenarios" / "library" / "idigital-flash-call.yaml"
    size = ["--set", "audience.synthetic.size=40"]
    assert run(["run", str(scenario), "--out", str(out), "--fail-on", "never", "--replications", "2", *size]) == 0
    return out


def test_the_manifest_obeys_its_published_schema(folder: Path, repository: Path) -> None:
    schema = json.loads((repository / "docs" / "manifest.schema.json").read_text("utf-8"))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(manifest)
    assert manifest["replications_done"] == [0, 1]


def test_the_manifest_names_every_other_file_with_its_hash(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    others = {
        path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.name != "manifest.json"
    }
    assert manifest["outputs"] == others


def test_the_summary_obeys_its_published_schema(folder: Path, repository: Path) -> None:
    schema = json.loads((repository / "docs" / "summary.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(json.loads((folder / "summary.json").read_text("utf-8")))
