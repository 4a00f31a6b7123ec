"""Collapsed, a statement shows how it stands in words, and each unit is called what it is."""

import re
from pathlib import Path

import pytest

from blanks import blanks
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rdf.lines import split
from isoc_kg.rendering.citations import claim_citation
from isoc_kg.rendering.fingerprints import Fingerprints
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.renderer import Renderer, renderer_of
from isoc_kg.rendering.resource import ClaimView
from isoc_kg.rendering.standing import on_unit, standings
from isoc_kg.rendering.statements import acceptance
from isoc_kg.rendering.unit_view import UnitView
from isoc_kg.rendering.unit_words import unit_list, unit_words

LIGHT = b"<https://lighthouse.example/kg/id/ravens-point-light>"
LOGBOOK, CHRONICLE = (f"https://lighthouse.example/kg/document/{slug}/1" for slug in ("logbook", "chronicle"))


def rendered(folder: Path) -> Renderer:
    return renderer_of(Publication.of_project(load_project(folder)), "https://host.example/")


def pages(renderer: Renderer) -> dict[str, str]:
    made = (page for bundle in bundles(renderer) for page in bundle.render())
    return {name: content.decode() for name, content in made if name.endswith(".html")}


def summaries(page: str) -> dict[str, str]:
    """Value → what stands behind it while it is collapsed."""
    rows = re.findall(
        r'<span class="value">(.*?)</span>(?:</span>)?(?: <span class="tag">\w[^<]*</span></span>)?'
        r'(?: <strong class="disputed">[^<]*</strong>)?\s*<details class="evidence"><summary>(.*?)</summary>',
        page,
        re.DOTALL,
    )
    return {re.sub("<[^>]*>", "", value).strip(): blanks(re.sub("<[^>]*>", "", words)).strip() for value, words in rows}


def claim(units: dict[str, bool], **more: tuple[str, ...]) -> ClaimView:
    return ClaimView(
        "https://e.example/claim/x.0", tuple(units.items()), more.pop("notes", ()), more.pop("sources", ()), **more
    )


def test_how_a_claim_was_accepted(lighthouse: Path) -> None:
    """One line, whoever's name is published; what else is recorded of it is in the data."""
    ev, prov = "https://w3id.org/isoc-kg/evidence#", "http://www.w3.org/ns/prov#"
    when = (f"<{prov}generatedAtTime>".encode(), b'"2025-03-01T10:00:00Z"')
    who = (f"<{ev}acceptedBy>".encode(), b'"Ada Lind"')
    tool = (f"<{ev}proposedWith>".encode(), b'"patch"')
    policy = (f"<{ev}acceptedUnder>".encode(), b'"pol.toml"')
    renderer = rendered(lighthouse)
    for further, line in [
        ((when, tool), "accepted 2025-03-01"),
        ((when, policy), "accepted 2025-03-01, under the policy pol.toml"),
        ((who, policy, when), "accepted by Ada Lind, under the policy pol.toml, 2025-03-01"),
        ((who, when), "accepted by Ada Lind, 2025-03-01"),
        ((who,), "accepted by Ada Lind"),
        ((tool,), ""),
    ]:
        view = ClaimView("https://e.example/claim/x.0", (), (), (), further=further)
        assert acceptance(renderer, view) == line


def test_of_a_project_with_two_documents(lighthouse: Path) -> None:
    """Who agrees, who denies, and what only follows; each unit with its document's short name."""
    renderer = rendered(lighthouse)
    made = pages(renderer)
    light = summaries(made["id/ravens-point-light.html"])
    assert light["Jon Holm"] == "supported by sentences chronicle:1.3, logbook:1.3"
    assert light["foghorn"] == "supported by sentence logbook:2.1; contradicted by sentence chronicle:2.1"
    assert light["lighthouse on Ravens Point"] == "supported by sentence logbook:1.1"
    assert summaries(made["id/jon-holm.html"])["Person"].startswith("implied by sentences ")
    reading = made["document/chronicle/1.html"]
    assert re.search(r'>foghorn</a> <span class="standing disputed">sources disagree</span>', reading)
    assert '>Jon Holm</a> <span class="standing supported">supported</span>' in reading
    assert re.search(
        r'foghorn</a> <span class="standing supported">supported</span>; '
        r'<span class="standing contradicted">contradicted by sentence chronicle:2.1</span>',
        blanks(made["document/logbook/1.html"]),
    )
    assert '<span class="standing disputed">Retracted</span>' in made["document/logbook/1.html"]
    for page in (made["report.html"], made["statistics.html"]):
        assert not re.search(r"sentence \d+\.\d+<", blanks(page))
    assert "sentence logbook:1.1</a>" in blanks(made["statistics.html"])


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (claim({f"{LOGBOOK}#1.1": False}), ["supported"]),
        (claim({f"{LOGBOOK}#1.1": True}), ["implied"]),
        (claim({f"{LOGBOOK}#1.1": True, f"{CHRONICLE}#1.1": False}), ["supported", "implied"]),
        (claim({f"{LOGBOOK}#1.1": True}, contradicting=(f"{CHRONICLE}#2.1",)), ["implied", "contradicted"]),
        (claim({}, contradicting=(f"{CHRONICLE}#2.1",)), ["contradicted"]),
        (claim({}, notes=("ours",), contradicting=(f"{CHRONICLE}#2.1",)), ["contradicted", "editorial"]),
        (claim({}, notes=("ours",)), ["editorial"]),
        (claim({}, sources=("https://e.example/register",)), ["sourced"]),
        (claim({}), ["bare"]),
    ],
)
def test_each_mixture(lighthouse: Path, view: ClaimView, expected: list[str]) -> None:
    """What speaks for a statement, then what speaks against it; nothing passes for supported that is not."""
    found = standings(rendered(lighthouse), view)
    assert [one.kind for one in found] == expected
    assert all(one.text for one in found)
    assert any("supported" in one.text for one in found) == ("supported" in expected)


def test_units_are_called_what_they_are(lighthouse: Path) -> None:
    """Kinds in their order, several of one kind together; one that the data do not know is a unit."""
    renderer = rendered(lighthouse)
    units = renderer.index.units
    heading, item = f"{LOGBOOK}#7.1", f"{LOGBOOK}#8.1"
    kinds = "https://w3id.org/isoc-kg/evidence#"
    units[heading] = UnitView(heading, "7.1", kind=f"{kinds}Heading", edition=LOGBOOK)
    units[item] = UnitView(item, "8.1", kind=f"{kinds}ListItem", edition=LOGBOOK)
    names = [f"{LOGBOOK}#1.1", f"{LOGBOOK}#1.2", heading, item]
    assert (
        blanks(unit_list(renderer, names))
        == "sentences logbook:1.1, logbook:1.2, heading logbook:7.1, item logbook:8.1"
    )
    assert blanks(unit_list(renderer, names, 2)) == "sentences logbook:1.1, logbook:1.2 …"
    assert unit_words(renderer, f"{CHRONICLE}#9.9") == "unit\N{NO-BREAK SPACE}chronicle:9.9"
    statement = next(one for one in renderer.index.resource(b"<https://lighthouse.example/kg/id/jon-holm>").statements)
    cited = claim_citation(renderer, statement, claim({heading: False, names[0]: True}))
    assert "supported by heading logbook:7.1, Edda Holm: Logbook" in cited.note
    assert "implied by sentence logbook:1.1" in cited.note


def test_one_document_needs_no_name(lighthouse: Path) -> None:
    """Then a number is enough, as on the command line; a replaced edition keeps its own name."""
    renderer = rendered(lighthouse)
    edition = b"<https://w3id.org/isoc-kg/evidence#Edition>"
    before = Fingerprints(renderer.index, renderer.alike).of(LIGHT)
    renderer = rendered(lighthouse)
    renderer.index.members[edition] = [f"<{LOGBOOK}>".encode()]
    # pages follow, though none of their lines is another
    assert Fingerprints(renderer.index, renderer.alike).of(LIGHT) != before
    assert renderer.index.unit_name(f"{LOGBOOK}#1.1") == "1.1"
    renderer = rendered(lighthouse)
    later = LOGBOOK[:-1] + "2"
    renderer.index.members[edition] = [f"<{LOGBOOK}>".encode(), f"<{later}>".encode()]
    renderer.index.replaced.add(f"<{LOGBOOK}>".encode())
    assert renderer.index.unit_name(f"{LOGBOOK}#1.1") == "logbook/1:1.1"
    assert renderer.index.unit_name(f"{later}#1.1") == "1.1"


def test_a_settled_statement_on_its_unit(lighthouse: Path) -> None:
    """What the editors decided shows where the unit is read."""
    renderer = rendered(lighthouse)
    texts = {}
    for unit, rests in renderer.index.claims.items():
        for _, name in rests:
            triple = renderer.index.triple_of(name)
            if b"#height>" in triple:
                texts[split(triple)[2][:4]] = [
                    one.text for one in on_unit(renderer, unit, triple[:-3], name, "supported")
                ]
    assert texts == {b'"31"': ["supported", "Preferred"], b'"33"': ["supported", "Another value is preferred"]}


def test_rivals_are_said_collapsed(lighthouse: Path) -> None:
    """A statement that another source contests says so by word and value before it is unfolded."""
    renderer = rendered(lighthouse)
    index = renderer.index
    contested = [view for name in index.disputed if (view := index.claim(name)[0]) and view.rivals]
    assert contested
    for view in contested:
        value = renderer.text_of(split(index.triple_of(view.rivals[0]))[2])
        (text,) = [one.text for one in standings(renderer, view) if one.kind == "disputed"]
        assert text.startswith("another source says ")
        assert value in text
