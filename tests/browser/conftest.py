"""Pages opened in Chromium with the network off; a request, an error or a warning fails the test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import sync_playwright

from geo.regions import join_regions
from layers.map import write_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from playwright.sync_api import Browser, Page, Route

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Shown:
    """A map in the browser.

    Parameters
    ----------
    page
        The page, ready.
    requests
        Addresses it asked for beyond its own file, and those it was allowed to ask.
    complaints
        What it said on the console, and errors nobody caught.
    """

    page: Page
    requests: list[str]
    complaints: list[str]

    def ask(self, script: str) -> Any:  # noqa: ANN401 - whatever the page answers
        """Return what the page answers to a script in which ``map`` is its open side."""
        return self.page.evaluate(f"async () => {{ const map = window.incidentmap; return {script}; }}")

    def settle(self) -> None:
        """Wait until what was asked for is drawn."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")

    def pictured(self) -> list[dict[str, Any]]:
        """Return the symbols drawn."""
        symbols: list[dict[str, Any]] = self.ask("map.picture()")
        return symbols

    def drawn_rows(self) -> list[int]:
        """Return the rows that some symbol stands for, sorted."""
        return sorted(row for symbol in self.pictured() for row in symbol["rows"])

    def click_symbol(self, symbol: dict[str, Any]) -> None:
        """Click where a symbol is drawn."""
        box = self.page.locator(".folium-map").bounding_box()
        assert box
        self.page.mouse.click(box["x"] + symbol["x"], box["y"] + symbol["y"])
        self.settle()

    def pixel_at(self, x: float, y: float, *, pane: str = "marks") -> list[int]:
        """Return red, green, blue and opacity of a pixel of one layer, at a point of the map."""
        pixel: list[int] = self.page.evaluate(
            """([x, y, pane]) => {
                const canvas = document.querySelector(`.leaflet-${pane}-pane canvas`);
                const map = document.querySelector(".folium-map").getBoundingClientRect();
                const box = canvas.getBoundingClientRect();
                const copy = new OffscreenCanvas(canvas.width, canvas.height)
                    .getContext("2d", { willReadFrequently: true });
                copy.drawImage(canvas, 0, 0);
                const scale = canvas.width / box.width;
                const at = [map.left + x - box.left, map.top + y - box.top].map((v) => Math.round(v * scale));
                return [...copy.getImageData(...at, 1, 1).data];
            }""",
            [x, y, pane],
        )
        return pixel


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Shown]]:
    """Return a function that opens a file; when the test ends, no page may have asked or complained."""
    opened: list[Shown] = []

    def show(
        path: Path,
        *,
        address: str = "",
        width: int = 1280,
        height: int = 800,
        scheme: Literal["light", "dark"] = "light",
        touch: bool = False,
        still: bool = False,
        allowed: str = "",
    ) -> Shown:
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            has_touch=touch,
            reduced_motion="reduce" if still else "no-preference",
            offline=not allowed,
        )
        context.set_default_timeout(8000)
        page = context.new_page()
        shown = Shown(page, [], [])

        def refuse(route: Route) -> None:
            if route.request.url.startswith(("file:", *filter(None, [allowed]))):
                route.continue_()
            else:
                shown.requests.append(route.request.url)
                route.abort()

        page.route("**", refuse)
        page.on("console", lambda message: shown.complaints.append(message.text))
        page.on("pageerror", lambda error: shown.complaints.append(str(error)))
        page.goto(path.as_uri() + address)
        page.wait_for_selector("body[data-ready]")
        opened.append(shown)
        return shown

    yield show
    for shown in opened:
        shown.page.context.close()
    assert [shown.requests for shown in opened] == [[]] * len(opened)
    assert [shown.complaints for shown in opened] == [[]] * len(opened)


@pytest.fixture
def show_map(
    open_page: Callable[..., Shown],
    make_incidents: Callable[..., gpd.GeoDataFrame],
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: Path,
) -> Callable[..., Shown]:
    """Return a function that maps rows (see ``make_incidents``) and opens the map."""

    def show(
        *rows: dict[str, Any],
        build: dict[str, Any] | None = None,
        change: Callable[..., Any] | None = None,
        **view: object,
    ) -> Shown:
        incidents = join_regions(make_incidents(*rows), squares)
        if change:
            incidents = change(incidents)
        path = tmp_path / "map.html"
        write_map(incidents, path, **{"regions": squares, "actors": actors, "attribution": (), **(build or {})})
        return open_page(path, **view)

    return show
