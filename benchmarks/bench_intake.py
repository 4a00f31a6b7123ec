"""Adding a folder of documents: as many as asked for, a third each Markdown, HTML and DOCX.

    python benchmarks/bench_intake.py [--documents N]

Each has about 8,000 characters of made-up sentences. The folder is added to a new project, then once more, when all is
there already; each is a process of its own, interpreter included.
"""

import argparse
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from intake_files import as_docx, as_html, as_markdown  # noqa: E402

WORDS = """
    garden pump council member meeting water tender award chair report spring minutes budget supply decision
"""
WRITERS = {".md": as_markdown, ".html": as_html, ".docx": as_docx}


def sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS.split(), k=chance.randint(6, 16))).capitalize() + "."


def write(folder: Path, documents: int) -> int:
    """Write the documents; how many bytes they have."""
    chance, size = random.Random(1), 0
    for number in range(documents):
        blocks = [("heading", f"Minutes {number}")]
        blocks += [("paragraph", " ".join(sentence(chance) for _ in range(5))) for _ in range(20)]
        suffix = list(WRITERS)[number % len(WRITERS)]
        size += (folder / f"minutes-{number}{suffix}").write_bytes(WRITERS[suffix](blocks))
    return size


def run(*args: str | Path) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "isoc_kg", *map(str, args)], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as name:
        folder, project = Path(name, "documents"), Path(name, "kg")
        folder.mkdir()
        size = write(folder, options.documents)
        run("init", project, "--example", "bakery")
        before = os.times()
        seconds = run("document", "add", folder, "--project", project)
        after = os.times()
        processor = after.children_user + after.children_system - before.children_user - before.children_system
        again = run("document", "add", folder, "--project", project)
    print(f"{options.documents:,} documents, {size:,} bytes")
    print(f"added       {seconds:7.1f} s  {options.documents / seconds:6.1f} a second  {processor:.1f} s of processors")
    print(f"added again {again:7.1f} s")


if __name__ == "__main__":
    main()
