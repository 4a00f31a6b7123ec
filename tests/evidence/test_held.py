"""A new edition: what drift writes, the evidence that is held, its confirmation; and what a killed run leaves."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.documents.blocks import with_edition
from isoc_kg.documents.text import read_text
from isoc_kg.documents.units import cut
from isoc_kg.errors import Finding, OutputError, ProjectError, UsageError
from isoc_kg.evidence.authored import Authored
from isoc_kg.evidence.check import check_evidence
from isoc_kg.evidence.drift import compare_editions
from isoc_kg.evidence.held import changed_numbers, held_units, units_to_compare
from isoc_kg.evidence.published import Published
from isoc_kg.evidence.rewriting import confirm_units, write_drift
from isoc_kg.project import load_project
from isoc_kg.publication.gate import check_dataset
from isoc_kg.publication.publication import Publication
from isoc_kg.query.evaluator import StoreEvaluator, store_of
from isoc_kg.rdf import split
from isoc_kg.rendering.renderer import renderer_of
from isoc_kg.validation import ShapesGraph

from material import ROOT

HARBOUR = ROOT / "tests" / "projects" / "harbour"
CRANES = ("Two cranes of oak", "Three cranes of oak and 12 posts")


def revised(harbour: Path, *edits: tuple[str, str]) -> Path:
    """The guide changed in its place; the old text, saved elsewhere."""
    guide, old = harbour / "documents" / "guide.txt", harbour.parent / "guide-old.txt"
    text = guide.read_text(encoding="utf-8")
    old.write_text(text, encoding="utf-8")
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    guide.write_text(text, encoding="utf-8")
    return old


def drift(harbour: Path, old: Path, new: Path, edition: str = "2") -> list[str]:
    project = load_project(harbour)
    (source,) = (e for e in build_dataset(project).editions if e.document.slug == "guide")
    source = source.compared(old)
    texts = str(source.text()), read_text(new)
    changes = compare_editions(units_to_compare(source), list(cut([texts[1]], "en")), texts)
    return write_drift(project, source, (old, new), edition, changes)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_drift_leaves_a_project_that_builds(harbour: Path, cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Both editions have text and block; evidence on the changed unit is held, and listed with both wordings."""
    toml = harbour / "kg.toml"
    text = toml.read_text(encoding="utf-8").replace('edition = "1"', 'edition = "1" # the first', 1)
    toml.write_text(text.replace("[schemes]", "# Which scheme is whose.\n[schemes]"), encoding="utf-8")
    gists = harbour / "facts" / "units" / "guide" / "1.gists.ttl"
    gists.write_text(
        "@prefix g: <https://harbour.example/kg/document/guide/1#> . "
        "@prefix ev: <https://w3id.org/isoc-kg/evidence#> .\n"
        'g:2.2 ev:gist "Cranes."@en .\ng:1.1 ev:exemptAs ev:Navigation .\n', encoding="utf-8",
    )  # fmt: skip
    old = revised(harbour, CRANES)
    guide = harbour / "documents" / "guide.txt"
    arguments = ("evidence", "drift", old, guide, "--project", harbour, "--slug", "guide", "--edition", "2")
    assert "held" not in cli(*arguments).stdout
    done = cli(*arguments, "--write")
    assert "edited    2.2 → 2.2  (5 claims, held)" in done.stdout
    assert "guide:2.2, edited: last confirmed in edition 1" in done.stdout
    assert "edition 1: Two cranes of oak still stand on its quay." in done.stdout
    assert "edition 2: Three cranes of oak and 12 posts still stand on its quay. (2.2)" in done.stdout
    assert "changed numbers: – → 12" in done.stdout
    assert "harbour.ttl:13: " in done.stdout
    settings = tomllib.loads(toml.read_text(encoding="utf-8"))["document"]
    assert [(d["slug"], d["edition"]) for d in settings] == [("guide", "1"), ("notice", "1"), ("guide", "2")]
    first = settings[0] | {"edition": "2", "revision_of": "1", "path": "documents/guide.txt"}
    assert settings[2] == first
    assert settings[0]["path"] == "documents/guide-1.txt"
    assert (harbour / "documents" / "guide-1.txt").read_bytes() == old.read_bytes()
    assert "# the first\n" in toml.read_text(encoding="utf-8")
    assert "\n# Which scheme is whose.\n[schemes]" in toml.read_text(encoding="utf-8")
    written = gists.with_name("2.gists.ttl").read_text(encoding="utf-8")
    assert "s:1.1 ev:exemptAs <https://w3id.org/isoc-kg/evidence#Navigation> ." in written
    assert 's:2.2 ev:gist "Cranes."@en .' in written
    built = cli("build", "--project", harbour, "-o", tmp_path / "out")
    assert "1 warning" in built.stdout
    assert f"warning: {gists.with_name('2.gists.ttl')}:" in built.stderr
    published = (tmp_path / "out" / "harbour.nt").read_text(encoding="utf-8")
    start = "<https://harbour.example/kg/document/guide/"
    assert f"{start}2> <http://www.w3.org/ns/prov#wasRevisionOf> {start}1>" in published
    assert f"{start}1> <http://purl.org/dc/terms/isReplacedBy> {start}2>" in published
    assert f"supportedBy> {start}1#2.2>" in published
    assert f"supportedBy> {start}2#2.1>" in published
    again = cli(*arguments, "--write", code=2)
    assert "is there already" in again.stderr or "no edition" in again.stderr
    assert cli("evidence", "confirm", "--project", harbour).stdout.count("last confirmed") == 1
    confirmed = cli("evidence", "confirm", "guide:2.2", "--project", harbour)
    assert confirmed.stdout == f"wrote {harbour / 'facts' / 'harbour.ttl'}\n"
    assert "no held evidence" in cli("evidence", "confirm", "--project", harbour).stdout
    assert "guide/1" not in (harbour / "facts" / "harbour.ttl").read_text(encoding="utf-8")
    assert "Held: nothing" in cli("evidence", "confirm", "2.2", "--project", harbour, code=2).stderr
    cli("build", "--project", harbour, "-o", tmp_path / "out")


def test_a_text_from_elsewhere_and_one_that_is_lost(harbour: Path, cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A new text from outside is copied; an index stands in for the old text, which is published no more."""
    new = tmp_path / "new.txt"
    guide = harbour / "documents" / "guide.txt"
    new.write_text(guide.read_text(encoding="utf-8").replace("dawn", "noon"), encoding="utf-8")
    guide.unlink()
    index = harbour / "facts" / "units" / "guide" / "1.jsonl"
    done = cli("evidence", "drift", index, new, "--project", harbour, "--edition", "2", "--write")
    assert "edition 1: the text is not available" in done.stdout
    settings = tomllib.loads((harbour / "kg.toml").read_text(encoding="utf-8"))["document"]
    assert "path" not in settings[0]
    assert settings[0]["publish_text"] is False
    assert settings[2]["path"] == "documents/guide-2.txt"
    assert (harbour / "documents" / "guide-2.txt").read_bytes() == new.read_bytes()
    cli("build", "--project", harbour, "-o", tmp_path / "out")


def test_units_that_kept_their_words_move(harbour: Path) -> None:
    """A paragraph in front renumbers units and another layout wraps them: all evidence moves, and none is held."""
    old = revised(harbour, ("Guide to the harbour\n", "Guide to the harbour\n\nNew here.\n"), ("was dug", "was\ndug"))
    drift(harbour, old, harbour / "documents" / "guide.txt")
    dataset = build_dataset(load_project(harbour))
    assert list(held_units(dataset)) == []
    assert "g:3.1" in (harbour / "facts" / "harbour.ttl").read_text(encoding="utf-8")
    assert [finding.render() for finding in dataset.findings] == []


def test_a_removed_unit_stays_held(harbour: Path) -> None:
    """Evidence on a unit that is gone stays with the old edition, until it is moved to a unit that is named."""
    old = revised(harbour, ("  • Rowing clubs train at dawn.\n", ""))
    drift(harbour, old, harbour / "documents" / "guide.txt")
    dataset = build_dataset(load_project(harbour))
    (held,) = held_units(dataset)
    assert (held.number, held.change.case, held.new_words) == ("4.2", "removed", None)
    assert held.old_words == "Rowing clubs train at dawn."
    confirm_units(dataset.project, {(held.edition.iri, held.later.iri): {"4.2": ("3.1",)}})
    assert list(held_units(build_dataset(load_project(harbour)))) == []


def test_the_page_of_a_statement_tells(harbour: Path) -> None:
    """Evidence that is held is shown as last confirmed in its edition, other evidence is not."""
    old = revised(harbour, CRANES)
    drift(harbour, old, harbour / "documents" / "guide.txt")
    renderer = renderer_of(Publication.of_project(load_project(harbour)), "https://harbour.example/kg/")
    from isoc_kg.rendering.statements import _unit

    base = "https://harbour.example/kg/document/guide"
    assert "last confirmed in edition\xa01" in _unit(renderer, "", f"{base}/1#2.2", False, True)
    assert "last confirmed" not in _unit(renderer, "", f"{base}/2#2.1", False, True)


def test_numbers_that_changed() -> None:
    """Numbers are compared with how often they occur."""
    assert changed_numbers("7 of 7 in 1.5", "7 of 8 in 1.5") == (["7"], ["8"])


@pytest.mark.parametrize(
    "toml",
    [
        'document = [{slug = "guide", edition = "1", path = "a"}]\n',
        '[[document]]\nslug = "guide"\nedition = "1"\npath = """\na"""\n',
    ],
)
def test_settings_in_another_form_are_left_alone(toml: str) -> None:
    """What cannot be edited by line is refused, not damaged."""
    document = load_project(HARBOUR).documents[0]
    with pytest.raises(ProjectError, match="cannot be edited"):
        with_edition(toml, Path("kg.toml"), document, "2", "b", "c")


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, step: int) -> Iterator[None]:
    """Kill this process before the given one of all that changes files: writes, renames, removals, permissions."""
    steps = count()

    def counting(function: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **options: object) -> object:
            if next(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **options)

        return call

    with monkeypatch.context() as patch:
        for name in ("replace", "unlink", "chmod", "mkdir", "open"):
            patch.setattr(Path, name, counting(getattr(Path, name)))
        for name in ("fsync", "fchmod"):
            patch.setattr(os, name, counting(getattr(os, name)))
        patch.setattr(tempfile, "mkstemp", counting(tempfile.mkstemp))
        yield


def run_killed(run: Callable[[], None], monkeypatch: pytest.MonkeyPatch, step: int) -> bool:
    """Run in a process of its own that is killed before a step; whether it came to its end."""
    child = os.fork()
    if child == 0:
        try:
            with killed_at(monkeypatch, step):
                run()
        except BaseException:  # noqa: BLE001
            os._exit(1)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL)
    return status == 0


BASE = "https://harbour.example/kg/document/guide"
MOVES = {(f"{BASE}/1", f"{BASE}/2"): {"2.2": ("2.2",)}}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes that it forks")
@pytest.mark.parametrize("command", ["drift", "confirm", "confirm one claim"])
def test_a_run_that_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """Wherever it stops, the project is the old one or the new one; reading it leaves nothing of the run behind."""
    origin = Path(shutil.copytree(HARBOUR, tmp_path / "origin" / "harbour"))
    old = revised(origin, CRANES)
    if command != "drift":
        drift(origin, old, origin / "documents" / "guide.txt")

    def run(folder: Path) -> None:
        if command == "drift":
            drift(folder, old, folder / "documents" / "guide.txt")
        else:
            project = load_project(folder)
            (held,) = held_units(build_dataset(project))
            confirm_units(project, MOVES, [held.claims[0].iri] if command == "confirm one claim" else None)

    whole = Path(shutil.copytree(origin, tmp_path / "whole"))
    run(whole)
    before, after = snapshot(origin), snapshot(whole)
    assert before != after
    seen = set()
    for step in count():
        folder = Path(shutil.copytree(origin, tmp_path / str(step) / "harbour"))
        finished = run_killed(partial(run, folder), monkeypatch, step)
        load_project(folder)
        files = snapshot(folder)
        assert files in (before, after)
        seen.add(files == after)
        (folder / "..isoc-kg.writing.json.abc.part").touch()
        load_project(folder)
        assert snapshot(folder) == files
        if finished:
            break
    assert step > 12
    assert seen == {False, True}


def test_one_claim_of_a_unit_is_confirmed(harbour: Path, cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Its evidence and its answers move; the other claims on the unit stay held, one a run if need be."""
    facts = harbour / "facts" / "harbour.ttl"
    facts.write_text(
        facts.read_text(encoding="utf-8")
        .replace("id:oak {| ev:supportedBy g:2.2, n:1.2 |}",
                 'id:oak {| ev:supportedBy g:2.2, n:1.2 ; ev:answer "guide:2.2 denial: it is not."@en , '
                 '"guide:2.2 doubt: none."@en |}')
        .replace('"oak"@en {| ev:supportedBy g:2.2 |}',
                 '"oak"@en {| ev:supportedBy g:2.2 ; ev:answer "guide:2.2 doubt: no."@en |}'),
        encoding="utf-8",
    )  # fmt: skip
    drift(harbour, revised(harbour, CRANES), harbour / "documents" / "guide.txt")
    listed = cli("evidence", "confirm", "--project", harbour).stdout
    claims = re.findall(r"claim:(\S+):", listed)
    assert len(claims) == 5
    (built_from,) = (line for line in listed.splitlines() if "builtFrom" in line)
    name = re.search(r"claim:\S+(?=:)", built_from)[0]  # type: ignore[index]
    wrong = cli("evidence", "confirm", "2.2", "--claim", "claim:oak.0", "--project", harbour, code=2)
    assert f"Claims there: claim:{claims[0]}" in wrong.stderr
    assert cli("evidence", "confirm", "2.2", "--claim", name, "--project", harbour).stdout == f"wrote {facts}\n"
    text = facts.read_text(encoding="utf-8")
    assert '{| ev:supportedBy g:2.2, n:1.2 ; ev:answer "guide:2.2 denial: it is not."@en' in text
    assert text.count("g-1:2.2") == 4
    (held,) = held_units(build_dataset(load_project(harbour)))
    assert name.partition(":")[2] not in {claim.iri.rpartition("/")[2] for claim in held.claims}
    assert len(held.claims) == 4
    for other in held.claims:
        cli("evidence", "confirm", "guide:2.2", "--claim", other.iri, "--project", harbour)
    assert list(held_units(build_dataset(load_project(harbour)))) == []
    cli("build", "--project", harbour, "-o", tmp_path / "out")


def test_answers_of_other_claims_keep_their_unit(harbour: Path) -> None:
    """Where a unit gets another number, only the answers of the claim that is confirmed follow it."""
    facts = harbour / "facts" / "more.ttl"
    drift(harbour, revised(harbour, CRANES), harbour / "documents" / "guide.txt")
    facts.write_text(
        "@prefix old: <https://harbour.example/kg/document/guide/1#> .\n"
        "@prefix ev: <https://w3id.org/isoc-kg/evidence#> . @prefix schema: <https://schema.org/> .\n"
        "@prefix id: <https://harbour.example/kg/id/> .\n"
        'id:oak schema:alternateName "a"@en {| ev:supportedBy old:2.2 ; ev:answer "guide:2.2 doubt: a."@en |} ,\n'
        '  "b"@en {| ev:supportedBy old:2.2, old:2.1 ; ev:answer """guide:2.2 doubt: b. 2.2"""@en |} . # old:2.2\n',
        encoding="utf-8",
    )
    project = load_project(harbour)
    claims = build_dataset(project).claims
    (chosen,) = (claim.iri for triple, claim in claims.items() if b'"b"@en' in triple)
    confirm_units(project, {(f"{BASE}/1", f"{BASE}/2"): {"2.2": ("4.1",)}}, [chosen])
    first, second = facts.read_text(encoding="utf-8").splitlines()[-2:]
    assert '"a"@en {| ev:supportedBy old-1:2.2 ; ev:answer "guide:2.2 doubt: a."@en |}' in first
    assert '"b"@en {| ev:supportedBy old:4.1, old-1:2.1 ; ev:answer """guide:4.1 doubt: b. 2.2"""@en |}' in second
    assert "# old:2.2" in second


def test_what_cannot_be_moved_is_said(harbour: Path) -> None:
    """A unit written in a way that is not rewritten stops the command; nothing is written."""
    drift(harbour, revised(harbour, CRANES), harbour / "documents" / "guide.txt")
    (harbour / "facts" / "more.ttl").write_text(
        "@prefix d: <https://harbour.example/kg/document/guide/> .\n@prefix id: <https://harbour.example/kg/id/> .\n"
        "@prefix ev: <https://w3id.org/isoc-kg/evidence#> . @prefix schema: <https://schema.org/> .\n"
        'id:oak schema:alternateName "a"@en {| ev:supportedBy d:1\\#2.2 |} .\n',
        encoding="utf-8",
    )
    before = snapshot(harbour)
    with pytest.raises(UsageError, match=r"more\.ttl:4: .*cannot be moved"):
        confirm_units(load_project(harbour), MOVES)
    assert snapshot(harbour) == before


def test_a_journal_reaches_no_file_outside(harbour: Path, tmp_path: Path) -> None:
    """A journal that somebody else wrote renames and removes nothing beyond the folder."""
    (tmp_path / ".a.together.part").write_text("a", encoding="utf-8")
    (harbour / ".isoc-kg.writing.json").write_text(
        '{"whole": true, "files": {"../.a.together.part": "../b"}}', encoding="utf-8"
    )
    with pytest.raises(OutputError, match="is not a journal"):
        load_project(harbour)
    assert not (tmp_path / "b").exists()


def test_nothing_is_written_over(harbour: Path) -> None:
    """A file that stands where a text is to be kept stops before anything is written."""
    old = revised(harbour, CRANES)
    (harbour / "documents" / "guide-1.txt").write_text("Mine.", encoding="utf-8")
    before = snapshot(harbour)
    with pytest.raises(UsageError, match="holds another text"):
        drift(harbour, old, harbour / "documents" / "guide.txt")
    assert snapshot(harbour) == before


def test_held_evidence_says_so_everywhere(harbour: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """In the sentences of a thing, of a unit, of a solution; from the files and from the published graph."""
    drift(harbour, revised(harbour, CRANES), harbour / "documents" / "guide.txt")
    dataset = build_dataset(load_project(harbour))
    (held,) = held_units(dataset)
    claim, unit = held.claims[0], held.edition.unit_iri(held.number)
    name = split(claim.triple)[0].decode()[1:-1]
    published = Published(StoreEvaluator(store_of(dataset.published)), dataset.project.ids.claims)
    for evidence in (Authored(dataset).evidence(claim), published.evidence(claim)):
        sentences = {sentence.iri: sentence for sentence in evidence.sentences}
        assert str(sentences[unit]).endswith("; last confirmed in edition 1)")
        assert sentences[unit].status["last_confirmed_in_edition"] == "1"
        assert all(not sentence.held for other, sentence in sentences.items() if other != unit)
    query = f"SELECT ?o WHERE {{ <{name}> ?p ?o }}"
    for arguments in (
        ("evidence", "show", name),
        ("evidence", "show", unit),
        ("describe", name),
        ("query", "--why", query),
    ):
        assert "last confirmed in edition 1" in cli(*arguments, "--project", harbour).stdout


def test_held_evidence_is_no_violation(harbour: Path) -> None:
    """The gate passes a project in which evidence is held."""
    from isoc_kg.validation import ShapesGraph

    drift(harbour, revised(harbour, CRANES), harbour / "documents" / "guide.txt")
    project = load_project(harbour)
    assert check_dataset(build_dataset(project), ShapesGraph.of_project(project)).passed


def test_units_of_two_editions_with_one_number(harbour: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """A sentence more before, and a changed one: answers name the edition where the number alone does not tell."""
    facts = harbour / "facts" / "harbour.ttl"
    text = facts.read_text(encoding="utf-8")
    before = "schema:foundingDate"
    block = '{| ev:impliedBy g:2.1 ; ev:supportedBy g:2.2 ; ev:answer "guide:2.2 direction: x"@en |}'
    answered = text.replace(before, f'schema:alternateName "harbour"@en {block} ;\n    {before}', 1)
    facts.write_text(answered, encoding="utf-8")
    old = revised(harbour, ("The old harbour was", "Mind the tide. The old harbour was"), CRANES)
    drift(harbour, old, harbour / "documents" / "guide.txt")
    moved = facts.read_text(encoding="utf-8")
    assert "ev:impliedBy g:2.2 ; ev:supportedBy g-1:2.2 ; ev:answer" in moved
    assert '"guide/1:2.2 direction: x"@en' in moved
    messages = [finding.message for finding in check_dataset_of(harbour)]
    assert not [message for message in messages if "several documents" in message or "does not rest" in message]
    cli("evidence", "confirm", "guide:2.2", "--project", harbour)
    assert '"guide:2.3 direction: x"@en' in facts.read_text(encoding="utf-8")


def check_dataset_of(folder: Path) -> list[Finding]:
    """What the check of the evidence finds of a project."""
    project = load_project(folder)
    return list(check_evidence(build_dataset(project), ShapesGraph.of_project(project)).errors)


def test_answers_about_another_document_stay(harbour: Path) -> None:
    """The number of an answer is that of the unit on which its claim rests."""
    facts = harbour / "facts" / "harbour.ttl"
    text = facts.read_text(encoding="utf-8").replace(
        '"Kräne"@de {| ev:supportedBy n:1.2 |}', '"Kräne"@de {| ev:supportedBy n:1.2 ; ev:answer "1.2 subject: y"@en |}'
    )
    facts.write_text(text.replace(
        '"oak"@en {| ev:supportedBy g:2.2 |}', '"oak"@en {| ev:supportedBy g:2.2 ; ev:answer "2.2 subject: y"@en |}'
    ), encoding="utf-8")  # fmt: skip
    old = revised(harbour, ("Guide to the harbour", "Welcome!\n\nGuide to the harbour"))
    drift(harbour, old, harbour / "documents" / "guide.txt")
    moved = facts.read_text(encoding="utf-8")
    assert '"1.2 subject: y"' in moved
    assert '"3.2 subject: y"' in moved


def together(*commands: tuple[str | Path, ...]) -> list[int]:
    """Run several commands at once; their exit codes."""
    running = [
        subprocess.Popen([sys.executable, "-m", "isoc_kg", *map(str, arguments)], stderr=subprocess.DEVNULL)
        for arguments in commands
    ]
    return [process.wait(120) for process in running]


def test_two_confirmations_at_once(harbour: Path) -> None:
    """Neither undoes the other."""
    old = revised(harbour, CRANES, ("dug in 1754", "dug out in 1754"))
    drift(harbour, old, harbour / "documents" / "guide.txt")
    facts = harbour / "facts" / "harbour.ttl"
    assert "g-1:2.1" in facts.read_text(encoding="utf-8")
    codes = together(*(("evidence", "confirm", f"guide:{unit}", "--project", harbour) for unit in ("2.1", "2.2")))
    assert codes == [0, 0]
    assert "guide/1#" not in facts.read_text(encoding="utf-8")


def test_two_drifts_at_once(harbour: Path) -> None:
    """Both editions are there, whole; of two with one name the second is refused."""
    old = revised(harbour, CRANES)
    new = harbour / "documents" / "guide.txt"
    other = harbour.parent / "guide-other.txt"
    other.write_text(new.read_text(encoding="utf-8").replace("dug", "dredged"), encoding="utf-8")
    start = ("evidence", "drift", old)
    end = ("--project", harbour, "--slug", "guide", "--write", "--edition")
    shutil.copytree(harbour, harbour.parent / "again")
    assert together((*start, new, *end, "2"), (*start, other, *end, "3")) == [0, 0]
    names = [(document.slug, document.edition) for document in load_project(harbour).documents]
    assert sorted(names) == [("guide", "1"), ("guide", "2"), ("guide", "3"), ("notice", "1")]
    build_dataset(load_project(harbour))
    again = harbour.parent / "again"
    end = ("--project", again, *end[2:])
    codes = together((*start, again / "documents" / "guide.txt", *end, "2"), (*start, other, *end, "2"))
    assert sorted(codes) == [0, 2]


def test_many_units_that_are_alike() -> None:
    """A thousand edited sentences that differ in a number are paired, each with its own, a moved one too."""
    sentences = [
        f"The committee met in room {n} and decided on the matter number {n} of its list." for n in range(1000)
    ]
    old = " ".join(sentences)
    edited = [text.replace("decided on", "spoke about") for text in sentences]
    edited.append(edited.pop(10))
    new = " ".join(edited)
    changes = compare_editions(list(cut([old], "en")), list(cut([new], "en")), (old, new))
    pairs = {change.old[0]: change.new for change in changes}
    assert pairs["1.1"] == ("1.1",)
    assert pairs["1.11"] == ("1.1000",)
    assert pairs["1.500"] == ("1.499",)
    assert {change.case for change in changes} == {"edited"}
