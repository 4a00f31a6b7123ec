"""The lexical spaces of the datatypes whose ill-formed literals are found (XML Schema 1.1, part 2), as expressions.

These are the datatypes that the embedded engine knows too.
"""

import re
from functools import lru_cache

import pyoxigraph as ox

from ...namespaces import INTEGER_BOUNDS, INTEGER_TYPES, XSD
from ..terms import iri
from .expressions import all_of, any_of, negated

__all__ = ["DERIVED", "REWRITTEN", "ill_formed", "is_well_formed", "well_formed"]

_ZONE = "(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR = "-?([1-9][0-9]{3,}|0[0-9]{3})"
_DAY = "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))"
_TIME = "(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\\\.[0-9]+)?|24:00:00(\\\\.0+)?)"
_LEAP = "^-?[0-9]*([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-"
_NUMBER = "[+-]?([0-9]+(\\\\.[0-9]*)?|\\\\.[0-9]+)"
_FORMS = {
    "integer": "^[+-]?[0-9]+$",
    "nonNegativeInteger": "^([+]?[0-9]+|-0+)$",
    "positiveInteger": "^[+]?0*[1-9][0-9]*$",
    "nonPositiveInteger": "^(-[0-9]+|[+]?0+)$",
    "negativeInteger": "^-0*[1-9][0-9]*$",
    "decimal": f"^{_NUMBER}$",
    "double": f"^({_NUMBER}([eE][+-]?[0-9]+)?|[+-]?INF|NaN)$",
    "boolean": "^(true|false|0|1)$",
    "date": f"^{_YEAR}-{_DAY}{_ZONE}$",
    "dateTime": f"^{_YEAR}-{_DAY}T{_TIME}{_ZONE}$",
    "dateTimeStamp": f"^{_YEAR}-{_DAY}T{_TIME}{_ZONE[:-1]}$",
    "time": f"^{_TIME}{_ZONE}$",
    "duration": "^-?P([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\\\\.[0-9]+)?S)?)?$",
}
_FORMS["float"] = _FORMS["double"]
#: Datatypes whose values some stores keep as `xsd:integer`.
DERIVED = INTEGER_TYPES - {XSD.integer}
#: Datatypes whose values some stores keep as another datatype's.
REWRITTEN = DERIVED | {XSD.dateTimeStamp}
#: Datatypes with an order whose values are no numbers.
_OTHERS = ("boolean", "date", "dateTime", "dateTimeStamp", "time", "duration")


def well_formed(value: str, datatype: str) -> str:
    """An expression that holds for literals whose lexical form the datatype has; `true` for any it does not know."""
    name = datatype.removeprefix(XSD.iri) if datatype.startswith(XSD.iri) else ""
    text = f"STR({value})"
    least, most = INTEGER_BOUNDS.get(datatype, (None, None))
    if least is not None and most is not None:
        number = f"{iri(XSD.decimal)}({text})"
        within = f"COALESCE({number} >= {least}.0 && {number} <= {most}.0, false)"
        return all_of([f'REGEX({text}, "{_FORMS["integer"]}")', within])
    if name not in _FORMS:
        return "true"
    form = f'REGEX({text}, "{_FORMS[name]}")'
    if name == "duration":
        return all_of([form, f'!REGEX({text}, "(P|T)$")'])
    if name.startswith("date"):
        return all_of([form, f'(!REGEX({text}, "^-?[0-9]+-02-29") || REGEX({text}, "{_LEAP}"))'])
    return form


def ill_formed(value: str) -> str:
    """An expression: whether a literal is an ill-formed one of a datatype whose values are no numbers."""
    return any_of(
        f"(DATATYPE({value}) = {iri(XSD[name])} && {negated(well_formed(value, XSD[name]))})" for name in _OTHERS
    )


def is_well_formed(term: ox.Literal) -> bool:
    """Whether the datatype has the lexical form of a literal; so it is for any datatype that is not known here."""
    name = term.datatype.value.removeprefix(XSD.iri) if term.datatype.value.startswith(XSD.iri) else ""
    least, most = INTEGER_BOUNDS.get(term.datatype.value, (None, None))
    form = _FORMS.get("integer" if least is not None and most is not None else name)
    if form is None:
        return True
    if not _compiled(form).fullmatch(term.value):
        return False
    if least is not None and most is not None:
        digits = term.value.lstrip("+-0")
        return len(digits) <= 20 and least <= int(term.value) <= most
    if name == "duration":
        return term.value[-1] not in "PT"
    is_leap_day = name.startswith("date") and re.match(r"-?[0-9]+-02-29", term.value)
    return not is_leap_day or bool(_compiled(_LEAP).match(term.value))


@lru_cache(maxsize=64)
def _compiled(form: str) -> re.Pattern[str]:
    """A regular expression of SPARQL's, as written in a query, for Python."""
    return re.compile(form.replace("\\\\", "\\"))
