"""JSON-LD leaves out statements with ill-formed IRIs or language tags; whoever reads a document learns of it."""

import json
import warnings
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.errors import DataWarning, visible
from isoc_kg.rdf.files import Reading
from isoc_kg.rdf.reading import read_quads

CONTEXT = {
    "e": "http://e.example/",
    "id": "@id",
    "link": {"@id": "e:link", "@type": "@id"},
    "links": {"@id": "e:links", "@type": "@id", "@container": "@list"},
    "label": {"@id": "e:label", "@container": "@language"},
}
FINE = {"id": "e:a", "e:note": "Note: see http://e.example/a b", "link": "e:b", "label": {"en": "x"}}
LOST: list[tuple[dict[str, Any], str]] = [
    ({"id": "http://e.example/c d"}, "http://e.example/c d"),
    ({"id": "c d"}, "c d"),
    ({"link": "http://e.example/c d"}, "http://e.example/c d"),
    ({"link": ["e:b", "e:c d"]}, "e:c d"),
    ({"links": ["e:b", "http://e.example/{c}"]}, "http://e.example/{c}"),
    ({"@type": "e:My Class"}, "e:My Class"),
    ({"e:my property": "x"}, "e:my property"),
    ({"link": "http://e.example/%zz"}, "http://e.example/%zz"),
    ({"link": "c%2"}, "c%2"),
    ({"link": "http://[c]/"}, "http://[c]/"),
    ({"link": "http://e.example/#c#d"}, "http://e.example/#c#d"),
    ({"link": "http://e.example:c/"}, "http://e.example:c/"),
    ({"link": "http://e.example/\ue000"}, "http://e.example/\ue000"),
    ({"http://e.example/[c]": 1}, "http://e.example/[c]"),
    ({"label": {"en_US": "x", "en": "y"}}, "en_US"),
    ({"e:p": {"@value": "x", "@language": "t"}}, "t"),
]


#: Documents with it go to another reader.
UNUSUAL = {"@propagate": True}


def written(folder: Path, *nodes: dict[str, Any], context: object = CONTEXT) -> Path:
    file = folder / "data.jsonld"
    text = json.dumps({"@context": context, "@graph": [*nodes]}, indent=1, ensure_ascii=False).replace(
        "http://", "http:\\/\\/"
    )
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("more", [{}, UNUSUAL], ids=["ordinary", "unusual"])
@pytest.mark.parametrize(("members", "shown"), LOST, ids=[shown for _, shown in LOST])
def test_what_is_left_out_is_reported(
    tmp_path: Path, members: dict[str, Any], shown: str, more: dict[str, Any]
) -> None:
    """With the first one, wherever a context makes an IRI or a tag of it; solidi may be escaped."""
    file = written(tmp_path, FINE, FINE | members, context=CONTEXT | more)
    with pytest.warns(DataWarning, match="is not a valid IRI or language tag") as warned:
        quads = list(read_quads(file, base="http://e.example/"))
    message = str(warned[0].message)
    line = int(message.removeprefix(f"{file}:").partition(":")[0])
    assert f"“{visible(shown)}”" in message
    assert shown in file.read_text().replace("\\/", "/").splitlines()[line - 1]
    assert quads


@pytest.mark.parametrize(
    ("context", "members"),
    [
        ({"@vocab": "http://e.example/a b/"}, {"name": "x"}),
        ({"@vocab": "http://e.example/[a]/"}, {"@type": "Name"}),
        ({"@base": "http://e.example/a b/"}, {"e:link": {"@id": "c"}}),
        ({"@language": "en_US"}, {"e:name": "x"}),
        ({"@language": "en-toolongsubtag"}, {"e:name": ["x"]}),
    ],
)
def test_by_what_comes_before(tmp_path: Path, context: dict[str, Any], members: dict[str, Any]) -> None:
    """What has a name of a vocabulary, or is relative to a base, that is no IRI is lost; no more than that is."""
    node = {"@id": "http://e.example/s", "e:p": 1, "e:q": {"@id": "http://e.example/o"}}
    file = written(tmp_path, node | members, context=CONTEXT | context)
    with pytest.warns(DataWarning, match="is not a valid IRI") as warned:
        assert len(list(read_quads(file))) == 2
    assert f"“{next(iter(context.values()))}”" in str(warned[0].message)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(list(read_quads(written(tmp_path, node, context=CONTEXT | context)))) == 2


@pytest.mark.parametrize(
    "term",
    [{"@language": "en_US"}, {"@type": "@id", "@context": {"e:name": {"@id": "e:name", "@language": "en_US"}}}],
)
def test_by_a_term(tmp_path: Path, term: dict[str, Any]) -> None:
    """A term has a tag of its own, or a context for what is within."""
    context = [CONTEXT, {"name": {"@id": "e:of", **term}}]
    node = {"@id": "e:s", "e:p": 1, "name": "x" if "@language" in term else {"e:name": "x"}}
    with pytest.warns(DataWarning, match="“en_US” is not a valid IRI"):
        list(read_quads(written(tmp_path, node, context=context)))


def test_by_a_context_that_is_a_file(tmp_path: Path) -> None:
    """Its terms tell what is an IRI; many are counted."""
    context = tmp_path / "context.jsonld"
    context.write_text(json.dumps({"@context": CONTEXT}))
    file = written(tmp_path, FINE | {"link": ["e:c d", "e:e f"]}, context="https://e.example/context")
    (found,) = Reading(contexts={"https://e.example/context": context}).files([file])
    with pytest.warns(DataWarning, match="2 IRIs or language tags are not valid, such as “e:c d”"):
        list(found.quads(None, None, rename_blank_nodes=False))


def test_that_texts_are_no_iris(tmp_path: Path) -> None:
    """Nothing is reported where nothing is lost, whatever texts look like."""
    more = {
        "e:path": "c:\\my files",
        "e:locale": "en_US",
        "label": {"i-klingon": "x", "@none": "y"},
        "unknown key": "x",
        "link": ["http://a:b@e.example:80/%C3%A9?c#d", "http://[::1]:80/", "http://e.example/é", "urn:a:b", "e:100%25"],
        "e:note": ["100 %", "#a#b", "http://e.example/[a]"],
    }
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(read_quads(written(tmp_path, FINE | more)))
