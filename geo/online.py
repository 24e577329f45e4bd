"""Online geocoding, only when asked: a geopy service behind a durable cache, one request a second in all."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import platformdirs
import shapely
from filelock import FileLock, Timeout
from geopy.adapters import URLLibAdapter
from geopy.exc import (
    GeocoderInsufficientPrivileges,
    GeocoderQueryError,
    GeocoderRateLimited,
    GeocoderServiceError,
    GeopyError,
)
from geopy.geocoders import get_geocoder_for_service

from geo import __version__
from geo.decisions import DECISION
from geo.errors import FileError, LockedError, NetworkError, UsageError
from geo.locate import locate_points
from geo.regions import ONLINE, find_countries, match_units
from geo.schema import CRS, POINT_RADIUS_KM
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
_SCHEMA_VERSION = 1
_NAN = float("nan")

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

    ``failed`` is never "not found": it is not kept and will be asked again. ``country`` is ISO 3166-1 alpha-2.
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


def _read_nominatim(raw: dict[str, Any]) -> tuple[str, str]:
    return str(raw.get("addresstype", "")), str(raw.get("address", {}).get("country_code", ""))


def _read_photon(raw: dict[str, Any]) -> tuple[str, str]:
    properties = raw.get("properties", {})
    kind = properties.get("osm_value") if properties.get("osm_key") == "place" else properties.get("type")
    return str(kind or ""), str(properties.get("countrycode", ""))


SERVICES: dict[str, tuple[Callable[[dict[str, Any]], tuple[str, str]], dict[str, Any]]] = {
    "nominatim": (_read_nominatim, {"addressdetails": True, "language": "en"}),
    "photon": (_read_photon, {"language": "en"}),
}
"""Known services: how to read kind and country of an answer, and the settings of a request."""
ATTRIBUTION = "Places found online: © OpenStreetMap contributors, ODbL."
"""What the licence of the data that these services answer from asks to be said of the places found."""


_TABLES = f"""
create table if not exists answer (
    service text, query text, outcome text, latitude real, longitude real, label text, kind text, country text,
    asked text, primary key (service, query)) without rowid;
pragma user_version = {_SCHEMA_VERSION};
"""


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
        The file; made with its folder when missing. One process uses it at a time.

    Raises
    ------
    LockedError
        When another process is using it.
    FileError
        When it cannot be read or written. A damaged file, or one of another version, is renamed aside first.
    """

    def __init__(self, path: Path) -> None:
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
        new = not self.path.exists()
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
        """Keep an answer; it is on disk when this returns."""
        values = (answer.query, answer.outcome, answer.latitude, answer.longitude)
        texts = (answer.label, answer.kind, answer.country, answer.asked)
        self._database.execute("insert or replace into answer values (?,?,?,?,?,?,?,?,?)", (service, *values, *texts))


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
    """One geopy service asked politely.

    Parameters
    ----------
    service
        A key of `SERVICES`.
    cache
        Where answers are kept.
    contact
        An e-mail address or page of the person asking; sent in the User-Agent, as the services' usage policies demand.
    server
        ``http://host:port`` or ``host`` of an own server; the public one when None.
    sends
        Whether queries are sent. Else those that would be are kept in ``unsent``, and their answer is ``failed``.

    Raises
    ------
    UsageError
        When the service is unknown, or the contact is missing though queries are sent.
    """

    def __init__(
        self, service: str, cache: AnswerCache, *, contact: str, server: str | None = None, sends: bool = True
    ) -> None:
        if service not in SERVICES:
            message = f"--online {service}: not a known service — choose one of {', '.join(SERVICES)}"
            raise UsageError(message)
        if sends and not contact.strip():
            message = "--contact is missing — give an e-mail address or a page, the service must know who asks"
            raise UsageError(message)
        self.name = service
        self.cache = cache
        self.unsent: list[str] = []
        self._sends = sends
        self._key = service if server is None else f"{service} {server}"
        self._read, self._settings = SERVICES[service]
        options: dict[str, Any] = {"user_agent": f"incidentmap/{__version__} ({contact.strip()})"}
        if server is not None:
            scheme, _, domain = server.rpartition("://")
            options |= {"domain": domain, "scheme": scheme or "https"}
        # The requests adapter would repeat a request by itself whenever an answer carries Retry-After.
        plain = {"timeout": TIMEOUT_S, "adapter_factory": URLLibAdapter}
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
                except GeopyError as error:
                    message = (
                        f"{self.name}: {error} — stopped with {len(wanted) - done} of {len(wanted)} places left; "
                        "answers so far are kept, run the same command again to go on"
                    )
                    raise NetworkError(message) from error
                if answer.outcome != "failed":
                    self.cache.put(self._key, answer)
            yield answer

    def _ask(self, query: str) -> Answer:
        waited = False
        for attempt in range(1, TRIES + 1):
            with take_turn(self._key):
                try:
                    location = self._geocoder.geocode(query, **self._settings)
                except GeocoderRateLimited as error:
                    pause = max(float(error.retry_after or UNTOLD_WAIT_S), PACE_S)
                    if waited or pause > LONGEST_WAIT_S:
                        raise
                    waited = True
                    time.sleep(pause)  # nobody else asks meanwhile
                except GeocoderInsufficientPrivileges:
                    raise
                except GeocoderQueryError as error:
                    return Answer(query, "failed", label=str(error))
                except GeocoderServiceError:
                    if attempt == TRIES:
                        raise
                else:
                    return self._judge(query, location)
        message = "too many requests"
        raise GeocoderServiceError(message)

    def _judge(self, query: str, location: Any) -> Answer:  # noqa: ANN401 - geopy ships no types
        asked = datetime.now(UTC).date().isoformat()
        if location is None:
            return Answer(query, "not_found", asked=asked)
        kind, country = self._read(location.raw)
        return Answer(
            query, "found", location.latitude, location.longitude, location.address, kind, country.upper(), asked
        )


def place_queries(incidents: pd.DataFrame) -> pd.Series:
    """Return the query for each incident that is not placed though its place is stated; missing for all others.

    What a person decided to leave unplaced is not asked.

    Only the place as stated is ever sent: place, governorate and country, the local name where there is no other.
    """
    decided = incidents["located_by"].str.startswith(DECISION).fillna(value=False)
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


def locate_online(incidents: gpd.GeoDataFrame, geocoder: OnlineGeocoder, regions: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the incidents, those not placed yet asked of an online service.

    An answer is used when it is a settlement or finer, in the stated country, and no more than `OUTSIDE_KM` outside
    the stated governorate; every other one is noted and left to a person. ``located_by`` is ``online:SERVICE``.

    Parameters
    ----------
    incidents
        Incidents of stage ``geocoded``, EPSG:4326.
    geocoder
        The service.
    regions
        A regions frame, for the countries and governorates.

    Raises
    ------
    NetworkError
        When the service stops answering.
    """
    query = place_queries(incidents)
    asked = query.notna().to_numpy()
    known = {answer.query: answer for answer in geocoder.ask_all(query[asked])}
    answers = query[asked].map(known)
    outside = _contradict(answers, incidents[asked], regions)
    fit = answers.map(lambda answer: answer.outcome == "found" and bool(answer.precision)).astype(bool)
    usable = fit & (outside == "")
    notes = pd.Series(
        [_tell(geocoder.name, a, outside=o) for a, o in zip(answers, outside, strict=True)], usable.index, dtype="str"
    )
    before = incidents.loc[asked, "location_note"].fillna("")
    placed = incidents.copy()
    placed.loc[asked, "location_note"] = notes.where(usable | (before == ""), before + "; " + notes)
    used, rows = answers[usable], usable.index[usable]
    placed.loc[rows, "precision"] = used.map(lambda answer: answer.precision)
    placed.loc[rows, "precision_km"] = placed.loc[rows, "precision"].map(POINT_RADIUS_KM)
    placed.loc[rows, "located_by"] = f"{ONLINE}{geocoder.name}"
    geometry = placed.geometry.to_numpy(copy=True)
    geometry[placed.index.get_indexer(rows)] = [shapely.Point(a.longitude, a.latitude) for a in used]
    return placed.set_geometry(gpd.GeoSeries(geometry, index=placed.index, crs=CRS))


def _contradict(answers: pd.Series, incidents: pd.DataFrame, regions: gpd.GeoDataFrame) -> pd.Series:
    """Return which stated unit each answer lies outside: the country, the governorate, or none of them (empty)."""
    country = find_countries(match_units(incidents["country"], regions, level=0), regions)
    abroad = country.notna() & (country != answers.map(lambda answer: answer.country))
    spots = [answers.map(lambda answer, name=name: getattr(answer, name)) for name in ("longitude", "latitude")]
    points = gpd.GeoSeries.from_xy(*spots, index=answers.index, crs=CRS)
    stated = match_stated(incidents["admin1"], country, regions)
    near = pd.Series(data=False, index=answers.index)
    for code, rows in stated.groupby(stated).groups.items():
        unit = regions[regions["pcode"] == code]
        near[rows] |= locate_points(points[rows], unit, tolerance_km=OUTSIDE_KM)["pcode"].notna()
    elsewhere = near.index.isin(stated.index) & ~near
    outside = np.select([abroad, elsewhere], ["country", "governorate"], "")
    return pd.Series(outside, answers.index, dtype="str")


def _tell(service: str, answer: Answer, *, outside: str) -> str:
    """Return what a service said, as a note on the location; ``outside`` is the stated unit it is not in."""
    if answer.outcome != "found":
        return f"{answer.outcome.replace('_', ' ')} by {service}" + (f" on {answer.asked}" if answer.asked else "")
    told = f"{service} on {answer.asked}: {answer.label}"
    if outside:
        return f"{told} (not used: outside the stated {outside})"
    return told if answer.precision else f"{told} (not used: {answer.kind or 'unknown kind'} is no settlement)"
