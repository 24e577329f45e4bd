"""Background images from the web: only when asked for, only from one host, and never missed when they stay away."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import geopandas as gpd

    from tests.browser.conftest import Shown

    Show = Callable[..., Shown]

ROWS: list[dict[str, Any]] = [{"x": 38.2, "y": 35.2, "actors": "russia"}, {"x": 39.7, "y": 35.8, "killed_min": 3}]
LABELS = """() => {
    const seen = [];
    const draw = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (...words) { seen.push(words); draw.apply(this, words); };
    window.incidentmap.change({ months: null });
    CanvasRenderingContext2D.prototype.fillText = draw;
    return seen.length;
}"""
"""Paint anew, and give the number of texts in the picture; no mark of these has one."""


@dataclass
class Server:
    """A tile server on this machine that gives the same green image everywhere."""

    address: str
    asked: list[tuple[str, str | None]] = field(default_factory=list)


def green() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)
    lines = zlib.compress((b"\0" + b"\x10\xc0\x40" * 256) * 256)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


@pytest.fixture(autouse=True)
def syria(squares: gpd.GeoDataFrame) -> None:
    """Lay the regions where the map inside the page has names."""
    squares["geometry"] = squares.translate(38, 35)


@pytest.fixture
def server() -> Iterator[Server]:
    image = green()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append((self.path, self.headers.get("Referer")))
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(image)))
            self.end_headers()
            self.wfile.write(image)

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Server(f"http://127.0.0.1:{httpd.server_address[1]}")
    thread = Thread(target=httpd.serve_forever)
    thread.start()
    yield served
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def provider(server: Server) -> dict[str, object]:
    url = f"{server.address}/{{z}}/{{x}}/{{y}}.png"
    return {"name": "Green", "url": url, "attribution": "(C) <b>Green</b> People", "max_zoom": 12}


def test_images_come_from_the_one_host_without_a_referrer(show_map: Show, server: Server) -> None:
    shown = show_map(*ROWS, build={"tiles": provider(server)}, allowed=server.address)
    page = shown.page
    page.wait_for_selector("#map-credit:not([hidden])")
    page.wait_for_load_state("networkidle")
    host = server.address.removeprefix("http://")
    assert page.locator("#map-credit").inner_text() == f"Background from {host}: © <b>Green</b> People"
    assert f"Images from {host}" in page.locator("#background").inner_text()
    assert f"{host} learns your internet address" in page.locator("#background").inner_text()
    assert server.asked
    assert all(referrer is None for _, referrer in server.asked)
    assert page.locator(".leaflet-tiles-pane img.leaflet-tile-loaded").count() > 1
    assert page.evaluate(LABELS) == 0, "the images have names of their own"
    assert shown.drawn_rows() == [0, 1]
    assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []


def test_a_reader_turns_them_off_and_a_link_keeps_them_off(show_map: Show, server: Server) -> None:
    shown = show_map(*ROWS, build={"tiles": provider(server)}, allowed=server.address)
    page = shown.page
    page.wait_for_selector("#map-credit:not([hidden])")
    page.get_by_role("checkbox", name="Images from").uncheck()
    page.wait_for_load_state("networkidle")
    asked = len(server.asked)
    shown.ask("map.map().setView([0.8, 0.7], 9, { animate: false })")
    shown.settle()
    assert len(server.asked) == asked
    assert page.locator("#map-credit").is_hidden()
    assert not page.locator(".leaflet-tiles-pane img").count()
    page.wait_for_url(re.compile("tiles=off"))
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert len(server.asked) == asked


def test_when_no_image_comes_the_map_inside_is_shown(show_map: Show) -> None:
    nowhere = Server("http://127.0.0.1:9")
    shown = show_map(*ROWS, build={"tiles": provider(nowhere)})
    page = shown.page
    assert "No image has come" in page.locator("#background").inner_text()
    assert page.locator("#map-credit").is_hidden()
    assert page.evaluate(LABELS) > 0
    assert shown.requests
    assert all(url.startswith(nowhere.address) for url in shown.requests)
    shown.requests.clear()
    shown.complaints[:] = [text for text in shown.complaints if "net::ERR" not in text]
