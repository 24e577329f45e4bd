from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyproj
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.reference import reference_path
from geo.regions import embedded_regions, find_anachronisms, join_regions, locate_points, match_units
from geo.schema import CRS, DTYPES, FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeIncidents = Callable[..., gpd.GeoDataFrame]


def points(*xy: tuple[float, float] | None) -> gpd.GeoSeries:
    return gpd.GeoSeries([shapely.Point(p) if p else None for p in xy], crs=CRS)


def codes(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="str")


@pytest.mark.parametrize(
    ("xy", "stated", "country", "pcode", "method"),
    [
        ((0.5, 0.2), None, None, "A11", "contains"),
        ((0.5, 0.2), "A2", "BB", "A11", "contains"),  # what is stated does not move a point
        ((0.5, 0.5), None, None, "A11", "border"),
        ((0.5, 0.5), "A12", None, "A12", "stated"),
        ((1.0, 0.5), None, None, "A11", "border"),  # three units meet
        ((1.0, 0.5), "A2", None, "A21", "stated"),  # a stated governorate decides between districts
        ((1.0, 0.5), "A1", None, "A11", "border"),  # but not where two of its districts remain
        ((2.0, 0.5), None, None, "A21", "border"),
        ((2.0, 0.5), None, "BB", "B1", "stated"),
        ((2.0, 0.5), "A12", "BB", "B1", "stated"),  # the stated unit does not touch the point, the stated country does
        ((0.0, 0.0), None, None, "A11", "contains"),  # an outer corner belongs to its unit
        ((-0.03, 0.2), None, None, "A11", "nearest"),
        ((-0.03, 0.5), None, None, "A11", "nearest"),  # equally near to two: the lower code
        ((-0.03, 0.5), "A12", None, "A12", "nearest"),
        ((2.5, 1.03), "A12", None, "B1", "nearest"),
        ((-0.2, 0.2), "A11", None, None, "outside"),
        (None, "A11", "AA", None, "outside"),
    ],
)
def test_each_point_gets_one_unit_by_the_border_rule(  # noqa: PLR0917 - one argument per column of the table
    squares: gpd.GeoDataFrame,
    xy: tuple[float, float] | None,
    stated: str | None,
    country: str | None,
    pcode: str | None,
    method: str,
) -> None:
    found = locate_points(points(xy), squares, stated=codes(stated), country=codes(country)).iloc[0]
    assert found["method"] == method
    assert (found["pcode"] if pcode else None) == pcode
    assert pd.isna(found["pcode"]) == (pcode is None)


def test_distance_is_zero_inside_geodesic_when_near_and_missing_outside(squares: gpd.GeoDataFrame) -> None:
    found = locate_points(points((0.5, 0.5), (-0.03, 0.2), (-1.0, 0.2)), squares)
    assert found["km"].tolist()[:2] == [0.0, pytest.approx(0.03 * 111.3195, abs=0.001)]
    assert pd.isna(found["km"].iloc[2])


@pytest.mark.parametrize(("tolerance", "method"), [(0.0, "outside"), (3.3, "outside"), (3.4, "nearest")])
def test_tolerance_is_in_km(squares: gpd.GeoDataFrame, tolerance: float, method: str) -> None:
    assert locate_points(points((-0.03, 0.2)), squares, tolerance_km=tolerance)["method"].tolist() == [method]


@pytest.mark.parametrize("latitude", [0.0, 36.0, -62.0])
def test_distances_agree_with_an_equidistant_projection(latitude: float) -> None:
    unit = shapely.affinity.translate(
        shapely.Polygon([(0, 0), (0.3, 0.1), (0.1, 0.12), (0.2, 0.4), (-0.1, 0.3)]), 40, latitude
    )
    unit = shapely.segmentize(unit, 0.01)  # long edges differ between projections
    frame = gpd.GeoDataFrame(
        {"level": [0], "pcode": ["U"], "name": ["U"], "country": ["UU"], "parent": [None]}, geometry=[unit], crs=CRS
    )
    asked = points(*[(40 + dx, latitude + dy) for dx in (-0.14, 0.16, 0.3) for dy in (-0.03, 0.13, 0.2, 0.42)])
    found = locate_points(asked, frame, tolerance_km=500.0)
    for point, km in zip(asked, found["km"], strict=True):
        local = pyproj.CRS.from_proj4(f"+proj=aeqd +lon_0={point.x} +lat_0={point.y} +ellps=WGS84")
        project = pyproj.Transformer.from_crs(CRS, local, always_xy=True).transform
        flat = shapely.transform(unit, project, interleaved=False)
        assert km == pytest.approx(flat.distance(shapely.Point(0, 0)) / 1000, abs=0.003)


GRID = st.integers(-1, 13).map(lambda k: k / 4)  # every border and corner of the squares, and outside


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(GRID, GRID), max_size=30))
def test_same_unit_as_a_plain_search_whatever_the_order(
    squares: gpd.GeoDataFrame, xy: list[tuple[float, float]]
) -> None:
    base = squares[squares["pcode"].isin(["A11", "A12", "A21", "B1"])]
    found = locate_points(points(*xy), squares, tolerance_km=0.0)
    expected = [
        min((u.pcode for u in base.itertuples() if u.geometry.intersects(shapely.Point(p))), default=None) for p in xy
    ]
    assert [None if pd.isna(code) else code for code in found["pcode"]] == expected


def joined_codes(row: pd.Series) -> list[str]:
    return [row[f"adm{k}_pcode"] for k in range(4) if pd.notna(row[f"adm{k}_pcode"])]


def test_join_gives_every_level_in_table_order(make_incidents: MakeIncidents, squares: gpd.GeoDataFrame) -> None:
    incidents = make_incidents({"x": 0.5, "y": 0.2}, {"x": 2.5, "y": 0.5}, {})
    joined = join_regions(incidents, squares)
    assert list(joined.columns) == [*(f.name for f in FIELDS), "geometry"]
    assert {f.name: str(joined[f.name].dtype) for f in FIELDS} == {f.name: DTYPES[f.kind] for f in FIELDS}
    assert [joined_codes(row) for _, row in joined.iterrows()] == [["AA", "A1", "A11"], ["BB", "B1"], []]
    assert joined["adm1_name"].tolist()[:2] == ["Westland", "Beland proper"]
    assert joined["join_method"].tolist() == ["contains", "contains", "none"]
    assert joined.index.equals(incidents.index)
    pd.testing.assert_frame_equal(joined[incidents.columns], incidents)


@pytest.mark.parametrize(
    ("precision", "km", "expected"),
    [
        ("exact", 0.1, ["AA", "A1", "A11"]),
        ("city", 8.0, ["AA", "A1", "A11"]),
        ("city", 8.1, ["AA", "A1", "A11"]),  # level 2 is allowed, and A11 is one
        ("city", 25.1, ["AA", "A1"]),
        ("city", 100.0, ["AA", "A1"]),
    ],
)
def test_join_is_only_as_deep_as_the_precision(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, precision: str, km: float, expected: list[str]
) -> None:
    incidents = make_incidents({"x": 0.5, "y": 0.2, "precision": precision, "precision_km": km})
    assert joined_codes(join_regions(incidents, squares).iloc[0]) == expected


@pytest.mark.parametrize("located_by", ["regions:A1", "gazetteer", None])
def test_area_incidents_get_their_own_unit(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame, located_by: str | None
) -> None:
    unit = squares.set_index("pcode").geometry["A1"]
    incidents = make_incidents(
        {"geometry": unit, "precision": "admin1", "located_by": located_by, "admin1": "Westland"}
    )
    row = join_regions(incidents, squares).iloc[0]
    assert joined_codes(row) == ["AA", "A1"]
    assert row["join_method"] == "area"
    assert row["admin_agrees"]


def test_unplaced_and_outside_keep_only_the_stated_country(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    rows = [
        {"country": "Aland", "admin1": "Westland", "precision": "country"},
        {"country": "aland"},
        {"country": "Aland", "x": -9.0, "y": 0.5},
        {"country": "Nowhere", "x": -9.0, "y": 0.5},
    ]
    joined = join_regions(make_incidents(*rows), squares)
    assert [joined_codes(row) for _, row in joined.iterrows()] == [["AA"], ["AA"], ["AA"], []]
    assert joined["join_method"].tolist() == ["none", "none", "outside", "outside"]


def test_stated_governorate_is_compared_with_the_joined_one(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    rows = [
        {"country": "Aland", "admin1": "Eastland", "x": 0.97, "y": 0.2},
        {"country": "Aland", "admin1": "WESTLAND", "x": 0.97, "y": 0.2},
        {"country": "Aland", "admin1": "Atlantis", "x": 0.97, "y": 0.2},
        {"country": "Beland", "admin1": "Eastland", "x": 0.97, "y": 0.2},  # no such governorate in that country
        {"country": None, "admin1": "Eastland", "x": 0.97, "y": 0.2},
        {"country": "Aland", "admin1": None, "x": 0.97, "y": 0.2},
        {"country": "Aland", "admin1": "Westland", "x": -0.5, "y": 0.2},  # outside all regions
    ]
    joined = join_regions(make_incidents(*rows), squares)
    assert joined["admin_agrees"].tolist() == [False, True, pd.NA, pd.NA, False, pd.NA, False]
    km = joined["admin_km"].tolist()
    assert km[0] == km[4] == pytest.approx(0.03 * 111.3, abs=0.01)
    assert km[1] == 0.0
    assert km[6] == pytest.approx(0.5 * 111.3, abs=0.1)


def test_a_place_of_a_gazetteer_is_in_the_unit_stated_beside_it_or_listed(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    told = {"country": "Aland", "admin1": "Eastland", "y": 0.2}
    rows = [
        {**told, "x": 0.97, "located_by": "gazetteer:own:1"},
        {**told, "x": 0.97, "located_by": "stated"},  # its own coordinates
        {**told, "x": 0.5, "located_by": "gazetteer:own:1"},  # too far
        {**told, "x": 2.03, "admin1": None, "located_by": "gazetteer:own:1"},  # over the border to Beland
        {**told, "x": 0.97, "admin1": None, "listed_admin1": "A2", "located_by": "gazetteer:own:1"},
        {**told, "x": 0.97, "admin1": "Westland", "listed_admin1": "A2", "located_by": "gazetteer:own:1"},
        {**told, "x": 0.97, "admin1": "Nowhere", "listed_admin1": "A2", "located_by": "gazetteer:own:1"},
        {**told, "x": 0.5, "admin1": None, "listed_admin1": "A2", "located_by": "gazetteer:own:1"},  # too far
    ]
    joined = join_regions(make_incidents(*rows), squares)
    west, east = "Westland", "Eastland"
    assert joined["adm1_name"].tolist() == [east, west, west, east, east, west, east, west]
    assert joined["adm0_name"].tolist() == ["Aland"] * 8
    inside = ["nearest", "contains", "contains", "nearest", "nearest", "contains", "nearest", "contains"]
    assert joined["join_method"].tolist() == inside
    assert joined["join_km"].iloc[0] == joined["join_km"].iloc[3] == pytest.approx(0.03 * 111.3, abs=0.01)


def test_join_of_no_incidents_is_empty_with_all_columns(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    joined = join_regions(make_incidents({}).iloc[:0], squares)
    assert len(joined) == 0
    assert list(joined.columns) == [*(f.name for f in FIELDS), "geometry"]


def test_join_does_not_change_its_inputs(make_incidents: MakeIncidents, squares: gpd.GeoDataFrame) -> None:
    incidents = make_incidents({"x": 0.5, "y": 0.2}, {})
    before, regions = incidents.copy(), squares.copy()
    join_regions(incidents, squares)
    pd.testing.assert_frame_equal(incidents, before)
    pd.testing.assert_frame_equal(squares, regions)


def test_units_of_some_countries_are_those_of_the_file() -> None:
    stored = gpd.read_parquet(reference_path("regions.parquet"))
    own = stored[stored["country"].isin(["IQ", "SY"])].reset_index(drop=True)
    assert_geodataframe_equal(embedded_regions(["SY", "IQ"])[list(stored)], own)
    assert embedded_regions([]).empty


def test_names_match_folded_local_by_alias_and_by_code(squares: gpd.GeoDataFrame) -> None:
    squares.loc[squares["pcode"] == "A1", ["name_local", "aliases"]] = ["نينوى", "Occident|Ponent"]
    asked = ["A1", "ponent", "  WÉST’LAND ", "نِينَوى", "EASTLAND", "Nowhere", None, ""]
    found = match_units(codes(*asked), squares, level=1)
    assert [None if pd.isna(code) else code for code in found] == ["A1", "A1", "A1", "A1", "A2", None, None, None]


def test_a_name_of_two_units_needs_its_country(squares: gpd.GeoDataFrame) -> None:
    squares.loc[squares["pcode"].isin(["A1", "B1"]), "name"] = "Twin"
    found = match_units(codes("Twin", "Twin", "Twin"), squares, level=1, country=codes(None, "AA", "BB"))
    assert [None if pd.isna(code) else code for code in found] == [None, "A1", "B1"]


def test_incidents_before_and_after_the_boundaries_are_told(
    make_incidents: MakeIncidents, squares: gpd.GeoDataFrame
) -> None:
    squares.loc[squares["country"] == "AA", ["valid_from", "valid_to"]] = ["2017-03-01", "2018-01-31"]
    squares.loc[squares["country"] == "BB", "valid_from"] = None
    days = ["2017-02-28", "2017-03-01", "2018-01-31", "2018-02-01"]
    rows = [{"x": x, "y": 0.2, "date_start": day} for day in days for x in (0.5, 2.5)] + [
        {"country": "AA", "date_start": "2010-01-01"}
    ]
    told = find_anachronisms(join_regions(make_incidents(*rows), squares), squares)
    time = "outside 2017-03-01–2018-01-31, the time of the boundaries of test"
    assert [(p.severity, p.row, p.wrong) for p in told] == [("finding", 2, f"is the first of 3 incidents {time}")]
    [alone] = find_anachronisms(join_regions(make_incidents(*rows[2:7]), squares), squares)
    assert (alone.row, alone.wrong) == (6, f"is {time}")
    assert find_anachronisms(join_regions(make_incidents({}).iloc[:0], squares), squares) == []
