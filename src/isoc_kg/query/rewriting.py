"""Queries as the embedded engine has to be given them so that it answers as SPARQL 1.1 says.

A text is read by the grammar (https://www.w3.org/TR/sparql11-query/#sparqlGrammar), expressions and patterns alike, and
changed only where the engine is known to be wrong: conditions that are no truth values, `GROUP_CONCAT` of anything but
strings, the replacement strings of `REPLACE`, paths of length zero from or to a term that is in no triple, and whatever
asks for a literal as it was written. What is not SPARQL 1.1, or no query at all, stays as it is.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import pyoxigraph as ox

from ..namespaces import XSD
from .edits import Edits
from .forms import FORMS, declared_prefixes, prologue_length, token_iri, token_literal
from .functions import BNODE, CONDITION, DATATYPE, DIVISION, REPLACEMENT, STRDT, VALUE, Concatenation, Extreme
from .lexical_forms import is_kept, marked
from .paths import PathReader
from .replacement import engine_replacement, is_pattern
from .tokens import Token, covers

__all__ = ["Rewriting", "may_differ", "rewritten"]

_END = Token("end", "", 0)
_COMPARISONS = frozenset({"=", "!=", "<", ">", "<=", ">="})
_MODIFIERS = frozenset({"GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"})
_AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_MOST_GRAPHS = 100_000  #: characters that a pattern may have when it is asked of each graph
#: Functions whose value is a truth value, or an error.
_PREDICATES = frozenset({
    "BOUND", "SAMETERM", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "ISNUMERIC", "ISTRIPLE", "REGEX", "CONTAINS",
    "STRSTARTS", "STRENDS", "LANGMATCHES", "HASLANG", "HASLANGDIR",
})  # fmt: skip
#: Functions to which a literal's form matters and its value does not, or which give back what they are given.
_OF_TERMS = frozenset({
    "STR", "LANG", "BOUND", "SAMETERM", "ISIRI", "ISURI", "ISBLANK", "ISLITERAL", "IF", "COALESCE", "DATATYPE", "STRDT",
    "SAMPLE", "COUNT", "GROUP_CONCAT", "BNODE", "ISTRIPLE", "TRIPLE", "SUBJECT", "PREDICATE", "OBJECT",
})  # fmt: skip
#: Functions whose value may be a literal as it was written.
_GIVES_TERMS = frozenset({"IF", "COALESCE", "SAMPLE", "MIN", "MAX", "STRDT", "SUBJECT", "OBJECT"})

#: Without any of these in it, a text is given to the engine as it is.
_MARKS = re.compile(
    r"&&|!|[*?](?!\w)|\||\^\^|\d|/\s*[?$(]|[)\s]/|\b(?:FILTER|IF|HAVING|GRAPH|GROUP_CONCAT|REPLACE|REGEX|STRDT|BNODE)\b", re.IGNORECASE
)


class _NotRead(Exception):
    """A text that is not read here."""


class _Expression(NamedTuple):
    """A part of a text that is an expression: its place, and what its value can be."""

    start: int
    end: int
    boolean: bool = False  #: a truth value or an error, nothing else
    written: bool = False  #: perhaps a literal as it was written
    iri: bool = False
    constant: ox.Literal | None = None


@dataclass(slots=True)
class Rewriting:
    """What the engine is given for a text."""

    text: str
    aggregates: dict[ox.NamedNode, Callable[[], Any]] = field(default_factory=dict)
    written: bool = False  #: whether literals are marked
    notes: tuple[str, ...] = ()  #: what the engine may still get wrong


def may_differ(text: str) -> bool:
    """Whether the engine may have to be given another text: a quick look."""
    return _MARKS.search(text) is not None


def rewritten(
    text: str,
    query: Sequence[Token],
    *,
    prefixes: Mapping[str, str],
    base: str = "",
    holds: Callable[[Any], bool],
    graphs: Callable[[], list[str] | None],
    overlap: Callable[[str, str], bool],
    written: bool = False,
) -> Rewriting:
    """What to give the engine for a query.

    `holds` tells whether a term is in a triple of the data, `graphs` the IRIs of the named graphs (None when they are
    not known, or not all of them have one), `overlap` whether two properties may lead from one node to the same other
    one, `written` whether there are marked literals in the data.
    """
    if not covers(text, query):
        return Rewriting(text, written=written)
    try:
        reader = _Reader(text, query, prefixes, base, holds, graphs, overlap, written)
        reader.query()
    except (_NotRead, RecursionError, ValueError):
        return Rewriting(text, written=written)
    return Rewriting(reader.edits.applied(text), reader.aggregates, reader.written, tuple(dict.fromkeys(reader.notes)))


class _Reader:
    def __init__(
        self,
        text: str,
        query: Sequence[Token],
        prefixes: Mapping[str, str],
        base: str,
        holds: Callable[[Any], bool],
        graphs: Callable[[], list[str] | None],
        overlap: Callable[[str, str], bool],
        written: bool,
    ) -> None:
        self.text, self.tokens, self.base = text, query, base
        self.holds, self.graphs, self.overlap = holds, graphs, overlap
        self.narrowed = any(token.word == "FROM" for token in query)
        self.position = start = prologue_length(query)
        for word, value in zip(query[:start], query[1 : start + 1], strict=False):
            if word.word == "BASE" and value.kind == "iri":
                self.base = token_iri(value, {}, self.base)
        declared = {name: token_iri(Token("iri", f"<{iri}>", 0), {}, self.base) for name, iri in
                    declared_prefixes(query[:start]).items()}  # fmt: skip
        self.prefixes = {**prefixes, **declared}
        self.edits = Edits()
        self.aggregates: dict[ox.NamedNode, Callable[[], Any]] = {}
        self.notes: list[str] = []
        self.written = written or any(self._is_rewritten(number) for number in range(start, len(query)))
        self.paths = PathReader(self)

    # -- tokens ---------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.position] if self.position < len(self.tokens) else _END

    @property
    def after(self) -> Token:
        return self.tokens[self.position + 1] if self.position + 1 < len(self.tokens) else _END

    def at(self, *texts: str) -> bool:
        return self.token.kind == "operator" and self.token.text in texts

    def take(self, text: str | None = None) -> Token:
        """The next token, which is this operator or keyword."""
        token = self.token
        if token is _END or (text is not None and text not in (token.word, token.text)):
            raise _NotRead
        self.position += 1
        return token

    @property
    def end(self) -> int:
        """Where the token before this one ends."""
        return self.tokens[self.position - 1].end

    def kinds(self, *kinds: str) -> Token:
        if self.token.kind not in kinds:
            raise _NotRead
        return self.take()

    def iri(self, token: Token) -> str:
        return token_iri(token, self.prefixes, self.base)

    # -- the query ------------------------------------------------------------

    def query(self) -> None:
        word = self.take().word
        if word not in FORMS:
            raise _NotRead
        if word == "SELECT":
            self.select()
        elif word == "CONSTRUCT" and self.at("{"):
            self.template()
        elif word == "DESCRIBE":
            if self.at("*"):
                self.take()
            while self.token.kind in ("variable", "iri", "name"):
                self.take()
        while self.token.word == "FROM":
            self.take()
            if self.token.word == "NAMED":
                self.take()
            self.kinds("iri", "name")
        if word != "DESCRIBE" or self.token.word == "WHERE" or self.at("{"):
            self.where()
        self.modifiers()
        if self.token is not _END:
            raise _NotRead

    def select(self) -> None:
        if self.token.word in ("DISTINCT", "REDUCED"):
            self.take()
        if self.at("*"):
            self.take()
            return
        while True:
            if self.token.kind == "variable":
                self.take()
            elif self.at("("):
                self.named_expression()
            else:
                return

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

    def modifiers(self) -> None:
        while self.token.word in _MODIFIERS:
            word = self.take().word
            if word == "GROUP":
                self.take("BY")
                while self.is_condition():
                    self.condition_expression()
            elif word == "HAVING":
                while self.is_condition():
                    self.condition(self.condition_expression())
            elif word == "ORDER":
                self.take("BY")
                while self.token.word in ("ASC", "DESC") or self.is_condition():
                    if self.token.word in ("ASC", "DESC"):
                        self.take()
                    self.value(self.condition_expression())
            elif word == "VALUES":
                self.data_block()
            else:
                self.kinds("number")

    def is_condition(self) -> bool:
        return (
            self.token.kind in ("variable", "iri", "name")
            or self.at("(")
            or (self.token.kind == "word" and self.token.word not in _MODIFIERS)
        )

    def condition_expression(self) -> _Expression:
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
            self.select()
            self.where()
            self.modifiers()
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
                self.group()
            elif word == "GRAPH":
                self.graph()
            elif word == "BIND":
                self.take()
                self.named_expression()
            elif word == "VALUES":
                self.take()
                self.data_block()
            else:
                self.paths.triples()
        self.paths.flush(self.token.start)
        self.take("}")

    def graph(self) -> None:
        """A pattern in one graph, or in each.

        The engine takes the name of the graph into the pattern, where MINUS and inner queries, and what has no triples,
        must not see it: then each graph is asked by its name.
        """
        start = self.take("GRAPH").start
        name = self.kinds("variable", "iri", "name")
        first = self.position
        self.group()
        inner = self.tokens[first : self.position]
        if name.kind != "variable" or not _depends_on_graph(inner):
            return
        names = None if self.narrowed else self.graphs()
        body = self.edits.part(self.text, inner[0].start, inner[-1].end)
        if names is None or any(token.kind == "blank" for token in inner) or len(names) * len(body) > _MOST_GRAPHS:
            self.notes.append(
                f"GRAPH {name.text} {{…}} with MINUS, an inner query, or no triples in it is asked of all graphs at "
                "once here, which may give other solutions: name the graph."
            )
            return
        branches = [f"{{ GRAPH <{graph}> {body} VALUES {name.text} {{ <{graph}> }} }}" for graph in names]
        self.edits.replace(start, self.end, " UNION ".join(branches) or "{ FILTER(false) }")

    # -- expressions ----------------------------------------------------------

    def expression(self) -> _Expression:
        return self._joined("||", lambda: self._joined("&&", self.relation))

    def _joined(self, operator: str, operand: Callable[[], _Expression]) -> _Expression:
        first = operand()
        if not self.at(operator):
            return first
        self.condition(first)
        while self.at(operator):
            self.take()
            self.condition(operand())
        return _Expression(first.start, self.end, boolean=True)

    def relation(self) -> _Expression:
        left = self.sum()
        if self.at(*_COMPARISONS):
            self.take()
            right = self.sum()
            if not (left.iri or right.iri):
                self.value(left)
                self.value(right)
            return _Expression(left.start, self.end, boolean=True)
        if self.token.word == "IN" or (self.token.word == "NOT" and self.after.word == "IN"):
            if self.take().word == "NOT":
                self.take("IN")
            values = self.arguments()
            if not all(value.iri for value in values):
                for value in (left, *values):
                    self.value(value)
            return _Expression(left.start, self.end, boolean=True)
        return left

    def sum(self) -> _Expression:
        first = self.product()
        operands = [first]
        while self.at("+", "-") or (self.token.kind == "number" and self.token.text[0] in "+-"):
            if self.at("+", "-"):
                self.take()
            operands.append(self.product())
        return self._computed(first, operands)

    def product(self) -> _Expression:
        first = self.unary()
        operands = [first]
        quotients = []
        while self.at("*", "/"):
            operator = self.take()
            operands.append(self.unary())
            if operator.text == "/":
                self.edits.replace(operator.start, operator.end, ",")
                quotients.append((first.start, self.end))
        computed = self._computed(first, operands)
        for start, end in quotients:
            self.edits.enclose(start, end, f"{DIVISION}(")
        return computed

    def _computed(self, first: _Expression, operands: list[_Expression]) -> _Expression:
        if len(operands) == 1:
            return first
        for operand in operands:
            self.value(operand)
        return _Expression(first.start, self.end)

    def unary(self) -> _Expression:
        start = self.token.start
        if self.at("!"):
            self.take()
            self.condition(self.unary() if self.at("!") else self.primary())
            return _Expression(start, self.end, boolean=True)
        if self.at("+", "-"):
            self.take()
            self.value(self.primary())
            return _Expression(start, self.end)
        return self.primary()

    def primary(self) -> _Expression:
        token = self.token
        if self.at("("):
            self.take()
            inner = self.expression()
            self.take(")")
            return inner._replace(start=token.start, end=self.end)
        if token.kind == "variable":
            self.take()
            return _Expression(token.start, token.end, written=True)
        if token.kind in ("iri", "name"):
            self.take()
            return self.call(token) if self.at("(") else _Expression(token.start, token.end, iri=True)
        if token.kind in ("string", "number") or token.word in ("TRUE", "FALSE"):
            literal, start, end = self.literal()
            if token.word:
                return _Expression(start, end, boolean=True)
            return _Expression(start, end, written=True, constant=literal)
        if token.word in ("EXISTS", "NOT"):
            if self.take().word == "NOT":
                self.take("EXISTS")
            self.paths.nested(self.group)
            return _Expression(token.start, self.end, boolean=True)
        if token.word in _AGGREGATES:
            return self.aggregate()
        if token.kind == "word":
            return self.builtin()
        raise _NotRead

    def arguments(self) -> list[_Expression]:
        self.take("(")
        found: list[_Expression] = []
        while not self.at(")"):
            if found:
                self.take(",")
            found.append(self.expression())
        self.take(")")
        return found

    def call(self, name: Token) -> _Expression:
        """A cast, or a function that somebody else has defined."""
        if self.after.word == "DISTINCT":
            raise _NotRead
        for argument in self.arguments():
            self.value(argument)
        return _Expression(name.start, self.end, boolean=self.iri(name) == XSD.boolean)

    def builtin(self) -> _Expression:
        name = self.take()
        arguments = self.arguments()
        if name.word == "IF" and arguments:
            self.condition(arguments[0])
        elif name.word == "REPLACE":
            self.replace(name, arguments)
        elif name.word == "BNODE" and arguments:
            self.edits.replace(name.start, name.end, BNODE)
            self.notes.append(
                "BNODE(text) makes one blank node for each text here, not one for each text and solution: use BNODE()."
            )
        elif name.word == "REGEX" and len(arguments) > 1:
            self.pattern(name, arguments[1:])
        for argument in arguments:
            if name.word in _OF_TERMS:
                self.term(argument)
            else:
                self.value(argument)
        if self.written and name.word in ("DATATYPE", "STRDT"):
            self.edits.replace(name.start, name.end, DATATYPE if name.word == "DATATYPE" else STRDT)
        return _Expression(
            name.start, self.end, boolean=name.word in _PREDICATES, written=name.word in _GIVES_TERMS
        )

    def pattern(self, name: Token, constants: Sequence[_Expression]) -> None:
        """Note a pattern that the engine cannot read."""
        texts = [_string(argument) for argument in constants]
        if None not in texts and not is_pattern(*texts):
            self.notes.append(
                f"{name.word}: the pattern {texts[0]!r} is not read here (it may use \\p{{Is…}}, \\i, \\c, class "
                "subtraction or a back-reference, or be ill-formed): the call is an error, no value."
            )

    def replace(self, name: Token, arguments: list[_Expression]) -> None:
        """Give REPLACE the replacement string that the engine means."""
        if len(arguments) not in (3, 4):
            raise _NotRead
        _, pattern, replacement, *flags = arguments
        texts = [_string(argument) for argument in (replacement, pattern, *flags)]
        if None in texts:
            others = ", ".join(self.text[part.start : part.end] for part in (pattern, *flags))
            self.edits.enclose(replacement.start, replacement.end, f"{REPLACEMENT}(", f", {others})")
            return
        self.pattern(name, (pattern, *flags))
        found = engine_replacement(*texts)
        # an error where the specification has one: a number where a string is due
        new = "0" if found is None else str(ox.Literal(found))
        self.edits.replace(replacement.start, replacement.end, new)

    def aggregate(self) -> _Expression:
        name = self.take()
        self.take("(")
        distinct = self.token.word == "DISTINCT"
        if distinct:
            self.take()
        if name.word == "COUNT" and self.at("*"):
            self.take()
            self.take(")")
            return _Expression(name.start, self.end)
        inner = self.expression()
        separator: Token | None = None
        if self.at(";"):
            self.take()
            self.take("SEPARATOR")
            self.take("=")
            separator = self.kinds("string")
        self.take(")")
        if name.word == "GROUP_CONCAT":
            self.term(inner)
            if distinct:
                text = " " if separator is None else token_literal(separator, (), {}, "").value
                label, make = Concatenation.named(len(self.aggregates), text)
                self.own(name.start, inner.start, label, make)
                self.edits.replace(inner.end, self.end, ")")
            elif _string(inner) is None:
                self.edits.enclose(inner.start, inner.end, "STR(")
        elif name.word in ("MIN", "MAX") and self.written:
            self.term(inner)
            self.own(name.start, inner.start, *Extreme.named(name.word))
        elif name.word in ("SUM", "AVG", "MIN", "MAX"):
            self.value(inner)
        else:
            self.term(inner)
        return _Expression(name.start, self.end, written=name.word in ("SAMPLE", "MIN", "MAX"))

    def own(self, start: int, end: int, label: str, make: Callable[[], Any]) -> None:
        """Have an aggregate of ours in place of the engine's."""
        self.aggregates[ox.NamedNode(label[1:-1])] = make
        self.edits.replace(start, end, f"{label}(")

    # -- what is done to them -------------------------------------------------

    def condition(self, expression: _Expression) -> None:
        """Have an expression give its effective boolean value."""
        if not expression.boolean:
            self.edits.enclose(expression.start, expression.end, f"{CONDITION}(")
            self.term(expression)

    def value(self, expression: _Expression) -> None:
        """Have an expression give a literal's value where its form does not matter."""
        if self.written and expression.written and expression.constant is None:
            self.edits.enclose(expression.start, expression.end, f"{VALUE}(")

    def term(self, expression: _Expression) -> None:
        """Have a constant stand for itself, as it is written."""
        if expression.constant is not None:
            self.mark((expression.constant, expression.start, expression.end))

    # -- literals -------------------------------------------------------------

    def literal(self) -> tuple[ox.Literal, int, int]:
        """A literal, and its place."""
        token = self.token
        if token.word in ("TRUE", "FALSE"):
            self.take()
            return ox.Literal(token.text, datatype=ox.NamedNode(XSD.boolean)), token.start, token.end
        if token.kind == "number":
            self.take()
            return _number(token), token.start, token.end
        self.kinds("string")
        literal = token_literal(token, self.tokens[self.position : self.position + 2], self.prefixes, self.base)
        if self.token.kind == "tag":
            self.take()
        elif self.at("^^"):
            self.take()
            self.kinds("iri", "name")
        return literal, token.start, self.end

    def mark(self, found: tuple[ox.Literal, int, int]) -> None:
        """Have a literal stand for itself, as it is written."""
        literal, start, end = found
        if literal.language or is_kept(literal.value, literal.datatype.value):
            return
        self.edits.replace(start, end, str(marked(literal.value, literal.datatype.value)))

    def _is_rewritten(self, number: int) -> bool:
        """Whether there is a literal that the engine would rewrite, or what makes one."""
        token = self.tokens[number]
        if token.kind == "number":
            if number and self.tokens[number - 1].word in ("LIMIT", "OFFSET"):
                return False
            literal = _number(token)
        elif token.kind == "string" and number + 1 < len(self.tokens) and self.tokens[number + 1].text == "^^":
            literal = token_literal(token, self.tokens[number + 1 : number + 3], self.prefixes, self.base)
        else:
            return token.word == "STRDT"
        return not is_kept(literal.value, literal.datatype.value)


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
        if depth == 1 and starts and token.kind in ("variable", "iri", "name", "string", "number"):
            return True
    return False


def _number(token: Token) -> ox.Literal:
    kind = XSD.double if "e" in token.text.lower() else XSD.decimal if "." in token.text else XSD.integer
    return ox.Literal(token.text, datatype=ox.NamedNode(kind))


def _string(expression: _Expression) -> str | None:
    """The string that an expression is."""
    literal = expression.constant
    return literal.value if literal and not literal.language and literal.datatype.value == XSD.string else None

