from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.assets import read_template
from layers.style import CLASSES, SHADES, class_breaks, rate_breaks


@given(st.lists(st.integers(0, 10**7) | st.just(np.nan), max_size=60))
def test_every_positive_value_has_a_class(values: list[float]) -> None:
    breaks = class_breaks(values)
    positive = [v for v in values if v > 0]
    assert bool(breaks) == bool(positive)
    assert breaks == sorted(set(breaks))
    assert len(breaks) <= CLASSES
    assert all(v >= breaks[0] for v in positive)
    assert not breaks or max(positive) >= breaks[-1]


@pytest.mark.parametrize(
    ("values", "breaks"),
    [([], []), ([0, np.nan], []), ([7], [1, 5]), ([1, 1, 2], [1]), ([12, 47, 105, 240, 980], [1, 30, 75, 150, 300])],
)
def test_breaks_are_easily_read(values: list[float], breaks: list[int]) -> None:
    assert class_breaks(values) == breaks


@given(st.lists(st.floats(1e-9, 1e5) | st.sampled_from([0.0, np.nan, 0.1, 1000.0, 999.9999999999999]), max_size=60))
def test_rates_have_classes_from_above_zero(values: list[float]) -> None:
    breaks = rate_breaks(values)
    positive = [v for v in values if v > 0]
    assert bool(breaks) == bool(positive)
    assert breaks == sorted(set(breaks))
    assert len(breaks) <= CLASSES
    assert not breaks or (breaks[0] == 0 and breaks[-1] <= max(positive) * 1.001)


def test_breaks_of_rates_are_easily_read() -> None:
    assert rate_breaks([0.013, 0.4, 1.7, 2.2, 9.0]) == [0.0, 0.3, 1.0, 1.5, 3.0]


def test_the_page_has_the_same_tones() -> None:
    light = read_template("page.css").partition("@media")[0]
    assert tuple(re.findall(r"--shade-[1-5]: (#[0-9a-f]{6});", light)) == SHADES
