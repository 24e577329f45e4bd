"""Hostile texts in every field are shown as they are, run nothing and ask for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.schema import fields
from layers.map import write_map
from layers.page.columns import TOLD_OTHERWISE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from playwright.sync_api import Browser

    from tests.browser.conftest import Shown

    Show = Callable[..., Shown]

HOSTILE = [
    "{{7*7}}",
    "{% raw %}",
    "{% if 1 %}a{% endif %}",
    "{# note #}",
    "50 {% killed",
    "{{().__class__.__base__}}",
    "</script><script>window.hacked = 1</script>",
    "<!--<script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<svg onload=window.hacked=1>",
    "<iframe srcdoc='<script>parent.hacked = 1</script>'></iframe>",
    "`",
    "`${window.hacked = 1}`",
    "\\\\`",
    "D:\\2017\\a.pdf",
    "C:\\users\\x \\x41 \\1 \\u0041",
    "a\u2028b\u2029c",
    "a\u202ecba\u2066d",
    "Russi\u0430 \u200b\u00a0x",
    "=HYPERLINK('x')",
    "]]> &amp; & \x0b \x7f",
    "\ud83d\udca5 𝕏 \U0001f4a5".encode("utf-16", "surrogatepass").decode("utf-16"),
    "x" * 300,
]
TEXTS = [f.name for f in fields("stated", "geocoded") if f.kind in {"text", "id"} and f.name not in TOLD_OTHERWISE]
FIELDS = [*TEXTS, "sources", "grading", "adm1_name", "adm2_name", "adm3_name"]
SHOWN = 14
"""Fields of them that the card of an incident shows."""
PLACES = [{"x": 0.05 + 0.08 * k, "y": 0.5} for k in range(len(HOSTILE))]


def test_hostile_text_is_shown_literally(show_map: Show) -> None:
    def spoil(incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return incidents.assign(**dict.fromkeys(FIELDS, HOSTILE))

    shown = show_map(*PLACES, change=spoil)
    assert sum(symbol["n"] for symbol in shown.pictured()) == len(HOSTILE)
    rows: list[dict[str, Any]] = shown.ask(
        "Promise.all(Array.from({ length: map.rows }, (_, row) => map.incident(row)))"
    )
    for field in FIELDS:
        assert sorted(row[field] for row in rows) == sorted(HOSTILE)
    for row in rows:
        shown.page.evaluate("(row) => window.incidentmap.open(row)", row["row"])
        shown.settle()
        text = shown.page.locator("#card").evaluate("(card) => card.textContent")
        assert text.count(row["place"].strip()) >= SHOWN
    shown.page.evaluate("() => window.incidentmap.change({ table: true })")
    shown.page.wait_for_selector("#table tbody tr")
    assert sorted(shown.page.locator("#table .name bdi").all_text_contents()) == sorted(HOSTILE)
    assert shown.page.evaluate("window.hacked") is None
    assert shown.page.locator("#page iframe, #page img, #page svg[onload], #page script").count() == 0


def test_hostile_actors_titles_and_regions_are_shown_literally(
    show_map: Show, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    for k, text in enumerate(HOSTILE):
        actors.loc[f"actor {k}"] = [text, text, "", "#123456", "circle", ""]
    rows = [{**place, "actors": f"actor {k}"} for k, place in enumerate(PLACES)]
    regions = squares.assign(source=[HOSTILE[k] for k in range(len(squares))])
    title = HOSTILE[6]
    build = {"actors": actors, "regions": regions, "title": title, "credit": HOSTILE[8], "attribution": HOSTILE[:12]}
    shown = show_map(*rows, build=build)
    assert shown.page.title() == title
    assert shown.page.locator("#title").inner_text() == title
    names = shown.page.locator("#matrix .name bdi").all_text_contents()
    assert sorted(names) == sorted(HOSTILE)
    credits_shown = shown.page.locator("#credits bdi").all_text_contents()
    assert set(HOSTILE[:12]) <= set(credits_shown)
    assert shown.page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    "address",
    [
        "javascript:window.hacked=1",
        " java\nscript:window.hacked=1",
        "data:text/html,<script>window.hacked=1</script>",
        "file:///etc/passwd",
        "//example.org/x",
        "https://exa mple.org/",
        "Https:x",
    ],
)
def test_only_web_addresses_become_links(show_map: Show, address: str) -> None:
    shown = show_map({"x": 0.5, "y": 0.5, "sources": f"{address}|https://example.org/ok"}, address="#incident=i0")
    links = shown.page.locator("#card a").evaluate_all("(all) => all.map((a) => a.getAttribute('href'))")
    assert links == ["https://example.org/ok"]


def test_an_address_is_shown_as_the_one_it_leads_to(show_map: Show) -> None:
    turned = "https://example.org/\u202egpj.exe\u2066\u200f\u061c"
    shown = show_map({"x": 0.5, "y": 0.5, "sources": f"{turned}|a \u200fpaper"}, address="#incident=i0")
    link = shown.page.locator("#card .sources a")
    spelt = "example.org/%E2%80%AEgpj.exe%E2%81%A6%E2%80%8F%D8%9C"
    assert link.text_content() == spelt
    assert link.evaluate("(a) => [a.href, a.title]") == [f"https://{spelt}"] * 2


def test_the_policy_blocks_an_injected_script(chromium: Browser, show_map: Show, tmp_path: Path) -> None:
    show_map({"x": 0.5, "y": 0.5})
    html = (tmp_path / "map.html").read_text("utf-8")
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(html.replace("</body>", "<script>window.hacked = 1</script></body>", 1), encoding="utf-8")
    page = chromium.new_page(offline=True)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(spoilt.as_uri())
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate("window.hacked") is None
    assert any("Content Security Policy" in text for text in said)
    page.close()


def test_any_text_comes_back_from_the_page(
    open_page: Show,
    make_incidents: Callable[..., gpd.GeoDataFrame],
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: Path,
) -> None:
    gathered: list[str] = []

    @settings(max_examples=400, database=None, derandomize=True)
    @given(
        st.lists(
            st.text(st.characters(codec="utf-8"), max_size=30) | st.text("{}%#<>&`\\\"'/|= \u2028\u202e"), min_size=25
        )
    )
    def gather(texts: list[str]) -> None:
        gathered.extend(texts)

    gather()
    assert len(gathered) >= 10_000
    incidents = make_incidents(*[{"x": 0.5, "y": 0.5, "place": "x"}] * len(gathered))
    incidents = incidents.assign(place=gathered, **{f.name: None for f in fields("joined")})
    write_map(incidents, tmp_path / "map.html", regions=squares, actors=actors, attribution=())
    shown = open_page(tmp_path / "map.html")
    back = shown.ask(
        "Promise.all(Array.from({ length: map.rows }, async (_, row) => (await map.incident(row)).place))"
        ".then((all) => all.map((text) => { const node = document.createElement('bdi'); node.textContent = text;"
        " return node.textContent; }))"
    )
    order = shown.ask(
        "Promise.all(Array.from({ length: map.rows }, async (_, row) => (await map.incident(row)).incident_id))"
    )
    assert [gathered[int(i.removeprefix("i"))] for i in order] == back
