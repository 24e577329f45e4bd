"""What folding makes of letters and words: the tables and rules of `geo.names`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPE_WORDS = {
    "settlement": "city town village hamlet settlement community camp refugee idp displacement displaced"
    " suburb ejido kibbutz moshav"
    " qarya qaryat madina madinat",
    "part": "neighbourhood neighborhood quarter colonia barrio hayy",
    "area": "township governorate province state oblast region raion rayon district subdistrict sub county department"
    " municipality commune division prefecture cercle upazila thana tehsil taluk woreda kebele ward barangay"
    " lga lgas area locality nahiya nahiyat mantiqa mantiqat mintaqat muhafazat",
    "local": "قرية بلدة مدينة ناحية منطقة محافظة قضاء مديرية حي مخيم smt pgt misto gorod obl",
}
"""Words that say what kind of place a name belongs to. Dropped, unless the name has no other word."""

_DROPPED = dict.fromkeys(
    [
        *range(0x0300, 0x0370),  # accents
        *range(0x0483, 0x048A),  # Cyrillic marks
        *range(0x0591, 0x05C8),  # Hebrew points
        *range(0x0610, 0x061B),  # Arabic signs
        *range(0x064B, 0x0660),  # tashkeel
        0x0670,
        *range(0x06D6, 0x06EE),
        0x0640,  # tatweel
        0x00AD,  # soft hyphen
        0x061C,  # Arabic letter mark
        *range(0x200B, 0x2010),  # zero-width and direction marks
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        *map(ord, "'`´ʹʺʻʼʽʾʿˈˊˋ‘’‚‛“”„′″\"՚＇ءٴ"),  # primes for ayn and hamza, quotes, a hamza by itself
    ]
)
FOREIGN = re.compile("['\"`\u0080-\U0010ffff]+")
"""Letters of which some are in `LETTERS`; no other is."""
LETTERS = _DROPPED | str.maketrans(
    {
        **dict(zip("ٱىیێېکڪگڭھہەۃۆۇۈۋ", "اييييككككهههةوووو", strict=True)),
        **dict(zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789", strict=True)),
        **dict(zip("ıøłđðþæœəŋ", ("i", "o", "l", "d", "dh", "th", "ae", "o", "a", "n"), strict=True)),
        **dict(zip("абвгґдезиіклмнопрстуфыэ", "abvhgdeziiklmnoprstufie", strict=True)),
        **dict(zip("єжхцчшщюяъь", ("ie", "zh", "kh", "ts", "ch", "sh", "shch", "iu", "ia", "", ""), strict=True)),
    }
)
"""What is dropped, and letters that are one letter for us: Persian, Kurdish and Urdu forms in Arabic, digits, Latin
letters, Cyrillic."""

CEDILLAS = {"ş": "sh", "Ş": "sh", "ș": "sh", "Ș": "sh", "ç": "ch", "Ç": "ch"}


class Rule:
    """What is replaced in a text, and by what.

    A pattern that begins with a letter, or some, and looks behind it afterwards is found faster than one that begins
    with looking behind.
    """

    def __init__(self, pattern: str, to: str) -> None:
        self._to = to
        self._any, self._ascii = re.compile(pattern, re.MULTILINE), re.compile(pattern, re.MULTILINE | re.ASCII)

    def apply(self, block: str) -> str:
        """Return the text with the rule applied."""
        return (self._ascii if block.isascii() else self._any).sub(self._to, block)


def _any_of(words: Sequence[str]) -> str:
    """Return a pattern for any of some words, by their first letters: so it need not try them one by one."""
    tails = {
        first: "|".join(word[1:] for word in words if word[0] == first)
        for first in dict.fromkeys(next(zip(*words, strict=False)))
    }
    return "|".join(f"{first}(?:{tail})" for first, tail in tails.items())


GAPS = Rule(r"[^\w\n][^\w\n]*", " ")
LINES = Rule(r"__*", " ")
MARBUTA = Rule(r"ه\b(?<=\w\wه)", "ة")
"""A final ha, which many write for ta marbuta."""
TYPES = Rule(rf"\b(?:{_any_of(' '.join(TYPE_WORDS.values()).split())})\b", " ")
AIRFIELDS = (
    Rule(r"a(?<!\wa)(?:ir ?(?:base|field|port|strip)|erodrome|b$)\b", "airbase"),
    Rule(r"\b(?:(?:international|military|army|civil|regional) )+(?=airbase\b)", ""),
)
"""What one airfield is called in turn; one word stands for all."""
ARTICLES = Rule(
    r"\b(?:"
    r"[aeiu]?l +"  # al Bab, el Bab, l Bab
    r"|[aeiu](sh|th|dh|[drstzn]) +(?=\1)"  # ar Raqqah, ash Shaykh: assimilated to the letter that follows
    r"|[ae]l(?=[b-df-hj-np-tv-z][^\W\d]{2})"  # Albab
    r"|(?<![ae]l )[ae](?=(sh|th|dh|[drstzn])\2)"  # Arraqqah
    r"|ال(?=\w{2})"
    r")",
    "",
)
ENDINGS = (
    Rule(r"[aei]t(?= \w)(?<=\w[b-df-hj-np-tv-z]..)", "a"),  # Khirbet Ghazala: the feminine, before its owner
    Rule(r"[aeio]h\b(?<=[a-z]..)", "a"),  # Raqqah, Raqqeh, Saniyeh: the feminine
    Rule(r"[ao]w(?![aeiou])", "u"),  # Mawsil, Hawl: not Rawa
)
ESH = "S"
"""What stands for ``ʃ`` until all is done, so that ASCII stays ASCII: no other capital is left then."""
SPELLINGS = (
    *(("ʃ", ESH), ("sch", ESH), ("ch", ESH), ("sh", ESH), ("kh", "x"), ("dh", "z"), ("th", "z")),
    *(("gh", "k"), ("c", "k"), ("g", "k"), ("q", "k")),
    *(("ou", "u"), ("oo", "u"), ("au", "u"), ("o", "u")),
    *(("y", "i"), ("ai", "i"), ("ei", "i"), ("ee", "i"), ("ie", "i"), ("e", "a"), ("ai", "i")),
    *(("aa", "a"), ("ii", "i"), ("uu", "u")),
)
"""Usual spellings of one Latin consonant or vowel, replaced in this order."""
DOUBLING = f"abdfhijklmnprstuwxz{ESH}ابتثجحخدذرزسشصضطظعغفقكلمنهوية"
DOUBLES = np.array(list(map(ord, DOUBLING)))

MODIFIERS = {
    "sharqi": "sharqiyah east eastern شرقي شرقية",
    "gharbi": "gharbiyah west western غربي غربية",
    "shamali": "shamaliyah north northern شمالي شمالية",
    "janubi": "janubiyah qibli qibliyah south southern جنوبي جنوبية قبلي قبلية",
    "kabir": "kabirah kubra big great greater large كبير كبيرة كبرى",
    "saghir": "saghirah sughra little small lesser صغير صغيرة صغرى",
    "fawqani": "fawqaniyah foqani upper فوقاني فوقانية فوقا",
    "tahtani": "tahtaniyah lower تحتاني تحتانية تحتا",
    "wastani": "wastaniyah wusta middle central وسطاني وسطانية وسطى",
    "jadid": "jadidah new جديد جديدة",
    "qadim": "qadimah old قديم قديمة",
}
"""Words that tell two places of one name apart, as folding sees them in Arabic and English; they go last in a key."""
MODIFYING = frozenset(
    article + word for word in [*MODIFIERS, *" ".join(MODIFIERS.values()).split()] for article in ("", "ال")
)
"""Words of which a plain name has one in which there may be a modifier."""
AFAR = frozenset(["jadid", "qadim"])
"""Those of them that do not tell neighbours apart: New Halfa is far from Wadi Halfa."""

_ARABIC_CONSONANTS = dict(zip("بپتثجچحخدذرزژسشصضطظغفڤقكلمنه", f"bbtdj{ESH}hxddrd{ESH}s{ESH}sdtdkffkklmnh", strict=True))
FINAL_H = Rule(r"[hهةح](?<=\w.)[hهةح]*\b", "")
SKELETON = str.maketrans(
    {**_ARABIC_CONSONANTS, **dict.fromkeys("aiuewyاويعة "), "p": "b", "v": "f", "z": "d", "g": "k"}
)
"""One letter for each consonant, the same for Arabic and (folded) Latin; vowels and half-vowels vanish."""
ROMAN = str.maketrans(
    {
        **dict(zip("بپتثجچحخدذرزژسشصضطظغفڤقكلمنه", "bbtzjʃhxdzrzʃsʃsdtzkffkklmnh", strict=True)),
        "ا": "a",
        "و": "u",
        "ي": "i",
        "ع": "",
        "ة": "a",
    }
)
"""Arabic letters as the folding spells their usual Latin forms; what Arabic leaves unwritten stays so."""
