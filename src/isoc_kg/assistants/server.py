"""The publication for language models: the Model Context Protocol (https://modelcontextprotocol.io/specification/).

Every answer carries IRIs and the sentences behind what it says; nothing can be changed.
"""

import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from .. import rdf
from ..errors import IsocKgError
from ..formats import TURTLE
from ..graph.knowledge_graph import Evidence, KnowledgeGraph
from ..iris import compact
from ..limits import ServerLimits
from ..namespaces import EV
from ..query import bound_text, find_query, term_from_text
from ..rdf import literal, split
from ..server.http.problems import Problem
from ..server.queries.pool import Pool

__all__ = ["assistant_server"]

_MOST = 20  #: things that a search gives


def assistant_server(kg: KnowledgeGraph, limits: ServerLimits) -> MCPServer:
    """A server over a graph; queries run in worker processes with the limits."""
    project = kg.project
    pool: list[Pool] = []

    @asynccontextmanager
    async def lifespan(_: MCPServer) -> AsyncIterator[None]:
        running = Pool(kg.lines, limits, prefixes=kg.prefixes, base=f"{project.base}sparql", claims=project.ids.claims)
        await running.start()
        pool.append(running)
        try:
            yield
        finally:
            await running.stop(1.0)

    server: MCPServer = MCPServer(
        project.name,
        title=project.title,
        version=project.version,
        instructions=(
            f"{project.title}: {project.description} Every statement can be traced to the sentences of a document that "
            "support it. Name the IRIs and the sentence numbers that answers give you. Start with search or list_queries."
        ),
        lifespan=lifespan,
        log_level="ERROR",
    )

    async def ask(text: str) -> dict[str, Any]:
        try:
            head, body = await pool[0].run({"query": text, "accept": "application/json", "why": True}, "assistant")
        except Problem as problem:
            raise ToolError(problem.detail) from None
        if head["status"] != 200:
            place = f" (line {head['line']}, column {head['column']})" if head.get("line") else ""
            raise ToolError(f"{head['detail']}{place} {head.get('advice') or ''}".strip())
        return _answer(json.loads(body))

    @server.tool()
    def search(text: str) -> dict[str, Any]:
        """Find things by name, acronym or description, and sentences by their gist. Gives IRIs."""
        return {"things": _things(kg, text), "sentences": _sentences(kg, text)}

    @server.tool()
    def describe(thing: str) -> dict[str, Any]:
        """All that is said about a thing, with the sentences behind each statement.

        `thing` is a label, an acronym, a local name, a prefixed name or an IRI.
        """
        return _described(kg, thing)

    @server.tool()
    def evidence(subject: str, property: str, object: str | None = None) -> dict[str, Any]:  # noqa: A002
        """The sentences behind one statement: `subject` and `property` as IRIs or prefixed names; `object` if several."""
        with _told():
            found = kg.evidence(subject, property, object)
        return {"statement": list(found.triple), **_evidence(found)}

    @server.tool()
    def list_queries() -> list[dict[str, Any]]:
        """The questions with names that the publication answers, with their parameters."""
        return [
            {
                "name": query.name,
                "title": query.title,
                "description": query.description,
                "parameters": [
                    {"name": p.name, "type": p.type, "default": p.default, "text": p.text} for p in query.parameters
                ],
            }
            for query in kg.queries.values()
        ]

    @server.tool()
    async def run_query(name: str, parameters: dict[str, str] | None = None) -> dict[str, Any]:
        """The answer to a question with a name, with the sentences behind each solution."""
        query, text = _bound(kg, name, dict(parameters or {}))
        return {"query": query, **await ask(text)}

    @server.tool()
    async def sparql(query: str) -> dict[str, Any]:
        """Run a SPARQL query that reads; the prefixes of the publication are known. SELECT gives sentences as well."""
        return await ask(query)

    _add_resources(server, kg)
    return server


def _add_resources(server: MCPServer, kg: KnowledgeGraph) -> None:
    """The ontology and the named queries, to be read whole."""
    project = kg.project

    @server.resource(f"{project.base}ontology", name="ontology", mime_type="text/turtle")
    def ontology() -> str:
        """The classes and properties, in Turtle."""
        out = io.BytesIO()
        rdf.write(kg.dataset.graph("ontology") if kg.dataset else [], TURTLE, out, prefixes=kg.prefixes)
        return out.getvalue().decode()

    @server.resource(f"{project.base}queries", name="queries", mime_type="application/json")
    def queries() -> str:
        """The named queries with their texts."""
        return json.dumps({query.name: query.text for query in kg.queries.values()}, ensure_ascii=False, indent=1)


@contextmanager
def _told() -> Iterator[None]:
    """Mistakes of the asker as the tool's own errors."""
    try:
        yield
    except IsocKgError as error:
        raise ToolError(str(error)) from None


def _described(kg: KnowledgeGraph, thing: str) -> dict[str, Any]:
    with _told():
        entity = kg.entity(thing)
    claims = kg.dataset.claims if kg.dataset else {}
    statements = []
    for line in entity.lines:
        _, predicate, object_, _ = split(line)
        statement = {"property": _short(kg, predicate), "value": _value(kg, object_)}
        if line in claims:
            statement |= _evidence(kg.evidence_of(claims[line]))
        statements.append(statement)
    incoming = []
    for line in entity.incoming[:100]:
        subject, predicate, _, _ = split(line)
        incoming.append({"thing": _value(kg, subject), "property": _short(kg, predicate)})
    return {"iri": entity.iri, "label": entity.label, "statements": statements, "links_here": incoming}


def _bound(kg: KnowledgeGraph, name: str, given: dict[str, str]) -> tuple[str, str]:
    """A named query's text, and the same with its parameters bound."""
    terms = {}
    with _told():
        query = find_query(kg.queries, name)
        for parameter in query.parameters:
            value = given.pop(parameter.name, parameter.default)
            if value is None:
                raise ToolError(f"the parameter “{parameter.name}” is missing: {parameter.text or parameter.type}.")
            terms[parameter.name] = term_from_text(value, parameter.type, kg.prefixes)
    if given:
        raise ToolError(f"the query {name} has no parameter “{next(iter(given))}”.")
    return query.text, bound_text(query.text, terms)


def _answer(value: dict[str, Any]) -> dict[str, Any]:
    """Solutions with their sentences, a yes or no, or a graph as JSON-LD."""
    if "boolean" in value:
        return {"boolean": value["boolean"]}
    if "results" not in value:
        return {"graph": value}
    rows = [{name: term["value"] for name, term in row.items()} for row in value["results"]["bindings"]]
    result: dict[str, Any] = {"solutions": rows, "evidence": value.get("why", [])}
    return result | ({"cut": value["cut"]} if "cut" in value else {})


def _things(kg: KnowledgeGraph, text: str) -> list[dict[str, str]]:
    wanted = text.casefold().split()
    scored = []
    for name, labels in kg.labels.items():
        if not name.startswith(kg.project.ids.things):
            continue
        folded = [label.casefold() for label in labels]
        if all(any(word in label for label in folded) for word in wanted):
            exact = any(label == text.casefold() for label in folded)
            scored.append((not exact, len(labels[0]), name))
    return [{"iri": name, "label": kg.labels[name][0]} for _, _, name in sorted(scored)[:_MOST]]


def _sentences(kg: KnowledgeGraph, text: str) -> list[dict[str, str]]:
    mark = f" <{EV.gist}> ".encode()
    wanted = text.casefold().split()
    found = []
    for line in kg.lines:
        if mark in line:
            subject, _, object_, _ = split(line)
            gist = literal(object_)[0]
            if all(word in gist.casefold() for word in wanted):
                found.append({"iri": subject.decode()[1:-1], "gist": gist})
    return found[:_MOST]


def _short(kg: KnowledgeGraph, token: bytes) -> str:
    return compact(token.decode()[1:-1], kg.prefixes)


def _value(kg: KnowledgeGraph, token: bytes) -> dict[str, str]:
    if token[:1] == b'"':
        text, language, _ = literal(token)
        return {"text": text} | ({"language": language} if language else {})
    name = token.decode().strip("<>")
    labels = kg.labels.get(name)
    return {"iri": name} | ({"label": labels[0]} if labels else {})


def _evidence(found: Evidence) -> dict[str, Any]:
    sentences = [
        {"iri": s.iri, "number": s.unit.number, "document": s.document, "characters": f"{s.unit.start}–{s.unit.end}"}
        | ({"gist": s.gist} if s.gist else {})
        | ({"quote": s.quote} if s.quote else {})
        | ({"implied": True} if s.implied else {})
        for s in found.sentences
    ]
    result: dict[str, Any] = {"claim": found.claim, "sentences": sentences}
    if found.notes:
        result["notes"] = list(found.notes)
    if found.sources:
        result["sources"] = list(found.sources)
    return result
