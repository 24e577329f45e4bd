"""The page of golden results holds the published figures that the article is judged by."""

from __future__ import annotations

from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PAGE = TOP / "data" / "golden.md"


def test_the_page_holds_the_published_figures() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for told in (
        "260 against 119",
        "260 against 224",
        "syrian-government 417",
        "260 against 343",
        "260 against 641",
        "with country Iraq: 68 equal to 68",
        "| 2017-03-24 | alleged | 1,000 |",
        "| 2017-03-31 | alleged | 1,257 |",
        "| 2017-03-31 | fair | 337 |",
        "| 2017-04-03 | alleged | 1,472 |",
        "| SOHR | civilians | 33 |",
        "| CJTF-OIR | civilians | 40 | conceded |",
        "| Human Rights Watch | civilians | at least 40 |",
        "40–420 civilians killed",
        "16 children, 15 women, 10 men",
        "2.82 km apart",
        "4.27 km outside Idlib",
    ):
        assert told in page
