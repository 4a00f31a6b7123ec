"""Documents about things that are made where a request is read are those that are made at length, heads included."""

from pathlib import Path

import pytest

from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.things import ThingBundle
from isoc_kg.server.content.resources import Resources
from isoc_kg.server.content.snapshot import Snapshot
from isoc_kg.server.content.thing_documents import ThingDocuments
from isoc_kg.server.http.field_sizes import shortened
from isoc_kg.server.http.problems import Problem, status_line
from isoc_kg.server.http.protection import EXPOSED, protected
from isoc_kg.server.http.reply import response_to


def _at_length(resources: Resources, path: str, coding: str) -> tuple[bytes, bytes] | None:
    headers = {"accept-encoding": coding} if coding else {}
    try:
        status, fields, body = response_to(headers, resources.answer(path, {}, headers))
    except Problem:
        return None
    lines = [f"{name}: {value}\r\n".encode("latin-1") for name, value in shortened(protected([*fields, EXPOSED]))]
    return status_line(status) + b"".join(lines), bytes(body)


@pytest.mark.parametrize("name", ["harbour", "lighthouse", "lamp"])
@pytest.mark.parametrize("root", ["", "/kg"])
def test_the_same_answers(name: str, root: str, request: pytest.FixtureRequest) -> None:
    """All things in every format and coding; what is not made here is left to the long way."""
    folder: Path = request.getfixturevalue(name)
    snapshot = Snapshot(Publication.of_project(load_project(folder)), None, 1_700_000_000.0)
    resources = Resources(snapshot, root)
    documents = ThingDocuments(resources, root)
    made = 0
    for key, bundle in snapshot.bundles.items():
        for extension in ("html", "ttl", "jsonld", "nt", "rdf", "trig", "txt"):
            for coding in ("", "gzip", "br"):
                found = documents.response((f"{root}/{key}.{extension}".encode(), None, coding.encode()))
                if found is not None:
                    assert isinstance(bundle, ThingBundle)
                    assert found[:2] == _at_length(resources, f"{key}.{extension}", coding), (key, extension, coding)
                    made += 1
    assert made > 3 * 3 * 4


@pytest.mark.parametrize(
    "target",
    ["/", "/index.html", "/id/none.html", "/id/oak", "/id/oak.ttl?profile=plain", "/id/o%61k.ttl", "//id/oak.ttl"],
)
def test_what_is_left(harbour: Path, target: str) -> None:
    """Other pages, what is not there, and addresses that are written in another way."""
    snapshot = Snapshot(Publication.of_project(load_project(harbour)), None, 1_700_000_000.0)
    assert ThingDocuments(Resources(snapshot, ""), "").response((target.encode(), None, b"")) is None
