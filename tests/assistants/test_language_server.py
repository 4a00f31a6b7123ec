"""The language server over standard input and output, with pygls's own client."""

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.assistants.editor_answers import EditorProject, name_at, prefixes_of
from proposed import CANAL

UNIT = "https://canal.example/kg/document/report/1#"


@pytest.fixture
def canal(tmp_path: Path) -> Path:
    """A copy of the canal project."""
    return Path(shutil.copytree(CANAL, tmp_path / "canal"))


@pytest.mark.parametrize(
    ("line", "mark", "name"),
    [
        ("id:tug c:owns id:heron {| ev:supportedBy r:2.4 |} .", "2.4", "r:2.4"),
        ("id:tug c:owns id:heron {| ev:supportedBy r:2.4 |} .", "owns", "c:owns"),
        ("id:heron.", "heron", "id:heron"),  # the full stop ends the statement
        ("<https://x.example/a#1.1> a c:Body", "x.example", "<https://x.example/a#1.1>"),
        ("id:tug   c:owns", "   ", "id:tug"),
        ("   .", " .", None),
    ],
)
def test_the_name_at_a_place(line: str, mark: str, name: str | None) -> None:
    """Prefixed names and IRIs, wherever in them the place is."""
    assert name_at(line, line.index(mark)) == name


def test_what_a_name_stands_for(canal: Path) -> None:
    """A unit's sentence, an own term's definition, that of a term in wide use, a thing's name; nothing of others."""
    project = EditorProject(canal)
    prefixes = prefixes_of(f"@prefix r: <{UNIT}> .\nPREFIX k: <https://canal.example/kg/ontology#>\n")
    assert "The trust maintains the Long Reach" in str(project.hover("r:2.2", prefixes))
    assert "Links a body to a waterway" in str(project.hover("k:maintains", prefixes))
    assert "began to exist" in str(project.hover("schema:foundingDate", prefixes))
    assert "schema:founder" in str(project.hover("schema:founders", prefixes))
    assert "Long Reach" in str(project.hover("id:long-reach", prefixes))
    assert project.hover("r:99.1", prefixes) is None
    assert project.hover("nobody:knows", prefixes) is None


def test_a_project_that_cannot_be_read(canal: Path) -> None:
    """No answer, and the reason as a problem at its line."""
    facts = canal / "facts" / "trust.ttl"
    lines = facts.read_text(encoding="utf-8").splitlines()
    facts.write_text("\n".join([*lines, "id:broken c:owns"]) + "\n", encoding="utf-8")
    project = EditorProject(canal)
    assert project.hover("c:owns", {}) is None
    (problem,) = project.problems()
    assert (problem.file, problem.severity) == (facts, "error")
    assert problem.line >= len(lines)


def test_what_was_right_when_it_was_read_last(canal: Path) -> None:
    """While a saved file is broken, names stand for what they did; once it is mended, for what they do."""
    facts = canal / "facts" / "trust.ttl"
    before = facts.read_text(encoding="utf-8")
    project = EditorProject(canal)
    assert "Long Reach" in str(project.hover("id:long-reach", {}))
    facts.write_text(before + "id:broken c:owns\n", encoding="utf-8")
    project.forget()
    assert project.problems()[0].severity == "error"
    assert "Long Reach" in str(project.hover("id:long-reach", {}))
    facts.write_text(before.replace("Long Reach", "Longer Reach"), encoding="utf-8")
    project.forget()
    assert "Longer Reach" in str(project.hover("id:long-reach", {}))


def test_hovers_while_the_project_is_read(canal: Path) -> None:
    """All of those that ask at once wait until it is read, and get the answer."""
    project = EditorProject(canal)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: project.hover("id:long-reach", {}), range(8)))
    assert all("Long Reach" in str(answer) for answer in answers), answers


def test_over_standard_input_and_output(canal: Path) -> None:
    """Hover, and the gate's findings at the statement's line, gone when it is corrected and saved."""
    lsp = pytest.importorskip("pygls.lsp.client", reason="the extra “lsp” is not installed")
    from lsprotocol import types

    facts = canal / "facts" / "trust.ttl"
    before = facts.read_text(encoding="utf-8")
    wrong = before + f"id:marigold c:owns id:heron {{| ev:supportedBy <{UNIT}2.4> |}} .\n"
    facts.write_text(wrong, encoding="utf-8")
    uri = facts.as_uri()

    async def use(client: Any, published: "asyncio.Queue[Any]") -> None:
        result = await client.initialize_async(
            types.InitializeParams(capabilities=types.ClientCapabilities(), root_uri=canal.as_uri())
        )
        assert result.capabilities.hover_provider
        client.initialized(types.InitializedParams())
        document = types.TextDocumentItem(uri, "turtle", 1, wrong)
        client.text_document_did_open(types.DidOpenTextDocumentParams(document))
        found = await _problems(published, uri)
        last = wrong.count("\n") - 1
        assert any(one.range.start.line == last and one.severity == 1 for one in found), found
        at = types.Position(last, wrong.splitlines()[last].index("owns"))
        answer = await client.text_document_hover_async(types.HoverParams(types.TextDocumentIdentifier(uri), at))
        assert "Links a body to a vessel" in answer.contents.value
        facts.write_text(before, encoding="utf-8")
        client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri)))
        found = await _problems(published, uri)
        assert not any(one.severity == 1 for one in found)
        await client.shutdown_async(None)
        client.exit(None)

    _run(lsp.LanguageClient("test", "1"), canal, use)


async def _problems(published: "asyncio.Queue[Any]", uri: str) -> list[Any]:
    """What the server says next of a file."""
    while True:
        params = await asyncio.wait_for(published.get(), 60)
        if params.uri == uri:
            return list(params.diagnostics)


def _run(client: Any, project: Path, use: Callable[[Any, "asyncio.Queue[Any]"], Awaitable[None]]) -> None:
    from lsprotocol import types

    async def run() -> None:
        published: asyncio.Queue[Any] = asyncio.Queue()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params: Any) -> None:
            published.put_nowait(params)

        await client.start_io(sys.executable, "-m", "isoc_kg", "lsp", "--project", str(project))
        try:
            await asyncio.wait_for(use(client, published), 90)
        finally:
            server = client._server
            if server.returncode is None and sys.exc_info()[0]:
                server.kill()  # it has not been told to end
            await client.stop()

    asyncio.run(run())
