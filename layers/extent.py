"""What a list covers: its governorates, whose boundaries they are, and the classes they are graded in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.regions import find_countries
from geo.relations import mark_events
from layers.counts import DISCOUNTED, sum_ranges
from layers.style import MEASURES, PEOPLE, RATES, class_breaks, rate_breaks

if TYPE_CHECKING:
    import geopandas as gpd

_SUMMED = ("incident_id", "date_start", "grading", "related", "adm1_pcode", "killed_min", "killed_max", "geometry")


def counted(incidents: gpd.GeoDataFrame) -> pd.Series:
    """Return whether each incident is shown from the start: all but discounted ones."""
    shown: pd.Series = (incidents["grading"] != DISCOUNTED).fillna(value=True)
    return shown


def leave_out(incidents: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the incidents that are shown from the start; what is one event stays one."""
    shown = counted(incidents).to_numpy(dtype=bool)
    return incidents if shown.all() else mark_events(incidents)[shown]


def covered_units(incidents: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the governorates of the countries that the incidents name, in the order of their codes."""
    countries = regions.loc[
        (regions["level"] == 0) & regions["pcode"].isin(incidents["adm0_pcode"].unique()), "country"
    ]
    units = regions[(regions["level"] == 1) & regions["country"].isin(countries)]
    return units.sort_values("pcode", kind="stable")


def boundary_sets(
    incidents: gpd.GeoDataFrame, regions: gpd.GeoDataFrame, units: gpd.GeoDataFrame
) -> list[dict[str, Any]]:
    """Return each set of the shaded regions: source, days it was valid, countries, incidents that are not of its time.

    ``countries`` holds their names in English and in their own language.
    """
    names = regions[regions["level"] == 0].set_index("country")[["name", "name_local"]].fillna("")
    span = ["source", "valid_from", "valid_to"]
    sets = units[[*span, "country"]].drop_duplicates().sort_values("country").fillna("")
    found = []
    country = find_countries(incidents["adm0_pcode"], regions)
    dates = pd.DataFrame(incidents[["date_start", "date_end"]])  # alone: to choose rows of all columns takes long
    for (source, since, until), group in sets.groupby(span, sort=True):
        own = dates[country.isin(group["country"])]
        early = (own["date_end"] < since).sum() if since else 0
        late = (own["date_start"] > until).sum() if until else 0
        countries = names.reindex(group["country"]).fillna("").to_numpy().tolist()
        found.append(
            {
                "source": source,
                "valid_from": since,
                "valid_to": until,
                "countries": countries,
                "others": int(early + late),
            }
        )
    return found


def population_sources(units: gpd.GeoDataFrame) -> list[dict[str, str]]:
    """Return which column of which file states the populations of the shaded regions."""
    stated = units.loc[units["population"].notna(), ["population_column", "source"]].drop_duplicates()
    named = stated.rename(columns={"population_column": "column"}).sort_values(["source", "column"])
    people: list[dict[str, str]] = named.to_dict("records")
    return people


def region_breaks(incidents: gpd.GeoDataFrame) -> dict[str, list[int]]:
    """Return the classes of each measure over all regions; they stay the same whatever the reader chooses."""
    sums = _sum_regions(incidents)
    return {measure: class_breaks(sums[measure].to_numpy(dtype=float)) for measure in MEASURES}


def rate_classes(incidents: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> dict[str, list[float]]:
    """Return the same for rates per population; nothing when the population of no region is known."""
    if not (units["population"] > 0).any():
        return {}
    sums = _sum_regions(incidents)
    people = sums["adm1_pcode"].map(units.set_index("pcode")["population"]).to_numpy(dtype=float, na_value=np.nan)
    people[people == 0] = np.nan
    return {rate: rate_breaks(PEOPLE * sums[m].to_numpy(dtype=float) / people) for m, rate in RATES.items()}


def _sum_regions(incidents: gpd.GeoDataFrame) -> pd.DataFrame:
    told = incidents[[*_SUMMED]]  # to choose rows of all columns takes long
    sums = sum_ranges(leave_out(told), ["adm1_pcode"], counts=("killed",))
    return sums[sums["adm1_pcode"].notna()]
