"""Units as prefixed names in a Turtle text whose evidence moved from one edition to another."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..project import Project
from ..query.tokens import Token, tokens

__all__ = ["abbreviated", "prefixes_of_facts", "prefixes_of_units"]


def abbreviated(before: str, after: str, old: str, new: str) -> str:
    """The text after a move from edition `old` to `new` (IRIs), with prefixed names where there was a prefix.

    A move gives the old edition's prefixes to the new one and writes what stays in full. Where the new one has a
    prefix already, both keep theirs, and one that nothing needs any more is taken out; else what stays gets a prefix
    of its own.
    """
    old_names, new_names = (_declared(list(tokens(before)), edition) for edition in (old, new))
    if not old_names:
        return _renamed(after, {f"<{new}#": new_names[0]}) if new_names else after
    stays = any(token.text.startswith(f"<{old}#") and token.text != f"<{old}#>" for token in tokens(after))
    if not new_names:
        if not stays:
            return after
        kept = _free(after, old_names[0], old)
        return _renamed(_with_declaration(after, old_names[0], f"{kept} <{old}#>"), {f"<{old}#": kept})
    names = {name: new_names[0] for name in old_names if name not in new_names}
    text = _renamed(after, {**names, f"<{new}#": new_names[0], f"<{old}#": old_names[0]})
    return _redeclared(text, names, f"<{old}#>" if stays else None)


def prefixes_of_facts(project: Project) -> Iterator[dict[str, str]]:
    """The prefixes that each file of facts declares, with their namespaces."""
    for path in project.facts_files:
        declarations = _declarations(list(tokens(path.read_text(encoding="utf-8", errors="replace"))))
        yield {name.text[:-1]: value.text[1:-1] for _, name, value, _ in declarations}


def prefixes_of_units(project: Project) -> dict[str, str]:
    """The prefixes that mean one thing wherever they are known: in commands, and in all files of facts.

    One that is the name of a document is not among them: commands take `guide:4.1` for a unit of that document.
    """
    spaces: dict[str, set[str]] = {}
    for known in (project.prefixes, *prefixes_of_facts(project)):
        for prefix, space in known.items():
            spaces.setdefault(prefix, set()).add(space)
    documents = {document.slug for document in project.documents}
    return {prefix: min(space) for prefix, space in spaces.items() if len(space) == 1 and prefix not in documents}


def _declarations(parts: Sequence[Token]) -> Iterator[tuple[Token, Token, Token, int]]:
    """Keyword, name and namespace of each declaration of a prefix, and where it ends."""
    for number, (keyword, name, value) in enumerate(zip(parts, parts[1:], parts[2:], strict=False)):
        if keyword.text.lower() in ("@prefix", "prefix") and name.text.endswith(":") and value.kind == "iri":
            closed = keyword.text.startswith("@") and number + 3 < len(parts)
            yield keyword, name, value, parts[number + 3].end if closed else value.end


def _declared(parts: Sequence[Token], edition: str) -> list[str]:
    """The prefixes, colons included, of an edition's units."""
    return [name.text for _, name, value, _ in _declarations(parts) if value.text == f"<{edition}#>"]


def _free(turtle: str, name: str, edition: str) -> str:
    """A prefix that the text does not use, after the edition."""
    used = {token.text.partition(":")[0] for token in tokens(turtle) if token.kind == "name"}
    made = f"{name[:-1] or 's'}-{edition.rstrip('/').rpartition('/')[2]}"
    while made in used:
        made += "x"
    return made + ":"


def _renamed(turtle: str, starts: Mapping[str, str]) -> str:
    """The text with other beginnings of names and IRIs of units; declarations of prefixes stay."""
    parts = list(tokens(turtle))
    declaring = {token.start for _, name, value, _ in _declarations(parts) for token in (name, value)}

    def renamed(token: Token) -> str:
        if token.kind not in ("name", "iri") or token.start in declaring:
            return token.text
        for start, name in starts.items():
            if token.text.startswith(start) and token.text != f"{start}>":
                return name + token.text[len(start) :].removesuffix(">")
        return token.text

    return _edited(turtle, parts, renamed)


def _edited(turtle: str, parts: Sequence[Token], edit: Callable[[Token], str]) -> str:
    pieces, end = [], 0
    for token in parts:
        pieces += [turtle[end : token.start], edit(token)]
        end = token.end
    return "".join(pieces) + turtle[end:]


def _with_declaration(turtle: str, beside: str, declaration: str) -> str:
    """The text with one more declaration, behind that of another prefix and in its form; lines keep their numbers."""
    keyword, _, _, end = next(d for d in _declarations(list(tokens(turtle))) if d[1].text == beside)
    closing = " ." if keyword.text.startswith("@") else ""
    return f"{turtle[:end]} {keyword.text} {declaration}{closing}{turtle[end:]}"


def _redeclared(turtle: str, names: Mapping[str, str], namespace: str | None) -> str:
    """The text with these prefixes declared for a namespace again, or, where nothing needs them, not at all."""
    pieces, at = [], 0
    for keyword, name, value, end in _declarations(list(tokens(turtle))):
        if name.text not in names:
            continue
        if namespace is None:
            line = turtle[: keyword.start].rpartition("\n")[2], turtle[end:].partition("\n")[0]
            alone = not any(part.strip() for part in line)
            start = keyword.start - (len(line[0]) if alone else len(line[0]) - len(line[0].rstrip()))
            end += len(line[1]) + 1 if alone else 0
            pieces.append(turtle[at:start])
        else:
            pieces.append(turtle[at : value.start] + namespace)
            end = value.end
        at = end
    return "".join(pieces) + turtle[at:]
