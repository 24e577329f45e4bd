"""What a comparison with published totals remarks, in the language of a report: it says so itself in English."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from geo.coverage import STATUSES
from layers.words import Words, isolate

if TYPE_CHECKING:
    from collections.abc import Callable

GROUP = "remarks"
"""Words of the report that hold every remark: in English as `layers.scope` and `layers.reconcile` make them."""
_SHAPES = {
    **dict.fromkeys(("day", "from", "to"), r"\d{4}-\d\d-\d\d"),
    **dict.fromkeys(("n", "all"), r"\d+"),
    "status": "|".join(STATUSES),
}
"""What a slot can hold, where it is not just any text."""
_SLOT = re.compile(r"\\\{(\w+)\\\}")


@cache
def _read_patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Return the name of each remark, and what matches it in English."""
    english = Words("en").group(GROUP)
    return [
        (key, re.compile(_SLOT.sub(lambda slot: f"(?P<{slot[1]}>{_SHAPES.get(slot[1], '.+?')})", re.escape(text))))
        for key, text in english.items()
    ]


def translate_remark(text: str, words: Words) -> str | None:
    """Return a remark, or several with ``;`` or ``,`` between them, in a language; None when one is not known."""
    if not words.is_rtl:
        return text
    for mark, between in (("; ", "؛ "), (", ", "، ")):
        told = [_translate(part, words) for part in text.split(mark)]
        known = [part for part in told if part is not None]
        if len(known) == len(told):
            return between.join(known)
    return None


def _translate(text: str, words: Words) -> str | None:
    for key, pattern in _read_patterns():
        if found := pattern.fullmatch(text):
            slots = {name: _SLOTS.get(name, _isolate)(value, words) for name, value in found.groupdict().items()}
            return words.say(f"{GROUP}.{key}", None, **slots)
    return None


def _isolate(text: str, _: Words) -> str:
    return isolate(text)


def _name_day(text: str, words: Words) -> str:
    return words.iso_day(text)


def _name_status(text: str, words: Words) -> str:
    return words.name("coverages", text.replace(" ", "_"))


def _name_measure(text: str, words: Words) -> str:
    key = text.replace(" ", "_")
    return words.name("totalMeasures", words.name("measures", key))


def _name_grading(text: str, words: Words) -> str:
    return words.name("series", text)


_SLOTS: dict[str, Callable[[str, Words], str]] = {
    **dict.fromkeys(("day", "from", "to"), _name_day),
    "status": _name_status,
    "measure": _name_measure,
    "series": _name_grading,
}
"""How what fills a slot is said; anything else is a text of the data, or a number."""
