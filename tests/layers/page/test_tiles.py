from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from geo.errors import UsageError
from geo.regions import join_regions
from layers.map import build_map
from layers.page.tiles import find_tiles

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import pandas as pd

LOCAL = {
    "attribution": "Us",
    "name": "Mine",
    "url": "https://{s}.tiles.example.org/{style}/{z}/{x}/{y}.png",
    "style": "light",
}


@pytest.mark.parametrize(
    ("tiles", "allowed"),
    [
        (None, "img-src data:"),
        ("OpenStreetMap.Mapnik", "img-src data: https://tile.openstreetmap.org"),
        (LOCAL | {"subdomains": "xy"}, "img-src data: https://x.tiles.example.org https://y.tiles.example.org"),
    ],
)
def test_the_policy_allows_the_providers_host_and_no_other(
    tiles: str | dict[str, str] | None,
    allowed: str,
    make_incidents: Callable[..., gpd.GeoDataFrame],
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
) -> None:
    incidents = join_regions(make_incidents({"x": 0.5, "y": 0.5}), squares)
    html = build_map(incidents, regions=squares, actors=actors, attribution=(), tiles=tiles).get_root().render()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy
    assert allowed in policy[1].split("; ")
    assert policy[1].count("https:") == allowed.count("https:")
    assert "connect-src 'none'" in policy[1]
    assert '<meta name="referrer" content="no-referrer">' in html


def test_names_are_found_and_their_placeholders_filled() -> None:
    found = find_tiles("openstreetmap mapnik")
    assert (found.name, found.url) == ("OpenStreetMap.Mapnik", "https://tile.openstreetmap.org/{z}/{x}/{y}.png")
    assert found.attribution == "© OpenStreetMap contributors"
    own = find_tiles(LOCAL)
    assert own.url == "https://{s}.tiles.example.org/light/{z}/{x}/{y}.png"
    assert own.host == "*.tiles.example.org"


@pytest.mark.parametrize(
    ("provider", "wrong"),
    [
        ("Opentopomapp", "did you mean OpenTopoMap"),
        ("CartoDB.Positron", "needs a key"),
        (LOCAL | {"name": "Bare", "url": "http://tiles.example.org/{z}/{x}/{y}.png"}, "without encryption"),
        (
            LOCAL | {"name": "Polar", "url": "https://tiles.example.org/{z}/{x}/{y}.png", "crs": "EPSG:3413"},
            "EPSG:3413",
        ),
        (LOCAL | {"name": "Any", "url": "https://{host}/{z}/{x}/{y}.png", "host": "a.org"}, "no fixed host"),
        (LOCAL | {"name": "Two", "url": "https://a.org; script-src *://{z}/{x}/{y}.png"}, "no fixed host"),
    ],
)
def test_what_cannot_be_published_is_refused(provider: str | dict[str, str], wrong: str) -> None:
    with pytest.raises(UsageError, match=wrong):
        find_tiles(provider)
