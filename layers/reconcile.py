"""Incident sums against published totals of the same scope: the difference in named parts, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.coverage import COVERED, count_days, merge_codes
from geo.crosswalk import name_losses
from geo.ranges import COUNT_OF, known_by
from geo.readers.columns import EXACT
from geo.totals import SCOPE, group_totals, list_parties
from layers.counts import total_ranges
from layers.cut import Cut
from layers.remarks import Remark, say_remarks
from layers.scope import COUNTED, EVENTS, LEFT_OUT, OPEN, Scopes, find_later, judge_scope
from layers.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import geopandas as gpd
    from numpy.typing import NDArray

NOT_COMPARABLE = "not comparable"

COLUMNS = (
    "total_id",
    *SCOPE,
    "total_min",
    "total_max",
    "part",
    "incidents",
    "min",
    "max",
    "unknown",
    "note",
    "remarks",
    "incident_ids",
    "url",
)

FIGURES = ("total_min", "total_max", "min", "max")
"""Columns that are people, events or per cent."""


@dataclass(frozen=True)
class Line:
    """One line of a comparison.

    Parameters
    ----------
    part
        `COUNTED`, a set of `layers.scope.OPEN`, `LEFT_OUT`, ``coverage``, ``definition``, ``difference``,
        ``unexplained`` or `NOT_COMPARABLE`.
    low, high
        From and to, people or events; missing where there is no figure, or no bound.
    remarks
        What a reader must know of it.
    note
        What a total counts, in the words of its source.
    ids
        Ids of the incidents behind it.
    incidents
        How many these are, related records once.
    unknown
        How many of them have no figure, or no maximum: ``high`` is missing where there is one.
    known
        What is known of the maximum; missing where no figure is.
    """

    part: str
    low: float | None = None
    high: float | None = None
    remarks: Sequence[Remark] = ()
    note: str = ""
    ids: Sequence[str] = ()
    incidents: int = 0
    unknown: int = 0
    known: float | None = None


def reconcile_totals(
    incidents: gpd.GeoDataFrame,
    totals: pd.DataFrame,
    *,
    actors: pd.DataFrame,
    regions: gpd.GeoDataFrame,
    coverage: pd.DataFrame | None = None,
    as_of: date | None = None,
    cut: Cut | None = None,
) -> pd.DataFrame:
    """Compare the sums of the incidents with every published total of the same scope.

    A total and the incidents it certainly counts differ by a range, ``difference``. Incidents that it may or may not
    count (contested attribution, grading, no place or month, counted with another record) can account for as much as
    their maxima; what is left of the distance between the two ranges is ``unexplained``: above 0 when the total is
    higher than everything listed, below 0 when it is lower than the least that is listed. Where an incident has no
    figure or no maximum, its set has no maximum either, and the difference no lower end. Totals of another scope are
    listed with the reasons, and nothing is subtracted from them.

    Parameters
    ----------
    incidents
        Located incidents, as `geo.regions.join_regions` returns them.
    totals
        As `geo.totals.read_totals` returns them.
    actors, regions
        Actor table, and the regions the incidents were joined to.
    coverage
        Coverage windows of the list (see `geo.coverage.read_coverage`); None when nobody stated any.
    as_of
        Day as known on which the incidents are; totals published later, or on no day known, are not compared with them.
    cut
        What the list was cut to; totals that may count what was left out are not compared.

    Returns
    -------
    pandas.DataFrame
        `COLUMNS`: a row for each part of each comparison, and one for each total that is not comparable. ``note`` says
        in English what ``remarks``, a tuple of `layers.remarks.Remark`, say in any language; without any it is what a
        total counts, in the words of its source.
    """
    scopes, cut = Scopes(incidents, actors, regions, coverage), cut or Cut()
    later = find_later(totals if as_of is None else totals[known_by(totals["published"], as_of)])
    rows = []
    for row, total in totals.iterrows():
        reasons = [*judge_scope(total, as_of), *later.get(row, []), *cut.judge(total, scopes.kin)]
        lines = [_refuse(reasons)] if reasons else _compare(total, scopes)
        rows += [_tell(total, line) for line in lines]
    numbers = dict.fromkeys(("incidents", "unknown"), "Int64") | dict.fromkeys(FIGURES, "Float64")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(numbers)


def _refuse(reasons: Sequence[Remark]) -> Line:
    return Line(NOT_COMPARABLE, remarks=reasons)


def _tell(total: pd.Series, line: Line) -> dict[str, object]:
    stated = {name: total[name] for name in ("total_id", *SCOPE, "url")}
    figures = {"total_min": total["min"], "total_max": total["max"], "min": line.low, "max": line.high}
    behind = {"incidents": line.incidents, "unknown": line.unknown, "incident_ids": "|".join(sorted(line.ids))}
    note = say_remarks(line.remarks, Words("en")) if line.remarks else line.note
    return stated | figures | behind | {"part": line.part, "note": note, "remarks": tuple(line.remarks)}


def _compare(total: pd.Series, scopes: Scopes) -> list[Line]:
    """Return the lines of one comparison; a single one when there is nothing to compare."""
    sets = scopes.select(total)
    if not isinstance(sets, dict):
        return [_refuse(sets)]
    lines = {name: _sum(name, scopes.incidents[found], total["measure"]) for name, found in sets.items()}
    if lines[COUNTED].known is None:
        return [_refuse([Remark("noFigure")])]
    covered, definition = scopes.cover(total), _define(total)
    return [
        *lines.values(),
        Line("coverage", remarks=[Remark("unstated") if covered is None else _describe_days(covered)]),
        Line("definition", remarks=() if definition else [Remark("notStated")], note=definition),
        *_subtract(total, lines, covered),
    ]


def _sum(name: str, incidents: gpd.GeoDataFrame, measure: str) -> Line:
    """Return the sum of some incidents: as a range, from 0 where a total may not count them."""
    ids = tuple(map(str, incidents["incident_id"]))
    if not ids:
        return Line(name, 0.0, 0.0, known=0.0)
    sums = total_ranges(incidents)
    number = int(sums["incidents"])
    if measure == EVENTS:
        return Line(name, 0.0 if name in OPEN else number, number, ids=ids, incidents=number, known=number)
    count = COUNT_OF[measure]
    low, high = (sums[f"{count}_{end}"] for end in ("min", "max"))
    least = 0.0 if name in OPEN or pd.isna(low) else float(low)
    unknown = int(sums[f"{count}_unknown"] + sums[f"{count}_open"])
    known = None if pd.isna(high) else float(high)
    most = None if unknown else known
    return Line(name, least, most, ids=ids, incidents=number, unknown=unknown, known=known)


def _subtract(total: pd.Series, lines: dict[str, Line], covered: NDArray[np.int8] | None) -> list[Line]:
    """Return the difference, and what is left of the distance of the two ranges when all that may count is used."""
    least, most = float(lines[COUNTED].low or 0), lines[COUNTED].high
    reach = sum(lines[name].known or 0.0 for name in (COUNTED, *OPEN))
    low = 0.0 if pd.isna(total["min"]) else float(total["min"])
    high = np.inf if pd.isna(total["max"]) else float(total["max"])
    gap = low - reach if low > reach else min(high - least, 0.0)
    unsure = sum(lines[name].unknown for name in (COUNTED, *OPEN)) if gap > 0 else 0
    remarks = [Remark("meet")] if gap == 0 else []
    if unsure:
        remarks.append(Remark("unless", {"n": unsure}))
    if gap and (covered is None or merge_codes(covered) != COVERED):
        remarks.append(Remark("notCovered"))
    between = None if most is None else low - most, None if np.isinf(high) else high - least
    return [
        Line("difference", *between, unknown=lines[COUNTED].unknown),
        Line("unexplained", 0.0 if unsure else gap, gap, remarks=remarks),
    ]


def _describe_days(codes: NDArray[np.int8]) -> Remark:
    """Return how the days of a total are covered: partial on 23 of 31 days, suspended on 8."""
    (first, days), *rest = count_days(codes).items()
    if not rest:
        return Remark("allDays", {"status": first, "n": days})
    told = Remark("someDays", {"status": first, "n": days, "all": len(codes)})
    for status, number in rest:
        told = Remark("moreDays", {"before": told, "status": status, "n": number})
    return told


def _define(total: pd.Series) -> str:
    """Return in words what a total counts; nothing where it is not stated."""
    told = [] if pd.isna(total["scope"]) else [str(total["scope"])]
    if pd.notna(total["published"]):
        told.append(f"as known on {total['published']:%Y-%m-%d}")
    if pd.notna(total["attribution_confidence"]) and total["attribution_confidence"] != "certain":
        told.append(f"attribution {total['attribution_confidence']}")
    if pd.notna(total["actor"]):
        told += name_losses(total["source"], total["actor"])
    return "; ".join(told)


def drop_empty(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of comparisons without those of sets that hold no incident."""
    return lines[~lines["part"].isin([*OPEN, LEFT_OUT]) | (lines["incidents"] > 0)]


def write_ends(low: float, high: float) -> list[str]:
    """Return from and to for reading, with a real minus sign; empty where there is none."""
    return ["" if pd.isna(end) else f"{end:,{EXACT}}".replace("-", "−") for end in (low, high)]


def compare_wholes(totals: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """Compare a source's totals of single parties with its own total of all parties, of the same scope and day.

    Parameters
    ----------
    totals
        As `geo.totals.read_totals` returns them.
    actors
        Actor table: what a member killed is in the figure of those that it belongs to.

    Returns
    -------
    pandas.DataFrame
        One row for each total without an actor that has parts: ``total_id``, ``source``, ``measure``, ``whole_min``,
        ``whole_max``, ``parts`` (the ids of `geo.totals.list_parties`, ``|``-separated), ``parts_min``, ``parts_max``,
        ``rest_min``, ``rest_max`` (what the parts leave of the whole; below 0 they are above it); an end is missing
        where nothing bounds it.
    """
    rows = []
    for same in group_totals(totals, apart_from="actor"):
        parts = list_parties(same, actors)
        low, high = parts["min"].sum(min_count=1), parts["max"].sum(min_count=1, skipna=False)
        rows += [
            {
                "total_id": whole["total_id"],
                "source": whole["source"],
                "measure": whole["measure"],
                "whole_min": whole["min"],
                "whole_max": whole["max"],
                "parts": "|".join(parts["total_id"]),
                "parts_min": low,
                "parts_max": high,
                "rest_min": whole["min"] - high,
                "rest_max": whole["max"] - low,
            }
            for _, whole in same[same["actor"].isna()].iterrows()
            if len(parts)
        ]
    return pd.DataFrame(rows)
