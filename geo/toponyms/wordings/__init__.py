"""Wordings of lists in several languages, put into those that `geo.toponyms.place_text` reads."""

from __future__ import annotations

import re

from geo.toponyms.wordings import arabic, english, persian, romance, slavic, turkish

TELLING_WORDS = (
    *english.EPITHET_WORDS,
    *romance.TELLING_WORDS,
    *slavic.TELLING_WORDS,
    *turkish.TELLING_WORDS,
    *persian.TELLING_WORDS,
    *arabic.TELLING_WORDS,
)
"""Words without one of which a text is read as it is."""

_ARABIC, _CYRILLIC = re.compile(r"[\u0621-\u064a]"), re.compile(r"[\u0400-\u04ff]")


def reword(text: str) -> str:
    """Return a place text in wordings that are read."""
    if not text.isascii():
        if _ARABIC.search(text):
            told = persian.put_into_english(text)
            return arabic.reword(text) if told == text else english.spell_out(told)
        if _CYRILLIC.search(text):
            return english.spell_out(slavic.put_into_english(text))
    return romance.put_into_english(english.spell_out(turkish.put_into_english(text)))
