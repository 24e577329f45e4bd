"""Wordings of lists in several languages, put into those that `geo.toponyms.place_text` reads."""

from __future__ import annotations

import re

from geo.toponyms.wordings import arabic, english, romance

TELLING_WORDS = (*english.EPITHET_WORDS, *romance.TELLING_WORDS, *arabic.TELLING_WORDS)
"""Words without one of which a text is read as it is."""

_ARABIC = re.compile(r"[\u0621-\u064a]")


def reword(text: str) -> str:
    """Return a place text in wordings that are read."""
    if not text.isascii() and _ARABIC.search(text):
        return arabic.reword(text)
    return romance.put_into_english(english.spell_out(text))
