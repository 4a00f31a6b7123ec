"""`python -m benchmarks`: data, runs, figures, ratios, page and plots, with tiny sizes; no time decides anything."""

import os
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.command import _together, main
from benchmarks.figures import Figure, Measurement, Row
from benchmarks.measuring import Plan, Session, one_run
from benchmarks.publications import write_project
from benchmarks.running import held_by, run
from benchmarks.serving import SERVING, NotStartedError, Server, started
from benchmarks.works import Contestant, Work

from benchmarks import growth, ontologies, organisations, page, peers, plots, regression, works


def quads(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES))


@pytest.mark.parametrize("generator", [organisations, ontologies])
def test_the_same_size_gives_the_same_bytes(generator, tmp_path):
    first, second = tmp_path / "1.nt", tmp_path / "2.nt"
    written = generator.generate(first, 3000)
    assert generator.generate(second, 3000) == written
    assert first.read_bytes() == second.read_bytes()
    assert 0.8 * 3000 < written < 1.4 * 3000
    assert len(quads(first)) == written


def test_ontologies_have_restrictions_lists_and_annotated_axioms_in_blank_nodes(tmp_path):
    ontologies.generate(tmp_path / "o.nt", 600)
    found = quads(tmp_path / "o.nt")
    types = {quad.object.value.rpartition("#")[2] for quad in found if isinstance(quad.subject, ox.BlankNode)
             and quad.predicate.value.endswith("#type")}  # fmt: skip
    assert types == {"Restriction", "Class", "Axiom"}
    tags = {quad.object.language for quad in found if isinstance(quad.object, ox.Literal)} - {None}
    assert tags == {"en", "ru", "ar", "zh"}


def test_a_generated_project_is_a_publication_without_flags_in_five_scripts(tmp_path):
    from isoc_kg.authoring.dataset import build_dataset
    from isoc_kg.evidence.check import check_evidence
    from isoc_kg.project import load_project
    from isoc_kg.validation import ShapesGraph

    write_project(tmp_path / "p", 50, scripts=True)
    dataset = build_dataset(load_project(tmp_path / "p"))
    check = check_evidence(dataset, ShapesGraph.of_project(dataset.project), [])
    assert check.pairs == 60
    assert not check.flags
    assert not check.errors
    facts = (tmp_path / "p" / "facts" / "l.ttl").read_text(encoding="utf-8")
    for tag in ("@ru", "@el", "@ar", "@zh"):
        assert facts.count(f'"{tag} ') >= 2


def test_the_copy_for_diff_has_other_order_other_labels_and_changes(tmp_path):
    ontologies.generate(tmp_path / "o.nt", 12_000)
    changed = works.changed_copy(tmp_path / "o.nt", tmp_path / "n.nt")
    old, new = ((tmp_path / name).read_text(encoding="utf-8").splitlines() for name in ("o.nt", "n.nt"))
    assert len(old) == len(new)
    assert old[0] != new[0]
    ours = {line for line in old if "_:" not in line}
    theirs = {line for line in new if "_:" not in line}
    assert len(ours - theirs) == len(theirs - ours) == changed >= 4


def test_a_run_that_fails_or_takes_too_long_says_so(tmp_path):
    python = sys.executable
    failed = run([python, "-c", "raise SystemExit('no such thing')"], tmp_path, output=tmp_path / "o", timeout=30)
    assert failed.failure == "exit code 1: no such thing"
    late = run([python, "-c", "import time; time.sleep(60)"], tmp_path, output=tmp_path / "o", timeout=0.2)
    assert late.timed_out
    assert late.failure.startswith("not finished after")
    absent = run(["no-such-program-anywhere"], tmp_path, output=tmp_path / "o", timeout=5)
    assert "no-such-program-anywhere: " in absent.failure
    good = run([python, "-c", "print(1)"], tmp_path, output=tmp_path / "o", timeout=30)
    assert not good.failure
    assert good.peak > 1 << 20
    assert (tmp_path / "o").read_text() == "1\n"
    # the memory of this process is not counted as the command's
    assert run(["true"], tmp_path, output=tmp_path / "o", timeout=30).peak < 16 << 20


def test_what_failed_has_no_figure(tmp_path):
    figure = Figure("x")
    one_run(Contestant("x", command=[sys.executable, "-c", "raise SystemExit(3)"]), figure, tmp_path, 30)
    assert not figure.ran
    assert figure.reason == "exit code 3"


def test_an_output_that_cannot_be_read_is_no_figure(tmp_path):
    figure = Figure("x")
    contestant = Contestant("x", command=["true"], answer=works._triples("not-written.ttl"))
    one_run(contestant, figure, tmp_path, 30)
    assert not figure.ran
    assert figure.reason.startswith("its output could not be read")


def test_work_that_left_nothing_behind_is_no_figure(tmp_path):
    (tmp_path / "site").mkdir()
    for answer in (works._pages("site", "x"), works._pages("site", "x", 0), works._differ("added")):
        figure = Figure("x")
        one_run(Contestant("x", command=["true"], answer=answer), figure, tmp_path, 30)
        assert not figure.ran
        assert figure.reason.startswith("its output could not be read: ValueError: ")
    (tmp_path / "site" / "a.html").write_text("x")
    figure = Figure("x")
    one_run(Contestant("x", command=["true"], answer=works._pages("site", "x")), figure, tmp_path, 30)
    assert figure.ran


def test_peers_that_are_not_there_are_skipped_with_the_reason(tmp_path):
    cache = peers.Cache(tmp_path, install=False)
    assert "not in the folder of peers" in cache.find("rdflib").reason
    assert cache.find("Prez").reason == "it is in no package index, only in its own repository"
    only = peers.Cache(tmp_path, install=False, only=("Jena",))
    assert only.find("rdflib").reason == "not asked for"


def test_every_pip_package_is_pinned_and_no_index_is_named(tmp_path):
    for peer in peers.PEERS.values():
        commands = peers.Cache._commands(peer, tmp_path) if peer.installer != "none" else []
        assert not any("://" in word for command in commands for word in command)
        if peer.installer == "pip":
            assert all("==" in package for package in peer.packages)


def test_contestants_take_turns_and_a_peer_without_a_place_stands_in_the_row(tmp_path):
    def contestants(data: Path, folder: Path, cache: peers.Cache) -> list[Contestant]:
        log = str(folder.parent / "log")
        return [
            Contestant("isoc-kg", command=["sh", "-c", f"echo ours >> {log}"]),
            Contestant("other", command=["sh", "-c", f"echo other >> {log}"]),
            works.peer(cache.find("Jena"), lambda: ["java"]),
        ]

    (tmp_path / "w").mkdir()
    work = Work("w", "A work", "ontology", contestants, lambda data, _: works.read(data))
    plan = Plan(peers.Cache(tmp_path, install=False))
    session = Session(work, 200, plan, tmp_path / "w")
    for first, some in ((True, False), (True, True), (False, True)):
        session.round(first, some)
    assert (tmp_path / "log").read_text().split() == ["ours", "other", "ours", "other"]
    row = session.row
    assert [len(figure.values) for figure in row.figures] == [2, 2, 0]
    assert row.limit
    assert len(row.limit.values) == 2
    assert row.figures[2].reason.startswith("not in the folder of peers")


def test_nothing_begins_after_the_end(tmp_path):
    (tmp_path / "w").mkdir()
    work = Work(
        "w",
        "A work",
        "ontology",
        lambda *_: [Contestant("isoc-kg", command=["true"])],
        lambda data, _: works.read(data),
    )
    session = Session(work, 200, Plan(peers.Cache(tmp_path, install=False), deadline=0), tmp_path / "w")
    session.round(True, False)
    assert session.row.ours
    assert session.row.ours.reason == "not run: the time set for the whole was over"


def measurement(ours: float = 2.0, theirs: float = 6.0) -> Measurement:
    row = Row("export-turtle", "Convert", 1000, 1000, "s", [
        Figure("isoc-kg", "1", "isoc-kg export", [ours, ours], [1.0], 1 << 20, answer="5 triples"),
        Figure("rdflib", "7", "rdfpipe a|b", [theirs], [4.0], 2 << 20, answer="4 triples"),
        Figure("Jena", "5", "", reason="java is not on this machine"),
    ], Figure("copying", "", "cp", [0.5], [0.1]))  # fmt: skip
    rate = Row(
        "serve-pages", "Serve", 1000, 1000, "/s", [Figure("isoc-kg", values=[300.0]), Figure("x", values=[100.0])]
    )
    grown = [
        Row("build", "a project", 1000, 1000, figures=[Figure("isoc-kg", values=[1.0], peak=5)]),
        Row("build", "a project", 10_000, 10_000, figures=[Figure("isoc-kg", reason="not finished after 9 s")]),
    ]
    return Measurement({"date": "2026-01-02"}, [row, rate], grown)


def test_ratios_are_times_as_fast_for_seconds_and_for_rates():
    row, rate = measurement().rows
    assert row.ratio(row.figures[1]) == 3
    assert row.ratio(row.figures[2]) is None
    assert rate.ratio(rate.figures[1]) == 3


def test_figures_survive_being_written(tmp_path):
    measurement().write(tmp_path / "r.json")
    assert Measurement.read(tmp_path / "r.json") == measurement()


def test_the_page_names_what_did_not_run_and_answers_that_differ(tmp_path):
    (tmp_path / "page.md").write_text(f"# M\n\n{page.BEGIN}\nold\n{page.END}\n\nafter\n")
    page.record(measurement(), tmp_path / "page.md")
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert text.startswith("# M\n\n")
    assert text.endswith("\n\nafter\n")
    assert "\nold\n" not in text
    assert "**no figure**: java is not on this machine" in text
    assert "**4 triples, isoc-kg 5 triples**" in text
    assert "rdfpipe a\\|b" in text
    assert "3.00 × (4.00 ×)" in text
    assert "- build, 10,000 triples: not finished after 9 s." in text
    for name in ("ratios.svg", "growth-time.svg", "growth-memory.svg", "results.json"):
        assert (tmp_path / "page" / name).exists()
    page.record(measurement(), tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == text


def test_a_busy_machine_is_named_and_ratios_are_drawn_by_processor_time():
    found = measurement()
    assert not page.busy(found)
    found.machine |= {"load before": "7.5", "processor": "2 × X"}
    assert page.busy(found)
    assert "**Other work kept the processors busy**" in page.markdown(found)
    assert "by processor time" in page.plots(found)["ratios.svg"]
    assert page.by_processor(found.rows[0], found.rows[0].figures[1]) == 4
    assert page.by_processor(found.rows[1], found.rows[1].figures[1]) is None


def test_plots_are_xml_with_whole_decades_and_escaped_names():
    drawn = plots.line_chart(
        "A & B", "x", "y", [plots.Series("<one>", [(10, 0.5), (2000, 30)]), plots.Series("none", [])]
    )
    root = ElementTree.fromstring(drawn)
    texts = [element.text for element in root.iter() if element.text and element.tag.endswith("text")]
    assert {"10", "100", "1 k", "10 k", "0.1", "1", "<one>"} <= set(texts)
    assert "none" not in texts
    assert "nothing was measured" in plots.line_chart("t", "x", "y", [])
    assert "nothing was measured" in plots.ratio_chart("t", [])
    ElementTree.fromstring(plots.ratio_chart("t", [("w", [("a", 0.02), ("b", 40.0), ("c", 41.0)])]))


def test_labels_keep_apart_within_bounds():
    placed = plots.apart([100, 101, 102, 300], 15, 40, 330)
    assert placed == [100, 115, 130, 300]
    assert plots.apart([329, 330], 15, 40, 330) == [315, 330]


def test_ratios_that_changed_are_reported_and_noise_is_not():
    assert regression.compare(measurement(), measurement(theirs=5.5)) == []
    (line,) = regression.compare(measurement(), measurement(theirs=3.0))
    assert line == "slower: export-turtle, 1,000 triples, beside rdflib: 3.00 × before, 1.50 × now"


def test_only_more_instructions_in_the_same_surroundings_fail():
    recorded = {"surroundings": {"python": "1"}, "instructions": {"help": 1000}}
    assert regression.judge(recorded, {"help": 1049}, {"python": "1"})[1] is False
    assert regression.judge(recorded, {"help": 1060}, {"python": "1"})[1] is True
    lines, fails = regression.judge(recorded, {"help": 2000}, {"python": "2"})
    assert not fails
    assert "decides nothing" in lines[-1]
    assert regression.judge({}, {"help": 1}, {"python": "1"})[0][0] == "help: 1 instructions, none recorded"


def test_a_size_that_is_not_reached_ends_the_growth_of_its_command(tmp_path):
    plan = Plan(peers.Cache(tmp_path, install=False), timeout=0.01, scratch=tmp_path)
    rows = growth.grow(["export"], [100, 200], plan, lambda _: None)
    assert [row.ours.reason for row in rows if row.ours] == [
        "not finished after 0 s",
        "not tried, since 100 triples were not reached",
    ]


def test_a_server_that_ends_is_reported_with_its_last_line(tmp_path):
    server = Server("x", "1", lambda _: [sys.executable, "-c", "raise SystemExit('no port')"], ())
    with pytest.raises(NotStartedError, match="it ended: no port"), started(server, tmp_path, 30):
        pass


def test_memory_of_servers_is_the_share_of_all_their_processes():
    assert held_by(os.getpid()) > 1 << 20
    assert held_by(0) == 0


def test_commands_are_shown_without_folders_of_the_machine(tmp_path):
    command = [*works.OURS, "export", f"{tmp_path}/a.nt", "-o", f"{tmp_path}/a.ttl"]
    assert works.shown(command, tmp_path) == "isoc-kg export a.nt -o a.ttl"
    java = ["java", "-cp", "/somewhere/peers/jena/*", "riotcmd.riot"]
    assert works.shown(java, tmp_path) == "java -cp '.../*' riotcmd.riot"
    piped = works.to_file(["/somewhere/bin/rdfpipe", f"{tmp_path}/a.nt"], tmp_path / "a.ttl")
    assert works.shown(piped, tmp_path) == "rdfpipe a.nt > a.ttl"


def test_the_command_measures_draws_and_compares(tmp_path, capsys):
    out = tmp_path / "out"
    given = ["--triples", "300", "--runs", "1", "--peers", str(tmp_path), "-o", str(out), "--scratch", str(tmp_path)]
    assert main([*given, "--work", "export-turtle"]) == 0
    (row,) = Measurement.read(out / "results.json").rows
    assert row.ours
    assert row.ours.ran
    assert row.ours.answer == f"{row.triples:,} triples"
    assert [figure.ran for figure in row.figures[1:]] == [False] * 3
    assert main(["--draw", str(out / "results.json"), "--against", str(out / "results.json"), "-o", str(out)]) == 0
    assert "no ratio changed by more than noise" in capsys.readouterr().out
    assert (out / "ratios.svg").exists()


def test_later_figures_replace_earlier_of_the_same_work_and_size(tmp_path):
    measurement().write(tmp_path / "a.json")
    measurement(ours=1.0).write(tmp_path / "b.json")
    both = _together([tmp_path / "a.json", tmp_path / "b.json"])
    assert [row.work for row in both.rows] == ["export-turtle", "serve-pages"]
    assert both.rows[0].ours
    assert both.rows[0].ours.median == 1.0


def test_works_have_names_of_their_own():
    names = [*(work.name for work in works.WORKS), *SERVING]
    assert len(names) == len(set(names))
