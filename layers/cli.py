"""The command line. The only module that knows everything; what a command needs is imported when it runs."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo import __version__
from geo.errors import FileError, IncidentmapError, InputError, UsageError, escape_text, say_number
from geo.linking import THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from geo.errors import Problem
    from geo.online import OnlineGeocoder
    from layers.build import Case

SHOWN_PROBLEMS = 100
"""Problems shown on the screen; all of them go to a new file ``problems.csv`` when there are more."""
SHOWN_REASONS = 3
"""Reasons for which an online service failed that are told; each stands in the note of its incidents."""

INCOMPLETE = "incidentmap.incomplete"
"""Note in a command's context that rows were set aside, or queries failed: its exit code says so."""


class LocalPath(click.Path):
    """A path; an address is refused as it was given, which `Path` would shorten."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        from geo.files import require_local

        require_local(value)
        return super().convert(value, param, ctx)


class LocalFolder(LocalPath):
    """The path of a folder that products are written to."""


FILE = LocalPath(path_type=Path)
WRITTEN = {"output", "pictures", "quarantine", "cache"}
"""Parameters that name what a command writes; all other paths are read."""


def _options(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return one decorator that adds several options in the order given."""

    def decorate(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def _output(what: str, *endings: str, else_: str = "", **settings: Any) -> Callable[[Any], Any]:
    """Return the option that names the file to write; a name that says it is of another kind is refused."""

    def check(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
        if path is not None and path.suffix.lower() not in endings:
            message = f"-o {path}: this command writes {what} — give the file the ending {' or '.join(endings)}"
            raise UsageError(message)
        return path

    told = f"{what[0].upper()}{what[1:]} to write ({', '.join(endings)}){else_}."
    return click.option("-o", "--output", type=FILE, help=told, callback=check, **settings)


READING = _options(
    click.argument("file", type=FILE, required=False),
    click.option(
        "--actors", "actors_file", type=FILE, help="CSV of your own actors: actor, label, aliases, color, shape."
    ),
    click.option("--encoding", default="utf-8", show_default=True, help="Text encoding of FILE."),
    click.option(
        "--delimiter",
        default=",",
        show_default=True,
        metavar="CHARACTER",
        callback=lambda _context, _option, value: "\t" if value.upper() == "TAB" else value,
        help="What stands between two cells of FILE: , or ; or | or TAB.",
    ),
    click.option(
        "--decimal",
        type=click.Choice([".", ","]),
        default=".",
        show_default=True,
        help="Decimal mark; with a comma none may part the thousands of a count.",
    ),
    click.option("--date-order", type=click.Choice(["dmy", "mdy"]), help="What 03/04/2017 means, for the whole file."),
    click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out incidents that begin before this day."),
    click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Leave out incidents that begin after this day."),
    click.option(
        "--actor", "only", multiple=True, help="Keep incidents that name this actor or its members. Repeatable."
    ),
    click.option("--strict", is_flag=True, help="Refuse the file for findings too."),
    click.option("--links", "links_file", type=FILE, help="Related records, as you decided them in links.csv."),
    click.option("--quarantine", type=FILE, help="Set refused rows aside in this CSV, with reasons, and use the rest."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout."),
)
GAZETTEER_COLUMNS = click.option(
    "--gazetteer-column",
    "gazetteer_columns",
    multiple=True,
    metavar="NAME=COLUMN",
    help="Column of a gazetteer CSV that holds name, local, lat, lon, admin1, admin2, country or id. Repeatable.",
)
PLACING = _options(
    click.option(
        "--gazetteer", "gazetteers", type=FILE, multiple=True, help="Places of your own, tried first. Repeatable."
    ),
    GAZETTEER_COLUMNS,
    click.option("--regions", "regions_files", type=FILE, multiple=True, help="Boundaries of your own. Repeatable."),
    click.option(
        "--region-column",
        "region_columns",
        multiple=True,
        metavar="NAME=COLUMN",
        help="Column of --regions that holds level, pcode, name, name_local, parent, country, population. Repeatable.",
    ),
    click.option(
        "--decisions",
        "decisions_files",
        type=FILE,
        multiple=True,
        help="What you decided on the review page. Repeatable.",
    ),
    click.option("--coverage", "coverage_file", type=FILE, help="Where, when and for whom the sources of FILE looked."),
    click.option(
        "--border-tolerance",
        type=click.FloatRange(0, 50),
        default=5.0,
        show_default=True,
        metavar="KM",
        help="How far outside a boundary a point still counts as inside.",
    ),
)
LEDGER = _options(
    click.option("--claims", "claims_file", type=FILE, help="CSV of who claims which number of which incident."),
    click.option("--findings", "findings_file", type=FILE, help="CSV of statements about a region without a number."),
)
RANGES = _options(
    click.option(
        "--range-rule",
        metavar="RULE",
        help="Where ranges come from: stated (the list), or the claims: widest, latest-per-source, source-kind:KIND,"
        " grading:GRADE.  [default: stated; widest with --as-of]",
    ),
    click.option(
        "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Show what was known that day: claims published by then."
    ),
)
TOTALS = click.option("--totals", "totals_file", type=FILE, help="CSV of published totals for the report to compare.")
TITLES = _options(
    click.option("--title", help="Title of the page."),
    click.option("--subtitle", help="A line under the title."),
    click.option("--credit", help="Who publishes it."),
    click.option("--language", type=click.Choice(["en", "ar"]), help="Language of the page.  [default: en]"),
)
TEXTS = _options(
    TITLES,
    click.option("--url", help="Where you will publish the page: writes preview.png, which links to it show."),
    click.option(
        "--basemap",
        type=FILE,
        help="Base layer of your own inside the map: .pmtiles, .geojson, .gpkg, .shp or .parquet.",
    ),
    click.option(
        "--tiles",
        metavar="PROVIDER",
        help="Background images from the web, such as OpenStreetMap.Mapnik.  [default: none]",
    ),
)


class Command(click.Command):
    """A command that writes over no file of its own call, and with ``--json`` tells a refused input on stdout too."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        _refuse_overwriting(self, ctx.params)
        try:
            return super().invoke(ctx)
        except InputError as error:
            if ctx.params.get("as_json"):
                from layers.build import list_problems

                _answer({"problems": list_problems([(error.path, error.problems)])}, [], as_json=True)
            raise


def _refuse_overwriting(command: click.Command, values: dict[str, Any]) -> None:
    """Raise a `UsageError` when a file to be written is one that is read, or is written twice."""
    written, read = [], []
    for param in command.params:
        value = values.get(param.name or "") if isinstance(param.type, LocalPath) else None
        for path in value if isinstance(value, tuple) else filter(None, [value]):
            if param.name in WRITTEN:
                written += [(param.opts[0], file) for file in _list_written(param, path, values)]
            else:
                read.append((param.opts[0] if isinstance(param, click.Option) else param.human_readable_name, path))
    for at, (option, path) in enumerate(written):
        for other, taken in [*read, *written[:at]]:
            if _identify(path) == _identify(taken):
                message = f"{option}: {path} would replace what {other} names — name another file"
                raise UsageError(message)


def _list_written(param: click.Parameter, path: Path, values: dict[str, Any]) -> list[Path]:
    """Return the files that a command writes for one path it is given."""
    if isinstance(param.type, LocalFolder):
        from layers.build import PRODUCTS

        return [path / product for product in PRODUCTS]
    if param.name == "quarantine" and values.get("other"):
        return [path, _aside_of_other(path)]
    if param.name == "output" and values.get("url"):
        from layers.page.share import PREVIEW

        return [path, path.with_name(PREVIEW)]
    return [path]


def _identify(path: Path) -> tuple[int, int] | str:
    """Return what two names of one file have in common, also through links."""
    try:
        found = path.stat()
    except OSError:
        return os.path.realpath(path)
    return found.st_dev, found.st_ino


class Commands(click.Group):
    """A group of such commands."""

    command_class = Command


class Main(Commands):
    """A group that turns every deliberate error into a message and its exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a traceback is shown only under ``--debug``."""
        try:
            super().invoke(ctx)
            if ctx.meta.get(INCOMPLETE):
                ctx.exit(4)
        except InputError as error:
            _show_problems([(error.path, error.problems)])
            ctx.exit(error.exit_code)
        except IncidentmapError as error:
            click.echo(f"{error}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo("interrupted: every file is as it was", err=True)
            ctx.exit(130)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if ctx.params.get("debug"):
                raise
            click.echo(f"incidentmap failed: {type(error).__name__}: {error}", err=True)
            click.echo("This is a fault of the program. Run again with --debug and report what it prints.", err=True)
            ctx.exit(1)


def _show_problems(judged: Sequence[tuple[Path | str, Sequence[Problem]]]) -> None:
    told = [problem.message(path) for path, problems in judged for problem in _gather_rows(problems)]
    for message in told[:SHOWN_PROBLEMS]:
        click.echo(message, err=True)
    number = sum(len(problems) for _, problems in judged)
    click.echo(f"{say_number(number, 'problem')}, nothing was written.", err=True)
    if number > SHOWN_PROBLEMS:
        from layers.build import write_problems

        path, counter = Path("problems.csv"), 1
        while os.path.lexists(path):  # what is there is never replaced
            counter += 1
            path = Path(f"problems-{counter}.csv")
        try:
            write_problems(judged, path)
        except FileError as failed:
            click.echo(f"The rest of them could not be written: {failed}", err=True)
        else:
            click.echo(f"All of them are in {path}.", err=True)


def _gather_rows(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems, those that one choice for the whole file mends as one."""
    alike: dict[object, list[Problem]] = {}
    for problem in problems:
        key = (problem.column, problem.todo) if problem.code == "date-order" else problem
        alike.setdefault(key, []).append(problem)
    return [
        replace(first, wrong=f"{first.wrong}, and {say_number(len(rest), 'more row')} of the kind") if rest else first
        for first, *rest in alike.values()
    ]


@click.group(cls=Main, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="incidentmap")
@click.option("--debug", is_flag=True, help="Show a traceback when the program fails.")
def main(*, debug: bool) -> None:
    """Turn lists of armed-conflict incidents into offline maps, regional summaries and GIS overlays.

    Without FILE every command takes the built-in incidents: Syria and Iraq, February to April 2017.
    Nothing is ever sent anywhere, except by `locate --online`.
    """
    del debug  # `Main.invoke` asks the context for it
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a terminated build cleans up like an interrupted one


@main.command()
@READING
@PLACING
@LEDGER
@RANGES
@TEXTS
@TOTALS
@click.option(
    "-o",
    "--output",
    type=LocalFolder(path_type=Path),
    default=Path("maps/latest"),
    show_default=True,
    help="Folder to write to.",
)
def build(output: Path, *, totals_file: Path | None, as_json: bool, **options: Any) -> None:
    """Write the map, the report, the summary and the overlay of FILE into a folder."""
    from geo.files import check_folder
    from layers.build import build_products

    check_folder(output)
    texts = _take_texts(options)
    result = build_products(_load(options), output, totals_file=totals_file, **texts)
    for line in result["identities"]:
        click.echo(line, err=True)
    _answer(result, [str(output / name) for name in result["outputs"]], as_json=as_json)


def _print_rules(ctx: click.Context, _: click.Parameter, asked: Any) -> None:
    if asked:
        from geo.rules import format_rules

        click.echo(format_rules(), nl=False)
        ctx.exit()


@main.command()
@READING
@PLACING
@LEDGER
@click.option("--totals", "totals_file", type=FILE, help="Totals published about the same war.")
@click.option("--rules", is_flag=True, is_eager=True, expose_value=False, callback=_print_rules, help="List the rules.")
@click.pass_context
def check(ctx: click.Context, /, *, totals_file: Path | None, as_json: bool, **options: Any) -> None:
    """Read FILE, its claims and totals; list what is wrong or doubtful in them; write nothing."""
    from layers.build import check_arithmetic, list_problems

    strict = options["strict"]
    case = _load(options | {"strict": False}, findings=False, lenient=True)
    judged = [(case.path, case.findings), *case.doubts, *check_arithmetic(case, totals_file)]
    errors = [(path.name, [p for p in problems if p.severity == "error"]) for path, problems in judged]
    findings = [p.message(path.name) for path, problems in judged for p in problems if p.severity != "error"]
    if any(problems for _, problems in errors):
        for finding in findings:
            click.echo(finding, err=True)
        _show_problems(errors)
        if as_json:
            _answer({"problems": list_problems(errors), "findings": findings}, [], as_json=True)
        ctx.exit(InputError.exit_code)
    counts, said = case.counts, say_number(len(findings), "finding")
    unplaced = f" ({counts['not_placed']:,} not placed)" * bool(counts["not_placed"])
    click.echo(f"{case.path.name}: {say_number(len(case.incidents), 'record')}{unplaced}, {said}", err=True)
    refused = strict and bool(findings)
    if refused:
        click.echo("\n".join(findings), err=True)
    if as_json or not refused:
        _answer({**counts, "findings": findings, "notes": list(case.announcements)}, findings, as_json=as_json)
    if refused:
        ctx.exit(InputError.exit_code)


@main.command()
@READING
@PLACING
@_output("a CSV file", ".csv", required=True)
@click.option("--online", "service", metavar="SERVICE", help="Ask nominatim or photon for what is still not placed.")
@click.option("--contact", default="", help="Your e-mail address or page, sent to the service with each request.")
@click.option("--server", help="Your own server of that service, as http://host:port.")
@click.option("--cache", type=FILE, help="File that keeps what the service answered.  [default: in your cache folder]")
@click.option("--show-queries", is_flag=True, help="Print what would be sent to the service, and send nothing.")
def locate(
    output: Path,
    *,
    service: str | None,
    contact: str,
    server: str | None,
    cache: Path | None,
    show_queries: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Find the places of FILE; write the list with coordinates, precision and how each was found."""
    from geo.readers.table import write_incidents

    if service is None:
        if show_queries:
            message = "--show-queries shows what would be sent to a service — name it with --online"
            raise UsageError(message)
        case = _load(options)
    else:
        with _ask_online(service, contact, server, cache, sends=not show_queries) as online:
            case = _load(options, online=online)
        if show_queries:
            _answer({"queries": online.unsent}, online.unsent, as_json=as_json)
            return
        _tell_failed(online)
    write_incidents(case.incidents, output)
    _answer(case.counts, [str(output)], as_json=as_json)


def _tell_failed(online: OnlineGeocoder) -> None:
    """Say on stderr how many queries failed and why; the exit code says so too."""
    if not online.failed:
        return
    why = Counter(answer.label for answer in online.failed)
    told = "; ".join(f"{label} ({number:,})" for label, number in why.most_common(SHOWN_REASONS))
    told += "; …" * (len(why) > SHOWN_REASONS)
    failed = say_number(len(online.failed), "place")
    click.echo(f"{online.name} failed on {failed}, run the same command again to ask anew: {told}", err=True)
    click.get_current_context().meta[INCOMPLETE] = True


@contextmanager
def _ask_online(
    service: str, contact: str, server: str | None, cache: Path | None, *, sends: bool
) -> Iterator[OnlineGeocoder]:
    import platformdirs

    from geo.online import OnlineGeocoder, open_cache

    path = cache or Path(platformdirs.user_cache_dir("incidentmap")) / "online.sqlite"
    with open_cache(path) as answers:
        say = partial(click.echo, err=True)
        yield OnlineGeocoder(service, answers, contact=contact, server=server, sends=sends, say=say)


@main.command(name="map")
@READING
@PLACING
@LEDGER
@RANGES
@TEXTS
@_output("an HTML page", ".html", ".htm")
@click.option("--static", "pictures", type=FILE, multiple=True, help="Picture to draw: .png, .svg or .pdf. Repeatable.")
def map_(output: Path | None, pictures: tuple[Path, ...], *, as_json: bool, **options: Any) -> None:
    """Draw the incidents of FILE as one offline HTML map, as pictures for print, or as both."""
    from layers.build import write_case_map, write_case_static

    if output is None and not pictures:
        message = "nothing to write: name a page with -o, a picture with --static, or both"
        raise UsageError(message)
    if pictures:
        from layers.static import check_suffix

        for picture in pictures:
            check_suffix(picture)
    texts = _take_texts(options)
    case = _load(options)
    for picture in pictures:
        write_case_static(case, picture, **texts)
    files = [*pictures, *(write_case_map(case, output, **texts) if output else [])]
    _answer(case.counts, map(str, files), as_json=as_json)


@main.command()
@READING
@PLACING
@LEDGER
@RANGES
@_output("a table", ".csv", ".xlsx", else_="; CSV on stdout when left out")
def summary(output: Path | None, *, as_json: bool, **options: Any) -> None:
    """Count the incidents of FILE by region, actor and month."""
    from layers.build import format_case_summary, list_case_summary, write_case_summary

    case = _load(options)
    if output is None and as_json:
        _answer({**case.counts, "summary": list_case_summary(case)}, (), as_json=True)
        return
    if output is None:
        click.echo(format_case_summary(case), nl=False)
        return
    write_case_summary(case, output)
    _answer(case.counts, [str(output)], as_json=as_json)


@main.command()
@READING
@PLACING
@LEDGER
@RANGES
@TITLES
@TOTALS
@_output("an HTML page", ".html", ".htm", required=True)
def report(output: Path, *, totals_file: Path | None, as_json: bool, **options: Any) -> None:
    """Write the figures of FILE as one page to print: map, tables, charts, claims, totals and every incident.

    The page holds no script and asks nobody for anything; a browser prints it on A4.
    """
    from layers.build import write_case_report

    texts = _take_texts(options)
    case = _load(options)
    write_case_report(case, output, totals_file=totals_file, **texts)
    _answer(case.counts, [str(output)], as_json=as_json)


@main.command()
@READING
@PLACING
@click.option("--title", default="Places to decide", show_default=True, help="Title of the page.")
@_output("an HTML page", ".html", ".htm", required=True)
def review(output: Path, title: str, *, as_json: bool, **options: Any) -> None:
    """Write an offline page on which you decide where the doubtful places of FILE are.

    The page saves decisions.csv; give that to any other command with --decisions.
    """
    from layers.review import write_review

    case = _load(options)
    places = write_review(case.incidents, output, gazetteers=case.gazetteers, regions=case.regions, title=title)
    click.echo(f"{say_number(places, 'place')} to decide", err=True)
    _answer({**case.counts, "places_to_decide": places}, [str(output)], as_json=as_json)


@main.group(cls=Commands)
def gazetteer() -> None:
    """Index a gazetteer once, or ask what a name may mean."""


@gazetteer.command(name="build")
@click.argument("files", type=FILE, nargs=-1, required=True)
@GAZETTEER_COLUMNS
@_output("an indexed gazetteer", ".parquet", required=True)
def build_gazetteer(files: tuple[Path, ...], gazetteer_columns: tuple[str, ...], output: Path) -> None:
    """Index FILES: GeoNames dumps (XX.txt, XX.zip), CSV tables of places, lists of incidents already located.

    Entries of one name and governorate that lie far apart are listed; they stay apart.
    """
    from geo.gazetteer import join_gazetteers, read_gazetteer
    from geo.regions import read_regions

    regions = read_regions()
    columns = dict(_pairs("--gazetteer-column", gazetteer_columns))
    read = [read_gazetteer(f, regions=regions, columns=columns) for f in files]
    for file, one in zip(files, read, strict=True):
        _show_findings(file.name, one.findings)
    joined = join_gazetteers(read)
    joined.write(output)
    conflicts = joined.find_conflicts()
    for row in conflicts.itertuples():
        told = f"conflict: {row.name} ({row.admin1}) {row.lat}, {row.lon}, {row.km} km from another"
        click.echo(escape_text(told), err=True)
    click.echo(f"{say_number(len(joined.listing.places), 'place')}, {len(conflicts):,} in conflict", err=True)
    click.echo(f"{output}")


@gazetteer.command(name="search")
@click.argument("name")
@click.option("--country", help="Country stated beside the name.")
@click.option("--admin1", help="Governorate stated beside the name.")
@click.option("--gazetteer", "gazetteers", type=FILE, multiple=True, help="Gazetteer to ask before the built-in one.")
@GAZETTEER_COLUMNS
@click.option("--limit", default=10, show_default=True, help="Most candidates shown.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def search_gazetteer(
    name: str,
    *,
    country: str | None,
    admin1: str | None,
    gazetteers: tuple[Path, ...],
    gazetteer_columns: tuple[str, ...],
    limit: int,
    as_json: bool,
) -> None:
    """List what NAME may mean, the likeliest first, with what speaks for each."""
    from geo.gazetteer import read_gazetteer, search_gazetteers
    from geo.regions import read_regions

    regions = read_regions()
    columns = dict(_pairs("--gazetteer-column", gazetteer_columns))
    own = [read_gazetteer(g, regions=regions, columns=columns) for g in gazetteers]
    asked = [*own, read_gazetteer(regions=regions)]
    matches = search_gazetteers(asked, name, country=country, admin1=admin1, limit=limit)
    if as_json:
        click.echo(json.dumps([vars(match) for match in matches], ensure_ascii=False, allow_nan=False))
        return
    for m in matches:
        names = " / ".join(n for n in (m.name, m.local) if n)
        where = ", ".join(w for w in (m.admin1_name, m.country) if w)
        radius = "" if m.precision_km is None else f" ±{m.precision_km:g} km"
        found = f"{m.confidence:5.2f}  {names} — {where}  {m.lat:.5f}, {m.lon:.5f}  {m.precision}{radius}"
        click.echo("\n".join(map(escape_text, (found, f"       {m.reason}  [{m.source}]"))))
    if not matches:
        where = ", ".join(filter(None, (admin1, country)))
        click.echo(f"nothing is called {name!r} or alike" + f" in {where}" * bool(where), err=True)


@main.command()
@READING
@PLACING
@LEDGER
@RANGES
@_output("a GeoPackage", ".gpkg", required=True)
def export(output: Path, *, as_json: bool, **options: Any) -> None:
    """Write the incidents of FILE and their regions as a styled GeoPackage."""
    from layers.build import write_case_overlay

    case = _load(options)
    write_case_overlay(case, output)
    _answer(case.counts, [str(output)], as_json=as_json)


@main.command()
@READING
@PLACING
@LEDGER
@RANGES
@click.option("--totals", "totals_file", type=FILE, help="CSV of published totals.  [default: the built-in ones]")
@_output("a table", ".csv", ".xlsx")
def reconcile(output: Path | None, totals_file: Path | None, *, as_json: bool, **options: Any) -> None:
    """Compare the sums of FILE with published totals of the same scope.

    Each difference is told in parts: contested attribution, grading, incidents without a place or month, records that
    are counted with one of another scope, coverage and definition, and what is left unexplained. Totals of another
    scope are listed with the reason.
    """
    from layers.build import reconcile_case
    from layers.reconcile_text import format_reconciliation, format_wholes, list_lines, write_reconciliation

    case = _load(options)
    table, wholes = reconcile_case(case, totals_file)
    if output is not None:
        write_reconciliation(table, output)
    result = {"totals": list_lines(table), "wholes": wholes.to_dict("records")}
    _answer(result, [format_reconciliation(table, case.actors), format_wholes(wholes)], as_json=as_json)


@main.command()
@click.argument("story_file", metavar="[STORY]", type=FILE, required=False)
@click.option("--incidents", "incidents_file", type=FILE, help="Your own list of incidents.")
@click.option("--claims", "claims_file", type=FILE, help="Your own claims.")
@click.option("--totals", "totals_file", type=FILE, help="Your own published totals.")
@click.option("--actors", "actors_file", type=FILE, help="CSV of your own actors.")
@PLACING
@_output("a CSV file with a row for each reading of each check", ".csv")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
def story(
    story_file: Path | None,
    incidents_file: Path | None,
    *,
    claims_file: Path | None,
    totals_file: Path | None,
    output: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Judge the statements of STORY (a TOML file) by totals, claims and incidents.

    Each holds, holds only with this scope, is contradicted, or cannot be checked; the figures compared and the rows
    behind them are printed. Without STORY the built-in one is judged: a newspaper's of April 2017.
    """
    from layers.build import judge_file
    from layers.story import format_story, list_story, write_story

    reading = {"encoding": "utf-8", "delimiter": ",", "decimal": ".", "date_order": None}
    whole = {"since": None, "until": None, "only": (), "strict": False}

    def load() -> Case:
        return _load({"file": incidents_file, **reading, **whole, **options}, notes=False, findings=False)

    told, verdicts = judge_file(
        story_file,
        load,
        incidents_file=incidents_file,
        actors_file=options["actors_file"],
        claims_file=claims_file,
        totals_file=totals_file,
    )
    if output is not None:
        write_story(verdicts, output)
    if as_json:
        click.echo(json.dumps(list_story(told, verdicts), ensure_ascii=False, allow_nan=False))
    elif output is None:
        click.echo(format_story(told, verdicts), nl=False)
    else:
        click.echo(f"{output}")


@main.command()
@READING
@PLACING
@click.argument("other", type=FILE, required=False)
@_output("a CSV file with proposals for you to decide in", ".csv", required=True)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    default=THRESHOLD,
    show_default=True,
    help="Least confidence of a proposal.",
)
def link(output: Path, other: Path | None, *, threshold: float, as_json: bool, **options: Any) -> None:
    """Propose records of FILE, or of FILE and OTHER, that may be one event; merge nothing.

    Decide in the file that is written: correct the relation (same event, part of, overlaps, conflates, supersedes,
    distinct) and write your name into decided_by. Give it to any other command with --links. Pairs that are decided
    in --links already are kept as they are and not proposed again. Refused rows of OTHER go into the file of
    --quarantine with "-other" in its name.
    """
    from layers.build import write_case_links

    aside = options["quarantine"]
    theirs = {"file": other, "links_file": None, "quarantine": aside and _aside_of_other(aside)}
    second = None if other is None else _load(options | theirs)
    case = _load(options)
    proposed = write_case_links(case, output, other=second, threshold=threshold)
    click.echo(f"{say_number(proposed, 'proposal')} to decide", err=True)
    _answer({**case.counts, "proposals": proposed}, [str(output)], as_json=as_json)


def _aside_of_other(quarantine: Path) -> Path:
    return quarantine.with_stem(f"{quarantine.stem}-other")


def _take_texts(options: dict[str, Any]) -> dict[str, Any]:
    """Take the options of `TITLES` and `TEXTS` out of all options; those not given are left to the product."""
    names = ("title", "subtitle", "credit", "language", "url", "basemap", "tiles")
    texts = {name: options.pop(name) for name in names if name in options}
    if texts.get("url") is not None:
        from layers.page.share import check_url

        check_url(texts["url"])
    return {name: text for name, text in texts.items() if text is not None}


def _load(
    options: dict[str, Any],
    *,
    notes: bool = True,
    findings: bool = True,
    online: OnlineGeocoder | None = None,
    lenient: bool = False,
) -> Case:
    """Read, locate and join; say on stderr what was new and what is doubtful."""
    from layers.build import load_case

    options["region_columns"] = dict(_pairs("--region-column", options["region_columns"]))
    options["gazetteer_columns"] = dict(_pairs("--gazetteer-column", options["gazetteer_columns"]))
    for day in {"since", "until", "as_of"} & set(options):
        options[day] = None if options[day] is None else options[day].date()
    with _progress() as say:
        case = load_case(options.pop("file"), say=say, online=online, lenient=lenient, **options)
    if case.ledger.set_aside:
        click.get_current_context().meta[INCOMPLETE] = True
    for line in case.announcements if notes else ():
        click.echo(line, err=True)
    for path, doubts in [(case.path, case.findings), *case.doubts] if findings else ():
        _show_findings(path.name, doubts)
    return case


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the current step on a terminal and does nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield status.update


def _pairs(option: str, texts: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield name and column of each NAME=COLUMN."""
    for text in texts:
        name, equals, column = text.partition("=")
        if not equals or not name or not column:
            message = f"{option} {text}: not NAME=COLUMN"
            raise UsageError(message)
        yield name, column


def _show_findings(name: str, findings: Sequence[Problem]) -> None:
    for finding in findings[:SHOWN_PROBLEMS]:
        click.echo(finding.message(name), err=True)
    if len(findings) > SHOWN_PROBLEMS:
        rest = len(findings) - SHOWN_PROBLEMS
        click.echo(f"{say_number(rest, 'more finding')}: list them with incidentmap check", err=True)


def _answer(result: dict[str, Any], lines: Iterable[str], *, as_json: bool) -> None:
    """Print the result on stdout, as lines or as one JSON object."""
    text = json.dumps(result, ensure_ascii=False, allow_nan=False) if as_json else "\n".join(lines)
    if text:
        click.echo(text)
