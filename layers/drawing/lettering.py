"""Fonts and lines of text for pictures: which letters can be drawn, and where lines break.

matplotlib's own DejaVu fonts come first, so that the same text gives the same picture on every computer. Letters they
lack are looked for in the fonts of the computer; what no font has is drawn as a box, which the picture explains.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from matplotlib import font_manager
from matplotlib.textpath import text_to_path

from layers.words import END, FIRST, LEFT

if TYPE_CHECKING:
    from collections.abc import Iterator

SANS, SERIF = "DejaVu Sans", "DejaVu Serif"
BOX = "□"
"""Stands for a letter that no font has."""
CUT = "…"
"""Ends a text that was too long for its place."""
REGULAR = 400
"""Weight of a font that is neither light nor bold."""
LAST_RESORT = "Last Resort"
"""Begins the name of a font that comes with matplotlib and has a frame for every letter, and no letter."""
_POINTS = 0.75
_INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Mn"}
_RIGHT = "\u2067"


@dataclass(frozen=True)
class Type:
    """How a text is set: size in pixels, the name of a colour of the page, weight, and whether with serifs."""

    size: float
    color: str = "ink"
    bold: bool = False
    serif: bool = False

    @property
    def weight(self) -> str:
        """The weight as fonts call it."""
        return "bold" if self.bold else "normal"

    @property
    def leading(self) -> float:
        """Pixels from one line to the next."""
        return self.size * (1.25 if self.serif else 1.42)

    def font(self, text: str) -> font_manager.FontProperties:
        """Return the fonts for a text, in the order in which they are tried."""
        families = [SERIF] * self.serif + [SANS, *sorted({f for c in text if (f := _find_other(c))})]
        return font_manager.FontProperties(family=families, weight=self.weight, size=self.size * _POINTS)


def spell(text: str) -> str:
    """Return a text with a box for every letter that no font has."""
    return "".join(BOX if _find_other(c) is None else c for c in text)


@cache
def measure(text: str, type_: Type) -> float:
    """Return the width of a text in pixels, with the blanks at its ends."""
    return _measure_ink(f"|{text}|", type_) - _measure_ink("||", type_)


@cache
def _measure_ink(text: str, type_: Type) -> float:
    spelt = spell(text)
    width, _, _ = text_to_path.get_text_width_height_descent(spelt, type_.font(spelt), ismath=False)
    return float(width) / _POINTS


def break_lines(text: str, type_: Type, width: float, most: int) -> list[str]:
    """Return a text as at most so many lines of ``width`` pixels; a text that is longer ends in `CUT`."""
    lines, filled = [""], 0.0
    for word in _split(text, type_, width):
        if lines[-1] and filled + measure(word, type_) > width:
            lines.append("")
            filled = 0.0
        piece = word if lines[-1] else word.lstrip()
        lines[-1] += piece
        filled += measure(piece, type_)
    lines = [line.strip() for line in lines]
    if len(lines) > most:
        last = lines[most - 1]
        while last and measure(last + CUT, type_) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last + CUT]
    return _carry_isolates(lines)


def direct(line: str, *, rtl: bool) -> str:
    """Return a line that is read in the language's direction, whatever its letters."""
    return f"{_RIGHT if rtl else LEFT}{line}{END}"


def _split(text: str, type_: Type, width: float) -> Iterator[str]:
    """Yield the words with the blank before them; those that are wider than a line in pieces."""
    for number, word in enumerate(text.split(" ")):
        piece = " " if number else ""
        for letter in word if measure(word, type_) > width else [word]:
            if piece.strip() and measure(piece + letter, type_) > width:
                yield piece
                piece = ""
            piece += letter
        yield piece


def _carry_isolates(lines: list[str]) -> list[str]:
    """Close at the end of each line the isolates that are open there, and open them again on the next."""
    open_: list[str] = []
    carried = []
    for line in lines:
        before = "".join(open_)
        for letter in line:
            if letter in (LEFT, FIRST):
                open_.append(letter)
            elif letter == END and open_:
                open_.pop()
        carried.append(before + line + END * len(open_))
    return carried


@cache
def _find_other(letter: str) -> str | None:
    """Return the family of a font of the computer that has a letter; empty when none is needed, None for none."""
    if unicodedata.category(letter) in _INVISIBLE or _has(_own_font(), letter):
        return ""
    listed = (f for f in font_manager.fontManager.ttflist if f.weight == REGULAR and f.style == "normal")
    fonts = {f.name: f.fname for f in listed if not f.name.startswith(LAST_RESORT)}
    for name in sorted(fonts, key=lambda n: (not n.startswith("Noto Sans"), n)):
        if _has(fonts[name], letter):
            return name
    return None


def _own_font() -> str:
    return str(font_manager.findfont(SANS))


@cache
def _letters(path: str) -> frozenset[int]:
    """Return the letters of a font; none of one whose size is fixed."""
    font = font_manager.get_font(path)
    return frozenset(font.get_charmap()) if font.scalable else frozenset()


def _has(path: str, letter: str) -> bool:
    return ord(letter) in _letters(path)
