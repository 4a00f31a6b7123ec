"""The W3C's SPARQL 1.1 query suite: its entries, and results compared as they mean it."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox

from rdf.manifests import canonical

from material import SUITES

SUITE = SUITES / "w3c-rdf-tests" / "sparql11"
_BASE = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#: Its groups that hold queries with results, or texts of queries.
GROUPS = (
    "aggregates", "bind", "bindings", "cast", "construct", "csv-tsv-res", "exists", "functions", "grouping", "json-res",
    "negation", "project-expression", "property-path", "subquery", "syntax-query",
)  # fmt: skip
_EXTENSIONS = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}


@dataclass(frozen=True)
class Entry:
    """One test."""

    iri: str
    kind: str
    query: Path
    base: str  #: the IRI that the query stands for
    data: tuple[Path, ...] = ()
    graphs: tuple[Path, ...] = ()
    result: Path | None = None
    bases: dict[Path, str] = field(default_factory=dict, hash=False)

    @property
    def text(self) -> str:
        """The query, with what it is relative to."""
        return f"BASE <{self.base}>\n{self.query.read_text(encoding='utf-8')}"

    def quads(self) -> Iterator[ox.Quad]:
        """The dataset that it is about."""
        for path in self.data:
            yield from self._parsed(path, ox.DefaultGraph())
        for path in self.graphs:
            yield from self._parsed(path, ox.NamedNode(self.bases[path]))

    def _parsed(self, path: Path, graph: Any) -> Iterator[ox.Quad]:
        parsed = ox.parse(path.read_bytes(), format=_EXTENSIONS[path.suffix], base_iri=self.bases[path])
        return (ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in parsed)


def entries(group: str) -> list[Entry]:
    """The entries of a group that are approved, or that nobody has judged."""
    folder = SUITE / group
    store = ox.Store()
    base = f"{_BASE}{group}/manifest"
    store.load((folder / "manifest.ttl").read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=base)
    prefixes = {"mf": _MF, "qt": _QT, "rdf": _RDF}

    def path(iri: str) -> Path:
        return folder / unquote(iri.removeprefix(f"{_BASE}{group}/"))

    def values(subject: ox.NamedNode, pattern: str) -> list[str]:
        asked = f"SELECT ?v {{ <{subject.value}> {pattern} ?v }}"
        rows = store.query(asked, prefixes=prefixes)
        return [row["v"].value for row in rows]  # type: ignore[union-attr, index]

    found = []
    listed = store.query("SELECT ?t { ?m mf:entries/rdf:rest*/rdf:first ?t }", prefixes=prefixes)
    for row in listed:  # type: ignore[union-attr]
        test = row["t"]  # type: ignore[index]
        kind = values(test, "a")[0].removeprefix(_MF)
        queries = values(test, "mf:action/qt:query") or values(test, "mf:action")
        if kind in ("PositiveUpdateSyntaxTest11", "NegativeUpdateSyntaxTest11", "UpdateEvaluationTest"):
            continue
        data = [*values(test, "mf:action/qt:data")]
        graphs = [*values(test, "mf:action/qt:graphData")]
        result = values(test, "mf:result")
        bases = {path(iri): iri for iri in (*data, *graphs)}
        found.append(
            Entry(
                test.value, kind, path(queries[0]), queries[0], tuple(map(path, data)), tuple(map(path, graphs)),
                path(result[0]) if result else None, bases,
            )
        )  # fmt: skip
    return found


def expected(entry: Entry) -> Any:
    """A truth value, (variables, rows, whether their order counts), or a set of canonical lines."""
    assert entry.result is not None
    body = entry.result.read_bytes()
    suffix = entry.result.suffix
    if suffix in (".srx", ".srj", ".tsv"):
        format_ = {
            ".srx": ox.QueryResultsFormat.XML, ".srj": ox.QueryResultsFormat.JSON, ".tsv": ox.QueryResultsFormat.TSV,
        }[suffix]  # fmt: skip
        results = ox.parse_query_results(body, format=format_)
        if isinstance(results, ox.QueryBoolean):
            return bool(results)
        return [v.value for v in results.variables], [tuple(row) for row in results]  # type: ignore[union-attr]
    if suffix == ".csv":
        return list(csv.reader(io.StringIO(body.decode())))
    quads = list(ox.parse(body, format=_EXTENSIONS[suffix], base_iri=entry.base))
    if any(quad.object.value == f"{_RS}ResultSet" for quad in quads if isinstance(quad.object, ox.NamedNode)):
        return _result_set(quads)
    return canonical(quads)


def _result_set(quads: list[ox.Quad]) -> tuple[list[str], list[tuple[Any, ...]]]:
    def of(subject: Any, name: str) -> list[Any]:
        return [q.object for q in quads if q.subject == subject and q.predicate.value == _RS + name]

    (table,) = [q.subject for q in quads if getattr(q.object, "value", "") == f"{_RS}ResultSet"]
    names = sorted(term.value for term in of(table, "resultVariable"))
    rows = []
    for solution in of(table, "solution"):
        values = {of(binding, "variable")[0].value: of(binding, "value")[0] for binding in of(solution, "binding")}
        rows.append(tuple(values.get(name) for name in names))
    return names, rows


def verdict(got: Any, wanted: Any) -> str:
    """How an answer compares: `same`, `value` (the same but for the forms of numbers), or `other`."""
    if isinstance(wanted, tuple) and isinstance(got, tuple):
        if _same_solutions(got, wanted, str):
            return "same"
        return "value" if _same_solutions(got, wanted, _value) else "other"
    if isinstance(wanted, list) and isinstance(got, list):  # CSV
        return "same" if _same_tables(got, wanted) else "other"
    return "same" if got == wanted else "other"


def _value(term: Any) -> str:
    """A term by its value: numbers that are equal, and of one datatype, are one."""
    if isinstance(term, ox.Literal) and term.datatype.value.rpartition("#")[2] in (
        "integer",
        "decimal",
        "double",
        "float",
    ):
        try:
            return f"{float(term.value)!r} {term.datatype.value}"
        except ValueError:
            pass
    return str(term)


def _same_tables(one: list[list[str]], other: list[list[str]]) -> bool:
    rows = [[sorted(zip(table[0], row, strict=True)) for row in table[1:]] for table in (one, other)]
    labelled = [sorted(str([(n, "_:" if t.startswith("_:") else t) for n, t in row]) for row in part) for part in rows]
    return labelled[0] == labelled[1]


def _same_solutions(
    one: tuple[Iterable[str], list[tuple[Any, ...]]],
    other: tuple[Iterable[str], list[tuple[Any, ...]]],
    text: Callable[[Any], str],
) -> bool:
    """Whether two tables are the same up to the labels of blank nodes, the order of rows and that of columns."""
    if sorted(one[0]) != sorted(other[0]) or len(one[1]) != len(other[1]):
        return False
    rows, wanted = (_by_name(*table) for table in (one, other))
    nodes, targets = (
        sorted({str(term) for row in part for _, term in row if isinstance(term, ox.BlankNode)})
        for part in (rows, wanted)
    )
    if len(nodes) != len(targets) or len(nodes) > 7:
        return False
    plain = sorted(str([(name, text(term)) for name, term in row]) for row in wanted)
    for order in permutations(targets):
        names = dict(zip(nodes, order, strict=True))
        found = (str([(name, names.get(str(term)) or text(term)) for name, term in row]) for row in rows)
        if sorted(found) == plain:
            return True
    return False


def _by_name(names: Iterable[str], rows: list[tuple[Any, ...]]) -> list[list[tuple[str, Any]]]:
    by_name = []
    for row in rows:
        bound = [(name, term) for name, term in zip(names, row, strict=True) if term is not None]
        by_name.append(sorted(bound, key=lambda pair: pair[0]))
    return by_name
