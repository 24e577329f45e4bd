from __future__ import annotations

import json
from itertools import accumulate
from typing import Any

import pytest

from geo.reference import reference_path
from layers.page.basemap import LINES, read_basemap

STORED = json.loads(reference_path("basemap.json").read_text("utf-8"))
MOSUL = (42.9, 36.2, 43.3, 36.5)


def box_of(line: list[int], scale: float) -> tuple[float, float, float, float]:
    xs, ys = (list(accumulate(line[k::2])) for k in (0, 1))
    return min(xs) / scale, min(ys) / scale, max(xs) / scale, max(ys) / scale


def names(base: dict[str, Any]) -> set[str]:
    return {label["name"] for label in base["labels"]}


def test_lines_near_the_incidents_are_kept_and_no_others() -> None:
    base = read_basemap(MOSUL)
    near = (42.9 - 4, 36.2 - 4, 43.3 + 4, 36.5 + 4)
    for part in base["parts"]:
        stored = next(p for p in STORED["parts"] if p["bbox"] == part["bbox"])
        for kind in LINES:
            expected = [
                line
                for line in stored[kind]
                for west, south, east, north in [box_of(line, stored["scale"])]
                if west <= near[2] and east >= near[0] and south <= near[3] and north >= near[1]
            ]
            assert part[kind] == expected


@pytest.mark.parametrize(
    ("bounds", "parts"), [(MOSUL, 2), ((-79.0, -4.0, -67.0, 12.0), 1), ((-170.0, -55.0, 170.0, 70.0), 2)]
)
def test_detail_is_there_wherever_the_world_leaves_a_hole_for_it(
    bounds: tuple[float, float, float, float], parts: int
) -> None:
    base = read_basemap(bounds)
    assert len(base["parts"]) == parts
    assert base["parts"][0]["bbox"] == [-180.0, -90.0, 180.0, 90.0]


def test_labels_are_those_nearby() -> None:
    assert "Mosul" in names(read_basemap(MOSUL))
    assert "Kyiv" not in names(read_basemap(MOSUL))
