"""Compile the gazetteer of the countries at war and around them: places in ``gazetteer.parquet``, and airfields.

Places are GeoNames' of 500 people and more.

Columns ``geonameid name alternates country admin1 feature latitude longitude population``; ``alternates`` are
``|``-separated other spellings, ``admin1`` is the code of the province in ``regions.parquet`` that the point is in; at
the border of two, of the one that GeoNames counts it to.
"""

from __future__ import annotations

import io
import re
import unicodedata

import geopandas as gpd
import pandas as pd
from sources import AIRFIELDS, CONFLICT_COUNTRIES, DATA, read_geonames, read_member

from geo.locate import locate_points
from geo.names import fold_names, skeletons
from geo.toponyms.places import heed_geonames
from geo.toponyms.pool import distance_km

SCRIPTS = {"IL": "LATIN ARABIC HEBREW", "PS": "LATIN ARABIC HEBREW", "UA": "LATIN ARABIC CYRILLIC"}
"""Scripts of the spellings that are kept; elsewhere Latin and Arabic."""
MILITARY = r"^(.{4,}?) (?:Air Base|Air Force Base|Army Air Field)\b"
"""A military base, by its bare name."""
NEW = r" New(?= International Airport$)"
"""What the airport of a town that has another airfield is called besides."""
TOWN_KM = 30.0
"""Distance within which an airfield is that of a town."""
ARTICLE = r"(?:[ae][dlnrstz]|[ae]sh|ul)[- ]"
NO_NAME = re.compile(rf"https?:|/|\d|^[A-Z]{{3,4}}$|^(?!{ARTICLE})[a-z]")
"""Links, codes of airports, and the lower-case transliterations that GeoNames makes of names in other scripts."""
OF_REGION = re.compile(r"^(?:Donbas\b.*|Jaz[iī]ra)$")
"""By-names of Donetsk and Suwaira that are the name of a region around."""

DIRECTION_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e"))


def compile_gazetteer() -> None:
    """Write ``data/gazetteer.parquet``; ``regions.parquet`` has to be there."""
    places = read_geonames()
    places = places[places.country.isin(CONFLICT_COUNTRIES)].reset_index(drop=True)
    places = places.assign(
        admin1=find_provinces(places),
        alternates=[
            "|".join(select_spellings(name, others, SCRIPTS.get(country, "LATIN ARABIC").split())) or None
            for name, others, country in zip(places.name, places.alternatenames, places.country, strict=True)
        ],
        population=places.population.astype("Int32").replace(0, pd.NA),
        feature=places.feature.replace("", None),
    )
    places = places.round({"latitude": 5, "longitude": 5}).astype({"geonameid": "int32"})
    columns = ["geonameid", "name", "alternates", "country", "admin1", "feature", "latitude", "longitude", "population"]
    places = places.sort_values(["country", "admin1", "name", "geonameid"], ignore_index=True)[columns]
    places.to_parquet(DATA / "gazetteer.parquet", compression="zstd", compression_level=19, index=False)
    print(f"gazetteer.parquet: {len(places)} rows")


def compile_airfields() -> None:
    """Write ``data/airfields.parquet``: the airfields of the same countries, which reports take for landmarks.

    Columns ``id name aliases country lat lon feature``; the id is the ICAO code or a stand-in for it. A military base
    is also called by its bare name ("Al Asad"), a new airport also without that word, and the airport of a town that
    bears another name by that of the town ("Karachi Airport").
    """
    table = io.BytesIO(read_member(AIRFIELDS, "airportsdata/airports.csv"))
    found = pd.read_csv(table, dtype="str", keep_default_na=False)
    found = found[found.country.isin(CONFLICT_COUNTRIES)].assign(id="icao-" + found.icao, feature="AIRP")
    bare = found.name.str.extract(MILITARY, expand=False).fillna("")
    found = found.astype({"lat": "float64", "lon": "float64"})
    spellings = [bare.mask(found.name.str.contains(NEW), found.name), call_by_town(found)]
    found = found.assign(aliases=["|".join(filter(None, own)) for own in zip(*spellings, strict=True)])
    found = found.assign(name=found.name.str.replace(NEW, "", regex=True))
    columns = ["id", "name", "aliases", "country", "lat", "lon", "feature"]
    found = found.sort_values(["country", "id"], ignore_index=True)[columns]
    found.to_parquet(DATA / "airfields.parquet", compression="zstd", compression_level=19, index=False)
    print(f"airfields.parquet: {len(found)} rows")


def call_by_town(airfields: pd.DataFrame) -> pd.Series:
    """Return the names that each airfield has from its town ("Karachi Airport", "مطار حلب"), empty for most.

    It is the town's only airfield, or its only international one, or the only one of these that is called by the town;
    a place of that name lies within `TOWN_KM`. What is called by the town as it is needs no such name in Latin letters.
    """
    town = pd.Series(fold_names(airfields.city), airfields.index)
    words = zip(skeletons(airfields.city), skeletons(airfields.name), strict=True)
    called = pd.Series([bool(its) and its in own for its, own in words], airfields.index)
    international = airfields.name.str.contains("International")
    of_town = [airfields.country, town]
    any_called = called.groupby(of_town).transform("any")
    rivals = called | ~any_called  # of several, those called by the town are meant
    alone = rivals & (rivals.groupby(of_town).transform("sum") == 1)
    alone |= rivals & international & ((rivals & international).groupby(of_town).transform("sum") == 1)
    alone &= town != ""
    places = pd.read_parquet(DATA / "gazetteer.parquet")
    spelt = [f"{own}|{others or ''}".split("|") for own, others in zip(places.name, places.alternates, strict=True)]
    arabic = [["مطار " + name for name in names if _script(name) == "ARABIC"] for names in spelt]
    towns = places.assign(town=spelt, arabic=["|".join(names) for names in arabic]).explode("town")
    towns["town"] = fold_names(towns["town"])
    own = airfields.assign(town=town)[alone].reset_index().merge(towns, on=["country", "town"], suffixes=("", "_"))
    own = own[distance_km(*(own[column].to_numpy() for column in ("lat", "lon", "latitude", "longitude"))) <= TOWN_KM]
    arabic = own.drop_duplicates("index").set_index("index")["arabic"].reindex(airfields.index).fillna("")
    latin = (airfields.city + " Airport").where(airfields.index.isin(own["index"]) & ~any_called, "")
    return latin.str.cat(arabic, sep="|").str.strip("|")


def find_provinces(places: pd.DataFrame) -> pd.Series:
    """Return the province of each place: that of its own country that it is in or near, else the one it is in."""
    regions = gpd.read_parquet(DATA / "regions.parquet")
    provinces = regions[regions.level <= 1]
    points = gpd.GeoSeries.from_xy(places.longitude, places.latitude, crs=regions.crs)
    own = [
        locate_points(points[places.country == country], provinces[provinces.country == country]).pcode
        for country in CONFLICT_COUNTRIES
    ]
    inside = pd.concat(own).reindex(places.index).fillna(locate_points(points, provinces).pcode)
    return heed_geonames(inside, places.country, places.admin1code, points, provinces)


def select_spellings(name: str, others: list[str], scripts: list[str]) -> list[str]:
    """Return the spellings in the given scripts, one of those that differ by marks and capitals alone."""
    spellings = {_fold(name): name}
    for other in (text.translate(DIRECTION_MARKS).strip() for text in others):
        if not NO_NAME.search(other) and not OF_REGION.search(other) and _script(other) in scripts:
            spellings.setdefault(_fold(other), other)
    return list(spellings.values())[1:]


def _script(name: str) -> str:
    """Return the script of all letters of a name, empty when they are of several."""
    scripts = {unicodedata.name(letter, "").split()[0] for letter in name if letter.isalpha()}
    return scripts.pop() if len(scripts) == 1 else ""


def _fold(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in decomposed if c.isalnum())
