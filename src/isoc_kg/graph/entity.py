"""One thing: its description, and finding it by what people call it, in sorted lines or by queries."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

import pyoxigraph as ox

from ..authoring.vocabulary import NameOrder, best_named
from ..errors import UnknownName, UsageError, counted, visible
from ..evidence.behind import claims_entailing
from ..evidence.statement import Evidence, Support, only_form_and_accessed
from ..iris import compact, expand
from ..namespaces import COMMON_PREFIXES
from ..project import Project
from ..query import IRI, Evaluator
from ..query.notebook import caption, cut, linked, listed, table
from ..query.solutions import imported
from ..query.values import plain, value_of
from ..rdf.lines import iri as iri_of
from ..rdf.lines import split
from ..rdf.tokens import term_token
from .citing import Citations

__all__ = [
    "Entity",
    "EntityStatement",
    "EntityStatements",
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
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"')  #: of a literal, in which nothing is an IRI
_SHOWN = 30  #: statements of a thing that a notebook shows
_SHOWN_SENTENCES = 5  #: of a statement
_AT_ONCE = 100  #: resources whose names one query asks for


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing: its label, the triples about it and those that lead to it, as canonical lines."""

    iri: str
    label: str
    lines: tuple[bytes, ...]
    incoming: tuple[bytes, ...]
    support: Support | None = field(default=None, compare=False)  #: where evidence is known from
    prefixes: Mapping[str, str] = field(default_factory=dict, compare=False)  #: by which it is shown
    citations: Citations | None = field(default=None, compare=False)  #: what cites it
    ranks: Mapping[bytes, int] = field(default_factory=dict, compare=False)  #: property (token) → its place
    derived: Collection[bytes] = field(default=(), compare=False)  #: triples that no claim states
    #: The IRI of a property by any name, given those that are used; raises `UnknownName`.
    property_of: Callable[[str, Collection[str]], str] | None = field(default=None, compare=False)

    def cite(self, form: str = "text", *, accessed: date | None = None, **unknown: Any) -> str:
        """The citation of the thing, as `KnowledgeGraph.cite` gives it."""
        only_form_and_accessed(unknown)
        if self.citations is None:
            raise UsageError("this is a thing of no graph that could be cited.", advice="Ask a KnowledgeGraph for it.")
        return self.citations.written(self.citations.resource(self.iri), form, accessed)

    @property
    def statements(self) -> "EntityStatements":
        """What is said about it, values as Python types: as on its page, what is derived last."""
        ordered = self.ordered
        triples = ox.parse(b"".join(ordered), format=ox.RdfFormat.N_TRIPLES)
        return EntityStatements(
            EntityStatement(
                IRI(iri_of(split(line)[1])),
                value_of(triple.object),
                line,
                self.support,
                self.prefixes,
                line in self.derived,
            )
            for line, triple in zip(ordered, triples, strict=True)
        )

    @property
    def ordered(self) -> list[bytes]:
        """Its triples as on its page: what says what it is first, what is derived last."""
        last = len(self.ranks)
        return sorted(self.lines, key=lambda line: (line in self.derived, self.ranks.get(split(line)[1], last), line))

    def values(self, property_: str) -> list[Any]:
        """The values of a property, given as an IRI, a prefixed name or by its label. Raises `UnknownName`."""
        name = self.property_iri(property_)
        return [statement.value for statement in self.statements if statement.predicate == name]

    def property_iri(self, property_: str) -> str:
        """The IRI of a property, given as to `values`."""
        used = {iri_of(split(line)[1]) for line in self.lines}
        name = self.property_of(property_, used) if self.property_of else expand(property_, self.prefixes)
        if name is None:
            advice = f"Known prefixes: {', '.join(self.prefixes)}."
            raise UsageError(f"“{property_}” is not a valid IRI or prefixed name.", advice=advice)
        return name

    def __getitem__(self, property_: str) -> list[Any]:
        """The values of a property, as `values` gives them."""
        if not isinstance(property_, str):
            raise UsageError("a thing has values by their properties.", advice='Write thing["schema:name"].')
        return self.values(property_)

    #: What there is to go through has names: `statements`, `values`.
    __iter__ = None

    def __reduce__(self) -> tuple[Any, ...]:
        # without what leads to the whole graph
        return Entity, (self.iri, self.label, self.lines, self.incoming, None, dict(self.prefixes))

    def __repr__(self) -> str:
        name = f"{compact(self.iri, self.prefixes)} “{cut(self.label)}”"
        leading = counted(len(self.incoming), "statement")
        return visible(f"<Entity {name}: {counted(len(self.lines), 'statement')}, {leading} leading here>", line=True)

    def _repr_html_(self) -> str:
        name = f"{self.label} ({compact(self.iri, self.prefixes)})"
        leading = f"{counted(len(self.incoming), 'statement')} leading here"
        return caption(name) + self.statements._repr_html_() + listed([leading])


class EntityStatements(tuple["EntityStatement", ...]):
    """The statements about a thing, as a notebook shows them."""

    __slots__ = ()

    def to_pandas(self) -> Any:
        """A pandas `DataFrame` (extra `pandas`): a row for each statement, with its property, value and reasons."""
        rows = [(compact(one.predicate, one.prefixes), plain(one.value), "; ".join(one.reasons)) for one in self]
        return imported("pandas").DataFrame(rows, columns=["property", "value", "why"], dtype=object)

    def __repr__(self) -> str:
        """The statements, each with its sentences; those that are derived are counted."""
        stated = [one for one in self if not one.derived]
        lines = [repr(one) for one in stated[:_SHOWN]]
        lines += [f"… and {len(stated) - _SHOWN:,} more"] if len(stated) > _SHOWN else []
        return "\n".join([f"<{counted(len(self), 'statement')}>", *lines, *self._left_out()])

    def _repr_html_(self) -> str:
        stated = [one for one in self if not one.derived]
        rows = [
            [
                linked(compact(one.predicate, one.prefixes), one.predicate),
                linked(one.text, one.value if isinstance(one.value, IRI) else None),
                listed(one.reasons[:_SHOWN_SENTENCES]),
            ]
            for one in stated[:_SHOWN]
        ]
        return table(("property", "value", "why"), rows, len(stated)) + listed(self._left_out())

    def _left_out(self) -> list[str]:
        number = sum(one.derived for one in self)
        return [f"{counted(number, 'derived statement')}, last in statements"] if number else []


@dataclass(frozen=True, slots=True)
class EntityStatement:
    """One statement about a thing."""

    predicate: IRI
    value: Any  #: as a Python type, as in solutions
    line: bytes  #: the canonical triple
    support: Support | None = field(default=None, compare=False)
    prefixes: Mapping[str, str] = field(default_factory=dict, compare=False)
    derived: bool = field(default=False, compare=False)  #: whether no claim states it

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What stands behind it: the claim that states it, or those that it follows from; none where there is none."""
        if self.support is None:
            return ()
        claims = claims_entailing(self.support, *split(self.line)[:3])
        return tuple(map(self.support.evidence, claims))

    def cite(self, form: str = "text", *, accessed: date | None = None, **unknown: Any) -> str:
        """The citations of its claims, a line end between two. Raises `UsageError` where it has none."""
        only_form_and_accessed(unknown)
        cited = [evidence.cite(form, accessed=accessed) for evidence in self.evidence]
        if not cited:
            raise UsageError("no claim is behind this statement.", advice="Cite the thing that it is about.")
        return "\n".join(cited)

    @property
    def reasons(self) -> list[str]:
        """All that speaks for it and against it, a text each, each once."""
        return list(dict.fromkeys(text for evidence in self.evidence for text in evidence.reasons))

    @property
    def text(self) -> str:
        """The value to read: a prefixed name or the text."""
        return compact(self.value, self.prefixes) if isinstance(self.value, IRI) else str(self.value)

    def __reduce__(self) -> tuple[Any, ...]:
        # without what leads to the whole graph
        return EntityStatement, (self.predicate, self.value, self.line, None, dict(self.prefixes), self.derived)

    def __repr__(self) -> str:
        """The statement with its sentences, a line each."""
        head = f"<{compact(self.predicate, self.prefixes)} {cut(self.text)}>"
        return "\n".join(
            visible(line, line=True) for line in (head, *(f"  {cut(text)}" for text in self.reasons[:_SHOWN_SENTENCES]))
        )


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
    suggestions = [f"“{text}”" for text in near] or _near_prefixed(name, prefixes)
    raise UnknownName(
        f"there is nothing called “{name}”.",
        suggestions=suggestions,
        advice=None if suggestions else _way_to_name(name, prefixes),
    )


def _near_prefixed(name: str, prefixes: Mapping[str, str]) -> list[str]:
    """The name with the known prefix that is nearest to its own, where that one is not known."""
    prefix, colon, local = name.partition(":")
    if not colon or expand(name, prefixes) or not _PREFIX.fullmatch(prefix) or prefix in COMMON_PREFIXES:
        return []
    return [f"{near}:{local}" for near in get_close_matches(prefix, filter(None, prefixes), 1, 0.6)]


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
    mark = f"<{iri}>".encode()
    if iri and any(mark in line and mark in _TEXT.sub(b"", line) for line in lines):
        return iri
    local = name.strip("<>").lstrip("#").encode()
    if not local or best_named(name, labels, ""):
        return None
    ends = re.compile(rb"<([^<>\s\"]*[/#:]%b)>" % re.escape(local))
    having = (_TEXT.sub(b"", line) for line in lines if ends.search(line))
    found = sorted({match.decode() for line in having for match in ends.findall(line)})
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
            f"there is nothing called “{name}” in the store.", advice=_way_to_name(name, project.prefixes)
        )
    return named
