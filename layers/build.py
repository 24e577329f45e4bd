"""From files to products: the whole way in one place, and the identities that must hold on it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

import pandas as pd

from geo.actors import extend_actors, know_actors, read_actors, trace_parents
from geo.arithmetic import check_against_claims, check_claims, check_totals
from geo.claims import judge_claims, read_claims
from geo.coverage import read_coverage
from geo.decisions import find_overruled, match_decisions, read_decisions
from geo.errors import InputError, say_number, show_value
from geo.files import hold_folder, stage_files, write_text
from geo.findings import judge_findings, locate_findings
from geo.gazetteer import read_gazetteer
from geo.geocode import geocode_incidents
from geo.ledger import Ledger, keep_ledger
from geo.linking.links import propose_links, write_links
from geo.quarantine import find_rows, set_aside, write_quarantine
from geo.ranges import STATED, known_by, parse_rule
from geo.readers.columns import format_table
from geo.readers.story import read_story
from geo.readers.table import judge_incidents, read_incidents
from geo.reference import reference_path
from geo.regions import find_anachronisms, find_overlaps, join_regions, read_regions
from geo.relations import RELATIONS, apply_links, group_records, read_links, read_relations
from geo.schema import AREA_LEVEL, COUNTS
from geo.totals import read_totals
from layers.counts import RANGES, add_up, assert_equal, leave_open, sum_ranges, total_ranges
from layers.credits import REFERENCE, reference_attribution
from layers.cut import Cut, cut_list, lack_rows
from layers.export import check_path, read_overlay, write_overlay
from layers.extent import counted, leave_out
from layers.figures import Evidence
from layers.layer import incident_month, layer_keys
from layers.manifest import write_manifest
from layers.map import write_map
from layers.page.ledger import plain_records
from layers.page.share import PREVIEW
from layers.page.unpack import read_page
from layers.reconcile import compare_wholes, reconcile_totals
from layers.summary import format_summary, summarize_incidents, write_summary
from layers.verdict import judge_story
from layers.words import TITLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    import geopandas as gpd

    from geo.dates import DateOrder
    from geo.errors import Problem
    from geo.gazetteer import Gazetteer
    from geo.online import OnlineGeocoder
    from geo.story import Story
    from layers.verdict import Verdict

    Judged = Iterable[tuple[Path | str, Sequence[Problem]]]

T = TypeVar("T")

BUILTIN = "incidents.csv"
BUILTIN_TOTALS = "totals.csv"
BUILTIN_LISTS = (BUILTIN, "claims.csv", "findings.csv", "coverage.csv")
PRODUCTS = (
    *("index.html", "summary.csv", "summary.xlsx", "incidents.gpkg", "report.html", "manifest.json"),
    PREVIEW,
)
"""Files of a build; the preview is one where the page's address is known."""
PROBLEM_COLUMNS = ("file", "row", "column", "value", "wrong", "todo", "code")
"""What is told of each problem of an input."""
PAGE_ONLY = ("url", "basemap", "tiles")
"""Settings of the page that a picture of it has no use for."""
BUILTIN_TITLES = {
    "en": "Documented incidents in Syria and Iraq, February to April 2017",
    "ar": "حوادث موثقة في سوريا والعراق، شباط إلى نيسان 2017",
}


@dataclass(frozen=True)
class Case:
    """One list on its way: located incidents and everything needed to show them.

    Parameters
    ----------
    path
        The list that was read.
    incidents
        Located incidents (EPSG:4326), as `geo.regions.join_regions` returns them, in the order of the list.
    regions, actors, gazetteers
        The reference they were joined to, styled by and found in.
    findings
        What is doubtful in the list, and kept; also what is refused, where it was judged leniently (see `load_case`).
    announcements
        What a person should be told about the reading: new actors, rows left out on request.
    coverage
        Coverage windows of the list, of what it was cut to; None when nobody stated any.
    inputs
        Role to the files read for it.
    settings
        The options that changed the outcome.
    ledger
        What is claimed and found about the incidents, and how their ranges come of it.
    doubts
        Each further file with the same of it.
    cut
        The days and actors that the list was cut to.
    """

    path: Path
    incidents: gpd.GeoDataFrame
    regions: gpd.GeoDataFrame
    actors: pd.DataFrame
    gazetteers: Sequence[Gazetteer]
    findings: Sequence[Problem]
    announcements: Sequence[str]
    coverage: pd.DataFrame | None
    inputs: Mapping[str, Sequence[Path]]
    settings: Mapping[str, Any]
    ledger: Ledger = field(default_factory=Ledger)
    doubts: Sequence[tuple[Path, Sequence[Problem]]] = ()
    cut: Cut = field(default_factory=Cut)

    @property
    def shown(self) -> gpd.GeoDataFrame:
        """The incidents by day and id: the order of every product, whatever the order of the list."""
        return self.incidents.sort_values(["date_start", "incident_id"], kind="stable")

    @property
    def counts(self) -> dict[str, int]:
        """Records in all, placed and not placed."""
        placed = int(self.incidents.geometry.notna().sum())
        counts = {"incidents": len(self.incidents), "placed": placed, "not_placed": len(self.incidents) - placed}
        return counts | ({"set_aside": aside} if (aside := self.ledger.set_aside) else {})


def load_case(
    file: Path | None,
    *,
    say: Callable[[str], None],
    actors_file: Path | None,
    encoding: str,
    delimiter: str,
    decimal: str,
    date_order: DateOrder | None,
    since: date | None,
    until: date | None,
    only: Sequence[str],
    strict: bool,
    gazetteers: Sequence[Path],
    gazetteer_columns: Mapping[str, str],
    regions_files: Sequence[Path],
    region_columns: Mapping[str, str],
    decisions_files: Sequence[Path],
    coverage_file: Path | None,
    border_tolerance: float,
    links_file: Path | None = None,
    quarantine: Path | None = None,
    online: OnlineGeocoder | None = None,
    claims_file: Path | None = None,
    findings_file: Path | None = None,
    range_rule: str | None = None,
    as_of: date | None = None,
    lenient: bool = False,
) -> Case:
    """Read a list, choose from it, locate it and join it to its regions.

    Parameters
    ----------
    file
        The list; the built-in one when None.
    say
        Called with the name of each step as it begins.
    actors_file, gazetteers, gazetteer_columns, regions_files, region_columns
        A person's own reference, and which of its columns hold what; the built-in one alone when empty.
    encoding, delimiter, decimal, date_order
        How the list is written (see `geo.readers.table.judge_incidents`).
    since, until, only
        First and last day an incident may begin, and actors of which it must name one or a member of one; all when None
        or empty.
    strict
        Refuse the list for its findings too.
    decisions_files
        What people decided about places; those outdated are among the doubts.
    coverage_file
        Where, when and for whom the sources of the list looked; the built-in list brings its own.
    border_tolerance
        In km, see `geo.regions.join_regions`.
    links_file
        What a person decided about related records, those outdated are among the doubts; None for what the list itself
        says.
    quarantine
        File for the rows that are refused, so that the others can be used; None refuses the list for any of them.
    online
        A service to ask for what is still not placed; nothing is sent when None.
    claims_file, findings_file
        What sources claim and state about the incidents; the built-in list brings its own.
    range_rule, as_of
        How ranges come of the claims, and the day whose knowledge is shown (see `geo.ledger.keep_ledger`).
    lenient
        Go on without the rows of the list that are refused, and without the files beside it that are; their errors are
        among findings and doubts. For whoever judges a list, and writes nothing.

    Raises
    ------
    InputError
        With every problem of the list, or of the first other file that has any; with ``lenient`` only where nothing can
        be judged: the list's own header is wrong, or its actors or regions are.
    """
    builtin = reference_path(BUILTIN)
    path = builtin if file is None or os.path.realpath(file) == os.path.realpath(builtin) else file
    say("reading the reference data")
    known = read_actors(actors_file)
    regions = read_regions(regions_files, columns=region_columns)
    say(f"reading {path.name}")
    listed, problems = judge_incidents(
        path,
        actors=known,
        regions=regions,
        border_tolerance_km=border_tolerance,
        encoding=encoding,
        date_order=date_order,
        delimiter=delimiter,
        decimal=decimal,
    )
    lost = _find_lost(listed, problems, path) if lenient and quarantine is None else set()
    listed, problems, aside = (
        (listed, problems, 0)
        if lost
        else _set_aside(listed, problems, path, quarantine, strict=strict, encoding=encoding, delimiter=delimiter)
    )
    findings = [p for p in problems if p.severity != "note"]
    doubts: list[tuple[Path, Sequence[Problem]]] = []
    linked = _take(links_file, lambda file: apply_links(listed, read_links(file)), doubts, lenient=lenient)
    listed = listed if linked is None else linked
    actors = know_actors(listed, known)
    windows_file = coverage_file
    if path == builtin:
        windows_file = coverage_file or reference_path("coverage.csv")
        claims_file = claims_file or reference_path("claims.csv")
        findings_file = findings_file or reference_path("findings.csv")
    coverage = _take(
        windows_file,
        lambda file: (read_coverage(file, actors=actors, regions=regions, date_order=date_order), ()),
        doubts,
        lenient=lenient,
    )
    claims = _take(
        claims_file,
        lambda file: judge_claims(file, incidents=listed, actors=actors, date_order=date_order),
        doubts,
        strict=strict,
        lenient=lenient,
    )
    rule = parse_rule(range_rule) if range_rule else None
    ranged, ledger = keep_ledger(listed, claims, rule=rule, as_of=as_of)
    ranged = ranged[~ranged.index.isin(lost)]
    if ledger.rule != STATED:  # what is odd about figures and incidents that are not shown is of no concern
        findings = [f for f in findings if f.column not in RANGES and f.row in ranged.index]
    chosen, cut = cut_list(ranged, actors, since=since, until=until, only=only)
    ledger = replace(ledger, since=since, until=until, only=cut.label(actors), set_aside=aside)
    say("finding the places")
    own = [
        _take(one, lambda file: _read_places(file, regions, gazetteer_columns), doubts, lenient=lenient)
        for one in gazetteers
    ]
    found = [*filter(None, own), read_gazetteer(regions=regions)]
    decisions, outdated = _read_decided(
        decisions_files,
        listed,
        regions,
        found,
        tolerance_km=border_tolerance,
        date_order=date_order,
        lenient=lenient,
    )
    doubts += outdated

    def place(incidents: pd.DataFrame, service: OnlineGeocoder | None = None) -> gpd.GeoDataFrame:
        located = geocode_incidents(
            incidents,
            found,
            regions=regions,
            decisions=decisions,
            online=service,
            border_tolerance_km=border_tolerance,
        )
        say("joining the regions")
        return join_regions(located, regions, tolerance_km=border_tolerance)

    joined = place(chosen, online)
    stated = _take(
        findings_file,
        lambda file: judge_findings(file, actors=actors, date_order=date_order),
        doubts,
        strict=strict,
        lenient=lenient,
    )
    if stated is not None:
        stated = stated[known_by(stated["published"], as_of)] if as_of else stated
        ledger = replace(ledger, findings=locate_findings(stated, found, regions=regions))
    if coverage is not None:
        windows = lack_rows(coverage) if aside else coverage
        coverage = cut.cover(windows, joined, place(cut.lent), trace_parents(actors))
    findings += [*find_anachronisms(joined, regions), *find_overlaps(joined, regions), *find_overruled(joined)]
    of_one = {
        "actors": actors_file,
        "claims": claims_file,
        "findings": findings_file,
        "coverage": coverage_file,
        "links": links_file,
    }
    return Case(
        path=path,
        incidents=joined,
        regions=regions,
        actors=actors,
        gazetteers=found,
        findings=findings,
        announcements=_announce(
            path, problems, ledger, quarantine, listed=len(listed), ranged=len(ranged), chosen=len(chosen)
        ),
        coverage=coverage,
        inputs={
            "incidents": [path],
            "gazetteers": gazetteers,
            "regions": regions_files,
            **{role: [file] if file else [] for role, file in of_one.items()},
            "decisions": decisions_files,
        },
        settings={
            "since": since and since.isoformat(),
            "until": until and until.isoformat(),
            "actors": list(only),
            "range_rule": str(ledger.rule),
            "as_of": as_of and as_of.isoformat(),
            "border_tolerance_km": border_tolerance,
            "date_order": date_order,
            "decimal": decimal,
            "delimiter": delimiter,
            "encoding": encoding,
            "gazetteer_columns": dict(gazetteer_columns),
            "region_columns": dict(region_columns),
        },
        ledger=ledger,
        doubts=doubts,
        cut=cut,
    )


def _set_aside(
    listed: pd.DataFrame,
    problems: list[Problem],
    path: Path,
    quarantine: Path | None,
    *,
    strict: bool,
    encoding: str,
    delimiter: str,
) -> tuple[pd.DataFrame, list[Problem], int]:
    """Return the incidents that are not refused, what is said of them, and the number of rows written elsewhere."""
    refused = _find_refused(problems, strict=strict)
    if quarantine is None:
        if refused:
            raise InputError(path.name, refused)
        return listed, problems, 0
    kept, aside = set_aside(listed, refused, path)
    write_quarantine(path, refused, aside, quarantine, encoding=encoding, delimiter=delimiter)
    return kept, [p for p in problems if p.row not in aside], len(aside)


def _find_lost(listed: pd.DataFrame, problems: Sequence[Problem], path: Path) -> set[int]:
    """Return the rows of a list that are refused; raise for all its errors where they are of the whole file."""
    refused = _find_refused(problems, strict=False)
    if any(problem.row <= 1 for problem in refused):
        raise InputError(path.name, refused)
    return find_rows(listed, refused, path)


def _take(
    path: Path | None,
    judge: Callable[[Path], tuple[T, Sequence[Problem]]],
    doubts: list[tuple[Path, Sequence[Problem]]],
    *,
    strict: bool = False,
    lenient: bool,
) -> T | None:
    """Return what a file beside the list holds, and add to the doubts what is said of it; None when there is none.

    One that is refused, with ``strict`` for its findings too, is None with ``lenient`` and raised else.
    """
    if path is None:
        return None
    try:
        held, problems = judge(path)
    except InputError as error:
        if not lenient:
            raise
        doubts.append((path, error.problems))
        return None
    refused = _find_refused(problems, strict=strict)
    if refused and not lenient:
        raise InputError(path.name, refused)
    doubts.append((path, [problem for problem in problems if problem.severity != "note"]))
    return None if refused else held


def _announce(
    path: Path,
    problems: Sequence[Problem],
    ledger: Ledger,
    quarantine: Path | None,
    *,
    listed: int,
    ranged: int,
    chosen: int,
) -> list[str]:
    """Return what a person is told of the reading, given how many records were listed, had ranges and were chosen."""
    told = [p.message(path.name) for p in problems if p.severity == "note"]
    told += [f"{what}: {words}" for what, words in ledger.notes if ledger.claims is not None]
    if left_out := ranged - chosen:
        told.append(f"{left_out:,} of {say_number(ranged, 'record')} left out by --since, --until and --actor")
    if aside := ledger.set_aside:
        total, used = say_number(listed + aside, "row"), say_number(listed, "record")
        told.append(f"{total} = {used} + {aside:,} set aside in {quarantine}")
    return told


def _read_decided(
    paths: Sequence[Path],
    listed: pd.DataFrame,
    regions: gpd.GeoDataFrame,
    gazetteers: Sequence[Gazetteer],
    *,
    tolerance_km: float,
    date_order: DateOrder | None,
    lenient: bool,
) -> tuple[pd.DataFrame | None, Sequence[tuple[Path, Sequence[Problem]]]]:
    """Return what people decided about places, None without a file, and each file with what holds for no incident.

    Files that are refused are none with ``lenient``, and raise else.
    """
    if not paths:
        return None, []
    try:
        decisions = read_decisions(
            paths, regions, gazetteers=gazetteers, border_tolerance_km=tolerance_km, date_order=date_order
        )
    except InputError as error:
        if not lenient:
            raise
        return None, [(Path(error.path), error.problems)]
    return decisions, match_decisions(listed, decisions)[1]


def _read_places(
    path: Path, regions: gpd.GeoDataFrame, columns: Mapping[str, str]
) -> tuple[Gazetteer, Sequence[Problem]]:
    """Return a person's own gazetteer, and what is doubtful in it."""
    gazetteer = read_gazetteer(path, regions=regions, columns=columns)
    return gazetteer, gazetteer.findings


def _find_refused(problems: Sequence[Problem], *, strict: bool) -> list[Problem]:
    return [p for p in problems if p.severity == "error" or (strict and p.severity == "finding")]


def build_products(
    case: Case, folder: Path, *, totals_file: Path | None = None, **texts: Unpack[Texts]
) -> dict[str, Any]:
    """Write map, report, summary, overlay and manifest into a folder, as a set or not at all.

    ``totals_file`` holds published totals that the report compares; the built-in incidents bring their own.

    Returns
    -------
    dict
        ``counts`` in and out, ``identities`` that hold between the products, names of the ``outputs``.

    Raises
    ------
    AssertionError
        When two products disagree about a number; nothing is written then.
    UsageError
        When GDAL cannot write to a folder of that name; nothing is made then.
    LockedError
        When another build holds the folder.
    FileError
        When the folder cannot be written; its files stay as they were.
    """
    check_path(folder / "incidents.gpkg")
    with hold_folder(folder), stage_files(folder) as stage:
        page, table, book, overlay, report, manifest = (stage / name for name in PRODUCTS if name != PREVIEW)
        write_case_map(case, page, report=report.name, **texts)
        write_case_summary(case, table)
        write_case_summary(case, book)
        write_case_overlay(case, overlay)
        write_case_report(case, report, totals_file=totals_file, **texts)
        identities = check_identities(case, page, overlay)
        counts = case.counts | {"findings": len(case.findings)}
        if case.ledger.as_of:
            counts["left_out_as_of"] = case.ledger.left_out
        outputs = sorted(stage.iterdir())
        totals = _find_totals(case, totals_file)
        said = {name: value for name, value in texts.items() if name != "basemap"}
        write_manifest(
            manifest,
            inputs={
                **case.inputs,
                "totals": [totals] if totals else [],
                "basemap": [texts["basemap"]] if "basemap" in texts else [],
            },
            settings={**case.settings, **said},
            counts=counts,
            outputs=outputs,
        )
        names = [*(output.name for output in outputs), manifest.name]
    return {"counts": counts, "identities": identities, "outputs": names}


class Texts(TypedDict, total=False):
    """What a person may choose for a map: its texts, the language of the page, what lies under the incidents."""

    title: str
    subtitle: str
    credit: str
    language: str
    url: str
    tiles: str
    basemap: Path


def write_case_map(case: Case, path: Path, *, report: str = "", **texts: Unpack[Texts]) -> list[Path]:
    """Write the map of a case; the built-in list brings its own title.

    With the ``url`` that it is published at, the picture that links to it show is written beside it; ``report`` is the
    name of the report beside it, if one is. Returns the files.
    """
    preview = [path.with_name(PREVIEW)] if texts.get("url") else []
    for picture in preview:
        _draw_case(case, picture, texts, is_preview=True)
    write_map(
        case.shown,
        path,
        regions=case.regions,
        actors=case.actors,
        ledger=case.ledger,
        coverage=case.coverage,
        report=report,
        **_tell_case(case, texts),
    )
    return [path, *preview]


def write_case_static(case: Case, path: Path, **texts: Unpack[Texts]) -> None:
    """Write the map of a case as a picture: PNG, SVG or PDF."""
    _draw_case(case, path, texts, is_preview=False)


def _draw_case(case: Case, path: Path, texts: Texts, *, is_preview: bool) -> None:
    from layers import static  # noqa: PLC0415 - matplotlib is slow to load, and most builds draw no picture

    told = {name: text for name, text in _tell_case(case, texts).items() if name not in PAGE_ONLY}
    size = static.PREVIEW if is_preview else static.A4
    static.write_static(
        case.shown,
        path,
        regions=case.regions,
        actors=case.actors,
        ledger=case.ledger,
        coverage=case.coverage,
        format_=size,
        **told,
    )


def _is_builtin(case: Case) -> bool:
    return case.path == reference_path(BUILTIN)


def _find_totals(case: Case, totals_file: Path | None) -> Path | None:
    """Return the totals that a person named, or the built-in ones beside the built-in incidents."""
    return totals_file or (reference_path(BUILTIN_TOTALS) if _is_builtin(case) else None)


def _tell_case(case: Case, texts: Texts) -> dict[str, Any]:
    """Return the texts, with the title and the credits that the built-in list brings unless it has others."""
    language = texts.get("language", "en")
    if not _is_builtin(case):
        return {"title": TITLES[language], **texts}
    title = BUILTIN_TITLES[language]
    return {"title": title, "attribution": reference_attribution((*REFERENCE, *BUILTIN_LISTS)), **texts}


def write_case_report(case: Case, path: Path, *, totals_file: Path | None = None, **texts: Unpack[Texts]) -> None:
    """Write the report of a case; with published totals when a file is given or the incidents are the built-in ones."""
    from layers.report import build_report, write_report  # noqa: PLC0415 - matplotlib is slow to load, and most commands draw nothing

    told = {name: text for name, text in _tell_case(case, texts).items() if name not in PAGE_ONLY}
    if "attribution" in told:
        told["attribution"] = reference_attribution((*REFERENCE, *BUILTIN_LISTS, BUILTIN_TOTALS))
    totals = wholes = None
    if published := _find_totals(case, totals_file):
        totals, wholes = reconcile_case(case, published)
    shown = case.shown
    html = build_report(
        shown,
        summarize_incidents(leave_out(shown), case.actors, coverage=case.coverage),
        regions=case.regions,
        actors=case.actors,
        ledger=case.ledger,
        coverage=case.coverage,
        totals=totals,
        wholes=wholes,
        **told,
    )
    write_report(html, path)


def write_case_summary(case: Case, path: Path) -> None:
    """Write the summary of a case, as a workbook when ``path`` ends in ``.xlsx``, else as CSV."""
    write_summary(
        case.shown, path, actors=case.actors, regions=case.regions, ledger=case.ledger, coverage=case.coverage
    )


def write_case_overlay(case: Case, path: Path) -> None:
    """Write the overlay of a case."""
    write_overlay(case.shown, case.regions, path, actors=case.actors, ledger=case.ledger, coverage=case.coverage)


def write_case_links(case: Case, path: Path, *, threshold: float, other: Case | None = None) -> int:
    """Write the proposals of related records of a case, or of two, as ``links.csv``; return their number.

    Pairs that a person decided already, in the file that the case was loaded with, stand first, unchanged.
    """
    decided = [rows[rows["decided_by"] != ""] for rows in map(read_links, case.inputs["links"])]
    actors = case.actors if other is None else extend_actors(case.actors, other.actors.index)
    proposed = propose_links(
        case.shown,
        None if other is None else other.shown,
        actors=actors,
        threshold=threshold,
    )
    known = {frozenset(pair) for rows in decided for pair in zip(rows["id_a"], rows["id_b"], strict=True)}
    pairs = zip(proposed["id_a"], proposed["id_b"], strict=True)
    new = proposed[pd.Series([frozenset(pair) not in known for pair in pairs], proposed.index, dtype=bool)]
    write_links(pd.concat([*decided, new]), path)
    return len(new)


def format_case_summary(case: Case) -> str:
    """Return the summary of a case as CSV text."""
    summary = summarize_incidents(case.incidents, case.actors, coverage=case.coverage)
    return format_summary(summary, basis=case.ledger.code)


def list_case_summary(case: Case) -> list[dict[str, Any]]:
    """Return the rows of the summary of a case as plain values; a missing text is empty, a missing number None."""
    summary = summarize_incidents(case.incidents, case.actors, coverage=case.coverage)
    told = leave_open(summary).assign(ranges=case.ledger.code)
    return plain_records(told, [*told])


def reconcile_case(case: Case, totals_file: Path | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare a case with published totals, the built-in ones when no file is given, and those with each other."""
    totals = read_totals(totals_file, actors=case.actors, date_order=case.settings["date_order"])
    as_of = case.ledger.as_of
    known = totals if as_of is None else totals[known_by(totals["published"], as_of)]
    reference = {"actors": case.actors, "regions": case.regions, "coverage": case.coverage, "cut": case.cut}
    return reconcile_totals(case.incidents, totals, as_of=as_of, **reference), compare_wholes(known, case.actors)


def check_arithmetic(case: Case, totals_file: Path | None) -> list[tuple[Path, Sequence[Problem]]]:
    """Return, with the file it is about, what claims and totals say against the incidents and each other.

    Totals that are refused are told with what is wrong in them.

    Parameters
    ----------
    totals_file
        A person's own; ``None`` for the built-in ones beside the built-in incidents, and none beside other incidents.
    """
    judged: list[tuple[Path, Sequence[Problem]]] = []
    if case.ledger.claims is not None:
        judged.append((case.path, check_against_claims(case.incidents, case.ledger.claims)))
        judged.append((case.inputs["claims"][0], check_claims(case.ledger.claims)))
    if path := _find_totals(case, totals_file):
        try:
            totals = read_totals(path, actors=case.actors, date_order=case.settings["date_order"])
        except InputError as error:
            judged.append((path, error.problems))
        else:
            judged.append((path, check_totals(totals, case.actors)))
    return judged


def judge_file(
    story_file: Path | None,
    load: Callable[[], Case],
    *,
    incidents_file: Path | None,
    actors_file: Path | None,
    claims_file: Path | None,
    totals_file: Path | None,
) -> tuple[Story, list[Verdict]]:
    """Return a story, the built-in one when None, and the verdict on each of its statements.

    Parameters
    ----------
    load
        Called for the incidents, once, when a statement asks for them.
    incidents_file, actors_file, totals_file
        A person's own; the built-in ones when None.
    claims_file
        Claims about the incidents; the built-in ones when both are built in, none when None beside other incidents.
    """
    actors = read_actors(actors_file)
    story = read_story(story_file, actors=actors)

    @cache
    def locate() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
        case = load()
        return case.incidents, case.regions

    totals = read_totals(totals_file, actors=actors)
    list_file = incidents_file if claims_file and incidents_file else reference_path(BUILTIN)
    listed = read_incidents(list_file, actors=actors)
    claims = read_claims(claims_file, incidents=listed, actors=know_actors(listed, actors))
    if incidents_file and not claims_file:
        claims = claims.iloc[:0]
    return story, judge_story(story, Evidence(totals, claims, actors, locate))


def check_identities(case: Case, page: Path, overlay: Path) -> list[str]:
    """Return, in words, the identities that hold between table, layers of the map page, summary and overlay.

    Raises
    ------
    AssertionError
        When one does not hold; names the figures that differ.
    """
    table = total_ranges(case.incidents)
    mapped = read_page(page)
    _compare_layers(case.incidents, mapped)
    for product, incidents in {"the map's layers": mapped, "the overlay": read_overlay(overlay)}.items():
        assert_equal(table, total_ranges(incidents), product)
    summary = summarize_incidents(case.incidents, case.actors)
    assert_equal(table, add_up(summary), "the summary")
    counts = case.counts
    placed = f"{counts['placed']:,} placed + {counts['not_placed']:,} not placed"
    lines = [f"{say_number(counts['incidents'], 'record')} = {placed}"]
    precision = case.incidents["precision"]
    is_country = precision == "country"
    if areas := int((precision.isin(AREA_LEVEL) & ~is_country).sum()):
        lines.append(f"{areas:,} of those placed are known to a district or governorate alone")
    if countries := int(is_country.sum()):
        lines.append(f"{countries:,} of those not placed are known to a country alone")
    lines += _tell_relations(case.incidents)
    known = [count for count in COUNTS if pd.notna(table[f"{count}_max"])]
    lines += [f"{count} {_say_sum(table, count)} in table = layers = summary = overlay" for count in known]
    return lines + _tell_discounted(case.incidents)


def _compare_layers(incidents: gpd.GeoDataFrame, mapped: pd.DataFrame) -> None:
    """Raise an `AssertionError` for a layer's month of which the map page holds other records than the table."""
    by = ["layer", "month"]
    kept = incidents.assign(layer=layer_keys(incidents), month=incident_month(incidents))
    listed, found = (sum_ranges(records.drop(columns="related"), by).set_index(by) for records in (kept, mapped))
    runs = listed.index.union(found.index)
    listed, found = (sums.reindex(runs).astype(object) for sums in (listed, found))
    for layer, month in runs:
        run = (layer, month)
        assert_equal(listed.loc[run], found.loc[run], f"layer {layer}, month {month} of the map")


def _say_sum(sums: pd.Series, count: str) -> str:
    """Return the range of a sum, with in how many incidents something about it is unknown."""
    low, high, unknown, open_ = (sums[f"{count}_{part}"] for part in ("min", "max", "unknown", "open"))
    if pd.isna(high):
        return "unknown"
    rest = [f"unknown in {unknown:,}"] * bool(unknown) + [f"no maximum in {open_:,}"] * bool(open_)
    least = "?" if pd.isna(low) else f"{low:,}"
    if open_ and pd.isna(low):
        told = "unknown"
    elif open_ and low == high:
        told = f"at least {least}"
    else:
        told = f"{least}–{high:,}{' or more' * bool(open_)}"
    return f"{told} ({', '.join(rest)})" if rest else told


def _tell_discounted(incidents: gpd.GeoDataFrame) -> list[str]:
    """Return what map, report and pictures tell without discounted records, and what all come to; nothing if none."""
    number = int((~counted(incidents)).sum())
    if not number:
        return []
    sums = {"there": leave_out(incidents), "with it" if number == 1 else "with them": incidents}
    told = [
        f"{say_number(int(total['incidents']), 'incident')} {where}, killed {_say_sum(total, 'killed')}"
        for where, total in zip(sums, map(total_ranges, sums.values()), strict=True)
    ]
    records = say_number(number, "discounted record")
    return [f"{records} counted here, left out of map, report and pictures: {'; '.join(told)}"]


def _tell_relations(incidents: gpd.GeoDataFrame) -> list[str]:
    """Return how many records are counted together, and by which rules; nothing when none are."""
    groups = group_records(incidents)
    if groups is None:
        return []
    used = set(read_relations(incidents["related"])["relation"])
    rules = [f"  {name}: {rule}" for name, rule in RELATIONS.items() if name in used]
    counted = say_number(len(set(groups.lead.tolist())), "incident")
    return [f"{len(incidents):,} records are counted as {counted}", *rules]


def list_problems(judged: Judged) -> list[dict[str, Any]]:
    """Return each problem of some inputs as plain values; the row is missing where the whole file is meant."""
    told = (
        (Path(source).name, p.row or None, p.column, show_value(p.value), p.wrong, p.todo, p.code)
        for source, problems in judged
        for p in problems
    )
    return [dict(zip(PROBLEM_COLUMNS, one, strict=True)) for one in told]


def write_problems(judged: Judged, path: Path) -> None:
    """Write every problem of some inputs as CSV: file, row, column, value, what is wrong, what to do, rule.

    Raises
    ------
    FileError
        When the file cannot be written.
    """
    table = pd.DataFrame(list_problems(judged), columns=list(PROBLEM_COLUMNS)).astype({"row": "Int64"})
    write_text(format_table(table), path)
