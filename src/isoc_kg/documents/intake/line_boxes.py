"""Boxes of words as boxes of lines."""

from collections.abc import Iterable

__all__ = ["line_boxes"]

_Box = tuple[float, float, float, float]
_GAP = 4.0  #: heights of a box between two words of one line, at most


def line_boxes(boxes: Iterable[_Box]) -> tuple[_Box, ...]:
    """Boxes (left, bottom, right, top) in reading order, those of one line as one.

    >>> line_boxes([(10, 50, 30, 60), (34, 48, 60, 60), (10, 36, 40, 46)])
    ((10, 48, 60, 60), (10, 36, 40, 46))
    """
    result: list[_Box] = []
    for box in boxes:
        if result and _on_one_line(result[-1], box):
            left, bottom, right, top = result.pop()
            box = min(left, box[0]), min(bottom, box[1]), max(right, box[2]), max(top, box[3])
        result.append(box)
    return tuple(result)


def _on_one_line(line: _Box, box: _Box) -> bool:
    low = min(line[3] - line[1], box[3] - box[1])
    high = max(line[3] - line[1], box[3] - box[1])
    common = min(line[3], box[3]) - max(line[1], box[1])
    return common >= 0.3 * low and -high < box[0] - line[2] < _GAP * high
