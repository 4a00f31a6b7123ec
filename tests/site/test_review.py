"""The review in a real browser: with keys alone, with scripts and without, for everybody, on any screen."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from isoc_kg.project import load_project
from isoc_kg.proposals.decisions import Decision, DecisionLog
from isoc_kg.proposals.json_claims import claim_of_json
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.proposal import Proposal
from isoc_kg.proposals.queue import write_submission
from isoc_kg.proposals.submission import Submission

from .browsers import AXE, COLOUR_RULES, RUN_AXE
from .reviews import CLAIMS, canal_with_proposals, opened
from material import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCRIPT = ROOT / "src/isoc_kg/rendering/scripts/review/review.js"
REPORT = "document/report/1"
pytestmark = pytest.mark.skipif(not SCRIPT.is_file(), reason="the page scripts are not built: node build.mjs in web/")


@pytest.fixture
def canal(tmp_path: Path) -> Path:
    """A project with four proposals."""
    return canal_with_proposals(tmp_path)


def decisions(project: Path) -> list[Decision]:
    return DecisionLog(load_project(project)).read()[0]


def count(page: "Page", key: str) -> str:
    return page.locator(f"[data-count={key}]").inner_text()


def expect_count(page: "Page", key: str, number: int) -> None:
    page.locator(f"[data-count={key}]").filter(has_text=re.compile(f"^{number}$")).wait_for()


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci in tests/site")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_accessibility_and_width(browser: "Browser", canal: Path, scheme: Any, width: int) -> None:
    """Axe finds nothing on any page, in the dark nothing in its colours, and none is wider than the screen."""
    size = {"width": width, "height": 800}
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    wrong = {}
    with opened(browser, canal, color_scheme=scheme, viewport=size) as page:
        page.goto(REPORT)
        edit = page.locator("[data-key=e]").first.get_attribute("href") or ""
        new = page.locator("a[data-new]").nth(2).get_attribute("href") or ""
        for path in ("", REPORT, "keys", edit, new):
            page.goto(path)
            for details in page.locator("details").all()[:4]:
                details.evaluate("one => one.open = true")
            page.evaluate(AXE.read_text(encoding="utf-8"))
            result = page.evaluate(RUN_AXE, rules if scheme == "light" else COLOUR_RULES)
            assert result["passes"] > (10 if scheme == "light" else 0)
            found = [(one["id"], [node["target"] for node in one["nodes"][:3]]) for one in result["violations"]]
            too_wide = page.evaluate("document.documentElement.scrollWidth") > width
            if found or too_wide:
                wrong[path] = (found, too_wide)
    assert wrong == {}, json.dumps(wrong, indent=1)


def test_keys_alone(browser: "Browser", canal: Path) -> None:
    """Without a mouse: accept, refuse with a reason, implied, undo; the page is never loaded anew."""
    with opened(browser, canal) as page:
        page.goto(REPORT)
        page.evaluate("window.same = true")
        page.keyboard.press("n")
        first = page.evaluate("document.activeElement.dataset.card")
        assert first
        page.keyboard.press("a")
        expect_count(page, "accepted", 1)
        page.locator("#messages").filter(has_text="Accepted: id:wexmoor-canal-trust c:maintains").wait_for()
        page.keyboard.press("r")
        page.keyboard.type("not her")
        page.keyboard.press("Enter")
        expect_count(page, "refused", 1)
        page.keyboard.press("i")
        expect_count(page, "accepted", 2)
        expect_count(page, "waiting", 1)
        page.keyboard.press("u")
        expect_count(page, "accepted", 1)
        expect_count(page, "waiting", 2)
        assert page.evaluate("window.same")
        assert page.locator(f"[data-card='{first}']").count() == 0
        # a letter in a field is a letter
        page.keyboard.press("n")
        page.keyboard.press("r")
        page.keyboard.type("aiu")
        page.keyboard.press("Escape")
        assert count(page, "waiting") == "2"
        page.keyboard.press("e")
        page.wait_for_url("**/proposal/*")
    assert [(one.kind, one.reason) for one in decisions(canal)] == [
        ("accept", None), ("refuse", "not her"), ("accept", None), ("undo", None),
    ]  # fmt: skip


def test_keys_can_be_turned_off(browser: "Browser", canal: Path) -> None:
    """Keys of one letter can be turned off (WCAG 2.1.4)."""
    with opened(browser, canal) as page:
        page.goto("keys")
        page.get_by_role("checkbox").uncheck()
        page.goto(REPORT)
        page.locator("[data-card]").first.focus()
        page.keyboard.press("a")
        page.locator("[data-key=r]").first.fill("not so")
        page.get_by_role("button", name="Refuse").first.click()
        expect_count(page, "refused", 1)
        assert count(page, "accepted") == "0"


def test_held_keys_decide_nothing(browser: "Browser", canal: Path) -> None:
    """A key that is held decides once; one that was pressed before a card came under the keys does not decide on it."""
    with opened(browser, canal) as page:
        page.goto(REPORT)
        page.keyboard.press("n")
        page.keyboard.down("a")
        page.keyboard.down("a")  # repeated
        page.keyboard.down("a")
        expect_count(page, "accepted", 1)
        page.keyboard.down("a")
        page.keyboard.up("a")
        page.evaluate("""() => {
            const early = new KeyboardEvent('keydown', {key: 'a', bubbles: true});
            document.activeElement.blur();
            return new Promise((done) => setTimeout(() => {
                document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'n', bubbles: true}));
                document.activeElement.dispatchEvent(early);
                done();
            }, 20));
        }""")
        page.keyboard.press("r")
        page.keyboard.type("no")
        page.keyboard.press("Enter")
        expect_count(page, "refused", 1)
        assert count(page, "accepted") == "1"
    assert [one.kind for one in decisions(canal)] == ["accept", "refuse"]


def test_flags_of_the_implied_reading_come_first(browser: "Browser", canal: Path) -> None:
    """Where only that reading has flags, or the other one is refused, the first i shows them and the second accepts."""
    judge = Judge(load_project(canal))
    supplies = {"subject": "id:wexmoor-canal-trust", "property": "c:supplies", "object": "id:carrow-stone-works"}
    claim = claim_of_json(judge, {"unit": "report:3.3", **supplies})
    proposal = Proposal(claim, "recorded", "2026-01-01T00:00:00Z")
    write_submission(judge.project, [proposal])
    with opened(browser, canal) as page:
        page.goto(REPORT)
        card = page.locator(f"[data-card='{proposal.id}']")
        card.locator(".refusal").wait_for()
        card.focus()
        page.keyboard.press("i")
        card.get_by_text("Flags if read as implied").wait_for()
        card.locator(".flags-list").filter(has_text="subject:").wait_for()
        assert count(page, "accepted") == "0"
        page.keyboard.press("i")
        expect_count(page, "accepted", 1)
    (decision,) = decisions(canal)
    assert (decision.verdict, decision.edited, "subject" in decision.flags) == ("implied", False, True)


def test_the_end_of_a_document(browser: "Browser", canal: Path) -> None:
    """N says that nothing follows, and Enter leads to the next document with proposals."""
    submission = Submission(Judge(load_project(canal)), "recorded")
    leads = {"property": "c:chairs", "object": "id:werft-nordhaven"}
    new = {"new": {"type": "c:Person", "label": "Greta Holm", "language": "de"}}
    assert submission.submit_json({"unit": "bericht:2.3", "subject": new, **leads}).id
    submission.write()
    with opened(browser, canal) as page:
        page.goto(REPORT)
        page.locator("[data-card]").last.focus()
        page.keyboard.press("n")
        page.locator("#messages").filter(has_text="This is the last proposal here. Next document:").wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url("**/document/bericht/1")


def test_the_editor_has_the_focus(browser: "Browser", canal: Path) -> None:
    """The statement can be typed at once, and Accept is one Tab away."""
    with opened(browser, canal) as page:
        page.goto(REPORT)
        page.locator("[data-card]").last.focus()
        page.keyboard.press("e")
        page.wait_for_url("**/proposal/*")
        assert page.evaluate("document.activeElement.name") == "turtle"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.value") == "edited"


def test_a_claim_by_selected_words(browser: "Browser", canal: Path) -> None:
    """Words that are selected, across a mark, too, are the quote of a new claim, to the letter."""
    with opened(browser, canal) as page:
        page.goto(REPORT)
        page.evaluate("""() => {
            const quote = document.getElementById('u-2.2').querySelector('.quote');
            getSelection().setBaseAndExtent(quote.firstChild, 4, quote.querySelector('mark').firstChild, 29);
        }""")
        page.keyboard.press("c")
        page.wait_for_url("**/claim?*")
        assert page.get_by_label("The words that say it").input_value() == "trust maintains the Long Reach and"
        page.get_by_label("Subject", exact=True).fill("Wexmoor Canal Trust")
        page.get_by_label("Property").fill("c:maintains")
        page.get_by_label("Object", exact=True).fill("Millgate L")
        page.locator("#things option[value='Millgate Lock']").wait_for(state="attached")  # completed from the facts
        page.get_by_label("Object", exact=True).fill("Millgate Lock")
        page.get_by_label("implies it").check()
        page.get_by_role("button", name="Propose and accept").click()
        page.wait_for_url(f"**/{REPORT}*")
        page.locator("#messages").filter(
            has_text="Accepted: id:wexmoor-canal-trust c:maintains id:millgate-lock"
        ).wait_for()
    (decision,) = decisions(canal)
    assert (decision.source, decision.proposer, decision.verdict) == ("review", "Ann", "implied")


def test_without_scripts(browser: "Browser", canal: Path) -> None:
    """All of it works by plain forms and links."""
    with opened(browser, canal, java_script_enabled=False) as page:
        page.get_by_role("link", name="The canals of Wexmoor, a report").click()
        page.get_by_role("button", name="Accept").first.click()
        assert count(page, "accepted") == "1"
        page.get_by_label("Reason to refuse").first.fill("no")
        page.get_by_role("button", name="Refuse").first.click()
        assert count(page, "refused") == "1"
        page.get_by_role("button", name="Undo my last decision").click()
        assert count(page, "refused") == "0"
        page.get_by_role("link", name="New claim on 2.4").click()
        assert page.get_by_role("heading", level=1).inner_text() == "New claim on report:2.4"
        page.get_by_role("link", name="Back").click()
        page.get_by_role("link", name="Edit").first.click()
        page.get_by_role("button", name="Judge it").click()
        assert page.get_by_label("The statement as Turtle").input_value().startswith("id:ida-thornbury c:chairs")
    assert [one.kind for one in decisions(canal)] == ["accept", "refuse", "undo"]


def test_what_others_do_appears(browser: "Browser", canal: Path) -> None:
    """What another reviewer decides goes from the page by itself, what is proposed comes; what is typed stays."""
    from isoc_kg.review.desk import Desk

    with opened(browser, canal) as page:
        page.goto(REPORT)
        page.get_by_label("Reason to refuse").nth(3).fill("half a reason")
        ben = Desk(load_project(canal), "Ben")
        ben.accept(ben.waiting()[0])
        expect_count(page, "waiting", 3)
        page.get_by_text("1 decided").wait_for()
        submission = Submission(ben.judge, "later")
        assert submission.submit_json({**CLAIMS[0], "object": "id:millgate-lock", "support": "implied"}).id
        submission.write()
        expect_count(page, "waiting", 4)
        page.get_by_text("“Wexmoor Canal Trust” maintains “Millgate Lock”").wait_for()
        assert page.get_by_label("Reason to refuse").nth(3).input_value() == "half a reason"
