"""Regional summaries: incidents and people by region, layer of actors and month, as a tidy table and as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import shapely

from geo.actors import trace_parents
from geo.claims import CLAIM_FIELDS
from geo.files import write_text
from geo.findings import FINDING_FIELDS
from geo.ledger import Ledger
from geo.readers.columns import format_table
from geo.relations import RELATIONS, group_records, name_leads
from geo.schema import COUNTS, FIELD, FIELDS
from layers.areas import REGION, name_regions
from layers.counts import (
    DISCOUNTED,
    NUMBERS,
    SUMS,
    count_overlap,
    leave_open,
    regroup,
    share_actors,
    sum_ranges,
    total_ranges,
)
from layers.layer import LONGER, incident_month, label_layer, layer_keys, layer_order
from layers.windows import fill_months, span_months, state_cells
from layers.words import spell_addresses
from layers.workbook import MAX_ROWS, Sheet, write_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from geo.schema import Field

MAX_INCIDENTS = 50_000
"""Incidents that a workbook lists; more belong in the overlay."""

SHARES = {"sole": "alone", "shared": "with others", "up_to": "alone or with others"}
"""Figures of one actor, as columns: of incidents it alone is named for, of shared ones, and of both."""

RECORD_LABELS = {
    "superseded_by": "Superseded by",
    "in_range": "In the range of the incident",
    "precision": "Precision",
    "location_note": "Note on the location",
}
"""Columns that claims and findings have beside their own."""

NUMBER_LABELS = {"unknown": "Incidents without a figure", "open": "Incidents without a maximum"}

TOGETHER = ("Counted under several actors", "All incidents, each once")
"""Rows below the actors: what they have in common, and their union."""

SHARED_SUMS = ("incidents", "killed_min", "killed_max", "killed_unknown", "killed_open")


def summarize_incidents(
    incidents: gpd.GeoDataFrame, actors: pd.DataFrame, *, coverage: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the sums of the incidents for each region, layer of actors and month.

    Layers are sets of actors, so that every incident is counted once and all rows add up to the incidents.

    Parameters
    ----------
    incidents
        Located incidents, as `geo.regions.join_regions` returns them.
    actors
        Actor table with the labels of the actors.
    coverage
        Coverage windows of the list (see `geo.coverage.read_coverage`); None when nobody stated any.

    Returns
    -------
    pandas.DataFrame
        `REGION`; ``layer`` and ``layer_label`` (see `layers.layer.layer_keys`); ``month`` (``2017-03``, or ``longer``);
        ``coverage`` (one of `geo.coverage.STATUSES`); `layers.counts.SUMS` (people). Sorted by codes, layer and month,
        whatever the order of the incidents. A maximum holds what is known of it, so that rows add up: where
        ``killed_open`` is not 0 it is no upper bound, and `format_summary` and `write_summary` leave it empty.
    """
    keyed = name_regions(incidents).assign(layer=layer_keys(incidents), month=incident_month(incidents))
    sums = sum_ranges(keyed, [*REGION, "layer", "month"])
    rank = {key: k for k, key in enumerate(sorted(sums["layer"].unique(), key=layer_order))}
    labels = {key: label_layer(key, actors) for key in rank}
    sums = sums.assign(layer_label=sums["layer"].map(labels).astype("str"), rank=sums["layer"].map(rank))
    sums = sums.sort_values(["adm0_pcode", "adm1_pcode", "adm1_name", "rank", "month"], ignore_index=True)
    sums["coverage"] = state_cells(sums, coverage, actors)
    return sums[[*REGION, "layer", "layer_label", "month", "coverage", *SUMS]]


def format_summary(summary: pd.DataFrame, *, basis: str = Ledger().code) -> str:
    """Return a summary as CSV text, without open maxima; text that a spreadsheet would compute gets a ``'`` in front.

    ``basis`` is where the ranges come from (see `geo.ledger.Ledger.code`), the last column of every row.
    """
    return format_table(leave_open(summary).assign(ranges=basis))


def write_summary(
    incidents: gpd.GeoDataFrame,
    path: Path | str,
    *,
    actors: pd.DataFrame,
    regions: gpd.GeoDataFrame,
    ledger: Ledger | None = None,
    coverage: pd.DataFrame | None = None,
) -> None:
    """Write the summary of the incidents: a workbook when ``path`` ends in ``.xlsx``, else the tidy table as CSV.

    Parameters
    ----------
    incidents, actors
        As for `summarize_incidents`.
    path
        The file to write.
    regions
        Regions frame that the incidents were joined to; the workbook tells whose boundaries they are.
    ledger
        Where the ranges come from; None: the list states them.
    coverage
        Coverage windows of the list; None when nobody stated any.

    Raises
    ------
    FileError
        When the file cannot be written; what was there before is left as it was.
    """
    if Path(path).suffix.lower() == ".xlsx":
        write_workbook(build_sheets(incidents, actors, regions, ledger=ledger, coverage=coverage), path)
        return
    summary = summarize_incidents(incidents, actors, coverage=coverage)
    write_text(format_summary(summary, basis=(ledger or Ledger()).code), path)


def _list_months(incidents: pd.DataFrame, actors: pd.DataFrame) -> set[tuple[str, str]]:
    """Return the actors, groups among them, and months of all records, whatever they are counted with."""
    kin = trace_parents(actors)
    pairs = pd.DataFrame({"actors": incidents["actors"], "month": incident_month(incidents)}).drop_duplicates()
    named = zip(pairs["actors"].fillna(""), pairs["month"], strict=True)
    return {(one, month) for ids, month in named for actor in ids.split("|") for one in kin.get(actor, [actor])}


def build_sheets(
    incidents: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    regions: gpd.GeoDataFrame,
    *,
    ledger: Ledger | None = None,
    coverage: pd.DataFrame | None = None,
) -> list[Sheet]:
    """Return the sheets of the workbook: regions, actors, actors and months, incidents, sources, claims, notes.

    A table that is longer than a worksheet is left out, and the notes say so.
    """
    ledger = (ledger or Ledger()).about(incidents)
    by_region = leave_open(regroup(summarize_incidents(incidents, actors), REGION))
    by_region = by_region.sort_values(["adm0_pcode", "adm1_pcode", "adm1_name"])
    shares = regroup(share_actors(incidents, actors), ["actor", "month", "share"])
    months = _sum_actors(shares, ["actor", "month"])
    if coverage is not None:
        units = _list_units(incidents, regions)
        span, listed = span_months(incidents), _list_months(incidents, actors)
        months = fill_months(months, coverage, span=span, units=units, actors=actors, listed=listed)
    by_actor = _add_union(_sum_actors(shares, ["actor"]), incidents, actors)
    sheets = [
        Sheet("By region", by_region.rename(columns=_label)),
        Sheet("By actor", _name_actors(by_actor, actors)),
        Sheet("By actor and month", _name_actors(months, actors)),
    ]
    if len(incidents) <= MAX_INCIDENTS:
        listed = incidents.sort_values(["date_start", "incident_id"])
        sheets += [Sheet("Incidents", _list_incidents(listed, actors)), Sheet("Sources", _list_sources(listed))]
        if ledger.claims is not None:
            sheets.append(Sheet("Claims", _list_records(ledger.claims, CLAIM_FIELDS, actors)))
    if ledger.findings is not None:
        sheets.append(Sheet("Findings", _list_records(ledger.findings, FINDING_FIELDS, actors)))
    notes = [*ledger.notes, *_note(incidents, regions)]
    long = [sheet.name for sheet in sheets if len(sheet.frame) > MAX_ROWS]
    notes += [(name, f"Not listed here, having more than {MAX_ROWS:,} rows: see incidents.gpkg.") for name in long]
    sheets = [sheet for sheet in sheets if sheet.name not in long]
    return [*sheets, Sheet("Notes", pd.DataFrame(notes, columns=["Note", "Value"]), wrap=True)]


def _list_records(records: pd.DataFrame, fields: Sequence[Field], actors: pd.DataFrame) -> pd.DataFrame:
    """Return claims or findings under the labels of their columns, with what was found out about them."""
    labels = {field.name: field.label for field in fields} | RECORD_LABELS
    listed = pd.DataFrame(records[[name for name in labels if name in records]])
    names = actors["label"].to_dict()
    actor = listed["actor"].map(lambda ids: ", ".join(names.get(i, i) for i in ids.split("|")), na_action="ignore")
    return listed.assign(actor=actor.astype("str"), url=_spell(listed["url"])).rename(columns=labels)


def _label(name: str) -> str:
    """Return what readers see of a column."""
    count, _, part = name.rpartition("_")
    if count in COUNTS and part in NUMBER_LABELS:
        return f"{NUMBER_LABELS[part]}: {FIELD[f'{count}_min'].label.removesuffix(', minimum').lower()}"
    return FIELD[name].label if name in FIELD else name.capitalize()


def _sum_actors(shares: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return what each actor is named for alone, with others, and both, side by side: rows do not add up."""
    wide = shares[by].drop_duplicates()
    for share, told in SHARES.items():
        part = shares if share == "up_to" else shares[shares["share"] == share]
        sums = leave_open(regroup(part, by)).set_index(by)[[*SHARED_SUMS]]
        wide = wide.join(sums.set_axis([f"{_label(name)}, {told}" for name in SHARED_SUMS], axis=1), on=by)
        none = [f"{_label(name)}, {told}" for name in SHARED_SUMS if name in NUMBERS]
        wide[none] = wide[none].fillna(0)
    return wide


def _name_actors(wide: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """Return a table of actors in their order and under their labels; rows that are no actor stay last."""
    rank = {key: k for k, key in enumerate(sorted(set(wide["actor"]) - set(TOGETHER), key=layer_order))}
    order = wide["actor"].map(rank).fillna(len(rank))
    sorted_ = wide.assign(rank=order).sort_values(["rank", *wide.columns.intersection(["month"])], kind="stable")
    labels = {key: label_layer(key, actors) for key in rank}
    members = trace_parents(actors)
    for key in rank:
        own = [labels[one] for one in rank if one != key and key in members.get(one, ())]
        labels[key] += f" (with {', '.join(own)})" if own else ""
    named = sorted_["actor"].map(lambda key: labels.get(key, key))
    return sorted_.drop(columns="rank").assign(actor=named).rename(columns=_label)


def _add_union(wide: pd.DataFrame, incidents: gpd.GeoDataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """Return a table of actors with what they have in common below it, and then all incidents, each once.

    So the column 'alone or with others' adds up: actors, less what is counted several times, are the whole.
    """
    names = {name: f"{_label(name)}, {SHARES['up_to']}" for name in SHARED_SUMS}
    last = leave_open(pd.DataFrame([count_overlap(incidents, actors), total_ranges(incidents)]).astype("Int64"))
    last = last[[*names]].rename(columns=names).assign(actor=TOGETHER)
    return pd.concat([wide, last], ignore_index=True)


def _list_units(incidents: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the governorates of the countries of the incidents."""
    countries = incidents["adm0_pcode"].dropna().unique()
    return pd.DataFrame(regions[(regions["level"] == 1) & regions["parent"].isin(countries)])


def _list_incidents(incidents: gpd.GeoDataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of the incidents under their labels, with where each is mapped."""
    keys = layer_keys(incidents)
    listed = incidents[[f.name for f in FIELDS]].assign(
        actors=keys.map({key: label_layer(key, actors) for key in keys.unique()}),
        **{
            "mapped latitude": shapely.get_y(incidents.geometry.array),
            "mapped longitude": shapely.get_x(incidents.geometry.array),
            "counted with": name_leads(incidents),
            "sources": _spell(incidents["sources"]),
        },
    )
    return pd.DataFrame(listed).rename(columns=_label)


def _list_sources(incidents: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return one row for each source of each incident."""
    sources = pd.DataFrame(incidents[["incident_id", "sources"]].assign(sources=incidents["sources"].str.split("|")))
    listed = sources.explode("sources")
    listed = listed.assign(sources=_spell(listed["sources"]).str.strip())
    return listed[listed["sources"].fillna("") != ""].rename(columns={"incident_id": "Incident", "sources": "Source"})


def _spell(addresses: pd.Series) -> pd.Series:
    return addresses.map(spell_addresses, na_action="ignore").astype("str")


def _note(incidents: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> list[tuple[str, object]]:
    """Return what a reader must know to quote the figures."""
    total, start = leave_open(total_ranges(incidents).to_frame().T).iloc[0], incidents["date_start"]
    months = sum_ranges(incidents.assign(month=incident_month), ["month"], counts=())
    records = {
        "Records": len(incidents),
        "Records placed on the map": incidents.geometry.notna().sum(),
        "Records not placed": incidents.geometry.isna().sum(),
        "Records outside all regions": (incidents["join_method"] == "outside").sum(),
        "Records that are discounted": (incidents["grading"] == DISCOUNTED).sum(),
        "Incidents, related records once": total["incidents"],
        f"Incidents of more than a month (month '{LONGER}')": months.loc[months["month"] == LONGER, "incidents"].sum(),
        "Incidents all of whose records are discounted": total[DISCOUNTED],
        **{_label(name): total[name] for name in SUMS[2:]},
    }
    notes: list[tuple[str, object]] = [
        ("First day", start.min()),
        ("Last day", incidents["date_end"].max()),
        *((told, None if pd.isna(number) else int(number)) for told, number in records.items()),
        ("What is counted", "Documented incidents, not all that happened."),
        ("How ranges are added", "Minima and maxima each by themselves; what is unknown is never 0."),
        ("Maxima", "Empty where an incident has a minimum without a maximum: the sum has no upper bound known."),
        ("Months", "An incident stands in the month it began, once."),
        ("Regions", "Each incident stands in one region; the rows of 'By region' add up to all incidents."),
        ("Discounted", "Records graded so are counted here, and left out of map and report until asked for."),
        *_note_relations(incidents),
        ("Actors", "Do not add up actors: an incident with several stands under each of them, in 'with others'."),
        ("Actors with members", "Their figures are a union: an incident of a member is one of theirs."),
        ("Coverage", "No incident is a zero only where the status is 'covered'; anywhere else it is a gap."),
    ]
    if len(incidents) > MAX_INCIDENTS:
        notes.append(
            ("Incidents, sources, claims", f"Not listed here, being more than {MAX_INCIDENTS:,}: see incidents.gpkg.")
        )
    return notes + _note_boundaries(incidents, regions)


def _note_relations(incidents: gpd.GeoDataFrame) -> list[tuple[str, object]]:
    """Return how related records are counted, where there are any."""
    if group_records(incidents) is None:
        return []
    return [
        (
            "Related records",
            "Counted as one incident, so that there are fewer than records: see 'counted with' of each.",
        ),
        *((f"Records: {name}", rule.capitalize() + ".") for name, rule in RELATIONS.items()),
    ]


def _note_boundaries(incidents: gpd.GeoDataFrame, regions: gpd.GeoDataFrame) -> list[tuple[str, object]]:
    used = regions[regions["pcode"].isin(incidents["adm0_pcode"].unique())]
    units = regions[regions["country"].isin(used["country"]) & (regions["level"] > 0)]
    spans = (
        units[["country", "source", "valid_from", "valid_to"]]
        .drop_duplicates()
        .fillna("")
        .sort_values(["country", "source"])
    )
    return [
        (f"Boundaries, {country}", f"{source}, valid {since or '?'} to {until or '?'}" if since or until else source)
        for country, source, since, until in spans.itertuples(index=False)
    ]
