"""What a proposed statement has to be: about things of the project, by terms that there are, in texts to be shown."""

from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches

from ..authoring.terms import TermQuestion
from ..iris import compact
from ..namespaces import EV, RDF, STATEMENT_PARTS
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_iri, is_literal
from ..validation.literals import lint_literals
from .assessment import Refused
from .knowledge import Knowledge
from .proposal import ProposedClaim

__all__ = ["require_form"]

_TYPE = iri_token(RDF.type)
#: A label or another text may have so many characters in a proposal; facts have a limit of their own besides.
_MOST_CHARACTERS = 20_000


def require_form(knowledge: Knowledge, terms: TermQuestion, claim: ProposedClaim, introduces: Sequence[bytes]) -> None:
    """Refuse what is no statement about things of the project by terms that there are."""
    project = knowledge.project
    lines = (*introduces, claim.triple)
    new = {split(line)[0] for line in lines if split(line)[1] == _TYPE}
    named = {split(line)[0] for line in lines if split(line)[1] in knowledge.naming}
    for line in lines:
        if len(line) > 4 * _MOST_CHARACTERS:
            raise Refused("literal", "the statement is too long.", f"Up to {_MOST_CHARACTERS:,} characters.")
        subject, predicate, object_, _ = split(line)
        for term, role in ((iri(predicate), "property"), *_further_terms(predicate, object_)):
            if _is_evidence_syntax(term):
                raise Refused(
                    "term",
                    f"{compact(term, project.prefixes)} says what a claim is, and no fact about a thing.",
                    "Evidence comes with the claim; state what the unit says.",
                )
            answer = terms.answer(term, role)  # type: ignore[arg-type]
            if answer:  # what a build would warn of, too: nobody here knows what such a term means
                raise Refused("term", f"{answer[1]}.", answer[2])
        ends = [subject] + ([object_] if is_iri(object_) and predicate != _TYPE else [])
        for end in ends:
            own = end.startswith(iri_token(project.ids.things)[:-1])
            if not knowledge.is_known(end) and (own or end == subject):
                _new_thing(knowledge, end, new, named)
        if is_iri(object_) and predicate != _TYPE and not iri(object_).isprintable():
            raise Refused("thing", "an IRI has a character that nobody sees.", "Write it as %XX.")
    for finding in lint_literals(lines, {}, knowledge.project.limits.max_literal_characters):
        raise Refused("literal", finding.message, finding.advice)
    for line in lines:
        object_ = split(line)[2]
        if is_literal(object_) and any(_is_control(character) for character in literal(object_)[0]):
            raise Refused("literal", "a text has a control character.", "Remove it.")


def _further_terms(predicate: bytes, object_: bytes) -> Iterator[tuple[str, str]]:
    if predicate == _TYPE:
        if not is_iri(object_):
            raise Refused("term", "a class is not an IRI.", "Name the class: prefix:Class.")
        yield iri(object_), "class"
    elif is_literal(object_) and (datatype := literal(object_)[2]):
        yield datatype, "datatype"


def _new_thing(knowledge: Knowledge, thing: bytes, new: Collection[bytes], named: Collection[bytes]) -> None:
    """Refuse a thing that nothing describes, and that the proposal does not introduce."""
    if not thing.startswith(iri_token(knowledge.project.ids.things)[:-1]):
        raise Refused(
            "thing",
            f"{thing.decode()[:300]} is described nowhere here.",
            "Facts are about things of this project: id:its-name.",
        )
    if thing in new and thing in named:
        return
    name = iri(thing)[len(knowledge.project.ids.things) :]
    near = get_close_matches(name[:200], knowledge.own_names(), 3, 0.6)
    labelled = knowledge.named(name.replace("-", " "))
    if labelled and labelled.startswith(knowledge.project.ids.things):
        near = [labelled[len(knowledge.project.ids.things) :], *near]
    meant = f"Did you mean {' or '.join(f'id:{one}' for one in dict.fromkeys(near))}? " if near else ""
    if thing in new or thing in named:
        lacks = "name" if thing in new else "class"
        raise Refused("thing", f"the new thing id:{name[:200]} has no {lacks}.", f"{meant}Give its class and its name.")
    raise Refused("thing", f"nothing is known of id:{name[:200]}.", f"{meant}A new thing needs its class and its name.")


def _is_evidence_syntax(term: str) -> bool:
    """Whether facts are read as evidence, and not as statements about things, where they have this term."""
    return term in (RDF.reifies, RDF.Statement, *STATEMENT_PARTS) or term.startswith(EV.iri)


def _is_control(character: str) -> bool:
    """Whether a character is obeyed rather than shown, the line feed and the tabulator aside."""
    code = ord(character)
    return (
        (code < 32 and character not in "\n\t")
        or 127 <= code < 160
        or 0xD800 <= code < 0xE000
        or code & 0xFFFE == 0xFFFE
    )
