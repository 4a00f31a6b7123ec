"""The script of docs/proposals.md that asks a chat endpoint, with a stand-in for one on this machine."""

import json
import re
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from isoc_kg.project import Project
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.submission import Submission, resolve_unit
from isoc_kg.proposals.suggestion import command_proposer, suggest

from material import ROOT


class _Endpoint(BaseHTTPRequestHandler):
    """Answers as such endpoints do, with a claim for every unit and some words around it."""

    asked: list[dict[str, Any]]

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"key": self.headers["Authorization"], **request})
        unit = json.loads(request["messages"][1]["content"])
        claim = {
            "subject": "id:ida-thornbury", "property": "c:chairs", "object": "id:wexmoor-canal-trust",
            "quote": unit["text"], "unit": "bericht:2.1",
        }  # fmt: skip
        content = f"Here is what it says:\n{json.dumps(claim)}\nI hope this helps."
        body = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    """The address of the stand-in."""
    _Endpoint.asked = []
    server = HTTPServer(("127.0.0.1", 0), _Endpoint)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/chat/completions"
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_the_script(canal: Project, endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It hands the menu over, takes the lines that are claims, and names the unit itself."""
    page = (ROOT / "docs" / "proposals.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    file = tmp_path / "chat.py"
    file.write_text(script, encoding="utf-8")
    monkeypatch.setenv("CHAT_URL", endpoint)
    monkeypatch.setenv("CHAT_MODEL", "a-model")
    monkeypatch.setenv("CHAT_KEY", "key")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    judge = Judge(canal)
    _, proposer = command_proposer(f"{sys.executable} {file}", seconds=60)
    units = [resolve_unit(judge, name) for name in ("report:2.3", "report:2.4")]
    run = suggest(Submission(judge, "chat"), proposer, units)
    assert run.failure is None
    flags = [{flag.name for flag in one.assessment.flags} for one in run.arrivals if one.id]
    assert flags[0] == set()
    assert "predicate" in flags[1]
    assert [(one["model"], one["key"]) for one in _Endpoint.asked] == [("a-model", "Bearer key")] * 2
