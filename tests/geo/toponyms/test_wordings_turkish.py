from __future__ import annotations

import pytest

from geo.toponyms.place_text import parse_place, read_names
from geo.toponyms.wordings.turkish import put_into_english


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Musul yakınlarında", "near Musul"),
        ("Afrin (yakınları)", "near Afrin"),
        ("El-Bab civarı", "near El-Bab"),
        ("Musul’un batısı", "west of Musul"),
        ("MUSUL'UN BATISI", "west of MUSUL"),
        ("AFRİN'İN KUZEYİ", "north of AFRİN"),
        ("Musul'un batısındaki Badush", "Badush, west of Musul"),
        ("Halep'in kuzey kırsalı", "Halep north countryside"),
        ("Hakkari'nin Yüksekova ilçesi", "Yüksekova district, Hakkari"),
        ("Nusaybin ilçe merkezi", "center of Nusaybin"),
        ("Afrin ile Azez arasında", "between Afrin and Azez"),
        ("Halep'in yaklaşık 20 km kuzeydoğusu", "20 km north-east of Halep"),
        ("Musul'a 20 km uzaklıkta", "20 km from Musul"),
        ("Musul, 40 km güney", "40 km south of Musul"),
        ("Cizre ve Nusaybin", "Cizre and Nusaybin"),
        ("Kuzey Halep", "northern Halep/Kuzey Halep"),
        ("El-Bab - Münbiç karayolu", "between El-Bab and Münbiç"),
        ("Musul - Kerkük karayolu üzerinde", "between Musul and Kerkük"),
        ("Halep-Şam otoyolu", "between Halep and Şam"),
        ("M4 karayolu Tel Abyad - Resulayn", "between Tel Abyad and Resulayn"),
    ],
)
def test_turkish_wordings_are_put_into_english(text: str, english: str) -> None:
    assert put_into_english(text) == english
    assert parse_place(text) == parse_place(english)
    assert text not in read_names([text])[0]


@pytest.mark.parametrize("text", ["Sa'da", "Sa'da, Yemen", "Bati Kot", "Kobani sınırı", "Karasu Mahallesi", "Güney"])
def test_names_and_what_is_ambiguous_stay_as_they_are(text: str) -> None:
    assert put_into_english(text) == text
