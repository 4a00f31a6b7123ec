"""Boolean expressions of SPARQL that are never an error, built so that each is answered by look-ups.

An `EXISTS` here holds one triple pattern (or one path that repeats) and a filter: what is inside it is found from
the node outside it. Two patterns joined inside an `EXISTS` may be answered by reading the whole store for each row.
"""

from collections.abc import Callable, Iterable

from ...query.forms import closing
from ...query.tokens import tokens
from ..paths import Path
from ..terms import Names, Uncompilable, iri

__all__ = ["Condition", "all_of", "any_of", "at_least", "leads", "negated", "some"]

Condition = Callable[[str], str]
#: How many values an expression tells apart; a query of its own counts more.
MOST_COUNTED = 3


def any_of(parts: Iterable[str]) -> str:
    """The disjunction."""
    found = list(dict.fromkeys(part for part in parts if part != "false"))
    if "true" in found:
        return "true"
    if len(found) < 2:
        return found[0] if found else "false"
    return "(" + " || ".join(found) + ")"


def all_of(parts: Iterable[str]) -> str:
    """The conjunction."""
    found = list(dict.fromkeys(part for part in parts if part != "true"))
    if "false" in found:
        return "false"
    if len(found) < 2:
        return found[0] if found else "true"
    return "(" + " && ".join(found) + ")"


def negated(part: str) -> str:
    """The negation; of a negation, what it negates."""
    if part in ("true", "false"):
        return "false" if part == "true" else "true"
    if part.startswith("!") and _is_enclosed(part[1:]):
        return part[1:]
    return f"!{part}" if _is_enclosed(part) else f"!({part})"


def _is_enclosed(part: str) -> bool:
    """Whether a parenthesis opens at its beginning and is closed at its end."""
    if not part.startswith("("):
        return False
    part_tokens = list(tokens(part))
    return closing(part_tokens, 0) == len(part_tokens) - 1


def some(node: str, path: Path, condition: Condition, names: Names) -> str:
    """Whether a path leads from a node to one of which the condition holds."""
    return _some(node, path.plain(), condition, names)


def _some(node: str, path: Path, condition: Condition, names: Names) -> str:
    if path.kind == "sequence":
        return _some_in_sequence(node, path.parts, condition, names)
    if path.kind == "alternative":
        return any_of(_some(node, part, condition, names) for part in path.parts)
    if path.kind == "zeroOrOne":
        return any_of([condition(node), _some(node, path.parts[0], condition, names)])
    if path.is_nullable:  # a store need not know a node that is in none of its triples
        return any_of([condition(node), _repeated(node, path, condition, names)])
    return _repeated(node, path, condition, names)


def _repeated(node: str, path: Path, condition: Condition, names: Names) -> str:
    value = names.fresh()
    held = condition(value)
    if held == "false":
        return "false"
    if path.kind == "predicate":
        pattern = f"{node} {iri(path.iri)} {value}"
    elif path.kind == "inverse":
        pattern = f"{value} {iri(path.parts[0].iri)} {node}"
    else:
        pattern = f"{node} {path.shown()} {value}"
    return f"EXISTS {{ {pattern} }}" if held == "true" else f"EXISTS {{ {pattern} FILTER({held}) }}"


def _some_in_sequence(node: str, parts: tuple[Path, ...], condition: Condition, names: Names) -> str:
    if not parts:
        return condition(node)
    return _some(node, parts[0], lambda value: _some_in_sequence(value, parts[1:], condition, names), names)


def leads(node: str, path: Path, goal: str, names: Names) -> str:
    """Whether a path leads from one node to another, which the last pattern names itself."""
    return _leads(node, path.plain(), goal, names)


def _leads(node: str, path: Path, goal: str, names: Names) -> str:
    if path.kind == "sequence" and path.parts:
        rest = Path("sequence", path.parts[1:])
        if not rest.parts:
            return _leads(node, path.parts[0], goal, names)
        return _some(node, path.parts[0], lambda value: _leads(value, rest, goal, names), names)
    if path.kind == "alternative":
        return any_of(_leads(node, part, goal, names) for part in path.parts)
    if path.kind == "inverse" and goal.startswith('"'):
        return "false"  # a literal is no subject
    if path.kind == "inverse":
        return f"EXISTS {{ {goal} {iri(path.parts[0].iri)} {node} }}"
    led = f"EXISTS {{ {node} {path.shown()} {goal} }}"
    return any_of([f"sameTerm({node}, {goal})", led]) if path.is_nullable else led


def at_least(node: str, path: Path, condition: Condition, number: int, names: Names) -> str:
    """Whether a path leads from a node to so many different ones of which the condition holds."""
    if number > MOST_COUNTED:
        raise Uncompilable(f"more than {MOST_COUNTED} values are counted inside another constraint")
    return _at_least(node, path, condition, number, names, ())


def _at_least(node: str, path: Path, condition: Condition, number: int, names: Names, others: tuple[str, ...]) -> str:
    if not number:
        return "true"

    def held(value: str) -> str:
        apart = [f"!sameTerm({value}, {other})" for other in others]
        return all_of([*apart, condition(value), _at_least(node, path, condition, number - 1, names, (*others, value))])

    return some(node, path, held, names)
