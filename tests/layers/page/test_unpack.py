from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from click.testing import CliRunner

from geo.regions import join_regions
from layers.cli import main
from layers.counts import RANGES
from layers.layer import incident_month, layer_keys
from layers.map import write_map
from layers.page import columns
from layers.page.unpack import TEXTS, read_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

    Make = Callable[..., gpd.GeoDataFrame]


def test_a_page_holds_each_incident_in_its_layer_and_month(
    make_incidents: Make, squares: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    rows: list[dict[str, Any]] = [
        {"x": 0.5, "y": 0.5, "actors": "russia", "killed_min": 3, "killed_max": 70_000, "grading": "fair"},
        {"x": 1.5, "y": 0.5, "actors": "russia|us-led-coalition", "attribution": "joint", "injured_min": 0},
        {"incident_id": "القصف", "date_start": "2017-02-01", "related": "overlaps:i0", "killed_max": 4},
        {"date_start": None, "date_precision": None, "grading": "discounted"},
        {"date_start": "1017-02-01", "date_end": "1017-05-01", "date_precision": "longer"},
    ]
    incidents = join_regions(make_incidents(*rows), squares)
    write_map(incidents, tmp_path / "map.html", regions=squares, title='id="incidents-config">')
    found = read_page(tmp_path / "map.html").set_index("incident_id").loc[incidents["incident_id"]].reset_index()
    table = incidents.assign(layer=layer_keys(incidents), month=incident_month(incidents)).reset_index(drop=True)
    for name in ("layer", "month", "date_start", *TEXTS, *RANGES):
        assert found[name].astype(object).where(found[name].notna(), None).tolist() == (
            table[name].astype(object).where(table[name].notna(), None).tolist()
        ), name


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("layer_keys", lambda right: lambda incidents: np.roll(right(incidents), 1)),
        ("number_months", lambda right: lambda incidents: (np.roll(right(incidents)[0], 1), right(incidents)[1])),
        ("_runs", lambda right: lambda layers, months: right(layers, np.roll(months, 1))),
        ("_numbers", lambda right: lambda values, unit: right(values + 1, unit)),
    ],
)
def test_no_page_is_written_whose_layers_are_not_those_of_the_list(
    part: str, wrong: Callable[[Any], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, part, wrong(getattr(columns, part)))
    done = CliRunner().invoke(main, ["build", "-o", str(tmp_path)])
    assert done.exit_code == 1
    assert re.search(r"AssertionError: .* in the table but .* in layer \S+, month \S+ of the map\n", done.stderr)
    assert not list(tmp_path.iterdir())
