"""From a project's files to its dataset: ontology, documents, facts with their claims, and what follows of itself."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, partial
from itertools import chain
from pathlib import Path

from .. import rdf
from ..atomic import unchanging
from ..documents.description import describe_edition
from ..documents.editions import Edition, read_edition
from ..documents.units import Unit
from ..errors import Finding, ParseError
from ..iris import is_local_name, is_normal, normalized
from ..namespaces import EV, RDF, SKOS
from ..project import FILE_NAME, PROVENANCE, DocumentSource, Project
from ..project.authority_lists import listed_language, tag_of_code
from ..project.loading import item_line
from ..rdf.lines import iri, literal, sort_lines, split
from ..rdf.tokens import iri_token
from ..validation.literals import lint_literals
from ..validation.places import Places
from ..validation.report import Result
from ..validation.shapes_graph import ShapesGraph
from .annotations import CONTRADICTING, SUPPORTING
from .cardinality import Cardinality
from .consistency import check_consistency
from .decided_claims import decided_claims
from .derivation import check_entailed, derive_lines
from .ends import check_ends
from .entailment import Axioms
from .facts import Claim, Facts, Place, collect_facts
from .rivals import Rivals, find_rivals, rival_lines
from .schema_claims import schema_claims
from .schema_files import check_schema_files
from .terms import DeclaredTerms, Role, TermQuestion, check_terms, declaration_order
from .upgrade import require_current
from .vocabulary import NameOrder, naming_properties

__all__ = ["GRAPHS", "PUBLISHED", "Dataset", "build_dataset", "check_claims"]

#: The named graphs, and those of them whose union is the publication's Turtle.
GRAPHS = ("facts", "evidence", "document", "derived", "ontology", "alignments")
PUBLISHED = ("facts", "evidence", "document", "derived")
#: So many statements, or so great a share of them, may rest on editorial decisions alone.
_FEW_EDITORIAL = 5
_EDITORIAL = 0.1
#: What a parser says of a name whose prefix the file does not declare.
_UNDECLARED = re.compile(r"[Pp]refix (\S*): has not been declared")


@dataclass(frozen=True)
class Dataset:
    """The quads of a project in their middle form, with the checks of their form."""

    project: Project
    graphs: rdf.Graphs
    claims: dict[bytes, Claim]
    editions: tuple[Edition, ...]
    checks: Sequence[Callable[[], Iterable[Finding]]]  #: of what was read, in the order of what they find
    rivals: tuple[Rivals, ...] = ()  #: claims of which one at most can hold
    withdrawn: frozenset[bytes] = frozenset()  #: triples of claims that are retracted or settled against
    schema: dict[bytes, Claim] = field(default_factory=dict)  #: statements of ontology and shapes that rest on units
    declared: Mapping[bytes, int] | None = None  #: what the ontology declares → its place, where files were read

    @cached_property
    def findings(self) -> list[Finding]:
        """What is wrong with the content of the files; many who read them do not ask."""
        return [finding for check in self.checks for finding in check()]

    def graph(self, *names: str) -> list[bytes]:
        """The triples of the graphs named, as one graph."""
        return self.graphs.union(*map(self.project.ids.graph, names))

    @cached_property
    def lines(self) -> list[bytes]:
        """The quads, as sorted canonical N-Quads lines."""
        return self.graphs.quads()

    @cached_property
    def published(self) -> list[bytes]:
        """The triples of facts, evidence, document and derived graph: what `<name>.ttl` holds."""
        return self.graph(*PUBLISHED)

    @cached_property
    def edition_iris(self) -> list[str]:
        """The IRIs of the editions that the lines describe, whether or not the project's files are at hand."""
        end = f" <{RDF.type}> <{EV.Edition}> .\n".encode()
        return [iri(line[: -len(end)]) for line in self.graph("document") if line.endswith(end)]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole dataset's canonical N-Quads (RDFC-1.0 of a dataset without blank nodes)."""
        return rdf.digest(self.lines)

    @cached_property
    def units(self) -> dict[str, tuple[Edition, Unit]]:
        """Every unit of every edition by its IRI."""
        return {
            edition.unit_iri(unit.number): (edition, unit)
            for edition in self.editions
            for unit in edition.index.units.values()
        }

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """IRI → all that names it, the best name first."""
        return NameOrder(self.project).names(split(line)[:3] for line in self.lines)

    @cached_property
    def places(self) -> Places:
        """Where statements, and what is said in support of each, are written."""
        result = Places()
        for triple, claim in self.claims.items():
            subject, predicate, object_, _ = split(triple)
            result.add(subject.decode(), predicate.decode(), object_.decode(), claim.places[0])
            name = f"<{claim.iri}>"
            result.add(name, f"<{RDF.type}>", f"<{RDF.Statement}>", claim.places[0])
            for property_, values in claim.evidence.items():
                for value, place in values.items():
                    result.add(name, f"<{property_}>", value, place)
        axioms, terms = Axioms(self.graph("ontology")), set(map(iri_token, self.project.entailed))
        for triple, claim in self.claims.items() if terms else ():
            for subject, predicate, object_ in axioms.entailed(*split(triple)[:3]):
                if predicate in terms or object_ in terms:
                    result.add(subject.decode(), predicate.decode(), object_.decode(), claim.places[0])
        for edition in self.editions:
            file = self.project.gists_path(edition.document)
            for number, line in edition.lines.items():
                result.add(f"<{edition.unit_iri(number)}>", f"<{SKOS.changeNote}>", "", (file, line))
        return result

    def locate(self, result: Result) -> Place | None:
        """Where the statement is written that a validation's result is about."""
        return self.places.get(result)

    @property
    def resting(self) -> list[Claim]:
        """All that rests on units: the claims, and statements of the ontology and the shapes."""
        return [*self.claims.values(), *self.schema.values()]

    @property
    def editorial_share(self) -> float:
        """The share of claims behind which only our own decision stands; names and definitions are not counted."""
        stating = _stating(self.project, self.claims)
        return sum(claim.editorial for claim in stating) / max(1, len(stating))


def build_dataset(project: Project, shapes: ShapesGraph | None = None) -> Dataset:
    """Read all files of a project; what is wrong with their content is told by the dataset's findings.

    `shapes` are the project's, where they have been read already: they tell which properties should have one value.

    Nobody changes the project meanwhile. Raises `ParseError`, `FactsError`, `LimitExceeded` or `EncodingError` for a
    file that cannot be read at all, and `OutputError` when a change goes on for too long.
    """
    with unchanging(project.root):
        try:
            return _read_dataset(project, shapes)
        except ParseError as error:
            error.advice = _declaration(project, error.message) or error.advice
            raise


def _declaration(project: Project, message: str) -> str | None:
    """The line that declares the prefix of which a parser says that it is not declared; None for an unknown one."""
    undeclared = _UNDECLARED.search(message)
    space = project.prefixes.get(undeclared[1]) if undeclared else None
    return f"Add at the top of the file: @prefix {undeclared[1]}: <{space}> ." if undeclared and space else None


def _read_dataset(project: Project, shapes: ShapesGraph | None) -> Dataset:
    require_current(project)
    ids = project.ids
    found: list[Finding] = []  # what reading finds; what can be found later is left to `Dataset.findings`
    editions = []
    for document in project.documents:
        edition, wrong = read_edition(project, document)
        editions.append(edition)
        found += [*wrong, *_check_provenance(project, document)]
    limits = project.limits
    facts = collect_facts(
        ((file, rdf.read_located(file, base=ids.base, limits=limits, confined=True)) for file in project.facts_files),
        ids.claim,
        project.annotations,
    )
    aligned = Facts()
    if project.alignments_file:
        file = project.alignments_file
        aligned = collect_facts(
            [(file, rdf.read_located(file, base=ids.base, limits=limits, confined=True))],
            ids.claim,
            project.annotations,
        )
    facts.claims, wrong = decided_claims(project, facts.claims, editions)
    found += wrong
    claims = facts.claims | aligned.claims
    found += facts.findings + aligned.findings
    units = {edition.unit_iri(number) for edition in editions for number in edition.index.units}
    schema = schema_claims(project)
    ontology = [line for path in project.ontology_files for line in rdf.read_lines(path, limits=limits)]
    ontology = sort_lines(ontology)
    shapes = shapes or ShapesGraph.of_project(project)
    in_schema = list(check_schema_files(project, ontology, shapes.all_lines))
    in_settings = [*_check_settings(project, claims, ontology), *check_entailed(project, ontology)]
    rivals, _, contested = find_rivals(claims, Cardinality(ontology, shapes.lines))
    withdrawn = frozenset(triple for triple, claim in claims.items() if EV.retracted in claim.evidence)
    withdrawn |= {claim.triple for group in rivals for claim in group.against}
    stated = [triple for triple in facts.claims if triple not in withdrawn]
    evidence = [*_statements(facts), *rival_lines(rivals)]
    described = [line for edition in editions for line in describe_edition(project, edition)]
    triples = {
        "facts": stated,
        "evidence": evidence,
        "document": described,
        "derived": derive_lines(project, stated, ontology, others=[*evidence, *described]),
        "ontology": ontology,
        "alignments": [*(triple for triple in aligned.claims if triple not in withdrawn), *_statements(aligned)],
    }
    checks: tuple[Callable[[], Iterable[Finding]], ...] = (
        partial(list, found),
        partial(check_claims, project, claims, units),
        partial(_unknown_units, schema, units),
        partial(check_terms, project, claims, ontology),
        partial(list, [*in_schema, *in_settings]),
        partial(check_ends, project, facts.claims, ontology),
        partial(check_consistency, project, facts.claims, ontology),
        partial(list, contested),
        partial(_check_literals, claims, limits.max_literal_characters),
        partial(_check_editorial, project, claims),
    )
    graphs = rdf.Graphs({ids.graph(name): sort_lines(lines) for name, lines in triples.items()})
    order = declaration_order(project)
    return Dataset(project, graphs, claims, tuple(editions), checks, tuple(rivals), withdrawn, schema, order)


def _unknown_units(schema: Mapping[bytes, Claim], units: set[str]) -> Iterator[Finding]:
    """Units that statements of ontology and shapes name, and that no edition has."""
    for claim in schema.values():
        for how, unit, place in claim.units(*SUPPORTING, *CONTRADICTING):
            if unit not in units:
                yield _unknown_unit(claim.iri, how, unit, units, place)


def _check_literals(claims: Mapping[bytes, Claim], most: int) -> Iterable[Finding]:
    return lint_literals(claims, {key: claim.places[0] for key, claim in claims.items()}, most)


def _check_editorial(project: Project, claims: Mapping[bytes, Claim]) -> Iterator[Finding]:
    """A warning where too much rests on our own decisions."""
    stating = _stating(project, claims)
    editorial = sum(claim.editorial for claim in stating)
    if editorial > max(_FEW_EDITORIAL, _EDITORIAL * len(stating)):
        yield Finding(
            f"{editorial:,} of {len(stating):,} statements rest on editorial decisions alone.",
            "warning",
            advice="Give sentences where a document has them: no more than one statement in ten is our own.",
        )


def _stating(project: Project, claims: Mapping[bytes, Claim]) -> list[Claim]:
    """The claims that do more than name or define a thing: how a thing is called and explained is always our own."""
    naming = naming_properties(project)
    return [claim for claim in claims.values() if split(claim.triple)[1] not in naming]


def _check_provenance(project: Project, document: DocumentSource) -> Iterator[Finding]:
    """What `kg.toml` neither says of where an edition comes from nor says to be unknown."""
    missing = [key for key in PROVENANCE if getattr(document, key) is None and key not in document.unknown]
    if missing:
        yield Finding(
            f"{document.slug}, edition {document.edition}: not said: {', '.join(missing)}.",
            severity="warning",
            file=project.root / "kg.toml",
            advice=f"Give them under [[document]]; for what is not known: unknown = {json.dumps(missing)}.",
        )


def _check_settings(project: Project, claims: Mapping[bytes, Claim], ontology: list[bytes]) -> Iterator[Finding]:
    """Things and terms that `kg.toml` names and nothing describes."""
    file = project.root / FILE_NAME
    if listed_language(project.language) is None:
        same = tag_of_code(project.language)
        yield Finding(
            f"“language”: “{project.language}” is no language that catalogues have in their list (EU authority table); "
            "the description of the dataset (VoID, DCAT) says nothing of its language.",
            severity="warning",
            file=file,
            line=item_line(project, project.language, "language", ""),
            advice=f"Write {same}." if same else "Write the tag of a language (RFC 5646), such as en, de or pt-BR.",
        )
    subjects = {split(triple)[0] for triple in claims}
    named = [("subject", project.subject), *(("about", document.about) for document in project.documents)]
    named += [("schemes", name) for name in project.schemes.values()]
    for key, name in named:
        if name and claims and iri_token(project.ids.thing(name)) not in subjects:
            local = [iri(token)[len(project.ids.things) :] for token in subjects if token.startswith(_start(project))]
            near = get_close_matches(name, local, 1, 0.6)
            yield Finding(
                f"“{key}” names id:{name}, of which nothing is said.", file=file, iri=project.ids.thing(name),
                advice=f"Did you mean {near[0]}?" if near else "Describe it in facts/, or name another thing.",
            )  # fmt: skip
    question = TermQuestion(project, DeclaredTerms(ontology))
    terms: list[tuple[str, str, Role]] = [("schemes", class_, "class") for class_ in project.schemes]
    terms += [("names", name, "property") for name in (*project.names.labels, *project.names.alternatives)]
    for key, term, role in terms:
        answer = question.answer(term, role)
        if answer and answer[0] == "error":
            yield Finding(f"[{key}]: {answer[1]}.", file=file, iri=term, advice=answer[2])


def _start(project: Project) -> bytes:
    """How the token of a thing begins."""
    return iri_token(project.ids.things)[:-1]


def _statements(facts: Facts) -> list[bytes]:
    """Each claim as a named statement, in no order."""
    return [line for claim in facts.claims.values() for line in claim.statement()]


def check_claims(project: Project, claims: Mapping[bytes, Claim], units: set[str]) -> Iterator[Finding]:
    """What neither the parser nor SHACL can say: units that exist, claims apart, local names, one base."""
    ids = project.ids
    things = _start(project)
    described = (ids.document(""), ids.claims, ids.graph(""), ids.query(""))
    by_iri: dict[str, bytes] = {}
    for triple, claim in claims.items():
        other = by_iri.setdefault(claim.iri, triple)
        file, line = claim.places[0]
        if other != triple:
            yield Finding(
                f"two triples have the claim IRI {claim.iri}.",
                file=file,
                line=line,
                iri=claim.iri,
                advice="Give one of the subjects another local name.",
            )
        for how, unit, place in claim.units(*SUPPORTING, *CONTRADICTING):
            if unit not in units:
                yield _unknown_unit(claim.iri, how, unit, units, place)
        supporting = {unit for _, unit, _ in claim.units()}
        for _, unit, (unit_file, unit_line) in claim.units(*CONTRADICTING):
            if unit in supporting:
                yield Finding(
                    f"<{unit}> supports the claim and contradicts it.",
                    file=unit_file,
                    line=unit_line,
                    iri=claim.iri,
                    advice="Keep the one that the sentence does: ev:supportedBy or ev:contradictedBy.",
                )
        terms = split(triple)
        subject, predicate = iri(terms[0]), iri(terms[1])
        if subject.startswith(described):
            yield Finding(
                f"<{subject}> is described by the build, from its index, kg.toml and claims: facts add nothing to it.",
                file=file,
                line=line,
                iri=claim.iri,
                advice="Make the statement about a thing of its own: id:its-name.",
            )
        if own := next((name for name in (predicate, *_class(predicate, terms[2])) if name.startswith(EV.iri)), None):
            yield Finding(
                f"<{own}> is a term of evidence, of claims and units alone.",
                file=file,
                line=line,
                iri=claim.iri,
                advice="Write it in an annotation block, {| … |}, behind a statement.",
            )
        if unseen := next(_controls([terms[2].decode(), *chain(*claim.evidence.values())]), None):
            value, character = unseen
            places = (values[value] for values in claim.evidence.values() if value in values)
            file, line = next(places, (file, line))
            yield Finding(
                f"a text has a control character, U+{ord(character):04X}.",
                file=file,
                line=line,
                iri=claim.iri,
                advice="Remove it: XML cannot carry it.",
            )
        for token in (terms[0], terms[2]):
            if token.startswith(things) and not ids.is_thing_name(name := iri(token)[len(ids.things) :]):
                yield Finding(
                    f"{token.decode()} is not of the form of a thing's IRI.",
                    file=file,
                    line=line,
                    iri=iri(token),
                    advice=_rule_of_names(name, any_script=ids.any_script),
                )


def _rule_of_names(name: str, *, any_script: bool) -> str:
    """What a local name must be, for one that is not."""
    rule = "Local names are lower-case words joined by hyphens: id:internet-society."
    if any_script:
        normal = "" if is_normal(name) else f" This one is not in Normalization Form C: write id:{normalized(name)}."
        return f"{rule} Their letters may be of any script, in lower case: id:東京.{normal}"
    if is_local_name(normalized(name).lower(), any_script=True):
        return f'{rule} Letters of other scripts need local_names = "any-script" in kg.toml.'
    return rule


def _class(predicate: str, object_: bytes) -> list[str]:
    """The class that a statement gives its subject, when it does."""
    return [iri(object_)] if predicate == RDF.type and object_.startswith(b"<") else []


#: What XML 1.0 cannot carry (https://www.w3.org/TR/xml/#charsets).
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _controls(tokens: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The literals' tokens that have a control character, each with the first one."""
    for token in tokens:
        if token.startswith('"') and (match := _CONTROL.search(literal(token.encode())[0])):
            yield token, match[0]


def _unknown_unit(claim: str, how: str, unit: str, units: set[str], place: tuple[Path, int]) -> Finding:
    near = get_close_matches(unit, units, 1, 0.9)
    advice = (
        f"Did you mean …{near[0][near[0].rfind('/') :]}?" if near else "Units are listed by: isoc-kg evidence coverage."
    )
    statement = f"<{claim}>", f"<{how}>", f"<{unit}>"
    return Finding(f"there is no unit <{unit}>.", "error", *place, claim, advice, statement)
