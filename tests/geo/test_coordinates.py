from __future__ import annotations

import contextlib

import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinates import parse_degrees, parse_mgrs
from geo.parse import CellError


@pytest.mark.parametrize(
    "text",
    [
        "36.34",
        "+36.34",
        "36.34°",
        "36.34 N",
        "N36.34",
        "n 36.34",
        "٣٦٫٣٤",
        "36°20'24\"N",
        "36° 20′ 24″ N",
        "36º20’24”N",
        "36°20´24''N",
        "36˚20‘24“N",
        "N36°20'24\"",
        "36 deg 20' 24\" N",
        "36 20 24",
        "36 20 24 N",
        "36°20.4'",
        "36°20.4'N",
    ],
)
def test_latitudes_that_are_read(text: str) -> None:
    assert parse_degrees(text, "latitude") == pytest.approx(36.34, abs=1e-6)


def test_south_and_west_are_negative() -> None:
    assert parse_degrees("36°20'24\"S", "latitude") == pytest.approx(-36.34)
    assert parse_degrees("43.13 W", "longitude") == -43.13
    assert parse_degrees("−43.13", "longitude") == -43.13
    assert str(parse_degrees("0 S", "latitude")) == "0.0"


def test_an_empty_cell_is_no_coordinate() -> None:
    assert parse_degrees("  ", "latitude") is None
    assert parse_mgrs("") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("36,34", "decimal-comma"),
        ("43.13 E", "coordinate-axis"),
        ("91", "coordinate-range"),
        ("90.0000001", "coordinate-range"),
        ("4239.00416", "coordinate-unreadable"),
        ("inf", "coordinate-unreadable"),
        ("nan", "coordinate-unreadable"),
        ("1e1", "coordinate-unreadable"),
        ("36 34", "coordinate-unreadable"),  # 36°34' or a torn 36.34: half a degree apart
        ("36.5 20 10", "coordinate-unreadable"),
        ("36°75'00\"", "coordinate-unreadable"),
        ("36°20'61\"", "coordinate-unreadable"),
        ("-36.34 S", "coordinate-unreadable"),
        ("N 36.34 N", "coordinate-unreadable"),
        ("36.34, 43.13", "coordinate-unreadable"),
        ("36.34.10", "coordinate-unreadable"),
        ("near Mosul", "coordinate-unreadable"),
    ],
)
def test_latitudes_that_are_refused(text: str, code: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_degrees(text, "latitude")
    assert refusal.value.code == code


def test_a_decimal_comma_is_read_when_asked_for() -> None:
    assert parse_degrees("36,34", "latitude", decimal=",") == 36.34
    with pytest.raises(CellError, match=r"write 36.34, or say --decimal , for the whole file"):
        parse_degrees("36,34", "latitude")


@given(st.integers(-90 * 3_600_000, 90 * 3_600_000))
def test_degrees_minutes_seconds_agree_with_decimals(thousandths: int) -> None:
    degrees, rest = divmod(abs(thousandths), 3_600_000)
    minutes, seconds = divmod(rest, 60_000)
    text = f"{degrees}°{minutes}′{seconds / 1000:.3f}″{'S' if thousandths < 0 else 'N'}"
    assert parse_degrees(text, "latitude") == pytest.approx(thousandths / 3_600_000, abs=1e-6)


@given(st.text())
def test_any_text_is_a_coordinate_or_refused(text: str) -> None:
    for read in (lambda: parse_degrees(text, "longitude"), lambda: parse_mgrs(text)):
        with contextlib.suppress(CellError):
            assert read() is None or any(c.isdecimal() for c in text)


utm = st.tuples(st.integers(200_000, 800_000), st.integers(3_600_000, 4_100_000), st.integers(1, 5))


@given(utm)
def test_an_mgrs_reference_is_the_centre_of_its_cell(place: tuple[int, int, int]) -> None:
    """Letters and digits are worked out here from UTM zone 37N, the centre by PROJ."""
    easting, northing, digits = place
    size = 10 ** (5 - digits)
    column = "ABCDEFGH"[easting // 100_000 - 1]  # zone 37 is in the first of three sets of columns
    row = "ABCDEFGHJKLMNPQRSTUV"[northing // 100_000 % 20]  # odd zones begin at A
    to_degrees = pyproj.Transformer.from_crs("EPSG:32637", "EPSG:4326", always_xy=True)
    corner = easting // size * size, northing // size * size
    longitude, latitude = to_degrees.transform(corner[0] + size / 2, corner[1] + size / 2)
    band = "CDEFGHJKLMNPQRSTUVWX"[int(to_degrees.transform(easting, northing)[1] + 80) // 8]
    text = f"37{band}{column}{row}{corner[0] % 100_000 // size:0{digits}}{corner[1] % 100_000 // size:0{digits}}"
    cell = parse_mgrs(text)
    assert cell is not None
    assert cell.size_km == size / 1000
    assert pyproj.Geod(ellps="WGS84").inv(cell.longitude, cell.latitude, longitude, latitude)[2] < 1.0  # metres


@pytest.mark.parametrize(
    ("text", "latitude", "longitude", "size_km"),
    [
        ("37SDV780636", 35.81675, 38.75702, 0.1),
        ("37sdv 780 636", 35.81675, 38.75702, 0.1),
        ("38SLF12", 36.35232, 42.93828, 10),
        ("37SDV", 35.69265, 38.44738, 100),
    ],
)
def test_mgrs_references_that_are_read(text: str, latitude: float, longitude: float, size_km: float) -> None:
    assert parse_mgrs(text) == pytest.approx((latitude, longitude, size_km), abs=1e-5)


@pytest.mark.parametrize(
    "text", ["37S", "38SLF1", "38SLF123456789012", "99SDV780636", "38SIO12", "38SLF 12x", "38RLF3624", "Mosul"]
)
def test_mgrs_references_that_are_refused(text: str) -> None:
    with pytest.raises(CellError) as refusal:
        parse_mgrs(text)
    assert refusal.value.code == "mgrs-unreadable"
