"""Figures: where a text gives a number or a date, as stretches of its folded form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..namespaces import XSD
from .literals import is_text, missing_parts
from .moments import dates, years
from .numerals import ascii_digits, numbers, primary_language
from .words import fold

__all__ = ["Figure", "figures", "values"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a date in a text."""

    text: str
    place: tuple[int, int]  #: start and end in the folded text
    dated: bool  #: whether it is a date, or a number that may be a year
    series: int  #: the same for figures that are only listed: “1797, 1810 and 1820”

    def gives(self, lexical: str, datatype: str | None, language: str) -> bool:
        """Whether it gives a literal by itself."""
        return not missing_parts(lexical, datatype, self.text, language)


#: Digits in groups with a space between them are one number.
_TOKEN = re.compile(
    r"[-−]?(?<![\w.,])\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?(?!\w|[.,]\d)|[-−]?[^\W_]+(?:[.,:/'’-][^\W_]+)*"
)
#: What may stand between the parts of a date.
_PART = re.compile(r"\s*[,.]?\s*(?:of\s+|the\s+|من\s+|عام\s+|سنة\s+)?")
_SCALE = re.compile(r"(?:hundred|thousand|million)$", re.IGNORECASE)
#: What stands between figures of one list, or the ends of a range.
_LISTED = re.compile(
    r"[\s\d]*(?:[,;/–—-]|、|・|と|から|،|,?\s*(?:and|or|to|until|und|oder|bis|sowie|و|أو|الى|إلى)"
    r"(?:\s(?:again|wieder|erneut)(?:\s(?:in|on|im|am))?)?)[\s]*",
    re.IGNORECASE,
)
_KANJI = "〇零一二三四五六七八九十百千万億兆"
_JAPANESE = re.compile(
    rf"(?:明治|大正|昭和|平成|令和)?(?:[\d０-９.,，．]*[\d０-９][{_KANJI}]*|元(?=年)|[{_KANJI}]+(?=[年月日人本件名社基個回隻台つ時分]))"
    rf"(?:年(?:[\d０-９{_KANJI}]+月(?:[\d０-９{_KANJI}]+日)?)?|月(?:[\d０-９{_KANJI}]+日)?|日)?"
)


@lru_cache(maxsize=1 << 14)
def _kind(word: str, language: str) -> str:
    """Whether a word is a month (`m`), a number (`n`) or neither (empty); “one” counts nothing."""
    if dates(f"1 {word}", language) and not any(map(str.isdigit, word)):
        return "m"
    values = numbers(word, language)
    return "n" if any(value > 1 or any(map(str.isdigit, word)) for value in values) else ""


@lru_cache(maxsize=1 << 10)
def figures(text: str, language: str) -> tuple[Figure, ...]:
    """The figures of a text, in its order."""
    stretches = _japanese(text) if primary_language(language) == "ja" else _spaced(text, language)
    result: list[Figure] = []
    last = 0
    for start, end, dated in stretches:
        listed = bool(result) and _LISTED.fullmatch(text[last:start]) is not None
        place = len(fold(text[:start])), len(fold(text[:end]))
        series = result[-1].series if listed else len(result)
        result.append(Figure(text[start:end], place, dated or _is_year(text[start:end], language), series))
        last = end
    return tuple(result)


def _spaced(text: str, language: str) -> list[tuple[int, int, bool]]:
    result: list[tuple[int, int, bool]] = []
    previous = ""
    for match in _TOKEN.finditer(text):
        kind = _kind(match[0], language)
        if kind:
            start, end = match.span()
            if match[0][0] == "و" and _kind(match[0][1:], language):
                start += 1  # “and”, written together with its number
            gap = text[result[-1][1] : start] if result else ""
            digits = any(map(str.isdigit, match[0]))
            dated = kind == "m"
            together = (
                (_PART.fullmatch(gap) and "m" in (kind, previous))
                or (gap.isspace() and not digits and not dated)
                or (gap == " and " and not digits and _SCALE.search(text[: result[-1][1]]))
                if result
                else False
            )
            if together:
                start, dated = result[-1][0], dated or result[-1][2]
                result.pop()
            result.append((start, end, dated))
            previous = kind
    return [stretch for stretch in result if any(_kind(word, language) == "n" for word in
            (match[0] for match in _TOKEN.finditer(text, stretch[0], stretch[1])))]  # fmt: skip


def _japanese(text: str) -> list[tuple[int, int, bool]]:
    return [(*match.span(), match[0][-1] in "年月日") for match in _JAPANESE.finditer(text)]


def _is_year(text: str, language: str) -> bool:
    """Whether a figure may be a year: of four digits, or said in words."""
    plain = ascii_digits(text)
    if any(map(str.isdigit, plain)):
        return re.search(r"(?<![\d.,])[12]\d{3}(?![\d]|[.,]\d)", plain) is not None
    return any(1000 < value <= 2100 for value in numbers(text, language))


def values(text: str, language: str, lexical: str, datatype: str | None) -> set[str]:
    """What else a text gives in the form of a literal, as lexical forms of its datatype: years, days, amounts."""
    others: set[str] = set()
    given = figures(text, language)
    own = [figure for figure in given if figure.gives(lexical, datatype, language)]
    for figure in given if own else ():
        if figure not in own and figure.dated == own[0].dated:
            others.update(_forms(figure, language, lexical, datatype))
    return {other for other in others if not any(figure.gives(other, datatype, language) for figure in own)}


def _forms(figure: Figure, language: str, lexical: str, datatype: str | None) -> Iterator[str]:
    """The lexical forms that a figure gives of a datatype."""
    years_ = {int(value) for value in years(figure.text, language) if value == int(value) and 1000 <= value <= 2999}
    mentions = dates(figure.text, language)
    if datatype == XSD.gYear:
        yield from map(str, years_)
    elif datatype in (XSD.gYearMonth, XSD.date):
        for mention in mentions:
            for year in mention.years & years_:
                if datatype == XSD.gYearMonth:
                    yield f"{year}-{mention.month:02}"
                else:
                    yield from (f"{year}-{mention.month:02}-{day:02}" for day in mention.days)
    elif not is_text(datatype) and not mentions and re.fullmatch(r"[-+]?\d+(?:\.\d+)?", lexical):
        whole = "." not in lexical
        yield from (
            format(value, "f")
            for value in numbers(figure.text, language)
            if value > 1 and (value == int(value) or not whole)
        )
