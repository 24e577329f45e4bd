from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from geo.errors import UsageError
from geo.ledger import Ledger
from geo.regions import join_regions
from layers.map import build_map
from layers.page.ledger import describe_ranges
from layers.page.share import check_url, share_page
from tests.browser.test_hostile_text import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import pandas as pd


class Reader(HTMLParser):
    """What a site that shows links reads of a page, and every element it meets in the head."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "meta" and (name := values.get("property") or values.get("name")):
            self.found[name] = values.get("content") or ""
        self.tags.add(tag)


@pytest.fixture
def page(
    make_incidents: Callable[..., gpd.GeoDataFrame], squares: gpd.GeoDataFrame, actors: pd.DataFrame
) -> Callable[..., Reader]:
    rows = [{"x": 0.5, "y": 0.5, "killed_min": 3, "killed_max": 9}, {"x": 0.5, "y": 0.5, "grading": "discounted"}]
    incidents = join_regions(make_incidents(*rows), squares)

    def read(**settings: Any) -> Reader:  # noqa: ANN401 - the texts of a page
        reader = Reader()
        shown = build_map(incidents, regions=squares, actors=actors, attribution=(), **settings)
        reader.feed(shown.get_root().render().partition("</head>")[0])
        return reader

    return read


def test_a_page_says_what_it_is_about(page: Callable[..., Reader]) -> None:
    found = page(title="Of Aland").found
    assert found["og:title"] == "Of Aland"
    assert found["og:description"] == found["description"]
    assert found["description"] == (
        "17 March 2017: 1 incident, civilians killed: 3–9. These are documented incidents, not all that happened."
    )
    assert found["twitter:card"] == "summary"
    assert "og:image" not in found


def test_a_toll_without_a_maximum_is_said_to_have_none(
    make_incidents: Callable[..., gpd.GeoDataFrame], squares: gpd.GeoDataFrame
) -> None:
    incidents = join_regions(make_incidents({"x": 0.5, "y": 0.5, "killed_min": 30}, {}), squares)
    told = share_page(incidents, describe_ranges(Ledger()), title="t", subtitle="", period="", language="en")[
        "description"
    ]
    assert (
        "2 incidents, civilians killed: at least 30; toll unknown in 1 incident; no maximum known in 1 incident:"
        in told
    )


@pytest.mark.parametrize(
    ("url", "image"),
    [
        ("https://publisher.example/map/", "https://publisher.example/map/preview.png"),
        ("https://publisher.example/a/map.html", "https://publisher.example/a/preview.png"),
    ],
)
def test_a_published_page_names_its_picture(page: Callable[..., Reader], url: str, image: str) -> None:
    found = page(url=url).found
    assert (found["og:url"], found["og:image"]) == (url, image)
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "630")
    assert found["twitter:card"] == "summary_large_image"


def test_hostile_texts_stay_texts(page: Callable[..., Reader]) -> None:
    plain = page().tags
    for text in HOSTILE:
        reader = page(title=text, subtitle=text, period=text)
        assert reader.found["og:title"] == text
        assert reader.tags == plain


@pytest.mark.parametrize(
    "url",
    [
        "publisher.example/map/",
        "https://publisher.example/map",
        "https://me:secret@publisher.example/map/",
        "https://publisher.example/map/?token=1",
        "javascript:alert(1)/",
        'https://publisher.example/"><script>/',
        "https:///map/",
    ],
)
def test_what_is_no_address_of_a_page_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="--url"):
        check_url(url)
