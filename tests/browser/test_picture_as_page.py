"""Pictures show what the page shows: the same symbols in the same view, the same shapes, the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.path import Path
from shapely import Point

from geo.coverage import read_coverage
from geo.ledger import Ledger
from geo.regions import embedded_regions, join_regions
from layers.drawing.crowd import gather_symbols
from layers.drawing.marks import SHAPES
from layers.drawing.picture import grade_regions, tell_picture
from layers.drawing.view import View
from layers.page.columns import locate_marks, number_layers
from layers.page.ledger import describe_ranges
from layers.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path as FilePath

    import geopandas as gpd
    import pandas as pd

    from layers.drawing.crowd import Symbol
    from tests.browser.conftest import Shown

    Show = Callable[..., Shown]

VIEW = """(({ min }) => [map.map().getZoom(), min.x, min.y, map.map().getSize().x, map.map().getSize().y])(
    map.map().getPixelBounds())"""


@pytest.mark.parametrize("seed", range(4))
def test_the_same_symbols_stand_for_the_same_incidents(
    show_map: Show, make_incidents: Callable[..., gpd.GeoDataFrame], squares: gpd.GeoDataFrame, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    names = ["russia", "us-led-coalition", "russia|us-led-coalition", "unknown"]
    spots = np.round(chance.beta(0.6, 2, (150 * (seed + 1), 2)) * (1.99, 0.99) + 0.005, 4)
    rows: list[dict[str, Any]] = [
        {"x": x, "y": y, "actors": str(chance.choice(names)), "attribution": "contested", "precision": "village"}
        for x, y in spots.tolist()
    ]
    areas = squares.set_index("pcode").geometry
    rows += [
        {"geometry": areas[code], "precision": "admin1", "located_by": f"regions:{code}"} for code in ("A1", "A2", "A2")
    ]
    shown = show_map(*rows)
    incidents = join_regions(make_incidents(*rows), squares)
    _, layers = number_layers(incidents)
    assert [layer["key"] for layer in layers] == [layer["key"] for layer in shown.ask("map.config.layers")]
    assert_same(shown, draw_as(shown, incidents))


def draw_as(shown: Shown, incidents: gpd.GeoDataFrame) -> list[Symbol]:
    """Return the symbols of a picture that shows the part of the world that the page shows."""
    zoom, x, y, width, height = shown.ask(VIEW)
    view = View(0, 0, width, height, zoom, x, y)
    return gather_symbols(locate_marks(incidents), number_layers(incidents)[0], view)


def assert_same(shown: Shown, symbols: list[Symbol]) -> None:
    ours = sorted((s.area, s.n, round(s.x), round(s.y), round(s.radius, 3)) for s in symbols)
    theirs = shown.pictured()
    pages = sorted((s["area"] or 0, s["n"], round(s["x"]), round(s["y"]), round(s["radius"], 3)) for s in theirs)
    assert len(ours) == len(pages)
    assert np.abs(np.array(ours) - np.array(pages)).max() <= 1  # of a pixel's rounding


@pytest.mark.parametrize(("width", "height"), [(390, 500), (500, 400), (700, 600), (1280, 800)])
def test_what_is_known_to_an_area_is_drawn_in_it(
    show_map: Show, make_incidents: Callable[..., gpd.GeoDataFrame], width: int, height: int
) -> None:
    regions = embedded_regions(["SY", "LB"])
    units = regions[regions["level"] == 1].set_index("pcode").geometry
    chance = np.random.default_rng(width)
    rows: list[dict[str, Any]] = [
        {"geometry": units[code], "precision": "admin1", "located_by": f"regions:{code}"}
        for code in units.index.repeat(chance.integers(1, 30, len(units)))
    ]
    rows += [{"x": x, "y": y} for x, y in chance.normal((36.2, 34.9), (0.5, 1), (150, 2)).tolist()]  # along the coast
    shown = show_map(
        *rows,
        build={"regions": regions},
        change=lambda incidents: join_regions(incidents, regions),
        width=width,
        height=height,
    )
    incidents = join_regions(make_incidents(*rows), regions)
    symbols = draw_as(shown, incidents)
    assert_same(shown, symbols)
    areas, pixel = locate_marks(incidents).areas, 360 / (256 * 2 ** shown.ask("map.map().getZoom()"))
    spots = [(s.area, s.x, s.y) for s in symbols] + [(s["area"], s["x"], s["y"]) for s in shown.pictured()]
    rings = [spot for spot in spots if spot[0]]
    assert len(rings) == 2 * len(units)
    for area, x, y in rings:
        at = shown.ask(f"map.map().containerPointToLatLng([{x}, {y}])")
        assert areas[area - 1].distance(Point(at["lng"], at["lat"])) < pixel  # its outline has corners no finer


def test_shapes_are_those_of_the_page(show_map: Show, actors: pd.DataFrame) -> None:
    rows = []
    for k, shape in enumerate(SHAPES):
        actors.loc[shape] = [shape, "", "", "#123456", shape, ""]
        rows.append({"x": 0.1 + 0.15 * k, "y": 0.5, "actors": shape})
    shown = show_map(*rows, build={"actors": actors})
    steps = np.arange(-1.3977, 1.4, 0.0731)  # on no edge
    grid = [(x, y) for x in steps.tolist() for y in steps.tolist()]
    found = shown.page.evaluate(
        """(grid) => [...document.querySelectorAll("#matrix tbody tr")].map((row) => {
            const path = row.querySelector("svg path");
            const inside = grid.map(([x, y]) => path.isPointInFill(new DOMPoint(x, y)));
            return [row.querySelector(".name bdi").textContent, inside]; })""",
        grid,
    )
    assert {name for name, _ in found} == set(SHAPES)
    for name, inside in found:
        ours = Path(SHAPES[name]).contains_points(grid)
        assert np.mean(ours == np.array(inside)) > 0.998, name


@pytest.mark.parametrize(("looked_at", "gaps"), [("A1", [False, False]), ("A2", [True, False])])
def test_gaps_are_those_of_the_page(
    show_map: Show,
    make_incidents: Callable[..., gpd.GeoDataFrame],
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: FilePath,
    *,
    looked_at: str,
    gaps: list[bool],
) -> None:
    path = tmp_path / "coverage.csv"
    window = f"A,AA,{looked_at},,2017-01-01,2017-12-31,covered"
    path.write_text(f"source,country,admin1,actor,from,to,status\n{window}\n", encoding="utf-8")
    settings: dict[str, Any] = {"coverage": read_coverage(path, actors=actors, regions=squares), "actors": actors}
    row = {"x": 1.5, "y": 0.5, "actors": "russia"}
    theirs = [region["gap"] for region in show_map(row, build=settings).ask("map.regions()")]
    incidents, ranges = join_regions(make_incidents(row), squares), describe_ranges(Ledger())
    picture = tell_picture(incidents, squares, words=Words("en"), attribution=(), ranges=ranges, **settings)
    assert picture.is_gap.tolist() == theirs == gaps
    assert [tone == "" for tone in grade_regions(picture)] == gaps
