from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from layers.layer import LONGER, incident_month, label_layer, layer_keys, split_key

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import pandas as pd

    MakeIncidents = Callable[..., gpd.GeoDataFrame]


SET = "russia|us-led-coalition"
EITHER = "Contested: Russia or US-led coalition"


@pytest.mark.parametrize(
    ("actors_cell", "attribution", "key", "label"),
    [
        ("russia", "sole", "russia", "Russia"),
        ("unknown", "unknown", "unknown", "Unknown"),
        (None, None, "unknown", "Unknown"),
        ("new one", "sole", "new one", "new one"),
        (SET, "contested", f"{SET}:contested", EITHER),
        ("us-led-coalition|russia", "contested", f"{SET}:contested", EITHER),
        (SET, "joint", f"{SET}:joint", "Russia and US-led coalition, jointly"),
        (SET, None, f"{SET}:shared", "Russia or US-led coalition"),
        ("russia|a: b", "contested", "a: b|russia:contested", "Contested: a: b or Russia"),
        ("c|b|a", "joint", "a|b|c:joint", "a, b and c, jointly"),
    ],
)
def test_a_layer_is_a_set_of_actors(  # noqa: PLR0917 - one argument per column of the table
    make_incidents: MakeIncidents, actors: pd.DataFrame, actors_cell: str, attribution: str, key: str, label: str
) -> None:
    incidents = make_incidents({"actors": actors_cell, "attribution": attribution})
    assert layer_keys(incidents).tolist() == [key]
    assert label_layer(key, actors) == label
    ids, how = split_key(key)
    assert ids == sorted((actors_cell or "unknown").split("|"))
    assert how == (attribution if len(ids) > 1 and attribution else "shared" if len(ids) > 1 else "sole")


def test_an_incident_stands_in_the_month_it_began(make_incidents: MakeIncidents) -> None:
    rows = [
        {"date_start": "2017-03-31", "date_end": "2017-04-01", "date_precision": "range"},
        {"date_start": "2017-03-01", "date_end": "2017-03-31", "date_precision": "month"},
        {"date_start": "2017-03-29", "date_end": "2017-04-29", "date_precision": "longer"},
        {"date_start": None, "date_end": None, "date_precision": None},
        {"date_start": "0987-03-29", "date_end": "0987-03-29"},
    ]
    assert incident_month(make_incidents(*rows)).tolist() == ["2017-03", "2017-03", LONGER, LONGER, "0987-03"]


def test_no_incidents_no_layers(make_incidents: MakeIncidents) -> None:
    nothing = make_incidents({}).iloc[:0]
    assert layer_keys(nothing).empty
    assert incident_month(nothing).empty
