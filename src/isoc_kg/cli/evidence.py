"""`isoc-kg evidence`: documents, their units, and what rests on them."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import counted
from ..rdf.tokens import iri_token
from .options import document_option, documents_option, one_at_a_time, project_option, slug_option, warn_of_texts
from .terminal import control

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..authoring.dataset import Dataset
    from ..authoring.facts import Claim
    from ..documents.editions import Edition
    from ..documents.original_text import OriginalText
    from ..documents.unit_names import NamedUnit
    from ..errors import Finding
    from ..evidence.held import HeldUnit
    from ..graph.knowledge_graph import KnowledgeGraph
    from ..project import Project


_FIRST_DOCUMENT = "Add one: isoc-kg document add FILE."


@click.group()
def evidence() -> None:
    """Documents, their units, and what rests on them."""


@evidence.command()
@project_option
@click.argument("file", type=click.Path(path_type=Path))
@slug_option("The document's name (default: the only one in kg.toml).")
@click.option("--edition", metavar="E", help="The edition (default: the one in kg.toml).")
@click.option("--language", metavar="TAG", help="The text's language (default: the document's in kg.toml).")
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="The index to write.")
@click.option("--relayout", is_flag=True, help="Give the index this layout of the same words.")
@one_at_a_time
def index(
    project: Path | None,
    file: Path,
    slug: str | None,
    edition: str | None,
    language: str | None,
    output: Path | None,
    relayout: bool,
) -> None:
    """Cut a text into units and write their index.

    The index knows each unit by number, kind, place and digest; it holds none of the text and is never rewritten, but
    for --relayout: then units keep their numbers, and get their places in FILE and, where they lack them, the digests
    of their words.
    """
    from ..documents.comparison import relayout_index
    from ..documents.cutting.rules import CutRules
    from ..documents.index import index_document
    from ..errors import UsageError
    from ..project import load_project

    project_ = load_project(project)
    matching = [d for d in project_.documents if slug in (None, d.slug) and edition in (None, d.edition)]
    if slug is None and len({d.slug for d in project_.documents}) > 1:
        names = ", ".join(sorted({d.slug for d in project_.documents}))
        raise UsageError("there are several documents.", advice=f"Name one with --slug: {names}.")
    known = matching[-1] if matching else next((d for d in project_.documents if d.slug == slug), None)
    slug, edition = slug or (known.slug if known else None), edition or (known.edition if known else "1")
    if slug is None:
        raise UsageError("which document is this?", advice="Name it with --slug.")
    language = language or (known.language if known else project_.language)
    target = output or project_.folder("facts") / "units" / slug / f"{edition}.jsonl"
    if relayout:
        changed = relayout_index(file, target)
        click.echo(f"{target}: {'has the layout of' if changed else 'has already the layout of'} {file}")
        return
    rules = CutRules(known.units) if known else CutRules()
    made = index_document(
        file, target, slug=slug, edition=edition, language=language, rules=rules, progress=_progress()
    )
    if made is None:
        click.echo(f"{target} is the index of this very text already.")
        return
    with target.open("rb") as lines:
        count = sum(1 for _ in lines) - 1
    click.echo(f"{target}: {count:,} units, {made.characters:,} characters")
    if not any((d.slug, d.edition) == (slug, edition) for d in project_.documents):
        click.echo(
            f'Add to kg.toml:\n\n[[document]]\nslug = "{slug}"\nedition = "{edition}"\n'
            f'title = "…"\nlanguage = "{language}"'
        )


@evidence.command()
@project_option
@documents_option
@click.option("--verifier", "verify", is_flag=True, help="Ask the command that kg.toml names under [evidence] too.")
@click.option("--answered", is_flag=True, help="List the flags that have an answer, too.")
@click.option("--cues", is_flag=True, help="List the properties without cue words, of which predicate is not asked.")
@click.option("--strict", is_flag=True, help="Fail on a flag without an answer, too.")
def check(
    project: Path | None, documents: tuple[Path, ...], verify: bool, answered: bool, cues: bool, strict: bool
) -> None:
    """Check the evidence against the text: each claim is asked of each unit that it rests on.

    Errors (another text, a number or an object that the unit does not give, a heading) stop a build, and make this
    command fail; flags are questions to a curator, who corrects the claim or answers.
    """
    from ..authoring.dataset import build_dataset
    from ..evidence.answers import statement_name
    from ..evidence.check import check_evidence
    from ..iris import compact
    from ..project import load_project
    from ..validation import ShapesGraph

    dataset = build_dataset(load_project(project))
    done = check_evidence(dataset, ShapesGraph.of_project(dataset.project), documents, verify=verify)
    errors = [finding for finding in (*dataset.findings, *done.errors) if finding.severity == "error"]
    claims = {claim.iri: claim for claim in dataset.claims.values()}
    for finding in [*errors, *done.warnings, *(flag.finding for flag in done.unanswered)]:
        head, *advice = finding.render().splitlines()
        of = [f"  {statement_name(dataset, claims[finding.iri])}"] if finding.iri in claims else []
        click.echo("\n".join([head, *of, *advice]))
    if answered:
        for flag in done.flags:
            if flag.answer:
                click.echo(f"{flag.finding.render().splitlines()[0]}\n  answered: {flag.answer}")
    if cues:
        for name in done.uncued:
            click.echo(
                f"no cue words: {compact(name, dataset.project.prefixes)}: give it skos:altLabel or skos:hiddenLabel"
            )
    if not done.compared and not errors and (dataset.editions or dataset.claims):
        raise _no_document(dataset)
    click.echo(f"{len(errors)} errors, {done.summary}")
    sys.exit(1 if errors or (strict and done.unanswered) else 0)


@evidence.command()
@project_option
@documents_option
@click.option("--seed", type=int, help="Another seed than the fixed one.")
@click.option("--misses", is_flag=True, help="List the corrupted claims that nothing noticed.")
@click.option("--record", is_flag=True, help="Record figures and flags beside the facts; builds publish them.")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--verifier", "verify", is_flag=True, help="Ask the command of kg.toml, too: what does it add?")
@one_at_a_time
def audit(
    project: Path | None,
    documents: tuple[Path, ...],
    seed: int | None,
    misses: bool,
    record: bool,
    format_name: str,
    verify: bool,
) -> None:
    """Measure the evidence check: corrupt the project's claims in many ways, and count what it notices.

    With --verifier the second reader is asked about each corrupted claim that was missed, and about each true one.
    """
    import json

    from ..authoring.dataset import build_dataset
    from ..errors import ChecksFailed
    from ..evidence.audit import SEED, audit_evidence, judgements_file, read_judgements
    from ..evidence.audit_reader import audit_reader
    from ..evidence.audit_record import write_record
    from ..evidence.check import check_evidence
    from ..evidence.corpus import Corpus
    from ..evidence.texts import texts_at_hand
    from ..project import load_project
    from ..validation import ShapesGraph

    dataset = build_dataset(load_project(project))
    at_hand, findings = texts_at_hand(dataset, documents)
    given = {iri for iri, (file, _) in at_hand.items() if file in documents}
    findings += [e.difference for e in dataset.editions if e.difference and e.iri not in given]
    for finding in findings:
        click.echo(finding.render(), err=True)
    if any(finding.severity == "error" for finding in findings):
        raise ChecksFailed("a text is not the one that was indexed; nothing was measured.")
    if not at_hand:
        raise _no_document(dataset)
    texts = {name: text for name, (_, text) in at_hand.items()}
    shapes = ShapesGraph.of_project(dataset.project)
    corpus = Corpus(dataset, texts, shapes.lines)
    judgements = read_judgements(judgements_file(dataset.project))
    result = audit_evidence(corpus, seed=SEED if seed is None else seed, judgements=judgements)
    if record:
        write_record(dataset, result, check_evidence(dataset, shapes, documents))
    if verify:
        result = audit_reader(corpus, result)
        for failure in result.reader.failures if result.reader else ():
            click.echo(failure.render(), err=True)
    if result.pairs_not_asked and format_name == "json":
        pairs = counted(result.pairs_not_asked, "pair")
        click.echo(f"warning: {pairs} not asked: text not compared: {'; '.join(result.not_compared)}", err=True)
    if format_name == "json":
        click.echo(json.dumps(result.to_json(misses=misses), ensure_ascii=False, indent=1))
        return
    click.echo(result.to_text(dataset.project.prefixes, misses=misses))


def _current(dataset: "Dataset") -> "list[Edition]":
    """The editions that no later one replaces: what is to be covered."""
    from ..evidence.held import replaced_editions

    replaced = {edition.iri for edition in replaced_editions(dataset)}
    return [edition for edition in dataset.editions if edition.iri not in replaced]


def _at_hand(dataset: "Dataset", source: "Edition", document: Path | None) -> "Edition":
    """The edition with the text named, else with the one that is where kg.toml says.

    Where there are several editions, a text named is at hand for those only whose words it has.
    """
    if document is None:
        return source
    compared = source.compared(document)
    if compared.text() is None and len(dataset.editions) > 1:
        return replace(source, comparison=None, difference=None)
    return compared


def _progress() -> Callable[[int], None] | None:
    """Tells on a terminal, after the first second and then four times a second, how far the reading has come."""
    if not sys.stderr.isatty():
        return None
    from time import monotonic

    told = monotonic() + 0.75

    def progress(characters: int) -> None:
        nonlocal told
        if monotonic() - told > 0.25:
            told = monotonic()
            control(f"\r{characters:,} characters read\x1b[K\r")

    return progress


def _no_document(dataset: "Dataset") -> Exception:
    from ..errors import ProjectError

    if not dataset.editions:
        return ProjectError("kg.toml names no document yet.", advice=_FIRST_DOCUMENT)
    return ProjectError("no document's text is at hand.", advice="Name it: --document FILE.")


@evidence.command()
@project_option
@document_option
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
def coverage(project: Path | None, document: Path | None, format_name: str) -> None:
    """Tell for each unit how many claims rest on it, and which words none of them carries."""
    import json

    from ..authoring.dataset import build_dataset
    from ..evidence.coverage import measure_coverage
    from ..project import load_project

    dataset = build_dataset(load_project(project))
    sources = [_at_hand(dataset, source, document) for source in _current(dataset)]
    warn_of_texts(sources)
    results = [measure_coverage(dataset, source, source.text()) for source in sources]
    if not results:
        click.echo(f"kg.toml names no document yet: nothing is to be covered. {_FIRST_DOCUMENT}", err=True)
    if format_name == "json":
        value = [
            {
                "document": result.edition.document.slug,
                "edition": result.edition.document.edition,
                "share": result.share,
                "units": [
                    {
                        "number": unit.unit.number,
                        "kind": unit.unit.kind,
                        "start": unit.unit.start,
                        "end": unit.unit.end,
                        "claims": len(unit.claims),
                        "covering": unit.covering,
                        "exempt": unit.exempt,
                        "left_over": unit.left_over,
                    }
                    for unit in result.units
                ],
            }
            for result in results
        ]
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
        return
    for result in results:
        click.echo(
            f"{result.edition.document.title}, edition {result.edition.document.edition}: {result.share:.1%} covered\n"
        )
        for unit in result.units:
            mark = "·" if unit.exempt else ("█" * min(20, unit.covering) or "NOT COVERED")
            left = f"  left over: {', '.join(unit.left_over)}" if unit.left_over and not unit.exempt else ""
            click.echo(f"{unit.unit.number:>7}  {unit.unit.kind:<8}  {mark}{left}")
        click.echo("")


@evidence.command()
@project_option
@document_option
@click.argument("what", nargs=-1, metavar="[UNIT | THING | CLAIM | WORDS...]")
@click.option("--uncovered", is_flag=True, help="Show what is not covered, with Turtle ready to paste.")
@click.option("--slug", metavar="SLUG", help="With --uncovered: of this document alone.")
@click.option("--kind", metavar="KIND", help="With --uncovered: units of this kind alone, such as sentence or item.")
@click.option(
    "--limit", metavar="N", type=click.IntRange(0), default=None,
    help="With --uncovered: at most N units; 0 shows all (default: 20).",
)  # fmt: skip
def show(
    project: Path | None,
    document: Path | None,
    what: tuple[str, ...],
    uncovered: bool,
    slug: str | None,
    kind: str | None,
    limit: int | None,
) -> None:
    """Show the claims of a unit (2.2, guide:2.2), or the sentences behind a thing or a claim.

    WORDS that name none of these show the sentences that have them.
    """
    from ..graph.knowledge_graph import KnowledgeGraph

    if bool(what) is uncovered:
        raise click.UsageError("Name a unit, a thing, a claim or words, or give --uncovered.")
    if not uncovered and not (slug is None and kind is None and limit is None):
        raise click.UsageError("--slug, --kind and --limit belong to --uncovered.")
    kg = KnowledgeGraph.load(project=project)
    assert kg.dataset is not None
    name = " ".join(what)
    if uncovered:
        _show_uncovered(kg.dataset, document, slug, kind, 20 if limit is None else limit)
    elif units := _units_named(kg.dataset, name):
        _show_units(kg, units, document)
    else:
        _show_claims(kg, name, document)


def _show_uncovered(dataset: "Dataset", document: Path | None, slug: str | None, kind: str | None, limit: int) -> None:
    """The units without claims, a statement to complete for each; the output is Turtle."""
    from ..documents.unit_names import unit_prefixes
    from ..documents.units import KINDS
    from ..errors import UnknownName
    from ..evidence.coverage import measure_coverage
    from ..evidence.search import Skeletons

    slugs = [source.document.slug for source in _current(dataset)]
    if slug is not None and slug not in slugs:
        raise UnknownName(f"there is no document {slug}.", advice=f"Documents: {', '.join(slugs) or 'none yet'}.")
    if kind is not None and kind not in KINDS:
        raise UnknownName(f"there is no kind {kind}.", advice=f"Kinds: {', '.join(KINDS)}.")
    names, skeletons = unit_prefixes(dataset.editions), Skeletons(dataset)
    blocks: list[str] = []
    statements: list[str] = []
    total = 0
    for source in (_at_hand(dataset, source, document) for source in _current(dataset)):
        text = source.text()
        for row in measure_coverage(dataset, source, text).uncovered if slug in (None, source.document.slug) else ():
            if kind not in (None, row.unit.kind):
                continue
            total += 1
            if limit and total > limit:
                continue
            place = f"{row.unit.kind}, characters {row.unit.start}–{row.unit.end}"
            words = [" ".join(row.unit.text(text).split())] if text else []
            parts = (skeletons.subject, skeletons.property, skeletons.object)
            statements.append(skeletons.statement(*parts, unit=row.iri))
            lines = (f"{names[source.iri]}{row.unit.number} ({place})", *words)
            blocks.append("\n".join([*(f"# {line}" for line in lines), statements[-1]]))
    for prefix, space in skeletons.used(statements).items():
        click.echo(f"@prefix {prefix}: <{space}> .")
    for block in blocks:
        click.echo(f"\n{block}")
    shown, more = (f"{len(blocks)} of ", "; --limit 0 shows all") if len(blocks) < total else ("", "")
    click.echo(f"\n# {shown}{total} units are not covered{more}" if blocks else f"# {total} units are not covered")


def _units_named(dataset: "Dataset", name: str) -> "list[NamedUnit]":
    """All units that a name may mean; prefixes are those of kg.toml and of the files of facts."""
    from ..documents.unit_names import units_named
    from ..evidence.abbreviation import prefixes_of_facts

    project = dataset.project
    return units_named(name, dataset.editions, (project.prefixes, *prefixes_of_facts(project)))


def _show_units(kg: "KnowledgeGraph", units: "list[NamedUnit]", document: Path | None) -> None:
    """Each unit, with the claims that rest on it."""
    from ..documents.unit_names import unit_prefixes
    from ..evidence.abbreviation import prefixes_of_units
    from ..iris import compact

    assert kg.dataset is not None
    resting: dict[str, list[Claim]] = {}
    for claim in kg.dataset.resting:
        for iri in dict.fromkeys(unit for _, unit, _ in claim.units()):
            resting.setdefault(iri, []).append(claim)
    names, prefixes = unit_prefixes(kg.dataset.editions), prefixes_of_units(kg.project)
    for source, unit in units:
        iri = source.unit_iri(unit.number)
        source = _at_hand(kg.dataset, source, document)
        warn_of_texts([source])
        unit = source.index.units[unit.number]
        document_ = source.document
        edition = document_.slug, document_.edition
        replaced = any((s.document.slug, s.document.revision_of) == edition for s in kg.dataset.editions)
        held = f"; last confirmed in edition {document_.edition}" if replaced and iri in resting else ""
        name = f"{names[source.iri]}{unit.number}  {compact(iri, prefixes)}"
        click.echo(f"{name}  {unit.kind}, characters {unit.start}–{unit.end}{held}")
        if words := source.quote(unit.number):
            click.echo(f"  “{words}”")
        if gist := source.gists.get(unit.number):
            click.echo(f"  {gist.decode()}")
        for claim in resting.get(iri, ()):
            name = claim.iri.removeprefix(kg.project.ids.claims)
            click.echo(f"  {kg.evidence_of(claim).statement(kg.prefixes)}  (claim:{name})")


def _show_claims(kg: "KnowledgeGraph", name: str, document: Path | None) -> None:
    """The claims about a thing, or the one of this name, with the sentences behind each; or sentences with words."""
    from ..documents.unit_names import is_unit_name, unit_named
    from ..errors import UnknownName
    from ..evidence.search import search
    from ..rdf import split

    assert kg.dataset is not None
    is_claim = name.startswith("claim:") or kg.project.ids.claims in name
    try:
        iri = kg._iri(name) if is_claim else kg.find(name)
    except UnknownName:
        texts = {source.iri: _at_hand(kg.dataset, source, document).text() for source in kg.dataset.editions}
        result = search(kg.dataset, texts, name, kinds=("sentence",))
        if is_unit_name(name):
            try:
                unit_named(name, kg.dataset.editions)  # says which units there are
            except UnknownName as unknown:
                if not result.matches:
                    raise
                click.echo(f"note: {unknown.message} These have the words:", err=True)
        if not result.matches:
            raise
        for word, others in result.meant.items():
            click.echo(f"note: no sentence has “{word}”; did you mean {' or '.join(others)}?", err=True)
        _show_units(kg, [kg.dataset.units[match.iri] for match in result.matches], document)
        return
    for claim in kg.dataset.resting:
        if claim.iri == iri or split(claim.triple)[0] == iri_token(iri):
            evidence_ = kg.evidence_of(claim)
            click.echo("  " + evidence_.statement(kg.prefixes))
            for line in (*map(str, evidence_.sentences), *evidence_.status(kg.prefixes)):
                click.echo(f"      {line}")
            if evidence_.sentences:
                click.echo(f"      {evidence_.corroboration}")


@evidence.command()
@project_option
@click.option("--strict", is_flag=True, help="Exit with 1 while a conflict is not settled.")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
def conflicts(project: Path | None, strict: bool, format_name: str) -> None:
    """List where sources disagree: several values where one is expected, and sentences that deny a claim.

    ev:preferred or ev:retracted on a claim, with the reason, settles a conflict; every claim stays.
    """
    import json

    from ..authoring.dataset import build_dataset
    from ..evidence.authored import Authored
    from ..evidence.conflicts import find_conflicts
    from ..project import load_project
    from ..publication.decisions import outlived_decisions

    dataset = build_dataset(load_project(project))
    found = find_conflicts(dataset, Authored(dataset))
    outlived = list(outlived_decisions(dataset))
    for finding in outlived:
        click.echo(finding.render(), err=True)
    undecided = {finding.iri for finding in outlived}
    found = [
        replace(conflict, settled=False)
        if undecided.intersection(side.evidence.claim for side in conflict.sides)
        else conflict
        for conflict in found
    ]
    unsettled = sum(not conflict.settled for conflict in found)
    if format_name == "json":
        click.echo(json.dumps([conflict.to_json() for conflict in found], ensure_ascii=False, indent=1))
    else:
        for conflict in found:
            click.echo(conflict.to_text(dataset.project.prefixes) + "\n")
        click.echo(f"{counted(len(found), 'conflict')}, {unsettled} not settled")
    sys.exit(1 if strict and unsettled else 0)


@evidence.command()
@project_option
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@slug_option("The document, where two have the same text.")
@click.option("--edition", metavar="E", help="The name of the new edition; with --write.")
@click.option("--write", is_flag=True, help="Write the new index, move facts and gists to the new edition.")
@one_at_a_time
def drift(project: Path | None, old: Path, new: Path, slug: str | None, edition: str | None, write: bool) -> None:
    """Compare two texts of a document: which units stayed, moved, changed or vanished, and whose claims.

    OLD is the text of an edition in kg.toml, the document that it was taken out of, or its index (.jsonl) where both
    are lost; NEW is a text, or a document of any format that document add takes. With --write, NEW becomes an edition
    in kg.toml, evidence on units that kept their words moves to it, and evidence on others is held: it stays with the
    old edition until evidence confirm moves it.
    """
    from ..authoring.dataset import build_dataset
    from ..documents.original_text import original_text
    from ..project import load_project

    project_ = load_project(project)
    dataset = build_dataset(project_)
    candidates = [source for source in dataset.editions if slug in (None, source.document.slug)]
    markup = not any(source.index.extractor for source in candidates)
    with (
        original_text(old, project_.limits, markup=markup) as before,
        original_text(new, project_.limits, markup=markup) as after,
    ):
        _drift(project_, dataset, candidates, (old, before.file), (new, after), edition, write)


def _drift(
    project: "Project",
    dataset: "Dataset",
    candidates: "Sequence[Edition]",
    before: tuple[Path, Path],
    after: "tuple[Path, OriginalText]",
    edition: str | None,
    write: bool,
) -> None:
    """Show, and write, what changed between two texts; each comes with the file that was named."""
    from ..authoring.dataset import build_dataset
    from ..documents.addition import Particulars, prepare
    from ..documents.cutting.rules import CutRules
    from ..documents.index import load_index
    from ..documents.succession import next_index
    from ..documents.text import read_text
    from ..errors import UsageError
    from ..evidence.drift import KEPT, compare_editions
    from ..evidence.held import replaced_editions, units_to_compare
    from ..evidence.new_edition import add_edition
    from ..evidence.rewriting import refuse_edition, write_drift
    from ..project import load_project

    (named, old), (_, taken) = before, after
    new = taken.file
    if old.suffix == ".jsonl":
        digest = load_index(old).sha256
        sources = [replace(s, comparison=None) for s in candidates if s.index.sha256 == digest]
    else:
        sources = [s for s in (source.compared(old) for source in candidates) if s.text() is not None]
    if len({s.document.slug for s in sources}) == 1:  # an earlier edition may have this text, too
        replaced = replaced_editions(dataset)
        sources = [s for s in sources if s.iri not in {r.iri for r in replaced}] or sources
    if len(sources) != 1:
        editions = ", ".join(f"{s.document.slug} {s.document.edition}" for s in dataset.editions)
        raise UsageError(
            f"{named} is the text of {'several editions' if sources else 'no edition'} in kg.toml ({editions}).",
            advice="Tell which with --slug."
            if sources
            else "Name the text that was indexed, or the edition's index in facts/units.",
        )
    source = sources[0]
    text, new_text = source.text(), read_text(new)
    succession = next_index(source.index, new_text, edition or "", CutRules(source.document.units))
    changes = compare_editions(
        units_to_compare(source),
        list(succession.index.units.values()),
        None if text is None else (text, new_text),
    )
    for change in changes:
        if change.case == "same":
            continue
        iri = f"{source.iri}#"
        moved = {iri + number for number in change.old}
        claims = [c for c in dataset.resting if any(unit in moved for _, unit, _ in c.units())]
        held = ", held" if write and claims and change.case not in KEPT else ""
        click.echo(
            f"{change.case:<9} {' '.join(change.old) or '–'} → {' '.join(change.new) or '–'}  "
            f"({len(claims)} claims{held})"
        )
    same = sum(change.case == "same" for change in changes)
    click.echo(f"{same} units stayed, {len(changes) - same} cases to look at")
    for number in succession.lost:
        click.echo(f"note: the correction of unit {number} finds no such words in {new}", err=True)
    if write:
        if edition is None:
            raise UsageError("the new edition needs a name.", advice="Give --edition E.")
        refuse_edition(dataset, source, new)
        own = source.document
        for other in dataset.editions:
            if (other.document.slug, other.document.revision_of) == (own.slug, own.edition):
                click.echo(f"note: {source.name}, has a later one already: {other.document.edition}", err=True)
        if taken.original is not None and taken.extracted is not None:
            wanted = Particulars(slug=own.slug, edition=edition)
            addition = prepare(project, taken.original, taken.extracted, wanted)
            if addition.block is None or addition.block.get("revision_of") != own.edition:
                raise UsageError(
                    f"{own.slug} has a later edition than {own.edition}.", advice="Compare with the latest one."
                )
            click.echo("\n".join(f"wrote {path}" for path in add_edition(project, addition)[1]))
        else:
            for line in write_drift(project, source, (old, new), edition, changes):
                click.echo(line)
        _list_held(build_dataset(load_project(project.root)))


@evidence.command()
@project_option
@click.argument("units", nargs=-1, metavar="[UNIT]...")
@click.option("--to", "targets", metavar="N", multiple=True, help="The unit of the later edition (default: its pair).")
@click.option("--claim", "claims", metavar="CLAIM", multiple=True, help="Move the evidence of this claim alone.")
@one_at_a_time
def confirm(project: Path | None, units: tuple[str, ...], targets: tuple[str, ...], claims: tuple[str, ...]) -> None:
    """List the evidence that is held since a document changed, or move that on UNIT to the later edition.

    UNIT is a number (2.2) of the earlier edition, with the document's name before it where there are several
    (guide:2.2, guide/1:2.2). Change the facts first where the new words say something else: what the new unit does not
    say, as far as the check tells, stays held, is listed, and makes the exit code 1. With --claim other claims on UNIT
    stay held.
    """
    from ..authoring.dataset import build_dataset
    from ..evidence.confirmation import corpus_of_texts, objections
    from ..evidence.held import held_units
    from ..evidence.rewriting import confirm_units, noted_gists
    from ..project import load_project
    from ..rdf import literal
    from ..validation import ShapesGraph

    dataset = build_dataset(load_project(project))
    if not units:
        _list_held(dataset)
        return
    held = list(held_units(dataset))
    confirmed = [_confirmable(dataset, held, name, targets) for name in units]
    moves: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    for unit, numbers in confirmed:
        moves.setdefault((unit.edition.iri, unit.later.iri), {})[unit.number] = numbers
    resting = {claim.iri for unit, _ in confirmed for claim in unit.claims}
    chosen = set(_claims_held(dataset, [unit for unit, _ in confirmed], claims)) if claims else resting
    corpus = corpus_of_texts(dataset, ShapesGraph.of_project(dataset.project).lines)
    stay: dict[str, Finding] = {}
    for unit, numbers in confirmed:
        if unit.later.iri not in corpus.texts:
            click.echo(f"note: the text of {unit.later.name} is not at hand: no claim was asked of it", err=True)
        for claim, finding in objections(corpus, unit, numbers, chosen if claims else ()):
            if claim.iri in chosen:
                stay.setdefault(claim.iri, finding)
    moving = chosen - stay.keys()
    settled = [
        (unit.later, numbers) for unit, numbers in confirmed if moving.issuperset(claim.iri for claim in unit.claims)
    ]
    if moving:
        for path in confirm_units(dataset.project, moves, None if moving == resting else moving, settled):
            click.echo(f"wrote {path}")
        names = ", ".join(f"{_edition_name(unit.later)}:{' '.join(numbers)}" for unit, numbers in confirmed)
        click.echo(f"note: the evidence of {counted(len(moving), 'claim')} moved to {names}", err=True)
    for edition, numbers in settled:
        for number in noted_gists(edition, numbers):
            gist = literal(edition.gists[number])[0]
            click.echo(f"note: the gist of {_edition_name(edition)}:{number} stays “{gist}”", err=True)
    for finding in stay.values():
        click.echo(finding.render(), err=True)
    sys.exit(1 if stay else 0)


def _confirmable(
    dataset: "Dataset", held: list["HeldUnit"], name: str, targets: tuple[str, ...]
) -> "tuple[HeldUnit, tuple[str, ...]]":
    """The held unit of this name, and the units of the later edition to which its evidence would move."""
    from ..errors import UnknownName, UsageError

    named = {edition.unit_iri(unit.number) for edition, unit in _units_named(dataset, name)}
    matching = [unit for unit in held if unit.edition.unit_iri(unit.number) in named]
    if not matching:
        names = ", ".join(dict.fromkeys(f"{unit.edition.document.slug}:{unit.number}" for unit in held))
        raise UnknownName(f"no evidence is held on {name}.", advice=f"Held: {names or 'nothing'}.")
    meant = [{(edition.iri, unit.number) for edition, unit in _units_named(dataset, target)} for target in targets]
    fitting = [unit for unit in matching if all(unit.later.iri in {iri for iri, _ in units} for units in meant)]
    if len({unit.edition.iri for unit in fitting}) > 1:
        names = " or ".join(f"{_edition_name(unit.edition)}:{unit.number}" for unit in fitting)
        raise UsageError(f"{name} is a unit of several documents or editions.", advice=f"Write {names}.")
    if len(fitting) > 1:  # kg.toml has two editions that revise this one
        later = [f"{_edition_name(unit.later)}:{(*unit.change.new, 'N')[0]}" for unit in fitting]
        raise UsageError(
            f"edition {fitting[0].edition.document.edition} has several later ones in kg.toml.",
            advice=f"Name the unit there: --to {' or --to '.join(later)}; "
            "or take the edition out of kg.toml that is one too many.",
        )
    if not fitting or not (targets or fitting[0].change.new):
        raise UsageError(
            f"{name} has no counterpart in edition {matching[0].later.document.edition}.",
            advice="Name its unit there with --to N, or remove the evidence from the facts.",
        )
    unit = fitting[0]
    numbers = [number for units in meant for iri, number in sorted(units) if iri == unit.later.iri]
    return unit, tuple(numbers) or unit.change.new


def _edition_name(edition: "Edition") -> str:
    """An edition as the names of its units begin."""
    return f"{edition.document.slug}/{edition.document.edition}"


def _claims_held(dataset: "Dataset", units: list["HeldUnit"], names: tuple[str, ...]) -> list[str]:
    """The IRIs of claims that rest on any of the units; `UnknownName` for a name that is none of theirs."""
    from ..errors import UnknownName

    ids, chosen = dataset.project.ids, []
    held = {claim.iri.removeprefix(ids.claims): claim.iri for unit in units for claim in unit.claims}
    for name in names:
        local = name.removeprefix("claim:").removeprefix(ids.claims)
        if local not in held:
            raise UnknownName(
                f"no claim {name} rests on what is confirmed.",
                advice=f"Claims there: {', '.join(f'claim:{other}' for other in held)}.",
            )
        chosen.append(held[local])
    return chosen


def _list_held(dataset: "Dataset") -> None:
    """The evidence that is held, with old and new words side by side and the numbers that changed."""
    from ..evidence.held import changed_numbers, held_units
    from ..iris import compact
    from ..rdf import literal, split

    prefixes = dataset.project.prefixes
    held = list(held_units(dataset))
    for unit in held:
        document, gist = unit.edition.document, unit.edition.gists.get(unit.number)
        click.echo(f"\n{document.slug}:{unit.number}, {unit.change.case}: last confirmed in edition {document.edition}")
        old, new = unit.old_words, unit.new_words
        click.echo(f"  edition {document.edition}: {old or (literal(gist)[0] if gist else 'the text is not at hand')}")
        now = new or ("the text is not at hand" if unit.change.new else "nothing like it")
        click.echo(f"  edition {unit.later.document.edition}: {now}" + _numbers(unit.change.new))
        if old and new and any(numbers := changed_numbers(old, new)):
            click.echo(f"  numbers that changed: {', '.join(numbers[0]) or '–'} → {', '.join(numbers[1]) or '–'}")
        for claim in unit.claims:
            file, line = claim.places[0]
            name = claim.iri.removeprefix(dataset.project.ids.claims)
            terms = (token.decode() for token in split(claim.triple)[:3])
            short = (compact(term[1:-1], prefixes) if term.startswith("<") else term for term in terms)
            click.echo(f"  {file}:{line}: claim:{name}: {' '.join(short)}")
    click.echo(
        f"\n{counted(len(held), 'unit')} with evidence that is held; "
        "isoc-kg evidence confirm UNIT moves it (--claim: one claim's)"
        if held
        else "no evidence is held"
    )


def _numbers(units: tuple[str, ...]) -> str:
    return f" ({', '.join(units)})" if units else ""
