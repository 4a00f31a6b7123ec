"""The script by which PyLD reads a JSON-LD document, in a process that can be killed and ends with its parent.

Standard input is a line of JSON (base and contexts), then the document; standard output is N-Quads, or a line of JSON
with what is wrong after `ERROR`.
"""

import gc
import json
import re
import sys
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any
from uuid import uuid4

ERROR = "!"  #: begins a line that is an error; no N-Quads line does
#: A well-formed language tag (RFC 5646, section 2.2.9), or one of those with a form of their own that it keeps.
_LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+|en-gb-oed|sgn-(?:be-fr|be-nl|ch-de)"
    r"|i-(?:ami|bnn|default|enochian|hak|klingon|lux|mingo|navajo|pwn|tao|tay|tsu)",
    re.IGNORECASE,
)
_ESCAPED = re.compile('[\x00-\x1f"\\\\\x7f]')
_DOUBLE = "http://www.w3.org/2001/XMLSchema#double"
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_FEW = 16
_REMEMBERED = 1 << 16  # IRIs
_LONG = 25  # digits; what is beyond 1e21 becomes a double in any case


class NotAtHand(Exception):
    """A context that is asked for, and that nobody named a file for."""


class _Context(dict[str, Any]):
    """An active context, in which a member that is not there can be set to null."""

    def __delitem__(self, name: str) -> None:
        self.pop(name, None)


def processor() -> Any:
    """PyLD's processor, mended: see docs/conformance.md."""
    from pyld.jsonld import JsonLdError, JsonLdProcessor

    _mend()

    class Processor(JsonLdProcessor):  # type: ignore[misc, unused-ignore]
        """Indexes, which say nothing, are left out; texts that are to be doubles stay as they are."""

        def _clone_active_context(self, active_ctx: Any) -> Any:
            clone = _Context(super()._clone_active_context(active_ctx))
            if "@direction" in active_ctx:
                clone["@direction"] = active_ctx["@direction"]
            return clone

        def _get_initial_context(self, options: Any) -> Any:
            initial = super()._get_initial_context(options)
            if not options.get("base"):
                return initial
            own = {"_uuid": f"initial {options['base']}", "@base": options["base"]}  # else relative bases have none
            return _Context({**initial, **own})

        def _process_context(
            self, active_ctx: Any, local_ctx: Any, options: Any, *rest: Any, propagate: bool = True, **more: Any
        ) -> Any:
            local_ctx = _context_of(local_ctx)
            made = super()._process_context(active_ctx, local_ctx, options, *rest, propagate=propagate, **more)
            if _resets(local_ctx) and not propagate and "previousContext" not in made:  # it went with the rest
                made = self._clone_active_context(made)
                made["previousContext"] = active_ctx.get("previousContext", active_ctx)
                made["_uuid"] = str(uuid4())
            return made

        def _create_term_definition(self, active_ctx: Any, local_ctx: Any, term: Any, *rest: Any, **more: Any) -> None:
            if term == "@protected":  # a keyword of the context; where it is false, PyLD takes it for a term
                if not isinstance(local_ctx[term], bool):
                    raise JsonLdError("@protected is neither true nor false", "", {}, "invalid @protected value")
            else:
                super()._create_term_definition(active_ctx, local_ctx, term, *rest, **more)

        def _create_node_map(self, input_: Any, *rest: Any, **more: Any) -> Any:
            if isinstance(input_, dict):
                _mend_node(input_)
            return super()._create_node_map(input_, *rest, **more)

        def _object_to_rdf(self, item: Any, *rest: Any, **more: Any) -> Any:
            if isinstance(item, dict) and item.get("@type") == _DOUBLE and isinstance(item.get("@value"), str):
                return {"type": "literal", "value": item["@value"], "datatype": _DOUBLE}
            return super()._object_to_rdf(item, *rest, **more)

    return Processor


def convert(document: Any, base: str, contexts: dict[str, str]) -> list[str]:
    """The N-Quads of a document (JSON-LD 1.1 API, section 8.1); ill-formed triples are left out, as it says.

    `contexts` are the texts of remote contexts. Raises `NotAtHand`, and whatever PyLD raises.
    """
    _hasten()

    def load(url: str, _: Any) -> dict[str, Any]:
        text = contexts.get(url, contexts.get(url.rstrip("/"), contexts.get(url + "/")))
        if text is None:
            raise NotAtHand(url)
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": json.loads(text),
        }

    dataset = processor()().to_rdf(document, {"base": base, "documentLoader": load, "processingMode": "json-ld-1.1"})
    lines = []
    for graph, triples in dataset.items():
        name = "" if graph == "@default" else _resource(graph)
        for triple in triples if name is not None else ():
            terms = [_term(triple[part]) for part in ("subject", "predicate", "object")]
            if None not in terms:
                lines.append(" ".join([*terms, name, ".\n"] if name else [*terms, ".\n"]))  # type: ignore[list-item]
    return lines


def _context_of(value: Any) -> Any:
    """The context of a document, in which PyLD misses `@propagate`; any other is one."""
    return value["@context"] if isinstance(value, dict) and "@context" in value else value


def _resets(context: Any) -> bool:
    return isinstance(context, list) and None in context


def _mend_node(node: dict[str, Any]) -> None:
    node.pop("@index", None)  # PyLD fails where a node has the same one twice
    if isinstance(types := node.get("@type"), list):
        node["@type"] = [type_ for type_ in types if type_ is not None]
    if "@id" in node and node["@id"] is None:
        node["@id"] = ""  # like any relative IRI, in no triple


@cache
def _mend() -> None:
    """Have PyLD apply a term's context that is null at types as at properties; once in a process."""
    from pyld.jsonld import JsonLdProcessor

    value_of = JsonLdProcessor.get_context_value

    def with_null(context: Any, key: Any, kind: Any) -> Any:
        value = value_of(context, key, kind)
        return [None] if kind == "@context" and value is False else value

    JsonLdProcessor.get_context_value = staticmethod(with_null)


@cache
def _hasten() -> None:
    """Have PyLD answer the same more quickly what it asks most often; once in a process."""
    from pyld import jsonld

    jsonld.JsonLdProcessor.has_value = _has_value(jsonld.JsonLdProcessor.has_value)
    jsonld.KEYWORDS = frozenset(jsonld.KEYWORDS)  # a list, in which it looks for each string
    # PyLD takes the spaces beyond ASCII, which IRIs may have, for the end of one
    is_absolute = lru_cache(_REMEMBERED)(re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*|_):[^\x00-\x20]*").fullmatch)
    jsonld._is_absolute_iri = lambda value: isinstance(value, str) and is_absolute(value)


def _has_value(slow: Callable[..., bool]) -> Callable[..., bool]:
    """PyLD's comparison of a value with all that a property has already, by a set where these are many."""
    gathered: dict[int, tuple[list[Any], set[Any]]] = {}

    def key(value: Any) -> Any:
        if not isinstance(value, dict):
            return (type(value).__name__, value)
        names = ("@id",) if "@id" in value else ("@value", "@type", "@language", "@index", "@direction")
        return tuple((type(value.get(name)).__name__, value.get(name)) for name in names)

    def fast(subject: Any, property_: str, value: Any) -> bool:
        values = subject.get(property_)
        if not isinstance(values, list) or len(values) < _FEW or (isinstance(value, dict) and "@list" in value):
            return slow(subject, property_, value)
        try:
            known = gathered.get(id(values))
            if known is None or known[0] is not values or len(known[1]) > len(values):
                known = gathered[id(values)] = (values, set(map(key, values)))
            else:
                known[1].add(key(values[-1]))  # they only grow, by one at a time
            return key(value) in known[1]
        except TypeError:  # what cannot be in a set, such as a JSON literal
            return slow(subject, property_, value)

    return fast


@lru_cache(_REMEMBERED)
def _resource(value: str) -> str | None:
    if value.startswith("_:"):
        return "_:" + _label(value[2:])
    return f"<{value}>" if _is_iri(value) else None


@lru_cache(_REMEMBERED)
def _is_iri(text: str) -> bool:
    import pyoxigraph as ox

    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _label(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9]+", text) else "x" + text.encode().hex()


def _term(term: dict[str, Any] | None) -> str | None:
    if term is None:  # an item of a list that is no IRI, since there is no base
        return None
    if term["type"] != "literal":
        return _resource(term["value"])
    text = '"' + _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04X}", term["value"]) + '"'
    if language := term.get("language"):
        return f"{text}@{language}" if _LANGUAGE.fullmatch(language) else None
    datatype = term.get("datatype", _STRING)
    if datatype == _STRING:
        return text
    return f"{text}^^<{datatype}>" if _is_iri(datatype) else None


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) < _LONG else float(digits)


def _cause(error: BaseException) -> BaseException:
    """The error behind the errors that PyLD wraps it in."""
    while (inner := getattr(error, "cause", None) or error.__cause__) is not None:
        error = inner
    return error


def main() -> None:
    """Convert as standard input asks."""
    gc.disable()  # nothing that PyLD makes is garbage before its end, and to look for it takes a fifth of the time
    task = json.loads(sys.stdin.buffer.readline())
    error: dict[str, str]
    try:
        document = json.loads(sys.stdin.buffer.read(), parse_int=_integer)
        lines = convert(document, task["base"], task["contexts"])
        sys.stdout.buffer.writelines(line.encode("utf-8") for line in lines)
        return
    except (MemoryError, SystemError):  # the interpreter's own calls end in the second where memory is short
        error = {"kind": "memory"}
    except RecursionError:
        error = {"kind": "depth"}
    except Exception as caught:  # noqa: BLE001 – whatever PyLD raises becomes one message of the parent
        cause = _cause(caught)
        if isinstance(cause, (MemoryError, SystemError)):
            error = {"kind": "memory"}
        elif isinstance(cause, NotAtHand):
            error = {"kind": "context", "text": str(cause)}
        else:
            code = getattr(cause, "code", None) or ""
            text = str(cause.args[0]) if cause.args else type(cause).__name__
            if not code and type(cause).__module__ == "builtins":
                text = f"PyLD, which reads it, does not expect what is in it ({text})"
            error = {"kind": "invalid", "text": text.rstrip("."), "code": code}
    sys.stdout.write(f"\n{ERROR}{json.dumps(error)}\n")


if __name__ == "__main__":
    main()
