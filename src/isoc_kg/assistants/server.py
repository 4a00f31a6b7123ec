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
from ..errors import IsocKgError, MissingParameter, UnknownParameter
from ..formats import TURTLE
from ..graph.knowledge_graph import KnowledgeGraph
from ..query import bind, bound_text, find_query, term_from_text
from ..server.http.problems import Problem
from ..server.queries.pool import Pool
from .description import describe_evidence, describe_thing
from .search import find_sentences, find_things

__all__ = ["assistant_server"]


def assistant_server(kg: KnowledgeGraph) -> MCPServer:
    """A server over a graph; queries run in worker processes with the limits of the graph's project."""
    project = kg.project
    pool: list[Pool] = []

    @asynccontextmanager
    async def lifespan(_: MCPServer) -> AsyncIterator[None]:
        running = Pool(
            kg.lines,
            project.server,
            prefixes=kg.prefixes,
            base=f"{project.base}sparql",
            claims=project.ids.claims,
            text_limits=project.limits,
        )
        await running.start()
        pool.append(running)
        try:
            yield
        finally:
            await running.stop(1.0)

    server: MCPServer = MCPServer(
        project.name,
        title=project.title,
        version=project.version or "",
        instructions=(
            f"{project.title}: {project.description} Every statement can be traced to the sentences of a document that "
            "support it. Name the IRIs and the sentence numbers that answers give you. "
            "Start with search or list_queries."
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
        return _answer(json.loads(bytes(body)))

    @server.tool()
    def search(text: str) -> dict[str, Any]:
        """Find things by name, acronym or description, and sentences by their gist. Gives IRIs."""
        return {"things": find_things(kg, text), "sentences": find_sentences(kg, text)}

    @server.tool()
    def describe(thing: str) -> dict[str, Any]:
        """All that is said about a thing, with the sentences behind each statement.

        `thing` is a label, an acronym, a local name, a prefixed name or an IRI.
        """
        with _told():
            return describe_thing(kg, thing)

    @server.tool()
    def evidence(subject: str, property: str, object: str | None = None) -> dict[str, Any]:  # noqa: A002
        """The sentences behind one statement; IRIs or prefixed names, `object` only where there are several."""
        with _told():
            statement = kg.evidence(subject, property, object)
        return {"statement": list(statement.triple), **describe_evidence(statement)}

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
        query, text = _bound(kg, name, parameters or {})
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


def _bound(kg: KnowledgeGraph, name: str, given: dict[str, str]) -> tuple[str, str]:
    """A named query's text, and the same with its parameters bound."""
    with _told():
        query = find_query(kg.queries, name)
        try:
            terms = bind(query, given, lambda parameter, value: term_from_text(value, parameter.type, kg.prefixes))
        except MissingParameter as error:
            raise ToolError(f"the parameter “{error.parameter}” is missing: {error.explanation}.") from None
        except UnknownParameter as error:
            raise ToolError(error.message) from None
    return query.text, bound_text(query.text, terms)


def _answer(value: dict[str, Any]) -> dict[str, Any]:
    """Solutions with their sentences, a yes or no, or a graph as JSON-LD."""
    if "boolean" in value:
        return {"boolean": value["boolean"]}
    if "results" not in value:
        return {"graph": value}
    rows = [{name: term["value"] for name, term in row.items()} for row in value["results"]["bindings"]]
    result: dict[str, Any] = {"solutions": rows, "evidence": value.get("why", [])}
    if "why_incomplete" in value:
        result["evidence_incomplete"] = value["why_incomplete"]
    return result | ({"cut": value["cut"]} if "cut" in value else {})
