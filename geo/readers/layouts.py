"""Tables as their publishers lay them out: known by their header, translated into the columns of our own CSV.

A translation rewrites cells and judges nothing that the reading of our own CSV judges anyway; what it alone can see
(a code that is none, values shifted into the next column) is a problem or a finding of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import Problem
from geo.readers.airwars import AIRWARS, translate_airwars
from geo.readers.rows import Rows
from geo.readers.ucdp import UCDP, translate_ucdp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Translated = tuple[dict[str, pd.Series], list[Problem]]

_TAG = r"#[a-z]\w*(?: ?\+\w+)*"
"""A tag of the Humanitarian Exchange Language, as ``#adm1+name``."""


@dataclass(frozen=True)
class Layout:
    """How one publisher lays out a table.

    Parameters
    ----------
    name
        What readers know the table as.
    columns
        Our columns, each with the publisher's column that a message about it names.
    needed
        Columns by which a header is recognised.
    translate
        Returns our columns as text, and what is wrong or odd, for the cells of a file (text, indexed by row).
    """

    name: str
    columns: Mapping[str, str]
    needed: frozenset[str]
    translate: Callable[[pd.DataFrame], Translated]


LAYOUTS = (
    Layout("incidents of Airwars", AIRWARS, frozenset({"code", "airwars_id", "belligerent"}), translate_airwars),
    Layout(
        "events of UCDP GED",
        UCDP,
        frozenset({"id", "type_of_violence", "side_a", "side_b", "where_prec", "date_start", "deaths_civilians"}),
        translate_ucdp,
    ),
)


def find_layout(header: Iterable[str]) -> Layout | None:
    """Return the publisher's layout that has the header, ``None`` for any other table."""
    names = set(header)
    return next((layout for layout in LAYOUTS if layout.needed <= names), None)


def translate_rows(rows: Rows, layout: Layout) -> Rows:
    """Return the rows of a publisher's table under our own columns."""
    cells = pd.DataFrame({name: column.to_pandas() for name, column in rows.cells.items()}, dtype="str")
    columns, problems = layout.translate(cells.set_index(pd.Index(rows.row)))
    ours = {name: pc.utf8_trim_whitespace(pa.array(column.tolist(), pa.string())) for name, column in columns.items()}
    note = Problem(0, "", "", f"is read as {layout.name}", "nothing, see the README", "layout", "note")
    return replace(rows, cells=ours, problems=[*rows.problems, note, *problems])


def name_columns(problems: list[Problem], layout: Layout | None) -> list[Problem]:
    """Return the problems with the columns named as the file names them."""
    if layout is None:
        return problems
    return [replace(p, column=layout.columns.get(p.column, p.column)) for p in problems]


def drop_tags(rows: Rows) -> Rows:
    """Return the rows without the row of HXL tags that humanitarian tables have under their header, with a note."""
    if not len(rows.row):
        return rows
    first = [text for column in rows.cells.values() if (text := column[0].as_py())]
    if not first or not all(re.fullmatch(_TAG, text) for text in first):
        return rows
    note = Problem(int(rows.row[0]), "", "", "is a row of HXL tags", "nothing, it is skipped", "hxl-tags", "note")
    cells = {name: column.slice(1) for name, column in rows.cells.items()}
    return Rows(cells, rows.row[1:], [*rows.problems, note])
