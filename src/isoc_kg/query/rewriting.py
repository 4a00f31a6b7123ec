"""Queries as the embedded engine has to be given them so that it answers as SPARQL 1.1 says.

A text is read by the grammar (https://www.w3.org/TR/sparql11-query/#sparqlGrammar), expressions and patterns alike, and
changed only where the engine is known to be wrong: conditions that are no truth values, `GROUP_CONCAT` of anything but
strings, the replacement strings of `REPLACE`, paths of length zero from or to a term that is in no triple, and whatever
asks for a literal as it was written. What is not SPARQL 1.1, or no query at all, stays as it is.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pyoxigraph as ox

from ..lazy_patterns import lazy_pattern
from .arithmetic import ARITHMETIC
from .cursor import NotRead, StoredData
from .expressions import Expression, ExpressionReader
from .forms import FORMS
from .paths import PathReader
from .tokens import NAMES, TERMS, Token, abridged, covers

__all__ = ["EngineQuery", "may_differ", "rewritten"]

_MODIFIERS = frozenset({"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})
_MOST_GRAPHS = 100_000  #: characters that a pattern may have when it is asked of each graph
#: Without any of these in it, a text is given to the engine as it is.
_MARKS = lazy_pattern(
    r"&&|!|\*|\?(?!\w)|\||\^\^|\d|/\s*[?$(]|(?:[)\s]|[?$]\w{1,100})/"
    r"|\b(?:FILTER|IF|HAVING|ORDER|GRAPH|GROUP_CONCAT|REPLACE|REGEX|STRDT|AS|BNODE)\b|\bCOUNT\s*\((?!\s*(?:DISTINCT\s+)?(?:\*|[?$]\w+)\s*\))|(?:COALESCE|CONCAT)[\s#]|[:>]\w*\s*[(#]",
    re.IGNORECASE,
)


@dataclass(slots=True)
class EngineQuery:
    """What the engine is given for a text."""

    text: str
    aggregates: dict[ox.NamedNode, Callable[[], Any]] = field(default_factory=dict)
    written: bool = False  #: whether literals are marked
    notes: tuple[str, ...] = ()  #: what the engine may still get wrong
    calls: bool = True  #: whether it may call a function


def may_differ(text: str) -> bool:
    """Whether the engine may have to be given another text: a quick look."""
    return _MARKS.search(text) is not None


def rewritten(
    text: str, query: Sequence[Token], data: StoredData, *, prefixes: Mapping[str, str], base: str = ""
) -> EngineQuery:
    """What to give the engine for a query."""
    if not covers(text, query):
        return EngineQuery(text, written=data.written)
    try:
        reader = _QueryReader(text, query, prefixes, base, data)
        reader.query()
    except NotRead as reason:
        return EngineQuery(text, written=data.written, notes=tuple(map(str, reason.args)))
    except (RecursionError, ValueError):
        return EngineQuery(text, written=data.written)
    return EngineQuery(
        reader.edits.applied(text), reader.aggregates, reader.written, tuple(dict.fromkeys(reader.notes))
    )


class _QueryReader(ExpressionReader):
    def __init__(self, *text: Any) -> None:
        super().__init__(*text)
        self.narrowed = any(token.word == "FROM" for token in self.tokens)
        self.paths = PathReader(self)
        self.bound: list[str] = []  #: the variables that BIND sets within EXISTS

    def inner_group(self) -> None:
        first = self.position
        before, self.bound = self.bound, []
        self.paths.nested(self.group)
        if self.bound:
            others = (*self.tokens[:first], *self.tokens[self.position :])
            outside = {token.text[1:] for token in others if token.kind == "variable"}
            for name in sorted(outside.intersection(self.bound)):
                self.notes.append(
                    f"BIND within EXISTS sets ?{abridged(name)}, which is outside of it as well: it stands for the new "
                    "value alone here. Take another variable."
                )
        self.bound = [*before, *self.bound]

    def query(self) -> None:
        word = self.take().word
        if word not in FORMS:
            raise NotRead
        self.paths.counted = word == "SELECT"
        bare: list[str] = []
        named: set[str] = set()
        if word == "SELECT":
            bare, named = self.select()
        elif word == "CONSTRUCT" and self.at("{"):
            self.template()
        elif word == "DESCRIBE":
            if self.at("*"):
                self.take()
            while self.token.kind in NAMES:
                self.take()
        while self.token.word == "FROM":
            self.take()
            if self.token.word == "NAMED":
                self.take()
            self.kinds("iri", "name")
        if word != "DESCRIBE" or self.token.word == "WHERE" or self.at("{"):
            self.where()
        self.check_grouped(bare, self.modifiers(named))
        if self.position < len(self.tokens):
            raise NotRead

    def select(self) -> tuple[list[str], set[str]]:
        """A SELECT clause: its variables that stand outside of aggregates, and those that it sets."""
        bare: list[str] = []
        self.bare = bare
        named: set[str] = set()
        if self.token.word in ("DISTINCT", "REDUCED"):
            self.take()
        if self.at("*"):
            self.take()
        while self.token.kind == "variable" or self.at("("):
            if self.token.kind == "variable":
                bare.append(self.take().text[1:])
            else:
                self.named_expression()
                named.add(self.tokens[self.position - 2].text[1:])
            bare[:] = [name for name in bare if name not in named]
        self.bare = None
        return bare, named

    def check_grouped(self, bare: Sequence[str], keys: set[str] | None) -> None:
        """Leave to the engine what it refuses, which is most of what uses the variable of a group for itself."""
        if keys is None and not self.aggregated:
            return
        for name in bare:
            if name not in (keys or ()):
                raise NotRead(
                    f"?{abridged(name)} has no value in SELECT: it stands outside of an aggregate, and is not in GROUP "
                    f"BY. Write SAMPLE(?{abridged(name)}), or put it in GROUP BY."
                )

    def named_expression(self) -> None:
        self.take("(")
        self.term(self.expression())
        if self.token.word == "AS":
            self.take()
            self.kinds("variable")
        self.take(")")

    def where(self) -> None:
        if self.token.word == "WHERE":
            self.take()
        self.group()

    def template(self) -> None:
        self.take("{")
        while not self.at("}"):
            if self.at("."):
                self.take()
            else:
                self.paths.triples(template=True)
        self.take("}")

    def modifiers(self, named: Iterable[str]) -> set[str] | None:
        """Solution modifiers: the variables that solutions are grouped by, None where there is no GROUP BY.

        `named` are the variables that SELECT sets, which have no value yet where HAVING is asked.
        """
        keys: set[str] | None = None
        while self.token.word in _MODIFIERS:
            word = self.take().word
            if word == "GROUP":
                self.take("BY")
                keys = set()
                while self.is_condition():
                    first = self.position
                    self.condition_expression()
                    read = self.tokens[first : self.position]
                    if len(read) in (1, 3) or read[-3].word == "AS":  # ?x, (?x), (… AS ?x)
                        keys.update(token.text[1:] for token in read[-2:] if token.kind == "variable")
            elif word == "HAVING":
                self.bare = []
                while self.is_condition():
                    self.condition(self.condition_expression())
                for name in dict.fromkeys(self.bare):
                    if name in named:
                        self.notes.append(
                            f"?{abridged(name)} has no value in HAVING, which comes before SELECT: write there what "
                            f"?{abridged(name)} stands for."
                        )
                self.bare = None
            elif word == "ORDER":
                self.take("BY")
                while self.token.word in ("ASC", "DESC") or self.is_condition():
                    self.order_condition()
            elif word == "VALUES":
                self.data_block()
            else:
                self.kinds("number")
        return keys

    def order_condition(self) -> None:
        """What solutions are ordered by: numbers that the engine cannot hold by the nearest ones, and by the rest."""
        start = self.token.start
        direction = self.take().word if self.token.word in ("ASC", "DESC") else "ASC"
        expression = self.condition_expression()
        if self.large:
            self.term(expression)
            part = self.parts([expression])[0]
            keys = (f"{direction}({ARITHMETIC[name][0]}({part}))" for name in ("ORDER", "ORDER "))
            self.edits.replace(start, self.end, " ".join(keys))
        else:
            self.value(expression)

    def is_condition(self) -> bool:
        return (
            self.token.kind in NAMES
            or self.at("(")
            or (self.token.kind == "word" and self.token.word not in _MODIFIERS)
        )

    def condition_expression(self) -> Expression:
        """A variable, a call, or an expression in brackets, perhaps with a name."""
        if not self.at("("):
            return self.primary()
        self.take("(")
        inner = self.expression()
        if self.token.word == "AS":
            self.take()
            self.kinds("variable")
        self.take(")")
        return inner

    def data_block(self) -> None:
        if self.token.kind == "variable":
            self.take()
            self.take("{")
            while not self.at("}"):
                self.data_value()
            self.take("}")
            return
        self.take("(")
        while not self.at(")"):
            self.kinds("variable")
        self.take(")")
        self.take("{")
        while not self.at("}"):
            self.take("(")
            while not self.at(")"):
                self.data_value()
            self.take(")")
        self.take("}")

    def data_value(self) -> None:
        if self.token.kind in ("iri", "name") or self.token.word == "UNDEF":
            self.take()
        else:
            self.mark(self.literal())

    # -- patterns -------------------------------------------------------------

    def group(self) -> None:
        self.take("{")
        if self.token.word == "SELECT":
            self.take()
            self.paths.selected(self.inner_select)
            self.take("}")
            return
        while not self.at("}"):
            word = self.token.word
            if self.at("."):
                self.take()
                continue
            if word == "FILTER":
                self.take()
                self.condition(self.condition_expression())
                continue
            if self.at("{") or word in ("OPTIONAL", "MINUS", "GRAPH", "BIND", "VALUES"):
                self.paths.flush(self.token.start)
            if self.at("{"):
                self.group()
                while self.token.word == "UNION":
                    self.take()
                    self.group()
            elif word in ("OPTIONAL", "MINUS"):
                self.take()
                if word == "MINUS" and self.paths.inside:
                    self.notes.append(
                        "MINUS within EXISTS sees the variables that have values outside of it, here as in some "
                        "engines, and not their values alone: put FILTER NOT EXISTS in place of MINUS."
                    )
                self.group()
            elif word == "GRAPH":
                self.graph()
            elif word == "BIND":
                self.take()
                self.named_expression()
                if self.paths.inside:
                    self.bound.append(self.tokens[self.position - 2].text[1:])
            elif word == "VALUES":
                self.take()
                self.data_block()
            else:
                self.paths.triples()
        self.paths.flush(self.token.start)
        self.take("}")

    def inner_select(self) -> None:
        outer, self.aggregated = self.aggregated, False
        bare, named = self.select()
        self.where()
        self.check_grouped(bare, self.modifiers(named))
        self.aggregated = outer

    def graph(self) -> None:
        """A pattern in one graph, or in each.

        The engine takes the name of the graph into the pattern, where MINUS and inner queries, and what has no triples,
        must not see it: then each graph is asked by its name.
        """
        start = self.take("GRAPH").start
        name = self.kinds(*NAMES)
        first = self.position
        self.group()
        inner = self.tokens[first : self.position]
        if name.kind != "variable" or not _depends_on_graph(inner):
            return
        names = None if self.narrowed else self.data.graphs()
        body = self.edits.part(self.text, inner[0].start, inner[-1].end)
        if names is None or any(token.kind == "blank" for token in inner) or len(names) * len(body) > _MOST_GRAPHS:
            self.notes.append(
                f"GRAPH {abridged(name.text)} {{…}} with MINUS, an inner query, or no triples in it is asked "
                "of all graphs at once here, which may give other solutions: name the graph."
            )
            return
        branches = [f"{{ GRAPH <{graph}> {body} VALUES {name.text} {{ <{graph}> }} }}" for graph in names]
        self.edits.replace(start, self.end, " UNION ".join(branches) or "{ FILTER(false) }")


def _depends_on_graph(group: Sequence[Token]) -> bool:
    """Whether a pattern asked of all graphs at once may have other solutions than asked of each."""
    if any(token.word in ("MINUS", "SELECT") for token in group):
        return True
    words = {token.word for token in group}
    empty = len(group) > 2 and all(token.kind in ("word", "operator") or token.word for token in group)
    return len(group) > 2 and (empty or bool(words & {"VALUES", "BIND"})) and not _has_triples(group)


def _has_triples(group: Sequence[Token]) -> bool:
    """Whether triples are asked for outside of the inner brackets of a group, or after a full stop."""
    depth = 0
    for before, token in pairwise(group):
        if before.text in ("{", "("):
            depth += before.kind == "operator"
        elif before.text in ("}", ")"):
            depth -= before.kind == "operator"
        starts = before.text in ("{", ".", "}", ")")
        if depth == 1 and starts and token.kind in TERMS:
            return True
    return False
