"""Numbers that a text gives, in digits of any script or in words, with their signs."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import Context, Decimal, localcontext
from functools import lru_cache

from .number_words import ROMANCE, in_words
from .words import fold

__all__ = ["ascii_digits", "numbers", "primary_language"]

#: Digits in groups of three (in India of two as well), with a fraction or without; then single runs of digits. No
#: letter stands before or behind, but for an ordinal's: “3IP” gives no number.
_NUMERAL = re.compile(
    r"(?<![\w.,])\d{1,3}(?:([.,'’ ])\d{3})(?:\1\d{3})*(?:[.,]\d+)?(?![\w]|[.,]\d)"
    r"|(?<![\w.,])\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d+)?(?![\w]|[.,]\d)"
    r"|(?<![\w.,])\d+[.,]\d+(?:e[+-]?\d+)?(?![.,]\d)"
    r"|(?<![^\W_\u3040-\u9fff])\d+(?:(?=(?:st|nd|rd|th|bn|mn)\b)|(?![^\W\d_\u3005-\u9fff\u0600-\u06ff]))"
)
#: Particles that are written together with the digits behind them: “and 7”.
_JOINED = re.compile(r"\b([وفبلك]{1,2})(?=\d)")
_TOKEN = re.compile(r"[^\W\d_]+|[^\w\s-]")  #: words, and the marks between them
#: The mark that groups digits where “1.500” or “1,500” could be read in two ways.
_GROUPING = {"en": ",", "ja": ",", "zh": ",", "ko": ","}
_GROUPING |= dict.fromkeys(
    ("de", "fr", "it", "pt", "nl", "da", "nb", "no", "sv", "fi", "pl", "cs", "ru", "uk", "tr"), "."
)
#: What numbers what it stands before, so that a number behind its own, apart, is another one: “in group 12 300 people”.
_NUMBERING = re.compile(
    r"\b(?:groups?|rooms?|halls?|class|chapter|section|page|no\.|nr\.|number|gruppe|raum|saal|klasse|kapitel|nummer"
    r"|groupe|salle|classe|chapitre|page|numéro|n°|grupo|sala|clase|capítulo|número|gruppo|capitolo|numero)\s+$"
)
#: What stands before a number below zero, and behind a year before the common era.
_NEGATIVE = re.compile(
    r"(?:(?:^|[(\[“„«\"'=:;,~]|(?<!\d)\s)[-−–][$€£¥]?|\b(?:minus|negative)\s+|マイナス|紀元前|(?:سالب|ناقص)\s+)$"
)
_BEFORE_ERA = re.compile(
    r"\s*(?:b\.?\s?c\.?(?:\s?e\b\.?)?(?![^\W\d])|before (?:christ|the common era)\b|v\.\s?(?:chr|u\.\s?z)\b|ق\.?\s?م\b)"
)
_PERCENT = re.compile(r"\s*(?:%|٪|per\s?cent\b|prozent\b|パーセント|في المئه|في المائه|بالمئه|بالمائه)")
_KANJI = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0}
_KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}
_KANJI_GROUPS = {"万": 10**4, "億": 10**8, "兆": 10**12}
_KANJI_PART = r"\d+(?:,\d{3})*(?:\.\d+)?|[〇零一二三四五六七八九十百千万億兆]"
_KANJI_RUN = re.compile(f"(?:{_KANJI_PART})+")

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
    | {"once": 1, "twice": 2, "thrice": 3}
    | {word[:-1] + "ieth": 20 + 10 * tens for tens, word in enumerate(_EN_TENS)}
)
_EN_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_EN_SCALES |= {"bn": 10**9, "mn": 10**6}
#: Before a scale they say that the number is not known: “several million”.
_EN_VAGUE = frozenset(("several", "few", "many", "some", "quarter", "couple"))
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
_DE_SCALES = {"million": 10**6, "millionen": 10**6, "mio": 10**6, "milliarde": 10**9, "milliarden": 10**9}
_DE_SCALES |= {"mrd": 10**9, "billion": 10**12, "billionen": 10**12, "tausend": 1000, "dutzend": 12}
_DE_VAGUE = frozenset(("mehrere", "einige", "viele", "wenige", "viertel"))
_AR = {
    "صفر": 0, "واحد": 1, "واحده": 1, "احد": 1, "احدي": 1, "اثنان": 2, "اثنين": 2, "اثنتين": 2, "اثنا": 2, "اثني": 2,
    "ثلاث": 3, "اربع": 4, "خمس": 5, "ست": 6, "سبع": 7, "ثمان": 8, "ثماني": 8, "تسع": 9, "عشر": 10, "عشرون": 20,
    "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30, "اربعون": 40, "اربعين": 40, "خمسون": 50, "خمسين": 50, "ستون": 60,
    "ستين": 60, "سبعون": 70, "سبعين": 70, "ثمانون": 80, "ثمانين": 80, "تسعون": 90, "تسعين": 90, "مئه": 100, "مائه": 100,
    "مئتان": 200, "مئتين": 200, "مائتين": 200, "الفان": 2000, "الفين": 2000,
    "مليونان": 2 * 10**6, "مليونين": 2 * 10**6, "اول": 1, "ثاني": 2, "ثالث": 3, "رابع": 4, "خامس": 5, "سادس": 6,
    "سابع": 7, "ثامن": 8, "تاسع": 9, "عاشر": 10,
}  # fmt: skip
_AR_SCALES = {"الف": 1000, "الاف": 1000, "الفا": 1000, "مليون": 10**6, "مليونا": 10**6, "ملايين": 10**6}
_AR_SCALES |= {"مليار": 10**9, "مليارا": 10**9, "مليارات": 10**9}


#: A word or mark of a text, or the readings of a number in digits.
_Token = str | tuple[Decimal, ...]


def primary_language(language: str) -> str:
    """The language of a tag, without script and region.

    >>> primary_language("de-CH")
    'de'
    """
    return language.split("-")[0].lower()


def numbers(text: str, language: str) -> frozenset[Decimal]:
    """All numbers of a text: digits of any script, and words.

    Words are read in English, German, French, Spanish, Italian, Japanese and Arabic.

    A number before a scale is read with it (“1.5 million” gives 1500000 alone); a year before the common era and a
    number behind a minus are below zero; of a percentage the share is given, too.
    """
    return _numbers(text, primary_language(language))


@lru_cache(maxsize=1 << 12)
def _numbers(text: str, language: str) -> frozenset[Decimal]:
    # what the program around has set for its decimals would round them, and stay in the cache
    with localcontext(Context(prec=50)):
        return _read(text, language)


def _read(text: str, language: str) -> frozenset[Decimal]:
    folded = fold(ascii_digits(text))
    values: set[Decimal] = set()
    if language == "ja":
        values.update(_japanese(folded))
        folded = _KANJI_RUN.sub(lambda run: run[0] if _is_digits(run[0]) else "〓", folded)
    elif language == "ar":
        folded = _JOINED.sub(r"\1 ", folded)
    readers = {"en": _english, "de": _german, "ar": _arabic}
    tokens = list(_tokens(folded, language))
    if language in ROMANCE:
        values.update(in_words(tokens, ROMANCE[language]))
    else:
        values.update(readers.get(language, _plain)(tokens))
    return frozenset(values)


def ascii_digits(text: str) -> str:
    """A text with the digits and the marks among them as ASCII has them."""
    return "".join(
        str(unicodedata.digit(c)) if not c.isascii() and unicodedata.category(c) == "Nd" else c for c in text
    ).translate(_MARKS)


_MARKS = str.maketrans({"٫": ".", "٬": ","})


def _is_digits(run: str) -> bool:
    return all(char.isdecimal() or char in ",." for char in run)


def _tokens(folded: str, language: str) -> Iterator[_Token]:
    """The words and marks of a folded text, and the readings of its numbers in digits."""
    end = 0
    for match in _NUMERAL.finditer(folded):
        before = folded[end : match.start()]
        yield from _TOKEN.findall(before)
        end = match.end()
        readings = set(_readings(match[0], language))
        parts = match[0].split(" ")
        if len(parts) == 2 and all(map(str.isdecimal, parts)) and _NUMBERING.search(folded, 0, match.start()):
            yield from ((Decimal(part),) for part in parts)
            continue
        if _NEGATIVE.search(folded[max(0, match.start() - 12) : match.start()]) or _BEFORE_ERA.match(folded, end):
            readings = {-value for value in readings}
        if _PERCENT.match(folded, end):
            readings |= {value / 100 for value in readings}
        yield tuple(sorted(readings))
    yield from _TOKEN.findall(folded[end:])


def _readings(text: str, language: str) -> Iterator[Decimal]:
    """A number in digits: one reading, or several where neither the marks nor the language tell which is meant."""
    plain = re.sub(r"['’ ]", "", text)
    if "e" in plain:
        yield Decimal(plain.replace(",", "."))
        return
    readings = {}
    for group, mark in ((",", "."), (".", ",")):
        if re.fullmatch(rf"\d+(?:\{mark}\d+)?|\d{{1,3}}(?:\{group}\d{{2,3}})*\{group}\d{{3}}(?:\{mark}\d+)?", plain):
            readings[group] = Decimal(plain.replace(group, "").replace(mark, "."))
    usual = _GROUPING.get(language, "")
    yield from [readings[usual]] if usual in readings else readings.values()


def _plain(tokens: Sequence[_Token]) -> Iterator[Decimal]:
    for token in tokens:
        if isinstance(token, tuple):
            yield from token


def _english(tokens: Sequence[_Token]) -> Iterator[Decimal]:
    total, current = Decimal(0), Decimal(0)
    going_on = joined = False  # within a number; behind its “and”
    for at, word in enumerate([*tokens, ""]):
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        if isinstance(word, tuple):
            if going_on:
                yield total + current
            scaled = following in _EN_SCALES
            total, current, going_on = Decimal(0), word[-1] if scaled else Decimal(0), scaled
            yield from () if scaled else word
        elif word in _EN:
            value = _EN[word]
            apart = current % 100 and (joined or current % 10 or current % 100 < 20 or value >= 10)
            if going_on and not joined and value >= 10 and 10 <= current < 100:
                current = current * 100 + value  # a year in two halves: nineteen ninety-two
            elif going_on and apart:
                yield total + current
                total, current = Decimal(0), Decimal(value)
            else:
                current += value
            going_on = True
        elif word in _EN_SCALES:
            count = current if going_on and current else _uncounted(tokens[max(0, at - 2) : at])
            scale = _EN_SCALES[word]
            total, current = (total, count * scale) if scale <= 100 else (total + count * scale, Decimal(0))
            going_on = bool(total or current)
        elif going_on and (changed := _english_part(word, current, following, joined=joined)) is not None:
            current, joined = changed, word in ("and", "a")
            continue
        elif going_on:
            yield total + current
            total, current, going_on = Decimal(0), Decimal(0), False
        joined = False


def _uncounted(before: Sequence[_Token]) -> Decimal:
    """How many a scale counts that no number stands before; zero where the text does not say."""
    if before[-1:] == ["half"] or list(before) in (["half", "a"], ["half", "an"]):
        return Decimal("0.5")
    vague = (before and before[-1] in _EN_VAGUE) or list(before) == ["couple", "of"]
    return Decimal(0 if vague else 1)


def _english_part(word: str, current: Decimal, following: _Token, *, joined: bool) -> Decimal | None:
    """The number that goes on with a word that is no number itself; None where it ends."""
    if word == "and" or (word == "a" and joined and following == "half"):
        return current
    if word == "oh" and 10 <= current < 100:
        return current * 100
    return current + Decimal("0.5") if word == "half" and joined else None


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
    ordinals = (
        {f"{word}ste": value for word, value in result.items() if 20 <= value < 100}
        | {"erste": 1, "dritte": 3, "siebte": 7, "achte": 8}
        | {f"{_DE_UNITS[value]}te": value for value in range(2, 20) if value not in (3, 7, 8)}
    )
    result |= {word + end: value for word, value in ordinals.items() for end in ("", "n", "r", "s", "m")}
    return {fold(word): value for word, value in result.items()}


def _german_value(word: str) -> Decimal | None:
    """The number that a German word is."""
    numerals = _german_words()
    if word in numerals:
        return Decimal(numerals[word])
    if word == "anderthalb":
        return Decimal("1.5")
    if word.endswith("einhalb") and word[: -len("einhalb")] in numerals:
        return numerals[word[: -len("einhalb")]] + Decimal("0.5")
    times = re.fullmatch(r"(\w+?)(?:mal|malige[rnsm]?|fache[rnsm]?|fach)", word)
    if times and times[1] in numerals:
        return Decimal(numerals[times[1]])
    head, thousand, rest = word.partition("tausend")
    count, more = numerals.get(head or "ein"), numerals.get(rest.removeprefix("und"), None if rest else 0)
    return None if not thousand or count is None or more is None else Decimal(count * 1000 + more)


def _german(tokens: Sequence[_Token]) -> Iterator[Decimal]:
    total: Decimal | None = None
    last: Decimal | None = None
    for at, word in enumerate([*tokens, ""]):
        scaled = at + 1 < len(tokens) and tokens[at + 1] in _DE_SCALES
        if isinstance(word, tuple):
            value = word[-1] if scaled else None
            yield from () if scaled else word
        elif word in _DE_SCALES:
            if last is not None or not at or tokens[at - 1] not in _DE_VAGUE:
                total = (total or Decimal(0)) + (Decimal(1) if last is None else last) * _DE_SCALES[word]
            last = None
            continue
        elif word in ("halbe", "halben"):
            value = Decimal("0.5") if scaled else None
        else:
            value = _german_value(word)
        if last is not None or (total is not None and value is None):
            yield (total or Decimal(0)) + (last or Decimal(0))
            total = None
        last = value


def _japanese(text: str) -> Iterator[Decimal]:
    for match in _KANJI_RUN.finditer(text):
        run = match[0]
        if _is_digits(run):
            continue
        sign = -1 if _NEGATIVE.search(text[: match.start()][-4:]) else 1
        if all(char in _KANJI for char in run):
            yield sign * Decimal("".join(str(_KANJI[char]) for char in run))
            continue
        total, group, current = Decimal(0), Decimal(0), Decimal(0)
        for part in re.findall(_KANJI_PART, run):
            if part in _KANJI_GROUPS:
                total, group, current = total + (group + current or 1) * _KANJI_GROUPS[part], Decimal(0), Decimal(0)
            elif part in _KANJI_UNITS:
                group, current = group + (current or 1) * _KANJI_UNITS[part], Decimal(0)
            elif part in _KANJI:
                current = current * 10 + _KANJI[part]
            else:
                current = Decimal(part.replace(",", ""))
        yield sign * (total + group + current)


def _arabic(tokens: Sequence[_Token]) -> Iterator[Decimal]:
    total, current, going_on = Decimal(0), Decimal(0), False
    for at, token in enumerate([*tokens, ""]):
        if isinstance(token, tuple):
            if going_on:
                yield total + current
            scaled = at + 1 < len(tokens) and _arabic_scale(tokens[at + 1]) is not None
            total, current, going_on = Decimal(0), token[-1] if scaled else Decimal(0), scaled
            yield from () if scaled else token
            continue
        value, scale = _arabic_value(token), _arabic_scale(token)
        if scale is not None:
            total, current, going_on = total + (current or 1) * scale, Decimal(0), True
        elif value is None:
            if going_on:
                yield total + current
            total, current, going_on = Decimal(0), Decimal(0), False
        elif value == 100 and 0 < current < 10:
            current, going_on = current * 100, True
        else:
            current, going_on = current + value, True


def _arabic_plain(token: str) -> str:
    return token.replace("ة", "ه").replace("ى", "ي")


def _arabic_scale(token: _Token) -> int | None:
    if isinstance(token, tuple):
        return None
    plain = _arabic_plain(token)
    return _AR_SCALES.get(plain, _AR_SCALES.get(plain.removeprefix("و")))


def _arabic_value(token: str) -> int | None:
    plain = _arabic_plain(token)
    bare = plain.removeprefix("و")
    for candidate in (plain, bare, plain.removesuffix("ه"), bare.removesuffix("ه"), bare.removeprefix("ال")):
        if candidate in _AR:
            return _AR[candidate]
    hundreds = re.fullmatch(r"و?(\w{2,5})م[ئا]ئ?ه", plain)
    return _AR[hundreds[1]] * 100 if hundreds and hundreds[1] in _AR else None
