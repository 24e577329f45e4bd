"""Styles for QGIS (QML): actor colours and shapes for incidents, graded tones for regions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from geo.coverage import COVERED, STATUSES
from geo.schema import FIELD
from layers.counts import DISCOUNTED
from layers.layer import label_layer, layer_order, split_key
from layers.style import NEUTRAL, SHADES, class_breaks

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

MARKERS = {
    "circle": ("circle", 0),
    "square": ("square", 0),
    "triangle": ("triangle", 0),
    "triangle-down": ("triangle", 180),
    "diamond": ("diamond", 0),
    "pentagon": ("pentagon", 0),
    "hexagon": ("hexagon", 0),
    "star": ("star", 0),
    "cross": ("cross_fill", 45),
    "plus": ("cross_fill", 0),
}
"""QGIS's simple marker and its turn in degrees for each of our shapes."""

SIZES = (3.6, 1.8, 1.0)
"""Millimetres of the marks of an incident's first, second and further actors, the later upon the earlier."""

NONE_LISTED = "no incident listed"
"""Value of ``coverage`` of regions that no record tells of. It does not say that nothing happened; with ``: suspended``
and its like it says how the region is covered."""
COVERED_ZERO = f"{NONE_LISTED}: {STATUSES[COVERED]}"
"""The same where it was covered, by all the list's actors and months: no incident is a zero."""

MEASURE = "killed_min"
GAP, TOLL_UNKNOWN = -2, -1
"""Values of `GRADE` for regions without an incident, and with incidents of unknown toll."""
GRADE = (
    f"CASE WHEN \"coverage\" = '{COVERED_ZERO}' THEN 0 "
    f"WHEN \"coverage\" LIKE '{NONE_LISTED}%' THEN {GAP} "
    f'WHEN "{MEASURE}" IS NULL THEN {TOLL_UNKNOWN} ELSE "{MEASURE}" END'
)
"""What regions are graded by, as a QGIS expression."""

DISCOUNTED_KIND = "grading: discounted"
KIND = f"CASE WHEN \"grading\" = '{DISCOUNTED}' THEN '{DISCOUNTED_KIND}' ELSE \"layer\" END"
"""What incidents are told apart by, as a QGIS expression."""
DISCOUNTED_LOOKS = ("#b0b0b0", "cross")

HIGHEST = 10**9
_OUTLINE = "80,80,80,255"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def style_incidents(keys: Iterable[str], actors: pd.DataFrame, columns: Iterable[str], *, areas: bool = False) -> str:
    """Return the style of a layer of incidents: one category for each layer of actors, the last for discounted records.

    Parameters
    ----------
    keys
        Keys of the layers, see `layers.layer.layer_keys`; `DISCOUNTED_KIND` stands for all of discounted records.
    actors
        Actor table with label, colour and shape.
    columns
        Columns of the layer, shown under their labels.
    areas
        Outline polygons instead of marking points: many lie on one another, and on the tones of the regions.
    """
    root = ET.Element("qgis", version="3.22", styleCategories="Symbology|Fields")
    renderer = ET.SubElement(root, "renderer-v2", type="categorizedSymbol", attr=KIND, symbollevels="0")
    categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for k, key in enumerate(sorted(keys, key=lambda key: (key == DISCOUNTED_KIND, layer_order(key)))):
        label, looks = label_layer(key, actors), _look_up(split_key(key)[0], actors)
        if key == DISCOUNTED_KIND:
            label, looks = "Discounted: not on map and report", [DISCOUNTED_LOOKS]
        category = {"value": _clean(key), "label": _clean(label), "symbol": str(k)}
        ET.SubElement(categories, "category", category | {"render": "true", "type": "string"})
        layers = _outline_layers(looks) if areas else _marker_layers(looks)
        _add_symbol(symbols, k, "fill" if areas else "marker", layers)
    _add_aliases(root, columns)
    return ET.tostring(root, encoding="unicode")


def style_regions(measure: pd.Series, columns: Iterable[str]) -> str:
    """Return the style of the regions: graded by `MEASURE`, hatched where no incident is listed."""
    root = ET.Element("qgis", version="3.22", styleCategories="Symbology|Fields")
    renderer = ET.SubElement(root, "renderer-v2", type="graduatedSymbol", attr=GRADE, graduatedMethod="GraduatedColor")
    ranges, symbols = ET.SubElement(renderer, "ranges"), ET.SubElement(renderer, "symbols")
    breaks = class_breaks(measure.to_numpy(dtype=float, na_value=0.0))
    label = FIELD[MEASURE].label
    classes = [
        (GAP, GAP, NONE_LISTED.capitalize(), {"style": "b_diagonal", "color": "190,190,190,255"}),
        (TOLL_UNKNOWN, TOLL_UNKNOWN, f"{label}: unknown", {"style": "dense6", "color": "120,120,120,255"}),
        (0, 0, f"{label}: 0", {"style": "solid", "color": "255,255,255,160"}),
    ]
    for shade, low, above in zip(SHADES, breaks, [*breaks[1:], HIGHEST + 1], strict=False):
        told = f"{low:,} and more" if above > HIGHEST else f"{low:,}–{above - 1:,}" if above - 1 > low else f"{low:,}"
        classes.append((low, above - 1, told, {"style": "solid", "color": _rgba(shade, 200)}))
    for k, (low, high, told, fill) in enumerate(classes):
        ET.SubElement(ranges, "range", symbol=str(k), lower=str(low), upper=str(high), label=told, render="true")
        outline = {"outline_color": _OUTLINE, "outline_width": "0.2", "outline_width_unit": "MM"}
        _add_symbol(symbols, k, "fill", [("SimpleFill", fill | outline)])
    _add_aliases(root, columns)
    return ET.tostring(root, encoding="unicode")


def style_findings(columns: Iterable[str]) -> str:
    """Return the style of the findings: outlined and hatched in ink, not in the colour of an actor or a number."""
    root = ET.Element("qgis", version="3.22", styleCategories="Symbology|Fields")
    renderer = ET.SubElement(root, "renderer-v2", type="singleSymbol")
    hatch = {"style": "dense7", "color": _OUTLINE, "outline_color": _OUTLINE, "outline_style": "dot"}
    _add_symbol(ET.SubElement(renderer, "symbols"), 0, "fill", [("SimpleFill", hatch | {"outline_width": "0.5"})])
    _add_aliases(root, columns)
    return ET.tostring(root, encoding="unicode")


def _look_up(ids: Iterable[str], actors: pd.DataFrame) -> list[tuple[str, str]]:
    """Return colour and shape of each actor."""
    colors, shapes = actors["color"].to_dict(), actors["shape"].to_dict()
    return [(str(colors.get(one, NEUTRAL["color"])), str(shapes.get(one, NEUTRAL["shape"]))) for one in ids]


def _marker_layers(looks: list[tuple[str, str]]) -> list[tuple[str, dict[str, str]]]:
    layers = []
    for k, (color, shape) in enumerate(looks):
        name, angle = MARKERS.get(shape, MARKERS[NEUTRAL["shape"]])
        size = {"size": str(SIZES[min(k, len(SIZES) - 1)]), "size_unit": "MM", "angle": str(angle)}
        outline = {"outline_color": "255,255,255,255", "outline_width": "0.2", "outline_width_unit": "MM"}
        layers.append(("SimpleMarker", {"name": name, "color": _rgba(color, 230)} | size | outline))
    return layers


def _outline_layers(looks: list[tuple[str, str]]) -> list[tuple[str, dict[str, str]]]:
    """Return the outline of an area, in the colour of the first actor."""
    outline = {"outline_style": "dash", "outline_color": _rgba(looks[0][0], 255), "outline_width": "0.5"}
    return [("SimpleFill", {"style": "no"} | outline)]


def _add_symbol(symbols: ET.Element, number: int, kind: str, layers: list[tuple[str, dict[str, str]]]) -> None:
    symbol = ET.SubElement(symbols, "symbol", name=str(number), type=kind, alpha="1", clip_to_extent="1")
    for name, properties in layers:
        layer = ET.SubElement(symbol, "layer", {"class": name, "enabled": "1", "locked": "0", "pass": "0"})
        options = ET.SubElement(layer, "Option", type="Map")
        for key, value in properties.items():
            ET.SubElement(options, "Option", name=key, value=value, type="QString")


def _add_aliases(root: ET.Element, columns: Iterable[str]) -> None:
    """Show columns of the incident table under their labels."""
    aliases = ET.SubElement(root, "aliases")
    for name in columns:
        if name in FIELD:
            ET.SubElement(aliases, "alias", field=name, name=FIELD[name].label)


def _rgba(color: str, alpha: int) -> str:
    """Return ``#rrggbb`` as QGIS writes colours."""
    return ",".join(str(int(color[k : k + 2], 16)) for k in (1, 3, 5)) + f",{alpha}"


def _clean(text: str) -> str:
    """Return ``text`` without characters that XML cannot hold."""
    return _UNWRITABLE.sub("", text)
