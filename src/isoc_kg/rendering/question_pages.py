"""The pages of named queries: the question, the form for what can be set, its answer, and the query folded away."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from markupsafe import Markup

from ..query import NamedQuery
from ..rdf.tokens import iri_token
from .answer_rows import AnswerRows
from .choices import Choices, asked_for
from .default_answers import DefaultAnswers
from .ontology import OntologyPages
from .pages import Bundle, Link
from .renderer import Renderer

__all__ = ["QuestionPages"]

_ROOT = "../"


@dataclass(frozen=True)
class QuestionPages:
    """The pages under `query/`."""

    renderer: Renderer
    ontology: OntologyPages
    choices: Choices

    def bundle(self, query: NamedQuery) -> Bundle:
        """The page of a question, with its text as a file."""
        key = f"query/{query.name}"
        print_ = (lambda: self.fingerprint(query)) if self.answers.may_have(query) else None
        return Bundle(key, lambda: self.files(query), print_)

    def fingerprint(self, query: NamedQuery) -> bytes:
        """A digest over what a question's page shows."""
        about = repr((str(query.title), str(query.description), list(map(str, self._terms(query)))))
        return sha256(self.answers.fingerprint(query) + about.encode()).digest()

    def files(self, query: NamedQuery) -> list[tuple[str, bytes]]:
        """Paths and contents."""
        renderer = self.renderer
        choices = {p.name: self.choices.of(query, p) for p in query.parameters}
        answer = self.answers.of(query)
        shown = AnswerRows(renderer, _ROOT, plain=True).shown(answer) if answer else None
        total = answer.get("total", 0) if answer else 0
        page = renderer.page(
            f"query/{query.name}.html", query.title, "overview", section="queries.html", description=query.description,
            styles=("theme/tools.css",), scripts=("question.js",) if renderer.site.consoles else (),
            links=(Link("alternate", f"{query.name}.rq", "application/sparql-query"),),
        )  # fmt: skip
        html = renderer.html(
            "query.html", page, query=query, terms=self._terms(query), choices=choices, answer=shown, total=total,
            more=max(0, total - len(shown.rows)) if shown else 0, asked=asked_for(query, choices, {}),
        )  # fmt: skip
        return [(page.path, html), (f"query/{query.name}.rq", query.text.encode())]

    def _terms(self, query: NamedQuery) -> list[Markup]:
        """Links to the terms that it uses."""
        terms = self.renderer.index.terms
        used = (name for name, users in sorted(self.ontology.queried.items()) if query.name in users)
        return [self.renderer.link(_ROOT, iri_token(name)) for name in used if iri_token(name) in terms]

    @cached_property
    def answers(self) -> DefaultAnswers:
        """What the pages answer."""
        return DefaultAnswers(self.renderer)
