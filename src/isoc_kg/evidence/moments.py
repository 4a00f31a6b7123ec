"""Dates, times and durations that a text gives, in English, German, Japanese and Arabic; in digits in all."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from .numerals import ascii_digits, numbers, primary_language
from .words import fold

__all__ = ["Duration", "Mention", "dates", "durations", "names_months", "times", "years"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A month that a text names, with the days and years that it puts beside it."""

    month: int
    days: frozenset[int] = frozenset()
    years: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of a unit of time: months, or seconds."""

    unit: str  #: as XSD writes it: Y, M, D, h, m, s (weeks are days)
    amount: Decimal

    @property
    def months(self) -> Decimal | None:
        """The length in months, where it is one of years or months."""
        return {"Y": self.amount * 12, "M": self.amount}.get(self.unit)

    @property
    def seconds(self) -> Decimal | None:
        """The length in seconds, where it is one of days or less."""
        factor = {"D": 86400, "h": 3600, "m": 60, "s": 1}.get(self.unit)
        return None if factor is None else self.amount * factor


_MONTHS = {
    "en": (
        "january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul", "august|aug",
        "september|sept|sep", "october|oct", "november|nov", "december|dec",
    ),
    "de": (
        "januar|jänner|jan", "februar|feber|feb", "märz|mär", "april|apr", "mai", "juni|jun", "juli|jul", "august|aug",
        "september|sept|sep", "oktober|okt", "november|nov", "dezember|dez",
    ),
    "ar": (
        "يناير|كانون الثاني", "فبراير|شباط", "مارس|اذار", "ابريل|نيسان", "مايو|ايار", "يونيو|حزيران", "يوليو|تموز",
        "اغسطس|اب", "سبتمبر|ايلول", "اكتوبر|تشرين الاول", "نوفمبر|تشرين الثاني", "ديسمبر|كانون الاول",
    ),
}  # fmt: skip
#: Months that are other words as well: they are months with a capital, and beside a number or one of these.
_AMBIGUOUS = frozenset(("may", "march", "august", "mai", "اب"))
_BEFORE_MONTH = re.compile(
    r"\b(?:in|of|since|until|till|by|from|during|early|late|mid|last|this|next|to|through|before|after|every|each|"
    r"between|and|im|ab|seit|bis|vom|anfang|mitte|ende|und|في|شهر|منذ)[\s-]+$",
    re.IGNORECASE,
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)(?:st|nd|rd|th|\.)?"
_DAYS = rf"{_DAY}(?:\s*(?:,|and|und|و|to|or|oder|bis|الى|–|-|/|&)\s*(?:the\s+)?{_DAY})*"
_NUMERIC = (
    re.compile(r"(?<![\d.])(?P<y>\d{4})([-/.])(?P<m>\d{1,2})(?:\2(?P<d>\d{1,2}))?(?!\d)"),
    re.compile(r"(?<![\d.])(?P<d>\d{1,2})([-/.])\s?(?P<m>\d{1,2})\2\s?(?P<y>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?<![\d./-])(?P<m>\d{1,2})[/.](?P<y>\d{4})(?!\d)"),
)
_GERMAN_DAY = re.compile(r"(?<![\d.])(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.(?!\d|\s?\d)")
#: The first years of Japanese eras.
_ERAS = {"明治": 1868, "大正": 1912, "昭和": 1926, "平成": 1989, "令和": 2019}
_JAPANESE_NUMBER = r"\d+|[〇零一二三四五六七八九十]+"
_JAPANESE = re.compile(
    rf"(?:(?P<era>{'|'.join(_ERAS)})?(?P<y>元|{_JAPANESE_NUMBER}|[〇零一二三四五六七八九十百千]+)年(?:度)?の?)?"
    rf"(?:(?P<m>{_JAPANESE_NUMBER})月(?:(?P<d>{_JAPANESE_NUMBER})日)?)?"
)
_ORDINAL = re.compile(
    r"\b(?:(?:twenty|thirty)[- ])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)\b",
    re.IGNORECASE,
)
_GERMAN_ORDINAL = re.compile(r"\b\w+te[nrsm]?\b", re.IGNORECASE)
_ARABIC_ORDINAL = re.compile(r"(?<!تشرين )(?<!كانون )\bال\w+(?=(?: من)? )")  # two months have ordinals in their names


def names_months(language: str) -> bool:
    """Whether months are read by their names in a language."""
    return primary_language(language) in (*_MONTHS, "ja")


def dates(text: str, language: str) -> tuple[Mention, ...]:
    """The months that a text names, in words or as part of a date in digits, with days and years beside them."""
    return _dates(text, primary_language(language))


@lru_cache(maxsize=1 << 12)
def _dates(text: str, language: str) -> tuple[Mention, ...]:
    plain = unicodedata.normalize("NFKC", ascii_digits(text))
    found = list(_in_digits(plain, language))
    if language == "ja":
        found += _in_japanese(plain)
    elif language in _MONTHS:
        found += _in_words(fold(plain) if language == "ar" else plain, language)
    return tuple(found)


def _in_digits(text: str, language: str) -> Iterator[Mention]:
    for pattern in (*_NUMERIC, *([_GERMAN_DAY] if language == "de" else [])):
        for match in pattern.finditer(text):
            parts = {name: int(value) for name, value in match.groupdict().items() if value}
            year, month, day = parts.get("y"), parts["m"], parts.get("d")
            years = frozenset(() if year is None else (year,) if len(match["y"]) == 4 else (1900 + year, 2000 + year))
            readings = [(month, day)]
            if pattern is _NUMERIC[1] and day is not None and (language != "de" or match[2] == "/"):
                readings.append((day, month))  # 3/5/1994 is two days
            for number, of_month in readings:
                if 1 <= number <= 12 and (of_month is None or 1 <= of_month <= 31):
                    yield Mention(number, frozenset(() if of_month is None else (of_month,)), years)


@lru_cache(maxsize=4)
def _month_pattern(language: str) -> re.Pattern[str]:
    names = "|".join(
        f"(?P<m{number}>{'|'.join(map(re.escape, names.split('|')))})"
        for number, names in enumerate(_MONTHS[language], 1)
    )
    before = "(?:و?[بلف]?)" if language == "ar" else ""
    return re.compile(
        rf"(?:(?<![\d.,])(?P<days>{_DAYS})\s*(?:(?:day\s+)?of\s+|من(?:\s+شهر)?\s+)?)?\b{before}(?P<month>{names})\b\.?"
        rf"(?:,?\s+(?:the\s+)?(?P<more>{_DAYS})(?![.,]?\d))?"
        rf"(?:,?\s+(?:of\s+|(?:im\s+)?jahr\s+|(?:من\s+)?(?:عام|سنه|سنة)\s+)?(?P<year>\d{{4}})(?!\d))?",
        re.IGNORECASE,
    )


def _in_words(text: str, language: str) -> Iterator[Mention]:
    text = _with_digits(text, language)
    for match in _month_pattern(language).finditer(text):
        number = next(number for number in range(1, 13) if match[f"m{number}"])
        name = match["month"]
        beside = match["days"] or match["more"] or match["year"]
        capital = language == "ar" or name[0].isupper()
        abbreviated = len(name) == 3 and name.lower() != "may" and name.lower() != "mai"
        if not beside and abbreviated:
            continue
        if name.lower() in _AMBIGUOUS and not (
            capital and (beside or _BEFORE_MONTH.search(text[max(0, match.start("month") - 12) : match.start("month")]))
        ):
            continue
        days = frozenset(
            int(day) for part in (match["days"], match["more"]) if part for day in re.findall(r"\d+", part)
        )
        yield Mention(number, days, frozenset((int(match["year"]),) if match["year"] else ()))


def _with_digits(text: str, language: str) -> str:
    """A text with the ordinals that may be days in digits."""
    pattern = {"en": _ORDINAL, "de": _GERMAN_ORDINAL, "ar": _ARABIC_ORDINAL}[language]

    def ordinal(match: re.Match[str]) -> str:
        values = [value for value in numbers(match[0], language) if 1 <= value <= 31]
        return f"{values[0]}." if values and language != "ar" else str(values[0]) if values else match[0]

    return pattern.sub(ordinal, text)


def _in_japanese(text: str) -> Iterator[Mention]:
    for match in _JAPANESE.finditer(text):
        year = _japanese_year(match)
        if match["m"]:
            month = _japanese_number(match["m"])
            days = frozenset((_japanese_number(match["d"]),) if match["d"] else ())
            if 1 <= month <= 12:
                yield Mention(month, days, frozenset(() if year is None else (year,)))


def _japanese_year(match: re.Match[str]) -> int | None:
    if not match["y"]:
        return None
    year = 1 if match["y"] == "元" else _japanese_number(match["y"])
    return _ERAS[match["era"]] + year - 1 if match["era"] else year


def _japanese_number(text: str) -> int:
    return int(text) if text.isdecimal() else int(max(numbers(text, "ja"), default=Decimal(0)))


def years(text: str, language: str) -> frozenset[Decimal]:
    """The numbers of a text that may be years: its numbers, years of eras, and the second of “1994/95”."""
    found = set(numbers(text, language))
    plain = unicodedata.normalize("NFKC", ascii_digits(text))
    for century, second in re.findall(r"(?<!\d)(\d\d)\d\d[-–/](\d\d)(?!\d)", plain):
        found.add(Decimal(century + second))
    if primary_language(language) == "ja":
        found.update(Decimal(year) for match in _JAPANESE.finditer(plain) if (year := _japanese_year(match)))
    return frozenset(found)


_CLOCK = re.compile(
    r"(?<![\d:.])(?P<h>\d{1,2})(?:(?P<mark>[:.])(?P<m>\d\d)(?::(?P<s>\d\d))?)?(?![\d:])"
    r"\s*(?P<half>a\.?\s?m\b|p\.?\s?m\b)?(?P<name>\s*(?:uhr|o['’]clock|h\b))?",
    re.IGNORECASE,
)
_JAPANESE_CLOCK = re.compile(
    r"(?P<half>午前|午後)?(?P<h>\d{1,2})時(?!間)(?:(?P<m>\d{1,2})分(?:(?P<s>\d{1,2})秒)?|(?P<thirty>半))?"
)
_ARABIC_CLOCK = re.compile(r"الساعه\s+(?P<h>\d{1,2})(?![\d:])")
_NAMED = {"noon": 12, "midday": 12, "mittag": 12, "正午": 12, "midnight": 0, "mitternacht": 0, "منتصف الليل": 0}


def times(text: str) -> frozenset[tuple[int, int, int]]:
    """The times of day of a text: hour, minute, second. One in twelve hours without its half is both."""
    plain = fold(ascii_digits(text)).replace("ة", "ه")
    found = {(hour, 0, 0) for name, hour in _NAMED.items() if name.replace("ة", "ه") in plain}
    for match in _CLOCK.finditer(plain):
        half, named = (match["half"] or "")[:1], bool(match["name"])
        if match["mark"] == ":" or half or named:
            found.update(_hours(int(match["h"]), int(match["m"] or 0), int(match["s"] or 0), half))
    for match in _JAPANESE_CLOCK.finditer(plain):
        half = {"午前": "a", "午後": "p"}.get(match["half"] or "", "")
        minute = 30 if match["thirty"] else int(match["m"] or 0)
        found.update(_hours(int(match["h"]), minute, int(match["s"] or 0), half))
    for match in _ARABIC_CLOCK.finditer(plain):
        found.update(_hours(int(match["h"]), 0, 0, ""))
    return frozenset(found)


def _hours(hour: int, minute: int, second: int, half: str) -> Iterator[tuple[int, int, int]]:
    if half:
        yield hour % 12 + (12 if half == "p" else 0), minute, second
        return
    yield hour % 24, minute, second
    if hour < 12:
        yield hour + 12, minute, second


_UNITS = {
    "en": "year:Y month:M week:W day:D hour:h minute:m second:s decade:X century:C",
    "de": "jahr:Y monat:M woche:W tag:D stunde:h minute:m sekunde:s jahrzehnt:X jahrhundert:C",
    "ar": "سنه:Y سنوات:Y عام:Y اعوام:Y شهر:M اشهر:M شهور:M اسبوع:W اسابيع:W يوم:D ايام:D ساعه:h ساعات:h دقيقه:m "
    "دقائق:m ثانيه:s ثوان:s",
}
_JAPANESE_UNITS = {
    "年": "Y", "か月": "M", "ヶ月": "M", "カ月": "M", "ケ月": "M", "箇月": "M", "週間": "W", "日": "D", "時間": "h",
    "分": "m", "秒": "s",
}  # fmt: skip
_SPAN = re.compile(r"[^\W\d_]+|\d[\d.,]*|[^\w\s-]")
_LENGTHS = {"W": ("D", 7), "X": ("Y", 10), "C": ("Y", 100)}


def durations(text: str, language: str) -> tuple[Duration, ...]:
    """The amounts of time of a text, in its order; none where the language's units are not known."""
    primary = primary_language(language)
    plain = fold(ascii_digits(text)).replace("ة", "ه")
    found = []
    if primary == "ja":
        units = "|".join(_JAPANESE_UNITS)
        for match in re.finditer(rf"(\d[\d.,]*|[〇零一二三四五六七八九十百千万]+)({units})", plain):
            found += [Duration(_JAPANESE_UNITS[match[2]], value) for value in numbers(match[1], "ja")]
    elif primary in _UNITS:
        units_of = dict(pair.split(":") for pair in _UNITS[primary].split())
        words = _SPAN.findall(plain)
        for at, word in enumerate(words):
            unit = next((u for name, u in units_of.items() if _is_unit(word, name, primary)), None)
            if unit is None:
                continue
            # the longest run of words before the unit that is one number
            for length in range(min(at, 6), 0, -1):
                values = numbers(" ".join(words[at - length : at]), primary)
                if len(values) == 1 and numbers(words[at - length], primary):
                    found.append(Duration(unit, next(iter(values))))
                    break
            else:
                if (at and words[at - 1] in ("a", "an")) or primary == "ar":
                    found.append(Duration(unit, Decimal(1)))
    return tuple(
        Duration(_LENGTHS[span.unit][0], span.amount * _LENGTHS[span.unit][1]) if span.unit in _LENGTHS else span
        for span in found
    )


def _is_unit(word: str, name: str, language: str) -> bool:
    if language == "en":
        return word in (name, name + "s") or (name == "century" and word == "centuries")
    if language == "de":
        return word.startswith(name) and word.removeprefix(name) in ("", "e", "en", "n", "es", "s", "er", "ern")
    return word in (name, "ا" + name)
