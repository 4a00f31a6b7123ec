"""The publication for language models: the Model Context Protocol (https://modelcontextprotocol.io/specification/).

Every answer carries IRIs and the sentences behind what it says; nothing can be changed. An answer has an end to its
rows and bytes, and says how to go on; a query has an end to its time, its memory and its length.
"""

import inspect
import io
import json
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated, Any

import anyio
from mcp import MCPError
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp_types import INVALID_PARAMS, CallToolResult, TextContent, ToolAnnotations
from pydantic import Field, WithJsonSchema

from .. import rdf
from ..errors import IsocKgError, MissingParameter, UnknownParameter
from ..formats import TURTLE
from ..graph.knowledge_graph import KnowledgeGraph
from ..query import bind, bound_text, find_query
from ..server.http.problems import Problem
from ..server.queries.pool import Pool
from .arguments import ArgumentCheck, wrong_argument
from .deadline import Computed, stopped_after
from .description import describe_evidence, describe_thing, objection_to
from .excerpt import MOST_ROWS, excerpt
from .parameters import parameters_schema, query_schema, term_of
from .proposing import proposing_tools
from .search import find_entries
from .transport import bounded_stdio

__all__ = ["assistant_server", "serve_assistant"]

_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
_MOST_RESOURCE_BYTES = 5_000_000
_Text = Annotated[str, Field(max_length=1000)]
_Offset = Annotated[int, Field(ge=0, description="How many rows to leave out: an answer's notice tells the next.")]
_Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="The most rows of the answer.")]


def serve_assistant(kg: KnowledgeGraph, *, propose: bool = False) -> None:
    """Answer on standard input and output until the client closes it; with `propose` it takes proposals, too."""

    async def run() -> None:
        server = assistant_server(kg, propose=propose)._lowlevel_server  # its own transport reads lines of any length
        async with bounded_stdio() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    try:
        anyio.run(run)
    except ConnectionError:
        pass
    except BaseExceptionGroup as group:  # the client does not read any more
        _, others = group.split((ConnectionError, anyio.BrokenResourceError, anyio.ClosedResourceError))
        if others is not None:
            raise others from None


def assistant_server(kg: KnowledgeGraph, *, propose: bool = False) -> MCPServer:
    """A server over a graph; queries run in worker processes with the limits of the graph's project.

    With `propose` there are tools that put claims into the project's queue of proposals, and write nothing else.
    """
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
            "Start with search or list_queries. An answer with a notice is not whole: it says how to go on."
        ),
        lifespan=lifespan,
        log_level="CRITICAL",
        middleware=[_checked_arguments],
    )

    async def ask(text: str, offset: int, limit: int) -> dict[str, Any]:
        if len(text.encode("utf-8", "surrogatepass")) > project.server.query_bytes:
            raise ToolError(f"the query has more than {project.server.query_bytes:,} bytes.")
        request = {"query": text, "accept": "application/json", "why": True}
        notice = None
        try:
            head, body = await pool[0].run(request, "assistant")
            if head["status"] == 413 and project.server.result_rows:
                notice = f"{head['detail'].capitalize()} So no evidence is given; ask for less, with LIMIT and OFFSET."
                head, body = await pool[0].run(request | {"why": False}, "assistant")
        except Problem as problem:
            raise ToolError(problem.detail) from None
        if head["status"] != 200:
            place = f" (line {head['line']}, column {head['column']})" if head.get("line") else ""
            raise ToolError(f"{head['detail']}{place} {head.get('advice') or ''}".strip())
        if notes := " ".join(head.get("notes", ())):
            notice = f"{notice} {notes}" if notice else notes
        with _told():
            return _answer(_cited(kg, json.loads(bytes(body))), offset, limit, notice)

    @server.tool(annotations=_READS)
    def search(text: _Text, offset: _Offset = 0, limit: _Limit = 20) -> dict[str, Any]:
        """Find things, terms, documents, questions and sentences by names, words, years; gives IRIs and why.

        Sentences are found by the words of their gists and by their numbers.
        """
        with _told():
            entries, partly = find_entries(kg, text)
            answer = _joined(entries, offset, limit)
        notice = " ".join(filter(None, (partly, answer.pop("notice", ""))))
        return answer | ({"notice": notice} if notice else {})

    @server.tool(annotations=_READS)
    def describe(thing: _Text, offset: _Offset = 0, limit: _Limit = 100) -> dict[str, Any]:
        """All that is said about a thing, with the sentences behind each statement, and what links to it.

        `thing` is a label, an acronym, a local name, a prefixed name or an IRI.
        """
        with _told(), stopped_after(project.server.query_seconds):
            said = describe_thing(kg, thing)
            lists = {name: said.pop(name) for name in ("statements", "links_here")}
            return said | _joined(lists, offset, limit)

    @server.tool(annotations=_READS)
    def evidence(
        subject: _Text,
        property: _Text,  # noqa: A002
        object: str | int | float | bool | None = None,  # noqa: A002
        offset: _Offset = 0,
        limit: _Limit = 100,
    ) -> dict[str, Any]:
        """The sentences behind one statement, its citation, and the address that reports it to its publisher as wrong.

        Names, prefixed names or IRIs; `object` only where there are several.
        """
        with _told(), stopped_after(project.server.query_seconds):
            statement = kg.evidence(subject, property, object)
            value = {"statement": list(statement.triple), **describe_evidence(statement), **objection_to(kg, statement)}
            sentences = _joined({"sentences": value.pop("sentences")}, offset, limit)
            taken, notice = excerpt([value], "statements")
        notices = " ".join(filter(None, (sentences.pop("notice", None), notice)))
        return dict(taken[0]) | sentences | ({"notice": notices} if notices else {})

    @server.tool(annotations=_READS)
    def list_queries(offset: _Offset = 0, limit: _Limit = MOST_ROWS) -> list[dict[str, Any]]:
        """The questions with names that the publication answers, with their parameters and the JSON Schema of these."""
        described = [
            {
                "name": query.name,
                "title": query.title,
                "description": query.description,
                "parameters": [
                    {"name": p.name, "type": p.type, "default": p.default, "text": p.text} for p in query.parameters
                ],
                "parameters_schema": query_schema(query),
            }
            for query in kg.queries.values()
        ]
        with _told():
            queries, notice = excerpt(described, "queries", offset, limit)
        return queries + ([{"notice": notice}] if notice else [])

    named = Annotated[str, Field(json_schema_extra={"enum": list(kg.queries)})] if kg.queries else str
    schema = parameters_schema(kg.queries.values())

    @server.tool(annotations=_READS)
    async def run_query(
        name: named,  # type: ignore[valid-type]
        parameters: Annotated[dict[str, Any] | None, WithJsonSchema(schema)] = None,
        offset: _Offset = 0,
        limit: _Limit = 100,
    ) -> dict[str, Any]:
        """The answer to a question with a name, with the sentences behind each solution."""
        query, text, notice = _bound(kg, name, parameters or {})
        return {"query": query, **({"unknown": notice} if notice else {}), **await ask(text, offset, limit)}

    @server.tool(annotations=_READS)
    async def sparql(query: str, offset: _Offset = 0, limit: _Limit = 100) -> dict[str, Any]:
        """Run a SPARQL query that reads; the prefixes of the publication are known. SELECT gives sentences as well."""
        return await ask(query, offset, limit)

    proposing = proposing_tools(server, project) if propose else []
    tools: list[Callable[..., Any]] = [search, describe, evidence, list_queries, run_query, sparql, *proposing]
    _ARGUMENTS.update({tool.__name__: tuple(inspect.signature(tool).parameters) for tool in tools})
    known = map(server._tool_manager.get_tool, _ARGUMENTS)
    _CHECKS.update({tool.name: (tool.fn_metadata, tool.parameters) for tool in known if tool})
    _add_resources(server, kg)
    return server


#: The arguments of each tool, which are the same for every graph.
_ARGUMENTS: dict[str, tuple[str, ...]] = {}
#: What checks the arguments of each tool, with their JSON Schema.
_CHECKS: dict[str, tuple[ArgumentCheck, Mapping[str, Any]]] = {}


async def _checked_arguments(ctx: Any, call_next: Callable[[Any], Awaitable[Any]]) -> Any:
    """Tell a client that calls a tool, or an argument, that there is none of, what it may have meant."""
    given = ctx.params if isinstance(ctx.params, Mapping) else {}
    if ctx.method == "tools/call" and isinstance(name := given.get("name"), str):
        if name not in _ARGUMENTS:
            raise MCPError(INVALID_PARAMS, f"there is no tool “{name[:100]}”. {_meant(name, _ARGUMENTS)}")
        arguments = given.get("arguments")
        unknown = [key for key in arguments if key not in _ARGUMENTS[name]] if isinstance(arguments, Mapping) else []
        if unknown:
            return _failed(f"{name} has no argument “{unknown[0][:100]}”. {_meant(unknown[0], _ARGUMENTS[name])}")
        if (arguments is None or isinstance(arguments, Mapping)) and (
            wrong := wrong_argument(*_CHECKS[name], arguments or {})
        ):
            return _failed(f"{name}: {wrong}")
    return await call_next(ctx)


def _failed(text: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)


def _meant(name: str, names: Any) -> str:
    near = get_close_matches(name[:100], list(names), 1)
    return f"Did you mean {near[0]}?" if near else f"There are: {', '.join(names) or 'none'}."


def _add_resources(server: MCPServer, kg: KnowledgeGraph) -> None:
    """The ontology and the named queries, to be read whole."""
    project = kg.project

    @server.resource(f"{project.base}ontology", name="ontology", mime_type="text/turtle")
    def ontology() -> str:
        """The classes and properties, in Turtle."""
        out = io.BytesIO()
        rdf.write(kg.dataset.graph("ontology") if kg.dataset else [], TURTLE, out, prefixes=kg.prefixes)
        return _whole(out.getvalue().decode())

    @server.resource(f"{project.base}queries", name="queries", mime_type="application/json")
    def queries() -> str:
        """The named queries with their texts."""
        return _whole(
            json.dumps({query.name: query.text for query in kg.queries.values()}, ensure_ascii=False, indent=1)
        )


@contextmanager
def _told() -> Iterator[None]:
    """Mistakes of the asker as the tool's own errors."""
    try:
        yield
    except IsocKgError as error:
        raise ToolError(str(error)) from None


def _whole(text: str) -> str:
    """The text of a resource, which has no parts to be asked for. Raises `ResourceError` for one that is too large."""
    if len(text) > _MOST_RESOURCE_BYTES:
        raise ResourceError(
            f"this has more than {_MOST_RESOURCE_BYTES:,} characters. Ask for what you need with sparql."
        )
    return text


def _bound(kg: KnowledgeGraph, name: str, given: dict[str, Any]) -> tuple[str, str, str | None]:
    """A named query's text, the same with its parameters bound, and a notice of things that nothing is said about."""
    with _told():
        query = find_query(kg.queries, name)
        try:
            terms = bind(query, given, lambda parameter, value: term_of(parameter, value, kg))
        except MissingParameter as error:
            raise ToolError(f"the parameter “{error.parameter}” is missing: {error.explanation}.") from None
        except UnknownParameter as error:
            names = [parameter.name for parameter in query.parameters]
            raise ToolError(f"{error.message} {_meant(error.parameter, names)}") from None
    things = kg.project.ids.things
    for term in terms.values():
        iri = getattr(term, "value", "")
        if iri.startswith(things) and iri not in kg.labels:
            local = {thing.removeprefix(things): None for thing in kg.labels if thing.startswith(things)}
            near = get_close_matches(iri.removeprefix(things)[:100], local, 3)
            meant = f" Did you mean {' or '.join(near)}?" if near else ""
            return query.text, bound_text(query.text, terms), f"Nothing here has the name {iri[:200]}.{meant}"
    return query.text, bound_text(query.text, terms), None


def _cited(kg: KnowledgeGraph, value: dict[str, Any]) -> dict[str, Any]:
    """Solutions of which each claim behind them has its citation, written when it is taken."""
    citation = lru_cache(1000)(kg.cite)

    def cited(behind: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [claim | {"citation": citation(claim["claim"])} for claim in behind]

    return value | {"why": Computed(value["why"], cited, kg.project.server.query_seconds)} if "why" in value else value


def _answer(value: dict[str, Any], offset: int, limit: int, notice: str | None) -> dict[str, Any]:
    """Solutions with their sentences, a yes or no, or a graph as JSON-LD: as much as fits, and how to go on."""
    if "boolean" in value:
        return {"boolean": value["boolean"]} | ({"notice": notice} if notice else {})
    if "results" not in value:
        graph = _graph(value, offset, limit)
        notices = " ".join(filter(None, (graph.get("notice"), notice)))
        return graph | ({"notice": notices} if notices else {})
    rows = [{name: term["value"] for name, term in row.items()} for row in value["results"]["bindings"]]
    why = value.get("why")
    pairs = Computed(range(len(rows)), lambda n: (rows[n], why[n] if why is not None else None), math.inf)
    taken, more = excerpt(pairs, "solutions", offset, limit)
    result: dict[str, Any] = {"solutions": [row for row, _ in taken]}
    result["evidence"] = [why for _, why in taken if why is not None]
    if "why_incomplete" in value:
        result["evidence_incomplete"] = value["why_incomplete"]
    if "cut" in value:
        result["cut"] = value["cut"]
        notice = f"{notice or ''} Only the first {value['cut']:,} solutions were read.".strip()
    notices = " ".join(filter(None, (more, notice)))
    return result | ({"notice": notices} if notices else {})


def _graph(value: Any, offset: int, limit: int) -> dict[str, Any]:
    nodes = value.get("@graph") if isinstance(value, dict) else value
    if not isinstance(nodes, list):
        taken, notice = excerpt([value], "nodes")
        return {"graph": taken[0]} | ({"notice": notice} if notice else {})
    taken, notice = excerpt(nodes, "nodes", offset, limit)
    graph = value | {"@graph": taken} if isinstance(value, dict) else taken
    return {"graph": graph} | ({"notice": notice} if notice else {})


def _joined(lists: dict[str, list[Any]], offset: int, limit: int) -> dict[str, Any]:
    """Several lists in one answer, each from an offset on, with what is to be said of any."""
    result: dict[str, Any] = {}
    notices = []
    longest = max(map(len, lists.values()))
    for what, items in lists.items():
        if len(items) <= offset < longest:
            result[what] = []
            continue
        result[what], notice = excerpt(items, what.replace("_", " "), offset, limit)
        notices += [notice] if notice else []
    return result | ({"notice": " ".join(notices)} if notices else {})
