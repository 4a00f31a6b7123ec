"""Weaken every single constraint of the shapes, and see that some fixture notices.

    python tests/mutate_shapes.py

Prints the mutants that no fixture notices, and how many there were. Run by tests/shapes/test_shapes.py.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "shapes"))
import reports

_SH = b"<http://www.w3.org/ns/shacl#"
#: Constraints and what goes with them; names, descriptions and messages change no result.
_TERMS = (
    b"targetClass targetSubjectsOf property path minCount maxCount minLength maxLength minInclusive maxInclusive "
    b"pattern class datatype nodeKind hasValue lessThan disjoint uniqueLang in languageIn or not severity"
).split()
_NUMBER = re.compile(rb'"(\d+)"')


def mutants(lines: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """Each way to weaken one triple of a shape, with the shape that results."""
    for number, line in enumerate(lines):
        term = next((name for name in _TERMS if b" " + _SH + name + b"> " in line), None)
        if term is None:
            continue
        others = lines[:number] + lines[number + 1 :]
        what = line.decode().strip()
        if term not in (b"path", b"severity"):
            yield f"without {what}", others
        for weaker in _weaker(term, line):
            yield f"{what} as {weaker.decode().strip()}", [*others, weaker]


def _weaker(term: bytes, line: bytes) -> Iterator[bytes]:
    found = _NUMBER.search(line)
    if term in (b"minCount", b"minLength", b"minInclusive") and found and int(found[1]):
        yield _NUMBER.sub(b'"%d"' % (int(found[1]) - 1), line, count=1)
    elif term in (b"maxCount", b"maxLength", b"maxInclusive") and found:
        yield _NUMBER.sub(b'"%d"' % (int(found[1]) + 1), line, count=1)
    elif term == b"pattern":
        yield re.sub(rb'> ".*" \.\n', b'> ".*" .\n', line)
    elif term == b"severity":
        yield line.replace(b"#Violation>", b"#Info>").replace(b"#Warning>", b"#Info>")
    elif term == b"path":
        yield re.sub(rb"<[^<>]+> \.\n", b"<urn:other> .\n", line)


def longer_lists(lines: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    """Each sh:in and sh:languageIn list with one more item: the one that the fixtures' bad nodes have."""
    rdf = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    end = b"<" + rdf + b"rest> <" + rdf + b"nil> .\n"
    for number, line in enumerate(lines):
        for mark, item in ((b"-in-", b"<https://example.org/other>"), (b"-languageIn-", b'"fr"')):
            cell = line.split(b" ", 1)[0]
            if line.endswith(end) and re.search(mark + rb"\d+>$", cell):
                more = cell[:-1] + b"-more>"
                added = [
                    cell + b" <" + rdf + b"rest> " + more + b" .\n",
                    more + b" <" + rdf + b"first> " + item + b" .\n",
                    more + b" " + end,
                ]
                yield f"{cell.decode()} with {item.decode()}", lines[:number] + lines[number + 1 :] + added


def survivors() -> tuple[list[str], int]:
    """The mutants that every fixture passes, and the count of all."""
    found, count = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for shape in reports.node_shapes():
            shapes, data = reports.write_inputs(shape, folder)
            expected = reports.report(shapes, data, "shacl")
            lines = shapes.read_bytes().splitlines(keepends=True)
            for what, mutant in (*mutants(lines), *longer_lists(lines)):
                if " <http://www.w3.org/ns/shacl#severity> " in what and _says_nothing(what, lines):
                    continue
                count += 1
                (folder / "mutant.nt").write_bytes(b"".join(mutant))
                try:
                    same = reports.report(folder / "mutant.nt", data, "shacl") == expected
                except Exception:  # noqa: BLE001 – a shape that the engine refuses is noticed
                    same = False
                if same:
                    found.append(f"{shape}: {what}")
    return found, count


def _says_nothing(what: str, lines: list[bytes]) -> bool:
    """Whether a severity stands on a node shape that has no constraint of its own, where it says nothing."""
    subject = what.removeprefix("without ").split(" ", 1)[0].encode()
    own = (b"pattern> ", b"or> ", b"nodeKind> ", b"class> ")
    return not any(line.startswith(subject + b" ") and any(_SH + name in line for name in own) for line in lines)


if __name__ == "__main__":
    left, number = survivors()
    for item in left:
        print(item)
    print(f"{number} mutants, {len(left)} that no fixture notices")
    sys.exit(bool(left))
