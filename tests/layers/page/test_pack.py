from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.page.pack import Lines, Pack, pack_ints

if TYPE_CHECKING:
    import random


def unpack_ints(data: bytes, count: int, width: int, *, delta: bool) -> list[int]:
    """Undo `pack_ints` number by number, as plain as can be."""
    values = [sum(data[plane * count + i] << 8 * plane for plane in range(width)) for i in range(count)]
    if not delta:
        return values
    steps = [v // 2 if v % 2 == 0 else -(v + 1) // 2 for v in values]
    return [sum(steps[: i + 1]) for i in range(count)]


def stream_of(pack: Pack, name: str) -> tuple[dict[str, Any], bytes]:
    entry = next(e for e in pack.directory if e["name"] == name)
    return entry, zlib.decompress(base64.b64decode(pack.to_base64())[entry["from"] : entry["to"]])


def unpack_texts(pack: Pack, name: str, count: int) -> list[str | None]:
    entry, data = stream_of(pack, name)
    codes = unpack_ints(data, count, entry["width"], delta=entry["delta"])
    data = data[count * entry["width"] :]
    lengths = unpack_ints(data, entry["entries"], entry["lengths_width"], delta=False)
    data = data[entry["entries"] * entry["lengths_width"] :]
    texts: list[str | None] = [None]
    for length in lengths:
        texts.append(data[:length].decode("utf-8"))
        data = data[length:]
    assert data == b""
    return [texts[code] for code in codes]


@given(st.lists(st.integers(0, (1 << 32) - 1), max_size=30))
def test_numbers_come_back(numbers: list[int]) -> None:
    data, width = pack_ints(np.array(numbers, dtype=np.int64))
    assert unpack_ints(data, len(numbers), width, delta=False) == numbers


@given(st.lists(st.integers(-18_000_000, 18_000_000), max_size=30))
def test_differences_come_back(numbers: list[int]) -> None:
    data, width = pack_ints(np.array(numbers, dtype=np.int64), delta=True)
    assert unpack_ints(data, len(numbers), width, delta=True) == numbers


@pytest.mark.parametrize("numbers", [[-1], [1 << 32]])
def test_numbers_that_do_not_fit_are_refused(numbers: list[int]) -> None:
    with pytest.raises(OverflowError, match="32-bit"):
        pack_ints(np.array(numbers))


TEXTS = st.none() | st.sampled_from(["Mosul", "الرقة"]) | st.text(st.characters(codec="utf-8"))


@given(st.lists(TEXTS, max_size=30), st.randoms(use_true_random=False))
def test_texts_come_back_in_the_order_asked_for(texts: list[str | None], draw: random.Random) -> None:
    order = draw.sample(range(len(texts)), len(texts))
    pack = Pack()
    pack.add_ints("before", np.arange(300))
    pack.add_texts("text", pd.Series(texts, dtype="str"), np.array(order, dtype=np.int64))
    assert unpack_texts(pack, "text", len(texts)) == [texts[at] for at in order]


def test_json_comes_back() -> None:
    pack = Pack()
    content = {"name": "حلب </script>", "rings": [[1, -2, 3]]}
    pack.add_json("any", content)
    assert json.loads(stream_of(pack, "any")[1]) == content


def test_lines_come_back_beside_their_json() -> None:
    pack, lines = Pack(), Lines()
    stored = [[5, -6, 7, 8], [-70_000, 2]]
    pack.add_json("land", {"land": lines.refer(stored), "lakes": lines.refer([])}, lines=lines)
    entry, data = stream_of(pack, "land")
    found = []
    for width, count in zip(entry["widths"], (entry["lines"], entry["points"], entry["points"]), strict=True):
        found.append(unpack_ints(data, count, width, delta=False))
        data = data[count * width :]
    lengths, *axes = found
    assert lengths == [2, 1]
    xs, ys = ([v // 2 if v % 2 == 0 else -(v + 1) // 2 for v in axis] for axis in axes)
    assert (xs, ys) == ([5, 7, -70_000], [-6, 8, 2])
    assert json.loads(data) == {"land": {"lines": [0, 2]}, "lakes": {"lines": [2, 2]}}


def test_few_distinct_texts_cost_little() -> None:
    pack = Pack()
    pack.add_texts("place", pd.Series(["Mosul", "Raqqa", "Aleppo", None] * 25_000, dtype="str"), np.arange(100_000))
    assert pack.directory[0]["to"] < 1000


@pytest.mark.parametrize("texts", [["a", "b", None, "a"], [f"text {k}" for k in range(9)]])
def test_a_column_in_pieces_is_packed_as_a_whole(texts: list[str | None]) -> None:
    pieces = pd.concat([pd.Series(texts[:2], dtype="str"), pd.Series(texts[2:], dtype="str")])
    pack = Pack()
    pack.add_texts("t", pieces, np.arange(len(texts)))
    assert unpack_texts(pack, "t", len(texts)) == texts
