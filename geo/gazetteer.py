"""Gazetteers: looking a place up by name, for people, for geopy and for geopandas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from geo.errors import UsageError
from geo.regions import read_regions
from geo.toponyms.answers import answer_questions
from geo.toponyms.gazetteer_files import read_embedded, read_places, read_world
from geo.toponyms.listing import Listing, join_listings
from geo.toponyms.pool import distance_km
from geo.toponyms.questions import TEXT_COLUMNS
from geo.toponyms.resolve import NOWHERE, ask_places, told_countries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from geo.errors import Problem
    from geo.toponyms.pool import Ints, Pool

LOOKED_AT = 200
"""Candidates among which those to be listed are sought."""
APART_KM = 8.0
"""Places nearer than this to a better one are not listed beside it."""


@dataclass(frozen=True)
class Match:
    """One place that a text may mean.

    Parameters
    ----------
    name, local
        As the gazetteer spells it, and in the local script where it says so.
    lat, lon
        Degrees, WGS 84; a point inside the area where ``precision`` is one.
    admin1, admin1_name, country
        Code and name of the governorate, and ISO 3166-1 code of the country.
    feature
        GeoNames feature code (``ADM0`` to ``ADM3`` for an administrative unit), empty when unknown.
    precision, precision_km
        What the place allows to say (see `geo.schema.PRECISIONS`), and its radius.
    confidence
        Share of this place among all that may be meant, places in no gazetteer included.
    source
        ``gazetteer:NAME:ID`` or ``regions:CODE``, as ``located_by`` says it.
    reason
        What speaks for it, in words.
    """

    name: str
    local: str
    lat: float
    lon: float
    admin1: str
    admin1_name: str
    country: str
    feature: str
    precision: str
    precision_km: float | None
    confidence: float
    source: str
    reason: str


class Gazetteer(Geocoder):  # type: ignore[misc] # geopy ships no types
    """Names and where they are; a geopy geocoder that works offline.

    ``Gazetteer().geocode("Raqqa, Syria")`` returns a `geopy.Location`, and `geopandas.tools.geocode` takes the class,
    or an instance, as its provider.

    Parameters
    ----------
    listing
        The places; the built-in ones when None.
    regions
        A regions frame; the built-in one when None.
    findings
        What is doubtful in the file that the places were read from, and which of its rows are not used.
    timeout, user_agent
        Accepted as every geopy geocoder does; nothing here waits, and nothing is sent.
    """

    def __init__(
        self,
        listing: Listing | None = None,
        *,
        regions: gpd.GeoDataFrame | None = None,
        findings: Sequence[Problem] = (),
        timeout: object = DEFAULT_SENTINEL,
        user_agent: str | None = None,
    ) -> None:
        super().__init__(timeout=timeout, user_agent=user_agent)
        self.regions = read_regions() if regions is None else regions
        self.findings = list(findings)
        self.listing = Listing(read_embedded(self.regions), builtin=True) if listing is None else listing

    def __call__(self, **_: object) -> Gazetteer:
        """Return itself: geopandas calls its provider to make a geocoder."""
        return self

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: object = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """Return where ``query`` is, None when that is unknown or unclear.

        Parameters
        ----------
        query
            A place as people write it, such as "Raqqa, Syria" or "5 km north of Mosul".
        exactly_one
            Whether one location is wanted; else a list of all candidates, the likeliest first.
        timeout
            Accepted and not needed.
        """
        del timeout
        if not exactly_one:
            return [_as_location(match) for match in self.search(query, limit=10)] or None
        answer = answer_questions(_ask(query), [self.listing], self.regions).iloc[0]
        if not pd.isna(answer["lat"]):
            return Location(query, (answer["lat"], answer["lon"]), answer.to_dict())
        if answer["unit"]:
            point = self._units.loc[answer["unit"]].representative_point()
            return Location(query, (point.y, point.x), answer.to_dict())
        return None

    @cached_property
    def _units(self) -> gpd.GeoSeries:
        return self.regions.drop_duplicates("pcode").set_index("pcode").geometry

    def search(
        self, text: str, *, country: str | None = None, admin1: str | None = None, limit: int = 5
    ) -> list[Match]:
        """Return the places that ``text`` may mean, the likeliest first, each at least some km from the others.

        Parameters
        ----------
        text
            A place as people write it, in any script; what is said of it besides its name counts as evidence.
        country, admin1
            Country and governorate stated beside it, by name or code.
        limit
            Most places returned.

        Raises
        ------
        UsageError
            When the country or governorate is not known, or no place at all is wanted.
        """
        return search_gazetteers([self], text, country=country, admin1=admin1, limit=limit)

    def write(self, path: Path | str) -> None:
        """Write places and index to a parquet file that `read_gazetteer` opens at once."""
        self.listing.write(Path(path))

    def find_conflicts(self) -> pd.DataFrame:
        """Return located incidents that contradict others of their place name (see `Listing.find_conflicts`)."""
        return self.listing.find_conflicts()


def read_gazetteer(
    path: Path | str | None = None,
    *,
    regions: gpd.GeoDataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str = "utf-8-sig",
) -> Gazetteer:
    """Read a gazetteer file of any kind; the built-in gazetteer when ``path`` is None.

    Parameters
    ----------
    path
        A CSV file with at least a name, a latitude and a longitude (OCHA settlements, located incidents); a GeoNames
        country dump (``XX.txt``, ``XX.zip``); or a parquet file that `Gazetteer.write` made.
    regions
        A regions frame, which tells the governorate of each place; the built-in one when None.
    columns
        Headers of a CSV file by column (the keys of `geo.toponyms.places.COLUMN_NAMES`) where they are not recognised.
    encoding
        Encoding of a CSV file.

    Raises
    ------
    geo.errors.InputError
        When the file has no name, latitude or longitude column, or no usable place.
    geo.errors.FileError
        When the file cannot be read.
    """
    regions = read_regions() if regions is None else regions
    if path is None:
        return Gazetteer(regions=regions)
    path = Path(path)
    if path.suffix == ".parquet":
        return Gazetteer(Listing.read(path), regions=regions)
    places, findings = read_places(path, regions, columns=columns, encoding=encoding)
    return Gazetteer(Listing(places), regions=regions, findings=findings)


def search_gazetteers(
    gazetteers: Sequence[Gazetteer],
    text: str,
    *,
    country: str | None = None,
    admin1: str | None = None,
    limit: int = 5,
) -> list[Match]:
    """Return the places that ``text`` may mean in any of the gazetteers, as `Gazetteer.search` does in one.

    Where none is called like the place itself ("Aleppo farm"), what may be meant by the whole that it names.
    """
    if limit < 1:
        message = f"limit {limit}: no place would be listed — ask for at least 1"
        raise UsageError(message)
    regions, question = gazetteers[0].regions, _ask(text, country or "", admin1 or "")
    listings = cover_countries([gazetteer.listing for gazetteer in gazetteers], question, regions)
    asked = ask_places(question, listings, regions)
    if asked.country[0] == NOWHERE:
        message = f"country {country!r}: no country that is known here — give its usual name or its ISO code"
        raise UsageError(message)
    if admin1 and not len(asked.stated.key):
        message = f"admin1 {admin1!r}: not one governorate that is known here — check its name, or name its country too"
        raise UsageError(message)
    found = asked.resolve()
    spot, pool = next((choice for choice in found.choices if len(choice.heard.key)), None), found.pool
    if spot is None:
        return []
    ranked = spot.candidates.take(_distinct_spots(spot.candidates.place, pool)[:limit])
    return [
        Match(
            name=row["name"],
            local=row["local"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            admin1=pool.frame["id"].iloc[unit] if unit >= 0 else "",
            admin1_name=pool.frame["name"].iloc[unit] if unit >= 0 else "",
            country=row["country"],
            feature=row["feature"],
            precision=row["precision"],
            precision_km=None if np.isnan(row["precision_km"]) else float(row["precision_km"]),
            confidence=round(float(np.exp(score) / spot.total[0]), 3),
            source=source,
            reason=pool.reason(place, exact=exact, score=score),
        )
        for place, source, score, exact, unit, row in zip(
            ranked.place,
            pool.provenance(ranked.place),
            ranked.score,
            ranked.exact,
            pool.unit1[ranked.place],
            pool.frame.iloc[ranked.place].to_dict("records"),
            strict=True,
        )
    ]


def join_gazetteers(gazetteers: Sequence[Gazetteer]) -> Gazetteer:
    """Return one gazetteer of all places, those of the first first."""
    return Gazetteer(join_listings(g.listing for g in gazetteers), regions=gazetteers[0].regions)


def cover_countries(listings: list[Listing], questions: pd.DataFrame, regions: gpd.GeoDataFrame) -> list[Listing]:
    """Return the listings, the built-in one extended to the countries that ``questions`` tell and none covers."""
    missing = told_countries(questions, regions).difference(*(listing.countries for listing in listings))
    if not missing or not any(listing.builtin for listing in listings):
        return listings
    world = read_world(frozenset(missing), regions)
    return listings if world is None else [*listings, Listing(world)]


def _distinct_spots(places: Ints, pool: Pool) -> Ints:
    """Return the positions of places that are apart from every better one."""
    kept: list[int] = []
    for at, place in enumerate(places[:LOOKED_AT]):
        others = places[kept]
        km = distance_km(pool.lat[place], pool.lon[place], pool.lat[others], pool.lon[others])
        if not (km < APART_KM).any():
            kept.append(at)
    return np.array(kept, dtype=int)


def _ask(text: str, country: str = "", admin1: str = "") -> pd.DataFrame:
    return pd.DataFrame([[text, "", admin1, "", country]], columns=list(TEXT_COLUMNS), dtype="str")


def _as_location(match: Match) -> Location:
    label = ", ".join(part for part in (match.name, match.admin1_name, match.country) if part)
    return Location(label, (match.lat, match.lon), vars(match))
