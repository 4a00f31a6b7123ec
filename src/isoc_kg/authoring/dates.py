"""Dates in statements: which properties date what has happened, and which of two dates is the earlier one."""

import re
from collections.abc import Iterable

from ..namespaces import DCTERMS, PROV, RDFS, SCHEMA, XSD
from ..rdf.lines import iri, split
from ..rdf.tokens import iri_token, is_iri
from ..validation.literals import canonical_form

__all__ = [
    "BEGINNINGS", "DATATYPES", "PAST", "TIMES", "dating_properties", "is_date", "past_properties", "precedes",
    "typed_date",
]  # fmt: skip

#: When a thing began, and when something took place.
BEGINNINGS = (SCHEMA.foundingDate, SCHEMA.birthDate, SCHEMA.dateCreated, DCTERMS.created)
TIMES = (DCTERMS.date, SCHEMA.startDate, PROV.startedAtTime)
#: Dates of what has happened when it is written about.
PAST = (*BEGINNINGS, *TIMES[:1], SCHEMA.deathDate, SCHEMA.datePublished, DCTERMS.issued)

#: Datatypes of dates.
DATATYPES = frozenset((XSD.gYear, XSD.gYearMonth, XSD.date, XSD.dateTime))
#: Year, month and day, as far as they are written; a time zone is no month.
_PARTS = re.compile(r"(-?\d{4,})(?:-(\d\d)(?!:)(?:-(\d\d)(?!:))?)?")


def is_date(text: str, datatype: str | None) -> bool:
    """Whether a text is a year, month, day or time of its datatype."""
    if datatype not in DATATYPES:
        return False
    try:
        canonical_form(text, str(datatype))
    except ValueError:
        return False
    return True


_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
#: A day as English texts have it: “3 May 2023”, “May 3, 2023”, “May 2023”.
_WORDED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<month>[a-z]+)\.?\s+(?:(?P<later>\d{1,2})(?:st|nd|rd|th)?,?\s+)?"
    r"(?P<year>\d{4})"
)


def typed_date(text: str) -> str | None:
    """A date in words or without a datatype, as Turtle has it; None for what is no date.

    >>> typed_date("3 May 2023"), typed_date("2022"), typed_date("some day")
    ('"2023-05-03"^^xsd:date', '"2022"^^xsd:gYear', None)
    """
    text = text.strip()
    if match := _WORDED.fullmatch(text.lower()):
        months = [month for month in _MONTHS if len(match["month"]) > 2 and month.startswith(match["month"])]
        day = match["day"] or match["later"]
        if len(months) == 1:
            text = f"{match['year']}-{_MONTHS.index(months[0]) + 1:02}" + (f"-{int(day):02}" if day else "")
    names = ("gYear", "gYearMonth", "date", "dateTime")
    name = next((name for name in names if is_date(text, XSD[name])), None)
    return f'"{text}"^^xsd:{name}' if name else None


def precedes(first: str, second: str) -> bool:
    """Whether a date (a year, a month or a day) is before another, as far as both tell; no if either is none.

    >>> precedes("1992-03", "1992-04-01"), precedes("1992", "1992-04-01")
    (True, False)
    """
    parts = [_PARTS.match(text) for text in (first, second)]
    if None in parts:
        return False
    one, other = ([int(part) for part in match.groups() if part] for match in parts if match)
    length = min(len(one), len(other))
    return one[:length] < other[:length]


def past_properties(ontology: Iterable[bytes]) -> frozenset[str]:
    """The properties that date what has happened: `PAST`, and what an ontology's lines put below them."""
    broader = iri_token(RDFS.subPropertyOf)
    below: dict[bytes, list[bytes]] = {}
    for line in ontology:
        subject, predicate, object_, _ = split(line)
        if predicate == broader:
            below.setdefault(object_, []).append(subject)
    reached = {iri_token(name) for name in PAST}
    queue = list(reached)
    while queue:
        for narrower in below.get(queue.pop(), ()):
            if narrower not in reached:
                reached.add(narrower)
                queue.append(narrower)
    return frozenset(iri(token) for token in reached if is_iri(token))


#: What a property has that is declared to have dates.
_DATES = frozenset((*DATATYPES, SCHEMA.Date, SCHEMA.DateTime))


def dating_properties(ontology: Iterable[bytes]) -> frozenset[str]:
    """The properties whose values are dates: `PAST` and `TIMES` with what is below them, and those declared so."""
    lines = list(ontology)
    declared = set()
    for line in lines:
        subject, predicate, object_, _ = split(line)
        if iri(predicate) in (RDFS.range, SCHEMA.rangeIncludes) and is_iri(object_) and iri(object_) in _DATES:
            declared.add(iri(subject))
    return past_properties(lines) | declared | frozenset(TIMES)
