"""Figures that statements speak of: found among totals, claims and incidents, each with the rows it is read from."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.actors import find_named, trace_parents
from geo.dates import parse_dates
from geo.errors import say_number
from geo.ranges import COUNT_OF
from geo.regions import match_units
from geo.relations import mark_events
from geo.story import ALL, write_period
from layers.counts import follow_leads, total_ranges

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import geopandas as gpd

    from geo.story import Scope

End = Fraction | float
"""A bound of a range; ``math.inf`` where there is none."""


@dataclass(frozen=True)
class Evidence:
    """What statements are judged by.

    Parameters
    ----------
    totals, claims, actors
        As `geo.totals.read_totals`, `geo.claims.read_claims` and `geo.actors.read_actors` return them.
    locate
        Returns the located incidents and the regions; called only when a statement asks for them.
    """

    totals: pd.DataFrame
    claims: pd.DataFrame
    actors: pd.DataFrame
    locate: Callable[[], tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]]


@dataclass(frozen=True)
class Figure:
    """From ``low`` to ``high``, with where it comes from.

    Parameters
    ----------
    rows, sources
        Ids of the rows behind it, and who published them.
    keys
        What the statement left open, as the rows have it; ``published`` is the day, empty when not known.
    scopes
        Country, days, actor and measure of each row of a total.
    note
        What the figure leaves out.
    """

    low: End
    high: End
    rows: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    keys: Mapping[str, str] | None = None
    scopes: tuple[Mapping[str, Any], ...] = ()
    note: str = ""

    def __str__(self) -> str:
        """Return ``40``, ``40–420``, ``up to 30``, ``at least 84`` or ``unknown``."""
        low, high = (write_number(end) for end in (self.low, self.high))
        if self.low == self.high:
            return low
        if self.high == math.inf:
            return f"at least {low}" if self.low > 0 else "unknown"
        return f"up to {high}" if self.low in (0, -math.inf) else f"{low}–{high}"


def write_number(number: End) -> str:
    """Return a number with at most two decimals."""
    return f"{float(number):,.2f}".rstrip("0").rstrip(".") if math.isfinite(number) else "∞"


def find_figures(scope: Scope, evidence: Evidence, by: str) -> list[Figure]:
    """Return the figures that a scope means, one for each value of what it leaves open.

    Parameters
    ----------
    by
        Who tells the story: the teller's own rows are no evidence.
    """
    origin = scope["from"][0]
    if origin == "incidents":
        return _sum_incidents(scope, evidence)
    table = evidence.totals if origin == "totals" else evidence.claims
    counted = table[(table["min"].notna() | table["max"].notna()) & (table["source"].str.casefold() != by.casefold())]
    name = origin[:-1]
    rows = _choose(counted.rename(columns={f"{name}_id": "id", "incident_id": "incident"}), scope, name)
    keys = [key for key in _KEYS[origin] if len(scope.get(key, ())) != 1 and key != "actor" and name not in scope]
    keys += ["actor"] * (name == "total" and not {"actor", "total"} & scope.keys())
    return _add([_read_rows(rows[chosen], keys) for chosen in _split_terms(rows, scope, name)])


_KEYS = {"totals": ("source", "country", "period", "series", "actor"), "claims": ("source", "incident")}
"""What may be left open, and must agree between figures that are compared."""


def _choose(rows: pd.DataFrame, scope: Scope, name: str) -> pd.DataFrame:
    """Return the rows of a scope, whatever their actor, measure and id; of each series the last one by ``as_of``."""
    if name == "total":
        days = rows[["first", "last"]].itertuples(index=False)
        rows = rows.assign(
            country=_sort_parts(rows["country"]),
            period=["" if pd.isna(first) else write_period(first, last) for first, last in days],
            actor=rows["actor"].fillna(ALL),
        )
        if "total" not in scope:
            rows = rows[rows["area"].isin(scope["area"]) if "area" in scope else rows["area"].isna()]
    wanted = {**scope, **({"country": tuple(_sort_parts(pd.Series(scope["country"])))} if "country" in scope else {})}
    for key in ("source", "country", "period", "series", "stance", "incident"):
        if key in wanted:
            rows = rows[rows[key].isin(wanted[key])]
    if name == "claim" and "actor" in scope:
        rows = rows[rows["actor"].isin(scope["actor"])]
    published = pd.to_datetime(rows["published"])
    if "as_of" in scope:
        known = rows[published <= pd.Timestamp(scope["as_of"][0])].assign(day=published)
        if name == "claim":
            known = known[~known["id"].isin(known["supersedes"])]
        series = [*_KEYS[f"{name}s"], "actor", "measure"]
        last = known.groupby([*dict.fromkeys(series)], dropna=False)["day"].transform("max")
        rows = known[known["day"] == last]
    return rows


def _sort_parts(cells: pd.Series) -> pd.Series:
    return cells.fillna("").str.split("|").map(lambda parts: "|".join(sorted(parts)))


def _split_terms(rows: pd.DataFrame, scope: Scope, name: str) -> list[pd.Series]:
    """Return, for each figure that is to be added up, which rows may be it."""
    if name in scope:
        return [rows["id"] == text for text in scope[name]]
    actors: Sequence[str | None] = scope.get("actor", (None,)) if name == "total" else (None,)
    return [
        (rows["measure"] == measure) & ((rows["actor"] == actor) | (actor is None))
        for actor in actors
        for measure in scope["measure"]
    ]


def _read_rows(rows: pd.DataFrame, keys: Sequence[str]) -> list[Figure]:
    """Return a figure for each row: an unknown minimum is 0, an unknown maximum has no bound."""
    figures = []
    for row in rows.sort_values(["published", "id"], kind="stable").to_dict("records"):
        low = Fraction(0) if pd.isna(row["min"]) else Fraction(str(row["min"]))
        high = math.inf if pd.isna(row["max"]) else Fraction(str(row["max"]))
        day = "" if pd.isna(row["published"]) else str(row["published"])[:10]
        told = {key: "" if pd.isna(row[key]) else str(row[key]) for key in keys} | {"published": day}
        scope = {key: row.get(key) for key in ("source", "country", "first", "last", "actor", "measure")}
        figures.append(Figure(low, high, (row["id"],), (row["source"],), told, (scope,)))
    return figures


def _add(terms: Sequence[Sequence[Figure]]) -> list[Figure]:
    """Return the sums of one figure of each term, of those that agree in what was left open, day included."""
    sums: list[tuple[Figure, ...]] = [(figure,) for figure in terms[0]]
    for term in terms[1:]:
        sums = [(*figures, other) for figures in sums for other in term if other.keys == figures[0].keys]
    return [
        replace(
            figures[0],
            low=sum((f.low for f in figures), Fraction(0)),
            high=sum((f.high for f in figures), Fraction(0)),
            rows=tuple(dict.fromkeys(row for f in figures for row in f.rows)),
            sources=tuple(dict.fromkeys(source for f in figures for source in f.sources)),
            scopes=tuple(scope for f in figures for scope in f.scopes),
        )
        for figures in sums
    ]


def choose_incidents(scope: Scope, incidents: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the incidents of a scope, whatever their actors: those that begin in its period and lie in its regions.

    Records of one event are all there, or none, by the one that they are counted with; by grading, discounted ones are
    apart from others. Those that a scope names stand for themselves.
    """
    incidents = mark_events(incidents)
    if "incident" in scope:
        incidents = incidents[incidents["incident_id"].isin(scope["incident"])]
    events = incidents if "incident" in scope else follow_leads(incidents, apart="grading" in scope)
    return incidents[_lie_within(scope, events, regions)]


def _lie_within(scope: Scope, records: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.Series:
    """Return which records begin in the period of a scope, and lie in its regions, by what they say of themselves."""
    chosen = pd.Series(data=True, index=records.index)
    if "grading" in scope:
        chosen &= records["grading"].isin(scope["grading"])
    if "period" in scope:
        span = parse_dates(scope["period"][0])
        first, last = pd.Timestamp(span.start), pd.Timestamp(span.end)
        whole = (records["date_end"] <= last) | (records["date_precision"] != "longer")
        chosen &= records["date_start"].between(first, last) & whole
    for level, key in enumerate(("country", "admin1")):
        if key in scope:
            codes = match_units(pd.Series(scope[key][0].split("|")), regions[regions["level"] == level], level=level)
            chosen &= records[f"adm{level}_pcode"].isin(codes.dropna())
    return chosen


def _sum_incidents(scope: Scope, evidence: Evidence) -> list[Figure]:
    """Return the sum over incidents: from what is ascribed to the actors for certain to all that names them.

    Members of an actor are named for it. An incident of several actors counts once, and at least only when it was a
    joint one, or all of its actors are asked for. An incident without a maximum leaves the sum without one. Records of
    the scope that are counted with one outside it are named; where there are no others, nothing is known.
    """
    everything, regions = evidence.locate()
    chosen = certain = possible = choose_incidents(scope, everything, regions)
    kin = trace_parents(evidence.actors)
    if "actor" in scope:
        events = follow_leads(chosen)
        some, every = find_named(events["actors"], scope["actor"], kin)
        certain, possible = chosen[some & (every | (events["attribution"] == "joint"))], chosen[some]
    lent = [] if "incident" in scope else _find_lent(scope, everything, regions, possible, kin)
    notes = [f"without {', '.join(lent)}, counted with an incident outside this scope"] if lent else []
    if possible.empty:
        return [Figure(Fraction(0), math.inf, keys={}, note=notes[0])] if lent else []
    least, most = total_ranges(certain), total_ranges(possible)
    low, high = Fraction(0), Fraction(0)
    for measure in scope["measure"]:
        count = COUNT_OF.get(measure, measure)
        if f"{count}_min" not in least:
            return []
        low += Fraction(0) if pd.isna(least[f"{count}_min"]) else Fraction(int(least[f"{count}_min"]))
        open_ = most[f"{count}_unknown"] + most[f"{count}_open"]
        high += math.inf if open_ else Fraction(int(most[f"{count}_max"]))  # type: ignore[assignment] # or without end
    rows = tuple(sorted(possible["incident_id"]))
    sources = tuple(dict.fromkeys(s for cell in possible["sources"].dropna() for s in cell.split("|")))
    unplaced = 0
    if "admin1" in scope:
        nowhere = everything[follow_leads(everything)["adm1_pcode"].isna()]
        unplaced = int(total_ranges(nowhere, counts=())["incidents"])
    if unplaced:
        notes.append(f"without {say_number(unplaced, 'incident')} joined to no governorate")
    return [Figure(low, high, rows, sources, {}, (), "; ".join(notes))]


def _find_lent(
    scope: Scope,
    everything: gpd.GeoDataFrame,
    regions: gpd.GeoDataFrame,
    possible: gpd.GeoDataFrame,
    kin: Mapping[str, Sequence[str]],
) -> list[str]:
    """Return the ids of the records of a scope that are not in its sum, for their event is none of the scope."""
    lent = everything[_lie_within(scope, everything, regions) & ~everything.index.isin(possible.index)]
    if "actor" in scope:
        lent = lent[find_named(lent["actors"], scope["actor"], kin)[0]]
    return sorted(lent["incident_id"])
