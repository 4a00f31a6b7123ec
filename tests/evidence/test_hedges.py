"""Denials and doubts in languages whose order of words is not known: sentences of our own, and what is none."""

import pytest

from isoc_kg.evidence.grammar import GRAMMARS
from isoc_kg.evidence.passage import UnitText
from isoc_kg.evidence.words import Lexicon

DENIED = {
    "fr": [
        "La fondation n'entretient pas le phare.",
        "La fondation n’a jamais entretenu le phare.",
        "Le phare ne compte plus de gardien.",
        "Le port ne possède aucun quai.",
        "Aucun gardien n'habite la tour.",
        "Personne ne dirige le chantier.",
        "Elle ne finance ni le port ni la digue.",
        "La commune refuse de céder la tour.",
        "L'association dément posséder le bac.",
        "Le comité a cessé de soutenir la ferme.",
        "La ville a renoncé à la digue.",
        "Il est faux que la guilde dirige le port.",
        "La guilde soutient le port sans posséder la digue.",
        "Le moulin n'est pas encore restauré.",
        "Le projet ne sera donc plus financé par la caisse.",
    ],
    "es": [
        "La fundación no mantiene el faro.",
        "La fundación nunca mantuvo el faro.",
        "El puerto no tiene ningún muelle.",
        "Nadie dirige el astillero.",
        "El gremio dejó de apoyar la granja.",
        "La cooperativa niega poseer el molino.",
        "Tampoco financia la escuela.",
    ],
    "it": ["La fondazione non mantiene il faro.", "Nessuno dirige il cantiere.", "La gilda ha rifiutato la fattoria."],
}
DOUBTED = {
    "fr": [
        "La fondation posséderait le phare.",
        "La guilde aurait fondé le port en 1903.",
        "L'école sera peut-être dirigée par Mme Oster.",
        "L'ouverture est prévue pour 2026.",
        "Selon la rumeur, la banque soutient l'école.",
        "La commune envisage de céder la tour.",
        "Si la banque soutient l'école, le toit sera refait.",
        "La tour appartenait jadis à la guilde.",
        "Le conseil veut entretenir la digue.",
    ],
    "es": [
        "La fundación quizás posee el faro.",
        "El gremio habría fundado el puerto.",
        "Se dice que el banco apoya la escuela.",
        "La apertura está prevista para 2026.",
    ],
    "it": ["La fondazione forse possiede il faro.", "La gilda avrebbe fondato il porto."],
}
PLAIN = {
    "fr": [
        "La fondation entretient le phare depuis 1903.",
        "Le phare ne compte que douze marches.",
        "La guilde soutient non seulement le port, et dirige la digue.",
        "Elle n'est pas seulement propriétaire du port.",
        "Avant qu'il ne parte, le gardien a fondé l'école.",
        "L'association à but non lucratif compte deux cents membres.",
        "Le pas de la porte est en pierre.",
        "Plus de deux cents membres soutiennent la guilde.",
        "Mme Oster, personne de confiance, dirige l'école.",
        "Le port est aussi long que la digue.",
        "Le point le plus haut est la tour.",
        "La caisse compte trente membres et finance l'école.",
        "La guilde gérait le port et retirait l'épave; elle demeurait à Armorel.",
        "Les gens de mer sont membres de la guilde.",
        "Le siège se trouve à Armorel.",
        "Sans la banque, le toit est au frais de la commune.",
    ],
    "es": [
        "La fundación mantiene el faro desde 1903.",
        "El gremio no solo apoya el puerto.",
        "No obstante, el banco financia la escuela.",
        "La nave de la cooperativa está en Norte.",
        "El molino sin techo pertenece a la villa.",
    ],
    "it": ["La fondazione mantiene il faro.", "La gilda non solo sostiene il porto.", "Il mulino è a Norte."],
}


def read(language: str, text: str) -> UnitText:
    return UnitText(text, Lexicon(language, [text]), None)


def rows(sentences: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in sentences.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), rows(DENIED))
def test_denied(language: str, text: str) -> None:
    """A sentence that denies has a mark of it."""
    assert read(language, text).denials


@pytest.mark.parametrize(("language", "text"), rows(DOUBTED))
def test_doubted(language: str, text: str) -> None:
    """So has one that doubts, plans, or tells what others say."""
    assert read(language, text).doubts


@pytest.mark.parametrize(("language", "text"), rows(PLAIN))
def test_neither(language: str, text: str) -> None:
    """A plain statement has no mark, whatever words it is made of."""
    assert (read(language, text).denials, read(language, text).doubts) == ([], [])


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("fr", "La guilde entretient le port, mais elle ne possède pas la digue.", "port"),
        ("fr", "La fondation, qui ne possède pas la tour, entretient le phare.", "fondation"),
        ("es", "El gremio mantiene el puerto, pero no posee el dique.", "puerto"),
    ],
)
def test_another_clause_is_not_denied(language: str, text: str, word: str) -> None:
    """What one clause denies, the other does not."""
    passage = read(language, text)
    start, end = passage.clause(passage.folded.index(word))
    assert passage.denials
    assert not any(start <= mark[0] < end for mark in passage.denials)


def test_the_last_part_of_a_compound() -> None:
    """“die Stiftung” goes on about the Leuchtfeuerstiftung; other parts of the name do not, nor in other languages."""
    german, english = GRAMMARS["de"], GRAMMARS["en"]
    names = frozenset(("leuchtfeuerstiftung",))
    assert german.is_head("stiftung", names)
    assert not german.is_head("feuer", names)
    assert not german.is_head("ung", names)
    assert not english.is_head("stiftung", names)
