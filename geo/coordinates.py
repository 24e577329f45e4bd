"""Coordinates as sources write them: decimal degrees, degrees-minutes-seconds, and MGRS cells."""

from __future__ import annotations

import re
import warnings
from functools import cache
from typing import Literal, NamedTuple, NoReturn

import mgrs

from geo.parse import plain_cell, refuse

Axis = Literal["latitude", "longitude"]

LIMIT: dict[Axis, float] = {"latitude": 90.0, "longitude": 180.0}
LETTERS: dict[Axis, str] = {"latitude": "NS", "longitude": "EW"}

DECIMALS = 7
"""Decimal places of a stored coordinate: a centimetre."""

MINUTES = 60
"""Minutes in a degree, and seconds in a minute."""

MGRS_DIGITS = 10
"""Digits of an MGRS cell of 1 m; two fewer for each cell ten times as large."""

_NUMBER = r"\d{1,2}(?:\.\d+)?"
_DEGREES = re.compile(
    r"(?P<before>[NSEW])? ?(?P<sign>[-+])? ?"
    rf"(?P<d>\d{{1,3}}(?:\.\d+)?)(?: ?(?:°|DEG) ?| |$|(?=[NSEW]))"
    rf"(?:(?P<m>{_NUMBER})(?: ?' ?| |$|(?=[NSEW]))"
    rf"(?:(?P<s>{_NUMBER}) ?(?:''|\")?)?)?"
    r" ?(?P<after>[NSEW])?"
)
_QUOTES = str.maketrans({**dict.fromkeys("º˚", "°"), **dict.fromkeys("′’‘ʹʼ´`‛", "'"), **dict.fromkeys("″”“„ʺ‟", '"')})
_SIGNS = str.maketrans({"−": "-", "٫": "."})
_MGRS = re.compile(r"\d{1,2}[C-HJ-NP-X](?:[A-HJ-NP-Z][A-HJ-NP-V](\d*))?")


class MgrsCell(NamedTuple):
    """Centre of a cell in degrees (EPSG:4326), and the length of its side in km."""

    latitude: float
    longitude: float
    size_km: float


def parse_degrees(text: str, axis: Axis, *, decimal: str = ".") -> float | None:
    """Return the degrees north or east in ``text``, ``None`` for an empty cell.

    Read are ``36.34``, ``-0.5``, ``36.34 N``, ``N36.34``, ``36°20'24"N`` with every kind of quote mark, and
    ``36 20 24 N``.

    Parameters
    ----------
    axis
        Which coordinate it is: a letter of the other one, or a number beyond its limit, is refused.
    decimal
        Decimal mark, ``.`` or ``,``.

    Raises
    ------
    CellError
        When the text is no coordinate, or may be two different ones.
    """
    cell = plain_cell(text).translate(_SIGNS)
    if not cell:
        return None
    if decimal == "," and "." not in cell:
        cell = cell.replace(",", ".")
    found = _DEGREES.fullmatch(cell.translate(_QUOTES).upper())
    if not found:
        _refuse_degrees(cell)
    letter = found["before"] or found["after"] or LETTERS[axis][0]
    if letter not in LETTERS[axis]:
        wrong = f"is a {'longitude' if axis == 'latitude' else 'latitude'} in the {axis} column"
        refuse(wrong, "exchange latitude and longitude", "coordinate-axis")
    return _sum_degrees(found, axis, negative=found["sign"] == "-" or letter in "SW")


def _sum_degrees(found: re.Match[str], axis: Axis, *, negative: bool) -> float:
    """Return the value of a matched coordinate."""
    parts = [found[name] for name in "dms" if found[name]]
    signs = [name for name in ("before", "sign", "after") if found[name]]
    unclear = re.fullmatch(r"[\d.]+ [\d.]+", found[0])  # 36 34 may be 36°34' or a torn 36.34
    if len(signs) > 1 or unclear or any("." in part for part in parts[:-1]):
        _refuse_degrees(found[0])
    degrees, minutes, seconds = map(float, [*parts, "0", "0"][:3])
    if minutes >= MINUTES or seconds >= MINUTES:
        refuse(f"has {MINUTES} or more minutes or seconds", "check the coordinate", "coordinate-unreadable")
    value = degrees + (minutes + seconds / MINUTES) / MINUTES
    if value > LIMIT[axis]:
        refuse_range(axis)
    return round(-value if negative else value, DECIMALS) + 0.0  # never -0.0


def refuse_range(axis: Axis) -> NoReturn:
    """Refuse a number beyond the axis's limit."""
    refuse(f"is beyond {LIMIT[axis]:.0f} degrees", f"write the {axis} in degrees", "coordinate-range")


def _refuse_degrees(cell: str) -> NoReturn:
    if re.fullmatch(r"[NSEW]? ?[-+]?\d{1,3},\d+ ?°? ?[NSEW]?", cell):
        todo = f"write {cell.replace(',', '.')}, or say --decimal , for the whole file"
        refuse("has a decimal comma", todo, "decimal-comma")
    refuse("is not a coordinate", "write decimal degrees such as 36.34", "coordinate-unreadable")


@cache
def _converter() -> mgrs.MGRS:
    return mgrs.MGRS()


def parse_mgrs(text: str) -> MgrsCell | None:
    """Return the cell that an MGRS reference stands for, ``None`` for an empty cell.

    The digits are cut off, not rounded, when a reference is shortened, so that it stands for a cell and not for its
    corner: ``38SLF12`` is 10 km wide.

    Raises
    ------
    CellError
        When the text is no MGRS reference, or names a whole grid zone.
    """
    cell = plain_cell(text).upper().replace(" ", "")
    if not cell:
        return None
    found = _MGRS.fullmatch(cell)
    digits = (found[1] or "") if found else "0"
    if len(digits) > MGRS_DIGITS or len(digits) % 2:
        todo = "write zone, square and an even number of digits, such as 38SLF3624"
        refuse("is not an MGRS reference", todo, "mgrs-unreadable")
    if len(cell) <= len("38S"):
        refuse("is a grid zone, a thousand km high", "write the 100 km square too", "mgrs-unreadable")
    return _find_centre(cell, digits)


def _find_centre(cell: str, digits: str) -> MgrsCell:
    """Return the cell's centre, found as the 1 m cell in its middle, which every release of mgrs reads alike."""
    half, square = len(digits) // 2, cell[: len(cell) - len(digits)]
    middle = "50000"[: MGRS_DIGITS // 2 - half]
    try:
        with warnings.catch_warnings(action="error", category=RuntimeWarning):  # a square that is not in the band
            latitude, longitude = _converter().toLatLon(f"{square}{digits[:half]}{middle}{digits[half:]}{middle}")
    except (mgrs.core.MGRSError, RuntimeWarning):
        refuse("names no cell of the MGRS grid", "check zone and letters", "mgrs-unreadable")
    return MgrsCell(round(latitude, DECIMALS), round(longitude, DECIMALS), 100 / 10**half)
