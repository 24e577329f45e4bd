"""The review page: one HTML file in which a person says where the places are that were not found surely enough.

The page lists distinct places, most incidents first, and saves what the person decides as ``decisions.csv``
(see `geo.decisions`). It follows the rules of every page (see `layers.page.shell`) and keeps nothing but that file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from branca.element import CssLink, JavascriptLink

from geo.decisions import COLUMNS, NONE, SPOTS
from geo.files import atomic_path
from geo.schema import BY_REGION, POINT_RADIUS_KM
from layers.credits import reference_attribution
from layers.doubtful import describe_places, is_doubtful, sum_places
from layers.page.basemap import read_basemap
from layers.page.outline import outline
from layers.page.shell import LEAFLET, Kit, Page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from geo.gazetteer import Gazetteer
    from layers.page.outline import Bounds

REVIEW = Kit(
    markup="review.html",
    modules=(
        "i18n.js",
        "dom.js",
        "review_data.js",
        "canvas.js",
        "basemap.js",
        "review_csv.js",
        "review_answers.js",
        "review_map.js",
        "review_form.js",
        "review.js",
    ),
    styles=("page.css", "panel.css", "review.css"),
    hashes="review-hashes.json",
)
MOST_PLACES = 1000
"""Places on one page; those that stand for the fewest incidents wait for the next."""


def write_review(
    incidents: gpd.GeoDataFrame,
    path: Path,
    *,
    gazetteers: Sequence[Gazetteer],
    regions: gpd.GeoDataFrame,
    title: str,
) -> int:
    """Write the review page of located incidents as one HTML file; return how many places it has to decide.

    Parameters
    ----------
    incidents
        Incidents of stage ``geocoded`` or ``joined`` (EPSG:4326); see `is_doubtful` for those that are listed.
    gazetteers
        Where the candidates come from.
    regions
        Regions frame: the areas a person may choose instead of a point.
    title
        Title of the page.

    Raises
    ------
    geo.errors.FileError
        When the file cannot be written; a file that was there stays as it was.
    """
    doubtful = is_doubtful(incidents)
    places = sum_places(incidents, doubtful, regions)
    described = describe_places(places.head(MOST_PLACES), incidents, doubtful, gazetteers, regions)
    units = _cover_units(described, regions)
    bounds = _bounds(described, units)
    config = {
        "language": "en",
        "direction": "ltr",
        "title": title,
        "attribution": reference_attribution(),
        "file": "decisions.csv",
        "header": COLUMNS,
        "region": BY_REGION,
        "none": NONE,
        "spots": SPOTS,
        "radii": POINT_RADIUS_KM,
        "bounds": [[bounds[1], bounds[0]], [bounds[3], bounds[2]]],
        "places": described,
        "more": len(places) - len(described),
        "countries": {str(iso): _describe_units(group) for iso, group in units.groupby("country")},
        "basemap": read_basemap(bounds),
    }
    html = _make_page(config).render()
    with atomic_path(path) as temporary:
        temporary.write_text(html, encoding="utf-8")
    return len(places)


def _make_page(config: dict[str, Any]) -> Page:
    page = Page(config=config, data="", kit=REVIEW)
    page.header.add_child(CssLink(f"{LEAFLET}leaflet.css"), name="leaflet_style")
    page.header.add_child(JavascriptLink(f"{LEAFLET}leaflet.js"), name="leaflet")
    return page


def _cover_units(places: list[dict[str, Any]], regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the units of the countries of places and candidates, each governorate before what lies in it.

    When no country is known, those are all countries, without what lies in them.
    """
    codes = {place["iso"] for place in places} | {one["country"] for place in places for one in place["candidates"]}
    units = regions[regions["country"].isin(codes - {None})]
    if units.empty:
        units = regions[regions["level"] == 0]
    known = regions.drop_duplicates("pcode").set_index("pcode")
    top = units["pcode"]
    for _ in range(2):  # from level 3 up to level 1
        top = top.where(top.map(known["level"]) <= 1, top.map(known["parent"]))
    order = units[["country", "level", "name"]].assign(deep=units["level"] > 0, top=top.map(known["name"]), code=top)
    return units.loc[order.sort_values(["country", "deep", "top", "code", "level", "name"]).index]


def _describe_units(units: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return the units of one country with their outlines."""
    columns = {"pcode": "code", "name": "name", "name_local": "local", "level": "level"}
    records = units[[*columns]].fillna({"name_local": ""}).rename(columns=columns).to_dict("records")
    west, south, east, north = units.total_bounds
    return {"units": records, **outline(units.geometry.to_numpy(), (west, south, east, north))}


def _bounds(places: list[dict[str, Any]], units: gpd.GeoDataFrame) -> Bounds:
    """Return a box around all units and candidates."""
    spots = [(one["lon"], one["lat"]) for place in places for one in place["candidates"] if one["lat"] is not None]
    corners = units.total_bounds.reshape(2, 2)
    points = np.vstack([corners, *spots])
    (west, south), (east, north) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return west, south, east, north
