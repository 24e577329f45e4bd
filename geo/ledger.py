"""The ledger of a list: what is claimed and found about its incidents, and how their ranges come of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from geo.errors import UsageError, say_number
from geo.ranges import STATED, WIDEST, choose_claims, derive_ranges, known_by, order_claims

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd

    from geo.ranges import RangeRule

LATER = ("grading", "event_type", "description", "related", "sources")
"""Columns that tell what was known when the list was written: nobody can say that it was on an earlier day."""


@dataclass(frozen=True)
class Ledger:
    """What stands behind the ranges of a list, and what of the list is shown.

    Parameters
    ----------
    claims
        Ordered claims (see `geo.ranges.order_claims`) with ``in_range``: whether each makes the range of its incident;
        missing where the list states it. ``None``: the list has no claims.
    findings
        Located findings (see `geo.findings.locate_findings`). ``None``: there are none.
    rule
        How the ranges come about.
    as_of
        The day whose knowledge is shown; ``None``: everything known.
    left_out
        Incidents that no claim known by that day speaks of.
    undated
        Those among them that no dated claim speaks of at all.
    kept
        Incidents without a claim, which keep the range that the list states although the rule is another.
    since, until, only
        What was chosen of the list: the first and last day on which an incident may begin, and the labels of the
        actors, in English and Arabic, of which it must name one; ``None`` and none for all.
    set_aside
        Rows of the list that were refused and stand in no product.
    """

    claims: pd.DataFrame | None = None
    findings: gpd.GeoDataFrame | None = None
    rule: RangeRule = STATED
    as_of: date | None = None
    left_out: int = 0
    undated: int = 0
    kept: int = 0
    since: date | None = None
    until: date | None = None
    only: tuple[tuple[str, str], ...] = ()
    set_aside: int = 0

    @property
    def notes(self) -> list[tuple[str, str]]:
        """What every product says of the ranges, as pairs of a heading and a text."""
        rule = self.rule.label
        if self.kept:
            rule += f"; {self.kept:,} without a claim as the list states them"
        told = [("Ranges", f"{rule} [{self.rule}]")]
        if self.as_of:
            without = f"{say_number(self.left_out, 'incident')} without a claim by then"
            left_out = f"{without}, {self.undated:,} of them without a day"
            known = f"{self.as_of}: what was published by that day; places and actors as the list has them now"
            told += [("As of", known), ("Left out", left_out)]
        if chosen := self._chosen:
            told.append(("Chosen", f"only incidents that {chosen}"))
        if self.set_aside:
            told.append(("Set aside", f"{say_number(self.set_aside, 'row')} of the list that could not be read"))
        return told

    @property
    def is_cut(self) -> bool:
        """Whether something of the list was left out, or its rows set aside."""
        return bool(self.since or self.until or self.only or self.set_aside)

    @property
    def _chosen(self) -> str:
        days = [f"{word} {day}" for word, day in (("from", self.since), ("until", self.until)) if day]
        named = " or ".join(label for label, _ in self.only)
        parts = [f"began {' '.join(days)}" if days else "", f"name {named} or a member of it" if named else ""]
        return " and ".join(filter(None, parts))

    @property
    def code(self) -> str:
        """The rule and the day in one word, for tables: ``widest, as of 2017-03-24``."""
        return f"{self.rule}, as of {self.as_of}" if self.as_of else str(self.rule)

    def about(self, incidents: pd.DataFrame) -> Ledger:
        """Return the ledger with the claims about these incidents alone."""
        if self.claims is None:
            return self
        return replace(self, claims=self.claims[self.claims["incident_id"].isin(incidents["incident_id"])])


def keep_ledger(
    incidents: pd.DataFrame,
    claims: pd.DataFrame | None,
    *,
    rule: RangeRule | None = None,
    as_of: date | None = None,
) -> tuple[pd.DataFrame, Ledger]:
    """Return the incidents with the ranges of a rule, as known on a day, and the ledger that tells it.

    With ``as_of`` an incident is there when a claim published by that day speaks of it; its ranges come of such claims
    alone, its sources are their addresses, and what the list tells without a date (`LATER`) is left out.

    Parameters
    ----------
    incidents
        Incidents of stage ``stated``.
    claims
        Claims about them, as `geo.claims.read_claims` returns them; ``None`` when there are none.
    rule
        ``None`` is what the list states, or with ``as_of`` the widest.
    as_of
        ``None`` for everything known.

    Raises
    ------
    UsageError
        When a rule or a day asks for claims and there are none, a day is asked for with the stated ranges, or nothing
        was known by then.
    """
    rule = rule or (WIDEST if as_of else STATED)
    if claims is None:
        if as_of or rule != STATED:
            message = "--range-rule and --as-of need the claims about the incidents: name them with --claims"
            raise UsageError(message)
        return incidents, Ledger()
    left_out = undated = 0
    if as_of:
        if rule == STATED:
            message = f"--range-rule stated: the list does not say what it stated on {as_of} — choose another rule"
            raise UsageError(message)
        dated = set(claims.loc[claims["published"].notna(), "incident_id"])
        claims = claims[known_by(claims["published"], as_of)]
        shown = incidents["incident_id"].isin(claims["incident_id"])
        left_out = int((~shown).sum())
        undated = int((~shown & ~incidents["incident_id"].isin(dated)).sum())
        incidents = _forget_later(incidents[shown], claims)
        if incidents.empty:
            message = f"--as-of {as_of}: no claim about any incident was published by that day"
            raise UsageError(message)
    claims = order_claims(claims)
    chosen = choose_claims(claims, rule).astype("boolean")
    derived = derive_ranges(incidents, claims, rule)
    bare = ~incidents["incident_id"].isin(claims["incident_id"])
    return derived, Ledger(
        claims=claims.assign(in_range=chosen.where(chosen | (rule != STATED))),
        rule=rule,
        as_of=as_of,
        left_out=left_out,
        undated=undated,
        kept=0 if rule == STATED or rule.chooses else int(bare.sum()),
    )


def _forget_later(incidents: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Return the incidents without what the list came to tell, and with the sources of the claims alone."""
    forgotten = incidents.copy()
    for name in LATER:
        forgotten[name] = pd.Series(None, index=incidents.index, dtype="str")
    links = claims.dropna(subset="url").sort_values(["published", "claim_id"]).drop_duplicates(["incident_id", "url"])
    sources = links.groupby("incident_id")["url"].agg("|".join)
    return forgotten.assign(sources=incidents["incident_id"].map(sources).astype("str"))
