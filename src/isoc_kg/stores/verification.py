"""Whether a store holds what it was sent: two sets of canonical lines, and what is known of the store's own forms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..rdf import split
from ..rdf.labelling import has_blank_node, labels_by_content, may_have_blank_nodes, substituted
from ..rdf.language_tags import respelled, spelled_otherwise
from ..rdf.lines import Lines, sort_lines
from .profiles import Profile
from .rewritings import Rewriting

__all__ = ["Comparison", "RewrittenLiterals", "compare"]


@dataclass(frozen=True, slots=True)
class RewrittenLiterals:
    """Literals that the store keeps in another form: which way, how many, and one of them."""

    rewriting: Rewriting
    count: int
    sent: bytes
    back: bytes

    def __str__(self) -> str:
        """The sentence for the report."""
        some = "1 literal" if self.count == 1 else f"{self.count:,} literals"
        return f"{some}: {self.rewriting.name} ({_brief(self.sent)} → {_brief(self.back)})"


def _brief(line: bytes) -> str:
    text = split(line)[2].decode().replace("http://www.w3.org/2001/XMLSchema#", "xsd:")
    return text if len(text) <= 60 else text[:28] + "…" + text[-28:]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is missing and what is too much, after the store's known rewritings are taken into account."""

    missing: tuple[bytes, ...]
    extra: tuple[bytes, ...]
    rewritten: tuple[RewrittenLiterals, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the store holds what was sent."""
        return not self.missing and not self.extra


def compare(sent: Sequence[bytes], back: Sequence[bytes], profile: Profile) -> Comparison:
    """Hold what was read back against what was sent; both are canonical N-Triples lines, none twice.

    Blank nodes are told apart by their content on both sides, so it is isomorphism that is judged. Where that fails,
    their content is taken in the store's own form of literals: first in those that lose nothing, then in all. Capital
    and small letters of language tags are the same (RDF 1.1 Concepts, section 3.3).
    """
    sent = sent if isinstance(sent, Lines) else sorted(sent)
    back = sorted(back)  # as a rule it is, and then this is quick
    comparison = _by_content(sent, back, profile)
    if not comparison.same and (tags := spelled_otherwise(comparison.extra, comparison.missing)):
        return _by_content(sent, respelled(list(back), tags), profile)
    return comparison


def _by_content(sent: Sequence[bytes], back: Sequence[bytes], profile: Profile) -> Comparison:
    comparison = _compare(sent, back, profile)
    if comparison.same or not (may_have_blank_nodes(sent) or may_have_blank_nodes(back)):
        return comparison  # where labels are the same, they say which node is which
    lossless = [rewriting for rewriting in profile.rewritings if not rewriting.lossy]
    comparisons = []
    for rewritings in ([], lossless, profile.rewritings):
        comparison = _compare(_labelled(sent, rewritings), _labelled(back, rewritings), profile)
        if comparison.same:
            return comparison
        comparisons.append(comparison)
    return min(comparisons, key=lambda comparison: len(comparison.missing) + len(comparison.extra))


def _compare(sent: Sequence[bytes], back: Sequence[bytes], profile: Profile) -> Comparison:
    missing, extra = _only_in_one(sent, back)
    rewritten = []
    typed_back = [line for line in back if b'"^^<' in line] if profile.rewritings and missing else []
    for rewriting in profile.rewritings:
        if not missing or not typed_back:
            break
        wanted: dict[bytes, list[bytes]] = {}
        for line in [line for line in missing if b'"^^<' in line]:
            if (normal := rewriting.line(line)) is not None:
                wanted.setdefault(normal, []).append(line)
        if not wanted:
            continue
        kept_as: dict[bytes, bytes] = {}
        for line in typed_back:  # the one it is kept as may also have been sent
            if (normal := rewriting.line(line)) in wanted and normal is not None:
                kept_as[normal] = line
        lines = sorted(line for normal in kept_as for line in wanted[normal])
        if lines:
            example = lines[0]
            back_form = kept_as[rewriting.line(example) or b""]
            rewritten.append(RewrittenLiterals(rewriting, len(lines), example, back_form))
            missing.difference_update(lines)
            extra.difference_update(kept_as.values())
    return Comparison(tuple(sorted(missing)), tuple(sorted(extra)), tuple(rewritten))


def _only_in_one(some: Sequence[bytes], others: Sequence[bytes]) -> tuple[set[bytes], set[bytes]]:
    """What only the first, and what only the second of two sorted sequences has: as a rule little of millions."""
    only_some, only_others = set(), set()
    left, right = iter(some), iter(others)
    one, other = next(left, None), next(right, None)
    while one is not None and other is not None:
        if one == other:
            one, other = next(left, None), next(right, None)
        elif one < other:
            only_some.add(one)
            one = next(left, None)
        else:
            only_others.add(other)
            other = next(right, None)
    only_some.update(_rest(one, left))
    only_others.update(_rest(other, right))
    return only_some, only_others


def _rest(first: bytes | None, more: Iterator[bytes]) -> Iterator[bytes]:
    if first is not None:
        yield first
        yield from more


def _labelled(lines: Sequence[bytes], rewritings: Sequence[Rewriting]) -> Lines:
    """The lines with labels by content, literals of blank nodes being taken in normal form for that."""
    about = [line for line in lines if has_blank_node(line)]
    labels = labels_by_content([_normal(line, rewritings) for line in about] if rewritings else about)
    made = [line for line in lines if not has_blank_node(line)]
    while about:
        made.append(substituted(about.pop(), labels))
    return Lines.taken_from(sort_lines(made))


def _normal(line: bytes, rewritings: Sequence[Rewriting]) -> bytes:
    """A line that stands for all that a store keeps as this one."""
    for rewriting in rewritings:
        if b'"^^<' in line and (normal := rewriting.line(line)) is not None:
            # a normal form is compared with its like alone, so it comes without escapes
            subject, predicate, object_ = normal.split(b" ", 2)
            value, _, datatype = object_.rpartition(b"^^")
            line = b'%b %b "%b"^^%b .\n' % (subject, predicate, _escaped(value[1:-1]), datatype)
    return line


def _escaped(value: bytes) -> bytes:
    for character, escape in ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n"), (b"\r", b"\\r")):
        value = value.replace(character, escape)
    return value
