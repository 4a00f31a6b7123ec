"""The triple patterns of a query, and which of them every solution needs.

Read from the tokens, as far as hints and choices need them: what cannot be read is passed over, and nothing is
concluded from it. A pattern in OPTIONAL, MINUS or NOT EXISTS is not needed; of a UNION one side is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ..namespaces import RDF
from ..rdf.tokens import iri_token
from .forms import closing, namespaces, pattern_start, short_literal, token_iri, token_literal
from .property_path import Node, PropertyPath
from .tokens import Token

__all__ = ["GroupPattern", "TriplePattern", "ends_of", "groups", "needed_ends", "patterns_of"]

_TYPE = iri_token(RDF.type).decode()
_MOST_DEPTH = 50  #: of groups within groups; deeper ones are not read
_COMPARES = ("=", "<", ">", "<=", ">=")
_FOLDING = ("LCASE", "UCASE")


class TriplePattern(NamedTuple):
    """Subject, path, object."""

    subject: Node
    path: PropertyPath
    object: Node


@dataclass(slots=True)
class GroupPattern:
    """What stands between two braces."""

    patterns: list[TriplePattern] = field(default_factory=list)
    equal: list[tuple[str, Node]] = field(default_factory=list)  #: variables that must have a value
    texts: list[tuple[str, str]] = field(default_factory=list)  #: variables of which one has the other's text
    loose: list[tuple[str, str]] = field(default_factory=list)  #: those whose texts are compared with their case aside
    compared: list[tuple[str, Node]] = field(default_factory=list)  #: variables that are to be less or more than these
    graphs: list[Node] = field(default_factory=list)
    unions: list[list["GroupPattern"]] = field(default_factory=list)  #: of each one side must match
    others: list["GroupPattern"] = field(default_factory=list)  #: need not match
    is_given: bool = False  #: whether it is the only row of a VALUES clause, as parameters are
    graph: Node | None = None  #: of its own patterns and those within
    denied: bool = False  #: whether what matches it is left out: MINUS, NOT EXISTS


def patterns_of(text: str, query: Sequence[Token], prefixes: Mapping[str, str], base: str = "") -> GroupPattern:
    """The outermost group of a query; an empty one where it has none."""
    start = pattern_start(query)
    opening = next((number for number, token in enumerate(query) if token.end == start), None)
    end = None if opening is None else closing(query, opening)
    if opening is None or end is None:
        return GroupPattern()
    return _Reader(text, query[: end + 1], *namespaces(query, prefixes, base)).group(opening + 1)


def ends_of(group: GroupPattern, variable: str) -> list[tuple[str, bool]]:
    """Where a variable stands in a query: properties (tokens), and whether it is their object; each once, in order.

    A variable that only has the text of another one stands where that one does.
    """
    every = list(groups(group))
    names = {variable}
    for one, other in (pair for inner in every for pair in (*inner.texts, *inner.loose)):
        names |= {other} if one == variable else {one} if other == variable else set()
    listed: dict[str, list[str]] = {}
    for inner in every:
        for name, node in inner.equal:
            listed.setdefault(name, []).append(node.term)
    ends: dict[tuple[str, bool], None] = {}
    for subject, path, object_ in (pattern for inner in every for pattern in inner.patterns):
        verbs = [(term, True) for term in listed.get(path.variable, ())]
        if subject.variable in names:
            ends |= dict.fromkeys((term, not forward) for term, forward in path.first or verbs)
        if object_.variable in names:
            ends |= dict.fromkeys(path.last or verbs)
    return list(ends)


def needed_ends(group: GroupPattern, variable: str) -> list[tuple[tuple[str, bool], ...]]:
    """Sets of ends, at one of each of which a variable stands in every solution; each set once, in order."""
    found: dict[tuple[tuple[str, bool], ...], None] = {}
    for subject, path, object_ in group.patterns:
        if not path.needed:  # such as a path of no steps
            continue
        if subject.variable == variable and path.first:
            found[tuple((term, not forward) for term, forward in path.first)] = None
        if object_.variable == variable and path.last:
            found[path.last] = None
    for sides in group.unions:
        each = [needed_ends(side, variable) for side in sides]
        if len(each) == 1:
            found |= dict.fromkeys(each[0])
        elif all(each):
            found[tuple(dict.fromkeys(end for ends in each for end in ends[0]))] = None
    return list(found)


def groups(group: GroupPattern) -> Iterator[GroupPattern]:
    """A group and all within it."""
    yield group
    for inner in (*(side for sides in group.unions for side in sides), *group.others):
        yield from groups(inner)


class _Reader:
    """Goes once over the tokens."""

    def __init__(self, text: str, query: Sequence[Token], prefixes: Mapping[str, str], base: str) -> None:
        self._text, self._query, self._prefixes, self._base = text, query, prefixes, base
        self._at = 0
        self._depth = 0

    def group(self, start: int) -> GroupPattern:
        """The group whose first token that is; reading goes on behind its brace."""
        self._at = start
        group = GroupPattern()
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            self._skip_to("}")
        while (token := self._token) is not None and token.text != "}":
            before = self._at
            self._element(group, token)
            if self._at == before:
                self._at += 1
        self._at += 1
        self._depth -= 1
        return group

    @property
    def _token(self) -> Token | None:
        return self._query[self._at] if self._at < len(self._query) else None

    def _is(self, text: str) -> bool:
        token = self._token
        return token is not None and token.text == text and token.kind == "operator"

    def _word(self) -> str:
        return "" if self._token is None else self._token.word

    def _skip_to(self, text: str) -> None:
        """Before the next such bracket that closes what is open."""
        while (token := self._token) is not None and not self._is(text):
            if token.kind == "operator" and token.text in "{([":
                self._at = (closing(self._query, self._at) or len(self._query)) + 1
            else:
                self._at += 1

    def _element(self, group: GroupPattern, token: Token) -> None:
        reads = {
            "OPTIONAL": self._other, "MINUS": self._denied, "FILTER": self._filter, "GRAPH": self._graph,
            "VALUES": self._values, "BIND": self._passed, "SERVICE": self._passed, "SELECT": self._subquery,
        }  # fmt: skip
        if read := reads.get(token.word):
            self._at += 1
            read(group)
        elif self._is("{"):
            sides = [self.group(self._at + 1)]
            while self._word() == "UNION":
                self._at += 1
                if self._is("{"):
                    sides.append(self.group(self._at + 1))
            group.unions.append(sides)
        elif not self._is("."):
            self._triples(group)

    def _other(self, group: GroupPattern) -> None:
        if self._is("{"):
            group.others.append(self.group(self._at + 1))

    def _denied(self, group: GroupPattern) -> None:
        if self._is("{"):
            self._other(group)
            group.others[-1].denied = True

    def _inner(self, group: GroupPattern) -> None:
        if self._is("{"):
            group.unions.append([self.group(self._at + 1)])

    def _graph(self, group: GroupPattern) -> None:
        graph = self._node(group)
        group.graphs += [graph] if graph and graph.term else []
        if self._is("{"):
            self._inner(group)
            group.unions[-1][0].graph = graph

    def _passed(self, _: GroupPattern) -> None:
        while self._token is not None and not (self._is("(") or self._is("{")):
            self._at += 1
        self._pass()

    def _subquery(self, group: GroupPattern) -> None:
        """What it groups and orders does not change what it needs."""
        while self._token is not None and not self._is("{") and not self._is("}"):
            if self._is("("):
                self._pass()
            else:
                self._at += 1
        self._inner(group)
        self._skip_to("}")

    def _pass(self) -> None:
        """Behind what is in brackets."""
        if self._token is not None and (self._is("(") or self._is("{") or self._is("[")):
            self._at = (closing(self._query, self._at) or len(self._query)) + 1

    def _filter(self, group: GroupPattern) -> None:
        if self._word() == "EXISTS":
            self._at += 1
            self._inner(group)
            return
        if self._word() == "NOT":
            self._at += 2
            self._denied(group)
            return
        if not self._is("("):  # a function's call
            self._passed(group)
            return
        end = closing(self._query, self._at) or len(self._query)
        conditions = GroupPattern()
        while self._at < end:
            self._at += 1
            if not self._condition(conditions, end):
                break
        else:  # each of them must hold
            group.equal += conditions.equal
            group.texts += conditions.texts
            group.compared += conditions.compared
        group.loose += conditions.loose
        self._at = end + 1

    def _condition(self, group: GroupPattern, end: int) -> bool:
        """Read one of the conditions that && joins; whether nothing else joins them."""
        folds = self._word() in _FOLDING
        left = self._operand(group)
        sign = self._token.text if self._token is not None else ""
        if left and sign in _COMPARES:
            self._at += 1
            right = self._operand(group)
            if left[0].variable and right and right[0].variable and folds and sign == "=":
                group.loose.append((left[0].variable, right[0].variable))
            elif right and not folds and (self._at == end or self._is("&&")):
                for (one, one_text), (other, other_text) in ((left, right), (right, left)):
                    if sign == "=" and one.variable and other.term:
                        group.equal.append((one.variable, other))
                    elif sign == "=" and one.variable and other.variable:
                        group.texts.append((one.variable, other.variable))
                    elif sign != "=" and one.variable and not (one_text or other_text):
                        group.compared.append((one.variable, other))
        while self._at < end and not self._is("&&"):
            if self._is("||"):
                return False
            if self._is("(") or self._is("{"):
                self._pass()
            else:
                self._at += 1
        return True

    def _operand(self, group: GroupPattern) -> tuple[Node, bool] | None:
        """A variable or a term, or the text of one, and whether it is the text."""
        if self._word() != "STR" and self._word() not in _FOLDING:
            node = self._node(group)
            return (node, False) if node else None
        self._at += 2
        inner = self._operand(group)
        self._at += self._is(")")
        return (inner[0], True) if inner else None

    def _values(self, group: GroupPattern) -> None:
        names: list[str] = []
        single = not self._is("(")
        while (token := self._token) is not None and not self._is("{"):
            names += [token.text[1:]] if token.kind == "variable" else []
            self._at += 1
        if self._token is None:
            return
        end = closing(self._query, self._at) or len(self._query)
        self._at += 1
        rows: list[list[Node]] = []
        while self._at < end:
            if self._is("(") and not single:
                self._at += 1
                row: list[Node] = []
                while self._at < end and not self._is(")"):
                    before = self._at
                    row.append(self._node(group) or Node())
                    self._at += self._at == before
                self._at += 1
                rows.append(row)
            else:
                before = self._at
                rows.append([self._node(group) or Node()])
                self._at += self._at == before
        if rows:
            sides = [
                GroupPattern(equal=[(name, node) for name, node in zip(names, row, strict=False) if node.term])
                for row in rows[:1000]
            ]
            sides[0].is_given = len(sides) == 1
            group.unions.append(sides)
        self._at = end + 1

    def _triples(self, group: GroupPattern) -> None:
        subject = self._node(group)
        if subject is not None:
            self._properties(group, subject)

    def _properties(self, group: GroupPattern, subject: Node) -> None:
        while self._token is not None:
            path = self._path()
            if path is None:
                return
            while (object_ := self._node(group)) is not None:
                group.patterns.append(TriplePattern(subject, path, object_))
                if not self._is(","):
                    break
                self._at += 1
            while self._is(";"):
                self._at += 1
            if self._token is None or self._is(".") or self._is("}") or self._is("]"):
                return

    def _node(self, group: GroupPattern) -> Node | None:
        """The term or variable here; None where there is none."""
        token = self._token
        if token is None:
            return None
        self._at += 1
        if token.kind == "variable":
            return Node(token.text[1:], start=token.start)
        if token.kind in ("iri", "name"):
            return Node(term=f"<{token_iri(token, self._prefixes, self._base)}>", start=token.start)
        if token.kind == "string":
            behind = self._query[self._at : self._at + 2]
            self._at += 1 if behind and behind[0].kind == "tag" else 2 if behind and behind[0].text == "^^" else 0
            try:
                return Node(term=str(token_literal(token, behind, self._prefixes, self._base)), start=token.start)
            except ValueError:
                return Node()
        if short := short_literal(token):
            return Node(term=short, start=token.start)
        if token.kind == "blank":
            return Node()
        if token.text == "[":
            inner = Node()
            self._properties(group, inner)
            self._skip_to("]")
            self._at += 1
            return inner
        if token.text == "(":
            self._at -= 1
            self._pass()
            return Node()
        self._at -= 1
        return None

    # -- paths (https://www.w3.org/TR/sparql11-query/#rPath) --------------------

    def _path(self) -> PropertyPath | None:
        token = self._token
        if token is not None and token.kind == "variable":
            self._at += 1
            return PropertyPath(variable=token.text[1:], start=token.start, end=token.end)
        path = self._alternatives()
        if path is None or token is None:
            return None
        return replace(path, start=token.start, end=self._query[self._at - 1].end)

    def _alternatives(self) -> PropertyPath | None:
        paths = self._joined("|", self._sequence)
        return PropertyPath.alternatives(paths) if paths else None

    def _sequence(self) -> PropertyPath | None:
        paths = self._joined("/", self._step_of_path)
        return PropertyPath.sequence(paths) if paths else None

    def _joined(self, operator: str, part: Callable[[], PropertyPath | None]) -> list[PropertyPath] | None:
        paths = [part()]
        while self._is(operator):
            self._at += 1
            paths.append(part())
        read = [path for path in paths if path is not None]
        return read if len(read) == len(paths) else None

    def _step_of_path(self) -> PropertyPath | None:
        turned = self._is("^")
        self._at += turned
        path: PropertyPath | None
        if node := self._property():
            path = PropertyPath.of(node)
        elif self._is("!"):
            self._at += 1
            path = self._negated()
        elif self._is("("):
            self._at += 1
            path = self._alternatives()
            if not self._is(")"):
                return None
            self._at += 1
        else:
            return None
        if path is not None:
            path = path.inverse() if turned else path
            for mark in "?*+":
                if self._is(mark):
                    self._at += 1
                    return path.repeated(mark)
        return path

    def _property(self) -> Node | None:
        token = self._token
        if token is None or not (token.kind in ("iri", "name") or token.text == "a"):
            return None
        self._at += 1
        term = _TYPE if token.text == "a" else f"<{token_iri(token, self._prefixes, self._base)}>"
        return Node(term=term, start=token.start)

    def _negated(self) -> PropertyPath | None:
        """What stands behind an exclamation mark: a property, an inverse one, or several in brackets."""
        several = self._is("(")
        self._at += several
        links: list[tuple[str, bool]] = []
        while not (several and self._is(")")):
            turned = self._is("^")
            self._at += turned
            node = self._property()
            if node is None:
                return None
            links.append((node.term, not turned))
            if not several:
                return PropertyPath.other_than(links)
            self._at += self._is("|")
        self._at += 1
        return PropertyPath.other_than(links)
