"""The vocabularies of sources against ours: which actor a term means, how exactly, and what is lost."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from geo.actors import read_actors
from geo.errors import refuse_errors
from geo.readers.records import read_records
from geo.reference import reference_path
from geo.schema import CONFIDENCES, Field

if TYPE_CHECKING:
    import pandas as pd

EXACTNESSES = ("exact", "narrower", "broader")
"""What a term is beside the actor: the same, less (one member of it), or more (others are not told apart from it)."""

TERM_FIELDS: tuple[Field, ...] = (
    Field("vocabulary", "text", "Source"),
    Field("term", "text", "Term"),
    Field("actor", "actors", "Actor"),
    Field("exactness", "choice", "Exactness", choices=EXACTNESSES),
    Field("confidence", "choice", "Confidence of the attribution", choices=CONFIDENCES),
    Field("note", "text", "What is lost"),
)
"""Columns of the crosswalk."""


@cache
def read_crosswalk() -> pd.DataFrame:
    """Return the embedded crosswalk, one row for each term of a source.

    Columns: ``vocabulary`` (the source), ``term``, ``actor`` (an id), ``exactness`` (one of `EXACTNESSES`),
    ``confidence`` (one of `geo.schema.CONFIDENCES` where the words are less than certain) and ``note``: what is lost.
    """
    path = reference_path("crosswalk.csv")
    required = ("vocabulary", "term", "actor", "exactness")
    crosswalk, problems = read_records(path, TERM_FIELDS, what="terms", required=required, actors=read_actors())
    refuse_errors(path, problems)
    return crosswalk


def name_losses(vocabulary: str, actor: str) -> list[str]:
    """Return what is lost between a source's terms and an actor: ``'TERM' is broader: why`` for each inexact term."""
    crosswalk = read_crosswalk()
    own = crosswalk[(crosswalk["vocabulary"] == vocabulary) & (crosswalk["actor"] == actor)]
    own = own[own["exactness"] != "exact"]
    return [
        f"'{term}' is {exactness}" + (f": {note}" if isinstance(note, str) else "")
        for term, exactness, note in own[["term", "exactness", "note"]].itertuples(index=False)
    ]
