"""The review page in Chromium: a person decides, saves, and the decisions place the incidents."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from geo.actors import read_actors
from geo.decisions import COLUMNS, match_decisions, read_decisions
from geo.errors import InputError
from geo.gazetteer import read_gazetteer
from geo.geocode import geocode_incidents
from geo.regions import join_regions
from geo.schema import fields
from layers.doubtful import is_doubtful
from layers.map import write_map
from layers.review import write_review
from tests.browser.test_hostile_text import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from playwright.sync_api import Page

    from tests.browser.conftest import Shown

    Show = Callable[..., Shown]
    Review = Callable[..., Shown]

PLACES = """place,place_local,lat,lon
Southam,ساوثم,0.25,0.5
Southam,ساوثم,0.75,1.5
Northam,,0.6,0.4
Far Field,,0.1,2.9
"""
KILLED = {"killed_min": 3, "killed_max": 9}
ROWS: list[dict[str, Any]] = [
    {"place": "Southam", "country": "Aland", "location_note": "two places may be meant", **KILLED},
    {"place": "Southam", "country": "Aland", "sources": "https://example.org/a|a paper"},
    {"place": "Quiddle", "place_local": "قدل", "admin1": "Eastland", "country": "Aland", **KILLED},
    {"place": "Northam", "country": "Aland", "x": 0.45, "y": 0.6, "location_confidence": 0.5, "located_by": "by hand"},
    {"admin1": "Nowhere", "country": "Aland"},
    {"place": "Well known", "country": "Aland", "x": 0.1, "y": 0.1, "location_confidence": 1.0},
]
"""Two incidents of a place that has two candidates, one of no candidate, one placed doubtfully, one without a place."""


@pytest.fixture
def show_review(
    open_page: Show, make_incidents: Callable[..., gpd.GeoDataFrame], squares: gpd.GeoDataFrame, tmp_path: Path
) -> Review:
    """Return a function that makes the review page of rows (see ``make_incidents``) and opens it."""

    def show(*rows: dict[str, Any], places: str = PLACES, change: Any = None, **view: Any) -> Shown:  # noqa: ANN401 - a function from frame to frame
        listed = tmp_path / "places.csv"
        listed.write_text(places, encoding="utf-8")
        incidents = change(make_incidents(*rows)) if change else make_incidents(*rows)
        path = tmp_path / "review.html"
        gazetteers = [read_gazetteer(listed, regions=squares)]
        write_review(incidents, path, gazetteers=gazetteers, regions=squares, title="Places to decide")
        return open_page(path, **view)

    return show


def open_place(page: Page, name: str) -> None:
    head = page.locator(".place-head", has_text=name)
    if head.get_attribute("aria-expanded") != "true":
        head.click()


def save(page: Page, path: Path, who: str = "NN") -> Path:
    if who:
        page.get_by_label("Your name or initials").fill(who)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save decisions.csv").click()
    assert download.value.suggested_filename == "decisions.csv"
    download.value.save_as(path)
    return path


def test_a_candidate_a_point_an_area_and_nothing_are_saved_and_applied(
    show_review: Review, make_incidents: Callable[..., gpd.GeoDataFrame], squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    shown = show_review(*ROWS)
    page = shown.page
    assert page.locator("#progress-text").inner_text() == "0 of 4 places decided: 0 of 5 incidents"

    open_place(page, "Southam")
    assert page.locator(".notes").inner_text() == "two places may be meant"
    page.locator(".candidates .choice", has_text="Eastland").get_by_role("radio").check()
    page.get_by_label("Why").fill("=the report says “Eastland”")

    open_place(page, "Quiddle")
    page.get_by_label("A point I set on the map").check()
    box = page.locator("#map").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.get_by_label("How precisely it is known").select_option("town")
    shown.settle()
    latitude, longitude = (float(page.get_by_label(name).input_value()) for name in ("Latitude", "Longitude"))
    assert shapely.box(1, 0, 2, 1).contains(shapely.Point(longitude, latitude)), "the map shows the stated governorate"

    open_place(page, "Northam")
    page.get_by_label("Leave it unplaced").check()

    open_place(page, "Nowhere")
    page.get_by_label("Only the area is known").check()
    page.get_by_label("Governorate, district or sub-district").select_option("A12")

    assert page.locator("#progress-text").inner_text() == "4 of 4 places decided: 5 of 5 incidents"
    decisions = read_decisions(save(page, tmp_path / "decisions.csv"), squares)
    incidents = make_incidents(*ROWS)
    placed = geocode_incidents(incidents, [], regions=squares, decisions=decisions)
    _, [(_, outdated)] = match_decisions(incidents, decisions)
    assert outdated == []
    assert placed.geometry.iloc[:2].tolist() == [shapely.Point(1.5, 0.75)] * 2
    assert placed.geometry.iloc[2] == shapely.Point(longitude, latitude)
    assert placed.geometry.iloc[3] is None
    assert placed.geometry.iloc[4].equals(squares.set_index("pcode").geometry["A12"])
    assert placed["precision"].tolist()[:5] == ["village", "village", "town", "none", "admin2"]
    assert placed["located_by"].iloc[:5].tolist() == ["decision:NN"] * 5
    assert placed["location_note"].iloc[0].endswith(": =the report says “Eastland”")
    assert placed["located_by"].isna().tolist() == [False] * 5 + [True]
    assert decisions["incident_id"].tolist() == ["", "", "i4", ""], "a place without a name is decided by incident"


def test_a_candidate_picked_on_the_page_is_on_the_map_of_the_next_build(
    show_review: Review,
    open_page: Show,
    make_incidents: Callable[..., gpd.GeoDataFrame],
    squares: gpd.GeoDataFrame,
    tmp_path: Path,
) -> None:
    def build(decisions: pd.DataFrame | None = None) -> gpd.GeoDataFrame:
        stated = make_incidents(*({"place": "Southam", "country": "Aland", **KILLED} for _ in range(2)))
        stated = stated.drop(columns=["geometry", *(f.name for f in fields("geocoded"))])
        gazetteers = [read_gazetteer(tmp_path / "places.csv", regions=squares)]
        return geocode_incidents(stated, gazetteers, regions=squares, decisions=decisions)

    shown = show_review(*ROWS, change=lambda _: build())
    assert build().geometry.isna().all(), "of two places with one name neither is taken"
    shown.page.locator(".candidates .choice", has_text="Eastland").get_by_role("radio").check()
    decisions = read_decisions(save(shown.page, tmp_path / "decisions.csv"), squares)
    located = join_regions(build(decisions), squares)
    assert located["adm1_name"].tolist() == ["Eastland", "Eastland"]
    write_map(located, tmp_path / "map.html", regions=squares, actors=read_actors(), attribution=())
    picture = open_page(tmp_path / "map.html").pictured()
    assert [symbol["n"] for symbol in picture] == [2]
    assert is_doubtful(located).sum() == 0


def test_most_incidents_and_deaths_come_first_and_what_is_known_of_them_is_told(show_review: Review) -> None:
    page = show_review(*ROWS).page
    heads = page.locator(".place-head")
    assert [text.split("\n")[0].strip() for text in heads.all_inner_texts()] == [
        "Southam",
        "Quiddle قدل",
        "No place stated",
        "Northam",
    ]
    assert "2 incidents, killed 3–9, unknown in 1 of 2" in heads.first.inner_text()
    candidates = page.locator(".candidates .choice")
    assert [text.split("\n")[:2] for text in candidates.all_inner_texts()] == [
        ["1", "Southam ساوثم"],
        ["2", "Southam ساوثم"],
    ]
    assert "from 1" in candidates.nth(1).inner_text()
    assert page.locator(".pin").count() == 2
    page.get_by_text("2 incidents", exact=True).click()
    stated = page.locator(".stated > ul > li")
    assert [text.split("\n")[0] for text in stated.all_inner_texts()] == [
        "i0 17 March 2017 · killed 3–9",
        "i1 17 March 2017 · killed unknown",
    ]
    assert page.locator(".stated a").get_attribute("href") == "https://example.org/a"
    open_place(page, "Northam")
    assert "placed here now" in page.locator(".candidates").inner_text()


def test_a_place_with_an_open_toll_is_known_to_its_least(show_review: Review) -> None:
    tolls: list[dict[str, int]] = [{"killed_max": 3}, {"killed_min": 7}]
    page = show_review(*({"place": "Southam", "country": "Aland", **toll} for toll in tolls)).page
    assert page.locator(".place-stands").inner_text() == "2 incidents, killed 7–10 or more"


def test_a_number_on_the_map_chooses_its_candidate(show_review: Review) -> None:
    page = show_review(*ROWS).page
    page.locator(".pin").nth(1).click()
    assert page.locator(".candidates input").nth(1).is_checked()
    assert page.locator(".pin.chosen").inner_text() == "2"
    page.get_by_role("button", name="Take the choice back").click()
    assert page.locator("#progress-text").inner_text().startswith("0 of 4")
    assert page.locator(".pin.chosen").count() == 0


def test_a_click_on_the_map_sets_no_point_unless_asked(show_review: Review) -> None:
    page = show_review(*ROWS).page
    page.locator("#map").click(position={"x": 30, "y": 30})
    assert page.locator("#progress-text").inner_text().startswith("0 of 4")


def test_somebody_answers_for_every_decision(show_review: Review) -> None:
    page = show_review(*ROWS).page
    page.locator(".candidates input").first.check()
    page.get_by_role("button", name="Save decisions.csv").click()
    assert "name or initials first" in page.get_by_role("status").inner_text()
    assert page.get_by_label("Your name or initials").evaluate("(field) => field === document.activeElement")


@pytest.mark.parametrize(("latitude", "longitude"), [("91", "1"), ("0", "0")])
def test_what_is_not_finished_is_not_saved(
    show_review: Review, squares: gpd.GeoDataFrame, tmp_path: Path, latitude: str, longitude: str
) -> None:
    page = show_review(*ROWS).page
    page.locator(".candidates input").first.check()
    open_place(page, "Quiddle")
    page.get_by_label("A point I set on the map").check()
    page.get_by_label("Latitude").fill(latitude)
    page.get_by_label("Longitude").fill(longitude)
    assert page.locator(".place-answer").nth(1).inner_text() == "not finished"
    decisions = read_decisions(save(page, tmp_path / "decisions.csv"), squares)
    assert decisions["place"].tolist() == ["Southam"]
    assert "1 not finished and left out" in page.get_by_role("status").inner_text()


def test_the_keyboard_alone_decides(show_review: Review, squares: gpd.GeoDataFrame, tmp_path: Path) -> None:
    page = show_review(*ROWS).page
    page.locator(".place-head").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.innerText").startswith("Quiddle")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("0.5")
    page.keyboard.press("Tab")
    page.keyboard.type("1.25")
    page.keyboard.press("Enter")
    assert "Nowhere" in page.evaluate("document.activeElement.innerText")
    decisions = read_decisions(save(page, tmp_path / "decisions.csv"), squares)
    assert decisions.geometry.tolist() == [shapely.Point(1.5, 0.75), shapely.Point(1.25, 0.5)]


def test_an_earlier_file_is_taken_up_and_kept_whole(
    show_review: Review, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    earlier = tmp_path / "earlier.csv"
    rows: list[dict[str, str]] = [
        {"place": "Elsewhere", "country": "Aland", "choice": "none", "why": '\'=1, "quoted"\nand more'},
        {"place": "Southam", "country": "Aland", "choice": "regions:A1"},
        {"incident_id": "i4", "admin1": "Nowhere", "country": "Aland", "choice": "regions:A2"},
        {"place": "Northam", "country": "Aland", "choice": "point", "latitude": "0.6", "longitude": "0.45"},
        {"place": "Quiddle", "place_local": "قدل", "admin1": "Eastland", "country": "Aland"}
        | {"choice": "point", "latitude": "-0.01", "longitude": "1.7", "precision": "city"},
    ]
    with earlier.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({"precision": "village", "who": "AB", "when": "2020-01-02"} | row for row in rows)
    page = show_review(*ROWS).page
    page.get_by_label("Go on from a saved decisions.csv").set_input_files(earlier)
    page.get_by_text("4 of 4 places decided").wait_for()
    assert page.get_by_label("Only the area is known").is_checked()
    open_place(page, "Northam")
    assert page.locator(".candidates .choice", has_text="placed here now").get_by_role("radio").is_checked()
    page.get_by_label("Leave it unplaced").check()
    saved = read_decisions(save(page, tmp_path / "decisions.csv"), squares).drop(columns=["geometry", "file", "row"])
    before = read_decisions(earlier, squares).drop(columns=["geometry", "file", "row"])
    both = before.merge(saved, on=["place", "incident_id"], suffixes=("", "_saved"))
    assert len(both) == len(before) == len(saved)
    changed = both[(both["choice"] != both["choice_saved"]) | (both["who"] != both["who_saved"])]
    assert changed["place"].tolist() == ["Northam"]
    assert changed["who_saved"].tolist() == ["NN"]
    kept = both[both["place"] != "Northam"]
    for column in ("why", "when", "latitude", "longitude"):
        assert kept[column].equals(kept[f"{column}_saved"].rename(column)), column


def test_an_earlier_file_without_districts_is_taken_up_for_each(
    show_review: Review, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    earlier = tmp_path / "earlier.csv"
    earlier.write_text(
        "incident_id,place,place_local,admin1,country,choice,latitude,longitude,precision,who,when,why\n"
        ",Southam,,,Aland,regions:A1,,,,AB,2020-01-02,\n,Elsewhere,,,Aland,none,,,,AB,2020-01-02,\n",
        encoding="utf-8",
    )
    page = show_review(*({"place": "Southam", "admin2": name, "country": "Aland"} for name in ("Upper", "Lower"))).page
    assert page.locator(".place-where").all_inner_texts() == ["Lower, Aland", "Upper, Aland"]
    page.get_by_label("Go on from a saved decisions.csv").set_input_files(earlier)
    page.get_by_text("2 of these places decided").wait_for()
    assert "1 rows about others say nothing of the district" in page.get_by_role("status").inner_text()
    saved = read_decisions(save(page, tmp_path / "decisions.csv"), squares)
    assert saved[["place", "admin2", "who"]].to_numpy().tolist() == [
        ["Southam", "Lower", "AB"],
        ["Southam", "Upper", "AB"],
    ]


HEADER = ",".join(COLUMNS)


def test_what_a_second_person_decided_otherwise_is_told(
    show_review: Review, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    page = show_review(*ROWS).page
    for who, choice, others in (("Anna", "regions:A1", "none"), ("Bob", "none", "regions:A2")):
        path = tmp_path / f"{who}.csv"
        rows = [
            f",{place},,,,Aland,{said},,,,{who},2020-01-02," for place, said in (("Southam", choice), ("X", others))
        ]
        path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
        page.get_by_label("Go on from a saved decisions.csv").set_input_files(path)
        page.get_by_text(f"{who}.csv: ").wait_for()
    told = page.get_by_role("status").inner_text()
    assert "Southam: Bob decided “none”, which is not taken; Anna “regions:A1”" in told
    assert "X: Bob decided “regions:A2”, which is not taken; Anna “none”" in told
    assert "Bob decided “none”" in page.locator(".notes").inner_text()
    saved = read_decisions(save(page, tmp_path / "decisions.csv", who=""), squares)
    assert sorted(saved[["place", "who"]].to_numpy().tolist()) == [["Southam", "Anna"], ["X", "Anna"]]


UNREAD = {
    "of another kind": ("a,b\n1,2\n", "it has no column"),
    "in another encoding": (f"{HEADER}\n,المنصورة,,,,Syria,none,,,,NN,2020-01-02,\n", "it is not text in UTF-8"),
    "with semicolons": (HEADER.replace(",", ";") + '\n;"a;b";;;;;none;;;;NN;2020-01-02;\n', "it is one single column"),
    "with decimal commas": (
        f'{HEADER}\n\n,Southam,,,,Aland,point,"0,5","1,5",village,NN,2020-01-02,\n',
        "row 3: “0,5”, “1,5” are no decimal degrees of a point",
    ),
    "of no choice": (f"{HEADER}\n,a,,,,,banana,,,,NN,2020-01-02,\n", "row 2: choice “banana” is no choice"),
    "with hexadecimal degrees": (
        f"{HEADER}\n,a,,,,,point,0x10,1.5,village,NN,2020-01-02,\n",
        "row 2: “0x10”, “1.5” are no decimal degrees of a point",
    ),
    "of a precision that every object has": (
        f"{HEADER}\n,a,,,,,point,0.5,1.5,toString,NN,2020-01-02,\n",
        "row 2: precision “toString” is not that of a point",
    ),
    "of no day": (f"{HEADER}\n,a,,,,,none,,,,NN,rubbish,\n", "row 2: when “rubbish” is no day such as"),
    "of a day that no calendar has": (f"{HEADER}\n,a,,,,,none,,,,NN,2020-02-31,\n", "row 2: when “2020-02-31” is no"),
    "of a day to come": (f"{HEADER}\n,a,,,,,none,,,,NN,2107-01-02,\n", "row 2: when “2107-01-02” is no day"),
    "of two minds": (
        f"{HEADER}\n,a,,,,,none,,,,NN,2020-01-02,\n,a,,,,,regions:A1,,,,OO,2020-01-02,\n",
        "row 3: “regions:A1” contradicts row 2, where NN decided “none”",
    ),
}


@pytest.mark.parametrize("case", UNREAD)
def test_a_file_that_cannot_be_read_is_refused(
    show_review: Review, squares: gpd.GeoDataFrame, tmp_path: Path, case: str
) -> None:
    text, told = UNREAD[case]
    other = tmp_path / "other.csv"
    other.write_text(text, encoding="cp1256" if "encoding" in case else "utf-8")
    page = show_review(*ROWS).page
    page.get_by_label("Go on from a saved decisions.csv").set_input_files(other)
    page.get_by_text(f"other.csv was not read: {told}").wait_for()
    assert page.locator("#done").inner_text() == "0"
    if told.startswith("row"):
        with pytest.raises(InputError):
            read_decisions(other, squares)


def test_hostile_text_is_shown_literally_and_saved_unharmed(
    show_review: Review,
    make_incidents: Callable[..., gpd.GeoDataFrame],
    squares: gpd.GeoDataFrame,
    tmp_path: Path,
) -> None:
    rows: list[dict[str, Any]] = [{"killed_min": len(HOSTILE) - k} for k in range(len(HOSTILE))]
    fields = ["place", "place_local", "admin1", "country", "location_note", "description", "incident_id"]

    def spoil(incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return incidents.assign(**{f: [*HOSTILE[k:], *HOSTILE[:k]] for k, f in enumerate(fields)})

    rows[0]["sources"] = "https://example.org/\u202egpj.exe"
    page = show_review(*rows, change=spoil).page
    assert page.locator(".stated a").text_content() == "example.org/%E2%80%AEgpj.exe"
    incidents = spoil(make_incidents(*rows)).sort_values("killed_min", ascending=False)
    for head, (_, row) in zip(page.locator(".place-head").all(), incidents.iterrows(), strict=True):
        if head.get_attribute("aria-expanded") != "true":
            head.click()
        page.get_by_label("Leave it unplaced").check()
        shown = head.evaluate("(head) => head.closest('li').textContent")
        assert [name for name in fields if row[name].strip() not in shown] == []
    assert page.evaluate("window.hacked") is None
    assert page.locator("#panel iframe, #panel img, #panel svg, #panel script").count() == 0
    decisions = read_decisions(save(page, tmp_path / "decisions.csv"), squares)
    assert geocode_incidents(incidents, [], regions=squares, decisions=decisions)["located_by"].eq("decision:NN").all()


def test_hostile_candidates_are_shown_literally(show_review: Review) -> None:
    lines = ["place,place_local,lat,lon", *(f'"Southam {t}","{t}",0.5,{k / 100}' for k, t in enumerate(HOSTILE[5:11]))]
    page = show_review(*ROWS, places="\n".join(line.replace("\n", " ") for line in lines) + "\n").page
    shown = page.locator(".candidates").evaluate("(all) => all.textContent")
    assert [text for text in HOSTILE[5:11] if text in shown]
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize("width", [1280, 390])
def test_every_control_has_a_name_and_nothing_is_wider_than_the_page(show_review: Review, width: int) -> None:
    page = show_review(*ROWS, width=width).page
    page.get_by_label("A point I set on the map").check()
    nameless = page.locator("input, select, button, summary, [role=button]").evaluate_all(
        """(all) => all.filter((node) => {
            const labels = [...(node.labels ?? [])].map((label) => label.textContent).join("");
            return !(labels || node.getAttribute("aria-label") || node.textContent).trim();
        }).map((node) => node.outerHTML)"""
    )
    assert nameless == []
    ids = page.locator("[id]").evaluate_all("(all) => all.map((node) => node.id)")
    assert len(ids) == len(set(ids))
    assert page.locator("fieldset > legend").count() == page.locator("fieldset").count()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_paper_has_the_ground_and_every_candidate(show_review: Review) -> None:
    many = PLACES + "".join(f"Southam,,0.{k},{0.1 * k + 0.3}\n" for k in range(1, 8))
    shown = show_review(*ROWS, places=many, scheme="dark", height=500)
    open_place(shown.page, "Southam")
    shown.page.emulate_media(media="print")
    shown.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page, candidate, last = (
        shown.page.locator(one).last.bounding_box() for one in ("#page", ".candidates .choice", ".place")
    )
    assert page
    assert candidate
    assert last
    assert candidate["y"] + candidate["height"] < last["y"] + last["height"] <= page["y"] + page["height"]
    assert page["height"] > 1000, "nothing is scrolled away"
    assert shown.page.locator(".leaflet-pane canvas").locator("visible=true").count() == 1, "others would be erased"
    ground = shown.page.evaluate("""() => {
        const canvas = document.querySelector(".leaflet-names-pane canvas");
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        return [...copy.getImageData(4, 4, 1, 1).data];
    }""")
    assert ground == [0xD5, 0xE0, 0xE6, 255], "the sea around the squares, light on paper"


def test_a_page_with_nothing_to_decide_says_so(show_review: Review) -> None:
    page = show_review(ROWS[-1]).page
    assert "nothing to decide" in page.locator("#panel").inner_text()
    page.get_by_role("button", name="Save decisions.csv").click()
    assert page.get_by_role("status").inner_text() == "Nothing is decided yet."
