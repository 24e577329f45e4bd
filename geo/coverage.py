"""Coverage windows: where, when and for whom the sources of a list looked. Without them, no incident is no zero."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.actors import index_actors, trace_parents
from geo.errors import Problem
from geo.readers.columns import parse_choice
from geo.readers.records import Column, parse_actor, parse_day, read_records, refuse_errors
from geo.reference import reference_path
from geo.regions import match_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    Codes = NDArray[np.int8]

STATUSES = ("covered", "partial", "suspended", "not covered", "not stated")
"""From the best to the worst. ``partial``: some of what was reported is listed, or some of the days were covered, so
that no incident is no zero. ``not stated``: no window speaks of it; a file does not say it, it leaves it out."""

COVERED, PARTIAL, NOT_STATED = 0, 1, 4
"""Places of three of the `STATUSES`."""


def read_coverage(path: Path | str | None = None, *, actors: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the coverage windows of the built-in list, or those of a file.

    Parameters
    ----------
    path
        CSV with ``country``, ``from`` and ``status`` (one of `STATUSES` but the last) in every row, and ``source``,
        ``admin1`` (empty: the whole country), ``actor`` (empty: whoever), ``to`` (empty: without an end), ``note`` and
        ``url``.
    actors, regions
        The known actors, and the regions frame that countries and governorates are looked up in.

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
    columns = (
        Column("source"),
        Column("country", must="cell"),
        Column("admin1"),
        Column("actor", partial(parse_actor, names=index_actors(actors))),
        Column("from", parse_day, "datetime64[us]", must="cell"),
        Column("to", parse_day, "datetime64[us]"),
        Column("status", partial(parse_choice, choices=STATUSES[:NOT_STATED]), must="cell"),
        Column("note"),
        Column("url"),
    )
    windows, problems = read_records(source, columns, what="coverage windows")
    windows["adm0_pcode"] = match_units(windows["country"], regions, level=0)
    countries = regions[regions["level"] == 0].set_index("pcode")["country"]
    iso = windows["adm0_pcode"].map(countries.to_dict()).astype("str")
    windows["adm1_pcode"] = match_units(windows["admin1"], regions, level=1, country=iso)
    for name, code in (("country", "adm0_pcode"), ("admin1", "adm1_pcode")):
        lost = windows[windows[name].notna() & windows[code].isna()]
        wrong, todo = "is none of the regions", "write it as the regions do"
        problems += [
            Problem(int(row), name, text, wrong, todo, "coverage-region")
            for row, text in zip(lost.index, lost[name], strict=True)
        ]
    for row, start, end in windows.loc[windows["to"] < windows["from"], ["from", "to"]].itertuples():
        wrong = f"is before {start:%Y-%m-%d}, the day it begins"
        problems.append(Problem(row, "to", f"{end:%Y-%m-%d}", wrong, "exchange the days", "date-backwards"))
    refuse_errors(source, problems)
    return windows


def cover_days(
    windows: pd.DataFrame, days: NDArray[np.datetime64], *, country: str, admin1: str | None, kin: Iterable[str]
) -> Codes:
    """Return how each day is covered in one place for one actor, as places in `STATUSES`.

    Of one source the worst window holds, for it takes back what a wider one says; of several sources the best.

    Parameters
    ----------
    windows
        As `read_coverage` returns them.
    days
        ``datetime64[D]``.
    country, admin1
        Codes of the place; without ``admin1`` the whole country is asked for.
    kin
        The actor and those it belongs to; nobody when all parties are asked for, which only a window for all answers.
    """
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


def describe_days(codes: Codes) -> str:
    """Return in words how the days of a period are covered: ``partial on 23 of 31 days, suspended on 8``."""
    number = np.bincount(codes, minlength=len(STATUSES))
    told = [(STATUSES[code], int(n)) for code, n in enumerate(number) if n]
    if len(told) == 1:
        return f"{told[0][0]} on all {len(codes)} days"
    (first, days), *rest = told
    return ", ".join([f"{first} on {days} of {len(codes)} days", *(f"{status} on {n}" for status, n in rest)])


def cover_months(
    windows: pd.DataFrame, *, units: pd.DataFrame, months: Sequence[str], actors: pd.DataFrame, named: Iterable[str]
) -> Mapping[str, Codes]:
    """Return how each month is covered in each unit, for each actor.

    Parameters
    ----------
    windows
        As `read_coverage` returns them.
    units
        Regions of level 1 (or 0 where a country has none), with ``level``, ``pcode`` and ``parent``.
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
    days = [
        np.arange(np.datetime64(month, "M"), np.datetime64(month, "M") + 1, dtype="datetime64[D]") for month in months
    ]
    places = [
        (parent, code) if level else (code, None)
        for level, code, parent in units[["level", "pcode", "parent"]].itertuples(index=False)
    ]
    speaking = {place for place in places if place[1] in set(windows["adm1_pcode"].dropna())}
    found = {}
    for actor in sorted(set(named)):
        known: dict[object, list[int]] = {}
        lines = []
        for country, admin1 in places:
            key = (country, admin1) if (country, admin1) in speaking else country
            if key not in known:
                asked = {"country": country, "admin1": admin1, "kin": kin.get(actor, {actor})}
                known[key] = [merge_codes(cover_days(windows, span, **asked)) for span in days]
            lines.append(known[key])
        found[actor] = np.array(lines, dtype=np.int8).reshape(len(places), len(months))
    return found
