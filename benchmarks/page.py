"""The page of figures, in Markdown, with its plots beside it; written between two marks of docs/benchmarks.md."""

from pathlib import Path

from benchmarks.figures import OURS, Figure, Measurement, Row
from benchmarks.plots import Series, line_chart, ratio_chart

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def value(amount: float, unit: str) -> str:
    """A figure with two or three digits that count."""
    if unit == "/s":
        return f"{amount:,.0f}/s"
    return f"{amount * 1000:.0f} ms" if amount < 1 else f"{amount:.2f} s" if amount < 10 else f"{amount:,.1f} s"


def times(ratio: float | None) -> str:
    """A ratio, or a dash."""
    if ratio is None:
        return "–"
    if ratio < 0.1:
        return f"{ratio:.2g} ×"
    return f"{ratio:.2f} ×" if ratio < 10 else f"{ratio:,.0f} ×"


def _middle(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _memory(figure: Figure) -> str:
    return f"{figure.peak / 2**20:,.0f} MiB" if figure.peak else "–"


def busy(found: Measurement) -> bool:
    """Whether other work kept the processors: what ran before is no part of what was measured."""
    load = found.machine.get("load before", "0")
    return float(load) > float(found.machine.get("processor", "1").split()[0])


def by_processor(row: Row, figure: Figure) -> float | None:
    """How many times the processor time of isoc-kg another took; None where one of them has none worth a ratio."""
    own = row.ours
    if own is None or not own.ran or not figure.ran or not own.processor or not figure.processor:
        return None
    taken = _middle(figure.processor)
    return taken / _middle(own.processor) if taken >= 0.005 else None


def _line(row: Row, figure: Figure, name: str) -> str:
    if not figure.ran:
        return f"| {name} {figure.version} | – | – | – | – | **no figure**: {figure.reason} |"
    own = row.ours
    processor = value(_middle(figure.processor), "s") if figure.processor else "–"
    share = by_processor(row, figure)
    ratio = "1" if figure is own else times(row.ratio(figure)) + ("" if share is None else f" ({times(share)})")
    remarks = [figure.answer, figure.note, f"`{figure.command}`"]
    if own and own.ran and figure.answer and own.answer and figure.answer != own.answer:
        remarks[0] = f"**{figure.answer}, isoc-kg {own.answer}**"
    if len(figure.values) < 2:
        remarks.insert(0, "one run")
    peak = _memory(figure)
    cells = (f"{name} {figure.version}".strip(), value(figure.median, row.unit), processor, ratio, peak,
             "; ".join(part for part in remarks if part).replace("|", "\\|"))  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def table(row: Row) -> list[str]:
    """The table of one row."""
    lines = [f"**{row.triples:,} triples**", "",
             "| | median | processor | isoc-kg is so many times as fast (by processor time) | peak memory | |",
             "| --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    lines += [_line(row, figure, figure.name) for figure in row.figures]
    if row.limit:
        lines.append(_line(row, row.limit, f"*limit: {row.limit.name}*"))
    return [*lines, ""]


def _works(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.work, []).append(row)
    return found


def _series(rows: list[Row]) -> list[Series]:
    names = dict.fromkeys(figure.name for row in rows for figure in row.figures)
    found = [
        Series(name, [(row.triples, figure.median) for row in rows for figure in row.figures
                      if figure.name == name and figure.ran], ours=name == OURS)
        for name in names
    ]  # fmt: skip
    limit = [(row.triples, row.limit.median) for row in rows if row.limit and row.limit.ran]
    return [*found, Series("limit", limit, dashed=True)]


def plots(found: Measurement) -> dict[str, str]:
    """Every plot by the name of its file."""
    drawn: dict[str, str] = {}
    ratios = []
    occupied = busy(found)
    for work, rows in _works(found.rows).items():
        whole = [row for row in rows if row.ours and row.ours.ran]
        if whole:
            last = whole[-1]
            ratio = by_processor if occupied and last.unit == "s" else Row.ratio
            peers = [(figure.name, ratio(last, figure)) for figure in last.figures if figure is not last.ours]
            ratios.append((f"{work} {last.triples:,}", [(name, ratio) for name, ratio in peers if ratio]))
        if len(rows) > 1:
            label = "requests a second" if rows[0].unit == "/s" else "seconds"
            drawn[f"{work}.svg"] = line_chart(rows[0].line, "triples", label, _series(rows))
    drawn["ratios.svg"] = ratio_chart(
        f"Beside the peers, by {'processor time' if occupied else 'the clock'}", [row for row in ratios if row[1]]
    )
    if found.growth:
        for name, label, unit in (("time", "seconds", ""), ("memory", "peak memory", "B")):
            series = []
            for work, rows in _works(found.growth).items():
                points = [
                    (row.triples, row.ours.median if name == "time" else row.ours.peak)
                    for row in rows if row.ours and row.ours.ran and (name == "time" or row.ours.peak)
                ]  # fmt: skip
                series.append(Series(work, points))
            drawn[f"growth-{name}.svg"] = line_chart(f"Growth: {label}", "triples", label, series, unit)
    return drawn


def _growth(found: Measurement) -> list[str]:
    lines = ["### Growth", "", "![Growth of time](benchmarks/growth-time.svg)", "",
             "![Growth of memory](benchmarks/growth-memory.svg)", "",
             "Seconds by the clock, in brackets of the processors with all children; peak memory; one run each.",
             ""]  # fmt: skip
    sizes = sorted({row.triples_asked for row in found.growth})
    lines += ["| | " + " | ".join(f"{size:,}" for size in sizes) + " |", "| --- |" + " --- |" * len(sizes)]
    missing = []
    for work, rows in _works(found.growth).items():
        cells = []
        for size in sizes:
            row = next((row for row in rows if row.triples_asked == size), None)
            own = row.ours if row else None
            if row is None or own is None:
                cells.append("not run")
            elif own.ran:
                processor = f" ({value(_middle(own.processor), 's')})" if own.processor else ""
                cells.append(f"{value(own.median, 's')}{processor}, {_memory(own)}")
            else:
                cells.append("–")
                missing.append(f"- {work}, {size:,} triples: {own.reason}.")
        lines.append(f"| {work} | " + " | ".join(cells) + " |")
    commands = [f"- {rows[0].work}: {rows[0].line}: `{rows[0].ours.command}`" for rows in _works(found.growth).values()
                if rows[0].ours]  # fmt: skip
    return [*lines, "", *commands, "", *(["Not reached:", "", *missing, ""] if missing else [])]


def markdown(found: Measurement) -> str:
    """The generated part of the page."""
    about = "; ".join(f"{key} {text}" for key, text in found.machine.items())
    lines = [
        BEGIN,
        "## Beside the peers",
        "",
        "`python -m benchmarks --install --growth` measures all of this and `--record` writes it here, with",
        "[the figures as JSON](benchmarks/results.json). Contestants take turns, medians count, each run is a process",
        "of its own, start included. Peak memory is that of the largest process; of servers it is what all their",
        "processes hold at the end, shared pages once. A ratio over 1 means that isoc-kg is faster; where other work",
        "kept the machine busy (see the load), the ratio of processor time is the better one.",
        "The limit is what any program must do here at least. Who did not run has the reason in its line.",
        "",
        f"Measured: {about}.",
        *(
            ["", "**Other work kept the processors busy**: seconds by the clock and rates say little here."]
            * busy(found)
        ),
        "",
        "![Beside the peers](benchmarks/ratios.svg)",
        "",
    ]
    for work, rows in _works(found.rows).items():
        lines += [f"### {rows[0].line}", ""]
        if len(rows) > 1:
            lines += [f"![{rows[0].line}](benchmarks/{work}.svg)", ""]
        for row in rows:
            lines += table(row)
    if found.growth:
        lines += _growth(found)
    return "\n".join([*lines, END])


def record(found: Measurement, page: Path) -> None:
    """Put the figures between the marks of the page, the plots and the JSON into the folder beside it."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise SystemExit(f"{page} has no lines {BEGIN} and {END}, between which the figures go")
    folder = page.with_suffix("")
    write_plots(found, folder)
    page.write_text(before + markdown(found) + after, encoding="utf-8")


def write_plots(found: Measurement, folder: Path) -> None:
    """The plots and the JSON into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in plots(found).items():
        (folder / name).write_text(text, encoding="utf-8")
    found.write(folder / "results.json")
