"""Things that are called alike are told apart by their classes, wherever links and choices have their names."""

import re
from dataclasses import replace
from pathlib import Path

from isoc_kg.project import Project
from isoc_kg.publication.publication import Publication
from isoc_kg.query import NamedQuery, Parameter
from isoc_kg.rdf.tokens import iri_token
from isoc_kg.rendering.choices import Choices
from isoc_kg.rendering.fingerprints import Fingerprints
from isoc_kg.rendering.listings import Listings
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.renderer import Renderer, renderer_of

RIVER, SHIP, CREW = (iri_token(f"https://e.example/{name}") for name in ("river", "ship", "crew"))
DATA = """
@prefix : <https://e.example/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:River rdfs:label "Fluss"@de . :Ship rdfs:label "ship"@en .
:river a :River ; rdfs:label "Amber"@fr . :ship a :Ship ; rdfs:label "amber"@en ; :on :river , :sea .
:crew a :Crew ; rdfs:label "crew" ; :of :ship . :first a :Crew ; rdfs:label "one" . :second a :Crew ; rdfs:label "one" .
"""


def rendered(folder: Path, more: str = "") -> Renderer:
    file = folder / "data.ttl"
    file.write_text(DATA + more, encoding="utf-8")
    return renderer_of(Publication.of_files(Project.of_files(), [file]), "")


def test_links_and_choices(tmp_path: Path) -> None:
    """The one that most is said of has its name alone in links; a class that all have tells nothing."""
    renderer = rendered(tmp_path)
    assert "(" not in renderer.link("", SHIP)
    assert ">ship<" not in renderer.link("", SHIP)
    assert '<bdi lang="fr">Amber</bdi> (<bdi lang="de">Fluss</bdi>)</a>' in renderer.link("", RIVER)
    assert "(" not in renderer.link("", CREW)
    assert "(" not in renderer.link("", iri_token("https://e.example/first"))
    parameter = Parameter("thing", "iri", None, "")
    query = NamedQuery("q", "Q?", "", (), (parameter,), "SELECT ?p { ?thing ?p ?o }", Path("q"))
    renderer.material = replace(renderer.material, queries={"q": query})
    offers = {offer.name for offer in Choices(renderer, Listings(renderer)).of(query, parameter)}
    assert {"Amber (Fluss)", "amber (ship)", "crew"} <= offers
    entry = Listings(renderer).entry("", RIVER)
    assert entry.count("Fluss") == 1


def test_pages_follow(tmp_path: Path) -> None:
    """What links to a thing is made again when another is called like it."""
    more = ":gem a :Gem ; rdfs:label 'crew' ; :with :crew , :ship , :river , :sea , :first , :second .\n"
    before, after = rendered(tmp_path), rendered(tmp_path, ":tug :has :crew .\n")
    tug = iri_token("https://e.example/tug")
    assert "crew</a>" in after.link("", CREW)
    with_gem = rendered(tmp_path, ":tug :has :crew .\n" + more)
    assert "crew (Crew)</a>" in with_gem.link("", CREW)
    digests = [Fingerprints(one.index, one.alike).of(tug) for one in (after, with_gem)]
    assert digests[0] != digests[1]
    assert before.alike.beside(CREW) is None


def test_properties_in_statistics(tmp_path: Path) -> None:
    """Properties of one name are told apart by their prefixes; others have their name alone."""
    same = ':one rdfs:label "same" . :two rdfs:label "same" . :ship :one 1; :two 2; :of 3 .'
    renderer = rendered(tmp_path, same)
    (bundle,) = [bundle for bundle in bundles(renderer) if bundle.key == "statistics"]
    page = dict(bundle.render())["statistics.html"].decode()
    tags = re.findall(r'<code class="tag" dir="ltr">([^<]*)</code>', page)
    assert sorted(tag.rpartition("/")[2].rstrip("&gt;") for tag in tags) == ["one", "two"]
