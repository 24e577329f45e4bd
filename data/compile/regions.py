"""Compile ``regions.parquet``: the administrative units of every country, one row per unit and level.

Syria (levels 0, 1, 3) and Iraq (0, 1, 2) are dissolved from the UN's units, every other country (0, 1) from Natural
Earth's provinces, fitted around the former: Natural Earth is wrong inside Syria and Iraq by up to whole governorates.
"""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sources import DATA, HERE, read_country_names, read_geoboundaries, read_natural_earth

from geo.names import fold_names
from geo.toponyms.places import SIMPLIFIED

EQUAL_AREA = "+proj=cea +lat_ts=33"
SIMPLIFY_DEGREES = 0.025
"""About 2 km: what Natural Earth's 1:10 million is worth, and what keeps the file small."""
GAP_DEGREES = 0.03
"""Widest gap between neighbouring units of Syria and Iraq, which were simplified one by one."""
UNIT_GRID, WORLD_GRID = 2.0**-17, 2.0**-12
"""Coordinates in whole steps of about 1 m and 27 m; powers of two leave empty bits, which compress."""
SHARED_BORDER = 0.25
"""A sliver along a border goes to the neighbour that holds at least this part of its outline."""

DETAILED = {"SY": ("7960031B", 3, "2017-12-31"), "IQ": ("34846034B", 2, "2025-04-13")}
"""Country: geoBoundaries prefix, level of its units, last day they were valid.

Syria redrew Tartus in January 2018; Iraq made Halabja its 19th governorate on 14 April 2025.
"""

PARENTS = {
    ("IQ", "Al-Adhamiya"): "IQ-BG",
    ("IQ", "Al-Kadhmiyah"): "IQ-BG",
    ("IQ", "Al-Mada'in"): "IQ-BG",
    ("IQ", "Al-Mahmoudiya"): "IQ-BG",
    ("SY", "Sabe Byar"): "SY-RD",
    ("SY", "Al-Butayhah"): "SY-QU",
    ("SY", "Arwad"): "SY-TA",
}
"""Units whose governorate the largest overlap with Natural Earth gets wrong."""

CODES = {
    "SYR-5261": "SY-QU",  # UNDOF zone
    "IRQ-3049": "IQ-KI",
    "IRN-5490": "IR-32",
    "AFG-1753": "AF-DAY",
    "AFG-1769": "AF-PAN",
    "SDN-5857": "SD-DE",
    "SDN-5859": "SD-DC",
    "PAK-1112": "PK-KP",  # the tribal areas, which merged into it in 2018
}
"""ISO 3166-2 codes where Natural Earth has an old, a missing or a neighbour's one, by its own ``adm1_code``."""
COUNTRIES = {
    "SOL": "SO",  # Somaliland
    "CYN": "CY",  # Northern Cyprus
    "ESB": "GB",  # Dhekelia
    "WSB": "GB",  # Akrotiri
    "KAB": "KZ",  # Baikonur, leased to Russia
    "USG": "CU",  # Guantanamo Bay
    "CLP": "FR",  # Clipperton
    "CSI": "AU",  # Coral Sea Islands
    "KAS": "XS",  # Siachen Glacier: disputed, a code of the user-assigned range
    "PGA": "XP",  # Spratly Islands: likewise
}
"""Countries of the territories that have no code in Natural Earth, by its ``adm0_a3``."""
COUNTRY_OF = {"IOA-2652": "CX", "IOA-1928": "CC", "RUS-283": "UA", "RUS-5482": "UA"}
"""The same for single provinces, by ``adm1_code``; Crimea and Sevastopol are UA-43 and UA-40 in ISO 3166-2."""

LOCAL_LANGUAGE = {
    **dict.fromkeys(("SY", "IQ", "JO", "LB", "SA", "KW", "PS", "YE", "LY", "SD", "EG", "AE"), "ar"),
    **dict.fromkeys(("BH", "DZ", "DJ", "KM", "MA", "MR", "OM", "QA", "TN", "TD", "EH", "SO"), "ar"),
    **dict.fromkeys(("IR", "AF"), "fa"),
    "TR": "tr",
    "IL": "he",
    "PK": "ur",
    "UA": "uk",
    "RU": "ru",
}
"""Language of ``name_local``; elsewhere it is missing."""
REPORTING_LANGUAGES = ("ar", "fr", "es", "pt", "tr", "fa", "uk", "ru", "he")
"""Languages, beside English, in which lists state countries."""
TITLE = r"^(?:محافظة|ولاية) "
"""Arabic for governorate and state, at the beginning of some names and not of others."""
READABLE = re.compile(r"[^\W\d_][\w\s'’‘`ʿʾ().-]*")
"""A name without the debris of a wrong encoding, of which Natural Earth's ``name_alt`` has some."""


FOREIGN = {
    "AF-PAN": "Charikar",
    "SD-DW": "West Soudan",
    "SY-DR": "Dária",
    "MX-DIF": "Mexico",
    "MX-MEX99": "Mexico",
}
"""Names that Natural Earth gives to units and that are those of others: a town, half a country, a state."""
COLUMNS = ["level", "pcode", "name", "name_local", "aliases", "country", "parent"]
COLUMNS += ["valid_from", "valid_to", "source", "geometry"]


def compile_regions() -> None:
    """Write ``data/regions.parquet``."""
    world = read_world()
    units, outside = fit_together(read_units(world), world)
    governorates = dissolve(units, by="parent", level=1).assign(country=lambda frame: frame.pcode.str[:2])
    provinces = pd.concat([name_provinces(outside), name_provinces(world).drop(columns="geometry").merge(governorates)])
    countries = dissolve(provinces, by="country", level=0).assign(country=lambda frame: frame.pcode)
    regions = pd.concat([name_countries(countries, world), provinces.assign(parent=provinces.country), units])
    regions = add_validity(add_own_names(gpd.GeoDataFrame(regions, crs=world.crs).reset_index(drop=True)))
    regions = regions.sort_values(["level", "country", "pcode"], ignore_index=True)[COLUMNS]
    regions.to_parquet(DATA / "regions.parquet", compression="zstd", compression_level=19, index=False)
    print(f"regions.parquet: {len(regions)} rows")


def read_world() -> gpd.GeoDataFrame:
    """Return Natural Earth's provinces, simplified together, with unique codes; Syria's and Iraq's among them."""
    world = read_natural_earth()
    simple = shapely.coverage_simplify(shapely.make_valid(world.geometry.to_numpy()), SIMPLIFY_DEGREES)
    world = world.set_geometry(shapely.set_precision(simple, WORLD_GRID), crs="EPSG:4326").assign(level=1)
    country = world.adm1_code.map(COUNTRY_OF).fillna(world.adm0_a3.map(COUNTRIES)).fillna(world.iso_a2)
    return merge_twins(world.assign(country=country, pcode=_world_codes(world, country)))


def _world_codes(world: gpd.GeoDataFrame, country: pd.Series) -> pd.Series:
    """Return ISO 3166-2 codes; a province without a code of its own gets a longer one from its ``adm1_code``."""
    code = world.adm1_code.map(CODES).fillna(world.iso_3166_2)
    stand_in = country + "-" + world.adm1_code.str.replace(r"\W", "", regex=True)
    sharers = world.assign(code=code).groupby("code").name.transform("nunique")
    larger = world.to_crs(EQUAL_AREA).area.groupby(code).rank(ascending=False) == 1
    # of two provinces with one code the larger is the one meant; of more, none is
    mine = (sharers == 1) | ((sharers == 2) & larger)  # noqa: PLR2004 - two, as said above
    known = world.adm1_code.isin(list(CODES))
    return code.where(known | (mine & code.str.fullmatch(r"[A-Z]{2}-\w{1,3}")), stand_in)


def merge_twins(world: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return one row per code: a province stored in two parts becomes one."""
    parts = world.groupby("pcode").geometry.agg(lambda geometry: shapely.union_all(geometry.to_numpy()))
    whole = world.drop_duplicates("pcode").set_index("pcode")
    return whole.set_geometry(gpd.GeoSeries(parts.reindex(whole.index), crs=world.crs)).reset_index()


def read_units(world: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the districts of Iraq and sub-districts of Syria without gaps, each with its governorate."""
    units = [
        read_geoboundaries(prefix).assign(country=country, level=level)
        for country, (prefix, level, _) in DETAILED.items()
    ]
    frame = gpd.GeoDataFrame(pd.concat(units, ignore_index=True))
    stated = pd.Series([PARENTS.get(key) for key in zip(frame.country, frame.name, strict=True)])
    frame["parent"] = stated.fillna(_largest_overlap(frame, world))
    clean = shapely.coverage_clean(frame.geometry.to_numpy(), gap_width=GAP_DEGREES)
    return frame.set_geometry(shapely.set_precision(clean, UNIT_GRID), crs=frame.crs)


def _largest_overlap(units: gpd.GeoDataFrame, world: gpd.GeoDataFrame) -> pd.Series:
    """Return the code of the province of its own country that each unit overlaps most, by unit."""
    here = world[world.country.isin(list(DETAILED))]
    pairs = gpd.overlay(
        units[["country", "geometry"]].reset_index(names="unit").to_crs(EQUAL_AREA),
        here[["country", "pcode", "geometry"]].to_crs(EQUAL_AREA),
    )
    pairs = pairs[pairs.country_1 == pairs.country_2].assign(area=lambda frame: frame.area)
    return pairs.sort_values("area").drop_duplicates("unit", keep="last").set_index("unit").pcode


def fit_together(units: gpd.GeoDataFrame, world: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the units and all other provinces as one coverage: no overlap, and no gap along their borders.

    Where the two disagree the units win; what only Natural Earth counts to Syria or Iraq goes to the neighbour.
    """
    detailed = world.country.isin(list(DETAILED))
    outside = world[~detailed].reset_index(drop=True)
    core, ring = units.geometry.to_numpy(), outside.geometry.to_numpy().copy()
    slivers = shapely.difference(shapely.union_all(world.geometry[detailed].to_numpy()), shapely.union_all(core))
    for sliver, neighbour in zip(*_adjoin(shapely.get_parts(slivers), ring), strict=True):
        ring[neighbour] = shapely.union(ring[neighbour], sliver)
    whole = shapely.coverage_clean(np.concatenate([core, ring]), merge_strategy="min_index")
    whole = shapely.set_precision(whole, UNIT_GRID)
    return units.set_geometry(whole[: len(core)], crs=units.crs), outside.set_geometry(
        whole[len(core) :], crs=units.crs
    )


def _adjoin(slivers: np.ndarray, ring: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the slivers that lie along a border, and the index of the neighbour with the longest part of each."""
    sliver, neighbour = shapely.STRtree(ring).query(slivers, predicate="intersects")
    border = shapely.intersection(shapely.boundary(slivers[sliver]), shapely.boundary(ring[neighbour]))
    share = shapely.length(border) / shapely.length(slivers[sliver])
    pairs = pd.DataFrame({"sliver": sliver, "neighbour": neighbour, "share": share})
    best = pairs.sort_values(["share", "neighbour"]).drop_duplicates("sliver", keep="last").sort_values("sliver")
    best = best[best.share >= SHARED_BORDER]
    return slivers[best.sliver], best.neighbour.to_numpy()


def dissolve(units: gpd.GeoDataFrame, *, by: str, level: int) -> gpd.GeoDataFrame:
    """Return one row per value of column ``by``, which becomes the ``pcode``."""
    merged = units.groupby(by).geometry.agg(lambda geometry: shapely.coverage_union_all(geometry.to_numpy()))
    frame = gpd.GeoDataFrame({"pcode": merged.index, "level": level}, geometry=merged.to_numpy(), crs=units.crs)
    return frame.set_geometry(frame.normalize())


def name_provinces(world: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return provinces with ``name``, ``name_local`` and ``aliases`` in place of Natural Earth's columns."""
    shared = world.duplicated(["country", "name_en"], keep=False)
    name = world.name_en.mask(shared | (world.name_en == ""), world.name).where(lambda text: text != "", world.admin)
    language = world.country.map(LOCAL_LANGUAGE).fillna("")
    local = pd.Series("", index=world.index)
    for code in sorted(set(language) - {""}):
        local = local.mask(language == code, world[f"name_{code}"].str.replace(TITLE, "", regex=True))
    others = world.name_en + "|" + world.name + "|" + world.name_alt.str.replace(",", "|") + "|" + world.name_ar
    return world[["pcode", "level", "country", "geometry"]].assign(name=name, name_local=local, aliases=others)


def name_countries(countries: gpd.GeoDataFrame, world: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return countries with CLDR's names; Natural Earth's, and the three-letter code, are aliases."""
    english = read_country_names("en")
    spoken = {code: read_country_names(code) for code in {*REPORTING_LANGUAGES, *LOCAL_LANGUAGE.values()}}
    local = [spoken[LOCAL_LANGUAGE[c]].get(c, "") if c in LOCAL_LANGUAGE else "" for c in countries.pcode]
    variants = ["|".join(name for key, name in english.items() if key.startswith(f"{c}-")) for c in countries.pcode]
    abroad = ["|".join(spoken[code].get(c, "") for code in REPORTING_LANGUAGES) for c in countries.pcode]
    proper = world[world.country == world.iso_a2]
    proper = proper[proper.groupby("country").admin.transform("nunique") == 1]
    owners = {name: code[:2] for code, name in english.items()}
    proper = proper[proper.admin.map(owners).fillna(proper.country) == proper.country]  # Tokelau is not New Zealand
    stated = (proper.admin + "|" + proper.adm0_a3).groupby(proper.country).first()
    return countries.assign(
        name=countries.pcode.map(english).fillna(""),
        name_local=local,
        aliases=countries.pcode.map(stated).fillna("") + "|" + variants + "|" + abroad,
    )


def add_own_names(regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the regions with the names of ``unit_names.csv`` over all others, and aliases made unique.

    Those in `FOREIGN` are left out, and those that are the name of another unit of the country.
    """
    own = pd.read_csv(HERE / "unit_names.csv", dtype=str, keep_default_na=False).set_index("pcode")
    if unknown := sorted(set(own.index) - set(regions.pcode)):
        message = f"unit_names.csv names units that do not exist: {unknown}"
        raise ValueError(message)
    own = own.reindex(regions.pcode, fill_value="").set_index(regions.index)
    name = own.name.where(own.name != "", regions.name)
    local = own.name_local.where(own.name_local != "", regions.name_local.fillna(""))
    others = own.aliases + "|" + regions.name + "|" + regions.aliases.fillna("")
    known = zip(others, name, local, regions.pcode, strict=True)
    aliases = [_unique(text, {shown, there, FOREIGN.get(code, "")}) for text, shown, there, code in known]
    named = regions.assign(name=name, name_local=local.replace("", None), aliases=aliases)
    return named.assign(aliases=_drop_foreign(named))


def _drop_foreign(regions: gpd.GeoDataFrame) -> list[str | None]:
    """Return the aliases of each unit without those that are the name of another one beside it ("Parwan": Panjshir).

    Of as many words: "México" may be the state as well as Mexico City.
    """

    def tell(names: list[str]) -> list[tuple[str, int]]:
        return [(fold, len(name.split())) for fold, name in zip(fold_names(names), names, strict=True)]

    beside, own = regions.country + regions.level.astype(str), tell(regions.name.tolist())
    named = set(zip(beside, own, strict=True))
    kept = []
    for aliases, place, name in zip(regions.aliases.fillna(""), beside, own, strict=True):
        told = aliases.split("|")
        fit = [
            alias for alias, its in zip(told, tell(told), strict=True) if its[0] == name[0] or (place, its) not in named
        ]
        kept.append("|".join(fit) or None)
    return kept


def _unique(names: str, known: set[str]) -> str | None:
    """Return the readable ones of ``|``-separated names that are not known yet, each once."""
    kept = dict.fromkeys(name for text in names.split("|") if READABLE.fullmatch(name := text.strip()))
    return "|".join(name for name in kept if name not in known) or None


def add_validity(regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the regions with their source and the days between which they were valid, missing where unknown."""
    detailed = regions.country.isin(list(DETAILED))
    return regions.assign(
        level=regions.level.astype("int8"),
        valid_from=pd.Series(None, index=regions.index, dtype="str"),
        valid_to=regions.country.map({country: last for country, (*_, last) in DETAILED.items()}),
        source=np.where(detailed, "geoBoundaries gbOpen", SIMPLIFIED),
    )
