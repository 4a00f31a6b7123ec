"""A load: staged, verified, swapped in, verified again; whatever goes wrong, each graph is the old one or the new one.

A *staging graph* is one beside the graph that is to be replaced, with a name made of that graph's. Triples go there in
batches; what the store then holds is compared with what was sent; one request moves all staging graphs into their
places. Where one POST is one transaction (`Profile.atomic_post`) and nothing stands in the place yet, the triples go
there in one request: there is nothing to keep, and what does not verify is removed again. Where one update can carry
what differs (`Profile.exchange_bytes`), it takes the place of staging and swap, and what does not verify is undone.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Literal

from ..atomic import turn_at
from ..errors import EndpointError, IsocKgError, UsageError, counted
from ..rdf.labelling import has_blank_node, labelled, may_have_blank_nodes
from ..rdf.lines import Lines, sort_lines
from .batches import graph_label, short_digest
from .exchange import Exchange, undoing, update_of
from .preconditions import check_preconditions, has_blank_nodes
from .store import RemoteStore, StagingGraph, canonical
from .verification import Comparison, RewrittenLiterals, compare

__all__ = ["STAGING", "Load", "LoadReport"]

STAGING = "urn:isoc-kg:staging:"
Progress = Callable[[int, int], None]  #: is given how many triples were sent, of how many


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did. `rewritten` names, graph by graph, the literals that the store keeps in another form."""

    counts: Mapping[str | None, int]  #: triples that each graph holds now
    rewritten: Mapping[str | None, tuple[RewrittenLiterals, ...]]
    unchanged: bool  #: the store held all of it already; nothing was written
    seconds: float
    requests_repeated: int
    notes: tuple[str, ...]


@dataclass
class Load:
    """One load. `run` does it; after a failure `state` says what the store holds."""

    store: RemoteStore
    graphs: Mapping[str | None, Sequence[bytes]]  #: sorted canonical lines, none twice, graph by graph
    verify: Literal["count", "digest"] = "digest"
    resume: bool = False
    stage: bool = False  #: stage even where there is nothing to replace
    progress: Progress | None = None
    state: str = "nothing was written."
    _notes: list[str] = field(default_factory=list)
    _rewritten: dict[str | None, tuple[RewrittenLiterals, ...]] = field(default_factory=dict)
    _held: dict[str | None, int] = field(default_factory=dict)
    _done: int = 0

    def __post_init__(self) -> None:
        self.graphs = {graph: Lines.of(lines) for graph, lines in self.graphs.items()}  # half the room of lists

    @property
    def total(self) -> int:
        """How many triples there are to load."""
        return sum(map(len, self.graphs.values()))

    def plan(self) -> list[str]:
        """What would be sent, line by line; nothing is."""
        store, endpoint = self.store, self.store.endpoint
        size = {graph: sum(map(len, lines)) for graph, lines in self.graphs.items()}
        steps = [f"{store.profile.label}: queries at {endpoint.query_url}, updates at {endpoint.update_url}"]
        way = endpoint.graph_store_url.partition("?")[0] if endpoint.graph_store_url else "INSERT DATA"
        for graph, lines in self.graphs.items():
            steps.append(
                f"{graph_label(graph)}: {counted(len(lines), 'triple')}, {size[graph]:,} bytes of N-Triples, by {way}"
            )
        if self._fits_one_request():
            steps.append("where nothing is yet: in one request, verified, removed again if that fails")
        if self._exchanges_allowed():
            steps.append("where something is: what differs, in one update, verified, undone if that fails; else staged")
        steps.append(
            "where it is staged: to "
            + ", ".join(f"<{staging_name(graph)}>" for graph in self.graphs)
            + f", verified by {self.verify}, then MOVE"
        )
        return steps

    def run(self) -> LoadReport:
        """Load, and say what was done. Raises `UsageError` before anything is sent, `EndpointError` afterwards.

        Two loads of one graph on this machine take turns; `OutputError` names the one that takes too long.
        """
        with ExitStack() as turns:  # others on this machine that load the same graphs would share the staging graphs
            for graph in sorted(self.graphs, key=str):
                turns.enter_context(turn_at(f"{graph_label(graph)} of {self.store.endpoint.query_url}"))
            return self._run()

    def _run(self) -> LoadReport:
        started = time.monotonic()
        check_preconditions(self.store, self.graphs)
        try:
            before = {graph: self.store.count(graph) for graph in self.graphs}
            comparisons = self._compared(before)
            unchanged = bool(comparisons) and all(comparison.same for comparison in comparisons.values())
            if unchanged:
                self._rewritten = {graph: comparison.rewritten for graph, comparison in comparisons.items()}
                self._held = dict(before)
            elif not any(before.values()) and not self.stage and not self.resume and self._fits_one_request():
                self._load_at_once()
            elif exchange := self._exchanges(comparisons):
                self._exchange(*exchange, before)
            else:
                self._load_staged(before)
        except EndpointError as error:
            error.message += f" {self.state[0].upper()}{self.state[1:]}"
            raise
        return LoadReport(
            dict(self._held), self._rewritten, unchanged, time.monotonic() - started, self.store.endpoint.http.repeated,
            tuple(self._notes),
        )  # fmt: skip

    # -- before ---------------------------------------------------------------------------------

    def _compared(self, before: Mapping[str | None, int]) -> dict[str | None, Comparison]:
        """What each graph lacks and has too much; nothing where that need not be known, since all will be staged."""
        same_size = self.verify == "digest" and all(before[graph] == len(lines) for graph, lines in self.graphs.items())
        if not same_size and not (any(before.values()) and self._exchanges_allowed()):
            return {}
        return {
            graph: self._compare(graph, lines, before[graph]) if before[graph] else Comparison(tuple(lines), ())
            for graph, lines in self.graphs.items()
        }

    def _exchanges_allowed(self) -> bool:
        return self.store.profile.exchange_bytes > 0 and not self.stage and not self.resume

    def _exchanges(self, comparisons: Mapping[str | None, Comparison]) -> tuple[list[Exchange], str] | None:
        """What is to be exchanged, and the update that does it, where one can."""
        if not comparisons or not self._exchanges_allowed():
            return None
        exchanges = [Exchange(graph, comparison.extra, comparison.missing) for graph, comparison in comparisons.items()]
        update = update_of(exchanges, self.store.profile.exchange_bytes)
        return None if update is None else (exchanges, update)

    def _fits_one_request(self) -> bool:
        profile = self.store.profile
        if not profile.atomic_post or self.store.endpoint.graph_store_url is None:
            return False
        if len(self.graphs) > 1 and self.store.dataset_url is None:
            return False
        names = 0  # of graphs, which stand in each line where there are several
        if len(self.graphs) > 1:
            names = sum(len(lines) * (len(graph or "") + 3) for graph, lines in self.graphs.items())
        return names + sum(len(line) for lines in self.graphs.values() for line in lines) <= profile.batch_bytes

    # -- where nothing is yet -------------------------------------------------------------------

    def _load_at_once(self) -> None:
        for graph in self.graphs:
            if self.store.count(staging_name(graph)):
                self._drop_left_over(graph)
        self.state = "nothing is known of what it holds; before, these graphs were empty."
        try:
            if len(self.graphs) > 1:
                self.store.fill_at_once(self.graphs, self._advance)
            else:
                for graph, lines in self.graphs.items():
                    self.store.fill(graph, lines, self._advance)
            for graph, lines in self.graphs.items():
                self._held[graph] = self._verified(graph, graph, lines)
        except BaseException as error:
            self._undo(list(self.graphs), "the graph is empty, as it was.", error)
            raise

    # -- where something is, and what differs fits into one update -----------------------------

    def _exchange(self, exchanges: Sequence[Exchange], update: str, before: Mapping[str | None, int]) -> None:
        """Make the graphs what they are to be by one update, which is one transaction; what does not verify is undone.

        No count guards the update: it would have to be read within the transaction, for twice the price.
        """
        for graph in self.graphs:
            if self.store.count(staging_name(graph)):
                self._drop_left_over(graph)
        self.state = "it is not known whether the new graph took the old one's place; load again."
        try:
            self.store.endpoint.update(update, repeatable=False)
        except BaseException as error:
            if not self._exchanged(exchanges):
                self.state = "the old graph is as it was."
                if not isinstance(error, EndpointError) or error.status is None:
                    self.state = "the old graph is there; should the store still be at work, the new one follows it."
                raise
        self._advance(self.total)
        back = [exchange.reverse for exchange in exchanges]
        try:
            results = {graph: self._looked_at(graph, lines) for graph, lines in self.graphs.items()}
            back = [undoing(exchange, results[exchange.graph][1]) for exchange in exchanges]
            for graph, (count, comparison) in results.items():
                self._held[graph] = self._whole(graph, count, comparison)
        except BaseException:
            self._put_back(back, before)
            raise

    def _put_back(self, exchanges: Sequence[Exchange], before: Mapping[str | None, int]) -> None:
        """Undo an exchange; `state` says whether that was possible."""
        self.state = "the new graph took the old one's place, unverified; load again."
        update = update_of(exchanges, 2 * self.store.profile.exchange_bytes)
        with suppress(IsocKgError):
            if update is not None:
                self.store.endpoint.update(update, repeatable=True)
                if all(self.store.count(graph) == count for graph, count in before.items()):
                    self.state = "the old graph is as it was."

    def _exchanged(self, exchanges: Sequence[Exchange]) -> bool:
        """Whether an exchange took place: one triple of a transaction tells it for all."""
        gone = next((exchange for exchange in exchanges if exchange.old), None)
        if gone is not None:
            return not self.store.holds(gone.graph, gone.old[0])
        come = next(exchange for exchange in exchanges if exchange.new)
        return self.store.holds(come.graph, come.new[0])

    # -- where something is ---------------------------------------------------------------------

    def _load_staged(self, before: Mapping[str | None, int]) -> None:
        names = {graph: staging_name(graph) for graph in self.graphs}
        self.state = "the old graph is as it was."
        limit = self.store.profile.swap_triples
        if limit is not None and self.total + sum(before.values()) > 2 * limit:
            raise UsageError(
                f"{self.store.profile.label} would replace {sum(before.values()):,} triples by {self.total:,} "
                "in one transaction, for which its memory may not be enough. Nothing was written.",
                advice="Load into another graph (--graph), or remove the old one first by the store's own tools: "
                "what goes into an empty graph is one request of any size up to "
                f"{self.store.profile.batch_bytes:,} bytes.",
            )
        try:
            staged = {}
            for graph, lines in self.graphs.items():
                self.store.fill(names[graph], self._left_over(graph, names[graph], lines), self._advance)
            for graph, lines in self.graphs.items():
                staged[graph] = self._verified(graph, names[graph], lines)
            if None in names and self.store.count(None) != before[None]:
                raise EndpointError(
                    "the store's default graph is the union of its named graphs, or somebody else writes to it.",
                    advice="Name a graph: --graph IRI.",
                )
        except BaseException as error:
            if not (self.resume and isinstance(error, EndpointError) and error.status is None):
                self._undo(list(names.values()), "the old graph is as it was.", error)
            raise
        self._swap([StagingGraph(names[graph], graph, staged[graph], not before[graph]) for graph in self.graphs])

    def _left_over(self, graph: str | None, staging: str, lines: Sequence[bytes]) -> Sequence[bytes]:
        """What is still to be sent, when an earlier load of the same graph did not come to its end."""
        there = self.store.count(staging)
        if not there:
            return lines
        if self.resume and there <= len(lines) and not has_blank_nodes(lines):
            comparison = self._compare(staging, lines, there)
            if not comparison.extra:
                self._notes.append(f"went on from {there:,} triples that an earlier load had staged")
                missing = set(comparison.missing)
                self._advance(len(lines) - len(missing))
                return [line for line in lines if line in missing]
        self._drop_left_over(graph)
        return lines

    def _drop_left_over(self, graph: str | None) -> None:
        self.store.drop(staging_name(graph))
        self._notes.append(f"dropped the staging graph that an earlier load of {graph_label(graph)} had left behind")

    def _swap(self, stagings: list[StagingGraph]) -> None:
        self.state = "it is not known whether the new graph took the old one's place; load again."
        try:
            self.store.swap(stagings)
        except BaseException as error:
            if not self._took_place(stagings, error):
                raise
        for staging in stagings:
            self._held[staging.graph] = self.store.count(staging.graph)
            if self._held[staging.graph] != staging.count:
                self.state = "the old graph was replaced."
                raise EndpointError(
                    f"{graph_label(staging.graph)} holds {self._held[staging.graph]:,} triples after the swap; "
                    f"{staging.count:,} were staged and verified.",
                    advice="Does somebody else write to it? Load again when nobody does.",
                )
        try:
            self.store.drop(*(staging.name for staging in stagings))
        except IsocKgError:
            self._notes.append("the staging graph could not be dropped; the next load of the same graph does it")

    def _took_place(self, stagings: list[StagingGraph], error: BaseException) -> bool:
        """Whether a swap that was not answered well took place all the same; if not, `state` says what did."""
        done = [self.store.took_place(staging) for staging in stagings]
        if not any(done):
            self._undo([staging.name for staging in stagings], "the old graph is as it was.", error)
        elif not all(done):
            new = ", ".join(graph_label(staging.graph) for staging, there in zip(stagings, done, strict=True) if there)
            old = ", ".join(
                graph_label(staging.graph) for staging, there in zip(stagings, done, strict=True) if not there
            )
            self.state = f"replaced: {new}; as before: {old}; load again."
        return all(done)

    # -- looking --------------------------------------------------------------------------------

    def _verified(self, graph: str | None, where: str | None, lines: Sequence[bytes]) -> int:
        """How many triples the store holds there, when they are those that were sent."""
        return self._whole(graph, *self._looked_at(where, lines))

    def _looked_at(self, where: str | None, lines: Sequence[bytes]) -> tuple[int, Comparison]:
        """How many triples the store holds there, and how they differ from these as far as verifying goes."""
        count = self.store.count(where)
        if self.verify == "count" and count == len(lines):
            return count, Comparison((), ())
        return count, self._compare(where, lines, count)

    def _whole(self, graph: str | None, count: int, comparison: Comparison) -> int:
        if not comparison.same:
            raise _damage(comparison, self.store.profile.label, len(self.graphs[graph]), count)
        self._rewritten[graph] = comparison.rewritten
        return count

    def _compare(self, where: str | None, lines: Sequence[bytes], count: int) -> Comparison:
        if count > _most_triples(lines):  # too many to read, and no need to
            raise EndpointError(
                f"{self.store.profile.label} says that {graph_label(where)} holds {count:,} triples, "
                f"of which {len(lines):,} were sent.",
                advice="Does somebody else write to it? Load again when nobody does.",
            )
        # however a store writes a character or a term, it takes no more than this
        back = self.store.triples(where, count, 20 * sum(map(len, lines)) + 10_000_000)
        back = labelled(back).lines if may_have_blank_nodes(back) else sort_lines(back)
        comparison = compare(lines, back, self.store.profile)
        if comparison.same and not comparison.rewritten:
            return comparison
        # escapes and tags may be written in more than one way: only now are they worth their parsing
        extra = comparison.extra
        if not comparison.rewritten and not may_have_blank_nodes(extra) and sorted(canonical(extra)) == list(extra):
            return comparison
        return compare(lines, sort_lines(canonical(back)), self.store.profile)

    def _advance(self, count: int) -> None:
        self._done += count
        if self.progress is not None:
            self.progress(self._done, self.total)

    def _undo(self, graphs: Sequence[str | None], then: str, error: BaseException) -> None:
        """Remove what this load has written; `state` says whether that was possible."""
        if not self._done and isinstance(error, EndpointError) and 400 <= (error.status or 0) < 500:
            self.state = f"nothing was written: {then}"
            return
        try:
            self.store.drop(*graphs)
        except IsocKgError:
            staging = all(graph is not None and graph.startswith(STAGING) for graph in graphs)
            if staging:
                self.state = then + " The staging graph could not be dropped; the next load of the same graph does it."
            else:
                self.state = "What was sent may be there, unverified; before, these graphs were empty. Load again."
        else:
            self.state = then


def staging_name(graph: str | None) -> str:
    """The staging graph of a graph: the same each time, so that a later load finds what an earlier one left."""
    return STAGING + short_digest(graph or "")


def _most_triples(lines: Sequence[bytes]) -> int:
    """How many triples of a graph are read to find out how it differs from what was sent."""
    return 2 * len(lines) + 100_000


def _damage(comparison: Comparison, label: str, sent: int, count: int) -> EndpointError:
    differences = [f"missing: {line.decode().strip()[:200]}" for line in comparison.missing[:2]]
    differences += [f"not sent: {line.decode().strip()[:200]}" for line in comparison.extra[:2]]
    advice = "Repair these in the data if the store cannot keep them; else look into the store's log."
    if any(map(has_blank_node, (*comparison.missing, *comparison.extra))):
        advice = (
            "Blank nodes are told apart by what is said of them, so one changed statement may show as several. "
            "Load with --skolemize, which gives them IRIs, to see which it is. " + advice
        )
    return EndpointError(
        f"{label} does not hold what it was sent: of {sent:,} triples {len(comparison.missing):,} are missing, "
        f"and {len(comparison.extra):,} of the {count:,} that it has were not sent.",
        excerpt="\n".join(differences),
        advice=advice,
    )
