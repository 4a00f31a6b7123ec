"""JSON-LD by the compaction algorithm (https://www.w3.org/TR/json-ld11-api/#compaction-algorithm), read back.

For contexts that do more than name terms: PyLD compacts the expanded form, and what it wrote is expanded again and
compared with what was to be written, so no document is another dataset.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ..errors import CannotCarry
from ..namespaces import RDF, XSD
from .canonicalization import canonical_lines
from .lines import iri, lines_from_quads, literal, split
from .tokens import iri_token, is_blank, is_iri, is_literal

__all__ = ["DELIMITERS", "compacted", "is_ordinary"]

_Load = Callable[[str, Any], dict[str, Any]]
_TYPE = iri_token(RDF.type)
#: What a term's definition may have for the writer that needs no algorithm.
_ORDINARY_MEMBERS = frozenset({"@id", "@type", "@container", "@language", "@reverse", "@protected"})
_ORDINARY_CONTAINERS = frozenset({"@set", "@language"})
_TERM = re.compile(r"[^@:/?#\s][^:/?#\s]*")
#: A prefix is one by itself only when its IRI ends so (https://www.w3.org/TR/json-ld11-api/#create-term-definition).
DELIMITERS = (":", "/", "?", "#", "[", "]", "@")
_EXCERPT = 300
#: What PyLD raises, beside errors of its own, for contexts that it does not expect.
_ODD = (RecursionError, SyntaxError, ValueError, TypeError, KeyError, IndexError, AttributeError)


def is_ordinary(context: Any) -> bool:
    """Whether a context only names terms and coerces values, by definitions that stand alone and hold everywhere."""
    return isinstance(context, Mapping) and all(
        _is_ordinary_member(name, value, context) for name, value in context.items()
    )


def _is_ordinary_member(name: str, value: Any, context: Mapping[str, Any]) -> bool:
    if name == "@version":
        return bool(value == 1.1)
    if name == "@protected":
        return isinstance(value, bool)
    if not _TERM.fullmatch(name):
        return False
    if isinstance(value, str):
        return _is_absolute(value, context) if value.endswith(DELIMITERS) else _is_named(value, context)
    if not isinstance(value, Mapping) or not value.keys() <= _ORDINARY_MEMBERS:
        return False
    of = value.get("@reverse", value.get("@id"))
    containers = value.get("@container", [])
    containers = [containers] if isinstance(containers, str) else containers
    return (
        isinstance(of, str)
        and _is_named(of, context)
        and len({"@reverse", "@id"} & value.keys()) == 1
        and isinstance(containers, list)
        and _ORDINARY_CONTAINERS.issuperset(map(str, containers))
        and isinstance(value.get("@protected", False), bool)
        and ("@type" not in value or _is_coercion(value["@type"], context))
        and ("@language" not in value or isinstance(value["@language"], str))
        and not {"@type", "@language"} <= value.keys()
        and not ("@language" in containers and {"@type", "@language"} & value.keys())
        and ("@reverse" not in value or set(containers) <= {"@set"})
    )


def _is_coercion(type_: Any, context: Mapping[str, Any]) -> bool:
    return isinstance(type_, str) and (type_ in ("@id", "@vocab") or _is_named(type_, context))


def _is_named(name: str, context: Mapping[str, Any]) -> bool:
    """Whether a name is an absolute IRI, or made with a prefix of the context."""
    prefix, colon, local = name.partition(":")
    if colon and prefix in context and not local.startswith("//"):
        value = context[prefix]
        return isinstance(value, str) and value.endswith(DELIMITERS) and not name.endswith(DELIMITERS)
    return _is_absolute(name, context)


def _is_absolute(name: str, context: Mapping[str, Any]) -> bool:
    """Whether a name is an IRI whose scheme is no term of the context."""
    scheme, _, rest = name.partition(":")
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://|urn:", name) is not None and (
        rest.startswith("//") or scheme not in context
    )


def compacted(lines: list[bytes], context: Any, contexts: Mapping[str, Path] | None = None) -> dict[str, Any]:
    """The document that a context gives for lines of the middle form; `contexts` are copies of remote ones.

    Raises `CannotCarry` for a context that is not valid or refers to others without a copy, for triple terms and base
    directions, and for a triple that this context would change on the way back.
    """
    from pyld import jsonld

    from .jsonld_worker import processor

    load = _loader(contexts or {})
    expanded = _expanded(lines)
    options = {"documentLoader": load, "processingMode": "json-ld-1.1", "base": "", "graph": True}
    try:
        document: dict[str, Any] = processor()().compact(expanded, {"@context": context or {}}, options)
    except (jsonld.JsonLdError, *_ODD) as error:
        raise _unusable(error) from None
    document = {"@context": context} | {name: value for name, value in document.items() if name != "@context"}
    _require_same(lines, document, load)
    return document


def _loader(contexts: Mapping[str, Path]) -> _Load:
    from .jsonld_reading import context_text

    copies = {url: json.loads(context_text(path)) for url, path in contexts.items()}

    def load(url: str, _: Any) -> dict[str, Any]:
        if url not in copies:
            raise CannotCarry(
                f"the JSON-LD context refers to <{url}>, which is not fetched.",
                advice=f"Download it, and name the copy: export --context {url}=FILE. Or copy its terms.",
            )
        return {"contentType": None, "contextUrl": None, "documentUrl": url, "document": copies[url]}

    return load


def _unusable(error: BaseException) -> CannotCarry:
    """What is wrong with a context, as PyLD finds it."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, CannotCarry):
        error, cause = cause, getattr(cause, "cause", None) or cause.__cause__ or cause.__context__
    if isinstance(cause, CannotCarry):
        return cause
    details = getattr(error, "details", None) or {}
    if getattr(error, "code", None) == "IRI confused with prefix":
        iri_, prefix = details["iri"], details["term"]
        return CannotCarry(
            f"the JSON-LD context cannot be used: <{iri_}> would be read with its prefix “{prefix}”.",
            advice="Rename the prefix in the context, or export without the context.",
        )
    text = str(error.args[0] if error.args else error).removesuffix(".")
    if isinstance(error, _ODD):
        text = f"PyLD, which applies it, does not expect what is in it ({text})"
    named = "; ".join(f"{name} {json.dumps(value)[:100]}" for name, value in details.items() if value is not None)
    return CannotCarry(
        f"the JSON-LD context cannot be used: {text}" + (f" ({named})." if named else "."),
        advice="Correct the context, or export without it.",
    )


def _expanded(lines: Iterable[bytes]) -> list[dict[str, Any]]:
    """Lines as an expanded document (https://www.w3.org/TR/json-ld11/#expanded-document-form)."""
    graphs: dict[bytes, list[tuple[bytes, bytes, bytes]]] = {}
    for line in lines:
        subject, predicate, object_, graph = split(line)
        graphs.setdefault(graph, []).append((subject, predicate, object_))
    found = list(_nodes(graphs.pop(b"", [])))
    found += [{"@id": _name(graph), "@graph": list(_nodes(triples))} for graph, triples in sorted(graphs.items())]
    return found


def _nodes(triples: Iterable[tuple[bytes, bytes, bytes]]) -> Iterable[dict[str, Any]]:
    for subject, group in groupby(triples, key=itemgetter(0)):
        node: dict[str, Any] = {"@id": _name(subject)}
        for _, predicate, object_ in group:
            if predicate == _TYPE and not is_literal(object_):
                node.setdefault("@type", []).append(_name(object_))
            else:
                node.setdefault(iri(predicate), []).append(_value(subject, predicate, object_))
        yield node


def _name(token: bytes) -> str:
    return iri(token) if is_iri(token) else token.decode()


def _value(subject: bytes, predicate: bytes, token: bytes) -> dict[str, Any]:
    if is_iri(token) or is_blank(token):
        return {"@id": _name(token)}
    if not is_literal(token):
        raise _lost(b" ".join((subject, predicate, token)), "JSON-LD has no syntax for triple terms")
    value, language, datatype = literal(token)
    if language:
        if "--" in language:
            line = b" ".join((subject, predicate, token))
            raise _lost(line, "base directions are lost on the way back from JSON-LD")
        return {"@value": value, "@language": language}
    return {"@value": value} if datatype == XSD.string else {"@value": value, "@type": datatype}


def _require_same(lines: list[bytes], document: dict[str, Any], load: _Load) -> None:
    """Raise `CannotCarry` when a document is read as anything but the lines."""
    found = _read(document, load)
    wanted = lines
    if any(b"_:" in line for line in (*lines, *found)):
        wanted, found = canonical_lines(lines), canonical_lines(found)
    if found == wanted:
        return
    missing = sorted(set(wanted) - set(found)) or sorted(set(found) - set(wanted))
    raise _lost(missing[0].rstrip(), _reason(document["@context"], missing[0]))


def _read(document: dict[str, Any], load: _Load) -> list[bytes]:
    """The lines of a document."""
    from pyld import jsonld

    from .jsonld_worker import processor

    options = {"documentLoader": load, "processingMode": "json-ld-1.1", "base": "", "format": "application/n-quads"}
    try:
        read = str(processor()().to_rdf(document, options))
        return lines_from_quads(ox.parse(read.encode(), format=ox.RdfFormat.N_QUADS))
    except (jsonld.JsonLdError, *_ODD) as error:
        raise _unusable(error) from None


def _reason(context: Any, line: bytes) -> str:
    """Why a triple is another one on the way back: the terms that are for its property."""
    _, predicate, _, _ = split(line)
    text = iri(predicate)
    terms = [
        name
        for part in (context if isinstance(context, list) else [context])
        if isinstance(part, Mapping)
        for name, value in part.items()
        if not name.startswith("@") and text.endswith(_local(value, name))
    ]
    names = f" ({', '.join(map(repr, terms[:5]))})" if terms else ""
    return f"the context{names} would change it on the way back"


def _local(value: Any, name: str) -> str:
    """The end of the IRI that a term's definition names."""
    if isinstance(value, Mapping):
        value = value.get("@id", name)
    return value.rpartition(":")[2] or name if isinstance(value, str) else name


def _lost(line: bytes, why: str) -> CannotCarry:
    text = line.decode()
    return CannotCarry(
        f"JSON-LD cannot carry this triple: {why}.",
        excerpt=text if len(text) <= _EXCERPT else text[:_EXCERPT] + "…",
        advice="Change the context, export without it, or choose another format: ttl, nt, nq or trig.",
    )
