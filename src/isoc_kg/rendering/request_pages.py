"""Examples of the pages that only a request has: errors, search results, and answers, with all that may stand on one.

A project's own templates are tried with them, before anybody asks for what they make.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ..evidence.retrieval.entries import KINDS, Entry, SearchStatement, languages_of
from ..iris import is_absolute
from ..rdf.lines import iri
from ..rdf.tokens import is_iri
from .answer import AnswerPages
from .error_pages import ERROR_PAGE_SECONDS, error_page, not_found_page
from .renderer import Renderer
from .search_files import PAGE, SearchFiles, files_of_entries
from .search_page import SearchPage

__all__ = ["render_request_pages"]

_ROOT = "/"
_QUERIES = 2  #: with parameters, and as many without
_FOUND = 12  #: results of a kind, which are more than one page shows of each
_WORD, _NEAR = "example", "exmaple"
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


def render_request_pages(renderer: Renderer) -> None:
    """Render an example of each, those of errors within the time that they have. Raises `ProjectError`."""
    with renderer.theme.within(ERROR_PAGE_SECONDS):
        _errors(renderer)
    _results(renderer)
    _answers(renderer)


def _errors(renderer: Renderer) -> None:
    """Errors with little and with much about them, and what is not there, with addresses that are near."""
    not_found_page(renderer, _ROOT, [(f"{_ROOT}id/example.html", "Example"), (f"{_ROOT}id/other.html", "<Other>")])
    error_page(renderer, _ROOT, 405, "Method Not Allowed", "an example of an error.")
    error_page(
        renderer,
        _ROOT,
        503,
        "Service Unavailable",
        "an example of an error.",
        members={
            "advice": f"an example of advice: {_ROOT}index.html.",
            "alternatives": [f"{_ROOT}id/example.ttl", "text/turtle"],
            "line": 1,
            "excerpt": "SELECT",
        },
        retry="5",
        request_id="example-1",
        query="SELECT * { ?s ?p ?o }",
    )


def _results(renderer: Renderer) -> None:
    """What is found, of all kinds and of one, and nothing."""
    if not renderer.has("search.html") or renderer.only is not None:
        return
    entries = [_entry(renderer, kind, number) for kind in KINDS for number in range(_FOUND if kind == "thing" else 1)]
    pages = [Entry(PAGE, "index.html", f"{_WORD} page")]
    content = dict(files_of_entries(renderer, [*entries, *pages], languages_of(renderer.project, entries)))
    files = SearchFiles.reading(content.__getitem__)
    page = SearchPage(renderer)
    for question, kind in ((_WORD, ""), (f"{_NEAR} other", ""), (_WORD, "thing"), ("zzzz", "")):
        page.html(files, question, kind)


def _entry(renderer: Renderer, kind: str, number: int) -> Entry:
    name = f"{renderer.project.base}id/example-{number}"
    statement = SearchStatement(f"{_WORD} 1992", f"{name}#claim", "example:1.1", _WORD, "disputed", None, "disputed")
    entry = Entry(kind, name, f"{_WORD.title()} {number}", language="de" if number else "")
    entry.names, entry.classes, entry.statements = ["EX"], ["Example"], [statement]
    entry.text, entry.keywords, entry.document = f"An {_WORD} of a text, other than a name.", [_WORD], "example"
    return entry


def _answers(renderer: Renderer) -> None:
    """Answers to some of the named queries: rows with and without evidence, yes, nothing, and values refused."""
    queries = list(renderer.material.queries.values())
    pages = AnswerPages(renderer)
    some = [query for query in queries if query.parameters][:_QUERIES]
    some += [query for query in queries if not query.parameters][:_QUERIES]
    answers = (
        _rows(renderer),
        {"variables": ["x"], "solutions": [], "page": 1, "size": 50, "total": 0},
        {"boolean": True},
    )
    for query in some:
        given = {parameter.name: parameter.default or _WORD for parameter in query.parameters}
        for answer in answers:
            pages.page(query, given, answer)
        if query.parameters:
            pages.page(query, dict.fromkeys(given, "<"), {})


def _rows(renderer: Renderer) -> Mapping[str, Any]:
    """An answer in the API's JSON, the middle one of three pages."""
    name = next(_names(renderer), f"{renderer.project.base}id/example")
    unit = {"iri": f"{name}-unit", "kind": "sentence", "quote": "An example.", "gist": "An example."}
    claim = {
        "claim": f"{name}#claim",
        "statement": [f"<{name}>", f"<{name}-property>", '"1992"'],
        "sentences": [unit, {**unit, "implied": True}],
        "contradicted_by": [unit["iri"]],
        **{key: ["An example of a remark."] for key in ("notes", "preferred", "retracted")},
    }
    terms = [
        {"type": "uri", "value": name},
        {"type": "literal", "value": "Beispiel", "xml:lang": "de"},
        {"type": "literal", "value": "1992", "datatype": _INTEGER},
        {"type": "bnode", "value": "b0"},
    ]
    variables = ["thing", "name", "year", "node"]
    solutions = [dict(zip(variables, terms, strict=True)), {"thing": terms[0]}]
    return {
        "variables": variables,
        "solutions": solutions,
        "page": 2,
        "size": 2,
        "total": 6,
        "notes": ["an example of a note."],
        "cut": "an example of a cut.",
        "why": [[claim], []],
        "why_incomplete": "an example of a reason",
    }


def _names(renderer: Renderer) -> Iterator[str]:
    """IRIs of things that have pages."""
    for token in renderer.index.paged:
        if is_iri(token) and is_absolute(name := iri(token)):
            yield name
