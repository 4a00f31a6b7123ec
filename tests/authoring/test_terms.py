"""Withdrawn terms: whoever uses one is told the successor, and nobody is offered it."""

from isoc_kg.authoring.terms import DeclaredTerms, TermQuestion
from isoc_kg.project import load_project

from material import ROOT

OWN = "https://w3id.org/isoc-kg/ontology#"
TYPE, OWL = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "http://www.w3.org/2002/07/owl#"
TRUE = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
LINES = [
    f"<{OWN}owns> {TYPE} <{OWL}ObjectProperty> .\n".encode(),
    f"<{OWN}hold> {TYPE} <{OWL}ObjectProperty> .\n".encode(),
    f"<{OWN}hold> <{OWL}deprecated> {TRUE} .\n".encode(),
    f"<{OWN}hold> <http://purl.org/dc/terms/isReplacedBy> <{OWN}owns> .\n".encode(),
    f"<{OWN}Gone> {TYPE} <{OWL}Class> .\n".encode(),
    f"<{OWN}Gone> <{OWL}deprecated> {TRUE} .\n".encode(),
    f"<{OWN}Kept> {TYPE} <{OWL}Class> .\n".encode(),
    f"<{OWN}Kept> <{OWL}deprecated> {TRUE.replace('true', 'false')} .\n".encode(),
]


def test_who_uses_what_is_withdrawn_is_told() -> None:
    """A warning with the successor, where there is one; `false` withdraws nothing; as a value it may be spoken of."""
    question = TermQuestion(load_project(ROOT), DeclaredTerms(LINES))
    assert question.answer(OWN + "hold", "property") == ("warning", "isoc:hold is withdrawn", "Use isoc:owns.")
    assert question.answer(OWN + "Gone", "class") == ("warning", "isoc:Gone is withdrawn", "Use another term.")
    assert question.answer(OWN + "Kept", "class") is None
    assert question.answer(OWN + "hold", "value") is None


def test_nobody_is_offered_it() -> None:
    """Neither by the list of what there is, nor for a misspelt term."""
    declared = DeclaredTerms(LINES)
    assert declared.roles.keys() == {OWN + "owns", OWN + "Kept"}
    answer = TermQuestion(load_project(ROOT), declared).answer(OWN + "holds", "property")
    assert answer is not None
    assert "isoc:hold" not in answer[2]
