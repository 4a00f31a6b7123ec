"""`export --format nanopub`: one for each claim that holds, whole, and valid where the reference package looks."""

import warnings
from collections import defaultdict
from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.formats import TRIG
from isoc_kg.namespaces import DCTERMS, EV, PROV
from isoc_kg.project import load_project
from isoc_kg.publication.nanopublications import NP, nanopublications
from isoc_kg.rdf import read_lines
from isoc_kg.rdf.lines import iri, split

from material import ROOT

HARBOUR = ROOT / "tests" / "projects" / "harbour"
LIGHTHOUSE = ROOT / "tests" / "projects" / "lighthouse"


def graphs(lines: list[bytes]) -> dict[str, list[tuple[bytes, ...]]]:
    """Graph → its triples."""
    result: dict[str, list[tuple[bytes, ...]]] = defaultdict(list)
    for line in lines:
        *triple, graph = split(line)
        result[iri(graph)].append(tuple(triple))
    return result


@pytest.mark.parametrize("folder", [ROOT, HARBOUR, LIGHTHOUSE], ids=["isoc-kg", "harbour", "lighthouse"])
def test_one_for_each_claim(folder: Path) -> None:
    """Head, assertion, provenance and publication info; none of what is retracted or settled against."""
    dataset = build_dataset(load_project(folder))
    parts = graphs(nanopublications(dataset))
    holding = {triple: claim for triple, claim in dataset.claims.items() if triple not in dataset.withdrawn}
    names = {name.partition("#")[0] for name in parts}
    assert len(names) == len(holding)
    assert len(parts) == 4 * len(holding)
    for triple, claim in holding.items():
        name = dataset.project.ids.nanopublication(claim.iri)
        assert parts[f"{name}#assertion"] == [split(triple)[:3]]
        head = {iri(predicate): iri(object_) for _, predicate, object_ in parts[f"{name}#Head"]}
        assert head[NP.hasAssertion] == f"{name}#assertion"
        assert head[NP.hasPublicationInfo] == f"{name}#pubinfo"
        rests = {(iri(p), o.decode()) for s, p, o in parts[f"{name}#provenance"] if iri(s) == f"{name}#assertion"}
        assert {(key, value) for key, values in claim.evidence.items() for value in values} <= rests
        for unit in claim.evidence.get(EV.supportedBy, ()):
            assert (PROV.wasDerivedFrom, unit) in rests
        assert any(s == f"<{name}>".encode() and iri(p) == DCTERMS.isPartOf for s, p, _ in parts[f"{name}#pubinfo"])


def test_words_are_there_where_they_are_published() -> None:
    """The provenance has the sentence itself, or its place alone."""
    published = b"".join(nanopublications(build_dataset(load_project(HARBOUR))))
    assert published.count(b"http://www.w3.org/ns/oa#exact") > 3
    assert b"oa#exact" not in b"".join(nanopublications(build_dataset(load_project(ROOT))))


def test_the_command(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A file of TriG, the same each time; with files, a graph or an endpoint it is refused."""
    for name in ("a.trig", "b.trig"):
        cli("export", "--project", HARBOUR, "--format", "nanopub", "-o", tmp_path / name)
    assert (tmp_path / "a.trig").read_bytes() == (tmp_path / "b.trig").read_bytes()
    lines = read_lines(tmp_path / "a.trig", TRIG)
    assert lines == nanopublications(build_dataset(load_project(HARBOUR)))
    for more in (["a.trig"], ["--graph", "facts"], ["--from", "ttl"], ["--unordered"]):
        refused = cli("export", "--project", HARBOUR, "--format", "nanopub", *more, code=2)
        assert "--format nanopub allows only --project and -o" in refused.stderr


def test_the_reference_package_finds_them_valid() -> None:
    """Every fiftieth of the shipped ones, read by `nanopub`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nanopub = pytest.importorskip("nanopub", reason="NOT TESTED: no nanopub: pip install nanopub")
        rdflib = pytest.importorskip("rdflib")
        by_name: dict[str, list[bytes]] = defaultdict(list)
        for line in nanopublications(build_dataset(load_project(ROOT))):
            by_name[iri(split(line)[3]).partition("#")[0]].append(line)
        for name in sorted(by_name)[::50]:
            graph = rdflib.ConjunctiveGraph()
            graph.parse(data=b"".join(by_name[name]), format="nquads")
            one = nanopub.Nanopub(rdf=graph)
            assert one.is_valid
            assert str(one.metadata.np_uri) == name
            graph.remove((None, None, None, graph.get_context(f"{name}#provenance")))
            with pytest.raises(nanopub.utils.MalformedNanopubError):
                assert not nanopub.Nanopub(rdf=graph).is_valid
