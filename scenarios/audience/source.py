"""Opening an audience file: what it is, how it is encoded, what separates its cells, what its header says."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from policies.errors import InputError, Problem
from scenarios.audience.records import RECORD_BYTES, Source

SAMPLE_BYTES = 1 << 18
DELIMITERS = ",;\t"
HINT = "save it as CSV in UTF-8"

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
FOREIGN = (
    (b"PK\x03\x04", "is a spreadsheet workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "is an old spreadsheet workbook"),
    (b"%PDF", "is a PDF"),
    (b"BZh", "is compressed by bzip2"),
    (b"\xfd7zXZ", "is compressed by xz"),
    (b"\x28\xb5\x2f\xfd", "is compressed by zstd"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """An open CSV file, placed after its header. ``first_line`` is the number of the first line of data."""

    stream: Source
    header: list[str]
    delimiter: str
    encoding: str
    mac: bool
    first_line: int


@dataclass(slots=True)
class Recoded:
    """A byte stream in UTF-8 made from one in ``encoding``; what cannot be decoded becomes U+FFFD."""

    raw: Source
    encoding: str
    decoder: codecs.IncrementalDecoder

    def read(self, size: int = -1, /) -> bytes:
        piece = self.raw.read(size)
        text = self.decoder.decode(piece, final=not piece)
        if piece and not text:
            return self.read(size)
        return text.encode("utf-8", "replace")


@dataclass(slots=True)
class Pushed:
    """A stream with bytes put back in front of it; faults of the compression become plain errors."""

    front: bytes
    raw: Source
    where: str

    def read(self, size: int = -1, /) -> bytes:
        if self.front:
            front, self.front = self.front, b""
            return front
        try:
            return self.raw.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _refused(self.where, f"the compressed data are damaged: {error}", "copy the file again") from None


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; raises ``InputError`` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _refused(str(path), f"cannot be read: {error.strerror}", "see audience.file.path") from None


def is_parquet(path: Path) -> bool:
    """True when the file begins as Parquet files do."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def open_text(path: Path, raw: BinaryIO) -> TextFile:
    """Return the CSV in ``raw``, decompressed and in UTF-8, with its header read.

    Recognised: gzip; UTF-8 with or without a mark, UTF-16, Windows-1251; comma, semicolon and tab; lines that end in
    CR LF, LF or CR; a first line ``sep=;`` as Excel writes. Raises ``InputError`` for anything else.
    """
    where = str(path)
    stream: Source = raw
    if raw.read(2) == b"\x1f\x8b":
        raw.seek(0)
        stream = Pushed(b"", gzip.GzipFile(fileobj=raw), where)
    else:
        raw.seek(0)
    sample = _sample(stream)
    if not sample.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise _refused(where, "the file is empty", "export it again")
    for magic, what in FOREIGN:
        if sample.startswith(magic):
            raise _refused(where, what, HINT)
    encoding, mark = _encoding(sample, where)
    stream = Pushed(sample[mark:], stream, where)
    if encoding != "utf-8":
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        stream = Recoded(stream, encoding, decoder)
    return _header(stream, encoding, where)


def _sample(stream: Source) -> bytes:
    pieces, size = [], 0
    while size < SAMPLE_BYTES and (piece := stream.read(SAMPLE_BYTES - size)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _encoding(sample: bytes, where: str) -> tuple[str, int]:
    for mark, encoding in BOMS:
        if sample.startswith(mark):
            return encoding, len(mark)
    if sample.count(0) > len(sample) // 5:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        if min(even, odd) * 10 > max(even, odd):
            raise _refused(where, "is not text: every fifth byte or more is NUL", HINT)
        return ("utf-16-be" if even > odd else "utf-16-le"), 0
    return _eight_bits(sample, where), 0


def _eight_bits(sample: bytes, where: str) -> str:
    """Return utf-8 if most lines that are not ASCII are UTF-8, else windows-1251 if they read as Russian."""
    lines = sample.rpartition(b"\n")[0].split(b"\n") or [sample]
    lines = lines if any(lines) else [sample]
    strange = [line for line in lines if not line.isascii()]
    if sum(_is_utf8(line) for line in strange) * 2 >= len(strange):
        return "utf-8"
    text = b"\n".join(strange).decode("cp1251", "replace")
    small = sum("а" <= letter <= "я" or letter == "ё" for letter in text)
    other = sum(letter > "\x7f" and letter not in "«»—–№\u00a0" for letter in text)
    if small * 2 > other:
        return "cp1251"
    raise _refused(where, "is neither UTF-8 nor UTF-16 nor Windows-1251 text", HINT)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _header(stream: Source, encoding: str, where: str) -> TextFile:
    data = stream.read(SAMPLE_BYTES)
    while len(data) < RECORD_BYTES and (piece := stream.read(SAMPLE_BYTES)):
        data += piece
    mac = b"\n" not in data and b"\r" in data
    end, skipped, delimiter = (b"\r" if mac else b"\n"), 0, ""
    first, _, rest = data.partition(end)
    while not first.strip() or first.strip().lower().startswith(b"sep="):
        delimiter = first.strip()[4:5].decode("latin-1") or delimiter
        first, _, rest = rest.partition(end)
        skipped += 1
        if not first and not rest:
            raise _refused(where, "the file has no header", "the first line must name the columns")
    while first.count(b'"') % 2 and rest:
        more, _, rest = rest.partition(end)
        first, skipped = first + b"\n" + more, skipped + 1
    header, delimiter = _names(first, delimiter, where)
    return TextFile(Pushed(rest, stream, where), header, delimiter, encoding, mac, skipped + 2)


def _names(line: bytes, delimiter: str, where: str) -> tuple[list[str], str]:
    if b"\0" in line or len(line) > RECORD_BYTES // 4:
        raise _refused(f"{where}:1", "the first line is no header: it holds NUL bytes or is very long", HINT)
    if line.count(b'"') % 2:
        raise _refused(f"{where}:1", "the header opens a quotation mark and does not close it")
    try:
        text = line.decode("utf-8").strip("\r\n\ufeff")
    except UnicodeDecodeError:
        raise _refused(f"{where}:1", "the header is not UTF-8 text", HINT) from None
    delimiter = delimiter or max(DELIMITERS, key=text.count)
    names = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return [" ".join(name.split()) for name in names], delimiter


def _refused(where: str, what: str, remedy: str = "") -> InputError:
    return InputError([Problem(where, what, remedy)])
