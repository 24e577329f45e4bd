"""From choices to answers: a point or a unit, how precisely, and a sentence of reason."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyproj
import shapely

from geo.schema import BY_REGION, POINT_RADIUS_KM, UNPLACED
from geo.toponyms.matches import Matcher
from geo.toponyms.name_index import OTHER, OWN, SHORT
from geo.toponyms.notes import write_notes
from geo.toponyms.pool import distance_km
from geo.toponyms.resolve import NOWHERE, ask_places, wanted_countries
from geo.toponyms.vicinity import Vicinity
from geo.toponyms.weights import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geo.toponyms.listing import Listing
    from geo.toponyms.place_text import PlaceText
    from geo.toponyms.pool import Flags, Floats, Ints, Pool, Texts
    from geo.toponyms.resolve import Asked, Resolution

CONFIDENT = 0.65
"""Confidence from which a place is placed. Chosen on development data with ``bench/geocode.py``."""
SPECIFIC_KM = 15.0
"""Distance within which a smaller place that the text names beside a town is the spot, and the town its whole."""
RELATION_SPREAD_KM = {"at": 0.0, "near": POINT_RADIUS_KM["town"], "around": 15.0, "off": 0.0}
"""How far a place lies from what the text names when it is not at it, but near it, or in its countryside.
Nothing is at what it is off."""
LINE_KM = 25.0
"""Largest radius of a place between two others: half their distance. Beyond it, it is in the governorate of both."""
END_KNOWN = 0.3
"""Confidence from which something is known of an end of a line, and of one of several places."""
STRAY_KM = 10.0
"""How far, beyond its radius, a point at a distance and bearing may lie outside the unit stated."""
AGAINST = 0.2
"""Share of a candidate outside the governorate stated from which the place may be there after all."""
SEVERAL_KM = 40.0
"""Distance from which settlements that a text names are several places, neither of them the whole of another."""
ELSEWHERE = 0.4
"""Confidence from which the spot may be a place so far from the town named with it that it is not in that."""
PAIR = 2
"""Settlements of which the one may be a village in the other's district, however far from it."""
SAME_KM = 1.0
"""Answers nearer to each other are the same."""
AT_ONCE = 20_000
"""Questions answered together: enough that calls cost little each, and so few that memory stays small."""
LONG, SAMPLED = 10_000, 2_000
"""Of a list with more questions, so many tell where its places lie."""
POINT_WIDEST_KM = 12.0
"""Radius beyond which no point precision (``city`` is the widest) says where a place is: the unit around it does."""
ROUNDING = 5
"""Decimals of an answered degree: a metre."""
_WIDTHS = [(name, radius) for name, radius in POINT_RADIUS_KM.items() if name != "neighbourhood"]
_WGS84 = pyproj.Geod(ellps="WGS84")


def point_precision(km: float) -> str:
    """Return the finest precision whose radius holds ``km``, never ``neighbourhood``; ``city`` is the widest."""
    return _WIDTHS[int(_width(np.array([km]))[0])][0]


def _width(km: Floats) -> Ints:
    """Return the position in `_WIDTHS` of each radius."""
    return np.minimum(np.searchsorted([radius for _, radius in _WIDTHS], km), len(_WIDTHS) - 1)


def answer_questions(
    questions: pd.DataFrame,
    listings: Sequence[Listing],
    regions: gpd.GeoDataFrame,
    *,
    known: Texts | None = None,
) -> pd.DataFrame:
    """Answer each row of `geo.toponyms.questions.TEXT_COLUMNS`.

    Where the other places of the list lie is evidence for each: a first pass finds those that are certain without it.

    Parameters
    ----------
    questions
        Distinct rows.
    listings
        In order of precedence.
    regions
        A regions frame.
    known
        Geometries of the list's places that are located already, in EPSG:4326, None for none.

    Returns
    -------
    pandas.DataFrame
        Aligned with ``questions``: ``lat lon`` (degrees, NaN for no point), ``unit`` (code of the unit that is the
        answer, else empty), ``within`` (code of the governorate in which a place that is not found must be looked for,
        else empty) and the columns of stage ``geocoded``.
    """
    countries, matcher = wanted_countries(questions, listings, regions), Matcher()

    def read(rows: pd.DataFrame) -> Asked:
        return ask_places(rows.reset_index(drop=True), listings, regions, countries=countries, matcher=matcher)

    long = len(questions) > LONG
    asked = read(_sample(questions) if long else questions)
    found = asked.resolve()
    decided = _decide(found, asked.size)
    points = shapely.points(decided.lon, decided.lat)
    vicinity = Vicinity.of_points(points if known is None else np.append(known, points), regions)
    answers = []
    for start in range(0, max(len(questions), 1), AT_ONCE):
        rows = questions.iloc[start : start + AT_ONCE].reset_index(drop=True)
        if long:
            asked = read(rows)
        if long or vicinity is not None:
            found = asked.resolve(vicinity)
            decided = _decide(found, asked.size)
        owed = None
        if vicinity is not None:
            swayed = asked.find_swayed(found, vicinity, CONFIDENT)
            alone = _decide(asked.resolve(asked=swayed), asked.size)
            without = np.where(alone.place >= 0, alone.anchor, -1)
            owed = Owed(swayed & _differ(decided, alone), without, vicinity)
        answers.append(_describe(decided, found, rows, owed))
    return pd.concat(answers, ignore_index=True)


def _sample(questions: pd.DataFrame) -> pd.DataFrame:
    """Return so many questions of a long list that no order of its rows changes which."""
    hashes = pd.util.hash_pandas_object(questions, index=False, categorize=False)  # few texts are there twice
    return questions.iloc[hashes.argsort()[:SAMPLED]]


@dataclass(frozen=True)
class Decided:
    """By question: the place that stands for the answer (-1 for none) and how it was come by.

    The ``anchor`` is the place that the text names; it is another where the answer is the unit around a point. Where
    the text names several places, ``listed`` are these (by slot, else -1), and the answer is the governorate they are
    all in, if any.
    """

    place: Ints
    anchor: Ints
    relation: Ints
    slot: Ints
    lat: Floats
    lon: Floats
    radius_km: Floats
    share: Floats
    other: Ints
    listed: Ints


@dataclass(frozen=True)
class Owed:
    """Which answers are owed to the list's other places, and where the text alone names each (-1 for nowhere)."""

    answers: Flags
    alone: Ints
    vicinity: Vicinity


def _differ(decided: Decided, alone: Decided) -> Flags:
    """Return which answers are another place than without the list."""
    km = distance_km(decided.lat, decided.lon, alone.lat, alone.lon)
    placed = (decided.place >= 0) | (alone.place >= 0)
    other: Flags = placed & ((decided.place != alone.place) | (decided.other != alone.other)) & ~(km < SAME_KM)
    return other


def _decide(found: Resolution, size: int) -> Decided:
    """Return the answer to each question: the spot, else the smallest whole that is certain enough."""
    pool, choices = found.pool, found.choices
    if not choices:
        no, nan = np.full(size, -1), np.full(size, np.nan)
        return Decided(no, no, no, no, nan, nan, nan, nan, no, no[None])
    place, share, radius, relation, fit, district = (
        np.array([getattr(c, name) for c in choices])
        for name in ("place", "share", "radius_km", "relation", "fit", "district")
    )
    radius[0] = np.where(district[0], np.fmax(radius[0], POINT_WIDEST_KM), radius[0])
    share[relation == RELATIONS.index("off")] = 0.0  # evidence, and no answer
    opened = np.array([c.open for c in choices])
    opened[0] |= _lists_more(found, opened, place, pool)
    share[opened] = 0.0
    near = RELATIONS.index("near")
    relation[1:] = np.where(found.choices[0].village, np.maximum(relation[1:], near), relation[1:])  # not in the town
    relation[1:] = np.where(district[1:], RELATIONS.index("around"), relation[1:])  # an unknown part may be anywhere
    radius = np.where(fit == SHORT, np.fmax(radius, POINT_RADIUS_KM["town"]), radius)  # or its neighbour's
    certain = (share >= CONFIDENT) & (place >= 0)
    slot = np.where(certain.any(axis=0), certain.argmax(axis=0), -1)
    at_offset = np.isin(np.arange(size), [key for key, head in found.heads.items() if head.offset])
    line = np.isin(np.arange(size), [key for key, head in found.heads.items() if head.between])
    slot = np.where(_names_town_first(place, radius, certain, slot, pool) & ~at_offset, 1, slot)
    both = line & _know_both_ends(place, certain, pool)
    ends = both & pool.are_within(place[0], place[-1 if len(place) == 1 else 1], 2 * LINE_KM)
    one_end = line & _one_end(place, certain, share, pool) & ~opened[:2].any(axis=0)
    slot = np.where(line, np.where(ends | one_end, np.where(certain[0], 0, 1), -1), slot)
    key = np.arange(size)
    at = np.where(slot >= 0, place[slot, key], -1)
    at[at_offset & ((slot == 0) == pool.is_unit[at])] = -1  # the anchor is a point; without it only an area is known
    listed = _find_listed(found)
    _list_seats(listed, found)
    long = both & ~ends  # it is where both its ends are
    listed[:2, long], slot[long] = place[:2, long], 0
    told, known = _tell_several(found, listed)
    several = long | ((slot >= 0) & _lie_apart(listed, pool) & ~_are_part_and_whole(listed, slot, pool)) | told
    at[several] = _common_governorate(listed[:, several], pool)
    at[told & ~known] = -1  # the others may be elsewhere
    at[(slot > 0) & (_is_elsewhere(found, at) | _may_be_far(found, at))] = -1
    slot = np.where(at < 0, -1, slot)
    point = (at >= 0) & ~pool.is_unit[at]
    relation = np.where(one_end, RELATIONS.index("around"), relation[slot, key])
    spread = np.array([RELATION_SPREAD_KM[name] for name in RELATIONS])[relation]
    decided = Decided(
        place=at,
        anchor=at.copy(),
        relation=relation,
        slot=slot,
        lat=np.where(point, pool.lat[at], np.nan),
        lon=np.where(point, pool.lon[at], np.nan),
        radius_km=np.where(point, np.hypot(radius[slot, key], spread), np.nan),
        share=np.where(at >= 0, share[slot, key], np.nan),
        other=np.where(ends, place[min(1, len(place) - 1)], -1),
        listed=np.where(several, listed, -1),
    )
    offset = at_offset & point & (slot == 0)
    _move_offsets(decided, found.heads, offset)
    _drop_strays(decided, found, offset, np.where(certain[1], place[1], -1) if len(place) > 1 else None)
    _move_to_middle(decided, pool, ends)
    _widen(decided, pool)
    return decided


def _lists_more(found: Resolution, opened: Flags, place: Ints, pool: Pool) -> Flags:
    """Return which questions name, behind a settlement, several others: "A, B and C", not "A, Kharkiv and Donetsk"."""
    if len(place) == 1:
        return np.zeros(place.shape[1], dtype=bool)
    more: Flags = found.settled[0] & found.settled[1] & opened[1] & (pool.level[place[1]] != 1)
    return more


def _is_elsewhere(found: Resolution, unit: Ints) -> Flags:
    """Return of which questions the spot may be a town that lies outside the governorate that the text alone names.

    "Sinjar, Duhok" is open: it is as likely that the governorate is wrong as that there is another Sinjar. Of two
    governorates neither is the whole of the other.
    """
    pool, spot, stated = found.pool, found.choices[0], found.stated
    outside: Flags = (unit >= 0) & (pool.level[unit] == 1) & (spot.place >= 0) & (spot.fit >= OTHER)
    governorate = (pool.level[spot.place] == 1) & (spot.fit == OWN)
    outside &= governorate | ~(pool.is_unit | pool.is_village | pool.is_part | pool.is_site)[spot.place]
    outside[stated.key[stated.place == unit[stated.key]]] = False
    outside[outside] = ~pool.are_in(spot.place[outside], unit[outside])
    return outside


def _may_be_far(found: Resolution, town: Ints) -> Flags:
    """Return of which questions the spot may be a settlement far from the town that the text names with it."""
    pool, spot = found.pool, found.choices[0]
    may: Flags = found.settled[0] & (spot.spots[0] >= 0) & (spot.shares[0] >= ELSEWHERE) & ~pool.is_unit[town]
    may &= town >= 0
    may[may] = ~pool.are_within(spot.spots[0][may], town[may], SEVERAL_KM)
    return may


def _find_listed(found: Resolution) -> Ints:
    """Return, by slot and question, the settlement that is known by that name; -1 where none is."""
    pool, choices = found.pool, found.choices
    place, fit = (np.array([getattr(c, name) for c in choices]) for name in ("place", "fit"))
    listed: Ints = np.where(found.settled & (place >= 0) & (fit == OWN) & ~pool.is_unit[place], place, -1)
    return listed


def _tell_several(found: Resolution, listed: Ints) -> tuple[Flags, Flags]:
    """Return which questions name several places by a mark between them, and of which each is known.

    A unit around another of them is its whole ("Khan Sheikhoun; Idlib"), and what lies within a town is in it.
    """
    pool = found.pool
    told, known = (np.zeros(listed.shape[1], dtype=bool) for _ in range(2))
    for key in (key for key, head in found.heads.items() if head.several):
        slots = np.flatnonzero(found.settled[:, key])
        unit = np.array([choice.place[key] for choice in found.choices])[slots]
        spots = listed[slots, key]
        one, other = np.nonzero(~np.eye(len(slots), dtype=bool) & (spots >= 0)[None] & (unit >= 0)[:, None])
        around = pool.is_unit[unit[one]]
        around[around] = pool.are_in(spots[other[around]], unit[one[around]])
        spots = np.delete(spots, one[around])
        known[key] = (spots >= 0).all()
        first = np.full(len(spots), spots[0] if len(spots) else -1)
        told[key] = len(spots) > 1 and not (known[key] and pool.are_within(spots, first, SPECIFIC_KM).all())
    return told, known


def _list_seats(listed: Ints, found: Resolution) -> None:
    """List, in place, the seats of units that a text names beside a place outside them: "Mosul, Kirkuk" is two.

    Beside a place that is no large city a governorate is the whole that it is in, whatever the gazetteer says.
    """
    pool = found.pool
    for slot, choice in enumerate(found.choices[1:], 1):
        heard = choice.heard
        unit, spot = choice.place[heard.key], listed[0][heard.key]
        seat = (spot >= 0) & (unit >= 0) & (choice.share[heard.key] >= END_KNOWN) & found.settled[slot][heard.key]
        beside = (pool.level[unit] > 1) & (pool.unit1[spot] == pool.unit1[heard.place])
        seat &= np.where(pool.level[unit] == 1, pool.is_large[spot] & (pool.unit1[spot] != unit), beside)
        seat &= (heard.fit == OWN) & ~pool.is_unit[heard.place]
        at = np.flatnonzero(seat)
        at = at[pool.are_in(heard.place[at], unit[at]) & ~pool.are_in(spot[at], unit[at])]
        listed[slot, heard.key[at]] = heard.place[at]


def _lie_apart(listed: Ints, pool: Pool) -> Flags:
    """Return of which questions a place of some size is listed far from one that is named after it."""
    apart = np.zeros(listed.shape[1], dtype=bool)
    for a, b in combinations(listed, 2):
        key = np.flatnonzero((a >= 0) & (b >= 0) & (pool.prior[a] > 0))
        apart[key] |= ~pool.are_within(a[key], b[key], SEVERAL_KM)
    return apart


def _are_part_and_whole(listed: Ints, slot: Ints, pool: Pool) -> Flags:
    """Return which questions name a place that is certain, and one more in its governorate: its district's town."""
    pair = (listed >= 0).sum(axis=0) == PAIR
    both: Flags = pair & (slot == 0) & (_common_governorate(listed, pool) >= 0)
    return both


def _common_governorate(listed: Ints, pool: Pool) -> Ints:
    """Return the governorate that all places listed of each question are in, -1 where it is not the same."""
    unit = np.where(listed >= 0, pool.unit1[listed], -1)
    highest = unit.max(axis=0, initial=-1)
    common: Ints = np.where(((unit == highest) | (listed < 0)).all(axis=0), highest, -1)
    return common


def _names_town_first(place: Ints, radius: Floats, certain: Flags, slot: Ints, pool: Pool) -> Flags:
    """Return where the spot chosen is a town, and what the text names next a smaller place in or beside it."""
    if len(place) == 1:
        return np.zeros(place.shape[1], dtype=bool)
    town, part = place[0], place[1]
    both = (slot == 0) & certain[1] & ~pool.is_unit[town] & ~pool.is_unit[part] & (radius[1] < radius[0])
    smaller: Flags = both & (radius[0] >= POINT_RADIUS_KM["town"]) & pool.are_within(town, part, SPECIFIC_KM)
    return smaller


def _know_both_ends(place: Ints, certain: Flags, pool: Pool) -> Flags:
    """Return where both ends of a line are known points."""
    if len(place) == 1:
        return np.zeros(place.shape[1], dtype=bool)
    point = certain & ~pool.is_unit[place]
    known: Flags = point[0] & point[1]
    return known


def _one_end(place: Ints, certain: Flags, share: Floats, pool: Pool) -> Flags:
    """Return where one end of a line is a known point, and of the other nothing is: it may be next to the first."""
    points = certain & (place >= 0) & ~pool.is_unit[place]
    known = (share >= END_KNOWN) & (place >= 0)
    one: Flags = (points[:2].sum(axis=0) == 1) & (known[:2].sum(axis=0) == 1)
    return one


def _drop_strays(decided: Decided, found: Resolution, offset: Flags, whole: Ints | None) -> None:
    """Take back, in place, points at a distance and bearing that lead away from the unit stated, or the next place."""
    stated, pool = found.stated, found.pool
    told = np.flatnonzero(offset[stated.key] & pool.is_unit[stated.place])
    for key, unit in zip(stated.key[told], stated.place[told], strict=True):
        km = pool.point_km(decided.lon[key], decided.lat[key], unit)
        if km > STRAY_KM + decided.radius_km[key]:
            decided.place[key] = -1
    if whole is not None:
        key = np.flatnonzero(offset & (whole >= 0) & ~pool.is_unit[whole])
        apart = distance_km(decided.lat[key], decided.lon[key], pool.lat[whole[key]], pool.lon[whole[key]])
        decided.place[key[apart > STRAY_KM + decided.radius_km[key]]] = -1
    gone = decided.place < 0
    for column in (decided.lat, decided.lon, decided.radius_km, decided.share):
        column[gone] = np.nan


def _move_offsets(decided: Decided, heads: dict[int, PlaceText], moved: Flags) -> None:
    """Move points, in place, by the distance and bearing that the text gives."""
    for key in np.flatnonzero(moved).tolist():
        offset = heads[key].offset
        if offset is None:
            continue
        if offset.bearing is not None:
            lon, lat, _ = _WGS84.fwd(decided.lon[key], decided.lat[key], offset.bearing, 1000 * offset.km)
            decided.lon[key], decided.lat[key] = lon, lat
        decided.radius_km[key] = np.hypot(decided.radius_km[key], offset.spread_km)


def _move_to_middle(decided: Decided, pool: Pool, ends: Flags) -> None:
    """Move points, in place, to the middle of the line to the other end; half its length is the radius."""
    here, there = decided.place[ends], decided.other[ends]
    bearing, _, metres = _WGS84.inv(pool.lon[here], pool.lat[here], pool.lon[there], pool.lat[there])
    decided.lon[ends], decided.lat[ends], _ = _WGS84.fwd(pool.lon[here], pool.lat[here], bearing, metres / 2)
    decided.radius_km[ends] = np.maximum(decided.radius_km[ends], metres / 2000)


def _widen(decided: Decided, pool: Pool) -> None:
    """Replace, in place, points known less than to a city by the smallest unit that holds where each may be."""
    for key in np.flatnonzero(decided.radius_km > POINT_WIDEST_KM):
        unit = pool.unit_around(decided.lon[key], decided.lat[key], decided.radius_km[key])
        decided.place[key] = unit
        for known in (decided.lat, decided.lon, decided.radius_km, *([decided.share] if unit < 0 else [])):
            known[key] = np.nan


def _describe(decided: Decided, found: Resolution, questions: pd.DataFrame, owed: Owed | None) -> pd.DataFrame:
    """Return the answers with their precision, provenance and note."""
    pool, at = found.pool, decided.place
    unit = (at >= 0) & pool.is_unit[at]
    by = np.full(len(at), None, dtype=object)
    by[at >= 0] = pool.provenance(at[at >= 0])
    radius = decided.radius_km.round(2)
    named = np.array([name for name, _ in _WIDTHS], dtype=object)[_width(radius)]
    named = np.where(unit | (radius == pool.radius_km[at]), pool.texts("precision", at), named)
    texts = {
        "unit": np.where(unit, pool.texts("id", at), ""),
        "within": _find_within(decided, found, questions["admin1"].to_numpy() == ""),
        "precision": np.where(at >= 0, named, UNPLACED),
        "located_by": by,
        "location_note": write_notes(decided, found, questions, owed),
        "listed_admin1": _list_governorates(decided, pool),
    }
    answers = pd.DataFrame(
        {
            "lat": decided.lat.round(ROUNDING),
            "lon": decided.lon.round(ROUNDING),
            **{name: pd.Series(column, dtype=object) for name, column in texts.items()},
            "precision_km": radius,
            "location_confidence": decided.share.round(2),
        }
    )
    stated = questions[["place", "place_local", "admin1", "admin2"]]
    return _name_countries(answers, found, unplaced=at < 0, untold=(stated == "").all(axis=1).to_numpy())


def _list_governorates(decided: Decided, pool: Pool) -> Texts:
    """Return the code of the governorate each place answered lies in, None for units and points off what is listed."""
    at = decided.place
    listed = (at >= 0) & ~pool.is_unit[at] & (decided.lat == pool.lat[at]) & (decided.lon == pool.lon[at])
    codes = pool.texts("admin1", at)
    codes[~listed | (codes == "")] = None
    return codes


def _find_within(decided: Decided, found: Resolution, district: Flags) -> Texts:
    """Return the code of the governorate stated for each place that is not found there and not known elsewhere.

    Where a ``district`` alone is stated, or a town for the governorate, it is the governorate of that.
    """
    pool, stated = found.pool, found.stated
    unit = np.full(len(decided.place), -1)
    level = pool.level[stated.place]
    governorate = (stated.group == 0) & ((level == 1) | (level < 0))
    sure = (stated.trust >= CONFIDENT) & np.where(district[stated.key], level > 1, governorate)
    alone = sure & (np.bincount(stated.key[sure], minlength=len(unit)) == 1)[stated.key]
    unit[stated.key[alone]] = pool.unit1[stated.place[alone]]
    offsets = [key for key, head in found.heads.items() if head.offset]
    unit[(decided.place >= 0) | found.is_country | np.isin(np.arange(len(unit)), offsets)] = -1
    ends = np.isin(np.arange(len(unit)), list(found.heads))  # of a line: either may be elsewhere
    for slot, choice in enumerate(found.choices[:2]):
        rivals = (choice.spots >= 0) & (
            (choice.shares >= AGAINST) | ((choice.fit == OWN) & (choice.spots == choice.place))
        )
        unit[(rivals & (pool.unit1[choice.spots] != unit)).any(axis=0) & (ends | (slot == 0))] = -1
    codes: Texts = np.where(unit >= 0, pool.texts("id", unit), "")
    return codes


def _name_countries(answers: pd.DataFrame, found: Resolution, *, unplaced: Flags, untold: Flags) -> pd.DataFrame:
    """Answer, in place, those that name or state nothing but a country with that country: no point, no area.

    ``untold`` are those without any text but that of the country.
    """
    known = unplaced & (found.is_country | untold) & ~np.isin(found.country, ["", NOWHERE])
    if not known.any():
        return answers
    answers.loc[known, "precision"] = "country"
    answers.loc[known, "location_confidence"] = 1.0
    answers.loc[known, "location_note"] = "the text names no more than the country"
    answers.loc[known & untold, "location_note"] = "no more than the country is stated"
    codes = found.country[known].astype(str)
    answers.loc[known, "located_by"] = np.char.add(BY_REGION, codes).astype(object)
    answers.loc[known, "unit"] = codes.astype(object)
    return answers
