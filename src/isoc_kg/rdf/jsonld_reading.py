"""JSON-LD 1.1 (https://www.w3.org/TR/json-ld11-api/) for the engine, which reads ordinary documents right.

Documents that use what it is known to read wrong, or does not read, go to PyLD in a process of its own.
"""

import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ..errors import LimitExceeded, ParseError
from ..limits import Limits
from ..limits.processes import TookTooLong, run_script
from ..limits.regular_files import read_regular_text
from . import jsonld_worker
from .jsonld_omissions import omissions
from .jsonld_ordinary import is_ordinary
from .tokens import NO_BASE

__all__ = ["JsonLdText", "context_text"]

_PREFIX = re.compile(r"[A-Za-z](?:[\w.-]*[\w-])?")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*")
_ENDS_OF_NAMESPACES = tuple(":/?#[]@")
#: Keywords that make a document difficult wherever they are mentioned: the engine gets them wrong in places.
_DIFFICULT = (b'"@import"', b'"@propagate"', b'"@nest"', b'"@protected"', b'"@json"', b'"@direction"', b"\\u0040")
#: All others that the engine is known to read right; and other keys that look like one it may read.
_KEYWORDS = frozenset(
    [
        "@base",
        "@container",
        "@context",
        "@graph",
        "@id",
        "@index",
        "@language",
        "@list",
        "@none",
        "@prefix",
        "@reverse",
        "@set",
        "@type",
        "@value",
        "@version",
        "@vocab",
    ]
)
#: What may stand beside `@graph` where nothing names it: the engine takes the rest for more, even if it says nothing.
_BARE_GRAPH = {"@context", "@graph"}
#: Beside them the engine refuses keys that no context knows.
_HOLDERS = frozenset(["@value", "@list", "@set"])
#: Containers that stand alone, beside `@set`, and beside `@graph`.
_ALONE = frozenset(["@graph", "@id", "@index", "@language", "@list", "@set", "@type"])
_WITH_SET = _ALONE - {"@list"}
_OF_GRAPHS = frozenset(["@graph", "@id", "@index", "@set"])
_CONTEXT = re.compile(rb'"@context"\s*:\s*')
_ESCAPED_KEYWORD = re.compile(rb'"@[^"\s]*\\u')
#: A keyword's value that is null, a blank node without a label, values like a keyword.
_ODD = re.compile(
    rb'"@(?:language|list|set|type|value)"\s*:\s*null|"_:"|:\s*"(?!(?:%s)")@[A-Za-z]+"'
    % "|".join(sorted(_KEYWORDS)).encode()
)
#: What an array within an array looks like, in texts as well.
_NESTED_ARRAY = re.compile(rb"[\[,]\s*\[")
_TYPE_MAP = re.compile(rb'"@container"\s*:\s*(?:"@type"|\[[^\]]*"@type")')
#: Dot segments in a base, or below another authority, which the engine keeps; characters that no IRI has.
_BASE = re.compile(rb'"@base"\s*:\s*"[^"]*(?:/\.|[\s<>\\^`{|}])|"//[^"]*/\.')
_MOST_DIGITS = 18  # of an integer that the engine reads as one
_NUMBER = re.compile(rb'"(?:[^"\\]|\\.)*+"|(?P<number>-?[0-9]++\.[0-9]++)', re.DOTALL)


class JsonLdText:
    """A document, UTF-8 without a byte order mark, and how it is read.

    `quads` are the N-Quads that PyLD made of it, None for an ordinary document: the engine reads `text`, which differs
    from it in the digits of numbers alone. `omissions` is what to report of statements that JSON-LD leaves out.
    `contexts` are files by the addresses of the remote contexts that they are copies of. Raises `ParseError` and
    `LimitExceeded`, with the line where there is one, without a file.
    """

    def __init__(self, data: bytes, limits: Limits, base: str | None, contexts: Mapping[str, Path] | None) -> None:
        self._data, self._limits = data, limits
        self._numbers_differ = self._digits_differ = self._odd_graph = self._odd_value = False
        self._keys: set[str] = set()
        self._outermost: dict[str, Any] = {}
        self.base = base or NO_BASE
        self._check()
        self.quads = self._by_pyld(contexts or {}) if self._is_difficult() else None
        self.text = _NUMBER.sub(_written_anew, data) if self._digits_differ and self.quads is None else data
        self.omissions = omissions(data, map(context_text, (contexts or {}).values()))

    def _check(self) -> None:
        """Refuse what is no JSON, nested too deeply, or has a key twice in one object."""

        def number(text: str) -> None:
            plain = _plain_number(text)
            if plain is None:
                self._numbers_differ = True
            elif plain != text:
                self._digits_differ = True

        def constant(text: str) -> None:
            raise ParseError(f"{text} is not JSON.", advice="Write it as a text with a datatype.")

        deepest = self._limits.max_nesting
        try:
            json.loads(
                self._data,
                object_pairs_hook=self._object,
                parse_int=number,
                parse_float=number,
                parse_constant=constant,
            )
        except json.JSONDecodeError as error:
            raise ParseError(f"not JSON: {error.msg}.", line=error.lineno, column=error.colno) from None
        except RecursionError:
            raise _too_deep(deepest) from None
        if self._data.count(b"[") > deepest:
            _check_arrays(self._data, deepest)
        _check_surrogates(self._data)

    def _object(self, pairs: list[tuple[str, Any]]) -> "_Nesting":
        """What is kept of an object with these members."""
        members = dict(pairs)
        if len(members) != len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            at = self._data.rfind(json.dumps(twice, ensure_ascii=False).encode("utf-8", "replace"))
            raise ParseError(
                f"the key “{twice}” occurs twice in one object, which JSON-LD does not allow.",
                line=self._data.count(b"\n", 0, at) + 1 if at >= 0 else None,
                advice="Give it one value, an array if there are several.",
            )
        self._odd_value |= not _HOLDERS.isdisjoint(members) and not all(name.startswith("@") for name in members)
        self._check_definition(members)
        self._keys.update(members)
        self._outermost = members  # the last object that is read
        if "@graph" in members and not isinstance(members.get("@id"), str) and members.keys() - _BARE_GRAPH:
            self._odd_graph = True
        depth = _depth(members.values())
        if not depth:
            return _FLAT
        if depth >= self._limits.max_nesting:
            raise _too_deep(self._limits.max_nesting)
        return _Nesting(depth + 1)

    def _check_definition(self, members: dict[str, Any]) -> None:
        """Refuse definitions of terms that both readers take (JSON-LD 1.1 API, section 4.2.2, steps 11 and 21)."""
        if not isinstance(members.get("@protected", False), bool):
            keyword, code = "@protected", "invalid @protected value"
        elif not _is_container(members.get("@container")):
            keyword, code = "@container", "invalid container mapping"
        else:
            return
        if b'"@json"' in self._data:  # in a JSON literal it defines nothing
            return
        mark = f'"{keyword}"'.encode()
        line = self._data.count(b"\n", 0, self._data.find(mark)) + 1 if self._data.count(mark) == 1 else None
        raise ParseError(f"not valid JSON-LD ({code}): a value of {keyword} is none that it may have.", line=line)

    def _is_difficult(self) -> bool:
        data = self._data
        contexts = data.count(b'"@context"')
        return (
            self._numbers_differ
            or self._odd_graph
            or self._odd_value
            or {"@list", "@set"} <= self._keys  # it makes no item of a set in a list
            or contexts > 1
            or not self._has_ordinary_context(contexts)
            or any(keyword in data for keyword in _DIFFICULT)
            or any((key[:1] == "@" and key not in _KEYWORDS) or key[:2] == "_:" for key in self._keys)
            or _ESCAPED_KEYWORD.search(data) is not None
            or _ODD.search(data) is not None
            or (_NESTED_ARRAY.search(data) is not None and _has_nested_array(data))
            or _TYPE_MAP.search(data) is not None
            or _BASE.search(data) is not None
            or "/." in self.base
        )

    def _has_ordinary_context(self, contexts: int) -> bool:
        """Whether the context, if there is one, stands in the document, and the engine reads it right."""
        if not contexts:
            return is_ordinary([], self._data, self._keys, self._keys_above_objects)
        if "@context" not in self._outermost or self._data.lstrip()[:1] != b"{":
            return False
        context = self._first_context()
        return context is not None and is_ordinary(context, self._data, self._keys, self._keys_above_objects)

    def _first_context(self) -> Any:
        """The first context of the document; None for one that is too long, or no JSON by itself."""
        match = _CONTEXT.search(self._data)
        if match is None:
            return None
        start = match.end()
        end = start + self._limits.max_query_bytes
        try:
            return json.JSONDecoder().raw_decode(self._data[start:end].decode(errors="replace"))[0]
        except ValueError:
            return None

    @property
    def prefixes(self) -> dict[str, str]:
        """The terms of the first context that are prefixes (https://www.w3.org/TR/json-ld11/#compact-iris)."""
        context = self._first_context()
        terms = {
            name: value
            for part in (context if isinstance(context, list) else [context])
            if isinstance(part, dict)
            for name, value in part.items()
        }
        return {
            name: iri
            for name, value in terms.items()
            if _PREFIX.fullmatch(name) and (iri := _namespace(value)) and _ABSOLUTE.match(iri)
        }

    def _keys_above_objects(self) -> set[str]:
        """The keys that have an object among their values somewhere."""
        keys: set[str] = set()

        def look(pairs: list[tuple[str, Any]]) -> _Nesting:
            keys.update(key for key, value in pairs if type(value) is _Nesting or _depth((value,)))
            return _FLAT

        json.loads(self._data, object_pairs_hook=look, parse_int=len, parse_float=len)
        return keys

    def _by_pyld(self, contexts: Mapping[str, Path]) -> bytes:
        """The document as N-Quads."""
        limits = self._limits
        task = {"base": self.base, "contexts": {url: context_text(path) for url, path in contexts.items()}}
        try:
            done = run_script(
                Path(jsonld_worker.__file__),
                json.dumps(task).encode() + b"\n" + self._data,
                seconds=limits.reading_seconds,
                memory=limits.reading_memory_bytes,
            )
        except TookTooLong:
            raise LimitExceeded(
                f"the JSON-LD document could not be read within {limits.reading_seconds:g} seconds.",
                advice="Split it, or raise reading_seconds under [limits] in kg.toml.",
            ) from None
        at = done.output.rfind(b"\n" + jsonld_worker.ERROR.encode())
        if at >= 0:
            raise self._error(json.loads(done.output[at + 2 :]))
        if done.code:
            raise _memory_error(limits)
        return done.output

    def _error(self, error: dict[str, str]) -> ParseError | LimitExceeded:
        kind, text = error["kind"], error.get("text", "")
        if kind == "memory":
            return _memory_error(self._limits)
        if kind == "depth":
            return _too_deep(self._limits.max_nesting)
        if kind == "context":
            at = self._data.find(text.encode())
            return ParseError(
                f"the context {text} is a document of its own, and nothing is fetched.",
                line=self._data.count(b"\n", 0, at) + 1 if at >= 0 else None,
                advice=f"Download it, and name the copy: --context {text}=FILE (in Python contexts=…).",
            )
        code = f" ({error['code']})" if error.get("code") else ""
        return ParseError(f"not valid JSON-LD{code}: {text}.")


def _is_container(value: Any) -> bool:
    """Whether a term may have such a container; null is none."""
    if value is None:
        return True
    given = value if isinstance(value, list) else [value]
    kinds = {kind for kind in given if isinstance(kind, str)}
    return len(kinds) == len(given) and (
        (len(kinds) == 1 and kinds <= _ALONE)
        or ("@set" in kinds and len(kinds) == 2 and kinds <= _WITH_SET)
        or ("@graph" in kinds and len(kinds & {"@id", "@index"}) == 1 and kinds <= _OF_GRAPHS)
    )


def _plain_number(text: str) -> str | None:
    """A number in the digits that make the engine write it as section 8.6 of the API has it; None if none do.

    The engine keeps the digits that it reads. Of a double the API wants sixteen, `%1.15E`: 75.9 is 7.590000000000001E1.
    """
    if "e" in text or "E" in text:
        return None
    number = float(text)
    if "." in text and not number.is_integer():
        # not `normalize`, which rounds to what the program around has set for its decimals
        whole, _, places = format(Decimal(f"{number:.15E}"), "f").partition(".")
        places = places.rstrip("0")
        return f"{whole}.{places}" if places else None
    plain = str(int(number)) if "." in text else text
    return None if len(plain) > _MOST_DIGITS or plain == "-0" else plain


def _written_anew(match: re.Match[bytes]) -> bytes:
    number = match["number"]
    return match[0] if number is None else (_plain_number(number.decode()) or "").encode()


class _Nesting:
    """An object that was read: nothing is kept of it but how deep objects are nested in it."""

    __slots__ = ("depth",)

    def __init__(self, depth: int = 1) -> None:
        self.depth = depth


_FLAT = _Nesting()


def _namespace(definition: Any) -> str | None:
    """The IRI of a term that may be a prefix; None for any other term."""
    if isinstance(definition, str):
        return definition if definition.endswith(_ENDS_OF_NAMESPACES) else None
    if isinstance(definition, dict) and definition.get("@prefix") is True and isinstance(definition.get("@id"), str):
        return str(definition["@id"])
    return None


def _depth(values: Iterable[Any]) -> int:
    """How deep the deepest object among values is nested."""
    depth = 0
    for value in values:
        if type(value) is _Nesting:
            depth = max(depth, value.depth)
        elif type(value) is list and value:
            depth = max(depth, _depth(value))
    return depth


_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"|(?P<open>\[)|(?P<close>\])', re.DOTALL)


def _check_arrays(data: bytes, deepest: int) -> None:
    """Refuse arrays nested too deeply; the engine's own limit is far beyond."""
    if not re.search(rb"\[\s*\[", data):
        return
    depth = 0
    for match in _BRACKETS.finditer(data):
        if match.lastgroup == "open":
            depth += 1
            if depth > deepest:
                raise _too_deep(deepest, data.count(b"\n", 0, match.start()) + 1)
        elif match.lastgroup == "close":
            depth -= 1


def _has_nested_array(data: bytes) -> bool:
    """Whether an array is an item of another, outside texts."""
    return _NESTED_ARRAY.search(_TEXT.sub(b'""', data)) is not None


_ESCAPE = re.compile(
    rb"\\(?:u[Dd][89ABab][0-9A-Fa-f]{2}\\u[Dd][C-Fc-f][0-9A-Fa-f]{2}|(?P<lone>u[Dd][89A-Fa-f][0-9A-Fa-f]{2})|.)",
    re.DOTALL,
)


def _check_surrogates(data: bytes) -> None:
    r"""Refuse half of a surrogate pair, no character though JSON's grammar allows it (RFC 8259, section 8.2)."""
    if b"\\ud" not in data and b"\\uD" not in data:
        return
    for match in _ESCAPE.finditer(data):
        if lone := match["lone"]:
            start = match.start()
            raise ParseError(
                f"\\{lone.decode()} is half of a surrogate pair, which is no character.",
                line=data.count(b"\n", 0, start) + 1,
                column=len(data[data.rfind(b"\n", 0, start) + 1 : start].decode(errors="replace")) + 1,
                advice="Write both halves, such as \\ud83d\\ude00, or the character itself.",
            )


def context_text(path: Path) -> str:
    """The text of a JSON-LD context in a file. Raises `ParseError`."""
    try:
        text = read_regular_text(path, "utf-8-sig")
        json.loads(text)
    except OSError as error:
        raise ParseError(f"cannot be read: {(error.strerror or str(error)).lower()}.", file=path) from None
    except ValueError:
        raise ParseError("not a JSON document.", file=path, advice="A context is JSON, in UTF-8.") from None
    return text


def _too_deep(deepest: int, line: int | None = None) -> LimitExceeded:
    return LimitExceeded(
        f"objects and arrays nested more than {deepest} deep.",
        line=line,
        advice="Flatten them, or raise max_nesting under [limits] in kg.toml.",
    )


def _memory_error(limits: Limits) -> LimitExceeded:
    return LimitExceeded(
        f"the JSON-LD document could not be read within {limits.reading_memory_bytes:,} bytes of memory.",
        advice="Split it, or raise reading_memory_bytes under [limits] in kg.toml.",
    )
