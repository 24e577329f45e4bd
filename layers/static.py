"""The incident map as a picture: PNG, SVG or PDF, for print and for links, with the marks of the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from matplotlib import style

from geo import __version__
from geo.errors import UsageError
from geo.files import atomic_path
from geo.ledger import Ledger
from layers.credits import credit_incidents
from layers.drawing.legend import (
    NOTE,
    write_figures,
    write_key,
    write_layers,
    write_left_out,
    write_note,
    write_shades,
    write_title,
)
from layers.drawing.lettering import BOX, spell
from layers.drawing.panel import Panel
from layers.drawing.picture import tell_picture
from layers.drawing.scene import draw_scene
from layers.drawing.sheet import DPI, FIXED, Sheet
from layers.page.ledger import describe_ranges
from layers.page.share import PREVIEW_SIZE
from layers.words import TITLE, Words, isolate

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from matplotlib.figure import Figure

    from layers.drawing.picture import Picture

SUFFIXES = (".png", ".svg", ".pdf")
"""Formats of a picture, by the end of its name."""
NO_LETTER = {
    "en": f"{BOX} stands for a letter that no font of the computer which drew this has.",
    "ar": f"{BOX} مكان حرف لا يوجد في أي خط على الحاسوب الذي رسم هذه الصورة.",
}
NOTE_SHARES = [0.3, 0.26, 0.44]
"""Widths of the columns below the map: how it is read, what is counted, sources."""
_GAP = 18


@dataclass(frozen=True)
class Format:
    """A kind of picture; lengths in pixels of 1/96 inch.

    Parameters
    ----------
    width, height, margin
        Of the whole.
    panel
        Width of the column beside the map.
    dpi
        Dots per inch of a PNG.
    is_preview
        Whether the key and most notes are left to the page that the picture links to.
    """

    width: float
    height: float
    margin: int
    panel: int
    dpi: int
    is_preview: bool = False


A4 = Format(1122.5, 793.7, 36, 290, dpi=200)
"""A4, landscape."""
PREVIEW = Format(*PREVIEW_SIZE, 28, 380, dpi=DPI, is_preview=True)
"""What links to the page show."""


class Settings(TypedDict, total=False):
    """The keyword settings of `build_static` beside its reference."""

    title: str
    subtitle: str
    credit: str
    period: str
    attribution: Sequence[str] | None
    ledger: Ledger | None
    coverage: pd.DataFrame | None
    language: str
    format_: Format


def build_static(
    incidents: gpd.GeoDataFrame,
    *,
    regions: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    title: str = TITLE,
    subtitle: str = "",
    credit: str = "",
    period: str = "",
    attribution: Sequence[str] | None = None,
    ledger: Ledger | None = None,
    coverage: pd.DataFrame | None = None,
    language: str = "en",
    format_: Format = A4,
) -> Figure:
    """Return the map of located incidents as a matplotlib figure.

    Discounted records are left out, which the picture says; incidents without a place are counted and listed.

    Parameters
    ----------
    incidents
        Located incidents (EPSG:4326), as `geo.regions.join_regions` returns them.
    regions, actors
        As for the page: administrative units, and the actor table.
    title, subtitle, credit
        Texts of the picture.
    period
        The period in words. Empty: first to last day of the incidents.
    attribution
        Lines that say whose data are drawn. None: those of the embedded reference data.
    ledger
        How the ranges come of claims. None: the list states them.
    coverage
        Coverage windows, as for the page. None: every region of level 1 in the countries counts as covered.
    language
        ``en`` or ``ar``.
    format_
        `A4` or `PREVIEW`.

    Raises
    ------
    KeyError
        When the language is unknown.
    """
    words = Words(language)
    lines = credit_incidents(incidents, attribution)
    told = describe_ranges(ledger or Ledger())
    picture = tell_picture(
        incidents,
        regions,
        actors=actors,
        words=words,
        attribution=lines,
        ranges=told,
        coverage=coverage,
        findings=ledger.findings if ledger else None,
    )
    with style.context(["default", FIXED]):
        sheet = Sheet(format_.width, format_.height, words)
        margin, beside = format_.margin, format_.margin + format_.panel + _GAP
        width = format_.width - margin - beside
        left, panel_left = (margin, margin + width + _GAP) if words.is_rtl else (beside, margin)
        notes = _write_notes(sheet, picture, credit, format_, (left, width))
        bottom = format_.height - margin - max(note.height for note in notes)
        draw_scene(sheet, picture, (left, margin, width, bottom - margin - _GAP / 2), is_shaded=not format_.is_preview)
        for note in notes:
            note.draw(bottom)
        panel = Panel(sheet, panel_left, format_.panel)
        when = isolate(period) if period else words.period(incidents)
        write_title(panel, title, subtitle=subtitle, basis=picture.basis, period=when)
        _fill_panel(panel, picture, format_)
    return sheet.figure


def write_static(
    incidents: gpd.GeoDataFrame,
    path: Path | str,
    *,
    regions: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    **settings: Unpack[Settings],
) -> None:
    """Write the map of located incidents as PNG, SVG or PDF, by the end of the name; the same input, the same bytes.

    Raises
    ------
    UsageError
        When the name ends otherwise.
    geo.errors.FileError
        When the file cannot be written; a file that was there stays as it was.
    """
    suffix = check_suffix(path)
    figure = build_static(incidents, regions=regions, actors=actors, **settings)
    maker = f"incidentmap {__version__}"
    title = isolate(settings.get("title", TITLE))[1:-1]
    metadata = {
        ".png": {"Software": maker},
        ".svg": {"Date": None, "Creator": maker, "Title": title},
        ".pdf": {"CreationDate": None, "Creator": maker, "Title": title},
    }[suffix]
    dpi = settings.get("format_", A4).dpi
    with style.context(["default", FIXED]), atomic_path(path) as temporary:
        figure.savefig(temporary, format=suffix[1:], dpi=dpi if suffix == ".png" else DPI, metadata=metadata)


def check_suffix(path: Path | str) -> str:
    """Return the end of a picture's name.

    Raises
    ------
    UsageError
        When it is none of `SUFFIXES`.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        message = f"{path}: a picture ends in {', '.join(SUFFIXES)}"
        raise UsageError(message)
    return suffix


def _write_notes(
    sheet: Sheet, picture: Picture, credit: str, format_: Format, place: tuple[float, float]
) -> list[Panel]:
    """Return the columns below the map, which lies at ``place``: of a preview, what must not be left to the page."""
    words, sources = picture.words, picture.notes[-1]
    said = [credit, *picture.names, *(line for _, lines in picture.notes for line in lines)]
    own = [isolate(credit)] * bool(credit) + [NO_LETTER[words.language]] * any(BOX in spell(text) for text in said)
    shares = [1.0] if format_.is_preview else NOTE_SHARES
    left, width = place[0], place[1] - _GAP * (len(shares) - 1)
    columns = []
    for share in shares[::-1] if words.is_rtl else shares:
        columns.append(Panel(sheet, left, share * width))
        left += share * width + _GAP
    columns = columns[::-1] if words.is_rtl else columns
    if format_.is_preview:
        for line in (words.say("rule3"), " ".join(sources[1]), *own):
            columns[0].say(line, NOTE)
        return columns
    write_key(columns[0], picture)
    for head, lines in picture.notes[:-1]:
        write_note(columns[1], head, lines)
    write_note(columns[2], sources[0], [*sources[1], *own])
    return columns


def _fill_panel(panel: Panel, picture: Picture, format_: Format) -> None:
    """Write everything beside the map; the list of actors gets the room that the rest leaves."""
    below = Panel(panel.sheet, panel.left, panel.width)
    write_left_out(below, picture)
    if len(picture.units) and not format_.is_preview:
        below.rule()
        write_shades(below, picture)
    write_figures(panel, picture)
    write_layers(panel, picture, format_.height - 2 * format_.margin - panel.height - below.height)
    panel.draw(format_.margin)
    below.draw(format_.margin + panel.height)
