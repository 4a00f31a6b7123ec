"""`isoc-kg mcp`."""

from pathlib import Path

import click

from .options import project_option


@click.command()
@project_option
@click.option("--propose", is_flag=True, help="Take proposals, too: they wait in the queue for isoc-kg review.")
def mcp(project: Path | None, propose: bool) -> None:
    """Run a Model Context Protocol server.

    It speaks on standard input and output, as programs for assistants start it: search, describe, evidence, named
    queries and SPARQL that reads, each answer with IRIs and sentences. Needs the extra “mcp”.

    With --propose an assistant can go through the units (next_unit, menu) and propose what they say (propose,
    withdraw). It writes to the queue alone: nothing is a fact, or published, before somebody accepts it.
    """
    from ..errors import UsageError
    from ..graph.knowledge_graph import KnowledgeGraph
    from ..project import FILE_NAME

    if propose and project is None and not Path(FILE_NAME).is_file():
        raise UsageError(f"there is no {FILE_NAME} here.", advice="Name the project to propose to: --project DIR.")
    try:
        from ..assistants.server import serve_assistant
    except ImportError as error:
        if not str(error.name).startswith(("mcp", "pydantic", "anyio")):
            raise
        raise UsageError("the package mcp is not installed.", advice="pip install 'isoc-kg[mcp]'") from None
    serve_assistant(KnowledgeGraph.load(project=project), propose=propose)
