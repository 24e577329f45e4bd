from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from geo.errors import FileError, InputError, UsageError
from geo.gazetteer import Gazetteer, join_gazetteers, read_gazetteer, search_gazetteers
from geo.names import fold_name
from geo.toponyms.places import PLACE_COLUMNS, SIMPLIFIED, place_precision

EVALUATION = Path(__file__).resolve().parents[3] / "shared/eval/gazetteers"


def write_csv(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_it_is_a_geopy_geocoder(builtin: Gazetteer) -> None:
    assert isinstance(builtin, Geocoder)
    found = builtin.geocode("Raqqa, Syria", exactly_one=True, timeout=3)
    assert isinstance(found, Location)
    assert found.point[:2] == pytest.approx((35.95, 39.01), abs=0.05)
    assert found.raw["precision"] == "city"
    json.dumps(found.raw, default=str)


def test_what_it_does_not_know_is_none(builtin: Gazetteer) -> None:
    assert builtin.geocode("Xqzzt, Syria") is None
    assert builtin.geocode("") is None
    assert builtin.geocode("Xqzzt", exactly_one=False) is None


def test_all_candidates_when_asked(builtin: Gazetteer) -> None:
    found = builtin.geocode("Raqqa", exactly_one=False)
    assert isinstance(found, list)
    assert found[0].address.startswith("Ar Raqqah")


def test_an_area_is_a_point_inside_it(builtin: Gazetteer) -> None:
    found = builtin.geocode("Idlib governorate")
    assert isinstance(found, Location)
    assert found.raw["unit"] == "SY-ID"


@pytest.mark.parametrize("make", [lambda g: g, lambda _: Gazetteer], ids=["instance", "class"])
def test_geopandas_takes_it_as_a_provider(builtin: Gazetteer, make: type) -> None:
    found = gpd.tools.geocode(["Mosul, Iraq", "Xqzzt"], provider=make(builtin))
    assert found.geometry.iloc[0].distance(gpd.points_from_xy([43.13], [36.34])[0]) < 0.1
    assert found.geometry.iloc[1].is_empty


def test_search_tells_what_speaks_for_each(builtin: Gazetteer) -> None:
    (first, *_) = builtin.search("Khan Sheikhoun", country="Syria", admin1="Idleb")
    assert (first.country, first.admin1, first.precision) == ("SY", "SY-ID", "town")
    assert first.confidence > 0.8
    assert first.source.startswith("gazetteer:builtin:")
    assert "name" in first.reason


def test_search_looks_for_the_whole_where_nothing_is_called_like_the_place(builtin: Gazetteer) -> None:
    found = builtin.search("Sinjar farm", country="Iraq")
    assert {fold_name(match.name) for match in found} == {fold_name("Sinjar")}
    assert builtin.search("Xqzzt", country="Iraq") == []


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"country": "Narnia"}, "country 'Narnia': no country that is known here"),
        ({"admin1": "Nowhere"}, "admin1 'Nowhere': not one governorate that is known here"),
        ({"admin1": "Nineveh", "country": "Syria"}, "admin1 'Nineveh'"),
        ({"limit": 0}, "limit 0"),
        ({"limit": -1}, "limit -1"),
    ],
)
def test_search_refuses_what_it_does_not_know(builtin: Gazetteer, stated: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        builtin.search("Mosul", **stated)


@pytest.mark.parametrize("admin1", ["SY-RA", "Raqqa", "Homs or Raqqa", "الرقة"])
def test_search_knows_a_governorate_by_name_or_code(builtin: Gazetteer, admin1: str) -> None:
    assert builtin.search("Mansura", country="Syria", admin1=admin1)[0].admin1 == "SY-RA"


def test_search_covers_the_countries_of_the_world_extra(builtin: Gazetteer) -> None:
    (first, *_) = search_gazetteers([builtin], "Maiduguri", country="NG")
    assert (first.country, first.source.split(":")[1]) == ("NG", "geonames")


def test_search_in_arabic_finds_latin_entries(regions: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "own.csv", "place,lat,lon", "Khirbat Ghazalah,32.73,36.20")
    (first, *_) = read_gazetteer(path, regions=regions).search("خربة غزالة")
    assert (first.name, first.admin1) == ("Khirbat Ghazalah", "SY-DR")


@pytest.mark.skipif(not EVALUATION.is_dir(), reason="the evaluation data are not beside the repository")
def test_search_lists_every_mansura_with_its_governorate(regions: gpd.GeoDataFrame) -> None:
    settlements = read_gazetteer(EVALUATION / "syria_settlements_en_ar.csv", regions=regions)
    found = [
        m
        for m in settlements.search("المنصورة", country="SY", limit=20)
        if m.name == "Mansura" and m.feature[:3] != "ADM"
    ]
    assert len({m.admin1_name for m in found}) == len(found) == 7


@pytest.mark.skipif(not EVALUATION.is_dir(), reason="the evaluation data are not beside the repository")
@pytest.mark.parametrize("name", ["syria_settlements_en_ar", "located_airwars_syria", "located_ucdp_syria"])
def test_other_peoples_tables_are_read_without_options(regions: gpd.GeoDataFrame, name: str) -> None:
    places = read_gazetteer(EVALUATION / f"{name}.csv", regions=regions).listing.places
    assert len(places) > 900
    assert (places["country"] == "SY").mean() > 0.97
    assert places["admin1"].str.startswith("SY-").mean() > 0.97


@pytest.mark.parametrize(
    "header",
    [
        "place,ar,lat,lon,pcode",
        "name,name_ar,latitude,longitude,id",
        "Name_EN,place_local,Lat,Long,PCODE",
        "settlement;local;y;x;code",
        "admin4Name_en\tadmin4Name_ar\tLAT\tLNG\tadmin4Pcode",
    ],
)
def test_headers_are_recognised(squares: gpd.GeoDataFrame, tmp_path: Path, header: str) -> None:
    delimiter = next(c for c in ";\t," if c in header)
    row = delimiter.join(["Alpha", "ألفا", "0.2", "0.5", "P1"])
    places = read_gazetteer(write_csv(tmp_path / "own.csv", header, row), regions=squares).listing.places
    assert list(places.columns) == list(PLACE_COLUMNS)
    place = places.iloc[0].to_dict()
    assert (place["id"], place["name"], place["local"], place["lat"], place["lon"]) == ("P1", "Alpha", "ألفا", 0.2, 0.5)
    assert (place["country"], place["admin1"], place["source"]) == ("AA", "A1", "own")


def test_headers_are_taken_by_option(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "own.csv", "toponimo,nord,est", "Alpha,0.2,0.5")
    columns = {"name": "toponimo", "lat": "nord", "lon": "est"}
    assert read_gazetteer(path, regions=squares, columns=columns).search("Alpha")[0].admin1_name == "Westland"


def test_every_language_column_is_a_spelling(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "own.csv", "place,name_uk,name_fr,lat,lon", "Alpha,Дельта,Bravo,0.2,0.5")
    gazetteer = read_gazetteer(path, regions=squares)
    assert [gazetteer.search(name)[0].name for name in ("Дельта", "Delta", "Bravo")] == ["Alpha"] * 3


def test_names_written_for_people_are_taken_apart(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    places = ["WESTCITY : Olive Quarter,0.2,0.5", "Sierra/Tango village,0.3,0.5"]
    nowhere = ["near Zulu,0.4,0.5", "5 km north of Zulu,0.6,0.5"]
    path = write_csv(tmp_path / "own.csv", "place,lat,lon", *places, *nowhere)
    gazetteer = read_gazetteer(path, regions=squares)
    assert gazetteer.search("Olive Quarter")[0].precision == "neighbourhood"
    assert gazetteer.search("Tango")[0].lat == 0.3
    assert len(gazetteer.listing.places) == len(places)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["place,lat", "Alpha,1"], ["gazetteer-columns"]),
        (["incident_id,place,lat,lon", "i1,Alpha,,", "i2,,1,1"], ["no-places"]),
        (["place,lat,lon", "Alpha,91,1", ",1,1"], ["no-places", "coordinate-range", "no-name"]),
    ],
)
def test_a_table_without_places_is_refused(
    squares: gpd.GeoDataFrame, tmp_path: Path, rows: list[str], expected: list[str]
) -> None:
    with pytest.raises(InputError) as refused:
        read_gazetteer(write_csv(tmp_path / "own.csv", *rows), regions=squares)
    assert [problem.code for problem in refused.value.problems] == expected


def test_every_row_that_is_no_place_is_told_and_rows_keep_their_number(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    rows = ["Alpha,0.2,0.5,Aland", "", "Beta,x,0.5,", 'Gamma,"0,2",181,', ",0.2,0.5,", "Delta,0.2,,", "Echo,0.2,3.5,AA"]
    rows += ["near Alpha,0.2,0.5,", "Foxtrot,0.2,1.5,Narnia", "Golf,0°12'N,0.5,aland", "India,0.2"]
    path = write_csv(tmp_path / "own.csv", "Name,lat,LON,country", *rows)
    gazetteer = read_gazetteer(path, regions=squares)
    assert [(problem.row, problem.column, problem.code) for problem in gazetteer.findings] == [
        (4, "lat", "coordinate-unreadable"),
        (5, "LON", "coordinate-range"),
        (5, "lat", "decimal-comma"),
        (6, "Name", "no-name"),
        (7, "LON", "no-coordinate"),
        (8, "lat", "outside-country"),
        (9, "Name", "no-place-name"),
        (10, "country", "country-unknown"),
        (12, "LON", "no-coordinate"),
    ]
    assert all(problem.wrong.endswith(": not used") for problem in gazetteer.findings if problem.row != 10)
    places = gazetteer.listing.places[["id", "name", "country", "lat"]]
    assert places.to_numpy().tolist() == [
        ["2", "Alpha", "AA", 0.2],
        ["10", "Foxtrot", "AA", 0.2],
        ["11", "Golf", "AA", 0.2],
    ]


def test_places_that_only_a_service_found_are_no_gazetteer(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    rows = [
        "i1,Alpha,0.5,0.5,online:nominatim,nominatim on 2026-11-01: Alpha",
        "i2,Beta,0.5,0.6,decision:NN,decided: online:nominatim (2026-11-02)",
        "i3,Gamma,0.5,0.7,online:photon,photon on 2026-11-01: Gamma",
    ]
    header = "incident_id,place,lat,lon,located_by,location_note"
    gazetteer = read_gazetteer(write_csv(tmp_path / "own.csv", header, *rows), regions=squares)
    assert gazetteer.listing.places["name"].tolist() == ["Beta"]
    assert [(p.row, p.column, p.wrong) for p in gazetteer.findings] == [
        (2, "located_by", "is of a service, unchecked, in 2 rows: not used")
    ]


def test_incidents_that_are_not_located_are_left_out(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    rows = ["i1,Alpha,,", "i2,,0.2,0.5", "i3,Bravo,0.2,0.5", "i4,near Bravo,0.2,0.5"]
    gazetteer = read_gazetteer(write_csv(tmp_path / "own.csv", "incident_id,place,lat,lon", *rows), regions=squares)
    assert gazetteer.listing.places["id"].tolist() == ["i3"]
    assert not gazetteer.findings


def test_a_place_across_the_border_stays_in_the_country_its_table_names(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "own.csv", "name,lat,lon,country", "Alpha,0.2,2.05,Aland")
    assert read_gazetteer(path, regions=squares).listing.places["country"].tolist() == ["AA"]


def test_geonames_decides_between_governorates_at_a_simplified_border(
    squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    places = [
        *((f"West {k}", 0.1 + k / 40, "01", "AA") for k in range(10)),
        *((f"East {k}", 1.1 + k / 40, "02", "AA") for k in range(10)),
        *((f"Beyond {k}", 2.5, "01", "BB") for k in range(10)),  # another country's 01
        *(("Delta", 1.03, "01", "AA"), ("Echo", 1.10, "01", "AA"), ("Foxtrot", 1.03, "", "AA")),  # 3 and 11 km outside
        *((f"Nowhere {k}", 0.5, "00", "AA") for k in range(10)),
        *(
            ("Golf", 1.03, "00", "AA"),
            ("Juliet", 0.98, "03", "AA"),
            ("Kilo", 1.02, "03", "AA"),
            ("Lima", 0.7, "03", "AA"),
        ),
    ]
    rows = [
        "\t".join([str(k), name, name, "", "0.2", f"{lon:.3f}", "P", "PPL", country, "", code, *[""] * 8])
        for k, (name, lon, code, country) in enumerate(places)
    ]
    (tmp_path / "AA.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    last = {"Delta": "A1", "Echo": "A2", "Foxtrot": "A2", "Golf": "A2", "Juliet": "A1", "Kilo": "A2", "Lima": "A1"}
    for source, delta in ((SIMPLIFIED, "A1"), ("somebody's own", "A2")):
        regions = squares.assign(source=source)
        found = read_gazetteer(tmp_path / "AA.txt", regions=regions).listing.places.set_index("name")["admin1"]
        assert found[list(last)].to_dict() == last | {"Delta": delta}
        assert found[[f"Beyond {k}" for k in range(10)]].eq("B1").all()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("own.csv", b""),
        ("own.csv", b"\xff\xfe\x00"),
        ("own.zip", b"no zip"),
        ("own.parquet", b"PAR1"),
        ("own.csv", b'place,lat,lon\n"'),
    ],
)
def test_a_broken_file_is_refused(squares: gpd.GeoDataFrame, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises((FileError, InputError)):
        read_gazetteer(tmp_path / name, regions=squares)


def test_archives_of_any_kind_are_unpacked_with_care(
    squares: gpd.GeoDataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "AA.zip"
    with zipfile.ZipFile(path, "w"):
        pass
    with pytest.raises(FileError, match="it holds no file"):
        read_gazetteer(path, regions=squares)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("AA.txt", "\n".join(GEONAMES) * 1000)
    content = bytearray(path.read_bytes())
    content[60:70] = bytes(10)
    path.with_name("torn.zip").write_bytes(content)
    with pytest.raises(FileError, match=r"torn\.zip: not readable"):
        read_gazetteer(path.with_name("torn.zip"), regions=squares)
    monkeypatch.setattr("geo.toponyms.gazetteer_files.MAX_BYTES", 100_000)
    with pytest.raises(InputError, match="unpacks to 0 MB, the limit is 0 MB"):
        read_gazetteer(path, regions=squares)


def test_a_header_that_is_there_twice_is_refused(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "own.csv", "name,lat,lon,Lat,notes,notes,,", "Alpha,0.2,0.5,0.7,,,,")
    with pytest.raises(InputError) as caught:
        read_gazetteer(path, regions=squares)
    assert [(p.row, p.column, p.code) for p in caught.value.problems] == [
        (1, "lat", "duplicate-column"),
        (1, "notes", "duplicate-column"),
    ]


def test_control_characters_in_names_are_told_and_not_used(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    lines = ["id,name,name_fr,lat,lon", "1,Al\x1b[31mpha,,0.2,0.5", "2,Bravo,Bra\u202evo,0.2,0.5", "3,Delta,,0.2,0.5"]
    gazetteer = read_gazetteer(write_csv(tmp_path / "own.csv", *lines), regions=squares)
    assert gazetteer.listing.places["name"].tolist() == ["Delta"]
    assert [(p.row, p.column, p.code) for p in gazetteer.findings] == [
        (2, "name", "hostile-character"),
        (3, "names", "hostile-character"),
    ]


@pytest.mark.parametrize("path", ["https://example.org/places.csv", "missing.csv", "."])
def test_only_local_files_are_read(squares: gpd.GeoDataFrame, path: str) -> None:
    with pytest.raises(UsageError):
        read_gazetteer(path, regions=squares)


GEONAMES = [
    "1\tAlpha City\tAlpha City\tألفا,Alfa\t0.2\t0.5\tP\tPPLA\tAA\t\t01\t\t\t\t250000\t\t5\tX\t2020-01-01",
    "2\tMount Echo\tMount Echo\t\t0.7\t0.5\tT\tMT\tAA\t\t01\t\t\t\t0\t\t5\tX\t2020-01-01",
    '3\tFoxtrot "Old"\tFoxtrot\t\t0.6\t1.5\tP\tPPLX\tAA\t\t02\t\t\t\t0\t\t5\tX\t2020-01-01',
    "4\tWestland\tWestland\t\t0.5\t0.5\tA\tADM1\tAA\t\t01\t\t\t\t0\t\t5\tX\t2020-01-01",
]


@pytest.mark.parametrize("zipped", [False, True])
def test_a_geonames_dump_is_read(squares: gpd.GeoDataFrame, tmp_path: Path, zipped: bool) -> None:  # noqa: FBT001 -- a parameter
    path = write_csv(tmp_path / "AA.txt", *GEONAMES)
    if zipped:
        with zipfile.ZipFile(tmp_path / "AA.zip", "w") as archive:
            archive.writestr("readme.txt", "not this")
            archive.write(path, "AA.txt")
        path = tmp_path / "AA.zip"
    gazetteer = read_gazetteer(path, regions=squares)
    assert gazetteer.listing.places["id"].tolist() == ["1", "2", "3"]  # units are regions
    (alpha, *_) = gazetteer.search("ألفا")
    assert (alpha.name, alpha.precision, alpha.admin1, alpha.source) == ("Alpha City", "city", "A1", "gazetteer:AA:1")
    assert gazetteer.search('Foxtrot "Old"')[0].precision == "neighbourhood"


def test_precision_follows_feature_and_population() -> None:
    feature = pd.Series(["PPLX", "PPL", "PPL", "PPL", "PPLA", "PPLA3", ""])
    population = pd.Series([2_065_597, 100_000, 99_999, 9_999, 0, 0, 0])
    expected = ["neighbourhood", "city", "town", "village", "city", "town", "village"]
    assert place_precision(feature, population).tolist() == expected


def test_an_indexed_gazetteer_answers_the_same(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    rows = [
        f"{name},{variant},{0.1 + k / 50},0.5"
        for k, (name, variant) in enumerate(zip("ABCDEFGH", "هدجبافقك", strict=True))
    ]
    rows = [row.replace(",", " place,", 1) for row in rows]
    fresh = read_gazetteer(write_csv(tmp_path / "own.csv", "place,ar,lat,lon", *rows), regions=squares)
    fresh.write(tmp_path / "own.parquet")
    opened = read_gazetteer(tmp_path / "own.parquet", regions=squares)
    pd.testing.assert_frame_equal(opened.listing.places, fresh.listing.places)
    for name in ("A place", "D plase", "ب", "nothing"):
        assert opened.search(name) == fresh.search(name)


@pytest.mark.parametrize("rules", [None, {b"rules": b"older"}])
def test_an_index_made_by_other_rules_is_refused(
    squares: gpd.GeoDataFrame, tmp_path: Path, rules: dict[bytes, bytes] | None
) -> None:
    path = write_csv(tmp_path / "own.csv", "place,lat,lon", "Alpha,0.2,0.5")
    read_gazetteer(path, regions=squares).write(tmp_path / "own.parquet")
    pq.write_table(pq.read_table(tmp_path / "own.parquet").replace_schema_metadata(rules), tmp_path / "old.parquet")
    with pytest.raises(FileError, match=r"old\.parquet.* — make it again: `incidentmap gazetteer build`"):
        read_gazetteer(tmp_path / "old.parquet", regions=squares)


def test_indexing_twice_gives_the_same_bytes(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "own.csv", "place,lat,lon", "Alpha,0.2,0.5", "Beta,0.4,0.5")
    for name in ("one.parquet", "two.parquet"):
        read_gazetteer(path, regions=squares).write(tmp_path / name)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_incidents_already_located_become_places(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    rows = [
        "i1,2017-03-01,Alpha,0.20,0.50,village",
        "i2,2017-03-02,alpha village,0.21,0.50,village",  # a kilometre off: agreed
        "i3,2017-03-03,al-Alpha,0.22,0.50,village",
        "i4,2017-03-04,Bravo,0.20,0.50,exact",
        "i5,2017-03-05,Bravo,0.60,0.50,exact",  # 44 km off: somebody is wrong
        "i6,2017-03-06,Bravo,0.60,1.50,exact",  # in another governorate: another place
    ]
    path = write_csv(tmp_path / "past.csv", "incident_id,date,place,lat,lon,precision", *rows)
    gazetteer = read_gazetteer(path, regions=squares)
    (alpha, *others) = gazetteer.search("Alpha")
    assert not others
    assert [alpha.lat, alpha.precision_km] == pytest.approx([0.21, 2.0])
    conflicts = gazetteer.find_conflicts()
    assert conflicts["id"].tolist() == ["i4", "i5"]
    assert conflicts["km"].tolist() == [pytest.approx(44.5, abs=0.3)] * 2
    one, other, *_ = gazetteer.search("Bravo", admin1="Westland")
    assert (one.confidence, {one.lat, other.lat}) == (other.confidence, {0.2, 0.6})  # listed, not averaged
    assert gazetteer.search("Bravo", admin1="Eastland")[0].lon == 1.5
    bare = write_csv(tmp_path / "places.csv", "place,lat,lon,precision", *(row.split(",", 2)[2] for row in rows))
    gazetteer = read_gazetteer(bare, regions=squares)  # no place has a code
    assert [place.precision_km for place in gazetteer.search("Alpha")] == [pytest.approx(2.0)]
    assert gazetteer.find_conflicts()["km"].tolist() == conflicts["km"].tolist()


def test_places_with_codes_of_their_own_stay_apart(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    for head, *rows in (
        ("place,osm_id,lat,lon", "Alpha,1,0.20,0.50", "Alpha,2,0.25,0.50"),
        ("name,lat,lon", "Alpha,0.20,0.50", "Alpha,0.25,0.50"),
    ):
        gazetteer = read_gazetteer(write_csv(tmp_path / "own.csv", head, *rows), regions=squares)
        assert sorted(gazetteer.listing.places["lat"]) == [0.20, 0.25], head
        assert gazetteer.find_conflicts().empty


def test_built_in_places_are_no_records_of_incidents(builtin: Gazetteer) -> None:
    assert not builtin.listing.places["located"].any()


def test_joined_gazetteers_keep_where_each_place_is_from(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    one = read_gazetteer(write_csv(tmp_path / "one.csv", "place,lat,lon,id", "Alpha,0.2,0.5,x"), regions=squares)
    two = read_gazetteer(write_csv(tmp_path / "two.csv", "place,lat,lon,id", "Bravo,0.2,1.5,y"), regions=squares)
    joined = join_gazetteers([one, two])
    assert [joined.search(name)[0].source for name in ("Alpha", "Bravo")] == ["gazetteer:one:x", "gazetteer:two:y"]


def test_several_gazetteers_are_searched_as_one(squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    table = write_csv(tmp_path / "one.csv", "place,local,lat,lon,id", "Alpha,ألفا,0.2,0.5,x", "Brava,برافا,0.7,0.5,y")
    own = read_gazetteer(table, regions=squares)
    own.write(tmp_path / "one.parquet")
    indexed = read_gazetteer(tmp_path / "one.parquet", regions=squares)
    other = read_gazetteer(write_csv(tmp_path / "two.csv", "place,lat,lon,id", "Bravo,0.2,1.5,z"), regions=squares)
    for name in ("Alpha", "ألفا", "Bravo"):
        expected = join_gazetteers([own, other]).search(name, limit=10)
        assert expected
        assert search_gazetteers([own, other], name, limit=10) == expected
        assert search_gazetteers([indexed, other], name, limit=10) == expected


def test_all_places_of_one_name_are_candidates_however_many(regions: gpd.GeoDataFrame, tmp_path: Path) -> None:
    spots = [(33 + row * 0.2, 37 + column * 0.2) for row in range(7) for column in range(7)]
    rows = [f"Tall Mara,{lat:.1f},{lon:.1f},SY" for lat, lon in spots]
    others = [f"Tall M{a}r{b},{33.1 + n * 0.01:.2f},38,SY" for n, (a, b) in enumerate(zip("iueo", "uiia", strict=True))]
    own = read_gazetteer(write_csv(tmp_path / "own.csv", "place,lat,lon,country", *rows, *others), regions=regions)
    found = own.search("Tell Mara", country="SY", limit=100)
    assert {(round(m.lat, 1), round(m.lon, 1)) for m in found if m.name == "Tall Mara"} == {
        (round(lat, 1), round(lon, 1)) for lat, lon in spots
    }


def test_the_builtin_places_lie_in_their_countries(builtin: Gazetteer, regions: gpd.GeoDataFrame) -> None:
    places = builtin.listing.places
    assert set(places["admin1"].dropna()) - {""} <= set(regions["pcode"])
    assert not places["id"].duplicated().any()
    assert np.isfinite(places[["lat", "lon", "precision_km"]].to_numpy()).all()


def test_blank_lines_before_the_header_do_not_matter_and_longer_rows_are_refused(
    regions: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("\n\nname,lat,lon\nFootown,35.1,38.5\n", encoding="utf-8")
    assert read_gazetteer(path, regions=regions).listing.places["id"].tolist() == ["4"]
    path.write_text("name,lat,lon\nFootown,35.1,38.5,\n", encoding="utf-8")
    with pytest.raises(InputError, match="more cells than the header"):
        read_gazetteer(path, regions=regions)
