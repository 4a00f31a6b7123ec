"""Expressions (https://www.w3.org/TR/sparql11-query/#expressions), and what the embedded engine gets wrong in them."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pyoxigraph as ox

from ..namespaces import XSD
from .arithmetic import ARITHMETIC, CASTS, Total
from .comparison import COMPARISONS, may_be_compared
from .cursor import Cursor, NotRead
from .forms import AGGREGATES, token_literal
from .functions import (
    BNODE,
    COLLAPSED,
    CONDITION,
    DATATYPE,
    DIVISION,
    ERROR,
    EXACT,
    IN,
    MATCHES,
    PATTERN,
    REPLACED,
    REPLACEMENT,
    STRDT,
    TEXT,
    VALUE,
    Concatenation,
    Count,
    Extreme,
)
from .lexical_forms import is_out_of_range
from .regular_expressions import PatternError
from .replacement import engine_pattern, engine_replacement
from .tokens import Token, abridged

__all__ = ["Expression", "ExpressionReader"]

_MOST_REPEATED = 1000  #: characters of a comparison that is written down once more
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
#: Functions of strings: what the store rewrites is an error to them, in whatever form it is, so its value is not asked.
_OF_STRINGS = frozenset({
    "REGEX", "REPLACE", "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "STRLEN", "UCASE", "LCASE",
    "LANGMATCHES", "CONCAT", "ENCODE_FOR_URI", "MD5", "SHA1", "SHA256", "SHA384", "SHA512", "STRLANG", "IRI", "URI",
})  # fmt: skip
#: Functions whose value may be a literal as it was written.
_GIVES_TERMS = frozenset({"IF", "COALESCE", "SAMPLE", "MIN", "MAX", "STRDT", "SUBJECT", "OBJECT"})
#: Functions that the engine reads only when their bracket follows at once.
_CLOSE = frozenset({"BNODE", "COALESCE", "CONCAT"})


class Expression(NamedTuple):
    """A part of a text that is an expression: its place, and what its value can be."""

    start: int
    end: int
    boolean: bool = False  #: a truth value or an error, nothing else
    written: bool = False  #: perhaps a literal as it was written
    iri: bool = False
    constant: ox.Literal | None = None


class ExpressionReader(Cursor):
    """Reads expressions; conditions and operands are given what the engine can judge."""

    def __init__(self, *text: Any) -> None:
        super().__init__(*text)
        self.aggregates: dict[ox.NamedNode, Callable[[], Any]] = {}
        self.aggregated = False  #: whether the SELECT that is read has an aggregate
        self.within = False  #: whether an aggregate is read
        self.bare: list[str] | None = None  #: the variables of a SELECT clause outside of aggregates, while it is read

    def inner_group(self) -> None:
        """Read the group pattern of EXISTS."""
        raise NotImplementedError

    def expression(self) -> Expression:
        """An expression."""
        return self._joined("||", lambda: self._joined("&&", self.relation))

    def _joined(self, operator: str, operand: Callable[[], Expression]) -> Expression:
        first = operand()
        if not self.at(operator):
            return first
        self.condition(first)
        while self.at(operator):
            self.take()
            self.condition(operand())
        return Expression(first.start, self.end, boolean=True)

    def relation(self) -> Expression:
        """A comparison, or what can be compared."""
        left = self.sum()
        if self.token.kind == "iri":  # no term follows another: ?a<?b&&?c>?d
            self.split()
        if self.at(*COMPARISONS):
            sign = self.take().text
            right = self.sum()
            if not (left.iri or right.iri):
                self.value(left)
                self.value(right)
                self.compare(left, sign, right)
            return Expression(left.start, self.end, boolean=True)
        if self.token.word == "IN" or (self.token.word == "NOT" and self.after.word == "IN"):
            negated = self.take().word == "NOT"
            if negated:
                self.take("IN")
            values = self.arguments()
            if not all(value.iri for value in values):
                for value in (left, *values):
                    self.value(value)
                if self.large:
                    ours = f"{IN}({', '.join(self.parts([left, *values]))})"
                    self.either(left.start, f"(!{ours})" if negated else ours)
            return Expression(left.start, self.end, boolean=True)
        return left

    def compare(self, left: Expression, sign: str, right: Expression) -> None:
        """Have what the engine cannot compare be compared; equality only with a number, where it is ever wrong."""
        numbers = [may_be_compared(side.constant) for side in (left, right) if side.constant is not None]
        if not (any(numbers) or self.large) if sign in ("=", "!=") else not all(numbers):
            return
        operands = self.parts([left, right])
        if sum(map(len, operands)) <= _MOST_REPEATED:
            self.edits.enclose(left.start, right.end, "COALESCE(", f", {COMPARISONS[sign][0]}({', '.join(operands)}))")

    def sum(self) -> Expression:
        """A sum."""
        operands = [(self.product(), "")]
        while self.at("+", "-") or (self.token.kind == "number" and self.token.text[0] in "+-"):
            if self.token.kind == "number":  # ?a+1/2 is a sum, the quotient is of 1 and 2
                self.split()
            sign = self.take().text
            operands.append((self.product(), sign))
        return self._computed(operands)

    def product(self) -> Expression:
        """A product."""
        operands = [(self.unary(), "")]
        while self.at("*", "/"):
            operator = self.take()
            operands.append((self.unary(), operator.text))
            if operator.text == "/":
                self.edits.replace(operator.start, operator.end, ",")
        return self._computed(operands)

    def _computed(self, operands: list[tuple[Expression, str]]) -> Expression:
        """A sum or product of operands with the signs before them, computed again where the engine has an error."""
        first = operands[0][0]
        if len(operands) == 1:
            return first
        ours = ""
        for operand, sign in operands:
            self.value(operand)
            part = self.parts([operand])[0]
            ours = f"{ARITHMETIC[sign][0]}({ours}, {part})" if sign else part
            if sign == "/":
                self.edits.enclose(first.start, operand.end, f"{DIVISION}(")
        if any(sign in ("+", "-", "*") for _, sign in operands):
            self.either(first.start, ours)
        return Expression(first.start, self.end)

    def either(self, start: int, ours: str) -> None:
        """Have what was read be computed by our functions where the engine has an error."""
        if len(ours) <= _MOST_REPEATED:
            self.edits.enclose(start, self.end, "COALESCE(", f", {ours})")

    def unary(self) -> Expression:
        """An operand with its sign."""
        start = self.token.start
        if self.at("!"):
            self.take()
            self.condition(self.unary() if self.at("!") else self.primary())
            return Expression(start, self.end, boolean=True)
        if self.at("+", "-"):
            sign = self.take().text
            operand = self.primary()
            self.value(operand)
            self.either(start, f"{ARITHMETIC[f'{sign} '][0]}({self.parts([operand])[0]})")
            return Expression(start, self.end)
        return self.primary()

    def primary(self) -> Expression:
        """A term, a call, or an expression in brackets."""
        token = self.token
        if self.at("("):
            self.take()
            inner = self.expression()
            self.take(")")
            return inner._replace(start=token.start, end=self.end)
        if token.kind == "variable":
            self.take()
            if self.bare is not None:
                self.bare.append(token.text[1:])
            return Expression(token.start, token.end, written=True)
        if token.kind in ("iri", "name"):
            self.take()
            return self.call(token) if self.at("(") else Expression(token.start, token.end, iri=True)
        if token.kind in ("string", "number") or token.word in ("TRUE", "FALSE"):
            literal, start, end = self.literal()
            if token.word:
                return Expression(start, end, boolean=True)
            return Expression(start, end, written=True, constant=literal)
        if token.word in ("EXISTS", "NOT"):
            if self.take().word == "NOT":
                self.take("EXISTS")
            state, self.bare, self.within = (self.aggregated, self.bare, self.within), None, False
            self.inner_group()
            self.aggregated, self.bare, self.within = state
            return Expression(token.start, self.end, boolean=True)
        if token.word in AGGREGATES:
            if self.within:
                raise NotRead("an aggregate within an aggregate has no value: compute the inner one in a subquery.")
            bare, self.bare, self.aggregated, self.within = self.bare, None, True, True
            found = self.aggregate()
            self.bare, self.within = bare, False
            return found
        if token.kind == "word":
            return self.builtin()
        raise NotRead

    def arguments(self) -> list[Expression]:
        """The arguments of a call."""
        self.take("(")
        found: list[Expression] = []
        while not self.at(")"):
            if found:
                self.take(",")
            found.append(self.expression())
        self.take(")")
        return found

    def call(self, name: Token) -> Expression:
        """A cast, or a function that somebody else has defined."""
        if self.after.word == "DISTINCT":
            raise NotRead
        function = self.iri(name)
        is_cast = function.startswith(XSD.iri) and function != XSD.string
        arguments = self.arguments()
        if len(arguments) == 1 and function in CASTS:
            self.cast(name, function, arguments[0])
            return Expression(name.start, self.end, boolean=function == XSD.boolean)
        for argument in arguments:
            constant = argument.constant
            if function == XSD.string and not argument.boolean and len(arguments) == 1:
                self.edits.enclose(argument.start, argument.end, f"{TEXT}(")
            elif is_cast and not argument.boolean and (constant is None or constant.value != constant.value.strip()):
                self.edits.enclose(argument.start, argument.end, f"{COLLAPSED}(")
            else:
                self.value(argument)
        return Expression(name.start, self.end)

    def cast(self, name: Token, datatype: str, argument: Expression) -> None:
        """A cast to a number or truth value. The engine takes 1e15 for 999999999999999, unless it is a decimal."""
        text = _string(argument)
        ours = f"{CASTS[datatype][0]}({self.parts([argument])[0]})"
        if argument.constant is not None:
            self.value(argument)
            ours = f"{CASTS[datatype][0]}({self.parts([argument])[0]})"
        if not argument.boolean and (text is None or text != text.strip()):
            function = EXACT if datatype in (XSD.integer, XSD.decimal) else COLLAPSED
            self.edits.enclose(argument.start, argument.end, f"{function}(")
        self.either(name.start, ours)

    def builtin(self) -> Expression:
        """A call of a function of SPARQL."""
        name = self.take()
        if name.word in _CLOSE and self.at("(") and name.end < self.token.start:
            self.edits.replace(name.end, self.token.start, "")
        arguments = self.arguments()
        if name.word == "IF" and arguments:
            self.condition(arguments[0])
        elif name.word == "BNODE" and arguments:
            self.edits.replace(name.start, name.end, BNODE)
            self.notes.append(
                "BNODE(text) makes one blank node for each text here, not one for each text and solution: use BNODE()."
            )
        before = self.parts(arguments) if name.word == "ISNUMERIC" else []
        for argument in arguments:
            if name.word in _OF_TERMS:
                self.term(argument)
            elif name.word not in _OF_STRINGS:
                self.value(argument)
        if name.word in ("ABS", "CEIL", "FLOOR", "ROUND") and len(arguments) == 1:
            self.either(name.start, f"{ARITHMETIC[name.word][0]}({self.parts(arguments)[0]})")
        elif len(before) == 1 and len(before[0]) <= _MOST_REPEATED:
            part = before[0]
            long = f'ISLITERAL({part}) && STRLEN(STR({part})) > 17 && REGEX(STR({part}), "^[+-]?[0-9.]+$")'
            self.edits.enclose(name.start, self.end, "(", f" || ({long} && {ARITHMETIC['ISNUMERIC'][0]}({part})))")
        if name.word == "REGEX":
            self.regex(name, arguments)
        elif name.word == "REPLACE":
            self.replace(name, arguments)
        if self.written and name.word in ("DATATYPE", "STRDT"):
            self.edits.replace(name.start, name.end, DATATYPE if name.word == "DATATYPE" else STRDT)
        return Expression(name.start, self.end, boolean=name.word in _PREDICATES, written=name.word in _GIVES_TERMS)

    def regex(self, name: Token, arguments: list[Expression]) -> None:
        """Give REGEX the pattern that the engine means, or have the text matched here."""
        if len(arguments) not in (2, 3):
            raise NotRead
        texts = [_string(argument) for argument in arguments[1:]]
        if None in texts:
            text, *others = self.parts(arguments)
            written = f"REGEX({text}, {PATTERN}({', '.join(others)}))"
            self.edits.replace(name.start, self.end, f"COALESCE({written}, {MATCHES}({', '.join([text, *others])}))")
        elif pattern := self.pattern(name, MATCHES, texts):
            self.edits.replace(arguments[1].start, arguments[-1].end, pattern)

    def replace(self, name: Token, arguments: list[Expression]) -> None:
        """Give REPLACE the pattern and the replacement string that the engine means, or have it done here."""
        if len(arguments) not in (3, 4):
            raise NotRead
        _, pattern, replacement, *flags = arguments
        texts = [_string(argument) for argument in (pattern, *flags)]
        new, others = self.parts([replacement])[0], ", ".join(self.parts([pattern, *flags]))
        new = f"{REPLACEMENT}({new}, {others})"
        if None in texts:
            parts = self.parts(arguments)
            written = f"REPLACE({parts[0]}, {PATTERN}({others}), {new})"
            self.edits.replace(name.start, self.end, f"COALESCE({written}, {REPLACED}({', '.join(parts)}))")
        elif given := self.pattern(name, REPLACED, texts):
            constant = _string(replacement)
            if constant is not None:
                found = engine_replacement(constant, *texts)
                # an error where the specification has one: a number where a string is due
                new = "0" if found is None else str(ox.Literal(found))
            self.edits.replace(pattern.start, pattern.end, given)
            self.edits.replace(replacement.start, arguments[-1].end, new)

    def pattern(self, name: Token, ours: str, texts: list[Any]) -> str:
        """The pattern for the engine, in which flags are; empty where it has none and the call is one of ours."""
        try:
            pattern = engine_pattern(*texts)
        except PatternError as error:
            self.notes.append(
                f"{name.word}: the pattern “{abridged(texts[0])}” is none of XPath's ({error}). The call is an error, "
                "no value."
            )
            return "0"  # no string
        if pattern is None:
            self.edits.replace(name.start, name.end, ours)
            return ""
        return str(ox.Literal(pattern))

    def parts(self, expressions: Sequence[Expression]) -> list[str]:
        """Expressions with the changes that are made in them."""
        return [self.edits.part(self.text, part.start, part.end) for part in expressions]

    def aggregate(self) -> Expression:
        """A call of an aggregate."""
        name = self.take()
        self.take("(")
        distinct = self.token.word == "DISTINCT"
        if distinct:
            self.take()
        if name.word == "COUNT" and self.at("*"):
            self.take()
            self.take(")")
            return Expression(name.start, self.end)
        is_variable = self.token.kind == "variable" and self.after.text == ")"
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
        elif name.word in ("MIN", "MAX") and (self.written or self.large):
            self.term(inner)
            self.own(name.start, inner.start, *Extreme.named(name.word))
        elif name.word in ("SUM", "AVG") and (self.large or (distinct and self.written)):
            self.term(inner)
            self.own(name.start, inner.start, *Total.named(name.word, distinct))
        elif name.word in ("SUM", "AVG", "MIN", "MAX"):
            self.value(inner)
        elif name.word == "COUNT" and not is_variable:  # one error would leave the engine without a number
            self.term(inner)
            self.own(name.start, inner.start, *Count.named(distinct))
            self.edits.enclose(inner.start, inner.end, "COALESCE(", f", {ERROR})")
        else:
            self.term(inner)
        return Expression(name.start, self.end, written=name.word in ("SAMPLE", "MIN", "MAX"))

    def own(self, start: int, end: int, label: str, make: Callable[[], Any]) -> None:
        """Have an aggregate of ours in place of the engine's."""
        self.aggregates[ox.NamedNode(label[1:-1])] = make
        self.edits.replace(start, end, f"{label}(")

    def condition(self, expression: Expression) -> None:
        """Have an expression give its effective boolean value."""
        if not expression.boolean:
            self.edits.enclose(expression.start, expression.end, f"{CONDITION}(")
            self.term(expression)

    def value(self, expression: Expression) -> None:
        """Have an expression give a literal's value where its form does not matter."""
        constant = expression.constant
        if constant is not None and is_out_of_range(constant.value, constant.datatype.value):
            self.term(expression)
        elif self.written and expression.written and constant is None:
            self.edits.enclose(expression.start, expression.end, f"{VALUE}(")

    def term(self, expression: Expression) -> None:
        """Have a constant stand for itself, as it is written."""
        if expression.constant is not None:
            self.mark((expression.constant, expression.start, expression.end))


def _string(expression: Expression) -> str | None:
    """The string that an expression is."""
    literal = expression.constant
    return literal.value if literal and not literal.language and literal.datatype.value == XSD.string else None
