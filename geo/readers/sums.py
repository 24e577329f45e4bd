"""Rows of a list that are no incidents: sums of other rows, and headings between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.dates import parse_dates
from geo.errors import Problem
from geo.parse import CellError
from geo.readers.rows import find_filled
from geo.spelling import fold_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from geo.readers.rows import Rows

UNITS = ("place", "place_local", "admin1", "admin2", "country", "actors")
"""Columns in which a sum names what it is one of."""
ALONE = ("incident_id", "event_type", "description", "title")
"""Columns in which it stands alone."""

# "Soma", "Somme" and "Suma" are towns; no place of the built-in gazetteers begins with one of these.
_WORDS = (
    r"(?:grand|overall|sub|running|sous|sum)?[ -]?tota(?:ls?|ux|les?)(?: (?:g[eé]n[eé]ral|geral))?|sum"
    r"|(?:gesamt|zwischen)?summen?|gesamt(?:zahl)?|insgesamt|(?:genel |ara )?toplam"
    r"|усього|всього|разом|загалом|підсумок|итого|всего"
    r"|(?:ال)?(?:مجموع|[إا]جمالي)(?: (?:الكلي|العام|الفرعي))?|(?:جمع|مجموع)(?: کل)?"
)
_MAY_BE_SUM = rf"(?i)^[^\p{{L}}\p{{N}}]*(?:{_WORDS})"
_SUM = re.compile(rf"[\W_]*(?:{_WORDS})(?P<mark>[\W_]*)(?P<rest>(?:(?<=[\W_]).*)?)", re.IGNORECASE | re.DOTALL)
_OF = re.compile(r"(?:of|for|in|de|du|des|en|pour|por|para|für|von|за|у|в|по|في) (?:the |la |las |los |el )?")
_COUNTED = re.compile(
    r"(?:(?:number|no\.?) of )?(?:(?:civilians?|people|persons?) )?"
    r"(?:kill|deaths?\b|dead\b|fatalit|casualt|victims?\b|civilians?\b|incidents?\b|events?\b"
    r"|tués?\b|morts?\b|muert[eo]s?\b|tote\b|قتلى|ضحايا)"
)


def judge_sums(rows: Rows, regions: gpd.GeoDataFrame) -> list[Problem]:
    """Return an error for every row that is a sum of others, or nothing but a date: to count it would be wrong.

    A sum is a row that says "Total" or the like in the place of its name, alone, before a colon, or before what it
    is the sum of: "Total North Darfur" is one, "Total petrol station" none.

    Parameters
    ----------
    rows
        Rows of incidents under our own columns.
    regions
        A regions frame, whose units a sum may be one of.
    """
    said = [
        (int(rows.row[at]), name, text, found)
        for name, cells in rows.cells.items()
        if name.casefold() in (*UNITS, *ALONE)
        for at in np.flatnonzero(pc.match_substring_regex(cells, _MAY_BE_SUM).to_numpy(zero_copy_only=False))
        if (found := _SUM.fullmatch(text := cells[at].as_py()))
    ]
    rests = {text: _OF.sub("", found["rest"].casefold(), count=1) for _, _, text, found in said if found["rest"]}
    units = _list_units(rows, regions) if rests else set()
    wrong, todo = "is a sum of other rows, not an incident", "delete the row: its people would be counted twice"
    sums = {
        row: Problem(row, name, text, wrong, todo, "sum-row")
        for row, name, text, found in reversed(said)
        if not found["rest"] or (name in UNITS and (":" in found["mark"] or _names_unit(rests[text], units)))
    }
    return [*sums.values(), *(p for p in _judge_headings(rows) if p.row not in sums)]


def _list_units(rows: Rows, regions: gpd.GeoDataFrame) -> set[str]:
    """Return all that a list may have a sum of: the units of the regions, and what its own rows name, folded."""
    known: Iterable[str] = (
        name
        for column in ("name", "name_local", "aliases")
        for text in regions[column].dropna()
        for name in text.split("|")
    )
    own = (text for name in UNITS if name in rows.cells for text in pc.unique(rows.cells[name]).to_pylist())
    return {fold for text in (*known, *own) if (fold := fold_spelling(text))}


def _names_unit(rest: str, units: set[str]) -> bool:
    """Return whether a text names a unit, a time or what is counted."""
    if fold_spelling(rest) in units or _COUNTED.match(rest) or not re.search(r"[^\W\d]", rest):
        return True
    try:
        parse_dates(rest)
    except CellError as error:
        return error.code != "date-unreadable"
    return True


def _judge_headings(rows: Rows) -> list[Problem]:
    """Return an error for every row with nothing but a date and a country, in a list whose other rows have more."""
    others = [cells for name, cells in rows.cells.items() if name not in ("date", "country")]
    filled = find_filled(others, len(rows.row))
    if "date" not in rows.cells or filled.all() or not filled.any():
        return []
    dated = rows.cells["date"].filter(pa.array(~filled)).to_pylist()
    wrong, todo = "stands alone in its row: a heading, not an incident", "delete the row, or write what is known of it"
    return [
        Problem(int(row), "date", text, wrong, todo, "heading-row")
        for row, text in zip(rows.row[~filled], dated, strict=True)
        if text
    ]
