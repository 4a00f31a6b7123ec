"""The renderer: fragments that many pages share."""

import hashlib
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from isoc_kg.cli import cli
from isoc_kg.formats import TURTLE
from isoc_kg.namespaces import DCTERMS
from isoc_kg.project import Project, load_project
from isoc_kg.publication.cited import cite_dataset
from isoc_kg.publication.publication import Publication
from isoc_kg.rdf.tokens import iri_token
from isoc_kg.rendering import renderer as module
from isoc_kg.rendering.downloads import downloads
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.renderer import Renderer, renderer_of


@pytest.fixture
def renderer(harbour: Path) -> Renderer:
    return renderer_of(Publication.of_project(load_project(harbour)), "https://host.example/")


def test_remembered_fragments_are_bounded(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links, addresses and units are remembered, and never more than so many of each."""
    monkeypatch.setattr(module, "_MOST", 3)
    tokens = renderer.index.subjects
    first = [renderer.link("", token) for token in tokens]
    assert len(tokens) > 3
    assert [renderer.link("", token) for token in tokens] == first
    assert renderer.link("", tokens[0]) is renderer.link("", tokens[0])
    assert 0 < len(renderer._links) <= 3
    assert 0 < len(renderer._hrefs) <= 3


def test_only_other_languages_are_tagged(renderer: Renderer) -> None:
    """A text in the publication's own language has no tag, neither as a label nor as a value."""
    own = renderer.project.language
    assert (renderer.foreign(own), renderer.foreign(""), renderer.foreign("x-other")) == ("", "", "x-other")
    assert "lang=" not in renderer.value("", f'"text"@{own}'.encode())
    assert 'lang="fi"' in renderer.value("", b'"teksti"@fi')


def test_the_title_stands_once(harbour: Path) -> None:
    """A description that only repeats the title, as in a new project, is left out of the home page."""
    project = load_project(harbour)
    assert renderer_of(Publication.of_project(project), "").site.description == project.description
    renderer = renderer_of(Publication.of_project(replace(project, description=project.title)), "")
    home = next(data for bundle in bundles(renderer) for name, data in bundle.render() if name == "index.html")
    assert b'class="lead"' not in home
    assert b'name="description"' not in home


def test_properties_of_vocabularies_are_written_as_in_a_sentence(renderer: Renderer) -> None:
    """“Is Version Of” is “is version of” beside the project's own; its classes are as they are."""
    assert renderer.index.name_of(iri_token(DCTERMS.isVersionOf)) == ("is version of", "en")
    assert renderer.index.name_of(iri_token(DCTERMS.title)) == ("title", "en")


def test_each_download_says_what_it_holds(harbour: Path) -> None:
    """A sentence, the number of triples, the licence, how to cite: of every data file, of a project and of any RDF."""
    publication = Publication.of_project(load_project(harbour))
    assert publication.data
    any_rdf = Publication.of_files(Project.of_files(), [harbour / "ontology" / "harbour.ttl"])
    assert any_rdf.data
    for one in (publication, any_rdf):
        made = renderer_of(one, "https://host.example/")
        assert len({made.holds(file) for file in one.files if file.format is TURTLE}) == sum(
            file.format is TURTLE for file in one.files
        ), "which file is which"
        for file in one.files:
            assert made.holds(file), file.name
            assert (file.statements is None) == (
                file.name in ("SHA256SUMS", "context.jsonld", "ro-crate-metadata.json")
            ), file.name
        (page,) = [page for bundle in bundles(made) if bundle.key == "dataset" for page in bundle.render()]
        for file in one.files:
            assert f">{file.name}</a></h2><p>{made.holds(file)}</p>".encode() in page[1]
            assert f"<code>{file.sha256}</code></dd><dt>Size</dt><dd>{file.size:,} bytes</dd>".encode() in page[1]
    made = renderer_of(publication, "")
    cited = cite_dataset(made.sources)
    assert cited
    assert cited.text.endswith(made.project.ids.dataset)
    assert made.project.title in cited.text


def test_how_to_use_each_download(harbour: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands that stand beside a file do what they are for: the checksum is the file's, isoc-kg reads it."""
    publication = Publication.of_project(load_project(harbour))
    for name, content in publication.data.items():
        (tmp_path / Path(name).name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    made = renderer_of(publication, "https://host.example/h/")
    listed = downloads(made, 7, 9)
    assert [one.name for one in listed] == [file.name for file in publication.files]
    used = 0
    for one in listed:
        fetch, check, *use = one.commands.splitlines()
        assert fetch == f"curl -O https://host.example/h/{one.name}"
        own = Path(one.name).name
        if one.name == "SHA256SUMS":
            assert check == "sha256sum --check --ignore-missing SHA256SUMS"
            continue
        assert check == f"echo '{hashlib.sha256((tmp_path / own).read_bytes()).hexdigest()}  {own}' | sha256sum --check"
        for line in use:
            command, *arguments = shlex.split(line)
            assert command == "isoc-kg"
            result = CliRunner().invoke(cli, arguments)
            assert result.exit_code == 0, (line, result.output)
            used += 1
    assert used > 10
    # the home page begins with the one to read first, and says what each is for
    (home,) = [bundle for bundle in bundles(made) if bundle.key == "index"]
    shown = dict(home.render())["index.html"].decode().partition("<h2>Downloads</h2>")[2]
    names = re.findall(r'<a href="([\w.-]+)">\1</a>', shown)
    assert names[0] == "facts.ttl"
    assert all(one.holds in shown for one in listed if one.name in names)
    counts = {one.name: one.counts for one in listed}
    assert counts["harbour.ttl"].endswith("triples, 7 facts, 9 claims")
    assert counts["harbour.nq"].endswith("quads, 7 facts, 9 claims")
    assert counts["facts.ttl"].endswith("triples, 7 facts")
    assert counts["shapes.ttl"].endswith("triples")
    assert counts["context.jsonld"] == ""
