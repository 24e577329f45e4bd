"""Online geocoding, only when asked: a service behind a durable cache, one request a second in all."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import tempfile
import time
import warnings
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import responses
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, build_opener

import geopandas as gpd
import numpy as np
import pandas as pd
import platformdirs
import shapely
from filelock import FileLock, Timeout
from geopy.adapters import AdapterHTTPError, URLLibAdapter
from geopy.exc import GeocoderParseError, GeocoderQueryError, GeopyError
from geopy.geocoders import get_geocoder_for_service

from geo import __version__
from geo.check import check_points
from geo.errors import FileError, LockedError, NetworkError, UsageError, show_value
from geo.files import require_file
from geo.locate import TOLERANCE_KM, locate_points
from geo.regions import find_countries, match_units
from geo.schema import BY_DECISION, BY_SERVICE, CRS, POINT_RADIUS_KM
from geo.toponyms.notes import OUTSIDE_KM
from geo.toponyms.questions import match_stated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Outcome = Literal["found", "not_found", "failed"]

PACE_S = 1.1
"""Seconds between two requests: the public Nominatim server's usage policy allows one a second."""
TRIES = 3
"""Requests for one query while the service answers with a server error."""
LONGEST_WAIT_S = 120
"""A ``Retry-After`` beyond this many seconds stops the run; what was answered is kept."""
UNTOLD_WAIT_S = 60
"""Seconds to wait after a 429 that does not say how long."""
TIMEOUT_S = 20
TOO_MANY = 429
TRANSIENT = (408, *range(500, 600))
"""Statuses after which the same request may be answered."""
_SCHEMA_VERSION = 1
_LAST_PORT = 65_535
_NAN = float("nan")
_HOSTILE = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, what turns the direction of a text, and halves of characters, which no file can hold."""

KIND_PRECISION = {
    "house": "street",
    "building": "street",
    "amenity": "street",
    "street": "street",
    "road": "street",
    "locality": "neighbourhood",
    "neighbourhood": "neighbourhood",
    "quarter": "neighbourhood",
    "suburb": "neighbourhood",
    "isolated_dwelling": "village",
    "hamlet": "village",
    "village": "village",
    "town": "town",
    "city": "city",
}
"""What a service calls its answer, as a precision. Everything else (county, state, country, river) is no point.

Kinds: Nominatim ``addresstype``, Photon ``type``. Photon's ``district`` may be a part of a city or a county: left out.
"""


@dataclass(frozen=True)
class Answer:
    """What a service said of one query.

    ``failed`` is never "not found": it is not kept and will be asked again; ``label`` says why. ``country`` is ISO
    3166-1 alpha-2.
    """

    query: str
    outcome: Outcome
    latitude: float = _NAN
    longitude: float = _NAN
    label: str = ""
    kind: str = ""
    country: str = ""
    asked: str = ""

    @property
    def precision(self) -> str:
        """Precision of the point, empty when the answer is not one (a county, a country)."""
        return KIND_PRECISION.get(self.kind, "")


Hit = tuple[Any, Any, str, str]
"""Latitude, longitude, kind and country of what a service found, as it has them."""


def _read_nominatim(hit: dict[str, Any]) -> Hit:
    return hit["lat"], hit["lon"], hit.get("addresstype", ""), hit["address"].get("country_code", "")


def _read_photon(hit: dict[str, Any]) -> Hit:
    told, (longitude, latitude) = hit["properties"], hit["geometry"]["coordinates"][:2]
    kind = told.get("osm_value") if told.get("osm_key") == "place" else told.get("type", "")
    return latitude, longitude, kind, told.get("countrycode", "")


SERVICES: dict[str, tuple[Callable[[dict[str, Any]], Hit], dict[str, Any]]] = {
    "nominatim": (_read_nominatim, {"addressdetails": True, "language": "en"}),
    "photon": (_read_photon, {"language": "en"}),
}
"""Known services: how to read a hit, and the settings of a request."""
_MALFORMED = (AttributeError, LookupError, OverflowError, TypeError, ValueError, UserWarning)
"""What geopy and the readers raise, or warn of, when an answer has another form or is at no point of the earth."""


_TABLE = "answer (\n    service text, query text, outcome text"
"""Start of what SQLite keeps as it was written in the first page of every cache, by which it is known."""
_TABLES = f"""
begin;
create table if not exists {_TABLE}, latitude real, longitude real, label text, kind text, country text,
    asked text, primary key (service, query)) without rowid;
pragma user_version = {_SCHEMA_VERSION};
commit;
"""
_LARGEST_PAGE = 65_536
"""Bytes of the largest first page that SQLite can have."""


def _require_cache(path: Path) -> None:
    """Raise a `FileError` for a file that never was a cache; one that is missing or empty will be."""
    try:
        if not path.exists():
            return
        with require_file(path).open("rb") as file:
            start = file.read(_LARGEST_PAGE)
    except OSError as error:
        message = f"{path}: {error.strerror} — choose a writable file with --cache"
        raise FileError(message) from error
    if start and not (start.startswith(b"SQLite format 3\0") and _TABLE.encode() in start):
        message = f"{path}: holds something else than answers of online services — choose another file with --cache"
        raise FileError(message)


def _check_database(database: sqlite3.Connection) -> None:
    """Raise ``sqlite3.DatabaseError`` when a cache is damaged or of another version."""
    version = database.execute("pragma user_version").fetchone()[0]
    if version != _SCHEMA_VERSION:
        message = f"schema version {version}, not {_SCHEMA_VERSION}"
        raise sqlite3.DatabaseError(message)
    if database.execute("pragma quick_check").fetchone()[0] != "ok":
        message = "integrity check failed"
        raise sqlite3.DatabaseError(message)


class AnswerCache:
    """Answers of online services in one SQLite file, each on disk before the next question is asked.

    Parameters
    ----------
    path
        The file; made with its folder when missing, filled when empty. One process uses it at a time.

    Raises
    ------
    LockedError
        When another process is using it.
    FileError
        When it cannot be read or written, or was never a cache. A damaged cache, or one of another version, is renamed
        aside first.
    UsageError
        When it is no regular file.
    """

    def __init__(self, path: Path) -> None:
        _require_cache(path)
        self.path = path
        self._lock = FileLock(path.with_name(path.name + ".lock"))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(blocking=False)
        except Timeout as error:
            message = f"{path}: another run is asking an online service — wait for it to end"
            raise LockedError(message) from error
        except OSError as error:
            message = f"{path}: {error.strerror} — choose a writable file with --cache"
            raise FileError(message) from error
        try:
            self._database = self._open()
        except FileError:
            self._lock.release()
            raise

    def _open(self) -> sqlite3.Connection:
        new = not self.path.exists() or self.path.stat().st_size == 0
        try:
            database = sqlite3.connect(self.path, isolation_level=None)
            if not new:
                _check_database(database)
            database.execute("pragma synchronous = full")
            database.executescript(_TABLES)
        except sqlite3.OperationalError as error:
            message = f"{self.path}: {error} — choose another file with --cache"
            raise FileError(message) from error
        except sqlite3.DatabaseError as error:
            aside = self.path.with_name(f"{self.path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
            self.path.rename(aside)
            message = f"{self.path}: not a usable cache ({error}) — renamed to {aside.name}; run again to start anew"
            raise FileError(message) from error
        return database

    def close(self) -> None:
        """Close the file and let other processes use it."""
        self._database.close()
        self._lock.release()

    def get(self, service: str, query: str) -> Answer | None:
        """Return the answer known for a query, or None when it was never answered."""
        columns = "query, outcome, latitude, longitude, label, kind, country, asked"
        row: tuple[Any, ...] | None = self._database.execute(
            f"select {columns} from answer where service = ? and query = ?",  # noqa: S608 - constant columns
            (service, query),
        ).fetchone()
        if row is None:
            return None
        query, outcome, latitude, longitude, *texts = row  # SQLite keeps NaN as NULL
        at = (_NAN, _NAN) if latitude is None else (latitude, longitude)
        return Answer(query, outcome, *at, *texts)

    def put(self, service: str, answer: Answer) -> None:
        """Keep an answer; it is on disk when this returns, else a `FileError` is raised."""
        values = (answer.query, answer.outcome, answer.latitude, answer.longitude)
        row = (service, *values, answer.label, answer.kind, answer.country, answer.asked)
        try:
            self._database.execute("insert or replace into answer values (?,?,?,?,?,?,?,?,?)", row)
        except sqlite3.OperationalError as error:
            message = f"{self.path}: {error} — answers before this one are kept, run the same command again to go on"
            raise FileError(message) from error


@contextmanager
def open_cache(path: Path) -> Iterator[AnswerCache]:
    """Open an `AnswerCache` and close it at the end of the block."""
    cache = AnswerCache(path)
    try:
        yield cache
    finally:
        cache.close()


@contextmanager
def take_turn(service: str) -> Iterator[None]:
    """Wait for the turn to ask ``service``, and keep it to the end of the block.

    One process of the user has it at a time, whichever cache it uses, and `PACE_S` after the one before it.
    """
    stamp = _find_turns() / hashlib.sha256(service.encode()).hexdigest()[:16]
    lock = FileLock(stamp.with_suffix(".lock"))
    while True:
        with lock:
            since = abs(time.time() - stamp.stat().st_mtime) if stamp.exists() else PACE_S  # a clock may be set back
            if since >= PACE_S:
                stamp.touch()
                yield
                return
        time.sleep(PACE_S - since)  # not in the lock, so that every process comes to its turn


def _find_turns() -> Path:
    """Return the folder for the turns of this user's processes: that of their state, else a temporary one."""
    own = platformdirs.user_state_path("incidentmap")
    with suppress(OSError):
        own.mkdir(parents=True, exist_ok=True)
        if os.access(own, os.W_OK):
            return own
    shared = Path(tempfile.gettempdir()) / f"incidentmap-{os.getuid()}"
    shared.mkdir(mode=0o700, exist_ok=True)
    return shared


class OnlineGeocoder:
    """One service asked politely, and no other server: redirects are not followed.

    Parameters
    ----------
    service
        A key of `SERVICES`.
    cache
        Where answers are kept.
    contact
        An e-mail address or page of the person asking; sent in the User-Agent, as the services' usage policies demand.
    server
        ``http://host:port`` of an own server, or ``host`` of one that is asked by https; the public one when None.
    sends
        Whether queries are sent. Else those that would be are kept in ``unsent``, and their answer is ``failed``.
    say
        Called with a sentence before a wait that the service asks for.

    Attributes
    ----------
    failed
        The answers that failed, each with what the service said in ``label``.

    Raises
    ------
    UsageError
        When the service is unknown, the server no address, or the contact missing or not ASCII though queries are sent.
    """

    def __init__(
        self,
        service: str,
        cache: AnswerCache,
        *,
        contact: str,
        server: str | None = None,
        sends: bool = True,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        if service not in SERVICES:
            message = f"--online {service}: not a known service — choose one of {', '.join(SERVICES)}"
            raise UsageError(message)
        contact = contact.strip()
        if sends and not contact:
            message = "--contact is missing — give an e-mail address or a page, the service must know who asks"
            raise UsageError(message)
        if sends and not (contact.isascii() and contact.isprintable()):
            message = (
                f"--contact {show_value(contact)}: a request holds plain ASCII alone — write your address or page so"
            )
            raise UsageError(message)
        self.name = service
        self.cache = cache
        self.unsent: list[str] = []
        self.failed: list[Answer] = []
        self._sends = sends
        self._say = say
        self._key = service if server is None else f"{service} {server}"
        self._read, self._settings = SERVICES[service]
        options: dict[str, Any] = {"user_agent": f"incidentmap/{__version__} ({contact})"}
        if server is not None:
            options["scheme"], options["domain"] = _read_server(server).split("://")
        # The requests adapter would repeat a request by itself whenever an answer carries Retry-After.
        plain = {"timeout": TIMEOUT_S, "adapter_factory": _OneServer}
        self._geocoder = get_geocoder_for_service(service)(**plain, **options)

    def ask_all(self, queries: Iterable[str]) -> Iterator[Answer]:
        """Yield the answer to each query, from the cache or from the service.

        Raises
        ------
        NetworkError
            When the service refuses or keeps failing; every answer yielded before is in the cache.
        """
        wanted = list(dict.fromkeys(queries))
        for done, query in enumerate(wanted):
            answer = self.cache.get(self._key, query)
            if answer is None and not self._sends:
                self.unsent.append(query)
                answer = Answer(query, "failed")
            elif answer is None:
                try:
                    answer = self._ask(query)
                except NetworkError as error:
                    message = (
                        f"{self.name}: {error} — stopped with {len(wanted) - done} of {len(wanted)} places left; "
                        "answers so far are kept, run the same command again to go on"
                    )
                    raise NetworkError(message) from error
                if answer.outcome == "failed":
                    self.failed.append(answer)
                else:
                    self.cache.put(self._key, answer)
            yield answer

    def _ask(self, query: str) -> Answer:
        waited = False
        for attempt in range(1, TRIES + 1):
            with take_turn(self._key):
                try:
                    with warnings.catch_warnings(action="error"):
                        location = self._geocoder.geocode(query, **self._settings)
                except GeocoderQueryError as error:
                    return Answer(query, "failed", label=_explain(error))
                except GeopyError as error:
                    said = error.__cause__ if isinstance(error.__cause__, AdapterHTTPError) else None
                    if said and said.status_code == TOO_MANY and not waited:
                        self._wait(said)  # nobody else asks meanwhile
                        waited = True
                    elif attempt == TRIES or (said and said.status_code not in TRANSIENT):
                        raise NetworkError(_explain(error)) from error
                except _MALFORMED:
                    return self._judge_malformed(query)
                else:
                    return self._judge(query, location)
        message = "too many requests"
        raise NetworkError(message)

    def _wait(self, error: AdapterHTTPError) -> None:
        """Wait as long as a service asks, and say how long that is; a `NetworkError` when it is too long."""
        asked = error.asked
        told = f"{_explain(error)}, Retry-After: {show_value(asked)}" if asked else _explain(error)
        seconds = _read_wait(asked or "")
        pause = UNTOLD_WAIT_S if seconds is None else max(seconds, PACE_S)
        if pause > LONGEST_WAIT_S:
            message = f"{told}; no more than {LONGEST_WAIT_S} s are waited"
            raise NetworkError(message) from error
        why = "" if seconds is not None else ", as that cannot be read" if asked else ", as none are told"
        self._say(f"{self.name}: {told}; waiting {pause:.3g} s{why}")
        time.sleep(pause)

    def _judge(self, query: str, location: Any) -> Answer:  # noqa: ANN401 - geopy ships no types
        asked = datetime.now(UTC).date().isoformat()
        if location is None:
            return Answer(query, "not_found", asked=asked)
        try:
            *degrees, kind, country = self._read(location.raw)
            latitude, longitude = (float(str(number)) for number in degrees)  # geopy takes a missing one for 0
            told = (location.address, kind, country.upper())
            label, kind, country = (" ".join(_HOSTILE.sub(" ", text).split()) for text in told)
        except _MALFORMED:
            return self._judge_malformed(query)
        if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004 - degrees
            return self._judge_malformed(query)
        return Answer(query, "found", latitude, longitude, label, kind, country, asked)

    def _judge_malformed(self, query: str) -> Answer:
        return Answer(query, "failed", label=f"its answer has another form than one of {self.name}")


class _NoRedirects(HTTPRedirectHandler):
    """Follows no redirect: nobody named the other server."""

    def redirect_request(self, *_: object) -> None:
        """Return no request."""


class _OneServer(URLLibAdapter):  # type: ignore[misc] # geopy ships no types
    """Asks the server named and no other; takes no JSON but lists of what was found."""

    def __init__(self, *, proxies: Any, ssl_context: Any) -> None:  # noqa: ANN401 - geopy ships no types
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self.urlopen = build_opener(HTTPSHandler(context=ssl_context), ProxyHandler(proxies), _NoRedirects()).open

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
        """Return what was found; raise a ``TypeError`` where JSON is no answer, a geopy error where it tells one."""
        try:
            said = super().get_json(url, timeout=timeout, headers=headers)
        except (GeocoderParseError, RecursionError) as error:
            message = "its answer is no JSON"
            raise GeocoderParseError(message) from error
        if isinstance(said, dict) and said.get("error"):
            raise GeocoderQueryError(said["error"])
        if not isinstance(said["features"] if isinstance(said, dict) else said, list):
            message = "its answer is no list of places"
            raise TypeError(message)
        return said

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        """Return what the service says; of an error, keep in ``asked`` how long it asks to wait."""
        try:
            text: str = super().get_text(url, timeout=timeout, headers=headers)
        except AdapterHTTPError as error:
            error.asked = error.headers.pop("retry-after", "")  # geopy reads whole seconds alone, and logs the others
            raise
        return text


def _read_server(server: str) -> str:
    """Return the address of a server without the last slash; raise a `UsageError` when it is none."""
    address = server if "://" in server else f"https://{server}"
    host, port, path = r"[\w.-]+|\[[\da-f:.]+\]", r"\d{1,5}", r"/[\w./~-]*"
    found = re.fullmatch(f"https?://(?:{host})(?::({port}))?(?:{path})?", address, re.ASCII | re.IGNORECASE)
    if found is None or int(found[1] or 0) > _LAST_PORT:
        message = f"--server {show_value(server)}: not the address of a server — write it as http://host:port"
        raise UsageError(message)
    return address.rstrip("/")


def _read_wait(text: str) -> float | None:
    """Return the seconds that a ``Retry-After`` tells, a number or a date; None when it is neither."""
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text.strip()):
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


def _explain(error: Exception) -> str:
    """Return what went wrong, in words fit for a terminal."""
    said = error if isinstance(error, AdapterHTTPError) else error.__cause__
    if not isinstance(said, AdapterHTTPError):
        return show_value(str(error))
    words, to = f"HTTP {said.status_code} {responses.get(said.status_code, '')}".strip(), said.headers.get("location")
    return f"{words}, it sends on to {show_value(to.partition('?')[0])}, which was not asked" if to else words


def place_queries(incidents: pd.DataFrame) -> pd.Series:
    """Return the query for each incident that is not placed though its place is stated; missing for all others.

    What a person decided to leave unplaced is not asked.

    Only the place as stated is ever sent: place, governorate and country, the local name where there is no other.
    """
    decided = incidents["located_by"].str.startswith(BY_DECISION).fillna(value=False)
    unplaced = incidents.geometry.isna() & ~decided
    place = incidents["place"].fillna(incidents["place_local"])
    parts = [place, incidents["admin1"], incidents["country"]]
    texts = pd.concat(parts, axis=1).where(unplaced & place.notna(), axis=0)
    distinct = texts.drop_duplicates()
    told = [list(dict.fromkeys(t for t in row if isinstance(t, str))) for row in distinct.itertuples(index=False)]
    joined = [", ".join(words) if words else None for words in told]
    return texts.merge(distinct.assign(query=pd.array(joined, dtype="str")), how="left")["query"].set_axis(
        incidents.index
    )


def locate_online(
    incidents: gpd.GeoDataFrame,
    geocoder: OnlineGeocoder,
    regions: gpd.GeoDataFrame,
    *,
    border_tolerance_km: float = TOLERANCE_KM,
) -> gpd.GeoDataFrame:
    """Return the incidents, those not placed yet asked of an online service.

    An answer is used when it is a settlement or finer, in the stated country by its code and by its point, and no more
    than `OUTSIDE_KM` outside the stated governorate; every other one is noted and left to a person. ``located_by`` is
    ``online:SERVICE``.

    Parameters
    ----------
    incidents
        Incidents of stage ``geocoded``, EPSG:4326.
    geocoder
        The service.
    regions
        A regions frame, for the countries and governorates.
    border_tolerance_km
        How far outside the stated country the point of an answer may lie, in km.

    Raises
    ------
    NetworkError
        When the service stops answering.
    """
    query = place_queries(incidents)
    asked = query.notna().to_numpy()
    known = {answer.query: answer for answer in geocoder.ask_all(query[asked])}
    answers = query[asked].map(known)
    wrong = _contradict(answers, incidents[asked], regions, border_tolerance_km)
    fit = answers.map(lambda answer: answer.outcome == "found" and bool(answer.precision)).astype(bool)
    usable = fit & (wrong == "")
    notes = pd.Series(
        [_tell(geocoder.name, a, wrong=w) for a, w in zip(answers, wrong, strict=True)], usable.index, dtype="str"
    )
    before = incidents.loc[asked, "location_note"].fillna("")
    placed = incidents.copy()
    placed.loc[asked, "location_note"] = notes.where(usable | (before == ""), before + "; " + notes)
    used, rows = answers[usable], usable.index[usable]
    placed.loc[rows, "precision"] = used.map(lambda answer: answer.precision)
    placed.loc[rows, "precision_km"] = placed.loc[rows, "precision"].map(POINT_RADIUS_KM)
    placed.loc[rows, "located_by"] = f"{BY_SERVICE}{geocoder.name}"
    geometry = placed.geometry.to_numpy(copy=True)
    geometry[placed.index.get_indexer(rows)] = [shapely.Point(a.longitude, a.latitude) for a in used]
    return placed.set_geometry(gpd.GeoSeries(geometry, index=placed.index, crs=CRS))


def _contradict(
    answers: pd.Series, incidents: pd.DataFrame, regions: gpd.GeoDataFrame, tolerance_km: float
) -> pd.Series:
    """Return what is wrong with the point of each answer: nothing (empty) when it lies where its incident is stated."""
    code = match_units(incidents["country"], regions, level=0)
    country = find_countries(code, regions)
    abroad = country.notna() & (country != answers.map(lambda answer: answer.country))
    spots = pd.DataFrame(
        {name: answers.map(lambda answer, name=name: getattr(answer, name)) for name in ("latitude", "longitude")}
    )
    countries = regions[regions["level"] == 0]
    found = spots.assign(code=code).reset_index(drop=True).dropna(subset=["latitude"])
    judged = check_points(found, countries, tolerance_km=tolerance_km)
    refused = np.isin(np.arange(len(spots)), [problem.row for problem in judged if problem.severity == "error"])
    points = gpd.GeoSeries.from_xy(spots["longitude"], spots["latitude"], crs=CRS)
    stated = match_stated(incidents["admin1"], country, regions)
    near = pd.Series(data=False, index=answers.index)
    for unit, rows in stated.groupby(stated).groups.items():
        outline = regions[regions["pcode"] == unit]
        near[rows] |= locate_points(points[rows], outline, tolerance_km=OUTSIDE_KM)["pcode"].notna()
    elsewhere = near.index.isin(stated.index) & ~near
    told = ["outside the stated country", "a zero is no coordinate", "outside the stated governorate"]
    wrong = np.select([abroad | (refused & code.notna()), refused, elsewhere], told, "")
    return pd.Series(wrong, answers.index, dtype="str")


def _tell(service: str, answer: Answer, *, wrong: str) -> str:
    """Return what a service said, as a note on the location; ``wrong`` is why its point cannot be used."""
    if answer.outcome == "failed":
        return f"failed by {service}: {answer.label}"
    if answer.outcome == "not_found":
        return f"not found by {service} on {answer.asked}"
    told = f"{service} on {answer.asked}: {answer.label}"
    if wrong:
        return f"{told} (not used: {wrong})"
    return told if answer.precision else f"{told} (not used: {answer.kind or 'unknown kind'} is no settlement)"
