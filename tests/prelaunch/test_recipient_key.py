"""The key of the hashes that reports show: whole or refused, never empty."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policies.errors import InputError
from prelaunch.recipient_key import FILE, showing


def test_the_runs_of_one_folder_show_a_person_alike_and_those_of_another_do_not(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    first, again, other = (showing(folder, False)("anna") for folder in (tmp_path, tmp_path, tmp_path / "other"))
    assert first == again != other


def test_nothing_but_the_key_is_left_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    showing(tmp_path, False)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"short"])
def test_a_file_without_a_key_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(InputError, match=r"holds no key .*remove it"):
        showing(tmp_path, False)


def test_a_folder_in_the_place_of_the_key_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(InputError, match="cannot write there"):
        showing(tmp_path, False)


def test_of_two_runs_at_once_the_first_key_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = showing(tmp_path, False)("anna")
    monkeypatch.setattr(Path, "exists", lambda path: False)  # as a run sees it that looked a moment too early
    assert showing(tmp_path, False)("anna") == shown


def test_a_disk_without_links_gets_a_key_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: object, target: object) -> None:
        raise PermissionError("links are not supported here")

    monkeypatch.setattr(os, "link", refuse)
    showing(tmp_path, False)
    assert len((tmp_path / FILE).read_text("ascii").strip()) == 64
