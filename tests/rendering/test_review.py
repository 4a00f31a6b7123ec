"""The report page shows a person what to look at: flags with answers, and statements that no rule can judge."""

import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from blanks import blanks
from isoc_kg.project import load_project
from isoc_kg.publication.build import build_publication
from isoc_kg.site import publish_project

from material import ROOT

Run = Callable[..., Any]
FACTS = "facts/harbour.ttl"


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def report(folder: Path) -> str:
    """The words of the report page of a project's site."""
    publish_project(load_project(folder), folder / "site")
    text = (folder / "site" / "report.html").read_text(encoding="utf-8")
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def answer(folder: Path, thing: str) -> None:
    """Answer the flag of a thing's type."""
    facts = folder / FACTS
    text = facts.read_text(encoding="utf-8")
    old = f"id:{thing} a harbour:Use {{| ev:supportedBy g:3.1 |}}"
    assert old in text
    new = old.replace(" |}", ' ; ev:answer "guide:3.1 subject: the list goes on below."@en |}')
    facts.write_text(text.replace(old, new), encoding="utf-8")


def test_flags_with_and_without_answers(harbour: Path) -> None:
    """Each with statement, unit, name, place, and how to answer or the answer; then none is left."""
    line = next(n for n, text in enumerate((harbour / FACTS).read_text().splitlines(), 1) if "id:rowing a " in text)
    before = report(harbour)
    assert "Pairs of statement and sentence checked: 22; flags without an answer: 2; answered: 0." in before
    assert "None is unanswered" not in before
    assert f"{FACTS}:{line}" in before
    assert "Not answered. Name the sentence that says it, or add a label that the text uses." in before
    assert 'Else answer: ev:answer "guide:3.1 subject: …"' in before
    answer(harbour, "fishing")
    half = report(harbour)
    assert "flags without an answer: 1; answered: 1." in half
    assert half.index("Not answered.") < half.index("the list goes on below.")
    answer(harbour, "rowing")
    after = report(harbour)
    assert "flags without an answer: 0; answered: 2. All flags are answered." in after
    assert after.count("the list goes on below.") == 2
    assert "Not answered" not in after
    assert "recorded" not in after


def test_without_the_texts(harbour: Path, cli: Run) -> None:
    """Nothing is claimed of texts that nobody compared; what was recorded of the same data is shown, of others not."""
    edit(harbour / "kg.toml", "publish_text = true", "publish_text = false")
    cli("evidence", "audit", "--project", harbour, "--record")
    for file in (harbour / "documents").iterdir():
        file.unlink()
    recorded = report(harbour)
    assert "flags without an answer: 2; answered: 0." in recorded
    assert "The flags were recorded earlier, for the same data" in recorded
    assert "ev:answer" in recorded
    answer(harbour, "fishing")
    other = report(harbour)
    assert "Text not compared: no text was available" in other
    assert "Pairs of statement and sentence checked" not in other


def test_the_data_are_the_same_with_and_without_the_texts(harbour: Path, cli: Run) -> None:
    """The counts in dataset.ttl come from the record, so that who has no text builds the same bytes."""
    edit(harbour / "kg.toml", "publish_text = true", "publish_text = false")
    cli("evidence", "audit", "--project", harbour, "--record")

    def files(name: str) -> dict[str, bytes]:
        build_publication(load_project(harbour), harbour / name)
        return {path.name: path.read_bytes() for path in (harbour / name).iterdir() if path.is_file()}

    first = files("one")
    for file in (harbour / "documents").iterdir():
        file.unlink()
    assert files("two") == first
    description = first["dataset.ttl"].decode()
    for name, number in (("pairs-asked", 22), ("flags-unanswered", 2), ("flags-answered", 0)):
        block = description.partition(f"audit/{name}> a dqv:")[2].partition(" .\n")[0]
        assert f"dqv:value {number}" in block or f'dqv:value "{number}"' in block, description


@pytest.mark.parametrize("check", ["{}", '{"pairs": -1, "flags": [], "not_compared": [], "not_asked": []}', "[]", "3"])
def test_a_broken_record(harbour: Path, cli: Run, check: str) -> None:
    """It is told by its file."""
    record = harbour / "facts" / "units" / "audit.json"
    record.write_text(f'{{"digest": "x", "kinds": [], "flagged_share": 0.1, "check": {check}}}', encoding="utf-8")
    done = cli("build", "--project", harbour, "-o", harbour / "out", code=None)
    assert done.returncode != 0
    assert "audit.json: not a record of an audit" in done.stderr


MIND = 'harbour:usedFor skos:scopeNote "What it is made for is linked by harbour:builtFor."@en .\n'


def test_what_only_a_person_can_judge(harbour: Path) -> None:
    """A property stronger than the sentence, an invented fact that is “implied”, an editor's: shown, on both pages."""
    ontology = harbour / "ontology" / "harbour.ttl"
    head = "" if "@prefix skos:" in ontology.read_text() else "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    ontology.write_text(head + ontology.read_text(encoding="utf-8") + MIND, encoding="utf-8")
    (harbour / "facts" / "zz.ttl").write_text(
        (harbour / FACTS).read_text(encoding="utf-8").partition("id:old-harbour")[0]
        + "id:cranes harbour:builtFrom id:rowing {| ev:impliedBy g:2.2 |} .\n"
        'id:oak schema:alternateName "timber"@en {| skos:editorialNote "Everybody knows."@en |} .\n',
        encoding="utf-8",
    )
    words = report(harbour)
    close = words.partition("Properties that are easily confused")[2].partition("Decided by the editors")[0]
    assert "What it is made for is linked by harbour:builtFor." in close
    assert "fishing" in close
    editorial = words.partition("Decided by the editors")[2].partition("Only implied")[0]
    assert "timber" in editorial
    assert "Everybody knows." in editorial
    implied = words.rpartition("Only implied")[2]
    assert re.search(r"sentence guide:2\.2 implied [^.]*\. cranes built from rowing", implied), implied[:500]
    assert re.search(r"built from rowing facts/zz\.ttl:\d+", implied)
    assert re.search(r"facts/zz\.ttl:\d+", editorial)
    assert re.search(r"facts/\w+\.ttl:\d+", close)
    thing = (harbour / "site" / "id" / "old-harbour.html").read_text(encoding="utf-8")
    term = (harbour / "site" / "ontology" / "used_for.html").read_text(encoding="utf-8")
    assert re.search("What it is made for is linked by “?[^.]*built ?[fF]or", re.sub("<[^>]*>", "", term))
    assert "What it is made for" not in thing
    cranes = (harbour / "site" / "id" / "cranes.html").read_text(encoding="utf-8")
    # before the evidence is unfolded
    assert re.search(
        r'rowing</a></span>\s*<details class="evidence"><summary><span class="standing implied">implied by ', cranes
    )
    oak = (harbour / "site" / "id" / "oak.html").read_text(encoding="utf-8")
    editorial = '<summary><span class="standing editorial">editorial decision<'
    assert re.search(rf'timber</span></span>\s*<details class="evidence">{editorial}', oak)


def test_a_note_on_a_property_brings_its_pages_up_to_date(harbour: Path) -> None:
    """A site brought up to date is the one made anew."""
    report(harbour)
    ontology = harbour / "ontology" / "harbour.ttl"
    head = "" if "@prefix skos:" in ontology.read_text() else "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    ontology.write_text(head + ontology.read_text(encoding="utf-8") + MIND, encoding="utf-8")
    edit(harbour / "kg.toml", 'unknown = ["author", "publisher", "date", "source"]', 'author = "A. Writer"')
    report(harbour)
    old = {path.name: path.read_bytes() for path in (harbour / "site" / "id").iterdir()}
    publish_project(load_project(harbour), harbour / "anew")
    assert {path.name: path.read_bytes() for path in (harbour / "anew" / "id").iterdir()} == old


def test_where_a_quote_is_from(lighthouse: Path) -> None:
    """Beside each quote and in each citation: title, edition, and who, when and where, as far as it is known."""
    publish_project(load_project(lighthouse), lighthouse / "site")
    page = blanks(unescape((lighthouse / "site" / "id" / "ravens-point-light.html").read_text(encoding="utf-8")))
    logbook = (
        "Edda Holm: Logbook of the lighthouse, edition 1, https://lighthouse.example/friends, 1902-05-01, "
        "https://lighthouse.example/archive/logbook"
    )
    chronicle = "Chronik der Küste, Ausgabe 1, Küstenverein, 1955"
    assert f'<span class="place">{logbook}, characters ' in page
    assert f'<span class="place"><bdi lang="de">{chronicle}</bdi>, characters ' in page
    assert f"(supported by sentence logbook:1.1, {logbook})." in page
    unknown = f"{chronicle} [not known: author, source]"
    assert f"(supported by sentence chronicle:1.3, {unknown}; supported by sentence logbook:1.3, {logbook})." in page
    conflicts = blanks(unescape((lighthouse / "site" / "conflicts.html").read_text(encoding="utf-8")))
    assert logbook in conflicts
    assert chronicle in conflicts


def test_what_is_not_known_is_said(harbour: Path) -> None:
    """An edition whose origin is not known is cited by its title, and by what is not known of it."""
    report(harbour)
    page = blanks(unescape((harbour / "site" / "id" / "oak.html").read_text(encoding="utf-8")))
    assert '<span class="place">Guide to the harbour, edition 1, characters ' in page
    unknown = "[not known: author, publisher, date, source]"
    assert f"(supported by sentence guide:2.2, Guide to the harbour, edition 1 {unknown})." in page


def test_the_shipped_publication_has_no_open_flag(tmp_path: Path) -> None:
    """Every flag is answered, and the record is of these data."""
    publish_project(load_project(ROOT), tmp_path / "site")
    page = (tmp_path / "site" / "report.html").read_text(encoding="utf-8")
    assert "All flags are answered." in page
    assert "Text not compared: no text" not in page
    assert 'id="judge-close"' in page


def test_answers_have_their_language(tmp_path: Path) -> None:
    """On the German page of a publication an answer in English says so, and a flag's name is called that."""
    folder = Path(shutil.copytree(ROOT / "examples/harbour-trust", tmp_path / "harbour"))
    toml = folder / "kg.toml"
    toml.write_text(toml.read_text("utf-8").replace('language = "en"', 'language = "de"', 1), encoding="utf-8")
    report(folder)
    page = (folder / "site" / "report.html").read_text(encoding="utf-8")
    assert '<bdi lang="en">The sentence names the person first, then the trust.</bdi>' in page
    assert "Hinweis: <code>direction</code>" in page
