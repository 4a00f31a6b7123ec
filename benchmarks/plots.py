"""Plots with logarithmic axes, as SVG that follows the reader's light or dark scheme."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 760, 70, 150, 44, 46
#: The palette of Okabe and Ito, told apart with any colour vision; a shape each besides.
COLOURS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#8b5a2b")
SHAPES = ("circle", "square", "triangle", "diamond", "cross", "down")
STYLE = """svg{background:#fff}text{font:12px system-ui,sans-serif;fill:#222}.t{font-size:15px;font-weight:600}
.g{stroke:#ddd}.x{stroke:#888}.o{font-weight:600}.s{stroke:#fff;stroke-width:3px;paint-order:stroke}
@media (prefers-color-scheme:dark){svg{background:#16181c}text{fill:#e4e4e4}.g{stroke:#333}.s{stroke:#16181c}}"""


@dataclass(frozen=True)
class Series:
    """A named line: pairs of x and y, all positive."""

    name: str
    points: Sequence[tuple[float, float]]
    #: Drawn thicker.
    ours: bool = False
    dashed: bool = False


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis between whole decades, on so many pixels."""

    least: float
    most: float
    start: float
    end: float
    decades: list[int] = field(init=False)

    def __post_init__(self) -> None:
        low, high = math.floor(math.log10(self.least) + 1e-9), math.ceil(math.log10(self.most) - 1e-9)
        object.__setattr__(self, "decades", list(range(low, max(high, low + 1) + 1)))

    def at(self, value: float) -> float:
        """The pixel of a value."""
        low, high = self.decades[0], self.decades[-1]
        return self.start + (math.log10(value) - low) / (high - low) * (self.end - self.start)


def number(value: float, unit: str = "") -> str:
    """A figure for an axis: 10 k, 1 M, 0.01."""
    for size, suffix in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if value >= size:
            return f"{value / size:g}{suffix}{unit}"
    return f"{value:g}{' ' + unit if unit else ''}"


def mark(shape: str, x: float, y: float, colour: str, size: float = 4.5) -> str:
    """A marker."""
    fill = f'fill="{colour}"'
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}" {fill}/>'
    if shape == "square":
        return f'<rect x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size}" height="{2 * size}" {fill}/>'
    if shape == "cross":
        path = f"M{x - size:.1f} {y - size:.1f}l{2 * size} {2 * size}m0 {-2 * size}l{-2 * size} {2 * size}"
        return f'<path d="{path}" stroke="{colour}" stroke-width="2.5"/>'
    steps = {
        "triangle": ((0, -1.2), (1.2, 1), (-1.2, 1)),
        "down": ((0, 1.2), (1.2, -1), (-1.2, -1)),
        "diamond": ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)),
    }[shape]
    points = " ".join(f"{x + dx * size:.1f},{y + dy * size:.1f}" for dx, dy in steps)
    return f'<polygon points="{points}" {fill}/>'


def apart(wanted: Sequence[float], gap: float, least: float, most: float) -> list[float]:
    """Positions in the order given, moved so that no two are nearer than `gap`, within bounds where there is room."""
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    placed: dict[int, float] = {}
    last = least - gap
    for k in order:
        placed[k] = last = max(wanted[k], last + gap)
    bound = most
    for k in reversed(order):
        placed[k] = min(placed[k], bound)
        bound = placed[k] - gap
    return [placed[k] for k in range(len(wanted))]


def _frame(title: str, height: float, body: list[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" '
        f'height="{height:.0f}" role="img"><title>{escape(title)}</title><style>{STYLE}</style>\n'
        f'<text class="t" x="{LEFT - 50}" y="24">{escape(title)}</text>\n' + "\n".join(body) + "\n</svg>\n"
    )


def line_chart(title: str, x_label: str, y_label: str, series: Sequence[Series], unit: str = "") -> str:
    """Lines over two logarithmic axes, each named at its end."""
    height = 380
    lines = [one for one in series if one.points]
    if not lines:
        return _frame(title, 60, ['<text x="20" y="50">nothing was measured</text>'])
    xs, ys = ([point[k] for one in lines for point in one.points] for k in (0, 1))
    x, y = Axis(min(xs), max(xs), LEFT, WIDTH - RIGHT), Axis(min(ys), max(ys), height - BOTTOM, TOP)
    body = []
    for power in x.decades:
        at = x.at(10.0**power)
        body.append(f'<line class="g" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" y2="{height - BOTTOM}"/>')
        body.append(f'<text x="{at:.1f}" y="{height - BOTTOM + 17}" text-anchor="middle">{number(10.0**power)}</text>')
    for power in y.decades:
        at = y.at(10.0**power)
        body.append(f'<line class="g" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>')
        body.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{number(10.0**power, unit)}</text>')
    body.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{height - 10}" text-anchor="middle">{escape(x_label)}</text>'
    )
    body.append(f'<text x="16" y="{(TOP + height - BOTTOM) / 2:.0f}" text-anchor="middle" '
                f'transform="rotate(-90 16 {(TOP + height - BOTTOM) / 2:.0f})">{escape(y_label)}</text>')  # fmt: skip
    ends = [max(one.points) for one in lines]
    labels = apart([y.at(end[1]) for end in ends], 15, TOP, height - BOTTOM)
    for k, (one, end, label) in enumerate(zip(lines, ends, labels, strict=True)):
        colour, shape = COLOURS[k % len(COLOURS)], SHAPES[k % len(SHAPES)]
        points = sorted(one.points)
        path = " ".join(f"{x.at(a):.1f},{y.at(b):.1f}" for a, b in points)
        dash = ' stroke-dasharray="5 4"' if one.dashed else ""
        body.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{3 if one.ours else 1.6}"{dash}/>'
        )
        body += [mark(shape, x.at(a), y.at(b), colour) for a, b in points]
        right, top = x.at(end[0]), y.at(end[1])
        body.append(f'<line x1="{right + 6:.1f}" y1="{top:.1f}" x2="{WIDTH - RIGHT + 12}" y2="{label:.1f}" '
                    f'stroke="{colour}" stroke-width="0.7"/>')  # fmt: skip
        bold = ' class="o"' if one.ours else ""
        body.append(f'<text{bold} x="{WIDTH - RIGHT + 16}" y="{label + 4:.1f}">{escape(one.name)}</text>')
    return _frame(title, height, body)


def ratio_chart(title: str, rows: Sequence[tuple[str, Sequence[tuple[str, float]]]]) -> str:
    """For each row the ratios to several peers on one logarithmic axis, with a line at 1."""
    values = [ratio for _, peers in rows for _, ratio in peers]
    if not values:
        return _frame(title, 60, ['<text x="20" y="50">nothing was measured</text>'])
    left, step = 150, 46
    height = TOP + step * len(rows) + BOTTOM
    x = Axis(min([*values, 0.9]), max([*values, 1.1]), left, WIDTH - 40)
    names = sorted({name for _, peers in rows for name, _ in peers})
    body = []
    for power in x.decades:
        at = x.at(10.0**power)
        body.append(f'<line class="{"x" if power == 0 else "g"}" x1="{at:.1f}" x2="{at:.1f}" y1="{TOP}" '
                    f'y2="{height - BOTTOM}"/>')  # fmt: skip
        body.append(
            f'<text x="{at:.1f}" y="{height - BOTTOM + 17}" text-anchor="middle">{number(10.0**power)} ×</text>'
        )
    for k, (row, peers) in enumerate(rows):
        top = TOP + step * k + step / 2
        body.append(f'<text x="{left - 12}" y="{top + 4:.0f}" text-anchor="end">{escape(row)}</text>')
        body.append(f'<line class="g" x1="{left}" x2="{WIDTH - 40}" y1="{top:.0f}" y2="{top:.0f}"/>')
        ends: dict[int, float] = {}
        for name, ratio in sorted(peers, key=lambda peer: peer[1]):
            which, at = names.index(name), x.at(ratio)
            body.append(mark(SHAPES[which % len(SHAPES)], at, top, COLOURS[which % len(COLOURS)]))
            half = 3.3 * len(name)
            level = next((level for level in (-1, 1, -2, 2) if ends.get(level, 0) < at - half), -1)
            ends[level] = at + half + 4
            below = top + (-9 if level == -1 else 18 if level == 1 else -20 if level == -2 else 29)
            body.append(f'<text class="s" x="{at:.1f}" y="{below:.0f}" text-anchor="middle" '
                        f'style="font-size:10.5px">{escape(name)}</text>')  # fmt: skip
    label = "isoc-kg is so many times as fast as the peer (left of 1: slower)"
    body.append(f'<text x="{(left + WIDTH - 40) / 2:.0f}" y="{height - 10}" text-anchor="middle">{label}</text>')
    return _frame(title, height, body)
