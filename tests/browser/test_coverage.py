"""Zeros and gaps on the page, by the coverage windows of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from geo.actors import read_actors
from geo.coverage import read_coverage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from tests.browser.conftest import Shown

    Show = Callable[..., Shown]

ROWS: list[dict[str, Any]] = [
    {"x": 0.5, "y": 0.2, "actors": "russia", "killed_min": 3, "date_start": "2017-02-03"},
    {"x": 0.5, "y": 0.2, "actors": "us-led-coalition", "killed_min": 2, "date_start": "2017-03-03"},
    {"x": 0.5, "y": 0.2, "actors": "russia", "killed_min": 1, "date_start": "2017-04-03"},
]
WINDOWS = """source,country,actor,from,to,status,note
S,Aland,us-led-coalition,2017-01-01,,covered,
S,Aland,russia,2017-01-01,2017-03-23,covered,
S,Aland,russia,2017-03-24,,suspended,<b>no hands</b>
"""


@pytest.fixture
def coverage(squares: gpd.GeoDataFrame, tmp_path: Path) -> pd.DataFrame:
    (tmp_path / "coverage.csv").write_text(WINDOWS, encoding="utf-8")
    return read_coverage(tmp_path / "coverage.csv", actors=read_actors(), regions=squares)


def gaps(shown: Shown) -> list[bool]:
    found: list[bool] = shown.ask("map.regions().map((region) => region.gap)")
    return found


def drawn(shown: Shown, longitude: float, latitude: float) -> bytes:
    """Return a picture of the land around a place."""
    shown.ask(f"map.map().setView([{latitude}, {longitude}], 8, {{ animate: false }})")
    shown.settle()
    box = shown.page.locator(".folium-map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    return shown.page.screenshot(clip={"x": x - 20, "y": y - 20, "width": 40, "height": 40})


def test_a_region_without_incidents_is_a_zero_only_where_all_that_is_chosen_was_covered(
    show_map: Show, coverage: pd.DataFrame
) -> None:
    shown = show_map(*ROWS, build={"coverage": coverage})
    assert gaps(shown) == [False, True], "Russia was not covered at the end"
    gap = drawn(shown, 1.5, 0.3)
    shown.ask("map.change({ alone: map.layerNames.indexOf('US-led coalition') })")
    assert gaps(shown) == [False, False]
    zero = drawn(shown, 1.5, 0.3)
    assert len(zero) < len(gap), "a plain picture is smaller than a hatched one"
    shown.ask("map.change({ alone: map.layerNames.indexOf('Russia'), months: [0, 0] })")
    assert gaps(shown) == [False, False]
    shown.ask("map.change({ months: [2, 2] })")
    assert gaps(shown) == [False, True]


def test_the_table_of_actors_tells_numbers_zeros_and_gaps(show_map: Show, coverage: pd.DataFrame) -> None:
    page = show_map(*ROWS, build={"coverage": coverage}).page
    rows = {name: page.locator("#matrix tbody tr", has_text=name).locator("td") for name in ("Russia", "US-led")}
    assert [cell.inner_text() for cell in rows["Russia"].all()] == ["1", "–", "1", "2"]
    assert [cell.inner_text() for cell in rows["US-led"].all()] == ["0", "1", "0", "1"]
    assert rows["Russia"].nth(1).locator("span").get_attribute("title") == "covered in part"
    assert rows["Russia"].nth(2).locator("button").get_attribute("title") == "assessment suspended"
    assert rows["Russia"].nth(0).locator("button").get_attribute("title") is None
    assert "Not covered, or only in part: no zero" in page.locator("#classes").inner_text()


def test_paper_says_what_the_signs_of_the_table_are(show_map: Show, coverage: pd.DataFrame) -> None:
    shown = show_map(*ROWS, build={"coverage": coverage})
    key = shown.page.locator("#matrix-key")
    assert key.is_hidden(), "on the screen each sign has its words"
    shown.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    dash = "– no zero: not covered in full, or only records that are left out"
    assert key.inner_text() == f"{dash}; 1 (underlined) listed, though coverage is suspended, missing or not stated"
    underlined = key.locator(".part").evaluate("(sign) => getComputedStyle(sign).textDecorationStyle")
    assert underlined == "dotted"
    shown = show_map(*ROWS)
    shown.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert shown.page.locator("#matrix-key").inner_text() == "· no incident listed, which is no zero"


def test_the_page_lists_the_windows(show_map: Show, coverage: pd.DataFrame) -> None:
    page = show_map(*ROWS, build={"coverage": coverage}).page
    told = page.locator("#windows li").all_inner_texts()
    assert len(told) == 3
    assert told[2] == "S · Russia · Aland: assessment suspended · 24 March 2017 – … – <b>no hands</b>"


def test_without_windows_nothing_is_said_of_coverage(show_map: Show) -> None:
    shown = show_map(*ROWS)
    assert gaps(shown) == [None, None]
    assert shown.page.locator("#coverage").is_hidden()
    assert shown.page.locator("#matrix td .none").first.inner_text() == "·"


def test_how_sure_an_attribution_is_stands_on_the_card(show_map: Show) -> None:
    shown = show_map({**ROWS[0], "attribution_confidence": "believed"})
    shown.ask("map.open(0)")
    shown.page.wait_for_selector("#card:not([hidden])")
    assert "Confidence of the attribution: believed, not certain" in shown.page.locator("#card .who").inner_text()


def test_the_figures_in_words_tell_zeros_from_gaps(show_map: Show, coverage: pd.DataFrame) -> None:
    shown = show_map(*ROWS, build={"coverage": coverage})
    shown.page.get_by_text("Figures by governorate").click()
    shown.settle()
    rest = shown.page.locator("#region-rest")
    assert rest.inner_text() == "1 governorate not covered, or only in part"
    shown.ask("map.change({ alone: map.layerNames.indexOf('US-led coalition') })")
    assert rest.inner_text() == "1 governorate with none reported"
