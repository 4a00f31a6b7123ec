"""Languages of pages: each text has the language and direction that it is written in; German pages are German."""

import pickle
import re
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markupsafe import Markup

from isoc_kg.errors import ProjectError
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.renderer import renderer_of
from isoc_kg.rendering.separators import separator
from isoc_kg.rendering.tagged_text import TaggedText
from isoc_kg.rendering.theme import load_theme
from isoc_kg.wording.strings import fields, load_strings, plain, untranslated, with_languages
from isoc_kg.wording.term_names import term_names

from material import ROOT

STRINGS = ROOT / "src/isoc_kg/wording"
ENGLISH = tomllib.loads((STRINGS / "strings.toml").read_text(encoding="utf-8"))
#: What tells the language of a text in these projects.
SCRIPTS = {"ar": "[\u0620-\u064a]", "ja": "[\u3040-\u30ff\u4e00-\u9fff]"}
LATIN = re.compile("[A-Za-z\u00c0-\u017f]{2,}")
EMPTY = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
#: What is the same in every language: code, names of formats and files, tags of datatypes.
NEUTRAL = re.compile(
    r"(?:22-rdf-syntax-ns|^core$|^oa$|^prov$|^published$|JSON-LD|RDF/XML|N-Triples|N-Quads|TriG|Turtle|Web Annotation"
    r"|BibTeX|CSL-JSON|RIS|VoID|DCAT|SHA-256|SPARQL|IRI|SHACL|RDF|linkset|[\w.-]+\.\w{2,6}|https?://\S+"
    r"|[\w-]*:[\w.-]+|kB)"
)


class Texts(HTMLParser):
    """Each text of a page with the elements around it, and the language and direction that it inherits."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None], str, str]] = []
        self.texts: list[tuple[str, str, str, list[str]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        _, _, language, direction = self.open[-1] if self.open else ("", {}, "", "ltr")
        if tag not in EMPTY:
            self.open.append((tag, given, given.get("lang") or language, given.get("dir") or direction))

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """An element of SVG without content."""

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        around = [tag for tag, *_ in self.open]
        if data.strip() and not {"script", "style", "code", "pre"} & set(around):
            classes = [str(given.get("class") or "") if "lang" not in given else "" for _, given, _, _ in self.open]
            self.texts.append((data.strip(), *self.open[-1][2:], [*around, *classes]))


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """Every page of a project, by its path."""
    made = renderer_of(Publication.of_project(load_project(folder)), "https://host.example/")
    for bundle in bundles(made):
        for name, data in bundle.render():
            if name.endswith(".html"):
                yield name, data.decode()


def in_language(folder: Path, language: str, **texts: str) -> Path:
    """A project as one in another language, with texts of `kg.toml` in that language."""
    settings = folder / "kg.toml"
    text = settings.read_text(encoding="utf-8")
    for key, value in {"language": language, **texts}.items():
        text = re.sub(f'^{key} = ".*"', f'{key} = "{value}"', text, count=1, flags=re.MULTILINE)
    settings.write_text(text, encoding="utf-8")
    return folder


def wrong(texts: list[tuple[str, str, str, list[str]]], page: str) -> Iterator[tuple[str, str, str]]:
    """The texts whose script is none of the language that they inherit, or that would run in the wrong direction."""
    for text, language, direction, around in texts:
        if "tag" in around or around[-1] == "literal":
            continue  # what has no language is in any
        scripts = [tag for tag, letters in SCRIPTS.items() if re.search(letters, text)]
        latin = LATIN.search(NEUTRAL.sub("", text))
        if len(scripts) + bool(latin) > 1:
            continue  # a name within a sentence of another language
        if (scripts and language != scripts[0]) or (latin and language in SCRIPTS):
            yield page, language, text
        elif latin and direction == "rtl" and not {"bdi", "svg", "title"} & set(around):
            yield page, direction, text


@pytest.mark.parametrize("language", ["ar", "ja", "en", "de"])
def test_each_text_has_its_language(lamp: Path, language: str) -> None:
    """In pages of four kinds of projects no text node inherits a language that it is not written in."""
    texts = {
        "ar": {"title": "جمعية المنارة", "description": "نصوص قصيرة عن جمعية", "creator": "مكتب المنارة"},
        "ja": {"title": "灯台協会", "description": "協会についての短い文章", "creator": "灯台事務所"},
    }
    folder = in_language(lamp, language, **texts.get(language, {}))
    found = []
    for name, html in pages(folder):
        root = re.search("<html [^>]*>", html)
        assert root
        assert f' lang="{language}"' in root[0], name
        assert (' dir="rtl"' in root[0]) == (language == "ar"), name
        parser = Texts()
        parser.feed(html)
        found += wrong(parser.texts, name)
    assert found == []


def test_german_has_every_text() -> None:
    """Each key of ours is in German, filled in at the same places, and nothing else is."""
    german = tomllib.loads((STRINGS / "strings.de.toml").read_text(encoding="utf-8"))
    assert [key for key in ENGLISH if key not in german] == []
    assert [key for key in german if key not in ENGLISH] == []
    assert {key: german[key] for key in ENGLISH if fields(german[key]) != fields(ENGLISH[key])} == {}
    assert list(german) == list(ENGLISH), "the order is that of strings.toml"


def test_german_pages_have_no_english_text(lamp: Path) -> None:
    """A project in German has German pages without a word in `kg.toml` but its language."""
    folder = in_language(lamp, "de-AT")
    assert untranslated(load_project(folder)) == []
    strings = load_strings(load_project(folder))
    assert strings["documents"] == "Dokumente"
    home = dict(pages(folder))["index.html"]
    assert ">Dokumente</a>" in home
    assert 'lang="en"' not in home.partition("<main")[0]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", '<p class="notice">Nichts ist von der Klasse ex:House.</p>'),
        ("ar", '<span lang="en" dir="ltr">Nothing has the class ex:House.</span>'),
    ],
)
def test_why_a_question_has_no_answer(lamp: Path, language: str, told: str) -> None:
    """Its page says so in the language of the pages, or in English that is marked."""
    folder = in_language(lamp, language)
    (folder / "queries").mkdir(exist_ok=True)
    query = "# title: x\nPREFIX ex: <https://example.org/>\nSELECT ?x { ?x a ex:House }\n"
    (folder / "queries" / "houses.rq").write_text(query)
    (page,) = (html for name, html in pages(folder) if name == "query/houses.html")
    assert told in page.replace("&lt;https://example.org/House&gt;", "ex:House")


@pytest.mark.parametrize(("language", "marks"), [("ar", "، ؛ "), ("fa-IR", "، ؛ "), ("he", ", ; "), ("de", ", ; ")])
def test_marks_between_names(lamp: Path, language: str, marks: str) -> None:
    """Those of the script that the names are written in, though other texts of pages are in English."""
    strings = load_strings(load_project(in_language(lamp, language)))
    assert plain(strings["lead_comma"] + strings["lead_semicolon"]) == marks


def test_commas_of_names_and_sentences(lamp: Path) -> None:
    """In Arabic pages, names in Latin letters and sentences in English have their own comma between names."""
    folder = in_language(lamp, "ar", title="جمعية المنارة")
    strings = load_strings(load_project(folder))
    assert separator(strings, ["منارة", "Lamp"]) == "، "
    assert separator(strings, [Markup('<a href="منارة">Lamp</a>'), "Oak"]) == ", "
    assert separator(strings, ["منارة"], strings["who_says"]) == ", "
    assert separator(strings | {"who_says": "من"}, ["Oak"], "من") == "، "
    assert not any(re.search("[A-Za-z](?:</[a-z]+>)*، ", html) for _, html in pages(folder))


def test_a_unit_beside_another_direction(lamp: Path) -> None:
    """Kind and name of a unit are one run, and what says where it stands has the direction of its edition's name."""
    page = dict(pages(in_language(lamp, "ar")))["id/lamp-society.html"]
    assert re.search(
        r'<a class="unit" href="[^"]*"><span lang="en" dir="ltr">sentence\xa0[\w:.\u2066-\u2069]+</span></a>', page
    )
    assert re.search(r'<span class="place" dir="ltr"><bdi lang="en" dir="ltr">[^<]*</bdi>, <span', page)


def test_kinds_of_terms_have_words() -> None:
    """In both languages, and no English one stands as the end of an IRI."""
    english, german = term_names("en"), term_names("de")
    assert len(english.keys() & german.keys()) >= 10
    assert all(name == name.lower() for name in english.values())
    assert english[b"<http://www.w3.org/2002/07/owl#ObjectProperty>"] == "object property"


def test_german_pages_speak_german(lamp: Path) -> None:
    """Quotation marks of citations, and days of downloads, are as German has them."""
    found = dict(pages(in_language(lamp, "de")))
    assert re.search(r"<pre>„[^<]*“", found["id/lamp-society.citations.html"])
    assert not re.search(r"<time[^>]*>\d{4}-", found["dataset.html"])


def test_an_own_text_goes_before_the_translation(lamp: Path) -> None:
    """What a project says itself stands in its language; the rest of a language without texts is marked as English."""
    folder = in_language(lamp, "fr")
    (folder / "strings.toml").write_text('documents = "Documents (fr)"\nsearch = "Chercher"\n', encoding="utf-8")
    keys = untranslated(load_project(folder))
    assert len(keys) == len(ENGLISH) - 2
    assert "documents" not in keys
    home = dict(pages(folder))["index.html"]
    assert ">Documents (fr)</a>" in home
    assert '<span lang="en">Questions</span>' in home or '<span lang="en">Graph</span>' in home
    assert 'placeholder="Chercher"' in home
    assert "\ufdd0" not in home
    (folder / "strings.toml").write_text('search = "\ufdd0"\n', encoding="utf-8")
    with pytest.raises(ProjectError, match="search"):
        load_theme(load_project(folder))


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_own_texts_whatever_ends_their_lines(lamp: Path, ending: str) -> None:
    """Of a file of any system, and of one that is as long as may be."""
    text = 'documents = "Papers"\nsearch = "Look for"\n'.replace("\n", ending)
    (lamp / "strings.toml").write_bytes(text.encode() + b"#" * (200_000 - len(text)))
    strings = load_strings(load_project(lamp))
    assert (strings["documents"], strings["search"]) == ("Papers", "Look for")


def test_too_many_own_texts(lamp: Path) -> None:
    """A file whose texts would make every page of a site large is refused by its name; so is what is no file."""
    file = lamp / "strings.toml"
    file.write_text(f'search = "{"s" * 200_000}"\n', encoding="utf-8")
    with pytest.raises(ProjectError, match="more than 200,000 characters") as caught:
        load_theme(load_project(lamp))
    assert caught.value.file == file
    assert caught.value.advice
    file.write_bytes(b'search = "\xff"\n')
    with pytest.raises(ProjectError, match="not TOML"):
        load_theme(load_project(lamp))


def test_that_data_cannot_pass_for_our_texts(lamp: Path) -> None:
    """Signs that tell our own English texts mean nothing in names, descriptions and values."""
    folder = in_language(lamp, "de")
    facts = folder / "facts/lamp.ttl"
    text = facts.read_text(encoding="utf-8")
    named = '"Leuchtverein"@de {| ev:supportedBy de:1.1, de:2.1 |}'
    assert named in text
    other = '"Verein \ufdd0hostile\ufdd1"@de {| ev:impliedBy de:1.1 |}'
    facts.write_text(text.replace(named, other), encoding="utf-8")
    found = [html for _, html in pages(folder) if "hostile" in html]
    assert found
    assert not any(re.search("<(span|tspan)[^>]*>hostile|[\ufdd0\ufdd1]", html) for html in found)


def test_german_says_what_validated(lamp: Path) -> None:
    """The report names the engine in words, and a document's own facts are not headed as the site's."""
    found = dict(pages(in_language(lamp, "de")))
    assert "compiled" not in found["report.html"]
    document = next(html for name, html in found.items() if 'id="reading"' in html)
    assert "<h2>Über das Dokument</h2>" in document


def test_a_phrase_of_ours_is_one_run() -> None:
    """In a page from right to left, what is made of several texts, numbers and full stops is not turned round."""
    sentence, characters = "\ufdd0sentence\ufdd1", "\ufdd0characters\ufdd1"
    cases = {
        f"<b>\ufdd0supported by {sentence} 2.1, 3.2\ufdd1</b>": "<b>*supported by sentence 2.1, 3.2*</b>",
        f"<b>{sentence}, {characters} 0–15. \ufdd0Exempt\ufdd1</b>": "<b>*sentence, characters 0–15. Exempt*</b>",
        f"<a>{sentence} report:2.1</a>": "<a>*sentence report:2.1*</a>",
        f"<b>منارة (1), {characters} 71–119</b>": "<b>منارة (1), *characters 71–119*</b>",
        f"<b>{sentence} منارة {characters}: <i>x</i></b>": "<b>*sentence* منارة *characters:* <i>x</i></b>",
        f"<b>20 {characters}</b>, {sentence}": "<b>*20 characters*</b>, *sentence*",
        f'<p class="a">{sentence} <a>منارة</a>.</p>': '<p class="a" dir="ltr">*sentence* <a>منارة</a>.</p>',
    }
    made = {page: with_languages(page, "ar") for page in cases}
    run = re.compile('<span lang="en" dir="ltr">(.*?)</span>')
    assert {page: run.sub(r"*\1*", text) for page, text in made.items()} == cases


@pytest.mark.parametrize(("language", "page", "own"), [
    ("ar", "ar", ' dir="rtl"'), ("ar", "en", ' lang="ar" dir="rtl"'), ("de", "ar", ' lang="de" dir="ltr"'),
    ("", "ar", ' dir="auto"'), ("de", "en", ' lang="de" dir="ltr"'),
])  # fmt: skip
def test_an_element_of_a_quote_has_its_direction(language: str, page: str, own: str) -> None:
    """What has nothing but a quote is turned itself: `dir="auto"` would not look into a `bdi` in it."""
    quote = TaggedText("منارة", language, page)
    assert quote.own == own
    assert "bdi" not in Markup("{}").format(quote.alone)
    assert pickle.loads(pickle.dumps(quote)).own == own


def test_signs_become_attributes() -> None:
    """An element tells the language, or that whose attribute it is; what can have neither loses the signs."""
    marked = "\ufdd0Find\ufdd1"
    cases = {
        f"<p>{marked} x</p>": '<p dir="ltr"><span lang="en" dir="ltr">Find</span> x</p>',
        f'<input placeholder="{marked}">': '<input lang="en" dir="ltr" placeholder="Find">',
        f'<nav aria-label="{marked}">': '<nav aria-label="Find">',
        f"<option>{marked}</option>": '<option lang="en" dir="ltr">Find</option>',
        f"<title>{marked}</title>": "<title>Find</title>",
        f'<script>"{marked}"</script>': '<script>"Find"</script>',
        f"<svg><text>{marked}</text></svg>": '<svg><text><tspan lang="en" dir="ltr">Find</tspan></text></svg>',
    }
    assert {page: with_languages(page, "ar") for page in cases} == cases
    assert with_languages(f"<b>{marked}</b>", "fr") == '<b><span lang="en">Find</span></b>'
