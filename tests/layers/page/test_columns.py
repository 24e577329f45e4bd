from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from geo.regions import join_regions
from layers.page.columns import number_layers, number_months, pack_incidents
from layers.page.outline import outline

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    Make = Callable[..., gpd.GeoDataFrame]


def units(squares: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return squares[squares["level"] == 1]


def test_layers_partition_the_incidents_by_actors_and_attribution(make_incidents: Make) -> None:
    incidents = make_incidents(
        {"actors": "russia"},
        {"actors": "russia|us-led-coalition", "attribution": "contested"},
        {"actors": "russia|us-led-coalition", "attribution": "joint"},
        {"actors": "unknown", "attribution": "unknown"},
        {"actors": "us-led-coalition"},
        {"actors": "us-led-coalition"},
        {"actors": None},
    )
    numbers, layers = number_layers(incidents)
    assert [layer["key"] for layer in layers] == [
        "unknown",
        "us-led-coalition",
        "russia",
        "russia|us-led-coalition:contested",
        "russia|us-led-coalition:joint",
    ]
    assert numbers.tolist() == [2, 3, 4, 0, 1, 1, 0]
    assert layers[3]["actors"] == ["russia", "us-led-coalition"]
    assert [layer["attribution"] for layer in layers] == ["sole", "sole", "sole", "contested", "joint"]


def test_months_are_those_of_the_first_day_and_longer_ones_come_last(make_incidents: Make) -> None:
    incidents = make_incidents(
        {"date_start": "2017-03-31", "date_end": "2017-04-01", "date_precision": "range"},
        {"date_start": "2017-02-01", "date_precision": "month"},
        {"date_start": "2017-01-15", "date_end": "2017-05-15", "date_precision": "longer"},
        {"date_start": "1969-12-31"},
    )
    numbers, months = number_months(incidents)
    assert (months[0], months[-3:], len(months)) == ("1969-12", ["2017-02", "2017-03", "longer"], 12 * 47 + 5)
    assert [months[number] for number in numbers] == ["2017-03", "2017-02", "longer", "1969-12"]


def test_months_without_an_incident_stand_between_the_others(make_incidents: Make) -> None:
    numbers, months = number_months(make_incidents({"date_start": "2023-12-01"}, {"date_start": "2024-03-31"}))
    assert months == ["2023-12", "2024-01", "2024-02", "2024-03"]
    assert numbers.tolist() == [0, 3]


def test_a_slip_of_a_thousand_years_adds_no_thousands_of_months(make_incidents: Make) -> None:
    _, months = number_months(make_incidents({"date_start": "1017-03-01"}, {"date_start": "2017-03-31"}))
    assert months == ["1017-03", "2017-03"]


def test_every_row_is_in_exactly_one_run(make_incidents: Make, squares: gpd.GeoDataFrame) -> None:
    rows: list[dict[str, Any]] = [
        {"x": 0.1 * k, "y": 0.5, "actors": ["russia", "unknown"][k % 2], "date_start": f"2017-0{k % 3 + 1}-10"}
        for k in range(20)
    ]
    table = pack_incidents(join_regions(make_incidents(*rows), squares), units(squares))
    runs = np.array(table.slices).reshape(-1, 3)
    assert runs[:, 2].sum() == 20
    assert len({tuple(run) for run in runs[:, :2].tolist()}) == len(runs)
    expected = {
        (actor, month): sum(1 for r in rows if r["actors"] == actor and r["date_start"].startswith(month))
        for actor in ("russia", "unknown")
        for month in ("2017-01", "2017-02", "2017-03")
    }
    found = {(table.layers[layer]["key"], table.months[month]): n for layer, month, n in runs.tolist()}
    assert found == expected


@pytest.mark.parametrize("geometry", [None, shapely.Point(), shapely.Point(np.nan, np.nan), shapely.Polygon()])
def test_what_has_no_place_has_no_bounds(
    make_incidents: Make, squares: gpd.GeoDataFrame, geometry: shapely.Geometry | None
) -> None:
    incidents = join_regions(make_incidents({}), squares)
    incidents.geometry.array[0] = geometry
    assert pack_incidents(incidents, units(squares)).bounds is None


def test_a_country_is_never_a_mark(make_incidents: Make, squares: gpd.GeoDataFrame) -> None:
    country = squares.loc[squares["pcode"] == "AA", "geometry"].iloc[0]
    incidents = join_regions(make_incidents({"geometry": country, "precision": "country"}), squares)
    assert pack_incidents(incidents, units(squares)).bounds is None


def test_incidents_of_one_area_share_its_outline(make_incidents: Make, squares: gpd.GeoDataFrame) -> None:
    area = squares.loc[squares["pcode"] == "A1", "geometry"].iloc[0]
    row = {"geometry": area, "precision": "admin1", "located_by": "regions:A1"}
    incidents = join_regions(make_incidents(row, row, {"x": 1.5, "y": 0.5}), squares)
    table = pack_incidents(incidents, units(squares))
    assert table.bounds == (0.0, 0.0, 1.5, 1.0)
    assert outline(np.array([area]), table.bounds)["outlines"] == [
        [[10000, 0, 0, 10000, -10000, 0, 0, -10000, 10000, 0]]
    ]


def test_outlines_keep_holes_and_every_part() -> None:
    holed = shapely.difference(shapely.box(0, 0, 4, 4), shapely.box(1, 1, 2, 2))
    rings = outline(np.array([shapely.union(holed, shapely.box(6, 0, 7, 1))]), (0, 0, 8, 8))["outlines"][0]
    assert len(rings) == 3
