"""What input may cost, and what one request, one client and all of them together may cost the server."""

import os
from dataclasses import dataclass, fields

__all__ = ["Limits", "ServerLimits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of input; every value can be set under `[limits]`."""

    max_line_bytes: int = 16_000_000  #: length of a line of text; the parsers fail at 16 MiB
    max_file_bytes: int = 20_000_000_000  #: size of an RDF file, unpacked
    max_nesting: int = 200  #: depth of nested brackets, braces, elements or triple terms
    max_query_bytes: int = 1_000_000  #: length of a query
    validation_seconds: float = 600.0  #: time of a validation
    shape_seconds: float = 120.0  #: time of the queries of one shape; then another engine validates it
    validation_memory_bytes: int = 8_000_000_000  #: memory of a validation
    command_memory_bytes: int = 16_000_000_000  #: memory of a command that the project names, such as its verifier
    canonicalization_seconds: float = 60.0  #: time of RDFC-1.0, where it is requested
    canonicalization_memory_bytes: int = 2_000_000_000  #: memory of RDFC-1.0
    reading_seconds: float = 600.0  #: time for a difficult JSON-LD document
    reading_memory_bytes: int = 4_000_000_000  #: memory for a difficult JSON-LD document
    intake_seconds: float = 120.0  #: time to read or fetch one document
    intake_memory_bytes: int = 4_000_000_000  #: memory to read one document
    intake_bytes: int = 500_000_000  #: size of a document's file
    intake_unpacked_bytes: int = 500_000_000  #: data read from an archive (DOCX, ODT, EPUB), unpacked
    intake_characters: int = 50_000_000  #: length of a document's text
    intake_pages: int = 10_000  #: pages of a PDF
    max_literal_characters: int = 200  #: length of a literal in facts; gists, definitions and answers are exempt


def _memory() -> int:
    """Bytes of memory of this machine, or what an ordinary one has where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 16_000_000_000


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Limits of the server; every value can be set under `[server]` of `kg.toml`."""

    query_seconds: float = 30.0  #: running time of a query
    query_memory_bytes: int = 2_000_000_000  #: memory of a query, in addition to the data
    query_bytes: int = 100_000  #: length of a query
    result_bytes: int = 50_000_000  #: length of a result; a longer one is cut
    result_rows: int = 10_000  #: solutions of a result that was cut
    body_bytes: int = 1_000_000  #: length of any request's content
    workers: int = max(2, os.cpu_count() or 1)  #: short queries that run at once
    long_queries: int = max(1, (os.cpu_count() or 1) // 2)  #: long queries that run at once
    queued_queries: int = 200  #: queries that wait
    queue_seconds: float = 60.0  #: time that a query may wait
    queries_per_client: int = 32  #: queries of one client that run or wait
    making_seconds: float = 600.0  #: time to make a large answer, such as a dump
    spool_bytes: int = 4_000_000_000  #: large results and files on disk; half of it for one client
    cache_bytes: int = 64_000_000  #: pages kept in memory, and again results
    reload_seconds: float = 600.0  #: time to read new data, and again to start workers
    reload_memory_bytes: int = 16_000_000_000  #: memory to read new data
    mirrored_triples: int = 200_000  #: size up to which the data of an endpoint are read at the start
    file_triples: int = _memory() // 2 // 1500  #: triples that are served from files; each takes 1.5 kB of memory
    connections: int = 1000  #: open connections
    connections_per_client: int = 100  #: connections and running requests of a client; a proxy's are not counted
    request_seconds: float = 20.0  #: time to receive the head of a request, and again its content
    idle_seconds: float = 20.0  #: time that a connection stays open between requests
    answer_bytes_per_second: int = 5000  #: least speed at which a client reads an answer, over each `request_seconds`
    held_bytes_per_client: int = 150_000_000  #: large requests and answers of one client that are in transfer
    held_bytes: int = 600_000_000  #: the same for all clients together

    def rows(self) -> list[tuple[str, str]]:
        """Each limit's name and value, for people."""
        return [(field.name, f"{getattr(self, field.name):,}") for field in fields(self)]
