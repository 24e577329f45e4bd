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


class Spellings:
    """Spellings that are learnt one after the other, and looked up as by `find_nearest` without a look at each.

    Whatever is one letter off another spelling has a remainder in common with it: itself, or all but one letter.
    """

    def __init__(self) -> None:
        self._usual: dict[str, str] = {}
        self._sharing: dict[str, list[tuple[int, str]]] = {}

    def learn(self, text: str, usual: str) -> None:
        """Add a spelling and what it stands for; the first meaning of it stays."""
        folded = fold_spelling(text)
        if folded not in self._usual:
            for rest in _list_remainders(folded):
                self._sharing.setdefault(rest, []).append((len(self._usual), folded))
            self._usual[folded] = usual

    def find_nearest(self, text: str) -> str | None:
        """Return what the first known spelling stands for that ``text`` probably is a slip of, if any."""
        near = {one for rest in _list_remainders(fold_spelling(text)) for one in self._sharing.get(rest, ())}
        return find_nearest(text, {folded: self._usual[folded] for _, folded in sorted(near)})


def _list_remainders(folded: str) -> set[str]:
    return {folded, *(folded[:at] + folded[at + 1 :] for at in range(len(folded)))}


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
