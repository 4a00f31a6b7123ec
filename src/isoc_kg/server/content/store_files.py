"""Whether the files in an Oxigraph store's folder are those that the store itself knows of."""

from collections.abc import Iterator
from pathlib import Path

from ...errors import EngineError

__all__ = ["check_store_files"]

_MOST_MANIFEST_BYTES = 100_000_000  #: that are read; RocksDB begins a new one long before
_FRAME = 1_500  #: bytes of a table with next to nothing in it
_BLOCK, _HEAD = 32_768, 7  #: of the log that a manifest is
_FULL, _FIRST, _LAST = 1, 2, 4  #: kinds of its pieces
#: Tags of a version edit with what follows them: numbers, texts (https://github.com/facebook/rocksdb, version_edit.h).
_FIELDS = {
    1: "t", 2: "n", 3: "n", 4: "n", 5: "nt", 9: "n", 10: "n", 200: "n", 201: "t", 202: "", 203: "n",
}  # fmt: skip
_DELETED_FILE, _NEW_FILE, _LAST_FIELD, _IN_GROUP = 6, 103, 1, 300
_IGNORED = 1 << 13  #: set in tags that readers may skip


class _Unreadable(Exception):
    """A manifest ends early, or is of a kind that is not known here."""


def check_store_files(folder: Path) -> None:
    """Raise `EngineError` where tables lie in a store that it would be opened without, in silence.

    RocksDB takes a manifest that breaks off for one that was being written, and leaves out what it does not name: a
    copy that lacks half of it opens as an empty store. Tables that are just being written are not yet named either:
    their content is in the log, or in the tables that they are made of, so they are no larger than these.
    """
    try:
        # before the manifest is read, which names each table as soon as it is whole
        tables = {int(path.stem): path.stat().st_size for path in folder.glob("*.sst") if path.stem.isdecimal()}
        logs = sum(path.stat().st_size for path in folder.glob("*.log"))
        manifest = folder / (folder / "CURRENT").read_text(encoding="ascii").strip()
        if not manifest.is_file() or manifest.stat().st_size > _MOST_MANIFEST_BYTES:
            return
        data = manifest.read_bytes()
    except (OSError, ValueError):
        return  # the engine has its own words for it
    named: set[int] = set()
    deleted: set[int] = set()
    whole = True
    try:
        for edit in _edits(data):
            whole = not _read_edit(edit, named, deleted)
    except _Unreadable:
        whole = False
    unnamed = tables.keys() - named
    kept = sum(tables[number] for number in tables.keys() & (named - deleted))
    content = sum(max(0, tables[number] - _FRAME) for number in unnamed)
    if unnamed and (not whole or content > kept + logs):
        raise EngineError(
            f"the store holds {len(unnamed)} tables, such as {min(unnamed):06}.sst, that {manifest.name} does not "
            "name: it would be opened without their data.",
            file=folder,
            advice="Copy the store again while nothing writes into it, or let what loads it come to its end.",
        )


def _edits(data: bytes) -> Iterator[bytes]:
    """The records of a log, each put together of its pieces. Raises `_Unreadable` where it breaks off."""
    at, record, within = 0, b"", False
    while at < len(data):
        if (left := _BLOCK - at % _BLOCK) < _HEAD:
            at += left
            continue
        length, kind = int.from_bytes(data[at + 4 : at + 6], "little"), data[at + 6 : at + 7]
        start, at = at + _HEAD, at + _HEAD + length
        if at > len(data) or not kind or not _FULL <= kind[0] <= _LAST or (kind[0] > _FIRST) != within:
            raise _Unreadable
        record = data[start:at] if kind[0] <= _FIRST else record + data[start:at]
        within = kind[0] not in (_FULL, _LAST)
        if not within:
            yield record
    if within:
        raise _Unreadable


class _Fields:
    """Reads numbers of variable length, and texts after their length."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def number(self) -> int:
        value = shift = 0
        while self.at < len(self.data) and shift < 70:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
        raise _Unreadable

    def text(self) -> None:
        length = self.number()
        self.at += length
        if self.at > len(self.data):
            raise _Unreadable

    def skip(self, kinds: str) -> None:
        for kind in kinds:
            if kind == "n":
                self.number()
            else:
                self.text()


def _read_edit(edit: bytes, named: set[int], deleted: set[int]) -> int:
    """Add the tables that an edit names, and those that it takes away; gives how many more edits it needs to count."""
    fields, following = _Fields(edit), 0
    while fields.at < len(edit):
        tag = fields.number()
        if tag == _DELETED_FILE:
            fields.skip("n")
            deleted.add(fields.number())
        elif tag == _NEW_FILE:
            fields.skip("n")
            number = fields.number()
            named.add(number)
            deleted.discard(number)
            fields.skip("nttnn")
            while fields.number() != _LAST_FIELD:
                fields.text()
        elif tag == _IN_GROUP:
            following = fields.number()
        elif tag in _FIELDS:
            fields.skip(_FIELDS[tag])
        elif tag & _IGNORED:
            fields.text()
        else:
            raise _Unreadable
    return following
