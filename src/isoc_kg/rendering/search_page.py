"""The search page: empty, as scripts fill it, and with results, as a server gives it to whoever runs no scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from ..evidence.retrieval.reason import as_written, reason
from ..rdf.tokens import iri_token
from ..wording.strings import without_signs
from .renderer import Renderer
from .search_files import FOUND, SearchFiles

__all__ = ["SearchPage"]

_OF_EACH = 10  #: results of a kind, where all kinds are shown
_OF_ONE = 100
_LONGEST = 500  #: characters of a question


@dataclass(frozen=True)
class SearchPage:
    """Renders the page."""

    renderer: Renderer

    def html(self, files: SearchFiles | None = None, question: str = "", kind: str = "") -> bytes:
        """The page, with what is found in the files by a question, of one kind or of all."""
        renderer, t = self.renderer, self.renderer.theme.strings
        question = without_signs(" ".join(question[:_LONGEST].split()))
        results = self._results(files, question, kind) if files and question else None
        page = renderer.page(
            "search.html", t["search"], "overview", scripts=("search.js",), styles=("theme/tools.css",), section=""
        )
        pages = (("queries.html", t["queries"]), ("sparql.html", t["sparql"]), ("documents.html", t["documents"]))
        further = [row for row in pages if row in renderer.site.navigation]
        unpublished = [
            renderer.link("", iri_token(edition))
            for edition, units in renderer.index.editions()
            if not any(unit.quote for unit in units)
        ]
        return renderer.html(
            "search.html", page, searched=question, results=results, further=further, unpublished=unpublished,
            further_shown=results is not None and not results.groups,
        )  # fmt: skip

    def _results(self, files: SearchFiles, question: str, kind: str) -> SimpleNamespace:
        """What is found, by kind, the kind of the best one first."""
        t = self.renderer.theme.strings
        ranking = files.ranked(question)
        by_kind: dict[str, list[int]] = {}
        for number in ranking.numbers:
            by_kind.setdefault(files.kind(number), []).append(number)
        count = len(ranking.numbers)
        shown = [kind] if kind in FOUND else list(by_kind)
        first = next((place for place, number in enumerate(ranking.numbers) if files.kind(number) in shown), 0)
        status = t[f"script_{_how_many(count, ranking.whole, first)}"]
        most = _OF_ONE if kind in FOUND else _OF_EACH
        groups = [
            SimpleNamespace(
                kind=name,
                title=t[f"found_{name}s"],
                count=f"{len(by_kind[name]):,}",
                found=[self._found(files, number, question, ranking.meant) for number in by_kind[name][:most]],
                **self._more(name, len(by_kind[name]), question, one=kind in FOUND),
            )
            for name in shown
            if name in by_kind
        ]
        numbers = (number for number in ranking.numbers if ranking.meant and files.kind(number) in shown)
        best = list(map(files.entry, islice(numbers, _OF_EACH)))
        meant = [
            t["script_meant"].format(word=word, words=", ".join(as_written(one, best) for one in words))
            for word, words in ranking.meant.items()
        ]
        status = status.format(count=f"{count:,}", whole=f"{ranking.whole:,}", text=question)
        return SimpleNamespace(status=status, groups=groups, meant=meant)

    def _more(self, kind: str, count: int, question: str, *, one: bool) -> dict[str, str]:
        """That there are more results of a kind, and where all are."""
        t = self.renderer.theme.strings
        if count <= (_OF_ONE if one else _OF_EACH):
            return {"more": "", "all": ""}
        if one:
            return {"more": t["script_best_shown"].format(count=_OF_ONE), "all": ""}
        more = t["script_all_of_kind"].format(count=f"{count:,}", kind=t[f"found_{kind}s"])
        return {"more": more, "all": f"search.html?{urlencode({'q': question, 'kind': kind})}"}

    def _found(
        self, files: SearchFiles, number: int, question: str, meant: dict[str, Sequence[str]] | Any
    ) -> SimpleNamespace:
        """One result: what it is called, where it leads, why it is found."""
        t = self.renderer.theme.strings
        entry = files.entry(number)
        why = reason(entry, question, meant, files.inflection)
        href, line, kinds = entry.iri, entry.text, ", ".join(entry.classes)
        label = f"{entry.label} ({entry.acronym})" if entry.acronym else entry.label
        if entry.kind == "sentence":
            return SimpleNamespace(href=href, lang="", label=entry.place, kinds=entry.document, line=line)
        if why.statement:
            place = why.statement.unit
            line = t["found_statement"].format(statement=why.text, place=place) if place else why.text
            line = " – ".join(filter(None, (line, why.statement.note)))
            href = why.statement.claim or href
        elif why.kind == "name" and why.text != entry.acronym:
            line = t["found_name"].format(name=why.text)
        elif why.kind == "text":
            line = why.text
        elif why.kind == "keyword":
            kinds = why.text
        return SimpleNamespace(href=href, lang=entry.language, label=label, kinds=kinds, line=line)


def _how_many(count: int, whole: int, first: int) -> str:
    """Which text says how many results there are, so many with all of the words; the `first` shown has a place."""
    if not count:
        return "none_found"
    if first >= whole:
        return "found_partly_one" if count == 1 else "found_partly"
    return "one_found" if count == 1 else "found" if count == whole else "found_whole"
