"""Countries as lists of states, of incidents and of humanitarian data name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo.countries import match_countries
from geo.regions import match_units

if TYPE_CHECKING:
    import geopandas as gpd


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("Syria", "SYR", "sy", "Syrian Arab Republic", "سوريا", "Siria", "Syrie", "Suriye", "Сирія"), "SY"),
        (("Tchad", "Chade", "Чад"), "TD"),
        (("Soudan", "Sudán", "Sudan"), "SD"),
        (("Soudan du Sud", "Sudán del Sur", "S. Sudan"), "SS"),
        (("UAE", "U.A.E.", "United Arab Emirates"), "AE"),
        (("CAR", "Central African Republic"), "CF"),
        (("Republic of Moldova", "Moldova, Republic of"), "MD"),
        (("Tanzania, United Republic of", "United Republic of Tanzania"), "TZ"),
        (("The Gambia", "Gambia, The", "Republic of the Gambia"), "GM"),
        (("Islamic Republic of Afghanistan", "the Islamic Republic of Afghanistan"), "AF"),
        (("Democratic Republic of Congo", "DR Congo (Zaire)", "Congo, The Democratic Republic of the"), "CD"),
        (("Congo, Dem. Rep.", "République démocratique du Congo"), "CD"),
        (("Egypt, Arab Rep.", "Egypt"), "EG"),
        (("Congo", "Republic of Congo", "Republic of the Congo"), "CG"),
        (("South Korea", "Korea, Republic of"), "KR"),
        (("DPRK", "Korea, Democratic People's Republic of"), "KP"),
        (("China", "People's Republic of China"), "CN"),
        (("Republic of China",), "TW"),
        (("Gaza Strip", "West Bank", "State of Palestine", "oPt"), "PS"),
        (("New Zealand", "NZL"), "NZ"),
        (("Korea", "Kurdistan", "Ruritania", "", "Republic of", "(", "Democratic People's Republic"), ""),
    ],
)
def test_a_country_is_known_by_its_usual_names(names: tuple[str, ...], code: str, regions: gpd.GeoDataFrame) -> None:
    assert match_countries(names, regions) == dict.fromkeys(names, code)
    assert match_units(pd.Series(names), regions, level=0).fillna("").tolist() == [code] * len(names)


def test_every_country_is_known_by_each_name_and_code_it_has(regions: gpd.GeoDataFrame) -> None:
    countries = regions[regions["level"] == 0].set_index("country")
    for column in ("name", "name_local"):
        named = countries[column].dropna()
        assert match_countries(named, regions) == {name: code for code, name in named.items()}
    assert match_countries(countries.index, regions) == {code: code for code in countries.index}
