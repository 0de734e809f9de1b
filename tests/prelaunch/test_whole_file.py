"""Files of results: whole or not at all, never over what is read."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from policies.errors import InputError
from prelaunch import cli, exits
from prelaunch.whole_file import check_file, over_inputs, write_whole

LOG = "recipient,channel,category,occurred_at\n+79161234567,sms,promo,2026-11-20T12:00:00+03:00\n"


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log of one message in a folder of its own, which is the current one."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "log.csv"
    file.write_text(LOG)
    return file


def test_a_file_is_replaced_and_keeps_its_rights(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"old")
    file.chmod(0o640)
    write_whole(file, b"new", "--csv")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_file_has_the_rights_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "a.csv", b"new", "--csv")
    finally:
        os.umask(before)
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left on device")])
def test_what_is_not_whole_leaves_the_old_file_and_no_draft(
    failure: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"old")

    def full(*_: object) -> None:
        raise failure

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(type(failure)):
        write_whole(file, b"new", "--csv")
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_goes_on_pointing_to_its_file_and_a_device_is_written_directly(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", b"new", "--csv")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"
    write_whole(Path(os.devnull), b"new", "--csv")
    assert not Path(os.devnull).is_file()


def test_a_link_to_itself_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(InputError, match="Too many levels of symbolic links"):
        write_whole(tmp_path / "loop", b"new", "--csv")
    assert (tmp_path / "loop").is_symlink()


def test_a_full_disk_is_named_by_its_file() -> None:
    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(Path("/dev/full"), b"new", "--csv")
    assert caught.value.filename == "/dev/full"


def test_an_input_is_found_under_any_name(log: Path) -> None:
    (log.parent / "run").mkdir()
    inside = log.parent / "run" / "findings.json"
    inside.write_text("[]")
    os.link(log, log.parent / "other.csv")
    (log.parent / "link.csv").symlink_to(log)
    for name in ("log.csv", str(log), "run/../log.csv", "other.csv", "link.csv"):
        assert over_inputs({"--csv": Path(name)}, ["l*.csv", None]), name
    assert over_inputs({"--sarif": inside}, ["run"])
    assert not over_inputs({"--csv": Path("-"), "--xlsx": None, "--junit": Path("new.xml")}, ["-", "log.csv", "run"])


def test_all_faults_of_a_file_are_told_at_once(log: Path) -> None:
    check_file(Path("new/folder/a.csv"), ["log.csv"])
    assert Path("new/folder").is_dir()
    with pytest.raises(InputError, match="is a folder"):
        check_file(log.parent, [])
    with pytest.raises(InputError, match="is a file that this command reads"):
        check_file(log, ["log.csv"])


@pytest.mark.parametrize("option", ["--junit", "--sarif", "--oscal", "--csv", "--xlsx"])
def test_an_audit_never_writes_over_its_log(option: str, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["audit", "log.csv", "--packs", "core", option, "./log.csv"]) == exits.BAD_INPUT
    assert f"{option} log.csv: is a file that this command reads" in capsys.readouterr().err
    assert log.read_text() == LOG


def test_two_outputs_of_one_file_are_told_also_where_one_is_out(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["audit", log.name, "--packs", "core", "--out", "a.json", "--sarif", "a.json"]) == exits.BAD_INPUT
    told = capsys.readouterr().err
    assert "--out a.json: another output" in told
    assert "--sarif a.json: another output" in told
    assert sorted(path.name for path in log.parent.iterdir()) == ["log.csv"]


@pytest.mark.parametrize(
    "words",
    [
        ["diff", "{}", "--set-b", "seed=2"],
        ["compare", "{}", "{}@2021-10-01"],
        ["mutate", "{}"],
        ["attack", "{}", "--goal", "cost"],
    ],
)
def test_no_command_writes_over_its_scenario(
    words: list[str], log: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "s.csv" if words[0] == "diff" else "s.yaml"
    text = (repository / "scenarios" / "library" / "debt-notice.yaml").read_text()
    Path(name).write_text(text)
    assert cli.run([*(word.format(name) for word in words), "--out", f"../{log.parent.name}/{name}"]) == exits.BAD_INPUT
    assert "is a file that this command reads" in capsys.readouterr().err
    assert Path(name).read_text() == text
