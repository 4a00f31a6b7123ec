"""`dataset.ttl`: what DCAT-AP asks, counts that add up, and nothing that nobody has said."""

import re
import shutil
from functools import cache
from pathlib import Path

import pytest

from isoc_kg.errors import ProjectError
from isoc_kg.formats import JSONLD, NTRIPLES, RDFXML, TRIG, TURTLE
from isoc_kg.limits import Limits
from isoc_kg.namespaces import DCAT, DCTERMS, DQV, FOAF, OWL, PROV, RDF, SH, SPDX, VCARD, VOID
from isoc_kg.project import load_project, project_from_text
from isoc_kg.project.authority_lists import licence_types, listed_language
from isoc_kg.publication.publication import Publication
from isoc_kg.publication.start import NewProject, start_project
from isoc_kg.rdf import read_lines
from isoc_kg.rdf.lines import iri, literal, split
from isoc_kg.validation import DataGraph, Report

from material import ROOT

OUT = ROOT / "out"
BASE = "https://w3id.org/isoc-kg/"
DATASET = BASE + "dataset"
EU = "http://publications.europa.eu/resource/authority/"
#: What DCAT-AP recommends and the shipped description does not have, named in docs/conformance.md with the reasons.
UNSAID = {
    DCAT.keyword,  # of ontology and shapes, which are about nothing that the data are about
    DCAT.theme,
    "http://data.europa.eu/r5r/availability",
    DCAT.contactPoint,
    DCTERMS.spatial,
    DCTERMS.temporal,
    FOAF.homepage,
}


@cache
def rules() -> bytes:
    return b"".join(read_lines(Path(__file__).with_name("dcat-ap.ttl")))


def report(lines: list[bytes]) -> Report:
    return DataGraph(b"".join(lines)).report(rules(), "compiled", Limits())


def found(lines: list[bytes], *, violations: bool = True) -> set[str]:
    """The paths of what is found, of violations or of the rest; components where there is no path."""
    return {
        (result.path or result.component).strip("<>")
        for result in report(lines).results
        if (result.severity == SH.Violation) == violations
    }


@cache
def shipped() -> tuple[bytes, ...]:
    return tuple(read_lines(OUT / "dataset.ttl"))


def objects(lines: object, subject: str, predicate: str) -> list[str]:
    """The objects of a subject: IRIs, or the texts of literals."""
    start = f"<{subject}> <{predicate}> ".encode()
    tokens = [split(line)[2] for line in lines if line.startswith(start)]  # type: ignore[attr-defined]
    return [iri(token) if token.startswith(b"<") else literal(token)[0] for token in tokens]


def described(project_file: Path) -> list[bytes]:
    return read_lines(Publication.of_project(load_project(project_file)).data["dataset.ttl"], TURTLE)


def test_no_violation_and_the_warnings_that_are_documented() -> None:
    """Every class that the rules speak of is there; what is recommended and missing stands in the documentation."""
    lines = list(shipped())
    assert found(lines) == set()
    assert found(lines, violations=False) == UNSAID
    documented = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    row = next(line for line in documented.splitlines() if "DCAT-AP 3.0.1" in line and "recommended" in line)
    assert all(re.split("[/#]", name)[-1] in row for name in UNSAID)


#: What is taken away or changed → the path of the violation, or warning, that follows.
BROKEN: list[tuple[str, str, str, bool]] = [
    (f"<{DATASET}> <{DCTERMS.title}> .*\n", "", DCTERMS.title, True),
    (f"<{DATASET}> <{DCTERMS.description}> .*\n", "", DCTERMS.description, True),
    (f"(<{DATASET}> <{DCTERMS.creator}>) .*\n", r'\1 "Somebody" .' + "\n", DCTERMS.creator, True),
    (f"(<{DATASET}> <{DCTERMS.language}>) .*\n", r'\1 "en" .' + "\n", DCTERMS.language, True),
    (f"<{EU}language/ENG> <[^>]*inScheme> .*\n", "", DCTERMS.language, True),
    (f"(?m)^<[^>]*> <{RDF.type}> <{FOAF.Agent}> .\n", "", DCTERMS.publisher, True),
    (f"(?m)^<[^>]*> <{FOAF.name}> .*\n", "", FOAF.name, True),
    (f"<{DATASET}/catalogue> <{DCTERMS.publisher}> .*\n", "", DCTERMS.publisher, True),
    (f"<{DATASET}/facts.ttl> <{DCAT.accessURL}> .*\n", "", DCAT.accessURL, True),
    (f"<{DATASET}/facts.ttl/checksum> <{SPDX.algorithm}> .*\n", "", SPDX.algorithm, True),
    (f'(<{DATASET}/facts.ttl> <{DCAT.byteSize}> "[0-9]+")[^ ]*', r"\1", DCAT.byteSize, True),
    ("assignments/media-types/", "types/", DCAT.mediaType, True),
    (f"<{EU}file-type/RDF_TURTLE> <{RDF.type}> .*\n", "", DCTERMS["format"], True),
    ("(?m)^<[^>]*> <[^>]*prefLabel> .*\n", "", "http://www.w3.org/2004/02/skos/core#prefLabel", True),
    (f"(<{DATASET}> <{DCTERMS.issued}>) .*\n", r'\1 "today" .' + "\n", DCTERMS.issued, True),
    (f"(<{DATASET}> <{DCAT.version}>) .*\n", r'\1 "1" .' + "\n" + r'\1 "2" .' + "\n", DCAT.version, True),
    (f"(?m)^<[^>]*> <{DCAT.keyword}> .*\n", "", DCAT.keyword, False),
    (f"(?m)^<[^>]*> <{DCAT.theme}> .*\n", "", DCAT.theme, False),
    (f"<{DATASET}> <{DCTERMS.publisher}> .*\n", "", DCTERMS.publisher, False),
    (f"<{DATASET}/facts.ttl> <{DCTERMS.description}> .*\n", "", DCTERMS.description, False),
    (f"<{DATASET}/facts.ttl> <{DCTERMS.license}> .*\n", "", DCTERMS.license, False),
    (f"<{DATASET}/creator> <{DCTERMS.type}> .*\n", "", DCTERMS.type, False),
]


@pytest.mark.parametrize(("pattern", "replacement", "path", "violation"), BROKEN, ids=range(len(BROKEN)))
def test_each_rule_notices(pattern: str, replacement: str, path: str, violation: bool) -> None:
    """A description that breaks a rule is found out, so that the rules are no mere ornament."""
    text = b"".join(shipped()).decode()
    changed = re.sub(pattern, replacement, text)
    assert changed != text
    assert path in found([line.encode() for line in changed.splitlines(keepends=True)], violations=violation)


def test_what_is_said_of_each_dataset() -> None:
    """One title in a language each; keywords and themes are those of the data alone."""
    for kind in (DCAT.Dataset, VOID.Dataset):
        for line in shipped():
            if line.endswith(f" <{RDF.type}> <{kind}> .\n".encode()):
                subject = split(line)[0]
                titles = [other for other in shipped() if other.startswith(subject + f" <{DCTERMS.title}> ".encode())]
                assert len(titles) == 1, titles
    for property_ in (DCAT.keyword, DCAT.theme):
        assert {split(line)[0] for line in shipped() if split(line)[1] == f"<{property_}>".encode()} == {
            f"<{DATASET}>".encode()
        }


def test_languages_are_those_of_the_data(tmp_path: Path) -> None:
    """Of the texts that are published, whatever script or region, and of titles: the ontology has the latter."""
    folder = Path(shutil.copytree(ROOT / "tests" / "projects" / "harbour", tmp_path / "harbour"))
    file = folder / "facts" / "harbour.ttl"
    text, note = file.read_text(encoding="utf-8"), '{| skos:editorialNote "Ours."@en |}'
    assert text.count('"Eiche"@de') == 1
    names = rf'"gruas"@pt-BR {note} , "\"@fr ."@nds-Latn-DE {note} , "Eiche"@de'
    file.write_text(text.replace('"Eiche"@de', names), encoding="utf-8")
    lines = described(folder)
    base = load_project(folder).base
    for name in ("dataset", "graph/facts", "dataset/facts.ttl", "dataset/harbour.jsonld"):
        languages = {name.rpartition("/")[2] for name in objects(lines, base + name, DCTERMS.language)}
        assert languages == {"DEU", "ENG", "POR"}, name
    for name in ("ontology", "dataset/ontology.ttl", "dataset/catalogue", "shapes", "dataset/report"):
        assert len(objects(lines, base + name, DCTERMS.language)) <= 1, name
    assert found(lines) == set()


def number(lines: object, subject: str) -> int:
    (count,) = objects(lines, subject, VOID.triples)
    return int(count)


@pytest.mark.parametrize("name", ["isoc-kg", "harbour", "lighthouse", "lamp"])
def test_subsets_add_up(name: str) -> None:
    """The graphs of the whole, and of the dataset of all graphs, have together as many triples as it has."""
    if name == "isoc-kg":
        lines, base, dumps = list(shipped()), BASE, {path.name: path.read_bytes() for path in OUT.glob(f"{name}.*")}
    else:
        publication = Publication.of_project(load_project(ROOT / "tests" / "projects" / name))
        lines, base, dumps = (
            read_lines(publication.data["dataset.ttl"], TURTLE),
            publication.project.base,
            publication.data,
        )
    for dataset, graphs, dump in (("dataset", 4, f"{name}.ttl"), ("dataset/all", 6, f"{name}.trig")):
        subsets = objects(lines, base + dataset, VOID.subset)
        assert 2 <= len(subsets) <= graphs
        assert sum(number(lines, part) for part in subsets) == number(lines, base + dataset)
        assert len(read_lines(dumps[dump], TURTLE if dump.endswith("ttl") else TRIG)) == number(lines, base + dataset)
        assert base + dump in objects(lines, base + dataset, VOID.dataDump)
    whole = [name for name in objects(lines, base + "dataset", VOID.dataDump) if name.endswith((".nq", ".trig"))]
    assert whole == []


def test_each_file_belongs_to_what_it_represents() -> None:
    """Ontology, shapes and report are resources of their own, and each file has its size, media type and checksum."""
    owner = {
        split(line)[2][1:-1].decode().removeprefix(DATASET + "/"): split(line)[0][1:-1].decode()
        for line in shipped()
        if split(line)[1] == f"<{DCAT.distribution}>".encode()
    }
    assert {name for name, of in owner.items() if of == DATASET} == {
        *(f"isoc-kg.{extension}" for extension in ("ttl", "nt", "nq", "trig", "rdf", "jsonld")),
        "tree.jsonld",
    }
    assert owner["facts.ttl"] == BASE + "graph/facts"
    assert owner["ontology.ttl"] == owner["context.jsonld"] == BASE + "ontology"
    assert owner["evidence.ttl"] == BASE + "evidence"
    assert owner["shapes.ttl"] == BASE + "shapes"
    assert owner["report.ttl"] == DATASET + "/report"
    files = {str(path.relative_to(OUT)) for path in OUT.rglob("*") if path.is_file() and not path.name.startswith(".")}
    assert files - set(owner) == {"dataset.ttl", "SHA256SUMS", "ro-crate-metadata.json"}
    for name in owner:
        (size,), (description,) = (
            objects(shipped(), f"{DATASET}/{name}", p) for p in (DCAT.byteSize, DCTERMS.description)
        )
        assert int(size) == (OUT / name).stat().st_size
        assert len(description) > 20
    statements = len(read_lines(OUT / "facts.ttl"))
    assert f"{statements:,} statements" in objects(shipped(), f"{DATASET}/facts.ttl", DCTERMS.description)[0]


def test_quality_is_measured() -> None:
    """What the audit, the coverage and the validation found, each with a metric that says what it is."""
    metrics = {
        objects(shipped(), one, DQV.isMeasurementOf)[0]: one
        for one in objects(shipped(), DATASET, DQV.hasQualityMeasurement)
    }
    values = {
        metric.removeprefix(f"{DATASET}/metric/"): objects(shipped(), one, DQV.value) for metric, one in metrics.items()
    }
    assert values["coverage"] == ["1.0"]
    assert values["validation-violations"] == values["validation-other-results"] == ["0"]
    assert "turned" in values
    for metric, one in metrics.items():
        assert objects(shipped(), metric, "http://www.w3.org/2004/02/skos/core#definition")
        assert objects(shipped(), one, DQV.computedOn)


def new(tmp_path: Path, **more: str) -> Path:
    start_project(tmp_path / "new", NewProject("Piers", "https://example.org/piers/", **more))  # type: ignore[arg-type]
    return tmp_path / "new"


def test_what_is_not_said_is_left_out(tmp_path: Path) -> None:
    """A project with few settings: no agent, contact, licence, theme or catalogue, and no violation."""
    lines = described(new(tmp_path))
    assert found(lines) == set()
    name = "https://example.org/piers/dataset"
    # the evidence vocabulary, which every project shares, has a maker and a licence
    own = [line for line in lines if b"/evidence" not in line.split(b" ")[0]]
    for property_ in (DCTERMS.creator, DCTERMS.publisher, DCTERMS.license, DCAT.contactPoint, DCAT.theme, DCAT.keyword):
        assert not any(f" <{property_}> ".encode() in line for line in own)
    assert not any(DCAT.Catalog.encode() in line for line in lines)
    assert not objects(lines, name, DCTERMS.accessRights)
    assert b"isoc-kg authors" not in b"".join(line for line in lines if line.startswith(b"<https://example.org/"))
    unknown = {"language": "tlh"}
    lines = described(new(tmp_path / "unknown", **unknown))
    assert found(lines) == set()
    assert not objects(lines, name, DCTERMS.language)


SETTINGS = """
homepage = "https://example.org/"
curator = "Ada"
[publisher]
name = "Pier trust"
iri = "https://example.org/trust"
type = "NonProfitOrganisation"
[contact]
mail = "o'neil+data@example.org"
form = "https://example.org/issues?new=1"
[catalogue]
keywords = ["Seebrücke", "pier"]
themes = ["TRAN", "EDUC"]
access = "RESTRICTED"
"""


def test_all_settings(tmp_path: Path) -> None:
    """Publisher, contact, keywords, themes and access rights are published as they are set."""
    folder = new(tmp_path, creator="Ada", licence="https://creativecommons.org/licenses/by-sa/4.0/", language="de-AT")
    settings = folder / "kg.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[prefixes]", SETTINGS + "[prefixes]"), encoding="utf-8")
    lines = described(folder)
    assert found(lines) == set()
    name = "https://example.org/piers/dataset"
    assert found(lines, violations=False) & {DCAT.theme, DCAT.keyword, DCTERMS.creator, DCTERMS.type} <= {
        DCAT.theme,
        DCAT.keyword,
    }
    assert objects(lines, name, DCTERMS.publisher) == ["https://example.org/trust"]
    assert objects(lines, "https://example.org/trust", FOAF.name) == ["Pier trust"]
    assert objects(lines, name, DCTERMS.creator) == [name + "/creator"]
    assert objects(lines, name + "/creator", FOAF.name) == ["Ada"]
    assert objects(lines, name, PROV.wasAttributedTo) == [name + "/curator"]
    (contact,) = objects(lines, name, DCAT.contactPoint)
    assert objects(lines, contact, VCARD.hasEmail) == ["mailto:o'neil+data@example.org"]
    assert objects(lines, contact, VCARD.hasURL) == ["https://example.org/issues?new=1"]
    assert objects(lines, contact, VCARD.fn) == ["Pier trust"]
    assert objects(lines, name, DCAT.theme) == [EU + "data-theme/EDUC", EU + "data-theme/TRAN"]
    assert objects(lines, name, DCTERMS.accessRights) == [EU + "access-right/RESTRICTED"]
    assert objects(lines, name, DCTERMS.language) == [EU + "language/DEU"]
    assert f'<{name}> <{DCAT.keyword}> "Seebrücke"@de-AT .\n'.encode() in [
        line.replace(b"@de-at", b"@de-AT") for line in lines
    ]
    assert objects(lines, name, OWL.versionInfo) == objects(lines, name, DCAT.version) == ["0.1.0"]
    types = objects(lines, "https://creativecommons.org/licenses/by-sa/4.0/", DCTERMS.type)
    assert [one.rpartition("/")[2] for one in types] == ["Attribution", "ViralEffect-ShareAlike"]


@pytest.mark.parametrize(
    ("setting", "message", "line"),
    [
        ("[contact]\nname = 'A'", "neither “mail” nor “form”", 12),
        ("[contact]\nmail = 'a@b'", "“mail” must be an address", 13),
        ("[contact]\nmail = 'a b@example.org'", "“mail” must be an address", 13),
        ("[contact]\nmail = 'mailto:a@example.org'", "“mail” must be an address", 13),
        ("[contact]\nmail = 'a@example.org\\r\\nBcc: b'", "“mail” must be an address", 13),
        ("[contact]\nmail = 'a@ex..org'", "“mail” must be an address", 13),
        ("[contact]\nform = 'javascript:alert(1)'", "“form” must be an http(s) URL", 13),
        ("[contact]\nform = 'https:///x'", "“form” must be", 13),
        ("[contact]\nform = 'https://example.org/a b'", "“form” must be an IRI", 13),
        ("[contact]\nmail = 3", "“mail” must be a text", 13),
        ("[contact]\nphone = '1'", "there is no setting “phone” in [contact]", 13),
        ("[publisher]\niri = 'https://example.org/a'", "the setting “name” in [publisher] is missing", 12),
        ("[publisher]\nname = 'A'\ntype = 'Club'", "“Club” under “type” is not one of the codes", 14),
        ("[catalogue]\nthemes = ['TECH', 'Tech']", "“Tech” under “themes” is not one of the codes", 13),
        ("[catalogue]\nkeywords = 'a, b'", "“keywords” must be a list of texts", 13),
        ("[catalogue]\nkeywords = ['a', ' ']", "“keywords” must be a list of texts", 13),
        ("[catalogue]\naccess = 'public'", "“public” under “access” is not one of the codes", 13),
        ("[catalogue]\naccess = ['PUBLIC']", "under “access” is not one of the codes", 13),
        ("contact = 'a@example.org'", "“contact” must be a table", 12),
    ],
)
def test_settings_are_checked(tmp_path: Path, setting: str, message: str, line: int) -> None:
    """Each mistake with its line."""
    text = 'name = "a"\ntitle = "A"\ndescription = "A"\nbase = "https://example.org/"\nlanguage = "en"\n'
    text += 'created = 2026-01-01\nmodified = 2026-01-01\nversion = "1"\n\n\n\n'
    with pytest.raises(ProjectError) as caught:
        project_from_text(text + setting + "\n", tmp_path)
    assert message in caught.value.message
    assert caught.value.line == line


def test_lists() -> None:
    """Licences and languages that the lists do not have are of no type."""
    assert licence_types("https://example.org/licenses/by/4.0/") == []
    assert licence_types("https://creativecommons.org/licenses/by-unknown/4.0/") == []
    assert [one.label for one in licence_types("https://creativecommons.org/publicdomain/zero/1.0/")] == [
        "Public domain"
    ]
    assert listed_language("x-klingon") is None
    assert listed_language("EN-gb") == listed_language("en")


def test_several_formats_say_the_same() -> None:
    """`dataset.ttl`, `.nt`, `.rdf` and `.jsonld` of a site are one graph."""
    data = Publication.of_project(load_project(ROOT / "tests" / "projects" / "harbour")).data
    turtle = read_lines(data["dataset.ttl"], TURTLE)
    for format_ in (JSONLD, NTRIPLES, RDFXML):
        assert read_lines(data[f"dataset.{format_.extension}"], format_) == turtle
