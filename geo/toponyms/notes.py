"""The sentence of reason beside every answer, and the candidates beside every place without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.names import plain_names
from geo.toponyms.place_text import find_doubts, name_bearing
from geo.toponyms.pool import remember
from geo.toponyms.resolve import NOWHERE
from geo.toponyms.vicinity import AROUND_KM, BY_LIST
from geo.toponyms.weights import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from geo.toponyms.answers import Decided, Owed
    from geo.toponyms.choose import Choice
    from geo.toponyms.place_text import Offset, Relation
    from geo.toponyms.pool import Flags, Floats, Ints, Pool, Texts
    from geo.toponyms.resolve import Resolution

LISTED_LEAST = 0.03
"""Least share of a candidate, beside the best one's, that is named."""
UNKNOWN_UNIT = "is not among the governorates"
"""Words of the note where the governorate stated is not known."""
DOUBTED = "; the text is not sure of it"
"""Last words of the note of an answer that its text doubts ("Mosul?")."""
NEARBY = "; the text names another place near it too"
"""Last words of the note of an answer whose radius covers the others that its text names."""
BESIDE = "; another place that the text names with it is not found with it"
"""Last words of the note of an answer that is one of the places its text names."""
CONTRADICTED = ", which is stated"
"""Last words of the note of an answer that lies outside the governorate stated."""
OUTSIDE_KM = 10.0
"""How far outside the governorate stated an answer lies that says so: borders are known roughly."""
RIVAL = 0.4
"""Share of the runner-up, beside the best one's, from which both may be meant."""


NEARNESS: dict[Relation, str] = {"at": "", "near": "near ", "around": "in or around ", "off": "off "}
"""How a place relates to what the text names, in words."""


def write_notes(decided: Decided, found: Resolution, questions: pd.DataFrame, owed: Owed | None = None) -> list[str]:
    """Return the note of each question; ``owed`` tells which answers are what they are by the list's other places."""
    asked = _asked(questions)
    notes = np.empty(len(asked), dtype=object)
    if not found.choices:
        notes[:] = [_nothing(text) for text in asked]
    else:
        no, yes = np.flatnonzero(decided.place < 0), np.flatnonzero(decided.place >= 0)
        heard = np.array([choice.spots[0, no] >= 0 for choice in found.choices])
        spots = _Spots.of(found.choices, no, heard.argmax(axis=0))  # of the first place named that may be any
        left = np.array([choice.open[no] for choice in found.choices])
        notes[no] = _say_unplaced([asked[key] for key in no.tolist()], spots, found.pool, left)
        notes[yes] = _say_placed(yes, [asked[key] for key in yes.tolist()], decided, found)
        _tell_several(notes, asked, decided, found)
        if owed is not None:
            _tell_owed(notes, decided, owed, found.pool)
        _judge_stated(notes, decided, found, questions)
    for at in {*find_doubts(questions["place"].tolist()), *find_doubts(questions["place_local"].tolist())}:
        if decided.place[at] >= 0:
            notes[at] += DOUBTED
    for at in np.flatnonzero(found.country == NOWHERE).tolist():
        notes[at] = f"not placed: “{questions['country'].iloc[at]}” is no country that is known here"
    said: list[str] = notes.tolist()
    return said


def _judge_stated(notes: Texts, decided: Decided, found: Resolution, questions: pd.DataFrame) -> None:
    """Add, in place, how far an answer lies outside the governorate stated, or that the regions do not have it."""
    pool, stated = found.pool, found.stated
    answer = decided.place[stated.key]
    told = (stated.group == 0) & (answer >= 0) & (pool.level[answer] != 0) & (pool.level[stated.place] > 0)
    key, unit = stated.key[told], stated.place[told]
    km = pool.unit_km(decided.place[key], unit)
    order = np.argsort(-km, kind="stable")  # of several the nearest comes last
    told = zip(km[order].tolist(), pool.texts("name", unit[order]), strict=True)
    nearest = dict(zip(key[order].tolist(), told, strict=True))
    for at, (far, there) in nearest.items():
        if far > OUTSIDE_KM:
            how = "" if pool.is_unit[decided.place[at]] else f"{far:.0f} km "  # of an area its middle says nothing
            notes[at] += f"; {how}outside {there}{CONTRADICTED}"
    place, local, admin1, country = (questions[c].tolist() for c in ("place", "place_local", "admin1", "country"))
    towns = set(stated.key[(stated.group == 0) & ~pool.is_unit[stated.place]].tolist())
    named = [at for at, unit in enumerate(admin1) if unit and (place[at] or local[at] or at in towns)]
    for at in np.setdiff1d(named, stated.key[(stated.group == 0) & pool.is_unit[stated.place]]).tolist():
        where = f" of {country[at]}" if country[at] else ""
        notes[at] += f"; “{admin1[at]}” {UNKNOWN_UNIT}{where} that are known here"
    for at, names in _find_open_units(decided, found).items():
        if place[at] or local[at]:
            notes[at] += f"; “{admin1[at]}” may be {' or '.join(names)}"


def _find_open_units(decided: Decided, found: Resolution) -> dict[int, list[str]]:
    """Return, of places that are nowhere, the governorates of which the one stated may be any: Sanaa or Sanaa City."""
    pool, stated = found.pool, found.stated
    at = np.flatnonzero((stated.group == 0) & pool.is_unit[stated.place] & (decided.place[stated.key] < 0))
    names = pool.texts("name", stated.place[at])
    told = pd.DataFrame({"key": stated.key[at], "name": names, "trust": stated.trust[at]})
    share = told.groupby("key")["trust"].transform("sum")
    rivals = told[told["key"].duplicated(keep=False) & (share <= 1)].sort_values(["key", "name"])
    named: dict[int, list[str]] = {}
    for key, name in zip(rivals["key"].tolist(), rivals["name"].tolist(), strict=True):
        named.setdefault(key, []).append(name)
    return named


def _asked(questions: pd.DataFrame) -> list[str]:
    """Return the first text of each question."""
    asked: list[str] = questions["place"].tolist()
    for column in ("place_local", "admin2", "admin1", "country"):
        if not all(asked):
            asked = [text or other for text, other in zip(asked, questions[column].tolist(), strict=True)]
    return asked


def _nothing(asked: str) -> str:
    return f"not placed: no gazetteer has a name like “{asked}”" if asked else "not placed: no place is stated"


@dataclass(frozen=True)
class _Spots:
    """The spots worth naming of some keys, the best of each first: its are those from ``start`` to ``end``."""

    places: Ints
    shares: Floats
    start: Ints
    end: Ints

    @classmethod
    def of(cls, choices: Sequence[Choice], keys: Ints, slots: Ints) -> _Spots:
        """Return the spots of each key in the choice of its slot."""
        places, shares = (np.array([getattr(c, name) for c in choices])[slots, :, keys] for name in ("spots", "shares"))
        listed = (places >= 0) & (shares >= LISTED_LEAST * shares[:, :1])
        count = listed.sum(axis=1)
        return cls(places[listed], shares[listed], np.cumsum(count) - count, np.cumsum(count))


class _Labels:
    """What places are called in notes; put together when it is first needed."""

    def __init__(self, size: int) -> None:
        self._texts = np.full(size, None, dtype=object)

    def of(self, places: Ints, put_together: Callable[[Ints], list[str]]) -> list[str]:
        new = np.unique(places[pd.isna(self._texts[places])])
        if len(new):
            self._texts[new] = put_together(new)
        labels: list[str] = self._texts[places].tolist()
        return labels


@remember
def _names(pool: Pool) -> _Labels:
    return _Labels(len(pool.frame))


@remember
def _points(pool: Pool) -> _Labels:
    return _Labels(len(pool.frame))


def _label(places: Ints, pool: Pool) -> list[str]:
    """Return the names of places with the governorate they are in."""

    def put_together(new: Ints) -> list[str]:
        unit = pool.unit1[new]
        wholes = pool.texts("name", unit)
        wholes[(unit < 0) | (unit == new)] = None
        named = zip(pool.texts("name", new), wholes, strict=True)
        return [name if whole is None else f"{name}, {whole}" for name, whole in named]

    return _names(pool).of(places, put_together)


def _label_points(places: Ints, pool: Pool) -> list[str]:
    """Return the same with their coordinates."""

    def put_together(new: Ints) -> list[str]:
        told = zip(_label(new, pool), pool.lat[new].tolist(), pool.lon[new].tolist(), strict=True)
        return [f"{label} ({lat:.3f}, {lon:.3f})" for label, lat, lon in told]

    return _points(pool).of(places, put_together)


def _say_unplaced(asked: list[str], spots: _Spots, pool: Pool, left: Flags) -> list[str]:
    """Return the notes of places that are nowhere; ``left`` tells, by slot, which texts name several places."""
    labels = _label_points(spots.places, pool)
    rivals = np.logical_or.reduce(left)
    several = spots.end - spots.start > 1
    first = spots.start[several]
    rivals[several] |= spots.shares[first + 1] >= RIVAL * spots.shares[first]
    whys = np.where(rivals, "several places may be meant", "none is certain enough").tolist()
    told = zip(asked, whys, spots.start.tolist(), spots.end.tolist(), strict=True)
    return [
        f"not placed: {why} by “{text}”: {'; '.join(labels[start:end])}" if start < end else _nothing(text)
        for text, why, start, end in told
    ]


def _say_placed(keys: Ints, asked: list[str], decided: Decided, found: Resolution) -> list[str]:
    slots, pool, anchor = decided.slot[keys], found.pool, decided.anchor[keys]
    shares, exact = (np.array([getattr(c, name) for c in found.choices]) for name in ("share", "exact"))
    listed = (slots == 0) | (shares[0, keys] >= shares[slots, keys])
    later = np.flatnonzero(~listed)
    texts = zip(plain_names(asked[at] for at in later), plain_names(pool.texts("name", anchor[later])), strict=True)
    listed[later] = [text == name for text, name in texts]
    relation = np.where(pool.is_unit[anchor], RELATIONS.index("at"), decided.relation[keys])
    near = np.array([NEARNESS[name] for name in RELATIONS], dtype=object)[relation].tolist()
    fits = np.where(exact[slots, keys], "(same name)", "(similar name)").tolist()
    labels = _label(anchor, pool)
    told = zip(asked, near, labels, fits, strict=True)
    notes = [f"“{text}”: {by}{label} {fit}" for text, by, label, fit in told]
    several = np.logical_or.reduce([choice.open[keys] for choice in found.choices])
    for at in np.flatnonzero(~listed).tolist():
        where = f"{near[at] or 'at '}{labels[at]} {fits[at]}"
        why = "may be several places" if several[at] else "is not listed"
        notes[at] = f"“{asked[at]}” {why}; placed {where}, which the text names with it"
    for at in np.flatnonzero((slots == 0) & np.isin(keys, list(found.heads))).tolist():
        if offset := found.heads[keys[at]].offset:
            notes[at] = f"“{asked[at]}”: {_say_offset(offset)} {labels[at]} {fits[at]}"
    for at, rest in _say_next(_Spots.of(found.choices, keys, slots), pool):
        notes[at] += rest
    for at in np.flatnonzero(decided.other[keys] >= 0).tolist():
        ends = np.array([anchor[at], decided.other[keys[at]]])
        notes[at] = f"“{asked[at]}”: middle between {' and '.join(_label(ends, pool))}"
    beside = np.array([choice.beside for choice in found.choices])[slots, keys]
    for at in np.flatnonzero(beside).tolist():
        notes[at] += BESIDE
    nearby = np.array([choice.nearby for choice in found.choices])[slots, keys]
    for at in np.flatnonzero(nearby).tolist():
        notes[at] += NEARBY
    for at in np.flatnonzero(decided.place[keys] != anchor).tolist():
        notes[at] += f"; not known well enough for a point, so in {_label(decided.place[keys[at : at + 1]], pool)[0]}"
    return notes


def _tell_several(notes: Texts, asked: list[str], decided: Decided, found: Resolution) -> None:
    """Say, in place, which places a text names that are too far apart to be one."""
    for at in np.flatnonzero(decided.listed.max(axis=0, initial=-1) >= 0).tolist():
        named = decided.listed[:, at]
        names = "; ".join(_label(named[named >= 0], found.pool))
        unit = decided.place[at : at + 1]
        where = f"in {_label(unit, found.pool)[0]}" if unit[0] >= 0 else "not placed"
        notes[at] = f"{where}: “{asked[at]}” names several places: {names}"


def _tell_owed(notes: Texts, decided: Decided, owed: Owed, pool: Pool) -> None:
    """Add, in place, to answers owed to the list what they would be without it, and how many of its places are near."""
    keys = np.flatnonzero(owed.answers)
    alone, here = owed.alone[keys], decided.anchor[keys]
    labels = dict(zip(keys.tolist(), _label(alone, pool), strict=True))
    place = np.where(decided.place[keys] >= 0, here, alone)
    counts = owed.vicinity.count_near(pool.lat[place], pool.lon[place])
    told = (column.tolist() for column in (keys, alone, pool.is_unit[place], *counts))
    for at, other, unit, count, size in zip(*told, strict=True):
        notes[at] += f"; but for the list at {labels[at]}" if other >= 0 else ""
        if not unit:  # around the middle of a governorate a count says nothing
            notes[at] += f"; {count}{BY_LIST}{size} other places looked at are within {AROUND_KM:.0f} km"


def _say_offset(offset: Offset) -> str:
    way = "from" if offset.bearing is None else f"{name_bearing(offset.bearing)} of"
    return f"{offset.km:.1f} km {way}"


def _say_next(spots: _Spots, pool: Pool) -> Iterator[tuple[int, str]]:
    """Yield the keys that have a runner-up, by position, and that as the end of a sentence."""
    several = np.flatnonzero(spots.end - spots.start > 1)
    second = spots.start[several] + 1
    told = zip(several.tolist(), _label(spots.places[second], pool), spots.shares[second].tolist(), strict=True)
    return ((at, f"; next {label} ({share:.2f})") for at, label, share in told)
