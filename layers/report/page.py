"""The report as a page: its parts in order, in a shell with a policy that lets nothing run.

It is made of elements (see `layers.report.markup`); shell and style are ``templates/report.html`` and ``report.css``.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from geo.files import write_text
from geo.ledger import Ledger
from layers.assets import hash_text, read_template
from layers.counts import add_up, assert_equal
from layers.credits import credit_incidents
from layers.drawing.picture import tell_picture
from layers.extent import counted
from layers.page.ledger import describe_ranges
from layers.report.actors import tell_actors
from layers.report.claims import tell_claims
from layers.report.front import tell_map, tell_overview
from layers.report.markup import bdi, clean, el, serialise
from layers.report.matter import Matter
from layers.report.months import tell_months
from layers.report.people import tell_people
from layers.report.records import (
    tell_behind,
    tell_coverage,
    tell_findings,
    tell_left_out,
    tell_register,
    tell_unplaced,
)
from layers.report.regions import tell_regions
from layers.report.totals import tell_totals, tell_wholes
from layers.words import TITLE, Words, isolate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

    from layers.report.markup import Content, Node

_SLOT = re.compile(r"<!-- (\w+) -->")


def build_report(
    incidents: gpd.GeoDataFrame,
    summary: pd.DataFrame,
    *,
    regions: gpd.GeoDataFrame,
    actors: pd.DataFrame,
    title: str = TITLE,
    subtitle: str = "",
    credit: str = "",
    period: str = "",
    attribution: Sequence[str] | None = None,
    ledger: Ledger | None = None,
    coverage: pd.DataFrame | None = None,
    totals: pd.DataFrame | None = None,
    wholes: pd.DataFrame | None = None,
    language: str = "en",
) -> str:
    """Return the report of located incidents as HTML; the same input, the same bytes.

    Discounted records are left out of every figure, as on the map, and listed apart. More than
    `layers.report.matter.MOST_LISTED` incidents are counted and not listed.

    Parameters
    ----------
    incidents
        Located incidents (EPSG:4326), as `geo.regions.join_regions` returns them, in the order of the report.
    summary
        `layers.summary.summarize_incidents` of those that are not discounted (`layers.extent.leave_out`).
    regions, actors
        Regions frame that the incidents were joined to, and the actor table.
    title, subtitle, credit
        Texts of the report.
    period
        The period in words. Empty: first to last day of the incidents.
    attribution
        Lines that say whose data the report holds. None: those of the embedded reference data.
    ledger
        Claims, findings and how the ranges come about. None: the list states them.
    coverage
        Coverage windows. None: nobody stated where the sources looked, so that no incident is a gap.
    totals, wholes
        What `layers.reconcile.reconcile_totals` and ``compare_wholes`` return. None: nothing is compared.
    language
        ``en`` or ``ar``.

    Raises
    ------
    AssertionError
        When the summary, or a table of the report, has other figures than the incidents.
    KeyError
        When the language is unknown.
    """
    words, ledger = Words(language), ledger or Ledger()
    picture = tell_picture(
        incidents,
        regions,
        actors=actors,
        words=words,
        attribution=credit_incidents(incidents, attribution),
        ranges=describe_ranges(ledger),
        coverage=coverage,
        findings=ledger.findings,
    )
    left_out = incidents[~counted(incidents).to_numpy(dtype=bool)]
    matter = Matter(picture, left_out, summary, actors=actors, regions=regions, ledger=ledger, coverage=coverage)
    assert_equal(matter.total, add_up(summary), "the summary given to the report")
    when = isolate(period) if period else words.period(picture.shown)
    head = [
        el("h1", bdi(title)),
        el("p", bdi(subtitle), class_="subtitle") if subtitle else None,
        el("p", matter.phrase(when), class_="period") if when else None,
        el("p", matter.phrase(picture.basis), class_="basis") if picture.basis else None,
        el("p", bdi(credit), class_="credit") if credit else None,
    ]
    chapters = _tell_chapters(matter, incidents, totals, wholes)
    contents = el("ol", [el("li", el("a", name, href=f"#{key}")) for key, name, _ in chapters])
    return _fill(
        {
            "language": language,
            "direction": words.direction,
            "title": html.escape(clean(title)),
            "skip": html.escape(words.say("skipToFigures")),
            "head": serialise([el("header", head)]),
            "contents": serialise(
                [el("nav", el("h2", words.say("contents")), contents, aria_label=words.say("contents"))]
            ),
            "chapters": serialise(
                el("section", el("h2", name), parts, id=key, aria_label=words.say(f"chapters.{key}"))
                for key, name, parts in chapters
            ),
        }
    )


def write_report(html: str, path: Path | str) -> None:
    """Write a report (see `build_report`) as one HTML file.

    Raises
    ------
    geo.errors.FileError
        When the file cannot be written; a file that was there stays as it was.
    """
    write_text(html, path)


def _fill(slots: dict[str, str]) -> str:
    """Return the shell with its slots filled; what fills one is not looked through for others."""
    style = read_template("report.css")
    policy = f"default-src 'none'; style-src '{hash_text(style)}'; img-src data:; base-uri 'none'; form-action 'none'"
    slots = {**slots, "style": style, "policy": policy}
    return _SLOT.sub(lambda match: slots[match[1]], read_template("report.html"))


def _tell_chapters(
    matter: Matter,
    incidents: gpd.GeoDataFrame,
    totals: pd.DataFrame | None,
    wholes: pd.DataFrame | None,
) -> list[tuple[str, str, Sequence[Content]]]:
    """Return key, name and content of each chapter in their order; those without content are left out."""
    has_findings = matter.ledger.findings is not None and len(matter.ledger.findings)
    chapters: dict[str, Sequence[Content]] = {
        "overview": tell_overview(matter, incidents),
        "map": tell_map(matter),
        "by-actor": tell_actors(matter),
        "by-month": tell_months(matter),
        "by-region": tell_regions(matter),
        "people": tell_people(matter),
        "who-says-what": tell_claims(matter),
        "findings": tell_findings(matter) if has_findings else (),
        "coverage": tell_coverage(matter),
        "totals": () if totals is None else [*tell_totals(matter, totals), *_wholes(matter, wholes)],
        "not-placed": tell_unplaced(matter),
        "discounted": tell_left_out(matter, incidents) if len(matter.left_out) else (),
        "register": tell_register(matter),
        "behind": tell_behind(matter),
        "reading": _tell_sources(matter),
    }
    return [(key, matter.words.say(f"chapters.{key}"), parts) for key, parts in chapters.items() if parts]


def _wholes(matter: Matter, wholes: pd.DataFrame | None) -> list[Node]:
    return [] if wholes is None else tell_wholes(matter, wholes)


def _tell_sources(matter: Matter) -> list[Node]:
    """Return how the figures are read, and whose data the report holds."""
    return [
        part
        for head, lines in matter.picture.notes[-2:]
        for part in (el("h3", head), el("ul", [el("li", matter.phrase(line)) for line in lines]))
    ]
