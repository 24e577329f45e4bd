"""How records of one event stand to each other, and how they are counted then: once.

The column ``related`` holds relations to other records of the list, as ``overlaps:CI551|part of:CS603``. What a person
decides in ``links.csv`` is added to it. Nothing else says that records belong together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.errors import Problem, refuse_errors
from geo.readers.cells import find_contradictions, judge_header
from geo.readers.columns import clean_text
from geo.readers.rows import read_rows
from geo.schema import COUNTS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from geo.errors import Severity

    Ints = NDArray[np.int64]

ONE_SPAN = "counted as one span, from their lowest minimum to their highest maximum"
RELATIONS = {
    "same event": ONE_SPAN,
    "overlaps": ONE_SPAN,
    "conflates": ONE_SPAN,
    "part of": "the part is counted in its whole, whose own figures stand",
    "supersedes": "the record that it supersedes counts nothing",
}
"""Relations of a record to another, with how the two are counted."""

LARGER_PART: tuple[str, str, Severity] = (
    "correct one of them, or the relation: only the whole is counted",
    "part-larger",
    "finding",
)
"""What to do about a part that is larger than its whole, with code and severity."""

CIRCLE = "goes round in a circle, the record would be counted in itself", "leave out one relation of the circle"
"""What is wrong with relations that `find_circles` finds, and what to do about it."""

DISTINCT = "distinct"
"""What a person decides about two records that are two events: both are counted, and not proposed again."""

LINK_COLUMNS = ("id_a", "id_b", "relation", "confidence", "reason", "decided_by", "decided_on", "note")
"""Columns of ``links.csv``. ``id_a`` stands in the relation to ``id_b``: it is part of it, or supersedes it."""


EVENT = ("event", "event_end")
"""Columns of `mark_events`: number of each record's span, from 1, and the last number of those in it; 0 for none.

Spans are numbered so that those in another follow it without a gap: what is in what is known of any of them.
"""


@dataclass(frozen=True)
class Groups:
    """Which record carries the figures of each record.

    Parameters
    ----------
    lead
        Position of the record with which each record is counted; its own where it carries itself.
    widens
        Whether a record's figures widen the span of its lead; else they count nothing.
    turn
        Place of each record by day, then by id, from 1; 0 where no relation has it.
    """

    lead: Ints
    widens: NDArray[np.bool_]
    turn: Ints


@dataclass(frozen=True)
class Spans:
    """Records that are counted as one span.

    Parameters
    ----------
    own, whole
        Number of each record's span, and of the nearest of the others that this is in; from 1, and 0 for none.
    turn
        Place of each of them by day, then by id, from 1, and 0 for none: the first of a span carries its figures.
    """

    own: Ints
    whole: Ints
    turn: Ints


def read_relations(related: pd.Series) -> pd.DataFrame:
    """Return every relation of a ``related`` column: ``at`` (position), ``relation``, ``other``.

    ``other`` is the id of the record that a text names; where it is no relation, the text itself, and ``relation`` is
    empty.
    """
    rows = []
    filled = related.notna().to_numpy()
    for at in np.flatnonzero(filled):
        for text in filter(None, map(str.strip, str(related.iloc[at]).split("|"))):
            word, colon, other = text.partition(":")
            relation = word.strip().casefold().replace("-", " ")
            known = bool(colon and other.strip()) and relation in RELATIONS
            rows.append((int(at), relation if known else "", other.strip() if known else text))
    return pd.DataFrame(rows, columns=["at", "relation", "other"])


def mark_events(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the incidents with `EVENT`, by which `group_records` knows of any rows of them what is one event.

    Which records are one event is found on the whole list: one of them that is left out later still joins the others.
    """
    if EVENT[0] in incidents or (numbers := _number_events(incidents)) is None:
        return incidents
    return incidents.assign(**dict(zip(EVENT, numbers, strict=True)))


def group_records(incidents: pd.DataFrame) -> Groups | None:
    """Return which records are counted together; None when every record is counted by itself.

    Of records counted as one span the lead is the first by day, then by id. Relations to records that are not among
    the incidents have no effect unless `mark_events` saw them: then those of one span stay one, and what is a part, or
    superseded, is counted in the outermost record that is there, by itself where none is.
    """
    numbers = _find_numbers(incidents)
    if numbers is None:
        return None
    own, end = numbers
    rank = _rank(incidents, np.flatnonzero(own))
    order = np.lexsort((rank, own))[-np.count_nonzero(own) :]
    _, first, span = np.unique(own[order], return_index=True, return_inverse=True)
    heads = order[first]
    inside = own[heads[1:]] <= np.maximum.accumulate(end[heads])[:-1]
    outer = np.r_[True, ~inside]
    top = np.maximum.accumulate(np.where(outer, np.arange(len(heads)), 0))
    lead, widens = np.arange(len(own)), np.ones(len(own), dtype=bool)
    lead[order], widens[order] = heads[top[span]], outer[span]
    return Groups(lead, widens, rank)


def number_spans(incidents: pd.DataFrame) -> Spans | None:
    """Return the spans of the incidents and what each of them is in; None when every record is counted by itself."""
    numbers = _find_numbers(incidents)
    if numbers is None:
        return None
    own, end = numbers
    rows = np.flatnonzero(own)
    ends = dict(sorted(zip(own[rows].tolist(), end[rows].tolist(), strict=True)))
    whole_of: dict[int, int] = {}
    line = [0]
    for span in ends:
        while line[-1] and ends[line[-1]] < span:
            line.pop()
        whole_of[span] = line[-1]
        line.append(span)
    named = dict.fromkeys(number for span in own[rows].tolist() for number in (whole_of[span], span))
    small = {0: 0} | {number: k for k, number in enumerate(filter(None, named), start=1)}
    whole = [small[whole_of.get(span, 0)] for span in own.tolist()]
    return Spans(np.array([small[span] for span in own.tolist()]), np.array(whole), _rank(incidents, rows))


def _find_numbers(incidents: pd.DataFrame) -> tuple[Ints, Ints] | None:
    """Return the `EVENT` of each record, as marked or of these alone; None when every record is counted by itself."""
    if EVENT[0] not in incidents:
        return _number_events(incidents)
    own, end = (incidents[name].to_numpy(dtype=np.int64) for name in EVENT)
    return (own, end) if own.any() else None


def _rank(incidents: pd.DataFrame, rows: Ints) -> Ints:
    """Return the place of some rows among each other by day, then by id, from 1; 0 for all others."""
    some = incidents.iloc[rows]
    days = pd.to_datetime(some["date_start"]).to_numpy().astype("datetime64[D]")
    rank = np.zeros(len(incidents), dtype=np.int64)
    rank[rows[np.lexsort((some["incident_id"].to_numpy(dtype=str), days))]] = np.arange(1, len(rows) + 1)
    return rank


def _number_events(incidents: pd.DataFrame) -> tuple[Ints, Ints] | None:
    """Return the `EVENT` of each record; None when every record is counted by itself."""
    known = _find_related(incidents)
    known = known[known["to"] != known["at"]]
    if known.empty:
        return None
    rows = np.unique(known[["at", "to"]].to_numpy(dtype=np.int64))
    spans, inside = _join_spans(known, _rank(incidents, rows))
    parts: dict[int, list[int]] = {}
    for part, whole in inside.items():
        parts.setdefault(whole, []).append(part)
    numbers: dict[int, int] = {}
    ahead = [span for span in dict.fromkeys(spans[rows].tolist()) if span not in inside]
    while ahead:
        span = ahead.pop()
        numbers[span] = len(numbers) + 1
        ahead += parts.get(span, [])
    ends = dict(numbers)
    for span in reversed(numbers):
        if span in inside:
            ends[inside[span]] = max(ends[inside[span]], ends[span])
    own, end = np.zeros((2, len(incidents)), dtype=np.int64)
    own[rows], end[rows] = ([told[span] for span in spans[rows].tolist()] for told in (numbers, ends))
    return own, end


def _find_related(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the relations to records that are there, as `read_relations` does, with their position ``to``."""
    known = read_relations(incidents.get("related", pd.Series(dtype="str")))
    ids = pd.Index(incidents["incident_id"])
    known["to"] = ids.get_indexer_for(known["other"]) if len(known) and ids.is_unique else -1
    return known[(known["relation"] != "") & (known["to"] >= 0)]


def _join_spans(known: pd.DataFrame, rank: Ints) -> tuple[Ints, dict[int, int]]:
    """Return the first record of each one's span, and the spans that are counted in others, with those.

    Records of one span are joined first, then parts and superseded ones follow their whole.
    """
    lead, pairs = _pair_spans(known, rank)
    inside: dict[int, int] = {}
    outermost = lead.copy()
    for part, whole in sorted(pairs, key=lambda pair: (rank[pair[0]], rank[pair[1]])):  # whatever the order of rows
        if part not in inside and _find(whole, outermost) != part:  # two that are each part of the other would vanish
            inside[part] = outermost[part] = whole
    return np.array([_find(at, lead) for at in range(len(lead))]), inside


def _pair_spans(known: pd.DataFrame, rank: Ints) -> tuple[Ints, set[tuple[int, int]]]:
    """Return the first record of each one's span, by way of others, and each span with one that it is said to be in."""
    lead = np.arange(len(rank))
    one = known["relation"].map(RELATIONS) == ONE_SPAN
    for at, to in known.loc[one, ["at", "to"]].itertuples(index=False):
        first, second = sorted((_find(at, lead), _find(to, lead)), key=lambda k: rank[k])
        lead[second] = first
    pairs = {
        (_find(to, lead), _find(at, lead)) if relation == "supersedes" else (_find(at, lead), _find(to, lead))
        for at, relation, to in known.loc[~one, ["at", "relation", "to"]].itertuples(index=False)
    }
    return lead, pairs


def find_circles(incidents: pd.DataFrame) -> pd.DataFrame:
    """Return the relations, as `read_relations` does, by which a record would be counted in itself."""
    known = _find_related(incidents)
    lead, pairs = _pair_spans(known, np.zeros(len(incidents), dtype=np.int64))
    circle = _find_rings(pairs)
    ends = [[circle.get(_find(at, lead), 0) for at in known[name]] for name in ("at", "to")]
    return known[np.array([first == last > 0 for first, last in zip(*ends, strict=True)], dtype=bool)]


def _find_rings(pairs: set[tuple[int, int]]) -> dict[int, int]:
    """Return the number, from 1, of the ring that each span is in: spans that lead to each other from part to whole."""
    ahead: dict[int, set[int]] = {}
    behind: dict[int, set[int]] = {}
    for part, whole in pairs:
        ahead.setdefault(part, set()).add(whole)
        behind.setdefault(whole, set()).add(part)
    for one, other in ((ahead, behind), (behind, ahead)):  # what leads nowhere, or comes from nowhere, is in no ring
        ends = [span for span in other if span not in one]
        while ends:
            end = ends.pop()
            for span in other.pop(end, ()):
                one[span].remove(end)
                if not one[span]:
                    del one[span]
                    ends.append(span)
    rings: dict[int, int] = {}
    for span in ahead:
        if span not in rings:
            ring = _reach(span, ahead) & _reach(span, behind)
            rings |= dict.fromkeys(ring, len(rings) + 1)
    return rings


def _reach(span: int, ways: dict[int, set[int]]) -> set[int]:
    """Return the spans that ways lead to from one."""
    reached: set[int] = set()
    todo = [span]
    while todo:
        new = ways.get(todo.pop(), set()) - reached
        reached |= new
        todo += new
    return reached


def _find(at: int, lead: Ints) -> int:
    """Return the end of a line of leads, and shorten the line."""
    while lead[at] != at:
        lead[at] = lead[lead[at]]
        at = int(lead[at])
    return at


def name_leads(incidents: pd.DataFrame) -> pd.Series:
    """Return the id of the record that each record is counted with; missing where it is counted by itself."""
    ids = incidents["incident_id"].astype("str")
    groups = group_records(incidents)
    if groups is None:
        return pd.Series(pd.NA, index=incidents.index, dtype="str")
    return ids.take(groups.lead).set_axis(incidents.index).where(groups.lead != np.arange(len(ids)))


def name_others(incidents: pd.DataFrame) -> dict[str, list[str]]:
    """Return the ids of all others that each related record is counted together with, by its id."""
    groups = group_records(incidents)
    if groups is None:
        return {}
    ids = incidents["incident_id"].astype("str").tolist()
    together: dict[int, list[str]] = {}
    for at in np.flatnonzero(groups.turn).tolist():
        together.setdefault(int(groups.lead[at]), []).append(ids[at])
    return {one: [other for other in named if other != one] for named in together.values() for one in named}


def find_larger_parts(incidents: pd.DataFrame, told: pd.DataFrame) -> list[tuple[int, str]]:
    """Return each label of ``told`` whose part is larger than its whole, and in words how: the whole alone counts.

    Parameters
    ----------
    incidents
        Incidents of any stage, indexed by row.
    told
        ``part`` and ``whole``: ids of records, of which the first is part of the second.
    """
    known = incidents.drop_duplicates("incident_id").set_index("incident_id")
    rows = dict(zip(incidents["incident_id"], incidents.index, strict=True))
    told = told[told["part"].isin(known.index) & told["whole"].isin(known.index)]
    part, whole = (known.loc[told[name]].set_axis(told.index) for name in ("part", "whole"))
    found: dict[int, str] = {}
    for count in reversed(COUNTS):
        low, high = f"{count}_min", f"{count}_max"
        most = whole[high].astype("Float64")
        for at in told.index[(part[low] > most).fillna(value=False)].tolist():
            ours, theirs = (_say_range(frame.loc[at, low], frame.loc[at, high]) for frame in (part, whole))
            name = told["whole"][at]
            found[at] = f"has {ours} {count}, but '{name}' (row {rows[name]}), of which it is part, {theirs}"
    return sorted(found.items())


def _say_range(low: Any, high: Any) -> str:  # noqa: ANN401  # a count or NA
    if pd.isna(high):
        return f"{low} or more"
    return f"{high}" if low == high else f"up to {high}" if pd.isna(low) else f"{low} to {high}"


def read_links(path: Path) -> pd.DataFrame:
    """Read ``links.csv``.

    Returns
    -------
    pandas.DataFrame
        `LINK_COLUMNS` as text, "" where a cell is empty, indexed by row. Only rows with ``decided_by`` are decided.

    Raises
    ------
    InputError
        With every problem: columns missing, decided rows without a known relation or with one record twice, or that
        contradict each other.
    geo.errors.UsageError
        When ``path`` is no regular local file.
    """
    rows = read_rows(path, what="links")
    problems = [*rows.problems, *judge_header(rows.cells, LINK_COLUMNS)]
    problems += [
        Problem(1, name, "", "is missing", "add it to the header", "missing-column")
        for name in ("id_a", "id_b", "relation", "decided_by")
        if name not in rows.cells
    ]
    cells = {name: clean_text(rows.cells[name]).to_pylist() for name in LINK_COLUMNS if name in rows.cells}
    links = pd.DataFrame(cells, index=pd.Index(rows.row, name="row"), dtype="str")
    links = links.reindex(columns=LINK_COLUMNS, fill_value="")
    links["relation"] = links["relation"].str.casefold().str.replace("-", " ")
    decided = links["decided_by"] != ""
    unknown = decided & ~links["relation"].isin([*RELATIONS, DISTINCT])
    alone = decided & ((links["id_a"] == links["id_b"]) | (links["id_a"] == "") | (links["id_b"] == ""))
    todo = f"write one of {', '.join([*RELATIONS, DISTINCT])}"
    for wrong, name, what, hint, code in (
        (unknown, "relation", "is no relation", todo, "link-relation"),
        (alone, "id_b", "does not make two records", "name two records", "link-ids"),
    ):
        problems += [Problem(r, name, text, what, hint, code) for r, text in _texts(links.loc[wrong, name])]
    problems += _judge_together(links[decided])
    refuse_errors(path, problems)
    return links


def _judge_together(decided: pd.DataFrame) -> list[Problem]:
    """Find rows about one pair of records that count it otherwise than an earlier one."""
    ends = decided[["id_a", "id_b"]]
    pair = ends.min(axis=1) + "\x1f" + ends.max(axis=1)
    counted = decided["relation"].replace(RELATIONS)
    counted = counted.where(counted.isin([ONE_SPAN, DISTINCT]), counted + "\x1f" + decided["id_a"])
    told = "row " + decided.index.astype("str") + ", where " + decided["decided_by"] + " decided '"
    said = dict(told + decided["id_a"] + "' " + decided["relation"] + " '" + decided["id_b"] + "'")
    relation, todo = dict(decided["relation"]), "keep the one that holds"
    return [
        Problem(row, "relation", relation[row], f"contradicts {said[first]}", todo, "links-contradict")
        for row, first in find_contradictions(pair, counted)
    ]


def _texts(column: pd.Series) -> list[tuple[int, str]]:
    return list(zip(column.index.tolist(), column.tolist(), strict=True))


def apply_links(incidents: pd.DataFrame, links: pd.DataFrame) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the incidents with what a person decided in their column ``related``, and what could not be applied.

    Proposals that nobody decided, and pairs decided to be distinct, change nothing. A decision about a record that
    is not in the list is a finding, one that makes a circle (see `find_circles`) an error.
    """
    decided = links[(links["decided_by"] != "") & (links["relation"] != DISTINCT)]
    ids = set(incidents["incident_id"])
    todo = "delete the row, or nothing if it is of another list"
    findings = [
        Problem(row, name, link, "no such incident in the list", todo, "link-outdated", "finding")
        for name in ("id_a", "id_b")
        for row, link in _texts(decided.loc[~decided[name].isin(ids), name])
    ]
    parts = decided.loc[decided["relation"] == "part of", ["id_a", "id_b"]].set_axis(["part", "whole"], axis=1)
    findings += [
        Problem(row, "id_a", parts["part"][row], words, *LARGER_PART)
        for row, words in find_larger_parts(incidents, parts)
    ]
    here = decided[decided["id_a"].isin(ids) & decided["id_b"].isin(ids)]
    added = (
        (here["relation"] + ":" + here["id_b"]).groupby(here["id_a"]).agg(lambda texts: "|".join(dict.fromkeys(texts)))
    )
    told = incidents["incident_id"].map(added).astype("str")
    both = incidents["related"].str.cat(told, sep="|")
    linked = incidents.assign(related=both.fillna(incidents["related"]).fillna(told))
    circles = find_circles(linked)
    round_about = set(
        zip(incidents["incident_id"].iloc[circles["at"]], circles["relation"], circles["other"], strict=True)
    )
    findings += [
        Problem(row, "relation", relation, *CIRCLE, "links-circle")
        for row, *link, relation in here[["id_a", "id_b", "relation"]].itertuples()
        if (link[0], relation, link[1]) in round_about
    ]
    return linked, sorted(findings)
