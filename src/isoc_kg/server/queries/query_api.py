"""Named queries as an API: each is a resource with parameters, described by OpenAPI 3.1."""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from ...errors import IsocKgError, MissingParameter, UnknownParameter
from ...negotiation import choose
from ...project import Project
from ...query import NamedQuery, Parameter, Term, bind, bound_text, parameter_schema, term_of_type
from ..http.coding import accepted_codings
from ..http.problems import Problem
from ..http.reply import Reply
from ..http.request import Request
from ..spool import Content
from .answer_page import MOST_ANSWER_BYTES, MOST_SHOWN, NO_ANSWER, OPEN, without_page
from .protocol import QueryResult, SparqlProtocol
from .solution_pages import dumped

__all__ = ["NamedQueries"]

_PAGE = 100  #: solutions on a page
_MOST = 1000
_OWN = ("page", "size", "format", "why")
_LISTS = ("openapi.json", "queries", "queries/")
_FORMATS = {"json": "application/json", "csv": "text/csv", "html": "text/html"}


class _Unfit(Problem):
    """A question's parameter has no value, or one that is not of its type."""


class _Pages(Protocol):
    """Makes pages of answers."""

    @property
    def explains(self) -> bool:
        """Whether a page shows who says so."""

    async def page(self, named: NamedQuery, values: Mapping[str, str], answer: Content, request: Request) -> Reply:
        """The page of an answer in JSON. Raises `Problem`."""


class NamedQueries:
    """Answers below `/api/`."""

    def __init__(
        self,
        project: Project,
        queries: Mapping[str, NamedQuery],
        protocol: SparqlProtocol,
        address: str,
        pages: _Pages,
    ) -> None:
        self.project = project
        self.queries = queries
        self.protocol = protocol
        self.pages = pages
        self.address = address  #: of the server's root, with a slash at its end

    async def answer(self, request: Request) -> Reply:
        """The answer to a GET below `api/`. Raises `Problem`."""
        path = request.path.removeprefix("api/")
        if path in _LISTS and any(name == "format" and value not in ("", "json") for name, value in request.query):
            raise Problem(400, "this is there as JSON alone.", alternatives=["json"])
        if path == "openapi.json":
            return _json(self.openapi())
        if path in _LISTS:
            return _json({"queries": [self._about(named) for named in self.queries.values()]})
        name = path.removeprefix("queries/")
        if not path.startswith("queries/") or name not in self.queries:
            raise Problem(404, f"there is no named query {name[:100]}.", alternatives=list(self.queries))
        return await self._run(self.queries[name], request)

    def asked(self, request: Request) -> Reply | None:
        """What a question's form is answered with that came without a script: the way to the answer's page."""
        values = dict(request.query)
        if (name := values.get("name", "")) not in self.queries:
            return None
        given = urlencode([(key[1:], value) for key, value in request.query if key.startswith("$")])
        # a path, since a page may send its form nowhere but to where it is itself, whatever that host is called
        root = urlsplit(self.address).path
        location = f"{root}api/queries/{_quoted(name)}?{given + '&' if given else ''}format=html"
        return Reply(303, headers={"location": location})

    async def _run(self, named: NamedQuery, request: Request) -> Reply:
        given: dict[str, str] = {}
        for key, value in request.query:
            if key in given:
                raise Problem(400, f"the parameter “{key[:100]}” is there twice.")
            given[key] = value
        page, size = _number(given, "page", 1, 1_000_000), _number(given, "size", _PAGE, _MOST)
        format_ = given.get("format")
        if format_ is not None and format_ not in _FORMATS:
            raise Problem(400, f"there is no format “{format_[:100]}”.", alternatives=list(_FORMATS))
        type_ = _FORMATS[format_] if format_ else choose(request.accept, tuple(_FORMATS.values()))
        if type_ is None:
            raise Problem(406, "the results are JSON, CSV or a page.", alternatives=list(_FORMATS.values()))
        if given.get("why", "0") not in ("0", "1"):
            raise Problem(400, "“why” must be 0 or 1.")
        page_ = type_ == _FORMATS["html"]
        size = min(size, MOST_SHOWN) if page_ else size  # the others are on the next pages
        why = given.get("why", "1" if page_ and self.pages.explains else "0") == "1" and type_ != _FORMATS["csv"]
        values = {key: value for key, value in given.items() if key not in _OWN}
        try:
            text = self._text(named, values)
        except _Unfit:
            if not page_:
                raise
            return await self.pages.page(named, values, NO_ANSWER, request)
        asks: dict[str, Any] = {
            "page": (page, size, _FORMATS["json"] if page_ else type_),
            "coding": "" if page_ else accepted_codings(request.headers.get("accept-encoding", "")),
            "disconnection": request.disconnection,
        }
        try:
            result, _ = await self.protocol.result(text, "application/json", request.client, why=why, **asks)
            if page_:
                _check_size(result)
        except Problem as problem:
            if problem.status != 413 or not page_ or "why" in given:
                raise
            # nobody asked for evidence, of which there is too much
            result, _ = await self.protocol.result(text, "application/json", request.client, **asks)
            _check_size(result)
        reply = result.reply()
        if page_:
            if result.type != _FORMATS["json"]:
                raise without_page()
            reply = await self.pages.page(named, values, result.body, request)
        if links := _links(given, page, -(-result.total // size)):
            reply.headers["link"] = ", ".join(links)
        return reply

    def _text(self, named: NamedQuery, given: dict[str, str]) -> str:
        """The query with its parameters bound."""

        def term(parameter: Parameter, value: str) -> Term:
            try:
                return term_of_type(parameter.name, value, parameter.type, self.project.prefixes)
            except (IsocKgError, ValueError) as error:
                detail = f"the parameter “{parameter.name}” does not fit: {getattr(error, 'message', error)}"
                raise _Unfit(400, detail, advice=getattr(error, "advice", None)) from None

        try:
            terms = bind(named, given, term)
        except MissingParameter as error:
            raise _Unfit(400, f"the parameter “{error.parameter}” is missing: {error.explanation}.") from None
        except UnknownParameter as error:
            names = [parameter.name for parameter in named.parameters] + list(_OWN)
            raise Problem(400, f"there is no parameter “{error.parameter[:100]}”.", alternatives=names) from None
        return bound_text(named.text, terms)

    def _about(self, named: NamedQuery) -> dict[str, Any]:
        return {
            "name": named.name,
            "title": named.title,
            "description": named.description,
            "href": f"{self.address}api/queries/{named.name}",
            "page": f"{self.address}query/{named.name}.html",
            "parameters": [
                {"name": p.name, "type": p.type, "default": p.default, "description": p.text} for p in named.parameters
            ],
            "query": named.text,
        }

    def openapi(self) -> dict[str, Any]:
        """The description of the API (https://spec.openapis.org/oas/v3.1.1)."""
        problem = {
            "description": "What is wrong, as RFC 9457 problem details.",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        failures = dict.fromkeys(("400", "406", "413", "429", "503", "504"), problem)
        common = [
            _parameter("page", "which page of the solutions", _integer(1_000_000, 1)),
            _parameter("size", "solutions on a page", _integer(_MOST, _PAGE)),
            _parameter("format", "stands before Accept", {"enum": list(_FORMATS)}),
            _parameter(
                "why",
                "1: with the claims behind each solution, in JSON and pages",
                {"enum": ["0", "1"], "default": "0"},
            ),
        ]
        paths: dict[str, Any] = {
            "/api/queries": {
                "get": {
                    "summary": "All named queries",
                    "operationId": "queries",
                    "responses": {
                        "200": {
                            "description": "The queries.",
                            "content": {"application/json": {"schema": {"type": "object", "required": ["queries"]}}},
                        }
                    },
                }
            }
        }
        for named in self.queries.values():
            own = [
                {
                    "name": p.name,
                    "in": "query",
                    "required": p.default is None,
                    "description": f"{p.text or p.name} ({p.type})",
                    "schema": _schema(p.type) | ({"default": p.default} if p.default is not None else {}),
                }
                for p in named.parameters
            ]
            paths[f"/api/queries/{named.name}"] = {
                "get": {
                    "summary": named.title,
                    "description": named.description or named.title,
                    "operationId": named.name,
                    "parameters": own + common,
                    "responses": {
                        "200": {
                            "description": "A page of the solutions.",
                            "content": {
                                "application/json": {"schema": {"$ref": "#/components/schemas/Solutions"}},
                                "text/csv": {"schema": {"type": "string"}},
                                "text/html": {"schema": {"type": "string"}},
                            },
                        }
                    }
                    | failures,
                }
            }
        return {
            "openapi": "3.1.0",
            "info": {
                "title": self.project.title,
                "version": self.project.version,
                "description": self.project.description,
            },
            "servers": [{"url": self.address.rstrip("/")}],
            "paths": paths,
            "components": {
                "schemas": {
                    "Solutions": {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}},
                    "Problem": {
                        "type": "object",
                        "required": ["title", "status", "detail"],
                        "properties": {
                            "status": {"type": "integer"},
                            "title": {"type": "string"},
                            "detail": {"type": "string"},
                        },
                    },
                }
            },
        }


def _links(given: Mapping[str, str], page: int, pages: int) -> list[str]:
    """To the pages of solutions before and behind one, as a header has them."""
    others = "".join(f"&{_quoted(key)}={_quoted(value)}" for key, value in given.items() if key != "page")
    steps = (("prev", page - 1), ("next", page + 1))
    return [f'<?page={number}{others}>; rel="{rel}"' for rel, number in steps if 0 < number <= pages]


def _check_size(result: QueryResult) -> None:
    """Refuse to make a page of too much. Raises `Problem`."""
    if len(result.body) > MOST_ANSWER_BYTES:
        raise Problem(
            413,
            f"the answer has more than {MOST_ANSWER_BYTES:,} bytes, which is too much for a page.",
            advice="Ask for fewer solutions with “size”, without their evidence (why=0), or for JSON or CSV.",
        )


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _integer(maximum: int, default: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": maximum, "default": default}


def _schema(type_: str) -> dict[str, Any]:
    """What texts a parameter of a type takes, in JSON Schema."""
    if type_ == "iri":  # what is written here is always taken; more is, such as prefixed names
        return {
            "type": "string",
            "pattern": "^(https?://[a-z0-9]+[.][a-z0-9]+/[A-Za-z0-9_/-]*(#[A-Za-z0-9_-]*)?|[a-z0-9]+(-[a-z0-9]+)*)$",
        }
    pattern = parameter_schema(type_).get("pattern")
    return {"type": "string", "pattern": pattern or r"\S"}


def _number(given: dict[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise Problem(400, f"“{name}” must be a number from 1 to {most:,}.")
    return int(text)


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _json(value: Any) -> Reply:
    return Reply(200, "application/json", dumped(value), dict(OPEN), cache="public, max-age=60")
