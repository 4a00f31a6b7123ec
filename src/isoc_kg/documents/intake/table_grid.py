"""The rows of a table whose cells go over several columns or rows: each text in the columns where it counts."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

__all__ = ["Cell", "grid_rows"]

_MOST_COLUMNS = 1000  # (https://html.spec.whatwg.org/multipage/tables.html#attributes-common-to-td-and-th-elements)


class Cell(NamedTuple):
    """A cell's text, and over how many columns and rows it goes."""

    text: str
    columns: int = 1
    rows: int = 1


def grid_rows(rows: Iterable[Iterable[Cell]]) -> Iterator[list[str]]:
    """The texts of each row, one a column: a cell over rows is repeated in each, one over columns fills the first."""
    below: dict[int, tuple[str, int]] = {}  # column → the text that goes on there, in how many rows more
    for row in rows:
        texts: list[str] = []
        waiting = list(row)[::-1]
        ahead, below = below, {}
        while waiting or any(column >= len(texts) for column in ahead):
            column = len(texts)
            if column in ahead:
                text, more = ahead[column]
                texts.append(text)
                if more > 1:
                    below[column] = text, more - 1
            elif not waiting:
                texts.append("")
            else:
                cell = waiting.pop()
                for at in range(max(1, min(cell.columns, _MOST_COLUMNS))):
                    if at and column + at in ahead:
                        break
                    text = "" if at else cell.text
                    texts.append(text)
                    if cell.rows > 1:
                        below[column + at] = text, cell.rows - 1
        yield texts
