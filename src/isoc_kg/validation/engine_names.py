"""The engines that validate, by name; whoever only names them need not load what runs them."""

from importlib.util import find_spec

__all__ = ["ENGINES", "PREFERRED", "default_engine", "engines_at_hand"]

#: The fastest first.
PREFERRED = ("shacl", "compiled", "pyshacl")
#: `auto` chooses among the others; `compiled` is this package's own: shapes as queries on an embedded store.
ENGINES = ("auto", *PREFERRED)


def default_engine() -> str:
    """`auto`: for each shape an engine that is right on what the shape is made of."""
    return ENGINES[0]


def engines_at_hand() -> tuple[str, ...]:
    """The engines that are installed; the one of this package always is."""
    return tuple(engine for engine in PREFERRED if engine == "compiled" or find_spec(engine))
