"""Gazetteers: who is called what, and where."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from geo.name_index import NameIndex
from geo.places import read_embedded, read_places
from geo.regions import read_regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd


class Gazetteer:
    def __init__(self, places: pd.DataFrame, *, builtin: bool = False) -> None:
        self.places = places
        self.builtin = builtin
        self._parts: dict[frozenset[str], Gazetteer] = {}

    @cached_property
    def index(self) -> NameIndex:
        return NameIndex.of_places(self.places)

    @cached_property
    def countries(self) -> frozenset[str]:
        return frozenset(self.places["country"]) - {""}

    def restrict(self, countries: Iterable[str]) -> Gazetteer:
        """Return the gazetteer of some countries; itself when it has no other."""
        wanted = self.countries & set(countries)
        if wanted == self.countries:
            return self
        if wanted not in self._parts:
            chosen = self.places["country"].isin([*wanted, ""])
            self._parts[wanted] = Gazetteer(self.places[chosen].reset_index(drop=True))
        return self._parts[wanted]


def read_gazetteer(
    path: Path | None = None, *, regions: gpd.GeoDataFrame | None = None, columns: Mapping[str, str] | None = None
) -> Gazetteer:
    regions = read_regions() if regions is None else regions
    if path is None:
        return Gazetteer(read_embedded(regions), builtin=True)
    return Gazetteer(read_places(path, regions, columns=columns))
