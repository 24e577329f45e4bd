from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.toponyms.place_text import (
    COMPASS_POINTS,
    KM_PER_UNIT,
    Mention,
    PlaceText,
    parse_place,
    read_bearing,
    read_names,
)


def names(text: str) -> list[str]:
    return ["/".join(mention.names) for mention in parse_place(text).mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Khan Shaykhun", ["Khan Shaykhun"]),
        ("Al-Fatih, Jableh District", ["Al-Fatih", "Jableh District"]),
        ("Rajo, Afrin, Aleppo", ["Rajo", "Afrin", "Aleppo"]),
        ("رأس العين، الحسكة", ["رأس العين", "الحسكة"]),
        ("Ar Raqqah / Tal Abyad", ["Ar Raqqah/Tal Abyad"]),
        ("Hama or Idlib", ["Hama/Idlib"]),
        ("حطلة و الصالحية", ["حطلة/الصالحية"]),
        ("Tadmur/Palmyra town", ["Tadmur/Palmyra town"]),
        ("Sukkari neighbourhood, Aleppo", ["Sukkari neighbourhood", "Aleppo"]),
        ("Ar Raqqah: Jumaili neighbourhood", ["Jumaili neighbourhood", "Ar Raqqah"]),
        ("Al Kallasa (Aleppo)", ["Al Kallasa", "Aleppo"]),
        ("Khuwayn village (Tell al-Khuwayn)", ["Khuwayn village", "Tell al-Khuwayn"]),
        ("al-Sina'a in Qamishli", ["al-Sina'a", "Qamishli"]),
        ("Al-Rai town [exact location]", ["Al-Rai town"]),
        ("market near Mheimdeh, Syria", ["Mheimdeh", "Syria"]),
        ("Several locations in al-Malikiyah", ["al-Malikiyah"]),
        ("House, school building", []),
        ("At Tanf", ["At Tanf"]),
        ("", []),
        ("12", []),
        ("???", []),
    ],
)
def test_the_names_from_the_spot_to_the_whole(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "name", "relation"),
    [
        ("Raqqa", "Raqqa", "at"),
        ("in Raqqa", "Raqqa", "at"),
        ("city of Afrin", "Afrin", "at"),
        ("South part of Bayji", "Bayji", "at"),
        ("near Raqqah", "Raqqah", "near"),
        ("IVO Mosul", "Mosul", "near"),
        ("in the vicinity of the village of Gwer", "Gwer", "near"),
        ("Outskirts of Idlib", "Idlib", "near"),
        ("North of Ramadi", "Ramadi", "near"),
        ("قرب الرقة", "الرقة", "near"),
        ("بالقرب من مدينة الرقة", "مدينة الرقة", "near"),
        ("محيط بلدة الزرزور", "بلدة الزرزور", "near"),
        ("Hama countryside", "Hama", "around"),
        ("western countryside of Aleppo", "Aleppo", "around"),
        ("ريف حماة", "حماة", "around"),
        ("ريف ادلب الجنوبي", "ادلب", "around"),
        ("بادية ذيبان", "ذيبان", "around"),
    ],
)
def test_how_the_place_relates_to_its_name(text: str, name: str, relation: str) -> None:
    mention = parse_place(text).mentions[0]
    assert (mention.names, mention.relation) == ((name,), relation)


@pytest.mark.parametrize(
    "text",
    [
        "Saraqib south of Aleppo",
        "Saraqib, to the south-west of Aleppo",
        "Saraqib just SW of Aleppo",
        "Saraqib جنوب Aleppo",
        "Saraqib، جنوبي غربي Aleppo",
    ],
)
def test_what_a_spot_lies_north_of_is_not_the_whole(text: str) -> None:
    spot, other = parse_place(text).mentions
    assert (spot.names, spot.relation) == (("Saraqib",), "at")
    assert (other.names, other.relation) == (("Aleppo",), "off")


@pytest.mark.parametrize(
    ("text", "first", "fallback", "relation"),
    [
        ("Eastern Ghariyah", "Eastern Ghariyah", "Ghariyah", "around"),
        ("northern Aleppo", "northern Aleppo", "Aleppo", "around"),
        ("West Ramadi", "West Ramadi", "Ramadi", "near"),
    ],
)
def test_a_compass_word_may_belong_to_the_name(text: str, first: str, fallback: str, relation: str) -> None:
    own, around = parse_place(text).mentions
    assert (own.names[0], own.relation) == (first, "at")
    assert (around.names[0], around.relation) == (fallback, relation)


def test_behind_a_spot_a_compass_word_tells_where_in_the_whole() -> None:
    spot, own, whole = parse_place("Al-Bara, southern Idlib").mentions
    assert (spot.names, own.names, whole.names) == (("Al-Bara",), ("southern Idlib",), ("Idlib",))
    assert (own.derived, whole.derived, whole.relation) == (False, False, "around")


@pytest.mark.parametrize(
    "text",
    [
        "en la vía Popayán - Cali",
        "sur l'axe Popayán - Cali",
        "l’axe Popayán - Cali",
        "on the road Popayán - Cali",
        "trocha Popayán - Cali",
        "na estrada Popayán - Cali",
        "estrada Popayán-Cali",
    ],
)
def test_a_road_named_behind_other_words_is_a_line(text: str) -> None:
    said = parse_place(text)
    assert said.between
    assert [mention.names for mention in said.mentions] == [("Popayán",), ("Cali",)]


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("Sharkrak silos", "Sharkrak"),
        ("صوامع شركراك", "شركراك"),
        ("al-Rashid farms, Raqqa", "al-Rashid"),
        ("Farm of Hajin", "Hajin"),
    ],
)
def test_a_site_is_failing_that_near_the_place_it_is_named_after(text: str, beside: str) -> None:
    site, near, *_ = parse_place(text).mentions
    assert (site.kind, site.relation) == ("site", "at")
    assert (near.names, near.kind, near.relation) == ((beside,), "", "near")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Duma town", "settlement"),
        ("قرية المنصورة", "settlement"),
        ("Jobar neighbourhood", "part"),
        ("حي الزهراء", "part"),
        ("Hama governorate", "area"),
        ("al-Nour mosque", "urban"),
        ("شارع النيل", "urban"),
        ("Tishreen dam", "site"),
        ("Mosul", ""),
    ],
)
def test_what_the_text_says_it_is(text: str, kind: str) -> None:
    assert parse_place(text).mentions[0].kind == kind


@pytest.mark.parametrize(
    ("text", "anchor", "km", "bearing"),
    [
        ("Approximately 15 NM east of Mosul", "Mosul", 27.78, 90),
        ("2nm N of Y'ara", "Y'ara", 3.704, 0),
        ("6 km north-west of Zummar", "Zummar", 6, 315),
        ("3.5 km SSE of Hit", "Hit", 3.5, 157.5),
        ("4,5NM south of Sinjar", "Sinjar", 8.334, 180),
        ("10 miles south- east of al Fallujah", "al Fallujah", 16.09344, 135),
        ("800 m north of Hajin", "Hajin", 0.8, 0),
        ("12NM north-northeast of Tall Afar", "Tall Afar", 22.224, 22.5),
        ("about 5 kilometres to the south west of the city of Homs", "Homs", 5, 225),
        ("2.6 NM North Hajin", "Hajin", 4.8152, 0),
        ("5 كم شمال غرب الموصل", "الموصل", 5, 315),
        ("على بعد ٧ كيلومترا إلى الجنوب الشرقي من حلب", "حلب", 7, 135),
        ("شرق الموصل بـ 15 كم", "الموصل", 15, 90),
        ("15 northwest of Mosul", "Mosul", 15 * KM_PER_UNIT[""], 315),
    ],
)
def test_distance_and_bearing(text: str, anchor: str, km: float, bearing: float) -> None:
    said = parse_place(text)
    assert said.mentions[0].names == (anchor,)
    assert said.offset is not None
    assert said.offset.km == pytest.approx(km)
    assert said.offset.bearing == bearing
    assert 0 < said.offset.spread_km < said.offset.km


def test_a_distance_without_a_direction_is_a_circle() -> None:
    said = parse_place("20 km from Suluk")
    assert said.offset is not None
    assert (said.offset.km, said.offset.bearing, said.offset.spread_km) == (20, None, 20)


def test_a_finer_compass_point_is_more_precise() -> None:
    coarse, fine = (parse_place(f"10 km {point} of Hit").offset for point in ("NW", "NNW"))
    assert coarse
    assert fine
    assert coarse.spread_km > fine.spread_km > 0


def test_two_directions_are_anywhere_between() -> None:
    said = parse_place("Approximately 4 NM north & west of Ramadi")
    assert said.offset is not None
    assert (said.offset.bearing, said.offset.spread_km) == (315, said.offset.km)


def test_two_anchors_are_no_place() -> None:
    assert parse_place("8nm northwest of Mosul & 1nm northwest of Sinjar").mentions == ()


@pytest.mark.parametrize("text", ["128th Brigade", "Area 47", "Tall 900", "17th Division", "Bombala 2 village"])
def test_a_number_is_not_always_a_distance(text: str) -> None:
    assert parse_place(text).offset is None


@pytest.mark.parametrize(
    ("text", "ends", "rest"),
    [
        ("between Kahil and al-Taybeh", ["Kahil", "al-Taybeh"], []),
        ("Road between Idlib and Binnish", ["Idlib", "Binnish"], []),
        ("the road linking Herbel with Um Hawsh, Aleppo", ["Herbel", "Um Hawsh"], ["Aleppo"]),
        ("Madan - Al Akershi road", ["Madan", "Al Akershi"], []),
        ("Afrin-Darat Azza road", ["Afrin", "Darat Azza"], []),
        ("Pauk - Pakokku highway (Pauk township)", ["Pauk", "Pakokku"], ["Pauk township"]),
        ("بين بلدة معدان وقرية العكيرشي", ["بلدة معدان", "قرية العكيرشي"], []),
        ("road from Homs to Palmyra", ["Homs", "Palmyra"], []),
    ],
)
def test_a_line_between_two_places(text: str, ends: list[str], rest: list[str]) -> None:
    said = parse_place(text)
    assert said.between
    assert names(text) == [*ends, *rest]


@pytest.mark.parametrize("text", ["Al-Hamdan road", "Castello road", "the border", "Idlib-Binnish"])
def test_a_road_with_one_name_is_no_line(text: str) -> None:
    assert not parse_place(text).between


@pytest.mark.parametrize(("point", "bearing"), [(point, 22.5 * k) for k, point in enumerate(COMPASS_POINTS)])
def test_the_sixteen_points(point: str, bearing: float) -> None:
    assert read_bearing(point) == bearing


def test_opposite_directions_have_no_bearing() -> None:
    assert read_bearing("north and south") is None


WORDS = [
    "Khan",
    "Tal",
    "near",
    "northern",
    "Northwest",
    "east-west",
    "N",
    "ريف",
    "شمالي",
    "والباب",
    "village",
    "camp",
    "-",
    "of",
    "the",
    "and",
    "Aleppo",
    "حلب",
]


@given(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join))
def test_a_comment_changes_nothing(text: str) -> None:
    assert parse_place(f"{text} [unclear]") == parse_place(text)


@pytest.mark.parametrize(
    "text", ["Tall  Abyad", " Raqqa-", "Duma town", "قرية المنصورة", "Sina'a", "Ǌora", "-Jebel", "Bab-e Sharqi"]
)
def test_texts_that_are_nothing_but_a_name_are_told_at_once(text: str) -> None:
    found, kinds = read_names([text])
    assert parse_place(text).mentions == (Mention((found[text],), kinds.get(text, "")),)


@given(st.lists(st.one_of(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), st.text(max_size=12))))
def test_what_is_told_at_once_is_what_each_text_says(texts: list[str]) -> None:
    found, kinds = read_names(texts)
    for text in found:
        assert parse_place(text) == PlaceText((Mention((found[text],), kinds.get(text, "")),))


@given(st.text(max_size=60))
def test_any_text_can_be_taken_apart(text: str) -> None:
    said = parse_place(text)
    assert all(mention.names and all(mention.names) for mention in said.mentions)
    assert not said.between or len(said.mentions) > 1


def test_ten_thousand_random_texts_made_of_telling_words() -> None:
    words = "near between and of in km NM 5 12,5 north SW , / : ( ) road village قرية بين و ريف كم شمال Mosul الرقة - &"
    rng = np.random.default_rng(7)
    for _ in range(10_000):
        text = " ".join(rng.choice(words.split(), rng.integers(1, 13)))
        for mention in parse_place(text).mentions:
            assert all(any(c.isalpha() for c in name) for name in mention.names), text


@pytest.mark.parametrize(
    "text", ["Bakhmut, " + "prox" * 40 + " y", "a: " * 1500 + "b", "a(" * 2000 + "5", "a, about " * 900]
)
def test_a_cell_of_repeated_words_is_read_like_any_other(text: str) -> None:
    assert len(parse_place(text).mentions) < len(text)


@pytest.mark.parametrize("text", ["on the outskirts of Khartoum", "at the edge of Khartoum", "outskirts of Khartoum"])
def test_the_edge_of_a_town_is_near_it(text: str) -> None:
    assert [(mention.names, mention.relation) for mention in parse_place(text).mentions] == [(("Khartoum",), "near")]


@pytest.mark.parametrize("text", ["شمال مدينة " * 1000, "x" * 100_000, "Raqqa, " + "a report of what happened. " * 50])
def test_an_account_is_no_place(text: str) -> None:
    assert parse_place(text).mentions == ()
    assert text not in read_names([text])[0]


@pytest.mark.parametrize("words", ["12 km northern ", "40 كم شمال ", "rebel-held ", "محيط و", "near of "])
def test_words_again_and_again_are_read_at_once(words: str) -> None:
    assert parse_place(words * 20).offset is None
