"""Which candidate is meant: how likely each is, from the spelling, the units stated, and the text's other places.

Every candidate gets log-odds that add up what speaks for it: how near its names are to those written (in each script),
whether it lies in the units stated or near the other places the text names, what kind of place it is, how many people
live there. Candidates near one another are one spot. The chosen spot's share in the sum over all spots, *and over the
possibility that the place is in no gazetteer at all*, is the confidence: two spots that score alike get half each, a
poor match less than the unlisted place, and neither is chosen.

The places a text names are worked through from the whole to the spot, all texts at once; a whole that was recognised is
evidence for the part.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from geo.names import skeletons
from geo.toponyms.name_index import LIKE, OTHER, OWN
from geo.toponyms.place_text import AREA_KINDS
from geo.toponyms.pool import distance_km
from geo.toponyms.postings import Groups
from geo.toponyms.vicinity import UNLISTED
from geo.toponyms.weights import JOINED, KINDS, RELATIONS, WEIGHTS, WHOLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.toponyms.matches import Pairs
    from geo.toponyms.place_text import Kind
    from geo.toponyms.pool import Flags, Floats, Ints, Pool
    from geo.toponyms.vicinity import Favour

SLOTS = 1_000
"""More places than any text names."""
TEXTS = 2
"""Texts of one place: in the local script (0), and as the source writes it (1)."""


@dataclass(frozen=True)
class Mentions:
    """What texts name: aligned columns. ``key`` is the question, ``name`` the position of the name in the pairs.

    ``consonants`` is the length of the name's skeleton; ``fragment`` tells names that are only a part of the words,
    ``derived`` those of a whole that repeat words of the spot: they say nothing of where it lies; ``joined`` is how
    several names of one mention are, as a position in `JOINED`, or `WHOLE` of all their words.
    """

    key: Ints
    slot: Ints
    text: Ints
    name: Ints
    kind: Ints
    relation: Ints
    consonants: Ints
    fragment: Flags
    derived: Flags
    joined: Ints

    def take(self, at: NDArray[np.bool_]) -> Mentions:
        """Return the mentions where a mask is true."""
        return Mentions(*(getattr(self, f.name)[at] for f in fields(self)))


@dataclass(frozen=True)
class Context:
    """Where keys are said to lie: in a unit (``place`` is one), or around a place; aligned columns.

    Contexts of one key and ``group`` are alternatives, each as likely as its ``trust``; what they leave of 1 is the
    likelihood that none of them is meant, which says nothing.
    """

    key: Ints
    group: Ints
    place: Ints
    trust: Floats

    @classmethod
    def none(cls) -> Context:
        """Return no context."""
        no = np.empty(0, dtype=np.int64)
        return cls(no, no, no, np.empty(0))

    def join(self, other: Context) -> Context:
        """Return both."""
        return Context(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))

    def renumber(self, number: Ints) -> Context:
        """Return the contexts of the keys that have a new number (-1: none), by that."""
        kept = np.flatnonzero(number[self.key] >= 0)
        return Context(number[self.key[kept]], self.group[kept], self.place[kept], self.trust[kept])


@dataclass(frozen=True)
class Scored:
    """Every candidate of every key with its log-odds, and those of its spelling alone; by key and place."""

    key: Ints
    place: Ints
    score: Floats
    spelling: Floats
    fit: Ints

    @property
    def exact(self) -> Flags:
        """Which candidates bear the name."""
        exact: Flags = self.fit >= OTHER
        return exact

    def take(self, at: NDArray[Any]) -> Scored:
        """Return the candidates at some positions, or where a mask is true."""
        return Scored(*(getattr(self, f.name)[at] for f in fields(self)))


@dataclass(frozen=True)
class Choice:
    """For each key: the place chosen (-1 without a candidate) and its share.

    ``spots`` are the best places of the best spots, one row for each (-1 where there are no more), and ``shares`` what
    each has; ``total`` is what their odds and those of the unlisted place add up to. ``district`` tells where an area
    is asked for and a point chosen, ``village`` where the text speaks of a settlement. ``open`` tells where the text
    joins names of several places of which the place chosen may not be the one meant, ``beside`` where it is one of
    them and another is not known, ``nearby`` where the others are at its spot, which ``radius_km`` covers.
    """

    place: Ints
    share: Floats
    spots: Ints
    shares: Floats
    total: Floats
    radius_km: Floats
    fit: Ints
    relation: Ints
    district: Flags
    village: Flags
    open: Flags
    beside: Flags
    nearby: Flags
    heard: Scored

    @property
    def exact(self) -> Flags:
        """Where the place chosen bears the name."""
        exact: Flags = self.fit >= OTHER
        return exact

    @cached_property
    def candidates(self) -> Scored:
        """The candidates heard, the best of each key first."""
        every = self.heard
        return every.take(np.lexsort((every.place, -every.score, every.key)))

    def spread(self, keys: Ints, size: int) -> Choice:
        """Return the choices as those for ``keys`` of so many; for the others nothing is chosen."""
        nothing = {"place": -1, "spots": -1, "total": np.inf, "radius_km": np.nan, "fit": LIKE}
        columns: dict[str, Any] = {"heard": replace(self.heard, key=keys[self.heard.key])}
        for name in (f.name for f in fields(self) if f.name not in columns):
            own = getattr(self, name)
            columns[name] = np.full((*own.shape[:-1], size), nothing.get(name, 0), dtype=own.dtype)
            columns[name][..., keys] = own
        return Choice(**columns)


def choose(
    mentions: Mentions,
    pairs: Pairs,
    pool: Pool,
    size: int,
    *,
    context: Context,
    lines: Flags | None = None,
    favour: Favour | None = None,
    anywhere: Flags | None = None,
) -> list[Choice]:
    """Return the choice for every slot of the mentions, slot 0 (the spot) first.

    Parameters
    ----------
    mentions
        Slots count from the spot (0) to the whole.
    pairs
        Candidates of each name.
    pool
        The places.
    size
        Number of keys; keys are 0 to ``size`` - 1.
    context
        Where keys are said to lie beside what their texts say.
    lines
        Keys whose first two slots are the ends of a line, not a part and its whole; none when None.
    favour
        What the list's other places say of each place; nothing when None.
    anywhere
        Which keys state no country; none when None.
    """
    lines, anywhere = (np.zeros(size, dtype=bool) if told is None else told for told in (lines, anywhere))
    inner = np.zeros(size, dtype=bool)
    inner[mentions.key[(mentions.slot == 0) & np.isin(mentions.kind, _codes("part", "urban"))]] = True
    district = np.full(size, SLOTS)  # the first area that a text names: what follows that is no town
    areas = np.isin(mentions.kind, _codes(*AREA_KINDS)) & (mentions.slot > 0)
    np.minimum.at(district, mentions.key[areas], mentions.slot[areas])
    explained = np.zeros((TEXTS, size), dtype=bool)
    choices: list[Choice] = []
    for slot in range(int(mentions.slot.max(initial=-1)), -1, -1):
        here = _prefer_wholes(mentions.take(mentions.slot == slot), pairs)
        keys, number = _number_keys(here.key, size)
        table = _tabulate(replace(here, key=number[here.key]), pairs, pool, explained[:, keys])
        famous = pool.prior[table.place] * ~table.alternatives[table.key]  # of "A and B" neither is the likelier
        score = table.spelling + famous * np.exp(table.best)
        sides = _find_derived(here, size)
        in_town = inner & (district >= slot)
        score += _score_kinds(table, pool, inner=in_town[keys], whole=slot > 0, sides=sides[keys])
        score += _score_context(table, pool, context.renumber(number))
        if favour is not None:
            score += _score_vicinity(table, favour, anywhere[keys], pool)
        choice = _pick(table, _favour_exact(table, score, pool), pool).spread(keys, size)
        choice = _judge_joined(choice, here, pairs, pool, context)
        choices.insert(0, choice)
        if slot:
            off = choice.relation == RELATIONS.index("off")
            trust = np.select([sides, lines & (slot == 1), off], [0.0, WEIGHTS.line, WEIGHTS.off], 1.0)
            context = context.join(_as_context(choice, slot, trust))
            explained |= _explain(choice, mentions.take(mentions.slot < slot), pairs, pool)
    return choices


def _prefer_wholes(here: Mentions, pairs: Pairs) -> Mentions:
    """Return the mentions without names that a text joins where all its words are the name of one place.

    "Jammu and Kashmir" is one; other wholes say nothing.
    """
    whole = here.joined == WHOLE
    if not whole.any():
        return here
    at, found = pairs.expand(here.name)
    exact = np.zeros(len(whole), dtype=bool)
    exact[at[whole[at] & (found.fit >= OTHER)]] = True
    text = here.key * TEXTS + here.text
    parts = (here.joined > 0) & ~whole & np.isin(text, text[exact])
    joined = np.where(exact, 0, here.joined)
    return replace(here, joined=joined).take(~parts & (~whole | exact))


def _number_keys(keys: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the distinct keys, which of a whole are few, and the number among them of each of ``size``, else -1."""
    distinct = np.flatnonzero(np.bincount(keys, minlength=size))
    number = np.full(size, -1)
    number[distinct] = np.arange(len(distinct))
    return distinct, number


def _find_derived(here: Mentions, size: int) -> Flags:
    """Return the keys of which a slot names nothing but what words of the spot name as well."""
    derived = np.zeros(size, dtype=bool)
    derived[here.key[here.derived]] = True
    derived[here.key[~here.derived]] = False
    return derived


def _codes(*kinds: Kind) -> list[int]:
    return [KINDS.index(kind) for kind in kinds]


@dataclass(frozen=True)
class _Table:
    """Candidates of one slot, by key and place; by key which kinds the texts say, as bits of their codes.

    ``alternatives`` tells which keys have several names in one text.
    """

    key: Ints
    place: Ints
    spelling: Floats
    best: Floats
    fit: Ints
    kinds: Ints
    relation: Ints
    unlisted: Floats
    alternatives: Flags

    def is_kind(self, *kinds: Kind) -> Flags:
        """Return whether a text of each key speaks of one of the kinds."""
        says: Flags = (self.kinds & sum(1 << code for code in _codes(*kinds))) > 0
        return says


def _tabulate(asked: Mentions, pairs: Pairs, pool: Pool, explained: Flags) -> _Table:
    size = explained.shape[1]
    at, found = pairs.expand(asked.name)
    code, row = _number(asked.key[at] * len(pool.frame) + found.place)
    key, place = code // len(pool.frame), code % len(pool.frame)
    score = np.full((TEXTS, len(code)), -np.inf)
    cell = asked.text[at] * len(code) + row
    np.maximum.at(score.ravel(), cell, found.score - WEIGHTS.fragment * asked.fragment[at])
    fit = np.full(len(code), LIKE)
    np.maximum.at(fit, row, np.where(asked.fragment[at], LIKE, found.fit))
    present = np.zeros((TEXTS, size), dtype=bool)
    present[asked.text, asked.key] = True
    kinds = np.zeros((TEXTS, size), dtype=np.int64)
    relation = np.zeros(size, dtype=np.int64)
    for rows in (asked.kind > 0, asked.relation > 0):  # the last of several is kept: they hardly ever differ
        kinds[asked.text[rows], asked.key[rows]] = asked.kind[rows]
        relation[asked.key[rows]] = np.maximum(relation[asked.key[rows]], asked.relation[rows])
    spelling = _join_texts(score, (present & ~explained)[:, key], kinds[:, key])
    twins = np.bincount(at[(found.fit == OWN) & ~pool.is_unit[found.place]], minlength=len(asked.name))
    unlisted = np.full(size, np.inf)
    by_kind = np.array([WEIGHTS.unlisted[kind] for kind in KINDS])
    common = (1 + WEIGHTS.homonym * twins) * WEIGHTS.brevity ** (3.0 - np.clip(asked.consonants, *CONSONANTS))
    told = ~asked.fragment & (asked.joined < WHOLE)
    inner = np.isin(kinds, _codes("part", "urban")).max(axis=0)
    kind = np.where(inner[asked.key], kinds.max(axis=0)[asked.key], asked.kind)
    np.minimum.at(unlisted, asked.key[told], (by_kind[kind] * common)[told])
    said = np.bitwise_or.reduce(1 << kinds, axis=0)
    count = np.bincount(asked.text[told] * size + asked.key[told], minlength=TEXTS * size)
    alternatives = count.reshape(TEXTS, size).max(axis=0) > 1
    return _Table(key, place, spelling, np.maximum(*score), fit, said, relation, unlisted, alternatives)


def _number(codes: Ints) -> tuple[Ints, Ints]:
    """Return the distinct codes in order, and the position of each among them."""
    if (codes[1:] > codes[:-1]).all():  # as they come where each key has one name
        return codes, np.arange(len(codes))
    order = np.argsort(codes, kind="stable")  # quick where few are out of order
    first = np.diff(codes[order], prepend=-1) > 0
    number = np.empty(len(codes), dtype=np.int64)
    number[order] = np.cumsum(first) - 1
    return codes[order[first]], number


def _join_texts(score: Floats, counts: Flags, kinds: Ints) -> Floats:
    """Return the log-odds of the spellings in all texts; a text that ``counts`` and is not matched speaks against.

    The arguments have a row for each text.
    """
    floor = np.log([WEIGHTS.silent[kind] for kind in KINDS])[kinds]
    floor[1] = np.where(score[0] >= WEIGHTS.heard, np.maximum(floor[1], np.log(WEIGHTS.translated)), floor[1])
    matched = score > -np.inf
    heard = np.where(counts, np.maximum(score, floor), np.where(matched, score, np.nan))
    high, low = np.fmax(*heard), np.fmin(*heard)
    both = ~np.isnan(heard[0] + heard[1])
    joined: Floats = high + np.where(both, low * np.where(matched[0] & matched[1], WEIGHTS.second, 1.0), 0.0)
    return joined


def _score_kinds(table: _Table, pool: Pool, *, inner: Flags, whole: bool, sides: Flags) -> Floats:
    """Return the log-odds of each candidate by what it is.

    ``inner`` tells which texts name a part of a town, ``sides`` which a side: "North Hama" is in the governorate.
    """
    area = (table.is_kind(*AREA_KINDS) | (table.relation == RELATIONS.index("around")))[table.key]
    governed = np.zeros(len(table.unlisted), dtype=bool)
    governed[table.key[(pool.level[table.place] == 1) & (table.fit == OWN)]] = True
    area |= (sides & governed & ~inner)[table.key]
    point = table.is_kind("settlement") | (table.relation == RELATIONS.index("near"))
    asked = area | (whole & ~inner & ~point)[table.key]
    level = pool.level[table.place]
    called = np.zeros(len(table.unlisted), dtype=bool)  # whether a settlement is called so, or nearly
    namesake = _bears_unit_name(table, pool) & ~point[table.key]
    stranger = _is_stranger(table, pool)
    called[table.key[(level < 0) & (table.best > WEIGHTS.unit_rival) & ~namesake & ~stranger]] = True
    alone = (table.fit >= OTHER) & ~called[table.key]
    unit = np.where(alone, WEIGHTS.unit_alone, np.where(_lies_elsewhere(table, pool), WEIGHTS.unit_apart, WEIGHTS.unit))
    called_so = (table.fit >= OTHER) | table.is_kind(*AREA_KINDS)[table.key]
    unit = np.where(asked & called_so, WEIGHTS.unit_asked, unit)
    unit = np.where(table.is_kind(*AREA_KINDS)[table.key] & (table.fit < OTHER), WEIGHTS.unit_alike, unit)
    unit += np.array(WEIGHTS.unit_levels)[level]
    for_area, for_city, for_unit = table.is_kind("area"), table.is_kind("city"), table.is_kind("unit", "city")
    unit += WEIGHTS.city_for_area * (for_area.astype(int) - for_city)[table.key] * pool.is_city[table.place]
    settlement = WEIGHTS.settlement_for_area * for_area + WEIGHTS.settlement_for_unit * for_unit
    score = np.where(level >= 0, unit, settlement[table.key] - WEIGHTS.inexact * (namesake | stranger))
    village = pool.is_village[table.place]
    in_town = np.zeros(len(table.unlisted), dtype=bool)  # whether a part is told of what may be a town
    in_town[table.key[(level < 0) & ~village & (whole & inner)[table.key]]] = True
    score += WEIGHTS.village_whole * village * in_town[table.key]
    minor = (pool.prior[table.place] < WEIGHTS.facility_least) | (table.fit < OWN)
    score += WEIGHTS.unlike_facility * (minor & (level < 0)) * (sides & inner)[table.key]
    part = np.where(table.is_kind("part", "urban"), WEIGHTS.part, np.where(whole & ~inner, 0.0, WEIGHTS.part_unasked))
    site = WEIGHTS.site * table.is_kind("site")[table.key]
    scores: Floats = score + part[table.key] * pool.is_part[table.place] + site * pool.is_site[table.place]
    return scores


def _bears_unit_name(table: _Table, pool: Pool) -> Flags:
    """Return which candidates are settlements that bear, by the side, the name of the governorate they lie in.

    "Laghman" is Mehtar Lam by the side; حلب is Aleppo, which is called as its governorate is.
    """
    size, other = len(pool.frame), (pool.level[table.place] < 0) & (table.fit == OTHER)
    own = np.flatnonzero((pool.level[table.place] == 1) & (table.fit == OWN))
    governed = table.key[own] * size + table.place[own]
    bears: Flags = other & np.isin(table.key * size + pool.unit1[table.place], governed)
    place = table.place[bears]
    named = (skeletons(pool.texts("name", at).tolist()) for at in (place, pool.unit1[place]))
    bears[bears] = [its != unit for its, unit in zip(*named, strict=True)]
    return bears


def _is_stranger(table: _Table, pool: Pool) -> Flags:
    """Return which candidates are settlements whose name is only like that of a unit of another governorate.

    "Al-Mada'in" is the district by Baghdad; al-Madina in Basra is no more than alike.
    """
    size, level = len(pool.frame), pool.level[table.place]
    own = np.flatnonzero((level > 0) & (table.fit == OWN))
    like = (level < 0) & (table.fit == LIKE) & np.isin(table.key, table.key[own])
    homes = table.key[own] * size + pool.unit1[table.place[own]]
    stranger: Flags = like & ~np.isin(table.key * size + pool.unit1[table.place], homes)
    return stranger


def _lies_elsewhere(table: _Table, pool: Pool) -> Flags:
    """Return which candidates are governorates of that name in which no settlement is called so: none is their seat."""
    size, level = len(pool.frame), pool.level[table.place]
    governorate = np.flatnonzero((level == 1) & (table.fit >= OTHER))
    governed = np.zeros(len(table.unlisted), dtype=bool)
    governed[table.key[governorate]] = True
    rival = np.flatnonzero(governed[table.key] & (level < 0) & (table.best > WEIGHTS.unit_rival))
    seats = table.key[rival] * size + pool.unit1[table.place[rival]]
    apart = np.zeros(len(table.place), dtype=bool)
    apart[governorate] = ~np.isin(table.key[governorate] * size + table.place[governorate], seats)
    return apart


def _score_context(table: _Table, pool: Pool, context: Context) -> Floats:
    contexts = Groups.of(context.key, np.arange(len(context.key)), len(table.unlisted))
    told = np.flatnonzero(np.diff(contexts.starts)[table.key])  # of most keys nothing is said
    row, at = contexts.expand(table.key[told])
    place, there, trust = table.place[told[row]], context.place[at], context.trust[at]
    unit = pool.is_unit[there]
    lost = np.empty(len(row))
    outside = pool.unit_km(place[unit], there[unit])
    lost[unit] = outside / WEIGHTS.unit_km + WEIGHTS.outside * (outside > 0)
    far = ~unit
    km = distance_km(pool.lat[place[far]], pool.lon[place[far]], pool.lat[there[far]], pool.lon[there[far]])
    inner = table.is_kind("part", "urban")[table.key[told[row]]]
    lost[far] = np.maximum(0, km - np.where(inner, WEIGHTS.inner_km, WEIGHTS.whole_km)[far]) / WEIGHTS.apart_km
    least = np.where(unit, WEIGHTS.elsewhere, np.where(inner, WEIGHTS.inner_apart, WEIGHTS.apart))
    likely = np.zeros((len(told), int(context.group.max(initial=-1)) + 1))
    doubt = np.ones_like(likely)
    cell = row * likely.shape[1] + context.group[at]
    np.add.at(likely.ravel(), cell, trust * np.maximum(np.exp(-lost), least))
    np.subtract.at(doubt.ravel(), cell, trust)
    scores = np.zeros(len(table.key))
    scores[told] = np.log(np.minimum(likely + np.maximum(doubt, 0.0), 1.0)).sum(axis=1)
    return scores


def _score_vicinity(table: _Table, favour: Favour, anywhere: Flags, pool: Pool) -> Floats:
    """Return what the list says of each candidate: nothing for a name that is only alike, or against a large city."""
    log_odds = np.where(anywhere[table.key], favour.anywhere[table.place], favour.at_home[table.place])
    lifted = table.fit >= OTHER
    known = pool.is_large[table.place] & (table.fit == OWN) & ~table.is_kind(*AREA_KINDS)[table.key]
    likely = np.where(known, np.maximum(log_odds, -UNLISTED), log_odds)
    score: Floats = WEIGHTS.vicinity * np.where(lifted, likely, np.minimum(likely, 0.0))
    return score


def _favour_exact(table: _Table, score: Floats, pool: Pool) -> Floats:
    """Return the scores, less where another settlement, or another unit, is called so by its own name, or at all."""
    unit = pool.is_unit[table.place].astype(int)
    best = np.full((len(table.unlisted), 2), LIKE)
    np.maximum.at(best, (table.key, unit), table.fit)
    behind = (table.fit < best[table.key, unit]) & (best[table.key, unit] >= OTHER)
    favoured: Floats = score - WEIGHTS.inexact * behind
    return favoured


def _pick(table: _Table, score: Floats, pool: Pool) -> Choice:
    """Return the best spot of each key and its share; each further spot counts once, whatever speaks for it."""
    size = len(table.unlisted)
    best = np.full(size, -np.inf)
    np.maximum.at(best, table.key, score)
    every = Scored(table.key, table.place, score, table.spelling, table.fit)
    heard = every.take(np.flatnonzero(score > best[table.key] - HEARD))
    total = table.unlisted.copy()
    rest, spots = heard, []
    for _ in range(SPOTS):
        top = _best(rest, size, pool)
        same = _same_spot(rest, top, pool)
        spot = rest.take(np.flatnonzero(same))
        weight = _weigh_spot(spot, pool, size)
        total += weight
        spots.append((np.where(top >= 0, rest.place[top] if len(rest.key) else -1, -1), weight))
        if len(spots) == 1:
            place, radius = _represent(spot, spots[0][0], pool)
        rest = rest.take(np.flatnonzero(~same))
    with np.errstate(invalid="ignore"):
        shares = [np.where(total > 0, weight / total, 0.0) for _, weight in spots]
    fit = np.full(size, LIKE)
    chosen = table.place == place[table.key]
    fit[table.key[chosen]] = table.fit[chosen]
    places = np.array([top for top, _ in spots])
    district = table.is_kind(*AREA_KINDS) & (place >= 0) & ~pool.is_unit[place]
    told = (table.relation, district, table.is_kind("settlement") & ~table.is_kind("part", "urban", "site", "area"))
    no = np.zeros(size, dtype=bool)
    return Choice(place, shares[0], places, np.array(shares), total, radius, fit, *told, no, no, no, heard)


CONSONANTS = (2, 6)
"""Lengths of skeletons beyond which brevity makes no difference."""
HEARD = 8.0
"""Log-odds below the best candidate from which one no longer weighs: a share of 0.03 %."""
SPOTS = 4
"""Spots told apart for each key; what is left after so many hardly weighs."""


def _best(rest: Scored, size: int, pool: Pool) -> Ints:
    """Return the position of the best candidate of each key, the southernmost of equals, -1 where there is none."""
    best = np.full(size, -np.inf)
    np.maximum.at(best, rest.key, rest.score)
    at = np.flatnonzero(rest.score == best[rest.key])
    south = np.full(size, len(pool.frame))
    np.minimum.at(south, rest.key[at], pool.from_south[rest.place[at]])
    at = at[pool.from_south[rest.place[at]] == south[rest.key[at]]]
    top = np.full(size, -1)
    top[rest.key[at]] = at
    return top


def _same_spot(rest: Scored, top: Ints, pool: Pool) -> Flags:
    """Return which candidates are at the spot of their key's best, lie in it (a unit), or are a unit around it."""
    place, best = rest.place, rest.place[top[rest.key]]
    unit, other = pool.is_unit[best], pool.is_unit[place]
    same = pool.are_within(place, best, WEIGHTS.one_spot_km) & (unit == other)
    mixed = np.flatnonzero(unit | other)
    outer = np.where(unit | ~other, best, place)[mixed]
    inner = np.where(unit | ~other, place, best)[mixed]
    same[mixed] |= pool.are_in(inner, outer)
    return cast("Flags", same)


def _weigh_spot(spot: Scored, pool: Pool, size: int) -> Floats:
    """Return the odds of each key's spot: those of its best candidate in each gazetteer, added up."""
    odds = np.zeros((int(pool.rank[-1]) + 1, size))
    np.maximum.at(odds.ravel(), pool.rank[spot.place] * size + spot.key, np.exp(spot.score))
    weight: Floats = odds.sum(axis=0)
    return weight


def _represent(spot: Scored, best: Ints, pool: Pool) -> tuple[Ints, Floats]:
    """Return which candidate of each key's spot stands for it, and its radius.

    It is the first gazetteer's good one. Others as good in that gazetteer may be meant as well: the radius covers them.
    """
    size = len(best)
    top = best[spot.key]
    score = np.full(size, -np.inf)
    np.maximum.at(score, spot.key, np.where(spot.place == top, spot.spelling, -np.inf))
    good = (spot.spelling >= score[spot.key] - WEIGHTS.same_match) & (pool.level[spot.place] == pool.level[top])
    spot = spot.take(good)
    place, radius = np.full(size, -1), np.full(size, np.nan)
    if not len(spot.key):
        return place, radius
    rank = pool.rank[spot.place]
    first = np.full(size, rank.max())
    np.minimum.at(first, spot.key, rank)
    front = np.flatnonzero(rank == first[spot.key])
    top = _best(spot.take(front), size, pool)
    place[top >= 0] = spot.place[front[top[top >= 0]]]
    own, row = place[spot.key], front[top[spot.key]]
    twin = (pool.rank[spot.place] == pool.rank[own]) & (spot.spelling >= spot.spelling[row])
    apart = distance_km(pool.lat[spot.place], pool.lon[spot.place], pool.lat[own], pool.lon[own])
    known = np.where(pool.is_unit[spot.place], np.nan, pool.radius_km[spot.place] + apart * twin)
    np.fmax.at(radius, spot.key, known)
    return place, radius


def _as_context(choice: Choice, slot: int, trust: Floats) -> Context:
    """Return the spots as evidence for the lower slots, each with its share times the trust in its key."""
    heard = (choice.spots >= 0) & (choice.share >= WEIGHTS.context)
    spot, key = np.nonzero(heard)
    places, shares = choice.spots.copy(), choice.shares
    places[0] = choice.place  # the one that stands for the best spot
    return Context(key, np.full(len(key), STATED_GROUPS + slot), places[spot, key], shares[spot, key] * trust[key])


EXPLAINED = -1.0
"""Log-odds of a spelling from which a text of the spot is said to name the whole."""
STATED_GROUPS = 2
"""Groups of context that are left to the caller: the governorate and the district stated."""


def _explain(choice: Choice, parts: Mentions, pairs: Pairs, pool: Pool) -> Flags:
    """Return which texts of which keys only name, as the spot, the whole that was recognised."""
    parts = parts.take((choice.share >= WEIGHTS.context)[parts.key])
    at, found = pairs.expand(parts.name)
    key, text = parts.key[at], parts.text[at]
    whole = choice.place[key]
    near = pool.are_within(found.place, whole, WEIGHTS.one_spot_km) & ~pool.is_unit[whole] & ~pool.is_unit[found.place]
    same = (found.score > EXPLAINED) & (near | (found.place == whole))
    explained = np.zeros((TEXTS, len(choice.place)), dtype=bool)
    explained[text[same], key[same]] = True
    return explained


def _judge_joined(choice: Choice, here: Mentions, pairs: Pairs, pool: Pool, context: Context) -> Choice:
    """Return the choice with what is open of names that a text joins.

    Where it says "or", or the other is known elsewhere in the unit stated, the place chosen may be the wrong one; of
    several areas none is it, and what is named behind another place is not its whole. Where the others are at the same
    spot, the radius covers them.
    """
    size = len(choice.place)
    asked = here.take((choice.place[here.key] >= 0) & (here.joined > 0))
    if not len(asked.key):
        return choice
    at, found = pairs.expand(asked.name)
    key, chosen = asked.key[at], choice.place[asked.key[at]]
    told = (context.group == 0) & pool.is_unit[context.place]
    inside = ~np.isin(key, context.key[told])
    row = np.flatnonzero(~inside)
    of, there = Groups.of(context.key[told], context.place[told], size).expand(key[row])
    inside[row[of[pool.are_in(found.place[row[of]], there)]]] = True
    score = np.where(found.score > EXPLAINED, found.score, -np.inf)
    best = np.full(len(asked.key), EXPLAINED)
    np.maximum.at(best, at[inside], score[inside])
    unit, around = pool.is_unit[chosen], pool.is_unit[found.place]
    same = found.place == chosen
    within = np.flatnonzero(unit & (found.fit >= OTHER))  # "Dnipro and Dnipropetrovsk oblast"
    same[within] |= pool.are_in(found.place[within], chosen[within])
    around &= ~unit
    same[around] |= pool.are_in(chosen[around], found.place[around])
    same &= score >= best[at] - WEIGHTS.same_match
    borne, near, known = np.zeros((3, len(asked.key)), dtype=bool)
    borne[at[same]] = True
    spot = ~unit & ~pool.is_unit[found.place] & pool.are_within(found.place, chosen, WEIGHTS.one_spot_km)
    pair = key * len(pool.frame) + found.place
    other = np.isin(pair, pair[borne[at]])
    borne[at[spot & other & (score > -np.inf)]] = True  # another gazetteer's entry of the same place
    near[at[spot & (score >= best[at] - WEIGHTS.same_match)]] = True
    near &= ~borne
    known[at[(found.fit >= OTHER) & inside]] = True
    single = (asked.joined == JOINED.index("and")) & ~known & ~pool.is_unit[choice.place[asked.key]]
    single &= choice.relation[asked.key] == RELATIONS.index("at")
    told_of = np.zeros(size, dtype=bool)  # else another text names what is chosen
    told_of[asked.key[borne | near]] = True
    lost = (asked.slot > 0) | (~borne & ~near & ~single & told_of[asked.key])
    left, beside, nearby = np.zeros((3, size), dtype=bool)
    left[asked.key[lost]] = True
    beside[asked.key[~borne & ~near & single & told_of[asked.key]]] = True
    nearby[asked.key[near]] = True
    radius = choice.radius_km.copy()
    radius[nearby] = np.fmax(radius[nearby], WEIGHTS.one_spot_km)
    return replace(choice, open=left, beside=beside & ~left, nearby=nearby & ~left, radius_km=radius)
