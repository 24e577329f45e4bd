"""Countries by any of their usual names: codes, common names in any script, and the forms that lists of states use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from geo.names import fold_names, plain_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

CODE_MOST = 3
"""Letters that a country's code has at most; so short a name is a code, and never looked for in a text."""

_FORM = (
    r"(?:(?:arab|bolivarian|cooperative|democratic|eastern|federal|federated|federative|former|hashemite|independent"
    r"|islamic|peoples|plurinational|socialist|the|united|yugoslav) )*"
    r"(?:commonwealth|duchy|emirate|kingdom|principality|republic|states?|sultanate|union) of(?: the)?"
)
_FORM_FIRST = re.compile(rf"(?:{_FORM}|the) (?P<rest>.+)")
_FORM_LAST = re.compile(rf"(?P<rest>.+?) (?P<form>{_FORM})")
_SHORT_FORM_LAST = re.compile(r"(?P<rest>.+?) (?:(?:arab|dem|fed|islamic) )*(?:rep|the)")
"""The same, shortened ("Egypt, Arab Rep.", "Gambia, The")."""
TOLD_APART = frozenset(["china", "congo", "korea"])
"""Names that two states share: they are told apart by the form of state, so that without it neither is meant."""


@dataclass(frozen=True)
class ById:
    """A frame as a key of a cache: equal to itself alone."""

    frame: gpd.GeoDataFrame

    def __eq__(self, other: object) -> bool:
        """Return whether it is the very same frame."""
        return isinstance(other, ById) and self.frame is other.frame

    def __hash__(self) -> int:
        """Return the frame's identity."""
        return id(self.frame)


@dataclass(frozen=True)
class CountryNames:
    """Country codes (ISO 3166-1 alpha-2) by code, by plain name and by folded name.

    ``in_text`` are those plain names that mean the country in a text too: a governorate may be called so as well
    ("Gaza"). ``governorates`` are the plain names of these.
    """

    codes: dict[str, str]
    plain: dict[str, str]
    folded: dict[str, str]
    in_text: dict[str, str]
    governorates: frozenset[str]

    @classmethod
    def of(cls, regions: gpd.GeoDataFrame) -> CountryNames:
        """Return the names of the countries of a regions frame, which are read once."""
        return _read_names(ById(regions))

    def find(self, name: str) -> str:
        """Return the code of a country, '' when it is not known.

        Of a text with another name in parentheses ("DR Congo (Zaire)") either will do, the whole text first.
        """
        outer, _, inner = name.partition("(")
        return next(filter(None, (self._find_name(part.strip(") ")) for part in (name, outer, inner) if part)), "")

    def _find_name(self, name: str) -> str:
        code = self.codes.get(name.upper().replace(".", ""))
        return code or next(filter(None, map(self._find_plain, _read_forms(*plain_names([name])))), "")

    def _find_plain(self, name: str) -> str:
        return self.plain.get(name, "") or self.folded.get(fold_names([name])[0], "")


def match_countries(texts: Iterable[str], regions: gpd.GeoDataFrame) -> dict[str, str]:
    """Return the ISO 3166-1 code of each country named, by name in any spelling or by code; '' when unknown.

    The form of a state does not matter ("Republic of Moldova", "Tanzania, United Republic of", "The Gambia") but where
    two states are told apart by it.
    """
    known = CountryNames.of(regions)
    return {text: known.find(text) for text in dict.fromkeys(texts)}


def _read_forms(name: str) -> list[str]:
    """Return a plain name, and what it may be called with its form of state before it, and without."""
    names = [name]
    if last := _FORM_LAST.fullmatch(name):
        names.append(f"{last['form']} {last['rest']}")
    if short := _SHORT_FORM_LAST.fullmatch(name):
        names += [short["rest"]] if short["rest"] not in TOLD_APART else []
    for form in tuple(names):
        names += [form.removeprefix("the ")]
        if first := _FORM_FIRST.fullmatch(form):
            names += [first["rest"]] if first["rest"] not in TOLD_APART else []
    return list(dict.fromkeys(names))


@lru_cache(maxsize=4)
def _read_names(regions: ById) -> CountryNames:
    frame = regions.frame
    countries, provinces = (frame[frame["level"] == level] for level in (0, 1))
    names, units = _spell(countries), _spell(provinces)
    short = names.str.len() <= CODE_MOST
    known = names[~short]
    plain = dict(zip(reversed(plain_names(known)), reversed(known.index), strict=True))
    own = set(plain_names(pd.concat([countries["name"], countries["name_local"]]).fillna("")))
    also_units = frozenset(plain_names(units)) - own
    return CountryNames(
        codes={n.upper(): str(c) for c, n in names.items() if len(n) <= CODE_MOST}
        | {c: c for c in countries["country"]},
        plain=plain,
        folded=dict(zip(reversed(fold_names(known)), reversed(known.index), strict=True)),
        in_text={name: code for name, code in plain.items() if name not in also_units},
        governorates=frozenset(plain_names(provinces["name"].fillna(""))),
    )


def _spell(units: gpd.GeoDataFrame) -> pd.Series:
    """Return every name of the units, by their country."""
    columns = [units[c].fillna("") for c in ("name_local", "aliases")]
    spelt = units["name"].fillna("").str.cat(columns, sep="|").str.split("|")
    names = pd.Series(spelt.to_numpy(), index=units["country"].to_numpy()).explode()
    return names[names != ""]
