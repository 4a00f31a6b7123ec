"""A policy: rules by which proposals are accepted without anybody looking at each, under the name of who signs it.

    # Years that the deterministic proposer found, without a question of the judge.
    [[accept]]
    sources = ["baseline"]
    properties = ["schema:foundingDate"]
    documents = ["minutes"]     # all, where it is left out
    new_things = false          # the default
    implied = false             # the default
    not_asked = false           # the default: every question of the evidence check could be asked
    most = 100                  # in one run; the default

A rule names the tools and the properties that it trusts. What the judge flags is never accepted by a policy. What it
could not ask of a proposal leaves that to a reviewer, unless the rule says otherwise; the record of the acceptance then
names the questions.
"""

import hashlib
import tomllib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ProjectError
from ..iris import expand
from ..limits.regular_files import read_regular
from ..project import Project
from ..rdf.lines import iri, split
from .acceptance import Accepted, Review
from .assessment import Assessment
from .proposal import Proposal

__all__ = ["Policy", "Rule", "apply_policy", "read_policy"]

_MOST_BYTES = 1_000_000
#: So many proposals a rule accepts in one run.
_MOST = 100
_KEYS = {
    "sources": list, "properties": list, "documents": list,
    "new_things": bool, "implied": bool, "not_asked": bool, "most": int,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """What is accepted: proposals of these tools, by these properties (IRIs), on units of these documents."""

    sources: frozenset[str]
    properties: frozenset[str]
    documents: frozenset[str]  #: slugs; all when empty
    new_things: bool = False
    implied: bool = False
    not_asked: bool = False  #: also where questions could not be asked
    most: int = _MOST

    def admits(self, proposal: Proposal, slug: str) -> bool:
        """Whether a proposal on a unit of a document is one that the rule accepts."""
        claim = proposal.claim
        return (
            proposal.source in self.sources
            and iri(split(claim.triple)[1]) in self.properties
            and (not self.documents or slug in self.documents)
            and (self.new_things or not claim.introduces)
            and (self.implied or not claim.implied)
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules, and the name under which acceptances record them: the file's, and the start of its SHA-256."""

    rules: tuple[Rule, ...]
    name: str


def read_policy(project: Project, file: Path) -> Policy:
    """The policy in a TOML file. Raises `ProjectError` for a file that has not this form."""
    try:
        data = read_regular(file, _MOST_BYTES)
        table = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        raise ProjectError(f"cannot be read: {error.strerror}.", file=file) from None
    except ValueError as error:
        raise ProjectError(f"not TOML: {error}.", file=file) from None
    rules = table.get("accept")
    if set(table) != {"accept"} or not isinstance(rules, list) or not rules:
        raise ProjectError(
            "a policy has rules alone.", file=file, advice="Write [[accept]] with sources and properties."
        )
    name = "".join(character if character.isprintable() else "?" for character in file.name)
    return Policy(
        tuple(_rule(project, file, number, rule) for number, rule in enumerate(rules, 1)),
        f"{name} (sha256 {hashlib.sha256(data).hexdigest()[:16]})",
    )


def _rule(project: Project, file: Path, number: int, rule: Any) -> Rule:
    def error(message: str, advice: str | None = None) -> ProjectError:
        return ProjectError(f"rule {number}: {message}", file=file, advice=advice)

    if not isinstance(rule, dict):
        raise error("it is not a table.", "Write [[accept]].")
    for key, value in rule.items():
        if key not in _KEYS:
            raise error(f"there is no “{key}”.", f"A rule has {', '.join(_KEYS)}.")
        if type(value) is not _KEYS[key]:
            words = {list: "a list of texts", bool: "true or false", int: "a whole number"}[_KEYS[key]]
            raise error(f"“{key}” must be {words}.")
        if isinstance(value, list) and not (value and all(isinstance(item, str) for item in value)):
            raise error(f"“{key}” must be a list of texts.")
    for key in ("sources", "properties"):
        if key not in rule:
            raise error(f"it names no {key}.", "A rule names the tools and the properties that it trusts.")
    if rule.get("most", 1) < 1:
        raise error("“most” must be above zero.")
    properties = [expand(item, project.prefixes) for item in rule["properties"]]
    for item, name in zip(rule["properties"], properties, strict=True):
        if name is None:
            raise error(f"“{item[:80]}” has a prefix that is not known.")
    slugs = {document.slug for document in project.documents}
    for slug in rule.get("documents", ()):
        if slug not in slugs:
            raise error(f"there is no document “{slug[:80]}”.", f"Documents: {', '.join(sorted(slugs))}.")
    return Rule(
        frozenset(rule["sources"]),
        frozenset(name for name in properties if name),
        frozenset(rule.get("documents", ())),
        rule.get("new_things", False),
        rule.get("implied", False),
        rule.get("not_asked", False),
        rule.get("most", _MOST),
    )


def apply_policy(
    review: Review,
    policy: Policy,
    *,
    dry_run: bool = False,
    told: Callable[[Proposal, Assessment], None] = lambda *_: None,
    left: Callable[[Proposal, Assessment], None] = lambda *_: None,
) -> list[Accepted]:
    """Accept what a policy's rules admit and the judge has no question about, under the reviewer's name.

    A question that could not be asked is none that was answered: such a proposal is left to a reviewer, unless the
    rule takes it.

    With `dry_run` nothing is accepted; `told` gets each proposal that is, or would be, and what the judge says of it;
    `left` those that are not for the questions that could not be asked, and nothing else.
    """
    accepted: list[Accepted] = []
    counts = dict.fromkeys(range(len(policy.rules)), 0)
    for proposal in review.open():
        number = _admitting(policy.rules, counts, proposal, review)
        if number is None:
            continue
        assessment = review.assess(proposal)
        unasked = ", ".join(names for names, _ in assessment.not_asked)
        if not assessment.accepted or assessment.flags:
            continue
        if unasked and not policy.rules[number].not_asked:
            left(proposal, assessment)
            continue
        counts[number] += 1
        told(proposal, assessment)
        if not dry_run:
            name = f"{policy.name}, not asked: {unasked}" if unasked else policy.name
            accepted.append(review.accept(proposal, policy=name, seen=()))
    return accepted


def _admitting(rules: Collection[Rule], counts: dict[int, int], proposal: Proposal, review: Review) -> int | None:
    known = review.judge.dataset.units.get(proposal.claim.unit)
    slug = known[0].document.slug if known else ""
    admitting: Iterable[int] = (
        number for number, rule in enumerate(rules) if counts[number] < rule.most and rule.admits(proposal, slug)
    )
    return next(iter(admitting), None) if known else None
