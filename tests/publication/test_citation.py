"""Citations in BibTeX, CSL-JSON and RIS, read back by rules of this test's own, whatever stands in titles and names."""

import json
import re
from urllib.parse import parse_qsl

import pytest

from isoc_kg.publication.citation import CITATION_FORMATS, Citation, bibtex, coins, csl_json, ris

HOSTILE = [
    "}} , year = {1900}, note = {{",
    "one } two { three \\ four",
    "\\input{secret} \\write18{x} % not a comment",
    "50 % of $5 & #1 under_score ~tilde^caret",
    'a "quoted" @misc{other, title = {x}}',
    "a\nER  - \nTY  - BOOK\nTI  - forged",
    "a\r\nAU  - forged\u2028AU  - forged\u2029\x0bAU  - forged\x85AU  - forged\x0cAU  - forged\x1eAU  - forged",
    "</script><script>alert(1)</script>",
    "von Holm and Sons, Ltd and others",
    "Küstenverein “Ölmühle” — الجمعية ⁦x⁩ 中文",
    "lone \ud800 surrogate",
    "  spaces \t at  both ends ",
]
LATEX = {
    r"{\textbackslash}": "\\", r"{\textbraceleft}": "{", r"{\textbraceright}": "}", r"{\textasciitilde}": "~",
    r"{\textasciicircum}": "^", **{f"\\{mark}": mark for mark in "$&#%_"},
}  # fmt: skip


def plain(text: str) -> str:
    """What a one-line value should be read as."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text.replace("\ud800", "\ufffd")).strip()


def braced(text: str, at: int) -> tuple[str, int]:
    """The value in the braces that open at a place, and where it ends; braces count as BibTeX counts them, all."""
    assert text[at] == "{"
    depth = 0
    for place in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[at + 1 : place], place + 1
    raise AssertionError("the braces are not in pairs")


def entry(text: str) -> tuple[str, dict[str, str]]:
    """The key and the fields of the only entry in a file."""
    head = re.match(r"@misc(?=\{)", text)
    assert head
    body, end = braced(text, head.end())
    assert text[end:] == "\n"
    key, at = body.partition(",")[0], len(body.partition(",")[0]) + 1
    fields: dict[str, str] = {}
    while match := re.compile(r"\s*(\w+) = ").match(body, at):
        at = match.end()
        if body[at] == "{":
            value, at = braced(body, at)
        else:
            value = re.compile(r"\w+").match(body, at)[0]  # type: ignore[index]
            at += len(value)
        assert match[1] not in fields
        fields[match[1]] = value
        assert body[at] == ","
        at += 1
    assert body[at:].strip() == ""
    return key, fields


def unescaped(value: str) -> str:
    """The text that LaTeX sets for a value; anything that is not escaped fails."""
    parts = re.split("(" + "|".join(map(re.escape, LATEX)) + ")", value)
    assert not any(set(part) & set("\\{}~^$&#%_") for part in parts[::2]), parts
    return "".join(LATEX.get(part, part) for part in parts)


def names(value: str) -> list[str]:
    """The names in a list, cut at “and” outside of braces."""
    found, at = [], 0
    while at < len(value):
        name, at = braced(value, at)
        found.append(unescaped(name))
        assert value[at:] == "" or value.startswith(" and {", at)
        at += len(" and ") if value[at:] else 0
    return found


def records(text: str) -> list[list[tuple[str, str]]]:
    """The records of a RIS file, a line ending wherever any reader may see one."""
    found: list[list[tuple[str, str]]] = []
    for line in text.splitlines():
        match = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line)
        assert match, line
        if match[1] == "TY":
            found.append([])
        found[-1].append((match[1], match[2]))
    return found


def hostile(text: str) -> Citation:
    return Citation(
        "entry", text, text, text, (text, "Second, Author"), (text,), "1902-05-01", text, "1.0", "version 1.0",
        "https://e.example/a", "de", text,
    )  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_bibtex(text: str) -> None:
    """One entry, its braces in pairs, each value read back to the character, no field forged."""
    key, fields = entry(bibtex(hostile(text)))
    assert re.fullmatch(r"[A-Za-z0-9._-]+", key)
    assert list(fields) == [
        "title", "author", "year", "month", "day", "publisher", "howpublished", "note"
    ]  # fmt: skip
    title, end = braced(fields["title"], 0)
    assert (unescaped(title), fields["title"][end:]) == (plain(text), "")
    assert names(fields["author"]) == [plain(text), "Second, Author"]
    assert names(fields["publisher"]) == [plain(text)]
    assert unescaped(fields["note"]) == f"{plain(text)}, version 1.0. {plain(text)}"
    assert unescaped(fields["howpublished"]) == "https://e.example/a"
    assert (fields["year"], fields["month"], fields["day"]) == ("1902", "may", "1")


@pytest.mark.parametrize("text", HOSTILE)
def test_ris(text: str) -> None:
    """One record, begun by TY and ended by ER, each value in its line."""
    (record,) = records(ris(hostile(text)))
    assert (record[0], record[-1]) == (("TY", "GEN"), ("ER", ""))
    values = dict(record)
    assert len(record) == len(values) + 1  # two authors
    assert values["TI"] == values["T2"] == values["N1"] == values["PB"] == plain(text)
    assert [value for tag, value in record if tag == "AU"] == [plain(text), "Second, Author"]
    assert (values["PY"], values["DA"], values["ET"]) == ("1902", "1902/05/01/", "1.0")


@pytest.mark.parametrize("text", HOSTILE)
def test_csl(text: str) -> None:
    """One item, with members of the schema and names that nobody cuts."""
    written = csl_json(hostile(text))
    written.encode()
    (item,) = json.loads(written)
    assert item["title"] == item["container-title"] == item["note"] == item["publisher"] == plain(text)
    assert item["author"] == [{"literal": plain(text)}, {"literal": "Second, Author"}]
    assert item["issued"] == {"date-parts": [[1902, 5, 1]]}
    assert (item["type"], item["version"], item["language"]) == ("entry", "1.0", "de")


@pytest.mark.parametrize("text", HOSTILE)
def test_coins(text: str) -> None:
    """Pairs of key and value, as many as there are values; a maker's name is whole."""
    pairs = parse_qsl(coins(hostile(text)), strict_parsing=True, errors="strict")
    assert [value for key, value in pairs if key == "rft.aucorp"] == [plain(text), "Second, Author"]
    assert (dict(pairs)["rft.title"], dict(pairs)["rft.type"], dict(pairs)["rft.date"]) == (
        plain(text), "webpage", "1902-05-01"
    )  # fmt: skip
    assert len(pairs) == 11


def test_nothing_is_invented() -> None:
    """What is not known has no field in any form."""
    bare = Citation("document", "guide-1", "Guide.", "Guide")
    assert entry(bibtex(bare)) == ("guide-1", {"title": "{Guide}", "key": "Guide"})
    assert json.loads(csl_json(bare)) == [{"id": "guide-1", "type": "document", "title": "Guide"}]
    assert records(ris(bare)) == [[("TY", "GEN"), ("ID", "guide-1"), ("TI", "Guide"), ("ER", "")]]
    assert [write(bare) for _, write in CITATION_FORMATS.values()][0] == "Guide.\n"


@pytest.mark.parametrize(
    ("date", "parts", "rows"),
    [
        ("1955", [[1955]], [("PY", "1955"), ("DA", "1955///")]),
        ("1955-02", [[1955, 2]], [("PY", "1955"), ("DA", "1955/02//")]),
        ("about 1900", None, [("N1", "about 1900")]),
        ("1955-13", None, [("N1", "1955-13")]),
        ("-0044", None, [("N1", "-0044")]),
    ],
)
def test_dates(date: str, parts: list[list[int]] | None, rows: list[tuple[str, str]]) -> None:
    """A date is as precise as it is given; one of another form stands as it is written."""
    dated = Citation("dataset", "d", "D.", "D", date=date)
    (record,) = records(ris(dated))
    assert record[3:-1] == rows
    (item,) = json.loads(csl_json(dated))
    assert item["issued"] == ({"date-parts": parts} if parts else {"literal": date})
    assert entry(bibtex(dated))[1]["year"] == (date if not parts else "1955")


def test_keys() -> None:
    """Names in any script have keys of their own, and of bounded length."""
    keys = [
        Citation("entry", name, "", "").key for name in ("a b", "a,b", "a-b", "灯台", "港", "x" * 500, "x" * 501, "")
    ]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,90}", key) for key in keys[:-1])


@pytest.mark.parametrize(
    "url", ["https://e.example/a}b{c\\d", "https://e.example/a b\nER  - ", "https://e.example/%7B_~"]
)
def test_addresses(url: str) -> None:
    """An address ends no field and no line, and stays the address that it is."""
    cited = Citation("dataset", "d", "D.", "D", url=url)
    value = unescaped(entry(bibtex(cited))[1]["howpublished"])
    assert not set(value) & set("{}\\ \n")
    assert dict(records(ris(cited))[0])["UR"] == json.loads(csl_json(cited))[0]["URL"] == value


def test_styles_without_addresses() -> None:
    """BibTeX's own styles print no `url`: the address stands once, in a field that they print; no date is said."""
    address = "https://e.example/a_b%20{c}#d&e"
    alone = Citation("document", "a", "", "A", url=address, undated=True)
    _, fields = entry(bibtex(alone))
    assert unescaped(fields["howpublished"]) == "https://e.example/a_b%20%7Bc%7D#d&e"
    assert "url" not in fields
    assert (fields["year"], fields["key"]) == ("n.d.", "A")
    assert "issued" not in json.loads(csl_json(alone))[0]
    _, fields = entry(bibtex(Citation("entry", "a", "", "A", container="Graph", url=address)))
    assert unescaped(fields["howpublished"]).startswith("https://e.example/a_b%20")
    assert fields["note"] == "Graph"
    assert "year" not in fields
    assert "howpublished" not in entry(bibtex(Citation("document", "a", "", "A")))[1]
