"""Whose data a product holds, as their licences ask for it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from geo.check import find_origins
from geo.reference import reference_path
from geo.schema import BY_GAZETTEER, BY_REGION, BY_SERVICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

REFERENCE = ("airfields.parquet", "basemap.json", "gazetteer.parquet", "regions.parquet")
"""Embedded files that stand behind every page, whatever list it shows."""
SERVICE = "Places found online: © OpenStreetMap contributors, ODbL."
"""What the licence of the data that the online services answer from asks to be said of the places found."""

_BUILTIN = f"{BY_GAZETTEER}builtin:"
_GEONAMES = rf"{BY_GAZETTEER}(geonames|allCountries|cities\d+|[A-Z]{{2}}):"
"""Places of GeoNames beside the built-in ones, by the names that its dumps have."""


def credit_files(files: Iterable[str]) -> list[str]:
    """Return the attribution line of each embedded file."""
    registry = json.loads(reference_path("registry.json").read_text(encoding="utf-8"))
    return [registry["files"][name]["attribution"] for name in files]


def reference_attribution(files: Iterable[str] = REFERENCE) -> list[str]:
    """Return the attribution lines of embedded files in the order of the alphabet, each once."""
    return sorted(set(credit_files(files)))


def credit_incidents(incidents: pd.DataFrame, attribution: Sequence[str] | None = None) -> list[str]:
    """Return the attribution lines of a product: those given, else of the embedded files; and of a service asked."""
    lines = list(reference_attribution() if attribution is None else attribution)
    return [*lines, SERVICE] if find_origins(incidents).str.startswith(BY_SERVICE).any() else lines


def credit_places(located_by: pd.Series) -> list[str]:
    """Return whose data the places are that were found in a gazetteer, among the regions or online."""
    listed = located_by.dropna().unique()
    kinds = (_BUILTIN, _GEONAMES, BY_REGION, BY_SERVICE)
    builtin, dump, region, online = (any(map(re.compile(kind).match, listed)) for kind in kinds)
    names = {"gazetteer.parquet": builtin or dump, "airfields.parquet": builtin, "regions.parquet": region}
    return [*credit_files(name for name, is_used in names.items() if is_used), *([SERVICE] if online else [])]
