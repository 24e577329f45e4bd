"""Folding of place names: one key for the spellings of a name, in any script.

From fine to coarse: `plain_names` keeps the words and drops what nobody types alike (case, marks, dashes, primes);
`fold_name` joins the usual spellings of one name ("Ar-Raqqah", "al Raqqa", "RAQQA"; "الرَّقّة", "الرقه");
`skeleton` keeps the consonants and is the same for an Arabic, Cyrillic or Latin spelling ("الرقة" and "Raqqa").

All work on whole lists: the names become one text with a name on each line, so that a rule runs once, in C, over all.
Names in plain ASCII are such a text by themselves: for it every rule is several times as fast.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from geo.name_rules import (
    AFAR,
    AIRFIELDS,
    ARTICLES,
    CEDILLAS,
    DOUBLES,
    ENDINGS,
    ESH,
    FINAL_H,
    FOREIGN,
    GAPS,
    LETTERS,
    LINES,
    MARBUTA,
    MODIFIERS,
    MODIFYING,
    ROMAN,
    SKELETON,
    SPELLINGS,
    TYPES,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Lists = Callable[[list[str]], tuple[list[str], ...]]


def plain_names(names: Iterable[str]) -> list[str]:
    """Return the words of each name in lower case, without accents, vowel signs, primes and punctuation.

    Letters that differ between keyboards only (Persian, Kurdish and Arabic kaf; alef with and without hamza) become
    one; Cyrillic is transliterated; digits become ASCII.
    """
    lines = list(names)
    letters = "".join(lines)
    if "\n" in letters or "\r" in letters:
        lines = [line.replace("\n", " ").replace("\r", " ") for line in lines]
    (plain,) = _apart(lines, _plain_ascii, _plain_other)
    return plain


def _apart(lines: list[str], of_ascii: Lists, of_others: Lists) -> tuple[list[str], ...]:
    """Return what two functions make of the lines in ASCII and of the others, in the order of the lines."""
    ascii_ = np.fromiter(map(str.isascii, lines), dtype=bool, count=len(lines))
    if ascii_.all():
        return of_ascii(lines)
    simple, other = of_ascii(list(compress(lines, ascii_))), of_others(list(compress(lines, ~ascii_)))
    made = np.empty((len(simple), len(lines)), dtype=object)
    made[:, ascii_], made[:, ~ascii_] = simple, other
    return tuple(made.tolist())


def _plain_ascii(lines: list[str]) -> tuple[list[str]]:
    """Return the plain form of names without any other letter, for which little is to be done."""
    block = "\n".join(lines).lower().replace("'", "").replace("`", "").replace('"', "")
    return (_trim(block) if lines else [],)


def _plain_other(lines: list[str]) -> tuple[list[str]]:
    block = "\n".join(lines)
    for letter, spelling in CEDILLAS.items():
        block = block.replace(letter, spelling)
    block = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", block).casefold())
    block = FOREIGN.sub(lambda letters: letters[0].translate(LETTERS), block)
    return (MARBUTA.apply("\n".join(_trim(block))).split("\n"),)


def _trim(block: str) -> list[str]:
    """Return the words of each line, with one space for whatever stands between two."""
    block = GAPS.apply(block)
    return list(map(str.strip, (LINES.apply(block) if "_" in block else block).split("\n")))


def _spell_words(names: list[str]) -> list[str]:
    """Return plain names with one spelling for each word, without articles and type words, modifiers last."""
    block = "\n".join(names)
    for rule in (*AIRFIELDS, TYPES, ARTICLES):
        block = rule.apply(block)
    lines = block.split("\n")
    if not all(map(str.strip, lines)):
        block = "\n".join(line if line.strip() else name for line, name in zip(lines, names, strict=True))
    for rule in ENDINGS:
        block = rule.apply(block)
    for spelling, to in SPELLINGS:
        block = block.replace(spelling, to)
    return block.split("\n")


def _undouble(block: str) -> str:
    """Return the text with one letter for several of the same, where that is a letter of `DOUBLING`."""
    codec, dtype = ("ascii", np.uint8) if block.isascii() else ("utf-32-le", np.uint32)
    letters = np.frombuffer(block.encode(codec, "surrogatepass"), dtype=dtype)
    again = np.flatnonzero(letters[1:] == letters[:-1]) + 1
    again = again[np.isin(letters[again], DOUBLES)]
    return np.delete(letters, again).tobytes().decode(codec, "surrogatepass")


_MODIFIER = {
    form: key
    for words in ([key, *forms.split()] for key, forms in MODIFIERS.items())
    for key, form in ((_spell_words(words)[0], form) for form in _spell_words(plain_names(words)))
}
_MODIFIED = frozenset(_MODIFIER)
_AFAR = frozenset(_spell_words(sorted(AFAR)))


def _spell_esh(text: str) -> str:
    return text.replace(ESH, "ʃ")


def _move_modifiers(line: str) -> str:
    words = line.split()
    if _MODIFIED.isdisjoint(words):
        return line
    moved = sorted((_MODIFIER[word] for word in words if word in _MODIFIED), key=_spell_esh)
    return " ".join([word for word in words if word not in _MODIFIED] + moved) if len(moved) < len(words) else line


def part_modifiers(plain: list[str]) -> list[tuple[str, frozenset[str]]]:
    """Return each plain name without its `MODIFIERS`, and these in one spelling ("upper baguz": "baguz", "fawqani").

    Both are empty where a name has no modifier, or no other word.
    """
    some = [at for at, line in enumerate(plain) if " " in line and not MODIFYING.isdisjoint(line.split())]
    parted: list[tuple[str, frozenset[str]]] = [("", frozenset())] * len(plain)
    for at, line in zip(some, _spell_words([plain[at] for at in some]) if some else [], strict=True):
        words = line.split()
        kept = [word for word in words if word not in _MODIFIED]
        if kept and len(kept) < len(words):
            parted[at] = _spell_esh(" ".join(kept)), frozenset(_MODIFIER[w] for w in words if w in _MODIFIED)
    return parted


_FOLDED_MODIFIERS = re.compile(f"(?:{'|'.join(sorted(map(_spell_esh, set(_MODIFIER.values()))))})+$")


def folded_modifiers(folds: Iterable[str]) -> list[str]:
    """Return the `MODIFIERS` at the end of each folded name, empty where it has none."""
    return [found[0] if (found := _FOLDED_MODIFIERS.search(fold)) else "" for fold in folds]


def shorten_names(names: Iterable[str]) -> list[str]:
    """Return each name without the words that tell it from its neighbour of that name ("Upper Baguz": Baguz).

    Empty where a name has no such word, or no other, or one that does not speak of neighbours ("New Halfa").
    """
    parted = part_modifiers(plain_names(names))
    return [short if modifiers.isdisjoint(_AFAR) else "" for short, modifiers in parted]


def _key_words(names: list[str]) -> list[str]:
    return [_move_modifiers(line) if " " in line else line for line in _spell_words(names)]


_UNSETTLED = re.compile(r"h(?:$|(?<=[sdtk]h))|a(?:[iuw]|l(?<=^al))|ا(?<=^ا)ل", re.MULTILINE)
"""What a rule may still find once the words of a name are joined, and its letters folded."""


def _find_lines(pattern: re.Pattern[str], lines: list[str]) -> list[int]:
    """Return the positions of the lines in which a pattern is found, in order."""
    starts = [found.start() for found in pattern.finditer("\n".join(lines))]
    ends = np.cumsum(np.fromiter(map(len, lines), dtype=np.int64, count=len(lines)) + 1)
    found: list[int] = np.unique(np.searchsorted(ends, starts, "right")).tolist()
    return found


def _join_words(words: list[str]) -> list[str]:
    joined = "\n".join(words).replace(" ", "")
    return _undouble(MARBUTA.apply(joined)).split("\n")  # a final ha may have been a word


def _settle(folded: list[str]) -> list[str]:
    """Return folded names folded again until nothing changes."""
    open_ = _find_lines(_UNSETTLED, folded)
    while open_:
        again = _join_words(_key_words([folded[at] for at in open_]))
        changed = [(at, new) for at, new in zip(open_, again, strict=True) if folded[at] != new]
        for at, new in changed:
            folded[at] = new
        open_ = [at for at, _ in changed]
    return folded


def fold_names(names: Iterable[str]) -> list[str]:
    """Return the folded form of each name, empty for a name without a letter or digit; see `fold_name`."""
    return name_keys(names)[1]


def fold_name(name: str) -> str:
    """Return one key for the usual spellings of ``name`` in its script.

    The article and its assimilated forms, type words ("village", "قرية"), spaces, doubled letters and the variants of
    one consonant or vowel (q/k/g, dh/th/z, sh/ch, ou/u/oo, ee/i/y, -ah/-eh/-a) do not matter. Folding a folded name
    changes nothing.
    """
    return fold_names([name])[0]


def romanize(folded: str) -> str:
    """Return a folded Arabic name in the letters of folded Latin ones, without the vowels that Arabic leaves out."""
    return folded.translate(ROMAN)


def name_keys(names: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the plain form, the folded form and the consonant skeleton of each name.

    See `plain_names`, `fold_name` and `skeleton`; together they cost hardly more than one of them.
    """
    plain = plain_names(names)
    folds, consonants = _apart(plain, _fold_plain, _fold_plain)
    return plain, folds, consonants


def _fold_plain(names: list[str]) -> tuple[list[str], list[str]]:
    """Return the folded forms and the skeletons of plain names."""
    if not names:
        return [], []
    words = _key_words(names)
    consonants = _undouble(FINAL_H.apply("\n".join(words)).translate(SKELETON))
    folded = "\n".join(_settle(_join_words(words)))
    return _spell_esh(folded).split("\n"), _spell_esh(consonants).split("\n")


def skeletons(names: Iterable[str]) -> list[str]:
    """Return the consonant skeleton of each name; see `skeleton`."""
    return name_keys(names)[2]


def skeleton(name: str) -> str:
    """Return the consonants of ``name``, the same for its Arabic, Cyrillic and Latin spellings.

    Coarse on purpose: it finds candidates, it does not decide. A name without a consonant has an empty skeleton.
    """
    return skeletons([name])[0]
