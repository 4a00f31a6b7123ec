"""The graph of things: where it begins, which links there are, and how each is supported."""

from pathlib import Path

import pytest

from blanks import blanks
from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.project import Project, load_project
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.link_graph import LinkGraph
from isoc_kg.rendering.listings import Listings
from isoc_kg.rendering.renderer import Material, Renderer
from isoc_kg.rendering.theme import load_theme


def graph(project: Project) -> LinkGraph:
    """The graph of a project's dataset."""
    renderer = Renderer(Index(project, build_dataset(project).lines), load_theme(project), Material(), "")
    return LinkGraph(renderer, Listings(renderer))


@pytest.fixture(scope="module")
def shipped() -> LinkGraph:
    """That of the shipped publication."""
    return graph(load_project())


def test_start(shipped: LinkGraph) -> None:
    """It begins with the subject of `kg.toml`, whose class is the first; schemes, on which all hangs, come late."""
    assert shipped.start is not None
    data = shipped.data()
    assert data["nodes"][data["start"]]["l"] == "Internet Society"
    assert data["nodes"][data["start"]]["n"] == ["ISOC"]
    classes = [entry["l"] for entry in data["classes"]]
    assert classes[0] == "organization"
    assert classes.index("concept scheme") > 8
    assert sum(entry["n"] for entry in data["classes"]) == len(data["nodes"])


def test_links(shipped: LinkGraph) -> None:
    """Each statement that links two things is there once, with its state and where it stands; entailed ones are not."""
    data = shipped.data()
    assert len({tuple(edge[:3]) for edge in data["edges"]}) == len(data["edges"])
    states = {data["states"][edge[3]][0] for edge in data["edges"]}
    assert states == {"supported", "implied", "editorial", "derived"}
    assert data["aside"] == [len(data["properties"]) - 1], "membership of schemes is the last property"
    numbers = {node["l"]: number for number, node in enumerate(data["nodes"])}
    (edge,) = [
        edge for edge in data["edges"]
        if edge[:2] == [numbers["Internet Society"], numbers["Online Trust Alliance"]]
        and data["properties"][edge[2]] == "initiative"
    ]  # fmt: skip
    assert data["states"][edge[3]] == ["implied", "implied"]
    assert blanks(data["supports"][edge[4]]) == "implied by lead-in 14.3"
    assert len(edge[5]) == 16


def test_list(shipped: LinkGraph) -> None:
    """Where no script runs there are the same links of the start."""
    data, listed = shipped.data(), shipped.listed()
    ends = [edge for edge in data["edges"] if data["start"] in edge[:2]]
    assert sum(len(group["links"]) for group in listed["groups"]) == len(ends)
    assert [group["outward"] for group in listed["groups"]] == sorted(
        (group["outward"] for group in listed["groups"]), reverse=True
    )


def test_disagreement(lighthouse: Path) -> None:
    """Without a subject it begins with what is most described; a disputed link says so."""
    data = graph(load_project(lighthouse)).data()
    assert data["start"] is not None
    assert all(len(edge) in (3, 6) for edge in data["edges"])
