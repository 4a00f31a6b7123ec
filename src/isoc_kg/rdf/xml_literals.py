"""XML literals in the form that RDF/XML gives them: Exclusive Canonical XML, with comments."""

__all__ = ["SEPARATOR", "XmlLiteral", "qualified_name"]

#: What the XML parser puts between a name's namespace, local part and prefix: no document can hold it.
SEPARATOR = "\x01"
_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_VALUE = str.maketrans({"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"})


def qualified_name(name: str) -> str:
    """The name with its prefix, as it was written."""
    parts = name.split(SEPARATOR)
    return f"{parts[2]}:{parts[1]}" if len(parts) == 3 else parts[-1]


class XmlLiteral:
    """The lexical form of an XML literal, built from a parser's events.

    Exclusive Canonical XML 1.0 with comments and an empty InclusiveNamespaces prefix list, as RDF 1.1 XML Syntax,
    section 7.2.17, asks: a namespace is declared where its prefix is used and no element around it within the literal
    has declared the same.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._declared: list[dict[str, str]] = [{}]
        self._names: list[str] = []

    @property
    def depth(self) -> int:
        """How many elements of the literal are open."""
        return len(self._names)

    @property
    def text(self) -> str:
        """The lexical form so far."""
        return "".join(self._parts)

    def start(self, name: str, attributes: list[str]) -> None:
        """An element begins; `attributes` are names and values in turn."""
        pairs = sorted(
            (_parts(attribute), value) for attribute, value in zip(attributes[::2], attributes[1::2], strict=True)
        )
        namespace, _, prefix = _parts(name)
        used = {prefix: namespace} | {other: iri for (iri, _, other), _ in pairs if other}
        around = self._declared[-1]
        new = {key: iri for key, iri in sorted(used.items()) if key != "xml" and around.get(key, "") != iri}
        self._declared.append({**around, **new})
        self._names.append(qualified_name(name))
        declarations = [f' {f"xmlns:{key}" if key else "xmlns"}="{iri.translate(_VALUE)}"' for key, iri in new.items()]
        values = [f' {f"{key}:" if key else ""}{local}="{value.translate(_VALUE)}"' for (_, local, key), value in pairs]
        self._parts += ["<", self._names[-1], *declarations, *values, ">"]

    def end(self, _: str = "") -> None:
        """The innermost open element ends."""
        self._declared.pop()
        self._parts.append(f"</{self._names.pop()}>")

    def characters(self, text: str) -> None:
        """Text, references replaced."""
        self._parts.append(text.translate(_TEXT))

    def comment(self, text: str) -> None:
        """A comment."""
        self._parts.append(f"<!--{text}-->")

    def instruction(self, target: str, data: str) -> None:
        """A processing instruction."""
        self._parts.append(f"<?{target} {data}?>" if data else f"<?{target}?>")


def _parts(name: str) -> tuple[str, str, str]:
    """Namespace, local name and prefix, each perhaps empty."""
    parts = name.split(SEPARATOR)
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], parts[2] if len(parts) == 3 else ""
