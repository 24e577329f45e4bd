"""Published totals: what a source says of a country, a period and a party. They are never summed with incidents."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from geo.actors import index_actors
from geo.dates import parse_dates
from geo.errors import Problem
from geo.readers.columns import parse_choice, parse_number
from geo.readers.records import Column, parse_actor, parse_day, read_records, refuse_errors
from geo.reference import reference_path
from geo.schema import CONFIDENCES

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = ("civilians", "children", "women", "men", "injured", "combatants", "all_deaths")
"""Measures that are people; ``all_deaths`` are civilians and combatants together."""

MEASURES = (
    *PEOPLE,
    "events",
    "reports",
    "strikes",
    "engagements",
    "sites",
    "report_share_percent",
    "credible_share_percent",
    "strike_share_percent",
)

SERIES = ("documented", "alleged", "likely", "fair", "conceded", "undefined")
"""Which records a total counts: those its source documented (also when left empty), all alleged ones, those graded
confirmed or fair, those graded fair, those that a party conceded; ``undefined`` when the source does not say."""


def read_totals(path: Path | str | None = None, *, actors: pd.DataFrame) -> pd.DataFrame:
    """Return the built-in published totals, or those of a file.

    Parameters
    ----------
    path
        CSV with ``source``, ``measure`` (one of `MEASURES`) and ``min`` or ``max`` in every row; ``total_id``,
        ``published``, ``country`` (several separated by ``|``; empty: not one country's), ``area`` (where the total is
        of a part of the country only), ``period`` (``2017-03``, ``2014-08/2017-03``, days), ``actor`` (empty: all
        parties), ``series`` (one of `SERIES`), ``attribution_confidence``, ``scope``, ``note`` and ``url``.
    actors
        The known actors.

    Returns
    -------
    pandas.DataFrame
        These columns, indexed by ``row``; ``first`` and ``last`` (``datetime64``) are the days of the period,
        ``min`` and ``max`` numbers, a missing ``max`` no upper bound.

    Raises
    ------
    InputError
        With everything wrong in the file.
    """
    source = reference_path("totals.csv") if path is None else path
    columns = (
        Column("total_id"),
        Column("source", must="cell"),
        Column("published", parse_day, "datetime64[us]"),
        Column("country"),
        Column("area"),
        Column("period", parse_dates, "object"),
        Column("actor", partial(parse_actor, names=index_actors(actors))),
        Column("measure", partial(parse_choice, choices=MEASURES), must="cell"),
        Column("series", partial(parse_choice, choices=SERIES)),
        Column("min", parse_number, "Float64"),
        Column("max", parse_number, "Float64"),
        Column("attribution_confidence", partial(parse_choice, choices=CONFIDENCES)),
        Column("scope"),
        Column("note"),
        Column("url"),
    )
    totals, problems = read_records(source, columns, what="totals")
    refuse_errors(source, [*problems, *_judge_totals(totals)])
    totals["total_id"] = totals["total_id"].fillna("row " + pd.Series(totals.index.astype("str"), index=totals.index))
    totals["series"] = totals["series"].fillna(SERIES[0])
    spans = totals.pop("period")
    for name, end in (("first", "start"), ("last", "end")):
        days = [getattr(span, end) if isinstance(span, tuple) else None for span in spans]
        totals[name] = pd.array(days, dtype="datetime64[us]")
    return totals


def _judge_totals(totals: pd.DataFrame) -> list[Problem]:
    """Return a problem for ids used twice, rows without a figure, and minima above their maxima."""
    crossed = totals["min"].gt(totals["max"]).fillna(value=False)
    bare = totals["min"].isna() & totals["max"].isna()
    again = totals["total_id"].notna() & totals["total_id"].duplicated()
    return [
        *(
            Problem(row, "total_id", text, "is the id of two totals", "give each its own", "duplicate-id")
            for row, text in totals.loc[again, ["total_id"]].itertuples()
        ),
        *(
            Problem(int(row), "min", "", "is empty, as is max", "a total needs a figure", "no-figure")
            for row in totals.index[bare]
        ),
        *(
            Problem(row, "min", f"{low:g}", f"is above max {high:g}", "correct one of them", "min-above-max")
            for row, low, high in totals.loc[crossed, ["min", "max"]].itertuples()
        ),
    ]
