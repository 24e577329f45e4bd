"""What a person decided about a place: applied above everything else, never silently, reported when outdated."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geo.check import check_points, find_origins, is_listed
from geo.coordinates import DECIMALS, LIMIT
from geo.dates import parse_dates, prove_order
from geo.errors import InputError, Problem, refuse_errors
from geo.locate import TOLERANCE_KM
from geo.readers.cells import find_contradictions, parse_cells
from geo.readers.columns import clean_text
from geo.readers.rows import read_rows
from geo.regions import DECIDED, match_units
from geo.schema import (
    AREA_LEVEL,
    AS_STATED,
    BY_DECISION,
    BY_GAZETTEER,
    BY_REGION,
    BY_SERVICE,
    POINT_RADIUS_KM,
    UNPLACED,
)
from geo.toponyms.pool import distance_km

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.dates import DateOrder
    from geo.gazetteer import Gazetteer
    from geo.toponyms.listing import Listing

PLACE_COLUMNS = ("place", "place_local", "admin1", "admin2", "country")
"""What a decision is about: the place as stated. A file without ``admin2`` says nothing of the district."""

COLUMNS = ("incident_id", *PLACE_COLUMNS, "choice", "latitude", "longitude", "precision", "who", "when", "why")
"""Columns of ``decisions.csv``. Without ``incident_id`` a decision holds for every incident of that place.

``choice`` names the candidate taken (``gazetteer:NAME:ID``, ``regions:CODE``, ``online:SERVICE``, or ``point`` for a
spot of the person's own) or is ``none``: do not place. A point carries its own coordinates and precision, so that it
needs no gazetteer.
"""

OVERRULED = "; the list states "
"""What stands in ``location_note`` before coordinates that a decision overrules."""

_NUMBER = r"(-?[0-9]{1,3}(?:\.[0-9]+)?)"
_TOLD = re.compile(rf"{OVERRULED}({_NUMBER}, {_NUMBER}(?:, [0-9,]+\.[0-9] km from there)?)\Z")
"""The end of a note that tells of them: the words, the latitude and the longitude."""

LEAST_KM = 0.1
"""Stated coordinates nearer than this to what is decided are no others."""

ANY = "\0"
"""What stands for the district where a decision says nothing of it."""

NONE, POINT = "none", "point"
SPOTS = rf"{POINT}|{BY_GAZETTEER}.+:.+|{BY_SERVICE}.+"
"""Pattern of the choices that are points, here and in the review page."""


def read_decisions(
    paths: Path | Sequence[Path],
    regions: gpd.GeoDataFrame,
    *,
    gazetteers: Sequence[Gazetteer] = (),
    border_tolerance_km: float = TOLERANCE_KM,
    date_order: DateOrder | None = None,
) -> pd.DataFrame:
    """Read ``decisions.csv``, or several such files, and judge every row.

    Parameters
    ----------
    paths
        CSV files with `COLUMNS`; ``admin2`` may be left out.
    regions
        A regions frame, for the units decided and the countries stated.
    gazetteers
        Those whose places the decisions are compared with; coordinates of others are the person's own.
    border_tolerance_km
        How far outside the stated country a decided point may lie, in km.
    date_order
        Whether the day or the month comes first in a ``when`` of ``03/04/2026``; None for what other rows prove.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS` as text (``when`` as ISO 8601; ``admin2`` is missing where the file has no such column), ``latitude``
        and ``longitude`` as numbers (degrees, WGS 84), ``geometry`` (EPSG:4326, missing for ``none``), ``file`` and
        ``row`` (as a spreadsheet shows it).

    Raises
    ------
    InputError
        With every problem of the first file that has any: columns, who decided and when, coordinates, precision, codes
        of regions, points on the null island, points and units outside the stated country, places that a gazetteer has
        elsewhere or not at all, rows that contradict each other or those of a file before.
    geo.errors.UsageError
        When a path is no regular local file.
    """
    files = [paths] if isinstance(paths, Path) else paths
    decisions = pd.concat(
        [_read_file(path, regions, gazetteers, border_tolerance_km, date_order) for path in files], ignore_index=True
    )
    against = _judge_together(decisions)
    for path in files:
        if problems := [problem for file, problem in against if file == str(path)]:
            raise InputError(path, problems)
    for name in ("latitude", "longitude"):
        decisions[name] = pd.to_numeric(decisions[name].replace("", np.nan))
    decisions["geometry"] = _geometries(decisions, regions)
    return decisions


def _read_file(
    path: Path,
    regions: gpd.GeoDataFrame,
    gazetteers: Sequence[Gazetteer],
    border_tolerance_km: float,
    date_order: DateOrder | None,
) -> pd.DataFrame:
    """Return the columns of one file as text, with ``file`` and ``row``, by which it is indexed too."""
    rows = read_rows(path, what="decisions")
    missing = [c for c in COLUMNS if c not in rows.cells and c != "admin2"]
    if missing:
        wrong, todo = f"column missing: {', '.join(missing)}", f"the columns are {', '.join(COLUMNS)}"
        raise InputError(path, [Problem(0, "", "", wrong, todo, "decision-columns")])
    cells = {name: clean_text(rows.cells[name]).to_pandas() for name in COLUMNS if name in rows.cells}
    table = pd.DataFrame(cells, columns=list(COLUMNS), dtype="str").set_axis(pd.Index(rows.row, name="row"))
    word = table["choice"].str.casefold()
    table["choice"] = word.where(word.isin([NONE, POINT]), table["choice"])
    table = table.assign(file=str(path), row=rows.row)
    proved = [order for order, texts in prove_order(table["when"]).items() if texts]
    order = proved[0] if date_order is None and len(proved) == 1 else date_order
    days, code, undated = parse_cells("when", pa.array(table["when"]), rows.row, partial(parse_dates, order=order))
    entries = _find_entries(table, [one.listing for one in gazetteers])
    problems = [
        *undated,
        *rows.problems,
        *_judge(table, regions),
        *(problem for _, problem in _judge_together(table)),
        *_judge_entries(table, entries, gazetteers),
        *_judge_where(table, entries, regions, border_tolerance_km),
    ]
    refuse_errors(path, problems)
    told = ["/".join(dict.fromkeys(map(str, span[:2]))) if span else "" for span in days]
    return table.assign(when=pd.Series(told, dtype="str").take(code).array)


def _judge(table: pd.DataFrame, regions: gpd.GeoDataFrame) -> list[Problem]:
    region, point = table["choice"].str.startswith(BY_REGION), _is_point(table)
    codes = table["choice"].str.removeprefix(BY_REGION)
    numbers = _read_degrees(table)
    judged = [
        (
            "choice",
            ~(region | point | (table["choice"] == NONE)),
            "is no choice",
            f"write {POINT}, {NONE}, {BY_REGION}CODE, {BY_GAZETTEER}NAME:ID or {BY_SERVICE}SERVICE",
            "decision-choice",
        ),
        ("who", table["who"] == "", "nobody answers for this decision", "write a name or initials", "decision-who"),
        (
            "choice",
            region & ~codes.isin(regions["pcode"]),
            "not a region",
            "use a code of --regions",
            "decision-region",
        ),
        (
            "precision",
            point & ~table["precision"].isin(POINT_RADIUS_KM),
            "not the precision of a point",
            f"use one of {', '.join(POINT_RADIUS_KM)}",
            "decision-precision",
        ),
        *(
            (
                name,
                point & ~(numbers[name].abs() <= most),
                "not decimal degrees",
                "a point needs both",
                "decision-point",
            )
            for name, most in LIMIT.items()
        ),
    ]
    return [
        Problem(int(row), column, str(table.loc[row, column]), wrong, todo, code)
        for column, bad, wrong, todo, code in judged
        for row in table.index[bad]
    ]


def _is_point(table: pd.DataFrame) -> pd.Series:
    return table["choice"].str.fullmatch(SPOTS)


def _read_degrees(table: pd.DataFrame) -> pd.DataFrame:
    """Return the coordinates as numbers, missing where they are none."""
    return pd.DataFrame({name: pd.to_numeric(table[name], errors="coerce") for name in LIMIT})


def _find_entries(table: pd.DataFrame, listings: Sequence[Listing]) -> pd.DataFrame:
    """Return the listed places that are chosen, by row: their ``country``, how many ``km`` away, and whether ``off``.

    A place is off when the point's own precision does not reach it.
    """
    points = _read_degrees(table)[table["choice"].str.startswith(BY_GAZETTEER)].dropna()
    points = points.assign(by=table["choice"]).rename_axis("row").reset_index()
    ids = {choice.rpartition(":")[2] for choice in points["by"]}
    listed = pd.DataFrame(columns=["source", "id", "lat", "lon", "country"])
    places = [listing.places for listing in listings]
    listed = pd.concat([listed, *(all_.loc[all_["id"].isin(ids), listed.columns] for all_ in places)])
    found = points.merge(listed.assign(by=BY_GAZETTEER + listed["source"] + ":" + listed["id"]), on="by")
    spots = [found[name].to_numpy(dtype=float) for name in ("latitude", "longitude", "lat", "lon")]
    near = found.assign(km=distance_km(*spots)).sort_values("km").drop_duplicates("row").set_index("row")
    return near.assign(off=near["km"] > table["precision"].map(POINT_RADIUS_KM)[near.index])


def _judge_entries(table: pd.DataFrame, entries: pd.DataFrame, gazetteers: Sequence[Gazetteer]) -> list[Problem]:
    """Find choices that their gazetteer does not have, and points off the place that it has."""
    choice, latitude = table["choice"], table["latitude"]
    sources = {BY_GAZETTEER + source for one in gazetteers for source in one.listing.places["source"].unique()}
    read = choice.str.rpartition(":")[0].isin(sources) & _read_degrees(table).notna().all(axis=1)
    absent = table.index[read & ~table.index.isin(entries.index)]
    wrong, todo = "is {:.1f} km from {}", "write its coordinates, or choose point for a spot of your own"
    return [
        *(
            Problem(row, "choice", choice[row], "is no place of that gazetteer", "choose anew", "decision-place")
            for row in absent.tolist()
        ),
        *(
            Problem(row, "latitude", latitude[row], wrong.format(km, choice[row]), todo, "decision-place")
            for row, km in entries.loc[entries["off"], "km"].to_dict().items()
        ),
    ]


def _judge_where(
    table: pd.DataFrame, entries: pd.DataFrame, regions: gpd.GeoDataFrame, tolerance_km: float
) -> list[Problem]:
    """Find points on the null island, and points and units outside the country stated.

    The places that a gazetteer lists in that country are in it: few islands are in outlines.
    """
    countries = regions[regions["level"] == 0]
    stated = match_units(table["country"].where(table["country"] != ""), countries, level=0)
    points = _read_degrees(table)[_is_point(table)].dropna()
    units = regions.drop_duplicates("pcode").set_index("pcode")["country"]
    at_home = entries.index[~entries["off"] & (entries["country"] == stated[entries.index].map(units))]
    points = points.drop(at_home)
    own = table["choice"].str.removeprefix(BY_REGION).map(units)
    abroad = table.index[own.notna() & stated.notna() & (own != stated.map(units))]
    choice, country, there = dict(table["choice"]), dict(table["country"]), dict(own)
    wrong, todo = "is a unit of {}, not of {} as stated", "choose a unit of that country"
    return [
        *check_points(points.assign(code=stated[points.index]), countries, tolerance_km=tolerance_km),
        *(
            Problem(row, "choice", choice[row], wrong.format(there[row], country[row]), todo, "outside-country")
            for row in abroad
        ),
    ]


def _judge_together(table: pd.DataFrame) -> list[tuple[str, Problem]]:
    """Find rows about one place, or about one incident, that decide otherwise than an earlier one; with their files."""
    subject = table["incident_id"] + "\x1f" + _place_keys(table.fillna({"admin2": ANY}))
    numbers = _read_degrees(table).map(str)
    spot = "at " + numbers["latitude"] + ", " + numbers["longitude"] + " (" + table["precision"] + ")"
    point = _is_point(table)
    at, cells = spot.where(point, ""), table[["file", "row", "choice", "who"]].to_dict("index")
    problems = []
    for own, first in find_contradictions(subject, spot.where(point, table["choice"])):
        here, there = cells[own], cells[first]
        row = f"row {there['row']}" + f" of {Path(there['file']).name}" * (here["file"] != there["file"])
        wrong = f"{at[own]} contradicts {row}, where {there['who']} decided '{there['choice']}' {at[first]}".strip()
        todo = "keep the one that holds"
        problems.append(
            (here["file"], Problem(here["row"], "choice", here["choice"], wrong, todo, "decisions-contradict"))
        )
    return problems


def _geometries(table: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.Series:
    """Return the decided point or polygon of each row; country-level and ``none`` are missing."""
    units = regions.set_index("pcode")
    code = table["choice"].str.removeprefix(BY_REGION).where(table["choice"].str.startswith(BY_REGION))
    area = code.isin(units.index[units["level"] > 0])
    shapes = pd.Series([None] * len(table), index=table.index, dtype="object")
    shapes[area] = units.loc[code[area], "geometry"].array
    point = _is_point(table)
    shapes[point] = shapely.points(table.loc[point, "longitude"], table.loc[point, "latitude"])
    table["precision"] = table["precision"].where(code.isna(), code.map(units["level"]).map(_PRECISION_OF_LEVEL))
    table.loc[table["choice"] == NONE, "precision"] = UNPLACED
    return shapes


_PRECISION_OF_LEVEL = {level: name for name, level in AREA_LEVEL.items()}


def match_decisions(
    incidents: pd.DataFrame, decisions: pd.DataFrame
) -> tuple[pd.Series, list[tuple[Path, list[Problem]]]]:
    """Return the label of the decision that holds for each incident, and the decisions that hold for none.

    A decision about one incident goes before one about a place, one that says the district before one that does not; of
    several that agree the last one holds.
    A decision is outdated, and not applied, when its incident is gone or its place is now stated otherwise.

    Returns
    -------
    tuple
        The decision's label for each incident (missing where none), and each file with a finding for each decision of
        it that is outdated.
    """
    whole, wider = _place_keys(incidents), _place_keys(incidents.assign(admin2=ANY))
    about = _place_keys(decisions.fillna({"admin2": ANY}))
    by_place, by_incident = (decisions[(decisions["incident_id"] == "") == is_empty] for is_empty in (True, False))
    place_row = pd.Series(by_place.index, index=about[by_place.index].array).groupby(level=0).last()
    ids = incidents["incident_id"].drop_duplicates()
    now, now_wider = (by_incident["incident_id"].map(keys[ids.index].set_axis(ids)) for keys in (whole, wider))
    holds = (now == about[by_incident.index]) | (now_wider == about[by_incident.index])
    incident_row = pd.Series(by_incident.index[holds], index=by_incident.loc[holds, "incident_id"].array)
    row = incidents["incident_id"].map(incident_row.groupby(level=0).last())
    row = row.fillna(whole.map(place_row)).fillna(wider.map(place_row))
    gone = ~about[by_place.index].isin([*whole, *wider])
    outdated = [
        *((r, "incident_id", "no such incident in the list") for r in by_incident.index[now.isna()]),
        *(
            (r, "place", "the incident's place is stated otherwise now")
            for r in by_incident.index[now.notna() & ~holds]
        ),
        *((r, "place", "no incident states this place") for r in by_place.index[gone]),
    ]
    found: dict[str, list[Problem]] = {file: [] for file in decisions["file"]}
    todo, code = "decide anew or delete the row", "decision-outdated"
    for r, column, wrong in outdated:
        cells = decisions.loc[r]
        problem = Problem(int(cells["row"]), column, str(cells[column]), wrong, todo, code, "finding")
        found[cells["file"]].append(problem)
    return row, [(Path(file), sorted(problems)) for file, problems in found.items()]


def _place_keys(frame: pd.DataFrame) -> pd.Series:
    parts = frame[list(PLACE_COLUMNS)].fillna("").apply(lambda column: column.str.strip())
    keys: pd.Series = parts[PLACE_COLUMNS[0]].str.cat(parts[list(PLACE_COLUMNS[1:])], sep="\x1f")
    return keys


def apply_decisions(located: pd.DataFrame, incidents: pd.DataFrame, decisions: pd.DataFrame) -> NDArray[np.bool_]:
    """Place incidents, in place, as decided; ``located_by`` and ``location_note`` say who, when and why.

    The note tells of coordinates that the list states elsewhere, in km.

    Parameters
    ----------
    located
        The columns of stage ``geocoded`` and the ``geometry`` (EPSG:4326) of each incident.
    incidents
        Incidents of stage ``stated``, aligned.
    decisions
        As `read_decisions` returns them.

    Returns
    -------
    numpy.ndarray
        Which incidents a decision is about.
    """
    row, _ = match_decisions(incidents, decisions)
    decided = row.notna().to_numpy()
    made = decisions.loc[row[decided].astype(int)]
    why = (": " + made["why"]).where(made["why"] != "", "")
    overruled = _tell_overruled(located[decided], made)
    values = {
        "precision": made["precision"],
        "precision_km": made["precision"].map(POINT_RADIUS_KM),
        "located_by": BY_DECISION + made["who"],
        "location_confidence": 1.0,
        "location_note": DECIDED + made["choice"] + " (" + made["when"] + ")" + why + overruled,
        "listed_admin1": None,
        "geometry": made["geometry"],
    }
    for name, value in pd.DataFrame(values, dtype=object).items():
        located.loc[decided, name] = value.to_numpy()
    return np.asarray(decided)


def _tell_overruled(located: pd.DataFrame, made: pd.DataFrame) -> pd.Series:
    """Return what is to be said of stated coordinates for each decision, nothing where the point decided is there.

    Those that an earlier decision overruled stand in its note.
    """
    told = []
    columns = [located["located_by"].fillna(""), located["location_note"].fillna(""), located["geometry"]]
    for by, note, there, decided in zip(*columns, made["geometry"], strict=True):
        before = _TOLD.search(note) if by.startswith(BY_DECISION) else None
        stated = shapely.Point(float(before[3]), float(before[2])) if before else there if by == AS_STATED else None
        spot = "" if stated is None else OVERRULED + _write_degrees(stated.y, stated.x)
        if spot and decided is not None:
            near, far = shapely.get_coordinates(shapely.shortest_line(decided, stated))
            km = float(distance_km(near[1], near[0], far[1], far[0]))
            same = km < LEAST_KM and decided.geom_type == "Point"
            spot = "" if same else f"{spot}, {km:,.1f} km from there"
        told.append(spot)
    return pd.Series(told, made.index, dtype="str")


def are_overruled(incidents: pd.DataFrame, lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which incidents have, in degrees, the coordinates that a decision overrules by its note."""
    decided = incidents["located_by"].str.startswith(BY_DECISION).fillna(value=False).to_numpy(dtype=bool)
    overruled = decided.copy()
    notes = incidents.loc[decided, "location_note"].fillna("").map(_TOLD.search)
    overruled[decided] = [
        told is not None and _write_degrees(y, x) == f"{told[2]}, {told[3]}"
        for told, y, x in zip(notes, lat[decided], lon[decided], strict=True)
    ]
    return overruled


def are_moved(
    incidents: pd.DataFrame, lat: NDArray[np.float64], lon: NDArray[np.float64], listings: Sequence[Listing]
) -> NDArray[np.bool_]:
    """Return which incidents are, in degrees, off the listed place that was decided: their precision does not reach it.

    Where no listing has that place, nobody can tell.
    """
    decided = (incidents["located_by"].str.startswith(BY_DECISION, na=False) & is_listed(incidents)).to_numpy(bool)
    moved = np.zeros(len(incidents), dtype=bool)
    if decided.any():
        cells = {"choice": find_origins(incidents), "latitude": lat, "longitude": lon}
        table = pd.DataFrame(cells | {"precision": incidents["precision"]}, incidents.index)[decided]
        entries = _find_entries(table.reset_index(drop=True), listings)
        moved[np.flatnonzero(decided)[entries.index[entries["off"]]]] = True
    return moved


def _write_degrees(lat: float, lon: float) -> str:
    """Return both with the digits that a list keeps."""
    return ", ".join(f"{round(n, DECIMALS) + 0.0:.{DECIMALS}f}".rstrip("0").rstrip(".") for n in (lat, lon))


def find_overruled(incidents: pd.DataFrame) -> list[Problem]:
    """Return a finding for each incident that a decision puts elsewhere than the list states; its note says so.

    Parameters
    ----------
    incidents
        Incidents of stage ``geocoded``, indexed by row.
    """
    notes = incidents["location_note"].fillna("").map(_TOLD.search)
    wrong, todo = "is placed as {} decided, though the list states {}", "nothing, or decide about this incident alone"
    return [
        Problem(
            int(row),
            "place",
            "" if pd.isna(place) else place,
            wrong.format(by.removeprefix(BY_DECISION), told[1]),
            todo,
            "decision-overrules",
            "finding",
        )
        for row, place, by, told in zip(
            incidents.index, incidents["place"], incidents["located_by"].fillna(""), notes, strict=True
        )
        if by.startswith(BY_DECISION) and told
    ]
