"""Numbers and dates that a text gives, in digits of any script or in words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from ..namespaces import XSD
from .words import fold

__all__ = ["missing_numbers", "numbers"]

#: Numbers in groups of three, and with a fraction; either mark may separate either.
_GROUPED = re.compile(r"(?<![\w.,])\d{1,3}(?:([.,'’ \u202f])\d{3})(?:\1\d{3})*(?:[.,]\d+)?(?![\w]|[.,]\d)")
_DECIMAL = re.compile(r"(?<![\d.,])\d+[.,]\d+(?![\d]|[.,]\d)")
_DIGITS = re.compile(r"(?<![^\W\d_\u3040-\u9fff])\d+(?![^\W\d_\u3005-\u9fff\u0600-\u06ff])")
_KANJI = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
_KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}
_KANJI_GROUPS = {"万": 10**4, "億": 10**8, "兆": 10**12}
_KANJI_RUN = re.compile("[〇零一二三四五六七八九十百千万億兆\\d]+")
#: The first years of the reigns by which Japan counts years.
_REIGNS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
_REIGN_YEAR = re.compile(f"({'|'.join(_REIGNS)})(元|[〇零一二三四五六七八九十百\\d]+)年")

_EN_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_EN_ORDINALS = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]
_EN = (
    {word: value for value, word in enumerate(_EN_UNITS)}
    | {word: value for value, word in enumerate(_EN_ORDINALS)}
    | {word: 20 + 10 * tens for tens, word in enumerate(_EN_TENS)}
    | {word[:-1] + "ieth": 20 + 10 * tens for tens, word in enumerate(_EN_TENS)}
)
_EN_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12}
_DE_UNITS = [
    "null",
    "ein",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
_DE_TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
_DE_SCALES = {"million": 10**6, "millionen": 10**6, "milliarde": 10**9, "milliarden": 10**9, "dutzend": 12}
_AR = {
    "صفر": 0, "واحد": 1, "واحده": 1, "احد": 1, "احدي": 1, "اثنان": 2, "اثنين": 2, "اثنتين": 2, "اثنا": 2, "اثني": 2,
    "ثلاث": 3, "اربع": 4, "خمس": 5, "ست": 6, "سبع": 7, "ثمان": 8, "ثماني": 8, "تسع": 9, "عشر": 10, "عشرون": 20,
    "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30, "اربعون": 40, "اربعين": 40, "خمسون": 50, "خمسين": 50, "ستون": 60,
    "ستين": 60, "سبعون": 70, "سبعين": 70, "ثمانون": 80, "ثمانين": 80, "تسعون": 90, "تسعين": 90, "مئه": 100, "مائه": 100,
    "مئتان": 200, "مئتين": 200, "مائتين": 200, "الف": 1000, "الفان": 2000, "الفين": 2000, "الاف": 1000,
    "مليون": 10**6, "ملايين": 10**6, "مليونان": 2 * 10**6, "مليونين": 2 * 10**6, "مليار": 10**9, "مليارات": 10**9,
}  # fmt: skip
_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "de": "januar/jänner februar/feber märz april mai juni juli august september oktober november dezember",
    "ar": "يناير/كانون_الثاني فبراير/شباط مارس/اذار ابريل/نيسان مايو/ايار يونيو/حزيران يوليو/تموز اغسطس/اب سبتمبر/ايلول"
    " اكتوبر/تشرين_الاول نوفمبر/تشرين_الثاني ديسمبر/كانون_الاول",
}
_WORD = re.compile(r"[^\W\d_]+|[^\w\s-]")  #: words, and the marks between them
_DATE = re.compile(r"-?(\d{4,})(?:-(\d\d))?(?:-(\d\d))?")
_DATES = {XSD[name] for name in ("gYear", "gYearMonth", "date", "dateTime", "dateTimeStamp")}
_AMOUNTS = {
    XSD[name]
    for name in (
        "integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger",
        "positiveInteger", "negativeInteger", "nonPositiveInteger", "unsignedInt", "unsignedLong", "unsignedShort",
        "unsignedByte",
    )
}  # fmt: skip


def missing_numbers(lexical: str, datatype: str | None, text: str, language: str) -> list[str]:
    """The numbers of a literal that a text does not give; for a text, its runs of digits."""
    if not any(char.isdigit() for char in lexical):
        return []
    present = numbers(text, language)
    if datatype in _DATES and (match := _DATE.match(lexical)):
        year, month, day = match.groups()
        missing = [part for part in (year, day) if part and Decimal(part) not in present]
        if month and Decimal(month) not in present and not _names_month(int(month), text, language):
            missing.append(month)
        return missing
    if datatype in _AMOUNTS:
        try:
            amount = abs(Decimal(lexical.strip()))
        except InvalidOperation:
            return [lexical]
        return [] if not amount.is_finite() or amount in present else [lexical]
    if datatype and datatype not in (XSD.string, XSD.gMonth, XSD.gDay):
        return []
    return [str(number) for number in sorted(numbers(lexical, "") - present)]


def numbers(text: str, language: str) -> frozenset[Decimal]:
    """All numbers of a text: digits of any script, and words in English, German, Japanese and Arabic."""
    return _numbers(text, language.split("-")[0].lower())


@lru_cache(maxsize=1 << 12)
def _numbers(text: str, language: str) -> frozenset[Decimal]:
    folded = fold(_ascii_digits(text))
    values: set[Decimal] = set()
    rest = folded
    for pattern in (_GROUPED, _DECIMAL):
        for match in pattern.finditer(rest):
            values.update(_readings(match[0]))
        if pattern is _GROUPED:
            rest = pattern.sub(" ", rest)
    values.update(Decimal(match) for match in _DIGITS.findall(rest))
    if language == "en":
        values.update(_english(_WORD.findall(folded)))
    elif language == "de":
        values.update(_german(_WORD.findall(folded)))
    elif language == "ja":
        values.update(_japanese(folded))
        values.update(_years_of_reigns(folded))
    elif language == "ar":
        values.update(_arabic(_WORD.findall(folded)))
    return frozenset(values)


def _ascii_digits(text: str) -> str:
    return "".join(
        str(unicodedata.digit(c)) if not c.isascii() and unicodedata.category(c) == "Nd" else c for c in text
    )


def _readings(text: str) -> Iterator[Decimal]:
    """A number with separators, each mark read as either separator where that is possible."""
    plain = re.sub(r"['’ \u202f]", "", text)
    for mark, other in ((".", ","), (",", ".")):
        parts = plain.replace(other, "").split(mark)
        if len(parts) <= 2:
            yield Decimal(".".join(parts))
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain):
        yield Decimal(re.sub("[.,]", "", plain))


def _english(words: Iterable[str]) -> Iterator[Decimal]:
    total, current, going_on = 0, 0, False
    for word in [*words, ""]:
        if word in _EN:
            value = _EN[word]
            if going_on and current and value >= 10 and 10 <= current < 100:
                yield Decimal(current * 100 + value)  # a year in two halves: nineteen ninety-two
                current = current * 100 + value
            elif going_on and current and (current % 10 or current % 100 < 20) and current % 100:
                yield Decimal(total + current)
                total, current = 0, value
            else:
                current += value
            going_on = True
        elif word in _EN_SCALES and (going_on or word != "second"):
            scale = _EN_SCALES[word]
            current = max(current, 1) * scale
            if scale > 100:
                total, current = total + current, 0
            going_on = True
        elif word == "and" and going_on:
            continue
        elif going_on:
            yield Decimal(total + current)
            total, current, going_on = 0, 0, False


@lru_cache(maxsize=1)
def _german_words() -> dict[str, int]:
    below: dict[int, list[str]] = {value: [word] for value, word in enumerate(_DE_UNITS)}
    below[1] = ["ein", "eins", "eine", "einer", "einem", "einen"]
    for tens, word in enumerate(_DE_TENS):
        below[20 + 10 * tens] = [word]
        for unit in range(1, 10):
            below[20 + 10 * tens + unit] = [_DE_UNITS[unit] + "und" + word]
    result = {word: value for value, words in below.items() for word in words}
    rests = [(0, "")] + [
        (value, joint + words[1 if value == 1 else 0])
        for value, words in below.items() if value for joint in ("", "und")
    ]  # fmt: skip
    hundreds: dict[str, int] = {}
    for count in range(1, 20):
        for head in [_DE_UNITS[count]] + ([""] if count == 1 else []):
            hundreds |= {f"{head}hundert{rest}": 100 * count + value for value, rest in rests}
    result |= hundreds
    rests += [(value, word) for word, value in hundreds.items() if value < 1000]
    for count in range(1, 13):
        for head in [_DE_UNITS[count]] + ([""] if count == 1 else []):
            result |= {f"{head}tausend{rest}": 1000 * count + value for value, rest in rests}
    ordinals = {"erste": 1, "dritte": 3, "siebte": 7, "achte": 8} | {
        f"{_DE_UNITS[value]}te": value for value in range(2, 20) if value not in (3, 7, 8)
    }
    result |= {word + end: value for word, value in ordinals.items() for end in ("", "n", "r", "s", "m")}
    return {fold(word): value for word, value in result.items()}


def _german(words: Iterable[str]) -> Iterator[Decimal]:
    numerals, last = _german_words(), None
    for word in words:
        if word in numerals:
            last = numerals[word]
            yield Decimal(last)
        elif word in _DE_SCALES:
            yield Decimal((1 if last is None else last) * _DE_SCALES[word])
            last = None
        else:
            last = None


def _japanese(text: str) -> Iterator[Decimal]:
    for run in _KANJI_RUN.findall(text):
        if run.isdecimal():
            continue
        if all(char in _KANJI for char in run):
            yield Decimal("".join(str(_KANJI[char]) for char in run))
            continue
        total, group, current = 0, 0, 0
        for char in run:
            if char in _KANJI_GROUPS:
                total, group, current = total + max(1, group + current) * _KANJI_GROUPS[char], 0, 0
            elif char in _KANJI_UNITS:
                group, current = group + max(1, current) * _KANJI_UNITS[char], 0
            else:
                current = current * 10 + (_KANJI[char] if char in _KANJI else int(char))
        yield Decimal(total + group + current)


def _years_of_reigns(text: str) -> Iterator[Decimal]:
    for match in _REIGN_YEAR.finditer(text):
        for number in (
            [Decimal(1)] if match[2] == "元" else [*_japanese(match[2]), *map(Decimal, _DIGITS.findall(match[2]))]
        ):
            yield _REIGNS[match[1]] - 1 + number


def _arabic(words: Iterable[str]) -> Iterator[Decimal]:
    total, current, going_on = 0, 0, False
    for word in [*words, ""]:
        plain = word.replace("ة", "ه").replace("ى", "ي")
        value = None
        for candidate in (
            plain,
            plain.removeprefix("و"),
            plain.removesuffix("ه"),
            plain.removeprefix("و").removesuffix("ه"),
        ):
            if candidate in _AR:
                value = _AR[candidate]
                break
        hundreds = re.fullmatch(r"و?(\w{2,5})م[ئا]ئ?ه", plain)
        if value is None and hundreds and hundreds[1] in _AR:
            value = _AR[hundreds[1]] * 100
        if value is None:
            if going_on:
                yield Decimal(total + current)
            total, current, going_on = 0, 0, False
        elif value in (10**3, 10**6, 10**9):
            total, current, going_on = total + max(1, current) * value, 0, True
        elif value == 100 and 0 < current < 10:
            current, going_on = current * 100, True
        else:
            current, going_on = current + value, True


def _names_month(month: int, text: str, language: str) -> bool:
    tag = language.split("-")[0].lower()
    names = _MONTHS.get(tag, "").split()
    if not names or not 1 <= month <= 12:
        return False
    folded = fold(text)
    words = [word for word in _WORD.findall(folded) if len(word) >= (2 if tag == "ar" else 3)]
    for name in names[month - 1].split("/"):
        if "_" in name:
            given = name.replace("_", " ") in folded
        elif tag == "ar":  # the first letters of a month are words of their own
            given = any(name in (word, word[1:]) for word in words)
        else:
            given = any(word.startswith(name[:3]) for word in words)
        if given:
            return True
    return False
