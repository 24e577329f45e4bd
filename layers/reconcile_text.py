"""What reconciling found, for reading and for other programs: text, CSV, a workbook, plain dictionaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.dates import is_whole_months
from geo.errors import say_number
from geo.files import write_text
from geo.readers.columns import format_table
from layers.layer import label_layer
from layers.reconcile import NOT_COMPARABLE, drop_empty, write_ends
from layers.scope import COUNTED, LEFT_OUT, OPEN
from layers.workbook import Sheet, write_workbook

if TYPE_CHECKING:
    from pathlib import Path

WORDS = {COUNTED: "counted", **OPEN, LEFT_OUT: "left out by its grading"}
"""What readers see of the parts that are incidents."""

SHOWN_IDS = 6
"""Incidents that a line names for reading; the CSV names them all."""


def write_reconciliation(table: pd.DataFrame, path: Path | str) -> None:
    """Write what `reconcile_totals` returns: a workbook when ``path`` ends in ``.xlsx``, else CSV.

    In CSV a text that a spreadsheet would compute gets a ``'`` in front.

    Raises
    ------
    FileError
        When the file cannot be written; what was there before is left as it was.
    """
    table = table.drop(columns="remarks")
    if str(path).lower().endswith(".xlsx"):
        write_workbook([Sheet("Reconciliation", table.assign(part=table["part"].replace(WORDS)))], path)
        return
    write_text(format_table(table), path)


def list_lines(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return what `reconcile_totals` returns as dictionaries that JSON can hold; ids of incidents as a list."""
    table = table.drop(columns="remarks")
    plain = table.assign(**{name: table[name].dt.strftime("%Y-%m-%d") for name in ("published", "first", "last")})
    rows = plain.astype(object).where(plain.notna(), None).to_numpy().tolist()
    ids = [[one for one in text.split("|") if one] for text in table["incident_ids"]]
    return [dict(zip(table, row, strict=True)) | {"incident_ids": i} for row, i in zip(rows, ids, strict=True)]


def format_reconciliation(table: pd.DataFrame, actors: pd.DataFrame) -> str:
    """Return what `reconcile_totals` returns for reading: each comparison, then what is not comparable and why."""
    refused = table["part"] == NOT_COMPARABLE
    blocks = [
        "\n".join([_head(lines.iloc[0], actors), *(_write_line(line) for _, line in drop_empty(lines).iterrows())])
        for _, lines in table[~refused].groupby("total_id", sort=False)
    ]
    if refused.any():
        lines = [f"  {_head(line, actors)}\n      {line['note']}" for _, line in table[refused].iterrows()]
        blocks.append("\n".join(["Not comparable, nothing is subtracted:", *lines]))
    return "\n\n".join(blocks) + "\n" if blocks else "no totals\n"


def format_wholes(wholes: pd.DataFrame) -> str:
    """Return what `compare_wholes` returns for reading; nothing when there is nothing."""
    lines = []
    for row in wholes.to_dict("records"):
        parts, whole, rest = (_span(row[f"{name}_min"], row[f"{name}_max"]) for name in ("parts", "whole", "rest"))
        ids = str(row["parts"]).replace("|", " + ")
        told = f"{row['source']} — {row['measure']}: its parties are {parts} of its own {whole}; in none of them {rest}"
        lines.append(f"{told}  [{row['total_id']} = {ids} + rest]")
    return "\n".join(["Totals against their own parts:", *(f"  {line}" for line in lines)]) if lines else ""


def _head(line: pd.Series, actors: pd.DataFrame) -> str:
    """Return the scope and the figure of a total in one line."""
    first, last = line["first"], line["last"]
    span = "no period" if pd.isna(first) else " to ".join(dict.fromkeys(f"{day:%Y-%m}" for day in (first, last)))
    if pd.notna(first) and not is_whole_months(first, last):
        span = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    actor = "all parties" if pd.isna(line["actor"]) else label_layer(line["actor"], actors)
    where = "no country" if pd.isna(line["country"]) else line["country"].replace("|", ", ")
    area = "" if pd.isna(line["area"]) else f" ({line['area']})"
    kind = line["measure"].replace("_", " ") + ("" if line["series"] == "documented" else f", {line['series']}")
    figure = _span(line["total_min"], line["total_max"])
    return f"{line['source']} — {where}{area} — {span} — {actor} — {kind}: {figure}  [{line['total_id']}]"


def _write_line(line: pd.Series) -> str:
    part, low, high = line["part"], line["min"], line["max"]
    figure = "" if part in ("coverage", "definition") else _span(low, high)
    if part in OPEN:
        figure = "unknown" if pd.isna(high) else f"up to {_span(high, high)}"
    number = say_number(line["incidents"], "incident") if part in WORDS else ""
    doubt = f"without a figure or maximum: {line['unknown']}" if line["unknown"] else ""
    ids = line["incident_ids"].split("|")
    behind = ", ".join(ids[:SHOWN_IDS]) + (f" and {len(ids) - SHOWN_IDS} more" if len(ids) > SHOWN_IDS else "")
    told = "; ".join(text for text in (line["note"], doubt, behind) if text)
    return f"  {WORDS.get(part, part):<42}{number:>14}  {figure:>14}  {told}".rstrip()


def _span(low: float, high: float) -> str:
    """Return from and to in words."""
    ends = write_ends(low, high)
    if pd.isna(high):
        return f"{ends[0]} and more" if ends[0] else "unknown"
    if not ends[0]:
        return f"at most {ends[1]}"
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
