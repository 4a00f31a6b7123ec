"""`ro-crate-metadata.json`: a valid RO-Crate 1.1 of the files beside it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld

from isoc_kg.project import load_project
from isoc_kg.publication.build import build_publication
from isoc_kg.publication.crate import CRATE_FILE
from isoc_kg.publication.start import NewProject, start_project

from material import ROOT

_SCHEMA = "http://schema.org/"
#: What the crate's context makes of each property and class that we write; a file is a media object of schema.org.
PROPERTIES = (
    "about author contactPoint contentSize dateModified datePublished description email encodingFormat hasPart"
    " identifier inLanguage isBasedOn keywords license name publisher url version"
)
CLASSES = "ContactPoint CreativeWork Dataset Organization Thing"
CONTEXT: dict[str, str] = {
    **{name: _SCHEMA + name for name in f"{PROPERTIES} {CLASSES}".split()},
    "File": _SCHEMA + "MediaObject",
    "conformsTo": "http://purl.org/dc/terms/conformsTo",
}
ADDRESS = "https://w3id.org/ro/crate/1.1/context"


def _of_entity(entity: dict[str, Any]) -> list[str]:
    """What is wrong with one entity: each is flat, of a type and with properties that the context has."""
    found = []
    for key, value in entity.items():
        if not key.startswith("@") and key not in CONTEXT:
            found.append(f"{key} is no term of the context")
        if any(
            isinstance(item, dict) and list(item) != ["@id"] for item in (value if isinstance(value, list) else [value])
        ):
            found.append(f"{key} is nested")
        if isinstance(value, list) and len(value) == 1:
            found.append(f"{key} is a list of one")
    if not isinstance(entity.get("@type"), str) or entity["@type"] not in CONTEXT:
        found.append(f"{entity['@id']} has no known type")
    return found


def problems(crate: Any, folder: Path) -> list[str]:
    """What the specification asks of a metadata file and this one does not have."""
    found = [] if crate["@context"] == ADDRESS else ["the context is not RO-Crate's, by its address"]
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    if len(entities) < len(crate["@graph"]):
        found.append("two entities have one @id")
    descriptor = entities.get("ro-crate-metadata.json", {})
    if descriptor.get("@type") != "CreativeWork" or descriptor.get("conformsTo") != {
        "@id": "https://w3id.org/ro/crate/1.1"
    }:
        found.append("no descriptor")
    root = entities.get(descriptor.get("about", {}).get("@id"), {})
    if root.get("@type") != "Dataset" or root.get("@id") != "./":
        found.append("no root dataset")
    found += [f"the root has no {key}" for key in ("name", "description", "license") if not root.get(key)]
    try:
        date.fromisoformat(root.get("datePublished", ""))
    except ValueError:
        found.append("datePublished is no day")
    found += [problem for entity in crate["@graph"] for problem in _of_entity(entity)]
    for reference in (root.get("license"), root.get("publisher"), root.get("author")):
        if reference and "name" not in entities.get(reference["@id"], {}):
            found.append(f"{reference['@id']} is not described")
    parts = [part["@id"] for part in root.get("hasPart", [])]
    for name in parts:
        if entities.get(name, {}).get("@type") != "File" or not (folder / name).is_file():
            found.append(f"{name} is no file of the crate")
        elif entities[name]["contentSize"] != str((folder / name).stat().st_size):
            found.append(f"{name} has another size")
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name[0] != "."}
    return [*found, *(f"{name} is not listed" for name in files - {*parts, CRATE_FILE, "SHA256SUMS"})]


def load(folder: Path) -> Any:
    return json.loads((folder / CRATE_FILE).read_bytes())


def offline(address: str, _options: Any) -> Any:
    assert address == ADDRESS, f"{address} would be fetched"
    return {"contextUrl": None, "documentUrl": address, "document": {"@context": CONTEXT}}


def test_the_shipped_crate_is_valid() -> None:
    """Descriptor, root, files and agents are as the specification asks; expansion needs its context and no other."""
    out = ROOT / "out"
    crate = load(out)
    assert problems(crate, out) == []
    base = "https://example.org/crate/"
    nodes = jsonld.expand(crate, {"documentLoader": offline, "base": base})
    (root,) = (node for node in nodes if node["@id"] == base)
    assert root[_SCHEMA + "datePublished"] == [{"@value": "2026-11-23"}]
    assert {"@id": base + "ontology/2.0.0.ttl"} in root[_SCHEMA + "hasPart"]
    assert len(nodes) == len(crate["@graph"])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda root: root.pop("license"), "the root has no license"),
        (lambda root: root.update(datePublished="soon"), "datePublished is no day"),
        (lambda root: root.update(author={"@id": "#a", "name": "A"}), "author is nested"),
        (lambda root: root["hasPart"].pop(), "tree.jsonld is not listed"),
        (lambda root: root.update(abstract="text"), "abstract is no term of the context"),
        (lambda root: root.update({"@type": "Thing"}), "no root dataset"),
        (lambda root: root.update(publisher={"@id": "#nobody"}), "#nobody is not described"),
    ],
    ids=range(7),
)
def test_each_rule_notices(change: Any, problem: str) -> None:
    """The rules are no mere ornament."""
    out = ROOT / "out"
    crate = load(out)
    (root,) = (entity for entity in crate["@graph"] if entity["@id"] == "./")
    root["hasPart"].sort(key=lambda part: part["@id"] == "tree.jsonld")
    change(root)
    assert problem in problems(crate, out)


def test_a_new_project_has_a_crate_when_it_has_a_licence(tmp_path: Path) -> None:
    """Without a licence there would be no valid crate, so there is none; author and contact are those of kg.toml."""
    base = "https://example.org/piers/"
    start_project(tmp_path / "bare", NewProject("Piers", base))
    build_publication(load_project(tmp_path / "bare"))
    assert not (tmp_path / "bare" / "out" / CRATE_FILE).exists()
    licence = "https://creativecommons.org/publicdomain/zero/1.0/"
    start_project(tmp_path / "new", NewProject("Piers", base, licence=licence, creator="Ada"))
    settings = tmp_path / "new" / "kg.toml"
    contact = '[contact]\nform = "https://example.org/form"\n[prefixes]'
    settings.write_text(settings.read_text(encoding="utf-8").replace("[prefixes]", contact), encoding="utf-8")
    out = build_publication(load_project(tmp_path / "new")).target
    crate = load(out)
    assert problems(crate, out) == []
    by_type = {entity["@type"]: entity for entity in crate["@graph"]}
    assert "Organization" not in by_type  # nobody said what Ada is
    (agent,) = (entity for entity in crate["@graph"] if entity.get("name") == "Ada")
    assert agent["@type"] == "Thing"
    assert agent["contactPoint"] == {"@id": "https://example.org/form"}
    assert by_type["ContactPoint"]["url"] == "https://example.org/form"
    sums = (out / "SHA256SUMS").read_text(encoding="utf-8")
    assert CRATE_FILE in sums
