"""The W3C suites' manifests, and isomorphism as they mean it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_HERE = "http://manifest.invalid/"


@dataclass(frozen=True)
class Case:
    """One entry of a manifest."""

    name: str  #: what is behind the entry's hash
    kind: str  #: the local name of its class
    action: Path
    result: Path | None
    base: str  #: the IRI that the action stands for
    more: dict[str, str]  #: the entry's other values, by the local name of the property


def cases(folder: Path) -> list[Case]:
    """The entries of the folder's own manifest, in its order."""
    parser = ox.parse((folder / "manifest.ttl").read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=_HERE)
    by_subject: dict[str, dict[str, str]] = {}
    for triple in parser:
        subject = by_subject.setdefault(str(triple.subject), {})
        subject[triple.predicate.value.rpartition("#")[2]] = getattr(triple.object, "value", "")
    base = next((entry["assumedTestBase"] for entry in by_subject.values() if "assumedTestBase" in entry), None)
    suite = folder.relative_to(folder.parents[1] if folder.parent.name in ("rdf11", "rdf12") else folder.parents[2])
    base = base or f"https://w3c.github.io/rdf-tests/rdf/{suite}/"
    found = []
    for iri, entry in by_subject.items():
        if "action" in entry and "type" in entry:
            local = entry["action"].removeprefix(_HERE)
            result = entry.get("result")
            found.append(
                Case(
                    iri.strip("<>").rpartition("#")[2],
                    entry["type"].rpartition("#")[2],
                    folder / unquote(local),
                    folder / unquote(result.removeprefix(_HERE)) if result else None,
                    base + local,
                    entry,
                )
            )
    return found


def canonical(quads: Iterable[ox.Quad]) -> set[bytes]:
    """The same for isomorphic datasets, and for no others."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    data = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
    return set(data.splitlines())
