"""The overlay: a GeoPackage that opens in QGIS with the actors' colours and graded regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from geo.errors import FileError
from geo.files import atomic_path, build_time
from geo.schema import CRS, FIELDS
from layers.counts import RANGES, SUMS, assert_equal, sum_ranges, total_ranges
from layers.layer import incident_month, layer_keys, split_layers
from layers.qgis import add_styles

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("incidents", "incident_areas", "unplaced")
"""Where incidents are: points, areas they are known to lie in, and without either. Each incident is in exactly one."""

COVERED, NOT_COVERED = "covered", "not covered"
"""``coverage`` of a region."""


def write_overlay(incidents: gpd.GeoDataFrame, regions: gpd.GeoDataFrame, path: Path, *, actors: pd.DataFrame) -> None:
    """Write a GeoPackage 1.2 with incidents, their areas, the regions with their sums, and the unplaced ones.

    Layers ``incidents`` (points), ``incident_areas`` (polygons), ``regions`` (units of level 1 of the countries the
    incidents are in), table ``unplaced``, and QGIS styles for each. The file is read back and compared with the
    incidents before it replaces ``path``.

    Parameters
    ----------
    incidents
        Located incidents (EPSG:4326), as `geo.regions.join_regions` returns them.
    regions
        A regions frame.
    path
        File to write; its folder must exist.
    actors
        Actor table, as `geo.actors.extend_actors` returns it for the incidents.

    Raises
    ------
    FileError
        When the file cannot be written, or does not read back as it was written.
    """
    stamp = build_time()
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{stamp:%Y-%m-%dT%H:%M:%S.000Z}"})
    parts = split_by_geometry(label_incidents(incidents, actors))
    graded = sum_regions(incidents, regions)
    with atomic_path(path) as temporary:
        for name in ("incidents", "incident_areas"):
            _write_layer(parts[name], temporary, name)
        _write_layer(graded, temporary, "regions")
        _write_layer(parts["unplaced"], temporary, "unplaced")
        add_styles(temporary, split_layers(incidents, actors), graded, stamp)
        try:
            assert_equal(total_ranges(incidents), total_ranges(read_overlay(temporary)), "the overlay")
        except AssertionError as error:
            message = f"{path}: read back otherwise than written: {error}"
            raise FileError(message) from error


def read_overlay(path: Path) -> pd.DataFrame:
    """Return the incidents of an overlay, of all three tables, without geometry."""
    tables = [pyogrio.read_dataframe(path, layer=name, read_geometry=False, use_arrow=True) for name in TABLES]
    together: pd.DataFrame = pd.concat(tables, ignore_index=True)
    return together.astype(dict.fromkeys(RANGES, "Int64"))


def label_incidents(incidents: gpd.GeoDataFrame, actors: pd.DataFrame) -> gpd.GeoDataFrame:
    """Return the public columns, with ``layer`` and ``layer_label`` (the actors as a set) and ``month`` in front."""
    keys = layer_keys(incidents)
    labels = {layer.key: layer.label for layer in split_layers(incidents, actors)}
    public = [f.name for f in FIELDS if f.public]
    labelled = incidents[[*public, incidents.geometry.name]].copy()
    labelled.insert(1, "layer", keys)
    labelled.insert(2, "layer_label", keys.map(labels))
    labelled.insert(3, "month", incident_month(incidents))
    return labelled


def split_by_geometry(incidents: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Return the incidents of each of `TABLES`: points, areas, and those without a geometry."""
    dimension = shapely.get_dimensions(incidents.geometry.array)
    parts = [incidents[dimension == 0], incidents[dimension > 0], incidents[dimension < 0]]
    return dict(zip(TABLES, parts, strict=True))


def sum_regions(incidents: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the level-1 units of the incidents' countries with the sums of their incidents and their coverage.

    A unit without incidents has 0 of them and no figures: nobody is known to have been counted there.
    """
    countries = regions.loc[regions["pcode"].isin(incidents["adm0_pcode"].dropna()), "country"].unique()
    units = regions[(regions["level"] == 1) & regions["country"].isin(countries)].sort_values("pcode")
    sums = sum_ranges(incidents, ["adm1_pcode"]).rename(columns={"adm1_pcode": "pcode"})
    columns = ["pcode", "name", "name_local", "country", "valid_from", "valid_to", "source", "geometry"]
    graded = units[columns].merge(sums, how="left", on="pcode")
    empty = graded["incidents"].isna()
    unknowns = [name for name in SUMS if name == "incidents" or name.endswith("_unknown")]
    graded[unknowns] = graded[unknowns].fillna(0)
    graded.insert(4, "coverage", pd.Series(COVERED, index=graded.index).mask(empty, "covered, none reported"))
    return gpd.GeoDataFrame(graded, geometry="geometry", crs=CRS)


def _write_layer(frame: gpd.GeoDataFrame, path: Path, name: str) -> None:
    """Append a layer; days are written as dates, and ``unplaced`` without a geometry."""
    days = {column: "date32[pyarrow]" for column in frame.columns if str(frame[column].dtype).startswith("datetime64")}
    content = frame.astype(days).reset_index(drop=True)
    if name == "unplaced":
        content = pd.DataFrame(content.drop(columns=frame.geometry.name))
    elif name != "incidents":
        content = content.set_geometry(content.geometry.map(_as_multipolygon))
    geometry_type = {"incidents": "Point", "unplaced": None}.get(name, "MultiPolygon")
    pyogrio.write_dataframe(
        content,
        path,
        layer=name,
        driver="GPKG",
        use_arrow=True,
        append=path.exists(),
        geometry_type=geometry_type,
        **({} if path.exists() else {"dataset_options": {"VERSION": "1.2"}}),
    )


def _as_multipolygon(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
