"""What a notebook shows of a map, and what it saves, in Chromium without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium
import geopandas as gpd
import pytest

from layers.map import explore_incidents

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.browser.conftest import Shown

HOSTILE = "</script><script>window.hacked = 1</script>{{7*7}}\"'"
DRAWN = "window.incidentmap?.picture().reduce((sum, { n }) => sum + n, 0)"


@pytest.fixture(scope="module")
def explored() -> folium.Map:
    frame = gpd.GeoDataFrame(
        {"date": ["2023-04-20", "2023-05-12", "2023-06-01"], "place": [HOSTILE, "El Geneina", "Nyala"], "killed": None},
        geometry=gpd.points_from_xy([30.2, 22.45, 24.88], [13.18, 13.45, 12.05], crs="EPSG:4326"),
    )
    shown = explore_incidents(frame, title=HOSTILE)
    shown.add_child(folium.Circle((13.5, 26), radius=80_000))
    return shown


def test_a_cell_shows_the_map(chromium: Browser, explored: folium.Map, tmp_path: Path) -> None:
    cell = tmp_path / "cell.html"
    cell.write_text(f"<!doctype html><body>{explored._repr_html_()}</body>", encoding="utf-8")
    page = chromium.new_page(offline=True)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(cell.as_uri())
    page.wait_for_function("() => document.querySelector('iframe').contentDocument?.body?.dataset.ready")
    frame = page.frame_locator("iframe")
    assert frame.locator("body").evaluate(f"() => {DRAWN}") == 3
    assert frame.locator("#title").inner_text() == HOSTILE
    assert frame.locator("path.leaflet-interactive").count() == 1
    assert frame.locator("body").evaluate("() => window.hacked ?? window.parent.hacked ?? null") is None
    assert [url for url in asked if not url.startswith(("file:", "data:", "about:"))] == []
    assert said == []
    page.close()


def test_what_is_saved_opens_offline(open_page: Callable[..., Shown], explored: folium.Map, tmp_path: Path) -> None:
    explored.save(tmp_path / "map.html")
    shown = open_page(tmp_path / "map.html")
    assert shown.page.evaluate(DRAWN) == 3
    assert shown.page.locator("path.leaflet-interactive").count() == 1
