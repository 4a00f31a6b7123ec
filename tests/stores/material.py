"""Data for stores: ordinary, and such as stores are known to damage."""

import random
from pathlib import Path

import pyoxigraph as ox

__all__ = ["HOSTILE", "bulky", "numbered", "write"]

XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "https://example.org/"


def write(path: Path, *triples: ox.Triple) -> Path:
    """A file of N-Triples."""
    path.write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
    return path


def numbered(count: int, seed: int = 0) -> list[bytes]:
    """So many different lines without blank nodes; half of them are the same for every seed."""
    rnd = random.Random(count)
    lines = []
    for number in range(count):
        mark = "" if number % 2 else f"-{seed}"
        subject = f"{EX}thing-{number // 8}{mark}"
        kind = number % 8
        value = (
            f"<{EX}thing-{rnd.randrange(count)}>",
            f'"Thing “{number}”"@en',
            f'"{1900 + number % 120}"^^<{XSD}gYear>',
            f'"{number}"^^<{XSD}integer>',
        )[kind % 4]
        lines.append(f"<{subject}> <{EX}p{kind}> {value} .\n".encode())
    return sorted(set(lines))


def bulky(count: int) -> bytes:
    """So many triples of 45 kB each, which no store can compress."""
    rnd = random.Random(count)
    return b"".join(f'<{EX}bulky> <{EX}text> "{rnd.randbytes(22_500).hex()}" .\n'.encode() for _ in range(count))


#: Lexical forms of every datatype of XML Schema, odd ones and wrong ones included.
TYPED = {
    "integer": ("7", "007", "-0", "+5", "123456789012345678901234567890", "9223372036854775808", "abc", " 7 "),
    "decimal": ("1.10", "1.0", "+1.5", ".5", "5.", "-0.0", "0.1234567890123456789012345", "1.1", "100", "x"),
    "double": ("1.0E0", "1e6", "1", "INF", "NaN", "-0.0E0", "1.7976931348623157E308", "0.1", "1e-7", "123456789.123"),
    "float": ("1.5", "0.1", "INF", "1.0E0", "16777217"),
    "boolean": ("true", "1", "0", "false", "TRUE"),
    "byte": ("5", "05"), "short": ("7",), "int": ("42", "042"), "long": ("42",), "unsignedInt": ("3",),
    "unsignedByte": ("3",), "unsignedShort": ("9",), "unsignedLong": ("18446744073709551615",),
    "positiveInteger": ("5", "05"), "nonNegativeInteger": ("0",), "negativeInteger": ("-1",),
    "nonPositiveInteger": ("0", "-3"),
    "date": ("2026-01-02", "2026-01-02Z", "2026-01-02+01:00", "-0044-03-15", "12024-01-01", "2026-13-45"),
    "dateTime": (
        "2026-01-02T03:04:05", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.120Z", "2026-01-02T03:04:05.000Z",
        "2026-01-02T03:04:05.123456789Z", "2026-01-02T24:00:00", "2026-01-02T03:04:05+00:00",
        "2026-01-02T03:04:05-14:00", "-0044-03-15T00:00:00Z", "1582-10-10T00:00:00Z",
    ),
    "dateTimeStamp": ("2026-01-02T03:04:05Z",),
    "time": ("03:04:05", "03:04:05Z", "03:04:05.500", "24:00:00", "03:04:05+01:00"),
    "gYear": ("1992", "-0044", "1992Z", "12024", "0000", "1992-05", "1992+02:00"),
    "gYearMonth": ("1992-05", "1992-05Z"), "gMonth": ("--05",), "gMonthDay": ("--05-06",), "gDay": ("---07",),
    "duration": ("P1Y2M", "P0D", "PT60M", "-P1D"), "dayTimeDuration": ("P1DT2H", "PT36H"),
    "yearMonthDuration": ("P1Y2M", "P14M"),
    "hexBinary": ("0aFF",), "base64Binary": ("AAEC", "A A E C"), "anyURI": ("https://example.org/x y",),
    "QName": ("a:b",), "language": ("en-GB",), "token": ("a b",), "normalizedString": ("a  b",),
    "NMTOKEN": ("x",), "NCName": ("x",),
    "string": ("plain", ""),
}  # fmt: skip
_TEXTS = (
    "ɪntərˈnɛt səˈsaɪəti", "🙂👩‍👩‍👧‍👦🏳️‍🌈", "e\u0301 é", "tab\there", "line\nfeed", "carriage\rreturn\r\n",
    "\u0001\u0008\u000b\u001f\u007f", "nul\u0000x", "\u0085\u2028\u2029", "\ufeffbom", "\ufffe\uffff", "\U0010fffe",
    "back\\slash \"quotes\" 'single'", "trailing space ", "  leading", "<b>&amp;</b>", "\u200f\u202eרtl", "x" * 50_000,
)  # fmt: skip
_TAGS = ("en", "en-gb", "de-latn-de-1996", "en-fonipa", "x-klingon", "zh-cmn-hans-cn")
_IRIS = (
    "https://example.org/é", "https://example.org/%20%7E", "https://example.org/a'b", "https://example.org/a?x=1&y=",
    "urn:uuid:1", "mailto:a@b", "https://example.org/#frag", "https://例え.jp/パス", "https://example.org/x;y,z(1)!*$",
    "HTTPS://Example.ORG/../x/./y", "https://example.org:443/", "data:text/plain,a",
)  # fmt: skip
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def _hostile() -> list[ox.Triple]:
    terms: list[ox.NamedNode | ox.Literal] = [
        ox.Literal(value, datatype=ox.NamedNode(XSD + name)) for name, values in TYPED.items() for value in values
    ]
    xml = ("<a  b='1'/>", "<b xmlns='http://e.example/'\n c='d'>x &amp;  y</b>")
    terms += [ox.Literal(value, datatype=ox.NamedNode(_RDF + "XMLLiteral")) for value in xml]
    terms += [ox.Literal('{"a": 1}', datatype=ox.NamedNode(_RDF + "JSON"))]
    terms += [ox.Literal("x", datatype=ox.NamedNode(EX + "own"))]
    terms += [ox.Literal("x", language=tag) for tag in _TAGS]
    terms += [ox.Literal(text) for text in _TEXTS]
    terms += [ox.NamedNode(name) for name in _IRIS]
    predicate = ox.NamedNode(EX + "value")
    return [ox.Triple(ox.NamedNode(f"{EX}term-{number}"), predicate, term) for number, term in enumerate(terms)]


#: A triple for each term that some store changes, and for many that none should.
HOSTILE = _hostile()
