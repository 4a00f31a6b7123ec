"""Review in the browser by plain requests: who is let in, what forms do, what is kept when it is killed."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from isoc_kg.documents.index import index_content, index_text
from isoc_kg.project import load_project
from isoc_kg.proposals.decisions import Decision, DecisionLog
from isoc_kg.review.access import Access

from .conftest import CLAIMS, facts, propose
from .keyboard import terminal
from .serving import Client, marks_on, reviewing

REPORT = "/document/report/1"
UNIT = "https://canal.example/kg/document/report/1#"


def decisions(project: Path) -> list[Decision]:
    return DecisionLog(load_project(project)).read()[0]


@pytest.fixture
def client(canal: Path) -> Iterator[Client]:
    """A reviewer who has opened the address."""
    with reviewing(canal, "--reviewer", "Ann Lee") as one:
        one.enter()
        yield one


def names(page: str) -> list[str]:
    """The proposals of a page."""
    return re.findall(r'data-card="([0-9a-f]{16})"', page)


# ---------------------------------------------------------------------- who is let in


def test_nobody_else_is_let_in(canal: Path) -> None:
    """Without the address's token there is nothing; another host's name, page or form changes nothing."""
    with reviewing(canal) as one:
        for path in ("/", REPORT, "/state", "/style/site.css", "/?token=", "/?token=wrong", "/keys"):
            status, headers, content = one.request("GET", path)
            assert status == 403
            assert "set-cookie" not in headers
            assert "Wexmoor" not in content
        one.enter()
        (first, *_) = names(one.get(REPORT))
        form = f"form={one.form}&verdict=accept".encode()
        plain = {"Content-Type": "application/x-www-form-urlencoded"}
        own = {**plain, "Origin": one.origin}
        refused = [
            ({**own, "Host": "evil.example"}, form, 421),
            ({**own, "Host": f"evil.example:{one.port}"}, form, 421),
            ({**own, "Host": f"127.0.0.1:{one.port + 1}"}, form, 421),
            (plain, form, 403),
            ({**plain, "Origin": "null"}, form, 403),
            ({**plain, "Origin": "http://evil.example"}, form, 403),
            ({**plain, "Origin": f"http://localhost:{one.port}"}, form, 403),
            (own, b"verdict=accept", 403),
            (own, b"form=&verdict=accept", 403),
            (own, b"form=wrong&verdict=accept", 403),
            ({**own, "Cookie": ""}, form, 403),
            ({**own, "Cookie": "isoc-kg-review=x"}, form, 403),
            (own, form + b"&x=" + b"x" * 1_000_001, 413),
        ]
        for headers, body, expected in refused:
            status, _, _ = one.request("POST", f"/proposal/{first}", body, headers)
            assert status == expected, (headers, body[:80])
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
            assert one.request(method, f"/proposal/{first}", form, own)[0] == 405
        assert one.request("GET", f"/proposal/{first}?verdict=accept&form={one.form}")[0] == 200
        assert decisions(canal) == []


def test_no_address_is_an_error_of_the_server(canal: Path) -> None:
    """Whatever is asked for, by whomever; and the token leads to an own page alone."""
    many = "/?" + "&".join(f"a{number}=1" for number in range(60))
    paths = (many, "/%E2%82%AC", "/%0d%0aX-Other:1", "/%00", "/%ff", "//evil.example/x", "/%5Cevil.example", "/a?x=%ff")
    with reviewing(canal) as one:
        query = urlsplit(one.address).query
        assert {one.request("GET", path)[0] for path in paths} == {403}
        for path in paths[1:]:
            status, headers, _ = one.request("GET", f"{path.partition('?')[0]}?{query}")
            assert status == 303
            assert re.fullmatch(r"/(?![/\\])[!-~]*", headers["location"]), headers["location"]
            assert "x-other" not in headers
        one.enter()
        statuses = {path: one.request("GET", path)[0] for path in paths}
        assert statuses.pop(many) == 400
        assert set(statuses.values()) <= {200, 400, 404}, statuses


def test_strangers_take_no_place_from_the_reviewer(canal: Path) -> None:
    """Hundreds of connections that send nothing, or half a head: the reviewer is answered."""
    with reviewing(canal) as one, contextlib.ExitStack() as stack:
        one.enter()
        for number in range(300):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", one.port), timeout=30))
            if number % 2:
                with contextlib.suppress(OSError):
                    connection.send(b"GET / HTTP/1.1\r\nHost: x\r\n")
        for _ in range(5):
            assert one.request("GET", "/")[0] == 200


def test_a_torn_file_is_said(canal: Path) -> None:
    """By the list, a policy and a build, with its name."""
    (file,) = (canal / "proposals").glob("*.ttl")
    file.write_bytes(file.read_bytes()[:-20])
    policy = canal.parent / "policy.toml"
    policy.write_text('[[accept]]\nsources = ["recorded"]\nproperties = ["c:owns"]\n')
    for command in (["review", "--list"], ["review", "--policy", str(policy)], ["build"]):
        done = subprocess.run(
            [sys.executable, "-m", "isoc_kg", *command, "--project", str(canal)], capture_output=True, text=True
        )
        assert file.name in done.stderr, (command, done.stderr)
        assert "digest" in done.stderr


def test_headers(client: Client) -> None:
    """Every page forbids frames, scripts and requests that are not its own; the cookie is for these pages alone."""
    _, headers, _ = client.request("GET", f"/?{client.address.partition('?')[2]}")
    assert re.fullmatch(rf"isoc-kg-review-{client.port}=[\w-]{{43}}; Path=/; HttpOnly; SameSite=Strict",
                        headers["set-cookie"])  # fmt: skip
    for path in ("/", REPORT, "/keys", "/nothing"):
        _, headers, content = client.request("GET", path)
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        assert client.address.partition("token=")[2] not in content
        assert not re.search(r"<script(?! src)|\son\w+=|\sstyle=", content)


def test_secrets() -> None:
    """Each run has its own, none is another's, and odd bytes are no secret."""
    one, other = Access("127.0.0.1", 8000), Access("127.0.0.1", 8000)
    assert len({one.token, one.form_value, one.cookie, other.token, other.form_value, other.cookie}) == 6
    for wrong in ("", "é", "\ud800", one.token + "x", one.token[:-1], one.form_value):
        assert not one.is_token(wrong)
    assert one.is_known({"cookie": one.cookie.partition(";")[0]})
    for cookie in ("", "x", ";;;=", 'isoc-kg-review-8000="', f"isoc-kg-review-8000={one.token}", "\x00=\x01"):
        assert not one.is_known({"cookie": cookie})
    assert Access("::1", 8000).address.startswith("http://[::1]:8000/?token=")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org", "127.0.0.1.example.org"])
def test_other_hosts(host: str, canal: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """A review is never open to other machines."""
    done = cli("serve", "--review", "--project", canal, "--host", host, "--port", "0", code=2)
    assert "on this machine alone" in done.stderr


@pytest.mark.parametrize("more", [["--base", "https://example.org/"], ["--root-path", "/kg"], ["x.ttl"]])
def test_other_sources(more: list[str], canal: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """Nor does it serve anything but a project."""
    (canal.parent / "x.ttl").write_text("")
    assert "--review serves a project" in cli("serve", "--review", "--project", canal, *more, code=2).stderr
    assert "needs --review" in cli("serve", "--project", canal, "--reviewer", "Ann", code=2).stderr


# ---------------------------------------------------------------------- what forms do


def test_plain_forms(client: Client, canal: Path) -> None:
    """Without scripts: accept, implied, refuse with a reason, undo one and undo the last; each leads back."""
    before = facts(canal)
    page = client.get(REPORT)
    first, second, third, *_ = names(page)
    assert "<mark>maintains the Long Reach and the Copper Basin</mark>" in page
    status, headers, _ = client.post(f"/proposal/{first}", verdict="accept")
    assert (status, headers["location"]) == (303, f"{REPORT}?from=2.2#u-2.2")
    line = "id:wexmoor-canal-trust c:maintains id:copper-basin {| ev:supportedBy s:2.2 |} ."
    assert line in facts(canal)
    page = client.get(REPORT)
    assert "Accepted: id:wexmoor-canal-trust" in page
    assert "accepted as supported by Ann Lee" in page
    assert client.post(f"/proposal/{second}", verdict="refuse", reason="<b>no</b>")[0] == 303
    assert client.post(f"/proposal/{third}", verdict="implied")[0] == 303
    page = client.get(REPORT)
    assert "refused by Ann Lee: &lt;b&gt;no&lt;/b&gt;" in page
    assert "ev:impliedBy s:2.4" in facts(canal)
    assert [client.get("/").count(text) for text in ('"accepted">2<', '"refused">1<', '"waiting">2<')] == [1, 1, 1]
    status, _, content = client.post(f"/proposal/{first}", verdict="accept")
    assert (status, "Ann Lee has accepted this already" in content) == (409, True)
    assert client.post("/undo", proposal=first)[0] == 303
    assert line not in facts(canal)
    assert client.post("/undo")[0] == 303  # the implied one
    assert facts(canal) == before
    assert client.post("/undo")[0] == 303
    status, _, content = client.post("/undo")
    assert (status, "no decision of yours" in content) == (409, True)
    assert [one.kind for one in decisions(canal)] == ["accept", "refuse", "accept", "undo", "undo", "undo"]


def test_editing(client: Client, canal: Path) -> None:
    """A statement that is edited is judged first, then accepted; what is no claim says why."""
    third = names(client.get(REPORT))[2]
    page = client.get(f"/proposal/{third}")
    assert "c:owns id:marigold {| ev:supportedBy s:2.4 |} ." in page
    for turtle, message in (
        ("nonsense", "Cannot be accepted:"),
        ("id:wexmoor-canal-trust c:owns id:x .", "names no unit"),
        ("id:wexmoor-canal-trust c:maintains id:marigold {| ev:supportedBy s:2.4 |} .", "c:maintains leads to"),
        ("</textarea><script>x</script>", "&lt;/textarea&gt;"),
    ):
        for verdict in ("judge", "edited"):
            status, _, content = client.post(f"/proposal/{third}", verdict=verdict, turtle=turtle)
            assert (status in (200, 422), message in content) == (True, True), content
            assert "<script>x" not in content
    assert decisions(canal) == []
    edited = "id:wexmoor-canal-trust c:owns id:heron {| ev:impliedBy s:2.4 |} ."
    shown = re.sub("<[^>]+>", "", client.post(f"/proposal/{third}", verdict="judge", turtle=edited)[2])
    assert "“Wexmoor Canal Trust” owns “Heron”" in shown
    assert client.post(f"/proposal/{third}", verdict="edited", turtle=edited, answer="looked at")[0] == 303
    (decision,) = decisions(canal)
    assert decision.edited
    assert "id:wexmoor-canal-trust c:owns id:heron {| ev:impliedBy s:2.4" in facts(canal)


def test_new_claims(client: Client, canal: Path) -> None:
    """A claim by the words of a sentence: judged as any proposal, queued, and accepted where that is asked for."""
    unit = f"{UNIT}3.2"
    page = client.get(f"/claim?unit={unit.replace('#', '%23')}&quote=Millgate+Lock")
    assert 'value="Millgate Lock"' in page
    assert '<option value="c:maintains">' in page
    fields = {"unit": unit, "subject": "Millgate Lock Company", "property": "c:maintains", "object": "Millgate Lock",
              "kind": "thing", "support": "supported", "quote": "maintains the Millgate Lock"}  # fmt: skip
    status, _, content = client.post("/claim", **{**fields, "quote": "maintains nothing"})
    assert (status, "the quote is not in the unit" in content) == (422, True)
    assert 'value="maintains nothing"' in content  # what was filled in stays
    status, _, content = client.post("/claim", **{**fields, "subject": "nobody known"})
    assert (status, "nothing is called" in content) == (422, True)
    before = facts(canal)
    assert client.post("/claim", verdict="propose", **fields)[0] == 303
    assert facts(canal) == before
    assert len(list((canal / "proposals").glob("*-review-*.ttl"))) == 1
    assert len(names(client.get(REPORT))) == 6
    accepted = {**fields, "unit": f"{UNIT}3.4", "subject": "Millgate Lock", "property": "c:liesIn",
                "object": "Millgate upon Wex", "object_class": "c:Town", "support": "implied", "quote": ""}  # fmt: skip
    status, _, content = client.post("/claim", verdict="accept", **accepted)
    assert (status, "<b>subject:</b>" in content or "<b>rival:</b>" in content) == (409, True)  # flags come first
    assert decisions(canal) == []
    assert len(list((canal / "proposals").glob("*-review-*.ttl"))) == 1
    assert client.post("/claim", verdict="accept", seen=marks_on(content), **accepted)[0] == 303
    assert 'id:millgate-upon-wex schema:name "Millgate upon Wex"@en' in facts(canal)
    (decision,) = decisions(canal)
    assert (decision.source, decision.proposer, decision.reviewer) == ("review", "Ann Lee", "Ann Lee")
    waits = client.post("/claim", unit=f"{UNIT}2.5", subject="id:wexmoor-canal-trust", property="c:employs",
                        object="14", kind="literal", quote="")  # fmt: skip
    assert (waits[0], "this is proposed already" in waits[2]) == (422, True)


def test_answers_for_scripts(client: Client) -> None:
    """A script gets the sentence as it is now, the counts, and what has changed since it looked."""
    asked = {"Accept": "application/json", "Origin": client.origin, "Content-Type": "application/x-www-form-urlencoded"}
    first = names(client.get(REPORT))[0]
    state = json.loads(client.get("/state"))
    assert len(state["waiting"]) == 5
    assert "waiting" not in json.loads(client.get(f"/state?revision={state['revision']}"))
    body = f"form={client.form}&verdict=accept".encode()
    _, _, content = client.request("POST", f"/proposal/{first}", body, asked)
    answer = json.loads(content)
    assert answer["counts"] == {"waiting": 4, "accepted": 1, "refused": 0}
    assert answer["unit"] == f"{UNIT}2.2"
    assert "accepted as supported" in answer["html"]
    status, _, content = client.request("POST", f"/proposal/{first}", body, asked)
    assert (status, "already" in json.loads(content)["error"]) == (409, True)
    assert len(json.loads(client.get(f"/state?revision={state['revision']}"))["waiting"]) == 4
    assert "Wexmoor Canal Trust" in json.loads(client.get("/things?q=wex"))["names"]


def test_no_such_page(client: Client) -> None:
    """Odd addresses are answered; nothing outside the pages is read."""
    for path in ("/x", "/proposal/0000000000000000", "/document/x/1", "/style/../access.py", "/claim?unit=x", "/row",
                 "/style/%2e%2e/access.py", "/proposal/", "/document/report/1/2", "/%00", "/script/x.js"):  # fmt: skip
        status, _, content = client.request("GET", path)
        assert status in (404, 409), path
        assert "Traceback" not in content
    assert client.request("HEAD", "/")[0] == 200
    assert client.get(f"{REPORT}?from=nowhere") == client.get(REPORT)


@pytest.mark.parametrize("reason", ["", "  ", "\t\n", None])
def test_a_refusal_needs_a_reason(canal: Path, client: Client, reason: str | None) -> None:
    """Whatever is sent, and by whom: nothing is recorded without words."""
    (first, *_) = names(client.get(REPORT))
    fields = {} if reason is None else {"reason": reason}
    status, _, content = client.post(f"/proposal/{first}", verdict="refuse", **fields)
    assert (status, "A refusal needs a reason" in content) == (409, True)
    assert decisions(canal) == []
    assert re.search(r'name="reason"[^>]* required', client.get(REPORT))


def test_flags_are_answered_on_accepting(empty: Path) -> None:
    """A field stands beside flags alone; what is typed there stands on the claim as the answer, and may be empty."""
    supplies = {"subject": "id:wexmoor-canal-trust", "property": "c:supplies", "object": "id:averham-boat-yard"}
    propose(empty, [{"unit": "report:4.3", **supplies}, CLAIMS[0]])
    with reviewing(empty) as one:
        one.enter()
        page = one.get(REPORT)
        flagged = next(name for name in names(page) if "direction:" in page.partition(f'id="p-{name}"')[2][:2000])
        assert page.count('name="answer"') == 1
        cards = page.split('data-card="')[1:]
        assert len(cards) == 2
        for card in cards:  # one order; none is recommended against a flag; the label of the field is whole
            card = card[: card.index('value="refuse"') + 14]
            verdicts = ("accept", "implied", "refuse")
            places = [card.index(f'name="verdict" value="{verdict}"') for verdict in verdicts]
            assert places == sorted(places)
            assert ('class="primary"' in card) != ('name="answer"' in card)
            if 'name="answer"' in card:
                assert card.index("Answer to the flags, if you accept <input") < places[0]
                assert f'form="f-{flagged}"' in card
                assert f'id="f-{flagged}"' in card
        status, _, content = one.post(f"/proposal/{flagged}", verdict="accept", answer="both supply each other")
        assert (status, "a flag that was not shown. direction:" in content) == (409, True)  # no page had it
        assert decisions(empty) == []
        fields = {"verdict": "accept", "answer": "both supply each other", "seen": marks_on(page, flagged)}
        assert one.post(f"/proposal/{flagged}", **fields)[0] == 303
    assert 'ev:answer "report:4.3 direction: both supply each other"@en |} .' in facts(empty)


def test_hostile_proposals_are_text(empty: Path) -> None:
    """Markup, control characters and endless names of a proposal are text of the page."""
    label = "Millgate <img src=x onerror=alert(document)>\u202e"
    claim = {**CLAIMS[4], "support": "implied", "note": "</p><script>alert(2)</script>" + "\u202e" + "y" * 3_000,
             "object": {"new": {"type": "c:Town", "label": label}}}  # fmt: skip
    propose(empty, [claim], source="<i>tool</i>")
    with reviewing(empty) as one:
        one.enter()
        page = one.get(REPORT)
        assert "<img" not in page
        assert "<script>" not in page
        assert "<i>tool" not in page
        assert "\u202e" not in page
        assert "\\u202e" in page


# ---------------------------------------------------------------------- several at once, and none


def test_terminal_and_browser(canal: Path) -> None:
    """Somebody at the keyboard and somebody in the browser decide on one queue; each sees what the other did."""
    with (
        reviewing(canal, "--reviewer", "Ben") as one,
        terminal("review", "--project", canal, "--reviewer", "Ann") as seen,
    ):
        one.enter()
        seen.shows("5 proposals left")
        first, second, third, *_ = names(one.get(REPORT))
        seen.type("a")
        seen.shows("1 accepted")
        status, _, content = one.post(f"/proposal/{first}", verdict="refuse")
        assert (status, "Ann has accepted this already" in content) == (409, True)
        assert one.post(f"/proposal/{third}", verdict="accept")[0] == 303
        seen.shows("3 proposals left")  # by itself
        assert one.post(f"/proposal/{second}", verdict="refuse", reason="mine")[0] == 303
        seen.shows("Ben has refused this already.")  # and stays in sight
        seen.type("a")
        seen.shows("Somebody else has decided on this.")
        seen.type("n")
        seen.shows("2 proposals left")
        seen.type("q")
        assert seen.end() == 0
    found = decisions(canal)
    assert len({one.proposal for one in found}) == len(found)
    assert {(one.proposal, one.reviewer) for one in found} == {(first, "Ann"), (third, "Ben"), (second, "Ben")}
    for decision in found:
        assert all(line in facts(canal) for _, line in decision.written)


def test_killed(canal: Path) -> None:
    """What was answered is there after kill -9."""
    with reviewing(canal) as one:
        one.enter()
        first = names(one.get(REPORT))[0]
        assert one.post(f"/proposal/{first}", verdict="accept")[0] == 303
        os.kill(one.process, signal.SIGKILL)
    assert [decision.proposal for decision in decisions(canal)] == [first]
    assert "c:maintains id:copper-basin" in facts(canal)
    with reviewing(canal) as one:
        one.enter()
        assert len(names(one.get(REPORT))) == 4


def test_long_documents(empty: Path) -> None:
    """A long document is several pages, what has no proposal on it is folded, and the first page has work."""
    text = "\n\n".join(f"The Wexmoor Canal Trust looked at lock {number}." for number in range(1_000)) + "\n"
    (empty / "documents" / "report.txt").write_text(text, encoding="utf-8")
    for path in (empty / "facts").glob("*.ttl"):
        path.unlink()
    index = load_project(empty).folder("facts") / "units" / "report" / "1.jsonl"
    index.write_bytes(index_content(index_text(text, "report", "1", "en")))
    propose(empty, [{"unit": "report:700.1", "support": "implied",
                     "subject": {"new": {"type": "c:Body", "label": "Wexmoor Canal Trust"}}}])  # fmt: skip
    with reviewing(empty) as one:
        one.enter()
        page = one.get(REPORT)
        assert 'href="/document/report/1?from=601.1" aria-current="page"' in page
        assert page.count('<details class="fold">') == 2
        assert "sentences without proposals: 601.1–698.1" in page
        assert page.count("data-unit=") == 300
