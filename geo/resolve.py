"""From the texts of a place to the candidates, the unit stated, and the choice among them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.choose import TEXTS, Context, Mentions, choose
from geo.name_index import Keys
from geo.names import fold_name, fold_names, plain_names
from geo.place_text import Mention, parse_place
from geo.pool import Pool
from geo.weights import KINDS, RELATIONS, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd

    from geo.choose import Choice
    from geo.listing import Listing
    from geo.place_text import PlaceText
    from geo.pool import Flags, Texts
    from geo.weights import Weights

INNER_KINDS = ("part", "urban")
COUNTRY_LEAST = 4
"""Letters that a country's name has at least; shorter ones are codes, and never looked for in a text."""
FRAGMENTED = range(2, 6)
"""Words of a text that may be several names in a row."""
TEXT_COLUMNS = ("place", "place_local", "admin1", "admin2", "country")
"""What a place is told by; equal rows are one question."""


@dataclass(frozen=True)
class Resolution:
    """The answers to a frame of questions, by position.

    ``heads`` tells how the place relates to what is chosen (an offset, a line); ``choices`` holds the spot first, then
    the wholes it lies in; ``country`` the ISO code stated, or named in the text; ``is_country`` where nothing else is;
    ``stated`` the units stated beside the text.
    """

    pool: Pool
    heads: list[PlaceText | None]
    choices: list[Choice]
    country: Texts
    is_country: Flags
    stated: Context


@dataclass
class _Reading:
    """The mentions of one text of one question, from the spot to the whole."""

    key: int
    text: int
    mentions: list[Mention]
    fragments: tuple[str, ...] = ()


def resolve_places(
    questions: pd.DataFrame,
    listings: Sequence[Listing],
    regions: gpd.GeoDataFrame,
    *,
    weights: Weights = WEIGHTS,
) -> Resolution:
    """Return the choice for each row of `TEXT_COLUMNS` (empty text where nothing is told).

    Parameters
    ----------
    questions
        Rows to answer; the same row twice is answered twice.
    listings
        In order of precedence.
    regions
        A regions frame.
    weights
        What evidence weighs.
    """
    countries = match_countries(questions["country"], regions)
    country = np.array([countries[text] for text in questions["country"]], dtype=object)
    heads, readings = _read_questions(questions)
    is_country = _take_countries(readings, country, regions)
    wanted = set(country) - {""}
    if "" in country:
        wanted |= {code for listing in listings for code in listing.countries}
    pool = _pool(tuple(listings), _ById(regions), frozenset(wanted))
    _put_wholes_last(readings, pool)
    mentions, keys, places = _tabulate(readings, country)
    context = _state_units(questions, country, pool, weights)
    pairs = pool.find(keys, places, near=np.ones(len(keys), dtype=bool))
    lines = np.array([head is not None and head.between for head in heads])
    choices = choose(mentions, pairs, pool, len(questions), context=context, lines=lines, weights=weights)
    return Resolution(pool, heads, choices, country, is_country, context)


def match_countries(texts: Iterable[str], regions: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the ISO 3166-1 code of each country named, by name in any spelling or by code; '' when unknown."""
    known = _country_names(_ById(regions))
    asked = list(dict.fromkeys(texts))
    return {
        text: known.codes.get(text.strip(), "") or known.plain.get(plain, "") or known.folded.get(fold, "")
        for text, plain, fold in zip(asked, plain_names(asked), fold_names(asked), strict=True)
    }


@dataclass(frozen=True)
class _ById:
    """A frame as a key of a cache: equal to itself alone."""

    frame: gpd.GeoDataFrame

    def __eq__(self, other: object) -> bool:
        """Return whether it is the very same frame."""
        return isinstance(other, _ById) and self.frame is other.frame

    def __hash__(self) -> int:
        """Return the frame's identity."""
        return id(self.frame)


@dataclass(frozen=True)
class _CountryNames:
    """Country codes by code, by plain name and by folded name."""

    codes: dict[str, str]
    plain: dict[str, str]
    folded: dict[str, str]


@lru_cache(maxsize=4)
def _country_names(regions: _ById) -> _CountryNames:
    countries = regions.frame[regions.frame["level"] == 0]
    columns = [countries[c].fillna("") for c in ("name_local", "aliases")]
    spelt = countries["name"].fillna("").str.cat(columns, sep="|").str.split("|")
    names = pd.Series(spelt.to_numpy(), index=countries["country"].to_numpy()).explode()
    names = names[names != ""]
    known = names[names.str.len() >= COUNTRY_LEAST]
    return _CountryNames(
        {**{c: c for c in countries["country"]}, **{n: str(c) for c, n in names.items() if n.isupper()}},
        dict(zip(reversed(plain_names(known)), reversed(known.index), strict=True)),
        dict(zip(reversed(fold_names(known)), reversed(known.index), strict=True)),
    )


@lru_cache(maxsize=2)
def _pool(listings: tuple[Listing, ...], regions: _ById, countries: frozenset[str]) -> Pool:
    return Pool([listing.restrict(countries) for listing in listings], regions.frame, countries)


def _read_questions(questions: pd.DataFrame) -> tuple[list[PlaceText | None], list[_Reading]]:
    """Return what relates each place to its mentions, and the mentions of the local text (0) and of the other (1).

    When one of the texts tells a line, only the texts that do are heard: the ends would be confused. Without any text,
    the units stated are what is asked for.
    """
    said = {text: parse_place(text) for text in {*questions["place"], *questions["place_local"]} if text}
    heads: list[PlaceText | None] = []
    readings: list[_Reading] = []
    for key, texts in enumerate(zip(questions["place_local"], questions["place"], strict=True)):
        told = [(i, said[text]) for i, text in enumerate(texts) if text]
        special = [place for _, place in told if place.between or place.offset]
        head = special[-1] if special else None
        heads.append(head)
        if head and head.between:
            told = [(i, place) for i, place in told if place.between]
        readings += [_Reading(key, i, _order_mentions(place)) for i, place in told]
        if len(told) == TEXTS:
            readings[-TEXTS].fragments = _fragments(told[0][1])
    silent = (questions["place"] == "") & (questions["place_local"] == "")
    for key, units in enumerate(zip(questions["admin2"], questions["admin1"], strict=True)):
        if silent.iloc[key]:
            mentions = [Mention(names, "area") for unit in units if (names := tuple(_unit_names(unit)))]
            readings.append(_Reading(key, 1, mentions))
    return heads, readings


def _fragments(said: PlaceText) -> tuple[str, ...]:
    """Return the beginnings and ends of a local text that is one run of words ("السلمية مغيزيل": town and village).

    They only support what the other text names; by themselves they would be guesses.
    """
    if len(said.mentions) != 1 or len(words := said.mentions[0].names[0].split()) not in FRAGMENTED:
        return ()
    cuts = range(1, len(words))
    return (*(" ".join(words[:cut]) for cut in cuts), *(" ".join(words[cut:]) for cut in cuts))


def _order_mentions(said: PlaceText) -> list[Mention]:
    """Return the mentions from the spot to the whole; a part of a town comes before the town, however they stand."""
    if said.between or said.offset:
        return list(said.mentions)
    return sorted(said.mentions, key=lambda mention: mention.kind not in INNER_KINDS)


def _take_countries(readings: list[_Reading], country: Texts, regions: gpd.GeoDataFrame) -> Flags:
    """Drop mentions of countries, in place, filling ``country`` where it is empty; return where nothing is left."""
    known = _country_names(_ById(regions)).plain
    names = list({n for r in readings for m in r.mentions if m.kind != "area" for n in m.names})
    codes = {name: known.get(plain, "") for name, plain in zip(names, plain_names(names), strict=True)}
    is_country = np.zeros(len(country), dtype=bool)
    for reading in readings:
        own = country[reading.key]
        named = [next((codes[n] for n in m.names if codes.get(n)), "") for m in reading.mentions]
        kept = [
            m for slot, (m, code) in enumerate(zip(reading.mentions, named, strict=True)) if not _says(code, own, slot)
        ]
        if len(kept) < len(reading.mentions):
            country[reading.key] = own or next(code for code in named if code)
            is_country[reading.key] = not kept
            reading.mentions = kept
    return is_country


def _says(code: str, stated: str, slot: int) -> bool:
    """Return whether a mention says the country: the one stated, or the last resort of a place that has none."""
    return bool(code) and (slot > 0 or code == stated or not stated)


def _put_wholes_last(readings: list[_Reading], pool: Pool) -> None:
    """Move, in place, a governorate that a text names first behind what it names after it ("Deir ez-Zor, Sa'lu")."""
    several = [r for r in readings if len(r.mentions) > 1]
    folds = dict(zip(names := [r.mentions[0].names[0] for r in several], fold_names(names), strict=True))
    governorates = pool.governorate_folds
    for reading in several:
        first = reading.mentions[0]
        if first.relation == "at" and first.kind != "settlement" and folds[first.names[0]] in governorates:
            later = [fold_name(name) for m in reading.mentions[1:] for name in m.names]
            if not any(fold in governorates for fold in later):
                reading.mentions = [*reading.mentions[1:], first]


def _tabulate(readings: list[_Reading], country: Texts) -> tuple[Mentions, Keys, Texts]:
    """Return the mentions as columns, and the distinct names with their countries that they point to."""
    rows = [
        (r.key, slot, r.text, name, KINDS.index(m.kind), RELATIONS.index(m.relation))
        for r in readings
        for slot, m in enumerate(r.mentions)
        for name in m.names
    ]
    whole = len(rows)
    rows += [(r.key, 0, r.text, name, 0, 0) for r in readings for name in r.fragments]
    keys, slots, texts, names, kinds, relations = zip(*rows, strict=True) if rows else ((),) * 6
    asked = pd.MultiIndex.from_arrays([np.array(names, dtype=object), country[np.array(keys, dtype=int)]])
    number, distinct = pd.factorize(asked)
    key, slot, text, kind, relation = (np.array(c, dtype=np.int64) for c in (keys, slots, texts, kinds, relations))
    spelt = Keys.of([name for name, _ in distinct])
    fragment = np.arange(len(key)) >= whole
    mentions = Mentions(key, slot, text, number.astype(np.int64), kind, relation, spelt.consonants[number], fragment)
    return mentions, spelt, np.array([place for _, place in distinct], dtype=object)


def _state_units(questions: pd.DataFrame, country: Texts, pool: Pool, weights: Weights) -> Context:
    """Return the units that the columns ``admin1`` and ``admin2`` state; several in one cell are alternatives."""
    context = Context.none()
    for group, column in enumerate(("admin1", "admin2")):
        stated = pd.DataFrame({"text": questions[column].to_numpy(dtype=object), "country": country})
        cell, cells = pd.factorize(pd.MultiIndex.from_frame(stated))
        names = [(at, name) for at, (text, _) in enumerate(cells) for name in _unit_names(text)]
        readings = [_Reading(key, 1, [Mention((name,), "area")]) for key, (_, name) in enumerate(names)]
        if not readings:
            continue
        owner = np.array([at for at, _ in names])
        places = np.array([place for _, place in cells], dtype=object)[owner]
        mentions, spelt, where = _tabulate(readings, places)
        pairs = pool.find(spelt, where, near=np.ones(len(spelt), dtype=bool))
        no = Context.none()
        units = choose(mentions, pairs, pool, len(readings), context=no, weights=weights, states_unit=True)[0]
        known = np.flatnonzero((units.place >= 0) & (units.share >= weights.context))
        told = pd.DataFrame({"cell": owner[known], "place": units.place[known], "trust": units.share[known]})
        told = pd.DataFrame({"key": np.arange(len(cell)), "cell": cell}).merge(told, on="cell")
        columns = [told[c].to_numpy() for c in ("key", "place", "trust")]
        context = context.join(Context(columns[0], np.full(len(told), group), columns[1], columns[2]))
    return context


def _unit_names(text: str) -> list[str]:
    return [name for mention in parse_place(text).mentions for name in mention.names] if text else []
