"""Claims and findings on the page: side by side, with the rule, the day whose knowledge is shown, and the areas."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from geo.ranges import WIDEST, RangeRule

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from geo.ledger import Ledger
    from tests.browser.conftest import Shown

    Show = Callable[..., Shown]
    Make = Callable[..., gpd.GeoDataFrame]
    MakeLedger = Callable[..., Ledger]

ROWS: list[dict[str, Any]] = [
    {"x": 0.2, "y": 0.2, "actors": "russia", "killed_min": 1, "killed_max": 9},
    {"x": 0.7, "y": 0.8, "actors": "us-led-coalition", "killed_min": 105, "killed_max": 230},
]
CLAIMS: list[dict[str, Any]] = [
    {"incident_id": "i1", "source": "Locals", "published": None, "min": 230, "note": "of several days"},
    {"incident_id": "i1", "published": "2017-03-26", "stance": "denied", "actor": "russia"},
    {"incident_id": "i1", "published": "2017-05-25", "stance": "conceded", "min": 105, "max": 105, "supersedes": "c1"},
    {"incident_id": "i1", "published": "2017-05-25", "stance": "conceded", "measure": "combatants", "min": 2, "max": 2},
    {"incident_id": "i0", "min": 9, "max": 9, "location": "Westland", "grading": "fair"},
    {"incident_id": "i0", "measure": "all_deaths", "min": 12, "max": 14},
]
INCIDENTMAP = str(Path(sys.executable).with_name("incidentmap"))
HOSTILE = ["<img src=x onerror=window.hacked=1>", "{{7*7}}", "</script><script>window.hacked=1</script>"]


def claims_of(shown: Shown) -> list[str]:
    return [re.sub(r"\s+", " ", text) for text in shown.page.locator(".claims li").all_inner_texts()]


def test_claims_stand_side_by_side_with_their_dates(
    show_map: Show, make_incidents: Make, make_ledger: MakeLedger
) -> None:
    ledger = make_ledger(make_incidents(*ROWS), *CLAIMS, {"incident_id": "elsewhere", "min": 1})
    shown = show_map(*ROWS, build={"ledger": ledger}, address="#incident=i1")
    assert claims_of(shown) == [
        "Army 26 March 2017 · denied Civilians no figure Superseded by Army, 25 May 2017: 105 Names: Russia",
        "Army 25 May 2017 · conceded Civilians 105 Combatants 2",
        "Locals undated · alleged Civilians at least 230 of several days",
    ]
    assert shown.page.locator(".claims s").all_inner_texts() == ["Civilians no figure"]
    assert shown.page.locator(".claims .in-range").count() == 0
    assert "Ranges are those that the list states." in shown.page.locator("#card").inner_text()
    assert shown.page.locator("#basis").inner_text() == ""
    assert "Ranges are those that the list states." in shown.page.locator("#rules").inner_text()


def test_a_claimed_point_is_shown_beside_that_of_the_record(
    show_map: Show, make_incidents: Make, make_ledger: MakeLedger
) -> None:
    claims = [
        {"incident_id": "i1", "source": "Others", "location": "0.81, 0.72"},
        {"incident_id": "i1", "source": "Locals", "location": "Westland"},
    ]
    ledger = make_ledger(make_incidents(*ROWS), *claims)
    shown = show_map(*ROWS, build={"ledger": ledger}, address="#incident=i1", still=True)
    others, locals_ = sorted(claims_of(shown), reverse=True)
    assert "Place as claimed: 0.81, 0.72 (2.5 km from the point of this record" in others  # by R = 6371 km
    assert locals_.endswith("Place as claimed: Westland")
    shown.page.get_by_role("button", name="Show both points").click()
    shown.settle()
    spots = "[[0.8, 0.7], [0.81, 0.72]].map((at) => map.map().latLngToContainerPoint(at))"
    own, claimed = shown.ask(spots)
    apart = ((own["x"] - claimed["x"]) ** 2 + (own["y"] - claimed["y"]) ** 2) ** 0.5
    assert apart > 100, "both are in view and apart"
    hollow = [shown.pixel_at(claimed["x"] + step, claimed["y"]) for step in (0, 5)]
    assert min(hollow[0]) > 240, "paper inside"
    assert max(hollow[1][:3]) < 160, "ink around"
    shown.ask("map.change({ text: 'no such text' })")
    assert shown.pixel_at(claimed["x"], claimed["y"])[3] == 0, "gone with the incident"
    shown.ask("map.change({ text: '' })")
    assert shown.pixel_at(claimed["x"], claimed["y"])[3] == 255
    shown.page.keyboard.press("Escape")
    shown.settle()
    assert shown.pixel_at(claimed["x"], claimed["y"])[3] == 0, "gone with the card"


def test_the_figures_that_make_the_range_stand_out(
    show_map: Show, make_incidents: Make, make_ledger: MakeLedger
) -> None:
    ledger = make_ledger(make_incidents(*ROWS), *CLAIMS, rule=WIDEST)
    shown = show_map(*ROWS, build={"ledger": ledger}, address="#incident=i1")
    assert shown.page.locator(".claims .in-range").all_inner_texts() == [
        "Civilians 105",
        "Combatants 2",
        "Civilians at least 230",
    ]
    rule = "Ranges run from the lowest to the highest figure that any claim gives."
    assert shown.page.locator("#basis").inner_text() == rule
    assert rule in shown.page.locator("#card").inner_text()
    shown.ask("map.open(0)")
    shown.settle()
    [nine, twelve] = claims_of(shown)
    assert nine == "Army 18 March 2017 · alleged · Fair Civilians 9 Place as claimed: Westland"
    assert twelve == "Army 18 March 2017 · alleged All deaths 12–14"
    assert shown.page.locator(".claims .in-range").all_inner_texts() == ["Civilians 9"]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (RangeRule("latest-per-source"), "among the latest claims of each source"),
        (RangeRule("source-kind", "military"), "this kind of source gives: armed forces"),
        (RangeRule("grading", "fair"), "graded: Fair, or better"),
    ],
    ids=str,
)
def test_every_rule_is_said_in_words(
    show_map: Show, make_incidents: Make, make_ledger: MakeLedger, rule: RangeRule, words: str
) -> None:
    ledger = make_ledger(make_incidents(*ROWS), *CLAIMS, rule=rule)
    assert words in show_map(*ROWS, build={"ledger": ledger}).page.locator("#basis").inner_text()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_day_whose_knowledge_is_shown_stands_above_everything(
    show_map: Show, make_incidents: Make, make_ledger: MakeLedger, language: str, width: int
) -> None:
    incidents = make_incidents(*ROWS)
    ledger = make_ledger(incidents, *CLAIMS[:4], as_of=date(2017, 3, 26))
    shown = show_map(ROWS[1], build={"ledger": ledger, "language": language}, width=width, height=844)
    words = {
        "en": [
            "As known on 26 March 2017.",
            "the lowest to the highest figure that any claim gives",
            "1 incident without a claim by then is left out.",
            "(1 has no dated claim at all.)",
        ],
        "ar": ["كما كان معروفاً في 26 آذار 2017.", "من أدنى رقم إلى أعلى رقم", "تُركت حادثة واحدة", "بلا أي ادعاء مؤرخ"],
    }
    text = shown.page.locator("#basis").inner_text()
    assert all(part in text for part in words[language]), text
    assert shown.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    head, stage = (shown.page.locator(name).bounding_box() for name in ("#basis", "#stage"))
    assert head
    assert stage
    assert width > 860 or head["y"] + head["height"] <= stage["y"]


FINDING = {
    "place": "Westland",
    "place_local": "الغرب",
    "country": "Aland",
    "statement": "Whole houses were destroyed.",
    "published": "2017-03-28",
    "actor": "russia",
    "note": "No number is stated",
    "url": "https://example.org/finding",
    "location_note": "placed at Westland",
}


def test_a_finding_is_an_area_note_and_counts_nowhere(
    show_map: Show, make_incidents: Make, make_ledger: MakeLedger, squares: gpd.GeoDataFrame
) -> None:
    area = squares.loc[squares["pcode"] == "A1", "geometry"].iloc[0].buffer(-0.1)
    incidents = make_incidents(*ROWS)
    bare = show_map(*ROWS, build={"ledger": make_ledger(incidents, *CLAIMS)})
    sums = bare.ask("map.sums()")
    assert bare.page.locator("#findings").is_hidden()
    findings = [{**FINDING, "geometry": area}, {"country": "Aland", "statement": "Nobody is safe."}]
    shown = show_map(*ROWS, build={"ledger": make_ledger(incidents, *CLAIMS, findings=findings)})
    assert shown.ask("map.sums()") == sums
    assert "A finding about the dotted area" in shown.page.locator("#key").inner_text()
    shown.page.locator("#findings summary").click()
    assert shown.page.locator("#findings-count").inner_text() == "2 findings without a number"
    items = shown.page.locator("#findings-list button")
    assert [re.sub(r"\s+", " ", text).strip() for text in items.all_inner_texts()] == [
        "Westland Army Whole houses were destroyed.",
        "Aland Army Nobody is safe.",
    ]
    items.first.click()
    shown.settle()
    card = shown.page.locator("#card").inner_text()
    for words in (
        "Whole houses were destroyed.",
        "it stands in no sum",
        "28 March 2017",
        "Russia",
        "placed at Westland",
    ):
        assert words in card
    link = shown.page.locator("#card a").get_attribute("href")
    assert link == "https://example.org/finding"
    shown.page.keyboard.press("Escape")
    assert shown.page.locator("#card").is_hidden()
    assert shown.page.evaluate("document.activeElement.closest('#findings-list') !== null")


def test_a_click_on_the_sign_of_a_finding_reads_it(
    show_map: Show, make_incidents: Make, make_ledger: MakeLedger, squares: gpd.GeoDataFrame
) -> None:
    area = squares.loc[squares["pcode"] == "A1", "geometry"].iloc[0].buffer(-0.2)
    ledger = make_ledger(make_incidents(*ROWS), findings=[{**FINDING, "geometry": area}])
    shown = show_map(*ROWS, build={"ledger": ledger})
    x, y = shown.page.evaluate(
        "() => { const p = window.incidentmap.map().latLngToContainerPoint([0.8, 0.2]);"
        " const q = window.incidentmap.map().latLngToContainerPoint([0.8, 0.8]); return [p.x, q.x, p.y]; }"
    )[::2]
    box = shown.page.locator(".folium-map").bounding_box()
    assert box
    found = shown.page.evaluate(
        "([left, right, y]) => { for (let x = left; x <= right; x += 6) {"
        " const move = new MouseEvent('mousemove', { bubbles: true, clientX: x, clientY: y });"
        " document.elementFromPoint(x, y).dispatchEvent(move);"
        " if (document.getElementById('stage').classList.contains('on-mark')) return x; } return null; }",
        [box["x"] + x - 20, box["x"] + x + 400, box["y"] + y],
    )
    assert found is not None
    shown.page.mouse.click(found, box["y"] + y)
    shown.settle()
    assert shown.page.locator("#card-title").inner_text() == "Finding"


def test_hostile_claims_and_findings_are_shown_literally(
    show_map: Show, make_incidents: Make, make_ledger: MakeLedger, squares: gpd.GeoDataFrame
) -> None:
    texts = ("source", "note", "location", "url", "actor", "grading", "statement", "place", "admin1", "location_note")
    area = squares.loc[squares["pcode"] == "A1", "geometry"].iloc[0]
    for text in HOSTILE:
        claim = {"incident_id": "i1", "min": 1, **{name: text for name in texts if name not in {"statement", "place"}}}
        finding = {**FINDING, "geometry": area, **dict.fromkeys(texts, text)}
        ledger = make_ledger(make_incidents(*ROWS), claim, findings=[finding])
        shown = show_map(*ROWS, build={"ledger": ledger}, address="#incident=i1")
        assert shown.page.locator(".claims").inner_text().count(text) == 5  # source, grading, actor, place and note
        shown.page.evaluate("document.querySelector('#findings-list button').click()")
        shown.settle()
        assert shown.page.locator("#card").inner_text().count(text) >= 6
        assert shown.page.evaluate("window.hacked") is None
        assert shown.page.locator("#card a").count() == 0


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_about_claims_and_findings(
    show_map: Show, make_incidents: Make, make_ledger: MakeLedger, squares: gpd.GeoDataFrame, language: str
) -> None:
    area = squares.loc[squares["pcode"] == "A1", "geometry"].iloc[0]
    findings = [{**FINDING, "geometry": area}]
    ledger = make_ledger(make_incidents(*ROWS), *CLAIMS, findings=findings, rule=WIDEST)
    shown = show_map(*ROWS, build={"ledger": ledger, "language": language}, address="#incident=i1")
    for step in (
        "null",
        "document.querySelector('#findings').open = true",
        "document.querySelector('#findings-list button').click()",
    ):
        shown.page.evaluate(f"() => {{ {step}; }}")
        shown.settle()
        found = Axe().run(shown.page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_list_cut_to_an_actor_of_its_own_has_its_figures(
    open_page: Callable[..., Shown], tmp_path: Path, language: str
) -> None:
    path, page = tmp_path / "list.csv", tmp_path / "map.html"
    rows = [
        "2023-04-20,El Fasher,Sudan,Rapid Support Forces,4,9",
        "2023-05-12,El Geneina,Sudan,Rapid Support Forces,12,",
    ]
    path.write_text("\n".join(["date,place,country,actors,killed_min,killed_max", *rows]) + "\n", encoding="utf-8")
    options = [str(path), "--actor", "Rapid Support Forces", "--language", language, "-o"]
    subprocess.run([INCIDENTMAP, "map", *options, str(page)], capture_output=True, check=True)
    shown = open_page(page)
    assert "16" in shown.page.locator("#sums").inner_text()
    assert "Rapid Support Forces" in shown.page.locator("#basis").inner_text()
    subprocess.run([INCIDENTMAP, "report", *options, str(tmp_path / "r.html")], capture_output=True, check=True)
