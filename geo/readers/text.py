"""The text of a file, whatever it was saved as; what is not text, or not in the encoding it claims, is refused."""

from __future__ import annotations

import codecs
import csv
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.errors import FileError, InputError, Problem, UsageError, show_value
from geo.files import require_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 2**30
"""Largest file that is read."""

_BOM = codecs.BOM_UTF8
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FORMATS = {
    b"PK\x03\x04": "a zip file or a workbook: save the sheet as CSV (UTF-8)",
    b"\xd0\xcf\x11\xe0": "an old Office file: save the sheet as CSV (UTF-8)",
    b"%PDF": "a PDF: copy the table into a sheet and save it as CSV (UTF-8)",
    b"SQLite format 3": "a SQLite or GeoPackage file: export the table as CSV (UTF-8)",
    b"PAR1": "a Parquet file: export the table as CSV (UTF-8)",
    b"\x1f\x8b": "a gzip file: unpack it first",
}
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_ESCAPED = re.compile("[\udc80-\udcff]")
_SURROGATE = re.compile("\udced[\udca0-\udcbf][\udc80-\udcbf]")
_LETTERS = {
    "windows-1256": re.compile(r"[\u0600-\u06ff\u00a0\u200c-\u200f]+"),
    "windows-1251": re.compile(r"[\u0400-\u04ff]{2,}|\u00a0"),
    "windows-1252": re.compile(r"[\u00a0-\u00ff\u2010-\u203a]+"),
}
"""Encodings of one byte a letter, with all that they have above ASCII when the guess is right."""


def read_text(path: Path | str, *, encoding: str | None, delimiter: str) -> tuple[bytes, list[Problem]]:
    """Return the content of ``path`` as UTF-8 without a byte order mark, and notes on it.

    Parameters
    ----------
    encoding
        What the file was saved as; ``None``: UTF-8, and no other can be named. A UTF-16 byte order mark is honoured in
        any case.
    delimiter
        What separates cells; only used to say in which cell a wrong byte stands.

    Raises
    ------
    UsageError
        When ``path`` is no regular local file, or the encoding is unknown.
    FileError
        When it cannot be read.
    InputError
        When it is larger than `MAX_BYTES`, no text, or not in the encoding.
    """
    data = _read_bytes(path)
    name = _find_codec("utf-8" if encoding is None else encoding)
    if data.startswith(_UTF16) or name != "utf-8":
        name = "utf-16" if data.startswith(_UTF16) else name
        return _recode(data, name, path), []
    notes = []
    if data.startswith(_BOM * 2):
        notes = [Problem(0, "", "", "begins with two byte order marks", "nothing, both are ignored", "bom", "note")]
    while data.startswith(_BOM):
        data = data[len(_BOM) :]
    try:
        data.decode()
    except UnicodeDecodeError as error:
        if _CONTROLS.search(data[:512]):
            raise _refuse_binary(path, data) from error
        problems = _find_wrong_bytes(data, delimiter)
        if encoding is None:
            problems = [replace(p, todo="save it as CSV (UTF-8)") if "--encoding" in p.todo else p for p in problems]
        raise InputError(path, problems) from error
    return data, notes


def _read_bytes(path: Path | str) -> bytes:
    file = require_file(path)
    try:
        size = file.stat().st_size
        data = file.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise FileError(message) from error
    if size > MAX_BYTES:
        wrong = f"is {size / 1e6:,.0f} MB large, the limit is {MAX_BYTES / 1e6:,.0f} MB"
        raise InputError(path, [Problem(0, "", "", wrong, "split it", "file-too-large")])
    for magic, kind in _FORMATS.items():
        if data.startswith(magic):
            wrong, _, todo = f"is {kind}".partition(": ")
            raise InputError(path, [Problem(0, "", "", wrong, todo, "not-text")])
    return data


def _find_codec(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        "".encode(name)  # rot13, base64 and the like are codecs, but of no text
    except (LookupError, UnicodeError) as error:
        message = f"unknown encoding {encoding!r}; try utf-8 or windows-1256"
        raise UsageError(message) from error
    return "utf-8" if name in ("utf-8", "utf-8-sig", "ascii") else name


def _recode(data: bytes, name: str, path: Path | str) -> bytes:
    try:
        return data.decode(name).encode()
    except (UnicodeError, ValueError) as error:
        at = f" at byte {error.start}" if isinstance(error, UnicodeError) and hasattr(error, "start") else ""
        problem = Problem(0, "", "", f"is not {name}{at}", "save it as CSV (UTF-8)", "encoding")
        raise InputError(path, [problem]) from error


def _refuse_binary(path: Path | str, data: bytes) -> InputError:
    wrong = f"not text: first bytes {data[:2].hex(' ')}"
    return InputError(path, [Problem(0, "", "", wrong, "export the table as CSV (UTF-8)", "not-text")])


def _find_wrong_bytes(data: bytes, delimiter: str) -> list[Problem]:
    """Return the first cell that is not UTF-8, or all of them where the file is partly UTF-8."""
    text = data.decode(errors="surrogateescape")
    mixed = not _ESCAPED.sub("", text).isascii()
    problems = _judge_cells(text, delimiter, mixed=mixed)
    return list(problems) if mixed else [next(problems)]


def _judge_cells(text: str, delimiter: str, *, mixed: bool) -> Iterator[Problem]:
    header: list[str] = []
    for row, cells in enumerate(_split_cells(text, delimiter), start=1):
        header = header or cells
        for column, cell in zip([*header, *[""] * len(cells)], cells, strict=False):
            if wrong_byte := _ESCAPED.search(cell):
                wrong, todo = _explain_byte(ord(wrong_byte[0]) - 0xDC00, cell, mixed=mixed)
                shown = cell.encode(errors="surrogateescape").decode(errors="backslashreplace")
                yield Problem(row, column if row > 1 else "", shown, wrong, todo, "encoding")


def _split_cells(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the cells of each row; lines stand for rows from where a cell is too long for the csv module."""
    lines = io.StringIO(text, newline="")
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error:
        yield from (line.split(delimiter) for line in lines)


def _explain_byte(byte: int, cell: str, *, mixed: bool) -> tuple[str, str]:
    """Return what is wrong with a cell whose wrong bytes are escaped as surrogates, and what to do."""
    if half := _SURROGATE.search(cell):
        code = half[0].encode(errors="surrogateescape").decode(errors="surrogatepass")
        return f"contains U+{ord(code):04X}, half of a surrogate pair", "delete that character"
    wrong = f"byte 0x{byte:02X} is not UTF-8"
    if mixed:
        return f"{wrong}, though other cells of the file are", "save the whole file as UTF-8"
    for encoding, letters in _LETTERS.items():
        reading = cell.encode(errors="surrogateescape").decode(encoding, errors="replace")
        if letters.sub("", reading).isascii():
            shown = show_value(reading.strip()[:40])
            return f"{wrong}; looks like {encoding.title()} ('{shown}')", f"run again with --encoding {encoding}"
    return wrong, "save it as UTF-8, or name its encoding with --encoding"
