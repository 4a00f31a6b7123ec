"""Linked-data publications in which every statement can be traced to the sentence that supports it."""

from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .graph.knowledge_graph import KnowledgeGraph

__all__ = ["KnowledgeGraph", "__version__"]


def __getattr__(name: str) -> Any:
    # The façade pulls in the engine; whoever only wants the version or an error class does not pay for it.
    if name == "KnowledgeGraph":
        from .graph.knowledge_graph import KnowledgeGraph

        return KnowledgeGraph
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)
