"""What judging remarks on published totals: which words, and what fills their slots, to be said in any language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from layers.words import isolate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from layers.words import Words


@dataclass(frozen=True)
class Remark:
    """One remark.

    Parameters
    ----------
    key
        Which of the words ``remarks`` it is.
    slots
        What fills them: days, numbers, another remark, or texts; of ``status``, ``measure`` and ``series`` values of
        the data.
    """

    key: str
    slots: Mapping[str, object] = field(default_factory=dict)


def say_remarks(remarks: Iterable[Remark], words: Words) -> str:
    """Return remarks as one text; in English with days and values as files have them."""
    return words.join(_say(remark, words) for remark in remarks)


def _say(remark: Remark, words: Words) -> str:
    fill = _translate if words.is_rtl else _write
    slots = {
        name: _say(value, words) if isinstance(value, Remark) else fill(name, value, words)
        for name, value in remark.slots.items()
    }
    return words.say(f"remarks.{remark.key}", None, **slots)


def _write(name: str, value: object, _: Words) -> str:
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return str(value).replace("_", " ") if name == "measure" else str(value)


def _translate(name: str, value: object, words: Words) -> str:
    if isinstance(value, date):
        return words.iso_day(f"{value:%Y-%m-%d}")
    return _NAMES[name](str(value), words) if name in _NAMES else isolate(str(value))


_NAMES: dict[str, Callable[[str, Words], str]] = {
    "status": lambda value, words: words.name("coverages", value.replace(" ", "_")),
    "measure": lambda value, words: words.name("totalMeasures", words.name("measures", value)),
    "series": lambda value, words: words.name("series", value),
}
"""How values of the data are called; anything else is a text of it, or a number."""
