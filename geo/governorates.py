"""Governorates that a list states and the regions do not have: mostly those of another time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import Problem, say_number
from geo.names import fold_names
from geo.toponyms.questions import match_stated

if TYPE_CHECKING:
    import geopandas as gpd


def find_unknown_governorates(incidents: pd.DataFrame, regions: gpd.GeoDataFrame) -> list[Problem]:
    """Return a finding for each governorate stated, of a country, that is not among those of the country.

    A name of several of them (Kyiv is the city or its oblast) is known, and so is every one of a country of which the
    regions have none.

    Parameters
    ----------
    incidents
        ``admin1``, ``country`` and ``iso`` (its two-letter code; without one nothing is judged), indexed by row.
    regions
        A regions frame.
    """
    units = regions[regions["level"] == 1]
    asked = incidents[incidents["admin1"].notna() & incidents["iso"].isin(units["country"])]
    asked = asked[["admin1", "country", "iso"]].assign(row=asked.index)
    told = asked.groupby(["admin1", "iso"]).agg(
        country=("country", "first"), number=("row", "size"), row=("row", "min")
    )
    told = told.reset_index()
    told = told.drop(match_stated(told["admin1"], told["iso"], regions).index)
    if told.empty:
        return []
    names = pd.concat(
        [units.set_index("country")[name].str.split("|").explode() for name in ("name", "name_local", "aliases")]
    )
    names = names.dropna()
    known = set(zip(names.index, fold_names(names), strict=True))
    folded = zip(told["iso"], fold_names(told["admin1"]), strict=True)
    told = told[[pair not in known for pair in folded]].sort_values("row")
    follows = "a place there is looked for in all of the country, or around a town called so"
    todo = "correct it, or bring boundaries that have it with --regions"
    return [
        Problem(
            0,
            "admin1",
            text,
            f"is no governorate of {country} known here, in {say_number(number, 'row')}, first in row {row}: {follows}",
            todo,
            "admin1-unknown",
            "finding",
        )
        for text, country, number, row in told[["admin1", "country", "number", "row"]].itertuples(index=False)
    ]
