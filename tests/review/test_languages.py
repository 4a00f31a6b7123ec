"""A review in another language: what is in English says so, what may turn its neighbours round is isolated."""

import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from blanks import blanks
from isoc_kg.project import load_project
from isoc_kg.review.desk import Desk
from isoc_kg.review.exchange import PageRequest
from isoc_kg.review.pages import ReviewPages
from isoc_kg.review.routes import Routes

#: Words of the program that a page may have in English alone.
ENGLISH = re.compile(r"\b(?:recorded|accepted as|refused by|The sentence|nothing was|edition|UTC)\b")


@pytest.mark.parametrize("language", ["de", "ar"])
def test_what_is_in_english_says_so(canal: Path, language: str) -> None:
    """On the list of documents, on the page of one, and where a proposal is edited."""
    settings = canal / "kg.toml"
    settings.write_text(settings.read_text().replace('language = "en"', f'language = "{language}"', 1))
    project = load_project(canal)
    routes = Routes(Desk(project, "Ann Lee"), ReviewPages(project, "Ann Lee", "form"))
    desk = routes.desk
    pages = [
        routes.answer(PageRequest("GET", path, {}, {}, False)).body.decode() for path in ("/", "/document/report/1")
    ]
    first = desk.waiting()[0].proposal
    desk.assessment(first)
    pages += [
        routes.answer(PageRequest("GET", path, {}, {}, False)).body.decode()
        for path in ("/document/report/1", f"/proposal/{first.id}")
    ]
    for page in pages:
        tree = LexborHTMLParser(page)
        for element in tree.css(
            "script, style, blockquote, textarea, q, .neighbour, .untranslated li, #strings, [lang=en]"
        ):
            element.decompose()
        text = tree.body.text(separator=" ") if tree.body else ""
        assert not ENGLISH.search(text), ENGLISH.search(text)
        for claim in LexborHTMLParser(page).css("p.claim, ul.claims > li"):
            assert len(claim.css("bdi")) >= 3
    assert ("Ausgabe 1" in blanks(pages[0])) == (language == "de")
