"""Web pages: what of them is text, what is left out, and where it stands."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from isoc_kg.documents.intake.html import extract_html
from isoc_kg.documents.intake.passages import Extraction
from isoc_kg.errors import LimitExceeded, ParseError
from isoc_kg.limits import Limits


def page(body: str, head: str = "") -> Extraction:
    text = f"<!doctype html><html lang=de-CH><head><meta charset=utf-8>{head}</head><body>{body}</body></html>"
    return extract_html(text.encode(), Limits())


def passages(body: str, head: str = "") -> list[tuple[str, str]]:
    return [(passage.kind, passage.text) for passage in page(body, head).passages]


BLOCKS = {
    "text beside blocks": ("one<p>two</p>three <b>fo</b>ur", ["one", "two", "three four"]),
    "white space of the source": ("<p>a\n   b\t c</p>", ["a b c"]),
    "line breaks are the author's": ("<p>a<br>b<br><br>c</p>", ["a\nb", "c"]),
    "a heading is one line": ("<h1>a<br>b</h1>", ["a b"]),
    "an item with paragraphs": ("<ul><li><p>a</p><p>b</p></ul>", ["- a", "b"]),
    "an item without": ("<ul><li>a<li>b<ul><li>c</ul></ul>", ["- a", "- b", "- c"]),
    "an item behind its own list": ("<ul><li>a<ul><li>b</ul>rest</ul>", ["- a", "- b", "rest"]),
    "terms and definitions": ("<dl><dt>a<dd>b</dl>", ["a", "b"]),
    "preformatted": ("<pre>a  b\n\nc\nd</pre>", ["a b", "c\nd"]),
    "a table": ("<table><caption>t</caption><tr><th>a<th>b<tr><td>c<p>d</p><td></table>", ["t", "a\tb", "c d"]),
    "an empty cell": ("<table><tr><td>a<td><td>c</table>", ["a\t\tc"]),
    "a table that sets the page": ("<table><tr><td><h2>a</h2><p>b<td><p>c</table>", ["a", "b", "c"]),
    "a table of one column": ("<table><tr><td>A b.<tr><td><p>C d.</p><p>E f.</table>", ["A b.", "C d.", "E f."]),
    "a table by role": ("<table role=presentation><tr><td>a<td>b</table>", ["a", "b"]),
    "a table in a cell": ("<table><tr><td>a<td><table><tr><td>b<td>c</table></table>", ["a", "b\tc"]),
    "soft hyphens and blanks": ("<p>co&shy;op&nbsp;5&#8239;km a&#8209;b x&ZeroWidthSpace;y</p>", ["coop 5 km a-b xy"]),
    "words in one": ("<p>un<i>break</i>able H<sub>2</sub>O</p>", ["unbreakable H₂O"]),
    "ruby": ("<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字</p>", ["漢字"]),
    "raised and lowered": (
        "<p>10<sup>9</sup> m<sup>−2</sup>, 4<sup>th</sup> x<sub>10</sub> 2<sup>k</sup> a<sup>b+c</sup> C<sup>[4]</sup>",
        ["10⁹ m⁻², 4th x₁₀ 2^(k) a^(b+c) C[4]"],
    ),
    "raised in parts": ("<p>8<sup>-<b>1</b></sup><sup>2</sup> <sup> </sup>t<sub>max</sub>", ["8⁻¹² tmax"]),
    "MathML": (
        (
            "<p>Of 3<math><semantics><mrow><mfrac><mn>1</mn><mn>4</mn></mfrac>+<msup><mi>y</mi><mn>5</mn></msup>"
            "</mrow><annotation>tex</annotation><annotation-xml><apply>x</apply></annotation-xml></semantics></math>."
        ),
        ["Of 3 1/4+y⁵."],
    ),
    "roots": (
        "<math><msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt><mroot><mn>8</mn><mn>3</mn></mroot></math>",
        ["√(a+b)³√8"],
    ),
    "an empty first cell": ("<table><tr><td><td>b<tr><td>c<td>d</table>", ["\tb", "c\td"]),
    "cells over rows and columns": (
        (
            "<table><tr><td rowspan=2>a<td colspan=2>b<td>c<tr><td>d<td>e<td>f<tr><td>g<td rowspan=0>h<td>i<td>j"
            "<tr><td>k<td>l<td>m</table>"
        ),
        ["a\tb\t\tc", "a\td\te\tf", "g\th\ti\tj", "k\th\tl\tm"],
    ),
    "a printed page's number": ("<p>gar<span role=doc-pagebreak>12</span>den</p>", ["garden"]),
    "unknown elements": ("<x-note>a <o:p>b</o:p></x-note>", ["a b"]),
    "lines of a script without blanks": ("<p>会議は\n  開かれた。<b>ポンプ</b> は</p>", ["会議は開かれた。ポンプ は"]),
    "control characters": ("<p>a&#1;b&#x7f;c</p>", ["abc"]),
}


@pytest.mark.parametrize("case", BLOCKS)
def test_blocks(case: str) -> None:
    """Blocks end passages, anything else is part of a line."""
    body, expected = BLOCKS[case]
    assert [passage.lead + passage.text for passage in page(body).passages] == expected


LEFT_OUT = {
    "navigation": ("<nav>x</nav>", "1 navigation block"),
    "page head": ("<header><a>x</a></header>", "1 page header"),
    "page foot": ("<footer>x</footer><div role=contentinfo>x</div>", "2 page footers"),
    "a page head with another heading": ("<header><h1>Our site</h1></header>", "1 page header"),
    "script": ("<script>x</script><script>y</script>", "2 scripts"),
    "style": ("<style>x</style>", "1 style sheet"),
    "hidden": ("<p hidden>x</p><div style='color:red; display: none'>x</div>", "2 hidden passages"),
    "hidden from readers": ("<span aria-hidden=true>x</span>", "1 hidden passage"),
    "a dialog that is closed": ("<dialog>x</dialog>", "1 hidden passage"),
    "form": ("<button>x</button><select><option>x</select>", "2 form controls"),
    "deleted": ("<p><del>x</del></p>", "1 deleted passage"),
    "drawing": ("<svg><text>x</text></svg>", "1 embedded object"),
    "contents": ("<div role=doc-toc>x</div>", "1 table of contents"),
    "links to titles": ("<h2><a href='#'>#</a></h2><p><a href='#t'>¶</a></p><nav>x</nav>", "1 navigation block"),
    "a wiki's links for editors": ("<p><span class=mw-editsection>[<a>edit</a>]</span></p>", "1 link for editors"),
    "a wiki's foot": ("<div class=printfooter>x</div><div id=catlinks>x</div>", "1 page footer, 1 navigation block"),
    "not printed": ("<div class=noprint>x</div>", "1 passage that is not printed"),
    "read out only": ("<span class='a sr-only'>x</span><h2 class=screen-reader-text>x</h2>", "2 hidden passages"),
    "skip link": ("<a class=skip-link href='#main'>x</a>", "1 skip link"),
    "cookies": ("<div id=cookie-notice>x</div><aside class='b cookieconsent'>x</aside>", "2 cookie banners"),
    "older pages": ("<div id=header><h1>x</h1></div><div id=footer>x</div>", "1 page header, 1 page footer"),
    "a menu of links": ("<ul class=menu><li><a>x</a><li><a>y</a></ul>", "1 navigation block"),
    "noscript": ("<noscript>x</noscript>", "1 replacement for scripts"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_what_is_no_text_is_left_out_and_noted(case: str) -> None:
    """What a site puts around a text, what nobody sees, what no text is."""
    body, note = LEFT_OUT[case]
    extraction = page(f"{body}<p>Text.</p>")
    assert extraction.text == "Text.\n"
    assert extraction.notes == (f"left out: {note}",)


def test_head_and_foot_of_a_section_are_text() -> None:
    """Only those of the page are left out; the page's own title stays, wherever it stands."""
    body = "<article><header><h2>a</h2></header><p>b<footer>c</footer></article>"
    assert passages(body) == [("heading", "a"), ("paragraph", "b"), ("paragraph", "c")]
    assert passages("<header><h1>Minutes</h1></header>x", "<title>Minutes of May – Garden</title>") == [
        ("heading", "Minutes"),
        ("paragraph", "x"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<h2 id=cookie-notice>a</h2>",
        "<section id=footer><p>a</p></section>",
        "<ul class=menu><li>a, £4</ul>",
        "<article><div id=header>a</div></article>",
        "<p class=cookie>a</p>",
        "<div id=header><div role=main>a</div></div>",
    ],
)
def test_a_name_alone_leaves_no_text_out(body: str) -> None:
    """Ids made of titles, a menu of dishes, the head of a section, a part that has the whole text in it."""
    assert [passage.text.partition(",")[0] for passage in page(body).passages] == ["a"]


def test_titles_have_no_sign_of_their_link() -> None:
    """It leads to the title itself; other links of a title are its words."""
    assert passages("<h2>a<a href='#a'>¶</a></h2><dl><dt>b <a href='#b'>#</a><dd>c <a href='#d'>§ 4</a></dl>") == [
        ("heading", "a"),
        ("paragraph", "b"),
        ("paragraph", "c § 4"),
    ]


def test_the_main_part_alone_where_a_page_has_one() -> None:
    """What stands around it is left out, whatever it is."""
    extraction = page("<div>menu</div><main><p>a</p><main>b</main></main><aside>more</aside>")
    assert [passage.text for passage in extraction.passages] == ["a", "b"]
    assert extraction.notes == ("left out: 1 passage around the main part",)
    assert page("<main><p>a</p></main>").notes == ()


FOOTNOTES = {
    "DPUB-ARIA": '<a role="doc-noteref" href="#n">1</a>|<aside role="doc-footnote" id=n>Note. '
    '<a role="doc-backlink" href="#r">back</a></aside>',
    "pandoc": '<a href="#fn1" class="footnote-ref"><sup>1</sup></a>|<section class="footnotes"><hr><ol>'
    "<li id=fn1><p>Note. "
    '<a href="#r" class="footnote-back">↩︎</a></p></ol></section>',
    "LibreOffice": '<a class="sdfootnoteanc" href="#sdfootnote1sym"><sup>1</sup></a>|<div id="sdfootnote1">'
    '<p class="sdfootnote">'
    '<a class="sdfootnotesym" href="#sdfootnote1anc">1</a> Note.</p></div>',
    "Word": '<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a>|<div id=ftn1><p class=MsoFootnoteText>'
    '<a href="#_ftnref1">[1]</a> Note.</p></div>',
    "EPUB": '<a epub:type="noteref" href="notes.xhtml#n">*</a>|<aside epub:type="footnote">Note.</aside>',
}


@pytest.mark.parametrize("program", FOOTNOTES)
def test_footnotes_are_moved_behind_the_text(program: str) -> None:
    """Their numbers are no words of the text; other raised numbers, and other links, are."""
    reference, note = FOOTNOTES[program].split("|")
    extraction = page(f"<p>A{reference} b<sup>2</sup> <a href='#x'>c</a>.</p>{note}<p>Last.</p>")
    assert [(p.kind, p.text) for p in extraction.passages] == [
        ("paragraph", "A b² c."),
        ("paragraph", "Last."),
        ("note", "Note."),
    ]
    assert extraction.notes == ("1 footnote moved behind the text",)


def test_marks_of_notes_on_other_pages_are_left_out_and_noted() -> None:
    """They would change the number before them; a raised link that is a power stays."""
    marks = "<sup><a href='notes.html#n8'>8</a></sup>", "<sup class=reference><a href='/w/cited'>[3]</a></sup>"
    extraction = page(
        f"<p>It has 70{marks[0]} rooms, 9{marks[1]} doors, 10<sup><a href='powers.html'>4</a></sup> tiles."
    )
    assert extraction.text == "It has 70 rooms, 9 doors, 10⁴ tiles.\n"
    assert extraction.notes == ("left out: 2 note marks",)


def test_links_in_footnotes_stay() -> None:
    """Only a number at the beginning, and the way back, are no words of a note."""
    note = "<p><a href='#r'>[1]</a> See <a href='#x'>civil</a> law, <a href='#y'>2</a>. <a href='#r'>^</a>"
    assert page(f"<p>A.</p><div id=ftn1>{note}</div>").passages[-1].text == "See civil law, 2."


def test_places_are_paths_to_the_passages() -> None:
    """Each CSS path leads to one element, which has the passage's words."""
    text = (
        "<!doctype html><html><body><div>loose<p>a<p>b</div><ul><li>c<li><p>d</p><p>e</ul><x-y><p>f</p></x-y>"
        "<table><caption>g</caption><tr><td>h<td>i<tbody><tr><td>j<td>k</table><h1>l</h1>tail<main><h2>m</h2>n</main>"
    )
    for source in (text, text.replace("main", "section")):
        tree = LexborHTMLParser(source)
        found = extract_html(source.encode(), Limits()).passages
        assert len(found) >= 2
        for passage in found:
            ((offset, place),) = passage.places
            (node,) = tree.css(str(place.selector))
            assert offset == 0
            assert "".join(passage.text.split()) in "".join(node.text().split())
            assert place.part is place.paragraph is place.page is None


SAID = {
    "<title> A \n B </title><meta name=author content=Ada><meta name=dcterms.issued content=2024-02-29>": (
        "A B",
        "Ada",
        "2024-02-29",
    ),
    "<meta property='article:published_time' content='2024-05-03T10:00:00Z'>": ("H", None, "2024-05-03"),
    "<meta name=date content='3 May 2024'>": ("H", None, None),
}


@pytest.mark.parametrize("head", SAID)
def test_what_a_page_says_of_itself(head: str) -> None:
    """Title, author and date of its head, its language; else the first heading is the title."""
    extraction = page("<h1>H</h1>", head)
    assert (extraction.title, extraction.author, extraction.date) == SAID[head]
    assert extraction.language == "de-CH"


ENCODINGS = {
    "UTF-8": ("<p>é€".encode(), None, "é€"),
    "a mark": ("<meta charset=latin-1><p>é€".encode("utf-8-sig"), None, "é€"),
    "UTF-16": ("<p>é€".encode("utf-16"), None, "é€"),
    "Latin 1 is Windows-1252": ("<meta charset=iso-8859-1><p>é€".encode("cp1252"), None, "é€"),
    "of old": ('<meta http-equiv=x content="text/html; charset=koi8-r"><p>да'.encode("koi8-r"), None, "да"),
    "of the server": ("<meta charset=utf-8><p>да".encode("cp1251"), "windows-1251", "да"),
    "not of a comment": ("<!-- <meta charset=koi8-r> --><meta charset=utf-8><p>é".encode(), None, "é"),
    "not of other content": (
        '<meta name=d content="a charset=koi8-r"><meta http-equiv=c content="text/html;charset=utf-8"><p>é'.encode(),
        None,
        "é",
    ),
    "Turkish": ("<meta charset=iso-8859-9><p>“Ğ”".encode("cp1254"), None, "“Ğ”"),
    "Japanese of Windows": ("<meta charset=x-sjis><p>②髙～".encode("cp932"), None, "②髙～"),
    "Chinese": ("<meta charset=gb2312><p>镕€".encode("gb18030"), None, "镕€"),
    "Korean": ("<meta charset=euc-kr><p>뷁".encode("cp949"), None, "뷁"),
    "of XML": ('<?xml version="1.0" encoding="iso-8859-1"?><html><p>é'.encode("cp1252"), None, "é"),
    "a page that cannot be UTF-16": ("<meta charset=utf-16><p>é".encode(), None, "é"),
}


@pytest.mark.parametrize("case", ENCODINGS)
def test_encodings(case: str) -> None:
    """Mark, server, head, else UTF-8."""
    content, charset, text = ENCODINGS[case]
    assert extract_html(content, Limits(), charset).passages[0].text == text


@pytest.mark.parametrize("content", [b"<p>\xff\xfa", b"<meta charset=nonsense><p>a", b"<meta charset=hex><p>a"])
def test_encodings_that_are_wrong(content: bytes) -> None:
    """Bytes are never guessed at."""
    with pytest.raises(ParseError, match=r"not utf-8 at byte 3|encoding nonsense|hex is not"):
        extract_html(content, Limits())


def test_limits() -> None:
    """Elements inside one another, and characters."""
    with pytest.raises(LimitExceeded, match="more than 200 elements inside"):
        page("<div>" * 250 + "a")
    with pytest.raises(LimitExceeded, match="more than 1,000 characters"):
        extract_html(b"<p>" + b"a " * 600, Limits(intake_characters=1000))
