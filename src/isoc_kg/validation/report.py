"""What a validation found, whatever engine found it."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ..errors import Finding, counted, place, visible
from ..namespaces import RDF, RDFS, SH
from ..query.notebook import caption, cut, linked, listed, table
from ..rdf.lines import literal
from .result_paths import path_lines
from .result_words import ResultWords, Told

__all__ = ["Locate", "Report", "Result", "told_of"]

Locate = Callable[["Result"], tuple[Path, int] | None]
_SHOWN_PER_SHAPE = 10
_HOW_TO_SEE_MORE = "; --max-results shows them"  #: on the command line
_SHOWN_LINES = 40  #: of a repr


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One validation result (https://www.w3.org/TR/shacl/#validator-results); terms as N-Triples tokens.

    `path` is a SPARQL property path; `component`, `severity` and `shape` are IRIs.
    """

    focus_node: str
    path: str | None
    value: str | None
    component: str
    severity: str
    shape: str | None
    message: str
    #: all that `sh:message` says, or what stands for it, as tokens with their language tags
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A validation report (https://www.w3.org/TR/shacl/#validation-report), its results in a fixed order.

    `unmet` are shapes that met no focus node, `notes` what the reader should know of how the results were found.
    """

    results: tuple[Result, ...]
    engine: str
    unmet: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ways: Mapping[str, str] = field(default_factory=dict)  #: blank node → the properties that lead to it
    #: shapes by which nothing was validated, since they are ill-formed, or need one that is: `conforms` is not of them
    left_out: tuple[Finding, ...] = ()
    #: how a screen shows it, where the graph that was validated is known
    words: ResultWords = field(default_factory=ResultWords, compare=False)

    def __repr__(self) -> str:
        """Its text, as far as a screen goes."""
        lines = [line.removesuffix(_HOW_TO_SEE_MORE) for line in self.to_text(shown=3).splitlines()]
        lines = lines[:_SHOWN_LINES] + (["…"] if len(lines) > _SHOWN_LINES else [])
        return "\n".join(visible(cut(self.words.text(line)), line=True) for line in lines)

    def _repr_html_(self) -> str:
        shown = self.results[: 2 * _SHOWN_PER_SHAPE]
        reasons = [self.words.reasons.get(told_of(one), ()) for one in shown]
        rows = [
            [linked(_level(one.severity))]
            + [self.words.linked(token or "") for token in (one.focus_node, one.path, one.value)]
            + [linked(_short(one.shape or ""), one.shape), linked(self.words.text(one.message))]
            + ([listed(behind)] if any(reasons) else [])
            for one, behind in zip(shown, reasons, strict=True)
        ]
        head = ("severity", "focus node", "path", "value", "shape", "message", *(["why"] if any(reasons) else []))
        return (
            caption(next(self._text(None, 0)))
            + (table(head, rows, len(self.results)) if rows else "")
            + listed(self.remarks[: 2 * _SHOWN_PER_SHAPE])
        )

    @property
    def remarks(self) -> list[str]:
        """What was left out of the shapes, with its place, and what is to be known of how results were found."""
        return [f"{place(one.file, one.line)}{one.message}" for one in self.left_out] + list(self.notes)

    @property
    def conforms(self) -> bool:
        """Whether there is no result, of whatever severity (https://www.w3.org/TR/shacl/#conforms)."""
        return not self.results

    @property
    def violations(self) -> int:
        """How many results are of severity `sh:Violation`: these decide the exit code, and stop a publication."""
        return sum(result.severity == SH.Violation for result in self.results)

    def to_text(self, locate: Locate | None = None, shown: int = _SHOWN_PER_SHAPE) -> str:
        """The report to read: grouped by shape, with file and line where known, at most `shown` results a shape."""
        return "\n".join(self._text(locate, shown)) + "\n"

    def _text(self, locate: Locate | None, shown: int) -> Iterator[str]:
        alike = Counter(map(told_of, self.results))
        told = {told_of(result): result for result in self.results}.values()
        numbers = Counter(result.severity for result in self.results)
        counts = [counted(number, _level(severity)) for severity, number in sorted(numbers.items(), key=_by_weight)]
        omitted = f", {counted(len(self.left_out), 'shape')} left out" if self.left_out else ""
        yield (
            f"conforms{omitted}"
            if self.conforms
            else f"does not conform: {', '.join(counts) + ('' if self.violations else ', no violation')}{omitted}"
        )
        by_shape: dict[str, list[Result]] = {}
        for result in told:
            by_shape.setdefault(result.shape or "a shape without a name", []).append(result)
        for shape, results in sorted(by_shape.items()):
            yield f"\n{shape} ({sum(alike[told_of(result)] for result in results)})"
            for result in results[:shown]:
                at = locate(result) if locate else None
                where = f"{at[0]}:{at[1]}: " if at else ""
                way = self.ways.get(result.focus_node)
                node = f"{result.focus_node} ({way})" if way else result.focus_node
                times = alike[told_of(result)]
                yield f"  {_level(result.severity)}: {where}{node}{f' ({times} times)' if times > 1 else ''}"
                detail = [f"{result.path}" if result.path else "", f"value {result.value}" if result.value else ""]
                if any(detail):
                    yield "    " + ", ".join(part for part in detail if part)
                yield from (
                    (f"    {text}" for text in map(_text, result.messages))
                    if result.messages
                    else (f"    {result.message}",)
                )
                yield from (f"      {reason}" for reason in self.words.reasons.get(told_of(result), ()))
            if len(results) > shown:
                more = sum(alike[told_of(result)] for result in results[shown:])
                yield f"  … and {more} more{_HOW_TO_SEE_MORE}"
        if self.unmet:
            unmet = ", ".join(map(_short, self.unmet[:_SHOWN_PER_SHAPE]))
            unmet += f" and {len(self.unmet) - _SHOWN_PER_SHAPE} more" if len(self.unmet) > _SHOWN_PER_SHAPE else ""
            have = "has" if len(self.unmet) == 1 else "have"
            yield f"\n{counted(len(self.unmet), 'shape')} {have} no focus nodes: {unmet}"
        yield from (f"{place(one.file, one.line)}{one.message}" for one in self.left_out)
        for note in self.notes:
            yield f"note: {note}"

    def to_json(self, locate: Locate | None = None) -> str:
        """The whole report as JSON."""
        results = []
        for result in self.results:
            at = locate(result) if locate else None
            entry: dict[str, object] = asdict(result)
            if at:
                entry |= {"file": str(at[0]), "line": at[1]}
            if way := self.ways.get(result.focus_node):
                entry["way"] = way
            results.append(entry)
        value: dict[str, object] = {
            "conforms": self.conforms,
            "engine": self.engine,
            "results": results,
            "unmet": list(self.unmet),
            "left_out": [
                {"shape": one.iri, "message": one.message, "file": one.file and str(one.file), "line": one.line}
                for one in self.left_out
            ],
        }
        if self.notes:
            value["notes"] = list(self.notes)
        return json.dumps(value, ensure_ascii=False, indent=1) + "\n"

    def to_lines(self, base: str | None) -> list[bytes]:
        """The report as sorted canonical triples: report and results have IRIs, `base` and below it, or none.

        Focus nodes and values are the nodes themselves, blank ones too.
        Of shapes that are left out, the report says that the shapes graph is not well-formed
        (`sh:shapesGraphWellFormed`), and, by `rdfs:comment`, which shapes and why.
        """
        report = f"<{base}>" if base else "_:report"
        lines = [
            f"{report} <{RDF.type}> <{SH.ValidationReport}> .",
            f'{report} <{SH.conforms}> "{str(self.conforms).lower()}"^^<http://www.w3.org/2001/XMLSchema#boolean> .',
        ]
        if self.left_out:
            no = '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'
            lines.append(f"{report} <{SH.shapesGraphWellFormed}> {no} .")
            lines += [f"{report} <{RDFS.comment}> {_token(one.message)} ." for one in self.left_out]
        from hashlib import sha256  # it loads OpenSSL

        equal: Counter[Result] = Counter()
        for result in self.results:
            equal[result] += 1
            # results with the same properties are results of their own, such as those for each pair of values
            text = repr(result) if equal[result] == 1 else f"{result!r} {equal[result]}"
            key = sha256(text.encode()).hexdigest()[:16]
            name = f"<{base}#{key}>" if base else f"_:result{key}"
            lines.append(f"{report} <{SH.result}> {name} .")
            lines.append(f"{name} <{RDF.type}> <{SH.ValidationResult}> .")
            parts = {
                SH.focusNode: result.focus_node,
                SH.value: result.value,
                SH.sourceConstraintComponent: f"<{result.component}>",
                SH.resultSeverity: f"<{result.severity}>",
                SH.sourceShape: f"<{result.shape}>" if result.shape else None,
            }
            if result.path:
                try:
                    parts[SH.resultPath], more = path_lines(result.path, f"_:result{key}")
                    lines += more
                except (ValueError, RecursionError):  # what an engine says that is none, or of a depth nobody writes
                    parts[SH.resultPath] = _token(result.path)
            messages = result.messages or ((_token(result.message),) if result.message else ())
            for predicate, token in (*parts.items(), *((SH.resultMessage, message) for message in messages)):
                if token is not None:
                    lines.append(f"{name} <{predicate}> {token} .")
        return sorted({line.encode() + b"\n" for line in lines})


def told_of(result: Result) -> Told:
    """What a reader is told of a result; results that are told alike are shown once, with their number."""
    return (result.focus_node, result.path, result.value, result.severity, result.shape, result.message)


def _text(token: str) -> str:
    """The text of a message's token."""
    return literal(token.encode())[0]


def _token(text: str) -> str:
    import pyoxigraph as ox

    return str(ox.Literal(text))


def _level(severity: str) -> str:
    """A severity as a word; one of somebody's own by its local name."""
    name = severity.rpartition("#")[2].rpartition("/")[2]
    return name.lower() if severity.startswith(SH.iri) else name


def _by_weight(count: tuple[str, int]) -> tuple[bool, bool, str]:
    """Violations first, then warnings."""
    return count[0] != SH.Violation, count[0] != SH.Warning, count[0]


def _short(iri: str) -> str:
    return iri.rpartition("#")[2] or iri
