"""Published totals: what a source says of a country, a period and a party. They are never summed with incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.actors import trace_parents
from geo.claims import MEASURES as PEOPLE
from geo.dates import parse_dates
from geo.errors import Problem, refuse_errors
from geo.parse import CellError
from geo.readers.records import read_records, tell_rows
from geo.reference import reference_path
from geo.schema import CONFIDENCES, Field
from geo.story import ALL

if TYPE_CHECKING:
    from pathlib import Path

    from geo.dates import DateOrder, DateSpan

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

PERCENT = "_percent"
"""End of the name of a measure in percent."""

SERIES = ("documented", "alleged", "likely", "fair", "conceded", "undefined")
"""Which records a total counts: those its source documented (also when left empty), all alleged ones, those graded
confirmed or fair, those graded fair, those that a party conceded; ``undefined`` when the source does not say."""

TOTAL_FIELDS: tuple[Field, ...] = (
    Field("total_id", "id", "Total"),
    Field("source", "text", "Source"),
    Field("published", "day", "Published"),
    Field("country", "text", "Countries"),
    Field("area", "text", "Area, when it is a part of the country"),
    Field("period", "text", "Period"),
    Field("actor", "actors", "Actor"),
    Field("measure", "choice", "Measure", choices=MEASURES),
    Field("series", "choice", "Series", choices=SERIES),
    Field("min", "number", "Minimum"),
    Field("max", "number", "Maximum"),
    Field("formula", "text", "Formula"),
    Field("attribution_confidence", "choice", "Confidence of the attribution", choices=CONFIDENCES),
    Field("scope", "text", "Scope in words"),
    Field("note", "text", "Note"),
    Field("url", "urls", "Address"),
)
"""Columns of a totals file. ``country`` names several with ``|`` between them, and is empty for a whole conflict;
``period`` is days, ``2017-03`` or ``2014-08/2017-03``; without ``actor`` a total is of all parties."""

SCOPE = ("source", "published", "country", "area", "first", "last", "actor", "measure", "series")
"""Columns of a total that say what it counts."""

REQUIRED = ("source", "measure")
"""Columns that must be there, and filled in every row."""


def read_totals(
    path: Path | str | None = None, *, actors: pd.DataFrame, date_order: DateOrder | None = None
) -> pd.DataFrame:
    """Return the built-in published totals, or those of a file.

    Parameters
    ----------
    path
        CSV with the columns `TOTAL_FIELDS`, of which `REQUIRED` and one of ``min`` and ``max`` must be there.
    actors, date_order
        As for `geo.readers.records.read_records`.

    Returns
    -------
    pandas.DataFrame
        These columns, indexed by ``row``, with ``first`` and ``last`` (``datetime64``), the days of the period, in
        place of it; ``min`` and ``max`` are numbers, and without a ``max`` there is no upper bound.

    Raises
    ------
    InputError
        With everything wrong in the file.
    """
    source = reference_path("totals.csv") if path is None else path
    totals, problems = read_records(
        source, TOTAL_FIELDS, what="totals", required=REQUIRED, actors=actors, everybody=ALL, date_order=date_order
    )
    spans, wrong = _read_periods(totals.pop("period"), date_order)
    problems += [*wrong, *_judge_totals(totals)]
    refuse_errors(source, problems)
    numbered = "row " + pd.Series(totals.index.astype("str"), index=totals.index)
    days = {name: [span and span[end] for span in spans] for end, name in enumerate(("first", "last"))}
    return totals.assign(
        total_id=totals["total_id"].fillna(numbered),
        series=totals["series"].fillna(SERIES[0]),
        **{name: np.array(ends, dtype="datetime64[us]") for name, ends in days.items()},
    )


def group_totals(totals: pd.DataFrame, *, apart_from: str) -> list[pd.DataFrame]:
    """Return the totals that agree in all that they count but in one column of `SCOPE`, in the order they come in."""
    scope = [name for name in SCOPE if name != apart_from]
    return [same for _, same in totals.groupby(scope, dropna=False, sort=False)]


def list_parties(totals: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """Return what can be added up of totals that agree in all but their actor: one row for each party.

    An actor is in the figure of any that it belongs to, and left out where one of these is named too. Where a party has
    several totals the widest range holds, with all of their ids, ``or`` between them. Percentages do not add up.

    Parameters
    ----------
    totals
        Totals of one group of `group_totals`.
    actors
        Known actors (see `geo.actors.read_actors`).

    Returns
    -------
    pandas.DataFrame
        Rows of the totals; ``min`` and ``max`` are missing where one of a party's totals leaves them open.
    """
    single = totals["actor"].notna() & ~totals["actor"].str.contains("|", regex=False, na=False)
    parties = totals[single & ~totals["measure"].str.endswith(PERCENT, na=False)]
    kin, named = trace_parents(actors), set(parties["actor"])
    alone = [named.isdisjoint(kin.get(actor, [actor])[1:]) for actor in parties["actor"]]
    apart = parties[pd.Series(alone, parties.index, dtype=bool)]
    told = apart.groupby("actor", sort=False)
    ends = {"min": told["min"].transform("min", skipna=False), "max": told["max"].transform("max", skipna=False)}
    return apart.assign(**ends, total_id=told["total_id"].transform(" or ".join)).drop_duplicates("actor")


def _read_periods(cells: pd.Series, order: DateOrder | None) -> tuple[list[DateSpan | None], list[Problem]]:
    """Return the days of each period; missing where there is none, or it is refused."""
    spans: list[DateSpan | None] = []
    problems = []
    for row, text in zip(cells.index, cells.fillna(""), strict=True):
        try:
            spans.append(parse_dates(text, order=order) if text else None)
        except CellError as error:
            spans.append(None)
            problems.append(Problem(int(row), "period", text, error.wrong, error.todo, error.code))
    return spans, problems


def _judge_totals(totals: pd.DataFrame) -> list[Problem]:
    """Return a problem for rows without a figure, minima above their maxima, and several actors in one cell."""
    bare = totals[totals["min"].isna() & totals["max"].isna()]
    crossed = totals[totals["min"].gt(totals["max"]).fillna(value=False)]
    above = [f"is above max {high:.15g}" for high in crossed["max"]]
    several = totals[totals["actor"].str.contains("|", regex=False, na=False)]
    todo = "write the actor they belong to, or a row for each"
    return [
        *tell_rows(bare, "min", wrong="is empty, as is max", todo="a total needs a figure", code="no-figure"),
        *tell_rows(crossed, "min", wrong=above, todo="correct one of them", code="min-above-max"),
        *tell_rows(several, "actor", wrong="names several actors", todo=todo, code="actors-joined"),
    ]
