"""Which region each incident stands in, and in words why in none: every incident stands in exactly one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.regions import find_countries
from geo.toponyms.questions import match_stated

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

REGION = ("adm0_name", "adm0_pcode", "adm1_name", "adm1_pcode")
"""Columns that name a region of the summary."""

OUTSIDE, UNPLACED, COUNTRY_ONLY = "(outside all regions)", "(not placed)", "(country only)"
"""Stand in ``adm1_name``, without a code, for incidents that no governorate can be given."""

NO_COUNTRY = "(no country)"


def name_regions(incidents: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the incidents with a text for the region of those that have none."""
    why = np.select(
        [incidents["join_method"] == "outside", incidents["precision"] == "none"], [OUTSIDE, UNPLACED], COUNTRY_ONLY
    )
    named = pd.DataFrame(incidents.drop(columns="geometry"))
    return named.assign(
        adm0_name=named["adm0_name"].fillna(NO_COUNTRY),
        adm1_name=named["adm1_name"].where(named["adm1_name"].notna(), why),
    )


def find_stated(incidents: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Return the codes of the governorates that its source states for each incident that stands in none.

    They are indexed by the position of the incident; of several in one cell there are as many. ``units`` are rows of a
    regions frame.
    """
    asked = incidents[["admin1", "adm0_pcode", "adm1_pcode"]].reset_index(drop=True)
    asked = asked[asked["adm1_pcode"].isna() & asked["admin1"].notna()]
    country = find_countries(asked["adm0_pcode"], units)
    here = asked["adm0_pcode"].isna() | country.notna()
    return match_stated(asked.loc[here, "admin1"], country[here], units)


def are_told_of(units: pd.DataFrame, incidents: pd.DataFrame) -> NDArray[np.bool_]:
    """Return in which governorates a record stands or, standing in none, is said by its source to: there is no zero."""
    codes = {*incidents["adm1_pcode"].dropna().unique(), *find_stated(incidents, units)}
    told: NDArray[np.bool_] = units["pcode"].isin(codes).to_numpy(dtype=bool)
    return told
