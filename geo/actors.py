"""Who is alleged to have done it: known actors and their names, near misses, new actors, attribution."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from geo.errors import InputError, Problem, refuse_errors, say_number
from geo.parse import refuse
from geo.readers.cells import judge_header, judge_text
from geo.readers.rows import read_rows
from geo.reference import reference_path
from geo.spelling import SHORTEST, Spellings, explain_difference, find_nearest, fold_spelling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from geo.errors import Severity

UNKNOWN = "unknown"
"""Id of the actor of an incident whose source names none."""

SHAPES = ("circle", "square", "triangle", "diamond", "triangle-down", "pentagon", "hexagon", "star", "cross", "plus")
"""Marks that tell actors apart without colour."""

COLORS = ("#e69f00", "#0072b2", "#cc79a7", "#009e73", "#56b4e9", "#999933", "#aa3377", "#bb5566", "#44bb99", "#997700")
"""Colours for new actors that colour-blind readers tell apart (Okabe & Ito 2008; P. Tol, Colour Schemes, 2021)."""

COLUMNS = ("actor", "label", "label_ar", "aliases", "color", "shape", "parent")
"""Columns of an actors file; only ``actor`` must be there."""

_DOUBT = re.compile(
    r"[?؟]|\b(?:(?:un)?likely|(?:im)?probabl[ey]|possibl[ey]|presum(?:ed|ably)|apparently|perhaps|maybe|suspected"
    r"|alleged(?:ly)?|believed(?: to be)?|unconfirmed|ربما|يرجح|يعتقد)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"not ", re.IGNORECASE)
_JOINTS = re.compile(r"\s*[,;/&+]\s*|\s+(?:and|or)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class ActorNames:
    """Every way to write a known actor.

    Parameters
    ----------
    ids
        Actor id by each exact spelling.
    cased
        Actor id by each spelling in lower case, where all of that spelling are one actor's.
    folded
        A spelling by its folded form.
    """

    ids: dict[str, str]
    cased: dict[str, str]
    folded: dict[str, str]

    def find(self, name: str) -> str | None:
        """Return the actor that ``name`` stands for, whatever its case; None if there is none."""
        return self.ids.get(name) or self.cased.get(name.casefold())


def read_actors(path: Path | str | None = None) -> pd.DataFrame:
    """Return the known actors: the built-in ones and those of a file, whose rows win.

    Parameters
    ----------
    path
        CSV with the columns `COLUMNS`; ``None`` for the built-in ones alone.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``actor`` (the id), with ``label``, ``label_ar``, ``aliases`` (``|``-separated), ``color``
        (``#rrggbb``), ``shape`` (one of `SHAPES`) and ``parent`` (an id, or missing).

    Raises
    ------
    InputError
        With everything wrong in the file: ids or spellings used twice, colours, shapes and parents that are none.
    """
    actors = _read_file(reference_path("actors.csv"), known=())
    if path is None:
        return actors
    own = _read_file(path, known=actors.index)
    together = pd.concat([_without(actors, index_actors(own).ids), own])
    tops = {actor: kin[-1] for actor, kin in trace_parents(together).items()}
    if circles := [actor for actor, top in tops.items() if pd.notna(together["parent"][top])]:
        wrong, todo = "has parents that go round in a circle", "leave the parent of one of them empty"
        raise InputError(path, [Problem(0, "parent", actor, wrong, todo, "actor-circle") for actor in circles])
    return _give_looks(together)


def trace_parents(actors: pd.DataFrame) -> dict[str, list[str]]:
    """Return each actor with those it belongs to: itself, its parent, the parent's parent and so on.

    A parent's figures hold those of its members: a strike of the United Kingdom is one of the US-led coalition. A
    strike of the United States alone is not, which is why that actor has no parent.
    """
    parents = {str(actor): parent for actor, parent in actors["parent"].items() if isinstance(parent, str) and parent}
    found = {}
    for actor in map(str, actors.index):
        kin = [actor]
        while (parent := parents.get(kin[-1])) and parent not in kin:
            kin.append(parent)
        found[actor] = kin
    return found


def find_named(
    actors: pd.Series, asked: Collection[str], kin: Mapping[str, Sequence[str]]
) -> tuple[pd.Series, pd.Series]:
    """Return which incidents name one of the actors asked for or a member of one, and which name nobody else.

    Parameters
    ----------
    actors
        Ids of each incident, ``|``-separated; missing for none.
    asked
        Ids of actors.
    kin
        What `trace_parents` returns.
    """
    cells = actors.fillna("")
    own = {cell: [not {*kin.get(one, [one])}.isdisjoint(asked) for one in cell.split("|")] for cell in cells.unique()}
    some, every = (cells.map({cell: test(found) for cell, found in own.items()}).astype(bool) for test in (any, all))
    return some, every


def _without(actors: pd.DataFrame, spellings: Collection[str]) -> pd.DataFrame:
    """Return ``actors`` without those whose id, and without the aliases that, is among ``spellings``."""
    kept = actors[~actors.index.isin(list(spellings))]
    taken = {name.casefold() for name in spellings}
    texts = ["|".join(a for a in text.split("|") if a.casefold() not in taken) for text in kept["aliases"].fillna("")]
    aliases = pd.Series(texts, index=kept.index, dtype="str")
    return kept.assign(aliases=aliases.mask(aliases == ""))


def extend_actors(actors: pd.DataFrame, ids: Iterable[str]) -> pd.DataFrame:
    """Return ``actors`` with the ids that it lacks, in sorted order, each with the next free colour and shape."""
    new = sorted(set(ids) - set(actors.index))
    if not new:
        return actors
    added = pd.DataFrame({"label": new}, index=pd.Index(new, name="actor")).reindex(columns=actors.columns)
    return _give_looks(pd.concat([actors, added.astype(actors.dtypes)]))


def know_actors(incidents: pd.DataFrame, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the known actors (the built-in ones when None) with all that the incidents name besides."""
    named = {actor for actors in incidents["actors"].dropna().unique() for actor in actors.split("|")}
    return extend_actors(read_actors() if known is None else known, named)


def _give_looks(actors: pd.DataFrame) -> pd.DataFrame:
    """Return ``actors`` with a colour and a shape where they have none: unused colours first, then unused pairs."""
    used_colors = set(actors["color"].dropna())
    used = set(zip(actors["color"], actors["shape"], strict=True))
    turns = [(color, SHAPES[(n + turn) % len(SHAPES)]) for turn in range(len(SHAPES)) for n, color in enumerate(COLORS)]
    fresh = [look for look in turns[: len(COLORS)] if look[0] not in used_colors]
    looks = fresh + [look for look in turns if look not in used and look not in fresh]
    bare = actors.index[actors["color"].isna()]
    given = [looks[number % len(looks)] for number in range(len(bare))]
    actors = actors.copy()
    actors.loc[bare, "color"] = [color for color, _ in given]
    shapes = pd.Series([shape for _, shape in given], index=bare, dtype="str")
    actors["shape"] = actors["shape"].fillna(shapes).fillna(SHAPES[0])
    return actors


def index_actors(actors: pd.DataFrame) -> ActorNames:
    """Return every way to write the actors; ids, labels and aliases count as spellings."""
    ids: dict[str, str] = {}
    columns = actors[["label", "label_ar", "aliases"]].fillna("")
    for actor, label, local, aliases in columns.itertuples():
        ids |= {name: actor for name in [label, local, *aliases.split("|"), actor] if name}
    actors_of: dict[str, set[str]] = {}
    for name, actor in ids.items():
        actors_of.setdefault(name.casefold(), set()).add(actor)
    cased = {name: next(iter(found)) for name, found in actors_of.items() if len(found) == 1}
    return ActorNames(ids, cased, {fold_spelling(name): name for name in reversed(ids)})


def match_actors(cell: str, names: ActorNames) -> str:
    """Return the ids of the actors in a ``|``-separated cell, `UNKNOWN` for none; a new name stands for itself.

    Case makes no difference, unless an actors file tells two actors apart by it.

    Raises
    ------
    CellError
        When a name is nearly a known one, has a word of doubt in it, or known ones are joined by anything but ``|``.
    """
    ids = [_match_actor(unicodedata.normalize("NFC", name), names) for name in map(str.strip, cell.split("|")) if name]
    return "|".join(dict.fromkeys(ids)) or UNKNOWN


def _match_actor(name: str, names: ActorNames) -> str:
    if actor := names.find(name):
        return actor
    if not fold_spelling(name):
        return UNKNOWN
    _refuse_doubt(name, names)
    if known := find_nearest(name, names.folded):
        todo = f"write '{known}', or list the actor in an --actors file if it is another one"
        refuse(f"{explain_difference(name, known)}; did you mean '{known}'?", todo, "actor-near-miss")
    parts = [names.folded.get(fold_spelling(part), part) for part in _JOINTS.split(name) if part]
    known_parts = [part in names.ids for part in parts]
    if len(parts) > 1 and (all(known_parts) or (any(known_parts) and re.search("[,;]", name))):
        refuse("names several actors", f"separate them with |, as in '{'|'.join(parts)}'", "actors-joined")
    return name


def _refuse_doubt(name: str, names: ActorNames) -> None:
    """Refuse a name that says how sure it is, or who did not do it."""
    if _DENIAL.match(name):
        refuse("says who it was not", "write who it was, or leave the cell empty", "actor-doubtful")
    if _DOUBT.search(name):
        known = names.folded.get(fold_spelling(_DOUBT.sub("", name)))
        said = f"'{known}'" if known else "the name"
        todo = f"write {said} alone, and 'likely' or 'believed' in attribution_confidence"
        refuse("says how sure it is", todo, "actor-doubtful")


def merge_cases(actors: pd.Series, known: Collection[str]) -> pd.Series:
    """Return the actors of each incident, new ones that case alone tells apart by their commonest spelling.

    Parameters
    ----------
    actors
        Ids of each incident, ``|``-separated.
    known
        Ids that are known; they stay as they are.
    """
    cells = actors.value_counts()
    sizes: Counter[str] = Counter()
    for cell, size in cells.items():
        sizes.update(dict.fromkeys(str(cell).split("|"), size))
    usual: dict[str, str] = {}
    for actor in sorted(set(sizes).difference(known), key=lambda actor: (-sizes[actor], actor)):
        usual.setdefault(actor.casefold(), actor)
    names = {actor: actor if actor in known else usual[actor.casefold()] for actor in sizes}
    merged = {
        cell: "|".join(dict.fromkeys(names[actor] for actor in cell.split("|"))) for cell in map(str, cells.index)
    }
    return actors.map(merged).astype("str")


def judge_new_actors(actors: pd.Series, known: Iterable[str]) -> list[Problem]:
    """Return a note on every actor that is not known, and a problem when one is spelt in several ways, or is several.

    Parameters
    ----------
    actors
        Ids of each incident, ``|``-separated, indexed by row.
    known
        Ids that are known.
    """
    known = list(known)
    cells = pd.DataFrame({"row": actors.index, "actor": actors.array}).groupby("actor")["row"].agg(["min", "size"])
    cells = cells.reset_index().assign(actor=lambda frame: frame["actor"].str.split("|")).explode("actor")
    found = cells[~cells["actor"].isin(known)].groupby("actor").agg(row=("min", "min"), size=("size", "sum"))
    found = found.sort_values(["size", "row"], ascending=[False, True])
    spellings = Spellings()
    short = {initials: actor for actor in reversed(found.index) if len(initials := shorten_actor(actor)) > 1}
    named = {fold_spelling(actor): actor for actor in [*found.index, *known]}
    problems = []
    for actor, row, size in found.itertuples():
        rows = say_number(size, "row")
        parts = list(dict.fromkeys(named.get(fold_spelling(part), "") for part in _JOINTS.split(actor)))
        if len(parts) > 1 and all(parts):
            todo = f"separate them with |, as in '{'|'.join(parts)}', or list it in an --actors file if it is one"
            wrong = f"names several actors that the list has alone, in {rows}"
            problems.append(Problem(int(row), "actors", actor, wrong, todo, "actors-joined"))
            continue
        near = spellings.find_nearest(actor)
        usual = near if near and _is_slip(actor, near) else actor
        spellings.learn(actor, usual)
        if full := short.get(actor):
            wrong, todo = f"may be short for '{full}'", f"write '{full}' if so, or list both in an --actors file"
            problems.append(Problem(int(row), "actors", actor, wrong, todo, "actor-short", "finding"))
        if usual == actor:
            todo = "list it in an --actors file to give it a label and colour"
            problems.append(Problem(int(row), "actors", actor, f"is a new actor, in {rows}", todo, "new-actor", "note"))
        else:
            wrong = f"{explain_difference(actor, usual)} from '{usual}', in {rows}"
            several = "|".join(filter(None, _JOINTS.split(actor)))
            one = f"'{several}' if it is several actors, '{usual}' if it is one" if "|" in several else f"'{usual}'"
            todo = f"write {one}, or list both in an --actors file"
            severity: Severity = "error" if fold_spelling(actor) == fold_spelling(usual) else "finding"
            problems.append(Problem(int(row), "actors", actor, wrong, todo, "actor-spellings", severity))
    return problems


def _is_slip(name: str, usual: str) -> bool:
    """Return whether nearly equal names differ in marks or long words alone: Police of Iran is not Police of Iraq."""
    if fold_spelling(name) == fold_spelling(usual):
        return True
    words, others = (re.findall(r"\w+", text.casefold()) for text in (name, usual))
    odd = [word for pair in zip(words, others, strict=False) if pair[0] != pair[1] for word in pair]
    return len(words) == len(others) and all(len(word) >= SHORTEST for word in odd)


def shorten_actor(name: str) -> str:
    """Return the initials of the words with a capital: RSF for Rapid Support Forces."""
    return "".join(word[0] for word in name.split() if word[0].isupper())


def derive_attribution(actors: pd.Series, stated: pd.Series) -> pd.Series:
    """Return the attribution: the stated one, else what the number of actors says.

    One actor is ``sole``, or ``unknown`` when it is `UNKNOWN`; several are ``shared``. A grading is about the record,
    and says nothing of who did it.
    """
    actors = actors.fillna(UNKNOWN)
    several = actors.str.contains("|", regex=False)
    derived = np.select([actors == UNKNOWN, ~several], ["unknown", "sole"], "shared")
    return stated.fillna(pd.Series(derived, index=actors.index, dtype="str"))


def _read_file(path: Path | str, *, known: Iterable[str]) -> pd.DataFrame:
    """Return the actors of one file, colours and shapes missing where it leaves them out."""
    rows = read_rows(path, what="actors")
    problems = [*rows.problems, *judge_header(rows.cells, COLUMNS)]
    if "actor" not in rows.cells:
        problems.append(Problem(1, "actor", "", "is missing", "add it: the id of each actor", "missing-column"))
        raise InputError(path, problems)
    empty = pa.array([""] * len(rows.row), pa.string())
    cells = {name: rows.cells.get(name, empty) for name in COLUMNS}
    actors = pd.DataFrame({name: column.to_pandas() for name, column in cells.items()}).set_index(pd.Index(rows.row))
    for name, column in cells.items():
        problems += judge_text(name, column, rows.row, is_name=True)
    problems += _judge_actors(actors, known)
    refuse_errors(path, problems)
    actors["label"] = actors["label"].mask(actors["label"] == "", actors["actor"])
    actors["color"] = actors["color"].str.lower()
    actors = actors.set_index("actor")
    return actors.mask(actors == "")


_RULES = {
    "actor": (r"[^|]+", "is no id", "write a short name without |", "actor-id"),
    "color": (r"(?:#[0-9a-fA-F]{6})?", "is no colour", "write it as #0072b2", "actor-color"),
    "shape": ("|".join(["", *SHAPES]), "is no shape", f"write one of {', '.join(SHAPES)}", "actor-shape"),
    "parent": (r".*", "is no actor", "write the id of an actor", "actor-parent"),
}
"""What a cell of an actors file must look like; a parent must also be an actor."""


def _judge_actors(actors: pd.DataFrame, known: Iterable[str]) -> list[Problem]:
    """Return what is wrong with a file's cells: their form, ids and spellings used twice, parents that are nobody."""
    orphan = ~actors["parent"].isin(["", *actors["actor"], *known])
    checks = {column: ~actors[column].str.fullmatch(pattern) for column, (pattern, *_) in _RULES.items()}
    problems = []
    for column, refused in {**checks, "parent": orphan}.items():
        _, wrong, todo, code = _RULES[column]
        cells = actors.loc[refused, column]
        problems += [
            Problem(int(row), column, cell, wrong, todo, code) for row, cell in zip(cells.index, cells, strict=True)
        ]
    owners: dict[str, int] = {}
    for row, actor, label, local, aliases in actors[["actor", "label", "label_ar", "aliases"]].itertuples():
        for name in dict.fromkeys(part for part in [actor, label, local, *aliases.split("|")] if part):
            first = owners.setdefault(name, row)
            if first != row:
                twice = f"'{name}' already stands for the actor of row {first}"
                problems.append(Problem(int(row), "actor", actor, twice, "keep it in one row", "actor-twice"))
    return problems
