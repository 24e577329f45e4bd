"""What stands beside the map of a picture: title, figures, actors, classes of the regions, and how marks are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.schema import POINT_RADIUS_KM
from layers.drawing.lettering import Type
from layers.drawing.marks import draw_area, draw_many, draw_mark, draw_ring, draw_sheet_sign
from layers.drawing.picture import SHADE, SHADE_WORDS
from layers.drawing.sheet import box_path, line_path
from layers.words import isolate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from layers.drawing.marks import Look
    from layers.drawing.panel import Panel, Sign
    from layers.drawing.picture import Picture
    from layers.drawing.sheet import Sheet

HEAD = Type(12.5, bold=True)
BODY = Type(11.5)
SMALL = Type(10.5, "quiet")
KEY = Type(10)
NOTE, NOTE_HEAD = Type(8.5, "quiet"), Type(9, bold=True)
NOTE_LINES = 14
"""Lines that one note may take."""
INDENT = 26.0
"""Pixels from the edge of the panel to the words beside a sign."""
_EVERYWHERE = (0.0, 0.0, 1e5, 1e5)


def write_title(panel: Panel, title: str, *, subtitle: str, basis: str, period: str) -> None:
    """Write what the picture is about."""
    panel.say(isolate(title), Type(23, bold=True, serif=True), most=5)
    if subtitle:
        panel.skip(4)
        panel.say(isolate(subtitle), Type(15, serif=True), most=4)
    if basis:
        panel.skip(4)
        panel.say(basis, SMALL)
    panel.skip(4)
    panel.say(period, Type(12, "quiet"), most=2)
    panel.rule()


def write_figures(panel: Panel, picture: Picture) -> None:
    """Write how many incidents are shown and how many were killed in them, as a range, and what is not known."""
    words, total = picture.words, picture.total
    panel.say(words.say("incidents", int(total["incidents"])), Type(16, bold=True, serif=True))
    panel.say(f"{words.say('killed')}: {words.toll(total)}", Type(16, bold=True, serif=True), most=2)
    for doubt in words.doubts(total):
        panel.say(doubt, SMALL)


def write_left_out(panel: Panel, picture: Picture) -> None:
    """Write how many discounted records are left out, and how many have no mark."""
    panel.skip(3)
    if picture.discounted:
        panel.say(picture.words.say("discountedHidden", picture.discounted), SMALL)
    if picture.lost:
        panel.say(picture.words.say("unplacedRecords", picture.lost), SMALL)


def write_layers(panel: Panel, picture: Picture, room: float) -> None:
    """Write the layers with their marks and numbers of incidents, as many as ``room`` pixels hold."""
    words, sheet = picture.words, panel.sheet
    counts = picture.layer_totals
    panel.skip(12)
    panel.say(words.say("actors"), HEAD)
    panel.skip(3)
    start, line = panel.height, BODY.leading + 2
    for number, (name, look) in enumerate(zip(picture.names, picture.looks, strict=True)):
        if panel.height - start + 3 * line > room and number + 1 < len(counts):
            rest = counts[number:]
            panel.say(words.say("rows", len(rest)), SMALL, indent=INDENT, end=words.number(sum(rest)))
            return
        panel.say(name, BODY, most=2, indent=INDENT, end=words.number(counts[number]), sign=_mark_sign(sheet, look))
        panel.skip(2)


def write_shades(panel: Panel, picture: Picture) -> None:
    """Write by what regions are shaded, the classes, and the three states besides."""
    words, sheet = picture.words, panel.sheet
    panel.say(f"{words.say('shade')}: {words.say(SHADE_WORDS[SHADE])}", HEAD)
    panel.skip(3)
    for text, tone in picture.shades:
        panel.say(text, KEY, indent=INDENT, sign=_swatch_sign(sheet, tone))
        panel.skip(1)


def _mark_sign(sheet: Sheet, look: Look) -> Sign:
    return lambda x, y: draw_mark(sheet, look, (x, y), 6)


def _swatch_sign(sheet: Sheet, tone: str) -> Sign:
    """Return what draws a swatch of a tone; hatched land without one."""

    def draw(x: float, y: float) -> None:
        left, top, width, height = box = (x - 9, y - 5.5, 18, 11)
        sheet.draw(box_path(*box), fill=tone or "land")
        if not tone:
            starts = np.arange(left - height, left + width, 4)
            lines = [np.array([(start, top + height), (start + height, top)]) for start in starts]
            sheet.draw(line_path(lines), line="hatch", width=1.2, inside=box)
        sheet.draw(box_path(*box), line="region-line", width=0.8)

    return draw


def write_key(panel: Panel, picture: Picture) -> None:
    """Write how marks, symbols, circles and areas are read."""
    words, sheet, looks = picture.words, panel.sheet, picture.looks
    if not looks:
        return
    several = [look for look in looks if len(look.colors) > 1]
    many = [(look, 1) for look in [look for look in looks if len(look.colors) == 1][:3] or several[:1]]
    radii = " · ".join(f"{words.name('precisions', p)} {words.km(radius)}" for p, radius in POINT_RADIUS_KM.items())
    ring = f"{words.say('keyRing')}. {words.say('keyPrecisions', list=radii)}"
    rows: list[tuple[str, Sign]] = [(words.say("keyOne"), _mark_sign(sheet, looks[0]))]
    if several:
        rows.append((words.say("keySplit"), _mark_sign(sheet, several[0])))
    rows.append((words.say("keyMany"), lambda x, y: draw_many(sheet, many, (x, y + 4), 10)))
    rows.append((ring, lambda x, y: draw_ring(sheet, (x, y + 4), 9, _EVERYWHERE)))
    rows.append((words.say("keyArea"), lambda x, y: _draw_patch(sheet, x, y + 4)))
    if len(picture.found):
        rows.append((words.say("keyFinding"), lambda x, y: draw_sheet_sign(sheet, (x, y + 4), 0.9)))
    panel.say(words.say("key"), NOTE_HEAD)
    for text, sign in rows:
        panel.skip(4)
        panel.say(text, NOTE, indent=INDENT, sign=sign)


def write_note(panel: Panel, head: str, lines: Sequence[str]) -> None:
    """Write a heading and what stands under it."""
    panel.say(head, NOTE_HEAD)
    for line in lines:
        panel.say(line, NOTE, most=NOTE_LINES)
    panel.skip(6)


def _draw_patch(sheet: Sheet, x: float, y: float) -> None:
    corners = np.array([(-10, -6), (-1, -10), (9, -7), (10, 4), (2, 10), (-8, 7), (-10, -6)]) * 0.9
    at = np.array((x, y))
    draw_area(sheet, line_path([corners + at], closed=True), "ink", is_filled=False)
