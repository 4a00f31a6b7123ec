"""What a new edition of a document does to its evidence."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from ..atomic import write_file
from ..dataset import Source
from ..document import Unit, cut, index_document, read_text
from ..project import Project

__all__ = ["Change", "compare_editions", "rewrite_units", "write_drift"]

_SIMILAR = 0.6


@dataclass(frozen=True, slots=True)
class Change:
    """What became of units: `same`, `moved`, `edited`, `split`, `merged`, `removed` or `inserted`."""

    case: str
    old: tuple[str, ...]
    new: tuple[str, ...]


def compare_editions(old: Path, new: Path, language: str) -> list[Change]:
    """Each unit of two texts in exactly one change, in the order of the old text, then of the new.

    Units are paired by digest first: in the same number, else in their order. What is left between is compared
    by its words: one for one, one for several in a row (split), several for one (merged).
    """
    texts = [read_text(old), read_text(new)]
    sides = [list(cut([text], language)) for text in texts]
    pairs = _by_digest(*sides)
    changes = {
        first: Change("same" if sides[0][first].number == sides[1][second].number else "moved",
                      (sides[0][first].number,), (sides[1][second].number,))
        for first, second in pairs.items()
    }  # fmt: skip
    left = [index for index in range(len(sides[0])) if index not in pairs]
    taken = set(pairs.values())
    right = [index for index in range(len(sides[1])) if index not in taken]
    rest = _by_words(texts, sides, left, right)
    for first, change in rest:
        changes[first] = change
    done = {number for change in changes.values() for number in change.new}
    ordered = [changes[index] for index in sorted(changes)]
    return ordered + [Change("inserted", (), (sides[1][i].number,)) for i in right if sides[1][i].number not in done]


def _by_digest(old: Sequence[Unit], new: Sequence[Unit]) -> dict[int, int]:
    """Old position → new position of units whose text is the same, each used once."""
    pairs: dict[int, int] = {}
    numbers = {unit.number: position for position, unit in enumerate(new)}
    for first, unit in enumerate(old):
        second = numbers.get(unit.number)
        if second is not None and new[second].sha256 == unit.sha256:
            pairs[first] = second
    waiting: dict[str, list[int]] = {}
    used = set(pairs.values())
    for second, unit in enumerate(new):
        if second not in used:
            waiting.setdefault(unit.sha256, []).append(second)
    for first, unit in enumerate(old):
        if first not in pairs and waiting.get(unit.sha256):
            pairs[first] = waiting[unit.sha256].pop(0)
    return pairs


def _by_words(
    texts: Sequence[str], sides: Sequence[Sequence[Unit]], left: Sequence[int], right: Sequence[int]
) -> Iterator[tuple[int, Change]]:
    free = list(right)

    def words(side: int, positions: Sequence[int]) -> list[str]:
        return " ".join(sides[side][position].text(texts[side]) for position in positions).casefold().split()

    def alike(first: Sequence[int], second: Sequence[int]) -> float:
        return SequenceMatcher(None, words(0, first), words(1, second), autojunk=False).ratio()

    waiting = list(left)
    while waiting:
        first = waiting.pop(0)
        options: list[tuple[float, tuple[int, ...], tuple[int, ...]]] = []
        for at, second in enumerate(free):
            options.append((alike((first,), (second,)), (first,), (second,)))
            for size in (2, 3):
                run = free[at : at + size]
                if len(run) == size and run[-1] - run[0] == size - 1:
                    options.append((alike((first,), run), (first,), tuple(run)))
                several = (first, *waiting[: size - 1])
                if len(several) == size and several[-1] - several[0] == size - 1:
                    options.append((alike(several, (second,)), several, (second,)))
        best = max(options, key=lambda option: (option[0], -len(option[1]) - len(option[2])), default=None)
        numbers = tuple(sides[0][position].number for position in (best[1] if best else (first,)))
        if best is None or best[0] < _SIMILAR:
            yield first, Change("removed", (sides[0][first].number,), ())
            continue
        for position in best[2]:
            free.remove(position)
        for position in best[1][1:]:
            waiting.remove(position)
        case = "split" if len(best[2]) > 1 else "merged" if len(best[1]) > 1 else "edited"
        yield first, Change(case, numbers, tuple(sides[1][position].number for position in best[2]))


#: Strings and comments, in which nothing is rewritten, and IRIs, in which a # begins no comment.
_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*',
    re.DOTALL,
)


def rewrite_units(turtle: str, old: str, new: str, moved: dict[str, tuple[str, ...]]) -> str:
    """A Turtle text in which units of edition `old` (an IRI) became those of `new`.

    Prefix declarations of the old edition follow it; strings and comments stay as they are. Units that are
    not in `moved` stay units of the old edition, which stays described.
    """
    names = re.findall(rf"(?:@prefix|PREFIX)\s+([\w-]*):\s*<{re.escape(old)}#>", turtle)
    reference = re.compile(
        rf"<{re.escape(old)}#(?P<full>[\d.]+)>"
        + "".join(rf"|(?<![\w:-]){re.escape(name)}:(?P<n{i}>\d+\.\d+)" for i, name in enumerate(names))
    )

    def units(match: re.Match[str]) -> str:
        number = next(value for value in match.groupdict().values() if value)
        if number not in moved:
            return f"<{old}#{number}>"
        full = match["full"] is not None or not names
        return ", ".join(f"<{new}#{n}>" if full else f"{match[0].split(':')[0]}:{n}" for n in moved[number])

    parts, at = [], 0
    for token in _TOKEN.finditer(turtle):
        between = reference.sub(units, turtle[at : token.start()])
        parts += [between, reference.sub(units, token[0]) if token[0].startswith("<") else token[0]]
        at = token.end()
    text = "".join(parts) + reference.sub(units, turtle[at:])
    return text.replace(f"<{old}#>", f"<{new}#>")


def write_drift(project: Project, source: Source, text: Path, edition: str, changes: Sequence[Change]) -> Iterator[str]:
    """Write the new edition's index, its gists, and the facts that follow; tell what is left to do."""
    ids, document = project.ids, source.document
    new = ids.edition(document.slug, edition)
    target = project.folder("facts") / "units" / document.slug / f"{edition}.jsonl"
    index_document(text, target, slug=document.slug, edition=edition, language=document.language)
    yield f"wrote {target}"
    moved = {number: change.new for change in changes for number in change.old if change.new}
    for path in project.facts_files:
        before = path.read_text(encoding="utf-8")
        after = rewrite_units(before, source.iri, new, moved)
        if after != before:
            write_file(path, after.encode())
            yield f"moved the units in {path}"
    gists = project.gists_path(document)
    if gists.is_file():
        kept = [
            "@prefix isoc: <https://w3id.org/isoc-kg/ontology#> .",
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
            f"@prefix s: <{new}#> .",
            "",
        ]
        for change in changes:
            for number in change.old:
                for one in change.new:
                    if number in source.gists:
                        kept.append(f"s:{one} isoc:gist {source.gists[number].decode()} .")
                    if change.case not in ("same", "moved"):
                        kept.append(f's:{one} skos:changeNote "{change.case} since edition {document.edition}"@en .')
        path = target.with_name(f"{edition}.gists.ttl")
        write_file(path, ("\n".join(dict.fromkeys(kept)) + "\n").encode())
        yield f"wrote {path}"
    yield (
        f'Add to kg.toml, beside the old edition:\n\n[[document]]\nslug = "{document.slug}"\nedition = "{edition}"\n'
        f'title = "{document.title}"\nlanguage = "{document.language}"\nrevision_of = "{document.edition}"'
    )
    for change in changes:
        if change.case == "removed":
            yield f"unit {change.old[0]} is gone: its claims still rest on edition {document.edition}"
