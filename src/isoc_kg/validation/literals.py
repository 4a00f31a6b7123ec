"""A lint for literals: canonical lexical forms, well-typed values, NFC, and no texts where links belong."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from ..errors import Finding
from ..namespaces import BOOLEAN_FORMS, INTEGER_TYPES

__all__ = ["canonical_form", "lint_literals"]

#: White space at either end of a text, as it is or as an escape.
_UNTRIMMED = re.compile(r"^(\s|\\[ntr])|(\s|(?<!\\)\\[ntr])$")
_XSD = "http://www.w3.org/2001/XMLSchema#"
#: Properties whose values are meant to be texts, however long.
_LONG = ("#definition", "/text", "#gist", "#editorialNote", "#scopeNote", "#example", "#changeNote")


def _integer(text: str) -> str:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise ValueError(text)
    return str(int(text))


def _decimal(text: str) -> str:
    if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)", text):
        raise ValueError(text)
    value = format(Decimal(text), "f")
    value = value.rstrip("0").rstrip(".") if "." in value else value
    return "0" if value in ("", "-0") else value


def _boolean(text: str) -> str:
    return BOOLEAN_FORMS[text]


def _date(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError(text)
    return date.fromisoformat(text).isoformat()


def _date_time(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", text):
        raise ValueError(text)
    datetime.fromisoformat(text.replace("Z", "+00:00"))
    return text


def _year(text: str) -> str:
    if not re.fullmatch(r"-?([1-9]\d{3,}|0\d{3})", text):
        raise ValueError(text)
    return text


def _year_month(text: str) -> str:
    if not re.fullmatch(r"-?([1-9]\d{3,}|0\d{3})-(0[1-9]|1[0-2])", text):
        raise ValueError(text)
    return text


_FORMS: Mapping[str, Callable[[str], str]] = {
    **dict.fromkeys((datatype.removeprefix(_XSD) for datatype in INTEGER_TYPES), _integer),
    "decimal": _decimal,
    "boolean": _boolean,
    "date": _date,
    "dateTime": _date_time,
    "gYear": _year,
    "gYearMonth": _year_month,
}


def canonical_form(value: str, datatype: str) -> str | None:
    """The canonical lexical form (https://www.w3.org/TR/xmlschema11-2/); None for datatypes without one here.

    Raises `ValueError` or `KeyError` for a value that the datatype does not have.
    """
    form = _FORMS.get(datatype.removeprefix(_XSD)) if datatype.startswith(_XSD) else None
    return None if form is None else form(value)


def lint_literals(
    triples: Iterable[bytes], places: Mapping[bytes, tuple[Path, int]], max_characters: int
) -> Iterable[Finding]:
    """What is wrong with the literals of canonical triples, each with the place of its triple."""
    for triple in triples:
        subject, predicate, rest = triple[:-3].split(b" ", 2)
        if not rest.startswith(b'"'):
            continue
        file, line = places.get(triple, (None, None))
        end = rest.rindex(b'"')
        value, tail = rest[1:end].decode(), rest[end + 1 :].decode()
        name = predicate[1:-1].decode()
        if tail.startswith("^^"):
            try:
                canonical = canonical_form(value, tail[3:-1])
            except (ValueError, KeyError, ArithmeticError):
                yield Finding(
                    f"“{value}” is no value of <{tail[3:-1]}>.",
                    file=file,
                    line=line,
                    advice="Correct the value, or its datatype.",
                    statement=(subject.decode(), predicate.decode(), rest.decode()),
                )
            else:
                if canonical is not None and canonical != value:
                    yield Finding(
                        f"“{value}” is not in canonical form.",
                        file=file,
                        line=line,
                        advice=f"Write “{canonical}”: stores rewrite it, and then it is another literal.",
                    )
        if _UNTRIMMED.search(value):
            yield Finding(
                "a text begins or ends with white space.",
                file=file,
                line=line,
                advice="Take it away: texts that look alike would differ.",
            )
        if not value.isascii() and unicodedata.normalize("NFC", value) != value:
            yield Finding(
                "a text is not in Unicode normalization form C.",
                file=file,
                line=line,
                advice="Write its letters composed (NFC): equal texts are compared by their code points.",
            )
        if len(value) > max_characters and not name.endswith(_LONG):
            yield Finding(
                f"a text of {len(value)} characters as the value of <{name}>.",
                file=file,
                line=line,
                advice=f"Say it in statements between things; texts end at {max_characters} characters.",
            )
