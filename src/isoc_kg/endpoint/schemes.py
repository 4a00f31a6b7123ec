"""The authentication schemes by which a store knows who asks."""

from typing import Literal, get_args

__all__ = ["SCHEMES", "Scheme"]

Scheme = Literal["basic", "digest", "bearer"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)
