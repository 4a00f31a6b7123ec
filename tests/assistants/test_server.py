"""The Model Context Protocol, with the SDK's own client, over standard input and output."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from mcp import Client, MCPError, StdioServerParameters

from material import ROOT

QUERIES = len(list((ROOT / "queries").glob("*.rq")))


def asked(use: Callable[[Client], Awaitable[Any]]) -> Any:
    """What a client gets from the shipped publication."""
    arguments = ["-m", "isoc_kg", "mcp", "--project", str(ROOT)]
    command = StdioServerParameters(command=sys.executable, args=arguments, env=dict(os.environ))

    async def run() -> Any:
        async with Client(command, read_timeout_seconds=60) as client:
            return await use(client)

    return asyncio.run(run())


def test_tools_and_resources() -> None:
    """What there is, with descriptions and schemas; the ontology and the queries can be read."""

    async def use(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"search", "describe", "evidence", "list_queries", "run_query", "sparql"}
        assert all(tool.description for tool in tools.values())
        resources = {resource.name: str(resource.uri) for resource in (await client.list_resources()).resources}
        assert set(resources) == {"ontology", "queries"}
        ontology = (await client.read_resource(resources["ontology"])).contents[0]
        assert "isoc:supports" in ontology.text  # type: ignore[union-attr]
        queries = (await client.read_resource(resources["queries"])).contents[0]
        assert len(json.loads(queries.text)) == QUERIES  # type: ignore[union-attr]

    asked(use)


def test_answers_carry_iris_and_sentences() -> None:
    """Search, describe, evidence, named query and SPARQL tell where what they say comes from."""

    async def use(client: Client) -> None:
        async def call(tool: str, /, **arguments: Any) -> Any:
            result = await client.call_tool(tool, arguments)
            assert not result.is_error, result.content
            return result.structured_content

        found = await call("search", text="manrs")
        assert found["things"][0]["iri"] == "https://w3id.org/isoc-kg/id/manrs"
        assert "notice" not in found
        assert (await call("search", text="manrs pirates"))["notice"].startswith("Nothing has all of these words")
        thing = await call("describe", thing="MANRS")
        first = await call("describe", thing="MANRS", limit=2)
        assert all(one.get("sentences") or one.get("notes") for one in first["statements"])
        assert [one["property"] for one in first["statements"]] == [one["property"] for one in thing["statements"][:2]]
        founded = next(s for s in thing["statements"] if s["property"] == "schema:foundingDate")
        assert (founded["value"]["text"], founded["sentences"][0]["number"]) == ("2014", "15.2")
        assert "supported by sentence 15.2" in founded["citation"]
        assert founded["citation"].endswith(founded["claim"])
        assert thing["citation"].endswith(thing["iri"])
        evidence = await call("evidence", subject="id:manrs", property="schema:foundingDate")
        assert evidence["sentences"][0]["iri"].endswith("#15.2")
        assert (await call("evidence", subject="MANRS", property="established"))["claim"] == evidence["claim"]
        assert "has given no address" in evidence["objection"]
        rows = await call("sparql", query="SELECT ?year { id:manrs schema:foundingDate ?year }")
        assert rows["solutions"] == [{"year": "2014"}]
        assert rows["evidence"][0][0]["sentences"][0]["number"] == "15.2"
        assert rows["evidence"][0][0]["citation"] == founded["citation"]
        assert (await call("sparql", query="ASK { id:internet-society isoc:manages id:ietf }"))["boolean"] is True
        graph = await call("sparql", query="CONSTRUCT WHERE { id:manrs schema:foundingDate ?year }")
        assert "2014" in json.dumps(graph["graph"])
        answer = await call("run_query", name="activities-in-area", parameters={"area": "internet-access"})
        assert len(answer["solutions"]) >= 2
        assert len((await call("list_queries"))["result"]) == QUERIES

    asked(use)


@pytest.mark.parametrize(
    ("tool", "arguments", "told"),
    [
        ("describe", {"thing": "manrss"}, "nothing called"),
        ("sparql", {"query": "SELECT * {"}, "line 1"),
        ("sparql", {"query": "INSERT DATA { <a:a> <a:b> <a:c> }"}, "update"),
        ("sparql", {"query": "SELECT * {" + "{" * 3000 + "}" * 3000 + "}"}, "nested more than 200 deep"),
        ("run_query", {"name": "activities-in-area", "parameters": {"no": "x"}}, "no parameter"),
        ("evidence", {"subject": "id:manrs", "property": "schema:none"}, "no such statement"),
        ("search", {"text": "x", "limit": 0}, "search: “limit” must be at least 1."),
    ],
)
def test_mistakes_are_told(tool: str, arguments: dict[str, Any], told: str) -> None:
    """As an error of the tool, in words; the next question is answered."""

    async def use(client: Client) -> str:
        try:
            result = await client.call_tool(tool, arguments)
            text = " ".join(getattr(part, "text", "") for part in result.content)
            assert result.is_error, text
            assert "pydantic" not in text
            assert "validation error" not in text
        except MCPError as error:
            text = str(error)
        assert (await client.call_tool("search", {"text": "IETF"})).structured_content
        return text

    assert told in asked(use)
