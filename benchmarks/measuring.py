"""Rows of works that are commands: contestants take turns, a round after the other, the machine's limit last."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import OURS, Figure, Row
from benchmarks.peers import Cache
from benchmarks.running import run
from benchmarks.works import DATA, Contestant, Work, shown
from isoc_kg.version import __version__

#: What has taken longer once is not run again: its spread is small beside it.
LONG_SECONDS = 20.0


@dataclass(frozen=True)
class Plan:
    """How often, how long, where, and until when."""

    cache: Cache
    runs: int = 3
    timeout: float = 600.0
    #: A run of over so many seconds is the contestant's only one.
    long: float = LONG_SECONDS
    scratch: Path | None = None
    #: `time.monotonic()` after which nothing more is begun.
    deadline: float = float("inf")
    #: Called with a line for each figure.
    say: Callable[[str], None] = lambda _: None

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self.deadline

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A scratch folder, removed afterwards."""
        with tempfile.TemporaryDirectory(dir=self.scratch, prefix="isoc-kg-bench-") as name:
            yield Path(name).resolve()


def one_run(contestant: Contestant, figure: Figure, folder: Path, timeout: float) -> float:
    """Run it once and put down what it took; the seconds."""
    for path in contestant.fresh:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    output = folder / "stdout"
    done = run(contestant.command, folder, output=output, timeout=timeout, codes=contestant.codes,
               environment=contestant.environment)  # fmt: skip
    figure.peak = max(figure.peak, done.peak)
    if done.failure:
        figure.reason = done.failure
        return done.seconds
    if contestant.answer and not figure.answer:
        try:
            figure.answer = contestant.answer(folder, output)
        except (OSError, ValueError, SyntaxError, IndexError) as error:
            figure.reason = f"its output could not be read: {type(error).__name__}: {error}"[:160]
            return done.seconds
    figure.values.append(done.seconds)
    figure.processor.append(done.processor)
    return done.seconds


class Session:
    """One work on data of about that many triples, while its contestants take their turns in a folder."""

    def __init__(self, work: Work, triples: int, plan: Plan, folder: Path) -> None:
        data, number = DATA[work.data](folder, triples)
        self._plan, self._folder, self._long = plan, folder, set[str]()
        contestants, limit = work.contestants(data, folder, plan.cache), work.limit(data, folder)
        self.row = Row(work.name, work.line, number, triples)
        self.row.figures = [self._figure(contestant) for contestant in contestants]
        self.row.limit = self._figure(limit)
        self._pairs = list(zip((*contestants, limit), (*self.row.figures, self.row.limit), strict=True))

    def _figure(self, contestant: Contestant) -> Figure:
        version = __version__ if contestant.name == OURS else contestant.version
        command = shown(contestant.command, self._folder)
        return Figure(contestant.name, version, command, reason=contestant.reason, note=contestant.note)

    def round(self, first: bool, peers: bool = True) -> None:
        """One run of each that still takes part; of a first round only isoc-kg and the limit, or only the peers."""
        plan = self._plan
        for contestant, figure in self._pairs:
            if figure.reason or figure.name in self._long:
                continue
            if first and peers == (figure.name == OURS or figure is self.row.limit):
                continue
            if plan.over:
                figure.reason = "" if figure.values else "not run: the time set for the whole was over"
                continue
            timeout = min(plan.timeout, max(1.0, plan.deadline - time.monotonic()))
            if one_run(contestant, figure, self._folder, timeout) > plan.long:
                self._long.add(figure.name)
            if figure.values and plan.over:
                # the last of several was cut short by the end of the whole
                figure.reason = ""

    def report(self) -> None:
        """A line for each figure."""
        for _, figure in self._pairs:
            what = f"{figure.median:9.3f} s  {figure.answer}" if figure.ran else figure.reason
            self._plan.say(f"{self.row.work:<16} {self.row.triples:>11,}  {figure.name:<22} {what}")


def measure(works: Sequence[Work], triples: int, plan: Plan) -> list[Row]:
    """The rows of works on data of about that many triples: every work has its first round before any has a second."""
    with ExitStack() as folders:
        sessions = [Session(work, triples, plan, folders.enter_context(plan.folder())) for work in works]
        # so that a run which is cut short has a figure of each work, and then of each contestant
        for first, peers in ((True, False), (True, True), *((False, True) for _ in range(plan.runs - 1))):
            for session in sessions:
                session.round(first, peers)
        for session in sessions:
            session.report()
        return [session.row for session in sessions]
