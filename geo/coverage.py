"""Coverage windows: where, when and for whom the sources of a list looked. Without them, no incident is no zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.actors import trace_parents
from geo.errors import Problem, refuse_errors
from geo.readers.cells import find_contradictions
from geo.readers.records import read_records, tell_rows
from geo.reference import reference_path
from geo.regions import find_countries, match_units
from geo.schema import Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.dates import DateOrder

    Codes = NDArray[np.int8]

STATUSES = ("covered", "partial", "suspended", "not covered", "not stated")
"""From the best to the worst. ``partial``: some of what was reported is listed, or some of the days were covered, so
that no incident is no zero. ``not stated``: no window speaks of it; a file does not say it, it leaves it out."""

COVERAGE_FIELDS: tuple[Field, ...] = (
    Field("source", "text", "Source"),
    Field("country", "text", "Country"),
    Field("admin1", "text", "Governorate"),
    Field("actor", "actors", "Actor"),
    Field("from", "day", "First day"),
    Field("to", "day", "Last day"),
    Field("status", "choice", "Status", choices=STATUSES[:-1]),
    Field("note", "text", "Note"),
    Field("url", "urls", "Address"),
)
"""Columns of a coverage file."""

REQUIRED = ("country", "from", "status")
"""Columns that must be there, and filled in every row."""

COVERED, PARTIAL, NOT_STATED = 0, 1, 4
"""Places of three of the `STATUSES`."""


def read_coverage(
    path: Path | str | None = None,
    *,
    actors: pd.DataFrame,
    regions: gpd.GeoDataFrame,
    date_order: DateOrder | None = None,
) -> pd.DataFrame:
    """Return the coverage windows of the built-in list, or those of a file.

    Parameters
    ----------
    path
        CSV with the columns `COVERAGE_FIELDS`, of which `REQUIRED` must be there. Without ``admin1`` a window is of the
        whole country, without ``actor`` of whoever, without ``to`` it has no end.
    actors, regions
        The known actors, and the regions frame that countries and governorates are looked up in.
    date_order
        As for `geo.readers.records.read_records`.

    Returns
    -------
    pandas.DataFrame
        These columns, indexed by ``row``; days as ``datetime64``; with the codes ``adm0_pcode`` and ``adm1_pcode``.

    Raises
    ------
    InputError
        With everything wrong in the file.
    """
    source = reference_path("coverage.csv") if path is None else path
    windows, problems = read_records(
        source, COVERAGE_FIELDS, what="coverage windows", required=REQUIRED, actors=actors, date_order=date_order
    )
    windows["adm0_pcode"] = match_units(windows["country"], regions, level=0)
    iso = find_countries(windows["adm0_pcode"], regions)
    windows["adm1_pcode"] = match_units(windows["admin1"], regions, level=1, country=iso)
    for name, code in (("country", "adm0_pcode"), ("admin1", "adm1_pcode")):
        lost = windows[windows[name].notna() & windows[code].isna()]
        todo = "write it as the regions do"
        problems += tell_rows(lost, name, wrong="is none of the regions", todo=todo, code="coverage-region")
    back = windows[windows["to"] < windows["from"]]
    problems += tell_rows(back, "to", wrong="is before the first day", todo="exchange them", code="date-backwards")
    problems += _judge_together(windows)
    refuse_errors(source, problems)
    return windows


def _judge_together(windows: pd.DataFrame) -> list[Problem]:
    """Find windows of the same source, place, actor and days that an earlier row has with another status.

    Those that merely overlap do not contradict each other: the worst holds, see `cover_days`.
    """
    told = windows.dropna(subset=["adm0_pcode", "from", "status"])
    told = told[told["admin1"].isna() | told["adm1_pcode"].notna()]
    scope = told[["source", "adm0_pcode", "adm1_pcode", "actor", "from", "to"]].astype("str").fillna("")
    window = scope["source"].str.cat(scope.drop(columns="source"), sep="\x1f")
    status, todo = dict(told["status"]), "keep the one that holds"
    return [
        Problem(row, "status", status[row], f"contradicts row {first}, '{status[first]}'", todo, "coverage-contradict")
        for row, first in find_contradictions(window, told["status"])
    ]


def cover_days(
    windows: pd.DataFrame, days: NDArray[np.datetime64], *, place: tuple[str, str | None], kin: Iterable[str]
) -> Codes:
    """Return how each day is covered in one place for one actor, as places in `STATUSES`.

    Of one source the worst window holds, for it takes back what a wider one says; of several sources the best.

    Parameters
    ----------
    windows
        As `read_coverage` returns them.
    days
        ``datetime64[D]``.
    place
        Codes of the country and the governorate; without the latter only windows of the whole country answer.
    kin
        The actor and those it belongs to; nobody when all parties are asked for, which only a window for all answers.
    """
    country, admin1 = place
    here = windows[
        (windows["adm0_pcode"] == country)
        & (windows["adm1_pcode"].isna() | (windows["adm1_pcode"] == admin1))
        & (windows["actor"].isna() | windows["actor"].isin(list(kin)))
    ]
    best = np.full(len(days), NOT_STATED, dtype=np.int8)
    for _, told in here.groupby("source", dropna=False):
        worst = np.full(len(days), -1, dtype=np.int8)
        for start, end, status in told[["from", "to", "status"]].itertuples(index=False):
            during = days >= np.datetime64(start, "D")
            if not pd.isna(end):
                during &= days <= np.datetime64(end, "D")
            worst[during] = np.maximum(worst[during], STATUSES.index(status))
        best = np.where(worst >= 0, np.minimum(best, worst), best)
    return best


def merge_codes(codes: Codes) -> int:
    """Return what several days, places or actors are together: ``partial`` where only some of it is covered."""
    low, high = int(codes.min(initial=NOT_STATED)), int(codes.max(initial=COVERED)) if codes.size else NOT_STATED
    return low if low == high or low > PARTIAL else PARTIAL


def count_days(codes: Codes) -> dict[str, int]:
    """Return how many days of a period have each status, from the best to the worst: ``{"partial": 23, ...}``."""
    return {STATUSES[code]: int(n) for code, n in enumerate(np.bincount(codes)) if n}


def list_places(windows: pd.DataFrame, units: pd.DataFrame) -> list[tuple[str, str | None]]:
    """Return the country and governorate of each unit; without a governorate where no window speaks of it.

    Parameters
    ----------
    units
        Regions of level 1 or 0, with ``level``, ``pcode`` and ``parent``.
    """
    stated = set(windows["adm1_pcode"].dropna())
    columns = units[["level", "pcode", "parent"]].itertuples(index=False)
    return [(parent if level else code, code if level and code in stated else None) for level, code, parent in columns]


def cover_months(
    windows: pd.DataFrame, *, units: pd.DataFrame, months: Sequence[str], actors: pd.DataFrame, named: Iterable[str]
) -> Mapping[str, Codes]:
    """Return how each month is covered in each unit, for each actor.

    Parameters
    ----------
    windows
        As `read_coverage` returns them.
    units
        As for `list_places`.
    months
        As ``2017-03``.
    actors
        Actor table with ``parent``.
    named
        Ids of the actors asked for.

    Returns
    -------
    dict
        Actor to places in `STATUSES`, an array of units by months.
    """
    kin = trace_parents(actors)
    starts = [np.datetime64(month, "M") for month in months]
    spans = [np.arange(start, start + 1, dtype="datetime64[D]") for start in starts]
    days = np.concatenate([*spans, np.empty(0, dtype="datetime64[D]")])
    cuts = np.cumsum([len(span) for span in spans])[:-1]
    places = list_places(windows, units)
    told = set(windows["actor"].dropna())
    own = {actor: told.intersection(kin.get(actor, [actor])) for actor in sorted(set(named))}
    codes: dict[frozenset[str], Codes] = {}
    for line in set(map(frozenset, own.values())):  # few: most actors have no window of their own
        known = {
            place: [merge_codes(part) for part in np.split(cover_days(windows, days, place=place, kin=line), cuts)]
            for place in (dict.fromkeys(places) if spans else ())
        }
        lines = [known.get(place, []) for place in places]
        codes[line] = np.array(lines, dtype=np.int8).reshape(len(places), len(months))
    return {actor: codes[frozenset(line)] for actor, line in own.items()}
