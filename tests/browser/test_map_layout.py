"""The map page for everyone: right to left, on a phone, on paper, with a keyboard, without colours, embedded."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import pytest
import shapely
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from playwright.sync_api import FloatRect

    from tests.browser.conftest import Shown

    Show = Callable[..., Shown]

ROWS: list[dict[str, Any]] = [
    {"x": 0.2, "y": 0.2, "actors": "russia", "date_start": "2017-02-10", "place": "Here", "place_local": "هنا"},
    {"x": 0.7, "y": 0.8, "actors": "us-led-coalition", "killed_min": 105, "killed_max": 141},
    {"x": 1.2, "y": 0.3, "actors": "russia|us-led-coalition", "attribution": "contested"},
    {"actors": "russia", "country": "Aland", "grading": "discounted"},
]
SIZES = {"desk": (1440, 900), "tablet": (768, 1024), "phone": (390, 844)}


def boxes(shown: Shown, *selectors: str) -> list[FloatRect]:
    found = [shown.page.locator(selector).bounding_box() for selector in selectors]
    assert all(found)
    return [box for box in found if box]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_hangs_over_the_edge(show_map: Show, language: str, size: str) -> None:
    width, height = SIZES[size]
    shown = show_map(
        *ROWS, build={"language": language, "title": "A title of many words " * 4}, width=width, height=height
    )
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
    shown.page.evaluate("() => window.incidentmap.open(0)")
    shown.settle()
    stage, card = boxes(shown, "#stage", "#card")
    assert stage["height"] >= 300
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= width
    assert card["y"] + card["height"] <= height


def test_arabic_runs_from_right_to_left(show_map: Show) -> None:
    shown = show_map(*ROWS, build={"language": "ar"}, width=1440, height=900)
    panel, stage = boxes(shown, "#panel", "#stage")
    assert panel["x"] > stage["x"]
    text = shown.page.locator("#panel").inner_text()
    assert "متنازع عليه: روسيا أو التحالف الدولي" in text
    assert "استُبعد سجل واحد" in text
    first = shown.pictured()[0]
    shown.click_symbol(first)
    assert re.search("آذار|شباط", shown.page.get_by_role("dialog").inner_text())


@pytest.mark.parametrize(("language", "way"), [("en", "ltr"), ("ar", "rtl")])
def test_the_scale_bar_is_read_as_the_page_is(show_map: Show, language: str, way: str) -> None:
    bar = show_map(*ROWS, build={"language": language}).page.locator(".leaflet-control-scale-line")
    assert bar.evaluate("(bar) => getComputedStyle(bar).direction") == way


def test_a_single_place_is_shown_with_its_surroundings(show_map: Show) -> None:
    shown = show_map(ROWS[0], {**ROWS[0], "date_start": "2017-03-10"}, width=1440, height=900)
    stage, scale = boxes(shown, "#stage", ".leaflet-control-scale-line")
    kilometres = int(shown.page.locator(".leaflet-control-scale-line").inner_text().removesuffix(" km"))
    assert 100 <= kilometres * stage["height"] / scale["width"] <= 400


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("years", [1, 3, 25])
def test_the_months_have_names_that_do_not_touch(show_map: Show, language: str, size: str, years: int) -> None:
    width, height = SIZES[size]
    days = [f"{2000 + year}-{month:02}-10" for year in range(years) for month in range(1, 13)]
    rows = [{"x": 0.2, "y": 0.2, "actors": "russia", "date_start": day} for day in days]
    shown = show_map(*rows, build={"language": language}, width=width, height=height)
    lines = shown.page.evaluate(
        """() => [".by-month", ".year", ".by-year"].map((names) => [...document.querySelectorAll(`#bars ${names}`)]
            .filter((at) => at.checkVisibility() && at.textContent)
            .map((at) => {
                const range = document.createRange();
                range.selectNodeContents(at.firstChild);
                return range.getBoundingClientRect();
            }).map(({ left, right }) => [left, right]).sort((a, b) => a[0] - b[0]))"""
    )
    least = (13, 1, 0) if years == 1 and size == "desk" else (0, 0, min(years, 5))
    assert all(len(line) >= number for line, number in zip(lines, least, strict=True))
    assert all(ends[1] <= next_[0] for line in lines for ends, next_ in pairwise(line))
    wide = shown.page.locator("#bars i").evaluate_all("bars => bars.map((bar) => bar.getBoundingClientRect().width)")
    assert len(wide) == 12 * years
    assert min(wide) >= 0.4


def test_months_say_their_year_where_it_begins(show_map: Show) -> None:
    days = [*(f"2023-{month:02}-10" for month in range(11, 13)), *(f"2024-{month:02}-10" for month in range(1, 4))]
    shown = show_map(*({"x": 0.2, "y": 0.2, "date_start": day} for day in days), width=1440, height=900)
    under = [text.strip() for text in shown.page.locator("#bars > span").all_inner_texts()]
    assert under == ["All", "Nov\n2023", "Dec", "Jan\n2024", "Feb", "Mar"]


def test_arabic_puts_local_names_first(show_map: Show) -> None:
    shown = show_map(ROWS[0], build={"language": "ar"}, address="#incident=i0")
    assert shown.page.locator("#card h3").inner_text().split() == ["هنا", "Here"]


def test_every_word_is_there_in_both_languages(show_map: Show) -> None:
    shown = show_map(*ROWS, build={"language": "ar"})
    shown.page.locator("#filters summary").click()
    shown.page.locator("#unplaced summary").click()
    shown.page.locator("#by-region summary").click()
    shown.page.evaluate("() => window.incidentmap.change({ table: true })")
    shown.settle()
    words = shown.page.evaluate(
        "() => [...document.querySelectorAll('[data-t], legend, summary, thead th, option, #key span, #rules li,"
        " .leaflet-control-scale')]"
        ".map((node) => node.textContent)"
    )
    assert len(words) > 40
    assert not [text for text in words if re.search("[A-Za-z]{3,}", text.replace("MGRS", ""))]


def test_figures_are_read_from_left_to_right(show_map: Show) -> None:
    shown = show_map(*ROWS, build={"language": "ar"}, address="#incident=i1")
    figure = shown.page.locator("#card .main .figure")
    assert figure.inner_text() == "105–141"
    assert figure.get_attribute("dir") == "ltr"


@pytest.mark.parametrize("still", [True, False])
def test_the_map_jumps_for_readers_who_want_no_motion(show_map: Show, *, still: bool) -> None:
    shown = show_map(*ROWS, still=still)
    steps = shown.ask("""new Promise((done) => {
        let steps = 0;
        map.map().on("move", () => (steps += 1));
        map.map().panBy([80, 0]);
        setTimeout(() => done(steps), 500);
    })""")
    assert (steps == 1) == still


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_page_prints_on_one_sheet(show_map: Show, language: str) -> None:
    thanks = [f"Data of somebody, number {k}: " + "a long line of thanks " * 6 for k in range(6)]
    sets = [{"x": 0.1 * k, "y": 0.9, "actors": f"russia|group {k}", "attribution": "contested"} for k in range(8)]
    shown = show_map(*ROWS, *sets, scheme="dark", build={"language": language, "attribution": thanks})
    pdf = shown.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    size = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert size
    assert [round(float(side)) for side in size.groups()] == [842, 595]


def test_paper_shows_the_ground_under_the_marks(show_map: Show) -> None:
    shown = show_map(*ROWS)
    assert shown.pixel_at(5, 5)[3] == 0, "on the screen marks stand on canvases of their own"
    pictures = [int(width) for width in re.findall(rb"/Width (\d+)", shown.page.pdf(prefer_css_page_size=True))]
    assert pictures.count(max(pictures)) == 1, "a canvas above others erases them in what Chromium prints"
    shown.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    shown.settle()
    assert shown.pixel_at(5, 5)[3] == 255
    assert shown.page.locator(".leaflet-pane canvas").locator("visible=true").count() == 1


def test_paper_has_the_middle_of_what_is_on_the_screen(show_map: Show) -> None:
    shown = show_map(*ROWS, address="#map=9/0.4/1.1")
    middle = "(({ lat, lng }) => [lat, lng])(map.map().getCenter())"
    size = "(({ x, y }) => [x, y])(map.map().getSize())"
    before, screen = shown.ask(middle), shown.ask(size)
    for event in ("beforeprint", "afterprint"):
        shown.page.evaluate(f"() => window.dispatchEvent(new Event('{event}'))")
        shown.settle()
        assert shown.ask(middle) == pytest.approx(before, abs=0.002), event  # a pixel is 0.003 degrees wide
        assert (shown.ask(size) == screen) == (event == "afterprint")
    shown.page.get_by_role("button", name="Table").click()
    shown.settle()
    assert shown.ask(size) != screen
    assert shown.ask(middle) == pytest.approx(before, abs=0.002), "a table below leaves the middle where it was"


def test_paper_is_light_and_has_no_controls(show_map: Show) -> None:
    shown = show_map(*ROWS, {"country": "Aland", "killed_min": 5}, scheme="dark")
    shown.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    shown.settle()
    assert (
        not shown.page.locator("#timeline, .tools, #filters, .leaflet-control-zoom, #shade")
        .locator("visible=true")
        .count()
    )
    assert shown.page.locator("#shade-name").inner_text() == "Civilians killed, minimum"
    assert shown.page.locator("#unplaced-list li").is_visible(), "a short list is printed"
    assert (
        shown.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--land').trim()") == "#f4f1ea"
    )
    shown.page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    shown.settle()
    assert not shown.page.locator("#unplaced-list li").is_visible()
    assert shown.page.locator("#timeline").is_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_paper_holds_every_column_and_says_what_it_leaves_out(show_map: Show, language: str) -> None:
    days = [f"{year}-{month:02}-10" for year in (2016, 2017, 2018) for month in range(1, 13)]
    rows = [{"x": 0.2, "y": 0.2, "actors": "russia", "date_start": day} for day in days]
    lost = [{"country": "Aland", "place": f"Place {k}", "date_start": "2016-01-01"} for k in range(9)]
    shown = show_map(*rows, *lost, build={"language": language})
    months = shown.page.locator("#matrix thead button").all_inner_texts()
    shown.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    shown.settle()
    assert shown.page.locator("#matrix thead button").all_inner_texts() == ["2016", "2017", "2018"]
    assert shown.page.locator("#matrix tfoot td").all_inner_texts() == ["21", "12", "12", "45"]
    assert (
        shown.page.evaluate(
            "() => (({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)"
            "(document.querySelector('#matrix').parentElement)"
        )
        <= 0
    )
    assert shown.page.locator("#unplaced-list li").locator("visible=true").count() == 8
    assert shown.page.get_by_text("and 1 more" if language == "en" else "و1 أخرى").is_visible()
    shown.page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    shown.settle()
    assert shown.page.locator("#matrix thead button").all_inner_texts() == months
    shown.page.locator("#unplaced summary").click()
    assert shown.page.locator("#unplaced-list li").locator("visible=true").count() == 9


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_readers_scheme(show_map: Show, scheme: Literal["light", "dark"]) -> None:
    shown = show_map(*ROWS, scheme=scheme)
    paper = shown.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(int(part) for part in re.findall(r"\d+", paper)) > 380) == (scheme == "light")


def test_forced_colours_leave_the_play_button_and_the_months(show_map: Show) -> None:
    shown = show_map(*ROWS, {"x": 0.5, "y": 0.5, "date_start": "2017-05-02"}, address="#months=2017-05+2017-05")
    shown.page.emulate_media(forced_colors="active")
    toned = """([selector, pseudo]) => {
        const of = (node, part) => getComputedStyle(node, part).backgroundColor;
        const node = document.querySelector(selector);
        return [of(node, pseudo), of(document.getElementById("timeline"))];
    }"""
    tones = []
    for selector, pseudo in (("#play", "::after"), ("#bars .on i", None), ("#bars span:not(.on) i", None)):
        tone, ground = shown.page.evaluate(toned, [selector, pseudo])
        assert tone != ground, selector
        tones.append(tone)
    assert tones[1] != tones[2], "the month shown stands out"


def test_a_keyboard_reaches_everything(show_map: Show) -> None:
    shown = show_map(*ROWS)
    page = shown.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "panel"
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.dataset.key || ''"))
    assert {"c0", "l0", "m0", "x0/0", "shade", "table-button", "copy-link", "print"} <= reached


def test_a_click_in_the_matrix_keeps_the_focus(show_map: Show) -> None:
    shown = show_map(*ROWS)
    shown.page.locator('[data-key="m0"]').focus()
    shown.page.keyboard.press("Enter")
    shown.settle()
    assert shown.page.evaluate("document.activeElement.dataset.key") == "m0"


def test_the_card_takes_the_focus_and_gives_it_back(show_map: Show) -> None:
    shown = show_map(*ROWS)
    page = shown.page
    page.get_by_role("button", name="Table").click()
    page.wait_for_selector("#table tbody tr")
    opener = page.locator("#table .name").first
    opener.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#card:not([hidden])")
    assert page.evaluate("document.activeElement.id") == "card-title"
    page.keyboard.press("Escape")
    shown.settle()
    assert page.locator("#card").is_hidden()
    assert page.evaluate("document.activeElement.closest('#table') !== null")


def test_layers_differ_in_shape_and_not_only_in_colour(show_map: Show, actors: pd.DataFrame) -> None:
    shown = show_map(*ROWS, build={"actors": actors.assign(color="#777777")})
    glyphs = shown.page.locator("#matrix .glyph").evaluate_all("(all) => all.map((g) => g.innerHTML)")
    assert len(set(glyphs)) == 3


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 560)])
def test_embedded_it_is_a_map_its_months_and_its_key(show_map: Show, width: int, height: int) -> None:
    shown = show_map(*ROWS, address="#embed", build={"credit": "By us"}, width=width, height=height)
    assert shown.page.locator("#panel").is_hidden()
    stage, timeline, key = boxes(shown, "#stage", "#timeline", "#embed")
    assert (stage["width"], timeline["width"]) == (width, width)
    assert stage["height"] > 150
    assert key["y"] + key["height"] <= height
    assert shown.drawn_rows()
    words = shown.page.locator("#embed").inner_text()
    for part in ("Russia", "US-led coalition", "Contested: Russia or US-led coalition", "None reported", "By us"):
        assert part in words
    assert Axe().run(shown.page).response["violations"] == []


@pytest.mark.parametrize(
    ("width", "height", "least"), [(300, 250, 150), (320, 250, 150), (728, 90, 55), (600, 400, 170)]
)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_embedded_map_is_seen_however_small(
    show_map: Show, language: str, width: int, height: int, least: int
) -> None:
    sets = [{"x": 0.1 * k, "y": 0.5, "actors": f"A party of a long name {k}"} for k in range(8)]
    build = {"language": language, "credit": "By us"}
    shown = show_map(*ROWS, *sets, address="#embed=1&q=a", build=build, width=width, height=height)
    stage, key, link = boxes(shown, "#stage", "#embed", "#embed-about a")
    assert stage["height"] >= least
    assert key["y"] + key["height"] <= height
    if height < 300:
        assert shown.page.locator("#timeline").is_hidden()
        assert link["y"] < height, "the way to the whole map is seen"
    assert shown.drawn_rows()
    marks = [(one["x"], one["y"]) for one in shown.pictured()]
    assert all(0 < x < stage["width"] and 0 < y < stage["height"] for x, y in marks)
    assert Axe().run(shown.page).response["violations"] == []


def test_an_embedded_map_is_printed_whole_and_within_an_article_as_it_is(show_map: Show, tmp_path: Path) -> None:
    shown = show_map(*ROWS, address="#embed", width=600, height=400)
    shown.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    shown.settle()
    head, stage, figures = boxes(shown, "#title", "#stage", "#figures")
    assert head["height"] > 15
    assert stage["width"] > 650
    assert stage["height"] > 400
    assert figures["x"] >= stage["x"] + stage["width"]
    assert shown.page.locator("#embed").is_hidden()
    assert shown.drawn_rows()
    path, _, _ = shown.page.url.partition("#")
    shown.page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    article = tmp_path / "article.html"
    article.write_text(f'<iframe src="{path}#embed" width="600" height="400"></iframe>', encoding="utf-8")
    shown.page.goto(article.as_uri())
    framed = shown.page.frames[1]
    framed.wait_for_selector("body[data-ready]")
    framed.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert framed.locator("#embed").is_visible()
    assert framed.evaluate("() => window.incidentmap.map().getSize().x") == 600


def test_an_embedded_map_names_every_mark_it_has_room_for_and_what_has_none(show_map: Show) -> None:
    sets = [{"x": 0.1 * k, "y": 0.5, "actors": f"group {k}"} for k in range(12)]
    shown = show_map(*sets, {"country": "Aland", "killed_min": 5}, address="#embed")
    words = shown.page.locator("#embed").inner_text()
    assert all(f"group {k}" in words for k in range(12))
    assert "other actor set" not in words
    assert "1 incident is not on the map: at least 5" in words.replace("killed ", "")


def test_notes_in_english_are_said_to_be(show_map: Show) -> None:
    note = "“Here”: حلب, Aleppo (same name)"
    rows = [{"x": 0.2, "y": 0.2, "location_note": note}, {"country": "Aland", "location_note": note}]
    shown = show_map(*rows, build={"language": "ar", "attribution": ["Names: GeoNames"]}, address="#incident=i0")
    for where in ("#card", "#unplaced-list", "#credits"):
        marked = shown.page.locator(f"{where} [lang=en][dir=ltr]").all_text_contents()
        assert marked == (["Names: GeoNames"] if where == "#credits" else [note]), where


def test_the_link_under_an_embedded_map_opens_the_whole_page_as_it_is(show_map: Show) -> None:
    shown = show_map(*ROWS, address="#embed")
    shown.ask("map.change({ shade: 'incidents' })")
    shown.settle()
    with shown.page.context.expect_page() as opened:
        shown.page.get_by_role("link", name="Whole map").click()
    whole = opened.value
    whole.wait_for_selector("body[data-ready]")
    assert whole.locator("#panel").is_visible()
    assert whole.locator("#shade").input_value() == "incidents"


def test_a_finger_opens_a_mark(show_map: Show) -> None:
    shown = show_map(*ROWS, width=390, height=844, touch=True)
    mark = shown.pictured()[0]
    box = boxes(shown, ".folium-map")[0]
    shown.page.touchscreen.tap(box["x"] + mark["x"], box["y"] + mark["y"])
    shown.page.wait_for_selector("#card:not([hidden])")


def test_an_areas_symbol_makes_room(show_map: Show, squares: gpd.GeoDataFrame) -> None:
    area = squares.loc[squares["pcode"] == "A1", "geometry"].iloc[0]
    row = {"geometry": area, "precision": "admin1", "located_by": "regions:A1"}
    spots = [{"x": 0.5 + dx / 500, "y": 0.5 + dy / 500} for dx in range(3) for dy in range(3)]
    shown = show_map(row, *spots, {"x": 1.9, "y": 0.9})
    symbols = shown.pictured()
    mark = next(s for s in symbols if s["area"])
    for other in symbols:
        apart = ((mark["x"] - other["x"]) ** 2 + (mark["y"] - other["y"]) ** 2) ** 0.5
        assert other is mark or apart >= mark["radius"] + other["radius"]


def test_what_an_areas_symbol_has_no_room_beside_lies_above_it(show_map: Show) -> None:
    area = {"geometry": shapely.box(0.49, 0.49, 0.51, 0.51), "precision": "admin1", "located_by": "regions:A1"}
    mark = {"x": 0.505, "y": 0.5, "actors": "russia", "place": "Sarmada"}
    shown = show_map(*[area] * 20, mark, {"x": 1.9, "y": 0.9})
    above = next(s for s in shown.pictured() if s["n"] == 1)
    assert shown.pixel_at(above["x"], above["y"])[:3] == [0xD5, 0x5E, 0x00]
    shown.click_symbol(above)
    assert "Sarmada" in shown.page.get_by_role("dialog").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_axe_finds_nothing(show_map: Show, language: str, scheme: Literal["light", "dark"], size: str) -> None:
    width, height = SIZES[size]
    shown = show_map(*ROWS, build={"language": language}, width=width, height=height, scheme=scheme)
    shown.page.evaluate("() => document.querySelectorAll('details').forEach((node) => (node.open = true))")
    shown.page.evaluate("() => window.incidentmap.change({ table: true })")
    shown.page.evaluate("() => window.incidentmap.open(1)")
    shown.settle()
    found = Axe().run(shown.page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
