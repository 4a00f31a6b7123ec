"""How time and memory grow with the data, to ten million triples: one run of each command and size.

A command that fails, or is not done in time, at one size is not tried at a greater one.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import organisations
from benchmarks.figures import OURS, Figure, Row
from benchmarks.measuring import Plan, one_run
from benchmarks.publications import write_project
from benchmarks.running import held_by
from benchmarks.serving import NotStartedError, Server, started
from benchmarks.works import GROUPS, Contestant, changed_copy, shown
from benchmarks.works import OURS as COMMAND
from isoc_kg.version import __version__

#: Triples of the publication that each claim of a generated project comes to, nearly.
TRIPLES_A_CLAIM = 18.2


def _validate(data: Path, folder: Path) -> list[str]:
    shapes = folder / "shapes.ttl"
    shapes.write_text(organisations.SHAPES, encoding="utf-8")
    return ["validate", str(data), "--shapes", str(shapes), "--format", "ttl"]


def _query(data: Path, folder: Path) -> list[str]:
    (folder / "query.rq").write_text(GROUPS, encoding="utf-8")
    return ["query", "--data", str(data), "--file", str(folder / "query.rq"), "--format", "csv"]


def _diff(data: Path, folder: Path) -> list[str]:
    changed_copy(data, folder / "new.nt")
    return ["diff", str(data), str(folder / "new.nt"), "--format", "json"]


def _build(_: Path, folder: Path) -> list[str]:
    return ["build", "--project", str(folder / "project"), "-o", str(folder / "out")]


#: Arguments of each command, made with what it needs; what it works on in a line.
COMMANDS: dict[str, tuple[str, Callable[[Path, Path], list[str]]]] = {
    "validate": ("15 shapes", _validate),
    "export": ("to Turtle in reading order", lambda data, folder: ["export", str(data), "-o", str(folder / "out.ttl")]),
    "query": ("reading the file and one group-by", _query),
    "diff": ("with a reordered, changed copy", _diff),
    "build": ("a generated project, names in five scripts", _build),
    "serve": ("to the first answer", lambda data, _: ["serve", "--no-log", str(data)]),
    "publish": ("a site of the data", lambda data, folder: ["publish", str(data), "-o", str(folder / "site")]),
}


def _served(data: Path, folder: Path, figure: Figure, timeout: float) -> None:
    server = Server(OURS, __version__, lambda port: [*COMMAND, "serve", "--no-log", "--port", str(port), str(data)],
                    (), "/health")  # fmt: skip
    try:
        with started(server, folder, timeout) as (_, pid, seconds):
            figure.values.append(seconds)
            figure.peak = held_by(pid)
    except NotStartedError as error:
        figure.reason = str(error)


def grow(names: Sequence[str], sizes: Sequence[int], plan: Plan, done: Callable[[list[Row]], None]) -> list[Row]:
    """The rows of those commands at those sizes; `done` gets what there is after each."""
    rows: list[Row] = []
    ended: dict[str, int] = {}
    for size in sizes:
        with plan.folder() as shared:
            data, number = shared / "organisations.nt", 0
            for name in names:
                line, arguments = COMMANDS[name]
                figure = Figure(OURS, __version__)
                row = Row(name, line, size, size, figures=[figure])
                rows.append(row)
                if name in ended:
                    figure.reason = f"not tried, since {ended[name]:,} triples were not reached"
                elif plan.over:
                    figure.reason = "not run: the time set for the whole was over"
                else:
                    with plan.folder() as folder:
                        if name == "build":
                            write_project(folder / "project", max(50, round(size / TRIPLES_A_CLAIM / 1.2 / 5) * 5),
                                          scripts=True)  # fmt: skip
                        elif not number:
                            number = organisations.generate(data, size)
                        row.triples = size if name == "build" else number
                        command = [*COMMAND, *arguments(data, folder)]
                        figure.command = shown(command, folder).replace(f"{shared}/", "")
                        if name == "serve":
                            _served(data, folder, figure, plan.timeout)
                        else:
                            one_run(Contestant(OURS, command=command, codes=(0, 1)), figure, folder, plan.timeout)
                if figure.reason:
                    ended.setdefault(name, size)
                what = f"{figure.median:9.3f} s {figure.peak / 2**20:8,.0f} MiB" if figure.ran else figure.reason
                plan.say(f"growth {name:<9} {row.triples:>11,}  {what}")
                done(rows)
    return rows
