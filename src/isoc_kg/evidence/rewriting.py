"""How facts and gists follow their units to a new edition."""

import re
import shlex
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, product
from pathlib import Path

from ..atomic import write_together
from ..authoring.dataset import Dataset
from ..authoring.facts import Claim, collect_facts
from ..authoring.schema_claims import own_schema_files, schema_claims
from ..documents.blocks import with_edition
from ..documents.corrections_file import corrections_path
from ..documents.cutting.rules import CutRules
from ..documents.editions import Edition
from ..documents.index import index_content, index_text
from ..documents.succession import next_index
from ..documents.text import read_text
from ..documents.units import EXEMPT_KINDS
from ..errors import UsageError
from ..namespaces import EV
from ..project import FILE_NAME, DocumentSource, Project
from ..query.tokens import Token, tokens
from ..rdf import read_located
from ..rdf.lines import literal
from .abbreviation import abbreviated
from .audit import judgements_file
from .drift import KEPT, UnitChange

__all__ = [
    "confirm_units", "followed_files", "followed_judgements", "noted_gists", "refuse_edition", "resting_claims",
    "resting_files", "rewrite_units", "write_drift",
]  # fmt: skip

_UNIT = re.compile(r"\d+\.\d+")
#: An answer to a flag opens with the unit that it is about, behind the document's name where there are several.
_ANSWERED = re.compile(r"""(?P<before>["']+\s*)(?:(?P<slug>[^\s:"']+):)?(?P<number>\d+\.\d+)(?=\s)""")

#: Units (of a token that begins at a place, by their number) in the new edition; none where they stay.
Targets = Callable[[int, str], tuple[str, ...]]
#: The place of a token behind the number of a unit.
_PROBED = re.compile(r"#\d+\.\d+\.(\d+)>$")
_PROBED_ANSWER = re.compile(r"\s*(?:[^\s:]+:)?\d+\.\d+\.(\d+)\s")


def rewrite_units(
    turtle: str, old: str, new: str, moved: dict[str, tuple[str, ...]], chosen: Container[int] | None = None
) -> str:
    """A Turtle text in which units of edition `old` (an IRI) became those of `new`.

    Prefix declarations of the old edition follow it, and so do answers to flags; other strings and comments stay as
    they are. Units that are not in `moved` stay units of the old edition, which stays described. `chosen` are the
    places of the tokens that move, by default all.
    """

    def targets(start: int, number: str) -> tuple[str, ...]:
        return moved.get(number, ()) if chosen is None or start in chosen else ()

    return _rewrite(turtle, old, new, targets)


def _rewrite(turtle: str, old: str, new: str, targets: Targets) -> str:
    turtle_tokens = list(tokens(turtle))
    names = [
        name.text
        for keyword, name, value in zip(turtle_tokens, turtle_tokens[1:], turtle_tokens[2:], strict=False)
        if keyword.text.lower() in ("@prefix", "prefix") and value.text == f"<{old}#>"
    ]
    parts, end = [], 0
    answering = False
    groups = _numbers(turtle_tokens, names, old)
    for token, numbers in zip(turtle_tokens, groups, strict=True):
        if answering and token.kind == "string":
            text = _rewritten_answer(token, (old, new), targets, numbers)
        else:
            text = _rewritten(token, names, old, new, targets)
            answering = token.text in _ANSWER or (answering and (token.kind == "tag" or token.text == ","))
        parts += [turtle[end : token.start], text]
        end = token.end
    return "".join(parts) + turtle[end:]


def _numbers(turtle_tokens: Sequence[Token], names: Sequence[str], old: str) -> Iterator[Mapping[str, int]]:
    """For each token the units of the old edition, by number, that its annotation block or else its statement names.

    With each number goes where the token begins that names it.
    """
    groups: list[dict[str, int]] = [{}]
    belongs: list[dict[str, int]] = []
    before = ""
    for token in turtle_tokens:
        if before + token.text == "{|":
            groups.append({})
            belongs[-1] = groups[-1]
        belongs.append(groups[-1])
        if before + token.text == "|}" and len(groups) > 1:
            groups.pop()
        elif token.text == "." and len(groups) == 1:
            groups = [{}]
        number = token.text[len(old) + 2 : -1] if token.text.startswith(f"<{old}#") else ""
        for name in names:
            number = number or (_unescaped(token.text[len(name) :]) if token.text.startswith(name) else "")
        if token.kind in ("iri", "name") and _UNIT.fullmatch(number):
            belongs[-1][number] = token.start
        before = token.text
    yield from belongs


def _rewritten(token: Token, names: Sequence[str], old: str, new: str, targets: Targets) -> str:
    """The text of a token in the new edition; `names` are the prefixes of the old one, colons included."""
    if token.kind == "iri" and token.text.startswith(f"<{old}#"):
        number = token.text[len(old) + 2 : -1]
        if not number:
            return f"<{new}#>"
        return ", ".join(f"<{new}#{unit}>" for unit in targets(token.start, number)) or token.text
    name = next((name for name in names if token.kind == "name" and token.text.startswith(name)), None)
    if name is None or not _UNIT.fullmatch(number := _unescaped(token.text[len(name) :])):
        return token.text
    return ", ".join(f"{name}{unit}" for unit in targets(token.start, number)) or f"<{old}#{number}>"


def _unescaped(local_name: str) -> str:
    """A local name without the backslashes that Turtle allows before marks."""
    return local_name.replace("\\", "")


_ANSWER = frozenset(("ev:answer", f"<{EV.answer}>"))


def _rewritten_answer(token: Token, editions: tuple[str, str], targets: Targets, numbers: Mapping[str, int]) -> str:
    """An answer, as it is written, that names the unit of the new edition; the first, where one became several.

    `numbers` are the old edition's units that its claim names. Where one that stays has the number that another gets,
    answers name the edition, too.
    """
    (slug, old), new = editions[0].rstrip("/").split("/")[-2:], editions[1].rstrip("/").split("/")[-1]
    moved = {number: targets(start, number) for number, start in numbers.items()}
    shared = {number for number, became in moved.items() if not became}.intersection(*[chain(*moved.values())])

    def moved_on(match: re.Match[str]) -> str:
        number = match["number"]
        if match["slug"] not in (None, slug, f"{slug}/{old}") or number not in numbers:
            return match[0]
        became = targets(token.start, number)
        after = (became or (number,))[0]
        name = match["slug"] and f"{match['slug']}:"
        if after in shared:
            name = f"{slug}/{new if became else old}:"
        elif became and match["slug"] == f"{slug}/{old}":
            name = f"{slug}:"
        return f"{match['before']}{name or ''}{after}"

    return _ANSWERED.sub(moved_on, token.text, count=1)


def refuse_edition(dataset: Dataset, old: Edition, new: Path) -> None:
    """Raise `UsageError` for a text that a document has as an edition already."""
    document = old.document
    text = index_text(read_text(new), document.slug, "", document.language, CutRules(document.units))
    for edition in dataset.editions:
        if edition.document.slug != document.slug:
            continue
        name = edition.document.edition
        cuts = [[(u.number, u.kind, u.start, u.end) for u in index.units.values()] for index in (text, edition.index)]
        if text.sha256 == edition.index.sha256 and cuts[0] == cuts[1]:
            raise UsageError(
                f"{new} is the text of {document.slug}, edition {name}, which is there already.",
                advice="Nothing is to be written; isoc-kg evidence confirm lists the evidence that is held.",
            )
        words = [[(u.number, u.kind, u.words) for u in index.units.values()] for index in (text, edition.index)]
        if text.words == edition.index.words and words[0] == words[1]:
            raise UsageError(
                f"{new} has the words of {document.slug}, edition {name}, in another layout.",
                advice="Make it that edition's layout: "
                f"isoc-kg evidence index {shlex.quote(str(new))} --slug {document.slug} --edition {name} --relayout",
            )


def write_drift(
    project: Project, old: Edition, texts: tuple[Path, Path], edition: str, changes: Sequence[UnitChange]
) -> list[str]:
    """Write a new edition and what follows it, all of it or nothing; what was written, a line a file.

    That is the texts of both editions, the new one's index, corrections and gists, its block in kg.toml, and the
    facts, whose evidence moves with units that kept their words and stays with the old edition otherwise. `texts` are
    the old one, or its index where it is lost, and the new one. Raises `UsageError`, `ProjectError` and
    `OutputError`.
    """
    document, root = old.document, project.root
    following = replace(document, edition=edition)
    index, gists = project.index_path(following), project.gists_path(following)
    for path in (index, gists, corrections_path(index)):
        if path.exists():
            raise UsageError(
                f"{path} is there already; it may hold somebody's work.",
                advice="Give --edition another name, or remove the file first.",
            )
    files: dict[Path, bytes] = {}
    old_path, new_path = _places(project, document, texts, edition, files)
    made = next_index(old.index, read_text(texts[1]), edition, CutRules(document.units)).index
    files[index] = index_content(made)
    if made.corrections:
        files[corrections_path(index)] = made.corrections.toml.encode()
    files |= followed_files(project, old, edition, changes)
    settings = root / FILE_NAME
    files[settings] = with_edition(
        settings.read_text(encoding="utf-8"), settings, document, edition, old_path, new_path
    ).encode()
    write_together(root, files)
    return [f"wrote {path}" for path in files]


def followed_files(project: Project, old: Edition, edition: str, changes: Sequence[UnitChange]) -> dict[Path, bytes]:
    """The files of facts, and of the gists of a later edition, that follow units which changed as given."""
    new = project.ids.edition(old.document.slug, edition)
    kept = {number: change.new for change in changes if change.case in KEPT for number in change.old}
    files = _moved_facts(project, old.iri, new, kept) | followed_judgements(project, old.iri, new, kept)
    if lines := list(_gists(old, changes)):
        head = [
            "@prefix ev: <https://w3id.org/isoc-kg/evidence#> .",
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
            f"@prefix s: <{new}#> .",
            "",
        ]
        path = project.gists_path(replace(old.document, edition=edition))
        files[path] = ("\n".join([*head, *dict.fromkeys(lines)]) + "\n").encode()
    return files


def confirm_units(
    project: Project,
    moves: Mapping[tuple[str, str], dict[str, tuple[str, ...]]],
    claims: Collection[str] | None = None,
    settled: Iterable[tuple[Edition, Collection[str]]] = (),
) -> list[Path]:
    """Move the evidence on units of editions to later ones, in all files or none; the files of facts that changed.

    The notes that units have changed are taken out for those that are `settled` by it, by the edition that has them.

    `moves` has, for an edition and a later one (IRIs), the units by what they became. `claims` (IRIs) are those whose
    evidence moves, by default all. Raises `UsageError` where evidence is written in a form in which it cannot be
    moved, and `OutputError`; nothing is written then.
    """
    files: dict[Path, bytes] = {}
    for (old, new), moved in moves.items():
        files |= _moved_facts(project, old, new, moved, claims, files)
    left = {f"{old}#{number}" for (old, _), moved in moves.items() for number in moved}
    for path in resting_files(project):
        for claim in resting_claims(project, path, files.get(path) or path.read_bytes()):
            for _, unit, (_, line) in claim.units() if claims is None or claim.iri in claims else ():
                if unit in left:
                    raise UsageError(
                        f"{path}:{line}: <{unit}> is written in a form that cannot be moved here.",
                        advice="Write it with a prefix of the whole edition, or as a full IRI.",
                    )
    changed = list(files)
    for edition, numbers in settled:
        files |= _without_notes(project, edition, numbers, files)
    write_together(project.root, files)
    return changed


def noted_gists(edition: Edition, numbers: Collection[str]) -> list[str]:
    """The units that have a note that they changed, and a gist, which may have to be changed, too."""
    return [number for number in numbers if number in edition.lines and number in edition.gists]


def _without_notes(
    project: Project, edition: Edition, numbers: Collection[str], files: Mapping[Path, bytes]
) -> dict[Path, bytes]:
    """The file of an edition's gists without the notes that units have changed, if it has some.

    Only notes that stand on a line of their own, as `write_drift` writes them, are taken out. `files` are changes that
    are to be written, too.
    """
    path = project.gists_path(edition.document)
    content = files.get(path) or (path.read_bytes() if path.is_file() else b"")
    lines = path.read_bytes().splitlines(keepends=True) if path.is_file() else []
    note = re.compile(rb"\S+ skos:changeNote \"[^\"]*\"@en \.\r?\n?")
    new = content
    for number in numbers:
        place = edition.lines.get(number, 0) - 1
        if 0 <= place < len(lines) and note.fullmatch(lines[place]):
            new = new.replace(lines[place], b"", 1)
    return {path: new} if new != content else {}


def resting_files(project: Project) -> list[Path]:
    """The files whose statements may rest on units: facts, alignments, and the project's own ontology and shapes."""
    aligned = [project.alignments_file] if project.alignments_file else []
    return [*project.facts_files, *aligned, *own_schema_files(project)]


def resting_claims(project: Project, path: Path, content: bytes) -> Iterable[Claim]:
    """The claims of one of these files, as its content has them."""
    if path in own_schema_files(project):
        return schema_claims(project, {path: content}).values()
    quads = read_located(content, base=project.ids.base, limits=project.limits, name=str(path), confined=True)
    return collect_facts([(path, quads)], project.ids.claim, project.annotations).claims.values()


def followed_judgements(
    project: Project, old: str, new: str, moved: Mapping[str, tuple[str, ...]]
) -> dict[Path, bytes]:
    """The file of what a person found true among the mutants, where it names units that moved."""
    path = judgements_file(project)
    if not path.is_file():
        return {}
    before = path.read_bytes()
    named = re.compile(rf"{re.escape(old)}#(\d+\.\d+)(?![\d.]*\d)")

    def target(match: re.Match[str]) -> str:
        became = moved.get(match[1], ())
        return f"{new}#{became[0]}" if became else match[0]

    after = named.sub(target, before.decode("utf-8")).encode()
    return {path: after} if after != before else {}


def _moved_facts(
    project: Project,
    old: str,
    new: str,
    moved: dict[str, tuple[str, ...]],
    claims: Collection[str] | None = None,
    moved_before: Mapping[Path, bytes] | None = None,
) -> dict[Path, bytes]:
    """The files of facts that change when evidence moves to other units, and their content."""
    files = {}
    for path in resting_files(project):
        before = ((moved_before or {}).get(path) or path.read_bytes()).decode("utf-8")
        chosen = None if claims is None else _tokens_of(project, path, before, (old, moved), claims)
        if chosen is not None and not chosen:
            continue
        if (after := rewrite_units(before, old, new, moved, chosen)) != before:
            files[path] = abbreviated(before, after, old, new).encode()
    return files


def _tokens_of(
    project: Project, path: Path, turtle: str, units: tuple[str, Collection[str]], claims: Collection[str]
) -> set[int]:
    """Where the tokens begin by which claims (IRIs) name units of an edition.

    Only the parser knows to which claim an annotation belongs. So each unit is given a number of its own, the place
    of its token, and the claims of the text are read.
    """
    old, numbers = units
    probe = f"{old}/probe"
    text = _rewrite(turtle, old, probe, lambda start, number: (f"{number}.{start}",) if number in numbers else ())
    places: set[int] = set()
    for claim in resting_claims(project, path, text.encode()):
        if claim.iri in claims:
            names = [unit for values in claim.evidence.values() for unit in values if unit.startswith(f"<{probe}#")]
            answers = [literal(token.encode())[0] for token in claim.evidence.get(EV.answer, ())]
            matches = [_PROBED.search(name) for name in names] + [_PROBED_ANSWER.match(text) for text in answers]
            places.update(int(match[1]) for match in matches if match)
    return places


def _places(
    project: Project, document: DocumentSource, texts: tuple[Path, Path], edition: str, files: dict[Path, bytes]
) -> tuple[str | None, str]:
    """Where the texts of both editions lie, relative to the project; what has to be put there is added to `files`."""
    root = project.root

    def kept(file: Path, name: str) -> Path:
        path = root / "documents" / f"{document.slug}-{name}.txt"
        if path.exists() and path.read_bytes() != file.read_bytes():
            raise UsageError(
                f"{path} is there already, and holds another text.", advice="Give --edition another name, or move it."
            )
        if not path.exists():
            files[path] = file.read_bytes()
        return path

    old, new = texts
    new_path = new.resolve() if new.resolve().is_relative_to(root) else kept(new, edition)
    old_path: Path | None = document.path
    if old_path is None or not old_path.is_file() or old_path.resolve() == new.resolve():
        old_path = None if old.suffix == ".jsonl" else kept(old, document.edition)
    elif old.suffix != ".jsonl" and read_text(old) != read_text(old_path):
        old_path = kept(old, document.edition)
    return (old_path.relative_to(root).as_posix() if old_path else None), new_path.relative_to(root).as_posix()


def _gists(old: Edition, changes: Sequence[UnitChange]) -> Iterator[str]:
    """The lines of the new gists: what was said of a unit, and whether it must be looked at again."""
    for change in changes:
        for number, new in product(change.old, change.new):
            if number in old.gists:
                yield f"s:{new} ev:gist {old.gists[number].decode()} ."
            reason = old.exempt.get(number)
            if reason is not None and (reason == EV.Navigation or old.index.units[number].kind not in EXEMPT_KINDS):
                yield f"s:{new} ev:exemptAs <{reason}> ."
            if change.case not in KEPT and (number in old.gists or number in old.exempt):
                yield f's:{new} skos:changeNote "{change.case} since edition {old.document.edition}"@en .'
