# ruff: noqa: E501
"""Texts for printing: passages of two languages as HTML, flat OpenDocument and TeX, which programs make PDF of."""

from __future__ import annotations

import html
import random
from dataclasses import dataclass, field

from isoc_kg.documents.intake.passages import Extraction, Passage


@dataclass(frozen=True)
class Block:
    kind: str  # as of a passage
    text: str  # with [[…]] around a footnote
    level: int = 2


@dataclass(frozen=True)
class Printed:
    """A text with all that layout does to it."""

    language: str
    title: str
    blocks: list[Block] = field(default_factory=list)

    def passages(self) -> Extraction:
        """What is to come out: footnotes behind the text."""
        notes: list[Passage] = []
        passages = [Passage(self.title, "heading")]
        number = 0
        for block in self.blocks:
            text, note = split_note(block.text)
            if note:
                notes.append(Passage(note, "note"))
            number = number + 1 if block.kind == "numbered" else 0
            if block.kind == "numbered":
                passages.append(Passage(text, "item", (), f"{number}."))
            elif block.kind == "row":
                passages.append(Passage(text.replace("|", "\t"), "row"))
            else:
                passages.append(Passage(text, block.kind))
        return Extraction((*passages, *notes), "none")


def split_note(text: str) -> tuple[str, str]:
    before, mark, rest = text.partition("[[")
    note, _, after = rest.partition("]]")
    return (before + after, note) if mark else (text, "")


_EN = """\
heading|The registry of the valley
paragraph|The valley keeps a well-known registry of its bridges, mills and footpaths. Every summer, two surveyors walk along the river and write down what they find.[[The first survey was made in 1871 by a teacher and her pupils, and took eleven days.]] Their notebooks are kept in the town hall, where anybody may read them.
paragraph|Most entries are short. A bridge has a name, a year, a builder and a state of repair; a mill has an owner as well. Entries that are no longer true are not removed but crossed out, so that later readers can see what was believed at the time.
paragraph|How does an entry come into being? A surveyor proposes it, a second surveyor confirms it, and the clerk copies it into the book. The well-known rule that no entry may rest on hearsay was adopted after the flood of 1903, when an official report named a bridge that had never been built.
heading|Duties of the surveyors
paragraph|The surveyors have three duties, which were last revised in 1998:
item|They measure each structure and compare the figures with those of the year before.
item|They ask the owners about repairs, and note the answers with the date and the name of whoever gave them, even where the answer is that nothing was done.
item|They photograph whatever has changed.
paragraph|Difficult cases go to a committee of five. It meets in the off-season, offers its opinion in writing, and is free to ask for a second visit.
heading|Order of work
numbered|Read the entries of the last three years.
numbered|Walk the whole way, beginning at the upper mill, and do not leave out the fenced-off parts unless the weather makes them dangerous.
numbered|Write the report on the same day.
heading|Figures
paragraph|The following figures were read at the annual meeting.
row|Year|Bridges|Mills
row|1998|41|12
row|2008|44|9
row|2018|47|7
paragraph|Between 1998 and 2018 the number of mills fell by five, whereas that of bridges grew by six. Dr. Halloran, who chairs the committee, called this “a shift from work to leisure”. The area that is surveyed has 340 km², of which 12.5 per cent are forest.
heading|Disagreements
paragraph|Surveyors do not always agree. In 2004 two of them gave different years for the same footbridge: one had read 1921 on a keystone, the other 1927 in a letter. The committee decided that both years be kept, each with its source, until a third source is found.[[It was found in 2011, in the accounts of a quarry; the footbridge is of 1927.]] This practice has been followed ever since.
paragraph|Critics object that a registry ought to give one answer. The self-evident reply is that a registry which hides its doubts is not more certain, only less honest. Whoever needs one answer may take the entry that was confirmed last, and say so.
"""

_DE = """\
heading|Die Vereinsordnung der Sternwarte
paragraph|Die Sternwarte auf dem Galgenberg wird von einem gemeinnützigen Verein betrieben, der derzeit 214 Mitglieder hat. Führungen finden von März bis Oktober an jedem Freitag statt, sofern der Himmel klar ist.[[Bei bedecktem Himmel wird stattdessen ein Vortrag im Kuppelraum gehalten.]] Für Schulklassen werden zusätzliche Vor- und Nachmittagstermine angeboten.
paragraph|Größere Anschaffungen beschließt die Mitgliederversammlung. Über kleinere Ausgaben entscheidet der Vorstand, der dem Rechnungsprüfungsausschuss vierteljährlich berichtet. Überschüsse fließen in die Instandhaltung des Spiegelteleskops.
heading|Aufgaben des Vorstands
item|Er beruft die Mitgliederversammlung ein und führt ihre Beschlüsse aus.
item|Er verwaltet das Vereinsvermögen sowie die Beobachtungsaufzeichnungen, die seit der Gründung im Jahr 1926 lückenlos geführt werden.
item|Er vertritt den Verein nach außen.
heading|Öffentlichkeitsarbeit
paragraph|Die Öffentlichkeitsarbeit umfasst Pressemitteilungen, einen Veranstaltungskalender und die Zusammenarbeit mit Volkshochschulen. Im Jahr 2019 kamen rund 4.300 Besucherinnen und Besucher; das sind 12,4 Prozent mehr als im Vorjahr. Der Höhepunkt war die Mondfinsternis am 16. Juli, zu der sich die Schlange bis zum Parkplatz zog.
paragraph|Wer Mitglied werden möchte, füllt den Aufnahmeantrag aus und gibt ihn an der Kasse ab. Über die Aufnahme entscheidet der Vorstand innerhalb von vier Wochen. Der Jahresbeitrag beträgt 48 Euro, ermäßigt 24 Euro.
"""

_SUBJECTS = [
    "The clerk",
    "A surveyor",
    "The committee",
    "The miller’s family",
    "An anonymous reader",
    "The district office",
    "The teacher",
]
_VERBS = [
    "examined",
    "questioned",
    "described",
    "photographed",
    "re-examined",
    "catalogued",
    "overlooked",
    "acknowledged",
]
_OBJECTS = [
    "the upstream embankment",
    "several fire-damaged notebooks",
    "an inconspicuous milestone",
    "the correspondence of the waterworks",
    "a long-forgotten footpath",
    "the administrative boundary",
    "the effigy above the office door",
    "thirty-two official affidavits",
    "the first-floor filing cabinets",
]
_ENDS = ["before the thaw set in", "although nobody had asked for it", "without informing the neighbouring municipality", "and filed a fifteen-page report", "because the instructions were contradictory", "in the course of a single afternoon", "which considerably simplified the subsequent investigation"]  # fmt: skip
_BEGINNINGS = ["Nevertheless, ", "Later, ", "In spring, ", "According to the minutes, ", "", "", ""]


def _more(paragraphs: int) -> list[Block]:
    """Paragraphs of sentences that are made by chance, always the same ones."""
    chance = random.Random(7)
    seen: set[str] = set()
    blocks = []
    for number in range(paragraphs):
        sentences: list[str] = []
        while len(sentences) < 3 + number % 4:
            parts = [chance.choice(words) for words in (_BEGINNINGS, _SUBJECTS, _VERBS, _OBJECTS, _ENDS)]
            beginning, subject, verb, object_, end = parts
            sentence = (
                f"{beginning}{subject[0].lower() + subject[1:] if beginning else subject} {verb} {object_} {end}."
            )
            if sentence not in seen:
                seen.add(sentence)
                sentences.append(sentence)
        blocks.append(Block("paragraph", " ".join(sentences)))
    return blocks


def _blocks(text: str) -> list[Block]:
    return [Block(*line.split("|", 1)) for line in text.splitlines()]


ENGLISH = Printed(
    "en", "Surveying the Valley of the Seven Mills", [*_blocks(_EN), Block("heading", "Reports"), *_more(30)]
)
GERMAN = Printed("de", "Satzung und Arbeitsweise", _blocks(_DE))


def as_html(text: Printed) -> str:
    """For a browser's print; notes are at the end, as browsers have no footnotes."""
    parts = [
        f"<!doctype html><html lang={text.language}><meta charset=utf-8><title>{html.escape(text.title)}</title>",
        (
            "<style>@page{size:A5;margin:18mm} body{font-family:'DejaVu Serif';font-size:10pt;text-align:justify;hyphens:auto}"
            "td,th{border:1px solid;padding:2pt 6pt}</style>"
        ),
        f"<h1>{html.escape(text.title)}</h1>",
    ]
    open_list = ""
    notes = []
    for block in text.blocks:
        words, note = split_note(block.text)
        if note:
            notes.append(f"<p>{html.escape(note)}</p>")
        words = html.escape(words)
        inside = {"item": "ul", "numbered": "ol", "row": "table"}.get(block.kind, "")
        if inside != open_list:
            parts += [f"</{open_list}>" if open_list else "", f"<{inside}>" if inside else ""]
            open_list = inside
        if block.kind == "heading":
            parts.append(f"<h2>{words}</h2>")
        elif block.kind == "row":
            parts.append("<tr>" + "".join(f"<td>{cell}" for cell in words.split("|")))
        else:
            parts.append(f"<li>{words}</li>" if inside else f"<p>{words}</p>")
    return "\n".join([*parts, f"</{open_list}>" if open_list else "", *notes])


def as_tex(text: Printed, *, columns: int) -> str:
    """For pdflatex, with footnotes, running heads and page numbers."""
    babel = (
        ""
        if text.language == "en"
        else "\\hyphenation{Be-ob-ach-tungs-auf-zeich-nun-gen Rech-nungs-prü-fungs-aus-schuss}"
    )
    parts = [
        f"\\documentclass[10pt,{'twocolumn,a4paper' if columns == 2 else 'a5paper'}]{{article}}",
        r"\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}\usepackage{lmodern}\usepackage{textcomp}",
        r"\pagestyle{myheadings}\markright{\rm " + _tex(text.title) + "}" + babel,
        r"\begin{document}\title{" + _tex(text.title) + r"}\author{}\date{}\maketitle\thispagestyle{plain}",
    ]
    open_list = ""
    for block in text.blocks:
        inside = {"item": "itemize", "numbered": "enumerate", "row": "tabular"}.get(block.kind, "")
        if inside != open_list:
            parts.append(f"\\end{{{open_list}}}\n" if open_list else "")
            parts.append(f"\\begin{{{inside}}}" + ("{lll}" if inside == "tabular" else "") if inside else "")
            open_list = inside
        words, note = split_note(block.text)
        if note:
            before, _, after = block.text.partition(f"[[{note}]]")
            words = _tex(before) + f"\\footnote{{{_tex(note)}}}" + _tex(after)
        else:
            words = _tex(words)
        if block.kind == "heading":
            parts.append(f"\\section*{{{words}}}")
        elif block.kind == "row":
            parts.append(words.replace("|", " & ") + r" \\")
        else:
            parts.append(f"\\item {words}" if inside else words + "\n")
    return "\n".join([*parts, f"\\end{{{open_list}}}" if open_list else "", r"\end{document}"])


def _tex(text: str) -> str:
    return (
        text.replace("%", r"\%")
        .replace("km²", r"km\textsuperscript{2}")
        .replace("“", "``")
        .replace("”", "''")
        .replace("’", "'")
    )


_FODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text"><office:styles>
<style:style style:name="Standard" style:family="paragraph"><style:paragraph-properties fo:text-align="justify"
 fo:margin-bottom="2mm"/><style:text-properties style:font-name="DejaVu Serif" fo:font-family="DejaVu Serif"
 fo:font-size="10pt" fo:language="{language}" fo:country="{country}" fo:hyphenate="true"/></style:style>
<style:style style:name="Heading" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties
 fo:keep-with-next="always" fo:text-align="start"/><style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Footnote" style:family="paragraph" style:parent-style-name="Standard"><style:text-properties
 fo:font-size="8pt"/></style:style>
<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1" text:bullet-char="•">
<style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment
 text:label-followed-by="listtab" fo:text-indent="-6mm" fo:margin-left="12mm"/></style:list-level-properties>
</text:list-level-style-bullet></text:list-style>
<text:list-style style:name="Numbers"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix=".">
<style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment
 text:label-followed-by="listtab" fo:text-indent="-6mm" fo:margin-left="12mm"/></style:list-level-properties>
</text:list-level-style-number></text:list-style></office:styles><office:automatic-styles>
<style:page-layout style:name="L"><style:page-layout-properties fo:page-width="148mm" fo:page-height="210mm"
 fo:margin="15mm"/><style:header-style><style:header-footer-properties fo:min-height="8mm" fo:margin-bottom="4mm"/>
</style:header-style><style:footer-style><style:header-footer-properties fo:min-height="8mm" fo:margin-top="4mm"/>
</style:footer-style></style:page-layout></office:automatic-styles><office:master-styles>
<style:master-page style:name="Standard" style:page-layout-name="L"><style:header><text:p>{title}</text:p></style:header>
<style:footer><text:p>Page <text:page-number/></text:p></style:footer></style:master-page></office:master-styles>
<office:body><office:text>{body}</office:text></office:body></office:document>
"""


def as_fodt(text: Printed) -> str:
    """For LibreOffice, with footnotes, page heads and page numbers."""
    parts = [f'<text:h text:style-name="Heading" text:outline-level="1">{html.escape(text.title)}</text:h>']
    open_list = ""
    number = 0
    opened = {
        "item": '<text:list text:style-name="Bullets">',
        "numbered": '<text:list text:style-name="Numbers">',
        "row": '<table:table><table:table-column table:number-columns-repeated="3"/>',
    }
    closed = {"item": "</text:list>", "numbered": "</text:list>", "row": "</table:table>"}
    for block in text.blocks:
        if block.kind != open_list:
            parts += [closed.get(open_list, ""), opened.get(block.kind, "")]
            open_list = block.kind
        words, note = split_note(block.text)
        if note:
            number += 1
            before, _, after = block.text.partition(f"[[{note}]]")
            body = (
                f'{html.escape(before)}<text:note text:id="n{number}" text:note-class="footnote"><text:note-citation>'
                f'{number}</text:note-citation><text:note-body><text:p text:style-name="Footnote">{html.escape(note)}'
                f"</text:p></text:note-body></text:note>{html.escape(after)}"
            )
        else:
            body = html.escape(words)
        if block.kind == "heading":
            parts.append(f'<text:h text:style-name="Heading" text:outline-level="2">{body}</text:h>')
        elif block.kind == "row":
            cells = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in body.split("|"))
            parts.append(f"<table:table-row>{cells}</table:table-row>")
        elif block.kind in ("item", "numbered"):
            parts.append(f"<text:list-item><text:p>{body}</text:p></text:list-item>")
        else:
            parts.append(f"<text:p>{body}</text:p>")
    parts.append(closed.get(open_list, ""))
    country = {"en": "GB", "de": "DE"}[text.language]
    return _FODT.format(language=text.language, country=country, title=html.escape(text.title), body="\n".join(parts))
