"""The processes that hold the store: SPARQL is parsed and run in them, and nowhere else.

One of them, the fork server, reads the data once and forks a worker whenever it is asked for one, so that a new worker
costs a millisecond and shares the data's memory with the others. A worker answers one query at a time over a socket.
A text of a few kilobytes can end the engine's process, a query cannot be stopped, and `SERVICE` has no switch: so a
worker may open no file or connection, has an end to its memory, and may be killed at any time.
"""

import io
import os
import re
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

import pyoxigraph as ox

from ...errors import CannotCarry, IsocKgError, LimitExceeded, QueryError
from ...evidence.behind import explain
from ...evidence.published import Published
from ...formats import NTRIPLES, TURTLE
from ...limits import Limits
from ...limits.processes import end_with
from ...negotiation import choose
from ...query.absence import absences
from ...query.basic_patterns import is_basic
from ...query.engine_errors import engine_error
from ...query.evaluator import StoreEvaluator
from ...query.forms import form
from ...query.labels import labelled_in_order, labelled_rows
from ...query.lexical_forms import Row, unmarked_lines, unmarked_row
from ...query.rewriting import EngineQuery, may_differ
from ...query.safety import check_chains, check_extent, check_text
from ...query.solutions import Solutions
from ...query.tokens import tokens
from ...rdf.writing import write  # by its module: a worker loads nothing later, since it can open no file
from ...wording.messages import our_texts
from .confinement import confine, without_sockets
from .nursery import Answer, NotReadable, run_nursery
from .result_formats import GRAPH_FORMATS, GRAPHS, RESULTS, fitted, says_nothing, written
from .solution_pages import paged
from .stored_points import StoredPointAnswers

_RESULT_TYPES, _GRAPH_TYPES = tuple(RESULTS), tuple(GRAPHS)


_USUAL = frozenset({"query", "accept", "why", "labelled", "coding"})
_SHORT = 2000  #: characters of a query that cannot be nested or joined too deeply
_DAMAGE = re.compile(r"Corruption|I/?O error", re.IGNORECASE)  #: how the store, not the query, says what is wrong
_NOTES_LENGTH = 900  #: characters of the notes on a result, in a header


class _Full(Exception):
    """More was written than may be."""


class _Bounded(io.BytesIO):
    """Takes so many bytes and no more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._most:
            raise _Full
        return super().write(data)


class Engine:
    """A store, and how it is asked."""

    def __init__(self, evaluator: StoreEvaluator, settings: dict[str, Any]) -> None:
        self.evaluator = evaluator
        self.prefixes: dict[str, str] = settings["prefixes"]
        self.base: str = settings["base"]
        self.claims: str = settings["claims"]
        self.most_bytes: int = settings["result_bytes"]
        self.most_rows: int = settings["result_rows"]
        self.text_limits = Limits(**settings["text_limits"])
        self._points = StoredPointAnswers(evaluator, self.prefixes, self.base)

    def answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Head and body for a request: a query, with the media types that fit; or an error."""
        if "points" in request:
            return {"status": 200, "type": _RESULT_TYPES[0]}, self._points.answers(request["query"])
        if (found := self._basic(request)) is not None:
            return found
        head, body = self._answer(request)
        if head["status"] == 200 and (head.pop("empty", False) or says_nothing(body, head["type"])):
            head = self._hinted(request["query"], head)
        return paged(request["query"], head, body, request["page"]) if "page" in request else (head, body)

    def _answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        text = request["query"]
        result: Any = None
        try:
            check_extent(text, self.text_limits)
            check_chains(text)
            if request.get("why") and form(list(tokens(text))) == "SELECT":
                return self._explained(text, request)
            result, rewriting = self._run(text, request)
            notes = _notes(rewriting)
            if isinstance(result, ox.QueryTriples):
                head, body = self._graph(result, request)
                return head | notes, body
            type_ = choose(request["accept"], _RESULT_TYPES)
            if type_ is None:
                return {"status": 406, "alternatives": list(RESULTS)[:4]}, b""
            if not isinstance(result, ox.QuerySolutions) and RESULTS[type_] in (
                ox.QueryResultsFormat.CSV,
                ox.QueryResultsFormat.TSV,
            ):
                return {"status": 200, "type": "text/plain"} | notes, b"true\n" if result else b"false\n"
            out = _Bounded(self.most_bytes)
            try:
                result.serialize(out, RESULTS[type_])
            except _Full:
                head, body = self._cut(text, request, type_)
                return head | notes, body
            labelled = bool(request.get("labelled"))
            body_ = fitted(out.getvalue(), type_, written=rewriting.written, labelled=labelled)
            if body_ is None:
                names, rows = self._first(text, request, None)
                body_ = written(Solutions(names, labelled_rows(rows, ordered=True), self.prefixes), type_)
            return {"status": 200, "type": type_} | notes, body_
        except QueryError as error:
            return _refusal(error)
        except LimitExceeded as error:
            return {"status": 413, "detail": error.message, "advice": error.advice}, b""
        except SyntaxError as error:
            return self._malformed(text, error)
        except (ValueError, RuntimeError, OSError) as error:
            if _DAMAGE.match(str(error)):
                detail = "the store is damaged, or cannot be read at the moment."
                return {"status": 503, "detail": detail, "damage": str(error)[:1000]}, b""
            detail = f"the query failed: {error}."
            if any(token.word == "SERVICE" for token in tokens(text)):  # what it reaches for is closed to it
                detail = "SERVICE is not available: no query reaches the network. With SILENT it has no solutions."
            return {"status": 400, "detail": detail}, b""
        except CannotCarry as error:
            graph = isinstance(result, ox.QueryTriples)
            return {
                "status": 406,
                "alternatives": [TURTLE.media_type, NTRIPLES.media_type] if graph else [_RESULT_TYPES[0], "text/csv"],
                "detail": error.message,
            }, b""

    def _basic(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes] | None:
        """What `_answer` gives for a query for which `is_basic` holds, with results in JSON; None for any other.

        Nothing that may be wrong with others may be with such a one; where the engine fails, `_answer` says how.
        """
        text = request["query"]
        if not (request.keys() <= _USUAL and len(text) < _SHORT and is_basic(text)) or request.get("why"):
            return None
        type_ = choose(request["accept"], _RESULT_TYPES)
        if type_ is None or RESULTS[type_] is not ox.QueryResultsFormat.JSON:
            return None
        out = _Bounded(self.most_bytes)
        try:
            self.evaluator.basic(text, self.prefixes, self.base).serialize(out, ox.QueryResultsFormat.JSON)
        except (_Full, SyntaxError, ValueError, RuntimeError, OSError):
            return None
        body = fitted(out.getvalue(), type_, written=self.evaluator.written, labelled=bool(request.get("labelled")))
        return None if body is None or says_nothing(body, type_) else ({"status": 200, "type": type_}, body)

    def _run(self, text: str, request: dict[str, Any]) -> tuple[Any, EngineQuery]:
        default, named = request.get("default"), request.get("named")
        dataset: dict[str, Any] = {}
        if default is not None or named is not None:
            # the protocol's dataset stands before the query's own
            # (https://www.w3.org/TR/sparql11-protocol/#dataset)
            dataset["default_graph"] = [ox.NamedNode(name) for name in default or ()]
            dataset["named_graphs"] = [ox.NamedNode(name) for name in named or ()]
        return self.evaluator.run(text, prefixes=self.prefixes, base=self.base, **dataset)

    def _hinted(self, text: str, head: dict[str, Any]) -> dict[str, Any]:
        """The head, with notes on the names for which a query finds nothing; without them where they cannot be had."""
        with suppress(IsocKgError, SyntaxError, ValueError, RuntimeError, OSError):
            found = absences(text, self.evaluator.select, self.prefixes, base=self.base)
            if found:
                return head | {"notes": _first_notes([*head.get("notes", ()), *(absence.text for absence in found)])}
        return head

    def _graph(self, result: ox.QueryTriples, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        type_ = choose(request["accept"], _GRAPH_TYPES)
        if type_ is None:
            return {"status": 406, "alternatives": list(GRAPH_FORMATS)}, b""
        lines = _Bounded(self.most_bytes)
        try:
            ox.serialize(result, lines, format=ox.RdfFormat.N_TRIPLES)
        except _Full:
            return {"status": 413, "detail": f"the graph has more than {self.most_bytes:,} bytes."}, b""
        data = unmarked_lines(lines.getvalue())
        if request.get("labelled"):
            data = labelled_in_order(data)
        found = sorted(set(data.splitlines(keepends=True)))
        out = io.BytesIO()
        write(found, GRAPHS[type_], out, prefixes=self.prefixes)
        return {"status": 200, "type": GRAPHS[type_].media_type, "empty": not found}, out.getvalue()

    def _cut(self, text: str, request: dict[str, Any], type_: str) -> tuple[dict[str, Any], bytes]:
        """The first solutions of a result that is too long as a whole."""
        names, rows = self._first(text, request, self.most_rows)
        rows = labelled_rows(rows, ordered=True) if request.get("labelled") else rows
        body = written(Solutions(names, rows, self.prefixes), type_, cut=True)
        return {"status": 200, "type": type_, "cut": len(rows)}, body

    def _first(self, text: str, request: dict[str, Any], most: int | None) -> tuple[list[str], list[Row]]:
        return self._rows(text, request, most)[:2]

    def _rows(self, text: str, request: dict[str, Any], most: int | None) -> tuple[list[str], list[Row], EngineQuery]:
        """Variables and first solutions, and what the engine was given for them."""
        result, rewriting = self._run(text, request)
        rows = [unmarked_row(row) for row in islice(result, most)]
        return [variable.value for variable in result.variables], rows, rewriting

    def _explained(self, text: str, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        notes: dict[str, Any] = {}

        def select(query: str) -> tuple[list[str], list[Row]]:
            names, rows, rewriting = self._rows(query, request, self.most_rows + 1)
            notes.update(_notes(rewriting))
            if len(rows) > self.most_rows:
                raise LimitExceeded(f"there are more than {self.most_rows:,} solutions to explain.")
            return names, rows

        support = Published(self.evaluator, self.claims)
        try:
            body = explain(text, select, support, self.prefixes, base=self.base).to_json().encode()
        except LimitExceeded as error:
            return {"status": 413, "detail": error.message}, b""
        if len(body) > self.most_bytes:
            return {"status": 413, "detail": f"the result has more than {self.most_bytes:,} bytes."}, b""
        return {"status": 200, "type": "application/sparql-results+json"} | notes, body

    def _malformed(self, text: str, error: SyntaxError) -> tuple[dict[str, Any], bytes]:
        try:
            check_text(text, self.prefixes, self.text_limits)
            found = engine_error(text, error)
        except QueryError as known:
            found = known
        return _refusal(found)


def _notes(rewriting: EngineQuery) -> dict[str, Any]:
    """What the head of an answer has about what may be wrong in it."""
    return {"notes": _first_notes(rewriting.notes)} if rewriting.notes else {}


def _first_notes(notes: Sequence[str]) -> list[str]:
    """The first notes, as many as a header may hold, and where the others are."""
    first: list[str] = []
    for note in notes:
        if first and len(note) + sum(map(len, first)) > _NOTES_LENGTH:
            number = len(notes) - len(first)
            return [*first, f"And {number} more: `isoc-kg query` with this query prints all."]
        first.append(note)
    return first


def _refusal(error: QueryError) -> tuple[dict[str, Any], bytes]:
    """The answer to a query that is not run."""
    head = {"status": 400, "detail": error.message, "line": error.line, "column": error.column}
    return head | {"excerpt": error.excerpt, "advice": error.advice}, b""


def _opens(control: socket.socket, folder: str) -> None:
    """See whether the store in a folder can be opened, in a process of its own, since that leaves threads behind.

    Raises `NotReadable`.
    """
    parent = os.getpid()
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        with os.fdopen(reader, "rb") as file:
            reason = file.read()
        if os.waitpid(child, 0)[1]:
            raise NotReadable(reason.decode(errors="replace") or "its process ended")
        return
    end_with(parent)
    control.close()
    try:
        ox.Store.read_only(folder)
        without_sockets()
    except (OSError, ValueError, RuntimeError) as error:
        os.write(writer, str(error).encode()[:1000])
        os._exit(1)
    os._exit(0)


def prepare(data: int, settings: dict[str, Any], control: socket.socket) -> Callable[[int], Answer]:
    """Read the lines, or see that the store can be opened. Raises `NotReadable`."""
    folder = settings["store"]
    # the workers share what this has ready, and could not open the file of the texts themselves
    our_texts(), is_basic(""), may_differ("")
    evaluator: StoreEvaluator | None = None
    if folder is None:
        try:
            with os.fdopen(os.dup(data), "rb") as file:
                file.seek(0)
                evaluator = StoreEvaluator.of_lines([file.read()])
        except (OSError, ValueError, SyntaxError) as error:
            raise NotReadable(str(error)) from None
    else:
        _opens(control, folder)

    def worker(_: int) -> Answer:
        engine = Engine(evaluator or StoreEvaluator(ox.Store.read_only(folder)), settings)
        confine(settings["memory"], files=folder is not None)
        return engine.answer

    return worker


if __name__ == "__main__":
    run_nursery(prepare)
