"""A base layer of one's own: PMTiles or any boundary format, cut to what a map shows and packed into the page."""

from __future__ import annotations

import html
import json
import math
import re
import struct
import zlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pyogrio
import pyproj
import shapely

from geo.boundaries import read_boundaries
from geo.errors import InputError, Problem
from geo.files import require_file
from geo.schema import CRS
from layers.page.outline import DEGREE, code_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.page.outline import Bounds

    Array = NDArray[Any]

KINDS = ("land", "lakes", "rivers", "borders", "roads", "areas")
"""What the lines of a part of a base map can be."""
PMTILES = b"PMTiles\x03"
"""First bytes of a PMTiles archive of the version that GDAL reads."""
MAX_POINTS = 500_000
"""Points of a base layer in the page; more make it too large to send."""
MAX_FEATURES = 200_000
"""Features that are read of one layer of tiles."""
MAX_TILES = 400
"""Tiles that are read: on a large screen they are ten times as sharp as the whole map."""
DETAIL = 10_000
"""One point per so many parts of the width of what is kept is kept."""
POLYGONS = {"earth": "land", "ocean": "lakes", "water": "lakes", "water_polygons": "lakes"}
LINES = {
    **dict.fromkeys(("water", "waterway", "water_lines"), "rivers"),
    **dict.fromkeys(("roads", "transportation", "streets"), "roads"),
    **dict.fromkeys(("boundaries", "boundary"), "borders"),
}
LABELS = ("places", "place", "place_labels")
"""What layers of tiles hold, by their names in Protomaps, OpenMapTiles and Shortbread; others are left out."""
RANKS = {"country": 0, "capital": 1, "city": 2, "town": 3, "village": 4, "hamlet": 5, "suburb": 5, "neighbourhood": 5}
"""Rank of a label by its kind, as in the embedded base map; regions and the like are not labelled."""
COMMON_RANK = 2
"""Rank of a label whose kind is not said."""
MAX_METADATA = 1 << 20
"""Bytes that are read of what an archive says about itself."""
_POLYGON, _LINE, _POINT = 2, 1, 0
_VECTOR_TILES, _GZIP = 1, 2


def read_base_layer(path: Path | str, box: Bounds) -> dict[str, Any]:
    """Return the base layer of a file within ``box``, as `layers.page.basemap.read_basemap` returns its own.

    Of tiles, the most detailed level that fits is taken. Land and water of tiles stand instead of the embedded map;
    everything else is drawn over it: polygons as areas, lines as roads, named points as labels.

    Parameters
    ----------
    path
        A local file: PMTiles (vector), or a format of `geo.boundaries.FORMATS`.
    box
        West, south, east, north, in degrees; what lies outside is left out.

    Returns
    -------
    dict
        ``part`` (lines of each of `KINDS`, ``scale``, ``bbox``, and whether it is drawn ``over`` the embedded map),
        ``labels``, ``source`` (name of the file) and ``attribution``.

    Raises
    ------
    UsageError
        When ``path`` is not a regular local file.
    InputError
        When the content is not what the name says, holds nothing within ``box``, or too much.
    """
    source = require_file(path)
    if source.suffix.lower() == ".pmtiles":
        return _read_tiles(source, box)
    features = read_boundaries(source)
    frame = features.clip(shapely.box(*box))
    kinds = {"areas": _of_dimension(frame, _POLYGON), "roads": _of_dimension(frame, _LINE)}
    part, points = _code(kinds, box, (box[2] - box[0]) / DETAIL)
    labels = list(_label(frame))
    _check_size(source, points, labels)
    return {"part": part | {"over": True}, "labels": labels, "source": source.name, "attribution": ""}


def _read_tiles(path: Path, box: Bounds) -> dict[str, Any]:
    archive = _read_header(path)
    inside = _intersect(box, archive.bounds)
    if inside is None:
        _refuse(path, "holds nothing near the incidents", "nothing-near")
    try:
        for zoom in range(archive.max_zoom, archive.min_zoom - 1, -1):
            found = None if _count_tiles(inside, zoom) > MAX_TILES else _read_zoom(path, inside, zoom)
            if found is not None:
                part, labels = found
                return {"part": part, "labels": labels, "source": path.name, "attribution": archive.attribution}
    except (OSError, RuntimeError, ValueError) as error:
        _refuse(path, f"cannot be read ({str(error).splitlines()[0]})", "unreadable")
    return _refuse(path, f"has no level of at most {MAX_TILES} tiles and {MAX_POINTS:,} points there", "too-much")


@dataclass(frozen=True)
class _Archive:
    """What the header of a PMTiles archive says: levels, bounds (degrees), and whom to thank, as text."""

    min_zoom: int
    max_zoom: int
    bounds: Bounds
    attribution: str


def _read_header(path: Path) -> _Archive:
    """Read the header of a PMTiles archive; https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md."""
    with path.open("rb") as file:
        header = file.read(127)
        if len(header) < 127 or not header.startswith(PMTILES):  # noqa: PLR2004 - the length that the format fixes
            _refuse(
                path, f"content is something else (first bytes {header[:4].hex(' ')}), not PMTiles", "wrong-content"
            )
        start, length = struct.unpack_from("<QQ", header, 24)
        packing, _, tiles, min_zoom, max_zoom, *corners = struct.unpack_from("<5B4i", header, 97)
        if tiles != _VECTOR_TILES:
            _refuse(path, "holds images, not vectors", "wrong-content")
        file.seek(min(start, path.stat().st_size))
        text = file.read(min(length, MAX_METADATA))
    try:
        about = json.loads(zlib.decompressobj(31).decompress(text, MAX_METADATA) if packing == _GZIP else text)
        thanks = str(about.get("attribution", ""))
    except (zlib.error, ValueError, AttributeError):
        thanks = ""
    west, south, east, north = (corner / 1e7 for corner in corners)
    plain = html.unescape(re.sub("<[^>]*>", "", thanks)).strip()
    return _Archive(min_zoom, max_zoom, (west, south, east, north), plain)


def _read_zoom(path: Path, box: Bounds, zoom: int) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """Return part and labels of one level; None when it holds too much."""
    shapes: dict[str, list[Array]] = defaultdict(list)
    labels: list[dict[str, Any]] = []
    names = pyogrio.list_layers(path)[:, 0].tolist()
    known = {*POLYGONS, *LINES, *LABELS}.intersection(names)
    for name in names:
        if known and name not in known:
            continue
        frame = _read_layer(path, name, box, zoom)
        if frame is None:
            return None
        shapes[POLYGONS.get(name, "areas")].append(_of_dimension(frame, _POLYGON))
        shapes[LINES.get(name, "roads")].append(_of_dimension(frame, _LINE))
        if name in LABELS or not known:
            labels += _label(frame)
    kinds = {kind: np.concatenate(parts) for kind, parts in shapes.items()}
    fine = 360 / (4096 * 2**zoom)  # a tile is drawn on a grid of 4096
    if not len(kinds.get("land", ())) and len(kinds.get("lakes", ())):
        kinds["land"] = np.array([shapely.box(*box)])  # tiles that leave out the land draw water on it
    part, points = _code(kinds, box, max(fine, (box[2] - box[0]) / DETAIL))
    if points > MAX_POINTS:
        return None
    return part | {"over": not part["land"]}, labels


def _read_layer(path: Path, name: str, box: Bounds, zoom: int) -> gpd.GeoDataFrame | None:
    """Return the features of one layer within ``box``, in degrees; None when there are too many."""
    transform = pyproj.Transformer.from_crs(CRS, "EPSG:3857", always_xy=True).transform_bounds
    metres = transform(box[0], max(box[1], -85), box[2], min(box[3], 85))
    if pyogrio.read_info(path, layer=name, ZOOM_LEVEL=zoom)["features"] > MAX_FEATURES * 10:
        return None
    frame = pyogrio.read_dataframe(path, layer=name, bbox=metres, ZOOM_LEVEL=zoom, max_features=MAX_FEATURES + 1)
    if len(frame) > MAX_FEATURES:
        return None
    frame.geometry = shapely.make_valid(frame.geometry.array)
    return frame.to_crs(CRS).clip(shapely.box(*box))


def _of_dimension(frame: gpd.GeoDataFrame, dimension: int) -> Array:
    shapes: Array = np.asarray(frame.geometry.array)
    parts: Array = shapely.get_parts(shapely.get_parts(shapes))  # of collections in collections
    chosen: Array = parts[(shapely.get_dimensions(parts) == dimension) & ~shapely.is_empty(parts)]
    return chosen


def _code(kinds: dict[str, Array], box: Bounds, tolerance: float) -> tuple[dict[str, Any], int]:
    """Return simplified lines of each kind, delta-coded, and the number of their points.

    Shapes that tiles have cut are joined again.
    """
    tolerance = max(tolerance, 1 / DEGREE)
    scale = int(min(DEGREE, 10 ** math.ceil(math.log10(2 / tolerance))))
    part: dict[str, Any] = {"scale": scale, "bbox": list(box)}
    total = 0
    for kind in KINDS:
        shapes = kinds.get(kind, np.array([], dtype=object))
        if kind in {"land", "lakes"}:
            shapes = np.array([shapely.union_all(shapes)])
        elif kind != "areas" and len(shapes):
            shapes = np.array([shapely.line_merge(shapely.union_all(shapes))])
        simple = shapely.get_parts(shapely.simplify(shapes, tolerance))
        rings = shapely.get_rings(simple) if kind in {"land", "lakes", "areas"} else simple
        part[kind] = code_lines(rings, scale)
        total += sum(map(len, part[kind])) // 2
    return part, total


def _label(frame: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    """Yield the labels of named points."""
    names = {column.lower().replace("_", ":"): column for column in frame.columns}
    plain, local = (
        next((names[name] for name in wanted if name in names), None)
        for wanted in (("name:en", "name"), ("name:ar", "name:local"))
    )
    points = frame[shapely.get_dimensions(frame.geometry.array) == _POINT]
    if plain is None or points.empty:
        return
    kinds = points[[c for c in ("kind_detail", "kind", "class") if c in points.columns]]
    for row, spot in zip(points.index, shapely.centroid(points.geometry.array), strict=True):
        texts = [points.at[row, column] if column else None for column in (plain, local, names.get("name"))]
        name, other = [text if isinstance(text, str) else "" for text in (texts[0] or texts[2], texts[1])]
        said = [kind for kind in kinds.loc[row] if isinstance(kind, str)]
        rank = next((RANKS[kind] for kind in said if kind in RANKS), None if said else COMMON_RANK)
        if name and rank is not None:
            yield {"name": name, "name_ar": other, "lat": round(spot.y, 4), "lon": round(spot.x, 4), "rank": rank}


def _check_size(path: Path, points: int, labels: list[dict[str, Any]]) -> None:
    if not points and not labels:
        _refuse(path, "holds nothing near the incidents", "nothing-near")
    if points > MAX_POINTS:
        _refuse(path, f"comes to {points:,} points near the incidents, more than {MAX_POINTS:,}", "too-much")


def _intersect(box: Bounds, held: Bounds) -> Bounds | None:
    west, south = (max(box[k], held[k]) for k in (0, 1))
    east, north = (min(box[k], held[k]) for k in (2, 3))
    return (west, south, east, north) if west <= east and south <= north else None


def _count_tiles(box: Bounds, zoom: int) -> int:
    """Return about how many tiles of a level meet a box."""
    side: float = 2**zoom / 360
    return math.ceil((box[2] - box[0]) * side + 1) * math.ceil((box[3] - box[1]) * side + 1)


def _refuse(path: Path, wrong: str, code: str) -> NoReturn:
    todo = {
        "nothing-near": "choose one of that area",
        "too-much": "cut it to the area, or thin it out",
    }.get(code, "export it again as vector PMTiles or GeoJSON")
    raise InputError(path, [Problem(0, "", "", wrong, todo, code)])
