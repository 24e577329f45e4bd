"""Print the golden results, worked out from the built-in data: ``python data/compile/golden.py > data/golden.md``.

Each section is a function that returns its lines; its number is that of the result.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from golden_story import tell_places, tell_scopes, tell_verdicts

from geo.actors import read_actors
from geo.readers.table import read_incidents
from geo.reference import reference_path
from geo.totals import read_totals
from layers.counts import regroup, share_actors, total_ranges
from layers.layer import incident_month
from layers.reconcile import compare_wholes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

PARTIES = {"isis": "ISIS", "russia": "Russia", "coalition": "US-led coalition", "government": "Syrian government"}
"""The four parties of the article, as the ids of SNHR's totals name them."""

MONTH = "2017-03"


@cache
def total(name: str) -> int:
    """Return a built-in total that is one number."""
    row = totals().set_index("total_id").loc[name]
    if row["min"] != row["max"]:
        message = f"{name} is a range"
        raise ValueError(message)
    return int(row["min"])


@cache
def totals() -> pd.DataFrame:
    """Return the built-in totals."""
    return read_totals(actors=read_actors())


@cache
def incidents() -> pd.DataFrame:
    """Return the built-in incidents."""
    return read_incidents(reference_path("incidents.csv"))


def snhr(party: str, measure: str) -> int:
    """Return what SNHR counted in Syria in March 2017."""
    return total(f"snhr-{MONTH}-{party}-{measure}")


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> list[str]:
    """Return the lines of a table; its first column is text, the others are numbers."""
    names = list(header)
    lines = [names, ["---", *["---:"] * (len(names) - 1)], *rows]
    return [f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else str(cell) for cell in line)} |" for line in lines]


def percent(part: int, whole: int, digits: int) -> str:
    """Return a share in percent."""
    return f"{100 * part / whole:.{digits}f} %"


def tell_snhr() -> list[str]:
    """SNHR, Syria, March 2017: four parties and what they leave of SNHR's own total."""
    rows = []
    for party, label in PARTIES.items():
        figures = [snhr(party, measure) for measure in ("civilians", "children", "women")]
        rows.append([label, *figures, percent(sum(figures[1:]), figures[0], 1)])
    sums = [sum(row[k] for row in rows) for k in (1, 2, 3)]
    rest = snhr("all", "civilians") - sums[0]
    kurdish = snhr("kurdish", "civilians")
    whole = compare_wholes(totals(), read_actors()).set_index("total_id").loc[f"snhr-{MONTH}-all-civilians"]
    return [
        "## 1. SNHR, Syria, March 2017",
        "",
        "Civilians killed as SNHR documented them, published on 2 April 2017; the four parties of the article.",
        "",
        *table(["Party", "Civilians", "Children", "Women", "Children and women"], [*rows, ["**Sum**", *sums, ""]]),
        "",
        f"SNHR's own total is {snhr('all', 'civilians'):,}: the article leaves {rest} unexplained, {kurdish} of them",
        f"by Kurdish forces. With those, SNHR's parties are {whole['parts_min']:,g} of {whole['whole_min']:,g}, and",
        f"{whole['rest_min']:g} are in none.",
        "",
        "SNHR writes of forces that it believes to be Russian: the attribution is less than certain.",
    ]


def tell_most() -> list[str]:
    """Whom the coalition exceeds, and that it is not the most."""
    isis, russia, coalition, government = (snhr(party, "civilians") for party in PARTIES)
    claims = [
        ("Coalition above ISIS", coalition, isis),
        ("Coalition above Russia", coalition, russia),
        ("Coalition the most: above the Syrian government", coalition, government),
        ("Coalition above ISIS and Russia together", coalition, isis + russia),
        ("Coalition above the Syrian government and Russia together", coalition, government + russia),
    ]
    rows = [[told, f"{ours} > {theirs}", "holds" if ours > theirs else "contradicted"] for told, ours, theirs in claims]
    return [
        "## 2. The coalition against the others",
        "",
        "The same figures of SNHR: Syria, March 2017, civilians killed.",
        "",
        *(line.replace("---:", "---") for line in table(["Statement", "Figures", "Verdict"], rows)),
    ]


def tell_reports() -> list[str]:
    """CJTF-OIR, March 2017: the reports add up, and the shares recompute."""
    names = ("open-before", "new", "closed", "open-after", "non-credible", "credible", "duplicate")
    before, new, closed, after, *kinds = (total(f"cjtf-oir-{MONTH}-{name}") for name in names)
    reports, credible, engagements = (
        total(f"cjtf-oir-to-{MONTH}-{name}") for name in ("reports", "credible", "engagements")
    )
    return [
        "## 4. CJTF-OIR, March 2017",
        "",
        "Reports of civilian casualties in Iraq and Syria, published on 30 April 2017.",
        "",
        f"- {before} open + {new} new − {closed} completed = {before + new - closed} open; stated: {after}",
        f"- {' + '.join(map(str, kinds))} = {sum(kinds)} not credible, credible, duplicate; stated: {closed} completed",
        f"- {reports} reports of {engagements:,} engagements since August 2014 = {percent(reports, engagements, 2)}",
        f"- {credible} credible reports of {engagements:,} engagements = {percent(credible, engagements, 2)}",
    ]


def tell_union() -> list[str]:
    """Built-in incidents: coalition and Russia in March 2017 as a union."""
    month = incidents()[incident_month(incidents()) == MONTH]
    pair = month[month["actors"].str.split("|").map({"us-led-coalition", "russia"}.intersection).astype(bool)]
    shares = share_actors(pair, read_actors())
    up_to = regroup(shares, ["actor"]).set_index("actor")
    alone = regroup(shares[shares["share"] == "sole"], ["actor"]).set_index("actor")
    columns = ["incidents", "killed_min", "killed_max"]
    named = {"us-led-coalition": "US-led coalition, up to", "russia": "Russia, up to"}
    rows = [[label, *map(int, up_to.loc[actor, columns])] for actor, label in named.items()]
    added = [sum(row[k] for row in rows) for k in (1, 2, 3)]
    union = [int(total_ranges(pair)[name]) for name in columns]
    span = f"{added[1] - union[1]}–{added[2] - union[2]} killed"
    together = [["The two columns added", *added], ["**Union: each incident once**", *union]]
    sole = [[f"{label.removesuffix(', up to')} alone", *map(int, alone.loc[a, columns])] for a, label in named.items()]
    return [
        "## 6. Coalition and Russia, March 2017, as a union",
        "",
        "The built-in incidents, which are a choice and no complete list: civilians killed in incidents that name the",
        "coalition or Russia, alone or with others.",
        "",
        *table(["Incidents that name", "Incidents", "Minimum", "Maximum"], [*sole, *rows, *together]),
        "",
        f"Counted twice by adding the columns: {added[0] - union[0]} incident, {span}.",
    ]


SECTIONS: tuple[Callable[[], list[str]], ...] = (
    tell_snhr,
    tell_most,
    tell_verdicts,
    tell_scopes,
    tell_reports,
    tell_places,
    tell_union,
)


def build_golden() -> str:
    """Return the page."""
    head = [
        "# Golden results",
        "",
        "Worked out by `python data/compile/golden.py` from the built-in data.",
    ]
    return "\n".join([*head, *(line for section in SECTIONS for line in ["", *section()])]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(build_golden())
