from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.names import fold_name, fold_names, name_keys, plain_names, romanize, shorten_names, skeleton, skeletons

PAIRS = Path(__file__).resolve().parents[3] / "shared/eval/geocode/name_pairs_en_ar.csv"

LETTERS = "aeiouhstdzrklgqwyxbmn'’ -_أإآاىيةهؤئءلموقكگشثذرنتبع٠١çşıéøЇкиївл"
NAMES = st.one_of(st.text(), st.text(alphabet=LETTERS), st.text(alphabet="aluhsty -الق"))


@given(NAMES)
def test_folding_a_folded_name_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


@given(st.lists(NAMES, max_size=8))
def test_a_name_folds_alike_alone_and_among_others(names: list[str]) -> None:
    assert fold_names(names) == [fold_name(name) for name in names]
    assert skeletons(names) == [skeleton(name) for name in names]
    assert name_keys(names) == (plain_names(names), fold_names(names), skeletons(names))


@given(NAMES)
def test_case_marks_and_outer_spaces_do_not_matter(name: str) -> None:
    assert fold_name(f"  {name}\u200f\u0651 ") == fold_name(name)


@pytest.mark.parametrize(
    "spellings",
    [
        ["Raqqa", "Ar-Raqqah", "al Raqqa", "RAQQAH", "Ar Raqqeh", "el-Raqqa", "ar-Raqqah city"],
        ["Deir ez-Zor", "Deir ez Zour", "Deir Ezzor", "Dayr az-Zawr", "Dair az Zaur"],
        ["Qamishli", "Kamishly", "Al-Qāmishlī", "al Qamishlee", "Gamishli"],
        ["Khan Shaykhun", "Khan Sheikhoun", "Khan Cheikhoun", "Khān Shaykhūn"],
        ["Ma'arrat an-Nu'man", "Maarat al-Numan", "Ma`aret al Nu`man"],
        ["Abu Kamal", "AbuKamal", "Abou Kamal", "Abu-Kamal"],
        ["Tall Abyad", "Tal Abiyad", "Tall Abyaḑ"],
        ["ash-Shaykh Maskin", "Al Shaikh Maskeen"],
        ["Western Ghariyah", "al-Ghariyah al-Gharbiyah", "Gharia Gharbieh"],
        ["الرقة", "الرَّقّة", "الرقه", "الـرقة", "رقة", "مدينة الرقة", "\u200fالرقة\u202c"],
        ["إدلب", "ادلب", "أدلب"],
        ["كفرنبل", "کفرنبل", "كفر نبل"],
        ["قرية ٣", "3"],
        ["Київ", "Kyiv"],
        ["Şanlıurfa", "Shanliurfa"],
        ["Sandwip", "Sandwip sub-District", "Sandwip Upazila"],
        ["Al Asad Air Base", "al-Assad airbase", "Al Asad AB", "Al Asad Airport"],
    ],
)
def test_the_spellings_of_one_name_fold_alike(spellings: list[str]) -> None:
    assert len(set(fold_names(spellings))) == 1, dict(zip(spellings, fold_names(spellings), strict=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Homs", "Hama"), ("Niger", "Nigeria"), ("Raqqa", "Rawa"), ("حلب", "حمص"), ("Tal Abyad", "Tal Afar")],
)
def test_other_names_fold_otherwise(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@pytest.mark.parametrize("name", ["village", "قرية", "City", "al", "المدينة"])
def test_a_name_that_is_nothing_but_a_type_or_an_article_is_kept(name: str) -> None:
    assert fold_name(name)


@pytest.mark.parametrize("name", ["", " ", "-", "’", "\u200f", "\n"])
def test_what_has_no_letter_has_no_key(name: str) -> None:
    assert (fold_name(name), skeleton(name)) == ("", "")


@pytest.mark.parametrize(
    ("latin", "local"),
    [
        ("Raqqa", "الرقة"),
        ("al-Mansoura", "المنصورة"),
        ("Khan Sheikhoun", "خان شيخون"),
        ("Deir ez-Zor", "دير الزور"),
        ("Western Ghariyah", "الغارية الغربية"),
        ("Khirbet Ghazaleh", "خربة غزالة"),
        ("Abu Kamal", "البوكمال"),
        ("Dhiban", "ذيبان"),
        ("Kharkiv", "Харків"),
    ],
)
def test_two_scripts_share_a_skeleton(latin: str, local: str) -> None:
    assert skeleton(latin) == skeleton(local) != ""


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Upper Baguz", "Baghouz"),
        ("al-Baghuz at-Tahtani", "Baghouz"),
        ("الباغوز فوقاني", "الباغوز"),
        ("Little Western Rasm Elkhamis", "Rasm al-Khamis"),
        ("Tall Ahmar Saghir village", "Tell Ahmar"),
        ("Upper Shaykhun", "Shaykhun"),
    ],
)
def test_a_name_without_what_tells_two_places_apart(name: str, short: str) -> None:
    assert fold_names(shorten_names([name])) == [fold_name(short)]


@given(st.lists(NAMES, max_size=8))
def test_a_shortened_name_cannot_be_shortened(names: list[str]) -> None:
    short = shorten_names(names)
    assert len(short) == len(names)
    assert shorten_names(short) == [""] * len(names)


@pytest.mark.parametrize(
    "name", ["Baguz", "Upper", "al-Jadida", "", "North South", "Newa", "New Halfa", "Upper New Halfa"]
)
def test_a_name_that_has_nothing_to_leave_out(name: str) -> None:
    assert shorten_names([name]) == [""]


def test_arabic_is_spelt_as_latin_folds() -> None:
    assert romanize(fold_name("المنصورة")) == "mnsura"
    assert fold_name("Mansoura") == "mansura"


def test_plain_names_keep_the_words() -> None:
    assert plain_names(["Ma'arrat an-Nu'mān\r\n(town)", "الرَّقّة"]) == ["maarrat an numan town", "الرقة"]


def test_no_names_are_no_keys() -> None:
    assert (plain_names([]), fold_names([]), skeletons([])) == ([], [], [])


@pytest.mark.skipif(not PAIRS.is_file(), reason="the evaluation data are not beside the repository")
def test_most_pairs_of_transliterations_share_a_skeleton() -> None:
    with PAIRS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] != "airwars" and ":" not in row["place_text"]]
    latin = skeletons(row["place_text"] for row in rows)
    arabic = skeletons(row["place_text_ar"].split("_")[0] for row in rows)
    same = sum(a == b for a, b in zip(latin, arabic, strict=True))
    assert same / len(rows) > 0.9
