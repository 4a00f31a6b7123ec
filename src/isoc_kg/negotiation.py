"""Which format a request gets: proactive negotiation (RFC 9110, section 12), by qualities in `Accept` and its kin."""

import re
from collections.abc import Sequence
from functools import lru_cache

from .formats import JSONLD, NTRIPLES, RDFXML, TURTLE

__all__ = ["EXTENSIONS", "FORMAT_PARAMETER", "accept_patterns", "choose", "preferences", "qualities"]

#: Media type → extension of a resource's page and data, in the order of our preference.
EXTENSIONS: dict[str, str] = {
    "text/html": "html",
    **{format_.media_type: format_.extension for format_ in (TURTLE, JSONLD, NTRIPLES, RDFXML)},
}
_LONGEST = 4096
_MOST = 64
_Q = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
_RANGE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+|[\w!#$&^.+-]+/\*|\*/\*")


def qualities(header: str) -> dict[str, float]:
    """What a header of the `Accept` family names → the weight it gives it, 1 where it says none, 0 for an invalid one.

    Parameters but `q` are left out; of a name that is there twice the greater weight counts (RFC 9110, section 12.4.2).

    >>> qualities("br;q=0.5, gzip, *;q=0, zstd;q=2")
    {'br': 0.5, 'gzip': 1.0, '*': 0.0, 'zstd': 0.0}
    """
    weights: dict[str, float] = {}
    for part in header[:_LONGEST].split(",")[:_MOST]:
        name, *parameters = (piece.strip() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() in ("q", "Q"):
                weight = float(value) if _Q.fullmatch(value.strip()) else 0.0
        weights[name] = max(weight, weights.get(name, 0.0))
    return weights


def choose(accept: str | None, available: Sequence[str] = tuple(EXTENSIONS)) -> str | None:
    """The media type that a request gets, the first of those it likes equally; None when it takes none.

    The most specific range that fits a type decides its quality; parts that are no media ranges are passed over.

    >>> choose("text/turtle;q=0.5, */*;q=0.1"), choose("text/html;q=0, text/*"), choose("image/png"), choose(None)
    ('text/turtle', 'text/turtle', None, 'text/html')
    """
    return _choose((accept or "").strip()[:_LONGEST], tuple(available))


def preferences(accept: str, available: Sequence[str]) -> str:
    """The shortest header by which `choose` chooses as by this one, from any of these types in their order.

    >>> preferences("text/*;q=0.4, image/png, text/turtle;q=0.7", ("text/html", "text/turtle", "text/plain"))
    'text/turtle;q=0.9, text/html;q=0.8, text/plain;q=0.7'
    >>> preferences("image/png", ("text/html",))
    '*/*;q=0'
    """
    left, ordered = list(available), []
    while (best := choose(accept, left)) is not None:
        ordered.append(best)
        left.remove(best)
    return ", ".join(f"{type_};q={1 - number / 10:.1f}" for number, type_ in enumerate(ordered, 1)) or "*/*;q=0"


@lru_cache(500)  # clients send the same few headers again and again
def _choose(accept: str, available: tuple[str, ...]) -> str | None:
    if not accept:
        return available[0] if available else None
    ranges = {name: weight for name, weight in qualities(accept.lower()).items() if _RANGE.fullmatch(name)}
    best: tuple[float, str] | None = None
    for type_ in available:
        group = type_.partition("/")[0] + "/*"
        quality = next((ranges[name] for name in (type_, group, "*/*") if name in ranges), 0.0)
        if quality > 0 and (best is None or quality > best[0]):
            best = quality, type_
    return best[1] if best else None


def accept_patterns(available: Sequence[str] = tuple(EXTENSIONS)) -> list[tuple[str, str]]:
    """Pattern and media type, in the order in which a web server has to try them on an Accept header.

    For hosts that can only compare texts: the first pattern that is found (without regard to case) decides as
    `choose` does, but that qualities count to their first decimal only.
    """
    result = []
    for level in [r"(?:;\s*q=1(?:\.0*)?\s*)?", *(rf";\s*q=0\.{tenth}\d*\s*" for tenth in range(9, -1, -1))]:
        if level.startswith(r";\s*q=0\.0"):
            level = r";\s*q=0\.0\d*[1-9]\d*\s*"
        for type_ in available:
            group = re.escape(type_.partition("/")[0] + "/*")
            exact = _mention(re.escape(type_))
            parts = (
                _mention(re.escape(type_), level),
                rf"(?!.*{exact}).*{_mention(group, level)}",
                rf"(?!.*{exact})(?!.*{_mention(group)}).*{_mention(re.escape('*/*'), level)}",
            )
            result.append((f"^(?:.*{parts[0]}|{parts[1]}|{parts[2]})", type_))
    return result


def _mention(name: str, level: str | None = None) -> str:
    """A media range in a header, of a quality where one is given."""
    start = rf"(?:^|,)\s*{name}\s*"
    if level is None:
        return start + r"(?=[;,]|$)"
    others = r"(?:;(?!\s*q=)[^,;]*)*"
    return start + others + level + others + r"(?=,|$)"


#: What the parameter `format` of a query may say → the `Accept` header that it stands for.
FORMAT_PARAMETER = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json, application/ld+json;q=0.9",
    "xml": "application/sparql-results+xml, application/rdf+xml;q=0.9",
    "ttl": TURTLE.media_type,
    "nt": NTRIPLES.media_type,
    "jsonld": JSONLD.media_type,
    "rdf": RDFXML.media_type,
}
