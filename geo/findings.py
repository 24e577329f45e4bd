"""Findings: what a source states about a region and a period without a number. They are shown and never counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
from shapely import Point

from geo.geocode import geocode_incidents
from geo.readers.records import read_records, tell_rows
from geo.schema import CRS, Field

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from geo.dates import DateOrder
    from geo.errors import Problem
    from geo.gazetteer import Gazetteer

FINDING_FIELDS: tuple[Field, ...] = (
    Field("finding_id", "id", "Finding"),
    Field("source", "text", "Source"),
    Field("published", "day", "Published"),
    Field("period_start", "day", "About the days from"),
    Field("period_end", "day", "About the days to"),
    Field("place", "text", "Place"),
    Field("place_local", "text", "Place in the local script"),
    Field("admin1", "text", "Governorate as stated"),
    Field("admin2", "text", "District as stated"),
    Field("country", "text", "Country"),
    Field("actor", "actors", "Actor"),
    Field("statement", "text", "Statement"),
    Field("note", "text", "Note"),
    Field("url", "urls", "Address"),
)
"""Columns of a findings file."""

REQUIRED = ("finding_id", "source", "country", "statement")
"""Columns that must be there, and filled in every row."""

SYNONYMS = {"id": "finding_id", "date": "period_start", "actors": "actor", "text": "statement", "governorate": "admin1"}


def judge_findings(
    path: Path | str, *, actors: pd.DataFrame, date_order: DateOrder | None = None
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the findings of a CSV file with the columns `FINDING_FIELDS`, and everything wrong or odd in it.

    Parameters
    ----------
    path
        The file; only the columns `REQUIRED` must be there.
    actors
        Known actors.
    date_order
        Whether the day or the month comes first in ``03/04/2017``; ``None`` refuses such dates.
    """
    findings, problems = read_records(
        path,
        FINDING_FIELDS,
        what="findings",
        required=REQUIRED,
        synonyms=SYNONYMS,
        actors=actors,
        date_order=date_order,
    )
    crossed = findings[findings["period_start"] > findings["period_end"]]
    wrong, todo = "is later than period_end", "correct one of them"
    return findings, sorted(
        [*problems, *tell_rows(crossed, "period_start", wrong=wrong, todo=todo, code="period-backwards")]
    )


def locate_findings(
    findings: pd.DataFrame, gazetteers: Sequence[Gazetteer], *, regions: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the findings with the area that each is about, found as the place of an incident is.

    A place that is known as a point stands for the circle of its precision: a finding is never a dot. ``geometry`` is
    missing for one about a whole country or an unknown place; ``precision``, ``located_by`` and ``location_note`` say
    how it was found. EPSG:4326.
    """
    located = geocode_incidents(findings, gazetteers, regions=regions)
    km = located["precision_km"].to_numpy(dtype=float, na_value=np.nan)
    areas = [
        _draw_circle(spot, radius) if isinstance(spot, Point) else spot
        for spot, radius in zip(located.geometry, km, strict=True)
    ]
    told = located[["precision", "precision_km", "located_by", "location_note"]]
    return gpd.GeoDataFrame(findings.join(told), geometry=gpd.GeoSeries(areas, findings.index, crs=CRS))


def _draw_circle(spot: Point, km: float) -> object:
    """Return the circle of a radius around a point, in degrees."""
    flat = gpd.GeoSeries([spot], crs=CRS).to_crs(f"+proj=aeqd +lat_0={spot.y} +lon_0={spot.x} +units=m")
    return flat.buffer(1000 * km).to_crs(CRS).iloc[0]
