"""What a store gets wrong in silence, found by queries whose answers are known."""

from functools import cached_property

from ...errors import QueryError
from ...query.evaluator import Evaluator

__all__ = ["Probes"]

_NODE, _PREDICATE = "<urn:isoc-kg:node>", "<urn:isoc-kg:predicate>"


class Probes:
    """What a store is right on; each is asked once, when it is first needed."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    @cached_property
    def keeps_literals(self) -> bool:
        """Whether literals that a query lists are the same terms in its filters."""
        tests = ('LANG(?x) = "en"', 'sameTerm(?x, "b")')  # together they come out right where each alone does not
        return all(self._holds(f'VALUES ?x {{ "a"@en "b" }} FILTER({test})') for test in tests)

    @cached_property
    def repeats_paths(self) -> bool:
        """Whether it follows a path that repeats from nodes that a query lists."""
        listed = f"VALUES ?x {{ {_NODE} }}"
        pattern = f"{{ {listed} BIND(?x AS ?y) }} UNION {{ {listed} ?x {_PREDICATE}* ?y }}"
        return self._holds(f"{{ SELECT DISTINCT ?x ?y WHERE {{ {pattern} }} }}")

    def _holds(self, pattern: str) -> bool:
        try:  # by rows: an ASK without triples is true in a store that finds none
            _, rows = self._evaluator.select(f"SELECT ?x WHERE {{ {pattern} }}")
        except QueryError:
            return False
        return len(rows) == 1
