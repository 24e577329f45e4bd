"""Which incidents are in the scope of a published total, by country, months, actor and grading; or why none can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo.actors import find_named, trace_parents
from geo.coverage import COVERED, cover_days, list_places, merge_codes
from geo.dates import is_whole_months
from geo.ranges import COUNT_OF
from geo.regions import match_units
from geo.relations import EVENT, mark_events
from geo.totals import group_totals
from layers.counts import DISCOUNTED, RANGES, follow_leads
from layers.layer import LONGER, incident_month
from layers.remarks import Remark

if TYPE_CHECKING:
    from datetime import date

    import geopandas as gpd
    from numpy.typing import NDArray

EVENTS = "events"

SURE = {
    "documented": ("confirmed", "fair", "weak", ""),
    "alleged": ("confirmed", "fair", "weak", "contested", "discounted", ""),
    "likely": ("confirmed", "fair"),
    "fair": ("fair",),
}
"""Gradings (empty: none given) of the incidents that a series certainly counts."""

MAYBE = {"documented": ("contested", "discounted"), "alleged": (), "likely": ("",), "fair": ("",)}
"""Gradings of the incidents that a series may count; any others it leaves out."""

COUNTED, LEFT_OUT, ELSEWHERE = "counted", "left out", "counted with another record"

OPEN = {
    "contested": "contested attribution",
    "grading": "grading contested, discounted or not given",
    "unplaced": "no place or no month",
    ELSEWHERE: ELSEWHERE,
}
"""Sets of incidents that a total may or may not count, in words."""


USED = ("incident_id", "date_start", *EVENT, *RANGES)
"""Columns of the incidents that sums are made of."""
CHOSEN_BY = (
    *("incident_id", "date_start", "date_end", "date_precision", "actors", "attribution", "grading"),
    *("adm0_pcode", "adm1_pcode", "country", *EVENT),
)
"""Columns that scopes are made of."""


def judge_scope(total: pd.Series, as_of: date | None) -> list[Remark]:
    """Return why the scope of a total is none that incidents can be summed for."""
    first, last, published = total["first"], total["last"], total["published"]
    reasons = []
    if total["measure"] == "all_deaths":
        reasons.append(Remark("allDeaths"))
    elif total["measure"] not in (*COUNT_OF, EVENTS):
        reasons.append(Remark("otherMeasure", {"measure": total["measure"]}))
    if total["series"] == "undefined":
        reasons.append(Remark("undefined"))
    elif total["series"] == "conceded":
        reasons.append(Remark("conceded"))
    if pd.isna(total["country"]):
        reasons.append(Remark("wholeConflict"))
    if pd.isna(first):
        reasons.append(Remark("noPeriod"))
    elif not is_whole_months(first, last):
        reasons.append(Remark("notWholeMonths", {"from": first, "to": last}))
    elif pd.notna(published) and published <= last:
        reasons.append(Remark("tooEarly", {"day": published}))
    return reasons if as_of is None else [*reasons, *_judge_day(published, as_of)]


def _judge_day(published: pd.Timestamp, as_of: date) -> list[Remark]:
    if pd.isna(published):
        return [Remark("undated", {"day": as_of})]
    return [Remark("later", {"day": published, "to": as_of})] if published > pd.Timestamp(as_of) else []


def find_later(totals: pd.DataFrame) -> dict[object, list[Remark]]:
    """Return, for the rows of totals that the same source replaced by a later figure of the same scope, that it did."""
    counted = totals[totals["measure"].isin([*COUNT_OF, EVENTS]) & totals["published"].notna()]
    found: dict[object, list[Remark]] = {}
    for same in group_totals(counted.sort_values("published"), apart_from="published"):
        last = same.iloc[-1]
        for row in same.index[same["published"] < last["published"]]:
            found[row] = [Remark("replaced", {"day": last["published"], "id": last["total_id"]})]
    return found


class Scopes:
    """A list of incidents, asked for those in the scope of a total.

    Parameters
    ----------
    incidents
        Located incidents, as `geo.regions.join_regions` returns them.
    actors, regions
        Actor table, and the regions the incidents were joined to.
    coverage
        Coverage windows of the list; None when nobody stated any.
    """

    def __init__(
        self,
        incidents: gpd.GeoDataFrame,
        actors: pd.DataFrame,
        regions: gpd.GeoDataFrame,
        coverage: pd.DataFrame | None,
    ) -> None:
        marked = mark_events(incidents)
        self.incidents, listed = (
            pd.DataFrame({name: marked[name] for name in names if name in marked}) for names in (USED, CHOSEN_BY)
        )  # of few columns, for they are cut often
        self.regions, self.coverage = regions, coverage
        self.kin = trace_parents(actors)
        self._matched: dict[str, pd.Series] = {}
        self._covered: dict[str, NDArray[np.int8]] = {}
        self.records = listed.assign(
            adm0_pcode=listed["adm0_pcode"].fillna(match_units(listed["country"], regions, level=0)),
            month=incident_month(listed),
            grading=listed["grading"].fillna(""),
        )
        self.events = {apart: follow_leads(self.records, apart=apart) for apart in (False, True)}

    def select(self, total: pd.Series) -> dict[str, pd.Series] | list[Remark]:
        """Return the incidents a total certainly counts, those of `OPEN`, and those it leaves out; or why none can be.

        The sets have no event in common, and hold all records of each: an event is where the sums have it. Where a
        total does not certainly count discounted records, these are events apart from the others, which are then those
        of map and report. Only the last of `OPEN` holds records alone, of this scope themselves, whose events are not.
        With others jointly, an actor is as responsible as alone.
        """
        countries = self._find_countries(total)
        if isinstance(countries, Remark):
            return [countries]
        area = self._find_area(total["area"], countries)
        if pd.notna(total["area"]) and area is None:
            return [Remark("area", {"area": total["area"]})]
        events = self.events[DISCOUNTED not in SURE[total["series"]]]
        if total["series"] in ("likely", "fair") and not (events["grading"] != "").any():
            return [Remark("ungraded", {"series": total["series"]})]
        sets = self._divide(events, total, countries, area)
        own, at_all = self._divide(self.records, total, countries, area), np.logical_or.reduce([*sets.values()])
        sets[ELSEWHERE] = (own[COUNTED] | own["contested"] | own["grading"]) & ~at_all
        covered = self.cover(total)
        listed = any(found.any() for name, found in sets.items() if name not in (LEFT_OUT, ELSEWHERE))
        if not listed and (covered is None or merge_codes(covered) != COVERED):
            ids = self.records.loc[sets[ELSEWHERE], "incident_id"]
            return [Remark("notListed"), *(Remark("countedElsewhere", {"id": one}) for one in sorted(ids))]
        return sets

    def _divide(
        self, records: pd.DataFrame, total: pd.Series, countries: list[str], area: str | None
    ) -> dict[str, pd.Series]:
        """Return which records are of each set, by what they say of themselves."""
        place, nowhere = self._select_places(records, countries, area)
        time, undated = self._select_months(records, total)
        actor, alone = self._select_actors(records, total["actor"])
        sure, maybe = (records["grading"].isin(gradings[total["series"]]) for gradings in (SURE, MAYBE))
        inside, either = place & time & actor, sure | maybe
        return {
            COUNTED: inside & alone & sure,
            "contested": inside & ~alone & either,
            "grading": inside & alone & maybe,
            "unplaced": actor & either & ((place & undated) | (nowhere & (time | undated))),
            LEFT_OUT: inside & ~either,
        }

    def cover(self, total: pd.Series) -> NDArray[np.int8] | None:
        """Return how each day of a total is covered by the list (places in `STATUSES`); None when nothing is stated."""
        if self.coverage is None:
            return None
        key = total["total_id"]
        if key not in self._covered:
            self._covered[key] = self._cover(total, self.coverage)
        return self._covered[key]

    def _cover(self, total: pd.Series, coverage: pd.DataFrame) -> NDArray[np.int8]:
        countries = list(self._match_countries(total).dropna())
        area = self._find_area(total["area"], countries)
        days = np.arange(np.datetime64(total["first"], "D"), np.datetime64(total["last"], "D") + 1)
        kin = [] if pd.isna(total["actor"]) else self.kin.get(total["actor"], [total["actor"]])
        units = self.regions[self.regions["parent"].isin(countries) & (self.regions["level"] == 1)]
        units = units[units["pcode"] == area] if area else units
        places = dict.fromkeys([*list_places(coverage, units)] or [(code, None) for code in countries])
        codes = [cover_days(coverage, days, place=place, kin=kin) for place in places]
        return np.array([merge_codes(column) for column in np.array(codes).T], dtype=np.int8)

    def _match_countries(self, total: pd.Series) -> pd.Series:
        """Return the codes of a total's countries; each spelling is looked up once, for totals share theirs."""
        text = total["country"]
        if text not in self._matched:
            names = text.split("|")
            self._matched[text] = match_units(pd.Series(names, index=names, dtype="str"), self.regions, level=0)
        return self._matched[text]

    def _find_countries(self, total: pd.Series) -> list[str] | Remark:
        """Return the codes of a total's countries, or that the list has nothing of one."""
        codes = self._match_countries(total)
        stated = set() if self.coverage is None else set(self.coverage["adm0_pcode"])
        listed = self.records["adm0_pcode"]
        lost = [name for name, code in codes.items() if code not in stated and not (listed == code).any()]
        return Remark("elsewhere", {"names": ", ".join(map(str, lost))}) if lost else list(codes)

    def _find_area(self, area: str | None, countries: list[str]) -> str | None:
        """Return the code of the governorate whose name or code an area is; None when it is none or several."""
        if pd.isna(area):
            return None
        iso = self.regions.loc[self.regions["pcode"].isin(countries), "country"]
        units = self.regions[(self.regions["level"] == 1) & self.regions["country"].isin(iso)]
        spelt = units[["pcode", "name", "name_local"]].apply(lambda column: column.str.casefold())
        found = units.loc[(spelt == area.casefold()).any(axis=1), "pcode"]
        return str(found.iloc[0]) if len(found) == 1 else None

    def _select_places(
        self, records: pd.DataFrame, countries: list[str], area: str | None
    ) -> tuple[pd.Series, pd.Series]:
        """Return which records are in the place of a total, and which may be."""
        country, unit = records["adm0_pcode"], records["adm1_pcode"]
        here, nowhere = country.isin(countries), country.isna()
        return (here, nowhere) if area is None else (unit == area, unit.isna() & (here | nowhere))

    def _select_months(self, records: pd.DataFrame, total: pd.Series) -> tuple[pd.Series, pd.Series]:
        """Return which records are of the months of a total, and which may be, lasting longer than one."""
        first, last = total["first"], total["last"]
        longer = records["month"] == LONGER
        start, end = records["date_start"], records["date_end"]
        touching = (start.isna() | (start <= last)) & (end.isna() | (end >= first))
        return records["month"].between(f"{first:%Y-%m}", f"{last:%Y-%m}") & ~longer, touching & longer

    def _select_actors(self, records: pd.DataFrame, actor: str | None) -> tuple[pd.Series, pd.Series]:
        """Return which records name the actor or a member of it, and which name nobody else or name all jointly."""
        if pd.isna(actor):
            everyone = pd.Series(data=True, index=records.index)
            return everyone, everyone
        some, every = find_named(records["actors"], [actor], self.kin)
        joint = (records["attribution"] == "joint").fillna(value=False).astype(bool)
        return some, every | joint
