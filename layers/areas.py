"""Which region each incident stands in, and in words why in none: every incident stands in exactly one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.regions import match_units

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


def name_stated(incidents: pd.DataFrame, units: pd.DataFrame) -> pd.Series:
    """Return the code of the unit that its source states for each incident that stands in none; missing elsewhere.

    ``units`` are governorates, as rows of a regions frame.
    """
    return match_units(incidents["admin1"].where(incidents["adm1_pcode"].isna()), units, level=1)


def are_told_of(units: pd.DataFrame, incidents: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which governorates a record stands in, or is said by its source to: no figure there is no zero."""
    codes = incidents["adm1_pcode"].fillna(name_stated(incidents, units))
    told: NDArray[np.bool_] = units["pcode"].isin(codes).to_numpy(dtype=bool)
    return told
