"""Beside a link to a thing that nothing else leads to stands what is said of that thing."""

from pathlib import Path

from isoc_kg.namespaces import SCHEMA
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rdf.tokens import iri_token
from isoc_kg.rendering.beside import Beside
from isoc_kg.rendering.renderer import Renderer, renderer_of
from isoc_kg.rendering.things import ThingBundle, thing_bundles

BASE = "https://lighthouse.example/kg/"


def rendered(more: str = "") -> Renderer:
    lines = []
    for subject, predicate, object_ in (
        ("task", "schema.org/hasPart", "wording"), ("task", "schema.org/hasPart", "shared"),
        ("other", "schema.org/hasPart", "shared"), ("wording", "schema.org/audience", "everyone"),
        ("wording", "schema.org/audience", "task"), ("shared", "schema.org/audience", "everyone"),
    ):  # fmt: skip
        lines.append(f"<{BASE}id/{subject}> <http://{predicate}> <{BASE}id/{object_}> <{BASE}graph/facts> .\n".encode())
    lines += [more.encode()] if more else []
    project = load_project(Path(__file__).parents[1] / "projects" / "lighthouse")
    publication = Publication.of_project(project)
    publication.lines = sorted({*publication.lines, *lines})
    return renderer_of(publication, "")


def test_what_is_beside_a_link() -> None:
    """A line for what one thing alone leads to, without the way back; none for what others lead to."""
    renderer = rendered()
    task, wording, shared = (iri_token(f"{BASE}id/{name}") for name in ("task", "wording", "shared"))
    part = iri_token("http://schema.org/hasPart")
    assert Beside(renderer).text(task, part, wording).endswith("everyone")
    assert Beside(renderer).text(task, part, shared) == ""
    assert len(list(Beside(renderer).texts(task))) == 1
    mentioned = rendered(f"<{BASE}id/other> <{SCHEMA.mentions}> <{BASE}id/wording> <{BASE}graph/facts> .\n")
    assert Beside(mentioned).text(task, part, wording).endswith("everyone")


def test_a_page_is_made_again() -> None:
    """Whatever changes the line changes what tells that the page is another one."""

    def fingerprint(renderer: Renderer) -> bytes:
        found = (one for one in thing_bundles(renderer) if isinstance(one, ThingBundle) and one.key == "id/task")
        return next(found).fingerprint()

    second = f'<{BASE}id/wording> <http://schema.org/text> "To the sea." <{BASE}graph/facts> .\n'
    led = f"<{BASE}id/other> <http://schema.org/hasPart> <{BASE}id/wording> <{BASE}graph/facts> .\n"
    assert len({fingerprint(rendered(more)) for more in ("", second, led)}) == 3
