"""Sums of ranges: minima and maxima are each added up; what is unknown stays unknown.

Records that are related (see `geo.relations`) are counted here as one span, and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.actors import trace_parents
from geo.relations import group_records, mark_events
from geo.schema import COUNTS
from layers.layer import incident_month, layer_keys, split_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.relations import Groups

RANGES = tuple(f"{count}_{end}" for count in COUNTS for end in ("min", "max"))
"""Count columns of the incident table."""

DISCOUNTED = "discounted"
"""Grading of records that map, report and pictures leave out until they are asked for."""

NUMBERS = ("incidents", DISCOUNTED, *(f"{count}_{part}" for count in COUNTS for part in ("unknown", "open")))
"""Numbers of incidents: in all, of discounted records alone, with an unknown count, and with one without a maximum."""

SUMS = ("incidents", DISCOUNTED, *(f"{count}_{part}" for count in COUNTS for part in ("min", "max", "unknown", "open")))
"""Columns of a table of sums."""


def follow_leads(incidents: pd.DataFrame, *, apart: bool = False) -> pd.DataFrame:
    """Return the incidents with the place, days, actors and grading of the record that each is counted with.

    What is chosen by these is chosen by event, and every event stands where all sums have it. ``apart`` is for what is
    chosen by grading: discounted records are counted among themselves then, and all others as map and report do it,
    which leave discounted ones out: parts of a discounted whole each by itself.
    """
    discounted = (incidents["grading"] == DISCOUNTED).to_numpy(dtype=bool, na_value=False) & apart
    marked, lead = mark_events(incidents), np.arange(len(incidents))
    for rows in (np.flatnonzero(~discounted), np.flatnonzero(discounted)):
        groups = group_records(marked.iloc[rows])
        if groups is not None:
            lead[rows] = rows[groups.lead]
    return incidents.iloc[lead].set_axis(incidents.index)


def sum_ranges(incidents: pd.DataFrame, by: Sequence[str], *, counts: Sequence[str] = COUNTS) -> pd.DataFrame:
    """Return the number of incidents and the sums of their counts for each group.

    A count that is missing adds nothing, and a sum of nothing but missing ones is missing, never 0. A minimum without
    a maximum ("at least 30") adds itself to both sums: more may have been killed, but not fewer. ``killed_unknown``
    and its like are the number of incidents of which no figure is known, ``killed_open`` of those of which one is, but
    no maximum: where it is not 0, the sum of the maxima is no upper bound.

    Parameters
    ----------
    incidents
        Incidents of any stage.
    by
        Columns to group by; missing keys are a group of their own.
    counts
        Counts to sum.

    Returns
    -------
    pandas.DataFrame
        The columns ``by``, then the `SUMS` of the counts (people, as Int64), sorted by ``by`` with missing keys last.

    Raises
    ------
    AssertionError
        When the groups do not add up to the incidents.
    """
    counted = _count(incidents, by, counts)
    sums = regroup(counted, by)
    assert_equal(add_up(counted), add_up(sums), "the groups of a sum")
    return sums


def regroup(sums: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return a table of sums added up for each group of fewer columns."""
    groups = sums.groupby([*by], dropna=False, observed=True)
    ranges, numbers = ([name for name in names if name in sums] for names in (RANGES, NUMBERS))
    added = groups[ranges].sum(min_count=1).join(groups[numbers].sum())
    return added[[name for name in SUMS if name in sums]].astype("Int64").reset_index()


def total_ranges(incidents: pd.DataFrame, *, counts: Sequence[str] = COUNTS) -> pd.Series:
    """Return the `SUMS` of some counts over all incidents: the figures that every product must show."""
    return add_up(_count(incidents, [], counts))


def _count(incidents: pd.DataFrame, by: Sequence[str], counts: Sequence[str] = COUNTS) -> pd.DataFrame:
    """Return the counts of each incident (floats, NaN unknown) with the `NUMBERS` that make them summable.

    Records that are counted together are one row, that of their lead.
    """
    columns = {name: incidents[name].array for name in by} | {"incidents": np.ones(len(incidents), int)}
    if "grading" in incidents:
        columns[DISCOUNTED] = (incidents["grading"] == DISCOUNTED).to_numpy(dtype=int, na_value=0)
    for count in counts:
        low, high = (incidents[f"{count}_{end}"].to_numpy(dtype=float, na_value=np.nan) for end in ("min", "max"))
        bare, endless = np.isnan(low), np.isnan(high)
        columns[f"{count}_unknown"] = (bare & endless).astype(int)
        columns[f"{count}_open"] = (~bare & endless).astype(int)
        columns[f"{count}_min"], columns[f"{count}_max"] = low, np.where(endless, low, high)
    counted = pd.DataFrame(columns)  # made at once: this is done for every sum
    groups = group_records(incidents)
    return counted if groups is None else _join_spans(counted, groups, counts)


def _join_spans(counted: pd.DataFrame, groups: Groups, counts: Sequence[str]) -> pd.DataFrame:
    """Return one row for each lead: its span runs from the lowest minimum to the highest maximum of its records.

    It has no minimum where a record with a maximum alone lies below them, as `geo.ranges.span_claims` has none; it is
    open when the highest figure is a minimum that has no maximum, and unknown when all its records are.
    """
    wide = groups.widens
    lead = groups.lead[wide]
    leads = np.flatnonzero(groups.lead == np.arange(len(counted)))
    joined: pd.DataFrame = counted.iloc[leads].copy()
    if DISCOUNTED in counted:
        joined[DISCOUNTED] = (~np.isin(leads, groups.lead[counted[DISCOUNTED] == 0])).astype(int)
    for count in counts:
        low, high = (counted[f"{count}_{end}"].to_numpy()[wide] for end in ("min", "max"))
        closed = np.where(counted[f"{count}_open"][wide] == 0, high, np.nan)
        up_to = np.where(np.isnan(low), closed, np.nan)
        lowest, under, highest, known = (np.full(len(counted), np.nan) for _ in range(4))
        lows, highs = ((lowest, low), (under, up_to)), ((highest, high), (known, closed))
        for extreme, spans in ((np.fmin, lows), (np.fmax, highs)):
            for span, figures in spans:
                extreme.at(span, lead, figures)
        lowest[under < lowest] = np.nan
        joined[f"{count}_min"], joined[f"{count}_max"] = lowest[leads], highest[leads]
        joined[f"{count}_unknown"] = np.isnan(highest[leads]).astype(int)
        joined[f"{count}_open"] = (highest > np.fmax(known, -1))[leads].astype(int)
    return joined


def add_up(sums: pd.DataFrame) -> pd.Series:
    """Return the `SUMS` of a table of sums over all its rows; missing where every row is."""
    total = {name: sums[name].sum(min_count=1 if name in RANGES else 0) for name in SUMS if name in sums}
    return pd.Series(total, dtype="Int64")


def leave_open(sums: pd.DataFrame) -> pd.DataFrame:
    """Return sums as people get them: without a maximum where an incident has none, for what is known is no maximum."""
    counts = [count for count in COUNTS if f"{count}_max" in sums]
    return sums.assign(**{f"{count}_max": sums[f"{count}_max"].mask(sums[f"{count}_open"] > 0) for count in counts})


def assert_equal(expected: pd.Series, found: pd.Series, product: str) -> None:
    """Raise an `AssertionError` that names every figure in which ``product`` differs from the incident table."""
    wrong = [name for name in SUMS if str(expected.get(name)) != str(found.get(name))]
    if wrong:
        told = ", ".join(f"{name} {expected.get(name)} in the table but {found.get(name)}" for name in wrong)
        message = f"{told} in {product}"
        raise AssertionError(message)


def count_overlap(incidents: pd.DataFrame, actors: pd.DataFrame) -> pd.Series:
    """Return `SUMS` of what a table by actor counts again: each incident once for every actor but the first.

    They are added up as everywhere: an end that no incident counted again gives is missing, and 0 where there is none.
    """
    counted = _count(incidents.assign(layer=layer_keys(incidents)), ["layer"])
    times = counted["layer"].map(_name_shares(counted["layer"].unique(), actors)["layer"].value_counts())
    again = counted.iloc[np.repeat(np.arange(len(counted)), times.to_numpy(dtype=int) - 1)]
    overlap = add_up(again)
    if again.empty:
        overlap[:] = 0
    return overlap


def share_actors(incidents: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """Return the month and the `SUMS` of the incidents, once for each actor they name; add them up with `regroup`.

    A member counts for its parent too. ``share`` says whether the ``actor``, its members among it, is named alone
    (``sole``) or with others (``shared``): an incident of France and the United Kingdom is shared by the two, and the
    US-led coalition's alone. Sums over one actor are unions; sums over several count incidents several times, and
    `total_ranges` gives their union.

    Parameters
    ----------
    incidents
        Incidents of any stage.
    actors
        Actor table with ``parent``.
    """
    counted = _count(incidents.assign(layer=layer_keys(incidents), month=incident_month(incidents)), ["layer", "month"])
    return counted.merge(_name_shares(counted["layer"].unique(), actors), on="layer").drop(columns="layer")


def _name_shares(keys: Iterable[str], actors: pd.DataFrame) -> pd.DataFrame:
    """Return each ``layer`` once for each ``actor`` it counts for, with its ``share``."""
    kin = trace_parents(actors)
    lines = {key: [kin.get(actor, [actor]) for actor in split_key(key)[0]] for key in keys}
    pairs = [
        (key, actor, "sole" if all(actor in line for line in named) else "shared")
        for key, named in lines.items()
        for actor in sorted({one for line in named for one in line})
    ]
    return pd.DataFrame(pairs, columns=["layer", "actor", "share"], dtype="str")
