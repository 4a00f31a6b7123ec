"""What is found by words: folding, forms of words, the dictionary, the order; and which words no index has."""

import time
from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.evidence.retrieval.dictionary import (
    Dictionary,
    Postings,
    Shard,
    decoded,
    encoded,
    renumbered,
    shards_of,
    shards_of_parts,
)
from isoc_kg.evidence.retrieval.entries import Entry, SearchIndex, SearchStatement, entries_of, search_index
from isoc_kg.evidence.retrieval.ranking import ranked
from isoc_kg.evidence.retrieval.reason import reason
from isoc_kg.evidence.retrieval.search_words import Inflection, fold_name, is_near, words_of
from isoc_kg.project import load_project
from isoc_kg.rdf import read_lines

from material import DOCUMENT, ROOT, requires_document

HARBOUR = ROOT / "examples" / "harbour-trust"
ENTRIES = [
    Entry("thing", "http://e/net", "Net", statements=[SearchStatement("established 1999", None, None)]),
    Entry("thing", "http://e/harbour", "Old Harbour Trust", names=["OHT", "Čeština přístav"], text="Keeps the quays."),
    Entry("thing", "http://e/oht", "oht studies", statements=[SearchStatement("established 2014", "http://e/c", "2")]),
    Entry("thing", "http://e/minato", "東京港", names=["みなと財団"], text="港を守る団体。"),
    Entry("thing", "http://e/ar", "جمعية الإنترنت", names=["المنتدى"], text="منظمةٌ للميناء"),
    Entry("thing", "http://e/th", "ท่าเรือกรุงเทพ"),
    Entry("thing", "http://e/he", "נמל יפו", text="שלום"),
    Entry("term", "http://e/founding", "founding date", names=["Gründungsdatum"], exact=["e:foundingDate"]),
    Entry("question", "http://e/q", "Who founded what in a year?", text="Links by quay:moored, at 12:30."),
    Entry("thing", "http://e/pilots", "pilot station", weight=9, withdrawn=True),
    Entry("thing", "http://e/pilot", "pilot stations of the river", names=["PSR"]),
    Entry("sentence", "http://e/d#2.2", "2.2", text="Tells how the harbours were planned in 2014.", place="2.2",
          exact=["2.2", "sentence 2.2"]),
    Entry("sentence", "http://e/d#2.3", "2.3", text="会社は東京港の近くにあります。", place="2.3"),
]  # fmt: skip


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    """The entries, in their order."""
    return search_index(sorted(ENTRIES, key=lambda entry: entry.order), ["en", "de", "ar", "ja"])


def labels(index: SearchIndex, question: str) -> list[str]:
    numbers = ranked(question, index.dictionary, index.inflection, len(index.entries), last=index.last).numbers
    return [index.entries[number].label for number in numbers]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("net", "Net"),
        ("OHT", "Old Harbour Trust"),  # another name, before a label that only begins so
        ("oht s", "oht studies"),
        ("harbours", "Old Harbour Trust"),
        ("trust harbour", "Old Harbour Trust"),
        ("cestina", "Old Harbour Trust"),
        ("ČEŠTINA PŘÍSTAV", "Old Harbour Trust"),
        ("2014", "oht studies"),  # a statement, before a sentence
        ("established 2014", "oht studies"),
        ("٢٠١٤", "oht studies"),
        ("planning harbour 2014", "2.2"),
        ("2.2", "2.2"),
        ("sentence 2.2", "2.2"),
        ("founding date", "founding date"),
        ("Grundungsdaten", "founding date"),
        ("e:foundingDate", "founding date"),
        ("who founded what", "Who founded what in a year?"),
        ("東京港", "東京港"),
        ("港", "東京港"),
        ("みなと", "東京港"),
        ("守る", "東京港"),
        ("近くに", "2.3"),
        ("انترنت", "جمعية الإنترنت"),
        ("المُنتدى", "جمعية الإنترنت"),
        ("منتدى", "جمعية الإنترنت"),
        ("ميناء", "جمعية الإنترنت"),
        ("กรุงเทพ", "ท่าเรือกรุงเทพ"),
        ("יפו", "נמל יפו"),
        ("שָׁלוֹם", "נמל יפו"),
        ("Old Habour", "Old Harbour Trust"),
        ("abour trust", "Old Harbour Trust"),
    ],
)
def test_first(index: SearchIndex, question: str, first: str) -> None:
    """Whole names, then words in names, statements, texts; in any script."""
    assert labels(index, question)[:1] == [first]


def test_what_is_withdrawn(index: SearchIndex) -> None:
    """It stands last; where it is called as was asked, before what has only some of the words."""
    entries = [
        Entry("thing", "http://e/old", "mole of stones", withdrawn=True),
        Entry("thing", "http://e/new", "mole"),
        Entry("thing", "http://e/quay", "quay of stones"),
    ]
    moles = search_index(sorted(entries, key=lambda entry: entry.order), ["en"])
    assert labels(moles, "stones mole") == ["mole", "quay of stones", "mole of stones"]
    assert labels(moles, "mole of stones") == ["mole of stones", "mole", "quay of stones"]
    for question, whole in (("stones mole", 0), ("mole of stones", 1), ("mole", 2)):
        assert moles.ranked(question).whole == whole, question
    assert labels(index, "pilot station") == ["pilot stations of the river", "pilot station"]
    assert labels(index, "pilot station net")[-1] == "pilot station"
    assert labels(index, "pilot station trust")[-1] == "pilot station"


@pytest.mark.parametrize(("question", "first", "why"), [
    ("who founded the harbour", "Old Harbour", "founder Ada"), ("when was the harbour founded", "Old Harbour", ""),
    ("founded harbour", "Old Harbour", ""), ("where is the old harbour", "Old Harbour", "lies in Upham"),
    ("old harbour", "Old Harbour", None), ("who sails", "Ada", "sails to Upham"), ("what sails", "Sails", None),
])  # fmt: skip
def test_who_when_and_where(question: str, first: str, why: str | None) -> None:
    """Such a word leads to the statement whose value is an agent, a date or a place; nothing else does."""
    said = [("founding date 1969", "date"), ("founder Ada", "agent"), ("lies in Upham", "place")]
    statements = [SearchStatement(text, None, None, asks=asks) for text, asks in said]
    ada = Entry("thing", "http://e/ada", "Ada", answers="agent", statements=[
        SearchStatement("sails to Upham", None, None, asks="place")])  # fmt: skip
    entries = [
        ada,
        Entry("thing", "http://e/h", "Old Harbour", statements=statements),
        Entry("thing", "http://e/s", "Sails"),
    ]
    index = search_index(sorted(entries, key=lambda entry: entry.order), ["en"])
    ranking = index.ranked(question)
    found = index.entries[ranking.numbers[0]]
    assert found.label == first
    assert reason(found, question, ranking.meant, index.inflection).text == (
        "" if why is None else why or "founding date 1969"
    )


def test_what_is_implied() -> None:
    """The reason says so; what another sentence supports is a plain fact."""
    entries = {
        entry.label: entry for entry in entries_of(load_project(HARBOUR), build_dataset(load_project(HARBOUR)).lines)
    }
    boat = {one.text: one for one in entries["Margarethe"].statements}
    assert boat["belongs to Selmersund Harbour Trust"].note == "implied"
    assert boat["production date 1911"].note == ""


def test_a_documents_title_has_no_words_of_its_sentences() -> None:
    """A sentence has not all of the words because of the title; other words for a property lead to its value."""
    project = load_project(HARBOUR)
    index = search_index(entries_of(project, build_dataset(project).lines), ["en"])
    question = "when did the harbour trust start"
    ranking = index.ranked(question)
    found = [index.entries[number] for number in ranking.numbers]
    assert found[0].label == "Selmersund Harbour Trust"
    assert not [one.text for one in found[: ranking.whole] if one.kind == "sentence"]
    because = reason(found[0], question, ranking.meant, index.inflection)
    assert because.text == "founding date 1969"
    assert because.statement
    assert because.statement.note == "another source says otherwise"


def test_names_with_prefixes_are_no_words(index: SearchIndex) -> None:
    """A description is found by its words, and by none of the parts of an IRI in it."""
    assert "Who founded what in a year?" not in labels(index, "quay") + labels(index, "moored")
    assert labels(index, "links 12")[:1] == ["Who founded what in a year?"]


def test_what_a_name_shows_is_no_reason(index: SearchIndex) -> None:
    """Of a name and a statement, that is told which the name that stands there does not show."""
    entry = Entry("thing", "http://e/x", "Pilots of the river", names=["PSR"], statements=[
        SearchStatement("established 2014", None, None)])  # fmt: skip
    for question in ("psr 2014", "pilots 2014", "river 2014 pilots"):
        assert reason(entry, question, {}, index.inflection).text == "established 2014"
    assert reason(entry, "psr pilots", {}, index.inflection).kind == ""


def test_what_has_nothing(index: SearchIndex) -> None:
    assert [labels(index, question) for question in ("", " ", "()[*", "xyzzy", "\0\x1b", "京東")] == [[]] * 6


@pytest.mark.parametrize(
    ("question", "kind", "text"),
    [
        ("oht", "name", "OHT"),
        ("old harbour", "", ""),
        ("quay", "text", "Keeps the quays."),
        ("2014", "statement", "established 2014"),
        ("interconnected harbors", "text", ""),
    ],
)
def test_reasons(index: SearchIndex, question: str, kind: str, text: str) -> None:
    """The name, statement or text that has the words where the label has not."""
    ranking = ranked(question, index.dictionary, index.inflection, len(index.entries))
    found = reason(index.entries[ranking.numbers[0]], question, ranking.meant, index.inflection)
    if text or not kind:
        assert (found.kind, found.text) == (kind, text)


@pytest.mark.parametrize(
    ("language", "alike", "others"),
    [
        ("en", "develop develops developed developing", "development envelope"),
        ("en", "policy policies", "police"),
        ("en", "plan plans planned planning", "plant"),
        ("en", "bus", "bu"),
        ("de", "Hafen Häfen", "Haft"),
        ("de", "Kind Kinder Kindern Kindes", "Kunde"),
        ("fr", "organisation organisations", "organe"),
        ("es", "puerto puertos", "puerta1"),
        ("ru", "порт порты портов портами", "портфель"),
        ("ja", "港", "港湾"),
    ],
)
def test_forms(language: str, alike: str, others: str) -> None:
    """Words are forms of one another by the endings of their language, and no others are."""
    inflection = Inflection([language])
    words, rest = (words_of(text) for text in (alike, others))
    for word in words[1:]:
        assert inflection.alike(words[0], word), word
        assert word.startswith(inflection.start(words[0]))
    for word in rest:
        assert not inflection.alike(words[0], word), word


def test_folding() -> None:
    """Case, accents, widths, digits of any script; what tells syllables apart in Korean, Japanese, Hindi stays."""
    for one, other in (("Ångström", "angstrom"), ("ＩＳＯＣ", "isoc"), ("Łódź", "lodz"), ("İstanbul", "istanbul"),
                       ("ΣΊΣΥΦΟΣ", "σισυφος"), ("१९९२", "1992"), ("𝟚𝟘𝟙𝟜", "2014"), ("straße", "STRASSE"),
                       ("  a \t b ", "a b")):  # fmt: skip
        assert fold_name(one) == fold_name(other)
    for one, other in (("か", "が"), ("한국", "하국"), ("हिन्दी", "हन्द"), ("ต่า", "ตา")):
        assert fold_name(one) != fold_name(other)
    assert words_of("हिन्दी MANRSとは2014年 don't ISOC's") == (
        "हिन्दी", "manrs", "とは", "2014", "年", "don", "t", "isoc",
    )  # fmt: skip


@pytest.mark.parametrize(("one", "other", "near"), [
    ("manrs", "mnars", True), ("manrs", "manr", True), ("manrs", "mars", True), ("manrs", "mers", False),
    ("internet", "intrenet", True), ("organisation", "organizatoin", True), ("routing", "rooting", True),
])  # fmt: skip
def test_near(one: str, other: str, near: bool) -> None:
    assert is_near(one, other) is is_near(other, one) is near


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.integers(0, 5000), st.integers(0, 2), max_size=60))
def test_entries_of_a_word(fields: dict[int, int]) -> None:
    """What is written is read."""
    assert dict(decoded(encoded(fields))) == fields
    assert encoded(dict.fromkeys(range(100_000), 0)) == "1.255r"  # all of them take no room


def _postings(entries: Iterable[tuple[int, Mapping[str, int]]]) -> Postings:
    postings = Postings()
    for number, fields in entries:
        postings.add(number, fields)
    return postings


def _shards(entries: Sequence[Mapping[str, int]]) -> list[Shard]:
    return shards_of(_postings(enumerate(entries)).words)


_WORDS = st.sampled_from(["a", "b", "c", "=a b", "=é", "?date:x", "<z", "é", "港", "zz"])
_FIELDS = st.lists(st.dictionaries(_WORDS, st.integers(0, 3), min_size=1, max_size=5), min_size=1, max_size=40)


@pytest.mark.parametrize("size", [24_000, 30])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_FIELDS, st.integers(1, 40))
def test_a_dictionary_of_parts(
    monkeypatch: pytest.MonkeyPatch, size: int, entries: list[dict[str, int]], most: int
) -> None:
    """Entries in parts have the dictionary that they have together."""
    monkeypatch.setattr("isoc_kg.evidence.retrieval.dictionary._SHARD", size)
    numbered = list(enumerate(entries))
    parts = [_postings(numbered[start : start + most]).part for start in range(0, len(entries), most)]
    assert list(shards_of_parts(parts)) == _shards(entries)


@pytest.mark.parametrize("per_run", [0, 8, 10**6])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_FIELDS, _FIELDS, st.data())
def test_entries_with_other_numbers(
    monkeypatch: pytest.MonkeyPatch, per_run: int, before: list[dict[str, int]], new: list[dict[str, int]],
    data: st.DataObject,
) -> None:  # fmt: skip
    """Where entries go, come and change places, the dictionary brought forward is the one made anew."""
    monkeypatch.setattr("isoc_kg.evidence.retrieval.dictionary._PER_RUN", per_run)
    first = data.draw(st.integers(0, len(before)))
    order = [*range(first, len(before)), *data.draw(st.permutations(range(first)))]
    order = order[data.draw(st.integers(0, len(order))) :] if data.draw(st.booleans()) else order
    now: list[tuple[int, dict[str, int]]] = [(number, before[number]) for number in order]
    for fields in new[: data.draw(st.integers(0, 4))]:
        now.insert(data.draw(st.integers(0, len(now))), (-1, fields))
    numbers = [-1] * len(before)
    for number, (old, _) in enumerate(now):
        if old >= 0:
            numbers[old] = number
    more = _postings((number, fields) for number, (old, fields) in enumerate(now) if old < 0)
    expected = _shards([fields for _, fields in now])
    assert list(renumbered(_shards(before), numbers, [more.part])) == expected


@settings(max_examples=50, deadline=None)
@given(st.sets(st.text("ab=é港𠀀\uffee", max_size=4)), st.text("ab=é港𠀀", max_size=2), st.integers(1, 9))
def test_keys_that_begin_so(keys: set[str], start: str, most: int) -> None:
    """In any number of shards, the first ones in the order of code points."""
    shards = [([key], [encoded({0: 0})]) for key in sorted(keys)] or shards_of({})
    dictionary = Dictionary([shard[0][0] if shard[0] else "" for shard in shards], shards.__getitem__)
    expected = [key for key in sorted(keys) if key.startswith(start)][:most]
    assert [key for key, _ in dictionary.beginning(start, most)] == expected
    assert (dictionary.get(start) is not None) == (start in keys)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60) | st.sampled_from(["a" * 10**6, "港" * 10**5, "(?:" * 999, "\ud800", "=", "==", "|1"]))
def test_any_question(index: SearchIndex, question: str) -> None:
    """Answers whatever is asked, soon."""
    start = time.monotonic()
    ranking = ranked(question, index.dictionary, index.inflection, len(index.entries))
    for number in ranking.numbers:
        reason(index.entries[number], question, ranking.meant, index.inflection)
    assert time.monotonic() - start < 5


@requires_document
def test_no_word_of_a_text_that_is_not_published() -> None:
    """The index of the shipped publication has the words of what is published, and not one more of its document."""
    assert DOCUMENT
    project = load_project(ROOT)
    lines = read_lines(ROOT / "out" / "isoc-kg.nq", limits=project.limits)
    found = search_index(entries_of(project, lines), ["en"])
    published = set(words_of(b"".join(lines).decode()))
    indexed = {key for keys, _ in found.shards for key in keys if not key.startswith("=")}
    unpublished = set(words_of(DOCUMENT.read_text(encoding="utf-8"))) - published
    assert len(unpublished) > 50
    assert indexed & unpublished == set()
    assert [entry.text for entry in found.entries if entry.iri.endswith("/1#2.2")] == [
        "Gives the founding year and a first wording of the mission."
    ]
