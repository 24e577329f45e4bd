"""Columns of text judged as a whole: headers, hostile characters, and each distinct cell once."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import Problem
from geo.parse import CellError
from geo.spelling import find_nearest, fold_spelling, name_character

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

T = TypeVar("T")

_CONTROLS = r"\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F"
_IN_TEXT = f"[{_CONTROLS}]"
# Overrides and isolates can turn a name round. Embeddings (202A to 202C) are left by word processors in honest Arabic
# names; every text is shown isolated, so that they turn nothing but themselves.
_IN_NAMES = rf"[{_CONTROLS}\x{{202D}}\x{{202E}}\x{{2066}}-\x{{2069}}]"
"""Refused anywhere; and in names, where a turned direction makes one name look like another."""


def parse_cells(
    name: str, cells: pa.Array, row: Numbers, parse: Callable[[str], T | None]
) -> tuple[list[T | None], Numbers, list[Problem]]:
    """Read every distinct cell of a column once.

    Returns
    -------
    values
        What each distinct cell says; ``None`` for a refused one.
    code
        The position in ``values`` of each cell.
    problems
        One for every cell that is refused.
    """
    coded = cells.dictionary_encode()
    texts, code = coded.dictionary.to_pylist(), coded.indices.to_numpy()
    values: list[T | None] = []
    refused: dict[int, CellError] = {}
    for number, text in enumerate(texts):
        try:
            values.append(parse(text))
        except CellError as error:
            values.append(None)
            refused[number] = error
    problems = []
    for at in np.flatnonzero(np.isin(code, list(refused))):
        why = refused[int(code[at])]
        problems.append(Problem(int(row[at]), name, texts[code[at]], why.wrong, why.todo, why.code))
    return values, code, problems


def judge_text(name: str, cells: pa.Array, row: Numbers, *, is_name: bool) -> list[Problem]:
    """Return a problem for every cell with a control character, or in names with one that turns the direction."""
    pattern = _IN_NAMES if is_name else _IN_TEXT
    found = pc.match_substring_regex(cells, pattern).to_numpy(zero_copy_only=False)
    problems = []
    for at in np.flatnonzero(found):
        text = cells[at].as_py()
        place = pc.find_substring_regex(pa.array([text]), pattern)[0].as_py()  # in bytes
        before = text.encode()[:place].decode()
        wrong = f"contains {name_character(text[len(before)])} at character {len(before) + 1}"
        problems.append(Problem(int(row[at]), name, text, wrong, "delete that character", "hostile-character"))
    return problems


def judge_header(
    names: Collection[str], known: Collection[str], synonyms: Mapping[str, str] = MappingProxyType({})
) -> list[Problem]:
    """Return a problem for every column that is nearly a known one, and a note for every other unknown one.

    Parameters
    ----------
    names
        Columns of the file.
    known
        Columns of the table.
    synonyms
        Columns that stand for a known one elsewhere.
    """
    missing = {fold_spelling(name): name for name in known if name not in names}
    ends = {name.removesuffix(end) for name in names for end in ("_min", "_max")}
    missing |= {fold_spelling(name): column for name, column in synonyms.items() if column not in ends.union(names)}
    problems = []
    for name in names:
        if name in known:
            continue
        if nearest := find_nearest(name, missing):
            wrong = f"is not a column of this table; did you mean '{nearest}'?"
            problems.append(Problem(1, name, "", wrong, f"rename it to '{nearest}'", "misspelt-column"))
            missing = {spelt: column for spelt, column in missing.items() if column != nearest}
        else:
            wrong, todo = "is not a column of this table", "nothing, it is ignored and never published"
            problems.append(Problem(1, name, "", wrong, todo, "unknown-column", "note"))
    return problems


def find_contradictions(subject: pd.Series, said: pd.Series) -> list[tuple[int, int]]:
    """Return each row that says of its subject what the first row about it does not, with that row.

    Parameters
    ----------
    subject, said
        What each row is about, and what it says of it, both as text and indexed by row.
    """
    first = pd.Series(subject.index, subject.index).groupby(subject).transform("min")
    apart = said.to_numpy() != said.loc[first].to_numpy()
    return list(zip(first.index[apart].tolist(), first[apart].tolist(), strict=True))
