"""Verdicts on statements: every reading of a statement is compared, and none is believed more than its rows say."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from geo.actors import trace_parents
from geo.locate import border_distances, index_units
from geo.regions import match_units
from geo.schema import ADMIN_LEVELS
from geo.story import ALL
from layers.compare import NEGATED, align, compare, is_within, join, share, subtract
from layers.figures import Figure, choose_incidents, find_figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo.story import Check, Operand, Scope, Statement, Story
    from layers.figures import Evidence

Word = Literal["holds", "holds only with this scope", "contradicted", "cannot be checked"]

WORST: tuple[Word, ...] = ("contradicted", "cannot be checked", "holds only with this scope", "holds")
"""Verdicts, the gravest first: a statement is as good as the worst of its checks."""

MAX_READINGS = 500
"""More readings of one check than a person could follow."""

_TURNED = ("country", "period", "actor")
"""Keys of a scope that are tried with other values where a check does not hold."""


@dataclass(frozen=True)
class Reading:
    """One way to read a check: the figures compared, in which scope, and what came of it.

    Parameters
    ----------
    holds
        Whether the comparison holds; ``None`` when the ranges overlap, or the figures are not of one scope.
    left, right
        What was compared, in words.
    keys
        What the statement left open, as these rows have it.
    rows, sources
        Ids of the rows behind both figures, and who published them.
    note
        What a reader should know besides.
    """

    holds: bool | None
    left: str
    right: str
    keys: dict[str, str]
    rows: tuple[str, ...]
    sources: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class CheckVerdict:
    """The verdict on one check: its query in words, every reading, and with which other scope it would hold."""

    verdict: Word
    query: str
    readings: tuple[Reading, ...]
    would_hold: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Verdict:
    """The verdict on one statement, and on each of its checks."""

    statement: Statement
    verdict: Word
    checks: tuple[CheckVerdict, ...]


def judge_story(story: Story, evidence: Evidence) -> list[Verdict]:
    """Return the verdict on every statement of a story.

    A check is read once for each value of what it leaves open (source, day of publication). It *holds* when every
    reading holds; it *holds only with this scope* when some do; it is *contradicted* when one is and none holds; it
    *cannot be checked* when no figures are there, or their ranges overlap.
    """
    verdicts = []
    for statement in story.statements:
        checks = tuple(judge_check(check, evidence, statement.by) for check in statement.checks)
        worst = min((check.verdict for check in checks), key=WORST.index)
        verdicts.append(Verdict(statement, worst, checks))
    return verdicts


def judge_check(check: Check, evidence: Evidence, by: str = "") -> CheckVerdict:
    """Return the verdict on one check; ``by`` is who says it, whose own rows are no evidence."""
    readings = _read_check(check, evidence, by)
    if len(readings) > MAX_READINGS:
        told = f"has {len(readings):,} readings, more than a person can follow: name the source or the day"
        return CheckVerdict("cannot be checked", describe_check(check), (), (), told)
    verdict = weigh_readings(readings)
    turned = _turn_scopes(check, evidence, by) if verdict in ("contradicted", "cannot be checked") else ()
    return CheckVerdict(verdict, describe_check(check), tuple(readings), tuple(turned), check.note)


def weigh_readings(readings: Sequence[Reading]) -> Word:
    """Return what readings come to together, whatever their order."""
    outcomes = {reading.holds for reading in readings}
    if True in outcomes:
        return "holds" if outcomes == {True} else "holds only with this scope"
    return "contradicted" if False in outcomes else "cannot be checked"


def describe_check(check: Check) -> str:
    """Return the query of a check in words: enough to find the same figures again."""
    told = describe_figure(check.left)
    for word, figure in (("minus", check.minus), ("as a percentage of", check.of)):
        told += f" {word} ({describe_figure(check.resolve(figure))})" if figure is not None else ""
    right = check.right
    if isinstance(right, dict):
        own = check.resolve(right) if "from" in right else {k: v for k, v in right.items() if k != "from"}
        right = f"({describe_figure(own)})"
    elif right is None:
        right = "all others"
    elif not isinstance(right, str):
        low, high = (f"{float(end):,.10g}" for end in right)
        right = low if low == high else f"{low} and {high}"
    return f"{told} is {'not ' * check.negated}{check.comparison} {right}"


def describe_figure(figure: Operand) -> str:
    """Return a scope as ``totals: source SNHR; country Syria``, or a number."""
    if not isinstance(figure, dict):
        return f"{float(figure[0]):,.10g}"
    told = "; ".join(f"{key} {' + '.join(values)}" for key, values in figure.items() if key != "from")
    return f"{figure['from'][0]}: {told}" if "from" in figure else told


def _read_check(check: Check, evidence: Evidence, by: str) -> list[Reading]:
    """Return every reading of a check."""
    if check.comparison == "in":
        outcomes = _find_places(check, evidence)
    else:
        outcomes = [
            _most(check, left, evidence, by)
            if check.comparison == "the most of"
            else _hold(check, left, right, evidence)
            for left, right in _pair_sides(check, evidence, by)
        ]
    return [replace(r, holds=NEGATED[r.holds]) for r in outcomes] if check.negated else outcomes


def _pair_sides(check: Check, evidence: Evidence, by: str) -> Iterator[tuple[Figure, Figure]]:
    """Yield the left figure, combined with what it is diminished by or shared among, and the right one."""
    lefts = find_figures(check.left, evidence, by) if isinstance(check.left, dict) else [Figure(*check.left)]
    for operand, combine in ((check.minus, subtract), (check.of, share)):
        if operand is not None:
            others = find_figures(check.resolve(operand), evidence, by)
            lefts = [combine(left, other) for left in lefts for other in align(left, others)]
    right = check.right
    if isinstance(right, dict) and check.comparison != "the most of":
        rights = find_figures(check.resolve(right), evidence, by)
        yield from ((left, other) for left in lefts for other in align(left, rights))
    else:
        stated = Figure(*right) if isinstance(right, tuple) else Figure(Fraction(0), math.inf)
        yield from ((left, stated) for left in lefts)


def _hold(check: Check, left: Figure, right: Figure, evidence: Evidence) -> Reading:
    holds = compare(left, check.comparison, right, check.half)
    both = join(left, right, left.low, left.high)
    note = both.note
    if check.comparison == "part of" and not all(
        is_within(part, whole, evidence) for part in left.scopes for whole in right.scopes
    ):
        holds, note = None, "; ".join(filter(None, (note, "the one is not a part of the scope of the other")))
    return Reading(
        holds, _write(check, left), _write(check, right), dict(both.keys or {}), both.rows, both.sources, note
    )


def _write(check: Check, figure: Figure) -> str:
    return f"{figure} %" if check.of is not None else str(figure)


def _most(check: Check, left: Figure, evidence: Evidence, by: str) -> Reading:
    """Compare a figure with that of every other actor, or of those named on the right."""
    scope = check.resolve(check.right if isinstance(check.right, dict) else {})
    own = set(check.left.get("actor", ())) if isinstance(check.left, dict) else set()
    named = (
        scope["actor"] if isinstance(check.right, dict) and "actor" in check.right else _list_actors(scope, evidence)
    )
    kin = trace_parents(evidence.actors)
    above = {one for actor in own for one in kin.get(actor, [actor])}
    others: list[tuple[str, Figure]] = []
    for actor in named:
        if actor not in above and own.isdisjoint(kin.get(actor, [actor])):
            figures = align(left, find_figures({**scope, "actor": (actor,)}, evidence, by))
            others += [(actor, figure) for figure in figures]
    others.sort(key=lambda pair: (-float(pair[1].low), pair[0]))
    outcomes = {compare(left, "greater than", figure) for _, figure in others}
    holds = False if False in outcomes else True if outcomes == {True} else None
    joined = left
    for _, figure in others:
        joined = join(joined, figure, left.low, left.high)
    told = ", ".join(f"{actor} {figure}" for actor, figure in others) or "nobody else"
    return Reading(holds, str(left), told, dict(left.keys or {}), joined.rows, joined.sources, joined.note)


def _list_actors(scope: Scope, evidence: Evidence) -> list[str]:
    """Return the actors that the rows name, and of incidents those that they are members of."""
    table = {"totals": evidence.totals, "claims": evidence.claims}.get(scope["from"][0])
    column = evidence.locate()[0]["actors"] if table is None else table["actor"]
    named = set(column.dropna().str.split("|").explode())
    if table is None:
        kin = trace_parents(evidence.actors)
        named = {one for actor in named for one in kin.get(actor, [actor])}
    return sorted(named - {"unknown"})


def _turn_scopes(check: Check, evidence: Evidence, by: str) -> Iterator[str]:
    """Yield the other values of one key of the scope with which the check would hold."""
    base = check.left if isinstance(check.left, dict) else check.minus or {}
    if base.get("from", ("",))[0] != "totals":
        return
    for key in _TURNED:
        if len(base.get(key, ())) != 1 or (key == "actor" and check.comparison not in ("equal to", "the most of")):
            continue
        opened = {name: value for name, value in base.items() if name != key}
        figures = find_figures(opened, evidence, by) if "measure" in base or "total" in base else []
        for value in sorted({(f.keys or {}).get(key, "") for f in figures} - {"", ALL, *base[key]}):
            turned = {**base, key: (value,)}
            other = replace(check, left=turned) if base is check.left else replace(check, minus=turned)
            for reading in _read_check(other, evidence, by):
                if reading.holds:
                    told = f"{reading.left} {check.comparison} {reading.right}"
                    yield f"with {key} {value}: {told} ({', '.join(reading.rows)})"


def _find_places(check: Check, evidence: Evidence) -> list[Reading]:
    """Compare where incidents lie with a named region, at whatever level it is."""
    incidents, regions = evidence.locate()
    scope, name = (check.left if isinstance(check.left, dict) else {}), str(check.right)
    codes = {
        code
        for level in ADMIN_LEVELS
        for code in match_units(
            pd.Series([name], dtype="str"), regions[regions["level"] == level], level=level
        ).dropna()
    }
    units = index_units(regions)
    readings = []
    for row in choose_incidents(scope, incidents, regions).itertuples():
        joined = [getattr(row, f"adm{level}_pcode") for level in ADMIN_LEVELS]
        level = int(regions.loc[regions["pcode"].isin(codes), "level"].min()) if codes else -1
        known = level >= 0 and isinstance(joined[level], str)
        inside = bool(codes & {code for code in joined if isinstance(code, str)})
        where = ", ".join(
            text for level in reversed(ADMIN_LEVELS) if isinstance(text := getattr(row, f"adm{level}_name"), str)
        )
        note = "" if codes else f"no region is called {name}"
        if known and not inside and row.geometry is not None and row.geometry.geom_type == "Point":
            spot = [[row.geometry.x, row.geometry.y]]
            km = min(border_distances(np.array(spot), units.find(pd.Series([code]), 1), units)[0] for code in codes)
            note = f"{km:.2f} km outside {name}"
        sources = tuple(row.sources.split("|")) if isinstance(row.sources, str) else ()
        readings.append(
            Reading(
                inside if known else None, where, name, {"incident": row.incident_id}, (row.incident_id,), sources, note
            )
        )
    return readings
