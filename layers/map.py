"""The incident map: one HTML file that opens from disk, with every incident in it."""

from __future__ import annotations

import html
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import folium
import pandas as pd

from geo.actors import know_actors
from geo.coverage import cover_months
from geo.files import atomic_path
from geo.geocode import geocode_incidents
from geo.ledger import Ledger
from geo.readers.frame import frame_incidents
from geo.regions import embedded_regions, join_regions, read_regions, require_degrees
from geo.schema import POINT_RADIUS_KM
from layers.credits import credit_incidents
from layers.extent import boundary_sets, covered_units, population_sources, rate_classes, region_breaks
from layers.layer import LONGER
from layers.page.base_layer import KINDS, read_base_layer
from layers.page.basemap import WORLD, pad_box, read_basemap
from layers.page.columns import pack_incidents
from layers.page.ledger import describe_ranges, ledger_actors, pack_ledger
from layers.page.outline import outline
from layers.page.pack import Lines
from layers.page.share import share_page
from layers.page.shell import Page
from layers.page.tiles import find_tiles
from layers.style import actor_styles, layer_actors
from layers.words import TITLE, Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from layers.page.columns import Table
    from layers.page.outline import Bounds
    from layers.page.pack import Pack


class IncidentMap(folium.Map):
    """A folium map without a tile layer, jQuery, Bootstrap or icon fonts: Leaflet is all it links."""

    default_js = [folium.Map.default_js[0]]  # noqa: RUF012 - folium's own way
    default_css = [folium.Map.default_css[0]]  # noqa: RUF012 - folium's own way

    def __init__(self, page: Page) -> None:
        super().__init__(
            location=(0, 0),
            zoom_start=2,
            tiles=None,
            zoom_control=False,
            attribution_control=False,
            zoom_snap=0.25,
            world_copy_jump=False,
        )
        self._name, self._id = "map", "incidents"  # the page's script knows the map as map_incidents
        page.add_child(self)


def build_map(
    incidents: gpd.GeoDataFrame,
    *,
    regions: gpd.GeoDataFrame | None = None,
    actors: pd.DataFrame | None = None,
    title: str = TITLE,
    subtitle: str = "",
    credit: str = "",
    period: str = "",
    attribution: Sequence[str] | None = None,
    ledger: Ledger | None = None,
    coverage: pd.DataFrame | None = None,
    language: str = "en",
    url: str = "",
    report: str = "",
    tiles: str | Mapping[str, object] | None = None,
    basemap: Path | str | None = None,
) -> folium.Map:
    """Return the map of located incidents; it shows in a notebook, and ``save`` writes one offline file.

    Parameters
    ----------
    incidents
        Located incidents (EPSG:4326), as `geo.regions.join_regions` returns them; those of
        `geo.geocode.geocode_incidents` are joined to the regions first.
    regions
        Administrative units, as `geo.regions.read_regions` returns them. Those of level 1 in the countries of the
        incidents are shaded; every other place counts as not covered by the list. None: the built-in ones.
    actors
        Actor table, as `geo.actors.extend_actors` returns it for the incidents. None: the built-in one, extended.
    title, subtitle, credit
        Texts of the page.
    period
        The period in words. Empty: first to last day of the incidents.
    attribution
        Lines that say whose data the page holds. None: those of the embedded reference data.
    ledger
        What is claimed and found about the incidents, and how their ranges come of it. None: the list states them.
    coverage
        Coverage windows of the list, as `geo.coverage.read_coverage` returns them: a region is shown as zero only where
        all that is chosen was covered. None: every region of level 1 in the countries counts as covered.
    language
        Language of the page, ``en`` or ``ar``.
    url
        Where the page will be published, for sites that show a picture of what they link to; it must lie beside the
        page (`layers.page.share.PREVIEW`). Empty: they show its title and figures alone.
    report
        Name of the report that lies beside the page, for readers without JavaScript. Empty: none does.
    tiles
        Provider of background images, see `layers.page.tiles.find_tiles`. None: the page asks nobody for anything.
    basemap
        File with a base layer to put into the page, see `layers.page.base_layer.read_base_layer`.

    Raises
    ------
    KeyError
        When the language is unknown.
    UsageError
        When a frame is in another CRS than EPSG:4326; when the provider is unknown or cannot be used, or the base layer
        is no local file.
    InputError
        When the base layer is refused.
    """
    require_degrees(incidents, "incidents")
    if "adm0_pcode" not in incidents:
        incidents = join_regions(incidents, embedded_regions() if regions is None else regions)
    regions = embedded_regions(incidents["adm0_pcode"].dropna().unique()) if regions is None else regions
    actors = know_actors(incidents) if actors is None else actors
    units = covered_units(incidents, regions)
    background = None if tiles is None else find_tiles(tiles)
    table = pack_incidents(incidents, units)
    own = None if basemap is None else read_base_layer(basemap, pad_box(table.bounds or WORLD))
    _pack_ground(table.pack, units, table.bounds, own)
    ledger = (ledger or Ledger()).about(incidents)
    pack_ledger(table.pack, ledger)
    if coverage is not None:
        table.pack.add_json("coverage", _group_coverage(coverage, units, table, actors))
    ranges = describe_ranges(ledger)
    config = {
        "language": language,
        "direction": Words(language).direction,
        "title": title,
        "subtitle": subtitle,
        "credit": credit,
        "period": period,
        "attribution": credit_incidents(incidents, attribution),
        "boundaries": boundary_sets(incidents, regions, units),
        "rows": len(incidents),
        "shade": "killed_min",
        "breaks": {**region_breaks(incidents), **rate_classes(incidents, units)},
        "people": population_sources(units),
        "radii": POINT_RADIUS_KM,
        "ranges": ranges,
        "actors": actor_styles(actors, {*layer_actors(table.layers), *ledger_actors(ledger)}),
        "base_layer": None if own is None else {name: own[name] for name in ("source", "attribution")},
        "tiles": None if background is None else {**asdict(background), "host": background.host},
        **_describe(table),
    }
    share = share_page(incidents, ranges, title=title, subtitle=subtitle, period=period, language=language, url=url)
    page = Page(
        config=config,
        data=table.pack.to_base64(),
        notice=_tell_without_script(title, Words(language), report),
        share=share,
        images=background.origins if background else (),
    )
    return IncidentMap(page)


class Settings(TypedDict, total=False):
    """The keyword settings of `build_map`."""

    regions: gpd.GeoDataFrame | None
    actors: pd.DataFrame | None
    title: str
    subtitle: str
    credit: str
    period: str
    attribution: Sequence[str] | None
    ledger: Ledger | None
    coverage: pd.DataFrame | None
    language: str
    url: str
    report: str
    tiles: str | Mapping[str, object] | None
    basemap: Path | str | None


def write_map(incidents: gpd.GeoDataFrame, path: Path, **settings: Unpack[Settings]) -> None:
    """Write the map of located incidents as one HTML file; ``settings`` are those of `build_map`.

    Raises
    ------
    geo.errors.FileError
        When the file cannot be written; a file that was there stays as it was.
    """
    page = build_map(incidents, **settings).get_root().render()
    with atomic_path(path) as temporary:
        temporary.write_text(page, encoding="utf-8")


def explore_incidents(
    frame: gpd.GeoDataFrame, *, columns: Mapping[str, str] | None = None, **settings: Unpack[Settings]
) -> folium.Map:
    """Return the map of any GeoDataFrame of points: what a list goes through, in one line.

    Parameters
    ----------
    frame, columns
        As for `geo.readers.frame.frame_incidents`: the rows, and which of their columns mean what.
    settings
        Those of `build_map`.

    Raises
    ------
    geo.errors.InputError
        With everything that is wrong in the rows.
    """
    given = settings.get("regions")
    regions = read_regions() if given is None else given
    stated = frame_incidents(frame, columns=columns, actors=settings.get("actors"), regions=regions)
    located = join_regions(geocode_incidents(stated, regions=regions), regions)
    return build_map(located, **{**settings, "regions": regions})


def _tell_without_script(title: str, words: Words, report: str) -> str:
    """Return what the page says where scripts are off, as HTML."""
    link = f'<a href="{html.escape(report)}">{html.escape(report)}</a>'
    beside = words.say("reportBeside", report=link) if report else ""
    return f"<h1><bdi>{html.escape(title)}</bdi></h1><p>{words.say('needsScript')} {beside}</p>"


def _pack_ground(pack: Pack, units: gpd.GeoDataFrame, bounds: Bounds | None, own: dict[str, Any] | None) -> None:
    """Pack what lies under the incidents: the regions that are shaded, the base map, and a base layer of one's own."""
    lines = Lines()
    outlines = outline(units.geometry.to_numpy(), bounds, shared=True)
    regions = {
        "units": units[["name", "name_local"]].fillna("").to_dict("records"),
        "people": [None if pd.isna(people) else int(people) for people in units["population"]],
        "scale": outlines["scale"],
        "outlines": [lines.refer(rings) for rings in outlines["outlines"]],
    }
    pack.add_json("regions", regions, lines=lines)
    lines = Lines()
    base = read_basemap(bounds or WORLD)
    parts, labels = base["parts"], base["labels"]
    if own is not None:
        parts = [*parts, own["part"]]
        labels = [*own["labels"], *(one for one in labels if not own["labels"] or not _is_in(one, own["part"]["bbox"]))]
    packed = [{**part, **{kind: lines.refer(part.get(kind, ())) for kind in KINDS}} for part in parts]
    pack.add_json("basemap", {"parts": packed, "labels": labels}, lines=lines)


def _is_in(label: dict[str, Any], box: Sequence[float]) -> bool:
    return bool(box[0] <= label["lon"] <= box[2] and box[1] <= label["lat"] <= box[3])


def _describe(table: Table) -> dict[str, Any]:
    box = table.bounds
    return {
        "places": table.places,
        "layers": table.layers,
        "months": table.months,
        "slices": table.slices,
        "days": table.days,
        "bounds": [[box[1], box[0]], [box[3], box[2]]] if box else None,
        "columns": table.pack.directory,
    }


def _group_coverage(
    windows: pd.DataFrame, units: gpd.GeoDataFrame, table: Table, actors: pd.DataFrame
) -> dict[str, Any]:
    """Return how each actor's months are covered in each shaded region, and the windows in words.

    ``regions`` holds, for each actor, the number of each region's line; a line of ``lines`` has one digit for each
    month of the page, a place in `geo.coverage.STATUSES`.
    """
    months = [month for month in table.months if month != LONGER]
    found = cover_months(windows, units=units, months=months, actors=actors, named=layer_actors(table.layers))
    lines: dict[str, int] = {}
    regions = {
        actor: [lines.setdefault("".join(map(str, line)), len(lines)) for line in codes.tolist()]
        for actor, codes in found.items()
    }
    told = windows[["source", "country", "admin1", "note"]].assign(
        status=windows["status"].str.replace(" ", "_"),
        **{end: windows[end].dt.strftime("%Y-%m-%d") for end in ("from", "to")},
        **{name: windows["actor"].map(actors[name].to_dict()) for name in ("label", "label_ar")},
    )
    return {"lines": list(lines), "regions": regions, "windows": told.fillna("").to_dict("records")}
