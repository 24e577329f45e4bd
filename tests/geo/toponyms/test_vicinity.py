from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.decisions import COLUMNS, read_decisions
from geo.gazetteer import read_gazetteer
from geo.geocode import geocode_incidents
from geo.schema import DTYPES, fields
from geo.toponyms.resolve import Asked
from geo.toponyms.vicinity import AROUND_KM, CELL_KM, LEAST, _count_around

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from geo.gazetteer import Gazetteer

WGS84 = pyproj.Geod(ellps="WGS84")
RAQQA = {"Hazima": (36.05, 39.00), "Karama": (35.87, 39.28), "Sabkha": (35.81, 39.06), "Kasrat": (35.92, 38.97)}
RAQQA |= {"Ghanim": (35.93, 39.05), "Hawi": (35.91, 38.88), "Salhabiya": (35.89, 38.80), "Yamama": (35.85, 38.94)}
RAQQA |= {"Jazra": (35.96, 38.93), "Rafqa": (35.99, 39.11), "Suwaydan": (35.84, 38.85), "Tishrin": (36.01, 38.90)}
MANSURA = {"SY-RA": (35.8392, 38.7429), "SY-HM": (35.3500, 36.4500)}


@pytest.fixture(scope="module")
def villages(tmp_path_factory: pytest.TempPathFactory, regions: gpd.GeoDataFrame) -> Gazetteer:
    grid = [(f"No {k}", (32.7 + k % 30 / 8, 36.2 + k // 30 / 8)) for k in range(1200)]
    places = [*RAQQA.items(), *(("Mansura", at) for at in MANSURA.values()), *grid]
    path = tmp_path_factory.mktemp("gazetteer") / "villages.csv"
    rows = [f"{number},{name},{lat},{lon}" for number, (name, (lat, lon)) in enumerate(places)]
    path.write_text("\n".join(["id,place,lat,lon", *rows]) + "\n", encoding="utf-8")
    return read_gazetteer(path, regions=regions)


def locate(
    gazetteer: Gazetteer, rows: list[dict[str, object]], decisions: pd.DataFrame | None = None
) -> gpd.GeoDataFrame:
    stated = {f.name: DTYPES[f.kind] for f in fields("stated")}
    filled = [{"incident_id": f"i{k}", "country": "Syria", **row} for k, row in enumerate(rows)]
    frame = pd.DataFrame(filled, columns=list(stated), dtype=object).astype(stated)
    return geocode_incidents(frame, [gazetteer], regions=gazetteer.regions, decisions=decisions)


def named(*names: str, **told: object) -> list[dict[str, object]]:
    return [{"place": name, **told} for name in names]


def where(found: gpd.GeoDataFrame, place: str) -> tuple[float, float] | None:
    point = found.geometry[(found["place"] == place).to_numpy()].iloc[0]
    return None if point is None else (point.y, point.x)


def around(unit: str, count: int = 60) -> list[dict[str, object]]:
    """Return incidents with coordinates on a spiral around the Mansura of a governorate, up to 36 km from it."""
    lat, lon = MANSURA[unit]
    turns = [WGS84.fwd(lon, lat, 50 * k, 9_000 + 450 * k)[:2] for k in range(count)]
    return [{"place": "?", "latitude": lat, "longitude": lon} for lon, lat in turns]


@pytest.mark.parametrize("unit", MANSURA)
def test_of_two_namesakes_the_one_among_the_other_places_is_meant(villages: Gazetteer, unit: str) -> None:
    found = locate(villages, [*around(unit), *named("Mansura")])
    assert where(found, "Mansura") == MANSURA[unit]
    assert re.search(
        r"; (\d+) of the list's \1 other places looked at are within 40 km$", found["location_note"].iloc[-1]
    )


def test_places_that_are_found_by_their_words_are_evidence_too(villages: Gazetteer) -> None:
    found = locate(villages, named(*RAQQA, "Mansura"))
    assert where(found, "Mansura") == MANSURA["SY-RA"]
    km = [WGS84.inv(lon, lat, *MANSURA["SY-RA"][::-1])[2] / 1000 for lat, lon in RAQQA.values()]
    near = sum(far < AROUND_KM for far in km)
    assert f"; {near} of the list's 12 other places looked at are within 40 km" in found["location_note"].iloc[-1]


def test_a_place_far_from_all_others_is_less_sure(villages: Gazetteer) -> None:
    alone, apart = (locate(villages, [*rows, *named("Hazimeh")]) for rows in ([], around("SY-HM")))
    assert apart["location_confidence"].fillna(0).iloc[-1] < alone["location_confidence"].iloc[-1]


def test_a_few_places_are_no_evidence(villages: Gazetteer) -> None:
    few = list(RAQQA)[: LEAST - 1]
    found = locate(villages, named(*few, "Mansura"))
    assert where(found, "Mansura") is None
    assert "list's" not in found["location_note"].iloc[-1]


def test_spellings_of_one_place_are_one(villages: Gazetteer) -> None:
    spelt = ["Hazima", "al-Hazima", "Hazimah", "Hazima village", "HAZIMA", "Hazeema", "Hazema", "Hazima town"]
    assert where(locate(villages, named(*spelt, *list(RAQQA)[1 : LEAST - 1], "Mansura")), "Mansura") is None


def test_what_a_source_states_outweighs_the_other_places(villages: Gazetteer) -> None:
    found = locate(villages, [*around("SY-HM"), *named("Mansura", admin1="Raqqa")])
    assert where(found, "Mansura") == MANSURA["SY-RA"]


def test_a_list_says_where_it_is_when_nobody_states_a_country(villages: Gazetteer) -> None:
    found = locate(villages, named(*RAQQA, "Mansura", country=None))
    assert where(found, "Mansura") == MANSURA["SY-RA"]


def test_a_place_is_not_lost_because_the_list_lies_elsewhere(builtin: Gazetteer) -> None:
    grid = [{"place": "?", "latitude": 36 + k % 60 / 60, "longitude": 37 + k // 60 / 15} for k in range(2400)]
    found = locate(builtin, [*grid, *named("Daraa, Daraa", "Douma, Rural Damascus")])
    assert found["precision"].iloc[-2:].isin(["town", "city"]).all()


def test_decided_places_are_evidence_where_a_person_put_them(villages: Gazetteer, tmp_path: Path) -> None:
    lat, lon = MANSURA["SY-HM"]
    spots = [WGS84.fwd(lon, lat, 30 * k, 12_000 + 900 * k)[:2] for k in range(len(RAQQA))]
    rows = [
        f",{name},,,,Syria,point,{y},{x},village,N N,2026-11-23," for name, (x, y) in zip(RAQQA, spots, strict=True)
    ]
    path = tmp_path / "decisions.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    decisions = read_decisions(path, villages.regions)
    found = locate(villages, named(*RAQQA, "Mansura"), decisions=decisions)
    assert found["located_by"].iloc[:-1].eq("decision:N N").all()
    assert where(found, "Mansura") != MANSURA["SY-RA"]


def test_what_the_list_decided_is_no_evidence_in_turn(villages: Gazetteer) -> None:
    rows = [*around("SY-RA"), *named("Mansura", "Mansoura", "al-Mansura village", "Zakariyya")]
    once = locate(villages, rows)
    again = geocode_incidents(once.drop(columns="geometry"), [villages], regions=villages.regions)
    assert again["location_note"].equals(once["location_note"])


def test_only_questions_that_the_list_cannot_decide_are_asked_once(
    builtin: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = builtin.listing.places.query("country == 'TR'").iloc[::25]
    texts = [*places["name"], *places["name"].str[:-1], *("near " + places["name"]), *(places["name"] + ", Ankara")]
    grid = [{"place": "?", "latitude": 38 + k % 20 / 20, "longitude": 40 + k // 20 / 10} for k in range(300)]
    rows = [*grid, *named(*dict.fromkeys(texts), country="Turkey")]
    some = locate(builtin, rows)
    assert some["location_note"].str.contains("list's").sum() > 10
    monkeypatch.setattr(Asked, "find_swayed", lambda self, *_: np.ones(self.size, dtype=bool))
    pd.testing.assert_frame_equal(locate(builtin, rows), some)


def test_the_order_of_a_list_does_not_matter(villages: Gazetteer) -> None:
    rows = [*named(*RAQQA, "Mansura", "Mansoura"), *around("SY-HM", 3)]
    there, back = locate(villages, rows), locate(villages, rows[::-1])
    columns = ["place", "located_by", "location_confidence", "location_note"]
    assert there[columns].equals(back[columns][::-1].reset_index(drop=True))


POINTS = st.lists(st.tuples(st.floats(30, 38), st.floats(35, 46)), min_size=1, max_size=60)


@settings(max_examples=60)
@given(POINTS, st.tuples(st.floats(30, 38), st.floats(35, 46)), st.integers(1, 12))
def test_what_lies_around_is_counted(points: list[tuple[float, float]], at: tuple[float, float], times: int) -> None:
    near = [(at[0] + (lat - 34) / times, at[1] + (lon - 40.5) / times) for lat, lon in points]
    lat, lon = np.array(near).T
    count = _count_around(np.array([at[0]]), np.array([at[1]]), lat, lon)[0]
    _, _, metres = WGS84.inv(np.full(len(lon), at[1]), np.full(len(lat), at[0]), lon, lat)
    surely = ((metres > 2000 * CELL_KM) & (metres < 1000 * (AROUND_KM - 2 * CELL_KM))).sum()
    assert surely <= count <= (metres < 1000 * (AROUND_KM + 2 * CELL_KM)).sum()
