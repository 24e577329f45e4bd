"""Columns packed for a page: delta-coded, byte-transposed, deflated, dictionary-coded when text, all in one blob.

The page's ``data.js`` is the other half. Every column is its own deflate stream, so that the page inflates what it
draws first and leaves the texts until somebody asks for them.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

LEVEL = 3
"""zlib level: higher ones take longer and save little."""
DELTA_TEXTS = 4
"""Codes of a text column are delta-coded when fewer than this many rows share an entry: then they mostly count up."""
SAMPLE = 1000
"""Texts that are looked at to see whether a column repeats itself."""


class Pack:
    """Packed columns and their directory.

    Attributes
    ----------
    directory
        One entry per column: ``name``, ``kind`` (``ints``, ``texts``, ``json``), ``from`` and ``to`` in the blob, the
        ``table`` it is a column of, and what `data.js` needs to unpack it.
    """

    def __init__(self) -> None:
        self.directory: list[dict[str, Any]] = []
        self._streams: list[bytes] = []
        self._size = 0

    def add_ints(self, name: str, values: NDArray[Any], *, delta: bool = False, table: str = "rows") -> None:
        """Add whole numbers; without ``delta`` they must not be negative."""
        data, width = pack_ints(values, delta=delta)
        self._add(name, "ints", data, table=table, width=width, delta=delta)

    def add_texts(self, name: str, values: pd.Series, order: NDArray[np.int64], *, table: str = "rows") -> None:
        """Add the texts at the positions ``order`` as codes into a dictionary; code 0 is missing."""
        array = pa.array(values, type=pa.large_string(), from_pandas=True)
        if isinstance(array, pa.ChunkedArray):  # a column that was read or joined together in pieces
            array = array.combine_chunks()
        codes, entries = _enter_each(array.take(order)) if _looks_unique(array, order) else _encode(array, order)
        delta = len(codes) < DELTA_TEXTS * len(entries)
        packed_codes, width = pack_ints(codes, delta=delta)
        ends = np.frombuffer(entries.buffers()[1], dtype=np.int64)[entries.offset :][: len(entries) + 1]
        lengths, lengths_width = pack_ints(np.diff(ends))
        texts = memoryview(entries.buffers()[2] or b"")[ends[0] : ends[-1]] if len(entries) else b""
        self._add(
            name,
            "texts",
            b"".join((packed_codes, lengths, texts)),
            table=table,
            width=width,
            delta=delta,
            entries=len(entries),
            lengths_width=lengths_width,
        )

    def add_json(self, name: str, content: object, *, lines: Lines | None = None) -> None:
        """Add anything JSON can hold, with the lines that it refers to."""
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8")
        if lines is None:
            self._add(name, "json", text)
            return
        points = np.array(lines.numbers, dtype=np.int64).reshape(-1, 2)
        lengths, lengths_width = pack_ints(np.array(lines.lengths))
        (x, x_width), (y, y_width) = (pack_ints(points[:, k], signed=True) for k in (0, 1))
        how = {"lines": len(lines.lengths), "points": len(points), "widths": [lengths_width, x_width, y_width]}
        self._add(name, "json", b"".join((lengths, x, y, text)), **how)

    def to_base64(self) -> str:
        """Return all columns as one base64 text."""
        return base64.b64encode(b"".join(self._streams)).decode("ascii")

    def _add(self, name: str, kind: str, data: bytes, **how: object) -> None:
        stream = zlib.compress(data, LEVEL)
        entry = {"name": name, "kind": kind, "from": self._size, "to": self._size + len(stream), **how}
        self.directory.append(entry)
        self._streams.append(stream)
        self._size += len(stream)


def _looks_unique(array: pa.Array, order: NDArray[np.int64]) -> bool:
    """Whether a sample of the texts holds none twice: then a dictionary would cost time and save nothing."""
    sample = order[np.linspace(0, len(order) - 1, SAMPLE, dtype=np.int64)] if len(order) > SAMPLE else order
    texts = array.take(sample).drop_null()
    return 0 < len(texts) == len(texts.unique())


def _enter_each(array: pa.Array) -> tuple[NDArray[Any], pa.Array]:
    """Return codes and entries with an entry for every text."""
    present = array.is_valid().to_numpy(zero_copy_only=False)
    return np.cumsum(present) * present, array.drop_null()


def _encode(array: pa.Array, order: NDArray[np.int64]) -> tuple[NDArray[Any], pa.Array]:
    """Return codes and entries with one entry for equal texts, in the order in which they come."""
    encoded = array.dictionary_encode()
    numbers = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy()[order]
    found = pd.unique(numbers)
    found = found[found < len(encoded.dictionary)]
    codes = np.zeros(len(encoded.dictionary) + 1, dtype=np.int64)
    codes[found] = np.arange(1, len(found) + 1)
    return codes[numbers], encoded.dictionary.take(found)


class Lines:
    """Lines of points that a JSON text refers to by number: numbers cost half as much outside of it."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.lengths: list[int] = []

    def refer(self, lines: Iterable[Sequence[int]]) -> dict[str, list[int]]:
        """Take in flat lines ``[x, y, dx, dy, ...]`` and return what stands for them in the JSON."""
        start = len(self.lengths)
        for line in lines:
            self.numbers.extend(line)
            self.lengths.append(len(line) // 2)
        return {"lines": [start, len(self.lengths)]}


def pack_ints(values: NDArray[Any], *, delta: bool = False, signed: bool = False) -> tuple[bytes, int]:
    """Return the numbers byte plane by byte plane, lowest first, and the number of planes (0, 1, 2 or 4).

    No planes at all stand for zeros: a column that nobody filled costs nothing.

    Numbers that are ``signed``, and with ``delta`` the differences, are zigzag-coded (0, -1, 1, -2 are 0, 1, 2, 3).

    Raises
    ------
    OverflowError
        When a number is negative without being ``signed``, or does not fit 32 bits.
    """
    numbers = np.asarray(values, dtype=np.int64)
    if delta:
        numbers = np.diff(numbers, prepend=0)
    if delta or signed:
        numbers = (numbers << 1) ^ (numbers >> 63)
    low, high = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, 0)
    if low < 0 or high >= 1 << 32:
        message = f"numbers from {low} to {high} do not fit an unsigned 32-bit column"
        raise OverflowError(message)
    width = 0 if high == 0 else 1 if high < 1 << 8 else 2 if high < 1 << 16 else 4
    if width == 0:
        return b"", 0
    planes = numbers.astype(f"<u{width}").view(np.uint8).reshape(-1, width).T
    return planes.tobytes(), width
