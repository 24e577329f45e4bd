"""A list cut by days and actors: what stays, what is covered of it, and which published totals it still answers."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from geo.actors import find_named, index_actors, trace_parents
from geo.coverage import COVERED, PARTIAL, STATUSES
from geo.errors import UsageError, say_number
from layers.counts import follow_leads
from layers.layer import LONGER, incident_month
from layers.remarks import Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    import geopandas as gpd


@dataclass(frozen=True)
class Cut:
    """What a list was cut to on request; to nothing unless it says so.

    Parameters
    ----------
    since, until
        First and last day an incident may begin; None for any.
    actors
        Ids of which it must name one, or a member of one; empty for any.
    across
        ``date_start`` and ``date_end`` of incidents left out by their day that are of no single month, and of ``lent``.
    lent
        Records left out with the event that they are counted with, though they are of these days and actors.
    """

    since: date | None = None
    until: date | None = None
    actors: Sequence[str] = ()
    across: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["date_start", "date_end"]))
    lent: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["date_start", "date_end"]))

    def label(self, actors: pd.DataFrame) -> tuple[tuple[str, str], ...]:
        """Return the labels of its actors in English and Arabic, empty where an actor has none."""
        chosen = actors.loc[list(self.actors), ["label", "label_ar"]].fillna("")
        return tuple(zip(chosen["label"], chosen["label_ar"], strict=True))

    def judge(self, total: pd.Series, kin: Mapping[str, Sequence[str]]) -> list[Remark]:
        """Return why the sum of a published total's scope may lack incidents that were left out; nothing if it cannot.

        ``kin`` is what `geo.actors.trace_parents` returns.
        """
        first, last, actor = total["first"], total["last"], total["actor"]
        early = self.since is not None and first < pd.Timestamp(self.since)
        late = self.until is not None and last > pd.Timestamp(self.until)
        by_day = early or late or _touch(self.across, first, last).any()
        reasons = [Remark("cutDays")] if by_day else []
        other = pd.isna(actor) or not set(self.actors) & {*kin.get(actor, [actor])}
        if self.actors and (other or (not by_day and _touch(self.lent, first, last).any())):
            reasons.append(Remark("cutActors"))
        return reasons

    def cover(
        self,
        windows: pd.DataFrame,
        kept: pd.DataFrame,
        lent: gpd.GeoDataFrame,
        kin: Mapping[str, Sequence[str]],
    ) -> pd.DataFrame:
        """Return coverage windows of these days and actors, partial where and when records of ``lent`` were.

        So their places and months are no zero, whoever is asked for. Products show the months of what is kept: a record
        before or after all of it reaches to the nearest.

        Parameters
        ----------
        windows
            As `geo.coverage.read_coverage` returns them.
        kept
            Incidents that stay.
        lent
            The records located, as `geo.regions.join_regions` returns them; one in no governorate is of all.
        kin
            What `geo.actors.trace_parents` returns.
        """
        covered = windows[windows["status"] == STATUSES[COVERED]]
        earliest, latest = kept["date_start"].min(), kept["date_start"].max()
        partial = [windows]
        for record in lent.to_dict("records"):
            found = covered
            for code, name in (("adm0_pcode", "country"), ("adm1_pcode", "admin1")):
                if pd.notna(record[code]):
                    found = found[found[code].isna() | (found[code] == record[code])]
                    found = found.assign(**{code: record[code], name: found[name].fillna(record[f"{code[:4]}_name"])})
            line = {one for actor in str(record["actors"]).split("|") for one in kin.get(actor, [actor])}
            found = found[found["actor"].isna() | found["actor"].isin(line)]
            start, end = min(record["date_start"], latest), max(record["date_end"], earliest)
            if pd.notna(start):
                found = found.assign(**{"from": found["from"].clip(lower=start)})
            if pd.notna(end):
                found = found.assign(to=found["to"].fillna(end).clip(upper=end))
            found = found[found["to"].isna() | (found["from"] <= found["to"])]
            note = f"{record['incident_id']} is counted with its incident, which is left out here"
            partial.append(found.assign(status=STATUSES[PARTIAL], note=note))
        return self._clip(pd.concat(partial, ignore_index=True).astype(windows.dtypes), kin)

    def _clip(self, windows: pd.DataFrame, kin: Mapping[str, Sequence[str]]) -> pd.DataFrame:
        """Return coverage windows of these days and actors alone: of what was left out, nothing is known."""
        start, end = windows["from"], windows["to"]
        if self.since:
            start = start.where(start >= pd.Timestamp(self.since), pd.Timestamp(self.since))
        if self.until:
            end = end.where(end <= pd.Timestamp(self.until), pd.Timestamp(self.until))
        found = windows.assign(**{"from": start, "to": end})[end.isna() | (start <= end)]
        if not self.actors:
            return found
        members = [bool(set(self.actors) & {*kin.get(actor, [actor])}) for actor in found["actor"].fillna("")]
        wider = [
            found[found["actor"].isna() | found["actor"].isin(kin.get(actor, [actor]))].assign(actor=actor)
            for actor in self.actors
        ]
        return pd.concat([found[members], *wider]).drop_duplicates().astype(windows.dtypes)


def _touch(records: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.Series:
    """Return which records may have a day of a period."""
    start, end = records["date_start"], records["date_end"]
    return (start.isna() | (start <= last)) & (end.isna() | (end >= first))


def cut_list(
    incidents: pd.DataFrame, actors: pd.DataFrame, *, since: date | None, until: date | None, only: Iterable[str]
) -> tuple[pd.DataFrame, Cut]:
    """Return the incidents that begin within the days and name one of the actors or a member of one, and the cut.

    Records of one event stay together, by the day and the actors of the one that they are counted with.

    Raises
    ------
    UsageError
        When there is no such actor, or nothing is left of the list.
    """
    if since and until and since > until:
        message = f"--since {since:%Y-%m-%d} is after --until {until:%Y-%m-%d} — swap them"
        raise UsageError(message)
    wanted = list(dict.fromkeys(_actor_id(name, actors) for name in only))
    events, kin = follow_leads(incidents), trace_parents(actors)
    (days, named), (own_days, own_named) = (
        (_begin_within(records, since, until), find_named(records["actors"], wanted, kin)[0] if wanted else True)
        for records in (events, incidents)
    )
    kept, lent = incidents[days & named], incidents[own_days & own_named & ~(days & named)]
    longer = events[~days & (incident_month(events) == LONGER)]
    across = pd.concat([longer, lent[~days[lent.index]]])[["date_start", "date_end"]]
    if kept.empty and len(incidents):
        listed = say_number(len(incidents), "record")
        message = f"--since, --until and --actor leave none of {listed} — choose wider"
        raise UsageError(message)
    return kept, Cut(since, until, wanted, across, lent)


def _begin_within(records: pd.DataFrame, since: date | None, until: date | None) -> pd.Series:
    found = pd.Series(data=True, index=records.index)
    if since:
        found &= records["date_start"] >= pd.Timestamp(since)
    if until:
        found &= records["date_start"] <= pd.Timestamp(until)
    return found


def _actor_id(name: str, actors: pd.DataFrame) -> str:
    """Return the id of an actor written as a list may write it."""
    if actor := index_actors(actors).find(unicodedata.normalize("NFC", name.strip())):
        return actor
    message = f"--actor {name}: no such actor — choose one of {', '.join(map(str, actors.index))}"
    raise UsageError(message)


def lack_rows(windows: pd.DataFrame) -> pd.DataFrame:
    """Return coverage windows of a list of which rows were set aside: it holds only some of what was reported."""
    status = windows["status"].replace(STATUSES[COVERED], STATUSES[PARTIAL])
    return windows.assign(status=status)
