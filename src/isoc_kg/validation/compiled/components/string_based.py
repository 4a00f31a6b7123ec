"""String-based constraint components (https://www.w3.org/TR/shacl/#core-components-string)."""

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from ....errors import EngineError
from ....namespaces import SH
from ....query.regular_expressions import PatternError, read_pattern
from ...paths import Path
from ...shape_index import Shape
from ...terms import Uncompilable, token
from ..check import Check, Rows, RowsCheck, ValueCheck
from ..compilation import Compilation
from ..expressions import any_of, negated, some
from .cardinality import number

__all__ = ["checks"]


def checks(compilation: Compilation, shape: Shape) -> Iterator[Check]:
    """The checks of lengths, patterns, languages."""
    graph = compilation.graph
    for term in graph.values(shape.node, SH.minLength):
        yield ValueCheck(SH.MinLengthConstraintComponent, _length(f">= {number(term)}"))
    for term in graph.values(shape.node, SH.maxLength):
        yield ValueCheck(SH.MaxLengthConstraintComponent, _length(f"<= {number(term)}"))
    flags = graph.value(shape.node, SH.flags)
    for term in graph.values(shape.node, SH.pattern):
        if not isinstance(term, ox.Literal):
            raise Uncompilable("a pattern is no text")
        matches = _matches(compilation, term.value, flags.value if isinstance(flags, ox.Literal) else "")
        yield ValueCheck(SH.PatternConstraintComponent, _pattern(matches))
    for term in graph.values(shape.node, SH.languageIn):
        tags = [tag.value for tag in graph.members(term) if isinstance(tag, ox.Literal)]
        yield ValueCheck(SH.LanguageInConstraintComponent, _languages(tags))
    if shape.path is not None and graph.holds(shape.node, SH.uniqueLang):
        yield _unique(compilation, shape.path)


def _length(asked: str) -> Callable[[str, str], str]:
    return lambda _, value: f"(isBlank({value}) || STRLEN(STR({value})) {_inverse(asked)})"


def _inverse(asked: str) -> str:
    return ("< " if asked[0] == ">" else "> ") + asked[3:]


def _pattern(matches: Callable[[str], str]) -> Callable[[str, str], str]:
    return lambda _, value: f"(isBlank({value}) || !{matches(f'STR({value})')})"


def _matches(compilation: Compilation, text: str, flags: str) -> Callable[[str], str]:
    """An expression: whether a text matches, where the store takes the pattern; else nothing would be broken."""
    try:
        pattern = read_pattern(text, flags)
    except PatternError as error:
        raise EngineError(f"the pattern “{text}” of the shapes is none of XPath's: {error}.") from None
    literals = compilation.literals
    if literals.backtracks:
        rust = "" if pattern.looks_back else pattern.to_rust()
        if pattern.looks_back or not compilation.reads(rust):
            return lambda node: literals.matches(node, pattern.to_python())
        return lambda node: f"REGEX({node}, {token(ox.Literal(rust))})"
    if not compilation.reads(text, flags):
        raise Uncompilable(f"the store does not take the pattern “{text}”")
    arguments = ", ".join(token(ox.Literal(part)) for part in (text, flags) if part or part is text)
    return lambda node: f"REGEX({node}, {arguments})"


def _languages(tags: list[str]) -> Callable[[str, str], str]:
    def bad(_: str, value: str) -> str:
        matched = any_of(f"LANGMATCHES(LANG({value}), {token(ox.Literal(tag))})" for tag in tags if tag)
        return f"(!isLiteral({value}) || {negated(matched)})"

    return bad


def _unique(compilation: Compilation, path: Path) -> Check:
    """`sh:uniqueLang`: one result for each focus node and language used more than once."""
    names = compilation.names

    def repeated(focus: str, value: str) -> str:
        again = some(
            focus,
            path,
            lambda other: f"(!sameTerm({value}, {other}) && LCASE(LANG({value})) = LCASE(LANG({other})))",
            names,
        )
        return f'(isLiteral({value}) && LANG({value}) != "" && {again})'

    def rows(focus: str) -> Rows:
        value, language = names.fresh(), names.fresh()
        pattern = f"{focus} {path.to_sparql()} {value} . FILTER({repeated(focus, value)})"
        return Rows(f"{pattern} BIND(LCASE(LANG({value})) AS {language})", others=(language,))

    return RowsCheck(
        SH.UniqueLangConstraintComponent,
        rows,
        lambda focus: some(focus, path, lambda value: repeated(focus, value), names),
    )
