"""The rows of a CSV file as columns of text, numbered as a spreadsheet numbers them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.csv import ConvertOptions, ParseOptions, ReadOptions, read_csv

from geo.errors import InputError, Problem, UsageError, say_number
from geo.readers.text import read_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray

MAX_COLUMNS = 500
MAX_CELL_BYTES = 64 * 1024
TITLE_ROWS = 9
"""Rows in which the header is looked for below a title."""

_QUOTE, _NEWLINE, _RETURN = b'"\n\r'
_CONTENT = re.compile(rb"^[ \t]*[^#\s\x00]", re.MULTILINE)
_JSON = re.compile(r"\s*[\[{]\s*(?:[\[{\"]|$)")
_EXCEL = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)
_OTHER_DELIMITERS = {";": ";", "\t": "TAB", "|": "|", ",": ","}


@dataclass(frozen=True)
class Rows:
    """Columns of text, without the header and without blank rows.

    Parameters
    ----------
    cells
        Each column by its name: text without spaces at its ends, "" where a cell is empty.
    row
        The row of each line as a spreadsheet shows it.
    problems
        What is wrong with the header and the rows as such.
    """

    cells: dict[str, pa.Array]
    row: NDArray[np.int64]
    problems: list[Problem]


def match_case(rows: Rows, known: Iterable[str]) -> Rows:
    """Return the rows, a known column that is written in other case ("Date") by its name; one that is there twice once.

    The second is a problem.
    """
    own = {name.casefold(): name for name in known}
    cells: dict[str, pa.Array] = {}
    twice = []
    for name, column in rows.cells.items():
        new = own.get(name.casefold(), name)
        if new in cells:
            wrong = "is in the header twice, in other case"
            twice.append(Problem(1, name, "", wrong, "keep one", "duplicate-column"))
        cells.setdefault(new, column)
    return replace(rows, cells=cells, problems=[*rows.problems, *twice])


def read_rows(
    path: Path | str, *, encoding: str | None = None, delimiter: str | None = None, what: str = "rows"
) -> Rows:
    """Return the rows of a CSV file as text: nothing is taken for a number, a date or a missing value.

    Parameters
    ----------
    encoding
        What the file was saved as; ``None``: UTF-8, as a file must be beside which no encoding can be named.
    delimiter
        The character between two cells; ``None``: a comma, in the same way.
    what
        What the rows are, for the message that there are none.

    Raises
    ------
    UsageError
        When ``path`` is no regular local file, or the encoding or delimiter is no such thing.
    FileError
        When it cannot be read.
    InputError
        When it is not text in the encoding, has no rows, or its rows cannot be told apart.
    """
    chosen, delimiter = delimiter is not None, "," if delimiter is None else delimiter
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        message = f"the delimiter is one ASCII character, not {delimiter!r}"
        raise UsageError(message)
    data, problems = read_text(path, encoding=encoding, delimiter=delimiter)
    head = find_blank_head(data, delimiter)
    above = len(head.splitlines())
    data = data.removeprefix(head)
    if not _CONTENT.search(data):
        raise InputError(path, [_whole(f"holds no {what}", "check the file", "no-rows")])
    _refuse_others(path, data, delimiter, above, chosen=chosen)
    if stray := _find_stray_quote(data, ord(delimiter)):
        raise InputError(path, [replace(stray, row=stray.row + above)])
    header = _read_header(path, data, delimiter)
    table, row, broken = _parse_rows(data.rstrip(b"\r\n"), len(header), delimiter, above)
    cells = [pc.utf8_trim_whitespace(column.combine_chunks()).slice(1) for column in table.columns]
    filled = find_filled(cells, len(row))
    blank = len(row) - int(filled.sum())
    if skipped := above + blank:
        told = f"has {say_number(skipped, 'blank row')}"
        problems.append(_whole(told, "nothing, they are skipped", "blank-rows", note=True))
    if not filled.any() and not broken:
        raise InputError(path, [_whole(f"holds no {what} ({blank:,} blank rows)", "check the file", "no-rows")])
    cells = [column.filter(pa.array(filled)) for column in cells] if blank else cells
    named, wrong = _name_columns(header, cells)
    cut, last = not data.endswith((b"\n", b"\r")), above + len(row) + len(broken) + 1
    problems += [*wrong, *_judge_broken(broken, cut=cut, first=above + 1, last=last)]
    row = row[filled]
    if not len(row):
        raise InputError(path, problems)
    if cut and int(row[-1]) == last:
        problems += _doubt_end(header[-1], cells[-1][-1].as_py(), last)
    return Rows(named, row, [*problems, *(p for name, column in named.items() for p in _judge_size(name, column, row))])


def find_blank_head(data: bytes, delimiter: str) -> bytes:
    """Return the lines above the header: empty, or with nothing but delimiters."""
    found = re.match(rb"[\s%b]*[\r\n]" % re.escape(delimiter.encode()), data)
    return found[0] if found else b""


def _whole(wrong: str, todo: str, code: str, *, note: bool = False) -> Problem:
    return Problem(0, "", "", wrong, todo, code, "note" if note else "error")


def _find_stray_quote(data: bytes, delimiter: int) -> Problem | None:
    """Return the first quote that neither opens nor closes a cell: from there on rows and cells may be mixed up."""
    if b'"' not in data:
        return None
    letters = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE)
    borders = (delimiter, _NEWLINE, _RETURN, _QUOTE)
    opening, closing = quotes[::2], quotes[1::2]
    opens = np.isin(letters[opening - 1], borders) | (opening == 0)
    closes = np.isin(letters[(closing + 1) % len(letters)], borders) | (closing == len(letters) - 1)
    wrong = np.concatenate([opening[~opens], closing[~closes]])
    if wrong.size:
        row = _count_row(letters, quotes, wrong.min())
        todo = 'write "" for a quote within a cell, and put the whole cell in quotes'
        return Problem(row, "", "", "has a quote in the middle of a cell", todo, "stray-quote")
    if quotes.size % 2:
        row, wrong_quote = _count_row(letters, quotes, quotes[-1]), "opens a quoted cell that is never closed"
        return Problem(row, "", "", wrong_quote, "close it; the file may be cut off", "open-quote")
    return None


def _count_row(letters: NDArray[np.uint8], quotes: NDArray[np.int64], at: np.int64) -> int:
    """Return the row of byte ``at``: line ends within quotes do not count."""
    head = letters[:at]
    ends = np.flatnonzero((head == _NEWLINE) | ((head == _RETURN) & (letters[1 : at + 1] != _NEWLINE)))
    return 1 + int(np.count_nonzero(np.searchsorted(quotes, ends) % 2 == 0))


def slice_rows(data: bytes, rows: Iterable[int]) -> Iterator[bytes]:
    """Yield the bytes of rows, numbered as a spreadsheet shows them, without their line ends."""
    letters = np.frombuffer(data.rstrip(b"\r\n"), np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE)
    after = np.append(letters[1:], 0)
    ends = np.flatnonzero((letters == _NEWLINE) | ((letters == _RETURN) & (after != _NEWLINE)))
    ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
    borders = [0, *(ends + 1).tolist(), len(letters) + 1]
    for row in rows:
        yield bytes(letters[borders[row - 1] : borders[row] - 1]).rstrip(b"\r")


def _refuse_others(path: Path | str, data: bytes, delimiter: str, above: int, *, chosen: bool) -> None:
    """Refuse JSON, the line by which Excel tells the delimiter, and a header of one cell with another delimiter.

    Another delimiter is of use only where one can be ``chosen`` for the file.
    """
    first = re.split(rb"[\r\n]", data, maxsplit=1)[0].decode()
    if _JSON.match(first):
        raise InputError(path, [_whole("is JSON, not a table", "export the table as CSV (UTF-8)", "not-text")])
    excel = _EXCEL.fullmatch(first)
    others = [other for other in _OTHER_DELIMITERS if other in first and other != delimiter]
    if not excel and (delimiter in first or not others):
        return
    meant = excel[1] if excel else others[0]
    again = f"run again with --delimiter {_OTHER_DELIMITERS.get(meant, meant)}"
    todo = (again if chosen else "save it with commas between the cells") * (meant != delimiter)
    if excel:
        wrong, todo = "is for Excel alone", " and ".join(filter(None, ("delete that line", todo)))
    else:
        wrong = "is one single column"
    raise InputError(path, [Problem(above + 1, "", first.strip(), wrong, todo, "delimiter")])


def _read_header(path: Path | str, data: bytes, delimiter: str) -> list[str]:
    lines = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(lines)]
        is_title = sum(map(bool, header)) == 1 and " " in max(header) and _find_header(islice(lines, TITLE_ROWS))
    except csv.Error as error:
        raise InputError(path, [_whole("has a header that is too long", "check the file", "header")]) from error
    if len(header) > MAX_COLUMNS:
        wrong = f"has {len(header):,} columns, the limit is {MAX_COLUMNS}"
        raise InputError(path, [_whole(wrong, "leave out what is not needed", "too-many-columns")])
    if is_title:
        wrong, todo = "is a title, not the names of the columns", "delete what stands above the header"
        raise InputError(path, [Problem(1, "", "".join(header), wrong, todo, "title-row")])
    return header


def _find_header(lines: Iterable[list[str]]) -> bool:
    """Return whether the first line of several cells holds names alone."""
    cells = next((named for line in lines if len(named := [cell for cell in line if cell.strip()]) > 1), [])
    return bool(cells) and not any(re.fullmatch(r"[\d\W]+", cell) for cell in cells)


def _parse_rows(
    data: bytes, width: int, delimiter: str, above: int
) -> tuple[pa.Table, NDArray[np.int64], list[tuple[int, int, int, str]]]:
    """Return the cells with the header, the numbers of the rows after it, and the rows of another width.

    ``above`` is the number of lines above the header.
    """
    broken: list[Any] = []

    def skip(line: Any) -> str:  # noqa: ANN401  # pyarrow does not name its type
        broken.append((line.number, line.expected_columns, line.actual_columns, line.text))
        return "skip"

    names = [str(number) for number in range(width)]
    parsing = ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False)
    parsing.invalid_row_handler = skip
    texts = ConvertOptions(check_utf8=False, strings_can_be_null=False, column_types=dict.fromkeys(names, pa.string()))
    for threads in (True, False):  # only a single thread numbers the broken rows
        broken.clear()
        reading = ReadOptions(use_threads=threads, block_size=len(data) + 1, column_names=names)
        table = read_csv(pa.BufferReader(data), reading, parsing, texts)
        if not broken:
            break
    sound = np.ones(len(table) + len(broken), dtype=bool)
    sound[[number - 1 for number, *_ in broken]] = False
    return table, np.flatnonzero(sound)[1:] + 1 + above, [(number + above, *rest) for number, *rest in broken]


def find_filled(cells: list[pa.Array], length: int) -> NDArray[np.bool_]:
    """Return which of ``length`` rows have a cell that is not empty."""
    filled = np.zeros(length, dtype=bool)
    for column in cells:
        filled |= pc.not_equal(column, "").to_numpy(zero_copy_only=False)
        if filled.all():
            break
    return filled


def _name_columns(header: list[str], cells: list[pa.Array]) -> tuple[dict[str, pa.Array], list[Problem]]:
    """Return the columns by name, and what is wrong with the names; empty columns without a name are dropped."""
    named: dict[str, pa.Array] = {}
    problems = []
    for number, (name, column) in enumerate(zip(header, cells, strict=True), start=1):
        if name in named:
            problems.append(Problem(1, name, "", "is in the header twice", "keep one", "duplicate-column"))
        elif name:
            named[name] = column
        elif pc.any(pc.not_equal(column, "")).as_py():
            problems.append(Problem(1, "", "", f"column {number} has no name", "name it in the header", "no-name"))
    return named, problems


def _doubt_end(name: str, text: str, row: int) -> list[Problem]:
    """Return a note on the last cell of a file without a line end at its end."""
    wrong, todo = "ends the file without a line end", "see that it is whole: the file may be cut off"
    return [Problem(row, name, text, wrong, todo, "cut-end", "note")] if text else []


def _judge_broken(broken: list[tuple[int, int, int, str]], *, cut: bool, first: int, last: int) -> list[Problem]:
    problems = []
    widths = {(expected, actual) for _, expected, actual, _ in broken}
    if len(widths) == 1 and len(broken) == last - first > 1:
        row, expected, actual, text = broken[0]
        wrong = f"has {actual} cells where the header has {expected}, as has each of the {len(broken):,} rows"
        todo = "add or delete a name in the header: every value may stand under another column's name"
        return [Problem(row, "", text, wrong, todo, "cell-count")]
    for row, expected, actual, text in broken:
        if cut and row == last and actual < expected:
            wrong = f"last row is incomplete ({actual} of {expected} cells)"
            todo = "complete it; the file may be cut off"
            problems.append(Problem(row, "", text, wrong, todo, "incomplete-row"))
            continue
        wrong = f"has {actual} cells where the header has {expected}"
        todo = "put cells that contain the delimiter in quotes"
        problems.append(Problem(row, "", text, wrong, todo, "cell-count"))
    return problems


def _judge_size(name: str, cells: pa.Array, row: NDArray[np.int64]) -> list[Problem]:
    sizes = pc.binary_length(cells).to_numpy(zero_copy_only=False)
    problems = []
    for at in np.flatnonzero(sizes > MAX_CELL_BYTES):
        wrong = f"has {sizes[at]:,} bytes, the limit is {MAX_CELL_BYTES:,}"
        problems.append(Problem(int(row[at]), name, cells[at].as_py()[:100], wrong, "shorten it", "cell-too-long"))
    return problems
