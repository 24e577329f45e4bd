"""Places of several gazetteers and the administrative units as one pool of candidates, in columns.

A place is a position in the pool. The gazetteers come first, in order of precedence, then the units of the countries in
question: a governorate's name is found the same way as a village's.
"""

from __future__ import annotations

from functools import cached_property, wraps
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.locate import index_units, locate_points
from geo.names import fold_names, skeletons
from geo.schema import AREA_LEVEL, BY_GAZETTEER, BY_REGION, CRS
from geo.toponyms.name_index import NameIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from geo.toponyms.listing import Listing

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Texts = NDArray[np.object_]

Known = TypeVar("Known")

EARTH_KM = 6371.0088
KM_PER_DEGREE = 111.2
POPULATION_WEIGHT = 0.25
"""Log-odds that a place is meant, for each factor of e in its population above `POPULATION_LEAST`."""
POPULATION_LEAST = 500
SEAT_WEIGHT = 0.7
"""The same for the seat of a unit whose population is not known."""
SEATS = ("PPLA", "PPLC")
"""GeoNames features of the seats of governorates; those of smaller units begin so too."""
NAMESAKE_WEIGHT = 1.6
"""The least of the seat of a governorate that is called as that is."""
LARGE = 100_000
"""People from which a place is a city that a text hardly takes for one elsewhere."""
NOT_SETTLEMENT = -1.0
"""Log-odds of a place that is no settlement (a hill, an airport), beside a settlement of that name."""

HELD = 0.8
"""Share of the circle a place may be in from which a unit stands for it."""

_AREA = {level: precision for precision, level in AREA_LEVEL.items()}
_SETTLEMENTS = ("P", "STLMT", "ADM")


def distance_km(lat: Floats, lon: Floats, lat2: Floats, lon2: Floats) -> Floats:
    """Return great-circle distances in km, on the mean sphere: good to 0.5 %."""
    p, q = np.radians(lat), np.radians(lat2)
    h = np.sin((q - p) / 2) ** 2 + np.cos(p) * np.cos(q) * np.sin(np.radians(lon2 - lon) / 2) ** 2
    distance: Floats = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(h, 0, 1)))
    return distance


def country_bits(countries: Ints) -> NDArray[np.uint64]:
    """Return one of 64 bits for the number of each country: those of several countries together are a sum of bits."""
    return np.uint64(1) << (countries % 64).astype(np.uint64)


def unit_places(regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return a places frame of administrative units, each at a point inside it."""
    points = regions.geometry.representative_point()
    level = regions["level"].to_numpy()
    return pd.DataFrame(
        {
            "id": regions["pcode"].array,
            "name": regions["name"].fillna("").array,
            "local": regions["name_local"].fillna("").array,
            "names": _other_names(regions).str.cat(regions["pcode"], sep="|").array,
            "lat": points.y.array,
            "lon": points.x.array,
            "country": regions["country"].array,
            "admin1": "",
            "feature": [f"ADM{n}" for n in level],
            "population": 0,
            "precision": [_AREA[n] for n in level],
            "precision_km": np.nan,
            "source": "regions",
            "located": False,
        }
    )


def _other_names(regions: gpd.GeoDataFrame) -> pd.Series:
    """Return the aliases of each unit; not those of a country that a unit bears: there the unit is meant ("Gaza")."""
    aliases = regions["aliases"].fillna("").str.split("|")
    country = regions["level"] == 0
    borne = {name.casefold() for name in chain(regions["name"][~country].dropna(), *aliases[~country])}
    own = [[name for name in names if name.casefold() not in borne] for names in aliases[country]]
    aliases.loc[country] = pd.Series(own, index=aliases.index[country], dtype=object)
    joined: pd.Series = aliases.str.join("|")
    return joined


class Pool:
    """Everything that may be meant, and what is known of it.

    Parameters
    ----------
    listings
        In order of precedence.
    regions
        A regions frame.
    countries
        ISO 3166-1 codes of the countries whose units take part.
    """

    def __init__(self, listings: Sequence[Listing], regions: gpd.GeoDataFrame, countries: Iterable[str]) -> None:
        self.regions = regions[regions["country"].isin(set(countries))].drop_duplicates("pcode", ignore_index=True)
        units = unit_places(self.regions)
        frames = [*(listing.places for listing in listings), units]
        self.frame = pd.concat(frames, ignore_index=True)
        self.indexes = [*(listing.index for listing in listings), NameIndex.of_places(units)]
        self.offsets = np.cumsum([0, *map(len, frames)])
        self.units_from = int(self.offsets[-2])
        self.rank = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames])
        self.lat, self.lon = (self.frame[c].to_numpy(dtype=float) for c in ("lat", "lon"))
        self.country, self.countries = pd.factorize(pd.Index(self.frame["country"].fillna("")))
        self.level = np.full(len(self.frame), -1)
        self.level[self.units_from :] = self.regions["level"]
        self.is_unit = self.level >= 0
        self.radius_km = self.frame["precision_km"].to_numpy(dtype=float)
        self.is_city = (self.level == 1) & self.frame["name"].str.endswith(" City").to_numpy(dtype=bool)
        self.is_village = (self.frame["precision"] == "village").to_numpy()
        self.is_part = self.frame["precision"].isin(["neighbourhood", "street", "exact"]).to_numpy()
        feature = self.frame["feature"].fillna("")
        self.is_site = ((feature != "") & ~feature.str.startswith(_SETTLEMENTS)).to_numpy()
        self.is_large = (self.frame["population"] >= LARGE).to_numpy(dtype=bool)
        self.prior = self._priors()

    def _priors(self) -> Floats:
        people = np.maximum(self.frame["population"].to_numpy(dtype=float), POPULATION_LEAST) / POPULATION_LEAST
        seat = SEAT_WEIGHT * self.frame["feature"].fillna("").str.startswith(SEATS).to_numpy()
        priors: Floats = np.maximum(POPULATION_WEIGHT * np.log(people), seat) + NOT_SETTLEMENT * self.is_site
        capital = np.flatnonzero(self.frame["feature"].isin(SEATS).to_numpy() & (self.unit1 >= 0))
        names = (skeletons(self.texts("name", at).tolist()) for at in (capital, self.unit1[capital]))
        capital = capital[np.array([own == its for own, its in zip(*names, strict=True)], dtype=bool)]
        priors[capital] = np.maximum(priors[capital], NAMESAKE_WEIGHT)
        return priors

    @cached_property
    def governorate_folds(self) -> frozenset[str]:
        """Folded names of the governorates."""
        units = self.frame[self.level == 1]
        names = (units["name"] + "|" + units["local"] + "|" + units["names"]).str.split("|").explode()
        return frozenset(fold_names(names)) - {""}

    @cached_property
    def _axes(self) -> Floats:
        """Coordinates of each place on the unit sphere, a row for each axis."""
        lat, lon = np.radians(self.lat), np.radians(self.lon)
        return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])

    @cached_property
    def from_south(self) -> Ints:
        """Number of each place from south to north, and from west to east where several are as far south."""
        number = np.empty(len(self.frame), dtype=np.int64)
        number[np.lexsort((self.lon, self.lat))] = np.arange(len(self.frame))
        return number

    @cached_property
    def _shapes(self) -> NDArray[Any]:
        return np.asarray(shapely.simplify(self.regions.geometry.array, 0.005))

    @cached_property
    def _bounds(self) -> Floats:
        bounds: Floats = shapely.bounds(self._shapes)
        return bounds

    @cached_property
    def unit1(self) -> Ints:
        """Position of the governorate of each place, -1 when unknown."""
        known = index_units(self.regions)
        codes = pd.Index(self.frame["admin1"].fillna(""))
        unit = known.codes.get_indexer(codes)
        unit[self.units_from :] = known.lineage[:, 1]
        lost = np.flatnonzero((unit < 0) & ~self.is_unit & self.frame["country"].isin(self.regions["country"]))
        if len(lost):
            points = gpd.GeoSeries(gpd.points_from_xy(self.lon[lost], self.lat[lost]), crs=CRS)
            base = known.codes.get_indexer(pd.Index(locate_points(points, self.regions)["pcode"]))
            unit[lost] = np.where(base < 0, -1, known.lineage[base, 1])
        return np.where(unit < 0, -1, unit + self.units_from)

    def are_in(self, place: Ints, unit: Ints) -> Flags:
        """Return which places lie in a unit: where `unit_km` is 0."""
        inside: Flags = self.unit1[place] == unit
        west, south, east, north = self._bounds[unit - self.units_from].T
        lat, lon = self.lat[place], self.lon[place]
        at = np.flatnonzero(~inside & (west <= lon) & (lon <= east) & (south <= lat) & (lat <= north))
        inside[at] = shapely.intersects_xy(self._shapes[unit[at] - self.units_from], lon[at], lat[at])
        return inside

    def unit_km(self, place: Ints, unit: Ints) -> Floats:
        """Return about how many km each place lies outside a unit; 0 inside."""
        km = np.zeros(len(place))
        out = np.flatnonzero(self.unit1[place] != unit)
        both, inverse = np.unique(place[out] * len(self.frame) + unit[out], return_inverse=True)
        place, unit = both // len(self.frame), both % len(self.frame)
        degrees = shapely.distance(
            shapely.points(self.lon[place], self.lat[place]), self._shapes[unit - self.units_from]
        )
        km[out] = (degrees * KM_PER_DEGREE)[inverse]
        return km

    def are_within(self, place: Ints, other: Ints, km: float) -> Flags:
        """Return which pairs of places are at most so many km apart, by the straight line through the sphere."""
        chord = 2 * np.sin(km / EARTH_KM / 2)
        near: Flags = sum((axis[place] - axis[other]) ** 2 for axis in self._axes) <= chord**2
        return near

    def provenance(self, places: Ints) -> list[str]:
        """Return where each place is from, as ``located_by`` says it."""
        told = zip(self.texts("source", places), self.texts("id", places), self.is_unit[places].tolist(), strict=True)
        return [f"{BY_REGION}{code}" if unit else f"{BY_GAZETTEER}{source}:{code}" for source, code, unit in told]

    def texts(self, column: str, places: Ints) -> Texts:
        """Return what a column of text tells of some places; Python texts of all would take much memory."""
        texts: Texts = self.frame[column].array.take(places).fillna("").to_numpy(dtype=object)
        return texts

    def reason(self, place: int, *, exact: bool, score: float) -> str:
        """Return in words what speaks for a candidate, and its score."""
        kind = f"administrative unit of level {self.level[place]}" if self.is_unit[place] else "place"
        people = int(self.frame["population"].iloc[place])
        size = f" of {people:,} people" if people else ""
        return f"{kind}{size}, {'same' if exact else 'similar'} name, score {score:.2f}"

    def point_km(self, lon: float, lat: float, unit: int) -> float:
        """Return about how many km a point lies outside a unit; 0 inside."""
        return float(shapely.distance(shapely.Point(lon, lat), self._shapes[unit - self.units_from])) * KM_PER_DEGREE

    def unit_around(self, lon: float, lat: float, radius_km: float) -> int:
        """Return the smallest unit that holds nearly all of a circle; -1 when none does."""
        around = np.flatnonzero(shapely.intersects_xy(self._shapes, lon, lat))
        around = around[np.argsort(shapely.area(self._shapes[around]))]
        turns = np.linspace(0, 2 * np.pi, 33)
        wide = radius_km / KM_PER_DEGREE
        circle = shapely.Polygon(
            np.column_stack([lon + wide / np.cos(np.radians(lat)) * np.cos(turns), lat + wide * np.sin(turns)])
        )
        held = shapely.area(shapely.intersection(self._shapes[around], circle)) / circle.area
        holding = around[held >= HELD]
        return int(holding[0]) + self.units_from if len(holding) else -1

    @cached_property
    def homes(self) -> list[NDArray[np.uint64]]:
        """For each gazetteer, the `country_bits` of the places that have each spelling."""
        bits, homes = country_bits(self.country), []
        for index, offset in zip(self.indexes, self.offsets, strict=False):
            starts, own = index.owners.starts[:-1], bits[index.owners.positions + offset]
            homes.append(np.bitwise_or.reduceat(own, starts) if len(starts) else own)
        return homes


def remember(make: Callable[[Pool], Known]) -> Callable[[Pool], Known]:
    """Return ``make`` so that it is called once for each pool that lives; what it tells may not refer to the pool."""
    told: WeakKeyDictionary[Pool, Known] = WeakKeyDictionary()

    @wraps(make)
    def tell(pool: Pool) -> Known:
        if pool not in told:
            told[pool] = make(pool)
        return told[pool]

    return tell
