"""What is searched, in files: shards of the dictionary and of the entries, of which each search reads a few.

`data/search.json` names the shards, `data/search/w0.json` … hold words with the numbers of the entries that have them,
`data/search/e0.json` … the entries. The page scripts read them (`web/src/dictionary.ts`), and so does the server.
"""

import json
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice
from operator import add
from typing import Any
from urllib.parse import quote

from ..evidence.retrieval.dictionary import Dictionary, Part, Postings, Shard, renumbered, shards_of_parts
from ..evidence.retrieval.entries import (
    KINDS,
    PAGE,
    Entries,
    Entry,
    SearchStatement,
    keys_of,
    languages_of,
    terms_among,
)  # fmt: skip
from ..evidence.retrieval.ranking import Ranking, ranked
from ..evidence.retrieval.search_words import Inflection, words_of
from ..limits.garbage import no_collection
from ..rdf.tokens import iri_token
from ..wording.strings import plain
from .known_search import KnownSearch
from .left_out import left_out_page
from .renderer import Renderer
from .unit_words import unit_words

__all__ = ["FOUND", "PAGE", "SearchFiles", "SearchParts", "files_of_entries", "search_files"]

FOUND = (*KINDS, PAGE)  #: what is found in a site, in the order of its numbers

_PER_SHARD = 16  #: entries
_PER_PART = 64 * _PER_SHARD
_LONGEST = 300  #: characters of a text
_SHARDS_KEPT = 64  #: of each kind, by who reads them


def search_files(renderer: Renderer) -> list[tuple[str, bytes]]:
    """The files, `data/search.json` first."""
    return SearchParts(renderer).files()


def files_of_entries(renderer: Renderer, entries: Sequence[Entry], languages: Sequence[str]) -> list[tuple[str, bytes]]:
    """The files in which entries are found, in the order of `FOUND`, by words of some languages."""
    return SearchParts(renderer, entries, languages).files()


class SearchParts:
    """What is searched, made in parts that know nothing of one another, then a dictionary of all of them."""

    def __init__(
        self, renderer: Renderer, entries: Sequence[Entry] | None = None, languages: Sequence[str] | None = None
    ) -> None:
        """Of entries in the order of `FOUND`, found by words of some languages; else those of the publication."""
        self._renderer = renderer
        self._given, self._languages = entries, languages
        self._before: tuple[Callable[[str], bytes], Collection[str]] | None = None
        self._numbers_before: Sequence[int] = ()  #: of what was known before, -1 of what was not

    @cached_property
    def _entries(self) -> Entries | None:
        """The entries of the publication; None where others are given."""
        renderer = self._renderer
        if self._given is not None:
            return None
        return Entries(
            renderer.project, renderer.index.lines, renderer.material.queries, lambda name: renderer.href("", name)
        )

    @cached_property
    def _more(self) -> Sequence[Entry]:
        """The entries behind those of the publication."""
        return _pages(self._renderer) if self._given is None else self._given

    @cached_property
    def _inflection(self) -> Inflection:
        languages = self._languages or ()
        return Inflection(languages if self._entries is None else languages_of(self._renderer.project, self._entries))

    @property
    def count(self) -> int:
        """How many parts there are at most; the last ones may be empty."""
        index, most = self._renderer.index, len(self._more)
        if self._given is None:  # not as many as there are: the lines are not read again by those who need no entries
            queries = self._renderer.material.queries
            most += len(index.subjects) + len(index.terms) + len(index.units) + len(queries)
        return max(1, -(-most // _PER_PART))

    @cached_property
    def _size(self) -> int:
        """How many entries there are."""
        return len(self._entries or ()) + len(self._more)

    def know(self, read: Callable[[str], bytes], untouched: Collection[str]) -> None:
        """Take over what a run before has made of things of which nothing has changed.

        `read` gives the content of its files; the things are given by the paths of their pages.
        """
        self._before = read, untouched

    @cached_property
    def _known(self) -> KnownSearch | None:
        """What is taken over; None where nothing is."""
        if self._before is None or self._entries is None:
            return None
        read, untouched = self._before
        known = KnownSearch.reading(read, {f"{quote(path, safe='/=~@')}.html" for path in untouched})
        if known is None or not _means_the_same(known.head, self._head([])):
            return None
        numbers = known.numbers.get
        addresses = (self._renderer.href("", name) for name in self._entries.iris)
        self._numbers_before = array("q", [numbers(address, -1) for address in addresses])
        return replace(known, numbers={})  # which are as many as there are entries

    def part(self, number: int) -> tuple[list[tuple[str, bytes]], Part]:
        """The files of a part's entries, and by which words those are found that are not known."""
        first = number * _PER_PART
        postings = Postings()
        with no_collection():
            starts = range(first, min(first + _PER_PART, self._size), _PER_SHARD)
            return [self._shard(start, postings) for start in starts], postings.part

    def _shard(self, first: int, postings: Postings) -> tuple[str, bytes]:
        """The file of the entries from one on, whose words are added to the postings."""
        properties: dict[str, int] = {}
        records = []
        for number in range(first, min(first + _PER_SHARD, self._size)):
            before = self._numbers_before[number] if self._known and number < len(self._numbers_before) else -1
            if before >= 0 and self._known:
                records.append(self._known.record(before, properties))
                continue
            entry = self._entry(number)
            postings.add(number, keys_of(entry, self._inflection))
            records.append(_record(self._renderer, entry, properties))
        content = _json({"entries": records, "properties": list(properties)})
        return f"data/search/e{first // _PER_SHARD}.json", content

    def _entry(self, number: int) -> Entry:
        behind = number - len(self._entries or ())
        return self._more[behind] if self._entries is None or behind >= 0 else self._entries[number]

    def whole(self, parts: Sequence[Part]) -> Iterator[tuple[str, bytes]]:
        """The files of the dictionary of all parts, `data/search.json` last."""
        firsts: list[str] = []
        head, known = self._head(firsts), self._known  # the firsts are added to the head
        for name in ("_entries", "_known", "_inflection"):  # much, and not wanted any more
            self.__dict__.pop(name, None)
        words_of.cache_clear()
        with no_collection():
            for number, shard in enumerate(self._shards(known, parts)):
                firsts += shard[0][:1] or [""]
                yield f"data/search/w{number}.json", _json(shard)
        yield "data/search.json", _json(head)

    def _shards(self, known: KnownSearch | None, parts: Sequence[Part]) -> Iterator[Shard]:
        done = 0
        if known is not None:
            try:
                for shard in self._renumbered(known, parts):
                    yield shard
                    done += 1
                return
            except (OSError, ValueError, LookupError):  # somebody has changed the files of the run before
                self._before = None
                parts = [self.part(number)[1] for number in range(self.count)]
        yield from islice(shards_of_parts(parts), done, None)

    def _renumbered(self, known: KnownSearch, parts: Sequence[Part]) -> Iterator[Shard]:
        numbers = array("q", [-1]) * known.count
        for number, before in enumerate(self._numbers_before):
            if before >= 0:
                numbers[before] = number
        return renumbered(known.shards, numbers, parts)

    def _head(self, firsts: Sequence[str]) -> dict[str, Any]:
        counts = [sum(entry.kind == kind for entry in self._more) for kind in FOUND]
        last = [n for n, entry in enumerate(self._more, len(self._entries or ())) if entry.withdrawn]
        if self._entries:
            counts = list(map(add, counts, (*self._entries.counts, *[0] * len(FOUND))))
            last = [*self._entries.last, *last]
        inflection, t = self._inflection, self._renderer.theme.strings
        return {
            "counts": counts,
            "last": last,
            "per": _PER_SHARD,
            "firsts": firsts,
            "endings": inflection.endings,
            "stop": inflection.stop,
            "asking": inflection.asking,
            "words": {key.removeprefix("found_"): plain(text) for key, text in t.items() if key.startswith("found_")},
        }

    def files(self) -> list[tuple[str, bytes]]:
        """All files, `data/search.json` first."""
        parts = [self.part(number) for number in range(self.count)]
        *words, head = self.whole([part for _, part in parts])
        return [head, *words, *(file for files, _ in parts for file in files)]


def _means_the_same(head: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two heads have one way to make words and records."""
    return all(head.get(name) == other[name] for name in ("per", "endings", "stop", "asking"))


def _pages(renderer: Renderer) -> list[Entry]:
    """The pages of a site that are about nothing in particular; their `iri` is their address."""
    t = renderer.theme.strings
    pages = [Entry(PAGE, href, plain(title)) for href, title in renderer.site.navigation]
    for edition, _ in renderer.index.editions():
        if href := left_out_page(renderer, edition):
            title = renderer.index.name_of(iri_token(edition))[0]
            words = plain(t["search_left_out"]).split(", ")
            pages.append(Entry(PAGE, href, plain(t["left_out"]), text=title, keywords=words))
    return pages


def _record(renderer: Renderer, entry: Entry, properties: dict[str, int]) -> dict[str, Any]:
    """An entry as its shard has it; what it has not is left out."""
    record: dict[str, Any] = {"i": entry.iri if entry.kind == PAGE else renderer.href("", entry.iri), "l": entry.label}
    place = plain(unit_words(renderer, entry.iri)) if entry.place else ""
    statements = [
        [
            statement.text,
            renderer.href("", statement.claim).partition("#")[2] if statement.claim else "",
            statement.unit or "",
            properties.setdefault(statement.property, len(properties)),
            *([_note(renderer, statement)] if statement.standing or statement.asks else []),
            *([statement.asks] if statement.asks else []),
        ]
        for statement in entry.statements
    ]
    more = {
        "g": renderer.foreign(entry.language), "n": entry.names, "c": ", ".join(entry.classes), "s": statements,
        "d": _cut(entry.text), "m": [_cut(text) for text in entry.more], "p": place, "o": entry.document,
        "a": entry.acronym, "k": entry.keywords, "h": int(entry.gist),
    }  # fmt: skip
    return record | {key: value for key, value in more.items() if value}


def _note(renderer: Renderer, statement: SearchStatement) -> str:
    """Why a statement is no plain fact, in the words of its page; empty where it is one."""
    t = renderer.theme.strings
    if not statement.standing:
        return ""
    if statement.against:
        return plain(t["standing_contradicted"].format(units=unit_words(renderer, statement.against)))
    keys = {"editorial": "standing_editorial", "implied": "implied", "preferred": "another_otherwise"}
    return plain(t[keys.get(statement.standing, "disputed")])


@dataclass(frozen=True)
class SearchFiles:
    """The entries of a publication, found in its files: `read` gives the content of one."""

    read: Callable[[str], bytes]
    head: dict[str, Any]
    dictionary: Dictionary
    inflection: Inflection
    entry_shard: Callable[[int], list[Entry]]

    @classmethod
    def reading(cls, read: Callable[[str], bytes]) -> "SearchFiles":
        """Those that `read` gives by their paths."""
        head = json.loads(read("data/search.json"))

        @lru_cache(_SHARDS_KEPT)
        def word_shard(number: int) -> Shard:
            keys, entries = json.loads(read(f"data/search/w{number}.json"))
            return keys, entries

        @lru_cache(_SHARDS_KEPT)
        def entry_shard(number: int) -> list[Entry]:
            value = json.loads(read(f"data/search/e{number}.json"))
            return [_entry(record, value["properties"]) for record in value["entries"]]

        return cls(read, head, Dictionary(head["firsts"], word_shard), Inflection(head["endings"]), entry_shard)

    @cached_property
    def last(self) -> frozenset[int]:
        """The numbers of what is withdrawn."""
        return frozenset(self.head["last"])

    def ranked(self, question: str) -> Ranking:
        """The numbers of the entries that a question finds, the best first."""
        counts = self.head["counts"]
        return ranked(question, self.dictionary, self.inflection, sum(counts), terms_among(counts), self.last)

    def kind(self, number: int) -> str:
        """What the entry of a number is, one of `FOUND`."""
        for kind, count in zip(FOUND, self.head["counts"], strict=True):
            if number < count:
                return kind
            number -= count
        raise IndexError(number)

    def entry(self, number: int) -> Entry:
        """The entry of a number; its `iri` is the address of its page from the site's root."""
        entry: Entry = self.entry_shard(number // self.head["per"])[number % self.head["per"]]
        entry.kind = self.kind(number)
        return entry


def _entry(record: dict[str, Any], properties: Sequence[str]) -> Entry:
    entry = Entry("", record["i"], record["l"], record.get("g", ""), names=record.get("n", []))
    entry.classes = [record["c"]] if "c" in record else []
    entry.statements = [
        SearchStatement(
            text,
            f"{record['i']}#{anchor}" if anchor else None,
            unit or None,
            properties[number],
            note="".join(more[:1]),
            asks="".join(more[1:]),
        )
        for text, anchor, unit, number, *more in record.get("s", ())
    ]
    entry.text, entry.more = record.get("d", ""), record.get("m", [])
    entry.keywords = record.get("k", [])
    entry.place, entry.document = record.get("p", ""), record.get("o", "")
    return entry


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
