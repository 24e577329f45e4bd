"""Statements of a story as a TOML file: what each says that figures can decide, and in which scope.

::

    title = "Deaths in March"
    by = "The Newspaper"              # its own figures are no evidence for it

    [[statement]]
    id = "more-than-isis"
    says = "The coalition killed more civilians than ISIS."
    scope = { from = "totals", country = "Syria", period = "2017-03", measure = "civilians" }

    [[statement.check]]
    left = { actor = "us-led-coalition" }
    is = "greater than"
    right = { actor = "isis" }        # what it leaves out is as on the left

``left`` is a figure: a table of `KEYS`, or a number. ``minus`` another figure takes it off, ``of`` another makes it a
percentage. Several actors or measures in a list are added up. What a figure leaves open (source, publication day) is
judged once for each value that the rows have.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from geo.dates import is_whole_months

if TYPE_CHECKING:
    from datetime import date

KEYS = MappingProxyType(
    {
        "totals": ("source", "country", "area", "period", "actor", "measure", "series", "as_of", "total"),
        "claims": ("source", "incident", "actor", "measure", "stance", "as_of", "claim"),
        "incidents": ("country", "admin1", "period", "actor", "measure", "grading", "incident"),
    }
)
"""What a figure may be taken ``from``, and the keys that choose its rows."""

LISTS = ("actor", "measure", "total", "claim", "incident", "grading")
"""Keys that may be a list of texts."""

COMPARISONS = MappingProxyType(
    {
        "equal to": ("number", "figure"),
        "greater than": ("number", "figure"),
        "less than": ("number", "figure"),
        "at least": ("number", "figure"),
        "at most": ("number", "figure"),
        "between": ("range",),
        "ranging over": ("range",),
        "the most of": ("figure", "nothing"),
        "part of": ("figure",),
        "in": ("text",),
    }
)
"""What a figure may be said to be, each also after ``not``, and what must stand on the right of it."""

ALL = "all"
"""Actor of a total that counts every party."""


def write_period(first: date, last: date) -> str:
    """Return a period as it is compared and shown: ``2017-03`` for a month, else first and last day."""
    is_month = is_whole_months(first, last) and (first.year, first.month) == (last.year, last.month)
    return f"{first:%Y-%m}" if is_month else f"{first:%Y-%m-%d}/{last:%Y-%m-%d}"


Scope = dict[str, tuple[str, ...]]
Number = tuple[Fraction, Fraction]
Operand = Scope | Number


@dataclass(frozen=True)
class Check:
    """One comparison.

    Parameters
    ----------
    left, minus, of, right
        Figures (their own keys; see `Check.resolve`), numbers as (low, high), for ``in`` the name of a region.
    comparison
        One of `COMPARISONS`.
    negated
        Whether the statement says that it is not so.
    half
        Half a unit of the last decimal that a percentage on the right is written with.
    note
        What a reader should know besides.
    """

    left: Operand
    comparison: str
    right: Operand | str | None = None
    minus: Scope | None = None
    of: Scope | None = None
    negated: bool = False
    half: Fraction = Fraction(0)
    note: str = ""

    def resolve(self, other: Scope) -> Scope:
        """Return a figure with what it leaves out taken from the left, or from ``minus`` when that is a number."""
        base = self.left if isinstance(self.left, dict) else self.minus or {}
        origin = other.get("from", base.get("from", ("",)))
        return {k: v for k, v in base.items() if k in KEYS.get(origin[0], ())} | {"from": origin} | other


@dataclass(frozen=True)
class Statement:
    """One sentence of a story: its id, what it says in the checker's words, who says it, and its checks."""

    id: str
    says: str
    by: str
    note: str
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Story:
    """A story: its title, who published it when and where, and its statements."""

    title: str
    by: str
    published: str
    url: str
    statements: tuple[Statement, ...]
