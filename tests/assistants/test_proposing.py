"""Assistants that propose, with the SDK's own client: they write to the queue and to nothing else."""

import asyncio
import shutil
import sys
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters

from isoc_kg.project import load_project
from isoc_kg.proposals.acceptance import Review
from isoc_kg.proposals.queue import undecided
from proposed import CANAL, files_of


def test_from_the_next_unit_to_a_proposal(tmp_path: Path) -> None:
    """Unit, menu, proposal, refusal, withdrawal; what a reviewer refused is told."""
    root = tmp_path / "canal"
    shutil.copytree(CANAL, root)
    project = load_project(root)
    before = files_of(root, "facts", "ontology", "shapes", "documents", "kg.toml")
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "isoc_kg", "mcp", "--propose", "--project", str(root)]
    )

    async def run() -> None:
        async with Client(command, read_timeout_seconds=60) as client:

            async def call(tool: str, /, **arguments: Any) -> Any:
                result = await client.call_tool(tool, arguments)
                assert not result.is_error, result.content
                return result.structured_content

            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert {"next_unit", "menu", "propose", "withdraw", "search"} <= set(tools)
            unit = await call("next_unit")
            assert (unit["unit"], unit["text"]) == ("report:2.3", "Ida Thornbury chairs the Wexmoor Canal Trust.")
            claim = {
                "unit": unit["unit"], "subject": "id:ida-thornbury", "property": "c:chairs",
                "object": "id:wexmoor-canal-trust", "quote": "Ida Thornbury chairs",
            }  # fmt: skip
            made = await call("propose", **claim)
            assert made["accepted_for_review"]
            assert made["statement"] == "“Ida Thornbury” chairs “Wexmoor Canal Trust”"
            assert (await call("propose", **claim))["refused"]["reason"] == "duplicate"
            assert (await call("propose", **{**claim, "quote": "Ida chairs"}))["refused"]["reason"] == "quote"
            for wrong, message in (({"quote": ""}, "the claim has no quote"), ({"support": "maybe"}, "supported")):
                result = await client.call_tool("propose", {**claim, **wrong})
                shown = f"{result.content} {result.structured_content}"
                assert message in shown
                assert "pydantic" not in shown
            assert (await call("next_unit"))["unit"] == "report:2.4"
            assert (await call("next_unit", after="report:4.5"))["unit"] == "report:5.1"
            assert (await call("menu", unit="bericht:2.1"))["language"] == "de"
            assert (await call("withdraw", proposal=made["proposal"])) == {"withdrawn": made["proposal"]}
            assert undecided(project) == []
            again = await call("propose", **claim)
            assert again["proposal"] == made["proposal"]
            review = Review(project, "Ann")
            review.refuse(review.open()[0], "she stepped down")
            refused = (await call("propose", **claim))["refused"]
            assert refused["reason"] == "refused"
            assert "she stepped down" in refused["message"]
            for tool, arguments in (
                ("withdraw", {"proposal": made["proposal"]}),
                ("withdraw", {"proposal": "../../x"}),
                ("menu", {"unit": "9.9"}),
                ("propose", {**claim, "accept": True}),
            ):
                assert (await client.call_tool(tool, arguments)).is_error

    asyncio.run(run())
    assert files_of(root, "facts", "ontology", "shapes", "documents", "kg.toml") == before
