"""Whatever answers SPARQL, and the one that is embedded: a pyoxigraph store."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import Any, Protocol

import pyoxigraph as ox

from ..rdf.lines import sort_lines, split
from .basic_patterns import is_basic
from .cursor import StoredData
from .forms import dataset_of, names_dataset
from .functions import FUNCTIONS
from .lexical_forms import Row, marked, marked_lines, unmarked_lines, unmarked_row
from .release import releasing
from .rewriting import EngineQuery, may_differ, rewritten
from .tokens import tokens
from .union import merge_graphs, merged_dataset

__all__ = ["Evaluator", "Row", "StoreEvaluator", "store_of"]

_KEPT = 200  #: rewritten texts
_MOST_COMPARED = 100_000  #: triples of a property that are compared with another one's
_MOST_GRAPHS = 100  #: that are named one by one
_MOST_MERGED = 200_000  #: triples of a query's own dataset
_KEPT_DATASETS = 4
#: Said of a dataset that is larger.
_NOT_MERGED = (
    "a triple that two graphs of the dataset have in common is there twice here: use DISTINCT, or leave out all "
    "graphs but one."
)


class Evaluator(Protocol):
    """A store that answers SPARQL 1.1 Query over the union of its graphs, or over a query's own dataset.

    An answer is whole, or an exception says that it is not; what it holds is any RDF, and untrusted. A store that does
    not run a query says so in its own way: an embedded one raises `SyntaxError`, `ValueError` or `RuntimeError`, one
    behind a protocol an `IsocKgError`.
    """

    def select(self, text: str) -> tuple[list[str], Sequence[Row]]:
        """The variables and all solutions of a SELECT query."""

    def ask(self, text: str) -> bool:
        """The answer to an ASK query."""

    def construct(self, text: str) -> list[bytes]:
        """The triples of a CONSTRUCT or DESCRIBE query as sorted canonical lines, none twice."""


class StoreEvaluator:
    """A `pyoxigraph.Store`, asked so that it answers as the specification says.

    `written` tells that it holds literals as they were written, under datatypes of their own, `merged` that its default
    graph is the union of all (`of_lines`): the engine's own union has a triple of two graphs twice. `large` tells that
    it holds numbers that the engine may fail to compute with.
    """

    def __init__(self, store: ox.Store, written: bool = False, merged: bool = False, large: bool = False) -> None:
        self.store = store
        self.written = written
        self.large = large
        self.merged = merged
        self._rewritings: dict[tuple[Any, ...], EngineQuery] = {}
        self._overlaps: dict[tuple[str, str], bool] = {}
        self._has_parallels: bool | None = None
        self._datasets: dict[tuple[tuple[str, ...], ...], ox.Store | None] = {}
        self._unnamed: list[bytes] = []

    @classmethod
    def of_lines(cls, lines: Iterable[bytes]) -> "StoreEvaluator":
        """Canonical lines in a store of their own: no literal is rewritten, and blank nodes keep their labels."""
        data, written, large = marked_lines(lines)
        store = ox.Store()
        store.bulk_extend(ox.parse(data, format=ox.RdfFormat.N_QUADS))
        evaluator = cls(store, written, merge_graphs(store, data), large)
        if evaluator.merged:  # the store no longer tells which triples are in no named graph
            evaluator._unnamed = [line for line in data.splitlines(keepends=True) if not split(line)[3]]
        return evaluator

    @releasing
    def lines(self) -> list[bytes]:
        """All quads as canonical lines in any order, literals as they were written."""
        names = self.store.named_graphs() if self.merged else (None,)
        quads = (self.store.quads_for_pattern(None, None, None, name) for name in names)
        text = ox.serialize(chain.from_iterable(quads), format=ox.RdfFormat.N_QUADS) or b""
        return unmarked_lines(b"".join((*self._unnamed, text))).splitlines(keepends=True)

    @releasing
    def select(self, text: str) -> tuple[list[str], Sequence[Row]]:
        """The variables and all solutions of a SELECT query."""
        solutions, rewriting = self.run(text)
        assert isinstance(solutions, ox.QuerySolutions)
        rows: Iterable[Row] = map(tuple, solutions)
        if rewriting.written:
            rows = map(unmarked_row, rows)
        return [variable.value for variable in solutions.variables], list(rows)

    @releasing
    def ask(self, text: str) -> bool:
        """The answer to an ASK query."""
        return bool(self.run(text)[0])

    def construct(self, text: str) -> list[bytes]:
        """The triples of a CONSTRUCT or DESCRIBE query as sorted canonical lines, none twice."""
        return sort_lines(self.graph(text).splitlines(keepends=True))

    @releasing
    def graph(self, text: str) -> bytes:
        """The triples of a CONSTRUCT or DESCRIBE query as lines in the engine's order, which is always the same."""
        triples, _ = self.run(text)
        assert isinstance(triples, ox.QueryTriples)
        return unmarked_lines(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")

    def notes(self, text: str) -> tuple[str, ...]:
        """What the engine may get wrong in the answer to a query."""
        notes = self._rewriting(text, {}, "", {}).notes
        if "FROM" in text.upper() and (graphs := _own_dataset(text, {}, "")):
            return self._merged(*graphs, {}, EngineQuery(text, notes=notes))[2].notes
        return notes

    def run(
        self, text: str, *, prefixes: Mapping[str, str] | None = None, base: str = "", **dataset: Any
    ) -> tuple[ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, EngineQuery]:
        """The engine's answer, and what it was given: literals may be marked.

        `dataset` chooses graphs as pyoxigraph does; without it a query's own dataset is asked, or the union of all
        graphs.
        """
        prefixes = prefixes or {}
        rewriting = self._rewriting(text, prefixes, base, dataset)
        store = self.store
        if not dataset:
            # the engine's union would stand before a query's own dataset
            own = "FROM" in text.upper() and names_dataset(tokens(text))
            dataset = {"use_default_graph_as_union": not own and not self.merged}
            if own and (graphs := _own_dataset(text, prefixes, base)):
                store, dataset, rewriting = self._merged(*graphs, dataset, rewriting)
        elif len(dataset.get("default_graph", ())) > 1:
            graphs = dataset["default_graph"], dataset["named_graphs"]
            store, dataset, rewriting = self._merged(*graphs, dataset, rewriting)
        if base:
            dataset["base_iri"] = base
        functions: Any = FUNCTIONS if rewriting.calls else None  # which the engine takes its time over, too
        answer = store.query(
            rewriting.text,
            # the engine takes its time over each prefix that it is told of
            prefixes=_used(prefixes, text),
            custom_functions=functions,
            custom_aggregate_functions=rewriting.aggregates or None,
            **dataset,
        )
        return answer, rewriting

    def _merged(
        self,
        default: Sequence[ox.NamedNode],
        named: Sequence[ox.NamedNode],
        dataset: dict[str, Any],
        rewriting: EngineQuery,
    ) -> tuple[ox.Store, dict[str, Any], EngineQuery]:
        """What is asked, and how, so that the default graph has each triple once: the engine has it once a graph."""
        key = tuple(tuple(sorted({graph.value for graph in graphs})) for graphs in (default, named))
        known = self._datasets  # which another thread may replace meanwhile
        if key not in known:
            if len(known) >= _KEPT_DATASETS:
                known = self._datasets = {}
            known[key] = merged_dataset(self.store, default, named, _MOST_MERGED)
        store = known[key]
        if store is None:
            return self.store, dataset, replace(rewriting, notes=(*rewriting.notes, _NOT_MERGED))
        merged = list(dict.fromkeys(default)) if store is self.store else [ox.DefaultGraph()]
        return store, {"default_graph": merged, "named_graphs": list(named)}, rewriting

    def basic(self, text: str, prefixes: Mapping[str, str], base: str) -> ox.QuerySolutions:
        """The engine's answer to a query for which `is_basic` holds, as `run` gives it."""
        union = not self.merged
        found = self.store.query(
            text, prefixes=_used(prefixes, text), base_iri=base or None, use_default_graph_as_union=union
        )
        assert isinstance(found, ox.QuerySolutions)
        return found

    def _rewriting(self, text: str, prefixes: Mapping[str, str], base: str, dataset: Mapping[str, Any]) -> EngineQuery:
        if is_basic(text):
            return EngineQuery(text, written=self.written, calls=False)
        if not self.written and not may_differ(text):
            return EngineQuery(text)
        key = (text, base, *(tuple(names) for names in dataset.values()))
        found = self._rewritings.get(key)
        if found is None:
            query = list(tokens(text))
            # a graph by itself may lack a term that another one has
            apart = bool(dataset) or any(token.word in ("GRAPH", "FROM") for token in query)
            data = StoredData(
                written=self.written,
                holds=(lambda _: False) if apart else self._holds,
                overlap=self._overlap,
                parallel=self._parallel,
                large=self.large,
                graphs=partial(_names, dataset["named_graphs"]) if "named_graphs" in dataset else self._graphs,
            )
            found = rewritten(text, query, data, prefixes=prefixes, base=base)
            if len(self._rewritings) > _KEPT:
                self._rewritings.clear()
            self._rewritings[key] = found
        return found

    def _graphs(self) -> list[str] | None:
        """The IRIs of the named graphs; None when one has no IRI, or they are very many."""
        names = [name for name, _ in zip(self.store.named_graphs(), range(_MOST_GRAPHS + 1), strict=False)]
        if len(names) > _MOST_GRAPHS or not all(isinstance(name, ox.NamedNode) for name in names):
            return None
        return sorted(name.value for name in names)

    def _overlap(self, one: str, other: str) -> bool:
        """Whether two properties lead from one node to the same other one, as far as that is soon known."""
        properties = ox.NamedNode(one), ox.NamedNode(other)
        found = self._overlaps.get((one, other))
        if found is None:
            first = self.store.quads_for_pattern(None, properties[0], None)
            found = False
            for number, quad in enumerate(first):
                if number > _MOST_COMPARED or self._has(quad.subject, properties[1], quad.object):
                    found = True
                    break
            self._overlaps[one, other] = found
        return found

    def _parallel(self) -> bool:
        """Whether two properties join the same two nodes, as far as that is soon known."""
        if self._has_parallels is None:
            joined: dict[tuple[Any, Any], Any] = {}
            self._has_parallels = any(
                number > _MOST_COMPARED
                or joined.setdefault((quad.subject, quad.object), quad.predicate) != quad.predicate
                for number, quad in enumerate(self.store)
            )
        return self._has_parallels

    def _has(self, *pattern: Any) -> bool:
        return next(self.store.quads_for_pattern(*pattern), None) is not None

    def _holds(self, term: Any) -> bool:
        """Whether a term is subject or object of a triple."""
        if isinstance(term, ox.Literal) and not term.language:
            term = marked(term.value, term.datatype.value)
        patterns = [(None, None, term)] if isinstance(term, ox.Literal) else [(term, None, None), (None, None, term)]
        return any(self._has(*pattern) for pattern in patterns)


def _own_dataset(
    text: str, prefixes: Mapping[str, str], base: str
) -> tuple[list[ox.NamedNode], list[ox.NamedNode]] | None:
    """The graphs of a query's FROM and FROM NAMED clauses; None without two FROM clauses."""
    with suppress(ValueError, KeyError):
        default, named = dataset_of(list(tokens(text)), prefixes, base)
        if len(default) > 1:
            return [ox.NamedNode(name) for name in default], [ox.NamedNode(name) for name in named]
    return None


def _used(prefixes: Mapping[str, str], text: str) -> dict[str, str]:
    """The prefixes that may be in a text."""
    return {name: iri for name, iri in prefixes.items() if name in text and f"{name}:" in text}


def _names(graphs: Iterable[ox.NamedNode]) -> list[str]:
    return sorted({graph.value for graph in graphs})


def store_of(lines: Iterable[bytes]) -> ox.Store:
    """Canonical lines in a store. It keeps numbers in canonical form only: 1.10 becomes 1.1."""
    store = ox.Store()
    # `bulk_load` would give blank nodes other labels each time
    store.bulk_extend(ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS))
    return store
