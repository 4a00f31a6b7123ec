"""Why a query has no solutions: names and values that it needs and that no statement has, with what may be meant.

A name is pointed out only where each solution needs it (`patterns.py`) and nothing in the data has it; so an empty
answer that is right gets no hint. One query asks for all names of a query, one more for each hint looks for names
like it; both read a bounded part of the data.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from math import inf
from typing import Any, NamedTuple

import pyoxigraph as ox

from ..iris import compact, local_name
from ..namespaces import OWL, RDF, XSD
from ..rdf.lines import literal
from ..wording.messages import Message, either, joined, message
from .forms import calls_aggregate
from .lexical_forms import NUMERIC_TYPES
from .notebook import cut
from .patterns import GroupPattern, ends_of, groups, needed_ends, patterns_of
from .property_path import Node
from .tokens import Token, tokens

__all__ = ["Absence", "absences", "is_void"]

_MOST_NAMES = 60  #: of a query that are asked for
_MOST_HINTS = 4
_MOST_SHOWN = 3  #: values that there are
_LONGEST = 200  #: characters of a name that is shown
_MOST_READ = 200_000  #: statements that are read for names like one
_MOST_LIKE = 20_000  #: names that one is compared with
_ALIKE = 0.7
#: The line of a named query that declares a parameter; pages bind it by a VALUES clause in the text.
_PARAMETER = re.compile(r"^[ \t]*#[ \t]*param[ \t]+(\w+)", re.MULTILINE)
_ALIKE_ELSEWHERE = 0.75  #: of a name in another namespace
_TYPE = f"<{RDF.type}>"
_PROPERTY_KINDS = " ".join(
    f"<{kind}>" for kind in (RDF.Property, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
)
#: What stands in the queries for names in a role.
_USES = {
    "property": "{{ ?s {0} ?o }}",
    "class": "{{ ?s a {0} }}",
    "thing": "{{ {0} ?p ?o }} UNION {{ ?s ?p {0} }} UNION {{ ?s {0} ?o }}",
    "graph": "{{ GRAPH {0} {{ ?s ?p ?o }} }}",
    "text": "{{ ?s ?p {0} }}",  # a text that may be a value of any property
}
#: Variables and rows of a SELECT query.
_Select = Callable[[str], tuple[Sequence[str], Sequence[Sequence[Any]]]]
_Ends = tuple[tuple[str, bool], ...]


class Absence(NamedTuple):
    """A name or value that a query needs and that no statement has."""

    text: Message  #: what is to be told
    start: int  #: where it stands in the query; -1 for a parameter's value


class _Need(NamedTuple):
    #: One of `_USES`, or `value`, `place` (a thing where a parameter stands), `order` (a value compared).
    role: str
    term: str
    ends: _Ends = ()  #: of a value, where it is asked for
    by_text: str = ""  #: whether the text alone counts: `same`, or `loose` with its case aside and more around it
    places: tuple[_Ends, ...] = ()  #: of a thing, where it must stand: at one end of each
    variable: str = ""  #: what the query calls what was given


def is_void(rows: Sequence[Sequence[Any]], query: Sequence[Token]) -> bool:
    """Whether solutions say nothing: there are none, or all that was counted is 0."""
    if not rows:
        return True
    if len(rows) > 1 or not calls_aggregate(query):
        return False
    return all(term is None or (isinstance(term, ox.Literal) and term.value == "0") for term in rows[0])


def absences(
    text: str,
    select: _Select,
    prefixes: Mapping[str, str],
    *,
    parameters: Mapping[str, Any] | None = None,
    base: str = "",
) -> list[Absence]:
    """What keeps a query without solutions from having any; nothing where its names are all in use.

    `parameters` are the terms that stand for variables. Raises what `select` raises.
    """
    query = list(tokens(text))
    root = patterns_of(text, query, prefixes, base)
    given = [(name, Node(term=str(term))) for name, term in (parameters or {}).items()]
    if given:
        root.unions.append([GroupPattern(equal=given, is_given=True)])
    reader = _Needs(root, frozenset(_PARAMETER.findall(text)).union(parameters or ()))
    needs = list(dict.fromkeys(need for need, _ in reader.all(root)))[:_MOST_NAMES]
    if not needs:
        return []
    asked = (f"{{ SELECT ({number} AS ?n) WHERE {{ {_use(need)} }} LIMIT 1 }}" for number, need in enumerate(needs))
    _, rows = select(f"SELECT ?n WHERE {{ {' UNION '.join(asked)} }}")
    there = {int(row[0].value) for row in rows}
    absent = {need for number, need in enumerate(needs) if number not in there}
    found: dict[Message, Absence] = {}
    for need, start in reader.missing(root, absent):
        if len(found) < _MOST_HINTS and (told := _told(need, select, prefixes)):
            found.setdefault(told, Absence(told, start))
    return list(found.values())


class _Needs:
    """What the groups of a query need."""

    def __init__(self, root: GroupPattern, parameters: Collection[str]) -> None:
        self._root = root
        self._parameters = parameters

    @cached_property
    def _verbs(self) -> frozenset[str]:
        """The variables that stand for properties."""
        return frozenset(pattern.path.variable for group in groups(self._root) for pattern in group.patterns)

    @cached_property
    def _given(self) -> dict[str, list[Node]]:
        """The only values of variables."""
        rows = (group for group in groups(self._root) if group.is_given)
        return {variable: [node] for group in rows for variable, node in group.equal}

    def all(self, group: GroupPattern) -> Iterator[tuple[_Need, int]]:
        """All needs, in the order of the query."""
        for alternatives in self._own(group):
            yield from alternatives
        for sides in group.unions:
            for side in sides:
                yield from self.all(side)

    def missing(self, group: GroupPattern, absent: set[_Need]) -> list[tuple[_Need, int]]:
        """Those that are absent and keep a group from matching."""
        found = [
            need
            for alternatives in self._own(group)
            if alternatives and all(need in absent for need, _ in alternatives)
            for need in alternatives
            # what nothing names stands nowhere, which need not be told as well
            if not (need[0].role == "place" and _Need("thing", need[0].term) in absent)
        ]
        for sides in group.unions:
            dead = [self.missing(side, absent) for side in sides]
            if all(dead):
                found += [need for side in dead for need in side]
        return found

    def _own(self, group: GroupPattern) -> Iterator[list[tuple[_Need, int]]]:
        """Sets of needs, of each of which one must be met."""
        for subject, path, object_ in group.patterns:
            for names in path.needed:
                yield [(_Need("property", name.term), name.start) for name in names]
            if subject.term:
                yield [(_Need("thing", subject.term), subject.start)]
            if object_.term.startswith("<"):
                role = "class" if path.last == ((_TYPE, True),) else "thing"
                yield [(_Need(role, object_.term), object_.start)]
            elif object_.term and path.last:
                yield [(_Need("value", object_.term, path.last), object_.start)]
            elif path.variable and _is_plain(object_.term):
                yield [(_Need("text", object_.term), object_.start)]
        yield from self._of_equal(group)
        for variable, other in group.compared:
            ends = tuple(ends_of(self._root, variable))
            for node in [other] if other.term else self._given.get(other.variable, ()):
                if ends and node.term.startswith('"'):
                    yield [(_Need("order", node.term, ends), node.start)]
        for graph in group.graphs:
            yield [(_Need("graph", graph.term), graph.start)]

    def _of_equal(self, group: GroupPattern) -> Iterator[list[tuple[_Need, int]]]:
        """The needs of variables that must have a value."""
        for variable, node in group.equal:
            # a VALUES clause of the query's own is no parameter's
            given = variable if group.is_given and variable in self._parameters else ""
            if node.term.startswith("<"):
                yield [(_Need("property" if variable in self._verbs else "thing", node.term), node.start)]
                if given and (places := tuple(needed_ends(self._root, variable))):
                    yield [(_Need("place", node.term, places=places, variable=given), node.start)]
            elif ends := tuple(ends_of(self._root, variable)):
                by_text = self._is_compared(variable)
                yield [(_Need("value", node.term, ends, by_text, variable=given), node.start)]
            elif variable in self._anywhere and _is_plain(node.term) and not self._is_compared(variable):
                yield [(_Need("text", node.term), node.start)]

    @cached_property
    def _anywhere(self) -> frozenset[str]:
        """The variables that stand for values of any property."""
        patterns = (pattern for group in groups(self._root) for pattern in group.patterns)
        return frozenset(pattern.object.variable for pattern in patterns if pattern.path.variable)

    def _is_compared(self, variable: str) -> str:
        """Whether the text of a variable alone counts, as `_Need.by_text` has it."""
        loose = any(variable in pair for group in groups(self._root) for pair in group.loose)
        same = any(variable in pair for pair in self._texts(self._root))
        return "loose" if loose else "same" if same else ""

    def _texts(self, group: GroupPattern) -> Iterator[tuple[str, str]]:
        yield from group.texts
        for sides in group.unions:
            for side in sides:
                yield from self._texts(side)


def _is_plain(term: str) -> bool:
    """Whether a token is a text without a language."""
    if not term.startswith('"'):
        return False
    _, language, datatype = literal(term.encode())
    return not language and datatype in (None, XSD.string)


def _use(need: _Need) -> str:
    """The pattern that matches where a need is met."""
    if need.role == "place":
        return _places(need.places, need.term)
    if need.role == "order":  # an error, which is neither, where the two have no order
        return f"{_values(need.ends)} FILTER(?o < {need.term} || ?o >= {need.term})"
    if need.role != "value":
        return _USES[need.role].format(need.term)
    same = {
        "": f"?o = {need.term} || SAMETERM(?o, {need.term})",
        "same": f"STR(?o) = STR({need.term})",
        "loose": f"CONTAINS(LCASE(STR(?o)), LCASE(STR({need.term})))",
    }
    return f"{_values(need.ends)} FILTER({same[need.by_text]})"


def _values(ends: _Ends) -> str:
    """A pattern whose `?o` has the values of properties; of a property turned round, its subjects."""
    return " UNION ".join(f"{{ ?s {term} ?o }}" if forward else f"{{ ?o {term} ?s }}" for term, forward in ends)


def _places(places: tuple[_Ends, ...], term: str) -> str:
    """A pattern that matches where a term, or a variable, stands at one end of each."""
    first, *others = (
        " UNION ".join(
            f"{{ ?s{number} {name} {term} }}" if forward else f"{{ {term} {name} ?o{number} }}"
            for name, forward in ends
        )
        for number, ends in enumerate(places)
    )
    # not joined: nothing but the term is in both, so each row of one would go with each of the other
    return first + "".join(f" FILTER EXISTS {{ {other} }}" for other in others)


def _told(need: _Need, select: _Select, prefixes: Mapping[str, str]) -> Message | None:
    """What to say of an absent name; None for a value that may well have no statement."""
    if need.role == "value":
        return _value_told(need, select, prefixes)
    if need.role == "order":
        return _order_told(need, select, prefixes)
    if need.role == "text":
        elsewhere = _elsewhere(need, literal(need.term.encode())[0], select, prefixes)
        return joined([message("hint_text", value=_shown(need.term, prefixes)), elsewhere]) if elsewhere else None
    if need.role == "place":
        _, rows = select(
            f"SELECT DISTINCT ?x {{ {{ SELECT ?x {{ {_places(need.places, '?x')} }} LIMIT {_MOST_READ} }} "
            f"FILTER(isIRI(?x)) }} LIMIT {_MOST_LIKE}"
        )
        others = sorted(compact(row[0].value, prefixes) for row in rows if isinstance(row[0], ox.NamedNode))
        name = cut(compact(need.term[1:-1], prefixes), _LONGEST)
        return _such_as("hint_place", [cut(other, _LONGEST) for other in others], name=name, kind=_word(need.variable))
    name = need.term[1:-1]
    what = message(f"hint_{need.role}", name=cut(compact(name, prefixes), _LONGEST))
    alike = [cut(compact(like, prefixes), _LONGEST) for like in _alike(name, _names(need.role, select))]
    return _meant(what, alike)


def _meant(what: Message, names: Sequence[str]) -> Message:
    return joined([what, message("hint_meant", names=either(names))]) if names else what


def _such_as(key: str, values: Sequence[str], **filled: str) -> Message:
    if not values:
        return message(key, **filled)
    return message(f"{key}_such", values=", ".join(values[:_MOST_SHOWN]), **filled)


def _word(variable: str) -> str:
    """A variable's name to read."""
    return cut(variable.replace("_", " "), _LONGEST)


def _names(role: str, select: _Select) -> list[str]:
    """The names that are used in a role."""
    part = f"LIMIT {_MOST_READ}"
    texts = {
        "property": [
            f"SELECT DISTINCT ?x {{ {{ SELECT ?x {{ ?s ?x ?o }} {part} }} }} LIMIT {_MOST_LIKE}",
            f"SELECT DISTINCT ?x {{ VALUES ?k {{ {_PROPERTY_KINDS} }} ?x a ?k FILTER EXISTS {{ ?s ?x ?o }} }} LIMIT 99",
        ],
        "class": [f"SELECT DISTINCT ?x {{ {{ SELECT ?x {{ ?s a ?x }} {part} }} }} LIMIT {_MOST_LIKE}"],
        "graph": [f"SELECT DISTINCT ?x {{ {{ SELECT ?x {{ GRAPH ?x {{ ?s ?p ?o }} }} {part} }} }} LIMIT {_MOST_LIKE}"],
        "thing": [
            f"SELECT DISTINCT ?x {{ {{ SELECT ?x {{ ?x ?p ?o }} {part} }} }} LIMIT {_MOST_LIKE}",
            f"SELECT DISTINCT ?x {{ {{ SELECT ?x {{ ?s ?p ?x FILTER(isIRI(?x)) }} {part} }} }} LIMIT {_MOST_LIKE}",
        ],
    }[role]
    found = dict.fromkeys(str(row[0]) for text in texts for row in select(text)[1] if row[0] is not None)
    return sorted(term[1:-1] for term in found if term.startswith("<"))


def _alike(name: str, names: Sequence[str]) -> list[str]:
    """The names most like one: in its namespace, else with its local name, or nearly so, in another."""
    local = local_name(name)
    space = name[: len(name) - len(local)]
    own: dict[str, str] = {}
    others: dict[str, str] = {}
    for other in names:
        (own if other.startswith(space) and local_name(other) == other[len(space) :] else others).setdefault(
            local_name(other).lower(), other
        )
    for known, least in ((own, _ALIKE), (others, _ALIKE_ELSEWHERE)):
        near = get_close_matches(local.lower(), _misspelt(local.lower(), known), 2, least) if local else []
        if near:
            best = [near[0]] if near[0] == local.lower() else near
            return [known[key] for key in best]
    return []


def _misspelt(local: str, known: Iterable[str]) -> list[str]:
    """The names that may be meant by one: another number is another name, not a wrong spelling of it."""
    digits = re.sub(r"\D", "", local)
    return [key for key in known if key and re.sub(r"\D", "", key) == digits and (key == local or not key.isdigit())]


def _value_told(need: _Need, select: _Select, prefixes: Mapping[str, str]) -> Message | None:
    form, language, datatype = literal(need.term.encode())
    values = _literals(need.ends, select)
    texts: dict[str, list[ox.Literal]] = {}
    for value in values:
        texts.setdefault(value.value.casefold(), []).append(value)
    plain = not language and (not datatype or datatype == XSD.string)
    where = _where(need.ends, prefixes)
    same = texts.get(form.casefold())
    if not same and (plain or language) and (elsewhere := _elsewhere(need, form, select, prefixes)):
        return joined([message("hint_value", property=where, value=_shown(need.term, prefixes)), elsewhere])
    if not same and (plain or language) and datatype not in NUMERIC_TYPES:
        same = [term for near in get_close_matches(form.casefold(), texts, 2, 0.8) for term in texts[near][:1]]
    kind = (datatype or XSD.string, language)
    alike = [value for value in values if need.by_text or (value.datatype.value, value.language) == kind]
    if not same and need.variable and alike:
        such = list(dict.fromkeys(cut(value.value, 100) for value in sorted(alike, key=_by_number)))
        return _such_as("hint_given", such, kind=_word(need.variable), value=cut(form, 100))
    if not same and not plain:
        return None
    shown = [_shown(str(term), prefixes) for term in (same or ())[:2]]
    typed = next((one.datatype.value for one in same or () if not one.language and one.value == form), XSD.string)
    if plain and typed != XSD.string:
        what = message("hint_typed", property=where, value=_shown(need.term, prefixes), type=compact(typed, prefixes))
        return _meant(what, shown)
    return _meant(message("hint_value", property=where, value=_shown(need.term, prefixes)), shown)


def _order_told(need: _Need, select: _Select, prefixes: Mapping[str, str]) -> Message | None:
    """That a value cannot be compared with those that there are, and how to write it as one of them."""
    form, _, _ = literal(need.term.encode())
    values = _literals(need.ends, select)
    if not values:
        return None
    such = str(values[0]).removeprefix(str(ox.Literal(values[0].value))) if not values[0].language else ""
    written = _shown(str(ox.Literal(form)) + such, prefixes)
    meant = [] if values[0].language or written == _shown(need.term, prefixes) else [written]
    where, value, other = _where(need.ends, prefixes), _shown(need.term, prefixes), _shown(str(values[0]), prefixes)
    return _meant(message("hint_order", property=where, value=value, other=other), meant)


def _literals(ends: _Ends, select: _Select) -> list[ox.Literal]:
    """The literals at ends, in the order of their texts."""
    _, rows = select(
        f"SELECT DISTINCT ?o {{ {{ SELECT ?o {{ {_values(ends)} }} LIMIT {_MOST_READ} }} FILTER(isLiteral(?o)) }} "
        f"LIMIT {_MOST_LIKE}"
    )
    return [row[0] for row in sorted(rows, key=str) if isinstance(row[0], ox.Literal)]


def _by_number(value: ox.Literal) -> tuple[float, str]:
    try:
        return float(value.value), value.value
    except ValueError:
        return inf, value.value


def _where(ends: _Ends, prefixes: Mapping[str, str]) -> str:
    return either(dict.fromkeys(compact(term[1:-1], prefixes) for term, _ in ends[:3]))


def _elsewhere(need: _Need, form: str, select: _Select, prefixes: Mapping[str, str]) -> Message | None:
    """Where else a text is a value, with the language that it has there: what else a thing is called, for example."""
    own = {term for term, _ in need.ends} | {f"<{RDF.object}>"}
    _, rows = select(
        f"SELECT DISTINCT ?p ?o {{ {{ SELECT ?p ?o {{ ?s ?p ?o FILTER(isLiteral(?o)) }} LIMIT {_MOST_READ} }} "
        f"FILTER(STR(?o) = {ox.Literal(form)} && ?p NOT IN ({', '.join(sorted(own))})) }} LIMIT {_MOST_LIKE}"
    )
    found: dict[str, list[str]] = {}
    for term, property_ in sorted((str(row[1]), str(row[0])) for row in rows):
        found.setdefault(term, []).append(compact(property_[1:-1], prefixes))
    for term, properties in found.items():
        return message("hint_elsewhere", value=_shown(term, prefixes), property=either(properties[:2]))
    return None


def _shown(token: str, prefixes: Mapping[str, str]) -> str:
    form, _, datatype = literal(token.encode())
    written = token if len(form) <= 100 else f'"{form[:100]}…"'
    if datatype and datatype != XSD.string and token.endswith(f"^^<{datatype}>"):
        return f"{written.removesuffix(f'^^<{datatype}>')}^^{compact(datatype, prefixes)}"
    return written
