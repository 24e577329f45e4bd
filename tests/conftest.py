"""Small frames that many tests need."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import settings

from geo.claims import CLAIM_FIELDS
from geo.findings import FINDING_FIELDS
from geo.ledger import keep_ledger
from geo.schema import CRS, DTYPES, POINT_RADIUS_KM, fields

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from geo.ledger import Ledger
    from geo.ranges import RangeRule

    MakeIncidents = Callable[..., gpd.GeoDataFrame]
    MakeLedger = Callable[..., Ledger]

if os.environ.get("CI"):  # the gate asks the same questions each time; elsewhere new ones are looked for
    settings.register_profile("gate", derandomize=True, database=None)
    settings.load_profile("gate")

ACTORS = {
    "us-led-coalition": ("US-led coalition", "التحالف الدولي", "#0072b2", "circle"),
    "russia": ("Russia", "روسيا", "#d55e00", "triangle"),
    "unknown": ("Unknown", "غير معروف", "#999999", "cross"),
}


@pytest.fixture
def actors() -> pd.DataFrame:
    columns = ["label", "label_ar", "color", "shape"]
    frame = pd.DataFrame.from_dict(ACTORS, orient="index", columns=columns, dtype="str").assign(aliases="", parent="")
    return frame.rename_axis("actor")[["label", "label_ar", "aliases", "color", "shape", "parent"]]


@pytest.fixture
def make_incidents() -> MakeIncidents:
    """Return a function that makes incidents of stage ``geocoded`` from rows that state only what matters.

    ``x`` and ``y`` place a row as a village; ``geometry`` is taken as it is; columns of later stages are kept.
    """

    def make(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
        defaults = {"date_start": "2017-03-17", "date_precision": "day", "actors": "unknown", "attribution": "sole"}
        filled = [{"incident_id": f"i{k}", **defaults, **row} for k, row in enumerate(rows)]
        for row in filled:
            row.setdefault("date_end", row["date_start"])
            if "x" in row:
                row["geometry"] = shapely.Point(row["x"], row["y"])
                row.setdefault("precision", "village")
            row.setdefault("precision_km", POINT_RADIUS_KM.get(row.setdefault("precision", "none")))
        names = [f.name for f in fields("stated", "geocoded")]
        names += [f.name for f in fields("joined") if any(f.name in row for row in filled)]
        dtypes = {f.name: DTYPES[f.kind] for f in fields() if f.name in names}
        index = pd.RangeIndex(2, len(rows) + 2, name="row")
        frame = pd.DataFrame(filled, index=index, columns=names, dtype=object).astype(dtypes)
        return gpd.GeoDataFrame(
            frame, geometry=gpd.GeoSeries([row.get("geometry") for row in filled], index, dtype=object), crs=CRS
        )

    return make


@pytest.fixture
def make_ledger() -> MakeLedger:
    """Return a function that makes the ledger of incidents from rows of claims, and of findings with ``geometry``.

    ``rule`` and ``as_of`` are those of `geo.ledger.keep_ledger`; only the ledger is returned, ranges stay as they are.
    """

    def make(
        incidents: pd.DataFrame,
        *claims: dict[str, Any],
        findings: Sequence[dict[str, Any]] = (),
        rule: RangeRule | None = None,
        as_of: date | None = None,
    ) -> Ledger:
        defaults = {"source": "Army", "measure": "civilians", "stance": "alleged", "published": "2017-03-18"}
        filled = [{"claim_id": f"c{k}", **defaults, **row} for k, row in enumerate(claims)]
        frame = pd.DataFrame(filled, columns=[f.name for f in CLAIM_FIELDS], dtype=object)
        typed = frame.astype({f.name: DTYPES[f.kind] for f in CLAIM_FIELDS})
        _, ledger = keep_ledger(incidents, typed, rule=rule, as_of=as_of)
        found = [{"finding_id": f"f{k}", "source": "Army", **row} for k, row in enumerate(findings)]
        stated = pd.DataFrame(found, columns=[f.name for f in FINDING_FIELDS], dtype=object)
        stated = stated.astype({f.name: DTYPES[f.kind] for f in FINDING_FIELDS}).assign(
            **{
                name: pd.Series([row.get(name) for row in found], dtype="str")
                for name in ("precision", "located_by", "location_note")
            }
        )
        areas = gpd.GeoSeries([row.get("geometry") for row in found], dtype=object)
        return replace(ledger, findings=gpd.GeoDataFrame(stated, geometry=areas, crs=CRS) if found else None)

    return make


@pytest.fixture
def squares() -> gpd.GeoDataFrame:
    """Two countries side by side at the equator, 1 degree high.

    AA is x 0 to 2: governorates A1 (0 to 1) and A2 (1 to 2), A1 with districts A11 (south) and A12 (north), A2 with
    A21. BB is x 2 to 3, with one governorate and nothing below it.
    """
    units = [
        (0, "AA", "Aland", "AA", None, (0, 0, 2, 1)),
        (1, "A1", "Westland", "AA", "AA", (0, 0, 1, 1)),
        (1, "A2", "Eastland", "AA", "AA", (1, 0, 2, 1)),
        (2, "A11", "South", "AA", "A1", (0, 0, 1, 0.5)),
        (2, "A12", "North", "AA", "A1", (0, 0.5, 1, 1)),
        (2, "A21", "Whole", "AA", "A2", (1, 0, 2, 1)),
        (0, "BB", "Beland", "BB", None, (2, 0, 3, 1)),
        (1, "B1", "Beland proper", "BB", "BB", (2, 0, 3, 1)),
    ]
    columns = ["level", "pcode", "name", "country", "parent", "box"]
    frame = pd.DataFrame(units, columns=columns).astype({"level": "int8", "pcode": "str", "name": "str"})
    unnamed = pd.array([None] * len(frame), dtype="str")
    frame = frame.assign(name_local=unnamed, aliases=unnamed, valid_from="2016", valid_to=None, source="test")
    people = pd.array([None] * len(frame), dtype="Int64")
    frame = frame.assign(population=people, population_column=unnamed)
    return gpd.GeoDataFrame(frame, geometry=[shapely.box(*b) for b in frame.pop("box")], crs=CRS)


@pytest.fixture
def coded(squares: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the squares as a publisher has them whose codes of countries are not those of ISO."""
    codes = {"AA": "ALA", "BB": "BEL"}
    return squares.assign(pcode=squares["pcode"].replace(codes), parent=squares["parent"].replace(codes))
