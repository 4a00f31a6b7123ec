"""The tools that go through the data in this process: an end to their time, and how to go on with long answers."""

import asyncio
import itertools
from dataclasses import replace
from typing import Any

import pytest
from mcp.server.mcpserver.exceptions import ToolError

from isoc_kg import KnowledgeGraph
from isoc_kg.assistants.server import assistant_server

from material import ROOT


@pytest.fixture(scope="module")
def graph() -> KnowledgeGraph:
    """The shipped publication."""
    return KnowledgeGraph.load(ROOT)


def call(graph: KnowledgeGraph, tool: str, **arguments: Any) -> dict[str, Any]:
    """What a tool answers. Raises `ToolError`."""
    answer = asyncio.run(assistant_server(graph).call_tool(tool, arguments))
    content = answer.structured_content if hasattr(answer, "structured_content") else answer[1]  # type: ignore[index]
    assert isinstance(content, dict)
    return content


def test_sentences_are_gone_on_with(graph: KnowledgeGraph) -> None:
    """One at a time, with a notice; together they are all, and what else is said stays beside them."""
    about = {"subject": "id:internet-exchange-points", "property": "skos:prefLabel"}
    whole = call(graph, "evidence", **about)
    assert len(whole["sentences"]) == 2
    assert "notice" not in whole
    parts = [call(graph, "evidence", **about, offset=offset, limit=1) for offset in range(2)]
    assert [sentence for part in parts for sentence in part["sentences"]] == whole["sentences"]
    assert "Go on with offset=1" in parts[0]["notice"]
    assert "Go on" not in parts[1]["notice"]
    assert all(part["claim"] == whole["claim"] and part["statement"] == whole["statement"] for part in parts)
    with pytest.raises(ToolError, match="offset=2"):
        call(graph, "evidence", **about, offset=2)


@pytest.mark.parametrize(
    ("tool", "arguments", "step"),
    [
        ("describe", {"thing": "manrs"}, "entity"),
        ("describe", {"thing": "manrs"}, "find"),
        ("evidence", {"subject": "id:manrs", "property": "schema:foundingDate"}, "evidence"),
    ],
)
def test_what_takes_long_is_stopped(
    graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch, tool: str, arguments: dict[str, str], step: str
) -> None:
    """Whatever goes through the data without an end."""

    def endless(*_: Any) -> Any:
        return sum(1 for _ in itertools.count())

    project = replace(graph.project, server=replace(graph.project.server, query_seconds=0.1))
    monkeypatch.setattr(graph, "project", project)
    monkeypatch.setattr(KnowledgeGraph, step, endless)
    with pytest.raises(ToolError, match="query_seconds"):
        call(graph, tool, **arguments)
