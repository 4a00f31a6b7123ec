"""What follows from the facts by itself, and so carries no claim: the graph `/derived`."""

from collections.abc import Container, Iterable, Iterator, Sequence

from ..errors import Finding
from ..namespaces import OWL, RDF, RDFS, SKOS, XSD
from ..project import FILE_NAME, Project, item_line
from ..rdf.lines import iri, split
from ..rdf.tokens import iri_token, is_literal, text_token, triple_line
from .entailment import Axioms, entailed_lines, top_concept_lines
from .terms import DeclaredTerms, TermQuestion

__all__ = ["check_entailed", "derive_lines"]

_TYPE, _LABEL, _IN_SCHEME = iri_token(RDF.type), iri_token(RDFS.label), iri_token(SKOS.inScheme)
_TOP_CONCEPT = iri_token(SKOS.hasTopConcept)
_WITHDRAWN = b' %s "true"^^%s .\n' % (iri_token(OWL.deprecated), iri_token(XSD.boolean))


def derive_lines(
    project: Project,
    facts: Sequence[bytes],
    ontology: Iterable[bytes],
    *,
    others: Iterable[bytes] = (),
    axioms: Axioms | None = None,
    whole: bool = True,
) -> list[bytes]:
    """Labels and schemes, and what facts and other published triples entail in the terms that a project lists.

    `axioms` are the ontology's, where they have been read already. Top concepts are told only by the `whole` of the
    facts. The triples are in no order, some perhaps twice; what is entailed is none of those given. Of what is
    withdrawn (`owl:deprecated true`) only the label is derived: who asks for concepts, or for those of a scheme, means
    those that hold.
    """
    stated = set(facts)  # a triple is in one graph, so that their sizes add up
    withdrawn = frozenset(line[: line.index(b" ")] for line in facts if line.endswith(_WITHDRAWN))
    labels_and_schemes = _labels_and_schemes(project, facts, ontology, withdrawn)
    derived = [line for line in labels_and_schemes if line not in stated]
    terms = frozenset(map(iri_token, project.entailed))
    if not terms:
        return derived
    axioms = axioms or Axioms(ontology)
    holding = [*facts, *derived]
    if withdrawn:
        holding = [line for line in holding if line[: line.index(b" ")] not in withdrawn]
    entailed = entailed_lines(axioms, terms, holding, others)
    if whole and _TOP_CONCEPT in terms:
        tops = list(top_concept_lines(axioms, holding))
        entailed.update(tops, entailed_lines(axioms, terms, tops))
        entailed.difference_update(facts)  # those that the facts name themselves
    return [*derived, *entailed]


def check_entailed(project: Project, ontology: Iterable[bytes]) -> Iterator[Finding]:
    """Terms that `[entailment]` lists and that nobody knows, or to which no axiom leads."""
    if not project.entailed:
        return
    lines = list(ontology)
    question = TermQuestion(project, DeclaredTerms(lines))
    leading = Axioms(lines).leading_to()
    for term in project.entailed:
        answer = question.answer(term, "any")
        if answer and answer[0] == "error":
            severity, message, advice = answer
        elif iri_token(term) not in leading:
            severity, message = "warning", f"nothing leads to {question.shown(term)}"
            advice = (
                "Declare in ontology/ what is below it (rdfs:subClassOf, rdfs:subPropertyOf), or take it off the list."
            )
        else:
            continue
        line = item_line(project, term, "terms", "entailment")
        yield Finding(f"[entailment]: {message}.", severity, project.root / FILE_NAME, line, term, advice)


def _labels_and_schemes(
    project: Project, facts: Iterable[bytes], ontology: Iterable[bytes], withdrawn: Container[bytes]
) -> Iterator[bytes]:
    """`rdfs:label` of every thing and `skos:inScheme` of every concept that holds; none that the ontology declares."""
    types: dict[bytes, list[str]] = {}
    labels: dict[bytes, list[tuple[int, bytes]]] = {}
    properties = (*(name for name in project.names.labels if name != RDFS.label), RDF.value)
    ranks = {iri_token(name): rank for rank, name in enumerate(properties)}
    for triple in facts:
        subject, predicate, object_, _ = split(triple)
        if predicate == _TYPE:
            types.setdefault(subject, []).append(iri(object_))
        elif predicate in ranks and is_literal(object_):
            labels.setdefault(subject, []).append((ranks[predicate], object_))
    declared = {line[: line.index(b" ")] for line in ontology}
    for subject, classes in types.items():
        if subject in declared:
            continue
        best = sorted(labels.get(subject, []))
        for rank, token in best:
            if rank == best[0][0]:
                yield triple_line(subject, _LABEL, token)
        if not best:
            name = iri(subject).rpartition("/")[2].replace("-", " ")
            yield triple_line(subject, _LABEL, text_token(name, project.language))
        for class_ in classes if subject not in withdrawn else ():
            if scheme := project.schemes.get(class_):
                yield triple_line(subject, _IN_SCHEME, iri_token(project.ids.thing(scheme)))
