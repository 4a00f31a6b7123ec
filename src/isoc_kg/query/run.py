"""Running a query: its text checked, prefixes declared, parameters bound, solutions put in order."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import pyoxigraph as ox

from ..errors import IsocKgError, QueryError
from ..limits import Limits
from ..rdf.lines import sort_lines
from ..wording.messages import message
from .absence import absences, is_void
from .engine_errors import engine_error, set_twice
from .evaluator import Evaluator, StoreEvaluator
from .forms import declared_prefixes, form, is_ordered, pattern_start, prologue_length
from .labels import labelled_in_order, labelled_rows
from .safety import check_text
from .solutions import Solutions
from .tokens import Token, error_at, tokens

__all__ = ["Answer", "bound_text", "declared", "run_query"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: solutions, a yes or no, or triples (sorted canonical lines); the others are None."""

    solutions: Solutions | None = None
    boolean: bool | None = None
    triples: list[bytes] | None = None
    notes: tuple[str, ...] = ()  #: what the engine may have got wrong in it
    hints: tuple[str, ...] = ()  #: where nothing was found, the names and values that no statement has

    @property
    def empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.triples or self.boolean or (self.solutions is not None and len(self.solutions)))


def run_query(
    evaluator: Evaluator,
    text: str,
    *,
    prefixes: Mapping[str, str],
    parameters: Mapping[str, ox.NamedNode | ox.Literal] | None = None,
    limits: Limits | None = None,
    file: str | None = None,
) -> Answer:
    """Run a query over the union of all graphs, or over those of its FROM clauses.

    Where it finds nothing, the hints name what it needs and no statement has.

    `prefixes` are known without declaring them, parameters stand in place of variables. Raises `QueryError` with the
    spot shown for what may not be run, and whatever the evaluator of another store raises. Parameters are bound by a
    VALUES clause of canonical terms, each of which is one token whatever it holds, so nothing in them is ever read as
    SPARQL. (The engine's own substitution only takes variables that are selected.)
    """
    query_tokens = check_text(text, prefixes, limits or Limits(), file)
    _require_variables(text, query_tokens, parameters, file)
    answer = _answer(evaluator, text, query_tokens, prefixes, parameters, file)
    void = answer.empty or (answer.solutions is not None and is_void(answer.solutions.terms, query_tokens))
    if void:
        # a hint that cannot be had is no reason to lose the answer
        with suppress(IsocKgError, SyntaxError, ValueError, RuntimeError, OSError):
            found = absences(text, evaluator.select, prefixes, parameters=parameters)
            answer = replace(answer, hints=tuple(absence.text for absence in found))
    if answer.solutions is not None:
        answer.solutions.notes = (*answer.notes, *answer.hints)
    return answer


def _answer(
    evaluator: Evaluator,
    text: str,
    query_tokens: list[Token],
    prefixes: Mapping[str, str],
    parameters: Mapping[str, ox.NamedNode | ox.Literal] | None,
    file: str | None,
) -> Answer:
    kind = form(query_tokens)
    bound = _bind(text, query_tokens, parameters) if parameters else text
    whole = declared(query_tokens, prefixes) + bound
    notes = evaluator.notes(whole) if isinstance(evaluator, StoreEvaluator) else ()
    try:
        if kind == "ASK":
            return Answer(boolean=evaluator.ask(whole), notes=notes)
        if kind in ("CONSTRUCT", "DESCRIBE"):
            return Answer(triples=_graph(evaluator, whole), notes=notes)
        if kind != "SELECT":
            raise _error_of([text], prefixes, file) or QueryError("this is not a valid query.", file=file)
        variables, rows = evaluator.select(whole)
    except SyntaxError as error:
        raise _error_of([text, bound], prefixes, file) or engine_error(text, error, file) from None
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryError(f"the query failed: {error}.", file=file) from None
    rows = labelled_rows(rows, is_ordered(query_tokens))
    return Answer(solutions=Solutions(variables, rows, prefixes), notes=notes)


def _graph(evaluator: Evaluator, text: str) -> list[bytes]:
    """The triples of a query, blank nodes labelled in the order in which they come."""
    lines = evaluator.graph(text) if isinstance(evaluator, StoreEvaluator) else b"".join(evaluator.construct(text))
    return sort_lines(labelled_in_order(lines).splitlines(keepends=True))


def declared(query_tokens: Sequence[Token], prefixes: Mapping[str, str]) -> str:
    """PREFIX clauses, on one line, for the prefixes that a text uses and does not declare."""
    names = {token.text.partition(":")[0] for token in query_tokens if token.kind == "name"}
    undeclared = (names - declared_prefixes(query_tokens).keys()) & prefixes.keys()
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in sorted(undeclared))


def _require_variables(
    text: str, found: list[Token], parameters: Mapping[str, ox.NamedNode | ox.Literal] | None, file: str | None
) -> None:
    """Raise `QueryError` for a parameter that the query has no variable for, or to which it gives a value itself."""
    names = {token.text[1:] for token in found if token.kind == "variable"}
    for name in parameters or {}:
        if name not in names:
            raise QueryError(
                f"the query has no variable ?{name}.",
                file=file,
                advice=f"It has {', '.join('?' + other for other in sorted(names)) or 'none'}.",
            )
    if token := set_twice(found, parameters) if parameters else None:
        raise error_at(text, token.start, message("wrong_set", name=token.text), message("advice_set"), file)


def _error_of(texts: Sequence[str], prefixes: Mapping[str, str], file: str | None) -> QueryError | None:
    """What the engine finds wrong with the first of the texts that has an error.

    The author's comes first: places are those in it, without the clauses that declare prefixes and bind parameters.
    """
    for text in texts:
        try:
            ox.Store().query(text, prefixes=dict(prefixes))
        except SyntaxError as error:
            return engine_error(texts[0], error, file)
    return None


def bound_text(text: str, parameters: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
    """A query's text with terms in place of variables; the text is one of the project's own."""
    return _bind(text, list(tokens(text)), parameters) if parameters else text


def _bind(text: str, found: list[Token], parameters: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
    start = pattern_start(found)
    if start is None:
        raise QueryError("a query without a pattern has nothing to set.")
    names = " ".join(f"?{name}" for name in parameters)
    terms = " ".join(str(term) for term in parameters.values())
    head = text[:start]
    first = prologue_length(found)
    if found[first].word == "CONSTRUCT" and found[first + 1].text != "{":  # the short form has triples alone
        template = text[start : next(token.start for token in reversed(found) if token.text == "}")]
        head = f"{text[: found[first].end]} {{{template}}}{text[found[first].end : start]}"
    return f"{head} VALUES ({names}) {{ ({terms}) }} {text[start:]}"
