from __future__ import annotations

import pytest

from geo.toponyms.place_text import parse_place, read_names
from geo.toponyms.wordings.persian import put_into_english


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("در نزدیکی کابل", "near کابل"),
        ("نزديك كابل", "near كابل"),
        ("حومه شهر کابل", "near شهر کابل/کابل city"),
        ("مرکز شهر کابل", "center of شهر کابل/کابل city"),
        ("جنوب شرقی غزنی", "south-east of غزنی"),
        ("در 20 کیلومتری شمال کابل", "20 km north of کابل"),
        ("10 تا 15 کیلومتری شمال کابل", "10-15 km north of کابل"),
        ("در 20 کیلومتری کابل", "20 km from کابل"),
        ("کندز، 40 کیلومتری شرق", "کندز, 40 km east"),
        ("بین مزار شریف و کابل", "between مزار شریف and کابل"),
        ("در شاهراه کابل - قندهار، ولایت غزنی", "between کابل and قندهار، ولایت غزنی/غزنی province"),
        ("جاده کابل - جلال‌آباد", "between کابل and جلال‌آباد"),
        ("جاده عمومی گردیز–کابل", "between گردیز and کابل"),
        ("ولسوالی سنگین ولایت هلمند", "ولسوالی سنگین/سنگین district، ولایت هلمند/هلمند province"),
        ("میدان هوایی کابل", "میدان هوایی کابل/کابل airport"),
        ("روستای کانی در شمال مهاباد", "روستای کانی/کانی village north of مهاباد"),
    ],
)
def test_persian_wordings_are_put_into_english(text: str, english: str) -> None:
    assert put_into_english(text) == english
    assert parse_place(text).mentions
    assert text not in read_names([text])[0]


def test_a_distance_in_persian_digits_is_measured() -> None:
    assert parse_place("در ۲۰ کیلومتری شمال کابل").offset == parse_place("20 km north of Kabul").offset


@pytest.mark.parametrize(
    "text", ["قرب مدينة تدمر", "بین الفلوجة والرمادی", "شمالی الموصل", "مرکز بهسود", "اروه در جزین", "مرکز ولایت هلمند"]
)
def test_arabic_texts_and_names_stay_as_they_are(text: str) -> None:
    assert put_into_english(text) == text
