"""Records: what a run leaves for the next one."""

from isoc_kg.site.records import DIGEST, Records, Rendered

_ONE, _OTHER = b"1" * DIGEST, b"2" * DIGEST


def test_what_is_written_is_read() -> None:
    """Digests, marks and names of each bundle, found by its key, in whichever process it was rendered."""
    names = ["id/b.html", "id/b.ttl", "browse/index.html"]
    rendered, other = Rendered(), Rendered()
    rendered.add(_ONE, 0, 2)
    other.add(_OTHER, 0, 1)
    other.add(_ONE, 1, 2)
    rendered.take(other, 3)
    names += ["id/ä.b.html", "id/a.html", "id/a.nt"]
    text = b"".join(rendered.text(names, b"\x07", {"id/a": b"m" * 16}))
    keys = ["id/a", "id/b"]
    records = Records(text, keys)
    assert (len(rendered), records.surroundings) == (3, "07")
    assert records.get("id/a") == (_ONE, ["id/a.html", "id/a.nt"], b"m" * 16)
    assert records.get("id/b") == (_ONE, ["id/b.html", "id/b.ttl"], b"")
    assert records.get("id/ä.b") == (_OTHER, ["id/ä.b.html"], b"")
    assert records.get("id/c") is None
    assert records.marks() == {"id/a": b"m" * 16}
    assert [line.split(b" ")[1:2] for line in text.splitlines()[1:]] == [
        [b"id/a.html"],
        [b"id/b.html"],
        [b"id/\xc3\xa4.b.html"],
    ]


def test_records_that_are_none() -> None:
    """A file that ends too early, or has lines without names, has the records that it has."""
    row = f"{_ONE.hex()} id/a.html".encode()
    assert Records(b"07\n" + row).get("id/a") == (_ONE, ["id/a.html"], b"")
    assert Records(b"07\n\nabc\n" + row + b"\n").get("id/a") == (_ONE, ["id/a.html"], b"")
    for text in (b"", b"07", b"07\n", b"07\nabc"):
        records = Records(text)
        assert (records.get("abc"), records.marks()) == (None, {})
