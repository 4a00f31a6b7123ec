"""What commands do with a text that is not its edition's: stop, warn, or go on without the quotes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.documents.index import index_document
from isoc_kg.errors import ChecksFailed, ProjectError
from isoc_kg.project import load_project
from isoc_kg.publication.build import build_publication
from isoc_kg.publication.gate import NotConforming
from isoc_kg.publication.publication import Publication
from isoc_kg.stores.batches import dataset_of_project

Cli = Callable[..., "object"]


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def do_not_publish_texts(harbour: Path) -> None:
    edit(harbour / "kg.toml", "publish_text = true", "publish_text = false")


STOPPING = {
    "build": lambda project, tmp: build_publication(project, tmp / "out"),
    "publish, serve, reload": lambda project, _: Publication.of_project(project),
    "load": lambda project, _: dataset_of_project(project)[0],
}


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize("command", STOPPING)
@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("guide", "1754", "1755"),
        ("guide", "Two cranes", "Two old cranes"),
        ("notice", "zwei", "„zwei“"),
    ],
)  # fmt: skip
def test_other_words_stop(
    harbour: Path, tmp_path: Path, command: str, name: str, before: str, after: str, published: bool
) -> None:
    """A number, a word, a quotation mark: nothing is published, and the message says where and what to do."""
    if not published:
        do_not_publish_texts(harbour)
    file = harbour / "documents" / f"{name}.txt"
    edit(file, before, after)
    with pytest.raises(ChecksFailed) as caught:
        STOPPING[command](load_project(harbour), tmp_path)
    assert caught.value.exit_code == 1
    message = "\n".join(caught.value.details)
    assert f"{file}:" in message
    assert f"not the words of {name}, edition 1: unit " in message
    assert "is the first that differs; 1 changed, 0 missing, 0 added." in message
    assert f"isoc-kg evidence drift OLD {file} --slug {name} --edition NEW --write" in message
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", STOPPING)
def test_another_layout(harbour: Path, tmp_path: Path, command: str) -> None:
    """The same words are no error where the text is not published; the index and what is published stay."""
    do_not_publish_texts(harbour)
    before = build_dataset(load_project(harbour))
    index = harbour / "facts" / "units" / "guide" / "1.jsonl"
    data = index.read_bytes()
    file = harbour / "documents" / "guide.txt"
    file.write_text("\n\n" + file.read_text(encoding="utf-8").replace("\n\n", "\n\n\n"), encoding="utf-8")
    STOPPING[command](load_project(harbour), tmp_path)
    after = build_dataset(load_project(harbour))
    assert [finding.severity for finding in after.findings] == ["warning"]
    assert f"index {file} --slug guide --edition 1 --relayout" in after.findings[0].render()
    assert after.digest == before.digest
    assert index.read_bytes() == data
    (edition, _) = after.editions
    unit = edition.index.units["2.1"]
    assert unit.start > edition.recorded["2.1"].start
    assert edition.quote("2.1") == unit.text(file.read_text(encoding="utf-8"))


def test_another_layout_of_a_published_text(harbour: Path, cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A text that is published stops until its layout is the edition's, which one command does."""
    file = harbour / "documents" / "guide.txt"
    file.write_bytes(b"\n" + file.read_bytes())
    done = cli("build", "--project", harbour, "-o", tmp_path / "out", code=1)
    assert "in another layout, which publish_text does not allow" in done.stderr
    command = done.stderr.partition("the edition's: isoc-kg ")[2].splitlines()[0].split()
    cli(*command, "--project", harbour)
    cli("build", "--project", harbour, "-o", tmp_path / "out", "--strict")
    assert "already has the layout" in cli(*command, "--project", harbour).stdout


def test_describe_and_query_go_on(harbour: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """They say so on stderr, and show no quote of a unit that differs, but those of others."""
    before = cli("describe", "old-harbour", "--project", harbour)
    assert "1754" in before.stdout
    assert before.stderr == ""
    quote = "PREFIX oa: <http://www.w3.org/ns/oa#> SELECT ?q { ?s oa:exact ?q }"
    all_quotes = cli("query", quote, "--project", harbour, "--format", "csv").stdout
    edit(harbour / "documents" / "guide.txt", "Two cranes", "Three cranes")
    after = cli("describe", "old-harbour", "--project", harbour)
    assert "warning: " in after.stderr
    assert "not the words of guide, edition 1: unit 2.2 is the first that differs" in after.stderr
    assert "cranes of oak" not in after.stdout
    assert "1754" in after.stdout
    quotes = cli("query", quote, "--project", harbour, "--format", "csv")
    assert "not the words of guide" in quotes.stderr
    assert "cranes of oak" not in quotes.stdout
    assert len(quotes.stdout.splitlines()) == len(all_quotes.splitlines()) - 1


def test_a_text_that_is_not_there(harbour: Path, cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """It stops what would publish it; else the summary and the site say that it was not compared."""
    (harbour / "documents" / "notice.txt").unlink()
    done = cli("build", "--project", harbour, "-o", tmp_path / "out", code=1)
    assert "the text of notice, edition 1 is not there, and publish_text is set" in done.stderr
    do_not_publish_texts(harbour)
    done = cli("build", "--project", harbour, "-o", tmp_path / "out")
    assert "text not compared: notice 1" in done.stdout
    cli("publish", "--project", harbour, "-o", tmp_path / "site")
    for page in ("about.html", "report.html"):
        page_text = (tmp_path / "site" / page).read_text(encoding="utf-8")
        assert "Text not compared with its index: notice, edition 1." in page_text


def test_a_file_that_is_no_text(harbour: Path) -> None:
    """It stops like other words do, and nothing crashes."""
    (harbour / "documents" / "notice.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(NotConforming) as caught:
        Publication.of_project(load_project(harbour))
    assert "not UTF-8 at byte 0" in "".join(caught.value.details)
    assert KnowledgeGraph.load(harbour).lines


OUTSIDE = {
    "a path upwards": '../secret.txt',
    "an absolute path": None,
    "a link": "documents/link.txt",
    "a linked folder": "linked/secret.txt",
    "a name that no file has": "documents/\\u0000",
}  # fmt: skip


@pytest.mark.parametrize("kind", OUTSIDE)
def test_a_document_stays_inside(harbour: Path, tmp_path: Path, kind: str) -> None:
    """A path out of the folder is refused with its line, wherever links lead; no index makes it publish a file."""
    secret = tmp_path / "secret.txt"
    secret.write_text("Nobody may read this.", encoding="utf-8")
    (harbour / "documents" / "link.txt").symlink_to(secret)
    (harbour / "linked").symlink_to(tmp_path)
    path = OUTSIDE[kind] or str(secret)
    index = harbour / "facts" / "units" / "notice" / "1.jsonl"
    index.unlink()
    index_document(secret, index, slug="notice", edition="1", language="de")
    toml = harbour / "kg.toml"
    edit(toml, "documents/notice.txt", path)
    line = toml.read_text(encoding="utf-8").splitlines().index(f'path = "{path}"') + 1
    with pytest.raises(ProjectError, match=r"leads out of the project's folder|has a control character") as caught:
        load_project(harbour)
    assert caught.value.line == line
    assert str(caught.value.file) == str(toml)


@pytest.mark.parametrize("name", ["ontology", "shapes", "facts", "queries", "out"])
def test_folders_stay_inside(harbour: Path, tmp_path: Path, name: str) -> None:
    """Folders, the one that is written included, are refused when they lead out; so are links to folders."""
    toml = harbour / "kg.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(f'{text}\n[folders]\n{name} = "../{name}"\n', encoding="utf-8")
    with pytest.raises(ProjectError, match="leads out") as caught:
        load_project(harbour)
    assert caught.value.line == len(text.splitlines()) + 3
    (harbour / "elsewhere").symlink_to(tmp_path)
    toml.write_text(f'{text}\n[folders]\n{name} = "elsewhere"\n', encoding="utf-8")
    with pytest.raises(ProjectError, match="leads out"):
        load_project(harbour)


@pytest.mark.parametrize(
    "name", ["facts/more.ttl", "facts/units/guide/1.gists.ttl", "queries/x.rq", "templates/about.html", "theme.css"]
)
def test_links_stay_inside(harbour: Path, tmp_path: Path, name: str) -> None:
    """A link to a file elsewhere is refused wherever a project publishes from; one within the folder is not."""
    secret = tmp_path / "secret"
    secret.write_text("# nothing\n", encoding="utf-8")
    link = harbour / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(secret)
    with pytest.raises(ProjectError, match="link leads out") as caught:
        load_project(harbour)
    assert Path(str(caught.value.file)).name == link.name
    link.unlink()
    (harbour / "inside").write_text("# nothing\n", encoding="utf-8")
    link.symlink_to(harbour / "inside")
    load_project(harbour)


def test_an_index_with_invented_digests(harbour: Path, tmp_path: Path) -> None:
    """An index whose units do not fit the text publishes no word of it."""
    index = harbour / "facts" / "units" / "notice" / "1.jsonl"
    header, *units = [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines()]
    units[0]["end"] -= 5
    index.write_text("".join(json.dumps(line) + "\n" for line in (header, *units)), encoding="utf-8")
    with pytest.raises(NotConforming) as caught:
        build_publication(load_project(harbour), tmp_path / "out")
    assert "not the words of notice" in "".join(caught.value.details)


def test_warnings_are_printed_and_strict_stops(harbour: Path, cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Each warning of a build has its place; --strict makes it an error, in build and publish."""
    gists = harbour / "facts" / "units" / "guide" / "1.gists.ttl"
    gists.write_text(
        "@prefix g: <https://harbour.example/kg/document/guide/1#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        'g:2.2 skos:changeNote "edited"@en .\n',
        encoding="utf-8",
    )
    for command in ("build", "publish"):
        done = cli(command, "--project", harbour, "-o", tmp_path / command)
        assert f"warning: {gists}:3: <https://harbour.example/kg/document/guide/1#2.2>" in done.stderr
        done = cli(command, "--project", harbour, "-o", tmp_path / f"{command}-strict", "--strict", code=1)
        assert f"warning: {gists}:3: " in done.stderr
        assert not (tmp_path / f"{command}-strict").exists()
    edit(harbour / "facts" / "harbour.ttl", "Our list.", "Our own list.")
    done = cli("build", "--project", harbour, "-o", tmp_path / "build", "--strict", code=1)
    gists.unlink()
    done = cli("build", "--project", harbour, "-o", tmp_path / "build", "--strict", code=1)
    assert "the data changed while the version is still 2.1.0" in done.stderr


def test_a_version_of_a_beginning_may_stay(harbour: Path, tmp_path: Path) -> None:
    """Before version 1 the data change, and nobody is told to raise it."""
    edit(harbour / "kg.toml", 'version = "2.1.0"', 'version = "0.1.0"')
    build_publication(load_project(harbour), tmp_path / "out")
    edit(harbour / "facts" / "harbour.ttl", "Our list.", "Our own list.")
    assert build_publication(load_project(harbour), tmp_path / "out").warning is None
