from __future__ import annotations

from layers.basemap import read_basemap

ALEPPO = (36.0, 35.8, 38.2, 36.9)
TURKEY = (25.6, 35.8, 44.8, 42.1)
COLOMBIA = (-79.0, -4.2, -66.9, 12.5)


def test_the_detailed_part_is_there_wherever_the_map_meets_its_hole_in_the_world() -> None:
    scales = {box: [part["scale"] for part in read_basemap(box)["parts"]] for box in (ALEPPO, TURKEY, COLOMBIA)}
    assert scales == {ALEPPO: [100, 1000], TURKEY: [100, 1000], COLOMBIA: [100]}


def test_what_is_far_away_is_left_out() -> None:
    near, far = read_basemap(ALEPPO), read_basemap(COLOMBIA)
    assert {label["name"] for label in near["labels"]} >= {"Aleppo"}
    assert not {label["name"] for label in far["labels"]} & {"Aleppo"}
    assert sum(map(len, near["parts"][0]["land"])) < sum(
        map(len, read_basemap((-170, -55, 170, 70))["parts"][0]["land"])
    )
