"""One thing: its description, and finding it by what people call it, in sorted lines or by queries."""

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import pyoxigraph as ox

from ..authoring.vocabulary import NameOrder, best_named
from ..errors import UnknownName
from ..iris import expand
from ..namespaces import COMMON_PREFIXES
from ..project import Project
from ..query import Evaluator
from ..rdf.tokens import term_token

__all__ = [
    "Entity",
    "describe_lines",
    "describe_lines_of",
    "entity_by_queries",
    "entity_of_lines",
    "find_by_queries",
    "find_entity",
    "incoming_lines",
    "labels_by_query",
    "mentioned",
    "names_by_queries",
]

_PREFIX = re.compile(r"\w[\w.-]*")
_AT_ONCE = 100  #: resources whose names one query asks for


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing: its label, the triples about it and those that lead to it, as canonical lines."""

    iri: str
    label: str
    lines: tuple[bytes, ...]
    incoming: tuple[bytes, ...]


# -- in lines ------------------------------------------------------------------


def describe_lines(lines: Sequence[bytes], iri: str) -> list[bytes]:
    """The lines whose subject is the resource; binary search, so the size of the rest does not matter."""
    return describe_lines_of(lines, f"<{iri}>".encode())


def describe_lines_of(lines: Sequence[bytes], token: bytes) -> list[bytes]:
    """The same for the token of an IRI or of a blank node."""
    start = token + b" "
    position = bisect_left(lines, start)
    end = position
    while end < len(lines) and lines[end].startswith(start):
        end += 1
    return list(lines[position:end])


def incoming_lines(lines: Sequence[bytes], iri: str) -> list[bytes]:
    """The triples whose object is the resource."""
    mark = f" <{iri}> .\n".encode()
    return [line for line in lines if line.endswith(mark)]


def entity_of_lines(lines: Sequence[bytes], iri: str, names: Sequence[str], claims: str) -> Entity:
    """A thing with all that is said about it and all that leads to it; claims' IRIs start with `claims`."""
    claim = f"<{claims}".encode()
    incoming = [line for line in incoming_lines(lines, iri) if not line.startswith(claim)]
    return Entity(iri, next(iter(names), iri), tuple(describe_lines(lines, iri)), tuple(incoming))


def find_entity(name: str, labels: Mapping[str, Sequence[str]], prefixes: Mapping[str, str], known: str) -> str:
    """The IRI of a thing given by IRI, prefixed name, local name, label or acronym.

    `known` is the namespace of things, which come before everything else of the same name. Raises
    `UnknownName` with the nearest labels.
    """
    expanded = expand(name, prefixes)
    if expanded in labels:
        return str(expanded)
    if known + name in labels:
        return known + name
    if (named := best_named(name, labels, known)) is not None:
        return named
    folded = name.casefold()
    things = {text.casefold(): text for iri, texts in labels.items() if iri.startswith(known) for text in texts}
    near = [things[match] for match in get_close_matches(folded, things, 3, 0.6)]
    near = near or sorted(text for match, text in things.items() if folded in match)[:3]
    raise UnknownName(
        f"There is nothing called “{name}”.",
        suggestions=[f"“{text}”" for text in near],
        advice=None if near else _way_to_name(name, prefixes),
    )


def _way_to_name(name: str, prefixes: Mapping[str, str]) -> str:
    """How to give a thing, where nothing has the name."""
    prefix, colon, local = name.partition(":")
    if not colon or expand(name, prefixes) or not _PREFIX.fullmatch(prefix):
        return "Give a label, an acronym or an IRI."
    namespace = COMMON_PREFIXES.get(prefix)
    return f"The prefix {prefix}: is not known here: give the whole IRI" + (
        f", <{namespace}{local}>." if namespace else "."
    )


def mentioned(
    name: str, lines: Sequence[bytes], labels: Mapping[str, Sequence[str]], prefixes: Mapping[str, str]
) -> str | None:
    """The IRI in lines that is given whole, by a prefix or, where nothing has that name, by how it ends.

    Raises `UnknownName` when several end so.
    """
    iri = expand(name, prefixes)
    if iri and any(f"<{iri}>".encode() in line for line in lines):
        return iri
    local = name.strip("<>").lstrip("#").encode()
    if not local or best_named(name, labels, ""):
        return None
    ends = re.compile(rb"<([^<>\s\"]*[/#:]%b)>" % re.escape(local))
    found = sorted({match.decode() for line in lines for match in ends.findall(line)})
    if len(found) > 1:
        raise UnknownName(f"Several things are called “{name}”.", suggestions=[f"<{iri}>" for iri in found[:3]])
    return found[0] if found else None


# -- by queries ----------------------------------------------------------------


def labels_by_query(evaluator: Evaluator, project: Project, pattern: str = "") -> dict[str, list[str]]:
    """IRI → all that names it, its label first; a pattern may say of which `?s`."""
    order = NameOrder(project)
    predicates = " ".join(f"<{name}>" for name in order.properties)
    _, rows = evaluator.select(
        f"SELECT DISTINCT ?s ?p ?name WHERE {{ VALUES ?p {{ {predicates} }} {pattern} ?s ?p ?name "
        "FILTER(isIRI(?s) && isLiteral(?name)) }"
    )
    return order.names((term_token(s), term_token(p), term_token(name)) for s, p, name in rows)


def names_by_queries(evaluator: Evaluator, project: Project, iris: Collection[str]) -> dict[str, list[str]]:
    """IRI → its names, for these alone."""
    result: dict[str, list[str]] = {}
    ordered = sorted(set(iris))
    for start in range(0, len(ordered), _AT_ONCE):
        some = " ".join(str(ox.NamedNode(iri)) for iri in ordered[start : start + _AT_ONCE])
        result |= labels_by_query(evaluator, project, f"VALUES ?s {{ {some} }}")
    return result


def entity_by_queries(evaluator: Evaluator, project: Project, iri: str) -> Entity:
    """A thing with all that is said about it and all that leads to it, evidence apart."""
    node, claim = ox.NamedNode(iri), f"<{project.ids.claims}"
    _, about = evaluator.select(f"SELECT DISTINCT ?p ?o WHERE {{ {node} ?p ?o }}")
    _, leading = evaluator.select(f"SELECT DISTINCT ?s ?p WHERE {{ ?s ?p {node} }}")
    lines = sorted(f"{node} {p} {o} .\n".encode() for p, o in about)
    incoming = sorted(f"{s} {p} {node} .\n".encode() for s, p in leading if not str(s).startswith(claim))
    names = names_by_queries(evaluator, project, [iri]).get(iri, [])
    return Entity(iri, next(iter(names), iri), tuple(lines), tuple(incoming))


def find_by_queries(evaluator: Evaluator, project: Project, name: str) -> str:
    """The IRI of a thing given by IRI, prefixed name, local name, label or acronym. Raises `UnknownName`."""
    things = project.ids.things
    for candidate in filter(None, (expand(name, project.prefixes), things + name)):
        try:
            node = ox.NamedNode(candidate)
        except ValueError:
            continue
        if evaluator.ask(f"ASK {{ {node} ?p ?o }}"):
            return candidate
    wanted = str(ox.Literal(name.casefold()))
    properties = " ".join(f"<{p}>" for p in NameOrder(project).properties)
    _, rows = evaluator.select(
        f"SELECT DISTINCT ?s WHERE {{ VALUES ?p {{ {properties} }} ?s ?p ?name "
        f"FILTER(isIRI(?s) && LCASE(STR(?name)) = {wanted}) }}"
    )
    named = best_named(name, names_by_queries(evaluator, project, [s.value for (s,) in rows]), things)
    if named is None:
        raise UnknownName(
            f"There is nothing called “{name}” in the store.", advice=_way_to_name(name, project.prefixes)
        )
    return named
