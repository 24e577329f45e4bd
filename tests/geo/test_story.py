"""Stories are read whole or refused with everything that is wrong in them."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from geo.actors import read_actors
from geo.errors import InputError, UsageError
from geo.readers.story import read_story
from geo.story import COMPARISONS, KEYS

if TYPE_CHECKING:
    from geo.story import Story

ACTORS = read_actors()
GOOD = """
title = "T"
by = "A paper"
published = 2017-04-03
[[statement]]
id = "a"
says = "More than one."
scope = { from = "totals", measure = "civilians", period = "March 2017", actor = "US-led Coalition" }
[[statement.check]]
left = { country = "Syria" }
is = "greater than"
right = { actor = ["Russia", "ISIS"] }
[[statement.check]]
left = {}
of = { measure = "all_deaths" }
is = "not equal to"
right = 41.50
"""


def read(folder: Path, text: str | bytes) -> Story:
    path = folder / "story.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_story(path, actors=ACTORS)


def refuse(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(folder, text)
    return [problem.message("story.toml") for problem in caught.value.problems]


def test_names_days_and_numbers_are_read_as_elsewhere(tmp_path: Path) -> None:
    story = read(tmp_path, GOOD)
    assert (story.title, story.by, story.published) == ("T", "A paper", "2017-04-03")
    [statement] = story.statements
    first, second = statement.checks
    assert statement.by == "A paper"
    assert isinstance(first.left, dict)
    assert first.left["actor"] == ("us-led-coalition",)
    assert isinstance(first.right, dict)
    assert first.resolve(first.right) == {
        "from": ("totals",),
        "measure": ("civilians",),
        "period": ("2017-03",),
        "country": ("Syria",),
        "actor": ("russia", "isis"),
    }
    assert second.negated
    assert (second.right, second.half) == ((Fraction("41.5"), Fraction("41.5")), Fraction("0.005"))


def test_every_fault_is_told_at_once_with_its_statement(tmp_path: Path) -> None:
    told = refuse(
        tmp_path,
        """
titel = "T"
[[statement]]
id = "a"
says = 5
[[statement.check]]
left = { from = "totals", measur = "civilians", actor = "Rusia", measure = "civilians" }
is = "bigger than"
right = 5
[[statement]]
id = "a"
says = "b"
check = 3
[[statement]]
id = "c"
says = "d"
[[statement.check]]
left = { from = "claims", measure = "civilians", country = "Syria", as_of = "2017-03" }
is = "between"
right = [5, 1]
[[statement.check]]
left = { country = "Syria" }
is = "part of"
[[statement.check]]
left = true
is = "equal to"
right = nan
""",
    )
    start, keys = (
        "story.toml: statement",
        "figures from claims have source, incident, actor, measure, stance, as_of, claim",
    )
    near = "is not a key of this table; did you mean 'title'? — rename it to 'title' [unknown-key]"
    assert told[0] == f"story.toml key 'titel' — {near}"
    assert f"{start} 1 key 'says': value '5' — is no text — write it in quotes [no-text]" in told
    near = "is not a key of this table; did you mean 'measure'? — rename it to 'measure' [unknown-key]"
    assert f"{start} 1 key 'check 1: left.measur' — {near}" in told
    assert any("'Rusia' — is one letter off; did you mean 'Russia'?" in line for line in told)
    assert any("value 'bigger than' — is no comparison — write one of equal to, " in line for line in told)
    assert (
        f"{start} 2 key 'id': value 'a' — is the id of an earlier statement — give each its own [duplicate-id]" in told
    )
    assert any(line.startswith(f"{start} 2 key 'check'") for line in told)
    assert f"{start} 3 key 'check 1: left' — has country, which claims have not — {keys} [key-of-other-rows]" in told
    assert any("value '2017-03' — is not one day" in line for line in told)
    assert any("value '[5, 1]' — runs down" in line for line in told)
    assert any("key 'check 2: left' — does not say what it is taken from" in line for line in told)
    assert any(
        "key 'check 2: right' — is missing — 'part of' needs a table on the right [right]" in line for line in told
    )
    assert any("key 'check 3: left': value 'True' — is no number" in line for line in told)
    assert any("key 'check 3: right': value 'NaN' — is no number" in line for line in told)


@pytest.mark.parametrize(
    "text",
    [
        b"\xff\xfe",
        b"title = ",
        b'a = "\x00"',
        b"a = 1" + b"0" * 5000,
        b"a = " + b"[" * 5000,
        b"a = 1e99999999999999999999",
        b"a = 2017-02-31",
        b"[a]\n[a]",
        b"#" * 1_000_001,
        b"",
    ],
)
def test_what_is_no_story_is_refused(tmp_path: Path, text: bytes) -> None:
    assert refuse(tmp_path, text)


def test_hostile_texts_are_shown_escaped(tmp_path: Path) -> None:
    text = GOOD.replace('"civilians"', '"civilians", "\\u001b[31m\\u202e" = "\\u0007"', 1).replace(
        "Russia", "Russi\\u0430"
    )
    told = refuse(tmp_path, text)
    assert len(told) == 2
    assert "".join(told).isprintable()
    assert any("U+0430 CYRILLIC SMALL LETTER A" in line for line in told)


def test_only_files_are_read() -> None:
    for path in ("http://example.org/story.toml", "/dev/zero", "missing.toml"):
        with pytest.raises(UsageError):
            read_story(path, actors=ACTORS)  # type: ignore[arg-type] # on purpose


def test_the_built_in_story_has_eight_statements_of_the_newspaper() -> None:
    statements = read_story(actors=ACTORS).statements
    assert [statement.by for statement in statements] == ["The Independent"] * 8 + ["CENTCOM"]


def test_the_story_in_the_readme_is_one(tmp_path: Path) -> None:
    text = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    [statement] = read(tmp_path, example).statements
    assert [(check.comparison, check.negated) for check in statement.checks] == [("greater than", False)]
    for word in (*COMPARISONS, *(key for keys in KEYS.values() for key in keys)):
        assert f"`{word}`" in text
