"""What can be wrong with an input, said so that a person can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Severity = Literal["error", "finding", "note"]

SHOWN_VALUE = 80
"""Longest part of a value that a message shows, in characters."""


def escape_text(value: str) -> str:
    """Return ``value`` with control and invisible characters escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value)


def show_value(value: str) -> str:
    """Return ``value`` with control and invisible characters escaped, cut to `SHOWN_VALUE`."""
    shown = escape_text(value)
    return shown if len(shown) <= SHOWN_VALUE else shown[: SHOWN_VALUE - 1] + "…"


def say_number(number: int, noun: str) -> str:
    """Return a number of things: ``1 incident``, ``1,234 incidents``."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with one place of an input.

    Parameters
    ----------
    row
        Row as a spreadsheet shows it (the header is row 1); 0 when the whole file is meant.
    column
        Column as the file names it; empty when the whole row or file is meant.
    value
        The text found there.
    wrong
        What is wrong, as a clause.
    todo
        What to do about it, as a clause.
    code
        Stable id of the rule, for instance ``min-above-max``.
    severity
        ``error`` refuses the input, ``finding`` is listed and kept unless ``--strict``, ``note`` is only told.
    """

    row: int
    column: str
    value: str
    wrong: str
    todo: str
    code: str
    severity: Severity = "error"

    def message(self, path: Path | str) -> str:
        """Return ``FILE:ROW column 'NAME': value 'X' — what is wrong — what to do [CODE]``."""
        where = f"{path}:{self.row}" if self.row else f"{path}"
        column = f" column '{self.column}':" if self.column else ":"
        value = f" value '{show_value(self.value)}'" if self.value or self.column else ""
        return f"{where}{column}{value} — {self.wrong} — {self.todo} [{self.code}]".replace(": —", " —")


class IncidentmapError(Exception):
    """Base of every error this package raises on purpose."""

    exit_code = 1


class UsageError(IncidentmapError):
    """The call or a setting is wrong; no input was judged."""

    exit_code = 2


class InputError(IncidentmapError):
    """An input file was read and refused; ``problems`` lists everything found in it."""

    exit_code = 3

    def __init__(self, path: Path | str, problems: Iterable[Problem]) -> None:
        self.path = path
        self.problems = sorted(problems)
        super().__init__("\n".join(p.message(path) for p in self.problems))


def refuse_errors(path: Path | str, problems: Iterable[Problem]) -> None:
    """Raise `InputError` with the errors among the problems of an input, if there are any."""
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise InputError(path, errors)


class FileError(IncidentmapError):
    """A file could not be read or written."""

    exit_code = 5


class NetworkError(IncidentmapError):
    """An online geocoder stopped answering; what it had answered is kept."""

    exit_code = 6


class LockedError(IncidentmapError):
    """Another run is writing to the same folder."""

    exit_code = 7
