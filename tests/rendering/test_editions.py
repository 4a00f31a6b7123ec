"""Editions that follow each other: each says at its top what replaces it, or what it replaces."""

import re

import pytest

from isoc_kg.rdf.lines import sort_lines
from isoc_kg.rendering.documents import document_bundles
from long_documents import BASE, document_lines, renderer_of_lines

_LINKS = (
    ("1", "http://purl.org/dc/terms/isReplacedBy", "2"),
    ("2", "http://purl.org/dc/terms/isReplacedBy", "3"),
    ("2", "http://www.w3.org/ns/prov#wasRevisionOf", "1"),
    ("3", "http://www.w3.org/ns/prov#wasRevisionOf", "2"),
)


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    """The pages of three editions, the second of which is long, and of the list of documents."""
    lines: list[bytes] = []
    for number, units in (("1", 8), ("2", 310), ("3", 1_200)):
        for line in document_lines(units, claims=2 if number == "1" else 0):
            lines.append(
                line.replace(b"/log/1", f"/log/{number}".encode()).replace(b'log"@en', b'log, %s"@en' % number.encode())
            )
    for subject, predicate, object_ in _LINKS:
        name = f"{BASE}document/log/"
        lines.append(f"<{name}{subject}> <{predicate}> <{name}{object_}> <{BASE}graph/document> .\n".encode())
    renderer = renderer_of_lines(sort_lines(lines))
    return {
        path: content.decode()
        for bundle in document_bundles(renderer)
        if bundle.key in ("documents", "document/log/1", "document/log/2", "document/log/2/1", "document/log/3")
        for path, content in bundle.render()  # type: ignore[union-attr]
        if path.endswith(".html")
    }


def test_what_replaces_an_edition(found: dict[str, str]) -> None:
    """The last of those that follow it, on each of its pages, and of what it replaces the one before."""
    newer = 'A newer edition replaces this one: <a href="{}">The long log, 3</a>.'
    head = found["document/log/1.html"].partition("</header>\n<div")[0]
    assert newer.format("../../document/log/3.html") in head
    for path, root in (("document/log/2.html", "../../"), ("document/log/2/1.html", "../../../")):
        assert newer.format(f"{root}document/log/3.html") in found[path]
        assert f'replaces an older one: <a href="{root}document/log/1.html">' in found[path]
    last = found["document/log/3.html"]
    assert "A newer edition" not in last
    assert 'replaces an older one: <a href="../../document/log/2.html">The long log, 2</a>.' in last
    assert 'aria-hidden="true">←</span>' not in last  # “is replaced by” would read as the opposite there


def test_that_a_replaced_edition_has_not_failed(found: dict[str, str]) -> None:
    """What rests on it is told without what does not; so in the list, where figures are written as everywhere."""
    first = found["document/log/1.html"]
    assert "1 of its 8 passages still support statements" in first
    assert "No statement rests on this passage" not in first
    assert "All current statements rest on the newer edition." in found["document/log/2.html"]
    assert "1,176 need a statement; 0 of these have one." in found["document/log/3.html"]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in found["documents.html"].split("<tr")[2:]]
    assert cells[0] == ["8", "1", ""]
    assert cells[2][:2] == ["1,200", "0 / 1,176"]
    assert found["documents.html"].count("A newer edition") == 2
