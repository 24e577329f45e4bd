"""Words that are nearly another one: case, spaces, invisible marks, look-alike letters, one letter off."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Mapping

SHORTEST = 5
"""Letters a known word must have for one letter more, less, exchanged or other to be a slip (Iran is not Iraq)."""

_LOOKALIKES = str.maketrans("авеһіјкмнорԛѕтухԁԝӏгαβεικνορτυχ", "abehijkmhopqstyxdwlrabeikvoptux")
_CONTROL_NAMES = {"\0": "NULL", "\t": "TAB", "\n": "LINE FEED", "\r": "CARRIAGE RETURN", "\x0b": "VERTICAL TAB"}
_INVISIBLE = frozenset(("Cf", "Mn", "Zs"))


def name_character(character: str) -> str:
    """Return code point and Unicode name, such as ``U+202E RIGHT-TO-LEFT OVERRIDE``."""
    name = unicodedata.name(character, _CONTROL_NAMES.get(character, "control character"))
    return f"U+{ord(character):04X} {name}"


def fold_spelling(text: str) -> str:
    """Return the letters and digits of ``text`` in lower case, Cyrillic and Greek look-alikes as Latin ones.

    Unlike `geo.names.fold_name` it keeps every letter: two names that differ here are spelt differently.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if unicodedata.category(c) not in _INVISIBLE and c != "ـ")
    return re.sub(r"[\W_]+", "", text.casefold().translate(_LOOKALIKES))


def find_nearest(text: str, spellings: Mapping[str, str]) -> str | None:
    """Return the known spelling that ``text`` probably is a slip of, if any.

    Parameters
    ----------
    spellings
        Known spellings by their `fold_spelling`.
    """
    folded = fold_spelling(text)
    if not folded or folded in spellings:
        return spellings.get(folded)
    found = process.extractOne(folded, spellings.keys(), scorer=OSA.distance, score_cutoff=1)
    if not found or len(found[0]) < SHORTEST or re.findall(r"\d", found[0]) != re.findall(r"\d", folded):
        return None
    return spellings[found[0]]


def explain_difference(text: str, known: str) -> str:
    """Return, as a clause, how ``text`` differs from the spelling it is nearly."""
    odd = [
        c
        for c in text
        if c not in known and (_is_invisible(c) or c.casefold().translate(_LOOKALIKES) in known.casefold())
    ]
    if odd and not all(c.isascii() for c in odd):
        return f"contains {name_character(next(c for c in odd if not c.isascii()))}"
    if text.casefold() == known.casefold():
        return "differs in case"
    return "differs in spaces or marks" if fold_spelling(text) == fold_spelling(known) else "is one letter off"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE or character == "ـ"
