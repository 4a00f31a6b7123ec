"""What is proposed is nobody's to see, and a server that serves the publication writes nothing."""

import shutil
from pathlib import Path

import httpx

from isoc_kg.project import load_project
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.submission import Submission

from .running import running
from material import ROOT

#: A name that is in no fact.
SECRET = "Unaccepted Aqueduct Fellowship"


def test_serving_reads_only(tmp_path: Path) -> None:
    """No page, file, query or search has a proposal; no address leads to the review; no request changes a file."""
    project = Path(shutil.copytree(ROOT / "tests/proposals/canal", tmp_path / "canal"))
    submission = Submission(Judge(load_project(project)), "test", "A Person")
    arrival = submission.submit_json(
        {"unit": "report:2.1", "support": "implied", "subject": {"new": {"type": "c:Body", "label": SECRET}}}
    )
    assert arrival.id
    submission.write()

    def files() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(project.rglob("*")) if path.is_file()}

    before = files()
    with running("--project", project, cwd=tmp_path) as server:
        for path in ("", "documents.html", "document/report/1", "document/report/1.ttl", "void", "statistics.html",
                     "report.html", "search.html?q=Unaccepted", "dataset.nq", "scripts/site.js"):  # fmt: skip
            assert SECRET not in server.get(path, accept="text/html, */*").text
        for graph in ("?s", "GRAPH ?g { ?s", "?x"):
            close = "}" if "GRAPH" in graph else ""
            answer = server.query(f"SELECT * {{ {graph} ?p ?o {close} FILTER(CONTAINS(STR(?o), 'Unaccepted')) }}")
            assert answer.json()["results"]["bindings"] == []
        assert server.get("document/report/1", accept="text/html").text.count("Accept") == 0
        for path in ("review", "review.html", "proposal/" + arrival.id, "proposals/", "claim?unit=x", "undo", "state",
                     "row", "things?q=a", "keys", "style/review.css", "script/review.js", "scripts/review/review.js",
                     "scripts/review.js", "document/report/1?token=x"):  # fmt: skip
            answer = server.get(path, accept="text/html")
            assert SECRET not in answer.text
            assert "set-cookie" not in answer.headers
            if "document" not in path:
                assert answer.status_code == 404, path
        for method in ("POST", "PUT", "DELETE", "PATCH"):
            for path in ("", "undo", "claim", "proposal/" + arrival.id, "document/report/1", "graph-store?default"):
                answer = httpx.request(method, server.address + path, data={"verdict": "accept"}, timeout=30)
                assert answer.status_code in (400, 403, 404, 405, 406, 415, 501), (method, path, answer.status_code)
    assert files() == before
