"""GIS overlay: one GeoPackage with the incidents and the regions they lie in, styled for QGIS."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.util import vsi_path

from geo.check import find_origins
from geo.claims import CLAIM_FIELDS
from geo.coverage import STATUSES
from geo.errors import FileError, UsageError, escape_text
from geo.files import atomic_path, build_time
from geo.findings import FINDING_FIELDS
from geo.ledger import Ledger
from geo.relations import name_leads
from geo.schema import CRS, FIELDS
from layers.areas import are_told_of
from layers.counts import DISCOUNTED, NUMBERS, RANGES, SUMS, assert_equal, leave_open, sum_ranges, total_ranges
from layers.credits import credit_files, credit_places
from layers.layer import incident_month, label_layer, layer_keys
from layers.qgis import DISCOUNTED_KIND, MEASURE, NONE_LISTED, style_findings, style_incidents, style_regions
from layers.windows import cover_units, name_actors, span_months

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import geopandas as gpd

    from geo.schema import Field, Kind

GEOMETRY = "geom"
"""Name of the geometry column, the usual one of GeoPackage."""

ARROW_TYPES: dict[Kind, pa.DataType] = {
    **dict.fromkeys(("id", "text", "choice", "actors", "urls"), pa.large_string()),
    "day": pa.date32(),
    "count": pa.int64(),
    "degrees": pa.float64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
}

TABLES = {
    "incidents": "Incidents known to a point; precision_km is the radius in which each happened",
    "incident_areas": "Incidents known to an administrative unit only, which is their geometry",
    "unplaced": "Incidents that are not placed: their country at most is known",
}
"""Layers that partition the incidents, with what they are."""

LISTED, COUNTED_ELSEWHERE, STATED = (
    "incidents listed",
    "incidents counted with others",
    "incidents stated, in no region",
)
"""Values of ``coverage`` of regions that records tell of: all may be counted with those of other regions, or stand in
no region while a source states this one. All others are `layers.qgis.NONE_LISTED`."""

STYLES = "layer_styles"
"""Table in which QGIS keeps styles."""

_EMPTY_BYTES = 500_000
"""Space for the tables of a GeoPackage that holds next to nothing, and for what SQLite writes beside it."""
_UNIT_COLUMNS = ("pcode", "name", "name_local", "country", "valid_from", "valid_to", "source")


@dataclass(frozen=True)
class _Layer:
    """A layer to write: its table (with WKB in `GEOMETRY` unless it has no geometry) and its style for QGIS."""

    name: str
    description: str
    table: pa.Table
    geometry_type: str | None = None
    style: str = ""


def write_overlay(
    incidents: gpd.GeoDataFrame,
    regions: gpd.GeoDataFrame,
    path: Path | str,
    *,
    actors: pd.DataFrame,
    ledger: Ledger | None = None,
    coverage: pd.DataFrame | None = None,
) -> None:
    """Write a GeoPackage that QGIS opens with actor colours and graded regions.

    Layers ``incidents`` (points) and ``incident_areas`` (polygons) and the table ``unplaced`` hold every incident
    once, with the same columns (``counted_with`` names the record that carries the figures of one); ``regions`` holds
    the governorates of the countries involved, with the sums of their incidents (see `layers.counts.leave_open`) and
    ``coverage``. With a ledger, the table ``claims`` holds who claims which number of which ``incident_id``, and the
    layer ``findings`` the areas that sources state something about without a number. The descriptions of the layers
    say where the ranges come from, and whose places and boundaries they are.
    EPSG:4326, GeoPackage 1.2. The same incidents give the same bytes in any order.

    Parameters
    ----------
    incidents
        Located incidents, as `geo.regions.join_regions` returns them.
    regions
        The regions frame they were joined to.
    path
        The file to write.
    actors
        Actor table with label, colour and shape.
    ledger
        Where the ranges come from; None: the list states them.
    coverage
        Coverage windows of the list (see `geo.coverage.read_coverage`); None when nobody stated any. The column
        ``coverage`` of ``regions`` says what a region without an incident means: see `LISTED`.

    Raises
    ------
    UsageError
        When the path is none for GDAL, see `check_path`.
    FileError
        When the file cannot be written; what was there before is left as it was.
    AssertionError
        When the file, read back, is not what was to be written.
    """
    check_path(path)
    keyed = incidents.sort_values(["date_start", "incident_id"]).assign(layer=layer_keys, month=incident_month)
    keyed["counted_with"] = name_leads(keyed)
    keyed["layer_label"] = keyed["layer"].map({key: label_layer(key, actors) for key in keyed["layer"].unique()})
    ledger = (ledger or Ledger()).about(incidents)
    basis = ". ".join(f"{told}: {words}" for told, words in ledger.notes)
    layers = [*_incident_layers(keyed, actors), _region_layer(keyed, regions, actors, coverage)]
    layers = [replace(layer, description=f"{layer.description.rstrip('.')}. {basis}") for layer in layers]
    layers += _ledger_layers(ledger, basis)
    with atomic_path(path) as temporary:
        try:
            _write_layers(layers, temporary)
        except RuntimeError as error:  # GDAL's, where it is none of the system's
            _require_space(layers, temporary)
            message = f"{path}: {str(error).splitlines()[0]}"
            raise FileError(message) from error
        _compare_layers(layers, temporary)
        assert_equal(total_ranges(incidents), total_ranges(read_overlay(temporary)), "the overlay")


def check_path(path: Path | str) -> None:
    """Raise a `UsageError` for a path that GDAL is told of as another one: without line breaks, or as an archive."""
    if vsi_path(str(path)) != str(path):
        wrong = "no GeoPackage can be written where a name has a line break, a tab or ! in it"
        message = f"{escape_text(str(path))}: {wrong} — choose another name with -o"
        raise UsageError(message)


def read_overlay(path: Path | str) -> pd.DataFrame:
    """Return every incident of an overlay with its columns, without the geometry."""
    parts = [pyogrio.read_dataframe(path, layer=name, read_geometry=False, use_arrow=True) for name in TABLES]
    together: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return together.astype(dict.fromkeys(RANGES, "Int64"))


def _incident_layers(incidents: gpd.GeoDataFrame, actors: pd.DataFrame) -> Iterator[_Layer]:
    """Return the layers of the points, of the areas, and of what has no geometry."""
    types = {f.name: ARROW_TYPES[f.kind] for f in FIELDS}
    types |= dict.fromkeys(("month", "layer", "layer_label", "counted_with"), pa.large_string())
    kind = shapely.get_dimensions(incidents.geometry.array)  # 0 of a point, 2 of an area, -1 of nothing
    for name, dimension in zip(TABLES, (0, 2, -1), strict=True):
        part = incidents[kind == dimension]
        columns = {column: pa.array(part[column], type_, from_pandas=True) for column, type_ in types.items()}
        description = " ".join([f"{TABLES[name]}.", *credit_places(find_origins(part))])
        if dimension < 0:
            yield _Layer(name, description, pa.table(columns))
            continue
        geometries = part.geometry.array if dimension == 0 else _to_multi(part.geometry.array)
        kinds = part["layer"].mask(part["grading"] == DISCOUNTED, DISCOUNTED_KIND)
        style = style_incidents(kinds.unique(), actors, columns, areas=dimension > 0)
        table = pa.table(columns | {GEOMETRY: pa.array(shapely.to_wkb(geometries), pa.binary())})
        yield _Layer(name, description, table, "MultiPolygon" if dimension else "Point", style)


def _region_layer(
    incidents: gpd.GeoDataFrame, regions: gpd.GeoDataFrame, actors: pd.DataFrame, windows: pd.DataFrame | None
) -> _Layer:
    """Return the governorates of the countries involved (a country itself where it has none) with their sums."""
    countries = regions.loc[regions["pcode"].isin(incidents["adm0_pcode"].unique()), "country"]
    units = regions[regions["country"].isin(countries) & (regions["level"] <= 1)]
    units = units[units["level"] == units.groupby("country")["level"].transform("max")].sort_values("pcode")
    placed = incidents.assign(pcode=incidents["adm1_pcode"].fillna(incidents["adm0_pcode"]))
    sums = leave_open(sum_ranges(placed, ["pcode"]))
    joined = units[[*_UNIT_COLUMNS, "geometry"]].merge(sums, on="pcode", how="left")
    joined[[*NUMBERS]] = joined[[*NUMBERS]].fillna(0)
    told = [(joined["incidents"] > 0).to_numpy(), units["pcode"].isin(placed["pcode"]), are_told_of(units, placed)]
    none = _tell_none(units, incidents, actors, windows)
    coverage = np.select(told, [LISTED, COUNTED_ELSEWHERE, STATED], none)
    columns = {name: pa.array(joined[name], pa.large_string(), from_pandas=True) for name in _UNIT_COLUMNS}
    columns |= {"coverage": pa.array(coverage, pa.large_string())}
    columns |= {name: pa.array(joined[name], pa.int64(), from_pandas=True) for name in SUMS}
    columns |= {GEOMETRY: pa.array(shapely.to_wkb(_to_multi(joined.geometry.array)), pa.binary())}
    description = " ".join(["Incidents summed by governorate.", *credit_files(["regions.parquet"])])
    return _Layer("regions", description, pa.table(columns), "MultiPolygon", style_regions(joined[MEASURE], columns))


def _ledger_layers(ledger: Ledger, basis: str) -> Iterator[_Layer]:
    """Return the claims about the incidents, and the findings with their areas."""
    if ledger.claims is not None:
        columns = _type_columns(ledger.claims, CLAIM_FIELDS)
        columns["superseded_by"] = pa.array(ledger.claims["superseded_by"], pa.large_string(), from_pandas=True)
        columns["in_range"] = pa.array(ledger.claims["in_range"], pa.bool_(), from_pandas=True)
        told = "Who claims which number of an incident: incident_id is that of the incidents, in_range says whether the"
        yield _Layer("claims", f"{told} claim makes its range. Claims never add up. {basis}", pa.table(columns))
    if ledger.findings is not None:
        found = ledger.findings
        columns = _type_columns(found, FINDING_FIELDS)
        for name in ("precision", "location_note"):
            columns[name] = pa.array(found[name], pa.large_string(), from_pandas=True)
        shapes = shapely.to_wkb(_to_multi(found.geometry.array))
        columns[GEOMETRY] = pa.array(shapes, pa.binary(), from_pandas=True)
        whose = credit_places(found["located_by"])
        told = " ".join(["What sources state about an area without a number: shown and never counted.", *whose])
        yield _Layer("findings", told, pa.table(columns), "MultiPolygon", style_findings(columns))


def _type_columns(frame: pd.DataFrame, fields: Iterable[Field]) -> dict[str, pa.Array]:
    return {f.name: pa.array(frame[f.name], ARROW_TYPES[f.kind], from_pandas=True) for f in fields}


def _tell_none(
    units: gpd.GeoDataFrame, incidents: gpd.GeoDataFrame, actors: pd.DataFrame, windows: pd.DataFrame | None
) -> list[str]:
    """Return what ``coverage`` says of each unit when no incident is listed in it."""
    if windows is None:
        return [NONE_LISTED] * len(units)
    months, named = span_months(incidents), name_actors(incidents)
    codes = cover_units(units, windows, months=months, actors=actors, named=named)
    return [f"{NONE_LISTED}: {STATUSES[code]}" for code in codes]


def _to_multi(geometries: Any) -> Any:  # noqa: ANN401 - arrays of geometries
    """Return polygons as multipolygons, so that a layer has one type; what is missing stays so."""
    shapes = np.array(geometries, dtype=object)
    there = np.flatnonzero(~shapely.is_missing(shapes))
    parts, number = shapely.get_parts(shapes[there], return_index=True)
    shapes[there] = shapely.multipolygons(parts, indices=number)
    return shapes


def _write_layers(layers: list[_Layer], path: Path) -> None:
    """Write the layers and their styles as a new GeoPackage."""
    with _fixed_date():
        for layer in [*layers, _style_table(layers)]:
            geometry = {"geometry_name": GEOMETRY, "geometry_type": layer.geometry_type, "crs": CRS}
            pyogrio.write_arrow(
                layer.table,
                path,
                layer=layer.name,
                driver="GPKG",
                dataset_options={"VERSION": "1.2"},
                layer_options={"DESCRIPTION": layer.description, "FID": "id" if layer.name == STYLES else "fid"},
                **(geometry if layer.geometry_type else {}),
            )


def _require_space(layers: list[_Layer], path: Path) -> None:
    """Raise the system's own error when there is no space for the layers: GDAL tells of a step after that."""
    path.write_bytes(bytes(2 * sum(layer.table.nbytes for layer in layers) + _EMPTY_BYTES))


def _style_table(layers: list[_Layer]) -> _Layer:
    """Return the table in which QGIS looks for the style of a layer when it opens it."""
    styled = [layer for layer in layers if layer.style]
    columns = {
        "f_table_catalog": [""] * len(styled),
        "f_table_schema": [""] * len(styled),
        "f_table_name": [layer.name for layer in styled],
        "f_geometry_column": [GEOMETRY] * len(styled),
        "styleName": [layer.name for layer in styled],
        "styleQML": [layer.style for layer in styled],
        "styleSLD": [""] * len(styled),
        "useAsDefault": [True] * len(styled),
        "description": [layer.description for layer in styled],
        "owner": [""] * len(styled),
        "ui": [""] * len(styled),
        "update_time": pa.array([build_time()] * len(styled), pa.timestamp("ms")),
    }
    return _Layer(STYLES, "Styles for QGIS", pa.table(columns))


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Let GDAL write `build_time` instead of now."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{build_time():%Y-%m-%dT%H:%M:%S}.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _compare_layers(layers: list[_Layer], path: Path) -> None:
    """Raise an `AssertionError` for a layer that does not read back as it was to be written."""
    for layer in layers:
        _, read = pyogrio.read_arrow(path, layer=layer.name)
        if not read.select(layer.table.column_names).cast(layer.table.schema).equals(layer.table):
            message = f"layer {layer.name} of {path.name} does not read back as written"
            raise AssertionError(message)
