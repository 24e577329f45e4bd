"""The report in Chromium, from disk and with the network off: on a screen, on a phone, on paper."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Route

    Open = Callable[..., Page]

INCIDENTMAP = str(Path(sys.executable).with_name("incidentmap"))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports of the built-in incidents, by language."""
    folder = tmp_path_factory.mktemp("reports")
    for language in ("en", "ar"):
        command = [INCIDENTMAP, "report", "--language", language, "-o", str(folder / f"{language}.html")]
        subprocess.run(command, capture_output=True, check=True)
    return {language: folder / f"{language}.html" for language in ("en", "ar")}


@pytest.fixture
def open_report(chromium: Browser) -> Iterator[Open]:
    """Return a function that opens a file; when the test ends, no page may have asked or complained."""
    pages: list[Page] = []
    heard: list[str] = []

    def show(path: Path, *, width: int = 1280, scheme: Literal["light", "dark"] = "light") -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, offline=True)
        page = context.new_page()

        def refuse(route: Route) -> None:
            if route.request.url == path.as_uri() or route.request.url.startswith("data:"):
                route.continue_()
            else:
                heard.append(route.request.url)
                route.abort()

        page.route("**", refuse)
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield show
    for page in pages:
        page.context.close()
    assert heard == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_axe_finds_nothing_and_nothing_overflows(
    open_report: Open, reports: dict[str, Path], language: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = open_report(reports[language], width=width, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('figure img').naturalWidth") > 0
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (390, "screen"), (680, "print")])
def test_its_first_figures_stand_apart(
    open_report: Open, tmp_path: Path, width: int, media: Literal["screen", "print"]
) -> None:
    listed = tmp_path / "list.csv"
    rows = ["2023-04-15,Khartoum,Sudan,12038-22970", "2023-04-16,Khartoum,Sudan,100+"]
    listed.write_text("\n".join(["date,place,country,killed", *rows, ""]), encoding="utf-8")
    command = [INCIDENTMAP, "report", str(listed), "-o", str(tmp_path / "r.html")]
    subprocess.run(command, capture_output=True, check=True)
    page = open_report(tmp_path / "r.html", width=width)
    page.emulate_media(media=media)
    assert "12,138–23,070 or more" in page.locator(".headline").inner_text()
    boxes = page.evaluate("""() => [...document.querySelectorAll(".headline dd")].map((at) => {
        const range = document.createRange();
        range.selectNodeContents(at);
        const { left, right, top, bottom } = range.getBoundingClientRect();
        return { left, right, top, bottom };
    })""")
    assert max(box["right"] for box in boxes) <= width
    for one, other in combinations(boxes, 2):
        apart = one["right"] < other["left"] or other["right"] < one["left"]
        assert apart or one["bottom"] <= other["top"] or other["bottom"] <= one["top"]


def test_a_number_leads_to_the_records_behind_it(open_report: Open, reports: dict[str, Path]) -> None:
    page = open_report(reports["en"])
    page.locator("#by-month tbody tr", has_text="March 2017").locator("a").click()
    entry = page.locator(":target")
    assert entry.locator("b").inner_text() == "March 2017"
    assert "CI550 (CI551)" in entry.inner_text()
    entry.get_by_text("CS598").click()
    assert "al-Mansoura" in page.locator(":target").inner_text()


def test_arabic_runs_from_right_to_left(open_report: Open, reports: dict[str, Path]) -> None:
    page = open_report(reports["ar"])
    table = page.locator("#by-country, #by-region table").first
    boxes: list[Any] = [cell.bounding_box() for cell in table.locator("tbody tr").first.locator("th, td").all()]
    assert [box["x"] for box in boxes] == sorted((box["x"] for box in boxes), reverse=True)
    chart = table.locator("tbody svg").first
    assert chart.evaluate("(drawn) => getComputedStyle(drawn).transform").startswith("matrix(-1")


def test_it_prints_on_light_paper_with_all_its_tables(open_report: Open, reports: dict[str, Path]) -> None:
    page = open_report(reports["en"], scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)" != dark
    wide = page.evaluate(
        "[...document.querySelectorAll('.wide')].filter((one) => one.scrollWidth > one.clientWidth + 1).length"
    )
    assert wide == 0
    paper = page.pdf(prefer_css_page_size=True)
    assert paper[:5] == b"%PDF-"
    assert paper.count(b"/Type /Page\n") > 10


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_is_cut_off_on_paper_whatever_its_margins(
    open_report: Open, reports: dict[str, Path], language: str
) -> None:
    page = open_report(reports[language])
    page.emulate_media(media="print")
    for margin in (10, 15, 20):  # mm: narrower than the screens that scroll
        width = round((210 - 2 * margin) * 96 / 25.4)
        page.set_viewport_size({"width": width, "height": 1000})
        wide = "(one) => one.scrollWidth > one.clientWidth"
        assert page.locator("html, .wide").evaluate_all(f"(all) => all.filter({wide}).length") == 0, margin


def test_the_policy_stops_what_is_put_in(chromium: Browser, reports: dict[str, Path], tmp_path: Path) -> None:
    html = reports["en"].read_text(encoding="utf-8")
    spoilt = tmp_path / "spoilt.html"
    added = "<script>window.hacked = 1</script><p id='p' style='color: red'>x</p><img src='https://e.org/x.png'></body>"
    spoilt.write_text(html.replace("</body>", added, 1), encoding="utf-8")
    page = chromium.new_page()
    asked: list[tuple[str, str | None]] = []
    page.on("requestfailed", lambda request: asked.append((request.url, request.failure)))
    page.on("response", lambda response: asked.append((response.url, None)))
    page.goto(spoilt.as_uri())
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("getComputedStyle(document.getElementById('p')).color") != "rgb(255, 0, 0)"
    assert {failure for url, failure in asked if url.startswith("http")} <= {"csp"}
    page.close()
