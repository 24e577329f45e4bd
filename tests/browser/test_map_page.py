"""The map page in Chromium: what is drawn, counted and said, against the incidents it was made from."""

from __future__ import annotations

import json
import re
from itertools import combinations
from typing import TYPE_CHECKING, Any

import folium
import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.coverage import read_coverage
from geo.regions import join_regions, read_regions
from geo.relations import mark_events
from geo.schema import CRS
from layers.counts import total_ranges
from layers.map import build_map

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import Shown

    Show = Callable[..., Shown]

NO_ZERO = "which is no zero: coverage is not stated"
COALITION, RUSSIA = "us-led-coalition", "russia"

ROWS: list[dict[str, Any]] = [
    {"x": 0.2, "y": 0.2, "actors": COALITION, "date_start": "2017-02-10", "killed_min": 3, "killed_max": 9},
    {"x": 0.7, "y": 0.8, "actors": COALITION, "date_start": "2017-03-10", "killed_min": 105, "killed_max": 141},
    {"x": 1.2, "y": 0.3, "actors": RUSSIA, "date_start": "2017-03-20"},
    {"x": 1.8, "y": 0.7, "actors": f"{RUSSIA}|{COALITION}", "attribution": "contested", "date_start": "2017-04-01"},
    {"actors": RUSSIA, "date_start": "2017-04-02", "country": "Aland", "killed_min": 5, "killed_max": 5},
]
"""Four places far apart, one incident without a place."""


def texts(shown: Shown, selector: str) -> list[str]:
    return [text.strip() for text in shown.page.locator(selector).all_inner_texts()]


def ids(shown: Shown, rows: list[int]) -> set[str]:
    found: list[str] = shown.ask(f"Promise.all({rows}.map(async (row) => (await map.incident(row)).incident_id))")
    return set(found)


def shade_at(shown: Shown, lat: float, lon: float) -> list[int]:
    """Return red, green and blue of the regions' shade at a place."""
    point = shown.ask(f"map.map().latLngToContainerPoint([{lat}, {lon}])")
    return shown.pixel_at(point["x"], point["y"], pane="shades")[:3]


def tone(shown: Shown, name: str) -> list[int]:
    """Return red, green and blue of a colour of the style sheet."""
    text: str = shown.ask(f"getComputedStyle(document.documentElement).getPropertyValue('--{name}').trim()")
    return list(bytes.fromhex(text[1:]))


def test_every_placed_incident_is_drawn(show_map: Show) -> None:
    shown = show_map(*ROWS)
    assert ids(shown, shown.drawn_rows()) == {"i0", "i1", "i2", "i3"}
    assert [symbol["n"] for symbol in shown.pictured()] == [1, 1, 1, 1]
    assert shown.page.evaluate("performance.getEntriesByName('incidents-drawn').length") == 1


def test_marks_have_the_colour_of_their_actor(show_map: Show) -> None:
    shown = show_map(*ROWS)
    by_id = {next(iter(ids(shown, symbol["rows"]))): symbol for symbol in shown.pictured()}
    assert shown.pixel_at(by_id["i0"]["x"], by_id["i0"]["y"]) == [0x00, 0x72, 0xB2, 255]
    assert shown.pixel_at(by_id["i2"]["x"], by_id["i2"]["y"]) == [0xD5, 0x5E, 0x00, 255]
    split = by_id["i3"]
    halves = [shown.pixel_at(split["x"] + side, split["y"])[:3] for side in (4, -4)]
    assert halves == [[0xD5, 0x5E, 0x00], [0x00, 0x72, 0xB2]]


def test_a_layer_alone_a_month_alone_a_cell_alone(show_map: Show) -> None:
    shown = show_map(*ROWS)
    page = shown.page
    page.get_by_role("button", name="Russia", exact=True).click()
    shown.settle()
    assert ids(shown, shown.drawn_rows()) == {"i2"}
    page.get_by_role("button", name="Show all").first.click()
    page.get_by_role("button", name="March 2017", exact=True).click()
    shown.settle()
    assert ids(shown, shown.drawn_rows()) == {"i1", "i2"}
    page.get_by_role("button", name="US-led coalition, February 2017: 1 incident").click()
    shown.settle()
    assert ids(shown, shown.drawn_rows()) == {"i0"}
    page.get_by_role("button", name="US-led coalition, February 2017: 1 incident").click()
    page.get_by_role("checkbox", name="Show US-led coalition").uncheck()
    page.get_by_role("button", name="Show all").first.click()
    shown.settle()
    assert ids(shown, shown.drawn_rows()) == {"i0", "i1", "i2", "i3"}


def test_a_layer_off_takes_its_pixels_away(show_map: Show) -> None:
    shown = show_map(*ROWS)
    mark = next(s for s in shown.pictured() if ids(shown, s["rows"]) == {"i2"})
    shown.page.get_by_role("checkbox", name="Show Russia", exact=True).uncheck()
    shown.settle()
    assert shown.pixel_at(mark["x"], mark["y"])[3] == 0


def test_the_slider_and_the_matrix_are_one_choice(show_map: Show) -> None:
    shown = show_map(*ROWS)
    slider = shown.page.get_by_role("slider", name="Month")
    slider.focus()
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    shown.settle()
    assert shown.page.locator("#month-name").inner_text() == "March 2017"
    assert ids(shown, shown.drawn_rows()) == {"i1", "i2"}
    assert shown.page.get_by_role("button", name="March 2017", exact=True).get_attribute("aria-pressed") == "true"


def test_months_play_one_after_the_other(show_map: Show) -> None:
    shown = show_map(*ROWS)
    shown.page.clock.install()
    shown.page.get_by_role("button", name="Play month by month").click()
    seen = []
    for _ in range(3):
        seen.append(shown.page.locator("#month-name").inner_text())
        shown.page.clock.run_for(1500)
    assert seen == ["February 2017", "March 2017", "April 2017"]
    assert shown.page.get_by_role("button", name="Play month by month").is_visible()


def test_sums_are_ranges_and_unknown_is_not_zero(show_map: Show) -> None:
    shown = show_map(*ROWS)
    sums = shown.ask("map.sums()")
    assert sums["incidents"] == 4
    assert sums["killed"] == {"low": 108, "high": 150, "unknown": 2, "open": 0}
    assert sums["children"] == {"low": None, "high": None, "unknown": 4, "open": 0}
    assert "108–150" in shown.page.locator("#sums").inner_text()
    assert "toll unknown in 2 incidents" in shown.page.locator("#sums").inner_text()


def test_a_minimum_without_a_maximum_stands_in_both_sums(show_map: Show) -> None:
    shown = show_map(*ROWS, {"x": 0.3, "y": 0.6, "actors": RUSSIA, "killed_min": 30})
    assert shown.ask("map.sums()")["killed"] == {"low": 138, "high": 180, "unknown": 2, "open": 1}
    assert "no maximum known in 1 incident" in shown.page.locator("#sums").inner_text()
    assert [(s["killed_min"], s["killed_max"]) for s in shown.ask("map.regions()")] == [(138, 180), (None, None)]


def test_a_sum_without_a_maximum_is_no_single_number(show_map: Show) -> None:
    rows = [{"x": x, "y": 0.5, "actors": RUSSIA, **told} for x, told in ((0.2, {"killed_min": 460}), (0.6, {}))]
    shown = show_map({**rows[0], "children_min": 10, "women_min": 3, "women_max": 3}, rows[1])
    told = shown.page.locator("#sums").inner_text()
    assert "at least 460" in told
    assert "at least 10\nunknown in 1 of 2" in told
    assert "3\nunknown in 1 of 2" in told
    shown.page.locator("#by-region summary").click()
    shown.page.locator("#region-table td").first.wait_for()
    assert "at least 460" in shown.page.locator("#region-table").inner_text()


def test_no_sum_reads_as_if_all_of_it_were_known(show_map: Show, squares: gpd.GeoDataFrame) -> None:
    squares.loc[squares["pcode"] == "A1", ["population", "population_column"]] = [600_000, "POP"]
    least = {"killed_min": 5, "injured_min": 10, "related": "same event:twin"}
    rows: list[dict[str, Any]] = [
        {"x": 0.2, "incident_id": "least", **least},
        {"x": 0.2, "incident_id": "twin", "killed_min": 3, "killed_max": 4},
        {"x": 0.6, "killed_min": 1, "killed_max": 2, "injured_min": 11, "injured_max": 13},
        {"x": 1.2},
        {"x": 1.8, "killed_max": 4},
        {"killed_min": 5, "killed_max": 6},
        {"killed_min": 1},
        {},
    ]
    shown = show_map(*[{"y": 0.5, **row} for row in rows], build={"regions": squares})
    assert texts(shown, "#sums .headline") == ["7\nincidents", "10–18 or more\ncivilians killed"]
    assert texts(shown, "#sums .parts dd") == ["21–23 or more\nunknown in 5 of 7"]
    assert texts(shown, "#sums .share") == [
        "On the map: 4 incidents, killed 4–11 or more, unknown in 1 of 4",
        "3 incidents are not on the map: killed 6–7 or more, unknown in 1 of 3",
    ]
    shown.page.get_by_text("Figures by governorate").click()
    shown.settle()
    cells = [[text.strip().split("\n") for text in row.split("\t")] for row in texts(shown, "#region-table tbody tr")]
    assert cells == [
        [["Westland"], ["2"], ["4–7 or more"], ["0.67–1.2 or more"]],
        [["Eastland"], ["2"], ["up to 4", "unknown in 1 of 2"], ["no figure"]],
    ]
    together = max(shown.pictured(), key=lambda symbol: symbol["n"])
    shown.ask(f"map.open({together['rows'][0]})")
    shown.settle()
    assert "least, twin: 3–5 or more civilians killed" in shown.page.locator("#card").inner_text()


def test_a_list_without_any_toll_has_a_key_to_its_shades(show_map: Show) -> None:
    shown = show_map({"x": 0.2, "y": 0.2, "actors": RUSSIA}, {"x": 0.7, "y": 0.8, "actors": RUSSIA})
    shown.page.select_option("#shade", "killed_min")
    assert texts(shown, "#classes li") == [
        "None reported; no incident is no zero",
        "Incidents, toll unknown",
        "Not covered by this list",
    ]


def test_the_key_does_not_give_every_place_the_same_radius(show_map: Show) -> None:
    place = {"x": 0.2, "y": 0.2, "precision": "city"}
    shown = show_map(place, change=lambda incidents: incidents.assign(precision_km=6.5))
    assert "unless more is known of a place, about: Exact 0.1 km" in shown.page.locator("#key").inner_text()
    shown.ask("map.open(0)")
    assert "City, within 6.5 km" in shown.page.locator("#card").inner_text()


def test_what_has_no_place_is_named_beside_the_sums(show_map: Show) -> None:
    shown = show_map(*ROWS)
    assert texts(shown, "#sums .share") == [
        "On the map: 4 incidents, killed 108–150, unknown in 2 of 4",
        "1 incident is not on the map: killed 5",
    ]
    shown.page.get_by_role("button", name="March 2017", exact=True).click()
    shown.settle()
    assert texts(shown, "#sums .share") == []
    shown.page.get_by_role("button", name="Russia, April 2017: 1 incident", exact=True).click()
    shown.settle()
    assert texts(shown, "#sums p") == [
        "Filtered · Month: April 2017 · Actors: Only Russia",
        "No incident of this selection in view",
        "1 incident is not on the map: killed 5",
    ]


def test_sums_follow_the_view(show_map: Show) -> None:
    shown = show_map(*ROWS)
    shown.ask("map.map().setView([0.8, 0.7], 12, { animate: false })")
    shown.settle()
    assert shown.ask("map.sums()")["killed"] == {"low": 105, "high": 141, "unknown": 0, "open": 0}


def test_the_first_figures_are_of_all_that_is_chosen_wherever_it_is(show_map: Show) -> None:
    whole = {"x": 0.4, "y": 0.5, "actors": RUSSIA, "killed_min": 1, "killed_max": 1, "children_min": 1}
    shown = show_map(*ROWS, {**whole, "children_max": 1})
    shown.page.get_by_role("button", name="Table", exact=True).click()
    for zoomed in (False, True):
        if zoomed:
            shown.ask("map.map().setView([0.5, 0.4], 12, { animate: false })")
            shown.settle()
        assert texts(shown, "#sums .headline") == ["6\nincidents", "114–156\ncivilians killed"]
        view = "In view: 1 incident, killed 1" if zoomed else "On the map: 5 incidents, killed 109–151"
        assert texts(shown, "#sums .share")[0].startswith(view)
        assert texts(shown, "#sums .share + .parts dd") == ["1"] * zoomed, "its children are told as well"
        hint = f"{1 if zoomed else 5} in view and 1 not on the map, of 6 records; "
        shown.page.locator("#table-hint", has_text=hint).wait_for()


def test_a_region_without_a_maximum_is_not_shaded_as_if_it_had_one(show_map: Show) -> None:
    shown = show_map(*ROWS, {"x": 0.3, "y": 0.6, "actors": RUSSIA, "killed_min": 30})
    told = "Shaded by the figures known: where a maximum is missing, more may have been killed"
    shown.page.select_option("#shade", "killed_max")
    assert texts(shown, "#classes li")[-1] == told
    shown.page.select_option("#shade", "killed_min")
    assert told not in texts(shown, "#classes li")


def test_regions_have_three_states(show_map: Show) -> None:
    shown = show_map(*ROWS)
    sums = shown.ask("map.regions()")
    assert [s["incidents"] for s in sums] == [2, 2], "the governorates of Aland; those of Beland are not covered"
    assert sums[0]["killed_min"] == 108
    unknown = {"killed_min": None, "killed_max": None, "open": 0, "unknown": 2}
    assert sums[1] == {"incidents": 2, **unknown, "elsewhere": False, "leftOut": False}
    shown.page.select_option("#shade", "incidents")
    assert "Not covered by this list" in shown.page.locator("#classes").inner_text()
    shown.page.select_option("#shade", "none")
    assert shown.page.locator("#classes").inner_text() == ""


def test_regions_are_shaded_by_population_where_it_is_known(show_map: Show, squares: gpd.GeoDataFrame) -> None:
    shown = show_map(*ROWS)
    assert "killed_min_rate" not in shown.ask("[...document.querySelectorAll('#shade option')].map((o) => o.value)")
    squares.loc[squares["pcode"] == "A1", ["population", "population_column"]] = [600_000, "POP_2017"]
    rows = [*ROWS, {"x": 1.5, "y": 0.2, "killed_min": 50, "killed_max": 60}]
    shown = show_map(*rows, build={"regions": squares}, address="#map=8/0.5/1")
    shown.page.select_option("#shade", "killed_min_rate")
    shown.settle()
    west, east = shown.ask("map.regions()")
    assert [west["killed_min_rate"], west["killed_max_rate"]] == [18, 25]
    assert [east["killed_min"], east["killed_min_rate"]] == [50, None], "no population, no rate"
    tones = [shade_at(shown, lat, lon) for lat, lon in ((0.9, 0.1), (0.9, 1.1))]
    assert tones == [tone(shown, "shade-5"), tone(shown, "shade-unknown")]
    classes = shown.page.locator("#classes").inner_text().splitlines()
    assert classes == [
        "under 15",
        "15 and more",
        "None reported; no incident is no zero",
        "No figure: toll or population unknown",
        "Not covered by this list",
    ]
    assert "Population: column POP_2017 of test." in shown.page.locator("#people").inner_text()
    shown.page.get_by_role("button", name="Russia", exact=True).click()
    shown.settle()
    assert shown.ask("map.regions()")[0]["killed_min_rate"] == 0, "none listed of those who live there"
    assert shade_at(shown, 0.9, 0.1) == tone(shown, "shade-0")


def test_the_figures_behind_the_shades_are_there_in_words(show_map: Show, squares: gpd.GeoDataFrame) -> None:
    squares.loc[squares["pcode"] == "A1", ["population", "population_column"]] = [600_000, "POP"]
    shown = show_map(*ROWS, build={"regions": squares})
    shown.page.get_by_text("Figures by governorate").click()
    shown.settle()
    rows = [line.split("\t") for line in texts(shown, "#region-table tbody tr")]
    assert rows == [["Westland", "2", "108–150", "18–25"], ["Eastland", "2", "unknown", "no figure"]]
    shown.page.get_by_role("button", name="Russia", exact=True).click()
    shown.settle()
    assert texts(shown, "#region-table tbody th") == ["Eastland"]
    assert texts(shown, "#region-rest") == [f"1 governorate without an incident, {NO_ZERO}"]


@pytest.mark.parametrize("choice", ["gradings=discounted+weak", "q=i0", "killed=10"])
@pytest.mark.parametrize("is_covered", [True, False])
def test_a_region_whose_records_are_all_left_out_is_no_zero(
    show_map: Show, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path, *, choice: str, is_covered: bool
) -> None:
    (tmp_path / "coverage.csv").write_text("country,from,status\nAA,2017-01-01,covered\n", encoding="utf-8")
    coverage = read_coverage(tmp_path / "coverage.csv", actors=actors, regions=squares) if is_covered else None
    rows = [
        {"x": 0.4, "y": 0.5, "killed_min": 20, "grading": "fair", "actors": RUSSIA},
        {"x": 1.4, "y": 0.5, "killed_min": 2, "grading": "weak", "actors": RUSSIA},
    ]
    shown = show_map(*rows, build={"coverage": coverage}, address=f"#{choice}&map=7/0.5/1")
    assert [one["incidents"] for one in shown.ask("map.regions()")] == [1, 0]
    assert shade_at(shown, 0.9, 1.1) == tone(shown, "shade-left-out")
    assert "Only records that are left out: no zero" in texts(shown, "#classes li")
    shown.page.get_by_text("Figures by governorate").click()
    shown.page.locator("#region-table td").first.wait_for()
    told = "1 governorate with only records that are left out, discounted or by a filter, which is no zero"
    assert texts(shown, "#region-rest") == [told]
    shown.ask("map.change({ text: '', gradingsOff: new Set(), atLeast: 0 })")
    shown.settle()
    assert texts(shown, "#region-rest") == [""]
    assert "Only records that are left out: no zero" not in texts(shown, "#classes li")


def test_a_base_layer_of_ones_own_lies_under_the_incidents(show_map: Show, tmp_path: Path) -> None:
    ground = gpd.GeoDataFrame(
        {"name": ["Field", "{{7*7}}<b>"]}, geometry=[shapely.box(0.4, 0.4, 0.6, 0.6), shapely.Point(1.5, 0.5)], crs=CRS
    )
    ground.to_file(tmp_path / "<i>own.geojson")
    shown = show_map(*ROWS, build={"basemap": tmp_path / "<i>own.geojson"})
    edge, inside = (shown.ask(f"map.map().latLngToContainerPoint([{at}, 0.5])") for at in (0.4, 0.5))
    assert shown.pixel_at(edge["x"], edge["y"], pane="lines")[3] > 0
    assert shown.pixel_at(inside["x"], inside["y"], pane="lines")[3] == 0
    assert ids(shown, shown.drawn_rows()) == {"i0", "i1", "i2", "i3"}
    assert "Base layer: <i>own.geojson." in shown.page.locator("#credits").inner_text()


def test_the_card_says_what_the_data_say(show_map: Show) -> None:
    row = {
        "x": 0.5,
        "y": 0.5,
        "incident_id": "CS578",
        "date_start": "2017-03-16",
        "date_end": "2017-03-17",
        "date_precision": "range",
        "place": "al-Jinah",
        "place_local": "الجينة",
        "admin1": "Eastland",
        "country": "Aland",
        "actors": COALITION,
        "killed_min": 37,
        "killed_max": 62,
        "children_min": 5,
        "children_max": 5,
        "injured_min": 100,
        "grading": "fair",
        "event_type": "strike",
        "description": "A mosque was hit.",
        "sources": "https://example.org/a?b=1|A report, page 4",
        "mgrs": "37SCV022991",
        "located_by": "stated",
        "location_note": "from the MGRS cell",
    }
    shown = show_map(row)
    shown.click_symbol(shown.pictured()[0])
    card = shown.page.get_by_role("dialog")
    text = card.inner_text()
    for part in (
        "al-Jinah",
        "الجينة",
        "37–62",
        "Fair",
        "strike",
        "A mosque was hit.",
        "37SCV022991",
    ):
        assert part in text
    for part in (
        "A report, page 4",
        "Village, within 2 km",
        "from the MGRS cell",
        "0.50000, 0.50000",
        "CS578",
        "at least 100",
    ):
        assert part in text
    assert "The sources say Eastland; the place lies in Westland, 56 km from Eastland." in text
    assert "Women killed" not in text
    assert re.search(r"16\s–\s17 March 2017", text)
    link = card.get_by_role("link")
    assert link.get_attribute("href") == "https://example.org/a?b=1"
    assert link.get_attribute("rel") == "noopener noreferrer"


@pytest.mark.parametrize(
    ("language", "head", "told"),
    [
        (
            "en",
            "Related records",
            ["the same event as A1, overlaps CI550", "part of A:2", "see also A3", "constructor:A4"],
        ),
        ("ar", "سجلات ذات صلة", ["الحدث نفسه في A1، يتداخل مع CI550", "جزء من A:2", "see also A3", "constructor:A4"]),
    ],
)
def test_related_records_are_told_in_words(show_map: Show, language: str, head: str, told: list[str]) -> None:
    texts = ["same event:A1| overlaps:CI550", "Part-of: A:2", "see also A3", "constructor:A4"]
    rows = [{**ROWS[0], "related": related} for related in texts]
    shown = show_map(*rows, build={"language": language})
    for row, words in enumerate(told):
        shown.ask(f"map.open({row})")
        assert f"{head}\n{words}\n" in re.sub(r"\n+", "\n", shown.page.locator("#card").inner_text())


def test_an_unknown_toll_is_said(show_map: Show) -> None:
    shown = show_map({"x": 0.5, "y": 0.5})
    shown.click_symbol(shown.pictured()[0])
    assert "Civilians killed\nunknown" in shown.page.get_by_role("dialog").inner_text()


def test_a_zero_toll_is_zero(show_map: Show) -> None:
    shown = show_map({"x": 0.5, "y": 0.5, "killed_min": 0, "killed_max": 0})
    shown.click_symbol(shown.pictured()[0])
    assert "Civilians killed\n0" in shown.page.get_by_role("dialog").inner_text()


def test_incidents_at_one_point_open_as_a_list(show_map: Show) -> None:
    rows = [{"x": 0.5, "y": 0.5, "place": f"Place {k}", "actors": RUSSIA if k else COALITION} for k in range(3)]
    shown = show_map(*rows, {"x": 1.5, "y": 0.5})
    stack = next(s for s in shown.pictured() if s["n"] == 3)
    shown.click_symbol(stack)
    assert sorted(texts(shown, "#card .listing b")) == ["Place 0", "Place 1", "Place 2"]
    shown.page.locator("#card .listing button").nth(1).click()
    shown.settle()
    assert "2 of 3" in shown.page.get_by_role("dialog").inner_text()


def test_crowded_marks_are_one_symbol_with_every_share(show_map: Show) -> None:
    rows = [{"x": 0.5 + k / 1000, "y": 0.5, "actors": [RUSSIA, COALITION][k % 2]} for k in range(40)]
    shown = show_map(*rows, {"x": 1.9, "y": 0.9})
    symbols = shown.pictured()
    assert sorted(s["n"] for s in symbols) == [1, 40]
    crowd = next(s for s in symbols if s["n"] == 40)
    ring = crowd["radius"] * 0.83
    assert shown.pixel_at(crowd["x"] + ring, crowd["y"])[:3] != shown.pixel_at(crowd["x"] - ring, crowd["y"])[:3]
    shown.ask("map.map().setView([0.5, 0.52], 15, { animate: false })")
    shown.settle()
    assert {s["n"] for s in shown.pictured()} == {1}


def test_no_two_symbols_touch(show_map: Show) -> None:
    rows = [{"x": (k * 37 % 101) / 50, "y": (k * 53 % 97) / 97} for k in range(300)]
    shown = show_map(*rows)
    symbols = shown.pictured()
    assert sum(s["n"] for s in symbols) == 300
    for i, a in enumerate(symbols):
        for b in symbols[i + 1 :]:
            assert ((a["x"] - b["x"]) ** 2 + (a["y"] - b["y"]) ** 2) ** 0.5 >= a["radius"] + b["radius"]


def test_areas_are_drawn_as_areas(show_map: Show, squares: gpd.GeoDataFrame) -> None:
    area = squares.loc[squares["pcode"] == "A1", "geometry"].iloc[0]
    row = {"geometry": area, "precision": "admin1", "located_by": "regions:A1", "actors": RUSSIA}
    shown = show_map(row, row, {"x": 1.5, "y": 0.5})
    symbol = next(s for s in shown.pictured() if s["area"])
    assert symbol["n"] == 2
    south, inside, outside = (
        shown.ask(f"map.map().latLngToContainerPoint([{lat}, {lon}])")
        for lat, lon in ((0, 0.5), (0.03, 0.03), (0.03, 1.9))
    )
    outline = [shown.pixel_at(south["x"] + k, south["y"])[3] > 0 for k in range(40)]
    assert any(outline)
    assert not all(outline), "it is dashed"
    assert shown.pixel_at(inside["x"], inside["y"])[3] == 0, "nothing lies over the shade, which has a key"
    shown.page.select_option("#shade", "none")
    shown.settle()
    assert shown.pixel_at(inside["x"], inside["y"])[3] > 0
    assert shown.pixel_at(outside["x"], outside["y"])[3] == 0


def test_what_has_no_place_is_listed_with_the_reason(show_map: Show) -> None:
    shown = show_map(*ROWS[:2], {"place": "Nowhere", "location_note": "three places of this name"})
    assert texts(shown, "#unplaced summary") == ["1 record is not on the map"]
    shown.page.locator("#unplaced summary").click()
    assert texts(shown, "#unplaced-list button") == ["Nowhere\nthree places of this name"]
    shown.page.locator("#unplaced-list button").click()
    shown.settle()
    assert "Nowhere" in shown.page.get_by_role("dialog").inner_text()


def test_where_nothing_is_selected_nothing_is_said_to_be_on_the_map(show_map: Show) -> None:
    shown = show_map(*ROWS[:2])
    assert texts(shown, "#unplaced summary") == ["Every incident is on the map"]
    shown.page.get_by_role("checkbox", name="Show US-led coalition").uncheck()
    shown.settle()
    assert "No incident is selected" in shown.page.locator("#sums").inner_text()
    assert not shown.page.locator("#unplaced").is_visible()


@pytest.mark.parametrize(
    ("language", "sums", "listed"),
    [
        ("en", "1 incident is not on the map: killed 4–9", "2 records are not on the map"),
        ("ar", "حادثة واحدة ليست على الخريطة: القتلى 4–9", "سجلان ليسا على الخريطة"),
    ],
)
def test_two_records_of_one_event_without_a_place_are_two_in_the_list(
    show_map: Show, language: str, sums: str, listed: str
) -> None:
    one = {"killed_min": 4, "killed_max": 9}
    rows = [{**one, "incident_id": "A1"}, {**one, "incident_id": "A2", "related": "same event:A1"}]
    shown = show_map(ROWS[0], *rows, build={"language": language})
    assert texts(shown, "#sums .share")[-1] == sums
    assert texts(shown, "#unplaced summary") == [listed]


def test_discounted_records_are_left_out_and_said_so(show_map: Show) -> None:
    shown = show_map(*ROWS[:2], {**ROWS[2], "grading": "discounted"})
    assert ids(shown, shown.drawn_rows()) == {"i0", "i1"}
    assert texts(shown, "#discounted") == ["1 discounted record is left out"]
    shown.page.locator("#filters summary").click()
    shown.page.get_by_role("checkbox", name="Discounted").check()
    shown.settle()
    assert ids(shown, shown.drawn_rows()) == {"i0", "i1", "i2"}


def test_an_actor_of_discounted_records_alone_has_no_zero(show_map: Show) -> None:
    discounted = {**ROWS[2], "date_start": "2017-05-20", "grading": "discounted"}
    shown = show_map(ROWS[1], discounted)
    cells = [texts(shown, f"#matrix {row} td") for row in ("tbody tr:first-child", "tbody tr:last-child", "tfoot tr")]
    assert cells == [["·", "·", "–", "–"], ["1", "·", "·", "1"], ["1", "·", "–", "1"]]
    told = "only records that are left out: discounted, or by a filter"
    assert shown.page.get_by_role("img", name=told).count() == 3


@pytest.mark.parametrize(
    ("typed", "found"),
    [("حلب", {"i0"}), ("AL-BĀB", {"i1"}), ("russia", {"i1"}), ("إدلب", {"i2"}), ("ادلب", {"i2"}), ("nothing", set())],
)
def test_text_is_found_in_any_script(show_map: Show, typed: str, found: set[str]) -> None:
    shown = show_map(
        {"x": 0.2, "y": 0.5, "place_local": "حَلَب"},
        {"x": 0.9, "y": 0.5, "place": "al-Bab", "actors": RUSSIA},
        {"x": 1.6, "y": 0.5, "place_local": "إدلب"},
    )
    shown.page.locator("#filters summary").click()
    shown.page.locator("#search").fill(typed)
    shown.page.wait_for_function("(typed) => window.incidentmap.state().text === typed", arg=typed)
    shown.settle()
    assert ids(shown, shown.drawn_rows()) == found


def test_the_table_sorts_by_every_heading(show_map: Show) -> None:
    shown = show_map(*ROWS)
    shown.page.get_by_role("button", name="Table").click()
    shown.page.wait_for_selector("#table tbody tr")
    assert len(texts(shown, "#table tbody tr")) == 5
    shown.page.locator("#table").get_by_role("button", name="Civilians killed").click()
    shown.settle()
    assert texts(shown, "#table tbody td:nth-child(5)") == ["105–141", "3–9", "5", "unknown", "unknown"]


def test_the_table_copies_what_it_lists(show_map: Show) -> None:
    shown = show_map(*ROWS)
    shown.page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    shown.page.get_by_role("button", name="Table").click()
    shown.page.wait_for_selector("#table tbody tr")
    shown.page.get_by_role("button", name="Copy", exact=True).click()
    shown.page.get_by_role("button", name="Copied").wait_for()
    lines = [line.split("\t") for line in shown.page.evaluate("window.copied").split("\n")]
    assert lines[0][3:6] == ["Actors", "Civilians killed", "Children killed"]
    assert sorted(line[4] for line in lines[1:]) == ["105–141", "3–9", "5", "unknown", "unknown"]
    assert {len(line) for line in lines} == {9}


def test_the_link_is_copied(show_map: Show) -> None:
    shown = show_map(*ROWS)
    shown.page.evaluate("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    shown.page.get_by_role("button", name="Copy link").click()
    shown.page.get_by_role("button", name="Copied").wait_for()
    assert shown.page.evaluate("window.copied") == shown.page.url


def test_precision_type_and_toll_narrow_down_and_are_cleared(show_map: Show) -> None:
    kinds = ["strike", "shelling", None, "strike", "strike"]
    rows = [{**row, "event_type": kind} for row, kind in zip(ROWS, kinds, strict=True)]
    rows[0] |= {"precision": "town", "precision_km": 4}
    shown = show_map(*rows)
    page = shown.page
    page.locator("#filters summary").click()
    clear = page.get_by_role("button", name="Clear filters")
    for control, left in (("Town", {"i1", "i2", "i3"}), ("strike", {"i1", "i2"}), ("Not stated", {"i0", "i1", "i3"})):
        page.get_by_role("checkbox", name=control).uncheck()
        shown.settle()
        assert ids(shown, shown.drawn_rows()) == left
        clear.click()
        shown.settle()
        assert ids(shown, shown.drawn_rows()) == {"i0", "i1", "i2", "i3"}
    page.get_by_label("At least this many killed").fill("9")
    page.get_by_label("At least this many killed").press("Enter")
    shown.settle()
    assert ids(shown, shown.drawn_rows()) == {"i1"}, "nine are not known to be killed where it is 3 to 9 or unknown"
    assert clear.is_visible()


FILTERED = [
    ("en", "q=place", "Filtered · Search: place"),
    ("en", "killed=10", "Filtered · At least this many killed: 10"),
    ("en", "gradings=discounted+weak+unstated", "Filtered · Grading: without Weak, Not graded"),
    ("en", "gradings=", "Filtered · Discounted records are shown"),
    ("en", "precisions=town+none", "Filtered · Precision of the place: without Not placed"),
    ("en", "off=russia", "Filtered · Actors: without Russia"),
    ("en", "alone=us-led-coalition", "Filtered · Actors: Only US-led coalition"),
    ("en", "months=2017-03+2017-04&q=i", "Filtered · Month: March 2017 – April 2017 · Search: i"),
    ("ar", "months=2017-03+2017-03", "اختيار مضيَّق · الشهر: آذار 2017"),
]


@pytest.mark.parametrize(("language", "choice", "told"), FILTERED)
def test_what_is_filtered_is_said_beside_the_sums_on_screen_on_paper_and_embedded(
    show_map: Show, open_page: Show, language: str, choice: str, told: str
) -> None:
    graded = [{**row, "grading": g} for row, g in zip(ROWS, ("fair", "weak", None, "discounted", "fair"), strict=True)]
    shown = show_map(*graded, address=f"#{choice}", build={"language": language})
    assert shown.page.locator("#filters").get_attribute("open") is None
    assert texts(shown, "#sums .filtered") == [told]
    shown.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert shown.page.locator("#sums .filtered").is_visible()
    path, _, _ = shown.page.url.partition("#")
    embedded = open_page(_Local(path), address=f"#embed=1&{choice}", width=600, height=400)
    assert texts(embedded, "#embed .filtered") == [told]
    assert embedded.page.locator("#embed .filtered").is_visible()
    embedded.ask("map.change({ text: '', alone: null, months: null, layersOff: new Set(), precisionsOff: new Set() })")
    embedded.ask("map.change({ atLeast: 0, gradingsOff: new Set(['discounted']) })")
    embedded.settle()
    assert texts(embedded, ".filtered") == []


@pytest.mark.parametrize(
    ("asked", "left"), [(1, {"i0", "i1"}), (4, {"i0", "i1"}), (5, {"i1"}), (100, {"i1"}), (101, set())]
)
def test_at_least_so_many_killed_is_what_is_known_at_the_least(show_map: Show, asked: int, left: set[str]) -> None:
    tolls = [{"killed_min": 4, "killed_max": 9}, {"killed_min": 100}, {"killed_max": 300}, {}]
    rows = [{"x": 0.2 + 0.5 * k, "y": 0.5, **toll} for k, toll in enumerate(tolls)]
    shown = show_map(*rows, address=f"#killed={asked}")
    assert ids(shown, shown.drawn_rows()) == left


@pytest.mark.parametrize(("asked", "left"), [(2, {"i0", "i1", "i2", "i3"}), (4, {"i0", "i1"}), (5, set())])
def test_of_one_event_all_records_are_so_many_killed_or_none(show_map: Show, asked: int, left: set[str]) -> None:
    rows: list[dict[str, Any]] = [
        {"killed_min": 13, "killed_max": 24},
        {"killed_min": 4, "killed_max": 8, "related": "same event:i0"},
        {"killed_min": 2, "killed_max": 20},
        {"killed_min": 9, "killed_max": 9, "related": "part of:i2"},
        {"killed_min": 27, "killed_max": 44},
        {"killed_max": 20, "related": "same event:i4"},
    ]
    shown = show_map(*({"x": 0.2 + 0.3 * k, "y": 0.5, **row} for k, row in enumerate(rows)), address=f"#killed={asked}")
    assert ids(shown, shown.drawn_rows()) == left


@pytest.mark.parametrize(
    ("address", "left"), [("#killed=20", {"i0"}), ("#killed=20&gradings=", {"i2", "i3"}), ("#killed=3", {"i0", "i3"})]
)
def test_an_event_is_of_the_size_it_has_without_the_records_left_out(
    show_map: Show, address: str, left: set[str]
) -> None:
    rows: list[dict[str, Any]] = [
        {"killed_min": 30, "killed_max": 30},
        {"killed_min": 5, "killed_max": 5, "grading": "discounted", "related": "same event:i0"},
        {"killed_min": 50, "killed_max": 50, "grading": "discounted"},
        {"killed_min": 3, "killed_max": 3, "related": "part of:i2"},
    ]
    shown = show_map(*({"x": 0.2 + 0.4 * k, "y": 0.5, **row} for k, row in enumerate(rows)), address=address)
    assert ids(shown, shown.drawn_rows()) == left


def test_show_all_brings_everything_back_into_view(show_map: Show) -> None:
    shown = show_map(*ROWS, address="#map=14/0.2/0.2")
    assert ids(shown, shown.drawn_rows()) == {"i0"}
    shown.page.locator("#fit").click()
    shown.settle()
    assert ids(shown, shown.drawn_rows()) == {"i0", "i1", "i2", "i3"}


def test_print_is_asked_of_the_browser(show_map: Show) -> None:
    shown = show_map(*ROWS)
    shown.page.evaluate("window.print = () => (window.asked = true)")
    shown.page.get_by_role("button", name="Print").click()
    assert shown.page.evaluate("window.asked")


def test_how_precisely_a_place_is_known_is_drawn_to_scale(show_map: Show) -> None:
    same = {"x": 1.0, "y": 0.5, "precision": "city", "precision_km": 8}
    shown = show_map(same, {**same, "precision": "village", "precision_km": 2}, address="#map=11/0.5/1")
    (stack,) = shown.pictured()
    assert stack["n"] == 2
    west = shown.ask("map.map().latLngToContainerPoint([0.5, 1 - 8 / 111.32])")
    assert stack["x"] - west["x"] == pytest.approx(8000 / (40_075_017 / (256 * 2**11)), rel=0.01)
    inside, outside = (shown.pixel_at(west["x"] + step, west["y"])[3] for step in (3, -3))
    assert (inside > 0, outside) == (True, 0)


APART = """() => Object.values(window.incidentmap.map()._layers).filter((one) => one.options.slides).map((layer) => {
    const canvas = layer._container;
    const pixels = () => {
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
        copy.fillStyle = "white";
        copy.fillRect(0, 0, canvas.width, canvas.height);
        copy.drawImage(canvas, 0, 0);
        return copy.getImageData(0, 0, canvas.width, canvas.height).data;
    };
    const moved = pixels();
    layer.repaint();
    const painted = pixels();
    const apart = painted.filter((value, i) => Math.abs(value - moved[i]) > 32).length;
    return [new Set(painted).size, apart / painted.length];
})"""


@pytest.mark.parametrize("step", ["[137, 0]", "[-61, 45]", "[0, -90]"])
def test_what_a_move_leaves_is_what_painting_anew_gives(show_map: Show, step: str) -> None:
    spots = [{"x": 39.0, "y": 35.95, "killed_min": 40}, {"x": 43.13, "y": 36.34, "killed_min": 105}]
    regions = read_regions()
    shown = show_map(*spots, build={"regions": regions}, change=lambda incidents: join_regions(incidents, regions))
    shown.ask(f"map.map().panBy({step}, {{ animate: false }})")
    layers = shown.page.evaluate(APART)
    assert [values > 1 for values, _ in layers] == [True, True, True]
    assert max(apart for _, apart in layers) < 1e-4  # of half-covered pixels some are rounded otherwise


def test_another_screen_and_a_move_keep_the_ground_under_the_marks(show_map: Show) -> None:
    spots = [{"x": 39.0, "y": 35.95, "killed_min": 40}, {"x": 43.13, "y": 36.34, "killed_min": 105}]
    regions = read_regions()
    shown = show_map(*spots, build={"regions": regions}, change=lambda incidents: join_regions(incidents, regions))
    size = shown.page.viewport_size
    assert size
    screen = {**size, "deviceScaleFactor": 2, "mobile": False}
    shown.page.context.new_cdp_session(shown.page).send("Emulation.setDeviceMetricsOverride", screen)
    shown.settle()
    shown.ask("map.map().panBy([60, 40], { animate: false })")
    widths = shown.page.evaluate("() => [...document.querySelectorAll('canvas')].map(({ width }) => width)")
    assert len(set(widths)) == 1
    assert max(apart for _, apart in shown.page.evaluate(APART)) < 1e-4


def test_a_link_in_the_open_page_opens_its_incident(show_map: Show) -> None:
    shown = show_map(*ROWS, address="#incident=i1")
    card = shown.page.locator("#card")
    assert card.locator(".facts dd").get_by_text("i1", exact=True).is_visible()
    shown.page.evaluate("() => { location.hash = '#incident=i0'; }")
    card.locator(".facts dd").get_by_text("i0", exact=True).wait_for()
    shown.page.evaluate("() => { location.hash = '#'; }")
    card.wait_for(state="hidden")
    shown.page.wait_for_timeout(400)  # the address is written again when the reader rests
    assert "incident=" not in shown.page.url


def test_what_is_painted_while_a_link_is_read_is_not_kept(show_map: Show) -> None:
    shown = show_map(*ROWS)
    shown.page.evaluate("""() => window.addEventListener("hashchange", () => {
        window.incidentmap.regions();
        window.incidentmap.map().panBy([1, 0], { animate: false });
    })""")
    shown.page.evaluate("() => { location.hash = '#killed=100'; }")
    shown.page.locator("#sums .headline b").get_by_text("1", exact=True).wait_for()
    assert ids(shown, shown.drawn_rows()) == {"i1"}
    assert sum(region["incidents"] for region in shown.ask("map.regions()")) == 1


def test_where_all_records_are_counted_elsewhere_is_no_zero(show_map: Show) -> None:
    whole = {"x": 0.4, "y": 0.5, "actors": RUSSIA, "date_start": "2017-01-05", "killed_min": 20, "killed_max": 30}
    part = {"x": 1.4, "y": 0.5, "actors": RUSSIA, "date_start": "2017-02-05", "killed_min": 6, "related": "part of:i0"}
    shown = show_map(whole, part)
    assert [(one["incidents"], one["elsewhere"]) for one in shown.ask("map.regions()")] == [(1, False), (0, True)]
    cells = texts(shown, "#matrix tbody td")
    assert cells == ["1", "↔", "1"]
    assert "Incidents, toll unknown" in texts(shown, "#classes li")
    shown.ask("map.change({ text: 'i1' })")  # the part alone: it stands for itself
    assert texts(shown, "#matrix tbody td") == ["–", "1", "1"]


def test_where_a_record_is_said_to_be_that_is_not_placed_is_no_zero(show_map: Show) -> None:
    shown = show_map(
        {"x": 0.4, "y": 0.5, "killed_min": 20, "actors": RUSSIA}, {"admin1": "Westland, EASTLAND", "actors": "unknown"}
    )
    assert [(one["incidents"], one["elsewhere"]) for one in shown.ask("map.regions()")] == [(1, False), (0, True)]
    shown.page.locator("#by-region summary").click()
    shown.page.locator("#region-table td").first.wait_for()  # the page hears of the opening a moment later
    (rest,) = texts(shown, "#region-rest")
    assert rest == "1 governorate whose records are counted with others or not placed, which is no zero"
    shown.ask("map.change({ text: 'i0' })")
    assert [(one["elsewhere"], one["leftOut"]) for one in shown.ask("map.regions()")] == [(False, False), (False, True)]


def test_a_link_opens_the_same_view(show_map: Show, open_page: Show) -> None:
    shown = show_map(*ROWS)
    shown.page.get_by_role("button", name="Russia", exact=True).click()
    shown.page.get_by_role("button", name="March 2017", exact=True).click()
    shown.page.select_option("#shade", "incidents")
    shown.ask("map.map().setView([0.4, 1.1], 9, { animate: false })")
    shown.page.wait_for_url(re.compile(r"map=9%2F0\.4"))
    path, _, address = shown.page.url.partition("#")
    again = open_page(_Local(path), address=f"#{address}")
    assert again.drawn_rows() == shown.drawn_rows()
    assert again.ask("map.state().shade") == "incidents"
    assert again.ask("map.map().getZoom()") == 9


@pytest.mark.parametrize("names", [["Not graded"], ["Discounted", "Not graded"], ["Discounted"]])
def test_a_link_and_a_reload_keep_the_gradings_that_are_hidden(
    show_map: Show, open_page: Show, names: list[str]
) -> None:
    graded = [{**ROWS[0], "grading": grading} for grading in ("fair", "discounted", None)]
    shown = show_map(*graded)
    shown.page.locator("#filters summary").click()
    for name in names:
        shown.page.locator("#gradings").get_by_role("checkbox", name=name).click()
    shown.settle()
    told = texts(shown, "#sums .headline")
    shown.page.wait_for_url(re.compile("gradings="))
    path, _, address = shown.page.url.partition("#")
    assert texts(open_page(_Local(path), address=f"#{address}"), "#sums .headline") == told
    shown.page.reload()
    shown.page.wait_for_selector("body[data-ready]")
    assert texts(shown, "#sums .headline") == told


@pytest.mark.parametrize(("address", "n"), [("gradings=", 3), ("gradings=discounted+fair", 1), ("", 2)])
def test_older_links_hide_the_gradings_they_name(show_map: Show, address: str, n: int) -> None:
    graded = [{**ROWS[0], "grading": grading} for grading in ("fair", "discounted", None)]
    shown = show_map(*graded, address=f"#{address}")
    assert texts(shown, "#sums .headline b")[0] == str(n)


@pytest.mark.parametrize(
    ("language", "report", "told"),
    [
        (
            "en",
            "report.html",
            "This map needs JavaScript, which is off in this browser. The report beside it needs none:",
        ),
        ("en", "", "This map needs JavaScript, which is off in this browser."),
        ("ar", "report.html", "تحتاج هذه الخريطة إلى JavaScript، وهي متوقفة في هذا المتصفح. أما التقرير المرافق"),
    ],
)
def test_without_javascript_it_says_so_and_where_the_report_is(
    show_map: Show, chromium: Browser, language: str, report: str, told: str
) -> None:
    build = {"language": language, "title": "A <b>title</b>", "report": report}
    path, *_ = show_map(*ROWS, build=build).page.url.partition("#")
    page = chromium.new_page(java_script_enabled=False)
    page.goto(path)
    words = page.locator("body").inner_text()
    assert page.get_by_role("heading").all_inner_texts() == ["A <b>title</b>"]
    assert told in words
    assert [link.get_attribute("href") for link in page.get_by_role("link").all()] == [report] * bool(report)
    assert not page.locator("button, input, select, .leaflet-container").locator("visible=true").count()
    page.close()


def test_a_link_keeps_who_is_hidden_whatever_the_name(show_map: Show, open_page: Show, actors: pd.DataFrame) -> None:
    for name in ("Rapid Support Forces", "Forces"):
        actors.loc[name] = [name, "", "", "#123456", "square", ""]
    rows = [{**row, "actors": name} for row, name in zip(ROWS, [*actors.index[:2], *actors.index[-2:]], strict=False)]
    shown = show_map(*rows, build={"actors": actors})
    for name in ("Show Rapid Support Forces", "Show Russia"):
        shown.page.get_by_role("checkbox", name=name).uncheck()
    shown.page.wait_for_url(re.compile("off="))
    path, _, address = shown.page.url.partition("#")
    again = open_page(_Local(path), address=f"#{address}")
    assert again.drawn_rows() == shown.drawn_rows()
    assert ids(again, again.drawn_rows()) == {"i0", "i3"}
    older = open_page(_Local(path), address=f"#off={COALITION}+{RUSSIA}")
    assert ids(older, older.drawn_rows()) == {"i2", "i3"}


class _Local:
    """A file by the address that the browser has for it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def as_uri(self) -> str:
        return self.address


def test_what_every_map_must_say(show_map: Show) -> None:
    build = {"title": "A title", "subtitle": "Under it", "credit": "By us", "attribution": ["Data: them"]}
    shown = show_map(*ROWS, build=build)
    page = shown.page.locator("body").inner_text()
    for part in (
        "A title",
        "Under it",
        "By us",
        "Data: them",
        "10 February – 2 April 2017",
        "counted once",
        "not all that happened",
        "Boundaries: test (Aland), valid from 2016.",
        "Village 2 km",
        "1 record is not on the map",
    ):
        assert part in page


def test_an_incident_in_the_address_opens(show_map: Show) -> None:
    shown = show_map(*ROWS, address="#incident=i1")
    assert "105–141" in shown.page.get_by_role("dialog").inner_text()
    shown.page.keyboard.press("Escape")
    assert shown.page.get_by_role("dialog").count() == 0


def test_it_shows_in_a_notebook(
    open_page: Show,
    make_incidents: Callable[..., gpd.GeoDataFrame],
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: Path,
) -> None:
    incidents = join_regions(make_incidents(*ROWS), squares)
    own = folium.Circle((0.5, 0.5), radius=5000)
    page = build_map(incidents, regions=squares, actors=actors, attribution=())
    page.add_child(own)
    cell = tmp_path / "cell.html"
    cell.write_text(f"<!DOCTYPE html><body data-ready>{page._repr_html_()}", encoding="utf-8")
    frame = open_page(cell).page.frames[1]
    frame.wait_for_selector("body[data-ready=true]")
    assert frame.evaluate("window.incidentmap.picture().length") == 4
    assert frame.locator(".leaflet-overlay-pane path").count() == 1


def test_related_records_are_counted_once(show_map: Show) -> None:
    rows = [{**row, "incident_id": f"r{k}"} for k, row in enumerate(ROWS)]
    rows[0] |= {"related": "same event:r1", "grading": "weak", "killed_max": 9}
    rows[1] |= {"grading": "fair"}
    rows.append({**rows[0], "incident_id": "part", "related": "part of:r1", "killed_min": 2, "killed_max": 2})
    shown = show_map(*rows)

    def count() -> list[Any]:
        sums = shown.ask("map.sums()")
        return [sums["incidents"], sums["killed"]["low"], sums["killed"]["high"]]

    assert count() == [3, 3, 141]
    assert shown.ask("map.regions().map((r) => [r.incidents, r.killed_min, r.killed_max])")[0] == [1, 3, 141]
    assert texts(shown, "#matrix tfoot .sum")[-1] == "4"
    shown.ask("map.open([...Array(map.rows).keys()].at(0))")
    shown.settle()
    assert re.search(r"Counted as one\s+r0, r1, part: 3–141 civilians killed", shown.page.locator("#card").inner_text())
    shown.ask('map.change({ gradingsOff: new Set(["weak"]) })')  # the lead is hidden: the next carries itself
    assert count() == [3, 105, 141]
    shown.ask('map.change({ gradingsOff: new Set(["fair"]) })')
    assert count() == [3, 3, 9]


def test_whatever_is_left_out_the_page_counts_what_the_sums_do(
    show_map: Show, make_incidents: Callable[..., gpd.GeoDataFrame]
) -> None:
    """Chains of every relation, through records of each grading."""
    related = ["", "same event:r0", "overlaps:r1|part of:r5", "part of:r2", "supersedes:r3", "conflates:r6", "", "", ""]
    related += ["supersedes:r8", "part of:r9|same event:r11", "part of:r9"]
    gradings = ["confirmed", "fair", "weak", "contested", "discounted"]
    rows = [
        {
            "incident_id": f"r{k}",
            "related": text or None,
            "grading": gradings[k % 5],
            "date_start": f"2017-03-{1 + 7 * k % 12:02}",
            "killed_min": None if k == 4 else 1 << k,
            "killed_max": None if k == 3 else (1 << k) + k,
            "x": 0.2 + 0.2 * k,
            "y": 0.5,
        }
        for k, text in enumerate(related)
    ]
    shown = show_map(*rows)
    incidents = mark_events(make_incidents(*rows))
    for size in range(len(gradings)):
        for off in combinations(gradings, size):
            shown.ask(f"map.change({{ gradingsOff: new Set({json.dumps(off)}) }})")
            sums = shown.ask("map.sums()")
            total = total_ranges(incidents[~incidents["grading"].isin(off)])
            ends = [total[f"killed_{part}"] for part in ("min", "max", "unknown", "open")]
            told = [int(total["incidents"]), *(None if pd.isna(end) else int(end) for end in ends)]
            assert [
                sums["incidents"],
                *(sums["killed"][part] for part in ("low", "high", "unknown", "open")),
            ] == told, off


def test_a_minimum_is_no_upper_bound_of_an_event_without_a_minimum(show_map: Show) -> None:
    event: list[dict[str, Any]] = [
        {"incident_id": "c", "killed_max": 30, "x": 0.5, "y": 0.5},
        {"incident_id": "d", "killed_min": 40, "related": "same event:c", "x": 0.5, "y": 0.5},
    ]
    shown = show_map(*event)
    assert shown.ask("map.sums()")["killed"] == {"low": None, "high": 40, "unknown": 0, "open": 1}
    told = shown.page.locator("#sums").inner_text()
    assert "up to" not in told
    assert "no maximum known in 1 incident" in told
    shown = show_map({"killed_min": 5, "killed_max": 7, "x": 1.5, "y": 0.5}, *event)
    assert texts(shown, "#sums .headline")[1].split() == ["5–47", "or", "more", "civilians", "killed"]
