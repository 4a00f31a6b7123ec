"""What Notation3 has and Turtle has not (https://w3c.github.io/N3/spec/), so that a message can name it."""

import re

__all__ = ["n3_feature", "with_default_prefix"]

#: What the features do not occur in: strings, comments, IRIs and what is escaped.
_OTHER = (
    rb'"""(?:[^"\\]|\\.|"(?!""))*+"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*+\'\'\'|'
    rb'"(?:[^"\\\n]|\\.)*+"|\'(?:[^\'\\\n]|\\.)*+\'|#[^\n]*|\\.|<[^<>"{}|^`\\\x00-\x20]*+>|'
)
_FEATURES = {
    "rule": ("a rule (=>)", rb"=>|<=(?=\s)"),
    "quantifier": ("a quantifier (@forAll, @forSome)", rb"@for(?:All|Some)\b"),
    "formula": ("a formula ({ … })", rb"\{(?!\|)"),
    "variable": ("a variable (?x)", rb"(?<=[\s({\[,;.])\?[A-Za-z_]\w*"),
    "path": ("a path (! or ^)", rb"(?<=[\w>\])])[!^](?=[\w<:(\[])"),
    "keywords": ("@keywords", rb"@keywords\b"),
    "equality": ("= for owl:sameAs", rb"(?<=\s)=(?=\s)"),
    "inverse": ("an inverse predicate (<- or is … of)", rb"(?<=\s)<-(?=\s)|(?<=\s)is\s+\S+\s+of(?=\s)"),
}
_N3 = re.compile(
    _OTHER + b"|".join(b"(?P<%s>%s)" % (name.encode(), pattern) for name, (_, pattern) in _FEATURES.items()), re.DOTALL
)


_EMPTY_PREFIX = re.compile(
    _OTHER + rb"(?P<declared>(?:@|\b)(?i:prefix)\s+:\s)|(?P<used>(?<![\w:.%-]):(?=[\s\w%\\:;,.\])]))", re.DOTALL
)


def with_default_prefix(data: bytes) -> bytes:
    """The text with `:` declared as `<#>` where it is used undeclared, which Notation3 lets it be.

    The lines are those of the text.
    """
    first = next((match.lastgroup for match in _EMPTY_PREFIX.finditer(data) if match.lastgroup), None)
    return b"@prefix : <#> . " + data if first == "used" else data


def n3_feature(data: bytes) -> str | None:
    """The first feature of Notation3 in a text that is not Turtle; None when nothing looks like one."""
    for match in _N3.finditer(data):
        if match.lastgroup:
            return _FEATURES[match.lastgroup][0]
    return None
