"""From the texts of a place to the candidates, the unit stated, and the choice among them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.countries import ById, CountryNames, match_countries
from geo.names import fold_names, plain_names
from geo.toponyms.choose import Context, choose
from geo.toponyms.matches import Matcher
from geo.toponyms.place_text import Mention
from geo.toponyms.pool import Pool
from geo.toponyms.questions import (
    Plain,
    Reading,
    Spelling,
    put_wholes_last,
    read_questions,
    tabulate,
    take_countries,
    unit_mentions,
)
from geo.toponyms.weights import KINDS, WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geo.toponyms.choose import Choice, Mentions
    from geo.toponyms.listing import Listing
    from geo.toponyms.matches import Pairs
    from geo.toponyms.place_text import PlaceText
    from geo.toponyms.pool import Flags, Floats, Ints, Texts
    from geo.toponyms.vicinity import Vicinity

_SETTLED = [KINDS.index(""), KINDS.index("settlement")]
_LAST = r"[,،(] *([^,،()]+)\)? *$"
"""The last of several names in a text."""
NOWHERE = "?"
"""In place of the code of a country that is stated and not known: no place is in it."""


@dataclass(frozen=True)
class Resolution:
    """The answers to a frame of questions, by position.

    ``heads`` tells, where the place is not at what is chosen, how it relates to it (offset, line, several); ``choices``
    holds the spot first, then the wholes it lies in; ``country`` the ISO code stated (`NOWHERE` when that is not
    known), or named in the text; ``is_country`` where nothing else is; ``stated`` the units stated beside the text;
    ``settled``, by slot, which texts speak of a settlement, and of no more than that it is there.
    """

    pool: Pool
    heads: dict[int, PlaceText]
    choices: list[Choice]
    country: Texts
    is_country: Flags
    stated: Context
    settled: Flags


@dataclass(frozen=True)
class Asked:
    """Questions whose texts are read: what they name, and the candidates; see `Resolution` for the rest."""

    size: int
    pool: Pool
    heads: dict[int, PlaceText]
    mentions: Mentions
    pairs: Pairs
    country: Texts
    is_country: Flags
    stated: Context

    def resolve(self, vicinity: Vicinity | None = None, *, asked: Flags | None = None) -> Resolution:
        """Return the choice for each question.

        Parameters
        ----------
        vicinity
            Where the places of the list lie that the questions are of; says nothing when None.
        asked
            Which questions to answer; all when None.
        """
        lines = np.isin(np.arange(self.size), [key for key, head in self.heads.items() if head.between])
        choices = choose(
            self.mentions if asked is None else self.mentions.take(asked[self.mentions.key]),
            self.pairs,
            self.pool,
            self.size,
            context=self.stated,
            lines=lines,
            favour=None if vicinity is None else vicinity.favour(self.pool),
            anywhere=self.country == "",
        )
        settled = self._find_settled(len(choices))
        return Resolution(self.pool, self.heads, choices, self.country, self.is_country, self.stated, settled)

    def _find_settled(self, slots: int) -> Flags:
        """Return, by slot and question, which mentions are told of as settlements, each in its own right."""
        said, settled = self.mentions, np.zeros((slots, self.size), dtype=bool)
        here = said.slot < slots
        settled[said.slot[here], said.key[here]] = True
        other = here & (~np.isin(said.kind, _SETTLED) | (said.relation > 0) | said.derived | said.fragment)
        settled[said.slot[other], said.key[other]] = False
        settled[:, [key for key, head in self.heads.items() if not head.several]] = False
        return settled

    def find_swayed(self, found: Resolution, vicinity: Vicinity, confident: float) -> Flags:
        """Return the questions whose answer the list may have decided: no other is another without it.

        Taking the list away changes the odds of a spot by no more than what it says of the question's candidates
        differs. Questions that name several places are always among them.
        """
        swayed = np.zeros(self.size, dtype=bool)
        swayed[self.mentions.key[self.mentions.slot > 0]] = True
        if not found.choices:
            return swayed
        spot, favour = found.choices[0], vicinity.favour(self.pool)
        key, place = spot.heard.key, spot.heard.place
        said = np.where((self.country == "")[key], favour.anywhere[place], favour.at_home[place])
        low, high = np.zeros((2, self.size))
        np.minimum.at(low, key, WEIGHTS.vicinity * said)
        np.maximum.at(high, key, WEIGHTS.vicinity * said)
        with np.errstate(divide="ignore"):
            beyond = np.log(spot.share / (1 - spot.share)) - np.log(confident / (1 - confident))
        swayed |= np.abs(beyond) <= high - low
        return swayed


def ask_places(
    questions: pd.DataFrame,
    listings: Sequence[Listing],
    regions: gpd.GeoDataFrame,
    *,
    countries: frozenset[str] | None = None,
    matcher: Matcher | None = None,
) -> Asked:
    """Read the texts of each row of `TEXT_COLUMNS` (empty text where nothing is told) and find the candidates.

    Parameters
    ----------
    questions
        Rows to answer; the same row twice is answered twice.
    listings
        In order of precedence.
    regions
        A regions frame.
    countries
        ISO codes of the countries whose places and units are candidates, beside those that the texts name;
        `wanted_countries` of these questions when None.
    matcher
        Finds the candidates; one that knows names from other questions of the list need not look for them again.
    """
    matcher = Matcher() if matcher is None else matcher
    stated = questions["country"].tolist()
    codes = match_countries(stated, regions)
    country = np.array([codes[text] for text in stated], dtype=object)
    countries = wanted_countries(questions, listings, regions) if countries is None else countries
    heads, plain, readings = read_questions(questions)
    spelling = Spelling.of(plain, readings)
    known = CountryNames.of(regions)
    plain, is_country = take_countries(
        plain, readings, spelling, country, known=known.in_text, governorates=known.governorates
    )
    country[(country == "") & (questions["country"] != "").to_numpy(dtype=bool)] = NOWHERE
    pool = _pool(tuple(listings), ById(regions), countries.union(country) - {"", NOWHERE})
    put_wholes_last(readings, spelling, pool.governorate_folds)
    mentions, keys, places, modified = tabulate(plain, readings, spelling, country)
    return Asked(
        size=len(questions),
        pool=pool,
        heads=heads,
        mentions=mentions,
        pairs=matcher.match(pool, keys, places, modified),
        country=country,
        is_country=is_country,
        stated=_state_units(questions, country, pool, matcher),
    )


def wanted_countries(questions: pd.DataFrame, listings: Sequence[Listing], regions: gpd.GeoDataFrame) -> frozenset[str]:
    """Return the countries that the questions tell; where one states none that is known, also every country listed.

    Where none is listed at all, every country of the regions.
    """
    told = told_countries(questions, regions)
    listed = {code for listing in listings for code in listing.countries} or set(regions["country"])
    return told | listed if not told or (questions["country"] == "").any() else told


def told_countries(questions: pd.DataFrame, regions: gpd.GeoDataFrame) -> frozenset[str]:
    """Return the countries that the questions state, or, where one states none, that end a text ("Cali, Colombia")."""
    stated = match_countries(questions["country"].unique(), regions).values()
    untold = questions[questions["country"] == ""]
    texts = pd.concat([untold["place_local"], untold["place"]])
    ends = plain_names(texts.str.extract(_LAST, expand=False).dropna().unique())
    known = CountryNames.of(regions).in_text
    return frozenset([*stated, *(known.get(name, "") for name in ends)]) - {""}


_pools: dict[tuple[tuple[Listing, ...], ById, frozenset[str]], Pool] = {}
"""The pool that was asked for last, by what it is made of."""


def _pool(listings: tuple[Listing, ...], regions: ById, countries: frozenset[str]) -> Pool:
    key = (listings, regions, countries)
    pool = _pools.get(key)
    if pool is None:
        _pools.clear()  # before the next is made: two may be more than fits
        pool = Pool([listing.restrict(countries) for listing in listings], regions.frame, countries)
        _pools[key] = pool
    return pool


def _state_units(questions: pd.DataFrame, country: Texts, pool: Pool, matcher: Matcher) -> Context:
    """Return the units that the columns ``admin1`` and ``admin2`` state; several in one cell are alternatives.

    Where no unit is called so, but a town is ("Rafah"), what is stated lies around it.
    """
    context = Context.none()
    for group, column in enumerate(("admin1", "admin2")):
        if not questions[column].any():
            continue
        stated = pd.DataFrame({"text": questions[column].to_numpy(dtype=object), "country": country})
        cell, cells = pd.factorize(pd.MultiIndex.from_frame(stated))
        texts = [text for text, _ in cells]
        whole = [fold in pool.governorate_folds for fold in fold_names(texts)]  # "Jammu and Kashmir" is one
        names = [unit_mentions(text) for text in texts]
        names = [
            [Mention((text,), "unit")] if one and len(told) > 1 else told
            for text, one, told in zip(texts, whole, names, strict=True)
        ]
        readings = [Reading(key, 1, [mention]) for key, mention in enumerate(chain(*names))]
        if not readings:
            continue
        owner = np.repeat(np.arange(len(names)), [len(alternatives) for alternatives in names])
        places = np.array([place for _, place in cells], dtype=object)[owner]
        mentions, spelt, where, modified = tabulate(Plain.none(), readings, Spelling.of(Plain.none(), readings), places)
        pairs = matcher.match(pool, spelt, where, modified)
        units, towns = (
            choose(said, pairs, pool, len(readings), context=Context.none())[0]
            for said in (mentions, replace(mentions, kind=np.zeros_like(mentions.kind)))
        )
        likely = (units.spots >= 0) & (units.shares >= WEIGHTS.context)  # "Kyiv" is the city or its oblast
        spot, at = np.nonzero(likely)
        town = towns.exact & ~pool.is_unit[towns.place] & (towns.share >= WEIGHTS.context)
        town[at] = False
        heard = np.zeros(len(readings), dtype=bool)
        heard[at] = True
        halved = _share_cells(names, owner, heard | town)
        places = np.concatenate([units.spots[spot, at], towns.place[town]])
        trust = np.concatenate([units.shares[spot, at] * halved[at], towns.share[town] * halved[town]])
        told = pd.DataFrame({"cell": np.concatenate([owner[at], owner[town]]), "place": places, "trust": trust})
        told = pd.DataFrame({"key": np.arange(len(cell)), "cell": cell}).merge(told, on="cell")
        columns = [told[c].to_numpy() for c in ("key", "place", "trust")]
        context = context.join(Context(columns[0], np.full(len(told), group), columns[1], columns[2]))
    return context


def _share_cells(names: list[list[Mention]], owner: Ints, heard: Flags) -> Floats:
    """Return by what to trust each name of cells: where one of those that a cell joins is not known, each by its share.

    "North Kivu and Ituri" is as likely in Ituri, whatever that is, as in North Kivu.
    """
    count = np.array([len(told) if any(mention.joined for mention in told) else 1 for told in names])
    lacking = np.bincount(owner[~heard], minlength=len(names)) > 0
    share: Floats = np.where(lacking, 1 / np.maximum(count, 1), 1.0)[owner]
    return share
