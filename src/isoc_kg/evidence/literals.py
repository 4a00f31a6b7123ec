"""What of a literal a text does not give: its numbers, its date, its time."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from ..namespaces import RDF, XSD
from .moments import Duration, dates, durations, names_months, times, years
from .numerals import numbers

__all__ = ["is_amount", "is_moment", "is_text", "missing_parts"]

_AMOUNTS = {
    XSD[name]
    for name in (
        "integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger",
        "positiveInteger", "negativeInteger", "nonPositiveInteger", "unsignedInt", "unsignedLong", "unsignedShort",
        "unsignedByte",
    )
}  # fmt: skip
_TEXTS = {None, XSD.string, XSD.normalizedString, XSD.token, RDF.langString, RDF.HTML, RDF.XMLLiteral}
#: Datatypes of which nothing can be read in a sentence.
_UNREAD = {XSD.boolean, XSD.hexBinary, XSD.base64Binary}
_MOMENT = re.compile(
    r"(?:(?P<year>-?\d{4,})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?|--(?P<m>\d\d)(?:-(?P<d>\d\d))?|---(?P<only>\d\d))?"
    r"(?:T?(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?"
)
_MOMENTS = {
    XSD[name]
    for name in ("gYear", "gYearMonth", "date", "dateTime", "dateTimeStamp", "time", "gMonthDay", "gMonth", "gDay")
}
_DURATIONS = {XSD[name] for name in ("duration", "yearMonthDuration", "dayTimeDuration")}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([YMDHS])")


def is_text(datatype: str | None) -> bool:
    """Whether a literal is read by its words: a text, or of a datatype that is not known here."""
    return datatype not in _AMOUNTS | _MOMENTS | _DURATIONS | _UNREAD


def is_amount(datatype: str | None) -> bool:
    """Whether a literal is a number."""
    return datatype in _AMOUNTS


def is_moment(datatype: str | None) -> bool:
    """Whether a literal is a date, a time or a part of one."""
    return datatype in _MOMENTS


def missing_parts(lexical: str, datatype: str | None, text: str, language: str, own: str | None = None) -> list[str]:
    """The parts of a literal that a text does not give, as the literal has them.

    Of an amount the number with its sign, of a date and a time its parts together, of a duration each amount with its
    unit; of a text, and of any other datatype, its numbers in digits, and those in words from two on. `own` is the
    literal's own language, where it has one.
    """
    lexical = lexical.strip()
    if datatype in _UNREAD:
        return []
    if datatype in _AMOUNTS:
        try:
            amount = Decimal(lexical)
        except InvalidOperation:
            return [lexical]
        return [] if not amount.is_finite() or amount in numbers(text, language) else [lexical]
    if datatype in _MOMENTS and (match := _MOMENT.fullmatch(lexical)):
        return list(_missing_moment(match, text, language))
    if datatype in _DURATIONS:
        return _missing_duration(lexical, text, language)
    in_digits = numbers(lexical, "") if datatype not in _TEXTS else frozenset()
    stated = {number for number in numbers(lexical, own or language) if number > 1 or any(map(str.isdigit, lexical))}
    return [str(number) for number in sorted((stated | in_digits) - numbers(text, language))]


def _missing_moment(match: re.Match[str], text: str, language: str) -> Iterator[str]:
    month, day = match["month"] or match["m"], match["day"] or match["d"]
    if year := match["year"]:
        value, given = Decimal(year), years(text, language)
        # before the common era some count a year zero, and some do not
        if value not in given and not (value < 0 and value - 1 in given):
            yield year
    if match["only"] and Decimal(match["only"]) not in numbers(text, language):
        yield match["only"]
    if month:
        mentions = [
            mention
            for mention in dates(text, language)
            if mention.month == int(month) and (not year or not mention.years or int(year) in mention.years)
        ]
        if mentions:
            if day and all(int(day) not in mention.days for mention in mentions):
                yield day
        elif names_months(language):
            yield month
        elif day and Decimal(day) not in numbers(text, language):
            yield day
    if match["hour"]:
        time = int(match["hour"]) % 24, int(match["minute"]), int(match["second"])
        if (any(time) or not match["year"]) and time not in times(text):
            yield f"{match['hour']}:{match['minute']}:{match['second']}"


def _missing_duration(lexical: str, text: str, language: str) -> list[str]:
    date, _, time = lexical.partition("T")
    parts = [
        Duration(unit if part is date else unit.lower(), Decimal(amount))
        for part in (date, time)
        for amount, unit in _DURATION.findall(part)
        if Decimal(amount)
    ]
    spans = durations(text, language)
    if not spans:
        given = numbers(text, language)
        known = names_months(language)
        return [str(part.amount) for part in parts if known or part.amount not in given]
    lengths = {(span.months, span.seconds) for span in spans}
    whole = _sum(parts)
    if whole in lengths:
        return []
    return [f"{part.amount}{part.unit}" for part in parts if (part.months, part.seconds) not in lengths]


def _sum(parts: list[Duration]) -> tuple[Decimal | None, Decimal | None]:
    """The whole length in months and seconds, None for what it has none of."""
    months = [part.months for part in parts if part.months is not None]
    seconds = [part.seconds for part in parts if part.seconds is not None]
    return (sum(months, Decimal(0)) if months else None, sum(seconds, Decimal(0)) if seconds else None)
