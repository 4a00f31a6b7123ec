"""Which blank node of one dataset is which of another, when some of what is said about them has changed."""

from collections import Counter
from collections.abc import Collection, Iterable

from .labelling import blank_nodes_of, substituted

__all__ = ["pair_blank_nodes"]

_WORTH_TRYING = 2_000  #: pairs of nodes with one statement in common, up to which each is tried
_MASK = b"_:*"

Pair = tuple[bytes, bytes]


def pair_blank_nodes(old: Iterable[bytes], new: Iterable[bytes], same: Collection[bytes]) -> dict[bytes, bytes]:
    """Old node → new node, by their tokens, for all lines with nodes that only one of two datasets has.

    `same` are the nodes of these lines that both have. The others are paired by the statements that they then have in
    common: first where that is the only best choice for both, then the rest. Each pair may make statements of its
    neighbours comparable. What has no statement in common is paired where it alone is described by the same properties;
    of others described alike, any two are taken for the same as long as statements then turn out to be.
    """
    work = _Pairing(_About(old, same), _About(new, same))
    work.by_statements()
    while work.by_properties():
        work.by_statements()
    work.by_trial()
    return work.pairs


class _About:
    """What is said about the nodes of one dataset that are not paired yet."""

    def __init__(self, lines: Iterable[bytes], same: Collection[bytes]) -> None:
        self.statements: dict[bytes, list[tuple[bytes, list[bytes]]]] = {}
        for line in lines:
            nodes = blank_nodes_of(line)
            for node in nodes:
                if node not in same:
                    self.statements.setdefault(node, []).append((line, nodes))
        self.open = dict.fromkeys(sorted(self.statements))

    def neighbours(self, node: bytes) -> list[bytes]:
        """The nodes beside one that are not paired yet."""
        return [other for _, nodes in self.statements[node] for other in nodes if other in self.open]

    def comparable(self, node: bytes, pairs: dict[bytes, bytes]) -> set[bytes]:
        """The statements about a node whose other nodes are known, with a mask in place of the node."""
        statements = set()
        for line, nodes in self.statements[node]:
            if any(other in self.open for other in nodes if other != node):
                continue
            tokens = {other: _MASK if other == node else pairs.get(other, other) for other in nodes}
            statements.add(substituted(line, tokens))
        return statements

    def properties(self, node: bytes) -> tuple[bytes, ...]:
        """The predicates of the statements about a node, with the place where it stands."""
        parts = [(line.split(b" ", 2)[1], line.startswith(node + b" ")) for line, _ in self.statements[node]]
        return tuple(sorted(b"%b%d" % part for part in parts))


class _Pairing:
    def __init__(self, old: _About, new: _About) -> None:
        self.old = old
        self.new = new
        self.pairs: dict[bytes, bytes] = {}

    def by_statements(self) -> None:
        """Pair what has statements in common until nothing has any more."""
        olds, news = list(self.old.open), list(self.new.open)
        while True:
            accepted = self._only_choices(self._scores(olds, news))
            if not accepted:
                accepted = self._best_choices(self._scores(self.old.open, self.new.open))
            if not accepted:
                return
            olds, news = self._beside(accepted)

    def by_properties(self) -> int:
        """Pair what alone, on both sides, is described by the same properties; how many pairs."""
        alone = [(olds[0], news[0]) for olds, news in self._alike() if len(olds) == len(news) == 1]
        for pair in alone:
            self._accept(pair)
        return len(alone)

    def by_trial(self) -> None:
        """Pair what is described by the same properties as it comes, each time with what follows from that."""
        tried = []
        for olds, news in self._alike():
            rest = iter(news)
            for old in olds:
                new = next((node for node in rest if node in self.new.open), None) if old in self.old.open else None
                if new is None:
                    continue
                tried.append((old, new))
                accepted = [(old, new)]
                self._accept((old, new))
                while accepted:
                    scores = self._scores(*self._beside(accepted))
                    accepted = self._only_choices(scores) or self._best_choices(scores)
        for old, new in tried:
            if self.old.comparable(old, self.pairs).isdisjoint(self.new.comparable(new, {})):
                del self.pairs[old]

    def _alike(self) -> list[tuple[list[bytes], list[bytes]]]:
        """The nodes of both sides that are described by the same properties."""
        groups: dict[tuple[bytes, ...], tuple[list[bytes], list[bytes]]] = {}
        for side, about in enumerate((self.old, self.new)):
            for node in about.open:
                groups.setdefault(about.properties(node), ([], []))[side].append(node)
        return [(olds, news) for olds, news in groups.values() if olds and news]

    def _beside(self, accepted: Iterable[Pair]) -> tuple[list[bytes], list[bytes]]:
        """The nodes beside paired ones that are not paired yet, of both sides."""
        return (
            list(dict.fromkeys(node for one, _ in accepted for node in self.old.neighbours(one))),
            list(dict.fromkeys(node for _, one in accepted for node in self.new.neighbours(one))),
        )

    def _scores(self, olds: Iterable[bytes], news: Iterable[bytes]) -> Counter[Pair]:
        """How many statements these nodes have in common, where they have any."""
        groups: dict[bytes, tuple[list[bytes], list[bytes]]] = {}
        for node in olds:
            for statement in self.old.comparable(node, self.pairs):
                groups.setdefault(statement, ([], []))[0].append(node)
        for node in news:
            for statement in self.new.comparable(node, {}):
                if statement in groups:
                    groups[statement][1].append(node)
        scores: Counter[Pair] = Counter()
        for some, others in groups.values():
            if len(some) * len(others) <= _WORTH_TRYING:
                scores.update((one, other) for one in some for other in others)
            else:
                scores.update(zip(sorted(some), sorted(others), strict=False))
        return scores

    def _only_choices(self, scores: Counter[Pair]) -> list[Pair]:
        best: dict[tuple[bool, bytes], tuple[int, int]] = {}  # side and node → its best score, and how often
        for (one, other), score in scores.items():
            for node in ((False, one), (True, other)):
                most, times = best.get(node, (0, 0))
                if score >= most:
                    best[node] = (score, times + 1 if score == most else 1)
        accepted = [pair for pair, score in scores.items() if best[False, pair[0]] == best[True, pair[1]] == (score, 1)]
        for pair in accepted:
            self._accept(pair)
        return accepted

    def _best_choices(self, scores: Counter[Pair]) -> list[Pair]:
        accepted = []
        for pair in sorted(scores, key=lambda pair: (-scores[pair], pair)):
            if pair[0] in self.old.open and pair[1] in self.new.open:
                self._accept(pair)
                accepted.append(pair)
        return accepted

    def _accept(self, pair: Pair) -> None:
        self.pairs[pair[0]] = pair[1]
        del self.old.open[pair[0]], self.new.open[pair[1]]
