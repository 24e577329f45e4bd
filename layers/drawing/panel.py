"""A column of a sheet: texts and signs below each other, laid out first and drawn when their place is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from layers.drawing.lettering import break_lines, measure
from layers.drawing.sheet import line_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from layers.drawing.lettering import Type
    from layers.drawing.sheet import Sheet

    Sign = Callable[[float, float], None]
    """Draws something around x, y."""

MOST_LINES = 9
"""Lines that a text may take; longer ones are cut and say so."""


class Panel:
    """Texts and signs below each other.

    Parameters
    ----------
    sheet
        What they are drawn on; lines begin at the side where its language begins.
    left, width
        The column, in pixels.
    """

    def __init__(self, sheet: Sheet, left: float, width: float) -> None:
        self.sheet, self.left, self.width = sheet, left, width
        self.height = 0.0
        self._tasks: list[Callable[[float], None]] = []

    def say(
        self,
        text: str,
        type_: Type,
        *,
        most: int = MOST_LINES,
        indent: float = 0.0,
        end: str = "",
        sign: Sign | None = None,
    ) -> None:
        """Add a text that breaks into lines, with a ``sign`` before and a text at the ``end`` of the first one."""
        room = self.width - indent - (measure(end, type_) + type_.size if end else 0)
        top = self.height
        for number, line in enumerate(break_lines(text, type_, room, most)):
            self._add_line(line, type_, top + number * type_.leading, indent)
            self.height += type_.leading
        if end:
            self._add_line(end, type_, top, self.width, at_end=True)
        if sign is not None:
            middle = top + type_.leading * 0.5
            self._tasks.append(lambda y: sign(self._across(indent / 2), y + middle))

    def skip(self, pixels: float) -> None:
        """Leave a gap."""
        self.height += pixels

    def rule(self) -> None:
        """Add a line across the column."""
        at = self.height + 8
        self._tasks.append(
            lambda y: self.sheet.draw(
                line_path([np.array([(self.left, y + at), (self.left + self.width, y + at)])]), line="rule"
            )
        )
        self.height += 18

    def draw(self, top: float) -> None:
        """Draw everything, from ``top`` down."""
        for task in self._tasks:
            task(top)

    def _add_line(self, line: str, type_: Type, top: float, dx: float, *, at_end: bool = False) -> None:
        base = top + type_.leading * 0.5 + type_.size * 0.36
        align = "right" if self.sheet.words.is_rtl != at_end else "left"
        self._tasks.append(lambda y: self.sheet.write(self._across(dx), y + base, line, type_, align=align))

    def _across(self, dx: float) -> float:
        return self.left + self.width - dx if self.sheet.words.is_rtl else self.left + dx
