"""The graph in a real browser: from thing to thing and by class, legible at every size, and the same as a list."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from blanks import blanks
from isoc_kg.project import load_project
from isoc_kg.site import publish_project

from .browsers import AXE, RUN_AXE, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HARBOUR = Path(__file__).parents[2] / "examples/harbour-trust"
#: Texts and boxes that meet, leave the picture or the box that they are in; and how many there are.
COLLISIONS = """() => {
  const svg = document.querySelector(".canvas svg"), areas = [], found = [];
  const area = one => { const r = one.getBoundingClientRect(); return {l: r.left, t: r.top, r: r.right, b: r.bottom}; };
  const meets = (a, b) => a.l < b.r - 1 && b.l < a.r - 1 && a.t < b.b - 1 && b.t < a.b - 1;
  const within = (a, b) => a.l >= b.l - 1 && a.r <= b.r + 1 && a.t >= b.t - 1 && a.b <= b.b + 1;
  for (const box of svg.querySelectorAll(".box")) {
    const frame = area(box.querySelector("rect:not(.sign)"));
    areas.push([box.textContent, frame, box]);
    const parts = [...box.querySelectorAll("text, .open rect, .sign")].map(one => [one.textContent, area(one)]);
    for (const [text, one] of parts) if (!within(one, frame)) found.push(`${text} leaves its box`);
    // lines of one name are as near as lines of a text are: their letters do not meet
    parts.forEach(([text, one], number) => parts.slice(number + 1).forEach(([other, two]) => {
      const [a, b] = [{...one, b: one.b - 4}, {...two, b: two.b - 4}];
      if (meets(a, b)) found.push(`${text} meets ${other} in a box`);
    }));
  }
  for (const one of svg.querySelectorAll(".caption, .chord text, .cluster .hull, .cluster text"))
    areas.push([one.textContent || "cluster", area(one), one.closest(".cluster")]);
  areas.forEach(([text, one, of], number) => {
    if (!within(one, area(svg))) found.push(`${text} leaves the picture`);
    for (const [other, two, same] of areas.slice(number + 1))
      if (!(of && of === same) && meets(one, two)) found.push(`${text} meets ${other}`);
  });
  return [areas.length, found];
}"""
#: What of a drawing is beyond the left or right edge of its place; and by how much that and the page scroll sideways.
CUT = """() => {
  const canvas = document.querySelector(".canvas"), left = canvas.getBoundingClientRect().left + canvas.clientLeft;
  const cut = [...canvas.querySelectorAll(".box, .caption, .cluster, .chord")].filter(one => {
    const area = one.getBoundingClientRect();
    return area.left < left || area.right > left + canvas.clientWidth;
  });
  const beyond = one => one.scrollWidth - one.clientWidth;
  return [cut.map(one => one.textContent), beyond(canvas), beyond(document.documentElement)];
}"""
#: Presses the first thing below one that has links to show, or the first of all; gives its key.
GROW = """above => {
  const boxes = [...document.querySelectorAll(".box")];
  const from = boxes.findIndex(one => one.querySelector("[data-key]").dataset.key === above);
  const next = boxes.slice(from + 1).map(one => one.querySelector("[aria-expanded=false]")).find(Boolean);
  next.dispatchEvent(new MouseEvent("click"));
  return next.dataset.key;
}"""
PLACES = """() => [...document.querySelectorAll(".canvas svg :is(rect, text, circle, path)")]
  .map(one => ["x", "y", "cx", "cy", "d"].map(name => one.getAttribute(name)).join() + one.textContent).join("\\n")"""


def made(count: int = 5000) -> dict[str, Any]:
    """A graph of things with names of one to five words, one with 200 members, of a dozen classes."""
    chance = random.Random(7)
    words = [
        "harbour",
        "north",
        "pilot",
        "survey",
        "archive",
        "river",
        "council",
        "vessel",
        "garden",
        "museum",
        "letter",
        "bridge",
    ]
    nodes: list[dict[str, Any]] = [
        {
            "u": f"id/n{number}.html",
            "l": f"{' '.join(chance.sample(words, chance.randint(1, 5)))} {number}",
            "c": min(11, int(chance.expovariate(0.35))),
        }
        for number in range(count)
    ]
    nodes[0] |= {"l": "Trust of everything", "n": ["TOE", "Allzuständige Stelle"]}
    edges = {(0, number, 0) for number in range(1, 201)}
    for number in range(1, count):
        for _ in range(chance.randint(1, 4)):
            other = int(count * chance.random() ** 3)
            edges |= {(number, other, chance.randrange(9))} if other != number else set()
    return {
        "start": 0,
        "classes": [
            {"l": f"{word} class", "u": f"browse/class/{word}.html", "n": sum(node["c"] == number for node in nodes)}
            for number, word in enumerate(words)
        ],
        "properties": ["has member", "belongs to", "reports to", "is described by", "was surveyed and measured for",
                       "is near", "follows", "precedes", "is part of"],
        "aside": [],
        "states": [["", ""], ["supported", ""], ["implied", "only implied"], ["disputed", "sources disagree"]],
        "supports": ["", "sentence 2.3", "sentences 4.1, 7.2"],
        "nodes": nodes,
        "edges": [[*edge, chance.randint(1, 3), chance.randint(1, 2), "0123456789abcdef"] for edge in sorted(edges)],
    }  # fmt: skip


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a site of another project is served, whose sources disagree."""
    folder = tmp_path_factory.mktemp("graph") / "site"
    publish_project(load_project(HARBOUR), folder)
    with served(folder) as host:
        yield host


@pytest.fixture(scope="module")
def large() -> str:
    """The data of the made graph."""
    return json.dumps(made())


def see(page: "Page", address: str = "explore.html", data: str = "") -> None:
    """Open the graph and wait until it is drawn."""
    if data:
        page.route("**/data/graph.json", lambda route: route.fulfill(body=data, content_type="application/json"))
    page.goto(address)
    page.locator("#graph svg .box, #graph svg .cluster").first.wait_for()


def drawn(page: "Page") -> list[str]:
    """The things that hang on the one in the middle, as they are drawn."""
    return page.locator(".box.thing > [role=button]").evaluate_all("all => all.map(one => one.dataset.key)")


def root(page: "Page") -> str:
    """What everything drawn hangs on."""
    return page.locator(".box.root > [role=button]").get_attribute("aria-label") or ""


def thing(page: "Page", key: str) -> Any:
    """The box of a thing."""
    return page.locator(f'.box [data-key="{key}"]')


class TestNeighbourhood:
    """A thing and what it is linked to, and so on."""

    def test_start(self, page: "Page") -> None:
        """It opens on the thing that the publication is about, with its links named and their direction drawn."""
        see(page)
        assert root(page) == "Internet Society"
        captions = page.locator(".caption").all_text_contents()
        assert "initiative →" in captions
        assert "established by →" in captions
        assert page.locator(".lines .head").count() >= page.locator(".box.thing").count()
        names = page.locator(".link-list li > a:first-child").evaluate_all(
            "all => all.map(one => one.getAttribute('href').replace('.html', ''))"
        )
        assert [key.rpartition(" ")[2] for key in drawn(page)] == names, "the list has the same in the same order"
        heads = page.locator(".link-list h3").evaluate_all(
            "all => all.map(one => [...one.childNodes].find(part => part.nodeType === 3).textContent)"
        )
        assert heads == [text.strip("→← ") for text in captions]
        why = page.locator(".link-list li", has_text="Online Trust Alliance").locator(".why").first
        assert why.get_attribute("href").startswith("id/internet-society.html#")  # type: ignore[union-attr]
        assert blanks(why.text_content() or "") == "implied by lead-in 14.3"

    @pytest.mark.parametrize("width", [360, 900, 1100, 1200, 1280])
    def test_the_start_is_in_view(self, page: "Page", width: int) -> None:
        """Nothing of it is beyond the edges of the picture's place, and no text meets another."""
        page.set_viewport_size({"width": width, "height": 900})
        see(page)
        assert (
            page.evaluate(
                "(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)(document.querySelector('.canvas'))"
            )
            == 0
        )
        assert page.evaluate(COLLISIONS)[1] == []

    def test_growing(self, page: "Page") -> None:
        """A click shows the links of a thing, another hides them; the address keeps it, and Back goes back."""
        see(page)
        before = drawn(page)
        thing(page, "id/manrs").click()
        page.wait_for_url("**/explore.html#id=id/internet-society&with=id/manrs")
        assert len(drawn(page)) > len(before)
        assert set(before) <= set(drawn(page))
        assert "Mutually Agreed" in (page.locator(".card").text_content() or "")
        grown = drawn(page)
        page.reload()
        page.locator(".box.grown").wait_for()
        assert drawn(page) == grown
        page.go_back()
        page.locator(".box.grown").wait_for(state="detached")
        assert drawn(page) == before
        page.go_forward()
        thing(page, "id/manrs").click()
        page.locator(".box.grown").wait_for(state="detached")
        page.locator(".box.thing", has=page.locator("[data-key='id/manrs']")).locator(".open").click()
        page.wait_for_url("**/id/manrs.html")

    def test_names_are_whole_on_a_phone(self, page: "Page") -> None:
        """However deep it grows, names, captions and words for support take lines, and none is cut."""
        page.set_viewport_size({"width": 360, "height": 900})
        see(page)
        for step in range(3):
            words = page.locator(".canvas .box text, .canvas .caption").all_text_contents()
            assert [text for text in words if "…" in text] == []
            assert page.evaluate(COLLISIONS)[1] == []
            folded = page.locator(".box.thing:not(.grown) > [aria-expanded=false]")
            before = len(drawn(page))
            folded.nth(min(2, folded.count() - 1)).click()
            until = page.locator(".box.grown")
            until.nth(step).wait_for()
            assert len(drawn(page)) > before

    @pytest.mark.parametrize("at", ["id/manrs", "id/manrs,id/network-operators"])
    def test_what_has_grown_is_in_sight(self, page: "Page", at: str) -> None:
        """By an address, too: the thing with what hangs on it, as far as there is room; its way leads back."""
        page.emulate_media(reduced_motion="reduce")
        see(page, f"explore.html#id=id/internet-society&with={at}")
        way = at.split(",")
        within = """one => {
          const [a, b] = [one, document.querySelector(".canvas")].map(each => each.getBoundingClientRect());
          return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
        }"""
        seen = {name: thing(page, name).evaluate(within) for name in way[-1:]}
        seen["hanging"] = page.locator(".link-list ul " + "ul " * len(way) + "a:first-child").count() > 3
        boxes = page.locator(".box > [role=button]")
        keys = [key for key in boxes.evaluate_all(f"all => all.filter({within}).map(one => one.dataset.key)") if key]
        seen["children"] = len(keys) > 12
        assert seen == dict.fromkeys(seen, True)
        steps = page.locator(".trail button")
        assert steps.count() == len(way) + 1
        steps.first.click()
        assert page.evaluate("document.activeElement.dataset.key") == "root"
        assert page.locator(".box.root > [role=button]").evaluate(within)
        page.get_by_role("button", name="Start", exact=True).click()
        assert steps.count() == 0

    @pytest.mark.parametrize("width", [360, 1280])
    def test_what_grows_stays(self, page: "Page", width: int) -> None:
        """What was pressed is where it was on the screen, has the focus, and keeps it when the window changes."""
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(reduced_motion="reduce")
        see(page)
        top = "one => { one.focus(); return one.getBoundingClientRect().top; }"
        for key in ("id/manrs", "id/improved-security-and-stability"):
            before = thing(page, key).evaluate(top)
            page.keyboard.press("Enter")
            assert thing(page, key).get_attribute("aria-expanded") == "true"
            after = thing(page, key).evaluate("one => one.getBoundingClientRect().top")
            # a picture that scrolls moves up so that what has grown is seen, and not further than to its beginning
            assert after == pytest.approx(before, abs=1) or (width > 360 and 269 < after < before)
            assert page.evaluate("document.activeElement.dataset.key") == key
        at = page.locator(".canvas svg").evaluate("one => one.getAttribute('width')")
        page.set_viewport_size({"width": width + 40, "height": 900})
        page.locator(f".canvas svg:not([width='{at}'])").wait_for()
        assert page.evaluate("document.activeElement.dataset.key") == key

    def test_nothing_left_to_grow(self, page: "Page") -> None:
        """A thing all of whose links are drawn says so when it is pressed, and is not drawn anew."""
        edges = [[0, 1, 0, 1, 1, ""], [0, 2, 1, 1, 1, ""], [1, 3, 0, 1, 1, ""]]
        see(page, data=json.dumps(made(4) | {"edges": edges}))
        words = "All its links are drawn."
        card = page.locator(".card .hint")
        assert card.text_content() == words, "of the one in the middle, too"
        grows, leaf = thing(page, "id/n1"), thing(page, "id/n2")
        assert words not in (grows.get_attribute("aria-label") or "")
        assert words in (leaf.get_attribute("aria-label") or "")
        before = drawn(page)
        leaf.click()
        assert page.locator("#graph [role=status]").text_content() == card.text_content() == words
        assert drawn(page) == before
        listed = page.locator(".link-list [data-list-key]")
        assert listed.evaluate_all("all => all.map(one => one.dataset.listKey)") == ["id/n1"], "nor has the list"
        grows.click()
        assert len(drawn(page)) == len(before) + 1

    def test_from_here(self, page: "Page") -> None:
        """What is chosen can become the middle; its page is a link beside it."""
        see(page)
        thing(page, "id/manrs").click()
        page.get_by_role("button", name="Start from here").click()
        page.wait_for_url("**/explore.html#id=id/manrs")
        assert root(page).startswith("Mutually Agreed")
        page.go_back()
        page.wait_for_url("**with=id/manrs")
        assert root(page) == "Internet Society"
        page.locator(".card").get_by_role("link", name="Open its page").wait_for()

    def test_keyboard(self, page: "Page") -> None:
        """Tab reaches the picture, arrows go from thing to thing, Enter shows the links of one, and the focus stays."""
        see(page)
        page.get_by_role("button", name="1:1").focus()
        page.keyboard.press("Tab")
        focus = "document.activeElement.dataset.key"
        if page.evaluate(focus) is None:  # a box that can be scrolled has a stop of its own in some browsers
            page.keyboard.press("Tab")
        assert page.evaluate(focus) == "root"
        page.keyboard.press("ArrowRight")
        key = page.evaluate(focus)
        assert key in drawn(page)
        label = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert label.startswith(page.locator(".card b").text_content()), "the whole name stands beside the picture, too"
        page.keyboard.press("Enter")
        page.locator(".box.grown").wait_for()
        assert page.evaluate(focus) == key
        page.keyboard.press("ArrowRight")
        assert page.evaluate(focus) not in ("root", key)
        for name in ("+", "-", "0", "Home"):
            page.keyboard.press(name)
        assert page.evaluate(focus) == "root"

    def test_list_grows_too(self, page: "Page") -> None:
        """What a click on a thing does, a button in the list does."""
        see(page)
        button = page.locator(".link-list [data-list-key='id/manrs']").first
        assert button.get_attribute("aria-expanded") == "false"
        button.focus()
        page.keyboard.press("Enter")
        page.locator(".box.grown").wait_for()
        assert page.evaluate("document.activeElement.dataset.listKey") == "id/manrs"
        assert page.locator(".link-list li li").count() > 3

    def test_hub(self, page: "Page", large: str) -> None:
        """Two hundred members are a few and how many more, which unfold; Back folds them."""
        see(page, data=large)
        more = page.locator(".box.more", has_text="195 more")
        more.locator("[role=button]").click()
        page.locator(".box.more", has_text="171 more").wait_for()
        assert page.evaluate(COLLISIONS)[1] == []
        page.go_back()
        more.wait_for()

    def test_more_kinds_of_links(self, page: "Page") -> None:
        """Properties beyond those that there is room for unfold."""
        see(page)
        before = page.locator(".caption").count()
        page.locator(".box.bunches > [role=button]").first.click()
        assert page.locator(".caption").count() == before + 12

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("ietf", "Internet Engineering Task Force"),
            ("ISOC", "Internet Society"),
            ("mutually agreed", "Mutually Agreed Norms for Routing Security"),
        ],
    )
    def test_finding(self, page: "Page", text: str, name: str) -> None:
        """By any name or acronym, whatever its case; the option says which name fits."""
        see(page)
        field = page.get_by_role("combobox", name="Find a thing")
        field.fill(text)
        option = page.locator("#found-nodes [role=option]").first
        assert (option.text_content() or "").startswith(name)
        field.press("ArrowDown")
        assert option.get_attribute("aria-selected") == "true"
        field.press("Enter")
        page.locator(".box.root", has_text=name.split()[0]).wait_for()
        assert root(page) == name
        field.fill("zzz")
        field.press("Enter")
        page.locator("#graph [role=status]", has_text="zzz").wait_for()

    def test_finding_without_accents(self, page: "Page", large: str) -> None:
        """Accents need not be typed."""
        see(page, data=large)
        field = page.get_by_role("combobox", name="Find a thing")
        field.fill("allzustandig")
        assert "Allzuständige" in (page.locator("#found-nodes [role=option]").first.text_content() or "")

    def test_from_a_thing(self, page: "Page") -> None:
        """A thing's own page leads to its neighbourhood."""
        page.goto("id/manrs.html")
        page.get_by_role("link", name="whole graph").click()
        page.locator(".box.root").wait_for()
        assert root(page).startswith("Mutually Agreed")

    def test_evidence(self, page: "Page", harbour: str, browser: "Browser") -> None:
        """A link that no sentence states is dashed and says so; one on which sources disagree, too."""
        context = browser.new_context()
        page = context.new_page()
        see(page, harbour + "explore.html#id=id/margarethe")
        disputed = page.locator(".box", has=page.locator(".state.disputed"))
        implied = page.locator(".box", has=page.locator(".state.implied"))
        assert "implied" in (implied.first.text_content() or "")
        styles = page.locator(".lines path.implied").first.evaluate("one => getComputedStyle(one).strokeDasharray")
        assert styles != "none"
        assert implied.count() == page.locator(".link-list .why.implied").count()
        assert disputed.count() == page.locator(".link-list .state.disputed").count()
        context.close()


class TestOverview:
    """The whole by class."""

    def test_classes(self, page: "Page") -> None:
        """Clusters with counts and named links; a click shows the things of a class, which grow."""
        see(page, "explore.html#overview")
        topic = page.locator(".cluster", has_text="topic")
        assert "46" in (topic.text_content() or "")
        assert topic.locator(".sign").count() == 46
        assert page.locator(".chord").count() > 8
        topic.locator("[role=button]").press("Enter")
        page.wait_for_url("**#class=**")
        assert root(page) == "topic"
        assert page.locator(".box.thing").count() == 12
        page.locator(".box.thing > [role=button]").first.click()
        page.locator(".box.grown").wait_for()
        page.go_back()
        page.go_back()
        page.locator(".cluster.rest [role=button]").press("Enter")
        page.locator(".cluster.rest").wait_for(state="detached")
        assert page.evaluate(COLLISIONS)[1] == []
        assert page.locator(".link-list h3").count() == page.locator(".cluster").count()

    def test_pointing(self, page: "Page") -> None:
        """Pointing at a class brings its links out."""
        see(page, "explore.html#overview")
        page.locator(".cluster").first.hover()
        near = page.locator(".chord.near").count()
        assert 0 < near < page.locator(".chord").count()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("which", ["shipped", "harbour", "large"])
def test_that_nothing_collides(
    browser: "Browser", address: str, harbour: str, large: str, which: str, width: int
) -> None:
    """No name meets another, or a box, and none is cut off; two loads put everything at the same place."""
    host = harbour if which == "harbour" else address
    context = browser.new_context(base_url=host, viewport={"width": width, "height": 800})
    places = []
    for _ in range(2 if which == "shipped" else 1):
        page = context.new_page()
        see(page, "explore.html", large if which == "large" else "")
        for _ in range(4):
            page.locator(".box.thing:not(.again) > [aria-expanded=false]").nth(1).dispatch_event("click")
        page.locator(".box.more > [role=button], .box.bunches > [role=button]").first.dispatch_event("click")
        areas, collisions = page.evaluate(COLLISIONS)
        assert collisions == []
        assert areas > 25
        assert page.locator(".box.grown").count() == 4
        places.append(page.evaluate(PLACES))
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.get_by_role("button", name="Overview").click()
        areas, collisions = page.evaluate(COLLISIONS)
        assert collisions == []
        assert areas > 20
        places.append(page.evaluate(PLACES))
        page.close()
    assert places[:2] == places[-2:]
    context.close()


@pytest.mark.parametrize(("which", "width"), [("shipped", 360), ("large", 768), ("large", 1200), ("shipped", 1280)])
def test_that_nothing_is_cut(browser: "Browser", address: str, large: str, which: str, width: int) -> None:
    """However deep it grows, all stands within the width of its place, which does not scroll sideways."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    see(page, "explore.html", large if which == "large" else "")
    if which == "large":  # a page from right to left has its own edges
        page.evaluate("document.documentElement.dir = 'rtl'")
    cut = {"start": page.evaluate(CUT)}
    above = None
    for number in range(1, 5):
        above = page.evaluate(GROW, above)
        cut[f"grown {number}"] = page.evaluate(CUT)
        assert page.locator(".box.grown").count() == number
    names = page.locator(".link-list li > a:first-child").evaluate_all(
        "all => all.map(one => one.getAttribute('href').replace('.html', ''))"
    )
    assert sorted(key.rpartition(" ")[2] for key in drawn(page)) == sorted(names), "the list has the same"
    widths = "all => all.map(one => one.getBoundingClientRect().width)"
    assert min(page.locator(".box.thing").evaluate_all(widths)) >= 150, "there is room for names"
    page.get_by_role("button", name="Overview").click()
    cut["overview"] = page.evaluate(CUT)
    context.close()
    assert cut == {place: [[], 0, 0] for place in cut}


@pytest.mark.parametrize("width", [360, 1280])
def test_that_the_page_ends_at_its_footer(browser: "Browser", address: str, width: int) -> None:
    """What is hidden in a box that scrolls makes no page longer than what is seen."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 800})
    page = context.new_page()
    beyond = {}
    for place in ("", "#id=id/internet-society&with=id/manrs", "#overview"):
        page.goto("about:blank")
        see(page, f"explore.html{place}")
        beyond[place] = page.evaluate(
            """() => document.documentElement.scrollHeight
              - Math.max(800, scrollY + document.querySelector("footer.site").getBoundingClientRect().bottom)"""
        )
    assert max(beyond.values()) < 2, beyond
    if width == 360:
        # of the overview most is in the first screen
        page.evaluate("scrollTo(0, 0)")
        top, height = page.evaluate(
            "(({ top, height }) => [top, height])(document.querySelector('.canvas').getBoundingClientRect())"
        )
        assert (800 - top) / height > 0.7
    context.close()


def test_signs_beside_words(page: "Page") -> None:
    """In pages from right to left a sign stands as far from its word as in others."""
    see(page)
    gap = """() => [...document.querySelectorAll(".legend li")].filter(one => one.querySelector(".mark")).map(one => {
      const words = document.createRange();
      words.selectNodeContents(one.lastChild);
      const [a, b] = [one.querySelector(".mark").getBoundingClientRect(), words.getBoundingClientRect()];
      return Math.max(b.left - a.right, a.left - b.right);
    })"""
    before = page.evaluate(gap)
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate(gap) == pytest.approx(before, abs=0.6)
    assert min(before) > 4


@pytest.mark.parametrize("width", [360, 1280])
def test_diagrams_fit(browser: "Browser", address: str, width: int) -> None:
    """Diagrams of pages are whole within their frames, no name is cut, and the subject is in sight."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 800})
    page = context.new_page()
    found = {}
    for place, frame in (
        ("ontology.html", ".diagram"),
        ("ontology/_activity.html", ".diagram"),
        ("id/internet-society.html", ".neighbours"),
        ("id/roles.html", ".neighbours"),
    ):
        page.goto(place)
        found[place] = page.locator(frame).evaluate(
            """frame => {
              const { left, right } = frame.getBoundingClientRect(), names = [...frame.querySelectorAll("a, .box")];
              const all = [...names, ...frame.querySelectorAll(".self")].map(one => one.getBoundingClientRect());
              return [names.length > 0, names.some(one => one.textContent.includes("…")),
                all.some(one => one.left < left - 1 || one.right > right + 1 || one.width === 0),
                Math.max(...all.map(one => one.right)) - Math.min(...all.map(one => one.left)) > (right - left) / 2];
            }"""
        )
        names = page.locator(".neighbours a").all_text_contents()
        assert len(names) == len(set(names))
    context.close()
    assert found == {place: [True, False, False, True] for place in found}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signs(browser: "Browser", address: str, scheme: str) -> None:
    """At most eight hues, each with a shape of its own, and each with the contrast that texts need."""
    context = browser.new_context(base_url=address, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    see(page, "explore.html#overview")
    page.locator(".cluster.rest [role=button]").press("Enter")
    signs = page.locator(".cluster .sign").evaluate_all(
        """all => [...new Set([...new Map(all.map(one => [one.classList[1], one])).values()].map(one => {
          const { x, y, width } = one.getBBox(), round = value => Math.round(value / width * 4);
          const corners = (one.getAttribute("points") ?? "").split(" ").filter(Boolean).map(pair => pair.split(","));
          return one.tagName + corners.map(([a, b]) => [round(a - x), round(b - y)]).join(" ")
            + (getComputedStyle(one).stroke === "none" ? "" : " hollow");
        }))]"""
    )
    hues = page.locator(".cluster .sign").evaluate_all(
        "all => [...new Set(all.map(one => getComputedStyle(one).fill + getComputedStyle(one).stroke))]"
    )
    assert len(hues) == 8
    assert len(signs) == 8
    contrasts = page.evaluate(
        """() => {
          const light = text => {
            const probe = document.createElement("canvas").getContext("2d");
            probe.fillStyle = text; probe.fillRect(0, 0, 1, 1);
            const [r, g, b] = [...probe.getImageData(0, 0, 1, 1).data].map(v => v / 255)
              .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b;
          };
          const look = getComputedStyle(document.querySelector(".explorer"));
          const surface = light(look.getPropertyValue("--surface").trim());
          return [0, 1, 2, 3, 4, 5, 6, 7].map(number => {
            const hue = light(look.getPropertyValue(`--hue-${number}`).trim());
            return (Math.max(hue, surface) + .05) / (Math.min(hue, surface) + .05);
          });
        }"""
    )
    assert min(contrasts) >= 4.5
    context.close()


def test_zoom(page: "Page") -> None:
    """By buttons, wheel and two fingers; the wheel alone scrolls."""
    see(page)
    size = "document.querySelector('.canvas svg').getBoundingClientRect().width"
    before = page.evaluate(size)
    page.get_by_role("button", name="Larger").click()
    assert page.evaluate(size) == pytest.approx(before * 1.25, rel=0.01)
    page.get_by_role("button", name="1:1").click()
    assert page.evaluate(size) == pytest.approx(before, rel=0.01)
    page.locator(".canvas").hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    assert page.evaluate(f"new Promise(done => setTimeout(() => done({size}), 200))") > before
    page.get_by_role("button", name="1:1").click()
    page.evaluate(
        """() => {
          const target = document.querySelector(".canvas");
          const touch = (x, id) => new Touch({identifier: id, target, clientX: x, clientY: 400});
          for (const [type, apart] of [["touchstart", 50], ["touchmove", 100]])
            target.dispatchEvent(
              new TouchEvent(type, {cancelable: true, touches: [touch(300, 1), touch(300 + apart, 2)]})
            );
        }"""
    )
    assert page.evaluate(size) == pytest.approx(before * 2, rel=0.01)


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci in tests/site")
@pytest.mark.parametrize("width", [360, 1280])
def test_accessibility(browser: "Browser", address: str, width: int) -> None:
    """Axe finds nothing in a grown neighbourhood, in the overview and in a class, be it light or dark."""
    context = browser.new_context(base_url=address, viewport={"width": width, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    see(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = {}
    for place in ("#id=id/internet-society&with=id/manrs", "#overview", "#class=ontology/_topic"):
        page.evaluate("place => { location.hash = place; }", place)
        page.locator(".box.grown, .cluster, .box.root:has-text('topic')").first.wait_for()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            # the scheme changes nothing but colours
            result = page.evaluate(
                RUN_AXE, rules if scheme == "light" else {"type": "rule", "values": ["color-contrast"]}
            )
            if result["violations"]:
                found[f"{place} {scheme}"] = [
                    (one["id"], [(node["target"], node["failureSummary"]) for node in one["nodes"][:3]])
                    for one in result["violations"]
                ]
    context.close()
    assert found == {}, json.dumps(found, indent=1)


def test_without_scripts(browser: "Browser", address: str) -> None:
    """The start's links stand in the page, in the same order and with what supports them, and so do the classes."""
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("explore.html")
    listed = page.locator("[data-graph-list]")
    assert listed.locator("h2").first.text_content() == "Internet Society"
    heads = [text.strip("→← ") for text in listed.locator("h3").all_text_contents()]
    assert listed.get_by_role("link", name="topic", exact=True).get_attribute("href") is not None
    entry = listed.locator("li", has_text="Online Trust Alliance").first
    assert blanks(entry.locator(".why").text_content() or "") == "implied by lead-in 14.3"
    context.close()
    context = browser.new_context(base_url=address)
    page = context.new_page()
    see(page)
    captions = [text.strip("→← ") for text in page.locator(".caption").all_text_contents() if text.endswith("→")]
    outwards = captions[: len([head for head in heads if ":" not in head])]
    assert heads[:5] == outwards[:5]
    assert page.locator("[data-graph-list]").count() == 0
    context.close()
