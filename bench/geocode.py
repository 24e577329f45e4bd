"""Measure the geocoder: what a confidence threshold costs and saves, and how fast names are found beside two peers.

    python bench/geocode.py curve TRUTH.csv... [--gazetteer FILE]...
    python bench/geocode.py speed [--gazetteer FILE]... [--names 20000]

TRUTH has the columns place_text, place_text_ar, admin1, country, lat, lon, and precision where coarse rows are to be
left out. The curve prints, for each threshold, the share of all distinct places that are put within 5 km and more than
25 km off. The speed run asks for misspelt names of the gazetteer; its peers are ``rapidfuzz.process.extractOne`` over
all names (what tutorials do) and over the names of the country.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz, process

import geo.answers
from geo.gazetteer import read_gazetteer
from geo.geocode import geocode_incidents
from geo.pool import distance_km
from geo.regions import read_regions

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.gazetteer import Gazetteer

THRESHOLDS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.9, 0.95)
COARSE = r"none|province|district|subdistrict|[4-7]:|3:"
PEER_NAMES = 200
"""Names that the slow peers are asked for; their rate does not depend on it."""


def read_truth(path: Path) -> pd.DataFrame:
    """Return the distinct places of a truth file with the median of their coordinates."""
    rows = pd.read_csv(path, dtype={"lat": float, "lon": float}, keep_default_na=False)
    if "precision" in rows:
        rows = rows[~rows["precision"].str.match(COARSE)]
    rows = rows[rows["place_text"].str.strip() != ""]
    keys = ["place_text", "place_text_ar", "admin1", "country"]
    return rows.groupby(keys)[["lat", "lon"]].median().reset_index()


def ask(told: pd.DataFrame, gazetteers: list[Gazetteer]) -> pd.DataFrame:
    """Return the answers to ``place place_local admin1 country``."""
    asked = told.replace("", None).assign(admin2=None).astype("str")
    return geocode_incidents(asked, gazetteers, regions=gazetteers[0].regions)


def print_curve(paths: list[Path], gazetteers: list[Gazetteer]) -> None:
    """Print the share placed against the share wrong for each threshold."""
    chosen = geo.answers.CONFIDENT
    for path in paths:
        truth = read_truth(path)
        told = truth.rename(columns={"place_text": "place", "place_text_ar": "place_local"})
        print(f"{path.stem}: {len(truth):,} distinct places\nthreshold  <=5 km  >25 km")
        for threshold in THRESHOLDS:
            geo.answers.CONFIDENT = threshold
            points = ask(told, gazetteers).geometry.array
            spots = np.where(shapely.get_dimensions(points) == 0, points, None)
            km = distance_km(shapely.get_y(spots), shapely.get_x(spots), truth["lat"].array, truth["lon"].array)
            mark = "  <- in force" if threshold == chosen else ""
            print(f"{threshold:9.2f}  {100 * np.mean(km <= 5):6.1f}  {100 * np.mean(km > 25):6.1f}{mark}")  # noqa: PLR2004
    geo.answers.CONFIDENT = chosen


def misspell(names: list[str], count: int) -> list[str]:
    """Return distinct names with a letter more, a letter less or a type word."""
    draw = random.Random(2017)  # noqa: S311 - the same names each run
    found: dict[str, None] = {}
    while len(found) < count:
        name = draw.choice(names)
        at = draw.randrange(len(name) + 1)
        kinds = (name, f"{name[:at]}{draw.choice('aehilst')}{name[at:]}", name[:at] + name[at + 1 :], f"{name} village")
        found[draw.choice(kinds)] = None
    return list(found)


def print_speed(gazetteers: list[Gazetteer], count: int) -> None:
    """Print names found a second by the product and by its peers, and the ratios."""
    places = pd.concat([g.listing.places for g in gazetteers])
    names = misspell([name for name in places["name"] if name], count)
    told = pd.DataFrame({"place": names, "place_local": "", "admin1": "", "country": "Syria"})
    ask(told.head(10), gazetteers)  # the index is made once
    rates = {"incidentmap": count / clock(lambda: ask(told, gazetteers))}
    syrian = places.loc[places["country"] == "SY", "name"].tolist()
    for peer, choices, scorer in (
        ("within the country", syrian, fuzz.ratio),
        ("all names, WRatio", list(places["name"]), fuzz.WRatio),
    ):
        few = names[:PEER_NAMES]
        rates[f"extractOne, {peer}"] = len(few) / clock(
            lambda few=few, choices=choices, scorer=scorer: [process.extractOne(n, choices, scorer=scorer) for n in few]
        )
    print(f"{len(places):,} places, {count:,} distinct misspelt names")
    for name, rate in rates.items():
        print(f"{name:34} {rate:10,.0f} names/s   ours is {rates['incidentmap'] / rate:6.1f} times as fast")


def clock(run: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    """Run the benchmark named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["curve", "speed"])
    parser.add_argument("truth", nargs="*", type=Path)
    parser.add_argument("--gazetteer", action="append", default=[], type=Path)
    parser.add_argument("--names", type=int, default=20_000)
    options = parser.parse_args()
    regions = read_regions()
    gazetteers = [read_gazetteer(path, regions=regions) for path in (*options.gazetteer, None)]
    if options.what == "curve":
        print_curve(options.truth, gazetteers)
    else:
        print_speed(gazetteers, options.names)


if __name__ == "__main__":
    main()
