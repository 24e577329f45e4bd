from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
import shapely
from matplotlib import style
from matplotlib.text import Text
from PIL import Image

from geo.coverage import read_coverage
from geo.errors import FileError, UsageError
from geo.ledger import Ledger
from geo.ranges import RangeRule
from geo.regions import join_regions
from layers.drawing.lettering import BOX, Type, break_lines, measure
from layers.drawing.picture import grade_regions, tell_picture
from layers.drawing.sheet import FIXED, page_colors
from layers.page.ledger import describe_ranges
from layers.static import A4, PREVIEW, build_static, write_static
from layers.words import Words, isolate
from tests.browser.test_hostile_text import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from layers.static import Settings

    Make = Callable[..., gpd.GeoDataFrame]

MARKS_OF_DIRECTION = re.compile("[\u2066-\u2069]")
BODY = Type(11.5)


@pytest.fixture
def incidents(make_incidents: Make, squares: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    area = squares.loc[squares["pcode"] == "A1", "geometry"].iloc[0]
    rows: list[dict[str, Any]] = [
        {"x": 0.5, "y": 0.2, "actors": "russia", "killed_min": 3, "killed_max": 9},
        {"x": 1.5, "y": 0.5, "actors": "russia|us-led-coalition", "attribution": "contested", "killed_min": 4},
        {"x": 1.5, "y": 0.5, "actors": "russia", "killed_min": 50, "killed_max": 50, "grading": "discounted"},
        {"geometry": area, "precision": "admin1", "located_by": "regions:A1", "killed_max": 2},
        {"place": "Nowhere", "country": "Aland"},
    ]
    return join_regions(make_incidents(*rows), squares)


def texts_of(figure: Figure) -> list[str]:
    """Return the lines of a picture without their marks of direction."""
    found = [text.get_text() for text in figure.findobj(Text) if isinstance(text, Text)]
    return [MARKS_OF_DIRECTION.sub("", text) for text in found if text]


def test_a_picture_says_what_every_map_must_say(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    figure = build_static(
        incidents,
        regions=squares,
        actors=actors,
        title="Of Aland",
        subtitle="a line",
        credit="by me",
        attribution=["whose data"],
    )
    lines = texts_of(figure)
    told = " ".join(lines)
    for part in (
        "Of Aland",
        "a line",
        "17 March 2017",
        "4 incidents",
        "Civilians killed: 7–15 or more",
        "toll unknown in 1 incident",
        "no maximum known in 1 incident",
        "1 discounted record is left out",
        "1 record is not on the map",
        "Nowhere, 17 March 2017 (Not placed)",
        "Contested: Russia or US-led coalition",
        "These are documented incidents, not all that happened.",
        "unknown is never counted as 0",
        "Boundaries: test (Aland), valid from",
        "Village 2 km",
        "Not covered by this list",
        "None reported",
        "whose data",
        "by me",
    ):
        assert part in told, part


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], ["shade-0", ""]),
        ([{"x": 1.4, "y": 0.5, "killed_min": 6, "related": "part of:i0"}], ["shade-unknown"] * 2),
        ([{"country": "Aland", "admin1": "East land"}], ["shade-0", ""]),  # no such name
        ([{"country": "Aland", "admin1": "Eastland"}], ["shade-unknown"] * 2),
        ([{"admin1": "Westland and Eastland"}], ["shade-unknown"] * 2),
        ([{"country": "Beland", "admin1": "Eastland"}], ["shade-0", ""]),
        ([{"x": 0.4, "y": 0.6, "admin1": "Eastland"}], ["shade-0", ""]),  # stands in another
        ([{"x": 1.4, "y": 0.5, "grading": "discounted"}], ["shade-left-out"] * 2),
        ([{"country": "Aland", "admin1": "Eastland", "grading": "discounted"}], ["shade-left-out"] * 2),
    ],
)
def test_a_region_that_records_tell_of_is_neither_zero_nor_gap(
    make_incidents: Callable[..., gpd.GeoDataFrame],
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    tmp_path: Path,
    *,
    rows: list[dict[str, Any]],
    told: list[str],
) -> None:
    path = tmp_path / "coverage.csv"
    path.write_text("source,country,admin1,from,to,status\nA,AA,A1,2017-01-01,2017-12-31,covered\n", encoding="utf-8")
    whole = {"x": 0.4, "y": 0.5, "killed_min": 20, "killed_max": 30}
    found = join_regions(make_incidents(whole, *rows), squares)
    settings: dict[str, Any] = {"words": Words("en"), "attribution": (), "ranges": describe_ranges(Ledger())}
    tones = []
    for coverage in (None, read_coverage(path, actors=actors, regions=squares)):
        picture = tell_picture(found, squares, actors=actors, coverage=coverage, **settings)
        tones.append(dict(zip(picture.units["name"], grade_regions(picture), strict=True))["Eastland"])
        assert ("shade-left-out" in dict(picture.shades).values()) == ("shade-left-out" in told)
    assert tones == told


def test_findings_are_told_and_not_counted(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, make_ledger: Callable[..., Ledger]
) -> None:
    found = [{"statement": f"whole houses, $x_{n}$", "country": "Aland", "source": "Monitor"} for n in range(6)]
    ledger = make_ledger(incidents, findings=found)
    told = " ".join(texts_of(build_static(incidents, regions=squares, actors=actors, ledger=ledger, attribution=())))
    assert "6 findings without a number" in told
    assert told.count("whole houses, $x_") == 4
    assert "2 more" in told
    assert "Civilians killed: 7–15 or more" in told


def test_the_area_of_a_finding_is_dotted_and_explained(
    incidents: gpd.GeoDataFrame,
    squares: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    make_ledger: Callable[..., Ledger],
    tmp_path: Path,
) -> None:
    drawn = []
    for geometry in (shapely.box(0.3, 0.3, 0.6, 0.7), None):
        ledger = make_ledger(incidents, findings=[{"statement": "whole houses", "geometry": geometry}])
        settings: Settings = {"ledger": ledger, "attribution": ()}
        write_static(incidents, tmp_path / "map.svg", regions=squares, actors=actors, **settings)
        figure = build_static(incidents, regions=squares, actors=actors, **settings)
        dotted = len(re.findall(r"stroke-dasharray: 1\.125,3[;\"]", (tmp_path / "map.svg").read_text(encoding="utf-8")))
        drawn.append((dotted, "A finding about the dotted area" in " ".join(texts_of(figure))))
    assert drawn == [(1, True), (0, False)]


def test_ranges_that_are_not_the_lists_own_are_said_above_everything(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    ledger = Ledger(rule=RangeRule("widest"), as_of=date(2017, 5, 1), left_out=3)
    told = " ".join(texts_of(build_static(incidents, regions=squares, actors=actors, ledger=ledger, attribution=())))
    assert told.count("Ranges run from the lowest to the highest figure that any claim gives.") == 2
    assert "1 May 2017" in told
    told = " ".join(texts_of(build_static(incidents, regions=squares, actors=actors, attribution=())))
    assert told.count("Ranges are those that the list states.") == 1


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_the_same_incidents_give_the_same_bytes(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path, suffix: str
) -> None:
    found = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}.{suffix}"
        write_static(incidents, path, regions=squares, actors=actors, language="ar", title="حوادث (2017)")
        found.append(path.read_bytes())
        mpl.rcParams["font.size"] = 31  # a user's own settings
    mpl.rcdefaults()
    assert found[0] == found[1]
    assert not re.search(rb"/(?:home|root|work|tmp)/|20\d\d-\d\d-\d\dT", found[0])


def test_hostile_texts_are_drawn_literally(
    make_incidents: Make, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    hostile = [*HOSTILE, "$\\frac{1}{2}$", "$x^2$ and $", "\\alpha", "a\nb\tc", "中文 💥 ሀ"]
    for k, text in enumerate(hostile):
        actors.loc[f"actor {k}"] = [text, text, "", "#123456", "circle", ""]
    rows = [{"actors": f"actor {k}", "place": text} for k, text in enumerate(hostile)]
    incidents = join_regions(make_incidents({"x": 0.5, "y": 0.5}, *rows), squares)
    for title, suffix in (("$\\frac{1}{2}$", "png"), ("a\x0b<b>&", "svg"), ("(\\) $x^2$", "pdf")):
        path = tmp_path / f"map.{suffix}"
        texts: Settings = {"title": title, "subtitle": title, "credit": title, "period": title, "attribution": hostile}
        write_static(incidents, path, regions=squares, actors=actors, **texts)
    ET.parse(tmp_path / "map.svg")  # noqa: S314 - our own file
    lines = texts_of(
        build_static(incidents, regions=squares, actors=actors, title="$\\frac{1}{2}$", attribution=hostile)
    )
    assert "$\\frac{1}{2}$" in lines
    assert "{{7*7}}" in lines


def test_a_letter_that_no_font_has_is_a_box_and_is_explained(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    figure = build_static(incidents, regions=squares, actors=actors, credit="\U00013fff", attribution=())
    told = " ".join(texts_of(figure))
    assert f"{BOX} stands for a letter that no font" in told
    assert BOX not in " ".join(texts_of(build_static(incidents, regions=squares, actors=actors, attribution=())))


def test_arabic_is_joined_and_ranges_read_from_left_to_right(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> None:
    closed = incidents.assign(killed_max=incidents["killed_max"].fillna(incidents["killed_min"]))
    figure = build_static(closed, regions=squares, actors=actors, language="ar", attribution=())
    assert "القتلى المدنيون: 7–15" in texts_of(figure)
    apart = sum(measure(letter, BODY) for letter in "القتلى")
    assert measure("القتلى", BODY) < 0.8 * apart  # joined forms are narrower
    shown = [t.get_text() for t in figure.findobj(Text) if isinstance(t, Text) and "7–15" in t.get_text()]
    assert all("\u20667–15\u2069" in text for text in shown)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_leaves_the_sheet(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, language: str
) -> None:
    for format_ in (A4, PREVIEW):
        figure = build_static(
            incidents,
            regions=squares,
            actors=actors,
            language=language,
            format_=format_,
            title="many words " * 30,
            attribution=["some words " * 90],
            credit="x" * 400,
        )
        width, height = figure.get_size_inches() * figure.dpi
        for text in figure.findobj(Text):
            assert isinstance(text, Text)
            if text.get_text():
                with style.context(FIXED):
                    box = text.get_window_extent()
                assert box.x0 >= -1, text
                assert box.x1 <= width + 1, text
                assert box.y0 >= -1, text
                assert box.y1 <= height + 1, text


def test_a_mark_has_the_colour_of_its_actor_where_it_lies(
    make_incidents: Make, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    rows = [{"x": 0.1, "y": 0.5, "actors": "russia"}, {"x": 1.9, "y": 0.5, "actors": "us-led-coalition"}]
    path = tmp_path / "map.png"
    incidents = join_regions(make_incidents(*rows), squares)
    write_static(incidents, path, regions=squares, actors=actors, attribution=(), format_=PREVIEW)
    image = np.asarray(Image.open(path).convert("RGB"))
    assert image.shape[:2] == (630, 1200)
    beside = image[:, PREVIEW.panel + PREVIEW.margin :]
    centres = []
    for color in ("#d55e00", "#0072b2"):
        rgb = [int(color[k : k + 2], 16) for k in (1, 3, 5)]
        rows_, columns = np.nonzero((beside == rgb).all(axis=2))
        centres.append((columns.mean(), rows_.mean()))
    assert centres[0][0] < centres[1][0]
    assert centres[0][1] == pytest.approx(centres[1][1], abs=3)


def test_an_area_of_incidents_has_the_shade_that_the_key_explains(
    make_incidents: Make, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    area = squares.loc[squares["pcode"] == "A1", "geometry"].iloc[0]
    row = {"geometry": area, "precision": "admin1", "located_by": "regions:A1", "actors": "russia", "killed_min": 5}
    path = tmp_path / "map.png"
    write_static(join_regions(make_incidents(row), squares), path, regions=squares, actors=actors, attribution=())
    image = np.asarray(Image.open(path).convert("RGB"))
    shade = [int(str(page_colors()["shade-5"])[k : k + 2], 16) for k in (1, 3, 5)]
    assert (image == shade).all(axis=2).mean() > 0.1, "more than its swatch"


def test_nothing_is_a_picture_too(make_incidents: Make, squares: gpd.GeoDataFrame, actors: pd.DataFrame) -> None:
    nothing = join_regions(make_incidents({}), squares).iloc[:0]
    assert "0 incidents" in texts_of(build_static(nothing, regions=squares, actors=actors, attribution=()))


def test_other_formats_and_missing_folders_are_refused(
    incidents: gpd.GeoDataFrame, squares: gpd.GeoDataFrame, actors: pd.DataFrame, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"\.png, \.svg, \.pdf"):
        write_static(incidents, tmp_path / "map.jpg", regions=squares, actors=actors)
    with pytest.raises(FileError, match="missing"):
        write_static(incidents, tmp_path / "missing" / "map.png", regions=squares, actors=actors)


@pytest.mark.parametrize(
    "text", ["short", "some words that go on for a while", "x" * 300, isolate("القتلى " * 40), "   "]
)
def test_lines_fit_and_close_what_they_open(text: str) -> None:
    lines = break_lines(text, BODY, 120, 9)
    assert len(lines) <= 9
    for line in lines:
        assert measure(line, BODY) <= 124
        assert line.count("\u2068") == line.count("\u2069")
    whole = "".join(MARKS_OF_DIRECTION.sub("", line) for line in lines).replace(" ", "")
    assert MARKS_OF_DIRECTION.sub("", text).replace(" ", "").startswith(whole.rstrip("…"))
