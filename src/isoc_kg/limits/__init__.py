"""What input may cost, and what one request, one client and all of them together may cost the server."""

import os
from dataclasses import dataclass, fields

__all__ = ["Limits", "ServerLimits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What input may cost. Every value can be set under `[limits]`."""

    max_line_bytes: int = 16_000_000  #: one line of a text; the parsers fail at 16 MiB
    max_file_bytes: int = 20_000_000_000  #: a file of RDF, unpacked
    max_nesting: int = 200  #: brackets, braces, elements or triple terms inside one another
    max_query_bytes: int = 1_000_000  #: a query
    validation_seconds: float = 600.0  #: validation of all data
    shape_seconds: float = 120.0  #: what the queries of one shape may take until another engine validates it
    validation_memory_bytes: int = 8_000_000_000  #: memory of the process that validates
    command_memory_bytes: int = 16_000_000_000  #: a command that the project names, such as its verifier
    canonicalization_seconds: float = 60.0  #: RDFC-1.0, where somebody asks for it
    canonicalization_memory_bytes: int = 2_000_000_000  #: memory that this may take
    reading_seconds: float = 600.0  #: a difficult JSON-LD document
    reading_memory_bytes: int = 4_000_000_000  #: memory that this may take
    intake_seconds: float = 120.0  #: a document whose text is taken out of its format
    intake_memory_bytes: int = 4_000_000_000  #: memory that this may take
    intake_bytes: int = 500_000_000  #: its file
    intake_unpacked_bytes: int = 500_000_000  #: what is read of an archive (DOCX, ODT, EPUB), unpacked
    intake_characters: int = 50_000_000  #: its text
    intake_pages: int = 10_000  #: pages of a PDF
    max_literal_characters: int = 200  #: authored literals; gists, definitions and answers are exempt


def _memory() -> int:
    """Bytes of memory of this machine, or what an ordinary one has where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 16_000_000_000


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Limits of the server; every value can be set under `[server]` of `kg.toml`."""

    query_seconds: float = 30.0  #: how long a query may run
    query_memory_bytes: int = 2_000_000_000  #: what a query may take beside the data
    query_bytes: int = 100_000  #: length of a query
    result_bytes: int = 50_000_000  #: a longer result is cut
    result_rows: int = 10_000  #: solutions that a cut result keeps
    body_bytes: int = 1_000_000  #: body of any request
    workers: int = max(2, os.cpu_count() or 1)  #: queries that run at once as long as they are short
    long_queries: int = max(1, (os.cpu_count() or 1) // 2)  #: of those that are not, with what the others leave over
    queued_queries: int = 200  #: queries that wait for their turn
    queue_seconds: float = 60.0  #: how long a query may wait
    queries_per_client: int = 32  #: queries of one client that run or wait
    making_seconds: float = 600.0  #: how long a whole file of the publication may take to make
    spool_bytes: int = 4_000_000_000  #: large results and files that are kept or sent, on disk; half for one client
    cache_bytes: int = 64_000_000  #: pages and results kept ready, each
    reload_seconds: float = 600.0  #: how long reading what is served again may take, and again the start of its workers
    reload_memory_bytes: int = 16_000_000_000  #: what that may take, in a process of its own
    mirrored_triples: int = 200_000  #: up to so many an endpoint's data are read at the start; beyond it, page by page
    file_triples: int = _memory() // 2 // 1500  #: that are served from files, for which each takes 1.5 kB of memory
    connections: int = 1000  #: open connections
    connections_per_client: int = 100  #: of one client, and requests under way; a proxy's are not counted
    request_seconds: float = 20.0  #: how long a client may send at the head of a request, and again at its content
    idle_seconds: float = 20.0  #: how long a connection stays open between requests
    answer_bytes_per_second: int = 5000  #: what a client takes of its answer at least, over each `request_seconds`
    held_bytes_per_client: int = 150_000_000  #: of requests and answers on their way, of one client
    held_bytes: int = 600_000_000  #: of all clients

    def rows(self) -> list[tuple[str, str]]:
        """Each limit's name and value, for people."""
        return [(field.name, f"{getattr(self, field.name):,}") for field in fields(self)]
