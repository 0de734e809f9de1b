"""Malformed audience files: plain errors, rejects with their line, or counted notices; never a traceback."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from policies.errors import InputError
from tests.scenarios.audience_help import counts, load_text

CASES = yaml.safe_load((Path(__file__).parent / "audience_cases" / "malformed.yaml").read_text(encoding="utf-8"))
GOOD = "C1,+79161234567,a@b.ru,Анна Орлова,Москва"


def content(case: dict[str, Any]) -> bytes:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "raw" in case:
        return str(case["raw"]).encode(case.get("encoding", "utf-8"))
    extra = case.get("extra", "")
    commas = "," * (extra.count(",") + 1) if extra else ""
    head = "customer_id,phone,email,full_name,city" + ("," + extra if extra else "")
    text = "\n".join([head, GOOD + commas, *case["rows"], ""])
    text = re.sub(r"\{(.+?)\*(\d+)\}", lambda found: found[1] * int(found[2]), text, flags=re.DOTALL)
    return text.encode(case.get("encoding", "utf-8"), "surrogateescape")


def test_there_are_enough_faults_and_each_is_named_once() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names)) >= 60


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_malformed_audience_is_refused_or_explained(case: dict[str, Any], tmp_path: Path) -> None:
    options = {"mapping": case["mapping"]} if "mapping" in case else {}
    if "error" in case:
        with pytest.raises(InputError) as caught:
            load_text(tmp_path, content(case), **options)
        assert case["error"] in str(caught.value)
        assert len(str(caught.value)) < 2000
        return
    loaded = load_text(tmp_path, content(case), **options)
    assert loaded.people.ids.to_pylist()[0] == "C1"
    if "reject" in case:
        line, column, phrase = case["reject"]
        assert [(reject.line, reject.column) for reject in loaded.rejects][:1] == [(line, column)]
        assert phrase in loaded.rejects[0].reason
    if "notice" in case:
        reason, count = case["notice"]
        assert counts(loaded)[reason] == count
    if "people" in case:
        assert len(loaded.people) == case["people"]


def test_a_missing_file_is_said_with_its_path(tmp_path: Path) -> None:
    from tests.scenarios.audience_help import load

    with pytest.raises(InputError, match=r"nowhere\.csv: cannot be read"):
        load(tmp_path / "nowhere.csv")


def test_a_folder_is_no_audience(tmp_path: Path) -> None:
    from tests.scenarios.audience_help import load

    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path)


def test_an_unknown_country_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match='"Russia" is no country'):
        load_text(tmp_path, "phone\n+79161234567\n", country="Russia")
