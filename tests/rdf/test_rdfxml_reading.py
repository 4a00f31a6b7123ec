"""RDF/XML as the specifications have it, whatever the engine makes of it, in bounded time."""

import re
import time
from itertools import accumulate

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.errors import DataWarning, EncodingError, IsocKgError, LimitExceeded, ParseError
from isoc_kg.formats import RDFXML
from isoc_kg.limits import Limits
from isoc_kg.rdf import read_lines, read_located
from isoc_kg.rdf.rdfxml_reading import RdfXmlText
from isoc_kg.rdf.rdfxml_rewriting import RdfXmlRewriting, without_marker
from isoc_kg.rdf.reading import read_quads
from isoc_kg.rdf.xml_marks import XmlMarks

from .manifests import canonical

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ROOT = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="http://e/">'
XML_LITERAL = f"^^<{RDF}XMLLiteral>"


def read(body: str, base: str | None = "http://b/d/x", head: str = "", root: str = ROOT) -> set[str]:
    """Object tokens by property, and subjects where they are not the usual one."""
    text = f"{head}{root}{body}</rdf:RDF>".encode()
    return {line.decode()[:-3] for line in read_lines(text, RDFXML, base=base)}


def value(body: str, **more: str) -> str:
    """The object of the only triple, whose subject is <http://e/1>."""
    (line,) = read(f'<rdf:Description rdf:about="http://e/1">{body}</rdf:Description>', **more)
    return line.split(" ", 2)[2]


@pytest.mark.parametrize(
    ("body", "object_"),
    [
        ("<e:p>one\r\ntwo\rthree&#xD;</e:p>", r'"one\ntwo\nthree\r"'),
        ("<e:p><![CDATA[one\r\ntwo]]></e:p>", r'"one\ntwo"'),
        ('<e:p rdf:parseType="Literal">one\r\n<e:b/></e:p>', rf'"one\n<e:b xmlns:e=\"http://e/\"></e:b>"{XML_LITERAL}'),
        ("<e:p>a <!-- b --> c</e:p>", '"a  c"'),
        ("<e:p> <!-- b --> </e:p>", '"  "'),
        ("<e:p><!-- b --> <!-- c --> </e:p>", '"  "'),
        ("<e:p>a<?b c?>d</e:p>", '"ad"'),
        ("<e:p> <![CDATA[<a>]]> &amp;</e:p>", '" <a> &"'),
        ('<e:p xml:lang="">K</e:p>', '"K"'),
        ('<e:p rdf:parseType="Quote">kept</e:p>', f'"kept"{XML_LITERAL}'),
        ('<e:p rdf:parseType="literal"><i>kept</i></e:p>', f'"<i>kept</i>"{XML_LITERAL}'),
        ('<e:p rdf:parseType="Literal">1 &lt; 2<!-- c --><?t d?></e:p>', f'"1 &lt; 2<!-- c --><?t d?>"{XML_LITERAL}'),
        ('<e:p xml:base="../y/" rdf:resource="z"/>', "<http://b/y/z>"),
        ('<e:p xml:base="" rdf:resource="z"/>', "<http://b/d/z>"),
        ('<e:p xml:base="#f" rdf:resource="#g"/>', "<http://b/d/x#g>"),
        ('<e:p resource="z"/>', "<http://b/d/z>"),
        ("<e:p>1 > 0 &lt; 2</e:p>", '"1 > 0 < 2"'),
    ],
)
def test_texts_and_references(body: str, object_: str) -> None:
    """XML 1.0, sections 2.11, 2.5, 2.7, 2.12, XML Base, RDF 1.1 XML Syntax, sections 6.1.4 and 7.2.20."""
    assert value(body) == object_


def test_white_space_in_attributes_becomes_blanks() -> None:
    """XML 1.0, section 3.3.3; what is written as a reference stays."""
    for written, meant in (("a\nb", "a b"), ("a\r\n\tb", "a  b"), ("a&#10;&#9;b", r"a\n\tb"), ("\n", " ")):
        lines = read(f'<rdf:Description rdf:about="http://e/1"\n\te:p="{written}"/>')
        assert lines == {f'<http://e/1> <http://e/p> "{meant}"'}
        assert read(f"<rdf:Description rdf:about='http://e/1' e:p='{written}'/>") == lines


def test_a_language_ends_where_it_is_undeclared() -> None:
    """On the root, a node, a property, for attributes and above typed literals."""
    body = (
        '<rdf:Description rdf:about="http://e/1" xml:lang="en"><e:a>a</e:a><e:b xml:lang="">b</e:b>'
        '<e:c><rdf:Description rdf:about="http://e/2" xml:lang="" e:d="d"><e:f>f</e:f>'
        '<e:g rdf:datatype="http://e/t">g</e:g><e:h xml:lang="de">h</e:h></rdf:Description></e:c></rdf:Description>'
    )
    objects = {line.split(" ", 2)[2] for line in read(body, root=ROOT.replace(">", ' xml:lang="fr">'))}
    assert objects == {'"a"@en', '"b"', "<http://e/2>", '"d"', '"f"', '"g"^^<http://e/t>', '"h"@de'}


def test_xml_literals_declare_the_namespaces_that_they_use() -> None:
    """Exclusive Canonical XML: each where it is used first, attributes in order, nothing from around it."""
    body = (
        '<e:p rdf:parseType="Literal" xmlns:u="http://u/"><x:a xmlns:x="http://x/" u:b="1" c="&quot;&#10;"><x:b/>'
        '<d xmlns="http://d/"><n xmlns=""/><x:e xmlns:x="http://y/">&#13;&gt;</x:e></d></x:a></e:p><!-- -->'
    )
    expected = (
        '<x:a xmlns:u="http://u/" xmlns:x="http://x/" c="&quot;&#xA;" u:b="1"><x:b></x:b>'
        '<d xmlns="http://d/"><n xmlns=""></n><x:e xmlns:x="http://y/">&#xD;&gt;</x:e></d></x:a>'
    )
    assert value(body) == '"' + expected.replace('"', '\\"') + f'"{XML_LITERAL}'


def test_what_the_internal_subset_declares_holds() -> None:
    """Entities of text and markup, the first of two declarations, defaults and types of attributes."""
    head = (
        '<!DOCTYPE rdf:RDF [<!ENTITY n "http://e/"><!ENTITY n "http://no/"><!ENTITY o "&n;o#">'
        '<!ENTITY m "<e:p>&#38;#60;text</e:p>"><!ATTLIST e:q xml:lang CDATA "de">]>'
    )
    body = '<rdf:Description rdf:about="&o;1">&m;<e:q>Wort</e:q><e:r rdf:resource="&n;x"/></rdf:Description>'
    assert read(body, head=head) == {
        '<http://e/o#1> <http://e/p> "<text"',
        '<http://e/o#1> <http://e/q> "Wort"@de',
        "<http://e/o#1> <http://e/r> <http://e/x>",
    }


@pytest.mark.parametrize(
    "subset",
    [
        "<!ENTITY n 'http://e/'><!ENTITY o 'v'>",
        "<!ENTITY\tn\n'http://e/'\n><!ENTITY o \"v\" >\n",
        "<!-- it's ]> %p; <!ENTITY n 'x'> --><!ENTITY n 'http://e/'><?a ]>' %p; ?><!ENTITY o 'v'>",
        "<!ENTITY n 'http://e/'><!ENTITY o 'v'><!ELEMENT e:p ANY><!NOTATION g SYSTEM 'g'><!ENTITY x SYSTEM '' NDATA g>",
        "<!ENTITY m 'http:'><!ENTITY n '&m;//e/'><!ENTITY o 'v'><!ENTITY n 'http://no/'>",
        "<!ENTITY % p '<!ENTITY o \"w\">'><!ENTITY n 'http://e/'><!ENTITY o '&#118;'>",
        "<!ENTITY n 'http://e/'><!ENTITY o \"v\"><!ATTLIST e:q e:r CDATA ']>' e:s CDATA #IMPLIED>",
    ],
)
def test_internal_subsets_of_any_form_are_read(subset: str) -> None:
    """XML 1.0, sections 2.8, 3.3 and 4.2: either quotes, comments, instructions, and declarations that name nothing."""
    body = '<rdf:Description rdf:about="&n;1" e:a="&o;"><e:p>&o;</e:p></rdf:Description>'
    head = f'<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [{subset}]\n>'
    assert read(body, head=head) == {'<http://e/1> <http://e/a> "v"', '<http://e/1> <http://e/p> "v"'}


@pytest.mark.parametrize("declared", ["<!ENTITY % p '<!ENTITY o \"v\">'>", "<!ENTITY % p SYSTEM 'p.ent'>", ""])
def test_parameter_entities_are_refused_by_name(declared: str) -> None:
    """What they declare, such as attributes' values, would else be missing without a word."""
    head = f"<!DOCTYPE rdf:RDF [{declared}\n%p;\n<!ATTLIST e:p xml:lang CDATA 'de'>]>"
    with pytest.raises(ParseError, match="the parameter entity “%p;”") as caught:
        read('<rdf:Description rdf:about="http://e/1"><e:p>v</e:p></rdf:Description>', head=head)
    assert caught.value.line == 2


def described(inner: str) -> bytes:
    return f"{ROOT}{inner}</rdf:RDF>".encode()


def having(properties: str) -> bytes:
    return described(f"<rdf:Description>{properties}</rdf:Description>")


_MANY = '<e:T><e:p xml:lang=\'en\'>a "b" it\'s</e:p></e:T><e:U rdf:about="x:a/"/><e:V/>' * 2000

NOT_RDFXML = {
    "nothing": b"",
    "a declaration alone": b'<?xml version="1.0"?>\n',
    "cut off": having("<e:p>x</e:p>")[:-20],
    "text after it": described("") + b"text",
    "a control character": described('<rdf:Description e:p="&#1;"/>'),
    "a raw control character": described('<rdf:Description e:p="\x02"/>'),
    "U+FFFE": described('<rdf:Description e:p="&#xFFFE;"/>'),
    "< in a value": described('<rdf:Description e:p="a<b"/>'),
    "]]> in a text": having("<e:p>a]]>b</e:p>"),
    "-- in a comment": described("<!-- a -- b -->"),
    "one attribute twice": described('<rdf:Description xmlns:f="http://e/" e:p="1" f:p="2"/>'),
    "an unknown entity": described('<rdf:Description e:p="&x;"/>'),
    "an entity of another file": b'<!DOCTYPE r SYSTEM "x.dtd">' + described('<rdf:Description rdf:about="&x;a"/>'),
    "an entity that is a file": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + having("<e:p>&x;</e:p>"),
    "datatype and parseType": having('<e:p rdf:parseType="Literal" rdf:datatype="http://e/t">x</e:p>'),
    "resource and parseType": having('<e:p rdf:parseType="Resource" rdf:resource="http://e/t"/>'),
    "a property and parseType": having('<e:p e:q="1" rdf:parseType="Collection"/>'),
    "resource and datatype": having('<e:p rdf:datatype="http://e/t" rdf:resource="http://e/t"/>'),
    "datatype and resource": having('<e:p rdf:resource="http://e/t" rdf:datatype="http://e/t"/>'),
    "bagID": described('<rdf:Description rdf:bagID="x" e:p="1"/>'),
    "bagID alone": described('<rdf:Description rdf:bagID="x"><e:p>1</e:p></rdf:Description>'),
    "bagID late": described(_MANY + '<rdf:Description rdf:bagID="x"><e:p>1</e:p></rdf:Description>'),
    "datatype, language and resource": having('<e:p rdf:datatype="http://e/t" xml:lang="en" rdf:resource="x:y"/>'),
    "datatype and nodeID": having('<e:p rdf:datatype="http://e/t" rdf:nodeID="x"/>'),
    "nodeID and datatype late": described(_MANY + '<e:T><e:p rdf:nodeID="x" rdf:datatype="http://e/t"/></e:T>'),
    "resource and datatype in single quotes": having("<e:p rdf:datatype='http://e/t' rdf:resource='x:y'/>"),
    "a name of two colons": having("<e:p:q>x</e:p:q>"),
    "a name that is a number": having("<e:1>x</e:1>"),
    "one attribute twice, late": described(_MANY + '<e:T xmlns:f="http://e/" e:p="1" f:p="2"/>'),
    "one ID twice": described('<rdf:Description rdf:ID="x"/>\n<rdf:Description rdf:ID="x"/>'),
    "text among properties": having("text<e:p>x</e:p>"),
    "one attribute with and without a namespace": described('<rdf:Description about="x:a" rdf:about="x:b"/>'),
    "XML 1.1": b'<?xml version="1.1"?>' + described('<rdf:Description e:p="&#1;"/>'),
}


@pytest.mark.parametrize("what", NOT_RDFXML)
def test_what_is_not_rdfxml_is_refused_with_its_line(what: str) -> None:
    """XML's well-formedness, and RDF/XML's grammar, sections 7.2.1 to 7.2.21."""
    with pytest.raises(ParseError) as caught:
        read_lines(NOT_RDFXML[what], RDFXML, base="http://b/d/")
    assert caught.value.line in (1, 2)


MISPLACED = {
    "an element under a datatype": '<e:p rdf:datatype="x:t"><e:B/></e:p>',
    "an element with an attribute under a datatype": "<e:p rdf:datatype='x:t/'> <e:B rdf:about='x:b/'/> </e:p>",
    "an element under a datatype and an ID": '<e:p rdf:ID="i" rdf:datatype="x:t"><e:B>\n</e:B></e:p>',
    "an element under a type": '<e:p rdf:type="x:T"><e:B rdf:nodeID="b"></e:B></e:p>',
    "a text under a type": '<e:p rdf:type = "x:T">text</e:p>',
    "a section under a type": '<e:p rdf:type="x:T"><![CDATA[text]]></e:p>',
    "about at a property": '<e:p rdf:about="x:b"/>',
    "about at a property with a text": "<e:p rdf:about = 'x:b'>text</e:p>",
    "about at a property with an element": '<e:p rdf:about="x:b"><e:B rdf:about="x:c"></e:B></e:p>',
    "about within Resource": '<e:p rdf:parseType="Resource"><e:q rdf:about="x:b"/></e:p>',
    "resource at a node": '<e:p><e:B rdf:resource="x:b"/></e:p>',
    "resource at a node in a list": '<e:p rdf:parseType="Collection"><e:B rdf:resource="x:b"/></e:p>',
    "datatype at a node": '<e:p><e:B rdf:datatype="x:b"><e:q>x</e:q></e:B></e:p>',
    "Description at a property": '<e:p rdf:Description="x"/>',
    "a property attribute and a datatype": """<e:p e:q="it's" rdf:datatype="x:t"/>""",
    "a type and a datatype": '<e:p rdf:type="x:T" rdf:datatype="x:t">text</e:p>',
    "two attributes in either quotes and parseType": """<e:p rdf:parseType="Resource" e:q='v' e:r='w'/>""",
}


@pytest.mark.parametrize("before", ["", "<e:T><e:p><![CDATA[x]]></e:p></e:T>", "<!-- x -->", _MANY])
@pytest.mark.parametrize("what", MISPLACED)
def test_attributes_that_would_be_lost_are_refused_with_line_and_column(what: str, before: str) -> None:
    """RDF 1.1 XML Syntax, sections 7.2.11 and 7.2.14 to 7.2.21, in documents that are rewritten and that are not."""
    text = described(f'{before}\n<rdf:Description rdf:about="x:a">{MISPLACED[what]}</rdf:Description>')
    with pytest.raises(ParseError, match="RDF/XML") as caught:
        read_lines(text, RDFXML, base="http://b/d/")
    assert caught.value.line == 2
    assert (caught.value.column or 0) > 30


@pytest.mark.parametrize(
    ("properties", "count"),
    [
        ('<e:p rdf:resource="x:b" rdf:type="x:T"/><e:p e:q="x" rdf:type="x:U"/>', 5),
        ('<e:p rdf:type="x:T"/>', 2),
        ('<e:p rdf:ID="i" xml:lang="en" xml:base="x:/" rdf:type="T"></e:p>\n<e:q>x</e:q><e:p rdf:type="x:&amp;"/>', 9),
        ('<e:p rdf:datatype="x:t"/><e:p rdf:datatype="x:u"><!-- x --></e:p><e:q><e:B rdf:type="x:T"/></e:q>', 5),
        ('<e:p rdf:parseType="Resource"><e:q rdf:resource="x:b"/><e:q><e:B rdf:about="x:c"/></e:q></e:p>', 4),
        ('<e:p xml:lang="en" rdf:ID="i"><e:B rdf:about="x:b"/></e:p>', 6),
        ('<e:p rdf:parseType="Literal"><e:q rdf:about="x"><e:r rdf:datatype=""><e:s/></e:r></e:q></e:p>', 1),
        ('<e:about e:resource="x:/" rdf:nodeID="b"/><e:p><e:B e:about="1" e:resource="2" e:datatype="3"/></e:p>', 7),
    ],
)
def test_attributes_where_they_belong_are_read(properties: str, count: int) -> None:
    """The same names in other namespaces, at nodes, at empty properties and in XML literals."""
    for root in (ROOT, ROOT.replace(">", "><?x y?>")):
        assert len(read(f'<rdf:Description rdf:about="http://e/1">{properties}</rdf:Description>', root=root)) == count
    node = f'<e:T xmlns:rdf="{RDF}" xmlns:e="http://e/" rdf:about="http://e/1">{properties}</e:T>'
    assert len(read_lines(node.encode(), RDFXML, base="http://b/")) == count + 1


def test_a_type_at_a_property_element_is_that_of_a_node() -> None:
    """RDF 1.1 XML Syntax, section 7.2.21: as the only property among the attributes, too."""
    lines = read('<rdf:Description rdf:about="http://e/1"><e:p rdf:type="../T"/></rdf:Description>')
    assert {re.sub("_:[a-z0-9]+", "_:b", line) for line in lines} == {
        "<http://e/1> <http://e/p> _:b",
        f"_:b <{RDF}type> <http://b/T>",
    }


def test_triple_terms_without_a_version_are_ignored_with_a_note() -> None:
    """RDF 1.2 XML Syntax: the version has to be announced."""
    term = "<e:p rdf:parseType='Triple'><rdf:Description rdf:about='x:a'><e:q>x</e:q></rdf:Description></e:p>"
    text = described(f"<e:T>\n{term}</e:T>")
    with pytest.warns(DataWarning, match=r"^the text:2: .*version") as caught:
        assert len(read_lines(text, RDFXML)) == 1
    assert len(caught) == 1
    assert len(read_lines(text.replace(b"<e:T>", b"<e:T rdf:version='1.2'>"), RDFXML)) == 2


def test_errors_of_rewritten_documents_have_the_lines_of_the_document() -> None:
    """The parser, which sees another text, knows none."""
    text = f"{ROOT}<!--\n\n-->\n<rdf:Description\n\n rdf:about='http://e/1'><e:p><![CDATA[\n]]></e:p>\n"
    found = list(read_located(f"{text}<e:q\n>x</e:q></rdf:Description>\n</rdf:RDF>".encode(), RDFXML))
    assert [line for _, line in found] == [7, 9]
    with pytest.raises(ParseError, match="IRI") as caught:
        read_lines(f"{text}<e:q rdf:resource='http://a b'/></rdf:Description></rdf:RDF>".encode(), RDFXML)
    assert caught.value.line == 8
    with pytest.raises(ParseError, match="relative") as caught:
        read_lines(f"{text}<e:q rdf:resource='a'/></rdf:Description></rdf:RDF>".encode(), RDFXML)
    assert caught.value.line == 8
    assert "--base" in (caught.value.advice or "")


@pytest.mark.parametrize(
    "encoding", ["ISO-8859-1", "windows-1252", "utf-16", "UTF-16LE", "utf-32", "UTF-8", "utf-8-sig"]
)
def test_declared_encodings_are_read(encoding: str) -> None:
    """XML 1.0, section 4.3.3, by declaration, byte order mark or both."""
    declared = encoding.removesuffix("-sig").removesuffix("LE")
    text = f'<?xml version="1.0" encoding="{declared}"?>\n{ROOT}'
    text += '<rdf:Description rdf:about="http://e/1" e:p="é"/></rdf:RDF>'
    assert read_lines(text.encode(encoding), RDFXML) == ['<http://e/1> <http://e/p> "é" .\n'.encode()]


def test_encodings_that_are_wrong_are_named() -> None:
    """Unknown ones, those that Python has for other ends, and bytes of another encoding."""
    text = '<?xml version="1.0" encoding="%s"?>' + ROOT + '<rdf:Description e:p="é"/></rdf:RDF>'
    for name, data in (
        ("x-none", b""),
        ("idna", b""),
        ("unicode_escape", b""),
        ("UTF-16", b""),
        ("us-ascii", b"\xe9"),
        ("UTF-8", b"\xe9"),
    ):
        with pytest.raises(EncodingError):
            read_lines((text % name).encode() + data, RDFXML)


HOSTILE = {
    "comments": lambda n: b"<!--" * n,
    "sections": lambda n: b"<![CDATA[" * n,
    "instructions": lambda n: b"<?x " * n,
    "declarations": lambda n: b"<!ENTITY a " * n,
    "values": lambda n: b'<a b="' * n,
    "attributes": lambda n: b"<e:a " + b" ".join(b'e:a%d="x"' % i for i in range(n)) + b"/></rdf:RDF>",
    "namespaces": lambda n: b"<e:a " + b" ".join(b'xmlns:a%d="http://x/"' % i for i in range(n)) + b"/></rdf:RDF>",
    "elements": lambda n: b"<e:a><e:b>" * n + b"</e:b></e:a>" * n + b"</rdf:RDF>",
    "elements among closed ones": lambda n: b"<e:a e:c='/>'><!-- </ </ /> -->" * n + b"</e:a>" * n + b"</rdf:RDF>",
    "elements among texts": lambda n: b"<e:a e:c='/>/>/>'><e:b>" * n + b"</e:b></e:a>" * n + b"</rdf:RDF>",
    "literals": lambda n: b"<e:a><e:b rdf:parseType='Literal'>" + b"<e:a>" * n + b"</e:a>" * n,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_documents_end_soon_in_one_message(what: str) -> None:
    """Forty thousand of everything that opens: refused in a second or so, and none of it goes to the engine."""
    data = ROOT.encode() + HOSTILE[what](40_000)
    start = time.process_time()
    with pytest.raises((ParseError, LimitExceeded)):
        read_lines(data, RDFXML)
    assert time.process_time() - start < 10


def test_one_entity_may_be_named_often() -> None:
    """Thirty thousand times, in a value and in a text."""
    head = '<!DOCTYPE rdf:RDF [<!ENTITY a "0123456789">]>'
    body = (
        f'<rdf:Description rdf:about="http://e/1" e:p="{"&a;" * 30_000}"><e:q>{"&a;" * 30_000}</e:q></rdf:Description>'
    )
    assert {len(line) for line in read(body, head=head)} == {300_000 + len('<http://e/1> <http://e/p> ""')}


# -- random documents ------------------------------------------------------------------------------------------------

_words = st.text(st.sampled_from("ab\n\t \r&<>\"'é]"), max_size=6)
_escapes = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}


def _escaped(text: str, raw: bool) -> str:
    return "".join(_escapes.get(c, c) if not (raw and c == "\r") else c for c in text)


@st.composite
def _literals(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        word = draw(_words)
        kind = draw(st.sampled_from(["text", "text", "cdata", "comment", "pi"]))
        if kind == "cdata":
            parts.append(f"<![CDATA[{word.replace(']', '')}]]>")
        elif kind == "comment":
            parts.append("<!-- c -->")
        elif kind == "pi":
            parts.append("<?p i?>")
        else:
            parts.append(_escaped(word, draw(st.booleans())))
    return "".join(parts)


@st.composite
def _attributes(draw: st.DrawFn) -> str:
    made = ""
    if draw(st.integers(0, 3)) == 0:
        made += f' xml:lang="{draw(st.sampled_from(["", "en", "de-AT"]))}"'
    if draw(st.integers(0, 4)) == 0:
        made += f' xml:base="{draw(st.sampled_from(["http://c/d/", "f/", "../g", "", "#h"]))}"'
    return made


@st.composite
def _properties(draw: st.DrawFn, depth: int) -> str:
    name = "e:" + draw(st.sampled_from("pqr"))
    more = draw(_attributes())
    kind = draw(st.sampled_from(["text", "typed", "resource", "node", "Resource", "Collection", "xml", "li"]))
    if kind == "li":
        return f"<rdf:li{more}>{draw(_literals())}</rdf:li>"
    if kind == "typed":
        return f'<{name}{more} rdf:datatype="http://e/t">{draw(_literals())}</{name}>'
    if kind == "resource":
        return f'<{name}{more} rdf:resource="{draw(st.sampled_from(["", "x", "#y", "/z", "http://o/"]))}"/>'
    if kind == "xml":
        text = _escaped(draw(_words).replace("\r", ""), False)  # rdflib leaves it, canonical XML does not
        inner = f'<e:x a="1"><y xmlns="http://n/"/></e:x>{text}'
        return f'<{name}{more} rdf:parseType="Literal">{inner}</{name}>'
    if depth and kind == "node":
        return f"<{name}{more}>{draw(_nodes(depth - 1))}</{name}>"
    if depth and kind == "Resource":
        return f'<{name}{more} rdf:parseType="Resource">{draw(_properties(depth - 1))}</{name}>'
    if depth and kind == "Collection":
        return f'<{name}{more} rdf:parseType="Collection">{draw(_nodes(depth - 1))}{draw(_nodes(depth - 1))}</{name}>'
    return f"<{name}{more}>{draw(_literals())}</{name}>"


@st.composite
def _nodes(draw: st.DrawFn, depth: int = 2) -> str:
    name = draw(st.sampled_from(["rdf:Description", "e:T"]))
    about = draw(st.sampled_from(["", ' rdf:about="a"', ' rdf:about="http://e/1"', ' rdf:nodeID="n"']))
    attribute = f' e:s="{_escaped(draw(_words), draw(st.booleans()))}"' if draw(st.booleans()) else ""
    inner = "".join(draw(st.lists(_properties(depth), max_size=3)))
    return f"<{name}{about}{attribute}{draw(_attributes())}>\n  {inner}<!-- x --></{name}>"


def _by_rdflib(text: bytes) -> list[bytes]:
    import rdflib

    graph = rdflib.Graph()
    graph.parse(data=text.replace(b"\r\n", b"\n").replace(b"\r", b"\n"), format="xml", publicID="http://b/d/x")
    return read_lines(graph.serialize(format="nt", encoding="utf-8"))


@given(st.lists(_nodes(), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_random_documents_are_read_as_rdflib_reads_them(nodes: list[str]) -> None:
    """Whatever stands together: languages, bases, sections, comments, literals, collections."""
    import rdflib

    text = (ROOT + "\n".join(nodes) + "</rdf:RDF>").encode()
    rdflib.NORMALIZE_LITERALS, before = False, rdflib.NORMALIZE_LITERALS
    try:
        expected = _by_rdflib(text)
    finally:
        rdflib.NORMALIZE_LITERALS = before
    found = read_lines(text, RDFXML, base="http://b/d/x")
    as_quads = [canonical(ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS)) for lines in (found, expected)]
    assert as_quads[0] == as_quads[1]


@given(st.lists(_nodes(), min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_ordinary_documents_are_read_alike_when_they_are_rewritten(nodes: list[str]) -> None:
    """The scan lets nothing pass that the engine would read otherwise."""
    text = (ROOT + "\n".join(nodes) + "</rdf:RDF>").replace("\r", "").encode()
    if RdfXmlText(text, Limits(), "http://b/d/x").rewritten:
        return
    rewritten = b"".join(RdfXmlRewriting(text, Limits(), "http://b/d/x").pieces(100))

    def parse(data: bytes) -> set[bytes]:
        return canonical(map(without_marker, ox.parse(data, format=RDFXML.engine, base_iri="http://b/d/x")))

    assert parse(text) == parse(rewritten)


@given(st.text(st.sampled_from("<>/=\"'!?-[]&;ab: \n#x"), max_size=80))
@settings(max_examples=300, deadline=None)
def test_rubbish_within_a_document_is_one_of_our_errors(text: str) -> None:
    """Or it is read."""
    try:
        read_lines(f"{ROOT}{text}</rdf:RDF>".encode(), RDFXML, base="http://b/")
    except IsocKgError as error:
        assert "\x01" not in str(error)


@given(st.lists(_nodes(), min_size=1, max_size=3), st.integers(2, 9))
@settings(max_examples=100, deadline=None)
def test_marks_tell_how_deep_elements_are(nodes: list[str], deepest: int) -> None:
    """Where they say that none is too deep, none is; nor have tags that they do not name several attributes."""
    rest = ">" + "\n".join(nodes) + "</rdf:RDF>"
    marks = XmlMarks(rest.encode())
    tags = re.findall(r"<(/?)[^<>!?]+?(/?)>", rest)
    depths = list(accumulate((-1 if end else 0 if empty else 1) for end, empty in tags))
    if not marks.markup and marks.are_flat(deepest):
        assert max(depths, default=0) + 1 <= deepest
    named = marks.tags_of_several(1000)
    if not marks.markup and named is not None:
        assert {tag for tag in re.findall(r"<([^<>/][^<>]*)>", rest) if tag.count('"') > 2} <= {
            tag.decode() for tag in named
        }


@pytest.mark.parametrize("name", ["ﬁ", "Ⅻ", "a\u203fb", "𐀀", "名前"])
def test_names_of_the_fifth_edition(name: str) -> None:
    """Names may have letters that expat, which follows the fourth edition, does not know."""
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        f'<e:{name} rdf:about="http://e/s"/></rdf:RDF>'
    )
    (quad,) = read_quads(text.encode(), RDFXML)
    assert quad.object.value == f"http://e/{name}"
    with pytest.raises(ParseError, match="not well-formed"):
        list(read_quads(text.replace("</rdf", "<</rdf").encode(), RDFXML))
