"""What a result tells its reader: every `sh:message` of its shape, or what stands for one; the same in every engine."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from ..namespaces import RDF, SH
from ..rdf.lines import iri, literal, split
from ..rdf.text_preference import Preference, preference
from ..rdf.tokens import iri_token, is_iri, is_literal, text_token
from .report import Result

__all__ = ["with_messages"]

#: Variables and characters of a message that is told apart; more, and it takes its time.
_MOST_VARIABLES, _LONGEST = 5, 2000
_VARIABLE = re.compile(r"\{[?$](\w+)\}")
_CORE, _END = SH.iri, "ConstraintComponent"
_LISTS = ("in", "languageIn", "and", "or", "xone", "ignoredProperties")
#: What was found where a result has no value.
_NO_VALUE = {
    **dict.fromkeys(("minCount", "qualifiedMinCount"), "fewer"),
    **dict.fromkeys(("maxCount", "qualifiedMaxCount"), "more"),
    "uniqueLang": "two values of one language",
    "hasValue": "no such value",
}


def with_messages(results: Iterable[Result], shapes: bytes) -> tuple[Result, ...]:
    """The results in their order, with all messages of the constraints that they break (shapes are N-Triples).

    A constraint whose message the engine fills in (`sh:sparql` and custom components) keeps what the engine says.
    """
    index: _Shapes | None = None
    told = []
    for result in results:
        index = index or _Shapes(shapes)
        told.append(index.told(result))
    return tuple(sorted(told, key=repr))


class _Shapes:
    """The properties of the nodes of a shapes graph, as tokens."""

    def __init__(self, shapes: bytes) -> None:
        self.values: dict[bytes, dict[str, list[bytes]]] = {}
        for line in shapes.splitlines(keepends=True):
            if line.strip() and not line.startswith(b"#"):
                subject, predicate, object_, _ = split(line)
                self.values.setdefault(subject, {}).setdefault(iri(predicate), []).append(object_)

    def told(self, result: Result) -> Result:
        """The result with its messages."""
        name = result.component.removeprefix(_CORE).removesuffix(_END)
        parameter = name[:1].lower() + name[1:]
        if not result.component.startswith(_CORE) or parameter in ("sPARQL", "expression", "jS"):
            return self._kept(result)
        sources = {node: self._messages(node) for node in self._sources(result, SH[parameter])}
        saying = [tokens for tokens in sources.values() if result.message in {literal(token)[0] for token in tokens}]
        messages = saying[0] if saying else next((tokens for tokens in sources.values() if len(sources) == 1), [])
        if not messages:
            expected = " or ".join(self._expected(node, parameter) for node, tokens in sources.items() if not tokens)
            messages = [text_token(_default(result, parameter, expected), "en")]
        best = min(messages, key=_rank)
        return replace(result, message=literal(best)[0], messages=tuple(token.decode() for token in messages))

    def _messages(self, node: bytes) -> list[bytes]:
        return sorted({token for token in self._of(node, SH.message) if is_literal(token)})

    def _kept(self, result: Result) -> Result:
        """The result with what the engine says, in every language in which constraint or shape has the message."""
        shapes = list(self._sources(result, SH.sparql)) or ([iri_token(result.shape)] if result.shape else [])
        for templates in (*self._templates, *map(self._messages, shapes)):
            for template in templates:
                if values := _filled_in(literal(template)[0], result.message):
                    messages = sorted(_fill(other, values) for other in templates)
                    best = min(messages, key=_rank)
                    return replace(
                        result, message=literal(best)[0], messages=tuple(token.decode() for token in messages)
                    )
        return replace(result, messages=(text_token(result.message).decode(),) if result.message else ())

    @cached_property
    def _templates(self) -> list[list[bytes]]:
        """The messages of each constraint in SPARQL and each component, with the variables that its query fills in."""
        owners = {SH.select, SH.ask, SH.parameter}
        return [self._messages(node) for node, values in self.values.items() if not owners.isdisjoint(values)]

    def _of(self, node: bytes, predicate: str) -> list[bytes]:
        return self.values.get(node, {}).get(predicate, [])

    def _sources(self, result: Result, parameter: str) -> Iterator[bytes]:
        """The shapes that a result may come from: the one it names, or one without a name inside that one."""
        todo = [iri_token(result.shape)] if result.shape else list(self.values)
        seen = set(todo)
        for node in todo:
            paths = self._of(node, SH.path)
            fits = not paths or not is_iri(paths[0]) or paths[0].decode() == result.path
            if self._of(node, parameter) and fits and bool(paths) == bool(result.path):
                yield node
            for inner in self._of(node, SH.property):
                if not is_iri(inner) and inner not in seen:
                    seen.add(inner)
                    todo.append(inner)

    def _expected(self, node: bytes, parameter: str) -> str:
        values = [
            member for value in self._of(node, SH[parameter]) for member in self._members(value, parameter in _LISTS)
        ]
        return ", ".join(token.decode() for token in values if not token.startswith(b"_:"))

    def _members(self, node: bytes, in_list: bool) -> list[bytes]:
        if not in_list:
            return [node]
        members: list[bytes] = []
        seen: set[bytes] = set()
        while node not in seen and self._of(node, RDF.first):
            seen.add(node)
            members += self._of(node, RDF.first)
            node = next(iter(self._of(node, RDF.rest)), node)
        return members


def _filled_in(template: str, message: str) -> dict[str, str] | None:
    """The values with which a message was made of a template; None when it was not made of it."""
    parts = _VARIABLE.split(template)
    if len(parts) > 2 * _MOST_VARIABLES or len(message) > _LONGEST:
        return None
    pattern = "".join(re.escape(part) if number % 2 == 0 else "(.*?)" for number, part in enumerate(parts))
    match = re.fullmatch(pattern, message, re.DOTALL)
    return None if match is None else {"": message} | dict(zip(parts[1::2], match.groups(), strict=True))


def _fill(template: bytes, values: Mapping[str, str]) -> bytes:
    """A template with its variables filled in, those that are known; its language tag stays."""
    text = _VARIABLE.sub(lambda match: values.get(match[1], match[0]), literal(template)[0])
    tag = template[template.rindex(b'"') + 1 :]
    return text_token(text, tag[1:].decode() if tag.startswith(b"@") else None)


def _default(result: Result, parameter: str, expected: str) -> str:
    """The constraint, what it expects, and what was found."""
    of = f" of {result.path}" if result.path else ""
    wanted = f": {expected} expected" if expected else ""
    found = result.value or _NO_VALUE.get(parameter)
    return f"sh:{parameter}{of}{wanted}{f', {found} found' if found else ''}."


def _rank(message: bytes) -> Preference:
    """English first, since all else that is said here is in English."""
    return preference(message, "en")
