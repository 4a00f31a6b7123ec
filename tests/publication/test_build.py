"""`build`: the same bytes everywhere, faithful, atomic, and readable by everybody."""

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg import atomic
from isoc_kg.errors import LimitExceeded, OutputError
from isoc_kg.formats import FORMATS
from isoc_kg.project import load_project
from isoc_kg.publication import build, files
from isoc_kg.publication.build import build_publication
from isoc_kg.publication.crate import CRATE_FILE
from isoc_kg.publication.publication import Publication
from isoc_kg.rdf import read_lines, triples
from isoc_kg.validation import engines, waiting
from isoc_kg.validation.waiting import WaitingEngine, engines_waiting

from material import ROOT


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_committed_publication_is_what_a_build_gives(tmp_path: Path) -> None:
    """Building the shipped project again gives `out/` byte for byte."""
    build_publication(load_project(ROOT), tmp_path / "out")
    built, committed = content(tmp_path / "out"), content(ROOT / "out")
    assert list(built) == list(committed)
    assert [name for name in built if built[name] != committed[name]] == []


def test_order_of_input_and_hash_seed_do_not_matter(harbour: Path, cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Facts in another order, in other files, under another hash seed: the same bytes."""
    cli("build", "--project", harbour, "-o", tmp_path / "first")
    facts = harbour / "facts" / "harbour.ttl"
    head, *blocks = facts.read_text(encoding="utf-8").split("\n\n")
    random.Random(1).shuffle(blocks)
    facts.write_text(head + "\n\n" + "\n\n".join(blocks[:2]) + "\n", encoding="utf-8")
    (harbour / "facts" / "a.ttl").write_text(head + "\n\n" + "\n\n".join(blocks[2:]) + "\n", encoding="utf-8")
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-m", "isoc_kg", "build", "--project", str(harbour), "-o", str(tmp_path / seed)],
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
        assert content(tmp_path / seed) == content(tmp_path / "first")


def test_sums_and_description_tell_the_files() -> None:
    """SHA256SUMS and the DCAT description agree with the files."""
    out = ROOT / "out"
    sums = dict(reversed(line.split("  ")) for line in (out / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    described = (out / "dataset.ttl").read_text(encoding="utf-8")
    assert set(sums) == set(content(out)) - {"SHA256SUMS", atomic.MANIFEST}
    for name, digest in sums.items():
        data = (out / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == digest
        if name not in ("dataset.ttl", CRATE_FILE):
            assert digest in described
            assert str(len(data)) in described


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
def test_every_export_is_the_same_graph(format_) -> None:  # type: ignore[no-untyped-def]
    """Read back by pyoxigraph and by rdflib, each file is the graph that was written; JSON-LD also by PyLD."""
    import rdflib

    path = ROOT / "out" / f"isoc-kg.{format_.name}"
    whole = read_lines(ROOT / "out" / ("isoc-kg.nq" if format_.name in ("nq", "trig") else "isoc-kg.nt"))
    assert read_lines(path) == whole
    count = len(list(triples(whole)))
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        graph = rdflib.Dataset(default_union=True)
        graph.parse(
            path,
            format={"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}.get(
                format_.name, format_.engine_name.lower().replace("_", "")
            ),
        )
        read = {f"{s.n3()} {p.n3()} {o.n3()}" for s, p, o, _ in graph.quads()}
    finally:
        rdflib.NORMALIZE_LITERALS = before
    assert len(read) == count
    if format_.name == "jsonld":
        from pyld import jsonld

        quads = jsonld.to_rdf(json.loads(path.read_bytes()), {"format": "application/n-quads"})
        assert read_lines(quads.encode(), FORMATS[3]) == whole


def test_rdf12_form_has_the_same_claims(harbour: Path, tmp_path: Path) -> None:
    """The opt-in file reifies each triple under the claim's IRI."""
    build = build_publication(load_project(harbour), tmp_path / "out", rdf12=True)
    quads = list(ox.parse(path=str(tmp_path / "out" / "harbour-rdf12.ttl"), format=ox.RdfFormat.TURTLE))
    reified = {quad.subject.value for quad in quads if isinstance(quad.object, ox.Triple)}
    assert reified == {claim.iri for claim in build.dataset.claims.values()}


def test_literals_stay_as_authored(harbour: Path, cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """1.10 stays 1.10 in every export of a file."""
    data = tmp_path / "a.ttl"
    data.write_text(
        '<http://e/a> <http://e/p> 1.10 , 007 , "1"^^<http://www.w3.org/2001/XMLSchema#boolean> .', encoding="utf-8"
    )
    for name in ("ttl", "nt", "nq", "trig", "rdf", "jsonld"):
        target = tmp_path / f"x.{name}"
        cli("export", data, "-o", target)
        assert read_lines(target) == read_lines(data)


def test_unchanged_files_are_left_alone(harbour: Path, tmp_path: Path) -> None:
    """A second build changes nothing, times included; a changed fact changes what holds it."""
    target = tmp_path / "out"
    build_publication(load_project(harbour), target)
    before = {path: path.stat().st_mtime_ns for path in target.rglob("*")}
    assert build_publication(load_project(harbour), target).changed == ()
    assert {path: path.stat().st_mtime_ns for path in target.rglob("*")} == before
    facts = harbour / "facts" / "harbour.ttl"
    facts.write_text(facts.read_text(encoding="utf-8").replace('"rowing"', '"rowing clubs"'), encoding="utf-8")
    again = build_publication(load_project(harbour), target)
    assert "harbour.ttl" in again.changed
    assert "shapes.ttl" not in again.changed
    assert again.warning is not None
    assert "2.1.0" in again.warning


OPERATIONS = ("open", "rename", "replace", "link", "mkdir", "rmdir", "unlink")


def build_killed(project: Path, target: Path, point: int) -> int:
    """Build in a process of its own, which is killed at its n-th operation on the target; how that ends."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left, watched = point, ("open", *(f"os.{name}" for name in ("rename", "link", "mkdir", "rmdir", "remove")))

    def hook(event: str, args: tuple[object, ...]) -> None:
        nonlocal left
        names = [str(one) for one in args if isinstance(one, (str, bytes, os.PathLike))]
        if event == "ctypes.dlsym" or (event in watched and any(target.name in name for name in names)):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    try:
        loaded = load_project(project)
        sys.addaudithook(hook)
        build_publication(loaded, target)
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills processes that it forks")
def test_killed_at_any_file_operation_the_old_folder_is_whole(harbour: Path, tmp_path: Path) -> None:
    """Killed at each n-th file operation in turn, a build leaves the old publication or the new one, whole."""
    target = tmp_path / "out"
    build_publication(load_project(harbour), target)
    old = content(target)
    facts = harbour / "facts" / "harbour.ttl"
    facts.write_text(facts.read_text(encoding="utf-8").replace('"rowing"', '"rowing clubs"'), encoding="utf-8")
    build_publication(load_project(harbour), tmp_path / "new")
    new = content(tmp_path / "new")
    points = 0
    for point in [*range(1, 40, 3), *range(40, 400, 12)]:
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(target, copy)
        code = build_killed(harbour, copy, point)
        assert code in (0, -signal.SIGKILL)
        assert content(copy) in (old, new), point
        if code == 0:
            break
        points += 1
        build_publication(load_project(harbour), copy)
        assert content(copy) == new
        assert not list(tmp_path.glob(".copy*"))
    assert points > 10


def test_a_folder_that_is_not_ours_is_never_replaced(harbour: Path, tmp_path: Path) -> None:
    """Not when it has no manifest, nor when something was put beside our files."""
    target = tmp_path / "out"
    target.mkdir()
    (target / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputError, match="not made by isoc-kg"):
        build_publication(load_project(harbour), target)
    (target / "thesis.txt").unlink()
    build_publication(load_project(harbour), target)
    (target / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputError, match=r"holds thesis\.txt"):
        build_publication(load_project(harbour), target)
    assert (target / "thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_targets_that_cannot_be_written(harbour: Path, cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A file where a folder should be, a full device, a limit on file sizes: one message, exit 3."""
    blocker = tmp_path / "file"
    blocker.write_text("x", encoding="utf-8")
    for target in (blocker, blocker / "out"):
        done = cli("build", "--project", harbour, "-o", target, code=3)
        assert done.stderr.count("error:") == 1
    if Path("/dev/full").exists():
        assert "disk is full" in cli("export", "--project", harbour, "-o", "/dev/full", "--format", "nt", code=3).stderr
    limited = subprocess.run(
        [sys.executable, "-m", "isoc_kg", "build", "--project", str(harbour), "-o", str(tmp_path / "small")],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert limited.returncode == 3, limited.stderr
    assert "Traceback" not in limited.stderr
    assert not (tmp_path / "small").exists()


def test_stopped_by_ctrl_c_nothing_is_left(harbour: Path, tmp_path: Path) -> None:
    """An interruption leaves the old folder whole and no half-built one."""
    target = tmp_path / "out"
    build_publication(load_project(harbour), target)
    old = content(target)

    def files():  # type: ignore[no-untyped-def]
        yield "a", b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        atomic.replace_folder(target, files())
    assert content(target) == old
    assert not list(tmp_path.glob(".out*"))


def test_files_are_held_to_the_projects_limits(harbour: Path, tmp_path: Path) -> None:
    """A publication of RDF files is read with the limits of the project that it is seen through."""
    file = tmp_path / "data.nt"
    file.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    assert len(Publication.of_files(load_project(harbour), [file]).lines) == 1
    with (harbour / "kg.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[limits]\nmax_file_bytes = 10\n")
    with pytest.raises(LimitExceeded):
        Publication.of_files(load_project(harbour), [file])


@pytest.mark.skipif(sys.platform != "linux", reason="only there are processes forked")
def test_a_child_makes_the_same_files(harbour: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether or not one makes them while the data are checked; where it fails, this process makes them."""
    built = {}
    for way in ("child", "alone", "failing child"):
        monkeypatch.setattr(files, "may_fork", lambda way=way: way != "alone")
        with monkeypatch.context() as patch:
            if way == "failing child":
                patch.setattr(files, "_Made", None)
            done = build_publication(load_project(harbour), tmp_path / way)
        assert done.tree
        built[way] = content(tmp_path / way)
        assert {file.name for file in done.files} == built[way].keys() - {atomic.MANIFEST}
    assert built["child"] == built["alone"] == built["failing child"]


def test_a_build_starts_the_engines_that_it_needs(
    harbour: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of them validate: none is started for nothing, and none that was needed starts only when it is asked."""
    started: list[WaitingEngine] = []
    asked = set()

    @contextmanager
    def spied(*names: str, memory: int) -> Iterator[Callable[[float], bool]]:
        with engines_waiting(*names, memory=memory) as all_taken:
            started.extend(waiting._waiting)
            yield all_taken
            asked.update(one for one in started if one not in waiting._waiting)

    monkeypatch.setattr(build, "engines_waiting", spied)
    monkeypatch.setattr(engines, "run_script", None)
    built = build_publication(load_project(harbour), tmp_path / "out")
    assert built.gate.passed
    assert sorted(one.engine for one in started) == ["compiled", "shacl", "shacl"]
    assert asked == set(started)
