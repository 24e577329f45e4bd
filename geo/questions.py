"""What the texts of a place name: from the columns of a table to mentions with their spellings.

A question is one row of `TEXT_COLUMNS`. Its local text (0) and its other text (1) are read apart, and every name in
them is keyed once, however often it occurs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.choose import TEXTS, Mentions
from geo.name_index import Keys
from geo.names import name_keys
from geo.place_text import Mention, parse_place
from geo.weights import KINDS, RELATIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import pandas as pd

    from geo.place_text import PlaceText
    from geo.pool import Flags, Texts

TEXT_COLUMNS = ("place", "place_local", "admin1", "admin2", "country")
"""What a place is told by; equal rows are one question."""
INNER_KINDS = ("part", "urban")
FRAGMENTED = range(2, 6)
"""Words of a text that may be several names in a row."""

_KIND_CODE = {kind: code for code, kind in enumerate(KINDS)}
_RELATION_CODE = {relation: code for code, relation in enumerate(RELATIONS)}


@dataclass(slots=True)
class Reading:
    """The mentions of one text of one question, from the spot to the whole."""

    key: int
    text: int
    mentions: Sequence[Mention]
    fragments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Spelling:
    """The distinct names of some readings, and their plain forms and keys by position."""

    positions: Mapping[str, int]
    plain: list[str]
    keys: Keys

    @classmethod
    def of(cls, readings: Iterable[Reading]) -> Spelling:
        """Collect the names of ``readings`` and key them."""
        names: dict[str, int] = {}
        for reading in readings:
            for mention in reading.mentions:
                for name in mention.names:
                    names.setdefault(name, len(names))
            for name in reading.fragments:
                names.setdefault(name, len(names))
        plain, folds, skeletons = name_keys(names)
        return cls(names, plain, Keys(np.array(folds, dtype=object), np.array(skeletons, dtype=object)))


def read_questions(questions: pd.DataFrame) -> tuple[list[PlaceText | None], list[Reading]]:
    """Return what relates each place to its mentions (an offset, a line), and the readings of its texts.

    When one of the texts tells a line, only the texts that do are heard: the ends would be confused. Without any text,
    the units stated are what is asked for.
    """
    place, local, admin1, admin2 = (questions[c].tolist() for c in ("place", "place_local", "admin1", "admin2"))
    said = {text: parse_place(text) for text in {*place, *local} if text}
    heads: list[PlaceText | None] = [None] * len(place)
    readings: list[Reading] = []
    for key, texts in enumerate(zip(local, place, strict=True)):
        told = [(i, said[text]) for i, text in enumerate(texts) if text]
        for _, words in told:
            if words.between or words.offset:
                heads[key] = words
        if (head := heads[key]) and head.between:
            told = [(i, words) for i, words in told if words.between]
        for i, words in told:
            readings.append(Reading(key, i, _order_mentions(words)))
        if len(told) == TEXTS:
            readings[-TEXTS].fragments = _fragments(told[0][1])
        elif not told:
            units = [tuple(unit_names(text)) for text in (admin2[key], admin1[key])]
            readings.append(Reading(key, 1, [Mention(names, "area") for names in units if names]))
    return heads, readings


def unit_names(text: str) -> list[str]:
    """Return the names in a cell that states a unit; several are alternatives."""
    return [name for mention in parse_place(text).mentions for name in mention.names] if text else []


def _order_mentions(said: PlaceText) -> Sequence[Mention]:
    """Return the mentions from the spot to the whole; a part of a town comes before the town, however they stand."""
    if len(said.mentions) == 1 or said.between or said.offset:
        return said.mentions
    return sorted(said.mentions, key=lambda mention: mention.kind not in INNER_KINDS)


def _fragments(said: PlaceText) -> tuple[str, ...]:
    """Return the beginnings and ends of a local text that is one run of words ("السلمية مغيزيل": town and village).

    They only support what the other text names; by themselves they would be guesses.
    """
    if len(said.mentions) != 1 or len(words := said.mentions[0].names[0].split()) not in FRAGMENTED:
        return ()
    cuts = range(1, len(words))
    return (*(" ".join(words[:cut]) for cut in cuts), *(" ".join(words[cut:]) for cut in cuts))


def take_countries(readings: list[Reading], spelling: Spelling, known: Mapping[str, str], country: Texts) -> Flags:
    """Drop mentions of countries, in place, filling ``country`` where it is empty; return where nothing is left.

    ``known`` are the codes of countries by plain name.
    """
    is_country = np.zeros(len(country), dtype=bool)
    codes = {name: known[form] for name, form in zip(spelling.positions, spelling.plain, strict=True) if form in known}
    for reading in readings:
        mentions = reading.mentions
        if not codes or not any(name in codes for mention in mentions for name in mention.names):
            continue
        own = country[reading.key]
        found = [next((codes[n] for n in m.names if n in codes), "") if m.kind != "area" else "" for m in mentions]
        kept = [m for slot, m in enumerate(mentions) if not _says(found[slot], own, slot)]
        if len(kept) < len(mentions):
            country[reading.key] = own or next(code for code in found if code)
            is_country[reading.key] = not kept
            reading.mentions = kept
    return is_country


def _says(code: str, stated: str, slot: int) -> bool:
    """Return whether a mention says the country: the one stated, or the last resort of a place that has none."""
    return bool(code) and (slot > 0 or code == stated or not stated)


def put_wholes_last(readings: list[Reading], spelling: Spelling, governorates: Collection[str]) -> None:
    """Move, in place, a governorate that a text names first behind what it names after it ("Deir ez-Zor, Sa'lu").

    ``governorates`` are folded names.
    """
    folded = zip(spelling.positions, spelling.keys.folds, strict=True)
    units = {name for name, fold in folded if fold in governorates}
    for reading in readings:
        if len(reading.mentions) <= 1:
            continue
        first, *later = reading.mentions
        if first.names[0] not in units or first.relation != "at" or first.kind == "settlement":
            continue
        if not any(name in units for mention in later for name in mention.names):
            reading.mentions = [*later, first]


def tabulate(readings: list[Reading], spelling: Spelling, country: Texts) -> tuple[Mentions, Keys, Texts]:
    """Return the mentions as columns, and the keys and countries of the distinct pairs of name and country in them."""
    at = spelling.positions
    rows = [
        (r.key, slot, r.text, at[name], _KIND_CODE[m.kind], _RELATION_CODE[m.relation], False)
        for r in readings
        for slot, m in enumerate(r.mentions)
        for name in m.names
    ]
    rows += [(r.key, 0, r.text, at[name], 0, 0, True) for r in readings if r.fragments for name in r.fragments]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 7).T
    key, slot, text, name, kind, relation, fragment = columns
    codes, number = np.unique(country.astype(str), return_inverse=True)
    pairs, pair = np.unique(name * len(codes) + number[key], return_inverse=True)
    keys = spelling.keys.take(pairs // len(codes))
    where = codes.astype(object)[pairs % len(codes)]
    return Mentions(key, slot, text, pair, kind, relation, keys.consonants[pair], fragment > 0), keys, where
