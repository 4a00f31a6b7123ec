"""Claims in RDF 1.2: the file that a build writes and the profile that the server answers are one form."""

from pathlib import Path

import pyoxigraph as ox

from isoc_kg.project import load_project
from isoc_kg.publication.build import build_publication
from server.running import running


def triples(data: bytes, format_: ox.RdfFormat) -> set[str]:
    return {str(ox.Triple(quad.subject, quad.predicate, quad.object)) for quad in ox.parse(data, format=format_)}


def test_file_and_server_give_one_form(harbour: Path, tmp_path: Path) -> None:
    """Whatever the server says of a thing's claims in RDF 1.2 stands in the file, and nothing is missing."""
    project = load_project(harbour)
    build_publication(project, tmp_path / "out", rdf12=True)
    whole = triples((tmp_path / "out" / "harbour-rdf12.ttl").read_bytes(), ox.RdfFormat.TURTLE)
    name = project.ids.thing("old-harbour")
    claims = {line.split(" ", 1)[0] for line in whole if f"<<( <{name}> " in line}
    assert claims
    with running("--project", harbour, cwd=tmp_path) as server:
        answer = server.get("id/old-harbour.nt?profile=rdf12").raise_for_status().content
    served = triples(answer, ox.RdfFormat.N_TRIPLES)
    of_claims = {line for line in whole if line.split(" ", 1)[0] in claims}
    assert of_claims <= served <= whole
    assert not any("#Statement>" in line or "#subject>" in line for line in served)
