"""A workbook of plain tables: text stays text, dates and numbers are real, nothing is computed."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from geo.files import atomic_path, build_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 32_767
"""Characters that a cell holds; longer text ends in ``…``."""

MAX_ROWS = 1_048_575
"""Rows that a worksheet holds below its header."""

FIRST_YEAR = 1900
"""Dates before it are no dates to a spreadsheet, and stay text."""

WIDTHS = (8, 60)
"""Least and largest width of a column, in characters."""

SAMPLE = 1000
"""Rows that decide how wide a column is."""

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook.

    Parameters
    ----------
    name
        Name of the sheet, at most 31 characters.
    frame
        The table; its column names are the header.
    wrap
        Whether long text is wrapped within its cell.
    """

    name: str
    frame: pd.DataFrame
    wrap: bool = False


def write_workbook(sheets: Sequence[Sheet], path: Path | str) -> None:
    """Write tables as an ``.xlsx`` file, the same bytes for the same tables.

    Raises
    ------
    FileError
        When the file cannot be written, or a table is larger than a worksheet; what was there before is left as it was.
    """
    with atomic_path(path) as temporary:
        book = xlsxwriter.Workbook(str(temporary), _OPTIONS)
        book.set_properties({"created": build_time()})
        header = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for sheet in sheets:
            _fill_sheet(book.add_worksheet(sheet.name), sheet.frame, header, wrapped if sheet.wrap else None)
        try:
            book.close()
        except FileCreateError as error:
            raise OSError(*error.args[0].args) from error


def _fill_sheet(page: Worksheet, frame: pd.DataFrame, header: Any, body: Any) -> None:  # noqa: ANN401 - XlsxWriter's formats have no public type
    for k, name in enumerate(frame.columns):
        cells = frame[name].astype(object).where(frame[name].notna(), None).tolist()
        _write_cell(page, 0, k, str(name), header)
        for row, cell in enumerate(cells, start=1):
            _write_cell(page, row, k, cell, body)
        longest = max((len(str(cell)) for cell in cells[:SAMPLE] if cell is not None), default=0)
        page.set_column(k, k, min(max(longest + 1, len(str(name)) // 2, WIDTHS[0]), WIDTHS[1]))
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(frame), 1), max(len(frame.columns) - 1, 0))


def _write_cell(page: Worksheet, row: int, column: int, cell: object, body: Any) -> None:  # noqa: ANN401 - as above
    done = 0
    if isinstance(cell, (date, datetime)) and cell.year >= FIRST_YEAR:
        done = page.write_datetime(row, column, cell)
    elif isinstance(cell, bool):
        done = page.write_boolean(row, column, cell)
    elif isinstance(cell, (int, float)):
        done = page.write_number(row, column, cell)
    elif cell is not None:
        text = cell.strftime("%Y-%m-%d") if isinstance(cell, date) else str(cell)
        text = text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
        done = page.write_string(row, column, text, body)
    if done:
        raise OSError(errno.EFBIG, f"sheet '{page.name}' has more rows or columns than a worksheet holds")
