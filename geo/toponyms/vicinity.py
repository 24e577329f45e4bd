"""How many places of a list lie around a place: evidence for those of the list whose words fit several.

A list is of somewhere, and of two namesakes the one among the list's other places is the likelier. What is counted are
the list's places around a small cell, but not in it: none speaks for itself. Beside them stand all the places that are
known there, as a dense country has many of both.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.locate import locate_points
from geo.schema import CRS
from geo.toponyms.pool import KM_PER_DEGREE, distance_km, remember
from geo.toponyms.postings import expand

if TYPE_CHECKING:
    from geo.toponyms.pool import Floats, Ints, Pool, Texts

AROUND_KM = 40.0
"""How far the places of a list are counted around a place; like the next two chosen with ``bench/geocode.py``."""
CELL_KM = 5.0
"""Side of a cell."""
EXPECTED = 50.0
"""Places, spread as all that are known, which are counted with those of the list: short lists say little."""
LEAST, LEAST_NEAR = 10, 3
"""Places of a list from which they are evidence, and of them around a place from which they speak for it."""
UNLISTED = 0.75
"""Log-odds of a place in no gazetteer: it lies among the list's places as well."""
FLOOR = -1.0
"""Least log-odds of a place: however long the list, some of its places are far from all others."""
SPOT_DEGREES = 0.05
"""Places of a list that round to the same are one: two spellings of a place are no two places."""
SELF_KM = 1.0
"""A spot nearer to a place than this is taken for the place itself."""
AROUND_DEGREES = 1.01 * AROUND_KM / KM_PER_DEGREE
"""Difference of latitude beyond which nothing is around a place."""
_ROW_KM = 1e5
"""More than there is from west to east: parts one row of cells from the next in a key."""


BY_LIST = " of the list's "
"""Words of the note of an answer that is owed to the list's other places: it is no evidence for them in turn."""


@dataclass(frozen=True)
class Favour:
    """What a list says of each place of a pool: log-odds among all places, and among those of its country."""

    anywhere: Floats
    at_home: Floats


@dataclass(frozen=True, eq=False)
class Vicinity:
    """Distinct spots of a list, in degrees, by latitude, and the ISO code of the country each lies in ('' for none)."""

    lat: Floats
    lon: Floats
    country: pd.Index
    _favours: WeakKeyDictionary[Pool, Favour] = field(default_factory=WeakKeyDictionary, repr=False)

    @classmethod
    def of_points(cls, points: Texts, regions: gpd.GeoDataFrame) -> Vicinity | None:
        """Return the vicinity of a list; None of too few points to say anything.

        Parameters
        ----------
        points
            Geometries of its places in EPSG:4326, None for none; other kinds than points say nothing.
        regions
            A regions frame.
        """
        lon, lat = shapely.get_x(points), shapely.get_y(points)  # NaN of all but points
        spots = np.unique(np.column_stack([lon, lat])[~np.isnan(lon)], axis=0)
        _, first = np.unique(np.round(spots / SPOT_DEGREES), axis=0, return_index=True)
        spots = spots[np.sort(first)]
        spots = spots[np.argsort(spots[:, 1])]
        if len(spots) < LEAST:
            return None
        units = locate_points(gpd.GeoSeries(shapely.points(spots), crs=CRS), regions)["pcode"]
        countries = regions.drop_duplicates("pcode").set_index("pcode")["country"]
        return cls(spots[:, 1], spots[:, 0], pd.Index(countries.reindex(units).fillna("")))

    def count_near(self, lat: Floats, lon: Floats) -> tuple[Ints, Ints]:
        """Return how many spots lie within `AROUND_KM` of each point and how many there are, without those at it."""
        first, end = (np.searchsorted(self.lat, lat + beyond) for beyond in (-AROUND_DEGREES, AROUND_DEGREES))
        point, spot = expand(first, end - first)
        km = distance_km(lat[point], lon[point], self.lat[spot], self.lon[spot])
        around, at = (np.bincount(point[km <= most], minlength=len(lat)) for most in (AROUND_KM, SELF_KM))
        return around - at, len(self.lat) - at

    def favour(self, pool: Pool) -> Favour:
        """Return what the list says of each place of a pool.

        Of units it says nothing, as their size differs, nor of places in countries where it has none.
        """
        if pool not in self._favours:
            self._favours[pool] = self._find_favour(pool)
        return self._favours[pool]

    def _find_favour(self, pool: Pool) -> Favour:
        cell, lat, lon, known_around = _count_known(pool)
        ours, all_ = _count_around(lat, lon, self.lat, self.lon)[cell], known_around[cell]
        home = pool.countries.get_indexer(self.country)
        count = np.bincount(home[home >= 0], minlength=len(pool.countries))[pool.country]
        known = np.bincount(pool.country)[pool.country]
        most = np.where(ours < LEAST_NEAR, 0.0, np.inf)
        anywhere, at_home = (
            np.clip(np.log((ours + EXPECTED * share) / ((size + EXPECTED) * share)), FLOOR, most) - UNLISTED
            for size, share in ((len(self.lat), (all_ + 1) / len(pool.lat)), (count, (all_ + 1) / known))
        )
        silent = pool.is_unit | (count == 0)
        return Favour(np.where(pool.is_unit, 0.0, anywhere), np.where(silent, 0.0, at_home))


@remember
def _count_known(pool: Pool) -> tuple[Ints, Floats, Floats, Ints]:
    """Return the number of the cell of each place, the middles of the cells, and how many places lie around each."""
    cell, lat, lon = _number_cells(pool.lat, pool.lon)
    return cell, lat, lon, _count_around(lat, lon, pool.lat, pool.lon)


def _number_cells(lat: Floats, lon: Floats) -> tuple[Ints, Floats, Floats]:
    """Return the number of the cell that each point is in, and the middle of each cell."""
    row = _rows(lat)
    column = np.floor(lon * _km_per_degree(_middle(row)) / CELL_KM)
    _, first, number = np.unique(row * _ROW_KM + column, return_index=True, return_inverse=True)
    row = row[first]
    return number, _middle(row), (column[first] + 0.5) * CELL_KM / _km_per_degree(_middle(row))


def _count_around(lat: Floats, lon: Floats, of_lat: Floats, of_lon: Floats) -> Ints:
    """Return how many of some points lie around the middle of each cell, but not in the cell.

    Across the meridian of 180 degrees nothing is counted.
    """
    of_row = _rows(of_lat)
    keys = np.sort(of_row * _ROW_KM + of_lon * _km_per_degree(_middle(of_row)))
    beyond = int(AROUND_KM / CELL_KM)
    own = _rows(lat)
    lowest = own.min(initial=0) - beyond
    scales = _km_per_degree(_middle(np.arange(lowest, own.max(initial=0) + beyond + 1)))

    def count(rows: int, wide: float) -> Ints:
        row = own + rows
        key = row * _ROW_KM + lon * scales[(row - lowest).astype(int)]
        found: Ints = np.searchsorted(keys, key + wide, "left") - np.searchsorted(keys, key - wide, "left")
        return found

    rows = np.arange(-beyond, beyond + 1)
    wide = np.sqrt(AROUND_KM**2 - (rows * CELL_KM) ** 2)
    around = [count(*line) for line in zip(rows.tolist(), wide.tolist(), strict=True)]
    counts: Ints = np.sum(around, axis=0) - count(0, CELL_KM / 2)
    return counts


def _rows(lat: Floats) -> Floats:
    """Return the number of the row of cells that each latitude is in."""
    row: Floats = np.floor(lat * KM_PER_DEGREE / CELL_KM)
    return row


def _middle(row: Floats) -> Floats:
    return (row + 0.5) * CELL_KM / KM_PER_DEGREE


def _km_per_degree(lat: Floats) -> Floats:
    """Return the km of a degree of longitude."""
    km: Floats = KM_PER_DEGREE * np.cos(np.radians(lat))
    return km
