"""What would crash the engine, or may not be run, is refused before the engine sees it.

The engine's parser recurses, so a text of a few kilobytes can end the interpreter; and it has no switch for
`SERVICE`. Both are seen here, in the tokens, never in strings, IRIs or comments.
"""

from collections.abc import Mapping

from ..errors import QueryError
from ..iris import hint_at_prefix
from ..limits import Limits
from ..wording.messages import message
from .keywords import near_keywords
from .tokens import PROLOGUE, TERMS, Token, abridged, error_at, tokens

__all__ = ["MOST_SERVED_JOINS", "check_chains", "check_extent", "check_text"]

#: How many operators and clauses that nest in the engine's parser or planner a text may have.
_MAX_CLAUSES = 1000
#: How many patterns a text may join: the engine's join planner takes time with their third power (a second at this
#: number, minutes at a thousand), and ends the interpreter at ten thousand.
_MAX_JOINS = 100
#: The same where a process of its own has an end to its time and memory: at 300, the planner takes two gigabytes.
MOST_SERVED_JOINS = 250
_NESTING_WORDS = frozenset({"UNION", "FILTER", "BIND", "OPTIONAL", "MINUS", "GRAPH", "SELECT", "AS"})
#: The words behind which names are declared or chosen: the engine reads as many as there are.
_DECLARING_WORDS = PROLOGUE | {"FROM", "NAMED"}
_UPDATE = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})


def check_text(text: str, prefixes: Mapping[str, str], limits: Limits, file: str | None = None) -> list[Token]:
    """The tokens of a query that is safe to give to the engine.

    Raises `QueryError` for what is too long, too deep, an update, a `SERVICE`, or has an unknown prefix.
    """
    check_extent(text, limits, file)
    result = list(tokens(text))
    _check_clauses(text, result, file)
    _check_joins(text, result, file)
    _check_words(text, result, file)
    _check_prefixes(text, result, prefixes, file)
    return result


def check_extent(text: str, limits: Limits, file: str | None = None) -> None:
    """Raise `QueryError` for a text that is longer, or nested deeper, than the limits allow."""
    if len(text) > limits.max_query_bytes:
        raise QueryError(f"a query of over {limits.max_query_bytes:,} characters.", advice="Shorten it.")
    if sum(map(text.count, "{([")) <= limits.max_nesting:  # most texts: no need to look at their tokens
        return
    depth = 0
    for token in tokens(text):
        if token.kind == "operator" and token.text in "{([":
            depth += 1
            if depth > limits.max_nesting:
                message = f"brackets nested more than {limits.max_nesting} deep."
                raise error_at(text, token.start, message, None, file)
        elif token.kind == "operator" and token.text in "})]":
            depth -= 1


def check_chains(text: str) -> None:
    """Raise `QueryError` for a text that ends the engine's process, whatever that may take, by how long its chains are.

    These are operators, clauses, terms and patterns that stand beside one another; what nests is for `check_extent`.
    """
    if len(text) < 2 * MOST_SERVED_JOINS:  # each takes two characters at least
        return
    query = list(tokens(text))
    _check_clauses(text, query, None)
    _check_joins(text, query, None, MOST_SERVED_JOINS)


def _check_clauses(text: str, query: list[Token], file: str | None) -> None:
    """Refuse more operators, clauses, and terms or expressions in a row, than the engine can parse."""
    clauses = depth = 0
    data = declaring = False  # between VALUES and the end of its rows; behind a word that declares
    before = behind = Token("", "", 0)
    for token in query:
        word = token.word
        if word:
            declaring = word in _DECLARING_WORDS
            data = data or word == "VALUES"
            clauses += word in _NESTING_WORDS
        elif token.kind == "operator":
            if token.text == "(":  # an expression behind another one, or a call
                clauses += not data and ")" in (before.text, behind.text if before.kind != "operator" else "")
            else:
                clauses += token.text not in ".;,{[})]"
            depth += (token.text in "{([") - (token.text in "})]")
            data = data and token.text != "}"
        elif token.kind == "number" and token.text[0] in "+-":
            clauses += not data
        elif token.kind in TERMS and depth <= 0:
            clauses += not declaring
        if clauses > _MAX_CLAUSES:
            message = f"more than {_MAX_CLAUSES:,} operators and clauses."
            raise error_at(text, token.start, message, "Use VALUES or IN for long lists.", file)
        behind, before = before, token


def _check_joins(text: str, query: list[Token], file: str | None, most: int = _MAX_JOINS) -> None:
    """Refuse more patterns than the engine can plan; rows of VALUES and arguments of functions are free."""
    brackets: list[str] = []
    joins = 0
    data = False  # between VALUES and the end of its rows
    before = ""
    for token in query:
        inner = brackets[-1] if brackets else ""
        if token.word == "VALUES":
            data = True
            joins += 1
        elif token.kind == "operator":
            if token.text in "{([":
                joins += not data and token.text != "("
                brackets.append(token.text)
            elif token.text in "})]":
                if brackets:
                    brackets.pop()
                data = data and token.text != "}"
            elif not data:
                joins += token.text in ".;/" or (token.text == "," and inner != "(")
        elif token.kind in TERMS and before in TERMS and inner == "(" and not data:
            joins += 2  # an item of a collection is two triples
        before = token.kind
        if joins > most:
            raise error_at(
                text, token.start, f"more than {most} patterns are joined.", "Use VALUES for long lists.", file
            )


def _check_words(text: str, query: list[Token], file: str | None) -> None:
    first = True
    for token in query:
        word = token.word
        if not word:
            continue
        if word == "SERVICE":
            raise error_at(
                text,
                token.start,
                message("wrong_service"),
                message("advice_service"),
                file,
            )
        if first and word not in PROLOGUE:
            first = False
            if word in _UPDATE:
                raise error_at(
                    text,
                    token.start,
                    message("wrong_update", word=word),
                    message("advice_update"),
                    file,
                )


def _check_prefixes(text: str, query: list[Token], prefixes: Mapping[str, str], file: str | None) -> None:
    declared = dict(prefixes)
    for position, token in enumerate(query):
        if token.kind == "name":
            name = token.text.partition(":")[0]
            if position and query[position - 1].word == "PREFIX":
                declared[name] = ""
            elif name not in declared:
                before = query[position - 1] if position else None
                if before and _is_misspelt_prefix(before, query[position + 1 : position + 2]):
                    meant = message("hint_meant", names="PREFIX")
                    raise error_at(text, before.start, message("wrong_word", word=abridged(before.text)), meant, file)
                hint = hint_at_prefix(name, declared)
                raise error_at(text, token.start, message("wrong_prefix", prefix=name), hint, file)


def _is_misspelt_prefix(word: Token, behind: list[Token]) -> bool:
    """Whether a word before a name with no known prefix, with an IRI behind that, is meant to be PREFIX."""
    return bool(word.word and behind and behind[0].kind == "iri" and near_keywords(word.text, ["PREFIX"]))
