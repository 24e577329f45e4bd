"""Claims: who said which number of an incident, and when. Claims never add up; incidents do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo.reference import reference_path

if TYPE_CHECKING:
    from pathlib import Path


def read_claims(path: Path | None = None) -> pd.DataFrame:
    """Return the claims about the built-in incidents, or those of a file with the same columns.

    Returns
    -------
    pandas.DataFrame
        ``claim_id``, ``incident_id``, ``source``, ``published`` (ISO day), ``actor``, ``measure``, ``min``, ``max``
        (people), ``stance``, ``location``, ``supersedes`` (a ``claim_id``), ``note``, ``url``; missing where it
        is not stated.
    """
    text = pd.read_csv(path or reference_path("claims.csv"), dtype="str", encoding="utf-8-sig")
    return text.astype({"min": "Int64", "max": "Int64"})
