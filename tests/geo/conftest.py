"""The built-in boundaries and places, read once for all tests of `geo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from geo.gazetteer import read_gazetteer
from geo.regions import read_regions

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.gazetteer import Gazetteer


@pytest.fixture(scope="session")
def regions() -> gpd.GeoDataFrame:
    return read_regions()


@pytest.fixture(scope="session")
def builtin(regions: gpd.GeoDataFrame) -> Gazetteer:
    return read_gazetteer(regions=regions)
