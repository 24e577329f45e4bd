"""The verdicts on a story as text, CSV and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.errors import escape_text, say_number
from geo.files import write_text
from geo.readers.columns import format_table
from layers.verdict import WORST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geo.story import Story
    from layers.verdict import Reading, Verdict

COLUMNS = (
    "statement",
    "says",
    "by",
    "verdict",
    "check",
    "query",
    "check_verdict",
    "reading",
    "outcome",
    "left",
    "right",
    "rows",
    "sources",
    "note",
    "would_hold",
)
"""Columns of the CSV; a row is one reading of one check."""

OUTCOMES = {True: "holds", False: "contradicted", None: "undecided"}


def format_story(story: Story, verdicts: Sequence[Verdict]) -> str:
    """Return the verdicts as text to read, control characters escaped."""
    about = ", ".join(part for part in (story.by, story.published, story.url) if part)
    lines = [f"{story.title} ({about})" if about else story.title]
    for number, verdict in enumerate(verdicts, start=1):
        statement = verdict.statement
        lines += ["", f"{number}. {statement.says}", f"   {verdict.verdict.upper()}  [{statement.id}]"]
        lines += [f"   Note: {statement.note}"] * bool(statement.note)
        for check in verdict.checks:
            lines.append(f"   - {check.verdict}: {check.query}")
            lines += [f"       {_tell_reading(reading)}" for reading in check.readings]
            lines += ["       no figures of this scope"] * (not check.readings)
            lines += [f"       would hold {told}" for told in check.would_hold]
            lines += [f"       Note: {check.note}"] * bool(check.note)
    counts = [f"{sum(v.verdict == word for v in verdicts)} {word}" for word in reversed(WORST)]
    lines += ["", f"{say_number(len(verdicts), 'statement')}: {', '.join(counts)}"]
    return "".join(escape_text(line) + "\n" for line in lines)


def _tell_reading(reading: Reading) -> str:
    where = _tell_keys(reading)
    note = f" — {reading.note}" if reading.note else ""
    rows = f" ({', '.join(reading.rows)}; {', '.join(reading.sources)})" if reading.rows else ""
    return f"{OUTCOMES[reading.holds]}: {reading.left} against {reading.right}{where}{rows}{note}"


def _tell_keys(reading: Reading) -> str:
    """Return what the statement left open, as the rows of a reading have it."""
    told = ", ".join(f"{key} {value}" for key, value in reading.keys.items() if value)
    return f" with {told}" if told else ""


def tabulate_story(verdicts: Sequence[Verdict]) -> Iterator[dict[str, str]]:
    """Yield a row of `COLUMNS` for each reading of each check, one without figures where there is none."""
    for verdict in verdicts:
        for number, check in enumerate(verdict.checks, start=1):
            told = {
                "statement": verdict.statement.id,
                "says": verdict.statement.says,
                "by": verdict.statement.by,
                "verdict": verdict.verdict,
                "check": str(number),
                "query": check.query,
                "check_verdict": check.verdict,
                "would_hold": "|".join(check.would_hold),
            }
            for reading in check.readings:
                yield told | {
                    "reading": _tell_keys(reading).removeprefix(" with "),
                    "outcome": OUTCOMES[reading.holds],
                    "left": reading.left,
                    "right": reading.right,
                    "rows": "|".join(reading.rows),
                    "sources": "|".join(reading.sources),
                    "note": reading.note,
                }
            if not check.readings:
                yield told


def write_story(verdicts: Sequence[Verdict], path: Path) -> None:
    """Write the verdicts as CSV; no cell is one that a spreadsheet would compute.

    Raises
    ------
    FileError
        When the file cannot be written; what was there before is left as it was.
    """
    rows = [[escape_text(row.get(name, "")) for name in COLUMNS] for row in tabulate_story(verdicts)]
    write_text(format_table(pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")), path)


def list_story(story: Story, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Return the verdicts as plain objects, for JSON."""
    return {
        "title": story.title,
        "by": story.by,
        "published": story.published,
        "url": story.url,
        "statements": [
            {
                "id": verdict.statement.id,
                "says": verdict.statement.says,
                "by": verdict.statement.by,
                "note": verdict.statement.note,
                "verdict": verdict.verdict,
                "checks": [
                    {
                        "query": check.query,
                        "verdict": check.verdict,
                        "readings": [
                            vars(reading) | {"outcome": OUTCOMES[reading.holds]} for reading in check.readings
                        ],
                        "would_hold": check.would_hold,
                        "note": check.note,
                    }
                    for check in verdict.checks
                ],
            }
            for verdict in verdicts
        ],
    }
