"""Shapes checked by queries, where the data is."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import TypeVar

import pyoxigraph as ox

from ...errors import EngineError, QueryError
from ...namespaces import SH
from ...query.evaluator import Evaluator
from ..messages import with_messages
from ..report import Report, Result
from ..shape_index import Shape, ShapeIndex, shape_name
from ..terms import Row, Term, Uncompilable, shown
from .classes import Classes
from .compiler import Compiler
from .fetching import Engine, fetched_results
from .loops import Runner
from .probes import Probes
from .query import Constraint, Focus, Loop, Query, Scan, apart, merged
from .refusals import Refusals
from .stored_literals import StoredLiterals

__all__ = ["validate_compiled", "validate_fetched"]

_Answer = TypeVar("_Answer")

#: Queries that a store is asked at the same time.
_AT_ONCE = min(4, os.cpu_count() or 1)


def validate_fetched(data: bytes, shapes: bytes) -> list[Result]:
    """The results of an engine that is right on the shapes, or of pyshacl where that one fails, in a process."""
    from ..engines import validate

    try:
        return list(validate([data], shapes, among=("shacl", "pyshacl")).results)
    except EngineError:
        return list(validate([data], shapes, engine="pyshacl").results)


def validate_compiled(
    evaluator: Evaluator,
    shapes: bytes,
    *,
    ontology: bytes = b"",
    engine: Engine = validate_fetched,
    literals: StoredLiterals | None = None,
    seconds: float | None = None,
    at: Callable[[str], None] = lambda _: None,
) -> Report:
    """The report on a store's data, by queries compiled from shapes (N-Triples).

    `ontology` (N-Triples) adds subclasses that the store does not know; `literals` says how the store has literals.
    Shapes that no query says, or whose queries take more than so many `seconds` in all, are named in the report's
    notes, and validated by `engine` on what is fetched for them. `at` is told the shapes that take time, as they come.
    """
    graph = ShapeIndex(shapes)
    targeted = [(shape, targets) for shape, targets in graph.with_targets() if not shape.deactivated]
    evaluator = Refusals(evaluator)
    literals = literals or StoredLiterals(evaluator)
    compiler = Compiler(
        graph, evaluator, Classes(evaluator, ontology, _classes(graph, targeted)), literals, Probes(evaluator)
    )
    run = _Run(compiler, seconds, at)
    unmet: list[str] = []
    for shape, targets in targeted:
        with _named(shape):
            focuses = compiler.focuses(targets)
        run.plan(shape, targets, focuses)
        if _is_unmet(evaluator, shape, targets, focuses):
            unmet.append(shape.node.value)
    run.run()
    results = [result for found in run.results.values() for result in found]
    notes: list[str] = []
    for shape, reason in run.failed.items():
        notes.append(f"{shape.name or 'a shape without a name'} is checked on fetched triples: {reason}.")
        at(shape_name(shape))
        with _named(shape):
            results += fetched_results(compiler, shape, compiler.focuses(dict(targeted)[shape]), shapes, engine)
    notes += [
        f"the store makes <{name}> <{kept}>: such values are checked by their form." for name, kept in literals.lost
    ]
    return Report(with_messages(results, shapes), "compiled", tuple(sorted(unmet)), tuple(notes))


@contextmanager
def _named(shape: Shape) -> Iterator[None]:
    """What can be neither asked nor fetched is an error that names the shape."""
    try:
        yield
    except Uncompilable as reason:
        raise EngineError(f"{shape.name or 'a shape without a name'} cannot be checked: {reason}.") from None


class _Run:
    """The queries of all shapes: what they find for each shape with targets, or why they cannot."""

    def __init__(self, compiler: Compiler, seconds: float | None, at: Callable[[str], None]) -> None:
        self.compiler = compiler
        self._seconds, self._at = seconds, at
        self._spent: dict[Shape, float] = {}
        self.results: dict[Shape, list[Result]] = {}
        self.failed: dict[Shape, str] = {}
        self._parts: list[Scan | Query | Loop] = []

    def plan(self, shape: Shape, targets: list[tuple[str, Term]], focuses: list[Focus]) -> None:
        """Compile a shape, or note why that is not possible."""
        try:
            if any(isinstance(term, ox.Literal) for _, term in targets) and not self.compiler.probes.keeps_literals:
                raise Uncompilable("the store changes the literals that are its focus nodes")
            self._parts += [part for focus in focuses for part in self.compiler.parts(shape, focus)]
        except Uncompilable as reason:
            self.failed[shape] = str(reason)

    def run(self) -> None:
        """Ask all that is planned; a shape that the store or the data do not allow has failed."""
        scans = list(merged(part for part in self._parts if isinstance(part, Scan)))
        queries = [scan.query(self.compiler.names) for scan in scans]
        with ThreadPoolExecutor(_AT_ONCE) as pool:  # the store works on them; nothing here waits for the interpreter
            answers = [pool.submit(self._in_time, partial(self._answer, query), 0.0) for query in queries]
        for scan, query, answer in zip(scans, queries, answers, strict=True):
            try:
                self._take(query, *answer.result())
            except TimeoutError as slow:
                self.failed |= {condition.constraint.target: str(slow) for condition in scan.conditions}
            except QueryError:
                for part in apart(scan):
                    self._attempt(part.query(self.compiler.names))
        for other in self._parts:
            if not isinstance(other, Scan):
                self._attempt(other)
        for shape in self.failed:
            self.results.pop(shape, None)

    def _attempt(self, part: Query | Loop) -> None:
        if isinstance(part, Query) and not part.found:
            return
        target = part.constraint.target if isinstance(part, Loop) else part.found[0][0].target
        if target in self.failed:
            return
        self._at(shape_name(target))
        before, start = self._spent.get(target, 0.0), monotonic()
        try:
            if isinstance(part, Loop):
                found = self._in_time(lambda: list(Runner(self.compiler, part).results()), before)
                self.results.setdefault(target, []).extend(found)
            else:
                self._take(part, *self._in_time(lambda: self._answer(part), before))
        except TimeoutError as slow:
            self.failed[target] = str(slow)
        except QueryError as error:
            self.failed[target] = error.message.removesuffix(".")
        except Uncompilable as reason:
            self.failed[target] = str(reason)
        self._spent[target] = before + monotonic() - start

    def _in_time(self, work: Callable[[], _Answer], spent: float) -> _Answer:
        """What some work gives. Raises `TimeoutError` where that takes too long: nothing can end it but its process."""
        if self._seconds is None:
            return work()
        done: list[_Answer] = []
        raised: list[BaseException] = []

        def attempt() -> None:
            try:
                done.append(work())
            except BaseException as error:  # noqa: BLE001 – raised again, where it is waited for
                raised.append(error)

        thread = threading.Thread(target=attempt, daemon=True)
        thread.start()
        thread.join(max(0.0, self._seconds - spent))
        if raised:
            raise raised[0]
        if not done:
            raise TimeoutError(f"its queries take more than {self._seconds:g} seconds")
        return done[0]

    def _answer(self, query: Query) -> tuple[list[str], list[Row]]:
        variables, rows = self.compiler.evaluator.select(query.text)
        return variables, list(rows)

    def _take(self, query: Query, variables: list[str], rows: list[Row]) -> None:
        place = {f"?{name}": position for position, name in enumerate(variables)}
        if not place.keys() >= {*query.key, *(flag for _, flag in query.found if flag)}:
            raise QueryError("the store answers without some of the variables asked for.")
        key = [place[name] for name in query.key]
        found = {tuple(row[position] for position in key): row for row in rows}
        for row in found.values():
            for constraint, flag in query.found:
                if flag and not _true(row[place[flag]]):
                    continue
                self.results.setdefault(constraint.target, []).append(_result(query, constraint, row, place))


def _classes(graph: ShapeIndex, targeted: list[tuple[Shape, list[tuple[str, Term]]]]) -> Iterator[str]:
    """All classes that shapes name."""
    for node in graph.subjects(SH["class"]):
        yield from (term.value for term in graph.values(node, SH["class"]) if isinstance(term, ox.NamedNode))
    for _, targets in targeted:
        for kind, term in targets:
            if kind == SH.targetClass and isinstance(term, ox.NamedNode):
                yield term.value


def _is_unmet(evaluator: Evaluator, shape: Shape, targets: list[tuple[str, Term]], focuses: list[Focus]) -> bool:
    if not isinstance(shape.node, ox.NamedNode) or any(kind == SH.targetNode for kind, _ in targets):
        return False
    return not any(evaluator.ask(f"ASK {{ {focus.pattern} }}") for focus in focuses)


def _result(query: Query, constraint: Constraint, row: Row, place: dict[str, int]) -> Result:
    shape = constraint.shape
    path = str(row[place[query.path]]) if query.path else shape.path.shown() if shape.path else None
    value = query.value or (query.key[-1] if constraint.on_value else None)
    return Result(
        focus_node=shown(row[place[query.focus]]),
        path=path,
        value=shown(row[place[value]]) if value else None,
        component=constraint.component,
        severity=shape.severity,
        shape=shape.name,
        message=shape.message,
    )


def _true(term: Term | None) -> bool:
    return isinstance(term, ox.Literal) and term.value in ("true", "1")
