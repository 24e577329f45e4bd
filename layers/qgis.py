"""QGIS styles inside a GeoPackage: the same colours, shapes and tones as the map page.

Written as QML into the table ``layer_styles``, where QGIS looks for the default style of a layer. The elements are
those that QGIS 3 writes itself.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from geo.schema import COUNTS
from layers.style import SHADES, class_breaks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    import geopandas as gpd

    from layers.layer import Layer

    Symbol = Callable[[ET.Element, str, Layer], None]

GRADED_BY = "killed_max"
"""What the regions of the overlay are graded by."""

SHAPES = {"cross": "cross2", "plus": "cross_fill", "triangle-down": "triangle"}
"""QGIS names of the marks that it calls otherwise."""
ANGLES = {"triangle-down": "180"}
LINES = ("cross",)
"""Marks that are lines alone: QGIS draws them in the outline's colour."""
MARK_MM = "3"

_TABLE = """
create table layer_styles (
  id integer primary key autoincrement not null,
  f_table_catalog text(256), f_table_schema text(256), f_table_name text(256), f_geometry_column text(256),
  styleName text(30), styleQML text, styleSLD text, useAsDefault boolean, description text, owner text(30),
  ui text(30), update_time datetime)
"""


def add_styles(path: Path, layers: Sequence[Layer], regions: gpd.GeoDataFrame, stamp: datetime) -> None:
    """Add the table ``layer_styles`` to an overlay.

    Parameters
    ----------
    path
        A GeoPackage with the layers of `layers.export.write_overlay`.
    layers
        Layers of the incidents: one category each.
    regions
        The graded regions, with a column `GRADED_BY`.
    stamp
        Time to write into the file.
    """
    styles = {
        "incidents": _categories(layers, _marker),
        "incident_areas": _categories(layers, _outline),
        "regions": _grades(class_breaks(regions[GRADED_BY].to_numpy(dtype=float, na_value=0))),
    }
    when = f"{stamp:%Y-%m-%dT%H:%M:%S.000Z}"
    database = sqlite3.connect(path)
    with database:
        database.execute(_TABLE)
        database.execute(
            "insert into gpkg_contents (table_name, data_type, identifier, description, last_change)"
            " values ('layer_styles', 'attributes', 'layer_styles', '', ?)",
            (when,),
        )
        for name, qml in styles.items():
            database.execute(
                "insert into layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
                " styleQML, styleSLD, useAsDefault, description, owner, ui, update_time)"
                " values ('', '', ?, 'geom', 'default', ?, '', 1, 'incidentmap', '', '', ?)",
                (name, qml, when),
            )
    database.close()


def _categories(layers: Sequence[Layer], draw: Symbol) -> str:
    """Return the QML of one symbol per layer."""
    root, renderer = _document("categorizedSymbol", attr="layer")
    categories = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for number, layer in enumerate(layers):
        ET.SubElement(
            categories, "category", render="true", symbol=str(number), value=layer.key, label=layer.label, type="string"
        )
        draw(symbols, str(number), layer)
    return ET.tostring(root, encoding="unicode")


def _grades(breaks: Sequence[int]) -> str:
    """Return the QML of regions in tones by class; a region with no figure keeps only its outline."""
    root, renderer = _document("RuleRenderer")
    rules = ET.SubElement(renderer, "rules", key="all")
    symbols = ET.SubElement(renderer, "symbols")
    label = f"{COUNTS[0]}, maximum"
    ends = [*(b - 1 for b in breaks[1:]), None]
    classes: list[tuple[str, str, str | None]] = [
        ('"incidents" = 0', "no incident listed", None),
        (f'"incidents" > 0 and ("{GRADED_BY}" is null)', f"{label}: unknown", None),
        (f'"{GRADED_BY}" = 0', f"{label}: 0", None),
        *(
            (
                f'"{GRADED_BY}" >= {low}' + ("" if high is None else f' and "{GRADED_BY}" <= {high}'),
                f"{label}: {low:,} or more" if high is None else f"{label}: {low:,}–{high:,}",
                tone,
            )
            for low, high, tone in zip(breaks, ends, SHADES, strict=False)
        ),
    ]
    for number, (filter_, text, tone) in enumerate(classes):
        ET.SubElement(rules, "rule", key=f"r{number}", symbol=str(number), filter=filter_, label=text)
        _fill(symbols, str(number), color=tone, outline="#ffffff" if tone else "#b0b0b0")
    return ET.tostring(root, encoding="unicode")


def _document(kind: str, *, attr: str = "") -> tuple[ET.Element, ET.Element]:
    root = ET.Element("qgis", version="3.22", styleCategories="Symbology")
    return root, ET.SubElement(root, "renderer-v2", type=kind, attr=attr)


def _marker(symbols: ET.Element, name: str, layer: Layer) -> None:
    options = {
        "name": SHAPES.get(layer.shape, layer.shape),
        "angle": ANGLES.get(layer.shape, "0"),
        "color": _rgba(layer.color),
        "outline_color": _rgba(layer.color if layer.shape in LINES else "#ffffff"),
        "outline_width": "0.6" if layer.shape in LINES else "0.3",
        "size": MARK_MM,
        "size_unit": "MM",
    }
    _symbol(symbols, name, "marker", "SimpleMarker", options)


def _outline(symbols: ET.Element, name: str, layer: Layer) -> None:
    """Draw an area as its outline in the layer's colour: the incident is somewhere in it."""
    options = {"style": "no", "outline_color": _rgba(layer.color), "outline_width": "0.8", "outline_style": "dash"}
    _symbol(symbols, name, "fill", "SimpleFill", options)


def _fill(symbols: ET.Element, name: str, *, color: str | None, outline: str) -> None:
    options = {"style": "solid" if color else "no", "outline_color": _rgba(outline), "outline_width": "0.2"}
    _symbol(symbols, name, "fill", "SimpleFill", options | ({"color": _rgba(color)} if color else {}))


def _symbol(symbols: ET.Element, name: str, kind: str, layer_class: str, options: dict[str, str]) -> None:
    symbol = ET.SubElement(symbols, "symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0")
    attributes = {"class": layer_class, "enabled": "1", "locked": "0", "pass": "0"}
    content = ET.SubElement(ET.SubElement(symbol, "layer", attributes), "Option", type="Map")
    for key, value in options.items():
        ET.SubElement(content, "Option", name=key, type="QString", value=value)


def _rgba(color: str) -> str:
    """Return ``#rrggbb`` as QGIS writes it: red, green, blue, alpha from 0 to 255."""
    return ",".join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"
