"""An extraction and its places as JSON and back: between processes, and places in the index of units."""

from typing import Any

from .passages import PASSAGE_KINDS, Extraction, Passage, Place

__all__ = ["from_json", "place_from_json", "place_to_json", "to_json"]

_ABOUT = ("extractor", "title", "author", "date", "language")


def to_json(extraction: Extraction) -> dict[str, Any]:
    """What `from_json` makes the same extraction of."""
    passages = [
        [passage.text, passage.kind, passage.mark, [[at, place_to_json(place)] for at, place in passage.places]]
        for passage in extraction.passages
    ]
    about = {name: getattr(extraction, name) for name in _ABOUT}
    return {"passages": passages, **about, "notes": list(extraction.notes)}


def from_json(value: dict[str, Any]) -> Extraction:
    """The extraction that `to_json` was given."""
    passages = tuple(
        Passage(text, kind, tuple((at, place_from_json(place)) for at, place in places), mark)
        for text, kind, mark, places in value["passages"]
        if kind in PASSAGE_KINDS
    )
    return Extraction(passages, **{name: value[name] for name in _ABOUT}, notes=tuple(value["notes"]))


def place_to_json(place: Place) -> dict[str, Any]:
    """What is known of a place; coordinates in tenths of a point."""
    boxes = [[round(number, 1) for number in box] for box in place.boxes]
    value = {"page": place.page, "boxes": boxes, "selector": place.selector, "part": place.part}
    return {name: item for name, item in {**value, "paragraph": place.paragraph}.items() if item}


_PLACE_KEYS: dict[str, type] = {"page": int, "boxes": list, "selector": str, "part": str, "paragraph": int}
_FAR = 1e7  # points; no page is as large


def place_from_json(value: Any) -> Place:
    """A place in the form of `place_to_json`; `ValueError` for what is none."""
    if not isinstance(value, dict) or not value:
        raise ValueError("the place in the original is empty")
    item: Any
    for key, item in value.items():
        kind = _PLACE_KEYS.get(key)
        if kind is None:
            raise ValueError(f"“{key}” is nothing that a place in the original has")
        if type(item) is not kind or not item:
            raise ValueError(f"“{key}” of the place in the original is of the wrong kind")
        if isinstance(item, int) and item < 1:
            raise ValueError(f"“{key}” of the place in the original is not counted from 1")
        if isinstance(item, str) and not item.isprintable():
            raise ValueError(f"“{key}” of the place in the original has a control character")
    boxes = value.get("boxes", [])
    if boxes and "page" not in value:
        raise ValueError("boxes are on a page")
    return Place(**{**value, "boxes": tuple(map(_box, boxes))})


def _box(value: Any) -> tuple[float, float, float, float]:
    """Left, bottom, right, top."""
    if not isinstance(value, list) or len(value) != 4 or not all(type(item) in (int, float) for item in value):
        raise ValueError("a box is four numbers")
    left, bottom, right, top = map(float, value)
    if not (-_FAR < left <= right < _FAR and -_FAR < bottom <= top < _FAR):
        raise ValueError("a box is left, bottom, right, top")
    return left, bottom, right, top
