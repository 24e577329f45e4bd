"""Measure the map page in Chromium with the network refused, beside what else draws points from Python.

    python bench/map.py [--ours 1000 350000 1000000] [--peers NAME...] [--rounds 3] [--libraries DIR]

Incidents are made up (seeded): 25 years in the 17 countries of the built-in gazetteer, at a place or a point near one,
some places with many incidents and most with few, each with place, governorate, country, date, actors, killed from-to,
grading, type of event, source and a sentence for the popup. A page is built in a process of its own from incidents that
lie on the disk (CPU seconds of building alone, and memory that it takes beyond the incidents), ``rounds`` times, and
opened as often; medians are printed.

Ours is *drawn* when it says so (performance mark ``incidents-drawn``), a peer when two pictures of it are the same and
not blank. A *switch* shows one month, or one actor, alone; a *pan* moves the map by 200 pixels. All end when the
browser has drawn, and each is the median of nine in one opening. Peers are measured when they are installed, and named
as missing when not:

    pip install folium mapclassify pydeck lonboard plotly

Most of them link files on the web and are blank without it. To time them nevertheless, files by these names are given
to them from ``--libraries``: leaflet.markercluster.js, MarkerCluster.css, MarkerCluster.Default.css,
leaflet.awesome-markers.js and jquery-3.7.1.min.js, as ``npm pack`` brings them; Leaflet comes with our own page.
"""

from __future__ import annotations

import argparse
import gc
import importlib.metadata
import importlib.resources
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.image import imread
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright

from geo.gazetteer import read_gazetteer
from geo.regions import join_regions, read_regions
from geo.schema import CRS, DTYPES, POINT_RADIUS_KM, fields
from layers.map import write_map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Route

FLAGS = ["--no-sandbox", "--disable-background-networking", "--enable-unsafe-swiftshader"]
ACTORS = ("us-led-coalition", "russia", "syrian-government", "isis", "turkey", "iraqi-forces", "israel", "unknown")
TYPES = ("airstrike", "shelling", "ground assault", "car bomb", "landmine", "small arms")
GRADES = ("confirmed", "fair", "weak", "contested")
TARGETS = ("a house", "a market", "a school", "a road", "a farm", "a mosque", "a hospital", "a bakery", "a convoy")
SAID_BY = (
    "residents",
    "a local council",
    "a hospital",
    "civil defence",
    "a monitoring group",
    "the army",
    "a relative",
)
WAIT = 120.0
"""Seconds after which a page counts as blank."""
STILL = 1.0
"""Seconds for which a picture is the same when it is done."""
SEEN, MARKS = 0.1, 200
"""A mark stands out by so much of full brightness; so many pixels of marks are a drawn picture."""
BY_LINK = ("circlemarker", "fastcluster", "explore", "lonboard")
"""Peers whose pages link their libraries."""


def make_incidents(count: int) -> gpd.GeoDataFrame:
    """Return made-up located incidents."""
    draw = np.random.default_rng(2017)
    regions = read_regions()
    places = read_gazetteer(regions=regions).listing.places
    spots = max(40, count // 8)  # about as many incidents to a place as in UCDP GED
    home = draw.integers(0, len(places), spots)
    shift = draw.normal(0, 0.04, (spots, 2)).round(4) * (draw.random(spots) < 0.5)[:, None]  # noqa: PLR2004 - every other
    often = draw.pareto(1.2, spots)
    at = draw.choice(spots, count, p=often / often.sum())
    chosen = places.loc[home[at]].reset_index(drop=True)
    names = regions[regions["level"] == 0].drop_duplicates("country").set_index("country")["name"]
    killed = np.minimum(draw.zipf(1.8, count) - 1, 400)
    day = np.sort(draw.integers(0, 25 * 365, count))  # lists are written day by day, and so are numbered
    start = pd.Timestamp("2000-01-01") + pd.to_timedelta(day, unit="D")
    pick = lambda words: pd.Series(np.array(words, dtype=object)[draw.integers(0, len(words), count)])  # noqa: E731 - a short name
    kind, target = pick(TYPES), pick(TARGETS)
    told = kind.str.capitalize() + " at " + target + ": " + killed.astype(str)
    several = draw.random(count) < 0.05  # noqa: PLR2004 - one in twenty is contested
    columns = {
        "incident_id": pd.Series(np.arange(count)).map("i{:07d}".format),
        "date_start": start,
        "date_end": start,
        "date_precision": "day",
        "place": chosen["name"],
        "admin1": None,
        "country": chosen["country"].map(names),
        "actors": pick(ACTORS).mask(several, "russia|syrian-government"),
        "attribution": pd.Series("sole", range(count)).mask(several, "contested"),
        "killed_min": killed,
        "killed_max": killed + draw.integers(0, 4, count),
        "grading": pick(GRADES),
        "event_type": kind,
        "description": told + " people killed, according to " + pick(SAID_BY) + ".",
        "sources": "https://example.org/report/"
        + pd.Series(np.arange(count) + draw.integers(0, 50, count)).astype(str),
        "precision": "village",
        "precision_km": POINT_RADIUS_KM["village"],
        "located_by": "gazetteer:" + chosen["id"],
    }
    known = list(fields("stated", "geocoded"))
    frame = pd.DataFrame({f.name: columns.get(f.name) for f in known}, index=range(count), dtype=object)
    frame = frame.astype({f.name: DTYPES[f.kind] for f in known})
    points = gpd.points_from_xy(chosen["lon"] + shift[at, 0], chosen["lat"] + shift[at, 1])
    return join_regions(gpd.GeoDataFrame(frame, geometry=points, crs=CRS), regions)


def build_ours(incidents: gpd.GeoDataFrame, path: Path) -> None:
    """Build our page."""
    write_map(incidents, path)


def build_circle_markers(incidents: gpd.GeoDataFrame, path: Path) -> None:
    """Build one folium.CircleMarker with a popup for each incident."""
    import folium

    page = folium.Map(location=(33, 44), zoom_start=4, tiles=None)
    for x, y, text in zip(incidents.geometry.x, incidents.geometry.y, incidents["description"], strict=True):
        folium.CircleMarker((y, x), radius=4, popup=text).add_to(page)
    page.save(path)


def build_fast_cluster(incidents: gpd.GeoDataFrame, path: Path) -> None:
    """Build folium's FastMarkerCluster; it takes points and nothing else."""
    import folium
    from folium.plugins import FastMarkerCluster

    page = folium.Map(location=(33, 44), zoom_start=4, tiles=None, maxZoom=18)
    spots = np.column_stack([incidents.geometry.y, incidents.geometry.x]).round(5).tolist()
    FastMarkerCluster(spots).add_to(page)
    page.save(path)


def build_explore(incidents: gpd.GeoDataFrame, path: Path) -> None:
    """Build GeoDataFrame.explore with its tooltips."""
    shown = incidents[[*SHOWN, "geometry"]].assign(date_start=incidents["date_start"].astype(str))
    shown.explore(column="actors", tiles=None, legend=False, location=(33, 44), zoom_start=4).save(path)


def build_pydeck(incidents: gpd.GeoDataFrame, path: Path) -> None:
    """Build a ScatterplotLayer of pydeck with a tooltip, its own library in the file."""
    import pydeck

    shown = pd.DataFrame(incidents[["description"]]).assign(x=incidents.geometry.x, y=incidents.geometry.y)
    layer = pydeck.Layer("ScatterplotLayer", shown, get_position="[x, y]", get_radius=3000, pickable=True)
    view = pydeck.ViewState(latitude=33, longitude=44, zoom=4)
    deck = pydeck.Deck([layer], initial_view_state=view, map_provider=None, tooltip={"text": "{description}"})
    deck.to_html(str(path), offline=True, open_browser=False)


def build_lonboard(incidents: gpd.GeoDataFrame, path: Path) -> None:
    """Build a ScatterplotLayer of lonboard."""
    import lonboard

    layer = lonboard.ScatterplotLayer.from_geopandas(incidents[[*SHOWN, "geometry"]], get_radius=3000)
    lonboard.Map(layer).to_html(path)


def build_plotly(incidents: gpd.GeoDataFrame, path: Path) -> None:
    """Build plotly's scatter_map with hover texts, its own library in the file, on an empty ground."""
    import plotly.express as px

    figure = px.scatter_map(
        lat=incidents.geometry.y,
        lon=incidents.geometry.x,
        color=incidents["actors"],
        hover_name=incidents["description"],
        zoom=4,
        map_style="white-bg",
        center={"lat": 33, "lon": 44},
    )
    figure.write_html(path, include_plotlyjs=True)


@dataclass(frozen=True)
class Peer:
    """Something else that draws points.

    Parameters
    ----------
    name
        What people call it.
    package
        What must be installed.
    count
        Incidents it is given: as many as people give it.
    build
        Writes its page.
    lacks
        What its page does not have.
    """

    name: str
    package: str
    count: int
    build: Callable[[gpd.GeoDataFrame, Path], None]
    lacks: str


SHOWN = ["place", "adm1_name", "country", "date_start", "actors", "killed_min", "killed_max", "grading", "description"]
NOTHING = "base map, time, filters, sums, table, link to a view, print, Arabic"
PEERS = {
    "circlemarker": Peer("folium CircleMarker", "folium", 5_000, build_circle_markers, f"layers, {NOTHING}"),
    "fastcluster": Peer(
        "folium FastMarkerCluster", "folium", 350_000, build_fast_cluster, f"actors, popups, {NOTHING}"
    ),
    "explore": Peer("GeoDataFrame.explore", "mapclassify", 10_000, build_explore, NOTHING),
    "pydeck": Peer("pydeck, offline", "pydeck", 350_000, build_pydeck, f"actors, {NOTHING}"),
    "lonboard": Peer("lonboard", "lonboard", 350_000, build_lonboard, NOTHING),
    "plotly": Peer("plotly scatter_map", "plotly", 350_000, build_plotly, NOTHING),
}
OURS = "incidentmap"


def work(name: str, frame: Path, page: Path) -> None:
    """Build one page in this process and print what it cost."""
    incidents = gpd.read_parquet(frame)
    build = build_ours if name == OURS else PEERS[name].build
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak begins anew
    gc.collect()  # what the imports left behind is not the page's
    start = time.process_time()
    build(incidents, page)
    cpu = time.process_time() - start
    print(json.dumps({"cpu": cpu, "memory": memory("VmHWM") - before, "size": page.stat().st_size / 1e6}))


def memory(name: str) -> float:
    """Return a figure of this process's memory, in GB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1]) / 1e6


@dataclass
class Run:
    """What was measured of one page: seconds, GB, MB; medians of the openings."""

    name: str
    count: int
    cost: dict[str, float]
    times: dict[str, list[float]] = field(default_factory=dict)
    note: str = ""

    def add(self, found: dict[str, float]) -> None:
        """Take in one opening."""
        for name, value in found.items():
            self.times.setdefault(name, []).append(value)

    def median(self, name: str) -> float | None:
        """Return the median of one time; None when it was never measured."""
        return statistics.median(self.times[name]) if name in self.times else None


Compared = tuple[Peer, Run | None, Run | None]

SWITCH = """async () => {
    const map = window.incidentmap;
    const rest = () => new Promise((done) => setTimeout(done, 200));
    const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const took = async (act) => {
        await rest();
        const start = performance.now();
        await act();
        await drawn();
        return (performance.now() - start) / 1000;
    };
    const median = async (act) => {
        const times = [];
        for (let turn = 0; turn < 9; turn++) times.push(await took(() => act(turn)));
        return times.sort((a, b) => a - b)[4];
    };
    const found = {};
    found.month = await median((turn) => map.change({ months: [turn, turn] }));
    await map.change({ months: null });
    found.layer = await median((turn) => map.change({ alone: turn % 8 }));
    await map.change({ alone: null });
    const still = { animate: false };
    found.pan = await median((turn) => map.map().panBy([turn % 2 ? -200 : 200, turn % 4 < 2 ? 0 : 100], still));
    found.zoom = await median((turn) => map.map().setZoom(map.map().getZoom() + (turn % 2 ? -1 : 1), still));
    return found;
}"""


def open_ours(browser: Browser, page: Path) -> dict[str, float]:
    """Open our page without a network and use it."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.wait_for_selector("body[data-ready]", timeout=WAIT * 1000)
    mark = "performance.getEntriesByName('incidents-drawn')[0].startTime / 1000"
    found = {"drawn": tab.evaluate(mark), **tab.evaluate(SWITCH)}
    context.close()
    return found


def open_peer(browser: Browser, page: Path, libraries: Path | None) -> tuple[float | None, int]:
    """Open a peer's page; return the seconds until it is drawn (None: blank), and how many files it asked for."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    tab = context.new_page()
    asked = []

    def answer(route: Route) -> None:
        url = route.request.url
        if url.startswith(("file:", "data:", "blob:")):
            route.continue_()
            return
        asked.append(url)
        name = url.rpartition("/")[2]
        own = libraries / name if libraries else None
        if libraries is None:
            route.abort()
        elif name in {"leaflet.js", "leaflet.css"}:
            route.fulfill(path=str(importlib.resources.files("xstatic.pkg.leaflet") / "data" / name))
        elif own and own.is_file():
            route.fulfill(path=str(own))
        else:
            route.abort()

    context.route("**", answer)
    start = time.perf_counter()
    tab.goto(page.as_uri(), wait_until="commit")
    drawn = wait_for_picture(tab, start)
    context.close()
    return drawn, len(asked)


def wait_for_picture(tab: Page, start: float) -> float | None:
    """Return when the picture stopped changing, in seconds from ``start``; None when it stays blank."""
    last, since = b"", start
    while time.perf_counter() - start < WAIT:
        try:
            picture = tab.screenshot(timeout=WAIT * 1000)
        except BrowserError:  # too busy to give one
            continue
        now = time.perf_counter()
        if picture != last:
            last, since = picture, now
        elif now - since > STILL and is_drawn(picture):
            return since - start
    return None


def is_drawn(picture: bytes) -> bool:
    """Return whether there is anything in the middle of a picture, where a page has no controls."""
    pixels = imread(io.BytesIO(picture))[200:600, 300:980, :3].reshape(-1, 3)
    return bool((np.abs(pixels - np.median(pixels, axis=0)).max(axis=1) > SEEN).sum() > MARKS)


def measure(name: str, count: int, folder: Path, rounds: int) -> Run:
    """Make up the incidents if need be, and build a page of them in processes of their own."""
    frame = folder / f"{count}.parquet"
    if not frame.exists():
        make_incidents(count).to_parquet(frame)
    page = folder / f"{name}-{count}.html"
    command = [sys.executable, __file__, "--work", name, frame, page]
    outputs = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(rounds)]
    costs = pd.DataFrame([json.loads(output.splitlines()[-1]) for output in outputs])
    return Run(name, count, costs.median().to_dict())


def main() -> None:
    """Run what is asked for and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ours", type=int, nargs="*", default=[1_000, 350_000, 1_000_000])
    parser.add_argument("--peers", nargs="*", choices=[*PEERS], default=[*PEERS])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--libraries", type=Path)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(given.work[0], Path(given.work[1]), Path(given.work[2]))
        return
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=FLAGS)
        print(f"{datetime.now(UTC):%Y-%m-%d}, Chromium {browser.version}, medians of {given.rounds}\n")
        print_ours([run_ours(count, Path(temporary), browser, given.rounds) for count in given.ours])
        if given.peers:
            print_peers(run_peer(name, Path(temporary), browser, given) for name in given.peers)
        browser.close()


def run_ours(count: int, folder: Path, browser: Browser, rounds: int) -> Run:
    """Measure our page."""
    run = measure(OURS, count, folder, rounds)
    for _ in range(rounds):
        run.add(open_ours(browser, folder / f"{OURS}-{count}.html"))
    return run


def run_peer(
    name: str, folder: Path, browser: Browser, given: argparse.Namespace
) -> tuple[Peer, Run | None, Run | None]:
    """Measure a peer, and our page at its size in the same minutes; None and None when it is not installed."""
    peer = PEERS[name]
    try:
        importlib.metadata.version(peer.package)
    except importlib.metadata.PackageNotFoundError:
        return peer, None, None
    run, ours = (measure(one, peer.count, folder, given.rounds) for one in (name, OURS))
    page = folder / f"{name}-{peer.count}.html"
    blank, asked = open_peer(browser, page, None) if name in BY_LINK else (0.0, 0)
    run.note = f"blank offline: links {asked} files on the web; " if blank is None else ""
    for _ in range(given.rounds):
        ours.add(open_ours(browser, folder / f"{OURS}-{peer.count}.html"))
        if blank is None and not given.libraries:
            continue
        drawn, _ = open_peer(browser, page, given.libraries)
        if drawn is None:
            break
        run.add({"drawn": drawn})
    return peer, run, ours


def print_ours(runs: list[Run]) -> None:
    """Print our table."""
    print("| incidents | file | built in (CPU) | memory for it | first drawn | one month | one actor | pan | zoom |")
    print("|---|---|---|---|---|---|---|---|---|")
    for run in runs:
        cost = f"{run.cost['size']:.2f} MB | {run.cost['cpu']:.2f} s | {run.cost['memory']:.2f} GB"
        times = [f"{1000 * (run.median(name) or 0):,.0f} ms" for name in ("month", "layer", "pan", "zoom")]
        print(f"| {run.count:,} | {cost} | {run.median('drawn') or 0:.2f} s | {' | '.join(times)} |")


def print_peers(runs: Iterator[Compared]) -> None:
    """Print the peers' table, each with the ratio to ours at the same number of incidents."""
    print("\n| peer | incidents | file | built in (CPU) | first drawn | ours draws | what its page lacks |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for peer, run, ours in runs:
        if run is None or ours is None:
            print(f"| {peer.name} | | | | not installed | | |")
            continue
        drawn, own = run.median("drawn"), ours.median("drawn") or 0
        words = ("never", "") if drawn is None else (f"{drawn:.1f} s", f", {drawn / own:.1f} times as fast")
        cost = (
            f"{run.cost['size']:.1f} MB | {run.cost['cpu']:.1f} s ({run.cost['cpu'] / ours.cost['cpu']:.1f} times ours)"
        )
        print(
            f"| {peer.name} | {run.count:,} | {cost} | {words[0]} | {own:.2f} s{words[1]} | {run.note}{peer.lacks} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
