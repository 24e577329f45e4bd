from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import InputError, UsageError
from geo.regions import find_overlaps, join_regions, read_regions
from geo.schema import CRS

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeIncidents = Callable[..., gpd.GeoDataFrame]

EVAL = Path(__file__).parents[3] / "shared" / "eval" / "regions"
needs_eval = pytest.mark.skipif(not EVAL.is_dir(), reason="the publishers' boundary files are not on this machine")


@pytest.fixture
def units(squares: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The districts of AA as OCHA lays them out."""
    squares = squares[squares["level"] == 2]
    codes = {"ADM2_PCODE": squares["pcode"], "ADM2_EN": squares["name"], "ADM1_PCODE": squares["parent"]}
    names = {"ADM1_EN": ["Occident", "Occident", "Orient"], "ADM0_PCODE": "AA", "validOn": "2019-06-03"}
    return gpd.GeoDataFrame(codes | names, geometry=squares.geometry, crs=CRS)


def read(units: gpd.GeoDataFrame, onto: gpd.GeoDataFrame, folder: Path, **columns: str) -> gpd.GeoDataFrame:
    units.to_file(folder / "mine.gpkg")
    return read_regions(folder / "mine.gpkg", onto=onto, columns=columns).set_index("pcode")


def test_upper_levels_are_dissolved_and_linked(
    units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    regions = read(units, squares, tmp_path)
    assert regions["level"].to_dict() == squares.set_index("pcode")["level"].to_dict()
    assert regions["parent"].fillna("").to_dict() == squares.set_index("pcode")["parent"].fillna("").to_dict()
    for code, shape in squares.set_index("pcode").geometry.items():
        assert regions.geometry[code].equals(shape), code
    assert regions.loc[["A1", "A2"], "name"].tolist() == ["Occident", "Orient"]
    assert regions.loc[["A1", "A11"], "valid_from"].tolist() == ["2019-06-03"] * 2
    assert regions.loc["A1", "source"] == "mine.gpkg"
    assert regions.loc["B1", "source"] == "test"


def test_a_file_keeps_the_known_name_of_the_country_and_names_of_units_as_aliases(
    units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    squares.loc[squares["pcode"] == "A1", "aliases"] = "Occident|Ponent"
    regions = read(units, squares, tmp_path)
    assert regions.loc["AA", "name"] == "Aland"
    assert regions.loc["A1", "aliases"] == "Westland|Occident|Ponent"


@pytest.mark.parametrize(
    ("columns", "options"),
    [
        ({"ADM2_PCODE": "PCODE", "ADM2_EN": "NAME_EN"}, {}),  # OCHA Syria
        ({"ADM2_PCODE": "GID_2", "ADM2_EN": "NAME_2", "ADM1_PCODE": "GID_1", "ADM1_EN": "NAME_1"}, {}),  # GADM
        ({"ADM2_PCODE": "pcode", "ADM2_EN": "NAME_2"}, {}),
        ({"ADM2_PCODE": "adm2_pcode", "ADM2_EN": "adm2_name", "ADM1_PCODE": "adm1_pcode"}, {}),  # OCHA since 2024
        ({"ADM2_PCODE": "admin2Pcode", "ADM2_EN": "admin2Name_en", "ADM1_PCODE": "admin1Pcode"}, {}),
        (
            {"ADM2_PCODE": "id", "ADM2_EN": "titre", "ADM1_PCODE": "up"},
            {"pcode": "id", "name": "titre", "parent": "up", "level": "2"},
        ),
    ],
)
def test_columns_are_recognised_or_named(
    units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path, columns: dict[str, str], options: dict[str, str]
) -> None:
    regions = read(units.rename(columns=columns), squares, tmp_path, **options)
    assert regions.loc[["A11", "A12", "A21"], "name"].tolist() == ["South", "North", "Whole"]
    assert regions.loc[["A11", "A12", "A21"], "parent"].tolist() == ["A1", "A1", "A2"]


@pytest.mark.parametrize("country", [None, "XXX", "AAA"])
def test_units_without_an_iso_country_lie_where_they_lie(
    units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path, country: str | None
) -> None:
    frame = units.drop(columns="ADM0_PCODE") if country is None else units.assign(ADM0_PCODE=country)
    regions = read(frame, squares, tmp_path)
    assert regions.loc[["A11", "A1"], "country"].tolist() == ["AA", "AA"]
    assert regions.loc["A1", "parent"] == (country or "AA")


def test_one_country_may_be_said_for_the_whole_file(
    units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    regions = read(units.drop(columns="ADM0_PCODE"), squares, tmp_path, country="AA")
    assert regions["country"].value_counts().to_dict() == {"AA": 6, "BB": 2}


BOWTIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
LATE_HOLE = shapely.Polygon([(0, 0), (1, 0), (1, 0.5), (0, 0.5)], [[(2, 2), (3, 2), (3, 3)]])


@pytest.mark.parametrize(
    ("column", "value", "code", "message"),
    [
        (
            "geometry",
            BOWTIE,
            "invalid-polygon",
            r"mine\.gpkg:2 column 'ADM2_PCODE': value 'A11' — Self-intersection\[0\.5 0\.5\]",
        ),
        ("geometry", LATE_HOLE, "invalid-polygon", "value 'A11' — Hole lies outside shell"),
        ("geometry", None, "no-geometry", "value 'A11' — has no geometry"),
        ("geometry", shapely.Polygon(), "no-geometry", "value 'A11' — has no geometry"),
        ("geometry", shapely.Point(0.5, 0.5), "not-a-polygon", "value 'A11' — is not a polygon"),
        ("geometry", shapely.box(0, 0, 1000, 1), "not-degrees", "value 'A11' — lies beyond"),
        ("ADM2_PCODE", None, "no-code", r"gpkg:2 column 'ADM2_PCODE': value '' — has no code — fill it in \[no-code\]"),
        ("ADM1_PCODE", " ", "no-code", "column 'ADM1_PCODE': value '' — has no code"),
        ("ADM2_EN", None, "no-name", r"gpkg:2 column 'ADM2_EN': value '' — has no name — fill it in"),
        ("ADM2_EN", " ", "no-name", "column 'ADM2_EN': value '' — has no name"),
        (
            "ADM2_EN",
            "So\u202euth",
            "hostile-character",
            r"value 'So\\u202euth' — contains U\+202E RIGHT-TO-LEFT OVERRIDE",
        ),
        ("ADM1_EN", "a\x07b", "hostile-character", r"column 'ADM1_EN': value 'a\\x07b' — contains U\+0007"),
        ("ADM2_PCODE", "A21", "duplicate-code", "mine.gpkg:2 .* has the code of another unit"),
    ],
)
def test_bad_units_are_refused_by_name(  # noqa: PLR0917 - one argument per column of the table
    units: gpd.GeoDataFrame,
    squares: gpd.GeoDataFrame,
    tmp_path: Path,
    column: str,
    value: object,
    code: str,
    message: str,
) -> None:
    values = list(units[column])
    values[0] = value
    frame = units.set_geometry(values, crs=CRS) if column == "geometry" else units.assign(**{column: values})
    with pytest.raises(InputError, match=message) as error:
        read(frame, squares, tmp_path)
    assert code in {p.code for p in error.value.problems}


def test_all_bad_units_are_named_at_once(units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read(units.set_geometry([BOWTIE, None, BOWTIE], crs=CRS), squares, tmp_path)
    assert [p.row for p in error.value.problems] == [2, 3, 4]


def test_a_unit_in_two_units_above_is_refused(
    units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as error:
        read(units.assign(ADM0_PCODE=["AA", "BB", "AA"]), squares, tmp_path)
    assert [(p.row, p.code) for p in error.value.problems] == [(2, "two-parents"), (3, "two-parents")]


def test_swapped_axes_are_noticed(units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    far = squares.set_geometry(squares.translate(0, 40), crs=CRS)
    frame = units.set_geometry(shapely.transform(units.translate(0, 40).array, lambda xy: xy[:, ::-1]), crs=CRS)
    with pytest.raises(InputError, match="its units lie outside that country"):
        read(frame, far, tmp_path)


def test_no_codes_and_unknown_columns_are_told_with_what_there_is(
    units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="no column with codes is recognised among title"):
        read(units[["ADM2_EN", "geometry"]].rename(columns={"ADM2_EN": "title"}), squares, tmp_path)
    with pytest.raises(UsageError, match="has no column nope; it has ADM2_PCODE"):
        read(units, squares, tmp_path, pcode="nope")
    with pytest.raises(UsageError, match="level 7: not one of 0, 1, 2, 3"):
        read(units, squares, tmp_path, level="7")


def test_files_of_two_countries_go_in_together(
    units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    other = units.assign(ADM2_PCODE=["B7", "B8", "B9"], ADM1_PCODE=["B1", "B1", "B2"], ADM0_PCODE="BB")
    other.set_geometry(units.translate(2, 0), crs=CRS).to_file(tmp_path / "b.gpkg")
    units.to_file(tmp_path / "a.gpkg")
    regions = read_regions([tmp_path / "a.gpkg", tmp_path / "b.gpkg"], onto=squares)
    assert regions.groupby("country")["source"].agg(set).to_dict() == {"AA": {"a.gpkg"}, "BB": {"b.gpkg"}}


@needs_eval
@pytest.mark.parametrize(
    ("name", "country", "counts"),
    [
        ("syr_admin1.shp", "SY", {0: 1, 1: 14}),
        ("syr_admin3.shp", "SY", {0: 1, 1: 14, 2: 62, 3: 272}),
        ("irq_adm1.geojson", "IQ", {0: 1, 1: 18}),
        ("irq_adm3.geojson", "IQ", {0: 1, 1: 18, 2: 101, 3: 294}),
    ],
)
def test_publishers_files_work_without_options(name: str, country: str, counts: dict[int, int]) -> None:
    regions = read_regions(EVAL / name)
    own = regions[regions["country"] == country]
    assert own.groupby("level").size().to_dict() == counts
    assert own["source"].unique().tolist() == [name]
    assert regions["pcode"].is_unique
    assert own.geometry.is_valid.all()
    assert own["parent"].dropna().isin(own["pcode"]).all()
    assert own.loc[own["level"] == 1, "aliases"].notna().all()
    assert own.loc[own["level"] == 0, "name"].tolist() == [{"SY": "Syria", "IQ": "Iraq"}[country]]


@needs_eval
def test_al_jinah_is_stated_idlib_and_joins_to_aleppo_by_pcode(make_incidents: MakeIncidents) -> None:
    incident = make_incidents({"x": 36.802243, "y": 36.117309, "country": "Syria", "admin1": "Idlib"})
    row = join_regions(incident, read_regions(EVAL / "syr_admin3.shp")).iloc[0]
    assert row[["adm1_pcode", "adm3_pcode"]].tolist() == ["SY02", "SY020001"]
    assert not row["admin_agrees"]
    utm = read_regions(EVAL / "syr_admin1.shp").set_index("pcode").to_crs("EPSG:32637").geometry["SY07"]
    assert row["admin_km"] == pytest.approx(
        utm.distance(incident.to_crs("EPSG:32637").geometry.iloc[0]) / 1000, abs=0.05
    )


def test_the_embedded_regions_hold_together() -> None:
    regions = read_regions()
    assert regions["pcode"].is_unique
    assert regions.crs == CRS
    assert regions.geometry.is_valid.all()
    levels = regions.groupby("country")["level"].agg(lambda k: sorted(set(k))).to_dict()
    assert levels["SY"] == [0, 1, 3]
    assert levels["IQ"] == [0, 1, 2]
    parents = regions.merge(regions, left_on="parent", right_on="pcode", suffixes=("", "_above"))
    assert len(parents) == (regions["level"] > 0).sum()
    assert (parents["level_above"] < parents["level"]).all()
    assert (parents["country_above"] == parents["country"]).all()
    assert pd.isna(regions.loc[regions["level"] == 0, "parent"]).all()


def test_people_are_added_up_and_unknown_when_those_of_a_part_are(
    units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    counted = units.assign(POP_2017=["1000", "2500", None])
    regions = read(counted, squares, tmp_path, population="POP_2017")
    assert regions.loc[["A11", "A12", "A1"], "population"].tolist() == [1000, 2500, 3500]
    assert regions.loc[["A21", "A2", "AA", "B1"], "population"].isna().all()
    assert regions.loc["A1", "population_column"] == "POP_2017"
    assert pd.isna(regions.loc["B1", "population_column"])


@pytest.mark.parametrize("value", ["many", "-5", "1,200", "inf"])
def test_what_is_no_number_of_people_is_refused(
    units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path, value: str
) -> None:
    with pytest.raises(InputError) as refused:
        read(units.assign(people=["7", value, "0"]), squares, tmp_path, population="people")
    problems = [(p.row, p.column, p.value, p.code) for p in refused.value.problems]
    assert problems == [(3, "people", value, "population")]


def test_people_are_never_guessed(units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    assert read(units.assign(population=5), squares, tmp_path)["population"].isna().all()


def test_codes_are_never_published_for_want_of_a_column_of_names(
    units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    bare = units[["ADM2_PCODE", "geometry"]].assign(titre=units["ADM2_EN"])
    with pytest.raises(InputError) as error:
        read(bare, squares, tmp_path)
    assert [problem.code for problem in error.value.problems] == ["no-names"]
    assert "--region-column name=COLUMN" in str(error.value)
    assert read(bare, squares, tmp_path, name="titre").loc["A11", "name"] == "South"


def test_units_with_exchanged_axes_are_refused(
    units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    beland = gpd.GeoDataFrame(
        squares[squares["pcode"] == "BB"].assign(pcode="CC", country="CC", name="Celand"),
        geometry=[shapely.box(0, 2, 1, 4)],
        crs=CRS,
    )
    world = gpd.GeoDataFrame(pd.concat([squares, beland], ignore_index=True), crs=CRS)
    turned = units[["geometry"]].assign(pcode=["B11", "B12", "B13"], name=["a", "b", "c"], country="Beland")
    turned["geometry"] = [shapely.box(0, 2, 1, 3), shapely.box(0, 3, 0.5, 4), shapely.box(0.5, 3, 1, 4)]
    for frame in (turned, turned.drop(columns="country").assign(pcode=["B1", "x2", "x3"])):
        with pytest.raises(InputError) as error:
            read(frame, world, tmp_path)
        assert {problem.code for problem in error.value.problems} == {"misplaced"}
        assert "check the axes" in str(error.value)


def test_a_point_in_two_units_that_overlap_is_told(
    make_incidents: MakeIncidents, units: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    units.loc[units["ADM2_PCODE"] == "A21", "geometry"] = shapely.box(0.8, 0, 2, 1)
    regions = read(units, squares, tmp_path).reset_index()
    both = {"place": "Spot", "x": 0.9, "y": 0.2}
    rows = [both, {**both, "admin1": "Orient"}, {**both, "x": 0.5, "y": 0.5}, {**both, "x": 0.5}]
    joined = join_regions(make_incidents(*rows), regions)
    [told] = find_overlaps(joined, regions)
    assert (told.row, told.value, told.severity) == (2, "Spot", "finding")
    assert told.wrong == "lies in A11 and A21, which overlap: counted in A11"
    assert joined["adm2_pcode"].tolist() == ["A11", "A21", "A11", "A11"]
    preferred = joined.assign(adm2_pcode=["A21", *joined["adm2_pcode"][1:]])  # as where the country is stated
    assert find_overlaps(preferred, regions)[0].wrong.endswith("counted in A21")
