from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyproj
import pytest
import shapely

from geo.check import check_incidents
from geo.regions import read_regions

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from geo.errors import Problem

    MakeIncidents = Callable[..., gpd.GeoDataFrame]
    Judge = Callable[..., list[Problem]]


@pytest.fixture(scope="module")
def world() -> gpd.GeoDataFrame:
    return read_regions()


@pytest.fixture
def judge(make_incidents: MakeIncidents, squares: gpd.GeoDataFrame) -> Judge:
    """Return a function that makes incidents of rows and checks them."""

    def run(*rows: dict[str, Any], regions: gpd.GeoDataFrame = squares, tolerance: float = 5.0) -> list[Problem]:
        rows = tuple({"actors": "russia", **row} for row in rows)
        return sorted(check_incidents(make_incidents(*rows), regions, border_tolerance_km=tolerance))

    return run


def told(problems: list[Problem]) -> list[str]:
    return [f"{problem.severity}: {problem.message('list.csv')}" for problem in problems]


def test_sound_incidents_pass(judge: Judge) -> None:
    sound = {"killed_min": 10, "killed_max": 10, "children_min": 4, "women_min": 6, "children_max": 10}
    place = {"country": "Aland", "latitude": 0.5, "longitude": 1.5, "sources": "https://a.org/x|A book, p. 7: a title"}
    assert judge(sound | place, {"killed_min": 3}, {"killed_max": 0, "country": "BB"}) == []


def test_an_id_used_twice_names_both_rows_and_what_differs(judge: Judge) -> None:
    problems = judge(
        {"incident_id": "CS1", "place": "a", "killed_min": 1},
        {"incident_id": "CS1", "place": "b", "killed_min": None},
        {"incident_id": "cs1", "place": "a", "killed_min": 1},
        {"incident_id": "CS\u00a01"},
        {"incident_id": "CS\u200b1", "place": "a", "killed_min": 1},
        {"incident_id": "CS\u00ad1", "place": "a", "killed_min": 1},
    )
    todo = "give each incident its own id, or delete one [duplicate-id]"
    start, differ, alike = "error: list.csv", "differ in place, killed_min", "the rows are alike"
    assert told(problems) == [
        f"{start}:3 column 'incident_id': value 'CS1' — is also the id of row 2; the rows {differ} — {todo}",
        f"{start}:4 column 'incident_id': value 'cs1' — is also the id of row 2 ('CS1'); the rows are alike — {todo}",
        f"{start}:6 column 'incident_id': value 'CS\\u200b1' — is also the id of row 2 ('CS1'); {alike} — {todo}",
        f"{start}:7 column 'incident_id': value 'CS\\xad1' — is also the id of row 2 ('CS1'); {alike} — {todo}",
    ]


def test_a_minimum_above_its_maximum_is_refused_with_both(judge: Judge) -> None:
    problems = judge({"killed_min": 5, "killed_max": 4, "injured_min": 2, "injured_max": 1})
    todo = "correct one of them [min-above-max]"
    assert told(problems) == [
        f"error: list.csv:2 column 'injured_min': value '2' — is above injured_max 1 — {todo}",
        f"error: list.csv:2 column 'killed_min': value '5' — is above killed_max 4 — {todo}",
    ]


def test_parts_above_the_whole_are_kept_and_told(judge: Judge) -> None:
    problems = judge(
        {"killed_min": 5, "killed_max": 30, "children_min": 12, "children_max": 15, "women_min": 10},
        {"killed_min": 5, "killed_max": 20, "children_min": 12, "children_max": 15, "women_min": 10},
        {"killed_min": 5, "killed_max": 20, "children_max": 25},
        {"killed_max": 20, "children_min": 3},
    )
    kept = "nothing if the source says so"
    least = f"is below the least number of children, women and men together, 22 — {kept}"
    assert told(problems) == [
        f"finding: list.csv:2 column 'killed_min': value '5' — {least} [parts-above-minimum]",
        f"finding: list.csv:3 column 'killed_max': value '20' — {least} [parts-above-whole]",
        f"finding: list.csv:4 column 'children_max': value '25' — is above killed_max 20 — {kept} [part-above-whole]",
    ]


def test_dates_of_more_than_one_month_are_told(judge: Judge) -> None:
    problems = judge(
        {"date_start": "2017-03-31", "date_end": "2017-04-01", "date_precision": "range"},
        {"date_start": "2017-03-29", "date_end": "2017-04-29", "date_precision": "longer"},
        {"date_start": "2017-03-20", "date_end": "2017-03-21", "date_precision": "range"},
        {"date_start": "1970-01-01"},
    )
    start, split = "finding: list.csv", "nothing, or split the incident"
    once = "over a month end: counted once, in 2017-03"
    apart = "a month or longer: shown apart, in no month"
    zero = "is the zero of computer clocks, often a missing date"
    assert told(problems) == [
        f"{start}:2 column 'date': value '2017-03-31' — runs to 2017-04-01, {once} — {split} [date-months]",
        f"{start}:3 column 'date': value '2017-03-29' — runs to 2017-04-29, {apart} — {split} [date-longer]",
        f"{start}:5 column 'date': value '1970-01-01' — {zero} — check the date [date-epoch]",
    ]


def test_the_attribution_must_fit_the_number_of_actors(judge: Judge) -> None:
    problems = judge(
        {"actors": "russia|turkey", "attribution": "sole"},
        {"actors": "russia", "attribution": "shared"},
        {"actors": "russia", "attribution": "unknown"},
        {"actors": "russia|turkey", "attribution": "contested"},
        {"actors": "russia", "attribution": "contested"},
    )
    assert [(problem.row, problem.wrong) for problem in problems] == [
        (2, "contradicts the actors 'russia|turkey'"),
        (3, "needs several actors, there is 'russia'"),
        (4, "contradicts the actors 'russia'"),
    ]


def test_a_zero_for_a_coordinate_is_refused_unless_it_is_there(judge: Judge, world: gpd.GeoDataFrame) -> None:
    rows = [
        {"latitude": 0, "longitude": 0},
        {"latitude": 0, "longitude": 43, "country": "Iraq"},
        {"latitude": 36, "longitude": 0, "country": "Syria"},
        {"latitude": 0, "longitude": 37, "country": "Kenya"},
        {"latitude": 0.0001, "longitude": 0.0002},
    ]
    problems = judge(*rows, regions=world)
    assert {(problem.row, problem.code) for problem in problems} == {(row, "null-island") for row in (2, 3, 4, 6)}
    assert told(problems)[0] == (
        "error: list.csv:2 column 'latitude': value '0.0' — is the null island: a zero stands for an unknown "
        "coordinate — write the place's own coordinates, or none [null-island]"
    )


@pytest.mark.parametrize(
    ("country", "latitude", "longitude"),
    [
        ("Iraq", 36.34, 43.13),  # Mosul
        ("Syria", 35.95, 39.01),  # Raqqa
        ("سوريا", 36.117309, 36.802243),  # al-Jinah
        ("SY", 36.2, 37.16),  # Aleppo
    ],
)
def test_swapped_coordinates_are_recognised(
    judge: Judge, world: gpd.GeoDataFrame, country: str, latitude: float, longitude: float
) -> None:
    right = {"country": country, "latitude": latitude, "longitude": longitude}
    (problem,) = judge(right, right | {"latitude": longitude, "longitude": latitude}, regions=world)
    name = "Iraq" if country == "Iraq" else "Syria"
    assert (problem.row, problem.code, problem.todo) == (3, "swapped-coordinates", "exchange latitude and longitude")
    assert problem.wrong.startswith(f"{latitude:g} N {longitude:g} E would be in {name} as stated, {longitude:g} N ")


def test_the_message_says_where_swapped_coordinates_lie(judge: Judge, squares: gpd.GeoDataFrame) -> None:
    (problem,) = judge({"country": "Beland", "latitude": 2.5, "longitude": 0.25}, regions=squares)
    assert problem.message("list.csv") == (
        "list.csv:2 column 'latitude': value '2.5' — 0.25 N 2.5 E would be in Beland as stated, 2.5 N 0.25 E is "
        "outside every country: swapped? — exchange latitude and longitude [swapped-coordinates]"
    )


def test_a_point_in_no_country_is_told_where_none_is_stated(judge: Judge, world: gpd.GeoDataFrame) -> None:
    rows = [
        {"latitude": 43.13, "longitude": 36.34},
        {"latitude": 36.34, "longitude": 43.13},
        {"latitude": -45, "longitude": -30},
    ]
    exchanged, at_sea = judge(*rows, regions=world)
    assert exchanged.message("list.csv") == (
        "list.csv:2 column 'latitude': value '43.13' — 43.13 N 36.34 E is in no country, 36.34 N 43.13 E would be in "
        "Iraq: swapped? — check the coordinates, or state the country [no-country]"
    )
    assert (exchanged.severity, at_sea.row, at_sea.wrong) == ("finding", 4, "45 S 30 W is in no country")


def find_latitude(world: gpd.GeoDataFrame, km: float) -> float:
    """Return the latitude at 38.7 E, in Turkey, that is so far from Syria; found by bisection in UTM zone 37N."""
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32637", always_xy=True)
    syria = world.loc[world["pcode"] == "SY"].to_crs("EPSG:32637").geometry.iloc[0]
    south, north = 36.0, 38.0
    while north - south > 1e-7:
        middle = (south + north) / 2
        near = syria.distance(shapely.Point(to_metres.transform(38.7, middle))) < km * 1000
        south, north = (middle, north) if near else (south, middle)
    return round(south, 6)


def test_points_outside_the_stated_country(judge: Judge, world: gpd.GeoDataFrame) -> None:
    far_north, near_north = (find_latitude(world, km) for km in (12, 2))
    far, near = ({"country": "Syria", "latitude": north, "longitude": 38.7} for north in (far_north, near_north))
    todo = "correct the coordinates or the country [outside-country]"
    kept = "nothing, it is within the tolerance of 5 km [across-border]"
    assert [problem.message("list.csv").partition("value ")[2] for problem in judge(far, near, regions=world)] == [
        f"'{far_north}' — {far_north:g} N 38.7 E is 12.0 km outside Syria as stated, in Turkey — {todo}",
        f"'{near_north}' — {near_north:g} N 38.7 E is 2.0 km outside Syria as stated, in Turkey — {kept}",
    ]
    assert {problem.code for problem in judge(far, near, regions=world, tolerance=20)} == {"across-border"}
    assert {problem.code for problem in judge(far, near, regions=world, tolerance=1)} == {"outside-country"}


def test_countries_that_are_unknown_are_told_and_misspelt_ones_refused(judge: Judge, world: gpd.GeoDataFrame) -> None:
    problems = judge({"country": "Syira"}, {"country": "Ruritania", "latitude": 1, "longitude": 1}, regions=world)
    slip = "is no country; did you mean 'Syria'?"
    write = "write the country as the regions do"
    bring = "write the country's usual name or ISO code, or bring its boundaries with --regions"
    absent = "is not among the regions: no place is looked for in it, and its border is not checked"
    assert told(problems) == [
        f"error: list.csv:2 column 'country': value 'Syira' — {slip} — {write} [country-misspelt]",
        f"finding: list.csv:3 column 'country': value 'Ruritania' — {absent} — {bring} [country-unknown]",
    ]


def test_blank_countries_among_others_are_told_once(judge: Judge) -> None:
    aland, blank, beland = {"country": "Aland"}, {"place": "Tawila"}, {"country": "Beland"}
    point = {"latitude": 0.5, "longitude": 0.5}
    wrong = "their places are looked for in every country"
    todo = "write it in every row: merged cells of a spreadsheet are saved as blanks [country-blank]"
    start = "finding: list.csv:1 column 'country': value '' — is empty in"
    assert told(judge(aland, blank, {**blank, "place": "Mellit"}, beland)) == [
        f"{start} 2 rows, first in row 3: {wrong}; the rows above that one are in Aland — {todo}"
    ]
    assert told(judge(aland, beland, blank)) == [f"{start} 1 row, first in row 4: {wrong} — {todo}"]
    assert judge(blank, blank | {"place": "Mellit"}) == []
    assert judge(aland, blank | point, {"killed_min": 3}) == []


def test_points_outside_the_stated_governorate_are_told(judge: Judge, world: gpd.GeoDataFrame) -> None:
    goma = {"place": "Goma", "country": "DR Congo", "admin1": "North Kivu", "latitude": 1.674, "longitude": 29.228}
    sound = goma | {"latitude": -1.4}, goma | {"admin1": "Nowhere"}, goma | {"admin1": None}
    close = {"country": "Iraq", "admin1": "Kirkuk", "latitude": 35.4, "longitude": 43.28}
    abroad = goma | {"country": "Rwanda", "admin1": "Western", "latitude": -2.5, "longitude": 28.84}
    problems = judge(goma, *sound, close, abroad, goma | {"country": None}, regions=world)
    wrong = "1.674 N 29.228 E is 92.9 km outside North Kivu as stated, in Orientale"
    assert [(p.row, p.column, p.value, p.wrong) for p in problems if p.code == "outside-admin1"] == [
        (2, "latitude", "1.674", wrong),
        (8, "latitude", "1.674", wrong),
    ]


def test_each_governorate_that_is_not_known_is_told_once(judge: Judge, world: gpd.GeoDataFrame) -> None:
    burkina = {"country": "Burkina Faso", "place": "Karma"}
    stated = [burkina | {"admin1": name} for name in ("Yatenga", "Nord", "Sahel", "Nord")]
    several = {"country": "Ukraine", "admin1": "Kyiv"}, {"country": "Iraq", "admin1": "Nineveh Governorate"}
    follows = "a place there is looked for in all of the country, or around a town called so"
    todo = "correct it, or bring boundaries that have it with --regions [admin1-unknown]"
    assert told(judge(*stated, *several, regions=world)) == [
        f"finding: list.csv column 'admin1': value '{name}' — is no governorate of Burkina Faso known here, in {rows}: "
        f"{follows} — {todo}"
        for name, rows in (("Nord", "2 rows, first in row 3"), ("Sahel", "1 row, first in row 4"))
    ]
    assert judge(*stated, regions=world[world["level"] == 0]) == []


def test_unknown_countries_alone_are_no_error(judge: Judge) -> None:
    problems = judge({"country": "Syria"}, {"country": "Iraq"}, {})
    assert [(problem.row, problem.value, problem.severity) for problem in problems] == [
        (2, "Syria", "finding"),
        (3, "Iraq", "finding"),
    ]


def test_sources_that_are_no_links_or_carry_secrets_are_told(judge: Judge) -> None:
    sources = [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//host/x",
        "ftp://host/x",
        "https://user@host/x",
        "https://host/x?a=1&access_token=abc",
        "https://host/x?X-Amz-Signature=abc#p",
    ]
    sound = ["https://host/x?a=1&b=2", "http://host/~a@b", "Airwars: CS598, read 2017-03-20", "UCDP GED event 242754"]
    problems = judge({"sources": "|".join([*sound, *sources])}, {"sources": "|".join(sound)}, {"sources": None})
    assert {problem.severity for problem in problems} == {"finding"}
    assert {(problem.value, problem.code) for problem in problems} == {
        *((source, "source-no-link") for source in sources[:6]),
        ("https://…@host/x", "source-secret"),
        ("https://host/x?a=1&…", "source-secret"),
        ("https://host/x?…#p", "source-secret"),
    }
    assert told(problems)[0] == (
        "finding: list.csv:2 column 'sources': value '//host/x' — is no web address — "
        "nothing, it is shown as plain text [source-no-link]"
    )


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("https://user:pw@host/?token=abc", "https://…@host/?…"),
        ("https://drive.host/view?resourcekey=0-_hKCHxSqjpKJ2PNDsKXYg&x=1", "https://drive.host/view?…&x=1"),
        ("https://host/x?session=550e8400-e29b-41d4-a716-446655440000", "https://host/x?…"),
        ("https://host/x#access_token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e", "https://host/x#…"),
        ("https://host/x?X-Amz-Signature=9f86d081884c7d659a2feaa0c55ad015", "https://host/x?…"),
    ],
)
def test_a_link_that_opens_something_is_refused_and_not_shown(judge: Judge, source: str, shown: str) -> None:
    [problem] = judge({"sources": f"https://host/a|{source}"})
    assert (problem.severity, problem.row, problem.value, problem.code) == ("error", 2, shown, "source-secret")


def test_links_of_newspapers_are_never_taken_for_secrets(judge: Judge) -> None:
    links = [
        *("https://host/?id=12345678901234567890", "https://host/?key=politics", "https://host/?session=2"),
        *("https://host/?key=aleppo-airstrike-2017-03-17-civilians", "https://host/?session=un-council-7922nd"),
        *("https://host/?author=AbdulrahmanM2017x9Zb4", "https://host/x.jsp;jsessionid=8A7B6C5D4E3F2A1B0C9D"),
        *("https://medium.host/@user/x?source=abc", "https://video.host/abc?si=A1b2C3d4E5f6G7h8"),
        *("https://host/?key=%D8%A7%D9%84%D9%85%D9%88%D8%B5%D9%84", "https://host/?auth=none&pass=1"),
    ]
    assert judge({"sources": "|".join(links)}) == []


def test_what_leads_to_a_person_is_told_and_not_shown_whole(judge: Judge) -> None:
    texts = {
        "call +963 944 123 456 now": "+9…56",
        "+9647701234567": "+9…67",
        "write to someone.x@mail.example.org.": "so…rg",
        "by @aleppo_center on Telegram": "@a…er",
        "https://t.me/aleppo_center": "t.…er",
        "tel: 0944-123-456": "te…56",
        "هاتف 0944123456": "ها…56",
    }
    problems = judge(*({"description": text} for text in texts))
    assert [(p.row, p.value) for p in problems] == list(enumerate(texts.values(), start=2))
    assert {(p.severity, p.column, p.code) for p in problems} == {("finding", "description", "contact")}


def test_a_long_cell_is_searched_at_once(judge: Judge) -> None:
    texts = ["@" + "x" * 60_000, "a." * 30_000 + " @", "+1" * 30_000, "tel" * 20_000]
    assert judge(*({"description": text} for text in texts)) == []


def test_tolls_days_coordinates_and_ids_are_no_telephone_numbers(judge: Judge) -> None:
    texts = [
        *("+100 2017-03-17 killed 20-30", "100+ killed, +20 12-03-2017", "+12 000 000 $, 1,472 or 2 000, 30–40"),
        *("+36.345678 +43.123456", "+36.345678 43.123456, 36.34, 43.13", "38SLF1234567890, CS12345, id 24275412345"),
        *("Tel Aviv 2017-03-17, Tel Rifaat 12345678, Tel 4 2017-03-17", "at 14:00 @ Mosul, @36.3,43.1"),
        *(
            "https://t.me/center/1234, https://t.me/s/center/12, https://video.host/@name/videos",
            "2017-03-17T10:00+03:00",
        ),
    ]
    assert judge(*({"description": text} for text in texts)) == []


def test_a_place_of_a_gazetteer_is_in_the_country_it_was_looked_for_in(judge: Judge) -> None:
    off = {"country": "Aland", "latitude": 0.5, "longitude": 5.0}
    near = {**off, "longitude": 2.2, "located_by": "gazetteer:builtin:1"}
    assert judge(near) == []
    [far] = judge({**off, "located_by": "gazetteer:builtin:1"})
    assert (far.severity, far.code) == ("finding", "listed-outside")
    chosen = {"located_by": "decision:NN", "location_note": "decided: gazetteer:builtin:1 (2026-11-23)"}
    assert judge({**near, **chosen}) == []
    assert [problem.code for problem in judge({**off, "located_by": "stated"})] == ["outside-country"]


def test_what_no_gazetteer_gives_was_written_by_hand(judge: Judge) -> None:
    row = {"country": "Aland", "located_by": "gazetteer:builtin:1"}
    nowhere, turned = ({"latitude": 0, "longitude": 0}, {"latitude": 1.75, "longitude": 0.5})
    assert {p.code for p in judge({**row, **nowhere})} == set()  # Aland has that corner
    assert [p.code for p in judge({**row, **nowhere, "country": None})] == ["null-island"]
    problems = judge({**row, **turned}, {**row, **nowhere, "country": "Beland"})
    assert [(p.row, p.severity, p.code) for p in problems] == [
        (2, "error", "swapped-coordinates"),
        (3, "error", "null-island"),
    ]


def test_a_place_changed_beside_its_point_is_told(judge: Judge) -> None:
    note = {"location_note": "“Saraqib”: Saraqib, Idlib (same name)"}
    point = {"latitude": 0.5, "longitude": 0.5, "located_by": "gazetteer:builtin:1", **note}
    area = {"located_by": "regions:A1", "location_note": "in Idlib, the governorate stated: no “Saraqib”"}
    same = judge({"place": "Saraqib", **point}, {"place": "Saraqib", **area}, {"admin1": "Saraqib", **point})
    assert same == []
    moved = {"place": "Raqqa", **point, "located_by": "stated", "location_note": "coordinates as stated"}
    problems = judge({"place": "Raqqa", **point}, {"place": "Raqqa", **area}, moved)
    assert [(p.row, p.value, p.severity, p.code) for p in problems] == [
        (2, "Raqqa", "finding", "place-changed"),
        (3, "Raqqa", "finding", "place-changed"),
    ]


def test_several_links_in_one_are_told(judge: Judge) -> None:
    joined = [
        "https://a.example/1; https://b.example/2",
        "https://a.example/1,https://b.example/2",
        "http://a http://b",
    ]
    sound = ["https://web.archive.org/web/2017/https://b.example/2", "https://b.example/2;x=3,4?u=https://c"]
    problems = judge(*({"sources": source} for source in joined), {"sources": "|".join(sound)})
    assert [(problem.row, problem.code) for problem in problems] == [(row, "source-joined") for row in (2, 3, 4)]


def test_an_empty_list_has_no_problems(judge: Judge) -> None:
    assert judge() == []


def test_order_and_index_do_not_matter(make_incidents: MakeIncidents, squares: gpd.GeoDataFrame) -> None:
    rows = [{"country": "Aland", "latitude": 0.5, "longitude": 2.0 + number / 100} for number in range(1, 20)]
    incidents = make_incidents(*rows)
    shuffled = incidents.sample(frac=1, random_state=1)
    assert sorted(check_incidents(shuffled, squares)) == sorted(check_incidents(incidents, squares))
    distances = [float(p.wrong.split(" is ")[1].split()[0]) for p in sorted(check_incidents(incidents, squares))]
    geod = pyproj.Geod(ellps="WGS84")
    expected = [geod.inv(2.0, 0.5, row["longitude"], 0.5)[2] / 1000 for row in rows]
    assert distances == pytest.approx(expected, abs=0.051)
