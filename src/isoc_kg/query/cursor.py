"""A SPARQL text as it is read token by token."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pyoxigraph as ox

from ..namespaces import XSD
from .edits import Edits
from .forms import declared_prefixes, prologue_length, token_iri, token_literal
from .lexical_forms import is_kept, is_large, marked
from .tokens import Token, covers, tokens

__all__ = ["Cursor", "NotRead", "StoredData"]

_END = Token("end", "", 0)
_LARGE = re.compile(r"[1-9]\d{12}|\.\d{19}", re.ASCII)


class NotRead(Exception):
    """A text that is no SPARQL 1.1 query, as far as it is read here; what it says is for whoever gets an answer."""


@dataclass(frozen=True, slots=True)
class StoredData:
    """What a text is changed by, of the data that it is asked of."""

    written: bool  #: whether literals are marked
    holds: Callable[[Any], bool]  #: whether a term is subject or object of a triple
    overlap: Callable[[str, str], bool]  #: whether two properties may lead from one node to the same other one
    parallel: Callable[[], bool]  #: whether two properties may join the same two nodes
    large: bool  #: whether there are numbers that the engine may fail to compute with
    graphs: Callable[[], list[str] | None]  #: the IRIs of the named graphs; None when they are not known, or not all


class Cursor:
    """Where reading has come to, and what is to be changed in the text."""

    def __init__(
        self, text: str, query: Sequence[Token], prefixes: Mapping[str, str], base: str, data: StoredData
    ) -> None:
        self.text, self.tokens, self.base, self.data = text, list(query), base, data
        self.position = start = prologue_length(query)
        for position in range(1, start):
            if query[position - 1].word == "BASE" and query[position].kind == "iri":
                self.base = token_iri(query[position], {}, self.base)
        declared = {
            name: token_iri(Token("iri", f"<{iri}>", 0), {}, self.base)
            for name, iri in declared_prefixes(query[:start]).items()
        }
        self.prefixes = {**prefixes, **declared}
        self.edits = Edits()
        self.notes: list[str] = []  #: what the engine may get wrong all the same
        self.written = data.written or any(self._is_rewritten(number) for number in range(start, len(query)))

    @cached_property
    def large(self) -> bool:
        """Whether data or query have numbers that the engine may fail to compute with."""
        return self.data.large or any(
            token.kind in ("number", "string") and _LARGE.search(token.text) for token in self.tokens
        )

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.position] if self.position < len(self.tokens) else _END

    @property
    def after(self) -> Token:
        """The one after the next."""
        return self.tokens[self.position + 1] if self.position + 1 < len(self.tokens) else _END

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these operators."""
        return self.token.kind == "operator" and self.token.text in texts

    def take(self, text: str | None = None) -> Token:
        """The next token, which is this operator or keyword."""
        token = self.token
        if token is _END or (text is not None and text not in (token.word, token.text)):
            raise NotRead
        self.position += 1
        return token

    def split(self) -> None:
        """Have the first character of the next token be an operator, and the rest of it tokens of their own."""
        start, end = self.token.start, self.token.end
        following = self.after
        if following.text == "=" and following.start == end and self.text[end - 1] == ">":  # ?a<?b&&?c>=?d
            end = following.end
            del self.tokens[self.position + 1]
        rest = [Token(token.kind, token.text, token.start + start + 1) for token in tokens(self.text[start + 1 : end])]
        if "#" in self.text[start:end] or not covers(self.text, rest, start + 1, end):
            raise NotRead
        self.tokens[self.position : self.position + 1] = [Token("operator", self.text[start], start), *rest]

    @property
    def end(self) -> int:
        """Where the token before this one ends."""
        return self.tokens[self.position - 1].end

    def kinds(self, *kinds: str) -> Token:
        """The next token, which is of one of these kinds."""
        if self.token.kind not in kinds:
            raise NotRead
        return self.take()

    def iri(self, token: Token) -> str:
        """The IRI that a token is."""
        return token_iri(token, self.prefixes, self.base)

    def literal(self) -> tuple[ox.Literal, int, int]:
        """A literal, and its place."""
        token = self.token
        if token.word in ("TRUE", "FALSE"):
            self.take()
            return ox.Literal(token.text, datatype=ox.NamedNode(XSD.boolean)), token.start, token.end
        if token.kind == "number":
            self.take()
            number = _number(token)
            if token.text[0] in "+-" and is_large(number.value, number.datatype.value):
                self.edits.replace(token.start, token.end, str(number))  # else the sign would be an operator
            return number, token.start, token.end
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


def _number(token: Token) -> ox.Literal:
    kind = XSD.double if "e" in token.text.lower() else XSD.decimal if "." in token.text else XSD.integer
    return ox.Literal(token.text, datatype=ox.NamedNode(kind))
