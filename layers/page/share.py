"""What other sites show of a page that is linked to: Open Graph properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from geo.errors import UsageError
from layers.counts import total_ranges
from layers.extent import leave_out
from layers.words import Words, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

PREVIEW = "preview.png"
"""Name of the picture that lies beside a published page."""
PREVIEW_SIZE = (1200, 630)
"""Its pixels: what sites that show pictures of links ask for."""
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+(?:/|\.html?)")


def check_url(url: str) -> str:
    """Return the address that a page will be published at.

    Raises
    ------
    UsageError
        When it is not a whole address of a folder or of an HTML file, or holds a user name, a query or a fragment.
    """
    parts = urlsplit(url)
    if not _ADDRESS.fullmatch(url) or not parts.hostname or parts.username or parts.query or parts.fragment:
        message = f"--url {url}: not the page's address — write it whole, as https://example.org/map/ or .../map.html"
        raise UsageError(message)
    return url


def share_page(
    incidents: gpd.GeoDataFrame,
    ranges: Mapping[str, Any],
    *,
    title: str,
    subtitle: str,
    period: str,
    language: str,
    url: str = "",
) -> dict[str, str]:
    """Return the properties by which other sites show a page: what it is about, and with ``url`` its picture.

    ``ranges`` says where the ranges come from (`layers.page.ledger.describe_ranges`). The description holds the
    figures that the page shows when it opens: discounted records are left out.

    Raises
    ------
    UsageError
        When ``url`` is no such thing, see `check_url`.
    """
    words = Words(language)
    total = total_ranges(leave_out(incidents), counts=("killed",))
    figures = f"{words.say('incidents', int(total['incidents']))}, {words.say('killed').lower()}: {words.toll(total)}"
    figures = words.join([figures, *words.doubts(total)])
    when = period or words.period(incidents)
    told = [subtitle, f"{when}: {figures}." if when else f"{figures}.", words.basis(ranges), words.say("rule3")]
    description = plain(" ".join(text for text in told if text), words)
    share = {"description": description, "og:type": "website", "og:title": title, "og:description": description}
    if not url:
        return {**share, "twitter:card": "summary"}
    image = urljoin(check_url(url), PREVIEW)
    width, height = map(str, PREVIEW_SIZE)
    picture = {"og:image": image, "og:image:width": width, "og:image:height": height, "og:image:alt": title}
    return {**share, "og:url": url, **picture, "twitter:card": "summary_large_image"}
