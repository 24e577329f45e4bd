from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo.errors import InputError, UsageError
from geo.readers.frame import frame_incidents

UCDP = ("id", "type_of_violence", "side_a", "side_b", "where_prec", "date_start", "deaths_civilians")
POINTS = [shapely.Point(30.2, 13.18), shapely.Point(22.45, 13.45), None]


@pytest.fixture
def frame() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "when": pd.to_datetime(["2023-04-20T13:00", "2023-05-12T00:00", "2023-06-01T00:00"]),
            "who": ["Rapid Support Forces", None, "Rapid Support Forces|unknown group"],
            "killed": [3.0, None, 7.0],
            "place": ["=1+1", "El Geneina", "'quoted"],
            "phone": ["555", "556", "557"],
        },
        geometry=POINTS,
        crs="EPSG:4326",
    )


def test_points_in_any_projection_become_incidents(frame: gpd.GeoDataFrame) -> None:
    incidents = frame_incidents(frame.to_crs(3857), columns={"date": "when", "actors": "who"})
    assert incidents["date_start"].dt.strftime("%Y-%m-%d").tolist() == ["2023-04-20", "2023-05-12", "2023-06-01"]
    assert incidents["place"].tolist() == ["=1+1", "El Geneina", "'quoted"]
    assert incidents["killed_min"].tolist() == [3, pd.NA, 7]
    assert incidents["longitude"].iloc[0] == pytest.approx(30.2)
    assert incidents["latitude"].iloc[1] == pytest.approx(13.45)
    assert pd.isna(incidents["latitude"].iloc[2])
    assert "phone" not in incidents
    assert incidents["actors"].iloc[1] == "unknown"


def test_what_is_wrong_is_named(frame: gpd.GeoDataFrame) -> None:
    with pytest.raises(InputError, match="date"):
        frame_incidents(frame)
    with pytest.raises(InputError, match="frame:2 column 'killed_min'"):
        frame_incidents(frame.assign(date="2023-04-20", killed_min=9, killed_max=1).drop(columns="killed"))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda f: f.set_crs(None, allow_override=True), "no CRS"),
        (lambda f: f.set_geometry([shapely.box(30, 13, 31, 14)] * 3, crs=4326), "lines or areas"),
        (lambda f: f.drop(columns="when"), "no column when"),
        (lambda f: f.assign(**dict.fromkeys(UCDP, "1")), "columns of events of UCDP GED"),
    ],
)
def test_frames_that_cannot_be_read_are_refused(frame: gpd.GeoDataFrame, spoil: object, told: str) -> None:
    assert callable(spoil)
    with pytest.raises(UsageError, match=told):
        frame_incidents(spoil(frame), columns={"date": "when"})


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"date": "when", "kiled": "phone"}, "kiled cannot be named"),
        ({"date": "when", "killed_min": "killed", "killed_max": "killed"}, "killed stands for several columns"),
    ],
)
def test_columns_that_would_be_lost_are_refused(frame: gpd.GeoDataFrame, columns: dict[str, str], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        frame_incidents(frame, columns=columns)


def test_columns_are_judged_as_those_of_a_list(frame: gpd.GeoDataFrame) -> None:
    plain = frame.rename(columns={"when": "Date", "who": "Actors", "killed": "Killed"})
    assert frame_incidents(plain)["killed_min"].tolist() == [3, pd.NA, 7]
    assert frame_incidents(plain, columns={"killed": "phone"})["killed_min"].tolist() == [555, 556, 557]
    with pytest.raises(InputError, match=r"^frame:2 column 'sensitivity': value 'high'"):
        frame_incidents(plain.assign(sensitivity=["high", "", None]))
    with pytest.raises(InputError, match=r"^frame:1 column 'kiled'.*did you mean 'killed'"):
        frame_incidents(plain.rename(columns={"Killed": "kiled"}))
    with pytest.warns(UserWarning, match="frame:1 column 'casualties'.*not read"):
        frame_incidents(plain.rename(columns={"Killed": "casualties"}))
    with pytest.raises(InputError, match=r"^frame:3 column 'Killed': value '\[1, 2\]' — is several values"):
        frame_incidents(plain.assign(Killed=[1, [1, 2], None]))
    with pytest.raises(InputError, match=r"^frame — holds no incidents"):
        frame_incidents(plain.iloc[:0])
