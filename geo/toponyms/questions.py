"""What the texts of a place name: from the columns of a table to mentions with their spellings.

A question is one row of `TEXT_COLUMNS`. Its local text (0) and its other text (1) are read apart, and every name in
them is keyed once, however often it occurs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.names import name_keys, part_modifiers
from geo.regions import match_units
from geo.toponyms.choose import TEXTS, Mentions
from geo.toponyms.name_index import Keys
from geo.toponyms.place_text import AREA_KINDS, INNER_KINDS, Mention, parse_place, read_names
from geo.toponyms.weights import JOINED, KINDS, RELATIONS, WHOLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import geopandas as gpd

    from geo.toponyms.place_text import Kind, PlaceText
    from geo.toponyms.pool import Flags, Ints, Texts

TEXT_COLUMNS = ("place", "place_local", "admin1", "admin2", "country")
"""What a place is told by; equal rows are one question."""
FACILITIES = ("urban", "site")
"""Kinds of what is called after a country without being all that the text says ("Kuwait hospital")."""
FRAGMENTED = range(2, 6)
"""Words of a text that may be several names in a row."""

_KIND_CODE = {kind: code for code, kind in enumerate(KINDS)}
_RELATION_CODE = {relation: code for code, relation in enumerate(RELATIONS)}
_JOINED_CODE = {joined: code for code, joined in enumerate(JOINED)}


@dataclass(slots=True)
class Reading:
    """The mentions of one text of one question, from the spot to the whole."""

    key: int
    text: int
    mentions: Sequence[Mention]
    fragments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plain:
    """Questions with one text that is nothing but a name, in columns: what most questions are.

    ``keys`` are the questions, ``texts`` which of their texts it is, ``kinds`` positions in `KINDS`.
    """

    keys: Ints
    texts: Ints
    names: list[str]
    kinds: Ints

    @classmethod
    def none(cls) -> Plain:
        """Return no questions."""
        no = np.empty(0, dtype=np.int64)
        return cls(no, no, [], no)

    def split(self, known: Collection[str]) -> tuple[Plain, list[Reading]]:
        """Return the questions without those of some names, and the readings of these."""
        at = [at for at, name in enumerate(self.names) if name in known]
        if not at:
            return self, []
        readings = [
            Reading(int(self.keys[k]), int(self.texts[k]), [Mention((self.names[k],), KINDS[self.kinds[k]])])
            for k in at
        ]
        names = [name for name in self.names if name not in known]
        return Plain(np.delete(self.keys, at), np.delete(self.texts, at), names, np.delete(self.kinds, at)), readings


@dataclass(frozen=True)
class Spelling:
    """The distinct names of some readings, and their plain forms, keys and whether they have a modifier by position."""

    positions: Mapping[str, int]
    plain: list[str]
    keys: Keys
    modified: Flags

    @classmethod
    def of(cls, plain: Plain, readings: Iterable[Reading]) -> Spelling:
        """Collect the names of plain questions and of ``readings`` and key them."""
        names = dict.fromkeys(plain.names)
        for reading in readings:
            for mention in reading.mentions:
                names |= dict.fromkeys(mention.spellings)
            names |= dict.fromkeys(reading.fragments)
        forms, folds, skeletons = name_keys(names)
        keys = Keys(np.array(folds, dtype=object), np.array(skeletons, dtype=object))
        modified = np.array([bool(modifiers) for _, modifiers in part_modifiers(forms)], dtype=bool)
        return cls(dict(zip(names, range(len(names)), strict=True)), forms, keys, modified)


def read_questions(questions: pd.DataFrame) -> tuple[dict[int, PlaceText], Plain, list[Reading]]:
    """Return, by question, what relates the place to its mentions (offset, line, several), and what the texts name.

    When one of the texts tells a line, only the texts that do are heard: the ends would be confused. Without any text,
    the units stated are what is asked for.
    """
    place, local, admin1, admin2 = (questions[c].tolist() for c in ("place", "place_local", "admin1", "admin2"))
    names, kinds = read_names(dict.fromkeys([*place, *local]))
    alone = ["" if own and text else own or text for own, text in zip(local, place, strict=True)]
    bare = np.array([text in names for text in alone], dtype=bool)
    told = list(compress(alone, bare))
    plain = Plain(
        keys=np.flatnonzero(bare),
        texts=np.array([0 if local_ else 1 for local_ in compress(local, bare)], dtype=np.int64),
        names=[names[text] for text in told],
        kinds=np.array([_KIND_CODE[kinds.get(text, "")] for text in told], dtype=np.int64),
    )
    said: dict[str, PlaceText] = {}
    heads: dict[int, PlaceText] = {}
    readings: list[Reading] = []
    for key in np.flatnonzero(~bare).tolist():
        heard = [(i, _parse(text, said)) for i, text in enumerate((local[key], place[key])) if text]
        units = [unit_mentions(text) for text in (admin2[key], admin1[key])] if not heard else []
        head = next((words for _, words in reversed(heard) if words.between or words.offset), None)
        if head or (heard and all(words.several for _, words in heard)):
            heads[key] = head or heard[-1][1]
        readings += _read(key, heard, head, units)
    return heads, plain, readings


def _parse(text: str, said: dict[str, PlaceText]) -> PlaceText:
    """Return what a text says, worked out once."""
    return said.get(text) or said.setdefault(text, parse_place(text))


def _read(
    key: int, told: list[tuple[int, PlaceText]], head: PlaceText | None, units: list[list[Mention]]
) -> list[Reading]:
    """Return the readings of one question from what its texts say."""
    if head and head.between:
        told = [(i, words) for i, words in told if words.between]
    readings = [Reading(key, i, _order_mentions(words)) for i, words in told]
    if len(told) == TEXTS:
        readings[0].fragments = _fragments(told[0][1])
    if not told:
        readings.append(Reading(key, 1, [_join_alternatives(mentions) for mentions in units if mentions]))
    return readings


_UNIT_KINDS: dict[Kind, Kind] = {"settlement": "city", "area": "area"}


def unit_mentions(text: str) -> list[Mention]:
    """Return the names in a cell that states a unit, each by itself; several are alternatives."""
    told = parse_place(text).mentions if text else ()
    return [
        Mention((n,), _UNIT_KINDS.get(m.kind, "unit"), derived=m.derived, joined=m.joined, whole=m.whole)
        for m in told
        for n in m.names
    ]


def _join_alternatives(mentions: list[Mention]) -> Mention:
    names = tuple(name for mention in mentions for name in mention.names)
    whole = next((mention.whole for mention in mentions if mention.joined), "")
    return Mention(names, mentions[0].kind, joined="or" if whole else "", whole=whole)


def match_stated(cells: pd.Series, country: pd.Series, regions: gpd.GeoDataFrame) -> pd.Series:
    """Return the code of each governorate that is stated, by the row's label; several in one cell are as many.

    Parameters
    ----------
    cells, country
        What the column ``admin1`` says, and the ISO code of the country (missing: any), aligned.
    regions
        A regions frame.
    """
    whole = match_units(cells, regions, level=1, country=country)  # "Jammu and Kashmir" is one
    mentions = cells[whole.isna()].dropna().map(unit_mentions).explode().dropna()
    parts = mentions.map(lambda mention: mention.names[0])
    named = match_units(parts, regions, level=1, country=country.loc[parts.index])
    codes: pd.Series = pd.concat([whole, named]).dropna()
    return codes


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


def take_countries(
    plain: Plain,
    readings: list[Reading],
    spelling: Spelling,
    country: Texts,
    *,
    known: Mapping[str, str],
    governorates: Collection[str],
) -> tuple[Plain, Flags]:
    """Drop mentions of countries, in place, filling ``country`` where it is empty; return where nothing is left.

    ``known`` are the codes of countries by plain name, ``governorates`` plain names. Plain questions that name a
    country become readings.
    """
    is_country = np.zeros(len(country), dtype=bool)
    forms = zip(spelling.positions, spelling.plain, strict=True)
    codes = {name: known[form] for name, form in forms if form in known}
    plain, moved = plain.split(codes)
    readings += moved
    for reading in readings if codes else ():
        mentions = reading.mentions
        if not any(name in codes for mention in mentions for name in mention.spellings):
            continue
        own = country[reading.key]
        mentions = [m for m in mentions if m.kind in AREA_KINDS or not _join_countries(m, codes)]
        mentions = [
            m for m in mentions if not (m.derived and mentions[0].kind in FACILITIES and codes.keys() & m.names)
        ]
        found = ["" if m.kind in AREA_KINDS else _find_country(m, codes) for m in mentions]
        says = [_says(code, own, slot) for slot, code in enumerate(found)]
        for slot in range(2, len(mentions)):  # "Idlib, northern Syria": a side of the country says no more than it
            (name, *_), whole = mentions[slot - 1].names, mentions[slot]
            called_so = whole.relation != "around" and spelling.plain[spelling.positions[name]] in governorates
            says[slot - 1] |= says[slot] and name.endswith(whole.names[0]) and not called_so
        kept = [m for m, dropped in zip(mentions, says, strict=True) if not dropped]
        if len(mentions) > 1 and mentions[1].derived and says[1] and not found[0]:
            unit = any(spelling.plain[spelling.positions[name]] in governorates for name in mentions[0].names)
            kept = kept[0 if unit else 1 :]  # "northern Syria" is somewhere in Syria, "South Lebanon" is called so
        reading.mentions = kept
        if len(kept) < len(mentions):
            country[reading.key] = own or next(code for code in found if code)
            is_country[reading.key] = not kept
    return plain, is_country


def _find_country(mention: Mention, codes: Mapping[str, str]) -> str:
    """Return the code of the country that a mention names, empty where it is none."""
    return next(filter(None, (codes.get(name, "") for name in mention.spellings)), "")


def _join_countries(mention: Mention, codes: Mapping[str, str]) -> bool:
    """Return whether a mention joins a country and another name, as "Russia and Ukraine"."""
    named = {codes.get(name, "") for name in mention.names}
    return bool(mention.joined) and mention.whole not in codes and len(named) > 1 and named != {""}


def _says(code: str, stated: str, slot: int) -> bool:
    """Return whether a mention says the country: the one stated, or the last resort of a place that has none."""
    return bool(code) and (slot > 0 or code == stated or not stated)


def put_wholes_last(readings: list[Reading], spelling: Spelling, governorates: Collection[str]) -> None:
    """Move, in place, a governorate that a text names first behind what it names after it ("Deir ez-Zor, Sa'lu").

    Not where that is several places: "Raqqa, Tabqa and Maskana" are three.

    ``governorates`` are folded names.
    """

    def is_unit(name: str) -> bool:
        return spelling.keys.folds[spelling.positions[name]] in governorates

    for reading in readings:
        if len(reading.mentions) <= 1:
            continue
        first, *later = reading.mentions
        if not is_unit(first.names[0]) or first.relation != "at" or first.kind == "settlement" or later[0].joined:
            continue
        if not any(is_unit(name) for mention in later for name in mention.names):
            reading.mentions = [*later, first]


def tabulate(
    plain: Plain, readings: list[Reading], spelling: Spelling, country: Texts
) -> tuple[Mentions, Keys, Texts, Flags]:
    """Return the mentions as columns, and of the distinct names in them the keys, the countries and which are modified.

    All names of a question are whose spot has a modifier ("West Sarja, Idlib"), and those that are derived: what is
    left out there is not meant.
    """
    at = spelling.positions
    rows = [
        (
            r.key,
            slot,
            r.text,
            at[name],
            _KIND_CODE[m.kind],
            _RELATION_CODE[m.relation],
            False,
            m.derived,
            _JOINED_CODE[m.joined] if name in m.names else WHOLE,
        )
        for r in readings
        for slot, m in enumerate(r.mentions)
        for name in m.spellings
    ]
    rows += [
        (r.key, 0, r.text, at[name], 0, 0, True, False, 0) for r in readings if r.fragments for name in r.fragments
    ]
    no = np.zeros(len(plain.names), dtype=np.int64)
    names = np.array([at[name] for name in plain.names], dtype=np.int64)
    columns = np.array([plain.keys, no, plain.texts, names, plain.kinds, no, no, no, no])
    columns = np.hstack([columns, np.array(rows, dtype=np.int64).reshape(-1, len(columns)).T])
    key, slot, text, name, kind, relation, fragment, derived, joined = columns[:, np.argsort(columns[0], kind="stable")]
    number, codes = pd.factorize(country)
    told_apart = (derived > 0) | np.isin(key, key[spelling.modified[name] & (slot == 0)])
    pairs, pair = np.unique(2 * (name * len(codes) + number[key]) + told_apart, return_inverse=True)
    modified, pairs = pairs % 2 > 0, pairs // 2
    keys = spelling.keys.take(pairs // len(codes))
    where = codes[pairs % len(codes)]
    return (
        Mentions(key, slot, text, pair, kind, relation, keys.consonants[pair], fragment > 0, derived > 0, joined),
        keys,
        where,
        modified,
    )
