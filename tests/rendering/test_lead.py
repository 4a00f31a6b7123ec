"""The sentence at the head of a thing's page: right, never more than the facts say, in the publication's language."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from blanks import blanks
from isoc_kg.errors import ProjectError
from isoc_kg.project import Project, load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.query.evaluator import StoreEvaluator, store_of
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.lead import Leads, _has_vowel_first, shortened
from isoc_kg.rendering.neighbourhood import resource_index
from isoc_kg.rendering.renderer import Renderer, renderer_of
from isoc_kg.rendering.things import ThingPages
from isoc_kg.wording.sentences import begun

from material import ROOT

PREFIXES = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix t: <https://tea.example/> .
"""
TEA = """
t:House rdfs:label "tea house"@en , "Teehaus"@de .
t:owns rdfs:label "owns"@en . t:rooms rdfs:label "number of rooms"@en . t:motto rdfs:label "motto"@en .
t:plum a t:House ; schema:name "Plum House" ; schema:foundingDate "1871-03-02"^^xsd:date ; schema:founder t:ada, t:bo ;
    schema:location t:quay .
t:pine a t:House, owl:Thing ; schema:name "Pine House" ; schema:foundingDate "1880"^^xsd:gYear , "1881"^^xsd:gYear .
t:oak a t:House ; schema:name "Oak House" ; t:rooms 4 ; t:motto "Langsam."@de ; t:owns t:ada .
t:elm a t:House ; schema:name "Elm House" ; schema:description "A house of tea."@en ;
    schema:foundingDate "1900"^^xsd:gYear .
t:ash a t:House ; schema:name "Ash House" .
t:fir a t:House ; schema:name "Fir House" ; schema:founder t:ada, t:bo, t:cy, t:di, t:ed .
t:yew a t:House ; schema:name "Yew House" ; schema:founder [ schema:telephone "1" ] ;
    schema:location "two words. Or more." .
t:ada schema:name "Ada" . t:bo schema:name "Bo" . t:cy schema:name "Cy" .
t:di schema:name "Di" . t:ed schema:name "Ed" .
t:quay schema:name "the quay" .
t:Island rdfs:label "island"@en . t:isle a t:Island ; schema:name "The Isle" . t:bare a t:Island .
t:guild schema:name "Guild" ; schema:member t:ada .
"""


@pytest.fixture(scope="module")
def tea(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    file = tmp_path_factory.mktemp("tea") / "tea.ttl"
    file.write_text(PREFIXES + TEA, encoding="utf-8")
    return renderer_of(Publication.of_files(Project.of_files(), [file]), "https://host.example/")


def sentence(renderer: Renderer, name: str) -> str:
    return Leads(renderer).sentence(renderer.index.resource(name.encode()))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plum", "Tea house, founded on 2 March 1871 by Ada and Bo, in the quay."),
        ("pine", "Pine House is a tea house."),  # two years where one is meant: none is told
        ("oak", "Oak House is a tea house."),  # “number of rooms: 4” is no sentence
        ("ash", "Ash House is a tea house."),
        ("isle", "The Isle is an island."),
        ("bare", ""),  # no name but the end of its IRI
        ("fir", "Tea house, founded by Ada, Bo and 3 more."),
        ("yew", "Yew House is a tea house."),  # neither a founder without a name nor a text of sentences
        ("ada", "Member of Guild, founder of Fir House and Plum House."),
    ],
)
def test_what_facts_make(tea: Renderer, name: str, expected: str) -> None:
    """Class and key facts by patterns, dates as exact as they are; what no pattern words is left to the page."""
    assert blanks(sentence(tea, f"<https://tea.example/{name}>")) == expected


def test_a_page_and_its_head(tea: Renderer) -> None:
    """Page, `description` and `og:description` have the same sentence, JSON-LD none; a description goes before."""
    for name, lead in (
        ("plum", "Tea house, founded on 2 March 1871 by Ada and Bo, in the quay."),
        ("elm", "A house of tea."),
    ):
        token = f"<https://tea.example/{name}>".encode()
        html = blanks(ThingPages(tea).page(token, f"resource/{name}").decode())
        assert f'<p class="lead">{lead}</p>' in html
        assert f'<meta name="description" content="{lead}">' in html
        assert f'<meta property="og:description" content="{lead}">' in html
        data = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        assert ("description" in data) == (name == "elm")
    bare = ThingPages(tea).page(b"<https://tea.example/ash>", "resource/ash").decode()
    assert 'class="lead"' not in bare  # its class stands beside its name
    assert '<meta name="description" content="Ash House is a tea house.">' in bare
    nothing = ThingPages(tea).page(b"<https://tea.example/bare>", "resource/bare").decode()
    assert 'class="lead"' not in nothing
    assert '<meta name="description" content="bare, island.' in nothing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("roles is a concept scheme.", "Roles is a concept scheme."),
        ("iPhone is a product.", "iPhone is a product."),
        ("eur, in the text", "Eur, in the text"),
        ("schema:name has no value", "schema:name has no value"),
        ("unit 2.1 begins with another.", "Unit 2.1 begins with another."),
        ("“no” stands there", "“No” stands there"),
        ("Zehn", "Zehn"),
        ("", ""),
    ],
)
def test_how_sentences_begin(text: str, expected: str) -> None:
    """With a capital, but for names that have their own way with capitals."""
    assert begun(text) == expected


def test_in_another_language(tmp_path: Path) -> None:
    """Patterns are strings, so that each language has its own order and words; names of classes are in it, too."""
    file = tmp_path / "tea.ttl"
    port = 't:Port rdfs:label "Ort"@de . t:port a t:Port ; schema:name "Hafen" ; schema:location t:quay .'
    file.write_text(PREFIXES + TEA + port, encoding="utf-8")
    (tmp_path / "kg.toml").write_text(
        'title = "Tee"\ndescription = "Häuser"\nbase = "https://tea.example/"\nname = "tee"\nlanguage = "de"\n'
        'licence = "https://creativecommons.org/publicdomain/zero/1.0/"\ncreator = "Teefreunde"\nversion = "1"\n'
        "created = 2026-01-01\nmodified = 2026-01-01\n",
        encoding="utf-8",
    )
    (tmp_path / "strings.toml").write_text(
        '"lead schema:foundingDate schema:founder" = "von {other} {value} gegründet"\n'
        'lead_and = "{first} und {last}"\n"lead schema:location" = "Ort: {value}"\n',
        encoding="utf-8",
    )
    renderer = renderer_of(Publication.of_files(load_project(tmp_path), [file]), "")
    assert sentence(renderer, "<https://tea.example/plum>") == "Teehaus, von Ada und Bo 1871 gegründet, Ort: the quay."
    assert sentence(renderer, "<https://tea.example/ash>") == "Ash House gehört zur Klasse „Teehaus“."
    assert sentence(renderer, "<https://tea.example/port>") == "Ort: the quay."  # not “Ort, Ort: …”


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('"lead tea:owner" = "owned by {value}"', "does not name one or two properties"),
        ('"lead schema:a schema:b schema:c" = "{value}"', "does not name one or two properties"),
        ('"lead schema:owner" = "owned by {other}"', "may hold {count}"),
        ('"leads" = "{value}"', "there is no string"),
    ],
)
def test_patterns_of_a_project(lighthouse: Path, line: str, message: str) -> None:
    """A project adds its own; what is mistaken is named with its file."""
    (lighthouse / "strings.toml").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=message):
        renderer_of(Publication.of_project(load_project(lighthouse)), "")


def test_nothing_that_is_contested(lighthouse: Path) -> None:
    """Two years, a denial and a statement that was taken back are left out; what the editors prefer is told."""
    (lighthouse / "strings.toml").write_text(
        '"lead light:litIn" = "lit in {value}"\n"lead light:has" = "with {value}"\n'
        '"lead light:burns" = "burning {value}"\n'
        '"lead light:height" = "{value} m high"\n"lead ^light:builtBy" = "builder of {value}"\n'
        '"lead ^light:has" = "part of {value}"\n"lead light:builtBy" = "built by {value}"\n',
        encoding="utf-8",
    )
    renderer = renderer_of(Publication.of_project(load_project(lighthouse)), "")
    base = "<https://lighthouse.example/kg/id/"
    assert sentence(renderer, f"{base}ravens-point-light>") == "Lighthouse, 31 m high, built by Jon Holm."
    assert sentence(renderer, f"{base}jon-holm>") == "Person, builder of lighthouse on Ravens Point."
    assert sentence(renderer, f"{base}foghorn>") == ""


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ('schema:validThrough "1990"^^xsd:gYear', ""),
        ('schema:validThrough "2026"^^xsd:gYear', "Built by Jon Holm."),  # modified in that year
        ('schema:validThrough "2999-01-01"^^xsd:date', "Built by Jon Holm."),
        ('schema:validFrom "2999"^^xsd:gYear', ""),
        ('schema:validFrom "1880"^^xsd:gYear', "Built by Jon Holm."),
    ],
)
def test_what_has_ended(lighthouse: Path, notes: str, expected: str) -> None:
    """A statement that did not hold when the publication was last changed is left out, read either way."""
    (lighthouse / "strings.toml").write_text(
        '"lead light:builtBy" = "built by {value}"\n"lead ^light:builtBy" = "builder of {value}"\n', encoding="utf-8"
    )
    toml = lighthouse / "kg.toml"
    toml.write_text(re.sub("(?m)^modified = .*", "modified = 2026-06-01", toml.read_text("utf-8")), encoding="utf-8")
    with (lighthouse / "facts" / "light.ttl").open("a", encoding="utf-8") as facts:
        facts.write(f"""id:boathouse a schema:Thing {{| ev:impliedBy l:1.3 |}} ;
            schema:name "boathouse"@en {{| ev:impliedBy l:1.3 |}} ;
            light:builtBy id:jon-holm {{| ev:supportedBy l:1.3 ; {notes} |}} .""")
    renderer = renderer_of(Publication.of_project(load_project(lighthouse)), "")
    base = "<https://lighthouse.example/kg/id/"
    assert sentence(renderer, f"{base}boathouse>") == expected
    assert ("boathouse" in sentence(renderer, f"{base}jon-holm>")) == bool(expected)
    token = f"{base}jon-holm>".encode()
    ontology = Index(renderer.project, ())
    alone = resource_index(StoreEvaluator(store_of(renderer.index.lines)), renderer.project, token, ontology)
    assert alone is not None
    held = alone.is_sound(f"{base}boathouse>".encode(), b"<https://lighthouse.example/kg/ontology#builtBy>", token)
    assert held == bool(expected)


def test_a_name_that_is_denied(lighthouse: Path) -> None:
    """What a source denies that somebody is called so, no sentence calls them."""
    (lighthouse / "strings.toml").write_text('"lead light:builtBy" = "built by {value}"\n', encoding="utf-8")
    facts = lighthouse / "facts" / "light.ttl"
    text = facts.read_text(encoding="utf-8")
    named = '"Jon Holm"@en {| ev:supportedBy l:1.3, c:1.3'
    facts.write_text(text.replace(named, '"Jon Holm"@en {| ev:supportedBy l:1.3 ; ev:contradictedBy c:1.3'), "utf-8")
    assert named in text
    renderer = renderer_of(Publication.of_project(load_project(lighthouse)), "")
    assert "Jon Holm" not in sentence(renderer, "<https://lighthouse.example/kg/id/ravens-point-light>")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("schema:founder t:inc", "Tea house, founded by Acme Inc."),
        ("schema:founder t:inc ; schema:location t:quay", "Tea house, founded by Acme Inc., in the quay."),
        ("schema:founder t:quest", "It is a tea house."),  # a name that is a sentence
        ('schema:jobTitle "Director of Things." ; schema:birthDate "1950"^^xsd:gYear',
         "Tea house, Director of Things, born in 1950."),
        ('schema:jobTitle "Managing director, Acme Ltd."', "Tea house, Managing director, Acme Ltd."),
        ("schema:founder t:same, t:same2", "Tea house, founded by 2 × Same Human."),
        ("schema:founder t:same, t:same2, t:ada", "Tea house, founded by Ada and 2 × Same Human."),
        ("schema:founder t:comma, t:ada", "It is a tea house."),
        ("schema:founder t:comma ; schema:location t:quay", "Tea house; founded by Lind, Ada; in the quay."),
        ("a owl:Thing ; schema:author t:ada", "Tea house, by Ada."),
        ('schema:description "Yes?"', "It is a tea house."),
    ],
)  # fmt: skip
def test_grammar(tmp_path: Path, facts: str, expected: str) -> None:
    """One mark at the end, no sentence within another, no list in which one name is two."""
    file = tmp_path / "tea.ttl"
    names = """
t:inc schema:name "Acme Inc." . t:quest schema:name "Who? What! Where." . t:comma schema:name "Lind, Ada" .
t:same schema:name "Same Human" . t:same2 schema:name "Same Human" .
"""
    file.write_text(f'{PREFIXES}{TEA}{names}t:it a t:House ; schema:name "It" ; {facts} .', encoding="utf-8")
    renderer = renderer_of(Publication.of_files(Project.of_files(), [file]), "https://host.example/")
    assert blanks(sentence(renderer, "<https://tea.example/it>")) == expected


def test_a_head_without_turns(tmp_path: Path) -> None:
    """What would turn the direction of the text behind it is in no attribute of the head."""
    file = tmp_path / "tea.ttl"
    name = 't:it a t:House ; schema:name "It" ; schema:description "a\\u202Eb\\u2066c\\u200Fd" .'
    file.write_text(PREFIXES + TEA + name, encoding="utf-8")
    renderer = renderer_of(Publication.of_files(Project.of_files(), [file]), "https://host.example/")
    html = ThingPages(renderer).page(b"<https://tea.example/it>", "resource/it").decode()
    assert '<meta name="description" content="abc\u200fd">' in html


def test_a_class_that_says_nothing(tmp_path: Path) -> None:
    """What a thing is, if nothing but a thing, no sentence says."""
    file = tmp_path / "tea.ttl"
    file.write_text(
        f"""{PREFIXES}{TEA}schema:Thing rdfs:label "thing"@en .
        t:thing a schema:Thing ; schema:name "T" ; schema:location t:quay .""",
        encoding="utf-8",
    )
    renderer = renderer_of(Publication.of_files(Project.of_files(), [file]), "https://host.example/")
    assert sentence(renderer, "<https://tea.example/thing>") == "In the quay."


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ('schema:startDate "2025-02-18"^^xsd:date', "Tea house, beginning on 18 February 2025."),
        ('schema:startDate "2025-02"^^xsd:gYearMonth', "Tea house, beginning in February 2025."),
        ('schema:startDate "2025"^^xsd:gYear', "Tea house, beginning in 2025."),
        ('schema:startDate "2025-02-18T09:30:00Z"^^xsd:dateTime', "Tea house, beginning on 18 February 2025."),
        ('schema:startDate "2025-02-18"^^xsd:date , "2025"^^xsd:gYear', "Tea house, beginning in 2025."),
        ('schema:startDate "2025-13-41"^^xsd:date', "Tea house, beginning in 2025."),
        ('schema:agent t:ada ; schema:scheduledTime "2025-03-05"^^xsd:date',
         "Tea house, by Ada, scheduled for 5 March 2025."),
        ("t:rooms 11350", "Tea house, with 11,350 rooms."),
        ("t:rooms 11350 ; schema:author t:ada", "Tea house, with 11,350 rooms, by Ada."),
        ("t:rooms 1", "It is a tea house."),
        ("t:rooms 3 ; t:beds 1200", "Tea house, with 3 rooms and 1,200 beds."),
        ('t:rooms "many"', "It is a tea house."),
    ],
)  # fmt: skip
def test_dates_and_figures(lighthouse: Path, tmp_path: Path, facts: str, expected: str) -> None:
    """A day in full where the data have one, a count with its unit as the language writes it."""
    toml = lighthouse / "kg.toml"
    toml.write_text(f'{toml.read_text("utf-8").rstrip()}\nt = "https://tea.example/"\n', "utf-8")
    (lighthouse / "strings.toml").write_text(
        '"lead t:rooms t:beds" = "with {count} rooms and {other_count} beds"\n"lead t:rooms" = "with {count} rooms"\n',
        encoding="utf-8",
    )
    file = tmp_path / "tea.ttl"
    file.write_text(f'{PREFIXES}{TEA}t:it a t:House ; schema:name "It" ; {facts} .', encoding="utf-8")
    renderer = renderer_of(Publication.of_files(load_project(lighthouse), [file]), "https://host.example/")
    assert blanks(sentence(renderer, "<https://tea.example/it>")) == expected


def test_no_lead_is_a_list_of_properties() -> None:
    """Of the example in both its languages: no “property: value”, no English word of ours in a German one."""
    english = re.compile(r"\b(?:belonging|looked|built|chair|founded|with|the|by|of)\b")
    for language in ("en", "de"):
        project = replace(load_project(ROOT / "examples" / "harbour-trust"), language=language)
        renderer = renderer_of(Publication.of_project(project), "")
        own = [token for token in renderer.index.paged if token.startswith(b"<https://example.org/harbour-trust/id/")]
        found = list(filter(None, (Leads(renderer).sentence(renderer.index.resource(token)) for token in own)))
        assert len(found) > 35
        assert not [lead for lead in found if re.search(r"(?<!agenda item): ", lead)]
        if language == "de":
            assert "Schiff, gehört Hafenstiftung Selmersund, hergestellt von Maschinenfabrik Holt." in found
            assert not [lead for lead in found if english.search(re.sub("\ufdd0[^\ufdd1]*\ufdd1", "", lead))]


def test_a_long_description_is_cut() -> None:
    """To its first sentence, or to what a line holds; a short one stays as it is."""
    assert shortened("One.\nTwo.") == "One. Two."
    assert shortened(f"It is a house. {'It has rooms. ' * 40}") == "It is a house."
    cut = shortened("word " * 100)
    assert cut.endswith("word …")
    assert len(cut) <= 300


@pytest.mark.parametrize(
    ("an", "names"),
    [
        (True, "iPad, eBook, école, Übung, hour, 8-bit word, 11th unit, 18-hole course, FAQ, RDF graph, umbrella"),
        (False, "Ünïcode, utility, Ukrainian body, ewe, SPARQL query, NATO body, LAN, 118th unit, URL, usual case"),
    ],
)
def test_articles(an: bool, names: str) -> None:
    """By how a name is spoken, accents aside; letters that make a word are spoken as one."""
    assert {name: _has_vowel_first(name) for name in names.split(", ")} == dict.fromkeys(names.split(", "), an)


def test_a_name_in_small_letters(lighthouse: Path, tmp_path: Path) -> None:
    """The class stands before the name, which may be a plural: no article has to fit."""
    file = tmp_path / "words.ttl"
    file.write_text(f'{PREFIXES}{TEA}t:Word rdfs:label "word"@en . t:bit a t:Word ; schema:name "bit" .', "utf-8")
    renderer = renderer_of(Publication.of_files(load_project(lighthouse), [file]), "https://host.example/")
    page = ThingPages(renderer).page(b"<https://tea.example/bit>", "resource/bit").decode()
    assert '<meta name="description" content="The word “bit”.">' in page


def test_names_in_english_within_another_language(lighthouse: Path, tmp_path: Path) -> None:
    """A German sentence keeps facts whose values have English names alone, and marks these; others stay out."""
    toml = lighthouse / "kg.toml"
    toml.write_text(toml.read_text("utf-8").replace('language = "en"', 'language = "de"', 1), "utf-8")
    file = tmp_path / "tea.ttl"
    file.write_text(
        f'{PREFIXES}{TEA}t:Fair rdfs:label "tea fair"@en . t:hall schema:name "Tea Hall"@en .'
        't:x schema:name "Thé"@fr . '
        't:fair a t:Fair ; schema:name "Messe"@de ; schema:startDate "2017"^^xsd:gYear ; schema:location t:hall ;'
        " schema:organizer t:x .",
        "utf-8",
    )
    renderer = renderer_of(Publication.of_files(load_project(lighthouse), [file]), "https://host.example/")
    page = ThingPages(renderer).page(b"<https://tea.example/fair>", "resource/fair").decode()
    lead = page.partition('<p class="lead">')[2].partition("</p>")[0]
    assert re.sub("</?bdi>", "", lead) == (
        '<span lang="en">Tea fair</span>, beginnt 2017, am Ort <span lang="en">Tea Hall.</span>'
    )
    assert '<meta name="description" content="Tea fair, beginnt 2017, am Ort Tea Hall.">' in page
