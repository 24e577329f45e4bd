"""Bars that show ranges, from the least to the most, as figures of a report: an open end is drawn open."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from layers.report.markup import el

if TYPE_CHECKING:
    from collections.abc import Iterable

    from layers.report.markup import Node
    from layers.words import Words

WIDE, HIGH = 1000, 12
"""Units of a bar's drawing; it is stretched to its cell, its lines keep their width."""
MOST_TICKS = 5
_STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Bar:
    """One range.

    Parameters
    ----------
    low, high
        From and to, people or events; missing where nobody gives one.
    color
        As ``#0072b2``; None for that of ink.
    kind
        ``sure``, or ``maybe`` for what is drawn hatched: figures that need not be the actor's.
    is_open
        Whether there is no maximum: more may be.
    """

    low: float | None
    high: float | None
    color: str | None = None
    kind: str = "sure"
    is_open: bool = False

    @property
    def is_known(self) -> bool:
        """Whether there is anything to draw."""
        return not (pd.isna(self.low) and pd.isna(self.high))


class Scale:
    """An axis from 0, with a tick at each easily read number."""

    def __init__(self, values: Iterable[float | None]) -> None:
        most = max((float(value) for value in values if value is not None and not pd.isna(value)), default=0.0)
        rough = max(most, 1.0) / (MOST_TICKS - 1)
        power = 10 ** math.floor(math.log10(rough))
        step = max(1, int(next(base * power for base in _STEPS if base * power >= rough)))
        self.ticks = [step * k for k in range(math.ceil(max(most, 1.0) / step) + 1)]

    def place(self, value: float) -> str:
        """Return where a number lies, in units of the drawing."""
        return f"{WIDE * value / self.ticks[-1]:.1f}".removesuffix(".0")


def draw_axis(scale: Scale, words: Words) -> Node:
    """Return the numbers of an axis as text, at equal distances; the figures beside each bar say the same."""
    ticks = [el("span", el("i", f"{tick:,}")) for tick in scale.ticks]
    return el("div", ticks, class_="axis", aria_hidden="true", dir=words.direction)


def draw_bars(scale: Scale, *bars: Bar) -> Node:
    """Return one drawing of the ranges below each other; what they show stands as figures beside it."""
    shown = [bar for bar in bars if bar.is_known]
    height = HIGH * max(len(shown), 1)
    grid = [_line((at, at), (0, height), "tick") for at in map(scale.place, scale.ticks)]
    lines = [line for row, bar in enumerate(shown) for line in _draw_bar(scale, bar, HIGH * row + HIGH / 2)]
    return el(
        "svg",
        grid,
        lines,
        viewBox=f"0 0 {WIDE} {height}",
        class_=f"bars rows-{len(shown)}",
        preserveAspectRatio="none",
        aria_hidden="true",
        focusable="false",
    )


def _draw_bar(scale: Scale, bar: Bar, y: float) -> list[Node]:
    """Return the lines of one range: a band, its ends, and what goes on without an end."""
    low, high = (None if pd.isna(end) else end for end in (bar.low, bar.high))
    most = high if high is not None else low or 0.0
    start, end = scale.place(low or 0.0), scale.place(most)
    lines = [_line((start, end), (y, y), bar.kind, bar.color)] if start != end else []
    if low is not None:
        lines.append(_line((start, start), (y - 4, y + 4), "end", bar.color))
    if bar.is_open:
        lines.append(_line((end, str(WIDE)), (y, y), "open", bar.color))
    else:
        lines.append(_line((end, end), (y - 4, y + 4), "end", bar.color))
    return lines


def _line(x: tuple[str, str], y: tuple[float, float], kind: str, color: str | None = None) -> Node:
    ends = {"x1": x[0], "y1": f"{y[0]:g}", "x2": x[1], "y2": f"{y[1]:g}"}
    return el("line", class_=kind, stroke=color, **ends)
