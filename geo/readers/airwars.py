"""The incident tables of Airwars, translated into the columns of our own CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import Problem

if TYPE_CHECKING:
    from geo.readers.layouts import Translated

AIRWARS = {
    "incident_id": "code",
    "date": "date",
    "place": "location_en",
    "place_local": "location_ar",
    "admin1": "governorate_en",
    "admin2": "district_en",
    "country": "pg_country",
    "latitude": "lat",
    "longitude": "lon",
    "location_precision": "geo_accuracy",
    "actors": "belligerent",
    "attribution": "strike_status",
    "grading": "grading",
    "event_type": "strike_type",
    "sources": "url",
    **{
        f"{ours}_{end}": f"{theirs}_{end}"
        for ours, theirs in {
            "killed": "civ_killed",
            "children": "children_killed",
            "women": "women_killed",
            "men": "men_killed",
            "injured": "civ_injured",
            "combatants": "mil_killed",
        }.items()
        for end in ("min", "max")
    },
}
"""Our columns, with theirs."""

PRECISIONS = {
    **dict.fromkeys(("exact_location", "exact_location_other", "exact_location_coalition"), "exact"),
    **dict.fromkeys(("within_1m", "within_100m"), "exact"),
    **dict.fromkeys(("street", "nearby_landmark"), "street"),
    "neighbourhood_area": "neighbourhood",
    "village": "village",
    "town": "town",
    "city": "city",
    "subdistrict": "admin3",
    "district": "admin2",
    "province_governorate": "admin1",
}
"""Accuracy of a geolocation as Airwars words it."""

_INVISIBLE = r"[\u00AD\u061C\u200B\u200E\u200F\u2060\uFEFF]|^[\u200C\u200D]+|[\u200C\u200D]+$"
"""Marks that typing leaves in Arabic names; joiners within a word are part of how it is written."""
_EPOCH = "1970-01-01"


def translate_airwars(cells: pd.DataFrame) -> Translated:
    """Return our columns for a table of Airwars, and what is wrong or odd in it alone.

    Two codes in one cell stay one id. Several belligerents are several actors; they are contested where the strike or
    the grading is. A missing toll stays missing. An incident without a date, or with the zero of computer clocks for
    one, is refused.

    Parameters
    ----------
    cells
        The file's cells as text, indexed by row.
    """
    cells = cells.reindex(columns=[*cells.columns, *(c for c in _OTHERS if c not in cells)], fill_value="")
    ids, told_twice = _tell_apart(cells)
    gradings, unclear = _read_gradings(cells["grading"])
    belligerents = cells["belligerent"].str.replace(r"\s*,\s*", "|", regex=True)
    doubted = cells["strike_status"].str.startswith("Contested") | (gradings.str.strip().str.casefold() == "contested")
    contested = belligerents.str.contains("|", regex=False) & doubted
    accuracy = cells["geo_accuracy"].str.lower()
    precision = accuracy.map(PRECISIONS).fillna("")
    columns = {ours: cells[theirs] for ours, theirs in AIRWARS.items() if theirs in cells}
    columns |= {
        "incident_id": ids,
        "date": _join_days(cells["date"], cells["date_end"]),
        "admin1": _first_filled(cells, "governorate_en", "region_en", "province_en"),
        "country": _first_filled(cells, "pg_country", "country_en", "country", "country_ar"),
        "location_precision": precision,
        "actors": belligerents,
        "attribution": pd.Series("", index=cells.index).mask(contested, "contested"),
        "grading": gradings,
    }
    columns |= {
        name: columns[name].str.replace(_INVISIBLE, "", regex=True) for name in ("place", "place_local", "admin1")
    }
    odd = cells[(precision == "") & (accuracy != "")]
    epoch = cells[cells["date"] == _EPOCH]
    open_end = cells[(cells["date_type"] == "date_range") & (cells["date_end"] == "")]
    problems = [
        *told_twice,
        *unclear,
        *_tell(odd, "geo_accuracy", "is no accuracy we know", "nothing, it counts as not stated", "accuracy-unknown"),
        *_tell(open_end, "date_end", "is empty, though a range is meant", "add the last day if known", "range-open"),
        *(
            Problem(
                p.row, p.column, p.value, "is the zero of computer clocks, a missing date", "correct it", "date-zero"
            )
            for p in _tell(epoch, "date", "", "", "")
        ),
    ]
    return columns, problems


_OTHERS = (
    *("belligerent", "strike_status", "grading", "geo_accuracy", "date", "date_end", "date_type"),
    *("pg_country", "country_ar", "governorate_en", "region_en", "province_en", "location_en", "location_ar"),
)
"""Columns that a file may lack."""


def _tell(rows: pd.DataFrame, column: str, wrong: str, todo: str, code: str) -> list[Problem]:
    """Return a finding about a column for every row."""
    return [
        Problem(int(row), column, text, wrong, todo, code, "finding")
        for row, text in zip(rows.index, rows[column], strict=True)
    ]


def _tell_apart(cells: pd.DataFrame) -> tuple[pd.Series, list[Problem]]:
    """Return the codes as ids; one that several rows have is followed by each row's own number at Airwars."""
    codes = cells["code"]
    again = codes.duplicated(keep=False) & (codes != "")
    wrong, todo = "is the code of several rows", "nothing, their numbers at Airwars tell them apart"
    return codes.mask(again, codes + " (" + cells["airwars_id"] + ")"), _tell(
        cells[again], "code", wrong, todo, "code-twice"
    )


def _read_gradings(cells: pd.Series) -> tuple[pd.Series, list[Problem]]:
    """Return the gradings; of two in one cell none, with a finding."""
    several = cells.str.contains(",")
    wrong, todo = "names two gradings", "nothing, it counts as not graded"
    return cells.mask(several, ""), _tell(cells[several].to_frame(), "grading", wrong, todo, "grading-twice")


def _join_days(first: pd.Series, last: pd.Series) -> pd.Series:
    return first.mask((last != "") & (last != first), first + "/" + last)


def _first_filled(cells: pd.DataFrame, *names: str) -> pd.Series:
    """Return, for each row, the first of the columns that is not empty."""
    text = pd.Series("", index=cells.index)
    for name in names:
        if name in cells:
            text = text.mask(text == "", cells[name])
    return text
