"""docs/evidence-models.md: each form of the example parses, has the size that the table gives, and is of the data."""

import re
import warnings

import pyoxigraph
import pytest
import rdflib
from rdflib.plugins.parsers.notation3 import BadSyntax

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.project import load_project

from material import ROOT

PAGE = (ROOT / "docs" / "evidence-models.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?ms)^```(turtle|trig)\n(.*?)^```", PAGE)
PREFIXES = BLOCKS[0][1]
SECTIONS = re.split(r"(?m)^### (.+)\n", PAGE)
FORMS = {
    title: next(iter(re.findall(r"(?ms)^```(turtle|trig)\n(.*?)^```", body)))
    for title, body in zip(SECTIONS[1::2], SECTIONS[2::2], strict=True)
}
SIZES = {anchor: int(size) for anchor, size in re.findall(r"(?m)^\| \[[^]]+\]\(#([\w-]+)\) .* \| (\d+) \|$", PAGE)}
OXIGRAPH = {"turtle": pyoxigraph.RdfFormat.TURTLE, "trig": pyoxigraph.RdfFormat.TRIG}


def anchor(title: str) -> str:
    """The anchor of a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def test_the_table_has_each_form() -> None:
    assert {anchor(title) for title in FORMS} == set(SIZES)
    assert len(FORMS) == 6


@pytest.mark.parametrize("title", FORMS)
def test_each_form_parses_and_has_its_size(title: str) -> None:
    """By pyoxigraph, which reads RDF 1.2; by rdflib, too, where the form is RDF 1.1."""
    syntax, text = FORMS[title]
    quads = set(pyoxigraph.parse(PREFIXES + text, OXIGRAPH[syntax]))
    assert len(quads) == SIZES[anchor(title)]
    dataset = rdflib.Dataset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        if title == "RDF 1.2":  # the page states that rdflib does not read it
            with pytest.raises(BadSyntax):
                dataset.parse(data=PREFIXES + text, format=syntax)
        else:
            dataset.parse(data=PREFIXES + text, format=syntax)
            assert len(list(dataset.quads())) == len(quads)


def test_every_prefix_is_used() -> None:
    """The list of prefixes has no more than the examples need."""
    text = "".join(block for _, block in FORMS.values())
    names = re.findall(r"@prefix (\w+):", PREFIXES)
    assert [name for name in names if not re.search(rf"(?<!\w){name}:", text)] == []


def test_our_form_is_of_the_example() -> None:
    """The triples on the page are those that the example publishes."""
    published = {
        line for lines in build_dataset(load_project(ROOT / "examples/harbour-trust")).graphs.values() for line in lines
    }
    shown = {
        f"{quad.triple} .\n".encode()
        for quad in pyoxigraph.parse(PREFIXES + FORMS["isoc-kg model"][1], OXIGRAPH["turtle"])
    }
    assert shown <= published
