"""The sentence of reason beside every answer, and the candidates beside every place without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from geo.answers import Decided
    from geo.choose import Choice
    from geo.place_text import PlaceText
    from geo.pool import Pool
    from geo.resolve import Resolution

LISTED_LEAST = 0.03
"""Least share of a candidate, beside the best one's, that is named."""
RIVAL = 0.4
"""Share of the runner-up, beside the best one's, from which both may be meant."""


def write_notes(decided: Decided, found: Resolution, questions: pd.DataFrame) -> list[str]:
    """Return the note of each question."""
    asked = _asked(questions)
    if not found.choices:
        return [_nothing(text) for text in asked]
    labels = _Labels(found.pool)
    spots = [_Spots(choice) for choice in found.choices]
    place, slot, other = decided.place.tolist(), decided.slot.tolist(), decided.other.tolist()
    notes = []
    for key, text in enumerate(asked):
        if place[key] < 0:
            notes.append(_say_unplaced(text, spots[0].ranked(key), labels))
        elif other[key] >= 0:
            notes.append(f"“{text}”: middle between {labels[place[key]]} and {labels[other[key]]}")
        else:
            own = spots[slot[key]]
            listed = slot[key] == 0 or spots[0].share[key] >= own.share[key]
            name = f"{labels[place[key]]} ({'same' if own.exact[key] else 'similar'} name)"
            said = _say_placed(text, name, found.heads.get(key) if slot[key] == 0 else None, listed=listed)
            notes.append(said + _say_next(own.ranked(key), labels))
    return notes


def _asked(questions: pd.DataFrame) -> list[str]:
    columns = [questions[c].tolist() for c in ("place", "place_local", "admin2", "admin1", "country")]
    return [next((text for text in row if text), "") for row in zip(*columns, strict=True)]


def _nothing(asked: str) -> str:
    return f"not placed: no gazetteer has a name like “{asked}”" if asked else "not placed: no place is stated"


class _Labels(dict[int, str]):
    """Names of places with the governorate they are in, as the notes say them; made when first asked for."""

    def __init__(self, pool: Pool) -> None:
        super().__init__()
        self._pool = pool
        self.located = _Located(self, pool)

    def __missing__(self, place: int) -> str:
        """Return the label of a place."""
        names, unit = self._pool.names, int(self._pool.unit1[place])
        label = f"{names[place]}, {names[unit]}" if unit >= 0 and unit != place else str(names[place])
        return self.setdefault(place, label)


class _Located(dict[int, str]):
    """The labels with the coordinates."""

    def __init__(self, labels: _Labels, pool: Pool) -> None:
        super().__init__()
        self._labels, self._pool = labels, pool

    def __missing__(self, place: int) -> str:
        """Return the label of a place with its coordinates."""
        label = f"{self._labels[place]} ({self._pool.lat[place]:.3f}, {self._pool.lon[place]:.3f})"
        return self.setdefault(place, label)


class _Spots:
    """The spots of one choice, by question; plain lists, which are quicker to look into one by one."""

    def __init__(self, choice: Choice) -> None:
        self.exact, self.share = choice.exact.tolist(), choice.share.tolist()
        self._places, self._shares = choice.spots.T.tolist(), choice.shares.T.tolist()

    def ranked(self, key: int) -> list[tuple[int, float]]:
        """Return the places of the spots worth naming, with their shares, the best first."""
        least = LISTED_LEAST * self.share[key]
        pairs = zip(self._places[key], self._shares[key], strict=True)
        return [pair for pair in pairs if pair[1] >= least and pair[0] >= 0]


def _say_placed(asked: str, name: str, head: PlaceText | None, *, listed: bool) -> str:
    if head is not None and head.offset is not None:
        return f"“{asked}”: {head.offset.km:.1f} km from {name}"
    return (
        f"“{asked}”: {name}" if listed else f"“{asked}” is not listed; placed at {name}, which the text names with it"
    )


def _say_next(spots: list[tuple[int, float]], labels: _Labels) -> str:
    """Return the runner-up as the end of a sentence."""
    return f"; next {labels[spots[1][0]]} ({spots[1][1]:.2f})" if len(spots) > 1 else ""


def _say_unplaced(asked: str, spots: list[tuple[int, float]], labels: _Labels) -> str:
    if not spots:
        return _nothing(asked)
    rivals = len(spots) > 1 and spots[1][1] >= RIVAL * spots[0][1]
    why = "several places may be meant" if rivals else "none is certain enough"
    return f"not placed: {why} by “{asked}”: {'; '.join([labels.located[place] for place, _ in spots])}"
