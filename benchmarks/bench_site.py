"""Writing a site, beside Hugo and beside the bare writing of the same bytes, in one run.

    python benchmarks/bench_site.py [--things 1000 10000 100000] [--processes N] [--folder DIR]
        [--formats ttl jsonld nt] [--changes N]

A generated publication has ten triples for each thing, links in both directions among them. Timed is what `publish`
adds to `build`: reading the lines, rendering every page with its Turtle, JSON-LD and N-Triples (and all that is not
about one thing: lists, search, graph, site map), and writing them; then the same again after some facts have changed
(`--changes`: a third each of them reworded, left out, and added as links), which leaves what the site was before beside
it, and once more with other facts changed, which brings that forward. Processor seconds count all processes. Hugo
renders as many pages of about the same size from prepared JSON front matter, and no data. Bare writing puts the same
bytes under the same names, in as many processes; bare linking and removing is what any site costs that is built beside
the old one and takes all of its files over. Each is a process of its own; memory is the greatest sum of the
proportional set sizes of its processes.
"""

import argparse
import json
import multiprocessing
import os
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

BASE = "https://bench.example/kg/"
#: Of `kg.toml`, without settings of site and server.
SETTINGS = """name = "bench"
title = "Generated"
description = "A publication for timing."
base = "https://bench.example/kg/"
language = "en"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
creator = "Nobody"
created = 2026-01-02
modified = 2026-02-03
version = "1.0.0"
"""
WORDS = [
    "river",
    "bridge",
    "harbour",
    "crane",
    "oak",
    "lantern",
    "signal",
    "ferry",
    "pilot",
    "anchor",
    "market",
    "tower",
    "garden",
    "mill",
    "road",
    "gate",
]
HUGO = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><main>
<h1>{{ .Title }}</h1><p>{{ .Params.about }}</p>
{{ range .Params.groups }}<div class="property"><h3><a href="{{ .href }}">{{ .label }}</a></h3><ul>
{{ range .values }}<li class="statement">{{ if .href }}<a href="{{ .href }}">{{ .text }}</a>{{ else }}
<span>{{ .text }}</span>{{ end }}</li>
{{ end }}</ul></div>{{ end }}<script type="application/ld+json">{{ .Params.data | jsonify | safeJS }}</script>
<pre>{{ .Params.rest }}</pre>
</main></body></html>
"""


def lines(count: int) -> list[bytes]:
    """Ten triples for each of so many things, sorted."""
    generator = random.Random(7)
    schema, facts = "https://schema.org/", f"<{BASE}graph/facts>"
    kinds = [f"<{schema}{name}>" for name in ("Place", "Person", "Event", "Product", "Organization")]
    result = []
    for number in range(count):
        subject = f"<{BASE}id/thing-{number}>"
        name = f"{generator.choice(WORDS)} {generator.choice(WORDS)} {number}"
        about = " ".join(generator.choices(WORDS, k=14))
        pairs = [
            ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", kinds[number % 5]),
            (f"{schema}name", f'"{name}"@en'),
            (f"{schema}alternateName", f'"T{number}"@en'),
            (f"{schema}description", f'"{about}"@en'),
            (f"{schema}foundingDate", f'"{1900 + number % 120}"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
            (f"{schema}url", f"<https://www.example.org/{number}>"),
            *(
                (f"{schema}{link}", f"<{BASE}id/thing-{generator.randrange(count)}>")
                for link in ("knows", "isPartOf", "about", "location")
            ),
        ]  # fmt: skip
        result += [f"{subject} <{predicate}> {object_} {facts} .\n".encode() for predicate, object_ in pairs]
    return sorted(set(result))


def project_folder(folder: Path, formats: list[str]) -> Path:
    """A project without facts of its own."""
    root = folder / "project"
    root.mkdir(exist_ok=True)
    (root / "kg.toml").write_text(SETTINGS + f"\n[site]\nformats = {json.dumps(formats)}\n")
    return root


def changed_lines(data: list[bytes], changes: int, seed: int) -> list[bytes]:
    """The lines after so many changes: a name is worded otherwise, a link is left out, another is made."""
    generator = random.Random(seed)
    result = set(data)
    kinds = {
        kind: [line for line in data if part in line]
        for kind, part in enumerate((b"org/alternateName>", b"org/knows>", b"org/about>"))
    }
    for number in range(changes):
        line = generator.choice(kinds[number % 3])
        if number % 3 < 2:
            result.discard(line)
        if number % 3 == 0:
            result.add(line.replace(b'"T', b'"changed T'))
        elif number % 3 == 2:
            result.add(line.replace(b"org/about>", b"org/mentions>"))
    return sorted(result)


def processor_seconds() -> float:
    """Those of this process and of its children that have ended."""
    of = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in of)


def publish(folder: Path, count: int, changes: int, seed: int, processes: int, formats: list[str]) -> None:
    """One run, in this process; prints seconds, pages, files and how many bundles were kept."""
    from isoc_kg.project import load_project
    from isoc_kg.rendering.index import Index
    from isoc_kg.rendering.renderer import Material, Renderer
    from isoc_kg.rendering.theme import load_theme
    from isoc_kg.site.publish import publish as write_site

    project = load_project(project_folder(folder, formats))
    data = lines(count)
    if changes:
        data = changed_lines(data, changes, seed)
    start, processor = time.perf_counter(), processor_seconds()
    index = Index(project, data)
    del data  # as in the program, where nothing else holds the lines
    renderer = Renderer(index, load_theme(project), Material(), project.base)
    done = write_site(renderer, folder / "site", {}, processes=processes)
    seconds = time.perf_counter() - start
    print(
        json.dumps(
            {
                "seconds": seconds,
                "processor": processor_seconds() - processor,
                "pages": done.pages,
                "files": done.files,
                "kept": done.kept,
                "changed": len(done.changed),
            }
        )
    )


_sizes: list[tuple[str, int]] = []


def _put(share: tuple[str, int, int]) -> None:
    target, start, step = share
    made = set()
    for name, size in _sizes[start::step]:
        path = f"{target}/{name}"
        parent = path.rpartition("/")[0]
        if parent not in made:
            os.makedirs(parent, exist_ok=True)  # noqa: PTH103 – nothing else is to be timed
            made.add(parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o666)
        os.write(handle, b"x" * size)
        os.close(handle)


def bare(folder: Path, processes: int) -> None:
    """The same names and sizes, written and nothing else."""
    site = folder / "site"
    _sizes.extend(
        (path.relative_to(site).as_posix(), path.stat().st_size) for path in site.rglob("*") if path.is_file()
    )
    start = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        pool.map(_put, [(str(folder / "bare"), number, processes) for number in range(processes)], 1)
    print(json.dumps({"seconds": time.perf_counter() - start, "files": len(_sizes)}))


def _link(share: tuple[str, str, int, int]) -> None:
    source, target, start, step = share
    for name, _ in _sizes[start::step]:
        path = f"{target}/{name}"
        os.makedirs(path.rpartition("/")[0], exist_ok=True)  # noqa: PTH103 – as above
        os.link(f"{source}/{name}", path)


def linked(folder: Path, processes: int) -> None:
    """The files of the site linked into another folder, and removed from it: what taking all of them over costs."""
    site = folder / "site"
    _sizes.extend((path.relative_to(site).as_posix(), 0) for path in site.rglob("*") if path.is_file())
    start = time.perf_counter()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        pool.map(_link, [(str(site), str(folder / "linked"), number, processes) for number in range(processes)], 1)
    shutil.rmtree(folder / "linked")
    print(json.dumps({"seconds": time.perf_counter() - start, "files": len(_sizes)}))


def hugo(folder: Path, count: int) -> None:
    """As many pages from prepared JSON; the preparing is not timed."""
    root = folder / "hugo"
    (root / "layouts/_default").mkdir(parents=True)
    (root / "content/id").mkdir(parents=True)
    (root / "layouts/_default/single.html").write_text(HUGO)
    (root / "config.json").write_text(
        json.dumps(
            {
                "baseURL": BASE,
                "title": "Generated",
                "disableKinds": ["taxonomy", "term", "RSS", "sitemap", "home", "section", "404"],
            }
        )
    )
    target = (folder / "site/id").stat() and sum(
        p.stat().st_size for p in list((folder / "site/id").glob("*.html"))[:100]
    ) // 100
    for number in range(count):
        groups = [
            {
                "label": word,
                "href": f"../{word}",
                "values": [{"text": f"{word} {number}", "href": f"../thing-{number}"}],
            }
            for word in WORDS[:10]
        ]
        front = {
            "title": f"thing {number}",
            "about": "about " * 14,
            "groups": groups,
            "data": {"@id": f"{BASE}id/{number}"},
        }
        front["rest"] = "x" * max(0, target - 1800)
        (root / f"content/id/thing-{number}.md").write_text(json.dumps(front) + "\n")
    start = time.perf_counter()
    subprocess.run(
        ["hugo", "--quiet", "--source", str(root), "--destination", str(root / "public")],
        check=True,
        env=os.environ | {"GOMAXPROCS": str(os.cpu_count())},
    )
    seconds = time.perf_counter() - start
    pages = list((root / "public").rglob("*.html"))
    print(
        json.dumps(
            {
                "seconds": seconds,
                "pages": len(pages),
                "size": sum(p.stat().st_size for p in pages[:100]) // max(1, len(pages[:100])),
            }
        )
    )


def measured(*arguments: str) -> dict[str, float]:
    """What a run in a process of its own printed, with the most memory that it and its children held (MB)."""
    process = subprocess.Popen([sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True)
    most = 0

    def watch() -> None:
        nonlocal most
        while process.poll() is None:
            total = 0
            for pid in family(process.pid):
                try:
                    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
                except OSError:
                    continue
                total += next((int(row.split()[1]) for row in text.splitlines() if row.startswith("Pss:")), 0)
            most = max(most, total)
            time.sleep(0.5)

    thread = threading.Thread(target=watch)
    thread.start()
    output, _ = process.communicate()
    thread.join()
    if process.returncode:
        raise SystemExit(process.returncode)
    return json.loads(output) | {"memory": most / 1024}


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for one in found:
        try:
            found += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except OSError:
            continue
    return found


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--things", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, help="where to write (default: the system's temporary folder)")
    parser.add_argument("--formats", nargs="+", default=["ttl", "jsonld", "nt"])
    parser.add_argument("--changes", type=int, default=100, help="statements that change before the site is made again")
    parser.add_argument("--run", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        kind, count = asked.run.split(":")
        if kind == "bare":
            bare(asked.folder, asked.processes)
        elif kind == "linked":
            linked(asked.folder, asked.processes)
        elif kind == "hugo":
            hugo(asked.folder, int(count))
        else:
            seed = ("full", "changed", "again").index(kind)
            publish(asked.folder, int(count), asked.changes if seed else 0, seed, asked.processes, asked.formats)
        return
    print(f"{platform.platform()}, Python {platform.python_version()}, {asked.processes} processes\n")
    print(f"{'things':>8} {'what':<26} {'seconds':>8} {'processor':>9} {'things/s':>9} {'files':>8} {'MB held':>8}")
    for count in asked.things:
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            common = ("--folder", folder, "--processes", str(asked.processes), "--changes", str(asked.changes))
            common = (*common, "--formats", *asked.formats)

            def row(what: str, found: dict[str, float], count: int = count) -> None:
                files = found.get("files", found.get("pages", 0))
                print(
                    f"{count:>8,} {what:<26} {found['seconds']:>8.2f} {found.get('processor', 0):>9.2f} "
                    f"{count / found['seconds']:>9,.0f} "
                    f"{files:>8,.0f} {found.get('memory', 0):>8,.0f}",
                    flush=True,
                )

            full = measured(*common, "--run", f"full:{count}")
            row("isoc-kg publish", full)
            row("bare writing", measured(*common, "--run", f"bare:{count}"))
            shutil.rmtree(Path(folder) / "bare")
            part = measured(*common, "--run", f"changed:{count}")
            row(f"after {asked.changes} changes", part)
            row("and after others", measured(*common, "--run", f"again:{count}"))
            row("bare linking and removing", measured(*common, "--run", f"linked:{count}"))
            if shutil.which("hugo"):
                found = measured(*common, "--run", f"hugo:{count}")
                row(f"hugo, pages of {found['size'] / 1000:.1f} kB", found)
            size = [path.stat().st_size for path in list((Path(folder) / "site/id").glob("*.html"))[:200]]
            print(
                f"{'':>8} one page has {sum(size) / len(size) / 1000:.1f} kB; "
                f"changed: {part['changed']:.0f} files, kept: {part['kept']:.0f} bundles; "
                f"{part['seconds'] / full['seconds']:.2f} of the full time\n"
            )


if __name__ == "__main__":
    main()
