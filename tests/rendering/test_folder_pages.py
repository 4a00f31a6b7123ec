"""Folders have a page that leads on to what their identifier means, for hosts that would list their files."""

from pathlib import Path

from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.discovery import discovery_files
from isoc_kg.rendering.folder_pages import folder_bundles
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.renderer import renderer_of


def test_folders_lead_on(lighthouse: Path) -> None:
    """To the page beside them, else to the list of what is in them; none of theirs is in the site map."""
    renderer = renderer_of(Publication.of_project(load_project(lighthouse)), "https://host.example/")
    keys = [bundle.key for bundle in bundles(renderer)]
    assert len(keys) == len(set(keys))
    for folder, target in (
        ("ontology", "../ontology.html"), ("evidence", "../evidence.html"), ("id", "../browse/index.html"),
        ("document", "../documents.html"), ("document/logbook", "../../document/logbook.html"),
    ):  # fmt: skip
        bundle = next(one for one in bundles(renderer) if one.key == f"{folder}/index")
        ((path, html),) = bundle.render()
        assert path == f"{folder}/index.html"
        assert f'<a href="{target}" data-ahead>' in html.decode()
        assert f'content="0; url={target}"' in html.decode()
    maps = dict(discovery_files(renderer, [f"{key}.html" for key in keys]))["sitemap.xml"].decode()
    assert "browse/index.html" in maps
    assert "ontology/index.html" not in maps
    assert not [one.key for one in folder_bundles(renderer, ["ontology", "ontology/index", "theme/x"])]
