"""The events of UCDP GED (Georeferenced Event Dataset), translated into the columns of our own CSV.

``low``, ``best`` and ``high`` are all deaths of an event, soldiers and attackers among them: they are told in the
description and never counted as civilians killed. Codes: UCDP GED Codebook 18.1 (Croicu and Sundberg, 2018).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.errors import Problem
from geo.schema import AS_STATED

if TYPE_CHECKING:
    from geo.readers.layouts import Translated

UCDP = {
    "incident_id": "id",
    "date": "date_start",
    "place": "where_coordinates",
    "admin1": "adm_1",
    "admin2": "adm_2",
    "country": "country",
    "latitude": "latitude",
    "longitude": "longitude",
    "location_precision": "where_prec",
    "actors": "side_a",
    "killed_min": "deaths_civilians",
    "killed_max": "deaths_civilians",
    "combatants_min": "deaths_a",
    "combatants_max": "deaths_a",
    "event_type": "type_of_violence",
    "sources": "source_article",
}
"""Our columns, with the one of theirs that each mainly comes from."""

VIOLENCE = {"1": "state-based conflict", "2": "non-state conflict", "3": "one-sided violence"}
ONE_SIDED = "3"
"""Violence of side A against civilians; only there the source says who killed them."""

AREAS = {"3": "admin2", "4": "admin1", "5": "admin1", "6": "country", "7": "none"}
"""``where_prec`` of events that are known to an area (5: part of one), whose coordinates are a stand-in."""
AT_SEA = "7"
"""``where_prec`` of events in international waters: their coordinates stand for a sea, in no country."""
NEAR, NEAR_KM = "2", 25.0
"""``where_prec`` of events within 25 km of the coordinates."""
CODES = {"type_of_violence": "123", "where_prec": "1234567", "date_prec": "12345"}

_POINT_WORDS = {"town": "town", "city": "city", "village": "village"}
_MIDNIGHT = r"[ T]00:00:00(?:\.0+)?$"
_SHIFTED = 0.5
"""Share of rows with an impossible code from which the columns, not the cells, are wrong."""


def translate_ucdp(cells: pd.DataFrame) -> Translated:
    """Return our columns for a table of UCDP GED, and what is wrong or odd in it alone.

    ``deaths_civilians`` is the number of civilians killed, at least that where some of the dead were not identified,
    and unknown where none but such are, or where the best estimate is that nobody died and the high one that some
    did. Of the two sides of a battle the source does not say who killed the civilians: both are named.

    Parameters
    ----------
    cells
        The file's cells as text, indexed by row.
    """
    cells = cells.reindex(columns=[*cells.columns, *(c for c in _OTHERS if c not in cells)], fill_value="")
    for name in ("low", "best", "high"):
        cells[name] = cells[name].mask(cells[name] == "", cells[f"{name}_est"])
    if shifted := _find_shift(cells):
        return {"incident_id": cells["id"]}, shifted
    days = [cells[name].str.replace(_MIDNIGHT, "", regex=True) for name in ("date_start", "date_end")]
    precision = cells["where_prec"].map(AREAS).fillna(cells["where_coordinates"].map(_name_precision))
    near = cells["where_prec"] == NEAR
    columns = {ours: cells[theirs] for ours, theirs in UCDP.items()}
    columns |= {
        "date": days[0].mask((days[1] != "") & (days[1] != days[0]), days[0] + "/" + days[1]),
        "location_precision": precision.mask(near, "city"),
        **{axis: cells[axis].mask(cells["where_prec"] == AT_SEA, "") for axis in ("latitude", "longitude")},
        "precision": pd.Series("", index=cells.index).mask(near, "city"),
        "precision_km": pd.Series("", index=cells.index).mask(near, f"{NEAR_KM:g}"),
        "located_by": pd.Series("", index=cells.index).mask(near, AS_STATED),
        "location_note": pd.Series("", index=cells.index).mask(near, f"within {NEAR_KM:g} km, as stated"),
        "actors": _name_sides(cells),
        "event_type": cells["type_of_violence"].map(VIOLENCE).fillna(""),
        "description": _describe(cells),
        "sources": _list_sources(cells),
        **_count_dead(cells),
    }
    return columns, [*_judge_codes(cells), *_judge_estimates(cells)]


_OTHERS = (
    *("date_end", "date_prec", "adm_1", "adm_2", "country", "latitude", "longitude", "where_coordinates"),
    *("low", "best", "high", "low_est", "best_est", "high_est", "deaths_a", "deaths_b", "deaths_unknown"),
    *("dyad_name", "source_article"),
)
"""Columns that a file may lack."""


def _find_shift(cells: pd.DataFrame) -> list[Problem]:
    """Return one problem when most rows hold impossible codes: their values stand under other columns' names."""
    wrong = pd.DataFrame({name: ~cells[name].isin([*codes]) & (cells[name] != "") for name, codes in CODES.items()})
    rows = wrong.any(axis=1).to_numpy()
    if not len(rows) or rows.mean() <= _SHIFTED:
        return []
    at = int(np.flatnonzero(rows)[0])
    name = next(name for name in CODES if wrong[name].iloc[at])
    told = f"and the like in {rows.sum():,} of {len(rows):,} rows: the values stand under the wrong columns"
    todo = "export the table again; nothing of it is read"
    return [Problem(int(cells.index[at]), name, cells[name].iloc[at], told, todo, "shifted-columns")]


def _judge_codes(cells: pd.DataFrame) -> list[Problem]:
    problems = []
    for name, codes in CODES.items():
        odd = cells.loc[~cells[name].isin([*codes]), name]
        todo = f"write one of {', '.join(codes)}"
        problems += [
            Problem(int(row), name, text, "is no code of UCDP GED", todo, "ucdp-code")
            for row, text in zip(odd.index, odd, strict=True)
        ]
    return problems


def _judge_estimates(cells: pd.DataFrame) -> list[Problem]:
    """Return a finding on every event whose estimates of all deaths are not in order."""
    low, best, high = (_numbers(cells[name]) for name in ("low", "best", "high"))
    kept = "nothing, all deaths are only told in the description"
    checks = (
        (low > best, "low", "is above best {}", "best", "low-above-best"),
        (best > high, "best", "is above high {}", "high", "best-above-high"),
    )
    return [
        Problem(int(row), name, text, wrong.format(than), kept, code, "finding")
        for odd, name, wrong, other, code in checks
        for row, text, than in cells.loc[odd, [name, other]].itertuples()
    ]


def _numbers(cells: pd.Series) -> np.ndarray:
    """Return plain numbers; others are judged where our own columns are read, and here missing."""
    return pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)


def _name_precision(where: str) -> str:
    """Return the precision that the kind of a place gives ("Al Bab town"), ``village`` where it names none."""
    return _POINT_WORDS.get(where.rpartition(" ")[2].lower(), "village")


def _name_sides(cells: pd.DataFrame) -> pd.Series:
    """Return who is named: side A of one-sided violence, else both sides; several groups in one side are several."""
    sides = [cells[name].str.replace(r"\s*,\s*", "|", regex=True) for name in ("side_a", "side_b")]
    alone = (cells["type_of_violence"] == ONE_SIDED) | sides[1].isin(["", "Civilians"])
    return sides[0].mask(~alone, sides[0] + "|" + sides[1])


def _count_dead(cells: pd.DataFrame) -> dict[str, pd.Series]:
    """Return civilians and combatants killed: open where more of the dead may have been such, or unknown."""
    unidentified = _numbers(cells["deaths_unknown"]) > 0
    unsure = (_numbers(cells["best"]) == 0) & (_numbers(cells["high"]) > 0)
    sides = _numbers(cells["deaths_a"]) + _numbers(cells["deaths_b"])
    told = pd.Series(sides, index=cells.index).astype("Int64").astype("str").fillna("")
    fighters = told.where(~np.isnan(sides), cells["deaths_a"])  # what is no number is judged under its own name
    dead = {"killed": cells["deaths_civilians"], "combatants": fighters}
    columns: dict[str, pd.Series] = {}
    for count, number in dead.items():
        least = number.mask((unidentified | unsure) & (number == "0"), "")
        columns |= {f"{count}_min": least, f"{count}_max": number.mask(unidentified | unsure, "")}
    return columns


def _describe(cells: pd.DataFrame) -> pd.Series:
    """Return, in a sentence, the deaths of every kind, which the columns of civilians and combatants do not hold."""
    return (
        "All deaths: "
        + cells["best"].replace("", "not stated")
        + (" (low " + cells["low"] + ", high " + cells["high"] + ")")
        + ("; civilians " + cells["deaths_civilians"] + ", not identified " + cells["deaths_unknown"])
        + (". Dyad: " + cells["dyad_name"] + ".").where(cells["dyad_name"] != "", ".")
    )


def _list_sources(cells: pd.DataFrame) -> pd.Series:
    """Return the event at UCDP, then each article that it rests on."""
    articles = cells["source_article"].str.replace("|", "/", regex=False)
    articles = articles.str.replace(r'"\s*;\s*"', "|", regex=True).str.replace(r'^"+|"+[;\s]*$', "", regex=True)
    event = "UCDP GED event " + cells["id"]
    return event.where(articles == "", event + "|" + articles)
