"""What the cells of an incident say together: ids, counts, dates, places and sources that cannot be, or hardly are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geo.actors import UNKNOWN
from geo.errors import Problem, say_number
from geo.governorates import find_unknown_governorates
from geo.locate import TOLERANCE_KM, border_distances, index_units, locate_points
from geo.parse import SOFT_HYPHEN, plain_cell
from geo.regions import DECIDED, match_units
from geo.relations import CIRCLE, LARGER_PART, RELATIONS, find_circles, find_larger_parts, read_relations
from geo.schema import BY_GAZETTEER, BY_REGION, COUNTS, CRS, PARTS
from geo.spelling import find_nearest, fold_spelling
from geo.toponyms.places import BORDER_KM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.errors import Severity

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

TEXTS = ("place", "place_local", "admin2", "admin1", "country")
"""Columns of which the first that is stated is quoted in the note on where it is."""
NULL_DEGREES = 0.01
"""Degrees from the null island, about a km, within which a point is taken to be on it."""
OUTSIDE = "{given} is {km} km outside {stated} as stated, {around}"
"""What is said of coordinates outside the unit stated."""

_EPOCH = pd.Timestamp("1970-01-01")
_LINKS = r"^https?://[^\s|@?#;,]+(?:\|https?://[^\s|@?#;,]+)*$"
_SEVERAL = re.compile(r"\S[;,\s]\s*https?://", re.IGNORECASE)
_SCHEMES = re.compile(r"(?:javascript|vbscript|data|file|blob|about):|//|[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SECRETS = re.compile(
    r"(?<=://)(?P<user>[^/?#@\s]+)(?=@)|(?<=[?&#])(?P<name>[\w-]*(?:token|signature|password|passwd|pwd|secret)"
    r"|(?:api|access|resource)?[_-]?key|auth|pass|sig|(?:php|j)?sess(?:ion)?[_-]?(?:id|key)?)=(?P<value>[^&#\s]+)",
    re.IGNORECASE,
)
_TELLING = re.compile("token|signature|password|passwd|pwd|secret", re.IGNORECASE)
"""Names of parameters that hold a secret whatever it looks like; the others are those of ordinary links too."""
_UUID = re.compile(r"[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}", re.IGNORECASE)
_OPAQUE_LENGTH, _OPAQUE_PIECES = 16, 5
"""A value is no words when so many letters and digits in a row change so often between large, small and digits."""
_NOT_DATED = r"(?!\d{1,4}\W+\d{1,4}-\d\d?-\d)"
_DIGITS = r"\d(?:[ ()-]{{0,2}}\d){{{},13}}(?![\d.])"
_LOCAL, _WORLDWIDE = _DIGITS.format(6), _DIGITS.format(8)
_CONTACTS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{0,190}\w|(?<![\w@./])@[a-z]\w{4,31}\b|\bt\.me/(?!(?:s/)?\w+/\d)[\w+/-]+"
    rf"|(?<![\w+])\+{_NOT_DATED}{_WORLDWIDE}"
    r"|(?:\b(?:tel|phone|mobile|whatsapp|viber|тел)\w*|هاتف|جوال|موبايل|واتس ?[اآ]ب)"
    rf"[.:]?\s*\+?{_NOT_DATED}{_LOCAL}",
    re.IGNORECASE,
)
_MAY_BE_CONTACTS = r"@|t\.me/|\+\d|(?i:\b(?:tel|phone|mobile|whatsapp|viber)|тел)|هاتف|جوال|موبايل|واتس"
_SHOWN_OF_CONTACT = 2


def check_incidents(
    incidents: pd.DataFrame, regions: gpd.GeoDataFrame, *, border_tolerance_km: float = TOLERANCE_KM
) -> list[Problem]:
    """Return everything that is wrong or odd about incidents whose cells are each well formed.

    Errors: an id used twice, a minimum above its maximum, an attribution that contradicts the number of actors, a
    misspelt country, an area that a person decided and that is no region, coordinates that are on the null island,
    swapped, or outside the stated country by more than the tolerance (a finding where a gazetteer gave them: few
    islands are in outlines), sources that carry a password or key, and relations that go round in a circle. Findings:
    parts above the whole, the first day of computer clocks, days of several months, a country or governorate that is
    not among the regions, a point within the tolerance across a border, or outside the stated governorate by more, a
    place that is not the one that was located, sources that are no links or may carry a secret, descriptions with an
    address or telephone number.

    Parameters
    ----------
    incidents
        Incidents of any stage, indexed by row.
    regions
        A regions frame; only its countries and their governorates are looked at.
    border_tolerance_km
        How far outside the stated country coordinates may lie, in km.
    """
    return [
        *_check_ids(incidents),
        *_check_counts(incidents),
        *_check_dates(incidents),
        *_check_attribution(incidents),
        *_check_places(incidents, regions, border_tolerance_km),
        *_check_renamed(incidents),
        *_check_decided(incidents, regions),
        *check_links(incidents["sources"].dropna(), "sources"),
        *_check_contacts(incidents["description"].dropna()),
        *_check_relations(incidents),
    ]


def _refuse(incidents: pd.DataFrame, column: str, wrong: str, todo: str, code: str) -> list[Problem]:
    """Return one error for each incident; ``wrong`` may name columns in braces."""
    if incidents.empty:
        return []
    used = [name for name in incidents.columns if name == column or f"{{{name}}}" in wrong]
    cells = incidents[used].astype("str").fillna("?")
    return [
        Problem(int(row), column, str(cell[column]), wrong.format_map(cell), todo, code)
        for row, cell in zip(incidents.index, cells.to_dict("records"), strict=True)
    ]


def _mention(incidents: pd.DataFrame, column: str, wrong: str, todo: str, code: str) -> list[Problem]:
    """Return one finding for each incident; see `_refuse`."""
    return [replace(problem, severity="finding") for problem in _refuse(incidents, column, wrong, todo, code)]


def _check_ids(incidents: pd.DataFrame) -> list[Problem]:
    """Find ids used twice, also when only case, spaces or invisible marks tell them apart."""
    ids = incidents["incident_id"].fillna("")
    keys = ids.str.lower().to_numpy(dtype=object)
    rich = ~ids.str.fullmatch("[!-~]*").to_numpy(dtype=bool)
    keys[rich] = [plain_cell(text.replace(SOFT_HYPHEN, "")).casefold() for text in ids[rich]]
    again = pd.Series(keys).duplicated().to_numpy() & (keys != "")
    if not again.any():
        return []
    first = pd.Series(np.arange(len(keys))).groupby(keys).transform("min").to_numpy()[again]
    here, there = incidents[again], incidents.iloc[first]
    spelt = [f" ('{b}')" * (a != b) for a, b in zip(here["incident_id"], there["incident_id"], strict=True)]
    here = here.assign(other=there.index, spelt=spelt, unlike=_compare_rows(here, there))
    wrong = "is also the id of row {other}{spelt}; the rows {unlike}"
    return _refuse(here, "incident_id", wrong, "give each incident its own id, or delete one", "duplicate-id")


def _compare_rows(here: pd.DataFrame, there: pd.DataFrame) -> list[str]:
    """Return, for each pair of rows, in which columns they differ."""
    names = np.array([name for name in here.columns if name not in ("incident_id", "geometry")])
    own, other = (frame[names].astype("str").fillna("").to_numpy() for frame in (here, there))
    return [f"differ in {', '.join(names[unlike])}" if unlike.any() else "are alike" for unlike in own != other]


def _check_counts(incidents: pd.DataFrame) -> list[Problem]:
    """Find minima above maxima, and parts above the whole."""
    problems = []
    for low, high in ((f"{count}_min", f"{count}_max") for count in COUNTS):
        crossed = incidents[_numbers(incidents[low]) > _numbers(incidents[high])]
        problems += _refuse(crossed, low, f"is above {high} {{{high}}}", "correct one of them", "min-above-max")
    killed, most = (_numbers(incidents[name]) for name in ("killed_min", "killed_max"))
    least = np.nansum([_numbers(incidents[f"{part}_min"]) for part in PARTS], axis=0)
    odd = incidents.assign(least=least.astype(int))
    kept = "nothing if the source says so"
    wrong = "is below the least number of children, women and men together, {least}"
    problems += _mention(odd[least > most], "killed_max", wrong, kept, "parts-above-whole")
    problems += _mention(odd[(least > killed) & ~(least > most)], "killed_min", wrong, kept, "parts-above-minimum")
    for part in (f"{part}_max" for part in PARTS):
        above = odd[_numbers(odd[part]) > most]
        problems += _mention(above, part, "is above killed_max {killed_max}", kept, "part-above-whole")
    return problems


def _numbers(column: pd.Series) -> Numbers:
    return column.to_numpy(dtype=float, na_value=np.nan)


def _check_dates(incidents: pd.DataFrame) -> list[Problem]:
    """Find the zero of computer clocks, and what does not lie in one month."""
    first, last = (incidents[name].to_numpy().astype("datetime64[M]") for name in ("date_start", "date_end"))
    incidents = incidents.rename(columns={"date_start": "date"})  # as files name it
    epoch = incidents[incidents["date"] == _EPOCH]
    crossing = (incidents["date_precision"] == "range") & (first != last)
    counted = incidents[crossing].assign(month=first[crossing].astype(str))
    longer = incidents[incidents["date_precision"] == "longer"]
    wrong, kept = "runs to {date_end}, over a month end: counted once, in {month}", "nothing, or split the incident"
    apart = "runs to {date_end}, a month or longer: shown apart, in no month"
    zero, check = "is the zero of computer clocks, often a missing date", "check the date"
    return [
        *_mention(epoch, "date", zero, check, "date-epoch"),
        *_mention(counted, "date", wrong, kept, "date-months"),
        *_mention(longer, "date", apart, kept, "date-longer"),
    ]


def _check_attribution(incidents: pd.DataFrame) -> list[Problem]:
    """Find attributions that contradict the number of actors."""
    attribution = incidents["attribution"]
    several = incidents["actors"].str.contains("|", regex=False).fillna(value=False).astype(bool)
    alone = incidents[(attribution == "sole") & several]
    together = incidents[attribution.isin(["joint", "shared"]) & ~several & incidents["actors"].notna()]
    named = incidents[(attribution == "unknown") & (incidents["actors"].fillna(UNKNOWN) != UNKNOWN)]
    todo = "correct the actors or the attribution"
    return [
        *_refuse(alone, "attribution", "contradicts the actors '{actors}'", todo, "attribution-actors"),
        *_refuse(together, "attribution", "needs several actors, there is '{actors}'", todo, "attribution-actors"),
        *_refuse(named, "attribution", "contradicts the actors '{actors}'", todo, "attribution-actors"),
    ]


def _check_places(incidents: pd.DataFrame, regions: gpd.GeoDataFrame, tolerance_km: float) -> list[Problem]:
    """Find misspelt countries, unknown governorates, zeros for coordinates, and coordinates outside what is stated."""
    countries = regions[regions["level"] == 0]
    codes = match_units(incidents["country"], countries, level=0)
    unknown = incidents[codes.isna() & incidents["country"].notna()]
    given = incidents[incidents["latitude"].notna() & incidents["longitude"].notna()]
    given = given.assign(code=codes[given.index])
    listed = is_listed(given) if "located_by" in given else pd.Series(data=False, index=given.index)
    at_large = given["country"].isna()
    return [
        *_check_countries(unknown, countries),
        *_check_blank_countries(incidents),
        *find_unknown_governorates(incidents.assign(iso=codes.map(countries.set_index("pcode")["country"])), regions),
        *check_points(given[~listed], countries, tolerance_km=tolerance_km),
        *_check_listed(given[listed], countries),
        *_check_admin1(given[~listed], regions, tolerance_km),
        *_check_at_sea(given[at_large & ~listed], countries, tolerance_km),
        *_check_at_sea(given[at_large & listed], countries, BORDER_KM),
    ]


def _check_listed(points: pd.DataFrame, countries: gpd.GeoDataFrame) -> list[Problem]:
    """Find where points that a gazetteer gave were changed to what it never gives, or hardly; see `check_points`."""
    kept = "nothing if the gazetteer has it there, else correct the coordinates or the country"
    return [
        replace(problem, todo=kept, code="listed-outside", severity="finding")
        if problem.code == "outside-country"
        else problem
        for problem in check_points(points, countries, tolerance_km=BORDER_KM)
        if problem.severity == "error"
    ]


def find_origins(incidents: pd.DataFrame) -> pd.Series:
    """Return what placed each incident: ``located_by``, or what a person chose; empty where nothing did."""
    decided = incidents["location_note"].str.startswith(DECIDED).fillna(value=False).astype(bool)
    chosen = incidents["location_note"].str.removeprefix(DECIDED)
    chosen = chosen.str.replace(r"(?s) \(.*", "", regex=True)  # the day, and why
    origins: pd.Series = incidents["located_by"].mask(decided, chosen).fillna("")
    return origins


def is_listed(incidents: pd.DataFrame) -> pd.Series:
    """Return which points a gazetteer gave, also as decided: it knows the country; islands are in few outlines."""
    listed: pd.Series = find_origins(incidents).str.startswith(BY_GAZETTEER).astype(bool)
    return listed


def find_units(incidents: pd.DataFrame) -> pd.Series:
    """Return the code of the unit that each incident was put in, also as decided; empty where it is in none."""
    origins = find_origins(incidents)
    return origins.str.removeprefix(BY_REGION).where(origins.str.startswith(BY_REGION), "")


def _check_decided(incidents: pd.DataFrame, regions: gpd.GeoDataFrame) -> list[Problem]:
    """Find areas that a person decided and no region is: the incidents would be located anew."""
    if "location_note" not in incidents:
        return []
    decided = incidents["location_note"].str.startswith(DECIDED).fillna(value=False).astype(bool)
    decided &= incidents["latitude"].isna()  # else they are written in since
    unknown = incidents[decided & ~find_units(incidents).isin(["", *regions["pcode"]])]
    wrong, todo = "is not among the regions", "give the --regions that it was decided with, or empty located_by"
    return _refuse(unknown, "location_note", wrong, todo, "decision-region")


def check_points(points: pd.DataFrame, countries: gpd.GeoDataFrame, *, tolerance_km: float) -> list[Problem]:
    """Find zeros for coordinates, and coordinates outside the stated country.

    Parameters
    ----------
    points
        ``latitude``, ``longitude`` (degrees, WGS 84) and ``code`` (of the stated country; missing when not known),
        indexed by row.
    countries
        The countries of a regions frame.
    tolerance_km
        How far outside the stated country a point may lie, in km: one within it is a finding.
    """
    odd = points[~_touch(points["longitude"], points["latitude"], points["code"], countries)]
    null = _is_null(odd)
    wrong = "is the null island: a zero stands for an unknown coordinate"
    return [
        *_refuse(odd[null], "latitude", wrong, "write the place's own coordinates, or none", "null-island"),
        *_check_borders(odd[~null & odd["code"].notna()], countries, tolerance_km),
    ]


def _check_renamed(incidents: pd.DataFrame) -> list[Problem]:
    """Report incidents whose place is not the text that was located, which their note quotes."""
    if "location_note" not in incidents:
        return []
    area = incidents["located_by"].str.startswith(BY_REGION)
    kept = (area == incidents["latitude"].isna()) & incidents["location_note"].str.startswith(("“", "in "), na=False)
    found = incidents[kept.fillna(value=False).astype(bool)]
    text = found[list(TEXTS)].bfill(axis=1)[TEXTS[0]].fillna("")
    told = [f"“{here}”" in note or "“" not in note for here, note in zip(text, found["location_note"], strict=True)]
    wrong = "is not the text that was located: {location_note}"
    todo = "empty latitude, longitude and located_by to have it located anew, or location_note if the point is right"
    return _mention(found.assign(place=text)[~np.array(told, dtype=bool)], "place", wrong, todo, "place-changed")


def _check_countries(incidents: pd.DataFrame, countries: gpd.GeoDataFrame) -> list[Problem]:
    """Report countries that are not among the regions, as errors where they are nearly one of them."""
    spellings = {fold_spelling(name): name for name in countries["name"]}
    near = incidents["country"].map({text: find_nearest(text, spellings) for text in incidents["country"].unique()})
    incidents = incidents.assign(near=near)
    wrong, todo = "did you mean '{near}'?", "write the country as the regions do"
    absent = "is not among the regions: no place is looked for in it, and its border is not checked"
    kept = "write the country's usual name or ISO code, or bring its boundaries with --regions"
    return [
        *_refuse(incidents[near.notna()], "country", f"is no country; {wrong}", todo, "country-misspelt"),
        *_mention(incidents[near.isna()], "country", absent, kept, "country-unknown"),
    ]


def _check_blank_countries(incidents: pd.DataFrame) -> list[Problem]:
    """Report once that places are looked for in every country where the list names it in other rows alone."""
    country = incidents["country"]
    asked = incidents[["place", "place_local", "admin1", "admin2"]].notna().any(axis=1) & incidents["latitude"].isna()
    if "located_by" in incidents:
        asked &= incidents["located_by"].isna()
    blank = incidents[country.isna() & asked]
    if blank.empty or country.isna().all():
        return []
    number, first = say_number(len(blank), "row"), blank.index[0]
    above = country.loc[:first].dropna().unique()
    follows = f"; the rows above that one are in {above[0]}" if len(above) == 1 else ""
    wrong = f"is empty in {number}, first in row {first}: their places are looked for in every country{follows}"
    todo = "write it in every row: merged cells of a spreadsheet are saved as blanks"
    return [Problem(1, "country", "", wrong, todo, "country-blank", "finding")]


def _check_borders(incidents: pd.DataFrame, countries: gpd.GeoDataFrame, tolerance_km: float) -> list[Problem]:
    """Report incidents outside their stated country: swapped, farther than the tolerance, or within it."""
    if incidents.empty:
        return []
    odd = _measure_outside(incidents, countries)
    far = (odd["outside"] > tolerance_km).to_numpy()
    swapped = _touch(odd["latitude"], odd["longitude"], odd["code"], countries) & far
    wrong = "{turned} would be in {stated} as stated, {given} is {around}: swapped?"
    todo = "correct the coordinates or the country"
    kept = f"nothing, it is within the tolerance of {tolerance_km:g} km"
    return [
        *_refuse(odd[swapped], "latitude", wrong, "exchange latitude and longitude", "swapped-coordinates"),
        *_refuse(odd[far & ~swapped], "latitude", OUTSIDE, todo, "outside-country"),
        *_mention(odd[~far], "latitude", OUTSIDE, kept, "across-border"),
    ]


def _check_admin1(points: pd.DataFrame, regions: gpd.GeoDataFrame, tolerance_km: float) -> list[Problem]:
    """Report coordinates in the stated country, but outside the stated governorate by more than the tolerance."""
    countries, units = (regions[regions["level"] == level] for level in (0, 1))
    iso = points["code"].map(countries.set_index("pcode")["country"])
    stated = match_units(points["admin1"], units, level=1, country=iso)
    known = stated.notna() & (
        points["code"].isna() | _touch(points["longitude"], points["latitude"], points["code"], countries)
    )
    inside = points.assign(code=stated)[known]
    odd = inside[~_touch(inside["longitude"], inside["latitude"], inside["code"], units)]
    if odd.empty:
        return []
    odd = _measure_outside(odd, units)
    todo = "correct the coordinates or the governorate"
    return _mention(odd[odd["outside"] > tolerance_km], "latitude", OUTSIDE, todo, "outside-admin1")


def _measure_outside(incidents: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return points outside the unit of their ``code`` with the km to it, where they are instead, and in words both.

    ``regions`` are units of one level, among them that of each code.
    """
    names = regions.set_index("pcode")["name"]
    points = gpd.GeoSeries.from_xy(incidents["longitude"], incidents["latitude"], index=incidents.index, crs=CRS)
    around = locate_points(points, regions, tolerance_km=0.0)["pcode"].map(names)
    units = index_units(regions)
    spots = incidents[["longitude", "latitude"]].to_numpy(dtype=float)
    km = border_distances(spots, units.find(incidents["code"], len(incidents)), units)
    return incidents.assign(
        outside=km,
        stated=incidents["code"].map(names),
        around=("in " + around).fillna(
            "outside every " + ("country" if regions["level"].iloc[0] == 0 else "governorate")
        ),
        km=[f"{distance:.1f}" for distance in km],
        given=_write_points(incidents["latitude"], incidents["longitude"]),
        turned=_write_points(incidents["longitude"], incidents["latitude"]),
    )


def _check_at_sea(incidents: pd.DataFrame, countries: gpd.GeoDataFrame, tolerance_km: float) -> list[Problem]:
    """Report incidents that state no country and lie in none, with where they would be if exchanged."""
    if incidents.empty:
        return []
    names = countries.set_index("pcode")["name"].to_dict()
    lat, lon = incidents["latitude"], incidents["longitude"]
    around, turned = (
        locate_points(gpd.GeoSeries.from_xy(x, y, index=incidents.index, crs=CRS), countries, tolerance_km=km)["pcode"]
        for x, y, km in ((lon, lat, tolerance_km), (lat, lon, 0.0))
    )
    told = zip(_write_points(lon, lat), turned, strict=True)
    there = [f", {point} would be in {names[code]}: swapped?" if code in names else "" for point, code in told]
    odd = incidents.assign(given=_write_points(lat, lon), there=there)[around.isna().to_numpy() & ~_is_null(incidents)]
    kept = "check the coordinates, or state the country"
    return _mention(odd, "latitude", "{given} is in no country{there}", kept, "no-country")


def _is_null(points: pd.DataFrame) -> Mask:
    """Return which coordinates are zeros, or both nearly: they stand for unknown ones."""
    lat, lon = (np.abs(_numbers(points[name])) for name in ("latitude", "longitude"))
    null: Mask = (lat == 0) | (lon == 0) | ((lat < NULL_DEGREES) & (lon < NULL_DEGREES))
    return null


def _touch(x: pd.Series, y: pd.Series, codes: pd.Series, countries: gpd.GeoDataFrame) -> Mask:
    """Return whether each point touches the country of its code; never, where it has none."""
    touching = np.zeros(len(x), dtype=bool)
    outlines = dict(zip(countries["pcode"], countries.geometry, strict=True))
    east, north = _numbers(x), _numbers(y)
    for code, at in codes.reset_index(drop=True).groupby(codes.array).indices.items():
        shapely.prepare(outlines[code])
        touching[at] = shapely.intersects_xy(outlines[code], east[at], north[at])
    return touching


def _write_points(latitude: pd.Series, longitude: pd.Series) -> list[str]:
    return [
        f"{abs(lat):g} {'S' if lat < 0 else 'N'} {abs(lon):g} {'W' if lon < 0 else 'E'}"
        for lat, lon in zip(latitude, longitude, strict=True)
    ]


def check_links(sources: pd.Series, column: str) -> list[Problem]:
    """Find sources that look like links but are none that a page may follow, that are several, or carry a secret.

    Parameters
    ----------
    sources
        ``|``-separated sources, indexed by row.
    column
        The column that they stand in.
    """
    problems = []
    sources = sources[~pc.match_substring_regex(pa.array(sources), _LINKS).to_numpy(zero_copy_only=False)]
    for row, cell in zip(sources.index, sources, strict=True):
        for source in cell.split("|"):
            bare = re.sub(r"[\s\0-\x1f]+", "", source)
            if _SCHEMES.match(bare) and not re.match("https?://", bare, re.IGNORECASE):
                wrong, todo = "is no web address", "nothing, it is shown as plain text"
                problems.append(Problem(int(row), column, source, wrong, todo, "source-no-link", "finding"))
            elif grave := [weight for found in _SECRETS.finditer(source) if (weight := _weigh_secret(found))]:
                severity: Severity = "error" if "error" in grave else "finding"
                shown, todo = _SECRETS.sub("…", source), "remove it, and make it invalid where it was in use"
                wrong = "carries a password or key (not shown)"
                problems.append(Problem(int(row), column, shown, wrong, todo, "source-secret", severity))
            elif _SEVERAL.search(source):
                wrong, todo = "holds several addresses", "separate them with |"
                problems.append(Problem(int(row), column, source, wrong, todo, "source-joined", "finding"))
    return problems


def _weigh_secret(found: re.Match[str]) -> Severity | None:
    """Return how grave a name or parameter in a link is: an error where it opens something for whoever reads it."""
    if user := found["user"]:
        return "error" if ":" in user else "finding"
    runs = [run for run in re.findall(r"[A-Za-z\d]+", found["value"]) if len(run) >= _OPAQUE_LENGTH]
    pieces = [len(re.findall(r"[a-z]+|[A-Z]+|\d+", run)) for run in runs]
    if max(pieces, default=0) >= _OPAQUE_PIECES or _UUID.search(found["value"]):
        return "error"
    return "finding" if _TELLING.search(found["name"]) else None


def _check_contacts(texts: pd.Series) -> list[Problem]:
    """Find e-mail addresses, telephone numbers and handles in descriptions: they lead to people at risk."""
    texts = texts[pc.match_substring_regex(pa.array(texts), _MAY_BE_CONTACTS).to_numpy(zero_copy_only=False)]
    wrong, todo = "holds what leads to a person (not shown whole)", "remove it, unless that person agrees"
    return [
        Problem(
            int(row),
            "description",
            f"{found[:_SHOWN_OF_CONTACT]}…{found[-_SHOWN_OF_CONTACT:]}",
            wrong,
            todo,
            "contact",
            "finding",
        )
        for row, text in zip(texts.index, texts, strict=True)
        for found in _CONTACTS.findall(text)
    ]


def _check_relations(incidents: pd.DataFrame) -> list[Problem]:
    """Find relations that are none, or to no record of the list, parts above their wholes, and circles of these."""
    if "related" not in incidents or not incidents["related"].notna().any():
        return []
    told = read_relations(incidents["related"])
    rows = incidents.index[told["at"]]
    todo = f"write RELATION:ID with one of {', '.join(RELATIONS)}, separated by |"
    unread = (told["relation"] == "").to_numpy()
    absent = ~unread & ~told["other"].isin(incidents["incident_id"]).to_numpy()
    own = incidents["incident_id"].to_numpy()[told["at"]]
    parts = told.assign(part=own, whole=told["other"])[told["relation"] == "part of"]
    circles = find_circles(incidents)
    return [
        *(
            Problem(int(incidents.index[at]), "related", f"{relation}:{other}", *CIRCLE, "related-circle")
            for at, relation, other in circles[["at", "relation", "other"]].itertuples(index=False)
        ),
        *(
            Problem(int(rows[k]), "related", f"part of:{told['other'][k]}", words, *LARGER_PART)
            for k, words in find_larger_parts(incidents, parts)
        ),
        *(
            Problem(int(row), "related", text, "is no relation to another record", todo, "related-unread", "finding")
            for row, text in zip(rows[unread], told["other"][unread], strict=True)
        ),
        *(
            Problem(
                int(row),
                "related",
                text,
                "is no record of this list",
                "nothing, or add it",
                "related-absent",
                "finding",
            )
            for row, text in zip(rows[absent], told["other"][absent], strict=True)
        ),
    ]
