"""Clients that misbehave: each is answered by an error of the protocol, and the next question is answered."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError, StdioServerParameters

from material import ROOT

COMMAND = [sys.executable, "-m", "isoc_kg", "mcp", "--project"]
GREETING = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
#: A query that no machine ends.
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(8)) + " }"


class Wire:
    """A server and its lines."""

    def __init__(self, project: Path) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, str(project)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.send(GREETING)
        assert self.answer()["id"] == 0
        self.send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, *messages: Any) -> None:
        self.write(b"".join(json.dumps(message).encode() + b"\n" for message in messages))

    def call(self, number: int, tool: str, **arguments: Any) -> dict[str, Any]:
        params = {"name": tool, "arguments": arguments}
        return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        value: dict[str, Any] = json.loads(line)
        return value


@pytest.fixture
def wire(lamp: Path) -> Iterator[Wire]:
    settings = lamp / "kg.toml"
    section = "\n[server]\nquery_seconds = 1\nquery_bytes = 2000\nresult_rows = 300\n"
    settings.write_text(settings.read_text(encoding="utf-8") + section, encoding="utf-8")
    wire = Wire(lamp)
    yield wire
    for stream in (wire.process.stdin, wire.process.stdout, wire.process.stderr):
        assert stream is not None
        with contextlib.suppress(BrokenPipeError):
            stream.close()
    wire.process.wait(30)
    assert wire.process.returncode is not None


def test_what_is_no_message(wire: Wire) -> None:
    """Each line has an error, with its id where it can be read, and the server goes on."""
    deep = b"[" * 100_000 + b"]" * 100_000
    lines = {
        b"x" * 3_000_000: -32600,
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":' + deep + b"}}": -32700,
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\xff"}}': -32700,
        b"{": -32700,
        b"[]": -32600,
        b"7": -32600,
        b'{"jsonrpc":"2.0","id":{"a":1},"method":"ping"}': -32600,
        b'{"jsonrpc":"2.0","id":true,"method":"ping","params":5}': -32602,
        b'{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}': -32600,
    }
    with_id = {
        b'{"jsonrpc":"1.0","id":1,"method":"ping"}': -32600,
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":5}': -32602,
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":"\\ud800"}}': -32600,
    }
    for line, code in with_id.items():
        wire.write(line + b"\n")
        answer = wire.answer()
        assert (answer["error"]["code"], answer["id"]) == (code, 1), line
    for line, code in lines.items():
        wire.write(line + b"\n")
        answer = wire.answer()
        assert (answer["error"]["code"], answer.get("id")) == (code, None), line[:80]
        wire.send({"jsonrpc": "2.0", "id": "next", "method": "ping"})
        assert wire.answer()["id"] == "next"
    for method in ("no/such", "tools/", "\x1b[31m"):
        wire.send({"jsonrpc": "2.0", "id": 5, "method": method})
        assert wire.answer()["error"]["code"] == -32601
    for params in (None, [], {"name": 5}, {"name": "search", "arguments": []}, {"name": "search", "arguments": {}}):
        wire.send({"jsonrpc": "2.0", "id": 6, "method": "tools/call", "params": params})
        answer = wire.answer()
        assert "error" in answer or answer["result"]["isError"], params


def test_a_line_without_an_end_takes_no_memory(wire: Wire) -> None:
    """200 MB of it are read and thrown away; the line after it is answered."""
    if not sys.platform.startswith("linux"):
        pytest.skip("looks into /proc")
    for _ in range(200):
        wire.write(b"x" * 1_000_000)
    wire.write(b"\n")
    assert wire.answer()["error"]["code"] == -32600
    status = Path(f"/proc/{wire.process.pid}/status").read_text(encoding="ascii")
    most = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    assert most < 400_000  # kB


def test_many_at_once(wire: Wire) -> None:
    """Each of 500 requests, most of them sent before any answer was read, gets its own."""
    requests = [wire.call(number, "search", text="lamp") for number in range(1, 501)]
    wire.send(*requests[:150])
    numbers = {wire.answer()["id"] for _ in range(150)}
    for start in range(150, 500, 50):
        wire.send(*requests[start : start + 50])
        numbers |= {wire.answer()["id"] for _ in range(50)}
    assert numbers == set(range(1, 501))


def test_queries_that_run_away_and_are_cancelled(wire: Wire) -> None:
    """One ends at its time; of cancelled ones nothing is said; one that is too long is not run."""
    wire.send(wire.call(1, "sparql", query=ENDLESS))
    answer = wire.answer()
    assert answer["id"] == 1
    assert answer["result"]["isError"]
    assert "1" in answer["result"]["content"][0]["text"]
    for number in range(100, 300):
        cancelled = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": number}}
        wire.send(wire.call(number, "sparql", query=ENDLESS), cancelled)
    wire.send(wire.call(2, "sparql", query="ASK {}"))
    while (answer := wire.answer())["id"] != 2:
        assert "error" in answer or answer["result"]["isError"]
    assert answer["result"]["structuredContent"] == {"boolean": True}
    wire.send(wire.call(3, "sparql", query="ASK {}" + " " * 2000))
    assert "2,000 bytes" in wire.answer()["result"]["content"][0]["text"]


def test_a_client_that_goes(wire: Wire) -> None:
    """It reads no more, or is gone: the server ends without a trace, and so do its workers."""
    children = Path(f"/proc/{wire.process.pid}/task/{wire.process.pid}/children")
    workers = children.read_text(encoding="ascii").split() if children.exists() else []
    assert wire.process.stdout is not None
    wire.process.stdout.close()
    wire.send(wire.call(1, "sparql", query=ENDLESS), *(wire.call(n, "search", text="a") for n in range(2, 20)))
    assert wire.process.stdin is not None
    wire.process.stdin.close()
    assert wire.process.stderr is not None
    errors = wire.process.stderr.read()
    wire.process.wait(30)
    assert b"Traceback" not in errors
    assert not any(Path("/proc", worker).exists() for worker in workers)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_killed_it_leaves_no_process(wire: Wire) -> None:
    """Its workers end with it, a running query's too."""
    wire.send(wire.call(1, "sparql", query=ENDLESS))
    group = [wire.process.pid]
    for number in group:
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii")
            group += [int(child) for child in text.split()]
    wire.process.kill()
    wire.process.wait()
    end = time.monotonic() + 30
    while any(map(_lives, group[1:])):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert len(group) > 1


def _lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


# -- with the library's own client ------------------------------------------------------------------


def asked(project: Path, use: Callable[[Client], Awaitable[Any]]) -> Any:
    command = StdioServerParameters(command=COMMAND[0], args=[*COMMAND[1:], str(project)], env=dict(os.environ))

    async def run() -> Any:
        async with Client(command, read_timeout_seconds=60) as client:
            return await use(client)

    return asyncio.run(run())


def test_tools_only_read_and_have_types() -> None:
    """Every tool says that it reads; arguments have schemas, those of named queries by their parameters."""

    async def use(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        for tool in tools.values():
            assert tool.annotations is not None
            assert (tool.annotations.read_only_hint, tool.annotations.destructive_hint) == (True, False)
            assert all("type" in schema or "anyOf" in schema for schema in tool.input_schema["properties"].values())
        properties = tools["run_query"].input_schema["properties"]
        assert "founded-in" in properties["name"]["enum"]
        forms = {form["title"]: form for form in properties["parameters"]["anyOf"]}
        year = forms["founded-in"]["properties"]["year"]
        assert (year["type"], year["default"]) == (["string", "integer"], "1992")
        assert forms["founded-in"]["additionalProperties"] is False

    asked(ROOT, use)


def test_typed_parameters_have_evidence_and_mistakes_are_explained() -> None:
    """A year as a number or as a text; names and values that there are none of, with the nearest."""

    async def use(client: Client) -> None:
        async def call(tool: str, /, **arguments: Any) -> Any:
            return await client.call_tool(tool, arguments)

        texts = []
        for year in (1992, "1992"):
            result = await call("run_query", name="founded-in", parameters={"year": year})
            assert not result.is_error, result.content
            content = result.structured_content
            assert content["solutions"]
            assert all(claims and claims[0]["sentences"] for claims in content["evidence"])
            texts.append(content)
        assert texts[0] == texts[1]
        for arguments, meant in [
            ({"name": "founded-on"}, "founded-in"),
            ({"name": "founded-in", "parameters": {"yeer": 1992}}, "year"),
            ({"name": "founded-in", "parameters": {"year": "long ago"}}, "such as 2014"),
            ({"name": "founded-in", "parameters": {"year": ["1992"]}}, "must be"),
            ({"name": "founded-in", "parameter": {}}, "parameters"),
            ({"name": "founded-in", "offset": -1}, "at least 0"),
        ]:
            result = await call("run_query", **arguments)
            assert result.is_error
            assert meant in result.content[0].text
        misspelt = await call("sparql", query="SELECT ?x { ?x isoc:suports ?y }")
        assert "Did you mean isoc:supports?" in misspelt.structured_content["notice"]
        other = await call("run_query", name="founded-in", parameters={"year": 1875})
        assert "such as 1992, 2014" in other.structured_content["notice"]
        unknown = await call("run_query", name="sentences-behind", parameters={"thing": "manrss"})
        assert "manrs" in unknown.structured_content["unknown"]
        try:
            answer = str(await call("serch", text="a"))
        except MCPError as error:
            answer = str(error)
        assert "search" in answer

    asked(ROOT, use)


def test_answers_are_cut_and_gone_on_with() -> None:
    """By rows and by bytes, with a notice; the parts together are the whole, evidence beside each row."""

    async def use(client: Client) -> None:
        async def parts(limit: int, query: str) -> tuple[list[Any], list[Any]]:
            rows: list[Any] = []
            evidence: list[Any] = []
            while True:
                arguments = {"query": query, "offset": len(rows), "limit": limit}
                result = await client.call_tool("sparql", arguments)
                assert not result.is_error, result.content
                content = result.structured_content
                assert content is not None
                assert len(json.dumps(content)) < 250_000
                assert len(content["solutions"]) == len(content["evidence"]) <= limit
                rows += content["solutions"]
                evidence += content["evidence"]
                if "Go on" not in content.get("notice", ""):
                    return rows, evidence
                assert f"offset={len(rows)}" in content["notice"]

        query = "SELECT * { ?thing a ?type . ?thing isoc:supports|schema:about|schema:name ?other } LIMIT 60"
        assert await parts(7, query) == await parts(60, query)
        large = "SELECT ?s (CONCAT(STR(?s), STRDT(?x, xsd:string)) AS ?y) { ?s schema:name ?n BIND(STR(?n) AS ?x) }"
        assert (await parts(50, large))[0]
        wide = "SELECT ?s (CONCAT(" + ",".join(['REPLACE(STR(?s), ".", "aaaaaaaaaaaaaaaa")'] * 60) + ") AS ?y) "
        assert len((await parts(200, wide + "{ ?s schema:name ?n } LIMIT 30"))[0]) == 30
        one = "SELECT (CONCAT(" + ",".join(['REPLACE(?a, ".", "' + "x" * 1000 + '")'] * 10) + ") AS ?y) "
        result = await client.call_tool("sparql", {"query": one + '{ VALUES ?a { "' + "a" * 1000 + '" } }'})
        assert result.structured_content is not None
        assert "shortened" in result.structured_content["notice"]
        assert len(json.dumps(result.structured_content)) < 20_000

    asked(ROOT, use)
