"""The bare words of SPARQL: a word that is none of them is wrong wherever it stands."""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["FUNCTIONS", "IN_PATTERNS", "KEYWORDS", "near_keywords"]

#: https://www.w3.org/TR/sparql11-query/#sparqlGrammar, and what the engine takes of SPARQL 1.2.
KEYWORDS = frozenset((
    "SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE", "VERSION", "WHERE", "FROM", "NAMED", "DISTINCT",
    "REDUCED", "AS", "GROUP", "BY", "HAVING", "ORDER", "ASC", "DESC", "LIMIT", "OFFSET", "VALUES", "UNDEF",
    "OPTIONAL", "UNION", "MINUS", "GRAPH", "SERVICE", "SILENT", "BIND", "FILTER", "EXISTS", "NOT", "IN",
    "LATERAL", "A", "TRUE", "FALSE", "SEPARATOR", "ORDERBY", "GROUPBY",
))  # fmt: skip
#: The words that begin a part of a group.
IN_PATTERNS = frozenset((
    "OPTIONAL", "UNION", "MINUS", "GRAPH", "SERVICE", "BIND", "FILTER", "VALUES", "SELECT",
))  # fmt: skip
#: The words before brackets.
FUNCTIONS = frozenset((
    "COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT", "STR", "LANG", "LANGMATCHES", "DATATYPE",
    "BOUND", "IRI", "URI", "BNODE", "RAND", "ABS", "CEIL", "FLOOR", "ROUND", "CONCAT", "STRLEN", "UCASE",
    "LCASE", "ENCODE_FOR_URI", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "YEAR", "MONTH",
    "DAY", "HOURS", "MINUTES", "SECONDS", "TIMEZONE", "TZ", "NOW", "UUID", "STRUUID", "MD5", "SHA1", "SHA256",
    "SHA384", "SHA512", "COALESCE", "IF", "STRLANG", "STRDT", "SAMETERM", "ISIRI", "ISURI", "ISBLANK",
    "ISLITERAL", "ISNUMERIC", "REGEX", "SUBSTR", "REPLACE", "LANGDIR", "HASLANG", "HASLANGDIR", "STRLANGDIR",
    "ISTRIPLE", "TRIPLE", "SUBJECT", "PREDICATE", "OBJECT", "ADJUST",
))  # fmt: skip
_ALIKE = 0.7


def near_keywords(word: str, keywords: Iterable[str] = KEYWORDS) -> list[str]:
    """The keyword that may be meant by a word; none where it is like none.

    >>> near_keywords("selec")
    ['SELECT']
    """
    return get_close_matches(word.upper(), sorted(keywords), 1, _ALIKE)
