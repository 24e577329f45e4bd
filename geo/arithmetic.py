"""What the numbers of claims and published totals say against each other: parts, wholes, zeros, percentages, sums."""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from geo.errors import Problem, show_value
from geo.ranges import COUNT_OF
from geo.schema import PARTS
from geo.totals import PERCENT, group_totals, list_parties

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


PARTS_OF = {"civilians": PARTS, "all_deaths": ("civilians", "combatants")}
"""Measures that are parts of another one. They do not overlap, and need not make up the whole."""

_SIGN = re.compile(r"\s+([+/-])\s+")


class Figure(NamedTuple):
    """A number as one row states it: from ``low`` to ``high``, ``math.inf`` where no maximum is known."""

    low: float
    high: float
    row: int
    name: str
    source: str
    measure: str
    conceded: bool = False

    def __str__(self) -> str:
        """Return ``12``, ``12–47`` or ``at least 89``."""
        if self.low == self.high:
            return f"{self.low:,.10g}"
        return f"at least {self.low:,.10g}" if self.high == math.inf else f"{self.low:,.10g}–{self.high:,.10g}"


def check_claims(claims: pd.DataFrame) -> list[Problem]:
    """Return what the numbers of claims say against each other.

    Claims that another one supersedes are left out. Where a source makes several claims of one kind about an incident
    its widest span counts, so that nothing is told that one of them would excuse.

    Parameters
    ----------
    claims
        Claims (see `geo.claims.read_claims`), indexed by row.
    """
    problems = []
    for figures in _take_standing(claims).values():
        for _, told in itertools.groupby(sorted(figures, key=lambda f: f.source), key=lambda f: f.source):
            measures = _widen(told)
            problems += [*_judge_parts(measures), *_judge_attackers(measures)]
        problems += _judge_conceded(figures)
    for figures in _take_standing(claims, numbered=False).values():
        problems += _judge_zeros(figures)
    return sorted(problems)


def check_against_claims(incidents: pd.DataFrame, claims: pd.DataFrame) -> list[Problem]:
    """Return what the counts of incidents say against the claims about them.

    Parameters
    ----------
    incidents
        Incidents of any stage, indexed by row.
    claims
        Claims (see `geo.claims.read_claims`), indexed by row.
    """
    standing = _take_standing(claims)
    asked = incidents[incidents["incident_id"].isin(list(standing))]
    problems = []
    for row, incident in zip(asked.index, asked.to_dict("records"), strict=True):
        figures = standing[incident["incident_id"]]
        for measure, count in COUNT_OF.items():
            stated = _read_count(int(row), incident, count)
            told = [figure for figure in figures if figure.measure == measure]
            if stated and told:
                problems += [*_contradict_zero(stated, f"{count}_max", told), *_exceed_count(stated, count, told)]
        problems += _suspect_attackers(int(row), incident, figures)
    return sorted(problems)


def check_totals(totals: pd.DataFrame, actors: pd.DataFrame) -> list[Problem]:
    """Return what the numbers of published totals say against each other, and against their formulas.

    A ``formula`` says which totals make up a total, by their ids: ``a + b - c``, or ``a / b`` for a percentage.

    Parameters
    ----------
    totals
        Published totals (see `geo.totals.read_totals`), indexed by row.
    actors
        Known actors (see `geo.actors.read_actors`): one within another is not added to it.
    """
    counted = totals[totals["min"].notna() | totals["max"].notna()]
    problems = []
    for group in group_totals(counted, apart_from="measure"):
        problems += _judge_parts(_widen(_read_totals(group)))
    for group in group_totals(counted, apart_from="actor"):
        problems += _judge_parties(group, actors)
    return sorted([*problems, *_judge_percentages(counted), *_judge_formulas(totals)])


def _find(figure: Figure, column: str, wrong: str, code: str, todo: str = "nothing if the sources say so") -> Problem:
    """Return a finding on the end of a figure that stands in ``column``."""
    end = figure.low if column.endswith("min") else figure.high
    return Problem(figure.row, column, f"{end:.10g}" if end < math.inf else "", wrong, todo, code, "finding")


def _take_standing(claims: pd.DataFrame, *, numbered: bool = True) -> dict[str, list[Figure]]:
    """Return the claims about each incident that none supersedes; without ``numbered``, also those with no number."""
    told = claims["min"].notna() | claims["max"].notna()
    kept = claims[~claims["claim_id"].isin(claims["supersedes"].dropna()) & (told | (not numbered))]
    figures: dict[str, list[Figure]] = {}
    columns = ["incident_id", "min", "max", "claim_id", "source", "measure", "stance"]
    for row, incident, low, high, name, source, measure, stance in kept[columns].itertuples():
        figure = Figure(*_bound(low, high), int(row), show_value(name), source, measure, stance == "conceded")
        figures.setdefault(incident, []).append(figure)
    return figures


def _read_totals(totals: pd.DataFrame) -> list[Figure]:
    columns = totals[["min", "max", "total_id", "source", "measure"]]
    return [
        Figure(*_bound(low, high), int(row), show_value(name), source, measure)
        for row, low, high, name, source, measure in columns.itertuples()
    ]


def _read_count(row: int, incident: Mapping[Any, Any], count: str) -> Figure | None:
    """Return a count of an incident, ``None`` when it is unknown at both ends."""
    low, high = incident[f"{count}_min"], incident[f"{count}_max"]
    return None if pd.isna(low) and pd.isna(high) else Figure(*_bound(low, high), row, "", "", count)


def _bound(low: float | None, high: float | None) -> tuple[float, float]:
    """Return the ends as floats: an unknown minimum is no less than 0, an unknown maximum has no bound."""
    least = 0.0 if low is None or pd.isna(low) else float(low)
    return least, math.inf if high is None or pd.isna(high) else float(high)


def _widen(figures: Iterable[Figure]) -> dict[str, Figure]:
    """Return the widest span of each measure, with the first row that has it."""
    joined: dict[str, Figure] = {}
    for figure in figures:
        first = joined.setdefault(figure.measure, figure)
        low, high = min(first.low, figure.low), max(first.high, figure.high)
        joined[figure.measure] = first._replace(low=low, high=high)
    return joined


def _judge_parts(measures: Mapping[str, Figure]) -> list[Problem]:
    """Find parts of one source that are more than the whole it gives."""
    problems = []
    for whole, names in PARTS_OF.items():
        parts = [measures[name] for name in names if name in measures]
        if whole not in measures or not parts:
            continue
        total, least = measures[whole], sum(part.low for part in parts)
        told = f"{' and '.join(part.measure for part in parts)}, at least {least:,.10g} ({_name(parts)})"
        if least > total.high:
            problems.append(_find(total, "max", f"is below its parts: {told}", "parts-above-whole"))
        elif least > total.low:
            problems.append(_find(total, "min", f"is below its parts: {told}", "parts-above-minimum"))
        problems += [
            _find(part, "max", f"is above the {total} {whole} of {total.name}", "part-above-whole")
            for part in parts
            if total.high < part.high < math.inf
        ]
    return problems


def _judge_attackers(measures: Mapping[str, Figure]) -> list[Problem]:
    """Find a source whose civilians are as many as its deaths of all kinds, although it counts combatants too."""
    if not {"civilians", "all_deaths", "combatants"} <= measures.keys():
        return []
    civilians, deaths, combatants = (measures[name] for name in ("civilians", "all_deaths", "combatants"))
    if civilians[:2] != deaths[:2] or not combatants.low:
        return []
    wrong = f"is as many as all deaths ({deaths.name}), of whom {combatants} were combatants ({combatants.name})"
    return [_find(civilians, "min", wrong, "attackers-in-total", "take the combatants out, or correct one of them")]


def _judge_conceded(figures: Sequence[Figure]) -> list[Problem]:
    """Find concessions above everything that others claim."""
    problems = []
    for figure in figures:
        others = [f for f in figures if f.measure == figure.measure and not f.conceded]
        if figure.conceded and others and figure.low > max(other.high for other in others):
            wrong = f"was conceded, but others claim no more than {max(f.high for f in others):,.10g} ({_name(others)})"
            problems.append(_find(figure, "min", wrong, "conceded-above-claimed"))
    return problems


def _judge_zeros(figures: Sequence[Figure]) -> list[Problem]:
    """Find a source's 0 where others count people, or where others know no number."""
    problems = []
    for figure in figures:
        if figure[:2] != (0.0, 0.0):
            continue
        others = [f for f in figures if f.measure == figure.measure and f.source != figure.source]
        if others and all(other[:2] == (0.0, math.inf) for other in others):
            wrong = f"is 0 where others know no number ({_name(others)})"
            todo = "leave it empty if the source knows none either"
            problems.append(_find(figure, "max", wrong, "zero-beside-unknown", todo))
        problems += _contradict_zero(figure, "max", others)
    return problems


def _contradict_zero(figure: Figure, column: str, others: Sequence[Figure]) -> list[Problem]:
    above = [other for other in others if other.low > 0]
    if figure[:2] != (0.0, 0.0) or not above:
        return []
    wrong = f"is 0, but others count at least {min(f.low for f in above):,.10g} ({_name(above)})"
    return [_find(figure, column, wrong, "zero-contradicted", "leave it empty if 0 stands for unknown")]


def _exceed_count(stated: Figure, count: str, told: Sequence[Figure]) -> list[Problem]:
    """Find concessions above an incident's own maximum."""
    above = [figure for figure in told if figure.conceded and figure.low > stated.high]
    if not above:
        return []
    wrong = f"is below what was conceded, {max(f.low for f in above):,.10g} ({_name(above)})"
    return [_find(stated, f"{count}_max", wrong, "conceded-above-claimed", "widen the range, or correct the claim")]


def _suspect_attackers(row: int, incident: Mapping[Any, Any], figures: Sequence[Figure]) -> list[Problem]:
    """Find civilians killed whose number is that of all deaths, with combatants or without a count of civilians."""
    killed, combatants = (_read_count(row, incident, count) for count in ("killed", "combatants"))
    if killed is None or not killed.low:
        return []
    deaths = [f for f in figures if f.measure == "all_deaths" and f.low == killed.low]
    if combatants and combatants.low and (same := [f for f in deaths if f.high == killed.high]):
        wrong = f"is as many as all deaths ({_name(same)}), though {combatants} combatants are counted"
    elif deaths and not any(f.measure == "civilians" and f.low == killed.low for f in figures):
        wrong = f"is the number of all deaths ({_name(deaths)}) and that of no claim of civilians"
    else:
        return []
    return [_find(killed, "killed_min", wrong, "attackers-in-total", "make sure that no attackers are among them")]


def _judge_parties(totals: pd.DataFrame, actors: pd.DataFrame) -> list[Problem]:
    """Find parties that together killed more than all parties did."""
    parts = _read_totals(list_parties(totals, actors))
    least = sum(part.low for part in parts)
    told = f"is below its parties together, at least {least:,.10g} ({_name(parts)})"
    whole = _widen(_read_totals(totals[totals["actor"].isna()]))
    return [_find(total, "max", told, "parts-above-whole") for total in whole.values() if least > total.high]


def _judge_percentages(totals: pd.DataFrame) -> list[Problem]:
    """Find percentages above 100."""
    shares = totals[totals["measure"].str.endswith(PERCENT, na=False)]
    return [
        _find(figure, "max", "is a percentage above 100", "percent-range", "correct it")
        for figure in _read_totals(shares)
        if max(figure.low, figure.high if figure.high < math.inf else 0) > 100  # noqa: PLR2004  # per cent
    ]


def _judge_formulas(totals: pd.DataFrame) -> list[Problem]:
    """Find totals that their formulas do not give."""
    if "formula" not in totals:
        return []
    figures = dict(zip(totals["total_id"], _read_totals(totals), strict=True))
    problems = []
    for row, name, formula in totals.loc[totals["formula"].notna(), ["total_id", "formula"]].itertuples():
        stated = figures[name]._replace(row=int(row))
        terms, signs = _SIGN.split(formula)[::2], _SIGN.split(formula)[1::2]
        if missing := [term for term in terms if term not in figures]:
            wrong = f"names {', '.join(map(show_value, missing))}, which is no total of this file"
            problems.append(Problem(int(row), "formula", formula, wrong, "write ids of totals", "formula", "finding"))
        elif ("/" in signs) != stated.measure.endswith(PERCENT) or ("/" in signs and len(signs) > 1):
            wrong = "is neither a sum nor, for a percentage, one total divided by another"
            problems.append(
                Problem(int(row), "formula", formula, wrong, "write a + b - c, or a / b", "formula", "finding")
            )
        else:
            problems += _compare_formula(stated, [figures[term] for term in terms], signs)
    return problems


def _compare_formula(stated: Figure, terms: Sequence[Figure], signs: Sequence[str]) -> list[Problem]:
    """Return a finding when a total and what its formula gives cannot be the same."""
    first, *others = terms
    if signs == ["/"]:
        low = 100 * first.low / others[0].high if others[0].high else math.inf
        high = 100 * first.high / others[0].low if others[0].low else math.inf
        half = 0.5 * 10 ** -max(_decimals(stated.low), _decimals(stated.high))
        code, told = "percent-off", f"{first} / {others[0]} = {low:.2f} %"
    else:
        pairs = list(zip(signs, others, strict=True))
        low = first.low + sum(f.low if sign == "+" else -f.high for sign, f in pairs)
        high = first.high + sum(f.high if sign == "+" else -f.low for sign, f in pairs)
        half, code = 0.0, "sum-off"
        told = " ".join([str(first), *(f"{sign} {f}" for sign, f in pairs), f"= {low:,.10g}"])
    told += "" if low == high else f" to {high:,.10g}"
    if stated.low - half - 1e-9 <= high and low <= stated.high + half + 1e-9:
        return []
    return [_find(stated, "min", f"does not recompute: {told}", code, "correct one of them, or say why in the note")]


def _decimals(number: float) -> int:
    """Return the decimals that a number is written with, at least; of none for infinity."""
    return len(f"{number:.10f}".rstrip("0").partition(".")[2]) if number < math.inf else 0


def _name(figures: Sequence[Figure]) -> str:
    """Return the ids of figures, the first three of them."""
    shown = 3
    return ", ".join(f.name for f in figures[:shown]) + (f" and {len(figures) - shown} more" * (len(figures) > shown))
