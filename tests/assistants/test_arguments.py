"""Arguments that a tool does not take: what is wrong, in words of the protocol."""

from typing import Annotated, Any

import pytest
from mcp.server import MCPServer
from pydantic import Field

from isoc_kg.assistants.arguments import wrong_argument


def _tool(
    text: Annotated[str, Field(max_length=1000)],
    offset: Annotated[int, Field(ge=0)] = 0,
    limit: Annotated[int, Field(ge=1, le=200)] = 20,
    parameters: dict[str, Any] | None = None,
    object: str | int | float | bool | None = None,  # noqa: A002
) -> None:
    """A tool with arguments of each kind."""


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"text": "x", "limit": 0}, "“limit” must be at least 1."),
        ({"text": "x", "limit": 201}, "“limit” must be at most 200."),
        ({"text": "x", "limit": True}, "“limit” must be a whole number."),
        ({"text": "x", "offset": False}, "“offset” must be a whole number."),
        ({"text": "x", "limit": "many"}, "“limit” must be a whole number."),
        ({"text": "x", "offset": 0.5}, "“offset” must be a whole number."),
        ({"text": ["x"]}, "“text” must be a text."),
        ({"text": "x" * 1001}, "“text” may have 1,000 characters at most."),
        ({}, "“text” is missing."),
        ({"text": "x", "parameters": 5}, "“parameters” must be an object."),
        ({"text": "x", "object": [1]}, "“object” has no value that is taken."),
        ({"text": "x", "limit": "7", "object": True, "parameters": {}}, None),
    ],
)
def test_what_is_wrong(given: dict[str, Any], wrong: str | None) -> None:
    """The first argument, and what it has to be; nothing of what checks it."""
    server: MCPServer = MCPServer("example")
    server.tool(name="example")(_tool)
    tool = server._tool_manager.get_tool("example")
    assert tool is not None
    assert wrong_argument(tool.fn_metadata, tool.parameters, given) == wrong
