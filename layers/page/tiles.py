"""Background images from one provider on the web: off unless asked for, and named to whoever opens the page."""

from __future__ import annotations

import difflib
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import xyzservices

from geo.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

MERCATOR = "EPSG:3857"
"""The map's projection: tiles of another one would put places elsewhere."""
_KEPT = {"x", "y", "z", "-y", "s", "r"}
"""Placeholders that Leaflet fills in itself."""
_LOCAL = {"localhost", "127.0.0.1"}


@dataclass(frozen=True)
class Tiles:
    """Where a page gets its background images from.

    Parameters
    ----------
    name
        The provider's name, such as ``OpenStreetMap.Mapnik``.
    url
        Address of a tile with Leaflet's placeholders.
    subdomains
        What may stand for ``{s}`` in it.
    attribution
        The provider's line of thanks, as text.
    min_zoom, max_zoom
        Levels for which there are tiles.
    """

    name: str
    url: str
    subdomains: str
    attribution: str
    min_zoom: int
    max_zoom: int

    @property
    def origins(self) -> list[str]:
        """Every origin that the page may ask for images, and no other: one, or one for each subdomain."""
        scheme, host, *_ = urlsplit(self.url)
        hosts = [host.replace("{s}", letter) for letter in self.subdomains] if "{s}" in host else [host]
        return [f"{scheme}://{host}" for host in hosts]

    @property
    def host(self) -> str:
        """The host in words; ``*`` stands for its subdomains."""
        return urlsplit(self.url).netloc.replace("{s}", "*")


def find_tiles(provider: str | Mapping[str, object]) -> Tiles:
    """Return the tiles of a provider, by its name in xyzservices (capitals and punctuation are ignored) or itself.

    Parameters
    ----------
    provider
        A name, or a mapping with ``name``, ``url`` and ``attribution``, as `xyzservices.TileProvider` is.

    Raises
    ------
    UsageError
        When there is no such provider, or it needs a key (the page would publish it), an unencrypted connection
        (except to this machine) or another projection.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # xyzservices' own about keys; ours follows
        found = _query(provider) if isinstance(provider, str) else xyzservices.TileProvider(provider)
        wants_key = found.requires_token()
    name = str(found["name"])
    parts = urlsplit(str(found["url"]))
    if wants_key:
        _refuse(name, "needs a key, which everybody who opens the page could read")
    if parts.scheme != "https" and parts.hostname not in _LOCAL:
        _refuse(name, "is reached without encryption")
    if found.get("crs", MERCATOR) != MERCATOR:
        _refuse(name, f"is drawn in {found['crs']}, not in {MERCATOR}")
    if re.search(r"[^\w.:{}-]", parts.netloc) or "{" in parts.netloc.replace("{s}", ""):
        _refuse(name, "has no fixed host")
    return Tiles(
        name=name,
        url=re.sub(r"\{([^}]*)\}", lambda m: m[0] if m[1] in _KEPT else str(found.get(m[1], "")), str(found["url"])),
        subdomains=str(found.get("subdomains", "abc")),
        attribution=str(found["attribution"]).replace("(C)", "©"),
        min_zoom=int(found.get("min_zoom", 0)),
        max_zoom=int(found.get("max_zoom", 18)),
    )


def _query(name: str) -> xyzservices.TileProvider:
    try:
        return xyzservices.providers.query_name(name)
    except ValueError:
        known = {key.casefold(): key for key in xyzservices.providers.flatten()}
    close = difflib.get_close_matches(name.casefold(), known, n=3)
    todo = f"did you mean {' or '.join(known[key] for key in close)}?" if close else "see xyzservices.readthedocs.io"
    message = f"--tiles {name}: no such provider — {todo}"
    raise UsageError(message)


def _refuse(name: str, wrong: str) -> None:
    message = f"--tiles {name}: {wrong} — choose another provider, such as OpenStreetMap.Mapnik"
    raise UsageError(message)
