"""Searching many things: the time to make the index, its size, and what a browser reads and waits for.

    python benchmarks/bench_search.py [--things 100000] [--folder DIR]

A generated publication has for each thing a name of two or three words and a number, an acronym, a year, a sentence of
description and two links; its words are as frequent as those of a language are (Zipf). The page scripts search it from
a folder behind Python's own web server; each question is asked on a page that has read nothing yet.
"""

import argparse
import functools
import http.server
import os
import random
import resource
import shutil
import tempfile
import threading
import time
from pathlib import Path

from isoc_kg.project import load_project
from isoc_kg.rdf.lines import sort_lines
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.renderer import Material, Renderer
from isoc_kg.rendering.search_files import SearchFiles, search_files
from isoc_kg.rendering.theme import load_theme

SCHEMA = "https://schema.org/"
WORDS = 20_000
QUESTIONS = (
    "{name}", "{acronym}", "2014", "{word}", "{frequent}", "{frequent} {word}", "{start}", "{f}", "{near}",
    "{frequent} {second} {third} {word} {start} 2014", "{described}",
)  # fmt: skip


def generated(count: int, things: str) -> tuple[list[bytes], dict[str, str]]:
    """Lines, and what is asked of them."""
    chosen = random.Random(7)
    syllables = [a + b for a in "bdfghklmnprstvw" for b in "aeiou"]
    vocabulary = list(dict.fromkeys("".join(chosen.choices(syllables, k=chosen.randint(2, 4))) for _ in range(WORDS)))
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]

    def words(number: int) -> list[str]:
        return chosen.choices(vocabulary, weights, k=number)

    lines, asked = [], {}
    for number in range(count):
        subject = f"<{things}t{number}>"
        named = words(chosen.randint(2, 3))
        name = f"{' '.join(named).title()} {number}"
        described = words(14)
        acronym = "".join(word[0] for word in named).upper() + str(number % 977)
        year = 1900 + chosen.randrange(125)
        lines += [
            f'{subject} <{SCHEMA}name> "{name}" .\n',
            f'{subject} <{SCHEMA}alternateName> "{acronym}" .\n',
            f'{subject} <{SCHEMA}description> "{" ".join(described)}" .\n',
            f'{subject} <{SCHEMA}foundingDate> "{year}"^^<http://www.w3.org/2001/XMLSchema#gYear> .\n',
            f"{subject} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{SCHEMA}Organization> .\n",
            *(f"{subject} <{SCHEMA}knows> <{things}t{chosen.randrange(count)}> .\n" for _ in range(2)),
        ]
        if number == count // 2:
            asked = {"name": name, "acronym": acronym, "word": named[0], "described": " ".join(described[3:8])}
    asked |= {"frequent": vocabulary[0], "second": vocabulary[1], "third": vocabulary[2], "start": vocabulary[5][:3]}
    asked |= {"f": vocabulary[0][0], "near": vocabulary[9][:-1] + "x"}
    return sort_lines([line.encode() for line in lines]), asked


def asked_in_browser(folder: Path, questions: list[str]) -> None:
    """Ask each on a fresh page: bytes and files read, time until the best eight are there."""
    from playwright.sync_api import sync_playwright

    class Files(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    executable = os.environ.get("ISOC_KG_BROWSER") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        print(f"{'question':<60} {'files':>6} {'bytes':>10} {'ms':>7} {'ms, next letter':>16}")
        for question in questions:
            page = browser.new_page()
            read: list[int] = []
            page.on("requestfinished", lambda one, read=read: read.append(one.sizes()["responseBodySize"]))
            page.goto(f"{address}page.html")
            page.wait_for_function("() => !!globalThis.isocKgFind")
            read.clear()
            ask = "async q => { const t = performance.now(); await isocKgFind(q, 8); return performance.now() - t; }"
            first = page.evaluate(ask, question)
            page.wait_for_timeout(200)
            size, files = sum(read), len(read)
            again = page.evaluate(ask, question[:-1] or question)
            print(f"{question[:60]:<60} {files:>6} {size:>10,} {first:>7.0f} {again:>16.0f}")
            page.close()
        browser.close()
    server.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--things", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    project = load_project(Path(__file__).parents[1])
    lines, values = generated(args.things, project.ids.things)
    renderer = Renderer(Index(project, lines), load_theme(project), Material(), "https://bench.example/")
    start = time.perf_counter()
    files = dict(search_files(renderer))
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sizes = sorted(map(len, files.values()))
    print(f"{args.things:,} things, {len(lines):,} lines: {seconds:.1f} s, {memory / 1000:,.0f} MB, "
          f"{len(files):,} files, "
          f"{sum(sizes):,} bytes; head {len(files['data/search.json']):,}, greatest {sizes[-1]:,}")  # fmt: skip
    questions = [question.format(**values) for question in QUESTIONS]
    found = SearchFiles.reading(files.__getitem__)
    for question in questions:
        start = time.perf_counter()
        count = len(found.ranked(question).numbers)
        print(f"{question[:60]:<60} {count:>8,} found in {1000 * (time.perf_counter() - start):.0f} ms, in Python")
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.folder or Path(temporary)
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        script = renderer.theme.files["scripts/search.js"].read_bytes()
        (folder / "search.js").write_bytes(script)
        (folder / "page.html").write_text('<!doctype html><html lang="en"><script src="search.js"></script>')
        asked_in_browser(folder, questions)


if __name__ == "__main__":
    main()
