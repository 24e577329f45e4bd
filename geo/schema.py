"""The incident table: every column once, with its kind, its stage and what readers see.

An incident frame holds every column of `FIELDS` up to its stage, in this order; its index, named ``row``, is the row of
the source file as a spreadsheet shows it. From stage ``geocoded`` on it is a ``geopandas.GeoDataFrame`` in EPSG:4326.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "day", "choice", "actors", "urls", "count", "degrees", "number", "flag"]
Stage = Literal["stated", "geocoded", "joined"]

DATE_PRECISIONS = ("day", "range", "month", "longer")
ATTRIBUTIONS = ("sole", "joint", "contested", "shared", "unknown")
"""``shared``: several actors are named and the source does not say whether jointly or as alternatives."""
CONFIDENCES = ("certain", "likely", "believed")
"""How sure a source is of the actors it names ("forces we believe are Russian"); missing where it does not say."""
GRADINGS = ("confirmed", "fair", "weak", "contested", "discounted")

POINT_RADIUS_KM = {"exact": 0.1, "street": 0.5, "neighbourhood": 2.0, "village": 2.0, "town": 4.0, "city": 8.0}
"""Precisions that are a point, with the radius in km within which the incident happened."""
AREA_LEVEL = {"admin3": 3, "admin2": 2, "admin1": 1, "country": 0}
"""Precisions that are an area, with their administrative level."""
BY_REGION = "regions:"
"""Start of ``located_by`` of an incident whose geometry is a unit; the unit's code follows."""
BY_GAZETTEER = "gazetteer:"
"""The same of one at a place that a gazetteer lists; the gazetteer's name and the place's code follow."""
BY_SERVICE = "online:"
"""The same of one that a service placed; the service follows."""
BY_DECISION = "decision:"
"""The same of one that a person placed or left unplaced; who decided follows."""
AS_STATED = "stated"
"""``located_by`` of an incident whose coordinates the source states."""
UNPLACED = "none"
PRECISIONS = (*POINT_RADIUS_KM, *AREA_LEVEL, UNPLACED)

COUNTS = ("killed", "children", "women", "men", "injured", "combatants")
"""What is counted; each is a ``_min`` and a ``_max`` column. Unknown is missing, never 0."""

PARTS = ("children", "women", "men")
"""Counts that are parts of ``killed``. They do not overlap, and need not make up the whole."""

ADMIN_LEVELS = (0, 1, 2, 3)
CRS = "EPSG:4326"


@dataclass(frozen=True)
class Field:
    """One column of the incident table.

    Parameters
    ----------
    name
        Column name in frames and in the canonical CSV.
    kind
        How a cell is read and stored (see `DTYPES`).
    label
        What readers see.
    stage
        ``stated`` by the source, added by ``geocoded`` or ``joined``.
    choices
        Allowed values of a ``choice``.
    """

    name: str
    kind: Kind
    label: str
    stage: Stage = "stated"
    choices: tuple[str, ...] = ()


DTYPES: dict[Kind, str] = {
    "id": "str",
    "text": "str",
    "day": "datetime64[us]",
    "choice": "str",
    "actors": "str",
    "urls": "str",
    "count": "Int64",
    "degrees": "Float64",
    "number": "Float64",
    "flag": "boolean",
}
"""pandas dtype of each kind. ``actors`` and ``urls`` hold ``|``-separated values."""


def _range(name: str, label: str) -> tuple[Field, Field]:
    return (
        Field(f"{name}_min", "count", f"{label}, minimum"),
        Field(f"{name}_max", "count", f"{label}, maximum"),
    )


FIELDS: tuple[Field, ...] = (
    Field("incident_id", "id", "Incident"),
    Field("date_start", "day", "First day"),
    Field("date_end", "day", "Last day"),
    Field("date_precision", "choice", "Date precision", choices=DATE_PRECISIONS),
    Field("place", "text", "Place"),
    Field("place_local", "text", "Place in the local script"),
    Field("admin1", "text", "Governorate as stated"),
    Field("admin2", "text", "District as stated"),
    Field("country", "text", "Country"),
    Field("latitude", "degrees", "Latitude"),
    Field("longitude", "degrees", "Longitude"),
    Field("mgrs", "text", "MGRS as stated"),
    Field("location_precision", "choice", "Precision as stated", choices=PRECISIONS),
    Field("actors", "actors", "Actors"),
    Field("attribution", "choice", "Attribution", choices=ATTRIBUTIONS),
    Field("attribution_confidence", "choice", "Confidence of the attribution", choices=CONFIDENCES),
    *_range("killed", "Civilians killed"),
    *_range("children", "Children killed"),
    *_range("women", "Women killed"),
    *_range("men", "Men killed"),
    *_range("injured", "Civilians injured"),
    *_range("combatants", "Combatants killed"),
    Field("grading", "choice", "Grading", choices=GRADINGS),
    Field("event_type", "text", "Event type"),
    Field("description", "text", "Description"),
    Field("sources", "urls", "Sources"),
    Field("related", "text", "Related records"),
    Field("precision", "choice", "Precision", "geocoded", choices=PRECISIONS),
    Field("precision_km", "number", "Precision radius", "geocoded"),
    Field("located_by", "text", "Located by", "geocoded"),
    Field("location_confidence", "number", "Confidence of the location", "geocoded"),
    Field("location_note", "text", "Note on the location", "geocoded"),
    Field("listed_admin1", "text", "Governorate code as listed", "geocoded"),
    *(
        f
        for level, name in enumerate(("Country", "Governorate", "District", "Sub-district"))
        for f in (
            Field(f"adm{level}_name", "text", f"{name} (joined)", "joined"),
            Field(f"adm{level}_pcode", "text", f"{name} code", "joined"),
        )
    ),
    Field(
        "join_method",
        "choice",
        "Join method",
        "joined",
        choices=("contains", "border", "stated", "nearest", "area", "outside", "none"),
    ),
    Field("join_km", "number", "Distance to the joined region", "joined"),
    Field("admin_agrees", "flag", "Stated governorate agrees", "joined"),
    Field("admin_km", "number", "Distance to the stated governorate", "joined"),
)

FIELD = {f.name: f for f in FIELDS}


def fields(*stages: Stage) -> tuple[Field, ...]:
    """Return the fields of the given stages, in table order; of all stages when none is given."""
    return tuple(f for f in FIELDS if not stages or f.stage in stages)
