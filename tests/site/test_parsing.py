"""Own templates are checked as a browser reads their pages, where scripts run and where not."""

import json
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from isoc_kg.rendering.foreign_links import readings

from .browsers import ARGUMENTS, CHROMIUM

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

SNIPPETS = [
    "<p>plain</p>",
    "<xmp><img src=a></xmp><img src=b>",
    "<xmp><!--</xmp><img src=a>-->",
    "<noscript><img src=a></noscript><img src=b>",
    "<noscript><!--</noscript><img src=a>-->",
    '<noscript><p title="</noscript><img src=a>"></noscript>',
    "<noscript><style></noscript><img src=a></style>",
    "<head><noscript><link href=a><p>x</noscript></head><img src=b>",
    "<noembed><!--</noembed><img src=a>-->",
    "<noframes><!--</noframes><img src=a>-->",
    "<iframe><!--</iframe><img src=a>-->",
    "<textarea><!--</textarea><img src=a>-->",
    "<title><!--</title><img src=a>-->",
    "<style><!--</style><img src=a>-->",
    "<script><!--<script></script><img src=a>--></script><img src=b>",
    "<svg><style><img src=a></style></svg>",
    "<svg><style>a<b>c</b></style></svg>",
    "<svg><title><img src=a></title></svg>",
    "<svg><desc><xmp><img src=a></xmp></desc></svg>",
    "<svg><xmp><img src=a></xmp></svg>",
    "<svg><noscript><g id=a></noscript></svg>",
    "<svg><foreignObject><noscript><img src=a></noscript></foreignObject></svg>",
    "<math><mtext><style><!--</style><img src=a>--></style></mtext></math>",
    "<math><mtext><mglyph><style><!--</style><img src=a></mglyph></mtext></math>",
    "<math><annotation-xml encoding='text/html'><img src=a></annotation-xml></math>",
    "<math><annotation-xml><style><img src=a></style></annotation-xml></math>",
    "<svg></p><style><a id='</style><img src=a>'>",
    "<svg><a xlink:href=a><animate attributeName=href values=b /></a></svg>",
    "<svg/><img src=a>",
    "<table><tr><td><noscript><img src=a></noscript></td></tr><noscript><img src=b></noscript></table>",
    "<table><img src=a><tr><td background=b>",
    "<form><table><form action=a></form></table><button formaction=b></form>",
    "<a href=a><a href=b>x</a>",
    "<b><p></b><img src=a></p>",
    "<p title='a' title='b' TITLE=c x='&#106;&Tab;'>",
    "<img src=a/onerror=b/>",
    "<img src='a'onerror='b'>",
    "<img\x0csrc=a>",
    "<image xlink:href=a>",
    "<button><p></button><img src=a>",
    "</p><br/></br><img src=a></img>",
    "<option><img src=a></option>",
    "<frameset><frame src=a></frameset>",
    "<p><frameset onload=a></frameset>",
    "<body onload=a><body background=b>",
    "<html lang=a><html manifest=b>",
    "<listing>\n<img src=a></listing>",
    "<ruby><rb><rt><img src=a></ruby>",
    "<plaintext><!--</plaintext><img src=a>",
    "<dl><dt><dd><img src=a></dl><svg><dd><img src=b>",
    "<marquee onstart=a><p></marquee><img src=b>",
]
_SCRIPT = """
const shown = (document) => [...document.querySelectorAll("*")].map((element) => [
  element.localName.toLowerCase(),
  [...element.attributes].map((attribute) => [attribute.name.toLowerCase(), attribute.value]).sort(),
]);
const snippets = JSON.parse(document.getElementById("snippets").textContent);
const results = [];
let waiting = snippets.length * 2;
snippets.forEach((text, number) => {
  ["allow-same-origin", "allow-same-origin allow-scripts"].forEach((sandbox, mode) => {
    const frame = document.createElement("iframe");
    frame.sandbox = sandbox;
    frame.onload = () => {
      results[2 * number + mode] = shown(frame.contentDocument);
      frame.remove();
      if (--waiting === 0) {
        const pre = document.createElement("pre");
        pre.id = "results";
        pre.textContent = JSON.stringify(results);
        document.body.append(pre);
      }
    };
    frame.srcdoc = text;
    document.body.append(frame);
  });
});
"""


def _elements(page: str) -> list[list[object]]:
    """Each element with its attributes, in the order of the document."""
    root = LexborHTMLParser(page).root
    assert root is not None
    return [
        [
            (node.tag or "").lower().replace("noframes", "noscript"),
            sorted([name.lower(), value or ""] for name, value in node.attributes.items()),
        ]
        for node in root.traverse()
        if node.is_element_node
    ]


def test_as_a_browser_reads_it(tmp_path: Path) -> None:
    """One page with a frame for each snippet, in each mode."""
    data = json.dumps(["<!doctype html>" + text for text in SNIPPETS]).replace("<", "\\u003c")
    page = tmp_path / "page.html"
    page.write_text(
        f'<!doctype html><meta charset=utf-8><body><script type="application/json" id="snippets">{data}</script>'
        f"<script>{_SCRIPT}</script>",
        encoding="utf-8",
    )
    assert CHROMIUM is not None
    done = subprocess.run(
        [
            CHROMIUM, *ARGUMENTS, "--headless", "--virtual-time-budget=20000",
            f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri(),
        ],
        capture_output=True, text=True, encoding="utf-8", timeout=120, check=True,
    )  # fmt: skip
    found = re.search(r'<pre id="results">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stdout[-2000:]
    browser = json.loads(unescape(found[1]))
    differences = []
    for number, text in enumerate(SNIPPETS):
        without, with_scripts = readings("<!doctype html>" + text)
        for mode, reading in enumerate((without, with_scripts)):
            theirs = [
                [tag.replace("noframes", "noscript"), attributes] for tag, attributes in browser[2 * number + mode]
            ]
            if _elements(reading) != theirs:
                differences.append((text, mode, _elements(reading), theirs))
    assert not differences, differences
