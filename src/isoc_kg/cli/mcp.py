"""`isoc-kg mcp`."""

from pathlib import Path

import click

from .options import project_option


@click.command()
@project_option
@click.option("--propose", is_flag=True, help="Accept proposals into the queue, for isoc-kg review.")
def mcp(project: Path | None, propose: bool) -> None:
    """Run a Model Context Protocol server.

    The server communicates over standard input and output. Its tools are search, describe, evidence, named queries
    and read-only SPARQL; answers contain IRIs and sentences. Needs the extra “mcp”.

    With --propose an assistant can go through the units (next_unit, menu) and propose claims (propose, withdraw).
    It writes only to the queue. Claims become facts when a reviewer accepts them.
    """
    from ..errors import UsageError
    from ..graph.knowledge_graph import KnowledgeGraph
    from ..project import FILE_NAME

    if propose and project is None and not Path(FILE_NAME).is_file():
        raise UsageError(f"there is no {FILE_NAME} in this folder.", advice="Name the project: --project DIR.")
    try:
        from ..assistants.server import serve_assistant
    except ImportError as error:
        if not str(error.name).startswith(("mcp", "pydantic", "anyio")):
            raise
        raise UsageError("the package mcp is not installed.", advice="pip install 'isoc-kg[mcp]'") from None
    serve_assistant(KnowledgeGraph.load(project=project), propose=propose)
