from __future__ import annotations

import pytest

from geo.toponyms.place_text import parse_place, read_names
from geo.toponyms.wordings import arabic
from geo.toponyms.wordings.english import spell_out
from geo.toponyms.wordings.romance import KIND_WORDS, put_into_english


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("près de Kidal", "near Kidal"),
        ("aux environs de Djibo", "near Djibo"),
        ("À 15 km au nord de Ménaka", "15 km north of Ménaka"),
        ("à 2,5 kilomètres au nord-est d'Ansongo", "2,5 km north-east of Ansongo"),
        ("à l'ouest de Gossi", "west of Gossi"),
        ("à 30 km de Tessalit", "30 km from Tessalit"),
        ("à environ 30 km au sud de Ménaka", "30 km south of Ménaka"),
        ("cerca de La Plata", "near La Plata"),
        ("le village de Boni dans le cercle de Douentza", "Boni village, Douentza district"),
        ("quartier Badala à Bamako", "Badala neighbourhood, Bamako"),
        ("entre Gao et Ansongo", "between Gao and Ansongo"),
        ("cerca de Tumaco", "near Tumaco"),
        ("Djibo, à une quarantaine de kilomètres au sud", "Djibo, 40 km south"),
        ("Bunia (40 km à l'ouest)", "Bunia (40 km west)"),
        ("situé à 20 km de Gao", "20 km from Gao"),
        ("à la sortie de Gao", "near Gao"),
        ("sur la RN4 Beni - Bunia", "road Beni - Bunia"),
        ("piste Ménaka - Kidal", "road Ménaka - Kidal"),
        ("a 10 km al norte de Cali", "10 km north of Cali"),
        ("vereda La Paz, municipio de Tumaco", "La Paz village, Tumaco district"),
        ("perto de Mocímboa da Praia", "near Mocímboa da Praia"),
        ("aldeia de Nangade, a 20 km a norte de Palma", "Nangade village, 20 km north of Palma"),
    ],
)
def test_french_spanish_and_portuguese_wordings_are_put_into_english(text: str, english: str) -> None:
    assert put_into_english(text) == english
    assert parse_place(text) == parse_place(english)
    assert text not in read_names([text])[0]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("b/w Hit and Haditha", "between Hit and Haditha"),
        ("from Hit to Haditha", "between Hit and Haditha"),
        ("Raqqa to Tabqa road", "between Raqqa and Tabqa"),
        ("nr. Rawah", "near Rawah"),
        ("vic Rawah", "vicinity of Rawah"),
        ("10-15 km east of Palmyra", "12.5 km east of Palmyra"),
        ("10 to 15km east of Palmyra", "12.5km east of Palmyra"),
        ("12.5-15 km north of Aleppo", "13.75 km north of Aleppo"),
        ("ten kilometres east of Palmyra", "10 kilometres east of Palmyra"),
        ("65 km (40 miles) northeast of Baghdad", "65 km northeast of Baghdad"),
        ("Baghdad's Sadr City", "Sadr City, Baghdad"),
        ("Sur district of Diyarbakir", "Sur district, Diyarbakir"),
        ("the Old City of Mosul", "Old City, Mosul"),
        ("Palmyra (outskirts)", "near Palmyra"),
        ("Aleppo: northern countryside", "countryside of Aleppo"),
        ("coastal road Sirte - Ajdabiya", "road Sirte - Ajdabiya"),
        ("convoy Djibo - Dori", "road Djibo - Dori"),
        ("outside Kirkuk governorate", ""),
        ("the northern Syrian town of Azaz", "town of Azaz"),
        ("Syrian port city of Latakia", "city of Latakia"),
        ("rebel-held town of Saraqib", "town of Saraqib"),
        ("besieged Madaya", "Madaya"),
        ("Houthi-controlled Sanaa", "Sanaa"),
        ("Yemeni capital Sanaa", "Sanaa"),
        ("eastern Syrian province of Deir ez-Zor", "Deir ez-Zor province"),
        ("Governorate of Idlib (Syria)", "Idlib Governorate (Syria)"),
        ("a clinic in the sub-district of Salqin", "a clinic in Salqin subdistrict"),
    ],
)
def test_short_forms_and_turns_of_phrase_are_spelt_out(text: str, plain: str) -> None:
    assert spell_out(text) == plain
    assert parse_place(text) == parse_place(plain)
    assert text not in read_names([text])[0]


@pytest.mark.parametrize(
    "text",
    [
        "Ra's Al Ayn",
        "Sana'a",
        "south of Idlib, east of Hama",
        "vicinity of Rawah",
        "Area 51-52",
        "Kfar Nabl to the north",
        "Capital Governorate",
        "Port Sudan",
        "Syrian Kurdistan",
        "rebel-held town in Idlib",
        "Hama (northern countryside), Kafr Zita",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert spell_out(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "south of Kirkuk, north of Baghdad",
        "just northeast of Homs and southwest of Salamiyah",
        "east of Bakhmut and west of Chasiv Yar",
        "south of Idlib, east of Hama",
    ],
)
def test_sides_of_two_places_are_at_neither(text: str) -> None:
    assert parse_place(text).mentions == ()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("يبعد 40 كم عن مدينة الرقة", "40 كم عن مدينة الرقة"),
        ("على بعد 60 كيلومتراً من مدينة تدمر", "60 كم من مدينة تدمر"),
        ("40 كم شرقى مدينة تدمر", "40 كم شرقي مدينة تدمر"),
        ("حوالي أربعين كيلومتراً شرق مدينة تدمر", "40 كم شرق مدينة تدمر"),
        ("جنوب الموصل بنحو 40 كم", "40 كم جنوب الموصل"),
        ("تدمر، 60 كم شرقاً", "تدمر، 60 كم شرق"),
        ("على أطراف مدينة تدمر", "قرب مدينة تدمر"),
        ("محيط وأطراف مدينة تدمر", "قرب مدينة تدمر"),
        ("القرى المحيطة بمدينة تدمر", "قرب مدينة تدمر"),
        ("قـرب مدينة تدمر", "قرب مدينة تدمر"),
        ("بلقرب من مدينة تدمر", "قرب مدينة تدمر"),
        ("إلى الجنوب الغربي من مدينة تدمر", "جنوب غرب مدينة تدمر"),
        ("مزارع شرق مدينة تدمر", "شرق مدينة تدمر"),
        ("تدمر (محيط)", "قرب تدمر"),
        ("تدمر - خارج المدينة", "قرب تدمر"),
        ("حلب: الريف الشمالي", "ريف حلب"),
        ("سراقب وريفها", "ريف سراقب"),
        ("العاصمة دمشق", "دمشق"),
        ("أمانة العاصمة", "أمانة العاصمة"),
        ("الطريق الدولي دمشق - حمص", "طريق دمشق - حمص"),
        ("اتستراد دمشق - درعا", "طريق دمشق - درعا"),
        ("من مدينة تدمر إلى مدينة دير الزور", "بين مدينة تدمر و مدينة دير الزور"),
        ("بین الموصل و تلعفر", "بين الموصل و تلعفر"),
        ("الحدود السورية العراقية قرب البوكمال", "Syrian border قرب البوكمال"),
        ("الحدود السورية - العراقية", "Syrian border"),
        ("بعيدا عن مدينة تدمر", ""),
        ("خارج محافظة كركوك", ""),
        ("قافلة متجهة من تدمر إلى مدينة دير الزور", ""),
        ("الجانب الأيمن", "الجانب الأيمن"),
        ("مخيم الحول شرق الحسكة", "مخيم الحول شرق الحسكة"),
        ("قرية جوار العفص", "قرية جوار العفص"),
        ("محافظة العاصمة في الكويت", "محافظة العاصمة في الكويت"),
        ("حلب - ريف، الباب", "حلب - ريف، الباب"),
        ("مخيم النازحين", "مخيم النازحين"),
    ],
)
def test_arabic_turns_of_phrase_are_said_in_the_wordings_that_are_read(text: str, plain: str) -> None:
    assert arabic.reword(text) == plain
    assert parse_place(text) == parse_place(plain)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("حي الشعار بحلب", ["حي الشعار", "حلب"]),
        ("سوق الجمعة بالرقة", ["سوق الجمعة", "الرقة"]),
        ("حي القصور بدير الزور", ["حي القصور", "دير الزور"]),
        ("مديرية كتاف بصعدة", ["مديرية كتاف", "صعدة"]),
        ("حي باب عمرو", ["حي باب عمرو"]),
        ("حي مساكن برزة", ["حي مساكن برزة"]),
        ("مدرسة الشهيد باسل", ["مدرسة الشهيد باسل"]),
        ("مشفى كفر بطنا", ["مشفى كفر بطنا"]),
        ("مدرسة تل بيدر", ["مدرسة تل بيدر"]),
        ("شارع بغداد", ["شارع بغداد"]),
        ("تل بيدر", ["تل بيدر"]),
        ("الباغوز التابعة لناحية السوسة", ["الباغوز", "ناحية السوسة"]),
        ("الكرامة التابعة للرقة", ["الكرامة", "الرقة"]),
        ("معرة النعمان بريف إدلب الجنوبي", ["معرة النعمان", "إدلب"]),
        ("دوما بمحافظة ريف دمشق", ["دوما", "محافظة ريف دمشق"]),
        ("مديرية حرض محافظة حجة", ["مديرية حرض", "محافظة حجة"]),
        ("حي الشعار مدينة حلب", ["حي الشعار", "مدينة حلب"]),
        ("محيط مدينة الباب", ["مدينة الباب"]),
        ("سوق مدينة الباب", ["سوق مدينة الباب"]),
        ("محافظة ريف دمشق", ["محافظة ريف دمشق"]),
        ("الرقة المدينة", ["الرقة"]),
        ("قضاء المدينة، البصرة", ["قضاء المدينة", "البصرة"]),
        ("زملكا بريف دمشق الغربي", ["زملكا", "محافظة ريف دمشق"]),
        ("طريق حلب - دمشق الدولي", ["حلب", "دمشق"]),
        ("مخيم النصيرات وسط قطاع غزة", ["مخيم النصيرات", "قطاع غزة"]),
        ("المدينة المنورة", ["المدينة المنورة"]),
        ("مخيم اليرموك للاجئين", ["مخيم اليرموك"]),
        ("بين بلدتي سراقب وأريحا", ["سراقب", "أريحا"]),
        ("أوتوستراد دمشق - حمص", ["دمشق", "حمص"]),
        ("على طريق سراقب - أريحا", ["سراقب", "أريحا"]),
    ],
)
def test_an_arabic_text_is_parted_where_a_whole_begins(text: str, names: list[str]) -> None:
    said = parse_place(text)
    assert [name for mention in said.mentions for name in mention.names if not mention.derived] == names
    if text in (plain := read_names([text])[0]):
        assert [plain[text]] == names


@pytest.mark.parametrize(
    "name",
    [
        "Rio de Janeiro",
        "Norte de Santander",
        "Novo Oriente do Piauí",
        "Ciudad del Carmen",
        "Santiago de Cali",
        "Port-au-Prince",
        "Entre Ríos",
        "Sur",
        "Bab al-Hawa",
        "N'Djaména",
        "Da Nang",
    ],
)
def test_names_stay_as_they_are(name: str) -> None:
    assert put_into_english(name) == name
    assert parse_place(name).mentions[0].names == (name,)


@pytest.mark.parametrize("text", ["Damascus countryside", "the western countryside of Damascus", "ريف دمشق الغربي"])
def test_the_countryside_of_damascus_is_a_governorate(text: str) -> None:
    [mention] = parse_place(f"Xqzt, {text}").mentions[1:]
    assert (mention.kind, mention.relation) == ("area", "at")
    assert mention.names[0] in {"Rif Dimashq governorate", "محافظة ريف دمشق"}


def test_kinds_are_put_into_words_that_are_read() -> None:
    for kind in KIND_WORDS:
        assert parse_place(f"Xqzt {kind}").mentions[0].kind
