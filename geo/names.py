"""Folding of place names: one key for the spellings of a name, in any script.

From fine to coarse: `plain_names` keeps the words and drops what nobody types alike (case, marks, dashes, primes);
`fold_name` joins the usual spellings of one name ("Ar-Raqqah", "al Raqqa", "RAQQA"; "الرَّقّة", "الرقه");
`skeleton` keeps the consonants and is the same for an Arabic, Cyrillic or Latin spelling ("الرقة" and "Raqqa").

All work on whole lists: the names become one text with a name on each line, so that a rule runs once, in C, over all.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TYPE_WORDS = {
    "settlement": "city town village hamlet settlement community locality camp ejido qarya qaryat madina madinat",
    "part": "neighbourhood neighborhood quarter suburb colonia barrio hayy",
    "area": "township governorate province state oblast region raion rayon district subdistrict sub county department"
    " municipality commune division prefecture cercle upazila thana tehsil taluk woreda kebele ward barangay"
    " area nahiya nahiyat mantiqa mantiqat mintaqat muhafazat",
    "local": "قرية بلدة مدينة ناحية منطقة محافظة قضاء حي مخيم",
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
_LETTERS = str.maketrans(
    {
        **dict(zip("ٱىیێېکڪگڭھہەۃۆۇۈۋ", "اييييككككهههةوووو", strict=True)),
        **dict(zip("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789", strict=True)),
        **dict(zip("ıøłđðþæœəŋ", ("i", "o", "l", "d", "dh", "th", "ae", "o", "a", "n"), strict=True)),
        **dict(zip("абвгґдезиіклмнопрстуфыэ", "abvhgdeziiklmnoprstufie", strict=True)),
        **dict(zip("єжхцчшщюяъь", ("ie", "zh", "kh", "ts", "ch", "sh", "shch", "iu", "ia", "", ""), strict=True)),
    }
)
"""Letters that are one letter for us: Persian, Kurdish and Urdu forms in Arabic, digits, Latin letters, Cyrillic."""

_CEDILLAS = str.maketrans({"ş": "sh", "Ş": "sh", "ș": "sh", "Ș": "sh", "ç": "ch", "Ç": "ch"})
_GAPS = re.compile(r"[^\w\n]+|_+")
_MARBUTA = re.compile(r"(?<=\w\w)ه(?!\w)")
"""A final ha, which many write for ta marbuta."""
_TYPES = re.compile(r"(?<!\w)(?:" + "|".join(" ".join(TYPE_WORDS.values()).split()) + r")(?!\w)")
_AIRFIELDS = re.compile(
    r"(?<!\w)(?:(?:international|military|army|civil|regional) )*"
    r"(?:air ?(?:base|field|port|strip)|aerodrome|ab$)(?!\w)",
    re.MULTILINE,
)
"""What one airfield is called in turn; one word stands for all."""
_ARTICLES = re.compile(
    r"(?<!\w)(?:"
    r"[aeiu]?l +"  # al Bab, el Bab, l Bab
    r"|[aeiu](sh|th|dh|[drstzn]) +(?=\1)"  # ar Raqqah, ash Shaykh: assimilated to the letter that follows
    r"|[ae]l(?=[b-df-hj-np-tv-z][^\W\d]{2})"  # Albab
    r"|(?<![ae]l )[ae](?=(sh|th|dh|[drstzn])\2)"  # Arraqqah
    r"|ال(?=\w{2})"
    r")"
)
_ENDINGS = (
    (re.compile(r"(?<=\w[b-df-hj-np-tv-z])[aei]t(?= \w)"), "a"),  # Khirbet Ghazala: the feminine, before its owner
    (re.compile(r"(?<=[a-z])[aeio]h(?!\w)"), "a"),  # Raqqah, Raqqeh, Saniyeh: the feminine
    (re.compile(r"[ao]w(?![aeiou])"), "u"),  # Mawsil, Hawl: not Rawa
)
SPELLINGS = (
    *(("sch", "ʃ"), ("ch", "ʃ"), ("sh", "ʃ"), ("kh", "x"), ("dh", "z"), ("th", "z")),
    *(("gh", "k"), ("c", "k"), ("g", "k"), ("q", "k")),
    *(("ou", "u"), ("oo", "u"), ("au", "u"), ("o", "u")),
    *(("y", "i"), ("ai", "i"), ("ei", "i"), ("ee", "i"), ("ie", "i"), ("e", "a"), ("ai", "i")),
    *(("aa", "a"), ("ii", "i"), ("uu", "u")),
)
"""Usual spellings of one Latin consonant or vowel, replaced in this order."""
_DOUBLING = "abdfhijklmnprstuwxzʃابتثجحخدذرزسشصضطظعغفقكلمنهوية"

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

_ARABIC_CONSONANTS = dict(zip("بپتثجچحخدذرزژسشصضطظغفڤقكلمنه", "bbtdjʃhxddrdʃsʃsdtdkffkklmnh", strict=True))
_FINAL_H = re.compile(r"(?<=\w)[hهةح]+(?!\w)")
_SKELETON = str.maketrans(
    {**_ARABIC_CONSONANTS, **dict.fromkeys("aiuewyاويعة", ""), " ": "", "p": "b", "v": "f", "z": "d", "g": "k"}
)
"""One letter for each consonant, the same for Arabic and (folded) Latin; vowels and half-vowels vanish."""
_ROMAN = str.maketrans(
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


def plain_names(names: Iterable[str]) -> list[str]:
    """Return the words of each name in lower case, without accents, vowel signs, primes and punctuation.

    Letters that differ between keyboards only (Persian, Kurdish and Arabic kaf; alef with and without hamza) become
    one; Cyrillic is transliterated; digits become ASCII.
    """
    lines = [name.replace("\n", " ").replace("\r", " ") for name in names]
    ascii_ = [line.isascii() for line in lines]
    plain = _plain_ascii([line for line, simple in zip(lines, ascii_, strict=True) if simple])
    other = _plain_other([line for line, simple in zip(lines, ascii_, strict=True) if not simple])
    return [next(plain if simple else other) for simple in ascii_]


def _plain_ascii(lines: list[str]) -> Iterator[str]:
    """Return the plain form of names without any other letter, for which little is to be done."""
    block = "\n".join(lines).lower().replace("'", "").replace("`", "").replace('"', "")
    return (line.strip() for line in _GAPS.sub(" ", block).split("\n"))


def _plain_other(lines: list[str]) -> Iterator[str]:
    block = unicodedata.normalize("NFKD", "\n".join(lines).translate(_CEDILLAS)).casefold()
    block = unicodedata.normalize("NFKD", block).translate(_DROPPED).translate(_LETTERS)
    return (line.strip() for line in _MARBUTA.sub("ة", _GAPS.sub(" ", block)).split("\n"))


def _spell_words(names: list[str]) -> list[str]:
    """Return plain names with one spelling for each word, without articles and type words, modifiers last."""
    block = _AIRFIELDS.sub("airbase", "\n".join(names))
    block = _ARTICLES.sub("", _TYPES.sub(" ", block))
    kept = (line if line.strip() else name for line, name in zip(block.split("\n"), names, strict=True))
    block = "\n".join(kept)
    for pattern, to in _ENDINGS:
        block = pattern.sub(to, block)
    for spelling, to in SPELLINGS:
        block = block.replace(spelling, to)
    return block.split("\n")


def _undouble(block: str) -> str:
    for letter in _DOUBLING:
        while 2 * letter in block:
            block = block.replace(2 * letter, letter)
    return block


_MODIFIER = {
    form: key
    for words in ([key, *forms.split()] for key, forms in MODIFIERS.items())
    for key, form in ((_spell_words(words)[0], form) for form in _spell_words(plain_names(words)))
}
_MODIFIED = frozenset(_MODIFIER)


def _move_modifiers(line: str) -> str:
    words = line.split()
    if _MODIFIED.isdisjoint(words):
        return line
    moved = sorted(_MODIFIER[word] for word in words if word in _MODIFIED)
    return " ".join([word for word in words if word not in _MODIFIED] + moved) if len(moved) < len(words) else line


def _key_words(names: list[str]) -> list[str]:
    return [_move_modifiers(line) if " " in line else line for line in _spell_words(names)]


_UNSETTLED = re.compile(r"[scdtkg]h|h$|[aiu][aiuwy]|^[ae]l|^ال|ه$")
"""What a rule may still find once the words of a name are joined, and its letters folded."""


def _join_words(words: list[str]) -> list[str]:
    return _undouble("\n".join(words).replace(" ", "")).split("\n")


def _settle(folded: list[str]) -> list[str]:
    """Return folded names folded again until nothing changes."""
    open_ = [at for at, name in enumerate(folded) if _UNSETTLED.search(name)]
    while open_:
        again = _join_words(_key_words([folded[at] for at in open_]))
        changed = [(at, new) for at, new in zip(open_, again, strict=True) if folded[at] != new]
        for at, new in changed:
            folded[at] = new
        open_ = [at for at, _ in changed]
    return folded


def fold_names(names: Iterable[str]) -> list[str]:
    """Return the folded form of each name, empty for a name without a letter or digit; see `fold_name`."""
    return name_keys(names)[1]


def fold_name(name: str) -> str:
    """Return one key for the usual spellings of ``name`` in its script.

    The article and its assimilated forms, type words ("village", "قرية"), spaces, doubled letters and the variants of
    one consonant or vowel (q/k/g, dh/th/z, sh/ch, ou/u/oo, ee/i/y, -ah/-eh/-a) do not matter. Folding a folded name
    changes nothing.
    """
    return fold_names([name])[0]


def romanize(folded: str) -> str:
    """Return a folded Arabic name in the letters of folded Latin ones, without the vowels that Arabic leaves out."""
    return folded.translate(_ROMAN)


def name_keys(names: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
    """Return the plain form, the folded form and the consonant skeleton of each name.

    See `plain_names`, `fold_name` and `skeleton`; together they cost hardly more than one of them.
    """
    plain = plain_names(names)
    if not plain:
        return [], [], []
    words = _key_words(plain)
    consonants = _FINAL_H.sub("", "\n".join(words)).translate(_SKELETON)
    return plain, _settle(_join_words(words)), _undouble(consonants).split("\n")


def skeletons(names: Iterable[str]) -> list[str]:
    """Return the consonant skeleton of each name; see `skeleton`."""
    return name_keys(names)[2]


def skeleton(name: str) -> str:
    """Return the consonants of ``name``, the same for its Arabic, Cyrillic and Latin spellings.

    Coarse on purpose: it finds candidates, it does not decide. A name without a consonant has an empty skeleton.
    """
    return skeletons([name])[0]
