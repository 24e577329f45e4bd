from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo.geocode import geocode_incidents
from geo.schema import DTYPES, fields
from geo.toponyms.place_text import parse_place, read_names
from geo.toponyms.wordings.slavic import put_into_english

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.gazetteer import Gazetteer


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("поблизу Бахмута", "near Бахмута/Бахмут/Бахмуто"),
        ("на околиці Авдіївки", "outskirts of Авдіївки/Авдіївка"),
        ("під Маріуполем", "near Маріуполем/Маріупіль/Маріуполь/Маріуполе"),
        ("біля м. Краматорськ", "near Краматорськ city"),
        ("на північ від Сум", "north of Сум/Суми"),
        ("північніше Ізюма", "north of Ізюма/Ізюм/Ізюмо"),
        ("за 10 км на південний захід від Бахмута", "10 km south-west of Бахмута/Бахмут/Бахмуто"),
        ("Бахмут, 10 км на північ", "Бахмут, 10 km north"),
        ("між Ірпенем та Бучею", "between Ірпенем/Ірпінь/Ірпень and Бучею/Буча/Бучя"),
        ("на трасі М-03 Харків - Ізюм", "between Харків and Ізюм"),
        ("напрямок Запоріжжя – Мелітополь", "between Запоріжжя and Мелітополь"),
        ("центр Одеси", "center of Одеси/Одеса"),
        ("східна частина Бахмута", "east part of Бахмута/Бахмут/Бахмуто"),
        ("у Краматорську", "in Краматорську/Краматорськ"),
        ("м.Краматорськ", "Краматорськ city"),
        ("м. Миколаєві", "Миколаєві city/Миколаїв city/Миколаєв city"),
        ("м. Вовчанська", "Вовчанська city/Вовчанськ city"),
        ("с. Роботине Запорізької обл.", "Роботине village, Запорізька область"),
        ("Салтівський район Сум", "Салтівський район, Сум/Суми"),
        ("Бахмут та Торецьк", "Бахмут and Торецьк"),
        ("Бахмут (околиця)", "outskirts of Бахмут"),
        ("под Алеппо", "near Алеппо"),
        ("в районе города Бахмут", "near Бахмут city/Бахмути city"),
        ("к востоку от Пальмиры", "east of Пальмиры/Пальмира"),
        ("10-15 км юго-западнее Алеппо", "10-15 km south-west of Алеппо"),
        ("в 20 км от Алеппо", "20 km from Алеппо"),
        ("вдоль трассы Дамаск — Хомс", "вдоль between Дамаск and Хомс"),
        ("дорога Дамаск-Хомс", "between Дамаск and Хомс"),
        ("на дороге Пальмира - Дейр-эз-Зор, провинция Хомс", "between Пальмира and Дейр-эз-Зор, Хомс province"),
        ("под Кривым Рогом", "near Кривым Рогом/Кривый Ріг/Кривый Рог/Кривое Ріг/Кривое Рог"),
        ("севернее Хомса и южнее Хамы", "north of Хомса/Хомс/Хомсо and south of Хамы/Хама"),
        ("провинция Идлиб", "Идлиб province"),
    ],
)
def test_ukrainian_and_russian_wordings_are_put_into_english(text: str, english: str) -> None:
    assert put_into_english(text) == english
    assert parse_place(text) == parse_place(english)
    assert text not in read_names([text])[0]


@pytest.mark.parametrize(
    "text",
    [
        "Краматорськ",
        "Нове Місто Бибель",
        "Ростов-на-Дону",
        "Дейр-эз-Зор - Ракка",
        "Краматорський район",
        "на північ від Донецької області",
        "20 км Харків",
    ],
)
def test_what_is_no_wording_or_ambiguous_stays_as_it_is(text: str) -> None:
    assert put_into_english(text) == text


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("біля Краматорська", "near Kramatorsk, Donetsk (same name)"),
        ("у Харкові", "Kharkiv, Kharkiv (same name)"),
        ("под Мариуполем", "near Mariupol, Donetsk (same name)"),
        ("15 км північніше Сум", "15.0 km north of Sumy, Sumy (same name)"),
        ("траса Харків - Ізюм", "names several places: Kharkiv, Kharkiv; Izyum, Kharkiv"),
        ("м. Миколаєві", "not placed: several places may be meant"),
    ],
)
def test_a_place_in_any_case_is_the_one_of_that_name(
    builtin: Gazetteer, regions: gpd.GeoDataFrame, text: str, note: str
) -> None:
    stated = {f.name: DTYPES[f.kind] for f in fields("stated")}
    row = {"incident_id": "i0", "place_local": text, "country": "Ukraine"}
    asked = pd.DataFrame([row], columns=list(stated), dtype=object).astype(stated)
    assert note in geocode_incidents(asked, builtin, regions=regions)["location_note"].iloc[0]
