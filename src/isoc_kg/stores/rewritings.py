"""How stores keep literals in another form: one function for each way, so that a load names it instead of hiding it.

A rewriting maps lexical form and datatype to a normal form. Two literals that it maps to the same one are kept as one
by the store; a *lossy* one also maps different values to one, which is damage that the store does.
"""

import math
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import pyoxigraph as ox

from ..namespaces import BOOLEAN_FORMS, INTEGER_TYPES, XSD
from ..rdf import literal, split

__all__ = ["FUSEKI", "OXIGRAPH", "VIRTUOSO", "Rewriting"]

Form = tuple[str, str]
_XSD = str(XSD.string).removesuffix("string")
_WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
_GEOMETRY = "http://www.openlinksw.com/schemas/virtrdf#Geometry"
_XML_LITERAL = "http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral"


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What a store makes of literals of some datatypes, as a normal form that both sides are brought to."""

    name: str  #: as a sentence about the literals: “xsd:decimal is kept in canonical form”
    datatypes: frozenset[str]
    normal: Callable[[str, str], Form]  #: raises ValueError for what is not rewritten
    lossy: bool = False

    def line(self, line: bytes) -> bytes | None:
        """The canonical N-Triples line with its object in normal form; None when this does not concern it."""
        at = line.rfind(b'"^^<') + 4
        if at < 4 or line[at : line.find(b">", at)].decode() not in self.datatypes:
            return None  # as a rule, and quickly: there may be millions
        subject, predicate, object_, _ = split(line)
        if not object_.startswith(b'"'):
            return None
        value, language, datatype = literal(object_)
        if language is not None or datatype not in self.datatypes:
            return None
        try:
            value, datatype = self.normal(value, datatype)
        except (ValueError, InvalidOperation, OverflowError):
            return None
        # only compared with its like, so it need not be escaped
        return b"%s %s %s" % (subject, predicate, f'"{value}"^^<{datatype}>'.encode())


def _types(*names: str) -> frozenset[str]:
    return frozenset(_XSD + name for name in names)


def _integer(value: str, datatype: str) -> Form:
    if not re.fullmatch(r"\s*[+-]?\d{1,5000}\s*", value, re.ASCII):
        raise ValueError
    sign = "-" if value.strip().startswith("-") else ""
    digits = value.strip().lstrip("+-").lstrip("0")
    return (sign + digits if digits else "0"), datatype


def _decimal(value: str, datatype: str) -> Form:
    if not re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*", value, re.ASCII):
        raise ValueError
    text = format(Decimal(value.strip()), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text in ("", "-", "-0") else text), datatype


def _floating(value: str, datatype: str) -> Form:
    number = float(value)
    if datatype == _XSD + "float":
        number = struct.unpack("f", struct.pack("f", number))[0]
    return repr(number), datatype


def _boolean(value: str, datatype: str) -> Form:
    return BOOLEAN_FORMS.get(value, value), datatype


def _instant(value: str, datatype: str) -> Form:
    """Trailing zeros of the seconds left out, `+00:00` as `Z`."""
    value = re.sub(r"(:\d\d)(\.\d*?)0*(?=$|Z|[+-]\d\d:\d\d$)", lambda m: m[1] + m[2].rstrip("."), value)
    return re.sub(r"[+-]00:00$", "Z", value), datatype


# -- Oxigraph: the engine itself says what it keeps ------------------------------------------------


@lru_cache(100_000)
def _engine(value: str, datatype: str) -> Form:
    store = ox.Store()
    node = ox.NamedNode("urn:x")
    store.add(ox.Quad(node, node, ox.Literal(value, datatype=ox.NamedNode(datatype))))
    kept = next(iter(store)).object
    assert isinstance(kept, ox.Literal)
    return kept.value, kept.datatype.value


OXIGRAPH = (
    Rewriting("numbers are kept in canonical form", _types("integer", "decimal", "double", "float"), _engine),
    Rewriting("booleans are kept as true and false", _types("boolean"), _engine),
    Rewriting(
        "dates, times and durations are kept in canonical form",
        _types("dateTime", "date", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay", "duration")
        | _types("dayTimeDuration", "yearMonthDuration"),
        _engine,
    ),
    Rewriting("derived integer types become xsd:integer", INTEGER_TYPES, _engine, lossy=True),
    Rewriting("xsd:dateTimeStamp becomes xsd:dateTime", _types("dateTimeStamp", "dateTime"), _engine, lossy=True),
)

# -- Fuseki (TDB2 keeps the values of small numbers and recent instants in place of their text) ----

FUSEKI = (
    Rewriting("integers are kept in canonical form", INTEGER_TYPES, _integer),
    Rewriting("xsd:decimal is kept in canonical form", _types("decimal"), _decimal),
    Rewriting("xsd:double and xsd:float are kept in another form", _types("double", "float"), _floating),
    Rewriting("booleans are kept as true and false", _types("boolean"), _boolean),
    Rewriting("instants are kept without trailing zeros", _types("dateTime", "dateTimeStamp", "time"), _instant),
)

# -- Virtuoso ---------------------------------------------------------------------------------------


def _sixty_four_bits(value: str, datatype: str) -> Form:
    value, _ = _integer(value, datatype)
    if -(2**63) <= int(value) < 2**63:
        raise ValueError
    return value, _XSD + "decimal"


def _invalid_integer(value: str, datatype: str) -> Form:
    """What is no integer becomes the one that it begins with, or 0."""
    if re.fullmatch(r"\s*[+-]?\d+\s*", value, re.ASCII) and value.strip().lstrip("+-0"):
        return _integer(value, datatype)
    number = re.match(r"\s*[+-]?\d+", value, re.ASCII)
    return _integer(number[0] if number else "0", datatype)


def _fifteen_digits(value: str, datatype: str) -> Form:
    return _decimal(format(Decimal(f"{Decimal(value.strip()):.15g}"), "f"), datatype)


def _six_digits(value: str, datatype: str) -> Form:
    number = float(value)
    return (repr(float(f"{number:.6g}")) if math.isfinite(number) else repr(number)), datatype


def _year(value: str, datatype: str) -> Form:
    return re.sub(r"^-0+", "-", value), datatype


def _year_month(value: str, datatype: str) -> Form:
    """`1992-05` as xsd:gYear: the month is taken for a time zone."""
    return re.sub(r"^(\d{4}-\d\d)$", r"\1:00", value), datatype


def _microseconds(value: str, datatype: str) -> Form:
    return _instant(re.sub(r"(\.\d{6})\d+", r"\1", re.sub(r"^-0+", "-", value)), datatype)


def _duration(value: str, datatype: str) -> Form:
    """Months, or seconds, as a bare number."""
    if re.fullmatch(r"-?\d+(\.\d+)?", value):
        return repr(float(value)), datatype
    match = re.fullmatch(
        r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", value, re.ASCII
    )
    if match is None:
        raise ValueError
    years, months, days, hours, minutes, seconds = (float(part or 0) for part in match.groups()[1:])
    number = years * 12 + months or ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    return repr(-number if match[1] else number), datatype


def _xml(value: str, datatype: str) -> Form:
    """By Canonical XML 2.0, with prefixes of its own (https://www.w3.org/TR/xml-c14n2/, section 2.5.3)."""
    from xml.etree import ElementTree

    try:  # within an element there is no DTD, and so no entity that grows
        canonical = ElementTree.canonicalize(f"<_>{value}</_>", with_comments=True, rewrite_prefixes=True)
    except ElementTree.ParseError:
        return value, datatype
    return re.sub(r"\s+", " ", canonical), datatype


def _geometry(value: str, _: str) -> Form:
    shortened = re.sub(r"-?\d+(?:\.\d+)?", lambda match: f"{float(match[0]):.6g}", value)
    return re.sub(r"\s+", " ", shortened), _GEOMETRY


VIRTUOSO = (
    Rewriting("integers are kept in canonical form", INTEGER_TYPES, _integer),
    Rewriting("xsd:decimal is kept in canonical form", _types("decimal"), _decimal),
    Rewriting("xsd:double and xsd:float are kept in another form", _types("double", "float"), _floating),
    Rewriting("booleans are kept as true and false", _types("boolean"), _boolean),
    Rewriting("instants are kept without trailing zeros", _types("dateTime", "dateTimeStamp", "time"), _instant),
    Rewriting(
        "integers beyond 64 bits become xsd:decimal",
        INTEGER_TYPES | _types("decimal"),
        _sixty_four_bits,
        lossy=True,
    ),
    Rewriting("what is no integer becomes one", INTEGER_TYPES, _invalid_integer, lossy=True),
    Rewriting("xsd:decimal is cut to 15 digits", _types("decimal"), _fifteen_digits, lossy=True),
    Rewriting("xsd:double and xsd:float are cut to 6 digits", _types("double", "float"), _six_digits, lossy=True),
    Rewriting("years before 1 lose a digit", _types("gYear", "gYearMonth", "date", "dateTime"), _year, lossy=True),
    Rewriting("an invalid xsd:gYear is changed", _types("gYear"), _year_month, lossy=True),
    Rewriting(
        "instants are cut to microseconds", _types("dateTime", "dateTimeStamp", "time"), _microseconds, lossy=True
    ),
    Rewriting(
        "durations become numbers",
        _types("duration", "dayTimeDuration", "yearMonthDuration"),
        _duration,
        lossy=True,
    ),
    Rewriting("rdf:XMLLiteral is written anew", frozenset({_XML_LITERAL}), _xml),
    Rewriting(
        "geometries are written anew, with a datatype of Virtuoso", frozenset({_WKT, _GEOMETRY}), _geometry, lossy=True
    ),
)
