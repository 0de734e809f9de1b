"""``prelaunch text``: a line for each text, bad lines told with their numbers, streams, ends cleanly."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from prelaunch import cli, exits, text_input

DEBT = "Ваш долг 5 000 ₽ передан коллекторам"
CODE = "Код для входа 4412, никому его не сообщайте"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def text(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    code = cli.run(["text", *arguments])
    said = capsysbinary.readouterr()
    return code, [json.loads(line) for line in said.out.splitlines()], said.err.decode()


def test_each_text_gets_its_line_with_words_places_and_parts(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("a.jsonl").write_text(json.dumps({"id": 7, "text": DEBT}, ensure_ascii=False) + "\n\n" + '{"text": "Hi"}\n')
    code, rows, said = text(capsysbinary, "a.jsonl")
    assert code == exits.DONE
    first, second = rows
    found = first["found"]
    assert (first["id"], first["text"], found["file"], found["line"]) == (7, DEBT, "a.jsonl", 1)
    assert (found["category"]["answer"], found["collections"]["answer"]) == ("debt", "yes")
    assert all(DEBT[slice(*word["at"])] == word["word"] for word in found["collections"]["words"])
    assert (found["language"], found["encoding"], found["segments"], found["units"]) == ("ru", "ucs2", 1, 36)
    assert (second["found"]["line"], second["found"]["encoding"]) == (3, "gsm7")
    assert said.startswith("2 texts: ")
    assert "1 collect a debt" in said


def test_plain_lines_and_globs_are_read(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("a.txt").write_text(f"{DEBT}\r\n", encoding="utf-8-sig")
    Path("b.txt").write_text(CODE)
    code, rows, _ = text(capsysbinary, "*.txt")
    assert code == exits.DONE
    assert [(row["text"], row["found"]["category"]["answer"]) for row in rows] == [
        (DEBT, "debt"), (CODE, "authentication"),
    ]  # fmt: skip


@pytest.mark.parametrize("given", [f"{DEBT}\n", json.dumps({"text": DEBT}) + "\n"])
def test_standard_input_tells_its_form_by_its_first_line(
    given: str, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n" + given.encode())))
    code, rows, _ = text(capsysbinary)
    assert code == exits.DONE
    assert [(row["text"], row["found"]["file"], row["found"]["line"]) for row in rows] == [(DEBT, "<stdin>", 2)]


def test_every_bad_line_is_told_and_the_good_ones_are_written(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    lines = [b'{"text": 1}', b"{nonsense", b'["a"]', b'{"body": "a"}', b'{"text": null}', b'{"text": "\xff"}',
             b'{"text": "a", "found": 1}', b'{"text": "\\ud800"}', b"[" * 5000, b'{"text": "good"}']  # fmt: skip
    Path("a.jsonl").write_bytes(b"\n".join(lines))
    code, rows, said = text(capsysbinary, "a.jsonl")
    assert code == exits.BAD_INPUT
    assert [row["text"] for row in rows] == ["good"]
    assert "9 lines could not be read" in said
    for number in range(1, 10):
        assert f"error: a.jsonl:{number}: " in said
    assert "a.jsonl:1: text: is a number, not a text" in said
    assert "a.jsonl:5: text: is null, not a text" in said


def test_a_line_that_is_not_utf8_does_not_stop_the_others(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("a.txt").write_bytes(b"ok\n\xff\xfe\nfine\n")
    code, rows, said = text(capsysbinary, "a.txt")
    assert code == exits.BAD_INPUT
    assert [row["text"] for row in rows] == ["ok", "fine"]
    assert "a.txt:2: byte 1 is not UTF-8" in said


def test_a_line_without_an_end_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(text_input, "LINE_BYTES", 64)
    Path("a.txt").write_text("a" * 1000 + "\nfine\n")
    code, rows, said = text(capsysbinary, "a.txt")
    assert (code, [row["found"]["line"] for row in rows]) == (exits.BAD_INPUT, [2])
    assert "a.txt:1: is longer than 64 bytes" in said


def test_sources_that_cannot_be_opened_are_told_together(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("folder").mkdir()
    code, rows, said = text(capsysbinary, "absent.txt", "folder")
    assert (code, rows) == (exits.BAD_INPUT, [])
    assert "absent.txt: no such file or directory" in said
    assert "folder: is a folder" in said
    assert text(capsysbinary, "*.nothing")[0] == exits.BAD_INPUT


def test_another_field_may_hold_the_text(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    Path("a.jsonl").write_text('{"body": "Hello"}\n')
    code, rows, _ = text(capsysbinary, "a.jsonl", "--field", "body")
    assert (code, rows[0]["body"]) == (exits.DONE, "Hello")


def test_a_text_is_answered_while_the_stream_is_open_and_an_interrupt_ends_it_cleanly() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "prelaunch", "text", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        cwd=Path(cli.__file__).parent.parent,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(CODE.encode() + b"\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["found"]["category"]["answer"] == "authentication"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == exits.INTERRUPTED
    assert said.decode().splitlines() == ["1 text: 1 authentication"]
